"""The charts of 总览 find each unit by its name, and set those apart that lost 评优资格."""

from __future__ import annotations

import every_kind
import openpyxl
import pytest
from conftest import collect, rows, run

from assess_xlsx.report import places
from assess_xlsx.report.charts import SOURCE_COL


def test_units_without_merit_have_bars_of_their_own(tmp_path):
    run("sample", tmp_path / "in", "--faults")
    book = collect(tmp_path / "in")
    shown = {}
    for name, total, vetoed in book["总览"].iter_rows(
        min_col=SOURCE_COL + 1, max_col=SOURCE_COL + 3, values_only=True
    ):
        if isinstance(total or vetoed, float):
            assert total is None or vetoed is None
            shown[name] = (total or vetoed, vetoed is not None)
    ranked = [row for form in ("县直", "乡镇") for row in rows(book, f"{form}排名") if row["名次"]]
    assert shown == {row["考核单位"]: (row["总分"], row["评优资格"] == "取消") for row in ranked}
    assert any(hollow for _, hollow in shown.values())


def test_where_formulas_cannot_find_a_unit_the_charts_hold_plain_values(tmp_path, monkeypatch):
    run("sample", tmp_path / "in")
    for most, formulas in ((2000, True), (10, False)):
        monkeypatch.setattr(places, "MOST_LIVE", most)
        run("collect", tmp_path / "in", "-o", tmp_path / str(most))
        sheet = openpyxl.load_workbook(tmp_path / str(most) / "考核结果汇总.xlsx")["总览"]
        totals = [row[0].value for row in sheet.iter_rows(min_col=SOURCE_COL + 2, max_col=SOURCE_COL + 2)]
        assert any(str(total).startswith("=SUMIFS") for total in totals) == formulas
        assert any(isinstance(total, float) for total in totals) != formulas


A4_HIGH, A4_WIDE = 11.69 - 0.6 - 0.7, 8.27 - 0.5 - 0.5
"""Inches within the margins."""


@pytest.mark.parametrize("words", [[], ["--scheme"]], ids=["two forms", "four forms"])
def test_no_chart_is_cut_by_the_end_of_a_page(tmp_path, words):
    path = tmp_path / "方案.toml"
    path.write_text(every_kind.toml(every_kind.TREE), "utf-8")
    words = [*words, path] if words else words
    run("sample", tmp_path / "in", *words)
    sheet = collect(tmp_path / "in", *words)["总览"]
    wide = 7 * (14 + 11 * 11) + 12 * 5  # as Excel counts pixels, of the columns that are printed
    page = wide * A4_HIGH / A4_WIDE
    breaks = [0, *(each.id for each in sheet.row_breaks.brk)]

    def top(row):
        """Pixels from the page's beginning to that of a row, counted from 0."""
        start = max(each for each in breaks if each <= row)
        return start, sum((sheet.row_dimensions[each].height or 15) * 96 / 72 for each in range(start + 1, row + 1))

    for chart in sheet._charts:  # noqa: SLF001 - nothing public tells where a chart stands
        (start, _), (end, bottom) = top(chart.anchor._from.row), top(chart.anchor.to.row)  # noqa: SLF001
        assert start == end
        assert bottom + 20 <= page

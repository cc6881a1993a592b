"""The charts of 总览 find each unit by its name, and set those apart that lost 评优资格."""

from __future__ import annotations

import openpyxl
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

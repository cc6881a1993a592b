"""The charts of 总览 find each unit by its name, and set those apart that lost 评优资格."""

from __future__ import annotations

from conftest import collect, rows, run

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

"""A unit's own result, as it is told."""

from __future__ import annotations

import openpyxl
from conftest import COUNTY, collect, filled_form, good_answers, save


def test_feedback_tells_a_unit_its_own_and_nobody_elses(tmp_path):
    names = ["县残联", "县司法局", "县公安局"]
    for place, unit in enumerate(names):
        answers = good_answers(COUNTY) | {"缺少的制度项数": place, "年度累计办件量": 10}
        save(filled_form(COUNTY, unit, answers), tmp_path / "in" / f"{unit}.xlsx")
    collect(tmp_path / "in", "--feedback")
    folder = tmp_path / "in-out" / "反馈"
    assert sorted(path.name for path in folder.iterdir()) == [
        "02-县残联.xlsx",
        "09-县公安局.xlsx",
        "26-县司法局.xlsx",
    ]
    sheet = openpyxl.load_workbook(folder / "26-县司法局.xlsx").active
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert "名次：第 2 名（暂定）" in text
    assert "距上一名还差 1.00 分" in text
    assert "1.4.1 失 1.00 分" in text
    assert "2 − 1 × 1 = 1.00" in text
    assert not any(name in text for name in names if name != "县司法局")

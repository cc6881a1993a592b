"""A form that goes back to its unit, to be mended."""

from __future__ import annotations

import openpyxl
from conftest import COUNTY, cell_of, collect, filled_form, good_answers, rows, save

from assess_xlsx.layout import FAULT_SHEET, FORM_SHEET


def test_a_returned_form_marks_the_faults_lists_all_that_is_red_and_carries_the_rest(tmp_path):
    wrong = {
        "缺少的制度项数": "若干",
        "能够在线申报": None,
        "网上可办率": "0.9",
        "已进驻事项数": 9,
        "被新闻媒体曝光批评": "嗯",
    }
    odd = {"未纳入系统事项数": "２项", "酌情分": 1.5, "群众投诉次数": "几次"}
    book = filled_form(COUNTY, "县残联", good_answers(COUNTY) | wrong | odd)
    book[FORM_SHEET][cell_of(COUNTY, "缺少的制度项数")].offset(0, 3).value = "见附件1"
    book[FORM_SHEET].cell(4, 5).value = "2018年12月"
    result_folder = tmp_path / "in"
    save(book, result_folder / "a.xlsx")
    result = collect(result_folder)
    listed = {row["填报项"] for row in rows(result, "问题清单") if row["级别"] == "错误" and row["单元格"]}
    assert listed == set(wrong)
    mended = openpyxl.load_workbook(tmp_path / "in-out" / "退回修改" / "02-县残联.xlsx")
    sheet = mended[FORM_SHEET]
    noted = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert noted == {cell_of(COUNTY, label) for label in wrong}
    assert "请改填不小于0的整数" in sheet[cell_of(COUNTY, "缺少的制度项数")].comment.text
    carried = {label: sheet[cell_of(COUNTY, label)].value for label in (*wrong, *odd)}
    assert carried == {
        "缺少的制度项数": "若干",
        "能够在线申报": None,
        "网上可办率": "0.9",
        "已进驻事项数": 9,
        "被新闻媒体曝光批评": "嗯",
        "未纳入系统事项数": 2,
        "酌情分": 1.5,
        "群众投诉次数": "几次",
    }
    assert sheet[cell_of(COUNTY, "缺少的制度项数")].offset(0, 3).value == "见附件1"
    assert sheet["B4"].value == "县残联"
    assert sheet["E4"].value == "2018年12月"
    assert mended.sheetnames[0] == FAULT_SHEET
    links = {cell.hyperlink.location for row in mended[FAULT_SHEET].iter_rows() for cell in row if cell.hyperlink}
    red = {*noted, cell_of(COUNTY, "群众投诉次数")}  # no 错误, but the form calls it wrong too
    assert links == {f"'{FORM_SHEET}'!{cell}" for cell in red}
    assert f"下列 {len(red)} 处填报需要修改" in mended[FAULT_SHEET]["A2"].value
    # collected again as it is, it says the same; mended, it is accepted
    again = tmp_path / "again"
    save(mended, again / "02-县残联.xlsx")
    same = [row["填报项"] for row in rows(collect(again), "问题清单") if row["级别"] == "错误"]
    assert set(same) == set(wrong)
    for label in wrong:
        sheet[cell_of(COUNTY, label)].value = good_answers(COUNTY)[label]
    save(mended, again / "02-县残联.xlsx")
    assert [row for row in rows(collect(again), "问题清单") if row["级别"] == "错误"] == []

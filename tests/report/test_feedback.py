"""A unit's own result, as it is told."""

from __future__ import annotations

import openpyxl
from conftest import COUNTY, SCHEME, append, cell_of, collect, filled_form, good_answers, register_book, save

from assess_xlsx.layout import FORM_SHEET

COUNTY_CODES = {item.code for item in COUNTY.items}


def told(path):
    sheet = openpyxl.load_workbook(path, data_only=True).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


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
    assert "2 − 1 × 缺少的制度项数 1 = 1.00" in text
    assert not any(name in text for name in names if name != "县司法局")


def test_feedback_answers_an_objection_by_itself(tmp_path):
    """Each item: what was filled in and where, the register's rows but no 记录人; what became of objections."""
    for unit, lacking in (("县残联", 0), ("县司法局", 1)):
        book = filled_form(COUNTY, unit, good_answers(COUNTY) | {"缺少的制度项数": lacking, "年度累计办件量": 10})
        book[FORM_SHEET][cell_of(COUNTY, "缺少的制度项数")].offset(0, 3).value = "制度汇编第3页"
        save(book, tmp_path / "in" / "收到" / f"{unit}.xlsx")
    book = register_book(tmp_path)
    append(book, "平时考核", "县司法局", "1.4.4", "群众投诉次数", 2, "2018-05-02", "窗口投诉", "王记录")
    append(book, "核定", "县司法局", "1.1.1", None, 2.5, "一项未进驻")
    append(book, "异议", "县司法局", "1.4.4", "没有两次", "2018-11-20", "维持", "登记属实", "李经办")
    append(book, "异议", "县残联", "总分", "偏低")
    save(book, tmp_path / "in" / "登记.xlsx")
    collect(tmp_path / "in", "--feedback")
    lines = told(tmp_path / "in-out" / "反馈" / "26-县司法局.xlsx")
    labels = next(line for line in lines if line[0] == "指标编号")
    items = {line[0]: dict(zip(labels, line, strict=True)) for line in lines if line[0] in COUNTY_CODES}
    assert len(items) == len(COUNTY.items)
    row = items["1.4.1"]
    assert (row["填报数据"], row["来源"], row["佐证说明"]) == (
        "缺少的制度项数 1项",
        cell_of(COUNTY, "缺少的制度项数"),
        "制度汇编第3页",
    )
    assert (row["分值"], row["最终得分"], row["失分"], row["计分依据"]) == (
        "2分",
        1,
        1,
        "2 − 1 × 缺少的制度项数 1 = 1.00",
    )
    assert items["1.4.4"]["考核办登记"] == "平时考核 2018-05-02 群众投诉次数 2次 窗口投诉"
    assert items["1.1.1"]["考核办登记"] == "核定 2.50：一项未进驻"
    text = "\n".join(str(cell) for line in lines for cell in line if cell is not None)
    assert "采用的评分表：县司法局.xlsx，工作表“评分表”" in text
    assert "异议（指标 1.4.4，2018-11-20 收到）：没有两次　　处理：维持，答复：登记属实" in text
    assert "对以上结果有异议的" in text
    for others in ("王记录", "李经办", "偏低", *(unit.name for unit in SCHEME.units if unit.name != "县司法局")):
        assert others not in text

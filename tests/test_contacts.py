"""Who filled the form in: a telephone number has 7 to 12 digits, a name none."""

from __future__ import annotations

import pytest
from conftest import COUNTY, collect, filled_form, good_answers, rows, save

from assess_xlsx.contacts import fits
from assess_xlsx.layout import CONTACTS, FORM_SHEET, Col, FormLayout


@pytest.mark.parametrize(
    ("label", "said", "expected"),
    [
        ("填报人", "张三", True),
        ("填报人", "阿依古丽·买买提", True),
        ("填报人", "13812345678", False),
        ("负责人", "李某2", False),
        ("联系电话", "13812345678", True),
        ("联系电话", "0393-1234567", True),
        ("联系电话", "（0393）123 4567", True),
        ("联系电话", "1234567", True),
        ("联系电话", "123456", False),
        ("联系电话", "0393-1234567、13812345678", False),
        ("联系电话", "办公室", False),
        ("联系电话", "+86 13812345678", True),
        ("联系电话", "0393-1234567转8001", True),
        ("联系电话", "0393-1234567 分机 8001", True),
        ("联系电话", "１３８１２３４５６７８", True),
        ("联系电话", "１３８", False),
        ("联系电话", "转13812345678", False),
        ("填报人", "王五１３８", False),
    ],
)
def test_what_fits(label, said, expected):
    assert fits(label, said) == expected


def test_what_does_not_fit_is_a_reminder_with_its_cell(tmp_path):
    book = filled_form(COUNTY, "县残联", good_answers(COUNTY))
    row = FormLayout.of(COUNTY).contacts_row + 1
    for offset, said in enumerate((13812345678, "张三", "李四")):
        book[FORM_SHEET].cell(row + offset, Col.VALUE + 1).value = said
    save(book, tmp_path / "in" / "a.xlsx")
    result = collect(tmp_path / "in")
    told = [row for row in rows(result, "问题清单") if any(label in row["问题"] for label in CONTACTS)]
    assert [(each["级别"], each["单元格"]) for each in told] == [("提醒", f"I{row}"), ("提醒", f"I{row + 1}")]
    assert told[0]["问题"] == "“填报人”填写为“13812345678”，不像是不含数字的姓名。"
    assert told[1]["问题"] == "“联系电话”填写为“张三”，不像是7到12位数字的电话号码。"

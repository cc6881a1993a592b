"""签章页 repeats every entry: once calculated, it is compared with the form, units and kinds of blank apart."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import COUNTY, collect, filled_form, good_answers, rows, save

from assess_xlsx.layout import LACKING, LEFT_TO_OFFICE, NEEDLESS, SIGN_SHEET


def calculated(answers: dict) -> openpyxl.Workbook:
    """A form whose 签章页 shows what a spreadsheet program would."""
    book = filled_form(COUNTY, "县残联", answers)
    sheet = book[SIGN_SHEET]
    facts = {(fact.code, fact.label): fact for fact in COUNTY.facts}
    for code, label, value, _ in sheet.iter_rows(max_col=4):
        fact = facts.get((code.value, label.value))
        if fact:
            blank = NEEDLESS if fact.only_with else LEFT_TO_OFFICE if fact.office else LACKING
            answer = answers.get(fact.label)
            value.value = blank if answer is None else answer
    return book


def differences(book, folder):
    save(book, folder / "in" / "a.xlsx")
    return [row for row in rows(collect(folder / "in"), "问题清单") if row["工作表"] == SIGN_SHEET]


def test_what_agrees_is_not_spoken_of(tmp_path):
    answers = good_answers(COUNTY) | {"缺少的制度项数": None, "群众投诉次数": None}
    assert differences(calculated(answers), tmp_path) == []


@pytest.mark.parametrize(
    ("label", "signed", "told"),
    [
        ("缺少的制度项数", 3, "签章页上“缺少的制度项数”为“3”，评分表为“0”"),
        ("缺少的制度项数", LACKING, "签章页上“缺少的制度项数”为“未填”，评分表为“0”"),
        ("缺少的制度项数", "", "签章页上“缺少的制度项数”没有填写，评分表为“0”"),
        ("酌情分", 1.5, "签章页上“酌情分”为“1.5”，评分表没有填写"),
    ],
)
def test_what_differs_is_a_reminder_with_its_cell(tmp_path, label, signed, told):
    book = calculated(good_answers(COUNTY))
    row = next(cells for cells in book[SIGN_SHEET].iter_rows() if cells[1].value == label)
    row[2].value = signed
    [problem] = differences(book, tmp_path)
    assert problem["级别"] == "提醒"
    assert problem["单元格"] == row[2].coordinate
    assert problem["问题"].startswith(told)


def test_one_that_was_never_calculated_says_nothing(tmp_path):
    assert differences(filled_form(COUNTY, "县残联", good_answers(COUNTY)), tmp_path) == []

"""A row of the office's register that cannot be used: listed at its cell, and without effect."""

from __future__ import annotations

import pytest
from conftest import COUNTY, TOWN, append, collect, filled_form, good_answers, register_book, rows, save
from openpyxl.styles import Font


def send(folder):
    for form, unit in ((COUNTY, "县残联"), (TOWN, "城关镇")):
        save(filled_form(form, unit, good_answers(form)), folder / f"{unit}.xlsx")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """What the forms score beside a register in which nothing stands."""
    folder = tmp_path_factory.mktemp("register")
    send(folder / "in")
    save(register_book(folder), folder / "in" / "r.xlsx")
    return rows(collect(folder / "in"), "得分明细")


@pytest.mark.parametrize(
    ("sheet", "cells", "column", "words"),
    [
        ("平时考核", ("县外局", "1.4.2", "环境卫生违规次数", 1), "A", "不在考核对象名单中"),
        ("平时考核", ("县残联", "1.4.2", "着装胸牌违规次数", 1), "C", "没有指标“1.4.2”的填报项"),
        ("平时考核", ("县残联", "1.4.1", "缺少的制度项数", 1), "C", "不是平时考核登记的次数"),
        ("平时考核", ("县残联", "1.4.2", "环境卫生违规次数", -1), "D", "是负数"),
        ("平时考核", ("县残联", "1.4.2", "环境卫生违规次数", None), "D", "没有填写"),
        ("核定", ("县残联", "1.4.2", None, 1.5, None), "E", "没有写理由"),
        ("核定", ("县残联", "9.9.9", None, 1.5, "有"), "B", "没有这个指标"),
        ("核定", ("县残联", "1.4.2", None, 2.5, "有"), "D", "不在0到2之间"),
        ("核定", ("县残联", "6.1.1", None, -1, "有"), "D", "不在0到5之间"),
        ("核定", ("县残联", "5.1.1", None, 10.5, "有"), "D", "不在0到10之间"),
        ("核定", ("城关镇", "5.1.1", None, 12.5, "有"), "D", "不在0到12之间"),
        ("核定", ("县残联", "1.4.2", None, 1.555, "有"), "D", "超过两位小数"),
        ("核定", ("县残联", "2.2.2", "网上可办率", "九成", "有"), "D", "不是一个数"),
        ("核定", ("县残联", "1.1.1", "已进驻事项数", 7, "有"), "D", "超过了“应进驻事项数”的 1项"),
        ("一票否决", ("县残联", "V.7"), "B", "不是规定的情形"),
        ("考核办填报（乡镇）", ("县残联", 1), "A", "不填乡镇评分表"),
    ],
)
def test_a_register_row_that_cannot_be_used_is_listed_and_changes_nothing(
    before, tmp_path, sheet, cells, column, words
):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    for row in range(3, 40):  # a sheet with its units printed in has no free row
        if sheet.startswith("考核办填报"):
            book[sheet].cell(row, 1).value = None
    row = append(book, sheet, *cells)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    (found,) = [each for each in rows(result, "问题清单") if each["级别"] == "错误"]
    assert (found["文件"], found["工作表"], found["单元格"]) == ("r.xlsx", sheet, f"{column}{row}")
    assert words in found["问题"]


def changed(book, sheet, cell, value, **look):
    """A cell of the register as the office changes it."""
    target = book[sheet][cell]
    target.value = value
    for name, each in look.items():
        setattr(target, name, each)


SATISFIED = "考核办填报（乡镇）", "D3"  # 群众满意度 of 城关镇
EVENT = ("县残联", "1.4.2", "环境卫生违规次数", 1, "2018-05-04", "抽查", "李某")


@pytest.mark.parametrize(
    ("value", "look", "words"),
    [
        (1.2, {"number_format": "0.00%"}, "“120%”，超过100%"),
        ("#N/A", {}, "错误值"),
        ("=1+1", {}, "没有保存计算结果"),
        (0.95, {"number_format": ";;;"}, "数字格式"),
        ("95\n96%", {}, "不止一个数"),
    ],
)
def test_what_the_office_fills_in_is_what_its_cell_shows(before, tmp_path, value, look, words):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    header = [cell.value for cell in book[SATISFIED[0]][2]]
    cell = f"{'ABCDEFGH'[header.index('5.1.3 群众满意度')]}3"
    changed(book, SATISFIED[0], cell, value, **look)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    (found,) = [each for each in rows(result, "问题清单") if each["级别"] == "错误"]
    assert (found["单元格"], found["填报项"]) == (cell, "群众满意度")
    assert words in found["问题"]


def test_a_row_that_is_struck_out_does_not_count_and_is_noted(before, tmp_path):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    row = append(book, "平时考核", *EVENT)
    for cell in book["平时考核"][row]:
        cell.font = Font(strike=True)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    assert [each["单元格"] for each in rows(result, "问题清单") if "删除线" in each["问题"]] == [f"A{row}"]


def without_a_heading(book):
    append(book, "平时考核", *EVENT)
    changed(book, "平时考核", "D2", "发生几次")


def without_any_heading(book):
    append(book, "平时考核", *EVENT)
    book["平时考核"].delete_rows(2)


def under_another_heading(book):
    changed(book, "考核办填报（县直）", "C2", "1.3.2 考勤人数")
    changed(book, "考核办填报（县直）", "C4", 3)


def with_a_heading_twice(book):
    row = append(book, "平时考核", *EVENT)
    changed(book, "平时考核", "H2", "次数")
    changed(book, "平时考核", f"H{row}", 4)


@pytest.mark.parametrize(
    ("change", "sheet", "words"),
    [
        (without_a_heading, "平时考核", "缺少“次数”"),
        (without_any_heading, "平时考核", "找不到“平时考核”的表头"),
        (under_another_heading, "考核办填报（县直）", "1.3.2考勤人数"),
        (with_a_heading_twice, "平时考核", "“次数”出现了不止一次"),
    ],
)
def test_nothing_in_the_register_is_dropped_without_a_word(before, tmp_path, change, sheet, words):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    change(book)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    (found,) = [each for each in rows(result, "问题清单") if each["级别"] == "错误"]
    assert found["工作表"] == sheet
    assert words in found["问题"]

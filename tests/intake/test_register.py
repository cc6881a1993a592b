"""A row of the office's register that cannot be used: listed at its cell, and without effect."""

from __future__ import annotations

import pytest
from conftest import COUNTY, TOWN, append, collect, filled_form, good_answers, register_book, rows, save


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

"""异议 in the result (K28): the register's columns, what the unit scores now, and what is still open."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from conftest import COUNTY, SCHEME, append, collect, filled_form, good_answers, received, register_book, rows, save
from msgspec import structs

from assess_xlsx.assessment import assess
from assess_xlsx.intake import reading
from assess_xlsx.intake.files import find
from assess_xlsx.intake.units import Roster
from assess_xlsx.report import workbook
from assess_xlsx.scheme.model import Round

DAY = dt.date(2019, 2, 20)
ROUND = Round(deadline=dt.date(2019, 2, 20), objection_days=5)
FILLED = [
    ("县残联", "1.4.2", "没有违规", DAY, "受理", "正在核查", "李某"),
    ("县残联", "总分", "偏低", dt.date(2019, 2, 24)),
    ("县残联", "V.3", "不属实", DAY, "维持", "有报道为证", "李某"),
    ("县残联", "2.3.2", "能够申报", DAY, "改正", "已改"),
    ("县公安局", "总分", "请求补报", dt.date(2019, 2, 27)),
]
LABELS = ["考核单位", "指标编号", "异议内容", "收到日期", "处理", "答复", "经办人", "现得分"]


def sent(folder, filled):
    answers = good_answers(COUNTY) | {"环境卫生违规次数": 1, "能够在线申报": "否"}
    save(filled_form(COUNTY, "县残联", answers), folder / "a.xlsx")
    book = register_book(folder.parent)
    for cells in filled:
        append(book, "异议", *cells)
    append(book, "核定", "县残联", "2.3.2", None, 4, "复核")
    save(book, folder / "r.xlsx")
    return folder


def listed(folder, scheme):
    """The sheet in a result of this scheme."""
    asked = reading.Asked(scheme, Roster(scheme))
    run_ = assess(scheme, (reading.read(found, asked) for found in find([folder])))
    workbook.write(run_, folder.parent / "out.xlsx")
    return run_, openpyxl.load_workbook(folder.parent / "out.xlsx", data_only=True)


def test_objections_stand_with_what_the_unit_scores_now(tmp_path):
    run_, book = listed(sent(tmp_path / "in", FILLED), SCHEME)
    found = rows(book, "异议")
    assert list(found[0]) == LABELS
    now = [row["现得分"] for row in found]
    total = next(row["总分"] for row in rows(book, "县直排名") if row["考核单位"] == "县残联")
    assert now == [1.5, total, None, 4, None]
    assert [row["收到日期"].date() for row in found] == [each[3] for each in FILLED]
    assert [row["答复"] for row in found] == ["正在核查", None, "有报道为证", "已改", None]
    assert len(run_.open_objections) == 3
    assert str(book["异议"]["A2"].value).startswith("共 5 件，其中未办结 3 件（处理空着或为“受理”）")
    first = [str(cell.value) for row in book["总览"].iter_rows() for cell in row]
    assert "县残联 1.4.2、县残联 总分、县公安局 总分" in first


def test_open_ones_say_how_many_days_are_left_whatever_the_day(tmp_path):
    """From 收到日期 to 异议期限: no clock enters a result."""
    _, book = listed(sent(tmp_path / "in", FILLED), structs.replace(SCHEME, round=ROUND))
    found = rows(book, "异议")
    assert [row["距异议期限（天）"] for row in found] == [5, 1, None, None, -2]
    assert "（2019-02-25）" in str(book["异议"]["A3"].value)


def test_all_decided_says_so(tmp_path):
    book = collect(sent(tmp_path / "in", FILLED[2:4]))
    assert book["异议"]["A2"].value == "共 2 件，都已办结。"


@pytest.mark.parametrize("round_", [Round(), Round(objection_days=5), Round(deadline=DAY)])
def test_without_a_time_no_days_are_told(tmp_path, round_):
    _, book = listed(sent(tmp_path / "in", FILLED[:1]), structs.replace(SCHEME, round=round_))
    assert list(rows(book, "异议")[0]) == LABELS


def test_without_objections_there_is_no_sheet(tmp_path):
    book = collect(sent(tmp_path / "in", []))
    assert "异议" not in book.sheetnames


def test_an_objection_changes_no_score(tmp_path):
    before = rows(collect(sent(tmp_path / "without", [])), "得分明细")
    after = rows(collect(sent(tmp_path / "with", FILLED)), "得分明细")
    assert [row["最终得分"] for row in before] == [row["最终得分"] for row in after]


def test_a_result_put_into_input_is_no_register(tmp_path):
    folder = sent(tmp_path / "in", FILLED)
    collect(folder)
    data = (tmp_path / "in-out" / "考核结果汇总.xlsx").read_bytes()
    returns = received(folder, {"旧结果.xlsx": data})
    assert len(returns.register.objections) == len(FILLED)

"""本轮变化 (K24): a row a difference, each with what it came by; the earlier result is never lost."""

from __future__ import annotations

import shutil

import openpyxl
import pytest
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    append,
    filled_form,
    good_answers,
    office,
    register_book,
    rows,
    run,
    save,
    workbook,
)

RESULT, PREVIOUS, REGISTER = "考核结果汇总.xlsx", "考核结果汇总（上一轮）.xlsx", "登记.xlsx"
ONE, TWO, THREE, LATE = "县安监局", "县残联", "县城管局", "县公安局"
ANSWERS = good_answers(COUNTY)
NUMBERS = {ONE: 100, TWO: 50, THREE: 30, LATE: 70}
LOST = {ONE: 0, TWO: 1, THREE: 2, LATE: 1}


def form(unit, **answers):
    return filled_form(
        COUNTY, unit, ANSWERS | {"年度累计办件量": NUMBERS[unit], "缺少的制度项数": LOST[unit]} | answers
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    for unit in (ONE, TWO, THREE):
        save(form(unit), folder / "in" / f"{unit}.xlsx")
    register = register_book(folder)
    append(register, "平时考核", THREE, "1.4.2", "环境卫生违规次数", 1, "2018-05-01", "", "甲")
    append(register, "核定", TWO, "1.2.1", None, 1.5, "没有盖章")
    save(register, folder / "in" / REGISTER)
    run("collect", folder / "in", "-o", folder / "out")
    return folder


@pytest.fixture
def round_(first, tmp_path):
    shutil.copytree(first, tmp_path / "年")
    return tmp_path / "年"


def since(folder, *options):
    said = run("collect", folder / "in", "-o", folder / "out", "--since", folder / "out" / RESULT, *options)
    return said, openpyxl.load_workbook(folder / "out" / RESULT, data_only=True)


def found(folder):
    """Rows of 本轮变化 by unit and code: from which value to which, why."""
    _, book = since(folder)
    return {
        (row["考核单位"], row["指标编号"]): (row["填报项"], row["原值"], row["现值"], row["原因"])
        for row in rows(book, "本轮变化")
    }


def register_with(folder, change):
    book = openpyxl.load_workbook(folder / "in" / REGISTER)
    change(book)
    save(book, folder / "in" / REGISTER)


def test_nothing_changed_and_the_earlier_result_is_kept(round_):
    before = (round_ / "out" / RESULT).read_bytes()
    said, book = since(round_)
    assert rows(book, "本轮变化") == []
    assert "与上一轮相比没有变化。" in {row[0].value for row in book["本轮变化"].iter_rows()}
    assert (round_ / "out" / PREVIOUS).read_bytes() == before
    assert f"上一轮的结果保留为 {round_ / 'out' / PREVIOUS}" in said
    since(round_)  # and once more: the earlier one is the program's own
    assert {path.name for path in (round_ / "out").iterdir()} == {RESULT, PREVIOUS}


def test_a_result_that_stays_where_it_is_needs_no_copy(round_):
    run("collect", round_ / "in", "-o", round_ / "neu", "--since", round_ / "out" / RESULT)
    assert {path.name for path in (round_ / "neu").iterdir()} == {RESULT}
    book = openpyxl.load_workbook(round_ / "out" / RESULT, data_only=True)
    book.save(round_ / "out" / RESULT)  # somebody's own now
    before = (round_ / "out" / RESULT).read_bytes()
    since(round_)
    assert {path.name for path in (round_ / "out").iterdir()} == {RESULT, "考核结果汇总（2）.xlsx"}
    assert (round_ / "out" / RESULT).read_bytes() == before


def test_new_units_move_others(round_):
    save(form(LATE), round_ / "in" / "d.xlsx")
    _, book = since(round_)
    changed = rows(book, "本轮变化")
    [new] = [row for row in changed if row["考核单位"] == LATE]
    assert (new["指标编号"], new["原因"], new["原名次"], new["现名次"]) == (None, "新报送", None, 2)
    others = [row for row in changed if row["考核单位"] != LATE]
    assert {(row["考核单位"], row["指标编号"]) for row in others} == {(TWO, "2.3.3"), (THREE, "2.3.3")}
    assert {row["原因"] for row in others} == {f"其他单位：{LATE}新报送"}
    ranks = {row["考核单位"]: row["名次"] for row in rows(book, "县直排名")}
    assert all(row["现名次"] == ranks[row["考核单位"]] for row in changed)


def test_a_unit_answers_otherwise(round_):
    save(form(ONE, 能够在线申报="否"), round_ / "in" / f"{ONE}.xlsx")
    assert found(round_)[ONE, "2.3.2"] == ("能够在线申报", "是", "否", "单位改报")


def test_the_office_rules(round_):
    register_with(round_, lambda book: append(book, "核定", ONE, "1.4.1", "缺少的制度项数", 1, "少一项"))
    changed = found(round_)
    assert changed[ONE, "1.4.1"] == ("缺少的制度项数", "0项", "1项", "核定")
    register_with(round_, lambda book: append(book, "核定", ONE, "1.2.1", None, 1, "没有盖章"))
    assert found(round_) == {(ONE, "1.2.1"): (None, None, "1.00", "核定")}


def test_the_office_records(round_):
    register_with(round_, lambda book: append(book, "平时考核", THREE, "1.4.2", "环境卫生违规次数", 1, "", "", "乙"))
    changed = found(round_)
    assert changed[THREE, "1.4.2"] == ("环境卫生违规次数", "1次（平时考核）", "2次（平时考核）", "考核办登记")
    register_with(round_, lambda book: office(book, COUNTY, ONE, 环境卫生违规次数=3))
    assert found(round_)[ONE, "1.4.2"] == ("环境卫生违规次数", "0次", "3次（考核办填报）", "考核办登记")


@pytest.mark.parametrize(
    ("sheet", "about", "was"),
    [("核定", (TWO, "1.2.1"), "核定 1.50"), ("平时考核", (THREE, "1.4.2"), "1次（平时考核）")],
)
def test_a_row_no_longer_counts(round_, sheet, about, was):
    def clear(book):
        for row in book[sheet].iter_rows(min_row=3):
            if row[0].value == about[0]:
                for cell in row[:7]:
                    cell.value = None

    register_with(round_, clear)
    fact, before, _, why = found(round_)[about]
    assert (before, why) == (was, "不再采用"), fact


def test_a_form_no_longer_counts(round_):
    (round_ / "in" / f"{ONE}.xlsx").unlink()
    changed = found(round_)
    assert changed[ONE, None] == (None, None, None, "不再采用")
    assert {why for unit, *_, (*_, why) in ((*key, row) for key, row in changed.items()) if unit != ONE} == {
        f"其他单位：{ONE}不再采用"
    }


def test_the_office_decides_about_a_unit_that_never_reported(round_):
    register_with(round_, lambda book: append(book, "未报送处理", LATE, "按零分", "多次催报仍未报送"))
    assert found(round_) == {(LATE, None): (None, None, None, "未报送处理")}
    register_with(round_, lambda book: append(book, "未报送处理", TOWN.units[0].name, "不参评", "撤并"))
    assert found(round_) == {}


def test_a_result_of_another_program(round_):
    book = openpyxl.load_workbook(round_ / "out" / RESULT, data_only=True)
    for row in book["计分口径"].iter_rows():
        for cell in row:
            if str(cell.value).startswith("考核方案："):
                cell.value = cell.value.partition("程序版本：")[0] + "程序版本：0.1.0"
    place = next(row for row in book["得分明细"].iter_rows() if row[0].value == ONE and row[1].value == "3.1.1")
    header = next(row for row in book["得分明细"].iter_rows() if row[0].value == "考核单位")
    next(cell for cell, label in zip(place, header, strict=True) if label.value == "最终得分").value = 1.5
    book.save(round_ / "out" / RESULT)
    run("collect", round_ / "in", "-o", round_ / "neu", "--since", round_ / "out" / RESULT)
    [change] = rows(openpyxl.load_workbook(round_ / "neu" / RESULT, data_only=True), "本轮变化")
    assert (change["指标编号"], change["原得分"], change["现得分"], change["原因"]) == ("3.1.1", 1.5, 2, "方案或程序")


def test_only_a_veto_changed(round_):
    register_with(round_, lambda book: append(book, "一票否决", ONE, SCHEME.vetoes[0].title, "", "查实", ""))
    _, book = since(round_)
    assert rows(book, "本轮变化") == []
    said = "".join(str(row[0].value) for row in book["本轮变化"].iter_rows())
    assert "分数、名次未变。" in said
    assert f"{ONE}（有→取消）" in said


def test_what_is_no_result_is_refused_before_anything_is_written(round_):
    before = (round_ / "out" / RESULT).read_bytes()
    (round_ / "x.xlsx").write_bytes(workbook({"总览": [["x"]]}))
    words = ("collect", round_ / "in", "-o", round_ / "out", "--since")
    assert "不是本程序的考核结果汇总" in run(*words, round_ / "x.xlsx", code=1)
    assert "找不到" in run(*words, round_ / "没有.xlsx", code=2)
    openpyxl.load_workbook(round_ / "out" / RESULT).save(round_ / "x.xlsx")
    assert "没有算好的值" in run(*words, round_ / "x.xlsx", code=1)
    assert (round_ / "out" / RESULT).read_bytes() == before
    assert {path.name for path in (round_ / "out").iterdir()} == {RESULT}

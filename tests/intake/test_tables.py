"""Whose answer it is: several tables, columns and rows, edited, doubled or gone. None is lost, none given away."""

from __future__ import annotations

import datetime as dt

import pytest
from conftest import COUNTY, SCHEME, TOWN, beside, book_of, cell_of, good_answers, grid, with_column

from assess_xlsx.answers import Saved, Source
from assess_xlsx.intake import form as forms
from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import Col, FormLayout

ROSTER, NOW = Roster(SCHEME), Saved(dt.datetime(2019, 1, 8, tzinfo=dt.UTC), lasting=True)
LAYOUT = FormLayout.of(COUNTY)
COUNT = "年度累计办件量"
ROW = LAYOUT.rows[f"2.3.3 {COUNT}"]


def county(unit="县残联", **changes):
    return grid(COUNTY, unit, good_answers(COUNTY) | changes)


def town(unit="城关镇", **changes):
    return grid(TOWN, unit, good_answers(TOWN) | changes)


def read(sheets, name="表.xlsx", hidden=()):
    return forms.read(book_of(sheets, hidden), Source(name), SCHEME, ROSTER, NOW)


def answer(filled, label=COUNT):
    form = SCHEME.form(filled.form)
    place = [fact.label for fact in form.facts].index(label)
    return filled.answers[place]


def by_unit(reading):
    return {SCHEME.units[each.unit - 1].name: each for each in reading.forms}


def errors(reading):
    return [problem for problem in reading.problems if problem.level == "错误"]


TWO = {"县残联": 1646, "县城管局": 1500}
FIRST, SECOND = (county(unit, **{COUNT: count}) for unit, count in TWO.items())


@pytest.mark.parametrize(
    "sheets",
    [
        {"县残联": FIRST, "县城管局": SECOND},
        {"评分表": [*FIRST, *SECOND]},
        {"评分表": [*FIRST, [""] * 12, [""] * 12, *SECOND]},
        {"评分表": beside(FIRST, SECOND)},
        {"评分表": beside(FIRST, SECOND, gap=0)},
        {"评分表": beside([[""] * 12] * 7 + FIRST, SECOND, gap=3)},
        {"评分表": beside(FIRST, [[""] * 12] * 3 + SECOND)},
        {"说明": [["考核单位："]], "空白": county(None) and grid(COUNTY, None, {}), "一": FIRST, "二": SECOND},
    ],
    ids=["sheets", "below", "below, apart", "beside", "touching", "lower left", "lower right", "beside a blank form"],
)
def test_every_table_is_asked_for_its_own_unit(sheets):
    reading = read(sheets)
    assert {unit: answer(filled).value for unit, filled in by_unit(reading).items()} == TWO
    assert not reading.problems
    assert not reading.rejected


def test_forms_of_two_kinds_on_one_sheet():
    reading = read({"评分表": [*county(), *town()]})
    assert set(by_unit(reading)) == {"县残联", "城关镇"}
    assert not reading.problems


def test_the_file_of_several_units_may_be_called_after_one_of_them():
    assert len(read({"一": FIRST, "二": SECOND}, "县残联.xlsx").forms) == 2
    reading = read({"一": FIRST, "二": SECOND}, "县司法局.xlsx")
    assert not reading.forms
    assert [each.result for each in reading.rejected] == ["单位不明"] * 2


def test_of_several_tables_one_without_a_unit_is_told_and_costs_the_others_nothing():
    reading = read({"一": FIRST, "二": county(None)}, "县城管局.xlsx")
    assert set(by_unit(reading)) == set()  # the file's name contradicts the only unit that is said
    reading = read({"一": FIRST, "二": county(None)})
    assert set(by_unit(reading)) == {"县残联"}
    assert [each.result for each in reading.rejected] == ["单位不明"]


@pytest.mark.parametrize("hidden", [(), ("二",)], ids=["seen", "hidden"])
@pytest.mark.parametrize("where", ["sheet", "below", "beside"])
def test_one_unit_twice_with_other_answers(where, hidden):
    other = county(**{COUNT: 900})
    sheets = {
        "sheet": {"一": FIRST, "二": other},
        "below": {"一": [*FIRST, *other]},
        "beside": {"一": beside(FIRST, other)},
    }[where]
    reading = read(sheets, hidden=hidden)
    assert answer(*reading.forms).value is None
    (error,) = errors(reading)
    assert all(said in error.text for said in ("1646", "900", cell_of(COUNTY, COUNT)))
    assert ("隐藏" in error.text) == (where == "sheet" and bool(hidden))


@pytest.mark.parametrize("where", ["left", "right"])
@pytest.mark.parametrize(
    ("inserted", "value", "wrong"),
    [({}, 1300, False), ({ROW: 1300}, 1300, False), ({ROW: "1300件"}, 1300, False), ({ROW: 1200}, None, True)],
    ids=["blank", "agreeing", "agreeing in other words", "disagreeing"],
)
def test_a_second_column_of_answers(where, inserted, value, wrong):
    place = Col.VALUE + (where == "right")
    header = {LAYOUT.header_row: "填报值"}
    reading = read({"评分表": with_column(county(**{COUNT: 1300}), place, header | inserted)})
    assert answer(*reading.forms).value == value
    assert len(errors(reading)) == wrong
    if wrong:
        assert all(cell in errors(reading)[0].text for cell in (f"I{ROW + 1}", f"J{ROW + 1}"))
    assert any("不止一次" in problem.text for problem in reading.problems)


@pytest.mark.parametrize("label", ["指标编号", "填报项", "佐证说明", "记分", "校验"])
def test_another_column_twice_hides_nothing(label):
    place = [str(cell) for cell in FIRST[LAYOUT.header_row]].index(label)
    for at, values in ((place, {}), (place + 1, {}), (place + 1, {n: row[place] for n, row in enumerate(FIRST)})):
        reading = read({"评分表": with_column(FIRST, at, values | {LAYOUT.header_row: label})})
        assert answer(*reading.forms).value == 1646
        assert not errors(reading)


OFFICE, BONUS, MUST = "群众投诉次数", "市级以上表彰次数", COUNT


def edited(label, column, value, answered=3):
    fact = next(fact for fact in COUNTY.facts if fact.label == label)
    rows = county(**{label: answered})
    rows[LAYOUT.rows[fact.key]][column] = value
    return rows, fact


@pytest.mark.parametrize("label", [OFFICE, BONUS, MUST])
@pytest.mark.parametrize(
    ("column", "value"),
    [(Col.CODE, ""), (Col.CODE, "9.9.9"), (Col.CODE, "1.4-4"), (Col.FACT, "别的说法"), (Col.FACT, "")],
)
def test_an_answer_whose_row_was_edited_still_counts_and_is_listed(label, column, value):
    """A unit cannot take away its own deduction by editing a label."""
    rows, fact = edited(label, column, value)
    reading = read({"评分表": rows})
    assert answer(*reading.forms, label).value == 3
    (problem,) = reading.problems
    assert (problem.level, problem.place.code, problem.place.fact) == ("提醒", fact.code, label)


@pytest.mark.parametrize("label", [OFFICE, BONUS, MUST])
def test_a_row_that_is_gone_is_listed(label):
    rows, fact = edited(label, Col.CODE, "")
    del rows[LAYOUT.rows[fact.key]]
    (problem,) = read({"评分表": rows}).problems
    assert (problem.level, problem.place.fact) == ("错误" if label == MUST else "提醒", label)


def test_a_row_that_could_be_two_facts_is_none():
    """Both facts of 1.4.4 are renamed: which answer is whose, nobody can tell."""
    rows = county(**{OFFICE: 3, "查证属实投诉次数": 2})
    for label, other in ((OFFICE, "投诉"), ("查证属实投诉次数", "属实")):
        rows[LAYOUT.rows[f"1.4.4 {label}"]][Col.FACT] = other
    reading = read({"评分表": rows})
    assert [(each.text.count("没有采用"), each.place.cell) for each in errors(reading)] == [(1, "I17"), (1, "I18")]


def test_a_row_of_their_own_is_noted():
    rows = county()
    rows.insert(ROW + 1, ["", "", "", "", "", "", "", "其中网上办件", 300, "", "", ""])
    (problem,) = read({"评分表": rows}).problems
    assert (problem.level, problem.place.cell) == ("提醒", f"I{ROW + 2}")
    assert "300" in problem.text


def test_swapped_rows_say_themselves_what_they_are():
    rows = county(应进驻事项数=20, 已进驻事项数=18)
    first = LAYOUT.rows["1.1.1 应进驻事项数"]
    rows[first][Col.FACT], rows[first + 1][Col.FACT] = rows[first + 1][Col.FACT], rows[first][Col.FACT]
    reading = read({"评分表": rows})
    assert answer(*reading.forms, "已进驻事项数").value is None  # now 20 of 18
    assert errors(reading)


HEADER = LAYOUT.header_row
PAGES = {
    "header doubled": [*FIRST[: HEADER + 1], *FIRST[HEADER:]],
    "header on every page": [*FIRST[:20], FIRST[HEADER], *FIRST[20:35], FIRST[HEADER], *FIRST[35:]],
    "title and unit too": [*FIRST[:20], *FIRST[: HEADER + 1], *FIRST[20:35], *FIRST[: HEADER + 1], *FIRST[35:]],
    "a row above the header": [*FIRST[:2], FIRST[ROW], *FIRST[2:ROW], *FIRST[ROW + 1 :]],
}


@pytest.mark.parametrize("cells", PAGES.values(), ids=PAGES)
def test_a_form_goes_on_under_its_header_repeated(cells):
    reading = read({"评分表": cells})
    assert [each.values for each in reading.forms] == [each.values for each in read({"评分表": FIRST}).forms]
    assert not reading.problems


def test_a_form_may_be_spread_over_sheets():
    halves = {"一": [*FIRST[:20]], "二": [*FIRST[: HEADER + 1], *FIRST[20:]]}
    reading = read(halves)
    assert [each.values for each in reading.forms] == [each.values for each in read({"评分表": FIRST}).forms]
    assert not reading.problems


@pytest.mark.parametrize("hidden", [(), ("二",)], ids=["seen", "hidden"])
def test_the_table_that_is_filled_counts_whatever_else_stands_there(hidden):
    filled = [*FIRST[: ROW + 1], *FIRST[ROW + 2 :]]  # a row is gone
    reading = read({"一": grid(COUNTY, "县残联", {}), "二": filled}, hidden=hidden)
    assert answer(*reading.forms).value == 1646
    assert reading.forms[0].sheet == "二"
    assert any("隐藏" in each.text for each in reading.problems) == bool(hidden)


UNIT_ROW = LAYOUT.unit_row


def at(cells, *changes):
    """Cells changed in the row of the unit, by column."""
    row = list(cells[UNIT_ROW])
    for column, value in changes:
        row[column] = value
    return [*cells[:UNIT_ROW], row, *cells[UNIT_ROW + 1 :]]


@pytest.mark.parametrize(
    ("changes", "unit", "words"),
    [
        ([(1, "县残联（盖章）")], "县残联", "按“县残联”读取"),
        ([(1, "县残联(公章)：")], "县残联", "按“县残联”读取"),
        ([(1, "“县残联”")], "县残联", "按“县残联”读取"),
        ([(1, "（县残联）")], "县残联", "按“县残联”读取"),
        ([(1, "县残联（填报）")], "县残联", "按“县残联”读取"),
        ([(1, "单位：县残联")], "县残联", "按“县残联”读取"),
        ([(1, "县残联盖章")], "县残联", "按“县残联”读取"),
        ([(1, "县残联（代县城管局）")], None, "不在考核对象名单中"),
        ([(0, "考核单位：县档案局")], None, "不止一个单位（县档案局、县残联）"),
        ([(2, "县档案局")], None, "不止一个单位（县残联、县档案局）"),
        ([(0, "考核单位（盖章）：")], "县残联", ""),
        ([(0, "考核单位*：")], "县残联", ""),
        ([(0, "考核单位：县残联"), (1, "")], "县残联", ""),
        ([(0, "单位名称：")], "县残联", "按单元格 B4 的内容认定"),
        ([(0, "")], "县残联", "按单元格 B4 的内容认定"),
        ([(1, 12345.0)], None, "“12345”"),
        ([(1, "")], None, "没有填写"),
    ],
)
def test_what_stands_for_the_unit(changes, unit, words):
    reading = read({"评分表": at(FIRST, *changes)})
    assert [SCHEME.units[each.unit - 1].name for each in reading.forms] == ([unit] if unit else [])
    told = [each.text for each in reading.problems] + [each.problem.text for each in reading.rejected]
    assert len(told) == bool(words)
    assert all(words in each for each in told)


@pytest.mark.parametrize("heading", ["填报值*", "填报值：", "填报值（必填）", "填 报 值", "填报值（必填）："])
def test_a_heading_with_a_note_behind_it(heading):
    cells = [list(row) for row in FIRST]
    cells[HEADER][Col.VALUE] = heading
    assert answer(*read({"评分表": cells}).forms).value == 1646


@pytest.mark.parametrize("label", ["联系电话", "填报人", "备注", "任务完成进度"])
def test_a_deduction_called_something_else_is_not_lost(label):
    rows, fact = edited("事项要素有误项数", Col.FACT, label, answered=4)
    reading = read({"评分表": rows})
    told = [each for each in reading.problems if fact.label in each.text or "所填“4”" in each.text]
    assert answer(*reading.forms, fact.label).value == 4 or any(each.level == "错误" for each in told)

"""A whole year played through: two units late, one never, an objection, closed, corrected, verified.

Each step's figures are those of the oracle, and each step's sheets say what happened.
"""

from __future__ import annotations

import random
from fractions import Fraction

import openpyxl
import oracle
import pytest
from conftest import COUNTY, SCHEME, TOWN, append, filled_form, office, random_answers, register_book, rows, run, save

LATE, NEVER, OBJECTING = ("县残联", "城关镇"), "县司法局", "县公安局"
RESULT, EARLIER, TRIAL, CORRECTION = (
    f"考核结果汇总{suffix}.xlsx" for suffix in ("", "（上一轮）", "（试算）", "（更正1）")
)
REGISTER = "登记.xlsx"


def points(value):
    return Fraction(round(value * 100), 100)


class Year:
    """The folder of a year, what everyone answered, and what the office recorded."""

    def __init__(self, folder):
        self.input, self.output = folder / "input", folder / "output"
        chance = random.Random(27)
        self.answers = {unit.name: random_answers(SCHEME.form(unit.form), chance) for unit in SCHEME.units}
        for unit in SCHEME.units:
            form, own = SCHEME.form(unit.form), self.answers[unit.name]
            own |= {fact.label: "否" for fact in form.declarations}
            own |= {fact.label: min(own[fact.label], 3) for fact in form.facts if fact.adverse}
        self.rulings: dict[tuple[str, str], Fraction] = {}
        self.register = register_book(folder)
        for unit in TOWN.units:
            known = {"走访反映工作效率提高": "是", "群众满意度": 0.9, "被上级通报次数": 0}
            office(self.register, TOWN, unit.name, **known)
            self.answers[unit.name] |= known | {"群众满意度": Fraction(9, 10)}
        save(self.register, self.input / REGISTER)
        for unit in SCHEME.units:
            if unit.name not in (*LATE, NEVER):
                self.report(unit.name)

    def report(self, name):
        unit = next(unit for unit in SCHEME.units if unit.name == name)
        form = SCHEME.form(unit.form)
        save(filled_form(form, name, self.answers[name]), self.input / f"{unit.number}.xlsx")

    def record(self, sheet, *cells):
        append(self.register, sheet, *cells)
        save(self.register, self.input / REGISTER)

    def answer(self, *cells):
        """处理 and 答复 of the one objection."""
        sheet = self.register["异议"]
        row = next(row for row in sheet.iter_rows(min_row=3) if row[0].value == OBJECTING)
        row[4].value, row[5].value = cells
        save(self.register, self.input / REGISTER)

    def settle(self, result):
        """The office confirms every score that waits for it; what it pastes are the sheet's own columns."""
        waiting = rows(result, "待核定")
        assert waiting
        for row in waiting:
            assert row["填报项"] is None
            self.record("核定", row["考核单位"], row["指标编号"], None, row["暂计分"], row["理由"])

    def collect(self, *options, name=RESULT):
        run("collect", self.input, "-o", self.output, *options)
        return openpyxl.load_workbook(self.output / name, data_only=True)

    def since(self):
        return self.collect("--since", self.output / RESULT)

    def final(self, *, name=RESULT):
        return self.collect("--final", name=name)

    def figures(self, form, reported, zeroed):
        """Totals and ranks by unit name, by hand."""
        names = [unit.name for unit in form.units if unit.name in reported]
        amounts = [self.answers[name].get("年度累计办件量", 0) for name in names]
        totals = dict.fromkeys(zeroed, Fraction(0))
        for name in names:
            own = self.answers[name]
            items = oracle.county_items(own, amounts, 31) if form is COUNTY else oracle.town_items(own)
            items |= {code: score for (unit, code), score in self.rulings.items() if unit == name}
            totals[name] = oracle.total(form.name, items)
        return totals, oracle.ranks(totals)

    def check(self, result, missing=(), zeroed=()):
        """The result's rankings are those by hand."""
        reported = {unit.name for unit in SCHEME.units} - {*missing, *zeroed}
        for form in SCHEME.forms:
            own = [unit.name for unit in form.units]
            totals, ranks = self.figures(form, reported, [name for name in zeroed if name in own])
            shown = {row["考核单位"]: row for row in rows(result, f"{form.name}排名")}
            assert shown.keys() == set(own)
            ranked = {name: row for name, row in shown.items() if row["名次"] is not None}
            assert {name: points(row["总分"]) for name, row in ranked.items()} == totals
            assert {name: row["名次"] for name, row in ranked.items()} == ranks


def above(result, form):
    """What stands above a ranking."""
    return "".join(
        str(row[0])
        for row in result[f"{form.name}排名"].iter_rows(max_row=8, values_only=True)
        if row[0] and row[1] is None
    )


def unit_row(result, sheet, name):
    return next(row for row in rows(result, sheet) if row["考核单位"] == name)


@pytest.fixture
def year(tmp_path):
    return Year(tmp_path)


def test_a_whole_year(year):
    # three have not reported
    first = year.collect()
    year.check(first, missing=(*LATE, NEVER))
    assert "未报送 2 个单位" in above(first, COUNTY)
    assert "未报送 1 个单位" in above(first, TOWN)
    assert {row["考核单位"] for row in rows(first, "催报") if row["状态"] == "未报送"} == {*LATE, NEVER}

    # one comes late: its own row, and what it moves for others
    year.report(LATE[0])
    second = year.since()
    year.check(second, missing=(LATE[1], NEVER))
    assert (year.output / EARLIER).is_file()
    changes = rows(second, "本轮变化")
    assert [row["原因"] for row in changes if row["考核单位"] == LATE[0]] == ["新报送"]
    others = [row for row in changes if row["考核单位"] != LATE[0]]
    assert {row["原因"] for row in others} == {f"其他单位：{LATE[0]}新报送"}
    assert {row["指标编号"] for row in others} <= {"2.3.3", None}
    before, now = (
        {row["考核单位"]: row["名次"] for form in SCHEME.forms for row in rows(book, f"{form.name}排名")}
        for book in (first, second)
    )
    assert all((row["原名次"], row["现名次"]) == (before[row["考核单位"]], now[row["考核单位"]]) for row in changes)
    moved = {name for name in before if before[name] != now[name]}
    assert moved <= {row["考核单位"] for row in changes}

    # the other too
    year.report(LATE[1])
    third = year.since()
    year.check(third, missing=(NEVER,))
    assert [row["原因"] for row in rows(third, "本轮变化") if row["考核单位"] == LATE[1]] == ["新报送"]

    # the office rules on all that is open and on the one that never reported; somebody objects
    year.settle(third)
    year.record("未报送处理", NEVER, "按零分", "多次催报仍未报送")
    year.record("异议", OBJECTING, "1.1.1", "已进驻事项数登记有误", "2019-01-20", "受理", None, "甲（虚构）")
    fourth = year.since()
    year.check(fourth, zeroed=(NEVER,))
    assert {row["原因"] for row in rows(fourth, "本轮变化") if row["考核单位"] == NEVER} == {"未报送处理"}
    assert rows(fourth, "待核定") == []
    assert "未报送" not in above(fourth, COUNTY)
    never = unit_row(fourth, "县直排名", NEVER)
    assert (never["总分"], never["评优资格"]) == (0, "取消")
    assert unit_row(fourth, "报送情况", NEVER)["状态"] == "未报送"
    assert unit_row(fourth, "异议", OBJECTING)["处理"] == "受理"
    assert all(row["名次状态"] == "已定" for form in SCHEME.forms for row in rows(fourth, f"{form.name}排名"))

    # an objection is open: the round cannot be closed, and the reason is named
    stood = (year.output / RESULT).read_bytes()
    said = run("collect", year.input, "-o", year.output, "--final", code=1)
    assert "异议" in said
    assert OBJECTING in said
    assert (year.output / RESULT).read_bytes() == stood

    # it is found right, ruled on and answered
    year.record("核定", OBJECTING, "1.1.1", None, 2.5, "复核台账")
    year.rulings[OBJECTING, "1.1.1"] = Fraction(5, 2)
    year.answer("改正", "经复核，按 2.5 分计")
    closed = year.final()
    year.check(closed, zeroed=(NEVER,))
    assert {row["文件"] for row in rows(closed, "定稿清单")} == {path.name for path in year.input.iterdir()}
    assert unit_row(closed, "异议", OBJECTING)["现得分"] == 2.5
    for form in SCHEME.forms:
        assert "定稿" in above(closed, form)
        assert "校验码" in above(closed, form)
    assert "抽查建议" not in closed.sheetnames
    posted = "".join(str(row[0]) for row in closed["公示通报"].iter_rows(values_only=True) if row[0])
    assert "征求意见稿" not in posted
    assert f"未报送、按零分计：{NEVER}。" in posted
    run("verify", year.output / RESULT, year.input)

    # closing it again changes nothing; a plain run is a trial beside it
    stood = (year.output / RESULT).read_bytes()
    assert "已定稿，没有变化" in run("collect", year.input, "-o", year.output, "--final")
    trial = year.collect(name=TRIAL)
    year.check(trial, zeroed=(NEVER,))
    assert (year.output / RESULT).read_bytes() == stood

    # a mistake is found after closing: a correction, beside the closed result
    year.record("核定", LATE[1], "1.2.1", None, 1, "计划没有盖章")
    year.rulings[LATE[1], "1.2.1"] = Fraction(1)
    correction = year.final(name=CORRECTION)
    year.check(correction, zeroed=(NEVER,))
    assert (year.output / RESULT).read_bytes() == stood
    [change] = [row for row in rows(correction, "本轮变化") if row["指标编号"]]
    assert (change["考核单位"], change["指标编号"], change["现得分"]) == (LATE[1], "1.2.1", 1)
    assert change["原因"].startswith("核定")
    run("verify", year.output / CORRECTION, year.input)
    run("verify", year.output / RESULT, year.input, code=1)

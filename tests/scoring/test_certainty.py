"""How sure each rank is (K23): against every outcome, tried one by one, apart from the product's own spans."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import numpy as np
import oracle
import pytest
from conftest import COUNTY, TOWN, good_answers
from play import known, result, ruled, values, without

from assess_xlsx.answers import ZEROED, Absence, Place, Register
from assess_xlsx.scheme.model import Form

FEW = 20_000
"""Outcomes of a round that are tried; beyond it, each unit's totals are thinned, never their ends."""

COUNTS = [0, 1, 2, 3, 4, 12, 40]
SHARES = [Fraction(number, 10_000) for number in (0, 5999, 6000, 7000, 7999, 8000, 8999, 9000, 10_000)]
AREAS = [Fraction(number) for number in (0, 50, 100, 150, 190, 200)]
YES_NO = ["是", "否"]
OFFICE: dict[str, dict[str, list]] = {
    "县直": {
        "随意调整人员次数": COUNTS,
        "考勤低于半数人数": COUNTS,
        "违反制度或纪律次数": COUNTS,
        "环境卫生违规次数": COUNTS,
        "着装胸牌违规次数": COUNTS,
        "群众投诉次数": COUNTS,
        "查证属实投诉次数": COUNTS,
        "事项要素有误项数": COUNTS,
    },
    "乡镇": {"被上级通报次数": COUNTS, "走访反映工作效率提高": YES_NO, "群众满意度": SHARES},
}
"""What the office knows, and all that it may turn out to be."""
ASKED: dict[str, dict[str, list]] = {
    "县直": {
        "能够在线申报": YES_NO,
        "网上可办率": SHARES,
        "缺少的制度项数": COUNTS,
        "承担改革任务数": COUNTS,
        "有无自建系统": ["无"],
    },
    "乡镇": {"提供寄递服务": YES_NO, "实体政务大厅面积": AREAS, "专题研究次数": COUNTS, "明确分管领导": YES_NO},
}
"""What a unit may fail to answer, and what else it may say."""
GAPS = {
    "能够在线申报": {"2.3.2": (0, 5)},
    "网上可办率": {"2.2.2": (0, 4)},
    "缺少的制度项数": {"1.4.1": (0, 2)},
    "承担改革任务数": {"4.1.1": (0, 5), "4.1.2": (0, 5)},
    "有无自建系统": {"6.1.1": (-5, 0), "6.1.2": (-5, 0)},
    "提供寄递服务": {"3.1.4": (0, 4)},
    "实体政务大厅面积": {"3.1.1": (0, 15)},
    "专题研究次数": {"1.4.1": (0, 2)},
    "明确分管领导": {"1.5.1": (0, 2)},
}
"""What the items of an answer that is missing may come to, by code (K15, K23)."""
ADVERSE = {name: [label for label, all_ in facts.items() if all_ is COUNTS] for name, facts in OFFICE.items()}


class Unit:
    """A unit of a random round: what its form says, and which scores each of its items may still come to."""

    def __init__(self, form: Form, chance: random.Random, registered: bool) -> None:
        self.form, self.answers = form, good_answers(form)
        if form is COUNTY:
            self.answers |= {"酌情分": None, "任务完成进度": Fraction(1, 2), "年度累计办件量": chance.randrange(5)}
        for label in ASKED[form.name]:
            if chance.random() < 0.3:
                self.answers[label] = chance.choice(ASKED[form.name][label])
        for label in OFFICE[form.name]:
            self.answers[label] = chance.choice(OFFICE[form.name][label][:4])
        self.repair(self.answers)
        self.filled = dict(self.answers)
        self.office: dict[str, Any] = {}
        self.open: list[list[tuple[str, object]]] = []
        """Labels and values of facts that are open, all values of each."""
        self.judged: dict[str, list[Fraction]] = {}
        for label, all_ in OFFICE[form.name].items():
            settled = registered and (label in ADVERSE[form.name] or chance.random() < 0.8)
            if settled and label not in ADVERSE[form.name]:
                self.office[label] = self.answers[label]
            if not settled:
                self.open.append([(label, value) for value in all_])
                if chance.random() < 0.4:
                    self.filled[label] = None
        self.judge(chance)
        self.ruled: dict[str, int] = {}
        if registered and chance.random() < 0.3:
            code = chance.choice(["1.4.1", "3.1.2"])
            self.ruled[code] = chance.choice([0, 50, 200])
            self.judged[code] = [Fraction(self.ruled[code], 100)]

    def judge(self, chance: random.Random) -> None:
        """A gap of the unit, or a score that a person must judge."""
        form = self.form
        if chance.random() < 0.4:
            label = chance.choice(list(ASKED[form.name]))
            self.filled[label] = None
            for code, ends in GAPS[label].items():
                self.judged[code] = [Fraction(each) for each in (*ends, Fraction(sum(ends), 2))]
        elif form is TOWN and chance.random() < 0.4:
            self.answers["实体政务大厅面积"] = self.filled["实体政务大厅面积"] = 195
            self.judged["3.1.1"] = [Fraction(10), Fraction(12), Fraction(15)]
        elif form is COUNTY and chance.random() < 0.4:
            change = {"一窗受理开展情况": "部分开展", "酌情分": Fraction(3, 2)}
            self.answers |= change
            self.filled |= change
            self.judged["1.2.1"] = [Fraction(0), Fraction(3, 2), Fraction(2)]
        if Fraction(6, 10) <= self.office.get("群众满意度", 0) < Fraction(8, 10):
            self.judged["5.1.3"] = [Fraction(0), Fraction(1), Fraction(2)]

    @staticmethod
    def repair(answers: dict[str, object]) -> None:
        """属实 ≤ 投诉 is restored by raising the larger count (K17)."""
        if "查证属实投诉次数" in answers:
            answers["群众投诉次数"] = max(answers["群众投诉次数"], answers["查证属实投诉次数"])
        if answers.get("承担改革任务数") == 0:
            answers["任务完成进度"] = None

    def register_rows(self, number: int) -> tuple[list, list]:
        keys = {fact.label: fact for fact in self.form.facts}
        found = values(self.form, **self.office)
        rows = [known(number, keys[label].key, found[keys[label].key]) for label in self.office]
        return rows, [ruled(number, code, score) for code, score in self.ruled.items()]

    def totals(self, amounts: list[int], field: int) -> list[Fraction]:
        """Every total that the unit may come to."""
        by_item: dict[str, set[Fraction]] = {}
        together: dict[str, list[list[tuple[str, object]]]] = {}
        codes = {fact.label: fact.code for fact in self.form.facts}
        for choices in self.open:
            together.setdefault(codes[choices[0][0]], []).append(choices)
        certain = self.scores({}, amounts, field)
        for code, score in certain.items():
            by_item[code] = {score}
        for choices in together.values():
            for change in itertools.product(*choices):
                code = codes[change[0][0]]
                by_item[code].add(self.scores(dict(change), amounts, field)[code])
        by_item |= {code: set(scores) for code, scores in self.judged.items()}
        sums = {number: {Fraction(0)} for number in range(1, 7)}
        for code, scores in by_item.items():
            number = int(code[0])
            sums[number] = {one + other for one in sums[number] for other in scores}
        return sorted({max(Fraction(0), sum(parts)) for parts in itertools.product(*self.bounded(sums))})

    def bounded(self, sums: dict[int, set[Fraction]]) -> list[set[Fraction]]:
        """K6, K9."""
        if self.form.name == "县直":
            sums[5] = {min(Fraction(10), each) for each in sums[5]}
            sums[6] = {max(Fraction(-10), each) for each in sums[6]}
        else:
            sums[5] = {max(Fraction(0), each) for each in sums[5]}
        return list(sums.values())

    def scores(self, change: dict[str, object], amounts: list[int], field: int) -> dict[str, Fraction]:
        answers = self.answers | change
        self.repair(answers)
        if answers.get("承担改革任务数") and answers["任务完成进度"] is None:
            answers["任务完成进度"] = Fraction(1, 2)
        if self.form.name == "县直":
            return oracle.county_items(answers, amounts, field)
        return oracle.town_items(answers)


def every_rank(totals: list[list[Fraction]], reported: int, chance: random.Random) -> list[tuple[int, int]]:
    """The best and the worst rank of each unit that reported, over every outcome there is."""
    cents = [[int(100 * total) for total in each] for each in totals]
    while np.prod([len(each) for each in cents], dtype=float) > FEW:
        longest = max(cents, key=len)
        longest.remove(chance.choice(longest[1:-1]))
    outcomes = np.array(list(itertools.product(*cents)))
    ranks = 1 + (outcomes[:, None, :] > outcomes[:, :reported, None]).sum(axis=2)
    return list(zip(ranks.min(axis=0).tolist(), ranks.max(axis=0).tolist(), strict=True))


@pytest.mark.parametrize("seed", range(300))
def test_nothing_lies_outside_and_every_end_is_reached(seed):
    """Exactly 最好名次 … 最差名次, where no number is unknown that others are compared with (k = 0)."""
    chance = random.Random(seed)
    full = chance.choice([COUNTY, TOWN])
    size = chance.choice([2, 3, 4])
    registered = chance.random() < 0.7
    units = [Unit(full, chance, registered) for _ in range(size)]
    numbers = [unit.number for unit in full.units]
    missing = chance.randrange(2) if full is TOWN else 0  # a 县直 unit that is 未报送 is an unknown number
    zeroed = chance.randrange(2) if registered else 0
    gone = numbers[size + missing + zeroed :]
    form = without(full, gone)
    rows = [each.register_rows(number) for each, number in zip(units, numbers, strict=False)]
    register = Register(
        values=tuple(row for first, _ in rows for row in first),
        rulings=tuple(row for _, last in rows for row in last),
    )
    decided = {number: Absence(number, ZEROED, "停办", Place()) for number in numbers[size + missing :][:zeroed]}
    filled = {number: values(full, **each.filled) for each, number in zip(units, numbers, strict=False)}
    found = result(form, filled, register if registered else None, decided)
    amounts = [each.answers.get("年度累计办件量", 0) for each in units]
    totals = [each.totals(amounts, len(form.units)) for each in units]
    edges = {total + step for each in totals for total in each for step in (Fraction(-1, 100), Fraction(1, 100))}
    anything = sorted({Fraction(0), Fraction(100), *(each for each in edges if 0 <= each <= 100)})
    totals += [anything] * missing + [[Fraction(0)]] * zeroed
    for place, (best, worst) in enumerate(every_rank(totals, size, chance)):
        standing = found.standings[numbers[place]]
        assert (standing.low, standing.high) == (100 * totals[place][0], 100 * totals[place][-1])
        assert (standing.best, standing.worst) == (best, worst)
    assert found.unknown == ()


NUMBER = "年度累计办件量"


@pytest.mark.parametrize("seed", range(60))
def test_nothing_lies_outside_while_numbers_are_unknown(seed):
    """With k > 0 the range may be wider than the truth, never narrower."""
    chance = random.Random(seed)
    size, late, silent = chance.choice([2, 3]), chance.choice([0, 1]), chance.choice([0, 1])
    late = late or 1 - silent
    form = without(COUNTY, [unit.number for unit in COUNTY.units[size + late :]])
    units = [Unit(COUNTY, chance, registered=True) for _ in range(size)]
    for each in units[:silent]:
        each.filled[NUMBER] = None
    filled = {number: values(COUNTY, **each.filled) for number, each in enumerate(units, 1)}
    rulings = tuple(row for number, each in enumerate(units, 1) for row in each.register_rows(number)[1])
    found = result(form, filled, Register(rulings=rulings))
    assert found.unknown == (f"还有 {late + silent} 个办件量未知，实际范围可能更窄，不会更宽",)
    reached: set[tuple[int, int]] = set()
    for amounts in itertools.product(range(6), repeat=late + silent):
        for each, amount in zip(units[:silent], amounts, strict=False):
            each.answers[NUMBER] = amount
        all_ = [each.answers[NUMBER] for each in units] + list(amounts[silent:])
        totals = [each.totals(all_, size + late) for each in units] + [
            [Fraction(0), Fraction(50), Fraction(110)]
        ] * late
        for place, ends in enumerate(every_rank(totals, size, chance)):
            reached |= {(place, rank) for rank in ends}
            standing = found.standings[place + 1]
            assert standing.low <= 100 * totals[place][0] <= 100 * totals[place][-1] <= standing.high
    for place, rank in reached:
        assert found.standings[place + 1].best <= rank <= found.standings[place + 1].worst


# ── 关键事项, 影响名次, and what the office is asked ──


def town(changes: dict[int, dict[str, Any]], office: dict[int, dict[str, Any]] | None = None, size: int = 9):
    """A round of the 乡镇 form: every unit good but for its changes; 走访 and 满意度 recorded but for those named."""
    form = without(TOWN, [unit.number for unit in TOWN.units[size:]])
    recorded = []
    for number in changes:
        told = {"走访反映工作效率提高": "是", "群众满意度": 0.95} | (office or {}).get(number, {})
        found = values(TOWN, **told)
        recorded += [
            known(number, fact.key, found[fact.key])
            for fact in form.facts
            if fact.office and told.get(fact.label) is not None
        ]
    units = {number: values(TOWN, **change) for number, change in changes.items()}
    return result(form, units, Register(values=tuple(recorded)))


def test_the_own_item_that_moves_the_rank_furthest_is_named():
    """Each alone, the others' totals as they are; a rank that nothing can move has no 关键事项."""
    found = town(
        {
            32: {},  # 98.5
            33: {"成立领导小组": "否"},  # 92.5 … 96.5
            34: {"实体政务大厅面积": 195},  # 93.5 … 98.5
            35: {"成立领导小组": "否", "撰写工作总结": "否", "制定工作计划": "否", "提供寄递服务": "否"},  # 88.5
        },
        {33: {"走访反映工作效率提高": None}},
        size=4,
    )
    assert {unit: (each.best, each.worst, each.key) for unit, each in found.standings.items()} == {
        32: (1, 1, ""),
        33: (2, 3, "5.1.2 走访反映工作效率提高（0…4 分）"),
        34: (1, 3, "3.1.1 得分待核定（10…15 分）"),
        35: (4, 4, ""),
    }


def test_of_two_own_items_the_one_counts_that_moves_the_rank_further_then_the_total():
    office = {33: {"走访反映工作效率提高": None, "群众满意度": None}}
    far = {
        32: {},
        33: {"群众满意度": 0.95, "实体政务大厅面积": 195},
        34: {"成立领导小组": "否", "提供寄递服务": "否"},
    }
    assert (
        town(far, office, size=3).standings[33].key == "3.1.1 得分待核定（10…15 分）"
    )  # a place each, but five points
    near = {32: {}, 33: {"群众满意度": 0.95}, 34: {"成立领导小组": "否"}}
    assert (
        town(near, office, size=3).standings[33].key == "5.1.2 走访反映工作效率提高（0…4 分）"
    )  # two places and four points each


def test_where_only_others_move_a_rank_they_are_named():
    names = [unit.name for unit in TOWN.units]
    found = town({32: {}, 33: {"成立领导小组": "否"}}, size=3)
    assert found.standings[33].key == f"取决于：{names[2]}"
    found = town({32: {}, 33: {"成立领导小组": "否"}}, size=6)
    assert found.standings[33][2:4] == (2, 6)
    assert found.standings[33].key == f"取决于：{names[2]}、{names[3]}等 4 个单位"


def test_a_ruled_score_leaves_the_unit_to_be_asked_for_the_number_that_others_are_compared_with():
    """K1, K23."""
    form = without(COUNTY, [unit.number for unit in COUNTY.units[3:]])
    units = {unit: values(COUNTY, **{NUMBER: amount}) for unit, amount in {1: 5, 2: None, 3: 3}.items()}
    found = result(form, units, Register(rulings=(ruled(2, "2.3.3", 700),)))
    (waiting,) = found.open
    assert (waiting.unit.number, waiting.fact, waiting.low, waiting.high, waiting.ranks) == (
        2,
        NUMBER,
        700,
        700,
        "3→3",
    )
    assert "本项得分已核定为 7.00，但其他单位要与这个数比较" in waiting.why
    assert found.standings[2][2:4] == (2, 3)
    assert found.standings[2].key == "2.3.3 年度累计办件量（其他单位与它比较）"
    assert found.standings[3].key == f"取决于：{COUNTY.units[1].name}"


def test_each_decision_is_one_question_and_says_which_ranks_hang_on_it():
    found = town(
        {32: {}, 33: {"成立领导小组": "否", "群众满意度": 0.7}, 34: {"制定工作计划": "否", "实体政务大厅面积": 195}},
        {33: {"群众满意度": None}},
        size=3,
    )
    first, second = found.open
    assert (first.unit.number, first.code, first.fact, first.reading) == (33, "5.1.3", "群众满意度", "K17")
    assert (first.score, first.low, first.high, first.ranks) == (0, 0, 400, "2→2")
    assert first.why == (
        "“群众满意度”由考核办掌握，还没有登记；单位自查为“70%”，暂按此计。实际如何？请填0%到100%的百分比，如 95%。"
        "照此计，细则没有规定这一段。本项得分在 0 到 4 分之间。"
    )
    assert (second.unit.number, second.code, second.fact, second.reading) == (34, "3.1.1", "", "K5")
    assert (second.score, second.low, second.high, second.ranks) == (1000, 1000, 1500, "3→2…3")
    assert second.why == (
        "实体政务大厅面积 195平方米，细则未规定，记 10 分（口径 K5），暂计。"
        "细则没有规定这一段，应记几分？请在 10 到 15 分之间核定。"
    )

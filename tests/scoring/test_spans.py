"""Between which amounts an item lies (K17, K23): the official forms as a table, every rule kind value by value."""

from __future__ import annotations

import copy
import itertools
import random
from typing import Any

import every_kind
import numpy as np
import pytest
from conftest import COUNTY, TOWN
from play import Values, certainty, known, result, ruled, values, without

from assess_xlsx.answers import Register
from assess_xlsx.scheme.answer_kinds import MILLION, Choice, Number, Percent, Points
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.model import Form, Item
from assess_xlsx.scheme.rules import Columns


def spans(found, code: str, row: int = 0) -> tuple[float, float]:
    """An item's span in points, as people read it."""
    place = [item.code for item in found.form.items].index(code)
    _, low, high = certainty(found).shown(place)
    return low[row] / 100, high[row] / 100


OPEN, EMPTY = None, Register()
"""Without a register every 办 fact is open; with an empty one the adverse counts are settled."""


@pytest.mark.parametrize(
    ("form", "code", "changed", "register", "span"),
    [
        (COUNTY, "1.1.1", {"应进驻事项数": 20, "已进驻事项数": 18}, OPEN, (2.7, 2.7)),
        (COUNTY, "1.1.1", {"已进驻事项数": None}, OPEN, (0, 3)),
        (COUNTY, "1.2.1", {"一窗受理开展情况": "部分开展", "酌情分": 1.25}, OPEN, (0, 2)),
        (COUNTY, "1.2.1", {"一窗受理开展情况": "部分开展", "酌情分": None}, OPEN, (0, 2)),
        (COUNTY, "1.2.1", {"一窗受理开展情况": "未开展"}, OPEN, (0, 0)),
        (COUNTY, "1.3.1", {}, OPEN, (0, 2)),
        (COUNTY, "1.3.1", {"每窗口派驻两名工作人员": "否"}, OPEN, (0, 0)),
        (COUNTY, "1.3.1", {"每窗口派驻两名工作人员": None}, EMPTY, (0, 2)),
        (COUNTY, "1.3.2", {}, OPEN, (0, 3)),
        (COUNTY, "1.3.2", {"考勤低于半数人数": 2, "违反制度或纪律次数": 1}, OPEN, (0, 3)),
        (COUNTY, "1.3.2", {"考勤低于半数人数": 2}, EMPTY, (1, 1)),
        (COUNTY, "1.4.2", {"环境卫生违规次数": 3}, OPEN, (0, 2)),
        (COUNTY, "1.4.4", {}, OPEN, (0, 4)),
        (COUNTY, "1.4.4", {"群众投诉次数": 3, "查证属实投诉次数": 2}, OPEN, (0, 4)),
        (COUNTY, "2.2.2", {"网上可办率": None}, EMPTY, (0, 4)),
        (COUNTY, "4.1.1", {"承担改革任务数": None}, EMPTY, (0, 5)),
        (COUNTY, "4.1.2", {"承担改革任务数": None}, EMPTY, (0, 5)),  # it looks at another item's missing fact
        (COUNTY, "4.1.2", {"承担改革任务数": 0, "任务完成进度": None}, EMPTY, (0, 0)),
        (COUNTY, "6.1.1", {"有无自建系统": None}, EMPTY, (-5, 0)),
        (COUNTY, "6.1.2", {"有无自建系统": None}, EMPTY, (-5, 0)),
        (COUNTY, "6.1.2", {}, EMPTY, (0, 0)),
        (TOWN, "1.5.1", {"明确分管领导": None}, EMPTY, (0, 2)),
        (TOWN, "3.1.1", {"实体政务大厅面积": 195}, EMPTY, (10, 15)),
        (TOWN, "3.1.1", {"实体政务大厅面积": 190}, EMPTY, (10, 10)),
        (TOWN, "5.1.1", {"被上级通报次数": 2}, OPEN, (-12, 0)),
        (TOWN, "5.1.1", {"被上级通报次数": 2}, EMPTY, (-2, -2)),
        (TOWN, "5.1.2", {"走访反映工作效率提高": None}, EMPTY, (0, 4)),
        (TOWN, "5.1.3", {"群众满意度": 0.7}, EMPTY, (0, 4)),  # not recorded: more than K7 is open
        (TOWN, "5.1.4", {}, OPEN, (4, 4)),
    ],
)
def test_table(form, code, changed, register, span):
    assert spans(result(form, {form.units[0].number: values(form, **changed)}, register), code) == span


@pytest.mark.parametrize(
    ("recorded", "span"),
    [
        ({"群众投诉次数": 1}, (0, 3)),
        ({"群众投诉次数": 3}, (0, 1)),
        ({"查证属实投诉次数": 0}, (0, 4)),
        ({"查证属实投诉次数": 2}, (0, 0)),
    ],
)
def test_limits_are_restored_while_one_of_two_counts_is_open(recorded, span):
    """K17: 属实 ≤ 投诉 by raising 投诉. (The items of the table again, with a form of 扣 counts that stay open.)"""
    found = _one_open(COUNTY, "1.4.4", recorded)
    assert found == span


def _one_open(form: Form, code: str, fixed: dict[str, int]) -> tuple[float, float]:
    """The span where some counts were ruled on and the others are open, without any other register row."""
    rulings = tuple(ruled(1, code, value)._replace(key=f"{code} {label}") for label, value in fixed.items())
    found = result(form, {1: values(form)}, Register(rulings=rulings))
    for fact in form.facts:
        if fact.office and fact.label not in fixed:
            found.facts.open[fact.key][:] = True
    return spans(found, code)


def test_a_ruled_score_is_all_that_it_can_be():
    register = Register(rulings=(ruled(32, "3.1.1", 1225), ruled(32, "5.1.3", 150)))
    found = result(TOWN, {32: values(TOWN, 实体政务大厅面积=195, 群众满意度=None)}, register)
    assert [spans(found, code) for code in ("3.1.1", "5.1.3")] == [(12.25, 12.25), (1.5, 1.5)]


def test_rank_item_runs_from_the_place_behind_all_unknown_to_its_place_now():
    """K1, K23: three known numbers, one own number missing, one unit without a form; N = 5."""
    form = without(COUNTY, [unit.number for unit in COUNTY.units[5:]])
    amounts = {1: 900, 2: 500, 3: 0, 4: None}
    units = {unit: values(COUNTY, 年度累计办件量=amount) for unit, amount in amounts.items()}
    found = result(form, units, EMPTY)
    assert [spans(found, "2.3.3", row) for row in range(4)] == [(12, 20), (8, 16), (0, 0), (0, 20)]
    fixed = result(form, units, Register(rulings=(ruled(4, "2.3.3", 700),)))
    assert [spans(fixed, "2.3.3", row) for row in range(4)] == [(12, 20), (8, 16), (0, 0), (7, 7)]
    assert fixed.unknown == ("还有 2 个办件量未知，实际范围可能更窄，不会更宽",)


@pytest.mark.parametrize(
    ("order", "amounts", "wanted"),
    [
        ("从多到少", (0, 4, 10, None), [(0, 0), (0, 4), (0, 10), (0, 10)]),
        ("从多到少", (2, 4, 10, None), [(0, 2), (0, 4), (0, 10), (0, 10)]),
        ("从少到多", (0, 4, 10, None), [(10, 10), (6, 10), (0, 10), (0, 10)]),
        ("从少到多", (2, 4, 10, None), [(8, 10), (6, 10), (0, 10), (0, 10)]),
        ("从多到少", (3, 3, 3, None), [(0, 10), (0, 10), (0, 10), (0, 10)]),
        ("从多到少", (3, 4, 5, 5), [(0, 0), (5, 5), (10, 10), (10, 10)]),
    ],
)
def test_between_the_units_own_worst_and_best_an_unknown_number_may_be_either(order, amounts, wanted):
    """K23: the best score falls while another may be better, all but the best rise while another may be worse."""
    rule = {"kind": "efficacy", "fact": "数", "order": order, "worst": {"is": "最差"}, "best": {"is": "最好"}}
    form = every_kind.only_item({"points": 10}, [every_kind.fact("数", every_kind.COUNT)], rule, units=4)
    units = {number: {"1.1.1 数": amount, "V.1 发生重大事故": 1} for number, amount in enumerate(amounts, 1)}
    found = result(form, units, EMPTY, scheme=every_kind.SCHEME)
    assert [spans(found, "1.1.1", row) for row in range(4)] == wanted


# ── every rule kind ──


def _by_office(tree: dict[str, Any]) -> dict[str, Any]:
    """The scheme of every kind with all facts known to the office, as far as that may be; none an adverse count."""
    tree = copy.deepcopy(tree)
    for form in tree["forms"]:
        for item in itertools.chain(*(section["items"] for section in form["sections"])):
            rules = (item["rule"], *item["rule"].get("parts", ()))
            judged = {rule["value"] for rule in rules if rule["kind"] == "given" and "unless" not in rule}
            judged |= {term["fact"] for rule in rules if "missing" in rule for term in rule["facts"]}
            for fact in item["facts"]:
                fact.pop("adverse", None)
                if fact["label"] not in judged and "how" not in fact:
                    fact["by"] = "office"
    return tree


OFFICE = build(_by_office(every_kind.TREE), "every_kind")
GRID: dict[type, list[int]] = {
    Percent: [
        *(9549, 9550),  # every other number is tried of two facts together
        *range(0, 15_001, 50),
        *(edge + step for edge in (1250, 2000, 6000, 8000, 9000, 12_000) for step in (-1, 1)),
        Percent.unlimited,
    ],
    Number: [
        -1,
        *(-half * MILLION // 2 for half in range(1, 1001)),
        1,
        0,
        *(half * MILLION // 2 for half in range(320)),
        150_499_999,
        999_999_999 * MILLION,
    ],
}
COUNTS = [1, 1, *range(60), 200, 999_999_999]


def grid(kind: Any) -> list[int]:
    if isinstance(kind, Choice):
        return list(range(len(kind.options)))
    if isinstance(kind, Points):
        return [*range(kind.extremes()[0], kind.extremes()[-1], 7), kind.extremes()[-1]]
    lowest, *_, highest = kind.extremes()
    return [value for value in GRID.get(type(kind), COUNTS) if lowest <= value <= highest]


ITEMS = [
    pytest.param(form, item, id=f"{form.name} {item.code} {item.rule.kind}")
    for form in OFFICE.forms
    for item in form.items
    if not item.ranked and form.name != "街道" and not item.computed  # what is computed may be anything
]


@pytest.mark.parametrize(("form", "item"), ITEMS)
def test_open_facts_span_exactly_what_their_values_score(form: Form, item: Item):
    chance = random.Random(item.code)
    unit = form.units[0].number
    names = [fact.key for fact in item.facts]
    for count in range(1, min(len(names), 2) + 1):
        for freed in itertools.combinations(item.facts, count):
            if not all(fact.office for fact in freed) or any(
                condition.fact in freed and fact not in freed for fact in item.facts for condition in fact.conditions
            ):
                continue
            for _ in range(4):
                own = every_kind.random_values(form, chance)
                own |= {fact.key: fact.kind.nothing() for fact in form.facts if own[fact.key] is None and fact.bonus}
                rows = [
                    known(unit, key, value)
                    for key, value in own.items()
                    if value is not None and form.by_key[key].office and form.by_key[key] not in freed
                ]
                found = result(form, {unit: own}, Register(values=tuple(rows)), scheme=OFFICE)
                if (
                    all(own[fact.key] is None for group in item.rule.one_of() for fact in group)
                    and item.rule.one_of()
                ):
                    continue  # a gap, whatever is open
                assert spans(found, item.code) == _brute(item, own, freed, form.units[0].factor), (freed, own)


def _brute(item: Item, own: Values, freed: tuple[Any, ...], factor: int) -> tuple[float, float]:
    """The least and the most over the values of open facts, in points, the others as they are."""
    grids = [grid(fact.kind)[:: 1 if len(freed) == 1 else 2] + grid(fact.kind)[-1:] for fact in freed]
    table = np.array(list(itertools.product(*grids)), dtype=np.int64)
    columns = {
        fact.key: np.full(len(table), fact.kind.nothing() if own[fact.key] is None else own[fact.key])
        for fact in item.looks_at
    }
    for place, fact in enumerate(freed):
        columns[fact.key] = table[:, place]
    for fact in item.facts:
        for condition in fact.conditions:
            needed = condition.mask(columns[condition.fact.key])
            columns[fact.key] = np.where(needed, columns[fact.key], fact.kind.nothing())
        if fact.limit:
            columns[fact.limit.key] = np.maximum(columns[fact.limit.key], columns[fact.key])
    absent = {fact.key: np.full(len(table), own[fact.key] is None) for fact in item.facts if fact.may_lack}
    values_ = Columns(columns, {}, absent=absent, factors=np.full(len(table), factor))
    scores, doubt = item.rule.score(values_), item.rule.doubt(values_)
    low, high = scores.min(), scores.max()
    if doubt is not None and doubt.units.any():
        low, high = min(low, np.min(doubt.low)), max(high, np.max(doubt.high))
    return max(low, item.worth.low) / 100, min(high, item.worth.high) / 100


@pytest.mark.parametrize("seed", range(60))
def test_what_comes_of_it_lies_within(seed):
    """Whatever the office records in the end, with units that report late: no item, total or rank lies outside."""
    chance = random.Random(seed)
    form = OFFICE.forms[seed % len(OFFICE.forms)]
    truth = {unit.number: every_kind.random_values(form, chance) for unit in form.units}
    own = {unit: every_kind.random_values(form, chance) for unit in truth}
    for unit, facts in truth.items():
        for fact in form.facts:
            if not fact.office:
                facts[fact.key] = own[unit][fact.key] = facts[fact.key]
    late = set(chance.sample(sorted(truth), chance.choice([0, 1]) if len(truth) > 1 else 0))
    told = [known(unit, key, value) for unit in truth for key, value in truth[unit].items() if value is not None]
    told = [row for row in told if form.by_key[row.key].office]
    early = tuple(row for row in told if chance.random() < 0.7)
    before = result(
        form, {unit: own[unit] for unit in truth if unit not in late}, Register(values=early), scheme=OFFICE
    )
    after = result(form, own | {unit: truth[unit] for unit in late}, Register(values=tuple(told)), scheme=OFFICE)
    low, high, *_ = certainty(before).spans
    for row, unit in enumerate(before.facts.units):
        scores = after.items.loc[unit].to_numpy()
        outside = [
            (item.code, item.rule.kind)
            for place, item in enumerate(form.items)
            if not low[row, place] <= scores[place] <= high[row, place]
            and not after.gaps[item.code][after.facts.rows[unit]]
        ]
        assert outside == []
        standing = before.standings[unit]
        assert standing.low <= after.totals[unit] <= standing.high
        assert standing.best <= after.ranks[unit] <= standing.worst

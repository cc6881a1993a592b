"""排名组: forms that share all their items and are ranked together score and rank as one form with all units does."""

from __future__ import annotations

import copy
import random

import every_kind
import pytest
from every_kind import TREE
from play import filled, known, ruled

from assess_xlsx.answers import ZEROED, Absence, Place, Register, VetoRow
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.groups import groups
from assess_xlsx.scoring.ranking import Ranking
from assess_xlsx.scoring.score import find_vetoes, score

NAMES = [form["name"] for form in TREE["forms"]]
UNITS = 6


def whole(name):
    """The form of that name with more units, alone in a scheme."""
    made = copy.deepcopy(TREE)
    made["forms"] = [form for form in made["forms"] if form["name"] == name]
    factors = [1, 1.2, 0.85]
    made["roster"] = [{"name": f"{n}号局", "form": name, "factor": factors[n % 3]} for n in range(1, UNITS + 1)]
    made["grades"] = [row | {"form": ""} for row in made["grades"] if row["form"] == "部门"]
    made["adjustments"] = [row for row in made["adjustments"] if row["form"] == name]
    return made


def parted(made, into):
    """The same units on several forms of one 排名组 that share every item."""
    made = copy.deepcopy(made)
    [form] = made["forms"]
    for section in form["sections"]:
        for item in section["items"]:
            item["shared"] = True
    made["forms"] = [copy.deepcopy(form) | {"name": each, "annex": each, "group": "合"} for each in sorted(set(into))]
    for unit, each in zip(made["roster"], into, strict=True):
        unit["form"] = each
    for row in made["adjustments"]:
        row["form"] = "合"
    return made


def outcome(tree, answers, register, decided):
    """All that is said of every unit, by name."""
    scheme = build(tree, "x")
    [group] = groups(scheme.forms)
    forms = {unit.number: scheme.form(unit.form) for unit in scheme.units}
    returned = {number: filled(forms[number], number, own) for number, own in answers.items()}
    found = score(scheme, group, returned, register, find_vetoes(scheme, returned, register), decided)
    ranking = Ranking(found)
    told = {}
    for each in found:
        for row, unit in enumerate(each.facts.units):
            told[unit] = (
                each.items.loc[unit].tolist(),
                each.computed.loc[unit].tolist(),
                each.sections.loc[unit].tolist(),
                {code: said[row] for code, said in each.basis.items()},
                {code: bool(gap[row]) for code, gap in each.gaps.items()},
                each.standings.get(unit),
                each.merit_ranks.get(unit),
                each.grades.get(unit),
                [point[1:] for point in each.open if point.unit.number == unit],
                [problem.text for problem in each.problems if problem.place.unit == f"{unit}号局"],
            )
    return told, ranking.ranks, ranking.totals, [unit.name for unit in ranking.ranked()], ranking.still_open(), found


@pytest.mark.parametrize("seed", range(70))
def test_forms_that_share_all_are_as_one(seed):
    chance = random.Random(seed)
    tree = whole(NAMES[seed % len(NAMES)])
    form = build(tree, "x").forms[0]
    late = chance.sample(range(1, UNITS + 1), chance.choice([0, 0, 1, 2]))
    answers = {n: every_kind.random_values(form, chance) for n in range(1, UNITS + 1) if n not in late}
    for own in answers.values():
        for key in own:
            if chance.random() < 0.04:
                own[key] = None
    rulings = [
        ruled(unit, item.code, chance.randint(*(max(-500, min(500, end)) for end in item.worth.ruled)))
        for unit in answers
        for item in form.items
        if chance.random() < 0.05
    ]
    office = [(unit, fact) for unit in answers for fact in form.facts if fact.office]
    values = [known(unit, fact.key, fact.kind.extremes()[0]) for unit, fact in office if chance.random() < 0.5]
    vetoes = [
        VetoRow(unit, f"V.{n}", "", "", "", Place()) for unit in answers for n in (2, 3) if chance.random() < 0.1
    ]
    register = Register(values=tuple(values), rulings=tuple(rulings), vetoes=tuple(vetoes))
    decided = {unit: Absence(unit, ZEROED, "撤销", Place()) for unit in late[:1] if chance.random() < 0.5}
    into = [chance.choice("甲乙丙") for _ in range(UNITS)]
    one = outcome(tree, answers, register, decided)
    several = outcome(parted(tree, into), answers, register, decided)
    assert several[1:5] == one[1:5]
    for unit, told in one[0].items():
        for mine, theirs in zip(several[0][unit], told, strict=True):
            assert mine == theirs

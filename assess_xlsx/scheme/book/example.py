"""A rule's worked example, computed by the rule itself: no figure in it is written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from assess_xlsx.amounts import CENT, two_places
from assess_xlsx.scheme.build_items import SectionBuilder
from assess_xlsx.scheme.effects import NOT_ABOVE, OFF, Effect, Effects, Veto
from assess_xlsx.scheme.grades import Grade, Quota, allot, places
from assess_xlsx.scheme.rules import UNSETTLED, Columns
from assess_xlsx.scheme.totals import rescaled, step
from assess_xlsx.scheme.tree import Faults, Node, SchemeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.entries import Raw
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.rules import Rule


@dataclass(frozen=True, slots=True)
class Worked:
    """What an example comes to."""

    score: str
    """``2.70``"""
    sentence: str
    """计分依据."""


def work(rule: type[Rule]) -> Worked:
    """Builds the example's item as a scheme would, and scores the unit's answers among the others'."""
    example, faults = rule.example, Faults()
    about = {"code": "1.1.1", "method": "查资料", "content": rule.title, "text": example.sentence}
    builder = SectionBuilder(faults, frozenset(), 1 + len(example.others))
    item = builder.item(Node({**about, **example.item}, rule.title))
    if faults.found:
        raise SchemeError(*faults.found)
    units = (example.answers, *example.others)
    values = {fact.key: np.array([_value(fact, answers) for answers in units]) for fact in item.facts}
    gaps = {key: np.zeros(len(units), dtype=bool) for key in values}
    columns = Columns(values, gaps)
    scores = item.rule.score(columns)
    doubt = item.rule.doubt(columns)
    unsettled = UNSETTLED if doubt is not None and doubt.units[0] else ""
    return Worked(two_places(int(scores[0])), item.rule.explain(columns, scores)[0] + unsettled)


def example_rescaled() -> str:
    """What a section of three items comes to that scored 3 of 4 points, do not apply (3 points), and 1.5 of 3."""
    return two_places(rescaled(450, 1000, 700))


def example_grades(totals: Sequence[int]) -> list[str]:
    """What units with these totals (points) get, of 优秀 (90, 30%), 良好 (80), 合格 (60) and 不合格."""
    best = Quota(Fraction(3, 10), share=True)
    grades = [Grade("优秀", 90, best), Grade("良好", 80), Grade("合格", 60), Grade("不合格", 0)]
    found = allot(grades, places(grades, len(totals)), dict(enumerate(totals)), {}, {})
    return [grades[found.rows[unit]].name for unit in range(len(totals))]


def example_total() -> str:
    """How 95 points become less by V.2 of the example of 一票否决."""
    effects = (Effect(OFF, 5 * CENT), Effect(NOT_ABOVE, grade="良好"))
    mine = Effects.of([Veto("V.2", "受到通报批评", "第六条", "扣分降等", declared=False, effects=effects)])
    return mine.reckoning(95 * CENT, step(95 * CENT, sum(mine.off), mine.most))


def _value(fact: Fact, answers: Mapping[str, Raw]) -> int:
    return fact.kind.parse(answers[fact.label]).value if fact.label in answers else fact.kind.nothing()

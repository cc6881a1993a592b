"""A rule's worked example, computed by the rule itself: no figure in it is written by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from assess_xlsx.amounts import CENT, two_places
from assess_xlsx.scheme.adjustments import NO_BONUS, TOTAL, Adjustment, Mark
from assess_xlsx.scheme.adjustments import OFF as TAKEN_OFF
from assess_xlsx.scheme.build_items import SectionBuilder
from assess_xlsx.scheme.effects import NOT_ABOVE, OFF, Effect, Effects, Veto
from assess_xlsx.scheme.grades import Grade, Quota, allot, places
from assess_xlsx.scheme.model import Form
from assess_xlsx.scheme.rules import UNSETTLED, Columns
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, ONCE, ROSTER
from assess_xlsx.scheme.rules.linear import Linear
from assess_xlsx.scheme.rules.ratio import Ratio
from assess_xlsx.scheme.summing import Summing
from assess_xlsx.scheme.totals import rescaled, step
from assess_xlsx.scheme.tree import Faults, Node, SchemeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.entries import Raw
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Section
    from assess_xlsx.scheme.rules import Rule


class Worked(Struct, frozen=True):
    """What an example comes to."""

    score: str
    """``2.70``"""
    sentence: str
    """计分依据."""


def work(rule: type[Rule]) -> Worked:
    """Builds the example's item as a scheme would, and scores the unit's answers among the others'."""
    example = rule.example
    return _worked(rule.title, example.sentence, example.item, (example.answers, *example.others))


def _worked(
    title: str,
    sentence: str,
    table: Mapping[str, Any],
    units: Sequence[Mapping[str, Any]],
    factors: Sequence[int] | None = None,
) -> Worked:
    """What the first of some units comes to in an item; ``factors`` are theirs, in steps."""
    faults = Faults()
    about = {"code": "1.1.1", "method": "查资料", "content": title, "text": sentence}
    builder = SectionBuilder(faults, frozenset(), len(units))
    item = builder.item(Node({**about, **table}, title))
    if faults.found:
        raise SchemeError(*faults.found)
    values = {fact.key: np.array([_value(fact, answers) for answers in units]) for fact in item.facts}
    gaps = {key: np.zeros(len(units), dtype=bool) for key in values}
    columns = Columns(values, gaps, factors=None if factors is None else np.array(factors))
    scores = item.rule.score(columns)
    doubt = item.rule.doubt(columns)
    unsettled = UNSETTLED if doubt is not None and doubt.units[0] else ""
    return Worked(two_places(int(scores[0])), item.rule.explain(columns, scores)[0] + unsettled)


def example_exempt() -> str:
    """What is said of a unit for which nothing comes off, though it filled in what would."""
    facts = [{"label": "发生突发事件", "kind": "是否"}, {"label": "迟报次数", "kind": "次数", "measure": "次"}]
    rule = {
        "kind": Linear.kind,
        "start": 5,
        "terms": [{"fact": "迟报次数", "step": -2}],
        "floor": 0,
        EXEMPT.into: [{"fact": "发生突发事件", "is": "否"}],
    }
    answers = {"发生突发事件": "否", "迟报次数": 2}
    return _worked(EXEMPT.name, "…", {"points": 5, "facts": facts, "rule": rule}, [answers]).sentence


def example_factor() -> str:
    """What is said of a unit with a factor of 1.2."""
    item = {**Ratio.example.item, "rule": {**Ratio.example.item["rule"], FACTOR.into: ROSTER}}
    return _worked(
        FACTOR.name, "…", item, [{**Ratio.example.answers, "已进驻事项数": 16}], [ONCE * 12 // 10]
    ).sentence


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
    before = 95 * CENT
    return f"{two_places(before)}{mine.told()}＝{two_places(step(before, sum(mine.off), mine.most))}"


def example_adjusted() -> str:
    """How 58 points and 5 of 加分 become a total by the example of 总分调整."""
    faults = Faults()
    builder = SectionBuilder(faults, frozenset(), 1)
    sections = (_judged(builder, "1.1.1", "points", 100), _judged(builder, "2.1.1", "adds", 5))
    if faults.found:
        raise SchemeError(*faults.found)
    below, reached = (Mark(TOTAL, 60 * CENT, below=below) for below in (True, False))
    lines = (
        Adjustment("不足 60 分不加分", below, NO_BONUS),
        Adjustment("发生责任事故", reached, TAKEN_OFF, 10 * CENT),
    )
    form = Form("例", "", (), "", "", 100 * CENT, None, sections, (), (), adjustments=lines)
    scores, taken = [58 * CENT, 5 * CENT], [1, 1]
    return f"{Summing(form).told(scores, None, taken)}＝{two_places(Summing(form).total(scores, taken=taken))}"


def _judged(builder: SectionBuilder, code: str, worth: str, points: int) -> Section:
    """A section of one item that the office judges."""
    about = {"code": code, "method": "查资料", "content": "工作", "text": "由考核办打分。", worth: points}
    asks = {"facts": [{"label": "得分", "kind": "分值", "most": points}], "rule": {"kind": "given", "value": "得分"}}
    return builder.section(Node({"title": code, worth: points, "items": [about | asks]}, code))


def _value(fact: Fact, answers: Mapping[str, Raw]) -> int:
    return fact.kind.parse(answers[fact.label]).value if fact.label in answers else fact.kind.nothing()

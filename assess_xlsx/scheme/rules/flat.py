"""flat: all of the item's points at once, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import Exact, plain
from assess_xlsx.scheme.answer_kinds import Choice
from assess_xlsx.scheme.rules.base import Rule, Worth, told
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, FROM, OPTION, WHOLE, Example, Line
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, Measure

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node


class Flat(Rule, frozen=True):
    """flat: the item's points once an option is chosen or a number is reached."""

    kind: ClassVar[str] = "flat"
    title: ClassVar[str] = "定额"
    of_points: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "条件一成立就记（或扣）这个指标的全部分数，否则记 0 分，如“获得省级表彰的加2分”，不论几次。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "条件",
            "",
            "“填报项”选了“选项”所写的一项，或者达到“达到”所写的数（包含本数）；两者写一个。看两个填报项之比的，除数写在“除以”。",
            cells={FACT: "fact", WHOLE: "whole", OPTION: "is", FROM: "at_least"},
            needed=True,
        ),
        NOT_APPLICABLE,
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "获得省级以上表彰的加2分。",
        {
            "adds": 2,
            "facts": [{"label": "省级以上表彰次数", "kind": "次数", "measure": "次"}],
            "rule": {"kind": "flat", "fact": "省级以上表彰次数", "at_least": 1},
        },
        {"省级以上表彰次数": 3},
    )
    choice: Fact | None
    option: int
    measure: Measure | None
    start: int
    """What the measure must reach, in its scale."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Flat:  # noqa: ARG003
        fact, reading = find(node, "fact"), node.text("reading", "")
        if isinstance(fact.kind, Choice):
            option = node.text("is")
            if option not in fact.kind.options:
                raise node.error(f"“{option}”不是“{fact.label}”的选项", "is")
            return cls(worth, reading, fact, fact.kind.options.index(option), None, 0)
        measure = Measure.from_node(node, worth, find)
        start = measure.threshold(node, "at_least")
        least = min(0, measure.fact.kind.least)
        if start <= least:
            said = measure.kind.literal(least)
            raise node.error(f"{node.word('at_least')}应大于 {said}，否则谁都达到", "at_least")
        return cls(worth, reading, None, 0, measure, start)

    def facts(self) -> tuple[Fact, ...]:
        return self.measure.facts if self.measure else (self.choice,) if self.choice else ()

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        if self.measure and self.measure.whole:
            return self.measure.turns(fact)
        return fact.kind.extremes()

    def formula(self, ref: Ref) -> str:
        full = plain(self.worth.full)
        if self.measure:
            reached = f"{self.measure.operand(ref)}>={self.measure.kind.literal(self.start)}"
            return self.measure.guarded(ref, f"IF({reached},{full},0)")
        assert self.choice  # noqa: S101 - one or the other
        return f"IF({self.choice.chosen(self.option, ref)},{full},0)"

    def exact(self, values: Columns) -> Exact:
        if self.measure:
            reached = Exact((self.measure.value(values) >= self.start) * self.worth.full)
            return self.measure.settle(values, reached)
        assert self.choice  # noqa: S101 - one or the other
        return Exact((values[self.choice.key] == self.option) * self.worth.full)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        if self.measure:
            limit = self.measure.kind.show(self.start)

            def tell(words: str, value: int, score: int) -> str:
                reached = "达到" if value >= self.start else "不足"
                return f"{words}，{reached} {limit}，{self.worth.told(score)}{self.cited}"

            return self.measure.told(tell, values, scores, cited=self.cited)
        choice = self.choice
        assert choice  # noqa: S101 - one or the other
        return told(
            lambda value, score: f"{choice.chose(value)}，{self.worth.told(score)}{self.cited}",
            values[choice.key],
            scores,
        )

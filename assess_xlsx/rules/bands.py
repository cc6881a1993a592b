"""bands: thresholds, and what the source leaves between them (K2, K5, K7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import plain, two_places
from assess_xlsx.kinds import Choice
from assess_xlsx.rules.base import Doubt, Rule, Worth, told, within

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A stretch of values that the source does not cover: low … high cents are possible (K5, K7)."""

    start: int
    includes_start: bool
    below: int
    low: int
    high: int
    reading: str


@dataclass(frozen=True, slots=True)
class Bands(Rule):
    """bands: the first threshold that the value reaches decides; “以上” includes the number (K2)."""

    kind: ClassVar[str] = "bands"
    fact: Fact
    bands: tuple[tuple[int, int], ...]
    """(at least, cents), descending, the last one from 0."""
    uncovered: Uncovered | None

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Bands:  # noqa: ARG003
        fact = find(node, node.text("fact"))
        if isinstance(fact.kind, Choice):
            raise node.error(f"“{fact.label}”是选项，不能分档")
        bands = tuple(
            (fact.kind.threshold(node.as_decimal(least, "bands")), node.as_points(score, "bands"))
            for least, score in node.pairs("bands")
        )
        thresholds = [least for least, _ in bands]
        if thresholds != sorted(set(thresholds), reverse=True) or thresholds[-1] != 0:
            raise node.error("各档应从高到低排列，不重复，最后一档从 0 起")
        within(node, worth, tuple(score for _, score in bands))
        uncovered = None
        if node.has("uncovered"):
            gap = node.node("uncovered", "未规定的一段")
            start = "from" if gap.has("from") else "above"
            uncovered = Uncovered(
                fact.kind.threshold(gap.decimal(start)),
                start == "from",
                fact.kind.threshold(gap.decimal("below")),
                gap.points("low"),
                gap.points("high"),
                gap.text("reading"),
            )
            gap.done()
        return cls(worth, node.text("reading", ""), fact, bands, uncovered)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:
        value, literal = self.fact.operand(ref), self.fact.kind.literal
        formula = plain(self.bands[-1][1])
        for least, score in reversed(self.bands[:-1]):
            formula = f"IF({value}>={literal(least)},{plain(score)},{formula})"
        return formula

    def score(self, values: Columns) -> Column:
        value = values[self.fact.key]
        scores, below = value * 0 + self.bands[-1][1], self.bands[-1][1]
        for least, score in reversed(self.bands[:-1]):
            scores = scores + (value >= least) * (score - below)
            below = score
        return scores

    def explain(self, values: Columns, scores: Column) -> list[str]:
        show, column = self.fact.kind.show, values[self.fact.key]
        unsettled = self._in_gap(column) if self.uncovered else column < 0

        def tell(value: int, score: int, open_: bool) -> str:
            if open_ and self.uncovered:
                return f"{show(value)}，{self.uncovered.reading}：细则未规定，暂按 {plain(score)} 分，待核定"
            position = next(i for i, (least, _) in enumerate(self.bands) if value >= least)
            return f"{show(value)}，{self._band(position)}，记 {two_places(score)}"

        return told(tell, column, scores, unsettled)

    def _band(self, position: int) -> str:
        show = self.fact.kind.show
        if position < len(self.bands) - 1:
            return f"达到 {show(self.bands[position][0])} 以上"
        return f"不足 {show(self.bands[position - 1][0])}"

    def _in_gap(self, value: Column) -> Mask:
        assert self.uncovered  # noqa: S101 - both callers looked
        gap = self.uncovered
        return (value >= gap.start if gap.includes_start else value > gap.start) & (value < gap.below)

    def doubt(self, values: Columns) -> Doubt | None:
        if not self.uncovered:
            return None
        gap = self.uncovered
        return Doubt(self._in_gap(values[self.fact.key]), gap.low, gap.high, gap.reading)

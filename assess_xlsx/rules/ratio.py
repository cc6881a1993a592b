"""ratio: the points times a part of a whole, or times a percentage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import half_up, plain, two_places
from assess_xlsx.kinds import Count, Percent
from assess_xlsx.rules.base import Rule, Worth, bounded, told

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find


@dataclass(frozen=True, slots=True)
class Ratio(Rule):
    """ratio: the item's points times part / whole, or times a percentage; nothing to divide by gives 0."""

    kind: ClassVar[str] = "ratio"
    part: Fact
    whole: Fact | None

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Ratio:  # noqa: ARG003
        part = find(node, node.text("part"))
        whole = find(node, node.text("whole")) if node.has("whole") else None
        if whole is None and not isinstance(part.kind, Percent):
            raise node.error(f"“{part.label}”不是百分比，还要写 whole（除以哪个填报项）")
        if whole is not None and not (isinstance(part.kind, Count) and isinstance(whole.kind, Count)):
            raise node.error("比例的两个填报项都应是次数")
        if whole is not None and part.limit != whole:
            raise node.error(f"“{part.label}”要写 at_most = “{whole.label}”，否则比例会超过 1")
        return cls(worth, node.text("reading", ""), part, whole)

    def facts(self) -> tuple[Fact, ...]:
        return (self.part, self.whole) if self.whole else (self.part,)

    def formula(self, ref: Ref) -> str:
        sign, size, part = (
            ("-" if self.worth.full < 0 else ""),
            plain(abs(self.worth.full)),
            self.part.operand(ref),
        )
        if self.whole is None:
            return f"{sign}ROUND({size}*{part},2)"
        whole = self.whole.operand(ref)
        quotient = f"{sign}ROUND({size}*{part}/{whole},2)"
        never_zero = isinstance(self.whole.kind, Count) and self.whole.kind.least and not self.whole.only_with
        return quotient if never_zero else f"IF({whole}=0,0,{quotient})"

    def score(self, values: Columns) -> Column:
        part, full = values[self.part.key], self.worth.full
        whole = bounded(values[self.whole.key], 1, None) if self.whole else Percent.whole
        amount = half_up(abs(full) * part, whole)
        return -amount if full < 0 else amount

    def explain(self, values: Columns, scores: Column) -> list[str]:
        full, condition = plain(self.worth.full).replace("-", "−"), self.part.only_with
        parts = values[self.part.key]
        wholes = values[self.whole.key] if self.whole else parts * 0 + Percent.whole
        needed = condition.mask(values[condition.fact.key]) if condition else parts >= 0

        def tell(part: int, whole: int, score: int, applies: bool) -> str:
            if condition and not applies:
                return f"不是{condition.text()}，记 0.00"
            if whole == 0:
                return "没有应计的事项，记 0.00"
            share = f"{part}/{whole}" if self.whole else self.part.kind.show(part)
            return f"{full} × {share} = {two_places(score)}"

        return told(tell, parts, wholes, scores, needed)

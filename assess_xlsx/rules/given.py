"""given: a value that a person judges (K16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import two_places
from assess_xlsx.kinds import Points
from assess_xlsx.rules.base import Doubt, Rule, Worth, by_option, pick, scores_by_option, told, within

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find


@dataclass(frozen=True, slots=True)
class Given(Rule):
    """given: a value judged by a person, unless a choice already settles the score (K16)."""

    kind: ClassVar[str] = "given"
    value: Fact
    unless: Fact
    scores: tuple[int, ...]
    """Cents by option of ``unless``; 0 at the option that needs the judged value."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Given:  # noqa: ARG003
        value = find(node, node.text("value"))
        if not isinstance(value.kind, Points) or value.kind.below > worth.high:
            raise node.error(f"“{value.label}”应是分值，且不超过指标的分值")
        table = node.node("unless", "unless")
        unless = find(table, table.text("fact"))
        condition = value.only_with
        if condition is None or condition.fact != unless or condition.equals is None:
            raise node.error(f"“{value.label}”要写 only_with，指明“{unless.label}”选哪一项时才由人评分")
        scores = scores_by_option(table, unless, frozenset({unless.kind.show(condition.equals)}))
        table.done()
        within(node, worth, scores)
        return cls(worth, node.text("reading", ""), value, unless, scores)

    def facts(self) -> tuple[Fact, ...]:
        return (self.unless, self.value)

    def formula(self, ref: Ref) -> str:
        return f"{pick(self.unless, self.scores, ref)}+{self.value.operand(ref)}"

    def score(self, values: Columns) -> Column:
        fixed = by_option(values[self.unless.key], self.scores)
        return fixed + values[self.value.key]

    def _judged(self, values: Columns) -> Mask:
        assert self.value.only_with  # noqa: S101 - from_node has seen to it
        return self.value.only_with.mask(values[self.unless.key])

    def explain(self, values: Columns, scores: Column) -> list[str]:
        show = self.unless.kind.show

        def tell(option: int, judged: bool, score: int) -> str:
            if judged:
                return f"{self.reading}：{show(option)}，{self.value.label}暂按 {two_places(score)}，待核定"
            return f"选“{show(option)}”，记 {two_places(score)}"

        return told(tell, values[self.unless.key], self._judged(values), scores)

    def doubt(self, values: Columns) -> Doubt:
        return Doubt(self._judged(values), 0, self.worth.high, self.reading)

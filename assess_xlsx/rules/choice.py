"""choice: a score an option; 是否 is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import two_places
from assess_xlsx.rules.base import Rule, Worth, by_option, pick, scores_by_option, told, within

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find


@dataclass(frozen=True, slots=True)
class ByChoice(Rule):
    """choice: a score an option; 是否 is one."""

    kind: ClassVar[str] = "choice"
    fact: Fact
    scores: tuple[int, ...]

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> ByChoice:  # noqa: ARG003
        fact = find(node, node.text("fact"))
        scores = scores_by_option(node, fact)
        within(node, worth, scores)
        return cls(worth, node.text("reading", ""), fact, scores)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:
        return pick(self.fact, self.scores, ref)

    def score(self, values: Columns) -> Column:
        return by_option(values[self.fact.key], self.scores)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        show = self.fact.kind.show
        return told(lambda value, score: f"选“{show(value)}”，记 {two_places(score)}", values[self.fact.key], scores)

"""rank: the points by place among the units of the form (K1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import half_up, plain, two_places
from assess_xlsx.kinds import Count
from assess_xlsx.rules.base import Rule, Worth, told

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find


@dataclass(frozen=True, slots=True)
class Rank(Rule):
    """rank: points × (N − rank + 1) / N over the form's N units, most first, ties share the better rank (K1)."""

    kind: ClassVar[str] = "rank"
    among_units: ClassVar[bool] = True
    fact: Fact
    field: int
    """N, the roster units on the form."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Rank:
        fact = find(node, node.text("fact"))
        if not isinstance(fact.kind, Count) or worth.low < 0:
            raise node.error("按排名记分的填报项应是次数，指标应有分值")
        return cls(worth, node.text("reading", ""), fact, field)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:  # noqa: ARG002
        return '"待排名"'

    def _ranks(self, values: Columns) -> Column:
        amounts = values[self.fact.key]
        ascending = amounts.copy()
        ascending.sort()
        ranks: Column = len(amounts) + 1 - ascending.searchsorted(amounts, side="right").astype(amounts.dtype)
        return ranks

    def score(self, values: Columns) -> Column:
        by_place = half_up(self.worth.high * (self.field - self._ranks(values) + 1), self.field)
        scores: Column = by_place * (values[self.fact.key] != 0)
        return scores

    def explain(self, values: Columns, scores: Column) -> list[str]:
        full, field = plain(self.worth.high), self.field

        def tell(counts: bool, rank: int, score: int) -> str:
            if not counts:
                return f"{self.fact.label}为 0，记 0.00"
            return f"第{rank}名，{full} × ({field} − {rank} + 1)/{field} = {two_places(score)}"

        return told(tell, values[self.fact.key] != 0, self._ranks(values), scores)

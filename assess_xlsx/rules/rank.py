"""rank: the points by place among the units of the form (K1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import half_up, plain, two_places
from assess_xlsx.kinds import Count
from assess_xlsx.rules.base import Rule, Worth

if TYPE_CHECKING:
    import pandas as pd

    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Find


@dataclass(frozen=True, slots=True)
class Rank(Rule):
    """rank: points × (N − rank + 1) / N over the form's N units, most first, ties share the better rank (K1)."""

    kind: ClassVar[str] = "rank"
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

    def _ranks(self, values: pd.DataFrame) -> pd.Series[int]:
        return values[self.fact.key].rank(method="min", ascending=False).astype("int64")

    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        scores = half_up(self.worth.high * (self.field - self._ranks(values) + 1), self.field)
        return scores.mask(values[self.fact.key] == 0, 0)

    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        full, field = plain(self.worth.high), self.field
        return [
            f"第{rank}名，{full} × ({field} − {rank} + 1)/{field} = {two_places(score)}"
            if amount
            else f"{self.fact.label}为 0，记 0.00"
            for amount, rank, score in zip(values[self.fact.key], self._ranks(values), scores, strict=True)
        ]

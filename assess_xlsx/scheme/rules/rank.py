"""rank: the points by place among the units of the form (K1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from assess_xlsx.amounts import Exact, plain, two_places
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import Example, Line
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, RANKING, AmongUnits, Measure, most_first, places

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.rules.base import Columns, Find, Worth
    from assess_xlsx.scheme.tree import Node


class Rank(AmongUnits, frozen=True):
    """rank: points × (N − rank + 1) / N over the form's N units, ties share the better rank (K1)."""

    kind: ClassVar[str] = "rank"
    title: ClassVar[str] = "按名次"
    of_scores: ClassVar[bool] = True
    of_points: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "按一个数在同一张评分表（共用的指标是排名组）的单位中排名，得分 = 分值 ×（N − 名次 + 1）/ N，N 是单位数；"
        "数相同的并列取较好名次。"
        "从多到少排的，数为 0 记 0 分。"
    )
    lines: ClassVar[tuple[Line, ...]] = (RANKING, NOT_APPLICABLE, FACTOR, FACTOR_BY_OPTION)
    example: ClassVar[Example] = Example(
        "根据各单位年度累计办件量排名，按排名记分。",
        {
            "points": 20,
            "facts": [{"label": "办件量", "kind": "次数", "measure": "件"}],
            "rule": {"kind": "rank", "fact": "办件量"},
        },
        {"办件量": 500},
        ({"办件量": 900}, {"办件量": 500}, {"办件量": 120}),
    )
    field: int
    """N, the roster units on the form."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Rank:
        measure, most = Measure.from_node(node, worth, find), most_first(node)
        if worth.takes_off:
            raise node.error("扣分项不能按名次记分，请用“名次分段”")
        if worth.bonus and not most:
            raise node.error("加分项不填就是 0，不能从少到多排名", "order")
        return cls(worth, node.text("reading", ""), measure, most, field)

    def among(self, field: int) -> Rank:
        return replace(self, field=field)

    @property
    def none_at_zero(self) -> bool:
        """A number of 0 brings nothing, unless there are smaller ones."""
        return self.most and not self.measure.fact.below_zero and not self.measure.fact.scored

    def _ranks(self, values: Columns) -> Column:
        return places(self.measure.order(values), self.measure.competes(values), most=self.most)

    def exact(self, values: Columns) -> Exact:
        return self._at(self._ranks(values), values)

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        ranks = self._ranks(values)
        return self._at(ranks + unknown, values).rounded(), self._at(ranks, values).rounded()

    def _at(self, ranks: Column, values: Columns) -> Exact:
        """The scores that the units have at these places."""
        part = self.field - ranks + 1
        if self.none_at_zero:
            part = part * (values[self.measure.fact.key] != 0)
        return self.measure.settle(values, Exact(part, self.field, self.worth.high))

    def explain(self, values: Columns, scores: Column) -> list[str]:
        full, field, label = plain(self.worth.high), self.field, self.measure.fact.label

        def tell(words: str, value: int, score: int, part: int, rank: int) -> str:  # noqa: ARG001
            if self.none_at_zero and part == 0:
                return f"“{label}”为 0，{self.worth.told(score)}{self.cited}"
            sum_ = f"{full} × ({field} − {rank} + 1) / {field} = {two_places(score)}"
            return f"{words}，第{rank}名，{sum_}{self.cited}"

        parts = values[self.measure.fact.key]
        return self.told(tell, values, scores, parts, self._ranks(values), compared=True)

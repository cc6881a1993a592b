"""best: the points in proportion to the best of the units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import plain, share, two_places
from assess_xlsx.rules.base import WAITING, Rule, Worth
from assess_xlsx.rules.lines import FACT, OPTION, WHOLE, Example, Line
from assess_xlsx.rules.measure import NOT_APPLICABLE, Measure, most_first

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find


@dataclass(frozen=True, slots=True)
class Best(Rule):
    """best: points × value / largest value, or × smallest value / value where fewer is better."""

    kind: ClassVar[str] = "best"
    title: ClassVar[str] = "与最优值之比"
    purpose: ClassVar[str] = (
        "最好的单位得满分，其他单位按与它的比例得分：多的为好，得分 = 分值 × 本单位 / 最大值；"
        "少的为好，得分 = 分值 × 最小值 / 本单位。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "比较",
            "",
            "“填报项”写比哪个数，比两个填报项之比的，除数写在“除以”；“选项”写“从多到少”（多的为好）或“从少到多”（少的为好），"
            "不写就是多的为好。",
            cells={FACT: "fact", WHOLE: "whole", OPTION: "order"},
            needed=True,
        ),
        NOT_APPLICABLE,
    )
    example: ClassVar[Example] = Example(
        "招商引资到位资金最多的记10分，其他单位按与最多的比例记分。",
        {
            "points": 10,
            "facts": [{"label": "到位资金", "kind": "数值", "measure": "万元"}],
            "rule": {"kind": "best", "fact": "到位资金"},
        },
        {"到位资金": 860.5},
        ({"到位资金": 1200}, {"到位资金": 300}),
    )
    measure: Measure
    most: bool
    """The largest is the best."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Best:  # noqa: ARG003
        measure, most = Measure.from_node(node, worth, find), most_first(node)
        if worth.low < 0:
            raise node.error("扣分项不能按与最优值之比记分")
        if worth.bonus and not most:
            raise node.error("加分项不填就是 0，不能少的为好", "order")
        return cls(worth, node.text("reading", ""), measure, most)

    @property
    def among_units(self) -> bool:
        return True

    def facts(self) -> tuple[Fact, ...]:
        return self.measure.facts

    def formula(self, ref: Ref) -> str:  # noqa: ARG002
        return WAITING

    def _best(self, values: Columns) -> int:
        known = self.measure.value(values)[self.measure.competes(values)]
        if not len(known):
            return 0
        return int(known.max() if self.most else known.min())

    def score(self, values: Columns) -> Column:
        value, best, full = self.measure.value(values), self._best(values), self.worth.high
        if self.most:
            scores = share(full, value - (value > best) * (value - best), max(1, best))
        else:  # the part never exceeds the whole; units of unknown value may hold less than the best
            nothing = value == 0
            scores = share(full, value * 0 + best * (value >= best), value + nothing)
            scores = scores + nothing * (full * (best == 0) - scores)
        return self.measure.settle(values, scores)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        full, best, kind = plain(self.worth.high), self._best(values), self.measure.kind

        def tell(words: str, value: int, score: int) -> str:
            if best == 0:
                return f"{words}，最{'大' if self.most else '小'}的是 {kind.show(0)}，记 {two_places(score)}"
            own, limit = kind.show(value), kind.show(best)
            share_ = f"{own}/{limit}" if self.most else f"{limit}/{own}"
            quotient = f"{words}，" if self.measure.whole else ""
            name = "最大值" if self.most else "最小值"
            return f"{quotient}{name} {limit}，{full} × {share_} = {two_places(score)}"

        return self.measure.told(tell, values, scores)

"""best: the points in proportion to the best of the units."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import Exact, bounded, plain, two_places
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, OPTION, WHOLE, Example, Line
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, AmongUnits, Measure, column, most_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.rules.base import Columns, Find, Worth
    from assess_xlsx.scheme.tree import Node


class Best(AmongUnits, frozen=True):
    """best: points × value / largest value, or × smallest value / value where fewer is better."""

    kind: ClassVar[str] = "best"
    title: ClassVar[str] = "与最优值之比"
    of_scores: ClassVar[bool] = True
    of_points: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "最好的单位得满分，其他单位按与它的比例得分：多的为好，得分 = 分值 × 本单位 / 最大值；"
        "少的为好，得分 = 分值 × 最小值 / 本单位；最小值是 0 的，为 0 的单位得满分，其他单位记 0 分。"
        "多的为好的数可以是负数：最大值大于 0 时，负数照公式减到最低分为止；最大值不大于 0 时都记 0 分。"
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
        FACTOR,
        FACTOR_BY_OPTION,
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

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Best:  # noqa: ARG003
        measure, most = Measure.from_node(node, worth, find), most_first(node)
        if worth.takes_off:
            raise node.error("扣分项不能按与最优值之比记分")
        if worth.bonus and not most:
            raise node.error("加分项不填就是 0，不能少的为好", "order")
        if measure.below_zero and not most:
            raise node.error(f"“{measure.fact.label}”会是负数，少的为好时没有最优值之比", "order")
        return cls(worth, node.text("reading", ""), measure, most)

    def _best(self, values: Columns, exact: Sequence[Fraction]) -> int | None:
        """The row of the best of the units that compete."""
        rows = [row for row, competes in enumerate(self.measure.competes(values).tolist()) if competes]
        return (max if self.most else min)(rows, key=exact.__getitem__, default=None)

    def exact(self, values: Columns) -> Exact:
        exact = self.measure.exact(values)
        row = self._best(values, exact)
        best = Fraction(0) if row is None else exact[row]
        lowest = Fraction(self.worth.low, self.worth.high)
        shares = [max(self._share(own, best), lowest) for own in exact]
        like = values[self.measure.fact.key].astype(object)
        parts, wholes = ([getattr(each, name) for each in shares] for name in ("numerator", "denominator"))
        return self.measure.settle(values, Exact(column(parts, like), column(wholes, like), self.worth.high))

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        """The best may be larger, which brings every score nearer to 0; where there is none above 0, it may come."""
        scores, moved = self.score(values), (unknown > 0) & self.measure.competes(values)
        exact = self.measure.exact(values)
        row = self._best(values, exact)
        low, high = bounded(scores, None, 0), bounded(scores, 0, None)
        if row is not None and exact[row] <= 0:
            low = low + (values[self.measure.fact.key] < 0) * (self.worth.low - low)
        return scores + moved * (low - scores), scores + moved * (high - scores)

    def _share(self, own: Fraction, best: Fraction) -> Fraction:
        """Of the points; a unit of unknown value may hold more than the best, and never counts as more."""
        part, whole = (own, best) if self.most else (best, own)
        if whole <= 0:
            return Fraction(0 if self.most or best else 1)
        return min(part / whole, Fraction(1))

    def explain(self, values: Columns, scores: Column) -> list[str]:
        full, name = plain(self.worth.high), "最大值" if self.most else "最小值"
        row = self._best(values, self.measure.exact(values))
        parts = values[self.measure.fact.key]
        wholes = values[self.measure.whole.key] if self.measure.whole else parts

        def shown(part: int, whole: int) -> str:
            return self.measure.quotient(part, whole) if self.measure.whole else self.measure.kind.show(part)

        nothing = row is None or parts[row] <= 0
        limit = shown(0, 1) if row is None else shown(parts[row], wholes[row])

        def tell(words: str, value: int, score: int, part: int, whole: int) -> str:
            if nothing:
                none = f"为 {shown(parts[row], 1)}" if row is not None and parts[row] < 0 else "为 0"
                return f"{words}，{name}{none}，{self.worth.told(score)}{self.cited}"
            own, best = shown(part, whole), f"{name} {limit}"
            if self.measure.whole:
                pair = (f"({own})", f"({limit})") if self.most else (f"({limit})", f"({own})")
                return f"{words}，{best}，{full} × {' / '.join(pair)} = {two_places(score)}{self.cited}"
            pair = (words, best) if self.most else (best, words)
            sum_ = f"{full} × {' / '.join(pair)}"
            if value < 0 and score == self.worth.low:
                return f"{sum_}，{self.worth.stopped(score)}，{self.worth.told(score)}{self.cited}"
            return f"{sum_} = {two_places(score)}{self.cited}"

        return self.told(tell, values, scores, parts, wholes, compared=True)

"""knots: points by a line through several knots, flat beyond its ends."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from assess_xlsx.amounts import CENT, Exact, plain, two_places, wide
from assess_xlsx.scheme.rules.base import Quotient, Worth
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, FROM, POINTS, WHOLE, Example, Line, Shape
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, Measure, Measured, figure

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node

MOST_KNOTS = 30
"""Formulas nest as deep."""


class Knot(NamedTuple):
    """So many cents at a number (in the measure's scale)."""

    at: int
    score: int


class Knots(Measured, frozen=True):
    """knots: between two of them the score runs in a straight line."""

    kind: ClassVar[str] = "knots"
    title: ClassVar[str] = "插值"
    purpose: ClassVar[str] = (
        "定好几个点各得几分，两点之间按直线算，如“完成60%得0分，80%得6分，100%得10分，中间按插值法计算”；"
        "比最小的点还小、比最大的点还大的，就得那个点的分。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "点",
            "knots",
            "一个点一行，从小到大写，至少两个：“达到”写数，百分比写“60%”，“分数”写正好是这个数的得几分。看两个填报项之比的，除数写在“除以”。",
            cells={FROM: "at", POINTS: "points"},
            shared={FACT: "fact", WHOLE: "whole"},
            shape=Shape.LIST,
            needed=True,
        ),
        NOT_APPLICABLE,
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "年度投资计划完成60%得0分，完成80%得6分，全部完成得10分，其间按插值法计算。",
        {
            "points": 10,
            "facts": [{"label": "投资计划完成率", "kind": "百分比", "most": "不限"}],
            "rule": {
                "kind": "knots",
                "fact": "投资计划完成率",
                "knots": [{"at": 60, "points": 0}, {"at": 80, "points": 6}, {"at": 100, "points": 10}],
            },
        },
        {"投资计划完成率": "85.55%"},
    )
    part_points: ClassVar[bool] = False
    knots: tuple[Knot, ...]
    """Ascending."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Knots:  # noqa: ARG003
        measure = Measure.from_node(node, worth, find)
        tables = node.nodes("knots", "点")
        if not 1 < len(tables) <= MOST_KNOTS:
            raise node.error(f"应有 2 到 {MOST_KNOTS} 个“点”", "knots")
        knots = tuple(Knot(measure.threshold(table, "at"), table.points("points")) for table in tables)
        for (low, high), table in zip(pairwise(knots), tables[1:], strict=True):
            if high.at <= low.at:
                raise table.error("“点”的“达到”要从小到大", "at")
        for knot, table in zip(knots, tables, strict=True):
            if not worth.low <= knot.score <= worth.high:
                reason = f"{table.word('points')}超出 {worth.between}"
                raise table.error(reason, "points")
            table.done()
        if worth.full not in (knot.score for knot in knots) and not worth.endless:
            full = f"得满分 {plain(worth.high)}" if worth.high else f"扣满 {plain(-worth.low)} 分"
            raise node.error(f"没有一个点{full}", "knots", "请改正点的分数，或指标的分值，使它们一致")
        return cls(worth, node.text("reading", ""), measure, knots)

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:  # noqa: ARG003
        otherwise = node.points("otherwise") if node.has("otherwise") else 0
        return Worth.of_part(item, otherwise, *(knot.points("points") for knot in node.nodes("knots", "点")))

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        if self.measure.whole is None:
            return (*fact.kind.extremes(), *(knot.at for knot in self.knots))
        scores = [knot.score for knot in self.knots]
        return self.measure.turns(fact) if scores in (sorted(scores), sorted(scores, reverse=True)) else None

    # ── on one form ──

    def exact_formula(self, ref: Ref) -> Quotient:
        value, per = self.measure.over(ref)

        def times(amount: int) -> str:
            return f"{amount}*{per}" if per and amount else str(amount)

        top, bottom = times(self.knots[0].score), per or "1"
        for low, high in pairwise(self.knots):
            size, rise = high.at - low.at, high.score - low.score
            start = f"({times(low.at)})" if low.at < 0 else times(low.at)
            line = f"{times(low.score * size)}+{rise}*({value}-{start})" if rise else times(low.score * size)
            top, bottom = (
                f"IF({value}>{times(low.at)},{each},{below})" for each, below in ((line, top), (times(size), bottom))
            )
        last = f"{value}>={times(self.knots[-1].at)}"
        top, bottom = (
            f"IF({last},{each},{below})" for each, below in ((times(self.knots[-1].score), top), (per or "1", bottom))
        )
        return self.measure.guarded_quotient(ref, Quotient(top, f"({bottom})"))

    def formula(self, ref: Ref) -> str:
        top, bottom = self.exact_formula(ref)
        return f"ROUND({top}/{bottom},0)/{CENT}"

    # ── over all units ──

    def exact(self, values: Columns) -> Exact:
        value = wide(self.measure.value(values))
        part, whole = value * 0 + self.knots[0].score, value * 0 + 1
        for low, high in pairwise(self.knots):
            there, size = (value > low.at) * 1, high.at - low.at
            part = part + there * (low.score * size + (high.score - low.score) * (value - low.at) - part)
            whole = whole + there * (size - whole)
        beyond = (value >= self.knots[-1].at) * 1
        part, whole = part + beyond * (self.knots[-1].score - part), whole + beyond * (1 - whole)
        return self.measure.settle(values, Exact(part, whole))

    def explain(self, values: Columns, scores: Column) -> list[str]:
        show, first, last = self.measure.kind.show, self.knots[0], self.knots[-1]
        exactly = {knot.at for knot in self.knots}

        def tell(words: str, value: int, score: int) -> str:
            if value in exactly:
                return f"{words}，正好是 {show(value)}，{self.worth.told(score)}{self.cited}"
            if not first.at < value < last.at:
                end = f"不足 {show(first.at)}" if value < first.at else f"超过 {show(last.at)}"
                return f"{words}，{end}，{self.worth.told(score)}{self.cited}"
            low, high = next(pair for pair in pairwise(self.knots) if value < pair[1].at)
            between = "和".join(f" {show(knot.at)}（{plain(knot.score)} 分）" for knot in (low, high))
            return f"{words}，在{between}之间，{self._sum(low, high, value)} = {two_places(score)}{self.cited}"

        return self.told(tell, values, scores)

    def _sum(self, low: Knot, high: Knot, value: int) -> str:
        """``6 + (10 − 6) × (85.55 − 80) / (100 − 80)``."""
        scale = self.measure.kind.scale
        own, *ends = (figure(Fraction(each), scale) for each in (value, low.at, high.at))
        less, more = (figure(Fraction(knot.score), CENT) for knot in (low, high))
        return f"{less} + ({more} − {less}) × ({own} − {ends[0]}) / ({ends[1]} − {ends[0]})"

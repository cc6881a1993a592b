"""efficacy: a straight line from a basic score at an unacceptable value to the points at a satisfying one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import CENT, Exact, bounded, plain, two_places, wide
from assess_xlsx.scheme.rules.base import RANKED, Quotient
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, FROM, OPTION, POINTS, WHOLE, Example, Line
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, Measure, Measured, column, figure, most_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Ref
    from assess_xlsx.scheme.rules.base import Columns, Find, Worth
    from assess_xlsx.scheme.tree import Node

Ends = tuple[Fraction, Fraction]
"""Worst and best."""
WORST, BEST = "最差", "最好"
BASIC = Fraction(3, 5)
"""Of the points, what an unacceptable value brings where nothing is said."""


class Efficacy(Measured, frozen=True):
    """efficacy: base + (points − base) × (value − worst) / (best − worst), within floor and points."""

    kind: ClassVar[str] = "efficacy"
    title: ClassVar[str] = "功效系数"
    of_scores: ClassVar[bool] = True
    of_points: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "一个数在不允许值和满意值之间的，得分按直线从基本分升到满分，如“不允许值60、满意值100，基本分为60%”；"
        "达到满意值得满分，比不允许值还差的，沿直线往下减。两个值也可以是各单位中最差的和最好的（极差法）："
        "得分 = 基本分 +（分值 − 基本分）×（本单位 − 最差）/（最好 − 最差）。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "比较",
            "",
            "“填报项”写看哪个数，看两个填报项之比的，除数写在“除以”。“选项”只在不允许值写“最差”、满意值写“最好”时写："
            "“从多到少”（多的为好，不写就是这样）或“从少到多”（少的为好）。",
            cells={FACT: "fact", WHOLE: "whole", OPTION: "order"},
            needed=True,
        ),
        Line(
            "不允许值",
            "worst",
            "得基本分的数，写在“达到”，百分比写“60%”；是各单位中最差的，在“选项”写“最差”。",
            cells={FROM: "at_least", OPTION: "is"},
            needed=True,
        ),
        Line(
            "满意值",
            "best",
            "得满分的数，写在“达到”，比不允许值小的就是少的为好；是各单位中最好的，在“选项”写“最好”。",
            cells={FROM: "at_least", OPTION: "is"},
            needed=True,
        ),
        Line("基本分", "base", "不允许值得几分；不写的，是分值的 60%，“最差”“最好”的是 0。", cells={POINTS: ""}),
        Line("最低分", "floor", "比不允许值还差的，减到几分为止；不写就是 0。", cells={POINTS: ""}),
        NOT_APPLICABLE,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "项目开工率的不允许值为60%，满意值为95%，按功效系数法记分，基本分6分，满分10分。",
        {
            "points": 10,
            "facts": [{"label": "项目开工率", "kind": "百分比"}],
            "rule": {
                "kind": "efficacy",
                "fact": "项目开工率",
                "worst": {"at_least": 60},
                "best": {"at_least": 95},
                "base": 6,
            },
        },
        {"项目开工率": "81%"},
    )
    marks: tuple[int, int] | None
    """Unacceptable and satisfying value in the measure's scale; None: the units' own worst and best."""
    most: bool
    """More is better."""
    base: Fraction
    """Cents at the unacceptable value."""
    floor: int

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Efficacy:  # noqa: ARG003
        measure = Measure.from_node(node, worth, find)
        if worth.high <= 0:
            raise node.error("扣分项不能按功效系数记分")
        marks = _marks(node, measure)
        most = marks[1] > marks[0] if marks else most_first(node)
        if marks and node.has("order"):
            raise node.error(f"满意值比不允许值大，就是多的为好，否则少的为好；不要写{node.word('order')}", "order")
        if not marks and node.has("floor"):
            raise node.error(f"各单位中最差的也得基本分，不要写{node.word('floor')}", "floor")
        if not marks and worth.bonus and not most:
            raise node.error("加分项不填就是 0，不能少的为好", "order")
        base = Fraction(node.points("base")) if node.has("base") else worth.high * (BASIC if marks else Fraction(0))
        floor = node.points("floor") if node.has("floor") else worth.own_floor or 0
        if not worth.low <= base < worth.high:
            raise node.error(f"{node.word('base')}应{worth.from_low}小于分值 {plain(worth.high)}", "base")
        if not worth.low <= floor <= base:
            raise node.error(f"{node.word('floor')}应{worth.from_low}不超过基本分 {plain(base)}", "floor")
        return cls(worth, node.text("reading", ""), measure, marks, most, base, floor)

    @property
    def among_units(self) -> bool:
        return self.marks is None

    # ── between two numbers ──

    def _line(self) -> tuple[int, int, int]:
        """Base and rise in a fraction of a cent, and that fraction's denominator."""
        finer = self.base.denominator
        base = int(self.base * finer)
        return base, self.worth.high * finer - base, finer

    def _between(self, values: Columns, marks: tuple[int, int]) -> Exact:
        """The scores on the line through two numbers, however far it goes."""
        (worst, best), (base, rise, finer) = marks, self._line()
        distance = (wide(self.measure.value(values)) - worst) * (1 if self.most else -1)
        size = abs(best - worst)
        return Exact(base * size + rise * distance, finer * size)

    def exact_formula(self, ref: Ref) -> Quotient:
        if self.marks is None:
            return Quotient(self.formula(ref))
        (worst, best), (base, rise, finer) = self.marks, self._line()
        value, per = self.measure.over(ref)
        size = abs(best - worst)

        def times(amount: int) -> str:
            return f"{amount}*{per}" if per and amount else str(amount)

        start = f"({times(worst)})" if worst < 0 else times(worst)
        distance = f"({value}-{start})" if self.most else f"({start}-{value})"
        high, low = (times(end * finer * size) for end in (self.worth.high, self.floor))
        sum_ = f"MIN({high},MAX({low},{times(base * size)}+{rise}*{distance}))"
        bottom = times(finer * size)
        return self.measure.guarded_quotient(ref, Quotient(sum_, f"({bottom})" if per else bottom))

    def formula(self, ref: Ref) -> str:
        if self.marks is None:
            return f'"{RANKED}"'
        top, bottom = self.exact_formula(ref)
        return f"ROUND({top}/{bottom},0)/{CENT}"

    # ── between the units' worst and best ──

    def _ends(self, values: Columns, own: Sequence[Fraction]) -> Ends:
        """Worst and best of the units that compete; equal where there are none."""
        known = [each for each, competes in zip(own, self.measure.competes(values).tolist(), strict=True) if competes]
        if not known:
            return Fraction(0), Fraction(0)
        if not self.most:  # a unit that never reported is not the best by its 0 (K27)
            return max(known), min(known)
        behind = [Fraction(0)] if self.measure.zeroed(values) else []
        return min((*known, *behind)), max(known)

    def _within(self, values: Columns, own: Sequence[Fraction], ends: Ends) -> Exact:
        """The scores between two ends; all are full where these are equal."""
        worst, best = ends
        rise = self.worth.high - self.base
        shares = [(each - worst) / (best - worst) if best != worst else Fraction(1) for each in own]
        scores = [self.base + rise * min(max(each, Fraction(0)), Fraction(1)) for each in shares]
        like = values[self.measure.fact.key].astype(object)
        parts, wholes = ([getattr(each, name) for each in scores] for name in ("numerator", "denominator"))
        return Exact(column(parts, like), column(wholes, like))

    # ── over all units ──

    def exact(self, values: Columns) -> Exact:
        if self.marks:
            scores = self._between(values, self.marks)
            low, high = (end * scores.whole for end in (self.floor, self.worth.high))
            return self.measure.settle(values, scores._replace(part=bounded(scores.part, low, high)))
        own = self.measure.exact(values)
        settled = self.measure.settle(values, self._within(values, own, self._ends(values, own)))
        return settled.where(values[self.measure.fact.key] != 0, 0) if self.worth.bonus else settled

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        """Others may be better than the best, which lowers a score, or worse than the worst, which lifts it."""
        scores = self.score(values)
        if self.marks:
            return scores, scores
        own = self.measure.exact(values)
        worst, best = self._ends(values, own)
        least, most = self.measure.ends()
        worse, better = (least, most) if self.most else (most, least)
        low: int | Column = int(self.base)
        high: int | Column = self.worth.high
        if better is not None:
            low = self._within(values, own, (worst, (max if self.most else min)(best, better))).rounded()
        if worse is not None:
            high = self._within(values, own, ((min if self.most else max)(worst, worse), best)).rounded()
        moved = (unknown > 0) & self.measure.competes(values)
        return scores + moved * (low - scores), scores + moved * (high - scores)

    # ── in words ──

    def explain(self, values: Columns, scores: Column) -> list[str]:
        return self._told_fixed(values, scores, self.marks) if self.marks else self._told_among(values, scores)

    def _told_fixed(self, values: Columns, scores: Column, marks: tuple[int, int]) -> list[str]:
        show, floor, (worst, best) = self.measure.kind.show, plain(self.floor).replace("-", "−"), marks
        left = self._between(values, marks)

        def tell(words: str, value: int, score: int, short: bool) -> str:
            if (value >= best) if self.most else (value <= best):
                reached = "达到" if self.most else "不超过"
                return f"{words}，{reached}满意值 {show(best)}，{self.worth.told(score)}{self.cited}"
            said = f"{words}，不允许值 {show(worst)}，满意值 {show(best)}"
            sum_ = self._sum(*map(self._number, map(Fraction, (value, worst, best))))
            comes_to = f"，减到 {floor} 分为止，{self.worth.told(score)}" if short else f" = {two_places(score)}"
            return f"{said}，{sum_}{comes_to}{self.cited}"

        return self.told(tell, values, scores, left.part < self.floor * left.whole)

    def _told_among(self, values: Columns, scores: Column) -> list[str]:
        own = self.measure.exact(values)
        ends = self._ends(values, own)
        worst, best = map(self._number, ends)
        scale, unit = self.measure.kind.scale, self.measure.kind.unit()
        named = [worst, best] if self.measure.whole else [f"{plain(end, scale)}{unit}" for end in ends]
        exact = column(own, values[self.measure.fact.key].astype(object))

        def tell(words: str, value: int, score: int, number: Fraction, part: int) -> str:  # noqa: ARG001
            if self.worth.bonus and part == 0:
                return f"“{self.measure.fact.label}”为 0，{self.worth.told(score)}{self.cited}"
            if worst == best:
                return f"{words}，各单位最差的和最好的相同，{self.worth.told(score)}{self.cited}"
            sum_ = self._sum(self._number(number), worst, best)
            return f"{words}，最差 {named[0]}，最好 {named[1]}，{sum_} = {two_places(score)}{self.cited}"

        parts = values[self.measure.fact.key]
        return self.told(tell, values, scores, exact, parts, compared=True)

    def _number(self, value: Fraction) -> str:
        """A number as it stands in a sum, without its measure: ``62``, ``(2/3)``, ``(-10)``."""
        return figure(value, 1 if self.measure.whole and not self.marks else self.measure.kind.scale)

    def _sum(self, value: str, worst: str, best: str) -> str:
        """``6 + (10 − 6) × (80 − 60) / (100 − 60)``; where less is better, from the larger to the smaller."""
        pairs = ((value, worst), (best, worst)) if self.most else ((worst, value), (worst, best))
        parts = " / ".join(f"({one} − {other})" for one, other in pairs)
        high, base = plain(self.worth.high), plain(self.base)
        return f"{base} + ({high} − {base}) × {parts}" if self.base else f"{high} × {parts}"


def _marks(node: Node, measure: Measure) -> tuple[int, int] | None:
    """Unacceptable and satisfying value in the measure's scale; None where they are the units' own worst and best."""
    tables = [node.node(key, node.word(key)) for key in ("worst", "best")]
    own = [_own(table, word) for table, word in zip(tables, (WORST, BEST), strict=True)]
    if any(own) and not all(own):
        one, other = (WORST, BEST) if own[0] else (BEST, WORST)
        raise tables[own.index(True)].error(f"“{one}”要和“{other}”一起写", "is")
    found = None
    if not any(own):
        worst, best = (measure.threshold(table, "at_least") for table in tables)
        if worst == best:
            raise tables[1].error("不允许值和满意值相同，分不出高低", "at_least")
        found = worst, best
    for table in tables:
        table.done()
    return found


def _own(table: Node, word: str) -> bool:
    """Whether a mark is what the units themselves have, rather than a number."""
    if table.has("is") == table.has("at_least"):
        reason = f"要写且只写一种：{table.word('at_least')}一个数，或{table.word('is')}“{word}”"
        raise table.error(reason, "at_least")
    if table.has("is") and table.text("is") != word:
        raise table.error(f"{table.word('is')}只能是“{word}”，现为“{table.text('is')}”", "is")
    return table.has("is")

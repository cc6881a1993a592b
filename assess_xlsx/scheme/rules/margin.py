"""margin: points off or on for every so much that a number stays below or above a line, or the mean of all units."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from assess_xlsx.amounts import CENT, LARGEST, Exact, bounded, half_up, plain, two_places
from assess_xlsx.scheme.rules.base import FAR, RANKED, Quotient, Worth
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import BELOW, FACT, FROM, OPTION, POINTS, WHOLE, Example, Line
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, Measure, Measured, anything

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node

MEAN = "平均数"
OWN_TARGET = "基准是各单位自己的目标的，请把“完成率”设为填报项，或用“除以”，或在填报项里推算与目标的“差”"
"""What to write instead of a line that differs from unit to unit."""
IN_PROPORTION, NOT_AT_ALL, IN_FULL = "按比例", "不计", "按一份"
"""How a started unit counts."""


class Side(Struct, frozen=True):
    """So many cents for each ``per`` (in the measure's scale) on one side of the line."""

    per: int
    step: int
    started: str

    @classmethod
    def from_node(cls, node: Node, measure: Measure) -> Side:
        per, step, started = measure.threshold(node, "per"), node.points("step"), node.text("started", IN_PROPORTION)
        if per <= 0:
            raise node.error(f"{node.word('per')}（多少算一份）应大于 0", "per")
        if step == 0:
            raise node.error(f"{node.word('step')}不应是 0", "step")
        if started not in (IN_PROPORTION, NOT_AT_ALL, IN_FULL):
            raise node.error(
                f"{node.word('started')}应是“{IN_PROPORTION}”“{NOT_AT_ALL}”或“{IN_FULL}”，现为“{started}”", "started"
            )
        node.done()
        return cls(per, step, started)

    def counted(self, distance: Column, per: Column | int) -> Column:
        """The distance that counts."""
        if self.started == NOT_AT_ALL:
            return distance // per * per
        if self.started == IN_FULL:
            return (distance + per - 1) // per * per
        return distance

    def counted_formula(self, distance: str) -> str:
        """The distance that counts, as an Excel expression."""
        if self.started == IN_PROPORTION or self.per == 1:
            return distance
        units = f"INT({distance}/{self.per})" if self.started == NOT_AT_ALL else f"ROUNDUP({distance}/{self.per},0)"
        return f"{self.per}*{units}"

    def formula(self, distance: str) -> str:
        """``-0.1*MAX(0,…)/100``; the distance as a whole number."""
        units = distance if self.per == 1 else f"{distance}/{self.per}"
        if self.started == NOT_AT_ALL:
            units = f"INT({units})"
        elif self.started == IN_FULL:
            units = f"ROUNDUP({units},0)"
        return f"{'-' if self.step < 0 else '+'}{plain(abs(self.step))}*{units}"


class Margin(Measured, frozen=True):
    """margin: so many points at the line, a step for each ``per`` below or above it, within floor and cap."""

    kind: ClassVar[str] = "margin"
    title: ClassVar[str] = "差额计分"
    of_scores: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "一个数与基准比，低多少、高多少，按差额扣分或加分，如“不低于20%得1分，每低1%扣0.1分”“不高于2%得3分，每高0.5%扣1分”"
        "“每超过目标1%加0.2分，最高加2分”；基准可以是一个数，也可以是各单位的平均数。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "基准",
            "",
            "“填报项”写看哪个数，看两个填报项之比的，除数写在“除以”；基准是一个数的写在“达到”，是平均数的在“选项”写“平均数”，"
            "两者写一个。平均数是同一张评分表（共用的指标是排名组）已知各数的平均，四舍五入保留两位小数。百分比写“20%”。",
            cells={FACT: "fact", WHOLE: "whole", FROM: "at_least", OPTION: "against"},
            needed=True,
        ),
        Line(
            "每低",
            "below",
            "“不足”写每低多少为一份，“分数”写每份扣几分（写负数）或加几分；不满一份的怎么算写在“选项”："
            "“按比例”（不写就是这样）、“不计”（不算）或“按一份”（算满一份）。“每低”“每高”至少写一行。",
            cells={BELOW: "per", POINTS: "step", OPTION: "started"},
        ),
        Line(
            "每高",
            "above",
            "“达到”写每高多少为一份，其余与“每低”相同。",
            cells={FROM: "per", POINTS: "step", OPTION: "started"},
        ),
        Line(
            "基准分",
            "base",
            "正好等于基准的得几分；只有扣分的不用写，就是满分（扣分项是 0）；有加分的要写。",
            cells={POINTS: ""},
        ),
        Line("最低分", "floor", "扣到几分为止；不写就是扣完为止。", cells={POINTS: ""}),
        Line(
            "不得分",
            "zero",
            "“不足”写低于多少，或“达到”写达到多少，整个指标记 0 分。",
            cells={BELOW: "below", FROM: "from"},
        ),
        NOT_APPLICABLE,
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "网上办理率不低于20%得1分，每低1%扣0.1分。",
        {
            "points": 1,
            "facts": [
                {"label": "办件总数", "kind": "次数", "measure": "件", "min": 1},
                {"label": "网上办件数", "kind": "次数", "measure": "件", "at_most": "办件总数"},
            ],
            "rule": {
                "kind": "margin",
                "fact": "网上办件数",
                "whole": "办件总数",
                "at_least": 20,
                "below": {"per": 1, "step": -0.1},
            },
        },
        {"办件总数": 400, "网上办件数": 62},
    )
    line: int | None
    """In the measure's scale; None is the mean of all units."""
    below: Side | None
    above: Side | None
    base: int
    """Cents at the line."""
    floor: int
    zero_below: int | None
    zero_from: int | None

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Margin:  # noqa: ARG003
        measure = Measure.from_node(node, worth, find)
        below, above = (
            Side.from_node(node.node(key, key), measure) if node.has(key) else None for key in ("below", "above")
        )
        zero = node.node("zero", "zero") if node.has("zero") else None
        limits = {key: measure.threshold(zero, key) if zero and zero.has(key) else None for key in ("below", "from")}
        if zero:
            zero.done()
        rises = any(side.step > 0 for side in (below, above) if side)
        rule = cls(
            worth,
            node.text("reading", ""),
            measure,
            _line(node, measure, worth),
            below,
            above,
            node.points("base") if node.has("base") else 0 if worth.endless or (worth.part and rises) else worth.high,
            node.points("floor") if node.has("floor") else max(worth.low, -FAR),
            limits["below"],
            limits["from"],
        )
        rule.check(node)
        return rule

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:
        """A part without points of its own goes on as far as ten times the item does."""
        if node.has("points"):
            return super().part_worth(node, item, find)
        steps = [node.node(key, key).points("step") for key in ("below", "above") if node.has(key)]
        end = min(FAR, 10 * (item.high - item.low))
        return Worth.of_part(item, end * (max(steps, default=0) > 0), -end * (min(steps, default=0) < 0))

    @property
    def top(self) -> int:
        """The most that it comes to."""
        return min(self.worth.high, FAR)

    @property
    def sides(self) -> tuple[Side, ...]:
        return tuple(side for side in (self.below, self.above) if side)

    def check(self, node: Node) -> None:
        """The score reaches just what the item is worth, and stays computable in whole numbers."""
        worth, rising = self.worth, [side for side in self.sides if side.step > 0]
        if not self.sides:
            raise node.error(f"{node.word('below')}、{node.word('above')}至少要写一行", "below")
        if rising and not node.has("base") and not worth.part:
            raise node.error(f"有加分的，要写{node.word('base')}（正好等于基准的得几分）", "base")
        if not worth.low <= self.base <= worth.high:
            raise node.error(f"{node.word('base')}应在 {worth.between} 之间", "base")
        if not rising and self.base != worth.high:
            raise node.error(f"规则的最高分是 {plain(self.base)}，应是 {worth.top}", "base")
        if rising and self.base == worth.high:
            raise node.error(f"{node.word('base')}已是最高分，不会再加", "base")
        if not worth.low <= self.floor < worth.high or self.floor > self.base:
            raise node.error(f"{node.word('floor')}应{worth.from_low}小于 {plain(worth.high)}，不超过基准分", "floor")
        if node.has("zero") and (worth.takes_off or (self.zero_below is None) == (self.zero_from is None)):
            raise node.error(f"{node.word('zero')}只用于分值和加分，“不足”“达到”写一个", "zero")
        for key, side in (("below", self.below), ("above", self.above)):
            if side and (self.top - self.floor + abs(side.step)) * side.per * CENT > LARGEST:
                raise node.node(key, key).error("多少算一份的数太大", "per")

    @property
    def among_units(self) -> bool:
        return self.line is None

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        if self.measure.whole:
            return self.measure.turns(fact) if self._steady else None
        ends = [end for end in (self.zero_below, self.zero_from) if end is not None]
        edges = [self.line, *(each for end in ends for each in (end - 1, end))]
        lowest, highest = fact.kind.extremes()
        return (lowest, highest, *(edge for edge in edges if edge is not None and lowest <= edge <= highest))

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        return anything(self, values, unknown)

    @property
    def _steady(self) -> bool:
        """The score only rises or only falls with the measure."""
        rises = [
            *(side.step < 0 for side in (self.below,) if side),
            *(side.step > 0 for side in (self.above,) if side),
            *(True for limit in (self.zero_below,) if limit is not None),
            *(False for limit in (self.zero_from,) if limit is not None),
        ]
        return all(rises) or not any(rises)

    def formula(self, ref: Ref) -> str:
        if self.line is None:
            return f'"{RANKED}"'
        value = self.measure.steps(ref)
        sum_ = plain(self.base) if self.base else ""
        if self.below:
            sum_ += self.below.formula(f"MAX(0,{_bracketed(self.line)}-{value})")
        if self.above:
            sum_ += self.above.formula(f"MAX(0,{value}-{_bracketed(self.line)})")
        sum_ = f"MAX({plain(self.floor)},{sum_.removeprefix('+')})"
        if any(side.step > 0 for side in self.sides):
            sum_ = f"MIN({plain(self.top)},{sum_})"
        formula = f"ROUND({sum_},2)"
        for limit, sign in ((self.zero_below, "<"), (self.zero_from, ">=")):
            if limit is not None:
                formula = f"IF({value}{sign}{limit},0,{formula})"
        return self.measure.guarded(ref, formula)

    def exact_formula(self, ref: Ref) -> Quotient:
        if self.line is None:
            return Quotient(self.formula(ref))
        value, bottom = self.measure.steps(ref), prod(side.per for side in self.sides)
        sum_ = str(self.base * bottom)
        line = _bracketed(self.line)
        for side, distance in ((self.below, f"{line}-{value}"), (self.above, f"{value}-{line}")):
            if side:
                sum_ += f"{side.step * bottom // side.per:+}*{side.counted_formula(f'MAX(0,{distance})')}"
        sum_ = f"MIN({self.top * bottom},MAX({self.floor * bottom},{sum_}))"
        for limit, sign in ((self.zero_below, "<"), (self.zero_from, ">=")):
            if limit is not None:
                sum_ = f"IF({value}{sign}{limit},0,{sum_})"
        return self.measure.guarded_quotient(ref, Quotient(sum_, "" if bottom == 1 else str(bottom)))

    @property
    def _finer(self) -> int:
        """How much finer than the measure's scale the distance to the line is: hundredths at least, for a mean."""
        scale = self.measure.kind.scale
        return 1 if self.line is not None else max(CENT, scale) // scale

    def _limit(self, values: Columns) -> int:
        """The line, in fine steps; a mean is rounded half up to two decimals of the number as it is shown."""
        if self.line is not None:
            return self.line
        known: list[int] = self.measure.value(values)[self.measure.competes(values)].tolist()
        scale = self.measure.kind.scale
        count = len(known) + self.measure.zeroed(values)
        hundredths = half_up(sum(known) * CENT, max(1, count) * scale)
        return hundredths * (self._finer * scale // CENT)

    def _distance(self, values: Columns) -> Column:
        """From the line to the value, in fine steps; negative below it."""
        return self.measure.value(values) * self._finer - self._limit(values)

    def exact(self, values: Columns) -> Exact:
        distance = self._distance(values)
        part, whole = distance * 0 + self.base, distance * 0 + 1
        for sign, side in ((-1, self.below), (1, self.above)):
            if side:
                there, per = sign * distance > 0, side.per * self._finer
                part = part + there * (self._left(bounded(sign * distance, 0, None), side) - part)
                whole = whole + there * (per - whole)
        value = self.measure.value(values)
        if self.zero_below is not None:
            part = part * (value >= self.zero_below)
        if self.zero_from is not None:
            part = part * (value < self.zero_from)
        return self.measure.settle(values, Exact(part, whole))

    def _left(self, distance: Column, side: Side) -> Column:
        """The scores that a distance (not negative) to one side of the line leaves, in cents times its ``per``."""
        per = side.per * self._finer
        most = (self.top - self.floor) * per // abs(side.step) + per
        counted = side.counted(bounded(distance, None, most), per)
        return bounded(self.base * per + side.step * counted, self.floor * per, self.top * per)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        scale, unit = self.measure.kind.scale * self._finer, self.measure.kind.unit()
        name = "基准" if self.line is not None else "各单位平均数"
        line = f"{_number(self._limit(values), scale)}{unit}"

        def tell(words: str, value: int, score: int, distance: int) -> str:
            for limit, said in ((self.zero_below, "不足"), (self.zero_from, "达到")):
                if limit is not None and (value < limit) == (said == "不足"):
                    return f"{words}，{said} {self.measure.kind.show(limit)}，{self.worth.told(score)}{self.cited}"
            side, way = (self.below, "低") if distance < 0 else (self.above, "高")
            if side is None or distance == 0:
                state = f"{way}于{name} {line}" if distance else f"等于{name} {line}"
                return f"{words}，{state}，{self.worth.told(score)}{self.cited}"
            per = side.per * self._finer
            counted = side.counted(abs(distance), per)  # type: ignore[arg-type]  # the same for one number
            return (
                f"{words}，比{name} {line} {way} {_number(abs(distance), scale)}{unit}，"
                f"{self._sum(side, int(counted), per, scale, score)}{self.cited}"
            )

        return self.told(tell, values, scores, self._distance(values))

    def _sum(self, side: Side, counted: int, per: int, scale: int, score: int) -> str:
        """``1 − 0.1 × 4.5 = 0.55``, or what cuts it short."""
        if side.started != IN_PROPORTION:
            rest = "按一份" if side.started == IN_FULL else "不计"
            times = f"{counted // per}（每{self.measure.kind.show(side.per)}一份，不满的{rest}）"
        else:
            times = _number(counted, scale) if per == scale else f"{_number(counted, scale)}/{_number(per, scale)}"
        left = self.base * per + side.step * counted
        under, over = left < self.floor * per, left > self.top * per
        cut = self.worth.stopped(self.floor) if under else "封顶" if over else ""
        comes_to = f"，{cut}，{self.worth.told(score)}" if cut else f" = {two_places(score)}"
        return f"{plain(self.base)} {'−' if side.step < 0 else '+'} {plain(abs(side.step))} × {times}{comes_to}"


def _line(node: Node, measure: Measure, worth: Worth) -> int | None:
    """What is compared with, in the measure's scale; None is the mean of all units."""
    if node.has("at_least") == node.has("against"):
        raise node.error(
            f"基准要写且只写一种：{node.word('at_least')}一个数，或{node.word('against')}“{MEAN}”", "at_least"
        )
    if node.has("at_least"):
        return measure.threshold(node, "at_least")
    if node.text("against") != MEAN:
        raise node.error(f"{node.word('against')}只能是“{MEAN}”", "against", OWN_TARGET)
    if worth.bonus:
        raise node.error("加分项不填就是 0，不能与平均数比", "against")
    return None


def _bracketed(line: int) -> str:
    """A number to be taken off, in a formula."""
    return f"({line})" if line < 0 else str(line)


def _number(amount: int, scale: int) -> str:
    return plain(amount, scale) if scale > 1 else str(amount)

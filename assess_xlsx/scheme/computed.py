"""Facts that are computed from others instead of being asked: difference, sum, mean, extremes, ratio, growth."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assess_xlsx.amounts import half_up
from assess_xlsx.scheme.answer_kinds import MILLION, MOST, Count, Number, Percent
from assess_xlsx.scheme.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.answer_kinds import Kind
    from assess_xlsx.scheme.facts import Ref
    from assess_xlsx.scheme.tree import Node

DIFFERENCE, SUM, MEAN, LARGEST, SMALLEST, RATIO, GROWTH = "差", "合计", "平均", "最大", "最小", "比", "增长率"
WAYS = {
    DIFFERENCE: "相减",
    SUM: "相加",
    MEAN: "平均",
    LARGEST: "比较",
    SMALLEST: "比较",
    RATIO: "相除",
    GROWTH: "比较",
}
"""怎样得出, and what that does with the facts."""
OF_TWO = (RATIO, GROWTH)
"""Ways that take just two facts, and have nothing to say where the second is 0."""

NOTHING = "无从比较"
"""What is shown instead of a value that would divide by 0."""
NOT_ASKED = ("min", "most", "below", "options", "by", "adverse", "at_most", "only_with")
"""What is said only of facts that somebody fills in."""


class Computed(Fact, frozen=True):
    """A fact that nobody fills in; its value is a fraction in the scale of its kind, below 0 and above 100 % too."""

    way: str = ""
    of: tuple[Fact, ...] = ()

    @property
    def parts(self) -> tuple[Fact, ...]:
        return asked(self.of)

    @property
    def filled(self) -> bool:
        return False

    @property
    def divides(self) -> bool:
        return self.way in OF_TWO or any(each.divides for each in self.of)

    def value(self, known: Mapping[str, int]) -> Fraction | None:
        """What comes of the values of the facts that are filled in, by key; None where there is nothing to say."""
        numbers: list[Fraction] = []
        for each in self.of:
            number = each.value(known) if isinstance(each, Computed) else Fraction(known[each.key])
            if number is None:
                return None
            rounded = isinstance(each, Computed) and isinstance(each.kind, Percent)
            numbers.append(Fraction(nearest(number)) if rounded else number)
        return self._of(numbers)

    def _of(self, numbers: Sequence[Fraction]) -> Fraction | None:
        first, *rest = numbers
        if self.way in OF_TWO:
            other = rest[0] * self.of[0].kind.scale / self.of[1].kind.scale
            if other == 0:
                return None
            return self.kind.one * (first / other if self.way == RATIO else (first - other) / abs(other))
        found = {
            DIFFERENCE: first - sum(rest),
            SUM: first + sum(rest),
            MEAN: (first + sum(rest)) / len(numbers),
            LARGEST: max(numbers),
            SMALLEST: min(numbers),
        }[self.way]
        return found * self.kind.scale / self.of[0].kind.scale

    def quotient(self, ref: Ref) -> tuple[str, str]:
        first, *rest = (_whole(each, ref) for each in self.of)
        if self.way in OF_TWO:
            scales = [each.kind.scale for each in self.of]
            first, other = (
                each if scale == max(scales) else f"{max(scales) // scale}*{each}"
                for each, scale in zip((first, *rest), scales, strict=True)
            )
            if self.way == RATIO:
                return f"{self.kind.one}*{first}", f"({other})"
            return f"{self.kind.one}*({first}-{other})", f"ABS({other})"
        factor = self.kind.scale // self.of[0].kind.scale
        times = f"{factor}*" if factor > 1 else ""
        every = ",".join((first, *rest))
        sum_ = "+".join((first, *rest))
        found = {
            DIFFERENCE: f"({'-'.join((first, *rest))})",
            SUM: f"({sum_})",
            MEAN: f"({sum_})",
            LARGEST: f"MAX({every})",
            SMALLEST: f"MIN({every})",
        }[self.way]
        return f"{times}{found}", str(len(self.of)) if self.way == MEAN else "1"

    def met(self, column: Column) -> Column:
        if not isinstance(self.kind, Percent):
            return column
        rounded = column.copy()
        rounded[:] = [nearest(Fraction(number)) for number in column.tolist()]  # K18a
        return rounded

    def bare(self, ref: Ref) -> str:
        return f"({self.steps(ref)})/{self.kind.one}"

    def steps(self, ref: Ref) -> str:
        """As it meets a threshold: a percentage is a whole number (K18a)."""
        top, bottom = self.quotient(ref)
        found = top if bottom == "1" else f"{top}/{bottom}"
        return f"ROUND({found},0)" if isinstance(self.kind, Percent) and bottom != "1" else found

    def tests(self, ref: Ref) -> list[str]:
        tests = [test for each in self.of for test in each.tests(ref)]
        return [*tests, *([f"{_whole(self.of[1], ref)}<>0"] if self.way in OF_TWO else [])]

    def shown(self, ref: Ref) -> str:
        """What the form shows, as an Excel expression: nothing while a figure is lacking."""
        top, bottom = self.quotient(ref)
        value = f"{top}/({bottom}*{self.kind.one})"
        tests = self.tests(ref)
        if tests:
            value = f'IF(AND({",".join(tests)}),{value},"{NOTHING}")'
        cells = ",".join(ref(each) for each in self.parts)
        return f'IF(COUNT({cells})<{len(self.parts)},"",{value})'

    def entry(self, value: Fraction | None) -> str | float:
        """A value as the form shows it."""
        return NOTHING if value is None else float(value / self.kind.one)

    def words(self) -> str:
        return f"{self.way}：{'、'.join(each.label for each in self.of)}"


def asked(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that are filled in, from which the others are computed; each once, in order."""
    return tuple(dict.fromkeys(part for fact in facts for part in fact.parts))


def filled(fact: Fact, node: Node, key: str, instead: str = "请写要填的填报项") -> Fact:
    """A fact that somebody fills in, where nothing else will do."""
    if not fact.filled:
        raise node.error(f"“{fact.label}”是推算出来的，不能用在这里", key, instead)
    return fact


def nearest(number: Fraction) -> int:
    """The whole number next to a fraction, the half away from zero."""
    return half_up(number.numerator, number.denominator)


def _whole(fact: Fact, ref: Ref) -> str:
    """A fact's value in its scale, to compute with."""
    return fact.steps(ref) if fact.filled else f"({fact.steps(ref)})"


def kind_of(node: Node, way: str, of: Sequence[Fact]) -> Kind:
    """What it is: a percentage without end, or a number with its measure."""
    for key in NOT_ASKED:
        if node.has(key):
            raise node.error(f"推算的填报项不用填，不要写{node.word(key)}", key)
    name = node.text("kind")
    if name not in (Percent.name, Number.name):
        raise node.error(f"推算的填报项应是{Percent.name}或{Number.name}，现为“{name}”", "kind")
    if way != RATIO:
        _alike(node, way, of)
    elif not all(isinstance(each.kind, Count | Number) for each in of):
        raise node.error(f"“{of[0].label}”和“{of[1].label}”应是次数或数值，才能相除", "of")
    percent = way == GROWTH or (way != RATIO and isinstance(of[0].kind, Percent))
    if way != RATIO and percent != (name == Percent.name):
        raise node.error(f"“{way}”的结果是{Percent.name if percent else Number.name}，类型写成了“{name}”", "kind")
    falls = way in (DIFFERENCE, GROWTH) or any(each.below_zero for each in of)
    if name == Percent.name:
        return Percent(Percent.unlimited, -Percent.unlimited if falls else 0)
    number = Number.from_node(node)
    return replace(number, least=-MOST * MILLION) if falls else number


def _alike(node: Node, way: str, of: Sequence[Fact]) -> None:
    """All of one kind and one measure."""
    first = of[0]
    for each in of:
        if not isinstance(each.kind, Count | Number | Percent):
            raise node.error(f"“{each.label}”是{each.kind.name}，不是数", "of")
        if _measure(each) != _measure(first):
            reason = f"“{first.label}”是{_measure(first)}，“{each.label}”是{_measure(each)}，不能{WAYS[way]}"
            raise node.error(reason, "of")


def _measure(fact: Fact) -> str:
    """``万元``, ``件``, ``百分比``."""
    return fact.kind.name if isinstance(fact.kind, Percent) else fact.kind.unit() or fact.kind.name

"""What a rule measures: a fact, or the quotient of two.

Against a threshold of the scheme a quotient stands as any percentage does, rounded to two decimals (K18a); units are
compared with one another by the quotient itself.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from assess_xlsx.amounts import CENT, half_up, plain, share
from assess_xlsx.scheme.answer_kinds import Choice, Count, Number, Percent
from assess_xlsx.scheme.computed import NOTHING, asked
from assess_xlsx.scheme.rules.base import RANKED, Quotient, Rule, told
from assess_xlsx.scheme.rules.lines import FACT, OPTION, POINTS, WHOLE, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assess_xlsx.amounts import Column, Exact, Mask
    from assess_xlsx.scheme.answer_kinds import Kind
    from assess_xlsx.scheme.facts import Condition, Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find, Worth
    from assess_xlsx.scheme.tree import Node

PERCENTAGE = Percent()
MOST_TIMES = 100_000
"""A part is at most so many times its whole; beyond it no threshold lies."""

SIX = 1_000_000
"""Decimals of a quotient by which units are compared, as it is shown."""

MOST_FIRST, FEWEST_FIRST = "从多到少", "从少到多"

RANKING = Line(
    "排名",
    "",
    "“填报项”写比哪个数，比两个填报项之比的，除数写在“除以”；“选项”写“从多到少”或“从少到多”，不写就是从多到少。",
    cells={FACT: "fact", WHOLE: "whole", OPTION: "order"},
    needed=True,
)
NOT_APPLICABLE = Line(
    "不适用", "otherwise", "不需填写或除数为 0 的，记“分数”所写的分；不写记 0 分。", cells={POINTS: ""}
)
"""Lines of every rule that ranks, of every rule that measures."""


class Measure(Struct, frozen=True):
    """A fact, or part / whole."""

    fact: Fact
    whole: Fact | None
    otherwise: int
    """Cents where there is nothing to measure: the fact is not needed, the whole is 0."""
    worth: Worth
    """What the item can bring."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find) -> Measure:
        fact = find(node, "fact")
        whole = find(node, "whole") if node.has("whole") else None
        if isinstance(fact.kind, Choice):
            raise node.error(f"“{fact.label}”是选项，不是数", "fact")
        if whole and not (fact.filled and whole.filled):
            raise node.error("推算的填报项不能再用“除以”，请在“填报项”里用“比”推算", "whole")
        if whole and not all(isinstance(each.kind, Count | Number) for each in (fact, whole)):
            raise node.error(f"“{fact.label}”和“{whole.label}”应是次数或数值，才能相除", "whole")
        for each, key in ((fact, "fact"), (whole, "whole")):
            if whole and each and each.below_zero:
                reason = f"“{each.label}”会是负数，不能用“除以”，请在“填报项”里用“比”推算"
                raise node.error(reason, key)
        if whole == fact:
            raise node.error(f"“{fact.label}”不能除以它自己", "whole")
        otherwise = node.points("otherwise") if node.has("otherwise") else 0
        measure = cls(fact, whole, otherwise, worth)
        if node.has("otherwise") and not (measure.always or worth.low <= measure.otherwise <= worth.high):
            raise node.error(f"{node.word('otherwise')}的分数超出 {worth.between}", "otherwise")
        if node.has("otherwise") and measure.always:
            raise node.error(f"“{fact.label}”总要填写，不要写{node.word('otherwise')}", "otherwise")
        return measure

    @property
    def kind(self) -> Kind:
        """What the value is."""
        return PERCENTAGE if self.whole else self.fact.kind

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.fact, self.whole) if self.whole else (self.fact,)

    @property
    def below_zero(self) -> bool:
        """The value may be."""
        return self.fact.below_zero

    @property
    def _conditions(self) -> list[Condition]:
        """All that must hold for the facts to be filled."""
        return list(dict.fromkeys(condition for fact in self.facts for condition in fact.conditions))

    @property
    def always(self) -> bool:
        """There is always something to measure."""
        whole = self.whole
        positive = whole is None or (whole.kind.least > 0 and not whole.bonus)
        return positive and not self.fact.divides and not any(fact.conditions for fact in asked(self.facts))

    def threshold(self, node: Node, key: str) -> int:
        """A number of the scheme in the value's scale."""
        value = self.kind.threshold(node, key)
        most = MOST_TIMES * Percent.whole if self.whole else self.kind.extremes()[-1]
        if value > most:
            percent = self.whole is None and isinstance(self.kind, Percent)
            remedy = "会超过的，请在填报项的“至多”写最多百分之几，没有上限的写“不限”" if percent else ""
            raise node.error(f"{node.word(key)}超过“{self.fact.label}”最大的数 {self.kind.show(most)}", key, remedy)
        return value

    # ── over all units ──

    def value(self, values: Columns) -> Column:
        """What meets a threshold; a quotient in 1/100 %, rounded half up (K18a)."""
        part, whole = self._numbers(values)
        if self.whole is None:
            return self.fact.met(part)
        within = part // whole < MOST_TIMES
        most: Column = (within == 0) * MOST_TIMES * Percent.whole
        value: Column = share(Percent.whole, part * within, whole)
        return value + most

    def order(self, values: Columns) -> Column:
        """Whole numbers that compare as the units' values do, however close these are."""
        if self.whole is None:
            return values[self.fact.key]
        quotients = self.exact(values)
        places = {quotient: place for place, quotient in enumerate(sorted(set(quotients)))}
        return column([places[quotient] for quotient in quotients], values[self.fact.key])

    def exact(self, values: Columns) -> list[Fraction]:
        """Each unit's value as it is; a fact by itself in its own scale."""
        part, whole = self._numbers(values)
        if self.whole is None:
            return [Fraction(number) for number in part.tolist()]
        return [Fraction(*numbers) for numbers in zip(part.tolist(), whole.tolist(), strict=True)]

    def _numbers(self, values: Columns) -> tuple[Column, Column]:
        """Part and whole in one scale; 1 for a whole that is 0 or that there is none of."""
        part = values[self.fact.key]
        if self.whole is None:
            return part, part * 0 + 1
        whole = values[self.whole.key]
        scale = max(self.fact.kind.scale, self.whole.kind.scale)
        part, whole = part * (scale // self.fact.kind.scale), whole * (scale // self.whole.kind.scale)
        return part, whole + (whole == 0)

    def turns(self, fact: Fact) -> tuple[int, ...]:
        """Values of a fact between any two of which the value only rises or only falls, or does not apply."""
        lowest, *rest = fact.kind.extremes()
        return (lowest, 1, *rest) if fact == self.whole and lowest == 0 else (lowest, *rest)

    def needed(self, values: Columns) -> Mask:
        """Where the facts are to be filled at all."""
        mask: Mask = values[self.fact.key] * 0 == 0
        if self.fact.key in values.nothing:
            mask = mask & (values.nothing[self.fact.key] == 0)
        for condition in self._conditions:
            mask = mask & condition.mask(values[condition.fact.key])
        return mask

    def applies(self, values: Columns) -> Mask:
        """Where there is something to measure."""
        mask = self.needed(values)
        if self.whole:
            mask = mask & (values[self.whole.key] > 0)
        return mask

    def competes(self, values: Columns) -> Mask:
        """The units with a known value to compare; a 加分 of 0 may be a blank and is none."""
        mask = self.applies(values)
        for fact in self.facts:
            mask = mask & ~values.gaps[fact.key]
        if self.fact.bonus:
            mask = mask & (values[self.fact.key] != 0)
        return mask

    def zeroed(self, values: Columns) -> int:
        """How many units without a form are compared with the others by their 0 (K27); none where 0 is no number."""
        compared = self.whole is None and self.fact.filled and not self.fact.conditions and not self.fact.bonus
        return values.zeroed if compared else 0

    def settle(self, values: Columns, scores: Exact) -> Exact:
        """The scores, with ``otherwise`` where there is nothing to measure."""
        return scores if self.always else scores.where(self.applies(values), self.otherwise)

    def told(
        self,
        tell: Callable[..., str],
        values: Columns,
        scores: Column,
        *more: Column | Mask,
        cited: str = "",
        compared: bool = False,
    ) -> list[str]:
        """A sentence a unit, ``tell`` given the value in words, the value, the score and the further columns.

        A quotient's words are a percentage as it meets a threshold, or a number where units are ``compared`` by it.
        ``cited`` is the 口径 behind what is said where there is nothing to measure.
        """
        if not self.fact.filled:
            return self._computed_told(tell, values, scores, *more, cited=cited)
        parts = values[self.fact.key]
        wholes = values[self.whole.key] if self.whole else parts * 0 + 1
        conditions = self._conditions
        deciding = [values[condition.fact.key] for condition in conditions]
        last = len(conditions)

        def each(part: int, whole: int, value: int, score: int, *rest: int) -> str:
            unmet = next(
                (c.unmet(known) for c, known in zip(conditions, rest, strict=False) if not c.holds(known)), ""
            )
            if unmet or whole == 0:
                zero = f"“{self.whole.label}”为 0" if self.whole else ""
                return f"{unmet or zero}，{self.worth.told(score)}{cited}"
            words = self.named(part, whole)
            if self.whole is None:
                return tell(words, value, score, *rest[last:])
            number = Fraction(part * self.whole.kind.scale, whole * self.fact.kind.scale)
            shown = _decimal(number, SIX) if compared else f"{_decimal(100 * number, CENT)}%"
            return tell(f"{words} {shown}", value, score, *rest[last:])

        return told(each, parts, wholes, self.value(values), scores, *deciding, *more)

    def _computed_told(
        self, tell: Callable[..., str], values: Columns, scores: Column, *more: Column | Mask, cited: str
    ) -> list[str]:
        """The same of a fact that is computed, with the figures that it comes from."""
        fact = self.fact
        columns = [values[each.key] for each in fact.parts]
        last = len(columns)

        def each(value: int, score: int, nothing: bool, *rest: int) -> str:
            pairs = zip(fact.parts, rest[:last], strict=True)
            figures = "、".join(f"{part.label} {part.kind.show(number)}" for part, number in pairs)
            if nothing:
                return f"{fact.label}{NOTHING}（{figures}），{self.worth.told(score)}{cited}"
            words = f"{fact.called} {self.kind.show(value)}" + (f"（{figures}）" if figures else "")
            return tell(words, value, score, *rest[last:])

        nothing = values.nothing.get(fact.key, scores != scores)  # noqa: PLR0124 - nowhere
        return told(each, self.value(values), scores, nothing, *columns, *more)

    def named(self, part: int, whole: int) -> str:
        """The fact with its figure, or the two that are divided: ``已进驻事项数 18 / 应进驻事项数 20``."""
        if isinstance(part, Fraction) and isinstance(self.kind, Percent) and part.denominator != 1:
            return f"{self.fact.label} {part / Percent.whole}"
        if self.whole is None:
            return f"{self.fact.label} {self.kind.show(part)}"
        parts = ((self.fact, part), (self.whole, whole))
        return " / ".join(f"{fact.label} {_number(number, fact.kind.scale)}" for fact, number in parts)

    def quotient(self, part: int, whole: int) -> str:
        """``18/20``."""
        assert self.whole  # noqa: S101 - only a quotient is asked for as one
        return f"{_number(part, self.fact.kind.scale)}/{_number(whole, self.whole.kind.scale)}"

    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The least and the most that the value of a unit may be, as ``exact`` has it; None where there is no end."""
        if self.whole:
            return Fraction(0), None
        if not self.fact.filled:
            return None, None
        least, *_, most = self.fact.kind.extremes()
        return Fraction(min(0, least)), Fraction(most)

    # ── on one form ──

    def guarded(self, ref: Ref, formula: str, otherwise: str = "") -> str:
        """The formula where there is something to measure, else ``otherwise``, which is in points if not given."""
        if self.always:
            return formula
        tests = list(dict.fromkeys(test for fact in self.facts for test in fact.tests(ref)))
        if self.whole:
            tests.append(f"{self.whole.bare(ref)}>0")
        test = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        return f"IF({test},{formula},{otherwise or plain(self.otherwise)})"

    def guarded_quotient(self, ref: Ref, quotient: Quotient) -> Quotient:
        """The same for a score in cents that is not rounded."""
        if self.always:
            return quotient
        return Quotient(
            self.guarded(ref, quotient.top, str(self.otherwise)), self.guarded(ref, quotient.bottom or "1", "1")
        )

    def whole_numbers(self, ref: Ref) -> tuple[str, str]:
        """Part and whole as whole numbers, inside ``guarded``; a percentage's whole is 100 %."""
        if self.whole is None:
            top, bottom = self.fact.quotient(ref)
            return top, str(Percent.whole) if bottom == "1" else f"({bottom}*{Percent.whole})"
        scale = max(self.fact.kind.scale, self.whole.kind.scale)
        part, whole = (
            fact.bare(ref) if scale == 1 else f"ROUND({scale}*{fact.bare(ref)},0)" for fact in (self.fact, self.whole)
        )
        return part, whole

    def operand(self, ref: Ref) -> str:
        """The value in a formula, inside ``guarded``."""
        if self.whole is None:
            return self.fact.bare(ref)
        return f"ROUND({Percent.whole}*{self.fact.bare(ref)}/{self.whole.bare(ref)},0)/{Percent.whole}"

    def over(self, ref: Ref) -> tuple[str, str]:
        """The value as it meets a threshold, over so many, both whole numbers; the second empty where it is 1."""
        if self.whole or self.fact.filled or isinstance(self.kind, Percent):
            return self.steps(ref), ""
        top, bottom = self.fact.quotient(ref)
        return top, "" if bottom == "1" else bottom

    def steps(self, ref: Ref) -> str:
        """The value as a whole number in its scale, inside ``guarded``: no binary fraction enters the formula."""
        if self.whole:
            return f"ROUND({Percent.whole}*{self.fact.bare(ref)}/{self.whole.bare(ref)},0)"
        return self.fact.steps(ref)


class Measured(Rule, frozen=True):
    """A rule that looks at what it measures, and at nothing else."""

    measure: Measure

    def facts(self) -> tuple[Fact, ...]:
        return self.measure.facts

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        return self.measure.turns(fact)

    def told(
        self, tell: Callable[..., str], values: Columns, scores: Column, *more: Column | Mask, compared: bool = False
    ) -> list[str]:
        """A sentence a unit, as ``Measure.told`` makes them."""
        return self.measure.told(tell, values, scores, *more, cited=self.cited, compared=compared)


class AmongUnits(Measured, frozen=True):
    """A rule that compares the units with one another, always."""

    most: bool
    """The largest number is the first, the best."""

    @property
    def among_units(self) -> bool:
        return True

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        return anything(self, values, unknown)

    def formula(self, ref: Ref) -> str:  # noqa: ARG002
        return f'"{RANKED}"'


def anything(rule: Measured, values: Columns, unknown: Column) -> tuple[Column, Column]:
    """The least and the most for every unit that competes while any of the others' numbers is unknown (K23)."""
    scores, moved = rule.score(values), (unknown > 0) & rule.measure.competes(values)
    return scores + moved * (rule.worth.low - scores), scores + moved * (rule.worth.high - scores)


def most_first(node: Node) -> bool:
    """The order in which units are compared."""
    order = node.text("order", MOST_FIRST)
    if order not in (MOST_FIRST, FEWEST_FIRST):
        raise node.error(f"{node.word('order')}应是“{MOST_FIRST}”或“{FEWEST_FIRST}”，现为“{order}”", "order")
    return order == MOST_FIRST


def _number(amount: int, scale: int) -> str:
    return plain(amount, scale) if scale > 1 else str(amount)


def _decimal(number: Fraction, scale: int) -> str:
    """``= 0.9``, or ``≈ 0.67`` where that is not all of it."""
    steps = half_up(*(number * scale).as_integer_ratio())
    return f"{'=' if steps == number * scale else '≈'} {plain(steps, scale)}"


def figure(value: Fraction, scale: int = CENT) -> str:
    """A number as it stands in a sum, without its measure: ``62``, ``(2/3)``, ``(-10)``."""
    text = plain(value, scale)
    return f"({text})" if "/" in text or text.startswith("-") else text


def column(numbers: Sequence[int] | Sequence[Fraction], like: Column) -> Column:
    """One whole number a unit, held as another column holds them."""
    found = like.copy()
    found[:] = numbers
    return found


def places(order: Column, competes: Mask, *, most: bool) -> Column:
    """Competition places among the units that compete: 1, 2, 2, 4."""
    ascending = order[competes]
    ascending.sort()
    if most:
        found: Column = len(ascending) + 1 - ascending.searchsorted(order, side="right").astype(order.dtype)
    else:
        found = 1 + ascending.searchsorted(order, side="left").astype(order.dtype)
    return found

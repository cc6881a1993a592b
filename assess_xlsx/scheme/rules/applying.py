"""不适用: what an item brings where it does not concern a unit. Another rule scores the units that it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from assess_xlsx.amounts import Exact, half_up, plain, two_places
from assess_xlsx.scheme.answer_kinds import Choice
from assess_xlsx.scheme.facts import Condition, Fact
from assess_xlsx.scheme.rules.around import Around
from assess_xlsx.scheme.rules.base import RANKED, Columns, Doubt, Quotient, Rule

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.facts import Ref

RESCALED, FULL, MEAN, NOTHING = "折算", "满分", "平均分", "零分"
MODES = (RESCALED, FULL, MEAN, NOTHING)
"""不适用时: what is done then."""
LABEL, OPTIONS = "是否适用", ("适用", "不适用")
"""The row of the form by which it is said."""
OUT = OPTIONS.index("不适用")
LEFT_OUT = "不适用"
"""What stands instead of a score that is left out of the sum and of the points that it is measured by."""


def asked_whether(code: str, *, office: bool) -> Fact:
    """Whether an item concerns the unit, as its first row asks."""
    hint = "不适用的，以下各行不用填" if office else "不适用的，以下各行不用填；是否适用由考核办核定"
    return Fact(code, LABEL, Choice(OPTIONS), office, hint=hint, claim=not office)


def concerned(fact: Fact) -> Condition:
    """That an item concerns the unit."""
    return Condition(fact, equals=OPTIONS.index("适用"))


class Applying(Around, frozen=True):
    """Another rule among the units that the item concerns, and 折算, 满分, 平均分 or 零分 for the others."""

    kind: ClassVar[str] = "applying"
    title: ClassVar[str] = "不适用时"
    fact: Fact
    mode: str
    field: int
    """The units of the form."""

    @classmethod
    def around(cls, rule: Rule, fact: Fact, mode: str, field: int) -> Applying:
        """The rule of an item that need not concern every unit."""
        return cls(rule.worth, rule.reading, rule, fact, mode, field)

    @property
    def among_units(self) -> bool:
        return self.rule.among_units or self.mode == MEAN

    def among(self, field: int) -> Rule:
        return replace(self, rule=self.rule.among(field), field=field)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact, *self.rule.facts())

    def compared_facts(self) -> tuple[Fact, ...]:
        if self.mode == MEAN and not self.rule.among_units:
            return (*self.rule.facts(), self.fact)
        return (*self.rule.compared_facts(), self.fact) if self.among_units else ()

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        return fact.kind.extremes() if fact == self.fact else self.rule.turns(fact)

    # ── on one form ──

    def formula(self, ref: Ref) -> str:
        if self.among_units and self.mode == RESCALED:
            return f'IF({self.fact.chosen(OUT, ref)},"{LEFT_OUT}","{RANKED}")'
        if self.among_units:
            return f'"{RANKED}"'
        instead = {RESCALED: f'"{LEFT_OUT}"', FULL: plain(self.worth.high), NOTHING: "0"}[self.mode]
        return f"IF({self.fact.chosen(OUT, ref)},{instead},{self.rule.formula(ref)})"

    def exact_formula(self, ref: Ref) -> Quotient:
        return self.rule.exact_formula(ref)

    # ── over all units ──

    def out(self, values: Columns) -> Mask:
        """The units that the item does not concern."""
        mask: Mask = values[self.fact.key] == OUT
        gap = values.gaps.get(self.fact.key)
        return mask if gap is None else mask & ~gap

    def _within(self, values: Columns) -> tuple[Column, Rule, Columns]:
        """The rows of the others, their rule and what it looks at."""
        out = self.out(values)
        rows = (~out).nonzero()[0]
        rule = self.rule.among(max(1, self.field - int(out.sum()))) if self.rule.among_units else self.rule
        return rows, rule, values.only(rows)

    def exact(self, values: Columns) -> Exact:
        return Exact(self.score(values))

    def score(self, values: Columns) -> Column:
        if not self.out(values).any():
            return self.rule.score(values)
        rows, rule, few = self._within(values)
        own = rule.score(few)
        instead = self._mean(self._known(values, rows, few, own)) if self.mode == MEAN else self._instead
        return self._spread(values, rows, own, instead)

    @property
    def _instead(self) -> int:
        """What the units that it does not concern get, whatever the others have (cents)."""
        return self.worth.high if self.mode == FULL else 0

    def _known(self, values: Columns, rows: Column, few: Columns, own: Column) -> Column:
        """The scores of the units that it concerns and that have one: no figure is a gap, or the office said it."""
        known: Mask = few[self.fact.key] >= 0
        for fact in self.facts():
            if fact.key in few.gaps:
                known = known & ~few.gaps[fact.key]
        lacking = self.rule.lacking(few)
        known = known if lacking is None else known & ~lacking
        final, ruled = own.copy(), values.ruled.get(self.fact.code, {})
        for place, row in enumerate(rows.tolist()):
            if row in ruled:
                final[place], known[place] = ruled[row], True
        return final[known]

    @staticmethod
    def _mean(known: Column) -> int:
        """The mean of scores, rounded (cents); 0 while there is none."""
        return half_up(int(known.sum()), len(known)) if len(known) else 0

    def _spread(self, values: Columns, rows: Column, own: Column, rest: int) -> Column:
        """A column of all units from those of some."""
        found = values[self.fact.key] * 0 + rest
        found[rows] = own
        return found

    def lacking(self, values: Columns) -> Mask | None:
        lacking, out = self.rule.lacking(values), self.out(values)
        if lacking is not None:
            lacking = lacking & ~out
        if self.mode != MEAN or not out.any():
            return lacking
        rows, rule, few = self._within(values)
        if len(self._known(values, rows, few, rule.score(few))):
            return lacking
        return out if lacking is None else lacking | out

    def doubt(self, values: Columns) -> Doubt | None:
        out = self.out(values)
        if not out.any():
            return self.rule.doubt(values)
        rows, rule, few = self._within(values)
        doubt = rule.doubt(few)
        if doubt is None:
            return None
        units: Mask = out & False
        units[rows] = doubt.units
        low, high = (
            end if isinstance(end, int) else self._spread(values, rows, end, 0) for end in (doubt.low, doubt.high)
        )
        return replace(doubt, units=units, low=low, high=high)

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        rows, rule, few = self._within(values)
        lows, highs = rule.compared(few, unknown[rows])
        low, high = (self._spread(values, rows, end, 0) for end in (lows, highs))
        if self.mode == FULL:
            low, high = (self._spread(values, rows, end[rows], self.worth.high) for end in (low, high))
        elif self.mode == MEAN:
            high = self._spread(values, rows, high[rows], self.worth.high)
        return low, high

    def explain(self, values: Columns, scores: Column) -> list[str]:
        out = self.out(values)
        if not out.any():
            return self.rule.explain(values, scores)
        rows, rule, few = self._within(values)
        known = self._known(values, rows, few, rule.score(few))
        sentences = [self._told(known)] * len(out)
        for row, sentence in zip(rows.tolist(), rule.explain(few, scores[rows]), strict=True):
            sentences[row] = sentence
        return sentences

    def _told(self, known: Column) -> str:
        """What is said where it does not concern the unit."""
        if self.mode == RESCALED:
            return f"不适用，不计分，{plain(self.worth.high)} 分不计入考核项目的分值，其余指标的得分按比例折算"
        if self.mode == MEAN:
            if not len(known):
                return "不适用，没有单位有得分可取平均，暂记 0 分"
            total, count = plain(int(known.sum())), len(known)
            return f"不适用，取适用的 {count} 个单位的平均分，{total} / {count} = {two_places(self._mean(known))}"
        return f"不适用，按{self.mode}，{self.worth.told(self._instead)}"

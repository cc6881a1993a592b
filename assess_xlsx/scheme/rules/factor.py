"""系数: another rule's score times a factor for the size of the task, the unit's own or by an option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import replace

from assess_xlsx.amounts import CENT, Exact, bounded, plain, two_places, wide
from assess_xlsx.scheme.answer_kinds import Choice, Number
from assess_xlsx.scheme.computed import filled
from assess_xlsx.scheme.facts import Fact
from assess_xlsx.scheme.rules.around import Around
from assess_xlsx.scheme.rules.base import NO_END, Doubt, Quotient, by_option
from assess_xlsx.scheme.rules.lines import FACT, OPTION, Line, Shape

if TYPE_CHECKING:
    from fractions import Fraction

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Ref
    from assess_xlsx.scheme.rules.base import Columns, Find, Rule
    from assess_xlsx.scheme.tree import Node

ONCE = 10_000
"""Steps of a factor of 1."""
MOST_TIMES = 10
ROSTER = "花名册"
OF_UNIT = Fact(ROSTER, "系数", Number(""))
"""Stands for the unit's own factor in a formula: it is no question of the form."""
FACTOR = Line(
    "系数", "factor", "得分乘以本单位在“花名册”的系数：“选项”写“花名册”。乘过以后最多是分值。", cells={OPTION: ""}
)
FACTOR_BY_OPTION = Line(
    "系数（按选项）",
    "factor",
    "得分乘以一个选项决定的系数，如任务的难度：一个选项一行，“填报项”写看哪个填报项，“选项”写选哪一项，"
    "“分数”写系数，如 1.2；乘过以后最多是分值。",
    shared={FACT: "fact"},
    shape=Shape.BY_OPTION,
)
"""Lines of every rule."""


def factor(node: Node, key: str) -> int:
    """A factor of the scheme, in steps."""
    steps = node.decimal(key) * ONCE
    if not 0 < steps <= MOST_TIMES * ONCE:
        raise node.error(f"系数应大于 0、不超过 {MOST_TIMES}", key)
    if steps != int(steps):
        raise node.error("系数最多四位小数", key)
    return int(steps)


def times(steps: int) -> str:
    """A factor as people read it."""
    return plain(steps, ONCE)


def by_options(node: Node, fact: Fact, *, every: bool = True) -> tuple[int, ...]:
    """Factors by option of a choice; 0 of an option that has none, where not every one must."""
    if not isinstance(fact.kind, Choice):
        raise node.error(f"“{fact.label}”不是选项，不能逐项写系数", "fact")
    table = node.node("scores", "系数")
    given = list(table.keys())
    for option in given:
        if option not in fact.kind.options:
            raise table.misnamed(f"“{option}”不是“{fact.label}”的选项", option)
    left = [option for option in fact.kind.options if option not in given]
    if left and every:
        raise table.error(f"没有给“{'”“'.join(left)}”写系数")
    return tuple(factor(table, option) if option in given else 0 for option in fact.kind.options)


def picked(fact: Fact, steps: tuple[int, ...], ref: Ref) -> str:
    """The factor by option as a whole number, in an Excel expression."""
    formula = str(steps[-1])
    for option, each in reversed(list(enumerate(steps[:-1]))):
        formula = f"IF({fact.chosen(option, ref)},{each},{formula})"
    return formula


class Factored(Around, frozen=True):
    """Another rule's score times a factor, within what the item is worth."""

    kind: ClassVar[str] = "factored"
    title: ClassVar[str] = FACTOR.name
    fact: Fact | None
    """By whose option the factor is; None: it is the unit's own."""
    steps: tuple[int, ...]

    @classmethod
    def around(cls, rule: Rule, node: Node, find: Find) -> Factored:
        """A rule with what its table says of 系数."""
        said = node.either(FACTOR.into)
        if isinstance(said, str):
            if said.strip() != ROSTER:
                raise node.error(f"“{FACTOR.name}”的“{OPTION}”只能是“{ROSTER}”，现为“{said}”", FACTOR.into)
            return cls(rule.worth, rule.reading, rule, None, ())
        table = node.node(FACTOR.into, FACTOR.name)
        fact = filled(find(table, "fact"), table, "fact")
        steps = by_options(table, fact)
        table.done()
        return cls(rule.worth, rule.reading, rule, fact, steps)

    def facts(self) -> tuple[Fact, ...]:
        return tuple(dict.fromkeys((*self.rule.facts(), *((self.fact,) if self.fact else ()))))

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        return fact.kind.extremes() if isinstance(fact.kind, Choice) else self.rule.turns(fact)

    def _ends(self) -> tuple[int | None, int | None]:
        """Within which cents the product is; the section sees to an end that the rule leaves open."""
        (low, high), open_end = (self.worth.low, self.worth.high), self.rule.open_end
        return (
            None if open_end == "floor" or low <= -NO_END else low,
            None if open_end == "cap" or high >= NO_END else high,
        )

    # ── on one form ──

    def exact_formula(self, ref: Ref) -> Quotient:
        quotient = self.rule.exact_formula(ref)
        if self.among_units:
            return quotient
        bottom = f"{quotient.bottom}*{ONCE}" if quotient.bottom else str(ONCE)
        own = picked(self.fact, self.steps, ref) if self.fact else f"ROUND({ONCE}*{ref(OF_UNIT)},0)"
        top, (low, high) = f"({quotient.top})*{own}", self._ends()
        if low is not None:
            top = f"MAX({low}*{bottom},{top})" if low else f"MAX(0,{top})"
        if high is not None:
            top = f"MIN({high}*{bottom},{top})" if high else f"MIN(0,{top})"
        return Quotient(top, f"({bottom})")

    def formula(self, ref: Ref) -> str:
        if self.among_units:
            return self.rule.formula(ref)
        top, bottom = self.exact_formula(ref)
        return f"ROUND({top}/{bottom},0)/{CENT}"

    # ── over all units ──

    def factors(self, values: Columns) -> Any:  # noqa: ANN401 - one number or a wide column
        """Each unit's factor, in steps."""
        if self.fact:
            return wide(by_option(values[self.fact.key], self.steps))
        return ONCE if values.factors is None else wide(values.factors)

    def _times(self, amounts: Exact, values: Columns) -> Exact:
        """Amounts times the factors, within their ends."""
        part, whole = wide(amounts.part) * wide(amounts.amount) * self.factors(values), wide(amounts.whole) * ONCE
        low, high = (None if end is None else end * whole for end in self._ends())
        return Exact(bounded(part, low, high), whole)

    def exact(self, values: Columns) -> Exact:
        return self._times(self.rule.exact(values), values)

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        (low, high), amounts = self.rule.compared(values, unknown), self.rule.exact(values)
        slack = int(amounts.divided)  # what is compared is rounded, what is multiplied is not
        ends = [self._times(Exact(end), values).rounded() for end in (low - slack, high + slack)]
        scores, known = self.score(values), unknown == 0
        return ends[0] + known * (scores - ends[0]), ends[1] + known * (scores - ends[1])

    def doubt(self, values: Columns) -> Doubt | None:
        doubt = self.rule.doubt(values)
        if doubt is None:
            return None
        low, high = (self._times(Exact(doubt.units * 0 + end), values).rounded() for end in (doubt.low, doubt.high))
        return replace(doubt, low=low, high=high)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        amounts = self.rule.exact(values)
        said = self.rule.explain(values, amounts.rounded())
        factors = self.factors(values)
        each = [factors] * len(said) if isinstance(factors, int) else factors.tolist()
        options = values[self.fact.key].tolist() if self.fact else [0] * len(said)
        rows = zip(said, amounts.fractions(), each, options, scores.tolist(), strict=True)
        return [self._told(*row) for row in rows]

    def _told(self, said: str, amount: Fraction, steps: int, option: int, score: int) -> str:
        """``…；9 × 系数 1.2（花名册） = 10.80``, or what cuts it short."""
        why = self.fact.chose(option) if self.fact else ROSTER
        product, (low, high) = amount * steps / ONCE, self._ends()
        cut = "封顶" if high is not None and product > high else ""
        cut = self.worth.stopped(low) if low is not None and product < low else cut
        comes_to = f"，{cut}，{self.worth.told(score)}" if cut else f" = {two_places(score)}"
        return f"{said}；{plain(amount)} × {FACTOR.name} {times(steps)}（{why}）{comes_to}"

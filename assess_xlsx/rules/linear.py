"""linear: a start and steps for what is counted, with floor, cap and “zero if” (K3, K6, K8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import CENT, plain, two_places
from assess_xlsx.kinds import Choice, Count
from assess_xlsx.rules.base import Rule, Worth, bounded, by_option, pick, scores_by_option, told

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find


@dataclass(frozen=True, slots=True)
class Term:
    """A step (cents) for each unit of a fact: counted as it is, short of a number, or when it has a value."""

    fact: Fact
    step: int
    short_of: int | None = None
    equals: int | None = None
    at_most: int | None = None

    @classmethod
    def from_node(cls, node: Node, find: Find) -> Term:
        fact = find(node, node.text("fact"))
        equals = None
        if isinstance(fact.kind, Choice):
            option = node.text("is")
            if option not in fact.kind.options:
                raise node.error(f"“{option}”不是“{fact.label}”的选项")
            equals = fact.kind.options.index(option)
        elif not isinstance(fact.kind, Count):
            raise node.error(f"“{fact.label}”不是次数，不能逐次加减分")
        short_of = node.whole("short_of") if node.has("short_of") else None
        at_most = node.whole("at_most") if node.has("at_most") else None
        term = cls(fact, node.points("step"), short_of, equals, at_most)
        node.text("reading", "")
        node.done()
        return term

    def formula(self, ref: Ref) -> str:
        if self.equals is not None:
            return f'IF({ref(self.fact)}="{self.fact.kind.show(self.equals)}",1,0)'
        count = self.fact.operand(ref)
        if self.short_of is not None:
            count = f"MAX(0,{self.short_of}-{count})"
        return count if self.at_most is None else f"MIN({self.at_most},{count})"

    def count(self, values: Columns) -> Column:
        column = values[self.fact.key]
        if self.equals is not None:
            chosen: Column = (column == self.equals).astype(column.dtype)
            return chosen
        if self.short_of is not None:
            column = bounded(self.short_of - column, 0, None)
        return bounded(column, None, self.at_most)


@dataclass(frozen=True, slots=True)
class Linear(Rule):
    """linear: a start (fixed or by choice), a step a fact, floor, cap, “zero if” (K3, K6, K8)."""

    kind: ClassVar[str] = "linear"
    start: int
    start_fact: Fact | None
    start_scores: tuple[int, ...]
    terms: tuple[Term, ...]
    floor: int | None
    cap: int | None
    zero_fact: Fact | None
    zero_from: int

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Linear:  # noqa: ARG003
        start, start_fact = 0, None
        start_scores: tuple[int, ...] = ()
        if isinstance(node.either("start"), dict):
            table = node.node("start", "start")
            start_fact = find(table, table.text("fact"))
            start_scores = scores_by_option(table, start_fact)
            table.done()
        else:
            start = node.points("start")
        zero_fact, zero_from = None, 0
        if node.has("zero_if"):
            table = node.node("zero_if", "zero_if")
            zero_fact, zero_from = find(table, table.text("fact")), table.whole("at_least")
            table.done()
        rule = cls(
            worth,
            node.text("reading", ""),
            start,
            start_fact,
            start_scores,
            tuple(Term.from_node(term, find) for term in node.nodes("terms", "terms")),
            node.points("floor") if node.has("floor") else None,
            node.points("cap") if node.has("cap") else None,
            zero_fact,
            zero_from,
        )
        rule.check(node)
        return rule

    def check(self, node: Node) -> None:
        """An item with points of its own reaches them and stays within them (K8)."""
        if self.worth.bonus or self.worth.low < 0:
            return
        rising = any(term.step > 0 for term in self.terms)
        if rising and self.cap is None:
            raise node.error("逐次加分的规则要写 cap（加到多少封顶）")
        if self.floor is None and any(term.step < 0 for term in self.terms):
            raise node.error("逐次扣分的规则要写 floor（扣到多少为止）")
        top = self.cap if rising and self.cap is not None else max(self.start, *self.start_scores, 0)
        if top != self.worth.high:
            raise node.error(f"规则的最高分是 {plain(top)}，分值却是 {plain(self.worth.high)}")

    def facts(self) -> tuple[Fact, ...]:
        ends = (fact for fact in (self.start_fact, self.zero_fact) if fact)
        return tuple(dict.fromkeys((*ends, *(term.fact for term in self.terms))))

    def formula(self, ref: Ref) -> str:
        sum_ = pick(self.start_fact, self.start_scores, ref) if self.start_fact else plain(self.start)
        for term in self.terms:
            size = "" if abs(term.step) == CENT else f"{plain(abs(term.step))}*"
            sum_ += f"{'-' if term.step < 0 else '+'}{size}{term.formula(ref)}"
        if not (self.start or self.start_fact):
            sum_ = sum_.removeprefix("0").removeprefix("+")
        if self.floor is not None:
            sum_ = f"MAX({plain(self.floor)},{sum_})"
        if self.cap is not None:
            sum_ = f"MIN({plain(self.cap)},{sum_})"
        if self.zero_fact:
            sum_ = f"IF({self.zero_fact.operand(ref)}>={self.zero_from},0,{sum_})"
        exact_in_binary = all(term.step % 25 == 0 for term in self.terms)
        return sum_ if exact_in_binary else f"ROUND({sum_},2)"

    def _start(self, values: Columns) -> Column:
        if self.start_fact:
            return by_option(values[self.start_fact.key], self.start_scores)
        return values[self.terms[0].fact.key] * 0 + self.start

    def score(self, values: Columns) -> Column:
        scores = self._start(values)
        for term in self.terms:
            scores = scores + term.step * term.count(values)
        scores = bounded(scores, self.floor, self.cap)
        return scores * (values[self.zero_fact.key] < self.zero_from) if self.zero_fact else scores

    def explain(self, values: Columns, scores: Column) -> list[str]:
        starts = self._start(values)
        counts = [term.count(values) for term in self.terms]
        zeros = values[self.zero_fact.key] if self.zero_fact else starts * 0

        def tell(start: int, zero: int, score: int, *numbers: int) -> str:
            if self.zero_fact and zero >= self.zero_from:
                return f"{self.zero_fact.label} {self.zero_fact.kind.show(zero)}，此项不记分 = 0.00"
            steps = [
                f"{'−' if term.step < 0 else '+'} {self._times(term, number)}"
                for term, number in zip(self.terms, numbers, strict=True)
            ]
            sum_ = start + sum(term.step * number for term, number in zip(self.terms, numbers, strict=True))
            cut = "，扣完为止" if sum_ < score else "，封顶" if sum_ > score else ""
            before = f" = {two_places(sum_)}" if cut else ""
            return f"{plain(start)} {' '.join(steps)}{before}{cut} = {two_places(score)}"

        return told(tell, starts, zeros, scores, *counts)

    @staticmethod
    def _times(term: Term, number: int) -> str:
        size = plain(abs(term.step))
        if term.short_of is not None:
            return f"{number} × {size}（少于{term.short_of}{term.fact.kind.show(0).lstrip('0')}的部分）"
        if term.at_most is not None:
            return f"{number} × {size}（最多计{term.at_most}次）"
        return f"{number} × {size}"

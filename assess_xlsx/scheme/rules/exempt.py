"""免扣: another rule, but for units where a fact says that nothing comes off."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from msgspec.structs import replace

from assess_xlsx.amounts import plain
from assess_xlsx.scheme.computed import asked
from assess_xlsx.scheme.rules.around import Around
from assess_xlsx.scheme.rules.base import NO_END, Doubt, Quotient
from assess_xlsx.scheme.rules.lines import BELOW, FACT, FROM, OPTION, POINTS, Line, Shape
from assess_xlsx.scheme.rules.when import When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.amounts import Column, Exact, Mask
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find, Rule, Worth
    from assess_xlsx.scheme.tree import Node

EXEMPT = Line(
    "免扣",
    "exempt",
    "“填报项”选了“选项”所写的一项，或者达到“达到”所写的数，或者不足“不足”所写的数，就不扣分，不论别的填了什么：记满分，"
    "或“分数”所写的分；几行中有一行就算，先于归零、不得分。这个填报项总要填写，如“发生突发事件”选“否”。",
    cells={FACT: "fact", OPTION: "is", FROM: "at_least", BELOW: "below", POINTS: "points"},
    shape=Shape.LIST,
)
"""A line of every rule that takes off."""


class Exemption(NamedTuple):
    """So many cents where something holds."""

    when: When
    score: int


class Exempting(Around, frozen=True):
    """Another rule, and so many points for the units of which one of some circumstances holds."""

    kind: ClassVar[str] = "exempting"
    title: ClassVar[str] = EXEMPT.name
    exemptions: tuple[Exemption, ...]
    """The first that holds decides."""

    @classmethod
    def around(cls, rule: Rule, node: Node, find: Find) -> Exempting:
        """A rule with what its table says of 免扣."""
        full = min(rule.worth.high, rule.reach()[1])
        exemptions = tuple(_exemption(each, rule.worth, full, find) for each in node.nodes("exempt", EXEMPT.name))
        return cls(rule.worth, rule.reading, rule, exemptions)

    def facts(self) -> tuple[Fact, ...]:
        return tuple(dict.fromkeys((*(each.when.fact for each in self.exemptions), *self.rule.facts())))

    def reach(self) -> tuple[int, int]:
        (low, high), scores = self.rule.reach(), [each.score for each in self.exemptions]
        return min(low, *scores), max(high, *scores)

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        moved = {fact.key, *((fact.limit.key,) if fact.limit else ())}  # a limit is raised with what it limits (K17)
        looks = any(each.key in moved or (each.limit and each.limit.key in moved) for each in self.rule.facts())
        turns = self.rule.turns(fact) if looks else fact.kind.extremes()
        if turns is None:
            return None
        gates = (each.when for each in self.exemptions if each.when.fact.key in moved)
        return (*turns, *(edge for gate in gates for edge in gate.edges()))

    # ── on one form ──

    def formula(self, ref: Ref) -> str:
        if self.among_units:
            return self.rule.formula(ref)
        return self._where(ref, [plain(each.score) for each in self.exemptions], self.rule.formula(ref))

    def exact_formula(self, ref: Ref) -> Quotient:
        quotient = self.rule.exact_formula(ref)
        if self.among_units:
            return quotient
        top = self._where(ref, [str(each.score) for each in self.exemptions], quotient.top)
        bottom = quotient.bottom and self._where(ref, ["1"] * len(self.exemptions), quotient.bottom)
        return Quotient(top, bottom)

    def _where(self, ref: Ref, instead: list[str], formula: str) -> str:
        for each, score in reversed([*zip(self.exemptions, instead, strict=True)]):
            formula = f"IF({each.when.formula(ref)},{score},{formula})"
        return formula

    # ── over all units ──

    def exempted(self, values: Columns) -> Mask:
        """The units of which one of the circumstances holds."""
        found: Mask = reduce(or_, (each.when.holds(values) for each in self.exemptions))
        return found

    def exact(self, values: Columns) -> Exact:
        found = self.rule.exact(values)
        for each in reversed(self.exemptions):
            found = found.where(~each.when.holds(values), each.score)
        return found

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        (low, high), scores, mask = self.rule.compared(values, unknown), self.score(values), self.exempted(values)
        return low + mask * (scores - low), high + mask * (scores - high)

    def doubt(self, values: Columns) -> Doubt | None:
        doubt = self.rule.doubt(values)
        return replace(doubt, units=doubt.units & ~self.exempted(values)) if doubt else None

    def explain(self, values: Columns, scores: Column) -> list[str]:
        sentences = self.rule.explain(values, scores)
        for each in reversed(self.exemptions):
            told = self._told(each, values)
            for row in each.when.holds(values).nonzero()[0].tolist():
                sentences[row] = told[row]
        return sentences

    def _told(self, each: Exemption, values: Columns) -> list[str]:
        said = f"{EXEMPT.name}，{self.worth.told(each.score)}{self.cited}"
        return [f"{each.when.told(value)}，{said}" for value in values[each.when.fact.key].tolist()]

    def overruled(self, values: Columns) -> Iterator[tuple[int, Fact, str]]:
        """What was filled in and would have cost points: the unit's row, the fact, and why it does not count."""
        scores, own = self.score(values), self.rule.score(values)
        gates = {each.when.fact for each in self.exemptions}
        facts = [fact for fact in asked(self.rule.facts()) if fact not in gates]
        for row in (self.exempted(values) & (own < scores)).nonzero()[0].tolist():
            when = next(each.when for each in self.exemptions if each.when.holds(values)[row])
            why = when.told(int(values[when.fact.key][row]))
            yield from ((row, fact, why) for fact in facts if values[fact.key][row] != fact.kind.nothing())


def _exemption(node: Node, worth: Worth, full: int, find: Find) -> Exemption:
    if worth.bonus:
        raise node.error(f"加分的指标没有分可扣，不要写“{EXEMPT.name}”", "fact")
    score = node.points("points") if node.has("points") else full
    if score >= NO_END:
        raise node.error(f"这个分项没有写最多几分，“{EXEMPT.name}”要写{node.word('points')}", "points")
    if not worth.low <= score <= full:
        between = replace(worth, high=full).between
        raise node.error(f"{node.word('points')}应在 {between} 之间，现为 {plain(score)}", "points")
    when = When.from_node(node, find, f"“{EXEMPT.name}”要写选项、达到或不足")
    if when.fact.only_with or when.fact.optional:
        reason = f"“{when.fact.label}”不是总要填写的，不能用来{EXEMPT.name}"
        raise node.error(reason, "fact")
    return Exemption(when, score)

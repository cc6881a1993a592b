"""A circumstance in a rule: an option is chosen, or a number is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assess_xlsx.scheme.answer_kinds import Choice
from assess_xlsx.scheme.computed import filled

if TYPE_CHECKING:
    from assess_xlsx.amounts import Mask
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node


@dataclass(frozen=True, slots=True)
class When:
    """The fact has an option, or reaches a number (in its scale)."""

    fact: Fact
    option: int | None
    at_least: int

    @classmethod
    def from_node(cls, node: Node, find: Find) -> When:
        fact = filled(find(node, "fact"), node, "fact")
        if node.has("is") == node.has("at_least"):
            raise node.error(f"{node.word('is')}和{node.word('at_least')}要写且只写一个", "is")
        if not isinstance(fact.kind, Choice):
            at_least = fact.kind.threshold(node, "at_least")
            if not 0 < at_least <= fact.kind.extremes()[-1]:
                most = fact.kind.show(fact.kind.extremes()[-1])
                raise node.error(f"{node.word('at_least')}应大于 0、不超过“{fact.label}”最大的数 {most}", "at_least")
            node.done()
            return cls(fact, None, at_least)
        option = node.text("is")
        if option not in fact.kind.options:
            raise node.error(f"“{option}”不是“{fact.label}”的选项", "is")
        node.done()
        return cls(fact, fact.kind.options.index(option), 0)

    def holds(self, values: Columns) -> Mask:
        """The units where it is so."""
        column = values[self.fact.key]
        return column == self.option if self.option is not None else column >= self.at_least

    def edges(self) -> tuple[int, ...]:
        """The values on either side of where it begins to hold."""
        return (self.at_least - 1, self.at_least) if self.option is None else self.fact.kind.extremes()

    def formula(self, ref: Ref) -> str:
        """An Excel condition."""
        if self.option is not None:
            return self.fact.chosen(self.option, ref)
        return f"{self.fact.operand(ref)}>={self.fact.kind.literal(self.at_least)}"

    def told(self, value: int) -> str:
        """``“未公示”选“是”``, ``通报次数 2次，达到 1次``."""
        if self.option is not None:
            return self.fact.chose(value)
        show = self.fact.kind.show
        return f"{self.fact.label} {show(value)}，达到 {show(self.at_least)}"

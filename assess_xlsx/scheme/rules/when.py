"""A circumstance: an option is chosen, a number is reached, or, where that may be said, a number stays below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from assess_xlsx.scheme.answer_kinds import Choice
from assess_xlsx.scheme.computed import filled

if TYPE_CHECKING:
    from assess_xlsx.amounts import Mask
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node


class When(Struct, frozen=True):
    """The fact has an option, or reaches a number (in its scale), or stays below it."""

    fact: Fact
    option: int | None
    edge: int
    below: bool = False

    @classmethod
    def from_node(cls, node: Node, find: Find, lacking: str = "") -> When:
        """Of a table with fact, and is or at_least.

        ``lacking``: what is said where it has neither; a number below which it holds may then stand there too.
        """
        fact = filled(find(node, "fact"), node, "fact")
        keys = ("is", "at_least", *(("below",) if lacking else ()))
        said = [key for key in keys if node.has(key)]
        if len(said) != 1:
            words = "和".join(map(node.word, keys[:2]))
            raise node.error(lacking or f"{words}要写且只写一个", said[-1] if said else "is")
        if not isinstance(fact.kind, Choice):
            key = "at_least" if said == ["is"] else said[0]
            edge = fact.kind.threshold(node, key)
            least, most = min(0, fact.kind.least), fact.kind.extremes()[-1]
            if not least < edge <= most:
                bounds = f"应大于 {fact.kind.literal(least)}、不超过“{fact.label}”最大的数 {fact.kind.show(most)}"
                raise node.error(f"{node.word(key)}{bounds}", key)
            node.done()
            return cls(fact, None, edge, key == "below")
        option = node.text("is")
        if option not in fact.kind.options:
            raise node.error(f"“{option}”不是“{fact.label}”的选项", "is")
        node.done()
        return cls(fact, fact.kind.options.index(option), 0)

    def holds(self, values: Columns) -> Mask:
        """The units where it is so."""
        column = values[self.fact.key]
        if self.option is not None:
            chosen: Mask = column == self.option
            return chosen
        found: Mask = column < self.edge if self.below else column >= self.edge
        return found

    def edges(self) -> tuple[int, ...]:
        """The values on either side of where it begins or ceases to hold."""
        return (self.edge - 1, self.edge) if self.option is None else self.fact.kind.extremes()

    def formula(self, ref: Ref) -> str:
        """An Excel condition."""
        if self.option is not None:
            return self.fact.chosen(self.option, ref)
        return f"{self.fact.operand(ref)}{'<' if self.below else '>='}{self.fact.kind.literal(self.edge)}"

    @property
    def text(self) -> str:
        """``“未公示”选“是”``, ``“通报次数”达到 1次``."""
        if self.option is not None:
            return f"“{self.fact.label}”选“{self.fact.kind.show(self.option)}”"
        return f"“{self.fact.label}”{self._reached}"

    @property
    def _reached(self) -> str:
        return f"{'不足' if self.below else '达到'} {self.fact.kind.show(self.edge)}"

    def told(self, value: int) -> str:
        """``“未公示”选“是”``, ``通报次数 2次，达到 1次``."""
        if self.option is not None:
            return self.fact.chose(value)
        return f"{self.fact.label} {self.fact.kind.show(value)}，{self._reached}"

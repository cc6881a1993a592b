"""How an item is scored: one class a rule kind, its Excel formula and its score over all units side by side.

``exact`` takes one int64 column a fact and answers cents, one a unit, not yet rounded; ``score`` rounds them.
Whether a score may count, gaps decide, outside (scoring).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.scheme.rules.base import NO_END, UNSETTLED, Columns, Doubt, Rule, Worth, citation, none_of
from assess_xlsx.scheme.rules.mean import Mean
from assess_xlsx.scheme.rules.parts import Parts
from assess_xlsx.scheme.rules.single import SINGLE, made, named

if TYPE_CHECKING:
    from assess_xlsx.scheme.rules.base import Find
    from assess_xlsx.scheme.tree import Node

__all__ = [
    "NO_END",
    "RULES",
    "UNSETTLED",
    "Columns",
    "Doubt",
    "Rule",
    "Worth",
    "build",
    "citation",
    "may_lack",
    "none_of",
    "tables",
]

RULES: dict[str, type[Rule]] = {**SINGLE, Parts.kind: Parts}
"""By kind, in the order in which people are told of them."""


def build(node: Node, worth: Worth, find: Find, field: int) -> Rule:
    """The rule that a scheme's table names."""
    kind = named(node, RULES)
    if kind.of_points and worth.endless:
        off = "加分" if worth.bonus else "扣分"
        raise node.error(f"“{kind.title}”要有分值，{off}不限的请用逐次加减", "kind")
    return made(kind, node, worth, find, field)


def tables(node: Node) -> list[Node]:
    """A rule's table and those of its parts."""
    return [node, *(node.nodes("parts", "分项") if node.has("parts") else ())]


def may_lack(node: Node) -> frozenset[str]:
    """What a rule's table calls the facts that it goes without where nothing was filled."""
    means = [table for table in tables(node) if table.text("kind", "") == Mean.kind and table.has("missing")]
    return frozenset(each.text("fact", "") for table in means for each in table.nodes("facts", "各次"))

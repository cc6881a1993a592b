"""How an item is scored: one class a rule kind, its Excel formula and its score over all units side by side.

``score`` takes one int64 column a fact and answers cents, one a unit.
Whether a score may count, gaps decide, outside (scoring).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.scheme.rules.bands import Bands
from assess_xlsx.scheme.rules.base import UNSETTLED, Columns, Doubt, Rule, Worth, citation
from assess_xlsx.scheme.rules.best import Best
from assess_xlsx.scheme.rules.choice import ByChoice
from assess_xlsx.scheme.rules.direct import Direct
from assess_xlsx.scheme.rules.flat import Flat
from assess_xlsx.scheme.rules.given import Given
from assess_xlsx.scheme.rules.linear import Linear
from assess_xlsx.scheme.rules.margin import Margin
from assess_xlsx.scheme.rules.rank import Rank
from assess_xlsx.scheme.rules.ratio import Ratio
from assess_xlsx.scheme.rules.tiers import Tiers

if TYPE_CHECKING:
    from assess_xlsx.scheme.rules.base import Find
    from assess_xlsx.scheme.tree import Node

__all__ = ["RULES", "UNSETTLED", "Columns", "Doubt", "Rule", "Worth", "build", "citation"]

RULES: dict[str, type[Rule]] = {
    rule.kind: rule for rule in (ByChoice, Bands, Linear, Ratio, Margin, Rank, Tiers, Best, Given, Direct, Flat)
}
"""By kind, in the order in which people are told of them."""


def build(node: Node, worth: Worth, find: Find, field: int) -> Rule:
    """The rule that a scheme's table names."""
    name = node.text("kind")
    if name not in RULES:
        raise node.error(f"没有“{name}”这种计分规则，可用的有：{'、'.join(RULES)}", "kind")
    rule = RULES[name].from_node(node, worth, find, field)
    node.done()
    return rule

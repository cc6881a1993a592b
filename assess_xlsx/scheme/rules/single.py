"""The rules that score by themselves, whole items or parts of one, and what may be around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.scheme.rules.bands import Bands
from assess_xlsx.scheme.rules.best import Best
from assess_xlsx.scheme.rules.choice import ByChoice
from assess_xlsx.scheme.rules.direct import Direct
from assess_xlsx.scheme.rules.efficacy import Efficacy
from assess_xlsx.scheme.rules.exempt import EXEMPT, Exempting
from assess_xlsx.scheme.rules.factor import FACTOR, Factored
from assess_xlsx.scheme.rules.flat import Flat
from assess_xlsx.scheme.rules.given import Given
from assess_xlsx.scheme.rules.knots import Knots
from assess_xlsx.scheme.rules.linear import Linear
from assess_xlsx.scheme.rules.margin import Margin
from assess_xlsx.scheme.rules.mean import Mean
from assess_xlsx.scheme.rules.rank import Rank
from assess_xlsx.scheme.rules.ratio import Ratio
from assess_xlsx.scheme.rules.tiers import Tiers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assess_xlsx.scheme.rules.base import Find, Rule, Worth
    from assess_xlsx.scheme.tree import Node

SINGLE: dict[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        ByChoice,
        Bands,
        Linear,
        Ratio,
        Margin,
        Efficacy,
        Knots,
        Rank,
        Tiers,
        Best,
        Given,
        Direct,
        Flat,
        Mean,
    )
}
"""By kind, in the order in which people are told of them."""


def named(node: Node, kinds: Mapping[str, type[Rule]]) -> type[Rule]:
    """The rule that a table names."""
    name = node.text("kind")
    if name not in kinds:
        raise node.error(f"没有“{name}”这种计分规则，可用的有：{'、'.join(kinds)}", "kind")
    return kinds[name]


def made(kind: type[Rule], node: Node, worth: Worth, find: Find, field: int) -> Rule:
    """The rule of a table, all of which is taken, with what is around it."""
    rule = kind.from_node(node, worth, find, field)
    if FACTOR in kind.lines and node.has(FACTOR.into):
        rule = Factored.around(rule, node, find)
    if EXEMPT in kind.lines and node.has(EXEMPT.into):
        rule = Exempting.around(rule, node, find)
    node.done()
    return rule

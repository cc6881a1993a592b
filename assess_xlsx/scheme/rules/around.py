"""A rule around another, which does most of the work: what 不适用, 免扣 and 系数 have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from assess_xlsx.scheme.rules.base import Rule

if TYPE_CHECKING:
    from assess_xlsx.amounts import Mask
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.rules.base import Columns, Doubt, Find, Worth
    from assess_xlsx.scheme.tree import Node


class Around(Rule, frozen=True):
    """Another rule, in all that a rule around it does not change."""

    rule: Rule

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Rule:  # noqa: ARG003
        """It is no rule of the sheet 计分规则: an item or a line of another rule says it."""
        raise node.error(f"“{cls.title}”不是计分规则")

    @property
    def inside(self) -> tuple[Rule, ...]:
        return (self.rule,)

    @property
    def core(self) -> Rule:
        return self.rule.core

    @property
    def readings(self) -> tuple[str, ...]:
        return self.rule.readings

    @property
    def among_units(self) -> bool:
        return self.rule.among_units

    @property
    def open_end(self) -> str:
        return self.rule.open_end

    def among(self, field: int) -> Rule:
        return replace(self, rule=self.rule.among(field))

    def facts(self) -> tuple[Fact, ...]:
        return self.rule.facts()

    def compared_facts(self) -> tuple[Fact, ...]:
        return self.rule.compared_facts()

    def taken_off(self) -> tuple[Fact, ...]:
        return self.rule.taken_off()

    def one_of(self) -> tuple[tuple[Fact, ...], ...]:
        return self.rule.one_of()

    def reach(self) -> tuple[int, int]:
        return self.rule.reach()

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        return self.rule.turns(fact)

    def lacking(self, values: Columns) -> Mask | None:
        return self.rule.lacking(values)

    def doubt(self, values: Columns) -> Doubt | None:
        return self.rule.doubt(values)

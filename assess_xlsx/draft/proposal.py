"""A sentence of a notice as 填报项 and a rule that hold, with all that a person has to confirm about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.leftover import left_over, unsaid
from assess_xlsx.draft.recipes import RECIPES, UNCOVERED, Asked, Proposal, by_parts
from assess_xlsx.scheme.build_items import SectionBuilder
from assess_xlsx.scheme.tree import Faults, Node

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table


def propose(asked: Asked) -> Proposal:
    """The first recipe whose rule holds; what it left over and what rules cannot say is among its doubts."""
    found, reason = _first(asked)
    if reason:
        found.doubts.append(f"计分规则不成立（{reason}），请改写")
    if over := left_over(found, asked):
        several = by_parts(asked)
        if several and len(left_over(several, asked)) < len(over) and not refused(several, asked):
            found = several
    found.doubts += [*left_over(found, asked), *ask.scraps(found.facts)]
    found.doubts = list(dict.fromkeys(found.doubts or unsaid(found, asked)))
    return found


def _first(asked: Asked) -> tuple[Proposal, str]:
    """The first proposal that a scheme would take, else the last, with the reason why it would not."""
    tried = ((proposal, refused(proposal, asked)) for recipe in RECIPES if (proposal := recipe(asked)))
    proposal, reason = next(tried)
    while reason and (following := next(tried, None)):
        proposal, reason = following
    return proposal, reason


def refused(found: Proposal, asked: Asked) -> str:
    """Why a scheme would not take the rule; empty where it does."""
    faults = Faults()
    ask.apart(found.facts)
    item: Table = {
        "code": "1.1.1",
        "method": "—",
        "content": "—",
        "text": "—",
        asked.worth: asked.points,
        "facts": found.facts,
        "rule": found.rule,
    }
    section: Table = {"title": "—", asked.worth: asked.points, "items": [item]}
    builder = SectionBuilder(faults, frozenset({UNCOVERED}), 100)
    faults.attempt(builder.section, Node(section, ""))
    return "；".join(fault.reason for fault in faults.found)

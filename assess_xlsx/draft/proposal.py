"""A sentence of a notice as 填报项 and a rule that hold, with all that a person has to confirm about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes import RECIPES, UNCOVERED, Asked, Proposal, by_parts
from assess_xlsx.scheme.build_items import SectionBuilder
from assess_xlsx.scheme.tree import Faults, Node

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.statements import Statement

_HARMLESS = {Says.REQUIRED, Says.FLOOR, Says.ORDER}
"""What may stay over: it says nothing that the rule does not do anyway."""
_NUMBERS = {"margin", "bands", "ratio", "best", "rank", "tiers"}
"""Rules that look at a number, which may be of a kind that no fact holds."""


def propose(asked: Asked) -> Proposal:
    """The first recipe whose rule holds; what it left over and what rules cannot say is among its doubts."""
    found, reason = _first(asked)
    if reason:
        found.doubts.append(f"计分规则不成立（{reason}），请改写")
    if over := _left_over(found, asked):
        several = by_parts(asked)
        if several and len(_left_over(several, asked)) < len(over) and not refused(several, asked):
            found = several
    found.doubts += _left_over(found, asked)
    found.doubts = list(dict.fromkeys(found.doubts))
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


def _left_over(found: Proposal, asked: Asked) -> list[str]:
    reading = asked.reading
    used = {id(each) for each in found.used}
    doubts = [_left(each) for each in reading.statements if id(each) not in used and _matters(each, asked)]
    doubts += [f"“{text}”没有读懂，没有写进规则" for text in reading.unread]
    doubts += [f"“{each.whole}”没有读懂，请核对" for each in reading.of(Says.GIVEN, Says.LOSS) if _each(each)]
    doubts += [
        f"“{each.text}”：{each.pattern.reason}，没有写进规则" for each in reading.beyond if id(each) not in used
    ]
    if found.rule["kind"] in _NUMBERS:
        doubts += [f"“{each.text}”：{each.pattern.reason}" for each in reading.cautions]
    return doubts


def _each(statement: Statement) -> bool:
    """It goes by something each time that no pattern has read: 每高于基准价1%扣0.5分."""
    return re.match("每(?:高|低|超|少|多|增|减|降|提|升|缺|延|推|逾)", statement.subject.split("，")[-1]) is not None


def _left(statement: Statement) -> str:
    return f"“{statement.whole.strip('，')}”没有写进规则"


def _matters(statement: Statement, asked: Asked) -> bool:
    if statement.says in _HARMLESS or (statement.says is Says.NOTHING and not asked.plain):
        return False
    return not (statement.says in (Says.FULL, Says.CAP) and statement.points in (None, asked.points))

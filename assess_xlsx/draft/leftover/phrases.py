"""Phrases that a pattern has read, or none has, and that a proposal did not use, or may have used wrongly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import times

if TYPE_CHECKING:
    from assess_xlsx.draft.recipes.base import Asked, Number, Proposal
    from assess_xlsx.draft.statements import Statement

HARMLESS = {Says.REQUIRED, Says.FLOOR, Says.ORDER}
"""What may stay over: it says nothing that the rule does not do anyway. The numbers in it are looked at apart."""
_LOOKS_AT_A_NUMBER = {"margin", "bands", "ratio", "best", "rank", "tiers"}
"""Rules that look at a number, which may be of a kind that no fact holds."""


def phrases(found: Proposal, asked: Asked) -> list[str]:
    """What was read and did not go into the rule, or went into it otherwise than it may be meant."""
    reading = asked.reading
    used = {id(each) for each in found.used}
    graded = any("options" in fact for fact in found.facts)
    unused = [each for each in reading.statements if id(each) not in used]
    doubts = [_left(each) for each in unused if _matters(each, asked) or _another(each, found, asked)]
    measured = [each.subject for each in found.used if each.says in (Says.BAND, Says.TIER)]
    doubts += [f"“{text}”没有读懂，没有写进规则" for text in reading.unread if text not in measured]
    doubts += [f"“{each.whole}”没有读懂，请核对" for each in reading.of(Says.GIVEN, Says.LOSS) if _each(each)]
    doubts += [
        f"“{each.whole}”像是看程度给分，写成了“是否”，请核对（由人打分的，把填报项改成“分值”，由考核办填）"
        for each in found.used
        if each.says is Says.GIVEN and not each.has("full") and _BY_DEGREE.search(each.subject) and not graded
    ]
    doubts += [
        f"“{each.text}”：{each.pattern.reason}，没有写进规则" for each in reading.beyond if id(each) not in used
    ]
    bare = [each for each in reading.of(Says.GIVEN) if each.has("bare")]
    if bare and sum(each.points or 0 for each in reading.of(Says.GIVEN)) != asked.points:
        doubts.append("只写了分数，没有写“得”还是“扣”，各项加起来也不等于分值，请核对")
    if found.rule["kind"] in _LOOKS_AT_A_NUMBER:
        doubts += [f"“{each.text}”：{each.pattern.reason}" for each in reading.cautions]
    return doubts


_BY_DEGREE = re.compile(
    r"(?:程度|情况|水平|质量|(?<!一定)(?:效果|成效)|力度|[^个能惯共各特男女异]性)$|是否"
    r"|(?:力度大|明显|显著|突出|有力|扎实|浓厚|较好|很好)$"
    r"|^(?:根据|视|依据|结合)[^，]*(?:程度|情况|质量)"
)
"""At the end of what points are given for: it may be so by degrees."""


def _each(statement: Statement) -> bool:
    """It goes by something each time that no pattern has read: 每高于基准价1%扣0.5分."""
    return re.search("每(?:高|低|超|少|多|增|减|降|提|升|缺|延|推|逾)", statement.subject.split("，")[-1]) is not None


def _left(statement: Statement) -> str:
    return f"“{statement.whole.strip('，')}”没有写进规则"


def _matters(statement: Statement, asked: Asked) -> bool:
    if statement.says in (Says.FULL, Says.CAP, Says.FLOOR):
        return statement.points not in (None, 0, asked.points)
    return statement.says not in HARMLESS and not (statement.says is Says.NOTHING and not asked.plain)


def _another(statement: Statement, found: Proposal, asked: Asked) -> bool:
    """Another requirement than the one in the rule: 林长每半年至少1次，乡级林长每季度至少1次，每少1次扣0.5分."""
    told = [_demanded(each, asked) for each in found.used if each.says is Says.REQUIRED]
    return statement.says is Says.REQUIRED and bool(told) and _demanded(statement, asked) not in told


def _demanded(required: Statement, asked: Asked) -> Number:
    """How much in what is assessed: 每季度1次 is 全年4次."""
    return (required.number("v") or 0) * times(required, asked)

"""Recipes for what compares units with one another: places, the best."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import Asked, Proposal, is_other_side

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.statements import Statement


def by_places(asked: Asked) -> Proposal | None:
    """第1名得6分，第2、3名得5分，其余得2分。"""
    tiers = asked.reading.of(Says.TIER)
    if not tiers:
        return None
    rest, order = asked.reading.of(Says.REST), asked.reading.of(Says.ORDER, Says.RANKED)
    fact, doubts = _compared(asked, (order or tiers)[0])
    rule: Table = {"kind": "tiers", "fact": fact["label"]}
    if any(each.has("fewest") for each in order):
        rule["order"] = "从少到多"
    for each in tiers:
        step = {"to": each.number("n"), "points": asked.signed(each)}
        rule.setdefault("last" if each.get("end") else "first", []).append(step)
    rule["rest"] = asked.signed(rest[0]) if rest else 0
    rest += [each for each in asked.reading.of(Says.ZERO) if is_other_side(each)]
    if not rest:
        doubts.append("其余名次得几分，原文没有写，暂按 0 分")
    if not order:
        doubts.append("按什么数排名、从多到少还是从少到多，原文没有写明，请核对")
    return Proposal([fact], rule, [*tiers, *rest, *order], doubts)


def by_rank(asked: Asked) -> Proposal | None:
    """根据各单位年度累计办件量排名，按排名记分。"""
    ranked = asked.reading.of(Says.RANKED)
    if not ranked:
        return None
    order = asked.reading.of(Says.ORDER)
    fact, doubts = _compared(asked, ranked[0])
    rule: Table = {"kind": "rank", "fact": fact["label"]}
    if any(each.has("fewest") for each in order):
        rule["order"] = "从少到多"
    doubts.append("按名次怎样记分，原文没有写；暂按“分值×（单位数－名次＋1）÷单位数”")
    return Proposal([fact], rule, [*ranked[:1], *order], doubts)


def by_best(asked: Asked) -> Proposal | None:
    """最多的得30分，其余按与最多者之比得分。"""
    best = asked.reading.of(Says.BEST)
    if not best:
        return None
    fact, doubts = _compared(asked, best[0])
    rule: Table = {"kind": "best", "fact": fact["label"]}
    if not best[0].has("most"):
        rule["order"] = "从少到多"
    if best[0].points not in (None, asked.points):
        doubts.append(asked.differs(best[0]))
    return Proposal([fact], rule, best[:1], doubts)


def _compared(asked: Asked, statement: Statement) -> tuple[Table, list[str]]:
    """The number by which units are ranked or compared."""
    about = asked.about(statement)
    clause = re.split(r"[，。；：]", about)[-1]
    clause = re.sub(r"(?:进行)?(?:由|从)?(?:排名|排序|位次)$", "", clause)
    fact = ask.measured(clause, "", asked.content)
    return fact, ask.unmeasured(fact)

"""The recipe for what one rule does not hold: several in one item, each a part of the sum, or the highest of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import Asked, Proposal
from assess_xlsx.draft.recipes.measures import by_margin
from assess_xlsx.draft.recipes.steps import Steps

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.statements import Statement

_HIGHEST = re.compile("最高|就高|不重复|不累")


def by_parts(asked: Asked) -> Proposal | None:
    """每少1次扣1分；资料不齐的，酌情扣0—1分；未公示的不得分。"""
    found = _highest(asked) if asked.reading.beyond else _sum(asked)
    if found is None or len(found.rule["parts"]) < 2:  # noqa: PLR2004
        return None
    found.doubts.append(f"一句里有 {len(found.rule['parts'])} 条记分办法，写成了几个分项，请核对")
    return found


def _sum(asked: Asked) -> Proposal | None:
    """Full marks less what each part takes off; nothing where a circumstance says so."""
    if not asked.plain:
        return None
    steps, parts = Steps(asked), _Parts(asked)
    margin = by_margin(asked)
    if margin and not margin.rule.keys() & {"zero", "base"}:
        parts.add(margin.rule, margin.facts, margin.used)
    for each in asked.reading.statements:
        if each not in parts.used:
            parts.take(each, steps)
    rule: Table = {"kind": "parts", "start": asked.points, "floor": 0, "parts": parts.parts}
    if parts.gates:
        rule["zero"] = parts.gates
    return Proposal(parts.facts, rule, parts.used)


def _highest(asked: Asked) -> Proposal | None:
    """获得国家级的加10分，省级的加6分，按最高项计分，不重复加分。"""
    told = [each for each in asked.reading.beyond if _HIGHEST.search(each.text)]
    if len(told) < len(asked.reading.beyond) or asked.worth == "deducts":
        return None
    parts = _Parts(asked)
    for each in asked.reading.of(Says.GIVEN, Says.STEP):
        fact = ask.count(asked.about(each), each.get("u") or "次", hit=False)
        points = asked.points_of(each)
        parts.add({"kind": "flat", "fact": fact, "at_least": 1, "points": points}, [fact], [each])
    for part in parts.parts:
        part["fact"] = part["fact"]["label"]
    return Proposal(parts.facts, {"kind": "parts", "take": "取最高", "parts": parts.parts}, [*parts.used, *told])


class _Parts:
    """Gathers parts, their facts and the statements that went into them."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.parts: list[Table] = []
        self.facts: list[Table] = []
        self.used: list[Statement] = []
        self.gates: list[Table] = []

    def add(self, part: Table, facts: list[Table], used: list[Statement]) -> None:
        self.parts.append(part)
        self.facts += facts
        ask.apart(self.facts)
        self.used += [each for each in used if each not in self.used]

    def take(self, each: Statement, steps: Steps) -> None:
        """Puts one statement where it belongs; ``steps`` makes the lines of what is counted."""
        asked = self.asked
        if each.says in (Says.STEP, Says.LOSS) and not each.get("rate") and asked.signed(each) < 0:
            before = len(steps.facts)
            steps.take(each)
            if each in steps.used:
                self.add({"kind": "linear", "terms": steps.terms[-1:]}, steps.facts[before:], steps.used)
        elif each.says is Says.JUDGED and each.has("hit") and each.has("high"):
            self.judge(each)
        elif each.says is Says.ZERO:
            self.gate(each)
        elif each.says in (Says.GIVEN, Says.BAND) and asked.points_of(each) == asked.points:
            self.used.append(each)  # all of it is the start

    def judge(self, each: Statement) -> None:
        """酌情扣0—1分: the office takes off so much at most."""
        high = each.number("high")
        fact = ask.points(f"{self.asked.about(each)}酌情扣分", high, office=True)
        self.add({"kind": "direct", "fact": fact["label"], "points": -(high or 0)}, [fact], [each])

    def gate(self, each: Statement) -> None:
        fact, told = self.asked.question(self.asked.about(each))
        self.facts.append(fact)
        ask.apart(self.facts)
        self.gates.append({"fact": fact["label"], "is": "是" if told else "否"})
        self.used.append(each)

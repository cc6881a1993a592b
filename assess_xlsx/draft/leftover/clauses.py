"""Clauses that no rule and no 填报项 tells: none is silent."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from assess_xlsx.draft.facts import MAKING
from assess_xlsx.draft.leftover.phrases import HARMLESS
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import is_other_side
from assess_xlsx.draft.text import repeats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.draft.recipes.base import Asked, Proposal
    from assess_xlsx.draft.statements import Statement

_NO_WORDS = re.compile(
    r"（[^（）]*）|“|”|[，。；：、！？]"
    r"|(?:查|看|查阅|查看|现场|实地|听取|依据|根据|(?:随机)?抽[取查])[^，。；]{0,20}$"
    r"|(?:由|以)[^，。；]{2,16}(?:提供|为准|为依据|负责)[^，。；]{0,6}$|的$|^[且并和及]$"
)
"""What may stand behind a rule and does not change it."""


def passed_over(found: Proposal, asked: Asked) -> Iterator[str]:
    """Clauses behind the first that went into the rule and in no phrase at all: none is silent."""
    text, last = asked.reading.text, 0
    told = [each.found.span() for each in asked.reading.beyond]
    used = {id(each) for each in found.used}
    first = min((each.found.start() for each in found.used), default=len(text))
    for each in asked.reading.statements:
        start, end = each.found.span()
        begin = max([last, *(place + 1 for place in range(last, start) if text[place] in "。；！？")])
        told.append((begin if id(each) in used or each.says in HARMLESS else start, end))
        last = end
    left = list(text)
    for start, end in told:
        left[start:end] = "\n" * (end - start)
    for clause in re.split(r"[，。；：！？\n]+", "".join(left[first:])):
        if len(re.sub(_NO_WORDS, "", clause)) > 1:
            yield clause


def unrepeated(found: Proposal, asked: Asked) -> Iterator[str]:
    """Clauses that tell what happened, or what was to be made, and that no 填报项 repeats."""
    told = [f"{fact['label']}{option}" for fact in found.facts for option in fact.get("options", [""])]
    questions = [_bare(each) for each in (*told, asked.content)]
    graded = any("options" in fact for fact in found.facts)
    for each in found.used:
        if _is_the_start(each, found, asked) or _tells_the_other_side(each):
            continue
        asking = each.says in (Says.GIVEN, Says.LOSS) and not graded
        for clause in re.split("[，：]", each.subject):
            words = _bare(clause)
            said = len(words) < FEWEST or any(repeats(question, words) for question in questions)
            if not said and (_HAPPENS.search(clause) or (asking and re.match(MAKING, clause))):
                yield clause


def tails(found: Proposal, asked: Asked) -> Iterator[str]:
    """What stands behind the last phrase of a sentence that is scored: 不得分，并清退相关人员."""
    text, used = asked.reading.text, {id(each) for each in found.used}
    for each, following in zip_longest(asked.reading.statements, asked.reading.statements[1:]):
        if id(each) in used and (following is None or following.sentence != each.sentence):
            for clause in re.split("[，：]", re.split("[。；！？]", text[each.found.end() :])[0]):
                if len(_bare(clause)) >= FEWEST and not _HARMLESS_TAIL.search(clause):
                    yield clause


_HARMLESS_TAIL = re.compile("为准|为依据|负责|提供|考核|扣完|为止|佐证|材料")
FEWEST = 4
"""Characters of a clause that says something."""
_HAPPENS = re.compile(r"未|不(?!断)|没|无|被|发生|出现|造成|导致|引发|引起|受到|存在|缺|漏|迟|拖|逾|违|虚")
"""In a clause that tells what happened, rather than what is to be done: it decides whether points are lost."""
_ASIDE = re.compile(
    r"^(?:[^，。；]{0,6}随机)?(?:查|看|查阅|查看|检查|抽查|核查|查验|审查)[^，。；]*|（[^（）]*）|“|”|以[^，。；]*为准"
    r"|按(?:照)?(?:规定|要求|标准|时限)|^(?:其中|如果?|若|凡|对于?|因|有|未|无|不)|全年|[的了]|[^一-龥A-Za-z]"
)
"""What of a clause no 填报项 has to say: where one looks, how, little words."""


def _bare(text: str) -> str:
    return _ASIDE.sub("", text)


def _is_the_start(statement: Statement, found: Proposal, asked: Asked) -> bool:
    """It tells when an item is full, from where points are taken off: 齐全得5分，缺1份扣1分."""
    full = statement.says in (Says.GIVEN, Says.BAND, Says.REQUIRED, Says.FULL)
    return full and found.rule["kind"] in ("linear", "parts", "bands") and asked.points_of(statement) == asked.points


def _tells_the_other_side(statement: Statement) -> bool:
    return statement.says in (Says.ZERO, Says.LOSS) and is_other_side(statement)

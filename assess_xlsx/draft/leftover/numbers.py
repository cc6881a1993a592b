"""Numbers, and words that bear on how many points there are, that no rule and no 填报项 holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import WHOLE
from assess_xlsx.draft.text import COUNTED, MEASURED, PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.draft.recipes.base import Asked, Proposal
    from assess_xlsx.draft.statements import Statement

_UNITS = "|".join(sorted((*COUNTED, *MEASURED, *PERCENT), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\d.])\d+(?:\.\d+)?(?:个?(?:{_UNITS}|‰|倍|成|分|日|元))?"
    rf"|[二两三四五六七八九十百]+个?(?:{_UNITS}|倍|成|元|分之)|半(?:{_UNITS})?(?=[^年]|年内)"
)
_NO_MEASURE = re.compile(
    r"《[^》]*》|“[^”]*”|\d{1,2}月(?:\d{1,2}日|底|末|份)?(?=[^，。；\d]*?(?:率|度))|\d{4}年度?|〔\d+〕\d*号?|(?:^|[。；，：])\d{1,2}[.、．](?!\d)|（\d{1,2}）|第[\d一二三四五六七八九十]+[季条款类批]"
    r"|(?:抽|随机)[^，。；\d]{0,6}?[\d一二两三四五六七八九十]+(?:个?.)|每[^，。；\d]{1,8}(?:抽查|抽取|随机)[^，。；]*(?=[，。；])|24小时"
    r"|[^，。；=]{2,}=[^，。；]*[×*xX]100%"
)
"""Numbers that name something, or say how it is assessed: 抽查20份病历."""
_BEARS = re.compile(
    r"每(?!年|季|月|周|天|日|半年)|分别|累计|连续|封顶|最多|最高|至多|比例|减半|加倍|另(?:外|行|扣|加)|同一|除外|直至|起评|倒扣"
)
"""Words that bear on how many points there are."""


def numbers(found: Proposal, asked: Asked) -> Iterator[str]:
    """Numbers and words that bear on the score, in no phrase that went into the rule nor in what is asked."""
    text = asked.reading.text
    told = [each.found.span() for each in found.used]
    told += [each.found.span() for each in asked.reading.of(Says.FLOOR, Says.FULL, Says.CAP, Says.NOTHING)]
    told += [each.span() for each in _NO_MEASURE.finditer(text)]
    told += [
        (each.found.start() - len(each.subject) - 1, each.found.start())
        for each in found.used
        if re.fullmatch("(?:全年|年度)?(?:累计|合计)", each.subject)
    ]
    told += [each.found.span() for each in asked.reading.of(Says.REQUIRED) if _violated(each, found)]
    told += [(text.rfind("。", 0, start) + 1, start) for each in found.used for start in _failing(each)]
    questions = list(_questions(found))
    again = {each[0] for used in found.used for each in _NUMBER.finditer(used.text)}
    if found.rule["kind"] == "ratio":
        again.add("100%")
    for each in (*_NUMBER.finditer(text), *_BEARS.finditer(text)):
        inside = any(start <= each.start() and each.end() <= end for start, end in told)
        if not inside and each[0] not in again and not any(each[0] in question for question in questions):
            yield _clause(text, each.start())


def _violated(required: Statement, found: Proposal) -> bool:
    """What is required says only what is called 漏访, 未检验 behind it: how much it is bears on nothing else."""
    clause = re.match("[^，。；]*[，。；]", required.found.string[required.found.end() :])
    if clause is None or (required.get("u") in PERCENT and required.number("v") != WHOLE):
        return False
    return any(
        each.says in (Says.STEP, Says.LOSS, Says.ZERO)
        and each.sentence == required.sentence
        and each.found.start() >= required.found.end() + clause.end()
        and re.search("^[漏迟未不误违]|达不到|不达标|不到位", re.split("，", each.subject)[-1] or _counted(each))
        for each in found.used
    )


def _counted(step: Statement) -> str:
    """What a step counts, in its own words: 漏访 of 漏访1人次扣1分."""
    return step.get("how") + step.get("what")


_FAILING = "(?:不符合|达不到|未达到?|不满足)(?:上述|以上|规定|相关)*(?:要求|标准)$|^有?(?:不达标|不符合)$"
"""What does not come up to all that was asked before."""


def _failing(statement: Statement) -> Iterator[int]:
    """Where 不符合要求的 begins: it is told of all that its sentence asks before it."""
    if any(re.search(_FAILING, told) for told in (statement.subject.split("，")[-1], _counted(statement))):
        yield statement.found.start()


def _clause(text: str, place: int) -> str:
    """The words between two marks in which something stands."""
    return re.split("[，；。：]", text[:place])[-1] + re.split("[，；。：]", text[place:])[0]


def _questions(found: Proposal) -> Iterator[str]:
    """What is asked in so many words: an option has to say by itself what it is."""
    for fact in found.facts:
        yield from fact.get("options", [fact["label"]])

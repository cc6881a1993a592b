"""What of a sentence a proposal did not use: phrases, numbers, words that bear on scores. It knows no recipe."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import is_other_side, times
from assess_xlsx.draft.text import COUNTED, MEASURED, PERCENT, repeats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.draft.recipes.base import Asked, Number, Proposal
    from assess_xlsx.draft.statements import Statement

_HARMLESS = {Says.REQUIRED, Says.FLOOR, Says.ORDER}
"""What may stay over: it says nothing that the rule does not do anyway. The numbers in it are looked at apart."""
_LOOKS_AT_A_NUMBER = {"margin", "bands", "ratio", "best", "rank", "tiers"}
"""Rules that look at a number, which may be of a kind that no fact holds."""
_UNITS = "|".join(sorted((*COUNTED, *MEASURED, *PERCENT), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\d.])\d+(?:\.\d+)?(?:个?(?:{_UNITS}|‰|倍|成|分|日|元))?"
    rf"|[二两三四五六七八九十百]+个?(?:{_UNITS}|倍|成|元|分之)|半(?:{_UNITS})?(?=[^年]|年内)"
)
_NO_MEASURE = re.compile(
    r"《[^》]*》|“[^”]*”|\d{1,2}月(?:\d{1,2}日|底|末|份)?(?=[^，。；\d]*?(?:率|度))|\d{4}年度?|〔\d+〕\d*号?|(?:^|[。；，：])\d{1,2}[.、．](?!\d)|（\d{1,2}）|第[\d一二三四五六七八九十]+[季条款类批]"
    r"|(?:抽|随机)[^，。；\d]{0,6}?[\d一二两三四五六七八九十]+(?:个?.)|24小时"
)
"""Numbers that name something, or say how it is assessed: 抽查20份病历."""
_BEARS = re.compile(
    r"每(?!年|季|月|周|天|日|半年)|分别|累计|连续|封顶|最多|最高|至多|比例|减半|加倍|另(?:外|行|扣|加)|同一|除外|直至|起评|倒扣"
)
"""Words that bear on how many points there are."""


def left_over(found: Proposal, asked: Asked) -> list[str]:
    """What a person has to look at; empty where the rule tells all of the sentence."""
    reading = asked.reading
    used = {id(each) for each in found.used}
    unused = [each for each in reading.statements if id(each) not in used]
    doubts = [_left(each) for each in unused if _matters(each, asked) or _another(each, found, asked)]
    measured = [each.subject for each in found.used if each.says in (Says.BAND, Says.TIER)]
    doubts += [f"“{text}”没有读懂，没有写进规则" for text in reading.unread if text not in measured]
    doubts += [f"“{each.whole}”没有读懂，请核对" for each in reading.of(Says.GIVEN, Says.LOSS) if _each(each)]
    doubts += [
        f"“{each.whole}”像是看程度给分，写成了“是否”，请核对（由人打分的，把填报项改成“分值”，由考核办填）"
        for each in found.used
        if each.says is Says.GIVEN and not each.has("full") and _BY_DEGREE.search(each.subject)
    ]
    doubts += [
        f"“{each.text}”：{each.pattern.reason}，没有写进规则" for each in reading.beyond if id(each) not in used
    ]
    bare = [each for each in reading.of(Says.GIVEN) if each.has("bare")]
    if bare and sum(each.points or 0 for each in reading.of(Says.GIVEN)) != asked.points:
        doubts.append("只写了分数，没有写“得”还是“扣”，各项加起来也不等于分值，请核对")
    if found.rule["kind"] in _LOOKS_AT_A_NUMBER:
        doubts += [f"“{each.text}”：{each.pattern.reason}" for each in reading.cautions]
    doubts = doubts or [f"“{text}”没有写进规则，请核对" for text in _unused(found, asked)]
    return doubts or [f"“{text}”没有写进规则，请核对" for text in _passed_over(found, asked)]


def unsaid(found: Proposal, asked: Asked) -> list[str]:
    """What no 填报项 repeats of the sentences that went into the rule: lost there, or cut short."""
    if found.rule["kind"] in ("direct", "ratio"):
        return []
    return [
        *(f"“{text}”没有写进填报项，请核对" for text in _unsaid(found, asked)),
        *(f"“{text}”没有写进规则，请核对" for text in _tails(found, asked)),
    ]


_BY_DEGREE = re.compile(
    r"(?:程度|情况|水平|质量|(?<!一定)(?:效果|成效)|力度|[^个能惯共各特男女异]性)$|是否"
    r"|^(?:根据|视|依据|结合)[^，]*(?:程度|情况|质量)"
)
"""At the end of what points are given for: it may be so by degrees."""


def _each(statement: Statement) -> bool:
    """It goes by something each time that no pattern has read: 每高于基准价1%扣0.5分."""
    return re.search("每(?:高|低|超|少|多|增|减|降|提|升|缺|延|推|逾)", statement.subject.split("，")[-1]) is not None


def _left(statement: Statement) -> str:
    return f"“{statement.whole.strip('，')}”没有写进规则"


def _matters(statement: Statement, asked: Asked) -> bool:
    if statement.says in _HARMLESS or (statement.says is Says.NOTHING and not asked.plain):
        return False
    return not (statement.says in (Says.FULL, Says.CAP) and statement.points in (None, asked.points))


def _another(statement: Statement, found: Proposal, asked: Asked) -> bool:
    """Another requirement than the one in the rule: 林长每半年至少1次，乡级林长每季度至少1次，每少1次扣0.5分."""
    told = [_demanded(each, asked) for each in found.used if each.says is Says.REQUIRED]
    return statement.says is Says.REQUIRED and bool(told) and _demanded(statement, asked) not in told


def _demanded(required: Statement, asked: Asked) -> Number:
    """How much in what is assessed: 每季度1次 is 全年4次."""
    return (required.number("v") or 0) * times(required, asked)


def _unused(found: Proposal, asked: Asked) -> Iterator[str]:
    """Numbers and words that bear on the score, in no phrase that went into the rule nor in what is asked."""
    text = asked.reading.text
    told = [each.found.span() for each in found.used]
    told += [each.found.span() for each in asked.reading.of(Says.FLOOR, Says.FULL, Says.CAP, Says.NOTHING)]
    told += [each.span() for each in _NO_MEASURE.finditer(text)]
    questions = list(_questions(found))
    again = {each[0] for used in found.used for each in _NUMBER.finditer(used.text)}
    if found.rule["kind"] == "ratio":
        again.add("100%")
    for each in (*_NUMBER.finditer(text), *_BEARS.finditer(text)):
        inside = any(start <= each.start() and each.end() <= end for start, end in told)
        if not inside and each[0] not in again and not any(each[0] in question for question in questions):
            yield _clause(text, each.start())


_NO_WORDS = re.compile(
    r"（[^（）]*）|“|”|[，。；：、！？]"
    r"|(?:查|看|查阅|查看|现场|实地|听取|依据|根据|(?:随机)?抽[取查])[^，。；]{0,20}$"
    r"|(?:由|以)[^，。；]{2,16}(?:提供|为准|为依据|负责)[^，。；]{0,6}$|的$|^[且并和及]$"
)
"""What may stand behind a rule and does not change it."""


def _passed_over(found: Proposal, asked: Asked) -> Iterator[str]:
    """Clauses behind the first that went into the rule and in no phrase at all: none is silent."""
    text, last = asked.reading.text, 0
    told = [each.found.span() for each in asked.reading.beyond]
    used = {id(each) for each in found.used}
    first = min((each.found.start() for each in found.used), default=len(text))
    for each in asked.reading.statements:
        start, end = each.found.span()
        begin = max([last, *(place + 1 for place in range(last, start) if text[place] in "。；！？")])
        told.append((begin if id(each) in used or each.says in _HARMLESS else start, end))
        last = end
    left = list(text)
    for start, end in told:
        left[start:end] = "\n" * (end - start)
    for clause in re.split(r"[，。；：！？\n]+", "".join(left[first:])):
        if len(re.sub(_NO_WORDS, "", clause)) > 1:
            yield clause


def _unsaid(found: Proposal, asked: Asked) -> Iterator[str]:
    told = [f"{fact['label']}{option}" for fact in found.facts for option in fact.get("options", [""])]
    questions = [_bare(each) for each in (*told, asked.content)]
    for each in found.used:
        if _is_the_start(each, found, asked) or _tells_the_other_side(each):
            continue
        for clause in re.split("[，：]", each.subject):
            words = _bare(clause)
            said = len(words) < FEWEST or any(repeats(question, words) for question in questions)
            if not said and _HAPPENS.search(clause):
                yield clause


def _tails(found: Proposal, asked: Asked) -> Iterator[str]:
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


def _clause(text: str, place: int) -> str:
    """The words between two marks in which something stands."""
    return re.split("[，；。：]", text[:place])[-1] + re.split("[，；。：]", text[place:])[0]


def _questions(found: Proposal) -> Iterator[str]:
    """What is asked in so many words: an option has to say by itself what it is."""
    for fact in found.facts:
        yield from fact.get("options", [fact["label"]])

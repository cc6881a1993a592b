"""Recipes for options and for judgement, and for what says nothing of how it is scored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import Asked, Proposal, is_other_side

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.statements import Statement

_PARTLY = re.compile(r"基本|部分|较|但|一般|不够|不完全|单")
_OTHERS = re.compile(r"^(?:否则|其他|其余|其它)(?:情况|情形)?$")
NONE_OF = "以上都不是"
LONGEST_OPTION = 20
"""Characters of an option above which a person had better shorten it."""


def by_judgement_and_option(asked: Asked) -> Proposal | None:
    """已开展的记2分，不完全的，酌情给分，未开展不记分。"""
    judged, given = asked.reading.of(Says.JUDGED), asked.reading.of(Says.GIVEN)
    vague = [each for each in judged if each.has("vague") and not each.has("hit") and each.subject]
    if not vague or not given or not asked.plain or asked.reading.of(Says.STEP, Says.BAND):
        return None
    told = [*given, *asked.reading.of(Says.ZERO)]
    names = _options([asked.about(each) for each in (given[0], vague[0], *told[1:])])
    options = dict(zip((given[0], vague[0], *told[1:]), names, strict=True))
    scores = {options[each]: asked.points_of(each) for each in told}
    if len(scores) < len(told) or max(scores.values()) != asked.points:
        return None
    fact = ask.choice(asked.content or asked.about(given[0]), list(options.values()))
    value: Table = {
        "label": "酌情分",
        "kind": "分值",
        "below": asked.points,
        "only_with": {"fact": fact["label"], "is": options[vague[0]]},
    }
    rule: Table = {"kind": "given", "value": "酌情分", "unless": {"fact": fact["label"], "scores": scores}}
    doubt = f"“{options[vague[0]]}”的酌情给分，原文没有规定给几分：单位自评，由考核办核定"
    return Proposal([fact, value], rule, [*told, *vague[:1]], [doubt])


def by_judgement(asked: Asked) -> Proposal | None:
    """由验收组现场打分，满分10分。"""
    judged = asked.reading.of(Says.JUDGED)
    if not judged:
        return None
    first, doubts = judged[0], []
    about = asked.content or asked.about(first)
    fact = ask.points(f"{about}评分" if about else "", asked.points, office=True)
    if first.has("low") and first.number("low") != 0:
        doubts.append(f"“{first.text}”至少 {first.get('low')} 分，打分的下限不能写进规则")
    if first.has("high") and first.number("high") != asked.points:
        doubts.append(asked.differs(first, first.number("high")))
    if first.has("vague") and not first.has("low"):
        doubts.append("“酌情”给几分、扣几分，原文没有规定")
    if first.has("hit") and asked.plain:
        doubts.append("原文写的是扣分，暂由考核办直接打扣分以后的得分")
    return Proposal([fact], {"kind": "direct", "fact": fact["label"]}, [first], doubts)


def by_sum(asked: Asked) -> Proposal | None:
    """成立专班得2分，配备专职人员3名以上得2分，满分4分。"""
    told = asked.reading.of(Says.GIVEN, Says.BAND)
    given = [each for each in told if asked.points_of(each)]
    others = asked.reading.of(Says.STEP, Says.LOSS, Says.RATIO, Says.JUDGED, Says.TIER, Says.REST, Says.RANKED)
    points = [asked.points_of(each) for each in given]
    if others or asked.reading.beyond or not asked.plain or not asked.reading.of(Says.BAND):
        return None
    apart = len({each.subject for each in given}) == len(told) == len(given) > 1 and all(
        each.subject for each in given
    )
    if not apart or sum(points) != asked.points:
        return None
    return _added(asked, given, asked.reading.of(Says.ZERO))


def by_option(asked: Asked) -> Proposal | None:
    """齐全得2分，基本齐全得1分，不齐全不得分。"""
    given = asked.reading.of(Says.GIVEN, Says.REST)
    zeros, losses = asked.reading.of(Says.ZERO), asked.reading.of(Says.LOSS)
    if given and all(each.subject.endswith("内") or "内" in each.subject[-4:] for each in given):
        zeros = [*zeros, *(each for each in asked.reading.of(Says.BAND) if each.has("beyond"))]  # 超过48小时不得分
    if not given and not zeros:
        return None
    points = [asked.points_of(each) for each in given]
    apart = 0 not in points and not any(_DEGREE.match(each.subject) for each in given)
    if asked.plain and len(given) > 1 and apart and sum(points) == asked.points != max(points):
        return _added(asked, given, zeros)
    if len(given) > 1:
        return _graded(asked, given, zeros)
    if given:
        fact, told = asked.question(asked.about(given[0]))
        used = [given[0]]
        taken_off = [] if re.match("加|奖", given[0].text) or not asked.plain else losses
        complements = [each for each in (*zeros, *taken_off) if is_other_side(each)]
        used += complements[:1]
        got = points[0]
        doubts = [] if got == asked.points else [asked.differs(given[0])]
        scores = {"是": got, "否": 0} if told else {"是": 0, "否": got}
        return Proposal([fact], {"kind": "choice", "fact": fact["label"], "scores": scores}, used, doubts)
    zero = zeros[0]
    clause = zero.subject.split("，")[-1]
    required = asked.reading.text[: zero.found.start()].removesuffix(clause).strip("，；。")
    full = asked.points
    if ask.negates(clause) and required:
        fact, _ = asked.question(required)
        scores = {"是": full, "否": 0}
    else:
        fact, told = asked.question(clause or asked.content)
        scores = {"是": 0, "否": full} if told else {"是": full, "否": 0}
    return Proposal([fact], {"kind": "choice", "fact": fact["label"], "scores": scores}, [zero], [])


def _added(asked: Asked, given: list[Statement], zeros: list[Statement]) -> Proposal:
    """有方案得1分，有总结得1分: each by itself."""
    facts, terms = [], []
    for each in given:
        fact, told = asked.question(_worded(asked, each))
        facts.append(fact)
        ask.apart(facts)
        terms.append({"fact": fact["label"], "is": "是" if told else "否", "step": asked.points_of(each)})
    rule: Table = {"kind": "linear", "start": 0, "terms": terms, "cap": asked.points}
    return Proposal(facts, rule, [*given, *(each for each in zeros if is_other_side(each))], [])


def _worded(asked: Asked, statement: Statement) -> str:
    """What a statement gives points for, the number that is to be reached along with it."""
    if statement.says is not Says.BAND:
        text, start = statement.found.string, statement.found.start()
        clause = re.split("[，；。：！？]", text[:start].rstrip("，的"))[-1]
        cut = any(start - len(clause) - 1 <= each.found.start() < start for each in asked.reading.of(Says.REQUIRED))
        return clause if cut and statement.subject else asked.about(statement)  # 逾期10日以上或未完成
    reached = re.sub(
        r"(?:的|者|：)?，?(?:不?(?:给予?|得|记|计|加|奖励?|赋|评))?(?:\d+(?:\.\d+)?|满|全)?分$", "", statement.text
    )
    return f"{statement.subject}{reached}" if statement.has("beyond") else f"{asked.about(statement)}{reached}"


def _graded(asked: Asked, given: list[Statement], zeros: list[Statement]) -> Proposal | None:
    """One of several options, the best first."""
    told = [*given, *zeros]
    names = _options([_worded(asked, each) for each in told])
    doubts = [
        f"“{each.whole}”是和前面并列的一种情形，还是另外一件事，请核对"
        for each in zeros[1:]
        if each.subject and each.sentence != given[-1].sentence and not is_other_side(each)
    ]
    if len(set(names)) < len(names):
        return None
    scores = dict(zip(names, (asked.points_of(each) for each in told), strict=True))
    if not zeros:
        scores[_none_of(names)] = 0
    if max(scores.values()) != asked.points:
        doubts.append(f"最高的一项得 {max(scores.values())} 分，分值却是 {asked.points} 分")
    if sum(scores.values()) != max(scores.values()) and not zeros and not any(map(_PARTLY.search, names)):
        doubts.append("几种情形是只取一种，还是可以加起来，原文没有写明，暂按只取一种；另加了一个得 0 分的选项")
    if any(len(option) > LONGEST_OPTION for option in scores):
        doubts.append("有的选项太长，请改短")
    ordered = sorted(scores, key=lambda option: -scores[option])
    fact = ask.choice(asked.content or asked.about(given[0]), ordered)
    rule: Table = {"kind": "choice", "fact": fact["label"], "scores": {each: scores[each] for each in ordered}}
    return Proposal([fact], rule, told, doubts)


_ALONE = r"^.*，(?!且|并|但|而|同时|也)"
"""Before the last clause, where that can stand alone: not so 有方案，且记录详实."""
_WORDS = re.compile(
    r"(?:按[时期]|及时|提前|超额|全部|全面)?(?:上升|下降|增长|减少|持平|优秀|良好|合格|不合格|一般|较差|达标|不达标|完成|齐全)$"
)


def _options(clauses: list[str]) -> list[str]:
    """What several clauses call the options of one question: 应急物资储备齐全, 基本齐全 → 齐全, 基本齐全."""
    clauses = [clause.strip("，：的") for clause in clauses]
    short = [_OTHERS.sub(NONE_OF, re.sub(_ALONE, "", clause)) for clause in clauses]
    first, others = short[0], [each for each in short[1:] if each]
    word = _WORDS.search(first)
    for other in others:
        for size in range(len(other), 1, -1):
            place = first.find(other[:size])
            if place > 0 and first[place - 1] not in "“《（":  # 专项经费|列入预算且足额拨付
                return [first[place:], *short[1:]]
        degree = _DEGREE.match(other)
        if degree and len(bare := other[degree.end() :]) > 1 and (whole := re.search(f"{_WHOLLY}{bare}$", first)):
            return [whole[0], *short[1:]]  # 应急物资储备|齐全, 基本|齐全
    return [word[0] if word else first, *short[1:]]


_WHOLLY = "(?:(?:全部|全面|完全|均已|已全部|都|全)(?:按[时期])?)?"
_DEGREE = re.compile(r"(?:基本|较为|比较|较|部分|大部分|不够|不太|尚|不)")


def _none_of(names: list[str]) -> str:
    """What is none of the options: 整体接入, 单机接入 → 未接入."""
    shortest = min(names, key=len)
    for size in range(len(shortest), 1, -1):
        tail = shortest[-size:]
        if all(tail in each for each in names) and size < len(shortest) and not re.match("[个小时分天日名项]", tail):
            return f"未{tail}"
    return NONE_OF


def by_default(asked: Asked) -> Proposal:
    """综合审批股按要求进驻服务大厅。"""
    text = asked.reading.text
    speaks = asked.reading.statements or asked.reading.unread or asked.reading.beyond
    if asked.plain and not speaks and re.search(ask.MAKING, text) and len(text) <= 2 * MOST_PLAIN:
        fact, told = asked.question(text)
        scores = {"是": asked.points, "否": 0} if told else {"是": 0, "否": asked.points}
        doubt = "原文没有写怎样记分，暂按做到了记满分、没有做到记 0 分"
        return Proposal([fact], {"kind": "choice", "fact": fact["label"], "scores": scores}, [], [doubt])
    fact = ask.points(f"{asked.content}评分" if asked.content else "", asked.points, office=True)
    scored = [each for each in asked.reading.statements if each.says is not Says.FULL]
    doubts = [] if scored or asked.reading.unread or asked.reading.beyond else [UNTOLD]
    return Proposal([fact], {"kind": "direct", "fact": fact["label"]}, [], doubts)


UNTOLD = "原文没有写怎样记分，暂由考核办直接评分"
MOST_PLAIN = 30
"""Characters of a sentence that asks one plain thing, about."""

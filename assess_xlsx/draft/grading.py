"""等次 in a notice's text: from which total each begins, how many places it has, and what of that is not plain."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from assess_xlsx import numerals
from assess_xlsx.draft.text import plain
from assess_xlsx.scheme.book.cells import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.draft.notice import Line

NAME = (
    r"(?:特优|基本称职|基本合格|基本达标|不称职|不合格|不达标|优秀|优良|优等|良好|较好|较差|中等|称职|合格|达标|一般|先进|落后"
    r"|第[一二三四五](?:等次|档次|等级|[档等类])|[一二三四五]等奖?|[一二三四五][类级]|[一二三四五]档|[一二三四五]星级?|[ABCDE][+]?(?:级|类|档|等)?(?![A-Za-z+])"
    r"|[甲乙丙丁](?:等|级|类)|(?:I{1,3}|IV|V)(?:等|级|类|档)|[红黄绿蓝]牌"
    r"|(?<![其当较最友])(?:优|良|中|好|差)(?=[，。；、：”（）\d≥>]|等|级|[一二三四五]个?[等档级类]|$))"
)
"""What grades are called."""
_KIND = r"(?:等次|等级|档次|格次|单位|学校|乡镇|企业|医院|部门)"
_N = r"(?<![\d.])(\d+(?:\.\d+)?)"
_PLAIN_N = r"(?<![\d.])\d+(?:\.\d+)?"
_INC = r"(?:（(?:含|包含|不含|不包含|不包括|包括|含本数|不含本数|(?:不)?含\d+(?:\.\d+)?分?)）)"
_UPTO = r"(?:未达到|未达|不满|不足|低于|未满|小于|不到|<)"
_FROM = r"(?<!不)(?:不低于|不少于|大于等于|大于或等于|≥|高于或等于|达到|达|高于|超过|大于|>)"
_P = r"(?![\d.%个名位所家次])分?"
_BOUNDS: tuple[tuple[str, str], ...] = (
    ("low high", rf"{_N}{_P}{_INC}?(?:及|含)?以上[，、（]?(?:且|但|至|—)?{_UPTO}{_N}{_P}{_INC}?(?:的|以下)?"),
    ("low high", rf"{_N}{_P}{_INC}?(?:及|含)?以上[，、至到—]?{_N}{_P}{_INC}?以下"),
    ("low high", rf"{_N}{_P}{_INC}?(?:—|至|到)(?:{_UPTO})?{_N}{_P}{_INC}?(?:之间|以下|区间|分数段)?"),
    ("high low", rf"{_UPTO}{_N}{_P}{_INC}?[，、]?(?:且|但|而)?{_FROM}{_N}{_P}{_INC}?(?:及?以上)?"),
    ("low high", rf"{_FROM}{_N}{_P}{_INC}?[，、]?(?:且|但|而)?{_UPTO}{_N}{_P}{_INC}?"),
    ("low high", rf"{_N}{_P}[≤<≦][^\d，。；]{{0,8}}[≤<≦]{_N}{_P}"),
    ("high low", rf"{_N}{_P}[≥>≧][^\d，。；]{{0,8}}[≥>≧]{_N}{_P}"),
    ("low", rf"{_N}{_P}{_INC}?(?:及|含)?以上{_INC}?"),
    ("low", rf"{_FROM}{_N}{_P}{_INC}?(?:及?以上)?"),
    ("low", r"(满)分"),
    ("high", rf"{_N}{_P}{_INC}?(?:及|含)?以下{_INC}?"),
    ("high", rf"(?:{_UPTO}|未达到|未达|达不到|没有达到|≤){_N}{_P}{_INC}?(?:以下)?"),
    ("rest", r"(?:其余|其他|剩余|余下)"),
)
"""How a grade's totals are told, the first that fits a place counts; what its numbers are."""
_ANY = "|".join(
    re.sub(r"(?<!\\)\((?!\?)", "(?:", written)
    for written in (each.replace(_N, _PLAIN_N) for _, each in _BOUNDS if each != r"(满)分")
)
_BEFORE = re.compile(
    rf"(?P<bounds>{_ANY})(?P<between>[^，。；：、\d（）“”]{{0,16}}?(?:（[^（）\d]{{0,8}}）)?(?:(?:的，|，(?=[评定为确视授]))[^，。；：、\d（）“”]{{0,8}}?)?)"
    rf"(?P<link>为|是|属于?|定|评|[:：—])?[“]?(?P<name>{NAME})(?P<tail>[^，。；、]{{0,4}})"
)
"""90分以上为优秀."""
_AFTER = re.compile(
    rf"(?P<name>{NAME})(?:奖)?{_KIND}?[”]?(?P<link>[（：:，]|为|是|指|得分|的?标准为|—|→|\s)?"
    rf"(?:[^，。；、：\d]{{0,14}}\d+(?:\.\d+)?%(?:以内)?[，、]?(?:且|并且|同时))?"
    rf"(?P<between>(?:(?!{NAME})[^，。；、：\d≥≤<>（）]){{0,12}}?)(?P<bounds>{_ANY})"
)
"""优秀（90分及以上）, 优秀：90分以上."""
_LISTED = re.compile(
    rf"(?:分为|分|设|划分为|评定为|确定为|有|为)[：:]?[“]?({NAME}[”]?(?:（[^（）]*）)?(?:[、和及，/][“]?{NAME}[”]?(?:（[^（）]*）)?)+)"
    r"(?:这|等)?([一二三四五六\d])?个?(?:等次|等级|档次|格次|档|等|级|类)"
)
"""分为优秀、良好、合格、不合格四个等次."""
_RANKED = re.compile(
    rf"(?:排名|排序|名次|位次|得分|成绩|总分|由高到低|从高到低)[^。；]{{0,24}}?(?:前|后|第)?\d+(?:\.\d+)?(?:%|名|位)[^。；]{{0,14}}?(?:为|评|定|确定|是)[^。；，]{{0,6}}?{NAME}"
    rf"|(?:前|后|第)(?:\d+—)?\d+(?:\.\d+)?(?:%|名|位)[^。；，]{{0,14}}?(?:为|评|定|确定|是)[^。；，]{{0,6}}?{NAME}"
    rf"|{NAME}{_KIND}?[^，。；]{{0,8}}?(?:排名|名次|位次)?[^，。；\d]{{0,4}}前\d+(?:%|名|位)"
)
"""Grades by rank rather than by total."""
_PLACES = re.compile(
    r"[^，。；：]*(?:排名|排序|名次|位次|列|(?<!单)位|居|前)[^，。；\d]{0,4}\d+(?:%|名|位)[^，。；]*"
)
"""且排名在前30%."""
_QUOTA = re.compile(
    rf"(?P<name>{NAME})”?{_KIND}?(?:的?(?:比例|数量|名额|单位数|单位|个数|总数))?(?:原则上)?(?:一般)?(?:最多)?"
    r"(?:不超过|不得超过|控制在|不高于|不多于|占|为|按)[^，。；\d]{0,16}?(?P<quota>\d+(?:\.\d+)?%|\d+)(?!分|\.)(?P<unit>个|名|家|所|以内)?"
)
_QUOTA_BEFORE = re.compile(
    rf"(?:不超过|不高于|按)[^，。；\d]{{0,16}}?(?P<quota>\d+(?:\.\d+)?%)[^，。；\d]{{0,12}}?"
    rf"(?:确定|评定|评选|评出|产生|评为)[^，。；\d]{{0,4}}?(?P<name>{NAME})"
)
_MENTIONED = re.compile(
    rf"(?:等次|档次|格次|等级)(?![一二三四五六七八九十\d]*(?:医院|保护|事故|标准|证书))"
    rf"|(?:为|评为|定为|确定为|评定为)[“]?{NAME}[”]?(?:等次|等级|档次|[，。；、]|$)"
)
_IN_WORDS = re.compile(
    r"(?<![一二三四五六七八九十百第])([一二三四五六七八九]?[十百][一二三四五六七八九十]*)(?=分(?:[（及以至—，。；、为的]|不|$))"
)
_SAME_BORDER = re.compile(rf"{_N}分?，(?={_UPTO}\1分)")
"""不低于60分的为合格，低于60分…: two grades, no range."""
_WITH_HIGH = re.compile(r"(?:及以下|含以下|（含[^）]*）(?:以下)?|[≤≦]\d+(?:\.\d+)?分?)$")
_WITHOUT_LOW = re.compile(rf"^(?:高于(?!或)|超过|大于(?!等|或)|>)|不含[^）]*）(?:及?以上|—)|{_PLAIN_N}分?<")
_TOLD = re.compile(rf"(?:{_ANY})")
_MONEY = re.compile("支付|拨付|奖励|奖金|服务费|补助")
_HEADING = re.compile(r"[^，。；\d]{2,16}[：:]?")
"""Says no more than what the lines below it are about."""
_COUNTED = "一二三四五六"
WRITTEN = "已写进“方案”表的等次"
_LEAST = 2
_CENT = Decimal("0.01")
"""Scores have no smaller part: nothing lies between 89.99 and 90."""


class Grades(Struct):
    """等次 of a notice, and what a person has to be told of each line that speaks of them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    """From the best down to one that begins at 0; none where the notice does not tell that."""
    notes: dict[int, str] = field(default_factory=dict)
    """By ``id`` of the line."""


class _Told(Struct):
    """A grade as a phrase tells it."""

    name: str
    low: Decimal | None
    high: Decimal | None
    phrase: str
    with_high: bool = False
    """The upper bound belongs to it: 60分及以下, 80—89分."""
    without_low: bool = False
    """The lower bound does not: 高于90分."""
    rest: bool = False
    further: str = ""
    """What it asks for besides: 且无一票否决情形."""

    @property
    def place(self) -> tuple[Decimal, Decimal]:
        """By which it stands among others."""
        return self.low or Decimal(0), self.high or Decimal(0)


def read(lines: Sequence[Line], most: Decimal) -> Grades:
    """``most``: the total that every form can reach."""
    found = Grades()
    texts = {id(line): _arabic(plain(line.text)) for line in lines}
    blocks = [block for block in _blocks(lines, texts) if len(_names(block)) > 1]
    speaking = [line for line in lines if _speaks(texts[id(line)])]
    speaking = [line for line in speaking if not _HEADING.fullmatch(texts[id(line)])] or speaking
    if not blocks:
        told = "没有读出各等次的分数线，方案里没有等次"
        for line in speaking:
            found.notes[id(line)] = _unread(texts[id(line)], told)
        return found
    rows, doubts = _rows([each for _, told in blocks[0] for each in told], most)
    every, block = (
        "".join(f"{texts[id(line)]}。" for line in some) for some in (lines, [line for line, _ in blocks[0]])
    )
    if rows:
        doubts += _quotas(rows, every)
    doubts += _missing(_names(blocks[0]), every, block)
    doubts += [f"后面还说了一次，与这里不同：“{other}”" for other in _others(blocks)]
    done = f"{WRITTEN}，请核对" if rows else "没有写进方案，请在“方案”表的等次里写"
    found.rows = rows
    if rows:
        rows[0]["open"] = f"{'；'.join(['照通知说等次的话写的，请核对', *dict.fromkeys(doubts)])}。"
    for line in speaking:
        found.notes[id(line)] = "说的是等次，请与“方案”表的等次核对，没有写进的请补写"
    for line, _ in blocks[0]:
        found.notes[id(line)] = f"说的是等次，{done}"
    found.notes[id(blocks[0][0][0])] = "；".join([f"说的是等次，{done}", *dict.fromkeys(doubts)])
    return found


def _speaks(text: str) -> bool:
    if any(pattern.search(text) for pattern in (_MENTIONED, _RANKED, _QUOTA, _LISTED)):
        return True
    if sum("分" in each for each in _TOLD.findall(text)) > 1 and not _MONEY.search(text):
        return True
    named = ({name for name in re.findall(NAME, sentence) if len(name) > 1} for sentence in text.split("。"))
    return bool(re.search(r"\d", text)) and any(len(names) > 1 for names in named)


def _unread(text: str, told: str) -> str:
    if _RANKED.search(text):
        told = "等次按名次或比例定，没有说总分达到几分，方案里没有等次"
        return f"{told}；请在“方案”表的等次里从高到低写“达到”和“名额”，写不进的由考核办另定"
    return f"说的是等次，{told}；请在“方案”表的等次里补写，写不进的由考核办另定"


def _arabic(text: str) -> str:
    """九十分以上 as 90分以上."""

    def made(found: re.Match[str]) -> str:
        value = numerals.value(found[1])
        return found[0] if value is None else str(value)

    return _SAME_BORDER.sub(r"\1分；", _IN_WORDS.sub(made, text))


def _blocks(lines: Sequence[Line], texts: dict[int, str]) -> list[list[tuple[Line, list[_Told]]]]:
    """Runs of lines that each tell of grades by totals."""
    blocks: list[list[tuple[Line, list[_Told]]]] = []
    goes_on = False
    for line in lines:
        told = list(_told(texts[id(line)]))
        if told and goes_on and _names(blocks[-1]).isdisjoint(each.name for each in told):
            blocks[-1].append((line, told))
        elif told:
            blocks.append([(line, told)])
        goes_on = bool(told)
    return blocks


def _names(block: list[tuple[Line, list[_Told]]]) -> set[str]:
    return {each.name for _, told in block for each in told}


def _told(text: str) -> Iterator[_Told]:
    for sentence in re.split("。", text):
        before, after = list(_BEFORE.finditer(sentence)), list(_AFTER.finditer(sentence))
        matches, others = (before, after) if len(before) >= len(after) else (after, before)
        matches += [each for each in others if not any(_overlap(each, other) for other in matches)]
        for found in matches:
            if re.search(r"率|比例|人数|数量|[天件次]", found["between"]):
                continue
            if len(found["name"]) == 1 and found["between"] and not found["link"] and not found["name"].isascii():
                continue
            besides = re.search(
                r"(?:且|并且|同时)(?!得分|总分|成绩|低于|不足|不满|不低|在)[^，。；]{2,}?(?=的?$)", found["between"]
            )
            yield from _bounded(found["name"], found["bounds"], besides[0] if besides else "")


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return (one.start() < other.end() and other.start() < one.end()) or one["name"] == other["name"]


def _bounded(name: str, bounds: str, further: str) -> Iterator[_Told]:
    for kind, written in _BOUNDS:
        matched = re.fullmatch(written, bounds)
        if matched is None or "满" in matched.groups():
            continue
        if kind == "rest":
            yield _Told(name, None, None, bounds, rest=True)
            return
        numbers = dict(zip(kind.split(), map(Decimal, matched.groups()), strict=True))
        if len(numbers) == _LEAST and numbers["low"] > numbers["high"]:  # 89分至60分
            numbers = {"low": numbers["high"], "high": numbers["low"]}
        ranged = kind == "low high" and bool(re.search("—|至|到", bounds)) and not re.search(_UPTO, bounds)
        yield _Told(
            name,
            numbers.get("low"),
            numbers.get("high"),
            bounds,
            with_high=kind != "low" and (ranged or bool(_WITH_HIGH.search(bounds))),
            without_low=bool(_WITHOUT_LOW.search(bounds)),
            further=further,
        )
        return


def _rows(every: list[_Told], most: Decimal) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows from the best to the last, none where they do not hold together; and all that is doubtful."""
    rest = [each for each in every if each.rest]
    told = sorted((each for each in every if not each.rest), key=lambda each: each.place, reverse=True)
    if fault := _fault(told, rest, most):
        return [], [fault]
    doubts = [doubt for pair in pairwise(told) for doubt in _between(*pair)]
    strict = (each for each in told if each.without_low)
    doubts += [f"“{each.name}”写的是“{each.phrase}”，恰好 {each.low} 分算不算要核对，暂算" for each in strict]
    doubts += [f"“{each.name}”还要“{each.further}”，没有写进方案" for each in told if each.further]
    top = told[0]
    if top.high is not None and top.low is not None and top.high < most:
        doubts.append(f"没有说超过 {top.high} 分的是什么等次，暂算{top.name}")
    return [{"name": each.name, "at_least": whole(each.low or Decimal(0))} for each in (*told, *rest)], doubts


def _fault(told: list[_Told], rest: list[_Told], most: Decimal) -> str:
    """Why what is told makes no grades; empty where it does. ``told``: from the best down."""
    names = [each.name for each in (*told, *rest)]
    lows = [each.low or Decimal(0) for each in told] + [Decimal(0) for _ in rest]
    twice = next((name for name in names if names.count(name) > 1), "")
    faults = {
        f"“{twice}”说了几次，分数线不同或分几类单位，分不清": bool(twice),
        "最低的等次说了几个，分不清": lows.count(Decimal(0)) > 1,
        f"没有说不足 {lows[-1]} 分的是什么等次": Decimal(0) not in lows,
        "两个等次从同一个分数开始，分不清": len(set(lows)) < len(lows),
        f"最高的等次要 {lows[0]} 分，评分表最多 {most} 分，不是一把尺子": lows[0] > most,
    }
    return next((fault for fault, holds in faults.items() if holds), "")


def _between(upper: _Told, lower: _Told) -> list[str]:
    """What is not plain between a grade and the next one down."""
    if upper.low is None or lower.high is None:
        return []
    gap = upper.low - lower.high
    if gap < 0 or (gap == 0 and lower.with_high and "—" not in lower.phrase and "至" not in lower.phrase):
        return [f"“{upper.name}”与“{lower.name}”的分数有重叠（{upper.low} 分、{lower.high} 分），暂从高"]
    if gap > 1 or (gap > 0 and not lower.with_high):
        return [f"{lower.high} 分到 {upper.low} 分之间是什么等次没有说，暂算{lower.name}"]
    if gap > _CENT:
        return [f"{lower.high} 分与 {upper.low} 分之间的小数（如 {lower.high + gap / 2} 分）没有说，暂算{lower.name}"]
    return []


def _quotas(rows: list[dict[str, Any]], text: str) -> list[str]:
    """Sets 名额 as the text says it."""
    doubts: list[str] = []
    told: dict[str, set[str]] = {}
    for found in (*_QUOTA.finditer(text), *_QUOTA_BEFORE.finditer(text)):
        if not found["quota"].endswith("%") and not found.groupdict().get("unit"):
            continue
        told.setdefault(found["name"], set()).add(found["quota"])
    for row in rows:
        quotas = told.get(row["name"], set())
        if len(quotas) > 1 or (quotas and row is rows[-1]):
            doubts.append(f"“{row['name']}”的名额（{'、'.join(sorted(quotas))}）没有写进方案")
        elif quotas and _is_quota(quota := quotas.pop()):
            row["quota"] = quota
            doubts.append(f"“{row['name']}”的名额 {quota} 已写，不是整数时怎样取整、按哪些单位算，请核对")
    if not any("quota" in row for row in rows):
        limited = re.finditer(rf"[^，。；]*{NAME}[^，。；]*(?:比例|名额|指标数|不超过|以内)[^，。；]*", text)
        doubts += [f"“{each[0][:40]}”像是名额，没有写进方案" for each in limited if re.search(r"\d|分之", each[0])]
    return doubts


def _is_quota(text: str) -> bool:
    return text != "0" and Decimal(text.rstrip("%")) <= (100 if text.endswith("%") else 10**6)


def _missing(names: set[str], text: str, block: str) -> Iterator[str]:
    """Grades that the text names and whose totals were not read; ``block``: where those of the others stand."""
    for found in _LISTED.finditer(text):
        listed = re.findall(NAME, found[1])
        if found[2] and (_COUNTED.find(found[2]) + 1 or int(found[2])) != len(listed):
            yield f"“{found[0]}”个数与名称对不上"
        known = names | {name[0] for name in names if name[0].isascii()}
        if lacking := [name for name in listed if name not in known]:
            yield f"通知还列有{'、'.join(lacking)}，没有读出分数线"
    unread = [name for name in dict.fromkeys(re.findall(NAME, block)) if name not in names]
    if unread := [name for name in unread if len(name) > 1 and name[0] not in _COUNTED]:
        yield f"“{'、'.join(unread)}”没有读出分数线"
    if ranked := _RANKED.search(text) or _PLACES.search(block):
        yield f"“{ranked[0]}”没有写进方案"


def _others(blocks: list[list[tuple[Line, list[_Told]]]]) -> Iterator[str]:
    first = {each.name: (each.low, each.high) for _, told in blocks[0] for each in told}
    for block in blocks[1:]:
        if any(first.get(each.name) != (each.low, each.high) for _, told in block for each in told if not each.rest):
            yield block[0][0].text[:40]

"""一票否决 in a notice's text: each circumstance, what it does to a unit, and what of that is not plain."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from assess_xlsx.draft import lists
from assess_xlsx.draft.grading import NAME
from assess_xlsx.draft.text import plain, repeats, unnumbered
from assess_xlsx.scheme.book.cells import whole
from assess_xlsx.scheme.effects import CANCEL, LAST, LOWER, MOST, NOT_ABOVE, OFF, ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.draft.notice import Line

_N = r"(\d+(?:\.\d+)?)"
_PRIZE = r"(?:评优|评先|优秀|先进|创优|表彰|评选|奖励|参评|推优|考核等次|评奖)"
_TOTAL = r"(?:总分|总成绩|总得分|考核得分|考核成绩|考核分|年度得分|综合得分|最终得分)"
_NO_PRIZE = re.compile(
    rf"取消[^，。；、：]{{0,16}}?{_PRIZE}|不(?:得|能|予|可|再)?(?:参加|参与|参评|推荐|申报|享受|列入|纳入|评选|进行)[^，。；：]{{0,12}}?{_PRIZE}"
    rf"|不(?:得|能|予|可|再)(?:被)?(?:评|定|确定|评定|推荐|评选|列)(?:先|优)(?!秀)|不(?:得|能|予)(?:评(?:先|优)评(?:优|先)|评奖|获奖)"
)
_OTHER_RIGHT = re.compile(r"取消[^，。；：]{0,14}?(?:资格|考核成绩|年度成绩|考核结果)")
_NOT_TO_BE = re.compile(
    rf"不(?:得|能|予|可|再|应)(?:被)?(?:(?:评|定|确定|评定|推荐|列|认定|评选)(?:为|成|入)?|为)[^，。；：]{{0,6}}?[“]?({NAME})[”]?"
    r"(?:及以上|以上)?(?:等次|等级|档次|格次)?(?:及以上|以上)?"
)
_TO_BE = re.compile(
    r"(?:(?<!不得)(?<!不能)(?<!不予)(?:定|确定|评定|评|认定|定等|评等|定级|列|降|判定|降低|调整|降级|记|视|度考核|季考核|月考核|次考核)(?:为|成|至|到)|不高于|不得高于|不超过|不得超过)"
    rf"[“]?({NAME})[”]?(?:等次|等级|档次|格次)?"
)
_TREATED = re.compile(rf"按[“]?({NAME})[”]?(?:等次|等级|档次|格次)?(?:处理|对待|认定|确定|评定|执行)")
_LOWERED = re.compile(
    r"(?:降|下调|降低|下降|降级)(?:低)?([一二两三1-3])?个?(?:评定|考核|评价)?(?:等次|档次|等级|等|档|级)(?!为|成)"
)
_NOTHING = re.compile(
    rf"(?:{_TOTAL}|考核|全年|年度)[^，。；]{{0,8}}?(?:记|计|为|按|定|得)(?:为|作)?(?:0|零)分|(?:考核)?总?分?归零|按(?:0|零)分(?:计|处理|记|对待)|(?:[记计]|得分为|，得)(?:为|作)?(?:0|零)分"
)
_OFF = re.compile(
    rf"(?:{_TOTAL}|总)[^，。；]{{0,10}}?(?:扣|减)(?:除|去|减)?(?:{_N})分|(?:扣|减)(?:除|去|减)?[^，。；\d]{{0,6}}?{_TOTAL}{_N}分"
)
_AT_MOST = re.compile(rf"{_TOTAL}[^，。；]{{0,6}}?(?:不超过|不得超过|不高于|不得高于|最高(?:为|不超过)?){_N}分")
_LAST = re.compile(r"(?:列|排|居|定|记)(?:为|在|入|于)?[^，。；]{0,6}?(?:末位|末尾|最后|末名|倒数第一)")
_ONE_VOTE = re.compile(r"一票否决|否决性?(?:项|指标|事项|情形|条件|条款)")
SPEAKS = re.compile(
    "|".join(
        f"(?:{each.pattern})"
        for each in (_ONE_VOTE, _NO_PRIZE, _OTHER_RIGHT, _NOT_TO_BE, _TREATED, _LOWERED, _NOTHING, _AT_MOST)
    )
    + rf"|，[^，。；：\d]{{0,8}}(?:考核|等次|结果)为[“]?{NAME}(?![”]?(?:等次)?的)"
    + r"|(?:直接|一律|一并|均|应当?|只能|考核|年度|等次|结果|等级|，)[^，。；：\d]{0,8}?(?:"
    + _TO_BE.pattern
    + ")"
)
"""What tells of a circumstance that costs more than points of an item."""
_OWN = (_NO_PRIZE, _OTHER_RIGHT, _NOT_TO_BE, _TO_BE, _TREATED, _LOWERED, _NOTHING, _OFF, _AT_MOST, _LAST)
"""What an item of a list may say that it does by itself."""
_LISTED = re.compile(r"(?:下列|以下|如下)[^：。；]{0,40}")
_HEADING = re.compile(
    r"(?:[^，。；：]{0,10}?(?<!坚持)(?<!实行)(?<!落实)(?<!执行)(?<!严格)(?<!建立)一票否决|[^，。；：]{0,12}一票否决的?(?:事项|情形|情况|条款|清单|范围|内容))"
    r"(?:事项|情形|情况|项|指标|内容|制度?|条款|清单|范围)?(?:包括|如下|有|为)?(?:（[^）]*）)?"
    r"|[^，。；：]{0,6}否决(?:项|指标|事项|情形)(?:（[^）]*）)?"
    r"|[^，。；：]{0,6}(?:取消|不得|不予)[^，。；：]{0,12}(?:资格|评优|评先|优秀)[^，。；：]{0,6}的?(?:情形|情况|事项)(?:包括|如下|有|为)?"
)
_BEGINS = re.compile(
    r"出现|发生|存在|凡有|凡是|凡|对(?!象|照|应|口|策|标)|如有|若有|因|被|有(?=[^限关])|未|违反|弄虚作假|瞒报|虚报|迟报|拒"
)
_HAPPENED = re.compile("发生|出现|受到|被|违反|瞒报|弄虚作假|造成|造假")
_OF_OFFICE = re.compile("由.*(?:认定|提出|审定|决定|负责)|领导小组|考核办|程序|审定|报.*(?:批准|研究)|另行|按照")
"""What tells how it is decided."""
_LIST_ABOVE = re.compile(
    r"(?:上述|以上|上列|前述)[^，。；：\d]{0,8}?(?:清单|情形|情况|行为|问题|事项)[^，。；：]{0,8}(?:之一|的)"
)
_ABOVE = re.compile(r"[^，]{0,10}(?:上述|以上|前款|前述|所列)[^，]{0,6}(?:情形|情况|行为|问题|事项|清单)")
_ASIDE = re.compile(
    r"^(?:(?:一经|经)[^，]{0,12}|情节[^，]{0,6}|[^，]{0,6}(?:查实|核实|属实)的?|除[^，]{0,20}外|造成[^，]{2,12}的)$"
)
_OF_GRADES = re.compile(
    r"\d+(?:\.\d+)?分(?:（[^）]*）)?(?:及|含)?(?:以上|以下)|不[足满]\d|低于\d|排名|名次|末\d?位|后\d"
)
NOT_WRITTEN = "说的是一票否决或者取消资格，没有写进“一票否决”表，请核对，要用的照原文补写"
"""What a person is told of a line that no circumstance came out of."""
_LONGEST_HEADING, _FEWEST = 32, 2


class Circumstance(Struct):
    """One that the text makes a veto."""

    line: Line
    text: str
    said: str
    """What the notice says that it does."""
    effects: list[dict[str, Any]]
    """As a scheme writes them; none: 取消评优资格."""
    doubts: list[str] = field(default_factory=list)


class Vetoes(Struct):
    """What the text says of 一票否决."""

    every: list[Circumstance] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Lines that are circumstances and nothing else, by ``id``."""
    told: dict[int, list[Circumstance]] = field(default_factory=dict)
    """What became of the other lines that speak of it, by ``id``: nothing, where the list is empty."""
    missed: dict[int, list[str]] = field(default_factory=dict)
    """What else such a line says of it, which is no circumstance here."""


def read(lines: Sequence[Line], grades: Sequence[str], full: Decimal) -> Vetoes:
    """``grades``: from the best down; ``full``: the points of the smallest form."""
    return _Reader(lines, grades, full).read()


def effects(text: str, grades: Sequence[str], full: Decimal) -> tuple[list[dict[str, Any]], list[str]]:
    """What a sentence says that a circumstance does, none for 取消评优资格 alone; and what of it is not plain."""
    looked = plain(text)
    doubts: list[str] = []
    found: list[dict[str, Any]] = [{"kind": CANCEL}] if _NO_PRIZE.search(looked) else []
    if not found and (other := _OTHER_RIGHT.search(looked)):
        doubts.append(f"“{other[0]}”说的不是评优资格")
    found += _on_grades(looked, grades, doubts)
    if _NOTHING.search(looked):
        found.append({"kind": ZERO})
    if off := _OFF.search(looked):
        found.append({"kind": OFF, "value": whole(Decimal(off[1] or off[2]))})
        doubts += ["“每”起扣分的，这里只扣一次"] if "每" in looked else []
    if (most := _AT_MOST.search(looked)) and 0 < Decimal(most[1]) < full:
        found.append({"kind": MOST, "value": whole(Decimal(most[1]))})
    elif most:
        doubts.append(f"“{most[0]}”写不进效果")
    if _LAST.search(looked):
        found.append({"kind": LAST})
    found = [each for place, each in enumerate(found) if each not in found[:place]]
    return ([] if found == [{"kind": CANCEL}] else found), doubts


def _on_grades(looked: str, grades: Sequence[str], doubts: list[str]) -> Iterator[dict[str, Any]]:
    """What a sentence says of 等次; what no effect can say is added to the doubts."""
    for each in _NOT_TO_BE.finditer(looked):
        if _NO_PRIZE.fullmatch(each[0]):
            continue
        if each[1] == (grades[0] if grades else "优秀"):
            yield {"kind": CANCEL}
        elif each[1] in grades[1:-1]:
            yield {"kind": NOT_ABOVE, "value": grades[list(grades).index(each[1]) + 1]}
        else:
            doubts.append(f"方案没有等次“{each[1]}”的下一等，“{each[0]}”写不进效果")
    rest = _NOT_TO_BE.sub("", looked)
    for each in (*_TO_BE.finditer(rest), *_TREATED.finditer(rest)):
        if each[1] in grades:
            yield {"kind": NOT_ABOVE, "value": each[1]}
        else:
            doubts.append(f"方案没有等次“{each[1]}”，“{each[0]}”写不进效果")
    lower = _LOWERED.search(looked)
    if lower and grades and lower[1] in (None, "一", "1"):
        yield {"kind": LOWER}
    elif lower:
        doubts.append(f"“{lower[0]}”写不进效果")


def said(text: str) -> str:
    """后果 in a word or two; empty where only its effects say it."""
    looked = plain(text)
    if "一票否决" in looked:
        return "一票否决"
    return "取消评优资格" if _NO_PRIZE.search(looked) or _NOT_TO_BE.search(looked) else ""


class _Reader:
    def __init__(self, lines: Sequence[Line], grades: Sequence[str], full: Decimal) -> None:
        self.lines, self.grades, self.full = lines, grades, full
        self.found = Vetoes()
        self.meaning = ""
        """What the text says that 一票否决 itself means."""

    def read(self) -> Vetoes:
        heading: Line | None = None
        """Under which the lines stand, if that is about vetoes."""
        for place, line in enumerate(self.lines):
            if id(line) in self.found.used:
                continue
            kind = lists.style(line.text)
            if heading and (kind == lists.style(heading.text) if kind is not None else lists.is_annex(line.text)):
                heading = None
            made = self.line(place, under=heading is not None)
            if heading:
                self.found.told[id(heading)] += made
            if heading and not made and lists.style(heading.text) is None:
                heading = None
            if self.is_heading(line) and id(line) in self.found.told:
                heading = line
        if self.meaning:
            means, doubts = effects(self.meaning, self.grades, self.full)
            for each in self.found.every:
                if not each.effects and each.said != "取消评优资格":
                    each.effects, each.doubts = means, [*each.doubts, *doubts]
        return self.found

    def is_heading(self, line: Line) -> bool:
        looked = plain(lists.bare(line.text)).partition("：")[0]
        return (
            len(looked) <= _LONGEST_HEADING
            and bool(_HEADING.fullmatch(looked))
            and "。" not in line.text.strip()[:-1]
        )

    def line(self, place: int, *, under: bool) -> list[Circumstance]:
        line = self.lines[place]
        looked = plain(line.text)
        speaks = _speaks(looked)
        if not speaks and not under:
            return []
        before = len(self.found.every)
        opened = self.opened(line, under=under)
        if above := self.above(place):
            self.items(line.text, above)
        elif opened is not None:
            self.enumeration(place, *opened)
        elif self.is_heading(line):
            self.heading(place)
        else:
            for sentence in re.split("[。；\n]", line.text):
                if under and not speaks and self.plain_item(line, sentence):
                    continue
                if not self.sentence(line, sentence) and not _HEADING.fullmatch(plain(lists.bare(sentence))):
                    self.found.missed.setdefault(id(line), []).append(sentence.strip())
        made = self.found.every[before:]
        self.found.told[id(line)] = made
        return list(made)

    def above(self, place: int) -> list[list[Line]]:
        """The items of the list above a line that says what they cost: 凡触犯以上清单之一的，…."""
        above = self.lines[:place]
        if not _LIST_ABOVE.search(plain(self.lines[place].text)) or not above:
            return []
        kind = lists.style(above[-1].text)
        begin = next((at for at in range(place, 0, -1) if lists.style(above[at - 1].text) != kind), 0)
        fresh = all(id(line) not in self.found.used for line in above[begin:])
        return [[line] for line in above[begin:]] if kind is not None and fresh else []

    def opened(self, line: Line, *, under: bool) -> tuple[str, str] | None:
        """What stands before a list, and the list as far as it stands in the line; None where none begins."""
        text = line.text.replace(":", "：")
        for sentence in re.split("(?<=。)", text):
            head = sentence.partition("：")[0]
            if not _LISTED.search(plain(head)):
                continue
            if under or SPEAKS.search(plain(head)) or _OFF.search(plain(head)):
                behind = text.partition(head)[2]
                return head, behind.removeprefix("：") if "：" in sentence or lists.style(behind) is not None else ""
        return None

    def heading(self, place: int) -> None:
        """一票否决事项： with its circumstances in the lines below."""
        line = self.lines[place]
        _, colon, tail = line.text.replace(":", "：").partition("：")
        if colon and tail.strip():
            self.enumeration(place, line.text.replace(":", "：").partition("：")[0], tail)
            return
        following = lists.below(self.lines, place)
        if following and self.is_rule(following[0][0]):
            return
        self.items(line.text, following)

    def is_rule(self, line: Line) -> bool:
        """A line that says by itself what happens, or opens a list."""
        looked = plain(line.text)
        return _speaks(looked) or bool(_LISTED.search(looked))

    def enumeration(self, place: int, head: str, tail: str) -> None:
        line = self.lines[place]
        items = lists.inside(tail)
        behind = ""
        if items and len(items) > 1 and SPEAKS.search(plain(items[-1])) and not _BEGINS.search(items[-1]):
            behind = items.pop()
        if len(items) == 1 and not _speaks(plain(items[0])):
            items = [each.rstrip("的") for each in lists.apart(items[0])]
        for each in items:
            before = len(self.found.every)
            if _speaks(plain(each)) and self.sentence(line, each) and len(self.found.every) > before:
                continue
            self.add(line, each, f"{head}；{behind}")
        if not items or line.text.rstrip().endswith(("；", ";", "：", ":")):
            self.items(head, lists.below(self.lines, place))

    def items(self, head: str, following: list[list[Line]]) -> None:
        for each in following:
            text = "\n".join(line.text for line in each)
            several = lists.inside(text) if lists.numbers(text) > 1 else [lists.bare(text)]
            for piece in several:
                self.add(each[0], piece, head)
            self.found.used |= set(map(id, each))

    def add(self, line: Line, text: str, head: str) -> Circumstance:
        own = any(pattern.search(plain(text)) for pattern in _OWN)
        rule = text if own else head
        does, doubts = effects(rule, self.grades, self.full)
        made = Circumstance(line, text.strip().rstrip("的"), said(rule), does, doubts)
        self.found.every.append(made)
        return made

    def plain_item(self, line: Line, sentence: str) -> bool:
        """A sentence below a heading that tells what happened, and no more: 安全：发生重大责任事故."""
        told = re.split("[：:]", sentence)[-1].strip()
        happens = _HAPPENED.search(plain(told)) and not _OF_OFFICE.search(plain(sentence))
        if happens:
            self.add(line, lists.bare(sentence), "一票否决")
        return bool(happens)

    def sentence(self, line: Line, sentence: str) -> bool:
        """Whether nothing that bears on a veto is left over."""
        looked = plain(sentence)
        means = re.match(r"[^，：]{0,8}一票否决(?:的|的?单位|者|情形|制)[^，：]{0,8}[，：](.+)", looked)
        if means and any(pattern.search(means[1]) for pattern in _OWN):
            self.meaning = means[1]
            return True
        every = [found for pattern in (SPEAKS, _OFF) if (found := pattern.search(looked))]
        if not every or not _speaks(looked):
            return True
        spoken = min(every, key=lambda each: each.start())
        begins = spoken.start() + spoken[0].startswith("，")
        clauses = re.split("[，：]", looked[:begins])
        rule = clauses.pop() + looked[begins:]
        if not clauses:
            whom = re.match(r".*?对(.+?)(?:的[^的]{1,6})?(?:实行|实施|予以|进行|一律)?$", looked[: spoken.start()])
            clauses = [whom[1]] if whom else []
        told = self.condition(clauses)
        if _ABOVE.match(told):
            self.meaning = rule if self.found.every else ""
            return bool(self.found.every)
        if len(told) < _FEWEST or not self.happens(told, clauses):
            return False
        does, doubts = effects(rule, self.grades, self.full)
        if re.search(r"实行一票否决|一票否决[。；]?$", rule) is None and _ONE_VOTE.search(told):
            return False
        for each in _several(told):
            if len(each) >= _FEWEST:
                self.found.every.append(Circumstance(line, each, said(rule), list(does), list(doubts)))
        return True

    @staticmethod
    def condition(clauses: list[str]) -> str:
        """The clauses that say what happened: the last that is no aside, and those before it that begin so."""
        clauses = list(clauses)
        while clauses and _ASIDE.match(clauses[-1]) and len(clauses) > 1 and not re.match("造成", clauses[-1]):
            clauses.pop()
        if not clauses:
            return ""
        while (
            len(clauses) > 1
            and clauses[-1][-1:] not in ("的", "者")
            and any(c.endswith(("的", "者")) for c in clauses)
        ):
            clauses.pop()
        told = clauses.pop()
        while (
            clauses
            and not clauses[-1].endswith("的")
            and (
                re.search("出现|发生|存在|^凡|^如|^若|因", clauses[-1])
                or re.match("造成|导致|影响|被|受到|且|并", told)
            )
        ):
            told = f"{clauses.pop()}，{told}"
        return told

    @staticmethod
    def happens(told: str, clauses: list[str]) -> bool:
        return (
            bool(clauses)
            and not _OF_GRADES.search(told)
            and (told.endswith(("的", "者")) or bool(_BEGINS.search(told)))
        )


def _speaks(looked: str) -> bool:
    return bool(SPEAKS.search(looked) or (_OFF.search(looked) and ("每" not in looked or _LISTED.search(looked))))


def _several(told: str) -> Iterator[str]:
    """出现甲、乙或丙等现象的 as 甲, 乙, 丙; else as it stands."""
    told = unnumbered(told).removesuffix("的")
    bare = re.sub(r"^.*?(?:出现|发生|存在|凡有|凡是|凡|对(?!象|照|应))(?=[“”一-龥])", "", told, count=1)
    parted = re.sub(r"等(?:现象|情形|情况|问题|行为)?(?:之一)?$", "", bare)
    if parted == bare:
        yield told if re.match(r"[^，]{0,8}(?:发生|出现|存在)", told) else bare
        return
    for part in lists.apart(parted):
        yield from (each for each in re.split(r"或(?!者)", part) if each)


def is_told(text: str, every: Sequence[str]) -> bool:
    """Whether a circumstance stands among others already."""
    looked = plain(text)
    return any(repeats(plain(each), looked) and repeats(looked, plain(each)) for each in every)

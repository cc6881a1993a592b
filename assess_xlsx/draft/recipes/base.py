"""What a recipe is given and what it proposes, and what several recipes ask of a statement. It knows no rule."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct, field

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.text import COUNTED, NUMBER, repeats

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.statements import Reading, Statement

Number = int | Decimal
WHOLE = 100
"""All of something, in per cent."""
PERIOD = "(?:季度|学期|半年|月|年|周)"
PERIODS = {"周": 52, "月": 12, "季度": 4, "学期": 2, "半年": 2, "年": 1}
"""How often a period comes round in a year."""
_COMPLEMENT = re.compile(r"^(?:如|若)?(?:未|没|无|不|逾期|超期|否则|其他|其余|其它|反之|缺|拒|漏|迟|仍|达不到)")
UNCOVERED = "未规定"
"""Stands for the 口径 that says how numbers between two bands are read, until the scheme's numbers are known."""


class Asked(Struct, frozen=True):
    """A sentence, and what stands around it in the notice."""

    reading: Reading
    worth: str
    """``points``, ``adds`` or ``deducts``."""
    points: Number
    """What the item can bring, or take off."""
    content: str
    """考核内容, where the sentence itself does not say what it speaks of."""
    around: Reading
    """What the columns before it say: a requirement may stand there."""
    shared: bool = False
    """Its section bounds it: it has no points of its own."""
    months: int = 12
    """How long the assessment looks back."""

    @property
    def plain(self) -> bool:
        return self.worth == "points"

    def points_of(self, statement: Statement) -> Number:
        """The points that a statement names, all that there are where it names none."""
        if statement.says is Says.ZERO or statement.has("zero"):
            return 0
        if statement.has("full") or statement.points is None:
            return self.points
        return statement.points

    def signed(self, statement: Statement) -> Number:
        """The same, below zero where they are taken off."""
        points = self.points_of(statement)
        return -points if statement.has("hit") or statement.says is Says.LOSS else points

    def differs(self, statement: Statement, points: Number | None = None) -> str:
        """What is said where a sentence and its item name different points."""
        said = points if points is not None else statement.points
        return f"“{statement.text}”是 {said} 分，分值却是 {self.points} 分"

    def about(self, statement: Statement) -> str:
        """What a statement speaks of, taken from the phrase before or from 考核内容 where it says nothing."""
        if statement.subject:
            return statement.subject
        before = [
            each
            for each in self.reading.statements
            if each.found.start() < statement.found.start() and each.sentence == statement.sentence
        ]
        for each in reversed(before):
            if each.subject:
                counted = each.says is Says.REQUIRED and each.get("u") in COUNTED
                return self.required(each) if counted else each.subject
        return self.content

    def required(self, statement: Statement) -> str:
        """What is counted where so much is required: its clause without the numbers, else the clause before."""
        text = statement.found.string
        end = statement.found.end()
        after = [each.found.start() for each in self.reading.statements if each.found.start() >= end]
        stop = re.search("[，。；]|$", text[end:])
        end = min([end + (stop.start() if stop else 0), *after])
        for clause in reversed(re.split("[，。；]", text[:end])):
            if len(bare := re.sub(_REQUIRING, "", clause).strip("的")) > 1:
                alone = re.fullmatch(ask.DOING, bare) and not re.search(_SAYS_LITTLE, self.content)
                return f"{self.content}{bare}" if alone else bare
        return self.content or statement.text

    def question(self, about: str) -> tuple[Table, bool]:
        """What is answered by 是 or 否; one of a word or two says what it speaks of: 成立 what, 有规划."""
        fact, told = ask.yes(about)
        if len(word := fact["label"]) > SHORT:
            return fact, told
        if re.fullmatch(f"(?:无|没有){word}", about) and not re.fullmatch(ask.DOING, word):
            fact["label"] = f"有{word}"
        elif done := re.search(
            rf"(?:^|[。；，：]|并|应|要求|定期|及时)({word}(?![得扣加不的])[^，。；\d扣得]{{2,}})(?=[，。；\d得]|$)",
            f"{self.around.text}。{self.reading.text}",
        ):
            fact["label"] = ask.name(done[1])
        elif re.fullmatch(ask.DOING, word) and not re.search(_SAYS_LITTLE, self.content):
            fact["label"] = ask.name(f"{self.content}{word}")
        return fact, told


_REQUIRING = re.compile(
    rf"每个?{PERIOD}|全年|年内|至少|最少|(?:不(?:得|应)?)?(?:少于|低于|不足)|应?达到?"
    rf"|{NUMBER}个?(?:{'|'.join(COUNTED)})(?:以上)?(?:得\d+分)?|应当|须"
)
SHORT = 2
"""Characters of a question that does not say what it speaks of."""
_SAYS_LITTLE = "[，。；、]|(?:领导|组织|建设|工作|管理|保障|落实|情况|措施|责任|要求|服务|宣传)$"
"""In a 考核内容: with a verb behind it it does not tell what is meant, 组织领导成立."""


class Proposal(Struct):
    """Facts and a rule for an item, and what a person has to confirm about them."""

    facts: list[Table]
    rule: Table
    used: list[Statement]
    doubts: list[str] = field(default_factory=list)


def complements(clause: str) -> bool:
    """A clause that tells the other side of what stands before it: 未开展, 其他."""
    return bool(_COMPLEMENT.match(clause))


def is_other_side(statement: Statement) -> bool:
    """It speaks of the other side of what stands before it, or of nothing by itself."""
    clause = statement.subject.split("，")[-1]
    before = statement.found.string[: statement.found.start()].rstrip("，的").removesuffix(clause)
    one, *others = clause.split("或")
    return not clause or (
        complements(one) and _answers(one, before) and all(_answers(_NOT_SO.sub("", each), before) for each in others)
    )


_NOT_SO = re.compile("(?:不|未)(?:够?(?:完整|全|齐全?|规范|及时|到位|准确|明显|醒目))$")
_GENERAL = re.compile(r"按[^，]{0,4}?(?:要求|规定|时|期)|[的能有]")
FEWEST = 5
"""Characters of a clause that names something of its own: not so 未开展, 未按要求报送."""


def _answers(clause: str, before: str) -> bool:
    """A clause with 未 or 其他 names nothing that stands not before it: 建立台账…, 未建立台账."""
    words = _GENERAL.sub("", _COMPLEMENT.sub("", clause))
    return len(words) < FEWEST or repeats(before, words)


def times(required: Statement, asked: Asked) -> int:
    """How often a period comes round in what is assessed: 每季度 four times in a year."""
    said = re.findall(f"每个?({PERIOD})", required.whole)
    period = "" if re.search("全年|年内|年度", required.whole) else said[-1] if said else ""
    return max(1, PERIODS.get(period, 1) * asked.months // 12)

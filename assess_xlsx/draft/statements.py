"""A sentence of a notice as what it says, phrase by phrase, and what of it was not understood."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from assess_xlsx.draft.patterns import BEYOND, CAUTIONS, PATTERNS, Pattern, Says
from assess_xlsx.draft.text import NUMBER, apart, is_number, number, plain, unnumbered

if TYPE_CHECKING:
    from decimal import Decimal

_ENDS = "。；！？"
_UNREAD = re.compile(
    r"(?:\d|[一二两三四五六七八九十])分(?![钟类之管工布局析别配支]|公司)|扣(?![押缴款费留紧])(?<![折回克])|加分|得分(?!率)|[记计减给赋]分(?!标准|办法|细则)|酌情|视情|否决"
)
"""What speaks of scores; in a stretch that no pattern has read something was not understood."""


class Statement(Struct, frozen=True, eq=False, dict=True):
    """One phrase that was read, and whom or what it speaks of."""

    pattern: Pattern
    found: re.Match[str]
    subject: str
    """What stands before it since the phrase before, or the sentence's beginning."""
    sentence: int
    """Which sentence of the text it stands in, from 0."""

    @property
    def says(self) -> Says:
        return self.pattern.says

    @property
    def text(self) -> str:
        return self.found[0]

    @property
    def whole(self) -> str:
        """With its subject."""
        return f"{self.subject}{self.found[0]}"

    def has(self, name: str) -> bool:
        return bool(self.get(name))

    def get(self, name: str) -> str:
        """A group's text, or what the pattern fixes; empty where there is none."""
        return self.found.groupdict().get(name) or self.pattern.fixed.get(name, "")

    def number(self, name: str) -> int | Decimal | None:
        text = self.get(name)
        return number(text) if text else None

    @cached_property
    def points(self) -> int | Decimal | None:
        """The points that it names; None where it names none."""
        return next((found for name in ("p", "p2", "p9") if (found := self.number(name)) is not None), None)


class Reading(Struct, frozen=True):
    """What a text says."""

    text: str
    """As it is looked at."""
    statements: tuple[Statement, ...]
    """In their order."""
    unread: tuple[str, ...]
    """Stretches that speak of scores and were not understood."""
    beyond: tuple[Statement, ...]
    """What rules cannot say."""
    cautions: tuple[Statement, ...]

    def of(self, *kinds: Says) -> list[Statement]:
        return [each for each in self.statements if each.says in kinds]


def read(text: str) -> Reading:
    """Reads a sentence, or several."""
    looked = apart(plain(text))
    found: list[tuple[int, int, Pattern, re.Match[str]]] = []
    for pattern in PATTERNS:
        for match in pattern.expression.finditer(looked):
            taken = any(match.start() < end and start < match.end() for start, end, *_ in found)
            if match.end() > match.start() and not taken and _numbers_read(match):
                found.append((match.start(), match.end(), pattern, match))
    found.sort(key=lambda each: each[0])
    statements, last = [], 0
    for start, end, pattern, match in found:
        statements.append(Statement(pattern, match, _subject(looked, last, start), _sentence(looked, start)))
        last = end
    spans = [(start, end) for start, end, *_ in found]
    beyond = _all(looked, BEYOND)
    spoken = [each.found.span() for each in beyond]
    return Reading(looked, tuple(statements), _unread(looked, sorted(spans + spoken)), beyond, _all(looked, CAUTIONS))


def _numbers_read(match: re.Match[str]) -> bool:
    """Whether all that looks like a number in a phrase is one."""
    return all(is_number(each) for each in match.groups() if each and re.fullmatch(NUMBER, each))


def _all(text: str, patterns: tuple[Pattern, ...]) -> tuple[Statement, ...]:
    return tuple(
        Statement(pattern, match, "", _sentence(text, match.start()))
        for pattern in patterns
        for match in pattern.expression.finditer(text)
    )


def _sentence(text: str, place: int) -> int:
    return sum(text.count(end, 0, place) for end in _ENDS)


_LOOKING = r"(?:查|看|查阅|查看|检查|抽查|查验)(?:现场|资料|文件|书面材料|记录|台账|和|及|、)+"
"""How it is assessed, by itself: 查现场和资料."""


def _subject(text: str, last: int, start: int) -> str:
    """What a phrase at ``start`` speaks of: back to the phrase before, or to where its sentence begins."""
    before = text[last:start].rstrip("，：、的" + _ENDS)
    begin = max(before.rfind(end) for end in _ENDS) + 1
    subject = unnumbered(before[begin:].strip("，：、" + _ENDS))
    return "" if re.fullmatch(_LOOKING, subject) else subject


def _unread(text: str, spans: list[tuple[int, int]]) -> tuple[str, ...]:
    """The clauses that speak of scores outside what was read."""
    left = list(text)
    for start, end in spans:
        left[start:end] = "\n" * (end - start)
    pieces = re.split(r"[，。；！？\n]+", "".join(left))
    return tuple(piece for piece in pieces if _UNREAD.search(piece))

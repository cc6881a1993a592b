"""The record of what went out, and what it says of a letter: sent, to whom, or begun and nobody knows.

A line stands in it before a letter is handed over and another after the server's answer; what has the first and not
the second was in hand when the program was killed.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assess_xlsx.entries import CHINA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assess_xlsx.output.journal import Journal
    from assess_xlsx.post.outbox import Outgoing

RECORD_FILE = "发送记录.txt"
LABELS = ("时间", "事项", "信", "收件人", "主题", "说明", "标识")
BEGUN, SENT, REFUSED, UNSENT = "正在发", "已发出", "未收", "没有发出"
TAKEN_AS_SENT, RELEASED = "认定已发出", "同意重发"
"""Decisions of a person about a letter of which nobody knows."""
_WITH = "；"
_CLOCK = "%Y-%m-%d %H:%M:%S"


class SentLetters:
    """The record as it stands, and as it grows."""

    def __init__(self, record: Journal) -> None:
        self._record = record
        self._sent: dict[str, set[str]] = {}
        self._begun: dict[str, tuple[str, ...]] = {}
        self._since: dict[str, dt.datetime] = {}
        self._last = ""
        self._names: dict[str, list[tuple[str, str, str]]] = {}
        for line in record.lines:
            self._take(*line)

    def _take(self, time: str, event: str, name: str, to: str, subject: str, _: str, mark: str) -> None:
        recipients = tuple(to.split(_WITH))
        if event == BEGUN:
            self._begun[mark], self._since[mark] = recipients, _time(time)
            self._names.setdefault(name, []).append((mark, time, subject))
            return
        if event in (SENT, TAKEN_AS_SENT):
            self._last = mark
            self._sent.setdefault(mark, set()).update(recipients)
        if event != REFUSED:
            self._begun.pop(mark, None)

    def due(self, letter: Outgoing) -> tuple[str, ...]:
        """The recipients that have not got a letter yet."""
        return tuple(each for each in letter.recipients if each not in self._sent.get(letter.mark, ()))

    def begun(self, letter: Outgoing) -> tuple[str, ...]:
        """The recipients of whom nobody knows whether they got it."""
        return self._begun.get(letter.mark, ())

    def waited(self, letter: Outgoing, now: dt.datetime) -> dt.timedelta:
        """How long ago a letter was begun of which nobody knows."""
        return now - self._since[letter.mark]

    @property
    def last(self) -> str:
        """The mark of the letter that went out last; empty where none did."""
        return self._last

    def another(self, letter: Outgoing) -> str:
        """When another letter of the same name and subject went out last, or may have; empty where none did."""
        others = [
            time
            for mark, time, subject in self._names.get(letter.name, ())
            if mark != letter.mark and subject == letter.subject and (mark in self._sent or mark in self._begun)
        ]
        return others[-1] if others else ""

    def note(self, event: str, letter: Outgoing, recipients: Iterable[str], why: str = "") -> None:
        """Writes a line about a letter, and has it stand on the disk."""
        now = dt.datetime.now(CHINA).strftime(_CLOCK)
        line = (now, event, letter.name, _WITH.join(recipients), letter.subject, why, letter.mark)
        self._record.add(*line)
        self._take(*line)


def _time(said: str) -> dt.datetime:
    """When a line was written; one that cannot be read was written long ago."""
    try:
        return dt.datetime.strptime(said, _CLOCK).replace(tzinfo=CHINA)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=CHINA)


def waiting(letters: Sequence[Outgoing], record: SentLetters) -> tuple[list[Outgoing], list[Outgoing]]:
    """The letters that are to go out, and those of which nobody knows whether they did."""
    unknown = [each for each in letters if record.begun(each)]
    due = [each for each in letters if not record.begun(each) and record.due(each)]
    return due, unknown

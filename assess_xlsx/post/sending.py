"""Sends letters one after the other, each recorded before and after. What cannot go is told, and the rest goes on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.entries import CHINA
from assess_xlsx.post.sent import BEGUN, REFUSED, SENT, UNSENT
from assess_xlsx.post.smtp import Answer, Broken, Unknown
from assess_xlsx.post.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assess_xlsx.post.outbox import Outgoing
    from assess_xlsx.post.sent import SentLetters
    from assess_xlsx.post.settings import Settings
    from assess_xlsx.post.smtp import Sender


class Fate(NamedTuple):
    """What became of a letter."""

    letter: Outgoing
    answer: Answer
    unknown: bool = False
    """Nobody knows whether it went out."""


def send(letters: Iterable[Outgoing], record: SentLetters, sender: Sender, settings: Settings) -> Iterator[Fate]:
    """Sends the letters to those who have not got them; raises Trouble where the server takes no more."""
    for letter in letters:
        try:
            answer = _sent(letter, record, sender, settings)
        except Unknown:
            yield Fate(letter, Answer((), {}), unknown=True)
            sender.again()
            continue
        if answer.taken:
            record.note(SENT, letter, answer.taken)
        elif record.begun(letter):
            record.note(UNSENT, letter, record.begun(letter))
        for recipient, why in answer.refused.items():
            record.note(REFUSED, letter, [recipient], why)
        yield Fate(letter, answer)


def _sent(letter: Outgoing, record: SentLetters, sender: Sender, settings: Settings) -> Answer:
    """One letter, once more over a new connection where the first breaks; raises Unknown, Trouble."""

    def before(taken: Sequence[str]) -> None:
        record.note(BEGUN, letter, taken)

    data = letter.as_sent(settings, dt.datetime.now(CHINA))
    for _ in range(2):
        try:
            return sender.send(record.due(letter), data, before)
        except Broken:
            if record.begun(letter):
                record.note(UNSENT, letter, record.begun(letter), "连接断了")
            sender.again()
    raise Trouble("服务器两次断开了连接。请过一会儿再运行一次，已经发出的不会重发。")

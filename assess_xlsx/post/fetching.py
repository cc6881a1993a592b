"""Fetches the new letters of a mailbox into INPUT, each recorded before and after it is put there, nothing replaced.

A letter has a folder of its own, called after the hour it arrived and who sent it. Where a run was killed, the next
one puts what is missing into the same folder.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.entries import CHINA
from assess_xlsx.layout import MAIL_FOLDER
from assess_xlsx.output.delivery import deliver
from assess_xlsx.output.names import numbered, safe
from assess_xlsx.post import incoming
from assess_xlsx.post.fetched import BEGUN, KEPT, Letter
from assess_xlsx.post.imap import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from assess_xlsx.post.fetched import FetchedLetters
    from assess_xlsx.post.imap import Mailbox, Waiting
    from assess_xlsx.post.incoming import Incoming

TOO_LARGE, GONE = "太大", "已经不在邮箱里"
"""Kinds of letters that were seen and not fetched."""


class Fetched(NamedTuple):
    """A letter that is new, and what became of it."""

    waiting: Waiting
    units: tuple[str, ...]
    """Whose address it came from, by name."""
    letter: Incoming
    kind: str
    folder: str = ""
    """Where it was put, within INPUT; empty where it was not."""

    @property
    def failed(self) -> bool:
        """It was seen and could not be fetched."""
        return self.kind in (TOO_LARGE, GONE)


def fetch(
    mailbox: Mailbox,
    numbers: Sequence[str],
    record: FetchedLetters,
    place: Path,
    units_at: Callable[[str], tuple[str, ...]],
) -> Iterator[Fetched]:
    """Puts the letters that the record does not know into INPUT, ``place``; raises Trouble, OSError, Unsafe."""
    for waiting in mailbox.waiting([each for each in numbers if not record.knows(each)]):
        told = incoming.look(waiting.head)
        if told[2] and record.knows_letter(told[2], waiting.size, waiting.number):
            record.note(KEPT, Letter(told[0], "", told[1], "", waiting.number, told[2], waiting.size, ""))
            continue
        seen = incoming.Incoming(*told, incoming.TEXT, ())
        data = mailbox.letter(waiting.number) if waiting.size <= MOST else None
        if data is None:  # no line in the record: it is told each time
            yield Fetched(waiting, units_at(told[0]), seen, TOO_LARGE if waiting.size > MOST else GONE)
            continue
        found = _kept(waiting, data, record, place, units_at)
        if found:
            yield found


def _kept(
    waiting: Waiting, data: bytes, record: FetchedLetters, place: Path, units_at: Callable[[str], tuple[str, ...]]
) -> Fetched | None:
    """Deals with one letter; None where the very same was dealt with before."""
    digest = hashlib.sha256(data).hexdigest()
    letter = incoming.read(data, record.account)
    units = units_at(letter.sender)
    line = Letter(
        letter.sender,
        "、".join(units),
        letter.subject,
        record.begun(digest),
        waiting.number,
        letter.message_id,
        waiting.size,
        digest,
    )
    if record.knows_digest(digest):
        record.note(KEPT, line)
        return None
    if not letter.files or (letter.kind == incoming.LINK and not units):  # anybody's advertisement has links
        record.note(letter.kind, line)
        return Fetched(waiting, units, letter, letter.kind)
    if not line.folder:
        who = safe("、".join(units) or letter.sender, "发件人不明")
        line = line._replace(folder=_free(place, f"{waiting.received.astimezone(CHINA):%Y-%m-%d %H%M%S} {who}"))
        record.note(BEGUN, line)
    _put(place, line.folder, letter, waiting)
    record.note(KEPT, line)
    return Fetched(waiting, units, letter, letter.kind, line.folder)


def _free(place: Path, name: str) -> str:
    """A folder within INPUT that is not there yet."""
    number = 1
    while numbered(place / MAIL_FOLDER / name, number).exists():
        number += 1
    return f"{MAIL_FOLDER}/{numbered(place / MAIL_FOLDER / name, number).name}"


def _put(place: Path, folder: str, letter: Incoming, waiting: Waiting) -> None:
    """Puts the files of a letter into its folder, all or none; what stands there stays."""
    with deliver(place.parent, "fetch") as delivery:
        for file in letter.files:
            if _stands(path := place / folder / file.name, file.data):
                continue
            number = 1
            while numbered(path, number).exists():
                number += 1
            name = numbered(path, number).name
            delivery.copy(f"{place.name}/{folder}/{name}", file.data, waiting.received)
        delivery.put()


def _stands(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data

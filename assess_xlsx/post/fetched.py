"""The record of what was fetched: which letters are known, and where one was being put when a run was killed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.entries import CHINA

if TYPE_CHECKING:
    from assess_xlsx.output.journal import Journal

RECORD_FILE = "收信记录.txt"
LABELS = ("时间", "事项", "发件人", "单位", "主题", "放在", "邮箱", "编号", "信的标识", "大小", "摘要")
BEGUN, KEPT, SINCE = "正在收", "已收下", "从这一天收起"
"""What does not go into INPUT stands in the record by its kind."""


class Letter(NamedTuple):
    """A letter as the record knows it."""

    sender: str
    units: str
    subject: str
    folder: str
    """Where it goes, within INPUT; empty where it does not."""
    number: str
    """UIDVALIDITY and UID."""
    message_id: str
    size: int
    digest: str
    """SHA-256 of the letter; empty where it was not fetched."""


class FetchedLetters:
    """The record of one mailbox as it stands, and as it grows."""

    def __init__(self, record: Journal, account: str, folder: str) -> None:
        self.account = account
        """The office's address."""
        self._record, self._mailbox = record, f"{account} {folder}"
        self.since: dt.date | None = None
        """The day from which on letters are fetched, where a person said one."""
        self.new = True
        """Nothing was fetched from this mailbox before."""
        self._numbers: set[str] = set()
        self._letters: dict[tuple[str, str], set[str]] = {}
        """By Message-ID and size, where a letter stood: mailbox and UIDVALIDITY."""
        self._digests: set[str] = set()
        self._begun: dict[str, str] = {}
        for line in record.lines:
            self._take(*line)

    def _take(self, *line: str) -> None:
        _, event, _, _, _, folder, mailbox, number, message_id, size, digest = line
        here = mailbox == self._mailbox
        self.new = self.new and not here
        if event == SINCE:
            self.since = dt.date.fromisoformat(number) if here else self.since
        elif event == BEGUN:
            self._begun[digest] = folder
        else:
            if here:
                self._numbers.add(number)
            self._digests.add(digest)
            if message_id:
                self._letters.setdefault((message_id, size), set()).add(_place(mailbox, number))

    def knows(self, number: str) -> bool:
        """Whether a letter of that UID was dealt with."""
        return number in self._numbers

    def knows_letter(self, message_id: str, size: int, number: str) -> bool:
        """Whether one of that Message-ID and size was, in another folder or before the mailbox was made anew.

        Of two in one mailbox either may bring what the other does not.
        """
        places = self._letters.get((message_id, str(size)), set())
        return bool(places - {_place(self._mailbox, number)})

    def knows_digest(self, digest: str) -> bool:
        """Whether the very letter was."""
        return digest in self._digests

    def begun(self, digest: str) -> str:
        """The folder into which a killed run was putting a letter; empty where none was."""
        return self._begun.get(digest, "")

    def note(self, event: str, letter: Letter) -> None:
        """Writes a line about a letter, and has it stand on the disk."""
        who = (letter.sender, letter.units, letter.subject, letter.folder, self._mailbox)
        self._write(event, *who, letter.number, letter.message_id, str(letter.size), letter.digest)

    def begin_at(self, day: dt.date) -> None:
        """Notes the day from which on letters are fetched."""
        self._write(SINCE, "", "", "", "", self._mailbox, day.isoformat(), "", "", "")

    def _write(self, event: str, *fields: str) -> None:
        line = (f"{dt.datetime.now(CHINA):%Y-%m-%d %H:%M:%S}", event, *fields)
        self._record.add(*line)
        self._take(*(" ".join(field.split()) for field in line))


def _place(mailbox: str, number: str) -> str:
    """Where a letter of that UID stands: UIDs mean something within a mailbox and its UIDVALIDITY."""
    return f"{mailbox} {number.partition('/')[0]}"

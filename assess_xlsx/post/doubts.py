"""What became of letters that a broken run had in hand, as far as the office's own mailbox tells: 已发送 keeps them.

A letter that is there went out. One that is not there has not gone where the one before it is there, for then the
provider keeps what is sent, and has had the time to.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assess_xlsx.entries import CHINA
from assess_xlsx.post.outbox import message_id
from assess_xlsx.post.sent import RELEASED, TAKEN_AS_SENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assess_xlsx.post.imap import Mailbox
    from assess_xlsx.post.outbox import Outgoing
    from assess_xlsx.post.sent import SentLetters
    from assess_xlsx.post.settings import Settings

AT_REST = dt.timedelta(minutes=2)
"""How long a provider may take to put into 已发送 what it has sent."""


def settle(unknown: Iterable[Outgoing], record: SentLetters, kept: Mailbox, settings: Settings) -> None:
    """Notes what 已发送 tells of the letters; nothing of those of which it does not. Raises Trouble."""
    last = record.last
    keeps = bool(last) and kept.holds(message_id(last, settings))
    for letter in unknown:
        if kept.holds(message_id(letter.mark, settings)):
            record.note(TAKEN_AS_SENT, letter, record.begun(letter), "在“已发送”里")
        elif keeps and record.waited(letter, dt.datetime.now(CHINA)) >= AT_REST:
            record.note(RELEASED, letter, record.begun(letter), "不在“已发送”里，它前面的一封在")

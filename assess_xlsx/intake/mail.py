"""The files attached to a mail, in memory only, capped in number and size. It fetches and sends nothing."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from assess_xlsx.excel.formats import Unreadable, damaged
from assess_xlsx.excel.guard import MOST_INFLATED, MOST_PARTS
from assess_xlsx.intake.archives import Member

if TYPE_CHECKING:
    from email.message import EmailMessage


def members(data: bytes) -> list[Member]:
    """The files attached to a mail; raises Unreadable."""
    message: EmailMessage = message_from_bytes(data, policy=policy.default)
    found, size = [], 0
    try:
        sent = parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
        sent = sent.astimezone(dt.UTC) if sent and sent.tzinfo else None
    except ValueError:
        sent = None
    try:
        for number, part in enumerate(message.walk(), 1):
            if number > MOST_PARTS:
                raise Unreadable("邮件的部件过多，为安全起见没有打开", "请把附件另存后放进来")
            name = part.get_filename()
            if not name or part.is_multipart():
                continue
            content = part.get_payload(decode=True)
            content = content if isinstance(content, bytes) else b""
            size += len(content)
            if size > MOST_INFLATED:
                raise Unreadable("邮件的附件过大，为安全起见没有打开", "请把附件另存后放进来")
            found.append(Member(name, content, sent))
    except (
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        IndexError,
    ):  # what the parser makes of broken headers
        raise damaged() from None
    return found

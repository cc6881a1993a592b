"""Archives and mails: the files inside them, one level deep, in memory only, capped in number and size."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.excel.guard import MOST_INFLATED, MOST_PARTS, Format, Unreadable, damaged, inspect
from assess_xlsx.excel.package import UTF8_NAME

if TYPE_CHECKING:
    from email.message import EmailMessage

CHINA = dt.timezone(dt.timedelta(hours=8))
"""Archives carry a clock without a zone: the sender's."""


class Member(NamedTuple):
    name: str
    data: bytes
    saved: dt.datetime | None


def members(data: bytes, kind: Format) -> list[Member]:
    """The files in a zip archive or attached to a mail; raises Unreadable."""
    return _mail(data) if kind is Format.MAIL else _zip(data)


def _zip(data: bytes) -> list[Member]:
    inspect(data, Format.ZIP)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            Member(_name(part), archive.read(part), _time(part)) for part in archive.infolist() if not part.is_dir()
        ]


def _name(part: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows writes it in GBK and does not say so."""
    if not part.flag_bits & UTF8_NAME:
        raw = part.filename.encode("cp437", "replace")
        for encoding in ("utf-8", "gbk"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return part.filename


def _time(part: zipfile.ZipInfo) -> dt.datetime | None:
    try:
        return dt.datetime(*part.date_time, tzinfo=CHINA).astimezone(dt.UTC)
    except ValueError:
        return None


def _mail(data: bytes) -> list[Member]:
    # a mail is rare, and what reads it is slow to import
    from email import message_from_bytes, policy  # noqa: PLC0415
    from email.utils import parsedate_to_datetime  # noqa: PLC0415

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

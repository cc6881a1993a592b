"""The letters of a folder, as they are to go out, whoever wrote them last: ``draft``, or a person."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from email.utils import format_datetime
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.entries import Refusal, in_words
from assess_xlsx.excel.formats import MEGABYTE
from assess_xlsx.output.delivery import deliverables
from assess_xlsx.output.names import families
from assess_xlsx.output.seal import unsealed
from assess_xlsx.post.address import addresses_in
from assess_xlsx.post.letter import EOL, encoded

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from assess_xlsx.post.settings import Settings

MOST = 50 * MEGABYTE
"""Bytes of a letter; no server takes more."""
OWN = ".assess-xlsx@"
"""What a Message-ID of the house's letters holds."""

_REPLACED = re.compile(
    rb"^(?:x-unsent|bcc|date|message-id|from|sender|return-path)[ \t]*:.*\n(?:[ \t].*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
"""Headers that belong to an unsent letter, or that the sending says anew."""
_HEAD = re.compile(rb"\A(.*?\n)\r?\n", re.DOTALL)


class Unfit(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """A file that cannot be sent as a letter, as a Chinese clause."""


class Outgoing(NamedTuple):
    """A letter that waits in a folder."""

    name: str
    """The file's, without its ending: ``01-县安监局``."""
    mark: str
    """What it is known by: the same words to the same people are the same letter."""
    recipients: tuple[str, ...]
    subject: str
    attached: tuple[str, ...]
    data: bytes

    def as_sent(self, settings: Settings, now: dt.datetime) -> bytes:
        """The bytes that go over the wire."""
        head, body = _split(self.data)
        name = f"{encoded(settings.sender)} " if settings.sender else ""
        own = [
            f"From: {name}<{settings.account}>",
            f"Date: {format_datetime(now)}",
            f"Message-ID: {message_id(self.mark, settings)}",
        ]
        kept = _REPLACED.sub(b"", head)
        whole = f"{EOL.join(own)}{EOL}".encode("ascii", "replace") + kept + b"\n" + body
        return re.sub(rb"\r\n|\r|\n", b"\r\n", whole)


def message_id(mark: str, settings: Settings) -> str:
    """The Message-ID of the letter with a mark: the same whenever it is sent."""
    return f"<{mark[:32]}{OWN}{settings.domain}>"


class Outbox(NamedTuple):
    """What a folder holds."""

    letters: tuple[Outgoing, ...]
    """By name."""
    unfit: tuple[str, ...]
    """Files that cannot be sent, a sentence each."""
    older: tuple[str, ...]
    """Files in whose place stands a newer one."""


def read(folder: Path) -> Outbox:
    """The letters of a folder, of each the newest file; raises OSError."""
    letters, unfit, older = [], [], []
    paths = [path for path in deliverables(folder) if path.suffix == ".eml"]
    for _, family in sorted(families(paths, ()).items()):
        last = max(family)
        older += [path.name for number, path in sorted(family.items()) if number != last]
        try:
            letters.append(_letter(family[last]))
        except Unfit as why:
            unfit.append(f"“{family[last].name}”{why}。")
    return Outbox(tuple(letters), tuple(unfit), tuple(older))


def _letter(path: Path) -> Outgoing:
    """A letter in a file; raises Unfit."""
    try:
        if path.stat().st_size > MOST:
            raise Unfit("太大，没有哪个服务器收得下")
        data = unsealed(path.read_bytes())
    except OSError as error:
        raise Unfit(f"打不开（{in_words(error)}）") from None
    head, _ = _split(data)
    try:
        message = message_from_bytes(data, policy=policy.default)
        fields = [message.get_all(field, []) for field in ("to", "cc", "bcc")]
        said = [each.addr_spec for field in fields for header in field for each in header.addresses]
        subject = " ".join(str(message["subject"] or "").split())
        attached = tuple(part.get_filename() or "" for part in message.iter_attachments())
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):  # the parser, of broken headers
        raise Unfit("不是一封完好的邮件") from None
    try:
        recipients = tuple(dict.fromkeys(address for each in said for address in addresses_in(each).found))
    except Refusal as why:
        raise Unfit(f"的收件人有疑问：{why}") from None
    if not recipients:
        raise Unfit("没有收件人" if head.strip() else "不是一封完好的邮件")
    return Outgoing(path.stem, hashlib.sha256(data).hexdigest(), recipients, subject, attached, data)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """The headers, each line ended, and what stands below the blank line."""
    found = _HEAD.match(data)
    if found is None:
        raise Unfit("不是一封完好的邮件")
    return found[1], data[found.end() :]

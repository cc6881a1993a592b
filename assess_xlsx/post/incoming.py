"""A letter that came: who sent it, what kind it is, which files it brings. Pure; whatever a letter holds, it is told.

The letter goes into INPUT as it came, and beside it what is attached, so that people can open it: ``collect`` reads
an attachment that lies beside its letter once.
"""

from __future__ import annotations

import re
from email.utils import getaddresses
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import problems
from assess_xlsx.entries import shown
from assess_xlsx.excel.formats import Unreadable
from assess_xlsx.intake import mail
from assess_xlsx.output.names import numbered_apart
from assess_xlsx.post.address import MOST
from assess_xlsx.post.outbox import OWN

if TYPE_CHECKING:
    from email.message import Message

LETTER_FILE = "来信.eml"
MOST_ID = 250
"""Characters of a Message-ID that tell letters apart."""
MOST_FILES = 100
"""Attachments of a letter that are put beside it; of one with more, the letter alone is kept, whole."""

PARCEL, TEXT, LINK, BOUNCE, OURS = "有附件", "没有附件", "只有链接", "退信", "自己发的"
"""Kinds of letters: what brings files; text alone; text with a link to files; a server's answer that a letter of ours
did not arrive; a copy of what we sent."""
_DAEMONS = {"mailer-daemon", "postmaster"}
_UNDELIVERED = re.compile(r"^final-recipient\s*:\s*(?:rfc822|utf-8)\s*;\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class File(NamedTuple):
    """A file that a letter brings."""

    name: str
    """Made safe; no two of a letter share it."""
    data: bytes


class Incoming(NamedTuple):
    """A letter that came."""

    sender: str
    """The address; empty where none is told."""
    subject: str
    message_id: str
    kind: str
    files: tuple[File, ...]
    """The letter itself first; none of one that brings nothing."""
    said: str = ""
    """What is to be told of it besides, as a Chinese clause."""

    @property
    def attached(self) -> tuple[str, ...]:
        """The names of what it brings."""
        return tuple(each.name for each in self.files[1:])


def look(head: bytes) -> tuple[str, str, str]:
    """Sender, subject and Message-ID, as far as headers tell them."""
    try:
        return _told(mail.opened(head))
    except Unreadable:
        return "", "", ""


def _told(message: Message) -> tuple[str, str, str]:
    return _sender(message), shown(mail.header(message, "subject")), mail.header(message, "message-id")[:MOST_ID]


def read(data: bytes, account: str) -> Incoming:
    """A letter; one that cannot be read is kept as it came. ``account``: the office's own address."""
    try:
        message = mail.opened(data)
        told = _told(message)
    except Unreadable as verdict:
        return Incoming("", "", "", PARCEL, (File(LETTER_FILE, data),), f"这封信读不了：{verdict.reason}")
    if OWN in told[2] and told[0].casefold() == account.casefold():
        return Incoming(*told, OURS, ())
    if _bounced(message, told[0]):
        lost = shown("、".join(dict.fromkeys(_UNDELIVERED.findall(data.decode("latin-1")))))
        return Incoming(*told, BOUNCE, (), f"没有送到的是 {lost}" if lost else "")
    try:
        parcel = mail.unpack(data)
    except Unreadable as verdict:
        return Incoming(*told, PARCEL, (File(LETTER_FILE, data),), f"附件没有另存：{verdict.reason}")
    members = [each for each in parcel.members if not each.ignored]
    if not members:
        linked = parcel.empty is problems.LINK_ONLY
        return Incoming(*told, LINK, (File(LETTER_FILE, data),)) if linked else Incoming(*told, TEXT, ())
    whole = [each for each in members if not each.fault]
    said = "；".join(f"“{each.name}”{each.fault.reason}" for each in members if each.fault)
    if len(members) > MOST_FILES:
        said = f"附件有 {len(members)} 个，没有另存，都在“{LETTER_FILE}”里"
        whole = []
    files = [File(LETTER_FILE, data)]
    for member in whole:
        name = numbered_apart(mail.saved_as(member), {each.name.casefold() for each in files})
        files.append(File(name, member.data))
    return Incoming(*told, PARCEL, tuple(files), said)


def _sender(message: Message) -> str:
    """The address that a letter says it is from."""
    try:
        found = getaddresses([mail.header(message, "from")])
    except (ValueError, IndexError):
        return ""
    return next((address for _, address in found if "@" in address and len(address) <= MOST), "")


def _bounced(message: Message, sender: str) -> bool:
    kind = message.get_content_type()
    report = kind == "multipart/report" and "delivery-status" in mail.header(message, "content-type").lower()
    return report or sender.partition("@")[0].lower() in _DAEMONS

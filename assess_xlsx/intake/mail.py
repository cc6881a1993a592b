"""The files attached to a mail, in memory only, capped in number. It fetches and sends nothing.

What mail programs write into headers is taken as bytes: names come in any encoding, marked in several ways or not.
"""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes
from email.errors import (
    CloseBoundaryNotFoundDefect,
    HeaderParseError,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
)
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from assess_xlsx import problems
from assess_xlsx.excel.formats import MEGABYTE, PICTURE, UNSAFE, Unreadable, damaged, identify, letter
from assess_xlsx.excel.guard import MOST_PARTS
from assess_xlsx.intake.archives import Member, Parcel, decoded
from assess_xlsx.output.names import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL_PICTURE = MEGABYTE // 10
"""Bytes of a picture in a letter's text up to which it is part of a signature; a form's screenshot is larger."""
FORWARDED = "转发的邮件.eml"

_LETTERS = {"message/rfc822", "message/global"}
_NOT_READ = {
    "application/pkcs7-signature": "邮件的数字签名",
    "application/x-pkcs7-signature": "邮件的数字签名",
    "application/pgp-signature": "邮件的数字签名",
    "application/applefile": "苹果电脑附带的文件信息",
}
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
_MAYBE_FORMS = (b"PK", b"\xd0\xcf\x11\xe0")
_LINK = re.compile(
    r"""(?<![="'])https?://|href\s*=\s*["']?https?://|网盘|云盘|云附件|超大附件|提取码""", re.IGNORECASE
)
"""Not the addresses that any web page holds in its tags."""
_NEXT_LETTER = re.compile(rb"[\r\n]From \S+ [^\r\n]*\d\d:\d\d:\d\d[^\r\n]*\r?\n[!-9;-~]+:")
"""In a mailbox file, before each letter but the first."""


def opened(data: bytes) -> Message:
    """A mail, its parts and headers as they came; raises Unreadable."""
    if _NEXT_LETTER.search(data):
        raise Unreadable("是装有多封邮件的邮箱文件", "请在邮件程序里把每封邮件另存为 .eml 后放进来")
    data = letter(data)
    data = data if b"\n" in data else data.replace(b"\r", b"\n")
    try:
        return message_from_bytes(data, _Part)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):  # the parser, of broken headers
        raise damaged() from None


def unpack(data: bytes) -> Parcel:
    """What is attached to a mail; raises Unreadable."""
    try:
        return _unpack(opened(data))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):  # the parser, of broken headers
        raise damaged() from None


def saved_as(member: Member) -> str:
    """What an attachment is called where it is saved beside its mail, by a name that every system takes."""
    if member.name:
        return safe(member.name, "附件")
    try:
        return f"附件.{identify(member.data).value}"
    except Unreadable:
        return "附件"


class _Part(Message):
    """A part of a mail; a letter in the letter stays the bytes that it is, packed or not, to be read for itself."""

    def get_content_maintype(self) -> str:
        return "application" if self.get_content_type() in _LETTERS else super().get_content_maintype()


def _unpack(message: Message) -> Parcel:
    sent, members, linked = _sent(message), [], False
    for number, leaf in enumerate(_leaves(message), 1):
        if number > MOST_PARTS:
            raise Unreadable(f"邮件的部件过多，{UNSAFE}", "请把附件另存后放进来")
        content = _content(leaf.part)
        if not leaf.cut and _is_body(leaf.part, content):
            linked = linked or _LINK.search(decoded(content)) is not None
        else:
            members.append(_member(leaf, content, sent))
    return Parcel(members, problems.LINK_ONLY if linked else problems.NO_ATTACHMENT)


class _Leaf(NamedTuple):
    """A part of a mail that is no group of others."""

    part: Message
    related: bool = False
    """It belongs to the text beside it."""
    cut: bool = False
    """The mail ends within it."""


def _leaves(part: Message, *, related: bool = False, cut: bool = False) -> Iterator[_Leaf]:
    if not part.is_multipart():
        yield _Leaf(part, related, cut)
        return
    cut = cut or any(isinstance(each, CloseBoundaryNotFoundDefect) for each in part.defects)
    related = part.get_content_type() == "multipart/related"
    parts = cast("list[Message]", part.get_payload())
    for each in parts:
        yield from _leaves(each, related=related, cut=cut and each is parts[-1])


def _member(leaf: _Leaf, content: bytes, sent: dt.datetime | None) -> Member:
    kind, name = leaf.part.get_content_type(), _name(leaf.part)
    if kind in _LETTERS:
        return Member(name or FORWARDED, content, sent)
    if kind in _SEALED:
        sealed = Unreadable("是加密或签名封装的邮件内容（S/MIME、PGP）", "请发件人不加密、不签名重新发送")
        return Member(name, content, sent, sealed)
    ignored = "" if content.startswith(_MAYBE_FORMS) else _NOT_READ.get(kind, "")
    if leaf.related and leaf.part["Content-ID"] and len(content) <= SMALL_PICTURE and PICTURE.match(content):
        ignored = "邮件正文里的小图片（如签名、标志）"
    fault = None if content.startswith(b"PK") else _fault(leaf)  # what a zip archive lacks, its checksums tell
    return Member(name, content, sent, fault, ignored)


def _fault(leaf: _Leaf) -> Unreadable | None:
    short = (InvalidBase64LengthDefect, InvalidBase64PaddingDefect)
    unread = leaf.part.get_content_maintype() == "multipart"  # its parts were not found
    if leaf.cut or unread or any(isinstance(each, short) for each in leaf.part.defects):
        return Unreadable("附件不完整，邮件没有收全", "请从邮箱重新下载这封邮件，或请单位重新发送")
    return None


def _is_body(part: Message, content: bytes) -> bool:
    """Text of the letter itself: it has no name, and is text."""
    attached = part.get_content_disposition() == "attachment" or _name(part)
    return part.get_content_maintype() == "text" and not attached and b"\0" not in content


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def header(message: Message, name: str) -> str:
    """A header as people read it, on one line; empty where there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    return " ".join(_words(decoded(raw.encode("utf-8", "surrogateescape"))).split())


def _sent(message: Message) -> dt.datetime | None:
    try:
        sent = parsedate_to_datetime(str(message["Date"]))
        return sent.astimezone(dt.UTC) if sent.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def _name(part: Message) -> str:
    """An attachment's name without the path before it; empty where it has none."""
    named, headers = Message(), {"content-disposition": "filename", "content-type": "name"}
    for header, value in part.raw_items():
        if header.lower() in headers:
            named[header] = decoded(str(value).encode("utf-8", "surrogateescape"))
    for header, parameter in headers.items():
        found = [value for key, value in named.get_params([], header) if key.lower() == parameter]
        # a name with its encoding stands beside a poorer one for older programs
        found.sort(key=lambda value: isinstance(value, str))
        if found and (name := _cleaned(found[0])):
            return name
    return ""


def _cleaned(value: str | tuple[str, str, str]) -> str:
    name = _words(value) if isinstance(value, str) else _in(value[2].encode("latin-1", "replace"), value[0])
    name = re.split(r"[\\/]", name)[-1]
    return "".join(each for each in re.sub(r"\s+", " ", name) if each.isprintable()).strip()


def _words(text: str) -> str:
    """Encoded words are no names' business (RFC 2047), but many programs write them so."""
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(
        piece if isinstance(piece, str) else _in(piece, charset) if charset else _between(piece)
        for piece, charset in pieces
    )


def _between(raw: bytes) -> str:
    r"""What stands between encoded words, as ``decode_header`` hands it over; a path may hold a ``\u``."""
    return raw.decode("raw-unicode-escape", "replace")


def _in(raw: bytes, charset: str | None) -> str:
    """Text in a named encoding; what is called gb2312 is GBK nearly always."""
    try:
        return raw.decode("gb18030" if (charset or "").lower() in ("gb2312", "gbk") else charset or "utf-8")
    except (ValueError, LookupError):  # it is in another one, or there is none of that name
        return decoded(raw)

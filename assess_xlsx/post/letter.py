"""A letter as the bytes of an .eml file. Pure: the same letter gives the same bytes, without a clock or chance.

It is written by hand, header by header: names of files stand in it three times over, for each mail program reads
another of them, and Python's own generator writes but one.
"""

from __future__ import annotations

import base64
import hashlib
import html
from typing import NamedTuple
from urllib.parse import quote

EOL = "\r\n"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNSENT = "X-Unsent"
"""The header by which Outlook opens a letter as one that is still to be sent."""
_LINE = 76
_WORD = 45
"""Bytes of text in an encoded word, which may be 75 characters long (RFC 2047): ``=?UTF-8?B?…?=``."""


class Attachment(NamedTuple):
    """A file that goes with a letter."""

    name: str
    data: bytes


class Letter(NamedTuple):
    """What a unit gets."""

    unit: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    paragraphs: tuple[str, ...]
    attachment: Attachment


def compose(letter: Letter) -> bytes:
    """The letter as an .eml file that a mail program opens as unsent."""
    outer, inner = (_boundary(letter, part) for part in ("mixed", "alternative"))
    head = [
        f"To: {_recipients(letter.unit, letter.to)}",
        *([f"Cc: {_recipients(letter.unit, letter.cc)}"] if letter.cc else []),
        f"Subject: {encoded(letter.subject)}",
        f"{UNSENT}: 1",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed;{EOL} boundary="{outer}"',
    ]
    text = _part(["Content-Type: text/plain; charset=utf-8"], plain(letter.paragraphs).encode())
    page = _part(["Content-Type: text/html; charset=utf-8"], _html(letter.paragraphs).encode())
    texts = _group([text, page], inner)
    body = [f'Content-Type: multipart/alternative;{EOL} boundary="{inner}"{EOL}{EOL}{texts}', _attached(letter)]
    return f"{EOL.join(head)}{EOL}{EOL}{_group(body, outer)}".encode("ascii")


def encoded(text: str) -> str:
    """A header's text in encoded words where it needs them (RFC 2047), folded."""
    text = " ".join(text.split())
    plain = text.isascii() and text.replace(" ", "").isalnum() and len(text) < _LINE
    return text if plain else f"{EOL} ".join(_words(text))


def plain(paragraphs: tuple[str, ...]) -> str:
    """The text as a reader without HTML sees it."""
    return (EOL * 2).join(each.replace("\n", EOL) for each in paragraphs) + EOL


def _html(paragraphs: tuple[str, ...]) -> str:
    """The same, as plain as HTML can be: Outlook, Foxmail and web mail draw it alike."""
    told = (html.escape(each).replace("\n", "<br>") for each in paragraphs)
    body = EOL.join(f"<p>{each}</p>" for each in told)
    return (
        f'<html><head><meta charset="utf-8"></head>{EOL}'
        f"<body style=\"font-family:'Microsoft YaHei',SimSun,sans-serif;font-size:14px;line-height:1.7\">{EOL}"
        f"{body}{EOL}</body></html>{EOL}"
    )


def _recipients(name: str, addresses: tuple[str, ...]) -> str:
    return f",{EOL} ".join(f"{encoded(name)} <{address}>" for address in addresses)


def _part(head: list[str], content: bytes) -> str:
    lines = base64.encodebytes(content).decode("ascii").replace("\n", EOL)
    return EOL.join([*head, "Content-Transfer-Encoding: base64", "", lines])


def _group(parts: list[str], boundary: str) -> str:
    return "".join(f"--{boundary}{EOL}{part}{EOL}" for part in parts) + f"--{boundary}--{EOL}"


def _attached(letter: Letter) -> str:
    name = letter.attachment.name
    # a quotation mark or a backslash would end the name; no file of the house has one
    words = name.replace("\\", "").replace('"', "") if name.isascii() else f"{EOL} ".join(_words(name))
    head = [
        f'Content-Type: {WORKBOOK};{EOL} name="{words}"',
        # what is in RFC 2231 is what the standard asks for; the other is what old readers know
        f"Content-Disposition: attachment;{EOL} filename=\"{words}\";{EOL} filename*=UTF-8''{quote(name, safe='')}",
    ]
    return _part(head, letter.attachment.data)


def _words(text: str) -> list[str]:
    """A text in encoded words, none of which ends within a character."""
    words, piece = [], b""
    for each in text:
        raw = each.encode()
        if len(piece) + len(raw) > _WORD:
            words.append(piece)
            piece = b""
        piece += raw
    return [f"=?UTF-8?B?{base64.b64encode(each).decode('ascii')}?=" for each in (*words, piece)]


def _boundary(letter: Letter, part: str) -> str:
    """A line that stands nowhere in the letter's base64."""
    told = repr((part, letter[:-1], letter.attachment.name)).encode()
    return f"=_{hashlib.sha256(told + letter.attachment.data).hexdigest()[:32]}"

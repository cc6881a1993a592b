"""Enumerations in a notice's text: how a line is numbered, the items inside a line and in the lines below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft.notice import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

_ORDINAL = r"[一二三四五六七八九十]{1,3}"
STYLES = (
    rf"第{_ORDINAL}[条章节款项]\s*",
    rf"[（(]{_ORDINAL}[）)]\s*[、.．]?",
    rf"{_ORDINAL}[、.．]\s*",
    rf"{_ORDINAL}是(?!否)",
    r"[（(]\d{1,2}[）)]\s*[、.．]?",
    r"\d{1,2}[）)]\s*",
    r"\d{1,2}[.．、](?!\d)\s*",
    r"[①-⑳]\s*",
    r"[●■◆▲·•※★—–-]+\s*",
)
"""How lines are numbered, a kind a row."""
_BEHIND, _OPENS = r"(?<=[；;。，,、：:\n\s])", "(?<!第)"
"""Behind what a number begins an item; one in brackets does so behind anything."""
_ANY = "|".join(STYLES)
_ENDS = "；;。"
_NOTHING = Line("", "")
_SHORTEST = 12
_SHORT = 60
"""Characters of a line that may be an item without a number."""
_ANNEX = re.compile(r"^\s*附\s*件")


def style(text: str) -> int | None:
    """Which of the kinds a line's number is; None where it has none."""
    return next((kind for kind, written in enumerate(STYLES) if re.match(rf"\s*(?:{written})", text)), None)


def bare(text: str) -> str:
    """A text without its number and without what ends it."""
    return re.sub(rf"^\s*(?:{_ANY})", "", text.strip()).strip().rstrip("；;。，,、 　")


def is_annex(text: str) -> bool:
    """Where another part of the notice begins."""
    return bool(_ANNEX.match(text))


def apart(text: str, marks: str = "、") -> list[str]:
    """The parts between some marks; what stands in quotation marks or brackets is not parted."""
    parts, depth = [""], 0
    for each in text:
        depth += (each in "“《（(") - (each in "”》）)")
        if depth <= 0 and each in marks:
            parts.append("")
        else:
            parts[-1] += each
    return [part.strip() for part in parts if part.strip()]


def _numbered(text: str) -> list[int]:
    """Where the items of a text begin, by the first kind of numbers that numbers several."""
    for kind in STYLES:
        behind = _OPENS if kind.startswith("[") else _BEHIND
        places = [found.start() for found in re.finditer(rf"(?:^|{behind})\s*(?:{kind})", text)]
        if len(places) > 1:
            return places
    return []


def numbers(text: str) -> int:
    """How many items of a text have numbers of one kind."""
    return len(_numbered(text))


def inside(text: str) -> list[str]:
    """The items that a text enumerates: by their numbers, else between semicolons."""
    if places := _numbered(text):
        pieces = [text[: places[0]], *(text[a:b] for a, b in zip(places, [*places[1:], len(text)], strict=True))]
    else:
        pieces = re.split("[；;。\n]", text)
    return [piece for each in pieces if (piece := bare(each))]


def below(lines: Sequence[Line], place: int) -> list[list[Line]]:
    """The items in the lines below one that opens a list, each with the lines that go on with it."""
    own, rest = style(lines[place].text), lines[place + 1 :]
    kind = style(rest[0].text) if rest else None
    if kind is None:
        return [[line] for line in _unnumbered(rest)]
    if kind == own:
        return []
    items: list[list[Line]] = []
    for line in rest:
        if style(line.text) == kind:
            items.append([line])
        elif style(line.text) not in (None, own) and _heads(items[-1][0].text) and len(items[-1]) == 1:
            under = below([items[-1][0], *rest[rest.index(line) :]], 0)
            return [*items[:-1], *under, *_further(rest, under[-1][-1], kind, own)]
        elif style(line.text) != own and items[-1][-1].text.rstrip().endswith(("：", ":", "；", ";")):
            items[-1].append(line)
        else:
            break
    return items


def _further(lines: Sequence[Line], last: Line, kind: int, own: int | None) -> list[list[Line]]:
    """The items behind the last of a part, where another part begins: （二）廉政类."""
    left = lines[lines.index(last) + 1 :]
    if not left or style(left[0].text) != kind or kind == own:
        return []
    return below([_NOTHING, *left], 0) if kind is not None else []


def _heads(text: str) -> bool:
    """A line that only says what the items below it are about: （一）安全类."""
    return len(bare(text)) <= _SHORTEST and not text.rstrip().endswith(tuple(_ENDS))


def _unnumbered(lines: Sequence[Line]) -> list[Line]:
    """The lines that look like the items of a list whose numbers Word made, or that never had any."""
    items: list[Line] = []
    for line in lines:
        text = line.text.strip()
        if style(text) is not None or is_annex(text):
            break
        goes_on = bool(items) and items[-1].text.rstrip().endswith((";", "；"))
        alike = text.rstrip(_ENDS).endswith("的") or (len(text) < _SHORT and "。" not in text and "：" not in text)
        if not goes_on and not alike:
            break
        items.append(line)
    return items

"""What a person writes for e-mail addresses: what can only mean one thing is read, all else refused, with why."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from assess_xlsx.entries import Refusal, fold

MOST = 254
"""Characters of an address, as servers take it; 64 of them before the @."""

_SEPARATORS = re.compile(r"[;,、\s]+")
_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")
_ADDRESS = re.compile(r"(?P<box>[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+)@(?P<domain>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
_MISTYPED = {"con": "com", "cmo": "com", "ocm": "com", "vom": "com", "comn": "com"}
"""Ends of domains that exist nowhere but by a slip of the finger."""


class Addresses(NamedTuple):
    """The addresses in a cell."""

    found: tuple[str, ...]
    """Each once, in their order."""
    tidied: bool
    """They were not written as they are now."""


def addresses_in(text: str) -> Addresses:
    """The addresses that a text names, parted by ；; raises Refusal where one of them is doubtful."""
    if not fold(text):
        return Addresses((), tidied=False)
    found = tuple(dict.fromkeys(map(_address, _pieces(text))))
    return Addresses(found, "；".join(found) != text.strip().replace(";", "；"))


def _pieces(text: str) -> list[str]:
    """What stands between separators; a name before ``<…>`` may hold blanks."""
    plain = unicodedata.normalize("NFKC", text)
    parted = [part for part in plain.split(";") if fold(part)]
    pieces = []
    for part in parted:
        inside = _BRACKETS.fullmatch(part.strip())
        pieces += [inside[1]] if inside else [each for each in _SEPARATORS.split(part) if each]
    return pieces


def _address(piece: str) -> str:
    """One address; raises Refusal."""
    bare = fold(piece).replace("。", ".").removeprefix("mailto:").rstrip(".")
    if bare.count("@") != 1:
        raise Refusal(f"“{bare}”里没有 @" if "@" not in bare else f"“{bare}”里有几个 @，像是几个地址连在一起")
    found = _ADDRESS.fullmatch(bare)
    if found is None:
        domain = bare.partition("@")[2]
        raise Refusal(f"“{bare}”的 @ 后面没有点" if "." not in domain else f"“{bare}”不像邮箱地址")
    box, domain = found["box"], found["domain"]
    if len(bare) > MOST or len(box) > 64 or box[0] == "." or box[-1] == "." or ".." in box:  # noqa: PLR2004
        raise Refusal(f"“{bare}”不像邮箱地址")
    if any(label[0] == "-" or label[-1] == "-" for label in domain.split(".")):
        raise Refusal(f"“{bare}”不像邮箱地址")
    end = domain.rpartition(".")[2].lower()
    if meant := _MISTYPED.get(end):
        raise Refusal(f"“{bare}”以 .{end} 结尾，像是 .{meant} 写错了")
    return f"{box}@{domain.lower()}"

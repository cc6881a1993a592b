"""How a file is called whose place is taken: ``a（2）.xlsx`` beside ``a.xlsx``. The highest number is the newest."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

AnyPath = TypeVar("AnyPath", bound=PurePath)

_NUMBERED = re.compile(r"(.+)（([2-9]|[1-9]\d{1,2})）(\.[^.]+)")
"""Years are no such numbers."""


def numbered(path: AnyPath, number: int) -> AnyPath:
    """The name with its number; the first bears none."""
    return path if number == 1 else path.with_name(f"{path.stem}（{number}）{path.suffix}")


def families(paths: Iterable[Path], names: Container[str]) -> dict[str, dict[int, Path]]:
    """Files by the name that they would have without a number, then by number; one of ``names`` bears none."""
    found: dict[str, dict[int, Path]] = {}
    for path in paths:
        split = None if path.name in names else _NUMBERED.fullmatch(path.name)
        name, number = (split[1] + split[3], int(split[2])) if split else (path.name, 1)
        found.setdefault(name, {})[number] = path
    return found


def numbered_apart(name: str, taken: Container[str]) -> str:
    """A name with the first number with which it is none of those taken, which are casefolded."""
    path, number = PurePath(name), 1
    while numbered(path, number).name.casefold() in taken:
        number += 1
    return numbered(path, number).name


_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever ending it has."""
_LONGEST = 150
"""Bytes of a name: the folder above it needs room too."""


def safe(name: str, otherwise: str) -> str:
    """A name that came from elsewhere, as a file may bear it on every system: no path, not hidden, not empty."""
    bare = "".join(each if each.isprintable() else " " for each in re.split(r"[\\/]", name)[-1])
    bare = _UNSAFE.sub("_", " ".join(bare.split())).strip(". ")
    if not bare or _RESERVED.fullmatch(bare):
        bare = f"{otherwise} {bare}".strip()
    stem, dot, suffix = bare.rpartition(".")
    if not dot or len(suffix.encode()) > _LONGEST // 3:
        stem, dot, suffix = bare, "", ""
    room = _LONGEST - len((dot + suffix).encode())
    return stem.encode()[:room].decode(errors="ignore").strip(". ") + dot + suffix


def newest(paths: Iterable[Path], name: str) -> Path | None:
    """The newest of the files that stand for a name; None where there is none."""
    family = families(paths, (name,)).get(name, {})
    return family[max(family)] if family else None

"""How a file is called whose place is taken: ``a（2）.xlsx`` beside ``a.xlsx``. The highest number is the newest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

_NUMBERED = re.compile(r"(.+)（([2-9]|[1-9]\d{1,2})）(\.[^.]+)")
"""Years are no such numbers."""


def numbered(path: Path, number: int) -> Path:
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


def newest(paths: Iterable[Path], name: str) -> Path | None:
    """The newest of the files that stand for a name; None where there is none."""
    family = families(paths, (name,)).get(name, {})
    return family[max(family)] if family else None

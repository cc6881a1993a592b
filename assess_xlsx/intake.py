"""Which files there are: every file under INPUT once, in a stable order, noise marked."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

NOISE = {"thumbs.db", ".ds_store", "desktop.ini"}
NOISE_PREFIXES = ("~$", "._", ".~")


class Found(NamedTuple):
    path: Path
    name: str
    """As 文件清单 shows it: relative to INPUT, with ``/``."""
    ignored: str
    """Why it is not read; empty where it is."""


def find(paths: Iterable[Path], output: Path | None = None) -> list[Found]:
    """Every file under the given folders and files, by name; what lies in ``output`` is not read."""
    own = output.resolve() if output else None
    found = {}
    for path in paths:
        if path.is_dir():
            for folder, subfolders, names in os.walk(path):
                subfolders.sort()
                for name in sorted(names):
                    file = Path(folder, name)
                    found[file] = Found(file, file.relative_to(path).as_posix(), _ignored(file, own))
        else:
            found[path] = Found(path, path.name, _ignored(path, own))
    return sorted(found.values(), key=lambda each: each.name)


def _ignored(file: Path, output: Path | None) -> str:
    name = file.name.lower()
    if name in NOISE or name.startswith(NOISE_PREFIXES):
        return "系统或办公软件的临时文件"
    if output and file.resolve().is_relative_to(output):
        return "本程序输出文件夹中的文件"
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return "不是普通文件"
    except OSError:
        return ""  # reading will say what is wrong
    return ""

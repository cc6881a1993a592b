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
NOISE_REASON = "系统或办公软件的临时文件"


class Found(NamedTuple):
    path: Path
    name: str
    """As 文件清单 shows it: relative to INPUT, with ``/``."""
    ignored: str
    """Why it is not read; empty where it is."""


def find(paths: Iterable[Path], output: Path | None = None) -> list[Found]:
    """Every file under the given folders and files, by name; what lies in ``output`` is not read."""
    own = output.resolve() if output else None
    found: dict[Path, Found] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = Found(path, path.name, _ignored(path, own))
            continue
        for folder, subfolders, names in os.walk(path):
            linked = [name for name in subfolders if Path(folder, name).is_symlink()]
            for name in (*names, *linked):
                file = Path(folder, name)
                shown = file.relative_to(path).as_posix()
                reason = "是指向别处文件夹的链接，没有打开" if name in linked else _ignored(file, own)
                found[file] = Found(file, shown, reason)
    return sorted(found.values(), key=lambda each: each.name)


def noise(name: str) -> bool:
    return name.lower() in NOISE or name.startswith(NOISE_PREFIXES)


def _ignored(file: Path, output: Path | None) -> str:
    if noise(file.name):
        return NOISE_REASON
    try:
        if output and file.resolve().is_relative_to(output):
            return "本程序输出文件夹中的文件"
        if not stat.S_ISREG(file.stat().st_mode):
            return "不是普通文件"
    except OSError:
        return ""  # reading will say what is wrong
    return ""

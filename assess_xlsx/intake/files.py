"""Which files there are: every file under INPUT once, in a stable order, noise marked. It opens none of them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.answers import Source

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

    @property
    def source(self) -> Source:
        """What is known of it before it is read."""
        return Source(self.name, str(self.path))


def find(paths: Iterable[Path], output: Path | None = None) -> list[Found]:
    """Every file under the given folders and files, by name; what lies in ``output`` is not read."""
    own = _real(output) if output else None
    found: dict[Path, Found] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = Found(path, path.name, _ignored(path, own, within=_lies_in(own, path)))
            continue
        for name, subfolders, files in os.walk(path):
            folder = Path(name)
            within = _lies_in(own, folder)
            shown = "" if folder == path else f"{folder.relative_to(path).as_posix()}/"
            for each in files:
                file = folder / each
                found[file] = Found(file, shown + each, _ignored(file, own, within=within))
            for each in subfolders:
                if (folder / each).is_symlink():
                    reason = "是指向别处文件夹的链接，没有打开"
                    found[folder / each] = Found(folder / each, shown + each, reason)
    return sorted(found.values(), key=lambda each: each.name)


def _lies_in(output: Path | None, path: Path) -> bool:
    return output is not None and _real(path).is_relative_to(output)


def _real(path: Path) -> Path:
    """Where links lead; ``Path.resolve`` fails on one that leads to itself."""
    return Path(os.path.realpath(path))


def noise(name: str) -> bool:
    return name.lower() in NOISE or name.startswith(NOISE_PREFIXES)


def _ignored(file: Path, output: Path | None, *, within: bool) -> str:
    """Why a file is not read; ``within``: its folder is the output's."""
    if noise(file.name):
        return NOISE_REASON
    try:
        mode = file.lstat().st_mode
        if stat.S_ISLNK(mode):
            within = within or _lies_in(output, file)
            mode = file.stat().st_mode
        if within:
            return "本程序输出文件夹中的文件"
        if not stat.S_ISREG(mode):
            return "不是普通文件"
    except OSError:
        return ""  # reading will say what is wrong
    return ""

"""Which files there are: every file under INPUT once, in a stable order, noise marked. It reads none.

It loads next to nothing: the reading processes are started once it is known how many files there are.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assess_xlsx.answers import Source

NOISE = {"thumbs.db", ".ds_store", "desktop.ini", ".gitkeep", ".keep"}
NOISE_PREFIXES = ("~$", "._", ".~")
NOISE_REASON = "系统或办公软件的临时文件"


class Found(NamedTuple):
    path: Path
    name: str
    """As 文件清单 shows it: relative to INPUT, of several with INPUT's name, with ``/``; a folder ends with it."""
    ignored: str = ""
    """Why it is not read; empty where it is."""
    unreadable: str = ""
    """Why it cannot be read, where that is seen from outside."""
    among: bool = False
    """All that lies in its folder is found too."""

    @property
    def source(self) -> Source:
        """What is known of it before it is read."""
        from assess_xlsx.answers import Source  # noqa: PLC0415 - see above

        return Source(self.name, str(self.path))


def find(paths: Iterable[Path]) -> list[Found]:
    """Every file under the given folders and files, and every folder that cannot be looked into, by name."""
    places = list(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))  # noqa: PTH100 - links stay links
    found: dict[Path, Found] = {}
    for path, title in zip(places, _titles(places), strict=True):
        if os.path.isdir(path):  # noqa: PTH112 - as in ``_under``
            for each in _under(path, f"{title}/" if len(places) > 1 else ""):
                found.setdefault(each.path, each)
        else:
            found.setdefault(path, _file(path, title))
    return sorted(found.values(), key=lambda each: each.name)


def holds_nothing(found: Iterable[Found]) -> bool:
    """Nothing came in that could be read."""
    return all(each.ignored or each.unreadable for each in found)


def _titles(places: Sequence[Path]) -> list[str]:
    """The last parts of paths, as few as tell them apart."""
    for length in range(1, max(len(each.parts) for each in places)):
        titles = ["/".join(each.parts[-length:]) for each in places]
        if len(set(titles)) == len(titles):
            return titles
    return [each.as_posix() for each in places]


def _under(path: Path, title: str) -> Iterator[Found]:
    """What a folder holds. ``os`` is asked: ``Path`` raises where a folder may be listed but not entered."""
    shut: list[OSError] = []
    for name, subfolders, files in os.walk(path, onerror=shut.append):
        folder = Path(name)
        shown = title if folder == path else f"{title}{folder.relative_to(path).as_posix()}/"
        for each in files:
            yield _file(folder / each, shown + each)._replace(among=True)
        for each in subfolders:
            if os.path.islink(folder / each):  # noqa: PTH114
                yield Found(folder / each, shown + each, unreadable="是指向别处文件夹的链接，里面的文件没有读")
    for error in shut:
        folder = Path(error.filename)
        shown = folder.name if folder == path else f"{title}{folder.relative_to(path).as_posix()}"
        yield Found(folder, f"{shown}/", unreadable=f"文件夹打不开（{_why(error)}），里面的文件一个也没有读")


def _why(error: OSError) -> str:
    from assess_xlsx.entries import in_words  # noqa: PLC0415 - see above

    return in_words(error)


def same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121 - as ``_under``
    except OSError:
        return False


def noise(name: str) -> bool:
    return name.lower() in NOISE or name.startswith(NOISE_PREFIXES)


def _file(file: Path, name: str) -> Found:
    """A file, with what can be said of it without reading."""
    if noise(file.name):
        return Found(file, name, NOISE_REASON)
    try:
        mode = file.stat().st_mode
    except OSError as error:
        if os.path.islink(file):  # noqa: PTH114
            return Found(file, name, unreadable=f"是链接，它指向的文件打不开（{_why(error)}）")
        return Found(file, name)  # reading will say what is wrong
    return Found(file, name, "" if stat.S_ISREG(mode) else "不是普通文件")

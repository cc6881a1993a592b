"""Files put in their place together, or none of them: written aside first, and only then moved.

What stands in a place goes only where the same command wrote it and nobody has changed it since.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.output.apart import Unsafe, leads_elsewhere
from assess_xlsx.output.lock import lock
from assess_xlsx.output.names import families, numbered
from assess_xlsx.output.seal import seal, sealed_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

PREFIX, SUFFIX = ".assess-xlsx-", ".tmp"
_KINDS = {".xlsx", ".eml"}
"""What is written beside what is kept."""
LOCK = "lock"
"""In a stage: held while its run lives."""

OPEN = "正被其他程序打开，或没有权限"
CHANGED = "后来改动过，或不是本程序写的"
FINAL, CLOSED = "final", "是已经定稿的结果"
"""Whose seal a closed result bears: no command's, so that none replaces it."""


class Kept(NamedTuple):
    """A file that stays although another was to take its place, or nothing."""

    path: Path
    reason: str
    newest: Path | None = None
    """What was written beside it; None where nothing was."""


class Occupied(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """Files stand where others were to be put, and are not the command's to replace."""

    def __init__(self, kept: list[Kept]) -> None:
        super().__init__()
        self.kept = kept


class Delivery:
    """The files of one call of a command, ``deliver`` makes it."""

    def __init__(self, folder: Path, command: str, stage: Path, made: list[Path]) -> None:
        self.folder, self.command, self._stage, self._made = folder, command, stage, made
        self._files: dict[str, Path] = {}
        self._moved: list[tuple[Path, Path]] = []
        """Places, each with where that stands aside which stood there."""

    def add(self, name: str, write: Callable[[Path], object], command: str = "") -> None:
        """Has a file written, to be put under a name in the folder: ``退回修改/01-县安监局.xlsx``.

        ``command``: whose seal it bears instead of this call's, so that no later call of this one replaces it.
        """
        file = self._stage / f"{len(self._files)}.xlsx"
        self._made += _make(self._inside((self.folder / name).parent))
        write(file)
        seal(file, command or self.command)
        self._files[name] = file

    def copy(self, name: str, data: bytes, saved: dt.datetime | None = None) -> None:
        """Has a file that stood elsewhere put under a name as it is, its seal included; with its time, where told."""
        file = self._stage / f"{len(self._files)}.xlsx"
        self._made += _make(self._inside((self.folder / name).parent))
        with file.open("wb") as copied:
            copied.write(data)
            copied.flush()
            os.fsync(copied.fileno())
        if saved:
            os.utime(file, (saved.timestamp(), saved.timestamp()))
        self._files[name] = file

    def replaces(self, name: str, path: Path) -> bool:
        """Whether a file put beside others under a name takes the place of another, or takes it away."""
        if not path.exists() or not path.parent.samefile(self.folder):
            return False
        own = self.folder / path.name
        family = families(deliverables(self.folder), [name]).get(name, {})
        return own in family.values() and not _why_kept(own, self.command)

    def _inside(self, folder: Path) -> Path:
        """A folder that files may be put into; Unsafe where it is a link, for people's files may be behind it."""
        if folder != self.folder and leads_elsewhere(folder):
            raise Unsafe(f"“{folder}”是链接，程序不经过链接写文件，没有写任何文件。请移走这个链接后重试。")
        return folder

    def put(self) -> None:
        """Puts every file under its own name; Occupied where one of them is taken."""
        places = {self.folder / name: file for name, file in self._files.items()}
        kept = [Kept(place, why) for place in places if (why := _why_kept(place, self.command))]
        if kept:
            raise Occupied(kept)
        with self._all_or_none():
            for place, file in places.items():
                self._move(file, place)

    def put_beside(self, swept: Iterable[str]) -> tuple[dict[str, Path], list[Kept]]:
        """Puts every file under its own name, or beside what is kept there; answers where each stands, what is kept.

        In the swept folders what an earlier call left goes away.
        """
        placed: dict[str, Path] = {}
        kept: list[Kept] = []
        folders = dict.fromkeys([*(Path(name).parent for name in self._files), *map(Path, swept)])
        with self._all_or_none():
            for folder in folders:
                files = {Path(name).name: name for name in self._files if Path(name).parent == folder}
                standing = families(deliverables(self._inside(self.folder / folder)), files)
                for own, name in files.items():
                    placed[name], more = self._beside(self.folder / name, self._files[name], standing.pop(own, {}))
                    kept += more
                if folder.as_posix() in swept:
                    for path in (path for family in standing.values() for path in family.values()):
                        kept += self._take_away(path)
        return placed, kept

    def _beside(self, target: Path, file: Path, standing: Mapping[int, Path]) -> tuple[Path, list[Kept]]:
        """Puts a file above all that is kept of those beside it; the others go."""
        standing = {1: target, **standing}
        reasons = {number: why for number, path in standing.items() if (why := _why_kept(path, self.command))}
        place = numbered(target, number := max(reasons, default=0) + 1)
        while not self._moved_to(place, file):  # opened just now
            reasons[number] = OPEN
            place = numbered(target, number := number + 1)
        kept = [Kept(numbered(target, each), why, place) for each, why in reasons.items()]
        for each, path in standing.items():
            if each not in reasons and path != place:
                kept += self._take_away(path, place)
        return place, kept

    def _take_away(self, path: Path, newest: Path | None = None) -> list[Kept]:
        why = _why_kept(path, self.command)
        if not why and not self._moved_to(path, None):
            why = OPEN
        return [Kept(path, why, newest)] if why else []

    def _moved_to(self, place: Path, file: Path | None) -> bool:
        """Moves, as ``_move`` does; False where what stands there is in another program's hands."""
        try:
            self._move(file, place)
        except PermissionError:
            if not place.exists():
                raise
            return False
        return True

    def _move(self, file: Path | None, place: Path) -> None:
        """Puts a file in its place, or none; what stood there is kept aside until all is done."""
        aside = self._stage / f"{len(self._moved)}.old"
        if place.exists():
            shutil.copy2(place, aside)
        self._moved.append((place, aside))
        if file is None:
            place.unlink(missing_ok=True)
            return
        if aside.exists():
            shutil.copymode(aside, file)
        os.replace(file, place)  # noqa: PTH105 - as a whole, whatever stands there

    @contextmanager
    def _all_or_none(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            for place, aside in reversed(self._moved):
                with suppress(OSError):  # the others all the same
                    if aside.exists():
                        os.replace(aside, place)  # noqa: PTH105
                    else:
                        place.unlink(missing_ok=True)
            raise


@contextmanager
def deliver(folder: Path, command: str) -> Iterator[Delivery]:
    """A delivery into a folder: nothing is left in it but what was put, nor what a killed run left."""
    made = _make(folder)
    try:
        _clear(folder)
        with (
            tempfile.TemporaryDirectory(SUFFIX, PREFIX, folder, ignore_cleanup_errors=True) as stage,
            Path(stage, LOCK).open("wb") as held,
        ):
            with suppress(OSError):  # not every network drive knows locks
                lock(held)
            yield Delivery(folder, command, Path(stage), made)
    finally:
        for each in reversed(made):
            with suppress(OSError):  # something stands in it
                each.rmdir()


def _make(folder: Path) -> list[Path]:
    """Makes a folder and those above it; answers which there were not."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _clear(folder: Path) -> None:
    """Takes away the stages of runs that were killed; a living one holds its lock."""
    for stage in folder.iterdir():
        if re.fullmatch(rf"{re.escape(PREFIX)}\w{{8}}{re.escape(SUFFIX)}", stage.name) and not stage.is_symlink():
            with suppress(OSError):
                with (stage / LOCK).open("wb") as held:
                    lock(held)
                shutil.rmtree(stage)


def deliverables(folder: Path) -> list[Path]:
    """The workbooks and letters in a folder, but for the marks that Office sets beside an open one."""
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.suffix in _KINDS and not path.name.startswith(("~$", "."))]


def _why_kept(path: Path, command: str) -> str:
    """Why what stands in a place stays there; empty where nothing does, or what the command itself put there."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            return "是文件夹" if stat.S_ISDIR(found.st_mode) else "是链接，不是普通的文件"
        if found.st_nlink > 1:
            return "在别处还有一个名字（硬链接）"
        if (owner := sealed_by(path)) != command:
            return CLOSED if owner == FINAL else CHANGED
        os.replace(path, path)  # noqa: PTH105 - changes nothing; Windows refuses it where the file is open
    except FileNotFoundError:
        return ""
    except PermissionError:
        return OPEN
    return ""

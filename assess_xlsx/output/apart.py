"""Keeps what is written apart from what was read, by whichever names, links or ``..`` the two are called."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Unsafe(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """A place where nothing may be written, as a Chinese sentence."""


def keep_apart(inputs: Iterable[Path], output: Path) -> None:
    """Raises Unsafe where the two meet: one is or holds the other, or a link in one leads into the other."""
    out_of_output = list(_links(output))
    for place in inputs:
        if _within(output, place) or _within(place, output):
            raise Unsafe(
                f"结果文件夹“{output}”与收回的表“{place}”不能是同一个地方，也不能一个在另一个里面，没有写任何文件。"
                "请用 -o 另外指定一个文件夹放结果。"
            )
        for link, there in (*((each, place) for each in out_of_output), *((each, output) for each in _links(place))):
            if _within(link, there):
                raise Unsafe(
                    f"链接“{link}”指向“{there}”，写结果会动到收回的表，没有写任何文件。请移走这个链接后重试。"
                )


def leads_elsewhere(path: Path) -> bool:
    """Whether the last step of a path is a link (on Windows a junction is one too)."""
    parent = os.path.realpath(path.parent)
    return os.path.normcase(os.path.realpath(path)) != os.path.normcase(os.path.join(parent, path.name))  # noqa: PTH118


def _within(path: Path, folder: Path) -> bool:
    """Whether a path, or the place where it will be, is a folder or lies in it."""
    real = Path(os.path.realpath(path))
    return any(_same(each, folder) for each in (real, *real.parents))


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)  # noqa: PTH121 - as the rest here
    except OSError:  # one of them is not there, or leads to itself
        return False


def _links(folder: Path) -> Iterator[Path]:
    """The links under a folder; they are not followed."""
    for name, folders, files in os.walk(folder):
        yield from (path for each in (*folders, *files) if os.path.islink(path := Path(name, each)))  # noqa: PTH114

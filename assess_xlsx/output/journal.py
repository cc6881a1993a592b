"""A record that grows line by line: each line stands on the disk before the next step is taken. Nothing is replaced.

It is a text that people can read, with a tab between the fields. A line that a killed run left half written never
happened; any other that cannot be read is a question, for what is not known to be done would be done again.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from assess_xlsx.output.apart import Unsafe, leads_elsewhere
from assess_xlsx.output.lock import lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_BUSY = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_MARK = b"\xef\xbb\xbf"
"""Tells an old editor on Windows that the text is UTF-8."""


class Garbled(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """A record that cannot be gone by, as a Chinese sentence."""


class Journal:
    """An open record; ``journal`` opens it."""

    def __init__(self, file: IO[bytes], lines: list[tuple[str, ...]]) -> None:
        self._file, self.lines = file, lines

    def add(self, *fields: str) -> None:
        """Writes a line, and has it stand on the disk."""
        line = tuple(" ".join(field.split()) for field in fields)
        self._file.write(("\t".join(line) + "\r\n").encode("utf-8", "replace"))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.lines.append(line)


@contextmanager
def journal(path: Path, labels: Sequence[str]) -> Iterator[Journal]:
    """A record with a line of labels above; raises Garbled, Unsafe, OSError."""
    if leads_elsewhere(path):
        raise Unsafe(f"“{path}”是链接，程序不经过链接写文件。请移走这个链接后重试。")
    with path.open("a+b") as file:
        try:
            lock(file)
        except OSError as error:
            if error.errno in _BUSY:
                raise Garbled(f"另一个窗口正在写“{path}”，请等它做完再运行。") from None
        file.seek(0)
        data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        file.truncate(len(whole))
        book = Journal(file, _lines(path, whole, labels))
        if not whole:
            file.write(_MARK)
            book.add(*labels)
            book.lines.clear()
        yield book


def _lines(path: Path, data: bytes, labels: Sequence[str]) -> list[tuple[str, ...]]:
    """The lines below the labels."""
    found = []
    for number, raw in enumerate(data.removeprefix(_MARK).split(b"\n"), 1):
        try:
            line = tuple(raw.decode("utf-8").rstrip("\r").split("\t"))
        except UnicodeDecodeError:
            line = ()
        if line == ("",):
            continue
        if len(line) != len(labels) or (number == 1 and line != tuple(labels)):
            raise Garbled(
                f"“{path}”第 {number} 行读不懂，可能被改动过。请改回原样或用备份恢复；不能恢复的，"
                "把它改名留着，再核对哪些已经做过：程序会当作什么都没有做过。"
            )
        found.append(line)
    return found[1:]

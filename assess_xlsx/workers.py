"""Reads files in processes of their own: a panic, an abort, a hang or a blow-up costs one file, not the run.

On Linux and macOS a process also has a limit of memory. Windows has no such limit to set from Python; there the
guard's caps on what a file may inflate to, and the limit of time, protect alone.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import sys
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self

from pebble import ProcessExpired, ProcessPool

from assess_xlsx.documents import Document
from assess_xlsx.problems import RESEND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from pebble import ProcessFuture

    from assess_xlsx.intake import Found
    from assess_xlsx.roster import Roster
    from assess_xlsx.scheme import Scheme

SECONDS = 20
"""A file's time limit; a form takes a hundredth of a second."""
BATCH_SECONDS = 10
"""A batch's; one that takes longer is read again file by file."""
MEMORY = 2 << 30
"""Bytes that a reading process may address."""
BATCH = 25
"""Files handed over at a time: few enough that a lost batch is soon read again one by one."""
FEW = 200
"""Files up to which a second process costs more than it gives."""

_ENDED = (ProcessExpired, BrokenProcessPool, MemoryError)

_scheme: Scheme
_roster: Roster


def _start(scheme_file: Path | None) -> None:
    """Prepares a reading process, with all that the process which starts it can do without."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a reader's panic tells programmers; people read the file list
    from assess_xlsx import scheme_file as scheme_files  # noqa: PLC0415
    from assess_xlsx.roster import Roster  # noqa: PLC0415

    global _scheme, _roster  # noqa: PLW0603 - a process reads for one run
    _scheme = scheme_files.load(scheme_file)
    _roster = Roster(_scheme)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(batch: Sequence[Found]) -> list[list[Document]]:
    from assess_xlsx import reading  # noqa: PLC0415 - see _start

    return [reading.read(found, _scheme, _roster) for found in batch]


def _lost(found: Found, reason: str) -> Document:
    """A file whose reading ended the process that read it, or took too long."""
    return Document(found.name).unreadable(reason, RESEND)


class Readers:
    """The reading processes, started at once, so that they read while the caller does something else.

    They load the scheme themselves; that it is right is for the caller to see.
    """

    def __init__(self, found: Sequence[Found], scheme_file: Path | None = None) -> None:
        self._scheme_file = scheme_file
        self._several = min(4, os.cpu_count() or 1) if len(found) > FEW else 1
        self._pool = self._new_pool()
        batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
        self._pending = [(batch, self._schedule(batch, BATCH_SECONDS)) for batch in batches]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        # spawned, as on Windows: the caller need not wait while a process starts
        context = mp.get_context("spawn")
        return ProcessPool(self._several, initializer=_start, initargs=(self._scheme_file,), context=context)

    def _schedule(self, batch: Sequence[Found], seconds: float) -> ProcessFuture[list[list[Document]]]:
        if not self._pool.active:  # its processes ended before they had anything to read
            self._pool = self._new_pool()
        return self._pool.schedule(_read, args=(batch,), timeout=seconds)

    def read(self) -> Iterator[list[Document]]:
        """Each file's documents, in the order of the files."""
        for batch, future in self._pending:
            try:
                yield from future.result()
            except (TookTooLong, *_ENDED):
                for found in batch:  # one of them ended the process: read each by itself
                    yield self._alone(found)
        self._pool.stop()  # type: ignore[no-untyped-call]  # it winds up while the caller goes on

    def _alone(self, found: Found) -> list[Document]:
        try:
            return self._schedule([found], SECONDS).result()[0]
        except TookTooLong:
            return [_lost(found, f"读取超过 {SECONDS} 秒，已放弃")]
        except _ENDED:
            return [_lost(found, "读取时程序崩溃或内存不足，已放弃")]

"""Reads files and writes forms in processes of their own: a panic, an abort, a hang or a blow-up costs one file.

On Linux and macOS a process also has a limit of memory. Windows has no such limit to set from Python; there the
guard's caps on what a file may inflate to, and the limit of time, protect alone.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import sys
from collections import deque
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from pebble import CONSTS, ProcessExpired, ProcessPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from assess_xlsx.forms.filling import Filling
    from assess_xlsx.forms.form import Writer
    from assess_xlsx.intake.document import Document
    from assess_xlsx.intake.files import Found
    from assess_xlsx.intake.reading import Asked
    from assess_xlsx.scheme.model import Scheme

T = TypeVar("T")
R = TypeVar("R")

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
WRITTEN, AHEAD = 3, 8
"""Forms handed over to be written at a time, and how many batches ahead of the caller."""
WRITING_SECONDS = LOADING_SECONDS = 60

CONSTS.sleep_unit = 0.02  # the pool looks so often whether it should end, and the caller waits for that

_ENDED = (ProcessExpired, BrokenProcessPool, MemoryError)

_asked: Asked
_writers: dict[str, Writer] = {}


def _start(scheme_file: Path | None) -> None:
    """Prepares a reading process, with all that the process which starts it can do without."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a reader's panic tells programmers; people read the file list
    from assess_xlsx.intake.reading import Asked  # noqa: PLC0415
    from assess_xlsx.intake.units import Roster  # noqa: PLC0415
    from assess_xlsx.scheme import file as scheme_files  # noqa: PLC0415

    global _asked  # noqa: PLW0603 - a process reads for one run
    scheme = scheme_files.load(scheme_file)
    _asked = Asked(scheme, Roster(scheme))
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _loaded(nothing: Sequence[None]) -> list[bytes]:  # noqa: ARG001 - work is given a batch
    """The scheme, packed: unpacking it imports modules, which the caller does itself.

    The pool would do so in a thread of its own, and two that import the same may wait for each other for ever.
    """
    return [pickle.dumps(_asked.scheme)]


def _read(batch: Sequence[Found]) -> list[list[Document]]:
    from assess_xlsx.intake import reading  # noqa: PLC0415 - see _start

    return [reading.read(found, _asked) for found in batch]


def _write(batch: Sequence[tuple[str, Filling]]) -> list[bytes]:
    from assess_xlsx.forms import form as forms  # noqa: PLC0415 - see _start

    written = []
    for name, filling in batch:
        if name not in _writers:
            _writers[name] = forms.Writer(_asked.scheme, _asked.scheme.form(name))
        target = io.BytesIO()
        _writers[name].write(target, filling)
        written.append(target.getvalue())
    return written


def _lost(found: Found, reason: str) -> Document:
    """A file whose reading ended the process that read it, or took too long."""
    from assess_xlsx.excel.formats import RESEND  # noqa: PLC0415 - rarely needed
    from assess_xlsx.intake.document import unreadable  # noqa: PLC0415

    return unreadable(found.source, reason, RESEND)


class NoProcesses(Exception):  # noqa: N818 - the system's refusal
    """The system lets no process be started; without one no file is read, for a bad one could end the run."""

    def __str__(self) -> str:
        return (
            "系统不让程序启动读写表格的子进程，没有写任何文件。请关闭其他程序后重试；仍然不行的，"
            "请管理员检查内存和进程数的限制、/dev/shm 的权限，或换一台电脑。"
        )


class _Process(SpawnProcess):
    """A process that leaves the caller's main module alone: a script without a guard would run anew in it.

    And it leaves Ctrl+C, which a terminal sends to all, to the caller, who then ends it.
    """

    def start(self) -> None:
        own = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            with _without_interrupts():
                super().start()
        finally:
            sys.modules["__main__"] = own


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """What is started here never hears SIGINT; Windows knows no such mask."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Spawned(SpawnContext):
    """Spawned, as on Windows, wherever it runs: the caller need not wait while a process starts."""

    Process = _Process


class Workers:
    """The processes, at work while the caller does something else; they load the scheme themselves."""

    def __init__(self, files: int, scheme_file: Path | None = None) -> None:
        self._scheme_file = scheme_file
        self._several = min(4, os.cpu_count() or 1) if files > FEW else 1
        self._pool = self._new_pool()
        self._scheme = self._schedule(_loaded, [None], LOADING_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        context = cast("Any", _Spawned())  # pebble's own type of it leaves Windows out
        return ProcessPool(self._several, initializer=_start, initargs=(self._scheme_file,), context=context)

    def _schedule(
        self, work: Callable[[Sequence[T]], list[R]], batch: Sequence[T], seconds: float
    ) -> Future[list[R]]:
        try:
            if not self._pool.active:  # its processes ended before they had anything to do
                self._pool = self._new_pool()
            future: Future[list[R]] = self._pool.schedule(work, args=(batch,), timeout=seconds)
        except (OSError, ImportError, RuntimeError) as error:  # no semaphores, no more processes or threads
            raise NoProcesses from error
        return future

    def scheme(self) -> Scheme:
        """The scheme as a process has loaded it, so that the caller need not; SchemeError where it is wrong."""
        try:
            [packed] = self._scheme.result()
        except (TookTooLong, *_ENDED):
            from assess_xlsx.scheme import file as scheme_files  # noqa: PLC0415 - rarely needed

            return scheme_files.load(self._scheme_file)
        scheme: Scheme = pickle.loads(packed)  # noqa: S301 - a process of our own packed it
        return scheme

    def read(self, found: Sequence[Found]) -> Iterator[list[Document]]:
        """Each file's documents, in the order of the files; the reading begins with the call."""
        batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
        pending = deque((batch, self._schedule(_read, batch, BATCH_SECONDS)) for batch in batches)
        return self._results(pending)

    def prepare(self) -> None:
        """Lets a process make ready for writing, while it has nothing else to do."""
        self._schedule(_write, [], WRITING_SECONDS)

    def _results(
        self, pending: deque[tuple[Sequence[Found], Future[list[list[Document]]]]]
    ) -> Iterator[list[Document]]:
        from assess_xlsx.intake.sharing import Sharing  # noqa: PLC0415 - first the processes start, then it is loaded

        sharing = Sharing()
        while pending:  # what was read is kept by the caller alone
            batch, future = pending.popleft()
            try:
                for documents in future.result():
                    yield [sharing.document(each) for each in documents]
            except (TookTooLong, *_ENDED):
                for found in batch:  # one of them ended the process: read each by itself
                    yield self._alone(found)

    def _alone(self, found: Found) -> list[Document]:
        try:
            return self._schedule(_read, [found], SECONDS).result()[0]
        except TookTooLong:
            return [_lost(found, f"读取超过 {SECONDS} 秒，已放弃")]
        except _ENDED:
            return [_lost(found, "读取时程序崩溃或内存不足，已放弃")]

    def write(self, fillings: Iterable[tuple[str, Filling]]) -> Iterator[bytes]:
        """The forms (by name) with their fillings as workbooks, in their order; begins with the call."""
        coming = iter(fillings)
        ahead: deque[tuple[list[tuple[str, Filling]], Future[list[bytes]]]] = deque()

        def more() -> None:
            while len(ahead) < AHEAD and (batch := list(islice(coming, WRITTEN))):
                ahead.append((batch, self._schedule(_write, batch, WRITING_SECONDS)))

        def written() -> Iterator[bytes]:
            while ahead:
                batch, future = ahead.popleft()
                try:
                    yield from future.result()
                except _ENDED:  # by no fault of the batch
                    yield from self._schedule(_write, batch, WRITING_SECONDS).result()
                more()

        more()
        return written()

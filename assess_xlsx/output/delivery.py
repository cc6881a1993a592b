"""Puts files in their place whole or not at all. It never changes what came in."""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def replace(target: Path, write: Callable[[Path], object]) -> Path:
    """Lets a file be written beside the target, then replaces it; answers where the file stands.

    A target that another program holds open (Windows) stays, and the file goes beside it under a new name.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=".tmp", dir=target.parent)
    os.close(handle)
    try:
        write(Path(name))
        os.chmod(name, 0o644)  # noqa: PTH101 - mkstemp gives the owner alone the right to read
        return _move(name, target)
    finally:
        if os.path.exists(name):  # noqa: PTH110
            os.unlink(name)  # noqa: PTH108


def replace_all(folder: Path, files: Iterable[tuple[str, bytes]], own: Iterable[str]) -> int:
    """Puts files into a folder and takes away those of an earlier run: only names that are this program's ``own``."""
    written = {replace(folder / name, partial(Path.write_bytes, data=data)).name for name, data in files}
    here = set(os.listdir(folder)) if folder.is_dir() else set()  # noqa: PTH208 - names are enough
    for name in here & set(own) - written:
        (folder / name).unlink(missing_ok=True)
    return len(written)


def _move(name: str, target: Path) -> Path:
    for number in range(2, 100):
        try:
            os.replace(name, target)  # noqa: PTH105
        except PermissionError:
            target = target.with_stem(f"{target.stem.partition('（')[0]}（{number}）")
        else:
            return target
    raise PermissionError("原文件被占用，改名也写不进去")

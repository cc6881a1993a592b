"""A file that one run holds for itself as long as it lives; a killed run holds nothing."""

from __future__ import annotations

import os
import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    _BEYOND = 1 << 30
    """Where the lock lies: what stands in the file stays free to be read by others."""

    def lock(file: IO[bytes]) -> None:
        """Takes the lock of an open file; OSError where another run holds it, or the disk knows no locks."""
        place = file.tell()
        file.seek(_BEYOND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        finally:
            file.seek(place, os.SEEK_SET)
else:
    import fcntl

    def lock(file: IO[bytes]) -> None:
        """Takes the lock of an open file; OSError where another run holds it, or the disk knows no locks."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

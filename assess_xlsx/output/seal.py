"""The seal on a workbook or a letter: which command wrote it, that nobody changed it since. It knows no place.

In a workbook it is the comment of the zip archive, in a letter it stands below the last part, where no mail program
shows anything: a copy keeps it, and every program that saves the file anew drops it.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_DIGEST = 64
_SEAL = re.compile(rb"assess-xlsx ([a-z]+) ([0-9a-f]{64})\Z")
_LONGEST = 128
_CHUNK = 1 << 20


def seal(file: Path, command: str) -> None:
    """Seals a workbook or a letter just written, and has it stand on the disk."""
    mark = f"assess-xlsx {command} ".encode()
    with file.open("r+b") as written:
        if written.read(2) == b"PK":
            written.seek(-2, os.SEEK_END)  # an archive without a comment ends with its length
            written.write(struct.pack("<H", len(mark) + _DIGEST) + mark)
        else:
            written.seek(0, os.SEEK_END)
            written.write(mark)
        written.seek(0)
        written.write(hashlib.file_digest(written, "sha256").hexdigest().encode())
        written.flush()
        os.fsync(written.fileno())


def unsealed(data: bytes) -> bytes:
    """A letter's bytes without the seal."""
    return _SEAL.sub(b"", data)


def sealed_by(file: Path) -> str:
    """The command that wrote a file; empty where none did, or somebody changed it since."""
    with file.open("rb") as archive:
        left = archive.seek(0, os.SEEK_END)
        archive.seek(-min(left, _LONGEST), os.SEEK_END)
        found = _SEAL.search(archive.read())
        if found is None:
            return ""
        archive.seek(0)
        digest, left = hashlib.sha256(), left - _DIGEST
        while left:
            chunk = archive.read(min(left, _CHUNK))
            digest.update(chunk)
            left -= len(chunk)
    return found[1].decode() if digest.hexdigest().encode() == found[2] else ""

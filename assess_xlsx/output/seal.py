"""The seal on a workbook: which command wrote it, and that nobody has changed it since. It knows no place.

It is the comment of the zip archive, which a copy keeps and every program that saves the workbook anew drops.
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
    """Seals a workbook just written, and has it stand on the disk."""
    mark = f"assess-xlsx {command} ".encode()
    with file.open("r+b") as archive:
        archive.seek(-2, os.SEEK_END)  # an archive without a comment ends with its length
        archive.write(struct.pack("<H", len(mark) + _DIGEST) + mark)
        archive.seek(0)
        archive.write(hashlib.file_digest(archive, "sha256").hexdigest().encode())
        archive.flush()
        os.fsync(archive.fileno())


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

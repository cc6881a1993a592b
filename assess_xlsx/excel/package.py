"""Zip archives byte by byte: how a part is headed, parts put together unpacked, the time that a part tells.

Two programs may see different parts in one doctored archive; in what ``stored`` makes there is one way to read it.
And no reader need inflate it once more.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_MARK, LOCAL = b"PK\3\4", struct.Struct("<4s5H3L2H")
"""What stands before a part: the mark first; how long its name and its extra field are last."""
UTF8_NAME = 0x800
"""The flag of a name in UTF-8."""
_ENTRY = b"PK\1\2"
"""What stands before a part's entry in the directory."""
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
EARLIEST = 1990
"""No workbook in parts is older."""
_VERSION, _STORED, _TIME, _DATE = 20, 0, 0, 1 << 5 | 1
"""2.0; unpacked; midnight, 1980-01-01."""


@lru_cache(maxsize=1)  # asked what a file is and whether it is safe, one after the other
def directory(data: bytes) -> tuple[zipfile.ZipInfo, ...]:
    """The parts that an archive lists; raises whatever ``zipfile`` makes of a broken one."""
    with opened(data) as archive:
        return tuple(archive.infolist())


def opened(data: bytes) -> zipfile.ZipFile:
    """An archive; one whose names are said to be UTF-8 and are not is opened as if nothing were said of them."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except UnicodeDecodeError:
        return zipfile.ZipFile(io.BytesIO(_without_flag(data)))


def _without_flag(data: bytes) -> bytes:
    """An archive that says nothing of how its names are encoded."""
    changed = bytearray(data)
    for mark, flags in ((LOCAL_MARK, 6), (_ENTRY, 8)):
        place = data.find(mark)
        while place >= 0:
            said = int.from_bytes(data[place + flags : place + flags + 2], "little")
            changed[place + flags : place + flags + 2] = (said & ~UTF8_NAME).to_bytes(2, "little")
            place = data.find(mark, place + 4)
    return bytes(changed)


class Part(NamedTuple):
    """What a package holds under a name, inflated."""

    content: bytes
    crc: int
    odd: bool = False
    """A sheet whose cells are not all spelled as nearly every program spells them."""


def stored(parts: Mapping[str, Part]) -> bytes:
    """A zip archive of the parts, unpacked, in their order; less than 4 GB of them, and no more than 65,535."""
    whole: list[bytes] = []
    directory: list[bytes] = []
    place = 0
    for name, part in parts.items():
        called, size = name.encode(), len(part.content)
        same = _VERSION, UTF8_NAME, _STORED, _TIME, _DATE, part.crc, size, size, len(called), 0
        whole += LOCAL.pack(LOCAL_MARK, *same), called, part.content
        directory += _CENTRAL.pack(_ENTRY, _VERSION, *same, 0, 0, 0, 0, place), called
        place += LOCAL.size + len(called) + size
    index = b"".join(directory)
    return b"".join((*whole, index, _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), len(index), place, 0)))


def time_in(xml: bytes, tag: str) -> dt.datetime | None:
    """The time in the first element of a name (``{namespace}modified``), UTC; None where there is none."""
    try:
        root = ET.fromstring(xml)  # noqa: S314 - the guard refuses entities
        time = dt.datetime.fromisoformat("".join(next(root.iter(tag)).itertext()).strip())
    except (StopIteration, ValueError, ET.ParseError):
        return None
    if time.year < EARLIEST:  # a clock that was never set
        return None
    return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)

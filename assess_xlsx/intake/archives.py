"""The files inside a zip archive, in memory only, capped in number and size. It unpacks nothing to the disk."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import NamedTuple

from assess_xlsx.entries import CHINA
from assess_xlsx.excel.formats import Format
from assess_xlsx.excel.guard import inspect
from assess_xlsx.excel.package import UTF8_NAME


class Member(NamedTuple):
    name: str
    data: bytes
    saved: dt.datetime | None


def members(data: bytes) -> list[Member]:
    """The files in a zip archive; raises Unreadable."""
    inspect(data, Format.ZIP)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            Member(_name(part), archive.read(part), _time(part)) for part in archive.infolist() if not part.is_dir()
        ]


def _name(part: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows writes it in GBK and does not say so."""
    if not part.flag_bits & UTF8_NAME:
        raw = part.filename.encode("cp437", "replace")
        for encoding in ("utf-8", "gbk"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return part.filename


def _time(part: zipfile.ZipInfo) -> dt.datetime | None:
    try:  # archives carry a clock without a zone: the sender's
        return dt.datetime(*part.date_time, tzinfo=CHINA).astimezone(dt.UTC)
    except ValueError:
        return None

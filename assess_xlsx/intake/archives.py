"""The files inside a zip archive, in memory only, capped in number and size. It unpacks nothing to the disk.

A member that is locked, broken or too large costs itself alone.
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from typing import NamedTuple

from assess_xlsx import problems
from assess_xlsx.entries import CHINA
from assess_xlsx.excel.formats import MEGABYTE, RESEND, UNSAFE, Unreadable, damaged, locked
from assess_xlsx.excel.guard import MOST_INFLATED, MOST_PARTS
from assess_xlsx.excel.package import UTF8_NAME, opened

_LOCKED = 1
"""The flag of a member under a password."""


class Member(NamedTuple):
    """A file inside another one: its bytes, or why they cannot be had or are not read."""

    name: str
    """With ``/`` between folders; empty where it has none."""
    data: bytes = b""
    saved: dt.datetime | None = None
    fault: Unreadable | None = None
    ignored: str = ""
    """Why it is not read; empty where it is."""


class Parcel(NamedTuple):
    """What an archive or a mail holds."""

    members: list[Member]
    empty: problems.Message
    """What is said of it where it holds nothing."""


def unpack(data: bytes) -> Parcel:
    """What a zip archive holds; raises Unreadable."""
    with opened(data) as archive:
        parts = [part for part in archive.infolist() if part.file_size or not _name(part).endswith("/")]
        if min((part.header_offset for part in archive.infolist()), default=0) > 0:
            raise Unreadable("压缩包前面还有别的内容（可能是几个压缩包连在一起）", "请解压后把里面的表放进来")
        if len(parts) > MOST_PARTS:
            raise Unreadable(f"压缩包里的文件过多（{len(parts)} 个），{UNSAFE}", "请解压后把里面的表放进来")
        members, left = [], MOST_INFLATED
        for part in parts:
            try:
                content = _content(archive, part, left)
                members.append(Member(_name(part), content, _time(part)))
                left -= len(content)
            except Unreadable as fault:
                members.append(Member(_name(part), fault=fault))
    return Parcel(members, problems.EMPTY_ARCHIVE)


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """A member's bytes, CRC included; raises Unreadable.

    No more is inflated than the archive declares, and no more declared than ``most``: one that lies fails its CRC.
    """
    if part.flag_bits & _LOCKED:
        raise locked()
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # zipfile inflates others without limit
        raise Unreadable(f"压缩方式不常见，{UNSAFE}", "请解压后把里面的表放进来")
    if part.file_size > most:
        raise Unreadable(f"展开后过大（压缩包合计超过 {MOST_INFLATED // MEGABYTE} MB），{UNSAFE}", RESEND)
    try:
        with archive.open(part) as stream:
            return stream.read(part.file_size + 1)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, zlib.error, EOFError, OSError, RuntimeError):
        raise damaged() from None


def decoded(raw: bytes) -> str:
    """A name from bytes that do not say in which encoding: UTF-8, or as Chinese programs write it."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _name(part: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows writes it in GBK and does not say so, some programs put backslashes in it."""
    name = part.orig_filename
    if not part.flag_bits & UTF8_NAME:
        name = decoded(name.encode("cp437", "replace"))
    return name.replace("\\", "/")


def _time(part: zipfile.ZipInfo) -> dt.datetime | None:
    try:  # archives carry a clock without a zone: the sender's
        return dt.datetime(*part.date_time, tzinfo=CHINA).astimezone(dt.UTC)
    except ValueError:
        return None

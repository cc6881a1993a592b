"""Whether a package is safe to open: looks at its parts before any reader does. It reads no value.

Limits are far above any real form: of 4,431 public spreadsheets, 99.9 % stay below 1.7 MB packed, 6.8 MB
inflated, 143 parts and 105,000 cells.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import cast

from isal import igzip_lib, isal_zlib

from assess_xlsx.excel.formats import MEGABYTE, RESEND, UNSAFE, Format, Unreadable, damaged, part_name
from assess_xlsx.excel.package import LOCAL, LOCAL_MARK, Part, directory

MOST_INFLATED = 100 * MEGABYTE
"""Bytes that the parts of one archive really inflate to, in sum; declared sizes prove nothing."""
MOST_PARTS = 2000
MOST_ROW, MOST_COLUMN = 1_048_576, 16_384
MOST_CELLS = 5_000_000
"""Cells of the box around all valued cells: one stray far cell makes a reader allocate the whole box."""
MOST_MERGES = 20_000

_ODD = re.compile(rb'<(?:c(?! r="[A-Z]\d{1,5}")|row(?! r="\d{1,5}"))[\s/>]')
"""A row or a cell that stands beyond Z99999, or is not written as nearly every program writes it."""
_PREFIXED = re.compile(rb":(?:row|c)[\s/>]")
"""The same with a prefix to its name. The box around all others stays within reason."""
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c\b([^>]*)>")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_ROW = re.compile(rb"""<(?:[^\s<>/:]+:)?row\b[^>]*\br\s*=\s*["'](\d+)["']""")
_COUNT = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["'](\d+)["']""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")


_NOT_PACKED = cast("type[Exception]", igzip_lib.IsalError)  # its stubs take the class for one of its own
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError, _NOT_PACKED)
"""What unpacking a broken package ends with."""


def inspect(data: bytes, kind: Format) -> dict[str, Part]:
    """The parts of a package by name; Unreadable where reading is unsafe or they are not whole (CRC included)."""
    found: dict[str, Part] = {}
    if kind is Format.XLS:
        return found  # no parts to look at; its readers are isolated, with limits of time and memory
    inflated = 0
    try:
        parts = directory(data)
        if len(parts) > MOST_PARTS:
            raise Unreadable(f"部件过多（{len(parts)} 个），{UNSAFE}", RESEND)
        for part in parts:
            content = _inflated(data, part, MOST_INFLATED - inflated)
            inflated += len(content)
            found[part_name(part.filename)] = Part(content, part.CRC, _part(content))
    except _BROKEN:
        raise damaged() from None
    return found


def _inflated(data: bytes, part: zipfile.ZipInfo, most: int) -> bytes:
    """A part's content, of ``most`` bytes at most; Unreadable where it is larger, or not whole.

    ``zipfile`` would read it by a stream, and the guard take a third more time; ISA-L unpacks twice as fast as zlib.
    """
    if not 0 <= part.header_offset <= len(data) - LOCAL.size:
        raise damaged()
    mark, *_, name, extra = LOCAL.unpack_from(data, part.header_offset)
    begin = part.header_offset + LOCAL.size + name + extra
    packed = data[begin : begin + part.compress_size]
    if mark != LOCAL_MARK or len(packed) != part.compress_size:
        raise damaged()
    if part.compress_type == zipfile.ZIP_STORED:
        content, whole = packed, True
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        stream = isal_zlib.decompressobj(-zlib.MAX_WBITS)
        content, whole = stream.decompress(packed, most + 1), stream.eof
    else:
        raise Unreadable(f"压缩方式不常见，{UNSAFE}", RESEND)
    if len(content) > most:
        raise Unreadable(f"展开后过大（超过 {MOST_INFLATED // MEGABYTE} MB），{UNSAFE}", RESEND)
    if not whole or isal_zlib.crc32(content) != part.CRC:
        raise damaged()
    return content


def _part(content: bytes) -> bool:
    """A part is known by what it holds, whatever it is called; answers whether it is a sheet spelled oddly."""
    root = _ROOT.match(content)
    if root is None and not _MARKUP.match(content):
        if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")):
            raise Unreadable(f"部件的文字编码不常见，{UNSAFE}", RESEND)  # the words below would not be found in it
        return False
    if root is None and b"<!DOCTYPE" in content:  # it stands before the root, and entities inside it
        raise Unreadable(f"含有外部定义（DOCTYPE），{UNSAFE}", RESEND)
    name = root[1] if root else b""
    if name == b"worksheet" or (not name and b"sheetData" in content):
        return _grid(content)
    if name in (b"sst", b""):
        declared = max((int(count) for count in _COUNT.findall(content[:2000])), default=0)
        if declared > len(content):
            raise Unreadable(f"文字表声明的数目异常，{UNSAFE}", RESEND)
    if name == b"document-content" and any(int(times) > MOST_ROW for times in _REPEATED.findall(content)):
        raise Unreadable(f"重复的行列数异常，{UNSAFE}", RESEND)
    return False


_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?!\0)")
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*<(?:[^\s<>/:!?\0]+:)?([^\s<>/:!?\0]+)(?!\0)")
"""The name of a part's outermost element, where nothing but the declaration stands before it."""


def _grid(content: bytes) -> bool:
    """Cells stand inside the grid, and the box around the valued ones stays within reason.

    Answers whether they are spelled oddly.
    """
    if len(content) > MOST_MERGES * len(b"<mergeCell/>") and content.count(b"<mergeCell ") > MOST_MERGES:
        raise Unreadable(f"合并单元格过多，{UNSAFE}", RESEND)
    if not _ODD.search(content) and not _PREFIXED.search(content):
        return False
    if any(int(row) > MOST_ROW for row in _ROW.findall(content)):
        raise Unreadable(f"行号超出工作表范围，{UNSAFE}", RESEND)
    rows = columns = 0
    farthest = ""
    for tag in _CELL.finditer(content):
        if tag[1].endswith(b"/"):
            continue
        reference = _REF.search(tag[1])
        if reference is None:
            continue
        column, row = _column(reference[1]), int(reference[2])
        if column > MOST_COLUMN or row > MOST_ROW:
            raise Unreadable(f"单元格 {_name(reference)} 超出工作表范围，{UNSAFE}", RESEND)
        if row > rows or column > columns:
            farthest = _name(reference)
        rows, columns = max(rows, row), max(columns, column)
    if rows * columns > MOST_CELLS:
        raise Unreadable(
            f"单元格 {farthest} 离表格太远（可能是误填），{UNSAFE}", f"请单位清除单元格 {farthest} 后重新发送"
        )
    return True


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters[:4].upper():
        column = column * 26 + letter - ord("A") + 1
    return column


def _name(reference: re.Match[bytes]) -> str:
    return (reference[1][:8] + reference[2][:12]).decode("ascii", "replace")

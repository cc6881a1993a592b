"""Looks before anything reads: what a file really is, by its bytes, and whether it is safe to open.

Limits are far above any real form: of 4,431 public spreadsheets, 99.9 % stay below 1.7 MB packed, 6.8 MB
inflated, 143 parts and 105,000 cells.
"""

from __future__ import annotations

import enum
import io
import re
import zipfile
import zlib

from assess_xlsx.excel.package import LOCAL, LOCAL_MARK, Part

RESEND = "请单位用 Excel 或 WPS 打开，另存为 .xlsx 后重新发送"
"""How to mend most files that cannot be read."""

MEGABYTE = 1 << 20
MOST_BYTES = 50 * MEGABYTE
MOST_INFLATED = 100 * MEGABYTE
"""Bytes that the parts of one archive really inflate to, in sum; declared sizes prove nothing."""
MOST_PARTS = 2000
MOST_ROW, MOST_COLUMN = 1_048_576, 16_384
MOST_CELLS = 5_000_000
"""Cells of the box around all valued cells: one stray far cell makes a reader allocate the whole box."""
MOST_MERGES = 20_000


class Unreadable(Exception):  # noqa: N818 - a verdict on a file, not a failure of the program
    """A file that is not read: the reason and the remedy, both as Chinese clauses."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy = reason, remedy


class Format(enum.Enum):
    """What a file is, whatever its name says."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    ZIP = "zip"
    MAIL = "eml"


UNSAFE = "为安全起见没有打开"


def damaged() -> Unreadable:
    return Unreadable("文件已损坏或不完整", "请单位重新发送一份")


def locked() -> Unreadable:
    return Unreadable("文件设有打开密码", "请单位去掉密码后重新发送")


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIL = re.compile(
    rb"(?:From|Received|Return-Path|MIME-Version|Date|Subject|To|X-[\w-]+|Delivered-To|Message-ID|DKIM-Signature):",
    re.IGNORECASE,
)
_MAGIC = (
    (b"%PDF", "是 PDF 文件，不是电子表格", RESEND),
    (b"Rar!", "是 RAR 压缩包，不能打开", "请解压后把里面的表放进来，或改用 .zip"),
    (b"7z\xbc\xaf", "是 7z 压缩包，不能打开", "请解压后把里面的表放进来，或改用 .zip"),
    (b"\x1f\x8b", "是 gz 压缩包，不能打开", "请解压后把里面的表放进来，或改用 .zip"),
    (b"{\\rtf", "是 RTF 文档，不是电子表格", RESEND),
    (b"\x89PNG", "是图片，不是电子表格", "请单位发送电子表格本身，不要发截图"),
    (b"\xff\xd8\xff", "是图片，不是电子表格", "请单位发送电子表格本身，不要发照片"),
)


def identify(data: bytes) -> Format:
    """What the bytes are; raises Unreadable for what is no spreadsheet, archive or mail."""
    if not data:
        raise Unreadable("是空文件（0 字节）", "请单位重新发送一份")
    if len(data) > MOST_BYTES:
        raise Unreadable(f"文件过大（超过 {MOST_BYTES // MEGABYTE} MB）", "请单位删去图片等无关内容后重新发送")
    if data.startswith(b"PK"):
        return _zip(data)
    if data.startswith(_OLE):
        return _ole(data)
    if data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):  # a bare BIFF stream
        return Format.XLS
    for magic, reason, remedy in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(reason, remedy)
    return _text(data)


def _zip(data: bytes) -> Format:
    """Opens the archive's directory only; its parts are looked at in ``inspect``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            encrypted = any(part.flag_bits & 1 for part in archive.infolist())
            kind = archive.read("mimetype") if "mimetype" in names and not encrypted else b""
    except (zipfile.BadZipFile, NotImplementedError, ValueError, zlib.error, EOFError, OSError, RuntimeError):
        raise damaged() from None
    if encrypted:
        raise locked()
    if "xl/workbook.bin" in names:
        return Format.XLSB
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            raise Unreadable("是 Word 文档，不是电子表格", "请单位填写发出的 Excel 评分表")
        if any(name.startswith("ppt/") for name in names):
            raise Unreadable("是演示文稿，不是电子表格", "请单位填写发出的 Excel 评分表")
        return Format.XLSX
    if kind:
        if b"spreadsheet" in kind:
            return Format.ODS
        raise Unreadable("是文字文档，不是电子表格", "请单位填写发出的 Excel 评分表")
    return Format.ZIP


def _ole(data: bytes) -> Format:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise locked()
    if holds("WordDocument"):
        raise Unreadable("是 Word 文档，不是电子表格", "请单位填写发出的 Excel 评分表")
    if holds("Workbook") or holds("Book"):
        return Format.XLS
    if holds("__properties_version1.0"):
        raise Unreadable("是 Outlook 邮件（.msg），不能打开", "请把附件另存到文件夹，或把邮件另存为 .eml")
    raise Unreadable("不是电子表格", RESEND)


def _text(data: bytes) -> Format:
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise Unreadable("是“XML 表格 2003”，只是改了扩展名", RESEND)
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")) or b"<table" in head:
        raise Unreadable("是网页（HTML），只是改了扩展名", RESEND)
    if _MAIL.match(data):
        return Format.MAIL
    if b"\0" in data[:4096]:
        raise Unreadable("不是电子表格，也可能已损坏", "请单位重新发送一份")
    raise Unreadable("是纯文本（如 CSV），不是 Excel 工作簿", RESEND)


_ODD = re.compile(rb'<(?:c(?! r="[A-Z]\d{1,5}")|row(?! r="\d{1,5}"))[\s/>]')
"""A row or a cell that stands beyond Z99999, or is not written as nearly every program writes it."""
_PREFIXED = re.compile(rb":(?:row|c)[\s/>]")
"""The same with a prefix to its name. The box around all others stays within reason."""
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c\b([^>]*)>")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_ROW = re.compile(rb"""<(?:[^\s<>/:]+:)?row\b[^>]*\br\s*=\s*["'](\d+)["']""")
_COUNT = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["'](\d+)["']""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")


def inspect(data: bytes, kind: Format) -> dict[str, Part]:
    """The parts of a package by name; Unreadable where reading is unsafe or they are not whole (CRC included)."""
    found: dict[str, Part] = {}
    if kind is Format.XLS:
        return found  # no parts to look at; its readers are isolated, with limits of time and memory
    inflated = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Unreadable(f"部件过多（{len(parts)} 个），{UNSAFE}", RESEND)
            for part in parts:
                content = _inflated(data, part, MOST_INFLATED - inflated)
                inflated += len(content)
                if kind is not Format.XLSB:
                    _part(part.filename, content)
                found[part.filename] = Part(content, part.CRC)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, zlib.error, EOFError, OSError, RuntimeError):
        raise damaged() from None
    return found


def _inflated(data: bytes, part: zipfile.ZipInfo, most: int) -> bytes:
    """A part's content, of ``most`` bytes at most; Unreadable where it is larger, or not whole.

    ``zipfile`` would read it by a stream, and the guard take a third more time.
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
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content, whole = stream.decompress(packed, most + 1), stream.eof
    else:
        raise Unreadable(f"压缩方式不常见，{UNSAFE}", RESEND)
    if len(content) > most:
        raise Unreadable(f"展开后过大（超过 {MOST_INFLATED // MEGABYTE} MB），{UNSAFE}", RESEND)
    if not whole or zlib.crc32(content) != part.CRC:
        raise damaged()
    return content


def _part(name: str, content: bytes) -> None:
    if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content:  # entities too stand inside it
        raise Unreadable(f"含有外部定义（DOCTYPE），{UNSAFE}", RESEND)
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        _grid(content)
    if name.endswith("sharedStrings.xml"):
        declared = max((int(count) for count in _COUNT.findall(content[:2000])), default=0)
        if declared > len(content):
            raise Unreadable(f"文字表声明的数目异常，{UNSAFE}", RESEND)
    if name == "content.xml" and any(int(times) > MOST_ROW for times in _REPEATED.findall(content)):
        raise Unreadable(f"重复的行列数异常，{UNSAFE}", RESEND)


def _grid(content: bytes) -> None:
    """Cells stand inside the grid, and the box around the valued ones stays within reason."""
    if content.count(b"<mergeCell ") > MOST_MERGES:
        raise Unreadable(f"合并单元格过多，{UNSAFE}", RESEND)
    if not _ODD.search(content) and not _PREFIXED.search(content):
        return
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


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters[:4].upper():
        column = column * 26 + letter - ord("A") + 1
    return column


def _name(reference: re.Match[bytes]) -> str:
    return (reference[1][:8] + reference[2][:12]).decode("ascii", "replace")

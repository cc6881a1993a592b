"""What a file really is, by its bytes, whatever its name says. It opens no more of it than that takes."""

from __future__ import annotations

import enum
import io
import re
import zipfile
import zlib

from assess_xlsx.excel.package import directory

RESEND = "请单位用 Excel 或 WPS 打开，另存为 .xlsx 后重新发送"
"""How to mend most files that cannot be read."""

MEGABYTE = 1 << 20
MOST_BYTES = 50 * MEGABYTE


class Unreadable(Exception):  # noqa: N818 - a verdict on a file, not a failure of the program
    """A file that is not read: the reason and the remedy, both as Chinese clauses."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy = reason, remedy


class Format(enum.Enum):
    """What a file is, whatever its name says."""

    XLSX = "xlsx"
    """Office Open XML; an .xlsb too, and what turns out to be a text document once its parts are read."""
    ODS = "ods"
    XLS = "xls"
    LOCKED = "encrypted"
    """Either of Excel's formats, encrypted."""
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


def part_name(name: str) -> str:
    """A part's name as the formats write it; some programs put backslashes, or a slash before it."""
    return name.replace("\\", "/").lstrip("/")


def _zip(data: bytes) -> Format:
    """Opens the archive's directory only; its parts are looked at in ``inspect``."""
    try:
        names = {part_name(part.filename).lower(): part for part in directory(data)}
        if not names.keys().isdisjoint(_PACKAGES) and any(part.flag_bits & 1 for part in names.values()):
            raise locked()
        if "[content_types].xml" in names or "_rels/.rels" in names:
            return Format.XLSX
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = b"".join(archive.read(names[name]) for name in ("mimetype", _MANIFEST) if name in names)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, zlib.error, EOFError, OSError, RuntimeError):
        raise damaged() from None
    if b"opendocument" in told:
        return _open_document(told)
    if "ofd.xml" in names:
        raise Unreadable("是 OFD 版式文件，不是电子表格", RESEND)
    if any(name.endswith(".iwa") for name in names) or "index.zip" in names or "index.apxl" in names:
        raise Unreadable(
            "是苹果 iWork（Numbers 等）的文件，不能打开", "请单位在 Numbers 里导出为 Excel（.xlsx）后重新发送"
        )
    if told:
        raise Unreadable("是其他程序的文件，不是电子表格", RESEND)
    return Format.ZIP


_MANIFEST = "meta-inf/manifest.xml"
_PACKAGES = {"[content_types].xml", "_rels/.rels", "mimetype", _MANIFEST}
"""Parts, in lower case, that only a document in parts has."""


def _open_document(told: bytes) -> Format:
    """What an OpenDocument package says of itself."""
    if b"encryption-data" in told:
        raise locked()
    if b"opendocument.spreadsheet" in told:
        return Format.ODS
    raise Unreadable("是文字文档或演示文稿，不是电子表格", "请单位填写发出的 Excel 评分表")


def _ole(data: bytes) -> Format:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return Format.LOCKED
    if holds("WordDocument"):
        raise Unreadable("是 Word 文档，不是电子表格", "请单位填写发出的 Excel 评分表")
    if holds("Workbook") or holds("Book"):
        return Format.LOCKED if _LOCKED_XLS.search(data) else Format.XLS
    if holds("__properties_version1.0"):
        raise Unreadable("是 Outlook 邮件（.msg），不能打开", "请把附件另存到文件夹，或把邮件另存为 .eml")
    raise Unreadable("不是电子表格", RESEND)


_LOCKED_XLS = re.compile(rb"\x09\x08(?:\x08\x00.{8}|\x10\x00.{16})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""The beginning of an old workbook, with the record behind it where the rest is encrypted."""


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

"""What a file really is, by its bytes, whatever its name says. It opens no more of it than that takes."""

from __future__ import annotations

import codecs
import enum
import io
import re
import zipfile
import zlib

from assess_xlsx.excel.package import directory

RESEND = "请单位用 Excel 或 WPS 打开，另存为 .xlsx 后重新发送"
"""How to mend most files that cannot be read."""

FORM_WANTED = "请单位填好发出的 Excel 评分表，发送电子表格本身"
"""How to mend what another program made."""

MEGABYTE = 1 << 20
MOST_BYTES = 50 * MEGABYTE


class Unreadable(Exception):  # noqa: N818 - a verdict on a file, not a failure of the program
    """A file that is not read: the reason and the remedy, both as Chinese clauses."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy = reason, remedy


class Foreign(Unreadable):
    """Plainly something else than a spreadsheet, an archive or a mail: no form can be in it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"是{what}，不是电子表格", remedy)


class Format(enum.Enum):
    """What a file is, whatever its name says."""

    XLSX = "xlsx"
    """Office Open XML; an .xlsb too, and what turns out to be a text document once its parts are read."""
    ODS = "ods"
    XLS = "xls"
    LOCKED = "locked"
    """Either of Excel's formats, encrypted."""
    ZIP = "zip"
    MAIL = "eml"


UNSAFE = "为安全起见没有打开"


def damaged() -> Unreadable:
    return Unreadable("文件已损坏或不完整", "请单位重新发送一份")


def locked() -> Unreadable:
    return Unreadable("文件设有打开密码", "请单位去掉密码后重新发送")


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OUTLOOK = "请发件人在 Outlook 中把邮件格式改为“HTML”或“纯文本”后重新发送，或把附件另存后放进来"
_UNPACK = "请解压后把里面的表放进来，或改用 .zip"
_MAGIC = (
    (b"Rar!", "是 RAR 压缩包，不能打开", _UNPACK),
    (b"7z\xbc\xaf", "是 7z 压缩包，不能打开", _UNPACK),
    (b"\x1f\x8b", "是 gz 压缩包，不能打开", _UNPACK),
    (b"\x78\x9f\x3e\x22", "是 Outlook 专用格式的附件包（winmail.dat），不能打开", _OUTLOOK),
)
PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|BM.{4}\0{4}|II\*\0|MM\0\*|8BPS\0|RIFF.{4}WEBP"
    rb"|.{4}ftyp(?:he[iv][cmsx]|mif1|msf1|avif)",
    re.DOTALL,
)
_FOREIGN = (
    (re.compile(rb"%PDF"), " PDF 文件", FORM_WANTED),
    (re.compile(rb"\{\\rtf"), " RTF 文档", FORM_WANTED),
    (PICTURE, "图片", "请单位发送电子表格本身，不要发照片、截图"),
    (re.compile(rb"AC10\d\d\0"), " CAD 图纸", FORM_WANTED),
    (
        re.compile(
            rb".{4}ftyp|RIFF.{4}(?:AVI |WAVE)|ID3|\xff[\xf2\xf3\xfa\xfb]|OggS|fLaC|#!AMR|FLV\x01|\x1aE\xdf\xa3"
            rb"|0&\xb2u\x8ef\xcf\x11|\0\0\x01\xba",
            re.DOTALL,
        ),
        "音频或视频",
        FORM_WANTED,
    ),
)


def identify(data: bytes) -> Format:
    """What the bytes are; raises Unreadable for what is no spreadsheet, archive or mail."""
    if not data:
        raise Unreadable("是空文件（0 字节）", "请单位重新发送一份")
    if len(data) > MOST_BYTES:
        raise too_large(data)
    if data.startswith(b"PK"):
        return _zip(data)
    if data.startswith(_OLE):
        return _ole(data)
    if data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):  # a bare BIFF stream
        return Format.XLS
    for magic, reason, remedy in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(reason, remedy)
    if foreign := _foreign(data):
        raise foreign
    return _text(data)


def too_large(head: bytes) -> Unreadable:
    """What is said of a file above the limit, by its beginning: of a film it is no fault."""
    size = f"文件过大（超过 {MOST_BYTES // MEGABYTE} MB）"
    return _foreign(head) or Unreadable(size, "请单位删去图片等无关内容后重新发送；压缩包请解压后放进来")


def _foreign(data: bytes) -> Foreign | None:
    return next((Foreign(what, remedy) for mark, what, remedy in _FOREIGN if mark.match(data)), None)


def part_name(name: str) -> str:
    """A part's name as the formats write it; some programs put backslashes, or a slash before it."""
    return name.replace("\\", "/").lstrip("/")


def _zip(data: bytes) -> Format:
    """Opens the archive's directory only; its parts are looked at in ``inspect``."""
    try:
        names = {part_name(part.filename).lower(): part for part in directory(data)}
        if any(name.endswith(_FORMS) and "/" not in name for name in names):
            return Format.ZIP  # whatever else lies beside it
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
        raise Foreign(" OFD 版式文件", FORM_WANTED)
    if any(name.endswith(".iwa") for name in names) or "index.zip" in names or "index.apxl" in names:
        raise Unreadable(
            "是苹果 iWork（Numbers 等）的文件，不能打开", "请单位在 Numbers 里导出为 Excel（.xlsx）后重新发送"
        )
    if told:
        raise Foreign("其他程序的文件", FORM_WANTED)
    return Format.ZIP


_FORMS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods")
_MANIFEST = "meta-inf/manifest.xml"
_PACKAGES = {"[content_types].xml", "_rels/.rels", "mimetype", _MANIFEST}
"""Parts, in lower case, that only a document in parts has."""


def _open_document(told: bytes) -> Format:
    """What an OpenDocument package says of itself."""
    if b"encryption-data" in told:
        raise locked()
    if b"opendocument.spreadsheet" in told:
        return Format.ODS
    raise Foreign("文字文档或演示文稿", FORM_WANTED)


def _ole(data: bytes) -> Format:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return Format.LOCKED
    if holds("WordDocument"):
        raise Foreign(" Word 文档", FORM_WANTED)
    if holds("Workbook") or holds("Book"):
        return Format.LOCKED if _LOCKED_XLS.search(data) else Format.XLS
    if holds("PowerPoint Document"):
        raise Foreign("演示文稿", FORM_WANTED)
    if holds("__properties_version1.0"):
        raise Unreadable("是 Outlook 邮件（.msg），不能打开", "请把附件另存到文件夹，或把邮件另存为 .eml")
    raise Unreadable("不是电子表格", RESEND)


_LOCKED_XLS = re.compile(rb"\x09\x08(?:\x08\x00.{8}|\x10\x00.{16})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""The beginning of an old workbook, with the record behind it where the rest is encrypted."""


_BEFORE_A_LETTER = re.compile(rb"(?:\xef\xbb\xbf|\s)*(?:>?From [^\r\n]*\s+)?")
_HEADER = re.compile(rb"([!-9;-~]+):")
_WELL_KNOWN = {
    *(b"from", b"sender", b"to", b"cc", b"subject", b"date", b"received", b"return-path", b"delivered-to"),
    *(b"message-id", b"mime-version", b"content-type", b"content-transfer-encoding", b"x-mailer", b"reply-to"),
}
"""Two of them make a mail; a note too may have a line like ``Date: today``."""


def letter(data: bytes) -> bytes:
    """A mail from its first header on: without the BOM, blank lines and mailbox line that programs put before it."""
    begun = _BEFORE_A_LETTER.match(data)
    return data[begun.end() :] if begun else data


_WEB_PAGE = {b"x-document-type", b"snapshot-content-location"}
"""As office programs and browsers save one, in the form of a mail."""


def _headers(data: bytes) -> set[bytes]:
    """The header lines of a mail up to a blank line; none where other lines stand among them, as in any text."""
    found: set[bytes] = set()
    for line in letter(data)[:MEGABYTE].splitlines():
        if not line:
            break
        if line.startswith((b" ", b"\t")):  # the header before it goes on
            continue
        header = _HEADER.match(line)
        if header is None:
            return set()
        found.add(header[1].lower())
    return found


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_ANYTHING = re.compile(r".*", re.DOTALL)
_CHINESE = re.compile(r"[\s\x20-\x7e·×\u2000-\u206f\u3000-\u9fff\uff00-\uffef]+")


def _decoded(data: bytes) -> str | None:
    """The beginning of a text; None where the bytes are none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = {"utf-16": _ANYTHING}
    elif b"\0" in data[:4096]:
        encodings = {"utf-16-le": _CHINESE, "utf-16-be": _CHINESE}  # nearly any bytes are text of some language
    else:
        encodings = {"utf-8-sig": _ANYTHING, "gb18030": _ANYTHING}
    for encoding, alphabet in encodings.items():
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:4096])  # its end may cut a character
        except UnicodeDecodeError:
            continue
        if alphabet.fullmatch(text) and not _CONTROL.search(text):
            return text
    return None


def _text(data: bytes) -> Format:
    headers = _headers(data)
    if headers & _WEB_PAGE:
        raise Unreadable("是单个文件的网页（.mht），不是 Excel 工作簿", RESEND)
    if len(headers & _WELL_KNOWN) > 1:
        return Format.MAIL
    text = _decoded(data)
    if text is None:
        raise Unreadable("不是电子表格，也可能已损坏", "请单位重新发送一份")
    head = text.lstrip().lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise Unreadable("是“XML 表格 2003”，只是改了扩展名", RESEND)
    if head.startswith(("<!doctype html", "<html", "<table", "<head", "<meta")) or "<table" in head:
        raise Unreadable("是网页（HTML），只是改了扩展名", RESEND)
    first = next(iter(head.splitlines()), "")
    if "\t" in first or "," in first:  # a table, perhaps a form
        raise Unreadable("是纯文本（如 CSV），不是 Excel 工作簿", RESEND)
    raise Foreign("纯文本", FORM_WANTED)

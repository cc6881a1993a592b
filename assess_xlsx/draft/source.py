"""Opens a notice, whatever its name says; what no draft can be made of is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.draft import spreadsheet
from assess_xlsx.draft.notice import Notice, Refused
from assess_xlsx.entries import in_words
from assess_xlsx.excel.formats import Foreign, Format, Unreadable, identify
from assess_xlsx.excel.guard import inspect

if TYPE_CHECKING:
    from pathlib import Path

_WANTED = "请用 Word 或 WPS 打开，另存为 .docx（或把表格复制到 .xlsx）后重新运行"
_DOCUMENT = "word/document.xml"


def read(path: Path) -> Notice:
    """The notice in a file; Refused with the reason and what is needed."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"“{path}”打不开（{in_words(error)}）。请检查路径。") from None
    try:
        kind = identify(data)
        if kind in (Format.ZIP, Format.MAIL):
            raise Refused(f"“{path}”是压缩包或邮件，不是通知本身。请把里面的通知取出来后重新运行。")
        if kind is Format.XLSX and any(name.lower() == _DOCUMENT for name in inspect(data, kind)):
            return _document(path, data)
        return spreadsheet.read(data, kind)
    except Foreign as verdict:
        scanned = "扫描的要先识别成文字；" if "PDF" in verdict.reason or "图片" in verdict.reason else ""
        raise Refused(f"“{path}”{verdict.reason.partition('，')[0]}，读不出表格。{scanned}{_WANTED}。") from None
    except Unreadable as verdict:
        raise Refused(f"“{path}”{verdict.reason}，读不出表格。{_WANTED}。") from None


def _document(path: Path, data: bytes) -> Notice:
    from assess_xlsx.draft import word  # noqa: PLC0415 - python-docx is slow to import, and a workbook needs none

    try:
        return word.read(data)
    except Exception:  # noqa: BLE001 - whatever a broken document makes python-docx raise
        raise Refused(f"“{path}”已损坏或不完整，读不出表格。{_WANTED}。") from None

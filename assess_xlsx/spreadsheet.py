"""Reads a workbook's bytes: cell values by calamine, what calamine cannot see by the standard library."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

if TYPE_CHECKING:
    from assess_xlsx.kinds import Raw

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TERMS = "http://purl.org/dc/terms/"


class Unreadable(Exception):  # noqa: N818 - a verdict on a file, not a failure of the program
    """A file that is no readable workbook: the reason and the remedy, both as Chinese clauses."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[list[Raw]]
    """Values from A1 on; a blank cell is an empty text."""

    def at(self, row: int, column: int) -> Raw:
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


class Workbook:
    """The sheets of a workbook, when it was last saved, and what hides behind cells that read as blank."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            self.sheets = [
                Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))  # type: ignore[arg-type]
                for name in book.sheet_names
            ]
        except PasswordError as error:
            raise Unreadable("文件设有打开密码", "请单位去掉密码后重新发送") from error
        except (zipfile.BadZipFile, CalamineError, OSError, ValueError, KeyError) as error:
            raise Unreadable(
                "文件已损坏，或不是 .xlsx 工作簿", "请单位用 Excel 或 WPS 另存为 .xlsx 后重新发送"
            ) from error

    def modified(self) -> dt.datetime | None:
        """The workbook's own 修改时间, UTC; None where it has none."""
        try:
            core = ET.fromstring(self._zip.read("docProps/core.xml"))  # noqa: S314 - expat caps entity growth
            text = core.findtext(f"{{{_TERMS}}}modified") or ""
            saved = dt.datetime.fromisoformat(text.strip())
        except (KeyError, ValueError, ET.ParseError, zipfile.BadZipFile, OSError):
            return None
        return saved.replace(tzinfo=dt.UTC) if saved.tzinfo is None else saved.astimezone(dt.UTC)

    def behind(self, sheet: str, cell: str) -> str | None:
        """Behind a cell that reads as blank: its error value, ``=`` for a formula never calculated, or nothing."""
        found = re.search(
            rb'<(?:\w+:)?c\b(?P<tag>[^>]*\br="' + cell.encode() + rb'"[^>]*)>(?P<inner>.*?)</(?:\w+:)?c>',
            self._xml(sheet),
            re.DOTALL,
        )
        if not found or found["tag"].endswith(b"/"):
            return None
        if b't="e"' in found["tag"]:
            value = re.search(rb"<(?:\w+:)?v>([^<]*)<", found["inner"])
            return value[1].decode(errors="replace") if value else "#N/A"
        return "=" if re.search(rb"<(?:\w+:)?f\b", found["inner"]) else None

    def _xml(self, sheet: str) -> bytes:
        """The part of a sheet; nothing where the workbook's own index does not lead to one."""
        try:
            book = ET.fromstring(self._zip.read("xl/workbook.xml"))  # noqa: S314
            links = ET.fromstring(self._zip.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
            targets = {link.get("Id"): link.get("Target", "") for link in links.iter(f"{{{_PACKAGE}}}Relationship")}
            for element in book.iter():
                if element.tag.endswith("}sheet") and element.get("name") == sheet:
                    target = targets[element.get(f"{{{_OFFICE}}}id")]
                    path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
                    return self._zip.read(posixpath.normpath(path))
        except (KeyError, ET.ParseError, zipfile.BadZipFile, OSError):
            pass
        return b""

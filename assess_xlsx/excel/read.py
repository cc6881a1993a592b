"""Reads a workbook's bytes: cell values by calamine, what calamine cannot see by the standard library.

openpyxl stands in where calamine fails on a workbook that other programs open.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from assess_xlsx.excel.formats import Format, damaged, locked
from assess_xlsx.excel.guard import inspect
from assess_xlsx.excel.package import stored

if TYPE_CHECKING:
    from assess_xlsx.entries import Raw

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SAVED = {
    "docProps/core.xml": "{http://purl.org/dc/terms/}modified",
    "meta.xml": "{http://purl.org/dc/elements/1.1/}date",
}
"""Where Office Open XML and OpenDocument keep the time of the last save."""


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[list[Raw]]
    """Values from A1 on; a blank cell is an empty text."""

    @cached_property
    def texts(self) -> dict[str, list[tuple[int, int, str]]]:
        """Every text with its row and column, row by row, by its first character that is no space."""
        found: dict[str, list[tuple[int, int, str]]] = {}
        for number, row in enumerate(self.rows):
            for column, value in enumerate(row):
                if value and isinstance(value, str):
                    found.setdefault(value.lstrip()[:1], []).append((number, column, value))
        return found

    def at(self, row: int, column: int) -> Raw:
        try:
            return self.rows[row][column]
        except IndexError:
            return ""


class Workbook:
    """The sheets of a workbook, when it was last saved, and what hides behind cells that read as blank."""

    def __init__(self, data: bytes, kind: Format) -> None:
        self._parts = inspect(data, kind)
        self._sheet_parts: dict[str, bytes] = {}
        if self._parts:  # the old binary format has none
            data = stored(self._parts)
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            self.sheets = [
                Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))  # type: ignore[arg-type]
                for name in book.sheet_names
            ]
        except PasswordError:
            raise locked() from None
        except (CalamineError, OSError, ValueError, KeyError):
            if kind is not Format.XLSX:
                raise damaged() from None
            self.sheets = _by_openpyxl(data)

    def modified(self) -> dt.datetime | None:
        """The workbook's own 修改时间, UTC; None where it has none."""
        for part, tag in _SAVED.items():
            try:
                root = ET.fromstring(self._part(part))  # noqa: S314 - the guard refuses entities
                saved = dt.datetime.fromisoformat("".join(next(root.iter(tag)).itertext()).strip())
            except (KeyError, StopIteration, ValueError, ET.ParseError):
                continue
            return saved.replace(tzinfo=dt.UTC) if saved.tzinfo is None else saved.astimezone(dt.UTC)
        return None

    def hides(self, sheet: str) -> bool:
        """Some cells of a sheet may read as blank and are not: it has formulas or error values."""
        return re.search(rb't="e"|<(?:\w+:)?f\b', self._xml(sheet)) is not None

    def behind(self, sheet: str, cell: str) -> str | None:
        """Behind a cell that reads as blank: its error value, ``=`` for a formula never calculated, or nothing."""
        xml = self._xml(sheet)
        start = xml.find(b' r="' + cell.encode() + b'"')
        end = xml.find(b">", start)
        if start >= 0 and xml[end - 1 : end] == b"/":
            return None  # an empty cell, as most that read as blank are
        found = re.search(
            rb'<(?:\w+:)?c\b(?P<tag>[^>]*\br="' + cell.encode() + rb'"[^>]*)>(?P<inner>.*?)</(?:\w+:)?c>',
            xml,
            re.DOTALL,
        )
        if not found or found["tag"].endswith(b"/"):
            return None
        if b't="e"' in found["tag"]:
            value = re.search(rb"<(?:\w+:)?v>([^<]*)<", found["inner"])
            return value[1].decode(errors="replace") if value else "#N/A"
        return "=" if re.search(rb"<(?:\w+:)?f\b", found["inner"]) else None

    def _part(self, name: str) -> bytes:
        """A part of the package; KeyError where there is none, as in the old binary format."""
        return self._parts[name].content

    def _xml(self, sheet: str) -> bytes:
        """The part of a sheet; nothing where the workbook's own index does not lead to one."""
        if sheet not in self._sheet_parts:
            self._sheet_parts[sheet] = self._find_xml(sheet)
        return self._sheet_parts[sheet]

    def _find_xml(self, sheet: str) -> bytes:
        try:
            paths = _paths(self._part("xl/workbook.xml"), self._part("xl/_rels/workbook.xml.rels"))
            return self._part(paths[sheet])
        except (KeyError, ET.ParseError):
            return b""


@lru_cache(maxsize=8)  # forms that were sent out alike come back with the same index
def _paths(book: bytes, links: bytes) -> dict[str, str]:
    """The parts of the sheets by their names, from a workbook's index; ParseError where it is broken."""
    targets = {
        link.get("Id"): link.get("Target", "")
        for link in ET.fromstring(links).iter(f"{{{_PACKAGE}}}Relationship")  # noqa: S314 - the guard refuses entities
    }
    found: dict[str, str] = {}
    for element in ET.fromstring(book).iter():  # noqa: S314
        target = targets.get(element.get(f"{{{_OFFICE}}}id"))
        if target and element.tag.endswith("}sheet"):
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            found.setdefault(element.get("name", ""), posixpath.normpath(path))
    return found


def _by_openpyxl(data: bytes) -> list[Sheet]:
    """The same values by a reader that takes some workbooks which calamine does not."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import and rarely needed

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]
            sheets.append(Sheet(sheet.title, rows))
    except Exception:  # noqa: BLE001 - whatever a broken part makes it raise
        raise damaged() from None
    return sheets

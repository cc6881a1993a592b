"""OpenDocument (.ods): without the white space that calamine cannot take; the marks of its cells."""

from __future__ import annotations

import re
import zlib
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.marks import Listed, Look, Mark, Run, seen
from assess_xlsx.excel.package import Part, stored, time_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

CONTENT, META = "content.xml", "meta.xml"
MOST_REPEATED = 1000
"""Cells of one kind in a row, and rows, of which each may have a mark: beyond, they fill up a sheet."""

_PARAGRAPH_OR_SPACE = re.compile(rb"(<text:[ph]\b[^>]*(?<!/)>.*?</text:[ph]>)|(?<=>)\s+(?=<)", re.DOTALL)


class Document:
    """A spreadsheet in parts."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._content = _compact(parts[CONTENT].content) if CONTENT in parts else b""

    @cached_property
    def data(self) -> bytes:
        return stored({**self._parts, CONTENT: Part(self._content, zlib.crc32(self._content))})

    def saved(self) -> dt.datetime | None:
        part = self._parts.get(META)
        return time_in(part.content, "{http://purl.org/dc/elements/1.1/}date") if part else None

    def marks(self, sheet: str) -> Listed:
        return self._marks.get(sheet, Listed())

    @cached_property
    def _marks(self) -> dict[str, Listed]:
        try:
            root = ET.fromstring(self._content)  # noqa: S314 - the guard refuses entities
        except ET.ParseError:
            return {}
        struck = {_get(style, "name"): struck for style in root.iter() if (struck := _strikes(style)) is not None}
        raised = {_get(style, "name"): place for style in root.iter() if (place := _position(style))}
        reader = _Reader(struck, raised)
        return {_get(table, "name"): reader.sheet(table) for table in root.iter() if _local(table) == "table"}


def _compact(content: bytes) -> bytes:
    """The same document without the white space between its tags, but for that of its texts."""
    return _PARAGRAPH_OR_SPACE.sub(lambda found: found[1] or b"", content)


_ERROR = re.compile(r"#[A-Z/0!?]+|Err:\d+")


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _get(element: ET.Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _strikes(style: ET.Element) -> bool | None:
    """Whether a style strikes out a text; None where it leaves that to another."""
    lines = {_get(each, f"text-line-through-{what}") for each in style for what in ("style", "type")} - {""}
    return lines != {"none"} if lines else None


def _position(style: ET.Element) -> str:
    """``super`` or ``sub``, where a style raises or lowers a text; or a percentage of the line."""
    place = next((_get(each, "text-position") for each in style if _get(each, "text-position")), "")
    return "" if place.startswith("0%") else place


def _number(value: str, text: str) -> Mark | None:
    """The mark of a number, by the text that stands beside it."""
    shown = text.strip()
    try:
        number = Decimal(value)
        if shown.endswith("%") and abs(Decimal(shown[:-1].replace(",", "")) - number * 100) < 1:
            return Mark(look=Look.HUNDREDFOLD)
        return None if Decimal(shown.replace(",", "")) == number else Mark(shown=shown)
    except ArithmeticError:  # no number alone
        return None if not Decimal(value or 0) and shown in ("-", "–", "—") else Mark(shown=shown)


class _Reader:
    def __init__(self, struck: dict[str, bool], raised: dict[str, str]) -> None:
        self.struck, self.raised = struck, raised

    def sheet(self, table: ET.Element) -> Listed:
        found = Listed()
        row = 0
        for line in table.iter():
            if _local(line) != "table-row":
                continue
            times = int(_get(line, "number-rows-repeated") or 1)
            column = 0
            for cell in line:
                width = int(_get(cell, "number-columns-repeated") or 1)
                mark = self.mark(cell)
                if mark and times <= MOST_REPEATED and width <= MOST_REPEATED:
                    found |= {
                        cell_name(row + down, column + right): mark for down in range(times) for right in range(width)
                    }
                column += width
            row += times
        return found

    def mark(self, cell: ET.Element) -> Mark | None:
        """What is unusual about a cell."""
        kind, struck = _get(cell, "value-type"), self.struck.get(_get(cell, "style-name"), False)
        runs = list(self._runs(cell))
        text = "".join(run.text for run in runs)
        if "error" in [value for key, value in cell.items() if key.endswith("value-type")] or (
            _get(cell, "formula") and kind == "float" and _ERROR.fullmatch(text)
        ):
            return Mark(error=text or "#N/A")
        if _get(cell, "formula") and not text and (not kind or kind == "string"):
            return Mark(uncalculated=True)
        if kind == "string":  # calamine joins what stands in several lines, or behind a tab
            return seen(runs, struck=struck) or (Mark(text=text) if len(runs) > 1 else None)
        if struck and kind:
            return Mark(text="", struck=True)
        if kind == "percentage":
            return Mark(look=Look.HUNDREDFOLD)
        shows = any(_local(each) == "p" for each in cell)  # some programs write the value alone
        return _number(_get(cell, "value"), text) if kind in ("float", "currency") and shows else None

    def _runs(self, cell: ET.Element) -> Iterator[Run]:
        """The pieces of a cell's text, a line break between its paragraphs; notes are none of it."""
        paragraphs = [each for each in cell if _local(each) in ("p", "h")]
        for paragraph in paragraphs:
            if paragraph is not paragraphs[0]:
                yield Run("\n")
            yield from self._pieces(paragraph, Run(""))

    def _pieces(self, element: ET.Element, look: Run) -> Iterator[Run]:
        if element.text:
            yield look._replace(text=element.text)
        for each in element:
            match _local(each):
                case "span" | "a":
                    style = _get(each, "style-name")
                    place = self.raised.get(style, "")
                    lowered = place.startswith(("sub", "-"))
                    inner = Run("", self.struck.get(style, look.struck), bool(place) and not lowered, lowered)
                    yield from self._pieces(each, inner)
                case "s":
                    yield look._replace(text=" " * int(_get(each, "c") or 1))
                case "tab":
                    yield look._replace(text="\t")
                case "line-break":
                    yield look._replace(text="\n")
            if each.tail:
                yield look._replace(text=each.tail)

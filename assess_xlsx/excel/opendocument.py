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
from assess_xlsx.excel.number_format import same_percentage
from assess_xlsx.excel.package import Part, stored, time_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

CONTENT, META, STYLES = "content.xml", "meta.xml", "styles.xml"
MOST_REPEATED = 1000
"""Cells of one kind in a row, and rows, of which each may have a mark: beyond, they fill up a sheet."""

_PARAGRAPH_OR_SPACE = re.compile(rb"(<text:[ph]\b[^>]*(?<!/)>.*?</text:[ph]>)|(?<=>)\s+(?=<)", re.DOTALL)


class Document:
    """A spreadsheet in parts."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._content = _compact(parts[CONTENT].content) if CONTENT in parts else b""

    @property
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
        reader = _Reader(_Styles([*self._named_styles(), *root.iter()]))
        return {_get(table, "name"): reader.sheet(table) for table in root.iter() if _local(table) == "table"}

    def _named_styles(self) -> list[ET.Element]:
        """The styles that people named, which stand in a part of their own."""
        try:
            return list(ET.fromstring(self._parts[STYLES].content).iter()) if STYLES in self._parts else []  # noqa: S314
        except ET.ParseError:
            return []


def _compact(content: bytes) -> bytes:
    """The same document without the white space between its tags, but for that of its texts."""
    return _PARAGRAPH_OR_SPACE.sub(lambda found: found[1] or b"", content)


_ERROR = re.compile(r"#[A-Z/0!?]+|Err:\d+")


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _get(element: ET.Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


class _Styles:
    """What styles say of the look of texts, each with what it takes over from another."""

    def __init__(self, elements: Iterable[ET.Element]) -> None:
        self._styles = {
            (_get(each, "family"), _get(each, "name")): each for each in elements if _local(each) == "style"
        }

    def struck(self, family: str, name: str) -> bool | None:
        """Whether a style strikes out; None where it leaves that to what stands around."""
        for style in self._chain(family, name):
            lines = {_get(each, f"text-line-through-{what}") for each in style for what in ("style", "type")} - {""}
            if lines:
                return lines != {"none"}
        return None

    def position(self, name: str) -> str:
        """``super``, ``sub`` or a percentage of the line, where a style raises or lowers a text."""
        for style in self._chain("text", name):
            place = next((_get(each, "text-position") for each in style if _get(each, "text-position")), "")
            if place:
                return "" if place.startswith("0%") else place
        return ""

    def _chain(self, family: str, name: str) -> Iterator[ET.Element]:
        seen: set[str] = set()
        while name not in seen and (style := self._styles.get((family, name))) is not None:
            seen.add(name)
            yield style
            name = _get(style, "parent-style-name")


def _number(value: str, text: str) -> Mark | None:
    """The mark of a number, by the text that stands beside it."""
    shown = text.strip()
    try:
        number = Decimal(value)
        if shown.endswith("%") and abs((seen := Decimal(shown[:-1].replace(",", ""))) - number * 100) < 1:
            return Mark(look=Look.HUNDREDFOLD, rounded="" if same_percentage(number * 100, seen) else shown)
        return None if Decimal(shown.replace(",", "")) == number else Mark(shown=shown)
    except ArithmeticError:  # no number alone
        return None if not Decimal(value or 0) and shown in ("-", "–", "—") else Mark(shown=shown)


class _Reader:
    def __init__(self, styles: _Styles) -> None:
        self.styles = styles

    def sheet(self, table: ET.Element) -> Listed:
        found = Listed()
        defaults = [
            (_get(column, "default-cell-style-name"), int(_get(column, "number-columns-repeated") or 1))
            for column in table.iter()
            if _local(column) == "table-column"
        ]
        struck = [
            self.styles.struck("table-cell", name) or False
            for name, times in defaults
            for _ in range(min(times, MOST_REPEATED))
        ]
        row = 0
        for line in table.iter():
            if _local(line) != "table-row":
                continue
            times = int(_get(line, "number-rows-repeated") or 1)
            column = 0
            for cell in line:
                width = int(_get(cell, "number-columns-repeated") or 1)
                mark = self.mark(cell, struck=column < len(struck) and struck[column])
                if mark and times <= MOST_REPEATED and width <= MOST_REPEATED:
                    found |= {
                        cell_name(row + down, column + right): mark for down in range(times) for right in range(width)
                    }
                column += width
            row += times
        return found

    def mark(self, cell: ET.Element, *, struck: bool) -> Mark | None:
        """What is unusual about a cell; its column may be struck out."""
        kind, own = _get(cell, "value-type"), _get(cell, "style-name")
        struck = (self.styles.struck("table-cell", own) or False) if own else struck
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
            struck = self.styles.struck("paragraph", _get(paragraph, "style-name"))
            yield from self._pieces(paragraph, Run("", struck))

    def _pieces(self, element: ET.Element, look: Run) -> Iterator[Run]:
        if element.text:
            yield look._replace(text=element.text)
        for each in element:
            match _local(each):
                case "span" | "a":
                    style = _get(each, "style-name")
                    place, struck = self.styles.position(style), self.styles.struck("text", style)
                    lowered = place.startswith(("sub", "-"))
                    struck = look.struck if struck is None else struck
                    yield from self._pieces(each, Run("", struck, bool(place) and not lowered, lowered))
                case "ruby" | "ruby-base":  # what stands above the line is none of it
                    yield from self._pieces(each, look)
                case "s":
                    yield look._replace(text=" " * int(_get(each, "c") or 1))
                case "tab":
                    yield look._replace(text="\t")
                case "line-break":
                    yield look._replace(text="\n")
            if each.tail:
                yield look._replace(text=each.tail)

"""Office Open XML (.xlsx, .xlsb): its parts by relationship and content type, and the marks of its cells."""

from __future__ import annotations

import posixpath
import re
import zipfile
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from assess_xlsx.excel.cells import cell_name, column_number
from assess_xlsx.excel.formats import FORM_WANTED, Foreign, damaged
from assess_xlsx.excel.marks import Mark, Marks, Run, seen
from assess_xlsx.excel.number_format import NumberFormat, number_format
from assess_xlsx.excel.package import stored, time_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from assess_xlsx.excel.package import Part

CONTENT_TYPES = "[Content_Types].xml"
MOST_INDEX = 1 << 20
"""Bytes of what a package says of itself, at most."""
_WORD, _SLIDES = " Word 文档", "演示文稿"
_OTHERS = {"wordprocessing": _WORD, "ms-word": _WORD, "presentation": _SLIDES, "powerpoint": _SLIDES}
"""What the content type of another document's main part holds."""
_FOLDERS = {"word/": _WORD, "ppt/": _SLIDES}


class Link(NamedTuple):
    """A relationship of a part: its Id, the last word of its type, the part that it leads to."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of a workbook, by what they are rather than by what they are called.

    Unreadable where they are those of another kind of document, or of none.
    """

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = {
            CONTENT_TYPES if name.lower() == CONTENT_TYPES.lower() else name: part for name, part in parts.items()
        }
        self._known: dict[str, tuple[Link, ...]] = {}
        self.book = self._book()
        """The name of the workbook's own part."""

    @property
    def data(self) -> bytes:
        return stored(self._parts)

    def part(self, name: str) -> Part:
        """A part, its name in whatever case; KeyError where there is none."""
        return self._parts.get(name) or self._parts[self._names[name.lower()]]

    def content(self, name: str) -> bytes:
        return self.part(name).content

    def has(self, name: str) -> bool:
        return name in self._parts or name.lower() in self._names

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name.lower(): name for name in self._parts}

    def links(self, source: str = "") -> tuple[Link, ...]:
        """The relationships of a part, of the whole package by default; none where they are missing or broken."""
        if source not in self._known:
            folder, name = posixpath.split(source)
            try:
                self._known[source] = _links(self.content(posixpath.join(folder, "_rels", f"{name}.rels")), folder)
            except (KeyError, ET.ParseError):
                self._known[source] = ()
        return self._known[source]

    def linked(self, kind: str, source: str = "") -> str:
        """The first part of a kind that a part leads to; empty where there is none."""
        return next((link.target for link in self.links(source) if link.kind == kind), "")

    def _book(self) -> str:
        main = self.linked("officeDocument") or next(
            (name for name in self._parts if re.fullmatch(r"xl/workbook\.(xml|bin)", name, re.IGNORECASE)), ""
        )
        kind = self._type(main)
        if "spreadsheet" not in kind and "ms-excel" not in kind:
            known = next((words for word, words in _OTHERS.items() if word in kind), "") or next(
                (words for folder, words in _FOLDERS.items() for name in self._names if name.startswith(folder)), ""
            )
            if known:
                raise Foreign(known, FORM_WANTED)
        if not main:
            broken = any(name.startswith("xl/") for name in self._names)
            raise damaged() if broken else Foreign("其他程序的文件", FORM_WANTED)
        return main

    def _type(self, name: str) -> str:
        """A part's content type."""
        try:
            types = _types(self.content(CONTENT_TYPES))
        except (KeyError, ET.ParseError):
            return ""
        return types.get(f"/{name}".lower()) or types.get(name.rpartition(".")[2].lower(), "")

    def saved(self) -> dt.datetime | None:
        try:
            core = self.content(self.linked("core-properties") or "docProps/core.xml")
        except KeyError:
            return None
        return time_in(core, "{http://purl.org/dc/terms/}modified")

    def marks(self, sheet: str) -> Marks:
        """The marks of a sheet, by its name."""
        try:
            links = self.links(self.book)
            of = _sheet_ids(self.content(self.book))[sheet]
            part = self.part(next(link.target for link in links if link.id == of))
            xml = _spelled_out(part.content) if part.odd else part.content
        except (KeyError, StopIteration, ET.ParseError):
            return SheetMarks(b"", b"", b"")
        styles, strings = (
            next((self.content(link.target) for link in links if link.kind == kind and self.has(link.target)), b"")
            for kind in ("styles", "sharedStrings")
        )
        return SheetMarks(xml, styles, strings)


def sheet_names(path: Path) -> frozenset[str] | None:
    """The names of a workbook's sheets as they stand on the disk, none of them loaded; None where that does not tell.

    A result of a nation has a quarter of a gigabyte, and more once it is loaded.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            links = _links(_small(archive, "_rels/.rels"), "")
            main = next(link.target for link in links if link.kind == "officeDocument")
            return frozenset(_sheet_ids(_small(archive, main))) or None
    except (OSError, ValueError, KeyError, StopIteration, NotImplementedError, zipfile.BadZipFile, ET.ParseError):
        return None


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MOST_INDEX:
        raise ValueError(name)
    return archive.read(name)


# forms that were sent out alike come back with the same index, styles and types


@lru_cache(maxsize=16)
def _links(xml: bytes, folder: str) -> tuple[Link, ...]:
    found = []
    for link in ET.fromstring(xml):  # noqa: S314 - the guard refuses entities
        target = link.get("Target", "").replace("\\", "/")
        target = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        kind = link.get("Type", "").rpartition("/")[2]
        found.append(Link(link.get("Id", ""), kind, posixpath.normpath(target)))
    return tuple(found)


@lru_cache(maxsize=16)
def _types(xml: bytes) -> dict[str, str]:
    """Content types by part (``/xl/workbook.xml``) and by extension."""
    return {
        (each.get("PartName") or each.get("Extension") or "").lower(): each.get("ContentType", "").lower()
        for each in ET.fromstring(xml)  # noqa: S314
    }


@lru_cache(maxsize=16)
def _sheet_ids(book: bytes) -> dict[str, str]:
    """The sheets' relationships by their names; an .xlsb does not tell them."""
    if not book.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        return {}
    found: dict[str, str] = {}
    for sheet in ET.fromstring(book).iter():  # noqa: S314
        if _local(sheet) == "sheet":
            of = next((value for key, value in sheet.items() if key.endswith("relationships}id")), "")
            found.setdefault(sheet.get("name", ""), of)
    return found


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


class Style(NamedTuple):
    """What is unusual about a cell's style."""

    format: NumberFormat
    struck: bool

    def mark(self, value: float | str) -> Mark | None:
        """What is unusual about a cell that holds a value."""
        if self.struck:
            return Mark(text="", struck=True)
        if self.format.plain and isinstance(value, float) and value.is_integer():
            return None  # as most are
        return self.format.mark(value)


_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
"""Number formats that stand in no file; a number never stands in those of dates."""


class Styles(NamedTuple):
    """The unusual styles of a workbook's cells."""

    by_number: dict[bytes, Style]
    """By its number, as a cell's tag says it."""
    of_text: bool
    """One of them shows a text otherwise than it stands there."""


@lru_cache(maxsize=16)
def _styles(xml: bytes) -> Styles:
    try:
        root = ET.fromstring(xml)  # noqa: S314
    except ET.ParseError:
        return Styles({}, of_text=False)
    codes = dict(_BUILT_IN)
    struck: list[bool] = []
    found = {}
    for part in root:
        match _local(part):
            case "numFmts":
                codes |= {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in part}
            case "fonts":
                struck = [_on(font, "strike") for font in part]
            case "cellXfs":
                for number, look in enumerate(part):
                    font = int(look.get("fontId", 0))
                    code = codes.get(int(look.get("numFmtId", 0)), "General")
                    style = Style(number_format(code), font < len(struck) and struck[font])
                    if code not in ("General", "@") or style.struck:
                        found[b"%d" % number] = style
    return Styles(found, any(style.struck or style.format.of_text for style in found.values()))


def _on(properties: ET.Element | None, name: str) -> bool:
    """A property of a font is there and is not switched off."""
    each = next((each for each in (() if properties is None else properties) if _local(each) == name), None)
    return each is not None and each.get("val", "1") not in ("0", "false")


def _runs(text: ET.Element) -> Iterator[Run]:
    """The pieces of a text: of a shared string, or of one that stands in its cell."""
    for piece in text:
        if _local(piece) == "t":
            yield Run(piece.text or "")
        elif _local(piece) == "r":
            font = next((each for each in piece if _local(each) == "rPr"), None)
            looks = () if font is None else font
            place = next((each.get("val") for each in looks if _local(each) == "vertAlign"), "")
            struck = None if font is None else _on(font, "strike")
            words = "".join(each.text or "" for each in piece if _local(each) == "t")
            yield Run(words, struck, place == "superscript", place == "subscript")


@lru_cache(maxsize=2)
def _rich(strings: bytes) -> dict[int, tuple[Run, ...]]:
    """The shared strings that are not all alike, in pieces, by number."""
    try:
        texts = [tuple(_runs(each)) for each in ET.fromstring(strings) if _local(each) == "si"]  # noqa: S314
    except ET.ParseError:
        return {}
    return {number: runs for number, runs in enumerate(texts) if any(run != Run(run.text) for run in runs)}


def _inline(inner: bytes) -> tuple[Run, ...] | None:
    """The pieces of a text that stands in its cell."""
    try:
        return tuple(_runs(ET.fromstring(re.sub(rb"(</?)[\w.-]+:", rb"\1", inner))))  # noqa: S314
    except ET.ParseError:
        return None


def _spelled_out(xml: bytes) -> bytes:
    """A sheet as nearly every program spells it, each cell with its name; raises ParseError."""
    root = ET.fromstring(xml)  # noqa: S314 - the guard refuses entities
    row = 0
    for line in (each for each in root.iter() if _local(each) == "row"):
        row = int(line.get("r", row + 1))
        column = -1
        for cell in (each for each in line if _local(each) == "c"):
            name = (cell.get("r") or cell_name(row - 1, column + 1)).upper()
            column = column_number(name.rstrip("0123456789"))
            cell.attrib = {"r": name, **{key: value for key, value in cell.items() if key != "r"}}
    return ET.tostring(root)


_END = re.compile(rb"</(?:[\w.-]+:)?c>")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f\b")


class SheetMarks:
    """The marks of one sheet, each looked for when it is asked for: most cells have none."""

    def __init__(self, xml: bytes, styles: bytes, strings: bytes) -> None:
        self._xml = xml
        self._styles, dressed = _styles(styles)
        self._rich = _rich(strings) if b"rPr" in strings else {}
        self._mixed = dressed or bool(self._rich) or b't="inlineStr"' in xml
        """Some texts may be seen otherwise than they stand there."""
        self._place = 0

    def of(self, cell: str, value: object) -> Mark | None:
        """The mark of a cell (``I6``) that holds a value; None where nothing is unusual."""
        if isinstance(value, str):
            if not value or value[0] == "#" or value.isspace():  # an error reads as nothing, or as its text
                return self._behind(cell)
            return self._text(cell, value) if self._mixed else None
        if value is None:
            return self._behind(cell)
        if not self._styles or isinstance(value, bool) or not isinstance(value, int | float):
            return None
        place = self._find(cell)
        style = self._style(self._xml[place : self._xml.find(b">", place)]) if place >= 0 else None
        return style.mark(value) if style else None

    def hides(self) -> bool:
        """Some cells may read as blank and are not: there are formulas or error values."""
        return b't="e"' in self._xml or _FORMULA.search(self._xml) is not None

    def _style(self, tag: bytes) -> Style | None:
        place = tag.find(b' s="') + 4
        return self._styles.get(tag[place : tag.find(b'"', place)])

    def _text(self, cell: str, value: str) -> Mark | None:
        """The mark of a cell that holds a text."""
        tag, inner = self._cell(cell)
        style = self._style(tag)
        struck = style is not None and style.struck
        index = _VALUE.search(inner) if b't="s"' in tag else None
        runs = (
            self._rich.get(int(index[1]))
            if index and index[1].isdigit()
            else _inline(inner)
            if b't="inlineStr"' in tag
            else None
        )
        return seen(runs or (Run(value),), struck=struck) or (style.format.mark(value) if style else None)

    def _behind(self, cell: str) -> Mark | None:
        """The mark of a cell that reads as blank, or as what an error value reads like."""
        tag, inner = self._cell(cell)
        if not inner:
            return None
        if b't="e"' in tag:
            value = _VALUE.search(inner)
            return Mark(error=value[1].decode(errors="replace") if value else "#N/A")
        return Mark(uncalculated=True) if _FORMULA.search(inner) else None

    def _find(self, cell: str) -> int:
        """Where a cell's name stands in its tag; below 0 where there is no such cell."""
        words = _named(cell)
        place = self._xml.find(words, self._place)  # cells are mostly asked for in their order
        if place < 0:
            place = self._xml.find(words, 0, self._place)
        if place >= 0:
            self._place = place
        return place

    def _cell(self, cell: str) -> tuple[bytes, bytes]:
        """A cell's tag from its name on, and what stands in it; nothing of an empty cell, as most blank ones are."""
        xml, place = self._xml, self._find(cell)
        if place < 0:
            return b"", b""
        end = xml.find(b">", place)
        if xml[end - 1] == _SLASH:
            return b"", b""
        closed = _END.search(xml, end)
        return xml[place:end], xml[end + 1 : closed.start() if closed else end + 1]


_SLASH = ord("/")


@lru_cache(maxsize=10_000)  # the cells of a form come back with every form
def _named(cell: str) -> bytes:
    return f' r="{cell}"'.encode()

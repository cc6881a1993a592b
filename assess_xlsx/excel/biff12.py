"""The binary format in parts (.xlsb): its sheets by name, error values, formulas without a result, records cut short.

Its number formats are not looked at.
"""

from __future__ import annotations

import struct
from functools import cached_property
from typing import TYPE_CHECKING

from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.formats import damaged
from assess_xlsx.excel.marks import Listed, Mark
from assess_xlsx.excel.ooxml import Package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assess_xlsx.excel.package import Part

_ROW, _ERROR, _FORMULA_TEXT, _FORMULA_ERROR, _SHEET = 0, 3, 8, 11, 156
_LEAST = {1: 8, 2: 12, _ERROR: 9, 4: 9, 5: 16, 6: 12, 7: 12, _FORMULA_TEXT: 12, 9: 16, 10: 9, _FORMULA_ERROR: 9}
"""Bytes of a cell's record by its kind: column and style, then the value."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class BinaryBook(Package):
    """A workbook in parts, its sheets in records; Unreadable where one is cut short."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        super().__init__(parts)
        try:
            self._found = {name: Listed(_marks(self.content(part))) for name, part in self._sheets.items()}
        except (KeyError, struct.error, IndexError, UnicodeDecodeError):
            raise damaged() from None

    def marks(self, sheet: str) -> Listed:
        return self._found.get(sheet, Listed())

    @cached_property
    def _sheets(self) -> dict[str, str]:
        """The parts of the sheets by their names."""
        targets = {link.id: link.target for link in self.links(self.book) if link.kind == "worksheet"}
        found = {}
        for kind, record in _records(self.content(self.book)):
            if kind == _SHEET:
                link, end = _text(record, 8)
                name, _ = _text(record, end)
                if link in targets:
                    found[name] = targets[link]
        return found


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part: kind and content; IndexError or struct.error where the part ends within one."""
    place = 0
    while place < len(data):
        kind = data[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while True:
            size |= (data[place] & 0x7F) << shift
            place, shift, more = place + 1, shift + 7, data[place] & 0x80
            if not more:
                break
        if place + size > len(data):
            raise IndexError
        yield kind, data[place : place + size]
        place += size


def _text(record: bytes, place: int) -> tuple[str, int]:
    """A text in a record, and where it ends."""
    (length,) = struct.unpack_from("<I", record, place)
    end = place + 4 + 2 * length
    return record[place + 4 : end].decode("utf-16-le"), end


def _marks(data: bytes) -> Iterator[tuple[str, Mark]]:
    row = 0
    for kind, record in _records(data):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", record)
        elif kind in _LEAST:
            if len(record) < _LEAST[kind]:
                raise IndexError
            column, _ = struct.unpack_from("<II", record)
            if kind in (_ERROR, _FORMULA_ERROR):
                yield cell_name(row, column), Mark(error=_ERRORS.get(record[8], "#N/A"))
            elif kind == _FORMULA_TEXT and not _text(record, 8)[0]:
                yield cell_name(row, column), Mark(uncalculated=True)

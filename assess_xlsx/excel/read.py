"""Reads a workbook's bytes: cell values by calamine, what calamine cannot see by the module of each format.

openpyxl stands in where calamine fails on a workbook that other programs open.
"""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from assess_xlsx.excel.biff import OldBook
from assess_xlsx.excel.formats import Format, damaged, identify, locked
from assess_xlsx.excel.guard import inspect
from assess_xlsx.excel.ooxml import Package
from assess_xlsx.excel.opendocument import Document

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from assess_xlsx.entries import Raw
    from assess_xlsx.excel.marks import Marks


Span = tuple[tuple[int, int], tuple[int, int]]
"""Cells that are one: row and column of the first and of the last, from 0."""


class _Opened(Protocol):
    """A workbook of some format, opened as far as that takes no reader of values."""

    @property
    def data(self) -> bytes:
        """As calamine takes it."""

    def marks(self, sheet: str) -> Marks:
        """What the values of a sheet do not tell."""

    def saved(self) -> dt.datetime | None:
        """The workbook's own 修改时间, UTC; None where it has none."""


def _opened(data: bytes, kind: Format) -> _Opened:
    if kind is Format.LOCKED:
        from assess_xlsx.excel.unlock import unlocked  # noqa: PLC0415 - rarely needed

        data = unlocked(data)
        kind = identify(data)
    match kind:
        case Format.XLSX:
            package = Package(parts := inspect(data, kind))
            if package.book.lower().endswith(".bin"):
                from assess_xlsx.excel.biff12 import BinaryBook  # noqa: PLC0415 - seldom met

                return BinaryBook(parts)
            return package
        case Format.ODS:
            return Document(inspect(data, kind))
        case Format.XLS:
            return OldBook(data)
        case _:
            raise damaged()


class Sheet(Struct, frozen=True, dict=True):
    name: str
    rows: list[list[Raw]]
    """Values from A1 on, all rows equally wide; a blank cell is an empty text."""
    hidden: bool
    _find_marks: Callable[[str], Marks]

    @cached_property
    def marks(self) -> Marks:
        """What the values of the cells do not tell."""
        return self._find_marks(self.name)

    def at(self, row: int, column: int) -> Raw:
        try:
            return self.rows[row][column]
        except IndexError:
            return ""


class Workbook:
    """The sheets of a workbook, and when it was last saved; Unreadable where it cannot be read."""

    def __init__(self, data: bytes, kind: Format) -> None:
        self._opened = _opened(data, kind)
        try:
            self.sheets = _by_calamine(self._opened)
        except PasswordError:
            raise locked() from None
        except (CalamineError, OSError, ValueError, KeyError):
            if kind is not Format.XLSX:
                raise damaged() from None
            self.sheets = _by_openpyxl(self._opened)

    def modified(self) -> dt.datetime | None:
        """The workbook's own 修改时间, UTC; None where it has none."""
        return self._opened.saved()

    def merged(self, sheet: str) -> list[Span]:
        """The merged cells of a sheet; none where its format or its state does not tell them."""
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(self._opened.data))
            return book.get_sheet_by_name(sheet).merged_cell_ranges or []
        except (CalamineError, OSError, ValueError, KeyError):
            return []


def values(data: bytes, wanted: Callable[[str], bool]) -> dict[str, list[list[Raw]]]:
    """The values of the sheets whose names are wanted, without marks; nothing where it is no workbook.

    For workbooks that the program wrote, however large, and whatever stands in their place.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[misc]
            for name in book.sheet_names
            if wanted(name)
        }
    except (CalamineError, PasswordError, OSError, ValueError, KeyError):
        return {}
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            return {}
        raise


def _by_calamine(opened: _Opened) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(opened.data))
        return [
            Sheet(
                sheet.name,
                book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),  # type: ignore[arg-type]
                sheet.visible != SheetVisibleEnum.Visible,  # older versions make a new one each time
                opened.marks,
            )
            for sheet in book.sheets_metadata
        ]
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # no class of Python's: records that are cut short, say
            raise damaged() from None
        raise


def _by_openpyxl(opened: _Opened) -> list[Sheet]:
    """The same values by a reader that takes some workbooks which calamine does not."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import and rarely needed

    try:
        book = load_workbook(io.BytesIO(opened.data), read_only=True, data_only=True)
        sheets = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]
            width = max(map(len, rows), default=0)
            rows = [row + [""] * (width - len(row)) for row in rows]
            sheets.append(Sheet(sheet.title, rows, sheet.sheet_state != "visible", opened.marks))
    except Exception:  # noqa: BLE001 - whatever a broken part makes it raise
        raise damaged() from None
    return sheets

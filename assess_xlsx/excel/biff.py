"""The old binary format (.xls, WPS's .et): when it was saved, the marks of its cells.

What reads it in full is slow to import and met seldom.
"""

from __future__ import annotations

import datetime as dt
import io
from functools import cached_property
from typing import TYPE_CHECKING

from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.marks import Listed, Mark, Run, seen
from assess_xlsx.excel.number_format import number_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xlrd.book
    import xlrd.sheet


class OldBook:
    """A workbook in the old format, as it came."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def saved(self) -> dt.datetime | None:
        import olefile  # noqa: PLC0415

        try:
            with olefile.OleFileIO(io.BytesIO(self.data)) as file:
                saved = file.get_metadata().last_saved_time
        except Exception:  # noqa: BLE001 - whatever broken properties make it raise
            return None
        return saved.replace(tzinfo=dt.UTC) if isinstance(saved, dt.datetime) else None

    def marks(self, sheet: str) -> Listed:
        return self._marks.get(sheet, Listed())

    @cached_property
    def _marks(self) -> dict[str, Listed]:
        import xlrd  # noqa: PLC0415

        try:
            with xlrd.open_workbook(file_contents=self.data, formatting_info=True, logfile=io.StringIO()) as book:
                return {sheet.name: Listed(_marks(book, sheet)) for sheet in book.sheets()}
        except Exception:  # noqa: BLE001 - whatever a broken record makes it raise
            return {}


def _marks(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Iterator[tuple[str, Mark]]:
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            if mark := _mark(book, sheet, row, column):
                yield cell_name(row, column), mark


def _mark(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, row: int, column: int) -> Mark | None:
    import xlrd  # noqa: PLC0415

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if kind == xlrd.XL_CELL_ERROR:
        return Mark(error=xlrd.error_text_from_code.get(value, "#N/A"))
    if value == "":
        return Mark(uncalculated=True)  # no text is stored as one without characters, but as a formula's result
    style = book.xf_list[sheet.cell_xf_index(row, column)]
    struck = bool(book.font_list[style.font_index].struck_out)
    if kind == xlrd.XL_CELL_TEXT:
        return seen(_runs(book, value, sheet.rich_text_runlist_map.get((row, column), ())), struck=struck)
    if struck:
        return Mark(text="", struck=True)
    shows = number_format(book.format_map[style.format_key].format_str)
    return shows.mark(value) if kind == xlrd.XL_CELL_NUMBER else None


_RAISED, _LOWERED = 1, 2


def _runs(book: xlrd.book.Book, text: str, runs: tuple[tuple[int, int], ...]) -> Iterator[Run]:
    """The pieces of a text; each run says where it begins and in which font."""
    starts = [start for start, _ in runs]
    yield Run(text[: starts[0]] if starts else text)
    for (start, number), end in zip(runs, [*starts[1:], len(text)], strict=True) if runs else ():
        font = book.font_list[number]
        yield Run(text[start:end], bool(font.struck_out), font.escapement == _RAISED, font.escapement == _LOWERED)

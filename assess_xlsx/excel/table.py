"""Draws a long table, row by row: title, header, filters, widths for Chinese, print set-up. It knows no label."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import chain, islice
from math import isfinite
from operator import getitem
from typing import TYPE_CHECKING

from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.write import Book, Format, Sheet

POINTS, WHOLE, SIZE, TIME = "0.00", "0", "#,##0", "yyyy-mm-dd hh:mm"

MOST_ROWS = 1_048_576 - 10
"""Data rows of a sheet at most; below them stands room for title, notes and header."""
MEASURED = 500
"""Rows at the beginning of a table that decide how wide its columns are."""
MOST_FITTED = 20_000
"""Rows of a table up to which each is made as high as its text; beyond, the spreadsheet program fits them."""
ROW_HEIGHT, ROW_PADDING, MOST_LINES = 14, 5, 25


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    format: str = ""
    """A number format; numbers stand in the middle, text at the left."""
    most: float = 40
    """The widest the column gets; longer text wraps."""
    once: bool = False
    """Its texts stand on one row each: they are written there, and the workbook keeps no table of them in memory."""


Row = tuple[str, "Sequence[Cell]"]
"""A background, empty for none, and the cells."""


def sheets_of(book: Book, name: str, rows: int) -> list[Sheet]:
    """The sheets that a table of so many rows takes: it continues on 名称（2） where one is full."""
    count = max(1, -(-rows // MOST_ROWS))
    return [book.sheet(name if number == 1 else f"{name}（{number}）") for number in range(1, count + 1)]


def table(
    book: Book,
    sheets: Sequence[Sheet],
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    notes: Sequence[str] = (),
    freeze: int = 2,
    landscape: bool = True,
    printed: int | None = None,
    asides: Sequence[str] = (),
    one_page: bool = False,
    one_line: bool = False,
) -> int:
    """Draws the table on its sheets and answers the row of its header; the first data row follows it.

    ``printed``: how many of its columns are printed, where not all are; ``asides`` stand above the others, beside the
    notes. ``one_page``: it is made small enough for one page. ``one_line``: no row is higher than a line of text.
    """
    coming = iter(rows)
    first = list(islice(coming, MEASURED))
    widths = [
        style.fitted([column.label, *map(_text, {cells[place] for _, cells in first})], most=column.most)
        for place, column in enumerate(columns)
    ]
    room = [float("inf")] * len(columns) if one_line else widths
    coming = chain(first, coming)
    last, header = len(columns) - 1, 1 + max(len(notes), len(asides))
    edge = printed or len(columns)
    title_look = book.format(font_name=style.TITLE_FONT, font_size=16, align="center" if one_page else "left")
    note_look = book.format(font_color=style.ORANGE, text_wrap=True)
    for sheet in sheets:
        sheet.headline(title, edge, title_look)
        for line in range(1, header):
            said = [texts[line - 1] if line <= len(texts) else "" for texts in (notes, asides)]
            height = max(
                style.lines(text, room)
                for text, room in zip(said, map(sum, (widths[:edge], widths[edge:])), strict=True)
            )
            sheet.set_row(line, 5 + 15 * height)
            for text, first_col, last_col in zip(said, (0, edge), (edge - 1, last), strict=True):
                if text:
                    sheet.spread(line, first_col, line, last_col, text, note_look)
        head = book.format(
            font_name=style.TITLE_FONT, bg_color=style.PALE_BLUE, border=1, align="center", text_wrap=True
        )
        sheet.set_row(header, 6 + 15 * max(style.lines(c.label, w) for c, w in zip(columns, widths, strict=True)))
        sheet.set_widths(widths)
        sheet.put_row(header, [column.label for column in columns], head)
        row = sheet.rows(header + 1, _pieces(book, sheet, columns, room, islice(coming, MOST_ROWS), header + 1))
        sheet.freeze_panes(header + 1, freeze)
        sheet.autofilter(header, 0, max(header + 1, row), last)
        sheet.print_on_a4(landscape=landscape, header_row=header, one_page=one_page)
        if printed:
            sheet.print_area(0, 0, max(header + 1, row), printed - 1)
    return header


def _pieces(
    book: Book, sheet: Sheet, columns: Sequence[Column], room: Sequence[float], rows: Iterator[Row], first: int
) -> Iterator[tuple[float | None, Sequence[str]]]:
    """The height and the pieces of each row; ``room``: how wide the columns are, without end where nothing wraps."""
    drawn: dict[str, list[_Remembered]] = {}  # by background
    following = [*map(column_letter, range(1, len(columns))), None]
    for number, (colour, cells) in enumerate(rows, first):
        if colour not in drawn:
            looks = [
                _look(book, column, colour, wraps=isfinite(width))
                for column, width in zip(columns, room, strict=True)
            ]
            drawn[colour] = [_Remembered(sheet, *each) for each in zip(columns, looks, following, room, strict=True)]
        pieces, lines = zip(*map(getitem, drawn[colour], cells), strict=True)
        yield ROW_PADDING + ROW_HEIGHT * min(max(lines), MOST_LINES) if number <= MOST_FITTED else None, pieces


class _Remembered(dict["Cell", tuple[str, int]]):
    """What a column's cells turn into, and how many lines they take: most come back on other rows."""

    MOST = 20_000
    """Cells; beyond, it begins anew."""

    def __init__(self, sheet: Sheet, column: Column, look: Format, following: str | None, width: float) -> None:
        super().__init__()
        self._piece = sheet.pieces_of(look, following, once=column.once)
        self._once, self._width = column.once, width

    def __missing__(self, cell: Cell) -> tuple[str, int]:
        drawn = self._piece(cell), style.lines(cell, self._width)
        if not self._once:
            if len(self) == self.MOST:
                self.clear()
            self[cell] = drawn
        return drawn


def _look(book: Book, column: Column, colour: str, *, wraps: bool) -> Format:
    look = {"border": 1, "border_color": style.LINE, "text_wrap": wraps}
    if colour:
        look["bg_color"] = colour
    if column.format:
        look |= {"align": "center", "num_format": column.format}
    return book.format(**look)


def _text(cell: Cell) -> str:
    if isinstance(cell, Formula):
        cell = cell.value
    if isinstance(cell, dt.datetime):
        return "2019-01-01 00:00"
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell or "")

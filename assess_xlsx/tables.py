"""Draws a table of the result: title, header row, filters, widths that fit Chinese, print set-up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assess_xlsx import style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from assess_xlsx.style import Book


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with its value."""

    text: str
    value: float | str


Cell = str | float | int | dt.datetime | Formula | None

POINTS, WHOLE, SIZE, TIME = "0.00", "0", "#,##0", "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    format: str = ""
    """A number format; numbers stand in the middle, text at the left."""
    most: float = 40
    """The widest the column gets; longer text wraps."""


def table(
    book: Book,
    sheet: Worksheet,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    notes: Sequence[str] = (),
    freeze: int = 2,
    colours: Sequence[str] = (),
    landscape: bool = True,
) -> int:
    """Draws the table and answers the row of its header; the first data row follows it.

    ``colours`` gives a background a row, empty for none.
    """
    rows = list(rows)
    last = len(columns) - 1
    sheet.merge_range(0, 0, 0, last, title, book.format(font_name=style.TITLE_FONT, font_size=16))
    sheet.set_row(0, 30)
    for line, note in enumerate(notes, 1):
        sheet.merge_range(line, 0, line, last, note, book.format(font_color=style.ORANGE, text_wrap=True))
        sheet.set_row(line, 20)
    header = 1 + len(notes)
    head = book.format(font_name=style.TITLE_FONT, bg_color=style.PALE_BLUE, border=1, align="center", text_wrap=True)
    widths = []
    for place, column in enumerate(columns):
        texts = [_text(row[place]) for row in rows[:2000]]
        width = style.fitted([column.label, *texts], most=column.most)
        widths.append(width)
        sheet.set_column(place, place, width)
        sheet.write_string(header, place, column.label, head)
    sheet.set_row(header, 6 + 15 * max(style.lines(c.label, w) for c, w in zip(columns, widths, strict=True)))
    for number, row in enumerate(rows):
        colour = colours[number] if colours else ""
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            _write(book, sheet, header + 1 + number, place, column, cell, colour)
        wrapped = max(
            (style.lines(cell, w) for cell, w in zip(row, widths, strict=True) if isinstance(cell, str) and cell),
            default=1,
        )
        sheet.set_row(header + 1 + number, 5 + 14 * min(wrapped, 25))
    sheet.freeze_panes(header + 1, freeze)
    sheet.autofilter(header, 0, header + max(1, len(rows)), last)
    sheet.hide_gridlines(2)
    style.print_setup(sheet, landscape=landscape, header_row=header)
    return header


def _text(cell: Cell) -> str:
    if isinstance(cell, Formula):
        cell = cell.value
    if isinstance(cell, dt.datetime):
        return "2019-01-01 00:00"
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell or "")


def _write(book: Book, sheet: Worksheet, row: int, place: int, column: Column, cell: Cell, colour: str) -> None:
    background = {"bg_color": colour} if colour else {}
    look = {"border": 1, "border_color": style.LINE, "text_wrap": True, **background}
    if column.format:
        look |= {"align": "center", "num_format": column.format}
    box = book.format(**look)
    if cell is None or cell == "":
        sheet.write_blank(row, place, None, box)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell, box)
    elif isinstance(cell, Formula):
        sheet.write_formula(row, place, f"={cell.text}", box, cell.value)
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, place, cell, box)
    else:
        sheet.write_number(row, place, cell, box)

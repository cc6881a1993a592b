"""Draws a long table, row by row: title, header, filters, widths for Chinese, print set-up. It knows no label."""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import chain, islice
from operator import call
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, column_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
POSTED_PADDING = 10
"""Of the rows of a table that is put on one page, to be read on a wall."""


class Column(Struct, frozen=True):
    label: str
    format: str = ""
    """A number format; numbers stand in the middle, text at the left."""
    most: float = 40
    """The widest the column gets; longer text wraps."""
    mark: str = ""
    """What the label is shown with, without being part of it."""
    once: bool = False
    """Its texts stand on one row each: they are written there, and the workbook keeps no table of them in memory."""
    whole: bool = False
    """Its texts are seen whole where rows have one line: the few that are longer than it is wide get more lines."""


_HEAD: dict[str, Any] = {
    "font_name": style.TITLE_FONT,
    "bg_color": style.PALE_BLUE,
    "border": 1,
    "align": "center",
    "text_wrap": True,
}
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
    notes. ``one_page``: it is made small enough for one page. ``one_line``: no row is higher than a line of text, but
    for what is to be seen whole.
    """
    coming = iter(rows)
    first = list(islice(coming, MEASURED))
    widths = [
        style.fitted(
            [column.label + column.mark, *map(_text, {cells[place] for _, cells in first})], most=column.most
        )
        for place, column in enumerate(columns)
    ]
    coming = chain(first, coming)
    last, header = len(columns) - 1, 1 + max(len(notes), len(asides))
    edge = printed or len(columns)
    title_look = book.format(
        font_name=style.TITLE_FONT, font_size=16, align="center" if one_page else "left", shrink=True
    )
    note_look = book.format(font_color=style.ORANGE, text_wrap=True)
    for sheet in sheets:
        sheet.headline(title, edge, title_look)
        for line in range(1, header):
            said = [texts[line - 1] if line <= len(texts) else "" for texts in (notes, asides)]
            height = max(map(style.lines, said, (sum(widths[:edge]), sum(widths[edge:]))))
            sheet.set_row(line, 5 + 15 * height)
            for text, first_col, last_col in zip(said, (0, edge), (edge - 1, last), strict=True):
                if text:
                    sheet.spread(line, first_col, line, last_col, text, note_look)
        head = book.format(**_HEAD)
        sheet.set_row(
            header, 6 + 15 * max(style.lines(c.label + c.mark, w) for c, w in zip(columns, widths, strict=True))
        )
        sheet.set_widths(widths)
        sheet.put_row(header, [column.label for column in columns], head)
        for place, column in enumerate(columns):
            if column.mark:
                sheet.put(header, place, column.label, book.format(**_HEAD, num_format=f'@"{column.mark}"'))
        drawn = _Drawn(book, sheet, columns, widths, one_line, POSTED_PADDING if one_page else ROW_PADDING)
        row = sheet.rows(header + 1, drawn.rows(islice(coming, MOST_ROWS), header + 1))
        sheet.freeze_panes(header + 1, freeze)
        sheet.autofilter(header, 0, max(header + 1, row), last)
        sheet.print_on_a4(landscape=landscape, header_row=header, one_page=one_page)
        if printed:
            sheet.print_area(0, 0, max(header + 1, row), printed - 1)
    return header


class _Drawn:
    """Rows as what a sheet is written from."""

    def __init__(
        self, book: Book, sheet: Sheet, columns: Sequence[Column], widths: list[float], one_line: bool, padding: float
    ) -> None:
        self._book, self._sheet, self._columns, self._widths = book, sheet, columns, widths
        self._one_line, self._padding = one_line, padding
        self._following = [*map(column_letter, range(1, len(columns))), None]
        self._whole = [place for place, column in enumerate(columns) if column.whole]

    def rows(self, rows: Iterator[Row], first: int) -> Iterator[tuple[float | None, Sequence[str]]]:
        """The height and the pieces of each row."""
        drawn: dict[str, list[Callable[[Cell], Any]]] = {}  # by background
        for number, (colour, cells) in enumerate(rows, first):
            if colour not in drawn:
                drawn[colour] = self._drawing(colour)
            found = map(call, drawn[colour], cells)
            if self._one_line:
                lines = max((style.lines(cells[place], self._widths[place]) for place in self._whole), default=1)
                yield self._padding + ROW_HEIGHT * lines, [*found]
            else:
                pieces, heights = zip(*found, strict=True)
                yield (
                    ROW_PADDING + ROW_HEIGHT * min(max(heights), MOST_LINES) if number <= MOST_FITTED else None,
                    pieces,
                )

    def _drawing(self, colour: str) -> list[Callable[[Cell], Any]]:
        """What the cells of each column turn into on that background: pieces, with their lines where they wrap."""
        found = []
        for place, (column, following) in enumerate(zip(self._columns, self._following, strict=True)):
            look = _look(self._book, column, colour, wraps=not self._one_line)
            draw: Callable[[Cell], Any] = self._sheet.pieces_of(look, following, once=column.once)
            if not self._one_line:
                draw = partial(_with_lines, draw, self._widths[place])
            elif column.whole:
                wrapping = _look(self._book, column, colour, wraps=True)
                longer = self._sheet.pieces_of(wrapping, following, once=column.once)
                draw = partial(_as_long, draw, longer, self._widths[place])
            found.append(draw if column.once else _Remembered(draw).__getitem__)
        return found


def _with_lines(piece: Callable[[Cell], str], width: float, cell: Cell) -> tuple[str, int]:
    return piece(cell), style.lines(cell, width)


def _as_long(short: Callable[[Cell], str], longer: Callable[[Cell], str], width: float, cell: Cell) -> str:
    return (longer if style.lines(cell, width) > 1 else short)(cell)


class _Remembered(dict["Cell", Any]):
    """What a column's cells turn into: most come back on other rows."""

    MOST = 20_000
    """Cells; beyond, it begins anew."""

    def __init__(self, draw: Callable[[Cell], Any]) -> None:
        super().__init__()
        self._draw = draw

    def __missing__(self, cell: Cell) -> Any:  # noqa: ANN401 - as ``draw`` answers
        if len(self) == self.MOST:
            self.clear()
        self[cell] = drawn = self._draw(cell)
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

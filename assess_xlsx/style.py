"""Decoration shared by everything that is written: fonts, colours, formats, and how wide Chinese text is."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format

FONT = "宋体"
TITLE_FONT = "黑体"
INK, GREY, LINE = "#1F2933", "#6B7280", "#9AA5B1"
BLUE, PALE_BLUE, PALE_GREY = "#1F4E79", "#DCE6F1", "#F3F4F6"
INPUT, MISSING, FAULT, NEEDLESS = "#FFFBE6", "#FFD966", "#F4A6A0", "#E5E7EB"
RED, PALE_RED, GREEN, ORANGE, PALE_ORANGE = "#B42318", "#FDE2E0", "#2E7D32", "#9C5700", "#FFEBCC"

MOST_TEXT = 32_000
"""Characters; a cell holds 32,767."""

PACKING = 2
"""How hard workbooks are packed: at a quarter of the time of the usual 6, and about a quarter larger."""

PIXELS_PER_CHAR = 7
CELL_PADDING = 5
PIXELS_PER_POINT = 96 / 72


_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """A text that a workbook can hold: no control characters, no lone surrogates, no more than fits a cell."""
    if text.startswith("<r>"):  # xlsxwriter would take it for its own mark-up
        text = f"＜{text[1:]}"
    if not text.isprintable():  # seldom: line breaks too count as such
        text = _UNPRINTABLE.sub("□", text)
    return text[:MOST_TEXT]


class Formula(NamedTuple):
    """A live formula with its value."""

    text: str
    value: float | str


Cell = str | float | dt.datetime | Formula | None


class Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter carries no types
    """A worksheet that any text can be written to, and that takes formulas as they are.

    What people typed may hold what breaks a workbook at its close. And xlsxwriter searches each formula for some
    forty functions that newer programs store under a prefix; ours use none of them (a test holds that), and the
    search would take most of the time of writing a form.
    """

    def put(self, row: int, column: int, cell: Cell, look: Format) -> None:
        """Writes a cell of any kind, with none of the questions that xlsxwriter's own methods ask first."""
        if isinstance(cell, str):
            if cell:
                self._write_string(row, column, cell, look)
            else:
                self._write_blank(row, column, "", look)
        elif cell is None:
            self._write_blank(row, column, "", look)
        elif isinstance(cell, Formula):
            self._write_formula(row, column, cell.text, look, cell.value)
        elif isinstance(cell, dt.datetime):
            self._write_datetime(row, column, cell, look)
        else:
            self._write_number(row, column, cell, look)

    def rows(self, first: int, rows: Iterable[tuple[float | None, Sequence[str]]]) -> int:
        """Writes rows of a book that streams, each its height and its pieces; answers the number of the last.

        Most of a result is rows that nobody comes back to, so they go to the sheet's part as they are, at a tenth of
        what it takes cell by cell: what stands between the row's number in one cell's name and in the next comes
        back on other rows.
        """
        self._write_single_row(first)  # what was written cell by cell goes first
        number = first - 1
        pieces: Sequence[str] = ()
        for number, (height, pieces) in enumerate(rows, first):
            size = "" if height is None else f' ht="{height:.16g}" customHeight="1"'
            self.fh.write(f'{number + 1}"'.join(('<row r="', f'{size}><c r="A', *pieces)))
        if pieces:
            self._check_dimensions(first, 0)
            self._check_dimensions(number, len(pieces) - 1)
            self.previous_row = number
        return number

    def piece(self, cell: Cell, look: int, following: str | None) -> str:
        """What stands between a row's number in a cell's name and in the next: look (by number), content, letters.

        ``following`` is the next cell's column, none at the end of the row.
        """
        end = "</row>" if following is None else f'<c r="{following}'
        if isinstance(cell, str) and cell:
            index = self.str_table._get_shared_string_index(clean(cell))  # noqa: SLF001 - as xlsxwriter does
            return f' s="{look}" t="s"><v>{index}</v></c>{end}'
        return f"{self._unshared(cell, look)}{end}"

    def _unshared(self, cell: Cell, look: int) -> str:
        if cell is None or cell == "":
            return f' s="{look}"/>'
        if isinstance(cell, Formula):
            kind = ' t="str"' if isinstance(cell.value, str) else ""
            text, value = self._escape_data(cell.text), self._escape_data(clean(str(cell.value)))
            return f' s="{look}"{kind}><f>{text}</f><v>{value}</v></c>'
        amount = (cell - _DAY_0) / _DAY if isinstance(cell, dt.datetime) else cell
        return f' s="{look}"><v>{amount:.16G}</v></c>'

    def _write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> int:
        return int(super()._write_string(row, col, clean(string), cell_format))

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: str | float = 0
    ) -> int:
        shown = clean(value) if isinstance(value, str) else value
        return int(super()._write_formula(row, col, formula, cell_format, shown))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


_DAY_0, _DAY = dt.datetime(1899, 12, 30), dt.timedelta(days=1)  # noqa: DTZ001 - spreadsheets know no time zones
"""Spreadsheets count days from there."""


def look_number(look: Format) -> int:
    """What a look goes by in its book, once it is in use."""
    return int(look._get_xf_index())  # noqa: SLF001 - as xlsxwriter does for each cell


xlsxwriter.workbook.ZipFile = partial(ZipFile, compresslevel=PACKING)  # there is no option for it


class Book:
    """An xlsxwriter workbook that never turns text into formulas or links, and makes each format once.

    One that streams through a folder keeps no more in memory than a row of each sheet, and each text once; its rows
    are written in their order.
    """

    def __init__(
        self, target: Path | io.BytesIO, title: str, saved: dt.datetime, streams_through: str | None = None
    ) -> None:
        streams = streams_through is not None
        self.workbook = xlsxwriter.Workbook(
            target if not hasattr(target, "__fspath__") else str(target),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "constant_memory": streams,
                "in_memory": not streams,
                "tmpdir": streams_through,
                "use_zip64": streams,
            },
        )
        self.workbook.set_properties({"title": title, "created": saved.replace(tzinfo=None)})
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[Any, ...], Format] = {}

    def format(self, **properties: Any) -> Format:  # noqa: ANN401 - xlsxwriter's own property values
        key = tuple(properties.items())
        if key not in self._formats:
            given = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **properties}
            self._formats[key] = self.workbook.add_format(given)
        return self._formats[key]

    def difference(self, **properties: Any) -> Format:  # noqa: ANN401
        """A look that a condition lays over a cell's own: nothing but what it changes."""
        key = ("over", *properties.items())
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def sheet(self, name: str) -> Sheet:
        sheet: Sheet = self.workbook.add_worksheet(name, worksheet_class=Sheet)
        return sheet

    def close(self) -> None:
        """Writes the workbook; raises OSError where that fails."""
        try:
            self.workbook.close()
        except FileCreateError as error:
            raise error.args[0] from None


def text_width(text: str) -> int:
    """Columns of a fixed-width font: a Chinese character takes two."""
    return len(text.encode("gbk", "replace"))


@lru_cache(maxsize=20_000)  # the same words come back on every row and every form
def lines(text: Cell, column_width: float, font_size: float = 10) -> int:
    """Lines that a text takes in a cell that wraps, for a column of so many characters; all else takes one."""
    if not isinstance(text, str):
        return 1
    room = (column_width * PIXELS_PER_CHAR - CELL_PADDING) / (font_size * PIXELS_PER_POINT / 2)
    columns = max(2, int(room) - 1)
    if len(text) * 2 <= columns and "\n" not in text:
        return 1
    return sum(max(1, -(-text_width(line) // columns)) for line in text.split("\n"))


def fitted(texts: list[str], least: float = 6, most: float = 40) -> float:
    """A column width that shows the longest of the texts, within bounds."""
    longest = max((text_width(line) for text in texts for line in text.split("\n")), default=0)
    return min(most, max(least, longest * 1.05 + 2))


def print_setup(sheet: Worksheet, *, landscape: bool = False, header_row: int | None = None) -> None:
    """A4, all columns on one page's width, the header row on every page, page numbers."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    if header_row is not None:
        sheet.repeat_rows(header_row)
    sheet.set_footer("&C第 &P 页，共 &N 页")

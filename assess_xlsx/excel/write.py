"""Workbooks to write to: any text can be put into a cell, none becomes a formula or a link. It decides no look."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format

from assess_xlsx.excel.cells import Cell, Formula, clean
from assess_xlsx.excel.shortcuts import Shortcuts
from assess_xlsx.excel.style import FONT, INK, MOST_HEIGHT

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Mapping
    from pathlib import Path


__all__ = ["Book", "Chart", "Format", "Sheet"]


MOST_FOOT = 100
"""Characters of a text at the foot of a page; all of the foot may hold 255."""


class Sheet(Shortcuts):
    """A worksheet that any text can be written to: what people typed may hold what breaks a workbook at its close."""

    foot = ("", "")
    """What stands at the foot of every printed page, on the left and on the right."""

    def put(self, row: int, column: int, cell: Cell, look: Format) -> None:
        """Writes a cell of any kind; rows and columns are counted from 0."""
        if isinstance(cell, str):
            if cell:
                self.write_string(row, column, cell, look)
            else:
                self.write_blank(row, column, None, look)
        elif cell is None:
            self.write_blank(row, column, None, look)
        elif isinstance(cell, Formula):
            self.write_formula(row, column, cell.text, look, cell.value)
        elif isinstance(cell, dt.datetime):
            self.write_datetime(row, column, cell, look)
        else:
            self.write_number(row, column, cell, look)

    def write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> int:
        """Writes a text, cleaned."""
        return int(super().write_string(row, col, clean(string), cell_format))

    def write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: str | float = 0
    ) -> int:
        """Writes a formula with its value, cleaned."""
        shown = clean(value) if isinstance(value, str) else value
        return int(super().write_formula(row, col, formula, cell_format, shown))

    def set_row(self, row: int, height: float | None = None, *look: Any, **more: Any) -> int:  # noqa: ANN401
        """How high a row is, in points: no higher than a spreadsheet program lets it be."""
        return int(super().set_row(row, height and min(height, MOST_HEIGHT), *look, **more))

    def put_row(self, row: int, cells: Iterable[Cell], look: Format) -> None:
        """Writes cells side by side from the first column on."""
        for column, cell in enumerate(cells):
            self.put(row, column, cell, look)

    def set_widths(self, widths: Iterable[float]) -> None:
        """How wide the columns are, from the first on, in characters."""
        for column, width in enumerate(widths):
            self.set_column(column, column, width)

    def validate(self, first: int, last: int, column: int, rule: Mapping[str, Any]) -> None:
        """What the rows first … last of a column let in, in xlsxwriter's words."""
        self.data_validation(first, column, last, column, dict(rule))

    def headline(self, text: str, columns: int, look: Format, height: float = 30) -> None:
        """A title over so many columns, on a sheet without grid lines."""
        self.hide_gridlines(2)
        self.spread(0, 0, 0, columns - 1, text, look)
        self.set_row(0, height)

    def spread(self, row: int, column: int, last_row: int, last_column: int, cell: Cell, look: Format) -> None:
        """Writes one cell that covers rows and columns; a single one stays as it is."""
        if (row, column) != (last_row, last_column):
            text = clean(cell) if isinstance(cell, str) else ""
            self.merge_range(row, column, last_row, last_column, text, look)
            if text:
                return
        self.put(row, column, cell, look)

    def link(self, row: int, column: int, sheet: str, text: str, look: Format) -> None:
        """Writes a text that leads to another sheet."""
        self.write_url(row, column, f"internal:'{sheet}'!A1", look, text)

    def print_on_a4(self, *, landscape: bool = False, header_row: int | None = None, one_page: bool = False) -> None:
        """A4, all columns on one page's width, all rows on its height if so; the header row on every page."""
        self.set_paper(9)
        if landscape:
            self.set_landscape()
        self.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.fit_to_pages(1, int(one_page))
        self.center_horizontally()
        if header_row is not None:
            self.repeat_rows(header_row)
        pages = "第 &P 页，共 &N 页"
        title, standing = (text.replace("&", "&&")[:MOST_FOOT] for text in self.foot)
        # small, so that both find room on an upright page; the blank ends the size, a title may begin with a year
        self.set_footer(f"&L&8 {title}&R&8 {standing}　{pages}" if title else f"&C{pages}")


class Book:
    """An xlsxwriter workbook that never turns text into formulas or links, and makes each format once.

    One that streams through a folder keeps no more in memory than a row of each sheet, and each text once; its rows
    are written in their order.
    """

    def __init__(
        self,
        target: Path | io.BytesIO,
        title: str,
        saved: dt.datetime,
        streams_through: str | None = None,
        standing: str | None = None,
    ) -> None:
        """``saved`` is the time that the workbook gives as its own.

        ``standing``: what is printed at the foot of every page beside the title, 暂定 say; without it neither is.
        """
        self._foot = ("", "") if standing is None else (title, standing)
        streams = streams_through is not None
        self._workbook = xlsxwriter.Workbook(
            target if not hasattr(target, "__fspath__") else str(target),
            {
                **dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False),
                "constant_memory": streams,
                "in_memory": not streams,
                "tmpdir": streams_through,
                "use_zip64": streams,
            },
        )
        self._workbook.set_properties({"title": title, "created": saved.replace(tzinfo=None)})
        self._workbook.set_calc_mode("auto")
        self._formats: dict[tuple[Any, ...], Format] = {}

    def format(self, **properties: Any) -> Format:  # noqa: ANN401 - xlsxwriter's own property values
        """A look, the same for the same properties."""
        key = tuple(properties.items())
        if key not in self._formats:
            given = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **properties}
            self._formats[key] = self._workbook.add_format(given)
        return self._formats[key]

    def difference(self, **properties: Any) -> Format:  # noqa: ANN401
        """A look that a condition lays over a cell's own: nothing but what it changes."""
        key = ("over", *properties.items())
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(properties)
        return self._formats[key]

    def sheet(self, name: str) -> Sheet:
        """A new sheet, behind those that are there."""
        sheet: Sheet = self._workbook.add_worksheet(name, worksheet_class=Sheet)
        sheet.foot = self._foot
        return sheet

    def define(self, name: str, cells: str) -> None:
        """A name for cells of a sheet, ``指标!$A$2:$A$9``."""
        self._workbook.define_name(name, f"={cells}")

    def chart(self, kind: str) -> Chart:
        """A chart to be filled and put on a sheet: ``column`` or ``bar``."""
        return self._workbook.add_chart({"type": kind})

    def close(self) -> None:
        """Writes the workbook; raises OSError where that fails."""
        try:
            self._workbook.close()
        except FileCreateError as error:
            raise error.args[0] from None

"""Decoration shared by everything that is written: fonts, colours, formats, and how wide Chinese text is."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    import datetime as dt
    import io
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

PIXELS_PER_CHAR = 7
CELL_PADDING = 5
PIXELS_PER_POINT = 96 / 72


_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """A text that a workbook can hold: no control characters, no lone surrogates, no more than fits a cell."""
    return _UNPRINTABLE.sub("□", text)[:MOST_TEXT]


class Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter carries no types
    """A worksheet that any text can be written to, and that takes formulas as they are.

    What people typed may hold what breaks a workbook at its close. And xlsxwriter searches each formula for some
    forty functions that newer programs store under a prefix; ours use none of them (a test holds that), and the
    search would take most of the time of writing a form.
    """

    def _write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> int:
        return int(super()._write_string(row, col, clean(string), cell_format))

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: str | float = 0
    ) -> int:
        shown = clean(value) if isinstance(value, str) else value
        return int(super()._write_formula(row, col, formula, cell_format, shown))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


class Book:
    """An xlsxwriter workbook that never turns text into formulas or links, and makes each format once."""

    def __init__(self, target: Path | io.BytesIO, title: str, saved: dt.datetime) -> None:
        self.workbook = xlsxwriter.Workbook(
            target if not hasattr(target, "__fspath__") else str(target),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": True,
            },
        )
        self.workbook.set_properties({"title": title, "created": saved.replace(tzinfo=None)})
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:  # noqa: ANN401 - xlsxwriter's own property values
        given = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **properties}
        key = tuple(sorted(given.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(given)
        return self._formats[key]

    def sheet(self, name: str) -> Worksheet:
        return self.workbook.add_worksheet(name, worksheet_class=Sheet)

    def close(self) -> None:
        self.workbook.close()


def text_width(text: str) -> int:
    """Columns of a fixed-width font: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WFA" else 1 for mark in text)


def lines(text: str, column_width: float, font_size: float = 10) -> int:
    """Lines that a text takes in a cell that wraps, for a column of so many characters."""
    room = (column_width * PIXELS_PER_CHAR - CELL_PADDING) / (font_size * PIXELS_PER_POINT / 2)
    return sum(max(1, math.ceil(text_width(line) / max(2, math.floor(room) - 1))) for line in text.split("\n"))


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

"""What cells are called (``I6``) and what may stand in them. It knows no sheet."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import NamedTuple


def column_letter(column: int) -> str:
    """``8`` → ``I``; columns are counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``I`` → ``8``; columns are counted from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


@lru_cache(maxsize=10_000)  # the cells of a form come back with every form
def cell_name(row: int, column: int, *, fixed: bool = False) -> str:
    """``(5, 8)`` → ``I6``, fixed ``$I$6``; rows and columns are counted from 0."""
    mark = "$" if fixed else ""
    return f"{mark}{column_letter(column)}{mark}{row + 1}"


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links say it."""
    return "'{}'".format(sheet.replace("'", "''"))


def sheet_cell(sheet: str, cell: str) -> str:
    """A cell of another sheet in a formula: ``'评分表'!I9``."""
    return f"{quoted(sheet)}!{cell}"


MOST_TEXT = 32_000
"""Characters; a cell holds 32,767."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """A text that a workbook can hold and show: no control characters, none that turns it around, no lone surrogates.

    No more than fits a cell.
    """
    if text.startswith("<r>"):  # xlsxwriter would take it for its own mark-up
        text = f"＜{text[1:]}"
    if not text.isprintable():  # seldom: line breaks too count as such
        text = _UNPRINTABLE.sub("□", text)
    return text[:MOST_TEXT]


_NOT_AS_IT_IS = re.compile("[&<>]")


def as_it_is(text: str) -> bool:
    """Whether a workbook's part says the text as it stands: nothing of it is cleaned, nothing written otherwise."""
    return text.isprintable() and not _NOT_AS_IT_IS.search(text)


class Formula(NamedTuple):
    """A live formula with its value."""

    text: str
    value: float | str
    as_it_is: bool = False
    """Known to be so, value included, which is a short text: then nobody looks again."""


Cell = str | float | dt.datetime | Formula | None

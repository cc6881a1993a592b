"""Where the tables of the result stand, for the formulas of one that look into another. It draws nothing.

A formula finds its figures by what stands beside them, a unit's name or its key, in whole columns of a table; it
speaks of no row but its own. So people may sort, filter and insert rows: it finds them anew.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.excel.cells import Formula, as_it_is, cell_name, quoted
from assess_xlsx.excel.table import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from assess_xlsx.answers import Source
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.scheme.model import Item, Section

MOST_LIVE = 2000
"""Units of a scheme beyond which the result holds plain values: twice as many take its sums four times as long.

LibreOffice opens a result of so many in 3 s and calculates all of it anew in 15 s; of half as many, in 2.5 s and 4 s.
Sums by two conditions, unit and code, would take it 6 times as long: hence 汇总键.
"""
MOST_LINK = 255
"""Characters of a text in a formula, and of a link, at most."""
_NOT_PLAIN = re.compile(r'[*?~<>="]')
"""What a search by name would not take as it stands."""
_NOT_IN_LINKS = re.compile(r"[#%\[\]]")
"""What means something else in a link, in one program or another; in an origin ``#`` tells what is in an archive."""


class Table(NamedTuple):
    """A table of the result."""

    sheet: str
    header: int
    """Its header's row, counted from 0."""
    rows: int

    def column(self, column: int, *, near: bool = False) -> str:
        """All of a column, its label included, so that a row inserted above the first belongs to it.

        ``near``: as a formula on the same sheet says it.
        """
        first, last = (cell_name(row, column, fixed=True) for row in (self.header, self.header + self.rows))
        return f"{first}:{last}" if near else f"{quoted(self.sheet)}!{first}:{last}"

    def link(self, wanted: str, column: int, shown: str, value: str | float) -> Formula:
        """A cell that shows ``shown`` (an expression, its value) and leads to the first row with ``wanted`` there."""
        label = f"{quoted(self.sheet)}!{cell_name(self.header, column, fixed=True)}"
        row = f"MATCH({wanted},{self.column(column)},0)+ROW({label})-1"
        return Formula(f"HYPERLINK({string(f'#{quoted(self.sheet)}!A')}&{row},{shown})", value)


class Ranked(NamedTuple):
    """The table of a ranking, and which of its columns hold what; the others follow 总分."""

    table: Table
    unit: int
    """考核单位: behind 名次, and 等次 where there is one."""
    form: int | None
    """评分表, where units of several stand together."""
    sections: tuple[str, ...]
    """What is written above those of the sections."""

    @property
    def first_section(self) -> int:
        return self.unit + 1 + (self.form is not None)

    @property
    def total(self) -> int:
        """总分."""
        return self.first_section + len(self.sections)

    def section(self, section: Section) -> int:
        return self.first_section + self.sections.index(section.heading)


class Places(NamedTuple):
    """The tables that lead to each other, and the folder that the result lies in."""

    details: Table
    rankings: Mapping[str, Ranked]
    """By form."""
    live: bool
    """The result holds formulas and links rather than plain values."""
    folder: Path

    def file(self, source: Source, sheet: str) -> Callable[[str, str, str], Formula | str]:
        """Tells cells of a sheet in a file that came in, and leads to the first; it stays plain where it cannot lead.

        The file is found by its path from the result. What it makes takes the first cell (``I6``), all of them
        (``I6、I7``), empty where the sheet has none, and what else is said behind them.
        """
        stood = f"{source.name} {sheet}"
        path = self._path(source) if self.live else None
        if path is None or not stood.isprintable():
            return lambda _, cells, more: f"{stood}!{cells}{more}" if cells else f"{stood}{more}"
        start, shown = (string(text)[:-1] for text in (f"{path}#{quoted(sheet)}!", stood))
        simple = as_it_is(f"{start}{shown}")
        room = MOST_LINK + 1 - len(start)

        def link(first: str, cells: str, more: str) -> Formula | str:
            first, tail = (first, f"!{cells}{more}") if cells else ("A1", more)
            text = f"{stood}{tail}"
            if len(first) > room or len(text) > MOST_LINK or not more.isprintable():
                return text
            if more:
                tail = tail.replace('"', '""')
            return Formula(f'HYPERLINK({start}{first}",{shown}{tail}")', text, simple and not more)

        return link

    def _path(self, source: Source) -> str | None:
        if _NOT_IN_LINKS.search(source.origin) or not source.origin.isprintable():
            return None
        try:
            return os.path.relpath(source.origin, self.folder).replace(os.sep, "/")
        except ValueError:  # on another drive
            return None


def may_live(assessment: Assessment, detail_rows: int) -> bool:
    """Whether formulas find every unit by its name, in reasonable time."""
    names = [unit.name for unit in assessment.scheme.units]
    return (
        len(names) <= MOST_LIVE
        and detail_rows <= MOST_ROWS
        and not any(map(_NOT_PLAIN.search, names))
        and len({name.casefold() for name in names}) == len(names)
    )


def key(item: Item) -> str:
    """What follows a unit's name in 汇总键: the first number of the item's code, which is its section's.

    An item that goes into no sum has a key of its own.
    """
    return f"／{item.code.partition('.')[0]}" if item.worth.counted else "／不计"


def section_key(section: Section) -> str:
    """The same of all items that make up a section's sum."""
    return key(section.items[section.counted[0]])


def string(text: str) -> str:
    """A text as a formula says it."""
    return '"{}"'.format(text.replace('"', '""'))

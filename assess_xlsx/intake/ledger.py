"""A table of the register as it stands: its header, and the rows under it as people see them. Nothing is judged."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.entries import Raw, fold, in_full, is_blank, shown
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.marks import as_seen
from assess_xlsx.layout import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.excel.marks import Mark
    from assess_xlsx.excel.read import Sheet


class LedgerRow(NamedTuple):
    """A row under a header, each cell as it is seen."""

    cells: dict[str, Raw]
    marks: dict[str, Mark]
    number: int
    columns: dict[str, int]
    clashing: tuple[str, ...]
    """Labels that stand in the header twice, over cells that differ."""

    def text(self, label: str) -> str:
        """A cell as text, all of it; a date as year-month-day."""
        raw = self.cells.get(label, "")
        if isinstance(raw, dt.datetime):
            raw = raw.date()
        return "" if is_blank(raw) else raw.isoformat() if isinstance(raw, dt.date) else in_full(raw).strip()

    def told(self, label: str) -> str:
        """The same for a message, or the error that stands there instead."""
        mark = self.marks.get(label)
        return (mark and (mark.error or (mark.uncalculated and NO_RESULT))) or shown(self.text(label))

    def cell(self, label: str) -> str:
        return cell_name(self.number, self.columns[label])

    def blank(self, label: str) -> bool:
        """Nothing stands in a cell, nor hides behind it."""
        mark = self.marks.get(label)
        return is_blank(self.cells[label]) and not (mark and (mark.error or mark.uncalculated))


NO_RESULT = "没有结果的公式"
OWN_LIST = ORIGIN
"""A column that marks the result workbook's own list of vetoes."""


class Table(NamedTuple):
    """What a table of the register is known by."""

    labels: Sequence[str]
    without: frozenset[str] = frozenset({OWN_LIST})
    """Labels with which it is another table."""


def header(sheet: Sheet, table: Table) -> tuple[int, dict[str, list[int]]] | None:
    """The row of a table's header, and the columns of every label that stands in it, folded."""
    for number, row in enumerate(sheet.rows):
        found: dict[str, list[int]] = {}
        for column, value in enumerate(row):
            if isinstance(value, str) and value:
                found.setdefault(fold(value), []).append(column)
        if all(fold(label) in found for label in table.labels) and table.without.isdisjoint(found):
            return number, found
    return None


def rows(sheet: Sheet, table: Table) -> Iterator[LedgerRow]:
    """The rows under a header in which anything stands, be it struck out."""
    found = header(sheet, table)
    if found is None:
        return
    first, columns = found
    for number in range(first + 1, len(sheet.rows)):
        row = _row(sheet, number, columns)
        if any(not row.blank(label) or label in row.marks for label in table.labels):
            yield row


def _row(sheet: Sheet, number: int, columns: dict[str, list[int]]) -> LedgerRow:
    cells: dict[str, Raw] = {}
    marks: dict[str, Mark] = {}
    chosen: dict[str, int] = {}
    clashing = []
    for label, places in columns.items():
        stood = []
        for column in places:
            raw = sheet.at(number, column)
            mark = sheet.marks.of(cell_name(number, column), raw)
            stood.append((as_seen(raw, mark) if mark else raw, mark, column))
        filled = [each for each in stood if not is_blank(each[0])] or stood
        cells[label], mark, chosen[label] = filled[0]
        if mark:
            marks[label] = mark
        if len({shown(raw) for raw, _, _ in filled}) > 1:
            clashing.append(label)
    return LedgerRow(cells, marks, number, chosen, tuple(clashing))

"""What else the sheets around a form show that people are told of: copies, versions, edited texts, the 签章页.

No answer is settled here.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.answers import Place
from assess_xlsx.entries import fold, is_blank, shown
from assess_xlsx.excel.cells import cell_name, column_letter
from assess_xlsx.excel.marks import as_seen
from assess_xlsx.intake.entry import parsed
from assess_xlsx.intake.table import header_rows
from assess_xlsx.layout import SIGN_BLANKS, SIGN_HEADINGS, VALUE
from assess_xlsx.scheme.computed import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.entries import Raw
    from assess_xlsx.excel.read import Workbook
    from assess_xlsx.intake.entry import Entry
    from assess_xlsx.intake.table import Table
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Scheme

CLOSE = 1e-9
"""What another program computes may be so far from what is computed here."""


class Remarks:
    """What is told of a unit's table and of what stands beside it in the workbook."""

    def __init__(
        self,
        book: Workbook,
        scheme: Scheme,
        place: Place,
        table: Table,
        copies: Sequence[tuple[Table, Mapping[str, Sequence[Entry]]]],
        first: Mapping[str, Entry | None],
        values: Mapping[str, int | None],
    ) -> None:
        """``copies``: further tables of the unit; by fact's key, ``first``: the cell that counts, ``values``."""
        self.book, self.scheme, self.place, self.table = book, scheme, place, table
        self.copies, self.first, self.values = copies, first, values
        self.found: list[Problem] = []

    def told(self, *, signed: bool) -> list[Problem]:
        """All of it; ``signed``: the 签章页 is this unit's."""
        self._showing()
        self._doubled()
        self._version()
        self._texts()
        if signed:
            self._signed()
        return self.found

    def _showing(self) -> None:
        """Rows that only show what was filled for an earlier item, and in which somebody wrote something else."""
        sheet = self.table.sheet
        for (code, key), rows in self.table.showing.items():
            if key not in self.table.form.by_key:
                self._showing_computed(code, key, rows)
                continue
            fact, source = self.table.form.by_key[key], self.first[key]
            for row, column in product(rows, self.table.columns[VALUE]):
                cell = cell_name(row, column)
                raw, mark = sheet.at(row, column), sheet.marks.of(cell, sheet.at(row, column))
                raw = as_seen(raw, mark) if mark else raw
                read = None if is_blank(raw) else parsed(fact.kind, raw)
                alike = source and shown(raw) == shown(source.raw)
                if not (is_blank(raw) or alike or (read and read.value == self.values[key])):
                    place = self.place._replace(cell=cell, code=code, fact=fact.taken_label)
                    where = f"“{key}”那一行"
                    self.found.append(problems.SHOWN_ROW.at(place, raw=shown(raw), fact=fact.taken_label, rows=where))

    def _showing_computed(self, code: str, key: str, rows: Sequence[int]) -> None:
        """The same of what is computed from several."""
        fact = next((each for each in self.table.form.computed if each.key == key), None)
        if fact is None:  # a sum of scores, which are evidence and no input (K20)
            return
        known = {each.key: value for each in fact.parts if (value := self.values[each.key]) is not None}
        should = fact.entry(fact.value(known)) if len(known) == len(fact.parts) else None
        for row, column in product(rows, self.table.columns[VALUE]):
            raw = self.table.sheet.at(row, column)
            if is_blank(raw) or shown(raw) == NOTHING:
                continue
            if isinstance(raw, int | float) and isinstance(should, float) and abs(raw - should) < CLOSE:
                continue
            place = self.place._replace(cell=cell_name(row, column), code=code, fact=fact.label)
            where = f"“{'”“'.join(each.key for each in fact.parts)}”那{'几' if fact.parts[1:] else '一'}行"
            self.found.append(problems.SHOWN_ROW.at(place, raw=shown(raw), fact=fact.label, rows=where))

    def _doubled(self) -> None:
        """Columns, tables and sheets that stand there more than once, or where nobody sees them."""
        columns = self.table.columns[VALUE]
        if len(columns) > 1:
            names = "、".join(map(column_letter, columns))
            place = self.place._replace(cell=cell_name(self.table.region.header, columns[0]))
            self.found.append(problems.REPEATED_COLUMN.at(place, columns=names))
        for copy, _ in self.copies:
            if self.table.rows.keys().isdisjoint(copy.rows):
                continue  # another part of the form
            cell = cell_name(copy.region.header, copy.columns[VALUE][0])
            place = self.place._replace(sheet=copy.sheet.name, cell=cell)
            copied = sheet_name(self.book, copy.sheet.name)
            self.found.append(problems.REPEATED_TABLE.at(place, copied=copied, cell=cell))
        if self.table.sheet.hidden:
            self.found.append(problems.HIDDEN_SHEET.at(self.place, sheet=self.table.sheet.name))

    def _version(self) -> None:
        """表样版本 of the table against the scheme's."""
        printed, current = self.table.printed, self.table.form.version
        if printed is None or not self.table.outdated:
            return
        place = self.place._replace(cell=printed.cell)
        if printed.scheme == self.scheme.name:
            self.found.append(problems.OTHER_VERSION.at(place, found=printed.version, current=current))
        else:
            words = {"found": printed.scheme, "current": self.scheme.name}
            self.found.append(problems.OTHER_SCHEME.at(place, **words))

    def _texts(self) -> None:
        """Official texts that somebody edited."""
        column = next(iter(self.table.columns.get(fold(self.table.form.criteria_label), ())), None)
        if column is None:
            return
        at = self.table.sheet.at
        for item in self.table.form.items:
            text = item.text
            for row in self.table.lines(item):
                stood = at(row, column)
                if stood not in ("", text) and isinstance(stood, str) and fold(stood) != fold(text):
                    place = self.place._replace(cell=cell_name(row, column), code=item.code)
                    self.found.append(problems.TEXT_EDITED.at(place, code=item.code))
                    break

    def _signed(self) -> None:
        """签章页 repeats every entry by formula: once calculated, it is a second opinion on what was filled."""
        for sheet in self.book.sheets:
            if sheet is self.table.sheet:
                continue
            header = next(header_rows(sheet, SIGN_HEADINGS), None)
            if header is None:
                continue
            columns = {label: column for column, label in reversed(header[1])}
            code, label, column = (columns[heading] for heading in SIGN_HEADINGS)
            signed = [
                (key, row, cells[column], entry.table.sheet.at(entry.row, entry.column))
                for row, cells in enumerate(sheet.rows)
                if (entry := self.first.get(key := f"{cells[code]} {cells[label]}"))
            ]
            if all(_lacks(repeated) for _, _, repeated, _ in signed):
                continue  # never calculated
            for key, row, repeated, raw in signed:
                if _differ(repeated, raw):
                    fact = self.table.form.by_key[key]
                    place = Place(*self.place[:2], sheet.name, cell_name(row, column), fact.code, fact.label)
                    words = {"fact": fact.label, "signed": as_it_stands(repeated), "raw": as_it_stands(raw)}
                    self.found.append(problems.SIGNED_OTHERWISE.at(place, **words))


def sheet_name(book: Workbook, name: str) -> str:
    """A sheet in words: ``隐藏的工作表“副本”``."""
    hidden = any(sheet.name == name and sheet.hidden for sheet in book.sheets)
    return f"{'隐藏的' if hidden else ''}工作表“{name}”"


def _lacks(repeated: Raw) -> bool:
    """签章页 repeats nothing of a cell, or says which kind of blank it is."""
    return is_blank(repeated) or repeated in SIGN_BLANKS


def _differ(repeated: Raw, raw: Raw) -> bool:
    """签章页 says otherwise than the cell that it repeats."""
    if repeated == raw or shown(repeated) == shown(raw):
        return False
    return not (_lacks(repeated) and is_blank(raw))


def as_it_stands(raw: Raw) -> str:
    """What stands in a cell, to follow what the cell is called."""
    return "没有填写" if is_blank(raw) else f"为“{shown(raw)}”"

"""Finds the table of a 评分表 in a workbook, wherever it stands, and what stands about it. It judges no entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.entries import Raw, fold, is_blank
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.layout import CODE, FACT, VALUE, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.excel.read import Sheet, Workbook
    from assess_xlsx.scheme.model import Form, Scheme, Unit


class Table(NamedTuple):
    sheet: Sheet
    header: int
    columns: dict[str, int]
    rows: dict[str, list[int]]
    """Rows by fact key."""
    form: Form

    def raws(self, key: str) -> list[Raw]:
        """What stands in the rows of a fact, blanks left out."""
        column = self.columns[VALUE]
        return [raw for row in self.rows.get(key, ()) if not is_blank(raw := self.sheet.at(row, column))]

    def filled(self) -> int:
        """How many facts are answered."""
        return sum(bool(self.raws(key)) for key in self.rows)


def find_tables(book: Workbook, scheme: Scheme) -> list[Table]:
    """The tables that the workbook holds, the fullest first; other sheets may hold copies of it."""
    tables = []
    for sheet in book.sheets:
        header = next(headers(sheet), None)
        if header is None:
            continue
        row, columns = header
        rows: dict[str, dict[str, list[int]]] = {form.name: {} for form in scheme.forms}
        for number in range(row + 1, len(sheet.rows)):
            code, label = sheet.at(number, columns[CODE]), sheet.at(number, columns[FACT])
            if not (isinstance(code, str) and isinstance(label, str) and code and label):
                continue
            mark = fold(code + label)
            for form in scheme.forms:
                if mark in form.by_mark:
                    rows[form.name].setdefault(form.by_mark[mark], []).append(number)
        # the declarations stand on every form, so they tell nothing about which one it is
        tables += [
            Table(sheet, row, columns, rows[form.name], form)
            for form in scheme.forms
            if any(form.by_key[key] not in form.declarations for key in rows[form.name])
        ]
    tables.sort(key=lambda table: -len(table.rows))
    if len(tables) > 1 and len(tables[0].rows) == len(tables[1].rows):  # copies: answers are counted for them alone
        tables.sort(key=lambda table: (-len(table.rows), -table.filled()))
    return tables


def of_one_form(tables: list[Table], unit: Unit) -> list[Table]:
    """The tables of the form that fits best; where two forms ask the same, it is the unit's own."""
    best = [table for table in tables if len(table.rows) == len(tables[0].rows)]
    form = next((table.form for table in best if table.form.name == unit.form), best[0].form)
    return [table for table in tables if table.form == form]


def headers(sheet: Sheet, wanted: tuple[str, ...] = (CODE, FACT, VALUE)) -> Iterator[tuple[int, dict[str, int]]]:
    """Rows that hold all the wanted labels, with the column of every label in them."""
    for number in dict.fromkeys(row for row, _, _ in sheet.texts.get(wanted[0][0], ())):
        labels: dict[str, int] = {}
        for column, value in enumerate(sheet.rows[number]):
            if isinstance(value, str) and value:
                labels.setdefault(fold(value), column)
        if all(label in labels for label in wanted):
            yield number, labels


def right_of(sheet: Sheet, end: int, label: str) -> tuple[Raw, str] | None:
    """The cell right of a label, or what follows the label's colon in its own cell."""
    for row, column, text in sheet.texts.get(label[0], ()):
        if row >= end:
            break
        if not fold(text).startswith(label):
            continue
        rest = fold(text).removeprefix(label)
        if rest in ("", ":"):
            return sheet.at(row, column + 1), cell_name(row, column + 1)
        if rest.startswith(":"):
            return rest[1:], cell_name(row, column)
    return None


class Printed(NamedTuple):
    """表样版本 as a sheet says it."""

    scheme: str
    version: str
    cell: str


def version_line(sheet: Sheet) -> Printed | None:
    for row, column, text in sheet.texts.get(VERSION[0], ()):
        if text.startswith(VERSION):
            scheme, _, version = (part.strip() for part in f"··{text}".rsplit("·", 2))
            return Printed(scheme.lstrip("·").removeprefix(f"{VERSION}：").strip(), version, cell_name(row, column))
    return None


def other_scheme(book: Workbook, scheme: Scheme) -> str:
    """Another scheme that a workbook's 表样版本 names; empty where it names none."""
    printed = next((found for found in map(version_line, book.sheets) if found), None)
    return printed.scheme if printed and printed.scheme != scheme.name else ""

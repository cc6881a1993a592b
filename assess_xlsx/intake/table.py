"""Finds the tables of 评分表 in a workbook, wherever they stand, and what stands about each. It judges no entry."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec import Struct

from assess_xlsx.entries import Raw, fold, in_full, is_blank
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.layout import CODE, CONTACTS, FACT, PERIOD, REMARK, UNIT, VALUE, VERSION, headings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from assess_xlsx.excel.read import Sheet, Workbook
    from assess_xlsx.scheme.model import Form, Item, Scheme

Key = TypeVar("Key", str, tuple[str, str])

KEYS = (CODE, FACT, VALUE)
"""What a header row of 评分表 holds, once for each table in it."""

Columns = dict[str, tuple[int, ...]]
"""The columns of each label; one that somebody inserted or copied may bear the same."""


class Region(NamedTuple):
    """The part of a sheet that belongs to a table: its header row, the rows above and below, the columns."""

    top: int
    header: int
    bottom: int
    left: int
    right: int

    def holds(self, column: int) -> bool:
        return self.left <= column < self.right

    @property
    def rows(self) -> list[int]:
        """The rows in which facts may stand: those below the header, of the first table those above it too."""
        above = range(self.header) if self.top == 0 else ()
        return [*range(self.header + 1, self.bottom), *above]


def _repeated(sheet: Sheet, part: tuple[int, Columns], below: tuple[int, Columns] | None) -> bool:
    """The same header stands again below, and no row of a table between."""
    if below is None or below[1] != part[1]:
        return False
    places = [column for label in (CODE, FACT) for column in part[1][label]]
    return all(is_blank(sheet.at(row, column)) for row in range(part[0] + 1, below[0]) for column in places)


class Table(Struct, frozen=True, dict=True):
    """A table on a sheet, as one of a form."""

    sheet: Sheet
    region: Region
    columns: Columns
    form: Form
    rows: dict[str, list[int]]
    """Rows by fact key."""
    showing: dict[tuple[str, str], list[int]]
    """Rows that only show a fact, by the code of the item that they stand at and the fact's key."""

    @cached_property
    def taken(self) -> set[int]:
        """The rows of facts, those that only show one included."""
        return {row for rows in (*self.rows.values(), *self.showing.values()) for row in rows}

    @cached_property
    def texts(self) -> dict[str, list[tuple[int, int, str]]]:
        """What stands about the table, but in no row of a fact: by the first character that people see."""
        found: dict[str, list[tuple[int, int, str]]] = {}
        for row in range(self.region.top, self.region.bottom):
            if row not in self.taken:
                for column, value in enumerate(self.sheet.rows[row]):
                    if value and isinstance(value, str) and self.region.holds(column):
                        found.setdefault(_initial(value), []).append((row, column, value))
        return found

    @cached_property
    def printed(self) -> Printed | None:
        """表样版本 as it stands below the table."""
        return _version(each for each in self.texts.get(VERSION[0], ()) if each[0] > self.region.header)

    @property
    def outdated(self) -> bool:
        """It is of another 表样版本 than the current one: what is not on this form was never edited."""
        return self.printed is not None and self.printed.version != self.form.version

    @cached_property
    def tells(self) -> bool:
        """It has a row that tells which form it is; the declarations stand on every form."""
        return any(self.form.by_key[key] not in self.form.declarations for key in self.rows)

    def said(self, row: int, label: str) -> str:
        """What stands in a row under a label; the first that is not blank where the label stands twice."""
        for column in self.columns.get(label, ()):
            raw = self.sheet.at(row, column)
            if raw != "" and not is_blank(raw):
                return in_full(raw)
        return ""

    def lines(self, item: Item) -> list[int]:
        """The rows of an item: of its own facts, or those that show the facts it takes."""
        own = [row for fact in item.facts for row in self.rows.get(fact.key, ())]
        return own or [row for fact in item.taken for row in self.showing.get((item.code, fact.key), ())]

    @cached_property
    def filled(self) -> int:
        """How many facts are answered."""
        return sum(any(self.said(row, VALUE) for row in rows) for rows in self.rows.values())

    def strays(self) -> list[int]:
        """Rows in which something is answered and that name no fact of the form."""
        return [
            row
            for row in below(self)
            if row not in self.taken and self.said(row, VALUE) not in ("", VALUE) and not self._is_contact(row)
        ]

    def _is_contact(self, row: int) -> bool:
        """It says who filled the form in, and names no 指标编号."""
        return fold(self.said(row, FACT)).rstrip(":") in (*CONTACTS, REMARK) and not self.said(row, CODE)


def find_tables(book: Workbook, scheme: Scheme) -> list[list[Table]]:
    """Every table of the workbook, as each form that fits it best: two forms may ask the same."""
    found = []
    labels = {fold(label) for form in scheme.forms for label in headings(form)}
    for sheet in book.sheets:
        for region, columns in _regions(sheet, labels):
            marks = list(_marks(sheet, region, columns))
            tables = [
                Table(sheet, region, columns, form, _rows(form.by_mark, marks), _rows(form.taken_by_mark, marks))
                for form in scheme.forms
            ]
            most = max(len(table.rows) for table in tables)
            fitting = [table for table in tables if len(table.rows) == most and table.tells]
            found += [fitting] if fitting else []
    return found


def _marks(sheet: Sheet, region: Region, columns: Columns) -> Iterator[tuple[int, str]]:
    """What each row says that it is; more than once where a column stands twice and says different things."""
    for row in region.rows:
        cells = sheet.rows[row]
        for code in columns[CODE]:
            first = cells[code]
            if first and not isinstance(first, bool):
                for label in columns[FACT]:
                    second = cells[label]
                    if second and isinstance(second, str):
                        yield row, fold(f"{first if isinstance(first, str) else in_full(first)}{second}")


def _rows(by_mark: Mapping[str, Key], marks: Iterable[tuple[int, str]]) -> dict[Key, list[int]]:
    """The rows whose marks are known, by what they are."""
    found: dict[Key, list[int]] = {}
    for row, mark in marks if by_mark else ():
        key = by_mark.get(mark)
        if key is None:
            continue
        if key not in found:
            found[key] = [row]
        elif row not in found[key]:
            found[key].append(row)
    return found


def _regions(sheet: Sheet, known: Collection[str]) -> Iterator[tuple[Region, Columns]]:
    """The parts of a sheet with a header of their own, of ``known`` labels: below one another, or side by side."""
    parts = [
        (row, columns)
        for row, cells in header_rows(sheet, KEYS)
        for columns in _side_by_side([(column, label) for column, label in cells if label in known])
    ]
    following = [*parts[1:], None]
    parts = [each for each, below in zip(parts, following, strict=False) if not _repeated(sheet, each, below)]
    spans = [(min(map(min, columns.values())), max(map(max, columns.values()))) for _, columns in parts]
    for (row, columns), (first, last) in zip(parts, spans, strict=True):
        over = [other for (other, _), span in zip(parts, spans, strict=True) if span[0] <= last and first <= span[1]]
        top = max((other + 1 for other in over if other < row), default=0)
        bottom = min((other for other in over if other > row), default=len(sheet.rows))
        left = max((span[1] + 1 for span in spans if span[1] < first), default=0)
        right = min((span[0] for span in spans if span[0] > last), default=1 << 20)
        yield Region(top, row, bottom, left, right), columns


def header_rows(sheet: Sheet, wanted: Sequence[str]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Rows that hold all the wanted labels, with every label in them and its column."""
    for number in dict.fromkeys(row for row, _, _ in _beginning(sheet, wanted[0][0])):
        cells = [
            (column, _heading(raw)) for column, raw in enumerate(sheet.rows[number]) if raw and isinstance(raw, str)
        ]
        labels = {label for _, label in cells}
        if labels.issuperset(wanted):
            yield number, cells


def _initial(text: str) -> str:
    """The first character that people see of a text."""
    return text[0] if text[0].isalnum() else fold(text)[:1]


def _beginning(sheet: Sheet, initial: str) -> Iterator[tuple[int, int, str]]:
    """The texts of a sheet of which people see a character first, with their rows and columns."""
    for row, cells in enumerate(sheet.rows):
        for text in filter(None, cells):  # few rows hold one; most cells are blank
            if isinstance(text, str) and (
                (first := text[0]) == initial or (not first.isalnum() and fold(text)[:1] == initial)
            ):
                break
        else:
            continue
        for column, value in enumerate(cells):
            if value and isinstance(value, str) and _initial(value) == initial:
                yield row, column, value


@lru_cache(maxsize=1000)  # the same headings come back with every form
def _heading(text: str) -> str:
    """A heading without what people put behind it: ``填报值（必填）``, ``填报值*``."""
    return re.sub(r"(\([^()]*\)|[*:])+$", "", fold(text))


def _side_by_side(cells: Sequence[tuple[int, str]]) -> list[Columns]:
    """The columns of each table of a header row; a label that comes again begins a table if one can follow."""
    starts, here = [0], set[str]()
    for place, (_, label) in enumerate(cells):
        if label in here and here.issuperset(KEYS) and {word for _, word in cells[place:]}.issuperset(KEYS):
            starts.append(place)
            here.clear()
        here.add(label)
    tables = []
    for first, last in pairwise([*starts, len(cells)]):
        columns: Columns = {}
        for column, label in cells[first:last]:
            columns[label] = (*columns.get(label, ()), column)
        tables.append(columns)
    return tables


def beside(table: Table, label: str, rows: range, *, beyond: bool = False) -> Iterator[tuple[Raw, str]]:
    """What stands beside a label in the first of the rows that has it, nearest on the right first, with its cell.

    What follows the label's colon in its own cell comes before that. ``beyond``: also behind another label.
    """
    for row, column in _labelled(table, label, rows):
        sheet = table.sheet
        if rest := _behind_colon(in_full(sheet.at(row, column)), label):
            yield rest, cell_name(row, column)
        right = range(column + 1, min(len(sheet.rows[row]), table.region.right))
        left = range(column - 1, table.region.left - 1, -1)
        for others in (right, left):
            for other in others:
                raw = sheet.at(row, other)
                if is_blank(raw) and other != column + 1:
                    continue  # what hides behind a blank cell is of interest where the answer belongs
                if _is_label(raw):
                    if not beyond:
                        break
                elif not is_blank(raw := _stood(sheet, row, other)):
                    yield raw, cell_name(row, other)
        return


def answer(table: Table, label: str, rows: range) -> tuple[Raw, str]:
    """What answers a label, with its cell; nothing where nobody answered.

    It follows the label's colon, or stands under 填报值 in the label's row, or on the right of the label, before the
    next one; never on the left, where another label's answer stands, nor under a heading that asks something else.
    """
    sheet, place = table.sheet, next(_labelled(table, label, rows), None)
    if place is None:
        return "", ""
    row, column = place
    if rest := _behind_colon(in_full(sheet.at(row, column)), label):
        return rest, cell_name(row, column)
    below = row > table.region.header
    own = table.columns.get(VALUE, ()) if below else ()
    others = {each for columns in table.columns.values() for each in columns} if below else set()
    right = range(column + 1, min(len(sheet.rows[row]), table.region.right))
    free = takewhile(lambda each: not _is_label(sheet.at(row, each)), right)
    for each in (*own, *(each for each in free if each not in others)):
        if not is_blank(raw := _stood(sheet, row, each)):
            return raw, cell_name(row, each)
    return "", ""


def cell_beside(table: Table, label: str, rows: range) -> str:
    """The cell in which the answer to a label belongs: the next on the right."""
    return next((cell_name(row, column + 1) for row, column in _labelled(table, label, rows)), "")


def _labelled(table: Table, label: str, rows: range) -> Iterator[tuple[int, int]]:
    """Where a label stands in a table's part of the sheet, in the order of the rows; never in the row of a fact."""
    texts = table.texts.get(label[0], ())
    for row, column, text in texts if rows.step > 0 else reversed(texts):
        if row in rows and fold(text).startswith(label):
            rest = fold(text).removeprefix(label)
            if _without_note(rest)[:1] in ("", ":"):
                yield row, column


def _behind_colon(text: str, label: str) -> str:
    """What follows a label's colon in its own cell."""
    rest = _without_note(fold(text).removeprefix(label))
    return rest[1:] if rest.startswith(":") else ""


def _without_note(rest: str) -> str:
    """What follows a label, without a note in brackets or a star: ``考核单位（盖章）：``."""
    return re.sub(r"^(\([^()]*\)|\*)+", "", rest)


def _stood(sheet: Sheet, row: int, column: int) -> Raw:
    """What a person sees in a cell; the error value, or that a formula has no result."""
    raw, cell = sheet.at(row, column), cell_name(row, column)
    mark = sheet.marks.of(cell, raw)
    if mark is None:
        return raw
    return mark.error or ("未计算的公式" if mark.uncalculated else mark.text if mark.text is not None else raw)


_LABELS = (UNIT, "考核乡镇", PERIOD, *CONTACTS, REMARK)


def _is_label(raw: Raw) -> bool:
    return isinstance(raw, str) and _heading(raw) in _LABELS


def above(table: Table) -> range:
    """The rows above the header, the nearest first."""
    return range(table.region.header - 1, table.region.top - 1, -1)


def below(table: Table) -> range:
    """The rows below the header."""
    return range(table.region.header + 1, table.region.bottom)


class Printed(NamedTuple):
    """表样版本 as a sheet says it."""

    scheme: str
    version: str
    cell: str


def _version(texts: Iterable[tuple[int, int, str]]) -> Printed | None:
    for row, column, text in texts:
        if fold(text).startswith(VERSION):
            scheme, _, version = (part.strip() for part in f"··{text}".rsplit("·", 2))
            return Printed(scheme.lstrip("·").partition("：")[2].strip(), version, cell_name(row, column))
    return None


def other_scheme(book: Workbook, scheme: Scheme) -> str:
    """Another scheme that a workbook's 表样版本 names; empty where it names none."""
    printed = next(filter(None, (_version(_beginning(sheet, VERSION[0])) for sheet in book.sheets)), None)
    return printed.scheme if printed and printed.scheme != scheme.name else ""

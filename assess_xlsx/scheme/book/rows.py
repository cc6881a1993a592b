"""The tables of a scheme workbook as rows, found by their labels, each read once. None is known by its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.entries import Refusal, fold, in_full, is_blank
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.marks import as_seen
from assess_xlsx.scheme.book.cells import Advised
from assess_xlsx.scheme.book.sheets import NUMBER_COL, OPEN_COL, Table
from assess_xlsx.scheme.tree import UNUSABLE, Cell, Fault, Faults, Located, SchemeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.entries import Raw
    from assess_xlsx.excel.marks import Mark
    from assess_xlsx.excel.read import Sheet, Workbook

REMEDY = "请改正这一格；怎样填见标题的批注和工作表“说明”"
RESTORE = "请从重新导出的方案中把它复制回来"
CONFIRM = "请核对，要改的改好，再清空这一格"


class Pages:
    """The sheets of a workbook, and what is wrong with them."""

    def __init__(self, book: Workbook, file: str) -> None:
        self.book, self.file = book, file
        self.faults = Faults()
        self.open: list[Fault] = []
        """What is still to be confirmed."""
        self._missing: list[Fault] = []
        self._sheets: dict[str, Sheet] = {}
        for sheet in book.sheets:
            if fold(sheet.name) in self._sheets:
                self.lacks(f"有两张叫“{fold(sheet.name)}”的工作表", Cell(sheet.name), "请删去一张")
            self._sheets.setdefault(fold(sheet.name), sheet)
        self._hiding = {sheet.name: sheet for sheet in book.sheets if sheet.marks.hides()}

    def tell(self, reason: str, remedy: str, cell: Cell) -> None:
        self.faults.found.append(Fault(f"{self.file} 工作表“{cell.sheet}”", reason, remedy, cell))

    def has(self, name: str) -> bool:
        """Whether there is a sheet of that name."""
        return fold(name) in self._sheets

    def confirm(self, sheet: Sheet, row: int, column: int | None) -> None:
        """Keeps what stands under 待确认 in a row."""
        raw = sheet.at(row, column) if column is not None else ""
        if not is_blank(raw):
            cell = Cell(sheet.name, cell_name(row, column or 0))
            reason = f"{OPEN_COL}：{in_full(raw).strip().rstrip('。')}"
            self.open.append(Fault(f"{self.file} 工作表“{cell.sheet}”", reason, CONFIRM, cell))

    def sheet(self, name: str) -> Sheet | None:
        found = self._sheets.get(fold(name))
        if found is None:
            self.lacks(f"没有工作表“{name}”", Cell(name))
        return found

    def lacks(self, reason: str, cell: Cell, remedy: str = RESTORE) -> None:
        """A sheet, a header or a column is gone or twice: little that is said of the rest would be true."""
        self._missing.append(Fault(f"{self.file} 工作表“{cell.sheet}”", reason, remedy, cell))

    def must_be_whole(self) -> None:
        if self._missing:
            raise SchemeError(*dict.fromkeys(self._missing))

    def behind(self, cell: Cell) -> Mark | None:
        """What hides behind a cell that reads as blank: an error value, a formula without a result, or nothing."""
        sheet = self._hiding.get(cell.sheet)
        mark = sheet.marks.of(cell.name, None) if sheet else None
        return mark if mark and (mark.error or mark.uncalculated) else None

    def rows(self, table: Table, others: Sequence[Table] = ()) -> list[Row]:
        """The rows of a table that are not blank; tables further down on the same sheet end it."""
        sheet = self.sheet(table.sheet)
        if sheet is None:
            return []
        labels = [column.label for column in table.columns]
        start, columns = _header(sheet, labels)
        if not _found(columns, labels):
            if table.optional:
                return []
            self.lacks(f"找不到含有“{'”“'.join(labels[:4])}”等的标题行", Cell(sheet.name))
            return []
        for column in table.columns:
            label = column.label
            if label not in columns and not (column.later or column.optional):
                self.lacks(f"标题行没有“{label}”一栏", Cell(sheet.name, cell_name(start, 0)))
            for place in _places(sheet, start, label)[1:]:
                self.lacks(f"标题行有两个“{label}”", Cell(sheet.name, cell_name(start, place)), "请删去一栏")
        end = self._end(sheet, start, others)
        found = (Row(self, table, sheet, number, columns) for number in range(start + 1, end))
        rows = [row for row in found if not row.blank]
        for row in rows:
            self.confirm(sheet, row.number, columns.get(OPEN_COL))
        return rows

    def pairs(
        self, table: Table, headings: tuple[str, str, str], others: Sequence[Table]
    ) -> Iterator[tuple[str, Row]]:
        """The rows of a table that lists a thing a row, down to the next one: the label in the row, and the row."""
        sheet = self.sheet(table.sheet)
        if sheet is None:
            return
        start, columns = _header(sheet, (*headings, OPEN_COL))
        if len(columns.keys() - {OPEN_COL}) < len(headings) - 1:
            self.lacks(f"找不到含有“{'”“'.join(headings)}”的标题行", Cell(sheet.name))
            return
        label_col, value_col = (columns.get(heading, place) for place, heading in enumerate(headings[:2]))
        known = {fold(column.label): column.label for column in table.columns}
        seen: set[str] = set()
        for number in range(start + 1, self._end(sheet, start, others)):
            label = known.get(fold(str(sheet.at(number, label_col))))
            if not label:
                continue
            row = Row(self, table, sheet, number, {label: value_col})
            self.confirm(sheet, number, columns.get(OPEN_COL))
            if label in seen:
                row.tell(f"“{label}”写了两行", label, "请删去一行")
            seen.add(label)
            yield label, row

    @staticmethod
    def _end(sheet: Sheet, start: int, others: Sequence[Table]) -> int:
        """The row of the next table's header, or one beyond the last."""
        labels = [[column.label for column in other.columns] for other in others]
        starts = [(*_header(sheet, each), each) for each in labels]
        return min([*(row for row, found, each in starts if row > start and _found(found, each)), len(sheet.rows)])


def _found(columns: Mapping[str, int], labels: Sequence[str]) -> bool:
    """Whether a row that holds so many of the labels is the table's header."""
    return len(columns) * 2 >= len(labels)


def _places(sheet: Sheet, row: int, label: str) -> list[int]:
    """The columns under a label."""
    return [place for place, raw in enumerate(sheet.rows[row]) if isinstance(raw, str) and fold(raw) == fold(label)]


def _header(sheet: Sheet, labels: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The row that holds the most of the labels, and their columns."""
    wanted = {fold(label): label for label in labels}
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(sheet.rows):
        found: dict[str, int] = {}
        for column, raw in enumerate(row):
            label = wanted.get(fold(raw)) if isinstance(raw, str) and raw else None
            if label:
                found.setdefault(label, column)
        if len(found) > len(best[1]):
            best = number, found
    return best


class Row:
    """One row of a table; a cell is read when it is asked for."""

    def __init__(self, pages: Pages, table: Table, sheet: Sheet, number: int, columns: Mapping[str, int]) -> None:
        self.pages, self.table, self.sheet, self.number = pages, table, sheet, number
        self.columns = columns
        self._values: dict[str, object] = {}

    @property
    def blank(self) -> bool:
        """Nothing stands in it, nor hides in it."""
        labels = [label for label in self.columns if label != NUMBER_COL]
        return all(is_blank(self._raw(label)) for label in labels) and not any(
            self.pages.behind(self.cell(label)) for label in labels
        )

    def _raw(self, label: str) -> Raw:
        if label not in self.columns:
            return None
        raw = self.sheet.at(self.number, self.columns[label])
        if not isinstance(raw, int | float):
            return raw
        mark = self.sheet.marks.of(self.cell(label).name, raw)  # 2 that is shown as 200% is no 2
        return as_seen(raw, mark) if mark else raw

    def cell(self, label: str) -> Cell:
        return Cell(self.sheet.name, cell_name(self.number, self.columns.get(label, 0)))

    def has(self, label: str) -> bool:
        """Something stands in the cell, be it an error value."""
        return label in self.columns and self.value(label) is not None

    def value(self, label: str) -> object:
        """What the cell holds; None where it is blank, UNUSABLE where it cannot be read, which is told once."""
        if label not in self._values:
            self._values[label] = self._read(label)
        return self._values[label]

    def _read(self, label: str) -> object:
        raw = self._raw(label)
        if is_blank(raw):
            hidden = self.pages.behind(self.cell(label)) if label in self.columns else None
            if hidden is None:
                return None
            said = f"显示错误值“{hidden.error}”" if hidden.error else "是公式，文件里没有保存计算结果"
            return self.unusable(f"“{label}”{said}", label)
        try:
            return self.table.column(label).content.read(raw)
        except Advised as refusal:
            return self.unusable(f"“{label}”{refusal}", label, refusal.remedy)
        except Refusal as refusal:
            return self.unusable(f"“{label}”{refusal}", label)

    def unusable(self, reason: str, label: str, remedy: str = REMEDY) -> object:
        self.tell(reason, label, remedy)
        return UNUSABLE

    def tell(self, reason: str, label: str, remedy: str = REMEDY) -> None:
        self.pages.tell(reason, remedy, self.cell(label))

    def put(self, label: str, table: Located, key: str) -> None:
        """Puts what the cell holds under a key of a table."""
        table.cells[key] = self.cell(label)
        if self.has(label):
            table[key] = self.value(label)

    def located(self, here: str) -> Located:
        """The row as a table of the tree: what its columns say, placed at one of them."""
        table = Located(self.cell(here), self.table.words(), REMEDY)
        for column in self.table.columns:
            if column.key and "." not in column.key:
                self.put(column.label, table, column.key)
        return table

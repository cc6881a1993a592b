"""A rule's table in a scheme's tree, and its lines on the sheet 计分规则: each made from the other. None by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assess_xlsx.entries import fold
from assess_xlsx.scheme.book.sheets import CODE_COL, FORM_COL, LINE_COL, PART_COL, RULE_COL, RULES_TABLE, TITLES
from assess_xlsx.scheme.rules import RULES
from assess_xlsx.scheme.rules.lines import OPTION, POINTS, READING, Line, Shape
from assess_xlsx.scheme.rules.parts import Parts
from assess_xlsx.scheme.tree import UNUSABLE, Located

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.scheme.book.rows import Row
    from assess_xlsx.scheme.rules import Rule

Cells = dict[str, Any]
"""Values by column label."""
ONE_RULE = (
    "同一个指标只能用一种计分规则",
    f"请拆成两个指标，分值也分开；是一个指标的几条的，请在“{PART_COL}”写 1、2……，合起来怎样算写“{Parts.title}”",
)
ONE_RULE_A_PART = ("同一个分项只能用一种计分规则", f"请改成同一种规则，或者写成另一个{PART_COL}")
"""What is wrong and what helps."""

_ABOUT = (FORM_COL, CODE_COL, PART_COL, RULE_COL, LINE_COL)
ANSWERS = tuple(column.label for column in RULES_TABLE.columns if column.label not in _ABOUT)
"""The columns of 计分规则 that a line may take."""


def taken(line: Line) -> frozenset[str]:
    """The columns that a line takes."""
    by_option = {OPTION, POINTS} if line.shape is Shape.BY_OPTION else set()
    return frozenset({*line.cells, *line.shared, *by_option})


# ── table → lines ──


def lines_of(table: Mapping[str, Any], *, part: bool = False) -> list[tuple[Line, Cells]]:
    """The lines that a rule's table becomes, in the order in which the rule lists them; not those of its parts."""
    rule = RULES[table["kind"]]
    lines = rule.part_lines() if part else rule.lines
    found = [pair for line in lines for pair in _lines(table, line, lines)]
    if "reading" in table:
        _, cells = next(pair for pair in found if READING not in pair[1])
        cells[READING] = table["reading"]
    return found


def _lines(table: Mapping[str, Any], line: Line, lines: Sequence[Line]) -> Iterator[tuple[Line, Cells]]:
    if line.into and line.into not in table:
        return
    inner: Any = table[line.into] if line.into else table
    if line.shape is Shape.LIST:
        yield from _entries(table, line, lines)
    elif line.shape is Shape.BY_OPTION:
        for option, points in inner["scores"].items() if isinstance(inner, dict) else ():
            yield line, {**_cells(line.shared, inner), OPTION: option, POINTS: points}
    elif list(line.cells.values()) == [""]:
        if not isinstance(inner, dict):
            yield line, {next(iter(line.cells)): inner}
    elif cells := _cells(line.cells, inner):
        yield line, cells


def _entries(table: Mapping[str, Any], line: Line, lines: Sequence[Line]) -> Iterator[tuple[Line, Cells]]:
    """The lines of a list in its own order, all at the first of the kinds of line that share it."""
    same = [each for each in lines if each.into == line.into]
    if line is not same[0]:
        return
    shared = _cells(line.shared, table)
    for entry in table[line.into]:
        fits = next(each for each in same if set(entry) <= set(each.cells.values()))
        yield fits, {**shared, **_cells(fits.cells, entry)}


def _cells(keys: Mapping[str, str], table: Mapping[str, Any]) -> Cells:
    return {column: table[key] for column, key in keys.items() if key in table}


# ── lines → table ──


def table_of(rows: Sequence[Row]) -> Located | object:
    """The table of the rule that an item's lines make; UNUSABLE where a line cannot be read, which is told."""
    parts = _by_part(rows)
    if parts is None:
        return UNUSABLE
    sum_ = parts.pop("", [])
    if not parts:
        return _table_of(sum_, ONE_RULE)
    for row in sum_:
        if row.has(RULE_COL) and row.value(RULE_COL) not in (Parts.kind, UNUSABLE):
            row.tell(f"没有写“{PART_COL}”", PART_COL, f"请写它是第几个分项；合起来怎样算的，规则写“{Parts.title}”")
            return UNUSABLE
    table = _table_of(sum_, ONE_RULE) if sum_ else Located(rows[0].cell(PART_COL), _words(Parts), _remedy(Parts))
    found = [_table_of(lines, ONE_RULE_A_PART, part=True) for lines in parts.values()]
    if not isinstance(table, Located) or UNUSABLE in found:
        return UNUSABLE
    table["kind"], table["parts"] = Parts.kind, found
    table.cells["parts"] = next(iter(parts.values()))[0].cell(PART_COL)
    return table


def _by_part(rows: Sequence[Row]) -> dict[str, list[Row]] | None:
    """The lines by 分项, in order; blank, it goes on from above where 规则 does too. None: they cannot be told."""
    found: dict[str, list[Row]] = {}
    part = ""
    for row in rows:
        if row.has(PART_COL):
            part = str(row.value(PART_COL))
            if row.value(PART_COL) is UNUSABLE:
                return None
            if not re.fullmatch(r"[1-9]\d?", part, re.ASCII):
                row.tell(f"“{PART_COL}”应是 1、2、3 这样的整数，现为“{part}”", PART_COL)
                return None
        elif row.has(RULE_COL):
            part = ""
        found.setdefault(part, []).append(row)
    numbers = sorted(int(part) for part in found if part)
    missing = [number for number in range(1, len(numbers) + 1) if number not in numbers]
    if missing:
        first = found[str(numbers[-1])][0]
        given, lacking = ("、".join(map(str, each)) for each in (numbers, missing))
        first.tell(f"{PART_COL}有 {given}，没有 {lacking}", PART_COL, "请从 1 起连续编号")
        return None
    return {part: found[part] for part in ("", *map(str, numbers)) if part in found}


def _table_of(rows: Sequence[Row], only_one: tuple[str, str], *, part: bool = False) -> Located | object:
    """The table of the rule that lines make, be it of a part."""
    titles = {row.value(RULE_COL) for row in rows if row.has(RULE_COL)}
    if not titles:
        rows[0].tell("缺少“规则”", RULE_COL, "请从下拉列表选一种计分规则")
    if len(titles) != 1 or UNUSABLE in titles:
        for row in [row for row in rows if row.has(RULE_COL)][1:]:
            if UNUSABLE not in titles and row.value(RULE_COL) != rows[0].value(RULE_COL):
                row.tell(only_one[0], RULE_COL, only_one[1])
        return UNUSABLE
    rule = RULES[str(titles.pop())]
    reader = _Reader(rule, rows, rule.part_lines() if part else rule.lines)
    for row in rows:
        reader.read(row)
    reader.finish()
    return UNUSABLE if reader.failed else reader.table


class _Reader:
    def __init__(self, rule: type[Rule], rows: Sequence[Row], lines: Sequence[Line]) -> None:
        self.rule, self.rows = rule, rows
        self.remedy = _remedy(rule)
        self.by_name = {fold(line.name): line for line in lines}
        self.table = Located(rows[0].cell(RULE_COL), _words(rule, lines), self.remedy)
        self.table["kind"] = rule.kind
        self.given: set[str] = set()
        self.failed = False

    def tell(self, row: Row, reason: str, column: str) -> None:
        row.tell(reason, column, self.remedy)
        self.failed = True

    def read(self, row: Row) -> None:
        name = row.value(LINE_COL) if row.has(LINE_COL) else ""
        if name is UNUSABLE:
            self.failed = True
            return
        line = self.by_name.get(fold(str(name)))
        if line is None:
            names = "、".join(f"“{each.name}”" for each in self.rule.lines)
            said = f"没有“{name}”这种参数" if name else "缺少“参数”"
            self.tell(row, f"{said}；“{self.rule.title}”的参数有{names}", LINE_COL)
            return
        takes = taken(line)
        for column in ANSWERS:
            if row.has(column) and column not in {*takes, READING}:
                self.tell(row, f"“{line.name}”这一行不用“{column}”一栏，请清空", column)
        if row.has(READING) and READING not in takes:
            self.put(row, self.table, "reading", READING, "各行写的口径应是同一条")
        if line.shape is Shape.ONE and line.name in self.given:
            self.tell(row, f"“{line.name}”只能写一行", LINE_COL)
            return
        if line.must and not row.has(line.must):
            self.tell(row, f"“{line.name}”要写“{line.must}”", line.must)
            return
        if line.shape is Shape.ONE and line.into in self.table:
            self.tell(row, f"“{line.name}”与另一行的意思重复，只能写一种", LINE_COL)
            return
        self.given.add(line.name)
        self.fill(row, line)

    def fill(self, row: Row, line: Line) -> None:
        if line.shape is Shape.LIST:
            entry = self.inner(row, line)
            self.table.setdefault(line.into, []).append(entry)
            self.table.cells.setdefault(line.into, row.cell(LINE_COL))
            self.take(row, line.cells, entry)
            self.share(row, line.shared, self.table)
        elif line.shape is Shape.BY_OPTION:
            target = self.inner(row, line) if line.into else self.table
            self.share(row, line.shared, target)
            scores = target.setdefault("scores", Located(row.cell(LINE_COL), {}, self.remedy))
            if row.value(OPTION) is UNUSABLE:
                self.failed = True
                return
            option = str(row.value(OPTION)) if row.has(OPTION) else ""
            if not option or not row.has(POINTS) or option in scores:
                said = f"“{option}”写了两行" if option in scores else f"“{line.name}”要写“选项”和“分数”"
                self.tell(row, said, OPTION if not option or option in scores else POINTS)
                return
            self.take(row, {POINTS: option}, scores)
            scores.names[option] = row.cell(OPTION)
        elif list(line.cells.values()) == [""]:
            column = next(iter(line.cells))
            if not row.has(column):
                self.tell(row, f"“{line.name}”要写“{column}”", column)
            self.take(row, {column: line.into}, self.table)
        else:
            self.take(row, line.cells, self.inner(row, line) if line.into else self.table)

    def inner(self, row: Row, line: Line) -> Located:
        """The table that a line fills inside the rule's."""
        words = {key: column for column, key in {**line.cells, **line.shared}.items()}
        new = Located(row.cell(LINE_COL), words, self.remedy)
        if line.shape is Shape.LIST:
            return new
        self.table.cells.setdefault(line.into, row.cell(LINE_COL))
        found = self.table.setdefault(line.into, new)
        if not isinstance(found, Located):
            self.tell(row, f"“{line.name}”与另一行的意思重复，只能写一种", LINE_COL)
            return new
        return found

    def take(self, row: Row, keys: Mapping[str, str], table: Located) -> None:
        for column, key in keys.items():
            table.cells[key] = row.cell(column)
            if row.has(column):
                table[key] = row.value(column)

    def share(self, row: Row, keys: Mapping[str, str], table: Located) -> None:
        for column, key in keys.items():
            table.cells.setdefault(key, row.cell(column))
            if row.has(column):
                self.put(row, table, key, column, f"各行的“{column}”应相同")

    def put(self, row: Row, table: Located, key: str, column: str, clash: str) -> None:
        if table.setdefault(key, row.value(column)) != row.value(column):
            self.tell(row, clash, column)
        table.cells.setdefault(key, row.cell(column))

    def finish(self) -> None:
        for line in self.rule.lines:
            if line.needed and line.name not in self.given and not self.failed:
                self.tell(self.rows[0], f"“{self.rule.title}”缺少“{line.name}”这一行", LINE_COL)


def _remedy(rule: type[Rule]) -> str:
    return f"请改正；“{rule.title}”的写法和例子见工作表“说明”"


def _words(rule: type[Rule], lines: Sequence[Line] = ()) -> dict[str, str]:
    """What people call the keys of the rule's table."""
    words = {"kind": RULE_COL, "reading": READING}
    for line in lines or rule.lines:
        for column, key in {**line.cells, **line.shared}.items():
            if key and (not line.into or (line.shape is Shape.LIST and column in line.shared)):
                words[key] = f"{line.name}”的“{column}"
        into = line.into or ("scores" if line.shape is Shape.BY_OPTION else "")
        if into:
            words[into] = f"{words[into]}”“{line.name}" if into in words else line.name
    return words


def title(table: Mapping[str, Any]) -> str:
    """The rule of a table, as it stands under 规则."""
    return TITLES.write(table["kind"])

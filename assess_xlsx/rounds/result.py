"""A result workbook read back: its rankings, 得分明细 and lists of files, however people sorted or widened them.

Tables are found by their headings, rows by unit and code, and the values are those that were saved with the formulas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from assess_xlsx.assessment import Closing
from assess_xlsx.entries import in_full, in_words, is_blank
from assess_xlsx.excel import read as excel
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.intake.document import ADOPTED
from assess_xlsx.layout import (
    CLOSING_SHEET,
    CODE,
    DETAIL_SHEET,
    DIGEST,
    FILE,
    FILES_SHEET,
    FINAL,
    OUTCOME,
    RANK,
    READINGS_SHEET,
    UNIT,
    WHOLE_SCORE,
    ranking_sheet,
)
from assess_xlsx.rounds.maker import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from assess_xlsx.entries import Raw

Grids = dict[str, list[list["Raw"]]]
"""The values of sheets by name."""
Key = tuple[str, ...]
"""What a row is about: unit, or unit and code, or a file."""


class NoResult(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """What was named is no result that can be compared, as a Chinese sentence."""


class Line(NamedTuple):
    """A row of a table."""

    sheet: str
    row: int
    """From 0."""
    columns: Mapping[str, int]
    """By label."""
    cells: Sequence[Raw]

    def value(self, label: str) -> Raw:
        """What stands under a label; an empty text where nothing does."""
        column = self.columns.get(label)
        return "" if column is None or column >= len(self.cells) else self.cells[column]

    def text(self, label: str) -> str:
        """The same as people see it."""
        return in_full(self.value(label)).strip()

    def cell(self, label: str) -> str:
        """Where that is."""
        return cell_name(self.row, self.columns[label])


class Table(Struct, frozen=True, eq=False):
    """A table of the result, over all the sheets that it takes."""

    lines: dict[Key, list[Line]]
    """By what they are about; more than one where somebody doubled a row."""
    notes: tuple[str, ...]
    """What is said above it."""
    labels: frozenset[str]

    def __iter__(self) -> Iterator[Line]:
        return (line for lines in self.lines.values() for line in lines)

    @property
    def digests(self) -> set[tuple[str, str]]:
        """Of a list of files, name and SHA-256 of each that could be read."""
        return {(line.text(FILE), line.text(DIGEST)) for line in self if line.text(DIGEST)}

    def first(self, *key: str) -> Line | None:
        """The row about something; None where there is none."""
        lines = self.lines.get(key)
        return lines[0] if lines else None


class Result(Struct, frozen=True, eq=False):
    """An earlier result."""

    path: Path
    data: bytes
    maker: Maker
    rankings: dict[str, Table]
    """By the name of the form or the 排名组; rows by unit."""
    details: Table
    """得分明细; rows by unit and code."""
    files: Table
    """文件清单; rows by file."""
    listed: Table | None
    """定稿清单, likewise; None where the result is not closed."""
    closing: Closing | None

    @property
    def taken(self) -> set[str]:
        """SHA-256 of the files that counted."""
        return {line.text(DIGEST) for line in self.files if line.text(OUTCOME) == ADOPTED}


_RANKING = re.compile(f"(.+){ranking_sheet('')}")
_CONTINUED = re.compile(r"(.+)（\d+）")
_WANTED = {DETAIL_SHEET, FILES_SHEET, READINGS_SHEET, CLOSING_SHEET}


def _base(name: str) -> str:
    """The name of the sheet that a sheet continues: ``得分明细（2）``."""
    found = _CONTINUED.fullmatch(name)
    return found[1] if found else name


def _wanted(name: str) -> bool:
    return _base(name) in _WANTED or _RANKING.fullmatch(_base(name)) is not None


def read(path: Path) -> Result:
    """A result as a file holds it; raises NoResult."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoResult(f"“{path}”打不开（{in_words(error)}）。") from None
    return result_in(data, path)


def result_in(data: bytes, path: Path) -> Result:
    """The result in the bytes of a file; raises NoResult."""
    grids: dict[str, Grids] = {}
    for name, rows in excel.values(data, _wanted).items():
        grids.setdefault(_base(name), {})[name] = rows
    details = _table(grids.get(DETAIL_SHEET, {}), (UNIT, CODE), FINAL)
    files = listing(grids.get(FILES_SHEET, {}))
    rankings = {
        found[1]: table
        for name, each in grids.items()
        if (found := _RANKING.fullmatch(name)) and (table := _table(each, (UNIT,), RANK, WHOLE_SCORE))
    }
    maker = next(filter(None, map(Maker.said, _texts(grids.get(READINGS_SHEET, {})))), None)
    lacking = {DETAIL_SHEET: details, FILES_SHEET: files, ranking_sheet("…"): rankings, READINGS_SHEET: maker}
    if not (details and files and rankings and maker):
        name = next(name for name, found in lacking.items() if not found)
        raise NoResult(f"“{path}”不是本程序的考核结果汇总：没有“{name}”，或认不出它的内容。请检查文件选对了没有。")
    if not _calculated(rankings, details):
        raise NoResult(f"“{path}”里没有算好的值，请用 Excel 或 WPS 打开后保存一次，再重试。")
    listed = listing(grids.get(CLOSING_SHEET, {}))
    closing = next(filter(None, map(Closing.said, listed.notes)), None) if listed else None
    return Result(path, data, maker, rankings, details, files, listed if closing else None, closing)


def tables(data: bytes, wanted: Mapping[str, Sequence[str]]) -> dict[str, Table]:
    """Further tables of a result: by sheet's name those that are there; rows by the labels that are handed in."""
    grids: dict[str, Grids] = {}
    for name, rows in excel.values(data, lambda name: _base(name) in wanted).items():
        grids.setdefault(_base(name), {})[name] = rows
    return {name: found for name, each in grids.items() if (found := _table(each, wanted[name]))}


def listing(grids: Grids) -> Table | None:
    """A list of files, 文件清单 or 定稿清单; None where there is none."""
    return _table(grids, (FILE,), DIGEST)


def _texts(grids: Grids) -> Iterator[str]:
    return (cell for rows in grids.values() for row in rows for cell in row if isinstance(cell, str))


def _table(grids: Grids, key: Sequence[str], *more: str) -> Table | None:
    """The table under the heading that has the labels; None where there is no such heading."""
    lines: dict[Key, list[Line]] = {}
    notes: list[str] = []
    labels: set[str] = set()
    for name, rows in grids.items():
        header = next((number for number, row in enumerate(rows) if {*key, *more} <= set(row)), None)
        if header is None:
            continue
        columns: dict[str, int] = {}
        for column, label in enumerate(rows[header]):
            if isinstance(label, str) and label:
                columns.setdefault(label, column)
        labels |= columns.keys()
        notes += [cell.strip() for row in rows[:header] for cell in row if isinstance(cell, str) and cell.strip()]
        for number, cells in enumerate(rows[header + 1 :], header + 1):
            if not all(map(is_blank, cells)):
                line = Line(name, number, columns, cells)
                lines.setdefault(tuple(map(line.text, key)), []).append(line)
    return Table(lines, tuple(notes), frozenset(labels)) if labels else None


def _calculated(rankings: Mapping[str, Table], details: Table) -> bool:
    """Whether the formulas came with their values: with none, no unit that was scored has a name or a total."""
    scored = {key[0] for key in details.lines} - {""}
    lines = (line for table in rankings.values() for line in table if line.text(UNIT) in scored)
    return not details.lines or any(isinstance(line.value(WHOLE_SCORE), int | float) for line in lines)

"""本轮变化: what differs from an earlier result, as ``rounds.changes`` found it. It compares nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.excel.table import POINTS, WHOLE, Column, sheets_of, table
from assess_xlsx.layout import CHANGES_SHEET, CODE, FACT, GRADE, UNIT, WHY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book
    from assess_xlsx.rounds.changes import Change, Changes

COLUMNS = (
    Column(UNIT, most=20),
    Column(CODE),
    Column(FACT, most=24),
    Column("原值", most=24),
    Column("现值", most=24),
    Column("原得分", POINTS),
    Column("现得分", POINTS),
    Column("原名次", WHOLE),
    Column("现名次", WHOLE),
    Column(WHY, most=44),
)
NOTE = "没有指标编号的行是整个单位：新报送、不再采用、未报送处理，或只有名次{}变了；得分是总分。"


def changes(book: Book, found: Changes) -> None:
    """Draws the sheet."""
    grades = "、等次" if any(each.fact == GRADE for each in found.rows) else ""
    notes = [*found.notes, *([NOTE.format(grades)] if found.rows else [])]
    sheets = sheets_of(book, CHANGES_SHEET, len(found.rows))
    table(book, sheets, CHANGES_SHEET, COLUMNS, _rows(found.rows), notes=notes)


def _rows(rows: Sequence[Change]) -> Iterator[Row]:
    for each in rows:
        scores = (None if amount is None else amount / CENT for amount in (each.was_score, each.now_score))
        said = each.unit, each.code, each.fact, each.was, each.now
        yield "", (*said, *scores, each.was_rank, each.now_rank, each.why)

"""异议: what units object to, what became of it, and what they score now (K28). It changes no score."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.excel import style
from assess_xlsx.excel.table import POINTS, WHOLE, Column, sheets_of, table
from assess_xlsx.layout import OBJECTION_COLUMNS, OBJECTION_SHEET, OVERALL
from assess_xlsx.scoring.scores import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.answers import Objection
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book

FORMATS = ("", "@", "", "yyyy-mm-dd", "@", "", "")
WIDTHS = (20, 10, 50, 14, 14, 50, 14)
COLUMNS = tuple(Column(*each) for each in zip(OBJECTION_COLUMNS, FORMATS, WIDTHS, strict=True))


def objections(book: Book, assessment: Assessment) -> None:
    """Draws the sheet, where the register holds any."""
    register = assessment.returns.register
    if register is None or not register.objections:
        return
    until = assessment.scheme.round.objections_until
    columns = [*COLUMNS, Column("现得分", POINTS)]
    waiting = len(register.open_objections)
    open_ = f"其中未办结 {waiting} 件（处理空着或为“受理”），全部办结才能定稿" if waiting else "都已办结"
    notes = [f"共 {len(register.objections)} 件，{open_}。"]
    if until:
        columns.append(Column("距异议期限（天）", WHOLE))
        notes.append(
            f"未办结的，距异议期限从收到日期算到报送截止后 {assessment.scheme.round.objection_days} 天（{until}）；"
            "结果公布得更晚的，从公布之日起算。"
        )
    sheets = sheets_of(book, OBJECTION_SHEET, len(register.objections))
    table(book, sheets, OBJECTION_SHEET, columns, _rows(assessment, register.objections, until), notes=notes)


def _rows(assessment: Assessment, found: tuple[Objection, ...], until: dt.date | None) -> Iterator[Row]:
    for each in found:
        received = dt.datetime.combine(each.received, dt.time()) if each.received else None
        cells: list[Cell] = [assessment.scheme.units[each.unit - 1].name, each.code, each.text, received]
        cells += [each.decision, each.reply, each.handler, _score_now(assessment, each)]
        if until:
            # no clock: the same INPUT gives the same result on any day
            cells.append((until - each.received).days if each.open and each.received else None)
        yield style.PALE_ORANGE if each.open else "", cells


def _score_now(assessment: Assessment, objection: Objection) -> float | None:
    """现得分: of the item, or the total; None of a veto circumstance, or where the unit has none."""
    unit, code = objection.unit, objection.code
    for scores in assessment.scores:
        if code == OVERALL and unit in scores.totals.index:
            return int(scores.totals[unit]) / CENT
        if code in scores.items.columns and unit in scores.items.index:
            return None if code in scores.left_out(unit) else at(scores.items, unit, code) / CENT
    return None

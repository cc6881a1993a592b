"""得分明细: a row for every item of every unit, from its answers to its final score, with the grounds. No sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.excel.table import POINTS as TWO_PLACES
from assess_xlsx.excel.table import Column, sheets_of, table
from assess_xlsx.layout import (
    CODE,
    CONTENT,
    DETAIL_SHEET,
    EVENT_SHEET,
    EVIDENCE,
    FILLED,
    FINAL,
    GROUNDS,
    ORIGIN,
    POINTS,
    REMARK,
    RULED_SCORE,
    UNIT,
)
from assess_xlsx.report.places import Table, key, string
from assess_xlsx.report.sources import Cells, recorded, row_told
from assess_xlsx.report.told import Told
from assess_xlsx.scheme.rules.applying import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book
    from assess_xlsx.report.places import Places

COLUMNS = (
    Column(UNIT, most=20),
    Column(CODE),
    Column(CONTENT, most=18),
    Column("目标要求", most=34),
    Column(POINTS, 'General"分"'),
    Column(FILLED, most=40, whole=True),
    Column(ORIGIN, most=32, once=True),
    Column(EVIDENCE, most=24),
    Column("自评分", TWO_PLACES),
    Column(EVENT_SHEET, most=20),
    Column("核算分", TWO_PLACES),
    Column(RULED_SCORE, TWO_PLACES),
    Column(FINAL, TWO_PLACES),
    Column(GROUNDS, most=140, whole=True),
    Column(REMARK, most=30),
)
KEY = Column("汇总键", most=24)
"""The last column where formulas sum the rows up: not printed."""
POINTS_COL, FINAL_COL, KEY_COL = 4, 12, len(COLUMNS)
UNIT_COL, CODE_COL = 0, 1
PRINTED = KEY_COL - 1


def place(assessment: Assessment) -> Table:
    """Where the table stands."""
    return Table(DETAIL_SHEET, 1, sum(len(each.units) * len(each.form.items) for each in assessment.scores))


def details(book: Book, assessment: Assessment, places: Places) -> None:
    """Draws the table."""
    columns = (*COLUMNS, KEY) if places.live else COLUMNS
    sheets = sheets_of(book, DETAIL_SHEET, places.details.rows)
    table(book, sheets, DETAIL_SHEET, columns, _rows(assessment, places), printed=PRINTED, one_line=True)


def _rows(assessment: Assessment, places: Places) -> Iterator[Row]:
    for scores in assessment.scores:
        computed, final = scores.computed.to_numpy(), scores.items.to_numpy()
        answers, cells = Told(scores), Cells(scores)
        rows = recorded(assessment.returns.register, scores)
        ranking = places.rankings[scores.form.name]
        keys = [key(item) for item in scores.form.items] if places.live else []
        for row, unit in enumerate(scores.units):
            amounts = zip(computed[row].tolist(), final[row].tolist(), strict=True)
            form = assessment.returns.forms[unit.number]
            values, invalid = form.values, answers.invalid(form)
            own = dict(zip(answers.self_scored, form.self_scores, strict=True))
            evidence, remark = answers.evidence(form), form.remark
            link, stood = places.file(form.source, form.sheet), cells.of(form)
            name: Cell = unit.name
            if places.live:
                name = ranking.table.link(string(unit.name), ranking.unit, string(unit.name), unit.name)
            left_out = scores.left_out(unit.number)
            for at, (item, (now, points)) in enumerate(zip(scores.form.items, amounts, strict=True)):
                code = item.code
                said, ruling = own.get(code), scores.ruled.get((unit.number, code))
                known = rows.get((unit.number, code), ()) if rows else ()
                yield (
                    "",
                    (
                        name,
                        code,
                        item.content,
                        item.text,
                        answers.worth[code],
                        answers.filled(item, values, invalid),
                        link(*stood[code], "".join([f"；{row_told(each.place)}" for each in known]) if known else ""),
                        evidence.get(code, ""),
                        None if said is None else said / CENT,
                        answers.known(item, unit),
                        LEFT_OUT if code in left_out else now / CENT,
                        None if ruling is None else ruling.value / CENT,
                        LEFT_OUT if code in left_out else points / CENT,
                        scores.basis[code][row],
                        remark,
                        *((unit.name + keys[at],) if places.live else ()),
                    ),
                )
                remark = ""  # of the form as a whole: once is enough

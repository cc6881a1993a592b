"""定稿清单: what a closed result was made from and with, and how to tell it from another (K25). It closes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.excel.table import SIZE as BYTES
from assess_xlsx.excel.table import Column, sheets_of, table
from assess_xlsx.layout import CLOSING_SHEET, DIGEST, FILE, SIZE, UNIT
from assess_xlsx.rounds.check_code import PURPOSE
from assess_xlsx.rounds.closing import listed
from assess_xlsx.rounds.maker import Maker

if TYPE_CHECKING:
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.write import Book

COLUMNS = (Column(FILE, most=44), Column(SIZE, BYTES), Column(UNIT), Column(DIGEST, most=68))
PRINTED = 3
"""SHA-256 is for programs."""


def closing(book: Book, assessment: Assessment) -> None:
    """Draws the sheet of a result that is closed."""
    if assessment.closing is None:
        return
    documents = listed(assessment)
    rows = (("", (d.source.name, d.source.size, "、".join(d.units), d.source.sha256)) for d in documents)
    notes = [assessment.closing.text(), Maker.of(assessment.scheme).text(), PURPOSE]
    sheets = sheets_of(book, CLOSING_SHEET, len(documents))
    table(book, sheets, CLOSING_SHEET, COLUMNS, rows, notes=notes, freeze=1, landscape=False, printed=PRINTED)

"""待核定: the decisions that only the office can take, ready to be pasted into its register. It decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx.amounts import CENT, plain
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.table import POINTS, Column, sheets_of, table
from assess_xlsx.layout import OPEN_SHEET, RULING_COLUMNS
from assess_xlsx.scheme.rules import NO_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book, Sheet
    from assess_xlsx.scheme.model import Scheme
    from assess_xlsx.scoring.scores import Open

COLUMNS = (
    *(Column(label, most=most) for label, most in zip(RULING_COLUMNS, (20, 10, 24, 12, 24), strict=True)),
    Column("缘由", most=56),
    Column("暂计分", POINTS),
    Column("最低可能", POINTS),
    Column("最高可能", POINTS),
    Column("影响名次"),
)
VALUE_COL = RULING_COLUMNS.index("核定值")
MOST_GUIDED = 5000
"""Rows whose 核定值 cell offers only what fits; a longer list is no work for one person."""
NOTES = (
    "只有考核办才能决定的事项，一行一个决定。填好“核定值”后，前五列可直接粘贴到登记表的“核定”工作表；"
    "还没有决定的，核定值留空，不影响汇总。",
    "“影响名次”：现名次→只变动这一项时可能的名次。“填报项”空着的，核定值填得分（扣分填所扣分数）。",
)


def questions(book: Book, assessment: Assessment) -> None:
    """Draws the sheet."""
    waiting = [each for scores in assessment.scores for each in scores.open]
    sheets = sheets_of(book, OPEN_SHEET, len(waiting))
    header = table(book, sheets, OPEN_SHEET, COLUMNS, _rows(waiting), notes=NOTES)
    for row, each in enumerate(waiting[:MOST_GUIDED], header + 1):
        _guide(sheets[0], row, assessment.scheme, each)


def _rows(waiting: list[Open]) -> Iterator[Row]:
    for each in waiting:
        reason = f"按口径 {each.reading} 核定" if each.reading else "按考核办掌握的情况核定"
        ends = (None if amount is None or abs(amount) >= NO_END else amount for amount in (each.low, each.high))
        amounts = (None if amount is None else amount / CENT for amount in (each.score, *ends))
        yield "", (each.unit.name, each.code, each.fact, None, reason, each.why, *amounts, each.ranks)


def _guide(sheet: Sheet, row: int, scheme: Scheme, each: Open) -> None:
    """What a 核定值 may be: of a fact what its kind lets in, of a score what the item can bring."""
    form = scheme.form(each.unit.form)
    rule: dict[str, Any]
    if not each.code:
        names = [grade.name for grade in form.grades]
        rule, allowed = {"validate": "list", "source": names}, "、".join(names)
    elif each.fact:
        fact = form.by_key[f"{each.code} {each.fact}"]
        rule, allowed = fact.kind.validation(cell_name(row, VALUE_COL), None), fact.kind.allowed()
    else:
        item = next(item for item in form.items if item.code == each.code)
        least, most = item.worth.ruled
        rule = {"validate": "decimal", "criteria": "between", "minimum": least / CENT, "maximum": most / CENT}
        allowed = f"{plain(least)} 到 {plain(most)} 的分数" + ("（填所扣分数）" if item.worth.takes_off else "")
    message = f"请填{allowed}；还没有决定的留空。"[:255]
    sheet.validate(row, row, VALUE_COL, rule | {"error_title": "核定值不符合要求", "error_message": message})

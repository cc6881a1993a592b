"""排名: the units of a form in their order, with formulas that lead back to 得分明细. The order is not made here."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.assessment import MISSING, TO_CORRECT
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, cell_name, column_letter
from assess_xlsx.excel.table import POINTS, WHOLE, Column, table
from assess_xlsx.layout import UNIT, VETO_SHEET
from assess_xlsx.report.details import FINAL_COL, SHEET
from assess_xlsx.scoring.scores import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book, Sheet
    from assess_xlsx.scheme.model import Form, Unit
    from assess_xlsx.scoring.scores import Scores

MOST_LIVE = 2000
"""Units of a scheme beyond which the ranking holds plain values instead of formulas."""
SECTIONS_COL = 2


def ranking(
    book: Book, sheets: Sequence[Sheet], assessment: Assessment, scores: Scores, detail_rows: Mapping[int, int]
) -> int:
    """Draws the ranking of a form and answers its header's row; ``detail_rows`` are where 得分明细 has each unit."""
    columns = [
        Column("名次", WHOLE),
        Column(UNIT, most=20),
        *(Column(section.title, POINTS, 15) for section in scores.form.sections),
        Column("总分", POINTS),
        Column(VETO_SHEET, most=26),
        Column("评优资格", "@"),
        Column("评优名次", WHOLE),
        Column("备注", most=34),
    ]
    notes = [f"暂定：{'，'.join(scores.still_open())}。"] if scores.provisional else []
    notes += [_weights(scores.form)] if scores.form.weighed else []
    ranked = _ranked(assessment, scores, 2 + len(notes), detail_rows)
    title = f"{assessment.scheme.title}{scores.form.name}排名"
    return table(book, sheets, title, columns, chain(ranked, _missing(assessment, scores)), notes=notes)


def _weights(form: Form) -> str:
    """How the sections make up the total."""
    parts = [f"{each.title}{each.weight_text and f'（{each.weight_text}）'}" for each in form.sections]
    return f"各项得分未乘权重；总分＝各项得分乘以权重之和，四舍五入到两位小数：{'，'.join(parts)}。"


def _ranked(assessment: Assessment, scores: Scores, first: int, detail_rows: Mapping[int, int]) -> Iterator[Row]:
    """The units that reported, from the row ``first`` on."""
    formulas = _Formulas(scores.form, first, first + len(scores.units) - 1)
    live = len(assessment.scheme.units) <= MOST_LIVE
    waiting = Counter(each.unit.number for each in scores.open)
    sums = zip(scores.ranks.tolist(), scores.sections.to_numpy().tolist(), scores.totals.tolist(), strict=False)
    standings = dict(zip(scores.facts.units, sums, strict=True))
    for row, unit in enumerate(scores.ordered(), first):
        number = unit.number
        rank, sections, total = standings[number]
        amounts = [amount / CENT for amount in (*sections, total)]
        figures = [rank, *amounts, scores.merit_ranks.get(number)]
        shown: Sequence[Cell] = formulas.over(figures, row, detail_rows[number]) if live else figures
        remarks = [TO_CORRECT] if number in scores.to_correct else []
        if waiting[number]:
            remarks.append(f"待核定 {waiting[number]} 项")
        yield (
            style.PALE_RED if number in assessment.vetoed else "",
            (
                shown[0],
                unit.name,
                *shown[1:-1],
                _veto_text(assessment, unit),
                scores.merit[number],
                shown[-1],
                "；".join(remarks),
            ),
        )


def _missing(assessment: Assessment, scores: Scores) -> Iterator[Row]:
    blanks = [None] * (len(scores.form.sections) + 1)
    for unit in scores.missing:
        yield style.PALE_GREY, (None, unit.name, *blanks, _veto_text(assessment, unit), None, None, MISSING)


def _veto_text(assessment: Assessment, unit: Unit) -> str:
    """是 with its circumstances; 五（二） stands under its own name."""
    by_effect: dict[str, list[str]] = {}
    for record in assessment.vetoed.get(unit.number, ()):
        codes = by_effect.setdefault(record.veto.effect, [])
        if record.veto.title not in codes:
            codes.append(record.veto.title)
    return "；".join(
        f"{'是' if effect == VETO_SHEET else effect}（{'、'.join(titles)}）" for effect, titles in by_effect.items()
    )


class _Formulas:
    """The figures of a ranking's rows as formulas, ready but for the rows that they speak of."""

    def __init__(self, form: Form, first: int, last: int) -> None:
        total_col = SECTIONS_COL + len(form.sections)
        merit_col = total_col + 2
        own_total = f"{column_letter(total_col)}{{0}}"
        own_sections = [f"{column_letter(column)}{{0}}" for column in range(SECTIONS_COL, total_col)]
        totals, merits = (
            f"{cell_name(first, column, fixed=True)}:{cell_name(last, column, fixed=True)}"
            for column in (total_col, merit_col)
        )
        final, ends = column_letter(FINAL_COL), list(accumulate(len(section.items) for section in form.sections))
        self._edges = [edge for begin, end in pairwise((0, *ends)) for edge in (begin + 1, end)]
        """A unit's first and last row of each section in 得分明细, counted from its first."""
        sums = (f"SUM({SHEET}!{final}{{{edge}}}:{final}{{{edge + 1}}})" for edge in range(1, 2 * len(ends), 2))
        self._texts = [
            f"RANK({own_total},{totals})",
            # within the section's bounds (K6, K9)
            *(section.formula(sum_) for section, sum_ in zip(form.sections, sums, strict=True)),
            form.total_formula(own_sections),
            f'IF({column_letter(merit_col)}{{0}}="{CANCELLED}","",'
            f'COUNTIFS({totals},">"&{own_total},{merits},"<>{CANCELLED}")+1)',
        ]

    def over(self, figures: Sequence[float | None], row: int, detail_row: int) -> list[Formula]:
        """名次, sections, 总分 and 评优名次 with the formulas that give them."""
        rows = (row + 1, *(detail_row + edge for edge in self._edges))
        texts = (text.format(*rows) for text in self._texts)
        return [Formula(text, "" if figure is None else figure) for text, figure in zip(texts, figures, strict=True)]

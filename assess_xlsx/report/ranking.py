"""排名: the units of a form in their order, with formulas that lead back to 得分明细. The order is not made here."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.assessment import TO_CORRECT, absence
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, column_letter
from assess_xlsx.excel.table import POINTS, WHOLE, Column, table
from assess_xlsx.layout import GRADE, MERIT, RANK, RANK_KEY, REMARK, UNIT, VETO_SHEET, WHOLE_SCORE, ranking_sheet
from assess_xlsx.report import graded
from assess_xlsx.report.details import FINAL_COL, KEY_COL
from assess_xlsx.report.places import Table, key, sections_col, string, total_col, unit_col
from assess_xlsx.scoring.grading import TIED
from assess_xlsx.scoring.scores import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book, Sheet
    from assess_xlsx.report.places import Places
    from assess_xlsx.scheme.model import Form, Unit
    from assess_xlsx.scoring.scores import Graded, Scores

RANGE_COLUMNS = (
    Column("最好名次", WHOLE),
    Column("最差名次", WHOLE),
    Column("名次状态", "@"),
    Column("距上一名", POINTS),
    Column(RANK_KEY, most=44),
)
"""How sure each rank is (K23): for the office, not to be posted."""
RANGES_SAID = "最好名次＝1＋肯定排在前面的单位数，最差名次＝1＋可能排在前面的单位数"
MERIT_BESIDE, BESIDE_TOTAL = 2, 4
"""评优资格 stands so far behind 总分; so many columns do before 最好名次."""
MOST_POSTED = 60
"""Units of a form up to which its ranking is printed on one page."""


def place(assessment: Assessment, scores: Scores, *, live: bool) -> Table:
    """Where the table of a form stands; ``live``: it holds formulas."""
    units = (scores.units, scores.zeroed, scores.missing, scores.excluded)
    header = 1 + max(len(_notes(assessment, scores)), len(_asides(scores, live=live)))
    return Table(ranking_sheet(scores.form.name), header, sum(map(len, units)))


def ranking(book: Book, sheets: Sequence[Sheet], assessment: Assessment, scores: Scores, places: Places) -> None:
    """Draws the ranking of a form."""
    grades = _graded(scores, places)
    mark = "（暂定）" if scores.provisional else ""
    columns = [
        Column(RANK, WHOLE, 5),
        *([Column(GRADE, "@", 9, mark)] if scores.form.grades else []),
        Column(UNIT, most=20),
        *(Column(section.heading, POINTS, 8) for section in scores.form.sections),
        Column(WHOLE_SCORE, POINTS, 8),
        Column(VETO_SHEET, most=13),
        Column(MERIT, "@", 6),
        Column("评优名次", WHOLE, 6),
        Column(REMARK, most=12),
    ]
    ranked = chain(_ranked(assessment, scores, places, grades), _zeroed(assessment, scores, places, grades))
    table(
        book,
        sheets,
        f"{assessment.scheme.title}{scores.form.name}排名",
        [*columns, *RANGE_COLUMNS, *grades.columns()],
        chain(ranked, _unranked(assessment, scores, grades)),
        notes=_notes(assessment, scores),
        asides=_asides(scores, live=places.live),
        freeze=unit_col(scores.form) + 1,
        printed=len(columns),
        landscape=False,
        one_page=places.rankings[scores.form.name].rows <= MOST_POSTED,
    )


def _notes(assessment: Assessment, scores: Scores) -> list[str]:
    """Whether the ranking stands, and how sections make up the total: they are printed with it."""
    notes = []
    if scores.provisional:
        notes.append(f"暂定：{'，'.join(scores.still_open())}。")
    elif assessment.standing and not any(each.provisional for each in assessment.scores):
        notes.append(assessment.standing)
    return [*notes, *([_weights(scores.form)] if scores.form.weighed else []), *graded.said(scores)]


def _asides(scores: Scores, *, live: bool) -> list[str]:
    """What the ranges mean, what keeps them wide, and what else stands behind them."""
    return [f"{RANGES_SAID}。", *(f"{each}。" for each in scores.unknown), *graded.asides(scores, live=live)]


def _weights(form: Form) -> str:
    """How the sections make up the total."""
    parts = "，".join(section.heading for section in form.sections)
    return f"各项得分未乘权重；总分＝各项得分乘以权重之和，四舍五入到两位小数：{parts}。"


def _graded(scores: Scores, places: Places) -> graded.GradeColumns:
    """等次 and what stands behind the ranking for it."""
    form = scores.form
    total = total_col(form)
    here, last = places.rankings[form.name], total + BESIDE_TOTAL + len(RANGE_COLUMNS)
    return graded.GradeColumns(
        scores, here, live=places.live, total=total, merit=total + MERIT_BESIDE, first=last + 1
    )


def _ranked(assessment: Assessment, scores: Scores, places: Places, grades: graded.GradeColumns) -> Iterator[Row]:
    """The units that reported."""
    formulas = _Formulas(scores.form, places)
    waiting = Counter(each.unit.number for each in scores.open)
    ranks, totals = scores.ranks.to_dict(), scores.totals.to_dict()
    sections = dict(zip(scores.facts.units, scores.sections.to_numpy().tolist(), strict=True))
    for row, unit in enumerate(scores.ordered(), places.rankings[scores.form.name].header + 1):
        number = unit.number
        amounts = [amount / CENT for amount in (*sections[number], totals[number])]
        figures = [ranks[number], *amounts, scores.merit_ranks.get(number)]
        shown: Sequence[Cell] = formulas.over(unit, figures, row) if places.live else figures
        remarks = [TO_CORRECT] if number in scores.to_correct else []
        if waiting[number]:
            remarks.append(f"待核定 {waiting[number]} 项")
        if number in scores.grades:
            remarks += _grade_remark(scores.grades[number])
        yield (
            style.PALE_RED if number in assessment.vetoed else "",
            (
                shown[0],
                *grades.grade(unit, row),
                unit.name,
                *shown[1:-1],
                _veto_text(assessment, unit),
                scores.merit[number],
                shown[-1],
                "；".join(remarks),
                *_range(scores, unit),
                *grades.cells(unit, row),
            ),
        )


def _grade_remark(given: Graded) -> Iterator[str]:
    """Why a grade is not what the total says."""
    if given.short is not None:
        yield f"{GRADE}：{TIED}"
    if given.why:
        yield given.why


def _zeroed(assessment: Assessment, scores: Scores, places: Places, grades: graded.GradeColumns) -> Iterator[Row]:
    """按零分 (K27): behind all others, with nothing in 得分明细."""
    formulas = _Formulas(scores.form, places)
    blanks = [None] * len(scores.form.sections)
    first = places.rankings[scores.form.name].header + 1 + len(scores.units)
    for row, unit in enumerate(scores.zeroed, first):
        figure = int(scores.ranks[unit.number])
        rank: Cell = Formula(formulas.rank(row), figure) if places.live else figure
        remark = absence(assessment.returns.decided[unit.number])
        veto = _veto_text(assessment, unit)
        merit = scores.merit[unit.number]
        grade, more = grades.grade(unit, row), grades.cells(unit, row)
        told = (veto, merit, None, remark, *_range(scores, unit), *more)
        yield style.PALE_GREY, (rank, *grade, unit.name, *blanks, 0.0, *told)


def _unranked(assessment: Assessment, scores: Scores, grades: graded.GradeColumns) -> Iterator[Row]:
    """未报送 (K14), then 不参评 (K27): without score and rank."""
    first, blanks = [None] * unit_col(scores.form), [None] * (len(scores.form.sections) + 1)
    unsure = [None] * (len(RANGE_COLUMNS) + len(grades.columns()))
    for unit in (*scores.missing, *scores.excluded):
        veto, remark = _veto_text(assessment, unit), absence(assessment.returns.decided.get(unit.number))
        yield style.PALE_GREY, (*first, unit.name, *blanks, veto, None, None, remark, *unsure)


def _range(scores: Scores, unit: Unit) -> tuple[Cell, ...]:
    """最好名次 … 关键事项."""
    standing = scores.standings[unit.number]
    behind = None if standing.behind is None else standing.behind / CENT
    return standing.best, standing.worst, standing.state, behind, standing.key


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
    """The figures of a ranking's rows as formulas, ready but for the rows that they stand in."""

    def __init__(self, form: Form, places: Places) -> None:
        here, details = places.rankings[form.name], places.details
        self._details, self._first = details, key(form.items[0])
        total, merit_col = total_col(form), total_col(form) + MERIT_BESIDE
        own_unit, own_total = f"${column_letter(unit_col(form))}{{0}}", f"{column_letter(total)}{{0}}"
        own_sections = [f"{column_letter(column)}{{0}}" for column in range(sections_col(form), total)]
        totals, merits = here.column(total, near=True), here.column(merit_col, near=True)
        keys, final = details.column(KEY_COL), details.column(FINAL_COL)
        sums = (f"SUMIF({keys},{own_unit}&{string(key(section.items[0]))},{final})" for section in form.sections)
        self._rank = f"RANK({own_total},{totals})"
        self._texts = [
            # within the section's bounds (K6, K9)
            *(section.formula(sum_) for section, sum_ in zip(form.sections, sums, strict=True)),
            form.total_formula(own_sections),
            f'IF({column_letter(merit_col)}{{0}}="{CANCELLED}","",'
            f'COUNTIFS({totals},">"&{own_total},{merits},"<>{CANCELLED}")+1)',
        ]

    def rank(self, row: int) -> str:
        """名次 over the whole table."""
        return self._rank.format(row + 1)

    def over(self, unit: Unit, figures: Sequence[float | None], row: int) -> list[Formula]:
        """名次, which leads to the unit's rows in 得分明细, sections, 总分 and 评优名次, with what gives them."""
        rank, *amounts = ("" if figure is None else figure for figure in figures)
        wanted = string(unit.name + self._first)
        texts = (text.format(row + 1) for text in self._texts)
        link = self._details.link(wanted, KEY_COL, self.rank(row), rank)
        return [link, *map(Formula, texts, amounts)]

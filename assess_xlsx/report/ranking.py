"""排名: the units in their order, with formulas that lead back to 得分明细. The order is not made here."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.assessment import TO_CORRECT, absence
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, column_letter
from assess_xlsx.excel.table import POINTS, WHOLE, Column, table
from assess_xlsx.layout import (
    FORM,
    GRADE,
    MERIT,
    RANK,
    RANK_KEY,
    REMARK,
    UNIT,
    VETO_SHEET,
    WHOLE_SCORE,
    ranking_sheet,
)
from assess_xlsx.report import graded
from assess_xlsx.report.details import CODE_COL, FINAL_COL, KEY_COL, POINTS_COL, UNIT_COL
from assess_xlsx.report.places import Ranked, Table, key, section_key, string
from assess_xlsx.scheme.adjustments import Mark
from assess_xlsx.scheme.effects import LAST
from assess_xlsx.scheme.rules.applying import LEFT_OUT
from assess_xlsx.scheme.summing import ALWAYS, Summing
from assess_xlsx.scheme.totals import step_formula
from assess_xlsx.scoring.grading import TIED
from assess_xlsx.scoring.scores import CANCELLED, NO_TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book, Sheet
    from assess_xlsx.report.places import Places
    from assess_xlsx.scheme.model import Form, Unit
    from assess_xlsx.scoring.ranking import Ranking
    from assess_xlsx.scoring.scores import Graded, Scores

RANGE_COLUMNS = (
    Column("最好名次", WHOLE),
    Column("最差名次", WHOLE),
    Column("名次状态", "@"),
    Column("距上一名", POINTS),
    Column(RANK_KEY, most=44),
)
"""How sure each rank is (K23): for the office, not to be posted."""
BEHIND = "列末"
"""Of a unit that is 名次列末, in that column."""
RANGES_SAID = "最好名次＝1＋肯定排在前面的单位数，最差名次＝1＋可能排在前面的单位数"
MERIT_BESIDE, BESIDE_TOTAL = 2, 4
"""评优资格 stands so far behind 总分; so many columns do before 最好名次."""
MOST_POSTED = 60
"""Units of a ranking up to which it is printed on one page."""


def place(assessment: Assessment, ranking: Ranking, *, live: bool) -> Ranked:
    """Where the table of a ranking stands; ``live``: it holds formulas."""
    units = (ranking.units, ranking.zeroed, ranking.missing, ranking.excluded)
    header = 1 + max(len(_notes(assessment, ranking)), len(_asides(ranking, live=live)))
    table = Table(ranking_sheet(ranking.name), header, sum(map(len, units)))
    unit = 2 if ranking.grades else 1
    headings = dict.fromkeys(section.heading for each in ranking.forms for section in each.form.sections)
    return Ranked(table, unit, unit + 1 if ranking.grouped else None, tuple(headings))


def draw(book: Book, sheets: Sequence[Sheet], assessment: Assessment, ranking: Ranking, places: Places) -> None:
    """Draws a ranking."""
    here = places.rankings[ranking.forms[0].form.name]
    grades = _graded(ranking, here, live=places.live)
    behind = [Column(LAST, "@")] if ranking.any_last and places.live else []
    more = [*behind, *grades.columns()]
    mark = "（暂定）" if ranking.provisional else ""
    columns = [
        Column(RANK, WHOLE, 5),
        *([Column(GRADE, "@", 9, mark)] if ranking.grades else []),
        Column(UNIT, most=20),
        *([Column(FORM, "@", 10)] if ranking.grouped else []),
        *(Column(heading, POINTS, 8) for heading in here.sections),
        Column(WHOLE_SCORE, POINTS, 8),
        Column(VETO_SHEET, most=13),
        Column(MERIT, "@", 6),
        Column("评优名次", WHOLE, 6),
        Column(REMARK, most=12),
    ]
    table(
        book,
        sheets,
        f"{assessment.scheme.title}{ranking.name}排名",
        [*columns, *RANGE_COLUMNS, *more],
        chain(_ranked(assessment, ranking, places, grades), _unranked(assessment, ranking, here, len(more))),
        notes=_notes(assessment, ranking),
        asides=_asides(ranking, live=places.live),
        freeze=here.unit + 1,
        printed=len(columns),
        landscape=False,
        one_page=here.table.rows <= MOST_POSTED,
    )


def _notes(assessment: Assessment, ranking: Ranking) -> list[str]:
    """Whether the ranking stands, and how sections make up the total: they are printed with it."""
    notes = []
    if ranking.provisional:
        notes.append(f"暂定：{'，'.join(ranking.still_open())}。")
    elif assessment.standing and not assessment.provisional:
        notes.append(assessment.standing)
    weighed = [each.form for each in ranking.forms if each.form.weighed]
    if ranking.grouped:
        forms = "、".join(f"{each.form.name} {len(each.form.units)} 个单位" for each in ranking.forms)
        notes.append(f"合并排名：{forms}；考核项目空着的，是这个单位的评分表没有它。")
    return [*notes, *(_weights(form, named=ranking.grouped) for form in weighed), *graded.said(ranking)]


def _asides(ranking: Ranking, *, live: bool) -> list[str]:
    """What the ranges mean, what keeps them wide, and what else stands behind them."""
    return [f"{RANGES_SAID}。", *(f"{each}。" for each in ranking.unknown), *graded.asides(ranking, live=live)]


def _weights(form: Form, *, named: bool) -> str:
    """How the sections make up the total."""
    parts = "，".join(section.heading for section in form.sections)
    whose = f"{form.name}：" if named else ""
    return f"{whose}各项得分未乘权重；总分＝各项得分乘以权重之和，四舍五入到两位小数：{parts}。"


def _behind_col(here: Ranked) -> int:
    """Where the columns behind 关键事项 begin: first 名次列末, where any unit is."""
    return here.total + BESIDE_TOTAL + len(RANGE_COLUMNS) + 1


def _graded(ranking: Ranking, here: Ranked, *, live: bool) -> graded.GradeColumns:
    """等次 and what stands behind the ranking for it."""
    first = _behind_col(here) + ranking.any_last
    columns = {"total": here.total, "merit": here.total + MERIT_BESIDE, "first": first}
    return graded.GradeColumns(ranking, here.table, live=live, **columns)


def _ranked(assessment: Assessment, ranking: Ranking, places: Places, grades: graded.GradeColumns) -> Iterator[Row]:
    """The units that have a rank: they reported, or count 按零分 (K27) with nothing in 得分明细."""
    here = places.rankings[ranking.forms[0].form.name]
    forms = {each.form.name: _Form(each, ranking, places) for each in ranking.forms}
    for row, unit in enumerate(ranking.ranked(), here.table.header + 1):
        scores, own = ranking.of(unit), forms[unit.form]
        number, mine = unit.number, scores.effects.get(unit.number)
        if number in scores.facts.rows:
            rank, *shown, merit = own.figures(unit, row)
            colour = style.PALE_RED if number in assessment.vetoed else ""
            remark = "；".join(_remarks(scores, number, own.waiting[number]))
        else:
            rank = Formula(own.formulas.rank(row), ranking.ranks[number]) if places.live else ranking.ranks[number]
            shown, merit, colour = [*[None] * len(here.sections), 0.0], None, style.PALE_GREY
            remark = absence(assessment.returns.decided[number])
        last: list[Cell] = [BEHIND if mine and mine.has(LAST) else None] if ranking.any_last and places.live else []
        yield (
            colour,
            (
                rank,
                *grades.grade(unit, row),
                unit.name,
                *([unit.form] if ranking.grouped else []),
                *shown,
                assessment.circumstances(unit),
                scores.merit[number],
                merit,
                remark,
                *_range(scores, unit),
                *last,
                *grades.cells(unit, row, own.formulas.graded_by(row)),
            ),
        )


class _Form:
    """What the rows of a form's units are made from."""

    def __init__(self, scores: Scores, ranking: Ranking, places: Places) -> None:
        self.scores, self.here, self.live = scores, places.rankings[scores.form.name], places.live
        self.formulas = _Formulas(scores, places, behind=_behind_col(self.here) if ranking.any_last else None)
        self.waiting = Counter(each.unit.number for each in scores.open)
        self.sections = scores.sections.to_numpy().tolist()
        self.columns = [self.here.section(section) - self.here.first_section for section in scores.form.sections]

    def figures(self, unit: Unit, row: int) -> list[Cell]:
        """名次, the sections of all forms, blank where the unit has none, 总分 and 评优名次."""
        scores, number = self.scores, unit.number
        total = int(scores.totals[number])
        amounts: list[str | float] = [amount / CENT for amount in self.sections[scores.facts.rows[number]]]
        for place in scores.not_applied(number):
            amounts[place] = LEFT_OUT
        known = [int(scores.ranks[number]), *amounts, total / CENT, scores.merit_ranks.get(number)]
        rank, *own, sum_, merit = self.formulas.over(unit, known, row) if self.live else known
        found: list[Cell] = [None] * len(self.here.sections)
        for column, cell in zip(self.columns, own, strict=True):
            found[column] = cell
        return [rank, *found, sum_, merit]


def _remarks(scores: Scores, number: int, waiting: int) -> Iterator[str]:
    """备注 of a unit that reported."""
    if number in scores.to_correct:
        yield TO_CORRECT
    if waiting:
        yield f"待核定 {waiting} 项"
    yield from _effects_remarks(scores, number)
    if number in scores.grades:
        yield from _grade_remark(scores.grades[number])


def _effects_remarks(scores: Scores, number: int) -> Iterator[str]:
    """What 总分调整 and circumstances did to a total and a place."""
    mine = scores.effects.get(number)
    if told := scores.reckoning(number):
        yield f"{WHOLE_SCORE} {told}"
    if mine and mine.has(LAST):
        yield f"{LAST}（{mine.codes(LAST)}）"


def _grade_remark(given: Graded) -> Iterator[str]:
    """Why a grade is not what the total says."""
    if given.short is not None:
        yield f"{GRADE}：{TIED}"
    if given.why:
        yield given.why


def _unranked(assessment: Assessment, ranking: Ranking, here: Ranked, more: int) -> Iterator[Row]:
    """What nothing that has points concerns, 未报送 (K14), 不参评 (K27): without total and rank."""
    first, blanks = [None] * here.unit, [None] * (len(here.sections) + 1)
    unsure = [None] * (len(RANGE_COLUMNS) + more)

    def row(unit: Unit, merit: str | None, remark: str) -> Row:
        named = (unit.name, unit.form) if ranking.grouped else (unit.name,)
        veto = assessment.circumstances(unit)
        return style.PALE_GREY, (*first, *named, *blanks, veto, merit, None, remark, *unsure)

    for unit in ranking.without_total:
        yield row(unit, ranking.merit[unit.number], f"{NO_TOTAL}，待核定")
    for unit in (*ranking.missing, *ranking.excluded):
        yield row(unit, None, absence(assessment.returns.decided.get(unit.number)))


def _range(scores: Scores, unit: Unit) -> tuple[Cell, ...]:
    """最好名次 … 关键事项."""
    standing = scores.standings[unit.number]
    behind = None if standing.behind is None else standing.behind / CENT
    return standing.best, standing.worst, standing.state, behind, standing.key


class _Formulas:
    """The figures of a ranking's rows as formulas, ready but for the rows that they stand in."""

    def __init__(self, scores: Scores, places: Places, behind: int | None) -> None:
        """``behind``: the column that says which units are 名次列末, where any is."""
        form = scores.form
        ranked, details = places.rankings[form.name], places.details
        here, total, merit_col = ranked.table, ranked.total, ranked.total + MERIT_BESIDE
        self._details, self._first, self._effects = details, key(form.items[0]), scores.effects
        own_unit, own_total = f"${column_letter(ranked.unit)}{{0}}", f"{column_letter(total)}{{0}}"
        own_sections = [f"{column_letter(ranked.section(section))}{{0}}" for section in form.sections]
        totals, merits = here.column(total, near=True), here.column(merit_col, near=True)
        keys, final = details.column(KEY_COL), details.column(FINAL_COL)
        self._final = final
        sums = (f"SUMIF({keys},{own_unit}&{string(section_key(section))},{final})" for section in form.sections)
        self._rank, kept = f"RANK({own_total},{totals})", f',{merits},"<>{CANCELLED}"'
        merit_rank = f'COUNTIFS({totals},">"&{own_total}{kept})+1'
        if behind is not None:
            lasts, own_last = here.column(behind, near=True), f"{column_letter(behind)}{{0}}"
            self._rank, merit_rank = (
                f'IF({own_last}="{BEHIND}",COUNTIFS({totals},">=0",{lasts},"<>{BEHIND}"{among})+'
                f'COUNTIFS({totals},">"&{own_total},{lasts},"{BEHIND}"{among}),'
                f'COUNTIFS({totals},">"&{own_total},{lasts},"<>{BEHIND}"{among}))+1'
                for among in ("", kept)
            )
        self._scores, self._own_sections = scores, own_sections
        self._own_unit = own_unit
        self._total = "" if form.adjustments else Summing(form).formula(own_sections)
        # within the section's bounds (K6, K9)
        left_out = f'{final},"{LEFT_OUT}"'
        self._sections = [
            section.formula(
                sum_,
                f"SUMIFS({details.column(POINTS_COL)},{keys},{own_unit}&{string(section_key(section))},{left_out})",
            )
            for section, sum_ in zip(form.sections, sums, strict=True)
        ]
        self._merit = f'IF({column_letter(merit_col)}{{0}}="{CANCELLED}","",{merit_rank})'

    def _adjusted(self, unit: Unit) -> str:
        """总分 with 总分调整: what hangs on scores is looked up, what hangs on facts stands as it is."""
        scores, row = self._scores, self._scores.facts.rows[unit.number]
        adjusting = scores.adjusting
        held = []
        for place, line in enumerate(scores.form.adjustments):
            if adjusting is None or adjusting.unknown[place][row]:
                held.append("")  # it does nothing for now
            elif isinstance(line.when, Mark):
                held.append(self._reached(line.when))
            else:
                held.append(ALWAYS if scores.taken[place][row] else "")
        return Summing(scores.form).formula(self._own_sections, held=held)

    def _reached(self, when: Mark) -> str:
        """A condition about the score of a section or an item; one about 总分 is seen in the sum itself."""
        form = self._scores.form
        if when.section is not None:
            cell = self._own_sections[when.section]
            test = when.formula(cell)
            return f"AND(ISNUMBER({cell}),{test})" if form.sections[when.section].may_not_apply else test
        if when.item is None:
            return ""
        item = form.items[when.item]
        own = self._own(item.code)
        test = when.formula(f"SUMIFS({self._final},{own})")
        if not item.rescaled:
            return test
        return f'AND(COUNTIFS({own},{self._final},"{LEFT_OUT}")=0,{test})'

    def graded_by(self, row: int) -> str:
        """The scores that 等次 goes by; empty where that is 总分."""
        form = self._scores.form
        if form.graded_by is None:
            return ""
        places = [place for place, section in enumerate(form.sections) if section.number in form.graded_by.sections]
        terms = [f"N({self._own_sections[place]})" for place in places]
        terms += [f"SUMIFS({self._final},{self._own(code)})" for code in form.graded_by.items]
        sum_ = "+".join(terms).format(row + 1)
        return f"ROUND({sum_},2)" if terms[1:] else sum_  # else 80 may be a hair less

    def _own(self, code: str) -> str:
        """The row of an item of the unit in 得分明细, as SUMIFS and COUNTIFS ask for it."""
        details = self._details
        return f"{details.column(UNIT_COL)},{self._own_unit},{details.column(CODE_COL)},{string(code)}"

    def rank(self, row: int) -> str:
        """名次 over the whole table."""
        return self._rank.format(row + 1)

    def over(self, unit: Unit, figures: Sequence[str | float | None], row: int) -> list[Cell]:
        """名次, which leads to the unit's rows in 得分明细, sections, 总分 and 评优名次, with what gives them."""
        rank, *amounts = ("" if figure is None else figure for figure in figures)
        wanted = string(unit.name + self._first)
        mine, total = self._effects.get(unit.number), self._total or self._adjusted(unit)
        if mine and (mine.off or mine.most is not None):
            total = step_formula(total, mine.off, mine.most)
        texts = (text.format(row + 1) for text in (*self._sections, total, self._merit))
        link = self._details.link(wanted, KEY_COL, self.rank(row), rank)
        return [link, *map(Formula, texts, amounts)]

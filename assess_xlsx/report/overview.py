"""总览: what a leader asks first, as figures and native charts that read in black and white. No unit's details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx import problems
from assess_xlsx.amounts import CENT, half_up, two_places
from assess_xlsx.assessment import MISSING, TO_CORRECT
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula
from assess_xlsx.layout import DETAIL_SHEET, GRADE, NOTICE_SHEET, OPEN_SHEET, ORIGIN, PROBLEM_SHEET, RANK, VETO_SHEET
from assess_xlsx.report.charts import SOURCE_COL, Averages, Bands, Charts
from assess_xlsx.report.graded import by_grade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.write import Book, Format, Sheet
    from assess_xlsx.report.places import Places
    from assess_xlsx.scheme.model import Section
    from assess_xlsx.scheme.rules import Worth
    from assess_xlsx.scoring.scores import Scores

BANDS = ((90, "90分以上"), (80, "80—90分"), (70, "70—80分"), (60, "60—70分"), (0, "60分以下"))
NAMED = 300
"""Characters of names at most in a line; the sheet 报送情况 has them all."""
COLUMNS = 12
ENDS = 3
"""Units named at either end of a ranking."""


def overview(book: Book, sheet: Sheet, assessment: Assessment, places: Places) -> None:
    """Draws the sheet; its charts follow the rankings by formulas where these do."""
    _Overview(book, sheet, assessment).draw(places)


def _charted(section: Section) -> bool:
    """It has points of which it brings a share."""
    return not (section.worth.takes_off or section.worth.endless)


class _Overview:
    def __init__(self, book: Book, sheet: Sheet, assessment: Assessment) -> None:
        self.book, self.sheet, self.assessment = book, sheet, assessment
        self.head = book.format(
            font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_BLUE, text_wrap=True
        )
        self.name = book.format(border=1, align="center", shrink=True)
        self.whole = book.format(border=1, align="center", num_format="0")
        self.points = book.format(border=1, align="center", num_format="0.00")
        self.part = book.format(border=1, align="center", num_format="0.0%")

    def draw(self, places: Places) -> None:
        sheet, scheme = self.sheet, self.assessment.scheme
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, COLUMNS - 1, 11)
        sheet.set_column(SOURCE_COL, SOURCE_COL, style.fitted([unit.name for unit in scheme.units]))
        title = self.book.format(font_name=style.TITLE_FONT, font_size=18, align="center", shrink=True)
        sheet.headline(f"{scheme.title}结果总览", COLUMNS, title, 34)
        self._standing(1)
        self._open(2)
        row = self._names(self._ends(self._figures(4) + 2), live=places.live)
        bands_row = row + 1
        row = self._distribution(bands_row)
        averages = self._averages(row + 2)
        cancelled = {unit.number for unit in self.assessment.cancelled}
        charts = Charts(self.book, sheet, self.assessment.scores, self.assessment.rankings, cancelled, places)
        row = charts.draw(averages[-1].end + 2, Bands(bands_row, len(BANDS)), averages)
        sheet.print_on_a4(landscape=False)
        sheet.print_area(0, 0, row, COLUMNS - 1)

    def _standing(self, row: int) -> None:
        """Whether the ranking stands, and why not."""
        waiting = [
            f"{each.name}{'、'.join(told)}" for each in self.assessment.rankings if (told := each.still_open())
        ]
        if waiting:
            text = f"暂定：{'；'.join(waiting)}。名次还可能变动，点下面的格子看是哪些。"
        else:
            text = self.assessment.standing or "没有未报送、待补正、待核定的，名次不会再因此变动。"
        look = self.book.format(
            font_name=style.TITLE_FONT, font_size=12, align="center", font_color=style.ORANGE, text_wrap=True
        )
        self.sheet.spread(row, 0, row, COLUMNS - 1, text, look)
        self.sheet.set_row(row, 8 + 17 * style.lines(text, 130, 12))

    def _open(self, row: int) -> None:
        """What is to be looked at, each count leading to its list."""
        assessment = self.assessment
        missing = sum(len(each.missing) for each in assessment.scores)
        to_correct = sum(len(each.to_correct) for each in assessment.scores)
        counts = (
            (f"{MISSING} {missing} 个单位", NOTICE_SHEET),
            (f"{TO_CORRECT} {to_correct} 个单位", NOTICE_SHEET),
            (f"待核定 {sum(len(each.open) for each in assessment.scores)} 项", OPEN_SHEET),
            (f"错误 {assessment.count(problems.ERROR)} 条", PROBLEM_SHEET),
            (f"提醒 {assessment.count(problems.REMINDER)} 条", PROBLEM_SHEET),
            (f"取消评优资格 {len(assessment.cancelled)} 个单位", VETO_SHEET),
        )
        look = self.book.format(
            font_name=style.TITLE_FONT, border=1, align="center", font_color=style.BLUE, underline=1, text_wrap=True
        )
        width = COLUMNS // len(counts)
        for place, (text, there) in enumerate(counts):
            first = place * width
            self.sheet.spread(row, first, row, first + width - 1, text, look)
            self.sheet.link(row, first, there, text, look)
        self.sheet.set_row(row, 26)

    def _ends(self, row: int) -> int:
        """Who stands first and last in each ranking; answers the row that follows."""
        for ranking in self.assessment.rankings:
            ordered = ranking.ranked()
            ends = (ordered[:ENDS], ordered[max(ENDS, len(ordered) - ENDS) :])
            for first, name in zip((0, COLUMNS // 2), "前后", strict=True):
                self._end(row, first, ("名次", f"{ranking.name}{name}{ENDS}名", "总分", "名次状态"), [self.head] * 4)
            looks = (self.whole, self.name, self.points, self.name)
            for line in range(max(map(len, ends))):
                row += 1
                for first, units in zip((0, COLUMNS // 2), ends, strict=True):
                    if line < len(units):
                        number, scores = units[line].number, ranking.of(units[line])
                        rank, total = ranking.ranks[number], ranking.totals[number]
                        state = scores.standings[number].state
                        self._end(row, first, (rank, units[line].name, total / CENT, state), looks)
            row += 1
        return row + 1

    def _end(self, row: int, first: int, cells: Sequence[Cell], looks: Sequence[Format]) -> None:
        """名次, 考核单位 over three columns, 总分, 名次状态."""
        for column, cell, look in zip((0, 1, 4, 5), cells, looks, strict=True):
            last = column + 2 if column == 1 else column
            self.sheet.spread(row, first + column, row, first + last, cell, look)

    def _line(self, row: int, cells: Sequence[Cell], formats: Sequence[Format]) -> None:
        for column, (cell, look) in enumerate(zip(cells, formats, strict=True)):
            self.sheet.put(row, column, cell, look)

    def _figures(self, row: int) -> int:
        labels = "类别 应报 已采用 待补正 未报送 报送率 平均分 最高分 最低分 一票否决 待核定".split()  # noqa: SIM905 - a line to read
        self._line(row, labels, [self.head] * len(labels))
        formats = [self.name, *[self.whole] * 4, self.part, *[self.points] * 3, *[self.whole] * 2]
        lines = [self._figures_of(scores) for scores in self.assessment.scores]
        for line in lines:
            row += 1
            self._line(row, line, formats)
        row += 1
        totals: dict[int, int] = {}
        self.sheet.put(row, 0, "合计", self.head)
        for column in (1, 2, 3, 4, 9, 10):
            letter = chr(ord("A") + column)
            formula = f"=SUM({letter}{row - len(lines) + 1}:{letter}{row})"
            totals[column] = sum(line[column] for line in lines)
            self.sheet.put(row, column, Formula(formula, totals[column]), self.whole)
        rate = Formula(f"=(C{row + 1}+D{row + 1})/B{row + 1}", (totals[2] + totals[3]) / totals[1])
        self.sheet.put(row, 5, rate, self.part)
        for column in (6, 7, 8):
            self.sheet.put(row, column, "—", self.name)
        return row

    def _figures_of(self, scores: Scores) -> list[Any]:
        """A form's line: name, counts of units, share of those that reported, scores, vetoed units, open points."""
        totals = [int(total) for total in scores.totals]
        vetoed = {record.unit.number for record in self.assessment.vetoes if record.unit.form == scores.form.name}
        spread: list[float | None] = [None] * 3
        if totals:
            spread = [half_up(sum(totals), len(totals)) / CENT, max(totals) / CENT, min(totals) / CENT]
        units = len(self.assessment.scheme.form(scores.form.name).units)  # 不参评 too: the state of a unit stays
        reported, to_correct = len(scores.units), len(scores.to_correct)
        counts = (units, reported - to_correct, to_correct, units - reported, reported / units)
        return [scores.form.name, *counts, *spread, len(vetoed), len(scores.open)]

    def _names(self, row: int, *, live: bool) -> int:
        """Who is meant by the figures: missing, to correct, without 评优资格; answers the row that follows.

        ``live``: a click leads on, and it is said where.
        """
        assessment = self.assessment
        by_state: dict[str, list[str]] = {}
        for unit in assessment.scheme.units:
            fate = assessment.returns.decided.get(unit.number)
            name = f"{unit.name}（{fate.decision}）" if fate else unit.name
            by_state.setdefault(assessment.state(unit), []).append(name)
        vetoed = [unit.name for unit in assessment.cancelled]
        lists = {state: by_state.get(state, []) for state in (MISSING, TO_CORRECT)} | {"取消评优资格": vetoed}
        if assessment.burdened:
            lists["扣分降等"] = [unit.name for unit in assessment.burdened]
        for ranking in assessment.rankings:
            if ranking.graded:
                lists[f"{ranking.name}{GRADE}"] = [f"{name} {len(units)} 个" for name, units in by_grade(ranking)]
        if unspoken := sum(each.unspoken for each in assessment.scores):
            told = f"登记表里没有记录的不利次数 {unspoken} 处，按单位自查数（没有自查的按 0）认定"
            lists["没有登记的"] = [told]
        if waiting := assessment.open_objections:
            lists["未办结的异议"] = [f"{assessment.scheme.units[o.unit - 1].name} {o.code}" for o in waiting]
        if live:
            lists["为什么"] = [f"在排名表点“{RANK}”，到该单位的{DETAIL_SHEET}；再点“{ORIGIN}”，到填报的文件和单元格"]
        for label, names in lists.items():
            text = "、".join(names or ["无"])
            if len(text) > NAMED:
                text = f"{text[:NAMED]}…等 {len(names)} 个单位"
            self.sheet.write_string(row, 0, label, self.head)
            look = self.book.format(border=1, text_wrap=True)
            self.sheet.spread(row, 1, row, COLUMNS - 1, text, look)
            self.sheet.set_row(row, 5 + 15 * style.lines(text, 120))
            row += 1
        return row

    def _distribution(self, row: int) -> int:
        hundred = all(scores.form.points == 100 * CENT for scores in self.assessment.scores)
        labels = ("得分分布", *(label if hundred else label.replace("分", "%") for _, label in BANDS))
        self._line(row, labels, [self.head] * len(labels))
        for scores in self.assessment.scores:
            row += 1
            counts, points = [0] * len(BANDS), scores.form.points
            for total in scores.totals:
                counts[next(place for place, (least, _) in enumerate(BANDS) if total * 100 >= least * points)] += 1
            self._line(row, [scores.form.name, *counts], [self.name, *[self.whole] * len(BANDS)])
        return row

    def _averages(self, row: int) -> list[Averages]:
        """Each form's sections: average against points, or how much was taken off on average."""
        found = []
        for scores in self.assessment.scores:
            heading = (f"{scores.form.name}各项平均", "", "", "", "分值", "平均得分", "得分率")
            self._line(row, heading, [self.head] * len(heading))
            self.sheet.spread(row, 0, row, 3, heading[0], self.head)
            first = row + 1
            places = enumerate(scores.form.sections)  # the chart shows those that bring points, so they stand first
            for place, section in sorted(places, key=lambda each: not _charted(each[1])):
                row += 1
                self.sheet.spread(row, 0, row, 3, section.title, self.book.format(border=1, shrink=True))
                self._average(row, section.worth, scores.applied(place))
            charted = sum(map(_charted, scores.form.sections))
            found.append(Averages(first, first + charted - 1, row))
            row += 2
        return found

    def _average(self, row: int, worth: Worth, amounts: Sequence[int]) -> None:
        """What a section brought on average, and the share of its points where it has so many."""
        self.sheet.put(row, 4, worth.amount if worth.endless else worth.full / CENT, self.points)
        if not amounts:
            return
        average = half_up(sum(amounts), len(amounts))
        self.sheet.put(row, 5, average / CENT, self.points)
        if worth.takes_off:
            self.sheet.put(row, 6, f"扣 {two_places(-average)} 分", self.name)
        elif not worth.endless:
            self.sheet.put(row, 6, Formula(f"=F{row + 1}/E{row + 1}", average / worth.full), self.part)

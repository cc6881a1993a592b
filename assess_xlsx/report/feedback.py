"""反馈: one workbook a unit, its own result with its grounds, enough to answer an objection; nothing of another unit.

Of the others it says how far the next better total is, and how many they are where a cause lies with them.
"""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from assess_xlsx.amounts import CENT, half_up, two_places
from assess_xlsx.answers import EventRow, OfficeValue
from assess_xlsx.excel import style
from assess_xlsx.excel.write import Book
from assess_xlsx.layout import (
    CODE,
    CONTENT,
    EVENT_SHEET,
    EVIDENCE,
    FILLED,
    FINAL,
    GRADE,
    GROUNDS,
    ORIGIN,
    OVERALL,
    POINTS,
    RULING_SHEET,
    unit_file,
)
from assess_xlsx.report.sources import Cells, Recorded, recorded
from assess_xlsx.report.told import Told
from assess_xlsx.scheme.answer_kinds import Percent
from assess_xlsx.scheme.effects import CANCEL, LAST, LOWER, MOST, NOT_ABOVE, OFF, ZERO
from assess_xlsx.scheme.rules.applying import LEFT_OUT
from assess_xlsx.scoring.scores import CANCELLED, NO_TOTAL, at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.answers import FilledForm
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.scheme.model import Section, Unit
    from assess_xlsx.scoring.ranking import Ranking
    from assess_xlsx.scoring.scores import Scores

COLUMNS: tuple[tuple[str, float], ...] = (
    (CODE, 8),
    (CONTENT, 16),
    ("目标要求", 34),
    (POINTS, 7),
    (FILLED, 24),
    (ORIGIN, 13),
    (EVIDENCE, 18),
    ("考核办登记", 24),
    ("自评分", 7),
    (FINAL, 8),
    ("失分", 7),
    (GROUNDS, 36),
)
WIDTHS = tuple(width for _, width in COLUMNS)
FINAL_COL = [label for label, _ in COLUMNS].index(FINAL)
LAST_COL = len(COLUMNS) - 1


def files(assessment: Assessment) -> Iterator[tuple[str, bytes]]:
    """File names and contents, one for each unit that reported."""
    for ranking, scores in ((whole, each) for whole in assessment.rankings for each in whole.forms):
        common = _Common(assessment, ranking, scores)
        for place, unit in enumerate(scores.units):
            target = io.BytesIO()
            saved, title = assessment.returns.forms[unit.number].saved, f"{unit.name}考核结果反馈"
            book = Book(target, title, saved, standing=assessment.standing)
            _Page(common, unit, place, book).draw()
            book.close()
            yield unit_file(unit), target.getvalue()


class _Common:
    """What the pages of a form's units are told from."""

    def __init__(self, assessment: Assessment, ranking: Ranking, scores: Scores) -> None:
        self.assessment, self.ranking, self.scores = assessment, ranking, scores
        self.told, self.cells = Told(scores), Cells(scores)
        self.recorded: Mapping[tuple[int, str], Sequence[Recorded]] = recorded(assessment.returns.register, scores)


class _Page:
    def __init__(self, common: _Common, unit: Unit, place: int, book: Book) -> None:
        self.common, self.assessment, self.scores = common, common.assessment, common.scores
        self.unit, self.place, self.book = unit, place, book
        self.form: FilledForm = self.assessment.returns.forms[unit.number]
        self.sheet = book.sheet("考核结果反馈")

    def draw(self) -> None:
        sheet, book = self.sheet, self.book
        sheet.set_widths(WIDTHS)
        title = book.format(font_name=style.TITLE_FONT, font_size=16, align="center", shrink=True)
        sheet.headline(f"{self.assessment.scheme.title}结果反馈", len(COLUMNS), title, 34)
        row = self._paragraphs(1, self._result())
        header = row
        head = book.format(
            font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_BLUE, text_wrap=True
        )
        sheet.put_row(row, [label for label, _ in COLUMNS], head)
        row = self._items(row + 1)
        row = self._paragraphs(row + 1, [*self._objected(), self._how_to_object()])
        for text in (self.assessment.scheme.office, "（盖章）　　　　　", "年　　月　　日　　　"):
            sheet.spread(row, 0, row, LAST_COL, text, book.format(font_size=11, align="right"))
            sheet.set_row(row, 24)
            row += 1
        sheet.print_on_a4(landscape=True, header_row=header)

    def _paragraphs(self, row: int, texts: Sequence[str]) -> int:
        look = self.book.format(font_size=11, text_wrap=True)
        for text in texts:
            self.sheet.spread(row, 0, row, LAST_COL, text, look)
            self.sheet.set_row(row, 6 + 16 * style.lines(text, sum(WIDTHS), 11))
            row += 1
        return row

    # ── what is said above the items ──

    def _result(self) -> list[str]:
        """Unit, total, rank, how sure it is, the distance to the rank above and where it was lost."""
        assessment, scores, ranking = self.assessment, self.scores, self.common.ranking
        provisional = "（暂定）" if ranking.provisional else ""
        closed = f"　　{assessment.closing}" if assessment.closing else ""
        told = [
            f"考核单位：{self.unit.name}　　类别：{scores.form.name}{closed}",
            f"{self._total(provisional)}，{ranking.name}共 {ranking.size} 个单位，已报送 {len(ranking.units)} 个",
            *self._grade(provisional),
        ]
        if ranking.provisional:
            told.append(f"本反馈为暂定结果：{'，'.join(ranking.still_open())}，定稿前得分和名次还可能变动。")
        told += self._range()
        told += self._merit()
        waiting = sum(each.unit == self.unit for each in scores.open)
        if waiting:
            told.append(f"另有 {waiting} 项待考核办核定，得分可能变动。")
        file = PurePosixPath(self.form.source.name).name
        told.append(f"采用的评分表：{file}，工作表“{self.form.sheet}”；“来源”一栏是其中的单元格。")
        return told

    def _total(self, provisional: str) -> str:
        """总分 and 名次; what keeps it from both where nothing that has points concerns it."""
        if self.unit in self.scores.without_total:
            return f"总分、名次：{NO_TOTAL}，待考核办核定{provisional}"
        total, rank = (int(each[self.unit.number]) for each in (self.scores.totals, self.scores.ranks))
        return f"总分：{two_places(total)} 分　　名次：第 {rank} 名{provisional}"

    def _range(self) -> Iterator[str]:
        """名次范围, 距上一名 and what was lost."""
        standing, losses = self.scores.standings.get(self.unit.number), self._losses()
        if standing is None:
            return
        if not standing.settled:
            key = f"，关键事项：{standing.key}" if standing.key else ""
            if standing.others:  # which they are is not this unit's affair
                key = f"，取决于其他 {standing.others} 个单位"
            yield f"名次范围：最好第 {standing.best} 名，最差第 {standing.worst} 名{key}。"
        if standing.behind is not None:
            yield f"距上一名还差 {two_places(standing.behind)} 分。主要失分：{losses or '无'}。"
        elif losses and int(self.scores.ranks[self.unit.number]) == 1:
            yield f"名列第一。仍有失分：{losses}。"
        elif losses:  # behind all others, whatever it scores
            yield f"主要失分：{losses}。"

    def _grade(self, provisional: str) -> Iterator[str]:
        """等次, and why it is not what the total says."""
        if mine := self.scores.grades.get(self.unit.number):
            by = self.scores.form.graded_by
            basis = f"（按“{by.label}” {two_places(mine.amount)} 分）" if by else ""
            yield f"{GRADE}：{mine.text}{provisional}{basis}{mine.why and f'　　{mine.why}'}"

    def _merit(self) -> Iterator[str]:
        """评优资格, and all that took it."""
        scores, number = self.scores, self.unit.number
        merit = scores.merit[number]
        place = f"，评优名次第 {scores.merit_ranks[number]} 名" if number in scores.merit_ranks else ""
        yield f"评优资格：{merit}{place}"
        if merit == CANCELLED:
            yield f"取消评优资格的情形：{'；'.join(self._circumstances(CANCEL))}"
        if reckoning := scores.reckoning(number):
            about = "；".join(self._circumstances(OFF, MOST, ZERO))
            yield f"总分的计分依据：{reckoning}{f'。有关情形：{about}' if about else ''}"
        if mine := scores.effects.get(number):
            if mine.has(LAST):
                yield f"名次列在末尾的情形：{'；'.join(self._circumstances(LAST))}"
            if scores.grades and mine.every(LOWER, NOT_ABOVE):
                yield f"影响等次的情形：{'；'.join(self._circumstances(LOWER, NOT_ABOVE))}"

    def _circumstances(self, *kinds: str) -> dict[str, None]:
        """The unit's circumstances with such effects, each with who says so, when, and what happened."""
        records = [r for r in self.assessment.vetoed.get(self.unit.number, ()) if r.veto.does(*kinds)]
        told = ("，".join(filter(None, (r.source, r.date, r.detail, r.basis))) for r in records)
        others = [[e.text for e in r.veto.effects if e.kind in kinds and e.kind != CANCEL] for r in records]
        return dict.fromkeys(
            f"{r.veto.title}（{each}{''.join(f'，{text}' for text in done)}）"
            for r, each, done in zip(records, told, others, strict=True)
        )

    def _lost(self) -> dict[str, int]:
        """Cents lost by item code: short of its points, or taken off."""
        scores, number = self.scores, self.unit.number
        return {
            item.code: max(0, (0 if item.worth.bonus else item.worth.high) - at(scores.items, number, item.code))
            for item in scores.form.items
        } | dict.fromkeys((*scores.left_out(number), *(i.code for i in scores.form.items if not i.worth.counted)), 0)

    def _losses(self) -> str:
        """What weighs most in the total."""
        lost = self._lost()
        counted = {
            item.code: half_up(lost[item.code] * section.weight, Percent.whole)
            for section in self.scores.form.sections
            for item in section.items
        }
        worst = sorted(counted.items(), key=lambda each: -each[1])[:5]
        return "、".join(f"{code} 失 {two_places(lost)} 分" for code, lost in worst if lost)

    # ── the items ──

    def _items(self, row: int) -> int:
        lost, left_out = self._lost(), self.scores.left_out(self.unit.number)
        scored = [item.code for item in self.scores.form.self_scored]
        own = dict(zip(scored, self.form.self_scores, strict=True))
        evidence, invalid = self.common.told.evidence(self.form), self.common.told.invalid(self.form)
        stood = self.common.cells.of(self.form)
        for position, section in enumerate(self.scores.form.sections):
            self._section(row, position, section)
            row += 1
            for item in section.items:
                said = own.get(item.code)
                self._item(
                    row,
                    (
                        item.code,
                        item.content,
                        item.text,
                        item.points_said,
                        self.common.told.filled(item, self.form.values, invalid),
                        stood[item.code][1],
                        evidence.get(item.code, ""),
                        "；".join(map(self._row, self.common.recorded.get((self.unit.number, item.code), ()))),
                        None if said is None else said / CENT,
                        LEFT_OUT
                        if item.code in left_out
                        else at(self.scores.items, self.unit.number, item.code) / CENT,
                        lost[item.code] / CENT,
                        self.scores.basis[item.code][self.place],
                    ),
                )
                row += 1
        return row

    def _section(self, row: int, position: int, section: Section) -> None:
        """Its title and its sum, within what it can bring."""
        heading = self.book.format(border=1, bold=True, bg_color=style.PALE_GREY)
        amount = self.book.format(border=1, bold=True, align="center", num_format="0.00", bg_color=style.PALE_GREY)
        self.sheet.spread(row, 0, row, FINAL_COL - 1, section.heading, heading)
        letter, first, last = chr(ord("A") + FINAL_COL), row + 2, row + 1 + len(section.items)
        value: str | float = at(self.scores.sections, self.unit.number, position) / CENT
        if position in self.scores.not_applied(self.unit.number):
            value = LEFT_OUT
        cells = [f"{letter}{number}" for number in range(first, last + 1)]
        formula = section.formula(section.sum_formula(cells), section.left_out(cells))
        self.sheet.write_formula(row, FINAL_COL, f"={formula}", amount, value)
        self.sheet.spread(row, FINAL_COL + 1, row, LAST_COL, "", heading)

    def _item(self, row: int, cells: Sequence[Cell]) -> None:
        text = self.book.format(border=1, text_wrap=True)
        middle = self.book.format(border=1, align="center", text_wrap=True)
        points: Any = self.book.format(border=1, align="center", num_format="0.00")
        for column, cell in enumerate(cells):
            look = points if isinstance(cell, float) else middle if column in (0, 3) else text
            self.sheet.put(row, column, cell, look)
        self.sheet.set_row(row, 6 + 14 * max(map(style.lines, cells, WIDTHS)))

    def _row(self, row: Recorded) -> str:
        """A row of the register; who recorded it is the office's own affair."""
        facts = self.scores.form.by_key
        if isinstance(row, EventRow):
            fact = facts[row.key]
            return " ".join(filter(None, (EVENT_SHEET, row.date, fact.label, fact.kind.show(row.times), row.detail)))
        if isinstance(row, OfficeValue):
            return f"考核办填报 {facts[row.key].label} {facts[row.key].kind.show(row.value)}"
        ruled = f"{facts[row.key].label} {facts[row.key].kind.show(row.value)}" if row.key else two_places(row.value)
        return f"{RULING_SHEET} {ruled}：{row.reason}"

    # ── what is said below them ──

    def _objected(self) -> Iterator[str]:
        """The unit's objections and what became of them (K28)."""
        register = self.assessment.returns.register
        for each in register.objections if register else ():
            if each.unit == self.unit.number:
                received = f"，{each.received:%Y-%m-%d} 收到" if each.received else ""
                about = each.code if each.code == OVERALL else f"指标 {each.code}"
                reply = f"，答复：{each.reply}" if each.reply else ""
                yield f"异议（{about}{received}）：{each.text}　　处理：{each.decision or '尚未处理'}{reply}"

    def _how_to_object(self) -> str:
        scheme = self.assessment.scheme
        until = f"自公示之日起 {days} 日内" if (days := scheme.round.objection_days) else ""
        how = f"（{ways}）" if (ways := scheme.round.ways()) else ""
        return (
            f"对以上结果有异议的，请{until}以书面形式向{scheme.office}提出{how}，写明单位、指标编号、理由并附依据。"
        )

"""反馈: one workbook a unit, its own scores with their grounds and its rank, never another unit's details."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from assess_xlsx.amounts import CENT, half_up, two_places
from assess_xlsx.excel import style
from assess_xlsx.excel.write import Book
from assess_xlsx.layout import unit_file
from assess_xlsx.scheme.answer_kinds import Percent
from assess_xlsx.scoring.scores import CANCELLED, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.scheme.model import Unit
    from assess_xlsx.scoring.scores import Scores

WIDTHS = (9, 36, 8, 9, 9, 46)
LABELS = ("指标编号", "目标要求", "分值", "得分", "失分", "计分依据")


def files(assessment: Assessment) -> Iterator[tuple[str, bytes]]:
    """File names and contents, one for each unit that reported."""
    for scores in assessment.scores:
        for place, unit in enumerate(scores.units):
            target = io.BytesIO()
            saved, title = assessment.returns.forms[unit.number].saved, f"{unit.name}考核结果反馈"
            book = Book(target, title, saved, standing=assessment.standing)
            _Page(assessment, scores, unit, place, book).draw()
            book.close()
            yield unit_file(unit), target.getvalue()


class _Page:
    def __init__(self, assessment: Assessment, scores: Scores, unit: Unit, place: int, book: Book) -> None:
        self.assessment, self.scores, self.unit, self.place, self.book = assessment, scores, unit, place, book
        self.sheet = book.sheet("考核结果反馈")

    def draw(self) -> None:
        sheet, book = self.sheet, self.book
        sheet.set_widths(WIDTHS)
        title = book.format(font_name=style.TITLE_FONT, font_size=16, align="center")
        sheet.headline(f"{self.assessment.scheme.title}结果反馈", len(WIDTHS), title, 34)
        row = 1
        for text in self._told():
            sheet.spread(row, 0, row, 5, text, book.format(font_size=11, text_wrap=True))
            sheet.set_row(row, 6 + 16 * style.lines(text, sum(WIDTHS), 11))
            row += 1
        header = row
        head = book.format(font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_BLUE)
        sheet.put_row(row, LABELS, head)
        row = self._items(row + 1) + 1
        for text in (self.assessment.scheme.office, "（盖章）", "年    月    日"):
            sheet.spread(row, 3, row, 5, text, book.format(font_size=11, align="center"))
            sheet.set_row(row, 24)
            row += 1
        sheet.print_on_a4(header_row=header)

    def _told(self) -> list[str]:
        """Unit, total, rank, the distance to the rank above and where it was lost."""
        scores, number = self.scores, self.unit.number
        total, rank = int(scores.totals[number]), int(scores.ranks[number])
        provisional = "（暂定）" if scores.provisional else ""
        told = [
            f"考核单位：{self.unit.name}　　类别：{scores.form.name}",
            f"总分：{two_places(total)} 分　　名次：第 {rank} 名{provisional}，"
            f"{scores.form.name}共 {len(scores.form.units)} 个单位，已报送 {len(scores.units)} 个",
        ]
        above = [int(other) for other in scores.totals if other > total]
        if above:
            told.append(f"距上一名还差 {two_places(min(above) - total)} 分。主要失分：{self._losses()}。")
        elif self._losses():
            told.append(f"名列第一。仍有失分：{self._losses()}。")
        merit = scores.merit[number]
        place = f"，评优名次第 {scores.merit_ranks[number]} 名" if number in scores.merit_ranks else ""
        told.append(f"评优资格：{merit}{place}")
        if merit == CANCELLED:
            titles = [record.veto.title for record in self.assessment.vetoes if record.unit == self.unit]
            told.append(f"取消评优资格的情形：{'、'.join(dict.fromkeys(titles))}")
        waiting = sum(each.unit == self.unit for each in scores.open)
        if waiting:
            told.append(f"另有 {waiting} 项待考核办核定，得分可能变动。")
        return told

    def _lost(self) -> dict[str, int]:
        """Cents lost by item code: short of its points, or taken off."""
        scores, number = self.scores, self.unit.number
        return {
            item.code: max(0, (0 if item.worth.bonus else item.worth.high) - at(scores.items, number, item.code))
            for item in scores.form.items
        }

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

    def _items(self, row: int) -> int:
        scores, sheet, book = self.scores, self.sheet, self.book
        text, middle = book.format(border=1, text_wrap=True), book.format(border=1, align="center")
        points: Any = book.format(border=1, align="center", num_format="0.00")
        lost = self._lost()
        for position, section in enumerate(scores.form.sections):
            heading = book.format(border=1, bold=True, bg_color=style.PALE_GREY)
            amount = book.format(border=1, bold=True, align="center", num_format="0.00", bg_color=style.PALE_GREY)
            weight = "" if section.weight_text in section.title else f"（{section.weight_text}）"
            sheet.spread(row, 0, row, 2, f"{section.title}{weight}", heading)
            first, last = row + 2, row + 1 + len(section.items)
            value = at(scores.sections, self.unit.number, position) / CENT
            sheet.write_formula(row, 3, f"={section.formula(f'SUM(D{first}:D{last})')}", amount, value)
            sheet.spread(row, 4, row, 5, "", heading)
            row += 1
            for item in section.items:
                basis = scores.basis[item.code][self.place]
                sheet.write_string(row, 0, item.code, middle)
                sheet.write_string(row, 1, item.text, text)
                full = item.points_text or ("加分" if item.worth.bonus else "扣分")
                sheet.write_string(row, 2, full, middle)
                sheet.write_number(row, 3, at(scores.items, self.unit.number, item.code) / CENT, points)
                sheet.write_number(row, 4, lost[item.code] / CENT, points)
                sheet.write_string(row, 5, basis, text)
                sheet.set_row(row, 6 + 14 * max(style.lines(item.text, WIDTHS[1]), style.lines(basis, WIDTHS[5])))
                row += 1
        return row

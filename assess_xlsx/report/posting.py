"""公示通报: a page to be posted and the paragraphs of a circular, every figure from the result. It ranks nobody."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT, half_up, plain, two_places
from assess_xlsx.assessment import MISSING, REPORTED, TO_CORRECT
from assess_xlsx.excel import style
from assess_xlsx.layout import GRADE, MERIT, POSTING_SHEET, RANK, UNIT, WHOLE_SCORE
from assess_xlsx.report.graded import basis, by_grade
from assess_xlsx.scheme.effects import CANCEL
from assess_xlsx.scheme.rules import NO_END
from assess_xlsx.scoring.scores import NO_TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.write import Book, Sheet
    from assess_xlsx.scheme.model import Item, Unit
    from assess_xlsx.scoring.ranking import Ranking
    from assess_xlsx.scoring.scores import Scores

LABELS = {RANK: 7, UNIT: 20, WHOLE_SCORE: 9, MERIT: 10}
"""A ranking stands in two halves, side by side; how wide its columns are."""
GRADED = {RANK: 6, GRADE: 10, UNIT: 20, WHOLE_SCORE: 9, MERIT: 9}
"""The same where a form has grades."""
ENDS, LOWEST = 3, 3
"""Units and items that a circular names."""
MOST_NAMED = 40
"""Names in a sentence at most."""


def posting(book: Book, assessment: Assessment) -> None:
    """Draws the sheet."""
    _Posting(book, book.sheet(POSTING_SHEET), assessment).draw()


class _Posting:
    def __init__(self, book: Book, sheet: Sheet, assessment: Assessment) -> None:
        self.book, self.sheet, self.assessment = book, sheet, assessment
        self.labels = GRADED if any(ranking.grades for ranking in assessment.rankings) else LABELS
        self.columns, self.width = 2 * len(self.labels), 2 * sum(self.labels.values())
        self.head = book.format(font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_GREY)
        self.text = book.format(border=1, align="center", shrink=True)
        self.looks = {
            RANK: book.format(border=1, align="center", num_format="0"),
            UNIT: book.format(border=1, shrink=True),
            WHOLE_SCORE: book.format(border=1, align="center", num_format="0.00"),
        }

    def draw(self) -> None:
        scheme, sheet = self.assessment.scheme, self.sheet
        sheet.set_widths([*self.labels.values()] * 2)
        mark = "（征求意见稿）" if self.assessment.provisional else ""
        row = self._title(0, f"{scheme.title}结果公示{mark}")
        row = self._paragraphs(row, self._opening())
        for ranking in self.assessment.rankings:
            row = self._ranking(row, ranking)
        row = self._paragraphs(row, self._objections())
        row = self._signature(row + 1)
        second = row + 1
        row = self._title(second, f"关于{scheme.title}情况的通报{mark}")
        row = self._paragraphs(row, self._circular())
        row = self._signature(row + 1)
        sheet.print_on_a4()
        sheet.print_area(0, 0, row, self.columns - 1)
        sheet.set_h_pagebreaks([second])

    def _title(self, row: int, text: str) -> int:
        look = self.book.format(font_name=style.TITLE_FONT, font_size=16, align="center", text_wrap=True)
        if row == 0:
            self.sheet.headline(text, self.columns, look, 48)
        else:
            self.sheet.spread(row, 0, row, self.columns - 1, text, look)
            self.sheet.set_row(row, 48)
        return row + 1

    def _paragraphs(self, row: int, texts: Sequence[str]) -> int:
        look = self.book.format(font_size=12, text_wrap=True, valign="top")
        for text in texts:
            self.sheet.spread(row, 0, row, self.columns - 1, f"　　{text}", look)
            self.sheet.set_row(row, 8 + 18 * style.lines(f"　　{text}", self.width - 2, 12))
            row += 1
        return row

    def _signature(self, row: int) -> int:
        look = self.book.format(font_size=12, align="right")
        for text in (self.assessment.scheme.office, "年　　月　　日　　　"):
            self.sheet.spread(row, 0, row, self.columns - 1, text, look)
            self.sheet.set_row(row, 22)
            row += 1
        return row

    def _ranking(self, row: int, ranking: Ranking) -> int:
        """The units in their order, in two halves; those without a rank below."""
        sheet, half = self.sheet, len(self.labels)
        sheet.spread(row, 0, row, self.columns - 1, f"{ranking.name}（{ranking.size} 个单位）", self.head)
        sheet.put_row(row + 1, [*self.labels] * 2, self.head)
        row += 2
        lines: list[dict[str, Cell]] = [
            {
                RANK: ranking.ranks[unit.number],
                GRADE: ranking.graded[unit.number].text if ranking.graded else "",
                UNIT: unit.name,
                WHOLE_SCORE: ranking.totals[unit.number] / CENT,
                MERIT: ranking.merit.get(unit.number, ""),
            }
            for unit in ranking.ranked()
        ]
        height = -(-len(lines) // 2)
        for place in range(height):  # row by row: the workbook keeps no more in memory
            for first, line in ((0, place), (half, place + height)):
                cells = lines[line] if line < len(lines) else {}
                for column, label in enumerate(self.labels, first):
                    sheet.put(row, column, cells.get(label, ""), self.looks.get(label, self.text))
            row += 1
        if ranking.graded_by:
            row = self._paragraphs(row, [f"等次按“{basis(ranking)}”评定，不按总分。"])
        silent = (
            (f"{NO_TOTAL}、没有名次", ranking.without_total),
            ("未报送、按零分计", ranking.zeroed),
            ("未报送、没有名次", ranking.missing),
            ("未报送、不参评", ranking.excluded),
        )
        for told, units in silent:
            if units:
                row = self._paragraphs(row, [f"{told}：{_named([unit.name for unit in units])}。"])
        return row

    def _opening(self) -> list[str]:
        scheme = self.assessment.scheme
        text = f"根据{scheme.document}，现将{scheme.title}结果予以公示。"
        if self.assessment.provisional:
            waiting = "；".join(
                f"{each.name}{'、'.join(told)}" for each in self.assessment.rankings if (told := each.still_open())
            )
            text += f"本稿为征求意见稿，名次为暂定：{waiting}，定稿前还可能变动。"
        return [text]

    def _objections(self) -> list[str]:
        scheme = self.assessment.scheme
        days = scheme.round.objection_days
        until = f"在公示之日起 {days} 日内" if days else ""
        how = f"（{ways}）" if (ways := scheme.round.ways()) else ""
        return [
            f"对公示结果有异议的，请{until}以书面形式向{scheme.office}反映{how}，写明单位、指标编号、理由并附依据。"
        ]

    # ── the circular ──

    def _circular(self) -> list[str]:
        scheme = self.assessment.scheme
        told = [f"根据{scheme.document}，{scheme.office}组织了{scheme.title}，现将有关情况通报如下。"]
        numbers = "一二三四五六七八九十"
        parts = [self._reported(), *map(self._told, self.assessment.rankings), self._vetoed(), self._burdened()]
        told += [f"{numbers[place % len(numbers)]}、{part}" for place, part in enumerate(filter(None, parts))]
        if self.assessment.provisional:
            told.append("以上为暂定结果，定稿前还可能变动。")
        return told

    def _reported(self) -> str:
        units = self.assessment.scheme.units
        names: dict[str, list[str]] = {REPORTED: [], TO_CORRECT: [], MISSING: []}
        for unit in units:
            fate = self.assessment.returns.decided.get(unit.number)
            names[self.assessment.state(unit)].append(f"{unit.name}（{fate.decision}）" if fate else unit.name)
        text = f"报送情况。应报 {len(units)} 个单位，已报送 {len(units) - len(names[MISSING])} 个。"
        if names[TO_CORRECT]:
            text += f"其中待补正 {len(names[TO_CORRECT])} 个：{_named(names[TO_CORRECT])}。"
        if names[MISSING]:
            text += f"未报送 {len(names[MISSING])} 个：{_named(names[MISSING])}。"
        return text

    def _told(self, ranking: Ranking) -> str:
        ordered = ranking.ranked()
        if not ordered:
            return f"{ranking.name}。没有单位报送。"
        totals = [ranking.totals[unit.number] for unit in ordered]
        average = two_places(half_up(sum(totals), len(totals)))
        text = f"{ranking.name}。{len(ordered)} 个单位参加排名，平均 {average} 分。"
        text += f"名次在前的：{self._places(ranking, ordered[:ENDS])}。"
        if last := ordered[max(ENDS, len(ordered) - ENDS) :]:
            text += f"名次在后的：{self._places(ranking, last)}。"
        if graded := "；".join(_graded(ranking)):
            by = f"（按“{basis(ranking)}”）" if ranking.graded_by else ""
            text += f"等次{by}：{graded}。"
        for scores in ranking.forms:
            whose = scores.form.name if ranking.grouped else ""
            if lowest := "；".join(self._lowest(scores)):
                text += f"{whose}得分率最低的指标：{lowest}。"
            if taken := "；".join(self._taken_off(scores)):
                text += f"{whose}扣分项：{taken}。"
        return text

    @staticmethod
    def _places(ranking: Ranking, units: Sequence[Unit]) -> str:
        return "、".join(
            f"第 {ranking.ranks[unit.number]} 名{unit.name}（{two_places(ranking.totals[unit.number])} 分）"
            for unit in units
        )

    @staticmethod
    def _lowest(scores: Scores) -> Iterator[str]:
        """The items with points of their own that brought the smallest share of them."""
        brought = [
            (sum(having), len(having), item)
            for item in scores.form.items
            if item.worth.high
            and item.worth.counted
            and not item.worth.bonus
            and (having := scores.having(item.code))
        ]
        short = sorted(brought, key=lambda each: Fraction(each[0], each[1] * each[2].worth.high))
        for sum_, count, item in short[:LOWEST]:
            if sum_ < item.worth.high * count:
                average, rate = half_up(sum_, count), plain(half_up(1000 * sum_, item.worth.high * count), 10)
                yield f"{_item(item)}平均 {two_places(average)} 分，得分率 {rate if '.' in rate else f'{rate}.0'}%"

    @staticmethod
    def _taken_off(scores: Scores) -> Iterator[str]:
        """What items take off on average, none more than its 考核项目 takes (K9)."""
        for section in scores.form.sections:
            least = section.worth.low if section.worth.takes_off else -NO_END
            for item in section.items:
                if not item.worth.high and scores.units:
                    sum_ = -sum(max(least, amount) for amount in scores.items[item.code].tolist())
                    if sum_ > 0:
                        yield f"{_item(item)}平均扣 {two_places(half_up(sum_, len(scores.units)))} 分"

    def _vetoed(self) -> str:
        told = []
        for unit in self.assessment.cancelled:
            records = self.assessment.vetoed[unit.number]
            titles = "、".join(dict.fromkeys(r.veto.text for r in records if r.veto.does(CANCEL)))
            told.append(f"{unit.name}（{titles}）")
        return f"取消年度评优资格的单位。{_listed(told)}。" if told else ""

    def _burdened(self) -> str:
        """Of whom circumstances did something else."""
        told = []
        for unit in self.assessment.burdened:
            vetoes = {record.veto.code: record.veto for record in self.assessment.vetoed[unit.number]}.values()
            done = [[veto.text, *(e.text for e in veto.effects if e.kind != CANCEL)] for veto in vetoes]
            told.append(f"{unit.name}（{'；'.join('，'.join(each) for each in done if each[1:])}）")
        return f"因有关情形扣分、降等的单位。{_listed(told)}。" if told else ""


def _graded(ranking: Ranking) -> Iterator[str]:
    """How many units have each grade, and which the best."""
    for place, (name, units) in enumerate(by_grade(ranking)):
        names = f"（{_named([unit.name for unit in units])}）" if units and not place else ""
        yield f"{name} {len(units)} 个{names}"


def _item(item: Item) -> str:
    return f"{item.code}（{item.content}）"


def _listed(told: Sequence[str]) -> str:
    more = f"等 {len(told)} 个单位" if len(told) > MOST_NAMED else ""
    return f"{'；'.join(told[:MOST_NAMED])}{more}"


def _named(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个单位" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more

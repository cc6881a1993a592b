"""Writes 评分表: the official annex to the eye, with a form at its right that explains and checks itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assess_xlsx import style
from assess_xlsx.amounts import CENT, plain
from assess_xlsx.facts import GOOD, NOT_NEEDED, OFFICE, OPTIONAL, UNFILLED
from assess_xlsx.form_pages import Pages
from assess_xlsx.kinds import Choice, Raw, is_blank, shown
from assess_xlsx.layout import (
    ADVICE_COL,
    ANNEX_COLUMNS,
    CHECK_COL,
    CODE_COL,
    CONTACTS,
    CONTENT_COL,
    CRITERIA_COL,
    EVIDENCE_COL,
    FACT_COL,
    FORM_SHEET,
    GUIDE_SHEET,
    GUIDE_UNITS_COL,
    GUIDE_UNITS_ROW,
    METHOD_COL,
    PERIOD,
    PERIOD_CELL_COL,
    PERIOD_LABEL_COL,
    POINTS_COL,
    SCORE_COL,
    SECTION_COL,
    TOTAL,
    UNIT_CELL_COL,
    VALUE_COL,
    FormLayout,
    cell_name,
    headings,
    version_text,
)

if TYPE_CHECKING:
    import io
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from assess_xlsx.facts import Fact
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme import Form, Item, Scheme

WIDTHS = (13, 8, 16, 40, 6.5, 8, 9, 27, 13, 50, 24, 27)
LINE_HEIGHT = 15
PAGE_HEIGHT = 745
"""Points of rows on an A4 page between the margins, unscaled."""


@dataclass(frozen=True)
class Filling:
    """What stands in a form that is not blank."""

    unit: str = ""
    period: str = ""
    entries: Mapping[str, Raw] = field(default_factory=dict)
    """What stands in 填报值, by fact key."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)
    """Cents by item code, as the sheet's own formulas give them: the cached values."""
    saved: dt.datetime | None = None
    faults: Sequence[Problem] = ()
    """What is to be mended in a form that goes back to its unit; a fault with a cell gets a note."""


def write(target: Path | io.BytesIO, scheme: Scheme, form: Form, filling: Filling | None = None) -> None:
    """Writes a form, blank or filled, with honest cached values in every formula."""
    filling = filling or Filling()
    issued = dt.datetime.combine(scheme.issued, dt.time())
    book = style.Book(target, "".join(form.title), filling.saved or issued)
    pages = Pages(form, filling, book)
    if filling.faults:
        pages.faults()
    _Writer(scheme, form, filling, book).sheet()
    pages.guide()
    pages.sign_page()
    book.close()


class _Writer:
    def __init__(self, scheme: Scheme, form: Form, filling: Filling, book: style.Book) -> None:
        self.scheme, self.form, self.filling, self.book = scheme, form, filling, book
        self.layout = FormLayout.of(form)
        entries = {fact.key: fact.entered(filling.entries.get(fact.key)) for fact in form.facts}
        self.checks = {fact.key: fact.check(entries) for fact in form.facts}
        self.blank = all(is_blank(filling.entries.get(fact.key)) for item in form.items for fact in item.facts)

    # ── 评分表 ──

    def sheet(self) -> None:
        sheet, layout = self.book.sheet(FORM_SHEET), self.layout
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        self._heading(sheet)
        heights = self._heights()
        for row, height in heights.items():
            sheet.set_row(row, height)
        self._annex(sheet)
        for fact in self.form.facts:
            self._fact_row(sheet, fact)
        self._below(sheet)
        sheet.freeze_panes(layout.first_row, 0)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.45, right=0.45, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.print_area(0, 0, layout.last_row, ANNEX_COLUMNS - 1)
        sheet.repeat_rows(layout.header_row)
        sheet.set_footer("&L自评记分，以核定为准&R第 &P 页，共 &N 页")
        sheet.set_h_pagebreaks(self._page_breaks(heights))
        sheet.set_zoom(90)
        sheet.set_selection(layout.unit_row, UNIT_CELL_COL, layout.unit_row, UNIT_CELL_COL)

    def _heading(self, sheet: Worksheet) -> None:
        book, layout = self.book, self.layout
        sheet.write_string(0, 0, self.form.annex, book.format(font_name=style.TITLE_FONT, font_size=12))
        title = book.format(font_name=style.TITLE_FONT, font_size=16, align="center")
        for row, line in enumerate(self.form.title, 1):
            sheet.merge_range(row, 0, row, ANNEX_COLUMNS - 1, line, title)
            sheet.set_row(row, 26)
        label = book.format(font_size=11)
        box = book.format(font_size=11, bottom=1, locked=False)
        sheet.set_row(layout.unit_row, 24)
        sheet.write_string(layout.unit_row, 0, f"{self.form.unit_label}：", label)
        self._merge(sheet, layout.unit_row, UNIT_CELL_COL, layout.unit_row, CONTENT_COL, self.filling.unit, box)
        sheet.write_string(layout.unit_row, PERIOD_LABEL_COL, f"{PERIOD}：", book.format(font_size=11, align="right"))
        self._merge(sheet, layout.unit_row, PERIOD_CELL_COL, layout.unit_row, SCORE_COL, self.filling.period, box)
        for column in (UNIT_CELL_COL, PERIOD_CELL_COL):  # filled and printed, they look as in the annex
            cell = cell_name(layout.unit_row, column, fixed=True)
            self._highlight(sheet, layout.unit_row, column, f'={cell}=""', bg_color=style.MISSING)
        first, last = GUIDE_UNITS_ROW, GUIDE_UNITS_ROW + len(self.form.units) - 1
        names = f"{cell_name(first, GUIDE_UNITS_COL, fixed=True)}:{cell_name(last, GUIDE_UNITS_COL, fixed=True)}"
        sheet.data_validation(
            layout.unit_row,
            UNIT_CELL_COL,
            layout.unit_row,
            UNIT_CELL_COL,
            {
                "validate": "list",
                "source": f"={GUIDE_SHEET}!{names}",
                "input_title": self.form.unit_label,
                "input_message": "请从下拉列表选择本单位。",
                "error_title": "不是考核对象",
                "error_message": f"请从下拉列表选择{self.form.unit_label}，名称须与考核对象名单一致。",
            },
        )
        note = book.format(text_wrap=True, valign="top", font_color=style.BLUE)
        sheet.merge_range(
            0,
            CODE_COL,
            layout.unit_row,
            CHECK_COL,
            "填报区（不打印）\n"
            f"① 左侧黄底处选{self.form.unit_label}、填{PERIOD}；"
            "② 右侧“填报值”一列只填黄底单元格，深黄色是必填而未填的；\n"
            f"③ “校验”显示“{GOOD}”即可，其他文字说明缺什么、怎样改；④ 表下方填报一票否决自查和填报人；"
            "⑤ “记分”自动计算，不需填写。",
            note,
        )
        official = book.format(font_name=style.TITLE_FONT, align="center", border=1, text_wrap=True, font_size=11)
        own = book.format(
            font_name=style.TITLE_FONT, align="center", border=1, bg_color=style.PALE_BLUE, font_size=11
        )
        sheet.set_row(layout.header_row, 26)
        for column, text in enumerate(headings(self.form)):
            sheet.write_string(layout.header_row, column, text, official if column < ANNEX_COLUMNS else own)

    @staticmethod
    def _merge(sheet: Worksheet, row: int, col: int, last_row: int, last_col: int, text: str, box: Format) -> None:
        """One cell or a merged range, whichever the span is."""
        if (row, col) == (last_row, last_col):
            sheet.write_string(row, col, text, box) if text else sheet.write_blank(row, col, None, box)
        else:
            sheet.merge_range(row, col, last_row, last_col, "", box)
            if text:
                sheet.write_string(row, col, text, box)

    def _heights(self) -> dict[int, float]:
        """Row heights in points that leave no text of the annex or of the form cut off."""
        layout = self.layout
        heights: dict[int, float] = {
            layout.rows[fact.key]: 8
            + LINE_HEIGHT
            * max(style.lines(fact.label, WIDTHS[FACT_COL]), style.lines(fact.advice(), WIDTHS[ADVICE_COL]))
            for fact in self.form.facts
        }

        def stretch(first: int, last: int, text: str, column: int) -> None:
            lacking = (
                10
                + LINE_HEIGHT * style.lines(text, WIDTHS[column])
                - sum(heights[row] for row in range(first, last + 1))
            )
            if lacking > 0:
                for row in range(first, last + 1):
                    heights[row] += lacking / (last - first + 1)

        for item in self.form.items:
            stretch(*layout.item_span(item), item.text, CRITERIA_COL)
        for spans, column in (
            (layout.content_spans(), CONTENT_COL),
            (layout.method_spans(), METHOD_COL),
            (layout.section_spans(), SECTION_COL),
        ):
            for span in spans:
                stretch(*span, column)
        return {row: round(height) for row, height in heights.items()}

    def _page_breaks(self, heights: dict[int, float]) -> list[int]:
        """Rows before which a page ends: between sections where one fits a page, else between 考核内容."""
        layout, breaks = self.layout, []
        header = 26
        used: float = 20 + 26 * len(self.form.title) + 24 + header

        def height(first: int, last: int) -> float:
            return sum(heights[row] for row in range(first, last + 1))

        sections = {span.first: height(span.first, span.last) for span in layout.section_spans()}
        for span in layout.content_spans():
            block = height(span.first, span.last)
            whole = sections.get(span.first, block)
            if used + (whole if header + whole <= PAGE_HEIGHT else block) > PAGE_HEIGHT:
                breaks.append(span.first)
                used = header
            used += block
        return breaks

    def _annex(self, sheet: Worksheet) -> None:
        book, layout = self.book, self.layout
        left = book.format(border=1, text_wrap=True)
        middle = book.format(border=1, text_wrap=True, align="center")
        for span in layout.section_spans():
            self._merge(sheet, span.first, SECTION_COL, span.last, SECTION_COL, span.text, left)
        for span in layout.method_spans():
            self._merge(sheet, span.first, METHOD_COL, span.last, METHOD_COL, span.text, middle)
        for span in layout.content_spans():
            self._merge(sheet, span.first, CONTENT_COL, span.last, CONTENT_COL, span.text, left)
        score = book.format(border=1, align="center", num_format="0.00", bold=True)
        for item in self.form.items:
            first, last = layout.item_span(item)
            self._merge(sheet, first, CRITERIA_COL, last, CRITERIA_COL, item.text, left)
            self._merge(sheet, first, POINTS_COL, last, POINTS_COL, item.points_text, middle)
            self._merge(sheet, first, SCORE_COL, last, SCORE_COL, "", score)
            sheet.write_formula(first, SCORE_COL, f"={self._score_formula(item)}", score, self._shown(item))

    def _score_formula(self, item: Item) -> str:
        """记分: nothing until every fact that decides it is settled, then the rule (K15, K20)."""
        layout = self.layout
        tests = [fact.settled(layout.check_cell) for fact in item.looks_at]
        if item.worth.bonus:  # blank bonus facts are 0, but a blank form shows nothing
            first, last = layout.first_row, layout.last_row
            inputs = f"{cell_name(first, VALUE_COL, fixed=True)}:{cell_name(last, VALUE_COL, fixed=True)}"
            tests.append(f"COUNTA({inputs})>0")
        guard = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        return f'IF({guard},{item.rule.formula(layout.value_cell)},"")'

    def _shown(self, item: Item) -> str | float:
        """What the 记分 formula gives for this filling."""
        if not all(fact.is_settled(self.checks[fact.key]) for fact in item.looks_at):
            return ""
        if item.worth.bonus and self.blank:
            return ""
        return "待排名" if item.ranked else self.filling.scores[item.code] / CENT

    def _fact_row(self, sheet: Worksheet, fact: Fact) -> None:
        book, layout = self.book, self.layout
        row = layout.rows[fact.key]
        grid = {"border": 1, "border_color": style.LINE}
        text = book.format(text_wrap=True, **grid)
        sheet.write_string(row, CODE_COL, fact.code, book.format(align="center", **grid))
        sheet.write_string(row, FACT_COL, fact.label, text)
        sheet.write_string(row, ADVICE_COL, fact.advice(), book.format(text_wrap=True, font_color=style.GREY, **grid))
        box = book.format(
            align="center", num_format=fact.kind.format, bg_color=style.INPUT, locked=False, bold=True, **grid
        )
        fault = next((each for each in self.filling.faults if each.place.cell and self._about(each, fact)), None)
        if fault:
            box = book.format(
                align="center", num_format=fact.kind.format, bg_color=style.FAULT, locked=False, bold=True, **grid
            )
            words = style.clean(f"{fault.text}\n{fault.remedy}")
            sheet.write_comment(row, VALUE_COL, words, {"author": "考核办", "x_scale": 2, "y_scale": 1.3})
        raw = self.filling.entries.get(fact.key)
        if is_blank(raw):
            sheet.write_blank(row, VALUE_COL, None, box)
        elif isinstance(raw, int | float) and not isinstance(raw, bool):
            sheet.write_number(row, VALUE_COL, raw, box)
        else:
            sheet.write_string(row, VALUE_COL, shown(raw), box)
        evidence = self.filling.evidence.get(fact.key, "")
        open_text = book.format(text_wrap=True, bg_color=style.INPUT, locked=False, **grid)
        self._merge(sheet, row, EVIDENCE_COL, row, EVIDENCE_COL, evidence, open_text)
        sheet.write_formula(
            row,
            CHECK_COL,
            f"={fact.check_formula(layout.value_cell, layout.check_cell)}",
            book.format(text_wrap=True, font_color=style.RED, **grid),
            self.checks[fact.key],
        )
        self._validation(sheet, row, fact)
        check = f"${cell_name(row, CHECK_COL)}"
        if fact.must and not fault:
            self._highlight(sheet, row, VALUE_COL, f'={check}="{UNFILLED}"', bg_color=style.MISSING)
        if fact.only_with:
            self._highlight(sheet, row, VALUE_COL, f'={check}="{NOT_NEEDED}"', bg_color=style.NEEDLESS)
        fine = ",".join(f'{check}="{text}"' for text in (GOOD, NOT_NEEDED, OPTIONAL, OFFICE))
        self._highlight(sheet, row, CHECK_COL, f"=OR({fine})", font_color=style.GREEN)

    def _highlight(self, sheet: Worksheet, row: int, column: int, criteria: str, **look: str) -> None:
        """Another look for a cell while a condition holds."""
        rule = {"type": "formula", "criteria": criteria, "format": self.book.workbook.add_format(look)}
        sheet.conditional_format(row, column, row, column, rule)

    @staticmethod
    def _about(fault: Problem, fact: Fact) -> bool:
        return (fault.place.code, fault.place.fact) == (fact.code, fact.label)

    def _validation(self, sheet: Worksheet, row: int, fact: Fact) -> None:
        limit = self.layout.value_cell(fact.limit) if fact.limit else None
        rule = fact.kind.validation(self.layout.value_cell(fact), limit)
        choice = isinstance(fact.kind, Choice)
        sheet.data_validation(
            row,
            VALUE_COL,
            row,
            VALUE_COL,
            rule
            | {
                "input_title": fact.label[:32],
                "input_message": f"{fact.advice()}。"[:255],
                "error_title": "填报值不符合要求",
                "error_message": (f"“{fact.label}”请{'从下拉列表选' if choice else '填'}{fact.allowed()}。")[:255],
            },
        )

    def _below(self, sheet: Worksheet) -> None:
        """自评合计, the declarations' heading, contacts and the version line: none of it is printed."""
        book, layout = self.book, self.layout
        label = book.format(font_name=style.TITLE_FONT, align="right")
        ranked = "、".join(item.code for item in self.form.items if item.ranked)
        notes = [f"不含{ranked}"] if ranked else []
        notes += ["已按权重折算"] if any(section.weight_text for section in self.form.sections) else []
        notes += [f"最多计{plain(self.form.cap)}分"] if self.form.cap is not None else []
        text = f"{TOTAL}（{'，'.join(notes)}）" if notes else TOTAL
        sheet.merge_range(layout.total_row, 0, layout.total_row, POINTS_COL, text, label)
        total = book.format(bold=True, align="center", num_format="0.00", border=1)
        formula, value = self._total()
        sheet.write_formula(layout.total_row, SCORE_COL, formula, total, value)
        sheet.set_row(layout.total_row, 22)
        sheet.set_row(layout.veto_row, 22)
        sheet.write_string(
            layout.veto_row,
            CODE_COL,
            "一票否决自查（请如实选填；瞒报一经核实，取消评优资格并追责）",
            book.format(font_name=style.TITLE_FONT, font_color=style.RED),
        )
        box = book.format(bottom=1, bg_color=style.INPUT, locked=False, num_format="@")
        for offset, name in enumerate(CONTACTS):
            row = layout.contacts_row + offset
            sheet.set_row(row, 22)
            sheet.write_string(row, FACT_COL, f"{name}：", book.format(align="right"))
            self._merge(sheet, row, VALUE_COL, row, ADVICE_COL, self.filling.contacts.get(name, ""), box)
        sheet.write_string(
            layout.version_row,
            CODE_COL,
            version_text(self.scheme, self.form),
            book.format(font_size=8, font_color=style.GREY),
        )

    def _total(self) -> tuple[str, str | float]:
        """自评合计: the sections' sums within their bounds, summed; nothing while no item shows a score."""
        layout = self.layout
        parts, total, shown = [], 0, False
        for section in self.form.sections:
            first = cell_name(layout.item_span(section.items[0])[0], SCORE_COL)
            last = cell_name(layout.item_span(section.items[-1])[1], SCORE_COL)
            parts.append(section.formula(f"SUM({first}:{last})"))
            values = [value for item in section.items if isinstance(value := self._shown(item), float)]
            shown = shown or bool(values)
            total += section.score(sum(round(value * CENT) for value in values))
        scores = f"{cell_name(layout.first_row, SCORE_COL)}:{cell_name(layout.last_row, SCORE_COL)}"
        formula = f'=IF(COUNT({scores})=0,"",{self.form.total_formula("+".join(parts))})'
        return formula, self.form.total(total) / CENT if shown else ""

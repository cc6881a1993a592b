"""What all copies of a form share, worked out once: row heights, page breaks, formulas, validations. No writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx.excel import style
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.layout import Col, FormLayout
from assess_xlsx.scheme.answer_kinds import Choice

if TYPE_CHECKING:
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Item

WIDTHS = (13, 8, 16, 40, 6.5, 8, 9, 27, 13, 50, 24, 27)
LINE_HEIGHT = 15
PAGE_HEIGHT = 745
"""Points of rows on an A4 page between the margins, unscaled."""


class Plan:
    """A form's 评分表, but for what a unit fills in."""

    def __init__(self, form: Form) -> None:
        self.form, self.places = form, FormLayout.of(form)
        self.heights = self._heights()
        """Points by row."""
        self.page_breaks = self._page_breaks()
        self.scores = {item.code: self._score_formula(item) for item in form.items}
        """记分 by item code."""
        self.checks = {
            fact.key: fact.check_formula(self.places.value_cell, self.places.check_cell) for fact in form.facts
        }
        """校验 by fact key."""
        self.advice = {fact.key: fact.advice() for fact in form.facts}
        self.validations = {fact.key: self._validation(fact) for fact in form.facts}

    def _heights(self) -> dict[int, float]:
        """Row heights in points that leave no text of the annex or of the form cut off."""
        places = self.places
        heights: dict[int, float] = {
            places.rows[fact.key]: 8
            + LINE_HEIGHT
            * max(style.lines(fact.label, WIDTHS[Col.FACT]), style.lines(fact.advice(), WIDTHS[Col.ADVICE]))
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
            stretch(*places.item_span(item), item.text, Col.CRITERIA)
        for spans, column in (
            (places.content_spans(), Col.CONTENT),
            (places.method_spans(), Col.METHOD),
            (places.section_spans(), Col.SECTION),
        ):
            for span in spans:
                stretch(*span, column)
        return {row: round(height) for row, height in heights.items()}

    def _page_breaks(self) -> list[int]:
        """Rows before which a page ends: between sections where one fits a page, else between 考核内容."""
        places, heights, breaks = self.places, self.heights, []
        header = 26
        used: float = 20 + 26 * len(self.form.title) + 24 + header

        def height(first: int, last: int) -> float:
            return sum(heights[row] for row in range(first, last + 1))

        sections = {span.first: height(span.first, span.last) for span in places.section_spans()}
        for span in places.content_spans():
            block = height(span.first, span.last)
            whole = sections.get(span.first, block)
            if used + (whole if header + whole <= PAGE_HEIGHT else block) > PAGE_HEIGHT:
                breaks.append(span.first)
                used = header
            used += block
        return breaks

    def _score_formula(self, item: Item) -> str:
        """记分: nothing until every fact that decides it is settled, then the rule (K15, K20)."""
        places = self.places
        tests = [fact.settled(places.check_cell) for fact in item.looks_at]
        if item.worth.bonus:  # blank bonus facts are 0, but a blank form shows nothing
            first, last = places.first_row, places.last_row
            inputs = f"{cell_name(first, Col.VALUE, fixed=True)}:{cell_name(last, Col.VALUE, fixed=True)}"
            tests.append(f"COUNTA({inputs})>0")
        guard = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        return f'IF({guard},{item.rule.formula(places.value_cell)},"")'

    def _validation(self, fact: Fact) -> dict[str, Any]:
        limit = self.places.value_cell(fact.limit) if fact.limit else None
        choice = isinstance(fact.kind, Choice)
        return fact.kind.validation(self.places.value_cell(fact), limit) | {
            "input_title": fact.label[:32],
            "input_message": f"{self.advice[fact.key]}。"[:255],
            "error_title": "填报值不符合要求",
            "error_message": (f"“{fact.label}”请{'从下拉列表选' if choice else '填'}{fact.allowed()}。")[:255],
        }

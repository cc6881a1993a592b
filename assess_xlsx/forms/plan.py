"""What all copies of a form share, worked out once: row heights, page breaks, formulas, validations. No writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx import layout
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.layout import Col, FormLayout
from assess_xlsx.scheme.answer_kinds import Choice
from assess_xlsx.scheme.facts import GOOD, NOT_NEEDED, OFFICE, OPTIONAL, UNFILLED, WAITS

if TYPE_CHECKING:
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Item

WIDTHS = (13, 8, 16, 40, 6.5, 8, 9, 27, 13, 35, 46, 60)
"""Of the columns: those up to 校验 stand side by side in a window of 1366 pixels."""
LINE_HEIGHT = 15
OPEN = "待核定"
"""记分 of an item of which only what the office fills is lacking."""

DONE = "已填完整，可以打印签章页"

LEAST_SCALE, MOST_SCALE = 78, 100
"""Percent of the size on the screen in which the annex may be printed."""
PAGE_HEIGHT = 735
"""Points of rows on an A4 page between the margins, unscaled."""


def progress(missing: int, wrong: int) -> str:
    """What the sheet's own formula shows."""
    if wrong:
        return f"还有 {missing} 项未填、{wrong} 项有误"
    return f"还有 {missing} 项未填" if missing else DONE


def _checks(fact: Fact) -> list[str]:
    """The longer of the sentences that 校验 of a fact may show."""
    texts = [fact.kind.wrong(""), fact.kind.needs()]
    texts += [f"不能超过“{fact.limit.label}”"] if fact.limit else []
    return texts + ([f"先改正“{fact.only_with.fact.label}”"] if fact.only_with else [])


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
        self.progress = self._progress_formula()
        """What is still to be filled and mended."""
        self.advice = {fact.key: fact.advice() for fact in form.facts}
        self.validations = {fact.key: self._validation(fact) for fact in form.facts}

    def _heights(self) -> dict[int, float]:
        """Row heights in points that leave no text of the annex or of the form cut off."""
        places = self.places
        heights: dict[int, float] = {
            places.rows[fact.key]: 8
            + LINE_HEIGHT
            * max(
                style.lines(fact.label, WIDTHS[Col.FACT]),
                style.lines(fact.advice(), WIDTHS[Col.ADVICE]),
                *(style.lines(text, WIDTHS[Col.CHECK]) for text in _checks(fact)),
            )
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
        """Rows before which a page ends: as few pages as are well readable, about equally full."""
        packed = (self._packed(PAGE_HEIGHT * 100 / scale) for scale in range(MOST_SCALE, LEAST_SCALE - 1, -1))
        return min(packed, key=len)

    def _packed(self, page_height: float) -> list[int]:
        """Pages filled one after the other; one ends between 考核内容."""
        places, breaks = self.places, []
        header = 26
        used: float = 20 + 26 * len(self.form.title) + 24 + header
        for span in places.content_spans():
            block = sum(self.heights[row] for row in range(span.first, span.last + 1))
            if used + block > page_height:
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
        lacking = '""'
        if any(fact.office for fact in item.looks_at):
            own = [fact.settled(places.check_cell) for fact in item.looks_at if not fact.office]
            lacking = f'IF(AND({",".join(own)}),"{OPEN}","")' if own else f'"{OPEN}"'
        return f"IF({guard},{item.rule.formula(places.value_cell)},{lacking})"

    def _progress_formula(self) -> str:
        """Counts what 校验 says: that something is missing, waits, or is wrong."""
        places = self.places
        marks = f"{cell_name(places.first_row, Col.CHECK, fixed=True)}:"
        marks += cell_name(places.contacts_row - 1, Col.CHECK, fixed=True)
        heads = (cell_name(places.unit_row, column) for column in (layout.UNIT_CELL_COL, layout.PERIOD_CELL_COL))
        missing = "+".join((f'COUNTIF({marks},"{UNFILLED}")', *(f'IF({cell}="",1,0)' for cell in heads)))
        fine = "-".join(f'COUNTIF({marks},"{text}")' for text in (GOOD, NOT_NEEDED, OPTIONAL, OFFICE, UNFILLED))
        waiting = f'COUNTIF({marks},"{WAITS}*")'
        wrong = f"{len(self.form.facts)}-{fine}-{waiting}"
        return (
            f'IF({wrong}>0,"还有 "&({missing})&" 项未填、"&({wrong})&" 项有误",'
            f'IF({missing}>0,"还有 "&({missing})&" 项未填","{DONE}"))'
        )

    def _validation(self, fact: Fact) -> dict[str, Any]:
        limit = self.places.value_cell(fact.limit) if fact.limit else None
        choice = isinstance(fact.kind, Choice)
        return fact.kind.validation(self.places.value_cell(fact), limit) | {
            "input_title": fact.label[:32],
            "input_message": f"{self.advice[fact.key]}。"[:255],
            "error_title": "填报值不符合要求",
            "error_message": (f"“{fact.label}”请{'从下拉列表选' if choice else '填'}{fact.allowed()}。")[:255],
        }

"""How high the rows of 评分表 are and where its printed pages end, so that every text is seen. It writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.excel import style
from assess_xlsx.layout import Col, taken_advice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.layout import FormLayout
    from assess_xlsx.scheme.facts import Fact

WIDTHS = (10, 6.5, 14, 40, 6, 6.5, 9, 27, 13, 35, 46, 176)
"""Of the columns: those up to 校验 stand side by side in a window of 1366 pixels, the annex is as wide as A4."""
LINE_HEIGHT = 15
EVIDENCE_SIZE, EVIDENCE_LINE = 9, 13
"""Points of 佐证说明 and of its lines."""
LEAST_HEIGHT = 40
"""Points of a fact's row: three such lines, in which 300 characters are seen."""
HEADER_HEIGHT = 34
SIZES = (10, 9, 8, 7, 6)
"""Points of the annex's letters: smaller ones where the rows cannot be high enough for the text."""

PAGE_HEIGHT = 750
"""Points of rows on an A4 page between the margins."""
MOST_STRETCH = 1.6
"""How much higher rows may become so that a page is full."""


class Paper:
    """The rows of a form, and its pages."""

    def __init__(self, places: FormLayout, advice: Mapping[str, str]) -> None:
        self.form, self.places, self._advice = places.form, places, advice
        self.heights = self._heights()
        """Points by row."""
        self.breaks = self._page_breaks()
        """Rows before which a page ends."""
        self._fill_pages()

    def _heights(self) -> dict[int, float]:
        """Row heights in points that leave no text of the annex or of the form cut off."""
        places = self.places
        heights: dict[int, float] = {
            places.rows[fact.key]: _within(
                LEAST_HEIGHT,
                8
                + LINE_HEIGHT
                * max(
                    style.lines(fact.label, WIDTHS[Col.FACT]),
                    style.lines(self._advice[fact.key], WIDTHS[Col.ADVICE]),
                    *(style.lines(text, WIDTHS[Col.CHECK]) for text in _checks(fact)),
                ),
            )
            for fact in self.form.facts
        }

        for row, (item, fact) in places.taken.items():
            lines = max(
                style.lines(item.label(fact), WIDTHS[Col.FACT]), style.lines(taken_advice(fact), WIDTHS[Col.ADVICE])
            )
            heights[row] = _within(LEAST_HEIGHT, 8 + LINE_HEIGHT * lines)

        def stretch(first: int, last: int, text: str, column: int) -> None:
            rows = sorted(range(first, last + 1), key=lambda row: -heights[row])
            lacking = _needed(text, column, self.size(first, last, text, column)) - sum(heights[row] for row in rows)
            for left, row in zip(range(len(rows), 0, -1), rows, strict=True):  # the highest first: it has least room
                more = max(0, min(lacking / left, style.MOST_HEIGHT - heights[row]))
                heights[row] += more
                lacking -= more

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

    @staticmethod
    def size(first: int, last: int, text: str, column: int) -> int:
        """Points of the letters of a text over so many rows: the largest in which they can hold it."""
        room = style.MOST_HEIGHT * (last - first + 1)
        return next((size for size in SIZES if _needed(text, column, size) <= room), SIZES[-1])

    def _page_breaks(self) -> list[int]:
        """As few pages as hold the annex, about equally full; they end between 考核内容 where that takes no more."""
        items = self._evenly([self.places.item_span(item) for item in self.form.items])
        contents = self._evenly([(span.first, span.last) for span in self.places.content_spans()])
        return contents if len(contents) == len(items) else items

    def _evenly(self, blocks: Sequence[tuple[int, int]]) -> list[int]:
        """The fewest pages that hold whole blocks, none fuller than so many need to be."""
        fewest = self._packed(blocks, 1)
        packed = (self._packed(blocks, fill / 100) for fill in range(100))
        return next((breaks for breaks in packed if len(breaks) == len(fewest)), fewest)

    def _packed(self, blocks: Sequence[tuple[int, int]], fill: float) -> list[int]:
        """Pages of so many rows' height, filled one after the other with whole blocks."""
        breaks: list[int] = []
        used = 0.0
        for first, last in blocks:
            height = self._height(first, last)
            if used and used + height > self._room(len(breaks)) * fill:
                breaks.append(first)
                used = 0
            used += height
        return breaks

    def _height(self, first: int, last: int) -> float:
        return sum(self.heights[row] for row in range(first, last + 1))

    def _room(self, page: int) -> float:
        """Points for the rows of the annex on a page."""
        return PAGE_HEIGHT - HEADER_HEIGHT - (0 if page else 20 + 26 * len(self.form.title) + 24)

    def _fill_pages(self) -> None:
        """Makes rows higher so that no page is left half empty, where there is more than one."""
        ends = [*self.breaks, self.places.last_row + 1] if self.breaks else []
        first = self.places.first_row
        for page, end in enumerate(ends):
            stretch = min(MOST_STRETCH, self._room(page) / self._height(first, end - 1))
            for row in range(first, end):
                self.heights[row] = min(style.MOST_HEIGHT, int(self.heights[row] * max(1, stretch)))
            first = end


def _needed(text: str, column: int, size: float) -> float:
    """Points that a text of the annex takes."""
    return 10 + LINE_HEIGHT * size / SIZES[0] * style.lines(text, WIDTHS[column], size)


def _within(least: float, needed: float) -> float:
    return min(style.MOST_HEIGHT, max(least, needed))


def _checks(fact: Fact) -> list[str]:
    """The longer of the sentences that 校验 of a fact may show."""
    texts = [fact.kind.wrong(""), fact.kind.needs()]
    texts += [f"不能超过“{fact.limit.label}”"] if fact.limit else []
    for condition in fact.conditions:
        texts += [f"先改正“{condition.fact.label}”", condition.undecided()]
    return texts

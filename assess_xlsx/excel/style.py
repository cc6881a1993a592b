"""How all that is written looks alike: fonts, colours, how wide Chinese text is. It writes nothing itself."""

from __future__ import annotations

from functools import lru_cache

FONT = "宋体"
TITLE_FONT = "黑体"
INK, GREY, LINE = "#1F2933", "#6B7280", "#9AA5B1"
BLUE, PALE_BLUE, PALE_GREY = "#1F4E79", "#DCE6F1", "#F3F4F6"
INPUT, MISSING, FAULT, NEEDLESS = "#FFFBE6", "#FFD966", "#F4A6A0", "#E5E7EB"
RED, PALE_RED, GREEN, ORANGE, PALE_ORANGE = "#B42318", "#FDE2E0", "#2E7D32", "#9C5700", "#FFEBCC"

MOST_HEIGHT = 409
"""Points that a row can have."""
PIXELS_PER_CHAR = 7
CELL_PADDING = 5
PIXELS_PER_POINT = 96 / 72


def text_width(text: str) -> int:
    """Columns of a fixed-width font: a Chinese character takes two."""
    return len(text.encode("gbk", "replace"))


@lru_cache(maxsize=20_000)  # the same words come back on every row and every form
def lines(text: object, column_width: float, font_size: float = 10) -> int:
    """Lines that a text takes in a cell that wraps, for a column of so many characters; all else takes one."""
    if not isinstance(text, str):
        return 1
    room = (column_width * PIXELS_PER_CHAR - CELL_PADDING) / (font_size * PIXELS_PER_POINT / 2)
    columns = max(2, int(room) - 1)
    if len(text) * 2 <= columns and "\n" not in text:
        return 1
    return sum(max(1, -(-text_width(line) // columns)) for line in text.split("\n"))


def fitted(texts: list[str], least: float = 6, most: float = 40) -> float:
    """A column width that shows the longest of the texts, within bounds."""
    longest = max((text_width(line) for text in texts for line in text.split("\n")), default=0)
    return min(most, max(least, longest * 1.05 + 2))

"""Whole numbers in Chinese words: ``三``, ``二十五``, ``一千零六``. What could mean two numbers is none."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_SAME = str.maketrans("〇两俩壹贰叁肆伍陆柒捌玖拾佰仟萬", "零二二一二三四五六七八九十百千万")
MOST = 99_999_999


def value(text: str) -> int | None:
    """The number that a text writes out in full; None where it writes none, or not as one is written."""
    same = text.translate(_SAME)
    read = _read(same)
    # ``三四项`` and ``三百五`` are read as something, and nobody writes that number so
    return read if read is not None and same in _written(read) else None


def counting(number: int) -> str:
    """A number as it stands before what is counted: ``两``, ``四``, ``十二``."""
    return "两" if number == 2 else min(_written(number), key=len)  # noqa: PLR2004


def _read(text: str) -> int | None:
    """The sum of all that stands there, in whatever order."""
    whole = part = digit = 0
    if not text:
        return None
    for each in text:
        if each in _DIGITS:
            digit = _DIGITS.index(each)
        elif each in _UNITS[1:]:
            part += (digit or 1) * 10 ** _UNITS.index(each)
            digit = 0
        elif each == "万":
            whole, part, digit = (part + digit) * 10_000, 0, 0
        else:
            return None
    return whole + part + digit


def _written(number: int) -> set[str]:
    """The ways in which a number is written; with 十 or 一十 where it begins."""
    if not 0 < number <= MOST:
        return {_DIGITS[0]} if number == 0 else set()
    high, low = divmod(number, 10_000)
    text = _group(low)
    if high:
        text = f"{_group(high)}万{'零' if 0 < low < 1000 else ''}{text}"  # noqa: PLR2004
    return {text, text.removeprefix("一")} if text.startswith("一十") else {text}


def _group(number: int) -> str:
    """A number below 10,000; one 零 for the places between digits that are empty."""
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _UNITS[place]
            gap = False
        else:
            gap = True
    return text

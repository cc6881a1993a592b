"""Number formats (``0.00%``, ``0"万"``): what a cell shows of the number, or the text, that stands in it."""

from __future__ import annotations

import operator
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from msgspec import Struct

from assess_xlsx.excel.marks import Look, Mark

_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?|\\.)|(?P<space>[_*].)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)"""
    r"""|(?P<number>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)(?:E[+-]0+)?|(?P<other>.)""",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
_HOLDS = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_DATES = set("ymdhsYMDHSeEbB")
GENERAL, TEXT = "General", "@"
_SECTIONS = re.compile(r""";(?=(?:[^"]*"[^"]*")*[^"]*$)""")
_TEXT_SECTION = 4


def same_percentage(one: Decimal, other: Decimal) -> bool:
    """Whether two are the same to two decimals of a percent."""
    return len({(each * 100).to_integral_value(ROUND_HALF_UP) for each in (one, other)}) == 1


class _Section(Struct, frozen=True):
    """What stands before and behind the number."""

    before: str
    behind: str
    number: str
    """Its placeholders, ``General`` or ``@``; empty where no number is shown."""
    percent: bool
    odd: bool
    """It shows a date, a fraction, a number cut into pieces or scaled."""
    condition: tuple[str, float] | None

    @property
    def plain(self) -> bool:
        """It shows a whole number as it is."""
        shown = "0" in self.number or self.number in (GENERAL, TEXT)
        return shown and not (self.before or self.behind or self.odd or self.percent or self.condition)

    def digits(self, value: Decimal) -> str:
        """The number that is shown, rounded as the placeholders say, without separators."""
        if not self.number:
            return ""
        if self.number in (GENERAL, TEXT):
            return f"{value.normalize():f}"
        places = len(self.number.partition(".")[2])
        whole = value == value.to_integral_value()  # one may be too large to be written with decimals
        rounded = value if whole else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return "" if not rounded and "0" not in self.number else f"{rounded.normalize():f}"


class NumberFormat(Struct, frozen=True):
    """A number format, by its sections."""

    sections: tuple[_Section, ...]

    @property
    def plain(self) -> bool:
        """It shows every whole number, from 0 on, as it is."""
        return self.sections[0].plain and (len(self.sections) < 3 or self.sections[2].plain)  # noqa: PLR2004

    @property
    def of_text(self) -> bool:
        """It shows a text as another one, or not at all."""
        return self.mark("text") is not None

    def mark(self, value: float | str) -> Mark | None:
        """What is unusual about a cell that holds a value."""
        if isinstance(value, str):
            section = self.sections[-1]
            if len(self.sections) < _TEXT_SECTION and section.number != TEXT:
                return None
            whole = section.number == TEXT and not (section.before.strip() or section.behind.strip())
            return None if whole else Mark(look=Look.OTHERWISE)
        section = self._section(value)
        if section.odd or (value < 0 and section.condition):
            return Mark(look=Look.OTHERWISE)
        number = Decimal(repr(value))
        sign = "-" if value < 0 and section is not self._below_zero else ""
        if section.percent:
            around = section.before.strip() + section.behind.strip()
            digits = section.digits(abs(number) * 100)
            shown = f"{sign}{section.before}{digits}{section.behind}".strip()
            rounded = "" if same_percentage(abs(number) * 100, Decimal(digits or 0)) else shown
            return Mark(look=Look.HUNDREDFOLD, shown=None if around == "%" else shown, rounded=rounded)
        shown = f"{sign}{section.before}{section.digits(abs(number))}{section.behind}".strip()
        if shown == f"{number.normalize():f}" or (not value and shown in ("-", "–", "—")):  # as in book-keeping
            return None
        return Mark(shown=shown)

    @property
    def _below_zero(self) -> _Section | None:
        """The section of numbers below 0, which says by itself that they are; None where the first shows all."""
        return self.sections[1] if len(self.sections) > 1 else None

    def _section(self, value: float) -> _Section:
        conditions = [each for each in self.sections[:3] if each.condition]
        for section in conditions:
            if section.condition and _HOLDS[section.condition[0]](value, section.condition[1]):
                return section
        if conditions:
            return next((each for each in self.sections[:3] if not each.condition), self.sections[-1])
        if value < 0 and self._below_zero:
            return self._below_zero
        return self.sections[2] if not value and len(self.sections) > 2 else self.sections[0]  # noqa: PLR2004


@lru_cache(maxsize=1000)
def number_format(code: str) -> NumberFormat:
    """A number format as files write it."""
    return NumberFormat(tuple(map(_section, _SECTIONS.split(code or "General"))))


def _section(text: str) -> _Section:
    around, number, percents, odd, condition = ["", ""], "", 0, False, None
    for token in _TOKEN.finditer(text):
        literal = ""
        match token.lastgroup:
            case "quoted":
                literal = token[0][1:] if token[0][0] == "\\" else token[0].strip('"')
            case "bracket":
                told = _CONDITION.fullmatch(token["bracket"])
                condition = (told[1], float(told[2])) if told else condition
                literal = token["bracket"][1:].partition("-")[0] if token["bracket"].startswith("$") else ""
                odd = odd or re.fullmatch("h+|m+|s+", token["bracket"], re.IGNORECASE) is not None
            case "general" | "number":
                odd = odd or bool(number) or token[0].endswith(",")
                number = token["number"] if token["number"] == token[0] else GENERAL
            case "other" if token[0] == "@":
                number = number or TEXT
            case "other":
                percents += token[0] == "%"
                # a date, a fraction, a comma behind the number that scales it
                odd = odd or token[0] in _DATES or token[0] == "/" or (token[0] == "," and bool(number))
                literal = token[0]
        around[bool(number)] += literal
    return _Section(around[0].lstrip(), around[1].rstrip(), number, percents == 1, odd or percents > 1, condition)

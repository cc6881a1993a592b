"""What kinds of answer there are: one class each, its Excel face and its parser side by side. None is scored here.

A value is a whole number in the kind's own scale: a count itself, a percentage in 1/100 %, a measured number
in millionths, points in cents, a choice by its position. So every comparison and sum downstream is exact.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct

from assess_xlsx.amounts import CENT, half_up, plain
from assess_xlsx.entries import COUNTED, MEASURES, NO, READS_AS, STOPS, YES, Percentage, Raw, Refusal, fold, number_in
from assess_xlsx.scheme.abstract import Abstract

if TYPE_CHECKING:
    from assess_xlsx.scheme.tree import Node

MOST = 999_999_999
"""The largest number a form takes; far above any real one, far below what integers carry."""

MOST_LIST = 255
"""Characters that the list of a data validation can hold, and a text in a formula."""

MOST_OPTION, MOST_MEASURE = 60, 10
"""Characters of an option, of a unit of measure."""

_NO_TEXT = re.compile(r"[-+]?[\d.,]+%?|\d+[-/.:年]\d+([-/.:月]\d+)?日?|TRUE|FALSE", re.IGNORECASE)
"""What a spreadsheet makes something else of than the text that was typed."""

MOST_OPTIONS = 50
"""Options of a choice; formulas nest as deep."""

UNLIMITED = "不限"
"""至多 of what has no upper end."""

SEPARATOR = "；"
"""Between the options of a choice, where a scheme's workbook lists them in a cell."""

TOO_MUCH = "数太大，请核对"
"""校验 of a number beyond MOST."""

PERCENT = 100
MILLION = 1_000_000


class Parsed(Struct, frozen=True):
    value: int
    normalised: bool = False
    """The entry was not typed as the form asks (``３``, ``3次``, ``√``), but can only mean this."""


def _measure(node: Node, default: str | None = None) -> str:
    measure = node.text("measure", default)
    if '"' in measure or "\n" in measure or len(measure) > MOST_MEASURE:
        raise node.error(f"{node.word('measure')}最多 {MOST_MEASURE} 个字，没有换行和半角双引号", "measure")
    return measure


class Kind(Struct, metaclass=Abstract, frozen=True):
    """A kind of fact: what Excel lets into the cell, and what Python reads out of it."""

    name: ClassVar[str]
    format: ClassVar[str] = "General"
    """The number format of the cell."""
    scale: ClassVar[int] = 1
    """How many steps of ``value`` make the number 1 of a threshold in the scheme."""

    @property
    def least(self) -> int:
        """The smallest value of a number."""
        return 0

    @classmethod
    def from_node(cls, node: Node) -> Kind:  # noqa: ARG003 - many have none
        """Takes this kind's own keys from a fact's table in the scheme."""
        return cls()

    @abstractmethod
    def allowed(self) -> str:
        """What may be entered, to follow “请填”."""

    @abstractmethod
    def parse(self, raw: Raw) -> Parsed:
        """The value of a cell that is not blank; raises Refusal."""

    def in_cell(self, raw: Raw) -> Raw:
        """What the sheet's own formulas see of a cell that holds something."""
        return raw

    @abstractmethod
    def validation(self, cell: str, limit: str | None) -> dict[str, Any]:
        """An Excel data validation (xlsxwriter's words); ``limit`` is the cell that must not be exceeded."""

    @abstractmethod
    def valid(self, cell: str) -> str:
        """An Excel condition: the cell holds what the validation admits."""

    @abstractmethod
    def how(self) -> str:
        """填法: how to answer, to stand by itself or after “自查”."""

    @abstractmethod
    def needs(self) -> str:
        """校验 of a number that the validation would not admit."""

    def again(self) -> str:
        """What to enter instead of a text."""
        measure = self.unit()
        return f"数字（单位：{measure}）" if measure else "数字"

    def too_much(self, cell: str) -> str:
        """An Excel condition: the number is larger than any that the form takes."""
        return f"SUM({cell})>{MOST}"

    def wrong_formula(self, cell: str) -> str:
        """校验 of what the validation would not admit, as an Excel expression."""
        return f'IF(ISTEXT({cell}),"{self.wrong("")}",IF({self.too_much(cell)},"{TOO_MUCH}","{self.needs()}"))'

    def wrong(self, entered: float | str) -> str:
        """The same in Python, of a text or a number."""
        if isinstance(entered, str):
            return f"这是文本，请删除后重新输入{self.again()}"
        return TOO_MUCH if entered > MOST else self.needs()

    @abstractmethod
    def show(self, value: int) -> str:
        """The value as a person reads it."""

    def entry(self, value: int) -> str | float:
        """The value as it is typed into a form's cell."""
        return value if self.scale == 1 else value / self.scale

    @abstractmethod
    def extremes(self) -> tuple[int, ...]:
        """Values between which every score of this fact lies: what it might still turn out to be."""

    def nothing(self) -> int:
        """The value of a fact that is not needed, or left blank where it may be; of a choice the last option."""
        return 0

    def operand(self, cell: str) -> str:
        """The cell inside a formula that computes with it, once it is known to be valid."""
        return cell

    def threshold(self, node: Node, key: str) -> int:
        """A number of the scheme in this kind's scale; one that no value can equal is refused."""
        number = self.number(node, key)
        steps = number * self.scale
        if steps != int(steps) or not max(min(0, self.least), -MOST * self.scale) <= steps <= MOST * self.scale:
            raise node.error(f"{node.word(key)}应是{self.numbers()}，现为“{number}”", key)
        return int(steps)

    @staticmethod
    def number(node: Node, key: str) -> Decimal:
        """A number of the scheme as people write it for this kind."""
        return node.decimal(key)

    def numbers(self) -> str:
        """What a threshold of this kind may be."""
        return "不小于0的整数"

    def unit(self) -> str:
        """What follows a number of this kind: ``项``, ``%``."""
        return self.show(0).removeprefix("0")

    @property
    def one(self) -> int:
        """So many steps of the scale are the number 1 in a cell."""
        return self.scale

    def literal(self, value: int) -> str:
        """A value as a number in a formula."""
        return plain(value, self.one)


class Choice(Kind, frozen=True):
    """选项: one of a list; the value is its position."""

    name: ClassVar[str] = "选项"
    options: tuple[str, ...]

    @classmethod
    def from_node(cls, node: Node) -> Choice:
        options = node.texts("options")
        if len({fold(option).upper() for option in options}) != len(options):
            raise node.error("选项重复", "options")
        if not 1 < len(options) <= MOST_OPTIONS:
            raise node.error(f"选项应有 2 到 {MOST_OPTIONS} 个，现有 {len(options)} 个", "options")
        if any(set(option) & set(f',";{SEPARATOR}\n') or len(option) > MOST_OPTION for option in options):
            raise node.error(f"选项最多 {MOST_OPTION} 个字，不能有半角的逗号和双引号、分号和换行", "options")
        if any(_NO_TEXT.fullmatch(fold(option)) for option in options):
            raise node.error("选项不能只是数、百分数、日期或 TRUE、FALSE，填表时会被当成数", "options")
        kind = cls(options)
        if max(len(",".join(options)), len(kind.needs())) > MOST_LIST:
            raise node.error(f"选项合计超过 {MOST_LIST} 个字符，下拉列表放不下", "options")
        return kind

    def allowed(self) -> str:
        return "、".join(f"“{option}”" for option in self.options[:-1]) + f"或“{self.options[-1]}”"

    def parse(self, raw: Raw) -> Parsed:
        if isinstance(raw, bool):
            raw = "Y" if raw else "N"
        if isinstance(raw, str):
            if raw in self.options:
                return Parsed(self.options.index(raw))
            word = fold(raw).upper().rstrip(STOPS)
            for position, option in enumerate(self.options):
                if word == fold(option).upper() or word in self._synonyms(option):
                    return Parsed(position, normalised=True)
        raise Refusal("不在选项之中")

    def _synonyms(self, option: str) -> frozenset[str]:
        """是 and 否 may be written in many ways, 有 and 无 too where they are the two options."""
        if set(self.options) == {YES, NO}:
            return READS_AS[option]
        if set(self.options) == {"有", "无"}:
            word = YES if option == "有" else NO
            return READS_AS[word] | {word}
        return frozenset()

    def how(self) -> str:
        return f"选{self.allowed()}"

    def needs(self) -> str:
        return f"请从下拉列表选{self.allowed()}"

    def wrong_formula(self, cell: str) -> str:  # noqa: ARG002
        return f'"{self.needs()}"'

    def wrong(self, entered: float | str) -> str:  # noqa: ARG002
        return self.needs()

    def validation(self, cell: str, limit: str | None) -> dict[str, Any]:  # noqa: ARG002
        return {"validate": "list", "source": list(self.options)}

    def valid(self, cell: str) -> str:
        tests = ",".join(f'{cell}="{option}"' for option in self.options)
        return f"OR({tests})"

    def show(self, value: int) -> str:
        return self.options[value]

    def entry(self, value: int) -> str:
        return self.options[value]

    def extremes(self) -> tuple[int, ...]:
        return tuple(range(len(self.options)))

    def nothing(self) -> int:
        return len(self.options) - 1


class YesNo(Choice, frozen=True):
    """是否: a choice of two."""

    name: ClassVar[str] = "是否"
    options: tuple[str, ...] = (YES, NO)

    @classmethod
    def from_node(cls, node: Node) -> YesNo:  # noqa: ARG003
        return cls()


class Count(Kind, frozen=True):
    """次数: a whole number from ``least`` on."""

    name: ClassVar[str] = "次数"
    measure: str = ""
    least: int = 0

    @classmethod
    def from_node(cls, node: Node) -> Count:
        least = node.whole("min", 0)
        if least < 0:
            raise node.error("次数不能是负数", "min", "会是负数的，类型请用“数值”")
        if least > MOST:
            raise node.error(f"{node.word('min')}应在 0 到 {MOST} 之间", "min")
        return cls(_measure(node, ""), least)

    def allowed(self) -> str:
        return f"不小于{self.least}的整数{self._measured}"

    @property
    def _measured(self) -> str:
        return f"（单位：{self.measure}）" if self.measure else ""

    def how(self) -> str:
        return f"填{f'不小于{self.least}的整数' if self.least else '整数，没有填 0'}{self._measured}"

    def needs(self) -> str:
        return f"应为整数，不小于{self.least}{self._measured}"

    def parse(self, raw: Raw) -> Parsed:
        number, _, as_text = number_in(raw, (self.measure, *COUNTED) if self.measure else tuple(COUNTED))
        if number != int(number):
            raise Refusal("不是整数")
        if number < self.least:
            raise Refusal("是负数" if number < 0 else f"小于{self.least}")
        if number > MOST:
            raise Refusal("数太大")
        return Parsed(int(number), normalised=as_text)

    def validation(self, cell: str, limit: str | None) -> dict[str, Any]:  # noqa: ARG002
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": self.least,
            "maximum": f"={limit}" if limit else MOST,
        }

    def valid(self, cell: str) -> str:
        bare = f"SUM({cell})"
        return f"AND({_number(cell)},{bare}>={self.least},{bare}<={MOST},{bare}=INT({bare}))"

    def show(self, value: int) -> str:
        return f"{value}{self.measure}"

    def extremes(self) -> tuple[int, ...]:
        return self.least, MOST


class Percent(Kind, frozen=True):
    """百分比: 0 to ``most`` (in 1/100 %), rounded half up to two decimals of a percent (K18a)."""

    name: ClassVar[str] = "百分比"
    format: ClassVar[str] = "0.00######%"
    scale: ClassVar[int] = PERCENT
    whole: ClassVar[int] = 100 * PERCENT
    unlimited: ClassVar[int] = MOST * whole
    """``most`` of one that has no upper end: the largest number that a form takes."""
    most: int = whole
    least: int = 0
    """Below 0 only where it is computed."""

    @classmethod
    def from_node(cls, node: Node) -> Percent:
        if not node.has("most"):
            return cls()
        if node.either("most") == UNLIMITED:
            return cls(cls.unlimited)
        most = cls().threshold(node, "most")
        if most == 0:
            raise node.error(f"{node.word('most')}应大于 0，没有上限的写“{UNLIMITED}”", "most")
        return cls(most)

    def allowed(self) -> str:
        if self.most == self.unlimited:
            return "不小于0%的百分比，如 95%，可以超过 100%"
        return f"0%到{self.show(self.most)}的百分比，如 {self.show(min(self.most, 95 * PERCENT))}"

    def how(self) -> str:
        if self.most == self.unlimited:
            return "填百分比，如 95%，可以超过 100%"
        return "填百分比，如 95%" if self.most == self.whole else f"填{self.allowed()}"

    def needs(self) -> str:
        return f"应为{self.allowed()}"

    def again(self) -> str:
        return "百分比，如 95%"

    def parse(self, raw: Raw) -> Parsed:
        number, suffix, as_text = number_in(raw, ("%",))
        if number < 0:
            raise Refusal("是负数")
        if as_text and not suffix and number <= 1:
            raise Refusal("没有写百分号，看不出是小数还是百分数")
        typed_as_percent = bool(suffix) or (number > 1 and not isinstance(raw, Percentage))
        percent = number if typed_as_percent else number * 100
        value = half_up(*(percent * PERCENT).as_integer_ratio())
        if value > self.most:
            limit = "数太大" if self.most == self.unlimited else f"{self.show(value)} 超过 {self.show(self.most)}"
            raise Refusal(limit)
        return Parsed(value, normalised=as_text or typed_as_percent)

    def validation(self, cell: str, limit: str | None) -> dict[str, Any]:  # noqa: ARG002
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": self.literal(self.most)}

    def valid(self, cell: str) -> str:
        return f"AND({_number(cell)},SUM({cell})>=0,ROUND({self.whole}*SUM({cell}),0)<={self.most})"

    def in_cell(self, raw: Raw) -> Raw:
        # a formula sees 1.2, be it shown as 120% or not
        return Percentage(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else raw

    def show(self, value: int) -> str:
        return f"{plain(value, PERCENT)}%"

    def entry(self, value: int) -> float:
        return value / self.whole

    def extremes(self) -> tuple[int, ...]:
        return self.least, self.most

    def operand(self, cell: str) -> str:
        return f"ROUND({self.whole}*{cell},0)/{self.whole}"

    @property
    def one(self) -> int:
        return self.whole

    @staticmethod
    def number(node: Node, key: str) -> Decimal:
        return node.percentage(key)

    def numbers(self) -> str:
        return f"{'' if self.least < 0 else '不小于0、'}最多两位小数的百分数"


class Number(Kind, frozen=True):
    """数值: a measured number from ``least`` (in millionths) on, exact to a millionth."""

    name: ClassVar[str] = "数值"
    scale: ClassVar[int] = MILLION
    measure: str
    least: int = 0

    @classmethod
    def from_node(cls, node: Node) -> Number:
        return cls(_measure(node), cls._least(node) if node.has("min") else 0)

    @staticmethod
    def _least(node: Node) -> int:
        least = node.decimal("min") * MILLION
        if least != int(least) or abs(least) > MOST * MILLION:
            raise node.error(f"{node.word('min')}应是最多六位小数的数，在 -{MOST} 到 {MOST} 之间", "min")
        return int(least)

    def allowed(self) -> str:
        return f"不小于{plain(self.least, MILLION)}、最多六位小数的数（单位：{self.measure}）"

    def how(self) -> str:
        if self.least > 0:
            return f"填{self.allowed()}"
        return f"填数，{'可以是负数，' if self.least < 0 else ''}没有填 0（单位：{self.measure}）"

    def needs(self) -> str:
        return f"应为{self.allowed()}"

    def parse(self, raw: Raw) -> Parsed:
        signed = self.least < 0
        number, _, as_text = number_in(raw, MEASURES.get(self.measure, (self.measure,)), signed=signed)
        if number * MILLION < self.least:
            raise Refusal("是负数" if number < 0 and not signed else f"小于{plain(self.least, MILLION)}")
        if number > MOST:
            raise Refusal("数太大")
        # cut, not rounded: a hall just short of 200 平方米 must not become one of 200
        steps = (number * MILLION).to_integral_value(ROUND_FLOOR)
        return Parsed(int(steps), normalised=as_text or steps != number * MILLION)

    def validation(self, cell: str, limit: str | None) -> dict[str, Any]:  # noqa: ARG002
        maximum = f"={limit}" if limit else MOST
        minimum = self.least / MILLION if self.least else 0
        return {"validate": "decimal", "criteria": "between", "minimum": minimum, "maximum": maximum}

    def valid(self, cell: str) -> str:
        bare, least = f"SUM({cell})", plain(self.least, MILLION)
        whole = _rounded(bare, 6, signed=self.least < 0)
        return f"AND({_number(cell)},{bare}>={least},{bare}<={MOST},{whole})"

    def show(self, value: int) -> str:
        return f"{plain(value, MILLION)}{self.measure}"

    def numbers(self) -> str:
        return f"不小于{plain(min(0, self.least), MILLION)}、最多六位小数的数"

    def extremes(self) -> tuple[int, ...]:
        return self.least, MOST * MILLION


class Points(Kind, frozen=True):
    """分值: points that a person judges, two decimals at most: 0 … ``most``, or strictly between 0 and ``below``."""

    name: ClassVar[str] = "分值"
    scale: ClassVar[int] = CENT
    bound: int
    """The upper bound in cents."""
    inclusive: bool = False
    """0 and the bound may be given too."""

    @classmethod
    def from_node(cls, node: Node) -> Points:
        if node.has("below") == node.has("most"):
            most, below = node.word("most"), node.word("below")
            raise node.error(f"分值应写且只写{most}（最多几分）、{below}（小于几分）之一", "most")
        inclusive = node.has("most")
        key = "most" if inclusive else "below"
        bound = node.points(key)
        if bound <= (0 if inclusive else 1):
            raise node.error("分值的上限太小，没有分可打", key)
        return cls(bound, inclusive)

    def allowed(self) -> str:
        between = f"0到{plain(self.bound)}" if self.inclusive else f"大于0、小于{plain(self.bound)}"
        return f"{between}的分数，最多两位小数"

    def how(self) -> str:
        return f"填{self.allowed()}"

    def needs(self) -> str:
        return f"应为{self.allowed()}"

    def parse(self, raw: Raw) -> Parsed:
        number, _, as_text = number_in(raw, ("分",))
        amount = number * CENT
        if amount != int(amount):
            raise Refusal("超过两位小数")
        lowest, highest = self.extremes()
        if not lowest <= amount <= highest:
            raise Refusal(f"不在0{'到' if self.inclusive else '与'}{plain(self.bound)}之间")
        return Parsed(int(amount), normalised=as_text)

    def validation(self, cell: str, limit: str | None) -> dict[str, Any]:  # noqa: ARG002
        return {"validate": "custom", "value": f"={self.valid(cell)}"}

    def valid(self, cell: str) -> str:
        bare, bound, equal = f"SUM({cell})", plain(self.bound), "=" if self.inclusive else ""
        return f"AND({_number(cell)},{bare}>{equal}0,{bare}<{equal}{bound},{_rounded(bare, 2)})"

    def show(self, value: int) -> str:
        return f"{plain(value)}分"

    def numbers(self) -> str:
        return "不小于0、最多两位小数的分数"

    def extremes(self) -> tuple[int, ...]:
        return (0, self.bound) if self.inclusive else (1, self.bound - 1)


def _number(cell: str) -> str:
    """An Excel condition: a number stands there; LibreOffice takes TRUE for one."""
    return f"ISNUMBER({cell}),NOT(ISLOGICAL({cell}))"


def _rounded(number: str, places: int, *, signed: bool = False) -> str:
    """An Excel condition: no more decimals than so many; what ROUND gives may differ in the last bit."""
    size = f"ABS({number})" if signed else number
    return f"ABS(ROUND({number},{places})-{number})<={size}*0.000000000000001"


KINDS: dict[str, type[Kind]] = {kind.name: kind for kind in (YesNo, Choice, Count, Percent, Number, Points)}

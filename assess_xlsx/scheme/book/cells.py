"""What a cell of a scheme's workbook holds: its content as a value of the tree, and back. No columns."""

from __future__ import annotations

import datetime as dt
import re
from abc import abstractmethod
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from assess_xlsx.amounts import exact
from assess_xlsx.entries import YES, Percentage, Refusal, fold, in_full, shown
from assess_xlsx.scheme.abstract import Abstract
from assess_xlsx.scheme.answer_kinds import SEPARATOR, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assess_xlsx.entries import Raw

Written = str | float | dt.date
"""What is put into a cell."""

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


class Advised(Refusal):
    """A refusal with a remedy of its own."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


class Content(Struct, metaclass=Abstract, frozen=True):
    """How a column's cells are read and written."""

    number: ClassVar[bool] = False
    """Its cells hold plain numbers, which no program makes something else of."""

    @abstractmethod
    def read(self, raw: Raw) -> object:
        """The value of a cell that is not blank; raises Refusal with the reason, a whole clause."""

    def write(self, value: object) -> Written:
        """The cell of a value, as ``read`` takes it."""
        return str(value)

    def choices(self) -> tuple[str, ...]:
        """All that may stand in the cell, where the choice is closed."""
        return ()


class Text(Content, frozen=True):
    """Words; a number that a spreadsheet made of them is read as it was typed."""

    def read(self, raw: Raw) -> str:
        if isinstance(raw, dt.date | dt.time | dt.timedelta):
            raise Refusal("成了日期或时间，请把单元格格式改为“文本”后重新填写")
        if isinstance(raw, bool):
            raise Refusal("是逻辑值，应是文字")
        if isinstance(raw, int | float):
            return f"{exact(raw):f}"
        return str(raw).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


class Code(Text, frozen=True):
    """A code or a name: ``１.１.１`` is ``1.1.1``."""

    def read(self, raw: Raw) -> str:
        return fold(super().read(raw))


class Lines(Text, frozen=True):
    """Lines of text in one cell, a list."""

    def read(self, raw: Raw) -> list[str]:  # type: ignore[override]  # a list of what Text reads
        return [line.strip() for line in super().read(raw).split("\n") if line.strip()]

    def write(self, value: object) -> str:
        return "\n".join(map(str, value if isinstance(value, list) else [value]))


class Many(Text, frozen=True):
    """Several words in one cell, separated by ；."""

    def read(self, raw: Raw) -> list[str]:  # type: ignore[override]  # a list of what Text reads
        words = re.split(f"[{SEPARATOR};\n]", super().read(raw))
        return [word.strip() for word in words if word.strip()]

    def write(self, value: object) -> str:
        return SEPARATOR.join(map(str, value if isinstance(value, list) else [value]))


class Figure(Content, frozen=True):
    """A number, or a percentage as text: ``90%``, ``３``, ``3分``."""

    number = True

    def read(self, raw: Raw) -> int | Decimal | str:
        if isinstance(raw, bool | dt.date | dt.time | dt.timedelta):
            raise Refusal("不是数")
        if isinstance(raw, Percentage):
            return in_full(raw)
        if isinstance(raw, int | float):
            return whole(exact(raw))
        text = fold(raw or "").replace("−", "-")
        found = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)(%|分|)", text, re.ASCII)
        if not found:
            raise Refusal(f"应是数，现为“{raw}”")
        number = whole(Decimal(found[1]))
        return (
            f"{number:f}%"
            if found[2] == "%" and isinstance(number, Decimal)
            else (f"{number}%" if found[2] == "%" else number)
        )

    def write(self, value: object) -> Written:
        return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]  # a number of the tree


class Amount(Figure, frozen=True):
    """What something is worth, or that there is no end."""

    def read(self, raw: Raw) -> int | Decimal | str:
        if isinstance(raw, str) and fold(raw) == UNLIMITED:
            return UNLIMITED
        try:
            return super().read(raw)
        except Refusal:
            if isinstance(raw, str) and len(re.findall(r"\d+(?:\.\d+)?", fold(raw))) > 1:
                raise Refusal("只写一个数。另有奖分的，请把奖分写成加分考核项目里的一个指标") from None
            raise


class Score(Figure, frozen=True):
    """What a line gives or takes."""

    def read(self, raw: Raw) -> int | Decimal | str:
        try:
            return super().read(raw)
        except Refusal as refusal:
            taken = re.search(r"[扣减](\d+(?:\.\d+)?)?", fold(raw)) if isinstance(raw, str) else None
            if taken:
                raise Advised(str(refusal), f"扣分写负数，如 -{taken[1] or 1}") from None
            raise


class Share(Figure, frozen=True):
    """A number that may be a percentage; its cells hold text, or a spreadsheet makes a fraction of ``90%``."""

    number = False


class Limit(Share, frozen=True):
    """The same, or that there is none."""

    def read(self, raw: Raw) -> int | Decimal | str:
        return UNLIMITED if isinstance(raw, str) and fold(raw) == UNLIMITED else super().read(raw)


def whole(number: Decimal) -> int | Decimal:
    """A number as a scheme's tree holds it: without a point where it has no fraction."""
    return int(number) if number == int(number) else number


class Day(Content, frozen=True):
    """A date, as such or written out: ``2019-01-01``, ``2019年1月1日``."""

    def read(self, raw: Raw) -> dt.date:
        if isinstance(raw, dt.datetime):
            return raw.date()
        if isinstance(raw, dt.date):
            return raw
        found = _DAY.fullmatch(fold(raw)) if isinstance(raw, str) else None
        try:
            return dt.date(*map(int, found.groups())) if found else dt.date(0, 0, 0)
        except ValueError:
            raise Refusal(f"应是日期，如 2019-01-01，现为“{shown(raw)}”") from None

    def write(self, value: object) -> Written:
        assert isinstance(value, dt.date)  # noqa: S101 - the scheme was built from it
        return value


class Word(Content, frozen=True):
    """One of a closed choice: what people read, and what the tree holds."""

    values: Mapping[str, object]

    def read(self, raw: Raw) -> object:
        text = fold(Text().read(raw))
        if text not in self.values:
            raise Refusal(f"只能是{'、'.join(f'“{word}”' for word in self.values)}，现为“{raw}”")
        return self.values[text]

    def write(self, value: object) -> str:
        return next(word for word, meant in self.values.items() if meant == value)

    def choices(self) -> tuple[str, ...]:
        return tuple(self.values)


TEXT, CODE, LINES, MANY, FIGURE, AMOUNT, SCORE, SHARE, LIMIT, DAY = (
    Text(),
    Code(),
    Lines(),
    Many(),
    Figure(),
    Amount(),
    Score(),
    Share(),
    Limit(),
    Day(),
)
FLAG = Word({YES: True, "否": False})

"""A strict cursor over scheme data: every key is asked for by type, a key nobody asked for is refused."""

from __future__ import annotations

import re
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from assess_xlsx.amounts import CENT, exact
from assess_xlsx.answers import Place, Source
from assess_xlsx.entries import shown
from assess_xlsx.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

T = TypeVar("T")

MEND = "请改正后重试"
MOST_TEXT = 5_000
"""Characters of a text of the scheme."""
MOST_AMOUNT = 10**9
"""What no number of the scheme is beyond."""
MOST_POINTS = 100_000
MOST_TIMES_OVER = 10
"""A percentage below it with a fraction may be meant as so many times the whole."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Cell(NamedTuple):
    """Where something stands in a workbook."""

    sheet: str
    name: str = ""
    """``F12``; empty for the sheet as a whole."""


class Fault(Struct, frozen=True):
    """One mistake in a scheme, in Chinese."""

    place: str
    """In words, from the file's name down: ``x.toml 评分表“县直” 指标“1.1.1” 计分规则``."""
    reason: str
    remedy: str = MEND
    cell: Cell | None = None
    """In a workbook."""

    def problem(self, file: str, level: str = ERROR) -> Problem:
        """The mistake as people are told of it, in the scheme's file."""
        if self.cell:
            return Problem(level, Place("", Source(file), *self.cell), f"{self.reason}。", f"{self.remedy}。")
        place = self.place.removeprefix(file).strip()
        text = f"{place}{'：' if place else ''}{self.reason}。"
        return Problem(level, Place("", Source(file)), text, f"{self.remedy}。")


class SchemeError(Exception):
    """A scheme that must not be used, with its mistakes; with none where they were told of before."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("考核方案有误——" + "；".join(f"{fault.place}：{fault.reason}" for fault in faults))
        self.faults = faults


class Unconfirmed(SchemeError):  # noqa: N818 - a verdict on a scheme, not a failure of the program
    """A scheme without a mistake, of which a person has still to confirm something (待确认)."""


class Faults:
    """Collects mistakes, so that one does not hide the next."""

    def __init__(self, found: Iterable[Fault] = ()) -> None:
        self.found = [*found]

    @contextmanager
    def trap(self) -> Iterator[None]:
        """What is wrong inside is kept; what follows goes on."""
        try:
            yield
        except SchemeError as error:
            self.found += error.faults

    def attempt(self, build: Callable[..., T], *arguments: object) -> T | None:
        """What is built, or None where it could not be."""
        try:
            return build(*arguments)
        except SchemeError as error:
            self.found += error.faults
            return None

    def each(self, nodes: Iterable[Node], build: Callable[[Node], T]) -> tuple[T, ...]:
        """All that could be built."""
        found = (self.attempt(build, node) for node in nodes)
        return tuple(each for each in found if each is not None)


class Located(dict[str, Any]):
    """A table out of a workbook: it knows where each key stands, and what people call it."""

    def __init__(self, here: Cell, words: Mapping[str, str], remedy: str) -> None:
        super().__init__()
        self.here = here
        self.words = words
        """By key, given or not: the label of its column."""
        self.remedy = remedy
        self.cells: dict[str, Cell] = {}
        self.names: dict[str, Cell] = {}
        """Where the keys themselves are written, in a table whose keys are data."""
        self.faults: list[Fault] = []
        """What could not be read of a whole workbook, for whoever builds from it to tell."""
        self.open: list[Fault] = []
        """What of a whole workbook a person has still to confirm (待确认)."""


UNUSABLE = object()
"""Stands in a table for a value that could not be read and was told of."""


class Node:
    """One table of scheme data and the place where it stands, e.g. ``县直 指标1.1.1 计分规则``."""

    def __init__(self, data: object, place: str) -> None:
        if data is UNUSABLE:
            raise SchemeError
        if not isinstance(data, dict):
            raise SchemeError(Fault(place, "这里应是一组“键 = 值”"))
        self._data: dict[str, Any] = data
        self._seen: set[str] = set()
        self.place = place

    def error(self, reason: str, key: str = "", remedy: str = "") -> SchemeError:
        """A mistake of this table, or of what stands under one of its keys."""
        return SchemeError(self.fault(reason, key, remedy))

    def fault(self, reason: str, key: str = "", remedy: str = "") -> Fault:
        data = self._data
        if isinstance(data, Located):
            return Fault(self.place, reason, remedy or data.remedy, data.cells.get(key, data.here))
        return Fault(self.place, reason, remedy or MEND)

    @property
    def here(self) -> Cell | None:
        """Where it stands in a workbook."""
        return self._data.here if isinstance(self._data, Located) else None

    def misnamed(self, reason: str, key: str) -> SchemeError:
        """A key that is data and wrong itself."""
        fault = self.fault(reason, key)
        data = self._data
        cell = data.names.get(key, fault.cell) if isinstance(data, Located) else None
        return SchemeError(replace(fault, cell=cell))

    def word(self, key: str) -> str:
        """What people call a key: in a workbook the label of its column."""
        return f"“{self._data.words.get(key, key) if isinstance(self._data, Located) else key}”"

    def has(self, key: str) -> bool:
        return key in self._data

    def keys(self) -> Iterator[str]:
        """All keys, for a table whose keys are themselves data."""
        self._seen.update(self._data)
        return iter(self._data)

    def _take(self, key: str, kind: type[T] | tuple[type[T], ...], what: str, default: T | None) -> T:
        self._seen.add(key)
        value = self._data.get(key, default)
        if value is UNUSABLE:
            raise SchemeError
        if value is None:
            raise self.error(f"缺少{self.word(key)}", key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{self.word(key)}应是{what}，现为“{shown(value)}”", key)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text without the white space around it; one that must be given is not blank."""
        text = self._take(key, str, "文字", default).strip()
        if not text and default is None:
            raise self.error(f"{self.word(key)}不能是空的", key)
        self._printable(key, text)
        return text

    def _printable(self, key: str, text: str) -> None:
        if len(text) > MOST_TEXT:
            raise self.error(f"{self.word(key)}太长，最多 {MOST_TEXT} 个字", key)
        if _CONTROL.search(text):
            raise self.error(f"{self.word(key)}里有看不见的控制字符", key)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, "文字列表", None)
        if not values or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.error(f"{self.word(key)}应是不空的文字列表", key)
        for value in values:
            self._printable(key, value)
            if "\n" in value.strip():
                raise self.error(f"{self.word(key)}的每一个都不能有换行", key)
        return tuple(value.strip() for value in values)

    def whole(self, key: str, default: int | None = None) -> int:
        number = self._take(key, int, "整数", default)
        if abs(number) > MOST_AMOUNT:
            raise self.error(f"{self.word(key)}的数太大", key)
        return number

    def flag(self, key: str) -> bool:
        return self._take(key, bool, "true 或 false", default=False)

    def decimal(self, key: str) -> Decimal:
        value = cast("float | Decimal", self._take(key, (int, Decimal, float), "数", None))
        number = value if isinstance(value, Decimal) else exact(value)
        if not number.is_finite() or abs(number) > MOST_AMOUNT:
            raise self.error(f"{self.word(key)}应是数，也不能太大", key)
        return number

    def percentage(self, key: str) -> Decimal:
        """A percentage: 90, or ``90%``.

        A spreadsheet turns 90% into 0.9 and 100% into 1 where its cell is no text, so there a small number must
        bear its sign.
        """
        value = self._data.get(key)
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?)%", value, re.ASCII) if isinstance(value, str) else None
        if found:
            self._seen.add(key)
            return Decimal(found[1])
        number = self.decimal(key)
        small = 0 < abs(number) <= 1 or (abs(number) < MOST_TIMES_OVER and number % 1)
        if isinstance(self._data, Located) and small:
            raise self.error(
                f"{self.word(key)}现为 {number:f}，看不出是 {number:f}% 还是 {(number * 100).normalize():f}%",
                key,
                "请写百分号，如“90%”；仍变成小数的，先把单元格格式改为“文本”",
            )
        return number

    def points(self, key: str) -> int:
        """Points, as cents."""
        amount = self.decimal(key) * CENT
        if amount != int(amount):
            raise self.error(f"{self.word(key)}最多两位小数，现为“{self._data[key]}”", key)
        if abs(amount) > MOST_POINTS * CENT:
            raise self.error(f"{self.word(key)}太大，最多 {MOST_POINTS} 分", key)
        return int(amount)

    def node(self, key: str, place: str) -> Node:
        return Node(self.either(key), f"{self.place} {place}".strip())

    def nodes(self, key: str, place: str) -> list[Node]:
        """The tables of a list; each is placed by its own name, code or label, else by its number."""
        values = self._take(key, list, "列表", None)
        found = []
        for number, value in enumerate(values, 1):
            named = value if isinstance(value, dict) else {}
            name = next(
                (str(named[mark]) for mark in ("code", "label", "name", "title") if mark in named), f"第{number}条"
            )
            found.append(Node(value, f"{self.place} {place}“{name}”".strip()))
        return found

    def either(self, key: str) -> object:
        """A value that may be a number or a table: the caller looks which."""
        self._seen.add(key)
        if key not in self._data:
            raise self.error(f"缺少{self.word(key)}", key)
        if self._data[key] is UNUSABLE:
            raise SchemeError
        return self._data[key]

    def done(self) -> None:
        """Refuses every key that was not asked for: a misspelt parameter must not pass in silence."""
        unknown = [key for key in self._data if key not in self._seen]
        located = isinstance(self._data, Located)
        said = "这里不用{}一栏，请清空" if located else "不认识{}"
        if unknown:
            raise SchemeError(*(self.fault(said.format(self.word(key)), key) for key in unknown))

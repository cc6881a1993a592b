"""A strict cursor over scheme data: every key is asked for by type, a key nobody asked for is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from assess_xlsx.amounts import CENT, exact

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class SchemeError(Exception):
    """A scheme that must not be used: the place in it, and the reason, in Chinese."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"考核方案有误——{place}：{reason}")
        self.place = place
        self.reason = reason


class Node:
    """One table of scheme data and the place where it stands, e.g. ``县直 指标1.1.1 计分规则``."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise SchemeError(place, "这里应是一组“键 = 值”")
        self._data: dict[str, Any] = data
        self._seen: set[str] = set()
        self.place = place

    def error(self, reason: str) -> SchemeError:
        return SchemeError(self.place, reason)

    def has(self, key: str) -> bool:
        return key in self._data

    def keys(self) -> Iterator[str]:
        """All keys, for a table whose keys are themselves data."""
        self._seen.update(self._data)
        return iter(self._data)

    def _take(self, key: str, kind: type[T] | tuple[type[T], ...], what: str, default: T | None) -> T:
        self._seen.add(key)
        value = self._data.get(key, default)
        if value is None:
            raise self.error(f"缺少“{key}”")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"“{key}”应是{what}，现为“{value}”")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return self._take(key, str, "文字", default)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, "文字列表", None)
        if not values or not all(isinstance(value, str) for value in values):
            raise self.error(f"“{key}”应是不空的文字列表")
        return tuple(values)

    def whole(self, key: str, default: int | None = None) -> int:
        return self._take(key, int, "整数", default)

    def flag(self, key: str) -> bool:
        return self._take(key, bool, "true 或 false", default=False)

    def decimal(self, key: str) -> Decimal:
        return self.as_decimal(self._take(key, (int, Decimal, float), "数", None), key)

    def as_decimal(self, value: object, key: str) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
            raise self.error(f"“{key}”中应是数，现为“{value}”")
        number = value if isinstance(value, Decimal) else exact(value)
        if not number.is_finite():
            raise self.error(f"“{key}”中应是数，现为“{value}”")
        return number

    def points(self, key: str) -> int:
        """Points, as cents."""
        return self.as_points(self.decimal(key), key)

    def as_points(self, value: object, key: str) -> int:
        amount = self.as_decimal(value, key) * CENT
        if amount != int(amount):
            raise self.error(f"“{key}”的分值最多两位小数，现为“{value}”")
        return int(amount)

    def node(self, key: str, place: str) -> Node:
        self._seen.add(key)
        if key not in self._data:
            raise self.error(f"缺少“{key}”")
        return Node(self._data[key], f"{self.place} {place}".strip())

    def nodes(self, key: str, place: str) -> list[Node]:
        """The tables of a list; each is placed by its own name, code or label, else by its number."""
        values = self._take(key, list, "列表", None)
        found = []
        for number, value in enumerate(values, 1):
            named = value if isinstance(value, dict) else {}
            name = next(
                (str(named[mark]) for mark in ("code", "label", "name", "title") if mark in named),
                f"第{number}条",
            )
            found.append(Node(value, f"{self.place} {place}“{name}”".strip()))
        return found

    def either(self, key: str) -> object:
        """A value that may be a number or a table: the caller looks which."""
        self._seen.add(key)
        if key not in self._data:
            raise self.error(f"缺少“{key}”")
        return self._data[key]

    def done(self) -> None:
        """Refuses every key that was not asked for: a misspelt parameter must not pass in silence."""
        unknown = [key for key in self._data if key not in self._seen]
        if unknown:
            raise self.error(f"不认识“{'”“'.join(unknown)}”")

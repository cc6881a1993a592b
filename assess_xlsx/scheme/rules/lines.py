"""How a rule stands on the sheet 计分规则: one statement a line, and a worked example. Description only."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping

FACT, WHOLE, OPTION, FROM, BELOW, MOST, POINTS, READING = (
    "填报项",
    "除以",
    "选项",
    "达到",
    "不足",
    "至多",
    "分数",
    "口径",
)
"""The columns that a line's cells stand in, besides 评分表, 指标编号, 规则 and 参数."""


class Shape(Enum):
    """What the lines of one name become in the rule's table."""

    ONE = "one"
    """One line at most: a table, or the bare value of its only cell."""
    LIST = "list"
    """Any number of lines: a list of tables."""
    BY_OPTION = "by option"
    """Any number of lines: a table ``scores`` of points by option."""


class Line(Struct, frozen=True):
    """One kind of line that a rule takes, and where its cells go in the rule's table."""

    name: str
    """参数: what the line says, e.g. 每次."""
    into: str
    """The key of the rule's table that the line fills, e.g. ``terms``; empty for the rule's table itself."""
    note: str
    """A Chinese sentence for people: what the line says and which cells it takes."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """Keys by column, e.g. ``{"填报项": "fact", "分数": "step"}``; an empty key: the line is that one value."""
    shared: Mapping[str, str] = field(default_factory=dict)
    """The same for columns that say the same on every line of this name."""
    shape: Shape = Shape.ONE
    needed: bool = False
    must: str = ""
    """A column that each such line fills."""
    percent: bool | None = None
    """Its limits are percentages or are not, whatever the rule measures; None: they are what it measures."""


class Example(Struct, frozen=True):
    """A rule at work, for 说明: a sentence of some official scheme, the tables it becomes, and answers to score."""

    sentence: str
    """As a scheme would put it, e.g. 不低于20%得1分，每低1%扣0.1分。"""
    item: Mapping[str, Any]
    """The item's table: ``points``, ``adds`` or ``deducts``, its ``facts`` and its ``rule``."""
    answers: Mapping[str, int | float | str]
    """What a unit fills in, by 填报项."""
    others: tuple[Mapping[str, int | float | str], ...] = ()
    """The other units' answers, where the score depends on them."""

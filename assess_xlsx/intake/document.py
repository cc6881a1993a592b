"""A file as 文件清单 lists it, with what was read from it. Made whole by the reading, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from assess_xlsx import problems
from assess_xlsx.answers import Place

if TYPE_CHECKING:
    from assess_xlsx.answers import FilledForm, Register, Source
    from assess_xlsx.problems import Problem

ADOPTED, SUPERSEDED, SAME, REGISTER = "采用", "被替代", "重复", "登记表"
EXPANDED, IGNORED, UNREADABLE, NO_FORM = "已展开", "忽略", "无法读取", "不是评分表"
EMPTY, UNIT_UNKNOWN, WRONG_FORM = "空表", "单位不明", "表格类型不符"
PAPER = "佐证材料"
"""处理结果 of a file."""


class Document(Struct, frozen=True):
    """A source, what became of it and what it holds."""

    source: Source
    result: str
    reason: str = ""
    units: tuple[str, ...] = ()
    """Whose it is, by name; of several units where it holds the forms of several."""
    forms: tuple[FilledForm, ...] = ()
    register: Register | None = None
    other_scheme: str = ""
    """The scheme that its 表样版本 names, where that is another than the one in use."""
    letter: bool = False
    """A mail, but none inside another: all that it holds came from one sender."""
    paper: bool = False
    """Whole, and plainly no form: 佐证材料 where it lies beside an adopted one."""
    problems: tuple[Problem, ...] = ()


def refused(
    source: Source,
    result: str,
    problem: Problem,
    others: tuple[Problem, ...] = (),
    *,
    unit: str = "",
    other_scheme: str = "",
) -> Document:
    """A document of which nothing counts, for a reason; ``others`` were found before."""
    units = (unit,) if unit else ()
    return Document(source, result, problem.text, units, other_scheme=other_scheme, problems=(*others, problem))


def unreadable(source: Source, reason: str, remedy: str) -> Document:
    """A document that cannot be read: why, and what to do, both as Chinese clauses."""
    problem = problems.UNREADABLE.at(Place(source=source), reason=reason, remedy=remedy)
    return refused(source, UNREADABLE, problem)

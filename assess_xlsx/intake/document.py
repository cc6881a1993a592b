"""A file as 文件清单 lists it, and what was read from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.problems import Place, Problem

if TYPE_CHECKING:
    from assess_xlsx.intake.form import FilledForm
    from assess_xlsx.intake.register import Register

ADOPTED, SUPERSEDED, SAME, REGISTER = "采用", "被替代", "重复", "登记表"
EXPANDED, IGNORED, UNREADABLE, NO_FORM = "已展开", "忽略", "无法读取", "不是评分表"
"""处理结果 of a file; what a rejected form brings along is 空表, 单位不明 or 表格类型不符."""


@dataclass(slots=True)
class Document:
    """A file, or one inside an archive or a mail."""

    file: str
    size: int | None = None
    sha256: str = ""
    result: str = ""
    reason: str = ""
    unit: str = ""
    other_scheme: str = ""
    """The scheme that its 表样版本 names, where that is another than the one in use."""
    form: FilledForm | None = None
    register: Register | None = None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, result: str, problem: Problem) -> Document:
        self.result, self.reason = result, problem.text
        self.problems.append(problem)
        return self

    def unreadable(self, reason: str, remedy: str) -> Document:
        problem = problems.UNREADABLE.at(Place(file=self.file), reason=reason, remedy=remedy)
        return self.refuse(UNREADABLE, problem)

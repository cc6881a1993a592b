"""One file: its bytes, hashed once, read as a form or a register, with all that is wrong with it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assess_xlsx import filled, problems, register
from assess_xlsx.problems import Place, Problem
from assess_xlsx.spreadsheet import Unreadable, Workbook

if TYPE_CHECKING:
    from assess_xlsx.filled import FilledForm
    from assess_xlsx.intake import Found
    from assess_xlsx.register import Register
    from assess_xlsx.roster import Roster
    from assess_xlsx.scheme import Scheme

RESULT_SHEETS = {"总览", "报送情况", "文件清单"}

ADOPTED, SUPERSEDED, SAME, EMPTY, REGISTER = "采用", "被替代", "重复", "空表", "登记表"
IGNORED, UNREADABLE, NO_FORM = "忽略", "无法读取", "不是评分表"
"""处理结果 of a file; what a rejected form brings along is 空表, 单位不明 or 表格类型不符."""


@dataclass(slots=True)
class Document:
    """A file as 文件清单 lists it, and what was read from it."""

    file: str
    size: int | None = None
    sha256: str = ""
    result: str = ""
    reason: str = ""
    unit: str = ""
    form: FilledForm | None = None
    register: Register | None = None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, result: str, problem: Problem) -> Document:
        self.result, self.reason = result, problem.text
        self.problems.append(problem)
        return self


def read(found: Found, scheme: Scheme, roster: Roster) -> Document:
    """Reads one file; whatever is wrong with it, this returns."""
    document = Document(found.name)
    if found.ignored:
        document.result, document.reason = IGNORED, found.ignored
        return document
    try:
        data = found.path.read_bytes()
        saved = dt.datetime.fromtimestamp(found.path.stat().st_mtime, dt.UTC)
    except OSError as error:
        unreadable = Unreadable(f"文件打不开（{error.strerror}）", "请检查文件权限，关闭正在使用它的程序后重试")
        return _unreadable(document, unreadable)
    document.size, document.sha256 = len(data), hashlib.sha256(data).hexdigest()
    try:
        return _content(document, data, saved, scheme, roster)
    except Unreadable as verdict:
        return _unreadable(document, verdict)
    except BaseException as error:  # a reader's panic derives from BaseException; it costs this one file
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        panic = Unreadable(f"读取时出现意外错误（{type(error).__name__}）", "请单位打开后另存为 .xlsx 重新发送")
        return _unreadable(document, panic)


def _unreadable(document: Document, verdict: Unreadable) -> Document:
    place = Place(file=document.file)
    return document.refuse(UNREADABLE, problems.UNREADABLE.at(place, reason=verdict.reason, remedy=verdict.remedy))


def _content(document: Document, data: bytes, saved: dt.datetime, scheme: Scheme, roster: Roster) -> Document:
    book = Workbook(data)
    if {sheet.name for sheet in book.sheets} >= RESULT_SHEETS:
        document.result, document.reason = IGNORED, "本程序的考核结果汇总"
        return document
    form = filled.read(book, document.file, scheme, roster, saved)
    if form is not None:
        outcome, document.problems = form
        if isinstance(outcome, filled.Rejected):
            document.unit = outcome.unit.name if outcome.unit else ""
            return document.refuse(outcome.result, outcome.problem)
        document.form, document.result = outcome, ADOPTED
        document.unit = scheme.units[outcome.unit - 1].name
        return document
    if register.is_register(book, scheme):
        document.register, document.problems = register.read(book, document.file, scheme, roster)
        document.result, document.reason = REGISTER, "考核办登记表"
        return document
    return document.refuse(NO_FORM, problems.NOT_A_FORM.at(Place(file=document.file)))

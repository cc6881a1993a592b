"""One file: its bytes, hashed once, read as a form or a register, with all that is wrong with it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.entries import in_words
from assess_xlsx.excel.guard import Format, Unreadable, identify
from assess_xlsx.excel.read import Workbook
from assess_xlsx.intake import form as filled
from assess_xlsx.intake import register
from assess_xlsx.intake.archives import Member, members
from assess_xlsx.intake.document import (
    ADOPTED,
    EXPANDED,
    IGNORED,
    NO_FORM,
    REGISTER,
    Document,
)
from assess_xlsx.intake.files import NOISE_REASON, Found, noise
from assess_xlsx.intake.table import other_scheme
from assess_xlsx.problems import RESEND, Place

if TYPE_CHECKING:
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.scheme.model import Scheme

RESULT_SHEETS = {"总览", "报送情况", "文件清单"}


def read(found: Found, scheme: Scheme, roster: Roster) -> list[Document]:
    """Reads one file, and the files inside it if it is an archive or a mail; whatever is wrong, this returns."""
    document = Document(found.name)
    if found.ignored:
        document.result, document.reason = IGNORED, found.ignored
        return [document]
    try:
        before = found.path.stat()
        data = found.path.read_bytes()
        after = found.path.stat()
    except OSError as error:
        verdict = Unreadable(f"文件打不开（{in_words(error)}）", "请检查文件权限，关闭正在使用它的程序后重试")
        return [_refused(document, verdict)]
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        verdict = Unreadable("文件正在保存", "请等保存完毕后重新汇总")
        return [_refused(document, verdict)]
    saved = dt.datetime.fromtimestamp(after.st_mtime, dt.UTC)
    return _guarded(document, data, saved, scheme, roster, inside=False)


def _guarded(
    document: Document, data: bytes, saved: dt.datetime, scheme: Scheme, roster: Roster, *, inside: bool
) -> list[Document]:
    """Reads bytes in an error trap of their own."""
    document.size, document.sha256 = len(data), hashlib.sha256(data).hexdigest()
    try:
        kind = identify(data)
        if kind not in (Format.ZIP, Format.MAIL):
            return [_content(document, Workbook(data, kind), saved, scheme, roster)]
        if inside:
            raise Unreadable("是压缩包或邮件里的压缩包或邮件", "请解压后把里面的表放进来")  # noqa: TRY301
        return _members(document, members(data, kind), saved, scheme, roster)
    except Unreadable as verdict:
        return [_refused(document, verdict)]
    except BaseException as error:  # a reader's panic derives from BaseException; it costs this one file
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        panic = Unreadable(f"读取时出现意外错误（{type(error).__name__}）", RESEND)
        return [_refused(document, panic)]


def _members(
    document: Document, inside: list[Member], saved: dt.datetime, scheme: Scheme, roster: Roster
) -> list[Document]:
    document.result, document.reason = EXPANDED, f"内含 {len(inside)} 个文件"
    found = [document]
    for member in inside:
        name = f"{document.file}/{member.name.lstrip('/')}"
        if noise(name.rpartition("/")[2]):
            found.append(Document(name, len(member.data), result=IGNORED, reason=NOISE_REASON))
        else:
            found += _guarded(Document(name), member.data, member.saved or saved, scheme, roster, inside=True)
    return found


def _refused(document: Document, verdict: Unreadable) -> Document:
    return document.unreadable(verdict.reason, verdict.remedy)


def _content(document: Document, book: Workbook, saved: dt.datetime, scheme: Scheme, roster: Roster) -> Document:
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
        document.other_scheme = other_scheme(book, scheme)
        document.unit = scheme.units[outcome.unit - 1].name
        return document
    if register.is_register(book, scheme):
        document.register, document.problems = register.read(book, document.file, scheme, roster)
        document.result, document.reason = REGISTER, "考核办登记表"
        return document
    document.other_scheme = other = other_scheme(book, scheme)
    place = Place(file=document.file)
    if other:
        return document.refuse(NO_FORM, problems.FORM_OF_OTHER_SCHEME.at(place, found=other, current=scheme.name))
    return document.refuse(NO_FORM, problems.NOT_A_FORM.at(place))

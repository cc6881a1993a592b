"""One file read, whatever it is: a form, a register, or files inside it. What a file holds never makes it raise."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import problems
from assess_xlsx.answers import Place, Source
from assess_xlsx.entries import in_words
from assess_xlsx.excel.formats import RESEND, Format, Unreadable, identify
from assess_xlsx.excel.read import Workbook
from assess_xlsx.intake import archives, form, register
from assess_xlsx.intake.document import ADOPTED, EXPANDED, IGNORED, NO_FORM, REGISTER, Document, refused, unreadable
from assess_xlsx.intake.files import NOISE_REASON, noise
from assess_xlsx.intake.table import other_scheme

if TYPE_CHECKING:
    from assess_xlsx.intake.archives import Member
    from assess_xlsx.intake.files import Found
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.scheme.model import Scheme

UNOPENED = "请检查它的权限，关闭正在使用它的程序后重新汇总"
RESULT_SHEETS = {"总览", "报送情况", "文件清单"}


class Asked(NamedTuple):
    """Whose forms are looked for."""

    scheme: Scheme
    roster: Roster


def read(found: Found, asked: Asked) -> list[Document]:
    """Reads one file, and the files inside it if it is an archive or a mail; whatever is wrong, this returns."""
    unread = found.source
    if found.ignored:
        return [Document(unread, IGNORED, found.ignored)]
    if found.unreadable:
        return [unreadable(unread, found.unreadable, UNOPENED)]
    try:
        before = found.path.stat()
        data = found.path.read_bytes()
        after = found.path.stat()
    except OSError as error:
        return [unreadable(unread, f"文件打不开（{in_words(error)}）", UNOPENED)]
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return [unreadable(unread, "文件正在保存", "请等保存完毕后重新汇总")]
    saved = dt.datetime.fromtimestamp(after.st_mtime, dt.UTC)
    return _guarded(unread, data, saved, asked, inside=False)


def _guarded(unread: Source, data: bytes, saved: dt.datetime, asked: Asked, *, inside: bool) -> list[Document]:
    """Reads bytes in an error trap of their own."""
    source = unread._replace(size=len(data), sha256=hashlib.sha256(data).hexdigest())
    try:
        kind = identify(data)
        if kind not in (Format.ZIP, Format.MAIL):
            return [_content(source, Workbook(data, kind), saved, asked)]
        if inside:
            raise Unreadable("是压缩包或邮件里的压缩包或邮件", "请解压后把里面的表放进来")  # noqa: TRY301
        return _members(source, _inside(data, kind), saved, asked)
    except Unreadable as verdict:
        return [unreadable(source, verdict.reason, verdict.remedy)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a reader's panic derives from BaseException; it costs this one file
        return [unreadable(source, "读取时出现意外错误", RESEND)]


def _inside(data: bytes, kind: Format) -> list[Member]:
    if kind is Format.ZIP:
        return archives.members(data)
    from assess_xlsx.intake import mail  # noqa: PLC0415 - mails are rare, and what reads them is slow to import

    return mail.members(data)


def _members(source: Source, members: list[Member], saved: dt.datetime, asked: Asked) -> list[Document]:
    found = [Document(source, EXPANDED, f"内含 {len(members)} 个文件")]
    for number, member in enumerate(members, 1):
        unread = Source(f"{source.name}/{member.name.lstrip('/')}", f"{source.origin}#{number}")
        if noise(unread.name.rpartition("/")[2]):
            found.append(Document(unread._replace(size=len(member.data)), IGNORED, NOISE_REASON))
        else:
            found += _guarded(unread, member.data, member.saved or saved, asked, inside=True)
    return found


def _content(source: Source, book: Workbook, saved: dt.datetime, asked: Asked) -> Document:
    """What a workbook holds: a form, a register, or nothing that counts."""
    scheme, roster = asked
    if {sheet.name for sheet in book.sheets} >= RESULT_SHEETS:
        return Document(source, IGNORED, "本程序的考核结果汇总")
    read = form.read(book, source, scheme, roster, saved)
    if read is not None:
        outcome, found = read
        if isinstance(outcome, form.Rejected):
            unit = outcome.unit.name if outcome.unit else ""
            return refused(source, outcome.result, outcome.problem, tuple(found), unit=unit)
        unit = scheme.units[outcome.unit - 1].name
        other = other_scheme(book, scheme)
        return Document(source, ADOPTED, "", unit, outcome, other_scheme=other, problems=tuple(found))
    if register.is_register(book, scheme):
        recorded, found = register.read(book, source, scheme, roster)
        return Document(source, REGISTER, "考核办登记表", register=recorded, problems=tuple(found))
    place = Place(source=source)
    if other := other_scheme(book, scheme):
        problem = problems.FORM_OF_OTHER_SCHEME.at(place, found=other, current=scheme.name)
        return refused(source, NO_FORM, problem, other_scheme=other)
    return refused(source, NO_FORM, problems.NOT_A_FORM.at(place))

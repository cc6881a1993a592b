"""One file read, whatever it is: a form, a register, or files inside it. What a file holds never makes it raise."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from assess_xlsx import problems
from assess_xlsx.answers import Place, Saved, Source
from assess_xlsx.entries import in_words
from assess_xlsx.excel.formats import MOST_BYTES, RESEND, Foreign, Format, Unreadable, identify, too_large
from assess_xlsx.excel.read import Workbook
from assess_xlsx.intake import archives, evidence, form, register
from assess_xlsx.intake.document import (
    ADOPTED,
    EXPANDED,
    IGNORED,
    NO_FORM,
    REGISTER,
    UNREADABLE,
    Document,
    refused,
    unreadable,
)
from assess_xlsx.intake.files import NOISE_REASON, noise
from assess_xlsx.intake.ledger import Table, header
from assess_xlsx.intake.table import other_scheme
from assess_xlsx.layout import ADDRESS_COLUMNS
from assess_xlsx.output.names import numbered

if TYPE_CHECKING:
    from pathlib import Path

    from assess_xlsx.intake.archives import Member, Parcel
    from assess_xlsx.intake.files import Found
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.scheme.model import Scheme

_OPENED = {Format.ZIP: ((), (Format.MAIL,)), Format.MAIL: ((), (Format.MAIL,), (Format.ZIP,))}
"""What an archive or a mail may lie in and still be opened: a letter, and a mail also in an archive of mails."""
_CALLED = {Format.ZIP: "压缩包", Format.MAIL: "邮件"}
UNOPENED = "请检查它的权限，关闭正在使用它的程序；是链接的，请把里面的文件复制进来，再重新汇总"
HEAD = 4096
"""Bytes at the beginning of a file by which it is known."""
RESULT_SHEETS = {"总览", "报送情况", "文件清单"}
_ADDRESS_BOOK = Table(ADDRESS_COLUMNS)


class Asked(NamedTuple):
    """Whose forms are looked for."""

    scheme: Scheme
    roster: Roster


def read(found: Found, asked: Asked) -> list[Document]:
    """Reads one file, and the files inside it if it is an archive or a mail; whatever is wrong, this returns."""
    return [_named(document, asked.roster) if document.problems else document for document in _read(found, asked)]


def _named(document: Document, roster: Roster) -> Document:
    """What could not be read bears the unit that it, or a folder around it, is called after: whom to ask."""
    if document.units or document.result not in (UNREADABLE, NO_FORM, EXPANDED):
        return document
    path = PurePosixPath(document.source.name)
    unit = next(filter(None, map(roster.in_file_name, (path.stem, *path.parts[-2::-1]))), None)
    if unit is None:
        return document
    told = tuple(each._replace(place=each.place._replace(unit=unit.name)) for each in document.problems)
    return replace(document, units=(unit.name,), problems=told)


def _read(found: Found, asked: Asked) -> list[Document]:
    unread = found.source
    if found.ignored:
        return [Document(unread, IGNORED, found.ignored)]
    if found.unreadable:
        return [unreadable(unread, found.unreadable, UNOPENED)]
    try:
        before = found.path.stat()
        if before.st_size > MOST_BYTES:
            return [_too_large(unread, found.path)]
        data = found.path.read_bytes()
        after = found.path.stat()
    except OSError as error:
        return [unreadable(unread, f"文件打不开（{in_words(error)}）", UNOPENED)]
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return [unreadable(unread, "文件正在保存", "请等保存完毕后重新汇总")]
    saved = Saved(dt.datetime.fromtimestamp(after.st_mtime, dt.UTC), lasting=False)
    return _guarded(unread, data, saved, asked, folder=found.path.parent if found.among else None)


def _guarded(
    unread: Source,
    data: bytes,
    saved: Saved,
    asked: Asked,
    within: tuple[Format, ...] = (),
    folder: Path | None = None,
) -> list[Document]:
    """Reads bytes in an error trap of their own.

    ``within``: the archives and mails that they came in; ``folder``: where the file lies with others that are read.
    """
    source = unread._replace(size=len(data), sha256=hashlib.sha256(data).hexdigest())
    try:
        kind = identify(data)
        if kind not in (Format.ZIP, Format.MAIL):
            return [_content(source, Workbook(data, kind), saved, asked)]
        if within not in _OPENED[kind]:
            what = f"是{_CALLED[within[-1]]}里的{_CALLED[kind]}，没有再往里打开"
            raise Unreadable(what, "请解压或另存后把里面的表放进来")  # noqa: TRY301
        return _expanded(source, data, kind, saved, asked, within, folder)
    except Unreadable as verdict:
        return [_refused(source, verdict)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a reader's panic derives from BaseException; it costs this one file
        return [unreadable(source, "读取时出现意外错误", RESEND)]


def _too_large(unread: Source, path: Path) -> Document:
    """A file above the limit is not read, but for its beginning and its hash."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _refused(unread._replace(size=path.stat().st_size, sha256=digest), too_large(head))


def _refused(source: Source, verdict: Unreadable) -> Document:
    """A file that is not read; what is plainly no form may be evidence."""
    if isinstance(verdict, Foreign) and not evidence.should_hold_a_form(source.name):
        remedy = f"{verdict.remedy}；是佐证材料的，请放进以该单位命名的文件夹"
        return replace(unreadable(source, verdict.reason, remedy), paper=True)
    return unreadable(source, verdict.reason, verdict.remedy)


def _expanded(
    source: Source,
    data: bytes,
    kind: Format,
    saved: Saved,
    asked: Asked,
    within: tuple[Format, ...],
    folder: Path | None,
) -> list[Document]:
    """An archive or a mail, and what it holds; what lies beside a mail as well is read there, once."""
    members, empty = _unpack(data, kind)
    reason, letter = f"内含 {len(members)} 个文件", kind is Format.MAIL and not within
    if letter and folder and (apart := [each for each in members if not _lies_in(folder, each)]) != members:
        reason = f"{reason}，其中 {len(members) - len(apart)} 个已另存在同一文件夹里，按另存的读"
        members = apart
        if all(each.ignored for each in members):
            return [Document(source, EXPANDED, reason, letter=True)]
    whole = Document(source, EXPANDED, reason, letter=letter)
    inside: list[Document] = []
    for number, member in enumerate(members, 1):
        name = _name(member, number)
        unread = Source(f"{source.name}/{name}", f"{source.origin}/{name}#{number}")
        if ignored := member.ignored or (NOISE_REASON if noise(PurePosixPath(name).name) else ""):
            inside.append(Document(unread._replace(size=len(member.data)), IGNORED, ignored))
        elif member.fault:
            inside.append(unreadable(unread, member.fault.reason, member.fault.remedy))
        else:
            own = Saved(member.saved, lasting=True) if member.saved else saved
            inside += _guarded(unread, member.data, own, asked, (*within, kind))
    if all(each.result == IGNORED for each in inside):
        if within and kind is Format.MAIL:  # a letter is forwarded for its text too
            whole = replace(whole, result=IGNORED, reason="邮件里的邮件，没有附件")
        else:
            problem = empty.at(Place(source=source))
            whole = replace(whole, reason=problem.text, problems=(problem,))
    return [whole, *inside]


def _lies_in(folder: Path, member: Member) -> bool:
    """Whether what a mail brought, byte for byte, is a file in a folder: people save it, as ``mail fetch`` does."""
    from assess_xlsx.intake import mail  # noqa: PLC0415 - as in ``_unpack``

    path, number = folder / mail.saved_as(member), 1
    while member.data and (place := numbered(path, number)).is_file():
        if place.stat().st_size == len(member.data) and place.read_bytes() == member.data:
            return True
        number += 1
    return False


def _name(member: Member, number: int) -> str:
    """What a file inside another is called; one without a name by what it is."""
    name = "/".join(part for part in member.name.split("/") if part not in ("", "."))
    if name:
        return name
    try:
        return f"未命名{number}.{identify(member.data).value}"
    except Unreadable:
        return f"未命名{number}"


def _unpack(data: bytes, kind: Format) -> Parcel:
    if kind is Format.ZIP:
        return archives.unpack(data)
    from assess_xlsx.intake import mail  # noqa: PLC0415 - mails are rare, and what reads them is slow to import

    return mail.unpack(data)


def _forms(source: Source, read: form.Reading, scheme: Scheme) -> Document:
    """A workbook in which forms stand, of one unit or of several."""
    units = [scheme.units[each.unit - 1].name for each in read.forms]
    units += [each.unit.name for each in read.rejected if each.unit]
    found = (*read.problems, *(each.problem for each in read.rejected))
    reason = "".join(each.problem.text for each in read.rejected)
    result = ADOPTED if read.forms else read.rejected[0].result
    return Document(source, result, reason, tuple(units), read.forms, other_scheme=read.other_scheme, problems=found)


def _content(source: Source, book: Workbook, saved: Saved, asked: Asked) -> Document:
    """What a workbook holds: a form, a register, or nothing that counts."""
    scheme, roster = asked
    if (read := form.read(book, source, scheme, roster, saved)) is not None:
        return _forms(source, read, scheme)
    if {sheet.name for sheet in book.sheets} >= RESULT_SHEETS:
        return Document(source, IGNORED, "本程序的考核结果汇总")
    if any(header(sheet, _ADDRESS_BOOK) for sheet in book.sheets):
        return Document(source, IGNORED, "考核办的通讯录")
    if register.is_register(book, scheme):
        recorded, found = register.read(book, source, scheme, roster)
        return Document(source, REGISTER, "考核办登记表", register=recorded, problems=tuple(found))
    place = Place(source=source)
    if other := other_scheme(book, scheme):
        problem = problems.FORM_OF_OTHER_SCHEME.at(place, found=other, current=scheme.name)
        return refused(source, NO_FORM, problem, other_scheme=other)
    paper = not evidence.resembles_a_form(book, scheme)
    return replace(refused(source, NO_FORM, problems.NOT_A_FORM.at(place)), paper=paper)

"""``mail fetch``: the letters that came, into INPUT; who sent what is told. The mailbox stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess_xlsx.commands import PATH, load_scheme, scheme_option, with_scheme
from assess_xlsx.console import DAY, FILE, REFUSED, collecting, say, typed
from assess_xlsx.mail import account
from assess_xlsx.mail.contacts import find, read

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from assess_xlsx.post.fetched import FetchedLetters
    from assess_xlsx.post.fetching import Fetched
    from assess_xlsx.post.imap import Mailbox
    from assess_xlsx.scheme.model import Scheme

MOST_AT_FIRST = 100
"""Letters in a mailbox up to which all of them are fetched the first time."""


@click.command()
@click.argument("folder", metavar="文件夹", type=PATH)
@click.option("--since", metavar=DAY, help="只收这一天和以后到的信；写一次就记住，以后不用再写。")
@click.option("--contacts", type=PATH, metavar=FILE, help="照哪一份通讯录认单位；不写就用当前文件夹里的。")
@account.settings_option
@scheme_option
def fetch(
    folder: Path, since: str | None, contacts: Path | None, settings_file: Path | None, scheme_file: Path | None
) -> None:
    """把邮箱里新到的信和附件收进放表的文件夹，说明谁发来什么；收过的不再收。

    一封信一个文件夹，放在其中的“邮件”里：来信和附件都照原样，已有的文件不会被替换。没有附件的信不收进来，只点名；单位来信只有链接的收下，汇总时会指出。

    邮箱只看不动：不删除，不移动，不标记已读。收过什么，记在旁边的“收信记录”里。

    \b
    例：assess-xlsx mail fetch input
        assess-xlsx mail fetch input --since 2026-11-01
    """
    from assess_xlsx.post.fetched import LABELS, RECORD_FILE, FetchedLetters
    from assess_xlsx.post.imap import Mailbox
    from assess_xlsx.post.settings import FETCHING
    from assess_xlsx.post.trouble import Trouble

    if not folder.is_dir():
        raise click.UsageError(f"找不到文件夹“{folder}”，请检查路径。")
    day = _day(since)
    office = account.settings(settings_file, FETCHING)
    units_at = _units(load_scheme(scheme_file), contacts)
    place = folder.resolve()  # a link is followed once, here
    with account.record(place.parent / RECORD_FILE, LABELS) as record:
        fetched = FetchedLetters(record, office.account, office.folder)
        try:
            mailbox = Mailbox(office, account.password(office))
            try:
                found = list(_fetched(mailbox, fetched, place, units_at, day))
            finally:
                mailbox.close()
        except Trouble as why:
            raise click.ClickException(f"{why}已经收下的不会重收。") from None
    kept = sum(bool(each.folder) for each in found)
    if not found:
        say("没有新到的信。")
        return
    say(f"新到 {len(found)} 封：收下 {kept} 封，没有收进来 {len(found) - kept} 封。")
    if kept:
        say(f"下一步：{collecting(f'{typed(folder)}{with_scheme(scheme_file)}')}")
    if any(each.failed for each in found):
        raise click.exceptions.Exit(REFUSED)


def _day(said: str | None) -> dt.date | None:
    from assess_xlsx.entries import day_in

    day = day_in(said) if said else None
    if said and day is None:
        raise click.UsageError(f"“{said}”不是一个日期，请写年月日，如 --since 2026-11-01")
    return day


def _units(scheme: Scheme, contacts: Path | None) -> Callable[[str], tuple[str, ...]]:
    """Whose an address is, by the address book; nobody's where there is none."""
    path = find(contacts, Path("templates"))
    if path is None:
        say("没有通讯录，认不出发件人是哪个单位。", err=True)
        return lambda _: ()
    book = read(path, scheme)
    return lambda address: tuple(unit.name for unit in book.units_at(address))


def _fetched(
    mailbox: Mailbox,
    record: FetchedLetters,
    place: Path,
    units_at: Callable[[str], tuple[str, ...]],
    since: dt.date | None,
) -> Iterator[Fetched]:
    """The new letters, each told as soon as it is dealt with."""
    from assess_xlsx.post.fetching import fetch as go

    first = record.new
    if since and since != record.since:
        record.begin_at(since)
    numbers = mailbox.numbers(record.since)
    if first and record.since is None and len(numbers) > MOST_AT_FIRST:
        raise click.ClickException(
            f"邮箱里有 {len(numbers)} 封信，还一封都没有收过。请加 --since 写明从哪一天收起，如 --since 2026-11-01"
        )
    for each in go(mailbox, numbers, record, place, units_at):
        say(_told(each), err=each.failed)
        yield each


def _told(each: Fetched) -> str:
    """Who sent what, and where it is."""
    from assess_xlsx.entries import CHINA

    letter = each.letter
    who = "、".join(each.units) or "不在通讯录里的"
    when = f"{each.waiting.received.astimezone(CHINA):%m-%d %H:%M}"
    said = f"{who}（{letter.sender or '没有发件人'}，{when}，{letter.subject or '没有主题'}）：{each.kind}"
    if each.folder:
        files = "、".join(letter.attached)
        said = f"{said}{f'：{files}' if files else ''}，在 {each.folder}"
    return f"{said}{f'；{letter.said}' if letter.said else ''}。"

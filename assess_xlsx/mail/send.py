"""``mail send``: lists, asks, sends; what went out stands in the record before and after each letter."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import click

from assess_xlsx.commands import PATH, help_option
from assess_xlsx.console import REFUSED, asked, program, say
from assess_xlsx.mail import account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from assess_xlsx.post.outbox import Outgoing
    from assess_xlsx.post.sent import SentLetters
    from assess_xlsx.post.settings import Settings


@click.command()
@click.argument("folder", metavar="文件夹", type=PATH)
@click.option("--yes", is_flag=True, help="不问，直接发（给自动运行的程序用）。")
@account.settings_option
@help_option
def send(folder: Path, yes: bool, settings_file: Path | None) -> None:
    """把一个文件夹里起草好的邮件发出去：先列出收件人，问过才发。

    账号写在“邮箱设置”文件里，写法见说明书；密码（多数邮箱是授权码）运行时问，不存也不显示。

    发出的每一封都记在旁边的“发送记录”里：中断了再运行一次，从停下的地方接着发，谁也不会收到两次。

    \b
    例：assess-xlsx mail send output/邮件/催报
    """
    from assess_xlsx.post import outbox
    from assess_xlsx.post.sent import LABELS, RECORD_FILE, SentLetters, waiting
    from assess_xlsx.post.settings import SENDING

    if not folder.is_dir():
        raise click.UsageError(f"找不到文件夹“{folder}”，请检查路径。")
    office = account.settings(settings_file, SENDING)
    password = cache(partial(account.password, office))
    box = outbox.read(folder)
    if not box.letters and not box.unfit:
        raise click.ClickException(f"“{folder}”里没有起草好的邮件（.eml）。请先运行 {program()} mail draft")
    for each in (*box.unfit, *(f"“{name}”已有更新的一份，不发这份旧的。" for name in box.older)):
        say(each, err=True)
    if box.letters and (newer := _newer_result(folder)):
        say(f"注意：起草以后，“{newer}”又写过，信里说的可能不是最新的；是照结果写的信，请重新起草再发。", err=True)
    with account.record(folder.absolute().parent / RECORD_FILE, LABELS) as record:
        sent = SentLetters(record)
        due, unknown = waiting(box.letters, sent)
        if unknown and office.fetching.host:
            _look(unknown, sent, office, password)
            due, unknown = waiting(box.letters, sent)
        if done := len(box.letters) - len(due) - len(unknown):
            say(f"有 {done} 封以前已经发出，不再发。")
        if not yes:
            due = [*due, *_released(unknown, sent)]
        failed = _send(due, sent, office, password, yes=yes)
        open_ = [each for each in box.letters if sent.begun(each)]
    if open_:
        say(
            f"不知道发出去没有的有 {len(open_)} 封，没有再发：{_named(open_)}。"
            "请在邮箱的“已发送”里或向收件人核对，再运行一次，问到时回答。",
            err=True,
        )
    if failed or open_ or box.unfit:
        raise click.exceptions.Exit(REFUSED)
    say(f"都发出了。下一步：单位回信以后，运行 {program()} mail fetch input 收进来。")


def _newer_result(folder: Path) -> Path | None:
    """A result that was written after the letters of a folder, which lies in 邮件 beside it; None where none was."""
    from assess_xlsx.layout import RESULT_FILE
    from assess_xlsx.output.delivery import deliverables

    stem = RESULT_FILE.removesuffix(".xlsx")
    results = [each for each in deliverables(folder.absolute().parent.parent) if each.name.startswith(stem)]
    newest = max(results, key=_written, default=None)
    return newest if newest and _written(newest) > max(map(_written, deliverables(folder))) else None


def _written(path: Path) -> float:
    return path.stat().st_mtime


def _look(unknown: Sequence[Outgoing], sent: SentLetters, office: Settings, password: Callable[[], str]) -> None:
    """Looks into 已发送 for the letters that a broken run had in hand; where that cannot be, a person is asked."""
    from assess_xlsx.post.doubts import settle
    from assess_xlsx.post.imap import Mailbox
    from assess_xlsx.post.trouble import Trouble

    say(f"上次发到一半中断了，到邮箱的“已发送”里核对 {len(unknown)} 封：{_named(unknown)}。")
    try:
        kept = Mailbox(office, password(), sent=True)
        try:
            settle(unknown, sent, kept, office)
        finally:
            kept.close()
    except Trouble as why:
        say(f"没有核对成：{why}", err=True)


def _released(unknown: Iterable[Outgoing], sent: SentLetters) -> list[Outgoing]:
    """Of the letters that a broken run had in hand, those that a person lets go out again."""
    from assess_xlsx.post.sent import RELEASED, TAKEN_AS_SENT

    found = []
    for each in unknown:
        recipients = sent.begun(each)
        say(f"上次发“{each.name}”（{'、'.join(recipients)}）时中断了，不知道发出去没有。")
        if asked("要再发一次吗？对方可能收到两封。"):
            sent.note(RELEASED, each, recipients)
            found.append(each)
        elif asked("那么记作已经发出，以后不再问？"):
            sent.note(TAKEN_AS_SENT, each, recipients)
    return found


def _send(
    due: Sequence[Outgoing], sent: SentLetters, office: Settings, password: Callable[[], str], *, yes: bool
) -> int:
    """Sends what is due, after a question; answers how many letters did not reach all their recipients."""
    from assess_xlsx.post.sending import send as go
    from assess_xlsx.post.smtp import Sender
    from assess_xlsx.post.trouble import Trouble

    if not due:
        return 0
    say(f"要发的有 {len(due)} 封，发件人 {office.account}：")
    for each in due:
        files = "、".join(f"《{name}》" for name in each.attached) or "没有附件"
        before = f"；同样主题的 {time} 发过一封" if (time := sent.another(each)) else ""
        say(f"  {each.name}：{'、'.join(sent.due(each))}；{each.subject}；{files}{before}")
    if not yes and not asked("发出去吗？"):
        raise click.ClickException("没有发。")
    went, failed = 0, 0
    try:
        sender = Sender(office, password())
        try:
            for fate in go(due, sent, sender, office):
                for recipient, why in fate.answer.refused.items():
                    say(f"{fate.letter.name}：{recipient} 没有收：{why}。", err=True)
                if fate.answer.taken:
                    went += 1
                    say(f"已发出 {went}/{len(due)}　{fate.letter.name}：{'、'.join(fate.answer.taken)}")
                failed += bool(fate.answer.refused) or fate.unknown
        finally:
            sender.close()
    except Trouble as why:
        raise click.ClickException(f"{why}已发出 {went} 封，还有 {len(due) - went} 封没有发出。") from None
    if failed:
        say(
            f"已发出 {went} 封；没有送到所有收件人的 {failed} 封，原因见上。地址错的，改好通讯录重新起草；"
            "要稍后再试的，过一会儿再运行一次。已经送到的不会重发。",
            err=True,
        )
    return failed


def _named(letters: Iterable[Outgoing]) -> str:
    return "、".join(each.name for each in letters)

"""``mail draft``: which letters are written, from which result, to whom; refuses in words where that is not plain."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess_xlsx.commands import PATH, delivering, load_scheme, scheme_option
from assess_xlsx.console import FILE, FOLDER, RESULT, program, say, typed
from assess_xlsx.mail.contacts import find, read

if TYPE_CHECKING:
    from assess_xlsx.post.address_book import AddressBook
    from assess_xlsx.post.occasions import Feedback, Issue, Post, Return, Urge
    from assess_xlsx.rounds.result import Result
    from assess_xlsx.scheme.model import Scheme


@click.command()
@click.argument("occasion", metavar="发表|催报|退回|反馈")
@click.argument("output", metavar="[文件夹]", type=PATH, default=Path("output"), required=False)
@click.option("--contacts", type=PATH, metavar=FILE, help="用哪一份通讯录；不写就用当前文件夹或 templates 里的。")
@click.option(
    "--templates",
    type=PATH,
    default=Path("templates"),
    metavar=FOLDER,
    help="空白表所在的文件夹；不写就是 templates。",
)
@click.option(
    "--result", "result_file", type=PATH, metavar=RESULT, help="照哪一份结果写；不写就用定稿，没有定稿的用最新的。"
)
@scheme_option
def draft(
    occasion: str,
    output: Path,
    contacts: Path | None,
    templates: Path,
    result_file: Path | None,
    scheme_file: Path | None,
) -> None:
    """起草邮件：每个单位一封 .eml，放在 output/邮件 里，附上该单位自己的表，不发出。

    文件夹写结果所在的文件夹，不写就是 output。双击 .eml 用邮件程序打开，就是一封还没有发的信，可以改，可以直接发。

    \b
    例：assess-xlsx mail draft 发表
        assess-xlsx mail draft 反馈 output
    """
    from assess_xlsx.layout import MAIL_FOLDER, letter_file
    from assess_xlsx.post import occasions
    from assess_xlsx.post.letter import compose

    if occasion not in occasions.OCCASIONS:
        raise click.UsageError(f"“{occasion}”不是要写的信，请写{'、'.join(occasions.OCCASIONS)}之一。")
    scheme = load_scheme(scheme_file)
    book = _address_book(scheme, contacts, templates)
    about = _occasion(occasion, scheme, output, templates, result_file)
    post = _letters(scheme, book, about)
    folder = f"{MAIL_FOLDER}/{occasion}"
    if not post.letters:
        _tell_omitted(post, book)
        raise click.ClickException("没有可以起草的信，没有写任何文件。")
    with delivering(output) as delivery:
        for number, letter in post.letters.items():
            name = f"{folder}/{letter_file(scheme.units[number - 1])}"
            delivery.add(name, partial(Path.write_bytes, data=compose(letter)))
        placed, kept = delivery.put_beside((folder,))
    from assess_xlsx.summary import tell_kept

    say(f"已起草 {len(placed)} 封“{occasion}”邮件，放在 {output / folder}，还没有发。")
    tell_kept(kept)
    _tell_omitted(post, book)
    say(f"下一步：打开几封看一看；没有问题的，运行 {program()} mail send {typed(output / folder)}")


def _letters(scheme: Scheme, book: AddressBook, about: Issue | Urge | Return | Feedback) -> Post:
    """The letters; refuses in words where what is to go with them is of an earlier result."""
    from assess_xlsx.post import occasions
    from assess_xlsx.post.enclosed import Stale

    try:
        return occasions.write(scheme, book, about.units, about.tell)
    except Stale as why:
        raise click.ClickException(
            f"{why}，没有写任何文件。请加 --feedback 重新汇总；已经定稿的，在定稿的命令后面加 --feedback 和 "
            "-o 另一个文件夹再运行一次（校验码不变），再照那个文件夹起草。"
        ) from None


def _address_book(scheme: Scheme, contacts: Path | None, templates: Path) -> AddressBook:
    """The office's address book, its problems told; refuses in words where there is none that says anything."""
    from assess_xlsx.layout import ADDRESS_FILE

    path = find(contacts, templates)
    if path is None:
        raise click.ClickException(
            f"找不到通讯录“{ADDRESS_FILE}”。空白的通讯录由 {program()} templates 生成，填好邮箱后放在当前文件夹里。"
        )
    book = read(path, scheme)
    for problem in book.problems:
        say(problem.sentence(), err=True)
    if not book.contacts:
        raise click.ClickException(f"通讯录“{path}”里没有一个能用的邮箱。请填好后重试。")
    return book


def _occasion(
    occasion: str, scheme: Scheme, output: Path, templates: Path, result_file: Path | None
) -> Issue | Urge | Return | Feedback:
    """What is written about; refuses in words where nobody is to be written to, or a question is open."""
    from assess_xlsx.post import occasions
    from assess_xlsx.post.enclosed import BlankForms

    if occasion == occasions.ISSUE:
        return occasions.Issue(scheme, BlankForms(scheme, templates))
    result = _result(scheme, output, result_file, closed_may_differ=occasion != occasions.FEEDBACK)
    about: Urge | Return | Feedback
    if occasion == occasions.URGE:
        about = occasions.Urge(scheme, result, BlankForms(scheme, templates))
    elif occasion == occasions.RETURN:
        about = occasions.Return(scheme, result)
    else:
        about = occasions.Feedback(scheme, result)
    standing = str(result.closing) if result.closing else "还没有定稿"
    say(f"照“{result.path}”写（{standing}）。")
    if not about.units:
        raise click.ClickException(f"照这份结果，没有要{occasion}的单位，没有写任何文件。")
    return about


def _result(scheme: Scheme, output: Path, result_file: Path | None, *, closed_may_differ: bool) -> Result:
    """The result that is spoken of; refuses in words where that is not plain."""
    from assess_xlsx.rounds.current import current, trial_beside
    from assess_xlsx.rounds.plan import other_scheme
    from assess_xlsx.rounds.result import NoResult, read

    try:
        result = read(result_file) if result_file else current(output, scheme)
    except NoResult as refusal:
        raise click.ClickException(str(refusal)) from None
    if refused := other_scheme(result, scheme):
        raise click.ClickException(refused)
    if closed_may_differ and not result_file and (trial := trial_beside(result)):
        raise click.ClickException(
            f"“{result.path}”已经定稿，旁边还有试算“{trial.name}”，不知道照哪一份写。"
            f"请加 --result 写明，如 --result {typed(trial)}"
        )
    return result


def _tell_omitted(post: Post, book: AddressBook) -> None:
    """Names the units that get no letter, and why."""
    for sentence in post.omitted:
        say(f"没有起草：{sentence}", err=True)
    for units, why in ((book.doubtful, "邮箱有疑问，见上"), (book.blank, "通讯录里没有邮箱")):
        names = [unit.name for unit in post.unknown if unit in units]
        if names:
            say(f"{why}，没有起草的 {len(names)} 个单位：{'、'.join(names)}。", err=True)

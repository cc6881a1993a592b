"""What ``send`` and ``fetch`` have in common: the office's account, its password, the record. Refusals in words."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess_xlsx.commands import PATH
from assess_xlsx.console import FILE, secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.output.journal import Journal
    from assess_xlsx.post.settings import Settings

settings_option = click.option(
    "--settings",
    "settings_file",
    type=PATH,
    metavar=FILE,
    help="邮箱设置写在哪个文件；不写就用当前文件夹里的“邮箱设置”。",
)


def settings(file: Path | None, section: str) -> Settings:
    """The office's account, with a server for what is to be done; refuses in words."""
    from assess_xlsx.post import settings as post

    here = Path(post.SETTINGS_FILE)
    path = file or (here if os.path.lexists(here) else None)
    try:
        found = post.read(path, os.environ)
        post.want_host(found.sending if section == post.SENDING else found.fetching, section)
    except post.Unset as why:
        raise click.ClickException(str(why)) from None
    return found


def password(account: Settings) -> str:
    """Its password, from the environment or as it is typed; it is kept nowhere. Refuses where there is none."""
    from assess_xlsx.post.settings import PASSWORD

    said = os.environ.get(PASSWORD, "").strip() or secret(f"{account.login} 的密码或授权码（输入时不显示）")
    if not said:
        raise click.ClickException(
            f"没有密码。请在命令窗口里运行，问到时输入；自动运行的，放在环境变量 {PASSWORD} 里。"
        )
    return said


@contextmanager
def record(path: Path, labels: Sequence[str]) -> Iterator[Journal]:
    """A record, held by this run alone; refuses in words."""
    from assess_xlsx.entries import in_words
    from assess_xlsx.output.apart import Unsafe
    from assess_xlsx.output.journal import Garbled, journal

    try:
        with journal(path, labels) as book:
            yield book
    except (Garbled, Unsafe) as why:
        raise click.ClickException(str(why)) from None
    except OSError as error:
        raise click.ClickException(
            f"“{error.filename or path}”写不进去（{in_words(error)}）。"
            "请检查磁盘空间和权限后再运行一次，已经做完的不会重做。"
        ) from None

"""``mail``: letters to the units, and the forms that came back; a module a command, which knows the post when run."""

from __future__ import annotations

import click

from assess_xlsx.commands import help_option
from assess_xlsx.mail.draft import draft
from assess_xlsx.mail.fetch import fetch
from assess_xlsx.mail.send import send


@click.group()
@help_option
def mail() -> None:
    """用电子邮件发表、催报、退回、反馈，把各单位寄回的表收进来。

    \b
    先填好通讯录.xlsx，再起草，看过没有问题就发出：
        assess-xlsx mail draft 发表
        assess-xlsx mail send output/邮件/发表
    把邮箱里新到的信收进 input 文件夹：
        assess-xlsx mail fetch input
    """


mail.add_command(draft)
mail.add_command(send)
mail.add_command(fetch)

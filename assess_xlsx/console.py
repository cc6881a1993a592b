"""click in Chinese: help pages, complaints about the command line, progress, exit codes. It knows no assessment."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

REFUSED, WRONG_USAGE = 1, 2


class _ChineseHelp(click.HelpFormatter):
    """click's help page under Chinese headings."""

    HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}  # noqa: RUF012 - read only

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002
        words = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        super().write_usage(prog, words, "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(self.HEADINGS.get(heading, heading))


click.Context.formatter_class = _ChineseHelp


def progress(label: str, items: Iterable[T], length: int) -> Iterator[T]:
    """The items, under a progress bar where there is a terminal to draw it on."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length, label, file=sys.stderr) as bar:
        yield from bar


def run(command: click.Group) -> None:
    """Runs a command; a console that cannot print a character shows a substitute instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = command.main(standalone_mode=False)
    except click.UsageError as error:
        click.echo(f"用法不对：{_in_chinese(error)}", err=True)
        click.echo(f"看用法：{error.ctx.command_path if error.ctx else 'assess-xlsx'} --help", err=True)
        sys.exit(WRONG_USAGE)
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        sys.exit(REFUSED)
    except click.Abort:
        click.echo("已中止，原有的结果没有改动。", err=True)
        sys.exit(REFUSED)
    sys.exit(status if isinstance(status, int) else 0)


def _in_chinese(error: click.UsageError) -> str:
    """Click's own complaints about the command line, in Chinese."""
    quoted = re.findall(r"'([^']*)'|\((.*?)\)", error.message)
    word = next((first or second for first, second in quoted), "")
    said = error.message
    match error:
        case click.NoSuchOption():
            said = f"没有选项“{error.option_name}”。"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            said = f"缺少参数 {name}。"
        case click.BadParameter():
            said = f"“{word}”不是整数。" if error.param and error.param.type is click.INT else f"参数“{word}”不对。"
        case click.BadOptionUsage():
            said = f"选项“{error.option_name}”后面缺少内容，或不该有内容。"
        case _ if said.startswith("No such command"):
            said = f"没有命令“{word}”。"
        case _ if said.startswith("Got unexpected extra"):
            said = f"多余的参数“{word}”。"
    return said

"""click in Chinese: help pages, complaints about the command line, progress, exit codes. It knows no assessment.

All that is said goes through ``say``: names of files and texts of cells come from others.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

T = TypeVar("T")

REFUSED, WRONG_USAGE = 1, 2
FOLDER, FILE, RESULT, NUMBER, DAY = "文件夹名", "文件名", "以前的结果", "整数", "年月日"
"""What follows an option."""
PROGRAM = "assess-xlsx"
_EXAMPLES = {
    FOLDER: "结果",
    FILE: "2026年度考核方案.xlsx",
    RESULT: "output/考核结果汇总.xlsx",
    NUMBER: "1",
    DAY: "2026-11-01",
}


class _ChineseHelp(click.HelpFormatter):
    """click's help page under Chinese headings."""

    HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}  # noqa: RUF012 - read only

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002
        words = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        super().write_usage(prog, words, "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{self.HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:  # noqa: ARG002
        """Words and what they mean side by side; a Chinese character is as wide as two letters."""
        listed = list(rows)
        room = max(_width(word) for word, _ in listed) + col_spacing
        for word, meaning in listed:
            self.write(f"{' ' * self.current_indent}{word}{' ' * (room - _width(word))}{meaning}\n")

    def getvalue(self) -> str:
        """The page, with the program called as the reader has called it."""
        return re.sub(rf"\b{PROGRAM}(?= [a-z])", program(), super().getvalue())


click.Context.formatter_class = _ChineseHelp


def _width(text: str) -> int:
    from unicodedata import east_asian_width  # noqa: PLC0415 - only a help page asks

    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def program() -> str:
    """What is typed to start the program, as it was typed this time: there may be no ``assess-xlsx`` on the PATH."""
    context = click.get_current_context(silent=True)
    called = (context.find_root().info_name if context else None) or PROGRAM
    return called if called.startswith("python") else PROGRAM


def typed(path: Path) -> str:
    """A path as it is typed in a command: between quotation marks where a shell would take it apart."""
    return str(path) if re.fullmatch(r"[\w./\\:-]+", str(path)) else f'"{path}"'


CLICKED = "ASSESS_XLSX_CLICKED"
"""The environment variable in which who starts the program names what its reader double-clicked to collect."""


def collecting(words: str) -> str:
    """How the reader has files collected: by a double click where that started the program, else by a command."""
    clicked = os.environ.get(CLICKED)
    return f"双击“{clicked}”" if clicked else f"运行 {program()} collect {words}"


def adding(option: str) -> str:
    """How the reader runs the same once more with another option."""
    return f"在命令窗口里运行 collect 时加 {option}" if os.environ.get(CLICKED) else f"在这条命令后面加 {option}"


def say(text: str, *, err: bool = False) -> None:
    """Says one line. What would steer a terminal, or turn the line around, is shown as a box."""
    if not text.isprintable():
        from unicodedata import category  # noqa: PLC0415 - rarely met

        text = "".join(each if each.isprintable() or category(each) == "Zs" else "□" for each in text)
    with suppress(OSError):  # nobody listens any more, or the disk that listens is full: the work goes on
        click.echo(text, err=err)


def asked(question: str) -> bool:
    """Whether the reader says yes to a question; nobody who could answer says no."""
    with suppress(OSError):
        click.echo(f"{question}（是的，输入 y 再按回车；不是，直接按回车）", nl=False)
    try:
        return input().strip().lower() in ("y", "ｙ", "yes", "是")
    except EOFError:
        click.echo()
        return False


def secret(question: str) -> str:
    """What the reader types unseen; empty where nobody can."""
    if not sys.stdin.isatty():
        return ""
    from getpass import getpass  # noqa: PLC0415 - seldom needed

    return getpass(f"{question}：").strip()


def progress(label: str, items: Iterable[T], length: int) -> Iterator[T]:
    """The items, under a progress bar where there is a terminal to draw it on."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length, label, file=sys.stderr) as bar:
        yield from bar


def run(command: click.Group, words: Sequence[str] | None = None) -> None:
    """Runs a command, by default as the command line says.

    A console that cannot print a character shows a substitute instead of failing.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        status = command.main(_typed() if words is None else words, standalone_mode=False)
    except click.UsageError as error:
        _complain(error, command)
    except click.ClickException as error:
        _refuse(error.format_message())
    except click.Abort:
        _refuse("已中止，没有留下写了一半的文件。")
    except ModuleNotFoundError:
        raise
    except (MemoryError, ImportError) as error:  # no room for a library's code either, or a part of it is gone
        _refuse(_lacking(error))
    except OSError as error:
        from assess_xlsx.entries import in_words  # noqa: PLC0415 - rarely met

        _refuse(f"系统出错（{in_words(error)}），已中止，没有留下写了一半的文件。请排除后重试。")
    except UnicodeEncodeError:
        _refuse("系统的语言设置写不了中文文件名，已中止。请先设置环境变量 PYTHONUTF8=1，再重新运行。")
    _end(status if isinstance(status, int) else 0)


def _typed() -> list[str]:
    """The words of the command line. On Windows, where no shell does so, patterns become the files that they fit.

    click would do so to what is there as well, to a folder ``收到[1]`` or ``100%TEMP%``.
    """
    words = sys.argv[1:]
    if os.name != "nt":
        return words
    from glob import glob  # noqa: PLC0415 - on Windows only

    return [
        each
        for word in words
        for each in ([word] if os.path.lexists(word) else glob(word, recursive=True) or [word])  # noqa: PTH207
    ]


def _end(status: int) -> NoReturn:
    """Ends with a status, even if nobody listens to what was said last."""
    try:
        sys.stdout.flush()
    except OSError:
        # Python would flush it once more, and complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


def _complain(error: click.UsageError, command: click.Group) -> NoReturn:
    """Says what is wrong with the command line; without any words, all that there is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
    else:
        say(f"用法不对：{_in_chinese(error, command)}", err=True)
        say(f"看用法：{error.ctx.command_path if error.ctx else PROGRAM} --help", err=True)
    sys.exit(WRONG_USAGE)


def _lacking(error: MemoryError | ImportError) -> str:
    cause, remedy = "内存不足", "请关闭其他程序后重试"
    if isinstance(error, ImportError):
        cause, remedy = f"{cause}，或程序的文件不全（可能被杀毒软件拦下）", f"{remedy}，或重新安装程序"
    return f"{cause}，已中止，没有留下写了一半的文件。{remedy}。"


def _refuse(text: str) -> NoReturn:
    say(text, err=True)
    sys.exit(REFUSED)


def _interrupted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a signal hands over
    """Ends the program as Ctrl+C does, so that it leaves nothing behind."""
    raise KeyboardInterrupt


def _in_chinese(error: click.UsageError, command: click.Group) -> str:
    """Click's own complaints about the command line, in Chinese."""
    quoted = re.findall(r"'([^']*)'|\((.*?)\)", error.message)
    word = next((first or second for first, second in quoted), "")
    said = error.message
    match error:
        case click.NoSuchOption():
            said = f"没有选项“{error.option_name}”。{_meant(error.possibilities or ())}"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            said = f"后面还要写“{name.strip('[]…')}”。"
        case click.BadParameter():
            said = f"“{word}”不是整数。" if error.param and error.param.type is click.INT else f"参数“{word}”不对。"
        case click.BadOptionUsage():
            said = _misused(error, command)
        case _ if said.startswith("No such command"):
            said = f"没有命令“{word}”。{_meant(_commands_like(word, error.ctx))}"
        case _ if said.startswith("Got unexpected extra"):
            said = f"多余的参数“{word}”。"
    return said


def _meant(alike: Sequence[str]) -> str:
    return f"是不是 {alike[0]}？" if alike else ""


def _commands_like(word: str, context: click.Context | None) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - rarely met

    group = context.command if context else None
    return get_close_matches(word, group.list_commands(context)) if context and isinstance(group, click.Group) else []


def _misused(error: click.BadOptionUsage, command: click.Group) -> str:
    """An option without what must follow it, or with what must not; click does not tell whose option it is."""
    options = (each for each in _options(command) if error.option_name in each.opts)
    metavar = next((each.metavar for each in options), None)
    if metavar is None:
        return f"选项“{error.option_name}”后面不该有内容。"
    return f"选项“{error.option_name}”后面要写{metavar}，如 {error.option_name} {_EXAMPLES[metavar]}"


def _options(command: click.Command) -> Iterator[click.Option]:
    """All options of a command and of those below it."""
    yield from (each for each in command.params if isinstance(each, click.Option))
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _options(below)

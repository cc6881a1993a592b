"""What the commands have in common: options, the scheme they go by, files delivered all or none, refusals in words.

Everything else is imported when a command needs it.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assess_xlsx.console import FILE, program, say, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assess_xlsx.output.delivery import Delivery
    from assess_xlsx.scheme.model import Scheme

T = TypeVar("T")
PATH = click.Path(path_type=Path, readable=False)  # what cannot be read is told where it is read
help_option = click.help_option("-h", "--help", help="显示本帮助。")


def scheme_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every command that goes by a scheme, and --help."""
    option = click.option(
        "--scheme",
        "scheme_file",
        type=PATH,
        metavar=FILE,
        help="用哪一份考核方案（工作簿或 .toml）；不写就用内置的 2018 年度方案。",
    )
    return option(help_option(command))


def load_scheme(scheme_file: Path | None) -> Scheme:
    """The scheme of a file, or the built-in one; refuses in words."""
    from assess_xlsx.scheme import file as schemes

    return right_scheme(partial(schemes.load, scheme_file), scheme_file)


def right_scheme(load: Callable[[], T], scheme_file: Path | None) -> T:
    """The scheme that is loaded; a wrong one is told with all its mistakes."""
    from assess_xlsx.scheme.tree import SchemeError, Unconfirmed

    try:
        return load()
    except Unconfirmed as unconfirmed:
        many = len(unconfirmed.faults)
        raise click.ClickException(
            f"考核方案“{scheme_file}”还有 {many} 处待确认，没有写任何文件。请先运行 {program()} scheme check "
            f"{typed(scheme_file) if scheme_file else ''}，逐处核对、改好，再清空“待确认”那一格。"
        ) from unconfirmed
    except SchemeError as error:
        from assess_xlsx.scheme.file import name as file_name

        name = file_name(scheme_file)
        for fault in error.faults:
            say(fault.problem(name).sentence(), err=True)
        raise click.ClickException(
            f"考核方案有误，共 {len(error.faults)} 处，没有写任何文件。请改正后重试；改好一处，有时才看得出下一处。"
        ) from error


@contextmanager
def delivering(folder: Path) -> Iterator[Delivery]:
    """Files to be put into a folder, all or none; refuses in words."""
    from assess_xlsx.entries import in_words
    from assess_xlsx.output.apart import Unsafe
    from assess_xlsx.output.delivery import Occupied, deliver

    try:
        with deliver(folder, click.get_current_context().info_name or "") as delivery:
            yield delivery
    except Occupied as occupied:
        for kept in occupied.kept:
            say(f"“{kept.path}”{kept.reason}，没有动。", err=True)
        raise click.ClickException(
            "以上文件里可能有人填写的内容，这次没有写任何文件。请把它们移走、改名，或换一个文件夹后重试。"
        ) from None
    except Unsafe as unsafe:
        raise click.ClickException(str(unsafe)) from None
    except OSError as error:
        raise click.ClickException(
            f"“{folder}”写不进去（{in_words(error)}）。请检查磁盘空间和文件夹权限后重试；原有的文件没有改动。"
        ) from error


def with_scheme(scheme_file: Path | None) -> str:
    """What a further command needs so that it goes by the same scheme."""
    return f" --scheme {typed(scheme_file)}" if scheme_file else ""

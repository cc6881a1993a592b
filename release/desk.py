"""What the .bat files of the portable folder do; they hand over to here, for batch trips over ``&`` and ``!``.

``desk.py collect [DROPPED…]`` reads the folder dropped, or ``input``, and opens the result; ``desk.py publish`` makes
the forms to be sent out and opens their folder. It ends with the program's own exit code.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HOME = Path(__file__).absolute().parent.parent
"""The portable folder: the .bat files stand in it, this file one folder below."""

COLLECT, PUBLISH = "双击汇总.bat", "发表.bat"
INPUT, OUTPUT, FORMS = "input", "output", "表样"
SCHEME = "考核方案.xlsx"
"""Where it stands beside the .bat files, it is the scheme."""
RESULTS = "考核结果汇总*.xlsx"
NAME, LINE = "DESK_NAME", "DESK_LINE"
"""What the .bat file is called now, and the command line as Windows wrote it to start it."""
CLICKED = "ASSESS_XLSX_CLICKED"
"""Names to the program what is double-clicked to collect, so that it speaks of that."""
REFUSED = 1
ENDS = range(3)
"""The exit codes that the program gives by itself."""


class Refused(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """What cannot be done, as Chinese sentences."""


def dropped(line: str, name: str, words: Sequence[str]) -> list[str]:
    r"""The paths dropped on the .bat file.

    ``words`` are what cmd made of them: of ``D:\甲&乙`` only ``D:\甲``, for it takes the rest as another command.
    The line as Windows wrote it has them whole, with quotation marks round those with blanks:
    ``cmd.exe /c ""D:\考核\双击汇总.bat" D:\甲&乙 "D:\收到 的表""``
    """
    before = line.lower().find(f'\\{name.lower()}"')
    if before < 0:  # called from another .bat file, or by hand
        return list(words)
    rest = line[before + len(name) + 2 :]
    if rest.count('"') % 2:  # the last closes what stood before the name of the .bat file
        rest = rest.rpartition('"')[0]
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^ ]+)', rest)]


def places(paths: Sequence[str]) -> tuple[Path, Path]:
    """The folder to be read, and the one for the result."""
    if not paths:
        folder = HOME / INPUT
        if not folder.is_dir():
            folder.mkdir()
            raise Refused(f"没有“{INPUT}”文件夹，已经建好。请把收到的表放进去，再双击“{COLLECT}”。")
        return folder, HOME / OUTPUT
    if len(paths) > 1:
        raise Refused(
            f"一次只能拖一个文件夹，这次拖了 {len(paths)} 个。"
            f"请把它们放进同一个文件夹，再把那个文件夹拖到“{COLLECT}”上。"
        )
    folder = Path(paths[0])
    if not folder.is_dir():
        what = "不是文件夹" if folder.exists() else "找不到"
        raise Refused(f"“{folder}”{what}。请把收到的表放进一个文件夹，再把那个文件夹拖到“{COLLECT}”上。")
    if not folder.name or HOME.is_relative_to(folder):
        raise Refused(f"“{folder}”里不只是收到的表。请把收到的表放进一个文件夹，再把那个文件夹拖到“{COLLECT}”上。")
    return folder, folder.with_name(f"{folder.name}-结果")


def newest(folder: Path, earlier: dict[Path, int]) -> Path | None:
    """The result written since ``earlier``; None where none was."""
    written = {path: time for path, time in results(folder).items() if earlier.get(path) != time}
    return max(written, key=lambda path: written[path], default=None)


def results(folder: Path) -> dict[Path, int]:
    """The results in a folder, with the time of their writing."""
    return {path: path.stat().st_mtime_ns for path in folder.glob(RESULTS) if not path.name.startswith("~$")}


def assess(*words: str | Path) -> int:
    """Runs a command of the program, with the scheme that stands here; answers its exit code."""
    scheme = ["--scheme", SCHEME] if (HOME / SCHEME).is_file() else []
    command = [sys.executable, "-X", "utf8", "-m", "assess_xlsx", *map(_here, words), *scheme]
    told = {**os.environ, CLICKED: COLLECT}
    with subprocess.Popen(
        command, cwd=HOME, env=told, stdout=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as program:
        for line in program.stdout or ():
            print(line, end="", flush=True)
    if program.returncode in ENDS:
        return program.returncode
    print(f"程序意外中止（{program.returncode}）。")
    return REFUSED


def _here(word: str | Path) -> str:
    """A path as people know it who stand in the portable folder."""
    return str(word.relative_to(HOME) if isinstance(word, Path) and word.is_relative_to(HOME) else word)


def show(path: Path) -> None:
    """Opens a file or a folder, as a double click does."""
    print(f"正在打开 {path}", flush=True)
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606 - what the program has just written
    except OSError:  # nothing is installed that opens it
        print("没有打开，请自己打开它。")


def collect(paths: Sequence[str]) -> int:
    """Reads what came back, opens the result."""
    source, target = places(paths)
    print(f"正在汇总 {source}\n结果放在 {target}\n", flush=True)
    earlier = results(target)
    code = assess("collect", source, "-o", target)
    print()
    if code:
        print(f"没有汇总成（退出码 {code}），原因见上。改正后再来一次。")
    elif result := newest(target, earlier):
        show(result)
    return code


def publish(_: Sequence[str]) -> int:
    """Makes the forms to be sent out, opens their folder."""
    target = HOME / FORMS
    code = assess("templates", target, "--per-unit")
    print()
    if code:
        print(f"没有生成（退出码 {code}），原因见上。改正后再来一次。")
    else:
        show(target)
    return code


TASKS: dict[str, Callable[[Sequence[str]], int]] = {"collect": collect, "publish": publish}


def main(task: str, words: Sequence[str]) -> int:
    """Does a task; says in Chinese what keeps it from being done."""
    try:
        return TASKS[task](dropped(os.environ.get(LINE, ""), os.environ.get(NAME, ""), words))
    except Refused as refused:
        print(refused)
    except KeyboardInterrupt:
        print("已中止。")
    except OSError as error:
        print(f"没有做成：{error.strerror or error}。请检查文件夹的权限和磁盘空间后再来一次。")
    return REFUSED


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that cannot print a character shows a substitute
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1], sys.argv[2:]))

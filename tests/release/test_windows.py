"""The portable folder as people use it: a double click, a drop; on Windows, or under Wine.

``ASSESS_PORTABLE`` names the zip that ``release/portable.py`` has made.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path, PureWindowsPath

import desk
import portable
import pytest
from conftest import run

ZIP = os.environ.get("ASSESS_PORTABLE")
WINDOWS = sys.platform == "win32"
WINE = shutil.which("wine")

pytestmark = [
    pytest.mark.skipif(not ZIP, reason="没有做好的文件夹（ASSESS_PORTABLE）"),
    pytest.mark.skipif(not WINDOWS and not WINE, reason="不是 Windows，也没有安装 Wine"),
]
SECONDS = 300


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The folder unpacked where names are as bad as they get, with forms in its input."""
    assert ZIP
    place = tmp_path_factory.mktemp("portable") / ("考核 甲&乙 (1)!" + "100%" * WINDOWS)  # Wine trips over ``%``
    zipfile.ZipFile(ZIP).extractall(place)
    folder = place / portable.FOLDER
    run("sample", place / "练习", "--faults")
    shutil.copytree(place / "练习", folder / "input", dirs_exist_ok=True)
    return folder


def double_click(bat: Path, *dropped: Path) -> tuple[int, str]:
    """What Explorer does with a .bat file, and with what is dropped on it; answers exit code and what was said."""
    words = [f'"{name}"' if " " in name else name for name in map(_known, dropped)]
    line = rf'C:\Windows\system32\cmd.exe /c ""{_known(bat)}" {" ".join(words)}"'
    if WINDOWS:
        done = subprocess.run(line, input=b"\r\n", stdout=subprocess.PIPE, timeout=SECONDS, check=False)
        return done.returncode, done.stdout.decode("gbk", "replace")
    return _under_wine(bat, line)


def _known(path: Path) -> str:
    """A path as Windows knows it."""
    return str(path) if WINDOWS else str(PureWindowsPath(f"Z:{path}"))


def _under_wine(bat: Path, line: str) -> tuple[int, str]:
    """Wine gives no program a command line as it stands, but Python under Wine does; it wants a terminal.

    Windows itself sets ``cmdcmdline``.
    """
    import pty  # noqa: PLC0415 - not on Windows

    script = bat.with_name("line.py")
    script.write_text(
        "import os, subprocess, sys\n"
        f"line = {line!r}\n"
        "sys.exit(subprocess.call(line, env=os.environ | {'cmdcmdline': line}))\n",
        "utf-8",
    )
    python = next(bat.parents[1].rglob("python.exe"))
    mine, its = pty.openpty()
    child = subprocess.Popen([str(WINE), python, script], stdin=its, stdout=its, stderr=its)
    os.close(its)
    os.set_blocking(mine, False)
    said, end = b"", time.monotonic() + SECONDS
    while child.poll() is None and time.monotonic() < end:
        time.sleep(0.5)
        os.write(mine, b"\r")  # any key
        said += _waiting(mine)
    child.kill()
    text = (said + _waiting(mine)).decode("utf-8", "replace")
    os.close(mine)
    return child.wait(), re.sub(r"\x1b\[[?\d;]*[A-Za-z]|\s", "", text)


def _waiting(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 20)
    except OSError:
        return b""


def test_forms_are_made(home):
    code, _ = double_click(home / desk.PUBLISH)
    assert code == 0
    assert len(list((home / "表样" / "各单位").glob("*.xlsx"))) == 40


def test_a_double_click_gives_the_result_that_this_machine_computes(home):
    code, _ = double_click(home / desk.COLLECT)
    assert code == 0
    run("verify", home / "output" / "考核结果汇总.xlsx", home / "input")
    assert list((home / "output" / "退回修改").iterdir())


@pytest.mark.parametrize("name", ["收到 的表!", "收到&的^表%TEMP%"])
def test_a_folder_is_dropped(home, name):
    folder = home.parents[1] / name  # no blank above it: Windows writes it without quotation marks
    shutil.copytree(home / "input", folder)
    code, _ = double_click(home / desk.COLLECT, folder)
    assert code == 0
    run("verify", folder.with_name(f"{name}-结果") / "考核结果汇总.xlsx", folder)


def test_several_are_dropped(home):
    code, said = double_click(home / desk.COLLECT, home / "input", home / "output")
    assert code == desk.REFUSED
    assert WINDOWS or "一次只能拖一个文件夹，这次拖了2个。" in said
    assert not (home / "input-结果").exists()


def test_nobody_unpacked_it(home):
    """Explorer shows a zip like a folder, and of it unpacks only the file that is clicked."""
    alone = home.parent / "只有一个" / desk.COLLECT
    alone.parent.mkdir()
    shutil.copy(home / desk.COLLECT, alone)
    code, said = double_click(alone)
    assert code == desk.REFUSED
    assert "请先解压" in said

"""What a double click and a drop do, whatever the folders are called."""

from __future__ import annotations

import os
import runpy
import sys
from functools import partial
from pathlib import Path

import desk
import pytest

from assess_xlsx import console, layout

CMD = r"C:\Windows\system32\cmd.exe /c "
BAT = r'"D:\考核 甲&乙\双击汇总.bat"'


@pytest.mark.parametrize(
    ("line", "words", "paths"),
    [
        (f'{CMD}"{BAT}"', [], []),
        (f'{CMD}"{BAT} "', [], []),
        (rf'{CMD}"{BAT} D:\收到"', [r"D:\收到"], [r"D:\收到"]),
        (rf'{CMD}"{BAT} D:\甲&乙"', [r"D:\甲"], [r"D:\甲&乙"]),
        (rf'{CMD}"{BAT} D:\100%TEMP%!好!^(1)"', [r"D:\100C:\Temp(1)"], [r"D:\100%TEMP%!好!^(1)"]),
        (rf'{CMD}"{BAT} "D:\收到 的表""', [r"D:\收到 的表"], [r"D:\收到 的表"]),
        (rf'{CMD}"{BAT} D:\甲&乙 "D:\收到 的表" E:\丙"', [r"D:\甲"], [r"D:\甲&乙", r"D:\收到 的表", r"E:\丙"]),
        (rf'{CMD}"{BAT} D:\收到　的表"', [r"D:\收到　的表"], [r"D:\收到　的表"]),  # Windows quotes no such blank
        (rf'{CMD}"{BAT.upper()} D:\甲&乙"', [r"D:\甲"], [r"D:\甲&乙"]),
        (rf'{CMD}""D:\别的.bat" D:\甲"', [r"D:\收到"], [r"D:\收到"]),
        (r'"C:\Windows\system32\cmd.exe"', [r"D:\收到 的表"], [r"D:\收到 的表"]),
        ("", [r"D:\收到"], [r"D:\收到"]),
    ],
)
def test_what_was_dropped_is_read_whole(line, words, paths):
    assert desk.dropped(line, desk.COLLECT, words) == paths


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "考核 甲&乙 (1)! 100%"
    (folder / "input").mkdir(parents=True)
    monkeypatch.setattr(desk, "HOME", folder)
    return folder


@pytest.fixture
def shown(monkeypatch):
    paths = []
    monkeypatch.setattr(desk, "show", paths.append)
    return paths


@pytest.fixture
def said(monkeypatch):
    """The commands of the program that were called; it writes a result, as the real one does."""
    commands = []

    def start(command, cwd):
        words = command[command.index("assess_xlsx") + 1 :]
        commands.append(words)
        if words[0] == "collect":
            output = cwd / words[words.index("-o") + 1]
            output.mkdir(exist_ok=True)
            (output / "考核结果汇总（2）.xlsx").write_bytes(b"new")

    monkeypatch.setattr(desk.subprocess, "Popen", partial(Program, start, 0))
    return commands


class Program:
    """A program that says nothing, and ends with a code."""

    stdout = None

    def __init__(self, start, code, command, cwd, **_):
        start(command, cwd)
        self.returncode = code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def test_a_double_click_reads_input_and_opens_what_was_written(home, shown, said):
    (home / "output").mkdir()
    kept = home / "output" / "考核结果汇总.xlsx"
    kept.write_bytes(b"changed by hand")
    os.utime(kept, (4e9, 4e9))  # a clock that was wrong: it seems to be the newest
    assert desk.main("collect", []) == 0
    assert said == [["collect", "input", "-o", "output"]]
    assert shown == [home / "output" / "考核结果汇总（2）.xlsx"]


def test_a_folder_dropped_is_read_and_the_result_stands_beside_it(shown, said, tmp_path):
    folder = tmp_path / "收到 的&表!"
    folder.mkdir()
    assert desk.main("collect", [str(folder)]) == 0
    assert said == [["collect", str(folder), "-o", str(tmp_path / "收到 的&表!-结果")]]
    assert shown == [tmp_path / "收到 的&表!-结果" / "考核结果汇总（2）.xlsx"]


def test_the_scheme_beside_the_bat_files_is_used(home, shown, said):
    (home / "考核方案.xlsx").write_bytes(b"")
    desk.main("collect", [])
    desk.main("publish", [])
    assert said == [
        ["collect", "input", "-o", "output", "--scheme", "考核方案.xlsx"],
        ["templates", "表样", "--per-unit", "--scheme", "考核方案.xlsx"],
    ]
    assert shown[1] == home / "表样"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["甲", "乙"], "一次只能拖一个文件夹，这次拖了 2 个。"),
        (["表.xlsx"], "不是文件夹"),
        (["没有"], "找不到"),
        (["."], "里不只是收到的表"),
        (["/"], "里不只是收到的表"),
    ],
)
def test_what_cannot_be_read_is_told(home, shown, said, capsys, tmp_path, names, sentence):
    (tmp_path / "甲").mkdir()
    (tmp_path / "表.xlsx").write_bytes(b"")
    assert desk.main("collect", [os.path.normpath(tmp_path / name) for name in names]) == desk.REFUSED
    assert sentence in capsys.readouterr().out
    assert not said
    assert not shown
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([home.name, "甲", "表.xlsx"])


def test_a_folder_without_input_gets_one(home, said, capsys):
    (home / "input").rmdir()
    assert desk.main("collect", []) == desk.REFUSED
    assert (home / "input").is_dir()
    assert "已经建好。请把收到的表放进去" in capsys.readouterr().out
    assert not said


@pytest.mark.parametrize("task", ["collect", "publish"])
@pytest.mark.parametrize(("code", "answer", "sentence"), [(1, 1, "（退出码 1）"), (-1073741515, 1, "程序意外中止")])
def test_nothing_is_opened_where_nothing_was_written(shown, capsys, monkeypatch, task, code, answer, sentence):
    monkeypatch.setattr(desk.subprocess, "Popen", partial(Program, lambda *_: None, code))
    assert desk.main(task, []) == answer
    assert sentence in capsys.readouterr().out
    assert not shown


def test_what_the_system_refuses_is_told(capsys, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "拒绝访问")

    monkeypatch.setattr(desk.subprocess, "Popen", refuse)
    assert desk.main("publish", []) == desk.REFUSED
    assert capsys.readouterr().out == "没有做成：拒绝访问。请检查文件夹的权限和磁盘空间后再来一次。\n"


@pytest.mark.skipif(sys.platform == "win32", reason="打开文件夹")
def test_the_real_program_makes_the_forms_and_the_result(tmp_path, monkeypatch, capfd):
    """As the .bat files call it, from a folder with blanks, Chinese, ``&`` and ``!`` in its name."""
    home = tmp_path / "考核 甲&乙! 100%" / "考核汇总"
    (home / "program").mkdir(parents=True)
    (home / "input").mkdir()
    script = home / "program" / "desk.py"
    script.write_bytes(desk.Path(desk.__file__).read_bytes())
    for task, code in (("publish", 0), ("collect", 1)):
        monkeypatch.setattr(sys, "argv", [str(script), task])
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(script), run_name="__main__")
        assert end.value.code == code
    assert len(list((home / "表样" / "各单位").iterdir())) == 40
    told = capfd.readouterr()
    assert "放进 input 文件夹，双击“双击汇总.bat”\n" in told.out
    assert "assess_xlsx" not in told.out  # there is no command line here
    assert "请把收到的表放进去再运行" in told.err
    assert not (home / "output").exists()
    (home / "表样" / "各单位" / "01-县安监局.xlsx").rename(home / "input" / "表.xlsx")
    monkeypatch.setattr(sys, "argv", [str(script), "collect"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(script), run_name="__main__")
    assert end.value.code == 0
    assert f"正在打开 {home / 'output' / '考核结果汇总.xlsx'}" in capfd.readouterr().out


def test_what_the_program_and_the_desk_say_to_each_other_is_the_same_on_both_sides():
    """desk.py speaks where the program cannot even be imported, so it takes nothing from it."""
    assert (desk.CLICKED, desk.REFUSED) == (console.CLICKED, console.REFUSED)
    assert Path(layout.RESULT_FILE).match(desk.RESULTS)

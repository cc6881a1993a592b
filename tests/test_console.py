"""How things are said: nothing in a name steers a terminal, and no failure ends in a traceback."""

from __future__ import annotations

import errno

import click
import pytest

from assess_xlsx import console


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“甲 乙　丙\u00a0（2）.xlsx”：95％ ①②③。", "“甲 乙　丙\u00a0（2）.xlsx”：95％ ①②③。"),
        ("\x1b[2J\x1b]0;x\x07.xlsx", "□[2J□]0;x□.xlsx"),
        ("a\rb\nc\td\x08e\x7f", "a□b□c□d□e□"),
        ("\x9b31m\x85", "□31m□"),
        ("a\u202excod.exe\u2066\u200f\u2028", "a□xcod.exe□□□"),
        ("\udcd6\udcd0.xlsx", "□□.xlsx"),
        ("\ufeff零\u200b宽", "□零□宽"),
    ],
)
def test_what_would_steer_a_terminal_is_shown_as_a_box(capsys, text, said):
    console.say(text)
    assert capsys.readouterr().out == f"{said}\n"


@pytest.mark.parametrize(
    ("system", "typed", "meant"),
    [
        ("nt", ["收到[1]", "-o", "结果[1]"], ["收到[1]", "-o", "结果[1]"]),
        ("nt", ["$HOME", "~", "%TEMP%"], ["$HOME", "~", "%TEMP%"]),
        ("nt", ["收到*"], ["收到1", "收到[1]"]),
        ("posix", ["收到*"], ["收到*"]),  # the shell has seen to it
    ],
)
def test_what_is_typed_is_meant(tmp_path, monkeypatch, system, typed, meant):
    for name in ("收到1", "收到[1]"):
        (tmp_path / name).mkdir()
    said = []

    @click.command(context_settings={"ignore_unknown_options": True})
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def hear(words):
        said.extend(words)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console.sys, "argv", ["assess-xlsx", "hear", *typed])
    with monkeypatch.context() as patch:
        patch.setattr(console.os, "name", system)
        with pytest.raises(SystemExit):
            console.run(click.Group(commands={"hear": hear}))
    assert sorted(said) == sorted(meant)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "内存不足"),
        (ImportError("failed to map segment"), "内存不足"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘满了"),
        (KeyboardInterrupt(), "已中止"),
        (UnicodeEncodeError("ascii", "考", 0, 1, ""), "PYTHONUTF8=1"),
        (click.ClickException("“a\x1b.xlsx”不对。"), "“a□.xlsx”不对。"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_one_sentence(capsys, error, said):
    @click.command()
    def fail():
        raise error

    with pytest.raises(SystemExit) as raised:
        console.run(click.Group(commands={"x": fail}), ["x"])
    assert raised.value.code == 1
    spoken = capsys.readouterr().err.strip()
    assert said in spoken
    assert "Traceback" not in spoken
    assert "\x1b" not in spoken


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("考核方案.xlsx", "考核方案.xlsx"),
        (r"D:\考核\收到.xlsx", r"D:\考核\收到.xlsx"),
        ("../a-b_2.toml", "../a-b_2.toml"),
        ("考核方案 (1).xlsx", '"考核方案 (1).xlsx"'),
        ("考核方案(1).xlsx", '"考核方案(1).xlsx"'),
        ("甲&乙", '"甲&乙"'),
        ("甲；乙", '"甲；乙"'),
    ],
)
def test_a_path_that_a_shell_would_take_apart_is_said_between_quotation_marks(path, said):
    assert console.typed(path) == said


def test_who_double_clicked_is_told_of_no_command(monkeypatch):
    assert console.collecting("input") == "运行 assess-xlsx collect input"
    assert console.adding("--final") == "在这条命令后面加 --final"
    monkeypatch.setenv(console.CLICKED, "双击汇总.bat")
    assert console.collecting("input") == "双击“双击汇总.bat”"
    assert console.adding("--final") == "在命令窗口里运行 collect 时加 --final"

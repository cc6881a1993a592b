"""The commands as a user meets them: Chinese messages, exit codes, nothing half written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import COUNTY, SCHEME, content, filled_form, good_answers, run, save

from assess_xlsx import __version__
from assess_xlsx.cli import cli

PROJECT = Path(__file__).parents[1]


def console(*words, code=0):
    """The installed command in a process of its own: standard output and error together."""
    command = [sys.executable, "-c", "from assess_xlsx.cli import main; main()", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_version():
    assert console("--version").strip() == f"assess-xlsx {__version__}"


COMMANDS = [[name] for name in sorted(cli.commands)] + [
    [group, name] for group in ("mail", "scheme") for name in sorted(cli.commands[group].commands)
]


@pytest.mark.parametrize("words", [["-h"], *([*name, "-h"] for name in COMMANDS)])
def test_help_is_chinese_with_an_example(words):
    text = console(*words)
    assert "用法：" in text
    assert "选项" in text
    assert "显示本帮助" in text
    assert "assess-xlsx" in text
    assert not re.search("Usage|Options|Show this|Error", text)


@pytest.mark.parametrize("words", [[], *COMMANDS], ids=" ".join)
def test_help_has_no_english_but_what_is_typed(words):
    typed = "assess-xlsx [a-z ]*|--?[a-z-]+|[a-z]+/|\\.[a-z]+|toml|Excel|WPS|cd "
    typed += "|" + "|".join(dict.fromkeys(word for name in COMMANDS for word in name))
    text = re.sub(typed, "", console(*words, "-h"))
    assert not re.search("[A-Za-z]{2}", re.sub("templates|input|output", "", text)), text


def test_a_program_that_is_not_on_the_path_is_called_as_it_was_called():
    command = [sys.executable, "-m", "assess_xlsx", "collect", "-h"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert "用法：python -m assess_xlsx collect [选项] 收到的表…" in done.stdout
    assert "例：python -m assess_xlsx collect input" in done.stdout
    assert "assess-xlsx" not in done.stdout


def test_every_command_is_documented():
    readme = (PROJECT / "README.md").read_text("utf-8")
    for name in COMMANDS:
        assert f"assess-xlsx {' '.join(name)}" in readme


def test_ci_runs_the_readme_command():
    command = 'python -m pip install -e ".[dev]" && python -m pytest'
    assert command in (PROJECT / "README.md").read_text("utf-8")
    assert command in (PROJECT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["collect"], "后面还要写“收到的表”"),
        (["collect", "没有这个文件夹"], "找不到“没有这个文件夹”"),
        (["collect", "x", "--strickt"], "没有选项“--strickt”。是不是 --strict？"),
        (["collect", "x", "--strict=是"], "选项“--strict”后面不该有内容"),
        (["汇总"], "没有命令“汇总”"),
        (["colect"], "没有命令“colect”。是不是 collect？"),
        (["scheme", "chek"], "没有命令“chek”。是不是 check？"),
        (["init", "a", "b"], "多余的参数“b”"),
        (["sample", "x", "--seed", "很多"], "“很多”不是整数"),
        (["collect", "x", "-o"], "选项“-o”后面要写文件夹名，如 -o 结果"),
        (["collect", "x", "--since"], "选项“--since”后面要写以前的结果，如 --since output/考核结果汇总.xlsx"),
        (["sample", "x", "--seed"], "选项“--seed”后面要写整数，如 --seed 1"),
        (["check", "x.xlsx", "--scheme"], "选项“--scheme”后面要写文件名，如 --scheme 2026年度考核方案.xlsx"),
    ],
)
def test_wrong_usage_is_said_in_chinese(words, said):
    text = console(*words, code=2)
    assert said in text
    assert "--help" in text
    assert not re.search("[Nn]o such|[Gg]ot|[Mm]issing|[Ii]nvalid|require", text)


def options(command, *words):
    """Each option that wants something, behind the words that lead to it."""
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag:
            yield (*words, option.opts[0])
    for name, below in getattr(command, "commands", {}).items():
        yield from options(below, *words, name)


@pytest.mark.parametrize("words", [*options(cli)], ids=" ".join)
def test_an_option_says_what_it_wants(words):
    assert f"选项“{words[-1]}”后面要写" in console(*words, code=2)


def test_init_makes_a_work_folder_and_refuses_a_used_one(tmp_path):
    run("init", tmp_path / "考核")
    assert sorted(path.name for path in (tmp_path / "考核").iterdir()) == ["input", "output", "templates"]
    assert "不是空文件夹" in run("init", tmp_path / "考核", code=1)


def test_check_lists_problems_and_writes_nothing(tmp_path):
    good = save(filled_form(COUNTY, "县残联", good_answers(COUNTY)), tmp_path / "good.xlsx")
    bad = save(filled_form(COUNTY, "县残联", good_answers(COUNTY) | {"能够在线申报": "嗯"}), tmp_path / "bad.xlsx")
    assert "错误 0 条" in run("check", good)
    text = run("check", bad, code=1)
    assert "【错误】文件“bad.xlsx”，工作表“评分表”，单元格 I" in text
    assert "处理办法：请改填“是”或“否”" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.xlsx", "good.xlsx"]


def test_where_no_form_is_found_everyone_is_missing(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "说明.xlsx").touch()
    text = run("collect", tmp_path / "in", "-o", tmp_path / "out")
    assert "未报送 31" in text


def test_strict_writes_and_fails(tmp_path):
    save(filled_form(COUNTY, "县残联", {"能够在线申报": "是"}), tmp_path / "in" / "a.xlsx")
    run("collect", tmp_path / "in", "-o", tmp_path / "out", "--strict", code=1)
    assert (tmp_path / "out" / "考核结果汇总.xlsx").exists()


def test_a_bad_scheme_file_is_refused_in_words(tmp_path):
    path = tmp_path / "方案.toml"
    path.write_text("name = 3", "utf-8")
    text = run("templates", tmp_path / "t", "--scheme", path, code=1)
    assert "考核方案有误" in text
    assert not (tmp_path / "t").exists()


def test_the_sample_in_input_is_what_is_written_today(tmp_path):
    """input/ is up to date; renew it with ``assess-xlsx sample input --faults``."""
    run("sample", tmp_path, "--faults")
    kept = {path.name: path for path in (PROJECT / "input").iterdir()}
    made = {path.name: path for path in tmp_path.iterdir()}
    assert sorted(kept) == sorted(made)
    for name in sorted(made):
        assert content(made[name]) == content(kept[name]), f"{name} 已过期"


def test_samples_differ_by_seed_and_without_faults_are_clean(tmp_path):
    run("sample", tmp_path / "a", "--seed", 1)
    run("sample", tmp_path / "b", "--seed", 2)
    assert len(list((tmp_path / "a").iterdir())) == len(SCHEME.units) + 1
    assert (tmp_path / "a" / "01-县安监局.xlsx").read_bytes() != (tmp_path / "b" / "01-县安监局.xlsx").read_bytes()
    said = run("check", *(tmp_path / "a").iterdir())
    assert "错误 0 条，提醒 1 条" in said
    assert "登记表里没有记录的不利次数有" in said  # nothing else is to be said of a blank register


def test_every_command_ends_with_what_to_do_next(tmp_path):
    def next_step(*words):
        return next(line for line in reversed(run(*words).splitlines()) if line.startswith("下一步："))

    blank, kept = tmp_path / "方案 一.xlsx", tmp_path / "out"
    assert f'scheme check "{blank}"' in next_step("scheme", "export", blank)
    assert f'assess-xlsx templates --scheme "{blank}"' in next_step("scheme", "check", blank)
    assert "assess-xlsx templates" in next_step("init", tmp_path / "考核")
    assert "“附件2_县直评分表.xlsx”“附件3_乡镇评分表.xlsx”发给各单位" in next_step("templates", tmp_path / "t")
    assert "“各单位”里的表发给各单位" in next_step("templates", tmp_path / "t", "--per-unit")
    assert f"assess-xlsx collect {tmp_path / 'in'}" in next_step("sample", tmp_path / "in")
    assert "填好“待核定”的核定值" in next_step("collect", tmp_path / "in", "-o", kept)
    (tmp_path / "in" / "01-县安监局.xlsx").unlink()
    said = run("collect", tmp_path / "in", "-o", kept).splitlines()
    assert said[-2].startswith("下一步：照“催报”通知 1 个单位；填好“待核定”")
    assert re.fullmatch(r"县直排名暂定（未报送 1、待核定 \d+）；乡镇排名暂定（待核定 18）。", said[-1])

"""People's files are safe: no command replaces, deletes or reads away what people wrote, however it is called."""

from __future__ import annotations

import atexit
import ctypes
import functools
import hashlib
import multiprocessing
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
import pytest
from conftest import COUNTY, SCHEME, TOWN, append, filled_form, good_answers, rows, run, save

from assess_xlsx import __main__, workers
from assess_xlsx.intake import reading
from assess_xlsx.intake.files import find
from assess_xlsx.intake.units import Roster

RESULT = "考核结果汇总.xlsx"
FAULTY = good_answers(TOWN) | {"提供寄递服务": None}


def hashes(folder):
    """What stands under a folder: files by what they hold, links by where they lead."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A work folder in use: a form with an 错误 in input/, the result of a run in output/."""
    shutil.copytree(_round(), tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@functools.cache
def _round():
    folder = Path(tempfile.mkdtemp(prefix="assess-xlsx-round-"))
    atexit.register(shutil.rmtree, folder)
    save(filled_form(TOWN, "城关镇", FAULTY), folder / "input" / "城关镇.xlsx")
    run("collect", folder / "input", "-o", folder / "output", "--feedback")
    return folder


def edit(path):
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["Z99"] = "批注"
    book.save(path)


# ── templates, sample, export ──


def filled(path):
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY)), path)


def registered(path):
    book = openpyxl.load_workbook(path)
    append(book, "一票否决", "县残联", "V.1")
    book.save(path)


def returned(path):
    path.write_bytes((path.parents[1] / "output" / "退回修改" / "32-城关镇.xlsx").read_bytes())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("附件2_县直评分表.xlsx", filled),
        ("附件3_乡镇评分表.xlsx", returned),
        ("考核办登记表.xlsx", registered),
        ("通讯录.xlsx", edit),
        ("各单位/02-县残联.xlsx", filled),
    ],
)
def test_templates_writes_nothing_where_one_was_filled(here, name, change):
    run("templates", "--per-unit")
    run("templates", "--per-unit")
    change(here / "templates" / name)
    (here / "templates" / "各单位" / "01-县安监局.xlsx").unlink()
    before = hashes(here)
    said = run("templates", "--per-unit", code=1)
    assert name in said
    assert "没有写任何文件" in said
    assert hashes(here) == before


def test_templates_leaves_other_files_alone(here):
    filled(here / "templates" / "附件2_县直评分表（2）.xlsx")
    run("templates")
    assert len(list((here / "templates").iterdir())) == 5


def test_templates_writes_through_no_link_into_input(here):
    (here / "templates").mkdir()
    (here / "templates" / "各单位").symlink_to(here / "input")
    before = hashes(here)
    assert "是链接" in run("templates", "--per-unit", code=1)
    assert hashes(here) == before


@pytest.mark.parametrize("folder", ["input", "input/城关镇.xlsx", "output"])
def test_sample_wants_a_new_or_empty_folder(here, folder):
    before = hashes(here)
    assert "不是空文件夹" in run("sample", folder, code=1)
    assert hashes(here) == before


def test_export_replaces_nothing(tmp_path):
    run("scheme", "export", tmp_path / "方案.xlsx")
    assert "已经存在" in run("scheme", "export", tmp_path / "方案.xlsx", code=1)


# ── collect ──


@pytest.mark.parametrize(
    ("inputs", "output"),
    [(["input"], "input"), (["input"], "."), (["."], "output"), (["output/退回修改"], "output"),
     (["output/退回修改/32-城关镇.xlsx"], "output"), (["input"], "input/../input/新"),
     (["input", "output/反馈"], "output")],
)  # fmt: skip
def test_output_and_input_never_meet(here, inputs, output):
    before = hashes(here)
    assert "没有写任何文件" in run("collect", *inputs, "-o", output, code=1)
    assert hashes(here) == before


@pytest.mark.parametrize(
    ("link", "target"),
    [("output/退回修改", "input"), ("output/反馈", "input"), (f"output/{RESULT}", "input/城关镇.xlsx"),
     ("input/旧", "output"), ("input/旧.xlsx", f"output/{RESULT}")],
)  # fmt: skip
def test_links_between_them_are_refused(here, link, target):
    path = here / link
    if path.exists():
        path.rename(here / "aside")
    path.symlink_to(here / target)
    before = hashes(here)
    assert "移走这个链接" in run("collect", "input", "--feedback", code=1)
    assert hashes(here) == before


def test_a_result_that_is_a_link_or_has_two_names_is_not_written_through(here):
    notes = save(openpyxl.Workbook(), here / "我的.xlsx")
    (here / "output" / RESULT).unlink()
    (here / "output" / RESULT).symlink_to(notes)
    before = hashes(here / "input"), notes.read_bytes()
    said = run("collect", "input")
    assert "是链接" in said
    assert "最新的是“考核结果汇总（2）.xlsx”" in said
    (here / "output" / RESULT).unlink()
    os.link(here / "input" / "城关镇.xlsx", here / "output" / RESULT)
    assert "硬链接" in run("collect", "input")
    assert (hashes(here / "input"), notes.read_bytes()) == before


def test_what_people_changed_is_kept_and_the_newest_is_named(here):
    for name in (RESULT, "退回修改/32-城关镇.xlsx", "反馈/32-城关镇.xlsx"):
        edit(here / "output" / name)
    before = hashes(here / "output")
    said = run("collect", "input", "--feedback")
    assert said.count("没有动；新的写在旁边") == 3
    assert "结果已写入 output/考核结果汇总（2）.xlsx" in said
    after = hashes(here / "output")
    assert after.items() > before.items()
    assert set(after) - set(before) == {
        "考核结果汇总（2）.xlsx",
        "退回修改/32-城关镇（2）.xlsx",
        "反馈/32-城关镇（2）.xlsx",
    }
    for name in before:
        (here / "output" / name).unlink()
    assert "没有动" not in run("collect", "input", "--feedback")
    assert set(hashes(here / "output")) == set(before)


def test_a_form_sent_back_before_goes_unless_it_was_changed(here):
    save(filled_form(TOWN, "孙口镇", FAULTY), here / "input" / "孙口镇.xlsx")
    run("collect", "input")
    edit(here / "output" / "退回修改" / "33-孙口镇.xlsx")
    for unit in ("城关镇", "孙口镇"):
        save(filled_form(TOWN, unit, good_answers(TOWN)), here / "input" / f"{unit}.xlsx")
    said = run("collect", "input")
    assert "33-孙口镇.xlsx”后来改动过，或不是本程序写的，没有动；它不是这次生成的" in said
    assert [path.name for path in (here / "output" / "退回修改").iterdir()] == ["33-孙口镇.xlsx"]


def test_feedback_of_an_earlier_result_is_told(here):
    (here / "output" / "邮件" / "催报").mkdir(parents=True)
    said = run("collect", "input")
    assert "“output/反馈”里的文件是以前一次汇总的" in said
    assert "“output/邮件”里的文件是以前一次汇总的" in said
    assert "以前一次" not in run("collect", "input", "-o", "new", "--feedback")


# ── how it fails ──


def program(*words, **more):
    """The command in a process of its own; answers its exit code and what it said."""
    command = [sys.executable, "-m", "assess_xlsx", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False, **more)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def heed_permissions():
    """Lets a child that root runs heed permissions: it gives up the rights to pass over them."""
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; 24 is PR_CAPBSET_DROP
        ctypes.CDLL(None).prctl(24, right, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="gives up Linux capabilities")
@pytest.mark.parametrize(
    ("path", "mode", "name"),
    [
        ("input/第二批", 0o000, "第二批/"),
        ("input/第二批", 0o300, "第二批/"),
        ("input/第二批/深", 0o000, "第二批/深/"),
        ("input/第二批", 0o600, "第二批/深/"),  # may be listed, not entered
        ("input/第二批/乙.xlsx", 0o000, "第二批/乙.xlsx"),
    ],
)
def test_what_cannot_be_read_is_listed(here, path, mode, name):
    save(filled_form(TOWN, "孙口镇", FAULTY), here / "input" / "第二批" / "乙.xlsx")
    (here / "input" / "第二批" / "深").mkdir()
    (here / path).chmod(mode)
    code, said = program("collect", "input", "-o", "new", preexec_fn=heed_permissions)
    (here / path).chmod(0o755)
    assert code == 0, said
    book = openpyxl.load_workbook(here / "new" / RESULT)
    [row] = [row for row in rows(book, "文件清单") if row["文件"] == name]
    assert row["处理结果"] == "无法读取"
    assert "没有权限" in row["原因"]
    [problem] = [row for row in rows(book, "问题清单") if row["文件"] == name]
    assert problem["级别"] == "错误"


@pytest.mark.skipif(sys.platform != "linux", reason="gives up Linux capabilities")
def test_where_nothing_can_be_read_nothing_is_written(here):
    (here / "input").chmod(0o300)
    code, said = program("collect", "input", "-o", "output", preexec_fn=heed_permissions)
    (here / "input").chmod(0o755)
    assert code == 1
    assert "“input/”文件夹打不开（没有权限" in said


def test_a_file_that_is_gone_before_it_is_read_is_told(here):
    [found] = find([here / "input"])
    found.path.unlink()
    [document] = reading.read(found, reading.Asked(SCHEME, Roster(SCHEME)))
    assert document.result == "无法读取"
    assert "没有这个文件" in document.reason


@pytest.mark.parametrize(
    "more",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "gbk"}],
    ids=lambda more: "-".join(more.values()),
)
def test_any_console_will_do(here, more):
    with open(os.fsencode(here / "input") + b"/\xd6\xd0\x1b[1m.xlsx", "wb") as odd:  # noqa: PTH123 - GBK, and a colour
        odd.write(b"x")
    code, said = program("check", "input", env={**os.environ, **more})
    assert (code, "\x1b" in said) == (1, False)
    assert program("collect", "input", env={**os.environ, **more})[0] == 0
    names = [row["文件"] for row in rows(openpyxl.load_workbook(here / "output" / RESULT), "文件清单")]
    assert names == ["城关镇.xlsx", "□□□[1m.xlsx"]


def test_a_system_that_writes_no_chinese_names_is_told(here):
    env = {**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    before = hashes(here)
    code, said = program("collect", "input", "-o", "new", env=env)
    assert code == 1
    assert "PYTHONUTF8=1" in said
    assert hashes(here) == before


def test_a_full_disk_leaves_what_was_there(here):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    before = hashes(here)
    for out in ("output", "new"):
        code, said = program("collect", "input", "-o", out, preexec_fn=small)
        assert code == 1
        assert "写不进去（文件超过了允许的大小）" in said
    assert hashes(here) == before
    assert not (here / "new").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_leaves_what_was_there(here, number):
    os.mkfifo(here / "方案.toml")  # nobody writes the scheme: the run waits
    before = sorted(path.name for path in (here / "output").iterdir())
    command = [sys.executable, "-m", "assess_xlsx", "templates", "output", "--scheme", "方案.toml"]
    heard = functools.partial(
        signal.signal, number, signal.SIG_DFL
    )  # jobs in the background are started deaf to SIGINT
    running = subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=heard)  # noqa: PLW1509 - tests have no threads
    # the scheme opens as soon as the run reads it, and has no end before the run has the signal
    with running as waiting, (here / "方案.toml").open("wb"):
        waiting.send_signal(number)
        _, said = waiting.communicate(timeout=20)
    assert waiting.returncode == 1
    assert said.decode() == "\n已中止，没有留下写了一半的文件。\n"
    assert sorted(path.name for path in (here / "output").iterdir()) == before


@pytest.mark.parametrize("error", [OSError(38, "Function not implemented"), ImportError(), PermissionError(13, "")])
def test_a_system_without_semaphores_is_told(here, monkeypatch, error):
    def none(*_, **__):
        raise error

    monkeypatch.setattr(multiprocessing.context.BaseContext, "Lock", none)
    monkeypatch.setattr(multiprocessing.context.BaseContext, "RLock", none)
    before = hashes(here)
    assert "没有写任何文件" in run("collect", "input", code=1)
    assert "子进程" in run("check", "input", code=1)
    assert hashes(here) == before


def test_a_limit_of_memory_below_the_readers_own_is_heeded(monkeypatch):
    limits = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1 << 30, 1 << 30))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    workers._start(None)  # noqa: SLF001 - else it runs in a process of its own
    assert limits == [(1 << 30, 1 << 30)]


def test_rights_of_the_output_are_the_users(here):
    before = os.umask(0o077)
    try:
        run("collect", "input", "-o", "new", "--feedback")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (here / "new").rglob("*.xlsx")} == {0o600}


def test_a_packed_program_starts_its_processes_first(monkeypatch):
    def start():
        raise EOFError

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(multiprocessing, "freeze_support", start)
    with pytest.raises(EOFError):
        __main__.main()

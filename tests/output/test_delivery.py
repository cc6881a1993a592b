"""Files come to stand together or not at all, and take the place of none but the command's own."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from assess_xlsx.output import delivery
from assess_xlsx.output.apart import Unsafe
from assess_xlsx.output.delivery import Kept, Occupied, deliver


def book(text):
    """Writes a small archive in place of a workbook."""

    def write(path):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("text", text)

    return write


def put_exactly(folder, *names):
    """Delivers files as a command does that puts none beside others."""
    with deliver(folder, "collect") as each:
        for name in names:
            each.add(name, book("新"))
        each.put()


def text(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read("text").decode()


def put(folder, command="collect", **files):
    """Delivers files, ``a`` as ``a.xlsx`` and ``退回_a`` as ``退回/a.xlsx``, each with its text."""
    with deliver(folder, command) as each:
        for name, content in files.items():
            each.add(f"{name.replace('_', '/')}.xlsx", book(content))
        return each.put_beside(["退回"])


def tree(folder):
    """What stands in a folder: every file with its text or bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): text(path) if zipfile.is_zipfile(path) else path.read_bytes()
        for path in files
    }


def changed(path):
    book(text(path) + "，改")(path)


def test_what_is_unchanged_is_replaced_and_what_is_not_needed_goes(tmp_path):
    put(tmp_path, a="1", 退回_x="1", 退回_y="1")
    placed, kept = put(tmp_path, a="2", 退回_y="2")
    assert placed == {"a.xlsx": tmp_path / "a.xlsx", "退回/y.xlsx": tmp_path / "退回" / "y.xlsx"}
    assert not kept
    assert tree(tmp_path) == {"a.xlsx": "2", "退回/y.xlsx": "2"}


def test_what_was_changed_is_kept_and_the_highest_number_is_the_newest(tmp_path):
    put(tmp_path, a="1")
    changed(tmp_path / "a.xlsx")
    for run in ("2", "3"):  # the own one beside it is used again
        placed, kept = put(tmp_path, a=run)
        assert placed["a.xlsx"].name == "a（2）.xlsx"
        assert kept == [Kept(tmp_path / "a.xlsx", delivery.CHANGED, placed["a.xlsx"])]
        assert tree(tmp_path) == {"a.xlsx": "1，改", "a（2）.xlsx": run}
    changed(tmp_path / "a（2）.xlsx")
    assert put(tmp_path, a="4")[0]["a.xlsx"].name == "a（3）.xlsx"
    (tmp_path / "a.xlsx").unlink()
    assert put(tmp_path, a="5")[0]["a.xlsx"].name == "a（3）.xlsx"
    assert tree(tmp_path) == {"a（2）.xlsx": "3，改", "a（3）.xlsx": "5"}
    (tmp_path / "a（2）.xlsx").unlink()
    assert put(tmp_path, a="6")[1] == []
    assert tree(tmp_path) == {"a.xlsx": "6"}


def test_what_people_put_there_is_kept_and_named(tmp_path):
    put(tmp_path, a="1", 退回_x="1", 退回_y="1")
    changed(tmp_path / "退回" / "x.xlsx")
    book("人")(tmp_path / "退回" / "人.xlsx")
    (tmp_path / "退回" / "说明.docx").write_bytes(b"x")
    (tmp_path / "退回" / "~$x.xlsx").write_bytes(b"x")
    (tmp_path / "人.xlsx").write_bytes(b"x")
    _, kept = put(tmp_path, a="2")
    assert {each.path.name for each in kept} == {"x.xlsx", "人.xlsx"}
    assert not any(each.newest for each in kept)
    assert set(tree(tmp_path)) == {
        "a.xlsx",
        "人.xlsx",
        *(f"退回/{n}" for n in ("x.xlsx", "人.xlsx", "说明.docx", "~$x.xlsx")),
    }


def test_a_name_that_ends_with_a_number_is_a_name(tmp_path):
    for run in ("1", "2"):
        put(tmp_path, **{"退回_二中（2）": run})
    assert tree(tmp_path) == {"退回/二中（2）.xlsx": "2"}
    changed(tmp_path / "退回" / "二中（2）.xlsx")
    put(tmp_path, **{"退回_二中（2）": "3"})
    assert tree(tmp_path) == {"退回/二中（2）.xlsx": "2，改", "退回/二中（2）（2）.xlsx": "3"}


def by_another_command(path):
    put(path.parent, "templates", a="旧")


def as_link(path):
    put(path.parent / "别处", b="旧")
    path.symlink_to(path.parent / "别处" / "b.xlsx")


def with_another_name(path):
    put(path.parent, a="旧")
    os.link(path, path.parent / "b.xlsx")


def as_folder(path):
    path.mkdir()


def as_text(path):
    path.write_bytes(b"x")


def as_pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize("stand", [by_another_command, as_link, with_another_name, as_folder, as_text, as_pipe])
def test_what_is_not_the_commands_own_stays(tmp_path, stand):
    target = tmp_path / "a.xlsx"
    stand(target)
    before = tree(tmp_path), target.lstat()
    with pytest.raises(Occupied) as raised:
        put_exactly(tmp_path, "c.xlsx", "a.xlsx")
    assert [kept.path for kept in raised.value.kept] == [target]
    assert (tree(tmp_path), target.lstat()) == before
    placed, _ = put(tmp_path, a="新")
    assert placed["a.xlsx"].name == "a（2）.xlsx"
    assert target.lstat().st_ino == before[1].st_ino


def test_no_file_is_put_through_a_linked_folder(tmp_path):
    put(tmp_path / "人", x="1")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "退回").symlink_to(tmp_path / "人")
    for files in ({"a": "2", "退回_x": "2"}, {"a": "2"}):  # nor is one taken away
        with pytest.raises(Unsafe, match="是链接"):
            put(tmp_path / "out", **files)
        assert tree(tmp_path / "人") == {"x.xlsx": "1"}
        assert not (tmp_path / "out" / "a.xlsx").exists()


FAILURES = [OSError(errno.ENOSPC, ""), OSError(errno.EROFS, ""), MemoryError(), KeyboardInterrupt(), RuntimeError()]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("moment", ["write", *range(1, 5)])
def test_a_failure_leaves_everything_as_it_was(tmp_path, monkeypatch, error, moment):
    put(tmp_path / "out", a="1", 退回_x="1", 退回_y="1")
    changed(tmp_path / "out" / "退回" / "y.xlsx")
    before = tree(tmp_path)
    calls = []

    def fail(path):
        path.write_bytes(b"half")
        raise error

    def failing(real):
        def move(*arguments, **more):
            if arguments[0] != arguments[-1]:  # not a mere look whether it is open
                calls.append(arguments)
            if len(calls) == moment:
                raise error
            return real(*arguments, **more)

        return move

    def run():
        with deliver(tmp_path / "out", "collect") as each:
            for name in ("a", "退回/y", "退回/z", "反馈/x"):
                each.add(f"{name}.xlsx", fail if (moment, name) == ("write", "退回/z") else book("2"))
            monkeypatch.setattr(os, "replace", failing(os.replace))
            each.put_beside(["退回"])

    with pytest.raises(type(error)):
        run()
    assert tree(tmp_path) == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.xlsx", "退回"]


def test_a_failure_leaves_no_folder_that_it_made(tmp_path):
    def fail(_):
        raise MemoryError

    with pytest.raises(MemoryError), deliver(tmp_path / "新" / "更新", "collect") as each:
        each.add("退回/a.xlsx", fail)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def windows(monkeypatch):
    """A set of files that are open in Excel: Windows lets nobody rename, replace or delete them."""
    shut, replace, unlink = set(), os.replace, os.unlink

    def replacing(source, target):
        if {Path(source), Path(target)} & shut:
            raise PermissionError(errno.EACCES, "")
        replace(source, target)

    def unlinking(path, **more):
        if Path(path) in shut:
            raise PermissionError(errno.EACCES, "")
        unlink(path, **more)

    monkeypatch.setattr(os, "replace", replacing)
    monkeypatch.setattr(os, "unlink", unlinking)
    return shut


def test_what_is_open_is_kept_and_goes_when_it_is_closed(tmp_path, windows):
    put(tmp_path, a="1", 退回_x="1", 退回_y="1")
    windows |= {tmp_path / "a.xlsx", tmp_path / "退回" / "x.xlsx", tmp_path / "退回" / "y.xlsx"}
    _, kept = put(tmp_path, a="2", 退回_x="2")
    assert [(each.path.name, each.reason, each.newest and each.newest.name) for each in kept] == [
        ("a.xlsx", delivery.OPEN, "a（2）.xlsx"),
        ("x.xlsx", delivery.OPEN, "x（2）.xlsx"),
        ("y.xlsx", delivery.OPEN, None),
    ]
    old = {"a.xlsx": "1", "退回/x.xlsx": "1", "退回/y.xlsx": "1"}
    assert tree(tmp_path) == old | {"a（2）.xlsx": "2", "退回/x（2）.xlsx": "2"}
    windows.clear()
    windows.add(tmp_path / "a（2）.xlsx")
    assert put(tmp_path, a="3", 退回_x="3")[0]["a.xlsx"].name == "a（3）.xlsx"
    assert tree(tmp_path) == {"a（2）.xlsx": "2", "a（3）.xlsx": "3", "退回/x.xlsx": "3"}
    windows.clear()
    put(tmp_path, a="4")
    assert tree(tmp_path) == {"a.xlsx": "4"}


@pytest.mark.parametrize("call", ["replace", "unlink"])
def test_what_is_opened_at_the_last_moment_is_kept_too(tmp_path, monkeypatch, call):
    put(tmp_path, a="1", 退回_x="1")
    real = getattr(os, call)

    def opened(*paths, **more):
        if Path(paths[-1]) in (tmp_path / "a.xlsx", tmp_path / "退回" / "x.xlsx") and paths[0] != paths[-1]:
            raise PermissionError(errno.EACCES, "")
        if call == "unlink" and Path(paths[0]).suffix == ".xlsx":
            raise PermissionError(errno.EACCES, "")
        return real(*paths, **more)

    monkeypatch.setattr(os, call, opened)
    placed, kept = put(tmp_path, a="2")
    expected = {"replace": {"a.xlsx": "1", "a（2）.xlsx": "2"}, "unlink": {"a.xlsx": "2", "退回/x.xlsx": "1"}}
    assert tree(tmp_path) == expected[call]
    assert [each.reason for each in kept] == [delivery.OPEN]
    assert text(placed["a.xlsx"]) == "2"


def test_an_open_file_is_not_written_anew_by_a_command_that_puts_none_beside(tmp_path, windows):
    put(tmp_path, a="1", b="1")
    windows.add(tmp_path / "b.xlsx")
    with pytest.raises(Occupied) as raised:
        put_exactly(tmp_path, "a.xlsx", "b.xlsx")
    assert raised.value.kept == [Kept(tmp_path / "b.xlsx", delivery.OPEN)]
    assert tree(tmp_path) == {"a.xlsx": "1", "b.xlsx": "1"}


KILLED = """
import os, sys
from pathlib import Path
from assess_xlsx.output.delivery import deliver
with deliver(Path(sys.argv[1]), "collect") as each:
    each.add("退回/a.xlsx", lambda path: path.write_bytes(b"PK" + b"0" * 30))
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_run_left_goes_next_time_and_nothing_else(tmp_path):
    assert subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False).returncode == -9
    assert any(path.suffix == ".tmp" for path in tmp_path.iterdir())
    alike = [".assess-xlsx-.tmp", ".assess-xlsx-abcdefgh.tmp.bak", "assess-xlsx-abcdefgh.tmp", "x.tmp"]
    for name in alike:
        (tmp_path / name).mkdir()
    (tmp_path / ".assess-xlsx-abcdefgh.tmp").write_bytes(b"x")
    put(tmp_path, a="1")
    assert {path.name for path in tmp_path.iterdir()} == {"a.xlsx", "退回", ".assess-xlsx-abcdefgh.tmp", *alike}


def test_two_runs_at_a_time_leave_each_other_alone(tmp_path):
    with deliver(tmp_path, "collect") as one:
        one.add("a.xlsx", book("1"))
        put(tmp_path, b="2")
        one.put()
    assert tree(tmp_path) == {"a.xlsx": "1", "b.xlsx": "2"}


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_rights_are_the_users_own_and_stay(tmp_path, umask, mode):
    put(tmp_path, old="1")
    (tmp_path / "old.xlsx").chmod(0o640)
    before = os.umask(umask)
    try:
        put(tmp_path, old="2", new="2")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.xlsx").stat().st_mode) == mode
    assert stat.S_IMODE((tmp_path / "old.xlsx").stat().st_mode) == 0o640


def test_what_is_sealed_by_no_command_stays(tmp_path):
    """A closed result: no later call replaces it, and what it is is said."""
    with deliver(tmp_path, "collect") as each:
        each.add("a.xlsx", book("定稿"), delivery.FINAL)
        each.put_beside([])
    placed, kept = put(tmp_path, a="新")
    assert kept == [Kept(tmp_path / "a.xlsx", delivery.CLOSED, placed["a.xlsx"])]
    assert tree(tmp_path) == {"a.xlsx": "定稿", "a（2）.xlsx": "新"}


def test_what_goes_is_known_before_and_may_be_put_elsewhere_as_it_is(tmp_path):
    put(tmp_path, a="1")
    old = (tmp_path / "a.xlsx").read_bytes()
    with deliver(tmp_path, "collect") as each:
        each.add("a.xlsx", book("2"))
        assert each.replaces("a.xlsx", tmp_path / "a.xlsx")
        assert not each.replaces("b.xlsx", tmp_path / "a.xlsx")
        assert not each.replaces("a.xlsx", tmp_path / "没有.xlsx")
        each.copy("旧.xlsx", old)
        each.put_beside([])
    assert (tmp_path / "旧.xlsx").read_bytes() == old
    assert put(tmp_path, 旧="3")[1] == []  # its seal came along
    changed(tmp_path / "a.xlsx")
    with deliver(tmp_path, "collect") as each:
        assert not each.replaces("a.xlsx", tmp_path / "a.xlsx")

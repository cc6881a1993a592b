"""Which files are found under INPUT, and which of them are passed over, with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import run

from assess_xlsx.intake.files import find


@pytest.fixture
def folder(tmp_path):
    for name in ("a.xlsx", "乡镇/b.xlsx", "乡镇/~$b.xlsx", "output/考核结果汇总.xlsx", "output/退回修改/c.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def reasons(paths):
    return {each.name: each.ignored or each.unreadable for each in find(paths)}


NAMES = {
    "a.xlsx": "",
    "乡镇/b.xlsx": "",
    "output/考核结果汇总.xlsx": "",
    "output/退回修改/c.xlsx": "",
    "乡镇/~$b.xlsx": "系统或办公软件的临时文件",
}


def test_every_file_once_by_its_name(folder, monkeypatch):
    assert reasons([folder]) == NAMES
    monkeypatch.chdir(folder)
    assert reasons([Path(), folder, Path("乡镇", "..")]) == NAMES  # one folder, however often it is given
    assert reasons([folder, folder / "a.xlsx", folder / "乡镇"]) == {
        f"{folder.name}/{name}": why for name, why in NAMES.items()
    }


def test_of_several_folders_a_file_bears_as_much_of_the_path_as_tells_them_apart(folder):
    assert list(reasons([folder / "乡镇", folder / "output" / "退回修改"])) == [
        "乡镇/b.xlsx",
        "乡镇/~$b.xlsx",
        "退回修改/c.xlsx",
    ]
    for name in ("甲/表/x.xlsx", "乙/表/x.xlsx"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"x")
    assert set(reasons([folder / "甲" / "表", folder / "乙" / "表"])) == {"甲/表/x.xlsx", "乙/表/x.xlsx"}
    assert set(reasons([folder / "甲/表/x.xlsx", folder / "乙/表/x.xlsx"])) == {"甲/表/x.xlsx", "乙/表/x.xlsx"}


def test_an_input_without_files_is_refused(tmp_path):
    (tmp_path / "input" / "空").mkdir(parents=True)
    (tmp_path / "input" / ".gitkeep").touch()
    folder = tmp_path / "input"
    said = f"{folder} 里没有文件，请把收到的表放进去再运行"
    assert said in run("collect", f"{folder}/", "-o", tmp_path / "out", code=1)
    assert said in run("check", folder, code=1)
    (folder / "断.xlsx").symlink_to(folder / "没有")
    said = run("collect", folder, "-o", tmp_path / "out", code=1)
    assert f"{folder} 里没有能读的文件" in said
    assert "“断.xlsx”是链接，它指向的文件打不开" in said
    assert not (tmp_path / "out").exists()


def test_links_and_devices(folder):
    (folder / "圈.xlsx").symlink_to(folder / "圈.xlsx")
    (folder / "断.xlsx").symlink_to(folder / "没有.xlsx")
    (folder / "夹").symlink_to(folder / "乡镇")
    (folder / "好.xlsx").symlink_to(folder / "a.xlsx")
    os.mkfifo(folder / "管道.xlsx")
    found = reasons([folder])
    assert found["管道.xlsx"] == "不是普通文件"
    assert found["夹"] == "是指向别处文件夹的链接，里面的文件没有读"
    assert not any(name.startswith("夹/") for name in found)
    assert found["圈.xlsx"] == "是链接，它指向的文件打不开（链接绕回了自己）"
    assert found["断.xlsx"] == "是链接，它指向的文件打不开（没有这个文件或文件夹）"
    assert found["好.xlsx"] == ""

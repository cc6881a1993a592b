"""Which files are found under INPUT, and which of them are passed over, with the reason."""

from __future__ import annotations

import pytest

from assess_xlsx.intake.files import find


@pytest.fixture
def folder(tmp_path):
    for name in ("a.xlsx", "乡镇/b.xlsx", "乡镇/~$b.xlsx", "output/考核结果汇总.xlsx", "output/退回修改/c.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def reasons(paths, output=None):
    return {each.name: each.ignored for each in find(paths, output)}


def test_every_file_once_by_its_name(folder):
    found = reasons([folder, folder / "a.xlsx", folder / "乡镇"])
    assert found == {
        "a.xlsx": "",
        "b.xlsx": "",
        "output/考核结果汇总.xlsx": "",
        "output/退回修改/c.xlsx": "",
        "~$b.xlsx": "系统或办公软件的临时文件",
    }


def test_the_own_output_is_not_read(folder):
    own = "本程序输出文件夹中的文件"
    (folder / "旧结果.xlsx").symlink_to(folder / "output" / "考核结果汇总.xlsx")
    (folder / "output" / "外面.xlsx").symlink_to(folder / "a.xlsx")
    found = reasons([folder], folder / "output")
    assert {name for name, reason in found.items() if reason == own} == {
        "output/考核结果汇总.xlsx",
        "output/退回修改/c.xlsx",
        "output/外面.xlsx",
        "旧结果.xlsx",
    }
    assert reasons([folder / "output" / "考核结果汇总.xlsx"], folder / "output") == {"考核结果汇总.xlsx": own}


def test_links_and_devices(folder):
    (folder / "圈.xlsx").symlink_to(folder / "圈.xlsx")
    (folder / "断.xlsx").symlink_to(folder / "没有.xlsx")
    (folder / "夹").symlink_to(folder / "乡镇")
    (folder / "好.xlsx").symlink_to(folder / "a.xlsx")
    found = reasons([folder], folder / "output")
    assert found["夹"] == "是指向别处文件夹的链接，没有打开"
    assert not any(name.startswith("夹/") for name in found)
    assert [found[name] for name in ("圈.xlsx", "断.xlsx", "好.xlsx")] == ["", "", ""]  # reading tells

"""INPUT and OUTPUT never meet: by name, by ``..``, by links in one that lead into the other."""

from __future__ import annotations

import pytest

from assess_xlsx.output.apart import Unsafe, keep_apart, leads_elsewhere


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A work folder: input/甲.xlsx, input/乡镇/乙.xlsx, output/退回修改/甲.xlsx, other/."""
    for name in ("input/甲.xlsx", "input/乡镇/乙.xlsx", "output/退回修改/甲.xlsx", "other/x.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("inputs", "output"),
    [
        (["input"], "input"),
        (["input"], "."),
        (["input"], "input/"),
        (["input"], "input/新的/结果"),
        (["input"], "other/../input/新的"),
        (["input/乡镇"], "input"),
        (["."], "output"),
        (["input", "output/退回修改"], "output"),
        (["output/退回修改/甲.xlsx"], "output"),
        (["input/甲.xlsx"], "input"),
        (["input/甲.xlsx"], "input/甲.xlsx"),
        (["link"], "input"),
        (["input"], "link"),
        (["input"], "link/新的"),
        (["link/乡镇"], "other/../input"),
    ],
)
def test_places_that_meet(here, inputs, output):
    (here / "link").symlink_to("input")
    with pytest.raises(Unsafe, match="没有写任何文件"):
        keep_apart([type(here)(each) for each in inputs], type(here)(output))


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("output/反馈", "input"),
        ("output/退回修改/乙", "input/乡镇"),
        ("output/考核结果汇总.xlsx", "input/甲.xlsx"),
        ("output/更深/更深/链接", "input/../input/乡镇"),
        ("input/旧结果", "output"),
        ("input/乡镇/旧.xlsx", "output/退回修改/甲.xlsx"),
    ],
)
def test_links_that_lead_from_one_to_the_other(here, link, target):
    (here / link).parent.mkdir(parents=True, exist_ok=True)
    (here / link).symlink_to(here / target)
    with pytest.raises(Unsafe, match=link.rpartition("/")[2]):
        keep_apart([here / "input"], here / "output")


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (None, None),
        ("output/别处", "other"),
        ("input/别处.xlsx", "other/x.xlsx"),
        ("output/断", "没有"),
        ("input/圈", "圈"),
    ],
)
def test_places_apart(here, link, target):
    if link:
        (here / link).symlink_to(target if target == "圈" else here / target)
    keep_apart([here / "input"], here / "output")
    keep_apart([here / "input" / "甲.xlsx"], here / "input2")


def test_a_link_in_the_last_step(here):
    (here / "link").symlink_to("output")
    assert leads_elsewhere(here / "link")
    assert not leads_elsewhere(here / "link" / "退回修改")
    assert not leads_elsewhere(here / "没有")

"""A result says what made it, and depends on nothing else."""

from __future__ import annotations

import shutil

from conftest import COUNTY, SCHEME, TOWN, content, filled_form, good_answers, run, save

from assess_xlsx import __version__
from assess_xlsx.rounds.maker import Maker

MAKER = Maker.of(SCHEME)


def test_what_is_said_is_read_again():
    said = f"考核方案：{SCHEME.name}　表样版本：县直 {COUNTY.version}、乡镇 {TOWN.version}　程序版本：{__version__}"
    assert MAKER.text() == said
    assert Maker.said(said) == MAKER
    assert Maker.said("按以下口径计分。") is None


def test_the_same_input_gives_the_same_result_wherever_it_lies(tmp_path):
    save(filled_form(TOWN, "城关镇", good_answers(TOWN)), tmp_path / "一" / "in" / "a.xlsx")
    shutil.copytree(tmp_path / "一", tmp_path / "二")
    for folder in ("一", "二"):
        run("collect", tmp_path / folder / "in", "-o", tmp_path / folder / "out")
    one, two = (tmp_path / folder / "out" / "考核结果汇总.xlsx" for folder in ("一", "二"))
    assert content(one) == content(two)
    assert MAKER.text() in content(one)["计分口径"][0].values()


def test_where_nobody_reported_no_clock_is_asked(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "说明.xlsx").touch()
    for out in ("一", "二"):
        run("collect", tmp_path / "in", "-o", tmp_path / out)
    one, two = ((tmp_path / out / "考核结果汇总.xlsx").read_bytes() for out in ("一", "二"))
    assert one == two

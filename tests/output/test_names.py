"""Names of files beside others."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess_xlsx.output.names import families, numbered


@pytest.mark.parametrize(
    ("name", "number", "beside"),
    [("a.xlsx", 1, "a.xlsx"), ("a.xlsx", 2, "a（2）.xlsx"), ("05-甲（乙）.xlsx", 12, "05-甲（乙）（12）.xlsx")],
)
def test_a_name_takes_a_number_and_gives_it_back(name, number, beside):
    path = numbered(Path(name), number)
    assert path.name == beside
    assert families([path], [name]) == {name: {number: path}}


@pytest.mark.parametrize(
    "name", ["a（1）.xlsx", "a（02）.xlsx", "a（2018）.xlsx", "a（上一轮）.xlsx", "a(2).xlsx", "（2）.xlsx"]
)
def test_other_brackets_are_part_of_the_name(name):
    assert families([Path(name)], []) == {name: {1: Path(name)}}


def test_a_number_may_be_part_of_a_units_name():
    paths = [Path("05-二中（2）.xlsx"), Path("05-二中（2）（3）.xlsx")]
    assert families(paths, ["05-二中（2）.xlsx"]) == {"05-二中（2）.xlsx": {1: paths[0], 3: paths[1]}}

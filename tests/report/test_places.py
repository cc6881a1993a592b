"""来源 in 得分明细: what it says, and where it leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess_xlsx.answers import Source
from assess_xlsx.excel.cells import Formula
from assess_xlsx.report.places import MOST_LINK, Places, Table

HERE = Path("/甲/output")


def file(name: str, sheet: str = "评分表", *, live: bool = True):
    source = Source(name, f"/甲/input/{name}")
    return Places(Table("得分明细", 1, 1), {}, live, HERE).file(source, sheet)


@pytest.mark.parametrize(
    ("name", "sheet", "told", "formula"),
    [
        (
            "a.xlsx",
            "评分表",
            ("I6", "I6、I7", ""),
            """HYPERLINK("../input/a.xlsx#'评分表'!I6","a.xlsx 评分表!I6、I7")""",
        ),
        ("a.xlsx", "评分表", ("", "", ""), """HYPERLINK("../input/a.xlsx#'评分表'!A1","a.xlsx 评分表")"""),
        (
            "a.xlsx",
            "评分表",
            ("I6", "I6", '；登记表.xlsx "平时"!A3'),
            """HYPERLINK("../input/a.xlsx#'评分表'!I6","a.xlsx 评分表!I6；登记表.xlsx ""平时""!A3")""",
        ),
        ("a&b.xlsx", "表'1", ("I6", "I6", ""), """HYPERLINK("../input/a&b.xlsx#'表''1'!I6","a&b.xlsx 表'1!I6")"""),
        (
            'a"b.xlsx',
            "评分表",
            ("I6", "I6", ""),
            """HYPERLINK("../input/a""b.xlsx#'评分表'!I6","a""b.xlsx 评分表!I6")""",
        ),
    ],
)
def test_a_place_in_a_file_leads_there(name, sheet, told, formula):
    found = file(name, sheet)(*told)
    assert isinstance(found, Formula)
    assert found.text == formula
    first, cells, more = told
    assert found.value == f"{name} {sheet}" + (f"!{cells}" if first else "") + more


@pytest.mark.parametrize(
    ("name", "more", "live"),
    [
        ("a.xlsx", "", False),  # too many units for links
        ("a%20.xlsx", "", True),  # one program would read a blank, another not
        ("a\n.xlsx", "", True),
        ("a.xlsx", "；坏\x01字", True),
        pytest.param("长" * 240 + ".xlsx", "", True, id="name"),
        pytest.param("a.xlsx", "；登记表" + "很长" * 130, True, id="told"),
    ],
)
def test_where_a_link_cannot_stand_the_text_does(name, more, live):
    assert file(name, live=live)("I6", "I6、I7", more) == f"{name} 评分表!I6、I7{more}"


def test_no_link_is_longer_than_programs_take():
    for length in range(200, 260):
        found = file("a" * length)("I6", "I6", "")
        if isinstance(found, Formula):
            address, shown = found.text.removeprefix('HYPERLINK("').removesuffix('")').split('","')
            assert max(len(address), len(shown)) <= MOST_LINK

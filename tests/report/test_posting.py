"""公示通报 and 总览: what a leader reads, held against the other sheets."""

from __future__ import annotations

import pytest
from conftest import collect, rows, run


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("posting")
    run("sample", folder / "in", "--faults")
    return collect(folder / "in")


def test_the_posting_holds_the_ranking(result):
    sheet = result["公示通报"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    posted = [half for line in lines for half in (line[:4], line[4:8]) if isinstance(half[0], int)]
    for form in ("县直", "乡镇"):
        ranked = [row for row in rows(result, f"{form}排名") if row["名次"]]
        for row in ranked:
            assert [row["名次"], row["考核单位"], row["总分"], row["评优资格"]] in posted, row["考核单位"]
    assert len(posted) == sum(bool(row["名次"]) for form in ("县直", "乡镇") for row in rows(result, f"{form}排名"))


def test_while_anything_is_open_it_is_a_draft(result):
    said = "\n".join(texts(result["公示通报"]))
    assert "（征求意见稿）" in said
    assert "名次为暂定：县直未报送 1 个单位" in said


def test_the_circular_counts_as_the_other_sheets_do(result):
    said = "\n".join(texts(result["公示通报"]))
    states = [row["状态"] for row in rows(result, "报送情况")]
    assert f"应报 {len(states)} 个单位，已报送 {len(states) - states.count('未报送')} 个" in said
    assert f"其中待补正 {states.count('待补正')} 个" in said
    first = next(row for row in rows(result, "县直排名") if row["名次"] == 1)
    assert f"第 1 名{first['考核单位']}（{first['总分']:.2f} 分）" in said
    for row in rows(result, "一票否决"):
        assert row["考核单位"] in said


def test_nobodys_telephone_is_posted_or_printed(result):
    """Names and numbers stand on 报送情况 and 催报 alone, outside what is printed."""
    people = {row["联系电话"] for row in rows(result, "报送情况") if row["联系电话"]}
    assert people
    for sheet in result:
        if sheet.title not in ("报送情况", "催报"):
            assert people.isdisjoint(texts(sheet)), sheet.title
    for name in ("报送情况", "催报"):
        labels = [cell.value for row in result[name].iter_rows(max_row=4) for cell in row]
        printed = result[name].print_area.rpartition("$")[0].rpartition(":$")[2].rstrip("$")
        assert ord(printed) - ord("A") < labels.index("填报人") % result[name].max_column


def test_the_first_screen_leads_to_what_is_open(result):
    sheet = result["总览"]
    assert str(sheet["A2"].value).startswith("暂定：县直未报送 1 个单位、待补正 3 个单位")
    links = {cell.hyperlink.location for cell in sheet[3] if cell.hyperlink}
    assert links == {"'催报'!A1", "'待核定'!A1", "'问题清单'!A1", "'一票否决'!A1"}
    names = texts(sheet)
    for form in ("县直", "乡镇"):
        ranked = [row["考核单位"] for row in rows(result, f"{form}排名") if row["名次"]]
        assert {*ranked[:3], *ranked[-3:]}.issubset(names)
    assert any(text.startswith("扣 ") for text in names)
    assert "在排名表点“名次”，到该单位的得分明细；再点“来源”，到填报的文件和单元格" in names

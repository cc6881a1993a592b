"""系数 of the roster, from forms that find their unit's factor by its name to the result, and back to a scheme."""

from __future__ import annotations

import io

import every_kind
import openpyxl
import pytest
from conftest import collect, convert, fill_out, rows, run, save
from every_kind import fact, form, section, toml, with_forms
from python_calamine import CalamineWorkbook

from assess_xlsx.forms import form as forms
from assess_xlsx.layout import FORM_SHEET, GUIDE_SHEET, UNIT_CELL_COL, Col, FormLayout
from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.tree import SchemeError

UNITS = {"甲局": 1.2, "乙局": None, "丙局": 0.85, "丁局": 1.0005}
SCORES = {
    # 得分 before; the score of 10 points, times the unit's factor, and whether it is asked at all
    "甲局": (8.5, 10, "封顶，记 10 分"),
    "乙局": (8.5, 8.5, "8.5 × 系数 1（花名册） = 8.50"),
    "丙局": (9.99, 8.49, "9.99 × 系数 0.85（花名册） = 8.49"),
    "丁局": (5, 5, "5 × 系数 1.0005（花名册） = 5.00"),
}


def tree(**factors):
    judged = fact("任务得分", {"kind": "分值", "most": 10})
    rule = {"kind": "mean", "facts": [{"fact": "任务得分"}, {"fact": "再评"}], "factor": "花名册"}
    item = {"code": "1.1.1", "method": "查", "content": "任务", "text": "则", "points": 10}
    item |= {"facts": [judged, judged | {"label": "再评"}], "rule": rule}
    known = UNITS | factors
    roster = [{"name": name, "form": "表"} | ({"factor": each} if each else {}) for name, each in known.items()]
    return with_forms(roster, [form("表", "附件1", points=10, sections=[section("项", [item], points=10)])])


[FORM] = build(tree(), "x").forms
PLACES = FormLayout.of(FORM)


@pytest.fixture
def scheme(tmp_path):
    path = tmp_path / "方案.toml"
    path.write_text(toml(tree()), "utf-8")
    return path


@pytest.fixture
def filled(scheme, tmp_path):
    """The units' own forms, filled: a folder."""
    return fill_out(scheme, FORM, tmp_path, [(score, score, "否") for score, *_ in SCORES.values()])


def test_the_score_is_multiplied_and_capped(filled, scheme):
    result = collect(filled, "--scheme", scheme)
    details = {row["考核单位"]: row for row in rows(result, "得分明细")}
    assert {name: details[name]["最终得分"] for name in SCORES} == {name: case[1] for name, case in SCORES.items()}
    for name, (_, _, told) in SCORES.items():
        assert details[name]["计分依据"].endswith(told)


@pytest.mark.office
def test_the_form_finds_the_factor_of_the_unit_that_it_names(filled, scheme, tmp_path):
    book = openpyxl.load_workbook(filled / "3.xlsx")
    unit = book[FORM_SHEET].cell(PLACES.unit_row + 1, UNIT_CELL_COL + 1)
    for name, written in (("甲局", "甲局"), ("不知道", "某某局"), ("没有写", None)):
        unit.value = written
        save(book, tmp_path / "more" / f"{name}.xlsx")
    convert("xlsx", tmp_path / "out", *filled.glob("*.xlsx"))
    convert("xlsx", tmp_path / "others", *(tmp_path / "more").glob("*.xlsx"))

    def shown(path):
        table = CalamineWorkbook.from_path(path).get_sheet_by_name(FORM_SHEET).to_python(skip_empty_area=False)
        return table[PLACES.item_span(FORM.items[0])[0]][Col.SCORE]

    own = [shown(tmp_path / "out" / f"{number}.xlsx") for number in range(1, len(SCORES) + 1)]
    assert own == [pytest.approx(case[1], abs=1e-9) for case in SCORES.values()]
    others = [shown(tmp_path / "others" / f"{name}.xlsx") for name in ("甲局", "不知道", "没有写")]
    assert others == [10, "", ""]
    result = collect(tmp_path / "out", "--scheme", scheme)
    assert [row["问题"] for row in rows(result, "问题清单") if "记分" in row["问题"]] == []
    assert [row["自评分"] for row in rows(result, "得分明细")] == [case[1] for case in SCORES.values()]


def test_the_list_beside_the_form_says_the_factors(filled):
    sheet = openpyxl.load_workbook(filled / "1.xlsx")[GUIDE_SHEET]
    assert [(sheet.cell(row, 5).value, sheet.cell(row, 6).value) for row in range(2, 6)] == [
        (name, factor or 1) for name, factor in UNITS.items()
    ]
    assert sheet["F1"].value == "系数"
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert any("1.1.1 的记分已乘以本单位的系数，各单位的系数见右侧名单" in text for text in texts)


def test_a_form_of_many_units_has_the_list_too_where_it_is_needed():
    rule = {"kind": "ratio", "fact": "率", "factor": "花名册"}
    for more, listed in ((rule, True), ({"kind": "ratio", "fact": "率"}, False)):
        many = every_kind.only_item({"points": 10}, [fact("率", every_kind.RATE)], more, units=501)
        target = io.BytesIO()
        forms.write(target, every_kind.SCHEME, many)
        sheet = openpyxl.load_workbook(target)[GUIDE_SHEET]
        assert (sheet.cell(502, 5).value == "单位500") == listed


def test_a_sample_and_what_goes_back_are_scored_by_the_factor_too(scheme, tmp_path):
    run("sample", tmp_path / "in", "--scheme", scheme)
    result = collect(tmp_path / "in", "--scheme", scheme)
    assert [row["问题"] for row in rows(result, "问题清单") if "记分" in row["问题"]] == []
    path = next((tmp_path / "in").glob("01-*.xlsx"))
    book = openpyxl.load_workbook(path)
    book[FORM_SHEET][PLACES.value_cell(FORM.facts[-1])].value = None
    save(book, tmp_path / "again" / "a.xlsx")
    collect(tmp_path / "again", "--scheme", scheme)
    returned = next((tmp_path / "again-out" / "退回修改").glob("*.xlsx"))
    row = PLACES.item_span(FORM.items[0])[0] + 1
    cached = [
        openpyxl.load_workbook(each, data_only=True)[FORM_SHEET].cell(row, Col.SCORE + 1).value
        for each in (path, returned)
    ]
    assert cached[0] == cached[1]
    assert isinstance(cached[0], int | float)


def test_another_factor_is_another_scheme(filled, scheme, tmp_path):
    collect(filled, "--scheme", scheme)
    earlier = tmp_path / "earlier.xlsx"
    (tmp_path / "sent-out" / "考核结果汇总.xlsx").rename(earlier)
    run("verify", earlier, filled, "--scheme", scheme)
    other = tmp_path / "另.toml"
    other.write_text(toml(tree(丙局=0.9)), "utf-8")
    result = collect(filled, "--scheme", other, "--since", earlier)
    [change] = [row for row in rows(result, "本轮变化") if row["指标编号"] == "1.1.1"]
    assert (change["考核单位"], change["原因"]) == ("丙局", "方案或程序")
    assert "不能比较" in run("verify", earlier, filled, "--scheme", other, code=1)
    assert build(tree(丙局=0.9), "x").forms[0].version != FORM.version


def test_factors_that_no_rule_asks_for_are_told(tmp_path):
    made = tree()
    del made["forms"][0]["sections"][0]["items"][0]["rule"]["factor"]
    path = tmp_path / "方案.toml"
    path.write_text(toml(made), "utf-8")
    told = run("scheme", "check", path)
    assert "花名册里“甲局”等 3 个单位写了系数，没有规则用它，不影响得分。" in told
    path.write_text(toml(tree()), "utf-8")
    assert "系数" not in run("scheme", "check", path)


def test_a_workbook_of_the_scheme_says_it(scheme, tmp_path):
    book = tmp_path / "方案.xlsx"
    run("scheme", "export", book, "--scheme", scheme)
    assert scheme_file.load(book) == scheme_file.load(scheme)
    opened = openpyxl.load_workbook(book)
    sheet = opened["花名册"]
    header = [cell.value for cell in sheet[1]]
    column = header.index("系数") + 1
    assert [sheet.cell(row, column).value for row in range(2, 6)] == list(UNITS.values())
    for wrong, reason in (
        (0, "系数应大于 0、不超过 10"),
        (12, "系数应大于 0、不超过 10"),
        ("大", "应是数，现为“大”"),
    ):
        sheet.cell(3, column).value = wrong
        opened.save(book)
        with pytest.raises(SchemeError) as refusal:
            scheme_file.load(book)
        [fault] = refusal.value.faults
        assert (fault.cell.sheet, fault.cell.name) == ("花名册", sheet.cell(3, column).coordinate)
        assert reason in fault.reason
    sheet.delete_cols(column)
    opened.save(book)
    assert {unit.factor for unit in scheme_file.load(book).forms[0].units} == {10_000}

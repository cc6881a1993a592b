"""A percentage beyond 100 %, from the form and the register to the score, and what is too much."""

from __future__ import annotations

import openpyxl
from conftest import append, collect, rows, run, save
from every_kind import RATE, fact, form, items, section, toml, with_forms

from assess_xlsx.layout import FORM_SHEET, FormLayout, office_sheet
from assess_xlsx.scheme.build import build

UNITS = ("甲局", "乙局", "丙局")
ASKED = [
    (
        {"points": 6},
        [fact("完成率", RATE | {"most": 150})],
        {
            "kind": "margin",
            "fact": "完成率",
            "at_least": 100,
            "base": 4,
            "above": {"per": 10, "step": 0.5},
            "below": {"per": 1, "step": -0.2},
        },
    ),
    (
        {"points": 4},
        [fact("增幅", RATE | {"most": "不限"}, by="office")],
        {"kind": "bands", "fact": "增幅", "bands": [{"at_least": 120, "points": 4}, {"at_least": 0, "points": 1}]},
    ),
]
TREE = with_forms(
    [{"name": name, "form": "表"} for name in UNITS],
    [form("表", "附件1", points=10, sections=[section("一、进度", items(1, ASKED), points=10)])],
)
FORM = build(TREE, "x").forms[0]
DONE, MORE = FormLayout.of(FORM).value_cell(FORM.facts[0]), FORM.facts[1]


def sent(tmp_path, given, grown, ruled):
    """Forms and a register with these numbers as their cells of percentages hold them, collected."""
    scheme = tmp_path / "方案.toml"
    scheme.write_text(toml(TREE), "utf-8")
    run("templates", tmp_path / "t", "--per-unit", "--scheme", scheme)
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    sheet = register[office_sheet(FORM)]
    for number, name in enumerate(UNITS, 1):
        book = openpyxl.load_workbook(tmp_path / "t" / "各单位" / f"{number:02}-{name}.xlsx")
        book[FORM_SHEET][DONE].value = given[number - 1]
        book[FORM_SHEET][FormLayout.of(FORM).value_cell(FORM.declarations[0])].value = "否"
        save(book, tmp_path / "in" / f"{name}.xlsx")
        sheet.cell(number + 2, 2).value = grown[number - 1]
    for row in ruled:
        append(register, "核定", *row)
    save(register, tmp_path / "in" / "登记表.xlsx")
    result = collect(tmp_path / "in", "--scheme", scheme)
    scores = {}
    for row in rows(result, "得分明细"):
        scores.setdefault(row["考核单位"], []).append(row["最终得分"])
    return result, scores


def test_it_counts_as_its_cell_shows_it(tmp_path):
    ruled = [("丙局", "1.2.1", "增幅", "300%", "重新核算")]
    result, scores = sent(tmp_path, [1.2, 1.5, 0.9], [1.2, 1.1999, 0.5], ruled)
    assert scores == {"甲局": [5, 4], "乙局": [6, 1], "丙局": [2, 4]}
    assert [row["问题"] for row in rows(result, "问题清单") if row["级别"] == "错误"] == []
    said = {(row["考核单位"], row["指标编号"]): row["计分依据"] for row in rows(result, "得分明细")}
    assert said["甲局", "1.1.1"] == "完成率 120%，比基准 100% 高 20%，4 + 0.5 × 20/10 = 5.00"
    assert said["甲局", "1.2.1"] == "增幅 120%，达到 120%以上，记 4 分（增幅考核办登记 120%）"
    assert said["丙局", "1.2.1"] == "增幅 300%，达到 120%以上，记 4 分（增幅核定为 300%：重新核算）"


def test_beyond_what_is_asked_it_is_an_error_with_its_cell(tmp_path):
    result, scores = sent(tmp_path, [1.6, 1, 1], [1, 1, -0.1], [])
    assert scores["甲局"] == [0, 1]
    faults = [row for row in rows(result, "问题清单") if row["级别"] == "错误"]
    assert [(row["考核单位"], row["单元格"]) for row in faults] == [("甲局", DONE), ("丙局", "B5")]
    assert faults[0]["问题"] == "“完成率”填写为“160%”，160% 超过 150%，不能采用。"
    assert faults[0]["处理办法"] == "请改填0%到150%的百分比，如 95%。"
    assert faults[1]["问题"] == "“增幅”登记为“-10%”，是负数，没有采用。"
    assert faults[1]["处理办法"] == "请改填不小于0%的百分比，如 95%，可以超过 100%。"
    returned = openpyxl.load_workbook(tmp_path / "in-out" / "退回修改" / "01-甲局.xlsx")
    cell = returned[FORM_SHEET][DONE]
    assert (cell.value, cell.number_format) == (1.6, "0.00######%")

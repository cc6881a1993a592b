"""权重: sections are shown unweighed, the total is rounded once; the ranking's formula gives the same to the cent."""

from __future__ import annotations

import shutil
import subprocess

import openpyxl
import pytest
from conftest import convert, rows, run
from every_kind import DONE, form, items, section, toml, with_forms
from python_calamine import CalamineWorkbook

from assess_xlsx.layout import FORM_SHEET, Col, FormLayout
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.summing import Summing

ITEM = ({"points": 100}, *DONE[1:])
TITLES = ("一、日常工作（100分）", "二、网上审批", "三、群众评价（权重40%）")

TOTALS = [
    # weights in %, section scores and the total in cents
    ((30, 30, 40), (9005, 9005, 9005), 9005),
    ((25, 25, 50), (8888, 7777, 6666), 7499),
    ((15, 15, 70), (9501, 9503, 9505), 9504),
    ((60, 40), (10_000, 10_000), 10_000),
    ((33, 33, 34), (9125, 9000, 8915), 9012),
    ((50, 50), (9015, 9015), 9015),
    ((50, 50), (-450, 9001), 4276),
    # halves of a cent whose binary fractions lie below them, bounds, a weight of two decimals
    ((50, 50), (10_446, 9285), 9866),
    ((35, 65), (2717, 2727), 2724),
    ((50, 50), (-9000, 1), 0),
    ((33.33, 66.67), (50, 50), 50),
]


def tree(weights, titles=TITLES):
    sections = [
        section(title, items(number, [ITEM]), points=100, weight=weight)
        for number, (title, weight) in enumerate(zip(titles, weights, strict=False), 1)
    ]
    roster = [{"name": name, "form": "表"} for name in ("甲局", "乙局")]
    return with_forms(roster, [form("表", "附件1", sections=sections)])


def weighed(weights):
    return build(tree(weights, [f"第{number}项" for number in range(len(weights))]), "x").forms[0]


@pytest.mark.parametrize(("weights", "scores", "total"), TOTALS)
def test_a_total_is_rounded_once(weights, scores, total):
    assert Summing(weighed(weights)).total(scores) == total


def test_the_formula_can_be_read_aloud():
    assert Summing(weighed((30, 70))).formula(["D5", "E5"]) == "MAX(0,ROUND(30%*D5+70%*E5,2))"


@pytest.mark.office
def test_the_formulas_give_the_same(tmp_path):
    book = openpyxl.Workbook()
    for row, (weights, scores, _) in enumerate(TOTALS, 1):
        for column, score in enumerate(scores, 3):
            book.active.cell(row, column, score / 100)
        cells = [f"{letter}{row}" for letter, _ in zip("CDE", weights, strict=False)]
        book.active.cell(row, 1, f"={Summing(weighed(weights)).formula(cells)}")
        book.active.cell(row, 2, f"={Summing(weighed(weights)).formula(cells, any_program=True)}")
    book.save(tmp_path / "a.xlsx")
    convert("ods", tmp_path / "out", tmp_path / "a.xlsx")
    totals = [total / 100 for *_, total in TOTALS]
    found = CalamineWorkbook.from_path(tmp_path / "out" / "a.ods").get_sheet_by_index(0).to_python()
    assert [row[:2] for row in found] == [[total, total] for total in totals]
    if shutil.which("ssconvert"):
        subprocess.run(["ssconvert", "--recalc", tmp_path / "a.xlsx", tmp_path / "b.xlsx"], check=True)
        found = CalamineWorkbook.from_path(tmp_path / "b.xlsx").get_sheet_by_index(0).to_python()
        assert [row[1] for row in found] == totals


def test_a_heading_names_the_weight_unless_the_title_does(tmp_path):
    scheme = tmp_path / "方案.toml"
    scheme.write_text(toml(tree((30, 30, 40))), "utf-8")
    named = ["一、日常工作（100分）（权重 30%）", "二、网上审批（权重 30%）", "三、群众评价（权重40%）"]
    run("templates", tmp_path / "t", "--scheme", scheme)
    places = FormLayout.of(build(tree((30, 30, 40)), "x").forms[0])
    sheet = openpyxl.load_workbook(tmp_path / "t" / "附件1_表评分表.xlsx")[FORM_SHEET]
    assert [sheet.cell(span.first + 1, Col.SECTION + 1).value for span in places.section_spans()] == named
    run("sample", tmp_path / "in", "--scheme", scheme)
    run("collect", tmp_path / "in", "-o", tmp_path / "out", "--scheme", scheme)
    result = openpyxl.load_workbook(tmp_path / "out" / "考核结果汇总.xlsx")
    assert list(rows(result, "表排名")[0])[2:5] == named

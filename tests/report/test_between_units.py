"""极差: units scored between their own worst and best, from filled forms to the live ranking."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import collect, convert, rows, run, save
from every_kind import computed, fact, form, section, toml, with_forms
from python_calamine import CalamineWorkbook

from assess_xlsx.layout import FORM_SHEET, FormLayout
from assess_xlsx.scheme.build import build

KIND = {"kind": "数值", "measure": "点"}
CASES = {
    # the units' numbers, None where one is not known; their scores, None where there is a gap
    "多的好": ([50, 80, 100, 62], [0, 6, 10, 2.4]),
    "少的好": ([5, 2, 0, 3], [0, 6, 10, 4]),
    "都相同": ([7, 7, 7, 7], [10, 10, 10, 10]),
    "一个未知": ([50, None, 100, 75], [0, None, 10, 5]),
    "只有一个": ([None, 3, None, None], [None, 10, None, None]),
    "有负数": ([-10, 0, 30, 5], [0, 2.5, 10, 3.75]),
}


def tree():
    forms = []
    for number, name in enumerate(CASES, 1):
        facts = [fact("今", KIND), fact("昔", KIND), computed("数", KIND, "差", "今", "昔")]
        rule = {"kind": "efficacy", "fact": "数", "worst": {"is": "最差"}, "best": {"is": "最好"}}
        rule |= {"order": "从少到多"} if name == "少的好" else {}
        item = {
            "code": "1.1.1",
            "method": "查",
            "content": "内",
            "text": "则",
            "points": 10,
            "facts": facts,
            "rule": rule,
        }
        forms.append(form(name, f"附件{number}", points=10, sections=[section("项", [item], points=10)]))
    roster = [{"name": f"{name}{n}局", "form": name} for name in CASES for n in range(1, 5)]
    return with_forms(roster, forms)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The result of a round of all cases."""
    folder = tmp_path_factory.mktemp("extremes")
    scheme = folder / "方案.toml"
    scheme.write_text(toml(tree()), "utf-8")
    run("templates", folder / "t", "--per-unit", "--scheme", scheme)
    made = build(tree(), "x")
    for each in made.forms:
        places = FormLayout.of(each)
        for unit, number in zip(each.units, CASES[each.name][0], strict=True):
            book = openpyxl.load_workbook(folder / "t" / "各单位" / f"{unit.number:02}-{unit.name}.xlsx")
            sheet = book[FORM_SHEET]
            for asked, value in zip(
                each.facts, (number and max(number, 0), number and max(-number, 0)), strict=False
            ):
                sheet[places.value_cell(asked)].value = value
            for declared in each.declarations:
                sheet[places.value_cell(declared)].value = "否"
            save(book, folder / "in" / f"{unit.name}.xlsx")
    return collect(folder / "in", "--scheme", scheme), folder


def test_every_unit_has_its_share_of_the_way_from_worst_to_best(result):
    details = {row["考核单位"]: row for row in rows(result[0], "得分明细")}
    for name, (_, scores) in CASES.items():
        found = [details[f"{name}{n}局"] for n in range(1, 5)]
        assert [row["最终得分"] for row in found] == [score or 0 for score in scores], name
        for row, score in zip(found, scores, strict=True):
            assert ("暂记 0 分，补正后重算" in row["计分依据"]) == (score is None)
    assert details["有负数2局"]["计分依据"] == (
        "数 0点（今 0点、昔 0点），最差 -10点，最好 30点，10 × (0 − (-10)) / (30 − (-10)) = 2.50"
    )


@pytest.mark.office
def test_the_ranking_recalculated_has_them(result):
    folder = result[1]
    convert("xlsx", folder / "again", next((folder / "in-out").glob("考核结果汇总.xlsx")))
    book = CalamineWorkbook.from_path(folder / "again" / "考核结果汇总.xlsx")
    for name, (_, scores) in CASES.items():
        table = book.get_sheet_by_name(f"{name}排名").to_python()
        header = next(row for row in table if "考核单位" in row)
        unit, total = header.index("考核单位"), header.index("总分")
        shown = {row[unit]: row[total] for row in table if str(row[unit]).startswith(name)}
        assert [shown[f"{name}{n}局"] for n in range(1, 5)] == [pytest.approx(score or 0) for score in scores], name

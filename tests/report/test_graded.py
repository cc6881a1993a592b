"""等次 in the result: live on the ranking in any order, and wherever people look for it."""

from __future__ import annotations

import random

import openpyxl
import pytest
from conftest import OFFICE, assert_recalculated_alike, convert, in_every_order, rows, save
from totals import FORM, assessed, drawn, grades, ranking, scheme

VETOES = [{"code": code, "text": f"情形{code}", "clause": "六", "effect": "一票否决"} for code in ("V.1", "V.2")]


def barred(**quotas):
    found = grades(quotas)
    found[1]["barred"] = "V.2"
    return found


ROUNDS = {
    "三成": (scheme(10, grades=grades({"优秀": "30%"})), "97 95 93 91 88 85 82 79 70 55", (), {}),
    "同分": (scheme(10, grades=grades({"优秀": "30%"})), "97 95 93 93 88 85 82 79 70 55", (), {}),
    "核定": (scheme(10, grades=grades({"优秀": 3, "良好": 3})), "97 95 93 93 88 85 82 79 70 55", (), {4: "优秀"}),
    "取消": (scheme(5, grades=grades({"优秀": 2}), vetoes=VETOES), "97 95 93 92 60", [(1, "V.1")], {}),
    "情形": (
        scheme(6, grades=barred(优秀=1, 良好=2), vetoes=VETOES),
        "97 95 89 88 70 0",
        [(3, "V.2"), (5, "V.2")],
        {2: "合格"},
    ),
    "后两等": (scheme(6, grades=grades({"良好": 2, "合格": 1})), "97 89 88 87 79.99 60", (), {}),
    "得分": (
        scheme(
            6,
            grades=grades({"优秀": 1, "良好": 2}, (("优秀", 8), ("良好", 4), ("合格", 0)), "得分 二"),
            vetoes=VETOES,
        ),
        "109 108 105 104 103 0",
        [(1, "V.1")],
        {5: "良好"},
    ),
    "两项得分": (
        scheme(4, grades=grades({}, (("优秀", 101), ("合格", 0)), "得分 1.1.1＋二")),
        "102 101 100.99 7",
        (),
        {},
    ),
    "不限": (scheme(4, grades=grades(), vetoes=VETOES), "102.5 90 89.99 59.99", [(2, "V.1")], {}),
}


def result(folder, name):
    made, totals, vetoes, ruled = ROUNDS[name]
    return drawn(assessed(made, totals.split(), vetoes, ruled), folder / f"{name}.xlsx")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("三成", "优秀 优秀 优秀 良好 良好 良好 良好 合格 合格 不合格"),
        ("同分", "优秀 优秀 良好（待核定） 良好（待核定） 良好 良好 良好 合格 合格 不合格"),
        ("核定", "优秀 优秀 良好 优秀 良好 良好 合格 合格 合格 不合格"),
        ("取消", "良好 优秀 优秀 良好 合格"),
        ("情形", "优秀 合格 合格 良好 合格 不合格"),
        ("后两等", "优秀 良好 良好 合格 不合格 不合格"),
        ("得分", "良好 优秀 合格 合格 良好 合格"),
        ("两项得分", "优秀 优秀 合格 合格"),
        ("不限", "优秀 良好 良好 不合格"),
    ],
)
def test_the_ranking_shows_it_behind_the_rank(tmp_path, name, wanted):
    found = ranking(result(tmp_path, name))
    assert [row["等次"] for row in sorted(found, key=lambda row: row["考核单位"].removeprefix("单位").zfill(2))] == (
        wanted.split()
    )
    assert list(found[0])[:3] == ["名次", "等次", "考核单位"]


def test_what_is_said_of_it(tmp_path):
    path = result(tmp_path, "同分")
    remarks = {row["考核单位"]: row["备注"] for row in ranking(path)}
    assert remarks["单位3"] == "待核定 1 项；等次：同分超出名额"
    sheet = openpyxl.load_workbook(path)[f"{FORM}排名"]
    notes = [cell.value for row in sheet.iter_rows(max_row=4) for cell in row if cell.value]
    assert "等次：优秀 90 分以上，不超过 3 个单位；良好 80 分以上；合格 60 分以上；其余不合格。" in notes
    label = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "等次")
    assert label.number_format == '@"（暂定）"'
    assert {row["考核单位"]: row["备注"] for row in ranking(result(tmp_path, "核定"))}["单位4"] == (
        "等次核定为优秀：会议研究"
    )
    settled = openpyxl.load_workbook(result(tmp_path, "三成"))[f"{FORM}排名"]
    assert (
        next(cell for row in settled.iter_rows() for cell in row if cell.value == "等次").number_format == "General"
    )


def test_the_other_sheets(tmp_path):
    path = result(tmp_path, "同分")
    book = openpyxl.load_workbook(path, data_only=True)
    texts = {sheet.title: [str(cell.value) for row in sheet.iter_rows() for cell in row] for sheet in book}
    assert "优秀 2 个、良好 5 个、合格 2 个、不合格 1 个" in texts["总览"]
    assert any("等次：优秀 2 个（单位1、单位2）；良好 5 个；合格 2 个；不合格 1 个。" in t for t in texts["公示通报"])
    assert texts["公示通报"].count("等次") == 2  # the halves of the list
    third, fourth = rows(book, "待核定")
    assert [third[label] for label in ("考核单位", "指标编号", "填报项", "核定值", "暂计分")] == [
        *("单位3", None, "等次", None, None)
    ]
    assert third["缘由"].startswith("同分超出名额：")
    rule = next(r for r in openpyxl.load_workbook(path)["待核定"].data_validations.dataValidation)
    assert rule.formula1 == '"优秀,良好,合格,不合格"'
    assert fourth["考核单位"] == "单位4"


def test_where_they_go_by_scores_these_stand_behind_the_ranking(tmp_path):
    path = result(tmp_path, "得分")
    found = {row["考核单位"]: row for row in ranking(path)}
    assert [found[f"单位{number}"]["得分 2"] for number in range(1, 7)] == [9, 8, 5, 4, 3, 0]
    assert [found[f"单位{number}"]["等次依据"] for number in (1, 5)] == ["得分 2", "另定"]
    book = openpyxl.load_workbook(path)
    notes = [cell.value for row in book[f"{FORM}排名"].iter_rows(max_row=4) for cell in row if cell.value]
    assert "等次：按“得分 2”，优秀 8 分以上，不超过 1 个单位；良好 4 分以上，不超过 2 个单位；其余合格。" in notes
    posted = [str(cell.value) for row in book["公示通报"].iter_rows() for cell in row]
    assert any("按“得分 2”" in text for text in posted)


def test_a_scheme_without_grades_has_no_column(tmp_path):
    plain = drawn(assessed(scheme(2), ["90", "80"]), tmp_path / "x.xlsx")
    assert "等次" not in ranking(plain)[0]


def changed(path, totals):
    """The same result with other scores typed into 得分明细."""
    book = openpyxl.load_workbook(path)
    sheet = book["得分明细"]
    labels = [cell.value for cell in sheet[2]]
    unit, code, final, key = (labels.index(label) for label in ("考核单位", "指标编号", "最终得分", "汇总键"))
    for row in sheet.iter_rows(3):
        number = int(row[key].value.partition("／")[0].removeprefix("单位"))
        row[final].value = totals[number - 1] if row[code].value == "1.1.1" else 0
        row[unit].value = f"单位{number}"
    return save(book, path)


@pytest.mark.office
def test_formulas_give_what_the_program_gives(tmp_path):
    assert OFFICE
    assert_recalculated_alike([result(tmp_path, name) for name in ROUNDS], tmp_path)


@pytest.mark.office
def test_formulas_give_it_for_any_other_scores(tmp_path):
    """The scores of a round replaced by those of another: LibreOffice against the rule; a tie falls in both."""
    chance = random.Random(19)
    quotas = [{}, {"优秀": 2}, {"优秀": "30%", "良好": 3}, {"良好": 2}, {"优秀": 1, "良好": 1, "合格": 2}]
    wanted = {}
    for number in range(20):
        made = scheme(9, grades=grades(quotas[number % len(quotas)]), vetoes=VETOES)
        vetoes = [(unit, "V.1") for unit in range(1, 10) if chance.random() < 0.2]
        first, then = ([str(chance.choice(range(50, 101))) for _ in range(9)] for _ in range(2))
        path = drawn(assessed(made, first, vetoes), tmp_path / f"{number}.xlsx")
        graded = assessed(made, then, vetoes).scores[0].grades
        tied = assessed(made, first, vetoes).scores[0].grades
        wanted[changed(path, [float(total) for total in then])] = {
            f"单位{unit}": each.name for unit, each in graded.items() if tied[unit].short is None
        }
    convert("xlsx", tmp_path / "new", *wanted)
    for path, names in wanted.items():
        found = {row["考核单位"]: row["等次"] for row in ranking(tmp_path / "new" / path.name)}
        assert {unit: found[unit] for unit in names} == names, path.name


@pytest.mark.office
def test_in_any_order_every_grade_stays_its_units(tmp_path):
    path, told = result(tmp_path, "情形"), tmp_path / "told.txt"
    steps = in_every_order(path, f"{FORM}排名", told)
    assert "优秀" in steps[0][0] + steps[0][1] + steps[0][-1]
    for step in steps:
        assert [cells for cells in step if any(cells)] == steps[0]

"""What circumstances do, as the result shows it: live in the ranking in any order, and in words where people look."""

from __future__ import annotations

import random

import openpyxl
import pytest
from conftest import assert_recalculated_alike, convert, in_every_order, save
from totals import FORM, assessed, drawn, grades, ranking, scheme

from assess_xlsx.report import feedback

VETOES = [
    {"code": "V.1", "text": "发生事故", "clause": "六", "effect": "一票否决"},
    {"code": "V.2", "text": "受到通报", "clause": "七", "effect": "扣分"}
    | {"effects": [{"kind": "扣分", "value": 5.1}, {"kind": "总分不超过", "value": "89.99"}]},
    {"code": "V.3", "text": "弄虚作假", "clause": "八", "effect": "列末"}
    | {"effects": [{"kind": "名次列末"}, {"kind": "取消评优"}]},
    {"code": "V.4", "text": "拒不整改", "clause": "九", "effect": "降等"} | {"effects": [{"kind": "降一等"}]},
    {"code": "V.5", "text": "瞒报", "clause": "十", "effect": "记零", "effects": [{"kind": "总分记零"}]},
    {"code": "V.6", "text": "迟报", "clause": "十", "effect": "列末", "effects": [{"kind": "名次列末"}]},
]
CODES = [veto["code"] for veto in VETOES]
MADE = scheme(8, vetoes=VETOES, grades=grades({"优秀": 2, "良好": 3}))
TOTALS = ["97", "95", "93.5", "92", "88", "82", "70", "88"]
MARKED = [(1, "V.2"), (2, "V.3"), (3, "V.4"), (4, "V.1"), (5, "V.5"), (6, "V.6"), (8, "V.2"), (8, "V.6")]


@pytest.fixture(scope="module")
def run():
    return assessed(MADE, TOTALS, MARKED)


def test_the_ranking(run, tmp_path):
    rows = {row["考核单位"]: row for row in ranking(drawn(run, tmp_path / "r.xlsx"))}
    labels = ("名次", "等次", "总分", "评优资格", "评优名次", "备注")
    assert {name: tuple(row[label] for label in labels) for name, row in rows.items()} == {
        "单位3": (1, "良好", 93.5, "有", 1, "有 V.4，等次降一等"),
        "单位4": (2, "良好", 92, "取消", None, None),
        "单位1": (3, "合格", 89.99, "有", 2, "总分 97.00 − 5.1（V.2），不超过 89.99 分（V.2）＝89.99"),
        "单位7": (4, "合格", 70, "有", 3, None),
        "单位5": (5, "不合格", 0, "有", 4, "总分 88.00，记 0 分（V.5）＝0.00"),
        "单位2": (6, "良好", 95, "取消", None, "名次列末（V.3）"),
        "单位8": (
            7,
            "合格",
            82.9,
            "有",
            5,
            "总分 88.00 − 5.1（V.2），不超过 89.99 分（V.2）＝82.90；名次列末（V.6）",
        ),
        "单位6": (8, "合格", 82, "有", 6, "名次列末（V.6）"),
    }
    assert list(rows) == ["单位3", "单位4", "单位1", "单位7", "单位5", "单位2", "单位8", "单位6"]


def test_a_click_on_the_total_shows_the_effect(run, tmp_path):
    path = drawn(run, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(path)[f"{FORM}排名"]
    found = {}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("=ROUND(") and "SUMIF" not in cell.value:
                found[row[2].value] = cell.value.replace(str(cell.row), "#")
    assert found["单位1"] == "=ROUND(MIN(89.99,MAX(0,ROUND(MAX(0,D#+E#),2)-5.1)),2)"
    assert found["单位5"] == "=ROUND(MIN(0,MAX(0,ROUND(MAX(0,D#+E#),2))),2)"
    assert found["单位7"] == "=ROUND(MAX(0,D#+E#),2)"


def test_what_is_said_elsewhere(run, tmp_path):
    book = openpyxl.load_workbook(drawn(run, tmp_path / "r.xlsx"), data_only=True)
    texts = {sheet.title: [str(cell.value) for row in sheet.iter_rows() for cell in row] for sheet in book}
    assert "取消评优资格 2 个单位" in texts["总览"]
    assert "单位1、单位2、单位3、单位5、单位6、单位8" in texts["总览"]
    assert "V.2 受到通报：总分扣 5.1 分，总分不超过 89.99 分（依据：七）。" in texts["一票否决"]
    posted = "\n".join(texts["公示通报"])
    assert "取消年度评优资格的单位。单位2（弄虚作假）；单位4（发生事故）。" in posted
    assert "因有关情形扣分、降等的单位。单位1（受到通报，总分扣 5.1 分，总分不超过 89.99 分）；" in posted
    assert "单位8（受到通报，总分扣 5.1 分，总分不超过 89.99 分；迟报，名次列在末尾）。" in posted


def test_the_unit_is_told(run, tmp_path):
    told = {}
    for name, data in feedback.files(run):
        (tmp_path / name).write_bytes(data)
        sheet = openpyxl.load_workbook(tmp_path / name).active
        told[name[3:-5]] = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert (
        "总分的计分依据：97.00 − 5.1（V.2），不超过 89.99 分（V.2）＝89.99。"
        "有关情形：V.2 受到通报（登记，总分扣 5.1 分，总分不超过 89.99 分）"
    ) in told["单位1"]
    assert "名次列在末尾的情形：V.3 弄虚作假（登记，名次列在末尾）" in told["单位2"]
    assert "取消评优资格的情形：V.3 弄虚作假（登记）" in told["单位2"]
    assert "影响等次的情形：V.4 拒不整改（登记，等次降一等）" in told["单位3"]
    assert not any("名列第一" in str(text) for text in told["单位2"])


@pytest.mark.office
def test_formulas_give_what_the_program_gives_for_these_and_other_scores(run, tmp_path):
    chance = random.Random(3)
    wanted, drawings = {}, [drawn(run, tmp_path / "r.xlsx")]
    for number in range(12):
        marked = [(unit, code) for unit in range(1, 9) for code in CODES if chance.random() < 0.15]
        first, then = ([f"{chance.randint(4000, 10_000) / 100}" for _ in range(8)] for _ in range(2))
        before, after = (assessed(MADE, totals, marked).scores[0] for totals in (first, then))
        path = drawn(assessed(MADE, first, marked), tmp_path / f"{number}.xlsx")
        drawings.append(path)
        other = changed(path, tmp_path / "other" / path.name, [float(total) for total in then])
        wanted[other] = {
            f"单位{unit}": (
                after.totals[unit] / 100,
                after.ranks[unit],
                after.merit_ranks.get(unit),
                # a circumstance that decides a grade is no formula's affair
                None if before.grades[unit].why or any(each.why for each in after.grades.values()) else each.name,
            )
            for unit, each in after.grades.items()
        }
    assert_recalculated_alike(drawings, tmp_path)
    convert("xlsx", tmp_path / "new", *wanted)
    graded = 0
    for path, units in wanted.items():
        for row in ranking(tmp_path / "new" / path.name):
            total, rank, merit_rank, grade = units[row["考核单位"]]
            assert (row["总分"], row["名次"], row["评优名次"]) == (pytest.approx(total, abs=1e-9), rank, merit_rank)
            graded += grade is not None
            assert grade in (None, row["等次"])
    assert graded > 8


def changed(path, target, totals):
    """The same result with other scores typed into 得分明细."""
    book = openpyxl.load_workbook(path)
    sheet = book["得分明细"]
    labels = [cell.value for cell in sheet[2]]
    code, final, key = (labels.index(label) for label in ("指标编号", "最终得分", "汇总键"))
    for row in sheet.iter_rows(3):
        number = int(row[key].value.partition("／")[0].removeprefix("单位"))
        row[final].value = totals[number - 1] if row[code].value == "1.1.1" else 0
    return save(book, target)


@pytest.mark.office
def test_in_any_order_every_figure_stays_its_units(run, tmp_path):
    path, told = drawn(run, tmp_path / "r.xlsx"), tmp_path / "told.txt"
    steps = in_every_order(path, f"{FORM}排名", told)
    for step in steps:
        assert [cells for cells in step if any(cells)] == steps[0]

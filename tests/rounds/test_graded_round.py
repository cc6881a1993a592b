"""A round with 等次 through files: register, ruling, what changed, closing and verifying."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import append, rows, run, save
from every_kind import toml
from totals import FORM, grades, ranking, tree

from assess_xlsx.layout import FORM_SHEET, FormLayout, unit_file
from assess_xlsx.scheme.build import build

VETOES = [
    {"code": "V.1", "text": "受到通报", "clause": "六", "effect": "扣分", "effects": [{"kind": "扣分", "value": 5}]},
    {
        "code": "V.2",
        "text": "瞒报",
        "clause": "六",
        "effect": "列末",
        "effects": [{"kind": "名次列末"}],
        "declared": True,
    },
]
TREE = tree(4, grades=grades({"优秀": 2}), vetoes=VETOES)
SCHEME = build(TREE, "round")
RESULT = "考核结果汇总.xlsx"


@pytest.fixture
def round_(tmp_path):
    """Blank forms of the scheme, filled so that the second and the third unit are tied for the last place."""
    (tmp_path / "方案.toml").write_text(toml(TREE), "utf-8")
    run("templates", tmp_path / "t", "--per-unit", *scheme(tmp_path))
    for unit, total in zip(SCHEME.units, (0.97, 0.93, 0.93, 0.7), strict=True):
        fill(tmp_path, unit, total)
    collect(tmp_path)
    return tmp_path


def scheme(folder):
    return "--scheme", folder / "方案.toml"


def fill(folder, unit, rate, declared="否"):
    book = openpyxl.load_workbook(folder / "t" / "各单位" / unit_file(unit))
    layout = FormLayout.of(SCHEME.form(FORM))
    for fact, value in zip(layout.form.facts, (rate, None, declared), strict=True):
        book[FORM_SHEET][layout.value_cell(fact)].value = value
    save(book, folder / "in" / unit_file(unit))


def collect(folder, *options):
    return run("collect", folder / "in", "-o", folder / "out", "--feedback", *options, *scheme(folder))


def rule(folder, *rulings, sheet="核定"):
    book = openpyxl.load_workbook(folder / "t" / "考核办登记表.xlsx")
    for row in rulings:
        append(book, sheet, *row)
    save(book, folder / "in" / "登记.xlsx")


def graded(folder):
    return {row["考核单位"]: row["等次"] for row in ranking(folder / "out" / RESULT)}


def changes(folder):
    collect(folder, "--since", folder / "out" / RESULT)
    labels = ("考核单位", "指标编号", "填报项", "原值", "现值", "原名次", "现名次", "原因")
    book = openpyxl.load_workbook(folder / "out" / RESULT, data_only=True)
    return [tuple(row[label] for label in labels) for row in rows(book, "本轮变化")]


def test_the_office_rules_between_the_tied_and_closes(round_):
    assert graded(round_) == {"单位1": "优秀", "单位2": "良好（待核定）", "单位3": "良好（待核定）", "单位4": "合格"}
    assert "的“等次”待核定" in run(
        *("collect", round_ / "in", "-o", round_ / "final", "--final"), *scheme(round_), code=1
    )
    pasted = rows(openpyxl.load_workbook(round_ / "out" / RESULT, data_only=True), "待核定")[0]
    row = [pasted[label] for label in ("考核单位", "指标编号", "填报项", "核定值", "理由")]
    rule(round_, [*row[:3], "优秀", row[4]])
    assert changes(round_) == [
        ("单位2", None, "等次", "良好（待核定）", "优秀", 2, 2, "核定"),
        ("单位3", None, "等次", "良好（待核定）", "良好", 2, 2, "其他单位：单位2核定"),
    ]
    said = run("collect", round_ / "in", "-o", round_ / "final", "--final", *scheme(round_))
    assert "已定稿" in said
    assert f"收到的表所在的文件夹 --scheme {round_ / '方案.toml'}" in said
    assert "一致" in run("verify", round_ / "final" / RESULT, round_ / "in", *scheme(round_))
    rule(round_)
    assert changes(round_)[0] == ("单位2", None, "等次", "优秀", "良好（待核定）", 2, 2, "不再采用")


def test_a_result_with_another_grade_is_found_out(round_):
    path = round_ / "out" / RESULT
    book = openpyxl.load_workbook(path, data_only=True)
    cell = next(cell for row in book[f"{FORM}排名"].iter_rows() for cell in row if cell.value == "合格")
    cell.value = "良好"
    book.save(path)
    said = run("verify", path, round_ / "in", *scheme(round_), code=1)
    assert f"“{FORM}排名”单元格 {cell.coordinate}，单位4，“等次”是 良好，应为 合格。" in said


def test_a_grade_moves_with_its_unit_and_by_others(round_):
    fill(round_, SCHEME.units[3], 0.98)
    first, *others = changes(round_)
    assert first[:5] == ("单位1", None, None, None, None)  # its rank alone
    assert [row for row in others if row[2] == "等次"] == [
        ("单位2", None, "等次", "良好（待核定）", "良好", 2, 3, "其他单位：单位4单位改报"),
        ("单位3", None, "等次", "良好（待核定）", "良好", 2, 3, "其他单位：单位4单位改报"),
        ("单位4", None, "等次", "合格", "优秀", 4, 1, "单位改报"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("单位2", None, "等次", "一般", "会议"), "“等次”登记为“一般”，没有这个等次，没有采用。"),
        (("单位2", "总分", "等次", "优秀", ""), "该行核定没有写理由，没有采用。"),
        (("单位2", "1.1.1", "等次", "优秀", "会议"), "部门评分表没有指标“1.1.1”的填报项“等次”，该行没有采用。"),
    ],
)
def test_a_ruling_that_cannot_be_used_is_told(round_, row, said):
    rule(round_, row)
    collect(round_)
    book = openpyxl.load_workbook(round_ / "out" / RESULT, data_only=True)
    assert said in [each["问题"] for each in rows(book, "问题清单")]
    assert graded(round_)["单位2"] == "良好（待核定）"


def test_rulings_that_disagree_do_not_apply(round_):
    rule(round_, ("单位2", "", "等次", "优秀", "会议"), ("单位2", "总分", "等次", "良好", "会议"))
    collect(round_)
    assert graded(round_)["单位2"] == "良好（待核定）"


def test_the_register_offers_it(round_):
    sheet = openpyxl.load_workbook(round_ / "t" / "考核办登记表.xlsx")["核定"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert '$C3="等次"' in rules["D3"].formula1
    assert not rules["D3"].showErrorMessage
    assert all(len(rule.formula1) <= 255 for rule in rules.values())
    lists = openpyxl.load_workbook(round_ / "t" / "考核办登记表.xlsx")["名单"]
    found = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.iter_cols()}
    assert found["等次"] == ["优秀", "良好", "合格", "不合格"]
    assert found["填报项"][-1] == "等次"
    assert found["填报项的编号"][-1] == f"{FORM} "


def test_the_unit_is_told_its_grade(round_):
    told = {}
    for path in (round_ / "out" / "反馈").iterdir():
        sheet = openpyxl.load_workbook(path).active
        told[path.stem] = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert "等次：良好（待核定）（暂定）" in told["02-单位2"]
    assert "等次：优秀（暂定）" in told["01-单位1"]


def test_a_circumstance_moves_total_rank_and_grade(round_):
    rule(round_, ("单位1", "V.1 受到通报", "2025-05-04", "", ""), sheet="一票否决")
    assert changes(round_) == [
        ("单位1", None, "一票否决", None, "扣分（V.1 受到通报）", 1, 3, "考核办登记"),
        ("单位1", None, "等次", "优秀", "良好", 1, 3, "考核办登记"),
        ("单位2", None, "等次", "良好（待核定）", "优秀", 2, 1, "其他单位：单位1考核办登记"),
        ("单位3", None, "等次", "良好（待核定）", "优秀", 2, 1, "其他单位：单位1考核办登记"),
    ]
    totals = {row["考核单位"]: row["总分"] for row in ranking(round_ / "out" / RESULT)}
    assert totals["单位1"] == 92
    assert "一致" in run("verify", round_ / "out" / RESULT, round_ / "in", *scheme(round_))
    (round_ / "in" / "登记.xlsx").unlink()
    first, *_ = changes(round_)
    assert first == ("单位1", None, "一票否决", "扣分（V.1 受到通报）", None, 3, 1, "不再采用")


def test_a_unit_declares_a_circumstance(round_):
    fill(round_, SCHEME.units[0], 0.97, "是")
    first, *_ = changes(round_)
    assert first == ("单位1", None, "一票否决", None, "列末（V.2 瞒报）", 1, 4, "单位改报")


def test_what_was_left_undeclared_is_said_to_move_the_rank(round_):
    fill(round_, SCHEME.units[0], 0.97, None)
    collect(round_)
    found = {row["考核单位"]: row for row in ranking(round_ / "out" / RESULT)}["单位1"]
    labels = ("名次", "最好名次", "最差名次", "名次状态", "关键事项", "备注")
    assert [found[label] for label in labels] == [1, 1, 4, "未定", "V.2 瞒报（单位未填）", "待补正"]

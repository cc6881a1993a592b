"""A scheme as a workbook: out and in again it is the same scheme, and so are the forms and results made from it."""

from __future__ import annotations

import every_kind
import openpyxl
import pytest
from conftest import SCHEME, content, convert, run

from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme.book import writer
from assess_xlsx.scheme.book.example import work
from assess_xlsx.scheme.book.sheets import SHEETS, TABLES
from assess_xlsx.scheme.rules import RULES

TREES = {"built-in": (scheme_file.tree(), SCHEME), "every kind": (every_kind.TREE, every_kind.SCHEME)}
BOTH = pytest.mark.parametrize("name", TREES)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemes")
    for name, (tree, _) in TREES.items():
        writer.write(folder / f"{name}.xlsx", tree)
    return folder


@BOTH
def test_a_workbook_is_the_same_scheme(books, name):
    assert scheme_file.load(books / f"{name}.xlsx") == TREES[name][1]


@BOTH
def test_a_workbook_of_a_workbook_is_the_same_again(books, tmp_path, name):
    run("scheme", "export", tmp_path / "once.xlsx", "--scheme", books / f"{name}.xlsx")
    assert scheme_file.load(tmp_path / "once.xlsx") == TREES[name][1]
    assert content(tmp_path / "once.xlsx") == content(books / f"{name}.xlsx")


def test_a_workbook_is_known_by_its_content(books, tmp_path):
    renamed = tmp_path / "方案.toml"
    renamed.write_bytes((books / "built-in.xlsx").read_bytes())
    assert scheme_file.load(renamed) == SCHEME


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_another_program_saves_the_same_scheme(books, tmp_path, kind):
    convert(kind, tmp_path, books / "every kind.xlsx")
    assert scheme_file.load(tmp_path / f"every kind.{kind}") == every_kind.SCHEME


def test_forms_and_results_are_the_same_from_both(books, tmp_path):
    text = tmp_path / "every.toml"
    text.write_text(every_kind.toml(every_kind.TREE), "utf-8")
    made = {}
    for scheme in (text, books / "every kind.xlsx"):
        folder = tmp_path / scheme.suffix
        run("templates", folder / "templates", "--per-unit", "--scheme", scheme)
        run("sample", folder / "in", "--scheme", scheme)
        run("collect", folder / "in", "-o", folder / "out", "--feedback", "--scheme", scheme)
        made[scheme] = {path.relative_to(folder): path for path in folder.rglob("*.xlsx")}
    one, other = made.values()
    assert sorted(one) == sorted(other)
    assert len(one) > 20
    for name, path in one.items():
        assert content(path) == content(other[name]), name


@BOTH
def test_every_sheet_explains_itself(books, name):
    book = openpyxl.load_workbook(books / f"{name}.xlsx")
    assert tuple(book.sheetnames[: len(SHEETS)]) == SHEETS
    for table in TABLES[1:]:
        sheet = book[table.sheet]
        notes = {(cell.value, cell.comment.text) for row in sheet.iter_rows() for cell in row if cell.comment}
        for column in table.shown(()).columns:
            assert (column.label, column.note) in notes
    for sheet in book.worksheets:
        assert not sheet.protection.sheet
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.formula1) <= 255, rule.formula1
    guide = "\n".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row if cell.value is not None)
    for rule in RULES.values():
        assert rule.purpose in guide
        assert rule.example.sentence in guide
        assert work(rule).sentence in guide
        for line in rule.lines:
            assert line.note in guide
    assert "，如““发生突发事件”选“否”，免扣，记 5 分”；却填了" in guide
    assert "如“3 × 已进驻事项数 16 / 应进驻事项数 20 = 2.40；2.4 × 系数 1.2（花名册） = 2.88”。" in guide
    assert book["指标"].freeze_panes == "D2"


EXAMPLES = [
    ("choice", "5.00", "“接入方式”选“单机接入”，记 5 分"),
    ("bands", "1.00", "网上可办率 86.5%，达到 70%以上，记 1 分"),
    ("linear", "1.00", "4 − 1 × 群众投诉次数 3 = 1.00"),
    ("ratio", "2.70", "3 × 已进驻事项数 18 / 应进驻事项数 20 = 2.70"),
    ("margin", "0.55", "网上办件数 62 / 办件总数 400 = 15.5%，比基准 20% 低 4.5%，1 − 0.1 × 4.5 = 0.55"),
    ("efficacy", "8.40", "项目开工率 81%，不允许值 60%，满意值 95%，6 + (10 − 6) × (81 − 60) / (95 − 60) = 8.40"),
    (
        "knots",
        "7.11",
        "投资计划完成率 85.55%，在 80%（6 分）和 100%（10 分）之间，6 + (10 − 6) × (85.55 − 80) / (100 − 80) = 7.11",
    ),
    ("rank", "15.00", "办件量 500件，第2名，20 × (4 − 2 + 1) / 4 = 15.00"),
    ("tiers", "3.00", "群众满意度 92.5%，第2名，在前 3 名之内，记 3 分"),
    ("best", "7.17", "10 × 到位资金 860.5万元 / 最大值 1200万元 = 7.17"),
    ("given", "1.20", "“开展情况”选“部分开展”，自评分 1.2 分，暂计，待核定"),
    ("direct", "4.25", "考核办评分：现场评分 4.25 分，记 4.25 分"),
    ("flat", "2.00", "省级以上表彰次数 3次，达到 1次，记 2 分"),
    ("mean", "18.28", "20 × (一季度得分 92 + 二季度得分 88 + 三季度得分 95.5 + 四季度得分 90) / 4 / 100 = 18.28"),
    (
        "parts",
        "2.30",
        "1. −1 × 1（督导次数 3次，少于4次的部分） = -1.00；2. −0.1 × 缺资料份数 2 = -0.20；"
        "3. 考核办评分：酌情扣分 0.5 分，扣 0.5 分；合计 4 − 1 − 0.2 − 0.5 = 2.30",
    ),
]


def test_every_kind_has_an_example_that_computes():
    assert [(kind, (done := work(rule)).score, done.sentence) for kind, rule in RULES.items()] == EXAMPLES

"""A fact is filled once and serves later items too: on the form, in the scores, for gaps and for rulings."""

from __future__ import annotations

import copy

import openpyxl
import pytest
from conftest import append, collect, convert, rows, run, save
from every_kind import fact, form, section, toml, with_forms
from python_calamine import CalamineWorkbook

from assess_xlsx.forms.plan import DONE
from assess_xlsx.layout import FORM_SHEET, SIGN_SHEET, TAKEN_ADVICE, Col, FormLayout
from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.tree import SchemeError

CASES = [
    # 应办件数, 已办件数, 差错件数; scores of the three items, the last of which asks nothing
    (20, 18, 1, 2.70, 1.90, 5),
    (20, 20, 0, 3.00, 2.00, 5),
    (20, 0, 0, 0.00, 2.00, 0),
    (3, 2, 2, 2.00, 0.67, 0),
    (7, 5, 4, 2.14, 0.86, 0),
    (None, 5, 1, 0.00, 0.00, 0),
]
UNITS = [f"{name}局" for name in "甲乙丙丁戊己"]
SHARE = {"fact": "1.1.1 已办件数", "whole": "1.1.1 应办件数"}
ITEMS = [
    {
        "points": 3,
        "facts": [
            fact("应办件数", {"kind": "次数", "measure": "件", "min": 1}),
            fact("已办件数", {"kind": "次数", "measure": "件"}, at_most="应办件数"),
        ],
        "rule": {"kind": "ratio", "fact": "已办件数", "whole": "应办件数"},
    },
    {
        "points": 2,
        "facts": [fact("差错件数", {"kind": "次数", "measure": "件"})],
        "rule": {
            "kind": "margin",
            "fact": "差错件数",
            "whole": "1.1.1 应办件数",
            "at_least": 0,
            "above": {"per": 100, "step": -2},
        },
    },
    {
        "points": 5,
        "rule": {"kind": "bands", **SHARE, "bands": [{"at_least": 90, "points": 5}, {"at_least": 0, "points": 0}]},
    },
]
CODES = [f"1.{number}.1" for number in (1, 2, 3)]


def tree():
    items = [
        {"code": code, "method": "查资料", "content": f"内容{code}", "text": "细则。", **copy.deepcopy(item)}
        for code, item in zip(CODES, ITEMS, strict=True)
    ]
    roster = [{"name": name, "form": "表"} for name in UNITS]
    return with_forms(roster, [form("表", "附件1", points=10, sections=[section("一、办件", items, points=10)])])


FORM = build(tree(), "reuse").forms[0]
PLACES = FormLayout.of(FORM)
[SHOWN, SECOND] = PLACES.taken
"""The rows that show 已办件数 and 应办件数 once more."""


@pytest.fixture(scope="module")
def scheme(tmp_path_factory):
    path = tmp_path_factory.mktemp("scheme") / "方案.toml"
    path.write_text(toml(tree()), "utf-8")
    return path


@pytest.fixture
def books(scheme, tmp_path):
    """The units' forms, filled."""
    run("templates", tmp_path / "t", "--per-unit", "--scheme", scheme)
    found = {}
    for number, (name, case) in enumerate(zip(UNITS, CASES, strict=True), 1):
        path = tmp_path / "t" / "各单位" / f"{number:02}-{name}.xlsx"
        book = openpyxl.load_workbook(path)
        for each, value in zip(FORM.facts, [*case[:3], "否"], strict=True):
            book[FORM_SHEET][PLACES.value_cell(each)].value = value
        found[name] = book
    return found


def sent(books, folder, scheme, *options):
    for name, book in books.items():
        save(book, folder / f"{name}.xlsx")
    return collect(folder, "--scheme", scheme, *options)


def final(result):
    """The scores by unit."""
    found = {}
    for row in rows(result, "得分明细"):
        found.setdefault(row["考核单位"], []).append(row["最终得分"])
    return found


def test_a_fact_serves_every_item_that_uses_it(books, scheme, tmp_path):
    result = sent(books, tmp_path / "in", scheme)
    assert final(result) == {name: list(case[3:]) for name, case in zip(UNITS, CASES, strict=True)}
    [problem] = [row for row in rows(result, "问题清单") if row["级别"] == "错误"]
    assert (problem["考核单位"], problem["指标编号"], problem["填报项"]) == ("己局", "1.1.1", "应办件数")
    details = {(row["考核单位"], row["指标编号"]): row for row in rows(result, "得分明细")}
    taken = details["甲局", "1.3.1"]
    assert taken["填报数据"] == "取自 1.1.1 已办件数 18件；取自 1.1.1 应办件数 20件"
    assert taken["来源"].endswith("、".join(PLACES.value_cell(each) for each in FORM.facts[1::-1]))
    assert taken["计分依据"].startswith("已办件数 18 / 应办件数 20 = 90%，达到 90%以上，记 5 分")
    for code in CODES:
        assert "“应办件数”未填，暂记 0 分，补正后重算" in details["己局", code]["计分依据"]
    assert {row["状态"] for row in rows(result, "报送情况") if row["考核单位"] == "己局"} == {"待补正"}


def test_a_ruling_on_the_fact_serves_all_and_one_on_a_score_that_item_alone(books, scheme, tmp_path):
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    append(register, "核定", "己局", "1.1.1", "应办件数", 5, "现场核实")
    append(register, "核定", "丙局", "1.3.1", None, 4, "有特殊情况")
    save(register, tmp_path / "in" / "登记表.xlsx")
    result = sent(books, tmp_path / "in", scheme)
    scores = final(result)
    grounds = {(row["考核单位"], row["指标编号"]): row["计分依据"] for row in rows(result, "得分明细")}
    assert grounds["己局", "1.1.1"].endswith("（应办件数核定为 5件：现场核实）")
    assert grounds["己局", "1.3.1"].endswith("（应办件数核定为 5件：现场核实）")
    assert scores["己局"] == [3, 1.6, 5]
    assert scores["丙局"] == [0, 2, 4]
    lists = {cell.value for row in register["名单"].iter_rows() for cell in row}
    assert {"1.3.1", "1.1.1"} <= lists


def test_the_form_shows_it_grey_and_asks_nothing(books):
    book = books["甲局"]
    sheet = book[FORM_SHEET]
    for row, label in ((SHOWN, "取自 1.1.1 已办件数"), (SECOND, "取自 1.1.1 应办件数")):
        cells = [sheet.cell(row + 1, column + 1) for column in range(Col.CODE, Col.EVIDENCE + 1)]
        assert [cells[0].value, cells[1].value, cells[4].value] == ["1.3.1", label, TAKEN_ADVICE]
        assert all(cell.protection.locked for cell in cells)
        assert len({cell.fill.fgColor.rgb for cell in cells}) == 1
        assert not any(cells[2].coordinate in each.sqref for each in sheet.data_validations.dataValidation)
    signed = {cell.value for row in book[SIGN_SHEET].iter_rows() for cell in row}
    assert "应办件数" in signed
    assert not any(str(value).startswith("取自") for value in signed)


@pytest.mark.office
def test_it_is_recalculated_with_the_form(books, scheme, tmp_path):
    for name, book in books.items():
        save(book, tmp_path / f"{name}.xlsx")
    convert("xlsx", tmp_path / "in", *[tmp_path / f"{name}.xlsx" for name in UNITS])
    for name, (whole, part, _, *scores) in zip(UNITS, CASES, strict=True):
        path = tmp_path / "in" / f"{name}.xlsx"
        table = CalamineWorkbook.from_path(path).get_sheet_by_name(FORM_SHEET).to_python(skip_empty_area=False)
        assert [table[row][Col.VALUE] for row in (SHOWN, SECOND)] == [part, whole or ""]
        shown = [table[PLACES.item_span(item)[0]][Col.SCORE] for item in FORM.items]
        assert shown == ([pytest.approx(score) for score in scores] if whole else ["", "", ""])
        assert table[0][Col.CODE] == (DONE if whole else "还有 1 项未填、0 项有误")
    result = collect(tmp_path / "in", "--scheme", scheme)
    assert final(result) == {name: list(case[3:]) for name, case in zip(UNITS, CASES, strict=True)}
    assert [row["问题"] for row in rows(result, "问题清单") if row["级别"] == "提醒"] == []
    assert [row["自评分"] for row in rows(result, "得分明细")][:3] == [2.7, 1.9, 5]


def test_what_is_written_over_it_is_told_and_counts_for_nothing(books, scheme, tmp_path):
    cell = books["甲局"][FORM_SHEET].cell(SECOND + 1, Col.VALUE + 1)
    cell.value = 40
    books["乙局"][FORM_SHEET].cell(SECOND + 1, Col.VALUE + 1).value = "20"
    for merged in [*books["丙局"][FORM_SHEET].merged_cells.ranges]:
        books["丙局"][FORM_SHEET].unmerge_cells(str(merged))
    books["丙局"][FORM_SHEET].delete_rows(SECOND + 1)
    result = sent(books, tmp_path / "in", scheme)
    assert final(result) == {name: list(case[3:]) for name, case in zip(UNITS, CASES, strict=True)}
    [told] = [row for row in rows(result, "问题清单") if row["级别"] == "提醒" and row["填报项"]]
    assert (told["考核单位"], told["指标编号"], told["单元格"]) == ("甲局", "1.3.1", cell.coordinate)
    assert told["问题"] == ("“取自 1.1.1 应办件数”这一行自动显示，不用填写，现为“40”，与所取的不同，没有采用。")
    assert told["处理办法"] == "请改填“1.1.1 应办件数”那一行；这一行请不要改写。"


def test_a_changed_fact_is_the_cause_at_every_item_and_all_can_be_verified(books, scheme, tmp_path):
    sent(books, tmp_path / "in", scheme)
    earlier = tmp_path / "earlier.xlsx"
    (tmp_path / "in-out" / "考核结果汇总.xlsx").rename(earlier)
    books["甲局"][FORM_SHEET][PLACES.value_cell(FORM.facts[0])].value = 40
    result = sent(books, tmp_path / "in", scheme, "--since", earlier)
    changes = [row for row in rows(result, "本轮变化") if row["考核单位"] == "甲局"]
    assert [row["指标编号"] for row in changes] == CODES
    for row in changes:
        assert [row[label] for label in ("填报项", "原值", "现值", "原因")] == [
            "应办件数",
            "20件",
            "40件",
            "单位改报",
        ]
    run("verify", tmp_path / "in-out" / "考核结果汇总.xlsx", tmp_path / "in", "--scheme", scheme)


def test_what_the_office_has_not_said_is_asked_once_and_told_at_every_item(books, tmp_path):
    asked = tree()
    asked["forms"][0]["sections"][0]["items"][0]["facts"][0]["by"] = "office"
    other = tmp_path / "办.toml"
    other.write_text(toml(asked), "utf-8")
    result = sent(books, tmp_path / "in", other)
    questions = [row for row in rows(result, "待核定") if row["考核单位"] == "甲局"]
    assert [(row["指标编号"], row["填报项"]) for row in questions] == [("1.1.1", "应办件数")]
    grounds = {row["指标编号"]: row["计分依据"] for row in rows(result, "得分明细") if row["考核单位"] == "甲局"}
    assert grounds["1.1.1"].endswith("，考核办未登记，待核定")
    assert grounds["1.3.1"].endswith("，考核办未登记，待核定")
    lowest, highest = next(
        (row["最好名次"], row["最差名次"]) for row in rows(result, "表排名") if row["考核单位"] == "甲局"
    )
    assert (lowest, highest) == (1, len(UNITS))


def test_a_returned_form_shows_it_too_and_a_blank_one_is_blank(books, scheme, tmp_path):
    blank = openpyxl.load_workbook(tmp_path / "t" / "各单位" / "01-甲局.xlsx")
    save(blank, tmp_path / "in" / "空.xlsx")
    result = sent(books, tmp_path / "in", scheme)
    outcome = {row["文件"]: row["处理结果"] for row in rows(result, "文件清单")}
    assert outcome["空.xlsx"] == "空表"
    returned = openpyxl.load_workbook(tmp_path / "in-out" / "退回修改" / "06-己局.xlsx", data_only=True)
    assert [returned[FORM_SHEET].cell(row + 1, Col.VALUE + 1).value for row in (SHOWN, SECOND)] == [5, None]
    mended = openpyxl.load_workbook(tmp_path / "in-out" / "退回修改" / "06-己局.xlsx")
    mended[FORM_SHEET][PLACES.value_cell(FORM.facts[0])].value = 5
    again = sent(books | {"己局": mended}, tmp_path / "again", scheme)
    assert final(again)["己局"] == [3, 1.6, 5]
    assert [row for row in rows(again, "问题清单") if row["级别"] == "错误"] == []


def test_the_workbook_of_the_scheme_writes_no_fact_for_it(scheme, tmp_path):
    run("scheme", "export", tmp_path / "方案.xlsx", "--scheme", scheme)
    assert scheme_file.load(tmp_path / "方案.xlsx") == scheme_file.load(scheme)
    book = openpyxl.load_workbook(tmp_path / "方案.xlsx")
    assert {row["指标编号"] for row in rows(book, "填报项")} == {"1.1.1", "1.2.1", None}
    sheet = book["计分规则"]
    named = [cell for row in sheet.iter_rows() for cell in row if cell.value == "1.1.1 应办件数"]
    assert len(named) == 3
    for cell in named[1:]:
        cell.value = "应办数"
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(save(book, tmp_path / "错.xlsx"))
    [fault] = refusal.value.faults
    assert fault.reason == (
        "指标 1.3.1 没有填报项，规则也没有取用前面的填报项：请在“填报项”里为它写一行，或在规则里写“编号 填报项”"
    )
    assert fault.cell.sheet == "指标"


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (SHARE | {"fact": "办结数"}, "指标 1.3.1 没有填报项，规则也没有取用前面的填报项"),
        (SHARE | {"fact": "已办件数"}, "本指标没有填报项“已办件数”，“1.1.1 已办件数”有；请写“1.1.1 已办件数”"),
        (
            SHARE | {"fact": "1.4.1 满意数"},
            "“1.4.1 满意数”在后面，只能取用前面指标的填报项；请把它移到 1.3.1，后面的再取用",
        ),
        (
            SHARE | {"fact": "满意数"},
            "“1.4.1 满意数”在后面，只能取用前面指标的填报项；请把它移到 1.3.1，后面的再取用",
        ),
    ],
)
def test_what_is_not_filled_before_is_refused(names, reason):
    made = tree()
    items = made["forms"][0]["sections"][0]["items"]
    items[2]["rule"].update(names)
    satisfied = {"points": 1, "facts": [fact("满意数", {"kind": "次数"})]}
    rule = {"kind": "flat", "fact": "满意数", "at_least": 1}
    items.append(items[0] | satisfied | {"code": "1.4.1", "content": "满意", "rule": rule})
    items[2]["points"] = 4
    items[2]["rule"]["bands"][0]["points"] = 4
    with pytest.raises(SchemeError) as refusal:
        build(made, "x")
    [fault] = refusal.value.faults
    assert reason in fault.reason

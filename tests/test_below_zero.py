"""Facts and scores below 0: 最低分 of items and sections, negative entries; on the form, in scores, by ruling."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest
from conftest import append, assert_recalculated_alike, collect, convert, fill_out, rows, run, save
from every_kind import fact, form, items, section, toml, with_forms
from play import certainty, result, ruled
from python_calamine import CalamineWorkbook

from assess_xlsx.amounts import half_up, two_places
from assess_xlsx.answers import Register
from assess_xlsx.entries import Percentage, Refusal
from assess_xlsx.excel.number_format import number_format
from assess_xlsx.layout import FORM_SHEET, Col, FormLayout
from assess_xlsx.scheme.answer_kinds import MILLION, Count, Number, Percent
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.tree import SchemeError

LOAD = {"超负荷": 5, "饱和": 0, "一般": -5, "不足": -10}
QUALITY = {"优秀并获好评": 10, "合格": 0, "不合格可挽回": -15}
CASES = [
    # 工作量, 质量, 投诉次数; the sum without a lowest score, and not below −20
    ("超负荷", "优秀并获好评", 0, 15, 15),
    ("饱和", "合格", 1, -5, -5),
    ("一般", "合格", 0, -5, -5),
    ("不足", "不合格可挽回", 0, -25, -20),
    ("不足", "不合格可挽回", 2, -35, -20),
    ("超负荷", "不合格可挽回", 1, -15, -15),
]
MONEY = {"kind": "数值", "measure": "万元", "min": -100}


def judged(code):
    """The three items; those of the second section take the figures of the first."""
    taken = "" if code == 1 else "1.{}.1 "
    load, quality, complaints = (
        (taken.format(place) + label) for place, label in enumerate(("工作量", "质量", "投诉次数"), 1)
    )
    asks = [
        [fact("工作量", {"kind": "选项", "options": list(LOAD)})],
        [fact("质量", {"kind": "选项", "options": list(QUALITY)})],
        [fact("投诉次数", {"kind": "次数"})],
    ]
    rules = [
        {"kind": "choice", "fact": load, "scores": LOAD},
        {"kind": "choice", "fact": quality, "scores": QUALITY},
        {"kind": "linear", "start": 0, "terms": [{"fact": complaints, "step": -5}], "floor": -100},
    ]
    worths = [{"points": 5, "least": -10}, {"points": 10, "least": -15}, {"deducts": 100}]
    return items(code, [(w, a if code == 1 else [], r) for w, a, r in zip(worths, asks, rules, strict=True)])


PROFIT = {
    "kind": "margin",
    "fact": "利润",
    "at_least": 0,
    "base": 60,
    "above": {"per": 1, "step": 1},
    "below": {"per": 1, "step": -1},
}
TREE = with_forms(
    [{"name": f"{number}号局", "form": "表"} for number in range(1, len(CASES) + 1)],
    [
        form(
            "表",
            "附件1",
            sections=[
                section("一、不封顶", judged(1), points=15, least="不限"),
                section("二、最低扣到二十", judged(2), points=15, least=-20),
                section(
                    "三、效益", items(3, [({"points": 70, "least": -30}, [fact("利润", MONEY)], PROFIT)]), points=70
                ),
            ],
        )
    ],
)
SCHEME = build(TREE, "below zero")
[FORM] = SCHEME.forms
PLACES = FormLayout.of(FORM)
PROFITS = ["（5）", "−12.5", "-5", -31, 0, 12]
"""What the units write: a number in brackets, with a wide sign, as a text, as a number."""
THIRD = [55, 47.5, 55, 29, 60, 70]
TOTALS = [max(0, free + bound + third) for (*_, free, bound), third in zip(CASES, THIRD, strict=True)]


def answers(load, quality, complaints, profit=0):
    return {
        "1.1.1 工作量": None if load is None else list(LOAD).index(load),
        "1.2.1 质量": list(QUALITY).index(quality),
        "1.3.1 投诉次数": complaints,
        "3.1.1 利润": profit * MILLION,
        "V.1 发生重大事故": 1,
    }


def scored(*units, register=None):
    return result(FORM, {n: answers(*unit) for n, unit in enumerate(units, 1)}, register, scheme=SCHEME)


def test_sections_go_no_lower_than_their_own_lowest_score_and_totals_not_below_0():
    scores = scored(*((*case[:3], -100) for case in CASES))
    assert [
        (free / 100, bound / 100) for free, bound in zip(scores.sections[0], scores.sections[1], strict=True)
    ] == [case[3:] for case in CASES]
    assert scores.sections[2].tolist() == [0] * len(CASES)  # the item is at −30, its section not below 0
    assert scores.items["3.1.1"].tolist() == [-3000] * len(CASES)
    assert scores.totals.tolist() == [3000, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("number", "times", "rounded"),
    [
        (1, "0.125", "0.13"),
        (-1, "-0.125", "-0.13"),
        (3, "0.375", "0.38"),
        (-3, "-0.375", "-0.38"),
        ("-0.04", "-0.005", "-0.01"),
        (-8, "-1", "-1.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(number, times, rounded):
    assert Decimal(number) * Decimal("0.125") == Decimal(times)
    assert two_places(half_up(*(Decimal(times) * 100).as_integer_ratio())) == rounded


def test_a_gap_scores_0_for_now_and_may_be_all_that_the_item_can_bring():
    scores = scored((None, "合格", 0), ("饱和", "合格", 0))
    assert scores.items["1.1.1"].tolist() == [0, 0]
    assert scores.gaps["1.1.1"].tolist() == [True, False]
    assert scores.basis["1.1.1"][0] == "“工作量”未填，暂记 0 分，补正后重算"
    standing = scores.standings[1]
    assert (standing.low, standing.high) == (6000 - 1000 - 1000, 6000 + 500 + 500)


def test_a_ruling_may_be_as_low_as_the_item():
    scores = scored(("饱和", "合格", 0), register=Register(rulings=(ruled(1, "1.1.1", -750),)))
    assert scores.items["1.1.1"].tolist() == [-750]
    assert [scores.sections[place].tolist() for place in (0, 1)] == [[-750], [0]]


# ── entries ──


@pytest.mark.parametrize(
    ("raw", "value", "normalised"),
    [
        (-5, -5, False),
        (-5.25, -5.25, False),
        ("-5", -5, True),
        ("−5", -5, True),
        ("－５", -5, True),
        ("（5）", -5, True),
        ("(5)", -5, True),
        ("( 1,200.5 )", -1200.5, True),
        ("(5)万元", -5, True),
        ("-5万元", -5, True),
        ("（5.00）", -5, True),
    ],
)
def test_a_number_below_0_is_read(raw, value, normalised):
    parsed = Number("万元", -2000 * MILLION).parse(raw)
    assert (parsed.value, parsed.normalised) == (value * MILLION, normalised)


@pytest.mark.parametrize(
    ("kind", "raw", "reason"),
    [
        (Number("万元", -5 * MILLION), -5.000001, "小于-5"),
        (Number("万元", -5 * MILLION), "（6）", "小于-5"),
        (Number("万元", -5 * MILLION), "（-5）", "不是一个数"),
        (Number("万元", -5 * MILLION), "-（5）", "不是一个数"),
        (Number("万元", -5 * MILLION), "（五）", "不是一个数"),
        (Number("万元"), -5, "是负数"),
        (Number("万元"), "（5）", "不是一个数"),
        (Number("万元", 2 * MILLION), 1.5, "小于2"),
        (Count("件"), "（5）", "不是一个数"),
        (Count("件"), -5, "是负数"),
        (Percent(), Percentage(-0.05), "是负数"),
    ],
)
def test_a_number_that_may_not_be_below_0_or_so_low_is_refused(kind, raw, reason):
    with pytest.raises(Refusal, match=f"^{reason}$"):
        kind.parse(raw)


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", -5, None),
        ("0.00", -5, None),
        ("0.00_);(0.00)", -5, "(5)"),
        ("#,##0.00;-#,##0.00", -1234.5, None),
        ("0;[Red]0", -5, "5"),
        ("0.0", -5.25, "-5.3"),
        ('0"万元"', -5, "-5万元"),
    ],
)
def test_what_a_cell_shows_of_a_number_below_0(code, value, shown):
    mark = number_format(code).mark(value)
    assert (mark and mark.shown) == shown


# ── a round ──


@pytest.fixture(scope="module")
def scheme(tmp_path_factory):
    path = tmp_path_factory.mktemp("scheme") / "方案.toml"
    path.write_text(toml(TREE), "utf-8")
    return path


@pytest.fixture
def books(scheme, tmp_path):
    """The units' forms, filled."""
    answers = [[*case[:3], profit, "否"] for case, profit in zip(CASES, PROFITS, strict=True)]
    return fill_out(scheme, FORM, tmp_path, answers)


def ranking(book):
    found = {row["考核单位"]: row for row in rows(book, "表排名")}
    return [
        [found[f"{number}号局"][column] for column in ("一、不封顶", "二、最低扣到二十", "三、效益", "总分")]
        for number in range(1, len(CASES) + 1)
    ]


WANTED = [[*case[3:], third, total] for case, third, total in zip(CASES, THIRD, TOTALS, strict=True)]


def test_a_round_with_scores_below_0(books, scheme, tmp_path):
    book = collect(books, "--scheme", scheme, "--feedback")
    assert ranking(book) == WANTED
    told = [(row["考核单位"], row["问题"]) for row in rows(book, "问题清单") if row["填报项"] == "利润"]
    assert [unit for unit, _ in told] == ["1号局", "2号局", "3号局"]
    assert "（5）" in told[0][1]
    assert "-5" in told[0][1]
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    append(register, "核定", "2号局", "1.1.1", None, -10, "查实")
    append(register, "核定", "3号局", "1.2.1", None, "（3.5）", "查实")
    append(register, "核定", "4号局", "1.1.1", None, -10.01, "写错")
    append(register, "核定", "5号局", "1.3.1", None, 5, "只有一次")
    append(register, "核定", "6号局", "3.1.1", "利润", -40, "查实")
    save(register, books / "登记表.xlsx")
    earlier = tmp_path / "earlier.xlsx"
    (tmp_path / "sent-out" / "考核结果汇总.xlsx").rename(earlier)
    book = collect(books, "--scheme", scheme, "--since", earlier)
    free = [row[0] for row in ranking(book)]
    assert free == [15, -15, -8.5, -25, -30, -15]
    assert ranking(book)[5][2] == 20
    [refused] = [row for row in rows(book, "问题清单") if row["级别"] == "错误"]
    assert "-10.01" in refused["问题"]
    assert "不在-10到5之间" in refused["问题"]
    assert refused["处理办法"].startswith("请填-10到5的分数")
    [change] = [row for row in rows(book, "本轮变化") if row["填报项"] == "利润"]
    assert (change["原得分"], change["现得分"], change["原因"]) == (70, 20, "核定")
    run("verify", tmp_path / "sent-out" / "考核结果汇总.xlsx", books, "--scheme", scheme)


@pytest.mark.office
def test_forms_and_ranking_are_recalculated_alike(books, scheme, tmp_path):
    convert("xlsx", tmp_path / "in", *sorted(books.iterdir()))
    for number in (4, 5, 6):  # their profits are numbers
        table = CalamineWorkbook.from_path(tmp_path / "in" / f"{number}.xlsx").get_sheet_by_name(FORM_SHEET)
        cells = table.to_python(skip_empty_area=False)
        assert cells[PLACES.item_span(FORM.items[-1])[0]][Col.SCORE] == pytest.approx(THIRD[number - 1])
        assert cells[PLACES.total_row][Col.SCORE] == pytest.approx(TOTALS[number - 1])
    book = collect(tmp_path / "in", "--scheme", scheme, "--feedback")
    assert ranking(book) == WANTED
    assert_recalculated_alike([tmp_path / "in-out" / "考核结果汇总.xlsx"], tmp_path / "again")
    assert_recalculated_alike(sorted((tmp_path / "in-out" / "反馈").iterdir()), tmp_path / "more")


# ── what is refused ──


def refused(item, facts, rule, **of_section):
    worth = {"points": item["points"]} if "points" in item else {k: item[k] for k in ("adds", "deducts") if k in item}
    row = {"code": "1.1.1", "method": "查", "content": "内", "text": "则", **item, "facts": facts, "rule": rule}
    parts = [section("项", [row], **worth, **of_section)]
    with pytest.raises(SchemeError) as caught:
        build(with_forms([{"name": "局", "form": "表"}], [form("表", "附件1", sections=parts, points=5)]), "x")
    return [fault.reason for fault in caught.value.faults]


OPTIONS = [fact("级", {"kind": "选项", "options": ["足", "不足"]})]
BY_OPTION = {"kind": "choice", "fact": "级", "scores": {"足": 5, "不足": -10}}
PLUS = {"kind": "linear", "start": 0, "cap": 5, "terms": [{"fact": "数", "step": 1}]}
NUMBER = {"kind": "数值", "measure": "元", "min": -5}


@pytest.mark.parametrize(
    ("worth", "facts", "rule", "reason"),
    [
        ({"points": 5, "least": 1}, OPTIONS, BY_OPTION, "“least”应是 0 或负数"),
        ({"points": 5, "least": -5}, OPTIONS, BY_OPTION, "选项“不足”记 −10 分，低于指标的最低分 −5"),
        ({"adds": 5, "least": -5}, OPTIONS, BY_OPTION, "“least”只用于分值，加分、扣分的请清空"),
        ({"points": 5}, [fact("数", {"kind": "次数", "min": -1})], PLUS, "次数不能是负数"),
        (
            {"points": 5, "least": -1},
            [fact("数", NUMBER)],
            {"kind": "bands", "fact": "数", "bands": [{"at_least": 9, "points": 5}, {"points": -2}]},
            "规则给的分数超出 -1 到 5",
        ),
        (
            {"points": 5},
            [fact("数", NUMBER)],
            {"kind": "bands", "fact": "数", "bands": [{"at_least": 9, "points": 5}, {"at_least": -4, "points": 0}]},
            "最低的一档“at_least”请留空，“数”会低于 -4元",
        ),
        (
            {"points": 5, "least": -1},
            [fact("数", {"kind": "次数"})],
            {"kind": "linear", "start": 5, "floor": -2, "terms": [{"fact": "数", "step": -1}]},
            "起始分、最低分、封顶应在 -1 到 5 之间",
        ),
        (
            {"points": 5},
            [fact("数", NUMBER), fact("总", NUMBER)],
            {"kind": "flat", "fact": "数", "whole": "总", "at_least": 5},
            "“数”会是负数，不能用“除以”，请在“填报项”里用“比”推算",
        ),
        (
            {"points": 5},
            [fact("数", NUMBER)],
            {"kind": "margin", "fact": "数", "at_least": -6, "below": {"per": 1, "step": -1}},
            "“at_least”应是不小于-5、最多六位小数的数，现为“-6”",
        ),
        (
            {"points": 5},
            [fact("数", NUMBER)],
            {"kind": "best", "fact": "数", "order": "从少到多"},
            "“数”会是负数，少的为好时没有最优值之比",
        ),
    ],
)
def test_what_is_refused(worth, facts, rule, reason):
    assert reason in refused(worth, facts, rule)


def test_the_workbook_says_so_at_its_cells(scheme, tmp_path):
    path = tmp_path / "方案.xlsx"
    run("scheme", "export", path, "--scheme", scheme)
    run("scheme", "check", path)
    book = openpyxl.load_workbook(path)
    sheet = book["指标"]
    [column] = [cell.column for cell in sheet[1] if cell.value == "最低分"]
    assert [sheet.cell(row, column).value for row in (2, 3, 4, 5, 6)] == ["不限", -10, -15, None, -20]
    sheet.cell(3, column).value = "-5"
    sheet.cell(4, column).value = "2"
    sheet.cell(5, column).value = "-1"
    [least] = [cell.column for cell in book["填报项"][1] if cell.value == "最小"]
    book["填报项"].cell(4, least).value = -3
    book.save(path)
    told = run("scheme", "check", path, code=1)
    for reason in (
        "选项“不足”记 −10 分，低于指标的最低分 −5",
        "“最低分”应是 0 或负数",
        "“最低分”只用于分值",
        "次数不能是负数",
    ):
        assert reason in told


# ── units against each other ──


@pytest.mark.parametrize(
    ("amounts", "wanted"),
    [
        ((100, 50, -25, 0), [1000, 500, -250, 0]),
        ((10, -100, 5, -3), [1000, -500, 500, -300]),
        ((-5, -1, 0, -2), [0, 0, 0, 0]),
        ((-5, -1, -7, -2), [0, 0, 0, 0]),
    ],
)
def test_the_best_of_numbers_that_may_be_below_0(amounts, wanted):
    rule = {"kind": "best", "fact": "数"}
    row = {"code": "1.1.1", "method": "查", "content": "内", "text": "则", "points": 10, "least": -5}
    row |= {"facts": [fact("数", {"kind": "数值", "measure": "元", "min": -500})], "rule": rule}
    roster = [{"name": f"{n}局", "form": "表"} for n in range(4)]
    parts = [section("项", [row], points=10, least=-5)]
    scheme = build(with_forms(roster, [form("表", "附件1", sections=parts, points=10)]), "x")
    own = {n: {"1.1.1 数": each * MILLION, "V.1 发生重大事故": 1} for n, each in enumerate(amounts, 1)}
    found = result(scheme.forms[0], own, Register(), scheme=scheme)
    assert found.items["1.1.1"].tolist() == wanted
    known = {n: each for n, each in own.items() if n < 4}
    before = result(scheme.forms[0], known, Register(), scheme=scheme)
    low, high, *_ = certainty(before).spans
    for fourth in (500, 100, 1, 0, -1, -500):  # whatever it says
        after = own | {4: {"1.1.1 数": fourth * MILLION, "V.1 发生重大事故": 1}}
        then = result(scheme.forms[0], after, Register(), scheme=scheme).items["1.1.1"].tolist()
        assert all(low[row, 0] <= then[row] <= high[row, 0] for row in range(3))

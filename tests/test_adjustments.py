"""总分调整: what adds to a total, takes off, caps it or leaves 加分 out; in figures, on the form, in the ranking."""

from __future__ import annotations

import random

import numpy as np
import openpyxl
import pytest
from conftest import append, assert_recalculated_alike, collect, convert, fill_out, rows, run, save
from every_kind import fact, form, section, toml, with_forms
from play import result
from python_calamine import CalamineWorkbook

from assess_xlsx.amounts import two_places
from assess_xlsx.answers import Place, Register, Ruling
from assess_xlsx.layout import FORM_SHEET, Col, FormLayout
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.file import examine
from assess_xlsx.scheme.tree import SchemeError


def item(code, points, worth="points", **more):
    about = {"code": code, "method": "查资料", "content": f"内容{code}", "text": "细则。", worth: points}
    asked = {"facts": [fact("评", {"kind": "分值", "most": points})], "rule": {"kind": "given", "value": "评"}}
    return about | asked | more


def line(name, looks_at, test, kind, points=None):
    """A line; ``test`` is its condition: ``选项 是``, ``达到 60``, ``不足 60``."""
    word, _, value = test.partition(" ")
    key = {"选项": "is", "达到": "at_least", "不足": "below"}[word]
    said = {"name": name, "fact": looks_at, key: value if key == "is" or value.endswith("%") else float(value)}
    return said | {"kind": kind} | ({} if points is None else {"points": points})


def tree(sections, lines, units=1, **more):
    roster = [{"name": f"{number}号局", "form": "表"} for number in range(1, units + 1)]
    points = sum(each.get("points", 0) for each in sections)
    made = with_forms(roster, [form("表", "附件1", sections=sections, **({"points": points} | more))])
    return made | {"adjustments": lines}


def deducting(code, points):
    """An item of 扣分: a cent for each of what is counted."""
    rule = {"kind": "linear", "start": 0, "terms": [{"fact": "数", "step": -0.01}]}
    return item(code, points, "deducts", facts=[fact("数", {"kind": "次数"})], rule=rule)


def filled(form_, answers):
    """A unit's values by its answers in the form's order: amounts in points, or options."""
    values = {each.key: 1 for each in form_.declarations}
    facts = [each for each in form_.facts if each not in form_.declarations]
    for each, answer in zip(facts, answers, strict=True):
        scale = each.kind.scale if each.kind.name != "次数" else 1
        values[each.key] = None if answer is None else round(answer * scale)
    return values


def scored(scheme, cases, register=None):
    [form_] = scheme.forms
    return result(form_, {n: filled(form_, case) for n, case in enumerate(cases, 1)}, register, scheme=scheme)


SHORT = line("不足 60 分不加分", "总分", "不足 60", "不加分")
TOTALS = [
    # two sections with points, 加分, 扣分; 总分不超过, 总分上限; the total
    ((40, 35, 3, 0), None, None, "78.00"),
    ((40, 19.99, 3, 0), None, None, "59.99"),
    ((40, 20, 3, 0), None, None, "63.00"),
    ((58, 40, 5, 0), None, 100, "100.00"),
    ((58, 40, 5, 10), None, 100, "93.00"),
    ((58, 40, 5, 0), 80, 100, "80.00"),
    ((3, 2, 0, 10), None, None, "0.00"),
    ((45, 30, 2.5, 0.5), 79.99, None, "77.00"),
]


def four(lines, units=1, **more):
    """A form of two sections with points, one of 加分 and one of 扣分."""
    sections = [
        section("甲", [item("1.1.1", 60)], points=60),
        section("乙", [item("2.1.1", 40)], points=40),
        section("加分", [item("3.1.1", 5, "adds")], adds=5),
        section("扣分", [deducting("4.1.1", 10)], deducts=10),
    ]
    return build(tree(sections, lines, units, **more), "x")


@pytest.mark.parametrize(("case", "most", "cap", "wanted"), TOTALS)
def test_what_lines_make_of_a_total(case, most, cap, wanted):
    lines = [SHORT, *([line("封顶", "总分", "达到 0.01", "总分不超过", most)] if most else [])]
    *amounts, off = case
    scores = scored(four(lines, **({"cap": cap} if cap else {})), [(*amounts, off * 100)])
    assert two_places(int(scores.totals[1])) == wanted


EXTRA = line("扣满追加", "得分 2.1.1", "不足 0.01", "扣分", 10)


def extra(units=1):
    counted = {"kind": "linear", "start": 4, "floor": 0, "terms": [{"fact": "处数", "step": -1}]}
    safety = item("2.1.1", 4, facts=[fact("处数", {"kind": "次数"})], rule=counted)
    sections = [section("工作", [item("1.1.1", 96)], points=96), section("安全", [safety], points=4)]
    return build(tree(sections, [EXTRA], units), "x")


@pytest.mark.parametrize(
    ("count", "own", "off"), [(0, 400, 0), (1, 300, 0), (3, 100, 0), (4, 0, 1000), (5, 0, 1000), (9, 0, 1000)]
)
def test_what_has_lost_all_its_points_costs_more(count, own, off):
    scores = scored(extra(), [(90, count)])
    assert int(scores.items["2.1.1"].iloc[0]) == own
    assert int(scores.totals[1]) == 9000 + own - off


def test_how_the_total_came_about_is_told():
    lines = [SHORT, EXTRA | {"fact": "得分 4.1.1", "name": "追加"}, line("限", "总分", "达到 40", "总分不超过", 45)]
    lines[1] = line("追加", "得分 四", "不足 0", "扣分", 2)
    scores = scored(four(lines, units=3, cap=100), [(30, 25, 5, 100), (60, 40, 5, 0), (20, 5, 0, 0)])
    assert scores.reckoning(1) == "54.00（加分不计：不足 60 分不加分） − 2（追加），不超过 45 分（限）＝45.00"
    assert scores.reckoning(2) == "105.00，不超过 45 分（限），总分上限 100 分＝45.00"
    assert scores.reckoning(3) == "25.00（加分不计：不足 60 分不加分）＝25.00"


YESNO = {"kind": "是否"}


def with_fact(lines, units=1):
    """A form of an item with a fact that 总分调整 alone looks at."""
    one = item("1.1.1", 100)
    one["facts"] = [*one["facts"], fact("事故", YESNO), fact("率", {"kind": "百分比"})]
    return build(tree([section("甲", [one], points=100)], lines, units), "x")


ACCIDENT = line("事故", "1.1.1 事故", "选项 是", "扣分", 10)
RATE = line("率低", "1.1.1 率", "不足 95%", "总分不超过", 80)


def test_what_hangs_on_a_fact_does_nothing_while_that_is_a_gap():
    scores = scored(with_fact([ACCIDENT, RATE], units=3), [(90, 0, 96), (90, 1, 94.99), (90, None, None)])
    assert scores.totals.tolist() == [8000, 8000, 0]
    asked = [each for each in scores.open if each.unit.number == 3]
    assert [(each.code, each.fact) for each in asked] == [("1.1.1", "事故"), ("1.1.1", "率")]
    assert asked[0].why.startswith("总分调整“事故”要看“事故”，现在不知道，暂不调整。实际是多少？")
    ruled = Register(rulings=(Ruling(3, "1.1.1", "", 9000, "查实", Place()),))
    scores = scored(with_fact([ACCIDENT, RATE], units=3), [(90, 0, 96), (90, 1, 94.99), (90, None, None)], ruled)
    assert scores.totals.tolist() == [8000, 8000, 9000]
    assert (scores.standings[3].low, scores.standings[3].high) == (8000, 9000)
    assert (scores.standings[3].best, scores.standings[3].worst) == (1, 2)
    assert len([each for each in scores.open if each.unit.number == 3]) == 2


def test_a_score_that_is_a_gap_takes_nothing_off():
    register = Register(rulings=tuple(Ruling(unit, "1.1.1", "", 9000, "查实", Place()) for unit in (1, 2)))
    scores = scored(extra(units=2), [(90, None), (90, 4)], register)
    assert scores.totals.tolist() == [9000, 8000]
    [asked] = [each for each in scores.open if each.code == "2.1.1"]
    assert (asked.unit.number, asked.code, asked.fact) == (1, "2.1.1", "")
    assert asked.why == "总分调整“扣满追加”要看本项得分，现在不知道，暂不调整。应记几分？请在 0 到 4 分之间核定。"
    assert (scores.standings[1].low, scores.standings[1].high) == (8000, 9400)


def test_between_the_least_and_the_most_lies_every_total():
    """However the open scores turn out, a unit's total is one of those that were told (K23)."""
    chance = random.Random(7)
    for _ in range(200):
        lines = [
            line(
                f"条{number}",
                chance.choice(["总分", "得分 1.1.1", "得分 2", "得分 4.1.1"]),
                chance.choice(["达到 20", "不足 30", "达到 0.01"]),
                kind := chance.choice(["加分", "扣分", "总分不超过", "不加分"]),
                None if kind == "不加分" else chance.choice([5, 12.5, 40]),
            )
            for number in range(3)
        ]
        for each in lines:
            if each["fact"] == "得分 4.1.1":
                each.pop("at_least", None)
                each["below"] = 0
        scheme = four(lines, units=1, cap=100)
        scores = scored(scheme, [(30, 20, 3, 200)])
        low = np.array([[chance.randint(0, 3000), chance.randint(0, 2000), 0, -1000]])
        high = low + np.array([[chance.randint(0, 3000), chance.randint(0, 2000), 500, chance.randint(0, 1000)]])
        ends = [int(end[0]) for end in scores.ends(low, high, np.zeros((1, 4), dtype=bool))]
        for _ in range(20):
            between = np.array([[chance.randint(*pair) for pair in zip(*low.tolist(), *high.tolist(), strict=True)]])
            assert ends[0] <= int(scores.totals_of(between)[0]) <= ends[1], lines


FAULTS = [
    (line("x", "总分", "不足 60", "加分", 5) | {"fact": "1.1.1 没有"}, "评分表“表”没有填报项“1.1.1 没有”"),
    (line("x", "评", "不足 60", "加分", 5), "“fact”要写编号，请写是哪一个：1.1.1 评、2.1.1 评、3.1.1 评"),
    (line("x", "得分 9.9.9", "不足 60", "加分", 5), "评分表“表”没有指标 9.9.9，“得分”后面写指标编号，或编号的第一段"),
    (line("x", "得分 九", "不足 60", "加分", 5), "评分表“表”没有考核项目 九，“得分”后面写指标编号，或编号的第一段"),
    ({"name": "x", "fact": "总分", "kind": "扣分", "points": 5}, "“总分调整”要写条件：选项、达到或不足"),
    ({"name": "x", "fact": "1.1.1 评", "kind": "扣分", "points": 5}, "“总分调整”要写条件：选项、达到或不足"),
    (line("x", "总分", "不足 60", "加分", 5) | {"at_least": 3}, "“总分调整”要写条件：选项、达到或不足"),
    (line("x", "总分", "选项 是", "加分", 5), "“总分”是分数，没有选项，请写“at_least”或“below”"),
    (line("x", "总分", "不足 120", "加分", 5), "“below”应大于 0、不超过 100，现为“120”"),
    (line("x", "得分 2", "达到 0", "加分", 5), "“at_least”应大于 0、不超过 40，现为“0”"),
    (line("x", "总分", "不足 60", "加倍", 5), "“kind”只能是加分、扣分、总分不超过、不加分，现为“加倍”"),
    (line("x", "总分", "不足 60", "不加分", 5), "“不加分”不要写“points”"),
    (line("x", "总分", "不足 60", "扣分"), "“扣分”要写“points”"),
    (line("x", "总分", "不足 60", "扣分", -5), "“points”应大于 0，现为“-5”"),
    (line("x", "总分", "不足 60", "总分不超过", 105), "总分不超过 105 等于没有限制"),
    (line("x", "总分", "不足 60", "扣分", 5) | {"form": "另一张"}, "没有评分表“另一张”"),
]


@pytest.mark.parametrize(("wrong", "reason"), FAULTS)
def test_what_is_refused(wrong, reason):
    with pytest.raises(SchemeError) as caught:
        four([wrong])
    assert [fault.reason for fault in caught.value.faults] == [reason]


def test_where_no_section_adds_there_is_none_to_leave_out():
    with pytest.raises(SchemeError) as caught:
        with_fact([SHORT, ACCIDENT, RATE])
    assert [fault.reason for fault in caught.value.faults] == ["这张评分表没有加分项目"]


SHOWN = [
    # 评 of two items and of 加分, 事故, how often; the total
    ((50, 30, 5, "否", 0), 85),
    ((50, 9.99, 5, "否", 0), 59.99),
    ((50, 30, 5, "是", 0), 75),
    ((60, 40, 5, "否", 1000), 90),
    ((60, 40, 5, "否", 0), 98),
    ((60, 40, None, "是", 0), 90),
]
LINES = [
    SHORT,
    line("出事故", "1.1.1 事故", "选项 是", "扣分", 10),
    line("追加", "得分 4.1.1", "不足 -9.99", "扣分", 5),
    line("满分", "得分 2", "达到 40", "总分不超过", 98),
]
ONE = item("1.1.1", 60)
ONE["facts"] = [*ONE["facts"], fact("事故", YESNO)]
FORMED = tree(
    [
        section("甲", [ONE], points=60),
        section("乙", [item("2.1.1", 40)], points=40),
        section("加分", [item("3.1.1", 5, "adds")], adds=5),
        section("扣分", [deducting("4.1.1", 10)], deducts=10),
    ],
    LINES,
    len(SHOWN),
)
FORM = build(FORMED, "x").forms[0]
PLACES = FormLayout.of(FORM)


@pytest.fixture(scope="module")
def scheme(tmp_path_factory):
    path = tmp_path_factory.mktemp("scheme") / "方案.toml"
    path.write_text(toml(FORMED), "utf-8")
    return path


@pytest.fixture
def books(scheme, tmp_path):
    """The units' forms, filled."""
    answers = [[one, accident, two, more, count, "否"] for (one, two, more, accident, count), _ in SHOWN]
    return fill_out(scheme, FORM, tmp_path, answers)


def test_a_round(books, scheme, tmp_path):
    result_ = collect(books, "--scheme", scheme, "--feedback")
    found = {row["考核单位"]: row for row in rows(result_, "表排名")}
    assert [found[f"{number}号局"]["总分"] for number in range(1, 7)] == [total for _, total in SHOWN]
    assert found["4号局"]["备注"].endswith("总分 95.00 − 5（追加），不超过 98 分（满分）＝90.00")
    path, earlier = tmp_path / "sent-out" / "考核结果汇总.xlsx", tmp_path / "earlier.xlsx"
    run("verify", path, books, "--scheme", scheme)
    path.rename(earlier)
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    append(register, "核定", "3号局", "1.1.1", "事故", "否", "不是责任事故")
    save(register, books / "登记表.xlsx")
    result_ = collect(books, "--scheme", scheme, "--since", earlier)
    [change] = [row for row in rows(result_, "本轮变化") if row["考核单位"] == "3号局"]
    assert [change[label] for label in ("填报项", "原值", "现值", "原因")] == ["1.1.1 事故", "是", "否", "核定"]
    assert (change["原得分"], change["现得分"]) == (75, 85)


def test_the_workbook_says_it(scheme, tmp_path):
    book = tmp_path / "方案.xlsx"
    run("scheme", "export", book, "--scheme", scheme)
    assert examine(book)[0].forms == examine(scheme)[0].forms
    again = tmp_path / "again.xlsx"
    opened = openpyxl.load_workbook(book)
    sheet = opened["方案"]
    [row] = [row for row in sheet.iter_rows() if row[1].value == "出事故"]
    row[2].value = "1.1.1 事 故"
    row[7].value = None
    opened.save(again)
    assert "“扣分”要写“分数”" in run("scheme", "check", again, code=1)
    assert f"单元格 H{row[0].row}" in run("scheme", "check", again, code=1)


@pytest.mark.office
def test_forms_and_result_are_recalculated_alike(books, scheme, tmp_path):
    convert("xlsx", tmp_path / "in", *sorted(books.iterdir()))
    for number, (_, own) in enumerate(SHOWN, 1):
        table = CalamineWorkbook.from_path(tmp_path / "in" / f"{number}.xlsx").get_sheet_by_name(FORM_SHEET)
        cells = table.to_python(skip_empty_area=False)
        assert cells[PLACES.total_row][Col.SCORE] == pytest.approx(own)
    collect(tmp_path / "in", "--scheme", scheme, "--feedback")
    assert_recalculated_alike([tmp_path / "in-out" / "考核结果汇总.xlsx"], tmp_path / "again")


def test_the_form_says_how_its_total_is_adjusted(scheme, tmp_path):
    run("templates", tmp_path / "t", "--scheme", scheme)
    [path] = (tmp_path / "t").glob("附件1*.xlsx")
    guide = openpyxl.load_workbook(path)["填报说明"]
    told = [cell.value for row in guide.iter_rows() for cell in row]
    assert "出事故：“事故”选“是”的，总分扣 10 分。" in told
    assert "不足 60 分不加分：总分不足 60 分的，加分项目的得分不计。" in told

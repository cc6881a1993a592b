"""得分 of earlier items as what a rule looks at, and items that are scored for that alone (不计)."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import append, assert_recalculated_alike, collect, convert, fill_out, rows, run, save
from every_kind import fact, form, section, toml, with_forms
from play import ranking, result
from python_calamine import CalamineWorkbook

from assess_xlsx.amounts import two_places
from assess_xlsx.answers import Place, Register, Ruling
from assess_xlsx.layout import FORM_SHEET, Col, FormLayout
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.file import examine
from assess_xlsx.scheme.tree import SchemeError


def counted(code, points, worth="points"):
    """An item that brings a point for each hundred of what is counted."""
    about = {"code": code, "method": "查资料", "content": f"内容{code}", "text": "细则。", worth: points}
    rule = {"kind": "linear", "start": 0, "cap": points, "terms": [{"fact": "数", "step": 0.01}]}
    return about | {"facts": [fact("数", {"kind": "次数"})], "rule": rule}


def looking(code, points, of, **rule):
    """An item that looks at scores and asks nothing."""
    about = {"code": code, "method": "查资料", "content": f"内容{code}", "text": "按得分。", "points": points}
    return about | {"rule": {"fact": of} | rule}


def tree(sections, units, **more):
    roster = [{"name": name, "form": "表"} for name in "甲乙丙丁戊己庚辛"[:units]]
    points = sum(each.get("points", 0) for each in sections)
    return with_forms(roster, [form("表", "附件1", sections=sections, **({"points": points} | more))])


UNITS = {"甲": (4, 2, 1.2), "乙": (2, 3, 0.6), "丙": (0, 0, 0), "丁": (4, 2, 1.2), "戊": (1, 0.5, 0.15)}
WANTED = {
    # the subtotal, its share of the best × 15, 15 points by place among 5
    "甲": ("7.20", "15.00", "15.00"),
    "乙": ("5.60", "11.67", "9.00"),
    "丙": ("0.00", "0.00", "3.00"),
    "丁": ("7.20", "15.00", "15.00"),
    "戊": ("1.65", "3.44", "6.00"),
}
PARTS = [counted(f"1.{n}.1", 4, worth) for n, worth in enumerate(("points", "uncounted", "points"), 1)]
PARTS[1]["points_text"] = "1"  # as a section is called where figures are looked up
FIRST = section("一、基础", PARTS, points=8)
OF_ALL = "得分 1.1.1＋1.2.1＋1.3.1"
RANKED = section(
    "二、比较", [looking("2.1.1", 15, OF_ALL, kind="best"), looking("2.2.1", 15, OF_ALL, kind="rank")], points=30
)


def filled(form_, amounts):
    values = {each.key: 1 for each in form_.declarations}
    facts = [each for each in form_.facts if each not in form_.declarations]
    scaled = (None if amount is None else round(amount * 100) for amount in amounts)
    return values | {each.key: amount for each, amount in zip(facts, scaled, strict=True)}


def scored(scheme, cases, register=None):
    [form_] = scheme.forms
    return result(form_, {n: filled(form_, case) for n, case in enumerate(cases, 1)}, register, scheme=scheme)


def test_units_are_compared_by_what_they_scored():
    scores = scored(build(tree([FIRST, RANKED], 5), "x"), UNITS.values())
    for row, name in enumerate(UNITS):
        _, best, rank = WANTED[name]
        found = [two_places(int(scores.items[code].iloc[row])) for code in ("2.1.1", "2.2.1")]
        assert found == [best, rank], name
    assert scores.basis["2.1.1"][1] == "15 × 得分（1.1.1＋1.2.1＋1.3.1） 5.6分 / 最大值 7.2分 = 11.67"
    assert scores.basis["2.2.1"][2].endswith("第5名，15 × (5 − 5 + 1) / 5 = 3.00")


def test_what_is_not_counted_is_scored_and_not_added():
    scores = scored(build(tree([FIRST, RANKED], 5), "x"), UNITS.values())
    assert [two_places(each) for each in scores.sections[0]] == ["5.20", "2.60", "0.00", "5.20", "1.15"]
    assert two_places(int(scores.items["1.2.1"].iloc[1])) == "3.00"
    assert two_places(int(scores.totals[1])) == "35.20"


def test_what_is_not_counted_says_so_where_nothing_else_is_written():
    parts = [counted("1.1.1", 4), counted("1.2.1", 4, "uncounted")]
    _, item = build(tree([section("一、基础", parts, points=4)], 2), "x").forms[0].items
    assert item.points_said == "不计"


def test_a_section_is_looked_at_as_what_it_comes_to():
    best = section("二、比较", [looking("2.1.1", 15, "得分 一", kind="best")], points=15)
    scores = scored(build(tree([FIRST, best], 5), "x"), UNITS.values())
    assert [two_places(each) for each in scores.items["2.1.1"]] == ["15.00", "7.50", "0.00", "15.00", "3.32"]


def test_a_score_counts_as_it_was_decided():
    ruled = Register(rulings=(Ruling(3, "1.1.1", "", 400, "查实", Place()),))
    scores = scored(build(tree([FIRST, RANKED], 5), "x"), UNITS.values(), ruled)
    assert [two_places(each) for each in scores.items["2.2.1"]] == ["15.00", "9.00", "6.00", "15.00", "3.00"]


def test_while_a_score_is_a_gap_all_of_them_may_move():
    scheme = build(tree([FIRST, RANKED], 5), "x")
    cases = [*UNITS.values()]
    cases[4] = (1, None, 0.15)
    scores = scored(scheme, cases)
    assert [two_places(each) for each in scores.items["2.2.1"]] == ["15.00", "9.00", "6.00", "15.00", "0.00"]
    assert scores.basis["2.2.1"][4].startswith("“得分 1.1.1＋1.2.1＋1.3.1”缺数，暂记 0 分，补正后重算")
    assert scores.basis["2.2.1"][1].endswith("还有 1 个单位数据未知，暂定")
    assert ranking(scores).provisional
    assert scores.to_correct == {5}
    ends = {unit: (each.low, each.high) for unit, each in scores.standings.items()}
    # 乙 5.60 of 7.20: second or third of those that it is compared with; 戊 may come to have 5.15 more
    assert ends[2][0] <= 260 + 1167 + 600
    assert ends[2][1] >= 260 + 1167 + 900
    ruled = Register(rulings=(Ruling(5, "1.2.1", "", 50, "查实", Place()),))
    scores = scored(scheme, cases, ruled)
    assert [two_places(each) for each in scores.items["2.2.1"]] == ["15.00", "9.00", "3.00", "15.00", "6.00"]
    assert not ranking(scores).provisional


RULES = {
    "tiers": {"kind": "tiers", "first": [{"to": 1, "points": 15}], "rest": 5},
    "margin": {"kind": "margin", "against": "平均数", "below": {"per": 1, "step": -1}},
    "efficacy": {"kind": "efficacy", "worst": {"is": "最差"}, "best": {"is": "最好"}},
    "fixed": {"kind": "efficacy", "worst": {"at_least": 2}, "best": {"at_least": 7}},
}
BY_RULE = {
    "tiers": ["15.00", "5.00", "5.00", "15.00", "5.00"],
    "margin": ["15.00", "15.00", "10.67", "15.00", "12.32"],  # the mean of 7.2, 5.6, 0, 7.2 and 1.65 is 4.33
    "efficacy": ["15.00", "11.67", "0.00", "15.00", "3.44"],
    "fixed": ["15.00", "13.32", "6.60", "15.00", "8.58"],
}


@pytest.mark.parametrize("name", RULES)
def test_other_rules_look_at_scores_too(name):
    one = section("二、比较", [looking("2.1.1", 15, OF_ALL, **RULES[name])], points=15)
    scores = scored(build(tree([FIRST, one], 5), "x"), UNITS.values())
    assert [two_places(each) for each in scores.items["2.1.1"]] == BY_RULE[name]


def test_a_factor_may_stand_around_it():
    one = section("二、比较", [looking("2.1.1", 15, OF_ALL, kind="rank", factor="花名册")], points=15)
    made = tree([FIRST, one], 5)
    made["roster"][1]["factor"] = 1.5
    scores = scored(build(made, "x"), UNITS.values())
    assert [two_places(each) for each in scores.items["2.1.1"]] == ["15.00", "13.50", "3.00", "15.00", "6.00"]


FAULTS = [
    (looking("2.1.1", 15, "得分 1.2.9", kind="rank"), "前面没有指标 1.2.9"),
    (looking("2.1.1", 15, "得分 3.1.1", kind="rank"), "前面没有指标 3.1.1"),
    (looking("2.1.1", 15, "得分 三", kind="rank"), "前面没有考核项目 三"),
    (looking("2.1.1", 15, "得分 2.1.1", kind="rank"), "“得分 2.1.1”包含这个指标自己"),
    (looking("2.1.1", 15, "得分 二", kind="rank"), "“得分 二”包含这个指标自己"),
    (looking("2.1.1", 15, "得分 1.1.1＋1.1.1", kind="rank"), "“得分 1.1.1＋1.1.1”里的 1.1.1 加了两次"),
    (looking("2.1.1", 15, "得分 一＋1.1.1", kind="rank"), "“得分 一＋1.1.1”里的 1.1.1 加了两次"),
    (
        looking(
            "2.1.1",
            15,
            "得分 1.1.1",
            kind="bands",
            bands=[{"at_least": 2, "points": 15}, {"at_least": 0, "points": 1}],
        ),
        "看前面指标的得分，只能用差额计分、功效系数、按名次、名次分段、与最优值之比",
    ),
    (counted("2.1.1", 15, "uncounted"), "各指标分值合计 0，考核项目的分值却是 15"),
    (counted("2.1.1", 15, "uncounted") | {"not_applicable": "满分"}, "分值不计的指标不要写“不适用时”"),
]


@pytest.mark.parametrize(("wrong", "reason"), FAULTS)
def test_what_is_refused(wrong, reason):
    sections = [FIRST, section("二、比较", [wrong], points=15), section("三、后", [counted("3.1.1", 5)], points=5)]
    with pytest.raises(SchemeError) as caught:
        build(tree(sections, 5), "x")
    assert reason in [fault.reason for fault in caught.value.faults]


FORMED = tree([FIRST, RANKED], 5)
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
    answers = [[*(round(amount * 100) for amount in amounts), "否"] for amounts in UNITS.values()]
    return fill_out(scheme, FORM, tmp_path, answers)


def test_a_round(books, scheme, tmp_path):
    result_ = collect(books, "--scheme", scheme, "--feedback")
    details = {(row["考核单位"], row["指标编号"]): row for row in rows(result_, "得分明细")}
    for name, (_, best, rank) in WANTED.items():
        assert [details[name, code]["最终得分"] for code in ("2.1.1", "2.2.1")] == [float(best), float(rank)]
    assert details["乙", "1.2.1"]["分值"] == "1"
    ranking = {row["考核单位"]: row for row in rows(result_, "表排名")}
    assert (ranking["甲"]["总分"], ranking["甲"]["名次"]) == (35.2, 1)
    assert [row for row in rows(result_, "问题清单") if row["级别"] != "提醒"] == []
    path, earlier = tmp_path / "sent-out" / "考核结果汇总.xlsx", tmp_path / "earlier.xlsx"
    run("verify", path, books, "--scheme", scheme)
    path.rename(earlier)
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    append(register, "核定", "丙", "1.2.1", "数", 300, "查实")
    save(register, books / "登记表.xlsx")
    result_ = collect(books, "--scheme", scheme, "--since", earlier)
    changed = {(row["考核单位"], row["指标编号"]): row for row in rows(result_, "本轮变化") if row["指标编号"]}
    assert changed["丙", "2.2.1"]["原因"] == "核定"
    assert changed["戊", "2.2.1"]["原因"] == "其他单位：丙核定"


def test_the_workbook_says_it(scheme, tmp_path):
    book = tmp_path / "方案.xlsx"
    run("scheme", "export", book, "--scheme", scheme)
    assert examine(book)[0].forms == examine(scheme)[0].forms
    opened = openpyxl.load_workbook(book)
    sheet = opened["指标"]
    [row] = [row for row in sheet.iter_rows() if row[1].value == "一、基础"]
    [column] = [cell.column for cells in sheet.iter_rows() for cell in cells if cell.value == "分值类型"]
    sheet.cell(row[0].row, column).value = "不计"
    opened.save(book)
    assert "“不计”只用于指标，考核项目要写分值、加分或扣分" in run("scheme", "check", book, code=1)


@pytest.mark.office
def test_forms_and_result_are_recalculated_alike(books, scheme, tmp_path):
    convert("xlsx", tmp_path / "in", *sorted(books.iterdir()))
    for number, (name, amounts) in enumerate(UNITS.items(), 1):
        table = CalamineWorkbook.from_path(tmp_path / "in" / f"{number}.xlsx").get_sheet_by_name(FORM_SHEET)
        cells = table.to_python(skip_empty_area=False)
        shown = [cells[PLACES.item_span(each)[0]][Col.SCORE] for each in FORM.items]
        assert shown == [*(pytest.approx(amount) for amount in amounts), "待排名", "待排名"]
        sums = [cells[row][Col.VALUE] for row in PLACES.taken]
        assert sums == [pytest.approx(float(WANTED[name][0]))] * 2
        assert cells[PLACES.total_row][Col.SCORE] == pytest.approx(amounts[0] + amounts[2])
    collect(tmp_path / "in", "--scheme", scheme, "--feedback")
    assert_recalculated_alike([tmp_path / "in-out" / "考核结果汇总.xlsx"], tmp_path / "again")
    assert_recalculated_alike(sorted((tmp_path / "in-out" / "反馈").iterdir()), tmp_path / "more")

"""Items that do not concern every unit: 折算, 满分, 平均分, 零分; on the form, in scores, totals and ranks."""

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

NOT = None
"""不适用."""
WORK = [
    # scores of the items of 4, 3 and 3 points; the section's, measured by what applies
    ((3, 3, 1.5), "7.50"),
    ((3, NOT, 1.5), "6.43"),
    ((NOT, NOT, 1.5), "5.00"),
    ((4, NOT, 3), "10.00"),
    ((0, NOT, 0), "0.00"),
    ((3.33, 2, NOT), "7.61"),
]
TOTALS = [
    # scores of sections of 30, 50 and 20 points, and of 加分; the total
    ((27, 45, NOT, 0), "90.00"),
    ((20, 41.11, NOT, 0), "76.39"),
    ((27, 45, 18.5, 0), "90.50"),
    ((NOT, NOT, 18.5, 0), "92.50"),
    ((27, 45, NOT, 2.5), "92.50"),
    ((NOT, NOT, NOT, 1), "没有"),
]
MEANS = [
    ((5, 4, 3.5, 2, NOT), "5.00 4.00 3.50 2.00 3.63"),
    ((5, 4.5, NOT, 3.17, NOT), "5.00 4.50 4.22 3.17 4.22"),
    ((5, 4, 3.5, 2, 1), "5.00 4.00 3.50 2.00 1.00"),
    ((NOT, NOT, 3.33, NOT, NOT), "3.33 3.33 3.33 3.33 3.33"),
    ((5, 5, 4, NOT, NOT), "5.00 5.00 4.00 4.67 4.67"),
]


def item(code, points, mode="折算", **more):
    about = {"code": code, "method": "查资料", "content": f"内容{code}", "text": "细则。"}
    asks = [fact("评", {"kind": "分值", "most": points})]
    return {
        **about,
        "points": points,
        **({"not_applicable": mode} if mode else {}),
        "facts": asks,
        "rule": {"kind": "given", "value": "评"},
        **more,
    }


def tree(sections, units, **more):
    roster = [{"name": f"{number}号局", "form": "表"} for number in range(1, units + 1)]
    points = sum(each.get("points", 0) for each in sections)
    return with_forms(roster, [form("表", "附件1", sections=sections, **({"points": points} | more))])


def scheme_of(*amounts, mode="折算", units=8, **more):
    """A section for each list of points, one item each of them."""
    sections = [
        section(
            f"第{number}项",
            [item(f"{number}.{at}.1", points, mode) for at, points in enumerate(own, 1)],
            points=sum(own),
        )
        for number, own in enumerate(amounts, 1)
    ]
    return build(tree(sections, units, **more), "na")


def filled(form_, scores):
    """A unit's answers: an item's score in points, or None where it does not concern the unit."""
    values = {fact.key: 1 for fact in form_.declarations}
    for each, score in zip(form_.items, scores, strict=True):
        if each.applying:
            values[each.applying.key] = int(score is NOT)
        [asked] = [fact for fact in each.facts if fact != each.applying]
        values[asked.key] = None if score is NOT else round(score * 100)
    return values


def scored(scheme, cases, register=None):
    [form_] = scheme.forms
    units = {number: filled(form_, scores) for number, scores in enumerate(cases, 1)}
    return result(form_, units, register, scheme=scheme)


def test_a_section_is_measured_by_the_points_of_what_applies():
    scheme = scheme_of((4, 3, 3))
    scores = scored(scheme, [case for case, _ in WORK])
    assert [two_places(amount) for amount in scores.sections[0]] == [wanted for _, wanted in WORK]
    assert [two_places(amount) for amount in scores.totals] == [wanted for _, wanted in WORK]


def test_sections_that_do_not_apply_leave_the_total_to_the_others():
    sections = [section(f"第{n}项", [item(f"{n}.1.1", p)], points=p) for n, p in enumerate((30, 50, 20), 1)]
    bonus = item("4.1.1", 5, "")
    bonus = {key: each for key, each in bonus.items() if key != "points"} | {"adds": 5}
    bonus |= {
        "facts": [fact("数", {"kind": "次数"})],
        "rule": {"kind": "linear", "start": 0, "terms": [{"fact": "数", "step": 0.01}]},
    }
    scheme = build(tree([*sections, section("加分", [bonus], adds=5)], 8), "na")
    scores = scored(scheme, [case for case, _ in TOTALS])
    totals = [*scores.totals.map(two_places), "没有"]
    assert totals == [wanted for _, wanted in TOTALS]
    assert [unit.name for unit in scores.without_total] == ["6号局"]


@pytest.mark.parametrize(("cases", "wanted"), MEANS)
def test_the_mean_of_the_units_that_it_concerns(cases, wanted):
    scores = scored(scheme_of((5,), mode="平均分", units=5), [(case,) for case in cases])
    assert [two_places(amount) for amount in scores.items["1.1.1"]] == wanted.split()


def test_where_nobody_has_a_score_the_office_decides():
    scores = scored(scheme_of((5,), mode="平均分", units=5), [(NOT,)] * 5)
    asked = {(each.unit.number, each.low, each.high) for each in scores.open}
    assert asked == {(number, 0, 500) for number in range(1, 6)}
    told = "不适用，没有单位有得分可取平均，暂记 0 分，单位填报不适用，待考核办核定，还有 5 个单位数据未知，暂定"
    assert scores.basis["1.1.1"][0] == told


@pytest.mark.parametrize(("mode", "wanted"), [("满分", "4.00"), ("零分", "0.00")])
def test_full_or_no_points(mode, wanted):
    scores = scored(scheme_of((4,), mode=mode), [(NOT,), (3,)])
    assert [two_places(amount) for amount in scores.items["1.1.1"]] == [wanted, "3.00"]


def agreed(*rulings):
    """A register in which the office decided whether items concern units."""
    return Register(
        rulings=tuple(Ruling(unit, code, f"{code} 是否适用", value, "查实", Place()) for unit, code, value in rulings)
    )


def test_a_units_own_word_waits_for_the_office():
    scheme = scheme_of((4, 3, 3))
    cases = [(3, NOT, 1.5), (3, 2, 2)]
    scores = scored(scheme, cases)
    [claim] = [each for each in scores.open if each.fact == "是否适用"]
    assert (claim.unit.number, claim.code, claim.low, claim.high) == (1, "1.2.1", 0, 300)
    assert claim.why.startswith("单位填报本项不适用，暂按不适用计。是否同意？")
    low, high = scores.standings[1].low, scores.standings[1].high
    assert low <= 450
    assert high >= 750
    scores = scored(scheme, cases, agreed((1, "1.2.1", 1)))
    assert [each for each in scores.open if each.fact == "是否适用"] == []
    assert two_places(int(scores.totals[1])) == "6.43"
    assert scores.basis["1.2.1"][0] == (
        "不适用，不计分，3 分不计入考核项目的分值，其余指标的得分按比例折算（是否适用核定为 不适用：查实）"
    )
    scores = scored(scheme, cases, agreed((1, "1.2.1", 0)))
    assert two_places(int(scores.totals[1])) == "4.50"
    assert scores.basis["1.2.1"][0].startswith("“评”未填，暂记 0 分，补正后重算")


def test_a_score_by_ruling_counts_in_its_section():
    scores = scored(
        scheme_of((4, 3, 3)), [(3, NOT, 1.5)], Register(rulings=(Ruling(1, "1.2.1", "", 200, "查实", Place()),))
    )
    assert two_places(int(scores.totals[1])) == "6.50"


def test_where_nothing_applies_there_is_nothing_to_measure_by():
    agree = agreed((1, "1.1.1", 1), (1, "2.1.1", 1))
    scores = scored(scheme_of((6,), (4,)), [(NOT, NOT), (3, 2)], agree)
    [asked] = [each for each in scores.open if each.unit.number == 1]
    assert asked.why.startswith("没有一个有分值的指标适用，总分无从折算，暂不排名。")
    assert (asked.low, asked.high) == (0, 600)
    assert scores.ranks.to_dict() == {2: 1}
    assert [unit.name for unit in ranking(scores).ranked()] == ["2号局"]
    assert (scores.standings[2].best, scores.standings[2].worst) == (1, 8)


def test_the_mean_is_of_scores_as_they_were_decided():
    scheme = scheme_of((5,), mode="平均分", units=4)
    ruled = Register(rulings=tuple(Ruling(unit, "1.1.1", "", 100, "查实", Place()) for unit in (2, 3)))
    filled_in = [filled(scheme.forms[0], scores) for scores in ((5,), (4,), (NOT,), (NOT,))]
    scores = result(scheme.forms[0], dict(enumerate(filled_in, 1)), ruled, scheme=scheme)
    assert scores.items["1.1.1"].tolist() == [500, 100, 100, 300]
    assert scores.basis["1.1.1"][3].startswith("不适用，取适用的 2 个单位的平均分，6 / 2 = 3.00")


def test_a_form_of_fifty_items_that_need_not_apply_fits_into_a_cell():
    scheme_of(*[(2,) * 5] * 10)
    with pytest.raises(SchemeError) as caught:
        scheme_of(*[(1,) * 10] * 25)
    assert "可以不适用而折算的指标太多，自评合计的公式放不下" in [fault.reason for fault in caught.value.faults]


def test_units_that_it_does_not_concern_are_in_no_comparison():
    ranked = item("1.1.1", 10) | {"facts": [fact("量", {"kind": "次数"})], "rule": {"kind": "rank", "fact": "量"}}
    more = item("1.2.1", 10, "")
    scheme = build(tree([section("项", [ranked, more], points=20)], 5), "na")
    cases = [(9, 1), (NOT, 1), (7, 1), (7, 1), (NOT, 1)]
    scores = scored(scheme, cases)
    assert scores.items["1.1.1"].tolist() == [1000, 0, 667, 667, 0]


FAULTS = [
    ({"adds": 5}, 2, "加分的指标不发生就是 0 分，不要写“不适用时”"),
    ({"deducts": 5}, 2, "扣分的指标不发生就是 0 分，不要写“不适用时”"),
    ({"not_applicable": "平均分", "points": 5}, 1, "这张评分表只有一个单位，没有平均分可取"),
    ({"not_applicable": "免", "points": 5}, 2, "“not_applicable”应是折算、满分、平均分或零分，现为“免”"),
]


@pytest.mark.parametrize(("more", "units", "reason"), FAULTS)
def test_what_is_refused(more, units, reason):
    worth = {key: each for key, each in more.items() if key != "not_applicable"}
    wrong = {key: each for key, each in item("1.1.1", 5).items() if key != "points"} | more
    with pytest.raises(SchemeError) as caught:
        build(tree([section("项", [wrong], **worth)], units, points=worth.get("points", 0)), "x")
    assert reason in [fault.reason for fault in caught.value.faults]


def test_the_workbook_says_it_of_items_alone_and_check_reminds_where_nothing_need_apply(scheme, tmp_path):
    book = tmp_path / "方案.xlsx"
    run("scheme", "export", book, "--scheme", scheme)
    assert examine(book)[0].forms == examine(scheme)[0].forms
    said = "评分表“表”：所有指标都可以不适用，单位可能没有总分。"
    assert said in run("scheme", "check", book)
    opened = openpyxl.load_workbook(book)
    sheet = opened["指标"]
    [row] = [row for row in sheet.iter_rows() if row[1].value == "二、乙"]
    [column] = [cell.column for cells in sheet.iter_rows() for cell in cells if cell.value == "不适用时"]
    assert sheet.cell(row[0].row + 1, column).value == "折算"
    sheet.cell(row[0].row + 1, column).value = None
    opened.save(book)
    assert said not in run("scheme", "check", book)
    sheet.cell(row[0].row, column).value = "折算"
    opened.save(book)
    assert "“不适用时”只用于指标" in run("scheme", "check", book, code=1)


SHOWN = [
    # 是否适用 and 评 of items of 4 and 3 points in one section, of 3 in another; their scores, the total
    (("适用", 4), ("适用", 3), ("适用", 3), [4, 3, 3], 10),
    (("适用", 3.33), ("不适用", None), ("适用", 2.5), [3.33, "不适用", 2.5], 8.33),
    (("适用", 3.33), ("适用", 2), ("不适用", None), [3.33, 2, "不适用"], 7.61),
    (("不适用", None), ("不适用", None), ("适用", 2.5), ["不适用", "不适用", 2.5], 8.33),
    (("不适用", 1), ("适用", 2), ("适用", 3), ["不适用", 2, 3], 7.67),
    (("不适用", None), ("不适用", None), ("不适用", None), ["不适用"] * 3, None),
]
WAITING = "4号局 1.1.1，4号局 1.2.1，5号局 1.1.1，6号局 1.1.1，6号局 1.2.1，6号局 2.1.1"
"""What the office is to agree to in the end, of these."""
FORMED = tree(
    [
        section("一、甲", [item("1.1.1", 4), item("1.2.1", 3)], points=7),
        section("二、乙", [item("2.1.1", 3)], points=3),
    ],
    len(SHOWN),
)
FORM = build(FORMED, "na").forms[0]
PLACES = FormLayout.of(FORM)


@pytest.fixture(scope="module")
def scheme(tmp_path_factory):
    path = tmp_path_factory.mktemp("scheme") / "方案.toml"
    path.write_text(toml(FORMED), "utf-8")
    return path


@pytest.fixture
def books(scheme, tmp_path):
    """The units' forms, filled."""
    answers = [[*(value for answer in own for value in answer), "否"] for *own, _, _ in SHOWN]
    return fill_out(scheme, FORM, tmp_path, answers)


def final(result_):
    found = {}
    for row in rows(result_, "得分明细"):
        found.setdefault(row["考核单位"], []).append(row["最终得分"])
    return [found[f"{number}号局"] for number in range(1, len(SHOWN) + 1)]


def claims(result_):
    """What the office is to agree to."""
    asked = [row for row in rows(result_, "待核定") if row["填报项"] == "是否适用"]
    return "，".join(f"{row['考核单位']} {row['指标编号']}" for row in asked)


def test_a_round_with_items_that_do_not_apply(books, scheme, tmp_path):
    result_ = collect(books, "--scheme", scheme, "--feedback")
    assert final(result_) == [scores for *_, scores, _ in SHOWN]
    totals = {row["考核单位"]: row["总分"] for row in rows(result_, "表排名")}
    assert [totals[f"{number}号局"] for number in range(1, 7)] == [total for *_, total in SHOWN]
    *ranked, without = rows(result_, "表排名")
    assert [row["名次"] for row in ranked] == [1, 2, 2, 4, 5]
    assert (without["名次"], without["备注"]) == (None, "没有一个有分值的指标适用，待核定")
    [needless] = [row for row in rows(result_, "问题清单") if row["考核单位"] == "5号局" and row["填报项"]]
    assert (needless["级别"], needless["填报项"]) == ("提醒", "评")
    assert claims(result_) == f"2号局 1.2.1，3号局 2.1.1，{WAITING}"
    earlier = tmp_path / "earlier.xlsx"
    (tmp_path / "sent-out" / "考核结果汇总.xlsx").rename(earlier)
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    append(register, "核定", "2号局", "1.2.1", "是否适用", "不适用", "没有这项工作")
    append(register, "核定", "3号局", "2.1.1", "是否适用", "适用", "有这项工作")
    save(register, books / "登记表.xlsx")
    result_ = collect(books, "--scheme", scheme, "--since", earlier)
    assert claims(result_) == WAITING
    [change] = [row for row in rows(result_, "本轮变化") if row["指标编号"] == "2.1.1"]
    assert [change[label] for label in ("填报项", "原值", "现值", "原因")] == ["是否适用", "不适用", "适用", "核定"]
    run("verify", tmp_path / "sent-out" / "考核结果汇总.xlsx", books, "--scheme", scheme)


@pytest.mark.office
def test_forms_and_result_are_recalculated_alike(books, scheme, tmp_path):
    convert("xlsx", tmp_path / "in", *sorted(books.iterdir()))
    for number, (*_, scores, total) in enumerate(SHOWN, 1):
        table = CalamineWorkbook.from_path(tmp_path / "in" / f"{number}.xlsx").get_sheet_by_name(FORM_SHEET)
        cells = table.to_python(skip_empty_area=False)
        shown = [cells[PLACES.item_span(each)[0]][Col.SCORE] for each in FORM.items]
        assert shown == [each if isinstance(each, str) else pytest.approx(each) for each in scores]
        assert cells[PLACES.total_row][Col.SCORE] == ("" if total is None else pytest.approx(total))
    result_ = collect(tmp_path / "in", "--scheme", scheme, "--feedback")
    assert [row["问题"] for row in rows(result_, "问题清单") if row["级别"] == "提醒" and not row["填报项"]] == []
    assert_recalculated_alike([tmp_path / "in-out" / "考核结果汇总.xlsx"], tmp_path / "again")
    assert_recalculated_alike(sorted((tmp_path / "in-out" / "反馈").iterdir()), tmp_path / "more")

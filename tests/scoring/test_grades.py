"""等次 by totals, quotas and what bars a unit: tables of totals and grades by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from totals import assessed, grades, scheme

from assess_xlsx.answers import Absence, Place
from assess_xlsx.rounds.check_code import check_code
from assess_xlsx.rounds.closing import unsettled
from assess_xlsx.scheme.grades import DOWN, HALF, UP, Quota

VETOES = [{"code": code, "text": f"情形{code}", "clause": "六", "effect": "一票否决"} for code in ("V.1", "V.2")]
SHORT = {"优": "优秀", "良": "良好", "合": "合格", "不": "不合格"}
TEN = "97 95 93 91 88 85 82 79 70 55"


def given(run):
    """等次 of every unit, as people see it; None where there is none."""
    [scores] = run.scores
    return [scores.grades[unit.number].text if unit.number in scores.grades else None for unit in scores.roster()]


def wanted(text):
    """``优 良？`` in full, a question mark being 待核定."""
    return [SHORT[word[0]] + ("（待核定）" if word[1:] else "") for word in text.split()]


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("102.50", "优秀"),
        ("90.00", "优秀"),
        ("89.99", "良好"),
        ("80.00", "良好"),
        ("79.99", "合格"),
        ("60.00", "合格"),
        ("59.99", "不合格"),
        ("0.00", "不合格"),
        (None, None),
    ],
)
def test_the_number_itself_belongs_to_the_better_grade(total, grade):
    assert given(assessed(scheme(1, grades=grades()), [total])) == [grade]


QUOTAS = [
    ("10 个单位，30% = 3 名", TEN, {"优秀": "30%"}, "优 优 优 良 良 良 良 合 合 不"),
    ("第 3、4 名同分，跨界", "97 95 93 93 88 85 82 79 70 55", {"优秀": "30%"}, "优 优 良？ 良？ 良 良 良 合 合 不"),
    ("第 1 名取消评优", TEN, {"优秀": "30%"}, "良 优 优 优 良 良 良 合 合 不"),
    ("达到 90 的只有 2 个", "97 95 89 88 87 85 82 79 70 55", {"优秀": 3}, "优 优 良 良 良 良 良 合 合 不"),
    ("3 个单位，30% = 0 名", "97 95 93", {"优秀": "30%"}, "良 良 良"),
    ("2、3、4 名同分，跨界", "97 93 93 93 88 85 82 79 70 55", {"优秀": 3}, "优 良？ 良？ 良？ 良 良 良 合 合 不"),
    ("良好也有名额 3 名", TEN, {"优秀": 3, "良好": 3}, "优 优 优 良 良 良 合 合 合 不"),
    (
        "良好 2 名，界上同分",
        "97 95 93 88 85 85 82 79 70 55",
        {"优秀": 3, "良好": 2},
        "优 优 优 良 合？ 合？ 合 合 合 不",
    ),
]


def quota_round(case, totals, quotas, more=(), ruled=None):
    """A round of such a table; where the first unit is 取消评优, a circumstance says so."""
    amounts = totals.split()
    vetoes = [(1, "V.1")] if "取消评优" in case else []
    return assessed(
        scheme(len(amounts), grades=grades(quotas), vetoes=VETOES), amounts, [*vetoes, *more], ruled or {}
    )


@pytest.mark.parametrize(("case", "totals", "quotas", "expected"), QUOTAS, ids=[case for case, *_ in QUOTAS])
def test_a_quota_takes_so_many_and_prefers_nobody_who_is_tied(case, totals, quotas, expected):
    run = quota_round(case, totals, quotas)
    assert given(run) == wanted(expected)
    assert len(run.scores[0].open) == expected.count("？")
    assert run.provisional == ("？" in expected)


FEW = (("优秀", 8), ("良好", 4), ("不合格", 0))
ALL = "108 104.5 104.5 101 90"


@pytest.mark.parametrize(
    ("by", "bands", "quotas", "totals", "expected"),
    [  # 加分 is what a total has above 100
        ("得分 二", FEW, {}, ALL, "优 良 良 不 不"),
        ("得分 二", FEW, {"良好": 1}, ALL, "优 不？ 不？ 不 不"),
        ("得分 一", (("优秀", 100), ("不合格", 0)), {}, ALL, "优 优 优 优 不"),
        ("得分 2.1.1", FEW, {"优秀": "20%"}, "110 109 100", "良 良 不"),
        ("得分 1.1.1＋二", (("优秀", 105), ("不合格", 0)), {}, ALL, "优 不 不 不 不"),
    ],
)
def test_they_go_by_scores_where_the_scheme_says_so(by, bands, quotas, totals, expected):
    amounts = totals.split()
    run = assessed(scheme(len(amounts), grades=grades(quotas, bands, by)), amounts)
    assert given(run) == wanted(expected)
    assert all("“得分 2”都是 4.50 分" in each.why for each in run.scores[0].open)


def test_a_unit_of_which_nothing_counts_is_of_the_lowest_grade_by_scores_too():
    decided = {2: Absence(2, "按零分", "一直没有报", Place())}
    made = scheme(3, grades=grades({}, FEW, "得分 二"))
    assert given(assessed(made, ["109", None, None], decided=decided)) == ["优秀", "不合格", None]


@pytest.mark.parametrize(
    ("share", "units", "rounding", "places"),
    [
        ("30%", 10, DOWN, 3),
        ("30%", 9, DOWN, 2),
        ("30%", 9, UP, 3),
        ("30%", 9, HALF, 3),
        ("30%", 8, HALF, 2),
        ("15%", 10, HALF, 2),
        ("12.5%", 4, HALF, 1),
        ("100%", 7, DOWN, 7),
        ("30%", 3, DOWN, 0),
        ("30%", 3, UP, 1),
        ("33.333%", 3, DOWN, 0),
    ],
)
def test_how_many_places_a_part_of_the_units_is(share, units, rounding, places):
    assert Quota(Fraction(share[:-1]) / 100, share=True, rounding=rounding).places(units) == places


def test_places_are_of_the_roster_reported_or_not_but_for_units_left_out():
    ten = scheme(10, grades=grades({"优秀": "30%"}))
    totals = ["97", "95", "93", "91", *[None] * 6]
    assert given(assessed(ten, totals))[:4] == wanted("优 优 优 良")
    left_out = {number: Absence(number, "不参评", "撤并", Place()) for number in (9, 10)}
    run = assessed(ten, totals, decided=left_out)  # 30 % of 8
    assert given(run) == [*wanted("优 优 良 良"), *[None] * 6]


def test_a_unit_by_zero_has_the_last_grade_and_one_that_did_not_report_takes_no_place():
    three = scheme(3, grades=grades({"优秀": 1}))
    zero = {3: Absence(3, "按零分", "催报未报", Place())}
    assert given(assessed(three, [None, "95", None], decided=zero)) == [None, "优秀", "不合格"]


def test_a_circumstance_may_bar_any_grade():
    """总分之外的条件, before the places are given out; the unit falls to the next row that takes it."""
    rows = grades({"良好": 1})
    rows[1]["barred"] = "V.2"
    four = scheme(4, grades=rows, vetoes=VETOES)
    run = assessed(four, ["85", "84", "95", "70"], [(1, "V.2"), (3, "V.2")])
    assert given(run) == ["合格", "良好", "合格", "合格"]
    assert run.scores[0].grades[1].why == "有 V.2，不评良好"


def test_the_office_says_which_of_the_tied_it_is():
    """A ruling counts and takes its place first; the others are settled with it, or stay open."""
    case, totals, quotas, _ = QUOTAS[1]
    run = quota_round(case, totals, quotas, ruled={4: "优秀"})
    assert given(run) == wanted("优 优 良 优 良 良 良 合 合 不")
    assert run.scores[0].open == []
    assert run.scores[0].grades[4].why == "等次核定为优秀：会议研究"
    assert given(quota_round(case, totals, quotas, ruled={4: "良好"})) == wanted("优 优 优 良 良 良 良 合 合 不")
    three = quota_round("", "97 93 93 93 88", {"优秀": 2}, ruled={2: "良好"})
    assert given(three) == wanted("优 良 良？ 良？ 良")


def test_more_rulings_than_places_count_and_are_told():
    run = quota_round("", "97 95 93", {"优秀": 1}, ruled={2: "优秀", 3: "优秀"})
    assert given(run) == ["良好", "优秀", "优秀"]
    assert [problem.text for problem in run.problems if "核定" in problem.text] == [
        "核定为“优秀”的有 2 个单位，超过名额 1 个；核定优先，照此计。"
    ]


def test_a_tie_is_a_question_that_keeps_the_round_open():
    case, totals, quotas, _ = QUOTAS[1]
    run = quota_round(case, totals, quotas)
    [third, fourth] = run.scores[0].open
    assert (third.unit.name, third.code, third.fact, third.score, third.low, third.high) == (
        *("单位3", "", "等次"),
        *(None, None, None),
    )
    assert third.why == (
        "同分超出名额：“优秀”有 3 个名额，已评 2 个；单位3、单位4总分都是 93.00 分，暂列“良好”。"
        "应评哪个等次？请填优秀或良好。"
    )
    assert fourth.ranks == "3→3"
    assert unsettled(run) == [f"单位{n}的“等次”待核定：请在登记表的“核定”里写明。" for n in (3, 4)]


def test_the_check_code_knows_the_grade():
    six = [check_code(quota_round("", "97 95 93", {"优秀": most})) for most in (1, 2, 3)]
    assert len(set(six)) == 3

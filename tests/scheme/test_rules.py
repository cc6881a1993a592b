"""Every rule kind as a table of facts and scores, the laws that hold for all of them, and what is refused."""

from __future__ import annotations

import copy
from fractions import Fraction
from math import floor

import pytest
from every_kind import TREE
from every_kind import only_item as item
from hypothesis import given, settings
from hypothesis import strategies as st

from assess_xlsx.amounts import share, weighed
from assess_xlsx.answers import Answer
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.rules import RULES
from assess_xlsx.scheme.rules.lines import READING, Shape
from assess_xlsx.scheme.tree import SchemeError
from assess_xlsx.scoring.score import item_scores
from assess_xlsx.scoring.settle import settle
from assess_xlsx.scoring.together import alone

COUNT = {"label": "数", "kind": "次数"}
WHOLE = {"label": "总", "kind": "次数"}
RATE = {"label": "率", "kind": "百分比"}
FURTHER, ENDLESS = RATE | {"most": 150}, RATE | {"most": "不限"}
IN_PROPORTION = {"kind": "ratio", "fact": "率"}
AREA = {"label": "面积", "kind": "数值", "measure": "亩"}
DONE = {"label": "完成", "kind": "是否"}
NEEDED = {"label": "有", "kind": "是否"}
PARTS = [WHOLE, COUNT | {"at_most": "总"}]
GRADE = {"label": "等次", "kind": "选项", "options": ["好", "中", "差"]}
GRADED = {"kind": "choice", "fact": "等次"}
WORTH = {"points": 10}
BONUS = {"adds": 10}
LESS = {"deducts": 10}


def only(fact):
    return fact | {"only_with": {"fact": "有", "is": "是"}}


def answered(form, answers):
    """A unit's answers, as a form would be read."""
    raws = [answers.get(fact.label) for fact in form.facts]
    return [
        Answer(None if raw is None else fact.kind.parse(raw).value)
        for fact, raw in zip(form.facts, raws, strict=True)
    ]


def scored(form, *units):
    """Points and sentences, one a unit."""
    facts = alone(settle(form, range(1, len(units) + 1), [answered(form, each) for each in units]))
    [only_item] = form.items
    scores = item_scores(facts)[0]["1.1.1"].to_numpy()
    return [cents / 100 for cents in scores.tolist()], only_item.rule.explain(facts.columns, scores)


UP = [{"at_least": 90, "points": 10}, {"at_least": 60, "points": 4}, {"at_least": 0, "points": 0}]
FEW = {"kind": "margin", "fact": "率", "at_least": 2, "above": {"per": 0.5, "step": -1}}
MORE = {"kind": "margin", "fact": "数", "at_least": 100, "above": {"per": 5, "step": 1}, "base": 0}
BOTH = {
    "kind": "margin",
    "fact": "率",
    "at_least": 90,
    "above": {"per": 1, "step": 0.2},
    "below": {"per": 1, "step": -0.5, "started": "按一份"},
    "base": 8,
    "zero": {"below": 60},
}
MARKS = {"kind": "efficacy", "fact": "率", "worst": {"at_least": 60}, "best": {"at_least": 95}}
KNOTS = {"kind": "knots", "fact": "率", "knots": [{"at": 60, "points": 0}, {"at": 95, "points": 10}]}
UPWARDS = {"kind": "linear", "start": 0}
OFF = {"kind": "margin", "fact": "率", "at_least": 20, "below": {"per": 1, "step": -0.1}}
ONE = {"points": 1}


@pytest.mark.parametrize(
    ("worth", "facts", "rule", "answers", "score", "sentence"),
    [
        (
            WORTH,
            [RATE],
            {"kind": "bands", "fact": "率", "bands": UP},
            {"率": 0.9},
            10,
            "率 90%，达到 90%以上，记 10 分",
        ),
        (
            WORTH,
            [COUNT, WHOLE],
            {"kind": "bands", "fact": "数", "whole": "总", "bands": UP},
            {"数": 179_999, "总": 200_000},
            10,
            "数 179999 / 总 200000 ≈ 90%，达到 90%以上，记 10 分",
        ),
        (
            WORTH,
            [COUNT, WHOLE],
            {"kind": "bands", "fact": "数", "whole": "总", "bands": UP, "otherwise": 6},
            {"数": 0, "总": 0},
            6,
            "“总”为 0，记 6 分",
        ),
        (
            WORTH,
            [NEEDED, only(RATE)],
            {"kind": "bands", "fact": "率", "bands": UP, "otherwise": 5},
            {"有": "否"},
            5,
            "“有”为“否”，记 5 分",
        ),
        (
            LESS,
            [GRADE],
            {"kind": "choice", "fact": "等次", "scores": {"好": 0, "中": -2.5, "差": -10}},
            {"等次": "中"},
            -2.5,
            "“等次”选“中”，扣 2.5 分",
        ),
        (ONE, [RATE], OFF, {"率": 0.155}, 0.55, "率 15.5%，比基准 20% 低 4.5%，1 − 0.1 × 4.5 = 0.55"),
        (ONE, [RATE], OFF, {"率": 0.1555}, 0.56, "率 15.55%，比基准 20% 低 4.45%，1 − 0.1 × 4.45 = 0.56"),
        (ONE, [RATE], OFF, {"率": 0.2}, 1, "率 20%，等于基准 20%，记 1 分"),
        (ONE, [RATE], OFF, {"率": 0}, 0, "率 0%，比基准 20% 低 20%，1 − 0.1 × 20，扣完为止，记 0 分"),
        (
            ONE,
            [RATE],
            OFF | {"below": {"per": 1, "step": -0.1, "started": "不计"}},
            {"率": 0.155},
            0.6,
            "率 15.5%，比基准 20% 低 4.5%，1 − 0.1 × 4（每1%一份，不满的不计） = 0.60",
        ),
        (
            ONE,
            [RATE],
            OFF | {"below": {"per": 2, "step": -0.1, "started": "按一份"}, "floor": 0.75},
            {"率": 0.155},
            0.75,
            "率 15.5%，比基准 20% 低 4.5%，1 − 0.1 × 3（每2%一份，不满的按一份），扣完为止，记 0.75 分",
        ),
        (
            BONUS,
            [COUNT],
            {"kind": "linear", "start": 0, "terms": [{"fact": "数", "per": 5, "step": 1, "at_most": 3}]},
            {"数": 14},
            2,
            "1 × 2（数 14，每满5，最多计3次） = 2.00",
        ),
        (
            BONUS,
            [AREA],
            {"kind": "linear", "start": 0, "terms": [{"fact": "面积", "per": 0.3, "step": 0.5}]},
            {"面积": 0.9},
            1.5,
            "0.5 × 3（面积 0.9亩，每满0.3亩） = 1.50",
        ),
        (
            WORTH,
            PARTS,
            {"kind": "ratio", "fact": "数", "whole": "总", "zero_below": 60},
            {"总": 5, "数": 3},
            6,
            "10 × 数 3 / 总 5 = 6.00",
        ),
        (
            WORTH,
            PARTS,
            {"kind": "ratio", "fact": "数", "whole": "总", "zero_below": 60},
            {"总": 7, "数": 4},
            0,
            "数 4 / 总 7 ≈ 57.14%，不足 60%，记 0 分",
        ),
        (ONE, [RATE], OFF, {"率": 0.35}, 1, "率 35%，高于基准 20%，记 1 分"),
        (WORTH, [RATE], FEW, {"率": 0.013}, 10, "率 1.3%，低于基准 2%，记 10 分"),
        (WORTH, [RATE], FEW, {"率": 0.0275}, 8.5, "率 2.75%，比基准 2% 高 0.75%，10 − 1 × 0.75/0.5 = 8.50"),
        (WORTH, [RATE], FEW | {"zero": {"from": 5}}, {"率": 0.05}, 0, "率 5%，达到 5%，记 0 分"),
        (
            WORTH,
            [RATE],
            FEW | {"zero": {"from": 5}},
            {"率": 0.0499},
            4.02,
            "率 4.99%，比基准 2% 高 2.99%，10 − 1 × 2.99/0.5 = 4.02",
        ),
        (BONUS, [COUNT], MORE, {"数": 130}, 6, "数 130，比基准 100 高 30，0 + 1 × 30/5 = 6.00"),
        (BONUS, [COUNT], MORE, {"数": 204}, 10, "数 204，比基准 100 高 104，0 + 1 × 104/5，封顶，记 10 分"),
        (BONUS, [COUNT], MORE, {"数": 99}, 0, "数 99，低于基准 100，记 0 分"),
        (BONUS, [COUNT], MORE, {}, 0, "数 0，低于基准 100，记 0 分"),
        (WORTH, [RATE], BOTH, {"率": 0.95}, 9, "率 95%，比基准 90% 高 5%，8 + 0.2 × 5 = 9.00"),
        (
            WORTH,
            [RATE],
            BOTH,
            {"率": 0.855},
            5.5,
            "率 85.5%，比基准 90% 低 4.5%，8 − 0.5 × 5（每1%一份，不满的按一份） = 5.50",
        ),
        (WORTH, [RATE], BOTH, {"率": 0.5999}, 0, "率 59.99%，不足 60%，记 0 分"),
        (
            LESS,
            [COUNT],
            {"kind": "margin", "fact": "数", "at_least": 12, "below": {"per": 8, "step": -0.1}},
            {"数": 9},
            -0.04,
            "数 9，比基准 12 低 3，0 − 0.1 × 3/8 = -0.04",
        ),
        (
            WORTH,
            [COUNT, WHOLE],
            {"kind": "ratio", "fact": "数", "whole": "总", "cap": 10},
            {"数": 7, "总": 4},
            10,
            "数 7 / 总 4 超过 1，按 1 计，10 × 1 = 10.00",
        ),
        (BONUS, [DONE], {"kind": "flat", "fact": "完成", "is": "是"}, {"完成": "是"}, 10, "“完成”选“是”，记 10 分"),
        (BONUS, [DONE], {"kind": "flat", "fact": "完成", "is": "是"}, {}, 0, "“完成”选“否”，记 0 分"),
        (LESS, [COUNT], {"kind": "flat", "fact": "数", "at_least": 2}, {"数": 2}, -10, "数 2，达到 2，扣 10 分"),
        (
            BONUS,
            [GRADE],
            {"kind": "choice", "fact": "等次", "scores": {"好": 10, "中": 5, "差": 0}},
            {},
            0,
            "“等次”选“差”，记 0 分",
        ),
        (BONUS, [DONE | {"label": "有"}, only(RATE)], {"kind": "ratio", "fact": "率"}, {}, 0, "“有”为“否”，记 0 分"),
        (
            WORTH,
            [RATE],
            MARKS,
            {"率": 0.71},
            7.26,
            "率 71%，不允许值 60%，满意值 95%，6 + (10 − 6) × (71 − 60) / (95 − 60) = 7.26",
        ),
        (WORTH, [RATE], MARKS, {"率": 0.95}, 10, "率 95%，达到满意值 95%，记 10 分"),
        (
            WORTH,
            [RATE],
            MARKS | {"floor": 2},
            {"率": 0.1},
            2,
            "率 10%，不允许值 60%，满意值 95%，6 + (10 − 6) × (10 − 60) / (95 − 60)，减到 2 分为止，记 2 分",
        ),
        (
            WORTH,
            [RATE],
            MARKS | {"worst": {"at_least": 20}, "best": {"at_least": 5}},
            {"率": 0.065},
            9.6,
            "率 6.5%，不允许值 20%，满意值 5%，6 + (10 − 6) × (20 − 6.5) / (20 − 5) = 9.60",
        ),
        (
            WORTH,
            [RATE],
            MARKS | {"worst": {"at_least": 20}, "best": {"at_least": 5}},
            {"率": 0.04},
            10,
            "率 4%，不超过满意值 5%，记 10 分",
        ),
        (
            WORTH,
            [COUNT, DONE],
            {"kind": "linear", "start": 10, "floor": 0, "terms": [{"fact": "数", "step": -1}]}
            | {"exempt": [{"fact": "完成", "is": "是"}]},
            {"数": 3, "完成": "是"},
            10,
            "“完成”选“是”，免扣，记 10 分",
        ),
        (
            LESS,
            [COUNT, WHOLE],
            {"kind": "flat", "fact": "数", "at_least": 1, "exempt": [{"fact": "总", "below": 5}]},
            {"数": 3, "总": 4},
            0,
            "总 4，不足 5，免扣，不扣分",
        ),
        (WORTH, [RATE], KNOTS, {"率": 0.5}, 0, "率 50%，不足 60%，记 0 分"),
        (WORTH, [RATE], KNOTS, {"率": 0.6}, 0, "率 60%，正好是 60%，记 0 分"),
        (WORTH, [RATE], KNOTS, {"率": 0.99}, 10, "率 99%，超过 95%，记 10 分"),
        (
            LESS,
            [COUNT],
            {"kind": "knots", "fact": "数", "knots": [{"at": 1, "points": -1}, {"at": 4, "points": -10}]},
            {"数": 3},
            -7,
            "数 3，在 1（-1 分）和 4（-10 分）之间，(-1) + ((-10) − (-1)) × (3 − 1) / (4 − 1) = -7.00",
        ),
        # beyond 100 %: what is in proportion ends at the points, all else takes it as it is
        (WORTH, [FURTHER], IN_PROPORTION, {"率": 0.9}, 9, "10 × 率 90% = 9.00"),
        (WORTH, [FURTHER], IN_PROPORTION, {"率": 1}, 10, "10 × 率 100% = 10.00"),
        (
            WORTH,
            [FURTHER],
            IN_PROPORTION | {"cap": 10},
            {"率": "120%"},
            10,
            "率 120% 超过 100%，按 100% 计，10 × 100% = 10.00",
        ),
        (
            WORTH,
            [ENDLESS],
            {"kind": "bands", "fact": "率", "bands": [{"at_least": 120, "points": 10}, UP[2]]},
            {"率": "120%"},
            10,
            "率 120%，达到 120%以上，记 10 分",
        ),
        (
            BONUS,
            [ENDLESS],
            {"kind": "margin", "fact": "率", "at_least": 100, "base": 0, "above": {"per": 1, "step": 0.2}},
            {"率": "133.335%"},
            6.67,
            "率 133.34%，比基准 100% 高 33.34%，0 + 0.2 × 33.34 = 6.67",
        ),
        (
            WORTH,
            [{"label": "评", "kind": "分值", "most": 10}],
            {"kind": "given", "value": "评"},
            {"评": 10},
            10,
            "评 10 分",
        ),
        (
            LESS,
            [{"label": "扣", "kind": "分值", "most": 10, "by": "office"}],
            {"kind": "direct", "fact": "扣"},
            {"扣": 1.25},
            -1.25,
            "考核办评分：扣 1.25 分，扣 1.25 分",
        ),
    ],
)
def test_one_unit(worth, facts, rule, answers, score, sentence):
    assert scored(item(worth, facts, rule), answers) == ([score], [sentence])


TIERS = {"kind": "tiers", "fact": "数", "first": [{"to": 1, "points": 10}, {"to": 3, "points": 4}], "rest": 1}
SHARES = {
    "kind": "tiers",
    "fact": "数",
    "first_share": [{"to": 20, "points": 10}, {"to": 60, "points": 4}],
    "rest": 0,
}
LAST = {"kind": "tiers", "fact": "数", "last": [{"to": 1, "points": -10}, {"to": 2, "points": -5}], "rest": 0}
EXTREMES = {"kind": "efficacy", "fact": "数", "worst": {"is": "最差"}, "best": {"is": "最好"}}
MEAN = {"kind": "margin", "fact": "数", "against": "平均数", "below": {"per": 1, "step": -1}}


@pytest.mark.parametrize(
    ("worth", "rule", "amounts", "scores", "sentence"),
    [
        (
            WORTH,
            {"kind": "rank", "fact": "数"},
            [5, 9, 5, 0],
            [7.5, 10, 7.5, 0],
            "数 5，第2名，10 × (4 − 2 + 1) / 4 = 7.50",
        ),
        (
            WORTH,
            {"kind": "rank", "fact": "数", "order": "从少到多"},
            [5, 9, 5, 0],
            [7.5, 2.5, 7.5, 10],
            "数 5，第2名，10 × (4 − 2 + 1) / 4 = 7.50",
        ),
        (WORTH, TIERS, [5, 9, 5, 0, 7], [4, 10, 4, 1, 4], "数 5，第3名，在前 3 名之内，记 4 分"),
        (
            WORTH,
            TIERS | {"order": "从少到多"},
            [0, 9, 5, 0, 7],
            [10, 1, 4, 10, 1],
            "数 0，第1名，在前 1 名之内，记 10 分",
        ),
        (WORTH, SHARES, [9, 8, 7, 6, 5], [10, 4, 4, 0, 0], "数 9，第1名，1 ≤ 5 × 20%，在前 20% 之内，记 10 分"),
        (LESS, LAST, [9, 8, 3, 3, 5], [0, 0, -10, -10, 0], "数 9，倒数第5名，在其余名次，不扣分"),
        (BONUS, TIERS, [5, None, 3, 0, None], [10, 0, 4, 0, 0], "数 5，第1名，在前 1 名之内，记 10 分"),
        (WORTH, {"kind": "best", "fact": "数"}, [30, 90, 0], [3.33, 10, 0], "10 × 数 30 / 最大值 90 = 3.33"),
        (
            WORTH,
            {"kind": "best", "fact": "数", "order": "从少到多"},
            [30, 90, 20],
            [6.67, 2.22, 10],
            "10 × 最小值 20 / 数 30 = 6.67",
        ),
        (
            WORTH,
            {"kind": "best", "fact": "数", "order": "从少到多"},
            [0, 90, 0],
            [10, 0, 10],
            "数 0，最小值为 0，记 10 分",
        ),
        (
            WORTH,
            EXTREMES,
            [50, 80, 100, 62],
            [0, 6, 10, 2.4],
            "数 50，最差 50，最好 100，10 × (50 − 50) / (100 − 50) = 0.00",
        ),
        (
            WORTH,
            EXTREMES | {"order": "从少到多"},
            [5, 2, 0, 3],
            [0, 6, 10, 4],
            "数 5，最差 5，最好 0，10 × (5 − 5) / (5 − 0) = 0.00",
        ),
        (WORTH, EXTREMES, [7, 7, 7, 7], [10, 10, 10, 10], "数 7，各单位最差的和最好的相同，记 10 分"),
        (
            WORTH,
            EXTREMES | {"base": 4},
            [62, None, 100, 50],
            [5.44, 0, 10, 4],
            "数 62，最差 50，最好 100，4 + (10 − 4) × (62 − 50) / (100 − 50) = 5.44",
        ),
        (WORTH, EXTREMES, [3, None, None, None], [10, 0, 0, 0], "数 3，各单位最差的和最好的相同，记 10 分"),
        (BONUS, EXTREMES, [4, 0, None, 8], [0, 0, 0, 10], "数 4，最差 4，最好 8，10 × (4 − 4) / (8 − 4) = 0.00"),
        (BONUS, EXTREMES, [0, 5], [0, 10], "“数”为 0，记 0 分"),
        (WORTH, MEAN, [5, 9, 6], [8.33, 10, 9.33], "数 5，比各单位平均数 6.67 低 1.67，10 − 1 × 1.67 = 8.33"),
        (WORTH, MEAN, [5, 9, None], [8, 10, 0], "数 5，比各单位平均数 7 低 2，10 − 1 × 2 = 8.00"),
    ],
)
def test_units_against_each_other(worth, rule, amounts, scores, sentence):
    """An amount that is not known is no value to compare with; a blank 加分 is none either."""
    form = item(worth, [COUNT], rule, units=len(amounts))
    found, sentences = scored(form, *({"数": amount} for amount in amounts))
    assert found == scores
    assert sentences[0] == sentence


RATES = [(1, 20_000), (7, 10_000), (20, 15_000), (10, 8_000)]
"""Far below a hundredth of a percent apart."""


@pytest.mark.parametrize(
    ("rule", "scores", "sentence"),
    [
        (
            {"kind": "best", "order": "从少到多"},
            [10, 0.71, 0.38, 0.4],
            "最小值 1/20000，10 × (1/20000) / (1/20000) = 10.00",
        ),
        ({"kind": "best"}, [0.38, 5.25, 10, 9.38], "最大值 20/15000，10 × (1/20000) / (20/15000) = 0.38"),
        ({"kind": "rank"}, [2.5, 5, 10, 7.5], "第4名，10 × (4 − 4 + 1) / 4 = 2.50"),
        (TIERS | {"order": "从少到多"}, [10, 4, 1, 4], "第1名，在前 1 名之内，记 10 分"),
        (
            EXTREMES | {"order": "从少到多"},
            [10, 4.94, 0, 0.65],
            "最差 (1/750)，最好 0.00005，10 × ((1/750) − 0.00005) / ((1/750) − 0.00005) = 10.00",
        ),
    ],
)
def test_units_are_compared_by_the_quotient_itself(rule, scores, sentence):
    form = item(WORTH, [COUNT, WHOLE], {"fact": "数", "whole": "总"} | rule, units=4)
    found, sentences = scored(form, *({"数": part, "总": whole} for part, whole in RATES))
    assert found == scores
    assert sentences[0] == f"数 1 / 总 20000 = 0.00005，{sentence}"


def test_a_count_by_a_measured_number():
    facts = [AREA | {"label": "总天数", "measure": "天"}, WHOLE]
    rule = {"kind": "best", "fact": "总天数", "whole": "总", "order": "从少到多"}
    found, sentences = scored(item(WORTH, facts, rule, 2), {"总天数": 7.5, "总": 3}, {"总天数": 2, "总": 1})
    assert found == [8, 10]
    assert sentences[0] == "总天数 7.5 / 总 3 = 2.5，最小值 2/1，10 × (2/1) / (7.5/3) = 8.00"
    bands = {"kind": "bands", "fact": "总", "whole": "总天数", "bands": UP}
    assert scored(item(WORTH, facts, bands), {"总天数": 4.5, "总": 4})[1] == [
        "总 4 / 总天数 4.5 ≈ 88.89%，达到 60%以上，记 4 分"
    ]


@given(pairs=st.lists(st.tuples(st.integers(0, 999_999_999), st.integers(1, 999_999_999)), min_size=2, max_size=6))
def test_comparing_quotients_is_exact(pairs):
    form = item(WORTH, [COUNT, WHOLE], {"kind": "best", "fact": "数", "whole": "总"}, units=len(pairs))
    found, _ = scored(form, *({"数": part, "总": whole} for part, whole in pairs))
    best = max(Fraction(*pair) for pair in pairs)
    assert found == [best and floor(1000 * Fraction(*pair) / best + Fraction(1, 2)) / 100 for pair in pairs]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_kind_has_an_example_that_computes(rule):
    example = rule.example
    table = dict(example.item)
    facts, made = table.pop("facts"), table.pop("rule")
    units = [example.answers, *example.others]
    form = item(table, facts, made, units=len(units))
    scores, sentences = scored(form, *units)
    worth = form.items[0].worth
    assert worth.low / 100 <= scores[0] <= worth.high / 100
    assert sentences[0].endswith((f"= {scores[0]:.2f}", f"{scores[0]:g} 分"))
    assert rule.title
    assert rule.purpose.endswith("。")
    assert all(line.note.endswith("。") for line in rule.lines)


def covered(lines, table):
    """The table's keys that no line says."""
    left = set(table) - {"kind", "reading"}
    for line in lines:
        keys = {*line.cells.values(), *line.shared.values(), *({"scores"} if line.shape is Shape.BY_OPTION else ())}
        if not line.into or (line.shape is Shape.LIST and line.into in table):
            left -= keys
        if line.into:
            left.discard(line.into)
    return left


def tables():
    for form in TREE["forms"]:
        for section in form["sections"]:
            for row in section["items"]:
                yield row["rule"]


def with_parts(table):
    """A rule's table and those of its parts, each with the lines that say it."""
    rule = RULES[table["kind"]]
    yield rule.lines, {key: value for key, value in table.items() if key != "parts"}
    yield from ((RULES[part["kind"]].part_lines(), part) for part in table.get("parts", ()))


def test_every_rule_of_the_fictional_scheme_can_stand_on_lines():
    assert {table["kind"] for table in tables()} == set(RULES)
    for table in (*tables(), *(rule.example.item["rule"] for rule in RULES.values())):
        for lines, each in with_parts(table):
            assert not covered(lines, each), table


def test_the_names_of_lines_are_told_apart():
    for rule in RULES.values():
        assert len({line.name for line in rule.lines}) == len(rule.lines)
        assert all(line.shape is Shape.ONE for line in rule.lines if READING in line.cells)
    assert len({rule.title for rule in RULES.values()}) == len(RULES)


def half_up(points):
    size = Fraction(floor(abs(points) * 100 + Fraction(1, 2)), 100)
    return size if points >= 0 else -size


@given(st.integers(0, 99_999), st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_share_is_exact(amount, part, whole):
    part = min(part, whole)
    assert share(amount, part, whole) == floor(Fraction(amount * part, whole) + Fraction(1, 2))


@given(st.integers(-50_000, 50_000), st.integers(1, 10_000))
def test_a_weight_rounds_away_from_zero_at_the_half(amount, weight):
    assert Fraction(weighed(amount, weight, 10_000), 100) == half_up(Fraction(amount * weight, 10**6))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=12),
    st.integers(1, 10_000),
    st.integers(1, 300),
    st.integers(1, 100),
)
def test_shortfall_is_exact_and_falls_with_what_lacks(values, threshold, per, step):
    table = {"per": per / 100, "step": -step / 100}
    form = item(WORTH, [RATE], {"kind": "margin", "fact": "率", "at_least": threshold / 100, "below": table}, 12)
    values = sorted(values)
    found, _ = scored(form, *({"率": value / 10_000} for value in values))
    for value, score in zip(values, found, strict=True):
        off = Fraction(step * max(0, threshold - value), 100 * per)
        assert Fraction(round(score * 100), 100) == half_up(max(Fraction(0), 10 - off))
    assert found == sorted(found)
    for started in ("不计", "按一份"):
        rule = {"kind": "margin", "fact": "率", "at_least": threshold / 100, "below": table | {"started": started}}
        other, _ = scored(item(WORTH, [RATE], rule, 12), *({"率": value / 10_000} for value in values))
        assert all(a >= b if started == "不计" else a <= b for a, b in zip(other, found, strict=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=9), st.sampled_from(["从多到少", "从少到多"]))
def test_a_better_number_never_scores_less_among_units(values, order):
    values = sorted(values, reverse=order == "从少到多")
    tiers = {"first": [{"to": 2, "points": 10}, {"to": 4, "points": 7}], "last": [{"to": 3, "points": 1}], "rest": 3}
    for rule in ({"kind": "rank"}, {"kind": "best"}, {"kind": "tiers", **tiers}):
        form = item(WORTH, [COUNT], {**rule, "fact": "数", "order": order}, 9)
        found, _ = scored(form, *({"数": value} for value in values))
        assert found == sorted(found)
        assert all(0 <= score <= 10 for score in found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**9 - 1), min_size=1, max_size=9))
def test_the_mean_is_rounded_half_up_to_two_decimals(values):
    form = item(WORTH, [COUNT], MEAN, 9)
    found, _ = scored(form, *({"数": value} for value in values))
    mean = half_up(Fraction(sum(values), len(values)))
    for value, score in zip(values, found, strict=True):
        assert Fraction(round(score * 100), 100) == max(0, 10 - max(Fraction(0), mean - value))


@pytest.mark.parametrize(
    ("worth", "facts", "rule", "reason"),
    [
        (WORTH, [RATE], MARKS | {"best": {"at_least": 60}}, "不允许值和满意值相同，分不出高低"),
        (WORTH, [RATE], MARKS | {"base": 10}, "“base”应不小于 0、小于分值 10"),
        (WORTH, [RATE], MARKS | {"base": 12}, "“base”应不小于 0、小于分值 10"),
        (WORTH, [RATE], MARKS | {"floor": 6.5}, "“floor”应不小于 0、不超过基本分 6"),
        (WORTH, [RATE], MARKS | {"worst": {"is": "最差"}}, "“最差”要和“最好”一起写"),
        (WORTH, [RATE], MARKS | {"best": {"is": "最好"}}, "“最好”要和“最差”一起写"),
        (WORTH, [RATE], MARKS | {"worst": {"is": "最好"}}, "“is”只能是“最差”，现为“最好”"),
        (WORTH, [RATE], MARKS | {"worst": {}}, "要写且只写一种：“at_least”一个数，或“is”“最差”"),
        (
            WORTH,
            [RATE],
            MARKS | {"order": "从少到多"},
            "满意值比不允许值大，就是多的为好，否则少的为好；不要写“order”",
        ),
        (WORTH, [RATE], MARKS | {"best": {"at_least": 120}}, "“at_least”超过“率”最大的数 100%"),
        (LESS, [RATE], MARKS, "扣分项不能按功效系数记分"),
        (BONUS, [RATE], MARKS | {"base": 6, "worst": {"at_least": 0}}, "都不填应得 0 分，现得 6 分"),
        (WORTH, [COUNT], EXTREMES | {"floor": 0}, "各单位中最差的也得基本分，不要写“floor”"),
        (BONUS, [COUNT], EXTREMES | {"order": "从少到多"}, "加分项不填就是 0，不能少的为好"),
        (WORTH, [RATE], KNOTS | {"knots": KNOTS["knots"][::-1]}, "“点”的“达到”要从小到大"),
        (WORTH, [RATE], KNOTS | {"knots": 2 * KNOTS["knots"][1:]}, "“点”的“达到”要从小到大"),
        (WORTH, [RATE], KNOTS | {"knots": [KNOTS["knots"][0], {"at": 95, "points": 9}]}, "没有一个点得满分 10"),
        (LESS, [RATE], KNOTS | {"knots": [KNOTS["knots"][0], {"at": 95, "points": -9}]}, "没有一个点扣满 10 分"),
        (WORTH, [RATE], KNOTS | {"knots": [KNOTS["knots"][0], {"at": 95, "points": 11}]}, "“points”超出 0 到 10"),
        (WORTH, [RATE], KNOTS | {"knots": KNOTS["knots"][1:]}, "应有 2 到 30 个“点”"),
    ],
)
def test_a_line_that_cannot_stand_is_refused(worth, facts, rule, reason):
    with pytest.raises(SchemeError, match=reason):
        item(worth, facts, rule, units=3)


GAP = [{"at_least": 90, "points": 10}, {"at_least": 0, "below": 60, "points": 0}]
RATE_BANDS = {"kind": "bands", "fact": "率"}


@pytest.mark.parametrize(
    ("worth", "facts", "rule", "reason"),
    [
        (WORTH, [RATE], RATE_BANDS | {"bands": GAP}, "从 90% 起的一档之间有空缺"),
        (WORTH, [RATE], RATE_BANDS | {"bands": UP, "uncovered": "J1"}, "不要写“uncovered”"),
        (WORTH, [RATE], RATE_BANDS | {"bands": [UP[0], GAP[1] | {"below": 91}]}, "与从 90% 起的一档重叠"),
        (WORTH, [RATE], RATE_BANDS | {"bands": [*UP, UP[1]]}, "与从 60% 起的一档重叠"),
        (WORTH, [RATE], RATE_BANDS | {"bands": UP[:2]}, "最低的一档应从 0 起"),
        (WORTH, [RATE], RATE_BANDS | {"bands": [UP[0] | {"below": 95}, UP[2]]}, "最高的一档没有上限"),
        (WORTH, [RATE], RATE_BANDS | {"bands": [UP[0] | {"at_least": 120}, UP[2]]}, "超过“率”最大的数 100%"),
        (WORTH, [FURTHER], RATE_BANDS | {"bands": [UP[0] | {"at_least": 151}, UP[2]]}, "超过“率”最大的数 150%"),
        (WORTH, [RATE | {"most": 0}], IN_PROPORTION, "“most”应大于 0，没有上限的写“不限”"),
        (WORTH, [FURTHER], IN_PROPORTION | {"cap": 12}, "“cap”应等于指标的分值 10"),
        (WORTH, [RATE], RATE_BANDS | {"bands": [UP[0] | {"at_least": 90.001}, UP[2]]}, "最多两位小数"),
        (WORTH, [RATE], RATE_BANDS | {"bands": [*UP, {"at_least": 5}]}, "缺少“points”"),
        (WORTH, [COUNT, RATE], {"kind": "bands", "fact": "数", "whole": "率", "bands": UP}, "才能相除"),
        (WORTH, [RATE], RATE_BANDS | {"bands": UP, "otherwise": 1}, "总要填写，不要写“otherwise”"),
        (WORTH, [NEEDED, only(RATE)], RATE_BANDS | {"bands": UP, "otherwise": 11}, "“otherwise”的分数超出"),
        (ONE, [RATE], OFF | {"against": "平均数"}, "基准要写且只写一种"),
        (
            ONE,
            [RATE],
            {"kind": "margin", "fact": "率", "against": "目标"},
            "“against”只能是“平均数”。处理办法：基准是各单位自己的目标的，请把“完成率”设为填报项，或用“除以”",
        ),
        (LESS, [GRADE], GRADED | {"scores": {"好": 0, "中": 2, "差": -10}}, "“中”记 2 分，高于 0；扣分的写负数"),
        (LESS, [GRADE], GRADED | {"scores": {"好": 0, "中": -2, "差": -12}}, "“差”记 −12 分，低于 −10"),
        (LESS, [GRADE], GRADED | {"scores": {"好": 0, "中": -8, "差": -2}}, "扣得最多的选项“中”只扣 8 分，分值"),
        (ONE, [RATE], OFF | {"below": {"per": 1, "step": 0.1}}, "有加分的，要写“base”"),
        (ONE, [RATE], OFF | {"base": 0.5}, "规则的最高分是 0.5，应是 1"),
        (ONE, [RATE], OFF | {"above": {"per": 1, "step": 0.1}, "base": 1}, "“base”已是最高分"),
        (ONE, [RATE], {key: OFF[key] for key in ("kind", "fact", "at_least")}, "至少要写一行"),
        (ONE, [RATE], OFF | {"zero": {"below": 10, "from": 90}}, "“不足”“达到”写一个"),
        (LESS, [COUNT], MEAN | {"zero": {"below": 10}}, "只用于分值和加分"),
        (ONE, [RATE], OFF | {"below": {"per": 1, "step": -0.1, "started": "随意"}}, "“started”应是"),
        (ONE, [RATE], OFF | {"floor": 1}, "“floor”应"),
        (BONUS, [COUNT], MEAN, "不能与平均数比"),
        (LESS, [COUNT], {"kind": "rank", "fact": "数"}, "扣分项不能按名次记分"),
        (BONUS, [COUNT], {"kind": "rank", "fact": "数", "order": "从少到多"}, "不能从少到多排名"),
        (WORTH, [COUNT], {"kind": "rank", "fact": "数", "order": "随意"}, "“order”应是"),
        (LESS, [COUNT], {"kind": "best", "fact": "数"}, "扣分项不能"),
        (WORTH, [COUNT], TIERS | {"first_share": [{"to": 5, "points": 1}]}, "要么都写到第几名"),
        (WORTH, [COUNT], TIERS | {"last": [{"to": 3, "points": 1}]}, "超过单位总数 5"),
        (WORTH, [COUNT], TIERS | {"first": [{"to": 3, "points": 10}, {"to": 2, "points": 4}]}, "一段比一段大"),
        (WORTH, [COUNT], TIERS | {"rest": 11}, "超出 0 到 10"),
        (WORTH, [COUNT, WHOLE], {"kind": "ratio", "fact": "数", "whole": "总"}, "比例会超过 1"),
        (WORTH, [COUNT, WHOLE], {"kind": "ratio", "fact": "数", "whole": "总", "cap": 9}, "应等于指标的分值 10"),
        (WORTH, [RATE], {"kind": "ratio", "fact": "率", "cap": 10}, "不要写“cap”"),
        (WORTH, [COUNT], {"kind": "ratio", "fact": "数"}, "不是百分比"),
        (BONUS, [AREA], UPWARDS | {"terms": [{"fact": "面积", "per": 0, "step": 1}]}, "“per”（每满多少）应大于 0"),
        (BONUS, [AREA], UPWARDS | {"terms": [{"fact": "面积", "short_of": 3, "step": 1}]}, "不是次数"),
        (WORTH, [COUNT], UPWARDS | {"terms": [{"fact": "数", "step": 1}]}, "要写“cap”；是扣分的，分数要写负数"),
        (BONUS, [COUNT], UPWARDS | {"terms": 2 * [{"fact": "数", "step": 1}]}, "与上面的一行完全相同"),
        (WORTH, [COUNT], {"kind": "flat", "fact": "数", "at_least": 0}, "应大于 0"),
        (WORTH, [DONE], {"kind": "flat", "fact": "完成", "is": "好"}, "不是“完成”的选项"),
        (WORTH, [{"label": "评", "kind": "分值", "most": 9}], {"kind": "given", "value": "评"}, "至多 10 分"),
        (WORTH, [{"label": "评", "kind": "分值", "most": 10}], {"kind": "direct", "fact": "评"}, "由考核办填报"),
        (WORTH, [{"label": "评", "kind": "分值"}], {"kind": "given", "value": "评"}, "“most”（最多几分）"),
        (
            BONUS,
            [DONE],
            {"kind": "choice", "fact": "完成", "scores": {"是": 0, "否": 10}},
            "都不填应得 0 分，现得 10 分",
        ),
        (BONUS, [COUNT], {"kind": "linear", "start": 1, "terms": [{"fact": "数", "step": 1}]}, "都不填应得 0 分"),
        (LESS, [COUNT], {"kind": "linear", "start": 0, "terms": [{"fact": "数", "step": 1}]}, "要写“cap”"),
        (
            LESS,
            [COUNT],
            {"kind": "linear", "start": 0, "terms": [{"fact": "数", "step": -1}], "floor": -11},
            "-10 到 0 之间",
        ),
        (WORTH, [], {"kind": "rank", "fact": "数"}, "没有填报项"),
        (
            WORTH,
            [GRADE | {"options": ["好"]}],
            {"kind": "choice", "fact": "等次", "scores": {"好": 10}},
            "2 到 50 个",
        ),
        (WORTH, [GRADE | {"options": ['"', "b"]}], {"kind": "choice", "fact": "等次", "scores": {}}, "双引号"),
        (WORTH, [NEEDED, only(RATE), {**DONE, "only_with": {"fact": "率", "above": 5}}], {}, "自己也不总要填写"),
        (BONUS, [NEEDED, {**RATE, "only_with": {"fact": "有", "is": "否"}}], {}, "不填时算“否”，不能以它为条件"),
        (WORTH, [RATE, {**COUNT, "at_most": "率"}], {}, "“at_most”只用于"),
        (WORTH, [COUNT | {"label": ' "'}], {}, "半角双引号"),
    ],
)
def test_a_rule_that_cannot_stand_is_refused(worth, facts, rule, reason):
    with pytest.raises(SchemeError) as refusal:
        item(worth, facts, rule, units=5)
    fault = refusal.value.faults[0]
    assert reason in f"{fault.reason}。处理办法：{fault.remedy}"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda f: f["sections"][0].update(weight=0), "应大于 0、不超过 100"),
        (lambda f: f["sections"][0].update(weight=51), "乘以权重合计 101.2，应为 100"),
        (lambda f: f.update(cap=99), "小于满分 100"),
        (lambda f: f.update(sections=[]), "没有考核项目"),
        (lambda f: f["sections"][0].update(items=[]), "没有指标"),
        (lambda f: f.update(annex="附件/1"), "会用作文件名"),
        (lambda f: f["sections"][0]["items"][0].update(code="一"), "指标编号应形如 1.3.2"),
        (lambda f: f["sections"][0]["items"][2].update(code="1.1.2"), "应在同一考核项目中排在一起"),
    ],
)
def test_a_form_that_cannot_stand_is_refused(change, reason):
    tree = copy.deepcopy(TREE)
    change(tree["forms"][0])
    with pytest.raises(SchemeError) as refusal:
        build(tree, "x")
    assert reason in refusal.value.faults[0].reason


BY_ROSTER = {"kind": "linear", "start": 10, "floor": 0, "terms": [{"fact": "数", "step": -1}], "factor": "花名册"}
BY_GRADE = {"kind": "ratio", "fact": "率", "factor": {"fact": "等次", "scores": {"好": 1.2, "中": 1, "差": 0.5}}}
SIZED = {"kind": "mean", "facts": [{"fact": "一"}, {"fact": "二"}], "missing": "不计"}
TASKS = [{"label": name, "kind": "分值", "most": 10} for name in ("一", "二")]
SIZES = [{"label": f"{name}级", "kind": "选项", "options": ["好", "差"]} for name in ("一", "二")]
LINES = [
    {"fact": f"{name}级", "is": option, "factor": each}
    for name in ("一", "二")
    for option, each in (("好", 1.2), ("差", 1))
]


def but(**scores):
    return BY_GRADE | {"factor": {"fact": "等次", "scores": {"好": 1.2, "中": 1, "差": 0.5} | scores}}


@pytest.mark.parametrize(
    ("facts", "rule", "reason"),
    [
        ([RATE, GRADE], but(差=0), "系数应大于 0、不超过 10"),
        ([RATE, GRADE], but(差=-1), "系数应大于 0、不超过 10"),
        ([RATE, GRADE], but(好=10.5), "系数应大于 0、不超过 10"),
        ([RATE, GRADE], but(好=1.00001), "系数最多四位小数"),
        ([RATE, GRADE], but(优=1), "“优”不是“等次”的选项"),
        ([RATE, GRADE], BY_GRADE | {"factor": {"fact": "等次", "scores": {"好": 1}}}, "没有给“中”“差”写系数"),
        ([RATE, COUNT], BY_GRADE | {"factor": {"fact": "数", "scores": {"好": 1}}}, "“数”不是选项，不能逐项写系数"),
        ([COUNT], BY_ROSTER | {"factor": "名单"}, "“系数”的“选项”只能是“花名册”，现为“名单”"),
        (
            [*TASKS, *SIZES],
            SIZED | {"factors": LINES[:2]},
            "“factors”的填报项有 1 个，各次有 2 次，应一样多、先后对应",
        ),
        ([*TASKS, *SIZES], SIZED | {"factors": [*LINES, LINES[0]]}, "“一级”的“好”写了两行"),
        ([*TASKS, *SIZES], SIZED | {"factors": [*LINES[:3], LINES[3] | {"factor": 0}]}, "系数应大于 0、不超过 10"),
        ([*TASKS, *SIZES], SIZED | {"factors": [*LINES[:3], LINES[3] | {"is": "优"}]}, "“优”不是“二级”的选项"),
        ([*TASKS, *SIZES], SIZED | {"factors": LINES, "use": "乘"}, "“use”应是“加权”或“相乘”，现为“乘”"),
        ([*TASKS, *SIZES], SIZED | {"use": "相乘"}, "没有“factors”，不要写“use”"),
        (
            [*TASKS, *SIZES],
            {key: SIZED[key] for key in ("kind", "facts")} | {"factors": LINES[:3]},
            "“factors”有的选项没有写系数，就是没有这一次，要写“missing”“不计”",
        ),
        (
            [*TASKS, *SIZES],
            SIZED | {"facts": [{"fact": "一", "weight": 40}, {"fact": "二", "weight": 60}], "factors": LINES},
            "写了“factors”的，不要写权重和“drop”",
        ),
    ],
)
def test_a_factor_that_cannot_stand_is_refused(facts, rule, reason):
    with pytest.raises(SchemeError, match=reason):
        item(WORTH, facts, rule)


@pytest.mark.parametrize("factor", [0, -1, 10.5, "120%"])
def test_a_factor_of_the_roster_that_cannot_stand_is_refused(factor):
    tree = copy.deepcopy(TREE)
    tree["roster"][0]["factor"] = factor
    with pytest.raises(SchemeError) as refusal:
        build(tree, "x")
    said = "系数应大于 0、不超过 10" if isinstance(factor, int | float) else "应是数"
    assert said in refusal.value.faults[0].reason


def test_a_factor_is_said_with_whose_it_is():
    units = [{"率": 0.8, "等次": "好"}, {"率": 0.9, "等次": "好"}, {"率": 0.3333, "等次": "差"}]
    assert scored(item(WORTH, [RATE, GRADE], BY_GRADE, 3), *units) == (
        [9.6, 10, 1.67],
        [
            "10 × 率 80% = 8.00；8 × 系数 1.2（“等次”选“好”） = 9.60",
            "10 × 率 90% = 9.00；9 × 系数 1.2（“等次”选“好”），封顶，记 10 分",
            "10 × 率 33.33% = 3.33；3.333 × 系数 0.5（“等次”选“差”） = 1.67",
        ],
    )
    rule = SIZED | {"full": 10, "factors": LINES[:3]}
    tasks = [{"一": 9.5, "一级": "好", "二": 7.25, "二级": "好"}, {"一": 8, "一级": "差", "二级": "差"}]
    assert scored(item(WORTH, [*TASKS, *SIZES], rule), *tasks) == (
        [8.38, 8],
        [
            "10 × (一 9.5 × 1.2 + 二 7.25 × 1.2) / (1.2 + 1.2) / 10 = 8.38",
            "“二级”选“差”，不计，10 × (一 8 × 1) / 1 / 10 = 8.00",
        ],
    )
    units = [{"一": 9.5, "一级": "好", "二": 7.25, "二级": "好"}]
    assert scored(item(WORTH, [*TASKS, *SIZES], rule | {"use": "相乘"}), *units) == (
        [10],
        ["10 × (一 9.5 × 1.2 + 二 7.25 × 1.2) / 2 / 10，封顶，记 10 分"],
    )


LATE = {"kind": "linear", "start": 10, "floor": 0, "terms": [{"fact": "数", "step": -1}]}
RARE = {"label": "有时", "kind": "次数", "only_with": {"fact": "有", "is": "是"}}


@pytest.mark.parametrize(
    ("worth", "facts", "rule", "reason"),
    [
        (WORTH, [COUNT, DONE], LATE | {"exempt": [{"fact": "完成"}]}, "“免扣”要写选项、达到或不足"),
        (
            WORTH,
            [COUNT, DONE],
            LATE | {"exempt": [{"fact": "完成", "is": "否", "points": 10.5}]},
            "“points”应在 0 到 10 之间，现为 10.5",
        ),
        (
            WORTH,
            [COUNT],
            LATE | {"exempt": [{"fact": "数", "at_least": 9, "below": 10}]},
            "“免扣”要写选项、达到或不足",
        ),
        (WORTH, [COUNT], LATE | {"exempt": [{"fact": "数", "below": 0}]}, "“below”应大于 0、不超过“数”最大的数"),
        (WORTH, [COUNT, DONE], LATE | {"exempt": [{"fact": "完成", "is": "好"}]}, "“好”不是“完成”的选项"),
        (
            WORTH,
            [NEEDED, RARE, COUNT],
            LATE | {"exempt": [{"fact": "有时", "at_least": 1}]},
            "“有时”不是总要填写的，不能用来免扣",
        ),
        (
            BONUS,
            [COUNT, DONE],
            UPWARDS | {"terms": [{"fact": "数", "step": 1}], "exempt": [{"fact": "完成", "is": "是"}]},
            "加分的指标没有分可扣，不要写“免扣”",
        ),
        (WORTH, [COUNT], {"kind": "rank", "fact": "数", "exempt": [{"fact": "数", "at_least": 1}]}, "不认识“exempt”"),
        (
            LESS,
            [COUNT, DONE],
            {"kind": "flat", "fact": "数", "at_least": 1, "exempt": [{"fact": "完成", "is": "是", "points": 1}]},
            "“points”应在 -10 到 0 之间，现为 1",
        ),
    ],
)
def test_an_exemption_that_cannot_stand_is_refused(worth, facts, rule, reason):
    with pytest.raises(SchemeError, match=reason):
        item(worth, facts, rule, units=3)


def test_what_takes_off_may_be_exempted():
    exempting = {kind for kind, rule in RULES.items() if any(line.name == "免扣" for line in rule.lines)}
    assert set(RULES) - exempting == {"rank", "best", "efficacy", "given", "mean"}


FIRST = {"kind": "linear", "terms": [{"fact": "数", "step": -1}]}
SECOND = {"kind": "choice", "fact": "完成", "scores": {"是": 0, "否": -2}}
FINE = {"kind": "parts", "start": 10, "floor": 0, "parts": [FIRST, SECOND]}
JUDGED = [COUNT, DONE, {"label": "酌", "kind": "分值", "most": 2, "by": "office"}]


@pytest.mark.parametrize(
    ("worth", "facts", "change", "reason"),
    [
        (WORTH, [COUNT, DONE], {"start": 9.5}, "各分项加起来最多 9.5 分，分值却是 10"),
        (WORTH, [COUNT, DONE], {"start": 10.5}, "各分项加起来会超过 10 分，请写封顶"),
        (WORTH, [COUNT, DONE], {"floor": None}, "各分项会扣到 0 以下，请写最低分"),
        (WORTH, [COUNT], {"parts": [FIRST]}, "只有一个分项，不用写分项"),
        (WORTH, [COUNT, DONE], {"cap": 10.5}, "“cap”应大于 0、不超过 10"),
        (WORTH, [COUNT, DONE], {"cap": 9}, "各分项加起来最多 9 分，分值却是 10"),
        (WORTH, [COUNT, DONE], {"floor": 10}, "“floor”应不小于 0、小于 10"),
        (WORTH, [COUNT, DONE], {"take": "平均"}, "“take”应是“合计”“取最高”或“取最低”，现为“平均”"),
        (WORTH, [COUNT, DONE], {"zero": [{"fact": "数"}]}, "“is”和“at_least”要写且只写一个"),
        (WORTH, [COUNT, DONE], {"zero": [{"fact": "完成", "is": "好"}]}, "“好”不是“完成”的选项"),
        (WORTH, [COUNT, DONE], {"zero": [{"fact": "数", "at_least": 0}]}, "“at_least”应大于 0"),
        (WORTH, [COUNT, DONE], {"parts": [FIRST, FINE]}, "没有“parts”这种计分规则"),
        (WORTH, JUDGED, {"parts": [FIRST, SECOND, {"kind": "direct", "fact": "酌", "points": 0}]}, "不应是 0"),
        (WORTH, [COUNT, RATE], {"parts": [FIRST, {"kind": "ratio", "fact": "率"}]}, "缺少“points”"),
        (
            LESS,
            [COUNT, DONE],
            {"start": 0, "floor": None, "parts": [SECOND, SECOND]},
            "最多扣 4 分，分值却是扣 10 分",
        ),
    ],
)
def test_parts_that_do_not_make_an_item_are_refused(worth, facts, change, reason):
    rule = {key: value for key, value in (FINE | change).items() if value is not None}
    with pytest.raises(SchemeError, match=reason):
        item(worth, facts, rule)


@pytest.mark.parametrize(("points", "start", "score"), [(None, 10, 8.5), (-1, 10, 8.5), (1, 0, 1.5)])
def test_points_that_the_office_judges_come_off_where_nothing_can_be_added(points, start, score):
    part = {"kind": "direct", "fact": "酌"} | ({} if points is None else {"points": points})
    ratio = {"kind": "ratio", "fact": "率", "points": 10}
    parts = [FIRST, part] if start else [ratio, part]
    rule = {"kind": "parts", "start": start, "floor": 0, "parts": parts} | ({} if start else {"cap": 10})
    form = item(WORTH, [COUNT if start else RATE, JUDGED[-1]], rule)
    assert scored(form, {"数": 0, "率": 0, "酌": 1.5})[0] == [score]


def test_a_sentence_of_parts_says_each_and_their_sum():
    rule = {
        "kind": "parts",
        "start": 1,
        "cap": 10,
        "zero": [{"fact": "完成", "is": "否"}],
        "parts": [
            {"kind": "ratio", "fact": "数", "whole": "总", "points": 8},
            {"kind": "choice", "fact": "等次", "scores": {"好": 2, "中": 0, "差": -1}},
        ],
    }
    form = item(WORTH, [*PARTS, GRADE, DONE], rule)
    units = [{"总": 7, "数": 2, "等次": "差", "完成": "是"}, {"总": 1, "数": 1, "等次": "好", "完成": "是"}]
    units.append(units[0] | {"完成": "否"})
    assert scored(form, *units) == (
        [2.29, 10, 0],
        [
            "1. 8 × 数 2 / 总 7 = 2.29；2. “等次”选“差”，扣 1 分；合计 1 + 16/7 − 1 = 2.29",
            "1. 8 × 数 1 / 总 1 = 8.00；2. “等次”选“好”，记 2 分；合计 1 + 8 + 2，封顶，记 10 分",
            "“完成”选“否”，不得分，记 0 分",
        ],
    )


POINTS_ = {"kind": "分值", "most": 10, "by": "office"}
FIRST_Q, SECOND_Q = {"label": "一季度得分", **POINTS_}, {"label": "二季度得分", **POINTS_}
QUARTERS = [{"fact": "一季度得分"}, {"fact": "二季度得分"}]


@pytest.mark.parametrize(
    ("facts", "change", "reason"),
    [
        (
            [FIRST_Q, SECOND_Q],
            {"facts": [QUARTERS[0] | {"weight": 50}, QUARTERS[1] | {"weight": 40}]},
            "各次的权重合计 90%，应为 100%",
        ),
        ([FIRST_Q, SECOND_Q], {"facts": [QUARTERS[0] | {"weight": 50}, QUARTERS[1]]}, "权重要么都写，要么都不写"),
        (
            [FIRST_Q, {"label": "二季度完成率", "kind": "百分比"}],
            {"facts": [QUARTERS[0], {"fact": "二季度完成率"}]},
            "“一季度得分”是分值，“二季度完成率”是百分比，不能平均",
        ),
        ([FIRST_Q, SECOND_Q], {"drop": 2}, "去掉最高、最低各 2 个，至少要有 5 次"),
        ([FIRST_Q], {"facts": QUARTERS[:1]}, "平均至少要有两行“各次”"),
        ([FIRST_Q, COUNT], {"facts": [{"fact": "数"}, *QUARTERS[:1]]}, "“数”是次数，平均的应是分值、百分比或数值"),
        ([FIRST_Q], {"facts": [*QUARTERS[:1], *QUARTERS[:1]]}, "“一季度得分”写了两行"),
        ([FIRST_Q, SECOND_Q], {"missing": "忽略"}, "“missing”应是“不计”或“按0分”，现为“忽略”"),
        ([FIRST_Q, SECOND_Q], {"full": 0}, "“full”应大于 0"),
        ([FIRST_Q, SECOND_Q], {"drop": 0}, "“drop”应大于 0"),
    ],
)
def test_a_mean_that_cannot_stand_is_refused(facts, change, reason):
    with pytest.raises(SchemeError, match=reason):
        item(WORTH, facts, {"kind": "mean", "facts": QUARTERS} | change)


def test_a_mean_says_what_does_not_count():
    facts = [{"label": name, "kind": "分值", "most": 10} for name in ("甲", "乙", "丙", "丁")]
    rule = {"kind": "mean", "facts": [{"fact": each["label"]} for each in facts], "drop": 1, "missing": "不计"}
    units = [{"甲": 9, "乙": 8.5, "丙": 7}, {"甲": 9, "乙": 8.5}]
    assert scored(item(WORTH, facts, rule), *units) == (
        [8.5, 8.75],
        [
            "丁缺，不计，去掉丙 7、甲 9，10 × (乙 8.5) / 1 / 10 = 8.50",
            "丙缺，不计，丁缺，不计，10 × (甲 9 + 乙 8.5) / 2 / 10 = 8.75",
        ],
    )
    weighed = {"kind": "mean", "missing": "不计", "full": 5}
    weighed["facts"] = [{"fact": "甲", "weight": 40}, {"fact": "乙", "weight": 30}, {"fact": "丙", "weight": 30}]
    assert scored(item(WORTH, facts[:3], weighed), {"甲": 4, "乙": 3}, {"甲": 9, "乙": 9, "丙": 9}) == (
        [7.14, 10],
        [
            "丙缺，不计，10 × (甲 4 × 40% + 乙 3 × 30%) / 70% / 5 = 7.14",
            "10 × (甲 9 × 40% + 乙 9 × 30% + 丙 9 × 30%) / 5，封顶，记 10 分",
        ],
    )


NOW, BEFORE = ({"label": name, "kind": "数值", "measure": "万元"} for name in ("今年", "去年"))
GROWN = {"label": "增长率", "kind": "百分比", "how": "增长率", "of": ["今年", "去年"]}
AT_FIVE = {"kind": "margin", "fact": "增长率", "at_least": 5, "below": {"per": 1, "step": -1}}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (
            [NOW, BEFORE | {"measure": "件"}, GROWN | {"label": "差", "kind": "数值", "measure": "件", "how": "差"}],
            "“今年”是万元，“去年”是件，不能相减",
        ),
        ([NOW, GROWN, BEFORE], "“增长率”取用了后面的“去年”，只能取用前面的"),
        ([NOW, BEFORE, GROWN | {"of": ["今年"]}], "“增长率”要在“of”写两个填报项"),
        ([NOW, BEFORE, {key: GROWN[key] for key in ("label", "kind", "how")}], "“增长率”要在“of”写两个填报项"),
        ([NOW, BEFORE, GROWN | {"how": "差", "of": ["今年"]}], "“差”要在“of”写两个以上填报项"),
        ([NOW, BEFORE, GROWN | {"by": "unit"}], "推算的填报项不用填，不要写“by”"),
        ([NOW, BEFORE, GROWN | {"most": 200}], "推算的填报项不用填，不要写“most”"),
        ([NOW, BEFORE, GROWN | {"at_most": "今年"}], "推算的填报项不用填，不要写“at_most”"),
        ([NOW, BEFORE, GROWN | {"how": "倒数"}], "“how”应是差、合计、平均、最大、最小、比、增长率，现为“倒数”"),
        ([NOW, BEFORE, GROWN | {"kind": "数值", "measure": "倍"}], "“增长率”的结果是百分比，类型写成了“数值”"),
        ([NOW, BEFORE, GROWN | {"how": "差"}], "“差”的结果是数值，类型写成了“百分比”"),
        ([DONE, BEFORE, GROWN | {"of": ["完成", "去年"]}], "“完成”是是否，不是数"),
        ([NOW, BEFORE | {"at_most": "增长率"}, GROWN], "前面没有填报项“增长率”"),
    ],
)
def test_a_fact_that_cannot_be_computed_is_refused(facts, reason):
    with pytest.raises(SchemeError, match=reason):
        item(WORTH, facts, AT_FIVE)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"kind": "best", "fact": "增长率", "order": "从少到多"}, "“增长率”会是负数，少的为好时没有最优值之比"),
        (
            {"kind": "linear", "start": 0, "cap": 10, "terms": [{"fact": "增长率", "step": 1}]},
            "“增长率”是百分比，不能逐次加减分",
        ),
        ({"kind": "bands", "fact": "增长率", "whole": "今年", "bands": UP}, "推算的填报项不能再用“除以”"),
        ({"kind": "flat", "fact": "今年", "at_least": 1}, "计分规则没有用到填报项“增长率”"),
    ],
)
def test_a_rule_that_cannot_look_at_a_computed_fact_says_so(rule, reason):
    with pytest.raises(SchemeError, match=reason):
        item(WORTH, [NOW, BEFORE, GROWN], rule)


LATE, LOST = ({"label": name, "kind": "次数", "measure": "次"} for name in ("迟报", "漏报"))
IN_ALL = {"label": "合计", "kind": "数值", "measure": "次", "how": "合计", "of": ["迟报", "漏报"]}
SHORT = {"label": "差额", "kind": "数值", "measure": "次", "how": "差", "of": ["迟报", "漏报"]}
BOTH = {"label": "平均次数", "kind": "数值", "measure": "次", "how": "平均", "of": ["迟报", "漏报"]}


@pytest.mark.parametrize(
    ("fact", "term", "scores", "sentence"),
    [
        (IN_ALL, {"step": -0.5}, [10, 8.5, 0], "10 − 0.5 × 3（合计 3次，迟报 1次、漏报 2次） = 8.50"),
        (IN_ALL, {"step": -1, "per": 2}, [10, 9, 0], "10 − 1 × 1（合计 3次，每满2次，迟报 1次、漏报 2次） = 9.00"),
        (
            IN_ALL,
            {"step": -1, "short_of": 4},
            [6, 9, 10],
            "10 − 1 × 1（合计 3次，少于4次的部分，迟报 1次、漏报 2次） = 9.00",
        ),
        (SHORT, {"step": -1}, [10, 10, 0], "10 − 1 × 0（差额 -1次，迟报 1次、漏报 2次） = 10.00"),
        (BOTH, {"step": -1, "at_most": 3}, [10, 9, 7], None),
    ],
)
def test_steps_may_count_what_is_computed(fact, term, scores, sentence):
    rule = {"kind": "linear", "start": 10, "terms": [{"fact": fact["label"], **term}], "floor": 0}
    units = [{"迟报": 0, "漏报": 0}, {"迟报": 1, "漏报": 2}, {"迟报": 400, "漏报": 8}]
    found, told = scored(item(WORTH, [LATE, LOST, fact], rule), *units)
    assert found == scores
    assert sentence is None or told[1].startswith(sentence)


@pytest.mark.parametrize(
    ("how", "numbers", "value"),
    [
        ("差", (7, 2, 1), 4),
        ("差", (1, 3), -2),
        ("合计", (1, 2, 3.5), 6.5),
        ("平均", (1, 2, 2), Fraction(5, 3)),
        ("最大", (1, 9, 2), 9),
        ("最小", (4, 0.5), 0.5),
        ("比", (1, 3), Fraction(1, 3)),
        ("比", (1, 0), None),
        ("增长率", (-5, -10), Fraction(1, 2)),
        ("增长率", (120, 100), Fraction(1, 5)),
        ("增长率", (10, 0), None),
    ],
)
def test_ways_to_compute(how, numbers, value):
    asked = [{"label": f"数{n}", "kind": "数值", "measure": "元"} for n in range(len(numbers))]
    kind = {"kind": "百分比"} if how in ("比", "增长率") else {"kind": "数值", "measure": "元"}
    facts = [*asked, {"label": "果", **kind, "how": how, "of": [each["label"] for each in asked]}]
    form = item(WORTH, facts, {"kind": "rank", "fact": "果"})
    [fact] = form.items[0].computed
    known = {each.key: int(number * 10**6) for each, number in zip(fact.parts, numbers, strict=True)}
    scale = 10_000 if how in ("比", "增长率") else 10**6
    assert fact.value(known) == (None if value is None else value * scale)

"""What real schemes need, kind by kind: tables of facts and scores, by the rules and by the form in LibreOffice."""

from __future__ import annotations

import io
from typing import Any

import every_kind
import pytest
from conftest import convert, copies
from every_kind import COUNT, YES_NO, fact
from python_calamine import CalamineWorkbook

from assess_xlsx.answers import Answer
from assess_xlsx.forms import form as forms
from assess_xlsx.layout import FORM_SHEET, Col, FormLayout
from assess_xlsx.scheme.model import Form
from assess_xlsx.scheme.rules.parts import Parts
from assess_xlsx.scoring.score import item_scores
from assess_xlsx.scoring.settle import settle

SEVERAL = Parts.example.item
LEVELS = {"国家级": 10, "省级": 6, "市级": 3}
PRAISED = [fact(f"{level}次数", COUNT) for level in LEVELS]
HIGHEST = {
    "kind": "parts",
    "take": "取最高",
    "parts": [
        {"kind": "flat", "fact": f"{level}次数", "at_least": 1, "points": points} for level, points in LEVELS.items()
    ],
}
EACH = {
    "kind": "linear",
    "start": 0,
    "cap": 10,
    "terms": [{"fact": f"{level}次数", "step": points} for level, points in LEVELS.items()],
}
THIRDS = [fact("应", COUNT | {"min": 1}), fact("已", COUNT, at_most="应"), fact("缺", YES_NO)]

QUARTERS = [fact(f"{quarter}季度", {"kind": "分值", "most": 100}) for quarter in "一二三四"]
RATERS = [fact(name, {"kind": "分值", "most": 100}) for name in ("领导", "同级", "群众")]
JUDGES = [fact(f"评委{name}", {"kind": "分值", "most": 10}) for name in "甲乙丙丁戊己庚"]
RATES = [fact(f"{name}率", {"kind": "百分比"}) for name in "上中下"]
AMOUNTS = [fact(f"{name}年", {"kind": "数值", "measure": "万元"}) for name in "前去今"]


def mean(points: int, facts: list[Any], weights: list[int] | None = None, **more: Any) -> Form:
    """An item of so many points by the mean of its facts."""
    terms = [{"fact": each["label"]} for each in facts]
    for term, weight in zip(terms, weights or [], strict=False):
        term["weight"] = weight
    return every_kind.only_item({"points": points}, facts, {"kind": "mean", "facts": terms, **more})


YEARS = [
    fact("本年", {"kind": "数值", "measure": "万元"}),
    fact("上年", {"kind": "数值", "measure": "万元"}),
    {"label": "增长率", "kind": "百分比", "how": "增长率", "of": ["本年", "上年"]},
]
GROWTH = {
    "kind": "margin",
    "fact": "增长率",
    "at_least": 5,
    "base": 3,
    "above": {"per": 1, "step": 0.2},
    "below": {"per": 1, "step": -0.2},
}
TARGET = [
    fact("实际", {"kind": "百分比"}),
    fact("本单位目标", {"kind": "百分比"}),
    {"label": "差", "kind": "百分比", "how": "差", "of": ["实际", "本单位目标"]},
]
THREE = [fact(f"{name}年", {"kind": "数值", "measure": "万元"}) for name in "前去今"]
MEAN_OF_THREE = [*THREE, every_kind.computed("三年平均", every_kind.MONEY, "平均", "前年", "去年", "今年")]
SHARE = [
    fact("完成", COUNT),
    fact("目标", COUNT),
    every_kind.computed("完成率", every_kind.RATE, "比", "完成", "目标"),
]

VALUE = [fact("今", {"kind": "数值", "measure": "点"}), fact("昔", {"kind": "数值", "measure": "点"})]
BELOW_ZERO = [*VALUE, every_kind.computed("实际值", {"kind": "数值", "measure": "点"}, "差", "今", "昔")]
"""A number that may be below 0."""


SIGNED = {"kind": "数值", "measure": "点", "min": -1000}
WORK = {"超负荷": 5, "饱和": 0, "一般": -5, "不足": -10}
FALLING = {"points": 5, "least": -10}
EIGHTHS = {
    "kind": "margin",
    "fact": "数",
    "at_least": 0,
    "base": 0,
    "above": {"per": 8, "step": 1},
    "below": {"per": 8, "step": -1},
}
STEPS = [{"at_least": 5, "points": 3}, {"at_least": 0, "points": 2}, {"at_least": "-5%", "points": 1}, {"points": -1}]


def efficacy(worst: float, best: float, **more: Any) -> Form:
    """Ten points between two marks."""
    rule = {"kind": "efficacy", "fact": "实际值", "worst": {"at_least": worst}, "best": {"at_least": best}}
    return every_kind.only_item({"points": 10}, BELOW_ZERO, rule | more)


def knots(facts: list[Any], *pairs: tuple[float, float], **more: Any) -> Form:
    rule = {"kind": "knots", "knots": [{"at": at, "points": points} for at, points in pairs]}
    return every_kind.only_item({"points": 10}, facts, rule | more)


TABLES: dict[str, tuple[Form, list[tuple[Any, ...]]]] = {
    "several": (
        every_kind.only_item({"points": 4}, SEVERAL["facts"], SEVERAL["rule"]),
        [
            (4, 0, 0, "否", 4.00),
            (3, 2, 0.5, "否", 2.30),
            (6, 0, 0.25, "否", 3.75),
            (0, 0, 0, "否", 0.00),
            (2, 15, 1, "否", 0.00),
            (4, 3, 0.33, "否", 3.37),
            (4, 0, 0, "是", 0.00),
            (3, 0, 1, "否", 2.00),
        ],
    ),
    "highest": (
        every_kind.only_item({"points": 10}, PRAISED, HIGHEST),
        [(0, 0, 0, 0), (0, 0, 2, 3), (0, 1, 2, 6), (1, 3, 0, 10), (0, 2, 0, 6), (2, 0, 0, 10)],
    ),
    "each, capped": (
        every_kind.only_item({"points": 10}, PRAISED, EACH),
        [(0, 0, 0, 0), (0, 0, 2, 6), (0, 1, 2, 10), (1, 3, 0, 10), (0, 2, 0, 10), (2, 0, 0, 10)],
    ),
    "parts are not rounded one by one": (
        every_kind.only_item(
            {"points": 3},
            THIRDS,
            {
                "kind": "parts",
                "parts": [
                    {"kind": "ratio", "fact": "已", "whole": "应", "points": 1},
                    {"kind": "ratio", "fact": "已", "whole": "应", "points": 1.01},
                    {"kind": "choice", "fact": "缺", "scores": {"是": 0, "否": 0.99}},
                ],
            },
        ),
        [(3, 1, "是", 0.67), (3, 2, "否", 2.33), (6, 1, "是", 0.34), (7, 4, "是", 1.15), (3, 3, "否", 3)],
    ),
    "mean": (
        mean(20, QUARTERS, full=100),
        [(92, 88, 95.5, 90, 18.28), (92, None, 95.5, 90, None), (100, 100, 100, 100, 20)],
    ),
    "mean of what is there": (
        mean(20, QUARTERS, full=100, missing="不计"),
        [(92, None, 95.5, 90, 18.50), (92, 88, 95.5, 90, 18.28), (None, None, None, 90, 18), (0, None, 50, None, 5)],
    ),
    "mean with 0 for what is not there": (
        mean(20, QUARTERS, full=100, missing="按0分"),
        [(92, None, 95.5, 90, 13.88), (None, None, None, 90, 4.5)],
    ),
    "weights": (mean(10, RATERS, [40, 30, 30], full=100), [(95, 90, 85, 9.05)]),
    "weights spread anew": (
        mean(10, RATERS, [40, 30, 30], full=100, missing="不计"),
        [(95, 90, None, 9.29), (95, 90, 85, 9.05), (None, 90, None, 9)],
    ),
    "extremes dropped": (
        mean(10, JUDGES, drop=1, missing="不计"),
        [(9, 8.5, 8.5, 8, 7.5, 9.5, 9.5, 8.70), (9, 8, *(5 * [None]), 8.50), (9, 8, 1, *(4 * [None]), 8)],
    ),
    "more extremes dropped": (
        mean(10, JUDGES, drop=2, missing="不计"),
        [(9, 8.5, 8.5, 8, 7.5, 9.5, 9.5, 8.67), (9, 8, 1, 2, *(3 * [None]), 5)],
    ),
    "rounded once": (mean(30, RATERS, full=100), [(90, 90, 90.5, 27.05)]),
    "mean of percentages": (mean(5, RATES), [(0.9, 0.95, 0.9999, 4.75), (1, 1, 1, 5)]),
    "mean of numbers, capped": (mean(5, AMOUNTS, full=2.5), [(1, 2.25, 0.1, 2.23), (9, 8, 7, 5)]),
    "growth": (
        every_kind.only_item({"points": 5}, YEARS, GROWTH),
        [(120, 100, 5), (100, 100, 2), (95, 100, 1), (130, 100, 5), (10, 0, 0), (101.005, 100, 2.20)],
    ),
    "own target": (
        every_kind.only_item(
            {"points": 4}, TARGET, {"kind": "margin", "fact": "差", "at_least": 0, "below": {"per": 1, "step": -0.5}}
        ),
        [
            (0.96, 0.95, 4),
            (0.95, 0.95, 4),
            (0.94, 0.95, 3.5),
            (0.935, 0.95, 3.25),
            (0.80, 0.95, 0),
            (1, 0.98, 4),
            (0.97255, 0.98, 3.63),
        ],
    ),
    "bands of a computed mean": (
        every_kind.only_item(
            {"points": 3},
            MEAN_OF_THREE,
            {
                "kind": "bands",
                "fact": "三年平均",
                "bands": [{"at_least": 2, "points": 3}, {"at_least": 1, "points": 1.5}, {"at_least": 0, "points": 0}],
            },
        ),
        [(1, 2, 3, 3), (1, 2, 2.999999, 1.5), (0.1, 0.2, 2.7, 1.5), (0.1, 0.2, 2.699999, 0), (0, 0, 0, 0)],
    ),
    "a computed percentage in proportion": (
        every_kind.only_item({"points": 7}, SHARE, {"kind": "ratio", "fact": "完成率", "otherwise": 2}),
        [(1, 3, 2.33), (2, 3, 4.67), (5, 3, 7), (0, 3, 0), (1, 0, 2), (1, 800, 0.01)],
    ),
    "between two marks": (
        efficacy(60, 100, base=6),
        [
            (80, 0, 8),
            (60, 0, 6),
            (100, 0, 10),
            (110, 0, 10),
            (40, 0, 4),
            (0, 10, 0),
            (71.3, 0, 7.13),
            (0, None, None),
        ],
    ),
    "between two marks, less is better": (
        efficacy(5, 1),
        [(3, 0, 8), (5, 0, 6), (1, 0, 10), (0, 2, 10), (10, 0, 1), (11, 0, 0), (11.00001, 0, 0)],
    ),
    "between two marks, not below": (efficacy(60, 100, base=3, floor=1.5), [(60, 0, 3), (50, 0, 1.5), (31, 0, 1.5)]),
    "between two marks, a mean that does not come out": (
        every_kind.only_item(
            {"points": 10},
            MEAN_OF_THREE,
            {"kind": "efficacy", "fact": "三年平均", "worst": {"at_least": 1}, "best": {"at_least": 2}, "base": 6},
        ),
        [(1, 1, 2, 7.33), (1.5, 1.5, 1.5, 8), (1, 1, 1.0075, 6.01), (1, 1, 1.003749, 6), (1, 1, 1.00375, 6.01)],
    ),
    "between two marks, a quotient": (
        every_kind.only_item(
            {"points": 7.77},
            [fact("完成", COUNT), fact("计划", COUNT)],
            {
                "kind": "efficacy",
                "fact": "完成",
                "whole": "计划",
                "worst": {"at_least": 60},
                "best": {"at_least": 90},
                "otherwise": 1,
            },
        ),
        [(2, 3, 5.35), (3, 5, 4.66), (9, 10, 7.77), (1, 20, 0), (5, 0, 1)],
    ),
    "between knots": (
        knots([fact("完成率", every_kind.FURTHER)], (60, 0), (80, 6), (100, 10), fact="完成率"),
        [(0.50, 0), (0.60, 0), (0.70, 3), (0.80, 6), (0.8555, 7.11), (0.9999, 10), (1, 10), (1.30, 10)],
    ),
    "between knots, down and up again": (
        knots([fact("数", COUNT)], (2, 10), (5, 4), (8, 9), fact="数"),
        [(0, 10), (2, 10), (3, 8), (5, 4), (6, 5.67), (8, 9), (9, 9)],
    ),
    "between knots, a mean that does not come out": (
        knots(MEAN_OF_THREE, (1, 0), (2, 10), fact="三年平均"),
        [(1, 1, 2, 3.33), (1, 1, 1.0015, 0.01), (1, 1, 1.001499, 0), (0, 0, 0, 0), (9, 9, 9, 10)],
    ),
    "options below 0": (
        every_kind.only_item(
            FALLING,
            [fact("工作量", {"kind": "选项", "options": list(WORK)})],
            {"kind": "choice", "fact": "工作量", "scores": WORK},
        ),
        [*((option, score) for option, score in WORK.items()), (None, None)],
    ),
    "rounded away from zero": (
        every_kind.only_item({"points": 5, "least": -5}, [fact("数", SIGNED)], EIGHTHS),
        [(1, 0.13), (-1, -0.13), (3, 0.38), (-3, -0.38), (-0.04, -0.01), (-8, -1), (-1000, -5), (None, None)],
    ),
    "without a lowest score": (
        every_kind.only_item(
            {"points": 5, "least": "不限"},
            [fact("错", COUNT)],
            {"kind": "linear", "start": 5, "terms": [{"fact": "错", "step": -2}]},
        ),
        [(0, 5), (2, 1), (4, -3), (1000, -1995)],
    ),
    "bands below 0": (
        every_kind.only_item({"points": 3, "least": -1}, YEARS, {"kind": "bands", "fact": "增长率", "bands": STEPS}),
        [(105, 100, 3), (100, 100, 2), (99.99, 100, 1), (95, 100, 1), (94.99, 100, -1), (0, 100, -1), (1, 0, 0)],
    ),
    "between marks below 0": (
        efficacy(-50, -10, base=2),
        [
            (0, 50, 2),
            (0, 10, 10),
            (0, 30, 6),
            (0, 60, 0),
            (100, 0, 10),
            (0, 50.001, 2),
            (0, 50.025, 2),
            (0, 50.03, 1.99),
        ],
    ),
    "between knots below 0": (
        every_kind.only_item(
            {"points": 2, "least": -1},
            [fact("数", SIGNED)],
            {
                "kind": "knots",
                "fact": "数",
                "knots": [{"at": -20, "points": -1}, {"at": 0, "points": 0.5}, {"at": 30, "points": 2}],
            },
        ),
        [(-21, -1), (-20, -1), (-10, -0.25), (-9.8, -0.24), (0, 0.5), (15, 1.25), (31, 2)],
    ),
    "no step of what is below 0": (
        every_kind.only_item(
            {"points": 2},
            [fact("数", SIGNED)],
            {"kind": "linear", "start": 0, "cap": 2, "terms": [{"fact": "数", "per": 2.5, "step": 0.5}]},
        ),
        [(-10, 0), (2.4, 0), (5, 1), (99, 2)],
    ),
    "a mean below 0": (
        every_kind.only_item(
            {"points": 4, "least": -1.5},
            [fact("上", SIGNED), fact("下", SIGNED)],
            {"kind": "mean", "facts": [{"fact": "上"}, {"fact": "下"}], "full": 80},
        ),
        [(80, 80, 4), (-10, 2, -0.2), (-80, 10, -1.5), (-30, 0, -0.75)],
    ),
    "several rules, not below the item's own lowest score": (
        every_kind.only_item(
            {"points": 4, "least": -3},
            [fact("错", COUNT), fact("级", every_kind.LEVELS)],
            {
                "kind": "parts",
                "start": 4,
                "parts": [
                    {"kind": "linear", "terms": [{"fact": "错", "step": -1}]},
                    {"kind": "choice", "fact": "级", "scores": {"好": 0, "中": -2, "差": -4}},
                ],
            },
        ),
        [(0, "好", 4), (1, "中", 1), (3, "差", -3), (1, "差", -1), (99, "好", -3)],
    ),
}
EXEMPT_FACTS = [fact("发生突发事件", YES_NO), fact("迟报次数", COUNT), fact("瞒报次数", COUNT)]
LATE = {
    "kind": "linear",
    "start": 5,
    "floor": 0,
    "terms": [{"fact": "迟报次数", "step": -2}, {"fact": "瞒报次数", "step": -5}],
}
UNLESS = {"exempt": [{"fact": "发生突发事件", "is": "否"}]}
ALSO = {"fact": "发生突发事件", "is": "是"}
TABLES |= {
    "exempt": (
        every_kind.only_item({"points": 5}, EXEMPT_FACTS, LATE | UNLESS),
        [
            ("否", 0, 0, 5),
            ("是", 0, 0, 5),
            ("是", 1, 0, 3),
            ("是", 3, 0, 0),
            ("是", 0, 1, 0),
            ("否", 2, 0, 5),
            (None, 0, 0, None),
            ("否", None, 0, None),
        ],
    ),
    "exempt, before 归零": (
        every_kind.only_item(
            {"points": 5}, EXEMPT_FACTS, LATE | UNLESS | {"zero_if": {"fact": "瞒报次数", "at_least": 1}}
        ),
        [("否", 0, 1, 5), ("是", 0, 1, 0), ("是", 1, 0, 3)],
    ),
    "exempt, facts that are not asked then": (
        every_kind.only_item(
            {"points": 5},
            [EXEMPT_FACTS[0], *(each | {"only_with": ALSO} for each in EXEMPT_FACTS[1:])],
            LATE | UNLESS,
        ),
        [("否", None, None, 5), ("是", 1, 0, 3), ("是", None, 0, None)],
    ),
    "exempt, by numbers, to so many points": (
        every_kind.only_item(
            {"points": 5},
            [fact("天数", COUNT), *EXEMPT_FACTS[1:]],
            LATE | {"exempt": [{"fact": "天数", "below": 30, "points": 4.5}, {"fact": "天数", "at_least": 300}]},
        ),
        [(29, 3, 0, 4.5), (30, 3, 0, 0), (30, 1, 0, 3), (299, 1, 0, 3), (300, 1, 0, 5), (0, 0, 0, 4.5)],
    ),
    "exempt, an item of parts and one of its parts": (
        every_kind.only_item(
            {"points": 5},
            [*EXEMPT_FACTS, fact("已改", YES_NO)],
            {
                "kind": "parts",
                "start": 5,
                "floor": 0,
                "zero": [{"fact": "瞒报次数", "at_least": 3}],
                **UNLESS,
                "parts": [
                    {"kind": "linear", "terms": [{"fact": "迟报次数", "step": -2}]},
                    {
                        "kind": "linear",
                        "terms": [{"fact": "瞒报次数", "step": -1.5}],
                        "exempt": [{"fact": "已改", "is": "是"}],
                    },
                ],
            },
        ),
        [
            ("否", 9, 9, "否", 5),
            ("是", 1, 1, "否", 1.5),
            ("是", 1, 1, "是", 3),
            ("是", 0, 3, "是", 0),
            ("是", 0, 2, "是", 5),
        ],
    ),
    "exempt, of what only takes off": (
        every_kind.only_item(
            {"deducts": 3},
            [fact("无责", YES_NO), fact("漏", COUNT), fact("该", COUNT)],
            {
                "kind": "ratio",
                "fact": "漏",
                "whole": "该",
                "cap": -3,
                "exempt": [{"fact": "无责", "is": "是", "points": -0.5}],
            },
        ),
        [("否", 1, 3, -1), ("是", 1, 3, -0.5), ("是", 0, 3, -0.5), ("否", 0, 3, 0)],
    ),
}
TASKS = ("甲", "乙", "丙")


def tasks(use: str) -> Form:
    """Ten points by three tasks, of 10 points each, of different sizes."""
    return every_kind.only_item({"points": 10}, *every_kind.sized(*TASKS, use=use))


def done(*scores: tuple[float, str]) -> tuple[Any, ...]:
    """A row of the tasks that there are."""
    return tuple(each for task in (*scores, *[(None, "没有")] * (3 - len(scores))) for each in task)


SIZED = [
    # the tasks; multiplied and averaged, weighed
    (done((10, "特大")), 10, 10),
    (done((10, "特大"), (8, "一般")), 10, 9.09),
    (done((10, "一般"), (6, "较小"), (8, "一般")), 7.60, 8.14),
    (done((0, "特大")), 0, 0),
    (done((10, "较小")), 8, 10),
    (done((9.5, "较大"), (7.25, "一般")), 8.85, 8.43),
    (done(), None, None),
]
TABLES |= {
    "load, multiplied": (tasks("相乘"), [(*row, score) for row, score, _ in SIZED]),
    "load, weighed": (tasks("加权"), [(*row, score) for row, _, score in SIZED]),
    "a factor by an option": (
        every_kind.only_item(
            {"points": 10},
            [fact("难度", every_kind.SIZES), fact("率", {"kind": "百分比"})],
            {
                "kind": "ratio",
                "fact": "率",
                "factor": {"fact": "难度", "scores": every_kind.FACTORS | {"没有": 0.0001}},
            },
        ),
        [
            ("特大", 0.8, 9.60),
            ("特大", 0.9, 10),
            ("一般", 0.8555, 8.56),
            ("较小", 0.9999, 8),
            ("没有", 1, 0),
            (None, 1, None),
        ],
    ),
    "parts are rounded once, after the factor": (
        every_kind.only_item(
            {"points": 3},
            [*THIRDS, fact("难度", every_kind.SIZES)],
            {
                "kind": "parts",
                "cap": 3,
                "zero": [{"fact": "缺", "is": "是"}],
                "factor": {"fact": "难度", "scores": dict.fromkeys(every_kind.SIZES["options"], 0.3333)},
                "parts": [
                    {"kind": "ratio", "fact": "已", "whole": "应", "points": 1},
                    {"kind": "ratio", "fact": "已", "whole": "应", "points": 2},
                ],
            },
        ),
        [(7, 1, "否", "一般", 0.14), (7, 4, "否", "一般", 0.57), (3, 1, "否", "一般", 0.33), (3, 3, "是", "一般", 0)],
    ),
}
CASES = [(name, number) for name, (_, rows) in TABLES.items() for number in range(len(rows))]


def answers(form: Form, row: tuple[Any, ...]) -> list[Answer]:
    return [
        Answer(None if raw is None else each.kind.parse(each.kind.in_cell(raw)).value)
        for each, raw in zip(form.items[0].facts, row, strict=False)
    ] + [Answer(0) for _ in form.declarations]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_table_by_the_rules(name, number):
    form, rows = TABLES[name]
    *row, score = rows[number]
    facts = settle(form, [1], [answers(form, row)])
    scores, gaps = item_scores(facts)
    assert [cents / 100 for cents in scores["1.1.1"]] == [score or 0]
    assert gaps["1.1.1"].tolist() == [score is None]


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """记分 of every case as LibreOffice calculates it."""
    folder = tmp_path_factory.mktemp("kinds")
    for name, (form, rows) in TABLES.items():
        target = io.BytesIO()
        forms.write(target, every_kind.SCHEME, form)
        blank, layout = copies(target), FormLayout.of(form)
        for number, row in enumerate(rows):
            book = blank()
            for each, answer in zip(form.items[0].facts, row, strict=False):
                book[FORM_SHEET][layout.value_cell(each)].value = answer
            book.save(folder / f"{name} {number}.xlsx")
    convert("xlsx", folder / "out", *sorted(folder.glob("*.xlsx")))
    found = {}
    for name, number in CASES:
        form = TABLES[name][0]
        book = CalamineWorkbook.from_path(folder / "out" / f"{name} {number}.xlsx")
        table = book.get_sheet_by_name(FORM_SHEET).to_python(skip_empty_area=False)
        found[name, number] = table[FormLayout.of(form).item_span(form.items[0])[0]][Col.SCORE]
    return found


@pytest.mark.office
@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_table_by_the_form(shown, name, number):
    score = shown[name, number]
    assert (round(score, 9) if isinstance(score, float) else score or None) == TABLES[name][1][number][-1]

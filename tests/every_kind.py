"""A fictional scheme with every rule kind, as points, 加分 and 扣分: weights, a cap, four forms, mixed units."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
from typing import Any

from assess_xlsx.scheme.answer_kinds import MILLION, UNLIMITED, Choice, Count, Number, Percent, Points
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.model import Form

Table = dict[str, Any]

COUNT = {"kind": "次数", "measure": "件"}
RATE = {"kind": "百分比"}
FURTHER, ENDLESS = RATE | {"most": 150}, RATE | {"most": UNLIMITED}
MONEY = {"kind": "数值", "measure": "万元"}
NUMBER = {"kind": "数值", "measure": "件"}
YES_NO = {"kind": "是否"}
LEVELS = {"kind": "选项", "options": ["好", "中", "差"]}


def fact(label: str, kind: Table, **more: Any) -> Table:
    return {"label": label, **kind, **more}


def items(section: int, rows: list[tuple[Table, list[Table], Table]]) -> list[Table]:
    """The items of a section; each row is worth, facts and rule."""
    return [
        {"code": f"{section}.{n}.1", "method": "查资料", "content": f"内容{n}", "text": f"第{n}条细则。", **row[0]}
        | {"facts": row[1], "rule": row[2]}
        for n, row in enumerate(rows, 1)
    ]


def alone(points: int) -> list[tuple[Table, list[Table], Table]]:
    """Every kind that a single form can score."""
    worth = {"points": points}
    return [
        (worth, [fact("甲", LEVELS)], {"kind": "choice", "fact": "甲", "scores": {"好": points, "中": 1.5, "差": 0}}),
        (
            worth,
            [fact("率", RATE)],
            {
                "kind": "bands",
                "fact": "率",
                "bands": [
                    {"at_least": 90, "points": points},
                    {"at_least": 80, "points": 2},
                    {"at_least": 0, "at_most": 60, "points": 0},
                ],
                "uncovered": "J1",
            },
        ),
        (
            worth,
            [fact("有无业务", YES_NO), *(fact(x, MONEY, only_with={"fact": "有无业务", "is": "是"}) for x in "分总")],
            {
                "kind": "bands",
                "fact": "分",
                "whole": "总",
                "otherwise": 3,
                "bands": [
                    {"at_least": 120.5, "points": points},
                    {"at_least": 33.33, "points": 2},
                    {"at_least": 0, "points": 0},
                ],
            },
        ),
        (
            worth,
            [fact("起", YES_NO), fact("错", COUNT), fact("会", COUNT), fact("属实", COUNT, at_most="错")],
            {
                "kind": "linear",
                "start": {"fact": "起", "scores": {"是": points, "否": 1.1}},
                "terms": [{"fact": "错", "step": -0.3}, {"fact": "会", "step": -0.5, "short_of": 4}],
                "floor": 0,
                "zero_if": {"fact": "属实", "at_least": 2},
            },
        ),
        (
            worth,
            [fact("宣传", COUNT), fact("投入", MONEY), fact("欠", COUNT)],
            {
                "kind": "linear",
                "start": 0.5,
                "terms": [
                    {"fact": "宣传", "per": 5, "step": 0.3},
                    {"fact": "投入", "per": 12.5, "step": 1, "at_most": 3},
                    {"fact": "欠", "short_of": 7, "per": 3, "step": -0.25},
                ],
                "floor": 0,
                "cap": points,
            },
        ),
        (
            worth,
            [fact("任务", COUNT), fact("办成", COUNT, at_most="任务")],
            {"kind": "ratio", "fact": "办成", "whole": "任务", "zero_below": 60},
        ),
        (worth, [fact("进", FURTHER)], {"kind": "ratio", "fact": "进", "zero_below": 12.5}),
        (
            worth,
            [fact("诉", COUNT), fact("口", COUNT)],
            {
                "kind": "margin",
                "fact": "诉",
                "whole": "口",
                "at_least": 2,
                "above": {"per": 0.5, "step": -1.1},
                "zero": {"from": 50},
            },
        ),
        (
            worth,
            [fact("投", MONEY)],
            {
                "kind": "margin",
                "fact": "投",
                "at_least": 100,
                "base": 2,
                "above": {"per": 8, "step": 0.15},
                "below": {"per": 3, "step": -0.35, "started": "按一份"},
                "floor": 0.5,
                "zero": {"below": 40},
            },
        ),
        (
            worth,
            [fact("应", COUNT), fact("已", COUNT, at_most="应")],
            {"kind": "ratio", "fact": "已", "whole": "应", "otherwise": 1},
        ),
        (
            worth,
            [fact("计划", MONEY), fact("完成", MONEY)],
            {"kind": "ratio", "fact": "完成", "whole": "计划", "cap": points},
        ),
        (
            worth,
            [fact("完成率", ENDLESS)],
            {"kind": "margin", "fact": "完成率", "at_least": 120, "below": {"per": 1, "step": -0.1}},
        ),
        (
            worth,
            [fact("办", COUNT), fact("全", COUNT)],
            {
                "kind": "margin",
                "fact": "办",
                "whole": "全",
                "at_least": 66.67,
                "below": {"per": 0.3, "step": -0.07, "started": "按一份"},
                "floor": 0.5,
            },
        ),
        (
            worth,
            [fact("面积", MONEY)],
            {
                "kind": "margin",
                "fact": "面积",
                "at_least": 150.5,
                "below": {"per": 7.5, "step": -1, "started": "不计"},
            },
        ),
        (worth, [fact("数", COUNT)], {"kind": "flat", "fact": "数", "at_least": 3}),
        (worth, [fact("评", {"kind": "分值", "most": points})], {"kind": "given", "value": "评"}),
        (worth, [fact("打分", {"kind": "分值", "most": points}, by="office")], {"kind": "direct", "fact": "打分"}),
    ]


def among(points: int) -> list[tuple[Table, list[Table], Table]]:
    """Every kind that compares units."""
    worth = {"points": points}
    pair = [fact("子", COUNT), fact("母", COUNT)]
    return [
        (worth, [fact("量", COUNT)], {"kind": "rank", "fact": "量", "reading": "J1"}),
        (worth, pair, {"kind": "rank", "fact": "子", "whole": "母", "order": "从少到多", "otherwise": 2}),
        (
            worth,
            [fact("率", RATE)],
            {
                "kind": "tiers",
                "fact": "率",
                "first_share": [{"to": 34, "points": points}, {"to": 67, "points": 3}],
                "rest": 1,
            },
        ),
        (worth, [fact("金额", MONEY)], {"kind": "best", "fact": "金额"}),
        (worth, [fact("耗", MONEY)], {"kind": "best", "fact": "耗", "order": "从少到多"}),
        (
            worth,
            [fact("人均", COUNT)],
            {"kind": "margin", "fact": "人均", "against": "平均数", "below": {"per": 2, "step": -0.5}},
        ),
    ]


def bonus() -> list[tuple[Table, list[Table], Table]]:
    worth = {"adds": 2}
    pair = [fact("子", COUNT), fact("母", COUNT)]
    return [
        (worth, [fact("创新", YES_NO)], {"kind": "choice", "fact": "创新", "scores": {"是": 2, "否": 0}}),
        (
            worth,
            [fact("报道", COUNT)],
            {"kind": "bands", "fact": "报道", "bands": [{"at_least": 3, "points": 2}, {"at_least": 0, "points": 0}]},
        ),
        (
            worth,
            [fact("表彰", COUNT), fact("试点", LEVELS)],
            {
                "kind": "linear",
                "start": 0,
                "terms": [{"fact": "表彰", "step": 0.7}, {"fact": "试点", "is": "好", "step": 1}],
                "cap": 2,
            },
        ),
        (worth, pair, {"kind": "ratio", "fact": "子", "whole": "母", "cap": 2}),
        (
            worth,
            [fact("进度", RATE)],
            {"kind": "margin", "fact": "进度", "at_least": 50, "below": {"per": 5, "step": -0.25}},
        ),
        (worth, [fact("量", COUNT)], {"kind": "rank", "fact": "量"}),
        (worth, [fact("件", COUNT)], {"kind": "tiers", "fact": "件", "first": [{"to": 1, "points": 2}], "rest": 0.5}),
        (worth, [fact("额", MONEY)], {"kind": "best", "fact": "额"}),
        (
            worth,
            [fact("做法", YES_NO), fact("自评", {"kind": "分值", "most": 2}, only_with={"fact": "做法", "is": "是"})],
            {"kind": "given", "value": "自评", "unless": {"fact": "做法", "scores": {"否": 0}}},
        ),
        (worth, [fact("加", {"kind": "分值", "most": 2}, by="office")], {"kind": "direct", "fact": "加"}),
        (worth, [fact("获奖", YES_NO)], {"kind": "flat", "fact": "获奖", "is": "是"}),
        (
            worth,
            [fact("省", COUNT), fact("市", COUNT)],
            {
                "kind": "parts",
                "take": "取最高",
                "parts": [
                    {"kind": "flat", "fact": "省", "at_least": 1, "points": 2},
                    {"kind": "linear", "terms": [{"fact": "市", "step": 0.6}], "cap": 1.5},
                ],
            },
        ),
    ]


def deducts() -> list[tuple[Table, list[Table], Table]]:
    worth = {"deducts": 3}
    pair = [fact("未", COUNT), fact("应", COUNT)]
    return [
        (worth, [fact("落实", LEVELS)], {"kind": "choice", "fact": "落实", "scores": {"好": 0, "中": -1, "差": -3}}),
        (
            worth,
            [fact("投诉", COUNT, by="office", adverse=True)],
            {
                "kind": "bands",
                "fact": "投诉",
                "bands": [
                    {"at_least": 5, "points": -3},
                    {"at_least": 2, "points": -0.75},
                    {"at_least": 0, "points": 0},
                ],
            },
        ),
        (
            worth,
            [fact("通报", COUNT)],
            {"kind": "linear", "start": 0, "terms": [{"fact": "通报", "step": -0.4}], "floor": -3},
        ),
        (worth, pair, {"kind": "ratio", "fact": "未", "whole": "应", "cap": -3}),
        (
            worth,
            [fact("满意", RATE)],
            {"kind": "margin", "fact": "满意", "at_least": 90, "below": {"per": 1, "step": -0.15}},
        ),
        (
            worth,
            [fact("耗时", COUNT)],
            {"kind": "tiers", "fact": "耗时", "order": "从少到多", "last": [{"to": 1, "points": -3}], "rest": 0},
        ),
        (worth, [fact("扣", {"kind": "分值", "most": 3}, by="office")], {"kind": "direct", "fact": "扣"}),
        (worth, [fact("事故", COUNT)], {"kind": "flat", "fact": "事故", "at_least": 1}),
        (
            worth,
            [fact("迟", COUNT), fact("漏", COUNT), fact("该", COUNT)],
            {
                "kind": "parts",
                "floor": -3,
                "parts": [
                    {"kind": "linear", "terms": [{"fact": "迟", "step": -0.5}]},
                    {"kind": "ratio", "fact": "漏", "whole": "该", "points": -2, "cap": -2, "otherwise": -1},
                ],
            },
        ),
    ]


def means() -> list[tuple[Table, list[Table], Table]]:
    """Means, ten points in all: weights, what lacks, extremes, a full mark of its own."""
    judged = [fact(f"评{name}", {"kind": "分值", "most": 10}) for name in "甲乙丙丁戊"]
    rates = [fact(f"率{name}", RATE) for name in "甲乙丙"]
    amounts = [fact("额甲", MONEY), fact("额乙", MONEY)]
    terms = [[{"fact": each["label"]} for each in facts] for facts in (judged, rates, amounts)]
    weighed = [term | {"weight": weight} for term, weight in zip(terms[1], (40, 33.33, 26.67), strict=True)]
    return [
        ({"points": 5}, judged, {"kind": "mean", "facts": terms[0], "full": 10, "drop": 1, "missing": "不计"}),
        ({"points": 3}, rates, {"kind": "mean", "facts": weighed, "missing": "按0分"}),
        ({"points": 2}, amounts, {"kind": "mean", "facts": terms[2], "full": 120.5}),
    ]


def computed(label: str, kind: Table, how: str, *of: str) -> Table:
    return {"label": label, **kind, "how": how, "of": list(of)}


def derived() -> list[tuple[Table, list[Table], Table]]:
    """Facts that nobody fills in, ten points in all: growth, a mean of an item's before, a difference, a ratio."""
    years = [fact("今", MONEY), fact("昔", MONEY)]
    rates = [fact("实", RATE), fact("标", RATE), computed("距", RATE, "差", "实", "标")]
    return [
        (
            {"points": 3},
            [*years, computed("长", RATE, "增长率", "今", "昔")],
            {
                "kind": "margin",
                "fact": "长",
                "at_least": 5,
                "base": 2,
                "above": {"per": 1, "step": 0.2},
                "below": {"per": 2.5, "step": -0.15, "started": "按一份"},
                "otherwise": 1,
            },
        ),
        (
            {"points": 3},
            [fact("丙", MONEY), computed("均", MONEY, "平均", "丙", "3.1.1 今", "3.1.1 昔")],
            {
                "kind": "bands",
                "fact": "均",
                "bands": [
                    {"at_least": 120.5, "points": 3},
                    {"at_least": 33, "points": 1},
                    {"at_least": 0, "points": 0},
                ],
            },
        ),
        ({"points": 2}, rates, {"kind": "rank", "fact": "距"}),
        (
            {"points": 1},
            [fact("做", COUNT), fact("应", COUNT), computed("成", RATE, "比", "做", "应")],
            {"kind": "ratio", "fact": "成", "otherwise": 0.5},
        ),
        (
            {"points": 1},
            [
                *(fact(label, COUNT) for label in ("左", "右", "中")),
                computed("共", NUMBER, "合计", "左", "右"),
                computed("距中", NUMBER, "差", "中", "左"),
                computed("均数", NUMBER, "平均", "左", "右", "中"),
            ],
            {
                "kind": "linear",
                "start": 0.4,
                "terms": [
                    {"fact": "共", "step": -0.05},
                    {"fact": "距中", "step": 0.07, "per": 3, "at_most": 40},
                    {"fact": "均数", "step": 0.1, "short_of": 6},
                ],
                "floor": 0,
                "cap": 1,
            },
        ),
    ]


def several() -> list[tuple[Table, list[Table], Table]]:
    """Items of several parts, ten points in all: divided ones, bounds, gates, doubts, the highest, a ranked one."""
    return [
        (
            {"points": 4},
            [fact("划", MONEY), fact("成", MONEY), fact("标", RATE), fact("错", COUNT), fact("评", LEVELS)],
            {
                "kind": "parts",
                "start": 1,
                "floor": 0,
                "cap": 4,
                "zero": [{"fact": "标", "at_least": 95.5}, {"fact": "错", "at_least": 12}],
                "parts": [
                    {"kind": "ratio", "fact": "成", "whole": "划", "points": 2, "cap": 2},
                    {
                        "kind": "margin",
                        "fact": "标",
                        "at_least": 60,
                        "above": {"per": 7, "step": 0.3},
                        "below": {"per": 3, "step": -0.35, "started": "按一份"},
                    },
                    {"kind": "linear", "terms": [{"fact": "错", "step": -0.1}]},
                    {"kind": "choice", "fact": "评", "scores": {"好": 1, "中": 0, "差": -1.5}},
                ],
            },
        ),
        (
            {"points": 3},
            [fact("子", COUNT), fact("母", COUNT), fact("率", RATE), fact("比", RATE)],
            {
                "kind": "parts",
                "take": "取最高",
                "parts": [
                    {"kind": "ratio", "fact": "子", "whole": "母", "otherwise": 1, "points": 3, "cap": 3},
                    {
                        "kind": "bands",
                        "fact": "率",
                        "bands": [{"at_least": 90, "points": 2}, {"at_least": 0, "at_most": 60, "points": 0}],
                        "uncovered": "J1",
                    },
                    {
                        "kind": "margin",
                        "fact": "比",
                        "at_least": 50,
                        "points": 2.5,
                        "below": {"per": 3, "step": -0.1},
                    },
                ],
            },
        ),
        (
            {"points": 3},
            [
                fact("量", COUNT),
                fact("酌", {"kind": "分值", "most": 1}, by="office"),
                fact("自", {"kind": "分值", "most": 1}),
                fact("漏报", YES_NO),
            ],
            {
                "kind": "parts",
                "start": 1,
                "cap": 3,
                "zero": [{"fact": "漏报", "is": "是"}],
                "parts": [
                    {"kind": "rank", "fact": "量", "points": 2},
                    {"kind": "direct", "fact": "酌", "points": -1},
                    {"kind": "given", "value": "自"},
                ],
            },
        ),
    ]


def straight() -> list[tuple[Table, list[Table], Table]]:
    """What runs in straight lines, a hundred points in all: between marks, worst and best, knots."""
    years = [fact("近", MONEY), fact("远", MONEY)]
    return [
        (
            {"points": 17.77},
            [fact("功", MONEY)],
            {
                "kind": "efficacy",
                "fact": "功",
                "worst": {"at_least": 33.5},
                "best": {"at_least": 150.5},
                "floor": 0.5,
            },
        ),
        (
            {"points": 15},
            [fact("超", COUNT), fact("限", COUNT)],
            {
                "kind": "efficacy",
                "fact": "超",
                "whole": "限",
                "worst": {"at_least": 66.67},
                "best": {"at_least": 10},
                "base": 1.25,
                "otherwise": 2,
            },
        ),
        (
            {"points": 10},
            [*years, computed("两年", MONEY, "平均", "近", "远")],
            {"kind": "efficacy", "fact": "两年", "worst": {"at_least": 120.5}, "best": {"at_least": 33}, "base": 0},
        ),
        (
            {"points": 15},
            [fact("插", RATE)],
            {
                "kind": "knots",
                "fact": "插",
                "knots": [
                    {"at": 15, "points": 0.35},
                    {"at": 19.55, "points": 3},
                    {"at": 60, "points": 1},
                    {"at": 80, "points": 15},
                ],
            },
        ),
        (
            {"points": 10},
            [fact("增", MONEY), computed("增均", MONEY, "平均", "增", "5.3.1 近", "5.3.1 远")],
            {"kind": "knots", "fact": "增均", "knots": [{"at": 33, "points": 0}, {"at": 120.5, "points": 10}]},
        ),
        (
            {"points": 12},
            [fact("极", COUNT)],
            {"kind": "efficacy", "fact": "极", "worst": {"is": "最差"}, "best": {"is": "最好"}, "base": 1.2},
        ),
        (
            {"points": 10.23},
            [fact("耗", COUNT), fact("员", COUNT)],
            {
                "kind": "efficacy",
                "fact": "耗",
                "whole": "员",
                "order": "从少到多",
                "worst": {"is": "最差"},
                "best": {"is": "最好"},
                "otherwise": 1,
            },
        ),
        (
            {"points": 10},
            [fact("现", MONEY), fact("原", MONEY), computed("距", MONEY, "差", "现", "原")],
            {"kind": "efficacy", "fact": "距", "worst": {"is": "最差"}, "best": {"is": "最好"}},
        ),
    ]


def exempted() -> list[tuple[Table, list[Table], Table]]:
    """What is not taken off where another fact says so, a hundred points in all: by an option, a number, several."""
    happened = fact("发生", YES_NO)
    return [
        (
            {"points": 20},
            [happened, fact("迟", COUNT), fact("瞒", COUNT)],
            {
                "kind": "linear",
                "start": 20,
                "terms": [{"fact": "迟", "step": -2.5}],
                "floor": 0,
                "zero_if": {"fact": "瞒", "at_least": 1},
                "exempt": [{"fact": "发生", "is": "否"}],
            },
        ),
        (
            {"points": 20},
            [fact("天数", COUNT), fact("应做", COUNT), fact("做了", COUNT, at_most="应做")],
            {
                "kind": "ratio",
                "fact": "做了",
                "whole": "应做",
                "zero_below": 60,
                "exempt": [{"fact": "天数", "below": 30, "points": 12.5}, {"fact": "天数", "at_least": 300}],
            },
        ),
        (
            {"points": 20},
            [fact("灾", LEVELS), fact("达标", RATE)],
            {
                "kind": "margin",
                "fact": "达标",
                "at_least": 95,
                "below": {"per": 3, "step": -0.35},
                "zero": {"below": 12.5},
                "exempt": [{"fact": "灾", "is": "差"}, {"fact": "灾", "is": "中", "points": 10}],
            },
        ),
        (
            {"points": 20},
            [
                fact("遇", YES_NO),
                fact("评级", LEVELS),
                fact("缺份", COUNT),
                fact("酌扣", {"kind": "分值", "most": 1}, by="office"),
            ],
            {
                "kind": "parts",
                "start": 20,
                "floor": 0,
                "zero": [{"fact": "缺份", "at_least": 12}],
                "exempt": [{"fact": "遇", "is": "是", "points": 18}],
                "parts": [
                    {"kind": "choice", "fact": "评级", "scores": {"好": 0, "中": -2, "差": -5}},
                    {
                        "kind": "linear",
                        "terms": [{"fact": "缺份", "step": -0.1}],
                        "exempt": [{"fact": "评级", "is": "好"}],
                    },
                    {"kind": "direct", "fact": "酌扣", "points": -1},
                ],
            },
        ),
        (
            {"points": 20},
            [fact("停业", YES_NO), fact("满意", RATE)],
            {
                "kind": "bands",
                "fact": "满意",
                "bands": [{"at_least": 90, "points": 20}, {"at_least": 0, "at_most": 60, "points": 3}],
                "uncovered": "J1",
                "exempt": [{"fact": "停业", "is": "是"}],
            },
        ),
    ]


SIZES = {"kind": "选项", "options": ["特大", "较大", "一般", "较小", "没有"]}
FACTORS = {"特大": 1.2, "较大": 1.1, "一般": 1, "较小": 0.8}


def sized(*tasks: str, use: str = "加权") -> tuple[list[Table], Table]:
    """Facts and rule of a mean of tasks of different sizes."""
    facts, lines = [], []
    for task in tasks:
        facts += [fact(f"{task}得分", {"kind": "分值", "most": 10}), fact(f"{task}大小", SIZES)]
        lines += [{"fact": f"{task}大小", "is": size, "factor": factor} for size, factor in FACTORS.items()]
    terms = [{"fact": f"{task}得分"} for task in tasks]
    return facts, {"kind": "mean", "facts": terms, "full": 10, "missing": "不计", "factors": lines, "use": use}


def factored() -> list[tuple[Table, list[Table], Table]]:
    """What is multiplied by a factor, a hundred points in all: the unit's own, an option's, those of tasks."""
    hard = {"fact": "难", "scores": {"好": 1.255, "中": 1, "差": 0.3333}}
    return [
        (
            {"points": 20},
            [fact("错", COUNT)],
            {"kind": "linear", "start": 20, "terms": [{"fact": "错", "step": -0.35}], "floor": 0, "factor": "花名册"},
        ),
        (
            {"points": 20},
            [fact("特殊", YES_NO), fact("应", COUNT), fact("已", COUNT, at_most="应")],
            {
                "kind": "ratio",
                "fact": "已",
                "whole": "应",
                "otherwise": 1,
                "factor": "花名册",
                "exempt": [{"fact": "特殊", "is": "是", "points": 15}],
            },
        ),
        (
            {"points": 10},
            [fact("难", LEVELS), fact("率", RATE)],
            {
                "kind": "bands",
                "fact": "率",
                "bands": [{"at_least": 90, "points": 10}, {"at_least": 0, "at_most": 60, "points": 2.5}],
                "uncovered": "J1",
                "factor": hard,
            },
        ),
        (
            {"points": 20},
            [fact("难", LEVELS), fact("做", COUNT), fact("全", COUNT), fact("自评", {"kind": "分值", "most": 5})],
            {
                "kind": "parts",
                "cap": 20,
                "factor": "花名册",
                "parts": [
                    {"kind": "ratio", "fact": "做", "whole": "全", "points": 15, "cap": 15, "factor": hard},
                    {"kind": "given", "value": "自评"},
                ],
            },
        ),
        ({"points": 10}, [fact("量", COUNT)], {"kind": "rank", "fact": "量", "factor": "花名册"}),
        ({"points": 10}, *sized("甲", "乙", "丙")),
        ({"points": 10}, *sized("子", "丑", use="相乘")),
    ]


FACTORED_OFF: tuple[Table, list[Table], Table] = (
    {"deducts": 2},
    [fact("差错", COUNT)],
    {"kind": "linear", "start": 0, "terms": [{"fact": "差错", "step": -0.5}], "floor": -2, "factor": "花名册"},
)
EXEMPT_OFF: list[tuple[Table, list[Table], Table]] = [
    (
        {"deducts": 3},
        [fact("无责", YES_NO), fact("事故", COUNT)],
        {"kind": "flat", "fact": "事故", "at_least": 1, "exempt": [{"fact": "无责", "is": "是", "points": -0.5}]},
    ),
    (
        {"deducts": 2},
        [fact("新设", YES_NO), fact("耗时", COUNT)],
        {
            "kind": "tiers",
            "fact": "耗时",
            "order": "从少到多",
            "last": [{"to": 1, "points": -2}],
            "rest": 0,
            "exempt": [{"fact": "新设", "is": "是"}],
        },
    ),
]
STRAIGHT_BONUS: list[tuple[Table, list[Table], Table]] = [
    (
        {"adds": 2},
        [fact("优", COUNT)],
        {"kind": "efficacy", "fact": "优", "worst": {"is": "最差"}, "best": {"is": "最好"}, "base": 0.5},
    ),
    (
        {"adds": 3},
        [fact("进", COUNT)],
        {"kind": "efficacy", "fact": "进", "worst": {"at_least": 3}, "best": {"at_least": 7}, "base": 0},
    ),
]
LOSS = MONEY | {"min": -500}


def below_zero() -> list[tuple[Table, list[Table], Table]]:
    """Facts and scores that may be below 0, 32 points in all; 最低分 that rules keep to, or none."""
    work = {"kind": "选项", "options": ["超负荷", "饱和", "一般", "不足"]}
    return [
        (
            {"points": 5, "least": -10},
            [fact("工作量", work)],
            {"kind": "choice", "fact": "工作量", "scores": {"超负荷": 5, "饱和": 0, "一般": -5, "不足": -10}},
        ),
        (
            {"points": 4, "least": -3.5},
            [fact("利", LOSS)],
            {
                "kind": "margin",
                "fact": "利",
                "at_least": -20,
                "base": 2,
                "above": {"per": 50, "step": 0.3},
                "below": {"per": 20, "step": -0.45},
                "zero": {"below": -400},
            },
        ),
        (
            {"points": 4, "least": UNLIMITED},
            [fact("余", LOSS)],
            {
                "kind": "bands",
                "fact": "余",
                "bands": [{"at_least": 100, "points": 4}, {"at_least": -50.5, "points": 1}, {"points": -2.25}],
            },
        ),
        (
            {"points": 3, "least": -2},
            [fact("错", COUNT), fact("利润", LOSS)],
            {
                "kind": "linear",
                "start": 1,
                "cap": 3,
                "terms": [{"fact": "错", "step": -0.7}, {"fact": "利润", "per": 12.5, "step": 0.1}],
            },
        ),
        (
            {"points": 2, "least": -1},
            [fact("净", LOSS)],
            {
                "kind": "knots",
                "fact": "净",
                "knots": [{"at": -20, "points": -1}, {"at": 0, "points": 0.5}, {"at": 30, "points": 2}],
            },
        ),
        (
            {"points": 4, "least": -6},
            [fact("缓", COUNT), fact("度", LEVELS), fact("盈", LOSS)],
            {
                "kind": "parts",
                "start": 1,
                "zero": [{"fact": "盈", "at_least": 200}],
                "parts": [
                    {"kind": "linear", "terms": [{"fact": "缓", "step": -0.3}]},
                    {"kind": "choice", "fact": "度", "scores": {"好": 3, "中": -1, "差": -4}},
                ],
            },
        ),
        (
            {"points": 3, "least": -3},
            [fact("率", LOSS)],
            {"kind": "efficacy", "fact": "率", "worst": {"at_least": -10}, "best": {"at_least": 20}},
        ),
        ({"points": 2, "least": -2}, [fact("赢", LOSS)], {"kind": "best", "fact": "赢"}),
        ({"points": 2}, [fact("差额", LOSS)], {"kind": "rank", "fact": "差额"}),
        (
            {"points": 2, "least": -2},
            [fact("上", LOSS), fact("下", LOSS)],
            {"kind": "mean", "facts": [{"fact": "上"}, {"fact": "下"}], "full": 80},
        ),
        (
            {"points": 1, "least": -1},
            [fact("名", LOSS)],
            {
                "kind": "tiers",
                "fact": "名",
                "first": [{"to": 1, "points": 1}],
                "last": [{"to": 1, "points": -1}],
                "rest": 0,
            },
        ),
        (
            {"deducts": 4},
            [fact("告", COUNT)],
            {"kind": "linear", "start": 0, "terms": [{"fact": "告", "step": -0.5}], "floor": -4},
        ),
    ]


def endless_bonus() -> list[tuple[Table, list[Table], Table]]:
    """加分 without a cap, and one with."""
    worth = {"adds": UNLIMITED}
    return [
        (worth, [fact("省级", COUNT), fact("市级", COUNT)], each(("省级", 2), ("市级", 0.7))),
        (
            worth,
            [fact("超", MONEY)],
            {"kind": "margin", "fact": "超", "at_least": 100, "base": 0, "above": {"per": 8, "step": 0.35}},
        ),
        (
            worth,
            [fact("奖", COUNT)],
            {"kind": "bands", "fact": "奖", "bands": [{"at_least": 3, "points": 12.5}, {"at_least": 0, "points": 0}]},
        ),
        (worth, [fact("批示", {"kind": "分值", "most": 30}, by="office")], {"kind": "direct", "fact": "批示"}),
        (
            worth,
            [fact("典型", COUNT), fact("推广", YES_NO)],
            {
                "kind": "parts",
                "parts": [
                    {"kind": "linear", "terms": [{"fact": "典型", "step": 1.5}]},
                    {"kind": "flat", "fact": "推广", "is": "是", "points": 4},
                ],
            },
        ),
        (
            worth,
            [fact("试点", LEVELS), fact("评", {"kind": "分值", "below": 6}, only_with={"fact": "试点", "is": "中"})],
            {"kind": "given", "value": "评", "unless": {"fact": "试点", "scores": {"好": 8, "差": 0}}},
        ),
        ({"adds": 3}, [fact("信息", COUNT)], each(("信息", 0.5), cap=3)),
    ]


def endless_off() -> list[tuple[Table, list[Table], Table]]:
    """扣分 without a cap."""
    worth = {"deducts": UNLIMITED}
    return [
        (worth, [fact("被点名", COUNT, by="office", adverse=True)], each(("被点名", -1.25))),
        (
            worth,
            [fact("满意", RATE)],
            {"kind": "margin", "fact": "满意", "at_least": 90, "below": {"per": 1, "step": -0.15}},
        ),
        (worth, [fact("失职", LEVELS)], {"kind": "choice", "fact": "失职", "scores": {"好": 0, "中": -3, "差": -40}}),
    ]


def each(*terms: tuple[str, float], **more: Any) -> Table:
    return {"kind": "linear", "start": 0, "terms": [{"fact": label, "step": step} for label, step in terms], **more}


STRAIGHT_OFF: tuple[Table, list[Table], Table] = (
    {"deducts": 3},
    [fact("欠", COUNT)],
    {
        "kind": "knots",
        "fact": "欠",
        "knots": [{"at": 1, "points": 0}, {"at": 4, "points": -0.5}, {"at": 11, "points": -3}],
    },
)


def taken(worth: Table, rule: Table) -> tuple[Table, list[Table], Table]:
    """An item that is scored from facts of earlier ones alone."""
    return worth, [], rule


DONE: tuple[Table, list[Table], Table] = (
    {"points": 6},
    [fact("完成", YES_NO)],
    {"kind": "flat", "fact": "完成", "is": "是"},
)


UNCOUNTED = ({"uncounted": 5}, [fact("试点数", COUNT)], {"kind": "flat", "fact": "试点数", "at_least": 1})
"""Scored for a later item alone."""
BY_SCORE = taken({"uncounted": 4}, {"kind": "rank", "fact": "得分 1.9.1＋1.7.1＋1.2.1"})
BY_SECTION = taken({"uncounted": 4}, {"kind": "best", "fact": "得分 一"})


TAKEN = taken(
    {"points": 4},
    {
        "kind": "bands",
        "fact": "1.2.1 子",
        "whole": "1.2.1 母",
        "bands": [{"at_least": 90, "points": 4}, {"at_least": 0, "points": 1.5}],
    },
)
TAKEN_BONUS = taken({"adds": 2}, {"kind": "flat", "fact": "4.3.1 表彰", "at_least": 2})
TAKEN_AMONG = taken(
    {"deducts": 3}, {"kind": "tiers", "fact": "2.1.1 量", "last": [{"to": 1, "points": -3}], "rest": 0}
)


def applying(mode: str, row: tuple[Table, list[Table], Table]) -> tuple[Table, list[Table], Table]:
    """An item that need not concern every unit."""
    worth, facts, rule = row
    return {**worth, "not_applicable": mode}, facts, rule


def some(points: int) -> list[tuple[Table, list[Table], Table]]:
    """Items that need not concern every unit, and one that does."""
    rows = alone(points)
    conditional = next(row for row in rows if row[1][0]["label"] == "有无业务")
    return [
        applying("折算", rows[0]),
        applying("折算", conditional),
        applying("满分", rows[1]),
        applying("零分", rows[2]),
        applying("平均分", rows[3]),
        rows[4],
    ]


def form(name: str, annex: str, **more: Any) -> Table:
    head = {"name": name, "annex": annex, "title": ["虚构考核", f"评分细则（{name}）"]}
    return head | {"unit_label": "考核单位", "criteria_label": "评分细则", "points": 100, **more}


def section(title: str, rows: list[Table], **more: Any) -> Table:
    return {"title": title, "items": rows, **more}


LOCAL = [
    section("一、日常工作", items(1, alone(10)[:10]), points=100, weight=33.35),
    section("二、重点工作", items(2, alone(10)[7:]), points=100, weight=66.65),
]
"""The same on two forms, whose units are ranked apart."""

FACTOR_OF = {"未校": 1.2, "酉校": 0.85}
TREE: Table = {
    "name": "虚构市2025年度考核方案",
    "year": 2025,
    "title": "2025年度虚构考核",
    "county": "虚构市",
    "office": "虚构市考核办",
    "document": "虚考〔2025〕1号",
    "issued": dt.date(2025, 12, 1),
    "deadline": dt.date(2026, 1, 15),
    "phone": "0000-1234567 转 8",
    "email": "kaohe@example.cn",
    "objection_days": 5,
    "roster": [
        {"name": name, "form": form} | ({"factor": FACTOR_OF[name]} if name in FACTOR_OF else {})
        for name, form in [
            ("甲局", "部门"),
            ("子镇", "乡镇"),
            ("乙局", "部门"),
            ("高新区", "园区"),
            ("丙局", "部门"),
            ("丑镇", "乡镇"),
            ("丁局", "部门"),
            ("寅街", "街道"),
            ("卯街", "街道"),
            ("辰厂", "企业"),
            ("巳厂", "企业"),
            ("午厂", "企业"),
            ("未校", "学校"),
            ("申校", "学校"),
            ("酉校", "学校"),
            ("戌站", "站所"),
            ("亥站", "站所"),
            ("金站", "站所"),
        ]
    ],
    "forms": [
        form(
            "部门",
            "附件1",
            cap=104,
            sections=[
                section("一、日常工作", items(1, alone(10)[5:]), points=120, weight=50),
                section("二、横向比较", items(2, among(10)), points=60, weight=50),
                section("三、其他", items(3, several()), points=10),
                section("四、加分", items(4, [*bonus(), TAKEN_BONUS]), adds=10),
                section("五、扣分", items(5, [*deducts(), TAKEN_AMONG]), deducts=15, weight=33.33),
            ],
        ),
        form("乡镇", "附件2", sections=LOCAL),
        form(
            "学校",
            "附件5",
            sections=[
                section("一、直线", items(5, straight()), points=100, weight=60),
                section("二、加分", items(6, STRAIGHT_BONUS), adds=5),
                section("三、扣分", items(7, [STRAIGHT_OFF, *EXEMPT_OFF, FACTORED_OFF]), deducts=8),
                section("四、免扣", items(8, exempted()), points=100, weight=20),
                section("五、系数", items(9, factored()), points=100, weight=20),
            ],
        ),
        form("街道", "附件2", sections=LOCAL),
        form(
            "园区",
            "附件3",
            sections=[
                section("一、比较", items(1, [*among(15), DONE, TAKEN, UNCOUNTED]), points=100, weight=80),
                section("二、平均", items(2, [*means(), BY_SCORE, BY_SECTION]), points=10),
                section("三、推算", items(3, derived()), points=10),
            ],
        ),
        form(
            "企业",
            "附件4",
            sections=[
                section("一、有的没有", items(1, some(10)), points=60),
                section(
                    "二、可以都没有",
                    items(2, [applying("折算", row) for row in [alone(20)[3], among(20)[0]]]),
                    points=40,
                ),
                section("三、加分", items(3, bonus()[:2]), adds=3),
            ],
        ),
        form(
            "站所",
            "附件6",
            sections=[
                section("一、可以是负数", items(1, below_zero()), points=32, least=-12.5),
                section("二、没有下限", items(2, below_zero()[:1]), points=5, least=UNLIMITED),
                section("三、一般", items(3, [({"points": 63}, *DONE[1:])]), points=63),
                section("四、加分", items(4, endless_bonus()), adds=UNLIMITED),
                section("五、扣分", items(5, endless_off()), deducts=UNLIMITED),
                section("六、有上限的加分", items(6, endless_bonus()[:1]), adds=6),
            ],
        ),
    ],
    "vetoes": [
        {"code": "V.1", "text": "发生重大事故", "clause": "六", "effect": "一票否决", "declared": True},
        {
            "code": "V.2",
            "text": "受到通报批评",
            "clause": "七",
            "effect": "扣分降等",
            "effects": [
                {"kind": "扣分", "value": 2.5},
                {"kind": "总分不超过", "value": "59.99"},
                {"kind": "名次列末"},
                {"kind": "等次不高于", "value": "合格"},
                {"kind": "降一等"},
            ],
        },
        {"code": "V.3", "text": "瞒报", "clause": "八", "effect": "记零", "effects": [{"kind": "总分记零"}]},
    ],
    "grades": [
        {"form": "部门", "name": "优秀", "at_least": 60, "quota": "40%", "rounding": "四舍五入"},
        {"form": "部门", "name": "良好", "at_least": 50, "quota": 1, "barred": "V.1"},
        {"form": "部门", "name": "合格", "at_least": 30.5},
        {"form": "部门", "name": "不合格", "at_least": 0},
        {"form": "乡镇", "name": "达标", "at_least": 60},
        {"form": "乡镇", "name": "不达标", "at_least": 0},
    ],
    "adjustments": [
        {"form": "部门", "name": "低分不加分", "fact": "总分", "below": 40, "kind": "不加分"},
        {"form": "部门", "name": "通报多", "fact": "5.3.1 通报", "at_least": 2, "kind": "扣分", "points": 2.5},
        {"form": "部门", "name": "有创新", "fact": "4.1.1 创新", "is": "是", "kind": "加分", "points": 1},
        {"form": "街道", "name": "甲差", "fact": "得分 1.1.1", "below": 5, "kind": "总分不超过", "points": 80},
        {"form": "街道", "name": "重点好", "fact": "得分 2", "at_least": 60, "kind": "加分", "points": 0.5},
        {"form": "街道", "name": "率低", "fact": "1.2.1 率", "below": "50%", "kind": "扣分", "points": 0.25},
        {"form": "企业", "name": "第二项差", "fact": "得分 二", "below": 20, "kind": "扣分", "points": 3},
        {"form": "企业", "name": "过半", "fact": "总分", "at_least": 50, "kind": "总分不超过", "points": 90},
        {"form": "企业", "name": "甲低", "fact": "得分 1.1.1", "below": 5, "kind": "不加分"},
    ],
    "readings": [{"code": "J1", "decides": "细则没有规定的", "text": "暂按较低一档记分。"}],
}


def toml(tree: Table) -> str:
    """The tree as a scheme file."""

    def value(data: Any) -> str:
        if isinstance(data, dict):
            return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {value(v)}" for k, v in data.items()) + "}"
        if isinstance(data, list):
            return "[" + ", ".join(value(each) for each in data) + "]"
        return data.isoformat() if isinstance(data, dt.date) else json.dumps(data, ensure_ascii=False)

    return "".join(f"{key} = {value(data)}\n" for key, data in tree.items())


SCHEME = build(TREE, "every_kind")


def random_values(form: Form, chance: random.Random) -> dict[str, int | None]:
    """Values by fact key, drawn over all that a form admits and its edges; a 加分 fact may be blank."""
    values: dict[str, int | None] = {}
    for fact in form.facts:
        deciding = [(condition, values[condition.fact.key]) for condition in fact.conditions]
        if not all(value is not None and condition.holds(value) for condition, value in deciding):
            values[fact.key] = None
            continue
        values[fact.key] = None if fact.optional and chance.random() < 0.3 else _value(fact.kind, chance)
        if fact.limit and values[fact.key] is not None:
            values[fact.key] = chance.randint(0, values[fact.limit.key] or 0)
    return values


def _value(kind: Any, chance: random.Random) -> int:
    match kind:
        case Choice(options):
            return chance.randrange(len(options))
        case Count(least=least):
            return chance.choice([least, chance.randint(least, 8), chance.randint(least, 400), 999_999_999])
        case Percent(most):
            edges = [0, 10_000, 6000, 6001, 7999, 8000, 9000, 8999, 2000, 1999, 1500, 1955, 10_001, 12_000, most]
            drawn = [*edges, chance.randint(0, 10_000), chance.randint(1000, 2100), chance.randint(10_000, 13_000)]
            return chance.choice([value for value in drawn if value <= most])
        case Number(least=least) if least < 0:
            small = chance.randint(least, 300 * MILLION)
            return chance.choice([0, least, small, small // MILLION * MILLION, -20 * MILLION, -50_500_001])
        case Number():
            small = chance.randint(0, 300 * MILLION)
            return chance.choice([0, 1, small, small // 10_000 * 10_000, small // MILLION * MILLION, 150_500_000])
        case Points():
            return chance.randint(*kind.extremes())
    raise TypeError(kind)


def with_forms(roster: list[Table], forms: list[Table]) -> Table:
    """The tree with these instead of its own, and without 等次 and the effects that are of its own forms."""
    made = copy.deepcopy({key: value for key, value in TREE.items() if key not in ("grades", "adjustments")})
    return made | {"roster": roster, "forms": forms, "vetoes": TREE["vetoes"][:1]}


def only_item(worth: Table, facts: list[Table], rule: Table, units: int = 1) -> Form:
    """A form with so many units and this one item."""
    roster = [{"name": f"单位{n}", "form": "表"} for n in range(units)]
    row = {"code": "1.1.1", "method": "查", "content": "内", "text": "则", "facts": facts, "rule": rule, **worth}
    section = {"title": "项", "items": [row], **worth}
    form = TREE["forms"][0] | {"name": "表", "points": worth.get("points", 0), "sections": [section]}
    form.pop("cap")
    return build(with_forms(roster, [form]), "x").forms[0]

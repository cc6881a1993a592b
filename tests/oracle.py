"""The official scoring once more, by hand and on its own: plain fractions, none of the package's code."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

Answers = dict[str, Any]
"""By 填报项: 是/否 and options as text, counts as int, percentages and measures as Fraction."""


def half_up(points: Fraction) -> Fraction:
    size = Fraction(floor(abs(points) * 100 + Fraction(1, 2)), 100)
    return size if points >= 0 else -size


def percent(value: Fraction) -> Fraction:
    """K18a: rounded half up to two decimals of a percent."""
    return Fraction(floor(value * 10_000 + Fraction(1, 2)), 10_000)


def less(start: float, *losses: Fraction | float) -> Fraction:
    return max(Fraction(0), Fraction(start) - sum(Fraction(loss) for loss in losses))


def yes(answer: str, points: int) -> Fraction:
    return Fraction(points if answer == "是" else 0)


def county_items(a: Answers, amounts: list[int], field: int) -> dict[str, Fraction]:
    """县直 item scores; ``amounts`` holds every known 年度累计办件量, ``field`` is N."""
    windows = 2 if a["每窗口派驻两名工作人员"] == "是" else 0
    own = a["有无自建系统"] == "有"
    up = Fraction(a["未上行事项数"], a["应上行事项数"]) if own and a["应上行事项数"] else Fraction(0)
    down = Fraction(a["未下行可办事项数"], a["应下行可办事项数"]) if own and a["应下行可办事项数"] else Fraction(0)
    online, amount = percent(a["网上可办率"]), a["年度累计办件量"]
    rank = 1 + sum(other > amount for other in amounts)
    tasks = a["承担改革任务数"]
    scores = {
        "1.1.1": 3 * Fraction(a["已进驻事项数"], a["应进驻事项数"]),
        "1.2.1": {"全部开展": Fraction(2), "部分开展": a.get("酌情分", Fraction(0)), "未开展": Fraction(0)}[
            a["一窗受理开展情况"]
        ],
        "1.3.1": less(windows, a["随意调整人员次数"]),
        "1.3.2": less(3, a["考勤低于半数人数"], a["违反制度或纪律次数"]),
        "1.4.1": less(2, a["缺少的制度项数"]),
        "1.4.2": less(2, a["环境卫生违规次数"] / 2),
        "1.4.3": less(2, a["着装胸牌违规次数"] / 2),
        "1.4.4": Fraction(0) if a["查证属实投诉次数"] >= 1 else less(4, a["群众投诉次数"]),
        "1.5.1": yes(a["综合审批股进驻服务大厅"], 5),
        "1.5.2": yes(a["提供后台审批具体资料"], 5),
        "2.1.1": Fraction({"整体接入": 10, "单机接入": 5, "未接入": 0}[a["电子政务外网接入方式"]]),
        "2.2.1": yes(a["清单已公布并及时更新"], 4),
        "2.2.2": Fraction(4 if online >= Fraction(9, 10) else 1 if online >= Fraction(7, 10) else 0),
        "2.2.3": less(2, a["事项要素有误项数"] / 2),
        "2.3.1": less(5, a["未纳入系统事项数"] / 2),
        "2.3.2": yes(a["能够在线申报"], 5),
        "2.3.3": Fraction(20 * (field - rank + 1), field) if amount else Fraction(0),
        "3.1.1": yes(a["自主开展改革项目"], 2),
        "3.1.2": yes(a["推广新型服务方式"], 2),
        "3.2.1": yes(a["召开部门推进会议"], 2),
        "3.2.2": yes(a["有事项优化成果总结"], 2),
        "3.2.3": yes(a["完善措施并认真总结"], 2),
        "4.1.1": Fraction(min(5, tasks)),
        "4.1.2": 5 * percent(a["任务完成进度"]) if tasks else Fraction(0),
        "5.1.1": Fraction(2 * a.get("市级以上表彰次数", 0) + a.get("县级表彰次数", 0)),
        "5.1.2": Fraction(2 * a.get("省级媒体报道次数", 0) + min(1, a.get("县级以上简报刊登次数", 0))),
        "6.1.1": -5 * up,
        "6.1.2": -5 * down,
    }
    return {code: half_up(score) for code, score in scores.items()}


def town_items(a: Answers) -> dict[str, Fraction]:
    """乡镇 item scores."""
    online, content, area = percent(a["网上可办率"]), percent(a["群众满意度"]), a["实体政务大厅面积"]
    scores = {
        "1.1.1": yes(a["成立领导小组"], 2),
        "1.2.1": yes(a["制定工作计划"], 2),
        "1.3.1": yes(a["撰写工作总结"], 2),
        "1.4.1": less(2, max(0, 4 - a["专题研究次数"]) / 2),
        "1.5.1": less(2, a["明确分管领导"] == "否", a["有专职工作人员"] == "否"),
        "2.1.1": yes(a["已覆盖政务外网"], 5),
        "2.2.1": yes(a["清单已公布并及时更新"], 4),
        "2.2.2": Fraction(2 if online >= Fraction(9, 10) else 1 if online >= Fraction(7, 10) else 0),
        "2.2.3": yes(a["事项要素准确无误"], 2),
        "2.2.4": yes(a["事项清单已公布公示"], 2),
        "3.1.1": Fraction(15 if area >= 200 else 10 if area >= 150 else 8 if area >= 100 else 5 if area >= 50 else 0),
        "3.1.2": less(4, a["缺少的服务项数"]),
        "3.1.3": yes(a["窗口吊牌着装挂牌符合要求"], 4),
        "3.1.4": yes(a["提供寄递服务"], 4),
        "3.1.5": yes(a["摆放统一规范的办事指南"], 4),
        "3.2.1": yes(a["制定管理办法"], 4),
        "3.2.2": yes(a["落实三项服务机制"], 4),
        "3.2.3": yes(a["设置投诉受理窗口"], 2),
        "3.3.1": yes(a["窗口有固定工作人员"], 4),
        "4.1.1": yes(a["自主开展便民服务改革"], 4),
        "4.1.2": yes(a["推广新型服务方式"], 4),
        "4.2.1": yes(a["召开工作推进会议"], 5),
        "4.2.2": yes(a["有事项优化成果总结"], 5),
        "5.1.1": Fraction(-a["被上级通报次数"]),
        "5.1.2": yes(a["走访反映工作效率提高"], 4),
        "5.1.3": Fraction(4 if content >= Fraction(9, 10) else 2 if content >= Fraction(8, 10) else 0),
        "5.1.4": yes(a["设立公开电话意见箱"], 4),
    }
    return {code: half_up(score) for code, score in scores.items()}


def sections(form: str, items: dict[str, Fraction]) -> list[Fraction]:
    sums = [
        sum((score for code, score in items.items() if code.startswith(f"{number}.")), Fraction(0))
        for number in range(1, 7 if form == "县直" else 6)
    ]
    if form == "县直":
        sums[4], sums[5] = min(Fraction(10), sums[4]), max(Fraction(-10), sums[5])
    else:
        sums[4] = max(Fraction(0), sums[4])
    return sums


def total(form: str, items: dict[str, Fraction]) -> Fraction:
    return max(Fraction(0), sum(sections(form, items), Fraction(0)))


def ranks(totals: dict[str, Fraction]) -> dict[str, int]:
    return {unit: 1 + sum(other > own for other in totals.values()) for unit, own in totals.items()}

"""The schemes of ``examples`` scored by hand, out of their own words: plain fractions, none of the package's code."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from oracle import half_up, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Answers = dict[str, Any]
"""By 填报项: options as text, numbers as fractions, None where nothing was filled in."""
Items = dict[str, Any]
"""Scores by code, not rounded yet."""


def number(value: Fraction | None) -> Fraction:
    return value or Fraction(0)


def rate(value: Fraction) -> Fraction:
    """A percentage as a number of percent (K18a)."""
    return 100 * percent(value)


def between(least: int, amount: Fraction, most: int) -> Fraction:
    return max(Fraction(least), min(amount, Fraction(most)))


def step(value: Fraction, *steps: tuple[int, int]) -> int:
    return next(points for at_least, points in steps if value >= at_least)


def place(own: Fraction, everyone: Iterable[Fraction]) -> int:
    return 1 + sum(other > own for other in everyone)


def mean(
    values: Sequence[Fraction | None], *, weights: Sequence[int] = (), drop: int = 0, as_zero: bool = False
) -> Fraction:
    """What is missing counts as 0 or not at all; nothing at all is 0."""
    pairs = zip(values, weights or [1] * len(values), strict=True)
    there = [(number(value), weight) for value, weight in pairs if as_zero or value is not None]
    if len(there) > 2 * drop:
        there = sorted(there)[drop : len(there) - drop]
    weight = sum(weight for _, weight in there)
    return sum((value * weight for value, weight in there), Fraction(0)) / weight if weight else Fraction(0)


def each(answers: Answers, *labels: str) -> list[Fraction | None]:
    return [answers[label] for label in labels]


def town(a: Answers, everyone: Sequence[Answers]) -> Items:
    """河湖长制."""

    def met(one: Answers) -> Fraction:
        return one["达标断面次数"] / one["监测断面次数"]

    liked = place(rate(a["群众满意度"]), [rate(one["群众满意度"]) for one in everyone])
    sold = Fraction(16) * a["已销号问题数"] / a["应销号问题数"] if a["应销号问题数"] else 16
    praise = (("国家", 5), ("省", 3), ("市", Fraction(3, 2)))
    off = 3 * a["逾期未办结问题数"] + a["缺少巡河记录次数"] / 2 + number(a["记录不完整酌情扣分"])
    return {
        "1.1.1": between(0, 30 - (100 - rate(a["巡河完成率"])) / 2, 30),
        "1.1.2": between(0, 30 - off, 30) if a["巡河弄虚作假"] == "否" else 0,
        "1.2.1": mean(each(a, *(f"{name}季度暗访得分" for name in "一二三四"))) / 5,
        "1.3.1": mean(each(a, "县河长评价", "成员单位评价", "群众代表评价"), weights=(50, 30, 20)) / 5,
        "2.1.1": step(rate(met(a)), (95, 30), (85, 24), (70, 15), (0, 0)),
        "2.1.2": Fraction(10 * (6 - place(met(a), map(met, everyone)) + 1), 6),
        "2.2.1": min(Fraction(20), sold + min(6, a["自查发现并整改处数"])),
        "2.3.1": 15 * a["河湖管护投入"] / max(one["河湖管护投入"] for one in everyone),
        "2.4.1": 15 if liked <= 2 else 11 if liked <= 4 else 7,
        "2.4.2": {"准确": 10, "有误已更正": 6, "有误未更正": 0}[a["公示牌情况"]],
        "3.1.1": next((points for level, points in praise if a[f"{level}级肯定次数"]), 0),
        "3.1.2": min(Fraction(2), a["媒体报道篇数"] * Fraction(3, 10)),
        "4.1.1": -min(
            Fraction(10),
            2 * number(a["上级通报次数"]) + 3 * number(a["媒体曝光次数"]) + number(a["整改不力酌情扣分"]),
        ),
    }


def supplier(a: Answers, everyone: Sequence[Answers]) -> Items:
    """供应商评价."""

    def good(one: Answers) -> Fraction:
        return one["合格批次"] / one["来料批次"]

    quality = rate(good(a))
    top, bottom = place(good(a), map(good, everyone)), place(-good(a), [-good(one) for one in everyone])
    off = 20 * number(a["批量质量事故起数"]) + 5 * a["8D报告逾期份数"] + number(a["整改态度酌情扣分"])
    long = place(a["账期天数"], [one["账期天数"] for one in everyone])
    judges = each(a, *(f"{name}部评分" for name in ("采购", "质量", "生产", "仓储", "研发")))
    answered = mean([percent(value) for value in each(a, "上半年响应及时率", "下半年响应及时率")], weights=(40, 60))
    return {
        "1.1.1": 0 if quality < 70 else between(0, 60 - Fraction(3, 4) * ceil((98 - quality) * 2), 60),
        "1.2.1": between(0, 40 - off, 40) if a["隐瞒质量问题"] == "否" else 0,
        "2.1.1": step(rate(a["准时交付率"]), (95, 60), (85, 50), (75, 36), (0, 0)),
        "2.2.1": step(rate(a["订单完成率"]), (105, 40), (95, 36), (80, 24), (0, 8)),
        "3.1.1": 50 * min(one["报价指数"] for one in everyone) / a["报价指数"],
        "3.2.1": Fraction(20 * (7 - long + 1), 7) if a["账期天数"] else 0,
        "3.3.1": 30 if top * 10 <= 7 * 3 else 10 if bottom * 10 <= 7 * 3 else 20,
        "4.1.1": 6 * mean(judges, drop=1),
        "4.2.1": 40 * answered,
        "5.1.1": max(3 if a["参与联合开发"] == "是" else 0, min(Fraction(2), a["采纳降本建议条数"] / 2)),
        "6.1.1": -min(Fraction(10), 2 * number(a["停线次数"])),
    }


def ward(a: Answers, everyone: Sequence[Answers]) -> Items:
    """医院科室考核."""

    def washed(one: Answers) -> Fraction:
        return percent(one["四季度手卫生依从率"])

    stay = half_up(sum(one["平均住院日"] for one in everyone) / len(everyone))
    longer = max(Fraction(0), a["平均住院日"] - stay)
    beds = rate(a["床位使用率"]) - 93
    top, bottom = place(washed(a), map(washed, everyone)), place(-washed(a), [-washed(one) for one in everyone])
    off = 5 * number(a["感染病例漏报例数"]) + 2 * max(0, 4 - a["感控培训次数"]) + number(a["医废分类酌情扣分"])
    quarters = [percent(a[f"{name}季度手卫生依从率"]) for name in "一二三四"]
    liked = mean([percent(value) for value in each(a, "门诊满意度", "住院满意度")], weights=(40, 60))
    helped = min(Fraction(1), a["支援完成人次"] / a["支援任务人次"]) if a["支援任务人次"] else 0
    return {
        "1.1.1": {"好": 20, "基本落实": 12, "差": 0}[a["核心制度落实情况"]],
        "1.2.1": step(rate(a["甲级病历份数"] / a["抽查病历份数"]), (95, 30), (90, 24), (80, 12), (0, 0)),
        "1.3.1": max(Fraction(0), 25 - 2 * Fraction(longer * 2 // 1)),
        "1.3.2": max(Fraction(5), 25 - (beds / 2 if beds > 0 else -beds * Fraction(2, 5))),
        "2.1.1": 40 * mean(quarters),
        "2.2.1": between(0, 40 - off, 40) if a["感染暴发未报告"] == "否" else 0,
        "2.3.1": 20 if top <= 2 else 8 if bottom <= 2 else 14,
        "3.1.1": 50 * liked,
        "3.2.1": 0 if number(a["收受红包回扣起数"]) else max(Fraction(0), 30 - 5 * number(a["有效投诉起数"])),
        "3.2.2": 20 if a["承诺书全员签订"] == "是" else 0,
        "4.1.1": 5 if a["国家级立项数"] else 3 if a["省级立项数"] else 1 if a["市级立项数"] else 0,
        "4.2.1": min(Fraction(3), a["新技术项数"] + helped),
        "5.1.1": -min(Fraction(8), 8 * number(a["一级甲等事故起数"]) + 3 * number(a["其他事故起数"])),
    }


def school(a: Answers, points: int) -> Items:
    """What 中学 and 小学 have in common."""
    off = max(0, 6 - a["安全演练次数"]) + a["未整改隐患处数"] * Fraction(3, 4) + number(a["台账酌情扣分"])
    return {
        "1.1.1": 0 if number(a["责任事故起数"]) else max(Fraction(0), points - off),
        "4.1.1": 3 if a["市级以上表彰次数"] else 1 if a["县级表彰次数"] else 0,
        "4.1.2": min(Fraction(2), a["优质课获奖人次"] / 4),
        "5.1.1": -min(Fraction(6), 2 * number(a["违规办学起数"]) + number(a["群众反映酌情扣分"])),
    }


def junior(a: Answers, everyone: Sequence[Answers]) -> Items:
    """学校办学水平, 中学."""

    def promoted(one: Answers) -> Fraction:
        return one["升入普高人数"] / one["毕业生人数"]

    went = place(a["升入普高人数"], [one["升入普高人数"] for one in everyone])
    smaller = place(-a["毕业生人数"], [-one["毕业生人数"] for one in everyone])
    fit = percent(a["体质达标率"])
    return school(a, 40) | {
        "1.2.1": max(Fraction(0), 30 - Fraction(4, 5) * (100 - rate(a["学历达标率"]))),
        "1.2.2": 30 * mean(each(a, "督学评价", "教师评价", "家长评价"), weights=(50, 25, 25)) / 100,
        "2.1.1": step(rate(a["毕业年级巩固率"]), (98, 40), (90, 32), (80, 20), (0, 0)),
        "2.1.2": 30 * promoted(a) / max(map(promoted, everyone)),
        "2.1.3": Fraction(15 * (4 - went + 1), 4) if a["升入普高人数"] else 0,
        "2.1.4": 15 if smaller == 1 else 12,
        "3.1.1": 6 * mean(each(a, *(f"评委{name}打分" for name in "甲乙丙丁戊")), drop=1),
        "3.2.1": 40 * fit if fit >= Fraction(3, 5) else 0,
    }


def primary(a: Answers, everyone: Sequence[Answers]) -> Items:
    """学校办学水平, 小学."""
    upper = place(percent(a["高年级合格率"]), [percent(one["高年级合格率"]) for one in everyone])
    read = rate(a["实际阅读量"] / a["计划阅读量"]) - 100
    return school(a, 30) | {
        "2.1.1": 30 * mean([percent(a[f"{name}年级合格率"]) for name in ("低", "中", "高")]),
        "2.1.2": 10 if upper <= 2 else 6,
        "2.2.1": step(rate(a["课后服务参加率"]), (90, 10), (70, 7), (0, 3)),
        "3.1.1": between(0, 10 - max(0, 8 - a["社团个数"]) + a["社团获奖次数"] / 2, 10),
        "3.2.1": between(0, 8 + (read / 10 if read > 0 else read / 5), 10),
    }


def bureau(a: Answers, everyone: Sequence[Answers]) -> Items:
    """机关办公室考核."""

    def used(one: Answers) -> Fraction:
        return one["采用信息条数"] / one["报送信息条数"]

    over = rate(a["信息任务完成率"]) - 100
    taken = place(used(a), [used(one) for one in everyone if one["报送信息条数"]]) if a["报送信息条数"] else 0
    done = 15 * a["按期办结督查件数"] / a["应办督查件数"] if a["应办督查件数"] else Fraction(15)
    off = 2 * number(a["反馈退回件数"]) + number(a["材料粗糙酌情扣分"])
    fewer = place(-a["公文差错份数"], [-one["公文差错份数"] for one in everyone])
    served = place(a["会议保障人次"], [one["会议保障人次"] for one in everyone])
    talks = each(a, *(f"第{name}次讲评" for name in "一二三四五六"))
    return {
        "1.1.1": between(0, 15 + over * (Fraction(1, 10) if over > 0 else Fraction(3, 10)), 20),
        "1.1.2": 0 if not taken else 10 if taken <= 2 else 8 if taken <= 5 else 6,
        "1.1.3": 10 * a["采用信息条数"] / max(one["采用信息条数"] for one in everyone),
        "1.2.1": 0 if number(a["通报批评次数"]) else max(Fraction(0), done - off),
        "1.3.1": max(Fraction(0), 15 - a["公文差错份数"] / 2 - a["公文超时份数"]),
        "1.3.2": 10 if fewer <= 3 else 7,
        "1.4.1": {"规范": 10, "脱岗未误事": 5, "脱岗误事": 0}[a["值班值守情况"]],
        "1.5.1": Fraction(10 * (7 - served + 1), 7) if a["会议保障人次"] else 0,
        "2.1.1": 60 * mean(each(a, "县领导评价", "同级互评", "群众评议"), weights=(40, 30, 30)) / 100,
        "2.2.1": 4 * mean(talks, drop=1, as_zero=True) if any(talk is not None for talk in talks) else 0,
        "3.1.1": min(Fraction(5), 2 * a["省级刊物篇数"] + a["市级刊物篇数"] + 3 * (a["省级领导批示肯定"] == "是")),
        "3.1.2": 2 if a["全国性会议次数"] else 1 if a["全省性会议次数"] else 0,
        "4.1.1": -min(Fraction(10), Fraction(3, 2) * number(a["迟报漏报次数"])) if a["瞒报紧急信息"] == "否" else -10,
    }


@dataclass(frozen=True)
class Form:
    """What a scheme says of a form above its items."""

    items: Callable[[Answers, Sequence[Answers]], Items]
    weights: tuple[int, ...]
    """Of its sections, in percent."""
    grades: tuple[tuple[str, int, int | None], ...]
    """等次 from the highest: name, the total that it takes, places."""
    adds: int
    deducts: int
    cap: int = 1000
    veto: tuple[str, ...] = ()
    """What the first circumstance does."""
    points_off: int = 0
    most: Fraction = Fraction(1000)
    """What the first circumstance leaves of the total."""


FORMS: dict[tuple[str, str], Form] = {
    ("河湖长制", "乡镇"): Form(
        town,
        (40, 60, 100, 100),
        (("优秀", 80, 1), ("良好", 70, 2), ("合格", 60, None), ("不合格", 0, None)),
        adds=5,
        deducts=10,
        cap=105,
        veto=("取消评优",),
        points_off=5,
    ),
    ("供应商评价", "供应商"): Form(
        supplier,
        (40, 30, 20, 10, 100, 100),
        (("A级", 65, 2), ("B级", 50, 1), ("C级", 45, None), ("D级", 0, None)),
        adds=3,
        deducts=10,
        veto=("最低等次", "名次列末"),
    ),
    ("医院科室考核", "临床科室"): Form(
        ward,
        (50, 30, 20, 100, 100),
        (("优秀", 80, 2), ("良好", 75, 2), ("合格", 60, None), ("不合格", 0, None)),
        adds=6,
        deducts=8,
        veto=("取消评优",),
        most=Fraction("59.99"),
    ),
    ("学校办学水平", "中学"): Form(
        junior,
        (30, 50, 20, 100, 100),
        (("优秀", 60, 1), ("合格", 50, None), ("不合格", 0, None)),
        adds=4,
        deducts=6,
        cap=102,
        veto=("取消评优", "降一等"),
    ),
    ("学校办学水平", "小学"): Form(
        primary,
        (100, 100, 100, 100, 100),
        (("优秀", 75, 2), ("良好", 70, None), ("合格", 60, None), ("不合格", 0, None)),
        adds=4,
        deducts=6,
        veto=("取消评优", "降一等"),
    ),
    ("机关办公室考核", "办公室"): Form(
        bureau,
        (70, 30, 100, 100),
        (("优秀", 70, 3), ("良好", 65, 2), ("一般", 50, None), ("较差", 0, None)),
        adds=6,
        deducts=10,
        cap=106,
        veto=("名次列末",),
        points_off=10,
    ),
}


@dataclass
class Unit:
    """What a unit comes to."""

    items: dict[str, Fraction]
    sections: list[Fraction]
    total: Fraction
    rank: int = 0
    grade: str = ""


def score(form: Form, answers: dict[str, Answers], vetoed: set[str]) -> dict[str, Unit]:
    """Every unit by name; ``vetoed``: those of whom the first circumstance is recorded."""
    found = {}
    for name, own in answers.items():
        exact = form.items(own, list(answers.values()))
        items = {code: half_up(Fraction(amount)) for code, amount in exact.items()}
        sums = [Fraction(0)] * len(form.weights)
        for code, amount in items.items():
            sums[int(code[0]) - 1] += amount
        sums[-2], sums[-1] = min(sums[-2], Fraction(form.adds)), max(sums[-1], Fraction(-form.deducts))
        weighed = (part * weight / 100 for part, weight in zip(sums, form.weights, strict=True))
        total = min(half_up(sum(weighed, Fraction(0))), Fraction(form.cap))
        if name in vetoed:
            total = min(total - form.points_off, form.most)
        found[name] = Unit(items, sums, max(Fraction(0), total))
    behind = vetoed if "名次列末" in form.veto else set()
    for name, unit in found.items():
        beside = [other.total for key, other in found.items() if (key in behind) == (name in behind)]
        unit.rank = place(unit.total, beside) + (len(found) - len(beside) if name in behind else 0)
    _grade(form, found, vetoed)
    return found


def _grade(form: Form, found: dict[str, Unit], vetoed: set[str]) -> None:
    names = [name for name, _, _ in form.grades]
    left = sorted(found, key=lambda name: -found[name].total)
    for row, (grade, at_least, places) in enumerate(form.grades):
        held = (row == 0 and "取消评优" in form.veto) or (row < len(names) - 1 and "最低等次" in form.veto)
        barred = vetoed if held else set()
        fit = [name for name in left if found[name].total >= at_least and name not in barred][:places]
        for name in fit:
            found[name].grade = grade
        left = [name for name in left if name not in fit]
    for name in vetoed if "降一等" in form.veto else ():
        found[name].grade = names[min(names.index(found[name].grade) + 1, len(names) - 1)]

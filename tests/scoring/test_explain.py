"""计分依据: figures with their names, the 口径 that decided, and sums that come out as they say."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from itertools import chain
from math import floor

import every_kind
import pytest
from conftest import (
    COUNTY,
    TOWN,
    append,
    collect,
    filled_form,
    good_answers,
    random_answers,
    register_book,
    rows,
    save,
)
from play import result

from assess_xlsx.answers import Answer
from assess_xlsx.entries import is_blank
from assess_xlsx.scoring.score import item_scores
from assess_xlsx.scoring.settle import settle
from assess_xlsx.scoring.together import alone


def explained(form, *units):
    """Cents and sentences of every item, one a unit; the units' values by fact key, in each kind's scale."""
    answers = [[Answer(each.get(fact.key)) for fact in form.facts] for each in units]
    facts = alone(settle(form, range(1, len(units) + 1), answers))
    found = item_scores(facts)[0]
    for item in form.items:
        amounts = found[item.code].to_numpy()
        yield from zip(amounts.tolist(), item.rule.explain(facts.columns, amounts), strict=True)


def values(form, answers):
    """Answers by label as values by key."""
    raws = {fact.key: (fact, answers.get(fact.label)) for fact in form.facts}
    return {
        key: None if is_blank(raw) else fact.kind.parse(float(raw) if isinstance(raw, Fraction) else raw).value
        for key, (fact, raw) in raws.items()
    }


def one(form, code, **answers):
    said = explained(form, values(form, answers))
    return dict(zip([item.code for item in form.items], said, strict=True))[code][1]


@pytest.mark.parametrize(
    ("form", "code", "answers", "sentence"),
    [
        (COUNTY, "1.1.1", {"应进驻事项数": 28, "已进驻事项数": 24}, "3 × 已进驻事项数 24 / 应进驻事项数 28 = 2.57"),
        (
            COUNTY,
            "1.2.1",
            {"一窗受理开展情况": "部分开展", "酌情分": 1.25},
            "“一窗受理开展情况”选“部分开展”，酌情分 1.25 分（口径 K16）",
        ),
        (
            COUNTY,
            "1.3.1",
            {"每窗口派驻两名工作人员": "是", "随意调整人员次数": 3},
            "2（“每窗口派驻两名工作人员”选“是”） − 1 × 随意调整人员次数 3 = -1.00，扣完为止，记 0 分",
        ),
        (COUNTY, "1.4.2", {"环境卫生违规次数": 3}, "2 − 0.5 × 环境卫生违规次数 3 = 0.50"),
        (COUNTY, "1.4.4", {"群众投诉次数": 3, "查证属实投诉次数": 1}, "查证属实投诉次数 1次，达到 1次，记 0 分"),
        (COUNTY, "2.2.2", {"网上可办率": 0.899}, "网上可办率 89.9%，达到 70%以上，记 1 分"),
        (
            COUNTY,
            "2.3.3",
            {"年度累计办件量": 500},
            "年度累计办件量 500件，第1名，20 × (31 − 1 + 1) / 31 = 20.00（口径 K1）",
        ),
        (COUNTY, "4.1.1", {"承担改革任务数": 7}, "1 × 承担改革任务数 7 = 7.00，封顶，记 5 分"),
        (COUNTY, "4.1.2", {"承担改革任务数": 0}, "“承担改革任务数”为 0，记 0 分（口径 K22）"),
        (COUNTY, "4.1.2", {"承担改革任务数": 2, "任务完成进度": 0.846}, "5 × 任务完成进度 84.6% = 4.23"),
        (
            COUNTY,
            "5.1.2",
            {"省级媒体报道次数": 1, "县级以上简报刊登次数": 3},
            "2 × 省级媒体报道次数 1 + 1 × 1（县级以上简报刊登次数 3次，最多计1次） = 3.00（口径 K3）",
        ),
        (COUNTY, "6.1.1", {"有无自建系统": "无"}, "无自建系统，不扣分"),
        (COUNTY, "6.1.1", {"有无自建系统": "有", "应上行事项数": 0, "未上行事项数": 0}, "“应上行事项数”为 0，不扣分"),
        (
            COUNTY,
            "6.1.2",
            {"有无自建系统": "有", "应下行可办事项数": 6, "未下行可办事项数": 1},
            "−5 × 未下行可办事项数 1 / 应下行可办事项数 6 = -0.83",
        ),
        (TOWN, "1.1.1", {"成立领导小组": "是"}, "“成立领导小组”选“是”，记 2 分"),
        (TOWN, "1.1.1", {"成立领导小组": "否"}, "“成立领导小组”选“否”，记 0 分（口径 K4）"),
        (TOWN, "1.4.1", {"专题研究次数": 1}, "2 − 0.5 × 3（专题研究次数 1次，少于4次的部分） = 0.50"),
        (
            TOWN,
            "1.5.1",
            {"明确分管领导": "否", "有专职工作人员": "是"},
            "2 − 1 × 1（“明确分管领导”选“否”） − 1 × 0（“有专职工作人员”选“是”） = 1.00",
        ),
        (TOWN, "3.1.1", {"实体政务大厅面积": 195}, "实体政务大厅面积 195平方米，细则未规定，记 10 分（口径 K5）"),
        (TOWN, "5.1.1", {"被上级通报次数": 2}, "−1 × 被上级通报次数 2 = -2.00（口径 K6）"),
    ],
)
def test_a_sentence_names_its_figures_and_what_decided(form, code, answers, sentence):
    assert one(form, code, **answers) == sentence


def test_what_is_missing_or_wrong_is_told_apart_and_says_what_helps(tmp_path):
    answers = good_answers(COUNTY) | {
        "应进驻事项数": "二十多",
        "有无自建系统": "有",
        "应上行事项数": 3,
        "清单已公布并及时更新": None,
    }
    save(filled_form(COUNTY, "县残联", answers), tmp_path / "in" / "a.xlsx")
    answers = good_answers(TOWN) | {"群众满意度": None, "走访反映工作效率提高": None}
    save(filled_form(TOWN, "城关镇", answers), tmp_path / "in" / "b.xlsx")
    book = register_book(tmp_path)
    append(book, "核定", "县残联", "1.5.1", None, 4, "只进驻了一半")
    save(book, tmp_path / "in" / "r.xlsx")
    found = {
        (row["考核单位"], row["指标编号"]): row["计分依据"] for row in rows(collect(tmp_path / "in"), "得分明细")
    }
    assert found["县残联", "1.1.1"] == "“应进驻事项数”填写有误，暂记 0 分，补正后重算（口径 K15）"
    assert found["县残联", "2.2.1"] == "“清单已公布并及时更新”未填，暂记 0 分，补正后重算（口径 K15）"
    assert found["县残联", "6.1.1"] == "“未上行事项数”未填，暂扣满 5 分，补正后重算（口径 K15）"
    assert found["县残联", "1.5.1"] == (
        "考核办核定为 4.00：只进驻了一半（核算：“综合审批股进驻服务大厅”选“是”，记 5 分）"
    )
    assert found["县残联", "2.3.3"].endswith("（口径 K1），还有 30 个单位数据未知，暂定")
    assert found["城关镇", "5.1.3"] == "“群众满意度”考核办未登记，单位未自查，暂记 0 分，待核定（口径 K17）"
    assert found["城关镇", "5.1.4"] == "“设立公开电话意见箱”选“是”，记 4 分"


def test_an_own_count_that_waits_for_the_office_says_so(tmp_path):
    save(filled_form(TOWN, "城关镇", good_answers(TOWN)), tmp_path / "in" / "a.xlsx")
    found = {row["指标编号"]: row["计分依据"] for row in rows(collect(tmp_path / "in"), "得分明细")}
    assert found["5.1.2"] == "“走访反映工作效率提高”选“是”，记 4 分，考核办未登记，待核定（口径 K17）"


def redone(sum_: str) -> Fraction:
    """What a reader comes to who works out a sum by hand, leaving out the names."""
    text = re.sub("（.*?）", "", sum_).replace("×", "*").replace("−", "-")
    text = re.sub(r"([\d.]+)%", r"(\1/100)", text) if "基准" not in text else text
    figures = re.sub(r"[^\d.*/+()\- ]", "", text)
    return eval(re.sub(r"\d+(\.\d+)?", r"Fraction('\g<0>')", figures), {"Fraction": Fraction})  # noqa: S307 - our own


def half_up(number: Fraction) -> int:
    return floor(abs(number) * 100 + Fraction(1, 2)) * (-1 if number < 0 else 1)


@pytest.mark.parametrize("form", [*every_kind.SCHEME.forms, COUNTY, TOWN], ids=lambda form: form.name)
def test_every_sum_comes_out_as_it_says_and_every_sentence_ends_in_its_score(form):
    chance, sums = random.Random(11), 0
    for _ in range(150):
        if form in (COUNTY, TOWN):
            units = [values(form, random_answers(form, chance)) for _ in form.units]
        else:
            units = [every_kind.random_values(form, chance) for _ in form.units]
        for score, sentence in explained(form, *units):
            *parts, told = re.sub("（口径 [^（）]*）$", "", sentence).split("；")
            if told.endswith(("不扣分", "其余指标的得分按比例折算")):
                assert score == 0, sentence
            elif ended := re.search(r"([记扣]?) (−?[\d.]+) 分$", told):
                assert Fraction(ended[2].replace("−", "-")) * 100 == (-score if ended[1] == "扣" else score), sentence
            else:
                assert told.endswith(f" = {score / 100:.2f}"), sentence
            printed = [re.sub(r"^\d\. |^(合计|取最高) ", "", each) for each in (*parts, told)]
            found = (
                re.findall(r"(?:^|，)([^，（）]*(?:（[^）]*）[^，（）]*)*?) = (-?\d+\.\d\d)(?=，|（口径|$)", each)
                for each in printed
            )
            for sum_, comes_to in chain(*found):
                if "×" in sum_ or parts:
                    assert half_up(redone(sum_)) == half_up(Fraction(comes_to)), sentence
                    sums += 1
    assert sums > 100


def test_of_several_parts_the_sentence_names_what_was_all_left_out():
    """A mean of nothing beside another part: only the figures of the mean are said to lack (K15)."""
    marks = [every_kind.fact(name, {"kind": "分值", "most": 10}) for name in ("甲评", "乙评")]
    mean = {"kind": "mean", "points": 2, "full": 10, "missing": "不计", "facts": [{"fact": "甲评"}, {"fact": "乙评"}]}
    taken_off = {"kind": "linear", "terms": [{"fact": "迟报", "step": -1}]}
    rule = {"kind": "parts", "floor": 0, "parts": [mean, taken_off]}
    form = every_kind.only_item({"points": 2}, [*marks, every_kind.fact("迟报", every_kind.COUNT)], rule)
    [unit] = form.units
    own = dict.fromkeys((fact.key for fact in form.items[0].facts), None) | {"1.1.1 迟报": 1, "V.1 发生重大事故": 1}
    found = result(form, {unit.number: own}, scheme=every_kind.SCHEME)
    assert found.basis["1.1.1"] == ["“甲评”“乙评”都没有填，暂记 0 分，补正后重算"]

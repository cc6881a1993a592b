"""Facts and scores, as the annexes and the readings have them."""

from __future__ import annotations

import random
from fractions import Fraction

import oracle
import pandas as pd
import pytest
from conftest import COUNTY, TOWN, random_answers

from assess_xlsx.answers import Answer
from assess_xlsx.entries import is_blank
from assess_xlsx.scoring.score import item_scores
from assess_xlsx.scoring.settle import settle
from assess_xlsx.scoring.together import alone


def answered(form, answers):
    """A unit's answers, as a form would be read."""
    raws = [answers.get(fact.label) for fact in form.facts]
    return [
        Answer(None if is_blank(raw) else fact.kind.parse(float(raw) if isinstance(raw, Fraction) else raw).value)
        for fact, raw in zip(form.facts, raws, strict=True)
    ]


def scores(form, *units):
    """Item scores in points, one column a unit."""
    found, _ = item_scores(alone(settle(form, range(len(units)), [answered(form, each) for each in units])))
    return found


def one(form, code, **answers):
    return int(scores(form, answers)[code].iloc[0]) / 100


@pytest.mark.parametrize(
    ("code", "answers", "score"),
    [
        ("1.1.1", {"应进驻事项数": 20, "已进驻事项数": 18}, 2.7),
        ("1.1.1", {"应进驻事项数": 200, "已进驻事项数": 67}, 1.01),
        ("1.1.1", {"应进驻事项数": 3, "已进驻事项数": 0}, 0),
        ("1.2.1", {"一窗受理开展情况": "全部开展"}, 2),
        ("1.2.1", {"一窗受理开展情况": "部分开展", "酌情分": 1.25}, 1.25),
        ("1.2.1", {"一窗受理开展情况": "未开展"}, 0),
        ("1.3.1", {"每窗口派驻两名工作人员": "是", "随意调整人员次数": 1}, 1),
        ("1.3.1", {"每窗口派驻两名工作人员": "否", "随意调整人员次数": 1}, 0),
        ("1.3.2", {"考勤低于半数人数": 1, "违反制度或纪律次数": 1}, 1),
        ("1.3.2", {"考勤低于半数人数": 2, "违反制度或纪律次数": 9}, 0),
        ("1.4.1", {"缺少的制度项数": 3}, 0),
        ("1.4.2", {"环境卫生违规次数": 3}, 0.5),
        ("1.4.4", {"群众投诉次数": 3, "查证属实投诉次数": 0}, 1),
        ("1.4.4", {"群众投诉次数": 3, "查证属实投诉次数": 1}, 0),
        ("1.4.4", {}, 4),  # K17: an adverse count that nobody reported is 0
        ("2.1.1", {"电子政务外网接入方式": "单机接入"}, 5),
        ("2.2.2", {"网上可办率": 0.9}, 4),
        ("2.2.2", {"网上可办率": 0.89995}, 4),  # K18a: 90.00 %
        ("2.2.2", {"网上可办率": 0.7}, 1),
        ("2.2.2", {"网上可办率": 0.699949}, 0),
        ("2.3.1", {"未纳入系统事项数": 11}, 0),
        ("2.3.3", {"年度累计办件量": 0}, 0),
        ("4.1.1", {"承担改革任务数": 7}, 5),
        ("4.1.2", {"承担改革任务数": 0}, 0),  # K22
        ("4.1.2", {"承担改革任务数": 1, "任务完成进度": 0.2005}, 1),
        ("4.1.2", {"承担改革任务数": 1, "任务完成进度": 0.201}, 1.01),
        ("4.1.2", {"承担改革任务数": 1}, 0),
        ("5.1.1", {}, 0),
        ("5.1.1", {"市级以上表彰次数": 6, "县级表彰次数": 1}, 13),  # K9 caps the section, not the item
        ("5.1.2", {"县级以上简报刊登次数": 9}, 1),  # K3
        ("6.1.1", {"有无自建系统": "无"}, 0),
        ("6.1.1", {"有无自建系统": "有", "应上行事项数": 0, "未上行事项数": 0}, 0),
        ("6.1.1", {"有无自建系统": "有", "应上行事项数": 8, "未上行事项数": 1}, -0.63),
        ("6.1.1", {"有无自建系统": "有"}, -5),  # K15
        ("6.1.1", {}, -5),
        ("6.1.2", {}, -5),
    ],
)
def test_county(code, answers, score):
    assert one(COUNTY, code, **answers) == score


@pytest.mark.parametrize(
    ("code", "answers", "score"),
    [
        ("1.4.1", {"专题研究次数": 3}, 1.5),
        ("1.4.1", {"专题研究次数": 9}, 2),
        ("1.4.1", {"专题研究次数": 0}, 0),
        ("1.5.1", {"明确分管领导": "否", "有专职工作人员": "是"}, 1),
        ("1.5.1", {"明确分管领导": "否", "有专职工作人员": "否"}, 0),
        ("3.1.1", {"实体政务大厅面积": 200}, 15),
        ("3.1.1", {"实体政务大厅面积": 199.99}, 10),  # K5
        ("3.1.1", {"实体政务大厅面积": 150}, 10),  # K2
        ("3.1.1", {"实体政务大厅面积": 149.99}, 8),
        ("3.1.1", {"实体政务大厅面积": 100}, 8),
        ("3.1.1", {"实体政务大厅面积": 50}, 5),
        ("3.1.1", {"实体政务大厅面积": 49.99}, 0),
        ("5.1.1", {"被上级通报次数": 2}, -2),
        ("5.1.2", {}, 0),
        ("5.1.3", {"群众满意度": 0.9}, 4),
        ("5.1.3", {"群众满意度": 0.8}, 2),
        ("5.1.3", {"群众满意度": 0.79}, 0),  # K7
    ],
)
def test_town(code, answers, score):
    assert one(TOWN, code, **answers) == score


def test_rank_item_shares_the_better_rank():
    """K1: ties share the better rank; N is the roster, whoever reported."""
    amounts = [500, 900, 500, 0, 10]
    found = scores(COUNTY, *({"年度累计办件量": amount} for amount in amounts))["2.3.3"].tolist()
    assert found == [1935, 2000, 1935, 0, 1806]  # ranks 2, 1, 2, –, 4 of 31


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)
def test_random_facts_score_as_by_hand(form, seed):
    chance = random.Random(seed)
    units = [random_answers(form, chance) for _ in form.units]
    found = scores(form, *units)
    amounts = [each.get("年度累计办件量", 0) for each in units]
    for place, answers in enumerate(units):
        expected = (
            oracle.county_items(answers, amounts, len(form.units)) if form is COUNTY else oracle.town_items(answers)
        )
        assert {code: Fraction(int(found.at[place, code]), 100) for code in found.columns} == expected


def test_more_events_never_raise_a_score():
    """A law of every adverse count."""
    for form in (COUNTY, TOWN):
        for fact in (fact for fact in form.facts if fact.adverse):
            found = scores(form, *({fact.label: count} for count in range(8)))[fact.code]
            assert isinstance(found, pd.Series)
            assert found.is_monotonic_decreasing

"""The main job as a whole: a roster's forms in, and every figure of the result as by hand."""

from __future__ import annotations

import random
from fractions import Fraction

import oracle
import pytest
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    collect,
    filled_form,
    good_answers,
    office,
    random_answers,
    register_book,
    rows,
    save,
)

from assess_xlsx.forms import register as register_form


def cents(value):
    """A cell's number as exact points."""
    assert value is not None
    assert round(value * 100, 6) == round(value * 100)
    return Fraction(round(value * 100), 100)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_roster_scores_and_ranks_as_by_hand(tmp_path, seed):
    chance = random.Random(seed)
    answers = {unit: random_answers(SCHEME.form(unit.form), chance) for unit in SCHEME.units}
    for unit, filled in answers.items():
        for veto in SCHEME.form(unit.form).declarations:
            filled[veto.label] = "是" if chance.random() < 0.05 else "否"
        save(filled_form(SCHEME.form(unit.form), unit.name, filled), tmp_path / "in" / f"{unit.number}.xlsx")
    result = collect(tmp_path / "in")
    details = rows(result, "得分明细")
    for form in SCHEME.forms:
        units = {unit.name: filled for unit, filled in answers.items() if unit.form == form.name}
        amounts = [filled.get("年度累计办件量", 0) for filled in units.values()]
        expected = {
            name: oracle.county_items(filled, amounts, 31) if form is COUNTY else oracle.town_items(filled)
            for name, filled in units.items()
        }
        for name, items in expected.items():
            found = {row["指标编号"]: cents(row["最终得分"]) for row in details if row["考核单位"] == name}
            assert found == items
        totals = {name: oracle.total(form.name, items) for name, items in expected.items()}
        vetoed = {
            name for name, filled in units.items() if any(filled[veto.label] == "是" for veto in form.declarations)
        }
        ranks = oracle.ranks(totals)
        merit = oracle.ranks({name: total for name, total in totals.items() if name not in vetoed})
        ranking = rows(result, f"{form.name}排名")
        assert [row["考核单位"] for row in ranking] == sorted(
            units, key=lambda name: (ranks[name], [unit.name for unit in form.units].index(name))
        )
        for row in ranking:
            name = row["考核单位"]
            assert cents(row["总分"]) == totals[name]
            sums = [cents(row[section.title]) for section in form.sections]
            assert sums == oracle.sections(form.name, expected[name])
            assert row["名次"] == ranks[name]
            assert row["评优资格"] == ("取消" if name in vetoed else "有")
            assert (row["评优名次"] or None) == merit.get(name)
            assert bool(row["一票否决"]) == (name in vetoed)


def test_nobody_missing_is_scored_and_the_ranking_says_provisional(tmp_path):
    """K12, K14: 未报送 has no score and no rank; the line above the table counts what is lacking."""
    save(filled_form(TOWN, "城关镇", good_answers(TOWN) | {"提供寄递服务": None}), tmp_path / "in" / "a.xlsx")
    result = collect(tmp_path / "in")
    first, *others = rows(result, "乡镇排名")
    assert (first["考核单位"], first["名次"], first["备注"]) == ("城关镇", 1, "待补正；待核定 3 项")
    assert [row["考核单位"] for row in others] == [unit.name for unit in TOWN.units[1:]]
    assert all(row["总分"] is None and row["名次"] is None and row["备注"] == "未报送" for row in others)
    assert result["乡镇排名"]["A2"].value == "暂定：未报送 8 个单位，待补正 1 个单位，待核定 3 项。"
    assert {row["考核单位"] for row in rows(result, "得分明细")} == {"城关镇"}
    states = [row["状态"] for row in rows(result, "报送情况")]
    assert (states.count("未报送"), states.count("待补正")) == (39, 1)


def test_gap_scores_nothing_and_a_deduction_its_full_cap(tmp_path):
    """K15."""
    answers = good_answers(COUNTY) | {"有无自建系统": None, "能够在线申报": None}
    save(filled_form(COUNTY, "县残联", answers), tmp_path / "in" / "a.xlsx")
    scores = {row["指标编号"]: row for row in rows(collect(tmp_path / "in"), "得分明细")}
    assert [scores[code]["最终得分"] for code in ("2.3.2", "6.1.1", "6.1.2")] == [0, -5, -5]
    assert "K15" in scores["6.1.2"]["计分依据"]


@pytest.mark.parametrize(
    ("label", "answer", "code", "span", "reading"),
    [("实体政务大厅面积", 195, "3.1.1", (10, 10, 15), "K5"), ("群众满意度", 0.6, "5.1.3", (0, 0, 2), "K7")],
)
def test_what_the_source_leaves_open_is_listed(tmp_path, label, answer, code, span, reading):
    save(filled_form(TOWN, "城关镇", good_answers(TOWN) | {label: answer}), tmp_path / "in" / "a.xlsx")
    if label == "群众满意度":  # while the office has not recorded it, that is the question
        book = register_book(tmp_path)
        office(book, TOWN, "城关镇", 群众满意度=answer)
        save(book, tmp_path / "in" / "r.xlsx")
    (found,) = [row for row in rows(collect(tmp_path / "in"), "待核定") if not row["填报项"]]
    assert found["指标编号"] == code
    assert (found["暂计分"], found["最低可能"], found["最高可能"]) == span
    assert reading in found["理由"]


def test_vetoes_from_the_form_and_from_the_register(tmp_path):
    """K13: score and rank stay, 评优资格 goes; 待定 where V.1–V.4 are unanswered."""
    for number, change in enumerate([{}, {"被新闻媒体曝光批评": "是"}, {"受到服务对象投诉造成严重影响": None}, {}]):
        unit = COUNTY.units[number].name
        save(filled_form(COUNTY, unit, good_answers(COUNTY) | change), tmp_path / "in" / f"{number}.xlsx")
    with (tmp_path / "in" / "r.xlsx").open("wb") as target:
        rows_ = [
            (COUNTY.units[0].name, "V.5", "2018-11-02", "虚报", "核查报告"),
            ("城关镇", "其他", "", "", ""),
            ("不存在局", "V.1", "", "", ""),
            (COUNTY.units[0].name, "V.9", "", "", ""),
        ]
        register_form.write(target, SCHEME, rows_)
    result = collect(tmp_path / "in")
    ranking = {row["考核单位"]: row for row in rows(result, "县直排名")}
    merit = [ranking[COUNTY.units[number].name]["评优资格"] for number in range(4)]
    assert merit == ["取消", "取消", "待定", "有"]
    assert [ranking[COUNTY.units[number].name]["评优名次"] or None for number in range(4)] == [None, None, 1, 1]
    assert [ranking[COUNTY.units[number].name]["名次"] for number in range(4)] == [1, 1, 1, 1]
    assert "取消评优资格并追责" in ranking[COUNTY.units[0].name]["一票否决"]
    assert "弄虚作假" in ranking[COUNTY.units[0].name]["一票否决"]
    listed = [(row["考核单位"], row["情形"][:3], row["来源"]) for row in rows(result, "一票否决")]
    assert listed == [
        (COUNTY.units[0].name, "V.5", "登记"),
        (COUNTY.units[1].name, "V.3", "自报"),
        ("城关镇", "V.6", "登记"),
    ]
    found = {(row["级别"], row["单元格"]) for row in rows(result, "问题清单") if row["文件"] == "r.xlsx"}
    unspoken = ("提醒", None)  # of the counts without any row
    assert found == {("提醒", "A4"), ("错误", "A5"), ("错误", "B6"), unspoken}


def test_the_order_of_files_changes_nothing(tmp_path):
    good = good_answers(COUNTY)
    for folder, order in (("one", 1), ("two", -1)):
        for place, unit in enumerate(COUNTY.units[:5][::order]):
            book = filled_form(COUNTY, unit.name, good | {"年度累计办件量": unit.number * 7})
            save(book, tmp_path / folder / f"{place}.xlsx")
    one, two = collect(tmp_path / "one"), collect(tmp_path / "two")
    for sheet in ("县直排名", "得分明细"):
        first, second = ([row | {"来源": ""} for row in rows(book, sheet)] for book in (one, two))
        assert first == second

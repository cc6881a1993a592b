"""The office's year, scripted: faults come in, forms go back, the register rules, and the ranking stands."""

from __future__ import annotations

import random
from fractions import Fraction

import openpyxl
import oracle
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    append,
    cell_of,
    collect,
    entry,
    filled_form,
    office,
    random_answers,
    register_book,
    rows,
    save,
)

from assess_xlsx.layout import FORM_SHEET


def points(value):
    return Fraction(round(value * 100), 100)


def test_a_whole_round(tmp_path):
    chance = random.Random(11)
    folder = tmp_path / "in"
    answers = {unit.name: random_answers(SCHEME.form(unit.form), chance) for unit in SCHEME.units}
    for unit in SCHEME.units:
        answers[unit.name] |= {fact.label: "否" for fact in SCHEME.form(unit.form).declarations}
    faults = {
        "县残联": {"能够在线申报": "大概", "缺少的制度项数": -2},
        "县公安局": {"网上可办率": None, "被新闻媒体曝光批评": None},
        "城关镇": {"实体政务大厅面积": "很大", "提供寄递服务": None},
    }
    for unit in SCHEME.units:
        sent = answers[unit.name] | faults.get(unit.name, {})
        save(filled_form(SCHEME.form(unit.form), unit.name, sent), folder / f"{unit.number}.xlsx")

    # first collection: the faulty forms are listed and written anew
    first = collect(folder)
    errors = [row for row in rows(first, "问题清单") if row["级别"] == "错误"]
    assert {(row["考核单位"], row["填报项"]) for row in errors} == {
        (unit, label) for unit, wrong in faults.items() for label in wrong
    }
    returned = tmp_path / "in-out" / "退回修改"
    assert sorted(path.name for path in returned.iterdir()) == [
        "02-县残联.xlsx",
        "09-县公安局.xlsx",
        "32-城关镇.xlsx",
    ]

    # the units mend what is marked, and send the forms back
    for unit in SCHEME.units:
        if unit.name in faults:
            form, path = SCHEME.form(unit.form), returned / f"{unit.number:02d}-{unit.name}.xlsx"
            book = openpyxl.load_workbook(path)
            for label in faults[unit.name]:
                book[FORM_SHEET][cell_of(form, label)].value = entry(answers[unit.name][label])
            save(book, folder / path.name)

    # the office records what it knows, and rules on what is open
    book = register_book(tmp_path)
    append(book, "平时考核", "县残联", "1.4.3", "着装胸牌违规次数", 400, "2018-05-02", "巡查", "甲")
    append(book, "平时考核", "县残联", "1.4.3", "着装胸牌违规次数", 2, "2018-07-02", "巡查", "甲")
    answers["县残联"]["着装胸牌违规次数"] = 402
    office(book, COUNTY, "县公安局", 群众投诉次数=900, 查证属实投诉次数=0)
    answers["县公安局"]["群众投诉次数"] = max(900, answers["县公安局"]["查证属实投诉次数"])
    for unit in TOWN.units:
        office(book, TOWN, unit.name, 被上级通报次数=0, 走访反映工作效率提高="是", 群众满意度=0.9)
        answers[unit.name] |= {"走访反映工作效率提高": "是", "群众满意度": Fraction(9, 10)}
    append(book, "核定", "县档案局", "1.1.1", None, 1.25, "资料不全")
    append(book, "核定", "县档案局", "6.1.1", None, 2.5, "核查")
    append(book, "核定", "县税务局", "4.1.1", "承担改革任务数", 3, "台帐核对")
    if not answers["县税务局"]["承担改革任务数"]:
        answers["县税务局"]["任务完成进度"] = Fraction(0)
        append(book, "核定", "县税务局", "4.1.2", "任务完成进度", 0, "台帐核对")
    answers["县税务局"]["承担改革任务数"] = 3
    append(book, "一票否决", "县水利局", "V.4 被上级部门明察暗访发现问题", "2018-09-01", "暗访", "通报")
    save(book, folder / "登记.xlsx")
    second = collect(folder)
    for row in rows(second, "待核定"):
        unit, code = row["考核单位"], row["指标编号"]
        append(book, "核定", unit, code, row["填报项"], row["暂计分"], row["理由"])
    save(book, folder / "登记.xlsx")
    final = collect(folder, "--feedback")

    rulings = {("县档案局", "1.1.1"): Fraction(5, 4), ("县档案局", "6.1.1"): Fraction(-5, 2)}
    details = rows(final, "得分明细")
    for form in SCHEME.forms:
        names = [unit.name for unit in form.units]
        amounts = [answers[name].get("年度累计办件量", 0) for name in names]
        totals = {}
        for name in names:
            items = (
                oracle.county_items(answers[name], amounts, 31)
                if form is COUNTY
                else oracle.town_items(answers[name])
            )
            items |= {code: score for (unit, code), score in rulings.items() if unit == name}
            found = {row["指标编号"]: points(row["最终得分"]) for row in details if row["考核单位"] == name}
            assert found == items, name
            totals[name] = oracle.total(form.name, items)
        ranking = {row["考核单位"]: row for row in rows(final, f"{form.name}排名")}
        assert {name: points(row["总分"]) for name, row in ranking.items()} == totals
        assert {name: row["名次"] for name, row in ranking.items()} == oracle.ranks(totals)
        assert "暂定" not in str(final[f"{form.name}排名"]["A2"].value)
    assert rows(final, "待核定") == []
    assert rows(final, "催报") == []
    assert [row for row in rows(final, "问题清单") if row["级别"] == "错误"] == []
    assert list(returned.iterdir()) == []
    assert [row["考核单位"] for row in rows(final, "一票否决")] == ["县水利局"]
    assert len(list((tmp_path / "in-out" / "反馈").iterdir())) == 40

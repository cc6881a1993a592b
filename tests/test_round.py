"""The office's year, scripted: faults come in, forms go back, the register rules, and the ranking stands."""

from __future__ import annotations

import random
from fractions import Fraction

import openpyxl
import oracle
import pytest
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    cell_of,
    collect,
    entry,
    filled_form,
    good_answers,
    random_answers,
    rows,
    run,
    save,
)

from assess_xlsx.layout import FAULT_SHEET, FORM_SHEET


def register_book(tmp_path):
    """The register as the program writes it, to be filled like the office would."""
    run("templates", tmp_path / "t")
    return openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")


def append(book, sheet, *cells):
    """Writes a row under the header, into the first free one."""
    target = book[sheet]
    row = next(number for number in range(3, 600) if target.cell(number, 1).value is None)
    for column, value in enumerate(cells, 1):
        target.cell(row, column).value = value
    return row


def office(book, form, unit, **values):
    target = book[f"考核办填报（{form.name}）"]
    header = {str(cell.value).partition(" ")[2]: cell.column for cell in target[2]}
    row = next(row for row in range(3, 60) if target.cell(row, 1).value == unit)
    for label, value in values.items():
        target.cell(row, header[label]).value = value


def points(value):
    return Fraction(round(value * 100), 100)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


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


def test_a_returned_form_marks_the_faults_and_nothing_else(tmp_path):
    wrong = {
        "缺少的制度项数": "若干",
        "能够在线申报": None,
        "网上可办率": "0.9",
        "已进驻事项数": 9,
        "被新闻媒体曝光批评": "嗯",
    }
    odd = {"未纳入系统事项数": "２项", "酌情分": 1.5, "群众投诉次数": "几次"}
    book = filled_form(COUNTY, "县残联", good_answers(COUNTY) | wrong | odd)
    book[FORM_SHEET][cell_of(COUNTY, "缺少的制度项数")].offset(0, 2).value = "见附件1"
    book[FORM_SHEET].cell(4, 5).value = "2018年12月"
    result_folder = tmp_path / "in"
    save(book, result_folder / "a.xlsx")
    result = collect(result_folder)
    listed = {row["填报项"] for row in rows(result, "问题清单") if row["级别"] == "错误" and row["单元格"]}
    assert listed == set(wrong)
    mended = openpyxl.load_workbook(tmp_path / "in-out" / "退回修改" / "02-县残联.xlsx")
    sheet = mended[FORM_SHEET]
    noted = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert noted == {cell_of(COUNTY, label) for label in wrong}
    assert "请改填不小于0的整数" in sheet[cell_of(COUNTY, "缺少的制度项数")].comment.text
    carried = {label: sheet[cell_of(COUNTY, label)].value for label in (*wrong, *odd)}
    assert carried == {
        "缺少的制度项数": "若干",
        "能够在线申报": None,
        "网上可办率": "0.9",
        "已进驻事项数": 9,
        "被新闻媒体曝光批评": "嗯",
        "未纳入系统事项数": 2,
        "酌情分": 1.5,
        "群众投诉次数": "几次",
    }
    assert sheet[cell_of(COUNTY, "缺少的制度项数")].offset(0, 2).value == "见附件1"
    assert sheet["B4"].value == "县残联"
    assert sheet["E4"].value == "2018年12月"
    assert mended.sheetnames[0] == FAULT_SHEET
    links = {cell.hyperlink.location for row in mended[FAULT_SHEET].iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"{FORM_SHEET}!{cell}" for cell in noted}
    # collected again as it is, it says the same; mended, it is accepted
    again = tmp_path / "again"
    save(mended, again / "02-县残联.xlsx")
    same = [row["填报项"] for row in rows(collect(again), "问题清单") if row["级别"] == "错误"]
    assert set(same) == set(wrong)
    for label in wrong:
        sheet[cell_of(COUNTY, label)].value = good_answers(COUNTY)[label]
    save(mended, again / "02-县残联.xlsx")
    assert [row for row in rows(collect(again), "问题清单") if row["级别"] == "错误"] == []


@pytest.mark.parametrize(
    ("sheet", "cells", "column", "words"),
    [
        ("平时考核", ("县外局", "1.4.2", "环境卫生违规次数", 1), "A", "不在考核对象名单中"),
        ("平时考核", ("县残联", "1.4.2", "着装胸牌违规次数", 1), "C", "没有指标“1.4.2”的填报项"),
        ("平时考核", ("县残联", "1.4.1", "缺少的制度项数", 1), "C", "不是平时考核登记的次数"),
        ("平时考核", ("县残联", "1.4.2", "环境卫生违规次数", -1), "D", "是负数"),
        ("平时考核", ("县残联", "1.4.2", "环境卫生违规次数", None), "D", "没有填写"),
        ("核定", ("县残联", "1.4.2", None, 1.5, None), "E", "没有写理由"),
        ("核定", ("县残联", "9.9.9", None, 1.5, "有"), "B", "没有这个指标"),
        ("核定", ("县残联", "1.4.2", None, 2.5, "有"), "D", "不在0到2之间"),
        ("核定", ("县残联", "6.1.1", None, -1, "有"), "D", "不在0到5之间"),
        ("核定", ("县残联", "5.1.1", None, 10.5, "有"), "D", "不在0到10之间"),
        ("核定", ("城关镇", "5.1.1", None, 12.5, "有"), "D", "不在0到12之间"),
        ("核定", ("县残联", "1.4.2", None, 1.555, "有"), "D", "超过两位小数"),
        ("核定", ("县残联", "2.2.2", "网上可办率", "九成", "有"), "D", "不是一个数"),
        ("核定", ("县残联", "1.1.1", "已进驻事项数", 7, "有"), "D", "超过了“应进驻事项数”的 1项"),
        ("一票否决", ("县残联", "V.7"), "B", "不是规定的情形"),
        ("考核办填报（乡镇）", ("县残联", 1), "A", "不填乡镇评分表"),
    ],
)
def test_a_register_row_that_cannot_be_used_is_listed_and_changes_nothing(tmp_path, sheet, cells, column, words):
    for form, unit in ((COUNTY, "县残联"), (TOWN, "城关镇")):
        save(filled_form(form, unit, good_answers(form)), tmp_path / "in" / f"{unit}.xlsx")
    book = register_book(tmp_path)
    save(book, tmp_path / "in" / "r.xlsx")
    before = rows(collect(tmp_path / "in"), "得分明细")
    for row in range(3, 40):  # a sheet with its units printed in has no free row
        if sheet.startswith("考核办填报"):
            book[sheet].cell(row, 1).value = None
    row = append(book, sheet, *cells)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    (found,) = [each for each in rows(result, "问题清单") if each["级别"] == "错误"]
    assert (found["文件"], found["工作表"], found["单元格"]) == ("r.xlsx", sheet, f"{column}{row}")
    assert words in found["问题"]


def test_k17_the_largest_known_count_counts(tmp_path):
    """The unit's own, the events' sum, the office's sheet: the largest; a difference is a 提醒."""
    answers = good_answers(COUNTY) | {"环境卫生违规次数": 1, "着装胸牌违规次数": 3, "考勤低于半数人数": None}
    save(filled_form(COUNTY, "县残联", answers), tmp_path / "in" / "a.xlsx")
    book = register_book(tmp_path)
    append(book, "平时考核", "县残联", "1.4.2", "环境卫生违规次数", 2)
    append(book, "平时考核", "县残联", "1.4.3", "着装胸牌违规次数", 1)
    office(book, COUNTY, "县残联", 着装胸牌违规次数=2, 群众投诉次数=1, 查证属实投诉次数=2)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    scores = {row["指标编号"]: row for row in rows(result, "得分明细")}
    assert scores["1.4.2"]["最终得分"] == 1
    assert scores["1.4.3"]["最终得分"] == 0.5
    assert scores["1.3.2"]["最终得分"] == 3
    assert scores["1.4.4"]["最终得分"] == 0
    assert "着装胸牌违规次数 1次（平时考核）；着装胸牌违规次数 2次（考核办填报）" in scores["1.4.3"]["平时考核"]
    notes = [row["填报项"] for row in rows(result, "问题清单") if row["级别"] == "提醒" and row["文件"] == "r.xlsx"]
    assert sorted(notes) == ["查证属实投诉次数", "环境卫生违规次数", "着装胸牌违规次数", "群众投诉次数"]
    assert rows(result, "待核定") == []


def test_k17_without_a_register_the_unit_own_counts_for_now(tmp_path):
    answers = good_answers(TOWN) | {"被上级通报次数": 2, "群众满意度": None}
    save(filled_form(TOWN, "城关镇", answers), tmp_path / "in" / "a.xlsx")
    found = {row["指标编号"]: row for row in rows(collect(tmp_path / "in"), "待核定")}
    span = {code: (row["暂计分"], row["最低可能"], row["最高可能"]) for code, row in found.items()}
    assert span == {"5.1.1": (-2, -12, 0), "5.1.2": (4, 0, 4), "5.1.3": (0, 0, 4)}
    assert all("K17" in row["理由"] for row in found.values())


def test_rulings_that_contradict_each_other_do_not_apply(tmp_path):
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY)), tmp_path / "in" / "a.xlsx")
    book = register_book(tmp_path)
    append(book, "核定", "县残联", "1.4.1", None, 1, "甲")
    append(book, "核定", "县残联", "2.3.1", None, 4, "甲")
    append(book, "平时考核", "县残联", "1.4.2", "环境卫生违规次数", 1, "2018-05-02")
    save(book, tmp_path / "in" / "r1.xlsx")
    append(book, "核定", "县残联", "1.4.1", None, 0.5, "乙")
    save(book, tmp_path / "in" / "r2.xlsx")
    result = collect(tmp_path / "in")
    scores = {row["指标编号"]: row["最终得分"] for row in rows(result, "得分明细")}
    assert scores["1.4.1"] == 2
    assert scores["2.3.1"] == 4  # the same row in two files is no contradiction
    assert scores["1.4.2"] == 1.5  # and the same event in two files counts once
    errors = [row for row in rows(result, "问题清单") if row["级别"] == "错误"]
    assert {row["文件"] for row in errors} == {"r1.xlsx", "r2.xlsx"}
    assert all("互相矛盾" in row["问题"] for row in errors)


def test_a_ruling_closes_the_error_that_it_decides(tmp_path):
    answers = good_answers(COUNTY) | {"能够在线申报": "嗯", "缺少的制度项数": None}
    save(filled_form(COUNTY, "县残联", answers), tmp_path / "in" / "a.xlsx")
    book = register_book(tmp_path)
    append(book, "核定", "县残联", "2.3.2", "能够在线申报", "是", "现场核实")
    append(book, "核定", "县残联", "1.4.1", None, 1, "现场核实")
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    scores = {row["指标编号"]: row for row in rows(result, "得分明细")}
    assert (scores["2.3.2"]["最终得分"], scores["1.4.1"]["最终得分"], scores["1.4.1"]["核定分"]) == (5, 1, 1)
    assert "现场核实" in scores["2.3.2"]["计分依据"]
    assert [row["级别"] for row in rows(result, "问题清单")] == ["提醒"] * 3
    assert next(row for row in rows(result, "报送情况") if row["考核单位"] == "县残联")["状态"] == "已采用"
    assert list((tmp_path / "in-out" / "退回修改").glob("*")) == []


def test_k1_a_ruled_rank_score_leaves_the_ranking_provisional_while_the_number_is_unknown(tmp_path):
    for unit, amount in (("县残联", None), ("县公安局", 10)):
        answers = good_answers(COUNTY) | {"年度累计办件量": amount}
        save(filled_form(COUNTY, unit, answers), tmp_path / "in" / f"{unit}.xlsx")
    book = register_book(tmp_path)
    append(book, "核定", "县残联", "2.3.3", None, 7.5, "暂定")
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    (waiting,) = rows(result, "待核定")
    assert (waiting["考核单位"], waiting["指标编号"], waiting["填报项"]) == ("县残联", "2.3.3", "年度累计办件量")
    assert (waiting["最低可能"], waiting["最高可能"]) == (7.5, 7.5)
    append(book, "核定", "县残联", "2.3.3", "年度累计办件量", 20, "系统导出")
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "待核定") == []
    scores = {r["考核单位"]: r["最终得分"] for r in rows(result, "得分明细") if r["指标编号"] == "2.3.3"}
    assert scores == {"县残联": 7.5, "县公安局": 19.35}  # its number still stands in the others' ranking


def test_feedback_tells_a_unit_its_own_and_nobody_elses(tmp_path):
    names = ["县残联", "县司法局", "县公安局"]
    for place, unit in enumerate(names):
        answers = good_answers(COUNTY) | {"缺少的制度项数": place, "年度累计办件量": 10}
        save(filled_form(COUNTY, unit, answers), tmp_path / "in" / f"{unit}.xlsx")
    collect(tmp_path / "in", "--feedback")
    folder = tmp_path / "in-out" / "反馈"
    assert sorted(path.name for path in folder.iterdir()) == [
        "02-县残联.xlsx",
        "09-县公安局.xlsx",
        "26-县司法局.xlsx",
    ]
    sheet = openpyxl.load_workbook(folder / "26-县司法局.xlsx").active
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert "名次：第 2 名（暂定）" in text
    assert "距上一名还差 1.00 分" in text
    assert "1.4.1 失 1.00 分" in text
    assert "2 − 1 × 1 = 1.00" in text
    assert not any(name in text for name in names if name != "县司法局")


def test_notices_tell_everyone_what_is_left(tmp_path):
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY) | {"能够在线申报": None}), tmp_path / "in" / "a.xlsx")
    save(filled_form(COUNTY, "城关镇", good_answers(COUNTY)), tmp_path / "in" / "b.xlsx")
    notices = {row["考核单位"]: row for row in rows(collect(tmp_path / "in"), "催报")}
    assert len(notices) == 40
    assert notices["县残联"]["状态"] == "待补正"
    assert "2.3.2：“能够在线申报”没有填写。" in notices["县残联"]["通知文本"]
    assert "02-县残联.xlsx" in notices["县残联"]["通知文本"]
    assert "应填乡镇评分表" in notices["城关镇"]["通知文本"]
    assert notices["县安监局"]["需办事项"] == "报送评分表"

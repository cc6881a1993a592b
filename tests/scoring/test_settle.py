"""What each fact counts as: the unit's own, the register's events, the office's sheet, and its rulings."""

from __future__ import annotations

import every_kind
import pytest
from conftest import COUNTY, TOWN, append, collect, filled_form, good_answers, office, register_book, rows, save
from play import known, result

from assess_xlsx.answers import Register
from assess_xlsx.scheme.rules.mean import Mean
from assess_xlsx.scheme.rules.parts import Parts


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
    notes = [row for row in rows(result, "问题清单") if row["级别"] == "提醒" and row["文件"] == "r.xlsx"]
    assert sorted(row["填报项"] for row in notes if row["填报项"]) == [
        "查证属实投诉次数",
        "环境卫生违规次数",
        "着装胸牌违规次数",
        "群众投诉次数",
    ]
    assert [row["问题"] for row in notes if not row["填报项"]] == [
        "登记表里没有记录的不利次数有 4 处，按单位自查数（没有自查的按 0）认定，不再待核定。"
    ]
    assert rows(result, "待核定") == []


def test_k17_without_a_register_the_unit_own_counts_for_now(tmp_path):
    answers = good_answers(TOWN) | {"被上级通报次数": 2, "群众满意度": None}
    save(filled_form(TOWN, "城关镇", answers), tmp_path / "in" / "a.xlsx")
    found = {row["指标编号"]: row for row in rows(collect(tmp_path / "in"), "待核定")}
    span = {code: (row["暂计分"], row["最低可能"], row["最高可能"]) for code, row in found.items()}
    assert span == {"5.1.1": (-2, -12, 0), "5.1.2": (4, 0, 4), "5.1.3": (0, 0, 4)}
    assert all("K17" in row["理由"] for row in found.values())


@pytest.mark.parametrize(
    ("filled", "count"),
    [
        ([], 9),  # 8 adverse counts of 县直, 1 of 乡镇
        ([("平时考核", "县残联", "1.4.2", "环境卫生违规次数", 2)], 8),
        ([("平时考核", "县公安局", "1.4.2", "环境卫生违规次数", 2)], 9),  # of a unit that did not report
        ([("核定", "县残联", "1.3.2", "考勤低于半数人数", 1, "抽查")], 8),
        ([("核定", "县残联", "1.3.2", None, 1, "抽查")], 7),  # the score of an item with two counts
        (
            [
                ("核定", "县残联", "1.3.2", None, 1, "抽查"),
                ("核定", "县残联", "1.3.2", "考勤低于半数人数", 1, "抽查"),
            ],
            7,
        ),
        ([("核定", "县残联", "1.3.2", None, None, "抽查")], 9),
    ],
)
def test_k17_one_reminder_says_how_many_counts_stand_without_any_row(tmp_path, filled, count):
    for form, unit in ((COUNTY, "县残联"), (TOWN, "城关镇")):
        save(filled_form(form, unit, good_answers(form)), tmp_path / "in" / f"{unit}.xlsx")
    book = register_book(tmp_path)
    for sheet, *cells in filled:
        append(book, sheet, *cells)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    said = [row["问题"] for row in rows(result, "问题清单") if "没有记录的不利次数" in row["问题"]]
    assert said == [f"登记表里没有记录的不利次数有 {count} 处，按单位自查数（没有自查的按 0）认定，不再待核定。"]
    first = [str(cell.value) for row in result["总览"].iter_rows() for cell in row]
    assert any(f"没有记录的不利次数 {count} 处" in text for text in first)


def test_k17_without_a_register_nothing_stands_settled(tmp_path):
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY)), tmp_path / "in" / "a.xlsx")
    result = collect(tmp_path / "in")
    assert not any("没有记录" in row["问题"] for row in rows(result, "问题清单"))


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
    assert [row["级别"] for row in rows(result, "问题清单")] == ["提醒"] * 4
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


def test_points_not_yet_taken_off_wait_for_the_office():
    """Until the office has judged 酌情扣分 nothing comes off, and the item is 待核定 between all and none of it."""
    about = Parts.example.item
    form = every_kind.only_item({"points": 4}, about["facts"], about["rule"])
    own = {
        "1.1.1 督导次数": 3,
        "1.1.1 缺资料份数": 2,
        "1.1.1 酌情扣分": None,
        "1.1.1 未公示": 1,
        "V.1 发生重大事故": 1,
    }
    [unit] = form.units
    found = result(form, {unit.number: own}, Register(), scheme=every_kind.SCHEME)
    assert found.items.loc[unit.number, "1.1.1"] == 280
    [open_] = found.open
    assert (open_.fact, open_.low, open_.high) == ("酌情扣分", 180, 280)
    assert "单位未自查，暂按 0分 计" in open_.why
    judged = Register(values=(known(unit.number, "1.1.1 酌情扣分", 50),))
    found = result(form, {unit.number: own}, judged, scheme=every_kind.SCHEME)
    assert (found.items.loc[unit.number, "1.1.1"], found.open) == (230, [])


def test_a_question_says_what_stands_for_now():
    facts = [every_kind.fact("瞒报", every_kind.YES_NO, by="office")]
    rule = {"kind": "flat", "fact": "瞒报", "is": "是"}
    for worth, held in (({"points": 10}, "本项暂记 0 分"), ({"deducts": 10}, "本项暂扣满 10 分")):
        form = every_kind.only_item(worth, facts, rule)
        [unit] = form.units
        own = dict.fromkeys((fact.key for fact in form.facts), None)
        [asked] = result(form, {unit.number: own}, Register(), scheme=every_kind.SCHEME).open
        assert f"单位未自查，{held}。" in asked.why


def test_a_figure_that_may_lack_is_asked_for_while_there_is_none_and_told_of_where_others_are():
    about = Mean.example.item
    form = every_kind.only_item({"points": 20}, about["facts"], about["rule"])
    [unit] = form.units
    own = dict.fromkeys((fact.key for fact in form.facts), None)
    found = result(form, {unit.number: own}, Register(), scheme=every_kind.SCHEME)
    assert [each.fact for each in found.open] == ["一季度得分", "二季度得分", "三季度得分", "四季度得分"]
    assert {(each.score, each.low, each.high) for each in found.open} == {(0, 0, 2000)}
    told = Register(values=tuple(known(unit.number, f"1.1.1 {n}季度得分", 9000) for n in "一二三"))
    found = result(form, {unit.number: own}, told, scheme=every_kind.SCHEME)
    assert (found.items.loc[unit.number, "1.1.1"], found.open) == (1800, [])
    assert ["四季度得分" in problem.text for problem in found.problems] == [True]


def test_a_units_own_figure_of_what_the_office_judges_is_asked_for():
    about = Mean.example.item
    form = every_kind.only_item({"points": 20}, about["facts"], about["rule"])
    [unit] = form.units
    own = dict.fromkeys((fact.key for fact in form.facts), None) | {"1.1.1 一季度得分": 10000}
    told = Register(values=(known(unit.number, "1.1.1 二季度得分", 9000),))
    found = result(form, {unit.number: own}, told, scheme=every_kind.SCHEME)
    assert found.items.loc[unit.number, "1.1.1"] == 1900
    assert [(each.fact, each.low, each.high) for each in found.open] == [("一季度得分", 900, 1900)]


def test_a_unit_that_fills_none_of_what_may_lack_has_to_correct_its_form():
    facts = [every_kind.fact(name, {"kind": "分值", "most": 10}) for name in ("甲", "乙")]
    rule = {"kind": "mean", "facts": [{"fact": "甲"}, {"fact": "乙"}], "missing": "不计"}
    form = every_kind.only_item({"points": 10}, facts, rule)
    [unit] = form.units
    own = dict.fromkeys((fact.key for fact in form.items[0].facts), None) | {"V.1 发生重大事故": 1}
    found = result(form, {unit.number: own}, scheme=every_kind.SCHEME)
    assert found.to_correct == {unit.number}
    assert [problem.text for problem in found.problems] == ["“甲”“乙”都没有填写。"]
    found = result(form, {unit.number: own | {"1.1.1 乙": 500}}, scheme=every_kind.SCHEME)
    assert (found.to_correct, found.items.loc[unit.number, "1.1.1"]) == (set(), 500)
    assert not any("没有填写" in problem.text for problem in found.problems)

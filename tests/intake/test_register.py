"""A row of the office's register that cannot be used: listed at its cell, and without effect."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    append,
    collect,
    filled_form,
    form_data,
    good_answers,
    received,
    register_book,
    rows,
    save,
)
from msgspec import structs
from openpyxl.styles import Font

from assess_xlsx.layout import ABSENCE_COLUMNS, OBJECTION_COLUMNS
from assess_xlsx.scheme.model import Round


def send(folder):
    for form, unit in ((COUNTY, "县残联"), (TOWN, "城关镇")):
        save(filled_form(form, unit, good_answers(form)), folder / f"{unit}.xlsx")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """What the forms score beside a register in which nothing stands."""
    folder = tmp_path_factory.mktemp("register")
    send(folder / "in")
    save(register_book(folder), folder / "in" / "r.xlsx")
    return rows(collect(folder / "in"), "得分明细")


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
        ("异议", ("县外局", "1.4.2", "没有违规"), "A", "不在考核对象名单中"),
        ("异议", ("县残联", "5.1.3", "满意度高"), "B", "不是县直评分表的指标、一票否决等情形的编号或“总分”"),
        ("异议", ("县残联", None, "没有违规"), "B", "填写为“”"),
        ("异议", ("县残联", "总分", "偏低", None, "同意"), "E", "“处理”填写为“同意”，不是规定的处理"),
        ("异议", ("县残联", "总分", "偏低", None, "维持"), "F", "处理是“维持”，却没有写答复"),
        (
            "异议",
            ("县残联", "V.1", "不属实", None, "逾期不受理", None, "李某"),
            "F",
            "处理是“逾期不受理”，却没有写答复",
        ),
        ("未报送处理", ("县外局", "按零分", "催报三次"), "A", "不在考核对象名单中"),
        ("未报送处理", ("县公安局", "零分", "催报三次"), "B", "“处理”填写为“零分”，不是规定的处理"),
        ("未报送处理", ("县公安局", None, "催报三次"), "B", "请填按零分、不参评之一"),
        ("未报送处理", ("县公安局", "按零分", None), "C", "没有写理由"),
    ],
)
def test_a_register_row_that_cannot_be_used_is_listed_and_changes_nothing(
    before, tmp_path, sheet, cells, column, words
):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    for row in range(3, 40):  # a sheet with its units printed in has no free row
        if sheet.startswith("考核办填报"):
            book[sheet].cell(row, 1).value = None
    row = append(book, sheet, *cells)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    (found,) = [each for each in rows(result, "问题清单") if each["级别"] == "错误"]
    assert (found["文件"], found["工作表"], found["单元格"]) == ("r.xlsx", sheet, f"{column}{row}")
    assert words in found["问题"] + found["处理办法"]


def changed(book, sheet, cell, value, **look):
    """A cell of the register as the office changes it."""
    target = book[sheet][cell]
    target.value = value
    for name, each in look.items():
        setattr(target, name, each)


SATISFIED = "考核办填报（乡镇）", "D3"  # 群众满意度 of 城关镇
EVENT = ("县残联", "1.4.2", "环境卫生违规次数", 1, "2018-05-04", "抽查", "李某")


@pytest.mark.parametrize(
    ("value", "look", "words"),
    [
        (1.2, {"number_format": "0.00%"}, "“120%”，120% 超过 100%"),
        ("#N/A", {}, "错误值"),
        ("=1+1", {}, "没有保存计算结果"),
        (0.95, {"number_format": ";;;"}, "数字格式"),
        ("95\n96%", {}, "不止一个数"),
    ],
)
def test_what_the_office_fills_in_is_what_its_cell_shows(before, tmp_path, value, look, words):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    header = [cell.value for cell in book[SATISFIED[0]][2]]
    cell = f"{'ABCDEFGH'[header.index('5.1.3 群众满意度')]}3"
    changed(book, SATISFIED[0], cell, value, **look)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    (found,) = [each for each in rows(result, "问题清单") if each["级别"] == "错误"]
    assert (found["单元格"], found["填报项"]) == (cell, "群众满意度")
    assert words in found["问题"]


def test_a_row_that_is_struck_out_does_not_count_and_is_noted(before, tmp_path):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    row = append(book, "平时考核", *EVENT)
    for cell in book["平时考核"][row]:
        cell.font = Font(strike=True)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    assert [each["单元格"] for each in rows(result, "问题清单") if "删除线" in each["问题"]] == [f"A{row}"]


def without_a_heading(book):
    append(book, "平时考核", *EVENT)
    changed(book, "平时考核", "D2", "发生几次")


def without_any_heading(book):
    append(book, "平时考核", *EVENT)
    book["平时考核"].delete_rows(2)


def under_another_heading(book):
    changed(book, "考核办填报（县直）", "C2", "1.3.2 考勤人数")
    changed(book, "考核办填报（县直）", "C4", 3)


def with_a_heading_twice(book):
    row = append(book, "平时考核", *EVENT)
    changed(book, "平时考核", "H2", "次数")
    changed(book, "平时考核", f"H{row}", 4)


@pytest.mark.parametrize(
    ("change", "sheet", "words"),
    [
        (without_a_heading, "平时考核", "缺少“次数”"),
        (without_any_heading, "平时考核", "找不到“平时考核”的表头"),
        (under_another_heading, "考核办填报（县直）", "1.3.2考勤人数"),
        (with_a_heading_twice, "平时考核", "“次数”出现了不止一次"),
    ],
)
def test_nothing_in_the_register_is_dropped_without_a_word(before, tmp_path, change, sheet, words):
    send(tmp_path / "in")
    book = register_book(tmp_path)
    change(book)
    save(book, tmp_path / "in" / "r.xlsx")
    result = collect(tmp_path / "in")
    assert rows(result, "得分明细") == before
    (found,) = [each for each in rows(result, "问题清单") if each["级别"] == "错误"]
    assert found["工作表"] == sheet
    assert words in found["问题"]


def told(tmp_path, *filled, scheme=SCHEME, reported=("县残联", "城关镇")):
    """What registers say, each a list of (sheet, cells): the merged one, and the sentences about their rows."""
    files = {f"{unit}.xlsx": form_data(unit) for unit in reported}
    for number, entries in enumerate(filled, 1):
        book = register_book(tmp_path)
        for sheet, *cells in entries:
            append(book, sheet, *cells)
        target = io.BytesIO()
        book.save(target)
        files[f"r{number}.xlsx"] = target.getvalue()
    returns = received(tmp_path / "in", files, scheme=scheme)
    said = [each for each in returns.problems if each.place.source.name.startswith("r")]
    return returns, [(each.level, f"{each.place.source.name} {each.place.cell}", each.text) for each in said]


DAY = dt.date(2019, 2, 20)
OBJECTED = "异议", "县残联", "1.4.2", "没有违规", DAY


def test_an_objection_is_read_as_it_stands(tmp_path):
    long = "没有违规" * 100 + "\n附照片"
    returns, said = told(
        tmp_path, [("异议", "台前县残联", " 1.4.2", long, "2019年2月20日", "受理", "正在核查", "李某")]
    )
    (row,) = returns.register.objections
    assert SCHEME.units[row.unit - 1].name == "县残联"
    assert row[1:-1] == ("1.4.2", long, DAY, "受理", "正在核查", "李某")
    assert returns.register.open_objections == (row,)
    assert said == []


@pytest.mark.parametrize("said", ["V.3", "Ｖ.3", " V.3 被新闻媒体曝光批评 "])
def test_an_objection_may_be_about_a_veto_circumstance(tmp_path, said):
    """Its number, or all of what the list of 一票否决 offers."""
    returns, problems = told(tmp_path, [("异议", "县残联", said, "不属实", DAY)])
    assert [row.code for row in returns.register.objections] == ["V.3"]
    assert problems == []


@pytest.mark.parametrize(
    ("decision", "open_"),
    [(None, True), ("受理", True), ("维持", False), ("改正", False), ("逾期不受理", False), ("退回", True)],
)
def test_an_objection_is_open_until_it_is_decided(tmp_path, decision, open_):
    """K28; what is no 处理 decides nothing."""
    returns, _ = told(tmp_path, [(*OBJECTED, decision, "已核实")])
    assert bool(returns.register.open_objections) == open_
    assert len(returns.register.objections) == 1


@pytest.mark.parametrize(
    ("rows_", "words"),
    [
        ([(*OBJECTED, "改正", "已改")], ["对指标 1.4.2 的异议处理为“改正”，但“核定”表没有"]),
        ([(*OBJECTED, "改正", "已改"), ("核定", "县残联", "1.4.3", None, 2, "复核")], ["但“核定”表没有"]),
        ([(*OBJECTED, "改正", "已改"), ("核定", "县残联", "1.4.2", None, 2, "复核")], []),
        ([(*OBJECTED, "改正", "已改"), ("核定", "县残联", "1.4.2", "环境卫生违规次数", 0, "复核")], []),
        ([("异议", "县残联", "总分", "偏低", DAY, "改正", "已改")], []),
        ([("异议", "县残联", "V.2", "不属实", DAY, "改正", "已改")], []),
        ([OBJECTED, OBJECTED], ["完全相同，只算一次"]),
        ([(*OBJECTED, "受理"), (*OBJECTED, "维持", "属实")], ["同一件异议似乎登记了不止一次"] * 2),
        ([("异议", "县残联", "1.4.2", "没有违规", "2月20日")], ["“收到日期”填写为“2月20日”，看不出是哪一天"]),
        ([("异议", "县残联", "1.4.2", "=1+1", DAY)], ["“异议内容”的单元格是“没有结果的公式”"]),
        ([("异议", "县残联", "1.4.2", "没有违规", DAY, "#N/A")], ["“处理”填写为“#N/A”"]),
        ([("异议", "县公安局", "1.4.2", "没有违规", DAY)], ["“县公安局”尚未报送评分表"]),
        ([("未报送处理", "县公安局", "按零分", "催报三次")], []),
        ([("未报送处理", "县公安局", "按零分", "催报三次")] * 2, ["完全相同，只算一次"]),
        (
            [("未报送处理", "县公安局", "按零分", "催报三次"), ("未报送处理", "县公安局", "按零分", "拒不报送")],
            ["“县公安局”的未报送处理已登记在“r1.xlsx”未报送处理 A3，处理相同"],
        ),
        (
            [("未报送处理", "县公安局", "按零分", "催报三次"), ("未报送处理", "县公安局", "不参评", "机构撤销")],
            ["“县公安局”登记了互相矛盾的未报送处理（“r1.xlsx”未报送处理 A3、“r1.xlsx”未报送处理 A4）"] * 2,
        ),
        ([("未报送处理", "县残联", "按零分", "催报三次")], ["“县残联”的评分表已经采用，未报送处理“按零分”不再适用"]),
        (
            [("未报送处理", "县公安局", "不参评", "机构撤销"), ("平时考核", "县公安局", *EVENT[1:])],
            ["“县公安局”始终未报送，已定为“不参评”，该行登记不影响得分和名次"],
        ),
        (
            [("核定", "县残联", "1.4.2", None, None, "待定"), ("核定", "县残联", "1.4.3", None, None, "待定")],
            ["有 2 行的核定值还空着（第一处在此），视为尚未决定"],
        ),
        ([("核定", "县残联", "9.9.9", None, None, None)], ["有 1 行的核定值还空着"]),
    ],
)
def test_what_a_register_says_about_objections_and_absences(tmp_path, rows_, words):
    _, said = told(tmp_path, rows_)
    assert len(said) == len(words)
    assert all(word in text for word, (_, _, text) in zip(words, said, strict=True))
    ours = ("互相矛盾", "不是规定的处理", "单元格是")
    assert [level for level, _, _ in said] == ["错误" if any(e in w for e in ours) else "提醒" for _, _, w in said]


def test_the_same_row_in_two_registers_counts_once_and_needs_no_word(tmp_path):
    filled = [OBJECTED, ("未报送处理", "县公安局", "按零分", "催报三次")]
    returns, said = told(tmp_path, filled, filled)
    assert (len(returns.register.objections), len(returns.register.absences), said) == (1, 1, [])


def test_two_registers_that_disagree_about_a_unit_decide_nothing(tmp_path):
    """K27."""
    returns, said = told(
        tmp_path, [("未报送处理", "县公安局", "按零分", "甲")], [("未报送处理", "县公安局", "不参评", "乙")]
    )
    assert returns.register.absences == ()
    assert returns.decided == {}
    assert [(level, where) for level, where, _ in said] == [("错误", "r1.xlsx A3"), ("错误", "r2.xlsx A3")]


def test_a_decision_applies_only_to_a_unit_without_a_form(tmp_path):
    """K27: if it reports after all, its form counts."""
    decision = [("未报送处理", "县公安局", "按零分", "催报三次")]
    returns, _ = told(tmp_path / "1", decision)
    assert [row.decision for row in returns.decided.values()] == ["按零分"]
    returns, said = told(tmp_path / "2", decision, reported=("县公安局",))
    assert returns.decided == {}
    assert [level for level, _, _ in said] == ["提醒"]


ROUND = structs.replace(SCHEME, round=Round(deadline=dt.date(2019, 2, 15), objection_days=5))


@pytest.mark.parametrize(
    ("day", "scheme", "late"),
    [
        (DAY, ROUND, False),
        (dt.date(2019, 2, 21), ROUND, True),
        ("2019.2.21", ROUND, True),
        (None, ROUND, False),
        (dt.date(2020, 2, 21), SCHEME, False),
        (dt.date(2020, 2, 21), structs.replace(SCHEME, round=Round(objection_days=5)), False),
    ],
)
def test_an_objection_after_its_time_is_a_reminder(tmp_path, day, scheme, late):
    """K28: 异议期限 from 报送截止 on, the only day that a scheme tells."""
    _, said = told(tmp_path, [("异议", "县残联", "1.4.2", "没有违规", day)], scheme=scheme)
    words = "异议收到于 2019-02-21，晚于报送截止后 5 天（2019-02-20），可能已过异议期限。"
    assert said == ([("提醒", "r1.xlsx D3", words)] if late else [])


def test_a_sheet_of_rulings_with_a_column_for_notes_is_no_list_of_absences(tmp_path):
    book = register_book(tmp_path)
    append(book, "核定", "县残联", "1.4.2", None, 1, "抽查")
    changed(book, "核定", "F2", "处理")
    changed(book, "核定", "F3", "已告知")
    data = io.BytesIO()
    book.save(data)
    returns = received(tmp_path / "in", {"县残联.xlsx": form_data("县残联"), "r.xlsx": data.getvalue()})
    assert [each for each in returns.problems if each.place.source.name == "r.xlsx"] == []
    assert len(returns.register.rulings) == 1


@pytest.mark.parametrize(
    ("sheet", "column", "row_"),
    [("异议", "E", (*OBJECTED[1:], "维持")), ("核定", "D", ("县残联", "1.4.2", None, 1, "抽查"))],
)
def test_a_cell_that_is_struck_out_is_blank_and_noted(tmp_path, sheet, column, row_):
    book = register_book(tmp_path)
    row = append(book, sheet, *row_)
    changed(book, sheet, f"{column}{row}", row_["ABCDE".index(column)], font=Font(strike=True))
    data = io.BytesIO()
    book.save(data)
    returns = received(tmp_path / "in", {"县残联.xlsx": form_data("县残联"), "r.xlsx": data.getvalue()})
    said = [each for each in returns.problems if each.place.source.name == "r.xlsx"]
    assert [(each.level, each.place.cell) for each in said] == [("提醒", f"{column}{row}")]
    assert returns.register.rulings == ()
    assert all(each.open for each in returns.register.objections)


def drop_downs(book, sheet):
    return {str(each.sqref): each.formula1 for each in book[sheet].data_validations.dataValidation if each.formula1}


def test_the_new_sheets_offer_only_what_fits(tmp_path):
    """Units; the codes of each form with V.1–V.6 and 总分; 处理."""
    book = register_book(tmp_path)
    assert [cell.value for cell in book["异议"][2]] == list(OBJECTION_COLUMNS)
    assert [cell.value for cell in book["未报送处理"][2]] == list(ABSENCE_COLUMNS)
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["名单"].columns}
    for form in SCHEME.forms:
        pairs = zip(lists["异议编号"], lists["异议编号的评分表"], strict=True)
        codes = [item.code for item in form.items] + [veto.code for veto in SCHEME.vetoes] + ["总分"]
        assert [code for code, name in pairs if name == form.name] == codes
    assert lists["异议的处理"] == ["受理", "维持", "改正", "逾期不受理"]
    assert lists["未报送的处理"] == ["按零分", "不参评"]
    assert set(drop_downs(book, "异议")) >= {"A3:A502", "B3:B502", "E3:E502"}
    assert set(drop_downs(book, "未报送处理")) == {"A3:A502", "B3:B502"}

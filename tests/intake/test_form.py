"""What a unit typed, deleted or moved: read with a 提醒, or listed as 错误 with its cell; never a crash."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import openpyxl
import pytest
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    blank,
    cell_of,
    collect,
    filled_form,
    good_answers,
    received,
    rows,
    run,
    save,
)
from every_kind import TREE, toml

from assess_xlsx import layout
from assess_xlsx.layout import FORM_SHEET, Col, FormLayout

UNIT = "县公安局"


def sent(tmp_path, book, name="01.xlsx"):
    save(book, tmp_path / "in" / name)
    return collect(tmp_path / "in")


def problems_of(result, label=None):
    found = [row for row in rows(result, "问题清单") if row["填报项"]]
    return [row for row in found if label in (None, row["填报项"])]


@pytest.mark.parametrize(
    ("form", "label", "raw", "level", "words"),
    [
        (COUNTY, "缺少的制度项数", "3项", "提醒", "填写为“3项”，按“3项”读取"),
        (COUNTY, "缺少的制度项数", "3", "提醒", "填写为文本“3”，按“3项”读取"),
        (COUNTY, "网上可办率", "95%", "提醒", "填写为文本“95%”，按“95%”读取"),
        (COUNTY, "年度累计办件量", "１２３４", "提醒", "按“1234件”读取"),
        (COUNTY, "网上可办率", "９５％", "提醒", "按“95%”读取"),
        (COUNTY, "网上可办率", 95, "错误", "填写为“9500%”，9500% 超过 100%"),
        (COUNTY, "能够在线申报", "√", "提醒", "按“是”读取"),
        (COUNTY, "酌情分", 1, "提醒", "没有采用"),
        (COUNTY, "缺少的制度项数", "若干", "错误", "不是一个数"),
        (COUNTY, "缺少的制度项数", -1, "错误", "是负数"),
        (COUNTY, "缺少的制度项数", 1.5, "错误", "不是整数"),
        (COUNTY, "缺少的制度项数", dt.date(2019, 1, 3), "错误", "日期或时间格式，显示为“2019-01-03”"),
        (COUNTY, "缺少的制度项数", True, "错误", "逻辑值"),
        (COUNTY, "缺少的制度项数", "#N/A", "错误", "错误值“#N/A”"),
        (COUNTY, "缺少的制度项数", "=1+1", "错误", "没有保存计算结果"),
        (COUNTY, "网上可办率", "0.95", "错误", "没有写百分号"),
        (COUNTY, "网上可办率", 120, "错误", "12000% 超过 100%"),
        (COUNTY, "能够在线申报", "基本能", "错误", "不在选项之中"),
        (COUNTY, "电子政务外网接入方式", "全接入", "错误", "不在选项之中"),
        (COUNTY, "已进驻事项数", 5, "错误", "超过了“应进驻事项数”的 1"),
        (COUNTY, "能够在线申报", None, "错误", "没有填写"),
        (COUNTY, "被新闻媒体曝光批评", None, "错误", "没有填写"),
        (COUNTY, "被新闻媒体曝光批评", "也许", "错误", "不在选项之中"),
        (COUNTY, "县级表彰次数", "很多", "错误", "不是一个数"),
        (COUNTY, "群众投诉次数", "很多", "提醒", "不是一个数"),
        (COUNTY, "查证属实投诉次数", 2, "提醒", "将“群众投诉次数”提高为 2"),
        (TOWN, "实体政务大厅面积", "１２０平米", "提醒", "按“120平方米”读取"),
        (TOWN, "实体政务大厅面积", "约120", "错误", "不是一个数"),
        (TOWN, "群众满意度", 1.2, "提醒", "填写为“120%”，120% 超过 100%"),
    ],
)
def test_each_faulty_entry_is_listed_with_its_cell(tmp_path, form, label, raw, level, words):
    unit = UNIT if form is COUNTY else "城关镇"
    result = sent(tmp_path, filled_form(form, unit, good_answers(form) | {label: raw}))
    (found,) = problems_of(result, label)
    assert found["级别"] == level
    assert found["考核单位"] == unit
    assert found["文件"] == "01.xlsx"
    assert found["工作表"] == FORM_SHEET
    assert found["单元格"] == cell_of(form, label)
    assert words in found["问题"]
    assert found["处理办法"].endswith("。")
    assert len(problems_of(result)) == 1
    state = next(row["状态"] for row in rows(result, "报送情况") if row["考核单位"] == unit)
    assert state == ("待补正" if level == "错误" else "已采用")


def test_blank_bonus_and_office_facts_are_no_problem(tmp_path):
    answers = good_answers(COUNTY)
    for fact in COUNTY.facts:
        if fact.bonus or fact.office:
            answers[fact.label] = None
    result = sent(tmp_path, filled_form(COUNTY, UNIT, answers))
    assert problems_of(result) == []


def test_needed_only_with(tmp_path):
    answers = good_answers(COUNTY) | {"有无自建系统": "有", "应上行事项数": 4, "一窗受理开展情况": "部分开展"}
    result = sent(tmp_path, filled_form(COUNTY, UNIT, answers))
    assert {row["填报项"] for row in problems_of(result)} == {
        "未上行事项数",
        "应下行可办事项数",
        "未下行可办事项数",
        "酌情分",
    }


def test_rows_are_found_by_what_they_say(tmp_path):
    """Rows inserted, columns moved, the sheet renamed: nothing changes."""
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY) | {"缺少的制度项数": 1})
    sheet = book[FORM_SHEET]
    for each in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(each))
    sheet.insert_rows(9, 3)
    sheet.insert_cols(8)
    sheet.title = "Sheet1"
    result = sent(tmp_path, book)
    assert problems_of(result) == []
    score = next(row for row in rows(result, "得分明细") if row["指标编号"] == "1.4.1")
    assert score["最终得分"] == 1


def test_a_deleted_row_is_listed(tmp_path):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
    fact = next(fact for fact in COUNTY.facts if fact.label == "能够在线申报")
    for column in (7, 8, 9):
        book[FORM_SHEET].cell(FormLayout.of(COUNTY).rows[fact.key] + 1, column).value = None
    (found,) = problems_of(sent(tmp_path, book))
    assert found["填报项"] == "能够在线申报"
    assert "找不到" in found["问题"]


@pytest.mark.parametrize(("second", "level"), [(2, "错误"), (1, "提醒")])
def test_a_row_that_stands_twice(tmp_path, second, level):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY) | {"缺少的制度项数": 1})
    sheet, bottom = book[FORM_SHEET], FormLayout.of(COUNTY).version_row + 5
    for column, value in ((7, "1.4.1"), (8, "缺少的制度项数"), (9, second)):
        sheet.cell(bottom, column).value = value
    (found,) = problems_of(sent(tmp_path, book))
    assert (found["级别"], found["填报项"]) == (level, "缺少的制度项数")


def file_row(result, name):
    return next(row for row in rows(result, "文件清单") if row["文件"] == name)


@pytest.mark.parametrize(
    ("unit", "name", "outcome", "owner"),
    [
        ("县公安局", "表.xlsx", "采用", "县公安局"),
        (" 县 公安局 ", "表.xlsx", "采用", "县公安局"),
        ("县公安局", "09-县公安局.xlsx", "采用", "县公安局"),
        (None, "09-县公安局(1).xlsx", "采用", "县公安局"),
        (None, "公安局报送.xlsx", "采用", "县公安局"),
        ("县公安局", "县司法局.xlsx", "单位不明", None),
        (None, "表.xlsx", "单位不明", None),
        ("县外星局", "表.xlsx", "单位不明", None),
        ("县外星局", "县公安局.xlsx", "单位不明", None),
        ("城关镇", "表.xlsx", "表格类型不符", "城关镇"),
    ],
)
def test_whose_form_it_is(tmp_path, unit, name, outcome, owner):
    row = file_row(sent(tmp_path, filled_form(COUNTY, unit, good_answers(COUNTY)), name), name)
    assert (row["处理结果"], row["考核单位"]) == (outcome, owner)
    assert row["原因"] or outcome == "采用"


def test_unit_written_behind_the_label(tmp_path):
    book = filled_form(COUNTY, None, good_answers(COUNTY))
    book[FORM_SHEET].cell(FormLayout.of(COUNTY).unit_row + 1, 1).value = "考核单位：县公安局"
    assert file_row(sent(tmp_path, book, "a.xlsx"), "a.xlsx")["考核单位"] == "县公安局"


def test_what_answers_another_label_is_no_name_of_a_unit(tmp_path):
    """考核单位 is left blank and 考核时间 is not: the file's name tells, as where both are blank."""
    book = filled_form(COUNTY, None, good_answers(COUNTY))
    sheet, row = book[FORM_SHEET], FormLayout.of(COUNTY).unit_row + 1
    period = next(cell for cell in sheet[row] if str(cell.value).startswith("考核时间"))
    sheet.cell(row, period.column + 1).value = "2018年度"
    result = sent(tmp_path, book, "09-县公安局.xlsx")
    assert file_row(result, "09-县公安局.xlsx")["考核单位"] == "县公安局"
    assert any("“考核单位”一栏没有填写，按文件名认定为“县公安局”" in row["问题"] for row in rows(result, "问题清单"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda sheet, row: sheet.merge_cells(f"I{row - 1}:I{row}"), "没有填写：I{0}:I{1} 被合并成了一格"),
        (lambda sheet, row: sheet.cell(row, Col.EVIDENCE + 1, 12), "没有填写，同一行的“佐证说明”却写着“12”"),
        (lambda sheet, row: sheet.cell(row, Col.EVIDENCE + 1, "见附件3"), "没有填写。"),
    ],
)
def test_why_a_cell_may_be_blank(tmp_path, spoil, said):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
    sheet, cell = book[FORM_SHEET], cell_of(COUNTY, "缺少的制度项数")
    assert cell[0] == "I"
    sheet[cell].value = None
    spoil(sheet, sheet[cell].row)
    [found] = [row for row in rows(sent(tmp_path, book), "问题清单") if row["单元格"] == cell]
    assert said.format(sheet[cell].row - 1, sheet[cell].row) in found["问题"]


def test_an_empty_form_is_never_adopted(tmp_path):
    answers = good_answers(COUNTY)
    early, late = filled_form(COUNTY, UNIT, answers), filled_form(COUNTY, UNIT, {})
    early.properties.modified = dt.datetime(2019, 1, 1)  # noqa: DTZ001 - openpyxl wants it naive
    save(early, tmp_path / "in" / "a.xlsx")
    result = sent(tmp_path, late, "b.xlsx")
    assert file_row(result, "a.xlsx")["处理结果"] == "采用"
    assert file_row(result, "b.xlsx")["处理结果"] == "空表"


def stamp(path, moment):
    """Sets a saved workbook's own 修改时间, which openpyxl always overwrites."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{moment}", core).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_the_last_saved_form_counts(tmp_path):
    """K19: by the workbook's own time, then the file name; the same facts twice are only noted."""
    good = good_answers(COUNTY)
    versions = {
        "c.xlsx": (good | {"缺少的制度项数": 2}, "2019-01-05T08:00:00Z"),
        "a.xlsx": (good | {"缺少的制度项数": 1}, "2019-01-09T08:00:00Z"),
        "b.xlsx": (good, "2019-01-09T08:00:00Z"),
        "d.xlsx": (good, "2019-01-02T08:00:00Z"),
    }
    for name, (answers, moment) in versions.items():
        stamp(save(filled_form(COUNTY, UNIT, answers), tmp_path / "in" / name), moment)
    result = collect(tmp_path / "in")
    outcomes = {row["文件"]: row["处理结果"] for row in rows(result, "文件清单")}
    assert outcomes == {"a.xlsx": "被替代", "b.xlsx": "采用", "c.xlsx": "被替代", "d.xlsx": "重复"}
    saved = next(row for row in rows(result, "报送情况") if row["考核单位"] == UNIT)["最后保存时间"]
    assert saved == dt.datetime(2019, 1, 9, 16)  # noqa: DTZ001 - the county's clock


def test_a_form_of_another_version_is_listed_and_read(tmp_path):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
    book[FORM_SHEET].cell(FormLayout.of(COUNTY).version_row + 1, 7).value = "表样版本：去年的方案·县直·00000000"
    result = sent(tmp_path, book)
    assert file_row(result, "01.xlsx")["处理结果"] == "采用"
    assert any("表样版本" in row["问题"] for row in rows(result, "问题清单"))


def test_a_code_that_means_another_matter_on_another_version_is_not_read_as_this_one(tmp_path):
    layout = FormLayout.of(COUNTY)
    fact = next(fact for fact in COUNTY.facts if fact.label == "缺少的制度项数")
    row, row_renumbered = (layout.rows[each.key] + 1 for each in (fact, COUNTY.facts[1]))
    for version, level in (("00000000", "错误"), (COUNTY.version, "提醒")):
        book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
        sheet = book[FORM_SHEET]
        sheet.cell(layout.version_row + 1, 7).value = f"表样版本：{SCHEME.name}·县直·{version}"
        sheet.cell(row, Col.FACT + 1).value = "宣传栏更新次数"
        sheet.cell(row_renumbered, Col.CODE + 1).value = "9.9.9"
        result = sent(tmp_path / version, book)
        told = [each for each in rows(result, "问题清单") if "宣传栏更新次数" in each["问题"]]
        assert [each["级别"] for each in told] == [level]
        assert ("这份表不是现行版本" in told[0]["问题"]) == (version == "00000000")
        gone = [each for each in rows(result, "问题清单") if "找不到“缺少的制度项数”" in each["问题"]]
        assert bool(gone) == (version == "00000000")
        [renumbered] = [each for each in rows(result, "问题清单") if "9.9.9" in each["问题"]]
        assert renumbered["级别"] == "提醒"
        assert ("发出的表不同" in renumbered["问题"]) == (version != "00000000")


def test_never_recalculated_is_said_once(tmp_path):
    result = sent(tmp_path, filled_form(COUNTY, UNIT, good_answers(COUNTY)))
    assert [row["问题"] for row in rows(result, "问题清单")] == [
        "表中的记分都还是空表状态，表格填写后从未重新计算，没有自评分可对照。"
    ]


def test_a_self_score_that_differs_is_listed(tmp_path):
    """K20: 记分 is evidence, never input."""
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
    sheet, layout = book[FORM_SHEET], FormLayout.of(COUNTY)
    scores = {item.code: sheet.cell(layout.item_span(item)[0] + 1, Col.SCORE + 1) for item in COUNTY.items}
    for item in COUNTY.items:
        scores[item.code].value = item.worth.high / 100 if item.worth.high and not item.worth.bonus else 0
    for code, score in (("4.1.1", 1), ("5.1.1", 3), ("5.1.2", 3), ("1.5.1", 4.5)):
        scores[code].value = score
    scores["4.1.2"].value = 4.75
    result = sent(tmp_path, book)
    (found,) = rows(result, "问题清单")
    assert (found["级别"], found["指标编号"]) == ("提醒", "1.5.1")
    assert "表中记分为 4.50，按所填数据应为 5.00" in found["问题"]
    detail = next(row for row in rows(result, "得分明细") if row["指标编号"] == "1.5.1")
    assert (detail["自评分"], detail["最终得分"]) == (4.5, 5)


def test_every_file_is_listed_and_a_bad_one_stops_nothing(tmp_path):
    folder = tmp_path / "in"
    save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), folder / "sub" / "good.xlsx")
    save(blank(TOWN), folder / "blank.xlsx")
    save(openpyxl.Workbook(), folder / "other.xlsx")
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "notes.txt").write_text("hello", "utf-8")
    (folder / "~$good.xlsx").write_bytes(b"lock")
    (folder / "Thumbs.db").write_bytes(b"x")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = collect(folder)
    assert {row["文件"]: row["处理结果"] for row in rows(result, "文件清单")} == {
        "sub/good.xlsx": "采用",
        "blank.xlsx": "单位不明",
        "other.xlsx": "不是评分表",
        "broken.xlsx": "无法读取",
        "empty.xlsx": "无法读取",
        "notes.txt": "无法读取",
        "~$good.xlsx": "忽略",
        "Thumbs.db": "忽略",
    }
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_result_itself_is_no_form(tmp_path):
    """OUTPUT may lie inside INPUT, and an old result may be put there."""
    folder = tmp_path / "in"
    save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), folder / "good.xlsx")
    first = collect(folder)
    save(first, folder / "旧结果.xlsx")
    row = file_row(collect(folder), "旧结果.xlsx")
    assert row["处理结果"] == "忽略"


def test_two_forms_that_ask_the_same_are_told_apart_by_their_units(tmp_path):
    scheme = tmp_path / "方案.toml"
    scheme.write_text(toml(TREE), "utf-8")
    run("sample", tmp_path / "in", "--scheme", scheme)
    path = tmp_path / "in" / "考核办登记表.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["考核办填报（街道）"]
    assert [cell.value for cell in sheet["A"][2:4]] == ["寅街", "卯街"]
    sheet["B3"].value, sheet["B4"].value = 3.5, 4
    book.save(path)
    run("collect", tmp_path / "in", "-o", tmp_path / "out", "--scheme", scheme)
    result = openpyxl.load_workbook(tmp_path / "out" / "考核结果汇总.xlsx", data_only=True)
    assert {row["处理结果"] for row in rows(result, "文件清单")} == {"采用", "登记表"}
    details = [row for row in rows(result, "得分明细") if row["考核单位"] == "卯街" and row["指标编号"] == "2.10.1"]
    assert [row["最终得分"] for row in details] == [4]
    assert {row["级别"] for row in rows(result, "问题清单")} <= {"提醒"}


def about(book, tmp_path):
    """考核时间, who filled it in and 备注, as they are read."""
    data = save(book, tmp_path / "01.xlsx").read_bytes()
    [form] = received(tmp_path, {"01.xlsx": data}).forms.values()
    return form.period, form.contacts, form.remark


def test_what_was_left_blank_about_a_form_is_answered_by_nothing_that_stands_near(tmp_path):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
    sheet, places = book[FORM_SHEET], FormLayout.of(COUNTY)
    sheet.cell(places.unit_row + 1, layout.PERIOD_CELL_COL + 1).value = None
    for row in range(places.contacts_row, places.remark_row):  # as a spreadsheet program saves what 校验 says
        sheet.cell(row + 1, Col.VALUE + 1).value = None
        sheet.cell(row + 1, Col.CHECK + 1).value = "请填写"
    assert about(book, tmp_path) == ("", {}, "")


@pytest.mark.parametrize("column", [Col.VALUE, Col.EVIDENCE + 1])
def test_who_filled_a_form_in_is_read_under_its_heading_or_in_a_column_of_its_own(tmp_path, column):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
    sheet, first = book[FORM_SHEET], FormLayout.of(COUNTY).contacts_row
    for row, said in enumerate(("张三丰", "0393-2211001", "李负责"), first + 1):
        sheet.cell(row, Col.VALUE + 1).value = None
        sheet.cell(row, column + 1).value = said
    assert about(book, tmp_path)[1] == {"填报人": "张三丰", "联系电话": "0393-2211001", "负责人": "李负责"}

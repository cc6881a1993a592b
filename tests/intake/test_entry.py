"""What a cell says is what it shows: number formats, what is struck out or raised, words for numbers, the unseen."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from conftest import COUNTY, SCHEME, TOWN, cell_of, filled_form, good_answers
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from assess_xlsx import numerals
from assess_xlsx.answers import Saved, Source
from assess_xlsx.excel.formats import identify
from assess_xlsx.excel.read import Workbook
from assess_xlsx.intake import form as forms
from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import FORM_SHEET

ROSTER, NOW = Roster(SCHEME), Saved(dt.datetime(2019, 1, 8, tzinfo=dt.UTC), lasting=True)
COUNT, RATE, CHOICE, AREA = "缺少的制度项数", "网上可办率", "一窗受理开展情况", "实体政务大厅面积"
STRUCK, RAISED = InlineFont(strike=True), InlineFont(vertAlign="superscript")


def rich(*pieces):
    return CellRichText(*(TextBlock(font, text) if font else text for text, font in pieces))


def read(label, value, **look):
    """The value that counts, and what is said of the cell: level and text, or nothing."""
    form, unit = (TOWN, "城关镇") if label == AREA else (COUNTY, "县残联")
    book = filled_form(form, unit, good_answers(form))
    cell = book[FORM_SHEET][cell_of(form, label)]
    cell.value = value
    for name, each in look.items():
        setattr(cell, name, each)
    target = io.BytesIO()
    book.save(target)
    data = target.getvalue()
    reading = forms.read(Workbook(data, identify(data)), Source("a.xlsx"), SCHEME, ROSTER, NOW)
    (filled,) = reading.forms
    value = filled.answers[[fact.label for fact in form.facts].index(label)].value
    said = [(each.level, each.text) for each in reading.problems if each.place.cell == cell.coordinate]
    assert len(reading.problems) == len(said) <= 1
    return value, *(said[0] if said else ("", ""))


def check(found, value, level, words):
    assert found[:2] == (value, level)
    assert words in found[2]


@pytest.mark.parametrize(
    ("label", "number_format", "typed", "value", "level", "words"),
    [
        (RATE, "0.00%", 0.95, 9500, "", ""),
        (RATE, "0%", 0.95, 9500, "", ""),
        (RATE, "0%", 0.9465, 9465, "提醒", "显示为“95%”，存的是 94.65%，按 94.65% 计分"),
        (RATE, "0.0%", 0.6996, 6996, "提醒", "显示为“70%”，存的是 69.96%"),
        (RATE, "0.00%", 1 / 3, 3333, "", ""),
        (RATE, "0%", 1, 10_000, "", ""),
        (RATE, "0.00%", 1.2, None, "错误", "“120%”，120% 超过 100%，"),
        (RATE, "0%", 1.005, None, "错误", "“100.5%”，100.5% 超过 100%，"),
        (RATE, "0.00%", 95, None, "错误", "“9500%”，9500% 超过 100%，"),
        (RATE, "General", 1.2, 120, "提醒", "按“1.2%”读取"),
        (RATE, "General", 0.95, 9500, "", ""),
        (RATE, "0", 0.95, 9500, "", ""),
        (RATE, ";;;", 0.5, None, "错误", "数字格式"),
        (COUNT, "0.00%", 0, 0, "", ""),
        (RATE, "General", 95, 9500, "提醒", "按“95%”读取"),
        (RATE, '0"%"', 95, 9500, "提醒", "按“95%”读取"),
        (RATE, '0.00"%"', 0.95, None, "错误", "数字格式"),
        (RATE, "0.0000%", 1.00004, 10_000, "", ""),
        (COUNT, '0"万"', 5, None, "错误", "数字格式"),
        (COUNT, "-0", 5, None, "错误", "数字格式"),
        (COUNT, '0;-0;"无"', 0, 0, "", ""),
        (COUNT, "0;-0;;@", 0, None, "错误", "数字格式"),
        (COUNT, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 0, 0, "", ""),
        (CHOICE, ";;;", "全部开展", None, "错误", "数字格式"),
        (RATE, ";;;", 0.95, None, "错误", "数字格式"),
        (COUNT, '0"项"', 3, 3, "", ""),
        (COUNT, "0%", 1, None, "错误", "“100%”"),
        (COUNT, "0", 2.4, None, "错误", "不是整数"),
        (COUNT, "0,", 1500, None, "错误", "数字格式"),
        (COUNT, '"5"', 1, None, "错误", "数字格式"),
        (COUNT, "yyyy-mm-dd", 3, None, "错误", "日期"),
        (COUNT, "h:mm", 0.5, None, "错误", "日期或时间"),
        (AREA, "#,##0.00", 210, 210_000_000, "", ""),
        (AREA, "0", 199.6, None, "错误", "数字格式"),
        (AREA, "0.0", 199.6, 199_600_000, "", ""),
        (AREA, '0"亩"', 199, None, "错误", "数字格式"),
        (AREA, "0.0%", 2, None, "错误", "“200%”"),
    ],
)
def test_a_number_is_what_its_cell_shows(label, number_format, typed, value, level, words):
    check(read(label, typed, number_format=number_format), value, level, words)


@pytest.mark.parametrize(
    ("typed", "struck", "value", "level", "words"),
    [
        (3, True, None, "错误", "删除线"),
        ("3项", True, None, "错误", "删除线"),
        (rich(("3", STRUCK), ("2", None)), False, 2, "提醒", "按“2项”读取"),
        (rich(("3", STRUCK), (" ", None), ("2项", InlineFont())), False, 2, "提醒", "按“2项”读取"),
        (rich(("1", None), ("5", STRUCK), ("2", InlineFont())), False, None, "错误", "不止一个数"),
        (rich(("3", STRUCK), ("", None)), False, None, "错误", "删除线"),
        (rich(("2", InlineFont()), ("2", RAISED)), False, None, "错误", "“2²”"),
    ],
)
def test_what_is_struck_out_or_raised_is_no_digit(typed, struck, value, level, words):
    check(read(COUNT, typed, font=Font(strike=struck)), value, level, words)


@pytest.mark.parametrize(
    ("label", "typed", "value", "level"),
    [
        *[
            (COUNT, text, None, "错误")
            for text in ("1\n2", "3 4", "1\t5", "2²", "15①", "3、4", "2-3", "3/5", "三四项", "十几")
        ],
        *[
            (COUNT, text, None, "错误")
            for text in ("1e3", "0x10", "(3)", "约3", "3+1", "一二", "二〇一八", "O", "-", "/", "不清楚")
        ],
        *[(COUNT, text, 0, "提醒") for text in ("无", "没有", "零", "〇", "无。", "0项", " 0 ", "零项", "\u200b0")],
        *[
            (COUNT, text, 3, "提醒")
            for text in ("三", "三项", "3项。", "3 项", "３", "3\n", "\u202a3\u202c", "叁项", "3.", "+3", "3.0")
        ],
        *[(COUNT, text, 12, "提醒") for text in ("十二项", "一十二", "12个")],
        *[
            (RATE, text, 9500, "提醒")
            for text in ("95%", "95 %", "９５％", "95%。", "百分之九十五", "九十五%", "95.00%\u200e")
        ],
        *[(RATE, text, None, "错误") for text in ("0.95", "无", "九成", "95%以上", "90%-95%", "95\n%1", "9 5%")],
        *[(CHOICE, text, 0, "提醒") for text in ("全部开展。", "全部 开展", "全部\ufeff开展", "全部开展 ")],
        *[(CHOICE, text, None, "错误") for text in ("开展", "全部开展/部分开展", "基本全部开展")],
        *[
            (AREA, text, 210_000_000, "提醒")
            for text in ("210平方米", "210 m²", "210㎡", "二百一十平方米", "210平米。")
        ],
        *[(AREA, text, None, "错误") for text in ("21²", "210 220", "200多平方米", "210亩")],
    ],
)
def test_what_can_mean_one_thing_is_read_so_and_noted(label, typed, value, level):
    found = read(label, typed)
    assert found[:2] == (value, level), found


@pytest.mark.parametrize("typed", ["\u200b", " \ufeff ", "\u00ad", "\u3000"])
def test_what_nobody_sees_is_nothing(typed):
    check(read(COUNT, typed), None, "错误", "没有填写")


def test_numbers_in_words_are_read_as_they_are_written():
    def written(number):
        """By another road: digit by digit, the empty places between folded into one 零."""
        text = "".join(
            "零一二三四五六七八九"[int(digit)] + (unit if digit != "0" else "")
            for digit, unit in zip(f"{number:04}", ("千", "百", "十", ""), strict=True)
        )
        while "零零" in text:
            text = text.replace("零零", "零")
        return text.strip("零") or "零"

    for number in range(10_000):
        text = written(number)
        assert numerals.value(text) == number, text
        assert numerals.value(text.replace("二千", "两千")) == number


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (2, "两"), (4, "四"), (10, "十"), (12, "十二"), (22, "二十二")]
)
def test_how_a_number_stands_before_what_is_counted(number, text):
    assert numerals.counting(number) == text

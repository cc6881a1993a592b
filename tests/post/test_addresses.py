"""通讯录: what is read, what is noted, what is refused, each with its cell."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import SCHEME, run
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from assess_xlsx.entries import Refusal
from assess_xlsx.post.address import addresses_in
from assess_xlsx.post.address_book import Unread, read

READ = [  # what is written, what it means, whether that is noted
    ("", (), False),
    ("　", (), False),
    ("kaohe@163.com", ("kaohe@163.com",), False),
    ("a@b.cn；c@d.cn", ("a@b.cn", "c@d.cn"), False),
    ("a@b.cn;c@d.cn", ("a@b.cn", "c@d.cn"), False),
    ("a@b.cn； c@d.cn", ("a@b.cn", "c@d.cn"), True),
    ("a@b.cn，c@d.cn", ("a@b.cn", "c@d.cn"), True),
    ("a@b.cn、c@d.cn", ("a@b.cn", "c@d.cn"), True),
    ("a@b.cn\nc@d.cn", ("a@b.cn", "c@d.cn"), True),
    ("a@b.cn；a@b.cn", ("a@b.cn",), True),
    ("ｋａｏｈｅ＠１６３．ｃｏｍ", ("kaohe@163.com",), True),
    ("kaohe@163。com", ("kaohe@163.com",), True),
    (" kaohe@163.com ", ("kaohe@163.com",), False),
    ("张三 <kaohe@163.com>", ("kaohe@163.com",), True),
    ("mailto:kaohe@163.com", ("kaohe@163.com",), True),
    ("kaohe@163.com\u200b", ("kaohe@163.com",), True),
    ("Zhang.San@GOV.CN", ("Zhang.San@gov.cn",), True),
    ("a_b-c.d+e@x-y.taiqian.gov.cn", ("a_b-c.d+e@x-y.taiqian.gov.cn",), False),
]
DOUBTFUL = [
    ("kaohe163.com", "没有 @"),
    ("kaohe@163", "后面没有点"),
    ("kaohe@163,com", "后面没有点"),
    ("a@b.cnc@d.cn", "几个 @"),
    ("kaohe@@163.com", "几个 @"),
    ("kaohe@163.con", "像是 .com 写错了"),
    ("张三@163.com", "不像邮箱地址"),
    ("kaohe@-163.com", "不像邮箱地址"),
    ("kao..he@163.com", "不像邮箱地址"),
    ("kaohe@163..com", "不像邮箱地址"),
    ("0393-1234567", "没有 @"),
    ("无", "没有 @"),
    ("a@b.cn\r\nBcc: c@d.cn", "没有 @"),
    ("x" * 65 + "@163.com", "不像邮箱地址"),
]


@pytest.mark.parametrize(("text", "found", "noted"), READ)
def test_what_can_only_mean_one_thing_is_read(text, found, noted):
    assert addresses_in(text) == (found, noted)


@pytest.mark.parametrize(("text", "reason"), DOUBTFUL)
def test_what_is_doubtful_is_refused(text, reason):
    with pytest.raises(Refusal, match=reason):
        addresses_in(text)


@pytest.fixture
def book(tmp_path):
    """The blank address book as openpyxl reads it, and where it goes."""
    run("templates", tmp_path)
    return openpyxl.load_workbook(tmp_path / "通讯录.xlsx"), tmp_path / "通讯录.xlsx"


def filled(book, rows):
    workbook, path = book
    sheet = workbook.active
    for row, cells in rows.items():
        for column, value in cells.items():
            sheet[f"{column}{row}"].value = value
    workbook.save(path)
    return read(path, SCHEME)


def test_a_blank_one_names_every_unit_of_the_roster(book):
    found = filled(book, {})
    assert [unit.name for unit in found.blank] == [unit.name for unit in SCHEME.units]
    assert not found.contacts
    assert not found.problems


def test_a_row_says_whom_to_write_to(book):
    found = filled(book, {3: {"B": "张三", "C": 3931234567, "D": "a@b.cn；c@d.cn", "E": "c@d.cn；e@f.cn"}})
    contact = found.contacts[1]
    assert contact[:3] == (SCHEME.units[0], ("a@b.cn", "c@d.cn"), ("e@f.cn",))
    assert [unit.name for unit in found.units_at("C@D.cn")] == ["县安监局"]


def test_every_doubt_names_its_cell_and_holds_the_letter_back(book):
    found = filled(
        book,
        {
            3: {"D": "kaohe@163"},
            4: {"D": "a@b.cn", "E": "不知道"},
            5: {"D": "ａ@b.cn"},
            6: {"D": "same@b.cn"},
            7: {"D": "same@b.cn"},
            43: {"A": "县外星局", "D": "x@y.cn"},
            44: {"A": "县环保局", "D": "one@b.cn"},
            45: {"A": "县环保局", "D": "two@b.cn"},
            46: {"A": "台前县公安局", "D": "police@b.cn"},
            47: {"A": "县公安局", "D": "police@b.cn"},
        },
    )
    told = [(each.level, each.place.cell, each.place.unit) for each in found.problems]
    assert told == [
        ("错误", "D3", "县安监局"),
        ("错误", "E4", "县残联"),
        ("提醒", "D5", "县城管局"),
        ("错误", "A43", ""),
        ("错误", "D44", "县环保局"),
        ("提醒", "D6", "县档案局"),
    ]
    assert [unit.name for unit in found.doubtful] == ["县安监局", "县残联", "县环保局"]
    assert sorted(found.contacts) == [3, 4, 5, 9]


def test_what_is_struck_out_is_no_address(book):
    found = filled(book, {3: {"D": CellRichText(TextBlock(InlineFont(strike=True), "old@b.cn"))}})
    assert [unit.name for unit in found.blank][:1] == ["县安监局"]
    assert [each.level for each in found.problems] == ["提醒"]


def test_columns_may_move_and_others_be_left_out(tmp_path):
    book = openpyxl.Workbook()
    for cells in (["2026年通讯录"], ["序号", "邮箱", "考核单位"], [1, "a@b.cn", "县残联"]):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx", SCHEME).contacts[2].to == ("a@b.cn",)


def test_what_is_no_address_book_is_said(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Unread, match="读不了"):
        read(tmp_path / "a.xlsx", SCHEME)
    with pytest.raises(Unread, match="打不开"):
        read(tmp_path / "b.xlsx", SCHEME)
    openpyxl.Workbook().save(tmp_path / "c.xlsx")
    assert "找不到通讯录的表头" in read(tmp_path / "c.xlsx", SCHEME).problems[0].text


def test_an_address_book_among_the_forms_is_passed_over(tmp_path):
    run("templates", tmp_path / "in")
    for path in (tmp_path / "in").iterdir():
        if path.name != "通讯录.xlsx":
            path.unlink()
    assert "错误 0 条" in run("check", tmp_path / "in")

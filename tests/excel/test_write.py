"""Any text in any cell, rows that stream, widths of Chinese."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib

import openpyxl
import pytest
from isal import isal_zlib

from assess_xlsx.excel import style
from assess_xlsx.excel.cells import MOST_TEXT, as_it_is, column_letter
from assess_xlsx.excel.table import Column, sheets_of, table
from assess_xlsx.excel.write import Book, Formula

SAVED = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)

CELLS = [
    "县安监局",
    "  前后有空格 ",
    "第一行\n第二行",
    "<b>&amp;\"'",
    "<r><t>不是格式</t></r>",
    "\x01\ud800\ufffe",
    "=1+1",
    "很长" * 20_000,
    3,
    -0.5,
    1e-7,
    123456789.12,
    "",
    None,
    dt.datetime(2019, 1, 9, 9, 30),  # noqa: DTZ001 - a spreadsheet's own clock
    Formula('A1&"<"', "县安监局<"),
    Formula("1/4", 0.25),
]


def written(tmp_path, *, whole):
    """The cells, written as rows of a book that streams or cell by cell."""
    target = io.BytesIO()
    book = Book(target, "试", SAVED, str(tmp_path) if whole else None)
    sheet = book.sheet("试")
    look, other = book.format(bold=True), book.format(num_format="0.00")
    looks = [other if isinstance(cell, float) else look for cell in CELLS]
    if whole:
        following = [*map(column_letter, range(1, len(CELLS))), None]
        pieces = [sheet.pieces_of(*about)(cell) for cell, *about in zip(CELLS, looks, following, strict=True)]
        assert sheet.rows(0, [(20, pieces)] * 3) == 2
    else:
        for row in range(3):
            sheet.set_row(row, 20)
            for column, (cell, each) in enumerate(zip(CELLS, looks, strict=True)):
                sheet.put(row, column, cell, each)
    book.close()
    return target


@pytest.mark.parametrize("shown", [False, True], ids=["formulas", "values"])
def test_a_row_is_written_as_its_cells_would_be(tmp_path, shown):
    whole, single = (
        openpyxl.load_workbook(written(tmp_path, whole=whole), data_only=shown)["试"] for whole in (True, False)
    )
    assert whole.dimensions == single.dimensions
    for row, other in zip(whole.iter_rows(), single.iter_rows(), strict=True):
        assert [cell.value for cell in row] == [cell.value for cell in other]
        assert [(cell.font.b, cell.number_format) for cell in row] == [
            (cell.font.b, cell.number_format) for cell in other
        ]
    assert whole.row_dimensions[2].height == pytest.approx(single.row_dimensions[2].height, abs=0.5)  # pixels


def test_texts_arrive_as_they_were_or_as_a_workbook_can_hold_them(tmp_path):
    values = [cell.value for cell in openpyxl.load_workbook(written(tmp_path, whole=True))["试"][1]]
    assert values[:4] == CELLS[:4]
    assert values[4:7] == ["＜r><t>不是格式</t></r>", "□□□", "=1+1"]
    assert len(values[7]) == MOST_TEXT


@pytest.mark.parametrize(
    "text", ["县安监局 评分表!I6、I7", 'IF(A1="是","",2)', "a<b", "甲&乙", "1>0", "甲\n乙", "\x01"]
)
def test_what_is_written_as_it_is_reads_as_if_it_had_been_looked_at(text):
    book = Book(io.BytesIO(), "试", SAVED)
    sheet = book.sheet("试")
    for once in (False, True):
        piece = sheet.pieces_of(book.format(), None, once=once)
        unseen, looked = piece(Formula(text, text, as_it_is=True)), piece(Formula(text, text))
        if as_it_is(text):
            assert unseen == looked
    assert as_it_is(text) == (not re.search("[&<>\n\x01]", text))


def test_parts_are_packed_by_the_quick_packer_and_unpacked_by_any(tmp_path, monkeypatch):
    used = []
    pack = isal_zlib.compressobj
    monkeypatch.setattr(isal_zlib, "compressobj", lambda *given: used.append(given) or pack(*given))
    with zipfile.ZipFile(written(tmp_path, whole=True)) as package:
        assert package.testzip() is None
        assert len(used) == len(package.infolist())
        for part in package.infolist():
            assert part.compress_size < 1.5 * len(zlib.compress(package.read(part), 1)), part.filename


def test_no_row_is_higher_than_a_spreadsheet_program_lets_it_be():
    target = io.BytesIO()
    book = Book(target, "试", SAVED)
    sheet = book.sheet("试")
    for row, height in enumerate((20, 409, 650)):
        sheet.put(row, 0, "甲", book.format())
        sheet.set_row(row, height)
    book.close()
    heights = openpyxl.load_workbook(target)["试"].row_dimensions
    assert [heights[row].height for row in (1, 2, 3)] == pytest.approx([20, 409, 409], abs=0.5)  # pixels


def test_a_table_goes_on_where_a_sheet_is_full(tmp_path, monkeypatch):
    monkeypatch.setattr("assess_xlsx.excel.table.MOST_ROWS", 4)
    target = io.BytesIO()
    book = Book(target, "试", SAVED, str(tmp_path))
    sheets = sheets_of(book, "明细", 10)
    assert table(book, sheets, "明细", [Column("甲"), Column("乙")], (("", (n, f"第{n}")) for n in range(10))) == 1
    book.close()
    read = openpyxl.load_workbook(target)
    assert read.sheetnames == ["明细", "明细（2）", "明细（3）"]
    rows = [[cell.value for cell in row] for sheet in read for row in sheet.iter_rows(min_row=3)]
    assert rows == [[n, f"第{n}"] for n in range(10)]
    assert all(sheet["A2"].value == "甲" and sheet.auto_filter.ref for sheet in read)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_row_of_a_table_stands_once_and_in_its_place(tmp_path, count):
    target = io.BytesIO()
    book = Book(target, "试", SAVED, str(tmp_path))
    rows = (("", (n, "甲")) for n in range(count))
    table(book, [book.sheet("试")], "试", [Column("数"), Column("字")], rows, notes=["一行说明"])
    book.close()
    with zipfile.ZipFile(target) as package:
        part = package.read("xl/worksheets/sheet1.xml")
    assert [int(row) for row in re.findall(rb'<row r="(\d+)"', part)] == list(range(1, count + 4))
    assert re.findall(rb'<c r="[A-Z]+(\d+)"', part) == [
        str(row).encode() for row in range(1, count + 4) for _ in "AB"
    ]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("一二三四", 10, 1), ("一二三四五六七八", 10, 2), ("abc\n一二", 10, 2), ("a" * 40, 10, 5)],
)
def test_how_many_lines_a_text_takes(text, width, lines):
    assert style.lines(text, width) == lines

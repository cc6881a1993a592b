"""What no draft can be made of: a sentence that says what is needed, nothing written; and what a draft never does."""

from __future__ import annotations

import subprocess
import sys

import openpyxl
import pytest
from conftest import run
from notices import write_docx, write_xlsx
from openpyxl.cell.cell import MergedCell

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TABLE = [["考核内容", "评分标准", "分值"], ["台账", "建立台账得100分，未建立不得分。", "100"]]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "旧.doc",
            OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
            "是 Word 文档，读不出表格。请用 Word 或 WPS",
        ),
        ("扫描.pdf", b"%PDF-1.4 ...", "是 PDF 文件，读不出表格。扫描的要先识别成文字"),
        ("照片.docx", b"\x89PNG....", "是图片，读不出表格。扫描的要先识别成文字"),
        ("空.docx", b"", "是空文件"),
        ("坏.docx", b"PK\x03\x04" + b"0" * 60, "已损坏或不完整"),
        ("文字.docx", "考核通知".encode(), "是纯文本"),
    ],
)
def test_what_is_no_notice(tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    told = run("scheme", "draft", tmp_path / name, "-o", tmp_path / "草稿.xlsx", code=1)
    assert said in told
    assert "没有写任何文件" in told
    assert not (tmp_path / "草稿.xlsx").exists()


def test_a_notice_without_a_table(tmp_path):
    notice = write_docx(tmp_path / "通知.docx", ["关于考核的通知", "请认真落实。"])
    told = run("scheme", "draft", notice, "-o", tmp_path / "草稿.xlsx", code=1)
    assert "通知里没有表格。考核内容、评分标准和分值要列成表格" in told


@pytest.mark.parametrize("write", [write_docx, write_xlsx])
def test_a_table_whose_columns_cannot_be_told(tmp_path, write):
    notice = write(tmp_path / "通知.docx", ["通知", [["甲", "乙"], ["1", "2"], ["3", "4"]]])
    told = run("scheme", "draft", notice, "-o", tmp_path / "草稿.xlsx", code=1)
    assert "认不出哪一张表格是评分表" in told
    assert "甲｜乙" in told or "通知" in told


def test_a_draft_replaces_nothing(tmp_path):
    notice = write_docx(tmp_path / "通知.docx", [TABLE])
    assert "没有写草稿写成哪个文件" in run("scheme", "draft", notice, code=2)
    assert "只能写成 .xlsx 工作簿" in run("scheme", "draft", notice, "-o", tmp_path / "草稿.docx", code=1)
    (tmp_path / "草稿.xlsx").write_text("有人写的", "utf-8")
    assert "已经存在" in run("scheme", "draft", notice, "-o", tmp_path / "草稿.xlsx", code=1)
    assert (tmp_path / "草稿.xlsx").read_text("utf-8") == "有人写的"


def test_a_mark_counts_until_its_cell_is_cleared(tmp_path):
    notice = write_docx(tmp_path / "通知.docx", [TABLE])
    run("scheme", "draft", notice, "-o", tmp_path / "草稿.xlsx")
    book = openpyxl.load_workbook(tmp_path / "草稿.xlsx")
    for sheet in book.worksheets[1:]:
        heads = [cell for row in sheet.iter_rows() for cell in row if cell.value == "待确认"]
        for head in heads:
            end = 12 if head.row == 1 and sheet.title == "方案" else sheet.max_row
            for row in range(head.row + 1, end + 1):
                if not isinstance(sheet.cell(row, head.column), MergedCell):
                    sheet.cell(row, head.column).value = None
    book["方案"]["B3"] = 2027
    book["方案"]["B8"] = "2027-01-01"
    book.save(tmp_path / "方案.xlsx")
    assert "待确认" not in run("scheme", "check", tmp_path / "方案.xlsx")
    run("templates", tmp_path / "发表", "--scheme", tmp_path / "方案.xlsx")
    assert (tmp_path / "发表" / "附件_单位评分表.xlsx").exists()


def test_nothing_of_the_draft_is_loaded_by_other_commands():
    code = (
        "import sys; from assess_xlsx import cli, assessment, workers, api; from assess_xlsx.scheme import file;"
        "file.load(); from assess_xlsx.report import workbook;"
        "print([name for name in sys.modules if name.startswith(('docx', 'lxml', 'assess_xlsx.draft'))])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"

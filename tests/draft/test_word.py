"""What stands in a Word file beside plain paragraphs: auto numbers, changes, what is struck out, tables in tables."""

from __future__ import annotations

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from assess_xlsx.draft import scheme as drafts
from assess_xlsx.draft import source

HEADINGS = ("考核内容", "评分标准", "分值")


@pytest.fixture
def notice(tmp_path):
    """A document with one form of one line, and how it is read."""

    class Notice:
        def __init__(self):
            self.document = docx.Document()
            self.document.add_paragraph("石桥镇2027年度考核评分表")
            self.table = self.document.add_table(2, 3)
            for place, text in enumerate(HEADINGS):
                self.table.cell(0, place).text = text
            for place, text in enumerate(("台账", "", "100")):
                self.table.cell(1, place).text = text
            self.cell = self.table.cell(1, 1)

        def append(self, element):
            """A paragraph of XML into the cell of the criteria."""
            self.cell._tc.append(element)  # noqa: SLF001 - python-docx makes no such paragraphs

        def read(self):
            self.document.save(tmp_path / "通知.docx")
            return drafts.draft(source.read(tmp_path / "通知.docx")).tree

        def text(self):
            return self.read()["forms"][0]["sections"][0]["items"][0]["text"]

    return Notice()


def run(text, marks="", tag="t"):
    return f"<w:r><w:rPr>{marks}</w:rPr><w:{tag}>{text}</w:{tag}></w:r>"


def paragraph(inner):
    return parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>")


def test_changes_are_read_as_accepted(notice):
    inserted = f'<w:ins w:id="1" w:author="a">{run("100分")}</w:ins>'
    deleted = f'<w:del w:id="2" w:author="a">{run("90分", tag="delText")}</w:del>'
    notice.append(paragraph(run("建立台账得") + deleted + inserted + run("，未建立不得分。")))
    assert notice.text() == "建立台账得100分，未建立不得分。"


def test_what_is_struck_out_is_not_read_and_told(notice):
    notice.append(paragraph(run("建立台账得") + run("90", "<w:strike/>") + run("100分。")))
    tree = notice.read()
    assert tree["forms"][0]["sections"][0]["items"][0]["text"] == "建立台账得100分。"
    assert any("删除线" in line.get("open", "") for line in tree["rest"])


def test_automatic_numbers_are_told(notice):
    number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    notice.append(paragraph(number + run("建立台账得100分。")))
    assert any("自动编号" in line.get("open", "") for line in notice.read()["rest"])


def test_a_table_in_a_cell_is_read_with_it(notice):
    notice.cell.text = "建立台账得100分。"
    notice.cell.add_table(1, 1).cell(0, 0).text = "台账一年一册"
    assert "台账一年一册" in notice.text()


def test_content_controls_and_frames_are_read(notice):
    notice.cell.text = "建立台账得100分。"
    body = notice.document.element.body
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run('请认真落实。')}</w:p></w:sdtContent></w:sdt>"
    body.insert(0, parse_xml(control))
    body.insert(
        0, paragraph(f"<w:r><w:pict><w:txbxContent><w:p>{run('抄送：县委')}</w:p></w:txbxContent></w:pict></w:r>")
    )
    told = {line["text"]: line["place"] for line in notice.read()["rest"]}
    assert "请认真落实。" in told
    assert told["抄送：县委"] == "文本框"

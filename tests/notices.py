"""Notices made in a few lines, as .docx and as .xlsx: lines of text and tables of cells, the same in both."""

from __future__ import annotations

import docx
import openpyxl
from conftest import COUNTY, SCHEME, TOWN

UP = object()
"""In a table: the cell goes on from the row above."""
LEFT = object()
"""The cell goes on from the one at its left."""


def write_docx(path, parts):
    """``parts``: texts, and tables as lists of rows."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(len(part), len(part[0]))
        for row, column, last_row, last_column, text in boxes(part):
            cell = table.cell(row, column)
            if (row, column) != (last_row, last_column):
                cell = cell.merge(table.cell(last_row, last_column))
            cell.text = text
    document.save(path)
    return path


def write_xlsx(path, parts):
    """Each table on a sheet of its own, with the texts before it above it; those behind the last stand below it."""
    book, above = openpyxl.Workbook(), []
    book.remove(book.active)
    for part in parts:
        if isinstance(part, str):
            above.append(part)
            continue
        sheet = book.create_sheet(f"表{len(book.sheetnames) + 1}")
        for text in above:
            sheet.append([text])
        start, above = len(above), []
        for row, column, last_row, last_column, text in boxes(part):
            sheet.cell(start + row + 1, column + 1, text)
            if (row, column) != (last_row, last_column):
                sheet.merge_cells(
                    start_row=start + row + 1,
                    start_column=column + 1,
                    end_row=start + last_row + 1,
                    end_column=last_column + 1,
                )
    for text in above:
        sheet.append([text])
    book.save(path)
    return path


WRITERS = {"docx": write_docx, "xlsx": write_xlsx}


def boxes(rows):
    """Row, column, last row, last column and text of each cell, merged or not."""
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text is UP or text is LEFT:
                continue
            last_row, last_column = row, column
            while last_column + 1 < len(cells) and cells[last_column + 1] is LEFT:
                last_column += 1
            while last_row + 1 < len(rows) and rows[last_row + 1][column] is UP:
                last_row += 1
            yield row, column, last_row, last_column, text


def round_of_2018():
    """The notice of the built-in scheme, out of its texts: text, roster in double columns, two forms."""
    text = [
        "台前县深化“放管服”改革",
        "推进审批服务便民化领导小组办公室",
        SCHEME.document,
        f"{SCHEME.title}实施方案",
        "一、考核对象",
        "具有审批服务职能的县直部门和各乡镇。",
        "（二）实事求是。提供的数据要客观真实，对弄虚作假及采取不正当手段干扰考评工作的，一经核实，"
        "除取消评优资格外，将对有关责任人进行追责。",
        "（三）一票否决。审批服务窗口出现“吃拿卡要”等不廉洁自律行为、受到服务对象投诉造成严重影响、"
        "被新闻媒体曝光批评或被上级部门明察暗访发现问题等现象的，一律取消年度评优资格。",
    ]
    units = [(str(unit.number), unit.name) for unit in SCHEME.units]
    half = -(-len(units) // 2)
    pairs = zip(units[:half], [*units[half:], ("", "")][:half], strict=True)
    roster = [["序号", "部门", "序号", "部门"], *([*left, *right] for left, right in pairs)]
    parts = [*text, "附件1", "考核对象", roster]
    for form in (COUNTY, TOWN):
        parts += [form.annex, *form.title, f"{form.unit_label}：          考核时间：", form_table(form)]
    return parts


def form_table(form):
    """The annex as a table with merged cells; two lines that share a cell stand in one."""
    rows = [["考核项目", "考核方式", "考核内容", form.criteria_label, "分值", "记分"]]
    for section in form.sections:
        content = None
        for place, item in enumerate(section.items):
            same = item.content == content
            content = item.content
            if item.code == "1.4.2" and form is COUNTY:  # the annex puts it into the cell of 1.4.1
                rows[-1][3] += f"\n{item.text}"
                rows[-1][4] += f"\n\n{item.points_text}"
                continue
            title = UP if place else section.title
            method = item.method if item.new_method or not place else UP
            rows.append([title, method, UP if same else item.content, item.text, item.points_text, ""])
    return rows

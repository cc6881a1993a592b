"""Every text is seen whole: as wide as its cell, or as many lines as its row is high; with long names too."""

from __future__ import annotations

import copy
from math import ceil
from pathlib import Path

import every_kind
import openpyxl
import pytest
from conftest import rows, run
from openpyxl.cell.cell import MergedCell
from opens import repairs

from assess_xlsx.layout import FORM_SHEET, REGISTER_FILE

OTHER = Path(__file__).parents[1] / "data" / "fictional-scheme.xlsx"
DEFAULT_HEIGHT = 15
LEAST_SHRUNK = 0.55
"""A text made smaller to fit stays readable down to this part of its size."""
ONE_LINE = {"得分明细"}
"""Lists for the screen with one line a row."""
WHOLE = {"填报数据", "计分依据"}
"""What is seen whole of these: half a number is another one."""


def longest():
    """The scheme of every kind with names as long as offices write them."""
    tree = copy.deepcopy(every_kind.TREE)
    tree["title"] = "2025年度虚构市优化营商环境暨“高效办成一件事”重点改革任务落实情况综合考核"
    tree["office"] = "虚构市深化“放管服”改革优化营商环境推进政府职能转变领导小组办公室"
    for unit in tree["roster"]:
        unit["name"] = f"虚构市{unit['name']}（市大数据服务管理中心）"
    for form in tree["forms"]:
        form["title"] = [tree["title"], f"评分细则（{form['name']}）"]
        form["sections"] = [
            section | {"title": f"{section['title']}（含优化流程、精简材料、压缩时限、减少跑动次数工作落实情况）"}
            for section in form["sections"]
        ]
    return every_kind.toml(tree)


def longest_questions():
    """The scheme of every kind with 填报项 and 细则 as long as a form can show."""
    tree = copy.deepcopy(every_kind.TREE)
    for form in tree["forms"]:
        keys: dict[str, str] = {}
        for section in form["sections"]:
            section["items"] = [lengthened(item, keys) for item in section["items"]]
            section["items"][0]["text"] = "工作落实到位、台账完整规范。" * 54
        for line in tree["adjustments"]:  # forms share items
            line["fact"] = keys.get(line["fact"], line["fact"])
    return every_kind.toml(tree)


def lengthened(item, keys):
    """An item whose 填报项 are as long as a scheme may have them; ``keys`` tells what those before are called now."""
    names = {
        fact["label"]: f"{fact['label']}（{'含各科室、二级机构以及派驻窗口' * 4}"[:59] + "）"
        for fact in item.get("facts", ())
    }
    keys |= {f"{item['code']} {label}": f"{item['code']} {name}" for label, name in names.items()}

    def renamed(data):
        if isinstance(data, dict):
            return {key: each if key in ("options", "measure") else renamed(each) for key, each in data.items()}
        if isinstance(data, list):
            return [renamed(each) for each in data]
        return names.get(data, keys.get(data, data)) if isinstance(data, str) else data

    return item | {key: renamed(item[key]) for key in ("facts", "rule") if key in item}


def width(text):
    """Columns of a fixed-width font, as 宋体 has them: Chinese quotation marks are wide too."""
    return sum(2 if ord(each) > 0x2000 or each in "×±·°" else 1 for each in text)


def cut(path, skipped=frozenset()):
    """The texts of a workbook that their cells do not show whole."""
    for sheet in openpyxl.load_workbook(path, data_only=True):
        if sheet.sheet_state != "visible" or sheet.title in skipped:
            continue
        widths = {}
        for letter, column in sheet.column_dimensions.items():
            first = openpyxl.utils.column_index_from_string(letter)
            widths |= dict.fromkeys(range(column.min or first, (column.max or first) + 1), column.width)
        covered = {(each.min_row, each.min_col): each for each in sheet.merged_cells.ranges}
        header = next((row for row in sheet.iter_rows() if any(cell.value == "计分依据" for cell in row)), ())
        seen = {cell.column for cell in header if cell.value in WHOLE}
        for cell in (each for row in sheet.iter_rows() for each in row if isinstance(each.value, str)):
            if sheet.title in ONE_LINE and cell.column not in seen:
                continue
            area = covered.get((cell.row, cell.column))
            columns = range(area.min_col, area.max_col + 1) if area else (cell.column,)
            rows = range(area.min_row, area.max_row + 1) if area else (cell.row,)
            room = sum(widths.get(column, 8.43) for column in columns) * 7
            letter = cell.font.sz * 96 / 72 / 2
            if cell.alignment.wrap_text:
                height = sum(sheet.row_dimensions[row].height or DEFAULT_HEIGHT for row in rows)
                lines = sum(ceil(width(part) * letter / (room - letter)) or 1 for part in cell.value.split("\n"))
                fits = lines * cell.font.sz * 1.15 <= height
            else:
                shrunk = LEAST_SHRUNK if cell.alignment.shrink_to_fit else 1
                fits = width(cell.value) * letter * shrunk <= room
                if not (fits or area or cell.border.right.style) and cell.alignment.horizontal in (
                    None,
                    "general",
                    "left",
                ):
                    fits = sheet.cell(cell.row, cell.column + 1).value is None  # it runs on over what is blank
            if not fits:
                yield f"{path.name} {sheet.title}!{cell.coordinate} {cell.value}"


def leave_out_the_most(path):
    """A form of which only the first answers stand: a long list of what is to be mended."""
    book = openpyxl.load_workbook(path)
    sheet = book[FORM_SHEET]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "填报值" for cell in row))
    column = next(cell.column for cell in header if cell.value == "填报值")
    for row in range(header[0].row + 4, sheet.max_row + 1):
        if sheet.cell(row, column).value is not None and not isinstance(sheet.cell(row, column), MergedCell):
            sheet.cell(row, column).value = None
    book.save(path)


@pytest.mark.parametrize("scheme", ["built-in", "every kind", "another office's", "long names"])
def test_nothing_is_cut_off(tmp_path, scheme):
    words = []
    if scheme != "built-in":
        text = {"every kind": every_kind.toml(every_kind.TREE), "long names": longest()}
        path = tmp_path / "方案.toml" if scheme in text else OTHER
        if scheme in text:
            path.write_text(text[scheme], "utf-8")
        words = ["--scheme", path]
    run("sample", tmp_path / "in", "--faults", *words)
    first, second, *_ = sorted(path for path in (tmp_path / "in").iterdir() if path.name != REGISTER_FILE)
    first.unlink()
    leave_out_the_most(second)
    run("collect", tmp_path / "in", "-o", tmp_path / "out", "--feedback", *words)
    result = openpyxl.load_workbook(tmp_path / "out" / "考核结果汇总.xlsx", data_only=True)
    assert {row["状态"] for row in rows(result, "催报")} == {"未报送", "待补正"}
    run("templates", tmp_path / "t", *words)
    written = [
        *sorted((tmp_path / "t").iterdir()),
        *sorted((tmp_path / "out" / "退回修改").iterdir()),
        tmp_path / "out" / "考核结果汇总.xlsx",
        *sorted((tmp_path / "out" / "反馈").iterdir())[:3],
    ]
    assert [text for path in written for text in cut(path)] == []


def test_forms_show_the_longest_questions_and_texts_whole(tmp_path):
    path = tmp_path / "方案.toml"
    path.write_text(longest_questions(), "utf-8")
    run("templates", tmp_path / "t", "--scheme", path)
    run("sample", tmp_path / "in", "--scheme", path)
    blank = [path for path in sorted((tmp_path / "t").iterdir()) if path.name != REGISTER_FILE]
    filled = [path for path in sorted((tmp_path / "in").iterdir()) if path.name != REGISTER_FILE]
    assert [text for path in (*blank, *filled) for text in cut(path)] == []
    assert [what for path in (*blank, *filled) for what in repairs(path)] == []

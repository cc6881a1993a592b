"""The result sorted, with rows put in: every figure stays its unit's, every link leads to its own rows."""

from __future__ import annotations

import re
from collections import Counter

import openpyxl
import pytest
from conftest import macro, run
from openpyxl.utils import range_boundaries

ASKED = {"得分明细": 37}
"""Every so many rows its links are followed: there are 1,000."""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sorted")
    run("sample", folder / "in", "--faults")
    run("collect", folder / "in", "-o", folder / "out")
    return folder / "out" / "考核结果汇总.xlsx"


def tables(book):
    """Index, first and last row (from 0) and columns of each table that holds formulas, by its sheet."""
    found = {}
    for index, sheet in enumerate(book):
        if sheet.title in ("县直排名", "乡镇排名", "得分明细"):
            _, header, columns, last = range_boundaries(sheet.auto_filter.ref)
            found[sheet.title] = (index, header, last - 1, columns, ASKED.get(sheet.title, 1))
    return found


@pytest.mark.office
def test_sorting_by_any_column_and_inserting_rows_changes_no_figure_and_no_link(result, tmp_path):
    places = tables(openpyxl.load_workbook(result))
    told = tmp_path / "told.txt"
    macro("sort.bas", result.as_uri(), told.as_uri(), ";".join(",".join(map(str, each)) for each in places.values()))
    names = {str(place[0]): name for name, place in places.items()}
    steps = []
    for text in told.read_text("utf-8").split("step\n")[1:]:
        step = {name: [] for name in places}
        for line in text.splitlines():
            sheet, link, *cells = line.split("\t")
            step[names[sheet]].append((link, cells))
        steps.append(step)
    assert len(steps) == 2 + sum(columns for *_, columns, _ in places.values())
    for step in steps:
        for name, lines in step.items():
            figures = Counter(tuple(cells) for _, cells in lines if any(cells))
            assert figures == Counter(tuple(cells) for _, cells in steps[0][name])
    orders = {tuple(cells[1] for _, cells in step["县直排名"]) for step in steps}
    assert len(orders) > 5  # it was sorted indeed
    followed = 0
    for step in steps:
        for lines in step.values():
            for link, cells in lines:
                if link:
                    sheet, row = re.fullmatch(r"#'(.+)'!A(\d+)", link).groups()
                    there = step[sheet][int(row) - 1 - places[sheet][1]][1]
                    unit, its = (cells[1], there[0]) if sheet == "得分明细" else (cells[0], there[1])
                    assert unit == its
                    followed += 1
    assert followed > 50 * len(steps)


def test_the_tables_hold_no_merged_cells_and_sum_by_unit_and_section(result):
    book = openpyxl.load_workbook(result)
    for name, (_, header, last, columns, _) in tables(book).items():
        for merged in book[name].merged_cells.ranges:
            assert merged.max_row <= header - 1, name
        for row in book[name].iter_rows(header + 1, last + 1, max_col=columns):
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    inside = re.findall(r"(?<![\w$'!])\$?[A-Z]{1,2}(\d+)(?!\d)", re.sub(r'"[^"]*"', "", cell.value))
                    assert {int(number) for number in inside} <= {cell.row}, (
                        cell.value
                    )  # of its own sheet: its own row
                    for column in re.findall(r"\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)", cell.value):
                        assert column in {
                            (str(first), str(end + 1)) for _, first, end, *_ in tables(book).values()
                        }, cell.value  # the whole table, its header included


def test_links_lead_to_the_files_by_their_path_from_the_result(result):
    sheet = openpyxl.load_workbook(result)["得分明细"]
    labels = [cell.value for cell in sheet[2]]
    found = [row[labels.index("来源")].value for row in sheet.iter_rows(3)]
    paths = {re.match(r'=HYPERLINK\("([^"#]+)#\'评分表\'!I\d+",', text)[1] for text in found}
    assert len(paths) == 38
    assert all((result.parent / path).is_file() and path.startswith("../in/") for path in paths)
    shown = openpyxl.load_workbook(result, data_only=True)["得分明细"]["G3"].value
    assert shown == "01-县安监局.xlsx 评分表!I6、I7"

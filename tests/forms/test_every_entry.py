"""Every entry that somebody may type or paste, in a cell of every kind: the form and ``check`` say the same of it.

One form asks each kind of question once for every value of a table. A spreadsheet program calculates it; the colours
are what the conditions of the cells come to.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess

import openpyxl
import pytest
from conftest import convert, save
from every_kind import COUNT, LEVELS, MONEY, RATE, TREE, YES_NO, fact, items, section, toml, with_forms
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from python_calamine import CalamineWorkbook

from assess_xlsx import assess
from assess_xlsx.entries import in_full
from assess_xlsx.excel import style
from assess_xlsx.forms import form as forms
from assess_xlsx.forms.plan import Plan
from assess_xlsx.forms.shown import contact_check
from assess_xlsx.forms.verdicts import FINE
from assess_xlsx.layout import CONTACTS, FORM_SHEET, PROGRESS_ROW, Col, FormLayout
from assess_xlsx.scheme.answer_kinds import UNLIMITED, Percent
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.facts import UNFILLED, WAITS

pytestmark = pytest.mark.office

VALUES = [
    # numbers as they should be, and not
    *(0, 1, 2, 3, 7, 10, 11, 12, 400, 999_999_999, 1_000_000_000, 1e15, 1e300, -1, -0.01, -1e15),
    *(
        0.5,
        2.5,
        0.01,
        0.29,
        1.15,
        1.99,
        1.005,
        2.999,
        3.0000001,
        0.1 + 0.2,
        1e-9,
        120.5,
        33.33,
        123456.789,
        0.1234567,
    ),
    *(0.9, 0.95, 0.89995, 0.899949, 0.69995, 0.999999, 1.0000001, 1.2, 95, 100, 100.01, 9500),
    # texts
    *(
        "",
        " ",
        "　",
        "\t",
        "\n",
        "\u00a0",
        " \u00a0　\n",
        "3",
        "3.5",
        "３",
        "3次",
        "3件",
        "三",
        "三件",
        "无",
        "没有",
        "约5",
        "95%",
        "９５％",
        "1/3",
    ),
    *("1-3", "1,200", "1e3", "#", "#3", "-", "TRUE", "是", "否", " 是", "是。", "√", "×", "有", "Y", "yes", "是否"),
    *("好", "中", "差", "很好"),
    # what is no text and no number
    *(True, False, "#N/A", "#DIV/0!"),
]
"""A blank one is a cell that was never touched."""

RULED = {"kind": "linear", "start": 3, "floor": 0}
TAKEN = [{"fact": "填", "step": -0.5}]
POINTS, BANDS = {"points": 3}, [{"at_least": 90, "points": 3}, {"at_least": 0, "points": 0}]
GRADED = {"kind": "分值", "most": 3}
ASKED = [
    # what is worth, what is asked (the value is put into “填”), the rule, what else is filled
    (POINTS, [fact("填", YES_NO)], {"kind": "choice", "fact": "填", "scores": {"是": 3, "否": 0}}, {}),
    (POINTS, [fact("填", LEVELS)], {"kind": "choice", "fact": "填", "scores": {"好": 3, "中": 1.5, "差": 0}}, {}),
    (POINTS, [fact("填", COUNT)], RULED | {"terms": TAKEN}, {}),
    (POINTS, [fact("填", COUNT | {"min": 2})], RULED | {"terms": TAKEN}, {}),
    (POINTS, [fact("填", RATE)], {"kind": "bands", "fact": "填", "bands": BANDS}, {}),
    (POINTS, [fact("填", RATE | {"most": 120})], {"kind": "ratio", "fact": "填"}, {}),
    (POINTS, [fact("填", RATE | {"most": UNLIMITED})], {"kind": "bands", "fact": "填", "bands": BANDS}, {}),
    (POINTS, [fact("填", MONEY)], {"kind": "bands", "fact": "填", "bands": BANDS}, {}),
    (POINTS, [fact("填", GRADED)], {"kind": "given", "value": "填"}, {}),
    (
        POINTS,
        [fact("应", COUNT), fact("填", COUNT, at_most="应")],
        {"kind": "ratio", "fact": "填", "whole": "应", "otherwise": 1},
        {"应": 10},
    ),
    (
        POINTS,
        [fact("填", COUNT), fact("已", COUNT, at_most="填")],
        {"kind": "ratio", "fact": "已", "whole": "填", "otherwise": 1},
        {"已": 3},
    ),
    (
        POINTS,
        [fact("先", YES_NO), fact("填", GRADED, only_with={"fact": "先", "is": "是"})],
        {"kind": "given", "value": "填", "unless": {"fact": "先", "scores": {"否": 0}}},
        {"先": "是"},
    ),
    (POINTS, [fact("填", COUNT, by="office", adverse=True)], RULED | {"terms": TAKEN}, {}),
    (
        POINTS,
        [fact("诉", COUNT, by="office", adverse=True), fact("填", COUNT, by="office", adverse=True, at_most="诉")],
        RULED | {"terms": [{"fact": "诉", "step": -0.5}], "zero_if": {"fact": "填", "at_least": 400}},
        {"诉": 2},
    ),
    (
        {"adds": 2},
        [fact("填", COUNT)],
        {"kind": "linear", "start": 0, "terms": [{"fact": "填", "step": 0.7}], "cap": 2},
        {},
    ),
    ({"adds": 2}, [fact("填", YES_NO)], {"kind": "choice", "fact": "填", "scores": {"是": 2, "否": 0}}, {}),
]


def tree():
    """A section for each kind of question, an item for each value."""
    count = len(VALUES) + 1
    sections = []
    for number, (worth, facts, rule, _) in enumerate(ASKED, 1):
        [(name, amount)] = worth.items()
        rows = items(number, [(worth, facts, rule)] * count)
        sections.append(section(f"第{number}问", rows, **{name: amount * count}))
    points = sum(each.get("points", 0) for each in sections)
    own = TREE["forms"][1] | {"name": "表", "points": points, "sections": sections}
    return with_forms([{"name": "甲局", "form": "表"}], [own])


SCHEME = build(tree(), "every_entry")
[FORM] = SCHEME.forms
PLACES = FormLayout.of(FORM)
PUT = [fact for fact in FORM.facts if fact.label == "填"]
HELPERS = 20
"""The first column in which the conditions of a cell stand as formulas."""


def moved(formula, origin, row):
    """A formula of one row as it stands on another; what is fixed stays."""
    return "=" + re.sub(r"(?<=[A-Z])(\d+)", lambda found: str(int(found[1]) + row - origin), formula)


@pytest.fixture(scope="module")
def blank_form():
    target = io.BytesIO()
    forms.write(target, SCHEME, FORM)
    return target.getvalue()


@pytest.fixture(scope="module")
def conditions(blank_form):
    """By cell, the colours that it may take, the first that counts before, each with its condition there."""
    found = {}
    for area in openpyxl.load_workbook(io.BytesIO(blank_form))[FORM_SHEET].conditional_formatting:
        places = [CellRange(part) for part in str(area.sqref).split()]
        for rule in area.rules:
            colour = rule.dxf.fill.bgColor.rgb[-6:] if rule.dxf.fill else ""
            for row, column in (place for part in places for rows in part.rows for place in rows):
                formula = moved(rule.formula[0], places[0].min_row, row)
                found.setdefault(f"{get_column_letter(column)}{row}", []).append((rule.priority, colour, formula))
    return {cell: [each[1:] for each in sorted(rules)] for cell, rules in found.items()}


@pytest.fixture(scope="module")
def filled(blank_form, conditions, tmp_path_factory):
    """The form with every value in every kind of cell, not yet calculated; beside them the conditions of colours."""
    book = openpyxl.load_workbook(io.BytesIO(blank_form))
    sheet = book[FORM_SHEET]
    sheet.cell(PLACES.unit_row + 1, 2).value = "甲局"
    values = iter([*VALUES, None] * len(ASKED))
    for item in FORM.items:
        others = ASKED[int(item.code.partition(".")[0]) - 1][3]
        for each in item.facts:
            sheet[PLACES.value_cell(each)].value = next(values) if each.label == "填" else others[each.label]
    for declared in FORM.declarations:
        sheet[PLACES.value_cell(declared)].value = "否"
    for item in FORM.items:
        for each in item.facts:
            cell = PLACES.value_cell(each)
            for place, (_, formula) in enumerate(conditions[cell]):
                sheet.cell(PLACES.rows[each.key] + 1, HELPERS + place + 1).value = formula
    return save(book, tmp_path_factory.mktemp("entries") / "甲局.xlsx")


@pytest.fixture(scope="module", params=["LibreOffice", "Gnumeric"])
def calculated(request, filled):
    """The same after a spreadsheet program calculated it: the file, and what its sheet shows."""
    target = filled.with_name(request.param) / filled.name
    target.parent.mkdir(exist_ok=True)
    if request.param == "LibreOffice":
        convert("xlsx", target.parent, filled)
    elif shutil.which("ssconvert"):
        subprocess.run(["ssconvert", "--recalc", filled, target], check=True, capture_output=True)
    else:
        pytest.skip("Gnumeric 没有安装（ssconvert）")
    return target, CalamineWorkbook.from_path(target).get_sheet_by_name(FORM_SHEET).to_python(skip_empty_area=False)


@pytest.fixture(scope="module")
def shown(calculated, conditions):
    """By fact key, 校验 and the colour of 填报值."""
    _, table = calculated
    found = {}
    for item in FORM.items:
        for each in item.facts:
            row = PLACES.rows[each.key]
            looks = [look for look, _ in conditions[PLACES.value_cell(each)]]
            hold = table[row][HELPERS : HELPERS + len(looks)]
            colour = next((look for look, holds in zip(looks, hold, strict=True) if holds and look), "")
            found[each.key] = table[row][Col.CHECK], f"#{colour}"
    return found


@pytest.fixture(scope="module")
def read(filled, tmp_path_factory):
    """What the program finds out about the form."""
    scheme = tmp_path_factory.mktemp("scheme") / "scheme.toml"
    scheme.write_text(toml(tree()), "utf-8")
    return assess(filled, scheme)


def asked():
    """Every fact, with the one of its item into which the value was put, and the item."""
    for item in FORM.items:
        put = next(each for each in item.facts if each.label == "填")
        # LibreOffice loads TRUE as 100 % there
        if not (isinstance(entry(put), bool) and isinstance(put.kind, Percent)):
            for each in item.facts:
                yield each, put, item


def wrong(check):
    return check not in (*FINE, UNFILLED) and not check.startswith(WAITS)


def entry(each):
    """The value that was put into a fact's cell, for the message of a failure."""
    return [*VALUES, None][int(each.code.split(".")[1]) - 1]


def test_the_table_is_long_enough():
    assert len(set(map(repr, VALUES))) >= 60


def test_colours_say_what_the_check_says(shown):
    """Red where wrong, both of two that contradict each other; deep yellow where missing."""
    odd = []
    for each, put, item in asked():
        check, colour = shown[each.key]
        exceeded = any(one.limit == each and shown[one.key][0].startswith("不能超过") for one in item.facts)
        expected = style.FAULT if wrong(check) or exceeded else style.MISSING if check == UNFILLED else "#"
        odd += [(each.key, entry(put), check, colour)] if colour != expected else []
    assert odd == []


def test_check_lists_what_the_form_calls_missing_or_wrong_and_nothing_else(shown, read):
    cells, odd = set(read.problems.cell), []
    for each, put, _ in asked():
        check = shown[each.key][0]
        listed = PLACES.value_cell(each) in cells
        odd += [(each.key, entry(put), check)] if listed != (wrong(check) or check == UNFILLED) else []
    assert [each for each in odd if not each[2].startswith(WAITS)] == []


def test_the_counter_counts_them(shown, calculated):
    checks = [check for check, _ in shown.values()]
    missing, mistaken = sum(check == UNFILLED for check in checks), sum(map(wrong, checks))
    assert calculated[1][PROGRESS_ROW][Col.CODE] == f"还有 {missing} 项未填、{mistaken} 项有误"


def test_a_score_is_what_collect_computes(shown, calculated, read):
    """A number where nothing is missing or wrong; else nothing, or 待核定 where only the office's facts are open."""
    computed, odd = dict(zip(read.scores.code, read.scores.computed, strict=True)), []
    for each, put, item in asked():
        if each is put:
            stood = calculated[1][PLACES.item_span(item)[0]][Col.SCORE]
            settled = all(one.is_settled(shown[one.key][0]) for one in item.facts)
            expected = pytest.approx(computed[item.code], abs=1e-9) if settled else "待核定" if put.office else ""
            odd += [(item.code, entry(put), stood, expected)] if stood != expected else []
    assert odd == []


def test_names_and_numbers_to_call_are_checked_alike(calculated, tmp_path):
    """The sheet's own formulas, over a table of entries, against what ``check`` finds."""
    said = [
        "张三",
        "李四（虚构）",
        "0393-1234567",
        "13812345678",
        13812345678,
        "123456",
        1234567,
        "1" * 13,
        5,
        " ",
        "",
    ]
    said += ["办公室", "王五13812345678", "（0393）123 4567", "１３８", "#", "转8001", 0.5, "N/A", "。"]
    said += [
        "+86 13812345678",
        "+8613812345678",
        "0393-1234567转8001",
        "0393-1234567分机8001转2",
        "１３８１２３４５６７８",
        "王五１３８",
    ]
    said += ["转13812345678", "+86转+86", "\t", "\u00a0", " \n　"]
    made = openpyxl.Workbook()
    sheet = made.active
    formulas = Plan(FORM).contact_checks
    for column, name in enumerate(CONTACTS):
        formula = formulas[name]
        origin = PLACES.contacts_row + column + 1
        for row, each in enumerate(said, 1):
            sheet.cell(row, 9).value = each
            cell = get_column_letter(10 + column)
            sheet[f"{cell}{row}"].value = moved(formula, origin, row)
    target = tmp_path / "out" / "a.xlsx"
    if calculated[0].parent.name == "LibreOffice":
        convert("xlsx", tmp_path / "out", save(made, tmp_path / "a.xlsx"))
    else:
        target.parent.mkdir()
        subprocess.run(["ssconvert", "--recalc", save(made, tmp_path / "a.xlsx"), target], check=True)
    table = CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python(skip_empty_area=False)
    for row, each in enumerate(said):
        for column, name in enumerate(CONTACTS):
            assert table[row][9 + column] == contact_check(name, in_full(each)), (name, each)

"""What a value does not tell: errors, formulas without a result, number formats, struck out and raised digits."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from conftest import convert
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from assess_xlsx.excel.formats import identify
from assess_xlsx.excel.marks import Look, Mark, Run, look_of, seen
from assess_xlsx.excel.read import Workbook


@pytest.mark.parametrize(
    ("number_format", "look"),
    [
        *[
            (code, Look.PLAIN)
            for code in ("General", "0", "0.00", "#,##0", "@", '0"项"', "0 项", "0.00E+00", "# ?/?")
        ],
        *[
            (code, Look.PLAIN)
            for code in ("G/通用格式", "[红色]0;[蓝色]-0", '"共"0"件"', "_ * #,##0_ ;_ * -#,##0_ ", "[$-804]0")
        ],
        *[
            (code, Look.HUNDREDFOLD)
            for code in ("0%", "0.00%", "0.0 %", "[绿色]0%;[红色]-0%", "#,##0.00%", '0%"左右"')
        ],
        *[(code, Look.WITH_SIGN) for code in ('0"%"', "0.00\\%", '0"％"'[:2] + '%"')],
        *[
            (code, Look.OTHERWISE)
            for code in (";;;", '"3"', '0"000"', "0,", "#,##0,,", "0%%", '"无"', "yyyy-mm-dd", "h:mm")
        ],
    ],
)
def test_how_a_number_format_shows_a_number(number_format, look):
    assert look_of(number_format) is look


@pytest.mark.parametrize(
    ("runs", "mark"),
    [
        ([Run("15"), Run("46")], None),
        ([Run("2"), Run("2", raised=True)], Mark(text="2²")),
        ([Run("1500"), Run("1", lowered=True)], Mark(text="1500₁")),
        ([Run("15", struck=True), Run("46")], Mark(text="46", struck=True)),
        ([Run("15"), Run("00", struck=True), Run("46")], Mark(text="15 46", struck=True)),
        ([Run("1500", struck=True)], Mark(text="", struck=True)),
    ],
)
def test_what_is_seen_of_a_text_in_pieces(runs, mark):
    assert seen(runs) == mark


def package(cells):
    """A workbook of one sheet; cells as the XML of their inside, ``t="e"><v>#N/A</v>``."""
    book = openpyxl.Workbook()
    for cell in cells:
        book.active[cell] = 1
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    for cell, inside in cells.items():
        sheet = re.sub(rf'<c r="{cell}"[^>]*>.*?</c>', lambda _, c=cell, i=inside: f'<c r="{c}" {i}</c>', sheet)
    parts["xl/worksheets/sheet1.xml"] = sheet
    return parts


def zipped(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content)
    return target.getvalue()


def read(data):
    return Workbook(data, identify(data))


def marks(data, *cells):
    sheet = read(data).sheets[0]
    found = []
    for cell in cells:
        row, column = int(cell[1:]) - 1, ord(cell[0]) - ord("A")
        found.append(sheet.marks.of(cell, sheet.at(row, column)))
    return found


def renamed(parts, names):
    """Parts under other names, and all that refers to them."""
    for old, new in names.items():
        parts = {
            name: text.replace(f'"/{old}"', f'"/{new}"').replace(f'"{old}"', f'"{new}"')
            for name, text in parts.items()
        }
    return {names.get(name, name): text for name, text in parts.items()}


def strict(parts):
    pairs = {
        "schemas.openxmlformats.org/spreadsheetml/2006/main": "purl.oclc.org/ooxml/spreadsheetml/main",
        "schemas.openxmlformats.org/officeDocument/2006/": "purl.oclc.org/ooxml/officeDocument/",
    }
    for old, new in pairs.items():
        parts = {name: text.replace(old, new) for name, text in parts.items()}
    return parts


def in_sheet(parts, change):
    sheet = "xl/worksheets/sheet1.xml"
    return {**parts, sheet: change(parts[sheet])}


def prefixed(xml):
    return re.sub(r"<(/?)(?=[a-z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


BOOK = {"xl/workbook.xml": "xl/book1.xml", "xl/_rels/workbook.xml.rels": "xl/_rels/book1.xml.rels"}
SPELLINGS = {
    "plain": lambda parts: parts,
    "strict": strict,
    "backslashes": lambda parts: {name.replace("/", "\\"): text for name, text in parts.items()},
    "leading slashes": lambda parts: {f"/{name}": text for name, text in parts.items()},
    "upper case": lambda parts: {name.upper(): text for name, text in parts.items()},
    "another workbook part": lambda parts: renamed(parts, BOOK),
    "another sheet part": lambda parts: renamed(parts, {"xl/worksheets/sheet1.xml": "xl/worksheets/blatt.xml"}),
    "single quotes": lambda parts: in_sheet(parts, lambda xml: xml.replace('"', "'")),
    "prefixes": lambda parts: in_sheet(parts, prefixed),
    "another order": lambda parts: in_sheet(parts, lambda xml: re.sub(r'<c (r="\w+") (t="\w+")', r"<c \2 \1", xml)),
    "line breaks": lambda parts: in_sheet(parts, lambda xml: xml.replace(' r="', '\n r="')),
    "a BOM": lambda parts: in_sheet(parts, lambda xml: "\ufeff" + xml),
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
def test_an_error_and_a_formula_are_seen_however_the_package_is_spelled(spelled):
    parts = package({"A1": 't="e"><v>#N/A</v>', "B2": "><f>SUM(C1:C3)</f>", "C3": 't="str"><f>A9</f><v></v>'})
    found = marks(zipped(spelled(parts)), "A1", "B2", "C3", "D4")
    assert found == [Mark(error="#N/A"), Mark(uncalculated=True), Mark(uncalculated=True), None]


def odd_cells():
    """A sheet of cells that are not what their value says: cell, and what is seen of it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A1"].number_format = 1.2, "0.00%"
    sheet["A2"], sheet["A2"].font = 3, Font(strike=True)
    sheet["A3"], sheet["A3"].font = "三项", Font(strike=True)
    sheet["A4"] = CellRichText(TextBlock(InlineFont(strike=True), "15"), TextBlock(InlineFont(), "46"))
    sheet["A5"] = CellRichText(TextBlock(InlineFont(), "2"), TextBlock(InlineFont(vertAlign="superscript"), "2"))
    sheet["A6"] = "=NA()"
    sheet["A7"], sheet["A7"].number_format = 1500, "0,"
    sheet["A8"] = 7
    sheet["A9"] = "=1+1"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


ODD = [
    Mark(look=Look.HUNDREDFOLD),
    Mark(text="", struck=True),
    Mark(text="", struck=True),
    Mark(text="46", struck=True),
    Mark(text="2²"),
]


def test_odd_cells_of_an_xlsx():
    found = marks(odd_cells(), *(f"A{row}" for row in range(1, 10)))
    assert found == [*ODD, Mark(uncalculated=True), Mark(look=Look.OTHERWISE), None, Mark(uncalculated=True)]


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_odd_cells_as_another_program_saves_them(tmp_path, kind):
    (tmp_path / "a.xlsx").write_bytes(odd_cells())
    data = (convert(kind, tmp_path / "made", tmp_path / "a.xlsx") / f"a.{kind}").read_bytes()
    found = marks(data, *(f"A{row}" for row in range(1, 10)))
    assert found == [*ODD, Mark(error="#N/A"), Mark(look=Look.OTHERWISE), None, None]  # it calculates


@pytest.mark.office
def test_when_an_old_workbook_was_saved(tmp_path):
    book = openpyxl.Workbook()
    book.properties.modified = None
    book.save(tmp_path / "a.xlsx")
    for kind in ("xls", "ods"):
        data = (convert(kind, tmp_path / kind, tmp_path / "a.xlsx") / f"a.{kind}").read_bytes()
        saved = read(data).modified()
        assert saved is None or saved.tzinfo is not None

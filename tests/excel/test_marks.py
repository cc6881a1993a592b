"""What a value does not tell: errors, formulas without a result, number formats, struck out and raised digits."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from conftest import convert, package
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from assess_xlsx.excel.formats import identify
from assess_xlsx.excel.marks import Look, Mark, Run, seen
from assess_xlsx.excel.number_format import number_format
from assess_xlsx.excel.read import Workbook

AS_IT_IS, HIDDEN, TIMES_100 = None, Mark(look=Look.OTHERWISE), Mark(look=Look.HUNDREDFOLD)


@pytest.mark.parametrize(
    ("value", "code", "mark"),
    [
        *[
            (5, code, AS_IT_IS)
            for code in ("General", "0", "0.00", "#,##0", "@", "[红色]0;[蓝色]-0", "G/通用格式", "0.00E+00")
        ],
        *[
            (5, code, AS_IT_IS)
            for code in ("_ * #,##0_ ;_ * -#,##0_ ", "[$-804]0", "[DBNum1]0", "#", "?0", "0_)", "[>=1]0;0")
        ],
        *[(0, code, AS_IT_IS) for code in ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0;-0", "0;-0;0;@")],
        *[(1.2, code, TIMES_100) for code in ("0%", "0.00%", "0.0 %", "[绿色]0%;[红色]-0%", "#,##0.00%")],
        (5, '0"项"', Mark(shown="5项")),
        (5, "0 项", Mark(shown="5 项")),
        (5, '"共"0"件"', Mark(shown="共5件")),
        (5, '0"万"', Mark(shown="5万")),
        (5, "-0", Mark(shown="-5")),
        (5, "(0)", Mark(shown="(5)")),
        (5, '"约"0', Mark(shown="约5")),
        (5, '"3"', Mark(shown="3")),
        (5, '0"000"', Mark(shown="5000")),
        (5, "[$¥-804]0", Mark(shown="¥5")),
        (5, ";;;", Mark(shown="")),
        (5, '[>=10]0;"少"', Mark(shown="少")),
        (0, "#", Mark(shown="")),
        (0, '0;-0;"无"', Mark(shown="无")),
        (0, '[=0]"无";0', Mark(shown="无")),
        (0, "0;-0;;@", Mark(shown="")),
        (95, '0"%"', Mark(shown="95%")),
        (0.95, "0.00\\%", Mark(shown="0.95%")),
        (0.95, '0%"左右"', Mark(look=Look.HUNDREDFOLD, shown="95%左右")),
        (199.6, "0", Mark(shown="200")),
        (2.5, "0", Mark(shown="3")),
        (1e300, "0.00%", Mark(look=Look.HUNDREDFOLD)),
        (0.9465, "0%", Mark(look=Look.HUNDREDFOLD, rounded="95%")),
        (0.94004, "0%", Mark(look=Look.HUNDREDFOLD)),
        (0.004, "#%", Mark(look=Look.HUNDREDFOLD, rounded="%")),
        (1e300, "0.00", AS_IT_IS),
        *[
            (1500, code, HIDDEN)
            for code in ("0,", "0.0,", "#,##0,,", '0"."0', "0-0", "0/0", "0%%", "yyyy-mm-dd", "h:mm", "[h]")
        ],
        *[("是", code, AS_IT_IS) for code in ("General", "@", "0", "0;0;0;@", "_ @_ ", "0;0")],
        *[("是", code, HIDDEN) for code in (";;;", '0;0;0;"不"@', '@"0"', "0;0;0;")],
    ],
)
def test_what_a_cell_shows_of_what_stands_in_it(value, code, mark):
    assert number_format(code).mark(value) == mark


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


def sheet_of(cells):
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
    parts = sheet_of({"A1": 't="e"><v>#N/A</v>', "B2": "><f>SUM(C1:C3)</f>", "C3": 't="str"><f>A9</f><v></v>'})
    found = marks(package(spelled(parts)), "A1", "B2", "C3", "D4")
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
    scaled = Mark(shown="2") if kind == "ods" else Mark(look=Look.OTHERWISE)
    assert found == [*ODD, Mark(error="#N/A"), scaled, None, None]  # it calculates


@pytest.mark.office
def test_when_an_old_workbook_was_saved(tmp_path):
    book = openpyxl.Workbook()
    book.properties.modified = None
    book.save(tmp_path / "a.xlsx")
    for kind in ("xls", "ods"):
        data = (convert(kind, tmp_path / kind, tmp_path / "a.xlsx") / f"a.{kind}").read_bytes()
        saved = read(data).modified()
        assert saved is None or saved.tzinfo is not None


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2">'
    "<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
    '<table:table table:name="a">{column}<table:table-row>{cell}</table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
STRUCK = (
    '<style:style style:name="{name}" style:family="{family}" {more}><style:text-properties {line}/></style:style>'
)
LINE, NO_LINE = 'style:text-line-through-type="single"', 'style:text-line-through-style="none"'


def ods(cell, styles="", column="", named=""):
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": ODS.format(cell=cell, styles=styles, column=column),
        "META-INF/manifest.xml": "<x/>",
    }
    if named:
        parts["styles.xml"] = ODS.format(cell="", styles=named, column="")
    return package(parts)


def style(name, family, line=LINE, more=""):
    return STRUCK.format(name=name, family=family, line=line, more=more)


def number(value, *shown, look=""):
    text = "".join(f"<text:p>{each}</text:p>" for each in shown)
    return f'<table:table-cell {look} office:value-type="float" office:value="{value}">{text}</table:table-cell>'


def text(*pieces, look=""):
    inside = "".join(pieces)
    return f'<table:table-cell {look} office:value-type="string"><text:p>{inside}</text:p></table:table-cell>'


IN_STYLE = 'table:style-name="s"'
OUT = Mark(text="", struck=True)
SPAN = '<text:span text:style-name="t">5</text:span>'
RUBY = "<text:ruby><text:ruby-base>0</text:ruby-base><text:ruby-text>7</text:ruby-text></text:ruby>"
PARENT, COLUMN = 'style:parent-style-name="p"', '<table:table-column table:default-cell-style-name="s"/>'
NO_NAME = (
    '<table:table-cell table:formula="of:=X()" office:value-type="float" office:value="0"><text:p>#NAME?</text:p>'
)
CELL = style("s", "table-cell")


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (ods(number(5, "5")), None),
        (ods(number(1500, "1,500")), None),
        (ods(number(5)), None),  # some programs write the value alone
        (ods(number(5, "")), Mark(shown="")),
        (ods(number(5, "5万")), Mark(shown="5万")),
        (ods(number(1.2, "120.00%")), Mark(look=Look.HUNDREDFOLD)),
        (ods(number(0, "-")), None),
        (ods(number(5, "5", look=IN_STYLE), CELL), OUT),
        (
            ods(number(5, "5", look=IN_STYLE), style("s", "table-cell", "", PARENT), named=style("p", "table-cell")),
            OUT,
        ),
        (ods(number(5, "5"), CELL, COLUMN), OUT),
        (ods(text("1", SPAN), named=style("t", "text")), Mark(text="1", struck=True)),
        (ods(text("1", SPAN, look=IN_STYLE), CELL + style("t", "text", NO_LINE)), Mark(text="5", struck=True)),
        (ods(text("5", RUBY)), Mark(text="50")),
        (ods(text("15<text:line-break/>46")), Mark(text="15\n46")),
        (ods(text("15<text:tab/>46")), Mark(text="15\t46")),
        (ods(f"{NO_NAME}</table:table-cell>"), Mark(error="#NAME?")),
        (ods('<table:table-cell table:formula="of:=B1"/>'), Mark(uncalculated=True)),
    ],
)
def test_what_an_open_document_says_of_a_cell(data, mark):
    assert marks(data, "A1") == [mark]

"""What makes Excel or WPS offer to repair a workbook when it is opened: what no reader here minds."""

from __future__ import annotations

import posixpath
import re
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ORDER = re.findall(
    r"\w+",
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter mergeCells "
    "conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks "
    "colBreaks ignoredErrors drawing legacyDrawing tableParts",
)
"""The parts of a worksheet, in the only order that is let in."""
LONGEST = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 225}
"""Characters of what a validation says."""
KNOWN = re.findall(
    r"\w+",
    "ABS AND CLEAN COUNT COUNTA COUNTIF COUNTIFS FIND HYPERLINK IF IFERROR INDEX INT ISERROR ISLOGICAL ISNUMBER "
    "ISTEXT LEFT LEN MATCH MAX MIN MOD N NOT OFFSET OR RANK ROUND ROUNDDOWN ROUNDUP ROW SUBSTITUTE SUM SUMIF SUMIFS "
    "SUMPRODUCT T TEXT TRIM VALUE",
)
"""Functions that every version since Excel 2007 computes, and WPS."""
NUMBER = re.compile(r"-?\d+(\.\d+)?(E[+-]?\d+)?", re.IGNORECASE)
ROWS, COLUMNS = 1_048_576, 16_384

Area = tuple[int, int, int, int]


def repairs(path: Path) -> list[str]:
    """Whatever a spreadsheet program would not take as it is; nothing where the workbook just opens."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [f"{name}: twice" for name in sorted({each for each in names if names.count(each) > 1})]
    try:
        trees = {name: ET.fromstring(data) for name, data in parts.items()}  # noqa: S314 - our own
    except ET.ParseError as error:
        return [*found, f"not well-formed: {error}"]
    found += _package(trees)
    styles = trees["xl/styles.xml"]
    looks, overlaid = (len(list(styles.iterfind(f"{MAIN}{tag}/*"))) for tag in ("cellXfs", "dxfs"))
    strings = trees.get("xl/sharedStrings.xml", ())
    found += [f"text {number}: too long" for number, each in enumerate(strings) if _length(each) > 32_767]
    sheets = [each.get("name", "") for each in trees["xl/workbook.xml"].iter(f"{MAIN}sheet")]
    found += [f"{name}: no name of a sheet" for name in sheets if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name)]
    found += ["two sheets of one name"] * (len({name.lower() for name in sheets}) < len(sheets))
    for each in trees["xl/workbook.xml"].iter(f"{MAIN}definedName"):
        found += _formula(each.text or "", sheets)
    for name, tree in trees.items():
        if name.startswith("xl/worksheets/sheet"):
            found += [f"{name}: {what}" for what in _sheet(tree, looks, overlaid, len(strings), sheets)]
    return found


def _length(text: ET.Element) -> int:
    return sum(len(each.text or "") for each in text.iter(f"{MAIN}t"))


def _package(trees: dict[str, ET.Element]) -> Iterator[str]:
    """Types of the parts, and what leads from one to another."""
    types = trees["[Content_Types].xml"]
    named = {each.get("PartName", "").lstrip("/") for each in types if each.get("PartName")}
    endings = {each.get("Extension") for each in types}
    yield from (f"{name}: typed, not there" for name in sorted(named - trees.keys()))
    for name, tree in trees.items():
        if name not in named and name.rpartition(".")[2] not in endings:
            yield f"{name}: of no type"
        if name.endswith(".rels"):
            home = posixpath.dirname(posixpath.dirname(name))
            inside = [each for each in tree if each.get("TargetMode") != "External"]
            for each in inside:
                target = each.get("Target", "")
                to = (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(f"{home}/{target}").lstrip("/")
                )
                if to not in trees:
                    yield f"{name}: leads to {target}, which is not there"
            continue
        folder, _, file = name.rpartition("/")
        known = {each.get("Id") for each in trees.get(f"{folder}/_rels/{file}.rels", ())}
        yield from (
            f"{name}: {each.get(LINKED)} leads nowhere"
            for each in tree.iter()
            if each.get(LINKED, "") not in {"", *known}
        )


def _sheet(sheet: ET.Element, looks: int, overlaid: int, strings: int, sheets: list[str]) -> Iterator[str]:
    tags = [each.tag.removeprefix(MAIN) for each in sheet]
    yield from (f"{tag} is not let in" for tag in tags if tag not in ORDER)
    if [tag for tag in tags if tag in ORDER] != sorted((tag for tag in tags if tag in ORDER), key=ORDER.index):
        yield "parts out of order"
    columns = [(int(each.get("min", 0)), int(each.get("max", 0))) for each in sheet.iter(f"{MAIN}col")]
    yield from ("columns overlap" for (_, last), (first, _) in pairwise(columns) if first <= last)
    yield from ("a column is too wide" for each in sheet.iter(f"{MAIN}col") if float(each.get("width", 0)) > 255)
    merged = [_area(each.get("ref", "")) for each in sheet.iter(f"{MAIN}mergeCell")]
    yield from _overlapping(merged, "merged cells")
    yield from _rows(sheet, looks, strings, sheets)
    checked = [_area(ref) for each in sheet.iter(f"{MAIN}dataValidation") for ref in each.get("sqref", "").split()]
    yield from _overlapping(checked, "validations")
    for each in sheet.iter(f"{MAIN}dataValidation"):
        yield from _validation(each, sheets)
    for each in sheet.iter(f"{MAIN}cfRule"):
        if int(each.get("dxfId", -1)) >= overlaid:
            yield f"a condition's look {each.get('dxfId')} is not there"
        for formula in each.iter(f"{MAIN}formula"):
            yield from _formula(formula.text or "", sheets)
    for each in sheet.iter(f"{MAIN}hyperlink"):
        where, _, cell = each.get("location", "").rpartition("!")
        if where and where.strip("'") not in sheets:
            yield f"a link leads to {where}!{cell}"
        if len(each.get("tooltip", "")) > 255 or len(each.get("location", "")) > 2079:
            yield "a link is too long"
    for each in (tag for foot in sheet.iter(f"{MAIN}headerFooter") for tag in foot):
        if len(each.text or "") > 255:
            yield "the foot of the page is too long"


def _area(ref: str) -> Area:
    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or COLUMNS, bottom or ROWS


def _overlapping(areas: list[Area], what: str) -> Iterator[str]:
    ordered = sorted(areas, key=lambda each: each[1])
    for place, (left, top, right, bottom) in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other[1] > bottom:
                break
            if other[0] <= right and other[2] >= left:
                yield f"{what} overlap at row {max(top, other[1])}"


def _rows(sheet: ET.Element, looks: int, strings: int, sheets: list[str]) -> Iterator[str]:
    before = 0
    for row in sheet.iter(f"{MAIN}row"):
        number, place = int(row.get("r", 0)), 0
        if not before < number <= ROWS:
            yield f"row {number} out of order"
        if float(row.get("ht", 0)) > 409:
            yield f"row {number} is too high"
        before = number
        for cell in row:
            ref = cell.get("r", "")
            column = range_boundaries(ref)[0] or 0
            if not place < column <= COLUMNS or not ref.endswith(str(number)):
                yield f"cell {ref} out of order"
            place = column
            value = cell.findtext(f"{MAIN}v")
            if int(cell.get("s", 0)) >= looks:
                yield f"{ref}: its look is not there"
            if cell.get("t") == "s" and int(value or 0) >= strings:
                yield f"{ref}: its text is not there"
            if cell.get("t") == "inlineStr" and _length(cell) > 32_767:
                yield f"{ref}: its text is too long"
            if cell.get("t", "n") == "n" and value and not NUMBER.fullmatch(value):
                yield f"{ref}: {value} is no number"
            if formula := cell.findtext(f"{MAIN}f"):
                yield from (f"{ref}: {what}" for what in _formula(formula, sheets))


def _validation(each: ET.Element, sheets: list[str]) -> Iterator[str]:
    where = each.get("sqref", "")
    yield from (f"{where}: {key} is too long" for key, most in LONGEST.items() if len(each.get(key, "")) > most)
    for tag in ("formula1", "formula2"):
        text = each.findtext(f"{MAIN}{tag}") or ""
        if len(text) > 255 + 2 * text.startswith('"'):
            yield f"{where}: {tag} is too long"
        if text and not text.startswith('"'):
            yield from (f"{where}: {what}" for what in _formula(text, sheets))


def _formula(text: str, sheets: list[str]) -> Iterator[str]:
    if len(text) > 8192:
        yield "a formula is too long"
    depth = deepest = 0
    for token in Tokenizer(f"={text}").items:
        if token.type == "FUNC" and token.subtype == "OPEN":
            depth += 1
            deepest = max(depth, deepest)
            if (name := token.value.rstrip("(")) not in KNOWN:
                yield f"{name} is not known to every program"
        elif token.type == "FUNC":
            depth -= 1
        elif token.subtype == "TEXT" and len(token.value) > 255 + 2:
            yield "a text in a formula is too long"
        elif token.subtype == "RANGE" and "!" in token.value:
            where = token.value.rpartition("!")[0].strip("'").replace("''", "'")
            if where not in sheets:
                yield f"a formula looks at {where}"
        elif token.subtype == "ERROR":
            yield f"a formula holds {token.value}"
    if deepest > 64:
        yield "a formula is nested too deep"
    if depth:
        yield "a formula's brackets do not match"

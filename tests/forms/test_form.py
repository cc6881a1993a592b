"""The blank forms: the official annex at the left, a form that explains itself at the right."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from conftest import COUNTY, SCHEME, TOWN, blank, content, run
from every_kind import SCHEME as EVERY_KIND

from assess_xlsx.excel import style
from assess_xlsx.forms import form as forms
from assess_xlsx.forms.filling import Filling
from assess_xlsx.forms.paper import EVIDENCE_LINE, HEADER_HEIGHT, PAGE_HEIGHT
from assess_xlsx.forms.plan import Plan
from assess_xlsx.layout import FORM_SHEET, GUIDE_SHEET, SIGN_SHEET, Col, FormLayout, headings

BOTH = pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)


@BOTH
def test_sheets_and_headings(form):
    book = blank(form)
    assert book.sheetnames == [FORM_SHEET, GUIDE_SHEET, SIGN_SHEET]
    header = FormLayout.of(form).header_row + 1
    assert tuple(cell.value for cell in book[FORM_SHEET][header]) == headings(form)


@BOTH
def test_every_fact_row_says_what_it_is(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    for fact in form.facts:
        row = layout.rows[fact.key] + 1
        assert (sheet.cell(row, 7).value, sheet.cell(row, 8).value) == (fact.code, fact.label)
        assert sheet.cell(row, 9).value is None
        assert not sheet.cell(row, 9).protection.locked
        assert sheet.cell(row, 10).value.startswith("=IF(")


@BOTH
def test_official_columns_hold_the_official_texts(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    for item in form.items:
        first, last = (row + 1 for row in layout.item_span(item))
        assert sheet.cell(first, 4).value == item.text
        assert (sheet.cell(first, 5).value or "") == item.points_text
        assert sheet.cell(first, 6).value.startswith("=IF(")
        if last > first:
            merged = {str(each) for each in sheet.merged_cells.ranges}
            assert {f"D{first}:D{last}", f"E{first}:E{last}", f"F{first}:F{last}"} <= merged
    for column, spans in ((1, layout.section_spans()), (2, layout.method_spans()), (3, layout.content_spans())):
        for span in spans:
            assert sheet.cell(span.first + 1, column).value == span.text


def test_merged_cells_are_the_annexes():
    """考核方式 runs over five 考核内容 in 乡镇 一, and changes inside one in 乡镇 二."""
    layout = FormLayout.of(TOWN)
    rows = {item.code: layout.item_span(item) for item in TOWN.items}
    spans = layout.method_spans()
    assert (spans[0].first, spans[0].last) == (rows["1.1.1"][0], rows["1.5.1"][1])
    assert [span.text for span in spans[1:4]] == ["看现场", "查资料", "看资料"]
    assert (spans[3].first, spans[3].last) == (rows["2.2.2"][0], rows["2.2.4"][1])
    county = FormLayout.of(COUNTY).section_spans()
    assert len(county) == 6
    assert len(FormLayout.of(COUNTY).content_spans()) == 13


@BOTH
def test_print_is_the_annex_alone(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    assert sheet.print_area == f"'{FORM_SHEET}'!$A$1:$F${layout.last_row + 1}"
    assert sheet.print_title_rows == f"${layout.header_row + 1}:${layout.header_row + 1}"
    assert sheet.page_setup.paperSize == 9
    assert "自评记分，以核定为准" in sheet.oddFooter.left.text


@BOTH
def test_only_inputs_are_open_and_there_is_no_password(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    open_rows = {cell.row for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    rows = {layout.rows[fact.key] + 1 for fact in form.facts}
    contacts = {layout.contacts_row + offset for offset in (1, 2, 3)}
    assert open_rows == rows | contacts | {layout.unit_row + 1, layout.remark_row + 1}


@BOTH
def test_every_input_is_validated_with_words(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    validated = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    for fact in form.facts:
        rule = validated[layout.value_cell(fact)]
        assert fact.label in rule.error
        assert rule.prompt
        assert len(rule.formula1 or "") <= 255
    assert validated[f"B{layout.unit_row + 1}"].formula1.startswith(f"'{GUIDE_SHEET}'!")


@BOTH
def test_version_and_total_stand_outside_the_print(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    line = sheet.cell(layout.version_row + 1, 7).value
    assert line == f"表样版本：{SCHEME.name}·{form.name}·{form.version}"
    total = sheet.cell(layout.total_row + 1, 1).value
    ranked, office = ("不含待排名的2.3.3，", 6) if form is COUNTY else ("", 3)
    assert total == f"自评合计（不含未填、有误的，{ranked}不含显示“待核定”的，考核办填报的共{office}项）"


@BOTH
def test_formulas_need_no_prefix_and_no_newer_program(form):
    names = set()
    for sheet in blank(form).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    assert len(cell.value) < 8192
                    names |= set(re.findall(r"([A-Z.]+)\(", cell.value))
    assert names <= {
        "ABS",
        "AND",
        "CLEAN",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "FIND",
        "IF",
        "INT",
        "ISERROR",
        "ISLOGICAL",
        "ISNUMBER",
        "ISTEXT",
        "LEFT",
        "LEN",
        "MAX",
        "MIN",
        "NOT",
        "OR",
        "ROUND",
        "SUBSTITUTE",
        "SUM",
        "TRIM",
    }


def test_per_unit_forms_bear_their_names(tmp_path):
    run("templates", tmp_path, "--per-unit")
    made = sorted(path.name for path in (tmp_path / "各单位").iterdir())
    assert made == [f"{unit.number:02d}-{unit.name}.xlsx" for unit in SCHEME.units]
    sheet = openpyxl.load_workbook(tmp_path / "各单位" / "40-吴坝镇.xlsx")[FORM_SHEET]
    assert sheet.cell(FormLayout.of(TOWN).unit_row + 1, 2).value == "吴坝镇"


def test_templates_are_what_is_written_today(tmp_path):
    """templates/ in the project is up to date; renew it with ``assess-xlsx templates``."""
    run("templates", tmp_path)
    kept = Path(__file__).parents[2] / "templates"
    assert sorted(path.name for path in kept.iterdir()) == sorted(path.name for path in tmp_path.iterdir())
    for path in sorted(tmp_path.iterdir()):
        assert content(path) == content(kept / path.name), f"{path.name} 已过期"


@pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)
def test_a_copy_for_a_unit_is_the_form_written_with_its_name(form, tmp_path):
    unit = form.units[-1].name
    forms.write(tmp_path / "written.xlsx", SCHEME, form, Filling(unit=unit))
    forms.original(SCHEME, form).copy(tmp_path / "copied.xlsx", unit)
    for shown in (False, True):  # the formulas, then their values
        written, copied = (
            [
                (sheet.title, cell.coordinate, cell.value, cell.style_id)
                for sheet in openpyxl.load_workbook(tmp_path / name, data_only=shown)
                for row in sheet.iter_rows()
                for cell in row
            ]
            for name in ("written.xlsx", "copied.xlsx")
        )
        assert written == copied


def shown(book, sheet):
    """The texts of a sheet in one."""
    return "\n".join(str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value is not None)


@BOTH
def test_the_guide_is_one_page_and_says_how_to_paste(form):
    book = blank(form)
    sheet = book[GUIDE_SHEET]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 1), (None, None))
    assert sheet.print_area.endswith(f"$B${sheet.print_area.rpartition('$')[2]}")
    said = shown(book, GUIDE_SHEET)
    assert "只粘贴数值" in said
    assert "None" not in said
    assert "日前报送" not in said  # the built-in scheme knows neither a day nor a telephone


def test_the_guide_says_whom_to_call_and_until_when(tmp_path):
    form = EVERY_KIND.forms[0]
    forms.write(tmp_path / "a.xlsx", EVERY_KIND, form)
    said = shown(openpyxl.load_workbook(tmp_path / "a.xlsx"), GUIDE_SHEET)
    assert "考核办（电话：0000-1234567 转 8，邮箱：kaohe@example.cn），2026年1月15日前报送" in said


@BOTH
def test_the_declarations_say_that_all_are_to_be_answered(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    for fact in form.declarations:
        advice = sheet.cell(layout.rows[fact.key] + 1, Col.ADVICE + 1).value
        assert advice == "四项都要选“是”或“否”，没有发生选“否”"


def test_a_single_declaration_is_not_counted(tmp_path):
    form = EVERY_KIND.forms[0]
    forms.write(tmp_path / "a.xlsx", EVERY_KIND, form)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")[FORM_SHEET]
    row = FormLayout.of(form).rows[form.declarations[0].key] + 1
    assert sheet.cell(row, Col.ADVICE + 1).value == "选“是”或“否”，没有发生选“否”"


@BOTH
def test_300_characters_of_evidence_are_seen(form):
    sheet = blank(form)[FORM_SHEET]
    width = sheet.column_dimensions["L"].width
    for row in FormLayout.of(form).rows.values():
        cell = sheet.cell(row + 1, Col.EVIDENCE + 1)
        needed = EVIDENCE_LINE * style.lines("证" * 300, width - 0.71, cell.font.size)
        assert cell.alignment.wrap_text
        assert sheet.row_dimensions[row + 1].height >= needed


@BOTH
def test_the_annex_fills_its_pages_and_no_text_is_parted(form):
    places, plan = FormLayout.of(form), Plan(form)
    ends = [*plan.page_breaks, places.last_row + 1]
    assert len(ends) == (3 if form is COUNTY else 2)
    first = places.first_row
    for end in ends:
        used = HEADER_HEIGHT + sum(plan.heights[row] for row in range(first, end))
        used += 0 if first > places.first_row else 44 + 26 * len(form.title)
        assert 0.85 * PAGE_HEIGHT < used <= PAGE_HEIGHT
        first = end
    parted = [span for span in places.content_spans() if {*range(span.first + 1, span.last + 1)} & {*ends}]
    assert len(parted) == (0 if form is COUNTY else 1)  # 附件3 would take a third page
    sheet = blank(form)[FORM_SHEET]
    for column, spans in ((1, places.section_spans()), (2, places.method_spans()), (3, places.content_spans())):
        for span in spans:
            if any(span.first < row <= span.last for row in plan.page_breaks):
                assert sheet.cell(span.first + 1, column).alignment.vertical == "top"


@BOTH
def test_nothing_printed_is_coloured_for_filling(form):
    sheet, layout = blank(form)[FORM_SHEET], FormLayout.of(form)
    printed = [cell for row in sheet.iter_rows(max_row=layout.last_row + 1, max_col=6) for cell in row]
    assert {cell.fill.fill_type for cell in printed} == {None}
    for area in sheet.conditional_formatting:
        assert all(part.min_col > 6 for part in area.sqref.ranges)

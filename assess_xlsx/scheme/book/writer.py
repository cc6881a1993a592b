"""Writes a scheme's tree as a workbook that an office can edit: drop-downs, notes, spare rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from assess_xlsx.excel import style
from assess_xlsx.excel.cells import cell_name, column_letter
from assess_xlsx.excel.write import Book
from assess_xlsx.scheme.book import sheets
from assess_xlsx.scheme.book.cells import Text
from assess_xlsx.scheme.book.guide import write_guide
from assess_xlsx.scheme.book.listing import Cells, fact_rows, item_rows, row_of, rule_rows, unit_rows, veto_rows
from assess_xlsx.scheme.rules import RULES
from assess_xlsx.scheme.rules.lines import FACT, READING, WHOLE

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from assess_xlsx.excel.write import Sheet
    from assess_xlsx.scheme.book.cells import Written

SPARE = 300
"""Empty rows prepared below the last one."""
SPARE_FORMS, SPARE_READINGS = 12, 60
OPEN_PLACE = len(sheets.HEAD_LABELS)
"""The column of 待确认 beside what a draft says of itself on 方案."""
LIST_SHEET = "名单"
"""What the drop-down of 参数 offers."""
FORMS_ROW = len(sheets.HEAD.columns) + 5
"""The header of the table of forms on 方案."""
HEAD_LISTS = (
    ("forms", sheets.FORMS, SPARE_FORMS),
    ("grades", sheets.GRADES, 12),
    ("adjustments", sheets.ADJUSTMENTS, 12),
    ("readings", sheets.READINGS, SPARE_READINGS),
)
"""The tables of 方案: what the tree calls them, and how many empty rows they end with."""


def write(target: Path | io.BytesIO, tree: Mapping[str, Any]) -> None:
    """Writes the workbook of a tree that a scheme has been built from, or of a draft, which may lack something."""
    issued = dt.datetime.combine(tree.get("issued", _UNKNOWN), dt.time())
    _Writer(Book(target, tree["name"], issued), tree).write()


class _Writer:
    def __init__(self, book: Book, tree: Mapping[str, Any]) -> None:
        self.book, self.tree = book, tree
        self.head = book.format(
            font_name=style.TITLE_FONT, border=1, align="center", text_wrap=True, bg_color=style.PALE_BLUE
        )
        rest = (sheets.REST_SHEET,) if tree.get("rest") else ()
        self.sheets = {name: book.sheet(name) for name in (*sheets.SHEETS, *rest, LIST_SHEET)}
        self.tables: dict[str, sheets.Table] = {}
        """Those that fill a sheet, as they stand there."""
        self.lists: dict[str, sheets.Table] = {}
        """Those of 方案, by what the tree calls them."""
        self.ranges: dict[str, tuple[int, int]] = {}
        """First and last row of what drop-downs look up, by sheet."""

    def write(self) -> None:
        write_guide(self.book, self.sheets["说明"])
        self.write_head()
        for sheet, table, rows in (
            (sheets.UNIT_SHEET, sheets.UNITS, unit_rows(self.tree)),
            (sheets.ITEM_SHEET, sheets.ITEMS, item_rows(self.tree)),
            (sheets.FACT_SHEET, sheets.FACTS, fact_rows(self.tree)),
            (sheets.RULE_SHEET, sheets.RULES_TABLE, rule_rows(self.tree)),
            (sheets.VETO_SHEET, sheets.VETOES, veto_rows(self.tree)),
            (sheets.REST_SHEET, sheets.REST, (row_of(sheets.REST, line) for line in self.tree.get("rest", ()))),
        ):
            if sheet in self.sheets:
                self.table(self.sheets[sheet], table, list(rows))
        self.write_lists()
        self.choose()
        self.number_units()
        self.mark_rows()
        self.sheets["说明"].activate()
        self.book.close()

    def cell_format(self, column: sheets.Column) -> Any:  # noqa: ANN401 - xlsxwriter carries no types
        """Text but for plain numbers, so that no program makes a date of a code or a fraction of a percentage."""
        wide = isinstance(column.content, Text) and column.width > 12  # noqa: PLR2004 - room for sentences
        return self.book.format(
            border=1,
            border_color=style.LINE,
            text_wrap=True,
            num_format="General" if column.content.number else "@",
            align="left" if wide else "center",
        )

    def put(self, sheet: Sheet, row: int, place: int, value: Written | None, cell_format: Any) -> None:  # noqa: ANN401
        if isinstance(value, dt.date):
            value = dt.datetime.combine(value, dt.time())
            cell_format = self.book.format(**_boxed, num_format="yyyy-mm-dd", align="left")
        sheet.put(row, place, value, cell_format)

    def header(self, sheet: Sheet, row: int, table: sheets.Table) -> None:
        sheet.set_row(row, 32)
        for place, column in enumerate(table.columns):
            sheet.write_string(row, place, column.label, self.head)
            size = {"width": 260, "height": 24 + 17 * style.lines(column.note, 34)}
            sheet.write_comment(row, place, column.note, {**size, "font_name": style.FONT, "font_size": 10})

    def rows(self, sheet: Sheet, first: int, table: sheets.Table, rows: Iterable[Cells], spare: int) -> int:
        """Writes rows and empty ones below; answers the last row with content."""
        formats = [self.cell_format(column) for column in table.columns]
        labels = [column.label for column in table.columns]
        rows = list(rows)
        for number, cells in enumerate([*rows, *({} for _ in range(spare))], first):
            if cells:  # the others grow by themselves as they are filled
                sheet.set_row(number, 6 + 13.5 * max(map(_lines, table.columns, map(cells.get, labels))))
            for place, column in enumerate(table.columns):
                self.put(sheet, number, place, cells.get(column.label), formats[place])
        for place, column in enumerate(table.columns):
            if choices := column.content.choices():
                self.pick(sheet, first, first + len(rows) + spare - 1, place, list(choices))
        return first + len(rows) - 1

    def table(self, sheet: Sheet, table: sheets.Table, rows: list[Cells]) -> None:
        self.tables[table.sheet] = table = table.shown(rows)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
        self.header(sheet, 0, table)
        last = self.rows(sheet, 1, table, rows, SPARE)
        self.ranges[table.sheet] = 1, last + SPARE
        names = [column.label for column in table.columns]
        frozen = max(
            (names.index(label) for label in (sheets.CODE_COL, "考核单位", "情形编号") if label in names), default=0
        )
        sheet.freeze_panes(1, frozen + 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{cell_name(last + SPARE, len(names) - 1)}"})
        sheet.print_on_a4(landscape=True, header_row=0)
        sheet.print_area(0, 0, max(last, 1), len(names) - 1)

    def write_head(self) -> None:
        """方案: what the scheme says of itself, then the forms, then the readings."""
        sheet = self.sheets[sheets.HEAD_SHEET]
        for place, column in enumerate(sheets.FORMS.columns):
            sheet.set_column(place, place, column.width)
        open_ = self.tree.get("open", {})
        sheet.put_row(0, sheets.HEAD_LABELS, self.head)
        if open_:
            sheet.spread(0, OPEN_PLACE, 0, OPEN_PLACE + 2, sheets.OPEN_COL, self.head)
        for number, column in enumerate(sheets.HEAD.columns, 1):
            if open_:
                look = self.book.format(**_boxed)
                sheet.spread(number, OPEN_PLACE, number, OPEN_PLACE + 2, open_.get(column.key, ""), look)
            sheet.set_row(number, 6 + 13.5 * style.lines(column.note, sheets.FORMS.columns[2].width))
            sheet.write_string(number, 0, column.label, self.book.format(**_boxed, bold=True))
            self.put(
                sheet,
                number,
                1,
                column.content.write(self.tree[column.key]) if self.tree.get(column.key, "") != "" else None,
                self.cell_format(sheets.FORMS.columns[1]),
            )
            sheet.write_string(number, 2, column.note, self.book.format(**_boxed, font_color=style.GREY))
        start = FORMS_ROW
        for key, each, spare in HEAD_LISTS:
            cells = [row_of(each, line) for line in self.tree.get(key, ())]
            self.lists[key] = table = each.shown(cells)
            self.header(sheet, start, table)
            end = self.rows(sheet, start + 1, table, cells, spare) + spare
            self.ranges[key] = start + 1, end
            start = end + 3
        sheet.ignore_errors({"number_stored_as_text": f"A1:G{end}"})
        sheet.print_on_a4(landscape=True)
        sheet.print_area(0, 0, end - SPARE_READINGS, len(sheets.FORMS.columns) - 1)

    # ── drop-downs ──

    def pick(
        self, sheet: Sheet, first: int, last: int, place: int, source: list[str] | str, *, strict: bool = True
    ) -> None:
        sheet.validate(
            first,
            last,
            place,
            {
                "validate": "list",
                "source": source,
                "error_type": "stop" if strict else "information",
                "error_title": "不在列表中" if strict else "请核对",
                "error_message": "请从下拉列表选择。" if strict else "列表中没有这一项，请核对有没有写错。",
            },
        )

    def write_lists(self) -> None:
        """The names of every rule's lines, a run of rows a rule."""
        sheet = self.sheets[LIST_SHEET]
        sheet.set_column(0, 1, 24)
        names = [(rule.title, line.name) for rule in RULES.values() for line in rule.lines]
        for row, pair in enumerate(((sheets.RULE_COL, sheets.LINE_COL), *names)):
            sheet.put_row(row, pair, self.book.format())
        self.ranges[LIST_SHEET] = 1, len(names)
        sheet.hide()

    def span(self, sheet: str, column: str, key: str = "") -> str:
        first, last = self.ranges[key or sheet]
        return f"{sheet}!${column}${first + 1}:${column}${last + 1}"

    def given(self, sheet: str, column: str, key: str = "") -> str:
        """A list that ends with its last entry."""
        span = self.span(sheet, column, key)
        return f"=OFFSET({span.partition(':')[0]},0,0,MAX(1,COUNTA({span})),1)"

    def choose(self) -> None:
        """The drop-downs whose lists stand on other sheets."""
        forms = self.given(sheets.HEAD_SHEET, "A", "forms")
        self.offer(sheets.UNITS, sheets.FORM_COL, forms)
        for table in (sheets.ITEMS, sheets.FACTS, sheets.RULES_TABLE):  # where several may stand
            self.offer(table, sheets.FORM_COL, forms, strict=False)
        head = self.sheets[sheets.HEAD_SHEET]
        circumstances = self.given(sheets.VETO_SHEET, "A")
        for label, source in ((sheets.FORM_COL, forms), ("总分之外的条件", circumstances)):
            place = sheets.GRADES.columns.index(sheets.GRADES.column(label))
            self.pick(head, *self.ranges["grades"], place, source, strict=label != sheets.FORM_COL)
        self.pick(head, *self.ranges["adjustments"], 0, forms, strict=False)
        # codes, facts and lines by what stands at their left: runs of rows on another sheet
        for table in (sheets.FACTS, sheets.RULES_TABLE):
            self.offer(table, sheets.CODE_COL, self.run(sheets.ITEM_SHEET, "A", "$A2", "C"), strict=False)
        facts = self.facts_of("$A2", "$B2")
        for label in (FACT, WHOLE):
            self.offer(sheets.RULES_TABLE, label, facts, strict=False)
        for label in ("不超过", sheets.WITH_FACT):
            self.offer(sheets.FACTS, label, facts, strict=False)
        rule = column_letter([column.label for column in sheets.RULES_TABLE.columns].index(sheets.RULE_COL))
        self.offer(sheets.RULES_TABLE, sheets.LINE_COL, self.run(LIST_SHEET, "A", f"${rule}2", "B"))
        self.offer(sheets.RULES_TABLE, READING, self.given(sheets.HEAD_SHEET, "A", "readings"))

    def offer(self, table: sheets.Table, label: str, source: str, *, strict: bool = True) -> None:
        place = [column.label for column in self.tables[table.sheet].columns].index(label)
        self.pick(self.sheets[table.sheet], *self.ranges[table.sheet], place, source, strict=strict)

    def run(self, sheet: str, by: str, value: str, column: str) -> str:
        """The rows of a column beside those that hold a value, which stand together."""
        keys = self.span(sheet, by)
        start = f"{sheet}!${column}${self.ranges[sheet][0] + 1}"
        return f"=OFFSET({start},MATCH({value},{keys},0)-1,0,COUNTIF({keys},{value}),1)"

    def facts_of(self, form: str, code: str) -> str:
        """The 填报项 of an item, whose rows stand together inside those of its form."""
        forms, codes = self.span(sheets.FACT_SHEET, "A"), self.span(sheets.FACT_SHEET, "B")
        first = f"MATCH({form},{forms},0)-1"
        row = self.ranges[sheets.FACT_SHEET][0] + 1
        inside = f"OFFSET({sheets.FACT_SHEET}!$B${row},{first},0,COUNTIF({forms},{form}),1)"
        count = f"COUNTIFS({forms},{form},{codes},{code})"
        return f"=OFFSET({sheets.FACT_SHEET}!$C${row},{first}+MATCH({code},{inside},0)-1,0,{count},1)"

    # ── what shows by itself ──

    def number_units(self) -> None:
        """序号 follows the rows."""
        sheet, (first, last) = self.sheets[sheets.UNIT_SHEET], self.ranges[sheets.UNIT_SHEET]
        box = self.book.format(**_boxed, align="center", font_color=style.GREY)
        count = len(self.tree["roster"])
        for row in range(first, last + 1):
            number = row - first + 1
            formula = f'=IF(B{row + 1}="","",COUNTA(B${first + 1}:B{row + 1}))'
            sheet.write_formula(row, 0, formula, box, number if number <= count else "")

    def mark_rows(self) -> None:
        """Sections stand out; a cell that the row's kind of fact does not take is greyed."""
        self.mark_open()
        first, last = self.ranges[sheets.ITEM_SHEET]
        whole = f"A{first + 1}:{column_letter(len(self.tables[sheets.ITEM_SHEET].columns) - 1)}{last + 1}"
        section = {"bold": True, "bg_color": style.PALE_GREY}
        self.mark(sheets.ITEM_SHEET, whole, f'AND($B{first + 1}<>"",$C{first + 1}="")', section)
        first, last = self.ranges[sheets.FACT_SHEET]
        needless = {"bg_color": style.NEEDLESS}
        names = [column.label for column in sheets.FACTS.columns]
        for label, kinds in _TAKEN.items():
            letter = column_letter(names.index(label))
            tests = ",".join(f'$D{first + 1}="{kind}"' for kind in kinds)
            self.mark(
                sheets.FACT_SHEET,
                f"{letter}{first + 1}:{letter}{last + 1}",
                f'AND($D{first + 1}<>"",NOT(OR({tests})))',
                needless,
            )
        first, last = self.ranges[sheets.RULE_SHEET]
        whole = f"A{first + 1}:{column_letter(len(sheets.RULES_TABLE.columns) - 1)}{last + 1}"
        begins = f'AND($B{first + 1}<>"",OR($B{first + 1}<>$B{first},$A{first + 1}<>$A{first}))'
        self.mark(
            sheets.RULE_SHEET, whole, begins, {"border": 1, "border_color": style.LINE, "top_color": style.BLUE}
        )

    def mark_open(self) -> None:
        """Rows with something to be confirmed are coloured until it is cleared, an item's on further sheets too."""
        colour = {"bg_color": style.MISSING}
        for name, table in self.tables.items():
            labels = [column.label for column in table.columns]
            if sheets.OPEN_COL in labels:
                first, last = self.ranges[name]
                letter = column_letter(labels.index(sheets.OPEN_COL))
                whole = f"A{first + 1}:{column_letter(len(labels) - 1)}{last + 1}"
                self.mark(name, whole, f'${letter}{first + 1}<>""', colour)
        labels = [column.label for column in self.tables[sheets.ITEM_SHEET].columns]
        if sheets.OPEN_COL in labels:
            for name, label in zip(_OPEN_NAMES, (sheets.FORM_COL, sheets.CODE_COL, sheets.OPEN_COL), strict=True):
                self.book.define(name, self.span(sheets.ITEM_SHEET, column_letter(labels.index(label))))
            forms, codes, marks = _OPEN_NAMES
            for name in (sheets.FACT_SHEET, sheets.RULE_SHEET):
                first, last = self.ranges[name]
                test = f'COUNTIFS({forms},$A{first + 1},{codes},$B{first + 1},{marks},"?*")>0'
                self.mark(name, f"A{first + 1}:B{last + 1}", test, colour)
        sheet, end = sheets.HEAD_SHEET, len(sheets.HEAD.columns) + 1
        if self.tree.get("open"):
            letter = column_letter(OPEN_PLACE)
            self.mark(sheet, f"A2:{letter}{end}", f'${letter}2<>""', colour)
        for key, table in self.lists.items():
            if table.columns[-1].label == sheets.OPEN_COL:
                first, last = self.ranges[key]
                letter = column_letter(len(table.columns) - 1)
                self.mark(sheet, f"A{first + 1}:{letter}{last + 1}", f'${letter}{first + 1}<>""', colour)

    def mark(self, sheet: str, cells: str, test: str, look: Mapping[str, Any]) -> None:
        looks = self.book.difference(**look)
        self.sheets[sheet].conditional_format(cells, {"type": "formula", "criteria": f"={test}", "format": looks})


def _lines(column: sheets.Column, value: object) -> int:
    return style.lines(str(value), column.width) if isinstance(value, str) else 1


_OPEN_NAMES = ("open_forms", "open_codes", "open_marks")
"""What a condition calls columns of 指标: it may not look at another sheet by itself."""
_UNKNOWN = dt.date(2000, 1, 1)
"""When a workbook was saved whose scheme does not say when it was issued: no clock enters it."""
_boxed: dict[str, Any] = {"border": 1, "border_color": style.LINE, "text_wrap": True}
_TAKEN = {
    "选项": ("选项",),
    "计量单位": ("次数", "数值"),
    "最小": ("次数", "数值"),
    "至多": ("分值", "百分比"),
    "小于": ("分值",),
    "对单位不利": ("次数",),
    "不超过": ("次数", "数值"),
}
"""The columns of 填报项 that only some kinds take."""

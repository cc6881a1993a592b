"""Writes the office's register (考核办登记表): sheets whose drop-downs offer only what fits. Nothing is read back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from assess_xlsx import layout
from assess_xlsx.answers import DECISIONS, VERDICTS
from assess_xlsx.entries import YEARS
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import cell_name, column_letter
from assess_xlsx.excel.write import Book
from assess_xlsx.forms.plan import MOST_ERROR, MOST_PROMPT
from assess_xlsx.scheme.effects import CANCELLING

if TYPE_CHECKING:
    import io
    from collections.abc import Sequence
    from pathlib import Path

    from assess_xlsx.excel.write import Sheet
    from assess_xlsx.scheme.model import Form, Scheme

ROWS = 500
"""Rows prepared for entries on each sheet."""
LIST_SHEET = "名单"
"""What the drop-downs offer."""


def write(target: Path | io.BytesIO, scheme: Scheme, vetoes: Sequence[Sequence[str]] = ()) -> None:
    """Writes the register, blank or with rows of 一票否决 (by ``layout.VETO_COLUMNS``)."""
    issued = dt.datetime.combine(scheme.issued, dt.time())
    book = Book(target, f"{scheme.title}考核办登记表", issued)
    _RegisterWriter(scheme, book).write(vetoes)
    book.close()


class _RegisterWriter:
    def __init__(self, scheme: Scheme, book: Book) -> None:
        self.scheme, self.book = scheme, book
        self.forms = [form for form in scheme.forms if any(layout.office_facts(form))]
        """Those that ask what the office knows."""
        self.graded = [form for form in scheme.forms if form.grades]
        """Those whose units get a grade."""
        self.head = book.format(
            font_name=style.TITLE_FONT, border=1, align="center", text_wrap=True, bg_color=style.PALE_BLUE
        )
        self.box = book.format(border=1, border_color=style.LINE, text_wrap=True)
        self.note = book.format(font_color=style.GREY, text_wrap=True)

    def write(self, vetoes: Sequence[Sequence[str]]) -> None:
        self._guide()
        offices = (layout.office_sheet(form) for form in self.forms)
        last = (layout.RULING_SHEET, layout.OBJECTION_SHEET, layout.ABSENCE_SHEET)
        names = (layout.VETO_SHEET, layout.EVENT_SHEET, *offices, *last)
        sheets = {name: self.book.sheet(name) for name in names}
        lists = self._lists()
        self._vetoes(sheets[layout.VETO_SHEET], lists, vetoes)
        self._events(sheets[layout.EVENT_SHEET], lists)
        for form in self.forms:
            self._office(sheets[layout.office_sheet(form)], form)
        self._rulings(sheets[layout.RULING_SHEET], lists)
        self._objections(sheets[layout.OBJECTION_SHEET], lists)
        self._absences(sheets[layout.ABSENCE_SHEET], lists)

    def _guide(self) -> None:
        sheet = self.book.sheet(layout.REGISTER_GUIDE)
        sheet.set_widths((24, 84))
        sheet.headline("考核办登记表", 2, self.book.format(font_name=style.TITLE_FONT, font_size=16))
        wrap = self.book.format(text_wrap=True, font_size=11, valign="top")
        rows = [
            (
                "怎样使用",
                "登记后与收回的评分表一起放入 input 文件夹，再运行汇总；可以有多份，按内容识别，文件名不限。",
            ),
            (layout.VETO_SHEET, "一行一种情形。单位自查填报的不必重复登记；单位未报而查实的，在此登记。"),
            (
                layout.EVENT_SHEET,
                "日常巡查、随机抽查等发现的情况，一行一次事件，“次数”填本次的次数，同一事项自动累加。",
            ),
            (
                "、".join(layout.office_sheet(form) for form in self.forms),
                "一行一个单位，一列一个考核办掌握的填报项；不知道的留空，没有发生的填 0。",
            ),
            (
                layout.RULING_SHEET,
                "核定优先于一切。核定填报项：写指标编号和填报项；直接核定得分：填报项留空，核定值填分数"
                "（扣分填所扣分数）。必须写理由；还没有决定的，核定值留空。" + self._of_grades(),
            ),
            (
                layout.OBJECTION_SHEET,
                "单位对结果的异议，一行一件。处理留空或填“受理”的还没有办结；维持、改正、逾期不受理的要写答复。"
                "这张表不改分数：改正的，另在“核定”登记，或请单位改报，或改正登记表的有关行。",
            ),
            (
                layout.ABSENCE_SHEET,
                "始终没有报送的单位怎样处理，必须写理由。按零分：总分 0 分，参加排名；"
                "不参评：不排名，也不计入单位总数。后来报送了的，以评分表为准。",
            ),
        ]
        for number, (name, text) in enumerate((row for row in rows if row[0]), 1):
            sheet.write_string(
                number, 0, name, self.book.format(bold=True, text_wrap=True, valign="top", font_size=11)
            )
            sheet.write_string(number, 1, text, wrap)
            sheet.set_row(number, 8 + 16 * max(style.lines(text, 84, 11), style.lines(name, 24, 11)))
        sheet.print_on_a4()

    def _of_grades(self) -> str:
        """How 等次 is ruled, where there is one."""
        return "核定等次：指标编号留空，填报项选“等次”，核定值选等次的名称。" if self.graded else ""

    def _lists(self) -> dict[str, str]:
        """Writes what the drop-downs offer and answers the ranges by name."""
        sheet = self.book.sheet(LIST_SHEET)
        scheme = self.scheme
        columns: dict[str, Sequence[str]] = {
            layout.UNIT: [unit.name for unit in scheme.units],
            "评分表": [unit.form for unit in scheme.units],
            "情形": [veto.title for veto in scheme.vetoes],
            "异议的处理": DECISIONS,
            "未报送的处理": VERDICTS,
        }
        vetoes = [veto.code for veto in scheme.vetoes]
        told = [
            (form.name, code)
            for form in scheme.forms
            for code in (*(item.code for item in form.items), *vetoes, layout.OVERALL)
        ]
        columns["异议编号"] = [code for _, code in told]
        columns["异议编号的评分表"] = [form for form, _ in told]
        for name, adverse in ((layout.FACT, False), ("不利次数", True)):
            facts = [
                (form.name, fact)
                for form in scheme.forms
                for fact in form.facts
                if fact not in form.declarations and (fact.adverse or not adverse)
            ]
            # 等次 is no item's: it is offered where the code is left blank
            graded = [] if adverse else [form.name for form in self.graded]
            columns[name] = [*(fact.label for _, fact in facts), *(layout.GRADE for _ in graded)]
            columns[f"{name}的编号"] = [
                *(f"{form} {fact.code}" for form, fact in facts),
                *(f"{form} " for form in graded),
            ]
            codes = list(dict.fromkeys((form, fact.code) for form, fact in facts))
            if not adverse:  # a score can be ruled on where nothing is asked
                codes = [(form.name, item.code) for form in scheme.forms for item in form.items]
            columns[f"{name}编号"] = [code for _, code in codes]
            columns[f"{name}编号的评分表"] = [form for form, _ in codes]
        if self.graded:
            grades = [(form.name, grade.name) for form in self.graded for grade in form.grades]
            columns[layout.GRADE] = [name for _, name in grades]
            columns[f"{layout.GRADE}的评分表"] = [form for form, _ in grades]
        ranges = {}
        for column, (name, values) in enumerate(columns.items()):
            sheet.set_column(column, column, style.fitted([name, *values]))
            sheet.write_string(0, column, name, self.head)
            for row, value in enumerate(values, 1):
                sheet.write_string(row, column, value, self.book.format())
            letter = column_letter(column)
            ranges[name] = f"{LIST_SHEET}!${letter}$2:${letter}${max(2, len(values) + 1)}"
        sheet.protect()
        sheet.hide()
        return ranges

    def _table(
        self, sheet: Sheet, columns: Sequence[str], widths: Sequence[float], note: str, rows: int = ROWS
    ) -> None:
        """An empty table whose first column is for units; ``widths`` are those of the others."""
        first = style.fitted([unit.name for unit in self.scheme.units], least=18)
        widths = (first, *widths)
        sheet.set_widths(widths)
        sheet.spread(0, 0, 0, len(columns) - 1, note, self.note)
        sheet.set_row(0, max(32, 6 + 15 * style.lines(note, sum(widths))))
        sheet.set_row(1, max(24, 6 + 15 * max(map(style.lines, columns, widths))))
        sheet.put_row(1, columns, self.head)
        for row in range(2, 2 + rows):
            for column in range(len(columns)):
                sheet.write_blank(row, column, None, self.box)
        sheet.freeze_panes(2, 1)
        sheet.print_on_a4(landscape=True, header_row=1)
        sheet.print_area(0, 0, min(rows, 40) + 1, len(columns) - 1)

    def _pick(self, sheet: Sheet, column: int, source: str, title: str, message: str) -> None:
        self._validate(sheet, column, {"validate": "list", "source": source}, title, message)

    @staticmethod
    def _validate(sheet: Sheet, column: int, rule: dict[str, Any], title: str, message: str) -> None:
        sheet.validate(2, ROWS + 1, column, rule | {"error_title": title, "error_message": message[:255]})

    @staticmethod
    def _form(lists: dict[str, str]) -> str:
        """The form that the row's unit is on."""
        return f"INDEX({lists['评分表']},MATCH($A3,{lists[layout.UNIT]},0))"

    def _codes(self, lists: dict[str, str], facts: str) -> str:
        """The codes of the unit's form: a run of the list, by OFFSET, however many forms there are."""
        return self._run(lists[f"{facts}编号"], lists[f"{facts}编号的评分表"], self._form(lists))

    def _facts_of_code(self, lists: dict[str, str], facts: str) -> str:
        """The labels of the row's code."""
        return self._run(lists[facts], lists[f"{facts}的编号"], f'{self._form(lists)}&" "&$B3')

    @staticmethod
    def _run(offered: str, keys: str, key: str) -> str:
        """What is offered where the key stands beside it."""
        return f"=OFFSET({offered.partition(':')[0]},MATCH({key},{keys},0)-1,0,COUNTIF({keys},{key}),1)"

    def _vetoes(self, sheet: Sheet, lists: dict[str, str], rows: Sequence[Sequence[str]]) -> None:
        own = "、".join(veto.code for veto in self.scheme.vetoes if not veto.declared)
        alike = all(veto.effects == CANCELLING for veto in self.scheme.vetoes)
        does = "任何一种都取消年度评优资格" if alike else "各种情形的效果照考核方案"
        note = f"经核实的一票否决等情形，一行一种。{does}" + (f"；情形 {own} 只由考核办登记。" if own else "。")
        self._table(sheet, layout.VETO_COLUMNS, (46, 14, 50, 36), note)
        self._pick(sheet, 0, f"={lists[layout.UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(sheet, 1, f"={lists['情形']}", "不是规定的情形", "请从下拉列表选择情形。")
        for number, row in enumerate(rows, 2):
            sheet.put_row(number, row, self.box)

    def _events(self, sheet: Sheet, lists: dict[str, str]) -> None:
        note = "日常巡查、随机抽查、投诉等事件，一行一次。只登记对单位不利的次数；同一填报项的各行自动累加。"
        self._table(sheet, layout.EVENT_COLUMNS, (12, 26, 8, 14, 50, 14), note)
        self._pick(sheet, 0, f"={lists[layout.UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(sheet, 1, self._codes(lists, "不利次数"), "编号不符", "请先选考核单位，再从下拉列表选指标编号。")
        self._pick(
            sheet, 2, self._facts_of_code(lists, "不利次数"), "填报项不符", "请先选指标编号，再从下拉列表选填报项。"
        )
        whole = {"validate": "integer", "criteria": ">=", "value": 0}
        self._validate(sheet, 3, whole, "次数不符", "请填不小于0的整数。")

    def _office(self, sheet: Sheet, form: Form) -> None:
        facts = list(layout.office_facts(form))
        columns = (layout.UNIT, *(fact.key for fact in facts))
        note = "考核办掌握的填报项，一行一个单位；不知道的留空，没有发生的填 0。填写后以此为准。"
        self._table(sheet, columns, [16] * len(facts), note, len(form.units))
        for row, unit in enumerate(form.units, 2):
            sheet.write_string(row, 0, unit.name, self.box)
        for column, fact in enumerate(facts, 1):
            first, last = 2, len(form.units) + 1
            limit = cell_name(first, 1 + facts.index(fact.limit)) if fact.limit and fact.limit in facts else None
            box = self.book.format(border=1, border_color=style.LINE, align="center", num_format=fact.kind.format)
            for row in range(first, last + 1):
                sheet.write_blank(row, column, None, box)
            sheet.validate(
                first,
                last,
                column,
                fact.kind.validation(cell_name(first, column), limit)
                | {
                    "input_title": fact.label[:32],
                    "input_message": f"请填{fact.allowed()}；不知道的留空。"[:MOST_PROMPT],
                    "error_title": "填报值不符合要求",
                    "error_message": f"“{fact.label}”请填{fact.allowed()}。"[:MOST_ERROR],
                },
            )

    def _rulings(self, sheet: Sheet, lists: dict[str, str]) -> None:
        note = (
            "核定优先于一切，必须写理由。核定填报项：写指标编号和填报项；直接核定得分：填报项留空，核定值填分数"
            "（扣分填所扣分数）。" + self._of_grades() + "汇总结果“待核定”表的前五列可直接粘贴到这里。"
        )
        self._table(sheet, layout.RULING_COLUMNS, (12, 26, 14, 70), note)
        self._pick(sheet, 0, f"={lists[layout.UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(sheet, 1, self._codes(lists, layout.FACT), "编号不符", "请先选考核单位，再从下拉列表选指标编号。")
        self._pick(
            sheet, 2, self._facts_of_code(lists, layout.FACT), "填报项不符", "请从下拉列表选填报项；核定得分的留空。"
        )
        if self.graded:  # offered only; any other 核定值 is typed
            offered = self._run(
                lists[layout.GRADE],
                lists[f"{layout.GRADE}的评分表"],
                f'IF($C3="{layout.GRADE}",{self._form(lists)},"")',
            )
            sheet.validate(2, ROWS + 1, 3, {"validate": "list", "source": offered, "show_error": False})

    def _objections(self, sheet: Sheet, lists: dict[str, str]) -> None:
        note = (
            "单位对结果的异议，一行一件；对总分或名次有异议的，指标编号选“总分”。处理留空或填“受理”的还没有办结；"
            "维持、改正、逾期不受理的要写答复。"
        )
        self._table(sheet, layout.OBJECTION_COLUMNS, (12, 50, 13, 13, 50, 12), note)
        self._pick(sheet, 0, f"={lists[layout.UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(sheet, 1, self._codes(lists, "异议"), "编号不符", "请先选考核单位，再从下拉列表选指标编号。")
        first, last = dt.date(YEARS[0], 1, 1), dt.date(YEARS[-1], 12, 31)
        days = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
        self._validate(sheet, 3, days, "日期不符", "请填年月日，如 2019-01-31。")
        dated = self.book.format(border=1, border_color=style.LINE, align="center", num_format="yyyy-mm-dd")
        for row in range(2, 2 + ROWS):
            sheet.write_blank(row, 3, None, dated)
        self._pick(sheet, 4, f"={lists['异议的处理']}", "不是规定的处理", "请从下拉列表选择处理；还没有决定的留空。")

    def _absences(self, sheet: Sheet, lists: dict[str, str]) -> None:
        note = (
            "始终没有报送的单位怎样处理，必须写理由。按零分：总分 0 分，参加排名；不参评：不排名，也不计入单位总数。"
            "后来报送了的，以评分表为准。"
        )
        self._table(sheet, layout.ABSENCE_COLUMNS, (14, 120), note)
        self._pick(sheet, 0, f"={lists[layout.UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(sheet, 1, f"={lists['未报送的处理']}", "不是规定的处理", "请从下拉列表选择处理。")

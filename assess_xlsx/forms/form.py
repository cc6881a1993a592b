"""Writes 评分表: the official annex to the eye, at its right a form that checks itself. It reads nothing back."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from assess_xlsx import contacts, layout
from assess_xlsx.amounts import plain
from assess_xlsx.entries import is_blank, shown
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, cell_name, clean, column_letter, sheet_cell
from assess_xlsx.excel.copies import Original
from assess_xlsx.excel.write import Book, Sheet
from assess_xlsx.forms import verdicts
from assess_xlsx.forms.filling import Filling
from assess_xlsx.forms.other_sheets import Pages
from assess_xlsx.forms.paper import EVIDENCE_LINE, EVIDENCE_SIZE, HEADER_HEIGHT, WIDTHS, Paper
from assess_xlsx.forms.plan import DONE, OPEN, Plan
from assess_xlsx.forms.shown import Shown
from assess_xlsx.layout import Col
from assess_xlsx.scheme.answer_kinds import MOST_LIST
from assess_xlsx.scheme.computed import Computed
from assess_xlsx.scheme.facts import GOOD, NOT_NEEDED, UNFILLED
from assess_xlsx.scheme.rules.base import RANKED
from assess_xlsx.scheme.subtotals import Subtotal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Scheme

GRID = {"border": 1, "border_color": style.LINE}
NAMELESS = "〈此处是单位名称〉"
"""Stands for a unit's name in a form that is copied for each."""


def write(target: Path | io.BytesIO, scheme: Scheme, form: Form, filling: Filling | None = None) -> None:
    """Writes a form, blank or filled."""
    Writer(scheme, form).write(target, filling or Filling())


def original(scheme: Scheme, form: Form) -> Original:
    """A blank form, to be copied for each unit: a copy says the same as a form written with the unit's name."""
    target = io.BytesIO()
    write(target, scheme, form, Filling(unit=NAMELESS))
    return Original(target.getvalue(), NAMELESS)


class Writer:
    """Writes any number of copies of a form, with honest cached values in every formula."""

    def __init__(self, scheme: Scheme, form: Form) -> None:
        self.scheme, self.form, self.plan = scheme, form, Plan(form)

    def write(self, target: Path | io.BytesIO, filling: Filling) -> None:
        issued = dt.datetime.combine(self.scheme.issued, dt.time())
        book = Book(target, "".join(self.form.title), filling.saved or issued)
        shown = Shown(self.form, filling)
        pages = Pages(self.scheme, self.plan, shown, book)
        if filling.faults:
            pages.faults()
        _Copy(self.scheme, self.plan, shown, book).draw()
        pages.guide()
        pages.sign_page()
        book.close()


class _Copy:
    def __init__(self, scheme: Scheme, plan: Plan, shown: Shown, book: Book) -> None:
        self.scheme, self.form, self.plan, self.places = scheme, plan.form, plan, plan.places
        self.shown, self.filling, self.checks, self.book = shown, shown.filling, shown.checks, book
        self.faults = {
            f"{fault.place.code} {fault.place.fact}": fault
            for fault in reversed(self.filling.faults)
            if fault.place.cell
        }
        """The first fault of a fact, by its key."""

    # ── 评分表 ──

    def draw(self) -> None:
        sheet, places = self.book.sheet(layout.FORM_SHEET), self.places
        sheet.set_widths(WIDTHS)
        self._heading(sheet)
        for row, height in self.plan.heights.items():
            sheet.set_row(row, height)
        self._annex(sheet)
        self._facts(sheet)
        self._highlights(sheet)
        self._below(sheet)
        sheet.freeze_panes(places.first_row, 0)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.65)
        sheet.center_horizontally()
        sheet.print_area(0, 0, places.last_row, layout.ANNEX_COLUMNS - 1)
        sheet.repeat_rows(places.header_row)
        sheet.set_footer("&L自评记分，以核定为准&R第 &P 页，共 &N 页")
        sheet.set_h_pagebreaks(self.plan.page_breaks)
        sheet.set_selection(places.unit_row, layout.UNIT_CELL_COL, places.unit_row, layout.UNIT_CELL_COL)

    def _heading(self, sheet: Sheet) -> None:
        book, places = self.book, self.places
        sheet.write_string(0, 0, self.form.annex, book.format(font_name=style.TITLE_FONT, font_size=12))
        title = book.format(font_name=style.TITLE_FONT, font_size=16, align="center", shrink=True)
        for row, line in enumerate(self.form.title, 1):
            sheet.spread(row, 0, row, layout.ANNEX_COLUMNS - 1, line, title)
            sheet.set_row(row, 26)
        label = book.format(font_size=11)
        box = book.format(font_size=11, bottom=1, locked=False, shrink=True)
        sheet.set_row(places.unit_row, 24)
        sheet.write_string(places.unit_row, 0, f"{self.form.unit_label}：", label)
        sheet.spread(places.unit_row, layout.UNIT_CELL_COL, places.unit_row, Col.CONTENT, self.filling.unit, box)
        sheet.write_string(
            places.unit_row, layout.PERIOD_LABEL_COL, f"{layout.PERIOD}：", book.format(font_size=11, align="right")
        )
        sheet.spread(places.unit_row, layout.PERIOD_CELL_COL, places.unit_row, Col.SCORE, self.filling.period, box)
        if len(self.form.units) <= layout.MOST_LISTED:
            self._choose_unit(sheet)
        note = book.format(text_wrap=True, valign="top", font_color=style.BLUE)
        sheet.spread(
            layout.PROGRESS_ROW + 1,
            Col.CODE,
            places.unit_row,
            Col.CHECK,
            f"填报区（不打印）　① 左侧选{self.form.unit_label}、填{layout.PERIOD}；"
            f"② “{layout.VALUE}”一列只填黄底单元格，深黄色是必填而未填的，红色是填错的；\n"
            f"③ “{layout.CHECK}”显示“{GOOD}”即可，其他文字说明缺什么、怎样改；④ 表下方填报一票否决自查和填报人；"
            f"⑤ “{layout.SCORE}”自动计算，不需填写。",
            note,
        )
        self._progress(sheet)
        official = book.format(font_name=style.TITLE_FONT, align="center", border=1, text_wrap=True, font_size=11)
        own = book.format(
            font_name=style.TITLE_FONT, align="center", border=1, bg_color=style.PALE_BLUE, font_size=11
        )
        sheet.set_row(places.header_row, HEADER_HEIGHT)
        for column, text in enumerate(layout.headings(self.form)):
            sheet.write_string(places.header_row, column, text, official if column < layout.ANNEX_COLUMNS else own)

    def _progress(self, sheet: Sheet) -> None:
        """What is still to be filled and mended, always in sight."""
        row = layout.PROGRESS_ROW
        look = self.book.format(font_name=style.TITLE_FONT, font_size=12, font_color=style.RED)
        sheet.spread(row, Col.CODE, row, Col.CHECK, "", look)
        sheet.put(row, Col.CODE, Formula(self.plan.progress, self.shown.progress), look)
        done = f'={cell_name(row, Col.CODE, fixed=True)}="{DONE}"'
        self._highlight(sheet, [row], Col.CODE, done, font_color=style.GREEN)

    def _choose_unit(self, sheet: Sheet) -> None:
        """A drop-down of the form's units."""
        places = self.places
        first, column = layout.GUIDE_UNITS_ROW, layout.GUIDE_UNITS_COL
        ends = (cell_name(row, column, fixed=True) for row in (first, first + len(self.form.units) - 1))
        sheet.validate(
            places.unit_row,
            places.unit_row,
            layout.UNIT_CELL_COL,
            {
                "validate": "list",
                "source": f"={sheet_cell(layout.GUIDE_SHEET, ':'.join(ends))}",
                "input_title": self.form.unit_label,
                "input_message": "请从下拉列表选择本单位。",
                "error_title": "不是考核对象",
                "error_message": f"请从下拉列表选择{self.form.unit_label}，名称须与考核对象名单一致。",
            },
        )

    def _annex(self, sheet: Sheet) -> None:
        book, places = self.book, self.places
        middle = book.format(border=1, text_wrap=True, align="center")
        for column, spans, align in (
            (Col.SECTION, places.section_spans(), "left"),
            (Col.METHOD, places.method_spans(), "center"),
            (Col.CONTENT, places.content_spans(), "left"),
        ):
            for span in spans:
                parted = any(span.first < row <= span.last for row in self.plan.page_breaks)
                size = Paper.size(*span, column)
                valign = "top" if parted else "vcenter"
                look = book.format(border=1, text_wrap=True, align=align, valign=valign, font_size=size)
                sheet.spread(span.first, column, span.last, column, span.text, look)
        score = book.format(border=1, align="center", num_format="0.00", bold=True)
        for item in self.form.items:
            first, last = places.item_span(item)
            size = Paper.size(first, last, item.text, Col.CRITERIA)
            left = book.format(border=1, text_wrap=True, font_size=size)
            sheet.spread(first, Col.CRITERIA, last, Col.CRITERIA, item.text, left)
            sheet.spread(first, Col.POINTS, last, Col.POINTS, item.points_text, middle)
            sheet.spread(first, Col.SCORE, last, Col.SCORE, "", score)
            sheet.put(first, Col.SCORE, Formula(self.plan.scores[item.code], self.shown.scores[item.code]), score)

    def _facts(self, sheet: Sheet) -> None:
        """A row a fact: what it is, its cell, what the form says of that, how to fill it, 佐证说明."""
        book, plan, evidence = self.book, self.plan, self.filling.evidence
        middle, text = book.format(align="center", **GRID), book.format(text_wrap=True, **GRID)
        advice = book.format(text_wrap=True, font_color=style.GREY, **GRID)
        verdict = book.format(text_wrap=True, font_color=style.RED, **GRID)
        box = {"align": "center", "bg_color": style.INPUT, "locked": False, "bold": True, **GRID}
        boxes = {each: book.format(num_format=each, **box) for each in plan.formats}
        open_text = book.format(text_wrap=True, bg_color=style.INPUT, locked=False, font_size=EVIDENCE_SIZE, **GRID)
        for fact in self.form.facts:
            key = fact.key
            row = self.places.rows[key]
            sheet.put(row, Col.CODE, fact.code, middle)
            sheet.put(row, Col.FACT, fact.label, text)
            sheet.put(row, Col.VALUE, self._typed(fact), boxes[fact.kind.format])
            sheet.put(row, Col.CHECK, Formula(plan.checks[key], self.checks[key]), verdict)
            sheet.put(row, Col.ADVICE, plan.advice[key], advice)
            sheet.put(row, Col.EVIDENCE, evidence.get(key, ""), open_text)
            sheet.validate(row, row, Col.VALUE, plan.validations[key])
        self._taken(sheet)
        for key, fault in self.faults.items():
            if key in self.places.rows:
                words = clean(f"{fault.text}\n{fault.remedy}")
                note = {"author": "考核办", "x_scale": 2, "y_scale": 1.3}
                sheet.write_comment(self.places.rows[key], Col.VALUE, words, note)
        for key, said in evidence.items():
            needed = EVIDENCE_LINE * style.lines(said, WIDTHS[Col.EVIDENCE], EVIDENCE_SIZE)
            if needed > plan.heights[row := self.places.rows[key]]:
                sheet.set_row(row, min(style.MOST_HEIGHT, needed))

    def _taken(self, sheet: Sheet) -> None:
        """A grey row shows what was filled for an earlier item, and takes no entry."""
        book = self.book
        grey = {"bg_color": style.NEEDLESS, **GRID}
        middle, text = book.format(align="center", **grey), book.format(text_wrap=True, **grey)
        advice = book.format(text_wrap=True, font_color=style.GREY, **grey)
        for row, (item, fact) in self.places.taken.items():
            value = book.format(align="center", num_format=fact.kind.format, **grey)
            if isinstance(fact, Subtotal):
                typed: str | float | None = self.shown.subtotal(fact)
            else:
                typed = self._computed(fact) if isinstance(fact, Computed) else self._typed(fact)
            sheet.put(row, Col.CODE, item.code, middle)
            sheet.put(row, Col.FACT, item.label(fact), text)
            sheet.put(row, Col.VALUE, Formula(self.plan.taken[row], "" if typed is None else typed), value)
            sheet.put(row, Col.CHECK, None, text)
            sheet.put(row, Col.ADVICE, layout.taken_advice(fact), advice)
            sheet.put(row, Col.EVIDENCE, None, text)

    def _computed(self, fact: Computed) -> str | float | None:
        """What the row of a computed fact shows; nothing while a figure is lacking."""
        known = {each.key: each.entered(self.filling.entries.get(each.key)) for each in fact.parts}
        numbers = {key: value for key, value in known.items() if isinstance(value, int)}
        if len(numbers) < len(known):
            return None
        return fact.entry(fact.value(numbers))

    def _typed(self, fact: Fact) -> str | float | None:
        """What stands in the 填报值 cell."""
        raw = self.filling.entries.get(fact.key)
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return raw
        return None if is_blank(raw) else shown(raw)

    def _highlights(self, sheet: Sheet) -> None:
        """What 校验 says shows in colours: rows share their rules, a row with more has its own."""
        own = self._own_rules()
        for rows in ([row for row in self.places.rows.values() if row not in own], *([row] for row in own)):
            check = f"${cell_name(rows[0], Col.CHECK)}"
            for criteria, look in own.get(rows[0], ()):
                self._highlight(sheet, rows, Col.VALUE, criteria, **look)
            self._highlight(sheet, rows, Col.VALUE, f'={check}="{UNFILLED}"', bg_color=style.MISSING)
            self._highlight(sheet, rows, Col.VALUE, f'={check}="{NOT_NEEDED}"', bg_color=style.NEEDLESS)
            self._highlight(sheet, rows, Col.VALUE, f"={verdicts.wrong(check)}", bg_color=style.FAULT)
        contact_rows = list(range(self.places.contacts_row, self.places.remark_row))
        wrong = verdicts.wrong(f"${cell_name(contact_rows[0], Col.CHECK)}")
        self._highlight(sheet, contact_rows, Col.VALUE, f"={wrong}", bg_color=style.FAULT)
        rows = [*self.places.rows.values(), *contact_rows]
        fine = verdicts.fine(f"${cell_name(rows[0], Col.CHECK)}")
        self._highlight(sheet, rows, Col.CHECK, f"={fine}", font_color=style.GREEN)

    def _own_rules(self) -> dict[int, list[tuple[str, dict[str, str]]]]:
        """By row: what marks a limit that is exceeded, a fault until it is mended."""
        places = self.places
        rules: dict[int, list[tuple[str, dict[str, str]]]] = {}

        def add(fact: Fact, criteria: str, **look: str) -> None:
            rules.setdefault(places.rows[fact.key], []).append((criteria, look))

        for fact in self.form.facts:
            cell = places.value_cell(fact)
            if fact.limit:
                add(fact.limit, f"={fact.over(places.check_cell)}", bg_color=style.FAULT)
            if fact.key in self.faults:
                if self.checks[fact.key] == UNFILLED:
                    add(fact, f'={places.check_cell(fact)}="{UNFILLED}"', bg_color=style.FAULT)
                elif verdicts.is_fine(self.checks[fact.key]):  # what only the office's reading found
                    add(fact, f"={cell}={_literal(self._typed(fact))}", bg_color=style.FAULT)
        return rules

    def _highlight(self, sheet: Sheet, rows: list[int], column: int, criteria: str, **look: str) -> None:
        """Another look for the cells of a column where a condition holds, written for the first of the rows."""
        rule = {"type": "formula", "criteria": criteria, "format": self.book.difference(**look)}
        if len(rows) > 1:
            name = column_letter(column)
            rule["multi_range"] = " ".join(f"{name}{first + 1}:{name}{last + 1}" for first, last in _runs(rows))
        sheet.conditional_format(rows[0], column, rows[0], column, rule)

    def _below(self, sheet: Sheet) -> None:
        """自评合计, the declarations' heading, contacts and the version line: none of it is printed."""
        book, places = self.book, self.places
        label = book.format(font_name=style.TITLE_FONT, align="right", text_wrap=True)
        ranked = "、".join(item.code for item in self.form.items if item.ranked)
        office = sum(any(fact.office for fact in item.looks_at) for item in self.form.items)
        notes = ["不含未填、有误的"]
        notes += [f"不含{RANKED}的{ranked}"] if ranked else []
        notes += [f"不含显示“{OPEN}”的，考核办填报的共{office}项"] if office else []
        notes += ["已按权重折算"] if self.form.weighed else []
        notes += [f"最多计{plain(self.form.cap)}分"] if self.form.cap is not None else []
        text = f"{layout.TOTAL}（{'，'.join(notes)}）" if notes else layout.TOTAL
        sheet.spread(places.total_row, 0, places.total_row, Col.POINTS, text, label)
        total = book.format(bold=True, align="center", num_format="0.00", border=1)
        sheet.put(places.total_row, Col.SCORE, Formula(self.plan.total, self.shown.total()), total)
        sheet.set_row(places.total_row, 7 + 15 * style.lines(text, sum(WIDTHS[: Col.SCORE])))
        sheet.set_row(places.veto_row, 22)
        sheet.write_string(
            places.veto_row,
            Col.CODE,
            "一票否决自查（请如实选填；瞒报一经核实，取消评优资格并追责）",
            book.format(font_name=style.TITLE_FONT, font_color=style.RED),
        )
        self._contacts(sheet)
        row = places.remark_row
        sheet.set_row(row, 44)
        sheet.write_string(row, Col.FACT, f"{layout.REMARK}：", book.format(align="right"))
        wide = book.format(border=1, bg_color=style.INPUT, locked=False, num_format="@", text_wrap=True)
        sheet.spread(row, Col.VALUE, row, Col.EVIDENCE, self.filling.remark, wide)
        sheet.write_string(
            places.version_row,
            Col.CODE,
            layout.version_text(self.scheme, self.form),
            book.format(font_size=8, font_color=style.GREY),
        )

    def _contacts(self, sheet: Sheet) -> None:
        """Who filled the form in, each entry checked like a fact."""
        book, places = self.book, self.places
        box = book.format(bg_color=style.INPUT, locked=False, num_format="@", text_wrap=True, **GRID)
        label, verdict = book.format(align="right"), book.format(text_wrap=True, font_color=style.RED)
        for row, name in enumerate(layout.CONTACTS, places.contacts_row):
            sheet.set_row(row, 30)
            sheet.put(row, Col.FACT, f"{name}：", label)
            sheet.put(row, Col.VALUE, self.filling.contacts.get(name, ""), box)
            sheet.put(row, Col.CHECK, Formula(self.plan.contact_checks[name], self.shown.contacts[name]), verdict)
            prompt = {"validate": "any", "input_title": name, "input_message": f"请填{contacts.asked(name)}。"}
            sheet.validate(row, row, Col.VALUE, prompt)


def _literal(typed: str | float | None) -> str:
    """What stands in a cell, in a formula that compares it."""
    if isinstance(typed, str):
        return '"' + typed[:MOST_LIST].replace('"', '""') + '"'
    return '""' if typed is None else repr(typed)


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Rows as stretches without a gap, each by its first and last."""
    runs: list[tuple[int, int]] = []
    for row in sorted(rows):
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs

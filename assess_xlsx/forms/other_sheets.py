"""The sheets around 评分表: what to mend, how to fill, what to sign. Nothing on them is read for a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx import layout
from assess_xlsx.entries import is_blank, shown
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, cell_name, sheet_cell
from assess_xlsx.forms import verdicts
from assess_xlsx.forms.plan import DONE, OPEN, left_blank
from assess_xlsx.layout import Col
from assess_xlsx.scheme.answer_kinds import Choice
from assess_xlsx.scheme.facts import NOT_NEEDED, OFFICE, UNFILLED
from assess_xlsx.scheme.rules.base import RANKED
from assess_xlsx.scheme.rules.factor import OF_UNIT, ONCE

if TYPE_CHECKING:
    from assess_xlsx.excel.write import Book, Format, Sheet
    from assess_xlsx.forms.plan import Plan
    from assess_xlsx.forms.shown import Shown
    from assess_xlsx.scheme.model import Scheme

FAULT_WIDTHS = (6, 10, 24, 50, 50, 8)
"""Of 修改说明."""
SIGN_WIDTHS = (11, 44, 26, 8)
"""Of 签章页."""
MEND = f"请照“{layout.CHECK}”改正；不用填的请清空。"
LINE = "＿＿＿＿"
"""Where to write by hand."""


class Pages:
    """Draws a form's further sheets, in the order in which its methods are called."""

    def __init__(self, scheme: Scheme, plan: Plan, shown: Shown, book: Book) -> None:
        self.scheme, self.form, self.plan, self.places = scheme, plan.form, plan, plan.places
        self.shown, self.filling, self.book = shown, shown.filling, book

    # ── 修改说明 ──

    def faults(self) -> None:
        """The first sheet of a form that goes back: what is wrong, how to mend it, a link to each cell."""
        book, sheet = self.book, self.book.sheet(layout.FAULT_SHEET)
        sheet.headline(layout.FAULT_SHEET, 6, book.format(font_name=style.TITLE_FONT, font_size=16))
        listed = self._to_mend()
        told = (
            f"{self.filling.unit}：下列 {len(listed)} 处填报需要修改。"
            f"其余内容已填入“{layout.FORM_SHEET}”，能读懂的写法（如“3项”）已改成规范的写法。"
            f"红底的单元格就是要改的地方，点“前往”即到；改好后红色消失，请把本文件发回{self._sent_back()}。"
        )
        sheet.spread(1, 0, 1, 5, told, book.format(text_wrap=True, font_size=11))
        sheet.set_row(1, 10 + 16 * style.lines(told, sum(FAULT_WIDTHS), 11))
        head = book.format(font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_BLUE)
        sheet.set_widths(FAULT_WIDTHS)
        sheet.put_row(2, ("序号", layout.CODE, layout.FACT, layout.PROBLEM, layout.REMEDY, "位置"), head)
        text, middle = book.format(border=1, text_wrap=True), book.format(border=1, align="center")
        link = book.format(border=1, align="center", font_color="#0563C1", underline=1)
        for row, (code, label, what, remedy, cell) in enumerate(listed, 3):
            sheet.put(row, 0, row - 2, middle)
            for column, said in enumerate((code, label, what, remedy), 1):
                sheet.put(row, column, said, text)
            sheet.write_blank(row, 5, None, middle)
            if cell:
                sheet.write_url(row, 5, f"internal:{sheet_cell(layout.FORM_SHEET, cell)}", link, "前往")
            sheet.set_row(row, 8 + 15 * max(map(style.lines, (label, what, remedy), FAULT_WIDTHS[2:])))
        sheet.freeze_panes(3, 0)
        sheet.print_on_a4(landscape=True, header_row=2)

    def _to_mend(self) -> list[tuple[str, str, str, str, str]]:
        """指标编号, 填报项, 问题, 处理办法 and cell: the 错误, then whatever else 校验 of this form calls wrong."""
        facts, cell_of = self.form.by_key, self.places.value_cell
        listed, known = [], set()
        for each in self.filling.faults:
            fact = facts.get(key := f"{each.place.code} {each.place.fact}")
            known.add(key)
            listed.append((each.place.code, each.place.fact, each.text, each.remedy, cell_of(fact) if fact else ""))
        others = [
            (fact.code, fact.label, self.shown.checks[key], cell_of(fact))
            for key, fact in facts.items()
            if key not in known
        ]
        for row, (name, check) in enumerate(self.shown.contacts.items(), self.places.contacts_row):
            others.append(("", name, check, cell_name(row, Col.VALUE)))
        for code, label, check, cell in others:
            if verdicts.is_wrong(check):
                listed.append((code, label, f"“{layout.CHECK}”显示：{check}。", MEND, cell))
        return listed

    # ── 填报说明 ──

    def guide(self) -> None:
        """How to fill the form, on one page; what the drop-down offers stands beside it, and is not printed."""
        book, sheet = self.book, self.book.sheet(layout.GUIDE_SHEET)
        sheet.set_widths((5, 78, 4, 6, 28))
        sheet.headline("填报说明（一分钟看懂）", 2, book.format(font_name=style.TITLE_FONT, font_size=16))
        wrap = book.format(text_wrap=True, font_size=11, valign="top")
        head = book.format(font_name=style.TITLE_FONT, font_size=11, bg_color=style.PALE_BLUE)
        row = 1
        for title, texts in self._guide_texts():
            sheet.spread(row, 0, row, 1, title, head)
            sheet.set_row(row, 22)
            for number, text in enumerate(texts, 1):
                row += 1
                sheet.put(row, 0, number, book.format(font_size=11, align="center", valign="top"))
                sheet.put(row, 1, text, wrap)
                sheet.set_row(row, 5 + 16 * style.lines(text, 78, 11))
            row += 1
        if len(self.form.units) <= layout.MOST_LISTED or self.form.factored:
            self._units(sheet, head)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.print_on_a4(one_page=True)
        sheet.print_area(0, 0, row - 1, 1)

    def _units(self, sheet: Sheet, head: Format) -> None:
        """The names that the drop-down offers."""
        book, row, column = self.book, layout.GUIDE_UNITS_ROW, layout.GUIDE_UNITS_COL
        sheet.spread(row - 1, column - 1, row - 1, column, "本表适用单位（下拉列表的来源）", head)
        for offset, unit in enumerate(self.form.units):
            sheet.put(row + offset, column - 1, unit.number, book.format(align="center"))
            sheet.put(row + offset, column, unit.name, book.format())
        if self.form.factored:
            factor = layout.GUIDE_FACTOR_COL
            sheet.set_column(column, column, 44)  # the longest name, whose cell another follows
            sheet.set_column(factor, factor, 8)
            sheet.put(row - 1, factor, OF_UNIT.label, head)
            for offset, unit in enumerate(self.form.units):
                sheet.put(row + offset, factor, unit.factor / ONCE, book.format(align="center"))

    def _guide_texts(self) -> list[tuple[str, list[str]]]:
        label, adjusted = self.form.unit_label, self.form.adjustments
        factored = "、".join(item.code for item in self.form.items if item.factored and not item.ranked)
        multiplied = f"；{factored} 的记分已乘以本单位的系数，各单位的系数见右侧名单" if factored else ""
        choose = "的下拉列表选" if len(self.form.units) <= layout.MOST_LISTED else "填"
        needed = next((fact for fact in self.form.facts if fact.only_with), None)
        example = ""
        if needed and needed.only_with:
            example = f"（例如{needed.only_with.text()}时才填“{needed.label}”）"
        return [
            (
                "三步填完",
                [
                    f"在“{layout.FORM_SHEET}”左上角{choose}{label}，填写{layout.PERIOD}。",
                    f"从上到下填右侧“{layout.VALUE}”一列的黄底单元格：填法写在旁边，点一下单元格也会提示。"
                    "深黄色的是必填而未填的，填好就变浅；红色的是填错的，改对就消失。",
                    "表下方回答一票否决自查，填写填报人、联系电话、负责人（也可打印后在签章页上手写）。"
                    f"表头上方显示“{DONE}”，就填完了；打印“{layout.SIGN_SHEET}”签字盖章，把本文件发回{self._sent_back()}。",
                ],
            ),
            (
                "怎样填",
                [
                    "是否、选项：从下拉列表选。次数：填整数，没有发生的填 0，不要写“3次”“无”。"
                    "百分比：填 95% 这样的数。面积等数值：只填数字，不写单位。",
                    "从别处复制来的，请只粘贴数值：在单元格上点右键，选“选择性粘贴”→“数值”（WPS 是“粘贴为数值”）。"
                    "直接粘贴会盖掉下拉列表和提示，一次不要粘贴多列。",
                    f"没有的事项填 0，不要空着；空着就是“{UNFILLED}”，该指标暂不记分。加分项没有的可以不填。",
                    f"“{layout.CHECK}”显示“{NOT_NEEDED}”的不用填{example}。",
                    f"注明“{OFFICE}”的，由考核办按平时考核、日常巡查掌握的情况填报，单位可以自查填写，也可以不填。",
                    f"“{layout.EVIDENCE}”写材料名称、文号、网址等，便于核查，可不填；300 字以内、不分段的都能看全。",
                ],
            ),
            (
                "请注意",
                [
                    "“记分”自动计算，是自评分，只作对照，以考核办核定为准；"
                    f"要与其他单位比较的指标显示“{RANKED}”，要由考核办填报的显示“{OPEN}”{multiplied}。",
                    "表格已锁定（没有密码），请不要撤销保护、增删行列或改写指标编号，以免数据读错。",
                    "直接打印“评分表”即为正式附件，只含左侧六列。一个单位只报一份；"
                    "报错了改好重发即可，以最后保存的一份为准。",
                ],
            ),
            *([("总分怎样调整", [f"{each.text}。" for each in adjusted])] if adjusted else []),
        ]

    def _sent_back(self) -> str:
        """Until when to whom, as far as the scheme knows it."""
        day, ways = self.scheme.round.deadline, self.scheme.round.ways()
        until = f"，{day.year}年{day.month}月{day.day}日前报送" if day else ""
        return f"考核办{f'（{ways}）' if ways else ''}{until}"

    # ── 签章页 ──

    def sign_page(self) -> None:
        """What was declared, to be signed; a warning while something is missing or wrong."""
        book, sheet, form = self.book, self.book.sheet(layout.SIGN_SHEET), self.form
        sheet.hide_gridlines(2)
        sheet.set_widths(SIGN_WIDTHS)
        title = book.format(font_name=style.TITLE_FONT, font_size=14, align="center", shrink=True)
        for row, line in enumerate((*form.title, "填报数据确认表")):
            sheet.spread(row, 0, row, len(SIGN_WIDTHS) - 1, line, title)
            sheet.set_row(row, 22)
        row = len(form.title) + 1
        self._whose(sheet, row)
        self._warning(sheet, row + 1)
        header_row = row + 2
        head = book.format(font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_GREY)
        sheet.put_row(header_row, (*layout.SIGN_HEADINGS, layout.SIGN_MEASURE), head)
        self._declared(sheet, header_row + 1)
        self._signatures(sheet, header_row + 1 + len(form.facts))
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.print_on_a4(header_row=header_row, one_page=True)

    def _whose(self, sheet: Sheet, row: int) -> None:
        """考核单位 and 考核时间."""
        look, places, filling = self.book.format(font_size=11), self.places, self.filling
        for column, label, cell, said in (
            (0, self.form.unit_label, layout.UNIT_CELL_COL, filling.unit),
            (2, layout.PERIOD, layout.PERIOD_CELL_COL, filling.period),
        ):
            source = sheet_cell(layout.FORM_SHEET, cell_name(places.unit_row, cell))
            sheet.put(row, column, Formula(f'="{label}："&{source}', f"{label}：{said}"), look)

    def _warning(self, sheet: Sheet, row: int) -> None:
        """What the form's own frozen rows say; in red and with what to do, while there is something."""
        look = self.book.format(font_name=style.TITLE_FONT, font_size=11, font_color=style.RED)
        sheet.set_row(row, 20)
        source = sheet_cell(layout.FORM_SHEET, self.places.progress_cell)
        first, last = "填报未完成：", "。请填完、改正后再打印签字盖章。"
        said = self.shown.progress if self.shown.progress == DONE else f"{first}{self.shown.progress}{last}"
        sheet.put(row, 0, Formula(f'=IF({source}="{DONE}",{source},"{first}"&{source}&"{last}")', said), look)
        done = {"type": "formula", "criteria": f'={cell_name(row, 0, fixed=True)}="{DONE}"'}
        sheet.conditional_format(row, 0, row, 0, done | {"format": self.book.difference(font_color=style.GREY)})

    def _declared(self, sheet: Sheet, first_row: int) -> None:
        """Each fact with its value and unit, or which kind of blank it is."""
        book, plan, checks, entries = self.book, self.plan, self.shown.checks, self.filling.entries
        centre, left = book.format(border=1, align="center"), book.format(border=1, text_wrap=True)
        looks = {"border": 1, "align": "center", "text_wrap": True}
        value = {each: book.format(num_format=each, **looks) for each in plan.formats}
        for row, fact in enumerate(self.form.facts, first_row):
            said: float | str = left_blank(fact, checks[fact.key])
            if not is_blank(raw := entries.get(fact.key)):
                said = raw if isinstance(raw, int | float) and not isinstance(raw, bool) else shown(raw)
            sheet.put(row, 0, fact.code, centre)
            sheet.put(row, 1, fact.label, left)
            sheet.put(row, 2, Formula(plan.declarations[fact.key], said), value[fact.kind.format])
            sheet.put(row, 3, plan.measures[fact.key], centre)
            answers = fact.kind.options if isinstance(fact.kind, Choice) else ()
            lines = [style.lines(each, SIGN_WIDTHS[2]) for each in answers]
            sheet.set_row(row, 1 + 15 * max(style.lines(fact.label, SIGN_WIDTHS[1]), *lines, 1))

    def _signatures(self, sheet: Sheet, row: int) -> None:
        """Who filled it in, who answers for it, and room for a seal."""
        look = self.book.format(font_size=11)
        promise = "以上数据真实、准确、完整，如有弄虚作假，愿承担相应责任。"
        sheet.put(row, 0, promise, look)
        sheet.set_row(row, 26)
        for offset, name in enumerate(layout.CONTACTS):
            line, said = row + 1 + offset, self.filling.contacts.get(name, "")
            source = sheet_cell(layout.FORM_SHEET, cell_name(self.places.contacts_row + offset, Col.VALUE))
            sheet.set_row(line, 40)
            if name == layout.HEAD:
                formula = f'="{name}（签字）：{LINE}"&IF({source}="","","（"&{source}&"）")'
                signed = f"{name}（签字）：{LINE}{f'（{said}）' if said else ''}"
            else:
                formula, signed = f'="{name}："&IF({source}="","{LINE}",{source})', f"{name}：{said or LINE}"
            sheet.put(line, 0, Formula(formula, signed), look)
        sheet.put(row + 1, 2, "单位（盖章）：", look)
        sheet.put(row + len(layout.CONTACTS), 2, "　　　年　　月　　日", look)

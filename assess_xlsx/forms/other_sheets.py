"""The sheets around 评分表: what to mend, how to fill, what to sign. Nothing on them is read for a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx import layout
from assess_xlsx.entries import is_blank, shown
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.layout import Col, FormLayout
from assess_xlsx.scheme.facts import NOT_NEEDED, OFFICE

if TYPE_CHECKING:
    from assess_xlsx.excel.write import Book, Format, Sheet
    from assess_xlsx.forms.filling import Filling
    from assess_xlsx.scheme.model import Form


class Pages:
    """Draws a form's further sheets, in the order in which its methods are called."""

    def __init__(self, form: Form, filling: Filling, book: Book) -> None:
        self.form, self.filling, self.book = form, filling, book
        self.places = FormLayout.of(form)

    # ── 修改说明 ──

    def faults(self) -> None:
        """The first sheet of a form that goes back: what is wrong, how to mend it, a link to each cell."""
        book, sheet = self.book, self.book.sheet(layout.FAULT_SHEET)
        sheet.headline(layout.FAULT_SHEET, 6, book.format(font_name=style.TITLE_FONT, font_size=16))
        told = (
            f"{self.filling.unit}：下列 {len(self.filling.faults)} 处填报需要修改。"
            f"其余内容已照原样填入“{layout.FORM_SHEET}”，红底的单元格就是要改的地方，点“前往”即到；改好后红色消失，请把本文件发回考核办。"
        )
        sheet.spread(1, 0, 1, 5, told, book.format(text_wrap=True, font_size=11))
        sheet.set_row(1, 40)
        head = book.format(font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_BLUE)
        sheet.set_widths((6, 10, 24, 50, 50, 8))
        sheet.put_row(2, ("序号", layout.CODE, layout.FACT, "问题", "处理办法", "位置"), head)
        text, middle = book.format(border=1, text_wrap=True), book.format(border=1, align="center")
        link = book.format(border=1, align="center", font_color="#0563C1", underline=1)
        for number, fault in enumerate(self.filling.faults, 1):
            row, place = 2 + number, fault.place
            sheet.put(row, 0, number, middle)
            for column, cell in enumerate((place.code, place.fact, fault.text, fault.remedy), 1):
                sheet.put(row, column, cell, text)
            sheet.write_blank(row, 5, None, middle)
            fact = self.form.by_key.get(f"{place.code} {place.fact}")
            if fact:
                sheet.write_url(
                    row,
                    5,
                    f"internal:{layout.sheet_cell(layout.FORM_SHEET, self.places.value_cell(fact))}",
                    link,
                    "前往",
                )
            height = max(style.lines(fault.text, 50), style.lines(fault.remedy, 50), style.lines(place.fact, 24))
            sheet.set_row(row, 8 + 15 * height)
        sheet.freeze_panes(3, 0)
        sheet.print_on_a4(landscape=True, header_row=2)

    # ── 填报说明 ──

    def guide(self) -> None:
        book, sheet = self.book, self.book.sheet(layout.GUIDE_SHEET)
        sheet.set_widths((5, 78))
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
        if len(self.form.units) <= layout.MOST_LISTED:
            self._units(sheet, head)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.print_on_a4()

    def _units(self, sheet: Sheet, head: Format) -> None:
        """The names that the drop-down offers."""
        book = self.book
        sheet.spread(
            layout.GUIDE_UNITS_ROW - 1, 0, layout.GUIDE_UNITS_ROW - 1, 1, "本表适用单位（下拉列表的来源）", head
        )
        for offset, unit in enumerate(self.form.units):
            sheet.put(layout.GUIDE_UNITS_ROW + offset, 0, unit.number, book.format(align="center"))
            sheet.put(layout.GUIDE_UNITS_ROW + offset, layout.GUIDE_UNITS_COL, unit.name, book.format())

    def _guide_texts(self) -> list[tuple[str, list[str]]]:
        label = self.form.unit_label
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
                    "从上到下填右侧“填报值”一列的黄底单元格：填法写在旁边，点一下单元格也会提示。"
                    "深黄色的是必填而未填的，填好就变浅。",
                    "表下方回答一票否决自查，填写填报人、联系电话、负责人。"
                    f"“校验”一列没有红字了，就填完了；打印“{layout.SIGN_SHEET}”签字盖章，把本文件发回考核办。",
                ],
            ),
            (
                "怎样填",
                [
                    "是否、选项：从下拉列表选。次数：填整数，没有发生的填 0，不要写“3次”“无”。"
                    "百分比：填 95% 这样的数。面积等数值：只填数字，不写单位。",
                    "没有的事项填 0，不要空着；空着就是“未填写”，该指标暂不记分。加分项没有的可以不填。",
                    f"“校验”显示“{NOT_NEEDED}”的不用填{example}。",
                    f"注明“{OFFICE}”的，由考核办按平时考核、日常巡查掌握的情况填报，单位可以自查填写，也可以不填。",
                    "“佐证说明”写材料名称、文号、网址等，便于核查，可不填。",
                ],
            ),
            (
                "请注意",
                [
                    "“记分”自动计算，是自评分，只作对照，以考核办核定为准；要与其他单位比较的指标显示“待排名”。",
                    "表格已锁定（没有密码），请不要撤销保护、增删行列或改写指标编号，以免数据读错。",
                    "直接打印“评分表”即为正式附件，只含左侧六列。一个单位只报一份；"
                    "报错了改好重发即可，以最后保存的一份为准。",
                ],
            ),
        ]

    # ── 签章页 ──

    def sign_page(self) -> None:
        book, sheet = self.book, self.book.sheet(layout.SIGN_SHEET)
        places, form = self.places, self.form
        sheet.hide_gridlines(2)
        sheet.set_widths((11, 44, 30))
        title = book.format(font_name=style.TITLE_FONT, font_size=14, align="center")
        for row, line in enumerate((*form.title, "填报数据确认表")):
            sheet.spread(row, 0, row, 2, line, title)
            sheet.set_row(row, 22)
        row = len(form.title) + 1
        plain_text = book.format(font_size=11)
        unit_cell = cell_name(places.unit_row, layout.UNIT_CELL_COL)
        period_cell = cell_name(places.unit_row, layout.PERIOD_CELL_COL)
        filling = self.filling
        sheet.spread(row, 0, row, 1, "", plain_text)
        label = f"{form.unit_label}："
        sheet.write_formula(
            row, 0, f'="{label}"&{layout.sheet_cell(layout.FORM_SHEET, unit_cell)}', plain_text, label + filling.unit
        )
        sheet.write_formula(
            row,
            2,
            f'="{layout.PERIOD}："&{layout.sheet_cell(layout.FORM_SHEET, period_cell)}',
            plain_text,
            f"{layout.PERIOD}：{filling.period}",
        )
        row += 1
        head = book.format(font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_GREY)
        header_row = row
        sheet.put_row(row, layout.SIGN_HEADINGS, head)
        centre, left = book.format(border=1, align="center"), book.format(border=1, text_wrap=True)
        for fact in form.facts:
            row += 1
            sheet.put(row, 0, fact.code, centre)
            sheet.put(row, 1, fact.label, left)
            source = layout.sheet_cell(layout.FORM_SHEET, places.value_cell(fact))
            raw = filling.entries.get(fact.key)
            cached: float | str = "" if is_blank(raw) else shown(raw)
            if isinstance(raw, int | float) and not isinstance(raw, bool):
                cached = raw
            value = book.format(border=1, align="center", num_format=fact.kind.format)
            sheet.write_formula(row, 2, f'=IF({source}="","",{source})', value, cached)
            sheet.set_row(row, 16)
        row += 1
        promise = "以上数据真实、准确、完整，如有弄虚作假，愿承担相应责任。"
        sheet.spread(row, 0, row, 2, promise, book.format(font_size=11))
        sheet.set_row(row, 26)
        for offset, name in enumerate(layout.CONTACTS):
            source = layout.sheet_cell(layout.FORM_SHEET, cell_name(places.contacts_row + offset, Col.VALUE))
            row += 1
            value = f"{name}：{filling.contacts.get(name, '')}"
            sheet.write_formula(row, 1, f'="{name}："&{source}', plain_text, value)
            sheet.set_row(row, 24)
        sheet.put(row - 1, 2, "单位（盖章）：", plain_text)
        sheet.put(row, 2, "      年    月    日", plain_text)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.print_on_a4(header_row=header_row)
        sheet.fit_to_pages(1, 1)

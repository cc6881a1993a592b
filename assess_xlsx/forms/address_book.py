"""Writes a blank 通讯录: a row a unit, to whom its letters go. Nothing is read back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assess_xlsx import layout
from assess_xlsx.excel import style
from assess_xlsx.excel.write import Book

if TYPE_CHECKING:
    import io
    from pathlib import Path

    from assess_xlsx.scheme.model import Scheme

NOTE = (
    "发邮件用，只留在考核办。一个单位一行；邮箱有几个的，用分号“；”隔开；不发邮件的，邮箱留空。"
    "填好后和 input、output 文件夹放在一起，运行 mail draft 起草邮件。"
)
WIDTHS = (14, 18, 44, 44)
"""Of the columns behind 考核单位."""


def write(target: Path | io.BytesIO, scheme: Scheme) -> None:
    """Writes the units of the roster, in its order; the rest is for the office to fill in."""
    book = Book(target, f"{scheme.title}通讯录", dt.datetime.combine(scheme.issued, dt.time()))
    sheet = book.sheet(layout.ADDRESS_SHEET)
    widths = (style.fitted([unit.name for unit in scheme.units], least=18), *WIDTHS)
    sheet.set_widths(widths)
    columns = len(layout.ADDRESS_COLUMNS)
    sheet.spread(0, 0, 0, columns - 1, NOTE, book.format(font_color=style.GREY, text_wrap=True))
    sheet.set_row(0, 6 + 15 * style.lines(NOTE, sum(widths)))
    head = book.format(font_name=style.TITLE_FONT, border=1, align="center", bg_color=style.PALE_BLUE)
    sheet.put_row(1, layout.ADDRESS_COLUMNS, head)
    sheet.set_row(1, 24)
    # text, or a spreadsheet program takes the first digit from a telephone number
    box = book.format(border=1, border_color=style.LINE, text_wrap=True, num_format="@")
    for row, unit in enumerate(scheme.units, 2):
        sheet.put_row(row, (unit.name, *("",) * (columns - 1)), box)
    sheet.freeze_panes(2, 1)
    sheet.print_on_a4(landscape=True, header_row=1)
    book.close()

"""Reads a notice in a workbook: each sheet is a table, with what stands above and below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.draft.notice import Box, Grid, Notice
from assess_xlsx.entries import in_full
from assess_xlsx.excel.read import Workbook

if TYPE_CHECKING:
    from assess_xlsx.entries import Raw
    from assess_xlsx.excel.formats import Format


def read(data: bytes, kind: Format) -> Notice:
    """The notice in a workbook; Unreadable where it cannot be read."""
    book = Workbook(data, kind)
    notice = Notice(saved=book.modified())
    for sheet in book.sheets:
        if sheet.hidden:
            notice.asides.append(f"工作表“{sheet.name}”是隐藏的，没有读；里面有考核内容的，请取消隐藏后重新运行")
            continue
        boxes = [[Box(_text(raw)) for raw in row] for row in sheet.rows]
        for (top, left), (bottom, right) in book.merged(sheet.name):
            for row in boxes[top : bottom + 1]:
                row[left : right + 1] = [boxes[top][left]] * len(row[left : right + 1])
        if any(box.text for row in boxes for box in row):
            notice.parts.append(Grid(f"工作表“{sheet.name}”", boxes, sheet=sheet.name))
    return notice


def _text(raw: Raw) -> str:
    return in_full(raw).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()

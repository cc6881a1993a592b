"""Reads a notice in .docx: paragraphs and tables as a reader of the page sees them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn

from assess_xlsx.draft.notice import Box, Grid, Line, Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = Any
"""An element of the document's XML; python-docx carries no types for it."""

_P, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
_TEXT, _BREAKS, _TAB = qn("w:t"), {qn("w:br"), qn("w:cr")}, qn("w:tab")
_CONTENT = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")}
"""What wraps paragraphs, rows or cells and is nothing by itself."""
_FRAMED, _FALLBACK = qn("w:txbxContent"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RUN, _OFF = qn("w:r"), {"0", "false", "off", "none"}
_STRUCK = (qn("w:strike"), qn("w:dstrike"), qn("w:vanish"))
_NUMBERED = qn("w:numPr")
_PROPERTIES, _SPAN, _MERGE, _VALUE = qn("w:tcPr"), qn("w:gridSpan"), qn("w:vMerge"), qn("w:val")
_ROW_PROPERTIES, _BEFORE, _AFTER = qn("w:trPr"), qn("w:gridBefore"), qn("w:gridAfter")


def read(data: bytes) -> Notice:
    """The notice in a .docx that has been found safe; raises whatever python-docx makes of a broken one."""
    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    notice = Notice(saved=document.core_properties.modified)
    paragraphs = tables = 0
    for block in _blocks(body, {_P, _TABLE}):
        if block.tag == _P:
            paragraphs += 1
            text = _text(block)
            if text:
                notice.parts.append(Line(text, f"第 {paragraphs} 段"))
        else:
            tables += 1
            notice.parts.append(Grid(f"第 {tables} 个表格", _rows(block)))
    notice.parts += [
        Line(text, "文本框")
        for frame in body.iter(_FRAMED)
        if not any(above.tag == _FALLBACK for above in frame.iterancestors())
        for text in ("\n".join(filter(None, map(_text, frame.iter(_P)))),)
        if text
    ]
    numbered = sum(1 for paragraph in body.iter(_P) if paragraph.find(f".//{_NUMBERED}") is not None)
    if numbered:
        notice.asides.append(
            f"有 {numbered} 段用了 Word 的自动编号，编号不在文字里，草稿里没有；请对照通知补上，"
            "或在 Word 里把编号改成文字后重新运行"
        )
    if any(_hidden(run) for run in body.iter(_RUN)):
        notice.asides.append("有删除线划掉的或隐藏的字，没有读；请对照通知核对")
    return notice


def _blocks(parent: Element, wanted: set[str]) -> Iterator[Element]:
    """The wanted elements of a part in their order, also inside what merely wraps them."""
    for child in parent.iterchildren():
        if child.tag in wanted:
            yield child
        elif child.tag in _CONTENT:
            yield from _blocks(child, wanted)


def _text(paragraph: Element) -> str:
    """What a paragraph says, without what is struck out, and without what floats beside it."""
    pieces: list[str] = []

    def walk(element: Element) -> None:
        for child in element.iterchildren():
            if child.tag == _TEXT:
                pieces.append(child.text or "")
            elif child.tag in _BREAKS:
                pieces.append("\n")
            elif child.tag == _TAB and element.tag == _RUN:
                pieces.append("\t")
            elif child.tag not in (_FRAMED, _FALLBACK) and not (child.tag == _RUN and _hidden(child)):
                walk(child)

    walk(paragraph)
    return "".join(pieces).strip()


def _hidden(run: Element) -> bool:
    """A run that is struck out, or not shown."""
    properties = run.find(qn("w:rPr"))
    found = [] if properties is None else [properties.find(name) for name in _STRUCK]
    return any(each is not None and each.get(_VALUE, "1") not in _OFF for each in found)


def _rows(table: Element) -> list[list[Box]]:
    """The boxes of a table; one that goes on from the row above is that one again."""
    rows: list[list[Box]] = []
    for row in _blocks(table, {_ROW}):
        properties = row.find(_ROW_PROPERTIES)
        boxes = [Box("") for _ in range(_number(properties, _BEFORE, 0))]
        for cell in _blocks(row, {_CELL}):
            about = cell.find(_PROPERTIES)
            merge = None if about is None else about.find(_MERGE)
            goes_on = merge is not None and merge.get(_VALUE, "continue") == "continue"
            above = rows[-1] if rows else []
            box = above[len(boxes)] if goes_on and len(boxes) < len(above) else Box(_cell_text(cell))
            boxes += [box] * _number(about, _SPAN, 1)
        boxes += [Box("") for _ in range(_number(properties, _AFTER, 0))]
        rows.append(boxes)
    width = max(map(len, rows), default=0)
    return [row + [Box("") for _ in range(width - len(row))] for row in rows]


def _number(properties: Element | None, name: str, default: int) -> int:
    found = None if properties is None else properties.find(name)
    return default if found is None else int(found.get(_VALUE, default))


def _cell_text(cell: Element) -> str:
    """The paragraphs of a cell, a line each, those of tables inside it too."""
    return "\n".join(_text(paragraph) for paragraph in cell.iter(_P)).strip()

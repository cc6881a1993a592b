"""The scheme in a file: its tree of tables and lists, and the model built from it. It writes none."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any

from assess_xlsx.entries import in_words
from assess_xlsx.scheme import build as scheme_build
from assess_xlsx.scheme.tree import Fault, Located, SchemeError, Unconfirmed

if TYPE_CHECKING:
    from pathlib import Path

    from assess_xlsx.scheme.model import Scheme

BUILT_IN = "taiqian-2018.toml"
PACKED = (b"PK", b"\xd0\xcf\x11\xe0", b"\x09\x08")
"""How workbooks begin."""


def tree(path: Path | None = None) -> dict[str, Any]:
    """The tables and lists of a workbook, a TOML file or the built-in scheme; SchemeError says what is wrong."""
    file = name(path)
    try:
        raw = path.read_bytes() if path else resources.files("assess_xlsx.scheme.builtin").joinpath(file).read_bytes()
    except OSError as error:
        raise SchemeError(Fault(file, f"文件打不开（{in_words(error)}）", "请检查路径")) from error
    if raw.startswith(PACKED):
        return _book(raw, file)
    try:
        return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise SchemeError(Fault(file, f"文件不是工作簿，也不是合格的 UTF-8 编码 TOML{_where(error)}")) from error


def _where(error: Exception) -> str:
    """Where a text file goes wrong, as far as its reader tells; its reasons are English."""
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    return f"：第 {found[1]} 行第 {found[2]} 列写法不对" if found else ""


def _book(raw: bytes, file: str) -> dict[str, Any]:
    """The tables of a workbook, whatever its name says."""
    from assess_xlsx.excel.formats import Format, Unreadable, identify  # noqa: PLC0415
    from assess_xlsx.excel.read import Workbook  # noqa: PLC0415
    from assess_xlsx.scheme.book import reader  # noqa: PLC0415 - the built-in scheme needs no reader of workbooks

    try:
        kind = identify(raw)
        if kind in (Format.ZIP, Format.MAIL):
            raise SchemeError(Fault(file, "是压缩包，不是考核方案", "请解压后使用里面的工作簿"))
        book = Workbook(raw, kind)
    except Unreadable as verdict:
        reason, remedy = verdict.reason, verdict.remedy.removeprefix("请单位")
        raise SchemeError(Fault(file, f"文件无法读取：{reason}", f"请{remedy.removeprefix('请')}")) from None
    if not reader.is_scheme(book):
        raise SchemeError(Fault(file, "不是考核方案的工作簿", "请用 assess-xlsx scheme export 导出的工作簿"))
    return reader.read(book, file)


def load(path: Path | None = None) -> Scheme:
    """The scheme in a file, or the built-in one; SchemeError says where it is wrong or not yet confirmed, and why."""
    scheme, open_ = examine(path)
    if open_:
        raise Unconfirmed(*open_)
    return scheme


def examine(path: Path | None = None) -> tuple[Scheme, list[Fault]]:
    """The scheme in a file, and what of it a person has still to confirm; SchemeError says where it is wrong."""
    data = tree(path)
    try:
        scheme = scheme_build.build(data, name(path))
    except SchemeError as error:
        if not isinstance(data, Located):
            raise
        from assess_xlsx.scheme.book.reader import in_order  # noqa: PLC0415 - imported when the workbook was read

        raise SchemeError(*in_order(error.faults)) from None
    return scheme, data.open if isinstance(data, Located) else []


def name(path: Path | None) -> str:
    """What messages call the file."""
    return path.name if path else BUILT_IN

"""Shortcuts past xlsxwriter's public face: the one place that calls or overrides what is private there.

What each spares a run of 1,000 forms (two cores) stands beside it.
"""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter
from isal import isal_zlib
from xlsxwriter.worksheet import Worksheet

from assess_xlsx.excel.cells import Cell, Formula, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xlsxwriter.format import Format

PACKING = 1
"""How hard workbooks are packed: about two fifths larger than by zlib's usual 6, in a fourteenth of the time."""


class _Packed(zipfile.ZipFile):
    """A workbook's parts, packed by ISA-L; its Python package offers no archive of this kind."""

    def _open_to_write(self, *given: Any, **more: Any) -> IO[bytes]:  # noqa: ANN401 - as zipfile does
        part: Any = super()._open_to_write(*given, **more)  # type: ignore[misc]  # not in the types
        part._compressor = isal_zlib.compressobj(PACKING, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)  # noqa: SLF001
        packed: IO[bytes] = part
        return packed


xlsxwriter.workbook.ZipFile = _Packed  # there is no option for it

BLOCK = 100
"""Rows handed to the file at a time."""
COPIED = 1 << 20
"""Bytes copied at a time."""

_DAY_0, _DAY = dt.datetime(1899, 12, 30), dt.timedelta(days=1)  # noqa: DTZ001 - spreadsheets know no time zones
"""Spreadsheets count days from there."""


class Shortcuts(Worksheet):  # type: ignore[misc]  # xlsxwriter carries no types
    """A worksheet that takes formulas as they are, and rows whole."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        """A formula without the search for functions that newer programs store under a prefix: ours use none.

        Writing 1,000 forms takes 70 % longer with it: 22.5 ms a form instead of 13.
        """
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: str | float, attributes: list[tuple[str, str]]) -> None:
        """A formula's cell; an empty text is one too, which xlsxwriter leaves without a type."""
        super()._xml_formula_element(formula, result, [*attributes, ("t", "str")] if result == "" else attributes)

    def rows(self, first: int, rows: Iterable[tuple[float | None, Sequence[str]]]) -> int:
        """Writes rows from the row ``first`` on, each its height and its pieces; answers the number of the last.

        What stands between the row's number in one cell's name and in the next comes back on other rows: so a row is
        its pieces joined by its number. Cell by cell, by public methods alone, ``collect`` takes 2.1 times as long
        (4.9 s instead of 2.4).
        """
        self._write_single_row(first)  # what was written cell by cell goes first
        number = first - 1
        pieces: Sequence[str] = ()
        coming = enumerate(rows, first)
        while block := list(islice(coming, BLOCK)):
            self.fh.write(
                "".join([f'{at + 1}"'.join(('<row r="', _size(height), *found)) for at, (height, found) in block])
            )
            number, (_, pieces) = block[-1]
        if pieces:
            self._check_dimensions(first, 0)
            self._check_dimensions(number, len(pieces) - 1)
            self.previous_row = number
        return number

    def pieces_of(self, look: Format, following: str | None, *, once: bool = False) -> Callable[[Cell], str]:
        """Turns the cells of a column into pieces: what stands from a row's number in a cell's name to the next.

        ``following`` is the next column's letters, none at the end of the row. ``once``: texts stand in the cell
        itself, not in the table that the workbook keeps of them.
        """
        end = "</row>" if following is None else f'<c r="{following}'
        return partial(self._text_piece if once else self._piece, look._get_xf_index(), end)  # noqa: SLF001 - as xlsxwriter does for each cell

    def _piece(self, look: int, end: str, cell: Cell) -> str:
        if isinstance(cell, str) and cell:
            index = self.str_table._get_shared_string_index(clean(cell))  # noqa: SLF001 - likewise
            return f' s="{look}" t="s"><v>{index}</v></c>{end}'
        return f"{self._unshared(cell, look)}{end}"

    def _text_piece(self, look: int, end: str, cell: Cell) -> str:
        if isinstance(cell, str) and cell:
            text = self._escape_data(clean(cell))
            return f' s="{look}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>{end}'
        return f"{self._unshared(cell, look)}{end}"

    def _unshared(self, cell: Cell, look: int) -> str:
        if cell is None or cell == "":
            return f' s="{look}"/>'
        if isinstance(cell, Formula):
            if cell.as_it_is:
                return f' s="{look}" t="str"><f>{cell.text}</f><v>{cell.value}</v></c>'
            kind = ' t="str"' if isinstance(cell.value, str) else ""
            text, value = self._escape_data(cell.text), self._escape_data(clean(str(cell.value)))
            return f' s="{look}"{kind}><f>{text}</f><v>{value}</v></c>'
        amount = (cell - _DAY_0) / _DAY if isinstance(cell, dt.datetime) else cell
        return f' s="{look}"><v>{amount:.16G}</v></c>'

    def _write_optimized_sheet_data(self) -> None:
        """The rows that went through a file, as bytes: decoded and encoded again, 50 MB of them take 0.2 s more."""
        if self.dim_rowmin is None:
            super()._write_optimized_sheet_data()
            return
        self._xml_start_tag("sheetData")
        for file in (self.fh, self.row_data_fh):
            file.flush()
        with self.row_data_fh as rows:
            rows.buffer.seek(0)
            shutil.copyfileobj(rows.buffer, self.fh.buffer, COPIED)
        Path(self.row_data_filename).unlink()
        self._xml_end_tag("sheetData")


@cache  # rows are a few heights
def _size(height: float | None) -> str:
    """What stands between a row's number and that of its first cell."""
    return '><c r="A' if height is None else f' ht="{height:.16g}" customHeight="1"><c r="A'

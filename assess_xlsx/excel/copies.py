"""Copies of a workbook that differ in one word: written once, another word put in each copy. It draws nothing."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from pathlib import Path


class Original:
    """A workbook in which one word stands for another, wherever it stands."""

    def __init__(self, workbook: bytes, word: str) -> None:
        self._mark = escape(word).encode()
        with zipfile.ZipFile(io.BytesIO(workbook)) as package:
            self._parts = [(part, package.read(part)) for part in package.infolist()]

    def copy(self, target: Path, word: str) -> None:
        """Writes the workbook with another word."""
        put = escape(word).encode()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for part, content in self._parts:
                package.writestr(part, content.replace(self._mark, put))

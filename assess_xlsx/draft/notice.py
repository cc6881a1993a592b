"""A notice as it was read: lines of text and tables in its order, whatever file it came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    import datetime as dt


class Refused(Exception):  # noqa: N818 - a verdict on a file, not a failure of the program
    """A notice that no draft can be made of, in a Chinese sentence that says what is needed."""


class Box(Struct, frozen=True, eq=False):
    """A cell of a table; one that is merged over others is the same box in all of them."""

    text: str
    """As it stands in the notice, line breaks included, without the white space around it."""


class Line(Struct, frozen=True):
    """A paragraph, or what stands above or below a table on its sheet."""

    text: str
    place: str
    """In words: ``第 12 段``, ``工作表“附件2”第 1 行``."""


class Grid(Struct, frozen=True):
    """A table: its rows, all equally wide."""

    name: str
    """In words: ``第 2 个表格``, ``工作表“附件2”``."""
    rows: list[list[Box]]
    first: int = 1
    """What people call its first row."""
    sheet: str = ""
    """The name of the sheet that it is, in a workbook."""

    def place(self, row: int) -> str:
        return f"{self.name}第 {self.first + row} 行"


class Notice(Struct):
    """Lines and tables in their order."""

    parts: list[Line | Grid] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    """What of the file could not be read, a sentence each."""
    saved: dt.datetime | None = None
    """When the file says that it was saved."""

    @property
    def lines(self) -> list[Line]:
        return [part for part in self.parts if isinstance(part, Line)]

    @property
    def grids(self) -> list[Grid]:
        return [part for part in self.parts if isinstance(part, Grid)]

"""What a cell's value does not tell: an error, a formula never calculated, how a number is shown, what is struck out.

Each file format finds its marks in its own way (``ooxml``, ``opendocument``, ``biff``). Nothing is judged here.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from assess_xlsx.entries import Percentage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assess_xlsx.entries import Raw


class Look(enum.Enum):
    """How a number format shows what stands in a cell."""

    PLAIN = "as it is"
    HUNDREDFOLD = "times a hundred, with a % sign"
    OTHERWISE = "as something else, or not at all"


class Mark(NamedTuple):
    """What is unusual about a cell."""

    error: str = ""
    """Its error value (``#N/A``)."""
    uncalculated: bool = False
    """It is a formula and no result was saved."""
    look: Look = Look.PLAIN
    shown: str | None = None
    """A number as its format shows it, where that is not the number alone: ``5万``, ``200`` for 199.6."""
    rounded: str = ""
    """A percentage as it is shown, where what stands there is another one, to two decimals of a percent (K18a)."""
    text: str | None = None
    """Of a text that is not all alike: what is not struck out, raised and lowered digits as such (``2²``)."""
    struck: bool = False
    """What is struck out is not all of ``text``, or all of the cell (then ``text`` is empty)."""


def as_seen(raw: Raw, mark: Mark) -> Raw:
    """What a person sees of a cell that holds a value."""
    if mark.error or mark.uncalculated:
        return ""
    if mark.text is not None:
        return mark.text
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return Percentage(raw) if number and mark.look is Look.HUNDREDFOLD else raw  # type: ignore[arg-type]


class Marks(Protocol):
    """The marks of one sheet."""

    def of(self, cell: str, value: object) -> Mark | None:
        """The mark of a cell (``I6``) that holds a value; None where nothing is unusual."""

    def hides(self) -> bool:
        """Some cells may read as blank and are not."""


class Listed(dict[str, Mark]):
    """Marks that were found all at once."""

    def of(self, cell: str, value: object) -> Mark | None:  # noqa: ARG002 - a mark is one whatever the value
        return self.get(cell)

    def hides(self) -> bool:
        return bool(self)


_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


class Run(NamedTuple):
    """A piece of a text that looks alike."""

    text: str
    struck: bool | None = None
    """None where it is as its cell is."""
    raised: bool = False
    lowered: bool = False


def seen(runs: Iterable[Run], *, struck: bool = False) -> Mark | None:
    """The mark of a text in pieces, in a cell that is struck out or not; None where all of it stands as it is."""
    pieces = [run._replace(struck=struck if run.struck is None else run.struck) for run in runs if run.text]
    if not any(run.struck or run.raised or run.lowered for run in pieces):
        return None
    told = [
        run.text.translate(_RAISED) if run.raised else run.text.translate(_LOWERED) if run.lowered else run.text
        for run in pieces
        if not run.struck
    ]
    # what stood on both sides of a piece that is struck out was never one number
    text = "".join(told) if not any(run.struck for run in pieces) else " ".join(each.strip() for each in told)
    return Mark(text=text.strip(), struck=any(run.struck for run in pieces))

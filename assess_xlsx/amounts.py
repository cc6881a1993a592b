"""Exact amounts. A score is a whole number of cents (1/100 point); no float ever enters (K11)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.int64]
    """One whole number a unit."""
    Mask = NDArray[np.bool_]
    """One yes or no a unit."""

CENT = 100
"""Cents in a point."""
LARGEST = 2**61
"""What 64 bits hold, with room to add and to round."""

Amount = TypeVar("Amount", int, "Column")
"""One whole number, or one a unit."""


@overload
def half_up(numerator: int, denominator: int) -> int: ...
@overload
def half_up(numerator: Column, denominator: int | Column) -> Column: ...
def half_up(numerator: int | Column, denominator: int | Column) -> int | Column:
    """The quotient rounded half up (四舍五入) to a whole number, away from zero as a spreadsheet's ROUND does.

    In integers throughout; the denominator is above 0. The project's only rounding: K11, and K18a for percentages.
    """
    size = (2 * cast("Column", abs(numerator)) + denominator) // (2 * denominator)
    return size * (1 - 2 * cast("Mask", numerator < 0))


@overload
def share(amount: int, part: int, whole: int) -> int: ...
@overload
def share(amount: int | Column, part: Column, whole: int | Column) -> Column: ...
def share(amount: int | Column, part: int | Column, whole: int | Column) -> int | Column:
    """So much of an amount as the part is of the whole, rounded half up; none below 0; exact in 64 bits.

    Amounts are below 10⁶, numbers at most 10¹⁵; their product alone may not fit, so it is taken in two steps.
    """
    thousands, rest = divmod(amount, 1000)
    product = thousands * part
    first = product // whole
    rounded: int | Column = half_up(1000 * (product - first * whole) + rest * part, whole)  # type: ignore[arg-type]
    return 1000 * first + rounded


def wide(column: Column | int) -> Any:  # noqa: ANN401 - a column that numpy's types cannot say
    """A column of Python's own numbers, which no product exceeds; one number stays as it is."""
    return column if isinstance(column, int) else column.astype(object)


def listed(column: Column | int) -> list[int]:
    """The numbers of a column; one number is a list of one."""
    return [column] if isinstance(column, int) else column.tolist()


class Exact(NamedTuple):
    """Amounts before they are rounded, one a unit: ``amount`` × ``part`` / ``whole`` cents.

    Parts and wholes that 64 bits may not hold are columns of Python's own numbers.
    """

    part: Column
    whole: Column | int = 1
    """Above 0; the number 1 where the amounts are whole cents."""
    amount: Column | int = 1

    @property
    def divided(self) -> bool:
        """There is something to round."""
        return not (isinstance(self.whole, int) and self.whole == 1)

    def fractions(self) -> list[Fraction]:
        """Each unit's cents as they are."""
        columns: Any = (each + self.part * 0 for each in self)
        numbers = zip(*(column.tolist() for column in columns), strict=True)
        return [Fraction(amount * part, whole) for part, whole, amount in numbers]

    def where(self, mask: Mask, otherwise: int | Column) -> Exact:
        """The amounts where the mask holds, elsewhere so many cents."""
        rest = mask == 0
        whole, amount = (
            each if isinstance(each, int) and each == 1 else each * mask + rest for each in (self.whole, self.amount)
        )
        return Exact(self.part * mask + otherwise * rest, whole, amount)

    def rounded(self) -> Column:
        """Cents, rounded once, half up away from zero as a spreadsheet's ROUND does."""
        if not self.divided:
            return self.amount * self.part
        amount: Any = abs(self.amount)
        rounded: Any = share(amount, abs(self.part), self.whole) * (1 - 2 * ((self.part < 0) != (self.amount < 0)))
        return cast("Column", rounded if isinstance(rounded, int) else rounded.astype("int64", copy=False))


def bounded(column: Amount, low: int | Amount | None, high: int | Amount | None) -> Amount:
    """The numbers, none below ``low`` or above ``high``."""
    if low is not None:
        column = column + (column < low) * (low - column)
    if high is not None:
        column = column - (column > high) * (column - high)
    return column


def weighed(amount: Amount, part: int, whole: int) -> Amount:
    """Amounts times part / whole, rounded half up."""
    return half_up(amount * part, whole)


def exact(number: float) -> Decimal:
    """The decimal that a spreadsheet shows for a binary number: its first 15 significant digits."""
    return Decimal(number) if isinstance(number, int) else Decimal(f"{number:.15g}")


def cents(points: Decimal) -> int:
    """Points as cents, rounded half up away from zero, as a spreadsheet's ROUND does."""
    return half_up(*(points * CENT).as_integer_ratio())


def two_places(amount: int) -> str:
    """Cents as points for an explanation: ``270`` → ``2.70``, ``-50`` → ``-0.50``."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // CENT}.{abs(amount) % CENT:02d}"


def plain(amount: int | Fraction, scale: int = CENT) -> str:
    """A scaled number without needless zeros: ``300`` → ``3``, ``-50`` → ``-0.5``; a fraction as it is: ``7/3``."""
    if isinstance(amount, Fraction):
        if (amount / scale * 10**12).denominator != 1:
            return str(amount / scale)
        amount, scale = int(amount / scale * 10**12), 10**12
    whole, rest = divmod(abs(amount), scale)
    fraction = f"{rest:0{len(str(scale)) - 1}d}".rstrip("0") if rest else ""
    return f"{'-' if amount < 0 else ''}{whole}{'.' if fraction else ''}{fraction}"

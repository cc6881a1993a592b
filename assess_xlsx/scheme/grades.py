"""等次: which grade each unit gets by its total or by scores, within the places. Values in, values out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from assess_xlsx.amounts import half_up

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from fractions import Fraction

ROUNDINGS = DOWN, UP, HALF = "舍去", "进一", "四舍五入"
"""名额舍入."""


class Quota(NamedTuple):
    """名额: so many units, or such a part of those on the form's roster, reported or not (as N in K1)."""

    size: Fraction
    share: bool
    rounding: str = DOWN

    def places(self, units: int) -> int:
        """How many units it takes of so many."""
        if not self.share:
            return int(self.size)
        part, whole = units * self.size.numerator, self.size.denominator
        return {DOWN: part // whole, UP: -(-part // whole), HALF: half_up(part, whole)}[self.rounding]


class Grade(Struct, frozen=True):
    """A row of 等次; a form's rows fall from the best to the last, which begins at 0 and takes everyone."""

    name: str
    at_least: int
    """达到, in cents; the number itself belongs to the row (K2)."""
    quota: Quota | None = None
    barred: str = ""
    """总分之外的条件: a 情形编号 that bars a unit from the row."""


class Allotted(Struct):
    """What everyone got."""

    rows: dict[int, int] = field(default_factory=dict)
    """The place of a unit's grade among the form's, by 序号."""
    tied: dict[int, int] = field(default_factory=dict)
    """The units that are tied across the border of a quota, with the row of which all of them fell short for now."""


def places(grades: Sequence[Grade], units: int) -> list[int | None]:
    """How many units each row takes of so many on the roster; None where it takes all."""
    return [grade.quota.places(units) if grade.quota else None for grade in grades]


def allot(
    grades: Sequence[Grade],
    room: Sequence[int | None],
    totals: Mapping[int, int],
    barred: Mapping[int, Collection[int]],
    given: Mapping[int, int],
) -> Allotted:
    """Each unit's row: the first that its total (cents) reaches and that has a place for it.

    ``totals``: or what else the grades go by. ``room``: as ``places`` answers.
    ``barred``: rows that a unit is kept from; ``given``: rows of units that are
    decided otherwise, which take their places first. Nobody tied across the border of a quota is preferred: all fall.
    """
    found = Allotted(dict(given))
    taken = list(given.values())
    pool = sorted((unit for unit in totals if unit not in given), key=lambda unit: -totals[unit])
    for row, (grade, most) in enumerate(zip(grades, room, strict=True)):
        whole = row == len(grades) - 1  # it takes everyone, what is below 0 too
        reach = [
            unit for unit in pool if (whole or totals[unit] >= grade.at_least) and row not in barred.get(unit, ())
        ]
        left = len(reach) if most is None else max(0, most - taken.count(row))
        if left < len(reach):
            border = totals[reach[left]]
            if left and totals[reach[left - 1]] == border:
                found.tied |= {unit: found.tied.get(unit, row) for unit in reach if totals[unit] == border}
            reach = [unit for unit in reach if totals[unit] > border]
        found.rows |= dict.fromkeys(reach, row)
        pool = [unit for unit in pool if unit not in found.rows]
    return found

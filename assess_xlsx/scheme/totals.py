"""What becomes of a total after the sections: one chain, as numbers and as a formula, in this order.

Where items or whole sections do not concern a unit, what is left stands for all of it: a section is measured by the
points of what applies in it and rounded, their sum by the points of the sections that apply, 加分 and 扣分 aside.
The sections, weighed; 总分调整 that leaves 加分 out, judged by the sections with points alone, and what it adds and
takes off, all rounded once (K11); the smallest 总分不超过 of it, 总分上限 and 0 (K10); then what circumstances do:
all 扣分, the smallest 总分不超过, 总分记零, and 0 again. Each step takes off, caps and stops at 0, in whole cents.
"""

from __future__ import annotations

from functools import reduce
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from assess_xlsx.amounts import CENT, bounded, half_up, plain, wide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Amount


def step(total: Amount, off: Amount | int = 0, most: Amount | int | None = None) -> Amount:
    """A total with so much taken off, at least 0 and at most so much."""
    return bounded(total - off, 0, most)


def step_formula(total: str, off: Sequence[int] = (), most: int | None = None, limits: Sequence[str] = ()) -> str:
    """The same as an Excel expression, each amount as it stands; in whole cents, whatever binary fractions leave.

    ``limits``: Excel expressions of further amounts that it does not exceed.
    """
    sum_ = f"MAX(0,{total}{''.join(f'-{plain(each)}' for each in off)})"
    return f"ROUND({capped_formula(sum_, most, limits)},2)"


def capped_formula(total: str, most: int | None = None, limits: Sequence[str] = ()) -> str:
    """An Excel expression that is no more than these."""
    every = [*(() if most is None else (plain(most),)), *limits]
    return f"MIN({','.join((*every, total))})" if every else total


def rescaled(sums: Amount, points: int, left: Amount) -> Amount:
    """``points`` × sums / what is left of the points, rounded half up; 0 where nothing is left."""
    return half_up(points * sums, left + (left == 0))


def rescaled_formula(sum_: str, points: int, out: str, otherwise: str = "", floor: str = "") -> str:
    """The same as an Excel expression in whole cents; ``out`` gives the points that are left out.

    ``otherwise``: what stands there where nothing is left; 0 if it is not said. ``floor``: not below so many points.
    """
    left = f"ROUND({CENT}*({plain(points)}-({out})),0)"
    formula = f"ROUND({points}*ROUND({CENT}*{sum_},0)/{left if otherwise else f'MAX(1,{left})'},0)/{CENT}"
    formula = f"MAX({floor},{formula})" if floor else formula
    return f'IF({left}=0,"{otherwise}",{formula})' if otherwise else formula


def applied(normal: Amount, others: Amount, points: int, left: Amount, whole: int) -> Amount:
    """满分 × the sections / the points of those that apply, and 加分 and 扣分: rounded once, away from zero.

    All but ``points`` are in 1/``whole`` cents, as the weights leave them.
    """
    nothing = left == 0
    top = wide(normal) * points * whole + wide(others) * (wide(left) + wide(nothing * 1) * whole)
    bottom = (wide(left) + wide(nothing * 1) * whole) * whole
    total: Any = half_up(top, bottom)
    return cast("Amount", total if isinstance(total, int) else total.astype("int64"))


def applied_formula(normal: Sequence[Share], others: Sequence[Share], points: int) -> tuple[str, str]:
    """What is left of the points, and the same, as Excel expressions."""
    whole = gcd(*(each.weight for each in (*normal, *others)), normal[0].whole)
    unit = normal[0].whole // whole

    def cents(share: Share) -> str:
        return f"{share.weight // whole}*ROUND({CENT}*{share.formula},0)"

    sum_ = "+".join(map(cents, normal))
    more = "+".join(map(cents, others))
    points_of = ((each.applies, each.weight // whole * each.points) for each in normal)
    left = "+".join(f"IF({applies},{own},0)" if applies else f"{own}" for applies, own in points_of)
    top = f"{points * unit}*({sum_})+({more})*({left})" if others else f"{points * unit}*({sum_})"
    return left, f"ROUND(({top})/(({left})*{unit}),0)/{CENT}"


def least(*limits: Any) -> Any:  # noqa: ANN401 - numbers, one or one a unit
    """The smallest of limits, one or one a unit; None where there is none."""
    found = [limit for limit in limits if limit is not None]
    return reduce(lambda one, other: one - (one > other) * (one - other), found) if found else None


class Share(NamedTuple):
    """A section in the formula of a total, or what an adjustment of it adds."""

    formula: str
    """0 where it does not concern the unit."""
    applies: str
    """Whether it does; empty where it always does."""
    points: int
    weight: int
    whole: int

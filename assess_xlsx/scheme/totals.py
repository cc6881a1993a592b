"""What becomes of a total after the sections: one chain, as numbers and as a formula, in this order.

The sections, weighed and rounded once (K11); 总分上限 and 0 (K10); then what circumstances do to a unit: all 扣分,
the smallest 总分不超过, 总分记零, and 0 again. Each step takes off, caps and stops at 0, in whole cents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import bounded, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Amount


def step(total: Amount, off: Amount | int = 0, most: Amount | int | None = None) -> Amount:
    """A total with so much taken off, at least 0 and at most so much."""
    return bounded(total - off, 0, most)


def step_formula(total: str, off: Sequence[int] = (), most: int | None = None) -> str:
    """The same as an Excel expression, each amount as it stands; in whole cents, whatever binary fractions leave."""
    sum_ = f"MAX(0,{total}{''.join(f'-{plain(each)}' for each in off)})"
    return f"ROUND({sum_ if most is None else f'MIN({plain(most)},{sum_})'},2)"

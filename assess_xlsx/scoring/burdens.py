"""What circumstances do to the totals and places of the units of a form, a number a unit. It judges nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from assess_xlsx.scheme.effects import LAST, MOST, OFF, ZERO
from assess_xlsx.scheme.totals import step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.effects import Effects

BEHIND = 10**12
"""More cents than any total: by so many a unit that is 名次列末 stands behind the others."""
_NO_CAP = 10**12


class Burdens(Struct, frozen=True, eq=False):
    """By row, the units with a total."""

    off: Column
    most: Column
    last: Mask

    @classmethod
    def of(cls, units: Sequence[int], effects: Mapping[int, Effects]) -> Burdens | None:
        """None where nothing touches a total or a place."""
        rows = [row for row, unit in enumerate(units) if unit in effects]
        if not any(effects[units[row]].every(OFF, MOST, ZERO, LAST) for row in rows):
            return None
        off, most = np.zeros(len(units), dtype=np.int64), np.full(len(units), _NO_CAP)
        last = np.zeros(len(units), dtype=bool)
        for row in rows:
            mine = effects[units[row]]
            off[row], last[row] = sum(mine.off), mine.has(LAST)
            most[row] = _NO_CAP if mine.most is None else mine.most
        return cls(off, most, last)

    def totals(self, totals: Column, rows: Column | slice) -> Column:
        """What totals of units come to."""
        return step(totals, self.off[rows], self.most[rows])

    def order(self, totals: Column, rows: Column | slice) -> Column:
        """What the units are ranked by: their totals, those 名次列末 behind all others."""
        return totals - BEHIND * self.last[rows]

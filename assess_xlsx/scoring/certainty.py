"""How sure each rank is: between which totals and ranks a unit lies, whatever is still open (K23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assess_xlsx.scoring.scores import Standing

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scoring.scores import Figures


def standings(figures: Figures) -> dict[int, Standing]:
    """名次范围 of every unit that has a rank, by 序号."""
    totals: Column = np.asarray(figures.totals)
    ranks: Column = np.asarray(figures.ranks)
    columns = (totals, totals, ranks, ranks)
    numbers = [int(unit) for unit in figures.totals.index]
    rows = zip(*(column.tolist() for column in columns), _behind(totals), strict=True)
    return {number: Standing(*row) for number, row in zip(numbers, rows, strict=True)}


def _behind(totals: Column) -> list[int | None]:
    """距上一名: how much is missing to the next better total."""
    better = np.unique(totals)
    above = better.searchsorted(totals, side="right")
    missing = better[np.minimum(above, len(better) - 1)] - totals if len(better) else totals
    return [int(gap) or None for gap in missing]

"""The scores that later items of a form look at, item by item in its order. It ranks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.model import Form, Item
    from assess_xlsx.scheme.rules import Columns
    from assess_xlsx.scheme.subtotals import Subtotal
    from assess_xlsx.scoring.scores import Figures


class Ladder(Struct):
    """The items of a form that are scored so far, by code."""

    form: Form
    scores: dict[str, Column] = field(default_factory=dict)
    """最终得分."""
    gaps: dict[str, Mask] = field(default_factory=dict)
    """Where a score is a gap (K15)."""
    out: dict[str, Mask] = field(default_factory=dict)
    """Where it does not concern the unit."""

    def add(self, item: Item, columns: Columns, score: Column, gap: Mask) -> None:
        """One more: its computed scores, and where it cannot be scored."""
        found = item.left_out(columns)
        left = gap & False if found is None else found
        gap = gap.copy()
        for row, decided in columns.ruled.get(item.code, {}).items():
            score[row], gap[row], left[row] = decided, False, False  # K18
        self.scores[item.code], self.gaps[item.code], self.out[item.code] = score, gap, left

    def summed(self, item: Item, columns: Columns) -> Columns:
        """The columns with the sums of earlier scores that an item looks at, and where a score of these is a gap."""
        for each in item.subtotals:
            value, gap = self._sum(each)
            columns = replace(
                columns, values={**columns.values, each.key: value}, gaps={**columns.gaps, each.key: gap}
            )
        return columns

    def _sum(self, subtotal: Subtotal) -> tuple[Column, Mask]:
        found = np.zeros(len(next(iter(self.scores.values()))), dtype=np.int64)
        for code in subtotal.items:
            found = found + self.scores[code]
        for section in self.form.sections:
            if section.number in subtotal.sections:
                own = [section.items[place] for place in section.counted]
                points = np.sum([self.out[item.code] * item.worth.high for item in own], axis=0)
                found = found + section.score(np.sum([self.scores[item.code] for item in own], axis=0), points)
        gap: Mask = np.logical_or.reduce([self.gaps[item.code] for item in looked_at(self.form, subtotal)])
        return found, gap


def summed(figures: Figures, subtotal: Subtotal) -> dict[int, int]:
    """The sum of final scores, in cents by 序号: of the units that reported; those by 按零分 have 0."""
    places = [place for place, section in enumerate(figures.form.sections) if section.number in subtotal.sections]
    found = figures.items[list(subtotal.items)].sum(axis=1) + figures.sections[places].sum(axis=1)
    return {unit.number: 0 for unit in figures.zeroed} | {int(unit): int(sum_) for unit, sum_ in found.items()}  # type: ignore[call-overload]


def own_scores(item: Item, columns: Columns, gap: Mask) -> Column:
    """核算分 of an item, and where a gap forces it: to 0, a 扣分 item to its full cap (K15).

    ``gap``: of the units that are asked about, the first that the columns have.
    """
    scores: Column = np.where(gap, item.worth.lacking, item.rule.score(columns)[: len(gap)])
    return scores


def looked_at(form: Form, subtotal: Subtotal) -> list[Item]:
    """The items whose scores it sums."""
    return [
        item
        for section in form.sections
        for item in section.items
        if item.code in subtotal.items or (section.number in subtotal.sections and item.worth.counted)
    ]

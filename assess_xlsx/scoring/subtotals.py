"""The scores that later items look at, item by item in the form's order. It ranks nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.model import Form, Item
    from assess_xlsx.scheme.rules import Columns
    from assess_xlsx.scheme.subtotals import Subtotal


def with_subtotals(form: Form, columns: Columns, lacking: Callable[[Item, Columns], Mask]) -> Columns:
    """The columns with those of every subtotal: its values, and where a score that it sums is a gap (K15).

    ``lacking``: where an item cannot be scored, by what is known so far.
    """
    scores: dict[str, Column] = {}
    gaps: dict[str, Mask] = {}
    out: dict[str, Mask] = {}
    for item in form.items:
        for each in item.subtotals:
            value, gap = _summed(form, each, scores, gaps, out)
            columns = replace(
                columns, values={**columns.values, each.key: value}, gaps={**columns.gaps, each.key: gap}
            )
        gap = lacking(item, columns)
        score, found = own_scores(item, columns, gap), item.left_out(columns)
        left = gap & False if found is None else found
        for row, decided in columns.ruled.get(item.code, {}).items():
            score[row], gap[row], left[row] = decided, False, False  # K18
        scores[item.code], gaps[item.code], out[item.code] = score, gap, left
    return columns


def own_scores(item: Item, columns: Columns, gap: Mask) -> Column:
    """核算分 of an item, and where a gap forces it: to 0, a 扣分 item to its full cap (K15)."""
    scores: Column = np.where(gap, item.worth.lacking, item.rule.score(columns))
    return scores


def _summed(
    form: Form, subtotal: Subtotal, scores: dict[str, Column], gaps: dict[str, Mask], out: dict[str, Mask]
) -> tuple[Column, Mask]:
    found = np.zeros(len(next(iter(scores.values()))), dtype=np.int64)
    for code in subtotal.items:
        found = found + scores[code]
    for section in form.sections:
        if section.number in subtotal.sections:
            own = [section.items[place] for place in section.counted]
            points = np.sum([out[item.code] * item.worth.high for item in own], axis=0)
            found = found + section.score(np.sum([scores[item.code] for item in own], axis=0), points)
    gap: Mask = np.logical_or.reduce([gaps[item.code] for item in looked_at(form, subtotal)])
    return found, gap


def looked_at(form: Form, subtotal: Subtotal) -> list[Item]:
    """The items whose scores it sums."""
    return [
        item
        for section in form.sections
        for item in section.items
        if item.code in subtotal.items or (section.number in subtotal.sections and item.worth.counted)
    ]

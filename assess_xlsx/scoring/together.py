"""What the rules of forms look at that are ranked together: own columns, sums of earlier scores, the others' units.

Item by item in the forms' order, since a later one may look at the scores of earlier ones. It ranks nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
from msgspec.structs import replace

from assess_xlsx.scheme.groups import Group
from assess_xlsx.scheme.rules import Columns
from assess_xlsx.scheme.rules.factor import ONCE
from assess_xlsx.scoring.subtotals import Ladder, own_scores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from assess_xlsx.scoring.settle import Facts


T = TypeVar("T", bound=np.generic)


def together(group: Group, forms: Sequence[Facts]) -> list[Facts]:
    """The facts of the group's forms, each with all that its rules look at."""
    sums = any(item.subtotals for form in group.forms for item in form.items)
    if len(forms) == 1 and not sums:
        return list(forms)
    known = list(forms)
    ladders = [Ladder(form) for form in group.forms]
    for code, places in ((each.item.code, each.places) for each in group.in_order):
        items = {place: group.forms[place].items[at] for place, at in places}
        for place, item in items.items():
            columns = ladders[place].summed(item, known[place].columns)
            known[place] = replace(known[place], columns=columns)
        if len(items) > 1:
            seen = {place: known[place].columns for place in items}
            for place in items:
                others = [columns for other, columns in seen.items() if other != place]
                beside = {**known[place].beside, code: joined([seen[place], *others])}
                known[place] = replace(known[place], beside=beside)
        for place, item in items.items() if sums else ():
            facts = known[place]
            gap = facts.lacking(item)
            ladders[place].add(item, facts.columns, own_scores(item, facts.compared(item), gap), gap)
    return known


def alone(facts: Facts) -> Facts:
    """The same for the units of one form by themselves."""
    [found] = together(Group((facts.form,)), [facts])
    return found


def joined(forms: Sequence[Columns]) -> Columns:
    """The columns of several forms below each other, of the facts that all of them have."""
    counts = [len(next(iter(each.values.values()))) for each in forms]
    starts = np.cumsum([0, *counts]).tolist()

    ruled: dict[str, dict[int, int]] = {}
    for start, each in zip(starts, forms, strict=False):
        for code, rows in each.ruled.items():
            ruled.setdefault(code, {}).update({start + row: decided for row, decided in rows.items()})
    factors = None
    if any(each.factors is not None for each in forms):
        own = zip(forms, counts, strict=True)
        factors = np.concatenate([np.full(count, ONCE) if e.factors is None else e.factors for e, count in own])
    return Columns(
        _below([each.values for each in forms]),
        _below([each.gaps for each in forms]),
        sum(each.zeroed for each in forms),
        _below([each.absent for each in forms]),
        _below([each.nothing for each in forms]),
        ruled,
        factors,
    )


def _below(forms: Sequence[Mapping[str, NDArray[T]]]) -> dict[str, NDArray[T]]:
    """By the keys that all have, what stands under them in one form after the other."""
    keys = [key for key in forms[0] if all(key in each for each in forms[1:])]
    return {key: np.concatenate([each[key] for each in forms]) for key in keys}

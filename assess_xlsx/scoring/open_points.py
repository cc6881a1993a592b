"""待核定: what only the office can decide, and how far each score can move until it has. It changes no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assess_xlsx.scheme.rules import Columns
from assess_xlsx.scoring.scores import Open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Item, Scheme
    from assess_xlsx.scoring.scores import Figures
    from assess_xlsx.scoring.settle import Facts


def open_points(scheme: Scheme, figures: Figures) -> list[Open]:
    """Everything that only the office can decide and has not ruled on, by unit and item."""
    decides = {reading.code: reading.decides for reading in scheme.readings}
    found = []
    for item in figures.form.items:
        computed = figures.items[item.code].to_numpy()
        for row, fact, reading, why, low, high in (
            *_unrecorded_facts(item, figures.facts, "K17" if scheme.prints("K17") else ""),
            *_unknown_among_units(item, figures),
            *_uncovered(item, figures, decides),
        ):
            unit, score = figures.units[row], int(computed[row])
            low, high = max(low, item.worth.low), min(high, item.worth.high)  # noqa: PLW2901 - narrowed
            if (unit.number, item.code) in figures.ruled:
                if not item.ranked:
                    continue
                low = high = score  # noqa: PLW2901 - its own score is settled, the others' ranks wait for its number
            found.append(Open(unit, item.code, fact, reading, why, score, min(low, score), max(high, score)))
    return sorted(found, key=lambda each: each.unit.number)


_Span = tuple[int, str, str, str, int, int]
"""(row, 填报项, 口径, 缘由, low, high) of what is open."""


def _unrecorded_facts(item: Item, facts: Facts, reading: str) -> Iterator[_Span]:
    """Facts that the office knows and has not recorded (K17)."""
    for fact in item.facts:
        if fact.office and facts.open[fact.key].any():
            lows, highs = _spans(item, facts, fact)
            for row in np.flatnonzero(facts.open[fact.key]).tolist():
                yield row, fact.label, reading, _unrecorded(facts, fact, row), int(lows[row]), int(highs[row])


def _unknown_among_units(item: Item, figures: Figures) -> Iterator[_Span]:
    """Units whose number is lacking for a score among the units (K1)."""
    if item.ranked:
        for row in np.flatnonzero(figures.gaps[item.code]).tolist():
            why = f"{item.rule.title}：该单位的数未知"
            yield row, item.facts[0].label, item.rule.reading, why, item.worth.low, item.worth.high


def _uncovered(item: Item, figures: Figures, decides: Mapping[str, str]) -> Iterator[_Span]:
    """Values that the source does not cover, or that a person has judged (K5, K7, K16)."""
    facts, doubt = figures.facts, item.rule.doubt(figures.facts.columns)
    if doubt is not None:
        for row in np.flatnonzero(doubt.units & ~figures.gaps[item.code]).tolist():
            if not any((facts.units[row], fact.key) in facts.rulings for fact in item.rule.facts()):
                yield row, "", doubt.reading, decides.get(doubt.reading, item.rule.title), doubt.low, doubt.high


def _unrecorded(facts: Facts, fact: Fact, row: int) -> str:
    """Why an office fact is open, and what counts for now (K17)."""
    if facts.assumed[fact.key][row]:
        now = "单位未自查，暂按 0 计"
    elif facts.gaps[fact.key][row]:
        now = "单位未自查，暂记 0 分"
    else:
        now = f"暂按单位自查的“{fact.kind.show(int(facts.columns[fact.key][row]))}”计"
    return f"考核办掌握的“{fact.label}”没有登记，{now}"


def _spans(item: Item, facts: Facts, fact: Fact) -> tuple[Column, Column]:
    """The scores that an item can take, unit by unit, when one of its facts may still be anything."""
    column = facts.columns[fact.key]
    if item.ranked or not item.rule.steady:  # the others' numbers count too, or those between the extremes
        return np.full_like(column, item.worth.low), np.full_like(column, item.worth.high)
    tried = [
        item.rule.score(Columns({**facts.columns.values, fact.key: np.full_like(column, value)}, facts.gaps))
        for value in fact.kind.extremes()
    ]
    return np.min(tried, axis=0), np.max(tried, axis=0)

"""Between which amounts each item of each unit lies, whatever is still open (K17, K23). It ranks nobody."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec.structs import replace

from assess_xlsx.scheme.computed import asked
from assess_xlsx.scheme.rules import NO_END
from assess_xlsx.scoring.subtotals import looked_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.groups import Group
    from assess_xlsx.scheme.model import Item
    from assess_xlsx.scheme.rules import Columns, Doubt
    from assess_xlsx.scoring.scores import Figures
    from assess_xlsx.scoring.settle import Facts

MOST_TRIED = 1024
"""Combinations of values that are tried for an item; beyond that it may be anything that it can bring."""


class Spans(NamedTuple):
    """Every item's lowest and highest score (cents), a row a unit that reported, a column an item of the form."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    own: NDArray[np.bool_]
    """Where something of the unit itself is open: an office fact, a gap, a score to be judged."""
    unsure: Mapping[str, Mask]
    """By key of what sums earlier scores, where one of them may still come to something else."""


class _Part(NamedTuple):
    """Units (by row) between which amounts an item of theirs lies."""

    rows: Column
    lows: Column | int
    highs: Column | int
    own: bool = True


def spans(group: Group, figures: Sequence[Figures]) -> list[Spans]:
    """The span of every item, by form: its score where nothing is open, else all that may still come of it."""
    found = [_Spanned(each) for each in figures]
    for _, places in group.in_order:
        for form, at in places:
            found[form].subtotals(at)
        for form, at in places:
            others = [found[other] for other, _ in places if other != form]
            found[form].add(at, _among_units(at, found[form], others) if found[form].items[at].ranked else None)
    return [each.spans() for each in found]


class _Spanned:
    """The items of a form whose spans are known so far."""

    def __init__(self, figures: Figures) -> None:
        self.figures, self.items = figures, figures.form.items
        self.scores: NDArray[np.int64] = figures.items.to_numpy()
        self.low, self.high = self.scores.copy(), self.scores.copy()
        self.own, self.ruled = (np.zeros(self.scores.shape, dtype=bool) for _ in range(2))
        for unit, code in figures.ruled:
            self.ruled[figures.facts.rows[unit], figures.form.places[code]] = True
        self.unsure: dict[str, Mask] = {}

    def subtotals(self, place: int) -> None:
        """Where a sum of earlier scores that an item looks at may come to something else."""
        form, gaps = self.figures.form, self.figures.facts.columns.gaps
        for each in self.items[place].subtotals:
            terms = [form.places[term.code] for term in looked_at(form, each)]
            self.unsure[each.key] = (self.low[:, terms] < self.high[:, terms]).any(axis=1) | gaps[each.key]

    def add(self, place: int, parts: Iterable[_Part] | None) -> None:
        """What is open in an item; parts may overlap, and the span holds them all. None: its own unit's alone."""
        low, high, fixed = self.low[:, place], self.high[:, place], self.ruled[:, place]
        for rows, lows, highs, mine in _parts(place, self.figures) if parts is None else parts:
            low[rows] = np.minimum(low[rows], lows)
            high[rows] = np.maximum(high[rows], highs)
            self.own[rows, place] |= mine
        for ends in (low, high):
            ends[fixed] = self.scores[fixed, place]  # K18

    def spans(self) -> Spans:
        return Spans(self.low, self.high, self.own & (self.low < self.high), self.unsure)

    def numbers(self, code: str) -> Mask:
        """The units whose number in an item the others cannot be compared with."""
        return unknown_numbers(self.items[self.figures.form.places[code]], self.figures.facts, self.unsure)

    def gaps(self) -> dict[str, Mask]:
        """By key of a fact, and of what sums scores, where it is not known or may become something else."""
        facts = self.figures.facts
        open_ = {key: gap | facts.open[key] for key, gap in facts.gaps.items()}
        return {**facts.columns.gaps, **open_, **self.unsure}


def _parts(place: int, figures: Figures) -> Iterator[_Part]:
    """What is open in an item that looks at its own unit alone."""
    item = figures.form.items[place]
    facts, (least, most) = figures.facts, reach(item)
    wide = _unfathomed(item, facts)
    if item.applying:
        wide |= facts.open[item.applying.key]
    if place == 0:
        wide[figures.unmeasured()] = True
    if wide.any():
        yield _Part(np.flatnonzero(wide), least, most)
    for rows, freed in _patterns(_free(item, facts), ~wide):
        yield _Part(rows, *(_tried(item, facts, rows, freed) or (least, most)))
    doubt = doubted(item, figures)
    if doubt is not None:
        rows = np.flatnonzero(doubt.units)
        lows, highs = (end if isinstance(end, int) else end[rows] for end in (doubt.low, doubt.high))
        yield _Part(rows, lows, highs)


def reach(item: Item) -> tuple[int, int]:
    """The least and the most that an item can bring to its section."""
    open_end, worth = item.rule.open_end, item.worth
    if worth.endless:
        low, high = item.rule.reach()
        return max(low, -NO_END), min(high, NO_END)
    return (-NO_END if open_end == "floor" else worth.low), (NO_END if open_end == "cap" else worth.high)


def doubted(item: Item, figures: Figures) -> Doubt | None:
    """Where the source does not cover a value or a person has judged it, and no ruling decides (K5, K7, K16)."""
    facts = figures.facts
    doubt = facts.doubted(item)
    if doubt is None or not doubt.units.any():
        return None
    units, keys = doubt.units & ~figures.gaps[item.code], {fact.key for fact in asked(item.rule.facts())}
    units[[facts.rows[unit] for unit, key in facts.rulings if key in keys]] = False
    return replace(doubt, units=units)


# ── what is open ──


def unknown_numbers(item: Item, facts: Facts, unsure: Mapping[str, Mask]) -> Mask:
    """The units whose number the others cannot be compared with (K1, K23)."""
    used = asked(item.rule.compared_facts())
    conditions = (condition.fact for fact in used for condition in fact.conditions)
    found = facts.unknown({*used, *conditions, *_raising(used, facts)})
    for each in item.subtotals if item.rule.among_units else ():
        found |= unsure[each.key]
    return found


def _raising(these: Collection[Fact], facts: Facts) -> list[Fact]:
    """The facts of the office that raise one of these, where that is their limit (K17)."""
    return [fact for fact in facts.form.facts if fact.office and fact.limit in these]


def _unfathomed(item: Item, facts: Facts) -> Mask:
    """Where no values are tried: what the unit must answer is missing, or another item's fact decides (K15, K23)."""
    looks_at = item.looks_at
    others = (fact for fact in (*looks_at, *_raising(looks_at, facts)) if fact.code != item.code)
    found = facts.unknown(others)
    for fact in looks_at:
        found |= facts.gaps[fact.key] & ~facts.open[fact.key]
    lacking = item.rule.lacking(facts.columns)
    return found if lacking is None else found | lacking


def _free(item: Item, facts: Facts) -> dict[Fact, Mask]:
    """The open facts of an item with the units where they are."""
    found = {fact: facts.open[fact.key] for fact in item.facts if fact.office}
    return {fact: units for fact, units in found.items() if units.any()}


def _patterns(free: Mapping[Fact, Mask], within: Mask) -> Iterator[tuple[Column, list[Fact]]]:
    """The rows where the same facts are open, with these facts."""
    if not free:
        return
    which = sum((units & within).astype(np.int64) << place for place, units in enumerate(free.values()))
    for pattern in np.unique(which).tolist():
        if pattern:
            freed = [fact for place, fact in enumerate(free) if pattern >> place & 1]
            yield np.flatnonzero(which == pattern), freed


# ── what may come of it ──


def _tried(item: Item, facts: Facts, rows: Column, freed: list[Fact]) -> tuple[Column, Column] | None:
    """The scores over all values of all open facts together, limits restored (K17); None where it cannot be told."""
    others = [fact for fact in item.looks_at if fact not in freed]
    if any(condition.fact in freed for fact in others for condition in fact.conditions):
        return None  # it would be asked of the unit
    if any(fact.refused in freed for fact in others):
        return None  # the unit's own answer may turn out to be too large
    ends = [each for fact in freed if (each := _ends(item, fact))]
    if len(ends) < len(freed) or prod(map(len, ends)) > MOST_TRIED:
        return None
    settled = [*item.facts, *(fact for fact in _raising(item.looks_at, facts) if fact.code != item.code)]
    limits = (each.limit for each in settled if each.limit)
    keys = {fact.key for fact in (*item.looks_at, *item.rule.facts(), *settled, *limits)}
    known = facts.columns.of(rows, {key: facts.stated.get(key, facts.columns[key])[rows] for key in keys})
    found = [_scores(item, settled, known, dict(zip(freed, values, strict=True))) for values in product(*ends)]
    lows, highs = zip(*found, strict=True)
    return np.min(lows, axis=0), np.max(highs, axis=0)


def _ends(item: Item, fact: Fact) -> tuple[int, ...] | None:
    """Values of a fact that are enough to try."""
    if any(fact in each.parts for each in item.rule.facts() if each not in each.parts):
        return None  # what is computed from it has turns of its own
    ends = fact.kind.extremes()
    tried = set(ends)
    for each in (fact, *((fact.limit,) if fact.limit else ())):
        turns = item.rule.turns(each)
        if turns is None:
            return None
        tried.update(turns)
    conditions = (each.only_with for each in item.facts if each.only_with and each.only_with.fact == fact)
    tried.update(edge for each in conditions if each.equals is None for edge in (each.above, each.above + 1))
    return tuple(sorted(value for value in tried if min(ends) <= value <= max(ends)))


def _scores(item: Item, settled: Iterable[Fact], known: Columns, tried: Mapping[Fact, int]) -> tuple[Column, Column]:
    """The scores if the open facts had these values: lowest and highest, which differ where the source is silent."""
    values = {**known.values}
    for fact, value in tried.items():
        values[fact.key] = np.full_like(values[fact.key], value)
    for fact in settled:  # as they were: what is not needed is nothing, a limit is raised (K17)
        if fact.only_with:
            needed = fact.only_with.mask(values[fact.only_with.fact.key])
            values[fact.key] = np.where(needed, values[fact.key], fact.kind.nothing())
        if fact.limit and fact.office:
            values[fact.limit.key] = np.maximum(values[fact.limit.key], values[fact.key])
    columns = replace(known, values=values)
    scores, doubt = item.rule.score(columns), item.rule.doubt(columns)
    if doubt is None:
        return scores, scores
    lows = np.where(doubt.units, np.minimum(scores, doubt.low), scores)
    return lows, np.where(doubt.units, np.maximum(scores, doubt.high), scores)


def _among_units(place: int, mine: _Spanned, others: Sequence[_Spanned]) -> Iterator[_Part]:
    """An item that looks at other units, while numbers are unknown: the own, or others' (K1, K23).

    ``others``: the other forms whose units it compares.
    """
    figures, item = mine.figures, mine.items[place]
    facts, compared = figures.facts, [mine, *others]
    numbers = np.concatenate([each.numbers(item.code) for each in compared])
    unknown = sum(len(each.figures.missing) for each in compared) + int(numbers.sum()) - numbers
    own = facts.unknown((*item.looks_at, *_raising(item.looks_at, facts)))
    for each in item.subtotals:
        own |= mine.unsure[each.key]
    doubt = doubted(item, figures)
    own = own if doubt is None else own | doubt.units
    if item.applying and any(each.figures.facts.open[item.applying.key].any() for each in compared):
        yield _Part(np.flatnonzero(~own), *reach(item), own=False)  # so many units are compared, or one more
    if own.any():
        yield _Part(np.flatnonzero(own), *reach(item))
    rows = np.flatnonzero((unknown[: len(own)] > 0) & ~own)
    if len(rows):
        seen = facts.compared(item)
        gaps = [each.gaps() for each in compared]
        whole = {key: np.concatenate([each[key] for each in gaps]) for key in seen.gaps}
        lows, highs = item.rule.compared(replace(seen, gaps=whole), unknown)
        yield _Part(rows, lows[rows], highs[rows], own=False)

"""Which lines of 总分调整 take effect for which unit, now and at the ends of what is still open. It sums nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from assess_xlsx.scheme.adjustments import ADD, Mark
from assess_xlsx.scheme.summing import Summing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.model import Form
    from assess_xlsx.scheme.rules.when import When
    from assess_xlsx.scoring.settle import Facts


class Scored(NamedTuple):
    """What units have scored: a row a unit."""

    items: Column
    """By item of the form (cents)."""
    out: Mask | None
    """By item, where it does not concern the unit."""
    sections: list[Column]
    points_out: list[Column] | None
    """By section, the points that do not concern it."""
    base: Column
    """The sections with points together, as far as 总分调整 asks."""

    @classmethod
    def of(cls, form: Form, items: Column, out: Mask | None) -> Scored:
        sections = form.sections_of(items, out)
        points = None if out is None else form.points_out(out)
        base = Summing(form).base(sections, points) if form.adjustments else sections[0]
        return cls(items, out, sections, points, base)


class Adjusting(Struct, frozen=True, eq=False):
    """The conditions of a form's lines over the units that reported, as far as facts and gaps decide them."""

    form: Form
    holds: Mapping[int, Mask]
    """By place of each line about a fact, where it is known and so."""
    unknown: Sequence[Mask]
    """By line, where what it looks at is not known: it does nothing for now."""
    items: Sequence[frozenset[int]]
    """By line, the places of the items that it looks at, or whose facts."""

    @classmethod
    def of(cls, form: Form, facts: Facts, gaps: Mapping[str, Mask], ruled: Collection[tuple[int, str]]) -> Adjusting:
        """``gaps``: by item code, where it cannot be scored; ``ruled``: unit and item code of what was decided."""
        lacking = np.array([gaps[item.code] for item in form.items], dtype=bool).T.reshape(-1, len(form.items))
        places = {item.code: place for place, item in enumerate(form.items)}
        for unit, code in ruled:
            lacking[facts.rows[unit], places[code]] = False
        holds, items = {}, []
        unknown: list[Mask] = []
        for place, line in enumerate(form.adjustments):
            if isinstance(line.when, Mark):
                looked_at = _places(line.when, form)
                items.append(frozenset(looked_at))
                # 总分 is what it is now
                unknown.append(np.logical_or.reduce(lacking[:, [] if line.when.of_all else looked_at], axis=1))
                continue
            open_ = facts.unknown(line.facts)
            holds[place] = line.when.holds(facts.columns) & _needed(line.when, facts) & ~open_
            unknown.append(open_)
            items.append(frozenset(places[fact.code] for fact in line.facts))
        return cls(form, holds, unknown, items)

    def now(self, units: Scored, rows: Column | slice) -> list[Column]:
        """By line, 1 where it takes effect on what is known."""
        return [
            (self._holds(place, units, rows) & ~self.unknown[place][rows]).astype(np.int64)
            for place in range(len(self.form.adjustments))
        ]

    def between(
        self, low: Scored, high: Scored, rows: Column | slice, item: int | None = None
    ) -> tuple[list[Column], list[Column]]:
        """By line, 1 where it takes effect at the least and at the most that units may come to.

        ``item``: of what is not known, only this item and its facts may turn out to be anything.
        """
        least: list[Column] = []
        most: list[Column] = []
        for place, line in enumerate(self.form.adjustments):
            one, other = self._holds(place, low, rows), self._holds(place, high, rows)
            unknown = self.unknown[place][rows]
            doubtful = unknown if item is None or item in self.items[place] else unknown & False
            sure = one & other & ~unknown
            maybe = ((one | other) & ~unknown) | doubtful
            ends = (sure, maybe) if line.kind == ADD else (maybe, sure)
            for found, end in zip((least, most), ends, strict=True):
                found.append(end.astype(np.int64))
        return least, most

    def unsure(self, item: int | None = None) -> Mask:
        """The units of which a line looks at something that is not known, at this item or its facts."""
        found = self.unknown[0] & False
        for items, unknown in zip(self.items, self.unknown, strict=True):
            if item is None or item in items:
                found = found | unknown
        return found

    def _holds(self, place: int, units: Scored, rows: Column | slice) -> Mask:
        when = self.form.adjustments[place].when
        if not isinstance(when, Mark):
            held: Mask = self.holds[place][rows]
            return held
        if when.item is not None:
            found: Mask = when.holds(units.items[:, when.item])
            return found if units.out is None else found & ~units.out[:, when.item]
        if when.section is None:
            reached: Mask = when.holds(units.base)
            return reached
        reached = when.holds(units.sections[when.section])
        if units.points_out is None:
            return reached
        applies: Mask = ~self.form.does_not_apply(when.section, units.points_out[when.section])
        return reached & applies


def _needed(when: When, facts: Facts) -> Mask:
    needed: Mask = np.ones(len(facts.table), dtype=bool)
    for condition in when.fact.conditions:
        needed = needed & condition.mask(facts.columns[condition.fact.key])
    return needed


def _places(when: Mark, form: Form) -> list[int]:
    """The places of the items whose scores it looks at."""
    if when.item is not None:
        return [when.item]
    if when.section is None:
        return [*range(len(form.items))]
    first = sum(len(section.items) for section in form.sections[: when.section])
    return [*range(first, first + len(form.sections[when.section].items))]

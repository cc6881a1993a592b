"""What each fact counts as: the unit's own answer, what the office knows (K17) or ruled (K18). It scores nothing."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from msgspec import Struct, field

from assess_xlsx import problems
from assess_xlsx.answers import INVALID
from assess_xlsx.scheme.rules import Columns, none_of
from assess_xlsx.scheme.rules.applying import OUT
from assess_xlsx.scheme.rules.factor import ONCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.answers import Answer, Place, Register, Ruling
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.computed import Computed
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Item
    from assess_xlsx.scheme.rules import Doubt


class Facts(Struct, frozen=True, eq=False, dict=True):  # arrays do not compare as a whole
    """One form's facts over all units that reported, as they count."""

    form: Form
    table: pd.DataFrame
    """Whole numbers, a row a unit (by 序号), a column a fact key, in each fact kind's scale; nothing (0, a choice's
    last option) where a fact is not needed or not known. It is what the rules score."""
    stated: dict[str, Column]
    """By key of a limit that another fact may raise, its numbers before that (K17)."""
    gaps: dict[str, Mask]
    """By fact key, what is not known although it is needed, or although it decides what is needed (K15)."""
    blank: dict[str, Mask]
    """By fact key, where the unit entered nothing."""
    absent: dict[str, Mask]
    """By key of each fact that may lack, where nobody said anything."""
    assumed: dict[str, Mask]
    """An adverse count that nobody reported, or points not yet taken off, as 0 (K17)."""
    open: dict[str, Mask]
    """What only the office can settle and has not settled (K17)."""
    unspoken: dict[str, Mask]
    """Adverse counts that stand without any row of a readable register (K17)."""
    events: dict[tuple[int, str], int]
    """平时考核 sums by unit and key."""
    office: dict[tuple[int, str], int]
    """考核办填报 by unit and key."""
    rulings: dict[tuple[int, str], Ruling]
    """The fact rulings that apply, by unit and key."""
    problems: tuple[Problem, ...]
    columns: Columns
    """The table as the rules look at it."""
    beside: Mapping[str, Columns] = field(default_factory=dict)
    """By code of each item that compares units of several forms, the columns of all of them, the own units first."""

    @cached_property
    def units(self) -> list[int]:
        """序号 by row."""
        return [int(unit) for unit in self.table.index]

    @cached_property
    def rows(self) -> dict[int, int]:
        """Row by 序号."""
        return {unit: row for row, unit in enumerate(self.units)}

    def compared(self, item: Item) -> Columns:
        """What an item's rule looks at: the units of all forms that it compares, the own ones first."""
        return self.beside.get(item.code, self.columns)

    def known(self, unit: int, key: str) -> int | None:
        """The largest that the office knows of, by 平时考核 or by its own sheet (K17); None where it said nothing."""
        said = (unit, key) in self.events or (unit, key) in self.office
        return _largest((unit, key), self.events, self.office) if said else None

    def unknown(self, these: Iterable[Fact]) -> Mask:
        """Where any of some facts is open or missing."""
        found: Mask = np.zeros(len(self.table), dtype=bool)
        for fact in these:
            found |= self.gaps[fact.key] | self.open[fact.key]
        return found

    def lacking(self, item: Item) -> Mask:
        """Where an item cannot be scored: any of the facts that decide is a gap, or nothing at all is there."""
        found: Mask = np.zeros(len(self.table), dtype=bool)
        for fact in item.looks_at:
            found |= self.gaps[fact.key]
        for each in item.subtotals:
            found |= self.columns.gaps[each.key]
        nothing = item.rule.lacking(self.compared(item))
        return found if nothing is None else found | nothing[: len(found)]

    def explained(self, item: Item, scores: Column) -> list[str]:
        """Of every unit that reported, how an item's score came about."""
        columns = self.compared(item)
        others = len(next(iter(columns.values.values()))) - len(scores)
        whole = np.append(scores, np.zeros(others, dtype=np.int64)) if others else scores
        return item.rule.explain(columns, whole)[: len(scores)]

    def doubted(self, item: Item) -> Doubt | None:
        """Where only the office can settle an item's score."""
        doubt = item.rule.doubt(self.compared(item))
        return doubt and doubt.first(len(self.table))


def _largest(about: tuple[int, str], *sources: Mapping[tuple[int, str], int]) -> int:
    return max(source[about] for source in sources if about in source)


def settle(
    form: Form,
    units: Sequence[int],
    answers: Sequence[Sequence[Answer]],
    register: Register | None = None,
    zeroed: int = 0,
) -> Facts:
    """The facts of all units that reported, as they count; ``answers`` are each unit's, by the form's facts.

    ``zeroed``: so many others are compared with a number of 0 (K27).
    """
    settler = _Settler(form, units, answers, register)
    for fact in form.facts:
        settler.fact(fact)
    for item in form.items:
        for group in item.rule.one_of():
            settler.group(group)
    return settler.facts(zeroed)


def _columns(keys: Sequence[str], table: np.ndarray) -> dict[str, np.ndarray]:
    return {key: np.ascontiguousarray(table[:, place]) for place, key in enumerate(keys)}


class _Settler:
    """Goes through the facts in the form's order, so a fact that decides about another is settled first."""

    def __init__(
        self, form: Form, units: Sequence[int], answers: Sequence[Sequence[Answer]], register: Register | None
    ) -> None:
        self.form, self.units, self.register = form, list(units), register
        self.rows = {unit: row for row, unit in enumerate(units)}
        keys = [fact.key for fact in form.facts]
        shape = (len(units), len(keys))
        known = np.array([[a.value is not None for a in own] for own in answers], dtype=bool).reshape(shape)
        numbers = np.array([[a.value or 0 for a in own] for own in answers], dtype=np.int64).reshape(shape)
        invalid = np.array([[INVALID in a.notes for a in own] for own in answers], dtype=bool).reshape(shape)
        self.own: dict[str, Mask] = _columns(keys, known)
        self.invalid: dict[str, Mask] = _columns(keys, invalid)
        self.values: dict[str, Column] = _columns(keys, numbers)
        self.gaps: dict[str, Mask] = _columns(keys, ~known)
        self.assumed, self.open, self.unspoken = (
            {key: np.zeros(len(units), dtype=bool) for key in keys} for _ in range(3)
        )
        self.absent: dict[str, Mask] = {}
        self.stated: dict[str, Column] = {}
        self.rulings: dict[tuple[int, str], Ruling] = {}
        self.problems: list[Problem] = []
        self.events: dict[tuple[int, str], int] = {}
        self.office: dict[tuple[int, str], int] = {}
        self.places: dict[tuple[int, str], Place] = {}
        self.ruled: dict[str, list[Ruling]] = {}
        """By fact key."""
        self.decided: dict[str, dict[int, int]] = {}
        """By item code and row, the scores that are ruled (K18)."""
        self.needed: dict[str, Mask] = {}
        """By key of each fact of an item that need not concern every unit, where it is needed."""
        self.said: dict[str, dict[int, int]] = {}
        """By fact key and unit, the largest that the office knows of."""
        if register:
            self._recorded(register)

    def _recorded(self, register: Register) -> None:
        """What the office recorded of these units."""
        for row in register.events:
            if row.unit in self.rows:
                about = (row.unit, row.key)
                self.events[about] = self.events.get(about, 0) + row.times
                self.places.setdefault(about, row.place)
        for known in register.values:
            if known.unit in self.rows:
                self.office[known.unit, known.key] = known.value
                self.places[known.unit, known.key] = known.place
        for about in {**self.events, **self.office}:
            self.said.setdefault(about[1], {})[about[0]] = _largest(about, self.events, self.office)
        for ruling in register.rulings:
            if ruling.unit not in self.rows:
                continue
            if ruling.key:
                self.ruled.setdefault(ruling.key, []).append(ruling)
            else:
                self.decided.setdefault(ruling.code, {})[self.rows[ruling.unit]] = ruling.value

    def computed(self, fact: Computed) -> tuple[Column, Mask, Mask]:
        """Values of a fact that nobody fills in, where a figure for it is a gap, where there is nothing to say."""
        gap = np.logical_or.reduce([self.gaps[each.key] for each in fact.parts])
        rows = zip(*(self.values[each.key].tolist() for each in fact.parts), strict=True)
        keys = [each.key for each in fact.parts]
        values = [fact.value(dict(zip(keys, row, strict=True))) for row in rows]
        nothing = np.array([value is None for value in values], dtype=bool)
        for each in fact.parts:
            for condition in each.conditions:
                nothing |= ~condition.mask(self.values[condition.fact.key])
        column = np.empty(len(values), dtype=object)
        column[:] = [Fraction(0) if value is None else value for value in values]
        return column, gap, nothing

    def facts(self, zeroed: int) -> Facts:
        """All that was settled."""
        table = pd.DataFrame(self.values, index=self.units)
        blank = {key: ~(self.own[key] | self.invalid[key]) for key in self.own}
        marks = (self.gaps, blank, self.absent, self.assumed, self.open, self.unspoken)
        known = (self.events, self.office, self.rulings)
        values, gaps, nothing = dict(self.values), dict(self.gaps), {}
        for fact in self.form.computed:
            values[fact.key], gaps[fact.key], nothing[fact.key] = self.computed(fact)
        columns = Columns(values, gaps, zeroed, self.absent, nothing, self.decided, self.factors())
        return Facts(self.form, table, self.stated, *marks, *known, tuple(self.problems), columns)

    def factors(self) -> Column | None:
        """The factors that the units have on the roster, where any item asks for them."""
        if not self.form.factored:
            return None
        known = {unit.number: unit.factor for unit in self.form.units}
        return np.array([known.get(unit, ONCE) for unit in self.units], dtype=np.int64)

    def fact(self, fact: Fact) -> None:
        key, nothing = fact.key, fact.kind.nothing()
        if nothing:
            self.values[key] = np.where(self.own[key], self.values[key], nothing)
        unknown_need = self._need(fact)
        if fact.office:
            self._office(fact)
        elif fact.optional:  # left blank it is nothing, an entry that cannot be used is a gap
            if fact.may_lack:
                self.absent[key] = self.gaps[key] & ~self.invalid[key]
            self.gaps[key] = self.gaps[key] & self.invalid[key]
        if fact.claim:  # the unit's own word waits for the office
            self.open[key] = (self.values[key] == OUT) & ~self.gaps[key]
        for ruling in self.ruled.get(key, ()):
            self._rule(fact, ruling)
        if fact.limit and fact.office:  # 属实 ≤ 投诉 is restored by raising 投诉 (K17)
            self.stated.setdefault(fact.limit.key, self.values[fact.limit.key])
            self.values[fact.limit.key] = np.maximum(self.values[fact.limit.key], self.values[key])
        if fact.refused:
            self._hold(fact, fact.refused)
        if unknown_need is not None:
            self.gaps[key] |= unknown_need

    def group(self, facts: Sequence[Fact]) -> None:
        """Facts each of which may lack: the office is asked while there is none, and reminded of what it left out."""
        none = none_of(facts, self.absent)
        for fact in (fact for fact in facts if fact.office):
            self.open[fact.key] |= self.absent[fact.key] & none
            for row in np.flatnonzero(self.absent[fact.key] & ~none).tolist():
                given = (self.places.get((self.units[row], other.key)) for other in facts)
                place = next((each for each in given if each), None)
                if place:
                    place = place._replace(cell="", code=fact.code, fact=fact.label)
                    self.problems.append(problems.NOT_REGISTERED.at(place, fact=fact.label))

    def _hold(self, fact: Fact, limit: Fact) -> None:
        """A ruling on the limit may leave the unit's own answer above it: then that is a gap."""
        key = fact.key
        over = (self.values[key] > self.values[limit.key]) & ~self.gaps[key] & ~self.gaps[limit.key]
        for row in np.flatnonzero(over).tolist():
            ruling, show = self.rulings.get((self.units[row], limit.key)), fact.kind.show
            if ruling:
                value, most = int(self.values[key][row]), int(self.values[limit.key][row])
                words = {"value": show(value), "limit": limit.label, "most": show(most)}
                self.problems.append(problems.OVER_LIMIT.at(ruling.place, fact=fact.label, **words))
        self.gaps[key] |= over

    def _need(self, fact: Fact) -> Mask | None:
        """Clears what is not needed; answers where the deciding fact, if there is one, is itself a gap."""
        key = fact.key
        if not fact.conditions:
            return None
        unknown, needed = (np.full(len(self.units), start) for start in (False, True))
        for condition in fact.conditions:
            deciding = condition.fact.key
            holds = condition.mask(self.values[deciding])
            if deciding in self.needed:
                holds = holds & self.needed[deciding]
            unknown = unknown | (self.gaps[deciding] & needed)
            needed = needed & holds & ~self.gaps[deciding]
        if fact.applies:
            self.needed[key] = needed
        self.gaps[key] &= needed
        self.values[key] = np.where(needed, self.values[key], fact.kind.nothing())
        return unknown

    def _may_be_needed(self, fact: Fact) -> Mask:
        """Where a fact is needed, or nobody knows yet whether it is."""
        needed: Mask = np.ones(len(self.units), dtype=bool)
        for condition in fact.conditions:
            deciding = condition.fact.key
            needed &= condition.mask(self.values[deciding]) | self.gaps[deciding]
        return needed

    def _office(self, fact: Fact) -> None:
        """K17: the office's value counts; for an adverse count, the largest that anyone knows of."""
        key = fact.key
        spoken = np.zeros(len(self.units), dtype=bool)
        for unit, known in self.said.get(key, {}).items():
            row = self.rows[unit]
            own = int(self.values[key][row]) if self.own[key][row] else None
            value = max(known, own or 0) if fact.adverse else known
            if own is not None and own != known:
                show = fact.kind.show
                words = {"own": show(own), "known": show(known), "value": show(value)}
                self.problems.append(problems.DIFFERENT_COUNT.at(self.places[unit, key], fact=fact.label, **words))
            self.values[key][row], self.gaps[key][row], spoken[row] = value, False, True
        if fact.adverse or key in self.form.taken_off:
            self.assumed[key] = self.gaps[key]
            self.gaps[key] = np.zeros_like(spoken)
        if fact.may_lack:
            self.absent[key], self.gaps[key] = self.gaps[key] & ~self.invalid[key], self.gaps[key] & self.invalid[key]
        asked = ~spoken & self._may_be_needed(fact) & ~self.absent.get(key, np.zeros_like(spoken))
        settled = self.unspoken if fact.adverse and self.register is not None else self.open
        settled[key] = asked

    def _rule(self, fact: Fact, ruling: Ruling) -> None:
        """K18: a ruling replaces the value and closes what it decides."""
        key, row = fact.key, self.rows[ruling.unit]
        if fact.refused:
            most = int(self.values[fact.refused.key][row])
            if not self.gaps[fact.refused.key][row] and ruling.value > most:
                show = fact.kind.show
                words = {"value": show(ruling.value), "limit": fact.refused.label, "most": show(most)}
                self.problems.append(problems.RULING_OVER_LIMIT.at(ruling.place, fact=fact.label, **words))
                return
        self.values[key][row] = ruling.value
        for marks in (self.gaps, self.assumed, self.open, self.unspoken, self.absent):
            if key in marks:
                marks[key][row] = False
        self.rulings[ruling.unit, key] = ruling

"""What each fact counts as: the unit's own answer, what the office knows (K17), what it ruled (K18)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assess_xlsx import problems
from assess_xlsx.scheme.rules import Columns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.intake.register import Register, Ruling
    from assess_xlsx.problems import Place, Problem
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form


class Answered(Protocol):
    """A unit's answers, as a filled form holds them."""

    @property
    def unit(self) -> int: ...
    @property
    def values(self) -> Sequence[int | None]: ...
    @property
    def invalid(self) -> Collection[str]: ...


@dataclass
class Facts:
    """One form's facts over all units that reported: a column a fact key, a row a unit."""

    form: Form
    units: list[int]
    """序号 by row."""
    values: dict[str, Column]
    """In each fact kind's scale; nothing (0, a choice's last option) where not needed or left blank."""
    gaps: dict[str, Mask]
    """What is not known although it is needed, or although it decides what is needed (K15)."""
    assumed: dict[str, Mask]
    """An adverse count that nobody reported, taken as 0 (K17)."""
    open: dict[str, Mask]
    """What only the office can settle and has not settled (K17)."""
    events: dict[tuple[int, str], int] = field(default_factory=dict)
    """平时考核 sums by unit and key."""
    office: dict[tuple[int, str], int] = field(default_factory=dict)
    """考核办填报 by unit and key."""
    rulings: dict[tuple[int, str], Ruling] = field(default_factory=dict)
    """The fact rulings that apply, by unit and key."""
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = {unit: row for row, unit in enumerate(self.units)}

    @property
    def columns(self) -> Columns:
        """What the rules look at."""
        return Columns(self.values, self.gaps)

    def gap(self, facts: Collection[Fact]) -> Mask:
        """Where any of the facts is a gap."""
        found: Mask = np.zeros(len(self.units), dtype=bool)
        for fact in facts:
            found |= self.gaps[fact.key]
        return found


def settle(form: Form, answered: Sequence[Answered], register: Register | None = None) -> Facts:
    """The facts of all units that reported, as they count."""
    units = [each.unit for each in answered]
    keys = [fact.key for fact in form.facts]
    shape = (len(units), len(keys))
    known = np.array([[value is not None for value in each.values] for each in answered], dtype=bool).reshape(shape)
    numbers = np.array([[value or 0 for value in each.values] for each in answered], dtype=np.int64).reshape(shape)
    invalid = np.zeros(shape, dtype=bool)
    for row, each in enumerate(answered):
        for key in each.invalid:
            invalid[row, keys.index(key)] = True

    def none() -> dict[str, Mask]:
        return {key: np.zeros(len(units), dtype=bool) for key in keys}

    own = _columns(keys, known)
    facts = Facts(form, units, _columns(keys, numbers), _columns(keys, ~known), none(), none())
    settler = _Settler(facts, own, _columns(keys, invalid), register)
    for fact in form.facts:
        settler.fact(fact)
    return facts


def _columns(keys: Sequence[str], table: np.ndarray) -> dict[str, np.ndarray]:
    return {key: np.ascontiguousarray(table[:, place]) for place, key in enumerate(keys)}


class _Settler:
    """Goes through the facts in the form's order, so a fact that decides about another is settled first."""

    def __init__(
        self, facts: Facts, own: dict[str, Mask], invalid: dict[str, Mask], register: Register | None
    ) -> None:
        self.facts, self.own, self.invalid, self.register = facts, own, invalid, register
        self.places: dict[tuple[int, str], Place] = {}
        self.ruled: dict[str, list[Ruling]] = {}
        self.said: dict[str, dict[int, int]] = {}
        """By fact key and unit, the largest that the office knows of."""
        for row in register.events if register else ():
            if row.unit in facts.rows:
                about = (row.unit, row.key)
                facts.events[about] = facts.events.get(about, 0) + row.times
                self.places.setdefault(about, row.place)
        for known in register.values if register else ():
            if known.unit in facts.rows:
                facts.office[known.unit, known.key] = known.value
                self.places[known.unit, known.key] = known.place
        for about in {**facts.events, **facts.office}:
            largest = max(source[about] for source in (facts.events, facts.office) if about in source)
            self.said.setdefault(about[1], {})[about[0]] = largest
        for ruling in register.rulings if register else ():
            if ruling.key and ruling.unit in facts.rows:
                self.ruled.setdefault(ruling.key, []).append(ruling)

    def fact(self, fact: Fact) -> None:
        facts, key, nothing = self.facts, fact.key, fact.kind.nothing()
        if nothing:
            facts.values[key] = np.where(self.own[key], facts.values[key], nothing)
        unknown_need = self._need(fact)
        if fact.office:
            self._office(fact)
        elif fact.bonus:  # left blank it is nothing, an entry that cannot be used is a gap
            facts.gaps[key] &= self.invalid[key]
        for ruling in self.ruled.get(key, ()):
            self._rule(fact, ruling)
        if fact.limit and fact.office:  # 属实 ≤ 投诉 is restored by raising 投诉 (K17)
            facts.values[fact.limit.key] = np.maximum(facts.values[fact.limit.key], facts.values[key])
        if fact.refused:
            self._hold(fact, fact.refused)
        if unknown_need is not None:
            facts.gaps[key] |= unknown_need

    def _hold(self, fact: Fact, limit: Fact) -> None:
        """A ruling on the limit may leave the unit's own answer above it: then that is a gap."""
        facts, key = self.facts, fact.key
        over = (facts.values[key] > facts.values[limit.key]) & ~facts.gaps[key] & ~facts.gaps[limit.key]
        for row in np.flatnonzero(over):
            ruling, show = facts.rulings.get((facts.units[row], limit.key)), fact.kind.show
            if ruling:
                value, most = int(facts.values[key][row]), int(facts.values[limit.key][row])
                words = {"value": show(value), "limit": limit.label, "most": show(most)}
                facts.problems.append(problems.OVER_LIMIT.at(ruling.place, fact=fact.label, **words))
        facts.gaps[key] |= over

    def _need(self, fact: Fact) -> Mask | None:
        """Clears what is not needed; answers where the deciding fact, if there is one, is itself a gap."""
        facts, key = self.facts, fact.key
        if fact.only_with is None:
            return None
        deciding = fact.only_with.fact.key
        unknown = facts.gaps[deciding]
        needed = fact.only_with.mask(facts.values[deciding]) & ~unknown
        facts.gaps[key] &= needed
        facts.values[key] = np.where(needed, facts.values[key], fact.kind.nothing())
        return unknown

    def _office(self, fact: Fact) -> None:
        """K17: the office's value counts; for an adverse count, the largest that anyone knows of."""
        facts, key = self.facts, fact.key
        spoken = np.zeros(len(facts.units), dtype=bool)
        for unit, known in self.said.get(key, {}).items():
            row = facts.rows[unit]
            own = int(facts.values[key][row]) if self.own[key][row] else None
            value = max(known, own or 0) if fact.adverse else known
            if own is not None and own != known:
                show = fact.kind.show
                facts.problems.append(
                    problems.DIFFERENT_COUNT.at(
                        self.places[unit, key],
                        fact=fact.label,
                        own=show(own),
                        known=show(known),
                        value=show(value),
                    )
                )
            facts.values[key][row], facts.gaps[key][row], spoken[row] = value, False, True
        if fact.adverse:
            facts.assumed[key] = facts.gaps[key]
            facts.gaps[key] = np.zeros_like(spoken)
            facts.open[key] = ~spoken & (self.register is None)
        else:
            facts.open[key] = ~spoken

    def _rule(self, fact: Fact, ruling: Ruling) -> None:
        """K18: a ruling replaces the value and closes what it decides."""
        facts, key, row = self.facts, fact.key, self.facts.rows[ruling.unit]
        if fact.refused:
            most = int(facts.values[fact.refused.key][row])
            if not facts.gaps[fact.refused.key][row] and ruling.value > most:
                show = fact.kind.show
                facts.problems.append(
                    problems.RULING_OVER_LIMIT.at(
                        ruling.place,
                        fact=fact.label,
                        value=show(ruling.value),
                        limit=fact.refused.label,
                        most=show(most),
                    )
                )
                return
        facts.values[key][row] = ruling.value
        for marks in (facts.gaps, facts.assumed, facts.open):
            marks[key][row] = False
        facts.rulings[ruling.unit, key] = ruling

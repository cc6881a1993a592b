"""What each fact counts as: the unit's own answer, what the office knows (K17), what it ruled (K18)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import pandas as pd

from assess_xlsx import problems

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assess_xlsx.facts import Fact
    from assess_xlsx.problems import Place, Problem
    from assess_xlsx.register import Register, Ruling
    from assess_xlsx.scheme import Form


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
    """One form's facts over all units that reported; rows are the units' 序号, columns the fact keys."""

    form: Form
    values: pd.DataFrame
    """int64 in each fact kind's scale; 0 where not needed or not known."""
    gaps: pd.DataFrame
    """What is not known although it is needed, or although it decides what is needed (K15)."""
    assumed: pd.DataFrame
    """An adverse count that nobody reported, taken as 0 (K17)."""
    open: pd.DataFrame
    """What only the office can settle and has not settled (K17)."""
    events: dict[tuple[int, str], int] = field(default_factory=dict)
    """平时考核 sums by unit and key."""
    office: dict[tuple[int, str], int] = field(default_factory=dict)
    """考核办填报 by unit and key."""
    rulings: dict[tuple[int, str], Ruling] = field(default_factory=dict)
    """The fact rulings that apply, by unit and key."""
    problems: list[Problem] = field(default_factory=list)


def at(frame: pd.DataFrame, unit: int, column: str | int) -> int:
    """One whole number of a frame."""
    return int(cast("int", frame.at[unit, column]))


def by_unit(frame: pd.DataFrame) -> dict[int, dict[str, int]]:
    """A frame as plain numbers by unit and column, for one who looks at every cell of it."""
    return cast("dict[int, dict[str, int]]", frame.to_dict("index"))


def settle(form: Form, answered: Sequence[Answered], register: Register | None = None) -> Facts:
    """The facts of all units that reported, as they count."""
    units = [each.unit for each in answered]
    keys = [fact.key for fact in form.facts]
    known = np.array([[value is not None for value in each.values] for each in answered], dtype=bool)
    numbers = np.array([[value or 0 for value in each.values] for each in answered], dtype="int64")
    shape = (len(units), len(keys))
    invalid = np.zeros(shape, dtype=bool)
    for row, each in enumerate(answered):
        for key in each.invalid:
            invalid[row, keys.index(key)] = True

    def frame(data: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(data.reshape(shape), index=pd.Index(units, name="unit"), columns=keys)

    facts = Facts(
        form,
        frame(numbers),
        frame(~known),
        frame(np.zeros(shape, dtype=bool)),
        frame(np.zeros(shape, dtype=bool)),
    )
    settler = _Settler(facts, frame(known), frame(invalid), register)
    for fact in form.facts:
        settler.fact(fact)
    return facts


class _Settler:
    """Goes through the facts in the form's order, so a fact that decides about another is settled first."""

    def __init__(self, facts: Facts, own: pd.DataFrame, invalid: pd.DataFrame, register: Register | None) -> None:
        self.facts, self.own, self.invalid, self.register = facts, own, invalid, register
        self.reported = set(facts.values.index)
        self.places: dict[tuple[int, str], Place] = {}
        self.ruled: dict[str, list[Ruling]] = {}
        self.said: dict[str, dict[int, int]] = {}
        """By fact key and unit, the largest that the office knows of."""
        for row in register.events if register else ():
            if row.unit in self.reported:
                about = (row.unit, row.key)
                facts.events[about] = facts.events.get(about, 0) + row.times
                self.places.setdefault(about, row.place)
        for known in register.values if register else ():
            if known.unit in self.reported:
                facts.office[known.unit, known.key] = known.value
                self.places[known.unit, known.key] = known.place
        for about in {**facts.events, **facts.office}:
            largest = max(source[about] for source in (facts.events, facts.office) if about in source)
            self.said.setdefault(about[1], {})[about[0]] = largest
        for ruling in register.rulings if register else ():
            if ruling.key and ruling.unit in self.reported:
                self.ruled.setdefault(ruling.key, []).append(ruling)

    def fact(self, fact: Fact) -> None:
        facts, key = self.facts, fact.key
        unknown_need = self._need(fact)
        if fact.office:
            self._office(fact)
        elif fact.bonus:  # left blank it is 0, an entry that cannot be used is a gap
            facts.gaps[key] &= self.invalid[key]
        for ruling in self.ruled.get(key, ()):
            self._rule(fact, ruling)
        if fact.limit and fact.office:  # 属实 ≤ 投诉 is restored by raising 投诉 (K17)
            limit = fact.limit.key
            facts.values[limit] = facts.values[limit].where(
                facts.values[limit] >= facts.values[key], facts.values[key]
            )
        if fact.refused:
            self._hold(fact, fact.refused)
        if unknown_need is not None:
            facts.gaps[key] |= unknown_need

    def _hold(self, fact: Fact, limit: Fact) -> None:
        """A ruling on the limit may leave the unit's own answer above it: then that is a gap."""
        facts, key = self.facts, fact.key
        over = (facts.values[key] > facts.values[limit.key]) & ~facts.gaps[key] & ~facts.gaps[limit.key]
        for unit in facts.values.index[over]:
            ruling, show = facts.rulings.get((unit, limit.key)), fact.kind.show
            value, most = at(facts.values, unit, key), at(facts.values, unit, limit.key)
            if ruling:
                words = {"value": show(value), "limit": limit.label, "most": show(most)}
                facts.problems.append(problems.OVER_LIMIT.at(ruling.place, fact=fact.label, **words))
            facts.gaps.at[unit, key] = True

    def _need(self, fact: Fact) -> pd.Series[bool] | None:
        """Clears what is not needed; answers where the deciding fact, if there is one, is itself a gap."""
        facts, key = self.facts, fact.key
        if fact.only_with is None:
            return None
        deciding = fact.only_with.fact.key
        unknown: pd.Series[bool] = facts.gaps[deciding]
        needed = fact.only_with.mask(facts.values[deciding]) & ~unknown
        facts.gaps[key] &= needed
        facts.values[key] = facts.values[key].where(needed, 0)
        return unknown

    def _office(self, fact: Fact) -> None:
        """K17: the office's value counts; for an adverse count, the largest that anyone knows of."""
        facts, key = self.facts, fact.key
        for unit, known in self.said.get(key, {}).items():
            own = at(facts.values, unit, key) if self.own.at[unit, key] else None
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
            facts.values.at[unit, key] = value
            facts.gaps.at[unit, key] = False
        spoken = facts.values.index.isin(list(self.said.get(key, {})))
        if fact.adverse:
            facts.assumed[key] = facts.gaps[key]
            facts.gaps[key] = False
            facts.open[key] = ~spoken & (self.register is None)
        else:
            facts.open[key] = ~spoken

    def _rule(self, fact: Fact, ruling: Ruling) -> None:
        """K18: a ruling replaces the value and closes what it decides."""
        facts, key, unit = self.facts, fact.key, ruling.unit
        if fact.refused:
            most = at(facts.values, unit, fact.refused.key)
            if not facts.gaps.at[unit, fact.refused.key] and ruling.value > most:
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
        facts.values.at[unit, key] = ruling.value
        for marks in (facts.gaps, facts.assumed, facts.open):
            marks.at[unit, key] = False
        facts.rulings[unit, key] = ruling

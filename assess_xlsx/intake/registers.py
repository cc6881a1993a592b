"""Several registers as one: what stands in two of them counts once, what contradicts itself does not apply."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from assess_xlsx import problems
from assess_xlsx.answers import CORRECTED, Absence, Objection, OfficeValue, Register, Row, Ruling
from assess_xlsx.entries import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Scheme

R = TypeVar("R", bound=Row | Absence)


def merge(registers: Iterable[Register], scheme: Scheme) -> tuple[Register, list[Problem]] | None:
    """Several registers as one, and what is to be said of their rows together; None if there is none.

    The same row in two files counts once; values, rulings (K18) and decisions about units that never reported (K27)
    do not apply where they contradict each other.
    """
    found = list(registers)
    if not found:
        return None
    told: list[Problem] = []
    objections = _once([register.objections for register in found], told)
    absences = _once([register.absences for register in found], told)
    whole = Register(
        _union([register.vetoes for register in found]),
        _union([register.events for register in found]),
        _agreeing(_union([register.values for register in found]), told),
        _agreeing(_union([register.rulings for register in found]), told),
        objections,
        _one_each(absences, told),
    )
    told += [*_entered_twice(objections), *_uncorrected(whole, scheme)]
    return whole, told


def _union(files: list[tuple[R, ...]]) -> tuple[R, ...]:
    """Rows of several files; one that stands alike in two files counts once, one twice in a file counts twice."""
    kept: list[R] = []
    counted: Counter[tuple[object, ...]] = Counter()
    for rows in files:
        here: Counter[tuple[object, ...]] = Counter()
        for row in rows:
            said = row[:-1]
            here[said] += 1
            if here[said] > counted[said]:
                kept.append(row)
        counted |= here
    return tuple(kept)


def _once(files: list[tuple[R, ...]], told: list[Problem]) -> tuple[R, ...]:
    """Rows of several files of which nobody means two that are alike: one twice in a file is told."""
    kept: dict[tuple[object, ...], R] = {}
    for row in _union(files):
        first = kept.setdefault(row[:-1], row)
        if first is not row:
            told.append(problems.ROW_REPEATED.at(row.place, first=_where(first)))
    return tuple(kept.values())


def _where(row: Row | Absence) -> str:
    return f"“{row.place.source.name}”{row.place.sheet} {row.place.cell}"


def _groups(rows: Iterable[R], about: Callable[[R], object]) -> Iterator[list[R]]:
    """The rows that are about the same."""
    found: dict[object, list[R]] = {}
    for row in rows:
        found.setdefault(about(row), []).append(row)
    return iter(found.values())


def _agreeing(rows: tuple[R, ...], found: list[Problem]) -> tuple[R, ...]:
    """Of what is decided in several rows, the first row; nothing where the rows differ in their value."""
    kept = []
    for rivals in _groups(rows, _decides):
        if len({row.value for row in rivals if isinstance(row, OfficeValue | Ruling)}) == 1:
            kept.append(rivals[0])
        else:
            found += [problems.CONTRADICTING_RULINGS.at(row.place, cells=_listed(rivals)) for row in rivals]
    return tuple(kept)


def _decides(row: Row | Absence) -> tuple[object, ...]:
    assert isinstance(row, OfficeValue | Ruling)  # noqa: S101 - only these decide a value
    return (row.unit, row.code, row.key) if isinstance(row, Ruling) else (row.unit, row.key)


def _listed(rows: Sequence[Row | Absence]) -> str:
    return "、".join(map(_where, rows))


def _one_each(rows: Iterable[Absence], told: list[Problem]) -> tuple[Absence, ...]:
    """The decision about each unit; none where two disagree (K27)."""
    kept = []
    for rivals in _groups(rows, lambda row: row.unit):
        first, *others = rivals
        if len({row.decision for row in rivals}) == 1:
            kept.append(first)
            told += [problems.ABSENCE_TWICE.at(row.place, unit=row.place.unit, first=_where(first)) for row in others]
        else:
            words = {"unit": first.place.unit, "cells": _listed(rivals)}
            told += [problems.CONTRADICTING_ABSENCES.at(row.place, **words) for row in rivals]
    return tuple(kept)


def _entered_twice(objections: Iterable[Objection]) -> Iterator[Problem]:
    """Rows that seem to be about one objection and differ in what became of it."""
    for alike in _groups(objections, lambda row: (row.unit, row.code, fold(row.text), row.received)):
        for row in alike if len(alike) > 1 else ():
            yield problems.OBJECTION_TWICE.at(row.place, cells=_listed(alike))


def _uncorrected(register: Register, scheme: Scheme) -> Iterator[Problem]:
    """改正 of an item without a 核定 of that unit and code (K28): a new form and a mended row are ways too."""
    ruled = {(row.unit, row.code) for row in register.rulings}
    items = {form.name: {item.code for item in form.items} for form in scheme.forms}
    for row in register.objections:
        known = row.code in items[scheme.units[row.unit - 1].form]
        if row.decision == CORRECTED and known and (row.unit, row.code) not in ruled:
            yield problems.NOT_RULED.at(row.place, unit=row.place.unit, code=row.code)

"""Whose each table of a workbook is (K19): what it says of its unit, against the file's name. It reads no answer."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import problems
from assess_xlsx.answers import Place
from assess_xlsx.entries import fold, in_full, shown
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.intake.table import above, beside, cell_beside
from assess_xlsx.layout import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.answers import Source
    from assess_xlsx.intake.table import Table
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Unit


class Owned(NamedTuple):
    """A table, as each form that fits it, and whose it is: the unit, or why none can be told."""

    tables: Sequence[Table]
    unit: Unit | None
    notes: tuple[Problem, ...] = ()


class _Said(NamedTuple):
    """What a table says of its unit."""

    text: str
    cell: str
    label: str
    units: tuple[Unit, ...] = ()
    """The units that stand beside the label; more than one contradict each other."""
    labelled: bool = True

    @property
    def unit(self) -> Unit | None:
        return self.units[0] if len(self.units) == 1 else None


def owners(found: Sequence[Sequence[Table]], source: Source, roster: Roster) -> list[Owned]:
    """The owner of each table. Blank copies of the form beside others are nobody's, and left out."""
    if len(found) > 1:
        found = [tables for tables in found if tables[0].filled or _said(tables[0], roster).text] or found[:1]
    said = [_said(tables[0], roster) for tables in found]
    named = roster.in_file_name(PurePosixPath(source.name).stem)
    owned: list[Owned] = []
    for tables, own in zip(found, said, strict=True):
        table = tables[0]
        place = Place("", source, table.sheet.name, own.cell)
        before = owned[-1] if owned and _goes_on(owned[-1].tables[0], table) else None
        if own.unit and named and named not in [each.unit for each in said]:
            words = {"label": own.label, "unit": own.unit.name, "other": named.name}
            owned.append(Owned(tables, None, (problems.UNIT_CONFLICT.at(place, **words),)))
        elif own.unit:
            owned.append(Owned(tables, own.unit, tuple(_noted(own, own.unit, place))))
        elif not own.cell and before:
            owned.append(Owned(tables, before.unit))
        elif own.text or named is None or len(found) > 1:
            owned.append(Owned(tables, None, (_nobody(own, place, roster, named),)))
        else:
            where = place._replace(unit=named.name)
            owned.append(Owned(tables, named, (problems.UNIT_FROM_NAME.at(where, label=own.label, unit=named.name),)))
    return owned


def _goes_on(one: Table, other: Table) -> bool:
    """The second says nothing of a unit because it is the first's: columns copied beside it, or its next page."""
    here = one.sheet is other.sheet
    return here and (one.region.header == other.region.header or one.columns == other.columns)


def _noted(own: _Said, unit: Unit, place: Place) -> Iterator[Problem]:
    where = place._replace(unit=unit.name)
    if not own.labelled:
        yield problems.UNIT_UNLABELLED.at(where, label=own.label, cell=own.cell, unit=unit.name)
    elif own.text != unit.name:
        yield problems.UNIT_NORMALISED.at(where, label=own.label, raw=shown(own.text), unit=unit.name)


def _said(table: Table, roster: Roster) -> _Said:
    rows = above(table)
    for label in dict.fromkeys((fold(table.form.unit_label), UNIT, "考核乡镇")):
        cell = cell_beside(table, label, rows)
        if not cell:
            continue
        stood = list(beside(table, label, rows))
        known = {unit.number: (unit, raw, at) for raw, at in stood if (unit := roster.find(in_full(raw)))}
        if known:
            _, raw, at = next(iter(known.values()))
            return _Said(in_full(raw), at, label, tuple(unit for unit, _, _ in known.values()))
        # columns that changed places may have put the name anywhere in the row; what else stands there answers others
        beyond = [(raw, at) for raw, at in beside(table, label, rows, beyond=True) if roster.find(in_full(raw))]
        for raw, at in beyond:
            return _Said(in_full(raw), at, label, tuple(filter(None, [roster.find(in_full(raw))])))
        return _Said(in_full(stood[0][0]), stood[0][1], label) if stood else _Said("", cell, label)
    return _unlabelled(table, roster)


def _unlabelled(table: Table, roster: Roster) -> _Said:
    """A table whose label was edited: a unit's name above its header is its own, if there is but one."""
    found = {}
    for row in above(table):
        for column in range(table.region.left, min(table.region.right, len(table.sheet.rows[row]))):
            raw = table.sheet.at(row, column)
            if isinstance(raw, str) and raw and (unit := roster.find(raw)):
                found[unit.number] = (unit, raw, cell_name(row, column))
    if len(found) != 1:
        return _Said("", "", table.form.unit_label)
    [(unit, raw, cell)] = found.values()
    return _Said(raw, cell, table.form.unit_label, (unit,), labelled=False)


def _nobody(said: _Said, place: Place, roster: Roster, named: Unit | None) -> Problem:
    if said.units:
        words = f"写了不止一个单位（{'、'.join(unit.name for unit in said.units)}）"
    elif said.text:
        words = f"填写为“{shown(said.text)}”，不在考核对象名单中"
        near = roster.near(said.text)
        words += f"（是否为“{near.name}”？）" if near else ""
    else:
        words = "没有填写" if named else "没有填写，文件名里也没有单位名称"
    return problems.NO_UNIT.at(place, label=said.label, said=words)

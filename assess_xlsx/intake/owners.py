"""Whose each table of a workbook is (K19): what it says of its unit, against the file's name. It reads no answer."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import problems
from assess_xlsx.answers import Place
from assess_xlsx.entries import fold, shown
from assess_xlsx.intake.table import above, beside, cell_beside
from assess_xlsx.layout import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    unit: Unit | None


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
        beside_it = owned[-1] if owned and _side_by_side(owned[-1].tables[0], table) else None
        if own.unit and named and named not in [each.unit for each in said]:
            words = {"label": own.label, "unit": own.unit.name, "other": named.name}
            owned.append(Owned(tables, None, (problems.UNIT_CONFLICT.at(place, **words),)))
        elif own.unit:
            note = problems.UNIT_NORMALISED.at(
                place._replace(unit=own.unit.name), label=own.label, raw=own.text, unit=own.unit.name
            )
            owned.append(Owned(tables, own.unit, () if own.text == own.unit.name else (note,)))
        elif not own.cell and beside_it:  # columns that were copied, without the lines above them
            owned.append(Owned(tables, beside_it.unit))
        elif own.text or named is None or len(found) > 1:
            owned.append(Owned(tables, None, (_nobody(own, place, roster),)))
        else:
            where = place._replace(unit=named.name)
            owned.append(Owned(tables, named, (problems.UNIT_FROM_NAME.at(where, label=own.label, unit=named.name),)))
    return owned


def _side_by_side(left: Table, right: Table) -> bool:
    return left.sheet is right.sheet and left.region.header == right.region.header


def _said(table: Table, roster: Roster) -> _Said:
    for label in dict.fromkeys((fold(table.form.unit_label), UNIT, "考核乡镇")):
        rows = above(table)
        stood = [(str(raw), cell) for raw, cell in beside(table, label, rows)]
        for text, cell in stood:
            if unit := roster.find(text):
                return _Said(text, cell, label, unit)
        if cell_beside(table, label, rows):  # columns that changed places may have put the name anywhere in the row
            for raw, cell in beside(table, label, rows, beyond=True):
                if unit := roster.find(str(raw)):
                    return _Said(str(raw), cell, label, unit)
        if stood:
            return _Said(*stood[0], label, None)
        if cell := cell_beside(table, label, rows):
            return _Said("", cell, label, None)
    return _Said("", "", table.form.unit_label, None)


def _nobody(said: _Said, place: Place, roster: Roster) -> Problem:
    words = f"填写为“{shown(said.text)}”，不在考核对象名单中" if said.text else "没有填写，文件名里也没有单位名称"
    near = roster.near(said.text) if said.text else None
    words += f"（是否为“{near.name}”？）" if near else ""
    return problems.NO_UNIT.at(place, label=said.label, said=words)

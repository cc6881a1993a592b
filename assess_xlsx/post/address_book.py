"""Reads 通讯录: to whom the letters of each unit go. It is found by its headings, like every table of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from assess_xlsx import problems
from assess_xlsx.answers import Place, Source
from assess_xlsx.entries import Refusal, in_words
from assess_xlsx.excel.formats import Unreadable, identify
from assess_xlsx.excel.read import Workbook
from assess_xlsx.intake import ledger
from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import ADDRESS_TABLE, CC, TO, UNIT
from assess_xlsx.post.address import addresses_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from assess_xlsx.intake.ledger import LedgerRow
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Scheme, Unit

_TABLE = ledger.Table(ADDRESS_TABLE)


class Unread(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """An address book that cannot be read at all, as a Chinese sentence."""


class Contact(NamedTuple):
    """To whom a unit's letters go."""

    unit: Unit
    to: tuple[str, ...]
    """At least one."""
    cc: tuple[str, ...]
    place: Place


class AddressBook(Struct, frozen=True):
    """What 通讯录 says of the units of a roster."""

    contacts: dict[int, Contact]
    """By 序号: the units to whom letters can go."""
    doubtful: tuple[Unit, ...]
    """Units whose rows are not clear: no letter goes to them."""
    blank: tuple[Unit, ...]
    """Units without an address."""
    problems: tuple[Problem, ...]

    def units_at(self, address: str) -> list[Unit]:
        """The units that have an address, whoever writes it in capitals."""
        said = address.casefold()
        return [
            each.unit
            for each in self.contacts.values()
            if said in (known.casefold() for known in (*each.to, *each.cc))
        ]


def read(path: Path, scheme: Scheme) -> AddressBook:
    """An address book; raises Unread."""
    try:
        data = path.read_bytes()
        book = Workbook(data, identify(data))
    except OSError as error:
        raise Unread(f"“{path}”打不开（{in_words(error)}）。") from None
    except Unreadable as verdict:
        raise Unread(f"“{path}”读不了：{verdict.reason}。{verdict.remedy}。") from None
    return _Reader(Source(path.name, str(path)), scheme).book(book)


class _Reader:
    def __init__(self, source: Source, scheme: Scheme) -> None:
        self.source, self.units, self.roster = source, scheme.units, Roster(scheme)
        self.told: list[Problem] = []
        self.doubtful: dict[int, Unit] = {}

    def book(self, book: Workbook) -> AddressBook:
        rows: dict[int, list[Contact]] = {}
        sheets = [sheet for sheet in book.sheets if ledger.header(sheet, _TABLE)]
        if not sheets:
            self.told.append(
                problems.ADDRESSES_MISSING.at(Place(source=self.source), labels="、".join(ADDRESS_TABLE))
            )
        for sheet in sheets:
            for row in ledger.rows(sheet, _TABLE):
                place = Place("", self.source, sheet.name, row.cell(UNIT))
                if contact := self._contact(row, place):
                    rows.setdefault(contact.unit.number, []).append(contact)
        contacts = {number: contact for number, rivals in sorted(rows.items()) if (contact := self._one(rivals))}
        contacts = {number: each for number, each in contacts.items() if number not in self.doubtful}
        self.told += _shared(contacts.values())
        blank = (unit for unit in self.units if unit.number not in {*contacts, *self.doubtful})
        doubtful = tuple(self.doubtful[number] for number in sorted(self.doubtful))
        return AddressBook(contacts, doubtful, tuple(blank), tuple(self.told))

    def _contact(self, row: LedgerRow, place: Place) -> Contact | None:
        """What a row says; None where it names no address, or says it unclearly."""
        if row.blank(UNIT) and row.blank(TO):
            return None
        unit = self.roster.find(row.text(UNIT))
        if unit is None:
            self.told.append(problems.ROW_UNIT.at(place, raw=row.told(UNIT)))
            return None
        place = place._replace(unit=unit.name)
        if row.clashing:
            twice = row.clashing[0]
            self.told.append(problems.ROW_TWICE.at(place._replace(cell=row.cell(twice)), label=twice))
            self.doubtful[unit.number] = unit
            return None
        to, cc = (self._addresses(row, label, unit, place) for label in (TO, CC))
        if to is None or cc is None:
            self.doubtful[unit.number] = unit
            return None
        others = tuple(each for each in cc if each not in to)
        return Contact(unit, to, others, place._replace(cell=row.cell(TO))) if to else None

    def _addresses(self, row: LedgerRow, label: str, unit: Unit, place: Place) -> tuple[str, ...] | None:
        """The addresses in a cell; None where they are doubtful."""
        if label not in row.cells:
            return ()
        place = place._replace(cell=row.cell(label))
        mark = row.marks.get(label)
        if mark and mark.struck:
            self.told.append(problems.ROW_STRUCK.at(place))
        if mark and (mark.error or mark.uncalculated):
            self.told.append(problems.ROW_CELL.at(place, label=label, raw=row.told(label)))
            return None
        try:
            read = addresses_in(row.text(label))
        except Refusal as refusal:
            words = {"label": label, "raw": row.told(label), "reason": refusal, "unit": unit.name}
            self.told.append(problems.ADDRESS_FAULT.at(place, **words))
            return None
        if read.tidied:
            words = {"label": label, "raw": row.told(label), "read": "；".join(read.found)}
            self.told.append(problems.ADDRESS_READ.at(place, **words))
        return read.found

    def _one(self, rivals: list[Contact]) -> Contact | None:
        """The row of a unit; none where it has several that differ."""
        first = rivals[0]
        if len({(_alike(each.to), _alike(each.cc)) for each in rivals}) == 1:
            return first
        cells = "、".join(f"{each.place.sheet} {each.place.cell}" for each in rivals)
        self.told.append(problems.ADDRESS_TWICE.at(first.place, unit=first.unit.name, cells=cells))
        self.doubtful[first.unit.number] = first.unit
        return None


def _alike(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(each.casefold() for each in addresses)


def _shared(contacts: Iterable[Contact]) -> Iterator[Problem]:
    """A reminder of every address to which the letters of several units go."""
    users: dict[str, list[Contact]] = {}
    for contact in contacts:
        for address in contact.to:
            users.setdefault(address.casefold(), []).append(contact)
    for address, sharing in users.items():
        if len(sharing) > 1:
            units = "、".join(each.unit.name for each in sharing)
            yield problems.ADDRESS_SHARED.at(sharing[0].place, units=units, address=address)

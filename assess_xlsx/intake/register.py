"""Reads what the office recorded in its registers (考核办登记表), and merges them. It scores nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from assess_xlsx import problems
from assess_xlsx.amounts import plain
from assess_xlsx.answers import EventRow, OfficeValue, Place, Register, Row, Ruling, VetoRow
from assess_xlsx.entries import Raw, Refusal, fold, is_blank, points_in, shown
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.marks import Look
from assess_xlsx.intake.entry import DISGUISED, as_seen, is_disguised, raise_where_nothing_shows
from assess_xlsx.layout import (
    CODE,
    EVENT_COLUMNS,
    EVENT_SHEET,
    FACT,
    RULING_COLUMNS,
    RULING_SHEET,
    UNIT,
    VETO_COLUMNS,
    VETO_SHEET,
    office_facts,
    office_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from assess_xlsx.answers import Source
    from assess_xlsx.excel.marks import Mark
    from assess_xlsx.excel.read import Sheet, Workbook
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Scheme, Unit


R = TypeVar("R", bound=Row)


def merge(registers: Iterable[Register]) -> tuple[Register, list[Problem]] | None:
    """Several registers as one, and what contradicts itself in them; None if there is none.

    The same row in two files counts once; values and rulings that contradict each other do not apply (K18).
    """
    found = list(registers)
    if not found:
        return None
    contradictions: list[Problem] = []
    return (
        Register(
            _union([register.vetoes for register in found]),
            _union([register.events for register in found]),
            _agreeing(_union([register.values for register in found]), contradictions),
            _agreeing(_union([register.rulings for register in found]), contradictions),
        ),
        contradictions,
    )


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


def _agreeing(rows: tuple[R, ...], found: list[Problem]) -> tuple[R, ...]:
    """Of what is decided in several rows, the first row; nothing where the rows differ in their value."""
    decided: dict[tuple[object, ...], list[R]] = {}
    for row in rows:
        assert isinstance(row, OfficeValue | Ruling)  # noqa: S101 - only these decide a value
        about = (row.unit, row.code, row.key) if isinstance(row, Ruling) else (row.unit, row.key)
        decided.setdefault(about, []).append(row)
    kept = []
    for rivals in decided.values():
        if len({row.value for row in rivals if isinstance(row, OfficeValue | Ruling)}) == 1:
            kept.append(rivals[0])
        else:
            cells = "、".join(f"“{row.place.source.name}”{row.place.sheet} {row.place.cell}" for row in rivals)
            found += [problems.CONTRADICTING_RULINGS.at(row.place, cells=cells) for row in rivals]
    return tuple(kept)


class _Row(NamedTuple):
    """A row under a header, each cell as it is seen."""

    cells: dict[str, Raw]
    marks: dict[str, Mark]
    number: int
    columns: dict[str, int]
    clashing: tuple[str, ...]
    """Labels that stand in the header twice, over cells that differ."""

    def text(self, label: str) -> str:
        """A cell as text; a date as year-month-day."""
        raw = self.cells.get(label, "")
        if isinstance(raw, dt.datetime):
            raw = raw.date()
        return "" if is_blank(raw) else raw.isoformat() if isinstance(raw, dt.date) else shown(raw).strip()

    def cell(self, label: str) -> str:
        return cell_name(self.number, self.columns[label])

    def blank(self, label: str) -> bool:
        """Nothing stands in a cell, nor hides behind it."""
        mark = self.marks.get(label)
        return is_blank(self.cells[label]) and not (mark and (mark.error or mark.uncalculated))


def _header(sheet: Sheet, labels: Sequence[str]) -> tuple[int, dict[str, list[int]]] | None:
    for number, row in enumerate(sheet.rows):
        found: dict[str, list[int]] = {}
        for column, value in enumerate(row):
            if isinstance(value, str) and value:
                found.setdefault(fold(value), []).append(column)
        # a column 来源 marks the result workbook's own list of vetoes
        if all(fold(label) in found for label in labels) and "来源" not in found:
            return number, found
    return None


def _rows(sheet: Sheet, labels: Sequence[str]) -> Iterator[_Row]:
    """The rows under a header in which anything stands, be it struck out."""
    header = _header(sheet, labels)
    if header is None:
        return
    first, columns = header
    for number in range(first + 1, len(sheet.rows)):
        row = _row(sheet, number, columns)
        if any(not row.blank(label) or label in row.marks for label in labels):
            yield row


def _row(sheet: Sheet, number: int, columns: dict[str, list[int]]) -> _Row:
    cells: dict[str, Raw] = {}
    marks: dict[str, Mark] = {}
    chosen: dict[str, int] = {}
    clashing = []
    for label, places in columns.items():
        stood = []
        for column in places:
            raw = sheet.at(number, column)
            mark = sheet.marks.of(cell_name(number, column), raw)
            stood.append((as_seen(raw, mark) if mark else raw, mark, column))
        filled = [each for each in stood if not is_blank(each[0])] or stood
        cells[label], mark, chosen[label] = filled[0]
        if mark:
            marks[label] = mark
        if len({shown(raw) for raw, _, _ in filled}) > 1:
            clashing.append(label)
    return _Row(cells, marks, number, chosen, tuple(clashing))


def _office_labels(form: Form) -> list[str]:
    return [fold(fact.key) for fact in office_facts(form)]


def is_register(book: Workbook, scheme: Scheme) -> bool:
    tables = [VETO_COLUMNS, EVENT_COLUMNS, RULING_COLUMNS]
    tables += [(UNIT, label) for form in scheme.forms for label in _office_labels(form)[:1]]
    return any(_header(sheet, labels) for sheet in book.sheets for labels in tables)


def read(book: Workbook, source: Source, scheme: Scheme, roster: Roster) -> tuple[Register, list[Problem]]:
    """What the office recorded, and a problem for every row that cannot be used."""
    reader = _Reader(source, scheme, roster)
    for sheet in book.sheets:
        reader.sheet(sheet)
    found = Register(tuple(reader.vetoes), tuple(reader.events), tuple(reader.values), tuple(reader.rulings))
    return found, reader.found


class _Reader:
    def __init__(self, source: Source, scheme: Scheme, roster: Roster) -> None:
        self.source, self.scheme, self.roster = source, scheme, roster
        self.vetoes: list[VetoRow] = []
        self.events: list[EventRow] = []
        self.values: list[OfficeValue] = []
        self.rulings: list[Ruling] = []
        self.found: list[Problem] = []

    def sheet(self, sheet: Sheet) -> None:
        tables: dict[str, tuple[Sequence[str], Callable[[_Row, Unit, Place], None]]] = {
            VETO_SHEET: (VETO_COLUMNS, self._veto),
            EVENT_SHEET: (EVENT_COLUMNS, self._event),
            RULING_SHEET: (RULING_COLUMNS, self._ruling),
        }
        for labels, take in tables.values():
            for row in _rows(sheet, labels):
                self._take(row, sheet, take)
        if any(_header(sheet, labels) for labels, _ in tables.values()):
            return
        if not self._office_sheet(sheet):
            self._headless(sheet, {name: labels for name, (labels, _) in tables.items()})

    def _office_sheet(self, sheet: Sheet) -> bool:
        """Reads 考核办填报; answers whether the sheet is one."""
        # forms may ask the office for the same, so the columns alone do not tell whose sheet it is
        asked = {form.name: _office_labels(form) for form in self.scheme.forms}
        every = dict.fromkeys(label for own in asked.values() for label in own)
        known = [label for label in every if _header(sheet, (UNIT, label))]
        forms = [name for name, own in asked.items() if not set(own).isdisjoint(known)]
        header = _header(sheet, (UNIT, *known)) if known else None
        if header is None:
            return False
        for row in _rows(sheet, (UNIT, *known)):
            if any(not row.blank(label) or label in row.marks for label in known):
                self._take(row, sheet, partial(self._office, forms=forms))
        gone = any(label not in known for name in forms for label in asked[name])
        for label, places in header[1].items():
            below = [row for row in range(header[0] + 1, len(sheet.rows)) if not is_blank(sheet.at(row, places[0]))]
            if label not in (UNIT, *every) and below:
                place = Place("", self.source, sheet.name, cell_name(header[0], places[0]))
                message = problems.COLUMN_UNKNOWN if gone else problems.COLUMN_UNKNOWN.reminder()
                self.found.append(message.at(place, label=label, count=len(below)))
        return True

    def _headless(self, sheet: Sheet, tables: Mapping[str, Sequence[str]]) -> None:
        """A sheet of the register whose header somebody edited: nothing on it counts, and that is said."""
        asked = {office_sheet(form): _office_labels(form) for form in self.scheme.forms}
        offices = {name: (UNIT, *labels) for name, labels in asked.items() if labels}
        for table, labels in {**tables, **offices}.items():
            wanted = [fold(label) for label in labels]
            texts = [{fold(cell) for cell in row if isinstance(cell, str)} for row in sheet.rows]
            number, found = max(
                enumerate(texts), key=lambda row: len(row[1].intersection(wanted)), default=(0, set())
            )
            alike = 2 * len(found.intersection(wanted)) > len(wanted) or fold(sheet.name) == fold(table)
            if alike and any(not is_blank(cell) for row in sheet.rows[number + 1 :] for cell in row):
                missing = next((label for label in labels if fold(label) not in found), "")
                place = Place("", self.source, sheet.name, cell_name(number, 0))
                self.found.append(problems.TABLE_UNKNOWN.at(place, table=table, missing=missing))
                return

    def _take(self, row: _Row, sheet: Sheet, take: Callable[[_Row, Unit, Place], None]) -> None:
        place = Place("", self.source, sheet.name, row.cell(UNIT))
        if any(mark.struck for mark in row.marks.values()) and all(row.blank(label) for label in row.cells):
            self.found.append(problems.ROW_STRUCK.at(place))
            return
        if row.clashing:
            twice = row.clashing[0]
            self.found.append(problems.ROW_TWICE.at(place._replace(cell=row.cell(twice)), label=twice))
            return
        unit = self.roster.find(row.text(UNIT))
        if unit is None:
            self.found.append(problems.ROW_UNIT.at(place, raw=row.text(UNIT)))
        else:
            take(row, unit, place._replace(unit=unit.name))

    def _veto(self, row: _Row, unit: Unit, place: Place) -> None:
        said = fold(row.text("情形"))
        veto = next(
            (v for v in self.scheme.vetoes if said and said in (fold(v.title), fold(v.code), fold(v.text))), None
        )
        if veto is None:
            place = place._replace(cell=row.cell("情形"))
            self.found.append(problems.ROW_VETO.at(place, raw=row.text("情形")))
            return
        date, detail, basis = (row.text(label) for label in VETO_COLUMNS[2:])
        self.vetoes.append(VetoRow(unit.number, veto.code, date, detail, basis, place._replace(code=veto.code)))

    def _event(self, row: _Row, unit: Unit, place: Place) -> None:
        fact = self._fact(row, unit, place)
        if fact is None:
            return
        if not fact.adverse:
            place = place._replace(cell=row.cell(FACT), code=fact.code, fact=fact.label)
            self.found.append(problems.ROW_NOT_ADVERSE.at(place, fact=fact.label))
            return
        value = self._value(row, "次数", fact, place)
        if value is not None:
            date, detail, recorder = (row.text(label) for label in EVENT_COLUMNS[4:])
            place = place._replace(cell=row.cell("次数"), code=fact.code, fact=fact.label)
            self.events.append(EventRow(unit.number, fact.key, value, date, detail, recorder, place))

    def _office(self, row: _Row, unit: Unit, place: Place, forms: Sequence[str]) -> None:
        if unit.form not in forms:
            self.found.append(problems.ROW_FORM.at(place, unit=unit.name, form="、".join(forms)))
            return
        for fact in office_facts(self.scheme.form(unit.form)):
            label = fold(fact.key)
            if label in row.marks and row.marks[label].struck:
                self.found.append(problems.ROW_STRUCK.at(place._replace(cell=row.cell(label), fact=fact.label)))
            if label in row.cells and not row.blank(label):
                value = self._value(row, label, fact, place)
                if value is not None:
                    where = place._replace(cell=row.cell(label), code=fact.code, fact=fact.label)
                    self.values.append(OfficeValue(unit.number, fact.key, value, where))

    def _ruling(self, row: _Row, unit: Unit, place: Place) -> None:
        if not row.text("理由"):
            where = place._replace(cell=row.cell("理由"), code=row.text(CODE), fact=row.text(FACT))
            self.found.append(problems.ROW_REASON.at(where))
            return
        where = place._replace(cell=row.cell("核定值"))
        if row.text(FACT):
            fact = self._fact(row, unit, place)
            value = self._value(row, "核定值", fact, place) if fact else None
            if fact and value is not None:
                where = where._replace(code=fact.code, fact=fact.label)
                self.rulings.append(Ruling(unit.number, fact.code, fact.key, value, row.text("理由"), where))
            return
        item = next((i for i in self.scheme.form(unit.form).items if i.code == fold(row.text(CODE))), None)
        if item is None:
            where = place._replace(cell=row.cell(CODE))
            self.found.append(problems.ROW_CODE.at(where, raw=row.text(CODE), form=unit.form))
            return
        where = where._replace(code=item.code)
        most = abs(item.worth.full)
        mark = row.marks.get("核定值")
        try:
            if mark:
                raise_where_nothing_shows(mark)
            score = points_in(row.cells["核定值"], most)
            if mark and (mark.look is Look.OTHERWISE or (mark.shown and points_in(mark.shown, most) != score)):
                raise Refusal(DISGUISED)  # noqa: TRY301
        except Refusal as refusal:
            said = mark.error if mark and mark.error else row.text("核定值")
            self.found.append(problems.ROW_SCORE.at(where, raw=said, reason=refusal, most=plain(most)))
            return
        signed = -score if item.worth.full < 0 else score
        self.rulings.append(Ruling(unit.number, item.code, "", signed, row.text("理由"), where))

    def _fact(self, row: _Row, unit: Unit, place: Place) -> Fact | None:
        """The fact that 指标编号 and 填报项 name on the unit's form."""
        said = fold(row.text(CODE)) + fold(row.text(FACT))
        form = self.scheme.form(unit.form)
        for item in form.items:
            for fact in item.facts:
                if said == fold(fact.code + fact.label):
                    return fact
        where = place._replace(cell=row.cell(FACT), code=row.text(CODE), fact=row.text(FACT))
        self.found.append(problems.ROW_FACT.at(where, code=row.text(CODE), fact=row.text(FACT), form=unit.form))
        return None

    def _value(self, row: _Row, label: str, fact: Fact, place: Place) -> int | None:
        raw, mark = row.cells[label], row.marks.get(label)
        where = place._replace(cell=row.cell(label), code=fact.code, fact=fact.label)
        try:
            if mark:
                raise_where_nothing_shows(mark)
            if is_blank(raw):
                raise Refusal("没有填写")  # noqa: TRY301 - a blank is one more way to be refused
            parsed = fact.kind.parse(raw)
            if mark and is_disguised(fact.kind, raw, mark):
                raise Refusal(DISGUISED)  # noqa: TRY301
        except Refusal as refusal:
            said = mark.error if mark and mark.error else "" if is_blank(raw) else shown(raw)
            self.found.append(
                problems.ROW_VALUE.at(where, fact=fact.label, raw=said, reason=refusal, allowed=fact.kind.allowed())
            )
            return None
        if parsed.normalised:
            self.found.append(
                problems.NORMALISED.at(
                    where, fact=fact.label, raw=shown(raw), shown=fact.kind.show(parsed.value), allowed=fact.allowed()
                )
            )
        return parsed.value

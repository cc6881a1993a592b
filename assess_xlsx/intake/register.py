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
from assess_xlsx.layout import CODE, EVENT_COLUMNS, FACT, RULING_COLUMNS, UNIT, VETO_COLUMNS, office_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assess_xlsx.answers import Source
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
    cells: dict[str, Raw]
    number: int
    columns: dict[str, int]

    def text(self, label: str) -> str:
        """A cell as text; a date as year-month-day."""
        raw = self.cells.get(label, "")
        if isinstance(raw, dt.datetime):
            raw = raw.date()
        return "" if is_blank(raw) else raw.isoformat() if isinstance(raw, dt.date) else shown(raw).strip()

    def cell(self, label: str) -> str:
        return cell_name(self.number, self.columns[label])


def _header(sheet: Sheet, labels: Sequence[str]) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(sheet.rows):
        found = {fold(value): column for column, value in enumerate(row) if isinstance(value, str) and value}
        # a column 来源 marks the result workbook's own list of vetoes
        if all(fold(label) in found for label in labels) and "来源" not in found:
            return number, found
    return None


def _rows(sheet: Sheet, labels: Sequence[str]) -> Iterator[_Row]:
    """The rows under a header in which anything stands."""
    header = _header(sheet, labels)
    if header is None:
        return
    first, columns = header
    for number in range(first + 1, len(sheet.rows)):
        cells = {label: sheet.at(number, column) for label, column in columns.items()}
        if any(not is_blank(cells[label]) for label in labels):
            yield _Row(cells, number, columns)


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
        tables: list[tuple[Sequence[str], Callable[[_Row, Unit, Place], None]]] = [
            (VETO_COLUMNS, self._veto),
            (EVENT_COLUMNS, self._event),
            (RULING_COLUMNS, self._ruling),
        ]
        for labels, take in tables:
            for row in _rows(sheet, labels):
                self._take(row, sheet, take)
        if any(_header(sheet, labels) for labels, _ in tables):
            return
        # forms may ask the office for the same, so the columns alone do not tell whose sheet it is
        asked = {form.name: _office_labels(form) for form in self.scheme.forms}
        every = dict.fromkeys(label for own in asked.values() for label in own)
        known = [label for label in every if _header(sheet, (UNIT, label))]
        forms = [name for name, own in asked.items() if not set(own).isdisjoint(known)]
        for row in _rows(sheet, (UNIT, *known)) if known else ():
            if any(not is_blank(row.cells[label]) for label in known):
                self._take(row, sheet, partial(self._office, forms=forms))

    def _take(self, row: _Row, sheet: Sheet, take: Callable[[_Row, Unit, Place], None]) -> None:
        place = Place("", self.source, sheet.name, row.cell(UNIT))
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
            if label in row.cells and not is_blank(row.cells[label]):
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
        try:
            score = points_in(row.cells["核定值"], most)
        except Refusal as refusal:
            self.found.append(problems.ROW_SCORE.at(where, raw=row.text("核定值"), reason=refusal, most=plain(most)))
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
        raw = row.cells[label]
        where = place._replace(cell=row.cell(label), code=fact.code, fact=fact.label)
        try:
            if is_blank(raw):
                raise Refusal("没有填写")  # noqa: TRY301 - a blank is one more way to be refused
            parsed = fact.kind.parse(raw)
        except Refusal as refusal:
            said = "" if is_blank(raw) else shown(raw)
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

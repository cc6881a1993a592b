"""Reads what the office recorded in its registers (考核办登记表). It scores nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.amounts import plain
from assess_xlsx.answers import (
    ACCEPTED,
    DECISIONS,
    VERDICTS,
    Absence,
    EventRow,
    Objection,
    OfficeValue,
    Place,
    Register,
    Ruling,
    VetoRow,
)
from assess_xlsx.entries import Refusal, day_in, fold, is_blank, points_in, shown
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.marks import Look
from assess_xlsx.intake.entry import DISGUISED, is_disguised, raise_where_nothing_shows, text_of_number
from assess_xlsx.intake.ledger import OWN_LIST, Table, header, rows
from assess_xlsx.layout import (
    ABSENCE_COLUMNS,
    ABSENCE_SHEET,
    CODE,
    DECISION,
    EVENT_COLUMNS,
    EVENT_SHEET,
    FACT,
    GRADE,
    OBJECTION_COLUMNS,
    OBJECTION_SHEET,
    OVERALL,
    REASON,
    RECEIVED,
    REPLY,
    RULED,
    RULING_COLUMNS,
    RULING_SHEET,
    UNIT,
    VETO_COLUMNS,
    VETO_SHEET,
    office_facts,
    office_sheet,
)
from assess_xlsx.scheme.answer_kinds import Percent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from assess_xlsx.answers import Source
    from assess_xlsx.excel.read import Sheet, Workbook
    from assess_xlsx.intake.ledger import LedgerRow
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Scheme, Unit

TABLES = {
    VETO_SHEET: Table(VETO_COLUMNS),
    EVENT_SHEET: Table(EVENT_COLUMNS),
    RULING_SHEET: Table(RULING_COLUMNS),
    OBJECTION_SHEET: Table(OBJECTION_COLUMNS),
    # the office may note a 处理 beside its rulings too
    ABSENCE_SHEET: Table(ABSENCE_COLUMNS, frozenset({OWN_LIST, CODE})),
}
"""The tables that are the same for every scheme, by their sheets' names."""
OBJECTION_TEXTS = ("异议内容", REPLY, "经办人")
FEWEST_ALIKE = 4
"""Labels of a table from which on it is known by most of them: a few words of it may stand anywhere."""


def _office_labels(form: Form) -> list[str]:
    return [fold(fact.key) for fact in office_facts(form)]


def _waits(row: LedgerRow) -> bool:
    """A ruling whose 核定值 is blank, and was not struck out, is not yet decided (K18)."""
    told = any(not row.blank(label) for label in RULING_COLUMNS)
    return told and row.blank(RULED) and not (RULED in row.marks and row.marks[RULED].struck)


def is_register(book: Workbook, scheme: Scheme) -> bool:
    """Some sheet of a workbook is one of a register's."""
    offices = (Table((UNIT, label)) for form in scheme.forms for label in _office_labels(form)[:1])
    tables = (*TABLES.values(), *offices)
    return any(header(sheet, table) for sheet in book.sheets for table in tables)


def read(book: Workbook, source: Source, scheme: Scheme, roster: Roster) -> tuple[Register, list[Problem]]:
    """What the office recorded, and a problem for every row that cannot be used."""
    reader = _Reader(source, scheme, roster)
    for sheet in book.sheets:
        reader.sheet(sheet)
    return reader.register(), reader.found


class _Reader:
    def __init__(self, source: Source, scheme: Scheme, roster: Roster) -> None:
        self.source, self.scheme, self.roster = source, scheme, roster
        self.vetoes: list[VetoRow] = []
        self.events: list[EventRow] = []
        self.values: list[OfficeValue] = []
        self.rulings: list[Ruling] = []
        self.objections: list[Objection] = []
        self.absences: list[Absence] = []
        self.found: list[Problem] = []

    def register(self) -> Register:
        """All that could be used."""
        return Register(
            tuple(self.vetoes),
            tuple(self.events),
            tuple(self.values),
            tuple(self.rulings),
            tuple(self.objections),
            tuple(self.absences),
        )

    def sheet(self, sheet: Sheet) -> None:
        takers = {
            VETO_SHEET: self._veto,
            EVENT_SHEET: self._event,
            RULING_SHEET: self._ruling,
            OBJECTION_SHEET: self._objection,
            ABSENCE_SHEET: self._absence,
        }
        known = {name: table for name, table in TABLES.items() if header(sheet, table)}
        for name, table in known.items():
            lines = list(rows(sheet, table))
            if name == RULING_SHEET:
                lines = self._decided(lines, sheet)
            for row in lines:
                self._take(row, sheet, takers[name])
        if not known and not self._office_sheet(sheet):
            self._headless(sheet)

    def _office_sheet(self, sheet: Sheet) -> bool:
        """Reads 考核办填报; answers whether the sheet is one."""
        # forms may ask the office for the same, so the columns alone do not tell whose sheet it is
        asked = {form.name: _office_labels(form) for form in self.scheme.forms}
        every = dict.fromkeys(label for own in asked.values() for label in own)
        known = [label for label in every if header(sheet, Table((UNIT, label)))]
        forms = [name for name, own in asked.items() if not set(own).isdisjoint(known)]
        table = Table((UNIT, *known))
        found = header(sheet, table) if known else None
        if found is None:
            return False
        for row in rows(sheet, table):
            if any(not row.blank(label) or label in row.marks for label in known):
                self._take(row, sheet, partial(self._office, forms=forms))
        gone = any(label not in known for name in forms for label in asked[name])
        for label, places in found[1].items():
            below = [row for row in range(found[0] + 1, len(sheet.rows)) if not is_blank(sheet.at(row, places[0]))]
            if label not in (UNIT, *every) and below:
                place = Place("", self.source, sheet.name, cell_name(found[0], places[0]))
                message = problems.COLUMN_UNKNOWN if gone else problems.COLUMN_UNKNOWN.reminder()
                self.found.append(message.at(place, label=label, count=len(below)))
        return True

    def _headless(self, sheet: Sheet) -> None:
        """A sheet of the register whose header somebody edited: nothing on it counts, and that is said."""
        asked = {office_sheet(form): _office_labels(form) for form in self.scheme.forms}
        tables: Mapping[str, Sequence[str]] = {
            **{name: table.labels for name, table in TABLES.items()},
            **{name: (UNIT, *labels) for name, labels in asked.items() if labels},
        }
        for table, labels in tables.items():
            wanted = [fold(label) for label in labels]
            texts = [{fold(cell) for cell in row if isinstance(cell, str)} for row in sheet.rows]
            number, found = max(
                enumerate(texts), key=lambda row: len(row[1].intersection(wanted)), default=(0, set())
            )
            alike = len(wanted) >= FEWEST_ALIKE and 2 * len(found.intersection(wanted)) > len(wanted)
            alike = alike or fold(sheet.name) == fold(table)
            if alike and any(not is_blank(cell) for row in sheet.rows[number + 1 :] for cell in row):
                missing = next((label for label in labels if fold(label) not in found), "")
                place = Place("", self.source, sheet.name, cell_name(number, 0))
                self.found.append(problems.TABLE_UNKNOWN.at(place, table=table, missing=missing))
                return

    def _take(self, row: LedgerRow, sheet: Sheet, take: Callable[[LedgerRow, Unit, Place], None]) -> None:
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
            self.found.append(problems.ROW_UNIT.at(place, raw=row.told(UNIT)))
        else:
            take(row, unit, place._replace(unit=unit.name))

    def _veto(self, row: LedgerRow, unit: Unit, place: Place) -> None:
        said = fold(row.text("情形"))
        veto = next(
            (v for v in self.scheme.vetoes if said and said in (fold(v.title), fold(v.code), fold(v.text))), None
        )
        if veto is None:
            place = place._replace(cell=row.cell("情形"))
            self.found.append(problems.ROW_VETO.at(place, raw=row.told("情形")))
            return
        date, detail, basis = (row.text(label) for label in VETO_COLUMNS[2:])
        self.vetoes.append(VetoRow(unit.number, veto.code, date, detail, basis, place._replace(code=veto.code)))

    def _event(self, row: LedgerRow, unit: Unit, place: Place) -> None:
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

    def _office(self, row: LedgerRow, unit: Unit, place: Place, forms: Sequence[str]) -> None:
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

    def _ruling(self, row: LedgerRow, unit: Unit, place: Place) -> None:
        if row.blank(RULED):  # struck out, else it would wait
            self.found.append(problems.ROW_STRUCK.at(place._replace(cell=row.cell(RULED))))
            return
        if not row.text(REASON):
            where = place._replace(cell=row.cell(REASON), code=row.text(CODE), fact=row.text(FACT))
            self.found.append(problems.ROW_REASON.at(where))
            return
        where = place._replace(cell=row.cell(RULED))
        grades = self.scheme.form(unit.form).grades
        if grades and row.text(FACT) == GRADE and fold(row.text(CODE)) in ("", OVERALL):
            self._grade(row, unit, where._replace(fact=GRADE), [grade.name for grade in grades])
            return
        if row.text(FACT):
            fact = self._fact(row, unit, place)
            value = self._value(row, RULED, fact, place) if fact else None
            if fact and value is not None:
                where = where._replace(code=fact.code, fact=fact.label)
                self.rulings.append(Ruling(unit.number, fact.code, fact.key, value, row.text(REASON), where))
            return
        item = next((i for i in self.scheme.form(unit.form).items if i.code == fold(row.text(CODE))), None)
        if item is None:
            where = place._replace(cell=row.cell(CODE))
            self.found.append(problems.ROW_CODE.at(where, raw=row.told(CODE), form=unit.form))
            return
        where = where._replace(code=item.code)
        ends = item.worth.ruled
        mark = row.marks.get(RULED)
        try:
            if mark:
                raise_where_nothing_shows(mark)
            score = points_in(row.cells[RULED], *ends)
            if mark and (mark.look is Look.OTHERWISE or (mark.shown and points_in(mark.shown, *ends) != score)):
                raise Refusal(DISGUISED)  # noqa: TRY301
        except Refusal as refusal:
            least, most = map(plain, ends)
            words = {"raw": row.told(RULED), "reason": refusal, "least": least, "most": most}
            self.found.append(problems.ROW_SCORE.at(where, **words))
            return
        signed = -score if item.worth.takes_off else score
        self.rulings.append(Ruling(unit.number, item.code, "", signed, row.text(REASON), where))

    def _grade(self, row: LedgerRow, unit: Unit, place: Place, names: Sequence[str]) -> None:
        """A ruling on 等次: its value is the grade's place among the form's."""
        said = fold(row.told(RULED))
        found = next((number for number, name in enumerate(names) if fold(name) == said), None)
        if found is None:
            words = {"fact": GRADE, "raw": row.told(RULED), "reason": "没有这个等次", "allowed": "、".join(names)}
            self.found.append(problems.ROW_VALUE.at(place, **words))
        else:
            self.rulings.append(Ruling(unit.number, "", GRADE, found, row.text(REASON), place))

    def _decided(self, lines: Sequence[LedgerRow], sheet: Sheet) -> list[LedgerRow]:
        """The rulings with a 核定值; a row without one is not yet decided: it waits, and is told with the others."""
        waiting = [_waits(row) for row in lines]
        if any(waiting):
            place = Place("", self.source, sheet.name, lines[waiting.index(True)].cell(RULED))
            self.found.append(problems.RULINGS_WAITING.at(place, count=sum(waiting)))
        return [row for row, waits in zip(lines, waiting, strict=True) if not waits]

    def _objection(self, row: LedgerRow, unit: Unit, place: Place) -> None:
        """K28: what cannot be read of a row is told, and the objection stays on the list."""
        self._struck(row, OBJECTION_COLUMNS, place)
        for label in OBJECTION_TEXTS:
            if row.told(label) != shown(row.text(label)):
                where = place._replace(cell=row.cell(label))
                self.found.append(problems.ROW_CELL.at(where, label=label, raw=row.told(label)))
        code = self._objected(row, unit)
        if code is None:
            where = place._replace(cell=row.cell(CODE))
            self.found.append(problems.ROW_OBJECTED.at(where, raw=row.told(CODE), form=unit.form))
            return
        where = place._replace(code=code)
        decision = fold(row.told(DECISION))
        if decision and decision not in DECISIONS:
            cell = where._replace(cell=row.cell(DECISION))
            words = {"raw": row.told(DECISION), "allowed": "、".join(DECISIONS)}
            self.found.append(problems.ROW_DECISION.at(cell, **words))
            decision = ""
        if decision not in ("", ACCEPTED) and not row.text(REPLY):
            self.found.append(problems.ROW_REPLY.at(where._replace(cell=row.cell(REPLY)), decision=decision))
        received = self._received(row, where)
        text, reply, handler = (row.text(label) for label in OBJECTION_TEXTS)
        self.objections.append(Objection(unit.number, code, text, received, decision, reply, handler, where))

    def _objected(self, row: LedgerRow, unit: Unit) -> str | None:
        """What an objection is about: an item of the unit's form, a veto circumstance, or the total."""
        said = fold(row.text(CODE))
        vetoes = {fold(text): veto.code for veto in self.scheme.vetoes for text in (veto.code, veto.title)}
        items = {item.code: item.code for item in self.scheme.form(unit.form).items}
        return {**vetoes, **items, OVERALL: OVERALL}.get(said)

    def _received(self, row: LedgerRow, place: Place) -> dt.date | None:
        """收到日期; one after 异议期限 is told."""
        where, day, last = place._replace(cell=row.cell(RECEIVED)), None, self.scheme.round.objections_until
        if not row.blank(RECEIVED):
            day = day_in(row.cells[RECEIVED])
            if day is None:
                self.found.append(problems.ROW_DAY.at(where, label=RECEIVED, raw=row.told(RECEIVED)))
        if day and last and day > last:
            words = {"day": day, "days": self.scheme.round.objection_days, "last": last}
            self.found.append(problems.OBJECTION_LATE.at(where, **words))
        return day

    def _absence(self, row: LedgerRow, unit: Unit, place: Place) -> None:
        """K27."""
        self._struck(row, ABSENCE_COLUMNS, place)
        decision = fold(row.told(DECISION))
        if decision not in VERDICTS:
            where = place._replace(cell=row.cell(DECISION))
            words = {"raw": row.told(DECISION), "allowed": "、".join(VERDICTS)}
            self.found.append(problems.ROW_VERDICT.at(where, **words))
        elif not row.text(REASON):
            where = place._replace(cell=row.cell(REASON))
            self.found.append(problems.ABSENCE_REASON.at(where, unit=unit.name))
        else:
            self.absences.append(Absence(unit.number, decision, row.text(REASON), place))

    def _struck(self, row: LedgerRow, labels: Sequence[str], place: Place) -> None:
        """What is struck out is no text of a row, and that is said."""
        for label in labels:
            if label in row.marks and row.marks[label].struck:
                self.found.append(problems.ROW_STRUCK.at(place._replace(cell=row.cell(label))))

    def _fact(self, row: LedgerRow, unit: Unit, place: Place) -> Fact | None:
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

    def _value(self, row: LedgerRow, label: str, fact: Fact, place: Place) -> int | None:
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
            words = {"raw": shown(raw), "text": text_of_number(raw), "shown": fact.kind.show(parsed.value)}
            self.found.append(problems.NORMALISED.at(where, fact=fact.label, allowed=fact.allowed(), **words))
        if mark and mark.rounded and isinstance(fact.kind, Percent):
            words = {"fact": fact.label, "shown": mark.rounded, "value": fact.kind.show(parsed.value)}
            self.found.append(problems.SHOWN_ROUNDED.at(where, **words))
        return parsed.value

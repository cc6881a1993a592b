"""Reads filled 评分表 by what each row says of itself (指标编号, 填报项), wherever they stand. Nothing is scored."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from assess_xlsx import contacts, problems
from assess_xlsx.amounts import cents, exact
from assess_xlsx.answers import INVALID, NORMALISED, UNFILLED, Answer, FilledForm, Place, Saved
from assess_xlsx.entries import Refusal, fold, in_full, is_blank, is_time, shown
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.intake.document import EMPTY, UNIT_UNKNOWN, WRONG_FORM
from assess_xlsx.intake.entry import entries, joined, parsed, says_the_same, text_of_number, with_edited_rows
from assess_xlsx.intake.owners import owners
from assess_xlsx.intake.remarks import Remarks, as_it_stands, sheet_name
from assess_xlsx.intake.table import above, answer, below, find_tables
from assess_xlsx.layout import CODE, CONTACTS, EVIDENCE, FACT, PERIOD, REMARK, SCORE, VALUE
from assess_xlsx.scheme.answer_kinds import Percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.answers import Source
    from assess_xlsx.entries import Raw
    from assess_xlsx.excel.read import Span, Workbook
    from assess_xlsx.intake.entry import Entry
    from assess_xlsx.intake.table import Table
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.problems import Message, Problem
    from assess_xlsx.scheme.facts import Condition, Fact
    from assess_xlsx.scheme.model import Scheme, Unit


class Rejected(Struct, frozen=True):
    """A form that is not adopted: 处理结果 and why, with the unit where it is known."""

    result: str
    problem: Problem
    unit: Unit | None = None


class Reading(NamedTuple):
    """What a workbook holds: forms, one a unit; forms that are not adopted; what is to be said of them."""

    forms: tuple[FilledForm, ...]
    rejected: tuple[Rejected, ...]
    problems: tuple[Problem, ...]
    other_scheme: str
    """The scheme that a 表样版本 names, where that is another."""


def read(book: Workbook, source: Source, scheme: Scheme, roster: Roster, file_saved: Saved) -> Reading | None:
    """The filled forms in a workbook with their problems; None if there is no form in it."""
    found = find_tables(book, scheme)
    if not found:
        return None
    told: list[Problem] = []
    rejected: list[Rejected] = []
    of_unit: dict[int, list[Sequence[Table]]] = {}
    for tables, unit, notes in owners(found, source, roster):
        if unit is None:
            rejected += [Rejected(UNIT_UNKNOWN, problem) for problem in notes]
        else:
            told += notes
            of_unit.setdefault(unit.number, []).append(tables)
    forms = []
    for number, own in of_unit.items():
        unit = scheme.units[number - 1]
        outcome = _read_unit(_Asked(book, scheme, source, alone=len(of_unit) == 1), unit, own, file_saved, told)
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
        else:
            forms.append(outcome)
    named = (tables[0].printed.scheme for tables in found if tables[0].printed)
    other = next((each for each in named if each != scheme.name), "")
    return Reading(tuple(forms), tuple(rejected), tuple(told), other)


class _Asked(NamedTuple):
    """The workbook that a unit's form stands in."""

    book: Workbook
    scheme: Scheme
    source: Source
    alone: bool
    """No other unit's form stands in it."""


def _read_unit(
    asked: _Asked, unit: Unit, found: Sequence[Sequence[Table]], file_saved: Saved, told: list[Problem]
) -> FilledForm | Rejected:
    """The form of a unit from all its tables: the fullest, which the others must not contradict."""
    fitting = [table for tables in found for table in tables if table.form.name == unit.form]
    place = Place(unit.name, asked.source)
    if not fitting:
        table = found[0][0]
        words = {"unit": unit.name, "expected": unit.form, "form": table.form.name}
        problem = problems.WRONG_FORM.at(place._replace(sheet=table.sheet.name), **words)
        return Rejected(WRONG_FORM, problem, unit)
    if len(fitting) > 1:  # first those that are answered at all, of copies the one that people see
        fitting.sort(key=lambda each: (not each.filled, -len(each.rows), each.sheet.hidden, -each.filled))
    reader = _Reader(asked, unit, fitting, told)
    if reader.empty():
        return Rejected(EMPTY, problems.EMPTY_FORM.at(reader.place), unit)
    own = asked.book.modified()
    return reader.form(Saved(own, lasting=True) if own else file_saved)


def _covers(area: Span, entry: Entry) -> bool:
    """A cell is hidden under another one of an area."""
    (top, left), (bottom, right) = area
    inside = top <= entry.row <= bottom and left <= entry.column <= right
    return inside and (entry.row, entry.column) != (top, left)


@lru_cache(maxsize=10_000)  # the same scores come back on form after form
def _cents(score: float) -> int | None:
    amount = exact(score)
    return cents(amount) if amount.is_finite() else None


@lru_cache(maxsize=10_000, typed=True)  # and so do answers, which travel as one
def _answer(value: int | None, cell: str, raw: Raw, evidence: str, notes: tuple[str, ...]) -> Answer:
    return Answer(value, raw, cell, evidence, notes)


class _Reader:
    """Reads the form of one unit from its table, with other tables of the same unit as second opinions."""

    def __init__(self, asked: _Asked, unit: Unit, fitting: Sequence[Table], told: list[Problem]) -> None:
        self.asked, self.unit, self.found = asked, unit, told
        first, *copies = joined(fitting)
        self.copies = [(copy, entries(copy)) for copy in copies]
        self.table, self.edited, self.strays = with_edited_rows(first)
        self.place = Place(unit.name, asked.source, self.table.sheet.name)
        self.facts = self.table.form.facts
        self.entries = entries(self.table)
        """What stands in the cells of each fact, the one that counts first; nothing where its row is gone."""
        for _, elsewhere in self.copies:  # a form may be spread over several tables
            self.entries |= {key: stood for key, stood in elsewhere.items() if not self.entries[key]}
        self.first = {key: stood[0] if stood else None for key, stood in self.entries.items()}
        """The one that counts."""
        self.values: dict[str, int | None] = {}
        self.notes: dict[str, tuple[str, ...]] = {}

    def empty(self) -> bool:
        """Nothing was filled (K14)."""
        return all(entry.blank for each in self.entries.values() for entry in each) and not self.strays

    def form(self, saved: Saved) -> FilledForm:
        for fact in self.facts:
            self.values[fact.key] = self._parse(fact)
        for fact in self.facts:
            self._settle(fact)
        self._rows()
        stood = self.table, self.copies, self.first, self.values
        self.found += Remarks(self.asked.book, self.asked.scheme, self.place, *stood).told(signed=self.asked.alone)
        table = self.table
        people = {name: self._contact(name) for name in CONTACTS}
        return FilledForm(
            table.form.name,
            self.unit.number,
            self.asked.source,
            table.sheet.name,
            saved.time,
            self._answer(PERIOD, above(table)),
            {name: said for name, said in people.items() if said},
            self._answer(REMARK, below(table)),
            self._answers(),
            *self._self_scores(),
            saved.lasting,
        )

    def _answer(self, label: str, rows: range) -> str:
        raw, _ = answer(self.table, label, rows)
        return "" if is_blank(raw) else in_full(raw)

    def _contact(self, name: str) -> str:
        """Who filled the form in, with a word where that is no name or no telephone number."""
        raw, cell = answer(self.table, name, below(self.table))
        said = "" if is_blank(raw) else in_full(raw)
        if said and not contacts.fits(name, said):
            message = problems.CONTACT.at(
                self.place._replace(cell=cell), label=name, raw=shown(raw), asked=contacts.asked(name)
            )
            self.found.append(message)
        return said

    def _answers(self) -> tuple[Answer, ...]:
        values, notes = self.values, self.notes
        found = []
        for key, entry in self.first.items():
            value, noted = values[key], notes.get(key, ())
            if entry is None:
                found.append(_answer(value, "", "", "", noted))
            else:
                evidence = ""
                for column in entry.table.columns.get(EVIDENCE, ()):
                    if entry.table.sheet.rows[entry.row][column] != "":
                        evidence = entry.table.said(entry.row, EVIDENCE)
                found.append(_answer(value, entry.cell, entry.raw, evidence, noted))
        return tuple(found)

    def _say(self, message: Message, fact: Fact, **words: object) -> None:
        entry = self.first[fact.key]
        place = self.place._replace(code=fact.code, fact=fact.label)
        if entry:
            place = place._replace(sheet=entry.table.sheet.name, cell=entry.cell)
        self.found.append(message.at(place, fact=fact.label, allowed=fact.allowed(), **words))

    def _note(self, fact: Fact, note: str) -> None:
        self.notes[fact.key] = (*self.notes.get(fact.key, ()), note)

    def _parse(self, fact: Fact) -> int | None:
        """The value in a fact's cell; problems are said in ``_settle``, where it is known to be needed."""
        entry = self.first[fact.key]
        if entry is None or is_blank(entry.raw) or entry.disguised:
            return None
        read = parsed(fact.kind, entry.raw)
        if read is None:
            return None
        if read.normalised:
            self._note(fact, NORMALISED)
        return read.value

    def _settle(self, fact: Fact) -> None:
        """Says what is wrong with a fact, and drops a value that does not count."""
        entry, value = self.first[fact.key], self.values[fact.key]
        if not all(self._needed(fact, condition, entry) for condition in fact.conditions):
            return
        if entry is None:
            if fact.must:
                self._note(fact, UNFILLED)
            self._say(problems.ROW_MISSING if fact.must else problems.ROW_MISSING.reminder(), fact)
        elif self._disagreeing(fact, entry):
            return
        elif value is not None:
            self._accepted(fact, entry, value)
        elif is_blank(entry.raw):
            self._blank(fact, entry)
        else:
            self._refused(fact, entry)

    def _needed(self, fact: Fact, condition: Condition, entry: Entry | None) -> bool:
        """The fact that decides about this one is known and asks for it."""
        deciding = self._deciding(condition.fact)
        if deciding is None:
            return False  # the gap is where the deciding fact stands
        if condition.holds(deciding):
            return True
        if entry and not is_blank(entry.raw):
            self._say(problems.NOT_NEEDED, fact, raw=shown(entry.raw), condition=condition.text())
        self.values[fact.key] = None
        return False

    def _deciding(self, fact: Fact) -> int | None:
        """What a fact that decides about another counts as; a blank 加分 fact is nothing."""
        value = self.values[fact.key]
        blank = fact.bonus and not fact.office and INVALID not in self.notes.get(fact.key, ())
        return fact.kind.nothing() if value is None and blank else value

    def _disagreeing(self, fact: Fact, entry: Entry) -> bool:
        """Another cell, or a copy of the table, says something else: no silent choice between the two."""
        here = self.entries[fact.key]
        if len(here) == 1 and not self.copies:
            return False
        rivals = [each for each in here[1:] if not says_the_same(fact.kind, entry, each)]
        for _, stood in self.copies:
            others = [each for each in stood[fact.key] if not each.blank]
            rivals += [each for each in others if not says_the_same(fact.kind, entry, each)]
        if not rivals:
            return False
        listed = [self._told(each) for each in (entry, *rivals)]
        self._invalid(problems.CONTRADICTING_CELLS, fact, count=len(listed), listed="；".join(listed))
        return True

    def _told(self, entry: Entry) -> str:
        """Where an entry stands and what it says."""
        name = entry.table.sheet.name
        where = "" if name == self.table.sheet.name else f"{sheet_name(self.asked.book, name)} "
        return f"{where}{entry.cell} {as_it_stands(entry.mark.error or entry.raw)}"

    def _blank(self, fact: Fact, entry: Entry) -> None:
        if entry.mark.struck:
            self._invalid(problems.STRUCK, fact)
        elif entry.mark.uncalculated:
            self._invalid(problems.NOT_CALCULATED, fact)
        elif entry.mark.error:
            self._invalid(problems.ERROR_VALUE, fact, raw=entry.mark.error)
        elif fact.must:
            self._note(fact, UNFILLED)
            self._say_blank(fact, entry)

    def _say_blank(self, fact: Fact, entry: Entry) -> None:
        """What must be filled and is not, with what may have become of it."""
        here = self.merged if entry.table.sheet is self.table.sheet else ()
        area = next((area for area in here if _covers(area, entry)), None)
        beside = self.table.said(entry.row, EVIDENCE)
        if area:
            self._say(problems.BLANK_MERGED, fact, cells=":".join(cell_name(*corner) for corner in area))
        elif re.fullmatch(r"[\d.]+%?", fold(beside)):
            self._say(problems.BLANK_BESIDE, fact, label=EVIDENCE, stood=beside)
        else:
            self._say(problems.BLANK, fact)

    @cached_property
    def merged(self) -> list[Span]:
        """Cells of the sheet that somebody made one, beside the form's own: columns of answers are none of these."""
        values = self.table.columns[VALUE]
        spans = self.asked.book.merged(self.table.sheet.name)
        return [each for each in spans if any(each[0][1] <= column <= each[1][1] for column in values)]

    def _refused(self, fact: Fact, entry: Entry) -> None:
        if is_time(entry.raw):
            self._invalid(problems.DATE_FORMAT, fact, raw=shown(entry.raw))
        elif entry.disguised:
            self._invalid(problems.SHOWN_OTHERWISE, fact, raw=shown(entry.raw))
        else:
            try:
                fact.kind.parse(entry.raw)
            except Refusal as refusal:
                self._invalid(problems.REFUSED, fact, raw=shown(entry.raw), reason=refusal)

    def _invalid(self, message: Message, fact: Fact, **words: object) -> None:
        self.values[fact.key] = None
        self._note(fact, INVALID)
        self._say(message.reminder() if fact.office else message, fact, **words)

    def _accepted(self, fact: Fact, entry: Entry, value: int) -> None:
        rows = entry.table.rows[fact.key]
        if len(rows) > 1:
            self._say(problems.REPEATED_ROW, fact, count=len(rows))
        if entry.mark.struck:
            self._say(problems.PARTLY_STRUCK, fact, shown=fact.kind.show(value))
        elif NORMALISED in self.notes.get(fact.key, ()):
            text = text_of_number(entry.raw)
            self._say(problems.NORMALISED, fact, raw=shown(entry.raw), text=text, shown=fact.kind.show(value))
        if entry.mark.rounded and isinstance(fact.kind, Percent):
            self._say(problems.SHOWN_ROUNDED, fact, shown=entry.mark.rounded, value=fact.kind.show(value))
        most = self.values[fact.limit.key] if fact.limit else None
        if fact.limit and most is not None and value > most:
            words = {"value": value, "limit": fact.limit.label, "most": most}
            if fact.refused:
                self._invalid(problems.OVER_LIMIT, fact, **words)
            else:
                self._say(problems.OFFICE_OVER_LIMIT, fact, **words)

    def _rows(self) -> None:
        """Rows whose 编号 or 填报项 somebody edited, taken for the fact that they can only be, or for none."""
        for key, row in self.edited.items():
            fact = self.table.form.by_key[key]
            stood = f"{self.table.said(row, CODE)} {self.table.said(row, FACT)}".strip()
            edited = problems.ROW_RENUMBERED if self.table.outdated else problems.ROW_EDITED
            self._say(edited, fact, stood=stood, code=fact.code)
        gone = any(not each for each in self.entries.values())
        message = problems.ROW_OUTDATED if self.table.outdated else problems.ROW_UNKNOWN
        message = message if gone else message.reminder()
        for row in self.strays:
            code, label = self.table.said(row, CODE), self.table.said(row, FACT)
            place = self.place._replace(cell=cell_name(row, self.table.columns[VALUE][0]), code=code, fact=label)
            stood = f"{code} {label}".strip()
            self.found.append(message.at(place, raw=shown(self.table.said(row, VALUE)), stood=stood))

    def _self_scores(self) -> tuple[tuple[int | None, ...], tuple[str, ...]]:
        """The 记分 of each item in cents, and its cell; it stands in the item's first row."""
        column = next(iter(self.table.columns.get(SCORE, ())), None)
        scores: list[int | None] = []
        cells = []
        for item in self.table.form.self_scored:
            rows = self.table.rows.get(item.facts[0].key) if item.facts else self.table.lines(item)
            raw: Raw = None if not rows or column is None else self.table.sheet.at(rows[0], column)
            scores.append(_cents(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else None)
            cells.append("" if not rows or column is None else cell_name(rows[0], column))
        return tuple(scores), tuple(cells)

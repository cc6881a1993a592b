"""Reads a filled 评分表 by what each row says of itself (指标编号, 填报项), wherever it stands. Nothing is scored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import problems
from assess_xlsx.amounts import cents, exact
from assess_xlsx.answers import INVALID, NORMALISED, UNFILLED, Answer, FilledForm, Place
from assess_xlsx.entries import Raw, Refusal, fold, is_blank, shown
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.intake.document import EMPTY, UNIT_UNKNOWN, WRONG_FORM
from assess_xlsx.intake.table import Table, find_tables, headers, of_one_form, right_of, version_line
from assess_xlsx.layout import CONTACTS, EVIDENCE, PERIOD, SCORE, SIGN_HEADINGS, UNIT, VALUE

if TYPE_CHECKING:
    import datetime as dt

    from assess_xlsx.answers import Source
    from assess_xlsx.excel.read import Workbook
    from assess_xlsx.intake.units import Roster
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.answer_kinds import Kind, Parsed
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Scheme, Unit


class Entry(NamedTuple):
    """What stood in a fact's row."""

    cell: str
    raw: Raw
    evidence: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A form that is not adopted: 处理结果 and why, with the unit where it is known."""

    result: str
    problem: Problem
    unit: Unit | None = None


def read(
    book: Workbook, source: Source, scheme: Scheme, roster: Roster, file_saved: dt.datetime
) -> tuple[FilledForm | Rejected, list[Problem]] | None:
    """The filled form in a workbook with its problems; None if there is no form in it."""
    tables = find_tables(book, scheme)
    if not tables:
        return None
    found: list[Problem] = []
    unit = _unit(tables[0], source, roster, found)
    if isinstance(unit, Rejected):
        return unit, found
    table, *copies = of_one_form(tables, unit)
    place = Place(unit.name, source, table.sheet.name)
    if unit.form != table.form.name:
        problem = problems.WRONG_FORM.at(place, unit=unit.name, expected=unit.form, form=table.form.name)
        return Rejected(WRONG_FORM, problem, unit), found
    reader = _Reader(book, scheme, table, copies, place, found)
    if reader.empty():
        return Rejected(EMPTY, problems.EMPTY_FORM.at(place), unit), found
    return reader.form(unit, book.modified() or file_saved), found


def _unit(table: Table, source: Source, roster: Roster, found: list[Problem]) -> Unit | Rejected:
    """考核单位 as the form says it, cross-checked with the file name (K19)."""
    labels = dict.fromkeys((fold(table.form.unit_label), UNIT, "考核乡镇"))
    raw, cell, label = next(
        ((*beside, label) for label in labels if (beside := right_of(table.sheet, table.header, label))),
        ("", "", table.form.unit_label),
    )
    place = Place("", source, table.sheet.name, cell)
    said = "" if is_blank(raw) else str(raw)
    unit = roster.find(said) if said else None
    named = roster.in_file_name(PurePosixPath(source.name).stem)
    if unit and named and unit != named:
        problem = problems.UNIT_CONFLICT.at(place, label=label, unit=unit.name, other=named.name)
        return Rejected(UNIT_UNKNOWN, problem)
    if unit is None and (said or named is None):
        words = f"填写为“{shown(said)}”，不在考核对象名单中" if said else "没有填写，文件名里也没有单位名称"
        near = roster.near(said) if said else None
        words += f"（是否为“{near.name}”？）" if near else ""
        return Rejected(UNIT_UNKNOWN, problems.NO_UNIT.at(place, label=label, said=words))
    if unit is None:
        assert named  # noqa: S101 - the line above leaves nothing else
        found.append(problems.UNIT_FROM_NAME.at(place._replace(unit=named.name), label=label, unit=named.name))
        return named
    if said != unit.name:
        found.append(
            problems.UNIT_NORMALISED.at(place._replace(unit=unit.name), label=label, raw=said, unit=unit.name)
        )
    return unit


@lru_cache(maxsize=10_000, typed=True)  # the same answers come back on form after form
def _parsed(kind: Kind, raw: Raw) -> Parsed | None:
    """What an entry means; None where it cannot be used."""
    try:
        return kind.parse(raw)
    except Refusal:
        return None


@lru_cache(maxsize=10_000)  # and so do scores
def _cents(score: float) -> int | None:
    amount = exact(score)
    return cents(amount) if amount.is_finite() else None


@lru_cache(maxsize=10_000, typed=True)  # the same answers come back on form after form, and travel as one
def _answer(value: int | None, cell: str, raw: Raw, evidence: str, notes: tuple[str, ...]) -> Answer:
    return Answer(value, raw, cell, evidence, notes)


_NO_ROW = Entry("", "", "")


class _Reader:
    def __init__(
        self, book: Workbook, scheme: Scheme, table: Table, copies: list[Table], place: Place, found: list[Problem]
    ) -> None:
        self.book, self.scheme, self.table, self.copies = book, scheme, table, copies
        self.place, self.found = place, found
        self.facts = table.form.facts
        self.entries = {fact.key: self._entry(fact) for fact in self.facts}
        self.values: dict[str, int | None] = {}
        self.notes: dict[str, tuple[str, ...]] = {}

    def empty(self) -> bool:
        """Nothing was filled (K14)."""
        return all(entry is None or is_blank(entry.raw) for entry in self.entries.values()) and not any(
            self._behind(fact) for fact in self.facts
        )

    def _entry(self, fact: Fact) -> Entry | None:
        rows = self.table.rows.get(fact.key)
        if not rows:
            return None
        sheet, column, evidence = self.table.sheet, self.table.columns[VALUE], self.table.columns.get(EVIDENCE)
        for row in rows:
            if not is_blank(raw := sheet.at(row, column)):
                break
        else:
            row, raw = rows[0], ""
        remark = "" if evidence is None else sheet.at(row, evidence)
        return Entry(cell_name(row, column), raw, "" if is_blank(remark) else str(remark))

    def _behind(self, fact: Fact) -> str | None:
        entry = self.entries[fact.key]
        return self.book.behind(self.table.sheet.name, entry.cell) if entry and is_blank(entry.raw) else None

    def _say(self, message: problems.Message, fact: Fact, **words: object) -> None:
        entry = self.entries[fact.key]
        place = self.place._replace(code=fact.code, fact=fact.label, cell=entry.cell if entry else "")
        self.found.append(message.at(place, fact=fact.label, allowed=fact.allowed(), **words))

    def form(self, unit: Unit, saved: dt.datetime) -> FilledForm:
        for fact in self.facts:
            self.values[fact.key] = self._parse(fact)
        for fact in self.facts:
            self._settle(fact)
        self._version()
        self._texts()
        self._signed()
        for copy in self.copies:
            self.found.append(
                problems.REPEATED_SHEET.at(self.place._replace(sheet=copy.sheet.name), copy=copy.sheet.name)
            )
        sheet = self.table.sheet
        contacts = {name: right_of(sheet, len(sheet.rows), name) for name in CONTACTS}
        period = right_of(sheet, self.table.header, PERIOD)
        return FilledForm(
            self.table.form.name,
            unit.number,
            self.place.source,
            sheet.name,
            saved,
            "" if period is None or is_blank(period[0]) else shown(period[0]),
            {name: shown(found[0]) for name, found in contacts.items() if found and not is_blank(found[0])},
            self._answers(),
            *self._self_scores(),
        )

    def _answers(self) -> tuple[Answer, ...]:
        values, notes = self.values, self.notes
        return tuple(
            [_answer(values[key], *(entry or _NO_ROW), notes.get(key, ())) for key, entry in self.entries.items()]
        )

    def _note(self, fact: Fact, note: str) -> None:
        self.notes[fact.key] = (*self.notes.get(fact.key, ()), note)

    def _parse(self, fact: Fact) -> int | None:
        """The value in a fact's cell; problems are said in ``_settle``, where it is known to be needed."""
        entry = self.entries[fact.key]
        parsed = _parsed(fact.kind, entry.raw) if entry and not is_blank(entry.raw) else None
        if parsed is None:
            return None
        if parsed.normalised:
            self._note(fact, NORMALISED)
        return parsed.value

    def _settle(self, fact: Fact) -> None:
        """Says what is wrong with a fact, and drops a value that does not count."""
        entry, value = self.entries[fact.key], self.values[fact.key]
        if fact.only_with:
            deciding = self._deciding(fact.only_with.fact)
            if deciding is None:
                return  # the gap is where the deciding fact stands
            if not fact.only_with.holds(deciding):
                if entry and not is_blank(entry.raw):
                    self._say(problems.NOT_NEEDED, fact, raw=shown(entry.raw), condition=fact.only_with.text())
                self.values[fact.key] = None
                return
        if entry is None:
            if fact.must:
                self._note(fact, UNFILLED)
                self._say(problems.ROW_MISSING, fact)
        elif self._disagreeing(fact):
            return
        elif is_blank(entry.raw):
            self._blank(fact)
        elif value is None:
            self._refused(fact, entry)
        else:
            self._accepted(fact, entry, value)

    def _deciding(self, fact: Fact) -> int | None:
        """What a fact that decides about another counts as; a blank 加分 fact is nothing."""
        value = self.values[fact.key]
        blank = fact.bonus and not fact.office and INVALID not in self.notes.get(fact.key, ())
        return fact.kind.nothing() if value is None and blank else value

    def _disagreeing(self, fact: Fact) -> bool:
        """A copy of the sheet says something else: no silent choice between the two."""
        own = self.table.raws(fact.key) if self.copies else []
        for copy in self.copies:
            others = copy.raws(fact.key)
            if others and {repr(raw) for raw in others} != {repr(raw) for raw in own}:
                raws = "、".join(shown(raw) for raw in others)
                self._invalid(problems.CONTRADICTING_SHEETS, fact, other=copy.sheet.name, raws=raws)
                return True
        return False

    def _blank(self, fact: Fact) -> None:
        behind = self._behind(fact)
        if behind == "=":
            self._invalid(problems.NOT_CALCULATED, fact)
        elif behind:
            self._invalid(problems.ERROR_VALUE, fact, raw=behind)
        elif fact.must:
            self._note(fact, UNFILLED)
            self._say(problems.BLANK, fact)

    def _refused(self, fact: Fact, entry: Entry) -> None:
        try:
            fact.kind.parse(entry.raw)
        except Refusal as refusal:
            self._invalid(problems.REFUSED, fact, raw=shown(entry.raw), reason=refusal)

    def _invalid(self, message: problems.Message, fact: Fact, **words: object) -> None:
        self.values[fact.key] = None
        self._note(fact, INVALID)
        self._say(message.reminder() if fact.office else message, fact, **words)

    def _accepted(self, fact: Fact, entry: Entry, value: int) -> None:
        rows = self.table.rows[fact.key]
        if len(rows) > 1:
            if len({repr(raw) for raw in self.table.raws(fact.key)}) > 1:
                raws = (shown(self.table.sheet.at(row, self.table.columns[VALUE])) for row in rows)
                self._invalid(problems.CONTRADICTING_ROWS, fact, count=len(rows), raws="、".join(raws))
                return
            self._say(problems.REPEATED_ROW, fact, count=len(rows))
        if NORMALISED in self.notes.get(fact.key, ()):
            self._say(problems.NORMALISED, fact, raw=shown(entry.raw), shown=fact.kind.show(value))
        most = self.values[fact.limit.key] if fact.limit else None
        if fact.limit and most is not None and value > most:
            words = {"value": value, "limit": fact.limit.label, "most": most}
            if fact.refused:
                self._invalid(problems.OVER_LIMIT, fact, **words)
            else:
                self._say(problems.OFFICE_OVER_LIMIT, fact, **words)

    def _self_scores(self) -> tuple[tuple[int | None, ...], tuple[str, ...]]:
        """The 记分 of each item in cents, and its cell; it stands in the item's first row."""
        column = self.table.columns.get(SCORE)
        scores: list[int | None] = []
        cells = []
        for item in self.table.form.self_scored:
            rows = self.table.rows.get(item.facts[0].key)
            raw: Raw = None if rows is None or column is None else self.table.sheet.at(rows[0], column)
            scores.append(_cents(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else None)
            cells.append("" if rows is None or column is None else cell_name(rows[0], column))
        return tuple(scores), tuple(cells)

    def _texts(self) -> None:
        """Official texts that somebody edited."""
        column = self.table.columns.get(fold(self.table.form.criteria_label))
        if column is None:
            return
        for item in self.table.form.items:
            rows = [row for fact in item.facts for row in self.table.rows.get(fact.key, ())]
            text = item.text
            found = [self.table.sheet.at(row, column) for row in rows]
            if any(isinstance(each, str) and each not in ("", text) and fold(each) != fold(text) for each in found):
                place = self.place._replace(cell=cell_name(rows[0], column), code=item.code)
                self.found.append(problems.TEXT_EDITED.at(place, code=item.code))

    def _signed(self) -> None:
        """签章页 repeats every entry by formula: once calculated, it is a second opinion on what was filled."""
        for sheet in self.book.sheets:
            header = next(headers(sheet, SIGN_HEADINGS), None)
            if header is None:
                continue
            code, label, column = (header[1][heading] for heading in SIGN_HEADINGS)
            rows = {f"{sheet.at(row, code)} {sheet.at(row, label)}": row for row in range(len(sheet.rows))}
            signed = {key: sheet.at(rows[key], column) for key in self.entries if key in rows}
            if all(is_blank(raw) for raw in signed.values()):
                continue  # never calculated
            for fact in self.facts:
                entry = self.entries[fact.key]
                if entry and fact.key in signed and shown(signed[fact.key]) != shown(entry.raw):
                    place = self.place._replace(sheet=sheet.name, cell=cell_name(rows[fact.key], column))
                    words = {"fact": fact.label, "signed": shown(signed[fact.key]), "raw": shown(entry.raw)}
                    where = place._replace(code=fact.code, fact=fact.label)
                    self.found.append(problems.SIGNED_OTHERWISE.at(where, **words))

    def _version(self) -> None:
        """表样版本 of the sheet against the scheme's."""
        printed, current = version_line(self.table.sheet), self.table.form.version
        if printed is None or printed.version == current:
            return
        place = self.place._replace(cell=printed.cell)
        if printed.scheme == self.scheme.name:
            self.found.append(problems.OTHER_VERSION.at(place, found=printed.version, current=current))
        else:
            self.found.append(problems.OTHER_SCHEME.at(place, found=printed.scheme, current=self.scheme.name))

"""The office's register (考核办登记表): writes the blank workbook, reads what the office recorded in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from assess_xlsx import problems, style
from assess_xlsx.amounts import plain
from assess_xlsx.kinds import Raw, Refusal, fold, is_blank, points_in, shown
from assess_xlsx.layout import (
    CODE,
    EVENT_COLUMNS,
    EVENT_SHEET,
    FACT,
    REGISTER_GUIDE,
    RULING_COLUMNS,
    RULING_SHEET,
    UNIT,
    VETO_COLUMNS,
    VETO_SHEET,
    cell_name,
    column_letter,
    office_facts,
    office_sheet,
)
from assess_xlsx.problems import Place, Problem

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from assess_xlsx.facts import Fact
    from assess_xlsx.roster import Roster
    from assess_xlsx.scheme import Form, Scheme, Unit
    from assess_xlsx.spreadsheet import Sheet, Workbook

ROWS = 500
"""Rows prepared for entries on each sheet."""
LIST_SHEET = "名单"
"""What the drop-downs offer."""


class VetoRow(NamedTuple):
    """A veto circumstance that the office recorded."""

    unit: int
    code: str
    date: str
    detail: str
    basis: str
    place: Place


class EventRow(NamedTuple):
    """平时考核: so many adverse events of a fact, on one occasion."""

    unit: int
    key: str
    times: int
    date: str
    detail: str
    recorder: str
    place: Place


class OfficeValue(NamedTuple):
    """考核办填报: what the office knows of a fact, in the scale of its kind."""

    unit: int
    key: str
    value: int
    place: Place


class Ruling(NamedTuple):
    """核定: a fact's value (in the scale of its kind), or an item's score (in cents) where ``key`` is empty."""

    unit: int
    code: str
    key: str
    value: int
    reason: str
    place: Place


Row = VetoRow | EventRow | OfficeValue | Ruling
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Register:
    """What one or several registers say."""

    vetoes: tuple[VetoRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    values: tuple[OfficeValue, ...] = ()
    rulings: tuple[Ruling, ...] = ()

    def rows(self) -> Iterator[Row]:
        return chain(self.vetoes, self.events, self.values, self.rulings)


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
            cells = "、".join(f"“{row.place.file}”{row.place.sheet} {row.place.cell}" for row in rivals)
            found += [problems.CONTRADICTING_RULINGS.at(row.place, cells=cells) for row in rivals]
    return tuple(kept)


# ── reading ──


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


def read(book: Workbook, file: str, scheme: Scheme, roster: Roster) -> tuple[Register, list[Problem]]:
    """What the office recorded, and a problem for every row that cannot be used."""
    reader = _Reader(file, scheme, roster)
    for sheet in book.sheets:
        reader.sheet(sheet)
    found = Register(tuple(reader.vetoes), tuple(reader.events), tuple(reader.values), tuple(reader.rulings))
    return found, reader.found


class _Reader:
    def __init__(self, file: str, scheme: Scheme, roster: Roster) -> None:
        self.file, self.scheme, self.roster = file, scheme, roster
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
        for form in self.scheme.forms:
            labels = [label for label in _office_labels(form) if _header(sheet, (UNIT, label))]
            for row in _rows(sheet, (UNIT, *labels)) if labels else ():
                if any(not is_blank(row.cells[label]) for label in labels):
                    self._take(row, sheet, partial(self._office, form=form))

    def _take(self, row: _Row, sheet: Sheet, take: Callable[[_Row, Unit, Place], None]) -> None:
        place = Place("", self.file, sheet.name, row.cell(UNIT))
        unit = self.roster.find(row.text(UNIT))
        if unit is None:
            self.found.append(problems.ROW_UNIT.at(place, raw=row.text(UNIT)))
        else:
            take(row, unit, place._replace(unit=unit.name))

    def _veto(self, row: _Row, unit: Unit, place: Place) -> None:
        said = fold(row.text("情形"))
        veto = next(
            (v for v in self.scheme.vetoes if said and said in (fold(v.title), fold(v.code), fold(v.text))),
            None,
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

    def _office(self, row: _Row, unit: Unit, place: Place, form: Form) -> None:
        if unit.form != form.name:
            self.found.append(problems.ROW_FORM.at(place, unit=unit.name, form=form.name))
            return
        for fact in office_facts(form):
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
                    where,
                    fact=fact.label,
                    raw=shown(raw),
                    shown=fact.kind.show(parsed.value),
                    allowed=fact.allowed(),
                )
            )
        return parsed.value


# ── writing ──


def write(target: Path | io.BytesIO, scheme: Scheme, vetoes: Sequence[Sequence[str]] = ()) -> None:
    """Writes the register, blank or with rows of 一票否决 (by ``VETO_COLUMNS``)."""
    issued = dt.datetime.combine(scheme.issued, dt.time())
    book = style.Book(target, f"{scheme.title}考核办登记表", issued)
    _RegisterWriter(scheme, book).write(vetoes)
    book.close()


class _RegisterWriter:
    def __init__(self, scheme: Scheme, book: style.Book) -> None:
        self.scheme, self.book = scheme, book
        self.head = book.format(
            font_name=style.TITLE_FONT, border=1, align="center", text_wrap=True, bg_color=style.PALE_BLUE
        )
        self.box = book.format(border=1, border_color=style.LINE, text_wrap=True)
        self.note = book.format(font_color=style.GREY, text_wrap=True)

    def write(self, vetoes: Sequence[Sequence[str]]) -> None:
        self._guide()
        sheets = {
            name: self.book.sheet(name)
            for name in (
                VETO_SHEET,
                EVENT_SHEET,
                *(office_sheet(form) for form in self.scheme.forms),
                RULING_SHEET,
            )
        }
        lists = self._lists()
        self._vetoes(sheets[VETO_SHEET], lists, vetoes)
        self._events(sheets[EVENT_SHEET], lists)
        for form in self.scheme.forms:
            self._office(sheets[office_sheet(form)], form)
        self._rulings(sheets[RULING_SHEET], lists)

    def _guide(self) -> None:
        sheet = self.book.sheet(REGISTER_GUIDE)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 84)
        sheet.merge_range(0, 0, 0, 1, "考核办登记表", self.book.format(font_name=style.TITLE_FONT, font_size=16))
        sheet.set_row(0, 30)
        wrap = self.book.format(text_wrap=True, font_size=11, valign="top")
        rows = [
            (
                "怎样使用",
                "登记后与收回的评分表一起放入 input 文件夹，再运行汇总；可以有多份，按内容识别，文件名不限。",
            ),
            (VETO_SHEET, "一行一种情形。单位自查填报的不必重复登记；单位未报而查实的，在此登记。"),
            (
                EVENT_SHEET,
                "日常巡查、随机抽查等发现的情况，一行一次事件，“次数”填本次的次数，同一事项自动累加。",
            ),
            (
                "、".join(office_sheet(form) for form in self.scheme.forms),
                "一行一个单位，一列一个考核办掌握的填报项；不知道的留空，没有发生的填 0。",
            ),
            (
                RULING_SHEET,
                "核定优先于一切。核定填报项：写指标编号和填报项；直接核定得分：填报项留空，核定值填分数"
                "（扣分填所扣分数）。必须写理由。",
            ),
        ]
        for number, (name, text) in enumerate(rows, 1):
            sheet.write_string(
                number, 0, name, self.book.format(bold=True, text_wrap=True, valign="top", font_size=11)
            )
            sheet.write_string(number, 1, text, wrap)
            sheet.set_row(number, 8 + 16 * max(style.lines(text, 84, 11), style.lines(name, 24, 11)))
        style.print_setup(sheet)

    def _lists(self) -> dict[str, str]:
        """Writes what the drop-downs offer and answers the ranges by name."""
        sheet = self.book.sheet(LIST_SHEET)
        scheme = self.scheme
        columns: dict[str, list[str]] = {
            UNIT: [unit.name for unit in scheme.units],
            "情形": [veto.title for veto in scheme.vetoes],
        }
        for form in scheme.forms:
            columns[f"{form.name}单位"] = [unit.name for unit in form.units]
            columns[f"{form.name}不利次数编号"] = list(
                dict.fromkeys(fact.code for fact in form.facts if fact.adverse)
            )
            columns[f"{form.name}指标编号"] = [item.code for item in form.items]
            facts = [fact for fact in form.facts if fact not in form.declarations]
            columns[f"{form.name}填报项的编号"] = [fact.code for fact in facts]
            columns[f"{form.name}填报项"] = [fact.label for fact in facts]
            adverse = [fact for fact in facts if fact.adverse]
            columns[f"{form.name}不利次数的编号"] = [fact.code for fact in adverse]
            columns[f"{form.name}不利次数"] = [fact.label for fact in adverse]
        ranges = {}
        for column, (name, values) in enumerate(columns.items()):
            sheet.set_column(column, column, style.fitted([name, *values]))
            sheet.write_string(0, column, name, self.head)
            for row, value in enumerate(values, 1):
                sheet.write_string(row, column, value, self.book.format())
            letter = column_letter(column)
            ranges[name] = f"{LIST_SHEET}!${letter}$2:${letter}${len(values) + 1}"
        sheet.protect()
        sheet.hide()
        return ranges

    def _table(
        self, sheet: Worksheet, columns: Sequence[str], widths: Sequence[float], note: str, rows: int = ROWS
    ) -> None:
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 0, 0, len(columns) - 1, note, self.note)
        sheet.set_row(0, 32)
        sheet.set_row(1, 24)
        for column, label in enumerate(columns):
            sheet.write_string(1, column, label, self.head)
        for row in range(2, 2 + rows):
            for column in range(len(columns)):
                sheet.write_blank(row, column, None, self.box)
        sheet.freeze_panes(2, 1)
        style.print_setup(sheet, landscape=True, header_row=1)
        sheet.print_area(0, 0, min(rows, 40) + 1, len(columns) - 1)

    def _pick(self, sheet: Worksheet, column: int, source: str, title: str, message: str) -> None:
        self._validate(sheet, column, {"validate": "list", "source": source}, title, message)

    @staticmethod
    def _validate(sheet: Worksheet, column: int, rule: dict[str, Any], title: str, message: str) -> None:
        sheet.data_validation(
            2, column, ROWS + 1, column, rule | {"error_title": title, "error_message": message[:255]}
        )

    def _by_unit(self, lists: dict[str, str], name: str) -> str:
        """A list of the form that the row's unit is on."""
        choice = lists[f"{self.scheme.forms[-1].name}{name}"]
        for form in reversed(self.scheme.forms[:-1]):
            choice = f"IF(COUNTIF({lists[f'{form.name}单位']},$A3)>0,{lists[form.name + name]},{choice})"
        return f"={choice}"

    def _facts_of_code(self, lists: dict[str, str], facts: str) -> str:
        """The labels whose code stands beside them: a run of the list, by OFFSET."""

        def run(form: Form) -> str:
            codes, labels = lists[f"{form.name}{facts}的编号"], lists[f"{form.name}{facts}"]
            first = labels.partition(":")[0]
            return f"OFFSET({first},MATCH($B3,{codes},0)-1,0,COUNTIF({codes},$B3),1)"

        choice = run(self.scheme.forms[-1])
        for form in reversed(self.scheme.forms[:-1]):
            choice = f"IF(COUNTIF({lists[f'{form.name}单位']},$A3)>0,{run(form)},{choice})"
        return f"={choice}"

    def _vetoes(self, sheet: Worksheet, lists: dict[str, str], rows: Sequence[Sequence[str]]) -> None:
        note = "经核实的一票否决等情形，一行一种。任何一种都取消年度评优资格；情形 V.5、V.6 只由考核办登记。"
        self._table(sheet, VETO_COLUMNS, (18, 46, 14, 50, 36), note)
        self._pick(sheet, 0, f"={lists[UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(sheet, 1, f"={lists['情形']}", "不是规定的情形", "请从下拉列表选择情形。")
        for number, row in enumerate(rows, 2):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, self.box)

    def _events(self, sheet: Worksheet, lists: dict[str, str]) -> None:
        note = "日常巡查、随机抽查、投诉等事件，一行一次。只登记对单位不利的次数；同一填报项的各行自动累加。"
        self._table(sheet, EVENT_COLUMNS, (18, 12, 26, 8, 14, 50, 14), note)
        self._pick(sheet, 0, f"={lists[UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(
            sheet,
            1,
            self._by_unit(lists, "不利次数编号"),
            "编号不符",
            "请先选考核单位，再从下拉列表选指标编号。",
        )
        self._pick(
            sheet,
            2,
            self._facts_of_code(lists, "不利次数"),
            "填报项不符",
            "请先选指标编号，再从下拉列表选填报项。",
        )
        whole = {"validate": "integer", "criteria": ">=", "value": 0}
        self._validate(sheet, 3, whole, "次数不符", "请填不小于0的整数。")

    def _office(self, sheet: Worksheet, form: Form) -> None:
        facts = list(office_facts(form))
        columns = (UNIT, *(fact.key for fact in facts))
        note = "考核办掌握的填报项，一行一个单位；不知道的留空，没有发生的填 0。填写后以此为准。"
        self._table(sheet, columns, (18, *(16 for _ in facts)), note, len(form.units))
        sheet.set_row(1, 48)
        for row, unit in enumerate(form.units, 2):
            sheet.write_string(row, 0, unit.name, self.box)
        for column, fact in enumerate(facts, 1):
            first, last = 2, len(form.units) + 1
            limit = cell_name(first, 1 + facts.index(fact.limit)) if fact.limit and fact.limit in facts else None
            box = self.book.format(border=1, border_color=style.LINE, align="center", num_format=fact.kind.format)
            for row in range(first, last + 1):
                sheet.write_blank(row, column, None, box)
            sheet.data_validation(
                first,
                column,
                last,
                column,
                fact.kind.validation(cell_name(first, column), limit)
                | {
                    "input_title": fact.label[:32],
                    "input_message": f"请填{fact.allowed()}；不知道的留空。"[:255],
                    "error_title": "填报值不符合要求",
                    "error_message": f"“{fact.label}”请填{fact.allowed()}。"[:255],
                },
            )

    def _rulings(self, sheet: Worksheet, lists: dict[str, str]) -> None:
        note = (
            "核定优先于一切，必须写理由。核定填报项：写指标编号和填报项；直接核定得分：填报项留空，核定值填分数"
            "（扣分填所扣分数）。汇总结果“待核定”表的前五列可直接粘贴到这里。"
        )
        self._table(sheet, RULING_COLUMNS, (18, 12, 26, 14, 70), note)
        self._pick(sheet, 0, f"={lists[UNIT]}", "不是考核对象", "请从下拉列表选择考核单位。")
        self._pick(sheet, 1, self._by_unit(lists, "指标编号"), "编号不符", "请先选考核单位，再从下拉列表选指标编号。")
        self._pick(
            sheet,
            2,
            self._facts_of_code(lists, "填报项"),
            "填报项不符",
            "请从下拉列表选填报项；核定得分的留空。",
        )

"""得分明细: a row for every item of every unit, from its answers to its final score, with the grounds. No sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.answers import INVALID
from assess_xlsx.excel.table import POINTS as TWO_PLACES
from assess_xlsx.excel.table import Column, sheets_of, table
from assess_xlsx.layout import CODE, CONTENT, EVIDENCE, POINTS, REMARK, UNIT
from assess_xlsx.report.places import RANKED_UNIT_COL, Table, key, string
from assess_xlsx.report.sources import Cells, recorded, row_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.answers import FilledForm
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.table import Row
    from assess_xlsx.excel.write import Book
    from assess_xlsx.report.places import Places
    from assess_xlsx.scheme.model import Item, Unit
    from assess_xlsx.scoring.scores import Scores

SHEET = "得分明细"
COLUMNS = (
    Column(UNIT, most=20),
    Column(CODE),
    Column(CONTENT, most=18),
    Column("目标要求", most=34),
    Column(POINTS, 'General"分"'),
    Column("填报数据", most=30),
    Column("来源", most=32, once=True),
    Column(EVIDENCE, most=24),
    Column("自评分", TWO_PLACES),
    Column("平时考核", most=20),
    Column("核算分", TWO_PLACES),
    Column("核定分", TWO_PLACES),
    Column("最终得分", TWO_PLACES),
    Column("计分依据", most=60),
    Column(REMARK, most=30),
)
KEY = Column("汇总键", most=24)
"""The last column where formulas sum the rows up: not printed."""
FINAL_COL, KEY_COL = 12, len(COLUMNS)
UNIT_COL = 0
PRINTED = KEY_COL - 1


def place(assessment: Assessment) -> Table:
    """Where the table stands."""
    return Table(SHEET, 1, sum(len(each.units) * len(each.form.items) for each in assessment.scores))


def details(book: Book, assessment: Assessment, places: Places) -> None:
    """Draws the table."""
    columns = (*COLUMNS, KEY) if places.live else COLUMNS
    sheets = sheets_of(book, SHEET, places.details.rows)
    table(book, sheets, SHEET, columns, _rows(assessment, places), printed=PRINTED, one_line=True)


def _rows(assessment: Assessment, places: Places) -> Iterator[Row]:
    for scores in assessment.scores:
        computed, final = scores.computed.to_numpy(), scores.items.to_numpy()
        answers, cells = _Answers(scores), Cells(scores)
        rows = recorded(assessment.returns.register, scores)
        ranking = places.rankings[scores.form.name]
        keys = [key(item) for item in scores.form.items] if places.live else []
        for row, unit in enumerate(scores.units):
            amounts = zip(computed[row].tolist(), final[row].tolist(), strict=True)
            form = assessment.returns.forms[unit.number]
            values, invalid = form.values, answers.invalid(form)
            own = dict(zip(answers.self_scored, form.self_scores, strict=True))
            evidence, remark = answers.evidence(form), form.remark
            link, stood = places.file(form.source, form.sheet), f"{form.source.name} {form.sheet}"
            name: Cell = unit.name
            if places.live:
                name = ranking.link(string(unit.name), RANKED_UNIT_COL, string(unit.name), unit.name)
            for at, (item, (now, points)) in enumerate(zip(scores.form.items, amounts, strict=True)):
                code = item.code
                said, ruling = own.get(code), scores.ruled.get((unit.number, code))
                first, all_ = cells.of(form, item)
                stands = f"{stood}!{all_}" if all_ else stood
                if rows and (known := rows.get((unit.number, code))):
                    stands = "；".join((stands, *(row_told(each.place) for each in known)))
                yield (
                    "",
                    (
                        name,
                        code,
                        item.content,
                        item.text,
                        answers.worth[code],
                        answers.filled(item, values, invalid),
                        link(first, stands),
                        evidence.get(code, ""),
                        None if said is None else said / CENT,
                        answers.known(item, unit),
                        now / CENT,
                        None if ruling is None else ruling.value / CENT,
                        points / CENT,
                        scores.basis[code][row],
                        remark,
                        *((unit.name + keys[at],) if places.live else ()),
                    ),
                )
                remark = ""  # of the form as a whole: once is enough


class _Answers:
    """What the units of a form filled in and what the office knows of them, item by item, in words."""

    def __init__(self, scores: Scores) -> None:
        self.facts, self._asked = scores.facts, scores.form.facts
        self.self_scored = [item.code for item in scores.form.self_scored]
        self.worth: dict[str, Cell] = {
            item.code: item.worth.high / CENT
            if item.worth.high and not item.worth.bonus
            else item.points_text or ("加分" if item.worth.bonus else "扣分")
            for item in scores.form.items
        }
        places = {fact.key: place for place, fact in enumerate(scores.form.facts)}
        self._span = {
            item.code: slice(places[item.facts[0].key], places[item.facts[-1].key] + 1) for item in scores.form.items
        }
        self._told: dict[tuple[str, tuple[int | None, ...]], str] = {}
        sources = ((self.facts.events, "平时考核"), (self.facts.office, "考核办填报"))
        self._sources = [(source, name) for source, name in sources if source]
        facts = scores.form.by_key
        self._known = {(unit, facts[key].code) for source, _ in self._sources for unit, key in source}

    def filled(self, item: Item, values: tuple[int | None, ...], invalid: set[str]) -> str:
        """填报数据: what the unit filled in; units that filled the same share the text."""
        values = values[self._span[item.code]]
        about = (item.code, values)
        if about not in self._told:
            self._told[about] = "；".join(
                f"{fact.label} {fact.kind.show(value)}"
                for fact, value in zip(item.facts, values, strict=True)
                if value is not None
            )
        text = self._told[about]
        if not invalid:
            return text
        told = [f"{fact.label} 填写无效" for fact in item.facts if fact.key in invalid]
        return "；".join(filter(None, [text, *told]))

    def evidence(self, form: FilledForm) -> dict[str, str]:
        """佐证说明 by item code, where something stands there."""
        found: dict[str, dict[str, None]] = {}
        for fact, answer in zip(self._asked, form.answers, strict=True):
            if answer.evidence:
                found.setdefault(fact.code, {})[answer.evidence] = None  # once, where it stands in several rows
        return {code: "；".join(texts) for code, texts in found.items()}

    def invalid(self, form: FilledForm) -> set[str]:
        """The keys of the facts whose entries cannot be used."""
        return {self._asked[place].key for place, answer in form.noted if INVALID in answer.notes}

    def known(self, item: Item, unit: Unit) -> str:
        """平时考核: what the office recorded."""
        if (unit.number, item.code) not in self._known:
            return ""
        return "；".join(
            f"{fact.label} {fact.kind.show(source[unit.number, fact.key])}（{name}）"
            for fact in item.facts
            for source, name in self._sources
            if (unit.number, fact.key) in source
        )

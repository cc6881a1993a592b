"""What all copies of a form share, worked out once: formulas, validations, words. It writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx import contacts, layout, numerals
from assess_xlsx.entries import NO
from assess_xlsx.excel.cells import cell_name, sheet_cell
from assess_xlsx.forms import verdicts
from assess_xlsx.forms.paper import Paper
from assess_xlsx.layout import Col, FormLayout
from assess_xlsx.scheme.adjustments import Mark
from assess_xlsx.scheme.answer_kinds import Choice, Percent
from assess_xlsx.scheme.computed import Computed
from assess_xlsx.scheme.facts import GOOD, IS_ERROR, NOT_NEEDED, UNFILLED, blank
from assess_xlsx.scheme.rules.applying import LEFT_OUT, OUT
from assess_xlsx.scheme.rules.base import RANKED
from assess_xlsx.scheme.rules.factor import OF_UNIT
from assess_xlsx.scheme.subtotals import Subtotal
from assess_xlsx.scheme.summing import Summing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Item
    from assess_xlsx.scheme.rules.when import When


OPEN = "待核定"
"""记分 of an item of which only what the office fills is lacking."""

DONE = "已填完整，可以打印签章页"
"""What the frozen rows say when nothing is missing or wrong."""
MOST_PROMPT, MOST_ERROR = 255, 225
"""Characters of what a data validation says: beside the cell, and of an entry that it does not let in."""
_COUNTED = ("还有 ", " 项未填、", " 项有误")
"""What stands around how many entries are missing and wrong."""


def progress_text(missing: int, wrong: int) -> str:
    """What the frozen rows say while something is."""
    before, between, after = _COUNTED
    return f"{before}{missing}{between}{wrong}{after}"


def progress_formula(missing: str, wrong: str) -> str:
    """The same as an Excel expression of two."""
    before, between, after = _COUNTED
    return f'"{before}"&{missing}&"{between}"&{wrong}&"{after}"'


def left_blank(fact: Fact, check: str) -> str:
    """What 签章页 says of a fact that is blank: which kind of blank it is, by what 校验 says."""
    if fact.conditions and check == NOT_NEEDED:
        return layout.NEEDLESS
    if check in (condition.undecided() for condition in fact.conditions):
        return layout.LEFT_TO_OFFICE
    return _left_blank(fact)


def left_blank_formula(fact: Fact, check: str) -> str:
    """The same as an Excel expression; ``check`` is the cell of 校验."""
    kind = f'"{_left_blank(fact)}"'
    for condition in fact.conditions:
        if condition.fact.office:
            kind = f'IF({check}="{condition.undecided()}","{layout.LEFT_TO_OFFICE}",{kind})'
    return f'IF({check}="{NOT_NEEDED}","{layout.NEEDLESS}",{kind})' if fact.conditions else kind


def _left_blank(fact: Fact) -> str:
    return layout.LEFT_TO_OFFICE if fact.office else layout.LEFT_OUT if fact.optional else layout.LACKING


class Plan:
    """A form's 评分表, but for what a unit fills in."""

    def __init__(self, form: Form) -> None:
        self.form, self.places = form, FormLayout.of(form)
        self.advice = {fact.key: self._advice(fact) for fact in form.facts}
        """填法 by fact key."""
        paper = Paper(self.places, self.advice)
        self.heights = paper.heights
        """Points by row."""
        self.page_breaks = paper.breaks
        """Rows before which a page ends."""
        self._raising: dict[str, list[Fact]] = {}
        for fact in form.facts:
            if fact.raises:
                self._raising.setdefault(fact.raises.key, []).append(fact)
        self.scores = {item.code: self._score_formula(item) for item in form.items}
        """记分 by item code."""
        self.checks = {
            fact.key: fact.check_formula(self.places.value_cell, self.places.check_cell) for fact in form.facts
        }
        """校验 by fact key."""
        self.taken = {row: self._taken(fact) for row, (_, fact) in self.places.taken.items()}
        """What a row shows of the fact of an earlier item, by row."""
        self.contact_checks = {
            name: self._contact_check(row, name) for row, name in enumerate(layout.CONTACTS, self.places.contacts_row)
        }
        """校验 of who filled the form in."""
        self.declarations = {fact.key: self._declaration(fact) for fact in form.facts}
        """所填数据 on 签章页 by fact key."""
        self.measures = {
            fact.key: "" if isinstance(fact.kind, Choice | Percent) else fact.kind.unit() for fact in form.facts
        }
        """The unit behind a value, by fact key."""
        self.formats = {fact.kind.format for fact in form.facts}
        """The number formats of 填报值."""
        self.total = self._total_formula()
        """自评合计."""
        self.progress = self._progress_formula()
        """What is still to be filled and mended."""
        self.validations = {fact.key: self._validation(fact) for fact in form.facts}

    def _advice(self, fact: Fact) -> str:
        """How to fill a fact's cell; the declarations, none of which may be left out, are counted."""
        declared = self.form.declarations
        if fact not in declared:
            return fact.advice()
        all_of_them = f"{numerals.counting(len(declared))}项都要" if len(declared) > 1 else ""
        return f"{all_of_them}{fact.advice()}，没有发生选“{NO}”"

    def _score_formula(self, item: Item) -> str:
        """记分: nothing until every fact that decides it is settled, then the rule (K15, K20)."""
        places = self.places
        tests = [fact.settled(places.check_cell) for fact in item.looks_at]
        if item.worth.bonus:  # blank bonus facts are 0, but a blank form shows nothing
            first, last = places.first_row, places.last_row
            inputs = f"{cell_name(first, Col.VALUE, fixed=True)}:{cell_name(last, Col.VALUE, fixed=True)}"
            tests.append(f"COUNTA({inputs})>{len(places.taken)}")
        groups = item.rule.one_of()
        out = f"{item.applying.chosen(OUT, places.value_cell)}," if item.applying else ""
        for group in groups:
            filled = f"COUNTA({','.join(map(places.value_cell, group))})>0"
            tests.append(f"OR({out}{filled})" if out else filled)
        tests += [f"ISNUMBER({self._subtotal(each)})" for each in item.subtotals]
        guard = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        lacking = '""'
        if any(fact.office for fact in item.looks_at):
            own = [fact.settled(places.check_cell) for fact in item.looks_at if not fact.office]
            lacking = f'IF(AND({",".join(own)}),"{OPEN}","")' if own else f'"{OPEN}"'
        formula = f'"{RANKED}"' if item.subtotals else item.rule.formula(self._counted)
        if item.factored and not item.ranked:  # whose factor it is must be known
            formula = f'IF(ISNUMBER({self._factor}),{formula},"")'
        return f"IF({guard},{formula},{lacking})"

    @property
    def _factor(self) -> str:
        """The factor of the unit that the form names, as an Excel expression: beside its name on 填报说明."""
        rows = layout.GUIDE_UNITS_ROW, layout.GUIDE_UNITS_ROW + len(self.form.units) - 1
        names, factors = (
            sheet_cell(layout.GUIDE_SHEET, ":".join(cell_name(row, column, fixed=True) for row in rows))
            for column in (layout.GUIDE_UNITS_COL, layout.GUIDE_FACTOR_COL)
        )
        unit = cell_name(self.places.unit_row, layout.UNIT_CELL_COL, fixed=True)
        return f"INDEX({factors},MATCH({unit},{names},0))"

    def _taken(self, fact: Fact) -> str:
        if isinstance(fact, Computed):
            return fact.shown(self._counted)
        if isinstance(fact, Subtotal):
            return self._subtotal(fact)
        cell = self.places.value_cell(fact)
        return f'IF({cell}="","",{cell})'

    def _subtotal(self, fact: Subtotal) -> str:
        """The sum of scores; nothing while one of them is not there, or only the office can say it."""
        cells: list[str] = []
        terms: list[str] = []
        for section in self.form.sections:
            own = [cell_name(self.places.item_span(item)[0], Col.SCORE) for item in section.items]
            single = [cell for cell, item in zip(own, section.items, strict=True) if item.code in fact.items]
            cells, terms = [*cells, *single], [*terms, *single]
            if section.number in fact.sections:
                cells += [own[place] for place in section.counted]
                terms.append(section.formula(section.sum_formula(own)))
        return f'IF(COUNT({",".join(cells)})<{len(cells)},"",{"+".join(terms)})'

    def _counted(self, fact: Fact) -> str:
        """What a fact counts as: a limit as much as what exceeds it (K17)."""
        if fact is OF_UNIT:
            return self._factor
        cell = self.places.value_cell
        raising = [other.operand(cell) for other in self._raising.get(fact.key, ())]
        return f"MAX({','.join((cell(fact), *raising))})" if raising else cell(fact)

    def _total_formula(self) -> str:
        """The sections' sums within their bounds, summed; nothing while no item shows a score."""
        places = self.places
        parts, applies = [], []
        for section in self.form.sections:
            cells = [cell_name(places.item_span(item)[0], Col.SCORE) for item in section.items]
            last = cell_name(places.item_span(section.items[-1])[1], Col.SCORE)
            sum_ = section.sum_formula(cells, last)
            parts.append(section.formula(sum_, section.left_out(cells), summed=True))
            applies.append(f'COUNTIF({cells[0]}:{last},"{LEFT_OUT}")<{len(cells)}')
        held = [self._held(adjustment.when, parts) for adjustment in self.form.adjustments]
        scores = f"{cell_name(places.first_row, Col.SCORE)}:{cell_name(places.last_row, Col.SCORE)}"
        return f'IF(COUNT({scores})=0,"",{Summing(self.form).formula(parts, applies, held, any_program=True)})'

    def _held(self, when: When | Mark, sections: Sequence[str]) -> str:
        """The condition of an adjustment: only once all that it looks at is there, 总分 aside."""
        places, items = self.places, self.form.items
        if not isinstance(when, Mark):
            tests = [when.fact.settled(places.check_cell), *when.fact.tests(places.value_cell)]
            return f"AND({','.join((*tests, when.formula(self._counted)))})"
        if when.item is not None:
            cell = cell_name(places.item_span(items[when.item])[0], Col.SCORE)
            return f"AND(ISNUMBER({cell}),{when.formula(cell)})"
        if when.section is None:
            return ""
        own = self.form.sections[when.section].items
        ends = places.item_span(own[0])[0], places.item_span(own[-1])[1]
        cells = ":".join(cell_name(row, Col.SCORE) for row in ends)
        scored = f'AND(COUNT({cells})>0,COUNT({cells})+COUNTIF({cells},"{LEFT_OUT}")={len(own)}'
        return f"{scored},{when.formula(sections[when.section])})"

    def _progress_formula(self) -> str:
        """Counts what 校验 says: that something is missing, waits, or is wrong."""
        places = self.places
        marks = f"{cell_name(places.first_row, Col.CHECK, fixed=True)}:"
        marks += cell_name(places.remark_row - 1, Col.CHECK, fixed=True)
        unit = cell_name(places.unit_row, layout.UNIT_CELL_COL)
        missing = f'(COUNTIF({marks},"{UNFILLED}")+IF({unit}="",1,0))'
        wrong = verdicts.wrong_ones(marks, len(self.form.facts) + len(layout.CONTACTS))
        return f'IF({missing}+{wrong}=0,"{DONE}",{progress_formula(missing, wrong)})'

    def _contact_check(self, row: int, name: str) -> str:
        """校验 of a name or a telephone number."""
        cell = cell_name(row, Col.VALUE)
        verdict = f'IF({contacts.fitting(name, cell)},"{GOOD}","{contacts.wrong(name)}")'
        return f'IF(ISERROR({cell}),"{IS_ERROR}",IF({blank(cell)},"{verdicts.ASKED}",{verdict}))'

    def _declaration(self, fact: Fact) -> str:
        """On 签章页, what was filled in, or which kind of blank it is."""
        source = sheet_cell(layout.FORM_SHEET, self.places.value_cell(fact))
        check = sheet_cell(layout.FORM_SHEET, self.places.check_cell(fact))
        return f"IF({blank(source)},{left_blank_formula(fact, check)},{source})"

    def _validation(self, fact: Fact) -> dict[str, Any]:
        limit = self.places.value_cell(fact.limit) if fact.limit else None
        choice = isinstance(fact.kind, Choice)
        return fact.kind.validation(self.places.value_cell(fact), limit) | {
            "input_title": fact.label[:32],
            "input_message": f"{self.advice[fact.key]}。"[:MOST_PROMPT],
            "error_title": "填报值不符合要求",
            "error_message": (f"“{fact.label}”请{'从下拉列表选' if choice else '填'}{fact.allowed()}。")[:MOST_ERROR],
        }

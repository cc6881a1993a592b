"""The assessment scheme (考核方案): a frozen model of the annexes. It knows no file and no unit's answers."""

from __future__ import annotations

import datetime as dt
import hashlib
import operator
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from assess_xlsx.amounts import bounded, plain
from assess_xlsx.entries import fold
from assess_xlsx.scheme.answer_kinds import Percent
from assess_xlsx.scheme.computed import asked
from assess_xlsx.scheme.rules.applying import LEFT_OUT, RESCALED, Applying
from assess_xlsx.scheme.rules.base import NO_END
from assess_xlsx.scheme.rules.factor import ONCE, Factored
from assess_xlsx.scheme.subtotals import Subtotal
from assess_xlsx.scheme.totals import rescaled, rescaled_formula, step_formula

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.amounts import Amount, Column, Mask
    from assess_xlsx.scheme import rules
    from assess_xlsx.scheme.adjustments import Adjustment
    from assess_xlsx.scheme.computed import Computed
    from assess_xlsx.scheme.effects import Veto
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.grades import Grade
    from assess_xlsx.scheme.rules import Columns

YES_VALUE = 0
"""The value of 是 in a 是否 fact: its position among the options."""


class Item(Struct, frozen=True):
    """One line of an annex: what is asked, what it is worth, its facts and its rule."""

    code: str
    """``section.content.line``, e.g. ``1.3.2``."""
    method: str
    """考核方式; a line break where the annex has one."""
    new_method: bool
    """A 考核方式 cell of its own begins here, rather than going on from the line above."""
    content: str
    """考核内容; one merged cell covers the lines whose codes share section.content."""
    text: str
    """目标要求及评分标准, verbatim."""
    points_text: str
    """分值 as the annex prints it: ``3分``, ``扣分项`` or nothing."""
    worth: rules.Worth
    facts: tuple[Fact, ...]
    rule: rules.Rule
    computed: tuple[Computed, ...] = ()
    """Facts of its own that nobody fills in."""
    shared: bool = False
    """Other forms of the group have it too, and all their units are compared in it (共用)."""

    def among(self, field: int) -> Item:
        """The same item for so many units."""
        return replace(self, rule=self.rule.among(field))

    @property
    def points_said(self) -> str:
        """分值 in words, also where the annex prints nothing."""
        return self.points_text or ("加分" if self.worth.bonus else "扣分")

    @property
    def content_code(self) -> str:
        return self.code.rpartition(".")[0]

    @property
    def ranked(self) -> bool:
        """Scored against the other units or by final scores, so a single form cannot know it (K1, K20)."""
        return self.rule.among_units or bool(self.subtotals)

    @property
    def taken(self) -> tuple[Fact, ...]:
        """What its rows show without an entry: what is computed, or facts of earlier items if it has no own."""
        own = self.computed or any(fact != self.applying for fact in self.facts)
        return self.computed if own else (*self.subtotals, *(fact for fact in self.told if fact != self.applying))

    @property
    def told(self) -> tuple[Fact, ...]:
        """The facts whose figures stand for it: its own, or those that it takes."""
        own = any(fact != self.applying for fact in self.facts)
        return self.facts if own else tuple(dict.fromkeys((*self.facts, *asked(self.rule.facts()))))

    def label(self, fact: Fact) -> str:
        """What a row calls a fact that takes no entry."""
        return fact.label if fact in self.computed else fact.taken_label

    @property
    def subtotals(self) -> tuple[Subtotal, ...]:
        """The scores of earlier items that its rule looks at."""
        return tuple(fact for fact in self.rule.facts() if isinstance(fact, Subtotal))

    @property
    def applying(self) -> Fact | None:
        """The fact whether it concerns the unit, where it need not."""
        return self.rule.fact if isinstance(self.rule, Applying) else None

    @property
    def rescaled(self) -> bool:
        """Where it does not concern a unit, the others of the section are measured by fewer points."""
        return isinstance(self.rule, Applying) and self.rule.mode == RESCALED

    @property
    def factored(self) -> bool:
        """Its score is multiplied by the factor that the unit has on the roster."""
        return any(isinstance(rule, Factored) and rule.fact is None for rule in self.rule.all_inside())

    def left_out(self, columns: Columns) -> Mask | None:
        """The units whose section is measured without it; None where it always counts."""
        return self.rule.out(columns) if isinstance(self.rule, Applying) and self.rescaled else None

    @property
    def looks_at(self) -> tuple[Fact, ...]:
        """Every fact that decides the score, those that decide whether another is needed included."""
        used = asked((*self.facts, *self.rule.facts()))
        conditions = (condition.fact for fact in used for condition in fact.conditions)
        return tuple(dict.fromkeys((*used, *conditions)))


class Section(Struct, frozen=True, dict=True):
    """考核项目: a title as the annex prints it and its items; low … high bounds its score in cents (K6, K9)."""

    title: str
    worth: rules.Worth
    items: tuple[Item, ...]
    weight: int = Percent.whole
    """权重 in 1/100 %: so much of the section's sum counts."""

    def among(self, fields: Mapping[str, int]) -> Section:
        """The same section, each item for so many units by its code."""
        return replace(self, items=tuple(item.among(fields[item.code]) for item in self.items))

    @property
    def weight_text(self) -> str:
        """The weight as people read it; nothing where all of the sum counts."""
        return "" if self.weight == Percent.whole else f"权重 {Percent().show(self.weight)}"

    @property
    def heading(self) -> str:
        """The title, with the weight where it does not say that itself."""
        named = not self.weight_text or fold(self.weight_text) in fold(self.title)
        return self.title if named else f"{self.title}（{self.weight_text}）"

    @property
    def aside(self) -> bool:
        """It brings no points of 满分: 加分 or 扣分."""
        return self.worth.bonus or self.worth.takes_off

    @cached_property
    def rescales(self) -> bool:
        """Items that do not concern a unit leave the points that it is measured by."""
        return any(item.rescaled for item in self.items)

    @property
    def number(self) -> str:
        """The first of its items' codes."""
        return self.items[0].code.partition(".")[0]

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """The places of the items that go into its sum."""
        return tuple(place for place, item in enumerate(self.items) if item.worth.counted)

    def sum_formula(self, cells: Sequence[str], last: str = "") -> str:
        """The sum of the items' scores, given their cells from top to bottom, as an Excel expression.

        ``last``: the end of the last of them, where each is several rows high.
        """
        if len(self.counted) == len(self.items):
            return f"SUM({cells[0]}:{last or cells[-1]})"
        return f"SUM({','.join(cells[place] for place in self.counted)})"

    @cached_property
    def may_not_apply(self) -> bool:
        """All of it may not concern a unit."""
        return all(item.rescaled for item in self.items)

    def score(self, sums: Amount, out: Amount | None = None) -> Amount:
        """The section's scores from the sums of its items: within its bounds, not yet weighed (K11).

        ``out``: the points of the items that do not concern the unit.
        """
        if out is not None and self.rescales:
            sums = rescaled(sums, self.worth.high, self.worth.high - out)
        return bounded(sums, self.worth.low, self.worth.high)

    def left_out(self, cells: Sequence[str]) -> str:
        """The points of the items that do not concern the unit, as an Excel expression over their scores' cells."""
        scores = zip(cells, self.items, strict=True)
        return "+".join(f'IF({cell}="{LEFT_OUT}",{plain(i.worth.high)},0)' for cell, i in scores if i.rescaled)

    def formula(self, sum_: str, out: str = "", *, summed: bool = False) -> str:
        """The same as an Excel expression; ``out`` gives these points.

        ``summed``: it goes into a sum, so it is 0 where nothing of it concerns the unit.
        """
        floor = any(item.worth.low < 0 for item in self.items) and self.worth.low > -NO_END
        if self.rescales and out:
            said = self.may_not_apply and not summed
            floored = plain(self.worth.low) if floor else ""
            return rescaled_formula(sum_, self.worth.high, out, LEFT_OUT if said else "", floored)
        if any(item.worth.bonus for item in self.items) and self.worth.high < NO_END:
            sum_ = f"MIN({plain(self.worth.high)},{sum_})"
        if floor:
            sum_ = f"MAX({plain(self.worth.low)},{sum_})"
        return f"ROUND({sum_},2)"


class Form(Struct, frozen=True, dict=True):
    """One annex with the units that it is for."""

    name: str
    """类别: 县直 or 乡镇."""
    annex: str
    title: tuple[str, ...]
    unit_label: str
    """考核单位 or 考核乡镇."""
    criteria_label: str
    """目标要求及评分标准 or …细则."""
    points: int
    """满分 in cents: what the sections bring without 加分."""
    cap: int | None
    """总分上限 in cents, where there is one."""
    sections: tuple[Section, ...]
    declarations: tuple[Fact, ...]
    """V.1–V.4, which the unit declares itself."""
    units: tuple[Unit, ...]
    grades: tuple[Grade, ...] = ()
    """等次 from the best down; none where the scheme has none for this form."""
    graded_by: Subtotal | None = None
    """The scores that 等次 goes by; None: 总分."""
    adjustments: tuple[Adjustment, ...] = ()
    """总分调整, in their order."""
    group: str = ""
    """排名组: forms of the same are ranked together; empty where it is ranked alone."""

    @property
    def ranking(self) -> str:
        """What the ranking is called in which its units stand."""
        return self.group or self.name

    @property
    def weighed(self) -> bool:
        """Its sections have weights."""
        return any(section.weight_text for section in self.sections)

    def sections_of(self, items: Column, out: Mask | None = None) -> list[Column]:
        """The scores of the sections, one number a unit each, from those of the items, one column an item.

        ``out``: by item too, where it leaves the points that the section is measured by.
        """
        scores, first = [], 0
        points = None if out is None else self.points_out(out)
        for place, section in enumerate(self.sections):
            last = first + len(section.items)
            sums = items[:, [first + own for own in section.counted]].sum(axis=1)
            scores.append(section.score(sums, None if points is None else points[place]))
            first = last
        return scores

    def points_out(self, out: Mask) -> list[Column]:
        """By section, the points of the items that do not concern each unit."""
        found, first = [], 0
        for section in self.sections:
            last = first + len(section.items)
            found.append((out[:, first:last] * [max(0, item.worth.high) for item in section.items]).sum(axis=1))
            first = last
        return found

    @cached_property
    def rescales(self) -> bool:
        """Items that do not concern a unit leave the points that it is measured by."""
        return any(section.rescales for section in self.sections)

    @cached_property
    def may_leave_sections(self) -> bool:
        """All of a section may not concern a unit, so that the others stand for it."""
        return any(section.may_not_apply for section in self.sections)

    @cached_property
    def may_lack_a_total(self) -> bool:
        """Nothing that brings points need concern a unit."""
        return all(section.may_not_apply for section in self.sections if not section.aside)

    def unmeasured(self, out: Sequence[Amount]) -> Any:  # noqa: ANN401 - one truth, or one a unit
        """Where nothing that brings points concerns the unit, given by section the points that do not."""
        normal = [place for place, each in enumerate(self.sections) if not each.aside]
        return reduce(operator.and_, (self.does_not_apply(place, out[place]) for place in normal))

    def does_not_apply(self, place: int, out: Amount) -> Any:  # noqa: ANN401 - one truth, or one a unit
        """Where all of a section is left out, given its points that are."""
        section = self.sections[place]
        return (out == section.worth.high) & section.may_not_apply

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def places(self) -> dict[str, int]:
        """The places of the items, by code."""
        return {item.code: place for place, item in enumerate(self.items)}

    @cached_property
    def self_scored(self) -> tuple[Item, ...]:
        """The items that a form can score itself (K20)."""
        return tuple(item for item in self.items if not item.ranked)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact row of the form in its order, the declarations last."""
        return (*(fact for item in self.items for fact in item.facts), *self.declarations)

    @cached_property
    def picks(self) -> dict[str, operator.itemgetter[Any]]:
        """By an item's code, what picks its own facts, or those it takes, from a tuple that is by ``facts``."""
        places = {fact.key: place for place, fact in enumerate(self.facts)}
        return {item.code: _picker([places[fact.key] for fact in item.told]) for item in self.items}

    @cached_property
    def taken_off(self) -> frozenset[str]:
        """Keys of the points that the office judges and that come off only once it has."""
        return frozenset(fact.key for item in self.items for fact in item.rule.taken_off())

    @cached_property
    def computed(self) -> tuple[Computed, ...]:
        """What nobody fills in, in order."""
        return tuple(fact for item in self.items for fact in item.computed)

    @cached_property
    def factored(self) -> bool:
        """The factors of its units count for some item."""
        return any(item.factored for item in self.items)

    @property
    def idle_factors(self) -> tuple[Unit, ...]:
        """The units whose factor counts for nothing."""
        return () if self.factored else tuple(unit for unit in self.units if unit.factor != ONCE)

    @cached_property
    def by_key(self) -> dict[str, Fact]:
        return {fact.key: fact for fact in self.facts}

    @cached_property
    def by_mark(self) -> dict[str, str]:
        """Fact keys by 指标编号 and 填报项 as a row of a sheet says them, however spaced."""
        return {fold(fact.code + fact.label): fact.key for fact in self.facts}

    @cached_property
    def taken_by_mark(self) -> dict[str, tuple[str, str]]:
        """The same of the rows that only show the fact of an earlier item: the item's code and the fact's key."""
        return {
            fold(item.code + item.label(fact)): (item.code, fact.key) for item in self.items for fact in item.taken
        }

    @cached_property
    def version(self) -> str:
        """表样版本: a short check code of all that the sheet says, asks and computes (not of whom it goes to)."""
        told: list[object] = [
            self.annex,
            self.title,
            self.unit_label,
            self.criteria_label,
            step_formula("", most=self.cap),
        ]
        for section in self.sections:
            told.append((section.title, section.formula("")))
            told += [(i.code, i.rule.mode) for i in section.items if isinstance(i.rule, Applying)]
            told += [(i.code, i.method, i.new_method, i.content, i.text, i.points_text) for i in section.items]
        for fact in self.facts:
            needed = fact.only_with.text() if fact.only_with else ""
            told.append((fact.key, fact.kind.name, fact.allowed(), fact.office, needed, fact.hint))
        told += [(fact.key, fact.words()) for item in self.items for fact in item.computed]
        told += [item.rule.formula(lambda fact: fact.key) for item in self.items]
        told += [(unit.name, unit.factor) for unit in self.units if self.factored and unit.factor != ONCE]
        told += [section.weight_text for section in self.sections if section.weight_text]
        told += [adjustment.text for adjustment in self.adjustments]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:8].upper()


def _picker(places: Sequence[int]) -> operator.itemgetter[Any]:
    """What picks some places out of a tuple, as a tuple."""
    if not places:
        return operator.itemgetter(slice(0))
    first, *more = places
    return operator.itemgetter(first, *more) if more else operator.itemgetter(slice(first, first + 1))


class Unit(Struct, frozen=True):
    """A 考核对象 of 附件1."""

    number: int
    """序号 in the official order, over all forms."""
    name: str
    form: str
    aliases: tuple[str, ...] = ()
    """Other names that a form may bear: a full name, an older one."""
    factor: int = ONCE
    """系数 of the size of its task, in steps."""


class Reading(Struct, frozen=True):
    """口径: how a gap or an ambiguity of the source is read."""

    code: str
    decides: str
    text: str


class Round(NamedTuple):
    """What the scheme says of a round: until when, and whom to ask. Each may be unsaid; no part of 表样版本."""

    deadline: dt.date | None = None
    """报送截止."""
    phone: str = ""
    """考核办电话."""
    email: str = ""
    """考核办邮箱."""
    objection_days: int | None = None
    """异议期限, in days."""

    def ways(self, phone: str = "电话") -> str:
        """How the office is reached, ``phone`` being the word for that; empty where nothing is said."""
        told = [f"{phone}：{self.phone}"] if self.phone else []
        return "，".join([*told, f"邮箱：{self.email}"] if self.email else told)

    @property
    def objections_until(self) -> dt.date | None:
        """The last day of 异议期限 as far as a scheme tells it: so many days after 报送截止 (K28).

        On which day the result was posted stands nowhere, and no clock is asked; what hangs on this is a 提醒.
        """
        if self.deadline is None or self.objection_days is None:
            return None
        return self.deadline + dt.timedelta(days=self.objection_days)


UNSAID = Round()


class Scheme(Struct, frozen=True, dict=True):
    """A year's assessment."""

    name: str
    year: int
    title: str
    county: str
    """What may stand before every unit's name, e.g. 台前县."""
    office: str
    document: str
    issued: dt.date
    forms: tuple[Form, ...]
    vetoes: tuple[Veto, ...]
    readings: tuple[Reading, ...]
    round: Round = UNSAID

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """In the official order."""
        return tuple(sorted((unit for form in self.forms for unit in form.units), key=lambda unit: unit.number))

    def form(self, name: str) -> Form:
        return next(form for form in self.forms if form.name == name)

    def prints(self, code: str) -> bool:
        """Whether a 口径 stands in the scheme, so that a sentence may cite it."""
        return any(reading.code == code for reading in self.readings)

"""From facts to ranking: item scores, sections, totals, ranks, 评优资格. Values in, values out; no files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from msgspec.structs import asdict, replace

from assess_xlsx import problems
from assess_xlsx.amounts import two_places
from assess_xlsx.answers import EXCLUDED, INVALID, NORMALISED, UNFILLED, VERDICTS, ZEROED, Answer, Place
from assess_xlsx.scheme.effects import CANCEL, LAST, MOST, OFF, ZERO, Effects
from assess_xlsx.scheme.model import YES_VALUE
from assess_xlsx.scheme.rules import none_of
from assess_xlsx.scheme.rules.exempt import Exempting
from assess_xlsx.scheme.summing import Summing
from assess_xlsx.scoring import grading
from assess_xlsx.scoring.adjusting import Adjusting, Scored
from assess_xlsx.scoring.burdens import Burdens
from assess_xlsx.scoring.certainty import Contest, standings, unknown_notes
from assess_xlsx.scoring.explain import grounds
from assess_xlsx.scoring.open_points import open_points
from assess_xlsx.scoring.scores import (
    CANCELLED,
    DECLARED,
    ELIGIBLE,
    PENDING,
    RECORDED,
    Figures,
    Scores,
    VetoRecord,
    ranks,
)
from assess_xlsx.scoring.settle import settle
from assess_xlsx.scoring.subtotals import own_scores
from assess_xlsx.scoring.together import alone, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.answers import Absence, FilledForm, Register, Ruling
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.effects import Veto
    from assess_xlsx.scheme.facts import Entered
    from assess_xlsx.scheme.groups import Group
    from assess_xlsx.scheme.model import Form, Scheme, Unit
    from assess_xlsx.scoring.certainty import Certainty
    from assess_xlsx.scoring.scores import Graded, Open, Standing
    from assess_xlsx.scoring.settle import Facts


class _Entry(NamedTuple):
    """A form and what came of its units."""

    form: Form
    """Without the units by 不参评 (K27)."""
    units: list[Unit]
    """Those that reported."""
    returned: list[FilledForm]
    fates: Mapping[str, list[Unit]]
    """By 处理, what was decided about units that never reported (K27)."""
    undeclared: Mapping[int, list[Veto]]
    """By 序号, the circumstances that each unit that reported left undeclared."""


class _Judged(NamedTuple):
    """What the units of all forms that are ranked together come to, by 序号."""

    merit: Mapping[int, str]
    merit_ranks: Mapping[int, int]
    grades: Mapping[int, Graded]
    tied: list[Open]
    """Whose 等次 waits for the office."""
    over: list[tuple[Unit, Problem]]
    """Who was ruled into a 等次 last that has no place left."""


def score(
    scheme: Scheme,
    group: Group,
    filled: Mapping[int, FilledForm],
    register: Register | None,
    vetoes: Sequence[VetoRecord],
    decided: Mapping[int, Absence],
) -> list[Scores]:
    """Scores and ranks the units of forms that are ranked together; the results by form.

    ``filled`` holds every adopted form by 序号, ``decided`` what holds of units that never reported (K27).
    """
    fates = [_fates(form, decided) for form in group.forms]
    group = group.without({unit.number for each in fates for unit in each[EXCLUDED]})
    entries = [_entry(scheme, form, filled, each) for form, each in zip(group.forms, fates, strict=True)]
    settled = [_settled(each.form, each.returned, register, len(each.fates[ZEROED])) for each in entries]
    figures = _ranked(
        _figures(each, facts, register, _effects(each.form, vetoes))
        for each, facts in zip(entries, together(group, settled), strict=True)
    )
    contest = Contest(group, figures)
    open_ = [open_points(scheme, certainty) for certainty in contest.forms]
    figures = _ranked(each.measured() for each in figures)
    judged = _judged(group, entries, figures, register)
    columns = zip(entries, figures, contest.forms, open_, standings(contest), strict=True)
    return [_scores(scheme, *each, judged, register) for each in columns]


def _fates(form: Form, decided: Mapping[int, Absence]) -> dict[str, list[Unit]]:
    return {
        verdict: [unit for unit in form.units if unit.number in decided and decided[unit.number].decision == verdict]
        for verdict in VERDICTS
    }


def _entry(scheme: Scheme, form: Form, filled: Mapping[int, FilledForm], fates: Mapping[str, list[Unit]]) -> _Entry:
    units = [unit for unit in form.units if unit.number in filled]
    returned = [filled[unit.number] for unit in units]
    return _Entry(form, units, returned, fates, {each.unit: _undeclared(scheme, form, each) for each in returned})


def _ranked(forms: Iterable[Figures]) -> list[Figures]:
    """The figures of forms that are ranked together, with the ranks of all their units among each other."""
    found = list(forms)
    if len(found) == 1:
        return found
    among = ranks(_joint_order(found))
    return [replace(each, ranks=among[each.order.index]) for each in found]


def _joint_order(forms: Sequence[Figures]) -> pd.Series[int]:
    """``order`` of all units of forms that are ranked together, by 序号."""
    # an empty one has no type of its own: older versions of pandas warn where it is joined
    return pd.concat([each.order for each in forms if len(each.order)] or [forms[0].order])


def _judged(
    group: Group, entries: Sequence[_Entry], figures: Sequence[Figures], register: Register | None
) -> _Judged:
    merit: dict[int, str] = {}
    for entry, own in zip(entries, figures, strict=True):
        merit |= _merit(entry, own.effects)
    order = _joint_order(figures)
    kept = order[[number for number in order.index if merit[number] != CANCELLED]]
    merit_ranks = {int(unit): int(rank) for unit, rank in ranks(kept).items()}  # type: ignore[call-overload]
    grades = grading.grade(group, figures, merit, register)
    tied = list(grading.questions(group, figures, grades))
    return _Judged(merit, merit_ranks, grades, tied, list(grading.over_quota(group, figures, register)))


def _scores(
    scheme: Scheme,
    entry: _Entry,
    figures: Figures,
    certainty: Certainty,
    points: list[Open],
    standing: Mapping[int, Standing],
    judged: _Judged,
    register: Register | None,
) -> Scores:
    """A form's result; ``points``: what of its items is open."""
    form, returned = entry.form, entry.returned
    by_units = figures.facts if register is None else alone(_settled(form, returned, None))
    lacking = _nothing_filled(figures, returned)
    ranked_ = {unit.number for unit in (*figures.units, *figures.zeroed)}
    tied = [each for each in judged.tied if each.unit.form == form.name]
    return Scores(
        **asdict(figures),
        merit={unit: each for unit, each in judged.merit.items() if unit in ranked_},
        merit_ranks={unit: each for unit, each in judged.merit_ranks.items() if unit in ranked_},
        grades={unit: each for unit, each in judged.grades.items() if unit in ranked_},
        to_correct=_to_correct(figures, returned) | {unit for unit, _ in lacking},
        open=sorted((*points, *tied), key=lambda each: each.unit.number) if tied else points,
        unspoken=_unspoken(figures),
        standings={unit: each for unit, each in standing.items() if unit in figures.totals.index},
        unknown=unknown_notes(certainty),
        basis=grounds(scheme, figures, points, certainty),
        problems=(
            *figures.facts.problems,
            *(problem for _, problem in lacking),
            *(problem for unit, problem in judged.over if unit.form == form.name),
            *_exempted(figures, returned),
            *_self_scores(form, returned, by_units),
        ),
    )


def _settled(form: Form, returned: Sequence[FilledForm], register: Register | None, zeroed: int = 0) -> Facts:
    return settle(form, [each.unit for each in returned], [each.answers for each in returned], register, zeroed)


def _unspoken(figures: Figures) -> int:
    """How many adverse counts no row of the register is about, those of items with a 核定 aside (K17)."""
    facts = figures.facts
    by_code: dict[str, Column] = {}
    for fact in figures.form.facts:
        by_code[fact.code] = by_code.get(fact.code, 0) + facts.unspoken[fact.key].astype(np.int64)
    ruled = sum(int(by_code[code][facts.rows[unit]]) for unit, code in figures.ruled if code in by_code)
    return sum(int(counts.sum()) for counts in by_code.values()) - ruled


def _effects(form: Form, vetoes: Sequence[VetoRecord]) -> dict[int, Effects]:
    """What circumstances do to the units of a form that have any, by 序号."""
    by_unit: dict[int, list[Veto]] = {}
    for record in vetoes:
        if record.unit.form == form.name:
            by_unit.setdefault(record.unit.number, []).append(record.veto)
    return {unit: Effects.of(own) for unit, own in by_unit.items()}


def _undeclared(scheme: Scheme, form: Form, filled: FilledForm) -> list[Veto]:
    """The circumstances that a unit left undeclared."""
    declared = _declared(form, filled)
    if None not in declared:
        return []
    blank = {fact.code for fact, value in zip(form.declarations, declared, strict=True) if value is None}
    return [veto for veto in scheme.vetoes if veto.code in blank]


def _figures(entry: _Entry, facts: Facts, register: Register | None, effects: dict[int, Effects]) -> Figures:
    """Items and sections of the units that reported, totals and ranks also of those by 按零分 (K27)."""
    form = entry.form
    computed, gaps = item_scores(facts)
    known = {item.code for item in form.items}
    ruled = {
        (row.unit, row.code): row
        for row in (register.rulings if register else ())
        if not row.key and row.unit in facts.rows and row.code in known
    }
    items = computed.copy()
    for (unit, code), ruling in ruled.items():
        items.at[unit, code] = ruling.value
    out = _out(facts, ruled)
    standing = Scored.of(form, items.to_numpy(), out)
    sections = pd.DataFrame(np.column_stack(standing.sections), items.index)
    adjusting = Adjusting.of(form, facts, gaps, ruled) if form.adjustments else None
    taken = adjusting.now(standing, slice(None)) if adjusting else []
    zeroed, excluded = entry.fates[ZEROED], entry.fates[EXCLUDED]
    numbers = list(dict.fromkeys((*facts.units, *(unit.number for unit in zeroed))))
    amounts = Summing(form).total(standing.sections, standing.points_out, taken)
    amounts = np.append(amounts, np.zeros(len(zeroed), dtype=np.int64))
    totals = order = pd.Series(amounts, numbers, dtype="int64")
    touching, burdens, feared = _burdens(numbers, effects, entry.undeclared)
    if burdens:
        amounts = burdens.totals(amounts, slice(None))
        totals = pd.Series(amounts, numbers, dtype="int64")
        order = pd.Series(burdens.order(amounts, slice(None)), numbers, dtype="int64")
    have = frozenset(numbers)
    missing = [unit for unit in form.units if unit.number not in have]
    scored = (computed, gaps, ruled, items, out, sections)
    told = (effects, burdens, feared, adjusting, taken, touching)
    return Figures(form, facts, entry.units, missing, zeroed, excluded, *scored, totals, order, ranks(order), *told)


def _burdens(
    ranked: Sequence[int], effects: Mapping[int, Effects], undeclared: Mapping[int, Sequence[Veto]]
) -> tuple[dict[int, list[Veto]], Burdens | None, Burdens | None]:
    """What was left undeclared and would touch a total or a place; what does now, and what would then."""
    touching: dict[int, list[Veto]] = {}
    for unit, vetoes in undeclared.items():
        if own := [veto for veto in vetoes if veto.does(OFF, MOST, ZERO, LAST)]:
            touching[unit] = own
    now = Burdens.of(ranked, effects)
    if not touching:
        return touching, now, now
    known = {unit: effects[unit].vetoes if unit in effects else () for unit in touching}
    worse = {unit: Effects.of((*known[unit], *own)) for unit, own in touching.items()}
    return touching, now, Burdens.of(ranked, {**effects, **worse})


def _out(facts: Facts, ruled: Mapping[tuple[int, str], Ruling]) -> Mask | None:
    """By item, the units that it does not concern and whose sections are measured without it; None: it never is."""
    items = facts.form.items
    if not facts.form.rescales:
        return None
    found: Mask = np.zeros((len(facts.units), len(items)), dtype=bool)
    for place, item in enumerate(items):
        if (left := item.left_out(facts.columns)) is not None:
            found[:, place] = left
            rows = [facts.rows[unit] for unit, code in ruled if code == item.code]
            found[rows, place] = False  # K18
    return found


def item_scores(facts: Facts) -> tuple[pd.DataFrame, dict[str, Mask]]:
    """核算分 of every item, and where a gap forces it."""
    gaps = {item.code: facts.lacking(item) for item in facts.form.items}
    scores = [own_scores(item, facts.compared(item), gaps[item.code]) for item in facts.form.items]
    return pd.DataFrame(np.column_stack(scores), facts.units, list(gaps), dtype="int64"), gaps


_NOTHING = -(10**9)
"""Stands for a 记分 cell that shows no score, in a column of cents."""


def form_scores(form: Form, sheets: Sequence[Mapping[str, Entered]], names: Sequence[str]) -> list[dict[str, int]]:
    """What the 记分 formulas of forms of these units give (cents by item code), wherever they show a score at all."""
    known = {unit.name: unit.number for unit in form.units}
    answers = [[_entered(entries[fact.key]) for fact in form.facts] for entries in sheets]
    scores, _ = item_scores(alone(settle(form, [known.get(name, 0) for name in names], answers)))
    return [dict(zip(scores.columns, row, strict=True)) for row in scores.to_numpy().tolist()]


def _entered(entry: Entered) -> Answer:
    """A cell as the form's own formulas see it."""
    return Answer(entry) if isinstance(entry, int) else Answer(None, notes=() if entry is None else (INVALID,))


def find_vetoes(scheme: Scheme, filled: Mapping[int, FilledForm], register: Register | None) -> list[VetoRecord]:
    """Every veto circumstance that a unit declared or the office recorded, of units that reported or not."""
    by_code = {veto.code: veto for veto in scheme.vetoes}
    records: dict[int, list[VetoRecord]] = {}
    for unit in scheme.units:
        if unit.number in filled:
            form = scheme.form(unit.form)
            for fact, value in zip(form.declarations, _declared(form, filled[unit.number]), strict=True):
                if value == YES_VALUE:
                    records.setdefault(unit.number, []).append(VetoRecord(unit, by_code[fact.code], DECLARED))
    for row in register.vetoes if register else ():
        unit = scheme.units[row.unit - 1]
        record = VetoRecord(unit, by_code[row.code], RECORDED, row.date, row.detail, row.basis)
        records.setdefault(row.unit, []).append(record)
    return [record for number in sorted(records) for record in records[number]]


def _declared(form: Form, filled: FilledForm) -> tuple[int | None, ...]:
    """The answers to the declarations, the last facts of a form."""
    return tuple([answer.value for answer in filled.answers[len(form.facts) - len(form.declarations) :]])


def _merit(entry: _Entry, effects: Mapping[int, Effects]) -> dict[int, str]:
    """评优资格 of the units of a form that have a rank (K13); those by 按零分 have none (K27)."""
    merit = {}
    for unit in entry.units:
        lost = unit.number in effects and effects[unit.number].has(CANCEL)
        open_ = any(veto.does(CANCEL) for veto in entry.undeclared[unit.number])
        merit[unit.number] = CANCELLED if lost else PENDING if open_ else ELIGIBLE
    return merit | {unit.number: CANCELLED for unit in entry.fates[ZEROED]}


def _nothing_filled(figures: Figures, returned: Sequence[FilledForm]) -> list[tuple[int, Problem]]:
    """Units that left out all of several figures each of which may lack, though not all of them (K15)."""
    form, found = figures.form, []
    for item in form.items:
        for group in item.rule.one_of():
            if all(fact.office for fact in group):
                continue
            none = none_of(group, figures.facts.absent)
            labels = "”“".join(fact.label for fact in group)
            for row in np.flatnonzero(none).tolist():
                unit, each = figures.units[row], returned[row]
                if (unit.number, item.code) not in figures.ruled:
                    place = Place(unit.name, each.source, each.sheet, code=item.code)
                    found.append((unit.number, problems.NOTHING_FILLED.at(place, facts=labels)))
    return found


def _exempted(figures: Figures, returned: Sequence[FilledForm]) -> Iterator[Problem]:
    """What was filled in and would cost points, but for 免扣."""
    facts = figures.facts
    places = {fact.key: place for place, fact in enumerate(figures.form.facts)}
    for item in figures.form.items:
        for rule in item.rule.all_inside():
            for row, fact, why in rule.overruled(facts.compared(item)) if isinstance(rule, Exempting) else ():
                if row >= len(returned) or figures.gaps[item.code][row]:  # another form's unit, or no score
                    continue
                unit, each = figures.units[row], returned[row]
                if (unit.number, item.code) in figures.ruled:
                    continue
                value, own = int(facts.columns[fact.key][row]), each.answers[places[fact.key]]
                cell = own.cell if own.value == value else ""
                where = Place(unit.name, each.source, each.sheet, cell, fact.code, fact.label)
                yield problems.EXEMPTED.at(where, why=why, fact=fact.label, value=fact.kind.show(value))


def _to_correct(figures: Figures, returned: Sequence[FilledForm]) -> set[int]:
    """待补正: units with a gap left in what they must fill (K15)."""
    facts = figures.form.facts
    return {
        each.unit
        for each in returned
        for place, answer in each.noted
        if (UNFILLED in answer.notes or INVALID in answer.notes) and not facts[place].office
        if figures.lacks(each.unit, facts[place])
    }


def close(found: Sequence[Problem], scores: Sequence[Scores], filled: Mapping[int, FilledForm]) -> list[Problem]:
    """The problems, with the 错误 that a ruling decided as 提醒 (K18)."""
    forms = {(filled[unit.number].source, unit.name): (each, unit) for each in scores for unit in each.units}
    closed = []
    for problem in found:
        place = problem.place
        if problem.level == problems.ERROR and place.fact and (about := forms.get((place.source, place.unit))):
            each, unit = about
            fact = each.form.by_key.get(f"{place.code} {place.fact}")  # none where a row is no fact's
            if fact and not each.lacks(unit.number, fact):
                problem = problems.settled(problem)  # noqa: PLW2901 - the same one, settled
        closed.append(problem)
    return closed


def _self_scores(form: Form, filled: Sequence[FilledForm], facts: Facts) -> list[Problem]:
    """自评分 against what the same forms alone give: ``facts`` without a register (K20)."""
    scores, gaps = item_scores(facts)
    own = form.self_scored
    said = np.array([[_NOTHING if cents is None else cents for cents in each.self_scores] for each in filled])
    said = said.reshape(len(filled), len(own))
    known = np.empty_like(said)
    for place, item in enumerate(own):
        waits = [facts.assumed[fact.key] for fact in item.looks_at]  # the form shows no score before the office's
        waits += [facts.absent[fact.key] for fact in item.looks_at if fact.office and fact.may_lack]
        unknown = gaps[item.code] | np.any(waits, axis=0)
        if (left := item.left_out(facts.columns)) is not None:  # no number stands there
            unknown = unknown | left
        known[:, place] = np.where(unknown, _NOTHING, scores[item.code].to_numpy())
    names = {unit.number: unit.name for unit in form.units}
    places = {fact.key: place for place, fact in enumerate(form.facts)}
    found = []
    never = (said == _NOTHING).all(axis=1)
    for row in np.flatnonzero((said != known).any(axis=1)).tolist():
        each = filled[row]
        unit_place = Place(names[each.unit], each.source, each.sheet)
        if never[row]:
            found.append(problems.NEVER_CALCULATED.at(unit_place))
            continue
        for place in np.flatnonzero(said[row] != known[row]).tolist():
            item, score = own[place], int(known[row, place])
            if any(NORMALISED in each.answers[places[fact.key]].notes for fact in item.looks_at):
                continue
            where = unit_place._replace(cell=each.score_cells[place], code=item.code)
            read = each.self_scores[place]
            found.append(
                problems.SELF_SCORE.at(
                    where,
                    own="空着" if read is None else f"为 {two_places(read)}",
                    score="空着（数据未填全）" if score == _NOTHING else f"为 {two_places(score)}",
                )
            )
    return found

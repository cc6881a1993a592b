"""From facts to ranking: item scores, sections, totals, ranks, 评优资格. Values in, values out; no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import pandas as pd

from assess_xlsx import problems
from assess_xlsx.amounts import two_places
from assess_xlsx.problems import Place, Problem
from assess_xlsx.rules import UNSETTLED, Columns
from assess_xlsx.scheme import YES_VALUE
from assess_xlsx.settle import Facts, settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.facts import Entered, Fact
    from assess_xlsx.filled import FilledForm
    from assess_xlsx.register import Register, Ruling
    from assess_xlsx.scheme import Form, Item, Scheme, Unit, Veto

ELIGIBLE, CANCELLED, PENDING = "有", "取消", "待定"
"""评优资格."""
DECLARED, RECORDED = "自报", "登记"
"""来源 of a veto."""


class VetoRecord(NamedTuple):
    unit: Unit
    veto: Veto
    source: str
    date: str = ""
    detail: str = ""
    basis: str = ""


class Open(NamedTuple):
    """待核定: what only the office can decide, with the score for now and the span it can move in (cents)."""

    unit: Unit
    code: str
    fact: str
    """填报项; empty where a score is to be decided."""
    reading: str
    why: str
    score: int
    low: int
    high: int


@dataclass
class Scores:
    """One form's result over the units that reported, rows by 序号; amounts in cents."""

    form: Form
    facts: Facts
    units: list[Unit]
    missing: list[Unit]
    """未报送 (K14)."""
    to_correct: set[int]
    """待补正: units with a gap in what they must fill (K15)."""
    computed: pd.DataFrame
    """核算分 by item code."""
    ruled: dict[tuple[int, str], Ruling]
    """核定分 by unit and item code (K18)."""
    items: pd.DataFrame
    """最终得分 by item code."""
    gaps: dict[str, Mask]
    """Items that a gap keeps from being scored, by item code, in the order of ``units``."""
    basis: dict[str, list[str]]
    """计分依据 by item code, in the order of ``units``."""
    open: list[Open]
    sections: pd.DataFrame
    """One column a section, by its position."""
    totals: pd.Series[int]
    ranks: pd.Series[int]
    merit: dict[int, str]
    """评优资格 by 序号."""
    merit_ranks: dict[int, int]
    """评优名次 of the units that keep it."""
    problems: list[Problem]

    @property
    def provisional(self) -> bool:
        """暂定 (K12)."""
        return bool(self.missing or self.to_correct or self.open)

    def lacks(self, unit: int, fact: Fact) -> bool:
        """What a unit failed to answer is still lacking: a ruling closes what it decides (K15, K18)."""
        if fact in self.form.declarations:
            return True
        return bool(self.facts.gaps[fact.key][self.facts.rows[unit]]) and (unit, fact.code) not in self.ruled

    def ordered(self) -> list[Unit]:
        """By rank, ties in roster order (K12)."""
        ranks = self.ranks.to_dict()
        return sorted(self.units, key=lambda unit: (ranks[unit.number], unit.number))


def score(
    scheme: Scheme,
    form: Form,
    filled: Mapping[int, FilledForm],
    register: Register | None,
    vetoes: Sequence[VetoRecord],
) -> Scores:
    """Scores and ranks the units of one form; ``filled`` holds every adopted form by 序号."""
    units = [unit for unit in form.units if unit.number in filled]
    returned = [filled[unit.number] for unit in units]
    facts = settle(form, returned, register)
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
    sections = _sections(form, items)
    totals = pd.Series(form.total(sections.sum(axis=1).to_numpy()), items.index, dtype="int64")
    merit = _merit(form, units, filled, vetoes)
    kept = totals[[unit.number for unit in units if merit[unit.number] != CANCELLED]]
    result = Scores(
        form,
        facts,
        units,
        [unit for unit in form.units if unit.number not in filled],
        set(),
        computed,
        ruled,
        items,
        gaps,
        {},
        [],
        sections,
        totals,
        _ranks(totals),
        merit,
        {int(unit): int(rank) for unit, rank in _ranks(kept).items()},  # type: ignore[call-overload]
        [*facts.problems, *_self_scores(form, returned, facts if register is None else settle(form, returned))],
    )
    result.to_correct = _to_correct(result, returned)
    result.open = _open(scheme, result)
    result.basis = _basis(scheme, result)
    return result


def _sections(form: Form, items: pd.DataFrame) -> pd.DataFrame:
    """The sums of the items, within what each section can bring (K6, K9)."""
    amounts, sums, first = items.to_numpy(), [], 0
    for section in form.sections:
        last = first + len(section.items)
        sums.append(section.score(amounts[:, first:last].sum(axis=1)))
        first = last
    return pd.DataFrame(np.column_stack(sums), items.index)


def at(frame: pd.DataFrame, unit: int, column: str | int) -> int:
    """One whole number of a frame of scores."""
    return int(cast("int", frame.at[unit, column]))


def item_scores(facts: Facts) -> tuple[pd.DataFrame, dict[str, Mask]]:
    """核算分 of every item, and where a gap forces it: to 0, a 扣分 item to its full cap (K15)."""
    gaps = {item.code: facts.gap(item.looks_at) for item in facts.form.items}
    scores = [np.where(gaps[item.code], item.worth.low, item.rule.score(facts.columns)) for item in facts.form.items]
    return pd.DataFrame(np.column_stack(scores), facts.units, list(gaps), dtype="int64"), gaps


_NOTHING = -(10**9)
"""Stands for a 记分 cell that shows no score, in a column of cents."""


class _Sheet(NamedTuple):
    """A form as its own formulas see it."""

    unit: int
    values: tuple[int | None, ...]
    invalid: tuple[str, ...]


def form_scores(form: Form, sheets: Sequence[Mapping[str, Entered]]) -> list[dict[str, int]]:
    """What the 记分 formulas of forms give (cents by item code), wherever they show a score at all."""
    answered = [
        _Sheet(
            place,
            tuple(value if isinstance(value := entries[fact.key], int) else None for fact in form.facts),
            tuple(key for key, value in entries.items() if isinstance(value, str)),
        )
        for place, entries in enumerate(sheets)
    ]
    scores, _ = item_scores(settle(form, answered))
    return [dict(zip(scores.columns, row, strict=True)) for row in scores.to_numpy().tolist()]


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
    return filled.values[len(form.facts) - len(form.declarations) :]


def _ranks(totals: pd.Series[int]) -> pd.Series[int]:
    """Competition ranks, most first: 1, 2, 2, 4 (K12)."""
    return totals.rank(method="min", ascending=False).astype("int64")


def _merit(
    form: Form, units: Sequence[Unit], filled: Mapping[int, FilledForm], vetoes: Sequence[VetoRecord]
) -> dict[int, str]:
    """K13."""
    vetoed = {record.unit.number for record in vetoes}
    merit = {}
    for unit in units:
        unanswered = None in _declared(form, filled[unit.number])
        merit[unit.number] = CANCELLED if unit.number in vetoed else PENDING if unanswered else ELIGIBLE
    return merit


def _to_correct(scores: Scores, filled: Sequence[FilledForm]) -> set[int]:
    """待补正: units with a gap left in what they must fill (K15)."""
    facts = scores.form.by_key
    return {
        each.unit
        for each in filled
        for key in (*each.unfilled, *each.invalid)
        if not facts[key].office and scores.lacks(each.unit, facts[key])
    }


def close(found: Sequence[Problem], scores: Sequence[Scores], filled: Mapping[int, FilledForm]) -> list[Problem]:
    """The problems, with the 错误 that a ruling decided as 提醒 (K18)."""
    forms = {(filled[unit.number].file, unit.name): (each, unit) for each in scores for unit in each.units}
    closed = []
    for problem in found:
        place, about = problem.place, forms.get((problem.place.file, problem.place.unit))
        if problem.level == problems.ERROR and about and place.fact:
            each, unit = about
            if not each.lacks(unit.number, each.form.by_key[f"{place.code} {place.fact}"]):
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
        unknown = gaps[item.code] | np.any([facts.assumed[fact.key] for fact in item.looks_at], axis=0)
        known[:, place] = np.where(unknown, _NOTHING, scores[item.code].to_numpy())
    names = {unit.number: unit.name for unit in form.units}
    found = []
    never = (said == _NOTHING).all(axis=1)
    for row in np.flatnonzero((said != known).any(axis=1)).tolist():
        each = filled[row]
        unit_place = Place(names[each.unit], each.file, each.sheet)
        if never[row]:
            found.append(problems.NEVER_CALCULATED.at(unit_place))
            continue
        for place in np.flatnonzero(said[row] != known[row]).tolist():
            item, score = own[place], int(known[row, place])
            if any(fact.key in each.normalised for fact in item.looks_at):
                continue
            where = unit_place._replace(cell=each.score_cells[place], code=item.code)
            read = each.self_scores[place]
            found.append(
                problems.SELF_SCORE.at(
                    where,
                    own="空" if read is None else two_places(read),
                    score="空（数据未填全）" if score == _NOTHING else two_places(score),
                )
            )
    return found


def _open(scheme: Scheme, scores: Scores) -> list[Open]:
    """Everything that only the office can decide and has not ruled on, by unit and item."""
    decides = {reading.code: reading.decides for reading in scheme.readings}
    found = []
    for item in scores.form.items:
        computed = scores.items[item.code].to_numpy()
        for row, fact, reading, why, low, high in (
            *_unrecorded_facts(item, scores.facts, _cited(scheme, "K17").rstrip("：")),
            *_unknown_among_units(item, scores),
            *_uncovered(item, scores, decides),
        ):
            unit, score = scores.units[row], int(computed[row])
            low, high = max(low, item.worth.low), min(high, item.worth.high)  # noqa: PLW2901 - narrowed
            if (unit.number, item.code) in scores.ruled:
                if not item.ranked:
                    continue
                low = high = score  # noqa: PLW2901 - its own score is settled, the others' ranks wait for its number
            found.append(Open(unit, item.code, fact, reading, why, score, min(low, score), max(high, score)))
    return sorted(found, key=lambda each: each.unit.number)


_Span = tuple[int, str, str, str, int, int]
"""(row, 填报项, 口径, 缘由, low, high) of what is open."""


def _unrecorded_facts(item: Item, facts: Facts, reading: str) -> Iterator[_Span]:
    """Facts that the office knows and has not recorded (K17)."""
    for fact in item.facts:
        if fact.office and facts.open[fact.key].any():
            lows, highs = _spans(item, facts, fact)
            for row in np.flatnonzero(facts.open[fact.key]).tolist():
                yield row, fact.label, reading, _unrecorded(facts, fact, row), int(lows[row]), int(highs[row])


def _unknown_among_units(item: Item, scores: Scores) -> Iterator[_Span]:
    """Units whose number is lacking for a score among the units (K1)."""
    if item.ranked:
        for row in np.flatnonzero(scores.gaps[item.code]).tolist():
            why = f"{item.rule.title}：该单位的数未知"
            yield row, item.facts[0].label, item.rule.reading, why, item.worth.low, item.worth.high


def _uncovered(item: Item, scores: Scores, decides: Mapping[str, str]) -> Iterator[_Span]:
    """Values that the source does not cover, or that a person has judged (K5, K7, K16)."""
    facts, doubt = scores.facts, item.rule.doubt(scores.facts.columns)
    if doubt is not None:
        for row in np.flatnonzero(doubt.units & ~scores.gaps[item.code]).tolist():
            if not any((facts.units[row], fact.key) in facts.rulings for fact in item.rule.facts()):
                yield row, "", doubt.reading, decides.get(doubt.reading, item.rule.title), doubt.low, doubt.high


def _unrecorded(facts: Facts, fact: Fact, row: int) -> str:
    """Why an office fact is open, and what counts for now (K17)."""
    if facts.assumed[fact.key][row]:
        now = "单位未自查，暂按 0 计"
    elif facts.gaps[fact.key][row]:
        now = "单位未自查，暂记 0 分"
    else:
        now = f"暂按单位自查的“{fact.kind.show(int(facts.values[fact.key][row]))}”计"
    return f"考核办掌握的“{fact.label}”没有登记，{now}"


def _spans(item: Item, facts: Facts, fact: Fact) -> tuple[Column, Column]:
    """The scores that an item can take, unit by unit, when one of its facts may still be anything."""
    column = facts.values[fact.key]
    if item.ranked or not item.rule.steady:  # the others' numbers count too, or those between the extremes
        return np.full_like(column, item.worth.low), np.full_like(column, item.worth.high)
    tried = [
        item.rule.score(Columns({**facts.values, fact.key: np.full_like(column, value)}, facts.gaps))
        for value in fact.kind.extremes()
    ]
    return np.min(tried, axis=0), np.max(tried, axis=0)


def _basis(scheme: Scheme, scores: Scores) -> dict[str, list[str]]:
    """计分依据: how each score came about, in words and numbers that anyone can redo."""
    facts, basis = scores.facts, {}
    intervened: dict[str, set[int]] = {item.code: set() for item in scores.form.items}
    for unit, key in (*facts.events, *facts.office, *facts.rulings):
        intervened[scores.form.by_key[key].code].add(facts.rows[unit])
    remarks = _remarks(scheme, scores)
    for item in scores.form.items:
        gaps = scores.gaps[item.code]
        sentences = item.rule.explain(facts.columns, scores.computed[item.code].to_numpy())
        for row in np.flatnonzero(gaps).tolist():
            sentences[row] = _gap_sentence(scheme, item, facts, row)
        for row, remark in remarks[item.code]:
            sentences[row] += remark
        for row in intervened[item.code]:
            sentences[row] += _interventions(item, facts, row)
        if item.ranked and (unknown := len(scores.missing) + int(gaps.sum())):
            suffix = f"（还有 {unknown} 个单位数据未知，暂定）"
            sentences = [sentence + suffix for sentence in sentences]
        basis[item.code] = sentences
    for (unit, code), ruling in scores.ruled.items():
        verdict, row = f"考核办核定为 {two_places(ruling.value)}：{ruling.reason}", facts.rows[unit]
        basis[code][row] = f"{verdict}（核算：{basis[code][row]}）"
    return basis


def _remarks(scheme: Scheme, scores: Scores) -> dict[str, list[tuple[int, str]]]:
    """What is open, by item code: rows, and what to say there."""
    remarks: dict[str, dict[tuple[int, str], None]] = {item.code: {} for item in scores.form.items}
    for each in scores.open:
        row = scores.facts.rows[each.unit.number]
        if not each.fact:
            remarks[each.code][row, UNSETTLED] = None
        elif not scores.gaps[each.code][row]:
            remarks[each.code][row, f"（{_cited(scheme, 'K17')}考核办未登记，待核定）"] = None
    return {code: list(found) for code, found in remarks.items()}


def _cited(scheme: Scheme, code: str) -> str:
    """A 口径 that the program itself follows, where the scheme prints it."""
    return f"{code}：" if any(reading.code == code for reading in scheme.readings) else ""


def _gap_sentence(scheme: Scheme, item: Item, facts: Facts, row: int) -> str:
    lacking = [fact for fact in item.looks_at if facts.gaps[fact.key][row]]
    first = [fact for fact in lacking if not (fact.only_with and fact.only_with.fact in lacking)]
    labels = "、".join(f"“{fact.label}”" for fact in first)
    held = f"暂扣满 {two_places(-item.worth.low)} 分" if item.worth.low else "暂记 0.00"
    if all(fact.office for fact in first):
        return f"{_cited(scheme, 'K17')}{labels}考核办未登记，单位未自查，{held}，待核定"
    return f"{_cited(scheme, 'K15')}{labels}未填或无效，{held}"


def _interventions(item: Item, facts: Facts, row: int) -> str:
    """What the office's values and rulings changed among the item's facts."""
    parts = []
    for fact in item.facts:
        about, show = (facts.units[row], fact.key), fact.kind.show
        if about in facts.rulings:
            ruling = facts.rulings[about]
            parts.append(f"{fact.label}核定为 {show(ruling.value)}：{ruling.reason}")
        elif about in facts.office or about in facts.events:
            value = int(facts.values[fact.key][row])
            known = max(source[about] for source in (facts.events, facts.office) if about in source)
            more = "" if value == known else f"，按 {show(value)} 计"
            parts.append(f"{fact.label}考核办登记 {show(known)}{more}")
    return f"（{'；'.join(parts)}）" if parts else ""

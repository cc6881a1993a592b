"""From facts to ranking: item scores, sections, totals, ranks, 评优资格. Values in, values out; no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from assess_xlsx import problems
from assess_xlsx.amounts import two_places
from assess_xlsx.problems import Place, Problem
from assess_xlsx.scheme import YES_VALUE
from assess_xlsx.settle import Facts, at, by_unit, settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    gaps: pd.DataFrame
    """Items that a gap keeps from being scored."""
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
        return bool(self.facts.gaps.at[unit, fact.key]) and (unit, fact.code) not in self.ruled

    def ordered(self) -> list[Unit]:
        """By rank, ties in roster order (K12)."""
        return sorted(self.units, key=lambda unit: (self.ranks[unit.number], unit.number))


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
        if not row.key and row.unit in facts.values.index and row.code in known
    }
    items = computed.copy()
    for (unit, code), ruling in ruled.items():
        items.at[unit, code] = ruling.value
    sections = pd.DataFrame(
        {
            place: items[[item.code for item in section.items]]
            .sum(axis=1)
            .clip(lower=section.worth.low, upper=section.worth.high)
            for place, section in enumerate(form.sections)
        },
        index=items.index,
    )
    totals = sections.sum(axis=1).clip(lower=0).astype("int64")
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
    result.basis = _basis(result)
    return result


def item_scores(facts: Facts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """核算分 of every item, and where a gap forces it: to 0, a 扣分 item to its full cap (K15)."""
    scores, gaps = {}, {}
    for item in facts.form.items:
        gap = pd.Series(facts.gaps[[fact.key for fact in item.looks_at]].to_numpy().any(axis=1), facts.gaps.index)
        gaps[item.code] = gap
        scores[item.code] = item.rule.score(facts.values).mask(gap, item.worth.low).astype("int64")
    index = facts.values.index
    return pd.DataFrame(scores, index=index), pd.DataFrame(gaps, index=index)


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
    return list(by_unit(scores).values())


def find_vetoes(scheme: Scheme, filled: Mapping[int, FilledForm], register: Register | None) -> list[VetoRecord]:
    """Every veto circumstance that a unit declared or the office recorded, of units that reported or not."""
    by_code = {veto.code: veto for veto in scheme.vetoes}
    records = []
    for unit in scheme.units:
        if unit.number in filled:
            form = scheme.form(unit.form)
            for fact, value in zip(form.facts, filled[unit.number].values, strict=True):
                if fact in form.declarations and value == YES_VALUE:
                    records.append(VetoRecord(unit, by_code[fact.code], DECLARED))
        records += [
            VetoRecord(unit, by_code[row.code], RECORDED, row.date, row.detail, row.basis)
            for row in (register.vetoes if register else ())
            if row.unit == unit.number
        ]
    return records


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
        answers = zip(form.facts, filled[unit.number].values, strict=True)
        unanswered = any(value is None for fact, value in answers if fact in form.declarations)
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
    own, lacking, assumed = by_unit(scores), by_unit(gaps), by_unit(facts.assumed)
    found = []
    for each in filled:
        compared = [item for item in form.items if not item.ranked]
        blank_form = all(each.self_scores[item.code] is None for item in compared)
        expected = {
            item.code: None
            if lacking[each.unit][item.code] or any(assumed[each.unit][fact.key] for fact in item.looks_at)
            else own[each.unit][item.code]
            for item in compared
        }
        place = Place(form.units[each.unit - form.units[0].number].name, each.file, each.sheet)
        if blank_form:
            found.append(problems.NEVER_CALCULATED.at(place))
            continue
        for item in compared:
            read, score = each.self_scores[item.code], expected[item.code]
            if read == score or any(fact.key in each.normalised for fact in item.looks_at):
                continue
            where = place._replace(cell=each.score_cells.get(item.code, ""), code=item.code)
            found.append(
                problems.SELF_SCORE.at(
                    where,
                    own="空" if read is None else two_places(read),
                    score="空（数据未填全）" if score is None else two_places(score),
                )
            )
    return found


def _open(scheme: Scheme, scores: Scores) -> list[Open]:
    """Everything that only the office can decide and has not ruled on, by unit and item."""
    by_number = {unit.number: unit for unit in scores.units}
    decides = {reading.code: reading.decides for reading in scheme.readings}
    found = []
    for item in scores.form.items:
        for number, fact, reading, why, low, high in (
            *_unrecorded_facts(item, scores.facts),
            *_unknown_rank(item, scores, decides),
            *_uncovered(item, scores, decides),
        ):
            score = at(scores.items, number, item.code)
            low, high = max(low, item.worth.low), min(high, item.worth.high)  # noqa: PLW2901 - narrowed
            if (number, item.code) in scores.ruled:
                if not item.ranked:
                    continue
                low = high = score  # noqa: PLW2901 - its own score is settled, the others' ranks wait for its number
            found.append(
                Open(by_number[number], item.code, fact, reading, why, score, min(low, score), max(high, score))
            )
    return sorted(found, key=lambda each: each.unit.number)


_Span = tuple[int, str, str, str, int, int]
"""(序号, 填报项, 口径, 缘由, low, high) of what is open."""


def _unrecorded_facts(item: Item, facts: Facts) -> Iterator[_Span]:
    """Facts that the office knows and has not recorded (K17)."""
    for fact in item.facts:
        if fact.office:
            for number in facts.values.index[facts.open[fact.key]]:
                yield number, fact.label, "K17", _unrecorded(facts, fact, number), *_span(item, facts, number, fact)


def _unknown_rank(item: Item, scores: Scores, decides: Mapping[str, str]) -> Iterator[_Span]:
    """Units whose number is lacking for a score by rank (K1)."""
    if item.ranked:
        for number in scores.facts.values.index[scores.gaps[item.code]]:
            why = f"{decides[item.rule.reading]}：该单位的数未知"
            yield number, item.facts[0].label, item.rule.reading, why, item.worth.low, item.worth.high


def _uncovered(item: Item, scores: Scores, decides: Mapping[str, str]) -> Iterator[_Span]:
    """Values that the source does not cover, or that a person has judged (K5, K7, K16)."""
    facts, doubt = scores.facts, item.rule.doubt(scores.facts.values)
    if doubt is not None:
        for number in facts.values.index[doubt.units & ~scores.gaps[item.code]]:
            if not any((number, fact.key) in facts.rulings for fact in item.rule.facts()):
                yield number, "", doubt.reading, decides[doubt.reading], doubt.low, doubt.high


def _unrecorded(facts: Facts, fact: Fact, unit: int) -> str:
    """Why an office fact is open, and what counts for now (K17)."""
    if facts.assumed.at[unit, fact.key]:
        now = "单位未自查，暂按 0 计"
    elif facts.gaps.at[unit, fact.key]:
        now = "单位未自查，暂记 0 分"
    else:
        now = f"暂按单位自查的“{fact.kind.show(at(facts.values, unit, fact.key))}”计"
    return f"考核办掌握的“{fact.label}”没有登记，{now}"


def _span(item: Item, facts: Facts, unit: int, fact: Fact) -> tuple[int, int]:
    """The scores that an item can take when one of its facts may still be anything."""
    row = facts.values.loc[[unit]]
    tried = pd.concat([row.assign(**{fact.key: value}) for value in fact.kind.extremes()])
    results = item.rule.score(tried)
    return int(results.min()), int(results.max())


def _basis(scores: Scores) -> dict[str, list[str]]:
    """计分依据: how each score came about, in words and numbers that anyone can redo."""
    facts, basis = scores.facts, {}
    waiting = {(each.unit.number, each.code): each.reading for each in scores.open if each.fact}
    for item in scores.form.items:
        explained = item.rule.explain(facts.values, scores.computed[item.code])
        sentences = []
        for unit, sentence, gap in zip(scores.units, explained, scores.gaps[item.code], strict=True):
            text = _gap_sentence(item, facts, unit) if gap else sentence
            if (unit.number, item.code) in waiting and not gap:
                text += f"（{waiting[unit.number, item.code]}：考核办未登记，待核定）"
            text += _interventions(item, facts, unit)
            if item.ranked and (scores.missing or scores.gaps[item.code].any()):
                unknown = len(scores.missing) + int(scores.gaps[item.code].sum())
                text += f"（{item.rule.reading}：还有 {unknown} 个单位数据未知，暂定）"
            ruling = scores.ruled.get((unit.number, item.code))
            if ruling:
                text = f"考核办核定为 {two_places(ruling.value)}：{ruling.reason}（核算：{text}）"
            sentences.append(text)
        basis[item.code] = sentences
    return basis


def _gap_sentence(item: Item, facts: Facts, unit: Unit) -> str:
    lacking = [fact for fact in item.looks_at if facts.gaps.at[unit.number, fact.key]]
    first = [fact for fact in lacking if not (fact.only_with and fact.only_with.fact in lacking)]
    labels = "、".join(f"“{fact.label}”" for fact in first)
    held = f"暂扣满 {two_places(-item.worth.low)} 分" if item.worth.low else "暂记 0.00"
    if all(fact.office for fact in first):
        return f"K17：{labels}考核办未登记，单位未自查，{held}，待核定"
    return f"K15：{labels}未填或无效，{held}"


def _interventions(item: Item, facts: Facts, unit: Unit) -> str:
    """What the office's values and rulings changed among the item's facts."""
    parts = []
    for fact in item.facts:
        about, show = (unit.number, fact.key), fact.kind.show
        if about in facts.rulings:
            ruling = facts.rulings[about]
            parts.append(f"{fact.label}核定为 {show(ruling.value)}：{ruling.reason}")
        elif about in facts.office or about in facts.events:
            parts.append(f"{fact.label}按考核办登记 {show(at(facts.values, *about))}")
    return f"（{'；'.join(parts)}）" if parts else ""

"""待核定: what only the office can decide, as questions, and what hangs on each answer. It changes no score."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assess_xlsx.amounts import bounded, plain, two_places
from assess_xlsx.scheme.adjustments import Mark
from assess_xlsx.scheme.rules import NO_END
from assess_xlsx.scoring.scores import Open
from assess_xlsx.scoring.spans import doubted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.adjustments import Adjustment
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Item, Scheme
    from assess_xlsx.scheme.rules import Doubt, Worth
    from assess_xlsx.scoring.adjusting import Adjusting
    from assess_xlsx.scoring.certainty import Certainty
    from assess_xlsx.scoring.scores import Figures
    from assess_xlsx.scoring.settle import Facts


class _Question(NamedTuple):
    """A decision that waits for the office."""

    row: int
    fact: str
    """填报项; empty where a score is to be decided."""
    reading: str
    text: str
    """What happened, and what is asked."""


def open_points(scheme: Scheme, certainty: Certainty) -> list[Open]:
    """Everything that only the office can decide and has not ruled on, by unit and item: one each decision."""
    figures, found = certainty.figures, []
    said: dict[str, str] = {}
    """What is asked of many units is kept once."""
    now = figures.ranks.tolist()
    for place, item in enumerate(figures.form.items):
        questions = list(_questions(scheme, item, figures))
        if not questions:
            continue
        scores, lows, highs = (column.tolist() for column in certainty.shown(place))
        ranks = _ranks(certainty, place)
        for row, fact, reading, text in questions:
            unit, score, low, high = figures.units[row], scores[row], lows[row], highs[row]
            ruled = (unit.number, item.code) in figures.ruled
            if ruled and not item.ranked:
                continue
            between = _RULED.format(two_places(score)) if ruled else _between(item.worth, low, high, judged=not fact)
            moved = ranks.get(row) or f"{now[row]}→{now[row]}"
            why = text + between
            found.append(Open(unit, item.code, fact, reading, said.setdefault(why, why), score, low, high, moved))
    if figures.adjusting:
        found += _adjustments_waiting(figures.adjusting, certainty, {(o.unit.number, o.code, o.fact) for o in found})
    return sorted(found, key=lambda each: each.unit.number)


def _adjustments_waiting(
    adjusting: Adjusting, certainty: Certainty, asked: set[tuple[int, str, str]]
) -> Iterator[Open]:
    """Lines of 总分调整 that do nothing for now, since what they look at is a gap."""
    figures = certainty.figures
    form, now = figures.form, figures.ranks.tolist()
    for line, unknown, items in zip(form.adjustments, adjusting.unknown, adjusting.items, strict=True):
        for row in np.flatnonzero(unknown).tolist():
            unit = figures.units[row]
            lacking = [place for place in sorted(items) if _is_gap(figures, line, form.items[place], row)]
            place = lacking[0] if lacking else min(items)
            item, label = form.items[place], "" if isinstance(line.when, Mark) else line.when.fact.label
            if (unit.number, item.code, label) in asked:
                continue
            asked.add((unit.number, item.code, label))
            looked_at = f"“{label}”" if label else "本项得分"
            text = f"总分调整“{line.name}”要看{looked_at}，现在不知道，暂不调整。"
            scores, lows, highs = (int(column[row]) for column in certainty.shown(place))
            text += (
                "实际是多少？"
                if label
                else f"应记几分？{_between(form.items[place].worth, lows, highs, judged=True)}"
            )
            moved = _ranks(certainty, place).get(row) or f"{now[row]}→{now[row]}"
            yield Open(unit, item.code, label, "", text, scores, lows, highs, moved)


def _is_gap(figures: Figures, line: Adjustment, item: Item, row: int) -> bool:
    """Whether an item keeps a line from being judged."""
    if isinstance(line.when, Mark):
        return bool(figures.gaps[item.code][row]) and (figures.units[row].number, item.code) not in figures.ruled
    return item.code == line.when.fact.code


_CLAIMED = "单位填报本项不适用，暂按不适用计。是否同意？请填“适用”或“不适用”；不同意的，请单位补报。"
_UNMEASURED = (
    "没有一个有分值的指标适用，总分无从折算，暂不排名。请改正“是否适用”，或者核定一个指标的得分，如本项应记几分？"
)
_NO_MEAN = "本项不适用，没有单位有得分可取平均，暂记 0 分。应记几分？"
_RULED = "本项得分已核定为 {}，但其他单位要与这个数比较，还等着它。"


@cache
def _between(worth: Worth, low: int, high: int, *, judged: bool) -> str:
    """Between which values to decide."""
    if judged and not worth.takes_off:
        low, high = bounded(low, *worth.ruled), bounded(high, *worth.ruled)
    if judged:
        return f"请在 {plain(low)} 到 {plain(high)} 分之间核定。"
    if low == high:
        return f"无论是多少，本项都是 {plain(low)} 分。"
    if worth.takes_off:
        more = "分以上" if low <= -NO_END else f"到 {plain(-low)} 分"
        return f"本项扣 {plain(-high)} {more}。"
    if high >= NO_END:
        return f"本项得分不低于 {plain(low)} 分，没有上限。"
    if low <= -NO_END:
        return f"本项得分不超过 {plain(high)} 分，没有下限。"
    return f"本项得分在 {plain(low)} 到 {plain(high)} 分之间。"


def _ranks(certainty: Certainty, place: int) -> dict[int, str]:
    """影响名次 by row: the rank now, and between which it would lie if this item alone moved over its span."""
    moved = certainty.moved[place]
    now = certainty.figures.ranks.to_numpy()[moved.rows]
    found = {}
    columns = (moved.rows, now, np.minimum(moved.best, now), np.maximum(moved.worst, now))
    for row, rank, best, worst in zip(*(column.tolist() for column in columns), strict=True):
        found[row] = f"{rank}→{best}" + (f"…{worst}" if worst > best else "")
    return found


def _questions(scheme: Scheme, item: Item, figures: Figures) -> Iterator[_Question]:
    """What is open in an item: facts that are to be found out, else scores that are to be judged."""
    doubt = doubted(item, figures)
    put = set()
    for question in _facts_to_find(scheme, item, figures.facts):
        put.add(question.row)
        also = f"照此计，{doubt.silent}。" if doubt and doubt.units[question.row] else ""
        yield question._replace(text=question.text + also)
    if item.ranked:
        for row in np.flatnonzero(figures.gaps[item.code]).tolist():
            if row not in put and not _waits(item, figures.facts, row):
                put.add(row)
                yield _unknown(item, figures, row)
    if item == figures.form.items[0]:
        for row in figures.unmeasured().tolist():
            if row not in put:
                put.add(row)
                yield _Question(row, "", "", _UNMEASURED)
    if doubt:
        yield from _to_judge(
            item, figures, doubt, [row for row in np.flatnonzero(doubt.units).tolist() if row not in put]
        )


def _facts_to_find(scheme: Scheme, item: Item, facts: Facts) -> Iterator[_Question]:
    """The facts that the office knows and has not recorded (K17)."""
    open_ = {fact: units for fact in item.facts if (units := facts.open[fact.key]).any()}
    reading = "K17" if scheme.prints("K17") else ""
    for fact, units in open_.items():
        others = [(other.label, open_[other].tolist()) for other in open_ if other != fact]
        texts: dict[tuple[str, tuple[str, ...]], str] = {}
        for row, now in _for_now(item, fact, facts, np.flatnonzero(units)):
            if fact.claim:
                yield _Question(row, fact.label, "", _CLAIMED)
                continue
            about = (now, tuple(label for label, where in others if where[row]))
            if about not in texts:
                texts[about] = _unrecorded(fact, *about)
            yield _Question(row, fact.label, reading, texts[about])


def _to_judge(item: Item, figures: Figures, doubt: Doubt, rows: list[int]) -> Iterator[_Question]:
    """Scores that the source does not cover, or that a unit has judged itself (K5, K7, K16)."""
    if rows:
        facts, scores = figures.facts.columns, figures.items[item.code].to_numpy()
        if item.ranked:  # among all units
            sentences = figures.facts.explained(item, scores)
            told = [sentences[row] for row in rows]
        else:
            used = (*item.looks_at, *item.rule.facts())
            own = facts.of(np.array(rows), {fact.key: facts[fact.key][rows] for fact in used})
            told = item.rule.explain(own, scores[rows])
        for row, sentence in zip(rows, told, strict=True):
            yield _Question(row, "", doubt.reading, f"{sentence}，暂计。{doubt.silent}，应记几分？")


def _for_now(item: Item, fact: Fact, facts: Facts, rows: Column) -> Iterator[tuple[int, str]]:
    """The rows, and what counts there until the office knows (K17)."""
    unknown = facts.gaps[fact.key] | facts.absent.get(fact.key, False)
    columns = (rows, facts.assumed[fact.key][rows], unknown[rows], facts.columns[fact.key][rows])
    for row, assumed, gap, value in zip(*(column.tolist() for column in columns), strict=True):
        if assumed:
            yield row, f"单位未自查，暂按 {fact.kind.show(0)} 计"
        elif gap:
            yield row, f"单位未自查，本项{item.worth.held}"
        else:
            yield row, f"单位自查为“{fact.kind.show(value)}”，暂按此计"


def _unrecorded(fact: Fact, now: str, others: tuple[str, ...]) -> str:
    """A fact that the office knows and has not recorded, as a question."""
    also = f"（与“{'”“'.join(others)}”一并考虑）" if others else ""
    return f"“{fact.label}”由考核办掌握，还没有登记；{now}。实际如何{also}？请填{fact.kind.allowed()}。"


def _waits(item: Item, facts: Facts, row: int) -> bool:
    """Whether it is scored once earlier items are, which are asked for themselves."""
    return any(facts.columns.gaps[each.key][row] for each in item.subtotals)


def _unknown(item: Item, figures: Figures, row: int) -> _Question:
    """A number that other units are compared with and that is not known, as a question (K1)."""
    facts, ruled = figures.facts, (figures.units[row].number, item.code) in figures.ruled
    lacking = [fact for fact in item.looks_at if facts.gaps[fact.key][row]]
    own = next((fact for fact in lacking if fact.code == item.code), None)
    if not lacking:
        return _Question(row, "", item.rule.reading, _NO_MEAN)
    labels = "、".join(f"“{fact.label}”" for fact in lacking)
    now = "" if ruled else f"，本项{item.worth.held}"
    text = f"{labels}未填或无效，{item.rule.core.title}要与其他单位比较{now}。实际是多少？"
    asks = f"请填{own.kind.allowed()}。" if own else ""
    return _Question(row, own.label if own else "", item.rule.reading, text + asks)

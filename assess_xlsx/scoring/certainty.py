"""How sure each rank is: between which totals and ranks a unit lies, whatever is still open (K23)."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from assess_xlsx.amounts import plain
from assess_xlsx.scheme.rules import NO_END
from assess_xlsx.scheme.summing import Summing
from assess_xlsx.scoring.scores import Standing
from assess_xlsx.scoring.spans import spans, unknown_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.groups import Group
    from assess_xlsx.scheme.model import Item, Unit
    from assess_xlsx.scoring.scores import Figures
    from assess_xlsx.scoring.spans import Spans

MOST_NAMED = 2
"""Units that are named where a rank depends on others."""
_PERIOD = re.compile(r"(年度|全年|本年|累计)+")
"""What a number's name may begin with that a short sentence goes without."""


class Moved(NamedTuple):
    """What one item alone does to the units where something of their own is open in it, all else as it is now."""

    rows: Column
    best: Column
    """The rank at the item's highest score."""
    worst: Column
    """The rank at its lowest."""
    distance: Column
    """So many places the rank moves at most."""
    amount: Column
    """So many cents the total moves at most."""


class Contest(Struct, frozen=True, eq=False, dict=True):
    """What is open in the forms that are ranked together."""

    group: Group
    figures: Sequence[Figures]
    """By form."""

    @cached_property
    def forms(self) -> list[Certainty]:
        found = zip(self.figures, spans(self.group, self.figures), strict=True)
        return [Certainty(self, place, *each) for place, each in enumerate(found)]

    @cached_property
    def ascending(self) -> Column:
        """What all units with a rank are ranked by now."""
        return np.sort(np.concatenate([each.order for each in self.forms]))

    @cached_property
    def ranges(self) -> list[_Ranges]:
        """By form, between which totals its units lie."""
        return [_Ranges.of(each) for each in self.forms]

    @cached_property
    def ends(self) -> tuple[Column, Column]:
        """What all units are ranked by at their lowest and at their highest, each ascending."""
        low, high = (
            np.sort(np.concatenate(each)) for each in zip(*((r.low, r.high) for r in self.ranges), strict=True)
        )
        return low, high

    def unknown(self, place: int, item: Item) -> int:
        """How many numbers are not known that the units of a form are compared with in an item."""
        forms = [self.forms[each] for each in self.group.beside(place, item)]
        return sum(len(each.figures.missing) + int(each.unknown[item.code].sum()) for each in forms)


class Certainty(Struct, frozen=True, eq=False, dict=True):
    """What is open in a form, and what it does to totals and ranks; columns have a row a unit that reported."""

    contest: Contest
    place: int
    """The form's among those that are ranked together."""
    figures: Figures
    spans: Spans

    @cached_property
    def moved(self) -> list[Moved]:
        """By item of the form; last what the units left undeclared."""
        return [*(self._moved(place) for place in range(len(self.figures.form.items))), self._undeclared()]

    @cached_property
    def unknown(self) -> dict[str, Mask]:
        """By code of each item that looks at other units, whose number is not known."""
        facts, unsure = self.figures.facts, self.spans.unsure
        return {item.code: unknown_numbers(item, facts, unsure) for item in self.figures.form.items if item.ranked}

    @cached_property
    def lacking(self) -> dict[str, Mask]:
        """By key of each fact that is open or missing anywhere, where it is."""
        facts = self.figures.facts
        found = {fact.key: facts.gaps[fact.key] | facts.open[fact.key] for fact in self.figures.form.facts}
        return {key: units for key, units in found.items() if units.any()}

    def shown(self, place: int) -> tuple[Column, Column, Column]:
        """An item's scores and their spans as people read them: no more than it is worth, and its score of now."""
        worth, scores = self.figures.form.items[place].worth, self.figures.items.to_numpy()[:, place]
        low = np.minimum(scores, np.maximum(self.spans.low[:, place], worth.low))
        return scores, low, np.maximum(scores, np.minimum(self.spans.high[:, place], worth.high))

    @cached_property
    def totals(self) -> Column:
        """The totals now, of every unit with a rank."""
        totals: Column = np.asarray(self.figures.totals)
        return totals

    @cached_property
    def order(self) -> Column:
        """What they are ranked by now."""
        order: Column = np.asarray(self.figures.order)
        return order

    @cached_property
    def undeclared(self) -> Column:
        """The rows of the units that left undeclared what would touch their total or place."""
        rows = self.figures.facts.rows
        return np.array(sorted(rows[unit] for unit in self.figures.undeclared), dtype=np.int64)

    def ends(self, low: Column, high: Column) -> tuple[Column, Column]:
        """The totals that items at their lowest and highest come to, with the worst that was left undeclared."""
        return self.figures.ends(low, high, self.spans.own, feared=True)

    def orders(self, low: Column, high: Column) -> tuple[Column, Column]:
        """What units with these totals are ranked by, likewise."""
        return self.figures.order_of(low, feared=True), self.figures.order_of(high)

    def _undeclared(self) -> Moved:
        """The same of what was left undeclared, all items as they are now."""
        rows, figures = self.undeclared, self.figures
        lowest = figures.totals_of(figures.items.to_numpy()[rows], rows, feared=True)
        worst = self._rank(figures.order_of(lowest, rows, feared=True), self.order[rows])
        rank = np.asarray(figures.ranks)[rows]
        return Moved(rows, rank, worst, np.maximum(worst - rank, 0), self.totals[rows] - lowest)

    def _moved(self, place: int) -> Moved:
        figures, own = self.figures, self.spans.own[:, place]
        if figures.adjusting:
            own = own | figures.adjusting.unsure(place)
        rows = np.flatnonzero(own)
        now, rank = self.totals[rows], np.asarray(figures.ranks)[rows]
        if not len(rows):
            return Moved(rows, rank, rank, rank, now)
        low, high = figures.items.to_numpy()[rows], figures.items.to_numpy()[rows]
        low[:, place], high[:, place] = self.spans.low[rows, place], self.spans.high[rows, place]
        lowest, highest = figures.ends(low, high, self._only(place)[rows], rows, item=place)
        best, worst = (self._rank(self.figures.order_of(end, rows), self.order[rows]) for end in (highest, lowest))
        places = np.maximum(rank - best, worst - rank)
        return Moved(rows, best, worst, places, np.maximum(now - lowest, highest - now))

    def _only(self, place: int) -> Mask:
        """That item alone of each unit."""
        mask: Mask = np.zeros(self.figures.items.shape, dtype=bool)
        mask[:, place] = True
        return mask

    def _rank(self, order: Column, now: Column) -> Column:
        """The ranks of units that are ranked by these instead of by what they are now."""
        all_ = self.contest.ascending
        above: Column = len(all_) - all_.searchsorted(order, side="right")
        return 1 + above - (now > order)


def unknown_notes(certainty: Certainty) -> tuple[str, ...]:
    """Why the ranges may be wider than the truth: numbers that others are compared with are not known."""
    notes = []
    for item in certainty.figures.form.items:
        count = certainty.contest.unknown(certainty.place, item) if item.ranked else 0
        if count:
            number = _PERIOD.sub("", item.rule.compared_facts()[0].label, count=1)
            notes.append(f"还有 {count} 个{number}未知，实际范围可能更窄，不会更宽")
    return tuple(notes)


def standings(contest: Contest) -> list[dict[int, Standing]]:
    """By form, 名次范围 of every unit that has a rank, by 序号."""
    return [_standings(*each) for each in zip(contest.forms, contest.ranges, strict=True)]


def _standings(certainty: Certainty, found: _Ranges) -> dict[int, Standing]:
    best, worst = found.ranks(found.low, found.high)
    columns = (column.tolist() for column in (*found.totals, best, worst))
    keys = _keys(certainty, found, best, worst)
    hanging = [keys.get(row, _Key()) for row in range(len(certainty.totals))]
    texts, others = [each.text for each in hanging], [each.others for each in hanging]
    rows = map(Standing, *columns, _behind(certainty), texts, others)
    return dict(zip(certainty.figures.totals.index.tolist(), rows, strict=True))


def _behind(certainty: Certainty) -> list[int | None]:
    """距上一名: how much is missing to the next better total; out of 名次列末 no points lead."""
    order, better = certainty.order, np.unique(certainty.contest.ascending)
    above = better.searchsorted(order, side="right")
    missing = better[np.minimum(above, len(better) - 1)] - order if len(better) else order
    return [int(gap) if 0 < gap < NO_END // 2 else None for gap in missing]


class _Ranges(NamedTuple):
    """Between which totals every unit of a form with a rank lies, and where that leaves it among all others."""

    contest: Contest
    totals: tuple[Column, Column]
    """Lowest and highest."""
    low: Column
    """What it is ranked by there."""
    high: Column
    missing: int
    """So many units of the form have not reported: each may come to anything up to ``most``."""
    most: int

    @classmethod
    def of(cls, certainty: Certainty) -> _Ranges:
        figures, spans_ = certainty.figures, certainty.spans
        totals, (low, high) = (certainty.totals, certainty.totals), (certainty.order, certainty.order)
        unsure = figures.adjusting is not None and figures.adjusting.unsure().any()
        if (spans_.low < spans_.high).any() or len(certainty.undeclared) or unsure:
            reported = len(figures.units)  # the others, by 未报送处理, are sure (K27)
            ends = certainty.ends(spans_.low, spans_.high)
            low, high = (np.concatenate([own, certainty.order[reported:]]) for own in certainty.orders(*ends))
            least, most = (np.concatenate([own, certainty.totals[reported:]]) for own in ends)
            totals = least, most
        return cls(certainty.contest, totals, low, high, len(figures.missing), Summing(figures.form).most)

    def ranks(self, low: Column, high: Column) -> tuple[Column, Column]:
        """Best and worst ranks of the first units if their own totals lay between these."""
        lows, highs = self.contest.ends
        best: Column = 1 + len(lows) - lows.searchsorted(high, side="right")
        above: Column = len(highs) - highs.searchsorted(low, side="right")
        missing = sum(each.missing * (each.most > low) for each in self.contest.ranges)
        return best, 1 + above - (self.high[: len(low)] > low) + missing


# ── 关键事项 ──


class _Key(NamedTuple):
    """What moves a rank, and on how many other units it hangs where only they do."""

    text: str = ""
    others: int = 0


def _keys(certainty: Certainty, found: _Ranges, best: Column, worst: Column) -> dict[int, _Key]:
    """What moves each rank that is not settled, by row."""
    own = _own_keys(certainty, found, best, worst)
    keys = {row: _Key(text) for row, text in _own_texts(certainty, own).items()}
    others = [row for row in np.flatnonzero(best < worst).tolist() if row not in keys]
    if others:
        keys |= _Others.of(certainty).texts(others, found)
    return keys | {row: _Key(_number_text(certainty, row)) for row in others if row not in keys}


def _number_text(certainty: Certainty, row: int) -> str:
    """``2.3.3 年度累计办件量（其他单位与它比较）``, where the own score is ruled and the number not known."""
    items = (item for item in certainty.figures.form.items if item.ranked and certainty.unknown[item.code][row])
    return "；".join(f"{item.code} {item.rule.compared_facts()[0].label}（其他单位与它比较）" for item in items)


def _own_keys(certainty: Certainty, found: _Ranges, best: Column, worst: Column) -> dict[int, int]:
    """The place of the own item that moves the rank furthest, then the total, by row; where only others do, none."""
    figures, spans_ = certainty.figures, certainty.spans
    reported = len(figures.units)
    place_of, furthest, most = (np.full(reported, start) for start in (-1, 0, -1))
    for place, moved in enumerate(certainty.moved):
        rows = moved.rows
        further = (moved.distance > furthest[rows]) | (
            (moved.distance == furthest[rows]) & (moved.amount > most[rows])
        )
        rows = rows[further]
        place_of[rows], furthest[rows], most[rows] = place, moved.distance[further], moved.amount[further]
    unsettled, has_own = (best < worst)[:reported], place_of >= 0
    if not (unsettled & has_own).any():
        return {}
    scores = figures.items.to_numpy()
    still = (figures.totals_of(np.where(spans_.own, scores, ends)) for ends in (spans_.low, spans_.high))
    fixed_best, fixed_worst = found.ranks(*map(figures.order_of, still))
    alike = (fixed_best == best[:reported]) & (fixed_worst == worst[:reported])
    decides = unsettled & has_own & ((furthest > 0) | ~alike)
    return {row: int(place_of[row]) for row in np.flatnonzero(decides).tolist()}


def _own_texts(certainty: Certainty, own: dict[int, int]) -> dict[int, str]:
    """``1.4.4 群众投诉次数等（0…4 分）``, by row; ``own`` tells the item of each."""
    texts = {}
    for row in [row for row, place in own.items() if place == len(certainty.figures.form.items)]:
        [veto, *more] = certainty.figures.undeclared[certainty.figures.units[row].number]
        texts[row] = f"{veto.title}{'等' if more else ''}（单位未填）"
    for place in sorted(set(own.values()) - {len(certainty.figures.form.items)}):
        item = certainty.figures.form.items[place]
        lacking = [
            (fact.label, certainty.lacking[fact.key]) for fact in item.looks_at if fact.key in certainty.lacking
        ]
        rows = [row for row in own if own[row] == place]
        _, lows, highs = certainty.shown(place)
        for row, low, high in zip(rows, lows[rows].tolist(), highs[rows].tolist(), strict=True):
            labels = [label for label, units in lacking if units[row]]
            about = f"{labels[0]}{'等' if labels[1:] else ''}" if labels else "得分待核定"
            texts[row] = f"{item.code} {about}（{_end(low)}…{_end(high)} 分）"
    return texts


class _Others(Struct, frozen=True, eq=False):
    """The units of which something is open, so that the ranks of a form's units may move; columns have a row each."""

    units: list[Unit]
    low: Column
    high: Column
    """Between which totals they lie; without end where others are compared with their unknown numbers."""
    row: Column
    """Among the units of the form that reported; -1 for one that is 未报送 or another form's."""

    @classmethod
    def of(cls, certainty: Certainty) -> _Others:
        contest, group = certainty.contest, certainty.contest.group
        parts = []
        for place, (other, found) in enumerate(zip(contest.forms, contest.ranges, strict=True)):
            items = [item for item in other.figures.form.items if item.ranked]
            compared = [item.code for item in items if certainty.place in group.beside(place, item)]
            parts.append(cls._of_form(other, found, compared, own=place == certainty.place))
        units = [unit for part in parts for unit in part.units]
        silent = {unit for each in contest.figures for unit in each.missing}
        order = sorted(range(len(units)), key=lambda place: (units[place] in silent, units[place].number))
        columns = zip(*((part.low, part.high, part.row) for part in parts), strict=True)
        low, high, row = (np.concatenate(each)[order] for each in columns)
        return cls([units[place] for place in order], low, high, row)

    @classmethod
    def _of_form(cls, certainty: Certainty, found: _Ranges, compared: Sequence[str], *, own: bool) -> _Others:
        """Those of a form; ``compared``: the items in which others are compared with its units."""
        figures = certainty.figures
        numbers = np.zeros(len(figures.units), dtype=bool)
        for code in compared:
            numbers |= certainty.unknown[code]
        open_ = certainty.spans.own.any(axis=1) | numbers
        if figures.adjusting:
            open_ |= figures.adjusting.unsure()
        open_[certainty.undeclared] = True
        row = np.flatnonzero(open_)
        count = len(figures.missing)
        endless = np.concatenate([numbers[row], np.full(count, bool(compared))])
        low = np.where(endless, -4 * NO_END, np.concatenate([found.low[row], np.full(count, 0)]))
        high = np.where(endless, NO_END, np.concatenate([found.high[row], np.full(count, found.most)]))
        units = [figures.units[each] for each in row.tolist()] + figures.missing
        return cls(units, low, high, np.concatenate([row if own else np.full(len(row), -1), np.full(count, -1)]))

    def texts(self, rows: list[int], found: _Ranges) -> dict[int, _Key]:
        """``取决于：县残联、县气象局等 3 个单位``, by row of the units that depend on them."""
        order = np.argsort(self.low, kind="stable")
        leading = self._leading(order)
        lows, highs = self.low[order], np.sort(self.high)
        low, high = found.low[rows], found.high[rows]
        reached = lows.searchsorted(high, side="right")
        counts = reached - highs.searchsorted(low, side="right")
        own = np.zeros(len(found.low), dtype=bool)
        own[self.row[(self.row >= 0) & (self.high > found.low[self.row])]] = True
        texts = {}
        for row, count, first in zip(rows, (counts - own[rows]).tolist(), reached.tolist(), strict=True):
            others = [each for each in leading[first] if self.row[each] != row][: min(count, MOST_NAMED)]
            if others:
                named = "、".join(unit.name for unit in sorted((self.units[each] for each in others), key=_number))
                more = f"等 {count} 个单位" if count > MOST_NAMED else ""
                texts[row] = _Key(f"取决于：{named}{more}", count if more else len(others))
        return texts

    def _leading(self, order: Column) -> list[list[int]]:
        """Of the first so many in that order, those that may rise highest: one more than are named, for oneself."""
        highs = self.high.tolist()
        leading: list[list[int]] = [[]]
        for each in order.tolist():
            best = leading[-1]
            if len(best) <= MOST_NAMED or highs[each] > highs[best[-1]]:
                best = sorted((*best, each), key=lambda one: -highs[one])[: MOST_NAMED + 1]
            leading.append(best)
        return leading


def _end(amount: int) -> str:
    """The least or the most of an item, as people read it."""
    return plain(amount) if abs(amount) < NO_END else "不限"


def _number(unit: Unit) -> int:
    return unit.number

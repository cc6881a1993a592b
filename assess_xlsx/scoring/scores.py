"""What the units of a form came to: the results of scoring, as every writer reads them. Nothing is computed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from assess_xlsx.amounts import two_places
from assess_xlsx.scheme.summing import Summing
from assess_xlsx.scoring.adjusting import Scored

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.answers import Ruling
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.effects import Effects, Veto
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Unit
    from assess_xlsx.scoring.adjusting import Adjusting
    from assess_xlsx.scoring.burdens import Burdens
    from assess_xlsx.scoring.settle import Facts

ELIGIBLE, CANCELLED, PENDING = "有", "取消", "待定"
"""评优资格."""
NO_TOTAL = "没有一个有分值的指标适用"
"""Why a unit that reported has no total."""
DECLARED, RECORDED = "自报", "登记"
"""来源 of a veto."""
SETTLED, UNSETTLED = "已定", "未定"
"""名次状态 (K23)."""


class VetoRecord(NamedTuple):
    """A circumstance of a unit, and who says so."""

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
    """Empty where 等次 is to be decided, which moves no score."""
    fact: str
    """填报项; empty where a score is to be decided."""
    reading: str
    why: str
    """缘由: the question to the office."""
    score: int | None
    low: int | None
    high: int | None
    ranks: str = ""
    """影响名次: ``3→2…5``, the rank now and between which it would lie if this item alone moved over its span."""


class Graded(NamedTuple):
    """等次 of a unit."""

    name: str
    row: int
    """Its place among the form's grades, from the best down."""
    amount: int
    """What it goes by, in cents: 总分, or the scores that the scheme names."""
    why: str
    """What else than total, places and 评优资格 decides it: a ruling, a circumstance; empty where nothing does."""
    short: int | None
    """The better grade of which it falls short for now, tied across the border of its places; None if it does not."""

    @property
    def text(self) -> str:
        """As people see it."""
        return self.name if self.short is None else f"{self.name}（待核定）"


class Standing(NamedTuple):
    """How sure a unit's rank is: between which totals (cents) and ranks it lies, whatever is still open (K23)."""

    low: int
    high: int
    best: int
    worst: int
    behind: int | None
    """距上一名: how much is missing to the next better total, in cents; None where none is better."""
    key: str = ""
    """关键事项: what moves the rank furthest; empty where nothing does."""
    others: int = 0
    """On how many other units it hangs, where nothing of the unit's own moves it."""

    @property
    def settled(self) -> bool:
        return self.best == self.worst

    @property
    def state(self) -> str:
        """名次状态."""
        return SETTLED if self.settled else UNSETTLED


class Figures(Struct, frozen=True, eq=False):  # arrays do not compare as a whole
    """One form's figures over the units that reported; frames have a row a unit by 序号, amounts in cents."""

    form: Form
    facts: Facts
    units: list[Unit]
    missing: list[Unit]
    """未报送 (K14), but for those about which the office has decided."""
    zeroed: list[Unit]
    """按零分 (K27): in the totals and ranks after ``units``, in no frame."""
    excluded: list[Unit]
    """不参评 (K27): in no figure; the form is that of the others."""
    computed: pd.DataFrame
    """核算分 by item code."""
    gaps: dict[str, Mask]
    """Items that a gap keeps from being scored, by item code, in the order of ``units``."""
    ruled: dict[tuple[int, str], Ruling]
    """核定分 by unit and item code (K18)."""
    items: pd.DataFrame
    """最终得分 by item code."""
    out: Mask | None
    """By item of the form, the units that it does not concern and whose sections are measured without it; None where
    the form has no such item."""
    sections: pd.DataFrame
    """One column a section, by its position."""
    totals: pd.Series[int]
    """总分, after what circumstances do to it, of the units that have one."""
    order: pd.Series[int]
    """What the units are ranked by: their totals, those 名次列末 far below (K12)."""
    ranks: pd.Series[int]
    """Among all units with which the form is ranked (K12)."""
    effects: dict[int, Effects]
    """By 序号, what circumstances do to each unit that has any."""
    burdens: Burdens | None
    """The same of totals and places, by row of ``totals``; None where no circumstance touches any."""
    feared: Burdens | None
    """With what units left undeclared; None where nothing that touches a total or a place is."""
    adjusting: Adjusting | None
    """总分调整; None where the form has none."""
    taken: Sequence[Column]
    """By line of it, 1 where it takes effect, of the units that reported."""
    undeclared: dict[int, list[Veto]]
    """By 序号, the circumstances that a unit left undeclared and that would touch its total or place."""

    def totals_of(self, items: Column, rows: Column | slice = slice(None), *, feared: bool = False) -> Column:
        """The totals that scores of items come to, of the units in some rows of those that reported."""
        units = self._scored(items, rows, None)
        taken = self.adjusting.now(units, rows) if self.adjusting else ()
        return self._total(units, taken, rows, feared=feared)

    def ends(
        self,
        low: Column,
        high: Column,
        but: Mask,
        rows: Column | slice = slice(None),
        *,
        feared: bool = False,
        item: int | None = None,
    ) -> tuple[Column, Column]:
        """The least and the most that units come to whose items lie between these.

        ``but``: where an item counts although it is said not to concern the unit.
        ``feared``: at the least with the worst that was left undeclared.
        ``item``: of what 总分调整 looks at and is not known, this item and its facts alone may be anything.
        """
        units = [self._scored(items, rows, but) for items in (low, high)]
        least, most = self.adjusting.between(units[0], units[1], rows, item) if self.adjusting else ((), ())
        lowest = self._total(units[0], least, rows, feared=feared)
        return lowest, self._total(units[1], most, rows)

    def _scored(self, items: Column, rows: Column | slice, but: Mask | None) -> Scored:
        out = None if self.out is None else self.out[rows]
        if out is not None and but is not None:
            out = out & ~but
        return Scored.of(self.form, items, out)

    def _total(self, units: Scored, taken: Sequence[Column], rows: Column | slice, *, feared: bool = False) -> Column:
        burdens = self.feared if feared else self.burdens
        totals = Summing(self.form).total(units.sections, units.points_out, taken)
        return totals if burdens is None else burdens.totals(totals, self._of_items(rows))

    def order_of(self, totals: Column, rows: Column | slice = slice(None), *, feared: bool = False) -> Column:
        """What units with these totals are ranked by."""
        burdens = self.feared if feared else self.burdens
        return totals if burdens is None else burdens.order(totals, self._of_items(rows))

    def _of_items(self, rows: Column | slice) -> Column | slice:
        """Units by 按零分 stand in no frame of items, behind all others."""
        return slice(len(self.units)) if isinstance(rows, slice) else rows

    def reckoning(self, unit: int) -> str:
        """How 总分调整 and circumstances made a unit's total what it is; empty where neither does anything to it."""
        mine = self.effects.get(unit)
        if (not self.taken and not mine) or unit not in self.facts.rows or unit not in self.totals.index:
            return ""
        row = self.facts.rows[unit]
        taken = [held[[row]] for held in self.taken]
        scored = Scored.of(
            self.form, self.items.loc[[unit]].to_numpy(), None if self.out is None else self.out[[row]]
        )
        summing = Summing(self.form)
        before = int(summing.total(scored.sections, scored.points_out, taken)[0])
        adjusted = summing.told(scored.sections, scored.points_out, taken) if any(map(np.any, taken)) else ""
        burdened = mine.told() if mine else ""
        if not adjusted and not burdened:
            return ""
        return f"{adjusted or two_places(before)}{burdened}＝{two_places(int(self.totals[unit]))}"

    def left_out(self, unit: int) -> frozenset[str]:
        """Codes of the items that do not concern a unit and whose sections are measured without them."""
        if self.out is None:
            return frozenset()
        places = np.flatnonzero(self.out[self.facts.rows[unit]]).tolist()
        return frozenset(self.form.items[place].code for place in places)

    def not_applied(self, unit: int) -> frozenset[int]:
        """The places of the sections of which nothing concerns a unit."""
        if self.out is None:
            return frozenset()
        points = self.form.points_out(self.out[[self.facts.rows[unit]]])
        return frozenset(p for p, out in enumerate(points) if self.form.does_not_apply(p, int(out[0])))

    def applied(self, place: int) -> list[int]:
        """A section's scores of the units that any of it concerns (cents)."""
        scores: list[int] = self.sections[place].tolist()
        if self.out is None:
            return scores
        out = self.form.does_not_apply(place, self.form.points_out(self.out)[place]).tolist()
        return [score for score, left in zip(scores, out, strict=True) if not left]

    def unmeasured(self) -> Column:
        """The rows of the units that no section with points concerns: nothing stands for their total."""
        if self.out is None:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.form.unmeasured(self.form.points_out(self.out)))

    def measured(self) -> Figures:
        """Those in which a unit that nothing with points concerns has no total and no rank."""
        without = [self.units[row].number for row in self.unmeasured().tolist()]
        if not without:
            return self
        order = self.order.drop(without)
        return replace(self, totals=self.totals.drop(without), order=order, ranks=ranks(order))

    @property
    def without_total(self) -> list[Unit]:
        """The units that reported and that nothing with points concerns."""
        return [unit for unit in self.units if unit.number not in self.totals.index]

    def having(self, code: str) -> list[int]:
        """An item's scores of the units that have one (cents)."""
        scores: list[int] = self.items[code].tolist()
        if self.out is None:
            return scores
        out = self.out[:, [item.code for item in self.form.items].index(code)].tolist()
        return [score for score, left in zip(scores, out, strict=True) if not left]

    def lacks(self, unit: int, fact: Fact) -> bool:
        """What a unit failed to answer is still lacking: a ruling closes what it decides (K15, K18)."""
        if fact in self.form.declarations:
            return True
        return bool(self.facts.gaps[fact.key][self.facts.rows[unit]]) and (unit, fact.code) not in self.ruled

    def roster(self) -> list[Unit]:
        """Every unit of the roster on this form, those by 不参评 too (K27)."""
        return sorted((*self.form.units, *self.excluded), key=lambda unit: unit.number)

    @property
    def any_last(self) -> bool:
        """Whether any unit with a rank is 名次列末."""
        return self.burdens is not None and bool(self.burdens.last.any())


class Scores(Figures, eq=False, frozen=True):
    """One form's whole result: the figures, and what is to be said of them."""

    merit: dict[int, str]
    """评优资格 by 序号."""
    merit_ranks: dict[int, int]
    """评优名次 of the units that keep it."""
    grades: dict[int, Graded]
    """等次 by 序号 of every unit that has a total, where the form has grades."""
    to_correct: set[int]
    """待补正: units with a gap in what they must fill (K15)."""
    open: list[Open]
    unspoken: int
    """Adverse counts that stand although no row of the register is about them (K17)."""
    standings: dict[int, Standing]
    """名次范围 by 序号 of every unit that has a rank (K23)."""
    unknown: tuple[str, ...]
    """What keeps the ranges wider than they may be: numbers of units that others are compared with."""
    basis: dict[str, list[str]]
    """计分依据 by item code, in the order of ``units``."""
    problems: tuple[Problem, ...]


def ranks(order: pd.Series[int]) -> pd.Series[int]:
    """Competition ranks, most first: 1, 2, 2, 4 (K12)."""
    return order.rank(method="min", ascending=False).astype("int64")


def at(frame: pd.DataFrame, unit: int, column: str | int) -> int:
    """One whole number of a frame of scores."""
    return int(cast("int", frame.at[unit, column]))

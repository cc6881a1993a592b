"""等次 of the units of a form, with what the office ruled and what is left for it to decide. It changes no score."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.amounts import two_places
from assess_xlsx.layout import GRADE
from assess_xlsx.scheme.grades import allot, places
from assess_xlsx.scoring.scores import CANCELLED, Graded, Open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.answers import Register, Ruling
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Unit
    from assess_xlsx.scoring.scores import Figures, VetoRecord

TIED = "同分超出名额"
"""缘由, as it begins."""
RULED_GRADE = "等次核定为"
"""How it is said that a ruling decides a unit's 等次."""
NAMED = 5
"""Units named at most in a question."""


def grade(
    figures: Figures, merit: Mapping[int, str], vetoes: Sequence[VetoRecord], register: Register | None
) -> dict[int, Graded]:
    """等次 of every unit with a total, by 序号; none where the form has no grades."""
    grades = figures.form.grades
    if not grades:
        return {}
    totals: dict[int, int] = figures.totals.to_dict()  # type: ignore[assignment]  # 序号 and cents
    kept_from: dict[int, dict[int, str]] = {
        unit: {0: ""} for unit, standing in merit.items() if standing == CANCELLED and unit in totals
    }
    for record in vetoes:
        for row, each in enumerate(grades):
            if each.barred == record.veto.code and record.unit.number in totals:
                kept_from.setdefault(record.unit.number, {}).setdefault(row, record.veto.title)
    ruled = rulings(figures, register)
    found = allot(
        grades,
        places(grades, len(figures.form.units)),
        totals,
        kept_from,
        {unit: ruling.value for unit, ruling in ruled.items()},
    )
    graded = {}
    for unit, row in found.rows.items():
        if unit in ruled:
            why = f"{RULED_GRADE}{grades[row].name}：{ruled[unit].reason}"
        else:
            bars = {at: title for at, title in kept_from.get(unit, {}).items() if title}
            told = [(grades[at], title) for at, title in bars.items() if totals[unit] >= grades[at].at_least]
            why = "；".join(f"有{title}，不评{each.name}" for each, title in told)
        graded[unit] = Graded(grades[row].name, row, why, found.tied.get(unit))
    return graded


def rulings(figures: Figures, register: Register | None) -> dict[int, Ruling]:
    """What was ruled of 等次, by the 序号 of the unit (K18)."""
    rows = register.rulings if register else ()
    return {row.unit: row for row in rows if row.key == GRADE and row.unit in figures.facts.rows}


def questions(figures: Figures, graded: Mapping[int, Graded]) -> Iterator[Open]:
    """Who is tied across the border of a quota: which of them it takes is the office's to say."""
    form, numbers = figures.form, Counter(each.row for each in graded.values())
    room = places(form.grades, len(form.units))
    tied: dict[tuple[int, int], list[Unit]] = {}
    for unit in figures.units if graded else ():
        if (short := graded[unit.number].short) is not None:
            tied.setdefault((short, int(figures.totals[unit.number])), []).append(unit)
    for (short, total), units in tied.items():
        names = "、".join(unit.name for unit in units[:NAMED])
        more = f"等 {len(units)} 个单位" if len(units) > NAMED else ""
        for unit in units:
            now, rank = graded[unit.number], int(figures.ranks[unit.number])
            choice = [each.name for each in form.grades[short : now.row + 1]]
            text = (
                f"{TIED}：“{choice[0]}”有 {room[short]} 个名额，已评 {numbers[short]} 个；"
                f"{names}{more}总分都是 {two_places(total)} 分，暂列“{now.name}”。"
                f"应评哪个等次？请填{'或'.join(choice)}。"
            )
            yield Open(unit, "", GRADE, "", text, None, None, None, f"{rank}→{rank}")


def over_quota(figures: Figures, register: Register | None) -> Iterator[Problem]:
    """More units ruled into a grade than it takes: the ruling counts (K18), and that is said."""
    form, rows = figures.form, rulings(figures, register).values()
    for place, (each, most) in enumerate(zip(form.grades, places(form.grades, len(form.units)), strict=True)):
        here = [row for row in rows if row.value == place]
        if most is not None and len(here) > most:
            yield problems.OVER_QUOTA.at(here[-1].place, grade=each.name, count=len(here), most=most)

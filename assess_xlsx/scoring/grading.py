"""等次 of the units of a form, with what the office ruled and what is left for it to decide. It changes no score."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.amounts import two_places
from assess_xlsx.entries import fold
from assess_xlsx.layout import GRADE, WHOLE_SCORE
from assess_xlsx.scheme.effects import LOWER, NOT_ABOVE
from assess_xlsx.scheme.grades import allot, places
from assess_xlsx.scoring.scores import CANCELLED, Graded, Open
from assess_xlsx.scoring.subtotals import summed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.answers import Register, Ruling
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.effects import Effects
    from assess_xlsx.scheme.grades import Grade
    from assess_xlsx.scheme.groups import Group
    from assess_xlsx.scheme.model import Unit
    from assess_xlsx.scoring.scores import Figures

TIED = "同分超出名额"
"""缘由, as it begins."""
RULED_GRADE = "等次核定为"
"""How it is said that a ruling decides a unit's 等次."""
NAMED = 5
"""Units named at most in a question."""


def grade(
    group: Group, figures: Sequence[Figures], merit: Mapping[int, str], register: Register | None
) -> dict[int, Graded]:
    """等次 of every unit with a total, by 序号; none where the forms that are ranked together have no grades."""
    grades = group.grades
    if not grades:
        return {}
    totals = _amounts(group, figures)
    room = places(grades, len(group.units))
    effects = {unit: mine for each in figures for unit, mine in each.effects.items() if unit in totals}
    kept_from = _kept_from(grades, totals, merit, effects)
    ruled = rulings(figures, register)
    why = {unit: _bars_said(grades, totals[unit], bars) for unit, bars in kept_from.items()}
    why |= {unit: f"{RULED_GRADE}{grades[row.value].name}：{row.reason}" for unit, row in ruled.items()}
    given = {unit: row.value for unit, row in ruled.items()}
    tied: dict[int, int] = {}
    lowered = {unit: mine for unit, mine in effects.items() if mine.has(LOWER) and unit not in ruled}
    if lowered:  # from the grade that each would have; then its place there is another's
        would = allot(grades, room, totals, kept_from, given)
        for unit, mine in lowered.items():
            given[unit] = _lowered(grades, would.rows[unit], mine)
            why[unit] = "，".join([f"有 {mine.codes(LOWER, NOT_ABOVE)}", *_texts(mine)])
            if unit in would.tied:
                tied[unit] = would.tied[unit]
    found = allot(grades, room, totals, kept_from, given)
    tied |= found.tied
    return {
        unit: Graded(grades[row].name, row, totals[unit], why.get(unit, ""), tied.get(unit))
        for unit, row in found.rows.items()
    }


def _amounts(group: Group, figures: Sequence[Figures]) -> dict[int, int]:
    """What the grades go by, in cents by 序号, of every unit with a total."""
    found: dict[int, int] = {}
    for each in figures:
        totals: dict[int, int] = each.totals.to_dict()  # type: ignore[assignment]
        sums = summed(each, group.graded_by) if group.graded_by else totals
        found |= {unit: sums[unit] for unit in totals}
    return found


def _kept_from(
    grades: Sequence[Grade], totals: Mapping[int, int], merit: Mapping[int, str], effects: Mapping[int, Effects]
) -> dict[int, dict[int, str]]:
    """The rows that each unit is kept from, with what keeps it; nothing is said of 取消评优, which stands beside."""
    kept: dict[int, dict[int, str]] = {
        unit: {0: ""} for unit, standing in merit.items() if standing == CANCELLED and unit in totals
    }
    for unit, mine in effects.items():
        bars = {row: each.barred for row, each in enumerate(grades) if each.barred in {v.code for v in mine.vetoes}}
        if not mine.has(LOWER):  # else the bound comes after that
            bound = _bound(grades, mine)
            bars |= {row: mine.codes(NOT_ABOVE) for row in range(bound)}
        for row, codes in bars.items():
            kept.setdefault(unit, {}).setdefault(row, codes)
    return kept


def _bound(grades: Sequence[Grade], effects: Effects) -> int:
    """The best row that 等次不高于 leaves; the first where nothing is said of these grades."""
    names = [fold(grade.name) for grade in grades]
    return max((names.index(fold(e.grade)) for e in effects.every(NOT_ABOVE) if fold(e.grade) in names), default=0)


def _lowered(grades: Sequence[Grade], row: int, effects: Effects) -> int:
    """First every 降一等, then 等次不高于."""
    return max(min(row + len(effects.every(LOWER)), len(grades) - 1), _bound(grades, effects))


def _texts(effects: Effects) -> list[str]:
    return [effect.text for effect in effects.every(LOWER, NOT_ABOVE)]


def _bars_said(grades: Sequence[Grade], total: int, bars: Mapping[int, str]) -> str:
    """What keeps a unit from grades that its total reaches: ``有 V.2，不评优秀``."""
    reached: dict[str, list[str]] = {}
    for row, codes in sorted(bars.items()):
        if codes and total >= grades[row].at_least:
            reached.setdefault(codes, []).append(grades[row].name)
    return "；".join(f"有 {codes}，不评{'、'.join(names)}" for codes, names in reached.items())


def rulings(figures: Sequence[Figures], register: Register | None) -> dict[int, Ruling]:
    """What was ruled of 等次, by the 序号 of the unit (K18)."""
    rows = register.rulings if register else ()
    return {row.unit: row for row in rows if row.key == GRADE and any(row.unit in f.facts.rows for f in figures)}


def questions(group: Group, figures: Sequence[Figures], graded: Mapping[int, Graded]) -> Iterator[Open]:
    """Who is tied across the border of a quota: which of them it takes is the office's to say."""
    numbers = Counter(each.row for each in graded.values())
    room = places(group.grades, len(group.units))
    tied: dict[tuple[int, int], list[Unit]] = {}
    ranks: dict[int, int] = {}
    for each in figures if graded else ():
        ranks |= each.ranks.to_dict()  # type: ignore[arg-type]  # 序号 and places
        for unit in each.units:
            if unit.number in graded and (short := graded[unit.number].short) is not None:
                tied.setdefault((short, graded[unit.number].amount), []).append(unit)
    by = f"“{group.graded_by.label}”" if group.graded_by else WHOLE_SCORE
    for (short, total), units in tied.items():
        names = "、".join(unit.name for unit in units[:NAMED])
        more = f"等 {len(units)} 个单位" if len(units) > NAMED else ""
        for unit in units:
            now, rank = graded[unit.number], ranks[unit.number]
            choice = [each.name for each in group.grades[short : now.row + 1]]
            text = (
                f"{TIED}：“{choice[0]}”有 {room[short]} 个名额，已评 {numbers[short]} 个；"
                f"{names}{more}{by}都是 {two_places(total)} 分，暂列“{now.name}”。"
                f"应评哪个等次？请填{'或'.join(choice)}。"
            )
            yield Open(unit, "", GRADE, "", text, None, None, None, f"{rank}→{rank}")


def over_quota(group: Group, figures: Sequence[Figures], register: Register | None) -> Iterator[tuple[Unit, Problem]]:
    """More units ruled into a grade than it takes: the ruling counts (K18), and that is said of the last."""
    grades, rows = group.grades, rulings(figures, register).values()
    for place, (each, most) in enumerate(zip(grades, places(grades, len(group.units)), strict=True)):
        here = [row for row in rows if row.value == place]
        if most is not None and len(here) > most:
            [unit] = (unit for unit in group.units if unit.number == here[-1].unit)
            yield unit, problems.OVER_QUOTA.at(here[-1].place, grade=each.name, count=len(here), most=most)

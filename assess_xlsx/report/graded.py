"""等次 in a ranking: its column, as formulas, and those that lead to it. It grades nobody."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT, plain
from assess_xlsx.excel.cells import Formula, column_letter
from assess_xlsx.excel.table import POINTS, WHOLE, Column
from assess_xlsx.layout import WHOLE_SCORE
from assess_xlsx.report.places import string
from assess_xlsx.scheme.grades import places
from assess_xlsx.scoring.scores import CANCELLED

if TYPE_CHECKING:
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.report.places import Table
    from assess_xlsx.scheme.model import Unit
    from assess_xlsx.scoring.ranking import Ranking

OTHERWISE = "另定"
"""等次依据 of a unit whose grade does not come of what all are graded by, places and 评优资格 alone."""
STANDINGS_SAID = "候选排位＝达到该等次、没有评更高等次的单位中，{}不低于本单位的个数；不超过名额的评该等次"


def basis(ranking: Ranking) -> str:
    """What the grades go by."""
    return ranking.graded_by.label if ranking.graded_by else WHOLE_SCORE


def said(ranking: Ranking) -> list[str]:
    """What the grades are, above the ranking; nothing where there are none."""
    told = []
    for each, most in zip(ranking.grades, places(ranking.grades, ranking.size), strict=True):
        limit = "" if most is None else f"，不超过 {most} 个单位"
        told.append(f"{each.name} {plain(each.at_least)} 分以上{limit}" if each.at_least else f"其余{each.name}")
    by = f"按“{basis(ranking)}”，" if ranking.graded_by else ""
    return [f"等次：{by}{'；'.join(told)}。"] if told else []


def by_grade(ranking: Ranking) -> list[tuple[str, list[Unit]]]:
    """The units of each grade in their order, from the best down."""
    found: list[tuple[str, list[Unit]]] = [(each.name, []) for each in ranking.grades]
    for unit in ranking.ranked() if found else ():
        found[ranking.graded[unit.number].row][1].append(unit)
    return found


def asides(ranking: Ranking, *, live: bool) -> list[str]:
    """What the columns behind the ranking are, where there are any."""
    told = f"{STANDINGS_SAID.format(f'“{basis(ranking)}”' if ranking.graded_by else WHOLE_SCORE)}。"
    return [told] if live and any(grade.quota for grade in ranking.grades) else []


class GradeColumns:
    """The columns behind a ranking from which its 等次 is made, and the formulas of both; none without grades.

    Each row finds its place among those that reach a grade by their totals, so it stays right in any order.
    """

    def __init__(self, ranking: Ranking, here: Table, *, live: bool, total: int, merit: int, first: int) -> None:
        """``total``, ``merit``: those columns of the ranking; ``first``: where the columns behind it begin."""
        self._ranking, self._grades, self._basis = ranking, ranking.grades, basis(ranking)
        if ranking.graded_by:  # what they go by stands before all else that leads to them
            total, first = first, first + 1
        limited = [row for row, grade in enumerate(self._grades) if grade.quota]
        self._ranked = self._grades[: limited[-1] + 1] if live and limited else ()
        self._live = live
        self._mixed = bool(self._ranked) and any(each.why for each in ranking.graded.values())
        self._room = places(self._grades, ranking.size)
        self._own_total, self._own_merit = (f"{column_letter(column)}{{0}}" for column in (total, merit))
        self._basis_col = first + len(self._ranked)
        self._totals, self._merits, self._bases = (
            here.column(column, near=True) for column in (total, merit, self._basis_col)
        )
        self._standing = [here.column(first + row, near=True) for row in range(len(self._ranked))]
        self._own_standing = [f"{column_letter(first + row)}{{0}}" for row in range(len(self._ranked))]
        self._standings = [self._standing_of(row) for row in range(len(self._ranked))]
        self._texts = [self._standing_formula(row) for row in range(len(self._ranked))]
        self._grade = self._grade_formula() if self._grades else ""

    def columns(self) -> list[Column]:
        """Those behind the ranking."""
        found = [Column(self._basis, POINTS)] if self._ranking.graded_by else []
        found += [Column(f"{grade.name}候选排位", WHOLE) for grade in self._ranked]
        return [*found, Column("等次依据", "@")] if self._mixed else found

    def grade(self, unit: Unit, row: int) -> list[Cell]:
        """等次 of a unit in a row of the sheet; nothing where the form has none."""
        if not self._grades:
            return []
        mine = self._ranking.graded[unit.number]
        if not self._live or mine.why or mine.short is not None:
            return [mine.text]
        return [Formula(self._grade.format(row + 1), mine.name)]

    def cells(self, unit: Unit, row: int, sum_: str) -> list[Cell]:
        """Those of a unit behind the ranking; ``sum_``: an expression of the scores that its grade goes by."""
        if not self._grades:
            return []
        mine = self._ranking.graded[unit.number]
        amount = mine.amount / CENT
        by: list[Cell] = [Formula(sum_, amount) if self._live else amount] if self._ranking.graded_by else []
        if not self._ranked:
            return by
        cells: list[Cell] = [
            None if mine.why else Formula(text.format(row + 1), standing.get(unit.number, ""))
            for text, standing in zip(self._texts, self._standings, strict=True)
        ]
        return [*by, *cells, OTHERWISE if mine.why else self._basis] if self._mixed else [*by, *cells]

    def _standing_of(self, row: int) -> dict[int, int]:
        """候选排位 by 序号 of the units that reach a grade and got no better one."""
        ranking, least = self._ranking, self._grades[row].at_least
        reach = {
            unit: each.amount
            for unit, each in ranking.graded.items()
            if not each.why and each.row >= row and (row or ranking.merit[unit] != CANCELLED)
        }
        ascending = sorted(total for total in reach.values() if total >= least)
        count = len(ascending)
        return {unit: count - bisect_left(ascending, total) for unit, total in reach.items() if total >= least}

    # ── formulas ──

    def _left(self, row: int) -> str:
        """The places of a grade that are not taken by units whose grade is decided otherwise."""
        taken = sum(each.row == row for each in self._ranking.graded.values() if each.why)
        return f"{self._room[row]}-{taken}" if taken else f"{self._room[row]}"

    def _within(self, row: int) -> str:
        """Whether the row's unit has the grade, by its standing."""
        own = self._own_standing[row]
        limit = "" if self._room[row] is None else f",{own}<={self._left(row)}"
        return f"AND(ISNUMBER({own}){limit})" if limit else f"ISNUMBER({own})"

    def _reaches(self, row: int) -> list[str]:
        """What lets a unit be of a grade, apart from its places."""
        reached = f"{self._own_total}>={plain(self._grades[row].at_least)}"
        return [reached, f'{self._own_merit}<>"{CANCELLED}"'] if row == 0 else [reached]

    def _standing_formula(self, row: int) -> str:
        above = range(row)
        tests = [*self._reaches(row), *(f"NOT({self._within(each)})" for each in above)]
        criteria = [f'{self._totals},">="&{self._own_total}']
        if row == 0:
            criteria.append(f'{self._merits},"<>{CANCELLED}"')
        if self._mixed:
            criteria.append(f'{self._bases},"{self._basis}"')
        count = f"COUNTIFS({','.join(criteria)})"
        for each in above:
            most = '">0"' if self._room[each] is None else f'"<="&{self._left(each)}'
            count += f'-COUNTIFS({self._totals},">="&{self._own_total},{self._standing[each]},{most})'
        return f'IF(AND({",".join(tests)}),{count},"")'

    def _grade_formula(self) -> str:
        *better, text = (string(grade.name) for grade in self._grades)
        for row, name in reversed([*enumerate(better)]):
            tests = self._reaches(row)
            reached = f"AND({','.join(tests)})" if tests[1:] else tests[0]
            text = f"IF({self._within(row) if row < len(self._ranked) else reached},{name},{text})"
        return text

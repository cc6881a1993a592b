"""来源: in which file, sheet and cells an item's answers stand, and which rows of a register speak of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from assess_xlsx.answers import EventRow, OfficeValue, Ruling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assess_xlsx.answers import FilledForm, Place, Register
    from assess_xlsx.scoring.scores import Scores

Recorded = EventRow | OfficeValue | Ruling

MOST_LAYOUTS = 100
"""Ways in which the rows of a form stand that are kept at a time; most forms come back as they were sent."""


def recorded(register: Register | None, scores: Scores) -> dict[tuple[int, str], list[Recorded]]:
    """The rows of registers that count for these units, by 序号 and item code."""
    found: dict[tuple[int, str], list[Recorded]] = {}
    facts = scores.form.by_key
    rows: list[tuple[str, Recorded]] = []
    if register:
        rows += [(facts[row.key].code, row) for row in register.events if row.unit in scores.facts.rows]
        rows += [(facts[row.key].code, row) for row in register.values if row.unit in scores.facts.rows]
    rows += [(row.code, row) for row in (*scores.facts.rulings.values(), *scores.ruled.values())]
    for code, row in rows:
        found.setdefault((row.unit, code), []).append(row)
    return found


class Cells:
    """In which cells of their forms the units of a form answered, item by item."""

    def __init__(self, scores: Scores) -> None:
        self._picks = scores.form.picks
        self._named = lru_cache(maxsize=MOST_LAYOUTS)(self._names)

    def of(self, form: FilledForm) -> Mapping[str, tuple[str, str]]:
        """By item code the first cell and all of them (``I6、I7``); empty where the form has no row for the item."""
        return self._named(tuple([answer.cell for answer in form.answers]))

    def _names(self, cells: tuple[str, ...]) -> Mapping[str, tuple[str, str]]:
        own = {code: [*filter(None, pick(cells))] for code, pick in self._picks.items()}
        return {code: (names[0] if names else "", "、".join(names)) for code, names in own.items()}


def row_told(place: Place) -> str:
    """A register's row: its file, its sheet and where it begins."""
    return f"{place.source.name} {place.sheet}!{place.cell}"

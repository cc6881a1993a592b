"""来源: in which file, sheet and cells an item's answers stand, and which rows of a register speak of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.answers import EventRow, OfficeValue, Ruling

if TYPE_CHECKING:
    from assess_xlsx.answers import FilledForm, Place, Register
    from assess_xlsx.scheme.model import Item
    from assess_xlsx.scoring.scores import Scores

Recorded = EventRow | OfficeValue | Ruling


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
        places = {fact.key: place for place, fact in enumerate(scores.form.facts)}
        self._span = {
            item.code: slice(places[item.facts[0].key], places[item.facts[-1].key] + 1) for item in scores.form.items
        }
        self._names: dict[tuple[str, ...], str] = {}

    def of(self, form: FilledForm, item: Item) -> tuple[str, str]:
        """The first cell and all of them (``I6、I7``); empty where the form has no row for the item."""
        cells = tuple([answer.cell for answer in form.answers[self._span[item.code]]])
        if cells not in self._names:
            self._names[cells] = "、".join(filter(None, cells))
        names = self._names[cells]
        return names.partition("、")[0], names


def row_told(place: Place) -> str:
    """A register's row: its file, its sheet and where it begins."""
    return f"{place.source.name} {place.sheet}!{place.cell}"

"""What the units of a form filled in and what the office knows of them, item by item, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT
from assess_xlsx.answers import INVALID, UNUSABLE
from assess_xlsx.scoring.explain import recorded

if TYPE_CHECKING:
    from assess_xlsx.answers import FilledForm
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.scheme.model import Item, Unit
    from assess_xlsx.scoring.scores import Scores


class Told:
    """The words for the cells of 得分明细 and 反馈; units that filled the same share them."""

    def __init__(self, scores: Scores) -> None:
        self.facts, self._asked = scores.facts, scores.form.facts
        self.self_scored = [item.code for item in scores.form.self_scored]
        self.worth: dict[str, Cell] = {
            item.code: item.worth.high / CENT
            if item.worth.high and item.worth.counted and not item.worth.bonus
            else item.points_said
            for item in scores.form.items
        }
        self._picks = scores.form.picks
        self._rows = {
            item.code: [
                *((fact, fact.label) for fact in item.facts),
                *((each, each.taken_label) for each in item.told if each not in item.facts),
            ]
            for item in scores.form.items
        }
        """What stands in an item's rows, by its code."""
        self._told: dict[tuple[str, tuple[int | None, ...]], str] = {}
        facts = scores.form.by_key
        self._known = {(unit, facts[key].code) for unit, key in (*self.facts.events, *self.facts.office)}

    def filled(self, item: Item, values: tuple[int | None, ...], invalid: set[str]) -> str:
        """填报数据: what the unit filled in; units that filled the same share the text."""
        values = self._picks[item.code](values)
        about = (item.code, values)
        if about not in self._told:
            self._told[about] = "；".join(
                f"{label} {fact.kind.show(value)}"
                for (fact, label), value in zip(self._rows[item.code], values, strict=True)
                if value is not None
            )
        text = self._told[about]
        if not invalid:
            return text
        told = [f"{label} {UNUSABLE}" for fact, label in self._rows[item.code] if fact.key in invalid]
        return "；".join(filter(None, [text, *told]))

    def evidence(self, form: FilledForm) -> dict[str, str]:
        """佐证说明 by item code, where something stands there."""
        found: dict[str, dict[str, None]] = {}
        for fact, answer in zip(self._asked, form.answers, strict=True):
            if answer.evidence:
                found.setdefault(fact.code, {})[answer.evidence] = None  # once, where it stands in several rows
        return {code: "；".join(texts) for code, texts in found.items()}

    def invalid(self, form: FilledForm) -> set[str]:
        """The keys of the facts whose entries cannot be used."""
        return {self._asked[place].key for place, answer in form.noted if INVALID in answer.notes}

    def known(self, item: Item, unit: Unit) -> str:
        """平时考核: what the office recorded."""
        if (unit.number, item.code) not in self._known:
            return ""
        return "；".join(
            f"{fact.label} {said}" for fact in item.facts for said in recorded(self.facts, unit.number, fact)
        )

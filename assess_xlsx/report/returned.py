"""退回修改: a fresh form for each unit that has something to mend, with everything carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.forms.filling import Filling
from assess_xlsx.scoring.score import form_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.entries import Raw
    from assess_xlsx.intake.form import FilledForm
    from assess_xlsx.outcome import Outcome
    from assess_xlsx.scheme.model import Form, Unit


def fillings(outcome: Outcome) -> Iterator[tuple[Unit, Filling]]:
    """What stands in the form that goes back, one for each adopted form with a 错误."""
    faults = outcome.faults
    for form in outcome.scheme.forms:
        faulty = [unit for unit in form.units if unit.number in outcome.returns.forms]
        faulty = [unit for unit in faulty if outcome.returns.forms[unit.number].file in faults]
        carried = [_entries(form, outcome.returns.forms[unit.number]) for unit in faulty]
        entered = [{fact.key: fact.entered(entries.get(fact.key)) for fact in form.facts} for entries in carried]
        for unit, entries, scores in zip(faulty, carried, form_scores(form, entered), strict=True):
            filled = outcome.returns.forms[unit.number]
            filling = Filling(
                unit.name,
                filled.period,
                entries,
                filled.evidence,
                filled.contacts,
                scores,
                filled.saved,
                faults[filled.file],
            )
            yield unit, filling


def _entries(form: Form, filled: FilledForm) -> dict[str, Raw]:
    """填报值 as read, and what could not be read as typed."""
    read = {
        fact.key: fact.kind.entry(value)
        for fact, value in zip(form.facts, filled.values, strict=True)
        if value is not None
    }
    return {**read, **filled.unread}

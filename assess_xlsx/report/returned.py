"""退回修改: a fresh form for each unit with something to mend, all carried over. The unit's file stays as it is."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from assess_xlsx.entries import Percentage, is_blank, shown
from assess_xlsx.forms.filling import Filling
from assess_xlsx.scheme.answer_kinds import Percent
from assess_xlsx.scoring.score import form_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.answers import FilledForm
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.entries import Raw
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Unit


def fillings(assessment: Assessment) -> Iterator[tuple[Unit, Filling]]:
    """What stands in the form that goes back, one for each adopted form with a 错误."""
    for form in assessment.scheme.forms:
        faulty = [unit for unit in form.units if assessment.faults(unit)]
        carried = [_entries(form, assessment.returns.forms[unit.number]) for unit in faulty]
        entered = [{fact.key: fact.entered(entries.get(fact.key)) for fact in form.facts} for entries in carried]
        scored = form_scores(form, entered, [unit.name for unit in faulty])
        for unit, entries, scores in zip(faulty, carried, scored, strict=True):
            filled = assessment.returns.forms[unit.number]
            told = list(zip(form.facts, filled.answers, strict=True))
            filling = Filling(
                unit.name,
                filled.period,
                entries,
                {fact.key: answer.evidence for fact, answer in told if answer.evidence},
                filled.contacts,
                filled.remark,
                scores,
                filled.saved,
                assessment.faults(unit),
            )
            yield unit, filling


def _entries(form: Form, filled: FilledForm) -> dict[str, Raw]:
    """填报值 as read, and what could not be read as typed."""
    return {
        fact.key: _as_typed(fact, answer.typed) if answer.value is None else fact.kind.entry(answer.value)
        for fact, answer in zip(form.facts, filled.answers, strict=True)
        if answer.value is not None or not is_blank(answer.typed)
    }


def _as_typed(fact: Fact, raw: Raw) -> Raw:
    """What could not be read, so that it looks as it did: 300 % does not become a 3 in a count's cell."""
    if isinstance(raw, Percentage) and not isinstance(fact.kind, Percent):
        return shown(raw)
    return shown(raw) if isinstance(raw, float) and not isfinite(raw) else raw  # no workbook can hold it

"""Which of the forms that came back counts for each unit (K14, K19). It reads no file and scores nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.answers import Place
from assess_xlsx.intake import register
from assess_xlsx.intake.document import SAME, SUPERSEDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.answers import FilledForm, Register
    from assess_xlsx.intake.document import Document
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Scheme


@dataclass(frozen=True)
class Returns:
    """Everything that came back, as it counts."""

    documents: Sequence[Document]
    forms: dict[int, FilledForm]
    """The adopted form by the unit's 序号, in that order."""
    register: Register | None
    problems: Sequence[Problem]


def adopt(documents: Sequence[Document], scheme: Scheme) -> Returns:
    """The last saved form of each unit is adopted, the others and the evidence are marked; problems of it remain."""
    rivals: dict[int, list[tuple[FilledForm, int]]] = {}
    for place, document in enumerate(documents):
        if document.form:
            rivals.setdefault(document.form.unit, []).append((document.form, place))
    marked, adopted = list(documents), {}
    for unit, forms in sorted(rivals.items()):
        *others, (last, place) = sorted(forms, key=lambda each: (each[0].saved, each[0].source.name))
        adopted[unit] = last
        if others:
            marked[place] = replace(documents[place], reason="最后保存的一份")
        for other, behind in others:
            marked[behind] = _passed_over(documents[behind], other, last)
    if any(document.paper for document in marked):
        from assess_xlsx.intake import evidence  # noqa: PLC0415 - seldom needed, and slow to import

        marked = evidence.marked(marked, adopted, scheme)
    found = [problem for document in marked for problem in document.problems]
    recorded = register.merge(document.register for document in documents if document.register)
    if recorded is None:
        return Returns(marked, adopted, None, found)
    whole, contradictions = recorded
    found += contradictions
    found += [
        problems.WAITING.at(row.place, unit=scheme.units[row.unit - 1].name)
        for row in whole.rows()
        if row.unit not in adopted
    ]
    return Returns(marked, adopted, whole, found)


def _passed_over(document: Document, form: FilledForm, winner: FilledForm) -> Document:
    name = winner.source.name
    if form.facts_alike == winner.facts_alike:
        return replace(document, result=SAME, reason=f"与采用的“{name}”填写相同", problems=())
    problem = problems.SUPERSEDED.at(Place(document.unit, document.source), winner=name)
    return replace(document, result=SUPERSEDED, reason=f"采用最后保存的“{name}”", problems=(problem,))

"""Which of the forms that came back counts for each unit (K14, K19)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.intake import register
from assess_xlsx.intake.document import SAME, SUPERSEDED, Document
from assess_xlsx.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.intake.form import FilledForm
    from assess_xlsx.intake.register import Register
    from assess_xlsx.scheme.model import Scheme


@dataclass(frozen=True)
class Returns:
    """Everything that came back."""

    documents: Sequence[Document]
    forms: dict[int, FilledForm]
    """The adopted form by the unit's 序号."""
    register: Register | None
    problems: list[Problem]


def adopt(documents: Sequence[Document], scheme: Scheme) -> Returns:
    """The last saved form of each unit is adopted, the others are marked; problems of adopted forms remain."""
    by_unit: dict[int, list[Document]] = {}
    for document in documents:
        if document.form:
            by_unit.setdefault(document.form.unit, []).append(document)
    adopted = {}
    for unit, rivals in by_unit.items():
        *others, last = sorted(rivals, key=_saved)
        adopted[unit] = _form(last)
        last.reason = "最后保存的一份" if others else ""
        for other in others:
            _pass_over(other, last)
    found = [problem for document in documents for problem in document.problems]
    merged = register.merge(document.register for document in documents if document.register)
    if merged is None:
        return Returns(documents, dict(sorted(adopted.items())), None, found)
    whole, contradictions = merged
    found += contradictions
    found += [
        problems.WAITING.at(row.place, unit=scheme.units[row.unit - 1].name)
        for row in whole.rows()
        if row.unit not in adopted
    ]
    return Returns(documents, dict(sorted(adopted.items())), whole, found)


def _form(document: Document) -> FilledForm:
    assert document.form  # noqa: S101 - only documents with a form are rivals
    return document.form


def _saved(document: Document) -> tuple[object, str]:
    return _form(document).saved, document.file


def _pass_over(document: Document, winner: Document) -> None:
    place = Place(document.unit, document.file)
    if _form(document).facts_alike == _form(winner).facts_alike:
        document.result, document.reason = SAME, f"与采用的“{winner.file}”填写相同"
        document.problems = []
    else:
        document.result, document.reason = SUPERSEDED, f"采用最后保存的“{winner.file}”"
        document.problems = [problems.SUPERSEDED.at(place, winner=winner.file)]

"""Which of the forms that came back counts for each unit (K14, K19). It reads no file and scores nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import problems
from assess_xlsx.answers import Place
from assess_xlsx.intake import registers
from assess_xlsx.intake.document import ADOPTED, SAME, SUPERSEDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.answers import Absence, FilledForm, Register
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
    decided: dict[int, Absence] = field(default_factory=dict)
    """未报送处理 that applies, by 序号: only of units without an adopted form (K27)."""


class _Fate(NamedTuple):
    """What became of a form, and why."""

    unit: str
    result: str
    reason: str
    problem: Problem | None = None
    """What is said of the form instead of its own problems, if it does not count."""


def adopt(documents: Sequence[Document], scheme: Scheme) -> Returns:
    """The last saved form of each unit is adopted, the others and the evidence are marked; problems of it remain."""
    rivals: dict[int, list[tuple[FilledForm, int]]] = {}
    for place, document in enumerate(documents):
        for form in document.forms:
            rivals.setdefault(form.unit, []).append((form, place))
    fates: dict[int, list[_Fate]] = {}
    adopted = {}
    for unit, forms in sorted(rivals.items()):
        name = scheme.units[unit - 1].name
        *others, (last, place) = sorted(forms, key=lambda each: (each[0].saved, *each[0].source[:2]))
        adopted[unit] = last
        fates.setdefault(place, []).append(_Fate(name, ADOPTED, "最后保存的一份" if others else ""))
        for other, behind in others:
            fates.setdefault(behind, []).append(_passed_over(name, other, last))
    marked = [_marked(document, fates.get(place, ())) for place, document in enumerate(documents)]
    if any(document.paper for document in marked):
        from assess_xlsx.intake import evidence  # noqa: PLC0415 - seldom needed, and slow to import

        marked = evidence.marked(marked, adopted, scheme)
    found = [problem for document in marked for problem in document.problems]
    recorded = registers.merge((document.register for document in documents if document.register), scheme)
    if recorded is None:
        return Returns(marked, adopted, None, found)
    whole, told = recorded
    decided = {row.unit: row for row in whole.absences if row.unit not in adopted}
    found += [*told, *_without_effect(whole, adopted, decided, scheme)]
    return Returns(marked, adopted, whole, found, decided)


def _without_effect(
    whole: Register, adopted: Mapping[int, FilledForm], decided: Mapping[int, Absence], scheme: Scheme
) -> Iterator[Problem]:
    """Register rows that count for nothing while things stand as they do (K14, K27)."""
    for row in whole.rows():
        name = scheme.units[row.unit - 1].name
        if row.unit in decided:
            yield problems.OF_DECIDED_UNIT.at(row.place, unit=name, decision=decided[row.unit].decision)
        elif row.unit not in adopted:
            yield problems.WAITING.at(row.place, unit=name)
    for absence in whole.absences:
        if absence.unit in adopted:
            name = scheme.units[absence.unit - 1].name
            yield problems.ABSENCE_REPORTED.at(absence.place, unit=name, decision=absence.decision)


def _passed_over(unit: str, form: FilledForm, winner: FilledForm) -> _Fate:
    name = winner.source.name
    if form.facts_alike == winner.facts_alike:
        return _Fate(unit, SAME, f"与采用的“{name}”填写相同")
    how = "保存时间相同、文件名排在最后的" if form.saved == winner.saved else "最后保存的"
    problem = problems.SUPERSEDED.at(Place(unit, form.source), how=how, winner=name)
    return _Fate(unit, SUPERSEDED, f"采用{how}“{name}”", problem)


def _marked(document: Document, fates: Sequence[_Fate]) -> Document:
    """A document with what became of its forms; 采用 where one of them counts."""
    if not fates:
        return document
    over = {fate.unit for fate in fates if fate.result != ADOPTED}
    kept = [problem for problem in document.problems if problem.place.unit not in over]
    kept += [fate.problem for fate in fates if fate.problem]
    result = min((fate.result for fate in fates), key=(ADOPTED, SUPERSEDED, SAME).index)
    told = [fates[0].reason] if len(fates) == 1 else [f"{fate.unit}：{fate.reason or fate.result}" for fate in fates]
    reason = "；".join(filter(None, (*told, document.reason)))
    return replace(document, result=result, reason=reason, problems=tuple(kept))

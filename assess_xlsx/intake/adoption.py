"""Which of the forms that came back counts for each unit (K14, K19). It reads no file and scores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from assess_xlsx import problems
from assess_xlsx.answers import Place
from assess_xlsx.intake import registers
from assess_xlsx.intake.document import ADOPTED, SAME, SUPERSEDED

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from assess_xlsx.answers import Absence, FilledForm, Register
    from assess_xlsx.intake.document import Document
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Scheme


class Returns(Struct, frozen=True):
    """Everything that came back, as it counts."""

    documents: Sequence[Document]
    forms: dict[int, FilledForm]
    """The adopted form by the unit's 序号, in that order."""
    register: Register | None
    problems: Sequence[Problem]
    decided: dict[int, Absence] = field(default_factory=dict)
    """未报送处理 that applies, by 序号: only of units without an adopted form (K27)."""
    by_file_time: Sequence[FilledForm] = ()
    """Adopted forms that a copy of INPUT may not choose again: against another one's facts by a file's time (K25)."""


class _Fate(NamedTuple):
    """What became of a form, and why."""

    unit: str
    result: str
    reason: str
    problem: Problem | None = None
    """What is said of the form instead of its own problems, if it does not count."""


def adopt(documents: Sequence[Document], scheme: Scheme, taken: Container[str] = ()) -> Returns:
    """The last saved form of each unit is adopted, the others and the evidence are marked; problems of it remain.

    ``taken``: SHA-256 of files that an earlier run adopted; they count where nothing but a file's time would decide.
    """
    rivals: dict[int, list[tuple[FilledForm, int]]] = {}
    for place, document in enumerate(documents):
        for form in document.forms:
            rivals.setdefault(form.unit, []).append((form, place))
    fates: dict[int, list[_Fate]] = {}
    adopted = {}
    by_file_time: list[FilledForm] = []
    for unit, forms in sorted(rivals.items()):
        name = scheme.units[unit - 1].name
        *others, (last, place) = _by_time(forms, taken)
        adopted[unit] = last
        if any(_by_file_time(other, last) and other.facts_alike != last.facts_alike for other, _ in others):
            by_file_time.append(last)
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
        return Returns(marked, adopted, None, found, by_file_time=by_file_time)
    whole, told = recorded
    decided = {row.unit: row for row in whole.absences if row.unit not in adopted}
    found += [*told, *_without_effect(whole, adopted, decided, scheme)]
    return Returns(marked, adopted, whole, found, decided, by_file_time)


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


def _by_time(forms: Sequence[tuple[FilledForm, int]], taken: Container[str]) -> list[tuple[FilledForm, int]]:
    """The forms of a unit with their documents, the one that counts last (K19)."""
    *others, last = sorted(forms, key=lambda each: (each[0].saved, *each[0].source[:2]))
    for other in others:
        if (
            other[0].source.sha256 in taken
            and last[0].source.sha256 not in taken
            and _by_file_time(other[0], last[0])
        ):
            return [*(each for each in (*others, last) if each is not other), other]
    return [*others, last]


def _by_file_time(one: FilledForm, other: FilledForm) -> bool:
    """Whether nothing but the time of a file, which copying may change, tells which was saved last."""
    return not (one.lasting and other.lasting)


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

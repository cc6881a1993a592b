"""Rounds without files: forms as they were filled and a register, scored; what the tests of certainty begin with."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from conftest import SCHEME, good_answers

from assess_xlsx.answers import UNFILLED, Answer, FilledForm, OfficeValue, Place, Register, Ruling, Source
from assess_xlsx.scheme.groups import Group
from assess_xlsx.scoring.certainty import Contest
from assess_xlsx.scoring.ranking import Ranking
from assess_xlsx.scoring.score import score

if TYPE_CHECKING:
    from collections.abc import Collection

    from assess_xlsx.answers import Absence
    from assess_xlsx.scheme.facts import Condition, Fact
    from assess_xlsx.scheme.model import Form, Scheme
    from assess_xlsx.scoring.certainty import Certainty
    from assess_xlsx.scoring.scores import Figures, Scores

Values = dict[str, int | None]
"""By fact key, in the scale of the fact's kind; None is blank."""


def values(form: Form, **changed: Any) -> Values:
    """A unit's good answers with some changed, by fact key."""
    answers = good_answers(form) | changed
    return {fact.key: value_of(fact, answers.get(fact.label)) for fact in form.facts}


def value_of(fact: Fact, raw: Any) -> int | None:
    return None if raw is None else fact.kind.parse(float(raw) if isinstance(raw, Fraction) else raw).value


def filled(form: Form, unit: int, own: Values) -> FilledForm:
    """A unit's form with these values."""
    needed = {fact.key: all(_holds(each, own) for each in fact.conditions) for fact in form.facts}
    answers = [
        Answer(own[fact.key], notes=(UNFILLED,) if own[fact.key] is None and fact.must and needed[fact.key] else ())
        for fact in form.facts
    ]
    saved, source = dt.datetime(2026, 1, 1), Source(f"{unit}.xlsx")  # noqa: DTZ001 - as a workbook says it
    self_scores, cells = tuple(None for _ in form.self_scored), tuple("" for _ in form.self_scored)
    return FilledForm(form.name, unit, source, "", saved, "", {}, "", tuple(answers), self_scores, cells)


def _holds(condition: Condition, own: Values) -> bool:
    deciding = own[condition.fact.key]
    return deciding is not None and condition.holds(deciding)


def result(
    form: Form,
    units: dict[int, Values],
    register: Register | None = None,
    decided: dict[int, Absence] | None = None,
    scheme: Scheme = SCHEME,
) -> Scores:
    """The result of a form where these units reported."""
    returned = {unit: filled(form, unit, own) for unit, own in units.items()}
    [found] = score(scheme, Group((form,)), returned, register, (), decided or {})
    return found


def certainty(figures: Figures) -> Certainty:
    """How sure the ranks of a form are that is ranked alone."""
    [found] = Contest(Group((figures.form,)), [figures]).forms
    return found


def without(form: Form, numbers: Collection[int]) -> Form:
    """A form that is ranked alone, for the other units."""
    return Group((form,)).without(numbers).forms[0]


def ranking(scores: Scores) -> Ranking:
    """The ranking of a form that is ranked alone."""
    return Ranking([scores])


def known(unit: int, key: str, value: int) -> OfficeValue:
    return OfficeValue(unit, key, value, Place())


def ruled(unit: int, code: str, cents: int) -> Ruling:
    return Ruling(unit, code, "", cents, "核定", Place())

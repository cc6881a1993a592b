"""The Python interface: what ``collect`` finds out, as pandas frames. It goes the same road and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from msgspec import Struct

from assess_xlsx import assessment
from assess_xlsx.amounts import CENT
from assess_xlsx.intake import files
from assess_xlsx.scoring.scores import at
from assess_xlsx.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = ("unit", "form", "code", "fact", "value", "typed", "evidence", "notes", "file", "sheet", "cell", "sha256")
SCORES = ("unit", "form", "section", "code", "self_score", "computed", "ruled", "score", "basis")
RANKING = ("form", "rank", "unit", "total", "state", "merit", "merit_rank", "grade")
PROBLEMS = ("level", "unit", "file", "sheet", "cell", "code", "fact", "text", "remedy")


class Frames(Struct, frozen=True):
    """A run's result as frames. Scores are in points; a blank is None (NaN in a column of numbers)."""

    answers: pd.DataFrame
    """A row a unit and fact, of the adopted forms. ``value`` is what counts, as one would type it (``是``, 3,
    0.95 for 95 %), None for a gap or what is not needed; ``typed`` is what stood in the cell."""
    scores: pd.DataFrame
    """A row a unit and item: ``computed`` 核算分, ``ruled`` 核定分, ``score`` 最终得分, ``basis`` 计分依据."""
    ranking: pd.DataFrame
    """A row a unit of the roster, by ranking and rank; those that did not report stand last, without rank and total
    where the register does not say 按零分 (K27). ``grade``: 等次, where the scheme has it."""
    problems: pd.DataFrame
    """A row a problem, 错误 first."""


def assess(input: str | Path, scheme: str | Path | None = None) -> Frames:  # noqa: A002 - the word of the commands
    """Reads what came back and scores it, as ``assess-xlsx collect`` does, without writing anything.

    ``input`` is a folder, with its subfolders, or a file; ``scheme`` a scheme's workbook or text file, by default the
    built-in one. What cannot be read or used is a row of ``problems``. Raises FileNotFoundError where there is no
    ``input``, SchemeError where the scheme is wrong.
    """
    place = Path(input)
    place.stat()
    found = files.find([place])
    with Workers(len(found), Path(scheme) if scheme else None) as workers:
        reading = workers.read(found)
        run = assessment.assess(workers.scheme(), reading)
    return Frames(
        _frame(ANSWERS, _answers(run)),
        _frame(SCORES, _scores(run)).astype(dict.fromkeys(("self_score", "computed", "ruled", "score"), float)),
        _frame(RANKING, _ranking(run)).astype({"rank": "Int64", "merit_rank": "Int64"}),
        _frame(PROBLEMS, _problems(run)),
    )


def _frame(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def _answers(run: assessment.Assessment) -> Iterator[tuple[Any, ...]]:
    for filled in run.returns.forms.values():
        unit, form, source = run.scheme.units[filled.unit - 1], run.scheme.form(filled.form), filled.source
        for fact, each in zip(form.facts, filled.answers, strict=True):
            value = None if each.value is None else fact.kind.entry(each.value)
            said = (value, each.typed, each.evidence, "；".join(each.notes))
            stood = (source.name, filled.sheet, each.cell, source.sha256)
            yield (unit.name, form.name, fact.code, fact.label, *said, *stood)


def _scores(run: assessment.Assessment) -> Iterator[tuple[Any, ...]]:
    for scores in run.scores:
        form = scores.form
        places = {code: place for place, code in enumerate(item.code for item in form.self_scored)}
        for row, unit in enumerate(scores.units):
            own = run.returns.forms[unit.number].self_scores
            for section in form.sections:
                for item in section.items:
                    code, ruling = item.code, scores.ruled.get((unit.number, item.code))
                    amounts = (
                        own[places[code]] if code in places else None,
                        at(scores.computed, unit.number, code),
                        ruling.value if ruling else None,
                        at(scores.items, unit.number, code),
                    )
                    points = (None if amount is None else amount / CENT for amount in amounts)
                    yield (unit.name, form.name, section.title, code, *points, scores.basis[code][row])


def _ranking(run: assessment.Assessment) -> Iterator[tuple[Any, ...]]:
    for ranking in run.rankings:
        for unit in ranking.ranked():
            number = unit.number
            rank, total = ranking.ranks[number], ranking.totals[number] / CENT
            merit = ranking.merit[number], ranking.of(unit).merit_ranks.get(number)
            grade = ranking.graded[number].text if ranking.graded else None
            yield (unit.form, rank, unit.name, total, run.state(unit), *merit, grade)
        for unit in (*ranking.without_total, *ranking.missing, *ranking.excluded):
            yield (unit.form, None, unit.name, None, run.state(unit), None, None, None)


def _problems(run: assessment.Assessment) -> Iterator[tuple[Any, ...]]:
    for problem in run.problems:
        unit, source, *rest = problem.place
        yield (problem.level, unit, source.name, *rest, problem.text, problem.remedy)

"""校验码: a short name of all that a closed result says of its units (K25). No clock and no file is in it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from assess_xlsx.amounts import two_places
from assess_xlsx.rounds.maker import Maker
from assess_xlsx.scheme.rules.applying import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.scoring.scores import Scores

DIGITS = 8
PURPOSE = (
    "校验码用来区分版本：同样的文件算出同样的校验码，任何一个得分、名次、评优资格不同，校验码就不同。它不能防止伪造。"
)
"""What it is for, and what it is not."""


def check_code(assessment: Assessment) -> str:
    """The 校验码, a pure function of what was found out."""
    said = {number: line for scores in assessment.scores for number, line in _units(assessment, scores)}
    lines = [Maker.of(assessment.scheme).versions, *(said[unit.number] for unit in assessment.scheme.units)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:DIGITS].upper()


def _units(assessment: Assessment, scores: Scores) -> Iterator[tuple[int, str]]:
    """What K25 names of each unit of a form, in that order; a unit that was not scored has no scores."""
    codes, rows = [f"{item.code} " for item in scores.form.items], scores.facts.rows
    items, sections = scores.items.to_numpy().tolist(), scores.sections.to_numpy().tolist()
    totals, ranks = scores.totals.to_dict(), scores.ranks.to_dict()
    for unit in scores.roster():
        number, told = unit.number, [unit.name]
        if number in rows:
            left_out = {f"{code} " for code in scores.left_out(number)}
            amounts = zip(codes, items[rows[number]], strict=True)
            told += [code + (LEFT_OUT if code in left_out else two_places(amount)) for code, amount in amounts]
            told += map(two_places, sections[rows[number]])
        if number in totals:
            told += (two_places(totals[number]), str(ranks[number]))
        told += (_vetoes(assessment, number), scores.merit.get(number, ""), str(scores.merit_ranks.get(number, "")))
        if scores.form.grades:
            told.append(scores.grades[number].text if number in scores.grades else "")
        decided = assessment.returns.decided.get(number)
        told.append(f"{decided.decision}：{decided.reason}" if decided else "")
        yield number, "\t".join(told)


def _vetoes(assessment: Assessment, unit: int) -> str:
    codes = {record.veto.code for record in assessment.vetoed.get(unit, ())}
    return "；".join(f"{veto.title}：{veto.effect}" for veto in assessment.scheme.vetoes if veto.code in codes)

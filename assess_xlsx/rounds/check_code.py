"""校验码: a short name of all that a closed result says of its units (K25). No clock and no file is in it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from assess_xlsx.amounts import two_places
from assess_xlsx.rounds.maker import Maker
from assess_xlsx.scoring.scores import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.scheme.model import Unit
    from assess_xlsx.scoring.scores import Scores

DIGITS = 8
PURPOSE = (
    "校验码用来区分版本：同样的文件算出同样的校验码，任何一个得分、名次、评优资格不同，校验码就不同。它不能防止伪造。"
)
"""What it is for, and what it is not."""


def check_code(assessment: Assessment) -> str:
    """The 校验码, a pure function of what was found out."""
    by_unit = {unit.number: scores for scores in assessment.scores for unit in scores.roster()}
    lines = [Maker.of(assessment.scheme).versions]
    lines += ["\t".join(_unit(assessment, by_unit[unit.number], unit)) for unit in assessment.scheme.units]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:DIGITS].upper()


def _unit(assessment: Assessment, scores: Scores, unit: Unit) -> Iterator[str]:
    """What is said of a unit: name, item scores, sections, total, 名次, 一票否决, 评优资格, 评优名次, 不参评."""
    number = unit.number
    yield unit.name
    if number in scores.items.index:
        for item in scores.form.items:
            yield f"{item.code} {two_places(at(scores.items, number, item.code))}"
        for place in range(len(scores.form.sections)):
            yield two_places(at(scores.sections, number, place))
    if number in scores.totals.index:
        yield two_places(int(scores.totals[number]))
        yield str(int(scores.ranks[number]))
    records = {record.veto.code for record in assessment.vetoed.get(number, ())}
    yield "；".join(f"{veto.title}：{veto.effect}" for veto in assessment.scheme.vetoes if veto.code in records)
    yield scores.merit.get(number, "")
    yield str(scores.merit_ranks.get(number, ""))
    decided = assessment.returns.decided.get(number)
    yield f"{decided.decision}：{decided.reason}" if decided else ""

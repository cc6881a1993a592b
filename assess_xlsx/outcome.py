"""All that a run found out: what came back, what it scores, what is wrong with it. Every writer's source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.adoption import Returns
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme import Scheme, Unit
    from assess_xlsx.scoring import Scores, VetoRecord

REPORTED, TO_CORRECT, MISSING = "已采用", "待补正", "未报送"
"""状态 of a unit in 报送情况."""


@dataclass(frozen=True)
class Outcome:
    """A run's result, the same for every workbook that is written from it."""

    scheme: Scheme
    returns: Returns
    scores: Sequence[Scores]
    """By form."""
    vetoes: Sequence[VetoRecord]
    problems: Sequence[Problem]

    def state(self, unit: Unit) -> str:
        """状态 of a unit in 报送情况."""
        if unit.number not in self.returns.forms:
            return MISSING
        return TO_CORRECT if any(unit.number in each.to_correct for each in self.scores) else REPORTED

    def count(self, level: str) -> int:
        return sum(problem.level == level for problem in self.problems)

"""All that a run found out: what came back, what it scores, what is wrong with it. Every writer's source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assess_xlsx.problems import ERROR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.intake.adoption import Returns
    from assess_xlsx.intake.document import Document
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Scheme, Unit
    from assess_xlsx.scoring.scores import Scores, VetoRecord

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
        return TO_CORRECT if unit.number in self._to_correct else REPORTED

    @cached_property
    def _to_correct(self) -> set[int]:
        return set().union(*(each.to_correct for each in self.scores))

    @cached_property
    def vetoed(self) -> dict[int, list[VetoRecord]]:
        """By 序号, what costs a unit its 评优资格."""
        records: dict[int, list[VetoRecord]] = {}
        for record in self.vetoes:
            records.setdefault(record.unit.number, []).append(record)
        return records

    @cached_property
    def faults(self) -> dict[str, list[Problem]]:
        """The 错误 by file."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.level == ERROR:
                found.setdefault(problem.place.file, []).append(problem)
        return found

    @cached_property
    def sent(self) -> dict[str, list[Document]]:
        """The files that came from each unit, by its name."""
        found: dict[str, list[Document]] = {}
        for document in self.returns.documents:
            found.setdefault(document.unit, []).append(document)
        return found

    def count(self, level: str) -> int:
        return sum(problem.level == level for problem in self.problems)

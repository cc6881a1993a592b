"""One run from beginning to end: sources → documents → adopted forms → answers → scores → problems.

Values in, values out, but for the reader that is handed in: it opens no file, writes none and says nothing.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from assess_xlsx import problems
from assess_xlsx.answers import VERDICTS, Place
from assess_xlsx.intake.adoption import adopt
from assess_xlsx.layout import VETO_SHEET
from assess_xlsx.problems import ERROR
from assess_xlsx.scheme.effects import BURDENS, CANCEL
from assess_xlsx.scheme.groups import groups
from assess_xlsx.scoring.ranking import Ranking
from assess_xlsx.scoring.score import close, find_vetoes, score

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from assess_xlsx.answers import Absence, Objection, Source
    from assess_xlsx.intake.adoption import Returns
    from assess_xlsx.intake.document import Document
    from assess_xlsx.problems import Problem
    from assess_xlsx.scheme.model import Scheme, Unit
    from assess_xlsx.scoring.scores import Scores, VetoRecord

REPORTED, TO_CORRECT, MISSING = "已采用", "待补正", "未报送"
"""状态 of a unit in 报送情况."""


def absence(decided: Absence | None) -> str:
    """备注 in a ranking of a unit without an adopted form: 未报送, and what was decided about it (K27)."""
    return f"{MISSING}，{decided.decision}（{decided.reason}）" if decided else MISSING


def verdict_said(remark: str) -> str:
    """What such a 备注 says was decided; empty where it says nothing of that."""
    found = _DECIDED.match(remark)
    return found[1] if found else ""


_DECIDED = re.compile(f"{MISSING}，({'|'.join(VERDICTS)})（")


class Closing(NamedTuple):
    """What a closed result bears (K25)."""

    code: str
    """校验码."""
    number: int = 0
    """The how manieth correction it is; 0 is none."""
    corrects: str = ""
    """The file that it corrects."""
    corrected: str = ""
    """The 校验码 of that."""

    def __str__(self) -> str:
        return f"定稿{self._numbered}　校验码 {self.code}"

    @property
    def _numbered(self) -> str:
        return f"（更正{self.number}）" if self.number else ""

    def text(self) -> str:
        """The line on 定稿清单."""
        return f"{self}" + (f"　更正的是“{self.corrects}”（校验码 {self.corrected}）" if self.number else "")

    @classmethod
    def said(cls, text: str) -> Closing | None:
        """What a line of a sheet says, if it says that."""
        found = _CLOSED.fullmatch(text.strip())
        return cls(found[2], int(found[1] or 0), found[3] or "", found[4] or "") if found else None


_CLOSED = re.compile(r"定稿(?:（更正(\d+)）)?　校验码 ([0-9A-F]{8})(?:　更正的是“(.+)”（校验码 ([0-9A-F]{8})）)?")


def assess(scheme: Scheme, reading: Iterable[Sequence[Document]], taken: Container[str] = ()) -> Assessment:
    """All that a run finds out; ``reading`` hands over the documents of one source after the other.

    ``taken``: the forms that an earlier run adopted, as ``adopt`` takes them.
    """
    documents = list(chain.from_iterable(reading))
    returns = adopt(documents, scheme, taken)
    vetoes = find_vetoes(scheme, returns.forms, returns.register)
    about = (returns.forms, returns.register, vetoes, returns.decided)
    found = {each.form.name: each for group in groups(scheme.forms) for each in score(scheme, group, *about)}
    scores = [found[form.name] for form in scheme.forms]
    told = (*returns.problems, *chain.from_iterable(each.problems for each in scores), *_unspoken(documents, scores))
    closed = close(told, scores, returns.forms)
    return Assessment(scheme, returns, scores, vetoes, _in_order(scheme, closed))


def _unspoken(documents: Iterable[Document], scores: Iterable[Scores]) -> Iterator[Problem]:
    """One reminder of all counts that stand without any row of a register that is there (K17)."""
    count = sum(each.unspoken for each in scores)
    if count:
        source = next(document.source for document in documents if document.register)
        yield problems.UNSPOKEN.at(Place(source=source), count=count)


def _in_order(scheme: Scheme, found: Iterable[Problem]) -> list[Problem]:
    """Errors first, then by unit in roster order, file and place, so that none is buried."""
    order = {unit.name: unit.number for unit in scheme.units}
    last = len(order) + 1
    return sorted(found, key=lambda p: (p.level != ERROR, order.get(p.place.unit, last), p.place.source.name))


class Assessment(Struct, frozen=True, eq=False, dict=True):
    """What a run found out: the same for every workbook that is written from it."""

    scheme: Scheme
    returns: Returns
    scores: Sequence[Scores]
    """By form."""
    vetoes: Sequence[VetoRecord]
    problems: Sequence[Problem]
    closing: Closing | None = None
    """What closed it; None while the round is open, or where nobody asked to close it."""

    def state(self, unit: Unit) -> str:
        """状态 of a unit in 报送情况."""
        if unit.number not in self.returns.forms:
            return MISSING
        return TO_CORRECT if unit.number in self.to_correct else REPORTED

    @property
    def open_objections(self) -> Sequence[Objection]:
        """异议 that wait for a decision (K28)."""
        return self.returns.register.open_objections if self.returns.register else ()

    @property
    def standing(self) -> str:
        """How the figures stand, for every page: 暂定 while any ranking is (K12), 定稿 with its 校验码 (K25)."""
        if self.closing:
            return str(self.closing)
        return "暂定" if self.provisional else ""

    @property
    def provisional(self) -> bool:
        """Whether any ranking is (K12)."""
        return any(each.provisional for each in self.rankings)

    @cached_property
    def rankings(self) -> list[Ranking]:
        """As the forms are ranked, alone or together, by the first of each."""
        by_name = {each.form.name: each for each in self.scores}
        return [Ranking([by_name[form.name] for form in group.forms]) for group in groups(self.scheme.forms)]

    @cached_property
    def to_correct(self) -> set[int]:
        """待补正: by 序号, units whose adopted form has a gap (K15)."""
        return set().union(*(each.to_correct for each in self.scores))

    @cached_property
    def vetoed(self) -> dict[int, list[VetoRecord]]:
        """By 序号, the circumstances of a unit."""
        records: dict[int, list[VetoRecord]] = {}
        for record in self.vetoes:
            records.setdefault(record.unit.number, []).append(record)
        return records

    @cached_property
    def cancelled(self) -> list[Unit]:
        """The units that lost 评优资格 by a circumstance, as ``vetoes`` has them."""
        return list(dict.fromkeys(record.unit for record in self.vetoes if record.veto.does(CANCEL)))

    @cached_property
    def burdened(self) -> list[Unit]:
        """The units of which a circumstance does something else than that."""
        return list(dict.fromkeys(record.unit for record in self.vetoes if record.veto.does(*BURDENS)))

    def circumstances(self, unit: Unit) -> str:
        """一票否决 in a ranking: 是 with the circumstances; what is called otherwise stands under its own name."""
        by_effect: dict[str, dict[str, None]] = {}
        for record in self.vetoed.get(unit.number, ()):
            by_effect.setdefault(record.veto.effect, {})[record.veto.title] = None
        return "；".join(
            f"{'是' if effect == VETO_SHEET else effect}（{'、'.join(titles)}）"
            for effect, titles in by_effect.items()
        )

    def faults(self, unit: Unit) -> Sequence[Problem]:
        """The 错误 in the adopted form of a unit; another's may stand in the same file."""
        form = self.returns.forms.get(unit.number)
        return self._faults.get((form.source, unit.name), ()) if form else ()

    @cached_property
    def _faults(self) -> dict[tuple[Source, str], list[Problem]]:
        found: dict[tuple[Source, str], list[Problem]] = {}
        for problem in self.problems:
            if problem.level == ERROR:
                found.setdefault((problem.place.source, problem.place.unit), []).append(problem)
        return found

    @cached_property
    def sent(self) -> dict[str, list[Document]]:
        """The documents that came from each unit, by its name."""
        found: dict[str, list[Document]] = {}
        for document in self.returns.documents:
            for unit in document.units:
                found.setdefault(unit, []).append(document)
        return found

    def count(self, level: str) -> int:
        """How many problems of a level there are."""
        return sum(problem.level == level for problem in self.problems)

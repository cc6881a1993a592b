"""What a run writes, and beside what: an open result, a trial beside a closed one, a correction of it (K25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from assess_xlsx.assessment import Closing
from assess_xlsx.layout import FEEDBACK_FOLDER, RESULT_FILE
from assess_xlsx.rounds.changes import changes
from assess_xlsx.rounds.check_code import check_code
from assess_xlsx.rounds.closing import Closed, closed_in, closed_results, files, unsettled
from assess_xlsx.rounds.result import result_in

if TYPE_CHECKING:
    from pathlib import Path

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.rounds.changes import Changes
    from assess_xlsx.rounds.result import Result
    from assess_xlsx.scheme.model import Scheme

TRIAL, PREVIOUS = "试算", "上一轮"


class Unsettled(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """What keeps a round from being closed, a sentence each."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told


class Plan(NamedTuple):
    """What is written of a run."""

    assessment: Assessment
    changes: Changes | None
    result: str
    """The file's name."""
    feedback: str
    """The folder's name."""
    beside: Closed | None
    """The closed result that stands in OUTPUT and stays."""
    unchanged: bool = False
    """It is closed already, and nothing is to be written."""


def marked(name: str, mark: str) -> str:
    """A file's or folder's name with a mark: ``考核结果汇总（试算）.xlsx``."""
    stem, dot, suffix = name.partition(".")
    return f"{stem}（{mark}）{dot}{suffix}"


def other_scheme(result: Result, scheme: Scheme) -> str:
    """What is said of an earlier result that another scheme made; empty for one of this, whatever its 表样版本."""
    if result.maker.scheme == scheme.name:
        return ""
    return (
        f"“{result.path}”是考核方案“{result.maker.scheme}”的结果，现用方案是“{scheme.name}”，不能对照，没有写任何文件。"
        "请在命令后面加 --scheme 和那份方案的文件，或换一份结果。"
    )


def plan(assessment: Assessment, output: Path, earlier: Result | None, *, final: bool) -> Plan:
    """What is to be written; raises Unsettled where it cannot be closed, NoResult where the last closing is lost."""
    own = [each for each in closed_results(output) if each.maker.scheme == assessment.scheme.name]
    last = own[-1] if own else None
    if final:
        if told := unsettled(assessment):
            raise Unsettled(told)
        base = last or (closed_in(earlier.data, earlier.path) if earlier and earlier.closing else None)
        return _correction(assessment, base) if base else _closing(assessment, earlier)
    since = changes(earlier, assessment) if earlier else None
    if last:
        return Plan(assessment, since, marked(RESULT_FILE, TRIAL), marked(FEEDBACK_FOLDER, TRIAL), last)
    return Plan(assessment, since, RESULT_FILE, FEEDBACK_FOLDER, None)


def _closing(assessment: Assessment, earlier: Result | None) -> Plan:
    closed = replace(assessment, closing=Closing(check_code(assessment)))
    return Plan(closed, changes(earlier, closed) if earlier else None, RESULT_FILE, FEEDBACK_FOLDER, None)


def _correction(assessment: Assessment, base: Closed) -> Plan:
    """A later closing than ``base``, which it names."""
    code, number = check_code(assessment), base.closing.number + 1
    if (code, files(assessment)) == (base.closing.code, base.files):
        return Plan(assessment, None, RESULT_FILE, FEEDBACK_FOLDER, base, unchanged=True)
    closed = replace(assessment, closing=Closing(code, number, base.path.name, base.closing.code))
    since, mark = changes(result_in(base.data, base.path), closed), f"更正{number}"
    return Plan(closed, since, marked(RESULT_FILE, mark), marked(FEEDBACK_FOLDER, mark), base)

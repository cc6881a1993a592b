"""Which of the results in OUTPUT is spoken of: a closed one first, its last correction; else the newest open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.layout import FEEDBACK_FOLDER, RESULT_FILE
from assess_xlsx.output.delivery import deliverables
from assess_xlsx.output.names import families, newest
from assess_xlsx.rounds.closing import closed_results
from assess_xlsx.rounds.plan import TRIAL, marked, other_scheme
from assess_xlsx.rounds.result import NoResult, read, result_in

if TYPE_CHECKING:
    from pathlib import Path

    from assess_xlsx.rounds.result import Result
    from assess_xlsx.scheme.model import Scheme


def current(output: Path, scheme: Scheme) -> Result:
    """The result of a folder; raises NoResult where there is none, where it is another scheme's, or two are alike."""
    closed = [each for each in closed_results(output) if each.maker.scheme == scheme.name]
    if closed:
        last = [each for each in closed if each.closing.number == closed[-1].closing.number]
        if len({each.closing.code for each in last}) > 1:
            listed = "、".join(f"“{each.path.name}”（校验码 {each.closing.code}）" for each in last)
            raise NoResult(f"“{output}”里有几份不同的定稿：{listed}。请用 --result 写明用哪一份。")
        return result_in(last[-1].data, last[-1].path)
    path = newest(deliverables(output), RESULT_FILE)
    if path is None:
        raise NoResult(f"“{output}”里没有“{RESULT_FILE}”。请先汇总收到的表，或检查文件夹写对了没有。")
    result = read(path)
    if refusal := other_scheme(result, scheme):
        raise NoResult(refusal)
    return result


def trial_beside(result: Result) -> Path | None:
    """The newest trial beside a closed result; None where there is none."""
    return newest(deliverables(result.path.parent), marked(RESULT_FILE, TRIAL)) if result.closing else None


def feedback_folder(result: Result) -> Path:
    """Where the 反馈 of a result stand, if it has any."""
    name = FEEDBACK_FOLDER
    if result.closing and result.closing.number:
        name = marked(name, f"更正{result.closing.number}")
    elif marked(RESULT_FILE, TRIAL) in families([result.path], ()):
        name = marked(name, TRIAL)
    return result.path.parent / name

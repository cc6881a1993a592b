"""定稿: what keeps a round from being closed, and which closed results stand in a folder (K25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.assessment import Closing
from assess_xlsx.excel import read as excel
from assess_xlsx.excel.ooxml import sheet_names
from assess_xlsx.intake.files import NOISE_REASON
from assess_xlsx.layout import CLOSING_SHEET
from assess_xlsx.problems import ERROR
from assess_xlsx.rounds.maker import Maker
from assess_xlsx.rounds.result import listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assess_xlsx.answers import Source
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.intake.document import Document

Files = set[tuple[str, str]]
"""Name and SHA-256 of files."""


class Closed(NamedTuple):
    """A closed result, known by its 定稿清单, whatever the file is called."""

    path: Path
    data: bytes
    closing: Closing
    maker: Maker
    files: Files


def closed_results(folder: Path) -> list[Closed]:
    """The closed results in a folder, the last correction last; also those that somebody saved again."""
    if not folder.is_dir():
        return []
    places = (
        path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".xlsx" and not path.name.startswith("~$")
    )
    return sorted(filter(None, map(_closed_at, places)), key=lambda each: each.closing.number)


def _closed_at(path: Path) -> Closed | None:
    names = sheet_names(path)
    if names is not None and CLOSING_SHEET not in names:
        return None
    try:
        return closed_in(path.read_bytes(), path)
    except OSError:  # a folder, or locked; the delivery says what it keeps
        return None


def closed_in(data: bytes, path: Path) -> Closed | None:
    """The closed result in a file's bytes; None where it is none."""
    table = listing(excel.values(data, CLOSING_SHEET.__eq__))
    if table is None:
        return None
    closing = next(filter(None, map(Closing.said, table.notes)), None)
    maker = next(filter(None, map(Maker.said, table.notes)), None)
    return Closed(path, data, closing, maker, table.digests) if closing and maker else None


def listed(assessment: Assessment) -> list[Document]:
    """The files that 定稿清单 names: all but what systems and office programs leave in a folder."""
    return [each for each in assessment.returns.documents if each.reason != NOISE_REASON]


def files(assessment: Assessment) -> Files:
    """The same as they are compared."""
    sources: list[Source] = [each.source for each in listed(assessment)]
    return {(source.name, source.sha256) for source in sources if source.sha256}


def unsettled(assessment: Assessment) -> list[str]:
    """All that is open and keeps the round from being closed, a sentence each."""
    return [
        *_missing(assessment),
        *_waiting(assessment),
        *(problem.sentence() for problem in assessment.problems if problem.level == ERROR),
        *_objections(assessment),
        *_by_file_time(assessment),
    ]


def _missing(assessment: Assessment) -> Iterator[str]:
    for scores in assessment.scores:
        for unit in scores.missing:
            yield f"{unit.name}未报送：请催报，或在登记表的“未报送处理”里写明按零分还是不参评。"


def _waiting(assessment: Assessment) -> Iterator[str]:
    for scores in assessment.scores:
        for unit in scores.form.units:
            if unit.number in scores.to_correct:
                yield f"{unit.name}待补正：请单位补正后重新发送，或由考核办核定。"
        for each in scores.open:
            about = f"指标 {each.code}" if each.code else ""
            what = f"的“{each.fact}”" if each.fact else " "
            yield f"{each.unit.name}{about}{what}待核定：请在登记表的“核定”里写明。"


def _objections(assessment: Assessment) -> Iterator[str]:
    for each in assessment.open_objections:
        name, source = assessment.scheme.units[each.unit - 1].name, each.place.source.name
        about = each.code if each.code[:1] not in "0123456789" else f"指标 {each.code}"
        state = f"处理为“{each.decision}”" if each.decision else "没有写处理"
        yield f"{name}对{about}的异议还没有办结（“{source}”{each.place.sheet} {each.place.cell}，{state}）。"


def _by_file_time(assessment: Assessment) -> Iterator[str]:
    for form in assessment.returns.by_file_time:
        name = assessment.scheme.units[form.unit - 1].name
        yield (
            f"{name}有几份填写不同的评分表，采用“{form.source.name}”只凭文件的保存时间，复制一次就可能改变："
            "请核对后只留下应当采用的一份。"
        )

"""The file that goes with a unit's letter: found where other commands put it, and looked into before it goes.

A file that is another unit's, of another scheme or of an earlier result never goes out: NotFitting says why.
"""

from __future__ import annotations

import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.amounts import exact
from assess_xlsx.entries import in_words, is_blank
from assess_xlsx.excel import read as excel
from assess_xlsx.forms import form as forms
from assess_xlsx.layout import (
    CODE,
    FACT,
    FAULT_SHEET,
    FINAL,
    FORM_SHEET,
    GROUNDS,
    PROBLEM,
    RANK,
    UNITS_FOLDER,
    WHOLE_SCORE,
    FormLayout,
    unit_file,
)
from assess_xlsx.output.delivery import deliverables
from assess_xlsx.output.names import newest
from assess_xlsx.output.seal import sealed_by
from assess_xlsx.post.letter import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.entries import Raw
    from assess_xlsx.rounds.result import Line, Result
    from assess_xlsx.scheme.model import Scheme, Unit


class NotFitting(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """Why a unit gets no letter, as a Chinese clause."""


class Stale(Exception):  # noqa: N818 - likewise
    """A file of an earlier result, so that those beside it may be as well, as a Chinese clause."""


class BlankForms:
    """The blank forms of the units: what the office has in its folder, else what ``templates`` would put there."""

    def __init__(self, scheme: Scheme, templates: Path) -> None:
        self._scheme, self._folder = scheme, templates / UNITS_FOLDER
        self._originals = {each.name: forms.original(scheme, each) for each in scheme.forms}
        self._stands = deliverables(self._folder)

    def of(self, unit: Unit) -> Attachment:
        """A unit's form; raises NotFitting."""
        name = unit_file(unit)
        fresh = self._fresh(unit)
        path = newest(self._stands, name)
        if path is None:
            return Attachment(name, fresh)
        data = _bytes(path)
        if sealed_by(path) and data[: len(fresh) - 2] != fresh[:-2]:  # what follows is the seal
            raise NotFitting(f"“{path}”不是现在的考核方案的表，请重新运行 templates --per-unit")
        _want_unit(data, unit, path)
        return Attachment(name, data)

    def _fresh(self, unit: Unit) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "form.xlsx"
            self._originals[unit.form].copy(path, unit.name)
            return path.read_bytes()


class Fault(NamedTuple):
    """A line of 修改说明."""

    code: str
    fact: str
    text: str
    cell: str
    """Of 填报值; empty where it is about no row of the form."""

    def told(self) -> str:
        """The line as a letter says it."""
        where = f"（单元格 {self.cell}）" if self.cell else ""
        about = f"{self.code} {self.fact}".strip()
        return f"{about}{where}：{self.text}" if about else self.text


def returned(folder: Path, unit: Unit, scheme: Scheme, problems: Sequence[str]) -> tuple[Attachment, list[Fault]]:
    """A unit's file in 退回修改, with what it says is to be mended; raises NotFitting.

    ``problems``: what the result lists as its 错误; a file that does not say all of them is of another result.
    """
    path = newest(deliverables(folder), unit_file(unit))
    if path is None:
        raise NotFitting(f"“{folder}”里没有“{unit_file(unit)}”，请重新汇总")
    data = _bytes(path)
    _want_unit(data, unit, path)
    faults = list(_faults(data, unit, scheme))
    if not set(problems) <= {fault.text for fault in faults}:
        raise NotFitting(f"“{path}”和结果对不上，可能是另一次汇总的，请重新汇总")
    return Attachment(unit_file(unit), data), faults


def feedback(folder: Path, unit: Unit, scheme: Scheme, result: Result) -> Attachment:
    """A unit's file in 反馈; raises NotFitting, Stale where it is not of this result."""
    path = newest(deliverables(folder), unit_file(unit))
    if path is None:
        raise NotFitting(f"“{folder}”里没有“{unit_file(unit)}”")
    data = _bytes(path)
    rows = list(chain.from_iterable(excel.values(data, lambda _: True).values()))
    head = next((cell for row in rows for cell in row if isinstance(cell, str) and cell.startswith("考核单位：")), "")
    if head.removeprefix("考核单位：").split("　")[0] != unit.name:
        raise NotFitting(f"“{path}”不是“{unit.name}”的反馈")
    code = result.closing.code if result.closing else ""
    said = {tuple(map(_said, each)) for each in _scored(rows)}
    lines = [result.details.first(unit.name, item.code) for item in scheme.form(unit.form).items]
    known = {(line.text(CODE), _said(line.value(FINAL)), line.text(GROUNDS)) for line in lines if line}
    ranked = result.rankings[scheme.form(unit.form).ranking].first(unit.name)
    standing = _standing(ranked) if ranked else ""
    told = any(isinstance(cell, str) and cell.startswith(standing) for row in rows for cell in row)
    if not told or said != known or head.rpartition("校验码 ")[2] != (code or head):
        raise Stale(f"“{path}”不是这份结果的反馈，是以前一次汇总的")
    return Attachment(unit_file(unit), data)


def _standing(line: Line) -> str:
    """How the line of total and rank begins."""
    total = line.value(WHOLE_SCORE)
    return f"总分：{total:.2f} 分　　名次：第 {line.text(RANK)} 名" if isinstance(total, int | float) else ""


def _scored(rows: Sequence[Sequence[Raw]]) -> Iterator[tuple[Raw, Raw, Raw]]:
    """Code, score and grounds of each item of a 反馈."""
    places: list[int] | None = None
    for row in rows:
        if places is None:
            if {CODE, FINAL, GROUNDS} <= set(row):
                places = [row.index(label) for label in (CODE, FINAL, GROUNDS)]
        elif len(row) > max(places) and not is_blank(row[places[2]]):
            yield row[places[0]], row[places[1]], row[places[2]]


def _said(raw: Raw) -> str:
    return str(exact(raw).normalize()) if isinstance(raw, int | float) else str(raw).strip()


def _faults(data: bytes, unit: Unit, scheme: Scheme) -> Iterator[Fault]:
    form = scheme.form(unit.form)
    places = FormLayout.of(form)
    labels: list[Raw] | None = None
    for row in excel.values(data, FAULT_SHEET.__eq__).get(FAULT_SHEET, []):
        if labels is None:
            labels = list(row) if {CODE, FACT, PROBLEM} <= set(row) else None
            continue
        code, label, text = (str(row[labels.index(each)]).strip() for each in (CODE, FACT, PROBLEM))
        if text:
            fact = form.by_key.get(f"{code} {label}")
            yield Fault(code, label, text, places.value_cell(fact) if fact else "")


def _want_unit(data: bytes, unit: Unit, path: Path) -> None:
    """A form that goes to a unit bears its name: files get mixed up when people rename them."""
    rows = excel.values(data, FORM_SHEET.__eq__).get(FORM_SHEET, [])
    if not any(unit.name in row for row in rows):
        raise NotFitting(f"“{path}”不是“{unit.name}”的评分表，或读不了")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFitting(f"“{path}”打不开（{in_words(error)}）") from None

"""Builds 等次 of each form out of the rows of all. A wrong row is told where it stands."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.amounts import plain
from assess_xlsx.entries import fold
from assess_xlsx.scheme.grades import ROUNDINGS, Grade, Quota
from assess_xlsx.scheme.subtotals import SCORE, is_meant, subtotal
from assess_xlsx.scheme.summing import Summing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assess_xlsx.scheme.model import Form
    from assess_xlsx.scheme.rules import Worth
    from assess_xlsx.scheme.subtotals import Subtotal
    from assess_xlsx.scheme.tree import Faults, Node

FEWEST, MOST_NAME = 2, 10
_IN_FORMULAS = set('*?~<>={}"\n')
"""What a grade's name does not hold: formulas look for it."""


class Row(NamedTuple):
    node: Node
    grade: Grade
    by: str
    """填报项: the scores that it says the grades go by."""


class GradeBuilder:
    """The rows of 等次, each read once, and what each form makes of them."""

    def __init__(
        self, faults: Faults, nodes: Sequence[Node], forms: Collection[str], circumstances: Collection[str]
    ) -> None:
        """``forms``: the names of all; ``circumstances``: every 情形编号."""
        self._faults, self._forms = faults, forms
        self._circumstances = {fold(code): code for code in circumstances}
        self._rows = faults.each(nodes, self._row)
        self.whole = len(self._rows) == len(nodes)
        """No row is refused."""
        self._told: set[tuple[int, ...]] = set()

    def of(self, form: Form, worth: Mapping[str, Worth], *, whole: bool) -> tuple[tuple[Grade, ...], Subtotal | None]:
        """The grades of a form, none where the scheme has none for it, and the scores that they go by, if not 总分.

        ``worth``: of its items and sections, by code and by number; ``whole``: no part of the scheme is missing.
        """
        rows = [row for name, row in self._rows if name in ("", form.name, form.group)]
        if not rows or not self.whole:
            return (), None
        if (lines := tuple(id(row.node) for row in rows)) not in self._told:
            self._told.add(lines)  # forms share rows, and one mistake is one
            self._check(rows)
        by = self._faults.attempt(self._by, rows, worth) if whole else None
        if whole:
            self._reached(rows, form, by)
        return tuple(row.grade for row in rows), by

    def _row(self, node: Node) -> tuple[str, Row]:
        form = node.text("form", "")
        if form and form not in self._forms:
            raise node.error(f"没有评分表“{form}”", "form")
        name, at_least = node.text("name"), node.points("at_least")
        if len(name) > MOST_NAME or set(name) & _IN_FORMULAS:
            raise node.error(
                f"{node.word('name')}最多 {MOST_NAME} 个字，没有半角符号 *?~<>={{}}，现为“{name}”", "name"
            )
        quota = _quota(node) if node.has("quota") else None
        if node.has("rounding") and not (quota and quota.share):
            raise node.error(f"{node.word('rounding')}只用于百分数的名额，请清空", "rounding")
        said = node.text("barred", "")
        barred = self._circumstances.get(fold(said), "")
        if said and not barred:
            raise node.error(f"没有情形“{said}”，请写“一票否决”表里的情形编号", "barred")
        by = node.text("fact", "")
        if by and not is_meant(by):
            remedy = f"请写“{SCORE}”和指标编号、考核项目编号的第一段，如“{SCORE} 一”；按总分评的留空"
            raise node.error(f"等次只看总分或者得分，不能看“{by}”", "fact", remedy)
        node.done()
        return form, Row(node, Grade(name, at_least, quota, barred), by)

    def _check(self, rows: Sequence[Row]) -> None:
        seen: set[str] = set()
        for place, (node, grade, _) in enumerate(rows):
            above = rows[place - 1].grade if place else None
            if fold(grade.name) in seen:
                self._tell(node, f"等次“{grade.name}”重复", "name")
            elif above and grade.at_least >= above.at_least:
                self._tell(
                    node,
                    f"“{grade.name}”的{node.word('at_least')}{plain(grade.at_least)} "
                    f"应小于上一行“{above.name}”的 {plain(above.at_least)}，请从高到低写",
                    "at_least",
                )
            seen.add(fold(grade.name))
        node, last, _ = rows[-1]
        if len(rows) < FEWEST:
            self._tell(node, "等次至少要有两行", "name")
        elif last.at_least:
            least = plain(last.at_least)
            said = f"最低的等次{node.word('at_least')}应写 0，否则低于 {least} 分的单位没有等次"
            self._tell(node, said, "at_least")
        if last.quota:
            self._tell(node, "最低的等次不能有名额，请删去", "quota")
        if last.barred:
            self._tell(node, "最低的等次不能有条件，请删去", "barred")

    def _by(self, rows: Sequence[Row], worth: Mapping[str, Worth]) -> Subtotal | None:
        """The scores that a form's grades go by, as the first row says and no other denies; None: 总分."""
        first, *others = rows
        for each in others:
            if each.by and fold(each.by) != fold(first.by):
                before = f"看的是“{first.by}”" if first.by else "空着，看的是总分"
                reason = f"“{first.grade.name}”的{first.node.word('fact')}{before}，这里却是“{each.by}”"
                raise each.node.error(reason, "fact", "同一张评分表的等次只按一样评，请写成一样的，或只写在第一行")
        return subtotal(first.node, "fact", first.by, "", worth) if first.by else None

    def _reached(self, rows: Sequence[Row], form: Form, by: Subtotal | None) -> None:
        """A grade that no unit of a form can reach is a slip."""
        for node, grade, _ in rows:
            if by and grade.at_least > by.most:
                self._tell(node, f"“{by.label}”最多 {plain(by.most)} 分，达不到 {plain(grade.at_least)}", "at_least")
            elif not by and grade.at_least > Summing(form).most:
                capped = form.cap is not None and form.cap == Summing(form).most
                what = "总分上限是" if capped else "满分加全部加分只有"
                self._tell(node, f"{what} {plain(Summing(form).most)}，达不到 {plain(grade.at_least)}", "at_least")

    def _tell(self, node: Node, reason: str, key: str) -> None:
        self._faults.found.append(node.fault(reason, key))


def _quota(node: Node) -> Quota:
    given = node.either("quota")
    found = re.fullmatch(r"(\d+)(?:(\.\d+)?(%))?", fold(str(given)), re.ASCII)
    size = Fraction(f"{found[1]}{found[2] or ''}") if found else Fraction(0)
    if found and found[3]:
        size /= 100
    if size <= 0 or (found and found[3] and size > 1):
        raise node.error(f"{node.word('quota')}应是大于 0 的整数或不超过 100% 的百分数，现为“{given}”", "quota")
    rounding = node.text("rounding", ROUNDINGS[0])
    if rounding not in ROUNDINGS:
        raise node.error(f"{node.word('rounding')}只能是{'、'.join(ROUNDINGS)}，现为“{rounding}”", "rounding")
    return Quota(size, bool(found and found[3]), rounding)

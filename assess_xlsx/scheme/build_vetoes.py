"""Builds the circumstances of 一票否决 and what each does. A wrong one is told where it stands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT, plain
from assess_xlsx.entries import fold
from assess_xlsx.scheme.effects import (
    CANCEL,
    CANCELLING,
    KINDS,
    MOST,
    NOT_ABOVE,
    OF_GRADES,
    OF_POINTS,
    WITH_VALUE,
    Effect,
    Veto,
)
from assess_xlsx.scheme.tree import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assess_xlsx.scheme.model import Form
    from assess_xlsx.scheme.tree import Fault, Faults, Node

WHAT = "效果"


def veto(node: Node) -> Veto:
    """A circumstance; whether its effects fit the forms is asked when these are there."""
    code = node.text("code")
    if re.fullmatch(r"\d+(\.\d+)*", fold(code)):
        raise node.error("情形编号不要与指标编号相像，如“V.1”", "code")
    effects = tuple(_effect(each) for each in node.nodes("effects", WHAT)) if node.has("effects") else CANCELLING
    said = node.text("effect", "" if node.has("effects") else None) or "；".join(each.text for each in effects)
    built = Veto(code, node.text("text"), node.text("clause"), said, node.flag("declared"), effects)
    node.done()
    return built


def _effect(node: Node) -> Effect:
    kind = node.text("kind", CANCEL)
    if kind not in KINDS:
        raise node.error(f"{node.word('kind')}只能是{'、'.join(KINDS)}，现为“{kind}”", "kind")
    if (kind in WITH_VALUE) != node.has("value"):
        raise node.error(f"“{kind}”{'要' if kind in WITH_VALUE else '不要'}写效果数值", "value")
    if not node.has("value"):
        node.done()
        return Effect(kind)
    value = fold(str(node.either("value")))
    node.done()
    return Effect(kind, _points(node, value)) if kind in OF_POINTS else Effect(kind, grade=value)


def _points(node: Node, value: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d{1,2})?)(?:0*分)?", value, re.ASCII)
    amount = int(Decimal(found[1]) * CENT) if found else 0
    if not 0 < amount <= MOST_POINTS * CENT:
        raise node.error(f"{node.word('value')}应是大于 0、最多两位小数的分数，现为“{value}”", "value")
    return amount


def check(faults: Faults, nodes: Sequence[Node], forms: Sequence[Form]) -> None:
    """Tells of effects that fit no form: a 等次 that there is none of, a cap that caps nothing."""
    grades = list(dict.fromkeys(grade.name for form in forms for grade in form.grades))
    full = max((form.points for form in forms), default=0)
    for node in nodes:
        for each in node.nodes("effects", WHAT) if node.has("effects") else ():
            with faults.trap():
                effect = _effect(each)
                faults.found += _misfits(each, effect, grades, full)


def _misfits(node: Node, effect: Effect, grades: Iterable[str], full: int) -> Iterator[Fault]:
    if effect.kind in OF_GRADES and not grades:
        yield node.fault(f"方案没有分等次，不能写“{effect.kind}”", "kind")
    elif effect.kind == NOT_ABOVE and effect.grade not in map(fold, grades):
        yield node.fault(f"没有等次“{effect.grade}”，可写：{'、'.join(grades)}", "value")
    elif effect.kind == MOST and effect.points >= full:
        yield node.fault(f"总分不超过 {plain(effect.points)} 等于没有限制", "value")

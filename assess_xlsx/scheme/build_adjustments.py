"""Builds 总分调整 of each form out of the rows of all. A wrong row is told where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import plain
from assess_xlsx.entries import fold
from assess_xlsx.scheme.adjustments import KINDS, MOST, NO_BONUS, TOTAL, Adjustment, Mark
from assess_xlsx.scheme.rules.when import When
from assess_xlsx.scheme.subtotals import SCORE, is_meant, numbered
from assess_xlsx.scheme.summing import Summing
from assess_xlsx.scheme.tree import Faults, SchemeError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form
    from assess_xlsx.scheme.tree import Node

MOST_NAME = 30
LACKING = "“总分调整”要写条件：选项、达到或不足"


class AdjustmentBuilder:
    """The rows of 总分调整, and what each form makes of them."""

    def __init__(self, faults: Faults, nodes: Sequence[Node], forms: Collection[str]) -> None:
        """``forms``: the names of all."""
        self._faults, self._nodes, self._forms = faults, nodes, forms
        quiet = Faults()
        self.looked_at = frozenset(fold(quiet.attempt(node.text, "fact") or "") for node in nodes)
        """What the conditions name: a fact that is asked for them alone is asked for a reason."""

    def strangers(self) -> None:
        """Tells of rows of a form that there is none of."""
        for node in self._nodes:
            with self._faults.trap():
                name = node.text("form", "")
                if name and name not in self._forms:
                    raise node.error(f"没有评分表“{name}”", "form")

    def of(self, form: Form, *, whole: bool) -> tuple[Adjustment, ...]:
        """The lines of a form, in their order; ``whole``: no part of the scheme is missing, each may look at all."""
        quiet = Faults()
        own = [
            node
            for node in self._nodes
            if (quiet.attempt(node.text, "form", "") or "") in ("", form.name, form.group)
        ]
        return self._faults.each(own, lambda node: _line(node, form, whole=whole))


def _line(node: Node, form: Form, *, whole: bool) -> Adjustment:
    node.text("form", "")
    name, kind = node.text("name"), node.text("kind")
    if len(name) > MOST_NAME or "\n" in name:
        raise node.error(f"{node.word('name')}最多 {MOST_NAME} 个字，没有换行，现为“{name}”", "name")
    if kind not in KINDS:
        raise node.error(f"{node.word('kind')}只能是{'、'.join(KINDS)}，现为“{kind}”", "kind")
    if (kind == NO_BONUS) == node.has("points"):
        raise node.error(f"“{kind}”{'不要' if kind == NO_BONUS else '要'}写{node.word('points')}", "points")
    points = node.points("points") if node.has("points") else 0
    if kind != NO_BONUS and points <= 0:
        raise node.error(f"{node.word('points')}应大于 0，现为“{plain(points)}”", "points")
    if not whole:
        raise SchemeError
    if kind == NO_BONUS and not any(section.worth.bonus for section in form.sections):
        raise node.error("这张评分表没有加分项目", "kind")
    if kind == MOST and points >= Summing(form).most:
        raise node.error(f"总分不超过 {plain(points)} 等于没有限制", "points")
    return Adjustment(name, _condition(node, form), kind, points)


def _condition(node: Node, form: Form) -> When | Mark:
    said = fold(node.text("fact"))
    if said == TOTAL:
        return _mark(node, TOTAL, (0, form.points))
    if not is_meant(said):
        return When.from_node(node, lambda node, key: _fact(node, key, form), LACKING)
    code = said.removeprefix(SCORE).strip()
    for place, item in enumerate(form.items):
        if item.code == code:
            return _mark(node, f"{SCORE} {code}", item.worth.ends, item=place)
    for place, section in enumerate(form.sections):
        if numbered(code, [section.number]):
            return _mark(node, f"{SCORE} {code}", section.worth.ends, section=place)
    what = "指标" if "." in code else "考核项目"
    raise node.error(f"评分表“{form.name}”没有{what} {code}，“得分”后面写指标编号，或编号的第一段", "fact")


def _fact(node: Node, key: str, form: Form) -> Fact:
    said = fold(node.text(key))
    by_key: Mapping[str, Fact] = {fold(fact.key): fact for fact in (*form.facts, *form.computed)}
    if fact := by_key.get(said):
        return fact
    labelled = [fact.key for fact in form.facts if fold(fact.label) == said]
    if labelled:
        which = f"请写“{labelled[0]}”" if len(labelled) == 1 else f"请写是哪一个：{'、'.join(labelled)}"
        raise node.error(f"{node.word(key)}要写编号，{which}", key)
    raise node.error(
        f"评分表“{form.name}”没有填报项“{node.text(key)}”",
        key,
        "请写“编号 填报项”（如“1.1.1 应办件数”）、“总分”，或“得分 编号”（如“得分 2.1.1”“得分 2”）",
    )


def _mark(
    node: Node, words: str, ends: tuple[int, int], *, item: int | None = None, section: int | None = None
) -> Mark:
    """A condition about a score, that may hold and may not."""
    said = [key for key in ("is", "at_least", "below") if node.has(key)]
    if said == ["is"]:
        raise node.error(f"“{words}”是分数，没有选项，请写{node.word('at_least')}或{node.word('below')}", "is")
    if len(said) != 1:
        raise node.error(LACKING, said[-1] if said else "fact")
    [key] = said
    amount = node.points(key)
    low, high = ends
    if not low < amount <= high:
        raise node.error(f"{node.word(key)}应大于 {plain(low)}、不超过 {plain(high)}，现为“{plain(amount)}”", key)
    node.done()
    return Mark(words, amount, key == "below", item, section)

"""Builds the roster of a scheme: units in their order, each on one form, each name meaning one unit only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.entries import bare_name, fold
from assess_xlsx.scheme.model import Unit
from assess_xlsx.scheme.rules.factor import ONCE, factor
from assess_xlsx.scheme.tree import Faults, Node, SchemeError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NAME = 20
"""Characters of a form's or a unit's name: sheet names hold 31."""


def build(faults: Faults, nodes: Sequence[Node], forms: frozenset[str], county: str) -> dict[str, tuple[Unit, ...]]:
    """Units by form, numbered over all forms; a form whose units are all wrong has an empty entry."""
    builder = _Builder(nodes, forms, county)
    roster: dict[str, list[Unit]] = {}
    for number, node in enumerate(nodes, 1):
        form = Faults().attempt(node.text, "form")
        units = roster.setdefault(form, []) if form else []
        if unit := faults.attempt(builder.unit, number, node):
            units.append(unit)
    return {form: tuple(units) for form, units in roster.items()}


def file_name(node: Node, key: str) -> str:
    """A text that is part of the names of files and sheets."""
    name = node.text(key)
    if set(name) & set("\\/:*?\"<>|[]'\n\t") or len(name) > MOST_NAME:
        raise node.error(
            f"{node.word(key)}“{name}”会用作文件名和工作表名：最多 {MOST_NAME} 个字，没有半角符号 \\/:*?\"<>|[]'", key
        )
    return name


class _Builder:
    def __init__(self, nodes: Sequence[Node], forms: frozenset[str], county: str) -> None:
        self.forms, self.county = forms, county
        self.unknown: set[str] = set()
        """Forms that there are none of and that were told of."""
        names = (Faults().attempt(node.text, "name") for node in nodes)
        self.known = {fold(name): name for name in names if name}
        """The unit that each name means, by folded names and aliases."""
        self.bare: dict[str, str] = {}
        """The same by bare names."""

    def unit(self, number: int, node: Node) -> Unit:
        form = node.text("form")
        if form not in self.forms:
            if form in self.unknown:
                raise SchemeError
            self.unknown.add(form)
            raise node.error(f"花名册中的“{form}”没有对应的评分表", "form")
        name = file_name(node, "name")
        self.claim(node, "name", name, name)
        aliases = node.texts("aliases") if node.has("aliases") else ()
        for alias in aliases:
            if set(alias) & set("、，,；;"):
                raise node.error(f"别名“{alias}”里有标点，几个别名之间要用“；”隔开", "aliases")
            self.claim(node, "aliases", alias, name)
        own = factor(node, "factor") if node.has("factor") else ONCE
        node.done()
        return Unit(number, name, form, aliases, own)

    def claim(self, node: Node, key: str, word: str, name: str) -> None:
        """A word means one unit, also without what people leave out of names."""
        if fold(self.known.setdefault(fold(word), name)) != fold(name):
            raise node.error(f"别名“{word}”是另一个单位的名称或别名", key)
        bare = bare_name(word, self.county)
        other = self.bare.setdefault(bare, name)
        if not bare or fold(other) != fold(name):
            told = f"与“{other}”分不清" if bare else "什么都不剩"
            raise node.error(f"“{word}”去掉“{self.county}”“{self.county[-1:]}”“人民政府”等字后{told}", key)

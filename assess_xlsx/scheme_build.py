"""Builds the scheme's model from a tree of tables and lists; a wrong one is refused with all its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import CENT, plain
from assess_xlsx.entries import fold
from assess_xlsx.facts import Fact
from assess_xlsx.item_build import SectionBuilder
from assess_xlsx.kinds import Percent, YesNo
from assess_xlsx.nodes import Faults, Located, Node, SchemeError
from assess_xlsx.scheme import Form, Reading, Scheme, Unit, Veto

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NAME = 20
"""Characters of a form's or a unit's name: sheet names hold 31."""


def build(data: object, name: str) -> Scheme:
    """The scheme in a tree of tables and lists; ``name`` says in messages where it came from."""
    faults = Faults(data.faults if isinstance(data, Located) else ())
    scheme = faults.attempt(_scheme, data, name, faults)
    if scheme is None or faults.found:
        raise SchemeError(*faults.found)
    return scheme


def _scheme(data: object, name: str, faults: Faults) -> Scheme:
    root = Node(data, name)
    readings = faults.each(_nodes(faults, root, "readings", "口径"), _reading)
    vetoes = faults.each(_nodes(faults, root, "vetoes", "情形"), _veto)
    _unique(faults, _nodes(Faults(), root, "readings", "口径"), "code", "口径编号")
    _unique(faults, _nodes(Faults(), root, "vetoes", "情形"), "code", "情形编号")
    declarations = tuple(Fact(veto.code, veto.text, YesNo()) for veto in vetoes if veto.declared)
    form_nodes = _nodes(faults, root, "forms", "评分表")
    names = _unique(faults, form_nodes, "name", "评分表名称")
    roster = _roster(faults, root, names)
    codes = frozenset(_said(_nodes(Faults(), root, "readings", ""), "code"))
    forms = faults.each(form_nodes, lambda node: _form(faults, node, roster, declarations, codes))
    head = faults.attempt(_head, faults, root)
    root.done()
    if head is None:
        raise SchemeError
    issued = root.either("issued")
    return Scheme(*head, issued, forms, vetoes, readings)  # type: ignore[arg-type]  # _head has looked


def _head(faults: Faults, root: Node) -> tuple[str, int, str, str, str, str] | None:
    """What the scheme says of itself."""
    texts = [faults.attempt(root.text, key) for key in ("name", "title", "county", "office", "document")]
    year = faults.attempt(root.whole, "year")
    with faults.trap():
        issued = root.either("issued")
        if not hasattr(issued, "isoformat"):
            raise root.error(f"{root.word('issued')}应是日期，现为“{issued}”", "issued")
    name, title, county, office, document = texts
    if None in (*texts, year):
        return None
    return name, year, title, county, office, document  # type: ignore[return-value]  # none of them is None


def _nodes(faults: Faults, node: Node, key: str, what: str) -> list[Node]:
    return faults.attempt(node.nodes, key, what) or []


def _some(faults: Faults, node: Node, key: str, what: str) -> list[Node]:
    """The tables of a list that must not be empty."""
    with faults.trap():
        if found := node.nodes(key, what):
            return found
        raise node.error(f"没有{what}", key)
    return []


def _said(nodes: Iterable[Node], key: str) -> list[str]:
    """The texts under a key, where it holds one: for looking through the tables, wrong ones among them."""
    quiet = Faults()
    return [text for text in (quiet.attempt(node.text, key) for node in nodes) if text is not None]


def _unique(faults: Faults, nodes: Iterable[Node], key: str, what: str) -> frozenset[str]:
    """All that stands under a key; what stands there twice is told. Excel takes ``A`` and ``Ａ`` for the same."""
    seen: dict[str, str] = {}
    quiet = Faults()
    for node in nodes:
        text = quiet.attempt(node.text, key)
        if text is None:
            continue
        if fold(text).casefold() in seen:
            faults.found.append(node.fault(f"{what}“{text}”重复", key))
        seen.setdefault(fold(text).casefold(), text)
    return frozenset(seen.values())


def _file_name(node: Node, key: str) -> str:
    """A text that is part of the names of files and sheets."""
    name = node.text(key)
    if set(name) & set("\\/:*?\"<>|[]'\n\t") or len(name) > MOST_NAME:
        raise node.error(
            f"{node.word(key)}“{name}”会用作文件名和工作表名：最多 {MOST_NAME} 个字，没有半角符号 \\/:*?\"<>|[]'",
            key,
        )
    return name


def _roster(faults: Faults, root: Node, forms: frozenset[str]) -> dict[str, tuple[Unit, ...]]:
    """Units by form, numbered in the order of the list; a unit stands on one form only.

    A form whose units are all wrong has an empty entry.
    """
    roster: dict[str, tuple[Unit, ...]] = {}
    nodes = _some(faults, root, "roster", "花名册中的考核单位")
    _unique(faults, nodes, "name", "花名册中的考核单位")
    known = {fold(name) for name in _said(nodes, "name")}

    unknown: set[str] = set()

    def unit(number: int, node: Node) -> Unit:
        form = node.text("form")
        if form not in forms:
            if form in unknown:
                raise SchemeError
            unknown.add(form)
            raise node.error(f"花名册中的“{form}”没有对应的评分表", "form")
        aliases = node.texts("aliases") if node.has("aliases") else ()
        own = fold(faults.attempt(node.text, "name") or "")
        for alias in aliases:
            if set(alias) & set("、，,"):
                raise node.error(f"别名“{alias}”里有顿号或逗号，几个别名之间要用“；”隔开", "aliases")
            if fold(alias) in known and fold(alias) != own:
                raise node.error(f"别名“{alias}”是另一个单位的名称或别名", "aliases")
            known.add(fold(alias))
        node.done()
        return Unit(number, _file_name(node, "name"), form, aliases)

    for number, node in enumerate(nodes, 1):
        if found := faults.attempt(unit, number, node):
            roster[found.form] = (*roster.get(found.form, ()), found)
    for form in _said(nodes, "form"):
        roster.setdefault(form, ())
    return roster


def _veto(node: Node) -> Veto:
    veto = Veto(node.text("code"), node.text("text"), node.text("clause"), node.text("effect"), node.flag("declared"))
    node.done()
    return veto


def _reading(node: Node) -> Reading:
    reading = Reading(node.text("code"), node.text("decides"), node.text("text"))
    node.done()
    return reading


def _form(
    faults: Faults,
    node: Node,
    roster: dict[str, tuple[Unit, ...]],
    declarations: tuple[Fact, ...],
    readings: frozenset[str],
) -> Form:
    told = len(faults.found)
    nodes = _some(faults, node, "sections", "考核项目")
    units = roster.get(faults.attempt(_file_name, node, "name") or "")
    builder = SectionBuilder(faults, readings, max(1, len(units or ())))
    sections = faults.each(nodes, builder.section)
    name = _file_name(node, "name")
    if units is None:
        raise node.error(f"花名册中没有“{name}”的考核对象", "name")
    points = node.points("points")
    form = Form(
        name,
        _file_name(node, "annex"),
        node.texts("title"),
        node.text("unit_label"),
        node.text("criteria_label"),
        points,
        node.points("cap") if node.has("cap") else None,
        sections,
        declarations,
        units,
    )
    node.done()
    shares = [share for share in builder.shares if share is not None]
    total = sum(shares)
    if len(shares) == len(nodes) and total != points * Percent.whole:
        weighed = "乘以权重" if any(each.has("weight") for each in nodes) else ""
        raise node.error(
            f"各考核项目分值{weighed}合计 {plain(total, CENT * Percent.whole)}，应为 {plain(points)}",
            "points",
            "请改正各考核项目的分值、权重，或这里的总分，使两者相等",
        )
    if form.cap is not None and form.cap < points:
        raise node.error(f"{node.word('cap')}（总分上限）{plain(form.cap)} 小于满分 {plain(points)}", "cap")
    if len(faults.found) > told:
        raise SchemeError
    return form

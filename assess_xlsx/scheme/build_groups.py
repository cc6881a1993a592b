"""Builds 排名组: which forms are ranked together, and over how many units a shared item is. It builds no form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.amounts import plain
from assess_xlsx.entries import fold
from assess_xlsx.scheme.build_roster import file_name
from assess_xlsx.scheme.groups import Group
from assess_xlsx.scheme.tree import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assess_xlsx.scheme.model import Form, Item
    from assess_xlsx.scheme.tree import Fault, Node

GROUP = "排名组"


class GroupBuilder:
    """The groups that the forms say, before any of them is built."""

    def __init__(self, faults: Faults, nodes: Sequence[Node], fields: Mapping[str, int]) -> None:
        """``fields``: by the form's name, its units on the roster."""
        self._faults, self._nodes = faults, nodes
        quiet = Faults()
        names = [quiet.attempt(node.text, "name") for node in nodes]
        self._group: dict[str, str] = {}
        """By the form's name, as the first form of the group calls it."""
        known: dict[str, str] = {}
        for node, name in zip(nodes, names, strict=True):
            said = faults.attempt(file_name, node, "group") if node.has("group") else ""
            if name and said:
                self._group[name] = known.setdefault(fold(said), said)
            if said and any(name and fold(name) == fold(said) for name in names):
                reason = f"{node.word('group')}“{said}”也是评分表的名称，两张排名会同名"
                faults.found.append(node.fault(reason, "group", "请换一个名称"))
        self._fields: dict[str, dict[str, int]] = {}
        """By group and code, the units over which a shared item is compared."""
        for node, name in zip(nodes, names, strict=True):
            for item in _items(node) if name else ():
                if item.has("shared") and (code := quiet.attempt(item.text, "code")):
                    shared = self._fields.setdefault(self._of(name or ""), {})
                    shared[code] = shared.get(code, 0) + fields[name or ""]

    def _of(self, name: str) -> str:
        return self._group.get(name, name)

    @property
    def names(self) -> frozenset[str]:
        """What the groups are called."""
        return frozenset(self._group.values())

    def group(self, name: str) -> str:
        """The group of a form; empty where it is ranked alone."""
        return self._group.get(name, "")

    def shared(self, name: str) -> Mapping[str, int]:
        """By code of the items that are shared among the forms with which one is ranked, their units."""
        return self._fields.get(self._of(name), {})

    def check(self, forms: Sequence[Form]) -> None:
        """Tells of forms that cannot be ranked together, once all are built."""
        nodes = {node.text("name"): node for node in self._nodes}
        for name in dict.fromkeys(self._group.values()):
            own = [(form, nodes[form.name]) for form in forms if form.group == name]
            self._faults.found += _misfits(name, own)


def _misfits(name: str, forms: Sequence[tuple[Form, Node]]) -> Iterator[Fault]:
    (first, _), *others = forms
    points = "、".join(plain(form.points) for form, _ in forms)
    for form, node in others:
        if form.points != first.points:
            reason = f"{GROUP}“{name}”的评分表满分不同（{points}），不能合并排名"
            yield node.fault(reason, "points", "请改成相同的满分，或清空其中的排名组")
            break
    for form, node in others:
        if (form.grades, form.graded_by) != (first.grades, first.graded_by):
            reason = f"{GROUP}“{name}”的评分表“{first.name}”“{form.name}”等次不同，合并排名的要用同样的等次"
            yield node.fault(reason, "group", "请在等次一段把“评分表”改成排名组的名称，或者空着")
            break
    yield from _strangers(forms)
    try:
        Group(tuple(form for form, _ in forms)).in_order  # noqa: B018 - it is asked whether there is one
    except ValueError:
        yield forms[-1][1].fault(f"{GROUP}“{name}”的评分表里，共用的指标先后不同", "sections")


def _strangers(forms: Sequence[tuple[Form, Node]]) -> Iterator[Fault]:
    """Items with the code of a shared one that are not the same, or stand elsewhere."""
    first: dict[str, tuple[str, str, Item, Node]] = {}
    for form, root in forms:
        nodes = iter(_items(root))
        for section in form.sections:
            for item in section.items:
                node = next(nodes)
                if not item.shared:
                    continue
                name, title, own, _ = first.setdefault(item.code, (form.name, section.title, item, node))
                if title != section.title:
                    where = f"在评分表“{name}”里属于“{title}”，在“{form.name}”里属于“{section.title}”"
                    yield node.fault(f"共用的指标 {item.code} {where}", "code", "请写进标题相同的考核项目")
                elif _said(own) != _said(item) and _same_row(first[item.code][3], node):
                    reason = f"共用的指标 {item.code} 在评分表“{name}”“{form.name}”里看的填报项不是同一个"
                    yield node.fault(reason, "code", "它只能看共用的指标的填报项和得分，分值也要相同")
                elif _said(own) != _said(item):
                    yield node.fault(already_shared(item.code), "code")


def already_shared(code: str) -> str:
    """A code that means a shared item is another's."""
    return f"编号 {code} 已是共用的指标"


def _said(item: Item) -> tuple[object, ...]:
    """What makes two items the same."""
    return item.text, item.worth, item.facts, item.rule, item.computed


def _same_row(one: Node, other: Node) -> bool:
    return one.here is not None and one.here == other.here


def _items(form: Node) -> list[Node]:
    quiet = Faults()
    sections = quiet.attempt(form.nodes, "sections", "考核项目") or []
    return [item for section in sections for item in quiet.attempt(section.nodes, "items", "指标") or []]

"""Builds the scheme's model from a tree of tables and lists; a wrong one is refused with the place and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx import rules
from assess_xlsx.amounts import plain
from assess_xlsx.facts import Condition, Fact
from assess_xlsx.kinds import KINDS, YesNo
from assess_xlsx.nodes import Node, SchemeError
from assess_xlsx.scheme import Form, Item, Reading, Scheme, Section, Unit, Veto

if TYPE_CHECKING:
    from collections.abc import Iterable


def build(data: object, name: str) -> Scheme:
    """The scheme in a tree of tables and lists; ``name`` says in messages where it came from."""
    root = Node(data, name)
    vetoes = tuple(_veto(node) for node in root.nodes("vetoes", "情形"))
    _unique(root, "情形编号", (veto.code for veto in vetoes))
    declarations = tuple(Fact(veto.code, veto.text, YesNo()) for veto in vetoes if veto.declared)
    roster = _roster(root)
    forms = tuple(_form(node, roster, declarations) for node in root.nodes("forms", "评分表"))
    _unique(root, "评分表名称", (form.name for form in forms))
    for extra in roster.keys() - {form.name for form in forms}:
        raise root.error(f"花名册中的“{extra}”没有对应的评分表")
    issued = root.either("issued")
    if not hasattr(issued, "isoformat"):
        raise root.error(f"“issued”应是日期，现为“{issued}”")
    scheme = Scheme(
        root.text("name"),
        root.whole("year"),
        root.text("title"),
        root.text("county"),
        root.text("office"),
        root.text("document"),
        issued,  # type: ignore[arg-type]  # has isoformat, so TOML read a date
        forms,
        vetoes,
        tuple(_reading(node) for node in root.nodes("readings", "口径")),
    )
    _unique(root, "口径编号", (reading.code for reading in scheme.readings))
    root.done()
    known = {reading.code for reading in scheme.readings}
    for form in forms:
        for item in form.items:
            for code in item.rule.readings:
                if code not in known:
                    raise SchemeError(f"{name} {form.name} 指标“{item.code}”", f"没有口径“{code}”")
    return scheme


def _unique(node: Node, what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise node.error(f"{what}“{name}”重复")
        seen.add(name)


def _roster(node: Node) -> dict[str, tuple[Unit, ...]]:
    """Units by form, numbered in the order of the list; a unit stands on one form only."""
    roster: dict[str, tuple[Unit, ...]] = {}
    units = node.nodes("roster", "花名册")
    for number, unit in enumerate(units, 1):
        form = unit.text("form")
        aliases = unit.texts("aliases") if unit.has("aliases") else ()
        roster[form] = (*roster.get(form, ()), Unit(number, unit.text("name"), form, aliases))
        unit.done()
    _unique(node, "花名册中的考核单位", (unit.text("name") for unit in units))
    return roster


def _veto(node: Node) -> Veto:
    veto = Veto(node.text("code"), node.text("text"), node.text("clause"), node.text("effect"), node.flag("declared"))
    node.done()
    return veto


def _reading(node: Node) -> Reading:
    reading = Reading(node.text("code"), node.text("decides"), node.text("text"))
    node.done()
    return reading


def _form(node: Node, roster: dict[str, tuple[Unit, ...]], declarations: tuple[Fact, ...]) -> Form:
    name = node.text("name")
    if name not in roster:
        raise node.error(f"花名册中没有“{name}”的考核对象")
    builder = _FormBuilder(len(roster[name]))
    form = Form(
        name,
        node.text("annex"),
        node.texts("title"),
        node.text("unit_label"),
        node.text("criteria_label"),
        tuple(builder.section(section) for section in node.nodes("sections", "考核项目")),
        declarations,
        roster[name],
    )
    total = sum(section.worth.high for section in form.sections if not section.worth.bonus)
    if total != node.points("points"):
        raise node.error(f"各考核项目分值合计 {plain(total)}，应为 {plain(node.points('points'))}")
    node.done()
    return form


def _worth(node: Node) -> rules.Worth:
    """points, adds or deducts: exactly one of them."""
    given = [key for key in ("points", "adds", "deducts") if node.has(key)]
    if len(given) != 1:
        raise node.error("points（分值）、adds（加分上限）、deducts（扣分上限）应写且只写一个")
    amount = node.points(given[0])
    if amount <= 0:
        raise node.error(f"“{given[0]}”应大于 0")
    if given[0] == "deducts":
        return rules.Worth(-amount, 0)
    return rules.Worth(0, amount, bonus=given[0] == "adds")


class _FormBuilder:
    """Builds a form's items in order: a rule or a condition may look back at the facts of earlier items."""

    def __init__(self, field: int) -> None:
        self.field = field
        self.facts: dict[str, Fact] = {}
        self.codes: set[str] = set()
        self.method = ""
        self.content = ""
        self.content_code = ""

    def section(self, node: Node) -> Section:
        title, worth = node.text("title"), _worth(node)
        self.method = self.content = ""
        section = Section(title, worth, tuple(self.item(item) for item in node.nodes("items", "指标")))
        node.done()
        total = sum(item.worth.high for item in section.items)
        if not worth.bonus and worth.high != total:
            raise node.error(f"各指标分值合计 {plain(total)}，考核项目的分值却是 {plain(worth.high)}")
        return section

    def item(self, node: Node) -> Item:
        code = node.text("code")
        if code in self.codes:
            raise node.error("指标编号重复")
        self.codes.add(code)
        worth = _worth(node)
        new_method = node.has("method")
        self.method = node.text("method", self.method)
        content = node.text("content", self.content)
        same_content = code.rpartition(".")[0] == self.content_code
        if node.has("content") == same_content or not self.method:
            raise node.error("content 应写在同一考核内容的第一行，且只写在那里；method 应写在考核项目的第一行")
        self.content, self.content_code = content, code.rpartition(".")[0]
        found: dict[str, Fact] = {}
        for each in node.nodes("facts", "填报项"):
            fact = self.fact(each, code, worth, found)
            if fact.label in found:
                raise each.error("填报项重复")
            found[fact.label] = fact
            self.facts[fact.key] = fact
        points_text = f"{plain(worth.high)}分" if worth.high and not worth.bonus else ""
        rule = rules.build(
            node.node("rule", "计分规则"),
            worth,
            lambda place, name: self.find(place, name, found),
            self.field,
        )
        unused = set(found.values()) - set(rule.facts()) - {f.only_with.fact for f in found.values() if f.only_with}
        unused -= {f.limit for f in found.values() if f.limit}
        if unused:
            raise node.error(f"计分规则没有用到填报项“{'”“'.join(sorted(fact.label for fact in unused))}”")
        item = Item(
            code,
            self.method,
            new_method,
            content,
            node.text("text"),
            node.text("points_text", points_text),
            worth,
            tuple(found.values()),
            rule,
        )
        node.done()
        return item

    def find(self, node: Node, name: str, found: dict[str, Fact]) -> Fact:
        """A fact by its label in the same item, or by code and label in an earlier one."""
        fact = found.get(name) or self.facts.get(name)
        if fact is None:
            raise node.error(f"前面没有填报项“{name}”")
        return fact

    def fact(self, node: Node, code: str, worth: rules.Worth, found: dict[str, Fact]) -> Fact:
        name = node.text("kind")
        if name not in KINDS:
            raise node.error(f"没有“{name}”这种填报项，可用的有：{'、'.join(KINDS)}")
        by = node.text("by", "unit")
        if by not in ("unit", "office"):
            raise node.error(f"“by”应是 unit 或 office，现为“{by}”")
        fact = Fact(
            code,
            node.text("label"),
            KINDS[name].from_node(node),
            by == "office",
            node.flag("adverse"),
            worth.bonus,
            node.text("hint", ""),
            self.find(node, node.text("at_most"), found) if node.has("at_most") else None,
            self.condition(node.node("only_with", "only_with"), found) if node.has("only_with") else None,
        )
        if fact.adverse and not (fact.office and name == "次数"):
            raise node.error("adverse 只用于考核办掌握的次数")
        node.done()
        return fact

    def condition(self, node: Node, found: dict[str, Fact]) -> Condition:
        fact = self.find(node, node.text("fact"), found)
        options: tuple[str, ...] = getattr(fact.kind, "options", ())
        if options:
            option = node.text("is")
            if option not in options:
                raise node.error(f"“{option}”不是“{fact.label}”的选项")
            condition = Condition(fact, equals=options.index(option))
        else:
            condition = Condition(fact, above=fact.kind.threshold(node, "above"))
        node.done()
        return condition

"""Builds the scheme's model from a tree of tables and lists; a wrong one is refused with the place and the reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assess_xlsx import rules
from assess_xlsx.amounts import CENT, plain
from assess_xlsx.facts import Condition, Fact
from assess_xlsx.kinds import KINDS, Percent, YesNo
from assess_xlsx.nodes import Node, SchemeError
from assess_xlsx.scheme import Form, Item, Reading, Scheme, Section, Unit, Veto

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NAME = 20
"""Characters of a form's or a unit's name: sheet names hold 31."""
MOST_LABEL = 60
"""Characters of a 填报项: formulas hold texts of 255."""


def build(data: object, name: str) -> Scheme:
    """The scheme in a tree of tables and lists; ``name`` says in messages where it came from."""
    root = Node(data, name)
    vetoes = tuple(_veto(node) for node in root.nodes("vetoes", "情形"))
    _unique(root, "情形编号", (veto.code for veto in vetoes))
    declarations = tuple(Fact(veto.code, veto.text, YesNo()) for veto in vetoes if veto.declared)
    roster = _roster(root)
    forms = tuple(_form(node, roster, declarations) for node in _some(root, "forms", "评分表"))
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


def _some(node: Node, key: str, what: str) -> list[Node]:
    """The tables of a list that must not be empty."""
    found = node.nodes(key, what)
    if not found:
        raise node.error(f"没有{what}")
    return found


def _file_name(node: Node, key: str) -> str:
    """A text that is part of the names of files and sheets."""
    name = node.text(key)
    if not name.strip() or name != name.strip() or set(name) & set("\\/:*?\"<>|[]'") or len(name) > MOST_NAME:
        raise node.error(
            f"“{key}”会用作文件名和工作表名：应有 1 到 {MOST_NAME} 个字，首尾没有空格，没有半角符号 \\/:*?\"<>|[]'"
        )
    return name


def _unique(node: Node, what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise node.error(f"{what}“{name}”重复")
        seen.add(name)


def _roster(node: Node) -> dict[str, tuple[Unit, ...]]:
    """Units by form, numbered in the order of the list; a unit stands on one form only."""
    roster: dict[str, tuple[Unit, ...]] = {}
    units = _some(node, "roster", "花名册")
    for number, unit in enumerate(units, 1):
        form = unit.text("form")
        aliases = unit.texts("aliases") if unit.has("aliases") else ()
        roster[form] = (*roster.get(form, ()), Unit(number, _file_name(unit, "name"), form, aliases))
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
    name = _file_name(node, "name")
    if name not in roster:
        raise node.error(f"花名册中没有“{name}”的考核对象")
    builder = _FormBuilder(len(roster[name]))
    points = node.points("points")
    form = Form(
        name,
        _file_name(node, "annex"),
        node.texts("title"),
        node.text("unit_label"),
        node.text("criteria_label"),
        points,
        node.points("cap") if node.has("cap") else None,
        tuple(builder.section(section) for section in _some(node, "sections", "考核项目")),
        declarations,
        roster[name],
    )
    total = sum(section.worth.high * section.weight for section in form.sections if not section.worth.bonus)
    if total != points * Percent.whole:
        weighed = "乘以权重" if any(section.weight_text for section in form.sections) else ""
        raise node.error(f"各考核项目分值{weighed}合计 {plain(total, CENT * Percent.whole)}，应为 {plain(points)}")
    if form.cap is not None and form.cap < points:
        raise node.error(f"cap（总分上限）{plain(form.cap)} 小于满分 {plain(points)}")
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
        self.contents: set[str] = set()
        self.method = ""
        self.content = ""
        self.content_code = ""

    def section(self, node: Node) -> Section:
        title, worth = node.text("title"), _worth(node)
        self.method = self.content = ""
        self.content_code = ""
        items = tuple(self.item(item) for item in _some(node, "items", "指标"))
        section = Section(title, worth, items, self.weight(node))
        node.done()
        total = sum(item.worth.high for item in section.items if not item.worth.bonus)
        if not worth.bonus and worth.high != total:
            raise node.error(f"各指标分值合计 {plain(total)}，考核项目的分值却是 {plain(worth.high)}")
        return section

    @staticmethod
    def weight(node: Node) -> int:
        """权重 in 1/100 %."""
        if not node.has("weight"):
            return Percent.whole
        weight = Percent().threshold(node, "weight")
        if not 0 < weight <= Percent.whole:
            raise node.error("weight（权重）应大于 0、不超过 100")
        return weight

    def item(self, node: Node) -> Item:
        code = self.code(node)
        worth = _worth(node)
        new_method = node.has("method")
        self.method = node.text("method", self.method)
        content = node.text("content", self.content)
        same_content = code.rpartition(".")[0] == self.content_code
        if node.has("content") == same_content or not self.method:
            raise node.error("content 应写在同一考核内容的第一行，且只写在那里；method 应写在考核项目的第一行")
        if node.has("content") and code.rpartition(".")[0] in self.contents:
            raise node.error("编号前两段相同的指标属同一考核内容，应在同一考核项目中排在一起")
        self.content, self.content_code = content, code.rpartition(".")[0]
        self.contents.add(self.content_code)
        found: dict[str, Fact] = {}
        for each in _some(node, "facts", "填报项"):
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
        self.check_blank(node, worth, rule)
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

    def code(self, node: Node) -> str:
        code = node.text("code")
        if not re.fullmatch(r"[1-9]\d*(\.[1-9]\d*){2}", code, re.ASCII):
            raise node.error("指标编号应形如 1.3.2：考核项目、考核内容、行，各是从 1 起的整数")
        if code in self.codes:
            raise node.error("指标编号重复")
        self.codes.add(code)
        return code

    @staticmethod
    def check_blank(node: Node, worth: rules.Worth, rule: rules.Rule) -> None:
        """A 加分 item of which nothing is filled brings nothing (K15)."""
        if not worth.bonus or rule.among_units or not all(fact.bonus for fact in rule.facts()):
            return
        facts = (*rule.facts(), *(fact.only_with.fact for fact in rule.facts() if fact.only_with))
        blank: dict[str, Any] = {fact.key: fact.kind.nothing() for fact in facts}
        score = int(rule.score(rules.Columns(blank, {})))  # a rule's arithmetic is the same for one number
        if score:
            raise node.error(
                f"加分项可以不填，都不填应得 0 分，现得 {plain(score)} 分（不填的数算 0，不填的选项算最后一项）"
            )

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
        label, kind = node.text("label"), KINDS[name].from_node(node)
        if label != label.strip() or '"' in label + getattr(kind, "measure", "") or not 0 < len(label) <= MOST_LABEL:
            raise node.error(f"填报项最多 {MOST_LABEL} 个字，首尾不能有空格，不能有半角双引号")
        fact = Fact(
            code,
            label,
            kind,
            by == "office",
            node.flag("adverse"),
            worth.bonus,
            node.text("hint", ""),
            self.find(node, node.text("at_most"), found) if node.has("at_most") else None,
            self.condition(node.node("only_with", "only_with"), found) if node.has("only_with") else None,
        )
        if fact.limit and not (name in ("次数", "数值") and fact.limit.kind.name == name):
            raise node.error(f"at_most 只用于两个次数或两个数值之间，“{fact.limit.label}”是{fact.limit.kind.name}")
        if fact.adverse and not (fact.office and name == "次数"):
            raise node.error("adverse 只用于考核办掌握的次数")
        node.done()
        return fact

    def condition(self, node: Node, found: dict[str, Fact]) -> Condition:
        fact = self.find(node, node.text("fact"), found)
        if fact.only_with:
            raise node.error(f"“{fact.label}”自己也不总要填写，不能作条件")
        options: tuple[str, ...] = getattr(fact.kind, "options", ())
        if options:
            option = node.text("is")
            if option not in options:
                raise node.error(f"“{option}”不是“{fact.label}”的选项")
            condition = Condition(fact, equals=options.index(option))
            if fact.bonus and condition.equals == fact.kind.nothing():
                raise node.error(f"加分项的“{fact.label}”不填时算“{option}”，不能以它为条件")
        else:
            condition = Condition(fact, above=fact.kind.threshold(node, "above"))
        node.done()
        return condition

"""Builds the sections of a form: its items with their facts and their rules, in order. It scores none."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assess_xlsx.amounts import CENT, plain
from assess_xlsx.entries import fold
from assess_xlsx.scheme import rules
from assess_xlsx.scheme.answer_kinds import KINDS, UNLIMITED, Percent
from assess_xlsx.scheme.build_groups import already_shared
from assess_xlsx.scheme.computed import OF_TWO, WAYS, Computed, asked, filled, kind_of
from assess_xlsx.scheme.facts import Condition, Fact
from assess_xlsx.scheme.model import Item, Section
from assess_xlsx.scheme.rules.applying import MEAN, MODES, Applying, asked_whether, concerned
from assess_xlsx.scheme.subtotals import is_meant, subtotal
from assess_xlsx.scheme.tree import Faults, Node, SchemeError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_TITLE_POINTS = re.compile(r"[（(](\d+(?:\.\d+)?)分")
MOST_FACTS, MOST_FORMULA = 60, 8_000
"""Facts of an item, characters of a formula: spreadsheets take little more."""
WORTHS = ("points", "adds", "deducts", "uncounted")
"""The keys of which one says what an item is worth."""
MOST_LABEL = 60
"""Characters of a 填报项: formulas hold texts of 255."""


def _worth(node: Node) -> rules.Worth:
    """points, adds, deducts or uncounted: exactly one of them."""
    given = [key for key in WORTHS if node.has(key)]
    if len(given) != 1:
        words = "".join(dict.fromkeys(node.word(key) for key in WORTHS))
        raise node.error(f"{words}应写且只写一个" if given else f"缺少{words}", "points")
    if node.either(given[0]) == UNLIMITED:
        if given[0] in ("points", "uncounted"):
            raise node.error(f"只有加分、扣分可以写“{UNLIMITED}”", given[0])
        amount = rules.NO_END
    else:
        amount = node.points(given[0])
    if amount <= 0:
        raise node.error(f"{node.word(given[0])}应大于 0", given[0])
    if given[0] in ("adds", "deducts") and node.has("least"):
        node.either("least")
        raise node.error(f"{node.word('least')}只用于分值，加分、扣分的请清空", "least")
    if given[0] == "deducts":
        return rules.Worth(-amount, 0)
    return rules.Worth(_least(node), amount, bonus=given[0] == "adds", counted=given[0] != "uncounted")


def _least(node: Node) -> int:
    """最低分 in cents."""
    if not node.has("least"):
        return 0
    if node.either("least") == UNLIMITED:
        return -rules.NO_END
    least = node.points("least")
    if least > 0:
        raise node.error(f"{node.word('least')}应是 0 或负数", "least")
    return least


def _cell(fact: Fact) -> str:  # noqa: ARG001 - any cell is as long
    return "$I$1000"


class SectionBuilder:
    """Builds a form's items in order: a rule or a condition may look back at the facts of earlier items."""

    def __init__(
        self,
        faults: Faults,
        readings: frozenset[str],
        units: int,
        declarations: Iterable[Fact] = (),
        sections: Sequence[Node] = (),
        looked_at: Collection[str] = (),
        shared: Mapping[str, int] | None = None,
    ) -> None:
        """``units``: of the form; ``shared``: by code, those over which an item of several forms is compared."""
        self.faults = faults
        self.sections = sections
        """All of the form, those to come included."""
        self.looked_at = looked_at
        """Facts that something else than a rule looks at, by folded code and label."""
        self.readings = readings
        """The codes of the scheme's 口径."""
        self.units, self.shared = units, shared or {}
        self.field = units
        """N of the item that is built: so many units are compared in it."""
        self.facts: dict[str, Fact] = {}
        self.marks = {fold(fact.code + fact.label): fact.label for fact in declarations}
        """Labels by what a row of the form is known by."""
        self.titles: set[str] = set()
        self.broken: set[str] = set()
        """Labels and keys of facts that could not be built: what looks for them is no mistake of its own."""
        self.asks_nothing: Node | None = None
        """The item whose rule is built, where it has no facts of its own."""
        self.codes: set[str] = set()
        self.contents: set[str] = set()
        self.labels: list[str] = []
        """Of the item's facts, all of them."""
        self.may_lack: frozenset[str] = frozenset()
        """Labels of the item's facts that its rule goes without where they were left blank."""
        self.applies: Condition | None = None
        """That the item whose facts are built concerns the unit, where it need not."""
        self.method = ""
        self.content = ""
        self.content_code: str | None = ""
        """``section.content`` of the item above; None where its code is wrong."""
        self.worth_of: dict[str, rules.Worth] = {}
        """What the items before are worth, by code, and the sections, by the first number of these."""
        self.number = ""
        """The first number of the section's codes."""
        self.numbers: set[str] = set()
        """Those of the sections before."""
        self.within: rules.Worth | None = None
        """What the section is worth, where that is known."""
        self.worths: list[rules.Worth | None] = []
        """Of the section's items so far."""
        self.shares: list[int | None] = []
        """What each section adds to 满分, in cents times its weight."""

    def section(self, node: Node) -> Section:
        self.method = self.content = ""
        self.content_code = ""
        self.number, self.worths = "", []
        attempt = self.faults.attempt
        worth, weight = attempt(_worth, node), attempt(self.weight, node)
        self.within = worth
        self.shares.append(None if worth is None or weight is None else (not worth.bonus) * worth.high * weight)
        title = attempt(self.title, node)
        nodes = attempt(self.item_nodes, node) or []
        items = self.faults.each(nodes, self.item)
        attempt(node.done)
        if worth and not worth.counted:
            self.faults.found.append(node.fault("“不计”只用于指标，考核项目要写分值、加分或扣分", "uncounted"))
        if title and worth and weight and nodes and None not in self.worths:
            attempt(self.check_sum, node, title, worth, weight)
        self.numbers.add(self.number)
        if worth:
            self.worth_of[self.number] = worth
        if title is None or worth is None or weight is None or not nodes or len(items) < len(nodes):
            raise SchemeError
        return Section(title, worth, items, weight)

    def title(self, node: Node) -> str:
        title = node.text("title")
        if title in self.titles:
            raise node.error(f"考核项目“{title}”重复", "title")
        self.titles.add(title)
        return title

    @staticmethod
    def item_nodes(node: Node) -> list[Node]:
        nodes = node.nodes("items", "指标")
        if not nodes:
            raise node.error(f"考核项目“{node.text('title')}”没有指标")
        return nodes

    def check_sum(self, node: Node, title: str, worth: rules.Worth, weight: int) -> None:
        """The items, the section and, where it says so, the section's title agree on the points."""
        total = sum(each.high for each in self.worths if each and each.counted and not each.bonus)
        if not worth.bonus and worth.high != total:
            raise node.error(
                f"各指标分值合计 {plain(total)}，考核项目的分值却是 {plain(worth.high)}",
                "points" if node.has("points") else "deducts",
                "请改正考核项目的分值，或者其中各指标的分值，使两者相等",
            )
        said = _TITLE_POINTS.search(title)
        amounts = {abs(worth.full) * Percent.whole, abs(worth.full) * weight}
        if said and Decimal(said[1]) * CENT * Percent.whole not in amounts:
            raise node.error(f"标题里写的是 {said[1]} 分，分值却是 {worth.amount}", "title")

    @staticmethod
    def weight(node: Node) -> int:
        """权重 in 1/100 %."""
        if not node.has("weight"):
            return Percent.whole
        weight = Percent().threshold(node, "weight")
        if not 0 < weight <= Percent.whole:
            raise node.error(f"{node.word('weight')}（权重）应大于 0、不超过 100", "weight")
        return weight

    @staticmethod
    def unweighed(node: Node) -> None:
        if node.has("weight"):
            node.either("weight")
            raise node.error("权重只写在考核项目那一行；单个指标加权的，请直接改它的分值", "weight", "请清空这一格")

    def item(self, node: Node) -> Item:
        attempt = self.faults.attempt
        attempt(self.unweighed, node)
        above, self.content_code = self.content_code, None
        code = attempt(self.code, node)
        shared = bool(attempt(node.flag, "shared"))
        self.field = self.shared[code] if shared and code else self.units
        heading = attempt(self.heading, node, code, above)
        worth, text = attempt(_worth, node), attempt(node.text, "text")
        self.worths.append(worth)
        attempt(self.fits, node, worth)
        points_text = attempt(self.points_text, node, worth)
        asks = bool(node.has("facts") and attempt(node.nodes, "facts", "填报项"))
        mode = attempt(self.mode, node, worth)
        claim = self.claim(node, code, asks=asks) if mode else None
        self.applies = concerned(claim) if claim else None
        found = self.item_facts(node, code) if asks else {}
        self.asks_nothing = None if asks else node
        rule = attempt(self.rule, node, worth, found) if code or node.has("rule") else None
        if rule and claim and mode:
            rule = Applying.around(rule, claim, mode, self.field)
        attempt(node.done)
        if code is None or heading is None or worth is None or text is None or points_text is None or rule is None:
            raise SchemeError
        if asks:
            if not found:
                raise SchemeError  # which is told
            self.check_facts(node, rule, found)
        self.check_use(node, worth, rule)
        facts = tuple(fact for fact in found.values() if not isinstance(fact, Computed))
        checks = (fact.check_formula(_cell, _cell) for fact in facts)
        longest = max(map(len, (rule.formula(_cell), *checks)))
        if len(found) > MOST_FACTS or longest > MOST_FORMULA:
            raise node.error("这个指标的填报项、选项或分档太多，表格的公式放不下，请拆成几个指标", "code")
        method, content = heading
        computed = tuple(fact for fact in found.values() if isinstance(fact, Computed))
        facts = (*((claim,) if claim else ()), *facts)
        self.worth_of[code] = worth
        new = node.has("method")
        return Item(code, method, new, content, text, points_text, worth, facts, rule, computed, shared)

    def mode(self, node: Node, worth: rules.Worth | None) -> str:
        """不适用时; empty where it concerns every unit."""
        if not node.has("not_applicable"):
            return ""
        mode = node.text("not_applicable")
        if mode not in MODES:
            word = node.word("not_applicable")
            raise node.error(f"{word}应是{'、'.join(MODES[:-1])}或{MODES[-1]}，现为“{mode}”", "not_applicable")
        if worth and (worth.bonus or worth.takes_off):
            kind = "加分" if worth.bonus else "扣分"
            raise node.error(f"{kind}的指标不发生就是 0 分，不要写“不适用时”", "not_applicable", "请清空这一格")
        if worth and not worth.counted:
            raise node.error("分值不计的指标不要写“不适用时”", "not_applicable", "请清空这一格")
        if mode == MEAN and self.field == 1:
            raise node.error("这张评分表只有一个单位，没有平均分可取", "not_applicable")
        return mode

    def claim(self, node: Node, code: str | None, *, asks: bool) -> Fact:
        """The fact whether the item concerns the unit: for the office to say where the first of the others is."""
        quiet = Faults()
        nodes = (quiet.attempt(node.nodes, "facts", "填报项") or []) if asks else []
        fact = asked_whether(
            code or "?", office=bool(nodes) and quiet.attempt(nodes[0].text, "by", "unit") == "office"
        )
        self.facts[fact.key] = fact
        self.marks[fold(fact.code + fact.label)] = fact.label
        return fact

    def fits(self, node: Node, worth: rules.Worth | None) -> None:
        """A section of 加分 or 扣分 holds nothing else: its bounds would swallow it (K9)."""
        kinds = {(each.bonus, each.high > 0) for each in (worth, self.within) if each}
        if len(kinds) > 1 and self.within and (self.within.bonus or self.within.takes_off):
            kind = "加分" if self.within.bonus else "扣分"
            raise node.error(f"{kind}的考核项目里只能有{kind}的指标", "adds" if worth and worth.bonus else "points")

    @staticmethod
    def points_text(node: Node, worth: rules.Worth | None) -> str:
        """分值 as it is printed, which says no other number than the points."""
        own = f"{plain(worth.high)}分" if worth and worth.high and not worth.bonus else ""
        if worth and not worth.counted:
            own = "不计"
        text = node.text("points_text") if node.has("points_text") else own
        if worth and re.fullmatch(r"\d+(\.\d+)?分", text, re.ASCII) and text != f"{plain(abs(worth.full))}分":
            raise node.error(f"{node.word('points_text')}是“{text}”，分值却是 {worth.amount}", "points_text")
        return text

    def code(self, node: Node) -> str:
        code = node.text("code")
        if not re.fullmatch(r"[1-9]\d*(\.[1-9]\d*){2}", code, re.ASCII):
            raise node.error("指标编号应形如 1.3.2：考核项目、考核内容、行，各是从 1 起的整数", "code")
        if code in self.shared and not node.has("shared"):
            raise node.error(already_shared(code), "code")
        if code in self.codes:
            raise node.error(f"指标编号“{code}”重复", "code")
        self.codes.add(code)
        number = code.partition(".")[0]
        if number in self.numbers:
            raise node.error(f"编号第一段“{number}”是前面另一个考核项目的", "code")
        if self.number not in ("", number):
            raise node.error(f"编号第一段应与同一考核项目的其他指标一样，是“{self.number}”", "code")
        self.number = number
        return code

    def heading(self, node: Node, code: str | None, above: str | None) -> tuple[str, str]:
        """考核方式 and 考核内容, given or going on from the item above, whose ``section.content`` is ``above``."""
        if node.has("method"):
            self.method = node.text("method")
        if node.has("content"):
            self.content = node.text("content")
        own = self.content_code = code.rpartition(".")[0] if code else None
        again, self.contents = own in self.contents, self.contents | {own or ""}
        if not self.method:
            self.method = "？"  # told once, not again for each item that goes on from here
            raise node.error(f"考核项目的第一个指标要写{node.word('method')}", "method")
        if own is None or above is None:
            return self.method, self.content
        word = node.word("content")
        if node.has("content") and own == above:
            raise node.error(f"编号前两段与上一个指标相同，属同一考核内容，{word}只写在第一个指标", "content")
        if not node.has("content") and own != above:
            raise node.error(f"编号前两段与上一个指标不同，是新的考核内容，要写{word}", "content")
        if node.has("content") and again:
            raise node.error("编号前两段相同的指标属同一考核内容，应在同一考核项目中排在一起", "code")
        return self.method, self.content

    def item_facts(self, node: Node, code: str | None) -> dict[str, Fact]:
        """The facts by label, without those that are wrong."""
        found: dict[str, Fact] = {}
        self.labels = [each.text("label", "") for each in node.nodes("facts", "填报项") if each.has("label")]
        self.may_lack = self.lackable(node)
        for each in node.nodes("facts", "填报项"):
            self.add_fact(each, code or "?", node.has("adds"), found)
        return found

    @staticmethod
    def lackable(node: Node) -> frozenset[str]:
        """Labels of the item's facts that may lack."""
        try:
            return rules.may_lack(node.node("rule", "计分规则"))
        except SchemeError:  # which is told when the rule is built
            return frozenset()

    def add_fact(self, node: Node, code: str, bonus: bool, found: dict[str, Fact]) -> None:
        label = self.faults.attempt(node.text, "label")
        if label is None:
            return
        fact = self.faults.attempt(self.fact, node, code, label, bonus, found)
        mark = fold(code + label)
        if label in found:
            self.faults.found.append(node.fault(f"填报项“{label}”重复", "label"))
        elif mark in self.marks:
            reason = f"填报项“{label}”与“{self.marks[mark]}”连同编号只差空格或全半角，读表时分不清"
            self.faults.found.append(node.fault(reason, "label"))
        elif fact is None:
            self.broken |= {f"{code} {label}"}
        else:
            found[label] = self.facts[fact.key] = fact
            self.marks[mark] = label

    def rule(self, node: Node, worth: rules.Worth | None, found: dict[str, Fact]) -> rules.Rule:
        if not node.has("rule"):
            raise node.error(f"指标“{node.text('code')}”没有计分规则", "rule", "请为这个指标写计分规则")
        table, code = node.node("rule", "计分规则"), node.text("code")
        if worth is None:
            raise SchemeError
        rule = rules.build(table, worth, lambda place, key: self.find(place, key, code, found), self.field)
        if any(fact.scored for fact in rule.facts()) and not rule.core.of_scores:
            titles = "、".join(each.title for each in rules.RULES.values() if each.of_scores)
            raise table.error(f"看前面指标的得分，只能用{titles}", "kind")
        for each in rules.tables(table):
            for key in ("reading", "uncovered"):
                if each.has(key) and each.text(key) not in self.readings:
                    raise each.error(f"没有口径“{each.text(key)}”", key)
        return rule

    def check_facts(self, node: Node, rule: rules.Rule, found: dict[str, Fact]) -> None:
        """Every fact is asked for a reason."""
        used = {*rule.facts(), *(part for fact in found.values() for part in getattr(fact, "of", ()))}
        used |= {*asked(rule.facts()), *(each.fact for fact in found.values() for each in fact.conditions)}
        unused = set(found.values()) - used - {fact.limit for fact in found.values()}
        unused = {fact for fact in unused if fold(fact.key) not in self.looked_at}
        for each in node.nodes("facts", "填报项"):
            if each.text("label") in {fact.label for fact in unused}:
                fault = each.fault(f"计分规则没有用到填报项“{each.text('label')}”", "label")
                self.faults.found.append(fault)

    def check_use(self, node: Node, worth: rules.Worth, rule: rules.Rule) -> None:
        """A rule ends where its section asks for it; a 加分 of which nothing is filled brings nothing (K15)."""
        end, within = rule.open_end, self.within
        if end and within and abs(worth.full) < abs(within.full):
            table = node.node("rule", "计分规则")
            most = f"最多{'加' if worth.bonus else '扣'} {plain(abs(worth.full))} 分"
            raise table.error(f"这个指标{most}，规则没有写{table.word(end)}，会超过", end, f"请写{table.word(end)}")
        if not worth.bonus or rule.among_units or not all(fact.bonus for fact in rule.facts()):
            return
        facts = (*rule.facts(), *(each.fact for fact in rule.facts() for each in fact.conditions))
        blank: dict[str, Any] = {fact.key: fact.kind.nothing() for fact in facts}
        score = int(rule.score(rules.Columns(blank, {})))  # a rule's arithmetic is the same for one number
        if score:
            raise node.error(
                f"加分项可以不填，都不填应得 0 分，现得 {plain(score)} 分（不填的数算 0，不填的选项算最后一项）",
                "rule",
            )

    def find(self, node: Node, key: str, code: str, found: dict[str, Fact]) -> Fact:
        """The fact that a key names: by its label in the same item, or by code and label in an earlier one."""
        return self.named(node, key, node.text(key), code, found)

    def named(self, node: Node, key: str, name: str, code: str, found: dict[str, Fact]) -> Fact:
        """The same of one of several names under a key."""
        fact = found.get(name) or self.facts.get(name)
        if fact:
            return fact
        if is_meant(name):
            return subtotal(node, key, name, code, self.worth_of)
        if {name, f"{code} {name}"} & self.broken:
            raise SchemeError
        if alike := [f"“{fact.key}”" for fact in self.facts.values() if fact.label == name]:
            which = f"请写{alike[0]}" if len(alike) == 1 else "请写是哪一个"
            raise node.error(f"本指标没有填报项“{name}”，{'、'.join(alike)}有；{which}", key)
        if later := self.later(name):
            reason = f"“{later}”在后面，只能取用前面指标的填报项；请把它移到 {code}，后面的再取用"
            raise node.error(reason, key)
        if self.asks_nothing:
            reason = (
                f"指标 {code} 没有填报项，规则也没有取用前面的填报项："
                "请在“填报项”里为它写一行，或在规则里写“编号 填报项”"
            )
            raise self.asks_nothing.error(reason, "facts")
        raise node.error(
            f"前面没有填报项“{name}”",
            key,
            "请写本指标的填报项名称；前面其他指标的，写“编号 填报项”，如“1.1.1 应办件数”",
        )

    def later(self, name: str) -> str:
        """The key of a fact of an item still to come that a name means; empty where there is none."""
        quiet = Faults()
        for section in self.sections:
            for item in quiet.attempt(section.nodes, "items", "指标") or ():
                code = quiet.attempt(item.text, "code")
                asked = quiet.attempt(item.nodes, "facts", "填报项") if item.has("facts") else None
                labels = [quiet.attempt(each.text, "label") for each in asked or ()]
                keys = [f"{code} {label}" for label in labels if code not in self.codes and label]
                if found := next((key for key in keys if name in (key, key.partition(" ")[2])), ""):
                    return found
        return ""

    def fact(self, node: Node, code: str, label: str, bonus: bool, found: dict[str, Fact]) -> Fact:
        if '"' in label or "\n" in label or len(label) > MOST_LABEL:
            raise node.error(f"填报项最多 {MOST_LABEL} 个字，没有换行和半角双引号", "label")
        if node.has("how") or node.has("of"):
            return self.computed(node, code, label, bonus, found)
        name = node.text("kind")
        if name not in KINDS:
            raise node.error(f"没有“{name}”这种填报项，可用的有：{'、'.join(KINDS)}", "kind")
        by = node.text("by", "unit")
        if by not in ("unit", "office"):
            raise node.error(f"{node.word('by')}应是 unit 或 office，现为“{by}”", "by")
        kind = KINDS[name].from_node(node)
        fact = Fact(
            code,
            label,
            kind,
            by == "office",
            node.flag("adverse"),
            bonus,
            node.text("hint", ""),
            filled(self.find(node, "at_most", code, found), node, "at_most") if node.has("at_most") else None,
            self.condition(node.node("only_with", "only_with"), code, found) if node.has("only_with") else None,
            label in self.may_lack,
            self.applies,
        )
        if fact.limit and not (name in ("次数", "数值") and fact.limit.kind.name == name):
            word = node.word("at_most")
            raise node.error(
                f"{word}只用于两个次数或两个数值之间，“{fact.limit.label}”是{fact.limit.kind.name}", "at_most"
            )
        if fact.adverse and not (fact.office and name == "次数"):
            raise node.error(f"{node.word('adverse')}只用于考核办掌握的次数", "adverse")
        node.done()
        return fact

    def computed(self, node: Node, code: str, label: str, bonus: bool, found: dict[str, Fact]) -> Computed:
        """A fact that is computed from others, all of which stand before it."""
        way = node.text("how")
        if way not in WAYS:
            raise node.error(f"{node.word('how')}应是{'、'.join(WAYS)}，现为“{way}”", "how")
        names = node.texts("of") if node.has("of") else ()
        if len(names) < 2 or (way in OF_TWO and len(names) > 2):  # noqa: PLR2004 - just two
            many = "两个" if way in OF_TWO else "两个以上"
            raise node.error(f"“{way}”要在{node.word('of')}写{many}填报项", "of")
        if bonus:
            raise node.error("加分的指标不用推算的填报项", "how")
        later = next((name for name in names if name in self.labels and name not in found), "")
        if later and f"{code} {later}" not in self.broken:
            raise node.error(f"“{label}”取用了后面的“{later}”，只能取用前面的", "of")
        of = tuple(self.named(node, "of", name, code, found) for name in names)
        kind = kind_of(node, way, of)
        fact = Computed(code, label, kind, hint=node.text("hint", ""), way=way, of=of)
        node.done()
        return fact

    def condition(self, node: Node, code: str, found: dict[str, Fact]) -> Condition:
        fact = filled(self.find(node, "fact", code, found), node, "fact")
        if fact.only_with:
            raise node.error(f"“{fact.label}”自己也不总要填写，不能作条件", "fact")
        options: tuple[str, ...] = getattr(fact.kind, "options", ())
        if options:
            option = node.text("is")
            if option not in options:
                raise node.error(f"“{option}”不是“{fact.label}”的选项", "is")
            condition = Condition(fact, equals=options.index(option))
            if fact.bonus and condition.equals == fact.kind.nothing():
                raise node.error(f"加分项的“{fact.label}”不填时算“{option}”，不能以它为条件", "is")
        else:
            condition = Condition(fact, above=fact.kind.threshold(node, "above"))
        node.done()
        return condition

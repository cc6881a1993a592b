"""parts: several rules in one item, each a part of the sum, within one floor and one cap."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from msgspec.structs import replace

from assess_xlsx.amounts import CENT, Exact, bounded, plain, two_places, wide
from assess_xlsx.scheme.answer_kinds import Choice
from assess_xlsx.scheme.rules.base import RANKED, Doubt, Quotient, Rule, Worth
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, FROM, OPTION, POINTS, Example, Line, Shape
from assess_xlsx.scheme.rules.single import SINGLE, made, named
from assess_xlsx.scheme.rules.when import When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node

T = TypeVar("T", int, Fraction)

SUM, HIGHEST, LOWEST = "合计", "取最高", "取最低"


class Parts(Rule, frozen=True):
    """parts: a start and the sum of the parts, or the highest or lowest of them; 0 where a gate says so.

    The parts are exact, and the item is rounded once.
    """

    kind: ClassVar[str] = "parts"
    title: ClassVar[str] = "合计"
    purpose: ClassVar[str] = (
        "一个指标有几条记分办法的，如“每少1次扣1分，资料每缺1份扣0.1分，酌情扣0—1分，未公示不得分”：把每一条写成一个分项，"
        "“分项”一栏写 1、2……，号码相同的几行是一个分项，各用自己的规则；“合计”（分项留空）写起始分、最低分、封顶等。"
        "得分是起始分加各分项，最后四舍五入一次。扣分的分项，分数写负数；按比例、功效系数、按名次、与最优值之比、定额、直接评分的分项，"
        "在第一行的“分数”写这个分项最多加（扣）几分。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line("起始分", "start", "从几分开始加减：扣分的写满分；加分的写 0，或者不写。", cells={POINTS: ""}),
        Line("最低分", "floor", "扣到几分为止；各分项会扣到 0 以下的都要写，一般写 0。", cells={POINTS: ""}),
        Line("封顶", "cap", "加到几分为止；各分项加起来会超过分值的都要写。", cells={POINTS: ""}),
        Line(
            "取法",
            "take",
            "“选项”写“合计”（不写就是这样）、“取最高”（只算最高的一个分项，如“按最高项计分，不重复加分”）或“取最低”。",
            cells={OPTION: ""},
        ),
        Line(
            "不得分",
            "zero",
            "“填报项”选了“选项”所写的一项，或者达到“达到”所写的数，整个指标记 0 分；几行中有一行就算。",
            cells={FACT: "fact", OPTION: "is", FROM: "at_least"},
            shape=Shape.LIST,
        ),
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "应开展督导4次，每少1次扣1分；资料每缺1份扣0.1分；资料不齐的酌情扣0—1分；未公示的不得分。",
        {
            "points": 4,
            "facts": [
                {"label": "督导次数", "kind": "次数", "measure": "次"},
                {"label": "缺资料份数", "kind": "次数", "measure": "份"},
                {"label": "酌情扣分", "kind": "分值", "most": 1, "by": "office"},
                {"label": "未公示", "kind": "是否"},
            ],
            "rule": {
                "kind": "parts",
                "start": 4,
                "floor": 0,
                "zero": [{"fact": "未公示", "is": "是"}],
                "parts": [
                    {"kind": "linear", "terms": [{"fact": "督导次数", "short_of": 4, "step": -1}]},
                    {"kind": "linear", "terms": [{"fact": "缺资料份数", "step": -0.1}]},
                    {"kind": "direct", "fact": "酌情扣分", "points": -1},
                ],
            },
        },
        {"督导次数": 3, "缺资料份数": 2, "酌情扣分": 0.5, "未公示": "否"},
    )
    start: int
    parts: tuple[Rule, ...]
    take: str
    floor: int | None
    cap: int | None
    gates: tuple[When, ...]

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Parts:
        tables = node.nodes("parts", "分项")
        if len(tables) == 1:
            raise tables[0].error("只有一个分项，不用写分项", "kind", "请清空“分项”，或者写出其他分项")
        start = node.points("start") if node.has("start") else 0
        floor = node.points("floor") if node.has("floor") else worth.own_floor
        cap = node.points("cap") if node.has("cap") else None
        take = node.text("take", SUM)
        if take not in (SUM, HIGHEST, LOWEST):
            raise node.error(f"{node.word('take')}应是“{SUM}”“{HIGHEST}”或“{LOWEST}”，现为“{take}”", "take")
        gates = tuple(When.from_node(each, find) for each in node.nodes("zero", "不得分")) if node.has("zero") else ()
        full = start == worth.high and cap is None  # nothing can be added any more
        about = Worth(-worth.high, 0, worth.bonus) if full and worth.high else worth
        parts = tuple(_part(table, about, find, field) for table in tables)
        rule = cls(worth, node.text("reading", ""), start, parts, take, floor, cap, gates)
        rule.check(node)
        return rule

    def check(self, node: Node) -> None:
        """The parts reach just what the item is worth, or floor and cap see to it; the section bounds the others."""
        (low, high), (least, most) = self.reach_of_parts(), (self.worth.low, self.worth.high)
        if self.cap is not None and not 0 < self.cap <= most and not self.worth.takes_off:
            raise node.error(f"{node.word('cap')}应大于 0、不超过 {plain(most)}", "cap")
        if self.floor is not None and not least <= self.floor < most + (most == 0):
            raise node.error(f"{node.word('floor')}应{self.worth.from_low}小于 {plain(most)}", "floor")
        reached = high if self.cap is None else min(high, self.cap)
        if reached < most and not self.worth.endless:
            raise node.error(f"各分项加起来最多 {plain(reached)} 分，分值却是 {plain(most)}", "parts")
        if high > most and self.cap is None and not self.worth.bonus:
            raise node.error(f"各分项加起来会超过 {plain(most)} 分，请写封顶", "parts", "请在“合计”写“封顶”")
        if low < least and self.floor is None and least == 0:
            raise node.error(f"各分项会扣到 {plain(least)} 以下，请写最低分", "parts", "请在“合计”写“最低分”")
        if low > least and self.worth.takes_off and not self.worth.endless:
            raise node.error(f"各分项加起来最多扣 {plain(-low)} 分，分值却是扣 {plain(-least)} 分", "parts")

    def reach_of_parts(self) -> tuple[int, int]:
        """The least and the most that start and parts come to, before floor and cap."""
        lows, highs = zip(*(part.reach() for part in self.parts), strict=True)
        return self.start + sum(self._taken(lows)), self.start + sum(self._taken(highs))

    def _taken(self, amounts: Sequence[T]) -> Sequence[T]:
        """Those that count: all of them, or one."""
        if self.take == SUM:
            return amounts
        return [max(amounts) if self.take == HIGHEST else min(amounts)]

    @property
    def readings(self) -> tuple[str, ...]:
        own = (self.reading, *(code for part in self.parts for code in part.readings))
        return tuple(dict.fromkeys(code for code in own if code))

    @property
    def inside(self) -> tuple[Rule, ...]:
        return self.parts

    @property
    def among_units(self) -> bool:
        return any(part.among_units for part in self.parts)

    def among(self, field: int) -> Parts:
        return replace(self, parts=tuple(part.among(field) for part in self.parts))

    @property
    def open_end(self) -> str:
        low, high = self.reach_of_parts()
        if self.worth.bonus and self.cap is None and high > self.worth.high:
            return "cap"
        return "floor" if self.worth.takes_off and self.floor is None and low < self.worth.low else ""

    def facts(self) -> tuple[Fact, ...]:
        used = (fact for part in self.parts for fact in part.facts())
        return tuple(dict.fromkeys((*used, *(gate.fact for gate in self.gates))))

    def compared_facts(self) -> tuple[Fact, ...]:
        return tuple(dict.fromkeys(fact for part in self.parts for fact in part.compared_facts()))

    def one_of(self) -> tuple[tuple[Fact, ...], ...]:
        return tuple(group for part in self.parts for group in part.one_of())

    def taken_off(self) -> tuple[Fact, ...]:
        return tuple(fact for part in self.parts for fact in part.taken_off())

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        if isinstance(fact.kind, Choice):
            return fact.kind.extremes()  # which are all that it may be
        moved = {fact.key, *((fact.limit.key,) if fact.limit else ())}  # a limit is raised with what it limits (K17)
        users = [
            part
            for part in self.parts
            if any(moved & {used.key, *((used.limit.key,) if used.limit else ())} for used in part.facts())
        ]
        if len(users) > 1:
            return None
        turns = users[0].turns(fact) if users else fact.kind.extremes()
        if turns is None:
            return None
        return (*turns, *(edge for gate in self.gates if gate.fact.key in moved for edge in gate.edges()))

    def formula(self, ref: Ref) -> str:
        if self.among_units:
            return f'"{RANKED}"'
        sum_, bottom = self._quotient(ref)
        return self._gated(ref, f"ROUND(({sum_})/({bottom}),0)/{CENT}" if bottom else f"({sum_})/{CENT}")

    def exact_formula(self, ref: Ref) -> Quotient:
        if self.among_units:
            return Quotient(self.formula(ref))
        sum_, bottom = self._quotient(ref)
        return Quotient(self._gated(ref, sum_), bottom and f"({bottom})")

    def _gated(self, ref: Ref, formula: str) -> str:
        """0 where a gate says so."""
        gates = [gate.formula(ref) for gate in self.gates]
        test = gates[0] if len(gates) == 1 else f"OR({','.join(gates)})"
        return f"IF({test},0,{formula})" if gates else formula

    def _quotient(self, ref: Ref) -> Quotient:
        """Start and parts within floor and cap."""
        quotients = [part.exact_formula(ref) for part in self.parts]
        bottoms = [quotient.bottom for quotient in quotients if quotient.bottom]
        terms = []
        for place, quotient in enumerate(quotients):
            others = [each.bottom for other, each in enumerate(quotients) if each.bottom and other != place]
            terms.append("*".join((f"({quotient.top})", *others)))
        chooses = {HIGHEST: "MAX", LOWEST: "MIN"}
        sum_ = f"{chooses[self.take]}({','.join(terms)})" if self.take in chooses else "+".join(terms)

        def scaled(amount: int) -> str:
            return "*".join((str(amount), *bottoms))

        sum_ = f"{scaled(self.start)}+{sum_}" if self.start else sum_
        sum_ = f"MAX({scaled(self.floor)},{sum_})" if self.floor is not None else sum_
        sum_ = f"MIN({scaled(self.cap)},{sum_})" if self.cap is not None else sum_
        return Quotient(sum_, "*".join(bottoms))

    def exact(self, values: Columns) -> Exact:
        return self._sum(values, [part.exact(values) for part in self.parts])

    def _sum(self, values: Columns, amounts: Sequence[Exact]) -> Exact:
        """The item's score from those of its parts."""
        sum_, whole = self._common(amounts)
        low, high = (None if end is None else end * whole for end in (self.floor, self.cap))
        sum_ = bounded(sum_, low, high)
        for gate in self.gates:
            sum_ = sum_ * (gate.holds(values) == 0)
        return Exact(sum_, whole)

    def _common(self, amounts: Sequence[Exact]) -> tuple[Any, Any]:
        """Start and parts before floor and cap, over their common denominator."""
        wholes = [wide(each.whole) for each in amounts if each.divided]
        whole = prod(wholes)
        sums = [
            wide(each.part) * each.amount * (whole // wide(each.whole)) if wholes else each.part * each.amount
            for each in amounts
        ]
        taken = sums[0]
        for each in sums[1:]:
            if self.take == SUM:
                taken = taken + each
            else:
                taken = taken + ((each > taken) == (self.take == HIGHEST)) * (each - taken)
        return taken + self.start * whole, whole

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:
        ends: tuple[list[Exact], list[Exact]] = ([], [])
        for part in self.parts:
            amount = part.exact(values)
            if not part.among_units:
                ends[0].append(amount)
                ends[1].append(amount)
                continue
            slack = int(amount.divided)  # what is compared is rounded, the part in the sum is not
            for end, found, sign in zip(ends, part.compared(values, unknown), (-1, 1), strict=True):
                end.append(Exact(found + sign * slack))
        low, high = (self._sum(values, amounts).rounded() for amounts in ends)
        scores = self.score(values)
        known = unknown == 0
        return low + known * (scores - low), high + known * (scores - high)

    def doubt(self, values: Columns) -> Doubt | None:
        doubts = [part.doubt(values) for part in self.parts]
        found = [doubt for doubt in doubts if doubt]
        if not found:
            return None
        units = found[0].units
        for doubt in found[1:]:
            units = units | doubt.units
        amounts = [part.exact(values) for part in self.parts]
        pairs = list(zip(amounts, doubts, strict=True))
        lows = [each.where(doubt.units == 0, doubt.low) if doubt else each for each, doubt in pairs]
        highs = [each.where(doubt.units == 0, doubt.high) if doubt else each for each, doubt in pairs]
        low, high = (self._sum(values, ends).rounded() for ends in (lows, highs))
        for gate in self.gates:
            units = units & (gate.holds(values) == 0)
        return Doubt(units, low, high, found[0].reading, found[0].silent)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        amounts = [part.exact(values) for part in self.parts]
        said = [part.explain(values, each.rounded()) for part, each in zip(self.parts, amounts, strict=True)]
        numbers = [each.fractions() for each in amounts]
        gated = [(gate, values[gate.fact.key].tolist(), gate.holds(values).tolist()) for gate in self.gates]
        found = []
        for row, score in enumerate(scores.tolist()):
            gate = next((gate.told(known[row]) for gate, known, holds in gated if holds[row]), "")
            if gate:
                found.append(f"{gate}，不得分，{self.worth.told(score)}{self.cited}")
                continue
            parts = "；".join(f"{number}. {each[row]}" for number, each in enumerate(said, 1))
            found.append(f"{parts}；{self._told([each[row] for each in numbers], score)}{self.cited}")
        return found

    def _told(self, amounts: Sequence[Fraction], score: int) -> str:
        """``合计 4 − 1 − 0.2 = 2.80``, or what cuts it short."""
        taken = self._taken(amounts)
        terms = [Fraction(self.start), *taken] if self.start else taken
        sum_ = sum(terms, Fraction(0))
        words = _points(terms[0]).replace("-", "−")
        words += "".join(f" {'−' if each < 0 else '+'} {_points(abs(each))}" for each in terms[1:])
        cut = self.floor is not None and sum_ < self.floor, self.cap is not None and sum_ > self.cap
        if any(cut):
            said = self.worth.stopped(self.floor or 0) if cut[0] else "封顶"
            return f"{self.take} {words}，{said}，{self.worth.told(score)}"
        return f"{self.take} {words} = {two_places(score)}"


def _part(node: Node, item: Worth, find: Find, field: int) -> Rule:
    kind = named(node, SINGLE)
    return made(kind, node, kind.part_worth(node, item, find), find, field)


def _points(cents: Fraction) -> str:
    """Points in a sum: ``0.2``; ``27/14`` where two decimals are not all of it."""
    return plain(cents.numerator) if cents.denominator == 1 else str(cents / CENT)

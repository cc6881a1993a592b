"""linear: a start and steps for what is counted, with floor, cap and “zero if” (K3, K6, K8)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from assess_xlsx.amounts import CENT, LARGEST, Exact, bounded, plain, two_places
from assess_xlsx.scheme.answer_kinds import MOST as MOST_NUMBER
from assess_xlsx.scheme.answer_kinds import Choice, Count, Number, Percent
from assess_xlsx.scheme.rules.base import NO_END, Rule, Worth, by_option, pick, scores_by_option, told
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import BELOW, FACT, FROM, MOST, OPTION, POINTS, Example, Line, Shape
from assess_xlsx.scheme.rules.measure import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node


class Term(Struct, frozen=True):
    """A step (cents) for every ``per`` of a fact: as it is, short of a number, or once when it has a value."""

    fact: Fact
    step: int
    per: int = 1
    """In the fact's scale."""
    short_of: int | None = None
    equals: int | None = None
    at_most: int | None = None

    @classmethod
    def from_node(cls, node: Node, find: Find) -> Term:
        fact, equals = find(node, "fact"), None
        if isinstance(fact.kind, Choice):
            if not node.has("is"):
                raise node.error(f"“{fact.label}”是选项，不是次数，请用“选中”", "fact")
            option = node.text("is")
            if option not in fact.kind.options:
                raise node.error(f"“{option}”不是“{fact.label}”的选项", "is")
            equals = fact.kind.options.index(option)
        else:
            cls._check_counted(node, fact)
        limits: dict[str, int | None] = {"short_of": None, "at_most": None}
        for key in limits if equals is None else ():
            if node.has(key):
                limits[key] = limit = node.whole(key)
                if limit <= 0:
                    raise node.error(f"{node.word(key)}应大于 0", key)
        step, per = node.points("step"), fact.kind.scale
        if equals is None and node.has("per"):
            per = fact.kind.threshold(node, "per")
            if per <= 0 or MOST_NUMBER * fact.kind.scale // per * abs(step) > LARGEST:
                raise node.error(f"{node.word('per')}（每满多少）应大于 0，也不能太小", "per")
        term = cls(fact, step, per, limits["short_of"], equals, limits["at_most"])
        node.done()
        return term

    @staticmethod
    def _of_times(fact: Fact) -> bool:
        """It is a number of times, or computed from such numbers."""
        return all(isinstance(each.kind, Count) for each in fact.parts)

    @classmethod
    def _check_counted(cls, node: Node, fact: Fact) -> None:
        """What is counted is a number of times, or measured; never a percentage."""
        if isinstance(fact.kind, Percent):
            reason = f"“{fact.label}”是百分比，不能逐次加减分"
            raise node.error(reason, "fact", "每低（高）多少扣几分的，请改用“差额计分”")
        if not isinstance(fact.kind, Count | Number) or (node.has("short_of") and not cls._of_times(fact)):
            raise node.error(f"“{fact.label}”不是次数，不能逐次加减分", "fact")
        for key in ("short_of", "at_most", "per"):
            if node.has(key) and str(node.either(key)).endswith("%"):
                reason = f"逐次加减数的是次数，不是百分比；“{fact.label}”是百分比的请改用“差额计分”"
                raise node.error(reason, key)

    def formula(self, ref: Ref) -> str:
        if self.equals is not None:
            return f"IF({self.fact.chosen(self.equals, ref)},1,0)"
        if not self.fact.filled:
            return self._computed_formula(ref)
        count = self.fact.operand(ref)
        if self.short_of is not None:
            count = f"MAX(0,{self.short_of}-{count})"
        if self.fact.kind.scale > 1:  # whole steps: no binary fraction decides what is full
            count = f"INT(ROUND({self.fact.kind.scale}*{count},0)/{self.per})"
        elif self.per > 1:
            count = f"INT({count}/{self.per})"
        if self.fact.below_zero:
            count = f"MAX(0,{count})"
        return count if self.at_most is None else f"MIN({self.at_most},{count})"

    def _computed_formula(self, ref: Ref) -> str:
        """The count of a fact that nobody fills in: whole numbers are divided, so no binary fraction decides."""
        top, bottom = self.fact.quotient(ref)
        if self.short_of is not None:
            goal = self.short_of * self.fact.kind.scale
            top = f"({goal if bottom == '1' else f'{goal}*{bottom}'}-{top})"
        whole = str(self.per) if bottom == "1" else f"({bottom}*{self.per})"
        count = f"MAX(0,INT({top}/{whole}))"
        if tests := self.fact.tests(ref):
            count = f"IF(AND({','.join(tests)}),{count},0)"
        return f"MIN({MOST_NUMBER if self.at_most is None else self.at_most},{count})"

    def count(self, values: Columns) -> Column:
        numbers = values[self.fact.key]
        if self.equals is not None:
            chosen: Column = (numbers == self.equals) * 1
            return chosen
        if self.short_of is not None:
            numbers = self.short_of * self.fact.kind.scale - numbers
        counts = bounded(bounded(numbers, 0, None) // self.per, None, self.at_most)
        if self.fact.filled:
            return counts
        most = bounded(counts, None, MOST_NUMBER).tolist()  # whole numbers in a column of fractions
        known = column([int(each) for each in most], values[self.fact.parts[0].key])
        nothing = values.nothing.get(self.fact.key)
        return known if nothing is None else bounded(known, None, MOST_NUMBER * (nothing == 0))

    def most(self) -> int:
        """The largest count."""
        ends = [1] if self.equals is not None else [self.at_most] if self.at_most is not None else []
        ends += [] if self.short_of is None else [self.short_of * self.fact.kind.scale // self.per]
        return min(ends, default=NO_END)

    def told(self, value: int, count: int, parts: Sequence[int]) -> str:
        """``0.5 × 环境卫生违规次数 3``; ``0.5 × 2（收件数 13件，每满5件）`` where the count is not the figure.

        ``parts``: the figures from which the value is computed, where nobody fills it in.
        """
        kind, step, notes = self.fact.kind, plain(abs(self.step)), []
        if self.equals is not None:
            return f"{step} × {count}（{self.fact.chose(value)}）"
        if self.short_of is not None:
            notes.append(f"少于{self.short_of}{kind.unit()}的部分")
        if self.per > 1 and not (self.per == kind.scale and self._of_times(self.fact)):
            notes.append(f"每满{kind.show(self.per)}")
        if self.at_most is not None:
            notes.append(f"最多计{self.at_most}次")
        if parts:
            figures = zip(self.fact.parts, parts, strict=True)
            notes.append("、".join(f"{fact.label} {fact.kind.show(figure)}" for fact, figure in figures))
        if notes:
            return f"{step} × {count}（{'，'.join([f'{self.fact.label} {kind.show(value)}', *notes])}）"
        return f"{step} × {self.fact.label} {count}"


class Linear(Rule, frozen=True):
    """linear: a start (fixed or by choice), a step a fact, floor, cap, “zero if” (K3, K6, K8)."""

    kind: ClassVar[str] = "linear"
    title: ClassVar[str] = "逐次加减"
    purpose: ClassVar[str] = (
        "从起始分开始，每有一次（或每满多少）加或减几分，如“每出现一次扣0.5分，扣完为止”“每承担1项记1分，5分封顶”。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line("起始分", "start", "从几分开始加减：扣分的写满分，加分的写 0。", cells={POINTS: ""}),
        Line(
            "起始分（按选项）",
            "start",
            "起始分由一个选项决定的，一个选项一行；写了这种行就不写“起始分”。",
            shared={FACT: "fact"},
            shape=Shape.BY_OPTION,
        ),
        Line(
            "每次",
            "terms",
            "“填报项”的次数每有一次，加“分数”所写的分，扣分的写负数；“达到”可写每满多少算一次，如“每满5件加1分”写 5，"
            "数值也可以，如“每满1000万元加0.5分”写 1000；“至多”可写最多计几次。",
            cells={FACT: "fact", FROM: "per", POINTS: "step", MOST: "at_most"},
            shape=Shape.LIST,
        ),
        Line(
            "每少一次",
            "terms",
            "“填报项”的次数应达到“不足”所写的次数，每少一次加“分数”所写的分（扣分的写负数）；“达到”“至多”同上。",
            cells={FACT: "fact", BELOW: "short_of", FROM: "per", POINTS: "step", MOST: "at_most"},
            shape=Shape.LIST,
        ),
        Line(
            "选中",
            "terms",
            "“填报项”选了“选项”所写的一项，加“分数”所写的分（扣分的写负数）。",
            cells={FACT: "fact", OPTION: "is", POINTS: "step"},
            shape=Shape.LIST,
            must=OPTION,
        ),
        Line(
            "最低分",
            "floor",
            "扣到几分为止；有扣分的都要写，一般写 0；扣分项写负数，不写就由考核项目的上限管。",
            cells={POINTS: ""},
        ),
        Line("封顶", "cap", "加到几分为止；有加分的都要写；加分项不写的，由考核项目的上限管。", cells={POINTS: ""}),
        Line(
            "归零",
            "zero_if",
            "“填报项”的次数达到“达到”所写的次数，整个指标记 0 分。",
            cells={FACT: "fact", FROM: "at_least"},
        ),
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "群众投诉每次扣1分，扣完为止；有查证属实的不记分。",
        {
            "points": 4,
            "facts": [
                {"label": "群众投诉次数", "kind": "次数", "measure": "次"},
                {"label": "查证属实次数", "kind": "次数", "measure": "次", "at_most": "群众投诉次数"},
            ],
            "rule": {
                "kind": "linear",
                "start": 4,
                "terms": [{"fact": "群众投诉次数", "step": -1}],
                "floor": 0,
                "zero_if": {"fact": "查证属实次数", "at_least": 1},
            },
        },
        {"群众投诉次数": 3, "查证属实次数": 0},
    )
    part_points: ClassVar[bool] = False
    start: int
    start_fact: Fact | None
    start_scores: tuple[int, ...]
    terms: tuple[Term, ...]
    floor: int | None
    cap: int | None
    zero_fact: Fact | None
    zero_from: int

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Linear:  # noqa: ARG003
        start, start_fact = 0, None
        start_scores: tuple[int, ...] = ()
        if node.has("start") and isinstance(node.either("start"), dict):
            table = node.node("start", "start")
            start_fact = find(table, "fact")
            start_scores = scores_by_option(table, start_fact)
            table.done()
        elif node.has("start") or not worth.part:
            start = node.points("start")
        zero_fact, zero_from = None, 0
        if node.has("zero_if"):
            table = node.node("zero_if", "zero_if")
            zero_fact, zero_from = find(table, "fact"), table.whole("at_least")
            if not isinstance(zero_fact.kind, Count) or zero_from < 1:
                raise table.error(f"归零的填报项应是次数，{table.word('at_least')}应大于 0", "at_least")
            table.done()
        nodes = node.nodes("terms", "terms")
        rule = cls(
            worth,
            node.text("reading", ""),
            start,
            start_fact,
            start_scores,
            tuple(Term.from_node(term, find) for term in nodes),
            node.points("floor") if node.has("floor") else worth.own_floor,
            node.points("cap") if node.has("cap") else None,
            zero_fact,
            zero_from,
        )
        rule.check(node, nodes)
        return rule

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:  # noqa: ARG003
        """A part goes on as far as its lines do; which way, they tell."""
        steps = [each.points("step") for each in node.nodes("terms", "terms")]
        by_option = node.has("start") and isinstance(node.either("start"), dict)
        start = node.points("start") if node.has("start") and not by_option else 0
        rises = by_option or start > 0 or max(steps, default=0) > 0
        return Worth.of_part(item, NO_END * rises, -NO_END * (min(steps, default=0) < 0))

    def check(self, node: Node, terms: Sequence[Node]) -> None:
        """An item with points of its own reaches them and stays within them (K8); the section bounds the others."""
        if not self.terms:
            raise node.error("至少要有一行“每次”“每少一次”或“选中”", "terms")
        own_ends = not self.worth.part  # the item bounds its parts
        for place, (term, table) in enumerate(zip(self.terms, terms, strict=True)):
            if term in self.terms[:place]:
                raise table.error("与上面的一行完全相同，会算两次", "fact", "请删去一行")
            if own_ends and term.step > 0 and self.cap is None and not self.worth.bonus:
                raise table.error(f"逐次加分的规则要写{node.word('cap')}；是扣分的，分数要写负数", "step")
        if own_ends and self._goes(-1) and self.floor is None and self.worth.low == 0:
            raise node.error(f"逐次扣分的规则要写{node.word('floor')}（扣到多少为止）", "floor")
        given = [amount for amount in (self.start, *self.start_scores, self.floor, self.cap) if amount is not None]
        if min(given) < self.worth.low or max(given) > self.worth.high:
            raise node.error(f"起始分、最低分、封顶应在 {self.worth.between} 之间", "start")
        if own_ends and not (self.worth.takes_off or self.worth.bonus):
            self._check_top(node)

    def _check_top(self, node: Node) -> None:
        rising, falling = self._goes(1), self._goes(-1)
        top = self.cap if rising and self.cap is not None else max(self.start, *self.start_scores, 0)
        if top != self.worth.high:
            raise node.error(f"规则的最高分是 {plain(top)}，分值却是 {plain(self.worth.high)}", "start")
        reach = self.reach()[1]
        if reach < top:
            raise node.error(f"各行加起来最多只有 {plain(reach)} 分，到不了 {plain(top)}", "terms")
        if falling and not rising and self.floor is not None and self.floor >= top:
            raise node.error(f"{node.word('floor')}不低于起始分，等于不扣分", "floor")

    def reach(self) -> tuple[int, int]:
        starts = self.start_scores or (self.start,)
        counts = [(term.step, term.most()) for term in self.terms]
        low = min(starts) + sum(step * most for step, most in counts if step < 0)
        high = max(starts) + sum(step * most for step, most in counts if step > 0)
        if self.zero_fact:
            low, high = min(low, 0), max(high, 0)
        return bounded(low, self.floor, self.cap), bounded(high, self.floor, self.cap)

    def _goes(self, sign: int) -> bool:
        return any(sign * term.step > 0 for term in self.terms)

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        alike = {fact.key, *((fact.limit.key,) if fact.limit else ())}  # a limit is raised with what it limits (K17)
        ways = {
            (term.step > 0) == (term.short_of is None)
            for term in self.terms
            if term.equals is None
            and (term.fact.key in alike or (term.fact.limit and term.fact.limit.key == fact.key))
        }
        if len(ways) > 1:
            return None
        edges = (self.zero_from - 1, self.zero_from) if self.zero_fact else ()
        return (*fact.kind.extremes(), *(edge for edge in edges if fact == self.zero_fact))

    @property
    def open_end(self) -> str:
        if self.worth.bonus and self.cap is None and self._goes(1):
            return "cap"
        return "floor" if self.worth.takes_off and self.floor is None and self._goes(-1) else ""

    def facts(self) -> tuple[Fact, ...]:
        ends = (fact for fact in (self.start_fact, self.zero_fact) if fact)
        return tuple(dict.fromkeys((*ends, *(term.fact for term in self.terms))))

    def formula(self, ref: Ref) -> str:
        sum_ = pick(self.start_fact, self.start_scores, ref) if self.start_fact else plain(self.start)
        for term in self.terms:
            size = "" if abs(term.step) == CENT else f"{plain(abs(term.step))}*"
            sum_ += f"{'-' if term.step < 0 else '+'}{size}{term.formula(ref)}"
        if not (self.start or self.start_fact):
            sum_ = sum_.removeprefix("0").removeprefix("+")
        if self.floor is not None:
            sum_ = f"MAX({plain(self.floor)},{sum_})"
        if self.cap is not None:
            sum_ = f"MIN({plain(self.cap)},{sum_})"
        if self.zero_fact:
            sum_ = f"IF({self.zero_fact.operand(ref)}>={self.zero_from},0,{sum_})"
        steps = (self.start, *self.start_scores, *(term.step for term in self.terms))
        exact_in_binary = all(step % 25 == 0 for step in steps)
        return sum_ if exact_in_binary else f"ROUND({sum_},2)"

    def _start(self, values: Columns) -> Column:
        if self.start_fact:
            return by_option(values[self.start_fact.key], self.start_scores)
        return values[self.terms[0].fact.parts[0].key] * 0 + self.start

    def exact(self, values: Columns) -> Exact:
        scores = self._start(values)
        for term in self.terms:
            scores = scores + term.step * term.count(values)
        scores = bounded(scores, self.floor, self.cap)
        return Exact(scores * (values[self.zero_fact.key] < self.zero_from) if self.zero_fact else scores)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        starts = self._start(values)
        zeros = values[self.zero_fact.key] if self.zero_fact else starts * 0
        options = values[self.start_fact.key] if self.start_fact else starts * 0
        figures = [values[term.fact.key] for term in self.terms]
        counts = [term.count(values) for term in self.terms]
        own = [() if term.fact.filled else term.fact.parts for term in self.terms]
        parts = [values[fact.key] for facts in own for fact in facts]
        last = len(figures)

        def tell(start: int, option: int, zero: int, score: int, *numbers: int) -> str:
            if self.zero_fact and zero >= self.zero_from:
                label, show = self.zero_fact.label, self.zero_fact.kind.show
                return f"{label} {show(zero)}，达到 {show(self.zero_from)}，{self.worth.told(score)}{self.cited}"
            sum_, said = start, plain(start) if start or self.start_fact else ""
            said += f"（{self.start_fact.chose(option)}）" if self.start_fact else ""
            known = iter(numbers[2 * last :])
            for term, facts, figure, count in zip(
                self.terms, own, numbers[:last], numbers[last : 2 * last], strict=True
            ):
                sign = "−" if term.step < 0 else "+"
                known_ = [*islice(known, len(facts))]
                said += (f" {sign} " if said else sign.strip("+")) + term.told(figure, count, known_)
                sum_ += term.step * count
            cut = self.worth.stopped(score) if sum_ < score else "封顶" if sum_ > score else ""
            return f"{said} = {two_places(sum_)}{f'，{cut}，{self.worth.told(score)}' if cut else ''}{self.cited}"

        return told(tell, starts, options, zeros, scores, *figures, *counts, *parts)

"""How an item is scored: one class a rule kind, its Excel formula and its score over all units side by side.

``score`` takes one int64 column a fact (key of the fact, values in the fact kind's scale, 0 where not needed
or not known) and answers cents, one a unit. Whether a score may count, gaps decide, outside (scoring).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import CENT, half_up, plain, two_places
from assess_xlsx.kinds import Choice, Count, Percent, Points

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node

    Find = Callable[[Node, str], Fact]


@dataclass(frozen=True, slots=True)
class Worth:
    """What an item can bring, in cents: ``low`` … ``high`` (points 0 … n, 加分 0 … n, 扣分 −n … 0)."""

    low: int
    high: int
    bonus: bool = False
    """加分: the section caps it, not the item (K9)."""

    @property
    def full(self) -> int:
        """The end away from 0."""
        return self.high or self.low


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where the source leaves a score to the office: which units, and the span it can move in (cents)."""

    units: pd.Series[bool]
    low: int
    high: int
    reading: str


@dataclass(frozen=True, slots=True)
class Rule(ABC):
    """One item's scoring."""

    kind: ClassVar[str]
    worth: Worth
    reading: str
    """The 口径 that this rule follows, e.g. ``K1``; may be empty."""

    @classmethod
    @abstractmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Rule:
        """Built from the scheme's table; ``find`` looks up a fact, ``field`` counts the form's units."""

    @abstractmethod
    def facts(self) -> tuple[Fact, ...]:
        """The facts that it looks at."""

    @abstractmethod
    def formula(self, ref: Ref) -> str:
        """The score as an Excel expression, for valid facts."""

    @abstractmethod
    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        """The scores of all units, in cents."""

    @abstractmethod
    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        """A sentence a unit that anyone can redo by hand: ``3 × 18/20 = 2.70``."""

    def doubt(self, values: pd.DataFrame) -> Doubt | None:  # noqa: ARG002
        """The units whose score only the office can settle."""
        return None


def _scores(node: Node, fact: Fact, missing: frozenset[str] = frozenset()) -> tuple[int, ...]:
    """Cents by option of a choice; every option but ``missing`` must have its score."""
    if not isinstance(fact.kind, Choice):
        raise node.error(f"“{fact.label}”不是选项，不能逐项给分")
    table = node.node("scores", "scores")
    given = list(table.keys())
    for option in given:
        if option not in fact.kind.options or option in missing:
            raise table.error(f"“{option}”不是“{fact.label}”可给分的选项")
    lacking = [option for option in fact.kind.options if option not in given and option not in missing]
    if lacking:
        raise table.error(f"没有给“{'”“'.join(lacking)}”规定分数")
    return tuple(table.points(option) if option in given else 0 for option in fact.kind.options)


def _pick(fact: Fact, scores: tuple[int, ...], ref: Ref) -> str:
    """Nested IFs over the options, the last one left over."""
    assert isinstance(fact.kind, Choice)  # noqa: S101 - _scores has seen to it
    formula = plain(scores[-1])
    for option, amount in reversed(list(zip(fact.kind.options[:-1], scores[:-1], strict=True))):
        formula = f'IF({ref(fact)}="{option}",{plain(amount)},{formula})'
    return formula


def _within(node: Node, worth: Worth, amounts: tuple[int, ...]) -> None:
    """An item's scores span just what it is worth."""
    if min(amounts) < worth.low or max(amounts) > worth.high:
        raise node.error(f"规则给的分数超出 {plain(worth.low)} 到 {plain(worth.high)}")
    if worth.full not in amounts:
        raise node.error(f"规则给不出分值 {plain(worth.full)}")


@dataclass(frozen=True, slots=True)
class ByChoice(Rule):
    """choice: a score an option; 是否 is one."""

    kind: ClassVar[str] = "choice"
    fact: Fact
    scores: tuple[int, ...]

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> ByChoice:  # noqa: ARG003
        fact = find(node, node.text("fact"))
        scores = _scores(node, fact)
        _within(node, worth, scores)
        return cls(worth, node.text("reading", ""), fact, scores)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:
        return _pick(self.fact, self.scores, ref)

    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        return values[self.fact.key].map(dict(enumerate(self.scores))).astype("int64")

    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        show = self.fact.kind.show
        return [
            f"选“{show(value)}”，记 {two_places(score)}"
            for value, score in zip(values[self.fact.key], scores, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A stretch of values that the source does not cover: low … high cents are possible (K5, K7)."""

    start: int
    includes_start: bool
    below: int
    low: int
    high: int
    reading: str


@dataclass(frozen=True, slots=True)
class Bands(Rule):
    """bands: the first threshold that the value reaches decides; “以上” includes the number (K2)."""

    kind: ClassVar[str] = "bands"
    fact: Fact
    bands: tuple[tuple[int, int], ...]
    """(at least, cents), descending, the last one from 0."""
    uncovered: Uncovered | None

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Bands:  # noqa: ARG003
        fact = find(node, node.text("fact"))
        if isinstance(fact.kind, Choice):
            raise node.error(f"“{fact.label}”是选项，不能分档")
        bands = tuple(
            (fact.kind.threshold(node.as_decimal(least, "bands")), node.as_points(score, "bands"))
            for least, score in node.pairs("bands")
        )
        thresholds = [least for least, _ in bands]
        if thresholds != sorted(set(thresholds), reverse=True) or thresholds[-1] != 0:
            raise node.error("各档应从高到低排列，不重复，最后一档从 0 起")
        _within(node, worth, tuple(score for _, score in bands))
        uncovered = None
        if node.has("uncovered"):
            gap = node.node("uncovered", "未规定的一段")
            start = "from" if gap.has("from") else "above"
            uncovered = Uncovered(
                fact.kind.threshold(gap.decimal(start)),
                start == "from",
                fact.kind.threshold(gap.decimal("below")),
                gap.points("low"),
                gap.points("high"),
                gap.text("reading"),
            )
            gap.done()
        return cls(worth, node.text("reading", ""), fact, bands, uncovered)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:
        value, literal = self.fact.operand(ref), self.fact.kind.literal
        formula = plain(self.bands[-1][1])
        for least, score in reversed(self.bands[:-1]):
            formula = f"IF({value}>={literal(least)},{plain(score)},{formula})"
        return formula

    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        value = values[self.fact.key]
        scores = value * 0 + self.bands[-1][1]
        for least, score in reversed(self.bands[:-1]):
            scores = scores.mask(value >= least, score)
        return scores

    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        show = self.fact.kind.show
        unsettled = self._in_gap(values[self.fact.key]) if self.uncovered else values[self.fact.key] < 0
        sentences = []
        for value, score, open_ in zip(values[self.fact.key], scores, unsettled, strict=True):
            if open_ and self.uncovered:
                sentences.append(
                    f"{show(value)}，{self.uncovered.reading}：细则未规定，暂按 {plain(score)} 分，待核定"
                )
            else:
                position = next(i for i, (least, _) in enumerate(self.bands) if value >= least)
                sentences.append(f"{show(value)}，{self._band(position)}，记 {two_places(score)}")
        return sentences

    def _band(self, position: int) -> str:
        show = self.fact.kind.show
        if position < len(self.bands) - 1:
            return f"达到 {show(self.bands[position][0])} 以上"
        return f"不足 {show(self.bands[position - 1][0])}"

    def _in_gap(self, value: pd.Series[int]) -> pd.Series[bool]:
        assert self.uncovered  # noqa: S101 - both callers looked
        gap = self.uncovered
        return (value >= gap.start if gap.includes_start else value > gap.start) & (value < gap.below)

    def doubt(self, values: pd.DataFrame) -> Doubt | None:
        if not self.uncovered:
            return None
        gap = self.uncovered
        return Doubt(self._in_gap(values[self.fact.key]), gap.low, gap.high, gap.reading)


@dataclass(frozen=True, slots=True)
class Term:
    """A step (cents) for each unit of a fact: counted as it is, short of a number, or when it has a value."""

    fact: Fact
    step: int
    short_of: int | None = None
    equals: int | None = None
    at_most: int | None = None

    @classmethod
    def from_node(cls, node: Node, find: Find) -> Term:
        fact = find(node, node.text("fact"))
        equals = None
        if isinstance(fact.kind, Choice):
            option = node.text("is")
            if option not in fact.kind.options:
                raise node.error(f"“{option}”不是“{fact.label}”的选项")
            equals = fact.kind.options.index(option)
        elif not isinstance(fact.kind, Count):
            raise node.error(f"“{fact.label}”不是次数，不能逐次加减分")
        short_of = node.whole("short_of") if node.has("short_of") else None
        at_most = node.whole("at_most") if node.has("at_most") else None
        term = cls(fact, node.points("step"), short_of, equals, at_most)
        node.text("reading", "")
        node.done()
        return term

    def formula(self, ref: Ref) -> str:
        if self.equals is not None:
            return f'IF({ref(self.fact)}="{self.fact.kind.show(self.equals)}",1,0)'
        count = self.fact.operand(ref)
        if self.short_of is not None:
            count = f"MAX(0,{self.short_of}-{count})"
        return count if self.at_most is None else f"MIN({self.at_most},{count})"

    def count(self, values: pd.DataFrame) -> pd.Series[int]:
        column = values[self.fact.key]
        if self.equals is not None:
            return (column == self.equals).astype("int64")
        if self.short_of is not None:
            column = (self.short_of - column).clip(lower=0)
        return column if self.at_most is None else column.clip(upper=self.at_most)


@dataclass(frozen=True, slots=True)
class Linear(Rule):
    """linear: a start (fixed or by choice), a step a fact, floor, cap, “zero if” (K3, K6, K8)."""

    kind: ClassVar[str] = "linear"
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
        if isinstance(node.either("start"), dict):
            table = node.node("start", "start")
            start_fact = find(table, table.text("fact"))
            start_scores = _scores(table, start_fact)
            table.done()
        else:
            start = node.points("start")
        zero_fact, zero_from = None, 0
        if node.has("zero_if"):
            table = node.node("zero_if", "zero_if")
            zero_fact, zero_from = find(table, table.text("fact")), table.whole("at_least")
            table.done()
        rule = cls(
            worth,
            node.text("reading", ""),
            start,
            start_fact,
            start_scores,
            tuple(Term.from_node(term, find) for term in node.nodes("terms", "terms")),
            node.points("floor") if node.has("floor") else None,
            node.points("cap") if node.has("cap") else None,
            zero_fact,
            zero_from,
        )
        rule.check(node)
        return rule

    def check(self, node: Node) -> None:
        """An item with points of its own reaches them and stays within them (K8)."""
        if self.worth.bonus or self.worth.low < 0:
            return
        rising = any(term.step > 0 for term in self.terms)
        if rising and self.cap is None:
            raise node.error("逐次加分的规则要写 cap（加到多少封顶）")
        if self.floor is None and any(term.step < 0 for term in self.terms):
            raise node.error("逐次扣分的规则要写 floor（扣到多少为止）")
        top = self.cap if rising and self.cap is not None else max(self.start, *self.start_scores, 0)
        if top != self.worth.high:
            raise node.error(f"规则的最高分是 {plain(top)}，分值却是 {plain(self.worth.high)}")

    def facts(self) -> tuple[Fact, ...]:
        ends = (fact for fact in (self.start_fact, self.zero_fact) if fact)
        return tuple(dict.fromkeys((*ends, *(term.fact for term in self.terms))))

    def formula(self, ref: Ref) -> str:
        sum_ = _pick(self.start_fact, self.start_scores, ref) if self.start_fact else plain(self.start)
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
        exact_in_binary = all(term.step % 25 == 0 for term in self.terms)
        return sum_ if exact_in_binary else f"ROUND({sum_},2)"

    def _start(self, values: pd.DataFrame) -> pd.Series[int]:
        if self.start_fact:
            return values[self.start_fact.key].map(dict(enumerate(self.start_scores))).astype("int64")
        return values[self.terms[0].fact.key] * 0 + self.start

    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        scores = self._start(values)
        for term in self.terms:
            scores = scores + term.step * term.count(values)
        scores = scores.clip(lower=self.floor, upper=self.cap)
        return scores.mask(values[self.zero_fact.key] >= self.zero_from, 0) if self.zero_fact else scores

    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        starts = self._start(values)
        counts = [term.count(values) for term in self.terms]
        zeros = values[self.zero_fact.key] if self.zero_fact else starts * 0
        sentences = []
        for start, zero, score, *numbers in zip(starts, zeros, scores, *counts, strict=True):
            if self.zero_fact and zero >= self.zero_from:
                shown = self.zero_fact.kind.show(zero)
                sentences.append(f"{self.zero_fact.label} {shown}，此项不记分 = 0.00")
                continue
            steps = [
                f"{'−' if term.step < 0 else '+'} {self._times(term, number)}"
                for term, number in zip(self.terms, numbers, strict=True)
            ]
            sum_ = start + sum(term.step * number for term, number in zip(self.terms, numbers, strict=True))
            cut = "，扣完为止" if sum_ < score else "，封顶" if sum_ > score else ""
            before = f" = {two_places(sum_)}" if cut else ""
            sentences.append(f"{plain(start)} {' '.join(steps)}{before}{cut} = {two_places(score)}")
        return sentences

    @staticmethod
    def _times(term: Term, number: int) -> str:
        size = plain(abs(term.step))
        if term.short_of is not None:
            return f"{number} × {size}（少于{term.short_of}{term.fact.kind.show(0).lstrip('0')}的部分）"
        if term.at_most is not None:
            return f"{number} × {size}（最多计{term.at_most}次）"
        return f"{number} × {size}"


@dataclass(frozen=True, slots=True)
class Ratio(Rule):
    """ratio: the item's points times part / whole, or times a percentage; nothing to divide by gives 0."""

    kind: ClassVar[str] = "ratio"
    part: Fact
    whole: Fact | None

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Ratio:  # noqa: ARG003
        part = find(node, node.text("part"))
        whole = find(node, node.text("whole")) if node.has("whole") else None
        if whole is None and not isinstance(part.kind, Percent):
            raise node.error(f"“{part.label}”不是百分比，还要写 whole（除以哪个填报项）")
        if whole is not None and not (isinstance(part.kind, Count) and isinstance(whole.kind, Count)):
            raise node.error("比例的两个填报项都应是次数")
        if whole is not None and part.limit != whole:
            raise node.error(f"“{part.label}”要写 at_most = “{whole.label}”，否则比例会超过 1")
        return cls(worth, node.text("reading", ""), part, whole)

    def facts(self) -> tuple[Fact, ...]:
        return (self.part, self.whole) if self.whole else (self.part,)

    def formula(self, ref: Ref) -> str:
        sign, size, part = (
            ("-" if self.worth.full < 0 else ""),
            plain(abs(self.worth.full)),
            self.part.operand(ref),
        )
        if self.whole is None:
            return f"{sign}ROUND({size}*{part},2)"
        whole = self.whole.operand(ref)
        quotient = f"{sign}ROUND({size}*{part}/{whole},2)"
        never_zero = isinstance(self.whole.kind, Count) and self.whole.kind.least and not self.whole.only_with
        return quotient if never_zero else f"IF({whole}=0,0,{quotient})"

    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        part, full = values[self.part.key], self.worth.full
        whole = values[self.whole.key].clip(lower=1) if self.whole else Percent.whole
        amount = half_up(abs(full) * part, whole)
        return -amount if full < 0 else amount

    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        full, condition = plain(self.worth.full).replace("-", "−"), self.part.only_with
        wholes = values[self.whole.key] if self.whole else values[self.part.key] * 0 + Percent.whole
        sentences = []
        for part, whole, score in zip(values[self.part.key], wholes, scores, strict=True):
            if whole == 0:
                sentences.append("没有应计的事项，记 0.00")
            elif self.whole:
                sentences.append(f"{full} × {part}/{whole} = {two_places(score)}")
            else:
                sentences.append(f"{full} × {self.part.kind.show(part)} = {two_places(score)}")
        if condition is None:
            return sentences
        needed = condition.mask(values[condition.fact.key])
        return [
            sentence if applies else f"不是{condition.text()}，记 0.00"
            for sentence, applies in zip(sentences, needed, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Rank(Rule):
    """rank: points × (N − rank + 1) / N over the form's N units, most first, ties share the better rank (K1)."""

    kind: ClassVar[str] = "rank"
    fact: Fact
    field: int
    """N, the roster units on the form."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Rank:
        fact = find(node, node.text("fact"))
        if not isinstance(fact.kind, Count) or worth.low < 0:
            raise node.error("按排名记分的填报项应是次数，指标应有分值")
        return cls(worth, node.text("reading", ""), fact, field)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:  # noqa: ARG002
        return '"待排名"'

    def _ranks(self, values: pd.DataFrame) -> pd.Series[int]:
        return values[self.fact.key].rank(method="min", ascending=False).astype("int64")

    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        scores = half_up(self.worth.high * (self.field - self._ranks(values) + 1), self.field)
        return scores.mask(values[self.fact.key] == 0, 0)

    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        full, field = plain(self.worth.high), self.field
        return [
            f"第{rank}名，{full} × ({field} − {rank} + 1)/{field} = {two_places(score)}"
            if amount
            else f"{self.fact.label}为 0，记 0.00"
            for amount, rank, score in zip(values[self.fact.key], self._ranks(values), scores, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Given(Rule):
    """given: a value judged by a person, unless a choice already settles the score (K16)."""

    kind: ClassVar[str] = "given"
    value: Fact
    unless: Fact
    scores: tuple[int, ...]
    """Cents by option of ``unless``; 0 at the option that needs the judged value."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Given:  # noqa: ARG003
        value = find(node, node.text("value"))
        if not isinstance(value.kind, Points) or value.kind.below > worth.high:
            raise node.error(f"“{value.label}”应是分值，且不超过指标的分值")
        table = node.node("unless", "unless")
        unless = find(table, table.text("fact"))
        condition = value.only_with
        if condition is None or condition.fact != unless or condition.equals is None:
            raise node.error(f"“{value.label}”要写 only_with，指明“{unless.label}”选哪一项时才由人评分")
        scores = _scores(table, unless, frozenset({unless.kind.show(condition.equals)}))
        table.done()
        _within(node, worth, scores)
        return cls(worth, node.text("reading", ""), value, unless, scores)

    def facts(self) -> tuple[Fact, ...]:
        return (self.unless, self.value)

    def formula(self, ref: Ref) -> str:
        return f"{_pick(self.unless, self.scores, ref)}+{self.value.operand(ref)}"

    def score(self, values: pd.DataFrame) -> pd.Series[int]:
        fixed: pd.Series[int] = values[self.unless.key].map(dict(enumerate(self.scores))).astype("int64")
        return fixed + values[self.value.key]

    def _judged(self, values: pd.DataFrame) -> pd.Series[bool]:
        assert self.value.only_with  # noqa: S101 - from_node has seen to it
        return self.value.only_with.mask(values[self.unless.key])

    def explain(self, values: pd.DataFrame, scores: pd.Series[int]) -> list[str]:
        show = self.unless.kind.show
        return [
            f"{self.reading}：{show(option)}，{self.value.label}暂按 {two_places(score)}，待核定"
            if judged
            else f"选“{show(option)}”，记 {two_places(score)}"
            for option, judged, score in zip(values[self.unless.key], self._judged(values), scores, strict=True)
        ]

    def doubt(self, values: pd.DataFrame) -> Doubt:
        return Doubt(self._judged(values), 0, self.worth.high, self.reading)


RULES: dict[str, type[Rule]] = {rule.kind: rule for rule in (ByChoice, Bands, Linear, Ratio, Rank, Given)}


def build(node: Node, worth: Worth, find: Find, field: int) -> Rule:
    """The rule that a scheme's table names."""
    name = node.text("kind")
    if name not in RULES:
        raise node.error(f"没有“{name}”这种计分规则，可用的有：{'、'.join(RULES)}")
    rule = RULES[name].from_node(node, worth, find, field)
    node.done()
    return rule

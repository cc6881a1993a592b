"""What every rule has: worth, formula, score over all units, sentence of explanation. Rules never see bad data."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from assess_xlsx.amounts import CENT, plain
from assess_xlsx.scheme.abstract import Abstract
from assess_xlsx.scheme.answer_kinds import UNLIMITED, Choice
from assess_xlsx.scheme.rules.lines import POINTS, Shape
from assess_xlsx.scheme.tree import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assess_xlsx.amounts import Column, Exact, Mask
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.lines import Example, Line
    from assess_xlsx.scheme.tree import Node

    Find = Callable[[Node, str], Fact]


class Columns(Struct, frozen=True):
    """What rules look at: the facts of a form over all its units, one number a unit."""

    values: Mapping[str, Column]
    """By fact key, in the fact kind's scale; nothing (0, the last option) where not needed or not known."""
    gaps: Mapping[str, Mask]
    """By fact key, where the value is not known."""
    zeroed: int = 0
    """Further units that are compared with a number of 0, and are the last: they never reported (K27)."""
    absent: Mapping[str, Mask] = field(default_factory=dict)
    """By key of each fact that may lack, where nobody said anything: no gap, and no 0."""
    nothing: Mapping[str, Mask] = field(default_factory=dict)
    """By key of each computed fact, where it has no value: it would divide by 0, or a figure is not needed."""
    ruled: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """By item code and row, the scores that the office decided (cents), where others look at them (K18)."""
    factors: Column | None = None
    """The factors of the units on the roster, in steps (系数); None where each is 1."""

    def __getitem__(self, key: str) -> Column:
        return self.values[key]

    def of(self, rows: Column, values: Mapping[str, Column]) -> Columns:
        """Those of some units, with these values."""
        absent, nothing = ({key: mask[rows] for key, mask in masks.items()} for masks in (self.absent, self.nothing))
        return Columns(values, {}, 0, absent, nothing, factors=self._factors(rows))

    def only(self, rows: Column) -> Columns:
        """Those of some units, as they are; what was decided about items aside."""
        values = {key: column[rows] for key, column in self.values.items()}
        gaps, absent, nothing = (
            {key: mask[rows] for key, mask in masks.items()} for masks in (self.gaps, self.absent, self.nothing)
        )
        return Columns(values, gaps, self.zeroed, absent, nothing, factors=self._factors(rows))

    def _factors(self, rows: Column) -> Column | None:
        return None if self.factors is None else self.factors[rows]


NO_END = 10**12
"""Stands for more cents than any item brings: there is no end (不限), or a rule leaves it to the section (K6, K9)."""
FAR = MOST_POINTS * CENT
"""How far points go by a line that has no end of its own."""
MOST_RULED = 999_99
"""Cents of a ruling where there is no end."""


class Worth(Struct, frozen=True):
    """What an item can bring, in cents: ``low`` … ``high`` (points 0 … n, 加分 0 … n, 扣分 −n … 0).

    Points may go below 0, down to 最低分.
    """

    low: int
    high: int
    bonus: bool = False
    """加分: the section caps it, not the item (K9)."""
    part: bool = False
    """It is a 分项: the item bounds the sum, not the part."""
    counted: bool = True
    """It goes into its section's sum; 不计 is scored for a later item to look at."""

    @classmethod
    def of_part(cls, item: Worth, *amounts: int) -> Worth:
        """What a part of an item can bring, all it can come to given."""
        return cls(min(0, *amounts), max(0, *amounts), item.bonus, part=True)

    @property
    def full(self) -> int:
        """The end away from 0."""
        return self.high or self.low

    @property
    def ends(self) -> tuple[int, int]:
        return self.low, self.high

    @property
    def takes_off(self) -> bool:
        """扣分: it brings nothing."""
        return self.low < 0 and self.high == 0

    @property
    def endless(self) -> bool:
        """加分 or 扣分 without an upper end."""
        return abs(self.full) >= NO_END

    @property
    def amount(self) -> str:
        """分值, in words."""
        return UNLIMITED if self.endless else plain(abs(self.full))

    @property
    def top(self) -> str:
        """The most that it brings, in words."""
        return UNLIMITED if self.high >= NO_END else plain(self.high)

    @property
    def falls(self) -> bool:
        """Points that may go below 0."""
        return self.low < 0 < self.high

    @property
    def lacking(self) -> int:
        """What stands while a fact is lacking (K15)."""
        return self.low if self.takes_off and not self.endless else 0

    @property
    def own_floor(self) -> int | None:
        """最低分 of an item that a rule need not say again; None where it has to, or there is none."""
        return self.low if self.falls and not self.part and self.low > -NO_END else None

    @property
    def ruled(self) -> tuple[int, int]:
        """Between which a ruling lies, points to take off being entered as they are (K18)."""
        if self.takes_off:
            return 0, min(-self.low, MOST_RULED)
        return max(self.low, -MOST_RULED), min(self.high, MOST_RULED)

    @property
    def between(self) -> str:
        """``0 到 10``, ``-5 到 10``, ``负数不限到 10``."""
        low = "负数不限" if self.low <= -NO_END else f"{plain(self.low)} "
        return f"{low}到 {self.top}"

    @property
    def from_low(self) -> str:
        """``不小于 0、``, before another end; empty where there is no lower one."""
        return "" if self.low <= -NO_END else f"不小于 {plain(self.low)}、"

    def told(self, score: int) -> str:
        """A score as the end of a sentence: ``记 2 分``, ``记 −5 分``, ``扣 0.5 分``, ``不扣分``."""
        if score < 0 and self.falls and not self.part:
            return f"记 −{plain(-score)} 分"
        if score < 0:
            return f"扣 {plain(-score)} 分"
        return f"记 {plain(score)} 分" if score or self.high else "不扣分"

    def stopped(self, floor: int) -> str:
        """What ends a sum that would fall below a floor: ``扣完为止``, ``扣到 −5 分为止``."""
        return f"扣到 −{plain(-floor)} 分为止" if self.falls and floor < 0 else "扣完为止"

    @property
    def held(self) -> str:
        """What stands while a fact is lacking: ``暂记 0 分``, ``暂扣满 3 分`` (K15)."""
        if self.takes_off and self.endless:
            return "暂不扣分"
        return f"暂扣满 {plain(-self.low)} 分" if self.lacking else "暂记 0 分"


class Doubt(Struct, frozen=True):
    """Where the source leaves a score to the office: which units, and the span it can move in (cents)."""

    units: Mask
    low: int | Column
    high: int | Column
    reading: str
    silent: str
    """What the source leaves open, in words."""

    def first(self, count: int) -> Doubt:
        """That of the first so many units."""
        low, high = (end if isinstance(end, int) else end[:count] for end in (self.low, self.high))
        return replace(self, units=self.units[:count], low=low, high=high)


class Quotient(NamedTuple):
    """Cents as an Excel expression in whole numbers: ``top`` / ``bottom``, so that no engine rounds otherwise."""

    top: str
    bottom: str = ""
    """Empty where the cents are whole."""


class Rule(Struct, metaclass=Abstract, frozen=True):
    """One item's scoring."""

    kind: ClassVar[str]
    title: ClassVar[str]
    """What people call it, e.g. 按选项."""
    purpose: ClassVar[str]
    """When to use it, in a sentence."""
    lines: ClassVar[tuple[Line, ...]]
    """How its table stands on the sheet 计分规则."""
    example: ClassVar[Example]
    part_points: ClassVar[bool] = True
    """As a part of an item it says on its main line what it is worth; else its own numbers tell."""
    of_points: ClassVar[bool] = False
    """It gives a share of the points, so there must be so many."""
    of_scores: ClassVar[bool] = False
    """It may look at scores of earlier items as it looks at a fact."""
    worth: Worth
    reading: str
    """The 口径 that this rule follows, e.g. ``K1``; may be empty."""

    @property
    def readings(self) -> tuple[str, ...]:
        """The codes of all 口径 that it names."""
        return (self.reading,) if self.reading else ()

    @property
    def core(self) -> Rule:
        """The rule that scores a unit that the item concerns."""
        return self

    @property
    def inside(self) -> tuple[Rule, ...]:
        """The rules that it goes by itself."""
        return ()

    def all_inside(self) -> Iterator[Rule]:
        """Itself and all those, with theirs."""
        yield self
        for each in self.inside:
            yield from each.all_inside()

    @property
    def cited(self) -> str:
        """The 口径 behind a sentence that it decides."""
        return citation(self.reading)

    @property
    def among_units(self) -> bool:
        """It scores a unit against the others, so a single form cannot know the score (K1, K20)."""
        return False

    def among(self, field: int) -> Rule:  # noqa: ARG002
        """The same rule for so many units."""
        return self

    @property
    def open_end(self) -> str:
        """The key of the limit without which the score may pass what the item is worth; empty where it cannot."""
        return ""

    @classmethod
    @abstractmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Rule:
        """Built from the scheme's table; ``find`` looks up the fact under a key, ``field`` is the number of units."""

    @classmethod
    def part_lines(cls) -> tuple[Line, ...]:
        """Its lines where it is a part of an item."""
        main = next((line for line in cls.lines if line.needed), None)
        if not cls.part_points or main is None:
            return cls.lines
        if main.shape is Shape.LIST:  # of several lines, all say the same
            with_points = replace(main, shared={**main.shared, POINTS: "points"})
        else:
            with_points = replace(main, cells={**main.cells, POINTS: "points"})
        return tuple(with_points if line is main else line for line in cls.lines)

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:  # noqa: ARG003
        """What it is worth as a part of an item: so many points, negative where it takes off."""
        points = node.points("points")
        if points == 0:
            raise node.error(f"{node.word('points')}不应是 0", "points")
        return Worth.of_part(item, points)

    @abstractmethod
    def facts(self) -> tuple[Fact, ...]:
        """The facts that it looks at."""

    def compared_facts(self) -> tuple[Fact, ...]:
        """Those whose numbers the units are compared by."""
        return self.facts() if self.among_units else ()

    def taken_off(self) -> tuple[Fact, ...]:
        """Points that the office judges and that come off: until it has, nothing does."""
        return ()

    def reach(self) -> tuple[int, int]:
        """The least and the most that it comes to (cents), be it more than the item is worth."""
        return self.worth.ends

    @abstractmethod
    def formula(self, ref: Ref) -> str:
        """The score as an Excel expression, for valid facts."""

    def exact_formula(self, ref: Ref) -> Quotient:
        """The score as an Excel expression, not yet rounded."""
        return Quotient(f"ROUND({CENT}*({self.formula(ref)}),0)")

    @abstractmethod
    def exact(self, values: Columns) -> Exact:
        """The scores of all units, not yet rounded."""

    def score(self, values: Columns) -> Column:
        """The scores of all units, in cents."""
        return self.exact(values).rounded()

    @abstractmethod
    def explain(self, values: Columns, scores: Column) -> list[str]:
        """A sentence a unit that anyone can redo by hand: ``3 × 已进驻事项数 24 / 应进驻事项数 28 = 2.57``."""

    def one_of(self) -> tuple[tuple[Fact, ...], ...]:
        """Groups of facts each of which may lack, but not all of a group."""
        return ()

    def lacking(self, values: Columns) -> Mask | None:
        """The units of which all facts of a group lack; None where there is no group."""
        found = None
        for group in self.one_of():
            mask = none_of(group, values.absent)
            found = mask if found is None else found | mask
        return found

    def doubt(self, values: Columns) -> Doubt | None:  # noqa: ARG002
        """The units whose score only the office can settle."""
        return None

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        """The values of a fact that are worth trying: between any two of them the score only rises or only falls.

        That holds whatever the other facts are; None where the rule cannot say.
        """
        return fact.kind.extremes()

    def compared(self, values: Columns, unknown: Column) -> tuple[Column, Column]:  # noqa: ARG002
        """The least and the most that units with known numbers may score, ``unknown`` of the others' numbers each.

        A rule that looks at no other units has one score only (K23).
        """
        scores = self.score(values)
        return scores, scores


def none_of(group: Sequence[Fact], absent: Mapping[str, Mask]) -> Mask:
    """Where nobody said anything of any of some facts, each of which may lack."""
    found, *rest = (absent[fact.key] for fact in group)
    for mask in rest:
        found = found & mask
    return found


UNSETTLED = "，暂计，待核定"
"""What follows a sentence whose score only the office can settle, while it has not."""

RANKED = "待排名"
"""记分 of an item that compares units: a single form cannot know it."""


def citation(reading: str) -> str:
    """``（口径 K22）``; empty where none is named."""
    return f"（口径 {reading}）" if reading else ""


def told(tell: Callable[..., str], *columns: Column | Mask) -> list[str]:
    """A sentence a unit from the unit's numbers; units with the same numbers share it."""
    known: dict[tuple[int, ...], str] = {}
    sentences = []
    for numbers in zip(*(column.tolist() for column in columns), strict=True):
        if numbers not in known:
            known[numbers] = tell(*numbers)
        sentences.append(known[numbers])
    return sentences


def scores_by_option(node: Node, fact: Fact, missing: frozenset[str] = frozenset()) -> tuple[int, ...]:
    """Cents by option of a choice; every option but ``missing`` must have its score."""
    if not isinstance(fact.kind, Choice):
        raise node.error(f"“{fact.label}”不是选项，不能逐项给分", "fact")
    table = node.node("scores", "scores")
    given = list(table.keys())
    for option in given:
        if option not in fact.kind.options or option in missing:
            raise table.misnamed(f"“{option}”不是“{fact.label}”可给分的选项", option)
    lacking = [option for option in fact.kind.options if option not in given and option not in missing]
    if lacking:
        raise table.error(f"没有给“{'”“'.join(lacking)}”规定分数")
    return tuple(table.points(option) if option in given else 0 for option in fact.kind.options)


def pick(fact: Fact, scores: tuple[int, ...], ref: Ref) -> str:
    """Nested IFs over the options, the last one left over."""
    assert isinstance(fact.kind, Choice)  # noqa: S101 - scores_by_option has seen to it
    formula = plain(scores[-1])
    for option, amount in reversed(list(enumerate(scores[:-1]))):
        formula = f"IF({fact.chosen(option, ref)},{plain(amount)},{formula})"
    return formula


def within(node: Node, worth: Worth, amounts: tuple[int, ...]) -> None:
    """An item's scores span just what it is worth."""
    if min(amounts) < worth.low or max(amounts) > worth.high:
        raise node.error(f"规则给的分数超出 {worth.between}", "scores")
    if worth.full not in amounts and not worth.endless:
        remedy = "请改正规则的分数，或指标的分值，使规则最多正好给这么多分"
        raise node.error(f"规则给不出分值 {plain(worth.full)}", "scores", remedy)


def options_within(node: Node, worth: Worth, scores: tuple[int, ...], judged: int = 0) -> None:
    """The same of the scores by option under ``scores``; ``judged`` may be given instead of an option's."""
    table = node.node("scores", "scores")
    given = dict(zip(table.keys(), map(table.points, table.keys()), strict=True))
    low, high = plain(worth.low), plain(worth.high)
    for option, amount in given.items():
        shown = plain(amount).replace("-", "−")
        if amount < worth.low and worth.falls:
            lowest = low.replace("-", "−")
            raise table.error(f"选项“{option}”记 {shown} 分，低于指标的最低分 {lowest}", option)
        if amount < worth.low:
            mend = f"请改成 {low}，或把这个指标写成扣分" if worth.low == 0 else f"最低只能是 {low}"
            raise table.error(f"“{option}”记 {shown} 分，低于 {low.replace('-', '−')}；{mend}", option)
        if amount > worth.high:
            mend = "扣分的写负数，不扣的写 0" if worth.high == 0 else "请改正它，或指标的分值"
            raise table.error(f"“{option}”记 {shown} 分，高于 {high}；{mend}", option)
    if worth.full not in (*scores, judged) and not worth.endless:
        option = (max if worth.high else min)(given, key=given.__getitem__)
        end, verb = ("最高", "记") if worth.high else ("扣得最多", "扣")
        most = f"{end}的选项“{option}”只{verb} {plain(abs(given[option]))} 分"
        raise table.error(f"{most}，分值却是 {plain(abs(worth.full))}", option)


def by_option(choices: Column, scores: tuple[int, ...]) -> Column:
    """Each unit's cents for the option that it chose."""
    found = choices * 0
    for option, amount in enumerate(scores):
        if amount:
            found = found + (choices == option) * amount
    return found

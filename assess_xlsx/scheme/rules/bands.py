"""bands: thresholds, and what the source leaves between them (K2, K5, K7)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from msgspec import Struct

from assess_xlsx.amounts import Exact, plain
from assess_xlsx.scheme.rules.base import Doubt, Worth, citation, within
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import BELOW, FACT, FROM, MOST, POINTS, READING, WHOLE, Example, Line, Shape
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, Measure, Measured

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node

MOST_BANDS = 30
"""Formulas nest as deep."""


class Band(Struct, frozen=True):
    """From a number on (in the measure's scale), so many cents; up to the next band's."""

    start: int
    score: int
    text: str
    """达到 90%以上"""
    most: int | None = None
    """For a stretch that the source does not cover: the score might be as much (K5, K7)."""


class Bands(Measured, frozen=True):
    """bands: the first threshold that the value reaches decides; “以上” includes the number (K2)."""

    kind: ClassVar[str] = "bands"
    title: ClassVar[str] = "分档"
    purpose: ClassVar[str] = "一个数达到哪一档，就记哪一档的分，如“90%以上记4分，70%以上记1分”；“以上”包含本数。"
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "档",
            "bands",
            "一档一行：“达到”写这一档从多少起（包含本数），“分数”写记几分；最低的一档从 0 起，"
            "数会是负数的不写“达到”。"
            "“不足”（不含本数）或“至多”（含本数）可写这一档到多少为止，不写就到上一档为止。百分比写“90%”。"
            "看两个填报项之比的，除数写在“除以”。",
            cells={FROM: "at_least", BELOW: "below", MOST: "at_most", POINTS: "points"},
            shared={FACT: "fact", WHOLE: "whole"},
            shape=Shape.LIST,
            needed=True,
        ),
        Line(
            "未规定",
            "uncovered",
            "两档之间细则没有规定的数，暂按两边较低的分数记，列入待核定；“口径”写按哪一条口径处理。不写这一行，各档必须首尾相接。",
            cells={READING: ""},
        ),
        NOT_APPLICABLE,
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "网上可办率90%以上记4分，70%以上记1分。",
        {
            "points": 4,
            "facts": [{"label": "网上可办率", "kind": "百分比"}],
            "rule": {
                "kind": "bands",
                "fact": "网上可办率",
                "bands": [{"at_least": 90, "points": 4}, {"at_least": 70, "points": 1}, {"at_least": 0, "points": 0}],
            },
        },
        {"网上可办率": "86.5%"},
    )
    part_points: ClassVar[bool] = False
    bands: tuple[Band, ...]
    """Descending, the last one from 0."""
    uncovered: str
    """The reading for what lies between bands; empty where they all meet."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Bands:  # noqa: ARG003
        measure = Measure.from_node(node, worth, find)
        uncovered = node.text("uncovered", "")
        bands = _bands(node, measure, bool(uncovered))
        if uncovered and not any(band.most is not None for band in bands):
            raise node.error(f"各档首尾相接，没有未规定的数，不要写{node.word('uncovered')}", "uncovered")
        within(node, worth, tuple(band.score for band in bands if band.most is None))
        return cls(worth, node.text("reading", ""), measure, bands, uncovered)

    @property
    def readings(self) -> tuple[str, ...]:
        return tuple(code for code in (self.reading, self.uncovered) if code)

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:  # noqa: ARG003
        otherwise = node.points("otherwise") if node.has("otherwise") else 0
        return Worth.of_part(item, otherwise, *(band.points("points") for band in node.nodes("bands", "档")))

    def turns(self, fact: Fact) -> tuple[int, ...] | None:
        if self.measure.whole is None:
            return (*fact.kind.extremes(), *(band.start for band in self.bands))
        scores = [band.score for band in self.bands]
        return self.measure.turns(fact) if scores in (sorted(scores), sorted(scores, reverse=True)) else None

    def formula(self, ref: Ref) -> str:
        value, literal = self.measure.operand(ref), self.measure.kind.literal
        formula, below = plain(self.bands[-1].score), self.bands[-1].score
        for band in reversed(self.bands[:-1]):
            if band.score != below:
                formula = f"IF({value}>={literal(band.start)},{plain(band.score)},{formula})"
                below = band.score
        return self.measure.guarded(ref, formula)

    def exact(self, values: Columns) -> Exact:
        value = self.measure.value(values)
        scores, below = value * 0 + self.bands[-1].score, self.bands[-1].score
        for band in reversed(self.bands[:-1]):
            scores = scores + (value >= band.start) * (band.score - below)
            below = band.score
        return self.measure.settle(values, Exact(scores))

    def explain(self, values: Columns, scores: Column) -> list[str]:
        def tell(words: str, value: int, score: int) -> str:
            band = next((band for band in self.bands if value >= band.start), self.bands[-1])
            if band.most is not None:
                return f"{words}，细则未规定，{self.worth.told(score)}{citation(self.uncovered)}"
            return f"{words}，{band.text}，{self.worth.told(score)}{self.cited}"

        return self.told(tell, values, scores)

    def doubt(self, values: Columns) -> Doubt | None:
        if not self.uncovered:
            return None
        value, applies = self.measure.value(values), self.measure.applies(values)
        open_, scores = value < 0, []
        for above, band in pairwise(self.bands):
            if band.most is not None:
                open_ = open_ | ((value >= band.start) & (value < above.start))
                scores += [band.score, band.most]
        return Doubt(open_ & applies, min(scores), max(scores), self.uncovered, "细则没有规定这一段")


class _Row(NamedTuple):
    """A band as the scheme writes it."""

    start: int
    end: int | None
    """The first value beyond it; None where it goes up to the next band."""
    score: int
    table: Node

    @classmethod
    def from_node(cls, node: Node, measure: Measure) -> _Row:
        if measure.below_zero and not node.has("at_least"):
            start = measure.fact.kind.least
        else:
            start = measure.threshold(node, "at_least")
        score = node.points("points")
        if node.has("below") and node.has("at_most"):
            raise node.error(f"{node.word('below')}（不足）和{node.word('at_most')}（至多）只写一个", "at_most")
        end = None
        if node.has("below"):
            end = measure.threshold(node, "below")
        elif node.has("at_most"):
            end = measure.threshold(node, "at_most") + 1
        if end is not None and end <= start:
            raise node.error(
                f"这一档从 {measure.kind.show(start)} 起，却在此之前就结束",
                "below" if node.has("below") else "at_most",
            )
        node.done()
        return cls(start, end, score, node)

    def text(self, measure: Measure, above: int, *, lowest: bool) -> str:
        show = measure.kind.show
        if not lowest:
            return f"达到 {show(self.start)}以上"
        if self.end and self.table.has("at_most"):
            return f"至多 {show(self.end - 1)}"
        return f"不足 {show(self.end or above)}"


def _end_key(row: _Row) -> str:
    """The key that says where a band ends, or where it starts."""
    return next((key for key in ("below", "at_most") if row.table.has(key)), "at_least")


def _bands(node: Node, measure: Measure, gaps: bool) -> tuple[Band, ...]:
    """The bands of the table in descending order, with what lies between them where gaps may be."""
    show = measure.kind.show
    rows = sorted((_Row.from_node(table, measure) for table in node.nodes("bands", "档")), key=lambda row: -row.start)
    if not 1 < len(rows) <= MOST_BANDS:
        raise node.error(f"应有 2 到 {MOST_BANDS} 档", "bands")
    lowest = rows[-1]
    if lowest.start > measure.fact.kind.least and measure.below_zero and lowest.start:
        word = lowest.table.word("at_least")
        reason = f"最低的一档{word}请留空，“{measure.fact.label}”会低于 {show(lowest.start)}"
        raise lowest.table.error(reason, "at_least")
    if lowest.start != 0 and not measure.below_zero:
        raise lowest.table.error("最低的一档应从 0 起", "at_least")
    top, highest = rows[0], None if measure.whole else measure.kind.extremes()[-1]
    if top.end is not None and (highest is None or top.end <= highest):
        raise top.table.error(
            "最高的一档没有上限，不要写不足、至多多少", "below" if top.table.has("below") else "at_most"
        )
    bands = [Band(top.start, top.score, top.text(measure, top.start, lowest=False))]
    for above, row in pairwise(rows):
        end = above.start if row.end is None else row.end
        if row.start == above.start or end > above.start:
            raise row.table.error(f"与从 {show(above.start)} 起的一档重叠", _end_key(row))
        if end < above.start:
            if not gaps:
                raise row.table.error(
                    f"与从 {show(above.start)} 起的一档之间有空缺，应首尾相接，或写{node.word('uncovered')}和口径",
                    _end_key(row),
                )
            bands.append(Band(end, min(row.score, above.score), "", max(row.score, above.score)))
        bands.append(Band(row.start, row.score, row.text(measure, above.start, lowest=row is lowest)))
    return tuple(bands)

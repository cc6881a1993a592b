"""tiers: so many points for the first places, so many for the next; or for the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from assess_xlsx.amounts import Exact
from assess_xlsx.scheme.rules.base import Worth, within
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import MOST, POINTS, Example, Line, Shape
from assess_xlsx.scheme.rules.measure import (
    NOT_APPLICABLE,
    PERCENTAGE,
    RANKING,
    AmongUnits,
    Measure,
    most_first,
    places,
)

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node

Steps = tuple[tuple[int, int], ...]
"""(up to this place or share, cents), ascending; shares in 1/100 %."""


class Tiers(AmongUnits, frozen=True):
    """tiers: points by stretch of the ranking, from its top, its bottom or both; ties stand together."""

    kind: ClassVar[str] = "tiers"
    title: ClassVar[str] = "名次分段"
    of_scores: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "按一个数在同一张评分表（共用的指标是排名组）的单位中排名，第几名到第几名记几分，如“前3名记5分，4—10名记3分，其余记1分”“末3名扣2分”；"
        "也可以按单位总数的百分之几分段。数相同的名次并列；同时在前几名和后几名之内的，按前几名记。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        RANKING,
        Line(
            "前几名",
            "first",
            "名次从前往后数，“至多”写到第几名，“分数”写记几分；一段一行，从前往后写。",
            cells={MOST: "to", POINTS: "points"},
            shape=Shape.LIST,
            percent=False,
        ),
        Line(
            "后几名",
            "last",
            "名次从后往前数，“至多”写到倒数第几名，“分数”写记几分；一段一行，从后往前写。",
            cells={MOST: "to", POINTS: "points"},
            shape=Shape.LIST,
            percent=False,
        ),
        Line(
            "前百分之几",
            "first_share",
            "与“前几名”相同，只是“至多”写单位总数的百分之几，如“40%”：名次不超过 N 的百分之几的在这一段。"
            "写了百分之几的，就不写几名。",
            cells={MOST: "to", POINTS: "points"},
            shape=Shape.LIST,
            percent=True,
        ),
        Line(
            "后百分之几",
            "last_share",
            "与“后几名”相同，只是“至多”写单位总数的百分之几。",
            cells={MOST: "to", POINTS: "points"},
            shape=Shape.LIST,
            percent=True,
        ),
        Line("其余", "rest", "不在以上各段的单位记几分。", cells={POINTS: ""}, needed=True),
        NOT_APPLICABLE,
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "按群众满意度排名，第1名记5分，第2—3名记3分，其余记1分。",
        {
            "points": 5,
            "facts": [{"label": "群众满意度", "kind": "百分比"}],
            "rule": {
                "kind": "tiers",
                "fact": "群众满意度",
                "first": [{"to": 1, "points": 5}, {"to": 3, "points": 3}],
                "rest": 1,
            },
        },
        {"群众满意度": "92.5%"},
        ({"群众满意度": "97%"}, {"群众满意度": "90%"}, {"群众满意度": "88.1%"}),
    )
    part_points: ClassVar[bool] = False
    shares: bool
    """The steps are shares of the field, not places."""
    first: Steps
    last: Steps
    rest: int
    field: int
    """N, the roster units on the form."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Tiers:
        measure, most = Measure.from_node(node, worth, find), most_first(node)
        if worth.bonus and not most:
            raise node.error("加分项不填就是 0，不能从少到多排名", "order")
        given = [key for key in ("first", "last", "first_share", "last_share") if node.has(key)]
        shares = any(key.endswith("_share") for key in given)
        if not given or (shares and any(not key.endswith("_share") for key in given)):
            raise node.error("分段要么都写到第几名，要么都写到百分之几")
        first, last = (
            _steps(node, key, shares) if node.has(key) else ()
            for key in (("first_share", "last_share") if shares else ("first", "last"))
        )
        most_places = 100 * PERCENTAGE.scale if shares else field
        ends = sum(steps[-1][0] for steps in (first, last) if steps)
        if ends > most_places:
            raise node.error(f"各段合计超过{'100%' if shares else f'单位总数 {field}'}", given[0])
        rest = node.points("rest")
        within(node, worth, (*(score for _, score in (*first, *last)), rest))
        return cls(worth, node.text("reading", ""), measure, most, shares, first, last, rest, field)

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:  # noqa: ARG003
        keys = [key for key in ("first", "last", "first_share", "last_share") if node.has(key)]
        amounts = [node.points(key) for key in ("rest", "otherwise") if node.has(key)]
        return Worth.of_part(
            item, *amounts, *(step.points("points") for key in keys for step in node.nodes(key, key))
        )

    def among(self, field: int) -> Tiers:
        return replace(self, field=field)

    def _places(self, values: Columns) -> tuple[Column, Column]:
        """Places from the top and from the bottom, where those stand that never reported (K27)."""
        order, competes = self.measure.order(values), self.measure.competes(values)
        top, bottom = places(order, competes, most=self.most), places(order, competes, most=not self.most)
        if behind := self.measure.zeroed(values):
            above = values[self.measure.fact.key] != 0 if self.most and not self.measure.below_zero else competes
            bottom = bottom + behind * above
        return top, bottom

    def exact(self, values: Columns) -> Exact:
        top, bottom = self._places(values)
        whole = 100 * PERCENTAGE.scale if self.shares else 1
        scale = self.field if self.shares else 1
        scores = top * 0 + self.rest
        for place, steps in ((bottom, self.last), (top, self.first)):  # what is first decides
            for to, score in reversed(steps):
                scores = scores + (place * whole <= to * scale) * (score - scores)
        settled = self.measure.settle(values, Exact(scores))
        return settled.where(values[self.measure.fact.key] != 0, 0) if self.worth.bonus else settled

    def explain(self, values: Columns, scores: Column) -> list[str]:
        top, bottom = self._places(values)

        def tell(words: str, value: int, score: int, part: int, place: int, from_end: int) -> str:  # noqa: ARG001
            if self.worth.bonus and part == 0:
                return f"“{self.measure.fact.label}”为 0，{self.worth.told(score)}{self.cited}"
            stood = self._tier(place, self.first, "前") or self._tier(from_end, self.last, "后") or "，在其余名次"
            ranks = " ".join(
                text for text, told in ((f"第{place}名", self.first), (f"倒数第{from_end}名", self.last)) if told
            )
            return f"{words}，{ranks}{stood}，{self.worth.told(score)}{self.cited}"

        parts = values[self.measure.fact.key]
        return self.told(tell, values, scores, parts, top, bottom, compared=True)

    def _tier(self, place: int, steps: Steps, end: str) -> str:
        """Where a place stands, in words; empty where it stands in none of the steps."""
        for to, _ in steps:
            if not self.shares and place <= to:
                return f"，在{end} {to} 名之内"
            if self.shares and place * 100 * PERCENTAGE.scale <= to * self.field:
                limit = PERCENTAGE.show(to)
                return f"，{place} ≤ {self.field} × {limit}，在{end} {limit} 之内"
        return ""


def _steps(node: Node, key: str, shares: bool) -> Steps:
    steps: list[tuple[int, int]] = []
    for table in node.nodes(key, "名次段"):
        to = PERCENTAGE.threshold(table, "to") if shares else table.whole("to")
        if to <= (steps[-1][0] if steps else 0):
            raise table.error(f"各段的{table.word('to')}应大于 0，一段比一段大", "to")
        steps.append((to, table.points("points")))
        table.done()
    if not steps:
        raise node.error(f"{node.word(key)}应不空", key)
    return tuple(steps)

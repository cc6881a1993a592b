"""given: a score that a person judges (K16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import Exact, plain
from assess_xlsx.scheme.answer_kinds import Points
from assess_xlsx.scheme.rules.base import Doubt, Rule, Worth, by_option, options_within, pick, scores_by_option, told
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, Example, Line, Shape

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node


class Given(Rule, frozen=True):
    """given: points that the unit judges and the office settles, unless a choice already decides (K16)."""

    kind: ClassVar[str] = "given"
    title: ClassVar[str] = "酌情"
    purpose: ClassVar[str] = (
        "细则只写“酌情给分”的：单位自评一个分数，暂按自评记分，列入待核定，由考核办核定。可以只在选了某一项时才酌情。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line("酌情分", "", "“填报项”写单位自评分数的填报项（类型是分值）。", cells={FACT: "value"}, needed=True),
        Line(
            "得分",
            "unless",
            "只在选了某一项时才酌情的，其余选项一个一行写明记几分；酌情分那个填报项要注明只在选那一项时才填写。整个指标都酌情的不写。",
            shared={FACT: "fact"},
            shape=Shape.BY_OPTION,
        ),
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "全部开展的记2分，部分开展的酌情给分，未开展不记分。",
        {
            "points": 2,
            "facts": [
                {"label": "开展情况", "kind": "选项", "options": ["全部开展", "部分开展", "未开展"]},
                {"label": "自评分", "kind": "分值", "below": 2, "only_with": {"fact": "开展情况", "is": "部分开展"}},
            ],
            "rule": {
                "kind": "given",
                "value": "自评分",
                "unless": {"fact": "开展情况", "scores": {"全部开展": 2, "未开展": 0}},
            },
        },
        {"开展情况": "部分开展", "自评分": 1.2},
    )
    part_points: ClassVar[bool] = False
    value: Fact
    unless: Fact | None
    scores: tuple[int, ...]
    """Cents by option of ``unless``; 0 at the option that needs the judged value."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Given:  # noqa: ARG003
        value = find(node, "value")
        if worth.takes_off:
            raise node.error("扣分项不能酌情自评，请用“直接评分”")
        if not isinstance(value.kind, Points) or value.kind.bound > worth.high:
            raise node.error(f"“{value.label}”应是分值，且不超过指标的分值", "value")
        reading = node.text("reading", "")
        if not node.has("unless"):
            whole = worth.endless or value.kind.bound == worth.high
            if not value.kind.inclusive or not whole or value.only_with or value.office:
                raise node.error(
                    f"整个指标都酌情的，“{value.label}”应由单位自评，总要填写，至多 {worth.amount} 分；"
                    "考核办直接评分的用“直接评分”",
                    "value",
                )
            return cls(worth, reading, value, None, ())
        table = node.node("unless", "unless")
        unless = find(table, "fact")
        condition = value.only_with
        if condition is None or condition.fact != unless or condition.equals is None:
            raise node.error(f"“{value.label}”要注明何时填：“{unless.label}”选哪一项时才由人评分", "value")
        scores = scores_by_option(table, unless, frozenset({unless.kind.show(condition.equals)}))
        table.done()
        options_within(table, worth, scores, value.kind.extremes()[-1])
        return cls(worth, reading, value, unless, scores)

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:
        kind = find(node, "value").kind
        scores = node.node("unless", "unless").node("scores", "scores") if node.has("unless") else None
        options = map(scores.points, scores.keys()) if scores else ()
        return Worth.of_part(item, kind.bound if isinstance(kind, Points) else 0, *options)

    def facts(self) -> tuple[Fact, ...]:
        return (self.unless, self.value) if self.unless else (self.value,)

    def formula(self, ref: Ref) -> str:
        value = self.value.operand(ref)
        return f"{pick(self.unless, self.scores, ref)}+{value}" if self.unless else value

    def exact(self, values: Columns) -> Exact:
        judged = values[self.value.key]
        return Exact(judged + by_option(values[self.unless.key], self.scores) if self.unless else judged)

    def reach(self) -> tuple[int, int]:
        if not self.worth.endless:
            return self.worth.ends
        return 0, max(getattr(self.value.kind, "bound", 0), *self.scores, 0)

    def _judged(self, values: Columns) -> Mask:
        condition = self.value.only_with
        return condition.mask(values[condition.fact.key]) if condition else values[self.value.key] >= 0

    def explain(self, values: Columns, scores: Column) -> list[str]:
        def tell(option: int, judged: bool, score: int) -> str:
            chosen = f"{self.unless.chose(option)}，" if self.unless else ""
            if judged:
                return f"{chosen}{self.value.label} {plain(score)} 分{self.cited}"
            return f"{chosen}{self.worth.told(score)}"

        options = values[self.unless.key] if self.unless else scores
        return told(tell, options, self._judged(values), scores)

    def doubt(self, values: Columns) -> Doubt:
        return Doubt(self._judged(values), 0, self.reach()[1], self.reading, "细则只写酌情，没有规定给几分")

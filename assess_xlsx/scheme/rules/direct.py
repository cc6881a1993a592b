"""direct: the office scores the item itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import Exact, plain
from assess_xlsx.scheme.answer_kinds import Points
from assess_xlsx.scheme.rules.base import Rule, Worth, told
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, Example, Line

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node


class Direct(Rule, frozen=True):
    """direct: the score is a 分值 fact that the office enters, 0 … points; taken off where the item deducts."""

    kind: ClassVar[str] = "direct"
    title: ClassVar[str] = "直接评分"
    purpose: ClassVar[str] = "由考核办直接打分，如“现场查看，由考核组评分，满分5分”；扣分项打的是扣几分。"
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "评分",
            "",
            "“填报项”写打分的填报项：类型是分值，由考核办填报，最多几分与指标相同。",
            cells={FACT: "fact"},
            needed=True,
        ),
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "环境卫生由考核组现场评分，满分5分。",
        {
            "points": 5,
            "facts": [{"label": "现场评分", "kind": "分值", "most": 5, "by": "office"}],
            "rule": {"kind": "direct", "fact": "现场评分"},
        },
        {"现场评分": 4.25},
    )
    fact: Fact

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Direct:  # noqa: ARG003
        fact, most = find(node, "fact"), abs(worth.full)
        if worth.endless and isinstance(fact.kind, Points):
            most = fact.kind.bound
        if fact.kind != Points(most, inclusive=True) or not fact.office:
            if worth.endless:
                raise node.error(f"“{fact.label}”应是由考核办填报的分值，写明至多几分", "fact")
            raise node.error(f"“{fact.label}”应是由考核办填报的分值，至多 {plain(most)} 分", "fact")
        return cls(worth, node.text("reading", ""), fact)

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:
        """The most is what the fact allows; it comes off where its points are negative."""
        towards = super().part_worth(node, item, find).full if node.has("points") else item.full
        most = find(node, "fact").kind.extremes()[-1]
        return Worth.of_part(item, most if towards > 0 else -most)

    def taken_off(self) -> tuple[Fact, ...]:
        return (self.fact,) if self.worth.part and self.worth.takes_off else ()

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:
        return f"{'-' if self.worth.takes_off else ''}{self.fact.operand(ref)}"

    def exact(self, values: Columns) -> Exact:
        return Exact(values[self.fact.key], amount=-1 if self.worth.takes_off else 1)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        def tell(value: int, score: int) -> str:
            return f"考核办评分：{self.fact.label} {plain(value)} 分，{self.worth.told(score)}{self.cited}"

        return told(tell, values[self.fact.key], scores)

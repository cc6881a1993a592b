"""choice: a score an option; 是否 is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import Exact
from assess_xlsx.scheme.rules.base import Rule, Worth, by_option, options_within, pick, scores_by_option, told
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import FACT, Example, Line, Shape

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node


class ByChoice(Rule, frozen=True):
    """choice: a score an option; 是否 is one."""

    kind: ClassVar[str] = "choice"
    title: ClassVar[str] = "按选项"
    purpose: ClassVar[str] = "选哪一项记哪一项的分，如“已开展记2分，未开展不记分”；“是否”就是只有两个选项。"
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "得分",
            "",
            "一个选项一行：“填报项”写看哪个填报项，“选项”写选哪一项，“分数”写记几分；每个选项都要有一行。",
            shared={FACT: "fact"},
            shape=Shape.BY_OPTION,
            needed=True,
        ),
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "实现整体接入的记10分，单机接入的记5分，未接入不记分。",
        {
            "points": 10,
            "facts": [{"label": "接入方式", "kind": "选项", "options": ["整体接入", "单机接入", "未接入"]}],
            "rule": {"kind": "choice", "fact": "接入方式", "scores": {"整体接入": 10, "单机接入": 5, "未接入": 0}},
        },
        {"接入方式": "单机接入"},
    )
    part_points: ClassVar[bool] = False
    fact: Fact
    scores: tuple[int, ...]

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> ByChoice:  # noqa: ARG003
        fact = find(node, "fact")
        scores = scores_by_option(node, fact)
        options_within(node, worth, scores)
        return cls(worth, node.text("reading", ""), fact, scores)

    @classmethod
    def part_worth(cls, node: Node, item: Worth, find: Find) -> Worth:
        return Worth.of_part(item, *scores_by_option(node, find(node, "fact")))

    def reach(self) -> tuple[int, int]:
        return min(self.scores), max(self.scores)

    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def formula(self, ref: Ref) -> str:
        return pick(self.fact, self.scores, ref)

    def exact(self, values: Columns) -> Exact:
        return Exact(by_option(values[self.fact.key], self.scores))

    def explain(self, values: Columns, scores: Column) -> list[str]:
        def tell(value: int, score: int) -> str:
            cited = "" if score == self.worth.full else self.cited
            return f"{self.fact.chose(value)}，{self.worth.told(score)}{cited}"

        return told(tell, values[self.fact.key], scores)

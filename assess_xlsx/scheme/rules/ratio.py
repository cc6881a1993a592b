"""ratio: the points times a part of a whole, or times a percentage."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import CENT, Exact, plain, two_places
from assess_xlsx.scheme.answer_kinds import Percent
from assess_xlsx.scheme.rules.base import Quotient
from assess_xlsx.scheme.rules.exempt import EXEMPT
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION
from assess_xlsx.scheme.rules.lines import BELOW, FACT, POINTS, WHOLE, Example, Line
from assess_xlsx.scheme.rules.measure import NOT_APPLICABLE, PERCENTAGE, Measure, Measured

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.facts import Ref
    from assess_xlsx.scheme.rules.base import Columns, Find, Worth
    from assess_xlsx.scheme.tree import Node


class Ratio(Measured, frozen=True):
    """ratio: the item's points times part / whole, or times a percentage; at most its points."""

    kind: ClassVar[str] = "ratio"
    title: ClassVar[str] = "按比例"
    of_points: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "分值乘以完成的比例，如“全部进驻记3分，不完全的按进驻比例记分”；扣分项按未完成的比例扣分。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "比例",
            "",
            "“填报项”写完成数，“除以”写应完成数；“填报项”本身就是百分比的，不写“除以”。",
            cells={FACT: "fact", WHOLE: "whole"},
            needed=True,
        ),
        Line(
            "封顶",
            "cap",
            "完成数可以超过应完成数的要写：“分数”写指标的分值，超过 100% 的也只记这么多。"
            "完成数填报时就不许超过应完成数的，不写。“填报项”本身是百分比的，不写也封顶。",
            cells={POINTS: ""},
        ),
        Line(
            "不得分",
            "zero_below",
            "“不足”写比例低于多少整个指标记 0 分，如“60%”；没有这样规定的不写。",
            cells={BELOW: ""},
            percent=True,
        ),
        NOT_APPLICABLE,
        EXEMPT,
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "审批服务事项全部进驻记3分，进驻不完全的按照进驻比例记分。",
        {
            "points": 3,
            "facts": [
                {"label": "应进驻事项数", "kind": "次数", "measure": "项", "min": 1},
                {"label": "已进驻事项数", "kind": "次数", "measure": "项", "at_most": "应进驻事项数"},
            ],
            "rule": {"kind": "ratio", "fact": "已进驻事项数", "whole": "应进驻事项数"},
        },
        {"应进驻事项数": 20, "已进驻事项数": 18},
    )
    capped: bool
    """A part that exceeds the whole counts as the whole."""
    zero_below: int
    """The percentage (in 1/100 %) below which nothing counts."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Ratio:  # noqa: ARG003
        measure = Measure.from_node(node, worth, find)
        fact, whole, full = measure.fact, measure.whole, worth.full
        if whole is None and not isinstance(fact.kind, Percent):
            raise node.error(f"“{fact.label}”不是百分比，还要写{node.word('whole')}（除以哪个填报项）", "whole")
        exceeds = fact.limit != whole if whole else fact.kind.extremes()[-1] > Percent.whole
        if whole and exceeds and not node.has("cap"):
            raise node.error(
                f"比例会超过 1：“{fact.label}”要注明不超过哪个填报项，或者这里写{node.word('cap')} {plain(full)}",
                "cap",
            )
        if node.has("cap") and not exceeds:
            raise node.error(f"比例不会超过 1，不要写{node.word('cap')}", "cap")
        if node.has("cap") and node.points("cap") != full:
            raise node.error(f"{node.word('cap')}应等于指标的分值 {plain(full)}", "cap")
        zero_below = measure.threshold(node, "zero_below") if node.has("zero_below") else 0
        if zero_below and worth.takes_off:
            raise node.error(f"扣分项不要写{node.word('zero_below')}", "zero_below")
        capped = exceeds or (whole is not None and fact.office)
        return cls(worth, node.text("reading", ""), measure, capped, zero_below)

    def formula(self, ref: Ref) -> str:
        if not self.measure.fact.filled:
            top, bottom = self.exact_formula(ref)
            return f"ROUND({top}/{bottom},0)/{CENT}"
        sign = "-" if self.worth.full < 0 else ""
        part = self.measure.fact.bare(ref)
        if self.measure.whole:
            whole = self.measure.whole.bare(ref)
            part = f"MIN({part},{whole})/{whole}" if self.capped else f"{part}/{whole}"
        elif self.capped:
            part = f"MIN({part},1)"
        formula = f"{sign}ROUND({abs(self.worth.full)}*{part},0)/{CENT}"  # cents: every engine rounds them alike
        if self.zero_below:
            formula = f"IF({self.measure.steps(ref)}<{self.zero_below},0,{formula})"
        return self.measure.guarded(ref, formula)

    def exact_formula(self, ref: Ref) -> Quotient:
        part, whole = self.measure.whole_numbers(ref)
        if self.capped:
            part = f"MIN({part},{whole})"
        if self.measure.fact.below_zero:
            part = f"MAX(0,{part})"
        if self.zero_below:
            part = f"IF({self.measure.steps(ref)}<{self.zero_below},0,{part})"
        return self.measure.guarded_quotient(ref, Quotient(f"{self.worth.full}*{part}", whole))

    def _numbers(self, values: Columns) -> tuple[Column, Column]:
        """Part and whole as they are divided."""
        part = values[self.measure.fact.key]
        whole = values[self.measure.whole.key] if self.measure.whole else part * 0 + Percent.whole
        if self.capped:
            part = part - (part > whole) * (part - whole)
        if self.measure.fact.below_zero:
            part = part * (part > 0)
        return part, whole + (whole == 0)

    def exact(self, values: Columns) -> Exact:
        part, whole = self._numbers(values)
        if self.zero_below:
            part = part * (self.measure.value(values) >= self.zero_below)
        return self.measure.settle(values, Exact(part, whole, self.worth.full))

    def explain(self, values: Columns, scores: Column) -> list[str]:
        full = plain(self.worth.full).replace("-", "−")

        def tell(words: str, value: int, score: int, part: int, whole: int, over: bool) -> str:
            if value < self.zero_below:
                return f"{words}，不足 {PERCENTAGE.show(self.zero_below)}，{self.worth.told(score)}{self.cited}"
            named = self.measure.named(part, whole)
            if over:
                one = "1" if self.measure.whole else "100%"
                return f"{named} 超过 {one}，按 {one} 计，{full} × {one} = {two_places(score)}{self.cited}"
            return f"{full} × {named} = {two_places(score)}"

        parts = values[self.measure.fact.key]
        wholes = values[self.measure.whole.key] if self.measure.whole else parts
        return self.told(tell, values, scores, parts, wholes, parts > self._numbers(values)[0])

"""shortfall: so many points off for every unit that a number lacks to a threshold, or to the mean of all units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from assess_xlsx.amounts import CENT, bounded, half_up, plain, two_places
from assess_xlsx.rules.base import WAITING, Rule, Worth
from assess_xlsx.rules.lines import BELOW, FACT, FROM, OPTION, POINTS, WHOLE, Example, Line
from assess_xlsx.rules.measure import NOT_APPLICABLE, Measure

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column
    from assess_xlsx.facts import Fact, Ref
    from assess_xlsx.nodes import Node
    from assess_xlsx.rules.base import Columns, Find

MEAN = "平均数"
IN_PROPORTION, NOT_AT_ALL, IN_FULL = "按比例", "不计", "按一份"
"""How a started unit of shortfall counts."""
LARGEST = 2**61
"""What 64 bits hold, with room to round."""


@dataclass(frozen=True, slots=True)
class Shortfall(Rule):
    """shortfall: full points at the threshold, a step off for each ``per`` below it, down to a floor."""

    kind: ClassVar[str] = "shortfall"
    title: ClassVar[str] = "差额扣分"
    purpose: ClassVar[str] = (
        "一个数达到底线得满分（扣分项不扣分），低于底线的按差多少扣分，如“不低于20%得1分，每低1%扣0.1分”；"
        "底线可以是一个数，也可以是各单位的平均数。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "底线",
            "",
            "“填报项”写看哪个数，看两个填报项之比的，除数写在“除以”；底线是一个数的写在“达到”，是平均数的在“选项”写“平均数”，"
            "两者写一个。平均数是同一张评分表已知各数的平均，四舍五入保留两位小数。百分比写“20%”。",
            cells={FACT: "fact", WHOLE: "whole", FROM: "at_least", OPTION: "against"},
            needed=True,
        ),
        Line(
            "每低",
            "each",
            "“不足”写每低多少为一份，“分数”写每份扣几分（写负数）；不满一份的怎么算写在“选项”：“按比例”（不写就是这样）、“不计”"
            "（不扣）或“按一份”（满扣一份）。",
            cells={BELOW: "per", POINTS: "step", OPTION: "started"},
            needed=True,
        ),
        Line("最低分", "floor", "扣到几分为止；不写就是扣完为止。", cells={POINTS: ""}),
        NOT_APPLICABLE,
    )
    example: ClassVar[Example] = Example(
        "网上办理率不低于20%得1分，每低1%扣0.1分。",
        {
            "points": 1,
            "facts": [
                {"label": "办件总数", "kind": "次数", "measure": "件", "min": 1},
                {"label": "网上办件数", "kind": "次数", "measure": "件", "at_most": "办件总数"},
            ],
            "rule": {
                "kind": "shortfall",
                "fact": "网上办件数",
                "whole": "办件总数",
                "at_least": 20,
                "each": {"per": 1, "step": -0.1},
            },
        },
        {"办件总数": 400, "网上办件数": 62},
    )
    measure: Measure
    threshold: int | None
    """In the measure's scale; None is the mean of all units."""
    per: int
    """In the measure's scale."""
    step: int
    """Cents off for each ``per``."""
    started: str
    floor: int

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Shortfall:  # noqa: ARG003
        measure = Measure.from_node(node, worth, find)
        if node.has("at_least") == node.has("against"):
            raise node.error(
                f"底线要写且只写一种：{node.word('at_least')}一个数，或{node.word('against')}“{MEAN}”", "at_least"
            )
        threshold = None
        if node.has("at_least"):
            threshold = measure.threshold(node, "at_least")
        elif node.text("against") != MEAN:
            raise node.error(f"{node.word('against')}只能是“{MEAN}”", "against")
        elif worth.bonus:
            raise node.error("加分项不填就是 0，不能与平均数比", "against")
        table = node.node("each", "每低")
        per, step = measure.threshold(table, "per"), -table.points("step")
        started = table.text("started", IN_PROPORTION)
        if per <= 0 or step <= 0:
            raise table.error(
                f"{table.word('per')}（每低多少）应大于 0，{table.word('step')}（扣几分）应是负数",
                "step" if per > 0 else "per",
            )
        if started not in (IN_PROPORTION, NOT_AT_ALL, IN_FULL):
            raise table.error(
                f"{table.word('started')}应是“{IN_PROPORTION}”“{NOT_AT_ALL}”或“{IN_FULL}”，现为“{started}”", "started"
            )
        table.done()
        floor = node.points("floor") if node.has("floor") else worth.low
        if not worth.low <= floor < worth.high:
            raise node.error(f"{node.word('floor')}应不小于 {plain(worth.low)}、小于 {plain(worth.high)}", "floor")
        if (worth.high - floor + step) * per * CENT > LARGEST:
            raise table.error(f"{table.word('per')}（每低多少）太大", "per")
        return cls(worth, node.text("reading", ""), measure, threshold, per, step, started, floor)

    @property
    def among_units(self) -> bool:
        return self.threshold is None

    def facts(self) -> tuple[Fact, ...]:
        return self.measure.facts

    def formula(self, ref: Ref) -> str:
        if self.threshold is None:
            return WAITING
        units = f"MAX(0,{self.threshold}-{self.measure.steps(ref)})"
        if self.per > 1:
            units = f"{units}/{self.per}"
        if self.started == NOT_AT_ALL:
            units = f"INT({units})"
        elif self.started == IN_FULL:
            units = f"ROUNDUP({units},0)"
        less = f"{plain(self.worth.high) if self.worth.high else ''}-{plain(self.step)}*{units}"
        return self.measure.guarded(ref, f"ROUND(MAX({plain(self.floor)},{less}),2)")

    @property
    def _fine(self) -> int:
        """Steps of the number 1: as the measure has them, in hundredths at least where there is a mean."""
        return self.measure.kind.scale if self.threshold is not None else max(CENT, self.measure.kind.scale)

    def _limit(self, values: Columns) -> int:
        """The threshold, in fine steps; a mean is rounded half up to two decimals of the number as it is shown."""
        if self.threshold is not None:
            return self.threshold
        known: list[int] = self.measure.value(values)[self.measure.competes(values)].tolist()
        hundredths = half_up(sum(known) * CENT, max(1, len(known)) * self.measure.kind.scale)
        return hundredths * (self._fine // CENT)

    def _lack(self, values: Columns) -> Column:
        """What lacks to the threshold, in fine steps."""
        return bounded(
            self._limit(values) - self.measure.value(values) * (self._fine // self.measure.kind.scale), 0, None
        )

    def score(self, values: Columns) -> Column:
        per, full = self.per * (self._fine // self.measure.kind.scale), self.worth.high
        most = (full - self.floor) * per // self.step + per
        lack = bounded(self._lack(values), None, most)
        if self.started == NOT_AT_ALL:
            lack = lack // per * per
        elif self.started == IN_FULL:
            lack = (lack + per - 1) // per * per
        left = bounded(full * per - self.step * lack, self.floor * per, None)
        scores = half_up(abs(left), per)
        return self.measure.settle(values, -scores if full == 0 else scores)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        fine, unit, step = self._fine, self.measure.kind.unit(), plain(self.step)
        name = "底线" if self.threshold is not None else "各单位平均数"
        limit, per = f"{plain(self._limit(values), fine) if fine > 1 else self._limit(values)}{unit}", self.per

        def number(amount: int, scale: int) -> str:
            return plain(amount, scale) if scale > 1 else str(amount)

        def tell(words: str, value: int, score: int, lack: int) -> str:  # noqa: ARG001
            if lack == 0:
                return f"{words}，达到{name} {limit}，记 {two_places(score)}"
            steps = per * (fine // self.measure.kind.scale)
            count = f"{number(lack, fine)}/{number(steps, fine)}" if steps != fine else number(lack, fine)
            if self.started != IN_PROPORTION:
                whole = lack // steps if self.started == NOT_AT_ALL else -(-lack // steps)
                count = str(whole)
            start = plain(self.worth.high)
            off = f"{words}，比{name} {limit}低 {number(lack, fine)}{unit}，{start} − {step} × {count}"
            numerator = self.worth.high * steps - self.step * (
                int(count) * steps if self.started != IN_PROPORTION else lack
            )
            end = "，扣完为止" if numerator < self.floor * steps else ""
            return f"{off}{end} = {two_places(score)}"

        return self.measure.told(tell, values, scores, self._lack(values))

"""总分调整: lines that add to a total, take off, cap it or leave 加分 out where something holds. It knows no unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from assess_xlsx.amounts import plain

if TYPE_CHECKING:
    from assess_xlsx.amounts import Amount
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.rules.when import When

KINDS = ADD, OFF, MOST, NO_BONUS = "加分", "扣分", "总分不超过", "不加分"
"""作用 as a scheme's workbook says it."""
TOTAL = "总分"
"""What a condition may look at besides facts and scores: the sections with points together."""


class Mark(Struct, frozen=True):
    """A score reaches an amount, or stays below it (cents): of an item, of a section, or of all that bring points."""

    words: str
    """``总分``, ``得分 2``, ``得分 2.1.1``."""
    amount: int
    below: bool
    item: int | None = None
    """The item's place in the form."""
    section: int | None = None
    """The section's."""

    @property
    def of_all(self) -> bool:
        return self.item is None and self.section is None

    def holds(self, scores: Amount) -> Any:  # noqa: ANN401 - one truth, or one a unit
        return scores < self.amount if self.below else scores >= self.amount

    def formula(self, score: str) -> str:
        """The same as an Excel condition."""
        return f"{score}{'<' if self.below else '>='}{plain(self.amount)}"

    @property
    def text(self) -> str:
        """``总分不足 60 分``, ``得分 2.1.1 不足 −5 分``."""
        reached = f"{'不足' if self.below else '达到'} {plain(self.amount).replace('-', '−')} 分"
        return f"{self.words}{'' if self.of_all else ' '}{reached}"


class Adjustment(Struct, frozen=True):
    """One line: what happens to the total of a unit of which the condition holds."""

    name: str
    when: When | Mark
    kind: str
    points: int = 0
    """In cents; of 不加分 none."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What it looks at of what is filled in, those that decide whether it is needed included."""
        if isinstance(self.when, Mark):
            return ()
        return (self.when.fact, *(condition.fact for condition in self.when.fact.conditions))

    @property
    def signed(self) -> int:
        """What it adds to the sum."""
        return {ADD: self.points, OFF: -self.points}.get(self.kind, 0)

    @property
    def effect(self) -> str:
        """``扣 5 分``, ``不超过 80 分``, ``加分不计``."""
        points = f"{plain(self.points)} 分"
        return {ADD: f"加 {points}", OFF: f"扣 {points}", MOST: f"不超过 {points}", NO_BONUS: "加分不计"}[self.kind]

    @property
    def text(self) -> str:
        """As people read it, with its condition."""
        subject = "加分项目的得分不计" if self.kind == NO_BONUS else f"总分{self.effect}"
        return f"{self.name}：{self.when.text}的，{subject}"

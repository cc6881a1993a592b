"""The circumstances of 一票否决 and what they do to a unit, each and all together. Who has which is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from assess_xlsx.amounts import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = CANCEL, OFF, MOST, ZERO, LAST, NOT_ABOVE, LOWER = (
    "取消评优",
    "扣分",
    "总分不超过",
    "总分记零",
    "名次列末",
    "等次不高于",
    "降一等",
)
"""效果 as a scheme's workbook says them."""
BURDENS = frozenset(KINDS) - {CANCEL}
"""Those that touch a total, a place or a 等次."""
OF_POINTS, OF_GRADES = frozenset((OFF, MOST)), frozenset((NOT_ABOVE, LOWER))
"""Those whose 效果数值 is points; those that need 等次."""
WITH_VALUE = OF_POINTS | {NOT_ABOVE}


class Effect(NamedTuple):
    """One thing that a circumstance does."""

    kind: str
    points: int = 0
    """效果数值 in cents, of 扣分 and 总分不超过."""
    grade: str = ""
    """效果数值 of 等次不高于."""

    @property
    def text(self) -> str:
        """As people read it."""
        points = f"{plain(self.points)} 分"
        return {
            CANCEL: "取消评优资格",
            OFF: f"总分扣 {points}",
            MOST: f"总分不超过 {points}",
            ZERO: "总分记 0 分",
            LAST: "名次列在末尾",
            NOT_ABOVE: f"等次不高于{self.grade}",
            LOWER: "等次降一等",
        }[self.kind]


CANCELLING = (Effect(CANCEL),)
"""What a circumstance does where nothing else is said."""


class Veto(Struct, frozen=True):
    """A circumstance of 一票否决: it costs 评优资格, or what else its effects say."""

    code: str
    text: str
    clause: str
    effect: str
    declared: bool
    """The unit declares it on its form; the others are the office's alone."""
    effects: tuple[Effect, ...] = CANCELLING
    """效果; ``effect`` is how people call them together (后果)."""

    def does(self, *kinds: str) -> bool:
        """Whether one of its effects is of these kinds."""
        return any(effect.kind in kinds for effect in self.effects)

    @property
    def title(self) -> str:
        """情形, as the register's drop-down and the result show it."""
        return f"{self.code} {self.text}"


class Effects(Struct, frozen=True):
    """What all circumstances of a unit do together; one that is both declared and recorded counts once."""

    vetoes: tuple[Veto, ...]

    @classmethod
    def of(cls, vetoes: Iterable[Veto]) -> Effects:
        return cls(tuple({veto.code: veto for veto in vetoes}.values()))

    def every(self, *kinds: str) -> list[Effect]:
        """All of these kinds."""
        return [effect for veto in self.vetoes for effect in veto.effects if effect.kind in kinds]

    def has(self, kind: str) -> bool:
        return any(self.every(kind))

    @property
    def off(self) -> tuple[int, ...]:
        """Every 扣分, in cents."""
        return tuple(effect.points for effect in self.every(OFF))

    @property
    def most(self) -> int | None:
        """The smallest 总分不超过, 0 where 总分记零; None where neither is."""
        return min((effect.points for effect in self.every(MOST, ZERO)), default=None)

    def codes(self, *kinds: str) -> str:
        """The circumstances that do one of these."""
        return "、".join(veto.code for veto in self.vetoes if any(effect.kind in kinds for effect in veto.effects))

    def told(self) -> str:
        """What they do to a total: `` − 5（V.2），不超过 59.99 分（V.3）``; empty where nothing does."""
        told = ""
        for veto in self.vetoes:
            for effect in veto.effects:
                if effect.kind == OFF:
                    told += f" − {plain(effect.points)}（{veto.code}）"
        for veto in self.vetoes:
            for effect in veto.effects:
                if effect.kind in (MOST, ZERO):
                    told += f"，{effect.text.removeprefix('总分')}（{veto.code}）"
        return told

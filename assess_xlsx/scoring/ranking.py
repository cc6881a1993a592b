"""What the units came to that are ranked together, of one form or of several. Nothing is computed here."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assess_xlsx.scheme.grades import Grade
    from assess_xlsx.scheme.model import Unit
    from assess_xlsx.scheme.subtotals import Subtotal
    from assess_xlsx.scoring.scores import Graded, Scores


class Ranking(Struct, frozen=True, eq=False, dict=True):
    """The results of forms that are ranked together; figures by 序号, amounts in cents."""

    forms: Sequence[Scores]

    @property
    def name(self) -> str:
        """The 排名组, or the form that is ranked alone."""
        return self.forms[0].form.ranking

    @property
    def grouped(self) -> bool:
        """It is that of a 排名组."""
        return bool(self.forms[0].form.group)

    def of(self, unit: Unit) -> Scores:
        """The result of a unit's form."""
        return self._by_name[unit.form]

    @cached_property
    def _by_name(self) -> dict[str, Scores]:
        return {each.form.name: each for each in self.forms}

    # ── who ──

    def _units(self, kind: Callable[[Scores], Iterable[Unit]]) -> list[Unit]:
        return sorted(chain.from_iterable(map(kind, self.forms)), key=lambda unit: unit.number)

    @cached_property
    def units(self) -> list[Unit]:
        """Those that reported."""
        return self._units(lambda each: each.units)

    @property
    def missing(self) -> list[Unit]:
        """未报送 (K14)."""
        return self._units(lambda each: each.missing)

    @cached_property
    def zeroed(self) -> list[Unit]:
        """按零分 (K27)."""
        return self._units(lambda each: each.zeroed)

    @property
    def excluded(self) -> list[Unit]:
        """不参评 (K27)."""
        return self._units(lambda each: each.excluded)

    @property
    def without_total(self) -> list[Unit]:
        """The units that reported and that nothing with points concerns."""
        return self._units(lambda each: each.without_total)

    @property
    def size(self) -> int:
        """The units on the roster, those by 不参评 aside."""
        return sum(len(each.form.units) for each in self.forms)

    def ordered(self) -> list[Unit]:
        """The units that reported and have a rank, by it, ties in roster order (K12)."""
        units = (unit for unit in self.units if unit.number in self.ranks)
        return sorted(units, key=lambda unit: (self.ranks[unit.number], unit.number))

    def ranked(self) -> list[Unit]:
        """All that have a rank in their order, those by 按零分 (K27) behind the others of the same."""
        absent = {unit.number for unit in self.zeroed}
        units = (unit for unit in (*self.units, *self.zeroed) if unit.number in self.ranks)
        return sorted(units, key=lambda unit: (self.ranks[unit.number], unit.number in absent, unit.number))

    # ── what they came to ──

    @cached_property
    def ranks(self) -> Mapping[int, int]:
        return {unit: rank for each in self.forms for unit, rank in each.ranks.to_dict().items()}  # type: ignore[misc]

    @cached_property
    def totals(self) -> Mapping[int, int]:
        return {unit: total for each in self.forms for unit, total in each.totals.to_dict().items()}  # type: ignore[misc]

    @cached_property
    def merit(self) -> Mapping[int, str]:
        """评优资格."""
        return {unit: merit for each in self.forms for unit, merit in each.merit.items()}

    @property
    def grades(self) -> tuple[Grade, ...]:
        """等次 from the best down; none where there are none."""
        return self.forms[0].form.grades

    @property
    def graded_by(self) -> Subtotal | None:
        """The scores that 等次 goes by; None: 总分."""
        return self.forms[0].form.graded_by

    @cached_property
    def graded(self) -> Mapping[int, Graded]:
        """等次 of every unit that has a total."""
        return {unit: grade for each in self.forms for unit, grade in each.grades.items()}

    @property
    def any_last(self) -> bool:
        """Whether any unit with a rank is 名次列末."""
        return any(each.any_last for each in self.forms)

    # ── how sure it is ──

    @property
    def provisional(self) -> bool:
        """暂定 (K12)."""
        return any(self.open_counts().values())

    def open_counts(self) -> dict[str, int]:
        """How many units and decisions keep it 暂定."""
        return {
            "未报送": sum(len(each.missing) for each in self.forms),
            "待补正": sum(len(each.to_correct) for each in self.forms),
            "待核定": sum(len(each.open) for each in self.forms),
        }

    def still_open(self) -> list[str]:
        """The same in words."""
        named = self.open_counts().items()
        return [f"{name} {count} {'项' if name == '待核定' else '个单位'}" for name, count in named if count]

    @property
    def unknown(self) -> list[str]:
        """What keeps the ranges wider than they may be: numbers of units that others are compared with."""
        return list(dict.fromkeys(chain.from_iterable(each.unknown for each in self.forms)))

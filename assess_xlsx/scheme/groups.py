"""排名组: the forms that are ranked together, and the items that they share. It scores none."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from assess_xlsx.scheme.grades import Grade
    from assess_xlsx.scheme.model import Form, Item, Unit
    from assess_xlsx.scheme.subtotals import Subtotal


class Compared(NamedTuple):
    """An item and the forms over whose units it is compared: where it stands in each."""

    item: Item
    places: tuple[tuple[int, int], ...]
    """The form's place among those of the group, and the item's among those of the form."""


class Group(Struct, frozen=True, dict=True):
    """Forms that are ranked together: those of one 排名组, or a form alone."""

    forms: tuple[Form, ...]

    @property
    def name(self) -> str:
        """What its ranking is called."""
        return self.forms[0].ranking

    @property
    def named(self) -> bool:
        """It is a 排名组."""
        return bool(self.forms[0].group)

    @property
    def shared(self) -> int:
        """How many items several of its forms have."""
        codes = Counter(item.code for form in self.forms for item in form.items if item.shared)
        return sum(count > 1 for count in codes.values())

    def compared_alone(self) -> Iterator[tuple[Form, Item]]:
        """The items that are shared with forms of other groups alone, and yet compare units."""
        for place, form in enumerate(self.forms):
            for item in form.items:
                if item.shared and item.rule.among_units and len(self.beside(place, item)) == 1:
                    yield form, item

    @property
    def grades(self) -> tuple[Grade, ...]:
        """等次, the same for all its forms."""
        return self.forms[0].grades

    @property
    def idle_quotas(self) -> list[tuple[Grade, int]]:
        """The grades that take as many units as there are, or more, and how many: a 30 that was to be 30% is one."""
        units = len(self.units)
        places = ((each, each.quota.places(units)) for each in self.grades if each.quota and not each.quota.share)
        return [(each, most) for each, most in places if most >= units]

    @property
    def graded_by(self) -> Subtotal | None:
        """The scores that it goes by, the same for all its forms; None: 总分."""
        return self.forms[0].graded_by

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Those of all its forms, in the official order."""
        return tuple(sorted((unit for form in self.forms for unit in form.units), key=lambda unit: unit.number))

    def without(self, numbers: Collection[int]) -> Group:
        """The same forms for the other units alone: the rules that compare units count these no more (K27)."""
        if not numbers:
            return self
        left = [tuple(unit for unit in form.units if unit.number not in numbers) for form in self.forms]
        counts = [len(units) for units in left]
        forms = [
            replace(form, units=units, sections=tuple(s.among(self._fields(place, counts)) for s in form.sections))
            for place, (form, units) in enumerate(zip(self.forms, left, strict=True))
        ]
        return Group(tuple(forms))

    def _fields(self, place: int, counts: Sequence[int]) -> dict[str, int]:
        """By code of a form's items, the units that each is compared over; ``counts``: of each form."""
        found = {}
        for item in self.forms[place].items:
            forms = self._sharing(item) if item.shared else (place,)
            found[item.code] = max(1, sum(counts[each] for each in forms))
        return found

    def _sharing(self, item: Item) -> tuple[int, ...]:
        """The places of the forms that have a shared item."""
        return tuple(place for place, form in enumerate(self.forms) if item.code in form.places)

    def beside(self, place: int, item: Item) -> tuple[int, ...]:
        """The forms over whose units an item of one of them is compared, that one first."""
        others = self._sharing(item) if item.shared and item.rule.among_units else ()
        return (place, *(other for other in others if other != place))

    @cached_property
    def in_order(self) -> tuple[Compared, ...]:
        """Every item, each after all that stand before it in any form; what compares units of several forms once.

        Raises ValueError where the forms have shared items in different orders.
        """
        return tuple(self._in_order())

    def _in_order(self) -> Iterator[Compared]:
        at = [0] * len(self.forms)
        while any(place < len(form.items) for place, form in zip(at, self.forms, strict=True)):
            ready = next(self._ready(at), None)
            if ready is None:
                raise ValueError
            yield ready
            for form, _ in ready.places:
                at[form] += 1

    def _ready(self, at: Sequence[int]) -> Iterator[Compared]:
        """The next items of the forms to which all forms that have them have come."""
        for place, form in enumerate(self.forms):
            if at[place] == len(form.items):
                continue
            item = form.items[at[place]]
            forms = sorted(self.beside(place, item))
            if all(self.forms[each].places[item.code] == at[each] for each in forms):
                yield Compared(item, tuple((each, at[each]) for each in forms))


def groups(forms: Iterable[Form]) -> tuple[Group, ...]:
    """The forms as they are ranked, by the first of each group."""
    found: dict[str, list[Form]] = {}
    for form in forms:
        found.setdefault(form.ranking, []).append(form)
    return tuple(Group(tuple(each)) for each in found.values())

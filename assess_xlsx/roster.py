"""Which unit a name means: what a form's 考核单位 says, what a file is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.kinds import fold

if TYPE_CHECKING:
    from assess_xlsx.scheme import Scheme, Unit

COUNTY = "县"


class Roster:
    """Looks up the units of a scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self.units = scheme.units
        self._by_name = {fold(unit.name): unit for unit in self.units}

    def find(self, name: str) -> Unit | None:
        """The unit whose name this is, white space and full-width forms aside."""
        return self._by_name.get(fold(name))

    def in_file_name(self, name: str) -> Unit | None:
        """The one unit that a file is named after, with or without its 县; None if none or several are named."""
        text = fold(name)
        named = {
            unit.name: unit
            for known, unit in self._by_name.items()
            if known in text or (known.startswith(COUNTY) and known.removeprefix(COUNTY) in text)
        }
        # a name inside a longer one is no second unit: 县公安局 in a form of 某某县公安局分局
        longest = [
            unit for name_, unit in named.items() if not any(name_ != other and name_ in other for other in named)
        ]
        return longest[0] if len(longest) == 1 else None

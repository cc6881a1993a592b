"""Which unit a name means: what a form's 考核单位 says, what a file is called. A guess is never made in silence."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from assess_xlsx.entries import bare_name, fold, unsealed

if TYPE_CHECKING:
    from assess_xlsx.scheme.model import Scheme, Unit

ALIKE = 0.6
"""How alike a name must be to a unit's to be suggested in a message."""
SHORTEST = 3
"""Characters of the shortest name that is looked for in file names: two would be found anywhere."""


class Roster:
    """Looks up the units of a scheme, by their names and their aliases."""

    def __init__(self, scheme: Scheme) -> None:
        self.units = scheme.units
        self._county = scheme.county
        self._by_name = {fold(unit.name): unit for unit in self.units}
        for unit in self.units:
            for alias in unit.aliases:
                self._by_name.setdefault(self._bare(alias), unit)
            self._by_name.setdefault(self._bare(unit.name), unit)
        self._beginnings = {name[:SHORTEST] for name in self._by_name}

    def _bare(self, name: str) -> str:
        return bare_name(name, self._county)

    def find(self, name: str) -> Unit | None:
        """The unit that a name means: its own, an alias, with or without the county's name or a note behind it."""
        said = fold(name)
        return self._by_name.get(said) or next(
            (
                unit
                for each in (said, unsealed(said), self._without_note(said))
                if (unit := self._by_name.get(each) or self._by_name.get(self._bare(each)))
            ),
            None,
        )

    def _without_note(self, name: str) -> str:
        """A name without quotes around it, ``单位:`` before or a bracket behind it, unless that names another."""
        bare = re.sub(r"^(?:\w*单位|\w*乡镇)[:]", "", name).strip("\"'“”‘’《》「」()")
        bare, _, note = bare.partition("(")
        return name if note and self.in_file_name(note) else bare

    def in_file_name(self, name: str) -> Unit | None:
        """The one unit that a file is named after; None if none or several are named."""
        text = fold(name)
        starts = [start for start in range(len(text)) if text[start : start + SHORTEST] in self._beginnings]
        spans = ((start, end) for start in starts for end in range(start + SHORTEST, len(text) + 1))
        known = {text[start:end] for start, end in spans if text[start:end] in self._by_name}
        # a name inside a longer one is no second unit
        longest = [each for each in known if not any(each != other and each in other for other in known)]
        units = {self._by_name[each].number: self._by_name[each] for each in longest}
        return next(iter(units.values())) if len(units) == 1 else None

    def near(self, name: str) -> Unit | None:
        """The unit whose name is most like a name that means none, for a message to suggest."""
        close = difflib.get_close_matches(self._bare(name), list(self._by_name), 1, ALIKE)
        return self._by_name[close[0]] if close else None

"""What stands in a form that is not blank, for those who write forms. Nothing is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from assess_xlsx.entries import Raw
    from assess_xlsx.problems import Problem


class Filling(Struct, frozen=True):
    """What stands in a form; nothing, by default."""

    unit: str = ""
    period: str = ""
    entries: Mapping[str, Raw] = field(default_factory=dict)
    """What stands in 填报值, by fact key."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    """备注."""
    scores: Mapping[str, int] = field(default_factory=dict)
    """Cents by item code, as the sheet's own formulas give them: the cached values."""
    saved: dt.datetime | None = None
    faults: Sequence[Problem] = ()
    """What is to be mended in a form that goes back to its unit; a fault with a cell gets a note."""

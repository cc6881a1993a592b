"""What flows from intake to scoring: where a thing came from, what was answered, what the office recorded.

Each is made whole, once. Nothing is read here and nothing decided.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from assess_xlsx.entries import Raw


class Source(NamedTuple):
    """A file that came in, or one inside an archive or a mail: what all that is said of it refers to."""

    name: str
    """What people call it: its path under INPUT, with ``/``. Two sources may be called the same."""
    origin: str = ""
    """Where it came from: the file's path as found, ``#`` and a number behind it for one inside. No two share it."""
    size: int | None = None
    """Bytes; None where they could not be read."""
    sha256: str = ""


class Place(NamedTuple):
    """Where something stands; what is not known stays empty."""

    unit: str = ""
    source: Source = Source("")
    sheet: str = ""
    cell: str = ""
    code: str = ""
    fact: str = ""


class Saved(NamedTuple):
    """When a file was last saved, as far as that is seen without reading it."""

    time: dt.datetime
    """UTC."""
    lasting: bool
    """It goes with the content: an archive or a mail says it, not the disk."""


# ── what a unit answered ──

UNFILLED, INVALID, NORMALISED = "未填", "无效", "照读"
UNUSABLE = "填写无效"
"""Stands in 填报数据 for an entry that cannot be used."""
"""Notes on an answer: it must be filled and is blank; it cannot be used; it was not typed as the form asks."""


class Answer(NamedTuple):
    """What a unit answered to one fact."""

    value: int | None
    """In the scale of the fact's kind; None is a gap, or not needed."""
    typed: Raw = ""
    """As it stood in the cell."""
    cell: str = ""
    """Where it stood; empty where the form has no row for the fact."""
    evidence: str = ""
    """佐证说明."""
    notes: tuple[str, ...] = ()


class FilledForm(Struct, frozen=True, dict=True):
    """A form as a unit filled it."""

    form: str
    unit: int
    """序号 in the roster."""
    source: Source
    sheet: str
    saved: dt.datetime
    period: str
    contacts: dict[str, str]
    remark: str
    """备注."""
    answers: tuple[Answer, ...]
    """By the form's facts, in their order."""
    self_scores: tuple[int | None, ...]
    """自评分 in cents, as the 记分 column held it, by the form's self-scored items in their order (K20)."""
    score_cells: tuple[str, ...]
    """Where they stood."""
    lasting: bool = True
    """Whether ``saved`` goes with the file's content, so that no copying changes it (K19, K25)."""

    @property
    def values(self) -> tuple[int | None, ...]:
        """By the form's facts, in their order."""
        return tuple([answer.value for answer in self.answers])

    @cached_property
    def noted(self) -> tuple[tuple[int, Answer], ...]:
        """The few answers of which something is to be said, with their places among the facts."""
        return tuple([(place, answer) for place, answer in enumerate(self.answers) if answer.notes])

    @property
    def facts_alike(self) -> tuple[object, ...]:
        """Equal for two forms that say the same: the values, and as typed what could not be read."""
        return self.form, tuple((each.value, each.typed if each.value is None else "") for each in self.answers)


# ── what the office recorded ──


class VetoRow(NamedTuple):
    """A veto circumstance that the office recorded."""

    unit: int
    code: str
    date: str
    detail: str
    basis: str
    place: Place


class EventRow(NamedTuple):
    """平时考核: so many adverse events of a fact, on one occasion."""

    unit: int
    key: str
    times: int
    date: str
    detail: str
    recorder: str
    place: Place


class OfficeValue(NamedTuple):
    """考核办填报: what the office knows of a fact, in the scale of its kind."""

    unit: int
    key: str
    value: int
    place: Place


class Ruling(NamedTuple):
    """核定: a fact's value (in the scale of its kind), or an item's score (in cents) where ``key`` is empty.

    Of 等次, which is its ``key``, ``value`` is the place among the form's grades.
    """

    unit: int
    code: str
    key: str
    value: int
    reason: str
    place: Place


DECISIONS = ACCEPTED, UPHELD, CORRECTED, TOO_LATE = "受理", "维持", "改正", "逾期不受理"
"""处理 of an objection."""


class Objection(NamedTuple):
    """异议: what a unit objects to, and what became of it (K28)."""

    unit: int
    code: str
    """An item's, a veto circumstance's, or 总分."""
    text: str
    received: dt.date | None
    decision: str
    """Empty, or one of the four; what else stands there is told and decides nothing."""
    reply: str
    handler: str
    place: Place

    @property
    def open(self) -> bool:
        """Not decided yet."""
        return self.decision in ("", ACCEPTED)


VERDICTS = ZEROED, EXCLUDED = "按零分", "不参评"
"""处理 of a unit that never reported."""


class Absence(NamedTuple):
    """未报送处理: what the office decided about a unit that never reported (K27)."""

    unit: int
    decision: str
    """按零分 or 不参评."""
    reason: str
    place: Place


Row = VetoRow | EventRow | OfficeValue | Ruling | Objection


class Register(Struct, frozen=True):
    """What one or several registers say."""

    vetoes: tuple[VetoRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    values: tuple[OfficeValue, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    objections: tuple[Objection, ...] = ()
    absences: tuple[Absence, ...] = ()

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        """异议 that wait for a decision: a round cannot be closed with one (K28)."""
        return tuple(each for each in self.objections if each.open)

    def rows(self) -> Iterator[Row]:
        """All that is said of a unit that reported."""
        return chain(self.vetoes, self.events, self.values, self.rulings, self.objections)

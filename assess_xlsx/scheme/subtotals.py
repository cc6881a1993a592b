"""得分 of earlier items as something that a rule looks at, as it looks at a fact. What a unit scored is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx import numerals
from assess_xlsx.entries import fold
from assess_xlsx.scheme.answer_kinds import Points
from assess_xlsx.scheme.facts import Fact
from assess_xlsx.scheme.rules.base import NO_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assess_xlsx.scheme.rules import Worth
    from assess_xlsx.scheme.tree import Node

SCORE, PLUS = "得分", "＋"
"""``得分 1.2.1``, ``得分 一``, ``得分 1.2.1＋1.2.2``."""
_NAMED = "“得分”后面写前面的指标编号，或前面考核项目编号的第一段"


class Subtotal(Fact, frozen=True):
    """The sum of final scores (cents), each rounded and as it was decided (K18): nobody fills it in.

    Its label is ``得分`` and what it sums: codes of items, and numbers of sections, which are the first of the codes.
    """

    items: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    most: int = NO_END
    """What they can come to together, in cents."""
    falls: bool = False
    """A score may be below 0."""

    @property
    def parts(self) -> tuple[Fact, ...]:
        return ()

    @property
    def filled(self) -> bool:
        return False

    @property
    def called(self) -> str:
        return f"{SCORE}（{PLUS.join((*self.items, *self.sections))}）"

    @property
    def scored(self) -> bool:
        return True

    @property
    def below_zero(self) -> bool:
        return self.falls

    def words(self) -> str:
        return f"前面的{self.label}"


def is_meant(text: str) -> bool:
    """Whether a name means scores rather than a fact."""
    return fold(text).startswith(SCORE)


def numbered(text: str, numbers: Iterable[str]) -> str | None:
    """The section that a text names: ``2`` or ``二``."""
    return next((number for number in numbers if number in (text, str(numerals.value(text)))), None)


def subtotal(node: Node, key: str, text: str, code: str, worth: Mapping[str, Worth]) -> Subtotal:
    """What a rule of the item with that code looks at; 等次 stands behind all items and has none.

    ``worth``: of each item and each section before, by code and by number.
    """
    items, whole = [], []
    for part in fold(text).replace("+", PLUS).split(PLUS):
        name = part.removeprefix(SCORE)
        if not name:
            raise node.error(f"“{text}”里“{SCORE}”后面没有编号", key, _NAMED)
        own = code.partition(".")[0]
        number = numbered(name, (*(each for each in worth if "." not in each), *([own] if own else [])))
        if code and (name == code or number == own):
            raise node.error(f"“{SCORE} {name}”包含这个指标自己", key)
        if number is not None:
            whole.append(number)
        elif name in worth:
            items.append(name)
        else:
            what = "指标" if "." in name else "考核项目"
            raise node.error(f"{'前面' if code else ''}没有{what} {name}", key, _NAMED)
    terms = [*items, *whole]
    if taken_off := next((term for term in terms if worth[term].takes_off), ""):
        raise node.error(f"{taken_off} 是扣分，不能看它的得分", key)
    if twice := _twice(terms):
        raise node.error(f"“{text}”里的 {twice} 加了两次", key)
    bound = min(NO_END, sum(worth[term].high for term in terms))
    label, falls = f"{SCORE} {PLUS.join(terms)}", any(worth[term].falls for term in terms)
    parts: dict[str, Any] = {"items": tuple(items), "sections": tuple(whole)}
    return Subtotal("", label, Points(bound, inclusive=True), **parts, most=bound, falls=falls)


def _twice(terms: Sequence[str]) -> str:
    """What is summed twice: a term, or an item of a section that is summed as a whole."""
    seen: set[str] = set()
    for term in sorted(terms, key=len):
        if term in seen or term.partition(".")[0] in seen:
            return term
        seen.add(term)
    return ""

"""What of a sentence a proposal did not use: phrases, numbers, clauses. It knows no recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.draft.leftover.clauses import passed_over, tails, unrepeated
from assess_xlsx.draft.leftover.numbers import numbers
from assess_xlsx.draft.leftover.phrases import phrases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assess_xlsx.draft.recipes.base import Asked, Proposal


def left_over(found: Proposal, asked: Asked) -> list[str]:
    """What a person has to look at; empty where the rule tells all of the sentence."""
    for looked in (phrases(found, asked), _untold(numbers(found, asked)), _untold(passed_over(found, asked))):
        if looked:
            return looked
    return []


def unsaid(found: Proposal, asked: Asked) -> list[str]:
    """What no 填报项 repeats of the sentences that went into the rule: lost there, or cut short."""
    if found.rule["kind"] in ("direct", "ratio"):
        return []
    asking = [f"“{text}”没有写进填报项，请核对" for text in unrepeated(found, asked)]
    return asking + _untold(tails(found, asked))


def _untold(texts: Iterable[str]) -> list[str]:
    return [f"“{text}”没有写进规则，请核对" for text in texts]

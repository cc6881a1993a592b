"""From what a sentence says to 填报项 and a rule: a table of recipes, the first that fits is taken.

A recipe looks at the statements of a reading and proposes facts and a rule, naming the statements that went into
them; whatever stays over is told to the person who confirms the draft. To let drafts use another rule, add a recipe.
"""

from __future__ import annotations

from collections.abc import Callable

from assess_xlsx.draft.recipes.base import UNCOVERED, Asked, Proposal
from assess_xlsx.draft.recipes.measures import by_bands, by_margin, by_ratio
from assess_xlsx.draft.recipes.options import by_default, by_judgement, by_judgement_and_option, by_option, by_sum
from assess_xlsx.draft.recipes.parts import by_parts
from assess_xlsx.draft.recipes.places import by_best, by_places, by_rank
from assess_xlsx.draft.recipes.steps import by_steps

__all__ = ["RECIPES", "UNCOVERED", "Asked", "Proposal", "Recipe", "by_parts"]

Recipe = Callable[[Asked], Proposal | None]
RECIPES: tuple[Recipe, ...] = (
    by_places,
    by_best,
    by_rank,
    by_margin,
    by_sum,
    by_bands,
    by_ratio,
    by_judgement_and_option,
    by_steps,
    by_judgement,
    by_option,
    by_default,
)
"""In the order in which they are tried; each one's docstring is a sentence that it reads."""

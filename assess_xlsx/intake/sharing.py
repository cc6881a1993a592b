"""One object for all that forms say alike: a nation's hold the same few thousand answers. It changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Hashable

    from assess_xlsx.answers import FilledForm
    from assess_xlsx.intake.document import Document


class Sharing:
    """What was said so far; the processes that read cannot know of one another."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}

    def document(self, document: Document) -> Document:
        """The same document, its forms made of what is there already."""
        return replace(document, forms=tuple(map(self._form, document.forms))) if document.forms else document

    def _form(self, form: FilledForm) -> FilledForm:
        kept = self._kept.setdefault
        # 1, 1.0 and True are equal, and were not typed alike
        answers = tuple([kept((each.typed.__class__, each), each) for each in form.answers])
        said = tuple(form.contacts.items())
        return replace(
            form,
            form=kept(form.form, form.form),
            sheet=kept(form.sheet, form.sheet),
            period=kept(form.period, form.period),
            contacts=kept(said, form.contacts),
            answers=answers,
            self_scores=tuple([kept(each, each) for each in form.self_scores]),
            score_cells=kept(form.score_cells, form.score_cells),
        )

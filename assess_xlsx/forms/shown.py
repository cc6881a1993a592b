"""What a form's own formulas show for a filling: the values that are cached in them. It writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx import contacts
from assess_xlsx.amounts import CENT
from assess_xlsx.entries import is_blank
from assess_xlsx.forms import verdicts
from assess_xlsx.forms.plan import DONE, OPEN, progress_text
from assess_xlsx.layout import CONTACTS
from assess_xlsx.scheme.facts import GOOD, OPTIONAL, UNFILLED
from assess_xlsx.scheme.rules.applying import LEFT_OUT, OUT
from assess_xlsx.scheme.rules.base import RANKED

if TYPE_CHECKING:
    from assess_xlsx.forms.filling import Filling
    from assess_xlsx.scheme.model import Form, Item


class Shown:
    """What stands in the formulas' cells."""

    def __init__(self, form: Form, filling: Filling) -> None:
        self.form, self.filling = form, filling
        self._entries = entries = {fact.key: fact.entered(filling.entries.get(fact.key)) for fact in form.facts}
        self.checks = {fact.key: fact.check(entries) for fact in form.facts}
        """校验 by fact key."""
        self.contacts = {name: contact_check(name, filling.contacts.get(name, "")) for name in CONTACTS}
        """校验 of who filled the form in."""
        self.progress = self._progress()
        """What the frozen rows say."""
        self._blank = all(is_blank(filling.entries.get(fact.key)) for item in form.items for fact in item.facts)
        self.scores = {item.code: self._score(item) for item in form.items}
        """记分 by item code."""

    def _progress(self) -> str:
        checks = [*self.checks.values(), *self.contacts.values()]
        missing = sum(check == UNFILLED for check in checks) + (not self.filling.unit)
        wrong = sum(map(verdicts.is_wrong, checks))
        return progress_text(missing, wrong) if missing or wrong else DONE

    def _score(self, item: Item) -> str | float:
        lacking = [fact for fact in item.looks_at if not fact.is_settled(self.checks[fact.key])]
        blank = any(all(self.checks[fact.key] == OPTIONAL for fact in group) for group in item.rule.one_of())
        if lacking or blank or (item.worth.bonus and self._blank):
            own = any(not fact.office for fact in lacking)
            return OPEN if not own and any(fact.office for fact in item.looks_at) else ""
        if item.rescaled and item.applying and self._entries[item.applying.key] == OUT:
            return LEFT_OUT
        return RANKED if item.ranked else self.filling.scores[item.code] / CENT

    def total(self) -> str | float:
        """自评合计: the sections' sums within their bounds, summed; nothing while no item shows a score."""
        amounts, out, any_score = [], [], False
        for section in self.form.sections:
            out.append(sum(item.worth.high for item in section.items if self.scores[item.code] == LEFT_OUT))
            values = [value for item in section.items if isinstance(value := self.scores[item.code], float)]
            any_score = any_score or bool(values)
            amounts.append(section.score(sum(round(value * CENT) for value in values), out[-1]))
        return self.form.total(amounts, out) / CENT if any_score and not self.form.unmeasured(out) else ""


def contact_check(name: str, said: str) -> str:
    """校验 of a name or a telephone number."""
    if is_blank(said):
        return verdicts.ASKED
    return GOOD if contacts.fits(name, said) else contacts.wrong(name)

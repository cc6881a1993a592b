"""What a form's own formulas show for a filling: the values that are cached in them. It writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx import contacts
from assess_xlsx.amounts import CENT
from assess_xlsx.entries import is_blank
from assess_xlsx.forms import verdicts
from assess_xlsx.forms.plan import DONE, OPEN, progress_text
from assess_xlsx.layout import CONTACTS
from assess_xlsx.scheme.adjustments import Mark
from assess_xlsx.scheme.facts import GOOD, NOT_NEEDED, OPTIONAL, UNFILLED
from assess_xlsx.scheme.rules.applying import LEFT_OUT, OUT
from assess_xlsx.scheme.rules.base import RANKED, Columns
from assess_xlsx.scheme.summing import Summing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.forms.filling import Filling
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Item
    from assess_xlsx.scheme.rules.when import When
    from assess_xlsx.scheme.subtotals import Subtotal


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
        self._named = any(unit.name == filling.unit for unit in form.units)
        self.scores: dict[str, str | float] = {}
        """记分 by item code."""
        for item in form.items:  # a later one may look at it
            self.scores[item.code] = self._score(item)

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
        if any(self.subtotal(each) is None for each in item.subtotals):
            return ""
        if item.factored and not (item.ranked or self._named):  # whose factor it is must be known
            return ""
        if item.rescaled and item.applying and self._entries[item.applying.key] == OUT:
            return LEFT_OUT
        return RANKED if item.ranked else self.filling.scores[item.code] / CENT

    def subtotal(self, fact: Subtotal) -> float | None:
        """What scores of earlier items come to; None while one of them is not there."""
        found = 0
        for section in self.form.sections:
            own = [item for item in section.items if item.code in fact.items]
            whole = [section.items[place] for place in section.counted] if section.number in fact.sections else []
            amounts = [[self.scores.get(item.code, "") for item in items] for items in (own, whole)]
            numbers = [[round(each * CENT) for each in some if isinstance(each, float)] for some in amounts]
            if list(map(len, numbers)) != [len(own), len(whole)]:
                return None
            found += sum(numbers[0]) + (section.score(sum(numbers[1])) if whole else 0)
        return found / CENT

    def total(self) -> str | float:
        """自评合计: the sections' sums within their bounds, summed; nothing while no item shows a score."""
        amounts, out, any_score = [], [], False
        for section in self.form.sections:
            out.append(sum(item.worth.high for item in section.items if self.scores[item.code] == LEFT_OUT))
            scores = [(item, self.scores[item.code]) for item in section.items]
            any_score = any_score or any(isinstance(score, float) for _, score in scores)
            values = [score for item, score in scores if item.worth.counted and isinstance(score, float)]
            amounts.append(section.score(sum(round(value * CENT) for value in values), out[-1]))
        if not any_score or self.form.unmeasured(out):
            return ""
        base = Summing(self.form).base(amounts, out) if self.form.adjustments else 0
        taken = [int(self._held(adjustment.when, amounts, base)) for adjustment in self.form.adjustments]
        return Summing(self.form).total(amounts, out, taken) / CENT

    def _held(self, when: When | Mark, sections: Sequence[int], base: int) -> bool:
        """Whether the condition of an adjustment holds: only once all that it looks at is there, 总分 aside."""
        if not isinstance(when, Mark):
            check = self.checks[when.fact.key]
            settled = when.fact.is_settled(check) and check != NOT_NEEDED
            return settled and bool(when.holds(Columns({when.fact.key: self._counted(when.fact)}, {})))
        if when.of_all:
            return bool(when.holds(base))
        if when.item is not None:
            score = self.scores[self.form.items[when.item].code]
            return isinstance(score, float) and bool(when.holds(round(score * CENT)))
        place = when.section or 0
        scores = [self.scores[item.code] for item in self.form.sections[place].items]
        whole = all(isinstance(score, float) or score == LEFT_OUT for score in scores)
        return whole and any(isinstance(score, float) for score in scores) and bool(when.holds(sections[place]))

    def _counted(self, fact: Fact) -> Any:  # noqa: ANN401 - a number, which rules take for a column of one
        """What a fact counts as: a limit as much as what exceeds it (K17)."""
        values = [self._entries.get(each.key) for each in (fact, *(f for f in self.form.facts if f.raises == fact))]
        numbers = [value for value in values if isinstance(value, int)]
        return max(numbers, default=fact.kind.nothing())


def contact_check(name: str, said: str) -> str:
    """校验 of a name or a telephone number."""
    if is_blank(said):
        return verdicts.ASKED
    return GOOD if contacts.fits(name, said) else contacts.wrong(name)

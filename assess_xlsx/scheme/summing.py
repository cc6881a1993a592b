"""How the scores of a form's sections become a total: as numbers and as a formula. It knows no unit."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from assess_xlsx.amounts import listed, plain, two_places, weighed
from assess_xlsx.scheme.adjustments import ADD, MOST, NO_BONUS, Mark
from assess_xlsx.scheme.answer_kinds import Percent
from assess_xlsx.scheme.totals import Share, applied, applied_formula, capped_formula, least, step, step_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Amount
    from assess_xlsx.scheme.model import Form, Section

ALWAYS = "TRUE"
"""The condition of an adjustment that is known to hold."""
NO_LIMIT = 10**9
"""Cents that no total comes to: where a cap does not hold."""


class Summing(Struct, frozen=True):
    """The way from sections to total of one form."""

    form: Form

    # ── as numbers, one or one a unit ──

    @property
    def most(self) -> int:
        """What a unit can come to at most, 加分 included (K23)."""
        adding = [int(each.kind == ADD) for each in self.form.adjustments]
        return self.total([section.worth.high for section in self.form.sections], taken=adding)

    def base(self, sections: Sequence[Amount], out: Sequence[Amount] | None = None) -> Amount:
        """What the sections with points come to, weighed and rounded: 总分 as the conditions of 总分调整 see it."""
        normal, others = self._sums(sections)
        return self._rounded(normal, others * 0, sections, out)

    def total(
        self, sections: Sequence[Amount], out: Sequence[Amount] | None = None, taken: Sequence[Any] = ()
    ) -> Amount:
        """The totals from the scores of the sections: weighed and rounded once (K11), within their bounds (K10).

        ``out``: by section, the points that do not concern the unit; the others stand for sections without any left.
        ``taken``: by adjustment, 1 where it takes effect, else 0.
        """
        lines = [*zip(self.form.adjustments, taken, strict=True)]
        caps = (held * line.points + (1 - held) * NO_LIMIT for line, held in lines if line.kind == MOST)
        total: Amount = step(self.sum(sections, out, taken), most=least(self.form.cap, *caps))
        return total

    def sum(
        self, sections: Sequence[Amount], out: Sequence[Amount] | None = None, taken: Sequence[Any] = ()
    ) -> Amount:
        """The same before the caps and the floor."""
        lines = [*zip(self.form.adjustments, taken, strict=True)]
        kept: Any = 1
        for line, held in lines:
            if line.kind == NO_BONUS:
                kept = kept * (1 - held)
        normal, others = self._sums(sections, kept)
        for line, held in lines:
            others = others + held * (line.signed * Percent.whole)
        return self._rounded(normal, others, sections, out)

    def told(self, sections: Sequence[Amount], out: Sequence[Amount] | None, taken: Sequence[Any]) -> str:
        """How the total of the one unit comes about by the lines that take effect: ``90.00 − 10（迟报）``."""
        lines = [line for line, held in zip(self.form.adjustments, taken, strict=True) if any(listed(held))]
        dropped = [held * (line.kind == NO_BONUS) for line, held in zip(self.form.adjustments, taken, strict=True)]
        start = two_places(listed(self.sum(sections, out, dropped))[0])
        why = "；".join(line.name for line in lines if line.kind == NO_BONUS)
        told = f"{start}（加分不计：{why}）" if why else start
        for line in lines:
            if line.signed:
                told += f" {'＋' if line.signed > 0 else '−'} {plain(line.points)}（{line.name}）"
        told += "".join(f"，{line.effect}（{line.name}）" for line in lines if line.kind == MOST)
        cap = self.form.cap
        if cap is not None and listed(self.sum(sections, out, taken))[0] > cap:
            told += f"，总分上限 {plain(cap)} 分"
        return told

    def _sums(self, sections: Sequence[Amount], kept: Any = 1) -> tuple[Amount, Amount]:  # noqa: ANN401
        """What the sections with points bring, and those of 加分 and 扣分, in 1/``Percent.whole`` cents."""
        normal = others = sections[0] * 0
        for score, section in zip(sections, self.form.sections, strict=True):
            if section.aside:
                others = others + score * section.weight * (kept if section.worth.bonus else 1)
            else:
                normal = normal + score * section.weight
        return normal, others

    def _rounded(
        self, normal: Amount, others: Amount, sections: Sequence[Amount], out: Sequence[Amount] | None
    ) -> Amount:
        form = self.form
        if out is None or not form.may_leave_sections:
            return weighed(normal + others, 1, Percent.whole)
        left = sections[0] * 0 + form.points * Percent.whole
        for place, section in enumerate(form.sections):
            if not section.aside:
                left = left - form.does_not_apply(place, out[place]) * (section.worth.high * section.weight)
        return applied(normal, others, form.points, left, Percent.whole)

    # ── as an Excel expression ──

    def formula(
        self,
        sections: Sequence[str],
        applies: Sequence[str] = (),
        held: Sequence[str] = (),
        *,
        any_program: bool = False,
    ) -> str:
        """The same as an Excel expression, ``MAX(0,ROUND(30%*D5+70%*E5,2))`` where it weighs.

        ``applies``: whether each section concerns the unit at all; else it is seen in the section's cell.
        ``held``: by adjustment, whether its condition holds, empty where it does not, or ALWAYS; one about 总分 is
        seen here.
        ``any_program``: in Gnumeric too, whose ROUND sees what binary fractions leave behind; 30 % of a cent has
        six decimals, so no figure is lost before it is rounded.
        """
        form = self.form
        if form.may_leave_sections and not applies:
            applies, sections = [f"ISNUMBER({cell})" for cell in sections], [f"N({cell})" for cell in sections]
        tests = self._tests(sections, applies, held, any_program=any_program)
        dropped = [test for line, test in zip(form.adjustments, tests, strict=True) if line.kind == NO_BONUS and test]
        lines = [(line, test) for line, test in zip(form.adjustments, tests, strict=True) if test]
        limits = [_where(test, line.points, NO_LIMIT) for line, test in lines if line.kind == MOST]
        adding = [_where(test, line.signed, 0) for line, test in lines if line.signed]
        kept = [self._kept(cell, each, dropped) for cell, each in zip(sections, form.sections, strict=True)]
        if form.may_leave_sections:
            left, total = self._applied(kept, applies, adding)
            total = step_formula(total, most=form.cap, limits=limits)
            return f'IF({left}=0,"",{total})' if form.may_lack_a_total else total
        if not form.weighed:
            return step_formula("+".join((*kept, *adding)), most=form.cap, limits=limits)
        total = _rounded("+".join((*map(operator.add, self._weights(), kept), *adding)), any_program=any_program)
        return capped_formula(f"MAX(0,{total})", form.cap, limits)

    def _tests(
        self, sections: Sequence[str], applies: Sequence[str], held: Sequence[str], *, any_program: bool
    ) -> list[str]:
        """The conditions of the adjustments."""
        found = [*held] or [""] * len(self.form.adjustments)
        for place, line in enumerate(self.form.adjustments):
            if isinstance(line.when, Mark) and line.when.of_all:
                found[place] = line.when.formula(self._base(sections, applies, any_program=any_program))
        return found

    def _base(self, sections: Sequence[str], applies: Sequence[str], *, any_program: bool) -> str:
        """What the sections with points come to."""
        form = self.form
        if form.may_leave_sections:
            left, sum_ = applied_formula(self._shares(sections, applies, aside=False), (), form.points)
            return f"IF({left}=0,0,{sum_})" if form.may_lack_a_total else sum_
        weights = self._weights() if form.weighed else [""] * len(sections)
        own = zip(weights, sections, form.sections, strict=True)
        sum_ = "+".join(weight + cell for weight, cell, section in own if not section.aside)
        return _rounded(sum_, any_program=any_program and form.weighed)

    def _weights(self) -> list[str]:
        return [f"{Percent().show(section.weight)}*" if section.weight_text else "" for section in self.form.sections]

    @staticmethod
    def _kept(cell: str, section: Section, dropped: Sequence[str]) -> str:
        """A section's score, of 加分 only where nothing leaves it out."""
        if not (dropped and section.worth.bonus):
            return cell
        if ALWAYS in dropped:
            return "0"
        test = dropped[0] if len(dropped) == 1 else f"OR({','.join(dropped)})"
        return f"IF({test},0,{cell})"

    def _applied(self, sections: Sequence[str], applies: Sequence[str], adding: Sequence[str]) -> tuple[str, str]:
        lines = [Share(text, "", 0, Percent.whole, Percent.whole) for text in adding]
        others = [*self._shares(sections, applies, aside=True), *lines]
        return applied_formula(self._shares(sections, applies, aside=False), others, self.form.points)

    def _shares(self, sections: Sequence[str], applies: Sequence[str], *, aside: bool) -> list[Share]:
        return [
            Share(score, own if section.may_not_apply else "", section.worth.high, section.weight, Percent.whole)
            for score, own, section in zip(sections, applies, self.form.sections, strict=True)
            if section.aside == aside
        ]


def _where(test: str, amount: int, otherwise: int) -> str:
    return plain(amount) if test == ALWAYS else f"IF({test},{plain(amount)},{plain(otherwise)})"


def _rounded(sum_: str, *, any_program: bool) -> str:
    return f"ROUND({f'ROUND({sum_},6)' if any_program else sum_},2)"

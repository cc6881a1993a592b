"""One 填报项 of a form: when it is needed, what it may be, its 校验 in Excel and in Python. No points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import force_setattr

from assess_xlsx.entries import Refusal, is_blank

if TYPE_CHECKING:
    from assess_xlsx.amounts import Column, Mask
    from assess_xlsx.entries import Raw
    from assess_xlsx.scheme.answer_kinds import Kind

GOOD = "√"
NOT_NEEDED = "无需填写"
OPTIONAL = "选填"
UNFILLED = "未填写"
OFFICE = "可不填（由考核办填报）"
WAITS = "先"
"""What 校验 shows, or begins with where the fact waits for another; anything else says what is wrong."""

IS_ERROR = "这是错误值，请删除后重新输入"
"""What 校验 shows of ``#N/A`` and its like; a form that the program fills holds none."""
TAKEN = "取自 "
"""Before a fact that is shown where another item is scored from it."""
_HAVING = "有无"
"""How a label begins whose options 有 and 无 make a sentence of the rest."""


class Condition(Struct, frozen=True):
    """“Needed only when another fact has a value” (“only with” in the scheme)."""

    fact: Fact
    equals: int | None = None
    above: int = 0

    def holds(self, value: int) -> bool:
        return value > self.above if self.equals is None else value == self.equals

    def mask(self, values: Column) -> Mask:
        return values > self.above if self.equals is None else values == self.equals

    def formula(self, ref: Ref) -> str:
        cell, kind = ref(self.fact), self.fact.kind
        if self.equals is None:
            return f"{kind.operand(cell)}>{kind.literal(self.above)}"
        return f'{cell}="{kind.show(self.equals)}"'

    def text(self) -> str:
        kind = self.fact.kind
        return f"“{self.fact.label}”" + (
            f"大于{kind.literal(self.above)}" if self.equals is None else f"为“{kind.show(self.equals)}”"
        )

    def undecided(self) -> str:
        """校验 of what hangs on it, while the deciding fact is blank and may be."""
        return f"{WAITS}由考核办填“{self.fact.label}”" if self.fact.office else NOT_NEEDED

    def unmet(self, value: int) -> str:
        """What the deciding fact is instead, in words: ``无自建系统``, ``“承担改革任务数”为 0``."""
        label, kind = self.fact.label, self.fact.kind
        if self.equals is None:
            return f"“{label}”为 {kind.show(value) if value else kind.literal(0)}"
        if label.startswith(_HAVING) and (shown := kind.show(value)) in _HAVING:
            return shown + label.removeprefix(_HAVING)
        return f"“{label}”为“{kind.show(value)}”"


class Fact(Struct, frozen=True):
    """A question of the form; its value has the scale of its kind."""

    code: str
    """The 指标编号 of its item, e.g. ``1.1.1``; ``V.1`` for a veto circumstance."""
    label: str
    kind: Kind
    office: bool = False
    """办: the office knows it, the unit may fill it as 自查 (K17)."""
    adverse: bool = False
    """扣: a count of events against the unit (K17)."""
    bonus: bool = False
    """It stands in a 加分 item: left blank it counts as nothing (K15)."""
    hint: str = ""
    limit: Fact | None = None
    """The fact of the same item that this one must not exceed."""
    only_with: Condition | None = None
    may_lack: bool = False
    """Its rule goes without it where nothing was filled: it is no 0 then, and no gap."""
    applies: Condition | None = None
    """That its item concerns the unit at all, where that is asked."""

    claim: bool = False
    """Whether its item concerns the unit: the unit's own 不适用 waits for the office."""

    key: str = ""
    """Unique in a form, e.g. ``1.1.1 应进驻事项数``."""

    def __post_init__(self) -> None:
        force_setattr(self, "key", f"{self.code} {self.label}".strip())

    @property
    def parts(self) -> tuple[Fact, ...]:
        """The facts that are filled in for it."""
        return (self,)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that must hold for it to be needed."""
        return tuple(each for each in (self.applies, self.only_with) if each)

    @property
    def taken_label(self) -> str:
        """填报项 of the row of a later item that shows it and takes no entry."""
        return f"{TAKEN}{self.key}"

    @property
    def must(self) -> bool:
        """The unit must fill it (where it is needed at all)."""
        return not (self.office or self.optional)

    @property
    def optional(self) -> bool:
        """It may be left blank."""
        return self.bonus or self.may_lack

    @property
    def blank_text(self) -> str:
        """What 校验 shows while the cell is blank."""
        return OFFICE if self.office else OPTIONAL if self.optional else UNFILLED

    @property
    def refused(self) -> Fact | None:
        """The limit whose excess makes the entry invalid; the office's pairs are mended instead (K17)."""
        return None if self.office else self.limit

    @property
    def raises(self) -> Fact | None:
        """The limit that it lifts where it exceeds it: the two contradict each other, and both count (K17)."""
        return self.limit if self.office else None

    def allowed(self) -> str:
        """What may be entered, with the limit, to follow “请填”."""
        return self.kind.allowed() + (f"，且不超过“{self.limit.label}”" if self.limit else "")

    def advice(self) -> str:
        """填法: how to fill the cell, in a line."""
        parts = [OFFICE] if self.office else []
        if self.only_with:
            parts.append(f"{self.only_with.text()}时才填")
        how = self.kind.how() + (f"，不超过“{self.limit.label}”" if self.limit else "")
        parts.append(("没有的可不填；有的" if self.optional else "自查" if self.office else "") + how)
        return "；".join((*parts, self.hint)) if self.hint else "；".join(parts)

    # ── what rules ask of a fact, be it filled in or computed ──

    @property
    def filled(self) -> bool:
        """Somebody fills it in."""
        return True

    @property
    def divides(self) -> bool:
        """It has no value where it would divide by 0."""
        return False

    @property
    def below_zero(self) -> bool:
        """It may be."""
        return self.kind.least < 0

    @property
    def called(self) -> str:
        """Its label in a sum that is worked out."""
        return self.label

    @property
    def scored(self) -> bool:
        """It is what was scored before, so that 0 is a number like any other."""
        return False

    def words(self) -> str:
        """How it comes about where nobody fills it in."""
        return ""

    def met(self, column: Column) -> Column:
        """Its values as they meet a threshold."""
        return column

    def tests(self, ref: Ref) -> list[str]:
        """Excel conditions under which there is something to measure."""
        return [condition.formula(ref) for condition in self.conditions]

    def steps(self, ref: Ref) -> str:
        """The value as a whole number in its scale, where it is needed: no binary fraction enters the formula."""
        one = self.kind.one
        return self.bare(ref) if one == 1 else f"ROUND({one}*{self.bare(ref)},0)"

    def quotient(self, ref: Ref) -> tuple[str, str]:
        """The same as a quotient of whole numbers; the second may be ``1``."""
        return self.steps(ref), "1"

    def bare(self, ref: Ref) -> str:
        """The fact in a formula that computes with it where it is needed; a blank bonus counts 0."""
        return self.kind.operand(f"SUM({ref(self)})" if self.bonus else ref(self))

    def operand(self, ref: Ref) -> str:
        """The fact in a formula that computes with it; one that is not needed counts 0."""
        return f"IF({self._needed(ref)},{self.bare(ref)},0)" if self.conditions else self.bare(ref)

    def _needed(self, ref: Ref) -> str:
        """An Excel condition: all holds that must."""
        tests = [condition.formula(ref) for condition in self.conditions]
        return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"

    def chosen(self, option: int, ref: Ref) -> str:
        """An Excel condition: the option of a choice; one that is not needed or a blank bonus is the last option."""
        told = f'{ref(self)}="{self.kind.show(option)}"'
        if option == self.kind.nothing() and (self.bonus or self.conditions):
            others = (self.chosen(other, ref) for other in range(option))
            return f"NOT(OR({','.join(others)}))"
        return f"AND({self._needed(ref)},{told})" if self.conditions else told

    def chose(self, option: int) -> str:
        """The option of a choice, in words."""
        return f"“{self.label}”选“{self.kind.show(option)}”"

    def check_formula(self, ref: Ref, mark: Ref) -> str:
        """校验 as an Excel expression; ``mark`` finds the 校验 cell of a fact."""
        cell, kind = ref(self), self.kind
        verdict = f'"{GOOD}"'
        if self.limit:
            over = f'IF(SUM({cell})<=SUM({ref(self.limit)}),"{GOOD}","{self._over(self.limit)}")'
            within = f"IF({self.limit.settled(mark)},{over},"
            if self.limit.office:  # left to the office, it limits nothing
                verdict = self._known(self.limit, ref, f'"{GOOD}"', f'{within}"{self._mend(self.limit)}")')
            else:
                verdict = f"{within}{self._waits(self.limit, ref)})"
        check = (
            f'IF(ISERROR({cell}),"{IS_ERROR}",IF({blank(cell)},"{self.blank_text}",'
            f"IF({kind.valid(cell)},{verdict},{kind.wrong_formula(cell)})))"
        )
        for condition in reversed(self.conditions):
            check = self._where(condition, check, ref, mark)
        return check

    def _where(self, condition: Condition, check: str, ref: Ref, mark: Ref) -> str:
        """校验 where it hangs on another fact: that one first."""
        first = condition.fact
        before = []
        if not first.must:
            before.append(f'IF({mark(first)}="{first.blank_text}","{condition.undecided()}",')
        if first.applies and first.applies != self.applies:  # of another item, which may not concern the unit
            before.append(f'IF({mark(first)}="{NOT_NEEDED}","{NOT_NEEDED}",')
        return (
            f'{"".join(before)}IF({mark(first)}<>"{GOOD}",{self._waits(first, ref)},'
            f'IF({condition.formula(ref)},{check},"{NOT_NEEDED}")){")" * len(before)}'
        )

    def entered(self, raw: Raw) -> Entered:
        """What the sheet's own formulas see in the cell: a value only where the validation admits it as it is."""
        if is_blank(raw):
            return None
        try:
            parsed = self.kind.parse(self.kind.in_cell(raw))
        except Refusal:
            return _outside(raw)
        return _outside(raw) if parsed.normalised else parsed.value

    def check(self, entries: Mapping[str, Entered]) -> str:
        """校验 as the sheet itself would show it; ``entries`` holds what stands in the cells, by key."""
        for condition in self.conditions:
            if (unmet := self._unmet(condition, entries)) is not None:
                return unmet
        entered = entries.get(self.key)
        if entered is None:
            return self.blank_text
        if not isinstance(entered, int):
            return self.kind.wrong(entered)
        return self._within(self.limit, entered, entries) if self.limit else GOOD

    def _unmet(self, condition: Condition, entries: Mapping[str, Entered]) -> str | None:
        """校验 where the fact that it hangs on does not ask for it, or not yet; None where it does."""
        first = condition.fact
        check, entered = first.check(entries), entries.get(first.key)
        if check == GOOD and isinstance(entered, int):
            return None if condition.holds(entered) else NOT_NEEDED
        if not first.must and check == first.blank_text:
            return condition.undecided()
        return NOT_NEEDED if check == NOT_NEEDED else self._first(first, entries)

    def _within(self, limit: Fact, entered: int, entries: Mapping[str, Entered]) -> str:
        """校验 of a value that the kind admits, against the fact that it must not exceed."""
        most = entries.get(limit.key)
        if limit.office and most is None:
            return GOOD
        if not limit.is_settled(limit.check(entries)):
            return self._first(limit, entries)
        return GOOD if entered <= (most if isinstance(most, int) else 0) else self._over(limit)

    def settled(self, mark: Ref) -> str:
        """An Excel condition: nothing about this fact keeps its item from showing a score."""
        shown = [GOOD, *([OPTIONAL] if self.optional else []), *([NOT_NEEDED] if self.conditions else [])]
        shown += [self._over(self.raises)] if self.raises else []
        tests = [f'{mark(self)}="{text}"' for text in shown]
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"

    def is_settled(self, check: str) -> bool:
        """The same of a 校验 text in Python."""
        raising = self.raises is not None and check == self._over(self.raises)
        return check in (GOOD, NOT_NEEDED) or (self.optional and check == OPTIONAL) or raising

    def over(self, mark: Ref) -> str:
        """An Excel condition: the fact exceeds its limit, so that the two contradict each other."""
        return f'{mark(self)}="{self._over(self.limit)}"' if self.limit else "FALSE"

    @staticmethod
    def _over(limit: Fact) -> str:
        return f"不能超过“{limit.label}”"

    def _waits(self, first: Fact, ref: Ref) -> str:
        """An Excel expression: what to do about another fact first."""
        return self._known(first, ref, f'"先填“{first.label}”"', f'"{self._mend(first)}"')

    def _known(self, other: Fact, ref: Ref, blank_: str, filled: str) -> str:
        """An Excel expression: one of two, as another fact is blank or filled; never an error."""
        cell = ref(other)
        return f'IF(ISERROR({cell}),"{self._mend(other)}",IF({blank(cell)},{blank_},{filled}))'

    @staticmethod
    def _mend(first: Fact) -> str:
        return f"先改正“{first.label}”"

    @staticmethod
    def _first(first: Fact, entries: Mapping[str, Entered]) -> str:
        return f"先{'填' if entries.get(first.key) is None else '改正'}“{first.label}”"


Ref = Callable[[Fact], str]
"""Where a fact's cell stands on the sheet that a formula is written for."""

Entered = int | float | str | None
"""A cell's content: a value that the validation admits (int), a number or a text that it would not, or nothing."""


def blank(cell: str) -> str:
    """An Excel condition: nothing stands in the cell but spaces, narrow, wide or fixed, tabs and line breaks."""
    return f'TRIM(CLEAN(SUBSTITUTE(SUBSTITUTE({cell},"　"," "),"\u00a0"," ")))=""'


def _outside(raw: Raw) -> Entered:
    """What the validation would not admit, as the sheet's own formulas see it."""
    return float(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else str(raw)

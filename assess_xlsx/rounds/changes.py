"""本轮变化: what differs between an earlier result and this run, and by what it came (K24). It decides no score."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.amounts import cents, exact, two_places
from assess_xlsx.answers import INVALID, UNUSABLE
from assess_xlsx.assessment import verdict_said
from assess_xlsx.layout import (
    EVENT_SHEET,
    FILLED,
    FINAL,
    GRADE,
    GROUNDS,
    MERIT,
    RANK,
    REMARK,
    RULED_SCORE,
    VETO_SHEET,
    WHOLE_SCORE,
)
from assess_xlsx.rounds.maker import Maker
from assess_xlsx.scheme.effects import BURDENS
from assess_xlsx.scoring.explain import recorded, ruling_said
from assess_xlsx.scoring.grading import RULED_GRADE
from assess_xlsx.scoring.scores import RECORDED as RECORDED_VETO
from assess_xlsx.scoring.subtotals import looked_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.entries import Raw
    from assess_xlsx.rounds.result import Line, Result
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Item, Unit
    from assess_xlsx.scoring.ranking import Ranking
    from assess_xlsx.scoring.scores import Scores

NEW, RULED, RECORDED, RESTATED, GONE = "新报送", "核定", "考核办登记", "单位改报", "不再采用"
ABSENT, MADE_OTHERWISE, OTHERS = "未报送处理", "方案或程序", "其他单位"
"""原因, in the order in which the first that fits is given."""
COMPARED = 100
"""Other units up to which each is asked whether it came to stand on the other side; beyond, all are counted."""
NAMED = 3
"""Other units named at most."""
UNCHANGED = "与上一轮相比没有变化。"


class Change(NamedTuple):
    """A unit's item, or the unit as a whole where there is no code, before and now; amounts in cents."""

    unit: str
    code: str
    fact: str
    was: str
    now: str
    was_score: int | None
    now_score: int | None
    was_rank: int | None
    now_rank: int | None
    why: str


class Changes(NamedTuple):
    """All that changed, and what is said above it."""

    rows: list[Change]
    notes: list[str]


def changes(earlier: Result, assessment: Assessment) -> Changes:
    """What changed since an earlier result of the same scheme."""
    rows: list[Change] = []
    merits: list[str] = []
    for ranking in assessment.rankings:
        forms: list[_Form] = []
        forms += [_Form(earlier, assessment, ranking, scores, forms) for scores in ranking.forms]
        for form in forms:
            rows += form.rows()
            merits += form.merits()
    corrects = assessment.closing is not None and assessment.closing.number > 0
    return Changes(rows, _notes(earlier, rows, merits, "分数、名次未变。" if corrects or merits else UNCHANGED))


def _notes(earlier: Result, rows: Sequence[Change], merits: Sequence[str], unchanged: str) -> list[str]:
    closed = f"（{earlier.closing}）" if earlier.closing else ""
    told = [f"对照的是{'' if closed else '上一轮的结果'}“{earlier.path.name}”{closed}。"]
    if not rows:
        told.append(unchanged)
    if merits:
        told.append(f"一票否决或评优资格有变：{'；'.join(merits)}。")
    return told


class _Cause(NamedTuple):
    """By what a score changed, and the fact that changed, before and now."""

    why: str
    fact: str = ""
    was: str = ""
    now: str = ""


_Told = tuple["Fact", tuple[str, str, str], tuple[str, str, str]]
"""A fact, and what was said of it before and now: by a ruling, by the office, by the unit."""
Standing = tuple[int | None, int | None, int | None, int | None]
"""Totals before and now (cents), then ranks."""


class _Moved(NamedTuple):
    """A unit that changed by itself: how, and the codes of the items; none for a unit as a whole."""

    unit: Unit
    why: str
    codes: frozenset[str] = frozenset()


class _Form:
    """The units of one form, before and now."""

    def __init__(
        self, earlier: Result, assessment: Assessment, ranking: Ranking, scores: Scores, together: Sequence[_Form]
    ) -> None:
        """``together``: the forms that are ranked together, this one included, once all are there."""
        self.assessment, self.ranking, self.scores, self.together = assessment, ranking, scores, together
        self.before = earlier.rankings.get(ranking.name)
        self.details = earlier.details
        self.reported = {key[0] for key in earlier.details.lines}
        self.same_maker = earlier.maker == Maker.of(assessment.scheme) and self.before is not None
        self.places = {fact.key: place for place, fact in enumerate(scores.form.facts)}
        self._by_code: dict[str, Sequence[_Moved]] = {}

    # ── a unit before and now ──

    def _line(self, unit: Unit) -> Line | None:
        return self.before.first(unit.name) if self.before else None

    def _was(self, unit: Unit) -> tuple[int | None, int | None]:
        """Total and rank before."""
        line = self._line(unit)
        rank = line.value(RANK) if line else ""
        return _cents(line.value(WHOLE_SCORE) if line else ""), int(rank) if isinstance(rank, int | float) else None

    def _now(self, unit: Unit) -> tuple[int | None, int | None]:
        """Total and rank now."""
        return self.ranking.totals.get(unit.number), self.ranking.ranks.get(unit.number)

    @cached_property
    def _amounts(self) -> dict[int, dict[str, int | None]]:
        """Item scores now, by 序号 and code; None where one is left out."""
        rows, codes = self.scores.items.to_numpy().tolist(), list(self.scores.items.columns)
        return {
            unit: {**dict(zip(codes, rows[row], strict=True)), **dict.fromkeys(self.scores.left_out(unit))}
            for unit, row in self.scores.facts.rows.items()
        }

    def _whole(self, unit: Unit) -> str:
        """What happened to a unit as a whole; empty where nothing did."""
        was, now = unit.name in self.reported, unit.number in self.scores.facts.rows
        if was != now:
            return NEW if now else GONE
        if now:
            return ""
        line, decided = self._line(unit), self.assessment.returns.decided.get(unit.number)
        said = verdict_said(line.text(REMARK)) if line else ""
        return ABSENT if said != (decided.decision if decided else "") else ""

    # ── what changed ──

    def rows(self) -> Iterator[Change]:
        for unit in self.scores.roster():
            (was, was_rank), (now, now_rank) = self._was(unit), self._now(unit)
            ranks = was_rank, now_rank
            whole = self._whole(unit)
            found = [] if whole or unit.number not in self.scores.facts.rows else list(self._items(unit, ranks))
            if not whole and was != now and (cause := self._adjustment(unit, {each.code for each in found})):
                found.append(Change(unit.name, "", *cause[1:], was, now, *ranks, cause.why))
            if not whole and (cause := self._circumstance(unit)):
                found.append(Change(unit.name, "", *cause[1:], was, now, *ranks, cause.why))
            if not found and ((was, was_rank) != (now, now_rank) or whole == NEW):
                why = whole or self._by_others(unit, "")
                found = [Change(unit.name, "", "", "", "", was, now, *ranks, why)]
            yield from self._with_grade(unit, found, (was, now, *ranks))

    def _with_grade(self, unit: Unit, found: list[Change], standing: Standing) -> list[Change]:
        """The rows of a unit, and what became of its 等次: a row of its own, or in that of the unit as a whole."""
        line, mine = self._line(unit), self.scores.grades.get(unit.number)
        was, now = line.text(GRADE) if line else "", mine.text if mine else ""
        if was == now:
            return found
        cause = self._grade_cause(unit)
        if found and not found[0].code and not found[0].fact and not cause:
            return [found[0]._replace(fact=GRADE, was=was, now=now)]
        why = cause or (found[0].why if found else self._by_others(unit, GRADE))
        return [*found, Change(unit.name, "", GRADE, was, now, *standing, why)]

    def _adjustment(self, unit: Unit, known: Collection[str]) -> _Cause | None:
        """What changed of a fact that 总分调整 looks at, those of items that are told of already aside."""
        if unit.number not in self.scores.facts.rows:
            return None
        for fact in dict.fromkeys(fact for line in self.scores.form.adjustments for fact in line.facts):
            told = fact, self._said(unit, fact), self._says(unit.number, fact)
            if fact.code not in known and (cause := _said_anew([told]) or _no_longer([told])):
                return cause._replace(fact=fact.key)
        return None

    def _circumstance(self, unit: Unit) -> _Cause | None:
        """What changed of circumstances that touch more than 评优资格; the notes tell of that."""
        line, now = self._line(unit), self.assessment.circumstances(unit)
        was = line.text(VETO_SHEET) if line else ""
        touching = [veto for veto in self.assessment.scheme.vetoes if veto.does(*BURDENS)]
        told = [(veto, veto.title in was, veto.title in now) for veto in touching]
        changed = [veto.code for veto, before, after in told if before != after]
        if not changed:
            return None
        records = [each for each in self.assessment.vetoed.get(unit.number, ()) if each.veto.code in changed]
        sources = {each.source for each in records}
        why = RECORDED if RECORDED_VETO in sources else RESTATED if sources else GONE
        return _Cause(why, VETO_SHEET, was, now)

    def _grade_cause(self, unit: Unit) -> str:
        """Whether a ruling on a unit's 等次 came or went."""
        line, mine = self._line(unit), self.scores.grades.get(unit.number)
        was, now = line.text(REMARK) if line else "", mine.why if mine else ""
        if (RULED_GRADE in was, RULED_GRADE in now) == (True, False):
            return GONE
        return RULED if RULED_GRADE in now and now not in was else ""

    def _items(self, unit: Unit, ranks: tuple[int | None, int | None]) -> Iterator[Change]:
        """The items of a unit that reported before and now."""
        for item in self.scores.form.items:
            line = self.details.first(unit.name, item.code)
            was, now = _cents(line.value(FINAL) if line else ""), self._amounts[unit.number][item.code]
            if was != now:
                cause = self._cause(unit, item) or _Cause(self._by_others(unit, item.code))
                about = unit.name, item.code, cause.fact, cause.was, cause.now
                yield Change(*about, was, now, *ranks, cause.why)
        known = {item.code for item in self.scores.form.items}
        for key, (line, *_) in self.details.lines.items():
            if key[0] == unit.name and key[1] not in known:
                yield Change(unit.name, key[1], "", "", "", _cents(line.value(FINAL)), None, *ranks, MADE_OTHERWISE)

    def _cause(self, unit: Unit, item: Item) -> _Cause | None:
        """The first of 核定, 考核办登记, 单位改报, 不再采用 that fits an item; None where none does."""
        number, line = unit.number, self.details.first(unit.name, item.code)
        ruling, ruled = self.scores.ruled.get((number, item.code)), _cents(line.value(RULED_SCORE) if line else "")
        if ruling and ruling.value != ruled:
            return _Cause(RULED, "", "" if ruled is None else two_places(ruled), two_places(ruling.value))
        behind = [term for each in item.subtotals for term in looked_at(self.scores.form, each)]
        facts = dict.fromkeys(fact for each in (item, *behind) for fact in each.looks_at)
        told = [(fact, self._said(unit, fact), self._says(number, fact)) for fact in facts]
        if cause := _said_anew(told):
            return cause
        if ruled is not None and not ruling:
            return _Cause(GONE, "", f"核定 {two_places(ruled)}", "")
        return _no_longer(told)

    def _says(self, unit: int, fact: Fact) -> tuple[str, str, str]:
        """What is ruled, what the office recorded and what the unit answered of a fact, now."""
        facts, show = self.scores.facts, fact.kind.show
        ruling = facts.rulings.get((unit, fact.key))
        answer = self.assessment.returns.forms[unit].answers[self.places[fact.key]]
        own = "" if answer.value is None else show(answer.value)
        return (
            show(ruling.value) if ruling else "",
            "；".join(recorded(facts, unit, fact)),
            UNUSABLE if INVALID in answer.notes else own,
        )

    def _said(self, unit: Unit, fact: Fact) -> tuple[str, str, str]:
        """The same as the earlier result says it."""
        line = self.details.first(unit.name, fact.code)
        if line is None:
            return "", "", ""
        known, own = (self._parts(fact, line.text(label)) for label in (EVENT_SHEET, FILLED))
        return ruling_said(line.text(GROUNDS), fact), "；".join(known), own[0] if own else ""

    def _parts(self, fact: Fact, text: str) -> list[str]:
        """What stands behind a fact's label in a list of them."""
        return re.findall(rf"(?:^|；){re.escape(fact.label)} (.*?)(?=；(?:{self._labels[fact.code]}) |$)", text)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """The labels of each item's facts, as a pattern."""
        return {item.code: "|".join(re.escape(fact.label) for fact in item.facts) for item in self.scores.form.items}

    # ── by others ──

    @cached_property
    def moved(self) -> list[_Moved]:
        """The units that changed by themselves."""
        found = []
        for unit in self.scores.roster():
            if whole := self._whole(unit):
                found.append(_Moved(unit, whole))
            elif unit.number in self.scores.facts.rows:
                changed = (item for item in self.scores.form.items if item.ranked or self._differs(unit, item))
                causes = {item.code: cause.why for item in changed if (cause := self._cause(unit, item))}
                if self._was(unit)[0] != self._now(unit)[0] and (adjustment := self._adjustment(unit, causes)):
                    causes[adjustment.fact] = adjustment.why
                if circumstance := self._circumstance(unit):
                    causes.setdefault(VETO_SHEET, circumstance.why)
                if causes:
                    found.append(_Moved(unit, next(iter(causes.values())), frozenset(causes)))
        return found

    def _differs(self, unit: Unit, item: Item) -> bool:
        line = self.details.first(unit.name, item.code)
        return _cents(line.value(FINAL) if line else "") != self._amounts[unit.number][item.code]

    def _by_others(self, unit: Unit, code: str) -> str:
        """Why an item, or where there is no code the rank, changed although nothing of the unit's own did."""
        if not self.same_maker:
            return MADE_OTHERWISE
        near = [each for each in self._near(code) if each.unit != unit]
        if code in ("", GRADE) and len(near) <= COMPARED:
            near = [each for each in near if GRADE in each.codes or self._overtook(unit, each.unit)] or near
        if not near:
            return MADE_OTHERWISE
        more = f"等 {len(near)} 个单位" if len(near) > NAMED else ""
        return f"{OTHERS}：{'、'.join(f'{each.unit.name}{each.why}' for each in near[:NAMED])}{more}"

    def _near(self, code: str) -> Sequence[_Moved]:
        """The units that may have moved others' score of an item, their 等次, or without code their ranks."""
        if code not in self._by_code:
            item = self.scores.form.places.get(code)
            alone = item is not None and not self.scores.form.items[item].shared
            moved = [each for form in ((self,) if alone else self.together) for each in form.moved]
            if code == GRADE:
                moved = [*(each for form in self.together for each in form.regraded()), *moved]
            elif code:
                moved = [each for each in moved if not each.codes or code in each.codes] or moved
            self._by_code[code] = moved
        return self._by_code[code]

    def regraded(self) -> Iterator[_Moved]:
        """The units on whose 等次 a ruling came or went."""
        for unit in self.scores.roster():
            if cause := self._grade_cause(unit):
                yield _Moved(unit, cause, frozenset({GRADE}))

    def _overtook(self, unit: Unit, other: Unit) -> bool:
        """Whether another unit stands on the other side of this one, or came or went above it."""
        ahead = []
        for amounts in (self._was, self._now):
            own, theirs = amounts(unit)[0], amounts(other)[0]
            ahead.append(own is not None and theirs is not None and theirs > own)
        return ahead[0] != ahead[1]

    def merits(self) -> Iterator[str]:
        """Units whose 评优资格, or what decides it, changed."""
        for unit in self.scores.roster():
            line = self._line(unit)
            if line is None or self._whole(unit):
                continue
            was, now = line.text(MERIT), self.scores.merit.get(unit.number, "")
            if was != now or bool(line.text(VETO_SHEET)) != (unit.number in self.assessment.vetoed):
                yield f"{unit.name}（{was or '空'}→{now or '空'}）"


def _said_anew(told: Sequence[_Told]) -> _Cause | None:
    """The first of 核定, 考核办登记, 单位改报 that fits."""
    for place, why in enumerate((RULED, RECORDED, RESTATED)):
        for fact, was, now in told:
            if was[place] != now[place] and (now[place] or why == RESTATED):
                return _Cause(why, fact.label, was[place] or _first(was), now[place])
    return None


def _no_longer(told: Sequence[_Told]) -> _Cause | None:
    """不再采用, where what was said is gone."""
    gone = ((fact, was, now) for fact, was, now in told if was != now)
    return next((_Cause(GONE, fact.label, _first(was), _first(now)) for fact, was, now in gone), None)


def _first(said: tuple[str, ...]) -> str:
    """What counts of a ruling, a record and an answer."""
    return next(filter(None, said), "")


def _cents(raw: Raw) -> int | None:
    return cents(exact(raw)) if isinstance(raw, int | float) else None

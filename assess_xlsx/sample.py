"""Makes fictional filled forms and a register for a whole roster, with or without mistakes. Nothing in it is real."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from assess_xlsx.amounts import CENT
from assess_xlsx.entries import NO
from assess_xlsx.forms import form as forms
from assess_xlsx.forms import register as register_form
from assess_xlsx.forms.filling import Filling
from assess_xlsx.layout import CONTACTS, REGISTER_FILE, unit_file
from assess_xlsx.scheme.answer_kinds import MILLION, Choice, Count, Number, Percent, Points, YesNo
from assess_xlsx.scheme.rules.bands import Bands
from assess_xlsx.scheme.rules.best import Best
from assess_xlsx.scheme.rules.efficacy import Efficacy
from assess_xlsx.scheme.rules.flat import Flat
from assess_xlsx.scheme.rules.knots import Knots
from assess_xlsx.scheme.rules.linear import Linear
from assess_xlsx.scheme.rules.margin import Margin
from assess_xlsx.scheme.rules.mean import Mean
from assess_xlsx.scheme.rules.parts import Parts
from assess_xlsx.scheme.rules.rank import Rank
from assess_xlsx.scheme.rules.ratio import Ratio
from assess_xlsx.scheme.rules.tiers import Tiers
from assess_xlsx.scoring.score import form_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.entries import Raw
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Scheme, Unit
    from assess_xlsx.scheme.rules import Rule

FICTION = "虚构示例数据"


class _Reply(Struct):
    """What one unit sends back."""

    name: str
    file: str
    saved: dt.datetime
    entries: dict[str, Raw] = field(default_factory=dict)


Write = Callable[[Iterable[tuple[str, Filling]]], Iterator[bytes]]
"""Writes forms, by name, with their fillings."""


def files(scheme: Scheme, seed: int, *, faults: bool, write: Write | None = None) -> Iterator[tuple[str, bytes]]:
    """File names and contents, the same for the same seed; another ``write`` may do the writing elsewhere."""
    chance = random.Random(seed)  # noqa: S311 - fiction, not secrets
    vetoes: list[Sequence[str]] = []
    for form in scheme.forms:
        replies = [_reply(chance, scheme, form, unit) for unit in form.units]
        if faults:
            replies = _spoil(chance, form, replies)
            vetoes += _recorded(scheme, form)
        written = (write or partial(_write, scheme))((form.name, each) for each in _fillings(scheme, form, replies))
        yield from zip((reply.file for reply in replies), written, strict=True)
    target = io.BytesIO()
    register_form.write(target, scheme, vetoes)
    yield REGISTER_FILE, target.getvalue()


def _reply(chance: random.Random, scheme: Scheme, form: Form, unit: Unit) -> _Reply:
    start = dt.datetime.combine(scheme.issued, dt.time(9), dt.UTC)
    saved = start + dt.timedelta(days=8, minutes=chance.randrange(10_000))
    reply = _Reply(unit.name, unit_file(unit), saved)
    values: dict[str, int] = {}
    effort, aims = chance.random(), _Aims.of(form)
    for fact in form.facts:
        if not all(each.holds(values.get(each.fact.key, 0)) for each in fact.conditions):
            continue
        if fact.office and chance.random() < 0.2:  # noqa: PLR2004
            continue
        value = _value(chance, fact, effort, values, aims)
        if fact in form.declarations:
            value = fact.kind.parse(NO).value
        values[fact.key] = value
        reply.entries[fact.key] = fact.kind.entry(value)
    return reply


def _value(  # noqa: C901, PLR0912 - a table of kinds
    chance: random.Random, fact: Fact, effort: float, values: dict[str, int], aims: _Aims
) -> int:
    """A believable answer: the better the ``effort``, the better for the unit."""
    match fact.kind:
        case YesNo() if fact.key in aims.shunned:
            value = int(chance.random() < 0.8 + 0.2 * effort)
        case YesNo():
            value = int(chance.random() > 0.6 + 0.4 * effort)
        case Choice(options):
            value = min(len(options) - 1, int(chance.expovariate(1.2 + 2 * effort)))
        case Percent(most):
            best = 10_200 if most <= Percent.whole else 12_000
            value = int(chance.triangular(5500, best, 7600 + 2400 * effort))
            value = max(0, min(most, Percent.whole - value if fact.key in aims.costly else value))
        case kind if aims.wholes.get(fact.key) in values:
            most = values[aims.wholes[fact.key]]
            value = int(most * chance.triangular(0, 0.4) if fact.key in aims.costly else most * (0.5 + 0.7 * effort))
            value -= value % max(1, kind.scale // CENT)
        case kind if aims.parts.get(fact.key) in values:
            value = int(values[aims.parts[fact.key]] * chance.triangular(0.9, 1.8 - 0.6 * effort)) + kind.scale
            value -= value % max(1, kind.scale // CENT)
        case Number():
            aim = max(5, aims.targets.get(fact.key, 200 * MILLION) // MILLION)
            value = chance.randrange(aim // 5, 13 * aim // 10) * MILLION
        case Points(bound) if fact.key in aims.marks:
            value = int(bound * chance.triangular(0.5, 1, 0.6 + 0.4 * effort))
            value -= value % max(1, bound // 200)
        case Points(bound) if fact.key in aims.costly:
            value = chance.randrange(0, bound // 2 + 1, max(1, bound // 20))
        case Points(bound):
            value = chance.randrange(bound // 4, bound, max(1, bound // 20))
        case _ if fact.key in aims.targets and not fact.bonus:
            value = chance.randrange(1 + 13 * aims.targets[fact.key] // 10)
        case _ if fact.limit:
            most = values.get(fact.limit.key, 0)
            short = int(most * chance.random() * (0.3 - 0.25 * effort))
            value = short if fact.key in aims.costly else most - short
        case Count(least=least) if least and not fact.limit:
            value = least + chance.randrange(2, 40)
        case _ if fact.key in aims.costly:
            value = max(0, int(chance.gauss(1.6 - 1.6 * effort, 0.8)))
        case _ if fact.bonus:
            value = int(chance.random() * (1 + 2 * effort))
        case Count("件"):
            value = int(10 ** (2 + 2 * chance.random()))
        case Count():
            value = chance.randrange(7)
        case kind:
            raise TypeError(kind)
    return value


class _Aims(Struct, frozen=True):
    """What a form's rules want of its facts, by fact key."""

    costly: set[str]
    """Those that cost points the larger they are."""
    shunned: set[str]
    """Those of which the first option costs points."""
    marks: set[str]
    """Those that are averaged."""
    targets: dict[str, int]
    """The number that brings full points, in the fact kind's scale."""
    wholes: dict[str, str]
    """The fact that a part is divided by, where the part may exceed it."""
    parts: dict[str, str]
    """The same the other way round."""

    @classmethod
    def of(cls, form: Form) -> _Aims:
        aims = cls({fact.key for fact in form.facts if fact.adverse}, set(), set(), {}, {}, {})
        for item in form.items:
            core = item.rule.core
            for rule in core.parts if isinstance(core, Parts) else (core,):
                aims.look(rule)
            for gate in core.gates if isinstance(core, Parts) else ():
                if gate.option is None:
                    aims.costly.add(gate.fact.key)
                elif gate.option == 0:
                    aims.shunned.add(gate.fact.key)
        return aims

    def look(self, rule: Rule) -> None:
        """Takes in what a rule wants, be it an item's or a part's."""
        self.costly.update(fact.key for fact in rule.taken_off())
        if isinstance(rule, Linear):
            self.costly.update(t.fact.key for t in rule.terms if t.step < 0 and t.short_of is None)
            self.shunned.update(t.fact.key for t in rule.terms if t.step < 0 and t.equals == 0)
            self.targets.update((t.fact.key, 4 * t.per) for t in rule.terms if t.per > 1)
        elif isinstance(rule, Mean):
            self.marks.update(fact.key for fact in rule.terms)
        measure = getattr(rule, "measure", None)
        if measure is None:
            return
        fewest = isinstance(rule, Rank | Best | Tiers | Efficacy) and not rule.most
        if fewest or (isinstance(rule, Ratio) and rule.worth.takes_off):
            self.costly.add(measure.fact.key)
        if measure.whole:  # what the rule wants is a percentage then, no number of the fact
            if measure.fact.limit != measure.whole:
                self.wholes[measure.fact.key] = measure.whole.key
                self.parts[measure.whole.key] = measure.fact.key
        elif target := _target(rule):
            self.targets[measure.fact.key] = target


def _target(rule: Rule) -> int:
    """The number that brings full points; 0 where there is none."""
    match rule:
        case Bands():
            return rule.bands[0].start
        case Flat():
            return rule.start
        case Margin():
            return rule.line or 0
        case Efficacy():
            return rule.marks[1] if rule.marks else 0
        case Knots():
            return max(rule.knots, key=lambda knot: knot.score).at
    return 0


def _spoil(chance: random.Random, form: Form, replies: list[_Reply]) -> list[_Reply]:
    """A realistic mix of mistakes; every form keeps most of its units whole."""
    if len(replies) < 8:  # noqa: PLR2004 - too few to lose any
        return replies
    picked = chance.sample(replies, 7)
    missing, twice, typist, careless, empty_fact, honest, late = picked
    required = [fact for fact in form.facts if fact.must and fact not in form.declarations and not fact.only_with]
    counts = [fact for fact in required if isinstance(fact.kind, Count) and fact.limit is None]
    for fact in [fact for fact in required if isinstance(fact.kind, Percent)][:1]:
        typist.entries[fact.key] = "９５％"
        careless.entries[fact.key] = "大约九成"
    for fact in [fact for fact in required if isinstance(fact.kind, YesNo)][:1]:
        typist.entries[fact.key] = "√"
    for fact in [fact for fact in required if fact.limit and isinstance(fact.kind, Count)][:1]:
        careless.entries[fact.key] = int(str(careless.entries.get(fact.limit.key, 0))) + 3  # type: ignore[union-attr]
    for fact in counts[:1]:
        typist.entries[fact.key] = f"{typist.entries[fact.key]}{fact.kind.measure}"  # type: ignore[attr-defined]
        late.entries[fact.key] = 2.5
    for fact in counts[-1:]:
        careless.entries[fact.key] = -1
    for fact in (*required[2:4], *form.declarations[-1:]):
        empty_fact.entries.pop(fact.key, None)
    for fact in form.declarations[:2][-1:]:
        honest.entries[fact.key] = "是"
    first = replace(
        twice,
        file=twice.file.replace(".xlsx", "（初稿）.xlsx"),
        saved=twice.saved - dt.timedelta(days=2),
        entries={**twice.entries, **{fact.key: 1 for fact in counts[:1]}},
    )
    return [reply for reply in replies if reply is not missing] + [first]


def _recorded(scheme: Scheme, form: Form) -> list[Sequence[str]]:
    """One veto that the office recorded, of the form's last unit."""
    day = (scheme.issued - dt.timedelta(days=60)).isoformat()
    return [
        (form.units[-1].name, veto.title, day, f"窗口人员违反廉洁规定（{FICTION}）", "县纪委通报（虚构）")
        for veto in scheme.vetoes[:1]
    ]


def _write(scheme: Scheme, fillings: Iterable[tuple[str, Filling]]) -> Iterator[bytes]:
    writers = {form.name: forms.Writer(scheme, form) for form in scheme.forms}
    for name, filling in fillings:
        target = io.BytesIO()
        writers[name].write(target, filling)
        yield target.getvalue()


def _fillings(scheme: Scheme, form: Form, replies: Sequence[_Reply]) -> Iterator[Filling]:
    entered = [{fact.key: fact.entered(reply.entries.get(fact.key)) for fact in form.facts} for reply in replies]
    scored = form_scores(form, entered, [reply.name for reply in replies])
    for reply, scores in zip(replies, scored, strict=True):
        yield Filling(
            reply.name,
            f"{scheme.year}年度",
            reply.entries,
            evidence={form.facts[0].key: FICTION},
            contacts=dict(zip(CONTACTS, ("张三（虚构）", "0393-0000000", "李四（虚构）"), strict=True)),
            scores=scores,
            saved=reply.saved,
        )

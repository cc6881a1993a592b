"""抽查建议: answers that deserve a look, and against what to hold them. A suggestion, never a score or a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assess_xlsx.amounts import two_places
from assess_xlsx.entries import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Unit
    from assess_xlsx.scoring.scores import Scores

SHORTEST = 8
"""Characters of a 佐证说明 that two units do not write alike by chance."""
NAMED = 5
"""Other units named at most beside one."""


class SpotCheck(NamedTuple):
    """One answer, or all of a unit's, with what makes it worth a look."""

    unit: str
    code: str
    why: str
    data: str
    against: str
    """What to hold it against."""


def spot_checks(assessment: Assessment) -> list[SpotCheck]:
    """All suggestions, by unit in roster order; those about an item as a whole come last."""
    found: list[SpotCheck] = []
    whole: list[SpotCheck] = []
    for scores in assessment.scores:
        found += (
            *_same_evidence(assessment, scores),
            *_same_answers(assessment, scores),
            *_all_full(scores),
            *_below_the_office(assessment, scores),
        )
        whole += _all_alike(scores)
    order = {unit.name: unit.number for unit in assessment.scheme.units}
    return sorted(found, key=lambda each: order[each.unit]) + whole


def _same_evidence(assessment: Assessment, scores: Scores) -> Iterator[SpotCheck]:
    """The same 佐证说明 in several units."""
    written: dict[str, dict[int, tuple[Unit, Fact, str]]] = {}
    for unit in scores.units:
        for fact, answer in zip(scores.form.facts, assessment.returns.forms[unit.number].answers, strict=True):
            if len(answer.evidence) >= SHORTEST and len(said := fold(answer.evidence)) >= SHORTEST:
                written.setdefault(said, {}).setdefault(unit.number, (unit, fact, answer.evidence))
    for alike in written.values():
        if len(alike) > 1:
            names = [unit.name for unit, _, _ in alike.values()]
            for unit, fact, said in alike.values():
                yield SpotCheck(unit.name, fact.code, "佐证说明与其他单位相同", said, _others(names, unit.name))


def _same_answers(assessment: Assessment, scores: Scores) -> Iterator[SpotCheck]:
    """Forms that are equal in every answer."""
    alike: dict[tuple[int | None, ...], list[str]] = {}
    for unit in scores.units:
        alike.setdefault(assessment.returns.forms[unit.number].values, []).append(unit.name)
    for names in alike.values():
        if len(names) > 1:
            for name in names:
                yield SpotCheck(name, "", "评分表的每一项都与其他单位填得一样", "全部填报项", _others(names, name))


def _others(names: Sequence[str], own: str) -> str:
    others = [name for name in names if name != own]
    more = f"等 {len(others)} 个单位" if len(others) > NAMED else ""
    return "、".join(others[:NAMED]) + more


def _all_full(scores: Scores) -> Iterator[SpotCheck]:
    """Units that lost nothing on any item, 加分 aside."""
    places = [n for n, item in enumerate(scores.form.items) if item.worth.counted and not item.worth.bonus]
    kept = [scores.form.items[place] for place in places]
    full = scores.items.to_numpy()[:, places] == [item.worth.high for item in kept]
    if scores.out is not None:
        full |= scores.out[:, places]
    without = scores.without_total
    for row in np.flatnonzero(full.all(axis=1)).tolist():
        unit = scores.units[row]
        if unit in without:
            continue
        total = two_places(int(scores.totals[unit.number]))
        yield SpotCheck(unit.name, "", "所有指标都是满分", f"总分 {total}", "佐证材料")


def _below_the_office(assessment: Assessment, scores: Scores) -> Iterator[SpotCheck]:
    """An adverse count of the unit's own that is smaller than what the office knows of."""
    facts, places = scores.facts, {fact.key: place for place, fact in enumerate(scores.form.facts)}
    for unit, key in dict.fromkeys((*facts.events, *facts.office)):
        fact, known = scores.form.by_key[key], facts.known(unit, key)
        own = assessment.returns.forms[unit].values[places[key]]
        if fact.adverse and own is not None and known is not None and own < known:
            data = f"{fact.label}自查 {fact.kind.show(own)}"
            name = assessment.scheme.units[unit - 1].name
            yield SpotCheck(name, fact.code, "自查数少于考核办登记", data, f"考核办登记 {fact.kind.show(known)}")


def _all_alike(scores: Scores) -> Iterator[SpotCheck]:
    """Items in which all units score the same: they tell nobody from another."""
    if len(scores.units) < 2:  # noqa: PLR2004 - one is alike with nobody
        return
    for item in scores.form.items:
        having = scores.having(item.code)
        if len(having) > 1 and min(having) == max(having):
            data, count = f"都得 {two_places(having[0])} 分", len(having)
            yield SpotCheck("", item.code, f"{scores.form.name}各单位得分都相同", data, f"{count} 个单位")

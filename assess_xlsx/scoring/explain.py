"""计分依据: how each score came about, in words and numbers that anyone can redo. It changes no score."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from assess_xlsx.amounts import plain, two_places
from assess_xlsx.layout import EVENT_SHEET
from assess_xlsx.scheme.rules import UNSETTLED, citation
from assess_xlsx.scheme.rules.applying import Applying

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Item, Scheme
    from assess_xlsx.scoring.certainty import Certainty
    from assess_xlsx.scoring.scores import Figures, Open
    from assess_xlsx.scoring.settle import Facts


def grounds(scheme: Scheme, figures: Figures, open_: Sequence[Open], certainty: Certainty) -> dict[str, list[str]]:
    """A sentence for every score, by item code, in the order of the units."""
    facts, found = figures.facts, {}
    said: dict[str, str] = {}
    """What is said of many units is kept once."""
    intervened: dict[str, set[int]] = {item.code: set() for item in figures.form.items}
    shown_at = _shown_at(figures.form)
    for unit, key in (*facts.events, *facts.office, *facts.rulings):
        for code in shown_at[key]:
            intervened[code].add(facts.rows[unit])
    remarks = _remarks(scheme, figures, open_)
    for item in figures.form.items:
        gaps = figures.gaps[item.code]
        sentences = facts.explained(item, figures.computed[item.code].to_numpy())
        out = item.rule.out(facts.columns) if isinstance(item.rule, Applying) else None
        for row in np.flatnonzero(gaps).tolist():
            if not (out is not None and out[row] and not _lacking(item, facts, row)):  # else it says so itself
                sentences[row] = _gap_sentence(scheme, item, facts, row)
        for row, remark in remarks[item.code]:
            sentence = sentences[row] + remark
            sentences[row] = said.setdefault(sentence, sentence)
        for row in intervened[item.code]:
            sentences[row] += _interventions(item, facts, row)
        if item.ranked and (unknown := certainty.contest.unknown(certainty.place, item)):
            suffix = f"，还有 {unknown} 个单位数据未知，暂定"
            sentences = [sentence + suffix for sentence in sentences]
        found[item.code] = sentences
    _tell_beyond(figures, found)
    for (unit, code), ruling in figures.ruled.items():
        verdict, row = f"考核办核定为 {two_places(ruling.value)}：{ruling.reason}", facts.rows[unit]
        found[code][row] = f"{verdict}（核算：{found[code][row]}）"
    return found


def _tell_beyond(figures: Figures, sentences: Mapping[str, list[str]]) -> None:
    """What is more by itself than its 考核项目 takes is not all added, and says so (K9)."""
    for section in figures.form.sections:
        worth = section.worth
        if (worth.bonus or worth.takes_off) and not worth.endless:
            remark = f"；所属考核项目合计最多{'加' if worth.bonus else '扣'} {plain(abs(worth.full))} 分"
            for item in section.items:
                amounts = figures.items[item.code].to_numpy()
                for row in np.flatnonzero(np.abs(amounts) > abs(worth.full)).tolist():
                    sentences[item.code][row] += remark


def recorded(facts: Facts, unit: int, fact: Fact) -> list[str]:
    """平时考核: what the office recorded of a fact, and on which of its sheets."""
    sources = ((facts.events, EVENT_SHEET), (facts.office, "考核办填报"))
    about = (unit, fact.key)
    return [f"{fact.kind.show(source[about])}（{sheet}）" for source, sheet in sources if about in source]


def ruling_said(sentence: str, fact: Fact) -> str:
    """The value of a fact by 核定 as a sentence of this module says it; empty where it says none."""
    found = re.search(rf"(?:（|；|，){re.escape(fact.label)}核定为 (.+?)：", sentence)
    return found[1] if found else ""


def _remarks(scheme: Scheme, figures: Figures, open_: Sequence[Open]) -> dict[str, list[tuple[int, str]]]:
    """What is open, by item code: rows, and what to say there."""
    remarks: dict[str, dict[tuple[int, str], None]] = {item.code: {} for item in figures.form.items}
    shown_at = _shown_at(figures.form)
    for each in open_:
        row = figures.facts.rows[each.unit.number]
        if not each.fact:
            remarks[each.code][row, UNSETTLED] = None
            continue
        for code in shown_at[f"{each.code} {each.fact}"]:
            if not figures.gaps[code][row] or figures.form.by_key[f"{each.code} {each.fact}"].claim:
                claimed = figures.form.by_key[f"{each.code} {each.fact}"].claim
                told = (
                    "，单位填报不适用，待考核办核定" if claimed else f"，考核办未登记，待核定{_cited(scheme, 'K17')}"
                )
                remarks[code][row, told] = None
    return {code: list(found) for code, found in remarks.items()}


def _shown_at(form: Form) -> dict[str, list[str]]:
    """The codes of the items in whose rows a fact stands, by its key: its own, and those that take it."""
    found = {fact.key: [fact.code] for fact in form.facts}
    for item in form.items:
        for fact in () if item.facts else item.told:
            found[fact.key].append(item.code)
    return found


def _cited(scheme: Scheme, code: str) -> str:
    """A 口径 that the program itself follows, where the scheme prints it."""
    return citation(code) if scheme.prints(code) else ""


def _lacking(item: Item, facts: Facts, row: int) -> list[Fact]:
    """The facts that keep an item from being scored."""
    return [fact for fact in item.looks_at if facts.gaps[fact.key][row]]


def _gap_sentence(scheme: Scheme, item: Item, facts: Facts, row: int) -> str:
    """What is lacking, what it costs for now and what helps (K15, K17)."""
    lacking = _lacking(item, facts, row)
    held = item.worth.held
    if not lacking and item.subtotals:
        labels = "、".join(f"“{each.label}”" for each in item.subtotals)
        return f"{labels}缺数，{held}，补正后重算{_cited(scheme, 'K15')}"
    if not lacking:
        group = next(each for each in item.rule.one_of() if all(facts.absent[fact.key][row] for fact in each))
        labels = "".join(f"“{fact.label}”" for fact in group)
        if all(fact.office for fact in group):
            return f"{labels}考核办都未登记，{held}，待核定{_cited(scheme, 'K17')}"
        return f"{labels}都没有填，{held}，补正后重算{_cited(scheme, 'K15')}"
    first = [fact for fact in lacking if not any(condition.fact in lacking for condition in fact.conditions)]
    if all(fact.office for fact in first):
        labels = "".join(f"“{fact.label}”" for fact in first)
        return f"{labels}考核办未登记，单位未自查，{held}，待核定{_cited(scheme, 'K17')}"
    told = []
    for blank, words in ((False, "填写有误"), (True, "未填")):
        labels = "".join(f"“{fact.label}”" for fact in first if bool(facts.blank[fact.key][row]) == blank)
        told += [labels + words] if labels else []
    return f"{'，'.join(told)}，{held}，补正后重算{_cited(scheme, 'K15')}"


def _interventions(item: Item, facts: Facts, row: int) -> str:
    """What the office's values and rulings changed among the item's facts, or those that it takes."""
    parts = []
    for fact in item.told:
        about, show = (facts.units[row], fact.key), fact.kind.show
        if about in facts.rulings:
            ruling = facts.rulings[about]
            parts.append(f"{fact.label}核定为 {show(ruling.value)}：{ruling.reason}")
        elif (known := facts.known(*about)) is not None:
            value = int(facts.columns[fact.key][row])
            more = "" if value == known else f"，按 {show(value)} 计"
            parts.append(f"{fact.label}考核办登记 {show(known)}{more}")
    return f"（{'；'.join(parts)}）" if parts else ""

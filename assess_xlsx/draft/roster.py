"""The rows of 花名册: each unit on its form, its name as files can be called; what is not plain is marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assess_xlsx.entries import bare_name
from assess_xlsx.scheme.build_roster import MOST_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.draft.tables import Named

Row = dict[str, Any]
_TOWN = re.compile(r"(?:乡|镇|街道|办事处)$")
_NOT_IN_FILES = set("\\/:*?\"<>|[]'\n\t")


class Roster:
    """Grows by a unit at a time."""

    def __init__(self, forms: Sequence[str], county: str) -> None:
        self.forms, self.county = forms, county
        self.rows: list[Row] = []
        self.doubts: list[list[str]] = []
        """By row."""
        self.known: dict[str, tuple[str, int]] = {}
        """The name and the row behind each name without what people leave out."""

    def add(self, unit: Named) -> None:
        form, sure = form_of(unit.name, unit.group, self.forms)
        name, told = self.file_name(unit.name)
        doubts = [*told, *unit.doubts, *([] if sure else ["填哪一张评分表，名单里没有写，请核对"])]
        bare = bare_name(name, self.county or " ")
        other, row = self.known.get(bare, ("", 0))
        if other == name:
            self.doubts[row].append(f"名单里有两处“{unit.name}”，只写了一处，请核对")
            return
        if other or not bare:
            doubts.append(f"“{name}”与“{other or self.county}”分不清，请写全称或者另起一个名称")
            name = f"待填单位{len(self.rows) + 1}"
        self.known.setdefault(bare, (name, len(self.rows)))
        plain_alias = unit.alias and not re.search("[、，,；;\n]", unit.alias) and name == unit.name
        self.rows.append({"name": name, "form": form} | ({"aliases": [unit.alias]} if plain_alias else {}))
        self.doubts.append(doubts)

    def file_name(self, name: str) -> tuple[str, list[str]]:
        """A unit's name as files can be called, and what a person has to look at."""
        short = re.sub(r"[（(][^（）()]*[）)]$", "", name) if len(name) > MOST_NAME else name
        if len(short) > MOST_NAME or set(short) & _NOT_IN_FILES:
            told = f"“{name}”太长或有不能用作文件名的符号，请写简称，把全称写进“别名”"
            return f"待填单位{len(self.rows) + 1}", [told]
        return short, [] if short == name else [f"名单写的是“{name}”，太长，暂写简称"]


def form_of(name: str, group: str, forms: Sequence[str]) -> tuple[str, bool]:
    """The form that a unit fills, and whether that is plain."""
    if len(forms) == 1:
        return forms[0], True
    for form in forms:
        if group and (form in group or group in form):
            return form, True
    towns = [form for form in forms if re.search("乡|镇|街", form)]
    others = [form for form in forms if form not in towns]
    fitting = towns if _TOWN.search(name) else others
    if len(fitting) == 1 and towns:
        return fitting[0], True
    return (fitting or forms)[0], False

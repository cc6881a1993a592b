"""佐证材料: what came along with an adopted form and is plainly none itself. It reads no file.

Whose a photo or a document is, the first of these tells:

0. its own name, if it is a unit's of which no form is adopted;
1. a folder, an archive or a mail around it that is called after a unit, the nearest first;
2. its own name;
3. the forms beside it: of the mail that it came in, else of the nearest folder or archive in or below which there
   are any, if all of them are one unit's. In INPUT itself, where anybody's files lie, one must lie beside it there.
   Nothing in a mail belongs to a form outside.

It is 佐证材料 if a form of that unit is adopted. Else it stays a 错误, for it may stand for the form of a unit that
sent no other: a scan called after such a unit, a picture alone in a mail, a 扫描件.pdf that names no unit and lies
beside the forms of forty.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from assess_xlsx.entries import fold
from assess_xlsx.intake.document import PAPER
from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import CONTACTS, PERIOD, TOTAL, UNIT, VERSION, headings

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from assess_xlsx.answers import FilledForm, Source
    from assess_xlsx.excel.read import Workbook
    from assess_xlsx.intake.document import Document
    from assess_xlsx.scheme.model import Scheme

_FORM_FILES = {
    *(".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".csv"),
    *(".zip", ".rar", ".7z", ".eml", ".msg"),
}
ALIKE = 3
"""Words of a form in a workbook from which on it may be a spoilt one; a list of papers may have a heading of it."""


def should_hold_a_form(name: str) -> bool:
    """Whether a file is called as what holds a form is: what else its bytes are, it may be a damaged one."""
    return PurePosixPath(name).suffix.lower() in _FORM_FILES


def resembles_a_form(book: Workbook, scheme: Scheme) -> bool:
    """Whether a workbook in which no form was found may be a spoilt one, or says nothing at all."""
    labels = [UNIT, PERIOD, TOTAL, VERSION, *CONTACTS]
    words = {*labels, *chain.from_iterable(headings(form) for form in scheme.forms)}
    words |= {fact.label for form in scheme.forms for fact in form.facts}
    known = {fold(word) for word in words}
    cells = chain.from_iterable(row for sheet in book.sheets for row in sheet.rows)
    texts = [fold(cell).rstrip(":") for cell in cells if isinstance(cell, str) and cell]
    return not texts or len(known.intersection(texts)) >= ALIKE


def marked(documents: Sequence[Document], adopted: Mapping[int, FilledForm], scheme: Scheme) -> list[Document]:
    """The documents; what came along with an adopted form is 佐证材料 and has no problem."""
    surroundings = _Surroundings(documents, scheme)
    found = []
    for document in documents:
        units = surroundings.units(document.source, adopted) if document.paper else set()
        forms = [adopted[unit] for unit in sorted(units) if unit in adopted]
        if forms:
            names = "、".join(f"“{form.source.name}”" for form in forms)
            owners = tuple(scheme.units[form.unit - 1].name for form in forms)
            reason = f"与采用的{names}一同报送"
            found.append(replace(document, result=PAPER, reason=reason, units=owners, problems=()))
        else:
            found.append(document)
    return found


class _Place(NamedTuple):
    """A folder, an archive or a mail that a file lies in."""

    path: PurePath
    name: str
    """Empty for INPUT itself."""


def _places(source: Source) -> list[_Place]:
    """What a source lies in, the nearest first, up to INPUT."""
    names = PurePosixPath(source.name).parts[-2::-1]
    return list(map(_Place, PurePath(source.origin).parents, (*names, "")))


class _Surroundings:
    """Whose a file is, by what it lies in and beside."""

    def __init__(self, documents: Sequence[Document], scheme: Scheme) -> None:
        self._named = cache(Roster(scheme).in_file_name)
        self._letters = {PurePath(each.source.origin) for each in documents if each.letter}
        self._units: dict[PurePath, set[int]] = {}
        self._with_forms: set[PurePath] = set()
        for form in chain.from_iterable(each.forms for each in documents):
            places = [place.path for place in _places(form.source)]
            self._with_forms.add(places[0])
            for place in places:
                self._units.setdefault(place, set()).add(form.unit)

    def units(self, source: Source, adopted: Container[int]) -> set[int]:
        """序号 of the units of which a file may be, all in one mail; empty where nothing tells."""
        places = _places(source)
        own = self._named(PurePosixPath(source.name).stem)
        if own and own.number not in adopted:
            return {own.number}  # wherever it lies, it may stand for the form that is missing
        for name in (*(place.name for place in places), PurePosixPath(source.name).stem):
            if unit := self._named(name):
                return {unit.number}
        for place in places:
            units = self._units.get(place.path, set())
            if place.path in self._letters:
                return units
            if units:
                beside = place.name or place.path in self._with_forms
                return units if beside and len(units) == 1 else set()
        return set()

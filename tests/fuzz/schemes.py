"""Spoils a scheme's workbook at random: each is refused with its mistakes told, or works from forms to ranking.

    python tests/fuzz/schemes.py --count 300 --seed 1
    python tests/fuzz/schemes.py --count 300 tests/data/fictional-scheme.xlsx

A few cells are cleared, swapped or overwritten with what stands elsewhere in their column, rows are lost or doubled.
A scheme that is refused must name a cell and speak Chinese; one that is not must come back the same when exported,
and a sample of its forms must be read and scored without a mistake, each 记分 as it is recomputed.
"""

from __future__ import annotations

import argparse
import collections
import copy
import datetime as dt
import io
import random
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assess_xlsx import sample
from assess_xlsx.answers import Saved, Source
from assess_xlsx.excel.formats import Format
from assess_xlsx.excel.read import Sheet, Workbook
from assess_xlsx.forms import register as register_form
from assess_xlsx.intake import adoption
from assess_xlsx.intake.document import ADOPTED, Document
from assess_xlsx.intake.form import read as read_form
from assess_xlsx.intake.units import Roster
from assess_xlsx.scheme import build as scheme_build
from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme.book import reader, writer
from assess_xlsx.scheme.book.sheets import SHEETS
from assess_xlsx.scheme.tree import SchemeError
from assess_xlsx.scoring import score as scoring

if TYPE_CHECKING:
    from assess_xlsx.entries import Raw
    from assess_xlsx.scheme.model import Scheme

NOW = Saved(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), lasting=True)
JUNK: list[Raw] = [
    0,
    -1,
    0.5,
    1e9,
    1e300,
    True,
    "否",
    "是",
    "90%",
    "１．１",
    "x" * 300,
    '="',
    "；",
    "9.9.9",
    dt.date(2026, 1, 1),
]


def spoilt(book: Workbook, chance: random.Random) -> Workbook:
    """The same workbook with one to three changes."""
    other = copy.copy(book)
    sheets = {sheet.name: [list(row) for row in sheet.rows] for sheet in book.sheets}
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        rows = sheets[chance.choice(SHEETS[1:])]
        filled = [number for number, row in enumerate(rows) if any(cell != "" for cell in row)]
        row, another = rows[chance.choice(filled)], rows[chance.choice(filled)]
        column = chance.choice([place for place, cell in enumerate(row) if cell != ""])
        match chance.choice(["clear", "junk", "column", "column", "swap", "lose", "double"]):
            case "clear":
                row[column] = ""
            case "junk":
                row[column] = chance.choice(JUNK)
            case "column":
                row[column] = another[column]
            case "swap":
                row[column], another[column] = another[column], row[column]
            case "lose":
                rows.remove(row)
            case "double":
                rows.insert(rows.index(row), list(row))
    marks = {sheet.name: sheet.marks for sheet in book.sheets}
    other.sheets = [Sheet(name, rows, hidden=False, _find_marks=marks.__getitem__) for name, rows in sheets.items()]
    return other


def faults_of(error: SchemeError) -> list[str]:
    """What is wrong with how a refusal is told."""
    wrong = []
    if not error.faults:
        wrong.append("refused without a word")
    for fault in error.faults:
        words = f"{fault.reason} {fault.remedy}"
        if fault.cell is None:
            wrong.append(f"no cell: {words}")
        if re.search("[a-z]{3}", re.sub("assess-xlsx scheme export|x{9,}", "", words)):
            wrong.append(f"no Chinese: {words}")
    return wrong


def use(scheme: Scheme, tree: dict[str, object]) -> list[str]:
    """What goes wrong from the forms to the ranking."""
    exported = io.BytesIO()
    writer.write(exported, tree)
    again = reader.read(Workbook(exported.getvalue(), Format.XLSX), "x.xlsx")
    wrong = [] if scheme_build.build(again, "x.xlsx") == scheme else ["another scheme after its export"]
    register_form.write(io.BytesIO(), scheme)
    roster, documents = Roster(scheme), []
    for name, data in sample.files(scheme, 1, faults=False):
        found = read_form(Workbook(data, Format.XLSX), Source(name), scheme, roster, NOW)
        if found is None:
            continue  # the register
        wrong += [f"{name}: {problem.text}" for problem in found.problems]
        wrong += [f"{name}: {rejected.problem.text}" for rejected in found.rejected]
        documents.append(Document(Source(name), ADOPTED, forms=found.forms))
    forms = adoption.adopt(documents, scheme).forms
    vetoes = scoring.find_vetoes(scheme, forms, None)
    for form in scheme.forms:
        scores = scoring.score(scheme, form, forms, None, vetoes, {})
        wrong += [f"{form.name}: {problem.text}" for problem in scores.problems]
        for section, column in zip(form.sections, scores.sections.to_numpy().T.tolist(), strict=True):
            low, high = sorted((0, section.worth.full))
            if section.worth.high and not section.worth.bonus and not all(low <= score <= high for score in column):
                wrong.append(f"{form.name} {section.title}: {column}")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", nargs="?", type=Path, help="a scheme's workbook; else the built-in scheme")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    exported = io.BytesIO()
    writer.write(exported, scheme_file.tree(options.book))
    book, failures = Workbook(exported.getvalue(), Format.XLSX), 0
    counts: collections.Counter[str] = collections.Counter()
    for number in range(options.count):
        other = spoilt(book, random.Random(options.seed * 1_000_000 + number))
        try:
            tree = reader.read(other, "x.xlsx")
            scheme = scheme_build.build(tree, "x.xlsx")
        except SchemeError as error:
            wrong, outcome = faults_of(error), "refused"
        else:
            wrong, outcome = use(scheme, tree), "used"
        counts[outcome] += 1
        failures += bool(wrong)
        for each in wrong[:3]:
            print(f"seed {options.seed} mutant {number} {outcome}: {each}")
    print(f"{dict(counts)}, {failures} failures")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()

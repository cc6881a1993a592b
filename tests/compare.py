"""Whether two versions of the program write the same: every workbook, cell by cell, and every message.

    python tests/compare.py record before     with the version as it was installed
    python tests/compare.py record after      with the version as it is now
    python tests/compare.py compare before after

``record`` runs a round of every seed, with and without --faults: templates, sample, collect --feedback, check; it
keeps what was written and what was said. ``compare`` names each workbook, sheet and cell that differs in value,
formula, format, validation, comment or size, and each message that differs; it exits with 1 if anything does.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SAID = "messages.txt"
MOST_SHOWN = 40
"""Differences that are printed."""


def record(folder: Path, python: str, seeds: range) -> None:
    """Lets the installed program do a round for each seed, and keeps all of it in a folder."""
    folder.mkdir(parents=True)
    for seed, faults in itertools.product(seeds, (False, True)):
        here = folder / f"seed-{seed}{'-faults' if faults else ''}"
        here.mkdir()
        said = []
        for words in (
            ["templates", "--per-unit"],
            ["sample", "input", "--seed", str(seed), *(["--faults"] if faults else [])],
            ["collect", "input", "--feedback"],
            ["check"],
            ["scheme", "export", "scheme.xlsx"],
            ["scheme", "check", "scheme.xlsx"],
        ):
            files = sorted(f"input/{path.name}" for path in (here / "input").iterdir()) if words == ["check"] else []
            command = [python, "-m", "assess_xlsx", *words, *files]
            done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
            said.append(f"$ {words[0]}\n{done.stdout}{done.stderr}exit {done.returncode}\n")
        (here / SAID).write_text("".join(said), "utf-8")


def differences(before: Path, after: Path) -> Iterator[str]:
    """What differs between two recordings, a line each."""
    files = [{path.relative_to(root) for path in root.rglob("*") if path.is_file()} for root in (before, after)]
    yield from (f"only before: {path}" for path in sorted(files[0] - files[1]))
    yield from (f"only after: {path}" for path in sorted(files[1] - files[0]))
    for path in sorted(files[0] & files[1]):
        was, now = before / path, after / path
        if path.suffix == ".xlsx":
            if _parts(was) != _parts(now):  # most are equal to the byte
                yield from (f"{path}: {line}" for line in _of_books(was, now))
        elif was.read_bytes() != now.read_bytes():
            pairs = itertools.zip_longest(was.read_text("utf-8").splitlines(), now.read_text("utf-8").splitlines())
            yield from (f"{path}: {one!r} -> {other!r}" for one, other in pairs if one != other)


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _of_books(was: Path, now: Path) -> Iterator[str]:
    one, other = _parts(was), _parts(now)
    for name in sorted({*one, *other}):
        if name.startswith(("xl/charts/", "xl/drawings/")) and one.get(name) != other.get(name):
            yield f"{name} differs"
    for values in (False, True):  # formulas, then what is cached in them
        books = [openpyxl.load_workbook(path, data_only=values) for path in (was, now)]
        names = [book.sheetnames for book in books]
        if names[0] != names[1]:
            yield f"sheets {names[0]} -> {names[1]}"
            return
        for name in names[0]:
            yield from (f"{name} {line}" for line in _of_sheets(*(book[name] for book in books)))


def _of_sheets(was: Worksheet, now: Worksheet) -> Iterator[str]:
    for about, tell in _ABOUT.items():
        one, other = tell(was), tell(now)
        if one != other:
            yield f"{about}: {one} -> {other}"
    for row in range(1, max(was.max_row, now.max_row) + 1):
        for column in range(1, max(was.max_column, now.max_column) + 1):
            cells = was.cell(row, column), now.cell(row, column)
            one, other = map(_cell, cells)
            if one != other:
                yield f"{cells[0].coordinate}: {one} -> {other}"


def _cell(cell: Cell) -> tuple[Any, ...]:
    looks = cell.font, cell.fill, cell.border, cell.alignment, cell.protection
    comment = (cell.comment.text, cell.comment.width, cell.comment.height) if cell.comment else None
    link = cell.hyperlink and (cell.hyperlink.location, cell.hyperlink.target)
    return cell.value, cell.data_type, cell.number_format, *map(repr, looks), comment, link


_ABOUT: dict[str, Any] = {
    "merged": lambda sheet: sorted(map(str, sheet.merged_cells.ranges)),
    "validations": lambda sheet: sorted(map(repr, sheet.data_validations.dataValidation)),
    "conditions": lambda sheet: [
        (str(ranges.sqref), [repr(rule) for rule in ranges.rules]) for ranges in sheet.conditional_formatting
    ],
    "widths": lambda sheet: {letter: size.width for letter, size in sheet.column_dimensions.items()},
    "heights": lambda sheet: {row: size.height for row, size in sheet.row_dimensions.items()},
    "printing": lambda sheet: (
        repr(sheet.page_setup),
        repr(sheet.page_margins),
        sheet.print_area,
        sheet.print_title_rows,
        repr(sheet.oddFooter.center.text),
        [mark.id for mark in sheet.row_breaks.brk],
    ),
    "panes": lambda sheet: (sheet.freeze_panes, sheet.auto_filter.ref, sheet.sheet_state, repr(sheet.protection)),
}
"""What a sheet has besides its cells."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record")
    recording.add_argument("folder", type=Path)
    recording.add_argument("--python", default=sys.executable, help="the interpreter that has the version installed")
    recording.add_argument("--seeds", type=int, default=3, help="how many seeds, from 1 on")
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.command == "record":
        record(options.folder, options.python, range(1, options.seeds + 1))
        return 0
    found = list(differences(options.before, options.after))
    print("\n".join(found[:MOST_SHOWN]))
    print(f"{len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

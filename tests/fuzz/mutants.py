"""Breaks good forms at random and reads what comes out: nothing crashes, hangs, is lost or silently wrong.

    python tests/fuzz/mutants.py --count 5000 --seed 1

Five formats (xlsx, and it in a zip archive and in a mail; ods and xls where LibreOffice is installed), three ways of
breaking them: bytes overwritten, the file cut off, and, for the zipped formats, bytes of a part changed inside a
sound archive. A mutant that is read must say what the whole form says, or something must be listed about it (a
problem, a self-score that differs).
"""

from __future__ import annotations

import argparse
import collections
import io
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from assess_xlsx import sample, workers
from assess_xlsx.answers import Source
from assess_xlsx.intake.files import Found
from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scoring import score as scoring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.intake.document import Document
    from assess_xlsx.scheme.model import Scheme

BATCH = 300


def originals(folder: Path) -> list[Path]:
    """A filled form of each kind, recalculated by LibreOffice in each format."""
    made = dict(sample.files(scheme_file.load(), 7, faults=False))
    paths = []
    for name in ("02-县残联.xlsx", "33-孙口镇.xlsx"):
        path = folder / name
        path.write_bytes(made[name])
        letter = EmailMessage()
        letter["From"], letter["Subject"] = "unit@example.org", "form"
        letter.add_attachment(made[name], maintype="application", subtype="octet-stream", filename=name)
        path.with_suffix(".eml").write_bytes(bytes(letter))
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
            archive.write(path, name)
        paths += [path, path.with_suffix(".eml"), path.with_suffix(".zip")]
        if shutil.which("soffice"):
            for kind in ("ods", "xls"):
                command = ["soffice", "--headless", "--convert-to", kind, "--outdir", folder, path]
                subprocess.run(command, check=True, capture_output=True)
                paths.append(path.with_suffix(f".{kind}"))
    return paths


def mutate(data: bytes, chance: random.Random, *, zipped: bool) -> tuple[str, bytes]:
    way = chance.choice(["bytes", "bytes", "cut", *(["part"] * 3 if zipped else [])])
    if way == "cut":
        return way, data[: chance.randrange(len(data))]
    if way == "bytes":
        return way, scratched(data, chance)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        victim = chance.choice(source.namelist())
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, scratched(content, chance) if name == victim and content else content)
    return way, target.getvalue()


def scratched(data: bytes, chance: random.Random) -> bytes:
    """A few bytes overwritten, dropped or doubled."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 8, 40])):
        place = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place : place + chance.choice([1, 4, 30])]
            case 2:
                changed[place:place] = changed[place : place + chance.choice([1, 4, 30])]
        if not changed:
            break
    return bytes(changed)


def mutants(paths: list[Path], count: int, seed: int) -> Iterator[tuple[Path, str, bytes]]:
    chance = random.Random(seed)
    for number in range(count):
        path = paths[number % len(paths)]
        way, data = mutate(path.read_bytes(), chance, zipped=path.suffix not in (".xls", ".eml"))
        yield path, way, data


def silent(plan: Scheme, read: list[Document], whole: Document) -> list[Document]:
    """Mutants that say something else than the whole form, with nothing listed about it."""
    form = plan.form(whole.forms[0].form)
    told = []
    for document in read:
        if len(document.forms) != 1 or document.forms[0].form != form.name or document.problems:
            continue
        if document.forms[0].values != whole.forms[0].values:
            told.append(document)
    found = []
    for start in range(0, len(told), len(form.units)):
        group = told[start : start + len(form.units)]
        forms = {
            unit.number: structs.replace(document.forms[0], unit=unit.number, source=Source(unit.name))  # type: ignore[type-var]
            for unit, document in zip(form.units, group, strict=False)
        }
        scores = scoring.score(plan, form, forms, None, [])
        listed = {problem.place.source.name for problem in scores.problems}
        found += [doc for unit, doc in zip(form.units, group, strict=False) if unit.name not in listed]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the mutants that were read wrongly in silence")
    options = parser.parse_args()
    plan = scheme_file.load()
    outcomes: collections.Counter[tuple[str, str, str]] = collections.Counter()
    lost = wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = originals(folder)
        with workers.Workers(len(paths)) as readers:
            whole = readers.read([Found(path, path.name, "") for path in paths])
            wholes = dict(zip(paths, (documents[-1] for documents in whole), strict=True))
        made = list(mutants(paths, options.count, options.seed))
        for start in range(0, len(made), BATCH):
            group = made[start : start + BATCH]
            found = []
            for number, (path, _, data) in enumerate(group):
                mutant = folder / f"m{number}{path.suffix}"
                mutant.write_bytes(data)
                found.append(Found(mutant, f"{path.name}/{mutant.name}", ""))
            with workers.Workers(len(found)) as readers:
                read = list(readers.read(found))
            lost += sum(not documents or not documents[0].result for documents in read) + len(group) - len(read)
            for path in paths:
                mine = [found[-1] for (origin, _, _), found in zip(group, read, strict=True) if origin == path]
                for document in silent(plan, mine, wholes[path]):
                    wrong += 1
                    number = int(document.source.name.rpartition("/m")[2].partition(".")[0])
                    print("silently different:", path.name, group[number][1])
                    if options.keep:
                        options.keep.mkdir(exist_ok=True)
                        (options.keep / f"{start}-{number}{path.suffix}").write_bytes(group[number][2])
            for (path, way, _), documents in zip(group, read, strict=True):
                outcomes[path.suffix, way, documents[-1].result] += 1
            print(f"{min(start + BATCH, len(made))} / {len(made)}", file=sys.stderr)
    for (suffix, way, result), count in sorted(outcomes.items()):
        print(f"{suffix:6} {way:6} {result:8} {count:6}")
    print(f"{len(made)} mutants, {lost} lost, {wrong} silently different")
    return 1 if lost or wrong else 0


if __name__ == "__main__":
    sys.exit(main())

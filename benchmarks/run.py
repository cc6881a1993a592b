"""Times ``collect`` side by side with what bounds it, as whole processes, and prints a table.

    python benchmarks/run.py                 40, 1,000 and 10,000 forms: half an hour
    python benchmarks/run.py --n 110000      a nation: half an hour to make the forms, as long to time them

For each number of forms: ``collect``; the floor, which is calamine merely loading each form once and a bare
xlsxwriter loop writing as many cells as the result has (alone, and loading with two processes); a naive
consolidation with pandas and openpyxl, which read a form the one way or the other; ``import pandas``. Runs alternate,
so that a slow minute of the machine meets them all; the table shows medians. Forms are made by ``sample`` for a
scheme with so many fictional units.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-m", "assess_xlsx"]
LONG, TOO_LONG = 1_000, 10_000
"""Forms beyond which the naive consolidation runs once, for minutes, and beyond which it is left out."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass
class Timed:
    """A command's runs."""

    command: Sequence[str]
    seconds: list[float] = field(default_factory=list)
    peak: int = 0
    """MB of the process itself."""
    worker_peak: int = 0
    """MB of the largest process that it started."""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def run(self, folder: Path) -> None:
        begun = time.perf_counter()
        process = subprocess.Popen(
            self.command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        watch = threading.Thread(target=self._watch, args=(process,), daemon=True)
        watch.start()
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, self.command)
        self.seconds.append(time.perf_counter() - begun)
        watch.join()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Reads the peaks where /proc tells them."""
        while process.poll() is None:
            self.peak = max(self.peak, _peak(process.pid))
            for child in _children(process.pid):
                self.worker_peak = max(self.worker_peak, _peak(child))
            time.sleep(0.02)


def _peak(pid: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"))
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def make(folder: Path, number: int) -> Path:
    """A scheme with so many fictional units, and their forms; answers the scheme's file."""
    scheme = folder / f"scheme-{number}.toml"
    text = resources.files("assess_xlsx.scheme.builtin").joinpath("taiqian-2018.toml").read_text("utf-8")
    towns = number * 9 // 40
    units = "".join(
        f'  {{name = "示例单位{place:06d}", form = "{"县直" if place <= number - towns else "乡镇"}"}},\n'
        for place in range(1, number + 1)
    )
    scheme.write_text(
        re.sub(r"^roster = \[\n.*?^\]\n", f"roster = [\n{units}]\n", text, flags=re.MULTILINE | re.DOTALL), "utf-8"
    )
    forms = folder / f"forms-{number}"
    if not forms.is_dir():
        subprocess.run([*PROGRAM, "sample", forms, "--scheme", scheme], env=ENVIRONMENT, check=True)
    return scheme


def cells(result: Path) -> int:
    """How many cells the result has that are not blank."""
    book = CalamineWorkbook.from_path(str(result))
    return sum(
        value not in ("", None)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).iter_rows()
        for value in row
    )


def collect(folder: Path, number: int, runs: int) -> None:
    """Prints the lines of the table for so many forms."""
    scheme = make(folder, number)
    forms, output = folder / f"forms-{number}", folder / f"output-{number}"
    ours = Timed([*PROGRAM, "collect", str(forms), "-o", str(output), "--scheme", str(scheme)])
    ours.run(folder)
    ours.seconds.clear()  # the first run warms the file cache
    written = str(cells(output / "考核结果汇总.xlsx"))
    script = [sys.executable, str(HERE / "bounds.py")]
    timed = {
        "collect": ours,
        "floor": Timed([*script, "floor", str(forms), written]),
        "floor, two processes loading": Timed([*script, "floor", str(forms), written, "2"]),
        "naive, pandas.read_excel": Timed([*script, "naive", str(forms), "pandas"]),
        "naive, openpyxl.load_workbook": Timed([*script, "naive", str(forms), "openpyxl"]),
        "import pandas": Timed([sys.executable, "-c", "import pandas"]),
    }
    for turn in range(runs):
        for name, each in timed.items():
            if not name.startswith("naive") or number <= LONG or (turn == 0 and number <= TOO_LONG):
                each.run(folder)
    for name, each in timed.items():
        if not each.seconds:
            continue
        ratio = f"{ours.median / each.median:.2f}"
        print(
            f"| {number:,} | {name} | {each.median:.2f} | {1000 * each.median / number:.2f} | {ratio} "
            f"| {each.peak or '—'} | {each.worker_peak or '—'} |",
            flush=True,
        )


def commands(folder: Path, runs: int) -> None:
    """Prints what the small commands take."""
    scheme = make(folder, 1000)
    timed = {
        "python -c pass": Timed([sys.executable, "-c", "pass"]),
        "--help": Timed([*PROGRAM, "--help"]),
        "--version": Timed([*PROGRAM, "--version"]),
        "templates": Timed([*PROGRAM, "templates", "t", "--scheme", str(scheme)]),
        "templates --per-unit, 1,000 units": Timed(
            [*PROGRAM, "templates", "t", "--per-unit", "--scheme", str(scheme)]
        ),
    }
    for _ in range(runs):
        for each in timed.values():
            each.run(folder)
    bare = timed["python -c pass"].median
    print("\n| command | s | × `python -c pass` |\n|---|---:|---:|")
    for name, each in timed.items():
        print(f"| {name} | {each.median:.3f} | {each.median / bare:.1f} |")
    print(
        f"\n`templates --per-unit`: {timed['templates --per-unit, 1,000 units'].median:.2f} ms a form, all included."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, nargs="+", default=[40, 1_000, 10_000], help="numbers of forms")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, alternating")
    parser.add_argument("--folder", type=Path, help="where the forms are made and kept; else a folder that goes away")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
        print(
            "| forms | | s | ms a form | collect ÷ this | peak MB | a worker's MB |"
            "\n|---:|---|---:|---:|---:|---:|---:|"
        )
        for number in options.n:
            collect(folder, number, options.runs)
        commands(folder, options.runs)


if __name__ == "__main__":
    main()

"""Tools of the tests: the built-in scheme, forms filled in a line, results read back as rows; how they run."""

from __future__ import annotations

import atexit
import compileall
import functools
import html
import io
import pickle
import random
import shutil
import subprocess
import tempfile
import zipfile
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

import assess_xlsx
from assess_xlsx.cli import cli
from assess_xlsx.excel.marks import Listed
from assess_xlsx.excel.read import Sheet
from assess_xlsx.forms import form as forms
from assess_xlsx.intake import reading
from assess_xlsx.intake.adoption import Returns, adopt
from assess_xlsx.intake.files import find
from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import FORM_SHEET, FormLayout
from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme import model as schemes
from assess_xlsx.scheme.answer_kinds import Choice, Count, Number, Percent, Points
from assess_xlsx.scheme.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCHEME = scheme_file.load()
COUNTY, TOWN = SCHEME.forms

OFFICE = shutil.which("soffice")
NO_OFFICE = "LibreOffice 没有安装（soffice），无法重新计算和打印"


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the package once: each run starts processes, which would do it anew where Python may not keep it."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(assess_xlsx.__file__).parent, quiet=2)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a module's fixture run in one process; those with LibreOffice, the longest, run first."""
    for item in items:
        assert isinstance(item, pytest.Function)
        fixtures = item._fixtureinfo.name2fixturedefs.values()  # noqa: SLF001 - nothing public tells a fixture's scope
        if any(each[-1].scope == "module" for each in fixtures):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
        if OFFICE is None and item.get_closest_marker("office"):
            item.add_marker(pytest.mark.skip(reason=NO_OFFICE))
    items.sort(key=lambda item: item.get_closest_marker("office") is None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The name of a parameter; not a file's bytes, which may hold the time and so differ between processes."""
    return argname if isinstance(val, bytes) else None


def good_answers(form: schemes.Form) -> dict[str, Any]:
    """An answer to every question of a form, by 填报项, all as the unit would wish."""
    answers: dict[str, Any] = {}
    for fact in form.facts:
        match fact.kind:
            case Choice(options):
                answers[fact.label] = options[0]
            case Count():
                answers[fact.label] = 0 if fact.adverse else max(fact.kind.least, 1)
            case Percent():
                answers[fact.label] = 0.95
            case Number():
                answers[fact.label] = 210
    for label in ("缺少的制度项数", "未纳入系统事项数", "缺少的服务项数"):
        if label in answers:
            answers[label] = 0
    for fact in form.declarations:
        answers[fact.label] = "否"
    if form is COUNTY:
        answers |= {"有无自建系统": "无", "酌情分": None}
        for label in ("应上行事项数", "未上行事项数", "应下行可办事项数", "未下行可办事项数"):
            answers[label] = None
    return answers


def random_answers(form: schemes.Form, chance: random.Random) -> dict[str, Any]:
    """Valid answers, drawn over the whole of what a form admits."""
    answers: dict[str, Any] = {}

    def value(fact: Fact) -> Any:
        match fact.kind:
            case Choice(options):
                return chance.choice(options)
            case Count() if fact.limit:
                return chance.randint(0, answers[fact.limit.label])
            case Count("件"):
                return chance.choice([0, 5, 5, chance.randint(0, 100_000)])
            case Count(least=least):
                return chance.randint(least, chance.choice([3, 12, 400]))
            case Percent():
                edges = ["0", "0.6", "0.7", "0.8", "0.9", "0.69995", "0.899949", "1"]
                return Fraction(chance.choice([*edges, f"{chance.random():.5f}"]))
            case Number():
                return Fraction(chance.choice(["0", "49.99", "50", "100", "150", "190", "190.01", "199.99", "200"]))
            case Points():
                return Fraction(chance.randint(1, 199), 100)

    for fact in form.facts:
        condition = fact.only_with
        if condition:
            decided = answers[condition.fact.label]
            if not (decided in ("部分开展", "有") or (isinstance(decided, int) and decided > 0)):
                answers[fact.label] = None
                continue
        answers[fact.label] = value(fact)
    return answers


def entry(answer: Any) -> Any:
    """An answer as it is typed into a cell."""
    return float(answer) if isinstance(answer, Fraction) else answer


def copies(source: Path | io.BytesIO) -> Callable[[], openpyxl.Workbook]:
    """Reads a workbook once and makes copies of it, at an eighth of the time that reading it again takes."""
    read = pickle.dumps(openpyxl.load_workbook(source))
    return lambda: pickle.loads(read)  # noqa: S301 - what is read back is what was put there


_BLANKS: dict[str, Callable[[], openpyxl.Workbook]] = {}


def blank(form: schemes.Form) -> openpyxl.Workbook:
    """A form of the built-in scheme as openpyxl reads it."""
    if form.name not in _BLANKS:
        target = io.BytesIO()
        forms.write(target, SCHEME, form)
        _BLANKS[form.name] = copies(target)
    return _BLANKS[form.name]()


def cell_of(form: schemes.Form, label: str) -> str:
    """The 填报值 cell of a fact."""
    return FormLayout.of(form).value_cell(next(fact for fact in form.facts if fact.label == label))


def filled_form(form: schemes.Form, unit: str, answers: dict[str, Any]) -> openpyxl.Workbook:
    """A blank form, filled as a person would: unit and 填报值 cells, nothing else."""
    book = blank(form)
    sheet = book[FORM_SHEET]
    sheet.cell(FormLayout.of(form).unit_row + 1, 2).value = unit
    for label, answer in answers.items():
        if answer is not None:
            sheet[cell_of(form, label)].value = entry(answer)
    return book


def fill_out(scheme: Path, form: schemes.Form, folder: Path, answers: Sequence[Sequence[object]]) -> Path:
    """Each unit's form as the command writes it, filled with its answers by the form's facts; where they are put."""
    run("templates", folder / "t", "--per-unit", "--scheme", scheme)
    places = FormLayout.of(form)
    for number, (unit, own) in enumerate(zip(form.units, answers, strict=True), 1):
        book = openpyxl.load_workbook(folder / "t" / "各单位" / f"{unit.number:02}-{unit.name}.xlsx")
        for fact, value in zip(form.facts, own, strict=True):
            book[FORM_SHEET][places.value_cell(fact)].value = value
        save(book, folder / "sent" / f"{number}.xlsx")
    return folder / "sent"


def save(book: openpyxl.Workbook, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@functools.cache
def form_data(unit: str) -> bytes:
    """A unit's form, well filled, as a file."""
    form = SCHEME.form(next(each.form for each in SCHEME.units if each.name == unit))
    target = io.BytesIO()
    filled_form(form, unit, good_answers(form)).save(target)
    return target.getvalue()


def received(
    folder: Path, files: dict[str, bytes], inputs: Sequence[str] = ("",), scheme: schemes.Scheme = SCHEME
) -> Returns:
    """What came back, as it counts, where these files lie in a folder; INPUT is that, or some folders in it."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    asked = reading.Asked(scheme, Roster(scheme))
    return adopt(
        [document for found in find(folder / each for each in inputs) for document in reading.read(found, asked)],
        scheme,
    )


def run(*words: object, code: int = 0) -> str:
    """Runs a command and answers what it said."""
    result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def collect(folder: Path, *options: object) -> openpyxl.Workbook:
    out = folder.parent / f"{folder.name}-out"
    run("collect", folder, "-o", out, *options)
    return openpyxl.load_workbook(out / "考核结果汇总.xlsx", data_only=True)


def rows(book: openpyxl.Workbook, sheet: str) -> list[dict[str, Any]]:
    """A result sheet as dictionaries by header label."""
    table = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    first = next(
        place for place, row in enumerate(table) if sum(value is not None for value in row) > 1 and row[1] is not None
    )
    return [dict(zip(table[first], row, strict=True)) for row in table[first + 1 :]]


def content(path: Path) -> dict[str, Any]:
    """What a workbook says, asks and checks."""
    return _content(path.read_bytes())


@functools.lru_cache(maxsize=2)  # two that are equal to the byte are read once
def _content(data: bytes) -> dict[str, Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: (
            {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None},
            sorted(str(each) for each in sheet.merged_cells.ranges),
            sorted((str(v.sqref), v.type, v.formula1, v.error) for v in sheet.data_validations.dataValidation),
            sorted(str(each.sqref) for each in sheet.conditional_formatting),
        )
        for sheet in book.worksheets
    }


def register_book(tmp_path: Path) -> openpyxl.Workbook:
    """The register as the program writes it, to be filled like the office would; written once."""
    if "register" not in _BLANKS:
        run("templates", tmp_path / "t")
        _BLANKS["register"] = copies(tmp_path / "t" / "考核办登记表.xlsx")
    return _BLANKS["register"]()


def append(book: openpyxl.Workbook, sheet: str, *cells: Any) -> int:
    """Writes a row under the header, into the first free one."""
    target = book[sheet]
    row = next(number for number in range(3, 600) if target.cell(number, 1).value is None)
    for column, value in enumerate(cells, 1):
        target.cell(row, column).value = value
    return row


def office(book: openpyxl.Workbook, form: schemes.Form, unit: str, **values: Any) -> None:
    """Fills in the office's own sheet for a form."""
    target = book[f"考核办填报（{form.name}）"]
    header = {str(cell.value).partition(" ")[2]: cell.column for cell in target[2]}
    row = next(row for row in range(3, 60) if target.cell(row, 1).value == unit)
    for label, value in values.items():
        target.cell(row, header[label]).value = value


@functools.cache
def _profile() -> Path:
    """LibreOffice's settings of this process: made once, and of its own so that runs do not meet."""
    folder = tempfile.mkdtemp(prefix="assess-xlsx-office-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def convert(kind: str, target: Path, *files: Path) -> Path:
    """Lets LibreOffice load and save files; many in one call, for its start takes as long as ten of them."""
    assert OFFICE
    command = [OFFICE, f"-env:UserInstallation={_profile().as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", target, *files], check=True, capture_output=True, timeout=300)
    return target


def macro(name: str, *words: str) -> None:
    """Lets LibreOffice run the macro ``Main`` of a file in tests/data; no word may hold a quotation mark."""
    assert OFFICE
    library = _profile() / "user" / "basic" / "Standard"
    if not (library / "script.xlb").is_file():  # the first start lays the profile out
        convert("csv", _profile(), Path(__file__).parent / "data" / "fictional-scheme.xlsx")
    head = '<!DOCTYPE {0}:{1} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">'
    space = 'xmlns:{0}="http://openoffice.org/2000/{0}"'
    code = html.escape((Path(__file__).parent / "data" / name).read_text("utf-8"))
    (library / "Tests.xba").write_text(
        f"{head.format('script', 'module')}<script:module {space.format('script')} script:name='Tests'"
        f" script:language='StarBasic'>{code}</script:module>",
        "utf-8",
    )
    (library / "script.xlb").write_text(
        f"{head.format('library', 'library')}<library:library {space.format('library')} library:name='Standard'"
        " library:readonly='false' library:passwordprotected='false'>"
        "<library:element library:name='Tests'/></library:library>",
        "utf-8",
    )
    call = ",".join(f'"{word}"' for word in words)
    command = [OFFICE, f"-env:UserInstallation={_profile().as_uri()}", "--headless"]
    subprocess.run([*command, f"macro:///Standard.Tests.Main({call})"], check=True, capture_output=True, timeout=300)


def in_every_order(path: Path, sheet: str, told: Path) -> list[list[tuple[str, ...]]]:
    """The rows of a ranking as LibreOffice shows them: as they are, sorted by each column, with rows put between."""
    sheets = openpyxl.load_workbook(path)
    place = sheets.sheetnames.index(sheet)
    _, header, columns, last = range_boundaries(sheets[sheet].auto_filter.ref)
    macro("sort.bas", path.as_uri(), told.as_uri(), f"{place},{header},{last - 1},{columns},1000")
    steps = [
        sorted(tuple(line.split("\t")[2:]) for line in step.splitlines())
        for step in told.read_text("utf-8").split("step\n")[1:]
    ]
    assert len(steps) == columns + 2
    return steps


def assert_recalculated_alike(files: list[Path], folder: Path) -> None:
    """Recalculating workbooks changes no cell: what was cached in them is what their formulas give."""
    bare = folder / "bare"
    copies = [save(openpyxl.load_workbook(path), bare / f"{n}.xlsx") for n, path in enumerate(files)]  # drops it
    convert("xlsx", folder / "recalculated", *copies)
    for path, copy in zip(files, copies, strict=True):
        before, after = (CalamineWorkbook.from_path(each) for each in (path, folder / "recalculated" / copy.name))
        for sheet in before.sheet_names:
            was, now = (book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for book in (before, after))
            for row, cells in enumerate(was):
                for column, value in enumerate(cells):
                    fresh = now[row][column] if row < len(now) and column < len(now[row]) else ""
                    same = pytest.approx(fresh, abs=1e-9) if isinstance(fresh, float) else fresh
                    assert value == same, (path.name, sheet, row + 1, column + 1)


Grid = list[list[Any]]
"""The cells of a sheet, row by row, a blank one as an empty text."""


def grid(form: schemes.Form, unit: str, answers: dict[str, Any], **also: Any) -> Grid:
    """A form's sheet as people copy it about: filled, its formulas left blank."""
    sheet = filled_form(form, unit, answers | also)[FORM_SHEET]
    return [
        ["" if value is None or str(value).startswith("=") else value for value in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def beside(left: Grid, right: Grid, gap: int = 1) -> Grid:
    """Two grids side by side, with blank columns between them."""
    height = max(len(left), len(right))
    wide = [rows + [[""] * len(rows[0])] * (height - len(rows)) for rows in (left, right)]
    return [[*one, *[""] * gap, *other] for one, other in zip(*wide, strict=True)]


def with_column(rows_: Grid, at: int, values: dict[int, Any]) -> Grid:
    """A column inserted at a place (from 0), with values by row (from 0)."""
    return [[*row[:at], values.get(number, ""), *row[at:]] for number, row in enumerate(rows_)]


def book_of(sheets: dict[str, Grid], hidden: tuple[str, ...] = ()) -> SimpleNamespace:
    """What a reader makes of a workbook of values, without writing and reading one."""
    found = [Sheet(name, rows_, name in hidden, lambda _: Listed()) for name, rows_ in sheets.items()]
    return SimpleNamespace(sheets=found, modified=lambda: None)


def workbook(sheets: dict[str, Grid], hidden: tuple[str, ...] = ()) -> bytes:
    """A plain workbook of values, as people get by copying them together."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row, values in enumerate(cells, 1):
            for column, value in enumerate(values, 1):
                if value != "":
                    sheet.cell(row, column, value)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def package(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of parts, named as they are."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo("x")
            info.filename = name  # ZipInfo itself would turn backslashes round
            archive.writestr(info, content)
    return target.getvalue()

"""The direction of the house: which part of the package may know which, which library stands behind which door."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "assess_xlsx"

ORDER = [
    {"amounts", "numerals", "output"},
    {"entries"},
    {"answers", "console", "excel"},
    {"problems"},
    {"scheme"},
    {"draft", "layout"},
    {"contacts"},
    {"forms", "intake"},
    {"scoring"},
    {"assessment", "workers", "sample"},
    {"rounds"},
    {"report", "api", "summary"},
    {"post"},
    {"commands"},
    {"mail", "scheme_commands"},
    {"cli"},
    {"__main__"},
]
"""What stands higher never imports what stands lower, nor what stands beside it."""
LEVEL = {part: level for level, parts in enumerate(ORDER) for part in parts}

LIBRARIES = {
    "docx": {"draft"},
    "msoffcrypto": {"excel"},
    "olefile": {"excel"},
    "openpyxl": {"excel"},
    "python_calamine": {"excel"},
    "xlrd": {"excel"},
    "xlsxwriter": {"excel"},
    "click": {"cli", "commands", "console", "mail", "scheme_commands"},
    "email": {"intake", "post"},
    "imaplib": {"post"},
    "smtplib": {"post"},
    "pebble": {"workers"},
    "pandas": {"scoring", "api"},
}
"""Where each library may be imported; nowhere else is it known."""

FILES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The wing, or the module, at the top of the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[tuple[str, str]]:
    """What a file imports at run time or for its types: modules, and the names taken from the package itself."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {(node.module, alias.name) for alias in node.names}
    return found


def parts_imported(path: Path) -> set[str]:
    found = set()
    for module, name in imports(path):
        if module == "assess_xlsx":
            found.add(name)
        elif module.startswith("assess_xlsx."):
            found.add(module.split(".")[1])
    return found & set(LEVEL)


def test_every_part_has_its_place():
    assert {part(path) for path in FILES} - {"__init__"} == set(LEVEL)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path):
    own = part(path)
    for other in parts_imported(path) - {own}:
        assert own == "__init__" or LEVEL[other] < LEVEL[own], f"{own} imports {other}"


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_stands_behind_one_door(library):
    users = {part(path) for path in FILES if any(module.split(".")[0] == library for module, _ in imports(path))}
    assert users == LIBRARIES[library]


def test_collecting_loads_nothing_of_the_post(tmp_path):
    """What talks to mail servers is no part of a run that reads files."""
    run = "import sys; from assess_xlsx.cli import cli; cli(sys.argv[1:], standalone_mode=False)"
    told = "print([name for name in sys.modules if name.startswith(('assess_xlsx.post', 'smtplib', 'imaplib'))])"
    words = ["collect", PACKAGE.parent / "input", "-o", tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, "-c", f"{run}; {told}", *words], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_scheme_and_its_forms_need_no_numpy():
    """Numpy takes as long to load as forty forms take to read: processes that read and write go without."""
    code = (
        "import sys; from assess_xlsx.scheme import file; from assess_xlsx.forms import form;"
        "[form.Writer(scheme, each) for scheme in [file.load()] for each in scheme.forms];"
        "print([name for name in ('numpy', 'pandas') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_help_loads_little():
    """What a command needs is loaded when it runs."""
    code = (
        "import sys; from assess_xlsx.cli import cli; cli(['--help'], standalone_mode=False);"
        "print(*(name for name in sys.modules if name.startswith('assess_xlsx.') or name in ('numpy', 'pandas')))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], encoding="utf-8").splitlines()[-1].split()
    assert {name.split(".")[1] for name in loaded} == {"cli", "commands", "console", "mail", "scheme_commands"}

"""Data flows one way: reading, scoring and reporting do not import one another."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "assess_xlsx"

ORDER = [
    {"amounts"},
    {"nodes", "entries"},
    {"kinds"},
    {"facts"},
    {"rules"},
    {"scheme"},
    {"item_build", "roster_build"},
    {"scheme_build"},
    {"layout", "style", "problems", "roster", "output", "intake", "copies", "filling", "package"},
    {"guard"},
    {"spreadsheet", "containers", "form_pages", "form_plan", "tables", "form_table"},
    {"scheme_book"},
    {"scheme_file"},
    {"form", "filled"},
    {"register", "register_form"},
    {"documents", "settle", "scores"},
    {"open_points", "grounds"},
    {"reading", "adoption", "scoring"},
    {"workers"},
    {"outcome"},
    {"overview", "details", "notices", "returned", "feedback", "sample"},
    {"ranking"},
    {"report"},
    {"console"},
    {"cli"},
    {"__main__"},
]
"""What stands higher never imports what stands lower."""
APART = [{"form", "filled"}, {"reading", "scoring"}, {"reading", "settle"}, {"filled", "tables"}]
LEVEL = {module: level for level, modules in enumerate(ORDER) for module in modules}


def imported(module, *, at_runtime):
    """The modules and packages of this project that one of them imports, itself left out."""
    place = PACKAGE / module
    found = set()
    for path in sorted(place.glob("*.py")) if place.is_dir() else [PACKAGE / f"{module}.py"]:
        tree = ast.parse(path.read_text("utf-8"))
        if at_runtime:  # the only ifs at the top of a module ask for TYPE_CHECKING
            tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                if node.module == "assess_xlsx":
                    found |= {alias.name for alias in node.names}
                elif node.module.startswith("assess_xlsx."):
                    found.add(node.module.split(".")[1])
    return (found & set(LEVEL)) - {module}


def test_every_module_has_its_place():
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in PACKAGE.glob("*/*.py")} - {"schemes"}  # schemes/ holds data alone
    assert modules | packages == set(LEVEL)


@pytest.mark.parametrize("module", sorted(LEVEL))
def test_imports_point_one_way(module):
    for other in imported(module, at_runtime=True):
        assert LEVEL[other] < LEVEL[module], f"{module} imports {other}"


@pytest.mark.parametrize("pair", APART, ids=lambda pair: "-".join(sorted(pair)))
def test_what_stands_apart_stays_apart(pair):
    for module in pair:
        assert not imported(module, at_runtime=False) & (pair - {module})


def test_only_the_command_line_speaks_click():
    for path in PACKAGE.glob("*.py"):
        assert path.stem in ("cli", "console") or "click" not in path.read_text("utf-8")

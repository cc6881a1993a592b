"""Prints the lowest versions that pyproject.toml allows, as constraints for pip: the tests must pass with them."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def lowest(dependencies: list[str]) -> Iterator[str]:
    """A line ``name==bound`` for each lower bound; what only Windows needs is left out."""
    for dependency in dependencies:
        requirement, _, marker = dependency.partition(";")
        bound = re.match(r"([\w.-]+).*?>=\s*([\w.]+)", requirement)
        if bound and marker.strip() != "sys_platform == 'win32'":
            yield f"{bound[1]}=={bound[2]}"


if __name__ == "__main__":
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    sys.stdout.writelines(f"{line}\n" for line in lowest(project["dependencies"]))

"""The scheme in a file: its tree of tables and lists, and the model built from it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any

from assess_xlsx import scheme_build
from assess_xlsx.nodes import Fault, SchemeError

if TYPE_CHECKING:
    from pathlib import Path

    from assess_xlsx.scheme import Scheme

BUILT_IN = "taiqian-2018.toml"


def tree(path: Path | None = None) -> dict[str, Any]:
    """The tables and lists of a TOML file, or of the built-in scheme; SchemeError says what is wrong with it."""
    file = name(path)
    try:
        raw = path.read_bytes() if path else resources.files("assess_xlsx.schemes").joinpath(file).read_bytes()
        return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise SchemeError(Fault(file, f"文件打不开（{error.strerror}）", "请检查路径")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemeError(Fault(file, f"文件不是工作簿，也不是合格的 UTF-8 编码 TOML（{error}）")) from error


def load(path: Path | None = None) -> Scheme:
    """The scheme in a file, or the built-in one; SchemeError says where it is wrong and why."""
    return scheme_build.build(tree(path), name(path))


def name(path: Path | None) -> str:
    """What messages call the file."""
    return path.name if path else BUILT_IN

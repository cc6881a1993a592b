"""What a result was made with, as its sheet 计分口径 says it and as it is read there again. No clock is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import __version__

if TYPE_CHECKING:
    from assess_xlsx.scheme.model import Scheme

_TEXT = "考核方案：{}　表样版本：{}　程序版本：{}"
_SAID = re.compile(_TEXT.format("(.+)", "(.+)", "(.+)"))


class Maker(NamedTuple):
    """The scheme and the program that made a result."""

    scheme: str
    versions: str
    """表样版本 of each form: ``县直 1A2B3C4D、乡镇 5E6F7A8B``."""
    program: str

    @classmethod
    def of(cls, scheme: Scheme) -> Maker:
        """What this program makes with a scheme."""
        versions = "、".join(f"{form.name} {form.version}" for form in scheme.forms)
        return cls(scheme.name, versions, __version__)

    @classmethod
    def said(cls, text: str) -> Maker | None:
        """What a line of a sheet says, if it says that."""
        found = _SAID.fullmatch(text.strip())
        return cls(*found.groups()) if found else None

    def text(self) -> str:
        """The line on the sheet."""
        return _TEXT.format(*self)

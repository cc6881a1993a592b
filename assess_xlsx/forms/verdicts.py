"""What a 校验 comes to: fine, missing, waiting or wrong; as an Excel condition and in Python side by side."""

from __future__ import annotations

from assess_xlsx.scheme.facts import GOOD, NOT_NEEDED, OFFICE, OPTIONAL, UNFILLED, WAITS

FINE = (GOOD, NOT_NEEDED, OPTIONAL, OFFICE)
"""What 校验 shows of a cell that needs nothing more."""
ASKED = "请填写，或在签章页上手写"
"""What 校验 shows beside a blank name or telephone number: it can be written by hand on 签章页 too."""
_NOT_WRONG = (*FINE, UNFILLED, ASKED)
"""And what begins with WAITS; anything else says what is wrong."""


def fine(cell: str) -> str:
    """An Excel condition: the cell needs nothing more."""
    return _any_of(FINE, cell)


def is_fine(check: str) -> bool:
    """The same in Python."""
    return check in FINE


def wrong(cell: str) -> str:
    """An Excel condition: something is wrong."""
    return f'NOT(OR({_any_of(_NOT_WRONG, cell)},LEFT({cell},{len(WAITS)})="{WAITS}"))'


def wrong_ones(cells: str, count: int) -> str:
    """How many of so many cells say that, as an Excel expression."""
    others = "-".join(f'COUNTIF({cells},"{text}")' for text in (*_NOT_WRONG, f"{WAITS}*"))
    return f"({count}-{others})"


def is_wrong(check: str) -> bool:
    """The same of one in Python."""
    return check not in _NOT_WRONG and not check.startswith(WAITS)


def _any_of(texts: tuple[str, ...], cell: str) -> str:
    tests = ",".join(f'{cell}="{text}"' for text in texts)
    return f"OR({tests})"

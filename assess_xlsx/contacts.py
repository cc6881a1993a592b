"""Who filled a form in: what each of these entries must look like, as a formula and in Python side by side."""

from __future__ import annotations

from assess_xlsx.layout import CONTACTS

_, PHONE, _ = CONTACTS

LEAST_DIGITS, MOST_DIGITS = 7, 12
"""Of a telephone number."""

_DIGITS = "0123456789"


def asked(label: str) -> str:
    """What belongs there, to follow “请填”."""
    return f"{LEAST_DIGITS}到{MOST_DIGITS}位数字的电话号码" if label == PHONE else "姓名，不含数字"


def wrong(label: str) -> str:
    """What the sheet says of anything else."""
    return f"应为{asked(label)}"


def fits(label: str, said: str) -> bool:
    """A telephone number has its digits, a name has none."""
    digits = sum(said.count(digit) for digit in _DIGITS)
    return LEAST_DIGITS <= digits <= MOST_DIGITS if label == PHONE else not digits


def fitting(label: str, cell: str) -> str:
    """The same as an Excel condition."""
    without = "+".join(f'LEN(SUBSTITUTE({cell},"{digit}",""))' for digit in _DIGITS)
    digits = f"{len(_DIGITS)}*LEN({cell})-({without})"
    return f"AND({digits}>={LEAST_DIGITS},{digits}<={MOST_DIGITS})" if label == PHONE else f"{digits}=0"

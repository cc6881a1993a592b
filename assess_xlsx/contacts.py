"""Who filled a form in: what each of these entries must look like, as a formula and in Python side by side."""

from __future__ import annotations

from assess_xlsx.layout import PHONE

LEAST_DIGITS, MOST_DIGITS = 7, 12
"""Of a telephone number."""

_DIGITS = "0123456789０１２３４５６７８９"
COUNTRY, EXTENSION = "+86", ("转", "分机")
"""What may stand before a number, and what an extension begins with: their digits are none of the number's."""


def asked(label: str) -> str:
    """What belongs there, to follow “请填”."""
    return f"{LEAST_DIGITS}到{MOST_DIGITS}位数字的电话号码" if label == PHONE else "不含数字的姓名"


def wrong(label: str) -> str:
    """What the sheet says of anything else."""
    return f"应为{asked(label)}"


def fits(label: str, said: str) -> bool:
    """A telephone number has its digits, a name has none."""
    if label != PHONE:
        return not _count(said)
    number = said.replace(COUNTRY, "")
    for word in EXTENSION:
        number = number.partition(word)[0]
    return LEAST_DIGITS <= _count(number) <= MOST_DIGITS


def _count(text: str) -> int:
    return sum(map(text.count, _DIGITS))


def fitting(label: str, cell: str) -> str:
    """The same as an Excel condition."""
    if label != PHONE:
        return f"{_counted(cell)}=0"
    number = f'SUBSTITUTE({cell},"{COUNTRY}","")'
    for word in EXTENSION:
        number = f'LEFT({number},FIND("{word}",{number}&"{word}")-1)'
    digits = _counted(number)
    return f"AND({digits}>={LEAST_DIGITS},{digits}<={MOST_DIGITS})"


def _counted(text: str) -> str:
    rest = text
    for digit in _DIGITS:
        rest = f'SUBSTITUTE({rest},"{digit}","")'
    return f"LEN({text})-LEN({rest})"

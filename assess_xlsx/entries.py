"""What people type into cells: normalised, shown, taken for a number. It judges no fact."""

from __future__ import annotations

import datetime as dt
import errno
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from assess_xlsx import numerals
from assess_xlsx.amounts import CENT, exact, plain

CHINA = dt.timezone(dt.timedelta(hours=8))
"""The clock on everybody's wall."""

Raw = str | int | float | bool | dt.date | dt.time | dt.timedelta | None
"""A cell as a reader hands it over."""

YES, NO = "是", "否"
READS_AS: dict[str, frozenset[str]] = {
    YES: frozenset({"√", "✓", "✔", "☑", "有", "对", "Y", "YES", "已", "是的"}),
    NO: frozenset({"×", "✗", "✘", "X", "无", "没有", "N", "NO", "错", "未", "不是"}),
}
"""What people write for 是 and 否, after ``fold``."""

COUNTED = "次件项个人家篇条起"
"""Measure words that may follow a count: ``3次``."""

MEASURES = {"平方米": ("平方米", "平米", "平方", "㎡", "m2")}
"""How people write a unit of measure."""


NOTHING = frozenset({"无", "没有", "没", "暂无", "零", "〇"})
"""How people write that there is none of what is counted."""


class Percentage(float):
    """A number in a cell that shows it as a percentage: 1.2 is 120 %."""


class Refusal(Exception):  # noqa: N818 - a verdict on an entry, not a failure of the program
    """An entry that cannot be used, with the reason as the middle of a Chinese sentence."""


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees: they come along when something is copied from a chat or a web page."""


@lru_cache(maxsize=10_000)  # the labels of a form come back with every form
def fold(text: str) -> str:
    """Full-width forms to half-width, all white space and all that is invisible gone: ``９５ ％`` → ``95%``."""
    return re.sub(r"\s+", "", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


_SEAL = re.compile(r"(\([^()]*[章印][^()]*\)|盖章|公章):?$")


def unsealed(text: str) -> str:
    """A folded text without the note that a seal belongs here: ``县宗教局(盖章)``; and without a full stop."""
    return _SEAL.sub("", text.rstrip(STOPS)).rstrip(STOPS)


STOPS = "。.．"
"""What people put behind a sentence, or a number."""


def bare_name(name: str, county: str) -> str:
    """A unit's name without the county's, a leading 县 (市, 区 as the county is one) and 人民政府, folded."""
    text = re.sub("人民政府$", "", fold(name).removeprefix(fold(county)))
    return text.removeprefix(fold(county)[-1:])


_ERRORS = {
    "ENOENT": "没有这个文件或文件夹",
    "EACCES": "没有权限，或正被其他程序使用",
    "EPERM": "没有权限，或正被其他程序使用",
    "EROFS": "所在的磁盘只能读，不能写",
    "EBUSY": "正被系统使用",
    "ETXTBSY": "正被其他程序使用",
    "EEXIST": "已经有同名的文件",
    "EISDIR": "是文件夹，不是文件",
    "ENOTDIR": "路径中有一段不是文件夹",
    "ENOTEMPTY": "文件夹里还有东西",
    "ELOOP": "链接绕回了自己",
    "ENAMETOOLONG": "文件名或路径太长",
    "EILSEQ": "文件名里有磁盘不接受的字符",
    "EINVAL": "磁盘不接受这个名称或操作",
    "EXDEV": "不在同一个磁盘上",
    "ENOSPC": "磁盘满了",
    "EDQUOT": "磁盘的配额用完了",
    "EFBIG": "文件超过了允许的大小",
    "ENOMEM": "内存不足",
    "EMFILE": "同时打开的文件太多",
    "ENFILE": "同时打开的文件太多",
    "EAGAIN": "系统正忙，或进程太多",
    "EIO": "磁盘读写出错",
    "ENODEV": "磁盘或设备不在了",
    "ENXIO": "磁盘或设备不在了",
    "ESTALE": "网络文件夹断开了",
    "ETIMEDOUT": "网络文件夹没有回应",
    "EHOSTDOWN": "网络文件夹没有回应",
    "EHOSTUNREACH": "网络文件夹没有回应",
    "ENOTCONN": "网络文件夹断开了",
    "ENOSYS": "系统不支持",
}
"""Why a file cannot be opened or written, by the error's name."""


def in_words(error: OSError) -> str:
    """Why a file cannot be opened or written."""
    return _ERRORS.get(errno.errorcode.get(error.errno or 0, ""), f"系统错误 {error.errno or ''}".strip())


def is_blank(raw: Raw) -> bool:
    """Nothing stands there that anybody could see."""
    if raw is None or not isinstance(raw, str):
        return raw is None
    text = raw.strip()
    return not text or (not text[0].isalnum() and not fold(text))


def is_time(raw: Raw) -> bool:
    """It is shown as a date or a time."""
    return isinstance(raw, dt.date | dt.time | dt.timedelta)


def in_full(raw: Raw) -> str:
    """A cell's content as a person sees it."""
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, Percentage):
        return f"{(exact(raw) * 100).normalize():f}%"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        raw = raw.date()
    return str(raw)


def shown(raw: Raw) -> str:
    """The same for a message, which is no document."""
    text = in_full(raw)
    if not text.isprintable():
        text = re.sub(r"\s*[\r\n]\s*", "↵", _INVISIBLE.sub("", text).strip())
    return text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004


_BRACKETED = re.compile(r"\(\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*\)(.*)", re.ASCII | re.DOTALL)
"""A number below 0 as book-keepers write it: ``(5)``."""
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {ord("−"): ord("-")}
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(.*)", re.ASCII | re.DOTALL)


def number_in(raw: Raw, suffixes: tuple[str, ...], *, signed: bool = False) -> tuple[Decimal, str, bool]:
    """The number in a cell, the suffix that stood behind it, and whether it was typed as text; raises Refusal.

    ``signed``: it may be below 0, so that ``（5）`` can only mean that.
    """
    if isinstance(raw, bool):
        raise Refusal("是逻辑值，不是数")
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        raise Refusal("单元格是日期或时间格式，看不出所填的数")
    if isinstance(raw, Percentage) and raw and "%" not in suffixes:  # 0 % of anything is 0
        raise Refusal("单元格是百分数格式，看不出所填的数")
    if isinstance(raw, int | float):
        number = exact(raw)
        if not number.is_finite():
            raise Refusal("不是数")
        return number, "", False
    text = _INVISIBLE.sub("", raw or "").translate(_NARROW).strip().rstrip(STOPS).rstrip()
    if signed and (found := _BRACKETED.fullmatch(text)):
        text = f"-{found[1]}{found[2]}"
    found = _NUMBER.fullmatch(text)
    if found is None:
        return *_in_words(text, suffixes), True
    rest = found[2].strip()
    suffix = _suffix(rest, suffixes)
    if suffix is not None:
        return Decimal(found[1].replace(",", "")), suffix, True
    # among white space, raised digits and marks of footnotes nobody can tell one number from two
    raise Refusal(
        "中间有空格、换行、上标或别的记号，像是不止一个数" if any(each.isdigit() for each in rest) else "不是一个数"
    )


def _suffix(text: str, suffixes: tuple[str, ...]) -> str | None:
    """The suffix that a text is; empty for no text, None where it is another."""
    if not text or text[0].isdigit():
        return None if text else ""
    return next((suffix for suffix in suffixes if fold(text).casefold() == fold(suffix).casefold()), None)


def _in_words(text: str, suffixes: tuple[str, ...]) -> tuple[Decimal, str]:
    """A number that is written out: ``三项``, ``无``, ``百分之九十``."""
    if text in NOTHING:
        return Decimal(0), ""
    if "%" in suffixes and text.startswith("百分之"):
        number, suffix, _ = number_in(text.removeprefix("百分之"), ())
        return number, suffix or "%"
    for suffix in ("", *sorted(suffixes, key=len, reverse=True)):
        if text.endswith(suffix) and (value := numerals.value(text.removesuffix(suffix).strip())) is not None:
            return Decimal(value), suffix
    raise Refusal("不是一个数")


def points_in(raw: Raw, least: int, most: int) -> int:
    """A score that the office entered, in cents: ``least`` … ``most``, two decimals at most; raises Refusal."""
    if is_blank(raw):
        raise Refusal("没有填写")
    number, _, _ = number_in(raw, ("分",), signed=least < 0)
    amount = number * CENT
    if amount != int(amount):
        raise Refusal("超过两位小数")
    if not least <= amount <= most:
        raise Refusal(f"不在{plain(least)}到{plain(most)}之间")
    return int(amount)


_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]|(\d{2})(\d{2}))", re.ASCII)
YEARS = range(1990, 2100)
"""Years that a date can mean."""


def day_in(raw: Raw) -> dt.date | None:
    """The day that a cell names, with its year: ``2018-12-20``, ``2018.12.20``, ``2018年12月20日``; else None."""
    if isinstance(raw, dt.date):
        return raw.date() if isinstance(raw, dt.datetime) else raw
    found = _DAY.fullmatch(fold(in_full(raw)).rstrip(STOPS))
    if found is None or int(found[1]) not in YEARS:
        return None
    month, day = found[3] or found[5] or found[7], found[4] or found[6] or found[8]
    try:
        return dt.date(int(found[1]), int(month), int(day))
    except ValueError:
        return None

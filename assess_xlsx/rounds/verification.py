"""复核: a result against the same computed again from INPUT, difference by difference, a sentence each (K26).

Files first, then every value of 得分明细 and the rankings, by unit and code. It reads and computes nothing itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from assess_xlsx.amounts import exact
from assess_xlsx.entries import in_full, is_blank
from assess_xlsx.intake.files import NOISE_REASON
from assess_xlsx.layout import (
    CLOSING_SHEET,
    DETAIL_SHEET,
    DIGEST,
    EVENT_SHEET,
    FILE,
    FILES_SHEET,
    FILLED,
    GROUNDS,
    ORIGIN,
    RANK_KEY,
    REMARK,
    RESULT_FILE,
    UNIT,
    WHY,
    ranking_sheet,
)
from assess_xlsx.rounds.maker import Maker
from assess_xlsx.rounds.result import read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from assess_xlsx.entries import Raw
    from assess_xlsx.rounds.result import Key, Line, Result, Table
    from assess_xlsx.scheme.model import Scheme

SENTENCES = frozenset({FILLED, ORIGIN, EVENT_SHEET, GROUNDS, REMARK, RANK_KEY})
"""Columns in the program's own words: another version may word them otherwise."""


def other_scheme(result: Result, scheme: Scheme) -> str:
    """What is said of a result that another scheme made, or another state of it; empty for one of this scheme."""
    made, here = result.maker, Maker.of(scheme)
    if (made.scheme, made.versions) == (here.scheme, here.versions):
        return ""
    return (
        f"“{result.path}”是考核方案“{made.scheme}”（表样版本：{made.versions}）的结果，"
        f"现用方案是“{here.scheme}”（{here.versions}），不能比较。请在命令后面加 --scheme 和那份方案的文件。"
    )


def differences(result: Result, again: Result, code: str, passed_over: Collection[str] = ()) -> list[str]:
    """What differs between a result and the same computed ``again``; ``code`` is its 校验码 as it should be.

    ``passed_over``: files that are not compared, the result itself where it lies in INPUT.
    """
    moved, told = _files(_listed(result.files, passed_over), _listed(again.files, passed_over))
    told += _lists(result)
    if result.closing and result.closing.code != code:
        told.append(f"“{CLOSING_SHEET}”的校验码是 {result.closing.code}，应为 {code}。")
    alike = result.maker.program == again.maker.program
    told += _Comparison(DETAIL_SHEET, result.details, again.details, alike, moved).told()
    for form, table in again.rankings.items():
        sheet = ranking_sheet(form)
        own = result.rankings.get(form)
        told += _Comparison(sheet, own, table, alike, moved).told() if own else [f"没有工作表“{sheet}”。"]
    return told


def computed_again(write: Callable[[Path], None]) -> Result:
    """What the workbook that ``write`` makes holds; it is made aside, where nobody sees it, and goes away."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / RESULT_FILE
        write(place)
        return read(place)


# ── files ──

Listed = dict[str, list["Line"]]
"""Rows of a list of files by name; two files may be called the same."""


def _listed(table: Table, passed_over: Collection[str]) -> Listed:
    """What is compared: marks that systems and office programs leave in a folder are no files of anybody's."""
    found: Listed = {}
    for line in table:
        if line.text(WHY) != NOISE_REASON and (name := line.text(FILE)) not in passed_over:
            found.setdefault(name, []).append(line)
    return found


def _digests(lines: Iterable[Line]) -> list[str]:
    return sorted(line.text(DIGEST) for line in lines)


def _files(was: Listed, now: Listed) -> tuple[dict[str, str], list[str]]:
    """New names by old ones of the files that were renamed, and all that differs."""
    told = []
    for name in was.keys() & now.keys():
        if (should := _digests(was[name])) != (found := _digests(now[name])):
            line = was[name][0]
            told.append(
                f"{_file(name, line)}的内容变了：现在的 SHA-256 是 {_said(found)}，"
                f"结果“{FILES_SHEET}”单元格 {line.cell(DIGEST)} 记的是 {_said(should)}。"
            )
    gone, new = ({name: each[name] for name in each if name not in other} for each, other in ((was, now), (now, was)))
    moved = _moved(gone, new)
    told += _renamed(moved)
    told += [
        f"缺少{_file(name, lines[0])}，结果“{FILES_SHEET}”单元格 {lines[0].cell(FILE)} 列有它。"
        for name, lines in gone.items()
        if name not in moved
    ]
    found_again = set(moved.values())
    told += [f"多出{_file(name, lines[0])}。" for name, lines in new.items() if name not in found_again]
    return moved, sorted(told)


def _file(name: str, line: Line) -> str:
    units = line.text(UNIT)
    return f"文件“{name}”" + (f"（{units}）" if units else "")


def _said(digests: list[str]) -> str:
    return "、".join(digest or "空" for digest in digests)


def _moved(gone: Listed, new: Listed) -> dict[str, str]:
    """Of what is gone, what stands there under another name: the same to the byte, and the same last name first."""
    left: dict[tuple[str, ...], list[str]] = {}
    for name, lines in new.items():
        left.setdefault(tuple(_digests(lines)), []).append(name)
    found = {}
    for alike in (True, False):
        for name, lines in gone.items():
            here = left.get(tuple(digests), []) if all(digests := _digests(lines)) else []
            wanted = [each for each in here if not alike or _last(each) == _last(name)]
            if name not in found and wanted:
                found[name] = wanted[0]
                here.remove(wanted[0])
    return found


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _renamed(moved: Mapping[str, str]) -> Iterator[str]:
    """One sentence a rename: a folder's or an archive's is one, whatever it holds."""
    renames: dict[tuple[str, str], list[str]] = {}
    for old, new in moved.items():
        renames.setdefault(_differing(old, new), []).append(old)
    for (old, new), files in renames.items():
        if files == [name := files[0]]:
            yield f"文件“{name}”改名为“{moved[name]}”，内容没有变。"
        else:
            yield f"“{old or '.'}”改名为“{new or '.'}”（其中 {len(files)} 个文件），内容没有变。"


def _differing(old: str, new: str) -> tuple[str, str]:
    """Two paths without the end that they share."""
    was, now = old.split("/"), new.split("/")
    while was and now and was[-1] == now[-1]:
        was.pop()
        now.pop()
    return "/".join(was), "/".join(now)


def _lists(result: Result) -> Iterator[str]:
    """A closed result names its files twice."""
    if result.listed is None:
        return
    for name in sorted({name for name, _ in result.files.digests ^ result.listed.digests}):
        yield f"“{FILES_SHEET}”和“{CLOSING_SHEET}”写的文件“{name}”不一致。"


# ── values ──


class _Comparison:
    """One table of a result against the same table computed again."""

    def __init__(self, sheet: str, was: Table, again: Table, alike: bool, moved: Mapping[str, str]) -> None:
        self.sheet, self.was, self.again, self.alike = sheet, was, again, alike
        self.moved = moved
        compared = again.labels if alike else again.labels - SENTENCES
        self.labels = [label for label in _ordered(again) if label in was.labels and label in compared]

    def told(self) -> Iterator[str]:
        """Each difference."""
        if self.alike:
            for label in _ordered(self.again):
                if label not in self.was.labels:
                    yield f"“{self.sheet}”缺少“{label}”一栏。"
        yield from self._rows("缺少", self.again, self.was)
        yield from self._rows("多出", self.was, self.again)
        for key, [should, *_] in self.again.lines.items():
            for line in self.was.lines.get(key, ()):
                yield from self._row(key, line, should)
            if len(doubled := self.was.lines.get(key, ())) > 1:
                cells = "、".join(line.cell(UNIT) for line in doubled)
                yield f"“{self.sheet}”{_about(key)}有 {len(doubled)} 行（{cells}），应为 1 行。"

    def _rows(self, what: str, here: Table, there: Table) -> Iterator[str]:
        """Rows that only one of the two has: one sentence where that is all of a unit's."""
        known = {key[0] for key in there.lines}
        lone: dict[str, list[Key]] = {}
        for key in here.lines:
            if key[0] and key not in there.lines:
                lone.setdefault(key[0], []).append(key)
        for unit, keys in lone.items():
            if unit not in known:
                yield f"“{self.sheet}”{what}{unit}的全部 {len(keys)} 行。"
            else:
                yield from (f"“{self.sheet}”{what}一行：{_about(key)}。" for key in keys)

    def _row(self, key: Key, line: Line, should: Line) -> Iterator[str]:
        for label in self.labels:
            is_, wanted = line.value(label), should.value(label)
            if is_ == wanted or _same(is_, wanted) or (label == ORIGIN and _same(is_, self._as_named(wanted))):
                continue
            yield (
                f"“{line.sheet}”单元格 {line.cell(label)}，{_about(key)}，"
                f"“{label}”是 {_shown(is_)}，应为 {_shown(wanted)}。"
            )

    def _as_named(self, text: Raw) -> Raw:
        """A text that names files, as it was before they were renamed."""
        text = in_full(text)
        for old, new in self.moved.items():
            text = text.replace(new, old)
        return text


def _ordered(table: Table) -> list[str]:
    """The labels of a table from left to right."""
    columns = next(iter(table)).columns if table.lines else dict.fromkeys(sorted(table.labels), 0)
    return sorted(columns, key=lambda label: columns[label])


def _about(key: Key) -> str:
    unit, *code = key
    return unit + "".join(f"，指标 {each}" for each in code)


def _same(one: Raw, other: Raw) -> bool:
    """Whether two cells say the same: numbers to the last of the digits that a spreadsheet keeps."""
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return exact(one) == exact(other)
    return _text(one) == _text(other)


def _text(raw: Raw) -> str:
    return in_full(raw).replace("_x000D_", "").replace("\r", "").strip()


def _shown(raw: Raw) -> str:
    return "空" if is_blank(raw) else _text(raw).replace("\n", "↵")

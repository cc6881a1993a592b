"""What stands in the cells of a fact, as a person sees it, however often its row stands. Nothing is judged."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from assess_xlsx.entries import Raw, Refusal, fold, is_blank
from assess_xlsx.excel.cells import cell_name
from assess_xlsx.excel.marks import Look, Mark, as_seen
from assess_xlsx.layout import CODE, FACT, VALUE
from assess_xlsx.scheme.answer_kinds import Percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.intake.table import Table
    from assess_xlsx.scheme.answer_kinds import Kind, Parsed
    from assess_xlsx.scheme.facts import Fact

NO_MARK = Mark()
DISGUISED = "单元格设了特殊的数字格式，显示的不是这个数"


class Entry(NamedTuple):
    """What stands in a cell in which a fact may be answered."""

    table: Table
    cell: str
    row: int
    column: int
    raw: Raw
    """As it is seen: without what is struck out, a number in a % cell as a percentage."""
    mark: Mark
    disguised: bool = False
    """What is shown is not what stands there."""

    @property
    def blank(self) -> bool:
        """Nothing stands there and nothing is hidden behind it."""
        return is_blank(self.raw) and self.mark is NO_MARK


def entries(table: Table) -> dict[str, list[Entry]]:
    """What stands in the cells of each fact, by its key: first the one that counts, blank ones only where all are."""
    found = {}
    cells, marks = table.sheet.rows, table.sheet.marks
    for fact in table.form.facts:
        here = []
        for row in table.rows.get(fact.key, ()):
            for column in table.columns[VALUE]:
                raw, cell = cells[row][column], cell_name(row, column)
                mark = marks.of(cell, raw)
                if mark:
                    seen = as_seen(raw, mark)
                    disguised = is_disguised(fact.kind, seen, mark)
                    here.append(Entry(table, cell, row, column, seen, mark, disguised))
                else:
                    here.append(Entry(table, cell, row, column, raw, NO_MARK))
        found[fact.key] = here if len(here) == 1 else [entry for entry in here if not entry.blank] or here[:1]
    return found


def text_of_number(raw: Raw) -> str:
    """``文本`` where a text looks like a number: nobody would see what is unusual about it; else nothing."""
    return "文本" if isinstance(raw, str) and re.fullmatch(r"-?[\d,.]+%?", raw, re.ASCII) else ""


def is_disguised(kind: Kind, raw: Raw, mark: Mark) -> bool:
    """A cell shows something else than stands in it, and not the same in other words (``3项`` for 3)."""
    if mark.look is Look.OTHERWISE:
        return True
    if mark.shown is None:
        return False
    if isinstance(kind, Percent) and re.fullmatch(r"[\d.]+", mark.shown):
        return False  # a number from 0 to 1 is a fraction, whatever its cell rounds it to (K18a)
    value, shown = parsed(kind, raw), parsed(kind, mark.shown)
    return value is not None and (shown is None or shown.value != value.value)


def raise_where_nothing_shows(mark: Mark) -> None:
    """Raises Refusal where there is no value for a cell to show."""
    if mark.error:
        raise Refusal("是错误值")
    if mark.uncalculated:
        raise Refusal("是公式，文件里没有保存计算结果")


@lru_cache(maxsize=10_000, typed=True)  # the same answers come back on form after form
def parsed(kind: Kind, raw: Raw) -> Parsed | None:
    """What an entry means; None where it cannot be used."""
    try:
        return kind.parse(raw)
    except Refusal:
        return None


def says_the_same(kind: Kind, one: Entry, other: Entry) -> bool:
    """Two entries mean the same, however they were typed."""
    if one.raw == other.raw and one.mark == other.mark:
        return True
    values = [parsed(kind, each.raw) for each in (one, other) if not each.disguised]
    return len(values) == 2 and None not in values and len({each.value for each in values if each}) == 1  # noqa: PLR2004


def joined(tables: Sequence[Table]) -> list[Table]:
    """The tables of a unit; those that are pages of one, under the same header repeated, as one."""
    found: list[Table] = []
    for table in tables:
        for place, other in enumerate(found):
            alike = other.sheet is table.sheet and other.columns == table.columns
            if alike and other.rows.keys().isdisjoint(table.rows):
                region = other.region._replace(
                    top=min(other.region.top, table.region.top),
                    header=min(other.region.header, table.region.header),
                    bottom=max(other.region.bottom, table.region.bottom),
                )
                rows, showing = {**other.rows, **table.rows}, {**other.showing, **table.showing}
                found[place] = replace(other, region=region, rows=rows, showing=showing)
                break
        else:
            found.append(table)
    return found


def with_edited_rows(table: Table) -> tuple[Table, dict[str, int], list[int]]:
    """The table with the rows whose 编号 or 填报项 was edited and that can only be one fact's; those rows; the rest.

    A row is the fact that both name. Where one of them is gone or names none, the other tells if a single row is
    missing that it could be; on a form of another version 填报项 alone does, for a code may mean another matter now.
    """
    strays = table.strays()
    if not strays:
        return table, {}, []
    missing = [fact for fact in table.form.facts if fact.key not in table.rows]
    meant = {row: fact.key for row in strays if (fact := _meant(table, row, missing))}
    meant = {row: key for row, key in meant.items() if list(meant.values()).count(key) == 1}
    rows = {**table.rows, **{key: [row] for row, key in meant.items()}}
    return (
        replace(table, rows=rows),
        {key: row for row, key in meant.items()},
        [row for row in strays if row not in meant],
    )


def _meant(table: Table, row: int, missing: list[Fact]) -> Fact | None:
    """The one missing fact that a row can be."""
    code, label = fold(table.said(row, CODE)), fold(table.said(row, FACT))
    by_label = [fact for fact in missing if fold(fact.label) == label]
    if len(by_label) == 1:
        return by_label[0]
    if table.outdated:
        return None
    others = {fold(fact.label) for fact in table.form.facts}
    by_code = [fact for fact in missing if fold(fact.code) == code and label not in others]
    return by_code[0] if len(by_code) == 1 else None

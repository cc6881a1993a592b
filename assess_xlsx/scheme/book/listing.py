"""The rows of a scheme's workbook, made from the tree of tables and lists. It writes no cell."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assess_xlsx.entries import fold
from assess_xlsx.scheme.answer_kinds import SEPARATOR, Percent
from assess_xlsx.scheme.book import sheets
from assess_xlsx.scheme.book.cells import FIGURE
from assess_xlsx.scheme.book.lines import lines_of, title
from assess_xlsx.scheme.rules.lines import BELOW, FACT, FROM, MOST, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Cells = dict[str, Any]
"""What a row says, by column label."""


def unit_rows(tree: Mapping[str, Any]) -> Iterator[Cells]:
    for number, unit in enumerate(tree["roster"], 1):
        yield {sheets.NUMBER_COL: number, **row_of(sheets.UNITS, unit)}


def item_rows(tree: Mapping[str, Any]) -> Iterator[Cells]:
    for name, _, table in _tables(tree):
        more = {} if _is_item(table) else _weight(table)
        yield {sheets.FORM_COL: name, **row_of(sheets.ITEMS, table), **_worth(table), **more}


def fact_rows(tree: Mapping[str, Any]) -> Iterator[Cells]:
    for name, _, item in _items(tree):
        for fact in item.get("facts", ()):
            yield {sheets.FORM_COL: name, sheets.CODE_COL: item["code"], **fact_row(fact)}


def fact_row(fact: Mapping[str, Any]) -> Cells:
    condition = {f"only_with.{key}": value for key, value in fact.get("only_with", {}).items()}
    most = {"most": percentage(fact["most"])} if fact["kind"] == Percent.name and "most" in fact else {}
    return row_of(sheets.FACTS, {**fact, **most, **condition})


def rule_rows(tree: Mapping[str, Any]) -> Iterator[Cells]:
    for name, form, item in _items(tree):
        for row in line_rows(item["rule"], _kinds(form, item)):
            yield {sheets.FORM_COL: name, sheets.CODE_COL: item["code"], **row}


def line_rows(rule: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[Cells]:
    """The lines of a rule and of its parts; ``kinds`` are those of the facts that it may name."""
    yield from _line_rows(rule, kinds)
    for number, part in enumerate(rule.get("parts", ()), 1):
        for row in _line_rows(part, kinds, part=True):
            yield {sheets.PART_COL: str(number), **row}


def _line_rows(rule: Mapping[str, Any], kinds: Mapping[str, str], *, part: bool = False) -> Iterator[Cells]:
    for line, cells in lines_of(rule, part=part):
        own = FACT in cells  # else it is about what the rule measures
        fact, whole = (cells.get(FACT), cells.get(WHOLE)) if own else (rule.get("fact"), rule.get("whole"))
        judged = bool(whole) or kinds.get(str(fact)) == Percent.name
        percent = judged if line.percent is None else line.percent
        row: Cells = {sheets.RULE_COL: title(rule), sheets.LINE_COL: line.name}
        for column, value in cells.items():
            content = sheets.RULES_TABLE.column(column).content
            row[column] = content.write(value)
            if percent and column in (FROM, BELOW, MOST):
                row[column] = percentage(value)
        yield row


def percentage(value: Any) -> str:  # noqa: ANN401 - a number of the tree, or a text with its sign
    return value if isinstance(value, str) else f"{value:f}%" if isinstance(value, Decimal) else f"{value}%"


def _kinds(form: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, str]:
    """Kinds by what an item's rule calls its facts."""
    items = [item for section in form["sections"] for item in section["items"]]
    kinds = {f"{item['code']} {fact['label']}": fact["kind"] for item in items for fact in item.get("facts", ())}
    return kinds | {fact["label"]: fact["kind"] for fact in own.get("facts", ())}


_Listed = tuple[str, "Mapping[str, Any]", "Mapping[str, Any]"]
"""评分表 as a row says it, the form, or the first of several, and a section or an item of it."""


def _is_item(table: Mapping[str, Any]) -> bool:
    return "code" in table


def _items(tree: Mapping[str, Any]) -> Iterator[_Listed]:
    return (each for each in _tables(tree) if _is_item(each[2]))


def _tables(tree: Mapping[str, Any]) -> Iterator[_Listed]:
    """Every section and item of the forms, those that are ranked together side by side."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for form in tree["forms"]:
        groups.setdefault(fold(form.get("group", "")) or form["name"], []).append(form)
    for forms in groups.values():
        yield from _together(forms)


def _together(forms: Sequence[Mapping[str, Any]]) -> Iterator[_Listed]:
    """Those of some forms, an item that they share once: behind all that stand before it in any of them."""
    left = [
        [table for section in reversed(form["sections"]) for table in (*reversed(section["items"]), section)]
        for form in forms
    ]
    having = Counter(table["code"] for tables in left for table in tables if "shared" in table)
    while any(left):
        for form, tables in zip(forms, left, strict=True):
            while tables and "shared" not in tables[-1]:
                yield form["name"], form, tables.pop()
        for code in dict.fromkeys(tables[-1]["code"] for tables in left if tables):
            sharing = [place for place, tables in enumerate(left) if tables and tables[-1]["code"] == code]
            if len(sharing) == having[code]:
                last = [left[place].pop() for place in sharing]
                names = SEPARATOR.join(forms[place]["name"] for place in sharing)
                yield names, forms[sharing[0]], last[0]
                break


def veto_rows(tree: Mapping[str, Any]) -> Iterator[Cells]:
    for veto in tree["vetoes"]:
        about = row_of(sheets.VETOES, veto)
        for effect in veto.get("effects", [{}]):
            told = {sheets.EFFECT_COL: effect.get("kind"), sheets.EFFECT_VALUE_COL: effect.get("value")}
            yield about | {label: str(value) for label, value in told.items() if value is not None}
            about = {"情形编号": veto["code"]}


def row_of(table: sheets.Table, data: Mapping[str, Any]) -> Cells:
    cells = {column.label: column.content.write(data[column.key]) for column in table.columns if column.key in data}
    return cells | ({sheets.OPEN_COL: data["open"]} if "open" in data else {})


def _worth(data: Mapping[str, Any]) -> Cells:
    key = next((key for key in sheets.WORTHS.values.values() if key in data), None)
    if key is None:  # in a draft, where the notice does not say it
        return {}
    return {sheets.WORTH_COL: sheets.WORTHS.write(key), sheets.AMOUNT_COL: FIGURE.write(data[str(key)])}


def _weight(section: Mapping[str, Any]) -> Cells:
    return {sheets.WEIGHT_COL: percentage(section["weight"])} if "weight" in section else {}

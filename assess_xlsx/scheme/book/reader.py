"""Reads a scheme's workbook into the tree that a scheme is built from. Whether it holds is not judged here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx.entries import fold
from assess_xlsx.scheme.book import sheets
from assess_xlsx.scheme.book.cells import MANY
from assess_xlsx.scheme.book.lines import table_of
from assess_xlsx.scheme.book.rows import REMEDY, Pages
from assess_xlsx.scheme.build_items import WORTHS
from assess_xlsx.scheme.tree import UNUSABLE, Cell, Located

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assess_xlsx.excel.read import Workbook
    from assess_xlsx.scheme.book.rows import Row
    from assess_xlsx.scheme.tree import Fault

CONTENT_COL, METHOD_COL = "考核内容", "考核方式"


def read(book: Workbook, file: str) -> Located:
    """The tree; its ``faults`` say what of the workbook cannot be read."""
    return _Reader(Pages(book, file)).tree()


class _Reader:
    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.forms: dict[str, Located] = {}
        """By folded name."""
        self.groups: dict[str, list[str]] = {}
        """Names of forms by that of their 排名组, all folded."""
        self.items: dict[tuple[str, str], Located] = {}
        """By form and code."""
        self.sharing: dict[tuple[str, str], tuple[str, ...]] = {}
        """By form and code of an item that several forms share, the names of these."""
        self.sections: dict[str, Located] = {}
        """The section that the rows read last belong to, by form."""
        self.contents: dict[str, tuple[str, object]] = {}
        """By form, the last 考核内容: the first two numbers of its codes, and its words."""
        self.strangers: dict[tuple[str, str, str], list[Row]] = {}
        """Rows of a form or an item that there is none of, by sheet, column and what they name."""

    def tree(self) -> Located:
        root = Located(Cell(sheets.HEAD_SHEET), sheets.HEAD.words(), REMEDY)
        for label, row in self.pages.pairs(sheets.HEAD, sheets.HEAD_LABELS, sheets.HEAD_PARTS):
            row.put(label, root, sheets.HEAD.column(label).key)
        root["forms"] = [self.form(row) for row in self.pages.rows(sheets.FORMS, sheets.HEAD_PARTS)]
        grades = self.pages.rows(sheets.GRADES, sheets.HEAD_PARTS)
        if grades:
            root["grades"] = [self.of_form(row.located("等次")) for row in grades]
        adjustments = self.pages.rows(sheets.ADJUSTMENTS, sheets.HEAD_PARTS)
        if adjustments:
            root["adjustments"] = [self.of_form(row.located("名称")) for row in adjustments]
        readings = self.pages.rows(sheets.READINGS, sheets.HEAD_PARTS)
        root["readings"] = [row.located("口径编号") for row in readings]
        root["roster"] = [self.unit(row) for row in self.pages.rows(sheets.UNITS)]
        root["vetoes"] = self.vetoes(self.pages.rows(sheets.VETOES))
        self.read_items()
        for items, row in self.by_item(self.pages.rows(sheets.FACTS)):
            for item in items:
                self.add_fact(item, row)
        self.read_rules()
        if self.pages.has(sheets.REST_SHEET):
            self.pages.rows(sheets.REST)  # for what is to be confirmed there
        self.tell_strangers()
        self.pages.must_be_whole()
        for key, table in (("forms", sheets.FORMS), ("roster", sheets.UNITS)):
            root.cells[key] = Cell(table.sheet)
        root.faults, root.open = self.pages.faults.found, self.pages.open
        return root

    @staticmethod
    def vetoes(rows: Iterable[Row]) -> list[Located]:
        """The circumstances; a further row of one, which says nothing else anew, is a further effect of it."""
        found: list[Located] = []
        first: dict[str, Located] = {}
        labels = {"kind": sheets.EFFECT_COL, "value": sheets.EFFECT_VALUE_COL}
        for row in rows:
            table, effect = row.located("情形编号"), Located(row.cell(sheets.EFFECT_COL), labels, REMEDY)
            for key, label in labels.items():
                row.put(label, effect, key)
            code = fold(str(table.get("code", "")))
            above = first.setdefault(code, table)
            if above is table:
                if effect:
                    table["effects"] = [effect]
            elif all(table[key] == above.get(key) for key in table) and (effect or "effects" in above):
                # where nothing stands, 取消评优 is meant, above too
                above.setdefault("effects", [Located(above.here, labels, REMEDY)]).append(effect)
                continue
            found.append(table)
        return found

    def form(self, row: Row) -> Located:
        form = row.located("评分表名称")
        form["sections"] = []
        form.cells["sections"] = form.here
        name = fold(str(form.get("name", "")))
        self.forms.setdefault(name, form)
        if isinstance(group := form.get("group"), str):
            self.groups.setdefault(fold(group), []).append(name)
        return form

    def unit(self, row: Row) -> Located:
        return self.of_form(row.located("考核单位"))

    def of_form(self, table: Located) -> Located:
        """The same with its form, or its 排名组, called as that calls itself."""
        said = fold(str(table.get("form", "")))
        if form := self.forms.get(said):
            table["form"] = form["name"]
        elif forms := self.groups.get(said):
            table["form"] = self.forms[forms[0]]["group"]
        return table

    def by_form(self, rows: list[Row]) -> Iterator[tuple[tuple[str, ...], Row]]:
        """The rows whose forms there are: their folded names, and the row; a blank 评分表 goes on from above."""
        names: tuple[str, ...] | None = ()
        for row in rows:
            if row.has(sheets.FORM_COL):
                said = row.value(sheets.FORM_COL)
                names = None if said is UNUSABLE else self.named(str(said), row)
            if names is None:
                continue  # which is told
            if not names:
                row.tell("缺少“评分表”", sheets.FORM_COL)
            for name in names:
                if name not in self.forms:
                    self.strangers.setdefault((row.sheet.name, sheets.FORM_COL, f"评分表“{name}”"), []).append(row)
            if known := tuple(name for name in names if name in self.forms):
                yield known, row

    def named(self, said: str, row: Row) -> tuple[str, ...] | None:
        """The folded names of the forms that a cell means; None where that cannot be told."""
        if fold(said) in self.forms:
            return (fold(said),)
        if fold(said) != sheets.SHARED:
            return tuple(dict.fromkeys(map(fold, MANY.read(said))))
        if len(self.groups) == 1:
            return tuple(next(iter(self.groups.values())))
        if self.groups:
            row.tell(
                f"有 {len(self.groups)} 个排名组，看不出“{said}”是哪一个的",
                sheets.FORM_COL,
                "请写出评分表的名称，之间用“；”隔开",
            )
        else:
            row.tell(
                f"没有排名组，看不出“{said}”是哪几张评分表的",
                sheets.FORM_COL,
                "请在“方案”的评分表一段写排名组，或者写出评分表的名称，之间用“；”隔开",
            )
        return None

    def by_item(self, rows: list[Row]) -> Iterator[tuple[list[tuple[str, str]], Row]]:
        """The rows whose items there are, by form and code; a blank 指标编号 goes on from above.

        A row about an item of several forms is about it in each of them.
        """
        forms: tuple[str, ...] = ()
        code = ""
        for names, row in self.by_form(rows):
            if row.has(sheets.CODE_COL):
                code = str(row.value(sheets.CODE_COL))
            elif names != forms:
                code = ""
            forms = names
            if not code:
                row.tell("缺少“指标编号”", sheets.CODE_COL)
                continue
            found: dict[tuple[str, str], None] = {}
            for name in names:
                if (name, code) in self.items:
                    found |= dict.fromkeys((each, code) for each in self.sharing.get((name, code), (name,)))
                elif row.value(sheets.CODE_COL) is not UNUSABLE:
                    named = f"评分表“{name}”的指标“{code}”"
                    self.strangers.setdefault((row.sheet.name, sheets.CODE_COL, named), []).append(row)
            if found:
                yield list(found), row

    def tell_strangers(self) -> None:
        for (_, column, name), rows in self.strangers.items():
            home = "“指标”" if column == sheets.CODE_COL else "“方案”的评分表"
            more = f"（共 {len(rows)} 行）" if len(rows) > 1 else ""
            rows[0].tell(f"没有{name}{more}", column, f"请改正，或先在工作表{home}中增加它")

    # ── 指标 ──

    def read_items(self) -> None:
        for names, row in self.by_form(self.pages.rows(sheets.ITEMS)):
            for name in names:
                if row.has(sheets.CODE_COL):
                    self.read_item(name, names, row)
                else:
                    self.sections[name] = self.section(row)
                    self.forms[name]["sections"].append(self.sections[name])

    def read_item(self, name: str, names: tuple[str, ...], row: Row) -> None:
        """An item as one of the forms has it that its row names."""
        if name not in self.sections:
            if not self.strangers:  # else the row above names a form that there is none of, which is told
                row.tell("这个指标前面没有考核项目", sheets.CODE_COL, "请在它上面加一行考核项目，写明标题和分值")
            self.sections[name] = Located(row.cell(sheets.SECTION_COL), {}, REMEDY)
            self.sections[name]["items"] = []  # stands in no form
        item = self.item(row, self.sections[name])
        self.sections[name]["items"].append(item)
        if item["code"] is UNUSABLE:
            return
        code = str(item["code"])
        if len(names) > 1:
            item["shared"] = True
            self.sharing.setdefault((name, code), names)
        above, same = self.contents.get(name), code.rpartition(".")[0]
        if "content" in item and above == (same, item["content"]):
            del item["content"]  # the same words once more are no new 考核内容
        elif "content" in item:
            self.contents[name] = same, item["content"]
        self.items.setdefault((name, code), item)

    def worth(self, row: Row, table: Located) -> None:
        kind = row.value(sheets.WORTH_COL) or "points"
        for key in WORTHS:
            table.cells[key], table.words = row.cell(sheets.AMOUNT_COL), {**table.words, key: sheets.AMOUNT_COL}
        if kind is UNUSABLE:
            table["points"] = UNUSABLE
        elif row.has(sheets.AMOUNT_COL):
            table[str(kind)] = row.value(sheets.AMOUNT_COL)

    def section(self, row: Row) -> Located:
        section = row.located(sheets.SECTION_COL)
        for key, label in (("method", METHOD_COL), ("content", CONTENT_COL), ("text", "目标要求及评分标准")):
            if section.pop(key, None) is not None:
                row.tell(f"没有指标编号的一行是考核项目，不写“{label}”", label, "是指标的，请写指标编号；否则请清空")
        if section.pop("points_text", None) is not None:
            row.tell("“分值栏文字”只用于指标", "分值栏文字", "请清空")
        if section.pop("not_applicable", None) is not None:
            label = sheets.NOT_APPLICABLE_COL
            row.tell(f"“{label}”只用于指标", label, "请清空；整个考核项目可以不适用的，写在它的每个指标上")
        self.worth(row, section)
        section["items"] = []
        section.cells["items"] = section.here
        return section

    def item(self, row: Row, section: Located) -> Located:
        item = row.located(sheets.CODE_COL)
        if item.pop("title", section.get("title")) != section.get("title"):
            row.tell(
                "有指标编号的一行是指标，属于上面的考核项目",
                sheets.SECTION_COL,
                "请清空这一格；是新的考核项目的，单独写一行，不写指标编号",
            )
        self.worth(row, item)
        item.cells["facts"] = item.cells["rule"] = item.here
        return item

    # ── 填报项, 计分规则 ──

    def add_fact(self, item: tuple[str, str], row: Row) -> None:
        fact = row.located("填报项")
        labels = {sheets.WITH_FACT: "fact", sheets.WITH_OPTION: "is", sheets.WITH_ABOVE: "above"}
        if any(row.has(label) for label in labels):
            condition = Located(row.cell(sheets.WITH_FACT), {key: label for label, key in labels.items()}, REMEDY)
            for label, key in labels.items():
                row.put(label, condition, key)
            fact["only_with"] = condition
        self.items[item].setdefault("facts", []).append(fact)

    def read_rules(self) -> None:
        lines: dict[tuple[str, str], list[Row]] = {}
        for items, row in self.by_item(self.pages.rows(sheets.RULES_TABLE)):
            for item in items:
                lines.setdefault(item, []).append(row)
        for item, rows in lines.items():
            self.items[item]["rule"] = table_of(rows)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """As people go through a workbook: sheet by sheet, from top to bottom."""

    def place(fault: Fault) -> tuple[int, int, str]:
        sheet, name = fault.cell or Cell("")
        row = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return sheets.SHEETS.index(sheet) if sheet in sheets.SHEETS else len(sheets.SHEETS), int(row or 0), name

    return sorted(faults, key=place)


def is_scheme(book: Workbook) -> bool:
    """A workbook that means to be a scheme: it has most of the sheets."""
    names = {fold(sheet.name) for sheet in book.sheets}
    return (
        len(
            names & {sheets.HEAD_SHEET, sheets.UNITS.sheet, sheets.ITEMS.sheet, sheets.FACTS.sheet, sheets.RULE_SHEET}
        )
        > 1
    )

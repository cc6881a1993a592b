"""The rows of a form's table as sections, contents and lines, each with its points; and what has no place there."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from assess_xlsx.draft import text as words
from assess_xlsx.draft.notice import Line
from assess_xlsx.draft.tables import Role
from assess_xlsx.draft.text import plain, unnumbered
from assess_xlsx.scheme.book.cells import whole

if TYPE_CHECKING:
    from assess_xlsx.draft.notice import Box
    from assess_xlsx.draft.tables import FormTable

Number = int | Decimal
_SUM = re.compile(r"(?:本项|分项)?(?:小计|合计|总计|总分|共计|累计)(?:得?分)?(?:（.*）)?")
_VETO = re.compile(r"一票否决|否决(?:项|指标|事项|情形)")
_TITLE_POINTS = re.compile(r"[（(]\s*(?:满分|计|共)?\s*(\d+(?:\.\d+)?)\s*分")
_LAST_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*分[）)]?\s*$")
_WEIGHT = re.compile(r"(?:权重|占比?)\s*(?:为|：|:)?\s*(\d+(?:\.\d+)?)\s*[%％]")
_ADDS, _DEDUCTS = re.compile(r"加分|加[、/和]?[减扣]分|奖分|附加分|奖励"), re.compile(r"扣分|减分|负面|惩戒")
_TITLE = re.compile(r"^(?:[（(]?[一二三四五六七八九十]+[）)、.．]|第[一二三四五六七八九十]+(?:部分|类|项))")
_NOTE = re.compile(r"^(?:注|备注|说明|附注)[：:]?")
_POINTS = re.compile(r"(?:最[高多])?([+加扣减—]?)(\d+(?:\.\d+)?)分?")
_BRACKETED = re.compile(r"[（(](\d+(?:\.\d+)?)分[）)]")


class Row(Struct):
    """A line of the form: what will be an item."""

    place: str
    content: str
    new_content: bool
    method: str
    new_method: bool
    before: str
    """What stands in columns between content and criteria: requirements."""
    text: str
    worth: str
    """``points``, ``adds`` or ``deducts``."""
    points: Number | None
    """As the notice tells it; None where it does not."""
    points_text: str
    """分值 as it stands there."""
    doubts: list[str] = field(default_factory=list)


class Section(Struct):
    """考核项目."""

    title: str
    worth: str
    points: Number | None
    weight: Number | None
    rows: list[Row] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


class Outline(Struct):
    """All that a form's table says."""

    sections: list[Section] = field(default_factory=list)
    vetoes: list[Line] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)
    """What has no place in a scheme: other columns, notes."""
    total: Number | None = None
    """What the table itself says under 总分 or 合计."""


def outline(table: FormTable) -> Outline:
    return _Walk(table).walk()


def worth_of(title: str) -> str:
    looked = plain(title)
    if _ADDS.search(looked) and _DEDUCTS.search(looked):
        return "points"
    return "adds" if _ADDS.search(looked) else "deducts" if _DEDUCTS.search(looked) else "points"


def _worth_of_columns(text: str, points: str) -> str:
    """What a table gives where its columns say so: 加分标准, 最高加分; 扣分标准 says only how points are lost."""
    if re.match("加分|奖分", plain(text)) or re.search("加分|奖分", plain(points)):
        return "adds"
    return "deducts" if re.search("最[高多]扣分", plain(points)) else "points"


class _Walk:
    def __init__(self, table: FormTable) -> None:
        self.table = table
        self.found = Outline()
        self.heads = {plain(heading) for heading in table.headings if heading}
        outlined = table.columns(Role.OUTLINE)
        text = table.columns(Role.TEXT)[0]
        self.text = text
        points = table.columns(Role.POINTS)
        self.worth = _worth_of_columns(table.headings[text], table.headings[points[-1]] if points else "")
        if not points and any(re.search("扣分(?:项|事项|清单)|负面清单", line.text) for line in table.above[-3:]):
            self.worth = "deducts"
        self.outline = [place for place in outlined if place < text] or outlined
        self.later = [place for place in outlined if place not in self.outline]
        self.points = points[-1] if points else None
        self.section_points = points[0] if len(points) > 1 else None
        self.method = next(iter(table.columns(Role.METHOD)), None)
        self.number = next(iter(table.columns(Role.NUMBER)), None)
        self.titled = any(self.is_title(row) or self.is_headed(row) for row in table.rows)
        """Sections stand on rows of their own."""
        self.section_col = None if self.titled or not self.outline else self.outline[0]
        if self.points is not None and self.section_points is None and self.goes_with_section(self.points):
            self.points, self.section_points = None, self.points
        inner = self.outline if self.titled else self.outline[1:]
        self.content_col = inner[0] if inner else None
        self.before = [*inner[1:], *self.later]
        self.content = self.content_told = ""
        self.method_told = ""
        self.section_told = ""
        self.veto = False
        self.last_points: Box | None = None
        self.others: dict[int, list[str]] = {}

    def goes_with_section(self, points: int) -> bool:
        """The points stand once a section, merged just as its title is."""
        if self.section_col is None:
            return False
        rows = [(self.cells(row), self.cells(row - 1)) for row in self.table.rows]
        merged = [
            (here[self.section_col] is above[self.section_col], here[points] is above[points]) for here, above in rows
        ]
        return any(title for title, _ in merged) and all(title == each for title, each in merged)

    def cells(self, row: int) -> list[Box]:
        return self.table.grid.rows[row]

    def said(self, row: int) -> list[Box]:
        return list(dict.fromkeys(box for box in self.cells(row) if box.text))

    def is_title(self, row: int) -> bool:
        """A row that holds a section's title alone."""
        said = self.said(row)
        cells = self.cells(row)
        if len(said) != 1 or _SUM.fullmatch(plain(said[0].text)) or _NOTE.match(said[0].text):
            return False
        over = sum(box is said[0] for box in cells)
        text = plain(said[0].text)
        titled = bool(
            _TITLE.match(text) or _TITLE_POINTS.search(text) or _VETO.search(text) or worth_of(text) != "points"
        )
        above = self.cells(row - 1)
        goes_on = any(box is said[0] for box in above)
        return titled and "。" not in text and not goes_on and len(text) < 60 and (over > 1 or cells[0] is said[0])  # noqa: PLR2004

    def is_headed(self, row: int) -> bool:
        """A row that holds a section's number, its title and its points, and no criteria: 一 | 组织建设 | | 35."""
        if self.number is None:
            return False
        cells = self.cells(row)
        bare = [
            box for box in self.said(row) if box is not cells[self.number] and not _POINTS.fullmatch(plain(box.text))
        ]
        counted = re.fullmatch("[（(]?[一二三四五六七八九十]+[）)]?[、.．]?", plain(cells[self.number].text))
        return counted is not None and len(bare) == 1 and not cells[self.text].text

    def walk(self) -> Outline:
        for row in self.table.rows:
            self.row(row)
        for place, told in self.others.items():
            heading = self.table.headings[place] or f"第 {place + 1} 栏"
            self.found.rest.append(Line("；".join(told), f"{self.table.grid.name}“{plain(heading)}”栏"))
        self.found.sections = [part for section in self.found.sections for part in _by_worth(section)]
        return self.found

    def row(self, row: int) -> None:
        said, cells = self.said(row), self.cells(row)
        place = self.table.grid.place(row)
        if not said or {plain(box.text) for box in said} <= self.heads:
            return
        if any(_SUM.fullmatch(plain(box.text)) for box in said[:3]):
            self.sum(row, said)
            return
        if self.titled and self.is_title(row):
            self.section(said[0].text, None)
            return
        if self.titled and self.is_headed(row):
            number = plain(said[0].text).strip("（）()、.．")
            self.section(f"{number}、{said[1].text}", _amount(said[-1].text)[0])
            return
        text = cells[self.text].text
        if len(said) == 1 and (not text or sum(box is said[0] for box in cells) > 1 or cells[0] is said[0]):
            box = said[0]
            if self.section_col is not None and box is cells[self.section_col] and box in self.cells(row - 1):
                return
            self.found.rest.append(Line(box.text, place))
            return
        self.line(row, place)

    def line(self, row: int, place: str) -> None:
        cells = self.cells(row)
        if self.section_col is not None:
            box = cells[self.section_col]
            goes_on = box is self.cells(row - 1)[self.section_col]
            if box.text and not goes_on and plain(box.text) != plain(self.section_told):
                told = cells[self.section_points].text if self.section_points is not None else ""
                self.section(box.text, _amount(told)[0] if told else None)
        elif not self.titled and not self.found.sections:
            self.section("考核内容", None)
            self.found.sections[0].doubts.append("通知的表没有考核项目一栏，暂合成一个")
        text = cells[self.text].text
        if self.veto or (self.content_col is not None and _VETO.fullmatch(plain(cells[self.content_col].text))):
            others = [box.text for box in self.said(row) if not _VETO.fullmatch(plain(box.text))]
            self.found.vetoes.append(Line(text or "　".join(others), place))
            return
        new_content, new_method = self.headings(row)
        before = "\n".join(
            box.text for box in dict.fromkeys(cells[each] for each in self.before) if box.text and box.text != text
        )
        self.keep_others(row)
        if not text:
            text, before = before, ""
        if not text:
            text = self.content
        for number, each in enumerate(self.lines(row, text, before, place)):
            each.new_content, each.new_method = new_content and not number, new_method and not number
            self.add(each)

    def add(self, row: Row) -> None:
        if (
            row.worth == "points"
            and row.points is None
            and re.fullmatch(r"(?:加分|扣分|减分)项?：?", plain(row.content))
        ):
            row.worth = worth_of(row.content)
        if not self.found.sections:
            self.section("考核内容", None)
        self.found.sections[-1].rows.append(row)

    def headings(self, row: int) -> tuple[bool, bool]:
        """考核内容 and 考核方式 of a row, and whether each begins there."""
        cells, above = self.cells(row), self.cells(row - 1)
        new_content = new_method = False
        if self.content_col is not None:
            box = cells[self.content_col]
            if box.text and not (box is above[self.content_col] and self.content_told):
                new_content = plain(box.text) != plain(self.content) or not self.content_told
                self.content = self.content_told = box.text
            elif not self.content_told:
                new_content, self.content = True, self.content
        elif not self.content_told:
            section = self.found.sections[-1].title
            self.content = self.content_told = re.sub(r"[（(][^（）()]*[）)]\s*$", "", section).strip() or section
            new_content = True
        if not self.content:
            section = self.found.sections[-1].title
            self.content = self.content_told = re.sub(r"[（(][^（）()]*[）)]\s*$", "", section).strip() or section
            new_content = True
        if self.method is not None:
            box = cells[self.method]
            if box.text and box is not above[self.method]:
                new_method = True
                self.method_told = box.text
        return new_content, new_method

    def section(self, title: str, points: Number | None) -> None:
        """A new section; its title may say its points and its weight."""
        self.section_told = title
        self.content = self.content_told = self.method_told = ""
        looked = plain(title)
        self.veto = bool(_VETO.search(looked))
        if self.veto:
            return
        titles = [section.title for section in self.found.sections]
        if title in titles:
            self.found.sections.append(self.found.sections.pop(titles.index(title)))
            return
        found = _TITLE_POINTS.search(title) or _LAST_POINTS.search(title)
        told = points if points is not None else whole(Decimal(found[1])) if found else None
        weight = _WEIGHT.search(title)
        kind = worth_of(title)
        worth = self.worth if kind == "points" else kind
        self.found.sections.append(Section(title, worth, told, whole(Decimal(weight[1])) if weight else None))

    def sum(self, row: int, said: list[Box]) -> None:
        """小计 closes a section, 总分 the form; both are compared with what the lines come to."""
        cells = self.cells(row)
        told = cells[self.points].text if self.points is not None else ""
        amount = _amount(told)[0]
        if amount is None:
            numbers = [found for box in said if (found := _amount(box.text)[0]) is not None]
            amount = numbers[0] if numbers else None
        if amount is None:
            return
        small = any(re.search("小计", box.text) for box in said) and not self.over_several(amount)
        if small and self.found.sections:
            section = self.found.sections[-1]
            if section.points is None:
                section.points = amount
            elif section.points != amount:
                section.doubts.append(f"标题写的是 {section.points} 分，小计写的是 {amount} 分")
        elif not small:
            self.found.total = amount

    def over_several(self, amount: Number) -> bool:
        """A 小计 that closes several sections, rather than the last alone."""
        rows = [[row.points for row in section.rows] for section in self.found.sections]
        if len(rows) < 2 or any(None in each for each in rows):  # noqa: PLR2004
            return False
        sums = [sum(Decimal(each) for each in points if each is not None) for points in rows]
        return sums[-1] != amount and any(sum(sums[start:]) == amount for start in range(len(sums) - 1))

    def keep_others(self, row: int) -> None:
        cells, above = self.cells(row), self.cells(row - 1)
        number = cells[self.table.columns(Role.NUMBER)[0]].text if self.table.columns(Role.NUMBER) else ""
        for place in (*self.table.columns(Role.OTHER), *self.table.columns(Role.MARK)):
            box = cells[place]
            if box.text and box is not above[place]:
                told = f"{number} {box.text}".strip() if number else f"第 {self.table.grid.first + row} 行 {box.text}"
                self.others.setdefault(place, []).append(told)

    def lines(self, row: int, text: str, before: str, place: str) -> list[Row]:
        """The lines of a row: more than one where its cell holds several with points of their own."""
        box = self.cells(row)[self.points] if self.points is not None else None
        told = box.text if box else ""
        section = self.found.sections[-1] if self.found.sections else None
        worth = section.worth if section else "points"

        def made(text: str, told: str) -> Row:
            amount, kind, doubt = _amounted(told, worth)
            return Row(
                place, self.content, False, self.method_told, False, before, text, kind, amount, told.strip(), doubt
            )

        if box and box.text and box is self.last_points and section and section.rows:
            last = section.rows[-1]
            last.text += f"\n{text}"
            last.doubts.append("几行合用一个分值，暂合成一个指标；要分开的请拆成几行，各写分值")
            return []
        self.last_points = box
        lines, amounts = words.numbered_lines(text), [each for each in told.split("\n") if each.strip()]
        if len(lines) > 1 and len(lines) == len(amounts):
            return [made(*pair) for pair in zip(lines, amounts, strict=True)]
        total = _amount(told)[0] or (section.points if section else None)
        if len(amounts) < 2 and (own := _own_points(lines, total)):  # noqa: PLR2004
            return [made(line, f"{points}分") for line, points in zip(lines, own, strict=True)]
        if len(amounts) > 1:
            one = made(text, amounts[0])
            one.doubts.append(f"一格里有 {len(amounts)} 个分值（{'、'.join(amounts)}），文字却分不成这么多行")
            return [one]
        return [made(text, told)]


def _by_worth(section: Section) -> list[Section]:
    """加减分: what adds and what takes off are sections of their own, where nothing else stands among them."""
    kinds = dict.fromkeys(row.worth for row in section.rows)
    if section.worth != "points" or "points" in kinds or not kinds:
        return [section]
    if len(kinds) == 1:
        return [replace(section, worth=next(iter(kinds)))]
    doubt = "通知里加分、扣分写在一起，拆成了两个考核项目，请核对"
    return [
        replace(
            section,
            title=f"{section.title}（{'加分' if kind == 'adds' else '扣分'}）",
            worth=kind,
            points=None,
            rows=[row for row in section.rows if row.worth == kind],
            doubts=[*section.doubts, doubt],
        )
        for kind in kinds
    ]


def _own_points(lines: list[str], total: Number | None) -> list[Number]:
    """What each line of a cell says in brackets that it is worth, where that comes to the cell's points."""
    told = [_BRACKETED.findall(plain(line)) for line in lines]
    if len(lines) < 2 or any(len(each) != 1 for each in told):  # noqa: PLR2004
        return []
    points = [whole(Decimal(each[0])) for each in told]
    return points if sum(map(Decimal, points)) == total else []


def _amount(told: str) -> tuple[Number | None, str]:
    """A number of points and its sign."""
    found = _POINTS.fullmatch(plain(told))
    return (whole(Decimal(found[2])), found[1]) if found else (None, "")


def _amounted(told: str, worth: str) -> tuple[Number | None, str, list[str]]:
    """The points of a 分值 cell, what they are, and what is doubtful about them."""
    looked = plain(told)
    amount, sign = _amount(told)
    if amount is not None:
        kind = worth if not sign else "adds" if sign in "+加" else "deducts"
        return (amount or None), kind, []
    if not looked:
        return None, worth, []
    kind = "adds" if _ADDS.search(looked) else "deducts" if _DEDUCTS.search(looked) else worth
    numbers = re.findall(r"\d+(?:\.\d+)?", looked)
    if not numbers:
        return None, kind, [] if kind != worth or kind != "points" else [f"分值写的是“{told}”，不是数"]
    most = whole(Decimal(max(numbers, key=Decimal)))
    return most, kind, [f"分值写的是“{told}”，暂按 {most} 分"]


__all__ = ["Outline", "Row", "Section", "outline", "unnumbered", "worth_of"]

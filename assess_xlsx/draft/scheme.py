"""From a notice to the tree of a scheme: what tables and sentences say, and a reason wherever a person must look."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from assess_xlsx.draft import about as abouts
from assess_xlsx.draft import grading, tables, units, vetoes
from assess_xlsx.draft.head import Head, kinds
from assess_xlsx.draft.notice import Grid, Line, Notice, Refused
from assess_xlsx.draft.outline import outline
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.proposal import propose
from assess_xlsx.draft.recipes import UNCOVERED, Asked
from assess_xlsx.draft.roster import Roster
from assess_xlsx.draft.statements import read
from assess_xlsx.draft.tables import Named, Role
from assess_xlsx.draft.text import plain, unnumbered
from assess_xlsx.scheme import file as schemes
from assess_xlsx.scheme.answer_kinds import UNLIMITED
from assess_xlsx.scheme.book.cells import whole

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.outline import Outline, Row, Section
    from assess_xlsx.draft.tables import FormTable, Found

UNKNOWN = "待填写"
"""Stands where a scheme needs words that the notice does not say."""
NO_METHOD = "—"
OWN_READINGS = re.compile(r"K(?:1[0-9]|2[0-8]|18a)")
"""The 口径 of the built-in scheme that tell of the program itself."""
_OF_ITS_OWN = re.compile(r"县直|乡镇|\d\.\d\.\d|V\.\d")
"""What of them speaks of the built-in scheme's forms."""
MOST = 100
"""As many points as an item has that may bring more without end."""
_MONTHS = (
    (1, "月度|月考[核评]|考[核评]月份|(?:按|每)个?月[^，。；]{0,4}考[核评]"),
    (3, "季度(?:考[核评]|评[分价])|(?:按|每)个?季度?[^，。；]{0,4}考[核评]"),
    (6, "半年度?考[核评]|每半年[^，。；]{0,4}考[核评]|学期末|(?:按|每)学期[^，。；]{0,4}考[核评]"),
)
"""How long an assessment looks back, in months, where a notice says so."""
_TITLED = ((3, "季度"), (1, "月度"), (1, "月考"), (6, "半年"), (6, "学期"))
"""The same in a title."""
_YEAR = "年度|全年|年终|年底"


class Draft(Struct, frozen=True):
    """A scheme's tree with its open points, and what there is of each."""

    tree: Table
    items: int
    marked: int
    """Items that a person has to confirm."""
    others: int
    """Other rows and cells to be confirmed."""


def draft(notice: Notice) -> Draft:
    """The draft; Refused where no table says what is scored."""
    found = tables.find(notice)
    if not found.forms:
        raise Refused(_no_form(notice, found))
    return _Drafter(notice, found).draft()


def _no_form(notice: Notice, found: Found) -> str:
    if not notice.grids:
        return "通知里没有表格。考核内容、评分标准和分值要列成表格（图片、扫描件不行），请补上表格后重新运行。"
    seen = "；".join(
        f"{grid.name}的第一行是“{'｜'.join(box.text for box in dict.fromkeys(grid.rows[0]) if box.text)[:60]}”"
        for grid in (*found.unknown, *(roster.grid for roster in found.rosters))
        if grid.rows
    )
    return (
        f"认不出哪一张表格是评分表：{seen}。评分表要有一行栏名，至少有“评分标准”（或“评分细则”“计分办法”等）"
        "和“考核内容”（或“考核项目”“分值”等）两栏，请补上栏名后重新运行。"
    )


class _Drafter:
    def __init__(self, notice: Notice, found: Found) -> None:
        self.notice, self.found, self.saved = notice, found, notice.saved
        self.outlines = [outline(form) for form in found.forms]
        self.heads = [Head(form) for form in found.forms]
        headings = {place for head in self.heads for place in head.used} | set(map(id, found.headings))
        self.text = [line for line in found.lines if id(line) not in headings]
        self.about = abouts.about(self.text, ["".join(head.title) for head in self.heads if head.titled])
        self.strange = {id(grid): _lines_of(grid) for grid in found.unknown}
        """The rows of tables that are neither forms nor rosters, as lines."""
        beside = [line for told in self.outlines for line in told.rest]
        self.said = [*self.text, *beside, *(line for rows in self.strange.values() for line in rows)]
        """All that may speak of 等次 and 一票否决: the text, and what a form's table says beside its items."""
        self.used: set[int] = set()
        """Lines that went into the scheme as a whole, by ``id``."""
        self.notes: dict[int, str] = {}
        """What a person is told of a line, by ``id``."""
        self.listing: list[Line] = []
        """The lines of the text that name units."""
        self.readings: list[Table] = []
        self.rest: list[Table] = []
        title = plain("".join([self.about.title, *self.heads[0].title]))
        said = plain("。".join(line.text for line in found.lines))
        titled = next((months for months, word in _TITLED if word in title), 0)
        told = next((months for months, written in _MONTHS if re.search(written, said)), 0)
        yearly = re.search(_YEAR, title) is not None
        self.months = titled or (0 if yearly else told) or 12
        self.mixed = bool(told) and told != self.months
        """The text speaks of assessments that look back less far than the title says."""

    def draft(self) -> Draft:
        names = self.names()
        forms = [self.form(*each) for each in zip(self.found.forms, self.outlines, self.heads, names, strict=True)]
        graded = grading.read(self.said, min((_most(form) for form in forms), default=Decimal(100)))
        vetoed = self.vetoes([row["name"] for row in graded.rows], min(Decimal(form["points"]) for form in forms))
        for place, note in graded.notes.items():
            self.notes[place] = _together(note, self.notes.get(place, ""))
        roster = self.roster(names, forms)
        self.gather()
        tree: Table = {
            **self.head(),
            "forms": forms,
            **({"grades": graded.rows} if graded.rows else {}),
            "readings": [*self.readings, *_program_readings()],
            "roster": roster,
            "vetoes": vetoed,
            "rest": self.rest,
        }
        items = [item for form in forms for section in form["sections"] for item in section["items"]]
        sections = [section for form in forms for section in form["sections"]]
        others = [*forms, *sections, *graded.rows, *roster, *vetoed, *self.rest]
        return Draft(
            tree,
            len(items),
            sum("open" in item for item in items),
            sum("open" in each for each in others) + len(tree["open"]),
        )

    # ── 方案 ──

    def head(self) -> Table:
        told, open_ = self.about, dict(self.about.doubts)
        year = told.year
        if year is None:
            year = told.issued.year if told.issued else self.saved.year if self.saved else None
            open_["year"] = "通知没有写明哪一年度，请核对"
        issued = told.issued
        if issued is None and year:
            issued = dt.date(int(found[0]) if (found := re.search(r"20\d{2}", told.document)) else year, 1, 1)
            open_["issued"] = "通知没有写发文日期，暂写这一年的 1 月 1 日"
        words: Table = {}
        for key, value, what in (
            ("title", told.title, "标题"),
            ("county", told.county, "地区"),
            ("office", told.office, "发文单位"),
            ("document", told.document, "文号"),
        ):
            words[key] = value or UNKNOWN
            if not value:
                open_[key] = f"通知里没有找到{what}，请填写"
        name = f"{told.county}{year or ''}年度{'' if told.title else '考核'}方案"
        tree: Table = {"name": f"{told.county}{year or ''}年度考核方案" if year else name, **words}
        tree |= {key: value for key, value in (("year", year), ("issued", issued)) if value}
        for key in ("deadline", "phone", "email", "objection_days"):
            if value := getattr(told, key):
                tree[key] = value
                open_[key] = "照通知填的，请核对"
        return {**tree, "open": open_}

    def names(self) -> list[str]:
        """What each form is called, no two alike."""
        names: list[str] = []
        for number, head in enumerate(self.heads, 1):
            name = head.kind or self.kind_in_text()
            while not name or name in names:
                name = f"{name or '单位'}{number}" if name or len(self.heads) > 1 else "单位"
            names.append(name)
        return names

    def kind_in_text(self) -> str:
        for line in self.found.lines:
            text = plain(line.text)
            if re.search(r"考核(?:对象|范围)|^各[^。]{2,30}：$", text):
                for kind in kinds(text):
                    return kind
        return ""

    # ── 评分表 ──

    def form(self, table: FormTable, told: Outline, head: Head, name: str) -> Table:
        doubts = list(head.doubts)
        if not head.kind:
            doubts.append("评分表名称是照通知里的考核对象起的，请核对")
        methods = table.columns(Role.METHOD)
        if not methods:
            doubts.append(f"通知的表没有“考核方式”一栏，各考核项目暂写“{NO_METHOD}”")
        sections = [
            self.section(number, section, name)
            for number, section in enumerate((s for s in told.sections if s.rows), 1)
        ]
        for section in told.sections:
            if not section.rows:
                self.leave(Line(section.title, f"{table.grid.name}“{head.title[-1]}”"), "这个考核项目下面没有内容")
        points = _total(sections)
        if told.total is not None and told.total != points:
            doubts.append(f"表里写的总分是 {told.total} 分，各考核项目合计 {points} 分")
        elif points != 100:  # noqa: PLR2004
            doubts.append(f"各考核项目合计 {points} 分，不是 100 分")
        form: Table = {
            "name": name,
            "annex": head.annex,
            "title": head.title,
            "unit_label": head.unit_label,
            "criteria_label": head.criteria_label,
            "points": points,
            "sections": sections,
        }
        return form | _open(doubts)

    def section(self, number: int, section: Section, form: str) -> Table:
        doubts = list(section.doubts)
        items: list[Table] = []
        content = line = 0
        points = [self.points(row, section) for row in section.rows]
        own = [p for p, row in zip(points, section.rows, strict=True) if row.worth == "points"]
        total = section.points
        if section.worth == "points":
            if None not in own and own:
                added = whole(Decimal(sum(p for p in own if p is not None)))
                if total is None:
                    total = added
                elif total != added:
                    doubts.append(f"考核项目是 {total} 分，各指标合计 {added} 分，请核对")
        elif total is None and None not in points:
            total = whole(Decimal(sum(p for p in points if p is not None)))
            doubts.append(f"最多{'加' if section.worth == 'adds' else '扣'}几分，原文没有写，暂按各指标之和")
        for row, amount in zip(section.rows, points, strict=True):
            if row.new_content or not content:
                content, line = content + 1, 0
            line += 1
            code = f"{number}.{content}.{line}"
            items.append(self.item(row, code, amount, total, line == 1, not items, f"{form} {code}"))
        table: Table = {"title": " ".join(section.title.split()), "items": items}
        if total is not None or section.worth != "points":
            table[section.worth] = UNLIMITED if total is None else total
        if section.weight is not None:
            table["weight"] = section.weight
        return table | _open(doubts)

    def points(self, row: Row, section: Section) -> int | Decimal | None:
        """What a line can bring: as its cell says, else its sentence, else its section."""
        reading = read(row.text)
        caps = [each.points for each in reading.of(Says.CAP) if each.points is not None]
        if row.points is not None:
            return row.points
        if row.worth != "points":
            lone = len(reading.of(Says.CAP)) == 1 and len(reading.of(Says.STEP)) < 2  # noqa: PLR2004
            return caps[0] if caps and lone else section.points
        bracketed = re.findall(r"（(\d+(?:\.\d+)?)分）", plain(f"{row.before}；{row.text}"))
        if len(bracketed) == 1:
            return whole(Decimal(bracketed[0]))
        in_content = re.findall(r"（(\d+(?:\.\d+)?)分）", plain(row.content))
        same = [each for each in section.rows if each.content == row.content]
        if in_content and len(same) == 1:
            return whole(Decimal(in_content[-1]))
        if section.points is not None and len(section.rows) == 1:
            return section.points
        said = [
            each.points for each in reading.of(Says.GIVEN, Says.BAND, Says.FULL, Says.TIER, Says.BEST) if each.points
        ]
        lost = [each.points for each in reading.of(Says.LOSS)]
        most = max((each for each in said or lost if each is not None), default=None)
        if most is not None:
            row.doubts.append(f"分值一栏没有写，照句子里的 {most} 分")
        return most

    def item(
        self,
        row: Row,
        code: str,
        points: int | Decimal | None,
        total: int | Decimal | None,
        begins: bool,
        first: bool,
        named: str,
    ) -> Table:
        text = f"{row.before}\n{row.text}" if row.before else row.text
        item: Table = {"code": code}
        if row.new_method or first:
            item["method"] = row.method or NO_METHOD
        if begins:
            item["content"] = _one_line(row.content)
        item["text"] = text
        doubts = list(row.doubts)
        if points is None and (endless := self.endless(row, doubts)):
            return item | endless
        if points is None:
            doubts.append("分值通知没有写，请填写，再照分值写计分规则")
            fact: Table = {"label": "考核组评分", "kind": "分值", "by": "office"}
            return item | {"facts": [fact], "rule": {"kind": "direct", "fact": "考核组评分"}} | _open(doubts)
        item[row.worth] = points
        printed = _one_line(row.points_text)
        if printed and printed != f"{points}分":
            item["points_text"] = printed
        asked = Asked(
            read(row.text),
            row.worth,
            points,
            _bare(row.content),
            read(f"{row.content}；{row.before}"),
            row.worth != "points" and (row.points is None or points == total) and points == total,
            self.months,
        )
        found = propose(asked)
        if self.mixed and any("short_of" in term for term in found.rule.get("terms", [])):
            found.doubts.append(f"通知里还有别的考核周期，应做到多少暂按 {self.months} 个月算，请核对")
        if found.rule.get("uncovered") == UNCOVERED:
            found.rule["uncovered"] = self.reading(named, found.doubts)
        item |= {"facts": found.facts, "rule": found.rule}
        return item | _open([*doubts, *found.doubts])

    def endless(self, row: Row, doubts: list[str]) -> Table | None:
        """What is counted without an end that the notice tells: each time so many points more, or less."""
        if row.worth == "points":
            return None
        asked = Asked(read(row.text), row.worth, MOST, _bare(row.content), read(row.before), shared=True)
        found = propose(asked)
        if found.rule["kind"] != "linear" or found.rule.keys() & {"cap", "floor"}:
            return None
        what = "加" if row.worth == "adds" else "扣"
        told = [*doubts, f"最多{what}几分，通知没有写，暂写“{UNLIMITED}”", *found.doubts]
        return {row.worth: UNLIMITED, "facts": found.facts, "rule": found.rule} | _open(told)

    def reading(self, named: str, doubts: list[str]) -> str:
        """A 口径 for what a notice leaves between its bands."""
        code = f"补{len(self.readings) + 1}"
        told = next(doubt for doubt in doubts if "没有规定" in doubt)
        self.readings.append({"code": code, "decides": f"{named} 两档之间", "text": f"{told}。"})
        return code

    # ── 花名册, 一票否决 ──

    def roster(self, names: list[str], forms: list[Table]) -> list[Table]:
        every = [unit for roster in self.found.rosters for unit in roster.units] or self.listed()
        roster = Roster(names, self.about.county)
        for unit in every:
            roster.add(unit)
        another = units.another_count(self.found.lines, self.listing, len(roster.rows)) if every else ""
        if another and another not in roster.doubts[0]:
            roster.doubts[0].append(another)
        self.groups(every, names)
        rows = [row | _open(doubts) for row, doubts in zip(roster.rows, roster.doubts, strict=True)]
        doubt = "没有从通知里认出考核单位的名单，请在这里一行一个写考核单位，多余的行整行删去"
        for form in forms:
            if form["name"] not in {row["form"] for row in rows}:
                rows += [
                    {"name": f"待填单位{len(rows) + number}", "form": form["name"]} | _open([doubt])
                    for number in range(1, _fewest(form) + 1)
                ]
        return rows

    def groups(self, every: list[Named], forms: list[str]) -> None:
        """Groups of the roster that are no forms: what a person is told of them."""
        groups: dict[str, list[str]] = {}
        for unit in every:
            if unit.group and not any(form in unit.group or unit.group in form for form in forms):
                groups.setdefault(unit.group, []).append(unit.name)
        if len(groups) > 1:
            doubt = "名单分了类，方案没有照着分；要分开排名的，请分几张评分表"
            for number, (group, units_) in enumerate(groups.items()):
                self.leave(Line(f"{group}：{'、'.join(units_)}", "考核单位名单"), "" if number else doubt)

    def listed(self) -> list[Named]:
        """Units that the text names one by one."""
        found = units.in_text(self.found.lines)
        if found is None:
            return []
        doubts = ["名单是从正文里摘出来的，请核对", *found.doubts]
        self.used |= found.spent
        self.listing = found.lines
        for line in found.lines:
            self.notes.setdefault(id(line), "说的是考核对象，名单已写进“花名册”，请核对")
        return [Named(name, group, list(doubts)) for name, group in found.names]

    def vetoes(self, grades: list[str], full: Decimal) -> list[Table]:
        rows: list[Table] = []
        for told, head in zip(self.outlines, self.heads, strict=True):
            for line in told.vetoes:
                text = _one_line(line.text)
                does, doubts = vetoes.effects(text, grades, full)
                if re.search("不合格|等次|扣|总分|解除|终止|末位|降", line.text):
                    doubts.append("后果不只是取消评优资格，请核对：在一票否决的“效果”里写明，或由考核办另办")
                rows.append(_veto(len(rows) + 1, text, head.annex, vetoes.said(text), does) | _open(doubts))
        read, of_tables = vetoes.read(self.said, grades, full), [row["text"] for row in rows]
        codes: dict[int, str] = {}
        for each in read.every:
            if vetoes.is_told(each.text, of_tables):
                codes[id(each)] = "已在表里"
                continue
            number = re.match(r"\s*([（(]?[一二三四五六七八九十\d]+[）)、.．])", each.line.text)
            where = number[1].strip("、.．") if number and id(each.line) not in read.used else each.line.place
            row = _veto(len(rows) + 1, _one_line(each.text), where, each.said, each.effects)
            doubt = f"一票否决写在正文（{each.line.place}），不在表里；请核对情形、后果，以及要不要单位自报"
            rows.append(row | _open([doubt, *each.doubts]))
            codes[id(each)] = row["code"]
        self.used |= read.used
        for place, made in read.told.items():
            told_codes = "、".join(dict.fromkeys(codes[id(each)] for each in made))
            note = f"说的是一票否决，已写进“一票否决”表（{told_codes}），请核对" if made else vetoes.NOT_WRITTEN
            missed = "；".join(f"“{each[:40]}”没有写进“一票否决”表" for each in read.missed.get(place, []) if made)
            self.notes[place] = "；".join(filter(None, (note, missed)))
        return rows

    # ── what is left ──

    def gather(self) -> None:
        """All of the notice that went nowhere else."""
        used = self.about.used | self.used | set(map(id, self.found.headings))
        used |= {place for head in self.heads for place in head.used}
        beside = [line for told in self.outlines for line in told.rest]
        for line in (*beside, *(line for line in self.found.lines if id(line) not in used)):
            self.leave(line, self.note(line))
        for line in (line for roster in self.found.rosters for line in roster.rest):
            self.leave(line, "")
        for rows in self.strange.values():
            for number, line in enumerate(rows):
                doubts = [] if number else ["这张表认不出是什么，没有写进方案"]
                if any(id(each) in self.notes for each in rows) and not number:
                    doubts = ["这张表认不出是什么，下面各行请核对"]
                self.leave(line, "；".join(filter(None, [*doubts, self.note(line)])))
        for aside in self.notice.asides:
            self.leave(Line("", "整份通知"), aside)

    def note(self, line: Line) -> str:
        """What a person is told of a line that has no place in the scheme."""
        if id(line) in self.notes:
            more = _noted(line.text)
            return "；".join([self.notes[id(line)], *([more] if more and "一票否决" not in more else [])])
        return _noted(line.text)

    def leave(self, line: Line, doubt: str) -> None:
        self.rest.append({"place": line.place, "text": line.text} | _open([doubt] if doubt else []))


def _open(doubts: list[str]) -> Table:
    """The mark of what a person has to confirm; none where nothing is doubtful."""
    return {"open": "；".join(doubts) + "。"} if doubts else {}


def _one_line(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def _bare(content: str) -> str:
    """考核内容 as a part of names: without its number and its points."""
    return unnumbered(re.sub(r"（[^（）]*分[^（）]*）", "", plain(content))).strip("。，；")


def _total(sections: list[Table]) -> int | Decimal:
    total = sum(
        (
            Decimal(section["points"]) * Decimal(section.get("weight", 100)) / 100
            for section in sections
            if "points" in section
        ),
        Decimal(0),
    )
    return whole(total)


def _veto(number: int, text: str, clause: str, said: str, effects: list[Table]) -> Table:
    row: Table = {"code": f"V.{number}", "text": text, "clause": clause}
    if effects:
        row["effects"] = effects
    if not effects or said == "一票否决":
        row["effect"] = said or "一票否决"
    return row


def _most(form: Table) -> Decimal:
    """The total that a form can reach."""
    adds = (section["adds"] for section in form["sections"] if "adds" in section)
    return sum((Decimal(each) for each in adds), Decimal(form["points"]))


def _fewest(form: Table) -> int:
    """How many units a form must have at least: as many as its rules give places to."""
    rules = [item["rule"] for section in form["sections"] for item in section["items"]]
    ends = [rule[end][-1]["to"] for rule in rules for end in ("first", "last") if end in rule]
    return max([1, *(int(end) for end in ends)])


def _together(grade: str, veto: str) -> str:
    """What is told of a line that speaks of 等次 and of 一票否决."""
    if veto in ("", vetoes.NOT_WRITTEN):
        return grade
    return f"{grade}；{veto}" if grading.WRITTEN in grade else veto


def _lines_of(grid: Grid) -> list[Line]:
    told = ["　".join(box.text for box in dict.fromkeys(row) if box.text) for row in grid.rows]
    return [Line(text, grid.place(number)) for number, text in enumerate(told) if text]


def _noted(text: str) -> str:
    return next((told for written, told in abouts.NOTED if written.search(plain(text))), "")


def _program_readings() -> list[dict[str, Any]]:
    """The 口径 that say what the program itself does, whatever the scheme."""
    return [
        dict(reading)
        for reading in schemes.tree()["readings"]
        if OWN_READINGS.fullmatch(reading["code"]) and not _OF_ITS_OWN.search(reading["text"] + reading["decides"])
    ]

"""Which tables of a notice are forms and which the roster, and what each of their columns is."""

from __future__ import annotations

import enum
import re

from msgspec import Struct, field
from msgspec.structs import replace

from assess_xlsx.draft import units
from assess_xlsx.draft.notice import Box, Grid, Line, Notice
from assess_xlsx.draft.text import plain


class Role(enum.Enum):
    """What a column of a form holds."""

    NUMBER = "序号"
    OUTLINE = "考核项目、考核内容"
    TEXT = "评分标准"
    POINTS = "分值"
    METHOD = "考核方式"
    MARK = "得分"
    OTHER = "其他"


HEADINGS: tuple[tuple[Role, str], ...] = (
    (Role.NUMBER, r"序号|编号|号|序列"),
    (
        Role.TEXT,
        r".*(?:评分|计分|记分|考核|考评|评价|赋分|评估|评审|评议|扣分|得分|加分|打分|检查|评定|给分)(?:标准|细则|办法|规则|依据|规定|说明|要点与标准).*|.*(?:评分|计分|记分|打分|赋分)方法.*|.*标准及?(?:评分|要求).*|[^分]*标准",
    ),
    (
        Role.POINTS,
        r"(?:标准|指标|项目|基准|基础|基本|应得|权重)?(?:分值?|分数|满分值?|配分|赋分|权重分?|权数)(?:（.*）)?|分值.*|最[高多](?:加|扣|得|可?得)?分(?:值|数)?(?:（.*）)?|(?:加分|扣分|得分)(?:上限|限额|分值)",
    ),
    (Role.METHOD, r"(?:考核|检查|考评|评价|查验|核查|评分|评审|测评)(?:的)?(?:方式|形式|途径|方法|手段)"),
    (Role.MARK, r".*(?:得分|记分|计分|评分|打分|自评|扣分|核分)(?:情况|原因|说明|分)?|实得.*"),
    (
        Role.OUTLINE,
        r".*(?:项目|内容|指标|类别|要点|任务|要求|要素|名称|事项|类型|目标|分类|板块|维度|工作|条款|重点|条线|方面|领域|环节)(?:及.*|解释|释义|内涵|定义)?",
    ),
    (Role.OTHER, r".*"),
)
"""How the columns of forms are called, the first that fits counts."""
_UNIT = re.compile(
    r"(?:被?(?:考核|考评|责任|参评|受检|评价)?的?(?:单位|部门|对象|主体)|乡镇|镇街|街道|学校|企业|医院|村居?|社区|科室|供应商|承包商|机构|[省市县区]直(?:单位|部门|机关)?)(?:名称|全称|名|（.*）)?|名称|名单"
)
_ALIAS = re.compile(r".{0,4}(?:简称|别称|曾用名|旧称|别名)")
_GROUP = re.compile(
    r".{0,4}(?:类别|组别|分类|类型|分组|评分表|片区|片别|区域|系统|学段|板块|层次|性质|标段)|组|组名|小组"
)
_ABOUT_UNITS = re.compile(
    r".*(?:联系|电话|手机|姓名|地址|邮箱|传真|邮编|微信|QQ|备注|法定代表人|法人|职务|系数|人数|编制|床位|负责人|责任人|分管领导|校长|院长|主任|书记|经理|级别|等级|性质).*"
)
"""What else a roster tells of units."""
_SUM = re.compile(r"(?:合计|总计|小计|共计)(?:[：:]?\d+.*)?|共\d+.*")
_SPEAKS = re.compile(r"\d分|[一二两三四五]分|扣|得分|记分|计分|酌情|加分")
_BRACKETED = re.compile(r"[（(][^（）()]*分[^（）()]*[）)]")
"""Points in brackets, which say nothing of how they are given."""
_LONGEST_HEADING, _LONGEST_NAME, _LONGEST_FULL_NAME, _LONGEST_TITLE = 24, 20, 40, 60
_FEWEST_COLUMNS = 2
_EXTRA = re.compile(r".{0,8}(?:加分|扣分|奖分|减分|否决).{0,8}")
"""What stands above a table that adds to the one before."""
_DEEPEST_HEADER = 12
"""Rows above a header at most."""


class FormTable(Struct, frozen=True):
    """A table that says what is scored, and how."""

    grid: Grid
    header: int
    """The row of its headings, the lowest where there are several."""
    roles: list[Role]
    """By column."""
    headings: list[str]
    """By column, as they stand there."""
    above: list[Line]
    """What stands right above it: annex, titles, 考核单位."""
    titles: list[Line] = field(default_factory=list)
    """Titles of sections that stand above tables of their own, as rows among the others now."""

    def columns(self, role: Role) -> list[int]:
        return [place for place, each in enumerate(self.roles) if each is role]

    @property
    def rows(self) -> range:
        return range(self.header + 1, len(self.grid.rows))


class Named(Struct):
    """A unit of a roster."""

    name: str
    group: str = ""
    """Empty where none is said."""
    doubts: list[str] = field(default_factory=list)
    alias: str = ""
    """What else it is called there."""


class Roster(Struct, frozen=True):
    """The units of a table, in the order of their numbers where it has some."""

    grid: Grid
    header: int
    """The row of its headings; -1 where it has none."""
    units: list[Named]
    rest: list[Line] = field(default_factory=list)
    """What it tells of them beside their names."""
    plainly: bool = True
    """Its columns hold nothing but units."""


class Found(Struct):
    """What the tables of a notice are."""

    forms: list[FormTable] = field(default_factory=list)
    rosters: list[Roster] = field(default_factory=list)
    unknown: list[Grid] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """All lines that stand in no table, those above and below the tables of sheets included."""
    headings: list[Line] = field(default_factory=list)
    """Those of them that stand above a roster and say what it is."""


def find(notice: Notice) -> Found:
    found = Found()
    since: list[Line] = []
    """The lines since the table before."""
    for part in notice.parts:
        if isinstance(part, Line):
            since.append(part)
            found.lines.append(part)
            continue
        grid, first = _below_text(part)
        found.lines += first
        if not grid.rows:
            continue
        header = _header(grid)
        titled = any(units.is_heading(line.text) for line in (first if part.sheet else since)[-3:])
        roster = None if header is not None else _roster(grid, titled=titled)
        top = (header if header is not None else roster.header if roster else 0) - 1
        while header is not None and top >= 0 and _shares(grid.rows[top], grid.rows[header]):
            top -= 1
        more = _lines(grid, range(top + 1)) if part.sheet else []
        found.lines += more
        above = [*first, *more] if part.sheet else [*since]
        if roster:
            headings = _roster_heading(above)
            found.rosters.append(_counted(roster, headings))
            found.lines += [
                line
                for place, row in enumerate(grid.rows)
                if _is_text(row) and place > roster.header
                for line in _lines(grid, range(place, place + 1))
            ]
            found.headings += headings
        elif header is not None:
            form = _form(grid, header, above)
            joined = _joined(found.forms[-1], form) if found.forms else None
            if joined:
                found.forms[-1] = joined
            else:
                found.forms.append(form)
        else:
            found.unknown.append(grid)
        since = []
    _keep_plain(found)
    return found


def _below_text(grid: Grid) -> tuple[Grid, list[Line]]:
    """The table of a sheet, without the lines of text that stand above it; and these."""
    if not grid.sheet:
        return grid, []
    begin = next((place for place, row in enumerate(grid.rows) if len(_said(row)) > 1), len(grid.rows))
    return replace(grid, rows=grid.rows[begin:], first=grid.first + begin), _lines(grid, range(begin))


def _keep_plain(found: Found) -> None:
    """A table that tells more of units is no roster beside one that lists them and nothing else."""
    if any(roster.plainly for roster in found.rosters):
        found.unknown += [roster.grid for roster in found.rosters if not roster.plainly]
        found.rosters = [roster for roster in found.rosters if roster.plainly]


def _counted(roster: Roster, headings: list[Line]) -> Roster:
    """With a mark where the notice says another number of units."""
    said = [line.text for line in headings] + [line.text for line in roster.rest if _SUM.match(plain(line.text))]
    for text in said:
        count = units.counted(text)
        if count is not None and count != len(roster.units):
            roster.units[0].doubts.append(f"名单写的是“{plain(text)}”，读出 {len(roster.units)} 个单位")
    return roster


def _roster_heading(lines: list[Line]) -> list[Line]:
    """What stands above a roster and says no more than that it is one."""
    annexes = [place for place, line in enumerate(lines) if re.match(r"附\s*件", line.text)]
    if annexes:
        return [line for line in lines[annexes[-1] :] if "。" not in line.text and len(line.text) <= _LONGEST_TITLE]
    return [
        line for line in lines[-2:] if re.search("考核对象|名单|一览|考核单位", line.text) and "。" not in line.text
    ]


def _said(row: list[Box]) -> list[Box]:
    """The boxes of a row in which something stands, each once."""
    return list(dict.fromkeys(box for box in row if box.text))


def _lines(grid: Grid, rows: range) -> list[Line]:
    return [
        Line("　".join(box.text for box in said), grid.place(row)) for row in rows if (said := _said(grid.rows[row]))
    ]


def _shares(upper: list[Box], lower: list[Box]) -> bool:
    """Two rows of a header: a heading goes over both, and another is parted below."""
    both = sum(one is other and bool(one.text) for one, other in zip(upper, lower, strict=False))
    return 0 < both < len(lower) and len(_said(upper)) > 1


def role_of(heading: str) -> Role:
    looked = plain(heading)
    return next(role for role, written in HEADINGS if re.fullmatch(written, looked))


def _header(grid: Grid) -> int | None:
    """The row of the headings; None where no row can be it."""
    best, most = None, 0
    for number, row in enumerate(grid.rows[:_DEEPEST_HEADER]):
        said = _said(row)
        if len(said) < _FEWEST_COLUMNS or any(len(plain(box.text)) > _LONGEST_HEADING for box in said):
            continue
        roles = [role_of(box.text) for box in said]
        known = len({role for role in roles if role not in (Role.OTHER, Role.NUMBER)})
        scored = Role.TEXT in roles or (Role.POINTS in roles and Role.OUTLINE in roles)
        if scored and known >= _FEWEST_COLUMNS and known > most:
            best, most = number, known
    return best


def _form(grid: Grid, header: int, above: list[Line]) -> FormTable:
    headings = [box.text for box in grid.rows[header]]
    roles = [role_of(heading) if heading else Role.OTHER for heading in headings]
    body = grid.rows[header + 1 :]
    for place, box in enumerate(grid.rows[header]):
        if (
            place
            and box is grid.rows[header][place - 1]
            and not any(row[place] is not row[place - 1] for row in body)
        ):
            roles[place] = Role.OTHER
    texts = [place for place, role in enumerate(roles) if role is Role.TEXT]
    speaking = {
        place: sum(bool(_SPEAKS.search(_BRACKETED.sub("", row[place].text))) for row in body)
        for place, role in enumerate(roles)
        if role in (Role.TEXT, Role.OUTLINE, Role.OTHER, Role.METHOD)
    }
    best = max(speaking, key=lambda place: (speaking[place], place in texts), default=None)
    if (
        best is not None
        and speaking[best]
        and (not texts or speaking[best] > 2 * max(speaking[each] for each in texts))
    ):
        texts = [best]
    elif not texts:
        outline = [place for place, role in enumerate(roles) if role is Role.OUTLINE]
        texts = outline[-1:]
    texts = texts[:1] if len(texts) < 2 else [max(texts, key=lambda place: speaking.get(place, 0))]  # noqa: PLR2004
    for place, role in enumerate(roles):
        if place in texts:
            roles[place] = Role.TEXT
        elif role is Role.TEXT:
            roles[place] = Role.OUTLINE if place < min(texts) else Role.OTHER
    return FormTable(grid, header, roles, headings, above)


def _joined(form: FormTable, more: FormTable) -> FormTable | None:
    """A form with the table that goes on with it: a section a table, or a table over two pages; else nothing."""
    if [plain(text) for text in form.headings] != [plain(text) for text in more.headings]:
        return None
    between = [line for line in more.above if line.text]
    if any(re.search(r"附\s*件|评分表|考核表|细则|[：:]$", line.text) or "。" in line.text for line in between):
        return None
    if len(between) > 1:
        return None
    before = [line for line in (form.above[-1:] if not form.titles else []) if _begins_section(line)]
    adds = any(_EXTRA.fullmatch(plain(line.text)) for line in between)
    if between and not adds and not (_begins_section(between[0]) and (form.titles or before)):
        return None
    if not between:
        before = []
    rows, width = form.grid.rows, len(form.headings)
    head = form.header + 1
    grid = replace(
        form.grid,
        rows=[
            *rows[:head],
            *([Box(line.text)] * width for line in before),
            *rows[head:],
            *([Box(line.text)] * width for line in between),
            *more.grid.rows[more.header + 1 :],
        ],
    )
    return replace(form, grid=grid, titles=[*form.titles, *before, *between])


def _begins_section(line: Line) -> bool:
    return bool(re.match(r"\s*(?:[（(]?[一二三四五六七八九十]+[）)、.．]|第[一二三四五六七八九十]+)", line.text))


def _roster(grid: Grid, *, titled: bool) -> Roster | None:
    """The units of a table that lists them; ``titled``: what stands above it says that it does."""
    for number, row in enumerate(grid.rows[:_DEEPEST_HEADER]):
        headings = [plain(box.text) for box in row]
        places = [at for at, text in enumerate(headings) if _UNIT.fullmatch(text)]
        places = places or [at for at in range(len(headings)) if _holds_units(grid, number, at)]
        places += [
            at for at, text in enumerate(headings) if not text and places and _goes_on(grid, number, at, places)
        ]
        places.sort()
        a_title = len(_said(row)) < _FEWEST_COLUMNS and len(set(map(id, row))) < len(row)
        if not places or a_title:
            continue
        titled = titled or any(units.is_heading(box.text) for line in grid.rows[:number] for box in _said(line))
        told = [
            place
            for place, text in enumerate(headings)
            if place not in places
            and text not in ("", "序号", "编号")
            and not (_GROUP.fullmatch(text) or _ALIAS.fullmatch(text))
        ]
        strange = [place for place in told if not _ABOUT_UNITS.fullmatch(headings[place])]
        if len(strange) > 1:
            continue
        found = _units(grid, number, places)
        if not found or any(len(each.name) > _LONGEST_FULL_NAME for each in found):
            continue
        several = {headings[place] for place in places if headings[place] and _UNIT.fullmatch(headings[place])}
        numbers = sum(text in ("序号", "编号") for text in headings)
        for each in found:
            if told and not titled:
                each.doubts.append("这张表没有写明是考核单位的名单，请核对")
            if len(several) > 1 and numbers < len(several):
                each.doubts.append(f"表里有几栏单位（{'、'.join(sorted(several))}），请核对考核的是哪一栏")
        return Roster(grid, number, found, _told_of_units(grid, number, places, told), titled or not told)
    return _bare_roster(grid) if titled else None


def _goes_on(grid: Grid, header: int, place: int, places: list[int]) -> bool:
    """A column without a heading that holds more of the units at its left."""
    cells = [row[place].text for row in grid.rows[header + 1 :] if row[place].text]
    left = {at for at in range(place) if grid.rows[header][at].text}
    return bool(cells) and bool(left) and max(left) in places and all(map(units.is_name, cells))


def _holds_units(grid: Grid, header: int, place: int) -> bool:
    """A column of nothing but names of units, whatever it is called."""
    named = plain(grid.rows[header][place].text)
    if any(each.fullmatch(named) for each in (_GROUP, _ALIAS, _ABOUT_UNITS)):
        return False
    cells = [row[place].text for row in grid.rows[header + 1 :] if row[place].text]
    return len(cells) > 1 and all(map(units.is_name, cells))


def _bare_roster(grid: Grid) -> Roster | None:
    """The units of a table without headings, under a title that says what it lists."""
    cells = [box.text for row in grid.rows for box in _said(row) if not re.fullmatch(r"[\d.、\s]+", box.text)]
    parted = [units.in_cell(cell) for cell in cells]
    if len(cells) < _FEWEST_COLUMNS or not all(sure and all(map(units.is_name, names)) for names, sure in parted):
        return None
    return Roster(grid, -1, [Named(name) for names, _ in parted for name in names])


def _units(grid: Grid, header: int, places: list[int]) -> list[Named]:
    """The units of some columns, each cell's apart, in the order of their numbers."""
    headings = [plain(box.text) for box in grid.rows[header]]
    numbers = {place for place, text in enumerate(headings) if text in ("序号", "编号")}
    groups = {place for place, text in enumerate(headings) if _GROUP.fullmatch(text)}
    apart = len({headings[place] for place in places}) > 1
    found: list[tuple[float, Named]] = []
    for place in places:
        left = next((each for each in range(place - 1, -1, -1) if each in numbers), None)
        end = next((each for each in places if each > place), len(headings))
        beside = (*range(place - 1, -1, -1), *range(place + 1, end))
        group = next((each for each in beside if each in groups), None)
        short = next((each for each in range(place + 1, len(headings)) if _ALIAS.fullmatch(headings[each])), None)
        told, seen = "", None
        for at, line in enumerate(grid.rows[header + 1 :]):
            box = line[place]
            told = (line[group].text or told) if group is not None else headings[place] if apart else ""
            if not box.text or box is seen or plain(box.text) in headings or _is_sum(line) or _is_text(line):
                continue
            seen = box
            number = plain(line[left].text) if left is not None else ""
            order = float(number) if re.fullmatch(r"\d+(\.0)?", number) else 1000 * place + at
            names, sure = units.in_cell(box.text)
            for name in names:
                doubts = [] if sure else [f"“{name}”像是几个单位，请核对，是几个的一行写一个"]
                if sure and not units.may_be_name(name) and len(name) <= _LONGEST_NAME:
                    doubts = [f"“{name}”不像单位的名称，请核对"]
                alias = line[short].text if short is not None and len(names) == 1 else ""
                found.append((order, Named(name, told, doubts, "" if alias == name else alias)))
    orders = [order for order, _ in found]
    if len(set(orders)) < len({id(each) for _, each in found}) and len(places) > 1:  # numbered anew in each column
        return [each for _, each in found]
    return [each for _, each in sorted(found, key=lambda each: each[0])]


def _is_sum(row: list[Box]) -> bool:
    return any(_SUM.fullmatch(plain(box.text)) for box in _said(row))


def _is_text(row: list[Box]) -> bool:
    """A row that is a sentence, as it stands below the roster of a sheet."""
    said = _said(row)
    return len(said) == 1 and bool(re.search("[。；：]", said[0].text))


def _told_of_units(grid: Grid, header: int, places: list[int], told: list[int]) -> list[Line]:
    """What a roster says in further columns, and its sums."""
    headings = [plain(box.text) for box in grid.rows[header]]
    lines = (
        [] if all(_UNIT.fullmatch(headings[place]) for place in places) else _lines(grid, range(header, header + 1))
    )
    blank = [place for place, text in enumerate(headings) if not text and place not in places]
    for at, row in enumerate(grid.rows[header + 1 :], header + 1):
        further = [f"{headings[place]} {row[place].text}".strip() for place in (*told, *blank) if row[place].text]
        if _is_sum(row):
            lines.append(Line("　".join(box.text for box in _said(row)), grid.place(at)))
        elif further and not _is_text(row):
            lines.append(Line("　".join([*(row[place].text for place in places), *further]), grid.place(at)))
    return lines

"""Where things stand: sheet names, labels, columns and rows of what is written and read again. No decoration."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from assess_xlsx.excel.cells import cell_name
from assess_xlsx.scheme.facts import NOT_NEEDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assess_xlsx.scheme.facts import Fact
    from assess_xlsx.scheme.model import Form, Item, Scheme, Unit

FORM_SHEET, GUIDE_SHEET, SIGN_SHEET, FAULT_SHEET = "评分表", "填报说明", "签章页", "修改说明"

SECTION, METHOD, CONTENT, POINTS, SCORE = "考核项目", "考核方式", "考核内容", "分值", "记分"
CODE, FACT, VALUE, ADVICE, EVIDENCE, CHECK = "指标编号", "填报项", "填报值", "填法", "佐证说明", "校验"
UNIT, PERIOD = "考核单位", "考核时间"
TOTAL = "自评合计"
VERSION = "表样版本"
SIGN_HEADINGS = ("编号", "填报内容", "所填数据")
"""Of 签章页: other labels than the form's own, so that the reader never takes that page for the form."""
SIGN_MEASURE = "单位"
LACKING, NEEDLESS, LEFT_OUT, LEFT_TO_OFFICE = "未填", NOT_NEEDED, "未填（可不填）", "由考核办填报"
SIGN_BLANKS = (LACKING, NEEDLESS, LEFT_OUT, LEFT_TO_OFFICE)
"""What 签章页 says of a blank cell: which kind of blank it is."""
FILLED_BY, PHONE, HEAD = "填报人", "联系电话", "负责人"
CONTACTS = (FILLED_BY, PHONE, HEAD)
REMARK = "备注"
TAKEN_ADVICE = "自动显示，不用填"


class Col(IntEnum):
    """The columns of 评分表: first the official ones, which are printed, then the form's own."""

    SECTION, METHOD, CONTENT, CRITERIA, POINTS, SCORE = range(6)
    CODE, FACT, VALUE, CHECK, ADVICE, EVIDENCE = range(6, 12)


ANNEX_COLUMNS = 6
"""How many of them are official."""

PROGRESS_ROW = 0
"""Where the frozen rows say what is missing and wrong: not beside 考核单位, or it would be taken for the unit."""

UNIT_CELL_COL = 1
PERIOD_LABEL_COL, PERIOD_CELL_COL = 3, 4

GUIDE_UNITS_ROW, GUIDE_UNITS_COL = 1, 4
"""The list of the form's units beside 填报说明, the source of the drop-down."""
GUIDE_FACTOR_COL = GUIDE_UNITS_COL + 1
"""The factors of the units, where scores are multiplied by them."""


MOST_LISTED = 500
"""Units of a form up to which it carries all their names; beyond, a list of names would outweigh the form."""


def headings(form: Form) -> tuple[str, ...]:
    """The header row of 评分表, six official labels and six of the form's own."""
    official = (SECTION, METHOD, CONTENT, form.criteria_label, POINTS, SCORE)
    return (*official, CODE, FACT, VALUE, CHECK, ADVICE, EVIDENCE)


def form_file(form: Form) -> str:
    return f"{form.annex}_{form.name}评分表.xlsx"


def unit_file(unit: Unit) -> str:
    """``01-县安监局.xlsx``, in the official order."""
    return f"{unit.number:02d}-{unit.name}.xlsx"


def letter_file(unit: Unit) -> str:
    """``01-县安监局.eml``."""
    return f"{unit.number:02d}-{unit.name}.eml"


REGISTER_FILE = "考核办登记表.xlsx"
ADDRESS_FILE, ADDRESS_SHEET = "通讯录.xlsx", "通讯录"
RESULT_FILE = "考核结果汇总.xlsx"
RETURNED_FOLDER, FEEDBACK_FOLDER, MAIL_FOLDER, UNITS_FOLDER = "退回修改", "反馈", "邮件", "各单位"

OVERVIEW_SHEET, PROBLEM_SHEET, REPORTING_SHEET, FILES_SHEET = "总览", "问题清单", "报送情况", "文件清单"
OPEN_SHEET, NOTICE_SHEET, POSTING_SHEET, SPOT_SHEET, READINGS_SHEET = (
    "待核定",
    "催报",
    "公示通报",
    "抽查建议",
    "计分口径",
)
DETAIL_SHEET, CHANGES_SHEET, CLOSING_SHEET = "得分明细", "本轮变化", "定稿清单"
"""Sheets of the result."""


def ranking_sheet(name: str) -> str:
    """A ranking, by the name of its form or its 排名组."""
    return f"{name}排名"


RANK, WHOLE_SCORE, MERIT, RANK_KEY, GRADE, FORM = "名次", "总分", "评优资格", "关键事项", "等次", "评分表"
FILLED, ORIGIN, RULED_SCORE, FINAL, GROUNDS = "填报数据", "来源", "核定分", "最终得分", "计分依据"
FILE, SIZE, DIGEST, OUTCOME, WHY = "文件", "大小", "SHA-256", "处理结果", "原因"
LEVEL, PROBLEM, REMEDY, STATE, NOTICE_TEXT = "级别", "问题", "处理办法", "状态", "通知文本"
"""Columns of the result by which it is read again: of the rankings, 得分明细, lists of files, 问题清单, 催报."""

VETO_SHEET, EVENT_SHEET, RULING_SHEET, REGISTER_GUIDE = "一票否决", "平时考核", "核定", "填写说明"
OBJECTION_SHEET, ABSENCE_SHEET = "异议", "未报送处理"
RULED, REASON, DECISION, RECEIVED, REPLY, OVERALL = "核定值", "理由", "处理", "收到日期", "答复", "总分"
VETO_COLUMNS = (UNIT, "情形", "发生日期", "情况说明", "认定依据")
EVENT_COLUMNS = (UNIT, CODE, FACT, "次数", "日期", "情况说明", "记录人")
RULING_COLUMNS = (UNIT, CODE, FACT, RULED, REASON)
OBJECTION_COLUMNS = (UNIT, CODE, "异议内容", RECEIVED, DECISION, REPLY, "经办人")
ABSENCE_COLUMNS = (UNIT, DECISION, REASON)
PERSON, TO, CC = "联系人", "邮箱", "抄送"
ADDRESS_COLUMNS = (UNIT, PERSON, PHONE, TO, CC)
ADDRESS_TABLE = (UNIT, TO)
"""The headings by which 通讯录 is known; people leave the others out."""


def office_sheet(form: Form) -> str:
    return f"考核办填报（{form.name}）"


class Span(NamedTuple):
    """A text that stands in one cell over the rows first … last."""

    first: int
    last: int
    text: str


def taken_advice(fact: Fact) -> str:
    """填法 of a row that shows the fact of an earlier item, or what is computed."""
    words = fact.words()
    return f"{TAKEN_ADVICE}：{words}" if words else TAKEN_ADVICE


class FormLayout(Struct, frozen=True):
    """Rows of a blank 评分表, counted from 0."""

    form: Form
    unit_row: int
    header_row: int
    rows: dict[str, int]
    """Row by fact key, declarations included."""
    total_row: int
    contacts_row: int
    remark_row: int
    version_row: int
    taken: dict[int, tuple[Item, Fact]]
    """What a row shows that takes no entry: an item, and the fact of an earlier one that it is scored from."""
    spans: dict[str, tuple[int, int]]
    """First and last row of an item, by its code."""

    @classmethod
    def of(cls, form: Form) -> FormLayout:
        unit_row = 1 + len(form.title)
        header_row = unit_row + 1
        rows, row = {}, header_row + 1
        taken, spans = {}, {}
        for item in form.items:
            first = row
            for fact in item.facts:
                rows[fact.key] = row
                row += 1
            for fact in item.taken:
                taken[row] = item, fact
                row += 1
            spans[item.code] = first, row - 1
        total_row = row + 1
        row = total_row + 3
        for fact in form.declarations:
            rows[fact.key] = row
            row += 1
        contacts_row = row + 1
        remark_row = contacts_row + len(CONTACTS)
        return cls(
            form, unit_row, header_row, rows, total_row, contacts_row, remark_row, remark_row + 2, taken, spans
        )

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        """The last row of the annex; what stands below is not printed."""
        return self.total_row - 2

    @property
    def veto_row(self) -> int:
        """The heading above V.1."""
        return self.total_row + 2

    def value_cell(self, fact: Fact) -> str:
        return cell_name(self.rows[fact.key], Col.VALUE)

    def check_cell(self, fact: Fact) -> str:
        return cell_name(self.rows[fact.key], Col.CHECK)

    @property
    def progress_cell(self) -> str:
        """Where the sheet says, in the frozen rows, what is still to be filled and mended."""
        return cell_name(PROGRESS_ROW, Col.CODE)

    def item_span(self, item: Item) -> tuple[int, int]:
        return self.spans[item.code]

    def section_spans(self) -> list[Span]:
        return [
            Span(self.item_span(section.items[0])[0], self.item_span(section.items[-1])[1], section.heading)
            for section in self.form.sections
        ]

    def method_spans(self) -> list[Span]:
        return self._merged(lambda item: item.method, lambda item: item.new_method)

    def content_spans(self) -> list[Span]:
        begun: set[str] = set()

        def begins(item: Item) -> bool:
            new = item.content_code not in begun
            begun.add(item.content_code)
            return new

        return self._merged(lambda item: item.content, begins)

    def _merged(self, text: Callable[[Item], str], begins: Callable[[Item], bool]) -> list[Span]:
        spans: list[Span] = []
        for item in self.form.items:
            first, last = self.item_span(item)
            if begins(item):
                spans.append(Span(first, last, text(item)))
            else:
                spans[-1] = spans[-1]._replace(last=last)
        return spans


def office_facts(form: Form) -> Iterator[Fact]:
    """The 办 facts of a form, in its order: the columns of 考核办填报."""
    return (fact for fact in form.facts if fact.office)


def version_text(scheme: Scheme, form: Form) -> str:
    return f"{VERSION}：{scheme.name}·{form.name}·{form.version}"

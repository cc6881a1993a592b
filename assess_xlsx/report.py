"""Writes 考核结果汇总.xlsx: the ranking, every score with its grounds, what is missing and what is wrong."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from assess_xlsx import problems, style
from assess_xlsx.amounts import CENT
from assess_xlsx.documents import UNREADABLE
from assess_xlsx.layout import CODE, CONTENT, FACT, POINTS, RULING_COLUMNS, UNIT, VETO_SHEET, cell_name
from assess_xlsx.notices import notices
from assess_xlsx.outcome import MISSING, TO_CORRECT
from assess_xlsx.overview import overview
from assess_xlsx.scoring import CANCELLED, Scores, at
from assess_xlsx.tables import POINTS as TWO_PLACES
from assess_xlsx.tables import SIZE, TIME, WHOLE, Cell, Column, Formula, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.outcome import Outcome
    from assess_xlsx.scheme import Unit
    from assess_xlsx.scoring import VetoRecord

CHINA = dt.timezone(dt.timedelta(hours=8))
MOST_LIVE = 2000
"""Units beyond which the ranking holds plain values instead of formulas."""

DETAIL_SHEET = "得分明细"
DETAIL = (
    Column(UNIT, most=20),
    Column(CODE),
    Column(CONTENT, most=26),
    Column(POINTS, 'General"分"'),
    Column("填报数据", most=36),
    Column("自评分", TWO_PLACES),
    Column("平时考核", most=30),
    Column("核算分", TWO_PLACES),
    Column("核定分", TWO_PLACES),
    Column("最终得分", TWO_PLACES),
    Column("计分依据", most=60),
)
FINAL_COL = 9


def write(outcome: Outcome) -> bytes:
    """The result workbook."""
    target = io.BytesIO()
    saved = max((form.saved for form in outcome.returns.forms.values()), default=dt.datetime.now(dt.UTC))
    book = style.Book(target, f"{outcome.scheme.title}结果汇总", saved)
    _Report(outcome, book).write()
    book.close()
    return target.getvalue()


def local(time: dt.datetime) -> dt.datetime:
    """A time as a clock in the county shows it; spreadsheets know no time zones."""
    return time.astimezone(CHINA).replace(tzinfo=None)


class _Report:
    def __init__(self, outcome: Outcome, book: style.Book) -> None:
        self.outcome, self.book, self.scheme = outcome, book, outcome.scheme
        self.live = len(self.scheme.units) <= MOST_LIVE
        self.detail_rows: dict[int, int] = {}
        """The first row of each unit in 得分明细."""

    def write(self) -> None:
        scores = self.outcome.scores
        names = ["总览", *(f"{each.form.name}排名" for each in scores), DETAIL_SHEET, VETO_SHEET]
        names += ["问题清单", "报送情况", "文件清单", "待核定", "催报", "计分口径"]
        sheets = {name: self.book.sheet(name) for name in names}
        self.details(sheets[DETAIL_SHEET])
        headers = {each.form.name: self.ranking(sheets[f"{each.form.name}排名"], each) for each in scores}
        self.vetoes(sheets[VETO_SHEET])
        self.problems(sheets["问题清单"])
        self.reporting(sheets["报送情况"])
        self.files(sheets["文件清单"])
        self.open_points(sheets["待核定"])
        self.notices(sheets["催报"])
        self.readings(sheets["计分口径"])
        overview(self.book, sheets["总览"], self.outcome, headers)
        sheets["总览"].activate()

    # ── 得分明细 ──

    def details(self, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter carries no types
        rows: list[Sequence[Cell]] = []
        for scores in self.outcome.scores:
            computed, final = scores.computed.to_numpy().tolist(), scores.items.to_numpy().tolist()
            for place, unit in enumerate(scores.units):
                self.detail_rows[unit.number] = len(rows)
                rows += self._unit_details(scores, place, unit, computed[place], final[place])
        header = table(self.book, sheet, DETAIL_SHEET, DETAIL, rows)
        for number in self.detail_rows:
            self.detail_rows[number] += header + 1

    def _unit_details(
        self, scores: Scores, place: int, unit: Unit, computed: Sequence[int], final: Sequence[int]
    ) -> list[Sequence[Cell]]:
        form, facts = self.outcome.returns.forms[unit.number], scores.facts
        answers = dict(zip((fact.key for fact in scores.form.facts), form.values, strict=True))
        own = dict(zip((item.code for item in scores.form.self_scored), form.self_scores, strict=True))
        rows: list[Sequence[Cell]] = []
        for number, item in enumerate(scores.form.items):
            filled = []
            for fact in item.facts:
                value = answers[fact.key]
                if value is not None:
                    filled.append(f"{fact.label} {fact.kind.show(value)}")
                elif fact.key in form.invalid:
                    filled.append(f"{fact.label} 填写无效")
            known = [
                f"{fact.label} {fact.kind.show(source[unit.number, fact.key])}（{name}）"
                for fact in item.facts
                for source, name in ((facts.events, "平时考核"), (facts.office, "考核办填报"))
                if (unit.number, fact.key) in source
            ]
            said = own.get(item.code)
            ruling = scores.ruled.get((unit.number, item.code))
            points: Cell = item.worth.high / CENT if item.worth.high and not item.worth.bonus else item.points_text
            rows.append(
                (
                    unit.name,
                    item.code,
                    item.content,
                    points or ("加分" if item.worth.bonus else "扣分"),
                    "；".join(filled),
                    None if said is None else said / CENT,
                    "；".join(known),
                    computed[number] / CENT,
                    None if ruling is None else ruling.value / CENT,
                    final[number] / CENT,
                    scores.basis[item.code][place],
                )
            )
        return rows

    # ── 排名 ──

    def ranking(self, sheet: Any, scores: Scores) -> int:  # noqa: ANN401
        form = scores.form
        columns = [Column("名次", WHOLE), Column(UNIT, most=20)]
        columns += [Column(section.title, TWO_PLACES, 15) for section in form.sections]
        columns += [
            Column("总分", TWO_PLACES),
            Column(VETO_SHEET, most=26),
            Column("评优资格", "@"),
            Column("评优名次", WHOLE),
            Column("备注", most=34),
        ]
        notes = [self._provisional(scores)] if scores.provisional else []
        first = 2 + len(notes)
        units = [*scores.ordered(), *scores.missing]
        rows = [self._ranking_row(scores, unit, first + place, first) for place, unit in enumerate(units)]
        vetoed = {record.unit.number for record in self.outcome.vetoes}
        colours = [
            style.PALE_GREY if unit in scores.missing else style.PALE_RED if unit.number in vetoed else ""
            for unit in units
        ]
        title = f"{self.scheme.title}{form.name}排名"
        return table(self.book, sheet, title, columns, rows, notes=notes, colours=colours)

    def _provisional(self, scores: Scores) -> str:
        counts = (
            (len(scores.missing), "未报送 {} 个单位"),
            (len(scores.to_correct), "待补正 {} 个单位"),
            (len(scores.open), "待核定 {} 项"),
        )
        return f"暂定：{'，'.join(text.format(count) for count, text in counts if count)}。"

    def _ranking_row(self, scores: Scores, unit: Unit, row: int, first: int) -> Sequence[Cell]:
        form, number = scores.form, unit.number
        records = [record for record in self.outcome.vetoes if record.unit == unit]
        veto = self._veto_text(records)
        blanks: list[Cell] = [None] * (len(form.sections) + 1)
        if unit in scores.missing:
            return [None, unit.name, *blanks, veto, None, None, MISSING]
        remarks = []
        if number in scores.to_correct:
            remarks.append(TO_CORRECT)
        waiting = sum(each.unit == unit for each in scores.open)
        if waiting:
            remarks.append(f"待核定 {waiting} 项")
        total_col = 2 + len(form.sections)
        total = int(scores.totals[number]) / CENT
        rank, merit_rank = int(scores.ranks[number]), scores.merit_ranks.get(number)
        values = [at(scores.sections, number, place) / CENT for place in range(len(form.sections))]
        cells: list[Cell]
        if self.live:
            last = first + len(scores.units) - 1
            totals = f"{cell_name(first, total_col, fixed=True)}:{cell_name(last, total_col, fixed=True)}"
            merit_col = total_col + 2
            merits = f"{cell_name(first, merit_col, fixed=True)}:{cell_name(last, merit_col, fixed=True)}"
            own_total = cell_name(row, total_col)
            sections = f"{cell_name(row, 2)}:{cell_name(row, total_col - 1)}"
            cells = [
                Formula(f"RANK({own_total},{totals})", rank),
                unit.name,
                *(Formula(self._section_formula(scores, unit, place), value) for place, value in enumerate(values)),
                Formula(form.total_formula(f"SUM({sections})"), total),
                veto,
                scores.merit[number],
                Formula(
                    f'IF({cell_name(row, merit_col)}="{CANCELLED}","",'
                    f'COUNTIFS({totals},">"&{own_total},{merits},"<>{CANCELLED}")+1)',
                    "" if merit_rank is None else merit_rank,
                ),
            ]
        else:
            cells = [rank, unit.name, *values, total, veto, scores.merit[number], merit_rank]
        return [*cells, "；".join(remarks)]

    def _section_formula(self, scores: Scores, unit: Unit, place: int) -> str:
        """The section's sum over the unit's rows of 得分明细, within its bounds and weighed (K6, K9)."""
        section = scores.form.sections[place]
        before = sum(len(each.items) for each in scores.form.sections[:place])
        first = self.detail_rows[unit.number] + before
        last = first + len(section.items) - 1
        sum_ = f"SUM({DETAIL_SHEET}!{cell_name(first, FINAL_COL)}:{cell_name(last, FINAL_COL)})"
        return section.formula(sum_)

    @staticmethod
    def _veto_text(records: Sequence[VetoRecord]) -> str:
        """是 with its circumstances; 五（二） stands under its own name."""
        by_effect: dict[str, list[str]] = {}
        for record in records:
            codes = by_effect.setdefault(record.veto.effect, [])
            if record.veto.title not in codes:
                codes.append(record.veto.title)
        return "；".join(
            f"{'是' if effect == VETO_SHEET else effect}（{'、'.join(titles)}）"
            for effect, titles in by_effect.items()
        )

    # ── lists ──

    def vetoes(self, sheet: Any) -> None:  # noqa: ANN401
        columns = [
            Column(UNIT),
            Column("情形", most=46),
            Column("来源", "@"),
            Column("发生日期"),
            Column("情况说明", most=50),
            Column("认定依据", most=40),
        ]
        rows = [
            (each.unit.name, each.veto.title, each.source, each.date, each.detail, each.basis)
            for each in self.outcome.vetoes
        ]
        notes = ["有其中任一情形的，取消年度评优资格（正文五（二）（三））；得分和名次保留。"]
        table(self.book, sheet, "一票否决及取消评优资格", columns, rows, notes=notes)

    def problems(self, sheet: Any) -> None:  # noqa: ANN401
        columns = [
            Column("级别", "@"),
            Column(UNIT),
            Column("文件", most=30),
            Column("工作表", most=16),
            Column("单元格", "@"),
            Column(CODE),
            Column(FACT, most=24),
            Column("问题", most=56),
            Column("处理办法", most=50),
        ]
        rows = [(p.level, *p.place, p.text, p.remedy) for p in self.outcome.problems]
        colours = [style.PALE_RED if p.level == problems.ERROR else "" for p in self.outcome.problems]
        errors, reminders = self.outcome.count(problems.ERROR), self.outcome.count(problems.REMINDER)
        notes = [f"错误 {errors} 条（必须处理），提醒 {reminders} 条（请核对）。"]
        table(self.book, sheet, "问题清单", columns, rows, notes=notes, colours=colours)

    def reporting(self, sheet: Any) -> None:  # noqa: ANN401
        columns = [
            Column("序号", WHOLE),
            Column(UNIT),
            Column("类别", "@"),
            Column("状态", "@"),
            Column("文件", most=40),
            Column("最后保存时间", TIME),
            Column("未填项数", WHOLE),
        ]
        rows, colours = [], []
        for unit in self.scheme.units:
            form, state = self.outcome.returns.forms.get(unit.number), self.outcome.state(unit)
            told: tuple[Cell, ...] = (None, None, None)
            if form:
                told = (form.file, local(form.saved), len(form.unfilled))
            rows.append((unit.number, unit.name, unit.form, state, *told))
            colours.append({MISSING: style.PALE_RED, TO_CORRECT: style.PALE_ORANGE}.get(state, ""))
        table(self.book, sheet, "报送情况", columns, rows, colours=colours, landscape=False)

    def files(self, sheet: Any) -> None:  # noqa: ANN401
        columns = [
            Column("文件", most=44),
            Column("大小", SIZE),
            Column("SHA-256", most=68),
            Column(UNIT),
            Column("处理结果", "@"),
            Column("原因", most=60),
        ]
        documents = self.outcome.returns.documents
        rows = [(d.file, d.size, d.sha256, d.unit, d.result, d.reason) for d in documents]
        colours = [style.PALE_RED if d.result == UNREADABLE else "" for d in documents]
        notes = ["收到的每个文件都列在这里，一个不漏；大小的单位是字节。"]
        table(self.book, sheet, "文件清单", columns, rows, notes=notes, freeze=1, colours=colours)

    def open_points(self, sheet: Any) -> None:  # noqa: ANN401
        columns = [Column(label, most=40) for label in RULING_COLUMNS]
        columns += [
            Column("缘由", most=50),
            Column("暂计分", TWO_PLACES),
            Column("最低可能", TWO_PLACES),
            Column("最高可能", TWO_PLACES),
        ]
        rows = [
            (
                each.unit.name,
                each.code,
                each.fact,
                None,
                f"按口径 {each.reading} 核定" if each.reading else "核定",
                each.why,
                each.score / CENT,
                each.low / CENT,
                each.high / CENT,
            )
            for scores in self.outcome.scores
            for each in scores.open
        ]
        notes = ["只有考核办才能决定的事项。填好“核定值”后，前五列可直接粘贴到登记表的“核定”工作表。"]
        table(self.book, sheet, "待核定", columns, rows, notes=notes)

    def notices(self, sheet: Any) -> None:  # noqa: ANN401
        columns = [Column(UNIT), Column("状态", "@"), Column("需办事项", most=50), Column("通知文本", most=90)]
        notes = ["“通知文本”可直接复制到短信、微信或邮件；待补正的，把“退回修改”文件夹里该单位的表作为附件发出。"]
        table(self.book, sheet, "催报", columns, notices(self.outcome), notes=notes)

    def readings(self, sheet: Any) -> None:  # noqa: ANN401
        columns = [Column("口径", "@"), Column("决定什么", most=34), Column("口径内容", most=90)]
        rows = [(reading.code, reading.decides, reading.text) for reading in self.scheme.readings]
        notes = [f"依据{self.scheme.document}及其附件；细则未规定或有歧义之处，按以下口径计分。"]
        table(self.book, sheet, "计分口径", columns, rows, notes=notes, landscape=False)

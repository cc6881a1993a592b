"""Writes 考核结果汇总.xlsx: the ranking, every score with its grounds, what is missing and what is wrong."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx import problems, style
from assess_xlsx.amounts import CENT
from assess_xlsx.documents import UNREADABLE
from assess_xlsx.layout import CODE, CONTENT, FACT, POINTS, RULING_COLUMNS, UNIT, VETO_SHEET, cell_name
from assess_xlsx.notices import notices
from assess_xlsx.outcome import MISSING, TO_CORRECT
from assess_xlsx.overview import overview
from assess_xlsx.scoring import CANCELLED, Scores
from assess_xlsx.style import Formula
from assess_xlsx.tables import POINTS as TWO_PLACES
from assess_xlsx.tables import SIZE, TIME, WHOLE, Column, sheets_of, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from assess_xlsx.filled import FilledForm
    from assess_xlsx.outcome import Outcome
    from assess_xlsx.scheme import Item, Unit
    from assess_xlsx.style import Cell
    from assess_xlsx.tables import Row

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


def write(outcome: Outcome, target: Path) -> None:
    """Writes the result workbook."""
    saved = max((form.saved for form in outcome.returns.forms.values()), default=dt.datetime.now(dt.UTC))
    with tempfile.TemporaryDirectory() as folder:
        book = style.Book(target, f"{outcome.scheme.title}结果汇总", saved, folder)
        _Report(outcome, book).write()
        book.close()


def local(time: dt.datetime) -> dt.datetime:
    """A time as a clock in the county shows it; spreadsheets know no time zones."""
    return time.astimezone(CHINA).replace(tzinfo=None)


class _Standing(NamedTuple):
    """A unit's rank, and its total and sections in cents."""

    rank: int
    total: int
    sections: Sequence[int]


class _Report:
    def __init__(self, outcome: Outcome, book: style.Book) -> None:
        self.outcome, self.book, self.scheme = outcome, book, outcome.scheme
        self.live = len(self.scheme.units) <= MOST_LIVE
        self.detail_rows: dict[int, int] = {}
        """The first row of each unit in 得分明细."""

    def write(self) -> None:
        scores = self.outcome.scores
        first = self.book.sheet("总览")
        rankings = [sheets_of(self.book, f"{each.form.name}排名", len(each.form.units)) for each in scores]
        details = sum(len(each.units) * len(each.form.items) for each in scores)
        self.details(sheets_of(self.book, DETAIL_SHEET, details))
        headers = {each.form.name: self.ranking(sheets, each) for each, sheets in zip(scores, rankings, strict=True)}
        self.vetoes()
        self.problems()
        self.reporting()
        self.files()
        self.open_points()
        self.notices()
        self.readings()
        overview(self.book, first, self.outcome, headers)
        first.activate()

    def _list(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        notes: Sequence[str] = (),
        colours: Iterable[str] = (),
        freeze: int = 2,
        landscape: bool = True,
    ) -> None:
        """A table on a sheet of its own."""
        shaded: Iterable[Row] = zip(colours, rows, strict=True) if colours else (("", row) for row in rows)
        sheets = sheets_of(self.book, name, len(rows))
        table(self.book, sheets, title, columns, shaded, notes=notes, freeze=freeze, landscape=landscape)

    # ── 得分明细 ──

    def details(self, sheets: Sequence[style.Sheet]) -> None:
        header = table(self.book, sheets, DETAIL_SHEET, DETAIL, self._details())
        for number in self.detail_rows:
            self.detail_rows[number] += header + 1

    def _details(self) -> Iterator[Row]:
        row = 0
        for scores in self.outcome.scores:
            computed, final = scores.computed.to_numpy(), scores.items.to_numpy()
            answers = _Answers(scores)
            for place, unit in enumerate(scores.units):
                self.detail_rows[unit.number] = row
                row += len(scores.form.items)
                amounts = zip(computed[place].tolist(), final[place].tolist(), strict=True)
                form = self.outcome.returns.forms[unit.number]
                own = dict(zip(answers.self_scored, form.self_scores, strict=True))
                for item, (now, points) in zip(scores.form.items, amounts, strict=True):
                    said, ruling = own.get(item.code), scores.ruled.get((unit.number, item.code))
                    yield (
                        "",
                        (
                            unit.name,
                            item.code,
                            item.content,
                            answers.worth[item.code],
                            answers.filled(item, form),
                            None if said is None else said / CENT,
                            answers.known(item, unit),
                            now / CENT,
                            None if ruling is None else ruling.value / CENT,
                            points / CENT,
                            scores.basis[item.code][place],
                        ),
                    )

    # ── 排名 ──

    def ranking(self, sheets: Sequence[style.Sheet], scores: Scores) -> int:
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
        vetoed = self.outcome.vetoed
        waiting = Counter(each.unit.number for each in scores.open)
        sums = zip(scores.ranks.tolist(), scores.totals.tolist(), scores.sections.to_numpy().tolist(), strict=True)
        standings = dict(zip(scores.facts.units, (_Standing(*each) for each in sums), strict=True))
        rows = (
            (
                style.PALE_RED if unit.number in vetoed else "",
                self._ranking_row(scores, unit, standings[unit.number], first + place, first, waiting[unit.number]),
            )
            for place, unit in enumerate(scores.ordered())
        )
        blanks: list[Cell] = [None] * (len(form.sections) + 1)
        missing = (
            (style.PALE_GREY, [None, unit.name, *blanks, self._veto_text(unit), None, None, MISSING])
            for unit in scores.missing
        )
        title = f"{self.scheme.title}{form.name}排名"
        return table(self.book, sheets, title, columns, chain(rows, missing), notes=notes)

    def _provisional(self, scores: Scores) -> str:
        counts = (
            (len(scores.missing), "未报送 {} 个单位"),
            (len(scores.to_correct), "待补正 {} 个单位"),
            (len(scores.open), "待核定 {} 项"),
        )
        return f"暂定：{'，'.join(text.format(count) for count, text in counts if count)}。"

    def _ranking_row(
        self, scores: Scores, unit: Unit, standing: _Standing, row: int, first: int, waiting: int
    ) -> Sequence[Cell]:
        form, number = scores.form, unit.number
        veto = self._veto_text(unit)
        remarks = [TO_CORRECT] if number in scores.to_correct else []
        if waiting:
            remarks.append(f"待核定 {waiting} 项")
        total_col = 2 + len(form.sections)
        rank, total, merit_rank = standing.rank, standing.total / CENT, scores.merit_ranks.get(number)
        values = [amount / CENT for amount in standing.sections]
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

    def _veto_text(self, unit: Unit) -> str:
        """是 with its circumstances; 五（二） stands under its own name."""
        by_effect: dict[str, list[str]] = {}
        for record in self.outcome.vetoed.get(unit.number, ()):
            codes = by_effect.setdefault(record.veto.effect, [])
            if record.veto.title not in codes:
                codes.append(record.veto.title)
        return "；".join(
            f"{'是' if effect == VETO_SHEET else effect}（{'、'.join(titles)}）"
            for effect, titles in by_effect.items()
        )

    # ── lists ──

    def vetoes(self) -> None:
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
        clauses = "、".join(dict.fromkeys(veto.clause for veto in self.scheme.vetoes))
        notes = [f"有其中任一情形的，取消年度评优资格（依据：{clauses}）；得分和名次保留。"] if clauses else []
        self._list(VETO_SHEET, "一票否决及取消评优资格", columns, rows, notes=notes)

    def problems(self) -> None:
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
        self._list("问题清单", "问题清单", columns, rows, notes=notes, colours=colours)

    def reporting(self) -> None:
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
        self._list("报送情况", "报送情况", columns, rows, colours=colours, landscape=False)

    def files(self) -> None:
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
        self._list("文件清单", "文件清单", columns, rows, notes=notes, freeze=1, colours=colours)

    def open_points(self) -> None:
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
                f"按口径 {each.reading} 核定" if each.reading else "按考核办掌握的情况核定",
                each.why,
                each.score / CENT,
                each.low / CENT,
                each.high / CENT,
            )
            for scores in self.outcome.scores
            for each in scores.open
        ]
        notes = ["只有考核办才能决定的事项。填好“核定值”后，前五列可直接粘贴到登记表的“核定”工作表。"]
        self._list("待核定", "待核定", columns, rows, notes=notes)

    def notices(self) -> None:
        columns = [Column(UNIT), Column("状态", "@"), Column("需办事项", most=50), Column("通知文本", most=90)]
        notes = ["“通知文本”可直接复制到短信、微信或邮件；待补正的，把“退回修改”文件夹里该单位的表作为附件发出。"]
        self._list("催报", "催报", columns, notices(self.outcome), notes=notes)

    def readings(self) -> None:
        columns = [Column("口径", "@"), Column("决定什么", most=34), Column("口径内容", most=90)]
        rows = [(reading.code, reading.decides, reading.text) for reading in self.scheme.readings]
        notes = [f"依据{self.scheme.document}及其附件；细则未规定或有歧义之处，按以下口径计分。"]
        self._list("计分口径", "计分口径", columns, rows, notes=notes, landscape=False)


class _Answers:
    """What the units of a form filled in and what the office knows of them, item by item, in words."""

    def __init__(self, scores: Scores) -> None:
        self.facts = scores.facts
        self.self_scored = [item.code for item in scores.form.self_scored]
        self.worth: dict[str, Cell] = {
            item.code: item.worth.high / CENT
            if item.worth.high and not item.worth.bonus
            else item.points_text or ("加分" if item.worth.bonus else "扣分")
            for item in scores.form.items
        }
        places = {fact.key: place for place, fact in enumerate(scores.form.facts)}
        self._span = {
            item.code: slice(places[item.facts[0].key], places[item.facts[-1].key] + 1) for item in scores.form.items
        }
        self._told: dict[tuple[str, tuple[int | None, ...]], str] = {}
        sources = ((self.facts.events, "平时考核"), (self.facts.office, "考核办填报"))
        self._sources = [(source, name) for source, name in sources if source]
        facts = scores.form.by_key
        self._known = {(unit, facts[key].code) for source, _ in self._sources for unit, key in source}

    def filled(self, item: Item, form: FilledForm) -> str:
        """填报数据: what the unit filled in; units that filled the same share the text."""
        values = form.values[self._span[item.code]]
        about = (item.code, values)
        if about not in self._told:
            told = (
                f"{fact.label} {fact.kind.show(value)}"
                for fact, value in zip(item.facts, values, strict=True)
                if value is not None
            )
            self._told[about] = "；".join(told)
        text = self._told[about]
        if not form.invalid:
            return text
        invalid = [f"{fact.label} 填写无效" for fact in item.facts if fact.key in form.invalid]
        return "；".join(filter(None, [text, *invalid]))

    def known(self, item: Item, unit: Unit) -> str:
        """平时考核: what the office recorded."""
        if (unit.number, item.code) not in self._known:
            return ""
        return "；".join(
            f"{fact.label} {fact.kind.show(source[unit.number, fact.key])}（{name}）"
            for fact in item.facts
            for source, name in self._sources
            if (unit.number, fact.key) in source
        )

"""Writes 考核结果汇总.xlsx: ranking, scores with their grounds, what is missing or wrong. It computes no score."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assess_xlsx import problems
from assess_xlsx.answers import UNFILLED
from assess_xlsx.assessment import MISSING, TO_CORRECT
from assess_xlsx.entries import CHINA
from assess_xlsx.excel import style
from assess_xlsx.excel.table import SIZE, TIME, WHOLE, Column, sheets_of, table
from assess_xlsx.excel.write import Book
from assess_xlsx.intake.document import UNREADABLE
from assess_xlsx.layout import (
    CODE,
    DIGEST,
    FACT,
    FILE,
    FILES_SHEET,
    FILLED_BY,
    LEVEL,
    NOTICE_SHEET,
    NOTICE_TEXT,
    ORIGIN,
    OUTCOME,
    OVERVIEW_SHEET,
    PHONE,
    PROBLEM,
    PROBLEM_SHEET,
    READINGS_SHEET,
    REMEDY,
    REPORTING_SHEET,
    SPOT_SHEET,
    STATE,
    UNIT,
    VETO_COLUMNS,
    VETO_SHEET,
    WHY,
)
from assess_xlsx.report import details, ranking
from assess_xlsx.report.changes import changes
from assess_xlsx.report.closing import closing
from assess_xlsx.report.notices import notices
from assess_xlsx.report.objections import objections
from assess_xlsx.report.overview import overview
from assess_xlsx.report.places import Places, Ranked, may_live
from assess_xlsx.report.posting import posting
from assess_xlsx.report.questions import questions
from assess_xlsx.report.spotchecks import spot_checks
from assess_xlsx.rounds.maker import Maker
from assess_xlsx.scheme.effects import CANCELLING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.excel.cells import Cell
    from assess_xlsx.excel.table import Row
    from assess_xlsx.rounds.changes import Changes


REMARKS_COL = VETO_COLUMNS.index("情况说明") + 1
"""Of 一票否决, behind its 来源: from there on nothing is printed."""
ASKED = (FILLED_BY, PHONE)
"""Whom of a unit to ask: on the screen only, never printed."""


def write(assessment: Assessment, target: Path, folder: Path | None = None, since: Changes | None = None) -> None:
    """Writes the result workbook; ``folder`` is where it will lie, if not where it is written.

    ``since``: what changed since an earlier one.
    """
    issued = dt.datetime.combine(assessment.scheme.issued, dt.time(), dt.UTC)
    saved = max((form.saved for form in assessment.returns.forms.values()), default=issued)
    lies = Path(os.path.abspath(folder or target.parent))  # noqa: PTH100 - as the files that were found
    with tempfile.TemporaryDirectory(dir=target.parent) as streams:
        book = Book(target, f"{assessment.scheme.title}结果汇总", saved, streams, assessment.standing)
        _Report(assessment, book, lies).write(since)
        book.close()


def local(time: dt.datetime) -> dt.datetime:
    """A time as a clock in the county shows it; spreadsheets know no time zones."""
    return time.astimezone(CHINA).replace(tzinfo=None)


class _Report:
    def __init__(self, assessment: Assessment, book: Book, folder: Path) -> None:
        self.assessment, self.book, self.scheme = assessment, book, assessment.scheme
        self.folder = folder

    def write(self, since: Changes | None) -> None:
        assessment, book = self.assessment, self.book
        first = book.sheet(OVERVIEW_SHEET)
        listed = details.place(assessment)
        live = may_live(assessment, listed.rows)
        ranked: dict[str, Ranked] = {}
        rankings = []
        for each in assessment.rankings:
            place = ranking.place(assessment, each, live=live)
            ranked |= dict.fromkeys((scores.form.name for scores in each.forms), place)
            rankings.append(sheets_of(book, place.table.sheet, place.table.rows))
        places = Places(listed, ranked, live, self.folder)
        details.details(book, assessment, places)
        for each, sheets in zip(assessment.rankings, rankings, strict=True):
            ranking.draw(book, sheets, assessment, each, places)
        self.vetoes()
        self.problems()
        self.reporting()
        self.files()
        questions(book, assessment)
        objections(book, assessment)
        self.notices()
        if since:
            changes(book, since)
        if not assessment.closing:
            self.spot_checks()
        posting(book, assessment)
        closing(book, assessment)
        self.readings()
        overview(book, first, assessment, places)
        first.activate()

    def _list(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        colours: Iterable[str] = (),
        **more: Any,  # noqa: ANN401 - as ``table`` takes it
    ) -> None:
        """A table on a sheet of its own."""
        shaded: Iterable[Row] = zip(colours, rows, strict=True) if colours else (("", row) for row in rows)
        sheets = sheets_of(self.book, name, len(rows))
        table(self.book, sheets, title, columns, shaded, **more)

    def vetoes(self) -> None:
        columns = [
            Column(UNIT),
            Column("情形", most=46),
            Column(ORIGIN, "@"),
            Column("发生日期"),
            Column("情况说明", most=50),
            Column("认定依据", most=40),
        ]
        rows = [
            (each.unit.name, each.veto.title, each.source, each.date, each.detail, each.basis)
            for each in self.assessment.vetoes
        ]
        clauses = "、".join(dict.fromkeys(veto.clause for veto in self.scheme.vetoes))
        notes = [f"有其中任一情形的，取消年度评优资格（依据：{clauses}）；得分和名次保留。"] if clauses else []
        if any(veto.effects != CANCELLING for veto in self.scheme.vetoes):
            notes = [
                f"{veto.title}：{'，'.join(effect.text for effect in veto.effects)}（依据：{veto.clause}）。"
                for veto in self.scheme.vetoes
            ]
        self._list(VETO_SHEET, "一票否决及取消评优资格", columns, rows, notes=notes, printed=REMARKS_COL)

    def problems(self) -> None:
        columns = [
            Column(LEVEL, "@"),
            Column(UNIT),
            Column(FILE, most=30),
            Column("工作表", most=16),
            Column("单元格", "@"),
            Column(CODE),
            Column(FACT, most=24),
            Column(PROBLEM, most=56),
            Column(REMEDY, most=50),
        ]
        rows = [
            (p.level, p.place.unit, p.place.source.name, *p.place[2:], p.text, p.remedy)
            for p in self.assessment.problems
        ]
        colours = [style.PALE_RED if p.level == problems.ERROR else "" for p in self.assessment.problems]
        errors, reminders = self.assessment.count(problems.ERROR), self.assessment.count(problems.REMINDER)
        notes = [f"错误 {errors} 条（必须处理），提醒 {reminders} 条（请核对）。"]
        self._list(PROBLEM_SHEET, PROBLEM_SHEET, columns, rows, notes=notes, colours=colours)

    def reporting(self) -> None:
        columns = [
            Column("序号", WHOLE),
            Column(UNIT),
            Column("类别", "@"),
            Column(STATE, "@"),
            Column(FILE, most=40),
            Column("最后保存时间", TIME),
            Column("未填项数", WHOLE),
            *(Column(label, most=24) for label in ASKED),
        ]
        rows, colours = [], []
        for unit in self.scheme.units:
            form, state = self.assessment.returns.forms.get(unit.number), self.assessment.state(unit)
            told: tuple[Cell, ...] = (None,) * (3 + len(ASKED))
            if form:
                unfilled = sum(UNFILLED in answer.notes for _, answer in form.noted)
                people = [form.contacts.get(label, "") for label in ASKED]
                told = (form.source.name, local(form.saved), unfilled, *people)
            rows.append((unit.number, unit.name, unit.form, state, *told))
            colours.append({MISSING: style.PALE_RED, TO_CORRECT: style.PALE_ORANGE}.get(state, ""))
        printed = len(columns) - len(ASKED)
        self._list(REPORTING_SHEET, REPORTING_SHEET, columns, rows, colours=colours, landscape=False, printed=printed)

    def files(self) -> None:
        columns = [
            Column(FILE, most=44),
            Column("大小", SIZE),
            Column(UNIT),
            Column(OUTCOME, "@"),
            Column(WHY, most=60),
            Column(DIGEST, most=68),
        ]
        documents = self.assessment.returns.documents
        rows = [
            (d.source.name, d.source.size, "、".join(d.units), d.result, d.reason, d.source.sha256) for d in documents
        ]
        colours = [style.PALE_RED if d.result == UNREADABLE else "" for d in documents]
        adopted, waiting = len(self.assessment.returns.forms), len(self.assessment.to_correct)
        notes = [
            "收到的每个文件都列在这里，一个不漏；大小的单位是字节。",
            f"采用的评分表共 {adopted} 份，一个单位一份：{adopted - waiting} 个单位已采用，{waiting} 个单位待补正。",
        ]
        printed = len(columns) - 1  # SHA-256 is for programs
        self._list(FILES_SHEET, FILES_SHEET, columns, rows, notes=notes, freeze=1, colours=colours, printed=printed)

    def notices(self) -> None:
        columns = [
            Column(UNIT),
            Column(STATE, "@"),
            Column("需办事项", most=40),
            Column(NOTICE_TEXT, most=80),
            *(Column(label, most=24) for label in ASKED),
        ]
        notes = ["“通知文本”可直接复制到短信、微信或邮件；待补正的，把“退回修改”文件夹里该单位的表作为附件发出。"]
        told, printed = notices(self.assessment), len(columns) - len(ASKED)
        self._list(NOTICE_SHEET, NOTICE_SHEET, columns, told, notes=notes, printed=printed)

    def spot_checks(self) -> None:
        found = spot_checks(self.assessment)
        if not found:
            return
        columns = [
            Column(UNIT),
            Column(CODE),
            Column("缘由", most=36),
            Column("数据", most=50),
            Column("对照", most=50),
        ]
        notes = [
            "只是建议到哪里看一看，不影响任何得分，也不说明填报有问题。",
            "“考核单位”空着的，说的是这个指标，不是哪一个单位；“指标编号”空着的，说的是整张评分表。",
        ]
        self._list(SPOT_SHEET, SPOT_SHEET, columns, found, notes=notes)

    def readings(self) -> None:
        columns = [Column("口径", "@"), Column("决定什么", most=34), Column("口径内容", most=90)]
        rows = [(reading.code, reading.decides, reading.text) for reading in self.scheme.readings]
        notes = [
            f"依据{self.scheme.document}及其附件；细则未规定或有歧义之处，按以下口径计分。",
            Maker.of(self.scheme).text(),
        ]
        self._list(READINGS_SHEET, READINGS_SHEET, columns, rows, notes=notes, landscape=False)

"""Rounds of a fictional scheme in which a unit's total is what a test wants, without files: scored, and drawn."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
from conftest import rows

from assess_xlsx.answers import Answer, FilledForm, Place, Register, Ruling, Source, VetoRow
from assess_xlsx.assessment import Assessment
from assess_xlsx.intake.adoption import Returns
from assess_xlsx.report import workbook
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.groups import Group
from assess_xlsx.scoring.score import find_vetoes, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assess_xlsx.answers import Absence
    from assess_xlsx.scheme.model import Scheme

Table = dict[str, Any]
SAVED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FORM = "部门"
BANDS = (("优秀", 90), ("良好", 80), ("合格", 60), ("不合格", 0))


def _section(number: int, title: str, label: str, **worth: int) -> Table:
    about = {"code": f"{number}.1.1", "method": "查资料", "content": title, "text": f"按{label}记分。"}
    item = {**about, **worth, "facts": [{"label": label, "kind": "百分比"}], "rule": {"kind": "ratio", "fact": label}}
    return {"title": title, **worth, "items": [item]}


def tree(units: int, **more: Any) -> Table:
    """A scheme of one form: 100 points by a percentage, and up to 10 of 加分 by another."""
    head = {"name": FORM, "annex": "附件1", "title": ["虚构考核"], "unit_label": "考核单位", "points": 100}
    sections = [_section(1, "一、工作", "完成率", points=100), _section(2, "二、加分", "创新率", adds=10)]
    return {
        "name": "虚构方案",
        "year": 2025,
        "title": "虚构考核",
        "county": "某市",
        "office": "考核办",
        "document": "虚考〔2025〕1号",
        "issued": dt.date(2025, 12, 1),
        "readings": [],
        "vetoes": [],
        "roster": [{"name": f"单位{number}", "form": FORM} for number in range(1, units + 1)],
        "forms": [head | {"criteria_label": "评分细则", "sections": sections}],
        **more,
    }


def grades(
    quotas: Mapping[str, object] = {}, bands: Sequence[tuple[str, float]] = BANDS, by: str = ""
) -> list[Table]:
    """Rows of 等次; ``by``: the scores that they go by."""
    found = [
        {"name": name, "at_least": least} | ({"quota": quotas[name]} if name in quotas else {})
        for name, least in bands
    ]
    return [found[0] | ({"fact": by} if by else {}), *found[1:]]


def scheme(units: int, **more: Any) -> Scheme:
    return build(tree(units, **more), "totals")


def assessed(
    scheme: Scheme,
    totals: Sequence[str | None],
    vetoes: Sequence[tuple[int, str]] = (),
    ruled: Mapping[int, str] = {},
    decided: Mapping[int, Absence] = {},
    undeclared: Sequence[int] = (),
) -> Assessment:
    """A round in which the units come to these totals; None is 未报送.

    ``vetoes`` are recorded, ``ruled`` tells 等次; ``undeclared`` left what they were to declare blank.
    """
    form = scheme.forms[0]
    names = [grade.name for grade in form.grades]
    register = Register(
        vetoes=tuple(VetoRow(unit, code, "", "", "", Place()) for unit, code in vetoes),
        rulings=tuple(
            Ruling(unit, "", "等次", names.index(name), "会议研究", Place()) for unit, name in ruled.items()
        ),
    )
    filled = {}
    for number, total in enumerate(totals, 1):
        if total is not None:
            points = Decimal(total)
            parts = [min(points, 100) * 100, max(Decimal(0), points - 100) * 1000]
            declared = [Answer(None if number in undeclared else 1, notes=("未填",) if number in undeclared else ())]
            answers = [*(Answer(int(part)) for part in parts), *declared * len(form.declarations)]
            nothing, blank = (None,) * len(form.items), ("",) * len(form.items)
            source = Source(f"{number}.xlsx")
            filled[number] = FilledForm(
                FORM, number, source, "评分表", SAVED, "", {}, "", tuple(answers), nothing, blank
            )
    found = find_vetoes(scheme, filled, register)
    scores = score(scheme, Group((form,)), filled, register, found, decided)
    problems = [problem for each in scores for problem in each.problems]
    return Assessment(scheme, Returns([], filled, register, [], dict(decided)), scores, found, problems)


def drawn(assessment: Assessment, path: Path) -> Path:
    """The result workbook of a round."""
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.write(assessment, path)
    return path


def ranking(path: Path) -> list[Table]:
    """The ranking of a result, row by row, as values."""
    return rows(openpyxl.load_workbook(path, data_only=True), f"{FORM}排名")

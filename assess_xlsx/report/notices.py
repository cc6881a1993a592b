"""催报: what each unit still has to do, and a text ready to be pasted into a message. It sends nothing."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.assessment import MISSING, TO_CORRECT
from assess_xlsx.layout import FILLED_BY, PHONE, FormLayout, form_file, unit_file

if TYPE_CHECKING:
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.scheme.model import Scheme, Unit


class Notice(NamedTuple):
    unit: str
    state: str
    todo: str
    text: str
    contact: str = ""
    """填报人."""
    phone: str = ""


def notices(assessment: Assessment) -> list[Notice]:
    """One for each unit that has to report or to correct something, in roster order; not where K27 has decided."""
    found = []
    for unit in assessment.scheme.units:
        state = assessment.state(unit)
        if state == MISSING and unit.number not in assessment.returns.decided:
            found.append(_missing(assessment, unit))
        elif state == TO_CORRECT:
            found.append(_to_correct(assessment, unit))
    return found


def _missing(assessment: Assessment, unit: Unit) -> Notice:
    scheme = assessment.scheme
    file = form_file(scheme.form(unit.form))
    rejected = assessment.sent.get(unit.name, [])
    reasons = "".join(f"收到的“{_own(d.source.name)}”没有采用：{d.reason}" for d in rejected)
    todo = "报送评分表" + (f"（已收到的 {len(rejected)} 个文件不能采用）" if rejected else "")
    text = (
        f"{unit.name}：{scheme.title}评分表，贵单位尚未报送。{reasons}"
        f"请填写《{file}》，打印“签章页”签字盖章后，{until(scheme)}将电子表发回{_whom(scheme)}"
    )
    return Notice(unit.name, MISSING, todo, text)


def _to_correct(assessment: Assessment, unit: Unit) -> Notice:
    scheme, faults = assessment.scheme, assessment.faults(unit)
    form, returned = assessment.returns.forms[unit.number], FormLayout.of(scheme.form(unit.form))
    todo = "；".join(f"{p.place.code} {p.place.fact}".strip() or p.text for p in faults)
    listed = ""
    for number, problem in enumerate(faults, 1):
        fact = returned.form.by_key.get(f"{problem.place.code} {problem.place.fact}")
        where = f"{problem.place.code}（单元格 {returned.value_cell(fact)}）：" if fact else ""
        listed += f"（{number}）{where}{problem.text}"
    text = (
        f"{unit.name}：贵单位报送的{scheme.title}评分表（{_own(form.source.name)}）有 {len(faults)} 处需要补正："
        f"{listed}"
        f"请在附件《{unit_file(unit)}》的红底单元格改正，{until(scheme)}发回，其余内容已填好{_whom(scheme)}"
    )
    people = [form.contacts.get(label, "") for label in (FILLED_BY, PHONE)]
    return Notice(unit.name, TO_CORRECT, f"补正 {len(faults)} 处：{todo}", text, *people)


def _own(file: str) -> str:
    """A file's name as its unit knows it: the folder is the office's."""
    return PurePosixPath(file).name


def until(scheme: Scheme) -> str:
    """By when, where the scheme says it."""
    day = scheme.round.deadline
    return f"{day.month}月{day.day}日前" if day else "尽快"


def _whom(scheme: Scheme) -> str:
    """Whom to ask, and who says so."""
    ways = scheme.round.ways("联系电话")
    return f"。{ways}{'。' if ways else ''}——{scheme.office}"

"""催报: what each unit still has to do, and a text ready to be pasted into a message. It sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.assessment import MISSING, TO_CORRECT
from assess_xlsx.layout import CONTACTS, RETURNED_FOLDER, form_file, unit_file

if TYPE_CHECKING:
    from assess_xlsx.assessment import Assessment
    from assess_xlsx.scheme.model import Unit


class Notice(NamedTuple):
    unit: str
    state: str
    todo: str
    text: str
    contact: str = ""
    """填报人."""
    phone: str = ""


def notices(assessment: Assessment) -> list[Notice]:
    """One for each unit that is missing or has to correct something, in roster order."""
    found = []
    for unit in assessment.scheme.units:
        state = assessment.state(unit)
        if state == MISSING:
            found.append(_missing(assessment, unit))
        elif state == TO_CORRECT:
            found.append(_to_correct(assessment, unit))
    return found


def _missing(assessment: Assessment, unit: Unit) -> Notice:
    scheme = assessment.scheme
    file = form_file(scheme.form(unit.form))
    rejected = assessment.sent.get(unit.name, [])
    reasons = "".join(f"收到的“{d.source.name}”没有采用：{d.reason}" for d in rejected)
    todo = "报送评分表" + (f"（已收到的 {len(rejected)} 个文件不能采用）" if rejected else "")
    text = (
        f"{unit.name}：{scheme.title}评分表，贵单位尚未报送。{reasons}"
        f"请填写《{file}》，打印“签章页”签字盖章后，尽快将电子表发回。——{scheme.office}"
    )
    return Notice(unit.name, MISSING, todo, text)


def _to_correct(assessment: Assessment, unit: Unit) -> Notice:
    scheme, faults = assessment.scheme, assessment.faults(unit)
    todo = "；".join(f"{p.place.code} {p.place.fact}" for p in faults)
    listed = "".join(f"（{number}）{p.place.code}：{p.text}" for number, p in enumerate(faults, 1))
    text = (
        f"{unit.name}：贵单位报送的{scheme.title}评分表有 {len(faults)} 处需要补正：{listed}"
        f"请在附件《{unit_file(unit)}》（见“{RETURNED_FOLDER}”）的红底单元格改正后发回，其余内容已填好。——{scheme.office}"
    )
    people = [assessment.returns.forms[unit.number].contacts.get(label, "") for label in CONTACTS[:2]]
    return Notice(unit.name, TO_CORRECT, f"补正 {len(faults)} 处：{todo}", text, *people)

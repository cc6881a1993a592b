"""The four occasions on which the office writes: what each unit is told, and which file goes with it. It writes none.

What a letter says comes from the scheme and from the result; it names no unit but its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from assess_xlsx.assessment import MISSING
from assess_xlsx.intake.document import ADOPTED
from assess_xlsx.layout import (
    FEEDBACK_FOLDER,
    FILE,
    LEVEL,
    NOTICE_SHEET,
    NOTICE_TEXT,
    OUTCOME,
    PROBLEM,
    PROBLEM_SHEET,
    RANK,
    RETURNED_FOLDER,
    STATE,
    UNIT,
    WHOLE_SCORE,
    ranking_sheet,
)
from assess_xlsx.post import enclosed
from assess_xlsx.post.letter import Letter
from assess_xlsx.problems import ERROR
from assess_xlsx.report.notices import until
from assess_xlsx.rounds.current import feedback_folder
from assess_xlsx.rounds.result import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from assess_xlsx.post.address_book import AddressBook, Contact
    from assess_xlsx.post.letter import Attachment
    from assess_xlsx.rounds.result import Result
    from assess_xlsx.scheme.model import Scheme, Unit

ISSUE, URGE, RETURN, FEEDBACK = "发表", NOTICE_SHEET, "退回", FEEDBACK_FOLDER
OCCASIONS = (ISSUE, URGE, RETURN, FEEDBACK)
_POINT = re.compile(r"（(\d+)）")


class Told(NamedTuple):
    """What one unit is told."""

    matter: str
    """What the subject says."""
    paragraphs: tuple[str, ...]
    attachment: Attachment


class Post(Struct):
    """The letters of one occasion, and who gets none."""

    letters: dict[int, Letter] = field(default_factory=dict)
    """By 序号."""
    omitted: list[str] = field(default_factory=list)
    """Whose letter could not be made, a sentence each: something is not as it should be."""
    unknown: list[Unit] = field(default_factory=list)
    """Units that have no address, or a doubtful one."""


def write(scheme: Scheme, book: AddressBook, units: Iterable[Unit], tell: Callable[[Unit], Told]) -> Post:
    """The letters to the units, in roster order; raises Stale where what goes with one is of an earlier result."""
    post = Post()
    for unit in units:
        contact = book.contacts.get(unit.number)
        if contact is None:
            post.unknown.append(unit)
            continue
        try:
            told = tell(unit)
            if other := named_in("".join(told.paragraphs), unit, scheme):
                raise enclosed.NotFitting(f"信里会提到“{other}”，请另外写信")  # noqa: TRY301
        except enclosed.NotFitting as why:
            post.omitted.append(f"{unit.name}：{why}。")
        else:
            post.letters[unit.number] = _letter(scheme, contact, told)
    return post


def named_in(text: str, unit: Unit, scheme: Scheme) -> str:
    """Another unit that a text to a unit names, by name; empty where it names none."""
    own = f"{unit.name} {scheme.title} {scheme.office}"
    return next((each.name for each in scheme.units if each.name in text and each.name not in own), "")


def _letter(scheme: Scheme, contact: Contact, told: Told) -> Letter:
    unit = contact.unit.name
    subject = f"{scheme.title}：{told.matter}（{unit}）"
    return Letter(
        unit, contact.to, contact.cc, subject, (f"{unit}：", *told.paragraphs, scheme.office), told.attachment
    )


# ── 发表 ──


class Issue:
    """发表: the blank form goes to every unit."""

    def __init__(self, scheme: Scheme, forms: enclosed.BlankForms) -> None:
        self.scheme, self._forms = scheme, forms
        self.units = scheme.units

    def tell(self, unit: Unit) -> Told:
        """What a unit is told; raises NotFitting."""
        form = self._forms.of(unit)
        return Told("请填报评分表", (_blank(form.name, self.scheme), *_contact(self.scheme)), form)


def _blank(name: str, scheme: Scheme) -> str:
    return (
        f"{scheme.title}评分表见附件《{name}》，单位名称已经填好，填法见其中的“填报说明”。"
        f"请填写后打印“签章页”签字盖章，{until(scheme)}将填好的电子表作为附件回复到本邮箱"
        "（请直接发 Excel 文件，不要发图片或链接）。"
    )


def _contact(scheme: Scheme) -> Iterator[str]:
    if ways := scheme.round.ways("联系电话"):
        yield f"有疑问的，请联系我们。{ways}。"


# ── 催报, 退回 ──


class _Reported:
    """What a result says of the forms that came back."""

    def __init__(self, scheme: Scheme, result: Result) -> None:
        self.scheme, self._returned = scheme, result.path.parent / RETURNED_FOLDER
        found = tables(result.data, {NOTICE_SHEET: (UNIT, STATE, NOTICE_TEXT), PROBLEM_SHEET: (UNIT, LEVEL, PROBLEM)})
        notices = found.get(NOTICE_SHEET)
        self.notices = {line.text(UNIT): line for line in notices or ()}
        adopted = {
            (unit, line.text(FILE))
            for line in result.files
            if line.text(OUTCOME) == ADOPTED
            for unit in line.text(UNIT).split("、")
        }
        self.faults: dict[str, list[str]] = {}
        for line in found.get(PROBLEM_SHEET) or ():
            if line.text(LEVEL) == ERROR and (line.text(UNIT), line.text(FILE)) in adopted:
                self.faults.setdefault(line.text(UNIT), []).append(line.text(PROBLEM))

    def returned(self, unit: Unit) -> tuple[Attachment, list[enclosed.Fault]]:
        """A unit's file in 退回修改; raises NotFitting."""
        return enclosed.returned(self._returned, unit, self.scheme, self.faults.get(unit.name, []))


class Urge(_Reported):
    """催报: everyone who has something left to do gets the 通知文本 of the result."""

    def __init__(self, scheme: Scheme, result: Result, forms: enclosed.BlankForms) -> None:
        super().__init__(scheme, result)
        self._forms = forms
        self.units = [unit for unit in scheme.units if unit.name in self.notices]

    def tell(self, unit: Unit) -> Told:
        """What a unit is told; raises NotFitting."""
        line = self.notices[unit.name]
        text = line.text(NOTICE_TEXT).removeprefix(f"{unit.name}：").removesuffix(f"——{self.scheme.office}")
        if line.text(STATE) == MISSING:
            form = self._forms.of(unit)
            if named_in(text, unit, self.scheme):  # a file that several units' forms stand in, say
                text = f"{self.scheme.title}评分表，收到的文件不能采用。请填写后{until(self.scheme)}将电子表发回。"
            return Told("请尽快报送评分表", (text, f"空白的评分表见附件《{form.name}》，单位名称已经填好。"), form)
        form, _ = self.returned(unit)
        return Told("请补正评分表", (_in_lines(text),), form)


def _in_lines(text: str) -> str:
    """The points of a text, （1）（2）…, each on a line of its own."""
    places: list[int] = []
    for found in _POINT.finditer(text):
        if found[1] == str(len(places) + 1):
            places.append(found.start())
    return "\n".join(text[first:last] for first, last in zip([0, *places], [*places, None], strict=True))


class Return(_Reported):
    """退回: the forms with mistakes go back, each with what is to be mended."""

    def __init__(self, scheme: Scheme, result: Result) -> None:
        super().__init__(scheme, result)
        self.units = [unit for unit in scheme.units if unit.name in self.faults]

    def tell(self, unit: Unit) -> Told:
        """What a unit is told; raises NotFitting."""
        form, faults = self.returned(unit)
        listed = "\n".join(f"（{number}）{fault.told()}" for number, fault in enumerate(faults, 1))
        paragraphs = (
            f"贵单位报送的{self.scheme.title}评分表有 {len(faults)} 处需要修改：\n{listed}",
            f"请在附件《{form.name}》的红底单元格改正，其余内容已经填好；"
            f"{until(self.scheme)}将改好的电子表作为附件回复到本邮箱。",
            *_contact(self.scheme),
        )
        return Told("请修改评分表", paragraphs, form)


# ── 反馈 ──


class Feedback:
    """反馈: each unit that reported gets its own result."""

    def __init__(self, scheme: Scheme, result: Result) -> None:
        self.scheme, self._result, self._folder = scheme, result, feedback_folder(result)
        scored = {line.text(UNIT) for line in result.details}
        self.units = [unit for unit in scheme.units if unit.name in scored]

    def tell(self, unit: Unit) -> Told:
        """What a unit is told; raises NotFitting."""
        file = enclosed.feedback(self._folder, unit, self.scheme, self._result)
        name = self.scheme.form(unit.form).ranking
        table = self._result.rankings[name]
        line = table.first(unit.name)
        if line is None:
            raise enclosed.NotFitting(f"“{ranking_sheet(name)}”里没有它")
        closing, total = self._result.closing, line.value(WHOLE_SCORE)
        mark = "" if closing else "（暂定）"
        standing = f"结果已经定稿，校验码 {closing.code}" if closing else "这是暂定结果，定稿前得分和名次还可能变动"
        score = f"总分 {total:.2f} 分" if isinstance(total, float | int) else ""
        rank = f"名次第 {line.text(RANK)} 名{mark}" if line.text(RANK) else ""
        told = "，".join(filter(None, (score, rank)))
        days = self.scheme.round.objection_days
        object_by = f"自公示之日起 {days} 日内" if days else ""
        ways = f"。{ways}" if (ways := self.scheme.round.ways("联系电话")) else ""
        paragraphs = (
            f"{self.scheme.title}结果反馈{mark}见附件《{file.name}》：每项得了几分、为什么，都写在里面。{standing}。",
            f"贵单位{told}。" if told else "",
            f"有异议的，请{object_by}以书面形式提出，写明指标编号、理由并附依据{ways}。",
        )
        return Told(f"结果反馈{mark}", tuple(filter(None, paragraphs)), file)

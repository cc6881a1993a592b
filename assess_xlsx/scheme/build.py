"""Builds the scheme's model from a tree; a wrong one is refused with all its mistakes. It opens no file."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assess_xlsx.amounts import CENT, plain
from assess_xlsx.entries import YEARS, fold
from assess_xlsx.scheme import build_roster as roster_build
from assess_xlsx.scheme import build_vetoes
from assess_xlsx.scheme.adjustments import Mark
from assess_xlsx.scheme.answer_kinds import Percent, YesNo
from assess_xlsx.scheme.build_adjustments import AdjustmentBuilder
from assess_xlsx.scheme.build_grades import GradeBuilder
from assess_xlsx.scheme.build_groups import GroupBuilder
from assess_xlsx.scheme.build_items import MOST_FACTS, MOST_FORMULA, SectionBuilder
from assess_xlsx.scheme.build_roster import MOST_NAME, file_name
from assess_xlsx.scheme.facts import Fact
from assess_xlsx.scheme.model import Form, Reading, Round, Scheme
from assess_xlsx.scheme.rules.applying import LEFT_OUT
from assess_xlsx.scheme.summing import Summing
from assess_xlsx.scheme.tree import Fault, Faults, Located, Node, SchemeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assess_xlsx.scheme.model import Unit

MOST_DAYS = 365
"""异议期限 at most: a round is a year's."""
FEWEST_DIGITS, MOST_LINE = 3, 60
"""Of a telephone number; letters of it or of an address."""
LABELS = frozenset(
    ("考核项目", "考核方式", "考核内容", "分值", "记分", "指标编号", "填报项", "填报值", "填法", "佐证说明", "校验")
)
"""What the form itself calls its columns."""


def build(data: object, name: str) -> Scheme:
    """The scheme in a tree of tables and lists; ``name`` says in messages where it came from."""
    faults = Faults(data.faults if isinstance(data, Located) else ())
    scheme = faults.attempt(_scheme, data, name, faults)
    if scheme is None or faults.found:
        raise SchemeError(*_once(faults.found))
    return scheme


def _once(found: Iterable[Fault]) -> Iterable[Fault]:
    """A mistake in a row that several forms share is one."""
    return {(fault.cell or fault.place, fault.reason): fault for fault in found}.values()


def _scheme(data: object, name: str, faults: Faults) -> Scheme:
    root = Node(data, name)
    readings = faults.each(_nodes(faults, root, "readings", "口径"), _reading)
    circumstances = _nodes(faults, root, "vetoes", "情形")
    vetoes = faults.each(circumstances, build_vetoes.veto)
    _unique(faults, _nodes(Faults(), root, "readings", "口径"), "code", "口径编号")
    _unique(faults, _nodes(Faults(), root, "vetoes", "情形"), "code", "情形编号")
    declarations = tuple(Fact(veto.code, veto.text, YesNo()) for veto in vetoes if veto.declared)
    form_nodes = _nodes(faults, root, "forms", "评分表")
    names = _unique(faults, form_nodes, "name", "评分表名称")
    _own_files(faults, form_nodes)
    units = _some(faults, root, "roster", "花名册中的考核单位")
    _unique(faults, units, "name", "花名册中的考核单位")
    roster = roster_build.build(faults, units, names, Faults().attempt(root.text, "county") or "")
    codes = frozenset(_said(_nodes(Faults(), root, "readings", ""), "code"))
    fields = Counter(_said(_nodes(Faults(), root, "roster", ""), "form"))
    groups = GroupBuilder(faults, form_nodes, fields)
    rows = _nodes(faults, root, "grades", "等次") if root.has("grades") else []
    grades = GradeBuilder(faults, rows, names | groups.names, [veto.code for veto in vetoes])
    lines = _nodes(faults, root, "adjustments", "总分调整") if root.has("adjustments") else []
    adjust = AdjustmentBuilder(faults, lines, names | groups.names)
    adjust.strangers()
    forms = faults.each(
        form_nodes, lambda node: _form(faults, node, roster, fields, groups, declarations, codes, adjust, grades)
    )
    if len(forms) == len(form_nodes):
        groups.check(forms)
    if len(vetoes) == len(circumstances) and len(forms) == len(form_nodes) and grades.whole:
        build_vetoes.check(faults, circumstances, forms)
    texts = [faults.attempt(root.text, key) for key in ("name", "title", "county", "office", "document")]
    year, issued = faults.attempt(_year, root), faults.attempt(_day, root, "issued")
    said = _round(faults, root)
    root.done()
    if None in texts or year is None or issued is None:
        raise SchemeError
    name, title, county, office, document = (text or "" for text in texts)
    return Scheme(name, year, title, county, office, document, issued, forms, vetoes, readings, said)


def _year(root: Node) -> int:
    year = root.whole("year")
    if year not in YEARS:
        raise root.error(f"{root.word('year')}应在 {YEARS[0]} 到 {YEARS[-1]} 之间", "year")
    return year


def _day(root: Node, key: str) -> dt.date:
    day = root.either(key)
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime) or day.year not in YEARS:
        raise root.error(f"{root.word(key)}应是 {YEARS[0]} 到 {YEARS[-1]} 年间的日期，现为“{day}”", key)
    return day


def _round(faults: Faults, root: Node) -> Round:
    """What is said of the round; a field that is blank is not said."""

    def said(key: str) -> bool:
        return root.has(key) and root.either(key) != ""

    with faults.trap():
        deadline = faults.attempt(_day, root, "deadline") if said("deadline") else None
        phone = faults.attempt(_phone, root) if said("phone") else ""
        email = faults.attempt(_email, root) if said("email") else ""
        objections = faults.attempt(_days, root) if said("objection_days") else None
        return Round(deadline, phone or "", email or "", objections)
    return Round()  # refused, and told


def _days(root: Node) -> int:
    key = "objection_days"
    count = root.whole(key)
    if count < 1:
        raise root.error(f"{root.word(key)}应是不小于 1 的整数（天），现为“{count}”", key)
    if count > MOST_DAYS:
        raise root.error(f"{root.word(key)}超过 {MOST_DAYS} 天，现为“{count}”", key)
    return count


def _phone(root: Node) -> str:
    phone = root.text("phone", "")
    if sum(letter.isdigit() for letter in phone) < FEWEST_DIGITS or len(phone) > MOST_LINE or "\n" in phone:
        raise root.error(f"{root.word('phone')}应是一行电话号码，如“0393-2211000”，现为“{phone}”", "phone")
    return phone


def _email(root: Node) -> str:
    email = fold(root.text("email", ""))
    if not re.fullmatch(r"[^@,;，；、<>]+@[^@,;，；、<>]+\.[^@,;，；、<>]+", email) or len(email) > MOST_LINE:
        raise root.error(f"{root.word('email')}应是一个（且只写一个）邮箱地址，现为“{email}”", "email")
    return email


def _own_files(faults: Faults, nodes: Iterable[Node]) -> None:
    """Each form has a file of its own: 附件 and name together."""
    seen: set[str] = set()
    quiet = Faults()
    for node in nodes:
        annex, name = quiet.attempt(node.text, "annex"), quiet.attempt(node.text, "name")
        if f"{annex}_{name}" in seen and annex and name:
            faults.found.append(node.fault(f"“{annex}_{name}”与另一张评分表的文件名相同", "annex"))
        seen.add(f"{annex}_{name}")


def _nodes(faults: Faults, node: Node, key: str, what: str) -> list[Node]:
    return faults.attempt(node.nodes, key, what) or []


def _some(faults: Faults, node: Node, key: str, what: str) -> list[Node]:
    """The tables of a list that must not be empty."""
    with faults.trap():
        if found := node.nodes(key, what):
            return found
        raise node.error(f"没有{what}", key)
    return []


def _said(nodes: Iterable[Node], key: str) -> list[str]:
    """The texts under a key, where it holds one: for looking through the tables, wrong ones among them."""
    quiet = Faults()
    return [text for text in (quiet.attempt(node.text, key) for node in nodes) if text is not None]


def _unique(faults: Faults, nodes: Iterable[Node], key: str, what: str) -> frozenset[str]:
    """All that stands under a key; what stands there twice is told. Excel takes ``A`` and ``Ａ`` for the same."""
    seen: dict[str, str] = {}
    quiet = Faults()
    for node in nodes:
        text = quiet.attempt(node.text, key)
        if text is None:
            continue
        if fold(text).casefold() in seen:
            faults.found.append(node.fault(f"{what}“{text}”重复", key))
        seen.setdefault(fold(text).casefold(), text)
    return frozenset(seen.values())


def _label(node: Node, key: str) -> str:
    """A label of the form, which the reader finds again."""
    label = node.text(key)
    if set(label) & set(':："\n') or len(label) > MOST_NAME or fold(label) in LABELS:
        raise node.error(
            f"{node.word(key)}最多 {MOST_NAME} 个字，没有冒号和半角双引号，也不同于表上别的栏名，现为“{label}”", key
        )
    return label


def _reading(node: Node) -> Reading:
    reading = Reading(node.text("code"), node.text("decides"), node.text("text"))
    node.done()
    return reading


def _total_length(form: Form) -> int:
    """Characters of the formula that sums a form up, at most."""
    cell, column = "$I$1000", "$I$1000:$I$1000"
    cells = ((section, [cell] * len(section.items)) for section in form.sections)
    scores = [section.formula(f"SUM({column})", section.left_out(own), summed=True) for section, own in cells]
    applies = [f'COUNTIF({column},"{LEFT_OUT}")<{MOST_FACTS}'] * len(scores)
    conditions = [each.when for each in form.adjustments]
    held = [each.formula(cell) if isinstance(each, Mark) else each.formula(lambda _: cell) for each in conditions]
    return len(Summing(form).formula(scores, applies, held, any_program=True))


def _form(
    faults: Faults,
    node: Node,
    roster: dict[str, tuple[Unit, ...]],
    fields: Mapping[str, int],
    groups: GroupBuilder,
    declarations: tuple[Fact, ...],
    readings: frozenset[str],
    adjust: AdjustmentBuilder,
    grades: GradeBuilder,
) -> Form:
    told = len(faults.found)
    nodes = _some(faults, node, "sections", "考核项目")
    name = faults.attempt(file_name, node, "name")
    units = roster.get(name or "")
    field, shared = max(1, fields[name or ""]), groups.shared(name or "")
    builder = SectionBuilder(faults, readings, field, declarations, nodes, adjust.looked_at, shared)
    sections = faults.each(nodes, builder.section)
    if name is None:
        raise SchemeError
    if units is None:
        raise node.error(f"花名册中没有“{name}”的考核对象", "name")
    points = node.points("points")
    form = Form(
        name,
        file_name(node, "annex"),
        node.texts("title"),
        _label(node, "unit_label"),
        _label(node, "criteria_label"),
        points,
        node.points("cap") if node.has("cap") else None,
        sections,
        declarations,
        units,
        group=groups.group(name),
    )
    if node.has("group"):
        node.text("group")
    node.done()
    shares = [share for share in builder.shares if share is not None]
    total = sum(shares)
    if len(shares) == len(nodes) and total != points * Percent.whole:
        weighed = "乘以权重" if any(each.has("weight") for each in nodes) else ""
        raise node.error(
            f"各考核项目分值{weighed}合计 {plain(total, CENT * Percent.whole)}，应为 {plain(points)}",
            "points",
            "请改正各考核项目的分值、权重，或这里的总分，使两者相等",
        )
    if form.cap is not None and form.cap < points:
        raise node.error(f"{node.word('cap')} {plain(form.cap)} 小于满分 {plain(points)}", "cap")
    whole = not faults.found  # what stands elsewhere and was refused may be what one of these looks at
    form = replace(form, adjustments=adjust.of(form, whole=whole))
    if _total_length(form) > MOST_FORMULA:
        label = node.word("not_applicable")
        remedy = f"请清空总是适用的指标的{label}，或改用满分、平均分、零分"
        raise node.error("可以不适用而折算的指标太多，自评合计的公式放不下", "sections", remedy)
    given, by = grades.of(form, builder.worth_of, whole=whole and not faults.found)
    form = replace(form, grades=given, graded_by=by)
    if len(faults.found) > told:
        raise SchemeError
    return form

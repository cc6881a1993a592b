"""``scheme``: a scheme drafted from a notice, written as a workbook, checked; each command loads what it needs."""

from __future__ import annotations

import os
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import click

from assess_xlsx.commands import PATH, delivering, help_option, load_scheme, right_scheme, scheme_option, with_scheme
from assess_xlsx.console import FILE, program, say, typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assess_xlsx.scheme.groups import Group
    from assess_xlsx.scheme.model import Form


@click.group()
@help_option
def scheme() -> None:
    """换考核方案：从通知起草或者导出成工作簿，用 Excel 修改，改好了检查。

    \b
    有正式通知的，从它起草：
        assess-xlsx scheme draft 考核通知.docx -o 2026年度考核方案.xlsx
    与现用的方案差不多的，先导出；都用 Excel 或 WPS 照里面的“说明”表修改：
        assess-xlsx scheme export 2026年度考核方案.xlsx
    再检查，改到没有错误：
        assess-xlsx scheme check 2026年度考核方案.xlsx
    以后每条命令都加上它：
        assess-xlsx templates --scheme 2026年度考核方案.xlsx
    """


@scheme.command()
@click.argument("file", metavar="文件", type=PATH)
@scheme_option
def export(file: Path, scheme_file: Path | None) -> None:
    """把现用的考核方案写成一个新的工作簿，用 Excel 或 WPS 修改；怎样改见其中的“说明”表。

    \b
    例：assess-xlsx scheme export 2026年度考核方案.xlsx
    """
    from assess_xlsx.scheme import file as schemes
    from assess_xlsx.scheme.book import writer

    _new_book(file)
    load_scheme(scheme_file)
    with delivering(file.parent) as delivery:
        delivery.add(file.name, partial(writer.write, tree=schemes.tree(scheme_file)))
        delivery.put()
    say(f"已导出 {file}")
    say(f"下一步：用 Excel 或 WPS 照“说明”表修改，保存后运行 {program()} scheme check {typed(file)}")


@scheme.command()
@click.argument("notice", metavar="通知", type=PATH)
@click.option("-o", "--output", "file", type=PATH, metavar=FILE, help="草稿写成哪个工作簿（.xlsx）；一定要写。")
@help_option
def draft(notice: Path, file: Path | None) -> None:
    """从正式通知（.docx 或 .xlsx）起草考核方案：读它的表格，写成考核方案的工作簿。

    有把握的直接写好；没有把握的、规则还说不了的，那一行涂上颜色，在“待确认”一栏写明原因，由人核对。

    \b
    例：assess-xlsx scheme draft 考核通知.docx -o 2026年度考核方案.xlsx
    """
    from assess_xlsx.draft import scheme as drafts
    from assess_xlsx.draft import source
    from assess_xlsx.draft.notice import Refused
    from assess_xlsx.scheme.book import writer

    if file is None:
        raise click.UsageError("没有写草稿写成哪个文件，请加 -o 文件名，如 -o 2026年度考核方案.xlsx。")
    _new_book(file)
    try:
        made = drafts.draft(source.read(notice))
    except Refused as refused:
        raise click.ClickException(f"{refused}没有写任何文件。") from None
    with delivering(file.parent) as delivery:
        delivery.add(file.name, partial(writer.write, tree=made.tree))
        delivery.put()
    say(f"已写出草稿 {file}")
    units = len(made.tree["roster"])
    for form in made.tree["forms"]:
        items = [item for section in form["sections"] for item in section["items"]]
        marked = sum("open" in item for item in items)
        say(f"{form['name']}：{len(form['sections'])} 个考核项目，{len(items)} 个指标，其中 {marked} 个待确认。")
    say(f"共 {made.marked + made.others} 处待确认：指标 {made.marked} 个，其他 {made.others} 处；花名册 {units} 行。")
    say(
        f"下一步：用 Excel 或 WPS 打开，对照通知逐处核对涂了颜色的行，改好后清空“待确认”那一格，"
        f"再运行 {program()} scheme check {typed(file)}"
    )


def _new_book(file: Path) -> None:
    """Refuses to write a workbook that is called otherwise, or over something that a person may have written."""
    if file.suffix.lower() != ".xlsx":
        raise click.ClickException(f"只能写成 .xlsx 工作簿，“{file}”请改为以 .xlsx 结尾。")
    if os.path.lexists(file):
        raise click.ClickException(f"“{file}”已经存在，为免盖掉改过的方案，没有写。请换一个文件名，或先把它移走。")


@scheme.command("check")
@click.argument("file", metavar="文件", type=PATH)
@help_option
def check_scheme(file: Path) -> None:
    """检查考核方案，列出每一处错误在哪个单元格、怎样改；有错误时退出码为 1。

    \b
    例：assess-xlsx scheme check 2026年度考核方案.xlsx
    """
    from assess_xlsx.amounts import plain
    from assess_xlsx.problems import REMINDER
    from assess_xlsx.scheme import file as schemes
    from assess_xlsx.scheme.groups import groups
    from assess_xlsx.scheme.tree import Fault

    found, open_ = right_scheme(partial(schemes.examine, file), file)
    name = schemes.name(file)
    for fault in open_:
        say(fault.problem(name, REMINDER).sentence())
    for form in found.forms:
        for remark in _remarks_on_form(form):
            say(Fault(f"{name} 评分表“{form.name}”", *remark).problem(name, REMINDER).sentence())
        limit = f"，总分上限 {plain(form.cap)} 分" if form.cap is not None else ""
        say(
            f"{form.name}：{len(form.units)} 个单位，{len(form.sections)} 个考核项目，{len(form.items)} 个指标，"
            f"{len(form.facts) - len(form.declarations)} 个填报项，满分 {plain(form.points)} 分{limit}。"
        )
    for group in groups(found.forms):
        if group.named:
            forms = "、".join(f"“{form.name}”" for form in group.forms)
            say(f"{group.name}：{forms}合并排名，{len(group.units)} 个单位，共用 {group.shared} 个指标。")
        for place, reason, remedy in _remarks_on_group(group):
            say(Fault(f"{name} {place}", reason, remedy).problem(name, REMINDER).sentence())
    say(
        f"“{found.name}”没有错误：{len(found.forms)} 张评分表，{len(found.units)} 个单位，"
        f"{len(found.vetoes)} 种一票否决等情形，{len(found.readings)} 条口径。"
    )
    if open_:
        many = Counter(fault.cell.sheet for fault in open_ if fault.cell)
        places = "、".join(f"{sheet} {count} 处" for sheet, count in many.items())
        say(f"还有 {len(open_)} 处待确认（{places}）：都确认了，才能用来发表、汇总。")
        say(
            f"下一步：用 Excel 或 WPS 打开 {file}，逐处核对涂了颜色的行，改好后清空“待确认”那一格，"
            f"保存后再运行 {program()} scheme check {typed(file)}"
        )
        return
    say(
        f"下一步：每条命令后面都加 --scheme {typed(file)}，"
        f"先运行 {program()} templates{with_scheme(file)} 生成空白表。"
    )


def _remarks_on_form(form: Form) -> Iterator[tuple[str, str]]:
    """What is right and may not be meant, with what to do."""
    if form.may_lack_a_total:
        remedy = "确有这种情形的不用改；否则请把总是适用的指标的“不适用时”清空"
        yield "所有指标都可以不适用，单位可能没有总分", remedy
    if form.idle_factors:
        remedy = "要乘系数的指标，请在“计分规则”加一行参数“系数”；不用系数的，请清空花名册的“系数”"
        units = f"“{form.idle_factors[0].name}”等 {len(form.idle_factors)} 个单位"
        yield f"花名册里{units}写了系数，没有规则用它，不影响得分", remedy


def _remarks_on_group(group: Group) -> Iterator[tuple[str, str, str]]:
    """The same of forms that are ranked together, each with the place that it is about."""
    for grade, most in group.idle_quotas:
        reason = f"等次“{grade.name}”的名额 {most} 个不少于单位数 {len(group.units)}，等于不限"
        yield f"排名“{group.name}”", reason, f"要写百分数的，请写“{most}%”；不限的，请清空名额"
    for form, item in group.compared_alone():
        reason = f"指标 {item.code} 与不在一个排名组的评分表共用，单位只与自己排名组的比较"
        yield f"评分表“{form.name}”", reason, "要一起比较的，请给这些评分表写同一个排名组；各自比较的不用改"

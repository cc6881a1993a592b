"""The commands: paths, messages, progress, exit codes. Everything else is imported when a command needs it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess_xlsx import __version__
from assess_xlsx.commands import PATH, delivering, help_option, load_scheme, right_scheme, scheme_option, with_scheme
from assess_xlsx.console import (
    FOLDER,
    NUMBER,
    PROGRAM,
    REFUSED,
    RESULT,
    collecting,
    program,
    progress,
    run,
    say,
    typed,
)
from assess_xlsx.mail import mail
from assess_xlsx.scheme_commands import scheme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.intake.files import Found
    from assess_xlsx.rounds.plan import Plan
    from assess_xlsx.rounds.result import Result
    from assess_xlsx.workers import Workers


@click.group(context_settings={"max_content_width": 100})
@help_option
@click.version_option(__version__, "--version", message=f"{PROGRAM} %(version)s", help="显示版本号。")
def cli() -> None:
    """百分制考核：发出表格，收回表格，重算得分，排出名次。

    \b
    第一次用，先建一个工作文件夹，再进去生成要发出的空白表：
        assess-xlsx init 考核2018
        cd 考核2018
        assess-xlsx templates
    收到的表放进 input 文件夹，每收到一批运行一次，结果在 output/考核结果汇总.xlsx：
        assess-xlsx collect input
    每条命令后面加 --help 看它的说明，如：
        assess-xlsx collect --help
    """


@cli.command()
@click.argument("folder", metavar="文件夹", type=PATH)
@scheme_option
def init(folder: Path, scheme_file: Path | None) -> None:
    """建一个新的工作文件夹，里面有 templates、input、output 三个空文件夹。

    \b
    例：assess-xlsx init 考核2018
    """
    load_scheme(scheme_file)
    _want_empty(folder)
    try:
        for name in ("templates", "input", "output"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        from assess_xlsx.entries import in_words

        raise click.ClickException(f"“{folder}”建不了（{in_words(error)}）。请检查路径和权限。") from error
    say(f"已建好工作文件夹“{folder}”：templates/（空白表）、input/（收回的表）、output/（结果）。")
    say(f"下一步：运行 cd {typed(folder)} 进入该文件夹，再运行 {program()} templates 生成空白表。")


@cli.command()
@click.argument("out", metavar="[文件夹]", type=PATH, default=Path("templates"), required=False)
@click.option("--per-unit", is_flag=True, help="另为每个单位生成一份填好名称的表，放在其中的“各单位”文件夹。")
@scheme_option
def templates(out: Path, per_unit: bool, scheme_file: Path | None) -> None:
    """生成要发出的空白评分表，和考核办自己用的登记表、通讯录；不写文件夹就放在 templates。

    填过、改过的表不会被盖掉。

    \b
    例：assess-xlsx templates
        assess-xlsx templates --per-unit
    """
    from assess_xlsx.forms import address_book, form
    from assess_xlsx.forms import register as register_form
    from assess_xlsx.layout import ADDRESS_FILE, REGISTER_FILE, UNITS_FOLDER, form_file, unit_file

    scheme = load_scheme(scheme_file)
    with delivering(out) as delivery:
        for each in scheme.forms:
            delivery.add(form_file(each), partial(form.write, scheme=scheme, form=each))
        delivery.add(REGISTER_FILE, partial(register_form.write, scheme=scheme))
        delivery.add(ADDRESS_FILE, partial(address_book.write, scheme=scheme))
        if per_unit:
            originals = {each.name: form.original(scheme, each) for each in scheme.forms}
            for unit in progress("生成各单位的表", scheme.units, len(scheme.units)):
                delivery.add(f"{UNITS_FOLDER}/{unit_file(unit)}", partial(originals[unit.form].copy, word=unit.name))
        delivery.put()
    for name in (*map(form_file, scheme.forms), REGISTER_FILE, ADDRESS_FILE):
        say(f"已生成 {out / name}")
    if per_unit:
        say(f"已生成 {out / UNITS_FOLDER} 中的 {len(scheme.units)} 份单位表。")
    forms = "".join(f"“{form_file(each)}”" for each in scheme.forms)
    sent = f"“{UNITS_FOLDER}”里的表" if per_unit else forms
    say(
        f"下一步：把{sent}发给各单位，“{REGISTER_FILE}”留给考核办填（用邮件发的，还有“{ADDRESS_FILE}”）；"
        f"收回的表和登记表放进 input 文件夹，"
        f"{collecting(f'input{with_scheme(scheme_file)}')}"
    )


@cli.command()
@click.argument("files", metavar="文件…", nargs=-1, required=True, type=PATH)
@scheme_option
def check(files: tuple[Path, ...], scheme_file: Path | None) -> None:
    """检查收到的表，在屏幕上列出问题，不写任何文件。

    写文件夹名，就检查里面的全部文件。有错误时退出码为 1。

    \b
    例：assess-xlsx check input/01-县安监局.xlsx
    """
    from assess_xlsx import problems

    found = _received(files)
    with _workers(len(found), scheme_file) as workers:
        reading = workers.read(found)
        from assess_xlsx.assessment import assess  # slow, while the files are being read

        scheme = right_scheme(workers.scheme, scheme_file)
        assessment = assess(scheme, progress("读取文件", reading, len(found)))
    for problem in assessment.problems:
        say(problem.sentence())
    errors, reminders = assessment.count(problems.ERROR), assessment.count(problems.REMINDER)
    say(f"共检查 {len(assessment.returns.documents)} 个文件：错误 {errors} 条，提醒 {reminders} 条。")
    if errors:
        again = collecting(f"表所在的文件夹{with_scheme(scheme_file)}")
        say(f"下一步：照每条后面的处理办法改正；要把标好错处的表退回单位，{again}")
        raise click.exceptions.Exit(REFUSED)
    say(f"下一步：没有要退回的，和其他收到的表放在一起，{collecting(f'它们所在的文件夹{with_scheme(scheme_file)}')}")


@cli.command()
@click.argument("inputs", metavar="收到的表…", nargs=-1, required=True, type=PATH)
@click.option(
    "-o", "--output", type=PATH, default=Path("output"), metavar=FOLDER, help="结果放在哪个文件夹；不写就是 output。"
)
@click.option("--feedback", is_flag=True, help="另为每个已报送的单位生成一份结果反馈，放在结果旁边的“反馈”文件夹。")
@click.option("--since", type=PATH, metavar=RESULT, help="与上一次的结果对照，不同之处和原因列在“本轮变化”表。")
@click.option("--final", is_flag=True, help="定稿：事情都定了才写，还有没定的就逐条列出；写好的不会再被替换。")
@click.option("--strict", is_flag=True, help="结果照写，但有任何错误时退出码为 1（给自动运行的程序用）。")
@scheme_option
def collect(
    inputs: tuple[Path, ...],
    output: Path,
    feedback: bool,
    since: Path | None,
    final: bool,
    strict: bool,
    scheme_file: Path | None,
) -> None:
    """汇总收到的表：重算得分，排出名次，写出 output/考核结果汇总.xlsx。

    “收到的表”写文件夹名（连同里面的文件夹都读）或文件名，可以写几个；其中的文件绝不改动。可以反复运行。

    有错误的表，另在结果旁边的“退回修改”文件夹生成一份标好错处的新表，直接发回单位修改。

    已经定稿的结果不会被替换：再汇总时写成“考核结果汇总（试算）.xlsx”，再定稿时写成“（更正1）”。

    \b
    例：assess-xlsx collect input
        assess-xlsx collect input --since output/考核结果汇总.xlsx
        assess-xlsx collect input --final
    """
    earlier = _result(since) if since else None
    found = _received(inputs)
    _apart(inputs, output)
    with _workers(len(found), scheme_file) as workers:
        reading = workers.read(found)
        workers.prepare()
        # these take their time, while the files are being read
        from assess_xlsx import problems, summary
        from assess_xlsx.assessment import assess
        from assess_xlsx.layout import RESULT_FILE, RETURNED_FOLDER, unit_file
        from assess_xlsx.output.delivery import FINAL
        from assess_xlsx.report import returned
        from assess_xlsx.report import workbook as report
        from assess_xlsx.rounds.plan import PREVIOUS, marked

        scheme = right_scheme(workers.scheme, scheme_file)
        plan = _plan(assess(scheme, progress("读取文件", reading, len(found))), output, earlier, final=final)
        assessment = plan.assessment
        sent_back = list(returned.fillings(assessment))
        forms = workers.write((unit.form, filling) for unit, filling in sent_back)
        with delivering(output) as delivery:
            result = partial(report.write, assessment, folder=output, since=plan.changes)
            if earlier and delivery.replaces(plan.result, earlier.path):
                delivery.copy(marked(RESULT_FILE, PREVIOUS), earlier.data)
            delivery.add(plan.result, result, FINAL if assessment.closing else "")
            for (unit, _), form in zip(sent_back, forms, strict=True):
                delivery.add(f"{RETURNED_FOLDER}/{unit_file(unit)}", partial(Path.write_bytes, data=form))
            if feedback:
                from assess_xlsx.report import feedback as feedbacks

                for name, data in feedbacks.files(assessment):
                    delivery.add(f"{plan.feedback}/{name}", partial(Path.write_bytes, data=data))
            swept = (RETURNED_FOLDER, plan.feedback) if feedback else (RETURNED_FOLDER,)
            placed, kept = delivery.put_beside(swept)
    summary.tell_found(assessment, placed[plan.result])
    summary.tell_round(plan, placed, earlier)
    if sent_back:
        say(f"需要单位修改的 {len(sent_back)} 份表已生成在 {output / RETURNED_FOLDER}，可直接发回。")
    if feedback:
        count = sum(name.startswith(f"{plan.feedback}/") for name in placed)
        say(f"{count} 个单位的结果反馈已生成在 {output / plan.feedback}。")
    summary.tell_kept(kept)
    if not plan.beside:  # else they are the closed result's
        summary.tell_earlier(output, placed)
    summary.tell_standing(plan, placed[plan.result], with_scheme(scheme_file))
    if strict and assessment.count(problems.ERROR):
        raise click.exceptions.Exit(REFUSED)


@cli.command()
@click.argument("result", metavar="结果", type=PATH)
@click.argument("inputs", metavar="收到的表…", nargs=-1, required=True, type=PATH)
@scheme_option
def verify(result: Path, inputs: tuple[Path, ...], scheme_file: Path | None) -> None:
    """复核：从收到的表重新计算，与结果逐个文件、逐个数比较，不写任何文件。

    不一致的一处一句列出。收到的表可以是当时那个文件夹的副本，在哪台电脑、哪一天复核都一样。

    全部一致的退出码为 0，有不一致的退出码为 1。

    \b
    例：assess-xlsx verify output/考核结果汇总.xlsx input
    """
    from assess_xlsx.intake.files import same_place

    earlier = _result(result)
    found = _found(inputs)
    passed_over = {each.name for each in found if same_place(each.path, result)}
    compared = [each for each in found if each.name not in passed_over]
    with _workers(len(compared), scheme_file) as workers:
        reading = workers.read(compared)
        from assess_xlsx.assessment import assess  # these take their time, while the files are being read
        from assess_xlsx.report.workbook import write
        from assess_xlsx.rounds.check_code import check_code
        from assess_xlsx.rounds.verification import computed_again, differences, other_scheme

        scheme = right_scheme(workers.scheme, scheme_file)
        if refusal := other_scheme(earlier, scheme):
            raise click.ClickException(refusal)
        assessment = assess(scheme, progress("读取文件", reading, len(compared)), earlier.taken)
    again = computed_again(partial(write, assessment))
    told = differences(earlier, again, check_code(assessment), passed_over)
    if (made := earlier.maker.program) != again.maker.program:
        say(f"结果是程序 {made} 写的，现用的是 {again.maker.program}：只比较文件和数，程序自己写的说明文字没有比较。")
    for sentence in told:
        say(sentence)
    if told:
        say(f"共 {len(told)} 处不一致。")
        raise click.exceptions.Exit(REFUSED)
    ranked = sum(len(table.lines) for table in earlier.rankings.values())
    say(
        f"全部一致：{len(again.files.lines)} 个文件，{ranked} 个单位的排名，{len(earlier.details.lines)} 行得分明细。"
    )


def _result(path: Path) -> Result:
    """An earlier result; refuses in words."""
    from assess_xlsx.rounds.result import NoResult, read

    if not os.path.exists(path):  # noqa: PTH110 - as in ``_found``
        raise click.UsageError(f"找不到“{path}”，请检查路径。")
    try:
        return read(path)
    except NoResult as refusal:
        raise click.ClickException(str(refusal)) from None


@cli.command()
@click.argument("folder", metavar="文件夹", type=PATH)
@click.option(
    "--seed", type=int, default=2018, metavar=NUMBER, help="任意一个整数：同一个数每次生成同样的表；不写就是 2018。"
)
@click.option("--faults/--no-faults", default=False, help="要不要混入常见的填报错误；不写就不混入。")
@scheme_option
def sample(folder: Path, seed: int, faults: bool, scheme_file: Path | None) -> None:
    """在一个新文件夹里生成虚构的填报表和登记表，供练习和演示。

    \b
    例：assess-xlsx sample 练习 --faults
    """
    from assess_xlsx import sample as samples
    from assess_xlsx.workers import FEW

    scheme = load_scheme(scheme_file)
    _want_empty(folder)
    count = 0
    with _workers(len(scheme.units), scheme_file) as workers, delivering(folder) as delivery:
        write = workers.write if len(scheme.units) > FEW else None
        files = samples.files(scheme, seed, faults=faults, write=write)
        for name, data in progress("生成虚构的表", files, len(scheme.units) + 1):
            delivery.add(name, partial(Path.write_bytes, data=data))
            count += 1
        delivery.put()
    say(f"已在“{folder}”生成 {count} 个文件，数据全部虚构。")
    say(f"下一步：运行 {program()} collect {typed(folder)} -o 练习结果{with_scheme(scheme_file)}，看汇总出来的结果。")


def _found(inputs: Sequence[Path]) -> list[Found]:
    """What is under ``inputs``."""
    from assess_xlsx.intake import files as intake

    for path in inputs:
        if not os.path.exists(path):  # noqa: PTH110 - Path raises where a folder above may not be entered
            raise click.UsageError(f"找不到“{path}”，请检查路径。")
    return intake.find(inputs)


def _received(inputs: Sequence[Path]) -> list[Found]:
    """What is under ``inputs``; refuses where that is nothing to be read."""
    from assess_xlsx.intake.files import holds_nothing

    found = _found(inputs)
    if holds_nothing(found):
        shut = "".join(f"“{each.name}”{each.unreadable}。" for each in found if each.unreadable)
        what = "能读的文件" if shut else "文件"
        places = "、".join(map(str, inputs))
        raise click.ClickException(f"{places} 里没有{what}，请把收到的表放进去再运行。{shut}这次没有写任何文件。")
    return found


def _apart(inputs: Sequence[Path], output: Path) -> None:
    """Refuses an output that meets the input."""
    from assess_xlsx.output.apart import Unsafe, keep_apart

    try:
        keep_apart(inputs, output)
    except Unsafe as unsafe:
        raise click.ClickException(str(unsafe)) from None


def _want_empty(folder: Path) -> None:
    """Refuses a folder that holds anything."""
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise click.ClickException(f"“{folder}”已经存在而且不是空文件夹。请换一个名字，免得混入别的文件。")


@contextmanager
def _workers(files: int, scheme_file: Path | None) -> Iterator[Workers]:
    """Processes that read and write; refuses in words where the system allows none."""
    from assess_xlsx.workers import NoProcesses, Workers

    try:
        with Workers(files, scheme_file) as workers:
            yield workers
    except NoProcesses as error:
        raise click.ClickException(str(error)) from error


def _plan(assessment: Assessment, output: Path, earlier: Result | None, *, final: bool) -> Plan:
    """What a run is to write; refuses in words, before anything is written."""
    from assess_xlsx.rounds.plan import Unsettled, other_scheme, plan
    from assess_xlsx.rounds.result import NoResult

    if earlier and (refusal := other_scheme(earlier, assessment.scheme)):
        raise click.ClickException(refusal)
    try:
        planned = plan(assessment, output, earlier, final=final)
    except NoResult as refused:
        raise click.ClickException(str(refused)) from None
    except Unsettled as unsettled:
        for sentence in unsettled.told:
            say(sentence, err=True)
        raise click.ClickException(f"以上 {len(unsettled.told)} 处还没有了结，不能定稿，没有写任何文件。") from None
    if planned.unchanged and planned.beside:
        say(f"已定稿，没有变化：文件和校验码（{planned.beside.closing.code}）与“{planned.beside.path}”相同。")
        raise click.exceptions.Exit(0)
    return planned


cli.add_command(scheme)
cli.add_command(mail)


def main() -> None:
    run(cli)

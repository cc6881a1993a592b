"""What ``collect`` says at its end: what it found, how the round stands, what stayed. It writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assess_xlsx import problems
from assess_xlsx.answers import EXCLUDED, ZEROED
from assess_xlsx.assessment import MISSING, REPORTED, TO_CORRECT
from assess_xlsx.console import adding, program, say, typed
from assess_xlsx.intake.document import ADOPTED
from assess_xlsx.layout import (
    FEEDBACK_FOLDER,
    MAIL_FOLDER,
    NOTICE_SHEET,
    OPEN_SHEET,
    POSTING_SHEET,
    PROBLEM_SHEET,
    RESULT_FILE,
)
from assess_xlsx.rounds.plan import PREVIOUS, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from assess_xlsx.assessment import Assessment
    from assess_xlsx.output.delivery import Kept
    from assess_xlsx.rounds.plan import Plan
    from assess_xlsx.rounds.result import Result


def tell_found(assessment: Assessment, target: Path) -> None:
    """Files, units and problems by count, and where the result stands."""
    results: dict[str, int] = {}
    for document in assessment.returns.documents:
        results[document.result] = results.get(document.result, 0) + 1
    waiting = len(assessment.to_correct)
    noted = {ADOPTED: f"（其中 {waiting} 份待补正）"} if waiting else {}
    listed = "，".join(f"{result} {count}{noted.get(result, '')}" for result, count in results.items())
    say(f"收到文件 {len(assessment.returns.documents)} 个：{listed or '没有文件'}。")
    for scores in assessment.scores:
        states = [assessment.state(unit) for unit in assessment.scheme.form(scores.form.name).units]
        counts = "，".join(f"{state} {states.count(state)}" for state in (REPORTED, TO_CORRECT, MISSING))
        fates = [(ZEROED, len(scores.zeroed)), (EXCLUDED, len(scores.excluded))]
        told = "、".join(f"{count} 个已定{fate}" for fate, count in fates if count)
        counts += f"（其中 {told}）" if told else ""
        say(f"{scores.form.name} {len(states)} 个单位：{counts}。")
    errors, reminders = assessment.count(problems.ERROR), assessment.count(problems.REMINDER)
    burdened = f"，扣分、降等 {len(assessment.burdened)} 个单位" if assessment.burdened else ""
    lost = f"一票否决等取消评优资格 {len(assessment.cancelled)} 个单位{burdened}"
    say(f"{lost}；错误 {errors} 条，提醒 {reminders} 条，见“问题清单”。")
    say(f"结果已写入 {target}")
    others = [document.other_scheme for document in assessment.returns.documents if document.other_scheme]
    for other in dict.fromkeys(others):
        say(
            f"注意：有 {others.count(other)} 个文件是考核方案“{other}”的表，"
            f"不是现用方案“{assessment.scheme.name}”的。"
            "换过方案的，请在命令后面加 --scheme 和那份方案的文件，重新汇总。"
        )


def tell_round(plan: Plan, placed: Mapping[str, Path], earlier: Result | None) -> None:
    """How a result stands to others: what it closes, corrects, tries or is compared with."""
    if plan.changes:
        many = f"有 {len(plan.changes.rows)} 处变化" if plan.changes.rows else "没有变化"
        say(f"对照以前的结果，得分、名次{many}，见“本轮变化”。")
    if previous := placed.get(marked(RESULT_FILE, PREVIOUS)):
        say(f"上一轮的结果保留为 {previous}")
    closing = plan.assessment.closing
    if closing and closing.number:
        say(f"已定稿：更正“{closing.corrects}”，校验码 {closing.code}（原来是 {closing.corrected}）。")
        if earlier and plan.beside and plan.beside.path.name != earlier.path.name:
            say(f"注意：更正只与所更正的“{closing.corrects}”对照，没有与“{earlier.path}”对照。")
    elif closing:
        say(f"已定稿，校验码 {closing.code}。")
    elif plan.beside:
        say(f"“{plan.beside.path}”已经定稿，没有动；这次写的是试算。要更正的，请加 --final。")


def tell_standing(plan: Plan, target: Path, scheme: str) -> None:
    """The last words: what to do next, and how the rankings stand; ``scheme``: what a command needs to go by it."""
    assessment = plan.assessment
    say(f"下一步：{_next(plan, target, scheme)}")
    several = len(assessment.rankings) > 1
    told = []
    for ranking in assessment.rankings:
        counts = "、".join(f"{name} {count}" for name, count in ranking.open_counts().items() if count)
        told.append(f"{ranking.name if several else ''}排名{f'暂定（{counts}）' if counts else '已定'}")
    say(f"{'；'.join(told)}。")


def _next(plan: Plan, target: Path, scheme: str) -> str:
    """What helps the round on, the most urgent first."""
    assessment = plan.assessment
    if assessment.closing:
        check = f"{program()} verify {typed(target)} 收到的表所在的文件夹{scheme}"
        return f"打印排名和“{POSTING_SHEET}”张贴；以后要复核，运行 {check}"
    steps = []
    if asked := sum(len(each.missing) + len(each.to_correct) for each in assessment.scores):
        steps.append(f"照“{NOTICE_SHEET}”通知 {asked} 个单位")
    if any(each.open for each in assessment.scores):
        steps.append(f"填好“{OPEN_SHEET}”的核定值，粘贴到登记表的“核定”表")
    if not steps and assessment.count(problems.ERROR):
        steps.append(f"照“{PROBLEM_SHEET}”处理每条错误")
    if steps:
        return f"{'；'.join(steps)}；收到的表、登记表和原来的放在一起，再运行一次。"
    if plan.beside:
        return f"确实要更正的，{adding('--final')}；不更正的，这份试算不用留。"
    return f"核对“总览”和排名；都对了，{adding('--final')} 定稿。"


def tell_kept(kept: Iterable[Kept]) -> None:
    """The files that stayed although others were to take their places."""
    for each in kept:
        then = f"新的写在旁边，最新的是“{each.newest.name}”" if each.newest else "它不是这次生成的"
        say(f"注意：“{each.path}”{each.reason}，没有动；{then}。")


def tell_earlier(output: Path, placed: Iterable[str]) -> None:
    """Names the folders that an earlier run left and this one did not write."""
    for name in (FEEDBACK_FOLDER, MAIL_FOLDER):
        folder = output / name
        if not any(each.startswith(f"{name}/") for each in placed) and folder.is_dir() and any(folder.iterdir()):
            say(f"注意：“{folder}”里的文件是以前一次汇总的，这次没有更新。")

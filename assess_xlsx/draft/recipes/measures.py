"""Recipes for what looks at one number: how far from a line, in which band, in what proportion."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import UNCOVERED, WHOLE, Asked, Number, Proposal, is_other_side
from assess_xlsx.draft.text import MEASURED, PERCENT

if TYPE_CHECKING:
    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.statements import Statement

BEYOND_ALL = "不限"
"""至多 of a percentage that may be more."""


def by_margin(asked: Asked) -> Proposal | None:
    """达到95%得8分，每低1个百分点扣0.5分。"""
    steps = [each for each in asked.reading.of(Says.STEP) if _by_margin(each, asked)]
    if not steps or len({_side(each) for each in steps}) < len(steps):
        return None
    line, base, against = _line(asked, steps)
    unit = steps[0].get("u") or (line.get("u1") or line.get("u") if line else "")
    broken = any(isinstance(each, Decimal) for each in (steps[0].number("per"), base))
    about = asked.about(line or steps[0])
    fact = ask.measured(about, unit, asked.content, broken=broken)
    found = Proposal(
        [fact], {"kind": "margin", "fact": fact["label"]}, [*steps], ask.doubtful(fact, asked.reading.text)
    )
    found.used += [*([line] if line else []), *asked.reading.of(Says.NOTHING)]
    if against:
        found.rule["against"] = "平均数"
        if line and (elsewhere := re.search(_ELSEWHERE, line.whole)):
            found.doubts.append(f"“{elsewhere[0]}”的平均数不是这次考核的各单位算得出的，请核对（可把基准写成数）")
        if fact["kind"] == "百分比" and not ask.is_rate(about):
            found.doubts.append("和平均数相差的百分比怎样算、填什么数，请核对")
    elif base is not None:
        found.rule["at_least"] = base
    elif fact["kind"] == "百分比" and all(each.has("down") for each in steps):
        found.rule["at_least"] = 100
        found.doubts.append("基准是多少，原文没有写，暂按 100%")
    else:
        return None
    _sides(asked, steps, found)
    _base_points(asked, steps, line, found)
    _nothing_beyond(asked, line, found)
    if len(steps) < len(asked.reading.of(Says.STEP)):
        found.doubts.append("同一句里还有别的加分、扣分")
    return found


_ELSEWHERE = "前一?年|上一?年|去年|往年|近.年|历年|全省|全国|行业"
"""Of when and whom a mean is that the units of an assessment do not make up."""


def _sides(asked: Asked, steps: list[Statement], found: Proposal) -> None:
    """每低 and 每高, and how a started unit counts."""
    started = asked.reading.of(Says.STARTED)[:1]
    found.used += started
    for each in steps:
        side: Table = {"per": each.number("per"), "step": asked.signed(each)}
        if started:
            side["started"] = started[0].get("started")
        found.rule[_side(each)] = side


def _base_points(asked: Asked, steps: list[Statement], line: Statement | None, found: Proposal) -> None:
    """What a number brings that is right at the line: all, where points are only taken off."""
    told = line.points if line else None
    if all(asked.signed(each) < 0 for each in steps):
        if line and told not in (None, asked.points):
            found.doubts.append(asked.differs(line))
        return
    if told is None and asked.plain:
        found.doubts.append("正好等于基准的得几分，原文没有写，请核对")
    found.rule["base"] = 0 if told is None else told
    if told and "below" not in found.rule:
        found.doubts.append("低于基准的得几分，原文没有写，请核对")
    if found.facts[0]["kind"] == "百分比" and found.rule.get("at_least", 0) >= WHOLE:
        found.facts[0]["most"] = BEYOND_ALL
    found.used += [each for each in asked.reading.of(Says.CAP, Says.FULL) if each.points in (None, asked.points)]


def _nothing_beyond(asked: Asked, line: Statement | None, found: Proposal) -> None:
    """达到25%的不得分: the number beyond which all is lost."""
    zeros = [each for each in asked.reading.of(Says.BAND) if each is not line and asked.points_of(each) == 0]
    for zero in zeros[:1]:
        end = "from" if zero.get("from") else "below"
        found.rule["zero"] = {end: zero.number(f"v{zero.get(end)}")}
        if zero.has("beyond") or re.search("及以下|百分点|个点", zero.text):
            found.doubts.append(f"“{zero.text}”：从哪个数起、正好是这个数的得不得分，请核对")
        found.used.append(zero)


_UPWARD = ("高", "超", "多", "上", "增", "提", "升")


def _by_margin(step: Statement, asked: Asked) -> bool:
    """A step that goes by how far a number is from a line, rather than by how often something happened."""
    if step.get("rate"):
        return True
    per = step.number("per")
    way = re.match(ask.DISTANCE, step.get("how"))
    if not way or per is None:
        return False
    up = way[0].startswith(_UPWARD)
    lines = [
        each
        for each in asked.reading.of(Says.BAND, Says.REQUIRED)
        if step.get("u") in (each.get("u1"), each.get("u"))
    ]
    return bool(lines) and (up or step.get("u") in MEASURED or not isinstance(per, int))


def _side(statement: Statement) -> str:
    if statement.get("rate"):
        return "below" if statement.has("down") else "above"
    return "above" if statement.get("how").startswith(_UPWARD) else "below"


def _line(asked: Asked, steps: list[Statement]) -> tuple[Statement | None, Number | None, bool]:
    """The statement that says from where on, the number itself, or that it is the mean."""
    told = steps[0].number("line") or steps[0].number("line2")
    if told is not None:
        return None, told, False
    for reading in (asked.reading, asked.around):
        means = reading.of(Says.MEAN_LINE)
        if means:
            return means[0], None, True
        bands = [each for each in reading.of(Says.BAND) if asked.points_of(each) != 0]
        if len(bands) == 1:
            end = bands[0].get("from") or bands[0].get("most") or bands[0].get("below")
            return bands[0], bands[0].number(f"v{end}"), False
        if bands:
            return None, None, False
        required = [each for each in reading.of(Says.REQUIRED) if _rate_unit(each) == _rate_unit(steps[0])]
        if required:
            return required[-1], required[-1].number("v"), False
    return None, None, False


def _rate_unit(statement: Statement) -> bool:
    return statement.get("u") in PERCENT


_JOINING = r"^(?:其中|且|但)|(?:达到?|为|在|占|≥)+$"
"""What stands around the name of a number: 90%以上得8分，其中在线率达到95%的得10分."""


def by_bands(asked: Asked) -> Proposal | None:
    """90%以上记4分，70%以上记1分。"""
    bands = asked.reading.of(Says.BAND)
    if not bands or asked.reading.of(Says.STEP, Says.RATIO) or not any(asked.points_of(each) for each in bands):
        return None
    doubts: list[str] = []
    units = list(dict.fromkeys(unit for each in bands if (unit := _unit(each))))
    if len(units) > 1:
        doubts.append(f"各档的单位不同（{'、'.join(units)}），请核对")
    fact = ask.measured(asked.about(bands[0]), units[0] if units else "", asked.content)
    doubts += ask.doubtful(fact, asked.reading.text)
    first = re.sub(_JOINING, "", asked.about(bands[0]))
    others = [bare for each in bands[1:] if (bare := re.sub(_JOINING, "", each.subject))]
    if not all(first.endswith(bare) and re.search("[率度比重]$", bare) for bare in others):
        doubts.append("各档说的可能不是同一个数，请核对")
    used: list[Statement] = []
    rest = asked.reading.of(Says.REST)[:1]
    rows, told = _rows(bands, asked, rest, whole=fact["kind"] == "次数")
    doubts += told
    zeros = asked.reading.of(Says.ZERO)
    whole_given = [each for each in asked.reading.of(Says.GIVEN) if asked.points_of(each) == asked.points]
    if fact["kind"] == "百分比" and rows[0]["points"] < asked.points and rows[0]["at_least"] < WHOLE and whole_given:
        rows.insert(0, {"at_least": WHOLE, "points": asked.points})  # 完成任务得10分；完成90%以上得8分
        used = whole_given[:1]
    used += [*bands, *rest]
    if rows[-1]["points"] == 0:
        used += [each for each in zeros if is_other_side(each)]
    if fact["kind"] == "百分比" and rows[0]["at_least"] > WHOLE:
        fact["most"] = BEYOND_ALL
    rule: Table = {"kind": "bands", "fact": fact["label"], "bands": rows}
    top = max(row["points"] for row in rows)
    if asked.worth != "deducts" and top != asked.points:
        doubts.append(f"最高的一档得 {top} 分，分值却是 {asked.points} 分")
    gap = _gap(rows)
    if gap:
        rule["uncovered"] = UNCOVERED
        doubts.append(f"{gap}原文没有规定，暂按两边较低的分数记，列入待核定")
    return Proposal([fact], rule, used, doubts)


def _rows(
    bands: list[Statement], asked: Asked, rest: list[Statement], *, whole: bool
) -> tuple[list[Table], list[str]]:
    """The bands from the highest to one that begins at 0, and what is doubtful about them.

    ``whole``: there is nothing between 29 and 30.
    """
    rows: list[Table] = []
    doubts: list[str] = []
    for each in bands:
        row: Table = {"at_least": 0, "points": asked.points_of(each)}
        if each.get("from"):
            row["at_least"] = each.number(f"v{each.get('from')}")
        for end, key in (("below", "below"), ("most", "at_most")):
            if each.get(end):
                row[key] = each.number(f"v{each.get(end)}")
        rows.append(row)
    rows.sort(key=lambda row: -row["at_least"])
    if rows[-1]["at_least"] != 0:
        rows.append({"at_least": 0, "points": asked.points_of(rest[0]) if rest else 0})
    falling = rows[0]["points"] < rows[-1]["points"]
    for above, row in pairwise(rows):
        limit = row.get("below", row.get("at_most"))
        if limit is not None and (limit == above["at_least"] or (whole and limit + 1 == above["at_least"])):
            # they meet: the higher one has the number itself
            row.pop("below", None)
            row.pop("at_most", None)
    rows[0].pop("at_most", None)
    rows[0].pop("below", None)
    if falling or any(each.has("beyond") or "及以下" in each.text for each in bands):
        doubts.append("正好在两档界上的数算哪一档，请核对（达到“达到”所写的数就算那一档）")
    return rows, doubts


def _gap(rows: list[Table]) -> str:
    for above, row in pairwise(rows):
        limit = row.get("below", row.get("at_most"))
        if limit is not None and limit < above["at_least"]:
            return f"{limit} 到 {above['at_least']} 之间"
    return ""


def _unit(band: Statement) -> str:
    return band.get("u1") or band.get("u2")


def by_ratio(asked: Asked) -> Proposal | None:
    """进驻不完全的按照进驻比例记分。"""
    ratios = asked.reading.of(Says.RATIO)
    if not ratios or asked.reading.of(Says.STEP):
        return None
    hit = ratios[0].has("hit") and not asked.plain
    found = Proposal([], {"kind": "ratio"}, [*ratios, *asked.reading.of(Says.NOTHING)])
    told = f"{asked.about(ratios[0])}{ratios[0].text}"
    if formula := re.search(_FORMULA, asked.reading.text):
        found.facts = [*ask.parts_of_formula(formula["part"], formula["whole"])]
        found.rule |= {"fact": found.facts[1]["label"], "whole": found.facts[0]["label"]}
        found.doubts += ask.unmeasured_parts(found.facts[0], asked.reading.text)
    elif re.search("进度|百分比", ratios[0].text):
        found.facts = [ask.measured(f"{asked.content}进度", "%", asked.content)]
        found.rule["fact"] = found.facts[0]["label"]
    elif (surveyed := re.search(_SURVEYED, told)) or (
        not hit and "实际" not in ratios[0].text and (surveyed := re.search(_NAMED, _divided(asked, ratios[0])))
    ):
        found.facts = [ask.measured(surveyed[0], "%", asked.content)]
        found.rule["fact"] = found.facts[0]["label"]
    else:
        found.facts = [*ask.parts(_divided(asked, ratios[0]), asked.content, hit=hit)]
        found.rule |= {"fact": found.facts[1]["label"], "whole": found.facts[0]["label"]}
        found.doubts += ask.unmeasured_parts(found.facts[0], asked.reading.text)
    if len(found.facts) > 1 and "at_most" not in found.facts[1]:
        found.rule["cap"] = asked.points  # a task may be more than done
    for each in asked.reading.of(Says.BAND):
        if asked.points_of(each) == 0 and each.get("below") and "zero_below" not in found.rule:
            found.rule["zero_below"] = each.number(f"v{each.get('below')}")
            found.used.append(each)
        elif each.get("from") and each.number(f"v{each.get('from')}") == WHOLE and each.points == asked.points:
            found.used.append(each)
    found.used += [each for each in asked.reading.of(Says.GIVEN) if asked.points_of(each) == asked.points]
    found.used += [each for each in asked.reading.of(Says.ZERO) if is_other_side(each)]
    found.doubts += [doubt for written, doubt in _DOUBTFUL if re.search(written, told)]
    if hit:
        found.doubts.append("扣分的比例是哪两个数之比，什么单位要填，原文没有写明，请核对")
    return found


_DOUBTFUL = (
    ("1—", "得分用的是 1 减去这个比例，填报项要写相反的数（合格的、按时的），请改写"),
    ("率(?:[÷/]|除以)", "得分是哪两个数之比，请与原文的算式核对"),
)
"""Formulas that may mean other numbers than the two that are asked for."""
_FORMULA = (
    r"(?:=|为)(?:\d+分?[×*xX])?（?(?P<part>[一-龥]{2,14}[数量份额])(?:/|÷|除以)"
    r"(?P<whole>[一-龥]{2,14}(?:[数量份额]|任务|目标))）?(?=[×*xX，；。）]|乘以|$)"
)
"""Two numbers that are divided under names of their own: 得分=合格份数/抽查份数×5分."""

_SURVEYED = r"[一-龥]{0,8}(?:满意|知晓|支持|认可|好评|安全感)[度率]?"
"""A percentage that comes out of a survey, and not of two counts that a unit could fill in."""


_NAMED = r"[一-龥“”]*(?<!完成|整改|办结|化解|调处|进驻|兑现|到位|开工|竣工)率$"
"""A percentage that has a name, of what is not done piece by piece: 持证上岗率; 实际比例 is of two counts."""


def _divided(asked: Asked, ratio: Statement) -> str:
    """What a ratio speaks of: a rate that is named somewhere, what was not done, or what the sentence begins with."""
    rates = [each.subject for each in asked.reading.statements if re.search("(?<!完成)率$", each.subject)]
    about = asked.about(ratio)
    if rates:
        return rates[0]
    if re.fullmatch(
        r"(?:未|没有|不|部分)(?:全部|完全)?(?:完成|达到|达标|整改|落实|办结|兑现|开展)"
        r"|(?:不足|低于|少于|不到|未达到?)\d.*",
        about,
    ):
        return asked.reading.statements[0].subject
    return f"{about}{ratio.text}" if re.search("(?<!完成)率", ratio.text) else about

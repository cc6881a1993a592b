"""What a proposed 填报项 is called, what kind it is, who fills it: from the words around a phrase."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assess_xlsx.draft.text import COUNTED, MEASURED, unnumbered

if TYPE_CHECKING:
    from collections.abc import Iterable

Table = dict[str, Any]
"""A table of a scheme's tree."""

MONEY, NO_MEASURE = "万元", "计量单位"
"""The unit of money; stands where a number must have a unit and the notice tells none."""
MOST_NAME, SHORTEST = 30, 4
"""Characters of a proposed name: it stands in a column of the form; one so short says little by itself."""
DISTANCE = r"(?:低于?|降低|下降|减少|少于?|不足|差|高于?|高出|超过?|超出|上升|增加|增长|提高|提升|升高|多)"
"""How a number is away from a line."""
_COUNTS = {"次": "次数", "人次": "人次数", "人": "人数", "名": "人数", "天": "天数", "日": "天数", "个": "个数"}
_COUNTS["工作日"] = "工作日数"
_OFFICE = re.compile(
    r"巡查(?!次数|记录|制度|台账|任务)|抽查|(?:随机|入户|实地)走访|走访(?:中|发现|了解|群众)|暗访|督查|检查发现|查出|查实|通报|测评|满意度|投诉|舆情|现场查看"
    r"|信访(?!工作|事项|件|案|问题|部门|领导|制度|接待|岗位)"
)
_NEGATED = re.compile(
    r"^(?:如|若|凡|对|其中)?(?P<no>未(?!经)能?|没有|没|无|不能|不(?!足|低|少|高|超|满|规范|达标|合格|到位|完整|齐))(?P<rest>.+)$"
)
_RATE = re.compile(
    r"[^，。；：、（）“”《》=÷×\d]{0,16}(?:率|满意度|覆盖面|占比|比重|比例|增幅|增速|进度|知晓度|参与度|完成度|支持度|安全感)"
)
_NOT_PERCENT = re.compile(
    r"死亡率|事故率|万人|亿元|人均|每万|万车|千人|发病率|强度|浓度|温度|制度|年度|季度|月度|程度|力度|额度"
)
_AMOUNT = re.compile(r"(?:额|资金|金额|产值|收入|面积|总量|用量|密度)$")


def name(text: str, tail: str = "") -> str:
    """A short name out of what a phrase speaks of, ``tail`` behind it: 次数, 率."""
    text = re.sub(
        r"^(?:查|看|查阅|查看|检查|抽查|查验|听)[^，。；]{1,14}[，。；]", "", unnumbered(text.replace('"', ""))
    )
    text = re.sub(_LITTLE, "", text.strip("，：、。；的者 "))
    text = re.sub(r"[，的]*再$", "", text)
    text = re.sub(
        r"^按(?!时|期|月|季|年|要求|规定|标准|照)(?=[^，。；]{2,}率$)", "", text
    )  # 按规范管理率由高到低排名
    text = re.sub(r"^(?:其中|如果|凡是|对于|根据各单位|根据|全年|每年|各单位|单位)(?=.{2})", "", text)
    if len(text) + len(tail) > MOST_NAME:
        text = re.sub("、[^，。；：]*?等(?!级|次|候)", "等", text)  # 烟头、纸屑、果皮等垃圾 → 烟头等垃圾
        text = re.sub("、[^，。；：]*、", CUT, text) if len(text) + len(tail) > MOST_NAME else text
    for ends in ("，：。；", "，：。；、"):  # as many of the last words as find room
        while len(text) + len(tail) > MOST_NAME and (shorter := re.sub(f"^[^{ends}]*[{ends}]", "", text)) not in (
            "",
            text,
        ):
            text = shorter
    text = re.sub("^以及", "", text)
    if len(text) + len(tail) > MOST_NAME:
        text = f"{CUT}{text[len(CUT) - (MOST_NAME - len(tail)) :]}"
    said = next((size for size in range(len(tail), 0, -1) if text.endswith(tail[:size])), 0)
    return text + tail[said:]  # 接待批次 and 批次数 are 接待批次数


CUT = "…"
"""Begins a name for which there was no room."""
_LITTLE = (
    r"^(?:和(?!谐|解|平|睦|美)|对(?!照|口|接|外|内|象|比|标|账|上|下)|如(?!实|期|数|约)|若|凡"
    r"|因(?!地|公|病|素))+|(?:和|与)$"
)
"""Little words around what a name tells."""


_NEVER = r"零(?!星|售|散|工|件)|不(?:存在|发生|出现)|(?:坚决)?(?:严禁|杜绝|禁止)"
_NONE = r"无(?!证|故|理|牌|照|偿|障碍|主|名|效|序|害|关|人|线|纸|烟)|没有"
"""Before what should not be at all."""


def of_which_none(text: str, *, none: bool) -> str:
    """What should not be, by itself: 零投诉 asks for 投诉; ``none``: 无 and 没有 ask for none too."""
    words = f"{_NEVER}|{_NONE}" if none else _NEVER
    return re.sub(f"(?:^|(?<=[、，]))(?:{words})(?=..)", "", text)


def lacks_at_all(text: str) -> bool:
    """It begins with what should not be, or with what was not there: nobody can tell which."""
    return re.match(_NONE, text) is not None


_THAN = (
    r"(?:低于|少于|高于|多于|超过|大于|小于|超(?=编|上|去|计))(?=[一-龥“])"
    r"(?!规定|要求|时限|期限|时间|限期|限额|限定|标准|以上)"
)
_COMPARES = re.compile(rf"{_THAN}|(?:比|较)(?:上|去|前|往|同)(?:一)?(?:年|期|季|月)")


def compares(clause: str) -> bool:
    """It compares something with what is no number: 不低于上年, 多于批评."""
    return _COMPARES.search(clause) is not None


def says_how_far(text: str, how: str) -> bool:
    """It names by itself how far something is from another number, the way that ``how`` goes: 少于上年."""
    less = re.search("少|低|减|降|差|不足", how) is not None
    found = _COMPARES.search(text)
    return (
        found is not None
        and "，" not in text
        and (re.search("少|低|小|减|降", text[found.start() :]) is not None) == less
    )


def distant(text: str, how: str) -> str:
    """What is counted is how far it is from what it should be: 不低于上年 becomes 少于上年."""
    return re.sub(rf"不(?:得|应)?{_THAN}", how, text)


def count(text: str, unit: str, *, hit: bool) -> Table:
    """A count of what is told; ``hit``: it takes points off."""
    unit = unit or "次"
    text = re.sub(r"(?:未|没有|无)(?=(?:发生|出现)[^，。；]*$)", "", text)
    if unit in MEASURED:
        return {"label": name(text) or "数额", "kind": "数值", "measure": unit}
    fact: Table = {"label": name(text, _COUNTS.get(unit, f"{unit}数")), "kind": "次数", "measure": unit}
    if _OFFICE.search(text):
        fact["by"] = "office"
        if hit:
            fact["adverse"] = True
    return fact


_OTHERWISE = re.compile(r"[，；]?(?:否则|反之)$")
"""Behind what should have been done: 应签订责任书，否则扣4分."""
DEGREE = r"(?:但|或)?(?:不够?|欠|未)(?:完善|健全|规范|齐全|完整|合格|到位|落实|及时|准确|达标|明确|清晰|整洁)(?:的)?"
"""What was not so, without what it speaks of."""
MAKING = (
    "进驻|提供|建立健全|建立|设立|制定|公布|公示|配备|召开|报送|签订|成立"
    "|印发|开通|悬挂|张贴|提交|参加|编制|明确|设置"
)
"""What is done once, and seen afterwards."""
DOING = f"{MAKING}|公开|开展|组织|落实|完成"
"""What is done with something, which has to be named with it."""
_SCRAP = re.compile(
    r"^\d+[次篇项期场份]|[得扣加减记]\d|\d分(?!钟)|[=＝÷×]|否则|反之|每(?![万千百亩])|成\d|万美?$|[扣得按者被](?:.{0,2}数)?$|少任|(?<!\d)/|分值|满分|评分标准|分清零|分归零"
    r"|不(?:低|高|少|多|大|小)于.*(?:率|比例|占比)|[一1](?:次|起|例|项|处|件)，|所有(?:相关)?责任人|^.{0,6}(?:此|该)项|(?:再|另|还)$|^(?:国家|省部?|市|县|区|镇|乡|村)级?[次件项篇起个]?数?$"
    r"|^(?:低于|高于|超过|不足|不到|达到|少于|多于|大于|小于)\d|上述|以上[情问]"
    rf"|^{CUT}|^(?:且|并且|或者|而且|但)|^[^（]*）|（[^）]*$|^(?:完善|健全|规范|齐全|完整|合格|到位|落实|及时|准确|达标|明确|{DEGREE})$"
)
"""In a name: it was cut out of a sentence where no name stands."""


def scraps(facts: Iterable[Table]) -> list[str]:
    """What is doubtful about names that were cut out of a sentence."""
    cut = [fact["label"] for fact in facts if _cut(fact["label"], asked=fact["kind"] == "是否")]
    return [f"填报项“{label}”是从句子里截出来的，请改成要填的事" for label in cut]


def _cut(label: str, *, asked: bool) -> bool:
    """``asked``: it is a question, which may say how often: 每窗口派驻两名, 专题会议每年4次以上."""
    if not asked:
        return (
            _SCRAP.search(label) is not None or re.fullmatch(f"(?:{MAKING}|开展|组织).{{1,2}}数", label) is not None
        )
    return bool(re.fullmatch(DOING, label) or _SCRAP.search(re.sub("每(?![低高少缺多超增减])(?!.{1,2}$)", "", label)))


def yes(text: str) -> tuple[Table, bool]:
    """A question that is answered by 是 or 否, and whether what is told is its 是: 未设立 asks for 设立."""
    if otherwise := _OTHERWISE.search(text.strip("，；。")):
        done, told = yes(otherwise.string[: otherwise.start()])
        return done, not told
    *before, clause = re.split(r"[，；。]", text.strip("，；。"))
    found = _negated(clause)
    asked = found["rest"] if found else text
    before = [each for each in before if not re.match("查|看", each)]
    if found and any(is_not(each) for each in before):
        found, asked = None, text  # 班子不健全，不符合要求
    if found and before and len(asked) <= SHORTEST:
        asked = before[-1]  # 设置管理机构，未设置扣2分
    fact: Table = {"label": name(asked) or name(text) or "完成情况", "kind": "是否"}
    return fact | _by(text), found is None


def negates(text: str) -> bool:
    """A clause that says what was not done: 未开展, 没有专职人员."""
    return _negated(re.split(r"[，；。]", text.strip("，；。"))[-1]) is not None


def is_not(clause: str) -> bool:
    """A clause in which something is not as it should be: 处置不及时."""
    return re.search("未|没有|缺|不(?!断|同|定期|仅|但|少于|低于)|无(?!故)", clause) is not None


def _negated(clause: str) -> re.Match[str] | None:
    found = _NEGATED.match(unnumbered(clause))
    return None if found and re.search("或.*(?:未|没|不|无)", found["rest"]) else found


def choice(text: str, options: list[str]) -> Table:
    return {"label": name(text) or "完成情况", "kind": "选项", "options": options} | _by(text)


def points(text: str, most: object, *, office: bool) -> Table:
    fact: Table = {"label": name(text) or "考核组评分", "kind": "分值", "most": most}
    return fact | ({"by": "office"} if office else {})


def several(text: str) -> bool:
    """Several numbers in one breath: 开工率、竣工率."""
    return (
        re.search(r"率[、和及与][^，。；]{1,12}率|分别|率均|(?<![平日人生户年月])均(?:达|不)|都(?:达|不)", text)
        is not None
    )


def is_rate(text: str) -> bool:
    """It speaks of a percentage by name."""
    return _RATE.search(text) is not None


def measured(text: str, unit: str, fallback: str, *, broken: bool = False) -> Table:
    """A number that is compared with another: a percentage, a count, or so much of a unit (``broken``: 0.1 of it)."""
    found = _RATE.search(text)
    told = re.split("[，。；：]", text[: found.end()])[-1] if found else text
    label = name(told) or name(fallback) or "完成数"
    if unit in ("%", "个百分点", "百分点", "个点") or (found and not unit and not _NOT_PERCENT.search(found[0])):
        return {"label": label, "kind": "百分比"} | _by(text)
    if unit and unit not in (*MEASURED, "分") and not broken and not re.search(_PER, label):
        return {"label": name(label, _COUNTS.get(unit, f"{unit}数")), "kind": "次数", "measure": unit} | _by(text)
    if not unit and not found and not _AMOUNT.search(label):
        return {"label": label, "kind": "次数", "measure": _measure_of(label)} | _by(text)
    return {"label": label, "kind": "数值", "measure": unit or NO_MEASURE} | _by(text)


_PER = "每(?:[百千万]|十万)|[百千万](?:人|公里|辆|元)|人均|平均"
"""What is counted for so many of something is no whole number."""
_MONEY = re.compile(r"资金|投资|产值|税收|收入|金额|贷款|募捐|捐款|融资|额$")


def unmeasured(fact: Table) -> list[str]:
    """What is doubtful about a number whose unit no sentence tells."""
    return [f"“{fact['label']}”的计量单位原文没有写，请填写"] if fact.get("measure") == NO_MEASURE else []


def unmeasured_parts(whole: Table, text: str) -> list[str]:
    """The same about two numbers that are divided."""
    if whole.get("measure") == MONEY:
        return [] if "元" in text else [f"计量单位原文没有写，暂写“{MONEY}”"]
    unit = whole.get("measure", "个")
    return [f"说的可能是金额，计量单位却是“{unit}”，请核对"] if _MONEY.search(text.rstrip("。；")) else []


def doubtful(fact: Table, text: str) -> list[str]:
    """What is doubtful about a number out of a text: its unit, whether it is one number at all."""
    doubts = [*unmeasured(fact)]
    if several(text):
        doubts.append("说的是几个数，填报项只有一个，请核对")
    if re.search("不(?:低|高|少|多)于|不超过", fact["label"]):
        doubts.append(f"填报项“{fact['label']}”是从句子里截出来的，请改成要填的事")
    return doubts


def parts(text: str, fallback: str, *, hit: bool) -> tuple[Table, Table]:
    """The two counts of a ratio: what was to be done, and what was done (or, ``hit``, was not)."""
    found = _RATE.search(text)
    core = found[0] if found else text
    core = re.sub(r"(?:的)?(?:比例|率|进度|占比|比重)$", "", re.split(r"[，。；：]", core.strip("，。；：的"))[-1])
    core = re.sub("^完成(?=..)", "", core)
    core = re.sub(r"^(?:未|没有|不)(?:实现|完成|全部完成|完全|达到)?|(?:不完全|不到位|未完成|不全)$", "", core)
    core = name(re.sub(r"(?:全部|全面)?(?:完成|达到)?(?:年度|目标)*任务$|(?:全部|全面)(?=..$)", "", core)) or name(
        fallback
    )
    core = re.sub("^(?:按|根据|依据)(?:照)?(?:实际)?", "", core)
    if re.fullmatch("(?:实际|任务|目标)*完成", core):
        core = name(fallback)  # 完成率×10分
    core = re.sub("(?:任务)?完成$", "", core) or core
    core = core[-16:] if re.search("[一-龥]{2}", core) else "工作任务"
    if _MONEY.search(core):
        whole = {"label": f"{core}（目标数）", "kind": "数值", "measure": MONEY}
        done: Table = {"label": f"{core}（{'未' if hit else '实际'}完成数）", "kind": "数值", "measure": MONEY}
        return whole, done | ({"at_most": whole["label"]} if hit else {})  # more than was aimed at
    unit = "人" if core.endswith(("人员", "人")) else "件" if re.search(r"件|举报|投诉|信访|办", core) else ""
    if re.search("项|任务|隐患|问题|措施|制度", core):
        unit = unit or "项"
    counted: Table = {"kind": "次数"} | ({"measure": unit} if unit else {})
    whole = {"label": f"{core}（应完成数）"} | counted
    part = {"label": f"{core}（{'未' if hit else '实际'}完成数）"} | counted
    more = not hit and re.search("年度任务|目标任务|任务数|目标数|年度目标", text)  # than was aimed at
    return whole, part | ({} if more else {"at_most": whole["label"]})


def parts_of_formula(part: str, whole: str) -> tuple[Table, Table]:
    """The two counts of a ratio that a formula names."""
    if _MONEY.search(part):
        amounts: Table = {"kind": "数值", "measure": MONEY}
        return {"label": name(whole)} | amounts, {"label": name(part)} | amounts
    measure = next((unit for unit in COUNTED if part.rstrip("数量").endswith(unit)), "个")
    given: Table = {"label": name(whole), "kind": "次数", "measure": measure}
    done: Table = {"label": name(part), "kind": "次数", "measure": measure}
    return given, done | ({} if re.search("任务|目标", whole) else {"at_most": given["label"]})


def _by(text: str) -> Table:
    return {"by": "office"} if _OFFICE.search(text) else {}


def _measure_of(label: str) -> str:
    return "件" if "件" in label else "户" if "户" in label else "人" if label.endswith("人数") else "个"


def apart(facts: Iterable[Table]) -> list[Table]:
    """The facts of an item under names of their own; what names another of them goes along."""
    seen: set[str] = set()
    for fact in (found := list(facts)):
        label, number = fact["label"], 2
        while fact["label"] in seen:
            fact["label"] = f"{label}（{number}）"
            number += 1
        seen.add(fact["label"])
    return found

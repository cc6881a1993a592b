"""What a notice says of itself outside its tables: title, office, document, dates; vetoes and grades in its text."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from assess_xlsx.draft.text import plain, unnumbered
from assess_xlsx.scheme.book.cells import whole

if TYPE_CHECKING:
    from assess_xlsx.draft.notice import Line

_DOCUMENT = re.compile(r"[\w一-龥]{2,20}[〔\[【(（]\s*\d{4}\s*[〕\]】)）]\s*(?:第\s*)?\d+\s*号")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ISSUED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?:印发)?")
_TITLE = re.compile(
    r"(?:考核|考评|评价|评估|评分|评比|检查)[^，。；：]*(?:方案|办法|细则|评分表|标准|意见|通知|考核)(?:（[^（）]*）)?$"
)
_QUOTED = re.compile(r"关于(?:印发|下发)?[^《]*《([^》]+(?:《[^》]*》[^》]*)?)》")
_YEAR = re.compile(r"(20\d{2})\s*年?\s*度?")
_COUNTY = re.compile(r"^[一-龥]{1,6}?(?:县|市|区|旗|州)")
_DEADLINE = re.compile(
    r"(?:于|在|截至|截止)?(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:\d{1,2}时)?(?:之?前|以前|前)[^。；]{0,20}?(?:报送|上报|报至|报县|报市|提交|报到|报考核|交)"
)
_PHONE = re.compile(r"(?:联系电话|电话|咨询电话)[：:\s]*((?:\d{3,4}[—-])?\d{7,8}|1\d{10})")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OBJECTION = re.compile(
    r"(?:公示|公布|接到|收到)[^。；]{0,16}?(\d{1,2}|[一二三五七十]+)个?(?:工作日|日|天)[^。；]{0,12}(?:异议|申诉|复核|申请)"
)
_VETO = re.compile(r"一票否决|取消[^，。；]{0,8}(?:评优|评先|资格)")

_GRADE = re.compile(
    r"(\d+(?:\.\d+)?)分?(?:（含）|\(含\))?(?:及?以上|—\d+分?|至\d+分?)[^，。；、\d]{0,12}?(?:为|评为|定为|确定为|评定为)?"
    r"(优秀|良好|较好|称职|合格|达标|一般|基本合格|基本称职|[一二三四]等(?:奖)?|[ABCD]级?|[优良中](?=[，；。、级等]|$))"
)
_LOWEST = re.compile(
    r"\d+(?:\.\d+)?分?以下[^，。；、\d]{0,10}?(?:为|评为|定为|确定为|评定为)?(不合格|不称职|不达标|较差|差|一般|基本合格|[一二三四]等|[BCD]级?)"
)
_QUOTA = re.compile(
    r"(优秀|良好|一等|A级?)(?:等次|单位|档次|等级)?(?:的?(?:比例|数量|名额|单位数))?(?:原则上)?(?:一般)?(?:不超过|控制在|不高于|占)"
    r"[^，。；\d]{0,12}(\d+(?:\.\d+)?%|\d+)(?:个|名|家|以内)?"
)
GRADE = re.compile(
    r"\d+分?(?:（含）)?(?:以上|及以上|—|至)[^。；]{0,16}(?:为|评为|定为)?(?:优秀|良好|合格|较好|一般|[一二三四]等|[ABCD]级)|等次|档次"
)
NOTED: tuple[tuple[re.Pattern[str], str], ...] = (
    (GRADE, "说的是等次，请与方案里的等次核对；没有写进方案的，请补写，写不进的由考核办另定"),
    (
        re.compile(r"支付|服务费|绩效工资|奖金|补助|经费[^。]{0,8}挂钩"),
        "说的是结果怎样与钱挂钩，不在计分之内，由考核办另办",
    ),
    (re.compile(r"一票否决|取消[^，。；]{0,8}资格"), "说的是一票否决，已照录在“一票否决”表，请核对"),
    (
        re.compile(
            r"\d+%[^。；]{0,20}(?:平时|年终|季度|日常|民主)|(?:平时|年终|季度|日常)[^。；]{0,20}(?:占|权重)\d+%"
        ),
        "说的是几部分成绩各占多少，方案里还没有",
    ),
    (
        re.compile(r"总分[^。；]{0,12}(?:加|扣|减)|(?:加|扣)[^。；]{0,6}\d分|末位|排名后"),
        "说的是怎样计分，没有写进方案",
    ),
)
"""What a text may say that bears on scores, and what a person is told of it."""


class About(Struct):
    """The head of the scheme; what is empty the notice does not say."""

    title: str = ""
    document: str = ""
    office: str = ""
    county: str = ""
    year: int | None = None
    issued: dt.date | None = None
    deadline: dt.date | None = None
    phone: str = ""
    email: str = ""
    objection_days: int | None = None
    used: set[int] = field(default_factory=set)
    """Which of the lines went into the head, by ``id``."""


def about(lines: list[Line], titles: list[str]) -> About:
    """``titles`` are those of the forms, for a notice that has none of its own."""
    found = About()
    for place, line in enumerate(lines):
        looked = plain(line.text)
        if not found.document and (named := _DOCUMENT.search(line.text)) and len(looked) < 40:  # noqa: PLR2004
            found.document = named[0]
            found.used.add(id(line))
            _office_above(found, lines[:place])
        if not found.title and (quoted := _QUOTED.search(line.text)) and len(looked) < 120:  # noqa: PLR2004
            found.title = quoted[1]
            found.used.add(id(line))
        if _ISSUED.fullmatch(looked) and found.issued is None:
            found.issued = _day(looked)
            found.used.add(id(line))
            if place and 3 < len(lines[place - 1].text) < 40 and not re.search("[，。；：]", lines[place - 1].text):  # noqa: PLR2004
                found.office = "".join(lines[place - 1].text.split())
                found.used.add(id(lines[place - 1]))
        _contact(found, looked)
    if not found.title:
        _title(found, lines, titles)
    _place_and_year(found, lines)
    return found


def _office_above(found: About, lines: list[Line]) -> None:
    """The letterhead: the lines above the document's number."""
    head: list[str] = []
    for line in reversed(lines[-3:]):
        text = "".join(line.text.split())
        if re.search("[，。；：]", text) or len(text) > 40:  # noqa: PLR2004
            break
        head.insert(0, text)
        found.used.add(id(line))
    found.office = re.sub("文件$", "", "".join(head))


def _contact(found: About, looked: str) -> None:
    if not found.deadline and (until := _DEADLINE.search(looked)):
        year = int(until[1]) if until[1] else 0
        found.deadline = _date(year, int(until[2]), int(until[3])) if year else None
    if not found.phone and (phone := _PHONE.search(looked)):
        found.phone = phone[1].replace("—", "-")
    if not found.email and (email := _EMAIL.search(looked)):
        found.email = email[0]
    if not found.objection_days and (days := _OBJECTION.search(looked)) and days[1].isdigit():
        found.objection_days = int(days[1])


def _title(found: About, lines: list[Line], titles: list[str]) -> None:
    for line in lines:
        text = "".join(line.text.split())
        if _TITLE.search(text) and len(text) <= 60 and not re.search("[，。；：]", text) and "附件" not in text[:3]:  # noqa: PLR2004
            found.title = _bare_title(text)
            found.used.add(id(line))
            return
    if titles:
        found.title = _bare_title("".join(titles[0].split()))


def _bare_title(text: str) -> str:
    """What is assessed, without the kind of document: …考核实施方案, …考核评分细则（县直）."""
    bare = re.sub("[（(][^（）()]*[）)]$", "", text)
    return re.sub("(?<=考核)(?:工作)?(?:(?:实施)?(?:方案|办法)|评分(?:细则|标准))$", "", bare)


def _place_and_year(found: About, lines: list[Line]) -> None:
    named = next(
        (m for text in (found.office, found.title, *(line.text for line in lines)) if (m := _COUNTY.match(text))),
        None,
    )
    found.county = named[0] if named else ""
    years = [found.title, *(plain(line.text) for line in lines if len(line.text) < 60)]  # noqa: PLR2004
    year = next((m for text in years if (m := re.search(r"(20\d{2})年度?", text))), None)
    if year:
        found.year = int(year[1])
    elif said := re.search(r"20\d{2}", found.document):
        found.year = int(said[0])


def _day(text: str) -> dt.date | None:
    found = _DATE.search(text)
    return _date(*map(int, found.groups())) if found else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def grades(lines: list[Line]) -> list[dict[str, Any]]:
    """等次 by total, from the best down to one that begins at 0; none where a notice does not say them all."""
    for line in lines:
        looked = plain(line.text)
        found = {name: whole(Decimal(from_)) for from_, name in _GRADE.findall(looked)}
        lowest = _LOWEST.search(looked)
        if not found or lowest is None or lowest[1] in found:
            continue
        rows: list[dict[str, Any]] = [{"name": name, "at_least": from_} for name, from_ in found.items()]
        rows.sort(key=lambda row: -row["at_least"])
        for name, quota in _QUOTA.findall(looked):
            for row in rows:
                if row["name"] == name:
                    row["quota"] = quota
        return [*rows, {"name": lowest[1], "at_least": 0}]
    return []


# ── vetoes that stand in the text ──


def vetoes(line: Line) -> list[str]:
    """The circumstances that a paragraph makes a veto: 出现甲、乙或丙等现象的，一律取消评优资格."""
    found: list[str] = []
    if listed := re.search(
        r"下列情形之一[^：]*(?:一票否决|取消[^，：]{0,8}(?:评优|评先|资格))[^：]*：(.+)", line.text, re.DOTALL
    ):
        return [
            bare for each in re.split("[；。\n]", listed[1]) if (bare := unnumbered(each.strip()).strip("的，。"))
        ]
    for sentence in re.split("[。；]", line.text):
        ruled = re.search(
            r"([^，：]+?)(?:的)?，(?:[^，]{0,8}，)?[^，]{0,6}(?:一票否决|取消[^，]{0,8}(?:评优|评先|资格))", sentence
        )
        if ruled is None:
            continue
        told = re.sub(r"^.*?(?:出现|发生|存在|凡有|凡|对)(?=[“”一-龥])", "", ruled[1], count=1)
        told = re.sub(r"等(?:现象|情形|情况|问题|行为)?(?:之一)?的?$", "", told)
        found += [each for each in _apart(told) if len(each) > 2]  # noqa: PLR2004
    return found


def _apart(text: str) -> list[str]:
    """The parts of an enumeration; what stands in quotation marks or brackets is not parted."""
    parts, depth = [""], 0
    for place, each in enumerate(text):
        depth += (each in "“《（") - (each in "”》）")
        if depth == 0 and (each == "、" or (each == "或" and text[place + 1 : place + 2] != "者")):
            parts.append("")
        else:
            parts[-1] += each
    return [part.strip("，、 ") for part in parts if part.strip("，、 ")]

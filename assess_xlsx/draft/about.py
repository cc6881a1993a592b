"""What a notice says of itself outside its tables: title, office, document, dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from assess_xlsx import numerals
from assess_xlsx.draft import vetoes
from assess_xlsx.draft.text import plain

if TYPE_CHECKING:
    from assess_xlsx.draft.notice import Line

_DOCUMENT = re.compile(r"[\w一-龥]{2,20}[〔\[【(（]\s*\d{4}\s*[〕\]】)）]\s*(?:第\s*)?\d+\s*号")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_CHINESE_DATE = re.compile(
    r"([〇○零Ｏ0O一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日(?:印发)?"
)
_SOME_YEAR = re.compile(r"(20\d{2})(?=年|[〕\]】）)])")
_SCHOOL_YEAR = re.compile(r"20\d{2}\s*年?\s*[—–－~～\-至]+\s*20\d{2}|学年")
_ISSUED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?:印发)?")
_TITLE = re.compile(
    r"(?:考核|考评|评价|评估|评分|评比|检查|测评|评议)[^，。；：]*"
    r"(?:方案|办法|细则|评分表|标准|意见|通知|考核|规定|制度)(?:（[^（）]*）)?$"
)
_QUOTED = re.compile(r"《([^《》]+(?:[〈<《][^〉>》]*[〉>》][^《》]*)*)》")
_ASSESSED = r"(?:考核|考评|评价|评估|评比|检查|测评|评议|评审|评定|督查|竞赛|评选)"
_PAPER = (
    r"(?:(?:工作)?的?(?:实施)?(?:方案|办法|细则|规定|制度|意见|标准)|(?:工作)?评分(?:细则|标准|办法|表)|评分表|表)"
    r"(?:（[^（）]*）)?"
)
_ABOUT = re.compile(
    r"关于(?:认真|切实|全面|组织|做好|开展|印发|下发|发布|公布|进行|实施|抓好|修订|调整|制定|进一步|规范|加强|转发"
    r"|[“]?对(?=.*的))*(.+?)(?:有关|相关)?(?:工作)?(?:的)?(?:(?:有关|相关)?(?:事项|事宜|问题|工作))?的?(?:补充|实施)?"
    r"(?:通知|意见|决定|公告|函|通报)(?:（[^（）]*）)?$"
)
"""关于开展…考核工作的通知."""
_OFFICE = re.compile(r"(?:[委局办院校学部厅会处所站社队组科]|政府|办公室|中心|公司|集团)$")
"""What the names of offices end with."""
_COUNTY = re.compile(
    r"^(?![全各我本该小园社]|新区|为|根据|按照|附件|关于|城市|市[区场])(?:[一-龥]{2,7}?(?:省|自治区))?(?:[一-龥]{2,5}?市(?=[一-龥]{1,4}[县区旗市]))?"
    r"([一-龥]{1,6}?(?:自治县|自治州|县|市(?![场政])|区(?!域)|旗|州(?!市)))(?!直|级|乡|域)"
)
_PARTY = re.compile(r"^(?:中共|中国共产党)")
_DEADLINE = re.compile(
    r"(?:于|在|截至|截止)?(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:\d{1,2}时)?(?:之?前|以前|前)(?:）。)?[^。；]{0,20}?(?:报送|上报|报至|报县|报市|提交|报到|报考核|交)"
)
_PHONE = re.compile(r"(?:联系电话|电话|咨询电话)[：:\s]*((?:\d{3,4}[—-])?\d{7,8}|1\d{10})")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OBJECTION = re.compile(
    r"(?:公示|公布|接到|收到)[^。；]{0,16}?(\d{1,2}|[一二三五七十]+)个?(?:工作日|日|天)[^。；]{0,12}(?:异议|申诉|复核|申请)"
)
NOTED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"支付|服务费|绩效工资|年薪|薪酬|奖金|补助|经费[^。]{0,8}挂钩|[终中]止(?:合同|协议)|解除合同|清退"
        ),
        "说的是结果怎样与钱挂钩，不在计分之内，由考核办另办",
    ),
    (vetoes.SPEAKS, vetoes.NOT_WRITTEN),
    (
        re.compile(
            r"\d+%[^。；]{0,20}(?:平时|年终|季度|日常|民主)|(?:平时|年终|季度|日常)[^。；]{0,20}(?:占|权重)\d+%"
            r"|(?:考核|考评|检查|评价|测评|测试|得分|成绩|自评|满意度)[^。；，、]{0,10}(?:占|权重为?|按)[^。；，]{0,8}?\d+%"
        ),
        "说的是几部分成绩各占多少，方案里还没有",
    ),
    (
        re.compile(
            r"总分[^。；]{0,12}(?:加|扣|减)|(?:加|扣)[^。；]{0,6}\d分|末位|排名后|不得(?:进入|列入|排在?)前|按\d+(?:\.\d+)?分计|平均[分值得]|平均成绩|加权|折算|小数|四舍五入|并列|缺项"
        ),
        "说的是怎样计分，没有写进方案",
    ),
    (re.compile(r"(?:前|后|第)[一二两三四五六七八九十\d]+名"), "说的是名次怎样用，没有写进方案"),
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
    due: tuple[int, int, int] = (0, 0, 0)
    """Year, 0 where none is said, month and day of the deadline."""
    phone: str = ""
    email: str = ""
    objection_days: int | None = None
    doubts: dict[str, str] = field(default_factory=dict)
    """What of it a person has to look at, by what it is."""
    used: set[int] = field(default_factory=set)
    """Which of the lines went into the head, by ``id``."""


def about(lines: list[Line], titles: list[str]) -> About:
    """``titles`` are those of the forms, for a notice that has none of its own."""
    found = About()
    for place, line in enumerate(lines):
        looked = plain(line.text)
        if not found.document and (named := is_document(line.text)):
            found.document = "".join(named.split())
            found.used.add(id(line))
            _office_above(found, lines[:place])
        if (day := _issued(looked)) and found.issued is None:
            found.issued = day
            found.used.add(id(line))
            signed = _signed(lines[:place])
            if signed:
                found.office = "、".join(_offices(each.text) for each in signed)
                found.used |= set(map(id, signed))
        _contact(found, looked)
    _title(found, lines, titles)
    _place_and_year(found, lines, titles)
    if found.deadline is None and found.due[1] and found.issued:
        later = found.due[1:] < (found.issued.month, found.issued.day)
        found.deadline = _date(found.issued.year + later, *found.due[1:])
    return found


def is_document(text: str) -> str:
    """文号 as it stands in a line of its own, or in one little longer; empty where there is none."""
    named = _DOCUMENT.search(text)
    return named[0] if named and len(plain(text)) < 40 and not re.search("[，。；《]", text) else ""  # noqa: PLR2004


def is_head(text: str) -> bool:
    """A line of the notice's own head, which is no title of a form: its number, its letterhead, …的通知."""
    looked = plain(text)
    return bool(
        is_document(text)
        or _issued(looked)
        or (re.search("关于", looked) and re.search(r"的?(?:通知|公告|函|决定|通报|意见)(?:（[^（）]*）)?$", looked))
        or (looked.endswith("文件") and len(looked) < 40)  # noqa: PLR2004
    )


def _signed(lines: list[Line]) -> list[Line]:
    """Who signs above the date, one office a line."""
    signed: list[Line] = []
    for line in reversed(lines[-3:]):
        text = "".join(line.text.split())
        if not 3 < len(text) < 40 or re.search("[，。；：、]|通知|附件|关于|号$", text):  # noqa: PLR2004
            break
        if signed and not _OFFICE.search(text):
            break
        signed.insert(0, line)
    return signed


def _office_above(found: About, lines: list[Line]) -> None:
    """The letterhead: the lines above the document's number."""
    head = ""
    for line in reversed(lines[-3:]):
        text = _offices(re.sub(r"文\s*件\s*$", "", line.text))
        if re.search("[，。；：]|通知|关于", text) or len(text) > 40:  # noqa: PLR2004
            break
        head = f"{text}、{head}" if head and _OFFICE.search(text) else f"{text}{head}"
        found.used.add(id(line))
    found.office = head


def _offices(text: str) -> str:
    """Who issues, several offices on a line apart: 县教育局　县财政局."""
    words = text.split()
    return "、".join(words) if all(_OFFICE.search(word) for word in words) else "".join(words)


def _contact(found: About, looked: str) -> None:
    if not found.deadline and (until := _DEADLINE.search(looked)):
        found.due = int(until[1]) if until[1] else 0, int(until[2]), int(until[3])
        found.deadline = _date(*found.due) if found.due[0] else None
    if not found.phone and (phone := _PHONE.search(looked)):
        found.phone = phone[1].replace("—", "-")
    if not found.email and (email := _EMAIL.search(looked)):
        found.email = email[0]
    if not found.objection_days and (days := _OBJECTION.search(looked)) and days[1].isdigit():
        found.objection_days = int(days[1])


def _title(found: About, lines: list[Line], titles: list[str]) -> None:
    for place in range(len(lines)):
        for count in (1, 2, 3):
            joined = lines[place : place + count]
            text = "".join("".join(each.text.split()) for each in joined)
            if count > 1 and any(is_document(each.text) for each in joined):
                break
            if len(joined) == count and len(text) <= 100 and (title := _titled(text, joined)):  # noqa: PLR2004
                found.title = title
                found.used |= set(map(id, joined))
                front = _offices("".join(each.text for each in joined).partition("关于")[0])
                if "关于" in text and _OFFICE.search(front) and front != found.office:
                    if found.office:
                        found.doubts["office"] = f"题目写的是“{front}”，落款不同，请核对"
                    else:
                        found.office = front
                break
        if found.title:
            break
    else:
        if titles:
            found.title = _bare_title("".join(titles[0].split()))
    if found.title and (not re.search(rf"{_ASSESSED}$", found.title) or re.search("进行|实施|开展", found.title)):
        found.doubts["title"] = "标题是从通知里摘的，说的应是考核什么（如“2026年度某某工作考核”），请核对"


def _titled(text: str, lines: list[Line]) -> str:
    """What a line of the notice's head says that is assessed; empty where it is none."""
    looked = plain(text)
    if re.search("[。；]|^附件|^根据|^按照|^现将|^依据|^各", looked):
        return ""
    if re.search(r"^[^，：]{0,30}关于.*(?:通知|意见|决定|公告|函|通报)(?:[（(][^（）()]*[）)])?$", text):
        quoted = _QUOTED.search(text)
        about_ = quoted or _ABOUT.search(text)
        title = _bare_title(about_[1]) if about_ else ""
        return title if re.search(_ASSESSED, title) or quoted else text if re.search(_ASSESSED, text) else ""
    if len(lines) == 1 and _TITLE.search(text) and len(text) <= 60 and not re.search("[，。；：]", text):  # noqa: PLR2004
        return _bare_title(text)
    return ""


def _bare_title(text: str) -> str:
    """What is assessed, without the kind of document: …考核实施方案, …考核评分细则（县直）."""
    bare = re.sub(rf"({_ASSESSED})(?:工作)?(?:{_PAPER})?$", r"\1", text)
    return re.sub(r"^(?:印发|下发|关于|《)+", "", bare)


def _place_and_year(found: About, lines: list[Line], titles: list[str]) -> None:
    sure = (found.office, found.title, *titles)
    every = (*sure, *(line.text for line in lines))
    named = next(((text, m) for text in every if (m := _COUNTY.match(_PARTY.sub("", text)))), None)
    found.county = named[1][1] if named else ""
    if named and named[0] not in sure:
        found.doubts["county"] = "地区是从正文里摘的，请核对"
    if found.office and not _OFFICE.search(found.office):
        found.doubts["office"] = "发文单位是从通知里摘的，请核对"
    year = next((m for text in sure if (m := re.search(r"(20\d{2})\s*年?度?", text))), None)
    said = [*(plain(line.text) for line in lines if len(line.text) < 60)]  # noqa: PLR2004
    if year:
        found.year = int(year[1])
        if any(_SCHOOL_YEAR.search(text) for text in sure):
            found.doubts["year"] = "标题写的是两个年份，暂写前一个，请核对"
    elif told := next((m for text in said if (m := re.search(r"(20\d{2})年度", text))), None):
        found.year = int(told[1])
        found.doubts["year"] = "标题没有写哪一年度，照正文里的年度写的，请核对"
    elif told := next((m for text in (*said, found.document) if (m := _SOME_YEAR.search(text))), None):
        found.year = int(told[1])
        found.doubts["year"] = "通知没有写明哪一年度，照发文的年份写的，请核对"


_DIGITS = "〇一二三四五六七八九"


def _issued(looked: str) -> dt.date | None:
    """A date in a line of its own: 2026年3月1日, 二〇二六年三月一日, （2026年3月1日印发）."""
    text = looked.strip("（）")
    if chinese := _CHINESE_DATE.fullmatch(text):
        year = "".join(str(_DIGITS.find(each)) if each in _DIGITS else "0" for each in chinese[1])
        month, day = numerals.value(chinese[2]), numerals.value(chinese[3])
        return _date(int(year), month, day) if month and day else None
    return _day(text) if _ISSUED.fullmatch(text) else None


def _day(text: str) -> dt.date | None:
    found = _DATE.search(text)
    return _date(*map(int, found.groups())) if found else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None

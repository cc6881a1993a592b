"""Names of units, wherever a notice lists them: in the cells of a roster, in a sentence, in lines below a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from assess_xlsx import numerals
from assess_xlsx.draft import lists
from assess_xlsx.draft.text import plain
from assess_xlsx.scheme.build_roster import MOST_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.draft.notice import Line

_ENDS = re.compile(
    r"(?:局|委|办|厅|部|院|所|站|校|园|社|厂|店|镇|乡|村|街|处|科|室|会|队|馆|场|行|署|库|台|段|司|矿|组|中心|中学|小学|大学|学院|一中|二中|三中|四中|五中"
    r"|[六七八九十\d]中|高中|初中|职中|职高|街道|社区|公司|集团|企业|政府|银行|基地|超市|酒店|宾馆|食堂|农场|林场|电厂|水厂|联社|供电|烟草|电信|移动|联通|邮政"
    r"|法院|检察院|工会|妇联|残联|团委|科协|文联|工商联|开发区|园区|新区|景区|片区|人大|政协|党校)(?:（[^（）]{1,14}）)?$"
)
"""What the names of units end with."""
_NO_NAME = re.compile(
    r"^(?:由|对|各|全|有关|相关|所有|其他|以上|上述|本|我|其中|县直各|市直各)|[。；：？！、，]|\d{5,}|^[\d.]+$|(?:考核|评价|名单|附件|通知|办法|方案|细则|合计|小计|总计|要求|单位名称|考核组|领导小组|工作组|检查组)$"
    r"|^(?:合计|小计|总计|共计|共)|具有|承担|负责|开展|列入|纳入|签订|范围|辖区内|以及|包括"
)
_COUNT = re.compile(
    r"(?:共计?|合计|总计|等|计|共有)[（]?(\d+|[一二三四五六七八九十百]+)(?:个|家|所|户|支)?(?:单位|部门|乡镇|镇街|街道|学校|医院|卫生院|企业|社区|村|公司|机构|供应商|科室|中心)?"
)
_OBJECTS = re.compile(
    r"(?:被?考核|考评|评价|参评|评估|受检|测评|评比)的?(?:对象|范围|单位|部门|学校|主体)|适用范围|实施范围|单位名单|名单"
)
_TITLE = re.compile(
    r"(?:[^，。；：]{0,30})(?:(?:被?考核|考评|评价|参评|评估|受检|测评|评比)的?(?:对象|单位|部门|学校|乡镇|企业|主体|范围)(?:及?分组|名单|名册|一览表?)?|(?:单位|学校|乡镇|医院|企业|部门|机构|供应商)名(?:单|册)|名单|名册)"
    r"(?:及(?:其)?(?:联系|负责|分管)[^，。；]{0,8})?(?:（[^（）]*）)?"
)
_SO_MANY = re.compile(
    r"(\d+|[一二三四五六七八九十百]+)[个家所户](?:单位|部门|乡|镇|街道|学校|中小学|医院|卫生院|企业|社区|村|行政村|公司|机构|供应商|科室|县直|市直)"
)
"""17所学校."""
_GROUP = re.compile(r"[（(](?:共)?(\d+|[一二三四五六七八九十]+)[个家所户](?:单位|部门)?[）)]")
_SAYS = r"(?:（[^）]*）)?[^，。；：]{0,6}?(?:为|是|包括|有|：|。|，)+"
_EVERY_COUNT = re.compile(rf"(?:{_SO_MANY.pattern}|(?<=（)共?(\d+)[个家所户](?=）))")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_LEAST, _ONE_LINE, _LONGEST_HEADING = 2, 3, 40


class Listed(Struct):
    """Units that a text names one by one."""

    names: list[tuple[str, str]]
    """Name and group; the group is empty where none is said."""
    lines: list[Line]
    """Where they stand among other words."""
    spent: set[int] = field(default_factory=set)
    """Lines that are names or their heading and nothing else, by ``id``."""
    kinds: list[tuple[int | None, int]] = field(default_factory=list)
    """Of each of these lines with names: how it is numbered, and how many names it holds."""
    doubts: list[str] = field(default_factory=list)


def is_name(text: str) -> bool:
    """Whether a text is plainly the name of a unit."""
    looked = plain(text)
    return len(looked) > 1 and bool(_ENDS.search(looked)) and not _NO_NAME.search(looked)


def may_be_name(text: str) -> bool:
    """Whether a text could be the name of a unit where a list of them stands."""
    looked = plain(text)
    return 1 < len(looked) <= MOST_NAME and not _NO_NAME.search(looked)


def in_cell(text: str) -> tuple[list[str], bool]:
    """The units of a cell, and whether it is plain that they are these."""
    joined, marks = "".join(text.split()), re.search("[、，；,;]", text)
    pieces = _pieces(text)
    if len(pieces) < _LEAST:
        parts = text.split()
        unsure = len(parts) > 1 and all(is_name(each) for each in parts)
        return [joined if is_name(joined) else " ".join(parts)], not unsure
    if all(is_name(each) for each in pieces) and (marks or len({each[-1] for each in pieces}) == 1):
        return pieces, True
    return [joined], is_name(joined) and not marks and not all(is_name(each) for each in pieces)


def _pieces(text: str) -> list[str]:
    pieces = lists.apart(text, "、，；,;\n\t")
    if len(pieces) == 1:
        pieces = re.split(r"\s{2,}|　", text.strip())
    return [piece for each in pieces if (piece := " ".join(lists.bare(each).split()))]


def in_text(lines: Sequence[Line]) -> Listed | None:
    """The units that the text names: behind 考核对象, in the lines below it, or below the heading of a list."""
    for place, line in enumerate(lines):
        looked = re.sub(r"^附件\d*[：:.．]*", "", plain(lists.bare(line.text)))
        if is_heading(line.text):
            found = _below(lines, place)
        elif _OBJECTS.search(looked):
            found = _sentence(line)
        else:
            continue
        if found:
            return found
    return None


def is_heading(text: str) -> bool:
    """What stands above a list of those who are assessed."""
    looked = re.sub(r"^附件\d*[：:.．]*", "", plain(lists.bare(text)))
    return len(looked) <= _LONGEST_HEADING and bool(_TITLE.fullmatch(looked.rstrip("：。")))


def counted(text: str) -> int | None:
    """How many units a text says that there are: 共6个单位, 中学（3所）."""
    looked = plain(text)
    found = _COUNT.search(looked) or _GROUP.search(looked)
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else numerals.value(found[1])


def another_count(lines: Sequence[Line], listing: Sequence[Line], units: int) -> str:
    """What the text says of how many are assessed, where that is another number; ``listing``: where it lists them."""
    told = [(line, _counts(line)) for line in lines if line in listing or _OBJECTS.search(plain(line.text))]
    if units == sum(sum(counts) for line, counts in told if line in listing):  # so many of each group
        told = [(line, counts) for line, counts in told if line not in listing]
    for line, counts in told:
        if counts and units not in (*counts, sum(counts)):
            return f"通知写的是“{plain(line.text)[:40]}”，读出 {units} 个"
    return ""


def _counts(line: Line) -> list[int]:
    """How many of whom a line speaks of: 14个村和3个社区."""
    looked = re.split(r"(?<=。).{40,}", plain(line.text))[0]
    said = [each for found in _EVERY_COUNT.finditer(looked) for each in found.groups() if each]
    return [count for each in said if (count := int(each) if each.isdigit() else numerals.value(each))]


def _sentence(line: Line) -> Listed | None:
    """考核对象：甲、乙、丙，共3个单位。"""
    looked = plain(line.text)
    told = re.search(rf"(?:{_OBJECTS.pattern}){_SAYS}(.+)", looked)
    return _named(told[1], [line]) if told else None


def _below(lines: Sequence[Line], place: int) -> Listed | None:
    """The lines below a heading: a sentence that names units, or a unit a line."""
    heading, rest = lines[place], lines[place + 1 :]
    found = Listed([], [], {id(heading)})
    numbered = {lists.style(line.text) for line in rest[:_ONE_LINE]}
    group = ""
    for line in rest:
        kind = lists.style(line.text)
        if (kind is not None and kind == lists.style(heading.text)) or lists.is_annex(line.text):
            break
        if _DAY.match(plain(line.text)):
            _without_signature(found)
            break
        words = lists.bare(line.text)
        if re.fullmatch(r"[（(][^（）()]*[）)]", words):
            found.lines.append(line)
        elif (told := _group(words, numbered=kind is not None and len(numbered) > 1)) is not None:
            group = told
            if re.search(r"\d", words) or _GROUP.search(words):
                found.lines.append(line)
            else:
                found.spent.add(id(line))
        elif not _take(found, line, words, group):
            break
    found.names = list(dict.fromkeys(found.names))
    return found if len(found.names) >= _LEAST else None


def _without_signature(found: Listed) -> None:
    """Takes those off again that sign the notice, above its date: they have no number, or all are they."""
    kinds = found.kinds
    while kinds and (kinds[0][0] is None or kinds[-1][0] is None):
        found.names = found.names[: len(found.names) - kinds.pop()[1]]


def _group(words: str, *, numbered: bool) -> str | None:
    """What a line calls the units below it: 中学（2所）, 中学：; None where it is no such line."""
    counted = _GROUP.search(words) or words.rstrip().endswith(("：", ":"))
    bare = _GROUP.sub("", words).strip().rstrip("：:")
    short = len(bare) < MOST_NAME and not re.search("[、。：:]", bare)
    return bare if short and (counted or (numbered and not is_name(words))) else None


def _take(found: Listed, line: Line, words: str, group: str) -> bool:
    """Adds the units of a line; not so where it names none."""
    parts = lists.apart(words, "、，；,;\t　")
    pieces = [each for part in parts for each in re.split(r"\s{2,}", part) if each.strip()]
    if pieces and all(is_name(each) for each in pieces):
        found.names += [("".join(lists.bare(each).split()), group) for each in pieces]
        found.kinds.append((lists.style(line.text), len(pieces)))
        found.spent.add(id(line))
        return True
    told = _named(plain(words), [line], least=1 if found.names else _LEAST)
    if told is None:
        return False
    found.names += [(name, label or group) for name, label in told.names]
    found.doubts += told.doubts
    found.lines.append(line)
    return True


def _named(text: str, lines: list[Line], least: int = _LEAST) -> Listed | None:
    """The units of a sentence, each group of them behind what it is called."""
    names: list[tuple[str, str]] = []
    doubts: list[str] = []
    for part in re.split("[。；]", text):
        label, colon, told = part.rpartition("：")
        told = told if colon else part
        count = _COUNT.search(told)
        said = numerals.value(count[1]) if count and not count[1].isdigit() else int(count[1]) if count else None
        told = _COUNT.sub("", re.sub(r"（(?:共)?\d+[个家所户]?(?:单位)?）", "", told))
        told = re.sub(rf"{_SO_MANY.pattern}+$", "", told.rstrip("。；，"))
        told = re.sub(r"进行(?:年度)?(?:考核|考评|评价)$", "", told)
        told = re.sub(r"^(?:对|为|是|包括|有|即|分别为|分别是)+", "", told)
        pieces = [each for each in lists.apart(told, "、，") if each]
        pieces = [each for piece in pieces for each in _joined_by_and(piece)]
        pieces = [lists.bare(re.sub(r"等$", "", each)) for each in pieces]
        good = [each for each in pieces if is_name(each) and len(each) <= MOST_NAME]
        if not good or len(good) < len(pieces):
            if good and len(good) >= _LEAST:
                left = "、".join(each for each in pieces if each not in good)
                doubts.append(f"“{left}”没有写进花名册")
            else:
                if names and pieces:
                    break
                continue
        elif said is not None and said != len(good):
            doubts.append(f"通知写的是“{count[0] if count else ''}”，读出 {len(good)} 个")
        if "等" in part and said is None:
            doubts.append("通知写着“等”，名单可能不全")
        names += [(name, label.strip()) for name in good]
    names = list(dict.fromkeys(names))
    return Listed(names, lines, doubts=doubts) if len(names) >= least else None


def _joined_by_and(piece: str) -> list[str]:
    """教育局和公安局 as two; what is one name stays."""
    for mark in ("以及", "和", "及", "与"):
        parts = piece.split(mark)
        if len(parts) == _LEAST and all(is_name(each) and len(each) > _LEAST for each in parts):
            return parts
    return [piece]

"""How a sentence of a notice is looked at: its characters made alike, its numbers, its clauses. It knows no rule."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from assess_xlsx import numerals
from assess_xlsx.scheme.book.cells import whole

_KEPT = frozenset("，；：（）？！。、～")
_WIDE = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）"}
_NUMBERED = (
    r"(?:\d{1,2}(?:[.．]\d{1,2}){1,3}[.．、]?(?![\d%％个元分万亿倍])|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳])"
)
_ORDINAL = r"(?:[一二三四五六七八九]|十[一二三四五六七八九]?|[二三四五六七八九]十[一二三四五六七八九]?)"
_HUNDREDTHS = re.compile(r"百分之([零一二两三四五六七八九十百点]+)")

COUNTED = (
    *("人次", "家次", "车次", "件次", "户次", "班次", "批次", "门次", "例次"),
    *("课时", "学时", "小时", "分钟", "季度", "节课", "工作日"),
    *"次遍人名项件个节家篇条起份处例宗场期户块台套天日类种封张村所座栋辆间批站点款轮盏只头株本册笔单幅面部门根口周月具艘",
)
"""What is counted, behind a number or 每."""
MEASURED = (
    *(
        "万元",
        "亿元",
        "千元",
        "万美元",
        "亿美元",
        "美元",
        "万平方米",
        "万立方米",
        "万亩",
        "万吨",
        "平方米",
        "平方公里",
        "立方米",
        "公顷",
        "公里",
        "千瓦时",
    ),
    *"元亩吨度米‰",
)
"""What is measured."""
PERCENT = ("个百分点", "百分点", "个点", "%")


def plain(text: str) -> str:
    """A text without white space, its digits, letters and punctuation written in one way."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    joined = ""
    for line in map(_bracketed, lines):
        apart = joined and joined[-1] not in "。；，：、" and re.match(_NUMBERED, line)
        joined += ("；" if apart else "") + line
    made = "".join(each if each in _KEPT else unicodedata.normalize("NFKC", each) for each in joined)
    made = re.sub(r"\s+", "", made)
    made = re.sub(r"(?<!\d)[,;:]|[,;:](?!\d)|[()]", lambda found: _WIDE[found[0]], made)
    made = re.sub(r"[—–－~～-]+", "—", made)
    made = re.sub(r"（(不?含)(?:本数|\d+(?:\.\d+)?[%分]?)）", r"（\1）", made)
    return _HUNDREDTHS.sub(lambda found: f"{number(found[1])}%", made)


def _bracketed(line: str) -> str:
    """①, ⑵ as （1）, （2）: not 1, 2, which would be read with what follows."""
    return re.sub("[①-⑳⑴-⒇]", lambda found: f"（{unicodedata.numeric(found[0]):.0f}）", line)


NUMBER = r"(?:\d+(?:\.\d+)?|半|(?<!“)[零一二两三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?)"
"""Not so the 三 of “三公”经费."""


def number(text: str) -> int | Decimal:
    """``0.5``, ``３``, 半, 十二, 零点五 as a number of a scheme."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return whole(Decimal(text))
    if text == "半":
        return Decimal("0.5")
    front, _, behind = text.replace("两", "二").partition("点")
    value = numerals.value(front)
    if value is None:
        raise ValueError(text)
    decimals = "".join(str("零一二三四五六七八九".index(each)) for each in behind)
    return whole(Decimal(f"{value}.{decimals}" if decimals else value))


def is_number(text: str) -> bool:
    """Not so 三五, in 每三五天."""
    try:
        number(text)
    except ValueError:
        return False
    return True


_LEVEL = r"(?:(?:中央|国家|省部|省|市|县|区|乡镇|乡|镇|街道|村|校)级?(?:及?以上)?|[特一二三四]等[奖功])"
_LEVELS = re.compile(
    rf"(?P<front>[^，。；]*?)(?P<all>{_LEVEL}(?:[、和及/或]{_LEVEL})+)(?P<back>[^。；\d]{{0,40}}?)分别"
    rf"(?P<verb>(?:给予)?[加扣得计记减奖]分?)(?P<points>{NUMBER}分?(?:[、和及/，]{NUMBER}分?)+)(?=[，。；]|$)"
)


def apart(text: str) -> str:
    """What is told of several levels, one by one: 被省、市级通报的分别扣3分、2分 as 被省级…3分；被市级…2分."""
    text = _EACH_TIME.sub(lambda found: f"每{found[1]}{'次' * (f'{found[1]}次' in COUNTED)}", text)
    text = re.sub(
        rf"({_LEVEL}(?:[、和及/或]{_LEVEL})+[^。；\d]{{0,30}}?)，按(?:照)?{_LEVEL}(?:[、和及/或]{_LEVEL})+",
        r"\1，",
        text,
    )
    return _LEVELS.sub(_one_by_one, text)


_EACH_TIME = re.compile("每(.)（次）")
"""每件（次）, 每人（次）."""


def _one_by_one(found: re.Match[str]) -> str:
    levels, points = re.findall(_LEVEL, found["all"]), re.findall(NUMBER, found["points"])
    if len(levels) != len(points) or not found["points"].endswith("分"):
        return found[0]
    if levels[-1].endswith("级"):
        levels = [each if each.endswith(("级", "中央", "上")) else f"{each}级" for each in levels]
    said = f"{found['back']}{found['verb'].removesuffix('分')}"
    return "；".join(f"{found['front']}{each}{said}{got}分" for each, got in zip(levels, points, strict=True))


def unnumbered(text: str) -> str:
    """A text without the number that its line begins with."""
    return re.sub(rf"^(?:{_NUMBERED}|[（(]{_ORDINAL}[）)]|{_ORDINAL}[）)、])+", "", text)


def numbered_lines(text: str) -> list[str]:
    """The lines of a cell that begin with numbers of their own, each with what follows; the cell if they do not."""
    pieces: list[str] = []
    for line in re.split(rf"\n|(?<=[。；;])(?=\s*{_NUMBERED})", text):
        if re.match(rf"\s*{_NUMBERED}", line) or not pieces:
            pieces.append(line)
        else:
            pieces[-1] += f"\n{line}"
    return [piece.strip() for piece in pieces if piece.strip()] or [text]


def numbers_itself(text: str) -> bool:
    """A line that begins with a number of its own."""
    return re.match(rf"\s*{_NUMBERED}", text) is not None


def repeats(text: str, words: str) -> bool:
    """Half of the words or more stand in the text, two characters at a time: the two speak of the same."""
    pairs = [words[place : place + 2] for place in range(len(words) - 1)]
    return 2 * sum(pair in text for pair in pairs) >= len(pairs) > 0

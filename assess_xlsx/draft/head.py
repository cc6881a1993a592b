"""What stands above a form's table in a notice: titles, annex, what its units are called, of what kind they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assess_xlsx.draft import about as abouts
from assess_xlsx.draft.tables import Role
from assess_xlsx.draft.text import plain
from assess_xlsx.scheme.build import LABELS
from assess_xlsx.scheme.build_roster import MOST_NAME

if TYPE_CHECKING:
    from assess_xlsx.draft.notice import Line
    from assess_xlsx.draft.tables import FormTable

_ANNEX = re.compile(r"^\s*附\s*[件表]\s*[\d一二三四五六七八九十]*")
_UNIT_LABEL = re.compile(
    r"^\s*([^：:\s]{0,8}(?:单位|对象|部门|主体|乡镇|街道|镇街|学校|医院|企业|社区|村|科室|机构|供应商|名称|承包)[^：:\s]{0,6})\s*[：:]"
)
_KINDS = (
    "乡镇（街道）",
    "乡镇街道",
    "镇街",
    "乡镇",
    "街道",
    "县直",
    "市直",
    "区直",
    "学校",
    "医院",
    "承包单位",
    "供应商",
    "企业",
    "社区",
    "村",
    "科室",
    "部门",
)


class Head:
    """What stands above a form's table."""

    def __init__(self, table: FormTable) -> None:
        self.used = set(map(id, table.titles))
        self.doubts: list[str] = []
        lines = [line for line in table.above if line not in table.titles]
        starts = [place for place, line in enumerate(lines) if _ANNEX.match(line.text)]
        if starts:
            lines = lines[starts[-1] :]
        annex = _ANNEX.match(lines[0].text) if starts else _ANNEX.match(table.grid.sheet)
        self.annex = re.sub(r"\s", "", annex[0]) if annex else "附件"
        self.unit_label = "考核单位"
        self.title: list[str] = []
        for line in reversed(lines[: self.label(lines)]):
            text = line.text
            if starts and line is lines[0]:
                self.used.add(id(line))
                text = _ANNEX.sub("", text).strip(" 　：:")
                if not text:
                    break
            if not self.title and (re.search("[。；]", text) or re.match("各.*[：:]$", text)):
                continue  # a remark between a title and its table, whom a notice is for
            if abouts.is_head(text) or text.rstrip().endswith(("：", ":")):
                break
            if re.search("[。；]|^[一二三四五六七八九十]+、", text) or len(plain(text)) > 60 or len(self.title) > 3:  # noqa: PLR2004
                break
            self.title[:0] = [" ".join(each.split()) for each in text.split("\n") if each.strip()]
            self.used.add(id(line))
        self.titled = bool(self.title)
        if not self.title:
            self.title = [table.grid.sheet or "考核评分表"]
            self.doubts.append("评分表标题通知没有写，请核对")
        self.kind = self.named()
        heading = plain(table.headings[table.columns(Role.TEXT)[0]])
        usable = heading and len(heading) <= MOST_NAME and heading not in LABELS and "：" not in heading
        self.criteria_label = heading if usable else "评分标准"

    def label(self, lines: list[Line]) -> int:
        """Sets what the unit is called above the table; answers before which line its titles end."""
        for place in range(len(lines) - 1, -1, -1):
            text = lines[place].text
            label = _UNIT_LABEL.match(text)
            if label and len(plain(text)) < 40 and not re.match("各|附|注|说明|备注", label[1]):  # noqa: PLR2004
                self.unit_label = label[1]
                if not text[label.end() :].strip(" 　_＿"):
                    self.used.add(id(lines[place]))
                return place
            if abouts.is_head(text) or "。" in text:
                break
        return len(lines)

    def named(self) -> str:
        """The kind of units that a form is for, as its title or its label says it."""
        title = "".join(self.title)
        bracketed = re.search(r"[（(]([^（）()\d]{1,12})[）)]\s*$", title)
        if bracketed and not re.search(
            "季度|年度|月度|半年|每[月季]|考核|试行|征求|\\d分|分制|修订|暂行", bracketed[1]
        ):
            return bracketed[1]
        labelled = re.search(
            r"(?:考核|被考核|受检)(乡镇|街道|镇街|学校|部门|医院|企业|村|社区|科室)", self.unit_label
        )
        if labelled:
            return labelled[1]
        named = kinds(title)
        if len(named) > 1:
            self.doubts.append("评分表名称是照标题起的，请核对")
        return next(iter(named), "")


def kinds(text: str) -> list[str]:
    """Which kinds of units a text names, none that is a part of another: 农业农村 names no 村."""
    looked = re.sub("[农乡]村|村[民镇庄]", "", text)
    found: list[str] = []
    for kind in _KINDS:
        if kind in looked and not any(kind in each for each in found):
            found.append(kind)
    return found

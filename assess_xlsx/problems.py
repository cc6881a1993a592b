"""The catalogue of problems: level, a sentence that says what is wrong, one that says how to mend it. It finds none.

错误 is a gap in what a unit must fill, or a file or register row that cannot be used; the rest is 提醒 (K21).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from assess_xlsx.answers import Place

ERROR, REMINDER = "错误", "提醒"


class Problem(NamedTuple):
    """Something wrong at a place: one sentence that says what, one that says how to mend it."""

    level: str
    place: Place
    text: str
    remedy: str

    def sentence(self) -> str:
        """One line for the console: where, what, how to mend it."""
        place = self.place
        where = "，".join(
            part
            for part in (
                place.source.name and f"文件“{place.source.name}”",
                place.sheet and f"工作表“{place.sheet}”",
                place.cell and f"单元格 {place.cell}",
                place.code and f"指标 {place.code}",
            )
            if part
        )
        return f"【{self.level}】{where}：{self.text}处理办法：{self.remedy}"


class Message(Struct, frozen=True):
    """An entry of the catalogue, with places for the words of a case."""

    level: str
    text: str
    remedy: str

    def at(self, place: Place, **words: object) -> Problem:
        return Problem(self.level, place, self.text.format(**words), self.remedy.format(**words))

    def reminder(self) -> Message:
        """The same about what the unit need not fill: never its 错误 (K17)."""
        return Message(REMINDER, self.text, self.remedy)


def settled(problem: Problem) -> Problem:
    """An error that the office's ruling has decided: no more than a reminder (K18)."""
    return Problem(REMINDER, problem.place, f"{problem.text}考核办已核定。", "已按核定计分，不需补正。")


error, reminder = partial(Message, ERROR), partial(Message, REMINDER)

# ── entries of a form ──
BLANK = error("“{fact}”没有填写。", "请在该单元格填{allowed}。")
BLANK_MERGED = error(
    "“{fact}”没有填写：{cells} 被合并成了一格，里面的数只算左上角的那一项。",
    "请取消合并，在每个单元格分别填{allowed}。",
)
BLANK_BESIDE = error(
    "“{fact}”没有填写，同一行的“{label}”却写着“{stood}”。", "填错了栏的，请移到填报值；填报值要填{allowed}。"
)
NOTHING_FILLED = error("“{facts}”都没有填写。", "请至少填写其中一项。")
ROW_MISSING = error(
    "找不到“{fact}”这一行，可能被删除或改写了编号、名称。", "请换用最新的空白表重新填写，不要增删或改写表格的行。"
)
REFUSED = error("“{fact}”填写为“{raw}”，{reason}，不能采用。", "请改填{allowed}。")
ERROR_VALUE = error("“{fact}”的单元格显示错误值“{raw}”，不能采用。", "请删去该单元格的公式，直接填{allowed}。")
NOT_CALCULATED = error(
    "“{fact}”的单元格是公式，文件里没有保存计算结果，无法读取。",
    "请用 Excel 或 WPS 打开后重新保存，或直接填{allowed}。",
)
OVER_LIMIT = error(
    "“{fact}”为 {value}，超过了“{limit}”的 {most}，不能采用。", "请核对两项，“{fact}”不得超过“{limit}”。"
)
CONTRADICTING_CELLS = error(
    "“{fact}”有{count}处填写不一致（{listed}），不能采用。",
    "请只保留正确的一处，删去多余的行、列或工作表，填{allowed}。",
)
REPEATED_ROW = reminder("“{fact}”出现了{count}行，填写没有矛盾，按一行读取。", "请以后不要复制表格的行。")
REPEATED_COLUMN = reminder(
    "表头“填报值”出现了不止一次（{columns} 列），各列都读：只填了一处或填写相同的照读，不一致的不采用。",
    "请核对后删去多余的列；以后不要插入或复制“填报值”一列。",
)
ROW_EDITED = reminder(
    "这一行的编号和填报项现为“{stood}”，与发出的表不同，按指标 {code}“{fact}”读取。",
    "请与单位核对；以后不要改动编号和填报项。",
)
ROW_RENUMBERED = reminder(
    "这份表不是现行版本，这一行是“{stood}”，按现行评分表的指标 {code}“{fact}”读取。",
    "请与单位核对；以后请用最新的空白表。",
)
ROW_OUTDATED = error(
    "这份表不是现行版本，这一行的“{stood}”不是现行评分表里的任何一项，所填“{raw}”没有采用。",
    "现行评分表里换了内容的，请单位用最新的空白表重填；不再考核的，不用处理。",
)
ROW_UNKNOWN = error(
    "这一行的编号和填报项“{stood}”不是评分表里的任何一项，所填“{raw}”没有采用。",
    "请改回发出的表上的编号和填报项；是另加的说明的，请移到“佐证说明”或“备注”。",
)
SHOWN_ROW = reminder(
    "“{fact}”这一行自动显示，不用填写，现为“{raw}”，与所取的不同，没有采用。", "请改填{rows}；这一行请不要改写。"
)
STRUCK = error("“{fact}”填写的内容加了删除线，等于没有填写。", "请删去划掉的内容，填{allowed}。")
PARTLY_STRUCK = reminder(
    "“{fact}”有一部分加了删除线，划掉的不算，按“{shown}”读取。", "如读取有误，请改填{allowed}；以后请直接改正。"
)
DATE_FORMAT = error(
    "“{fact}”的单元格是日期或时间格式，显示为“{raw}”，看不出所填的数，不能采用。",
    "请把单元格格式改为“常规”，再填{allowed}。",
)
SHOWN_OTHERWISE = error(
    "“{fact}”的单元格设了特殊的数字格式，存的是“{raw}”，显示的却不是这个数，不能采用。",
    "请把单元格格式改为“常规”，再填{allowed}。",
)
CONTACT = reminder("“{label}”填写为“{raw}”，不像是{asked}。", "请与单位核对；以后请填{asked}。")
SIGNED_OTHERWISE = reminder(
    "签章页上“{fact}”{signed}，评分表{raw}，两处不一致，按评分表读取。",
    "请与单位核对；以盖章的纸质件为准时，请用核定登记。",
)
REPEATED_TABLE = reminder(
    "{copied}还有一份本单位的评分表（副本，“填报值”在 {cell}），两份都读：填写相同的照读，不一致的不采用。",
    "请核对后删去多余的一份；隐藏的工作表要先取消隐藏才看得到。",
)
HIDDEN_SHEET = reminder("评分表所在的工作表“{sheet}”是隐藏的，照样读取。", "请单位取消隐藏，核对填写的内容。")
TEXT_EDITED = reminder("指标 {code} 的官方文字被改动，按现行方案计分。", "请以后不要改动左侧六列的官方文字。")
NORMALISED = reminder(
    "“{fact}”填写为{text}“{raw}”，按“{shown}”读取。", "如读取有误，请改填{allowed}；以后请按填法填写。"
)
SHOWN_ROUNDED = reminder(
    "“{fact}”的单元格显示为“{shown}”，存的是 {value}，按 {value} 计分。",
    "应按显示的算的，请改填{shown}；不是的，请把单元格格式改为两位小数的百分比，免得看错。",
)
NOT_NEEDED = reminder(
    "“{fact}”填写为“{raw}”，但{condition}时才需填写，没有采用。", "如前一项填写有误，请改正；否则请清空该单元格。"
)
EXEMPTED = reminder(
    "{why}，本项免扣，却填了“{fact}”{value}。", "请核对：前者填写有误的，请改正；没有误的，不影响得分。"
)
OFFICE_OVER_LIMIT = reminder(
    "“{fact}”为 {value}，超过了“{limit}”的 {most}，将“{limit}”提高为 {value}。", "请考核办核对两项。"
)
SELF_SCORE = reminder(
    "表中记分{own}，按所填数据应{score}，以核算分为准。", "请检查该行的公式是否被改动，或用最新的空白表重填。"
)
NEVER_CALCULATED = reminder(
    "表中的记分都还是空表状态，表格填写后从未重新计算，没有自评分可对照。",
    "不影响核算；需要对照时请用 Excel 或 WPS 打开后重新保存。",
)

# ── a form as a whole ──
UNIT_FROM_NAME = reminder(
    "“{label}”一栏没有填写，按文件名认定为“{unit}”。", "请核实；有误的请单位填写“{label}”后重新发送。"
)
UNIT_UNLABELLED = reminder(
    "找不到“{label}”一栏，按单元格 {cell} 的内容认定为“{unit}”。", "请核实；以后不要改动“{label}”一栏的标签。"
)
UNIT_NORMALISED = reminder("“{label}”填写为“{raw}”，按“{unit}”读取。", "如有误，请单位从下拉列表重新选择。")
OTHER_VERSION = reminder("表样版本为“{found}”，现行版本为“{current}”，按仍有的行读取。", "请以后使用最新的空白表。")
OTHER_SCHEME = reminder(
    "表样版本写明是考核方案“{found}”的评分表，现用方案却是“{current}”，按仍有的行读取。",
    "换过方案的，请在命令后面加 --scheme 和那份方案的文件，重新汇总；否则请单位改用最新的空白表。",
)
SUPERSEDED = reminder(
    "收到同一单位的多份评分表，采用{how}“{winner}”，本文件被替代。", "如应采用本文件，请移走其他文件后重新汇总。"
)
EMPTY_FORM = error("评分表什么都没有填写，没有采用。", "请单位填写后重新发送；若是误放的空白表，请移走。")
NO_UNIT = error(
    "看不出是哪个单位的评分表：“{label}”一栏{said}，没有采用。", "请在“{label}”一栏从下拉列表选择单位后重新发送。"
)
UNIT_CONFLICT = error(
    "“{label}”一栏是“{unit}”，文件名却指向“{other}”，没有采用。", "请核实是哪个单位的，改正“{label}”一栏或文件名。"
)
WRONG_FORM = error(
    "“{unit}”应填{expected}评分表，收到的是{form}评分表，没有采用。", "请把{expected}评分表发给该单位重新填写。"
)

# ── files ──
UNREADABLE = error("文件无法读取：{reason}。", "{remedy}。")
EMPTY_ARCHIVE = error("压缩包是空的，或里面只有不必读的文件。", "请单位重新压缩后发送，或直接发送评分表。")
NO_ATTACHMENT = error("邮件里没有附件。", "请打开邮件核对；要报送评分表的，请单位把表作为附件重新发送。")
LINK_ONLY = error(
    "邮件里没有附件，只有链接（如网盘），本程序不从网上下载。",
    "请从链接下载后把文件放进来，或请单位把评分表作为附件重新发送。",
)
FORM_OF_OTHER_SCHEME = error(
    "这是考核方案“{found}”的评分表，现用方案“{current}”里没有这张表。",
    "换过方案的，请在命令后面加 --scheme 和那份方案的文件，重新汇总；否则请单位改用最新的空白表。",
)
NOT_A_FORM = error(
    "文件里找不到评分表或登记表（没有同时含“指标编号”“填报项”“填报值”的表头行）。",
    "请确认发错了没有；是评分表的，请用最新的空白表重新填写。",
)

# ── register ──
ROW_STRUCK = reminder("登记的内容加了删除线，没有采用。", "如仍然有效，请去掉删除线；否则请删去。")
ROW_TWICE = error("表头“{label}”出现了不止一次，该行的几处不一致，没有采用。", "请只保留正确的一列。")
COLUMN_UNKNOWN = error(
    "这一列的标题“{label}”不是要登记的填报项，下面填的 {count} 处没有采用。",
    "请改回原来的标题（指标编号和填报项），或删去这一列。",
)
TABLE_UNKNOWN = error(
    "找不到“{table}”的表头，缺少“{missing}”一栏，工作表里的内容没有采用。",
    "请改回登记表原来的表头，或从新的空白登记表复制。",
)
ROW_UNIT = error("“考核单位”填写为“{raw}”，不在考核对象名单中，该行没有采用。", "请从下拉列表选择考核单位。")
ROW_VETO = error("“情形”填写为“{raw}”，不是规定的情形，该行没有采用。", "请从下拉列表选择情形。")
WAITING = reminder("“{unit}”尚未报送评分表，该行登记暂不影响排名。", "收到该单位的评分表后重新汇总。")
ROW_FORM = error("“{unit}”不填{form}评分表，该行没有采用。", "请登记到该单位所属类别的工作表。")
ROW_CODE = error("“指标编号”填写为“{raw}”，{form}评分表没有这个指标，该行没有采用。", "请从下拉列表选择指标编号。")
ROW_FACT = error(
    "{form}评分表没有指标“{code}”的填报项“{fact}”，该行没有采用。", "请先选考核单位和指标编号，再从下拉列表选填报项。"
)
ROW_NOT_ADVERSE = error("“{fact}”不是平时考核登记的次数，该行没有采用。", "请改在“考核办填报”或“核定”工作表中登记。")
ROW_VALUE = error("“{fact}”登记为“{raw}”，{reason}，没有采用。", "请改填{allowed}。")
ROW_SCORE = error("核定的得分登记为“{raw}”，{reason}，没有采用。", "请填{least}到{most}的分数（扣分填所扣分数）。")
ROW_REASON = error("该行核定没有写理由，没有采用。", "请写明理由。")
CONTRADICTING_RULINGS = error("同一事项登记了互相矛盾的值（{cells}），都没有采用。", "请只保留正确的一行。")
OVER_QUOTA = reminder(
    "核定为“{grade}”的有 {count} 个单位，超过名额 {most} 个；核定优先，照此计。", "请核对；名额不能超的，请改正核定。"
)
RULING_OVER_LIMIT = error(
    "“{fact}”核定为 {value}，超过了“{limit}”的 {most}，没有采用。", "请核对两项，必要时一并核定“{limit}”。"
)
DIFFERENT_COUNT = reminder(
    "“{fact}”单位自查 {own}，考核办掌握 {known}，按 {value} 计（口径 K17）。", "请考核办核对。"
)
NOT_REGISTERED = reminder(
    "“{fact}”没有登记，同一指标的其他几次已经登记，按方案规定的“缺的”处理。", "请核对；有数的请补登记，重新汇总。"
)
RULINGS_WAITING = reminder(
    "“核定”表有 {count} 行的核定值还空着（第一处在此），视为尚未决定，不影响汇总。", "决定后填上核定值，重新汇总。"
)
ROW_CELL = error("“{label}”的单元格是“{raw}”，看不出写的什么，没有采用。", "请删去公式，直接填写文字。")
ROW_REPEATED = reminder("该行与{first}完全相同，只算一次。", "请删去重复的一行。")
UNSPOKEN = reminder(
    "登记表里没有记录的不利次数有 {count} 处，按单位自查数（没有自查的按 0）认定，不再待核定。",
    "请考核办核对平时考核、考核办填报是否登记齐全；有遗漏的补登后重新汇总。",
)

# ── objections and units that never reported (K27, K28) ──
ROW_OBJECTED = error(
    "“指标编号”填写为“{raw}”，不是{form}评分表的指标、一票否决等情形的编号或“总分”，该行没有采用。",
    "请从下拉列表选择；对总分或名次有异议的选“总分”。",
)
ROW_DECISION = error("“处理”填写为“{raw}”，不是规定的处理，这件异议按尚未处理对待。", "请填{allowed}之一，或留空。")
ROW_REPLY = error("这件异议的处理是“{decision}”，却没有写答复。", "请在“答复”一栏写明答复单位的内容。")
ROW_DAY = reminder(
    "“{label}”填写为“{raw}”，看不出是哪一天，这个日期没有采用。", "请填年月日俱全的日期，如 2019-01-31。"
)
OBJECTION_LATE = reminder(
    "异议收到于 {day}，晚于报送截止后 {days} 天（{last}），可能已过异议期限。",
    "请按实际公布结果的日期核对：过期的，处理填“逾期不受理”并写答复；没有过期的不必改动。",
)
OBJECTION_TWICE = reminder(
    "同一件异议似乎登记了不止一次（{cells}），处理或答复不同，各按一件列出。", "是同一件的，请只保留最新的一行。"
)
NOT_RULED = reminder(
    "“{unit}”对指标 {code} 的异议处理为“改正”，但“核定”表没有该单位这个指标的核定，看不出是怎样改正的。",
    "请核对：改正得分的，在“核定”表登记；单位已改报评分表，或已改正登记表有关行的，不必再登记。",
)
ROW_VERDICT = error("“处理”填写为“{raw}”，不是规定的处理，该行没有采用。", "请填{allowed}之一。")
ABSENCE_REASON = error("“{unit}”的未报送处理没有写理由，没有采用。", "请写明理由。")
ABSENCE_TWICE = reminder("“{unit}”的未报送处理已登记在{first}，处理相同，按那一行。", "请删去多余的一行。")
CONTRADICTING_ABSENCES = error("“{unit}”登记了互相矛盾的未报送处理（{cells}），都没有采用。", "请只保留正确的一行。")
ABSENCE_REPORTED = reminder(
    "“{unit}”的评分表已经采用，未报送处理“{decision}”不再适用，以评分表为准。", "请核对后删去该行登记。"
)
OF_DECIDED_UNIT = reminder(
    "“{unit}”始终未报送，已定为“{decision}”，该行登记不影响得分和名次。", "请核对；不必保留的请删去。"
)

# ── address book ──
ADDRESS_FAULT = error("“{label}”填写为“{raw}”，{reason}，没有给“{unit}”起草邮件。", "请改正邮箱地址后重试。")
ADDRESS_READ = reminder("“{label}”填写为“{raw}”，按“{read}”读取。", "如有误，请改正后重新起草。")
ADDRESS_SHARED = reminder("“{units}”的邮箱都是“{address}”。", "请核对；确实共用一个邮箱的，不必改动。")
ADDRESS_TWICE = error(
    "“{unit}”有几行（{cells}），邮箱不同，没有给它起草邮件。", "请只留一行；几个邮箱写在一格里，用“；”隔开。"
)
ADDRESSES_MISSING = error("找不到通讯录的表头（“{labels}”两栏）。", "请改回原来的表头，或从新的空白通讯录复制。")

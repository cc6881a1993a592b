"""The sheets of a scheme's workbook: their columns, what stands in them, and what people are told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from assess_xlsx.scheme.adjustments import KINDS as ADJUSTMENT_KINDS
from assess_xlsx.scheme.answer_kinds import KINDS
from assess_xlsx.scheme.book.cells import (
    AMOUNT,
    CODE,
    DAY,
    FIGURE,
    FLAG,
    LIMIT,
    LINES,
    MANY,
    SCORE,
    SHARE,
    TEXT,
    Content,
    Word,
)
from assess_xlsx.scheme.computed import WAYS
from assess_xlsx.scheme.effects import KINDS as KINDS_OF_EFFECT
from assess_xlsx.scheme.grades import ROUNDINGS
from assess_xlsx.scheme.rules import RULES
from assess_xlsx.scheme.rules.applying import MODES
from assess_xlsx.scheme.rules.lines import BELOW, FACT, FROM, MOST, OPTION, POINTS, READING, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GUIDE_SHEET, HEAD_SHEET, UNIT_SHEET, ITEM_SHEET, FACT_SHEET, RULE_SHEET, VETO_SHEET = (
    "说明",
    "方案",
    "花名册",
    "指标",
    "填报项",
    "计分规则",
    "一票否决",
)
REST_SHEET = "通知其余内容"
"""Only in a draft: what of the notice has no place in a scheme."""
SHEETS = (GUIDE_SHEET, HEAD_SHEET, UNIT_SHEET, ITEM_SHEET, FACT_SHEET, RULE_SHEET, VETO_SHEET)

FORM_COL, CODE_COL = "评分表", "指标编号"
SHARED = "共用"
"""As a 评分表: all forms of the 排名组."""
NUMBER_COL, SECTION_COL, WORTH_COL, AMOUNT_COL, WEIGHT_COL = "序号", "考核项目", "分值类型", "分值", "权重"
NOT_APPLICABLE_COL, LEAST_COL = "不适用时", "最低分"
PART_COL, RULE_COL, LINE_COL = "分项", "规则", "参数"
OPEN_COL = "待确认"
"""Why a person has to look at a row before the scheme may be used; blank once that is done."""
EFFECT_COL, EFFECT_VALUE_COL = "效果", "效果数值"
WITH_FACT, WITH_OPTION, WITH_ABOVE = "何时填（填报项）", "何时填（选了）", "何时填（大于）"

WORTHS = Word({"分值": "points", "加分": "adds", "扣分": "deducts", "不计": "uncounted"})
FILLED_BY = Word({"单位": "unit", "考核办": "office"})
EFFECT = Word({kind: kind for kind in KINDS_OF_EFFECT})
ADJUSTING = Word({kind: kind for kind in ADJUSTMENT_KINDS})
ROUNDING = Word({name: name for name in ROUNDINGS})
WAY = Word({way: way for way in WAYS})
KIND = Word({name: name for name in KINDS})
NOT_APPLICABLE = Word({mode: mode for mode in MODES})
TITLES = Word({rule.title: rule.kind for rule in RULES.values()})


class Column(Struct, frozen=True):
    """A column, or a line of the table of 方案."""

    label: str
    key: str
    """Of the tree's table; empty where the reader itself puts the cell to use."""
    content: Content
    width: float
    note: str
    """What to put into it, for the header's note and for 说明."""
    later: bool = False
    """Workbooks exported before it came do not have it, and need not."""
    optional: bool = False
    """It stands there only where a row has something in it, and need not."""


class Table(Struct, frozen=True):
    """A table of a sheet: a header row and a row for each thing."""

    sheet: str
    about: str
    """What a row is, for 说明."""
    columns: tuple[Column, ...]
    part: str = ""
    """Which part of the sheet it is, where there are several."""
    optional: bool = False
    """A workbook without it says nothing of the kind."""

    def words(self) -> dict[str, str]:
        """Labels by key."""
        return {column.key: column.label for column in self.columns if column.key}

    def column(self, label: str) -> Column:
        return next(column for column in self.columns if column.label == label)

    def shown(self, rows: Iterable[Mapping[str, object]]) -> Table:
        """The table without the optional columns in which none of the rows has anything."""
        used = {label for row in rows for label in row}
        return replace(self, columns=tuple(each for each in self.columns if not each.optional or each.label in used))


def _open(width: float = 40) -> Column:
    note = (
        "只在草稿里有：为什么要人看一看。核对、改好这一行以后，把这一格清空；"
        "还有没清空的，方案可以检查，不能用来发表、汇总。"
    )
    return Column(OPEN_COL, "", TEXT, width, note, optional=True)


HEAD = Table(
    HEAD_SHEET,
    "方案的名称、年度等，一行一项，填在“内容”一栏。",
    (
        Column("方案名称", "name", TEXT, 0, "这份方案叫什么，如“某县2026年度考核方案”；表样版本里也用它。"),
        Column("年度", "year", FIGURE, 0, "考核哪一年，填四位数字。"),
        Column("标题", "title", TEXT, 0, "考核的全称，用在结果、反馈和登记表的标题里。"),
        Column("地区", "county", TEXT, 0, "本县（市、区）名称，如“某县”；单位报来的表上，单位名称前有没有它都认得。"),
        Column("考核办", "office", TEXT, 0, "考核办公室的全称，用在催报通知里。"),
        Column("依据文件", "document", TEXT, 0, "文号，如“某政〔2026〕1号”。"),
        Column("发文日期", "issued", DAY, 0, "如 2026-01-31。"),
        Column("报送截止", "deadline", DAY, 0, "单位最迟哪一天报送，如 2026-03-15；没有定的留空，通知里就不写。"),
        Column("考核办电话", "phone", TEXT, 0, "有问题打哪个电话，印在填报说明、通知和反馈里；没有的留空。"),
        Column("考核办邮箱", "email", TEXT, 0, "评分表发到哪个邮箱，写一个；没有的留空。"),
        Column(
            "异议期限",
            "objection_days",
            FIGURE,
            0,
            "结果公布后几天之内可以提出异议，写整数（天），如 5；没有的留空。这四项改了，发出的评分表照样能用。",
        ),
    ),
    "的开头",
)
HEAD_LABELS = ("项目", "内容", "说明")

FORMS = Table(
    HEAD_SHEET,
    "一行一张评分表：哪一类单位用一张。",
    (
        Column(
            "评分表名称", "name", TEXT, 14, "简称，如“县直”“乡镇”；文件名、工作表名和其他各表都用它，最多 20 个字。"
        ),
        Column("附件", "annex", TEXT, 46, "文件名用，如“附件2”。"),
        Column("评分表标题", "title", LINES, 62, "印在表上方的标题，可以写几行（单元格里换行用 Alt+Enter）。"),
        Column("单位栏名称", "unit_label", TEXT, 14, "表上填单位名称的那一栏叫什么，如“考核单位”“考核乡镇”。"),
        Column("标准栏名称", "criteria_label", TEXT, 22, "表头第四栏叫什么，如“目标要求及评分标准”。"),
        Column("满分", "points", FIGURE, 8, "各考核项目分值（乘以权重）之和，一般是 100，不含加分。"),
        Column("总分上限", "cap", FIGURE, 10, "加分以后总分最多几分；没有上限的留空。"),
        Column(
            "排名组",
            "group",
            TEXT,
            40,
            "几张评分表的单位合起来排名的，写同一个名称，如“责任单位”，排名就叫它；最多 20 个字，不同于评分表的名称。"
            "满分、等次要相同。空着就是这张评分表自己排名。",
            later=True,
        ),
        _open(),
    ),
    "中间的评分表一段",
)

GRADES = Table(
    HEAD_SHEET,
    "一行一个等次，从高到低。单位的等次是总分第一个达到的那一行；有名额的，超出名额的落到下一行。不分等次的，一行都不写。",
    (
        Column(FORM_COL, "form", TEXT, 14, "哪张评分表的等次，从下拉列表选，或者写排名组；空着就是所有的。"),
        Column("等次", "name", TEXT, 46, "叫什么，如“优秀”“良好”；最多 10 个字，同一张评分表里不能重复。"),
        Column(
            "达到",
            "at_least",
            FIGURE,
            62,
            "总分达到几分（包含本数），从高到低写，最低的等次写 0。加分以后超过满分的，也是最高的等次。",
        ),
        Column(
            "名额",
            "quota",
            CODE,
            14,
            "这个等次最多几个单位：写整数，如“3”；或百分数，如“30%”，按用这张评分表的单位数算（未报送的也算，不参评的不算）。"
            "不限的留空，最低的等次不能有。分数相同而跨在界上的，都落到下一行，列入待核定。",
        ),
        Column("名额舍入", "rounding", ROUNDING, 22, "百分数的名额不是整数时怎样取整；空着就是“舍去”。"),
        Column(
            "总分之外的条件",
            "barred",
            TEXT,
            8,
            "有某种情形就不能评这个等次的，写它的情形编号，如“V.1”；没有的留空。取消评优资格的单位总不能评最高的等次，不用写。",
        ),
        Column(
            FACT,
            "fact",
            TEXT,
            10,
            "不按总分、按某些得分评的，写“得分”和指标编号、考核项目编号的第一段，如“得分 一”“得分 1.2.1＋1.2.2”，"
            "写在最高的等次那一行；按总分评的留空。",
            later=True,
        ),
        _open(),
    ),
    "的等次一段",
    optional=True,
)

ADJUSTMENTS = Table(
    HEAD_SHEET,
    "一行一条总分调整：什么情形下，总分加几分、扣几分、不超过几分，或者不计加分。没有的，一行都不写。",
    (
        Column(FORM_COL, "form", TEXT, 14, "哪张评分表的总分，从下拉列表选，或者写排名组；空着就是所有评分表。"),
        Column(
            "名称", "name", TEXT, 46, "叫什么，如“总分不足 60 分不加分”；结果里说明总分怎样来的用它，最多 30 个字。"
        ),
        Column(
            "条件",
            "fact",
            TEXT,
            62,
            "看哪个填报项，写“编号 填报项”，如“1.1.1 责任事故”；看得分的写“得分”和指标编号、考核项目编号的第一段，"
            "如“得分 2.1.1”“得分 2”；看加分、扣分以前各考核项目（乘以权重）之和的写“总分”。"
            "看的填报项或得分缺数的，暂不调整，列入待核定。",
        ),
        Column(OPTION, "is", TEXT, 14, "填报项选了哪一项。选项、达到、不足写且只写一个。"),
        Column(FROM, "at_least", SHARE, 22, "达到多少（包含本数）。"),
        Column(BELOW, "below", SHARE, 8, "不足多少（不包含本数）。"),
        Column("作用", "kind", ADJUSTING, 10, "总分怎样：加分、扣分、总分不超过、不加分（加分项目的得分不计）。"),
        Column(POINTS, "points", FIGURE, 9, "几分，写正数；不加分的留空。", later=True),
    ),
    "的总分调整一段",
    optional=True,
)

READINGS = Table(
    HEAD_SHEET,
    "一行一条口径：文件没有规定或有歧义的地方怎样理解；结果工作簿的“计分口径”表照印。没有的可以一条都不写；"
    "但四舍五入、并列名次、未报送、待核定、核定、定稿、异议等条（导出时的 K11—K21、K23—K28）说的是程序本身的做法，"
    "换方案时请留着。",
    (
        Column("口径编号", "code", TEXT, 14, "如“K1”，不能重复；计分规则按编号引用。"),
        Column("决定什么", "decides", TEXT, 46, "这一条管哪个指标、哪件事。"),
        Column("口径内容", "text", TEXT, 62, "怎样理解，一两句话。"),
    ),
    "最下面的口径一段",
)

UNITS = Table(
    UNIT_SHEET,
    "一行一个考核单位，行的先后就是官方顺序。增加单位就增加一行，撤并就删去整行。",
    (
        Column(NUMBER_COL, "", TEXT, 7, "自动编号，不用填，空着也行；以行的先后为准。"),
        Column("考核单位", "name", TEXT, 24, "单位名称，最多 20 个字，不能重复；每单位一份的表用它作文件名。"),
        Column(FORM_COL, "form", TEXT, 14, "这个单位填哪张评分表，从下拉列表选。一个单位只能填一张。"),
        Column(
            "别名",
            "aliases",
            MANY,
            70,
            "表上可能写的全称、旧称，几个之间用“；”隔开；没有的留空。前后的“某县”“人民政府”不必列。",
        ),
        Column(
            "系数",
            "factor",
            FIGURE,
            8,
            "任务量的系数，如 1.2，大于 0、不超过 10；空着就是 1。规则有参数“系数”的指标，得分乘以它。",
            later=True,
        ),
        _open(),
    ),
)

ITEMS = Table(
    ITEM_SHEET,
    "评分表的内容，从上到下就是表上的顺序。先写一行考核项目（只填评分表、考核项目、分值类型、分值、最低分、权重），"
    "下面一行一个指标（填指标编号等，考核项目留空），直到下一个考核项目。",
    (
        Column(
            FORM_COL,
            "",
            TEXT,
            10,
            "属于哪张评分表，从下拉列表选；空着就与上一行相同。几张评分表共用的指标只写一次：写出它们的名称，"
            "之间用“；”隔开，排名组的全部评分表共用的写“共用”；它们的单位在这个指标上一起比较。",
        ),
        Column(SECTION_COL, "title", TEXT, 30, "考核项目那一行写它的标题，如“一、组织领导（10分）”；指标行留空。"),
        Column(
            CODE_COL,
            "code",
            CODE,
            10,
            "指标行写三段编号，如“1.3.2”：第1个考核项目、第3个考核内容、第2行。同一张评分表里不能重复；考核项目行留空。",
        ),
        _open(),
        Column(
            "考核方式",
            "method",
            TEXT,
            12,
            "如“查资料”；考核项目的第一个指标要写，以下空着就与上一个指标相同（表上合并成一格）。",
        ),
        Column(
            "考核内容",
            "content",
            TEXT,
            28,
            "一个考核内容的第一个指标要写；编号前两段相同的属同一考核内容，以下留空（表上合并成一格）。",
        ),
        Column("目标要求及评分标准", "text", TEXT, 56, "这个指标的要求和记分办法，照文件原文。"),
        Column(
            WORTH_COL,
            "",
            WORTHS,
            10,
            "分值：有自己的分；加分：最多加几分；扣分：最多扣几分；不计：照样记分，只供后面的指标按得分排名、比较，"
            "不加进考核项目。空着就是“分值”。考核项目行同样填，不写“不计”。",
        ),
        Column(
            AMOUNT_COL,
            "",
            AMOUNT,
            8,
            "几分，写正数。考核项目的分值要等于其中各指标分值之和（加分、扣分的考核项目写总的上限）。加分、扣分没有上限的写“不限”。",
        ),
        Column(
            LEAST_COL,
            "least",
            LIMIT,
            8,
            "只用于分值：得分可以是负数的，写最低几分，如“-10”，没有下限的写“不限”；空着就是 0。"
            "考核项目行写的是其中各指标得分之和最低几分。缺数的指标暂记 0 分，不记最低分；总分最低是 0。",
            later=True,
        ),
        Column("分值栏文字", "points_text", TEXT, 11, "表上“分值”一栏印什么；空着就印“3分”这样，加分、扣分的不印。"),
        Column(
            NOT_APPLICABLE_COL,
            "not_applicable",
            NOT_APPLICABLE,
            10,
            "不是每个单位都有这项工作的指标才写，表上多一行“是否适用”；空着就是都适用。不适用的单位：折算：这一项的分值不计，"
            "考核项目里其余指标的得分按比例放大（整个项目都不适用的，总分也这样折算）；满分；平均分：取适用的单位的平均分；零分。"
            "单位自己填“不适用”的，要考核办核定。加分、扣分的指标不写。",
            later=True,
        ),
        Column(
            WEIGHT_COL,
            "weight",
            SHARE,
            8,
            "只用于考核项目行：这个项目得分乘以百分之几计入总分，如“30%”；空着不加权。",
        ),
    ),
)

FACTS = Table(
    FACT_SHEET,
    "一行一个要填报的数据。一个指标可以有几个，按表上的先后写；只用前面指标所填的数记分的，一个也不用写。"
    "每一个都要在计分规则里用到。",
    (
        Column(FORM_COL, "", TEXT, 10, "属于哪张评分表，共用的与“指标”一样写；空着就与上一行相同。"),
        Column(CODE_COL, "", CODE, 10, "属于哪个指标；空着就与上一行相同。"),
        Column("填报项", "label", TEXT, 30, "填什么，如“应办件数”；同一指标里不能重复，最多 60 个字。"),
        Column(
            "类型",
            "kind",
            KIND,
            9,
            "是否：填是或否；选项：从几项里选一项；次数：整数；百分比：0 到 100%，会超过的另写“至多”；"
            "数值：可带小数；分值：打几分。",
        ),
        Column(
            "怎样得出",
            "how",
            WAY,
            10,
            "空着就是填报的。由前面的填报项推算出来、不用填的，写怎样推算：差（第一个减其余的）、合计、平均、最大、最小、"
            "比（第一个除以第二个）、增长率（第一个比第二个增长百分之几）。类型写“数值”或“百分比”。",
            later=True,
        ),
        Column(
            "由哪些",
            "of",
            MANY,
            26,
            "推算用哪些填报项，几个之间用“；”隔开：本指标前面的写名称，前面其他指标的写“编号 名称”。",
            later=True,
        ),
        Column("选项", "options", MANY, 34, "只用于“选项”：各项之间用“；”隔开，最好的在前；不用填写时算最后一项。"),
        Column("计量单位", "measure", TEXT, 10, "用于次数、数值：如“件”“平方米”；数值必须写。"),
        Column(
            "最小",
            "min",
            FIGURE,
            7,
            "只用于次数、数值：最少填几；空着就是 0。作除数的写 1；会是负数的数值写负数，如 -1000。",
        ),
        Column(
            "至多",
            "most",
            LIMIT,
            7,
            "只用于分值、百分比。分值：最多打几分，0 分和这个分数都可以打。百分比：最多百分之几，如“150%”，"
            "没有上限的写“不限”；空着就是 100%。",
        ),
        Column("小于", "below", FIGURE, 7, "只用于分值：打的分大于 0、小于几分；与“至多”只写一个。"),
        Column("由谁填", "by", FILLED_BY, 9, "空着就是单位。“考核办”：由考核办掌握，单位可以自查填写。"),
        Column(
            "对单位不利", "adverse", FLAG, 11, "只用于考核办掌握的次数：是不是扣分的事（投诉、违规等）；是的写“是”。"
        ),
        Column(
            "不超过",
            "at_most",
            TEXT,
            18,
            "这个数不能超过前面的哪个填报项（都是次数或都是数值）；其他指标的写“编号 名称”。",
        ),
        Column(
            WITH_FACT,
            "only_with.fact",
            TEXT,
            22,
            "不是总要填的才写：看哪个填报项决定要不要填。本指标前面的写名称，前面其他指标的写“编号 名称”。",
        ),
        Column(WITH_OPTION, "only_with.is", TEXT, 14, "那个填报项选了哪一项才要填。"),
        Column(WITH_ABOVE, "only_with.above", SHARE, 14, "那个填报项大于几才要填，如 0。"),
        Column("填法提示", "hint", TEXT, 36, "表上“填法”一栏要另加的话；没有的留空。"),
    ),
)

RULES_TABLE = Table(
    RULE_SHEET,
    "每个指标一种规则（有几条记分办法的，每个分项一种），一种规则写一行或几行，每行一个参数。各种规则有哪些参数、怎样写，"
    "见下面“各种计分规则”。",
    (
        Column(FORM_COL, "", TEXT, 10, "属于哪张评分表，共用的与“指标”一样写；空着就与上一行相同。"),
        Column(CODE_COL, "", CODE, 10, "属于哪个指标；空着就与上一行相同。"),
        Column(
            PART_COL,
            "",
            CODE,
            7,
            "一个指标有几条记分办法的才写：1、2……，号码相同的几行是一条；合起来怎样算写在规则是“合计”的行，分项留空。",
            later=True,
        ),
        Column(RULE_COL, "", TITLES, 14, "用哪种规则，从下拉列表选；空着就与上一行相同。每种的用法和例子见“说明”。"),
        Column(LINE_COL, "", TEXT, 20, "这一行说的是规则的什么，从下拉列表选（先选好规则）。"),
        Column(
            FACT,
            "",
            TEXT,
            28,
            "看哪个填报项。本指标的写名称，前面其他指标的写“编号 名称”，如“1.1.1 应办件数”；"
            "看前面指标得分的写“得分”和编号，如“得分 1.2.1”“得分 一”，几个相加用“＋”连起来。",
        ),
        Column(
            WHOLE,
            "",
            TEXT,
            24,
            "看两个填报项之比的，写除数（次数或数值）。比值与“达到”“不足”等比较时算成百分数，四舍五入到两位小数；单位之间比较时不舍入。",
        ),
        Column(OPTION, "", TEXT, 18, "选了哪一项，或者规则说明里要写的词（如“从少到多”）。"),
        Column(FROM, "", SHARE, 9, "达到多少（包含本数）。百分比写“90%”。"),
        Column(BELOW, "", SHARE, 9, "不足多少（不包含本数）。百分比写“90%”。"),
        Column(MOST, "", SHARE, 9, "至多多少（包含本数）。百分比写“90%”。"),
        Column(POINTS, "", SCORE, 9, "几分；扣分的写负数。"),
        Column(READING, "", TEXT, 10, "按哪一条口径，写口径编号；没有的留空。"),
    ),
)

VETOES = Table(
    VETO_SHEET,
    "一行一种情形：取消评优资格，或者扣总分、降等次等，看“效果”一栏。没有的可以一行都不写。",
    (
        Column("情形编号", "code", TEXT, 12, "如“V.1”，不能重复，不要与指标编号相同。"),
        Column("情形", "text", TEXT, 54, "什么情形，照文件原文。"),
        Column("依据", "clause", TEXT, 18, "文件的哪一条。"),
        Column(
            "后果",
            "effect",
            TEXT,
            28,
            "结果上怎样称呼，如“一票否决”“取消评优资格并追责”；写了效果的可以留空，照效果的意思写。",
        ),
        Column(
            EFFECT_COL,
            "",
            EFFECT,
            14,
            "空着就是“取消评优”。扣分：总分扣几分；总分不超过：总分最多几分；总分记零；名次列末：排在其他单位后面；"
            "等次不高于：最高评哪一等；降一等。先扣分，再不超过，再记零；先降等，再不高于。一种情形有几个效果的写几行，"
            "以下各行只写情形编号、效果、效果数值；也要取消评优的，单写一行“取消评优”。",
            later=True,
        ),
        Column(
            EFFECT_VALUE_COL,
            "",
            CODE,
            10,
            "扣分、总分不超过写几分，如“5”“59.99”；等次不高于写等次，如“合格”；其他的留空。",
            later=True,
        ),
        Column("单位自报", "declared", FLAG, 12, "是：单位在评分表上自查填报；空着或否：只由考核办登记。"),
        _open(),
    ),
)

REST = Table(
    REST_SHEET,
    "只在草稿里有：通知里没有写进方案的字，一处一行，供核对；用不着了可以删去整张工作表。",
    (Column("位置", "place", TEXT, 24, "在通知的哪里。"), Column("原文", "text", TEXT, 90, "通知的原文。"), _open()),
)

HEAD_PARTS = (FORMS, GRADES, ADJUSTMENTS, READINGS)
"""The tables below each other on 方案."""
TABLES = (HEAD, FORMS, GRADES, ADJUSTMENTS, READINGS, UNITS, ITEMS, FACTS, RULES_TABLE, VETOES)

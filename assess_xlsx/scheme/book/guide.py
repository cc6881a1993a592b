"""Writes 说明 of a scheme's workbook: how to change a scheme, what each column is, every rule with its example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assess_xlsx.excel import style
from assess_xlsx.scheme.book.example import (
    example_adjusted,
    example_exempt,
    example_factor,
    example_grades,
    example_rescaled,
    example_total,
    work,
)
from assess_xlsx.scheme.book.listing import fact_row, line_rows
from assess_xlsx.scheme.book.sheets import (
    ADJUSTMENTS,
    GRADES,
    LINE_COL,
    RULES_TABLE,
    TABLES,
    VETO_SHEET,
    VETOES,
    Column,
    Table,
)
from assess_xlsx.scheme.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assess_xlsx.excel.write import Book, Sheet
    from assess_xlsx.scheme.rules import Rule

WIDTHS = (15, 13, 16, 20, 18, 16, 8, 8, 8, 9, 9)
"""Of the eleven columns; texts run over several of them."""
LAST = len(WIDTHS) - 1
EXAMPLE_COLUMNS = RULES_TABLE.columns[2:]
"""What an example shows of 计分规则: all but the form and the code."""

DRAFTED = (
    "只有一份正式通知的，先起草：assess-xlsx scheme draft 考核通知.docx -o 2026年度考核方案.xlsx。"
    "程序读通知的表格，照录花名册、指标和分值，照句子起草填报项和计分规则。",
    "草稿里涂了颜色的行要人确认，“待确认”一栏写着为什么：原文没有写清的、规则还说不了的、程序没有读懂的。对照通知改好那一行（填报项和"
    "计分规则里同一个指标的行也涂了颜色），再清空“待确认”那一格，颜色就没有了。",
    "“通知其余内容”表里是没有写进方案的原文，看过以后可以删去整张表。",
    "然后照下面的第8步、第9步检查和使用：还有待确认的，可以检查，不能发表、汇总。"
    "发表以前，用 sample 生成一套虚构的填报表，collect 汇总一次，看得分和计分依据是不是通知的意思。",
)

STEPS = (
    "把导出的工作簿另存一份，起个名字，如“2026年度考核方案.xlsx”。白色的格子都可以改，怎样填看各栏标题上的批注（鼠标停在标题上）。",
    "“方案”：改方案名称、年度、标题、文号、日期；有几类单位用不同的评分表，就在“评分表”那一段写几行；口径写在最下面一段。",
    "“花名册”：一行一个考核单位，选好它填哪张评分表。",
    "“指标”：评分表上印的内容。考核项目一行，下面是它的各个指标；改文字、改分值、增减行都在这里。",
    "“填报项”：每个指标要单位（或考核办）填哪些数据。",
    "“计分规则”：每个指标怎样按所填的数据记分。从下面“各种计分规则”里选一种，照例子写。",
    "“一票否决”：取消评优资格、扣总分、降等次等的情形。",
    "保存并关闭，在命令行运行：assess-xlsx scheme check 2026年度考核方案.xlsx。有错的地方会逐条列出在哪张工作表、"
    "哪个单元格、错在哪里、怎样改；改到显示“没有错误”为止。有一处错误，任何表都不会生成。",
    "以后每条命令后面都加上方案，如：assess-xlsx templates 发表 --per-unit --scheme 2026年度考核方案.xlsx；"
    "汇总：assess-xlsx collect input --scheme 2026年度考核方案.xlsx。同一次考核，发表和汇总要用同一份方案。",
)

TASKS = (
    ("增加一个单位", "“花名册”插入一行或写在最后：填考核单位，选评分表。序号自动编排。"),
    ("撤并一个单位", "“花名册”删去那一整行。"),
    (
        "写明截止日期、联系办法",
        "“方案”填报送截止、考核办电话、考核办邮箱、异议期限，都可以留空。填报说明、催报、反馈和公示照印；"
        "改了这几项，已经发出的评分表照样能用。",
    ),
    (
        "改一个指标的分值",
        "“指标”改它的分值，同时改考核项目的分值（各指标之和），满分不变的要从别的项目调出；“计分规则”里它的分数也要相应改，"
        "例如“是”记 2 分改成 3 分。",
    ),
    (
        "改一个指标的标准",
        "“指标”改目标要求及评分标准的文字；“计分规则”改达到、不足、分数等数；不再需要的填报项在“填报项”里删去整行。",
    ),
    (
        "增加一个指标",
        "“指标”在所属考核项目下面插入一行，写编号、文字、分值；“填报项”写它要填什么；“计分规则”写怎样记分；再改考核项目的分值。"
        "三张表里评分表、指标编号要写得一样。",
    ),
    ("删去一个指标", "“指标”“填报项”“计分规则”三张表里删去它的所有行，再改考核项目的分值。"),
    (
        "增加一个考核项目",
        "“指标”插入一行：写评分表、考核项目的标题、分值类型、分值，指标编号留空；下面写它的指标，编号第一段用新的数。"
        "“方案”里这张评分表的满分要等于各考核项目之和（加分、扣分的项目不算）。",
    ),
    (
        "考核项目加权",
        "考核项目那一行的“权重”写百分数，如“30%”：这个项目的得分乘以 30% 计入总分；满分等于各项目分值乘以权重之和。",
    ),
    ("增加一张评分表", "“方案”的评分表一段加一行；“花名册”给单位选它；“指标”“填报项”“计分规则”写它的内容。"),
    (
        "几张评分表合起来排名",
        "“方案”里这几张评分表写同一个排名组，它们的单位就合在一张排名里，多一栏评分表；自己的考核项目各占一栏，没有的空着。"
        "几张表都有的指标，在“指标”“填报项”“计分规则”里只写一次：评分表写“共用”，或写出几个名称，之间用“；”隔开，"
        "所属的考核项目标题要相同。这样的指标，名次、平均数、最好、最差是在有它的全部单位中比出来的；不共用的，只在自己的评分表中比。",
    ),
    (
        "加分、扣分",
        "考核项目和指标的分值类型都选“加分”（或“扣分”），分值写最多加（扣）几分，没有上限的写“不限”；总分要封顶的，在“方案”写总分上限。",
    ),
    (
        "得分可以是负数",
        "“指标”的“最低分”写最低几分，如“-10”，“按选项”等规则的分数就可以写负数；考核项目行也写，"
        "不写的各指标加起来最低是 0。"
        "没有下限的写“不限”。数值会是负数的（如利润），填报项的“最小”写负数；单位填 -5、“（5）”都读作负五。",
    ),
    (
        "几个指标用同一个数",
        "数只在最前面的指标填一次。后面的指标在“计分规则”里写“编号 填报项”，如“1.1.1 应办件数”；自己没有别的要填的，"
        "“填报项”里就不用写它，表上会有一行灰色的“取自 1.1.1 应办件数”。",
    ),
    (
        "完成率会超过 100%",
        "填报项的“至多”写最多百分之几，如“150%”，没有上限的写“不限”。"
        "“达到 120%”这样的分档、比基准高多少的差额都照实际的数算；“按比例”最多记到分值。",
    ),
    (
        "评等次",
        "“方案”的等次一段从高到低一行一个：等次的名称、总分达到几分，有名额的写名额。结果的排名、反馈、公示里就有等次；没有等次的不写。",
    ),
    (
        "一个指标有几条记分办法",
        "“计分规则”的“分项”给每一条写 1、2……，各用自己的规则；合起来的起始分、最低分、封顶、不得分写在"
        "规则是“合计”的行，分项留空。只算最高的一项的，“取法”写“取最高”。",
    ),
    (
        "任务量不同的单位乘系数",
        "“花名册”的“系数”写各单位的系数（空着就是 1），“计分规则”加一行参数“系数”，选项写“花名册”：得分乘系数，"
        f"最多是分值，如“{example_factor()}”。"
        "系数看任务难度等一个选项的，用“系数（按选项）”；“平均”的各次系数不同的，用“各次系数”。改了系数，请重新发表：表样版本会变。",
    ),
    (
        "没有发生、不是本单位原因的不扣分",
        "“计分规则”加一行参数“免扣”：填报项写说明有没有发生的那一个，选项写“否”。那一项总要填写；只在发生了才要填的，"
        f"另在“填报项”写何时填。符合免扣的单位得满分，如“{example_exempt()}”；却填了会扣分的数的，结果里有提醒。",
    ),
    (
        "几次的数要平均",
        "得分就是平均数的，规则用“平均”，可以有权重，可以去掉最高、最低，缺的可以不计。要看平均数达到多少的，在“填报项”里用“怎样得出”推算。",
    ),
    (
        "比增长、比差距、比自己的目标",
        "“填报项”增加一行，“怎样得出”写“增长率”“差”“比”等，“由哪些”写用哪几个填报项；不用填，表上自动算出。规则照用这个填报项，"
        "如以 0 为基准，每低 1 个百分点扣几分。目标由考核办定的，目标那个填报项由谁填选“考核办”。",
    ),
    (
        "有的单位没有这项工作",
        "“指标”的“不适用时”选怎样处理，表上就多一行“是否适用”，由单位填（第一个填报项由考核办填的，由考核办填）；单位填“不适用”的，"
        "考核办在登记表“核定”里写它的“是否适用”。选“折算”的，不适用的指标连同分值一起除去：考核项目 10 分，"
        f"4 分、3 分、3 分的指标得 3 分、不适用、1.5 分，就是 10 × (3 + 1.5) ÷ (4 + 3) = {example_rescaled()} 分；"
        "全部不适用的考核项目，总分也这样折算；一个有分值的指标都不适用的单位没有总分，待核定。"
        "选“平均分”的，取适用的单位的平均分（核定过的按核定分）；选“满分”“零分”的，就得满分、零分。",
    ),
    (
        "按前面指标的得分排名、比较",
        "规则用“按名次”“名次分段”“与最优值之比”“差额计分”“功效系数”，“填报项”写“得分”和前面指标的编号，"
        "如“得分 1.2.1”“得分 一”，几个相加的写“得分 1.2.1＋1.2.2”；本指标不写填报项。看的是最终得分。"
        "只用来比、自己不计分的指标，分值类型选“不计”。",
    ),
    ("由考核办打分", "填报项类型选“分值”，“至多”写指标分值，由谁填选“考核办”；规则用“直接评分”。"),
)


def write_guide(book: Book, sheet: Sheet) -> None:
    """Fills the sheet."""
    _Guide(book, sheet).write()


class _Guide:
    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        self.row = 0
        self.breaks: list[int] = []
        """Rows of rules, each of which is printed on a page of its own."""
        self.text = book.format(text_wrap=True, valign="top", font_size=11)
        self.label = book.format(text_wrap=True, valign="top", font_size=11, bold=True)
        boxed: dict[str, Any] = {"border": 1, "border_color": style.LINE, "text_wrap": True}
        self.box = book.format(**boxed)
        self.middle_box = book.format(**boxed, align="center")
        self.bold_box = book.format(**boxed, bold=True)
        self.head = book.format(**boxed, font_name=style.TITLE_FONT, align="center", bg_color=style.PALE_BLUE)

    def write(self) -> None:
        sheet = self.sheet
        sheet.hide_gridlines(2)
        sheet.set_widths(WIDTHS)
        self.title("考核方案：怎样改，怎样用", 16)
        self.paragraph("改考核方案只用 Excel 或 WPS，不用编程。这张表只是说明，改不改它都不影响方案。")
        self.title("从一份通知开始")
        for number, step in enumerate(DRAFTED, 1):
            self.pair(f"第{number}步", step)
        self.title("一步一步来")
        for number, step in enumerate(STEPS, 1):
            self.pair(f"第{number}步", step)
        self.title("常见的几件事")
        for name, text in TASKS:
            self.pair(name, text)
        self.title("各工作表和各栏")
        for table in TABLES:
            self.columns(table)
        self.title("各种计分规则")
        self.paragraph(
            "每种规则先说什么时候用，再列出它在“计分规则”表里的各种行（“参数”一栏写什么），最后是一个例子："
            "怎样写、单位填了什么、得几分、结果表上的计分依据怎样说。例子的得分是程序照这些行算出来的。"
        )
        for number, rule in enumerate(RULES.values(), 1):
            self.rule(number, rule)
        self.veto(len(RULES) + 1)
        self.grades(len(RULES) + 2)
        self.adjustments(len(RULES) + 3)
        sheet.print_on_a4(landscape=True)
        sheet.set_h_pagebreaks(self.breaks)

    def width(self, first: int, last: int) -> float:
        return sum(WIDTHS[first : last + 1])

    def span(self, first: int, last: int, text: str, cell_format: Any) -> int:  # noqa: ANN401 - xlsxwriter's own
        """A text over some columns of the row; answers the lines that it takes."""
        if first == last:
            self.sheet.write_string(self.row, first, text, cell_format)
        else:
            self.sheet.spread(self.row, first, self.row, last, text, cell_format)
        return style.lines(text, self.width(first, last), 11)

    def end(self, lines: int) -> None:
        self.sheet.set_row(self.row, 6 + 15.5 * lines)
        self.row += 1

    def title(self, text: str, size: int = 14) -> None:
        self.row += bool(self.row)
        cell_format = self.book.format(font_name=style.TITLE_FONT, font_size=size, font_color=style.BLUE)
        self.span(0, LAST, text, cell_format)
        self.sheet.set_row(self.row, 28)
        self.row += 1

    def paragraph(self, text: str) -> None:
        self.end(self.span(0, LAST, text, self.text))

    def pair(self, name: str, text: str) -> None:
        self.end(max(self.span(0, 0, name, self.label), self.span(1, LAST, text, self.text)))

    def columns(self, table: Table) -> None:
        self.row += 1
        self.pair(f"“{table.sheet}”{table.part}", table.about)
        self.heading(((0, 0, "栏"), (1, LAST, "填什么")))
        for column in table.shown(()).columns:
            self.entry(((0, 0, column.label), (1, LAST, _note(column))))

    def heading(self, cells: Sequence[tuple[int, int, str]]) -> None:
        for first, last, text in cells:
            self.span(first, last, text, self.head)
        self.sheet.set_row(self.row, 20)
        self.row += 1

    def entry(self, cells: Sequence[tuple[int, int, str]]) -> None:
        formats = (self.bold_box, *(self.box for _ in cells))
        self.end(max(self.span(*cell, each) for cell, each in zip(cells, formats, strict=False)))

    def part(self, text: str) -> None:
        self.row += 1
        self.breaks.append(self.row)
        name = self.book.format(font_name=style.TITLE_FONT, font_size=12, bg_color=style.PALE_GREY)
        self.span(0, LAST, text, name)
        self.sheet.set_row(self.row, 24)
        self.row += 1

    def veto(self, number: int) -> None:
        """一票否决 is no rule of an item: it stands on a sheet of its own."""
        self.part(f"{number}. {VETO_SHEET}")
        self.pair(
            "什么时候用",
            "发生了某种情形就取消评优资格，不论得多少分。情形写在“一票否决”表里，不写在“计分规则”里。单位自报的或考核办登记的，"
            "有一个“是”就算；得分和名次保留，评优名次只在保留评优资格的单位中排列。要扣总分、限总分、列末、降等的，写“效果”。",
        )
        self.pair(
            "例子", "发生重大安全责任事故的，实行一票否决。受到通报批评的，总分扣5分，等次不高于良好，照样参加评优。"
        )
        spans = ((0, 0), (1, 2), (3, 3), (4, 4), (5, 6), (7, 7), (8, LAST))
        self.heading([(*span, column.label) for span, column in zip(spans, VETOES.shown(()).columns, strict=True)])
        for cells in (
            ("V.1", "发生重大安全责任事故", "第五条", "一票否决", "", "", "是"),
            ("V.2", "受到通报批评", "第六条", "扣分降等", "扣分", "5", ""),
            ("V.2", "", "", "", "等次不高于", "良好", ""),
        ):
            self.entry([(*span, cell) for span, cell in zip(spans, cells, strict=True)])
        self.pair("单位填了", "发生重大安全责任事故 是")
        self.pair("结果", "得分、名次照排，评优资格“取消”，不参加评优名次。")
        self.pair("考核办登记", "受到通报批评；各考核项目合计 95 分")
        self.pair("结果", f"总分 {example_total()}，达到优秀，因 V.2 评为良好；评优资格“有”。")

    def grades(self, number: int) -> None:
        """等次 looks at totals: it stands on 方案."""
        self.part(f"{number}. 等次")
        self.pair(
            "什么时候用",
            "按总分把单位评为几等，如优秀、良好、合格、不合格；可以限名额，如优秀不超过 30%。写在“方案”表的等次一段，"
            "从高到低一行一个。不按总分、按某些得分评的，填报项写“得分”和编号，如“得分 一”。",
        )
        self.pair(
            "例子",
            "总分 90 分以上为优秀，不超过参评单位的 30%；80 分以上为良好；60 分以上为合格；60 分以下为不合格。",
        )
        spans = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (7, LAST))
        self.heading([(*span, column.label) for span, column in zip(spans, GRADES.shown(()).columns, strict=True)])
        for cells in (("优秀", "90", "30%"), ("良好", "80", ""), ("合格", "60", ""), ("不合格", "0", "")):
            self.entry([(*span, cell) for span, cell in zip(spans, ("", *cells, "", "", ""), strict=True)])
        totals = (97, 95, 93, 91, 88, 85, 82, 79, 70, 55)
        self.pair("单位的总分", f"10 个单位，优秀 3 个名额：{'、'.join(map(str, totals))}")
        self.pair(
            "结果", "、".join(f"{total} {name}" for total, name in zip(totals, example_grades(totals), strict=True))
        )
        self.pair(
            "同分",
            "93 分的有两个单位（第 3、4 名）而优秀只剩一个名额的，两个都先列良好，列入“待核定”；"
            "考核办在登记表“核定”里定（填报项选“等次”）。",
        )

    def adjustments(self, number: int) -> None:
        """总分调整 looks at totals: it stands on 方案."""
        self.part(f"{number}. 总分调整")
        self.pair(
            "什么时候用",
            "某种情形下总分要再加、再扣、封顶，或者不计加分的，如“总分不足 60 分的不加分”“扣满的，总分再扣 10 分”。"
            "写在“方案”表的总分调整一段，一行一条。先看不加分，再加分、扣分，再取最小的总分不超过，再受总分上限限制，"
            "最低 0 分；一票否决的效果在这以后。",
        )
        self.pair("例子", "总分不足 60 分的不加分。发生责任事故的扣 10 分。安全生产（2.1.1）扣满的，追加扣除 10 分。")
        spans = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 7), (8, LAST))
        self.heading([(*span, column.label) for span, column in zip(spans, ADJUSTMENTS.columns, strict=True)])
        for cells in (
            ("不足 60 分不加分", "总分", "", "", "60", "不加分", ""),
            ("发生责任事故", "1.1.1 责任事故", "是", "", "", "扣分", "10"),
            ("安全生产扣满的追加扣除", "得分 2.1.1", "", "", "0.01", "扣分", "10"),
        ):
            self.entry([(*span, cell) for span, cell in zip(spans, ("", *cells), strict=True)])
        self.pair("单位的得分", "各考核项目合计 58 分，加分项目 5 分，发生了责任事故")
        self.pair("结果", f"总分 {example_adjusted()}")

    def rule(self, number: int, rule: type[Rule]) -> None:
        self.part(f"{number}. {rule.title}")
        self.pair("什么时候用", rule.purpose)
        self.heading(((0, 0, LINE_COL), (1, 1, "要不要写"), (2, LAST, "怎样写")))
        for line in rule.lines:
            needed = "要写" if line.needed else "需要时写"
            self.entry(((0, 0, line.name), (1, 1, needed), (2, LAST, line.note)))
        self.example(rule)

    def example(self, rule: type[Rule]) -> None:
        example, worked = rule.example, work(rule)
        self.pair("例子", f"{example.sentence}（{_worth(example.item)}）")
        for fact in example.item["facts"]:
            self.pair("填报项", _fact(fact))
        self.pair("计分规则", f"在“计分规则”表里写 {len(list(self.lines(rule)))} 行：")
        self.heading([(place, place, column.label) for place, column in enumerate(EXAMPLE_COLUMNS)])
        for cells in self.lines(rule):
            texts = [_shown(cells.get(column.label, "")) for column in EXAMPLE_COLUMNS]
            lines = [self.span(place, place, text, self.middle_box) for place, text in enumerate(texts)]
            self.end(max(lines))
        others = f"；其他 {len(example.others)} 个单位：" if example.others else ""
        self.pair("单位填了", _answers(example.answers) + others + "；".join(map(_answers, example.others)))
        self.pair("得分", worked.score)
        self.pair("计分依据", worked.sentence)

    @staticmethod
    def lines(rule: type[Rule]) -> list[dict[str, Any]]:
        """The example's lines as they stand on 计分规则."""
        item = rule.example.item
        return list(line_rows(item["rule"], {fact["label"]: fact["kind"] for fact in item["facts"]}))


def _note(column: Column) -> str:
    choices = column.content.choices()
    known = choices and all(choice in column.note for choice in choices)
    return column.note if known or not choices else f"{column.note}（可选：{'、'.join(choices)}）"


def _worth(item: Mapping[str, Any]) -> str:
    words = {"points": "分值 {} 分", "adds": "加分项，最多加 {} 分", "deducts": "扣分项，最多扣 {} 分"}
    return next(text.format(item[key]) for key, text in words.items() if key in item)


def _fact(fact: Mapping[str, Any]) -> str:
    cells = fact_row(fact)
    label = cells.pop("填报项")
    return f"{label}：" + "，".join(f"{column}写“{_shown(value)}”" for column, value in cells.items())


def _answers(answers: Mapping[str, object]) -> str:
    return "，".join(f"{label} {_shown(value)}" for label, value in answers.items())


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

"""What stands outside the items: head, roster, 等次, 一票否决. What is not read is marked, and nothing is claimed."""

from __future__ import annotations

import pytest
from conftest import run
from notices import UP, WRITERS

from assess_xlsx.draft import scheme as drafts
from assess_xlsx.draft import source, units

FORM = [
    ["考核项目", "考核内容", "评分标准", "分值"],
    ["一、服务（100分）", "投诉", "有效投诉每起扣5分，扣完为止。", "60"],
    [UP, "台账", "台账齐全得40分，每缺1份扣2分。", "40"],
]
HEAD = ["关于印发《竹溪县2027年度敬老院服务质量考核办法》的通知", "竹民发〔2027〕9号"]


@pytest.fixture
def tree(tmp_path):
    """The draft of a notice with these parts behind its form; it can be read as a scheme."""

    def make(*parts, head=HEAD, kind="docx"):
        path = WRITERS[kind](tmp_path / f"通知.{kind}", [*head, FORM, *parts])
        (tmp_path / "草稿.xlsx").unlink(missing_ok=True)
        run("scheme", "draft", path, "-o", tmp_path / "草稿.xlsx")
        told = run("scheme", "check", tmp_path / "草稿.xlsx")
        assert "没有错误" in told, told
        return drafts.draft(source.read(path)).tree

    return make


def marks(tree):
    """What is left of a notice, with what a person is told of it."""
    return {line["text"]: line.get("open", "") for line in tree["rest"]}


# ── 花名册 ──


def names(tree):
    """Units in their order, ？ where a person must look."""
    return [f"{unit['name']}{'？' if 'open' in unit else ''}" for unit in tree["roster"]]


def test_a_cell_of_several_units_is_several_units(tree):
    roster = [["类别", "单位"], ["公办", "东山敬老院、西河敬老院"], ["民办", "康乐养老服务中心，福安养老服务中心"]]
    drafted = tree("附件：考核单位名单", roster)
    assert names(drafted) == ["东山敬老院", "西河敬老院", "康乐养老服务中心", "福安养老服务中心"]
    assert "要分开排名的" in marks(drafted)["公办：东山敬老院、西河敬老院"]
    assert marks(drafted)["民办：康乐养老服务中心、福安养老服务中心"] == ""


@pytest.mark.parametrize(
    ("cell", "expected", "sure"),
    [
        ("东山敬老院（含分院、护理站）", ["东山敬老院（含分院、护理站）"], True),
        ("竹溪县东山\n敬老院", ["竹溪县东山敬老院"], True),
        ("东山敬老院\n西河敬老院", ["东山敬老院", "西河敬老院"], True),
        ("东山镇\n敬老院", ["东山镇敬老院"], False),
        ("文化、旅游局", ["文化、旅游局"], False),
        ("张店、李村", ["张店", "李村"], True),
        ("甲、乙、丙", ["甲、乙、丙"], False),
    ],
)
def test_the_units_of_a_cell(cell, expected, sure):
    assert units.in_cell(cell) == (expected, sure)


def test_a_roster_may_tell_who_answers_for_a_unit(tree):
    roster = [
        ["单位", "联系人", "电话"],
        ["东山敬老院", "甲某", "5550101"],
        ["西河敬老院", "乙某", "5550102"],
        ["合计", "2个", ""],
    ]
    drafted = tree("附件2：考核单位及联系方式名单", roster)
    assert names(drafted) == ["东山敬老院", "西河敬老院"]
    assert "东山敬老院　联系人 甲某　电话 5550101" in marks(drafted)
    assert "合计　2个" in marks(drafted)


def test_a_sum_below_a_roster_is_no_unit(tree):
    roster = [["序号", "单位名称", "备注"], ["1", "东山敬老院", ""], ["2", "西河敬老院", ""], ["合计", "2个", ""]]
    assert names(tree("附件：考核单位名单", roster)) == ["东山敬老院", "西河敬老院"]


def test_a_table_that_does_not_say_whom_it_lists_is_asked_about(tree):
    assert names(tree("责任分工", [["单位", "负责人"], ["福利股", "甲某"], ["督查室", "乙某"]])) == [
        "福利股？",
        "督查室？",
    ]


def test_units_below_the_heading_of_those_assessed(tree):
    drafted = tree("一、考核对象", "东山敬老院、西河敬老院、康乐养老服务中心，共3个单位。", "二、考核方式")
    assert names(drafted) == ["东山敬老院？", "西河敬老院？", "康乐养老服务中心？"]
    assert "读出" not in drafted["roster"][0]["open"]


def test_another_count_is_told(tree):
    drafted = tree("考核对象：东山敬老院、西河敬老院、康乐养老服务中心等12家单位。")
    assert "通知写的是“等12家单位”，读出 3 个" in drafted["roster"][0]["open"]
    drafted = tree("一、考核对象（8个）", "东山敬老院、西河敬老院、康乐养老服务中心")
    assert "读出 3 个" in drafted["roster"][0]["open"]
    roster = [["序号", "单位名称"], ["1", "东山敬老院"], ["2", "西河敬老院"]]
    assert "读出 2 个单位" in tree("附件：考核单位名单（共3个）", roster)["roster"][0]["open"]


def test_counts_of_groups_come_to_all(tree):
    drafted = tree("附件：考核单位名单", "公办（2家）：东山敬老院、西河敬老院", "民办（1家）：康乐中心")
    assert names(drafted) == ["东山敬老院？", "西河敬老院？", "康乐中心？"]
    assert "读出" not in drafted["roster"][0]["open"]


def test_a_unit_a_line(tree):
    assert names(tree("附件：考核单位名单", "1.东山敬老院", "2.西河敬老院", "3.康乐养老服务中心")) == [
        "东山敬老院？",
        "西河敬老院？",
        "康乐养老服务中心？",
    ]


def test_those_who_sign_below_a_list_of_annexes_are_not_assessed(tree):
    drafted = tree("附件：考核单位名单", "竹溪县民政局", "竹溪县财政局", "2027年3月2日")
    assert names(drafted) == ["待填单位1？"]
    assert drafted["office"] == "竹溪县民政局、竹溪县财政局"


def test_names_that_cannot_be_told_apart_or_be_called_so(tree):
    roster = [
        ["序号", "单位名称"],
        ["1", "竹溪县敬老院"],
        ["2", "敬老院"],
        ["3", "竹溪县人民政府"],
        ["4", "竹溪县东山镇人民政府养老服务指导与护理中心"],
        ["5", "竹溪县敬老院"],
    ]
    drafted = tree("附件：考核单位名单", roster, "竹溪县民政局", "2027年3月2日")
    assert names(drafted) == ["竹溪县敬老院？", "待填单位2？", "待填单位3？", "待填单位4？"]
    told = [unit["open"] for unit in drafted["roster"]]
    assert ["两处" in told[0], "分不清" in told[1], "分不清" in told[2], "太长" in told[3]] == [True] * 4


def test_columns_without_headings_go_on_with_the_units_at_their_left(tree):
    roster = [["单位名称", ""], ["东山敬老院", "西河敬老院"], ["北塔敬老院", ""]]
    assert names(tree("附件：考核单位名单", roster)) == ["东山敬老院", "北塔敬老院", "西河敬老院"]


def test_which_of_two_columns_is_assessed_is_asked(tree):
    roster = [["乡镇", "村名"], ["东山镇", "李庄村、王庄村"], ["西河镇", "张庄村"]]
    assert all("哪一栏" in unit["open"] for unit in tree("附件：考核名单", roster)["roster"])


def test_who_signs_below_a_numbered_list_is_not_on_it(tree):
    drafted = tree("附件：考核单位名单", "1、东山敬老院", "2、西河敬老院", "竹溪县民政局", "2027年3月2日")
    assert names(drafted) == ["东山敬老院？", "西河敬老院？"]


def test_a_group_and_a_short_name_are_no_units(tree):
    roster = [
        ["考核组别", "单位全称", "单位简称"],
        ["甲组", "竹溪县东山镇敬老院", "东山院"],
        ["乙组", "竹溪县西河镇敬老院", "西河院"],
    ]
    drafted = tree("附件：考核单位名单", roster)
    assert names(drafted) == ["竹溪县东山镇敬老院", "竹溪县西河镇敬老院"]
    assert [unit["aliases"] for unit in drafted["roster"]] == [["东山院"], ["西河院"]]


def test_a_group_behind_the_units_is_told(tree):
    roster = [["单位名称", "考核类别"], ["东山敬老院", "甲类"], ["康乐中心", "乙类"]]
    drafted = tree("附件：考核单位名单", roster)
    assert names(drafted) == ["东山敬老院", "康乐中心"]
    assert "要分开排名的" in marks(drafted)["甲类：东山敬老院"]


def test_columns_of_units_of_two_kinds(tree):
    roster = [
        ["序号", "公办机构", "序号", "民办机构"],
        ["1", "东山敬老院", "1", "康乐中心"],
        ["2", "西河敬老院", "2", "福安中心"],
    ]
    assert names(tree("附件：考核单位名单", roster)) == ["东山敬老院", "西河敬老院", "康乐中心", "福安中心"]


def test_groups_with_counts(tree):
    drafted = tree(
        "一、考核对象",
        "9所机构，具体为：",
        "公办：东山敬老院、西河敬老院；",
        "民办：康乐中心、福安中心。",
        "二、办法",
    )
    assert names(drafted) == ["东山敬老院？", "西河敬老院？", "康乐中心？", "福安中心？"]
    assert "读出 4 个" in drafted["roster"][0]["open"]
    assert "9所机构，具体为：" in marks(drafted)


def test_the_name_of_a_form_is_no_part_of_another_word(tree):
    form = tree(head=[*HEAD, "附件1", "竹溪县2027年度农村人居环境整治考核评分表"])["forms"][0]
    assert form["name"] == "单位"
    assert "open" in form


@pytest.mark.parametrize(
    "parts",
    [
        ["附件：被考核单位名单", "（排名不分先后）", "东山敬老院　　西河敬老院", "康乐中心"],
        ["考核对象为：1.东山敬老院；2.西河敬老院；3.康乐中心。"],
        ["参加考核的单位有东山敬老院、西河敬老院、康乐中心三家机构。"],
    ],
)
def test_units_as_notices_list_them(tree, parts):
    assert names(tree(*parts)) == ["东山敬老院？", "西河敬老院？", "康乐中心？"]


def test_those_who_assess_are_not_assessed(tree):
    assert names(tree("一、考核单位", "由县民政局、县财政局组成联合考核组。")) == ["待填单位1？"]


def test_kinds_of_units_are_no_units(tree):
    drafted = tree("一、考核对象", "全县各敬老院和具有养老服务职能的机构。")
    assert names(drafted) == ["待填单位1？"]
    assert "没有从通知里认出" in drafted["roster"][0]["open"]


# ── 等次 ──

GRADES = [
    (
        "考核得分90分以上为优秀，80分以上不满90分为良好，60分以上不满80分为合格，60分以下为不合格。",
        "优秀90 良好80 合格60 不合格0",
        "",
    ),
    (
        "考核结果分为优秀（90分及以上）、良好（80-89分）、合格（60-79分）、不合格（60分以下）四个等次。",
        "优秀90 良好80 合格60 不合格0",
        "89 分与 90 分之间的小数（如 89.5 分）没有说",
    ),
    ("得分≥95为优秀，85≤得分＜95为良好，60≤得分＜85为合格，得分＜60为不合格。", "优秀95 良好85 合格60 不合格0", ""),
    ("九十分以上为优秀，六十分至八十九分为合格，不足六十分为不合格。", "优秀90 合格60 不合格0", "89.5"),
    ("90分及以上的评定为优秀，89分至60分评定为合格，60分以下评定为不合格。", "优秀90 合格60 不合格0", "89.5"),
    ("得分不低于90分的为优秀，不低于60分的为合格，其余为不合格。", "优秀90 合格60 不合格0", ""),
    ("A级（95分以上）、B级（85—94.99分）、C级（85分以下）。", "A级95 B级85 C级0", ""),
    ("90分以上为优秀，60分以下为不合格。", "优秀90 不合格0", "60 分到 90 分之间是什么等次没有说"),
    ("90分以上为优秀，85分至70分为合格，70分以下为不合格。", "优秀90 合格70 不合格0", "85 分到 90 分之间"),
    (
        "优秀不超过总数的25%且得分不低于90分，合格得分不低于60分，低于60分的为不合格。",
        "优秀90 合格60 不合格0",
        "25%",
    ),
    ("高于90分的为优秀，60-90分的为合格，低于60分的为不合格。", "优秀90 合格60 不合格0", "恰好 90 分"),
    ("90分以上为优秀，80分以上为良好，60分以上为合格。", "", "没有说不足 60 分的是什么等次"),
    ("900分以上为优秀，600分以上为合格，600分以下为不合格。", "", "不是一把尺子"),
    ("考核得分排名前30%的为优秀，30%-70%的为良好，其余为合格。", "", "等次按名次或比例定"),
    (
        "优等，九十分以上；甲等，八十分以上未达九十分；乙等，未达八十分。",
        "优等90 甲等80 乙等0",
        "",
    ),
    ("分优、良、差三等，优90～100分，良60～89分，差59分以下。", "优90 良60 差0", "59 分到 60 分之间"),
    ("A+（95分以上）、A（80-95分）、B（80分以下）。", "A+95 A80 B0", ""),
    ("优秀：90分以上，且排名在前30%；合格：90分以下。", "优秀90 合格0", "“且排名在前30%”没有写进"),
    ("90分以上（含）为Ⅰ类，75分—90分为Ⅱ类，75分以下为Ⅲ类。", "I类90 II类75 III类0", ""),
    ("总分≥85分，评定为绿牌；60分≤总分＜85分，评定为黄牌；总分＜60分，评定为红牌。", "绿牌85 黄牌60 红牌0", ""),
    ("总分95分以上授为金杯，85分以上授为银杯，85分以下为铜杯。", "", "没有读出各等次的分数线"),
    ("得分≥90为一级，≥75且＜90为二级，＜75为三级。", "一级90 二级75 三级0", ""),
    ("考核结论：通过（≥60分）、不通过（<60分）。", "", "没有读出各等次的分数线"),
    ("考核结果前三名为优胜单位，后两名黄牌警告。", "", "名次"),
    ("其中第1—3名为优秀，第4—8名为良好，其他为合格。", "", "等次按名次或比例定"),
    ("优秀、合格、不合格的分数线分别为90分、60分、60分以下。", "", "没有读出各等次的分数线"),
    ("90分以上且无安全事故的为优秀，90分以下为合格。", "优秀90 合格0", "还要“且无安全事故”"),
    ("第一档次90分以上，第二档次90分以下。", "第一档次90 第二档次0", ""),
    ("考核得分前3名的评为优秀等次。", "", "等次按名次或比例定"),
    ("考核结果分为优秀、良好、合格、不合格四个等次，具体标准另行通知。", "", "没有读出各等次的分数线"),
    (
        "分为优秀、良好、合格、不合格四个等次，90分以上为优秀，60分以上为合格，其余为不合格。",
        "优秀90 合格60 不合格0",
        "良好",
    ),
    (
        "敬老院90分以上为优秀，90分以下为合格；服务中心95分以上为优秀，95分以下为合格。",
        "",
        "分不清",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected", "said"), GRADES)
def test_grades(tree, sentence, expected, said):
    drafted = tree(sentence)
    assert " ".join(f"{row['name']}{row['at_least']}" for row in drafted.get("grades", [])) == expected
    assert marks(drafted)[sentence]
    assert said in marks(drafted)[sentence]


def test_grades_in_a_table(tree):
    drafted = tree([["等级", "得分"], ["A级", "90分以上"], ["B级", "60—90分"], ["C级", "60分以下"]])
    assert [(row["name"], row["at_least"]) for row in drafted["grades"]] == [("A级", 90), ("B级", 60), ("C级", 0)]
    assert all(marks(drafted).values())


def test_grades_on_lines_of_their_own_and_their_places(tree):
    drafted = tree(
        "（一）优秀：考核得分90分以上；",
        "（二）合格：考核得分60分以上90分以下；",
        "（三）不合格：考核得分60分以下。",
        "优秀等次名额不超过参评单位的20%。",
    )
    assert drafted["grades"] == [
        {
            "name": "优秀",
            "at_least": 90,
            "quota": "20%",
            "open": "照通知说等次的话写的，请核对；“优秀”的名额 20% 已写，不是整数时怎样取整、按哪些单位算，请核对。",
        },
        {"name": "合格", "at_least": 60},
        {"name": "不合格", "at_least": 0},
    ]
    assert all("请核对" in told or "请与" in told for told in marks(drafted).values())


# ── 一票否决 ──

FOUR = "90分以上为优秀，80分以上为良好，60分以上为合格，60分以下为不合格。"


def circumstances(tree):
    """``text → effects``; every one of the text is marked."""
    assert all("open" in veto for veto in tree["vetoes"])
    return [
        (
            veto["text"],
            "；".join(f"{e['kind']}{e.get('value', '')}" for e in veto.get("effects", [{"kind": "取消评优"}])),
        )
        for veto in tree["vetoes"]
    ]


VETOES = [
    (
        ["敬老院有下列情形之一的，年度考核不得评为优秀：1.克扣伙食被查实的；2.发生走失事件的；3.瞒报事故的。"],
        [("克扣伙食被查实", "取消评优"), ("发生走失事件", "取消评优"), ("瞒报事故", "取消评优")],
    ),
    (
        ["一票否决事项：", "1.发生重大火灾；", "2.虐待老人；", "3.弄虚作假的。"],
        [("发生重大火灾", "取消评优"), ("虐待老人", "取消评优"), ("弄虚作假", "取消评优")],
    ),
    (
        [
            "五、一票否决",
            "有下列情形之一的，实行一票否决，年度考核直接定为不合格等次：",
            "（一）发生火灾的；",
            "（二）虐待老人的。",
        ],
        [("发生火灾", "等次不高于不合格"), ("虐待老人", "等次不高于不合格")],
    ),
    (
        ["凡有下列情形之一的，考核结果直接确定为不合格：", "发生重大责任事故的；", "数据造假的。", "六、附则"],
        [("发生重大责任事故", "等次不高于不合格"), ("数据造假", "等次不高于不合格")],
    ),
    (
        ["机构有以下情形之一者，考核等次不得高于合格：①老人非正常死亡；②违规收费。"],
        [("老人非正常死亡", "等次不高于合格"), ("违规收费", "等次不高于合格")],
    ),
    (["发生群体性事件的，考核等次降一个等次。"], [("发生群体性事件", "降一等")]),
    (
        ["年内被省级通报批评的，总分扣5分；瞒报的，考核总分记0分。"],
        [("年内被省级通报批评", "扣分5"), ("瞒报", "总分记零")],
    ),
    (["隐瞒不报的，从总分中扣10分，且不得评为良好以上等次。"], [("隐瞒不报", "等次不高于合格；扣分10")]),
    (["发生火灾的，当季考评为合格。"], [("发生火灾", "等次不高于合格")]),
    (["对发生重大安全事故的单位实行一票否决。"], [("发生重大安全事故", "取消评优")]),
    (
        ["单位发生火灾，造成人员死亡的，实行一票否决。被一票否决的单位，年度考核定为不合格。"],
        [("单位发生火灾，造成人员死亡", "等次不高于不合格")],
    ),
    (
        ["六、一票否决指标", "安全：发生火灾。", "廉政：班子成员受到处分。", "七、程序"],
        [("安全：发生火灾", "取消评优"), ("廉政：班子成员受到处分", "取消评优")],
    ),
    (
        ["五、一票否决", "（一）安全类", "1.发生火灾；", "2.发生走失。", "（二）廉政类", "1.违纪违法。", "六、其他"],
        [("发生火灾", "取消评优"), ("发生走失", "取消评优"), ("违纪违法", "取消评优")],
    ),
    (
        ["凡发生以下任一情形，取消评优资格。（1）走失事故（2）护理员犯罪"],
        [("走失事故", "取消评优"), ("护理员犯罪", "取消评优")],
    ),
    (
        ["发生下列情形，考核定等为不合格：一、瞒报事故。二、拒绝检查。"],
        [("瞒报事故", "等次不高于不合格"), ("拒绝检查", "等次不高于不合格")],
    ),
    (["存在下列情况，不列入评优范围：发生火灾；有重大投诉"], [("发生火灾", "取消评优"), ("有重大投诉", "取消评优")]),
    (
        ["出现以下问题的，考核评定为不合格。", "——发生死亡事故；", "——发生火灾。"],
        [("发生死亡事故", "等次不高于不合格"), ("发生火灾", "等次不高于不合格")],
    ),
    (
        ["四、负面清单", "1.发生火灾；", "2.虐待老人。", "凡触犯以上负面清单之一的，年度考核评为不合格。"],
        [("发生火灾", "等次不高于不合格"), ("虐待老人", "等次不高于不合格")],
    ),
    (
        ["有下列情形之一的，不予评优：", "（一）发生火灾的；（二）发生走失的；", "（三）拒绝检查的。"],
        [("发生火灾", "取消评优"), ("发生走失", "取消评优"), ("拒绝检查", "取消评优")],
    ),
    (["逾期不报的，视为放弃，按不合格处理。"], [("逾期不报", "等次不高于不合格")]),
    (["拒不参加考核或者提供虚假材料的，按0分计。"], [("拒不参加考核或者提供虚假材料", "总分记零")]),
    (
        ["发生火灾的，一票否决。", "有上述情形的，考核等次降一等。"],
        [("发生火灾", "降一等")],
    ),
    (["出现重大责任事故、重大舆情，视为不合格。"], [("出现重大责任事故、重大舆情", "等次不高于不合格")]),
    (
        ["实行一票否决的情形包括：重大火灾、虐待老人。"],
        [("重大火灾", "取消评优"), ("虐待老人", "取消评优")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "expected"), VETOES)
def test_vetoes(tree, parts, expected):
    drafted = tree(FOUR, *parts)
    assert circumstances(drafted) == expected
    codes = [veto["code"] for veto in drafted["vetoes"]]
    claims = [told for told in marks(drafted).values() if "已写进“一票否决”表" in told]
    assert all(any(code in told for told in claims) for code in codes)


@pytest.mark.parametrize(
    "sentence",
    [
        "坚持安全生产一票否决制度。",
        "对排名末位的单位，取消评优资格。",
        "一票否决的情形按照县委有关规定执行。",
        "年度考核得分低于70分的，不得评为优秀等次。",
        "有上述情形的，一律不得评为优秀等次。",
        "否决性指标：安全、信访任意一项不达标者。",
        "未完成任务的机构，考核不得进入前三名。",
    ],
)
def test_what_makes_no_circumstance_is_marked_and_not_claimed(tree, sentence):
    drafted = tree(sentence)
    assert not drafted["vetoes"]
    assert marks(drafted)[sentence]
    assert "已写进" not in marks(drafted)[sentence]


def test_grades_of_any_name_are_known_to_vetoes(tree):
    drafted = tree(
        "一档（≥90分）、二档（60≤分值＜90）、三档（＜60分）。",
        "年度内出现以下情况的机构，直接评定为三档：",
        "1.发生主要责任的事故；",
        "2.骗取补助资金。",
        "否决项：发生死亡事故，考核得分为0分；迟报事故，考核等级不得为一档。",
    )
    assert circumstances(drafted) == [
        ("发生主要责任的事故", "等次不高于三档"),
        ("骗取补助资金", "等次不高于三档"),
        ("发生死亡事故", "总分记零"),
        ("迟报事故", "取消评优"),
    ]


def test_a_list_of_what_adds_points_is_no_veto(tree):
    drafted = tree("有下列情形之一的，予以加分：", "1.获得省级表彰的；", "2.获得市级表彰的。")
    assert not drafted["vetoes"]


# ── 标题, 文号, 年度 ──


@pytest.mark.parametrize(
    ("head", "title", "document", "office"),
    [
        (
            ["竹溪县民政局关于开展2027年度敬老院服务质量考核工作的通知", "竹民发〔2027〕9号"],
            "2027年度敬老院服务质量考核",
            "竹民发〔2027〕9号",
            "竹溪县民政局",
        ),
        (
            ["关于印发《竹溪县2027年度敬老院考核办法（试行）》的通知", "竹民发〔2027〕9号"],
            "竹溪县2027年度敬老院考核",
            "竹民发〔2027〕9号",
            "待填写",
        ),
        (
            ["竹溪县民政局文件", "竹民发〔2027〕9号", "竹溪县民政局", "关于印发2027年度敬老院目标考核细则的通知"],
            "2027年度敬老院目标考核",
            "竹民发〔2027〕9号",
            "竹溪县民政局",
        ),
        (
            ["竹溪县民政局关于做好2027年敬老院综合评价有关工作的通知", "各敬老院："],
            "2027年敬老院综合评价",
            "待填写",
            "竹溪县民政局",
        ),
    ],
)
def test_the_title_is_what_is_assessed(tree, head, title, document, office):
    drafted = tree(head=head)
    assert (drafted["title"], drafted["document"], drafted["office"]) == (title, document, office)
    assert "title" not in drafted["open"]


def test_several_offices_and_a_party_committee(tree):
    drafted = tree(
        head=["中共竹溪县委组织部　竹溪县民政局", "关于印发《2027年度敬老院考核细则》的通知", "竹民发〔2027〕9 号"]
    )
    assert (drafted["county"], drafted["document"]) == ("竹溪县", "竹民发〔2027〕9号")


@pytest.mark.parametrize(
    ("line", "county"),
    [
        ("中共竹溪县委办公室　竹溪县人民政府办公室", "竹溪县"),
        ("云南省白石市青山区教育局", "青山区"),
        ("白石市教育局", "白石市"),
        ("新区管委会办公室", "待填写"),
        ("各县区民政局：", "待填写"),
    ],
)
def test_the_county_is_the_last_place_that_an_office_names(tree, line, county):
    assert tree(head=[line, "竹发〔2027〕9号", "关于开展2027年度敬老院考核的通知"])["county"] == county


def test_two_offices_on_a_line_are_two(tree):
    drafted = tree(head=["竹溪县民政局　竹溪县财政局关于开展2027年度敬老院考核的通知"])
    assert drafted["office"] == "竹溪县民政局、竹溪县财政局"


def test_whom_a_notice_speaks_to_is_no_title_of_a_form(tree):
    drafted = tree(head=[*HEAD, "各敬老院："])
    assert drafted["forms"][0]["title"] == ["考核评分表"]
    assert "open" in drafted["forms"][0]


def test_a_deadline_behind_a_bracket(tree):
    drafted = tree("1.自评（2027年12月25日前）。各院将自评表报送县民政局。")
    assert str(drafted["deadline"]) == "2027-12-25"


def test_a_day_without_a_year_is_the_next_one(tree):
    drafted = tree("请于1月10日前将自评表报送县民政局。", "竹溪县民政局", "2027年11月2日")
    assert str(drafted["deadline"]) == "2028-01-10"
    assert "deadline" in drafted["open"]


def test_a_title_that_is_none_is_asked_about(tree):
    assert "title" in tree(head=["关于进一步加强2027年敬老院管理的通知"])["open"]


def test_a_school_year_is_asked_about(tree):
    assert "year" in tree(head=["关于开展2027—2028学年度幼儿园", "考核评估的通知"])["open"]


def test_whom_the_notice_addresses_is_no_label_of_a_form(tree):
    drafted = tree(head=[*HEAD, "各敬老院：", "竹溪县民政局", "2027年3月2日", "2027年度敬老院考核评分表"])
    form = drafted["forms"][0]
    assert (form["unit_label"], form["title"]) == ("考核单位", ["2027年度敬老院考核评分表"])


@pytest.mark.parametrize(
    "sentence", ["各季度得分的平均分为年度得分。", "得分保留两位小数。", "总分相同的，名次并列。"]
)
def test_how_a_total_comes_about_is_told(tree, sentence):
    assert "怎样计分" in marks(tree(sentence))[sentence]


def test_parts_of_the_result_are_told(tree):
    assert (
        "各占多少" in marks(tree("月度考核平均成绩占70%，年度考核占30%。"))["月度考核平均成绩占70%，年度考核占30%。"]
    )


def test_a_year_that_the_title_does_not_say_is_asked_about(tree):
    drafted = tree("二〇二七年三月二日", head=["关于开展敬老院年度考核的通知", "竹民发〔2027〕9号"])
    assert (str(drafted["issued"]), drafted["year"]) == ("2027-03-02", 2027)
    assert "year" in drafted["open"]


def test_a_sheet_may_say_as_much_above_its_table_as_a_document(tree):
    text = [*HEAD, "各敬老院：", *(f"（{n}）第{n}项要求。" for n in "一二三四五六七八九十"), "考核单位名单（共2个）"]
    roster = [["单位", "类别"], ["东山敬老院", "公办"], ["康乐中心", "民办"]]
    for kind in WRITERS:
        drafted = tree(*text, roster, FOUR, head=["2027年度敬老院考核评分表"], kind=kind)
        assert names(drafted) == ["东山敬老院", "康乐中心"]
        assert drafted["document"] == HEAD[1]
        assert "（十）第十项要求。" in marks(drafted)

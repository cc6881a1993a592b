"""Every kind of mistake in a scheme's workbook: one cell changed, and what is said, at which cell."""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
from unittest import mock

import every_kind
import openpyxl
import pytest
from conftest import SCHEME, copies, run

from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme.book import writer
from assess_xlsx.scheme.book.sheets import SHEETS
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.tree import SchemeError


def exported():
    """The built-in scheme, with few spare rows, as openpyxl reads it: once, to be quick."""
    target = io.BytesIO()
    with mock.patch.object(writer, "SPARE", 5):
        writer.write(target, scheme_file.tree())
    return copies(target)


EXPORTED = exported()

HEAD, UNITS, ITEMS, FACTS, RULES, VETOES = SHEETS[1:]


class Book:
    """An exported workbook in the hands of an office; a cell is found by its header and by what its row says."""

    def __init__(self):
        self.book = EXPORTED()

    def cell(self, sheet, row, label):
        """The cell under a label, in the row that holds all of some texts; an int counts from the header.

        A text and an int count from the header that holds the text too.
        """
        rows = list(self.book[sheet].iter_rows())
        beside, row = row if isinstance(row, tuple) else (label, row)
        header = next(n for n, cells in enumerate(rows) if {beside, label} <= {cell.value for cell in cells})
        column = next(place for place, cell in enumerate(rows[header]) if cell.value == label)
        if isinstance(row, int):
            return rows[header + row][column]
        wanted = set(row.split("|"))
        return next(cells[column] for cells in rows[header + 1 :] if wanted <= {str(cell.value) for cell in cells})

    def save(self, path):
        self.book.save(path)
        return path


def faults(path):
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(path)
    return refusal.value.faults


COUNTY_1 = "县直|一、“一窗受理，集成服务”工作落实情况（30分）"
LAST = 68  # a spare row
CASES = [
    # 方案
    (HEAD, "方案名称", "内容", None, "缺少“方案名称”"),
    (HEAD, "年度", "内容", "今年", "应是数，现为“今年”"),
    (HEAD, "年度", "内容", 2018.5, "“年度”应是整数"),
    (HEAD, "发文日期", "内容", "去年底", "应是日期，如 2019-01-01，现为“去年底”"),
    (HEAD, "年度", "内容", 20266, "应在 1990 到 2099 之间"),
    (HEAD, "发文日期", "内容", dt.datetime(2150, 1, 1), "年间的日期"),  # noqa: DTZ001
    (HEAD, "报送截止", "内容", "年底前", "“报送截止”应是日期，如 2019-01-01，现为“年底前”"),
    (HEAD, "报送截止", "内容", "2100-01-01", "“报送截止”应是 1990 到 2099 年间的日期"),
    (HEAD, "考核办电话", "内容", "办公室", "“考核办电话”应是一行电话号码，如“0393-2211000”，现为“办公室”"),
    (HEAD, "考核办电话", "内容", "0393-2211000\n0393-2212000", "应是一行电话号码"),
    (HEAD, "考核办邮箱", "内容", "考核办", "“考核办邮箱”应是一个（且只写一个）邮箱地址，现为“考核办”"),
    (HEAD, "考核办邮箱", "内容", "a@b.cn；c@d.cn", "只写一个"),
    (HEAD, "异议期限", "内容", 0, "“异议期限”应是不小于 1 的整数（天），现为“0”"),
    (HEAD, "异议期限", "内容", 2.5, "“异议期限”应是整数，现为“2.5”"),
    (HEAD, "异议期限", "内容", "五天", "应是数，现为“五天”"),
    (HEAD, "县直|附件2", "单位栏名称", "填报值", "也不同于表上别的栏名"),
    (HEAD, "县直|附件2", "单位栏名称", "考核单位：", "没有冒号"),
    (HEAD, "县直|附件2", "满分", 1e300, "不能太大"),
    (HEAD, "发文日期", "内容", "2027.13.5", "应是日期，如 2019-01-01，现为“2027.13.5”"),
    (HEAD, "县直|附件2", "满分", 90, "各考核项目分值合计 100，应为 90"),
    (HEAD, "县直|附件2", "满分", "一百", "应是数，现为“一百”"),
    (HEAD, "县直|附件2", "总分上限", 99, "小于满分 100"),
    (HEAD, "县直|附件2", "附件", "附件/2", "“附件/2”会用作文件名和工作表名"),
    (HEAD, "县直|附件2", "评分表标题", None, "缺少“评分表标题”"),
    (HEAD, "K2", "口径编号", "K1", "口径编号“K1”重复"),
    (HEAD, "K2", "口径内容", None, "缺少“口径内容”"),
    # 花名册
    (UNITS, "县残联", "评分表", "市直", "花名册中的“市直”没有对应的评分表"),
    (UNITS, "县残联", "评分表", None, "缺少“评分表”"),
    (UNITS, "县残联", "考核单位", "县安监局", "考核单位“县安监局”重复"),
    (UNITS, "城关镇", "考核单位", "县安监局", "考核单位“县安监局”重复"),
    (UNITS, "县残联", "考核单位", "长" * 21, "最多 20 个字"),
    (UNITS, "县残联", "别名", "县城管局", "别名“县城管局”是另一个单位的名称或别名"),
    (UNITS, "县残联", "别名", "残疾人联合会、残工委", "几个别名之间要用“；”隔开"),
    (UNITS, "县残联", "别名", "台前县县", "后什么都不剩"),
    (UNITS, "县残联", "考核单位", "安监局", "去掉“台前县”“县”“人民政府”等字后与“县安监局”分不清"),
    (UNITS, "县残联", "别名", "台前县安监局", "等字后与“县安监局”分不清"),
    # 指标
    (ITEMS, COUNTY_1, "考核项目", "一、工作落实情况（20分）", "标题里写的是 20 分，分值却是 30"),
    (ITEMS, "县直|1.1.1", "分值栏文字", "4分", "“分值栏文字”是“4分”，分值却是 3"),
    (ITEMS, "县直|1.5.2", "指标编号", "7.5.2", "编号第一段应与同一考核项目的其他指标一样，是“1”"),
    (ITEMS, "县直|2.1.1", "指标编号", "1.6.1", "编号第一段“1”是前面另一个考核项目的"),
    (ITEMS, "县直|1.1.1", "分值", 4, "合计 31，考核项目的分值却是 30", (ITEMS, COUNTY_1, "分值")),
    (ITEMS, COUNTY_1, "分值", 31, "合计 30，考核项目的分值却是 31"),
    (ITEMS, "县直|1.1.1", "分值", "三", "应是数，现为“三”"),
    (ITEMS, "县直|1.1.1", "分值", 3.005, "“分值”最多两位小数，现为“3.005”"),
    (ITEMS, "县直|1.1.1", "分值", None, "缺少“分值”"),
    (ITEMS, "县直|1.1.1", "分值", 0, "“分值”应大于 0"),
    (ITEMS, "县直|1.1.1", "分值类型", "奖分", "“分值类型”只能是“分值”、“加分”、“扣分”、“不计”，现为“奖分”"),
    (ITEMS, "县直|1.3.2", "指标编号", "1.3.1", "指标编号“1.3.1”重复"),
    (ITEMS, "县直|1.3.2", "指标编号", "一.3.2", "指标编号应形如 1.3.2"),
    (ITEMS, "县直|1.3.2", "指标编号", dt.datetime(2001, 3, 2), "“指标编号”成了日期或时间"),  # noqa: DTZ001
    (ITEMS, "县直|1.3.2", "目标要求及评分标准", None, "缺少“目标要求及评分标准”"),
    (ITEMS, "县直|1.3.1", "考核内容", None, "是新的考核内容，要写“考核内容”"),
    (ITEMS, "县直|1.3.2", "考核内容", "别的", "只写在第一个指标"),
    (ITEMS, "县直|1.1.1", "考核方式", None, "第一个指标要写“考核方式”"),
    (ITEMS, "县直|1.3.2", "考核项目", "别的", "有指标编号的一行是指标，属于上面的考核项目"),
    (ITEMS, "县直|1.3.2", "权重", "50%", "权重只写在考核项目那一行；单个指标加权的，请直接改它的分值"),
    (ITEMS, COUNTY_1, "权重", 0.5, "看不出是 0.5% 还是 50%"),
    (ITEMS, COUNTY_1, "权重", "150%", "应大于 0、不超过 100"),
    (ITEMS, COUNTY_1, "权重", "50%", "分值乘以权重合计 85，应为 100", (HEAD, "县直|附件2", "满分")),
    (ITEMS, COUNTY_1, "考核方式", "查资料", "没有指标编号的一行是考核项目，不写“考核方式”"),
    (ITEMS, COUNTY_1, "评分表", "市直", "没有评分表“市直”"),
    (ITEMS, LAST, "考核项目", "七、空项目", "没有指标"),
    (ITEMS, "乡镇|5.1.4", "分值", "=1/0", "“分值”是公式，文件里没有保存计算结果"),
    # 填报项
    (FACTS, "县直|应进驻事项数", "类型", "金额", "“类型”只能是“是否”、“选项”、“次数”"),
    (FACTS, "县直|应进驻事项数", "类型", None, "缺少“类型”"),
    (FACTS, "县直|应进驻事项数", "最小", 0.5, "“最小”应是整数"),
    (FACTS, "县直|网上可办率", "至多", "很多", "“至多”应是数，现为“很多”"),
    (FACTS, "县直|网上可办率", "至多", "0%", "“至多”应大于 0，没有上限的写“不限”"),
    (FACTS, "县直|网上可办率", "至多", 1.5, "看不出是 1.5% 还是 150%"),
    (FACTS, "县直|已进驻事项数", "至多", "120%", "这里不用“至多”一栏，请清空"),
    (FACTS, "县直|应进驻事项数", "选项", "甲；乙", "这里不用“选项”一栏，请清空"),
    (FACTS, "县直|应进驻事项数", "填报项", "字" * 61, "填报项最多 60 个字"),
    (FACTS, "县直|应进驻事项数", "对单位不利", "是", "“对单位不利”只用于考核办掌握的次数"),
    (FACTS, "县直|应进驻事项数", "由谁填", "领导", "“由谁填”只能是“单位”、“考核办”"),
    (FACTS, "县直|应进驻事项数", "指标编号", "9.9.9", "没有评分表“县直”的指标“9.9.9”"),
    (FACTS, "县直|已进驻事项数", "填报项", "应进驻事项数", "填报项“应进驻事项数”重复"),
    (FACTS, "县直|已进驻事项数", "不超过", "应办事项数", "前面没有填报项“应办事项数”"),
    (
        FACTS,
        "县直|清单已公布并及时更新",
        "填报项",
        "清单已公布",
        "前面没有填报项“清单已公布并及时更新”",
        (RULES, "县直|清单已公布并及时更新", "填报项"),
    ),
    (FACTS, "县直|电子政务外网接入方式", "选项", "整体接入", "选项应有 2 到 50 个，现有 1 个"),
    (FACTS, "县直|电子政务外网接入方式", "选项", "整体接入；整体接入", "选项重复"),
    (
        FACTS,
        "县直|电子政务外网接入方式",
        "选项",
        "；".join(f"第{n:02}种很长很长的接入方式" for n in range(30)),
        "下拉列表放不下",
    ),
    (FACTS, "县直|电子政务外网接入方式", "选项", '甲；乙"', "不能有半角的逗号和双引号"),
    (FACTS, "县直|电子政务外网接入方式", "选项", "3；2；1", "选项不能只是数"),
    (FACTS, "县直|电子政务外网接入方式", "选项", "长" * 61 + "；短", "选项最多 60 个字"),
    (FACTS, "县直|应进驻事项数", "最小", -5, "次数不能是负数"),
    (FACTS, "乡镇|实体政务大厅面积", "计量单位", '平"方', "“计量单位”最多 10 个字"),
    (FACTS, "县直|酌情分", "小于", 0.01, "没有分可打"),
    (FACTS, "县直|已进驻事项数", "填报项", "应进驻 事项数", "只差空格或全半角"),
    (FACTS, "县直|酌情分", "何时填（填报项）", "没有这个", "前面没有填报项“没有这个”"),
    (FACTS, "县直|酌情分", "何时填（选了）", "开展一半", "“开展一半”不是“一窗受理开展情况”的选项"),
    (FACTS, "县直|酌情分", "何时填（选了）", None, "缺少“何时填（选了）”"),
    (FACTS, "县直|酌情分", "何时填（大于）", 3, "这里不用“何时填（大于）”一栏，请清空"),
    (FACTS, "县直|酌情分", "至多", 2, "分值应写且只写“至多”（最多几分）、“小于”（小于几分）之一"),
    (FACTS, "县直|任务完成进度", "何时填（大于）", -1, "“何时填（大于）”应是不小于0的整数"),
    (FACTS, LAST, "填报项", "多余", "缺少“类型”", (FACTS, LAST, "类型")),
    # 计分规则
    (RULES, "县直|1.1.1", "规则", "按人情", "“规则”只能是"),
    (
        RULES,
        "县直|1.1.1",
        "规则",
        "分档",
        "没有“比例”这种参数；“分档”的参数有“档”、“未规定”、“不适用”",
        (RULES, "县直|1.1.1", "参数"),
    ),
    (RULES, "县直|1.1.1", "参数", None, "缺少“参数”"),
    (RULES, "县直|1.1.1", "填报项", "办结数", "前面没有填报项“办结数”"),
    (RULES, "县直|1.1.1", "填报项", None, "缺少“比例”的“填报项”"),
    (RULES, "县直|1.1.1", "指标编号", "9.9.9", "没有评分表“县直”的指标“9.9.9”"),
    (RULES, "县直|1.1.1", "达到", 5, "“比例”这一行不用“达到”一栏，请清空"),
    (RULES, "县直|1.1.1", "口径", "K99", "没有口径“K99”"),
    (RULES, "县直|1.3.2|每次", "分数", "扣一分", "应是数，现为“扣一分”"),
    (RULES, "县直|1.3.2|每次", "填报项", "1.1.1 一窗", "前面没有填报项“1.1.1 一窗”"),
    (RULES, "县直|1.3.2|最低分", "参数", "起始分", "“起始分”只能写一行"),
    (RULES, "县直|1.3.2|起始分", "分数", 2, "规则的最高分是 2，分值却是 3"),
    (
        RULES,
        "县直|1.3.2|起始分",
        "规则",
        "按比例",
        "同一个指标只能用一种计分规则",
        (RULES, "县直|1.3.2|考勤低于半数人数", "规则"),
    ),
    (RULES, "县直|1.5.1|是", "选项", "有", "“有”不是“综合审批股进驻服务大厅”可给分的选项"),
    (RULES, "县直|1.5.1|否", "选项", "是", "“是”写了两行"),
    (RULES, "县直|1.5.1|否", "分数", None, "“得分”要写“选项”和“分数”"),
    (RULES, "县直|1.5.1|是", "分数", 6, "“是”记 6 分，高于 5；请改正它，或指标的分值"),
    (RULES, "县直|1.5.1|是", "分数", 4, "最高的选项“是”只记 4 分，分值却是 5"),
    (RULES, "县直|2.2.2|90%", "不足", "80%", "却在此之前就结束"),
    (RULES, "县直|2.2.2|70%", "不足", "95%", "与从 90% 起的一档重叠"),
    (RULES, "县直|2.2.2|70%", "不足", "80%", "与从 90% 起的一档之间有空缺，应首尾相接，或写“未规定”和口径"),
    (RULES, "县直|2.2.2|70%", "达到", 0.7, "看不出是 0.7% 还是 70%"),
    (RULES, "县直|2.2.2|0%", "达到", "10%", "最低的一档应从 0 起"),
    (RULES, "县直|2.2.2|0%", "填报项", "别的", "各行的“填报项”应相同"),
    (RULES, "乡镇|3.1.1|未规定", "口径", None, "“未规定”要写“口径”"),
    (RULES, "县直|2.3.3", "选项", "随意", "“排名”的“选项”应是“从多到少”或“从少到多”"),
    (RULES, "县直|1.4.2|每次", "分数", 0.5, "要写“封顶”；是扣分的，分数要写负数"),
    (RULES, "县直|2.2.2|90%", "达到", 1, "看不出是 1% 还是 100%"),
    (RULES, "县直|2.2.2|90%", "达到", 1.2, "看不出是 1.2% 还是 120%"),
    (RULES, "县直|1.1.1|比例", "填报项", "应进驻事项数", "不能除以它自己", (RULES, "县直|1.1.1", "除以")),
    (RULES, "县直|1.4.2|最低分", "分数", 2, "“最低分”不低于起始分，等于不扣分"),
    (RULES, "县直|1.4.2|每次", "至多", 0, "“至多”应大于 0"),
    (RULES, "县直|1.4.2|每次", "参数", "选中", "“选中”要写“选项”", (RULES, "县直|1.4.2|选中", "选项")),
    # the obvious way to write what is not written so
    (
        RULES,
        "县直|4.1.1|每次",
        "填报项",
        "2.2.2 网上可办率",
        "“网上可办率”是百分比，不能逐次加减分。处理办法：每低（高）多少扣几分的，请改用“差额计分”",
    ),
    (
        RULES,
        "乡镇|1.4.1|每少一次",
        "不足",
        "95%",
        "逐次加减数的是次数，不是百分比；“专题研究次数”是百分比的请改用“差额计分”",
    ),
    (
        RULES,
        "县直|1.3.2|每次",
        "填报项",
        "应进驻事项数",
        "本指标没有填报项“应进驻事项数”，“1.1.1 应进驻事项数”有；请写“1.1.1 应进驻事项数”",
    ),
    (
        RULES,
        "县直|1.3.2|起始分",
        "规则",
        "差额计分",
        "同一个指标只能用一种计分规则。处理办法：请拆成两个指标，分值也分开",
        (RULES, "县直|1.3.2|考勤低于半数人数", "规则"),
    ),
    (
        ITEMS,
        "县直|1.1.1",
        "分值",
        "10分（奖2分）",
        "“分值”只写一个数。另有奖分的，请把奖分写成加分考核项目里的一个指标",
    ),
    (RULES, "县直|1.3.2|每次", "分数", "扣1分", "应是数，现为“扣1分”。处理办法：扣分写负数，如 -1"),
    (RULES, "县直|1.3.2|每次", "分数", "每次扣0.5分", "应是数，现为“每次扣0.5分”。处理办法：扣分写负数，如 -0.5"),
    (RULES, "县直|1.5.1|否", "分数", -10, "“否”记 −10 分，低于 0；请改成 0，或把这个指标写成扣分"),
    (
        RULES,
        "县直|2.2.2|90%",
        "达到",
        "120%",
        "“达到”超过“网上可办率”最大的数 100%。处理办法：会超过的，请在填报项的“至多”写最多百分之几",
    ),
    # 一票否决
    (VETOES, "V.2", "情形编号", "1.1.1", "不要与指标编号相像"),
    (VETOES, "V.2", "情形编号", "V.1", "情形编号“V.1”重复"),
    (VETOES, "V.2", "单位自报", "也许", "“单位自报”只能是“是”、“否”，现为“也许”"),
    (VETOES, "V.2", "情形", None, "缺少“情形”"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(str(part)[:12] for part in case[:4]))
def test_one_wrong_cell_is_one_fault_at_that_cell(case, tmp_path):
    sheet, row, label, value, reason, *where = case
    book = Book()
    cell = book.cell(sheet, row, label)
    cell.value = value
    told = faults(book.save(tmp_path / "方案.xlsx"))
    fault = next(fault for fault in told if reason in f"{fault.reason}。处理办法：{fault.remedy}")
    assert len(told) <= 3
    assert not any("object" in each.reason for each in told)
    if not where:
        assert fault.cell == (sheet, cell.coordinate)
    elif where[0]:
        assert fault.cell == (where[0][0], book.cell(*where[0]).coordinate)
    else:
        assert fault.cell.sheet == sheet
    assert not re.search("[a-z]{3}", re.sub("assess-xlsx scheme export", "", fault.reason + fault.remedy))


BANDS = ((None, "优秀", 90, "30%", None, None), (None, "良好", 80), (None, "合格", 60), (None, "不合格", 0))
GRADE_LABELS = ("评分表", "等次", "达到", "名额", "名额舍入", "总分之外的条件", "填报项")


def graded(rows=BANDS):
    """The exported workbook with rows of 等次."""
    book = Book()
    for number, row in enumerate(rows, 1):
        for label, value in zip(GRADE_LABELS, row, strict=False):
            book.cell(HEAD, ("等次", number), label).value = value
    return book


@pytest.mark.parametrize(
    ("row", "label", "value", "reason"),
    [
        (2, "达到", 90, "“良好”的“达到”90 应小于上一行“优秀”的 90，请从高到低写"),
        (3, "达到", 80.5, "“合格”的“达到”80.5 应小于上一行“良好”的 80，请从高到低写"),
        (4, "达到", 50, "最低的等次“达到”应写 0，否则低于 50 分的单位没有等次"),
        (4, "名额", "3", "最低的等次不能有名额，请删去"),
        (1, "名额", "三成", "“名额”应是大于 0 的整数或不超过 100% 的百分数，现为“三成”"),
        (1, "名额", 0, "“名额”应是大于 0 的整数或不超过 100% 的百分数，现为“0”"),
        (1, "名额", 0.3, "“名额”应是大于 0 的整数或不超过 100% 的百分数，现为“0.3”"),
        (1, "名额", "101%", "“名额”应是大于 0 的整数或不超过 100% 的百分数，现为“101%”"),
        (3, "等次", "良好", "等次“良好”重复"),
        (1, "达到", 120, "满分加全部加分只有 110，达不到 120"),
        (1, "达到", None, "缺少“达到”"),
        (2, "等次", None, "缺少“等次”"),
        (2, "等次", "良*", "“等次”最多 10 个字，没有半角符号 *?~<>={}，现为“良*”"),
        (1, "名额舍入", "四舍", "“名额舍入”只能是“舍去”、“进一”、“四舍五入”，现为“四舍”"),
        (2, "名额舍入", "进一", "“名额舍入”只用于百分数的名额，请清空"),
        (1, "总分之外的条件", "V.9", "没有情形“V.9”，请写“一票否决”表里的情形编号"),
        (4, "总分之外的条件", "V.1", "最低的等次不能有条件，请删去"),
        (1, "评分表", "市直", "没有评分表“市直”"),
        (1, "填报项", "1.1.1 应进驻事项数", "等次只看总分或者得分，不能看“1.1.1 应进驻事项数”"),
        (1, "填报项", "得分", "“得分”里“得分”后面没有编号"),
        (1, "填报项", "得分 9.9.9", "没有指标 9.9.9"),
        (1, "填报项", "得分 九", "没有考核项目 九"),
        (2, "填报项", "得分 一", "“优秀”的“填报项”空着，看的是总分，这里却是“得分 一”"),
    ],
)
def test_a_wrong_row_of_grades_is_told_at_its_cell(row, label, value, reason, tmp_path):
    book = graded()
    if label in ("达到", "填报项"):  # the one with 加分; 乡镇 has none
        for number in range(1, 5):
            book.cell(HEAD, ("等次", number), "评分表").value = "县直"
    cell = book.cell(HEAD, ("等次", row), label)
    cell.value = value
    [fault] = faults(book.save(tmp_path / "方案.xlsx"))
    assert (fault.reason, fault.cell) == (reason, (HEAD, cell.coordinate))


def test_grades_go_by_scores_where_their_first_row_says_so(tmp_path):
    rows = [("县直", "好", 20, "30%", None, None, "得分 一＋2.1.1"), ("县直", "差", 0, *[None] * 3, "得分一 + 2.1.1")]
    county, town = scheme_file.load(graded(rows).save(tmp_path / "方案.xlsx")).forms
    assert (county.graded_by.label, county.graded_by.sections, county.graded_by.items) == (
        *("得分 2.1.1＋1", ("1",), ("2.1.1",)),
    )
    assert town.graded_by is None
    [fault] = faults(graded([*rows[:1], ("县直", "差", 0, *[None] * 3, "得分 一")]).save(tmp_path / "二.xlsx"))
    assert fault.reason == "“好”的“填报项”看的是“得分 一＋2.1.1”，这里却是“得分 一”"
    [fault] = faults(graded([("县直", "好", 90, *[None] * 3, "得分 一"), *rows[1:2]]).save(tmp_path / "三.xlsx"))
    assert fault.reason == "“好”的“填报项”看的是“得分 一”，这里却是“得分一 + 2.1.1”"
    [fault] = faults(
        graded([("县直", "好", 90, *[None] * 3, "得分 一"), ("县直", "差", 0)]).save(tmp_path / "四.xlsx")
    )
    assert fault.reason == "“得分 1”最多 30 分，达不到 90"


def test_a_form_with_a_mistake_is_not_told_that_its_grades_are_out_of_reach():
    tree = copy.deepcopy(every_kind.TREE)
    tree["grades"] = [{"name": "优秀", "at_least": 90}, {"name": "合格", "at_least": 0}]
    tree["forms"][0]["sections"][0]["items"][0]["code"] = "一"
    with pytest.raises(SchemeError) as told:
        build(tree, "x")
    assert len(told.value.faults) == 1


def test_what_only_follows_from_another_mistake_is_not_told(tmp_path):
    """A row that is refused may be what others look at: 加分, a grade that is reached with it, grades at all."""
    book = graded()
    for number in range(1, 5):
        book.cell(HEAD, ("等次", number), "评分表").value = "县直"
    book.cell(HEAD, ("等次", 1), "达到").value = 105
    for label, value in (("名称", "不加分"), ("条件", "总分"), ("不足", 60), ("作用", "不加分")):
        book.cell(HEAD, ("名称", 1), label).value = value
    book.cell(HEAD, ("名称", 1), "评分表").value = "县直"
    cell = book.cell("指标", "5.1.1", "分值类型")
    cell.value = "加"
    [fault] = faults(book.save(tmp_path / "方案.xlsx"))
    assert fault.cell == ("指标", cell.coordinate)
    book = with_effects(("降一等", None))
    book.cell(HEAD, ("等次", 1), "名额").value = 0.3
    [fault] = faults(book.save(tmp_path / "方案.xlsx"))
    assert fault.cell.sheet == HEAD


def test_a_number_of_places_that_takes_everyone_is_remarked(tmp_path):
    rows = [("乡镇", "好", 60, "9"), ("乡镇", "差", 0)]
    said = run("scheme", "check", graded(rows).save(tmp_path / "方案.xlsx"))
    assert "【提醒】文件“方案.xlsx”：排名“乡镇”：等次“好”的名额 9 个不少于单位数 9，等于不限。" in said
    assert "请写“9%”" in said
    said = run("scheme", "check", graded([("乡镇", "好", 60, "8"), *rows[1:]]).save(tmp_path / "方案.xlsx"))
    assert "等于不限" not in said


def test_one_row_is_no_grades(tmp_path):
    [fault] = faults(graded([("县直", "优秀", 0)]).save(tmp_path / "方案.xlsx"))
    assert fault.reason == "等次至少要有两行"


def test_grades_are_of_all_forms_or_of_one(tmp_path):
    county, town = scheme_file.load(graded().save(tmp_path / "方案.xlsx")).forms
    assert [(grade.name, grade.at_least) for grade in county.grades] == [
        ("优秀", 9000),
        ("良好", 8000),
        ("合格", 6000),
        ("不合格", 0),
    ]
    assert town.grades == county.grades
    one = graded([("乡镇", "好", "60.5", "２", None, "V.2"), ("乡镇", "差", "０")])
    county, town = scheme_file.load(one.save(tmp_path / "方案.xlsx")).forms
    assert county.grades == ()
    assert [(g.name, g.at_least, g.quota and g.quota.places(9), g.barred) for g in town.grades] == [
        ("好", 6050, 2, "V.2"),
        ("差", 0, None, ""),
    ]


def test_a_workbook_of_before_there_were_grades_is_the_same_scheme(tmp_path):
    book = Book()
    first = book.cell(HEAD, ("等次", 0), "等次").row
    last = book.cell(HEAD, 0, "口径编号").row
    book.book[HEAD].delete_rows(first, last - first)
    assert scheme_file.load(book.save(tmp_path / "方案.xlsx")) == SCHEME


def with_effects(*effects):
    """The graded workbook with these effects of V.6: a row each, the first beside what it says already."""
    book = graded()
    row = book.cell(VETOES, "V.6", "情形编号").row
    for number, (kind, value) in enumerate(effects, row):
        labels = ("情形编号", "效果", "效果数值") if number > row else ("效果", "效果数值")
        for label, each in zip(labels, ("V.6", kind, value)[-len(labels) :], strict=True):
            book.cell(VETOES, number - 1, label).value = each
    return book


@pytest.mark.parametrize(
    ("kind", "value", "label", "reason"),
    [
        ("总分不超过", None, "效果数值", "“总分不超过”要写效果数值"),
        ("扣分", None, "效果数值", "“扣分”要写效果数值"),
        ("等次不高于", None, "效果数值", "“等次不高于”要写效果数值"),
        ("总分记零", 5, "效果数值", "“总分记零”不要写效果数值"),
        ("名次列末", "末", "效果数值", "“名次列末”不要写效果数值"),
        (None, 5, "效果数值", "“取消评优”不要写效果数值"),
        ("等次不高于", "一般", "效果数值", "没有等次“一般”，可写：优秀、良好、合格、不合格"),
        ("总分不超过", 100, "效果数值", "总分不超过 100 等于没有限制"),
        ("总分不超过", "120.5", "效果数值", "总分不超过 120.5 等于没有限制"),
        ("扣分", 0, "效果数值", "“效果数值”应是大于 0、最多两位小数的分数，现为“0”"),
        ("扣分", "五分", "效果数值", "“效果数值”应是大于 0、最多两位小数的分数，现为“五分”"),
        ("扣分", -5, "效果数值", "“效果数值”应是大于 0、最多两位小数的分数，现为“-5”"),
        (
            *("警告", None, "效果"),
            "“效果”只能是“取消评优”、“扣分”、“总分不超过”、“总分记零”、“名次列末”、“等次不高于”、“降一等”，现为“警告”",
        ),
    ],
)
def test_a_wrong_effect_is_told_at_its_cell(kind, value, label, reason, tmp_path):
    book = with_effects((kind, value))
    [fault] = faults(book.save(tmp_path / "方案.xlsx"))
    assert (fault.reason, fault.cell) == (reason, (VETOES, book.cell(VETOES, "V.6", label).coordinate))


def test_effects_on_a_grade_need_grades(tmp_path):
    book = Book()
    book.cell(VETOES, "V.6", "效果").value = "降一等"
    [fault] = faults(book.save(tmp_path / "方案.xlsx"))
    assert fault.reason == "方案没有分等次，不能写“降一等”"


def test_several_rows_of_a_circumstance_are_its_effects(tmp_path):
    def read(book):
        return scheme_file.load(book.save(tmp_path / "方案.xlsx")).vetoes[-1]

    found = read(with_effects(("扣分", "５分"), ("等次不高于", "良好"), (None, None), ("总分不超过", 59.99)))
    assert [(effect.kind, effect.points, effect.grade) for effect in found.effects] == [
        ("扣分", 500, ""),
        ("等次不高于", 0, "良好"),
        ("取消评优", 0, ""),
        ("总分不超过", 5999, ""),
    ]
    assert (found.text, found.effect) == ("其他", "一票否决")
    assert [effect.kind for effect in read(with_effects((None, None), ("降一等", None))).effects] == [
        "取消评优",
        "降一等",
    ]
    book = with_effects(("扣分", 5))
    book.cell(VETOES, "V.6", "后果").value = None
    assert read(book).effect == "总分扣 5 分"


def test_a_workbook_of_before_there_were_effects_is_the_same_scheme(tmp_path):
    book = Book()
    place = book.cell(VETOES, 0, "效果").column
    book.book[VETOES].delete_cols(place, 2)
    assert scheme_file.load(book.save(tmp_path / "方案.xlsx")) == SCHEME


def spoil(book, sheet, words):
    """Takes away the rows that hold all of some texts."""
    wanted = set(words.split("|"))
    rows = [
        n for n, row in enumerate(book.book[sheet].iter_rows(values_only=True), 1) if wanted <= set(map(str, row))
    ]
    for number in reversed(rows):
        book.book[sheet].delete_rows(number)
    assert rows


@pytest.mark.parametrize(
    ("sheet", "words", "reason", "where"),
    [
        (FACTS, "县直|1.5.1", "指标 1.5.1 没有填报项，规则也没有取用前面的填报项", (ITEMS, "县直|1.5.1", "指标编号")),
        (RULES, "县直|1.5.1", "指标“1.5.1”没有计分规则", (ITEMS, "县直|1.5.1", "指标编号")),
        (RULES, "县直|1.5.1|否", "没有给“否”规定分数", (RULES, "县直|1.5.1|是", "参数")),
        (RULES, "县直|2.2.2|0%", "最低的一档应从 0 起", (RULES, "县直|2.2.2|70%", "达到")),
        (RULES, "乡镇|3.1.1|未规定", "之间有空缺", (RULES, "乡镇|3.1.1|190", "至多")),
        (RULES, "县直|1.3.2|最低分", "逐次扣分的规则要写“最低分”", (RULES, "县直|1.3.2|起始分", "规则")),
        (FACTS, "县直|1.1.1|已进驻事项数", "前面没有填报项“已进驻事项数”", (RULES, "县直|1.1.1", "填报项")),
        (ITEMS, "县直|1.5.1", "考核内容", (ITEMS, "县直|1.5.2", "考核内容")),
        (ITEMS, COUNTY_1, "这个指标前面没有考核项目", (ITEMS, "县直|1.1.1", "指标编号")),
        (HEAD, "K16", "没有口径“K16”", (RULES, "县直|1.2.1|K16", "口径")),
        (HEAD, "县直|附件2", "没有评分表“县直”", None),
        (HEAD, "标题", "缺少“标题”", None),
        (HEAD, "评分表名称", "找不到含有“评分表名称”“附件”", None),
        (UNITS, "考核单位", "找不到含有“序号”“考核单位”", None),
    ],
)
def test_what_is_taken_away_is_missed(sheet, words, reason, where, tmp_path):
    book = Book()
    spoil(book, sheet, words)
    told = faults(book.save(tmp_path / "方案.xlsx"))
    fault = next(fault for fault in told if reason in fault.reason)
    if where:
        assert fault.cell == (where[0], book.cell(*where).coordinate)


@pytest.mark.parametrize("sheet", [HEAD, UNITS, ITEMS, FACTS, RULES, VETOES])
def test_a_sheet_that_is_gone(sheet, tmp_path):
    book = Book()
    del book.book[sheet]
    assert [fault.reason for fault in faults(book.save(tmp_path / "方案.xlsx"))] == [f"没有工作表“{sheet}”"]


@pytest.mark.parametrize("label", ["考核方式", "权重", "分值"])
def test_a_column_that_is_gone(label, tmp_path):
    book = Book()
    book.cell(ITEMS, 0, label).value = "备注"
    reasons = [fault.reason for fault in faults(book.save(tmp_path / "方案.xlsx"))]
    assert reasons == [f"标题行没有“{label}”一栏"]


def test_a_line_that_stands_twice_is_counted_once_at_most(tmp_path):
    book = Book()
    sheet, number = book.book[RULES], book.cell(RULES, "县直|1.4.4|每次", "参数").row
    sheet.insert_rows(number + 1)
    for cell in sheet[number]:
        sheet.cell(number + 1, cell.column).value = cell.value
    [fault] = faults(book.save(tmp_path / "方案.xlsx"))
    assert (fault.cell, fault.reason) == ((RULES, f"F{number + 1}"), "与上面的一行完全相同，会算两次")


def test_a_section_of_bonuses_holds_nothing_else(tmp_path):
    book = Book()
    book.cell(ITEMS, "县直|5.1.1", "分值类型").value = "分值"
    reasons = [fault.reason for fault in faults(book.save(tmp_path / "方案.xlsx"))]
    assert "加分的考核项目里只能有加分的指标" in reasons


def test_a_row_of_formulas_never_calculated_is_no_empty_row(tmp_path):
    book = Book()
    number = book.cell(UNITS, "县残联", "考核单位").row
    for column in range(2, 5):
        book.book[UNITS].cell(number, column).value = "=Z1"
    told = [fault for fault in faults(book.save(tmp_path / "方案.xlsx")) if fault.cell.sheet == UNITS]
    assert {fault.cell.name for fault in told} == {f"B{number}", f"C{number}", f"D{number}"}
    assert all("文件里没有保存计算结果" in fault.reason for fault in told)


def test_two_sheets_or_columns_of_one_name(tmp_path):
    book = Book()
    book.book.copy_worksheet(book.book[UNITS]).title = f"{UNITS} "
    sheet = book.book[ITEMS]
    sheet.cell(1, sheet.max_column + 1).value = "分值"
    told = faults(book.save(tmp_path / "方案.xlsx"))
    assert [fault.reason for fault in told] == ["有两张叫“花名册”的工作表", "标题行有两个“分值”"]


def test_a_form_named_like_a_line_of_the_head(tmp_path):
    """What 方案 says of itself ends where its forms begin."""
    book = Book()
    for sheet in (HEAD, UNITS, ITEMS, FACTS, RULES):
        for row in book.book[sheet].iter_rows():
            for cell in row:
                cell.value = "地区" if cell.value == "乡镇" else cell.value
    scheme = scheme_file.load(book.save(tmp_path / "方案.xlsx"))
    assert (scheme.county, scheme.forms[1].name) == ("台前县", "地区")


def test_a_bonus_beyond_its_own_points_is_refused(tmp_path):
    """Only one that may bring all of the section's points needs no 封顶 of its own (K9)."""
    book = Book()
    book.cell(ITEMS, "县直|5.1.1", "分值").value = 6
    [fault] = faults(book.save(tmp_path / "方案.xlsx"))
    assert fault.reason == "这个指标最多加 6 分，规则没有写“封顶”，会超过"
    assert fault.cell.sheet == RULES


def test_all_mistakes_are_told_in_the_order_of_the_sheets_and_nothing_is_written(tmp_path):
    book = Book()
    for sheet, row, label, value in [
        (RULES, "县直|1.1.1", "填报项", "办结数"),
        (FACTS, "乡镇|成立领导小组", "类型", "金额"),
        (ITEMS, "乡镇|4.2.2", "目标要求及评分标准", None),
        (UNITS, "县残联", "评分表", "市直"),
        (HEAD, "年度", "内容", "今年"),
    ]:
        book.cell(sheet, row, label).value = value
    path = book.save(tmp_path / "方案.xlsx")
    said = run("scheme", "check", path, code=1)
    lines = said.splitlines()
    assert [line.partition("，单元格")[0] for line in lines[:-1]] == [
        f"【错误】文件“方案.xlsx”，工作表“{sheet}”" for sheet in (HEAD, UNITS, ITEMS, FACTS, RULES)
    ]
    assert lines[1].startswith(
        "【错误】文件“方案.xlsx”，工作表“花名册”，单元格 C3：花名册中的“市直”没有对应的评分表。处理办法："
    )
    assert lines[-1].removeprefix("Error: ").startswith("考核方案有误，共 5 处，没有写任何文件。请改正后重试")
    for words in (
        ["templates", tmp_path / "t"],
        ["sample", tmp_path / "t"],
        ["init", tmp_path / "t"],
        ["scheme", "export", tmp_path / "t.xlsx"],
        ["collect", path, "-o", tmp_path / "t"],
        ["check", path],
    ):
        assert run(*words, "--scheme", path, code=1) == said, words
    assert [each.name for each in tmp_path.iterdir()] == ["方案.xlsx"]


def test_what_can_only_mean_one_thing_is_read_so(tmp_path):
    """Rows and columns moved, full-width digits, merged or blank cells that go on from above, stray white space."""
    book = Book()
    for sheet, row, label, value in [
        (HEAD, "年度", "内容", "２０１８"),
        (HEAD, "发文日期", "内容", "2019年1月1日"),
        (UNITS, "县残联", "评分表", " 县直 "),
        (UNITS, "县安监局", "别名", "安全生产监督管理局; 应急管理局；"),
        (ITEMS, "县直|1.1.1", "分值", "３分"),
        (ITEMS, "县直|1.1.1", "分值类型", None),
        (ITEMS, "县直|1.1.1", "指标编号", "１.１.１"),
        (ITEMS, "县直|1.3.2", "考核内容", "3.窗口队伍建设情况"),
        (FACTS, "县直|已进驻事项数", "评分表", None),
        (FACTS, "县直|应进驻事项数", "由谁填", "单位"),
        (FACTS, "县直|应进驻事项数", "对单位不利", "否"),
        (RULES, "县直|1.3.2|最低分", "规则", None),
        (RULES, "县直|2.2.2|90%", "达到", 90),
        (RULES, "县直|2.2.2|70%", "达到", "７０％"),
        (RULES, "县直|2.3.3", "选项", "从多到少"),
    ]:
        book.cell(sheet, row, label).value = value
    shown = book.cell(RULES, "乡镇|2.2.2|90%", "达到")
    shown.value, shown.number_format = 0.9, "0%"
    for sheet in (UNITS, ITEMS, FACTS, RULES, VETOES):
        book.book[sheet].insert_cols(3)
        book.book[sheet].cell(1, 3).value = "备注"
        book.book[sheet].insert_rows(4)
        book.book[sheet].insert_rows(1, 2)
        book.book[sheet]["A1"].value = "这里写一个标题"
    book.book[FACTS].move_range("D1:D80", cols=20)
    book.book[UNITS].title = " 花名册"
    book.book.move_sheet(RULES, -4)
    assert scheme_file.load(book.save(tmp_path / "方案.xlsx")) == SCHEME


def test_what_is_no_scheme_is_said_to_be_none(tmp_path):
    other = openpyxl.Workbook()
    other.save(tmp_path / "别的.xlsx")
    assert "不是考核方案的工作簿" in run("scheme", "check", tmp_path / "别的.xlsx", code=1)
    (tmp_path / "坏的.xlsx").write_bytes(b"PK\x03\x04" + b"0" * 50)
    assert "文件已损坏或不完整" in run("scheme", "check", tmp_path / "坏的.xlsx", code=1)
    assert "文件打不开（没有这个文件或文件夹）" in run("scheme", "check", tmp_path / "没有.xlsx", code=1)
    assert "是文件夹，不是文件" in run("scheme", "check", tmp_path, code=1)
    assert "只能写成 .xlsx 工作簿" in run("scheme", "export", tmp_path / "方案.docx", code=1)


def test_an_edited_scheme_is_never_written_over(tmp_path):
    path = Book().save(tmp_path / "方案.xlsx")
    before = path.read_bytes()
    assert "已经存在" in run("scheme", "export", path, code=1)
    assert path.read_bytes() == before

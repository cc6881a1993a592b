"""The kinds of real schemes as an office writes them into a scheme's workbook, and what is said of mistakes."""

from __future__ import annotations

from typing import Any

import every_kind
import openpyxl
import pytest

from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme.book import writer
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.rules.parts import Parts
from assess_xlsx.scheme.rules.single import SINGLE
from assess_xlsx.scheme.tree import SchemeError

Line = dict[str, Any]
PARTS = [
    {"规则": "合计", "参数": "起始分", "分数": 4},
    {"规则": "合计", "参数": "最低分", "分数": 0},
    {"规则": "合计", "参数": "不得分", "填报项": "未公示", "选项": "是"},
    {"分项": 1, "规则": "逐次加减", "参数": "每少一次", "填报项": "督导次数", "不足": 4, "分数": -1},
    {"分项": 2, "规则": "逐次加减", "参数": "每次", "填报项": "缺资料份数", "分数": -0.1},
    {"分项": 3, "规则": "直接评分", "参数": "评分", "填报项": "酌情扣分", "分数": -1},
]


def written(tmp_path, lines: list[Line], **more: Any):
    """A scheme of one item, the example of 合计, whose lines on 计分规则 are these; its path and the first row."""
    row = {"code": "1.1.1", "method": "查", "content": "内", "text": "则", **Parts.example.item, **more}
    form = every_kind.TREE["forms"][0] | {"points": 4, "sections": [{"title": "项", "points": 4, "items": [row]}]}
    form.pop("cap")
    tree = every_kind.with_forms([{"name": "甲局", "form": "部门"}], [form])
    path = tmp_path / "方案.xlsx"
    writer.write(path, tree)
    book = openpyxl.load_workbook(path)
    sheet = book["计分规则"]
    header = [cell.value for cell in sheet[1]]
    for number in range(2, 20):
        line = lines[number - 2] if number - 2 < len(lines) else {}
        about = {"评分表": "部门", "指标编号": "1.1.1"} if line else {}
        for place, label in enumerate(header, 1):
            sheet.cell(number, place).value = (about | line).get(label)
    book.save(path)
    return path


def test_parts_stand_on_lines_as_they_are_said(tmp_path):
    [form] = scheme_file.load(written(tmp_path, PARTS)).forms
    expected = every_kind.only_item({"points": 4}, Parts.example.item["facts"], Parts.example.item["rule"])
    assert form.items[0].rule == expected.items[0].rule


@pytest.mark.parametrize(
    "changes",
    [
        {5: {"分数": None}},  # nothing can be added to 起始分: it comes off
        {4: {"规则": None, "分项": "２"}},
        {4: {"分项": 3}, 5: {"分项": 2}},
    ],
)
def test_parts_may_be_written_shorter_and_in_another_order(tmp_path, changes):
    lines = [line | changes.get(place, {}) for place, line in enumerate(PARTS)]
    if 4 in changes and "规则" in changes[4]:
        lines[4] = lines[4] | {"规则": "逐次加减"}
    [form] = scheme_file.load(written(tmp_path, lines)).forms
    assert len(form.items[0].rule.parts) == 3


@pytest.mark.parametrize(
    ("changes", "cell", "reason"),
    [
        ({4: {"分项": 4}}, "C6", "分项有 1、3、4，没有 2"),
        ({5: {"分项": None}}, "C7", "没有写“分项”"),
        ({4: {"分项": "二"}}, "C6", "“分项”应是 1、2、3 这样的整数，现为“二”"),
        ({5: {"分项": 2}}, "D7", "同一个分项只能用一种计分规则"),
        ({3: None, 4: None}, "D5", "只有一个分项，不用写分项"),
        ({0: {"分数": 3.5}}, "C5", "各分项加起来最多 3.5 分，分值却是 4"),
        ({0: {"分数": 4.5}}, "C5", "各分项加起来会超过 4 分，请写封顶"),
        ({1: None}, "C4", "各分项会扣到 0 以下，请写最低分"),
        ({2: {"选项": None}}, "H4", "“选项”和“达到”要写且只写一个"),
    ],
)
def test_a_mistake_in_parts_is_told_at_its_cell(tmp_path, changes, cell, reason):
    lines = [
        line | (changes.get(place, {}) or {})
        for place, line in enumerate(PARTS)
        if changes.get(place, {}) is not None
    ]
    if reason.startswith("只有"):
        lines[3] = lines[3] | {"分项": 1}
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(written(tmp_path, lines))
    assert [(fault.cell.name, fault.reason) for fault in refusal.value.faults] == [(cell, reason)]


def test_two_rules_without_parts_say_what_helps(tmp_path):
    lines = [
        {"规则": "逐次加减", "参数": "起始分", "分数": 4},
        {"规则": "直接评分", "参数": "评分", "填报项": "酌情扣分"},
    ]
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(written(tmp_path, lines))
    [fault] = [fault for fault in refusal.value.faults if "一种计分规则" in fault.reason]
    assert "几条的，请在“分项”写 1、2……" in fault.remedy


@pytest.mark.parametrize(
    ("changes", "label", "reason"),
    [
        ({"由哪些": None}, "由哪些", "“增长率”要在“由哪些”写两个填报项"),
        ({"由谁填": "考核办"}, "由谁填", "推算的填报项不用填，不要写“由谁填”"),
        ({"怎样得出": "倒数"}, "怎样得出", "“怎样得出”只能是"),
        ({"由哪些": "今；去"}, "由哪些", "前面没有填报项“去”"),
        ({"类型": "次数"}, "类型", "推算的填报项应是百分比或数值，现为“次数”"),
    ],
)
def test_a_mistake_in_what_is_computed_is_told_at_its_cell(tmp_path, changes, label, reason):
    worth, facts, rule = every_kind.derived()[0]
    row = {"code": "1.1.1", "method": "查", "content": "内", "text": "则", **worth, "facts": facts, "rule": rule}
    form = every_kind.TREE["forms"][0] | {"points": 3, "sections": [{"title": "项", "points": 3, "items": [row]}]}
    form.pop("cap")
    path = tmp_path / "方案.xlsx"
    writer.write(path, every_kind.with_forms([{"name": "甲局", "form": "部门"}], [form]))
    book = openpyxl.load_workbook(path)
    sheet = book["填报项"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for column, value in changes.items():
        sheet.cell(4, places[column]).value = value
    book.save(path)
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(path)
    fault = refusal.value.faults[0]
    assert fault.cell.name == sheet.cell(4, places[label]).coordinate
    assert reason in fault.reason


EFFICACY = [
    {"规则": "功效系数", "参数": "比较", "填报项": "缺资料份数"},
    {"参数": "不允许值", "达到": 60},
    {"参数": "满意值", "达到": 100},
    {"参数": "基本分", "分数": 2},
    {"参数": "最低分", "分数": 0},
]
KNOTS = [
    {"规则": "插值", "参数": "点", "填报项": "缺资料份数", "达到": 60, "分数": 0},
    {"参数": "点", "达到": 80, "分数": 2.5},
    {"参数": "点", "达到": 100, "分数": 4},
]
ONLY = {"facts": [Parts.example.item["facts"][1]]}
"""缺资料份数 alone."""


@pytest.mark.parametrize("lines", [EFFICACY, KNOTS])
def test_what_runs_in_a_straight_line_stands_on_lines(tmp_path, lines):
    [form] = scheme_file.load(written(tmp_path, lines, **ONLY)).forms
    assert form.items[0].rule.title == lines[0]["规则"]


@pytest.mark.parametrize(
    ("lines", "changes", "cell", "reason"),
    [
        (EFFICACY, {2: {"达到": 60}}, "I4", "不允许值和满意值相同，分不出高低"),
        (EFFICACY, {3: {"分数": 4}}, "L5", "“基本分”应不小于 0、小于分值 4"),
        (EFFICACY, {1: {"达到": None, "选项": "最差"}}, "H3", "“最差”要和“最好”一起写"),
        (EFFICACY, {2: {"选项": "最好"}}, "I4", "要写且只写一种：“达到”一个数，或“选项”“最好”"),
        (KNOTS, {1: {"达到": 60}}, "I3", "“点”的“达到”要从小到大"),
        (KNOTS, {2: {"分数": 3.5}}, "E2", "没有一个点得满分 4"),
        (KNOTS, {1: {"填报项": "另外一个"}}, "F3", "各行的“填报项”应相同"),
    ],
)
def test_a_mistake_in_a_straight_line_is_told_at_its_cell(tmp_path, lines, changes, cell, reason):
    lines = [line | changes.get(place, {}) for place, line in enumerate(lines)]
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(written(tmp_path, lines, **ONLY))
    assert [(fault.cell.name, fault.reason) for fault in refusal.value.faults] == [(cell, reason)]


LATE = [
    {"规则": "逐次加减", "参数": "起始分", "分数": 4},
    {"参数": "每次", "填报项": "缺资料份数", "分数": -0.5},
    {"参数": "最低分", "分数": 0},
    {"参数": "免扣", "填报项": "未公示", "选项": "是"},
    {"参数": "免扣", "填报项": "督导次数", "不足": 4, "分数": 3.5},
]
UNSAID = {"facts": [each for each in Parts.example.item["facts"] if each["label"] != "酌情扣分"]}


def test_what_is_not_taken_off_stands_on_lines(tmp_path):
    [form] = scheme_file.load(written(tmp_path, LATE, **UNSAID)).forms
    exempt = [{"fact": "未公示", "is": "是"}, {"fact": "督导次数", "below": 4, "points": 3.5}]
    terms = [{"fact": "缺资料份数", "step": -0.5}]
    rule = {"kind": "linear", "start": 4, "terms": terms, "floor": 0, "exempt": exempt}
    assert form.items[0].rule == every_kind.only_item({"points": 4}, UNSAID["facts"], rule).items[0].rule


@pytest.mark.parametrize(
    ("changes", "cell", "reason"),
    [
        ({3: {"选项": None}}, "H5", "“免扣”要写选项、达到或不足"),
        ({4: {"分数": 5}}, "L6", "“分数”应在 0 到 4 之间，现为 5"),
        ({4: {"达到": 4}}, "J6", "“免扣”要写选项、达到或不足"),
        ({4: {"至多": 4}}, "K6", "“免扣”这一行不用“至多”一栏，请清空"),
    ],
)
def test_a_mistake_in_what_is_not_taken_off_is_told_at_its_cell(tmp_path, changes, cell, reason):
    lines = [line | changes.get(place, {}) for place, line in enumerate(LATE)]
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(written(tmp_path, lines, **UNSAID))
    assert [(fault.cell.name, fault.reason) for fault in refusal.value.faults] == [(cell, reason)]


TASKS = [
    {"规则": "平均", "参数": "各次", "填报项": "甲得分"},
    {"参数": "各次", "填报项": "乙得分"},
    {"参数": "满分", "分数": 10},
    {"参数": "缺的", "选项": "不计"},
    *(
        {"参数": "各次系数", "填报项": f"{task}大小", "选项": size, "分数": factor}
        for task in "甲乙"
        for size, factor in every_kind.FACTORS.items()
    ),
    {"参数": "系数用法", "选项": "加权"},
    {"参数": "系数", "选项": "花名册"},
]
BY_OPTION = [
    *TASKS[:4],
    *(
        {"参数": "系数（按选项）", "填报项": "甲大小", "选项": size, "分数": factor}
        for size, factor in (every_kind.FACTORS | {"没有": 0.5}).items()
    ),
]
OF_TASKS = {"facts": every_kind.sized("甲", "乙")[0]}


def test_factors_stand_on_lines(tmp_path):
    [form] = scheme_file.load(written(tmp_path, TASKS, **OF_TASKS)).forms
    facts, rule = every_kind.sized("甲", "乙")
    assert form.items[0].rule == every_kind.only_item({"points": 4}, facts, rule | {"factor": "花名册"}).items[0].rule
    asked = [each for each in facts if each["label"] != "乙大小"]
    [form] = scheme_file.load(written(tmp_path, BY_OPTION, facts=asked)).forms
    by_option = {"fact": "甲大小", "scores": every_kind.FACTORS | {"没有": 0.5}}
    mean = {key: rule[key] for key in ("kind", "facts", "full", "missing")} | {"factor": by_option}
    assert form.items[0].rule == every_kind.only_item({"points": 4}, asked, mean).items[0].rule


@pytest.mark.parametrize(
    ("lines", "changes", "cell", "reason"),
    [
        (TASKS, {5: {"分数": 0}}, "L7", "系数应大于 0、不超过 10"),
        (TASKS, {5: {"选项": "好"}}, "H7", "“好”不是“甲大小”的选项"),
        (TASKS, {5: {"选项": None}}, "H7", "“各次系数”要写“选项”"),
        (TASKS, {12: {"选项": "乘"}}, "H14", "“系数用法”应是“加权”或“相乘”，现为“乘”"),
        (TASKS, {13: {"选项": "名单"}}, "H15", "“系数”的“选项”只能是“花名册”，现为“名单”"),
        (BY_OPTION, {4: {"分数": 11}}, "L6", "系数应大于 0、不超过 10"),
        (BY_OPTION, {4: {"分数": None}}, "L6", "“系数（按选项）”要写“选项”和“分数”"),
    ],
)
def test_a_mistake_in_factors_is_told_at_its_cell(tmp_path, lines, changes, cell, reason):
    facts = [each for each in OF_TASKS["facts"] if lines is TASKS or each["label"] != "乙大小"]
    lines = [line | changes.get(place, {}) for place, line in enumerate(lines)]
    with pytest.raises(SchemeError) as refusal:
        scheme_file.load(written(tmp_path, lines, facts=facts))
    assert [(fault.cell.name, fault.reason) for fault in refusal.value.faults] == [(cell, reason)]


def test_every_rule_can_be_a_part_on_lines(tmp_path):
    """Each rule's example as a part beside another: out into a workbook and in again it is the same."""
    for kind, rule in SINGLE.items():
        about = rule.example.item
        points = about.get("points") or about.get("adds") or -about["deducts"]
        own = dict(about["rule"]) | ({"points": points} if rule.part_points else {})
        other = {"kind": "flat", "fact": "另", "is": "是", "points": 1}
        facts = [*about["facts"], every_kind.fact("另", every_kind.YES_NO)]
        item_rule = {"kind": "parts", "floor": 0, "cap": 1, "parts": [own, other]}
        row = {"code": "1.1.1", "method": "查", "content": "内", "text": "则", "points": 1, "facts": facts}
        section = {"title": "项", "points": 1, "items": [row | {"rule": item_rule}]}
        form = every_kind.TREE["forms"][0] | {"points": 1, "sections": [section]}
        form.pop("cap")
        tree = every_kind.with_forms([{"name": f"单位{n}", "form": "部门"} for n in range(9)], [form])
        writer.write(tmp_path / f"{kind}.xlsx", tree)
        assert scheme_file.load(tmp_path / f"{kind}.xlsx") == build(tree, "x"), kind

"""免扣 from filled forms to the result: what is said of it, what was filled all the same, and what changes."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import append, collect, rows, run, save
from every_kind import YES_NO, fact, form, section, toml, with_forms

from assess_xlsx.layout import FORM_SHEET, FormLayout
from assess_xlsx.scheme.build import build

ALSO = {"fact": "发生突发事件", "is": "是"}
COUNT = {"kind": "次数", "measure": "次"}
CASES = {
    # 发生突发事件, 迟报次数, 瞒报次数; the score
    "甲局": ("否", 0, 0, 5),
    "乙局": ("是", 0, 0, 5),
    "丙局": ("是", 1, 0, 3),
    "丁局": ("是", 3, 0, 0),
    "戊局": ("是", 0, 1, 0),
    "己局": ("否", 2, 0, 5),
}


def tree(*, only: bool = False):
    more = {"only_with": ALSO} if only else {}
    facts = [fact("发生突发事件", YES_NO), *(fact(label, COUNT, **more) for label in ("迟报次数", "瞒报次数"))]
    rule = {
        "kind": "linear",
        "start": 5,
        "terms": [{"fact": "迟报次数", "step": -2}, {"fact": "瞒报次数", "step": -5}],
        "floor": 0,
        "exempt": [{"fact": "发生突发事件", "is": "否"}],
    }
    item = {
        "code": "1.1.1",
        "method": "查",
        "content": "应急",
        "text": "则",
        "points": 5,
        "facts": facts,
        "rule": rule,
    }
    roster = [{"name": name, "form": "表"} for name in CASES]
    return with_forms(roster, [form("表", "附件1", points=5, sections=[section("项", [item], points=5)])])


@pytest.fixture
def sent(tmp_path):
    """Fills the forms of all units and collects them, some cells changed."""

    def send(*options, only=False, folder="in", register=None, **changed):
        scheme = tmp_path / f"方案{only}.toml"
        scheme.write_text(toml(tree(only=only)), "utf-8")
        run("templates", tmp_path / f"t{only}", "--per-unit", "--scheme", scheme)
        [made] = build(tree(only=only), "x").forms
        places = FormLayout.of(made)
        for number, (name, case) in enumerate(CASES.items(), 1):
            book = openpyxl.load_workbook(tmp_path / f"t{only}" / "各单位" / f"{number:02}-{name}.xlsx")
            for each, value in zip(made.facts, [*changed.get(name, case[:3]), "否"], strict=True):
                book[FORM_SHEET][places.value_cell(each)].value = value
            save(book, tmp_path / folder / f"{name}.xlsx")
        if register:
            book = openpyxl.load_workbook(tmp_path / f"t{only}" / "考核办登记表.xlsx")
            append(book, *register)
            save(book, tmp_path / folder / "登记表.xlsx")
        return collect(tmp_path / folder, "--scheme", scheme, *options), scheme

    return send


def reminders(result):
    return {
        (row["考核单位"], row["单元格"]): (row["问题"], row["处理办法"])
        for row in rows(result, "问题清单")
        if row["级别"] == "提醒" and row["填报项"]
    }


def test_the_table(sent):
    result, _ = sent()
    details = {row["考核单位"]: row for row in rows(result, "得分明细")}
    assert {name: details[name]["最终得分"] for name in CASES} == {name: case[3] for name, case in CASES.items()}
    assert details["己局"]["计分依据"] == "“发生突发事件”选“否”，免扣，记 5 分"
    assert details["丙局"]["计分依据"].startswith("5 − 2 × 迟报次数 1 − 5 × 瞒报次数 0 = 3.00")


def test_what_was_filled_all_the_same_is_told_at_its_cell(sent):
    result, _ = sent()
    assert reminders(result) == {
        ("己局", "I7"): (
            "“发生突发事件”选“否”，本项免扣，却填了“迟报次数”2次。",
            "请核对：前者填写有误的，请改正；没有误的，不影响得分。",
        )
    }


def test_where_it_is_not_asked_then_it_is_told_as_always(sent):
    result, _ = sent(only=True, 甲局=("否", None, None))
    assert [row["最终得分"] for row in rows(result, "得分明细")] == [case[3] for case in CASES.values()]
    told = reminders(result)
    assert told["己局", "I7"][0] == "“迟报次数”填写为“2”，但“发生突发事件”为“是”时才需填写，没有采用。"
    assert not [problem for problem, _ in told.values() if "免扣" in problem]
    assert [row for row in rows(result, "问题清单") if row["级别"] == "错误"] == []


def test_a_gap_in_what_exempts_is_one_of_the_item(sent):
    result, _ = sent(甲局=(None, 0, 0))
    details = {row["考核单位"]: row for row in rows(result, "得分明细")}
    assert details["甲局"]["最终得分"] == 0
    assert details["甲局"]["计分依据"] == "“发生突发事件”未填，暂记 0 分，补正后重算"


def test_a_changed_answer_and_a_ruling_change_the_score_and_all_can_be_verified(sent, tmp_path):
    sent()
    earlier = tmp_path / "earlier.xlsx"
    (tmp_path / "in-out" / "考核结果汇总.xlsx").rename(earlier)
    ruling = ("核定", "戊局", "1.1.1", "发生突发事件", "否", "不可抗力")
    result, scheme = sent("--since", earlier, 丁局=("否", 3, 0), register=ruling)
    changes = {row["考核单位"]: row for row in rows(result, "本轮变化") if row["指标编号"] == "1.1.1"}
    assert {name: (row["填报项"], row["原因"]) for name, row in changes.items()} == {
        "丁局": ("发生突发事件", "单位改报"),
        "戊局": ("发生突发事件", "核定"),
    }
    details = {row["考核单位"]: row for row in rows(result, "得分明细")}
    assert [details[name]["最终得分"] for name in ("丁局", "戊局")] == [5, 5]
    assert details["戊局"]["计分依据"] == ("“发生突发事件”选“否”，免扣，记 5 分（发生突发事件核定为 否：不可抗力）")
    run("verify", tmp_path / "in-out" / "考核结果汇总.xlsx", tmp_path / "in", "--scheme", scheme)

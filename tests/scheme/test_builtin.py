"""The built-in scheme against the official document, and bad schemes against the loader."""

from __future__ import annotations

import copy
import datetime as dt
import re
from pathlib import Path

import pytest
from conftest import COUNTY, SCHEME, TOWN

from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.file import load
from assess_xlsx.scheme.file import tree as tree_of
from assess_xlsx.scheme.model import Round
from assess_xlsx.scheme.tree import SchemeError

OFFICIAL = re.sub(r"\s+", "", (Path(__file__).parents[1] / "data" / "official.txt").read_text("utf-8"))
ANNEX = {
    "县直": OFFICIAL.partition("考核评分细则（县直）考核单位")[2].partition("附件3")[0],
    "乡镇": OFFICIAL.partition("考核评分细则（乡镇）考核乡镇")[2],
}


def folded(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)
def test_every_official_text_is_verbatim(form):
    annex = ANNEX[form.name]
    texts = [section.title for section in form.sections]
    texts += [text for item in form.items for text in (item.content, item.text, item.points_text, item.method)]
    for text in texts:
        assert folded(text) in annex
        assert "  " not in text
        assert text == text.strip()
    assert folded("".join(form.title)) in OFFICIAL


@pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)
def test_no_official_text_is_left_out(form):
    """What remains of an annex once every text is struck out is its headings, repeated at page breaks."""
    rest = ANNEX[form.name]
    texts = {item.text for item in form.items} | {item.content for item in form.items}
    texts |= {section.title for section in form.sections} | {item.points_text for item in form.items}
    texts |= {"考核项目", "考核方式", "考核内容", form.criteria_label, "分值", "记分", "考核时间"}
    for text in sorted(texts, key=len, reverse=True):
        rest = rest.replace(folded(text), "")
    assert set(re.sub("查资料|看现场|看资料", "", rest)) <= {"：", ":"}


def test_roster_is_annex_1():
    assert [unit.number for unit in SCHEME.units] == list(range(1, 41))
    annex = OFFICIAL.partition("考核对象序号部门")[2].partition("附件2")[0]
    for unit in SCHEME.units:
        assert f"{unit.number}{unit.name}" in annex
    assert (len(COUNTY.units), len(TOWN.units)) == (31, 9)


def test_points_add_up():
    assert [section.worth.high // 100 for section in COUNTY.sections] == [30, 50, 10, 10, 10, 0]
    assert [section.worth.high // 100 for section in TOWN.sections] == [10, 15, 45, 18, 12]


def test_methods_are_the_annexes():
    def methods(form):
        return {item.code: item.method.split("\n") for item in form.items}

    county, town = methods(COUNTY), methods(TOWN)
    site = {"1.4.1", "1.4.2", "1.4.3", "1.4.4"}
    assert all(method == (["查资料", "看现场"] if code in site else ["查资料"]) for code, method in county.items())
    assert {code for code, method in town.items() if method == ["看资料"]} == {"2.2.2", "2.2.3", "2.2.4"}
    assert {code for code, method in town.items() if method == ["看现场"]} == {"2.1.1"} | {
        f"3.1.{line}" for line in range(1, 6)
    }
    assert {code for code, method in town.items() if len(method) == 2} == {f"5.1.{line}" for line in range(1, 5)}


def test_readings_are_complete():
    assert [reading.code for reading in SCHEME.readings] == [
        *(f"K{number}" for number in range(1, 19)),
        "K18a",
        *(f"K{number}" for number in range(19, 29)),
    ]


TREE = tree_of()


def test_nothing_is_said_of_the_round_that_the_document_does_not_say():
    assert SCHEME.round == Round(None, "", "", None)


ROUND = {"deadline": dt.date(2019, 1, 31), "phone": "0393-2211000", "email": "ka@x.cn", "objection_days": 5}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (ROUND, Round(dt.date(2019, 1, 31), "0393-2211000", "ka@x.cn", 5)),
        ({"phone": " 2211000、2212000 ", "email": "ＫＡ@x.cn "}, Round(None, "2211000、2212000", "KA@x.cn", None)),
        (dict.fromkeys(ROUND, ""), Round()),
    ],
)
def test_what_is_said_of_the_round_changes_no_form(said, read):
    scheme = build(TREE | said, "x.toml")
    assert scheme.round == read
    assert [form.version for form in scheme.forms] == [form.version for form in SCHEME.forms]


def first_item(tree):
    return tree["forms"][0]["sections"][0]["items"][0]


LONG = {"label": "长", "kind": "选项", "options": [f"{n}" + "甲" * 50 for n in range(6)]}


def spoilt(change):
    tree = copy.deepcopy(TREE)
    change(tree)
    return tree


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (lambda t: t.update(colour="红"), "x.toml", "不认识“colour”"),
        (lambda t: first_item(t).update(pionts=3), "指标“1.1.1”", "不认识“pionts”"),
        (lambda t: first_item(t)["rule"].update(floor=0), "1.1.1” 计分规则", "不认识“floor”"),
        (lambda t: first_item(t)["rule"].pop("fact"), "1.1.1” 计分规则", "缺少“fact”"),
        (lambda t: first_item(t)["rule"].update(kind="magic"), "计分规则", "没有“magic”这种计分规则"),
        (lambda t: first_item(t)["rule"].update(fact="别的"), "计分规则", "前面没有填报项“别的”"),
        (lambda t: first_item(t).update(points=4), "一窗受理", "合计 31"),
        (lambda t: first_item(t).update(points=True), "1.1.1", "应是数"),
        (lambda t: first_item(t).update(code="1.2.1"), "1.2.1", "指标编号“1.2.1”重复"),
        (lambda t: first_item(t).pop("rule"), "1.1.1", "没有计分规则"),
        (lambda t: first_item(t).pop("text"), "1.1.1", "缺少“text”"),
        (lambda t: first_item(t)["facts"][0].update(kind="金额"), "应进驻事项数", "没有“金额”这种填报项"),
        (lambda t: first_item(t)["facts"].insert(0, LONG), "长", "下拉列表放不下"),
        (lambda t: first_item(t)["facts"].append({"label": "多余", "kind": "是否"}), "1.1.1", "没有用到填报项“多余”"),
        (
            lambda t: first_item(t)["facts"].append(dict(first_item(t)["facts"][1])),
            "1.1.1",
            "填报项“已进驻事项数”重复",
        ),
        (lambda t: t["forms"][0].update(points=90), "县直", "合计 100，应为 90"),
        (lambda t: t["forms"].pop(0), "x.toml", "“县直”没有对应的评分表"),
        (lambda t: t["roster"].append({"name": "县安监局", "form": "乡镇"}), "x.toml", "考核单位“县安监局”重复"),
        (lambda t: t["roster"].append({"name": "甲街道", "form": "街道"}), "x.toml", "“街道”没有对应的评分表"),
        (lambda t: t.update(deadline="月底"), "x.toml", "“deadline”应是 1990 到 2099 年间的日期，现为“月底”"),
        (lambda t: t.update(phone=2211000), "x.toml", "“phone”应是文字"),
        (lambda t: t.update(email="ka.x.cn"), "x.toml", "“email”应是一个（且只写一个）邮箱地址"),
        (lambda t: t.update(objection_days=-1), "x.toml", "“objection_days”应是不小于 1 的整数（天），现为“-1”"),
        (lambda t: t.update(objection_days=366), "x.toml", "“objection_days”超过 365 天，现为“366”"),
        (lambda t: t["readings"].pop(0), "2.3.3", "没有口径“K1”"),
        (lambda t: t["vetoes"].append(dict(t["vetoes"][0])), "x.toml", "情形编号“V.1”重复"),
    ],
)
def test_a_bad_scheme_is_refused_with_place_and_reason(change, place, reason):
    fault = faults_of(spoilt(change))[0]
    assert place in fault.place
    assert reason in fault.reason


def faults_of(tree):
    with pytest.raises(SchemeError) as refusal:
        build(tree, "x.toml")
    return refusal.value.faults


SIGNS = "半角符号 \\/:*?\"<>|[]'"


def test_every_mistake_is_listed_and_none_twice():
    def change(tree):
        county, town = tree["forms"]
        item = first_item(tree)
        item["facts"][0]["kind"] = "金额"  # its rule and its limit ask for this fact: no mistakes of their own
        item["points"] = 4
        county["sections"][0]["items"][1]["code"] = "1.1.1"
        county["sections"][3]["items"][0]["facts"][0]["measure"] = 3  # 4.1.2 asks for this fact
        town["sections"][1]["points"] = 16
        town["sections"][4]["items"][2]["rule"]["uncovered"] = "K99"
        tree["roster"][39]["name"] = "县 安监局/"
        tree["readings"][3]["text"] = " "
        tree["year"] = "今年"

    told = [(fault.place.split(" ")[-1], fault.reason) for fault in faults_of(spoilt(change))]
    assert told == [
        ("口径“K4”", "“text”不能是空的"),
        ("安监局/”", "“name”“县 安监局/”会用作文件名和工作表名：最多 20 个字，没有" + SIGNS),
        ("填报项“应进驻事项数”", "没有“金额”这种填报项，可用的有：是否、选项、次数、百分比、数值、分值"),
        ("指标“1.1.1”", "指标编号“1.1.1”重复"),
        ("考核项目“一、“一窗受理，集成服务”工作落实情况（30分）”", "各指标分值合计 31，考核项目的分值却是 30"),
        ("填报项“承担改革任务数”", "“measure”应是文字，现为“3”"),
        ("考核项目“二、“一网”推进情况（15分）”", "各指标分值合计 15，考核项目的分值却是 16"),
        ("计分规则", "没有口径“K99”"),
        ("评分表“乡镇”", "各考核项目分值合计 101，应为 100"),
        ("x.toml", "“year”应是整数，现为“今年”"),
    ]


def test_a_form_that_nobody_fills_and_units_without_a_form_are_told_once():
    told = [fault.reason for fault in faults_of(spoilt(lambda t: t["forms"][0].update(name="市直")))]
    assert told == ["花名册中的“县直”没有对应的评分表", "花名册中没有“市直”的考核对象"]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"kind": "choice", "fact": "甲", "scores": {"是": 2}}, "没有给“否”规定分数"),
        ({"kind": "choice", "fact": "甲", "scores": {"是": 2, "否": 0, "也许": 1}}, "“也许”不是"),
        ({"kind": "choice", "fact": "甲", "scores": {"是": 5, "否": 0}}, "“是”记 5 分，高于 3"),
        ({"kind": "choice", "fact": "甲", "scores": {"是": 2, "否": 0}}, "最高的选项“是”只记 2 分，分值却是 3"),
        ({"kind": "linear", "start": 3, "terms": [{"fact": "甲", "is": "否", "step": -1}]}, "要写“floor”"),
        ({"kind": "linear", "start": 0, "terms": [{"fact": "甲", "is": "是", "step": 1}]}, "要写“cap”"),
        ({"kind": "linear", "start": 1, "terms": [{"fact": "甲", "is": "否", "step": -1}], "floor": 0}, "最高分是 1"),
        ({"kind": "bands", "fact": "甲", "bands": [{"at_least": 0, "points": 0}]}, "是选项，不是数"),
        ({"kind": "ratio", "fact": "甲"}, "是选项，不是数"),
        ({"kind": "rank", "fact": "甲"}, "是选项，不是数"),
        ({"kind": "given", "value": "甲", "unless": {}}, "应是分值"),
    ],
)
def test_a_rule_that_does_not_fit_its_item_is_refused(rule, reason):
    def change(tree):
        first_item(tree).update(facts=[{"label": "甲", "kind": "是否"}], rule=rule)

    with pytest.raises(SchemeError, match=reason):
        build(spoilt(change), "x.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 'a'\nyear = 今年\n", "TOML：第 2 行第 8 列写法不对"),
        ("name = ", "合格的 UTF-8 编码 TOML"),
        ("name = 'a", "合格的 UTF-8 编码 TOML"),
        ("name = 1" + "0" * 5000, "合格的 UTF-8 编码 TOML"),
        ("name = '\udcd6'", "合格的 UTF-8 编码 TOML"),
        ("name = true", "应是文字，现为“TRUE”"),
    ],
)
def test_a_text_file_that_is_not_toml_is_told_in_chinese(tmp_path, text, said):
    path = tmp_path / "方案.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SchemeError) as refusal:
        load(path)
    reasons = "".join(fault.reason for fault in refusal.value.faults)
    assert said in reasons
    assert "Expected" not in reasons
    assert "at line" not in reasons

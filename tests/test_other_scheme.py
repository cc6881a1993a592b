"""A scheme of another kind, from an office never seen, kept only as a workbook: from its check to the ranking.

``data/fictional-scheme.xlsx`` is the exported built-in scheme, cleared and filled in again as an office would do it
(cells that go on from above left blank, percentages with their sign, a date in words). Everything in it is fiction.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from pathlib import Path

import openpyxl
import pytest
from conftest import rows, run, save
from oracle import half_up, percent, ranks

from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import FORM_SHEET, REGISTER_FILE, FormLayout, office_sheet, unit_file
from assess_xlsx.scheme import file as scheme_file

PATH = Path(__file__).parent / "data" / "fictional-scheme.xlsx"
SCHEME = scheme_file.load(PATH)
SAFE = {"发生较大以上生产安全事故": "否", "拒不配合督查": "否"}

DISTRICTS = {
    #         起数 死亡 隐患 整改 损失(万元) 培训 满意度 演练 现场 检查 表彰 创新 通报
    "东川县": (0, 0, 120, 120, "35.5", 9000, "0.9712", 6, "15", 40, 1, 4, 0),
    "西岭县": (2, 1, 97, 90, "80", 7200, "0.925", 5, "12.25", 31, None, 1, 1),
    "南浦区": (1, 3, 210, 180, "412.8", 7200, "0.925", 3, "9", 22, 0, None, 4),
    "北屏区": (0, 0, 0, 0, "71", 0, "0.801", 0, "13.5", 36, 2, 0, 0),
    "高新区": (9, 0, 64, 61, "36", 5100, "0.88", 4, "14", 30, None, None, 2),
}
DISTRICT_FACTS = (
    *("事故起数", "死亡人数", "排查隐患数", "整改隐患数", "直接经济损失", "培训人次", "群众满意度", "应急演练次数"),
    *("现场评分", "检查次数", "省级以上表彰次数", "创新做法项数", "省级通报次数"),
)
DEPARTMENTS = {
    "市应急局": ("完备", 80, 92, "0.93", "3.2", "及时", None),
    "市住建局": ("基本完备", 70, 51, "0.8499", "7.5", "不够及时", "12.5"),
    "市交通局": ("完备", 66, 66, "0.87", "9", "及时", None),
    "市教育局": ("没有", 45, 0, "0.5999", "7.5", "不报送", None),
    "市文旅局": ("完备", 30, 29, "0.6", "4", "及时", None),
}
DEPARTMENT_FACTS = (
    *("责任清单", "计划检查数", "完成检查数", "监管覆盖率", "平均办结天数"),
    *("信息报送情况", "报送自评分"),
)
FIRMS = {
    "云岭矿业": ("1280.5", "一级", 1),
    "东川化工": ("640", "二级", 0),
    "南浦港务": ("77.25", "三级", 12),
    "北屏电力": ("1280.49", "一级", 0),
}
FIRM_FACTS = ("安全投入", "标准化等级", "重大隐患处数")


def answers():
    found = {}
    for table, facts in ((DISTRICTS, DISTRICT_FACTS), (DEPARTMENTS, DEPARTMENT_FACTS), (FIRMS, FIRM_FACTS)):
        for unit, values in table.items():
            found[unit] = dict(zip(facts, values, strict=True)) | SAFE
    found["南浦区"]["发生较大以上生产安全事故"] = "是"
    return found


ANSWERS = answers()


def number(value):
    return Fraction(value or 0)


def district(a, everyone):
    """By hand, out of the scheme's own words."""
    accidents = 0 if a["死亡人数"] >= 3 else max(0, 40 - 5 * a["事故起数"])
    mended = Fraction(30)
    if a["排查隐患数"]:
        rate = 100 * percent(Fraction(a["整改隐患数"], a["排查隐患数"]))
        mended = max(Fraction(0), 30 - 2 * max(Fraction(0), 95 - rate))
    least = min(number(each["直接经济损失"]) for each in everyone)
    trained = 1 + sum(each["培训人次"] > a["培训人次"] for each in everyone)
    liked = 1 + sum(number(each["群众满意度"]) > number(a["群众满意度"]) for each in everyone)
    mean = half_up(Fraction(sum(each["检查次数"] for each in everyone), 5))
    return {
        "1.1.1": accidents,
        "1.1.2": half_up(mended),
        "1.2.1": half_up(30 * least / number(a["直接经济损失"])),
        "2.1.1": half_up(Fraction(25 * (5 - trained + 1), 5)) if a["培训人次"] else 0,
        "2.1.2": 25 if liked <= 2 else 18 if liked <= 4 else 10,
        "2.2.1": max(0, 20 - 4 * max(0, 5 - a["应急演练次数"])),
        "2.2.2": number(a["现场评分"]),
        "2.3.1": max(0, 15 - 3 * ceil(max(0, mean - a["检查次数"]))),
        "3.1.1": 3 if number(a["省级以上表彰次数"]) >= 1 else 0,
        "3.1.2": Fraction(3, 2) * number(a["创新做法项数"]),
        "4.1.1": max(-6, -2 * a["省级通报次数"]),
    }


def department(a, everyone):
    slow = 1 + sum(number(each["平均办结天数"]) > number(a["平均办结天数"]) for each in everyone)
    cover = percent(number(a["监管覆盖率"]))
    return {
        "1.1.1": {"完备": 20, "基本完备": 12, "没有": 0}[a["责任清单"]],
        "1.1.2": half_up(20 * min(Fraction(1), Fraction(a["完成检查数"], a["计划检查数"]))),
        "1.2.1": 20 if cover >= Fraction(9, 10) else Fraction(25, 2) if cover >= Fraction(6, 10) else 5,
        "2.1.1": 8 if slow <= 2 else 20,
        "2.2.1": {"及时": 20, "不够及时": number(a["报送自评分"]), "不报送": 0}[a["信息报送情况"]],
    }


def firm(a, everyone):
    most = max(number(each["安全投入"]) for each in everyone)
    return {
        "1.1.1": half_up(60 * number(a["安全投入"]) / most),
        "1.2.1": max(0, {"一级": 40, "二级": 30, "三级": 20}[a["标准化等级"]] - 2 * a["重大隐患处数"]),
    }


def sections(form, items):
    """Within their bounds, not weighed: so they are shown (K11)."""
    sums = {}
    for code, score in items.items():
        sums[code[0]] = sums.get(code[0], Fraction(0)) + score
    if form == "县区":
        return [sums["1"], sums["2"], min(Fraction(8), sums["3"]), max(Fraction(-6), sums["4"])]
    return [sums["1"], sums["2"]] if form == "部门" else [sums["1"]]


WEIGHTS = {"县区": (40, 60, 100, 100), "部门": (100, 100), "企业": (50,)}


def expected():
    """Items, sections, total by unit, and ranks by unit."""
    found = {}
    places = {}
    for form, score, table in (
        ("县区", district, DISTRICTS),
        ("部门", department, DEPARTMENTS),
        ("企业", firm, FIRMS),
    ):
        everyone = [ANSWERS[unit] for unit in table]
        for unit in table:
            items = score(ANSWERS[unit], everyone)
            parts = sections(form, items)
            total = sum((part * Fraction(weight, 100) for part, weight in zip(parts, WEIGHTS[form], strict=True)))
            total = max(Fraction(0), half_up(total))
            found[unit] = items, parts, min(total, Fraction(105)) if form == "县区" else total
        places |= ranks({unit: found[unit][2] for unit in table})
    return found, places


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The blank forms of every unit and the register, filled in and collected."""
    folder = tmp_path_factory.mktemp("other")
    assert "没有错误：3 张评分表，14 个单位" in run("scheme", "check", PATH)
    run("templates", folder / "templates", "--per-unit", "--scheme", PATH)
    register = openpyxl.load_workbook(folder / "templates" / REGISTER_FILE)
    for unit in SCHEME.units:
        form = SCHEME.form(unit.form)
        book = openpyxl.load_workbook(folder / "templates" / "各单位" / unit_file(unit))
        layout, office = FormLayout.of(form), register[office_sheet(form)]
        columns = {cell.value: cell.column for cell in office[2]}
        line = next(row[0].row for row in office.iter_rows(min_row=3) if row[0].value == unit.name)
        for fact in form.facts:
            value = ANSWERS[unit.name][fact.label]
            typed = float(value) if isinstance(value, str) and value[0].isdigit() else value
            if fact.office:
                office.cell(line, columns[fact.key]).value = typed
            else:
                book[FORM_SHEET][layout.value_cell(fact)].value = typed
        save(book, folder / "in" / unit_file(unit))
    save(register, folder / "in" / REGISTER_FILE)
    said = run("collect", folder / "in", "-o", folder / "out", "--scheme", PATH)
    assert "错误 0 条" in said
    return openpyxl.load_workbook(folder / "out" / "考核结果汇总.xlsx", data_only=True)


def test_every_item_scores_as_by_hand(result):
    scores, _ = expected()
    shown = {(row["考核单位"], row["指标编号"]): row["最终得分"] for row in rows(result, "得分明细")}
    by_hand = {(unit, code): score for unit, (items, _, _) in scores.items() for code, score in items.items()}
    assert shown == {key: pytest.approx(float(score), abs=1e-9) for key, score in by_hand.items()}


@pytest.mark.parametrize("form", SCHEME.forms, ids=lambda form: form.name)
def test_sections_are_weighed_totals_capped_and_units_ranked(form, result):
    scores, places = expected()
    ranking = {row["考核单位"]: row for row in rows(result, f"{form.name}排名")}
    assert set(ranking) == {unit.name for unit in form.units}
    for unit, row in ranking.items():
        _, parts, total = scores[unit]
        shown = [row[title] for title in row if any(str(title).startswith(s.title) for s in form.sections)]
        assert shown == [pytest.approx(float(part), abs=1e-9) for part in parts], unit
        assert row["总分"] == pytest.approx(float(total), abs=1e-9)
        assert row["名次"] == places[unit]


def test_what_the_figures_come_to(result):
    """Some of them once more as plain numbers, so that a slip in the fractions shows too."""
    totals = {row["考核单位"]: row for form in SCHEME.forms for row in rows(result, f"{form.name}排名")}
    assert totals["东川县"]["总分"] == 105  # 40 + 60 + 8, capped
    assert totals["市应急局"]["总分"] == 100
    assert totals["云岭矿业"]["总分"] == 49  # half of 60 + 38
    assert totals["市住建局"]["总分"] == 59.57  # 12 + 20 × 51/70 + 12.5 + 8 + 12.5
    assert totals["南浦区"]["评优资格"] == "取消"
    assert totals["东川县"]["评优名次"] == 1


def test_what_the_office_must_settle_is_listed(result):
    listed = [(row["考核单位"], row["指标编号"]) for row in rows(result, "待核定")]
    assert sorted(listed) == [("市交通局", "1.2.1"), ("市住建局", "2.2.1")]


def test_its_sample_collects_without_a_mistake(tmp_path):
    run("sample", tmp_path / "in", "--scheme", PATH)
    said = run("collect", tmp_path / "in", "-o", tmp_path / "out", "--scheme", PATH)
    assert "错误 0 条" in said
    assert "收到文件 15 个" in said


def test_names_with_the_citys_own_are_known():
    roster = Roster(SCHEME)
    for said in ("云岭市应急局", "云岭市市应急局", "应急局"):
        assert roster.find(said).name == "市应急局", said


def test_nothing_of_another_scheme_is_cited(result):
    """口径 and clauses that this scheme does not have."""
    said = " ".join(str(cell.value) for sheet in result for row in sheet.iter_rows() for cell in row)
    assert not any(words in said for words in ("K15", "K17", "正文五"))


def test_a_forgotten_scheme_is_asked_for(tmp_path):
    run("sample", tmp_path / "in", "--scheme", PATH)
    said = run("collect", tmp_path / "in", "-o", tmp_path / "out")
    assert f"有 14 个文件是考核方案“{SCHEME.name}”的表" in said
    assert "请在命令后面加 --scheme" in said
    book = openpyxl.load_workbook(tmp_path / "out" / "考核结果汇总.xlsx")
    told = [row["问题"] for row in rows(book, "问题清单") if row["文件"] != REGISTER_FILE]
    assert all(f"考核方案“{SCHEME.name}”的评分表" in text for text in told)

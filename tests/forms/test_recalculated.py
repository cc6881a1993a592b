"""What only a spreadsheet program can show: the forms' own formulas, recalculated, and the printed pages."""

from __future__ import annotations

import random
import re
import shutil
import subprocess

import every_kind
import openpyxl
import pytest
from conftest import (
    COUNTY,
    TOWN,
    assert_recalculated_alike,
    blank,
    convert,
    filled_form,
    good_answers,
    random_answers,
    rows,
    run,
    save,
)
from python_calamine import CalamineWorkbook

from assess_xlsx.forms import form as forms
from assess_xlsx.forms.filling import Filling
from assess_xlsx.layout import FORM_SHEET, PROGRESS_ROW, SIGN_SHEET, Col, FormLayout

pytestmark = pytest.mark.office


def values(path, sheet):
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def scores_shown(path, form):
    """记分 by item code, as LibreOffice calculated it."""
    table, layout = values(path, FORM_SHEET), FormLayout.of(form)
    return {item.code: table[layout.item_span(item)[0]][Col.SCORE] for item in form.items}


EDGES = [
    (COUNTY, {"应进驻事项数": whole, "已进驻事项数": part})
    for part, whole in [(0, 1), (1, 1), (18, 20), (67, 200), (1, 3), (1, 24), (5, 24), (999_999_998, 999_999_999)]
]
EDGES += [(COUNTY, {"一窗受理开展情况": "部分开展", "酌情分": score}) for score in (0.01, 0.29, 1.15, 1.99)]
EDGES += [(COUNTY, {"一窗受理开展情况": "未开展", "每窗口派驻两名工作人员": "否", "随意调整人员次数": 3})]
EDGES += [(COUNTY, {"网上可办率": rate}) for rate in (0, 0.69995, 0.699949, 0.7, 0.89995, 0.899949, 0.9, 1)]
EDGES += [(COUNTY, {"承担改革任务数": 1, "任务完成进度": rate}) for rate in (0, 0.201, 0.2009, 0.333, 0.9999, 1)]
EDGES += [(COUNTY, {"承担改革任务数": tasks, "任务完成进度": None if not tasks else 0.5}) for tasks in (0, 5, 6)]
EDGES += [
    (
        COUNTY,
        {
            "有无自建系统": "有",
            "应上行事项数": whole,
            "未上行事项数": part,
            "应下行可办事项数": whole + 1,
            "未下行可办事项数": part,
        },
    )
    for part, whole in [(0, 0), (0, 8), (1, 8), (3, 16), (8, 8), (1, 7)]
]
EDGES += [
    (COUNTY, {"群众投诉次数": count, "查证属实投诉次数": true}) for count, true in [(3, 0), (5, 0), (2, 1), (1, 2)]
]
EDGES += [
    (COUNTY, dict.fromkeys(("环境卫生违规次数", "着装胸牌违规次数", "事项要素有误项数"), n)) for n in (1, 3, 4, 9)
]
EDGES += [(COUNTY, {"市级以上表彰次数": 6, "县级表彰次数": None, "省级媒体报道次数": 1, "县级以上简报刊登次数": 7})]
EDGES += [(COUNTY, dict.fromkeys((f.label for f in COUNTY.facts if f.bonus), None))]
EDGES += [
    (TOWN, {"实体政务大厅面积": area}) for area in (0, 49.99, 50, 99.99, 100, 149.99, 150, 190, 195, 199.99, 200)
]
EDGES += [(TOWN, {"专题研究次数": count, "缺少的服务项数": count}) for count in (0, 1, 3, 4, 5)]
EDGES += [(TOWN, {"明确分管领导": one, "有专职工作人员": two}) for one in "是否" for two in "是否"]
EDGES += [
    (TOWN, {"群众满意度": rate, "被上级通报次数": n}) for rate, n in ((0.59, 0), (0.6, 1), (0.8, 12), (0.9, 20))
]


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """Edge values and random rosters, filled without cached values and recalculated, then collected."""
    folder = tmp_path_factory.mktemp("forms")
    cases = [(form, good_answers(form) | change) for form, change in EDGES]
    chance = random.Random(7)
    cases += [(form, random_answers(form, chance)) for form in (COUNTY, TOWN) for _ in range(12)]
    given = dict.fromkeys((COUNTY.name, TOWN.name), 0)
    paths = []
    for form, answers in cases:
        batch, place = divmod(given[form.name], len(form.units))
        given[form.name] += 1
        unit = form.units[place].name
        save(filled_form(form, unit, answers), folder / f"{batch}-{unit}.xlsx")
        paths.append((form, unit, batch, answers))
    convert("xlsx", folder / "out", *sorted(folder.glob("*.xlsx")))
    return [(form, unit, folder / "out" / f"{batch}-{unit}.xlsx", answers) for form, unit, batch, answers in paths]


def test_every_score_on_the_form_is_what_collect_computes(recalculated, tmp_path):
    """Collected in batches of one form a unit, so that each is adopted."""
    batches = {}
    for form, unit, path, _ in recalculated:
        batches.setdefault(path.name.partition("-")[0], []).append((form, unit, path))
    for batch in batches.values():
        run("collect", *(path for _, _, path in batch), "-o", tmp_path / "out")
        result = openpyxl.load_workbook(tmp_path / "out" / "考核结果汇总.xlsx", data_only=True)
        shown = {unit: (form, scores_shown(path, form)) for form, unit, path in batch}
        details = rows(result, "得分明细")
        assert {row["考核单位"] for row in details} == set(shown)
        for row in details:
            form, scores = shown[row["考核单位"]]
            ranked = row["指标编号"] == "2.3.3" and form is COUNTY
            assert scores[row["指标编号"]] == ("待排名" if ranked else row["最终得分"]), row
        assert not any("记分" in row["问题"] for row in rows(result, "问题清单"))


@pytest.mark.skipif(shutil.which("ssconvert") is None, reason="Gnumeric 没有安装（ssconvert）")
def test_gnumeric_computes_what_libreoffice_does(recalculated, tmp_path):
    """记分, 校验 and what is still to be filled, over all that the validation admits."""
    for form, _, path, _ in recalculated[::3]:
        subprocess.run(["ssconvert", "--recalc", path, tmp_path / "b.xlsx"], check=True, capture_output=True)
        here, there = values(path, FORM_SHEET), values(tmp_path / "b.xlsx", FORM_SHEET)
        layout = FormLayout.of(form)
        places = [(layout.item_span(item)[0], Col.SCORE) for item in form.items] + [(layout.total_row, Col.SCORE)]
        places += [(row, Col.CHECK) for row in layout.rows.values()] + [(PROGRESS_ROW, Col.CODE)]
        for row, column in places:
            expected = here[row][column]
            same = pytest.approx(expected, abs=1e-9) if isinstance(expected, float) else expected
            assert there[row][column] == same, (path.name, row + 1, column)


def test_the_own_total_is_the_sum_with_the_caps(recalculated):
    for form, _, path, _ in recalculated:
        layout = FormLayout.of(form)
        shown = {code: score for code, score in scores_shown(path, form).items() if isinstance(score, float)}
        total = 0.0
        for section in form.sections:
            sum_ = sum(shown.get(item.code, 0) for item in section.items)
            total += min(section.worth.high / 100, max(section.worth.low / 100, sum_))
        assert values(path, FORM_SHEET)[layout.total_row][Col.SCORE] == pytest.approx(max(0, total), abs=1e-9)


def test_the_sign_page_prints_what_was_declared(recalculated):
    """Every fact with its value and unit; a blank says which kind of blank it is."""
    form, _, path, answers = next(case for case in recalculated if case[3].get("市级以上表彰次数", 0) is None)
    signed = {(row[0], row[1]): row[2:4] for row in values(path, SIGN_SHEET)}
    for fact in form.facts:
        expected = answers.get(fact.label)
        if expected is None:
            expected = "无需填写" if fact.only_with else "未填（可不填）"
        assert signed[fact.code, fact.label][0] == expected
    assert signed["1.1.1", "应进驻事项数"][1] == "项"
    assert signed["2.3.3", "年度累计办件量"][1] == "件"


def test_the_sign_page_of_a_blank_form_names_who_signs(tmp_path):
    book = blank(COUNTY)
    row = FormLayout.of(COUNTY).contacts_row + 1
    for offset, said in enumerate(("张三", "0393-1234567", "李某")):
        book[FORM_SHEET].cell(row + offset, Col.VALUE + 1).value = said
    convert("xlsx", tmp_path / "out", save(book, tmp_path / "a.xlsx"))
    table = values(tmp_path / "out" / "a.xlsx", SIGN_SHEET)
    signed = {(row[0], row[1]): row[2] for row in table}
    assert signed["1.1.1", "应进驻事项数"] == signed["1.2.1", "酌情分"] == "未填"
    assert signed["1.4.4", "群众投诉次数"] == "由考核办填报"
    said = [row[0] for row in table[-3:]]
    assert said == ["填报人：张三", "联系电话：0393-1234567", "负责人（签字）：＿＿＿＿（李某）"]


def test_a_blank_form_shows_no_score_and_asks_for_what_must_be_filled(tmp_path):
    for form in (COUNTY, TOWN):
        save(blank(form), tmp_path / f"{form.name}.xlsx")
    convert("xlsx", tmp_path / "out", *tmp_path.glob("*.xlsx"))
    for form in (COUNTY, TOWN):
        path = tmp_path / "out" / f"{form.name}.xlsx"
        shown = scores_shown(path, form)
        for item in form.items:
            only_office = all(fact.office for fact in item.looks_at)
            assert shown[item.code] == ("待核定" if only_office else ""), item.code
        table, layout = values(path, FORM_SHEET), FormLayout.of(form)
        assert table[layout.total_row][Col.SCORE] == ""
        for fact in form.facts:
            check = table[layout.rows[fact.key]][Col.CHECK]
            waits = f"先填“{fact.only_with.fact.label}”" if fact.only_with else None
            assert check == (waits or fact.blank_text)


def test_cached_values_are_honest(tmp_path):
    """Recalculating the sample's forms and the result changes no cell: not a score, not a 校验, not a sum."""
    run("sample", tmp_path / "in", "--faults")
    run("collect", tmp_path / "in", "-o", tmp_path / "out")
    assert_recalculated_alike(sorted(tmp_path.glob("*/*.xlsx")), tmp_path)


HANGING = every_kind.only_item(
    {"points": 3},
    [
        every_kind.fact("总数", every_kind.COUNT, by="office"),
        every_kind.fact("其中", every_kind.COUNT, only_with={"fact": "总数", "above": 0}),
    ],
    {"kind": "ratio", "fact": "其中", "whole": "总数", "otherwise": 3, "cap": 3},
)
"""A form with a fact that hangs on one of the office's."""


def test_what_hangs_on_the_office_waits_for_it(tmp_path):
    """校验 says for whom, 签章页 too; neither missing nor wrong."""
    whole, part, *_ = HANGING.facts
    paths = []
    for number, said in enumerate(((), (3,), (0,), (2.5,), (3, 1))):
        entries = dict(zip((whole.key, part.key), said, strict=False))
        paths.append(tmp_path / f"{number}.xlsx")
        forms.write(
            paths[-1], every_kind.SCHEME, HANGING, Filling(unit="单位0", entries=entries, scores={part.code: 300})
        )
    places = FormLayout.of(HANGING)
    checks = [values(path, FORM_SHEET)[places.rows[part.key]][Col.CHECK] for path in paths]
    assert checks == ["先由考核办填“总数”", "未填写", "无需填写", "先改正“总数”", "√"]
    signed = [next(row[2] for row in values(path, SIGN_SHEET) if row[1] == "其中") for path in paths]
    assert signed == ["由考核办填报", "未填", "无需填写", "未填", 1]
    assert_recalculated_alike(paths[:-1], tmp_path)


@pytest.mark.parametrize("text", ["#3", "　", "\t", "\u00a0"])
def test_a_text_is_told_as_the_sheet_itself_tells_it(tmp_path, text):
    whole, *_ = HANGING.facts
    forms.write(tmp_path / "a.xlsx", every_kind.SCHEME, HANGING, Filling(unit="单位0", entries={whole.key: text}))
    assert_recalculated_alike([tmp_path / "a.xlsx"], tmp_path)


def test_check_column_follows_the_entries(tmp_path):
    """校验 says what is wrong with a pasted entry, and the item then shows nothing."""
    changes = {
        "应进驻事项数": "3项",
        "一窗受理开展情况": "差不多",
        "网上可办率": 95,
        "任务完成进度": None,
        "能够在线申报": None,
        "有无自建系统": None,
    }
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY) | changes), tmp_path / "a.xlsx")
    convert("xlsx", tmp_path / "out", tmp_path / "a.xlsx")
    table, layout = values(tmp_path / "out" / "a.xlsx", FORM_SHEET), FormLayout.of(COUNTY)
    checks = {fact.label: table[layout.rows[fact.key]][Col.CHECK] for fact in COUNTY.facts}
    assert checks["应进驻事项数"] == "这是文本，请删除后重新输入数字（单位：项）"
    assert checks["已进驻事项数"] == "先改正“应进驻事项数”"
    assert checks["酌情分"] == "先改正“一窗受理开展情况”"
    assert checks["网上可办率"] == "应为0%到100%的百分比，如 95%"
    assert checks["任务完成进度"] == checks["能够在线申报"] == "未填写"
    assert checks["应上行事项数"] == "先填“有无自建系统”"
    assert checks["被新闻媒体曝光批评"] == "√"
    shown = scores_shown(tmp_path / "out" / "a.xlsx", COUNTY)
    blank_items = {"1.1.1", "1.2.1", "2.2.2", "2.3.2", "4.1.2", "6.1.1", "6.1.2"}
    assert {code for code, score in shown.items() if score == ""} == blank_items


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "已填完整，可以打印签章页"),
        ({"应进驻事项数": 2.5, "网上可办率": "95", "能够在线申报": None}, "还有 1 项未填、2 项有误"),
        ({"已进驻事项数": 9}, "还有 0 项未填、1 项有误"),
        ({"有无自建系统": None, "应上行事项数": 3}, "还有 1 项未填、0 项有误"),
    ],
    ids=["full", "wrong", "contradicting", "waiting"],
)
def test_the_frozen_rows_count_what_is_missing_and_wrong(tmp_path, changes, told):
    answers = good_answers(COUNTY) | {"应进驻事项数": 8, "已进驻事项数": 8} | changes
    save(filled_form(COUNTY, "县残联", answers), tmp_path / "a.xlsx")
    convert("xlsx", tmp_path / "out", tmp_path / "a.xlsx")
    assert values(tmp_path / "out" / "a.xlsx", FORM_SHEET)[PROGRESS_ROW][Col.CODE] == told
    assert told in values(tmp_path / "out" / "a.xlsx", SIGN_SHEET)[len(COUNTY.title) + 2][0]


@pytest.fixture(scope="module")
def printed_forms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("printed")
    convert("pdf", folder, *(save(blank(form), folder / f"{form.name}.xlsx") for form in (COUNTY, TOWN)))
    return folder


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils 没有安装")
@pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)
def test_the_printed_form_holds_every_official_text_whole(printed_forms, form):
    command = ["pdftotext", "-raw", printed_forms / f"{form.name}.pdf", "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pages = printed.split("\f")
    annex = [page for page in pages if "自评记分，以核定为准" in page]
    assert annex == pages[: len(annex)]
    assert len(annex) == (3 if form is COUNTY else 2)
    assert not any("填报值" in page for page in annex)
    whole = re.sub(r"\s", "", "".join(annex))
    assert [item.code for item in form.items if re.sub(r"\s", "", item.text) not in whole] == []

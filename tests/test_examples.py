"""The schemes in ``examples``, of five fields: from their check to a result that agrees with one made by hand."""

from __future__ import annotations

import functools
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from conftest import assert_recalculated_alike, rows, run
from examples_by_hand import FORMS, score

from assess_xlsx.layout import RESULT_FILE

FOLDER = Path(__file__).parents[1] / "examples"
NAMES = sorted({name for name, _ in FORMS})


def read(path):
    """A filled form's unit and its answers by 填报项, found by its labels alone."""
    table = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["评分表"]]
    head = next(row for row in table if "指标编号" in row)
    code, label, value = (head.index(each) for each in ("指标编号", "填报项", "填报值"))
    unit = table[table.index(head) - 1][1]
    answers = {}
    for row in table[table.index(head) + 1 :]:
        if row[code] and row[label] and not row[label].startswith("取自"):
            given = row[value]
            assert row[label] not in answers
            answers[row[label]] = Fraction(str(given)) if isinstance(given, int | float) else given
    return unit, answers


def cents(value):
    return Fraction(round(value * 100), 100)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Makes a scheme's round once: its sample's answers by unit, who is recorded on 一票否决, and the folder."""

    @functools.cache
    def make(name):
        scheme, folder = FOLDER / f"{name}.xlsx", tmp_path_factory.mktemp("example")
        assert "没有错误" in run("scheme", "check", scheme)
        run("templates", folder / "templates", "--scheme", scheme)
        run("sample", folder / "in", "--faults", "--scheme", scheme)
        assert "错误 0 条" in run("collect", folder / "in", "-o", folder / "out", "--scheme", scheme)
        register = openpyxl.load_workbook(folder / "in" / "考核办登记表.xlsx")["一票否决"]
        vetoed = {row[0].value for row in register.iter_rows(min_row=3) if row[0].value}
        return dict(read(path) for path in forms(folder)), vetoed, folder

    return make


def forms(folder):
    return sorted((folder / "in").glob("[0-9]*.xlsx"))


@pytest.mark.parametrize("name", NAMES)
def test_every_score_section_total_rank_and_grade_is_as_by_hand(name, made):
    answers, vetoed, folder = made(name)
    result = openpyxl.load_workbook(folder / "out" / RESULT_FILE, data_only=True)
    shown = {(row["考核单位"], row["指标编号"]): cents(row["最终得分"]) for row in rows(result, "得分明细")}
    compared = 0
    for form in (form for scheme, form in FORMS if scheme == name):
        ranking = rows(result, f"{form}排名")
        own = {row["考核单位"]: answers[row["考核单位"]] for row in ranking}
        by_hand = score(FORMS[name, form], own, vetoed & set(own))
        for row in ranking:
            unit = by_hand[row["考核单位"]]
            titles = [title for title in row if title and title[1:2] == "、"]
            assert {code: shown[row["考核单位"], code] for code in unit.items} == unit.items
            assert [cents(row[title]) for title in titles] == unit.sections
            assert (cents(row["总分"]), row["名次"], row["等次"]) == (unit.total, unit.rank, unit.grade)
            compared += len(unit.items)
    assert compared == len(shown)


@pytest.mark.parametrize("name", NAMES)
def test_the_result_is_verified(name, made):
    _, _, folder = made(name)
    said = run("verify", folder / "out" / RESULT_FILE, folder / "in", "--scheme", FOLDER / f"{name}.xlsx")
    assert "一致" in said


@pytest.mark.office
def test_forms_and_results_recalculate_alike(made, tmp_path):
    folders = [made(name)[-1] for name in NAMES]
    assert_recalculated_alike(
        [path for folder in folders for path in (forms(folder)[0], folder / "out" / RESULT_FILE)], tmp_path
    )

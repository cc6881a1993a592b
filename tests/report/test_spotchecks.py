"""抽查建议: what deserves a look, and nothing else."""

from __future__ import annotations

import pytest
from conftest import COUNTY, TOWN, append, cell_of, collect, filled_form, good_answers, register_book, rows, save

from assess_xlsx.layout import FORM_SHEET


def suggested(folder):
    book = collect(folder)
    if "抽查建议" not in book.sheetnames:
        return []
    return [(row["考核单位"], row["指标编号"], row["缘由"], row["对照"]) for row in rows(book, "抽查建议")]


def send(folder, unit, form=COUNTY, evidence="", **answers):
    book = filled_form(form, unit, good_answers(form) | answers)
    book[FORM_SHEET][cell_of(form, form.facts[0].label)].offset(0, 3).value = evidence
    save(book, folder / f"{unit}.xlsx")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("已全部进驻，见台帐第3页", "已全部进驻，见台帐第3页", True),
        ("已全部进驻，见台帐第3页", "已全部进驻， 见台帐第3页", True),  # white space makes no difference
        ("已全部进驻，见台帐第3页", "已全部进驻，见台帐第4页", False),
        ("见附件", "见附件", False),  # too short to mean anything
    ],
)
def test_the_same_evidence_in_two_units(tmp_path, one, other, told):
    send(tmp_path / "in", "县残联", evidence=one, 缺少的制度项数=1)
    send(tmp_path / "in", "县司法局", evidence=other)
    found = [(unit, code, against) for unit, code, why, against in suggested(tmp_path / "in") if "佐证说明" in why]
    assert found == ([("县残联", "1.1.1", "县司法局"), ("县司法局", "1.1.1", "县残联")] if told else [])


def test_forms_equal_in_every_answer(tmp_path):
    for unit, lacking in (("县残联", 1), ("县司法局", 1), ("县公安局", 2)):
        send(tmp_path / "in", unit, 缺少的制度项数=lacking)
    found = {(unit, against) for unit, _, why, against in suggested(tmp_path / "in") if "每一项都" in why}
    assert found == {("县残联", "县司法局"), ("县司法局", "县残联")}


def test_all_full_marks_and_items_that_tell_nobody_apart(tmp_path):
    send(tmp_path / "in", "城关镇", TOWN, 专题研究次数=4)
    send(tmp_path / "in", "侯庙镇", TOWN, 专题研究次数=2)
    found = suggested(tmp_path / "in")
    whole = {unit for unit, _, why, _ in found if why == "所有指标都是满分"}
    assert whole == {"城关镇"}
    alike = {code for unit, code, why, _ in found if why == "乡镇各单位得分都相同"}
    assert "1.1.1" in alike
    assert "1.4.1" not in alike


def test_an_own_count_below_the_offices(tmp_path):
    send(tmp_path / "in", "县残联", 群众投诉次数=1)
    send(tmp_path / "in", "县司法局", 群众投诉次数=3)
    book = register_book(tmp_path)
    for unit in ("县残联", "县司法局"):
        append(book, "平时考核", unit, "1.4.4", "群众投诉次数", 2, "2018-05-02", "投诉", "甲")
    save(book, tmp_path / "in" / "登记.xlsx")
    found = [each for each in suggested(tmp_path / "in") if "少于" in each[2]]
    assert found == [("县残联", "1.4.4", "自查数少于考核办登记", "考核办登记 2次")]

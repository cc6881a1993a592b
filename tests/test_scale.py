"""However many processes read, in whatever order files come, the result is one and the same."""

from __future__ import annotations

import random

import pytest
from conftest import SCHEME, rows, run
from openpyxl import load_workbook

from assess_xlsx import workers
from assess_xlsx.report import places

SHEETS = ["县直排名", "乡镇排名", "得分明细", "一票否决", "问题清单", "报送情况", "文件清单", "待核定", "催报"]


def everything(book):
    return {name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in SHEETS}


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale") / "in"
    run("sample", folder, "--faults")
    return folder


def collected(folder, out):
    run("collect", folder, "-o", out)
    return everything(load_workbook(out / "考核结果汇总.xlsx", data_only=True))


def test_one_process_and_several_find_the_same(forms, tmp_path, monkeypatch):
    one = collected(forms, tmp_path / "one")
    monkeypatch.setattr(workers, "FEW", 1)
    monkeypatch.setattr(workers, "BATCH", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert collected(forms, tmp_path / "three") == one


def test_the_order_of_the_files_changes_nothing_but_their_names(forms, tmp_path):
    names = sorted(path.name for path in forms.iterdir())
    random.Random(1).shuffle(names)
    for number, name in enumerate(names):
        target = tmp_path / "in" / f"{number:03d}" / name
        target.parent.mkdir(parents=True)
        target.write_bytes((forms / name).read_bytes())
    straight, shuffled = collected(forms, tmp_path / "a"), collected(tmp_path / "in", tmp_path / "b")
    for found in (straight, shuffled):  # 来源 names the files
        labels = found["得分明细"][1]
        found["得分明细"] = [
            [cell for cell, label in zip(row, labels, strict=True) if label != "来源"] for row in found["得分明细"]
        ]
    for sheet in ("县直排名", "乡镇排名", "得分明细", "一票否决", "待核定", "催报"):
        assert shuffled[sheet] == straight[sheet]


def test_beyond_some_units_the_ranking_holds_plain_values(forms, tmp_path, monkeypatch):
    run("collect", forms, "-o", tmp_path / "live")
    monkeypatch.setattr(places, "MOST_LIVE", 10)
    run("collect", forms, "-o", tmp_path / "plain")
    live, plain = (load_workbook(tmp_path / name / "考核结果汇总.xlsx") for name in ("live", "plain"))
    assert any(str(cell.value).startswith("=") for row in live["县直排名"].iter_rows() for cell in row)
    assert not any(str(cell.value).startswith("=") for row in plain["县直排名"].iter_rows() for cell in row)
    values = load_workbook(tmp_path / "live" / "考核结果汇总.xlsx", data_only=True)
    assert rows(values, "县直排名") == rows(plain, "县直排名")


def test_a_form_for_very_many_units_carries_no_list_of_them(tmp_path, monkeypatch):
    monkeypatch.setattr("assess_xlsx.layout.MOST_LISTED", 5)
    run("templates", tmp_path)
    book = load_workbook(tmp_path / "附件2_县直评分表.xlsx")
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not texts & {unit.name for unit in SCHEME.units}
    assert not any("填报说明" in str(rule.formula1) for rule in book["评分表"].data_validations.dataValidation)

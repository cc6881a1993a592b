"""复核 (K26): every kind of change to INPUT or to the result is found and named, and nothing else is."""

from __future__ import annotations

import os
import shutil
import zipfile

import openpyxl
import pytest
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    append,
    filled_form,
    form_data,
    good_answers,
    package,
    register_book,
    run,
    save,
    workbook,
)

from assess_xlsx.rounds.result import read

RESULT = "考核结果汇总.xlsx"
ONE, OTHER, VETOED, ARCHIVED = "县安监局", "县残联", "城关镇", "侯庙镇"


@pytest.fixture(scope="module")
def round_(tmp_path_factory):
    """Four units, one of them in an archive, a register with a veto, and the result."""
    folder = tmp_path_factory.mktemp("round")
    answers = good_answers(COUNTY)
    save(filled_form(COUNTY, ONE, answers | {"年度累计办件量": 20}), folder / "in" / "甲.xlsx")
    save(filled_form(COUNTY, OTHER, answers | {"缺少的制度项数": 1}), folder / "in" / "乙.xlsx")
    save(filled_form(TOWN, VETOED, good_answers(TOWN)), folder / "in" / "乡镇" / "丙.xlsx")
    (folder / "in" / "包.zip").write_bytes(package({"丁.xlsx": form_data(ARCHIVED), "说明.txt": "附上"}))
    register = register_book(folder)
    append(register, "一票否决", VETOED, SCHEME.vetoes[0].title, "2018-05-01", "查实", "通报")
    append(register, "核定", OTHER, "1.4.1", None, 1.5, "复核台帐")
    save(register, folder / "in" / "登记.xlsx")
    run("collect", folder / "in", "-o", folder / "out")
    return folder


@pytest.fixture
def copied(round_, tmp_path):
    """The same on another day, in another folder, with other file times."""
    shutil.copytree(round_ / "in", tmp_path / "别处" / "收回", copy_function=shutil.copyfile)
    for number, path in enumerate(sorted((tmp_path / "别处" / "收回").rglob("*"))):
        os.utime(path, (10**9 - number, 10**9 - number))
    shutil.copy(round_ / "out" / RESULT, tmp_path / RESULT)
    return tmp_path


def verified(folder, code=1):
    """The sentences of a verification, without the count at their end."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    said = run("verify", folder / RESULT, folder / "别处" / "收回", code=code).splitlines()
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return said[:-1] if code else said


def test_nothing_is_found_where_nothing_changed(copied):
    [said] = verified(copied, code=0)
    assert said.startswith("全部一致：7 个文件，40 个单位的排名")


def test_the_result_itself_and_what_systems_leave_are_no_files_of_input(copied):
    place = copied / "别处" / "收回"
    (place / ".DS_Store").write_bytes(b"x")
    shutil.move(copied / RESULT, place / RESULT)
    assert "全部一致" in run("verify", place / RESULT, place)


def test_forms_chosen_by_the_time_of_a_file_are_chosen_as_they_were(copied):
    """K19: what no copy of INPUT can tell, the result itself does."""
    place = copied / "别处" / "收回"
    for lost, name in enumerate(("一.xlsx", "二.xlsx")):
        save(filled_form(COUNTY, "县城管局", good_answers(COUNTY) | {"缺少的制度项数": lost}), place / name)
        with zipfile.ZipFile(place / name) as archive:  # a workbook that has no time of its own
            parts = {part: archive.read(part) for part in archive.namelist() if part != "docProps/core.xml"}
        (place / name).write_bytes(package(parts))
        os.utime(place / name, (10**9 + lost, 10**9 + lost))
    run("collect", place, "-o", copied / "out")
    assert "只凭文件的保存时间" in run("collect", place, "-o", copied / "out", "--final", code=1)
    shutil.copy(copied / "out" / RESULT, copied / RESULT)
    os.utime(place / "一.xlsx")
    assert "全部一致" in verified(copied, code=0)[0]


# ── files ──


def test_one_byte_of_a_form(copied):
    path = copied / "别处" / "收回" / "甲.xlsx"
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:  # in the name of its first part, which no sheet shows
        data[archive.infolist()[0].header_offset + 10] ^= 1
    path.write_bytes(data)
    [said] = verified(copied)
    assert said.startswith(f"文件“甲.xlsx”（{ONE}）的内容变了：现在的 SHA-256 是 ")
    assert "“文件清单”单元格 F" in said


def test_a_file_removed(copied):
    (copied / "别处" / "收回" / "乡镇" / "丙.xlsx").unlink()
    first, *others = verified(copied)
    assert first.startswith(f"缺少文件“乡镇/丙.xlsx”（{VETOED}）")
    assert f"“得分明细”多出{VETOED}的全部 {len(TOWN.items)} 行。" in others
    assert all(VETOED in said for said in others)


def test_a_file_added(copied):
    (copied / "别处" / "收回" / "新.txt").write_bytes("附上".encode())
    assert verified(copied) == ["多出文件“新.txt”。"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("甲.xlsx", "改.xlsx", "文件“甲.xlsx”改名为“改.xlsx”，内容没有变。"),
        ("乡镇/丙.xlsx", "丙.xlsx", "文件“乡镇/丙.xlsx”改名为“丙.xlsx”，内容没有变。"),
        ("包.zip", "改.zip", "“包.zip”改名为“改.zip”（其中 3 个文件），内容没有变。"),
    ],
)
def test_a_rename_is_one_sentence(copied, old, new, said):
    place = copied / "别处" / "收回"
    (place / old).rename(place / new)
    assert verified(copied) == [said]


def test_two_files_swapped(copied):
    place = copied / "别处" / "收回"
    one, other = place / "甲.xlsx", place / "乙.xlsx"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    found = [said for said in verified(copied) if said.startswith("文件")]
    assert [said.partition("的内容")[0] for said in found] == [f"文件“乙.xlsx”（{OTHER}）", f"文件“甲.xlsx”（{ONE}）"]


def test_a_member_of_an_archive_changed(copied):
    (copied / "别处" / "收回" / "包.zip").write_bytes(package({"丁.xlsx": form_data(ARCHIVED), "说明.txt": "附下"}))
    assert [said.partition("的内容")[0] for said in verified(copied)] == [
        f"文件“包.zip/说明.txt”（{ARCHIVED}）",
        "文件“包.zip”",
    ]


# ── values ──


def spoilt(folder, sheet, label, value, *about):
    """Changes a cell of the result and nothing else in it; the values of formulas stay."""
    found = read(folder / RESULT)
    table = found.details if sheet == "得分明细" else found.rankings[sheet.removesuffix("排名")]
    cell = table.first(*about).cell(label)
    book = openpyxl.load_workbook(folder / RESULT, data_only=True)
    book[sheet][cell].value = value
    book.save(folder / RESULT)
    return cell


@pytest.mark.parametrize(
    ("sheet", "label", "value", "about", "said"),
    [
        ("得分明细", "最终得分", 2.01, (ONE, "1.2.1"), f"{ONE}，指标 1.2.1，“最终得分”是 2.01，应为 2。"),
        ("得分明细", "核算分", 1.999999, (OTHER, "1.2.1"), f"{OTHER}，指标 1.2.1，“核算分”是 1.999999，应为 2。"),
        ("得分明细", "核定分", None, (OTHER, "1.4.1"), f"{OTHER}，指标 1.4.1，“核定分”是 空，应为 1.5。"),
        ("县直排名", "总分", 99.99, (ONE,), f"{ONE}，“总分”是 99.99，应为 "),
        ("县直排名", "名次", 2, (ONE,), f"{ONE}，“名次”是 2，应为 1。"),
        (
            "乡镇排名",
            "一票否决",
            None,
            (VETOED,),
            f"{VETOED}，“一票否决”是 空，应为 是（{SCHEME.vetoes[0].title}）。",
        ),
        ("乡镇排名", "评优资格", "有", (VETOED,), f"{VETOED}，“评优资格”是 有，应为 取消。"),
    ],
)
def test_a_value_of_the_result(copied, sheet, label, value, about, said):
    cell = spoilt(copied, sheet, label, value, *about)
    [found] = verified(copied)
    assert found.startswith(f"“{sheet}”单元格 {cell}，{said}")


def test_rows_are_found_wherever_they_stand(copied):
    book = openpyxl.load_workbook(copied / RESULT, data_only=True)
    sheet = book["得分明细"]
    header = next(row for row in range(1, 9) if sheet.cell(row, 1).value == "考核单位")
    below = [[cell.value for cell in row] for row in sheet.iter_rows(header + 1)]
    for number, cells in enumerate(sorted(below, key=lambda cells: str(cells[1])), header + 1):
        for column, value in enumerate([cells[1], *cells[:1], *cells[2:]], 1):
            sheet.cell(number, column).value = value
    sheet.cell(header, 1).value, sheet.cell(header, 2).value = "指标编号", "考核单位"
    book.save(copied / RESULT)
    assert "全部一致" in verified(copied, code=0)[0]


def test_a_row_taken_away_and_a_row_doubled(copied):
    book = openpyxl.load_workbook(copied / RESULT, data_only=True)
    found = read(copied / RESULT).details
    sheet, gone, twice = book["得分明细"], found.first(ONE, "1.1.1").row + 1, found.first(OTHER, "1.2.1").row + 1
    for column in range(1, sheet.max_column + 1):
        sheet.cell(gone, column).value = sheet.cell(twice, column).value
    book.save(copied / RESULT)
    assert verified(copied) == [
        f"“得分明细”缺少一行：{ONE}，指标 1.1.1。",
        f"“得分明细”{OTHER}，指标 1.2.1有 2 行（A{gone}、A{twice}），应为 1 行。",
    ]


def test_sentences_of_another_program_are_not_compared(copied):
    book = openpyxl.load_workbook(copied / RESULT, data_only=True)
    cell = next(cell for row in book["计分口径"].iter_rows() for cell in row if "程序版本" in str(cell.value))
    cell.value = cell.value.partition("程序版本：")[0] + "程序版本：0.0.9"
    place = read(copied / RESULT).details.first(ONE, "1.2.1")
    book["得分明细"][place.cell("计分依据")].value = "换一种说法"
    book.save(copied / RESULT)
    note, said = verified(copied, code=0)
    assert "结果是程序 0.0.9 写的" in note
    assert "全部一致" in said
    book["得分明细"][place.cell("最终得分")].value = 0
    book.save(copied / RESULT)
    _, said = verified(copied)
    assert "“最终得分”是 0，应为 2。" in said


# ── refusals ──


def test_what_is_no_result_is_refused(copied):
    (copied / RESULT).write_bytes(workbook({"总览": [["x"]]}))
    assert "不是本程序的考核结果汇总：没有“得分明细”" in run("verify", copied / RESULT, copied / "别处", code=1)
    (copied / RESULT).write_bytes(b"x")
    assert "不是本程序的考核结果汇总" in run("verify", copied / RESULT, copied / "别处", code=1)
    assert "找不到“没有.xlsx”" in run("verify", "没有.xlsx", copied / "别处", code=2)


def test_a_result_without_values_is_refused(copied):
    openpyxl.load_workbook(copied / RESULT).save(copied / RESULT)
    said = run("verify", copied / RESULT, copied / "别处", code=1)
    assert "没有算好的值，请用 Excel 或 WPS 打开后保存一次" in said


def test_another_scheme_asks_for_it(copied):
    run("scheme", "export", copied / "方案.xlsx")
    book = openpyxl.load_workbook(copied / "方案.xlsx")
    cell = next(cell for row in book.worksheets[1].iter_rows() for cell in row if cell.value == SCHEME.name)
    cell.value = "2019年度"
    book.save(copied / "方案.xlsx")
    said = run("verify", copied / RESULT, copied / "别处", "--scheme", copied / "方案.xlsx", code=1)
    assert f"考核方案“{SCHEME.name}”" in said
    assert "请在命令后面加 --scheme" in said

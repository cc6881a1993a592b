"""定稿 (K25): what keeps a round open is named; a closed result bears its 校验码 and is never replaced."""

from __future__ import annotations

import os
import shutil

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
    received,
    register_book,
    rows,
    run,
    save,
)
from msgspec.structs import replace

from assess_xlsx.assessment import assess
from assess_xlsx.intake import reading
from assess_xlsx.intake.files import find
from assess_xlsx.intake.units import Roster
from assess_xlsx.rounds.check_code import check_code
from assess_xlsx.rounds.closing import closed_results
from assess_xlsx.workers import FEW, Workers

RESULT, TRIAL, CORRECTED = "考核结果汇总.xlsx", "考核结果汇总（试算）.xlsx", "考核结果汇总（更正1）.xlsx"
ONE, OTHER, ZEROED = "县安监局", "县残联", "城关镇"
REGISTER = "登记.xlsx"


def settled(folder):
    """A round in which two units reported and the office decided about all the others."""
    answers = good_answers(COUNTY)
    save(filled_form(COUNTY, ONE, answers), folder / "甲.xlsx")
    save(filled_form(COUNTY, OTHER, answers | {"缺少的制度项数": 1}), folder / "乙.xlsx")
    register = register_book(folder.parent)
    for unit in SCHEME.units:
        if unit.name not in (ONE, OTHER):
            verdict = "按零分" if unit.name == ZEROED else "不参评"
            append(register, "未报送处理", unit.name, verdict, "多次催报仍未报送")
    save(register, folder / REGISTER)
    return register


@pytest.fixture(scope="module")
def round_(tmp_path_factory):
    """INPUT, and OUTPUT with the closed result."""
    folder = tmp_path_factory.mktemp("round")
    register = settled(folder / "in")
    run("collect", folder / "in", "-o", folder / "out", "--final")
    return folder, register


@pytest.fixture
def closed(round_, tmp_path):
    """A copy of it."""
    shutil.copytree(round_[0], tmp_path / "年")
    return tmp_path / "年"


def collect(folder, *options, code=0):
    return run("collect", folder / "in", "-o", folder / "out", *options, code=code)


def correct(folder):
    """The office rules on something after the round was closed."""
    book = openpyxl.load_workbook(folder / "in" / REGISTER)
    append(book, "核定", OTHER, "1.2.1", None, 1, "没有盖章")
    save(book, folder / "in" / REGISTER)


def load(folder, name=RESULT):
    return openpyxl.load_workbook(folder / "out" / name, data_only=True)


def names(folder):
    return {path.name for path in (folder / "out").iterdir()}


# ── what a closed result says ──


def test_a_closed_result_says_so_everywhere(round_):
    book = load(round_[0])
    [found] = closed_results(round_[0] / "out")
    said = f"定稿　校验码 {found.closing.code}"
    assert all(book[f"{form.name}排名"]["A2"].value == said for form in SCHEME.forms)
    assert said in {cell.value for row in book["总览"].iter_rows() for cell in row}
    feet = [sheet.oddFooter.right.text for sheet in book.worksheets]
    assert all(said in foot for foot in feet)
    assert "抽查建议" not in book.sheetnames


def test_the_closed_list_names_every_file_scheme_and_program(round_):
    book = load(round_[0])
    listed = rows(book, "定稿清单")
    assert {row["文件"] for row in listed} == {path.name for path in (round_[0] / "in").iterdir()}
    files = {row["文件"]: row for row in rows(book, "文件清单")}
    assert all(files[row["文件"]]["SHA-256"] == row["SHA-256"] for row in listed)
    notes = "".join(str(book["定稿清单"].cell(row, 1).value) for row in (2, 3, 4))
    assert all(word in notes for word in (SCHEME.name, COUNTY.version, "程序版本", "校验码", "不能防止伪造"))


def test_its_figures_are_those_of_a_plain_run(closed):
    run("collect", closed / "in", "-o", closed / "plain")
    plain = openpyxl.load_workbook(closed / "plain" / RESULT, data_only=True)
    for sheet in ("县直排名", "乡镇排名", "得分明细"):
        assert rows(plain, sheet) == rows(load(closed), sheet)
    assert "全部一致" in run("verify", closed / "out" / RESULT, closed / "in")


# ── what keeps it open ──


def test_all_that_is_open_is_named_and_nothing_is_written(tmp_path):
    folder = tmp_path / "in"
    save(filled_form(COUNTY, ONE, good_answers(COUNTY) | {"能够在线申报": None}), folder / "甲.xlsx")
    save(filled_form(TOWN, ZEROED, good_answers(TOWN) | {"实体政务大厅面积": 195}), folder / "乙.xlsx")
    register = register_book(tmp_path)
    append(register, "异议", ONE, "1.1.1", "有误", "2019-01-20", "受理")
    save(register, folder / REGISTER)
    said = run("collect", folder, "-o", tmp_path / "out", "--final", code=1)
    assert said.count("未报送") >= len(SCHEME.units) - 2
    assert f"{ONE}待补正" in said
    assert f"{ZEROED}指标 3.1.1 待核定" in said
    assert "【错误】文件“甲.xlsx”" in said
    assert f"{ONE}对指标 1.1.1的异议还没有办结" in said
    assert "不能定稿，没有写任何文件" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("differs", [True, False])
def test_a_choice_by_the_time_of_a_file_is_known(tmp_path, differs, monkeypatch):
    """K19: both giving the same facts is no choice."""
    monkeypatch.setattr("assess_xlsx.excel.ooxml.Package.saved", lambda _: None)
    forms = {"旧.xlsx": form_data(ONE), "新.xlsx": form_data(ONE)}
    if differs:
        changed = save(filled_form(COUNTY, ONE, good_answers(COUNTY) | {"缺少的制度项数": 1}), tmp_path / "x.xlsx")
        forms["新.xlsx"] = changed.read_bytes()
    assert bool(received(tmp_path / "in", forms).by_file_time) == differs


# ── never replaced ──


def test_closing_again_without_changes_writes_nothing(closed):
    before = {path: path.stat().st_mtime_ns for path in (closed / "out").rglob("*")}
    assert "已定稿，没有变化" in collect(closed, "--final")
    assert "已定稿，没有变化" in run(
        "collect", closed / "in", "-o", closed / "别处", "--final", "--since", closed / "out" / RESULT
    )
    assert before == {path: path.stat().st_mtime_ns for path in (closed / "out").rglob("*")}
    assert not (closed / "别处").exists()


def test_a_plain_run_beside_it_is_a_trial(closed):
    before = (closed / "out" / RESULT).read_bytes()
    for _ in range(2):
        said = collect(closed, "--feedback")
        assert "试算" in said
        assert names(closed) == {RESULT, TRIAL, "反馈（试算）"}
    assert (closed / "out" / RESULT).read_bytes() == before
    assert "定稿清单" not in load(closed, TRIAL).sheetnames
    trial = load(closed, TRIAL)
    trial["总览"]["A40"] = "批注"
    trial.save(closed / "out" / TRIAL)
    collect(closed)
    assert names(closed) == {RESULT, TRIAL, "考核结果汇总（试算）（2）.xlsx", "反馈（试算）"}


@pytest.mark.parametrize("options", [(), ("--final",)])
def test_it_is_known_by_what_it_says_whatever_it_is_called_and_whoever_saved_it(closed, options):
    book = load(closed)
    (closed / "out" / RESULT).unlink()
    book.save(closed / "out" / "最后.xlsx")
    before = (closed / "out" / "最后.xlsx").read_bytes()
    said = collect(closed, *options)
    assert ("已定稿，没有变化" if options else "已经定稿，没有动") in said
    assert names(closed) == {"最后.xlsx"} | (set() if options else {TRIAL})
    assert (closed / "out" / "最后.xlsx").read_bytes() == before


def test_one_that_lost_its_values_is_kept_too(closed):
    openpyxl.load_workbook(closed / "out" / RESULT).save(closed / "out" / RESULT)
    before = (closed / "out" / RESULT).read_bytes()
    collect(closed)
    correct(closed)
    assert "没有算好的值" in collect(closed, "--final", code=1)
    assert names(closed) == {RESULT, TRIAL}
    assert (closed / "out" / RESULT).read_bytes() == before


def test_a_closed_result_of_another_scheme_stays_as_well(closed):
    run("scheme", "export", closed / "方案.xlsx")
    book = openpyxl.load_workbook(closed / "方案.xlsx")
    cell = next(cell for row in book.worksheets[1].iter_rows() for cell in row if cell.value == SCHEME.name)
    cell.value = "2019年度"
    book.save(closed / "方案.xlsx")
    before = (closed / "out" / RESULT).read_bytes()
    assert "是已经定稿的结果，没有动" in collect(closed, "--scheme", closed / "方案.xlsx")
    assert (closed / "out" / RESULT).read_bytes() == before
    assert names(closed) == {RESULT, "考核结果汇总（2）.xlsx"}


# ── corrections ──


def test_a_correction_names_what_it_corrects(closed):
    before = (closed / "out" / RESULT).read_bytes()
    correct(closed)
    [first] = closed_results(closed / "out")
    assert f"更正“{RESULT}”" in collect(closed, "--final", "--feedback")
    assert names(closed) == {RESULT, CORRECTED, "反馈（更正1）"}
    assert (closed / "out" / RESULT).read_bytes() == before
    book = load(closed, CORRECTED)
    [change] = [row for row in rows(book, "本轮变化") if row["指标编号"]]
    assert (change["考核单位"], change["指标编号"], change["原得分"], change["现得分"], change["原因"]) == (
        OTHER,
        "1.2.1",
        2,
        1,
        "核定",
    )
    second = closed_results(closed / "out")[-1]
    assert second.closing[1:] == (1, RESULT, first.closing.code)
    assert "全部一致" in run("verify", closed / "out" / CORRECTED, closed / "in")
    run("verify", closed / "out" / RESULT, closed / "in", code=1)
    assert "已定稿，没有变化" in collect(closed, "--final")


def test_where_only_files_changed_the_figures_did_not(closed):
    evidence = closed / "in" / ONE
    evidence.mkdir()
    (evidence / "附言.txt").write_bytes("附上".encode())
    collect(closed, "--final")
    (evidence / "附言.txt").write_bytes("又附上".encode())
    assert CORRECTED in collect(closed, "--final")
    assert names(closed) == {RESULT, CORRECTED, "考核结果汇总（更正2）.xlsx"}
    book = load(closed, "考核结果汇总（更正2）.xlsx")
    assert rows(book, "本轮变化") == []
    assert "分数、名次未变。" in {row[0].value for row in book["本轮变化"].iter_rows()}
    codes = [each.closing for each in closed_results(closed / "out")]
    assert [each.number for each in codes] == [0, 1, 2]
    assert len({each.code for each in codes}) == 1


def test_a_correction_may_go_into_another_folder(closed):
    correct(closed)
    there = closed / "别处"
    run("collect", closed / "in", "-o", there, "--final", "--since", closed / "out" / RESULT)
    assert {path.name for path in there.iterdir()} == {CORRECTED}


# ── 校验码 ──


def assessed(folder):
    asked = reading.Asked(SCHEME, Roster(SCHEME))
    return assess(SCHEME, [reading.read(found, asked) for found in find([folder])])


def test_the_same_input_gives_the_same_code_wherever_it_lies(closed, tmp_path):
    [found] = closed_results(closed / "out")
    shutil.copytree(closed / "in", tmp_path / "别处", copy_function=shutil.copyfile)
    for path in (tmp_path / "别处").iterdir():
        os.utime(path, (10**9, 10**9))
    assert check_code(assessed(tmp_path / "别处")) == found.closing.code


def test_one_process_or_several_give_the_same_code(round_):
    codes = set()
    found = find([round_[0] / "in"])
    for files in (1, FEW + 1):
        with Workers(files) as workers:
            codes.add(check_code(assess(SCHEME, workers.read(found))))
    assert codes == {each.closing.code for each in closed_results(round_[0] / "out")}


def test_any_change_that_a_posted_page_shows_gives_another_code(round_, tmp_path):
    """A score, a rank, a veto, who takes part and why, another scheme."""
    codes = {"": check_code(assessed(round_[0] / "in"))}
    changes = {
        "得分": ("核定", (OTHER, "1.2.1", None, 1, "没有盖章")),
        "名次": ("核定", (OTHER, "1.4.1", None, 2, "补齐")),
        "否决": ("一票否决", (ONE, SCHEME.vetoes[0].title, "", "", "")),
        "否决二": ("一票否决", (ONE, SCHEME.vetoes[1].title, "", "", "")),
        "未报送者": ("一票否决", (ZEROED, SCHEME.vetoes[0].title, "", "", "")),
    }
    for name, (sheet, cells) in changes.items():
        shutil.copytree(round_[0] / "in", tmp_path / name)
        book = openpyxl.load_workbook(tmp_path / name / REGISTER)
        append(book, sheet, *cells)
        save(book, tmp_path / name / REGISTER)
        codes[name] = check_code(assessed(tmp_path / name))
    for name, column, value in (("不参评", 2, "不参评"), ("理由", 3, "另有原因")):
        shutil.copytree(round_[0] / "in", tmp_path / name)
        book = openpyxl.load_workbook(tmp_path / name / REGISTER)
        sheet = book["未报送处理"]
        row = next(row for row in range(2, 60) if sheet.cell(row, 1).value == ZEROED)
        sheet.cell(row, column).value = value
        save(book, tmp_path / name / REGISTER)
        codes[name] = check_code(assessed(tmp_path / name))
    assessment = assessed(round_[0] / "in")
    codes["方案"] = check_code(replace(assessment, scheme=replace(SCHEME, forms=SCHEME.forms[::-1])))
    assert len(set(codes.values())) == len(codes), codes

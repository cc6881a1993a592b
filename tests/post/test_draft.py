"""``mail draft``: who gets which letter with which file, from which result; what is not plain is asked."""

from __future__ import annotations

import io
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
from conftest import COUNTY, SCHEME, append, filled_form, good_answers, register_book, run, save
from mail_servers import address_book

from assess_xlsx.layout import unit_file
from assess_xlsx.output.seal import sealed_by

PROJECT = Path(__file__).parents[2]
UNITS = {unit.name: unit for unit in SCHEME.units}


@pytest.fixture(scope="session")
def _round(tmp_path_factory):
    """The sample, collected, and an address book: made once."""
    folder = tmp_path_factory.mktemp("round")
    run("collect", PROJECT / "input", "-o", folder / "output", "--feedback")
    address_book(folder / "通讯录.xlsx")
    return folder


@pytest.fixture
def here(_round, tmp_path, monkeypatch):
    """A work folder of one's own in that state."""
    shutil.copytree(_round, tmp_path / "w")
    monkeypatch.chdir(tmp_path / "w")
    return tmp_path / "w"


def letters(occasion):
    found = {}
    for path in sorted(Path("output", "邮件", occasion).iterdir()):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        found[path.stem] = message
    return found


def text(message):
    return message.get_body(("plain",)).get_content()


def attached(message):
    (part,) = message.iter_attachments()
    return part.get_filename(), part.get_content()


@pytest.mark.usefixtures("here")
def test_every_unit_gets_its_own_blank_form():
    run("mail", "draft", "发表")
    run("templates", "--per-unit")
    found = letters("发表")
    assert len(found) == 40
    for unit in SCHEME.units:
        message = found[f"{unit.number:02d}-{unit.name}"]
        name, data = attached(message)
        assert name == unit_file(unit)
        put = Path("templates", "各单位", name).read_bytes()
        assert put.startswith(data[:-2])  # the seal is templates' own
        assert message["to"] == f"{unit.name} <unit{unit.number}@example.cn>"
        assert unit.name in message["subject"]
        assert SCHEME.title in message["subject"]
    run("mail", "draft", "发表")
    assert letters("发表").keys() == found.keys()
    assert bytes(attached(letters("发表")["01-县安监局"])[1]).startswith(data[:2])


@pytest.mark.usefixtures("here")
def test_no_letter_names_another_unit():
    for occasion, many in (("发表", 40), ("催报", 8), ("退回", 6), ("反馈", 38)):
        run("mail", "draft", occasion)
        found = letters(occasion)
        assert len(found) == many
        for stem, message in found.items():
            own = stem[3:]
            _, data = attached(message)
            said = text(message) + message["subject"] + message.get_body(("html",)).get_content()
            if occasion == "反馈":
                cells = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
                said += "".join(str(cell) for row in cells for cell in row)
            assert own in said
            assert not [name for name in UNITS if name != own and name in said]
            assert str(message["to"]).endswith(f"<unit{UNITS[own].number}@example.cn>")


@pytest.mark.usefixtures("here")
def test_urging_says_what_the_result_says():
    run("mail", "draft", "催报")
    found = letters("催报")
    told = text(found["22-县人防办"])
    assert "\n（2）2.2.2（单元格 I23）：“网上可办率”填写为“大约九成”，不是一个数，不能采用。" in told.replace(
        "\r", ""
    )
    name, data = attached(found["22-县人防办"])
    assert data == Path("output", "退回修改", name).read_bytes()
    assert "尚未报送" in text(found["16-县林业局"])
    assert attached(found["16-县林业局"])[0] == "16-县林业局.xlsx"


@pytest.mark.usefixtures("here")
def test_sending_back_lists_what_is_to_be_mended():
    run("mail", "draft", "退回")
    told = text(letters("退回")["22-县人防办"])
    assert "（1）1.1.1 已进驻事项数（单元格 I7）：“已进驻事项数”为 38，超过了“应进驻事项数”的 35" in told
    assert "请在附件《22-县人防办.xlsx》的红底单元格改正" in told


@pytest.mark.usefixtures("here")
def test_feedback_of_an_open_round_is_for_now():
    assert "还没有定稿" in run("mail", "draft", "反馈")
    message = letters("反馈")["02-县残联"]
    assert "（暂定）" in message["subject"]
    assert "总分 84.05 分，名次第 9 名（暂定）" in text(message)


def test_who_has_no_clear_address_gets_no_letter_and_is_named(here):
    address_book(here / "通讯录.xlsx", 县残联=None, 县公安局="police@163", 县环保局="a@b.cn；c@d.cn")
    said = run("mail", "draft", "发表")
    assert "通讯录里没有邮箱，没有起草的 1 个单位：县残联。" in said
    assert "邮箱有疑问，见上，没有起草的 1 个单位：县公安局。" in said
    assert "单元格 D11：“邮箱”填写为“police@163”" in said
    assert len(letters("发表")) == 38
    assert len(letters("发表")["08-县环保局"]["to"].addresses) == 2


@pytest.mark.usefixtures("here")
def test_an_edited_letter_is_kept_and_the_new_one_stands_beside_it():
    run("mail", "draft", "退回")
    path = Path("output", "邮件", "退回", "22-县人防办.eml")
    assert sealed_by(path) == "draft"
    mine = path.read_bytes().replace(b"X-Unsent: 1", b"X-Unsent: 1\r\nX-Mine: 1")
    path.write_bytes(mine)
    said = run("mail", "draft", "退回")
    assert "“output/邮件/退回/22-县人防办.eml”后来改动过，或不是本程序写的，没有动" in said
    assert path.read_bytes() == mine
    assert path.with_name("22-县人防办（2）.eml").is_file()


def test_letters_that_are_no_longer_due_go(here):
    run("mail", "draft", "发表")
    address_book(here / "通讯录.xlsx", 县残联=None)
    run("mail", "draft", "发表")
    assert len(letters("发表")) == 39


def swapped(here):
    one, other = (here / "output" / "退回修改" / name for name in ("22-县人防办.xlsx", "30-县公路局.xlsx"))
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)


def gone(here):
    (here / "output" / "退回修改" / "22-县人防办.xlsx").unlink()


def emptied(here):
    (here / "output" / "退回修改" / "22-县人防办.xlsx").write_bytes(b"")


@pytest.mark.parametrize(("change", "missing"), [(swapped, 2), (gone, 1), (emptied, 1)])
def test_no_file_goes_to_a_unit_whose_it_is_not(here, change, missing):
    change(here)
    for occasion, many in (("退回", 6), ("催报", 8)):
        assert "没有起草：县人防办：" in run("mail", "draft", occasion)
        assert len(letters(occasion)) == many - missing


def test_feedback_of_an_earlier_result_does_not_go(here):
    shutil.copytree(PROJECT / "input", here / "input")
    (here / "input" / "02-县残联.xlsx").unlink()
    run("collect", "input")
    said = run("mail", "draft", "反馈", code=1)
    assert "不是这份结果的反馈，是以前一次汇总的" in said
    assert not (here / "output" / "邮件").exists()


def test_a_form_of_another_scheme_does_not_go(here):
    run("templates", "--per-unit", "--scheme", PROJECT / "tests" / "data" / "fictional-scheme.xlsx")
    run("templates", here / "own", "--per-unit")
    for path in (here / "own" / "各单位").iterdir():
        shutil.copy(next((here / "templates" / "各单位").iterdir()), here / "templates" / "各单位" / path.name)
    said = run("mail", "draft", "发表", code=1)
    assert "不是现在的考核方案的表，请重新运行 templates --per-unit" in said


def test_a_form_that_the_office_has_worked_on_goes_as_it_is(here):
    run("templates", "--per-unit")
    path = here / "templates" / "各单位" / "02-县残联.xlsx"
    book = openpyxl.load_workbook(path)
    book["评分表"]["L6"].value = "请附清单"
    book.save(path)
    run("mail", "draft", "发表")
    assert attached(letters("发表")["02-县残联"])[1] == path.read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["公示"], "“公示”不是要写的信，请写发表、催报、退回、反馈之一。"),
        (["催报", "nowhere"], "没有“考核结果汇总.xlsx”。请先汇总收到的表"),
        (["发表", "--contacts", "nowhere.xlsx"], "找不到通讯录“nowhere.xlsx”"),
        (["催报", "--result", "通讯录.xlsx"], "不是本程序的考核结果汇总"),
    ],
)
def test_what_is_not_there_is_said(here, words, said):
    assert said in run("mail", "draft", *words, code=2 if words == ["公示"] else 1)
    assert not (here / "output" / "邮件").exists()


@pytest.mark.usefixtures("here")
def test_two_filled_address_books_are_a_question():
    run("templates")
    run("mail", "draft", "发表")  # a blank one in templates is none
    shutil.copy("通讯录.xlsx", "templates/通讯录.xlsx")
    assert "都填过，不知道用哪一份" in run("mail", "draft", "发表", code=1)
    run("mail", "draft", "发表", "--contacts", "通讯录.xlsx")
    Path("通讯录.xlsx").unlink()
    run("mail", "draft", "发表")


@pytest.mark.usefixtures("here")
def test_without_an_address_book_it_says_where_a_blank_one_is_from():
    Path("通讯录.xlsx").unlink()
    assert "空白的通讯录由 assess-xlsx templates 生成" in run("mail", "draft", "发表", code=1)
    run("templates")
    assert "没有一个能用的邮箱" in run("mail", "draft", "发表", code=1)


def settled(folder):
    """A round in which two units reported and the office decided about all the others."""
    for unit in ("县安监局", "县气象局"):
        save(filled_form(COUNTY, unit, good_answers(COUNTY)), folder / f"{unit}.xlsx")
    register = register_book(folder.parent)
    for unit in SCHEME.units:
        if unit.name not in ("县安监局", "县气象局"):
            append(register, "未报送处理", unit.name, "不参评", "多次催报仍未报送")
    save(register, folder / "登记.xlsx")


def test_a_closed_result_comes_first_and_a_trial_beside_it_is_a_question(here):
    shutil.rmtree("output")
    settled(here / "in")
    run("collect", "in", "--final", "--feedback")
    said = run("mail", "draft", "反馈")
    message = letters("反馈")["01-县安监局"]
    assert "校验码" in said
    assert "定稿" in text(message)
    assert "暂定" not in text(message) + message["subject"]
    assert len(letters("反馈")) == 2
    assert "没有要催报的单位" in run("mail", "draft", "催报", code=1)

    save(filled_form(COUNTY, "县残联", good_answers(COUNTY) | {"能够在线申报": None}), here / "in" / "县残联.xlsx")
    run("collect", "in", "--feedback")  # a trial
    run("mail", "draft", "反馈")
    assert len(letters("反馈")) == 2  # still the closed one's
    said = run("mail", "draft", "催报", code=1)
    assert "不知道照哪一份写。请加 --result 写明，如 --result" in said
    run("mail", "draft", "催报", "--result", "output/考核结果汇总（试算）.xlsx")
    assert letters("催报").keys() == {"02-县残联"}
    run("mail", "draft", "反馈", "--result", "output/考核结果汇总（试算）.xlsx")
    assert "（暂定）" in letters("反馈")["02-县残联"]["subject"]


def test_two_closed_results_are_a_question(here):
    shutil.rmtree("output")
    settled(here / "in")
    run("collect", "in", "--final", "--feedback")
    save(filled_form(COUNTY, "县安监局", good_answers(COUNTY) | {"缺少的制度项数": 1}), here / "in" / "县安监局.xlsx")
    run("collect", "in", "-o", "other", "--final", "--feedback")
    shutil.copy("other/考核结果汇总.xlsx", "output/另一份.xlsx")
    assert "有几份不同的定稿" in run("mail", "draft", "反馈", code=1)

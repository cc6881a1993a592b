"""What each unit has left to do, as it is told."""

from __future__ import annotations

from importlib import resources

import openpyxl
from conftest import COUNTY, cell_of, collect, filled_form, good_answers, rows, run, save


def test_notices_tell_everyone_what_is_left(tmp_path):
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY) | {"能够在线申报": None}), tmp_path / "in" / "a.xlsx")
    save(filled_form(COUNTY, "城关镇", good_answers(COUNTY)), tmp_path / "in" / "b.xlsx")
    notices = {row["考核单位"]: row for row in rows(collect(tmp_path / "in"), "催报")}
    assert len(notices) == 40
    assert notices["县残联"]["状态"] == "待补正"
    assert (
        f"2.3.2（单元格 {cell_of(COUNTY, '能够在线申报')}）：“能够在线申报”没有填写。"
        in notices["县残联"]["通知文本"]
    )
    assert "02-县残联.xlsx" in notices["县残联"]["通知文本"]
    assert "应填乡镇评分表" in notices["城关镇"]["通知文本"]
    assert notices["县安监局"]["需办事项"] == "报送评分表"


def test_they_say_until_when_and_whom_to_ask_where_the_scheme_does(tmp_path):
    built_in = resources.files("assess_xlsx.scheme.builtin").joinpath("taiqian-2018.toml").read_text("utf-8")
    told = 'deadline = 2019-01-10\nphone = "0393-0000000"\nemail = "kaohe@example.cn"\n'
    (tmp_path / "方案.toml").write_text(told + built_in, "utf-8")
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY) | {"能够在线申报": None}), tmp_path / "in" / "a.xlsx")
    asked = "请把本文件发回考核办（电话：0393-0000000，邮箱：kaohe@example.cn），2019年1月10日前报送。"
    for scheme, words, returned in (
        (["--scheme", tmp_path / "方案.toml"], ("1月10日前", "联系电话：0393-0000000，邮箱：kaohe@"), asked),
        ([], ("尽快", "发回"), "请把本文件发回考核办。"),
    ):
        run("collect", tmp_path / "in", "-o", tmp_path / "out", *scheme)
        result = openpyxl.load_workbook(tmp_path / "out" / "考核结果汇总.xlsx")
        for row in rows(result, "催报"):
            assert all(word in row["通知文本"] for word in words), row["通知文本"]
            assert "None" not in row["通知文本"]
        mended = openpyxl.load_workbook(tmp_path / "out" / "退回修改" / "02-县残联.xlsx")
        assert mended.worksheets[0]["A2"].value.endswith(returned)

"""What each unit has left to do, as it is told."""

from __future__ import annotations

from conftest import COUNTY, collect, filled_form, good_answers, rows, save


def test_notices_tell_everyone_what_is_left(tmp_path):
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY) | {"能够在线申报": None}), tmp_path / "in" / "a.xlsx")
    save(filled_form(COUNTY, "城关镇", good_answers(COUNTY)), tmp_path / "in" / "b.xlsx")
    notices = {row["考核单位"]: row for row in rows(collect(tmp_path / "in"), "催报")}
    assert len(notices) == 40
    assert notices["县残联"]["状态"] == "待补正"
    assert "2.3.2：“能够在线申报”没有填写。" in notices["县残联"]["通知文本"]
    assert "02-县残联.xlsx" in notices["县残联"]["通知文本"]
    assert "应填乡镇评分表" in notices["城关镇"]["通知文本"]
    assert notices["县安监局"]["需办事项"] == "报送评分表"

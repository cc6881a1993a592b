"""Units that never reported (K27) count with nothing, or not at all. Totals, ranks and N by hand."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import COUNTY, SCHEME, append, filled_form, good_answers, register_book, rows, run, save
from every_kind import only_item
from play import ranking, without

from assess_xlsx.answers import Answer
from assess_xlsx.assessment import assess
from assess_xlsx.intake import reading
from assess_xlsx.intake.files import find
from assess_xlsx.intake.units import Roster
from assess_xlsx.scoring.score import item_scores
from assess_xlsx.scoring.settle import settle

NAMES = [unit.name for unit in COUNTY.units]
REASON = "催报三次仍未报送"


def sent(folder, amounts, decisions=(), others=()):
    """A folder with forms, each alike but for its 办件量, and a register with decisions and other rows."""
    for name, amount in amounts.items():
        answers = good_answers(COUNTY) | {"年度累计办件量": amount}
        save(filled_form(COUNTY, name, answers), folder / f"{name}.xlsx")
    book = register_book(folder.parent)
    for name, decision in decisions:
        append(book, "未报送处理", name, decision, REASON)
    for sheet, *cells in others:
        append(book, sheet, *cells)
    save(book, folder / "r.xlsx")
    return folder


def county(folder):
    """The whole run, and the figures of 县直."""
    asked = reading.Asked(SCHEME, Roster(SCHEME))
    run_ = assess(SCHEME, (reading.read(found, asked) for found in find([folder])))
    return run_, run_.scores[0]


# 良好 answers bring 99 points without 2.3.3, which brings at most 20 of them
A, B, C, D, E = NAMES[:5]


def total(scores, name):
    return int(scores.totals[NAMES.index(name) + 1])


def points(scores, name):
    return int(scores.items.at[NAMES.index(name) + 1, "2.3.3"])


def test_a_unit_by_zero_is_ranked_last_and_counted_in_n(tmp_path):
    _, scores = county(sent(tmp_path / "in", {A: 100, B: 50}, [(C, "按零分"), (D, "按零分")]))
    assert (points(scores, A), points(scores, B)) == (2000, 1935)  # 20 × 30/31
    assert [total(scores, name) for name in (C, D)] == [0, 0]
    ranks = {unit.name: int(scores.ranks[unit.number]) for unit in ranking(scores).ranked()}
    assert ranks == {A: 1, B: 2, C: 3, D: 3}
    assert len(scores.missing) == 27
    assert [scores.merit[NAMES.index(name) + 1] for name in (A, C)] == ["有", "取消"]
    assert set(scores.merit_ranks) == {1, 2}
    assert {1, 2} == set(scores.items.index)
    assert [(s.low, s.high) for s in (scores.standings[3], scores.standings[4])] == [(0, 0), (0, 0)]


def test_a_unit_left_out_is_in_no_n(tmp_path):
    _, scores = county(sent(tmp_path / "in", {A: 100, B: 50}, [(C, "不参评")]))
    assert (points(scores, A), points(scores, B)) == (2000, 1933)  # 20 × 29/30
    assert len(scores.form.units) == 30
    assert [unit.name for unit in scores.excluded] == [C]
    assert 3 not in scores.totals.index
    assert 3 not in scores.ranks.index
    assert C not in [unit.name for unit in (*scores.missing, *scores.units, *scores.zeroed)]
    assert scores.form.version == COUNTY.version


def test_all_decided_leaves_nothing_provisional(tmp_path):
    """K1, K12: nobody is 未报送 or unknown any more."""
    decisions = [(name, "不参评" if name == C else "按零分") for name in NAMES[2:]]
    run_, scores = county(sent(tmp_path / "in", {A: 100, B: 50}, decisions))
    assert scores.missing == []
    assert not ranking(scores).provisional
    assert ranking(scores).still_open() == []
    assert "暂定" not in "".join(scores.basis["2.3.3"])
    assert [run_.state(unit) for unit in COUNTY.units[:4]] == ["已采用", "已采用", "未报送", "未报送"]


def test_nobody_reported_and_all_are_decided(tmp_path):
    folder = sent(tmp_path / "in", {}, [(name, "按零分") for name in NAMES])
    _, scores = county(folder)
    assert scores.ranks.tolist() == [1] * 31
    run("collect", folder, "-o", tmp_path / "out")
    folder = sent(tmp_path / "none", {}, [(name, "不参评") for name in NAMES])
    _, scores = county(folder)
    assert (scores.totals.tolist(), len(scores.form.units)) == ([], 0)
    run("collect", folder, "-o", tmp_path / "out")


def test_a_unit_that_reports_after_all_is_ranked_by_its_form(tmp_path):
    _, scores = county(sent(tmp_path / "in", {A: 100, B: 50}, [(B, "按零分")]))
    assert (scores.zeroed, total(scores, B) > 0) == ([], True)


@pytest.mark.parametrize("decision", ["按零分", "不参评"])
def test_other_rows_of_a_decided_unit_change_nothing(tmp_path, decision):
    others = [
        ("核定", C, "1.4.2", None, 2, "抽查"),
        ("平时考核", C, "1.4.2", "环境卫生违规次数", 1, "2018-05-04", "抽查", "李某"),
        ("异议", C, "总分", "要求参加排名"),
    ]
    run_, scores = county(sent(tmp_path / "in", {A: 100, B: 50}, [(C, decision)], others))
    said = [problem for problem in run_.problems if problem.place.unit == C]
    assert [problem.level for problem in said] == ["提醒"] * 3
    assert all(f"已定为“{decision}”" in problem.text for problem in said)
    assert 3 not in scores.items.index


@pytest.mark.parametrize(
    ("decision", "counted"),
    [("按零分", "未报送 29（其中 1 个已定按零分）"), ("不参评", "未报送 29（其中 1 个已定不参评）")],
)
def test_the_result_says_what_was_decided(tmp_path, decision, counted):
    folder = sent(tmp_path / "in", {A: 100, B: 50}, [(C, decision)])
    assert counted in run("collect", folder, "-o", tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "考核结果汇总.xlsx", data_only=True)
    states = {row["考核单位"]: row["状态"] for row in rows(book, "报送情况")}
    assert states[C] == "未报送"
    assert C not in [row["考核单位"] for row in rows(book, "催报")]
    assert D in [row["考核单位"] for row in rows(book, "催报")]
    assert C not in [row["考核单位"] for row in rows(book, "得分明细")]
    first = [cell.value for row in book["总览"].iter_rows() for cell in row if cell.value is not None]
    assert any(f"{C}（{decision}）" in str(value) for value in first)
    assert "未报送 37 个单位" in first  # 28 of 县直 and the 9 of 乡镇: whom to press
    line = next(row for row in book["总览"].iter_rows(values_only=True) if row[0] == "县直" and row[1] == 31)
    assert line[2:5] == (2, 0, 29)
    ranking = {row["考核单位"]: row for row in rows(book, "县直排名")}
    assert len(ranking) == 31
    told = [ranking[C][label] for label in ("名次", "总分", "评优资格", "评优名次", "最好名次", "最差名次", "备注")]
    if decision == "按零分":  # the 28 that may still report stand before it, or with it
        assert told == [3, 0, "取消", None, 3, 31, f"未报送，按零分（{REASON}）"]
    else:
        assert told == [None, None, None, None, None, None, f"未报送，不参评（{REASON}）"]
    assert "一致" in run("verify", tmp_path / "out" / "考核结果汇总.xlsx", folder)


COUNT = [{"label": "数", "kind": "次数"}]
RANK, BEST = ({"kind": kind, "fact": "数"} for kind in ("rank", "best"))
MEAN = {"kind": "margin", "fact": "数", "against": "平均数", "below": {"per": 1, "step": -1}}
LAST = {"kind": "tiers", "fact": "数", "last": [{"to": 1, "points": 0}], "rest": 10}
HALF = {"kind": "tiers", "fact": "数", "first_share": [{"to": "50%", "points": 10}], "rest": 0}


@pytest.mark.parametrize(
    ("rule", "numbers", "before", "zeroed", "left_out"),
    [
        (RANK, [4, 2, 0], [10, 7.5, 0], [10, 7.5, 0], [10, 6.67, 0]),
        (RANK | {"order": "从少到多"}, [4, 2, 0], [5, 7.5, 10], [5, 7.5, 10], [3.33, 6.67, 10]),
        (BEST, [4, 2, 0], [10, 5, 0], [10, 5, 0], [10, 5, 0]),
        # a number of 0 that nobody reported is never the best
        (BEST | {"order": "从少到多"}, [4, 2, 1], [2.5, 5, 10], [2.5, 5, 10], [2.5, 5, 10]),
        (MEAN, [4, 2, 0], [10, 10, 8], [10, 10, 8.5], [10, 10, 8]),  # the mean: 2, then 6/4 = 1.5, then 2
        (LAST, [4, 2, 1], [10, 10, 0], [10, 10, 10], [10, 10, 0]),
        (LAST, [4, 2, 0], [10, 10, 0], [10, 10, 0], [10, 10, 0]),  # 0 stands beside 0
        (LAST | {"order": "从少到多"}, [4, 2, 0], [0, 10, 10], [10, 10, 10], [0, 10, 10]),
        (HALF, [4, 2, 1], [10, 10, 0], [10, 10, 0], [10, 0, 0]),
    ],
)
def test_what_a_fourth_unit_does_to_three(rule, numbers, before, zeroed, left_out):
    """While it is 未报送; by 按零分; by 不参评: N, quota, mean and the ends of the ranking."""
    form = only_item({"points": 10}, COUNT, rule, 4)
    answers = [[Answer(number)] + [Answer(0)] * (len(form.facts) - 1) for number in numbers]

    def scored(among, fourth=0):
        found, _ = item_scores(settle(among, [1, 2, 3], answers, zeroed=fourth))
        return [cents / 100 for cents in found["1.1.1"].tolist()]

    assert scored(form) == before
    assert scored(form, 1) == zeroed
    assert scored(without(form, {4})) == left_out


def test_a_form_without_nobody_is_the_same():
    assert without(COUNTY, ()) is COUNTY


def changes(folder, target, since=None):
    """本轮变化 against an earlier result."""
    run("collect", folder, "-o", target, *(("--since", since) if since else ()))
    if since:
        book = openpyxl.load_workbook(target / "考核结果汇总.xlsx", data_only=True)
        labels = ("考核单位", "指标编号", "原名次", "现名次", "原因")
        return [tuple(row[label] for label in labels) for row in rows(book, "本轮变化")]
    return target / "考核结果汇总.xlsx"


def test_what_was_decided_shows_in_what_changed(tmp_path):
    """K24: also of a unit that is in no ranking any more, and of those that move with N."""
    before = changes(sent(tmp_path / "1", {A: 100, B: 50}), tmp_path / "o1")
    zeroed = changes(sent(tmp_path / "2", {A: 100, B: 50}, [(C, "按零分")]), tmp_path / "o2")
    assert changes(tmp_path / "2", tmp_path / "o3", before) == [(C, None, None, 3, "未报送处理")]
    sent(tmp_path / "3", {A: 100, B: 50}, [(C, "不参评")])
    assert changes(tmp_path / "3", tmp_path / "o4", zeroed) == [
        (B, "2.3.3", 2, 2, f"其他单位：{C}未报送处理"),
        (C, None, 3, None, "未报送处理"),
    ]

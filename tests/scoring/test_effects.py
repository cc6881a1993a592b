"""What circumstances do besides taking 评优资格: tables of totals, ranks and grades by hand."""

from __future__ import annotations

import pytest
from play import ranking
from totals import assessed, grades, scheme

from assess_xlsx.answers import Absence, Place
from assess_xlsx.rounds.check_code import check_code

NONE = "无"


def circumstances(*effects, declared=False):
    """One circumstance for each text: ``扣分 5；总分不超过 80``; ``无`` is none."""
    return [
        {"code": f"V.{n}", "text": f"情形{n}", "clause": "六", "effect": "处理", "declared": declared}
        | {"effects": [_effect(each) for each in text.split("；")]}
        for n, text in enumerate(effects, 1)
    ]


def _effect(text):
    kind, _, value = text.partition(" ")
    return {"kind": kind} | ({"value": value} if value else {})


def hit(unit, vetoes):
    return [(unit, veto["code"]) for veto in vetoes]


TOTALS = [
    ("90.00", NONE, "90.00"),
    ("90.00", "扣分 5", "85.00"),
    ("90.00", "扣分 5；扣分 10", "75.00"),
    ("90.00", "总分不超过 59.99", "59.99"),
    ("55.00", "总分不超过 59.99", "55.00"),
    ("90.00", "扣分 5；总分不超过 80", "80.00"),
    ("4.00", "扣分 10", "0.00"),
    ("90.00", "总分记零；扣分 5", "0.00"),
    ("90.00", "取消评优", "90.00"),
]


def burdened(total, effect, *, apart=False):
    """A unit with that total and effect; ``apart``: of as many circumstances as there are effects."""
    vetoes = [] if effect == NONE else circumstances(*(effect.split("；") if apart else [effect]))
    return assessed(scheme(1, vetoes=vetoes), [total], hit(1, vetoes))


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("before", "effect", "after"), TOTALS)
def test_what_effects_make_of_a_total(before, effect, after, apart):
    run = burdened(before, effect, apart=apart)
    assert f"{run.scores[0].totals[1] / 100:.2f}" == after
    assert run.scores[0].merit[1] == ("取消" if "取消评优" in effect else "有")


def test_a_circumstance_declared_and_recorded_counts_once():
    vetoes = circumstances("扣分 5", "扣分 3")
    run = assessed(scheme(1, vetoes=vetoes), ["90"], [(1, "V.1"), (1, "V.1"), (1, "V.2")])
    assert run.scores[0].totals[1] == 8200


def test_the_reckoning_names_the_circumstance():
    vetoes = circumstances("扣分 5；总分不超过 80", "扣分 0.5", "总分记零")
    run = assessed(scheme(2, vetoes=vetoes), ["90", "70"], [(1, "V.1"), (1, "V.2"), (2, "V.3")])
    assert run.scores[0].reckoning(1) == "90.00 − 5（V.1） − 0.5（V.2），不超过 80 分（V.1）＝80.00"
    assert run.scores[0].reckoning(2) == "70.00，记 0 分（V.3）＝0.00"


LAST = ["95.00 名次列末 4", "90.00 无 1", "90.00 无 1", "85.00 名次列末 5", "80.00 无 3", "85.00 名次列末 5"]


def test_who_stands_last_stands_behind_all_others():
    rows = [row.split() for row in LAST]
    vetoes = circumstances("名次列末")
    marked = [(unit, "V.1") for unit, (_, effect, _) in enumerate(rows, 1) if effect != NONE]
    [scores] = assessed(scheme(6, vetoes=vetoes), [total for total, *_ in rows], marked).scores
    assert [str(scores.ranks[unit]) for unit in range(1, 7)] == [rank for *_, rank in rows]
    assert [unit.number for unit in ranking(scores).ordered()] == [2, 3, 5, 1, 4, 6]
    behind = {unit: standing.behind for unit, standing in scores.standings.items()}
    assert behind == {1: None, 2: None, 3: None, 4: 1000, 5: 1000, 6: 1000}
    assert scores.merit_ranks == {1: 4, 2: 1, 3: 1, 4: 5, 5: 3, 6: 5}


def test_it_stands_behind_those_by_zero_too():
    vetoes = circumstances("名次列末")
    zero = {3: Absence(3, "按零分", "催报未报", Place())}
    [scores] = assessed(scheme(3, vetoes=vetoes), ["95", "50", None], [(1, "V.1")], decided=zero).scores
    assert [unit.number for unit in ranking(scores).ranked()] == [2, 3, 1]
    assert scores.ranks.to_dict() == {1: 3, 2: 1, 3: 2}


GRADES = [
    ("优秀", NONE, "优秀"),
    ("优秀", "降一等", "良好"),
    ("不合格", "降一等", "不合格"),
    ("优秀", "等次不高于 合格", "合格"),
    ("不合格", "等次不高于 合格", "不合格"),
    ("优秀", "降一等；等次不高于 良好", "良好"),
    ("优秀", "降一等；降一等", "合格"),
]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("before", "effect", "after"), GRADES)
def test_what_effects_make_of_a_grade(before, effect, after, apart):
    vetoes = [] if effect == NONE else circumstances(*(effect.split("；") if apart else [effect]))
    made = scheme(1, vetoes=vetoes, grades=grades())
    [scores] = assessed(made, ["95" if before == "优秀" else "50"], hit(1, vetoes)).scores
    assert scores.grades[1].name == after
    assert scores.merit[1] == "有"


def test_effects_on_the_total_come_before_the_grade():
    vetoes = circumstances("总分不超过 59.99", "扣分 5；降一等")
    made = scheme(2, vetoes=vetoes, grades=grades())
    [scores] = assessed(made, ["95", "94"], [(1, "V.1"), (2, "V.2")]).scores
    assert [scores.grades[unit].name for unit in (1, 2)] == ["不合格", "合格"]


def test_a_unit_put_down_leaves_its_place_to_another_and_takes_one_below():
    """From the grade that it would have: the fourth, beyond the places of 优秀, is not spared."""
    vetoes = circumstances("降一等", "等次不高于 良好")
    made = scheme(6, vetoes=vetoes, grades=grades({"优秀": 2, "良好": 2}))
    totals = ["97", "95", "93", "92", "91", "90"]

    def given(*marked):
        [scores] = assessed(made, totals, marked).scores
        return [scores.grades[unit].name for unit in range(1, 7)]

    assert given() == ["优秀", "优秀", "良好", "良好", "合格", "合格"]
    assert given((1, "V.1")) == ["良好", "优秀", "优秀", "良好", "合格", "合格"]
    assert given((4, "V.1")) == ["优秀", "优秀", "良好", "合格", "良好", "合格"]
    assert given((2, "V.2")) == ["优秀", "良好", "优秀", "良好", "合格", "合格"]


# ── what was left undeclared ──


def test_what_a_unit_left_undeclared_may_still_lower_it():
    """K13 keeps its score for now; its range says what may come of it (K23)."""
    vetoes = circumstances("扣分 5", declared=True)
    run = assessed(scheme(3, vetoes=vetoes), ["90", "88", "80"], undeclared=[1])
    [scores] = run.scores
    first = scores.standings[1]
    assert (int(scores.totals[1]), first.low, first.high, first.best, first.worst) == (9000, 8500, 9000, 1, 2)
    assert first.key == "V.1 情形1（单位未填）"
    assert (scores.standings[2].best, scores.standings[2].worst) == (1, 2)
    assert scores.standings[2].key == "取决于：单位1"
    assert scores.standings[3].settled
    assert scores.merit[1] == "有"  # this one costs no 评优资格


def test_undeclared_and_last():
    vetoes = circumstances("名次列末；取消评优", declared=True)
    [scores] = assessed(scheme(3, vetoes=vetoes), ["90", "88", None], undeclared=[1]).scores
    assert [(s.low, s.high, s.best, s.worst) for s in scores.standings.values()] == [
        (9000, 9000, 1, 3),
        (8800, 8800, 1, 3),
    ]
    assert scores.merit[1] == "待定"


def test_the_check_code_knows_the_effect():
    plain, burdened_ = ([{"code": "V.1", "text": "情形", "clause": "六", "effect": "处理"} | more] for more in FEW)
    codes = {
        check_code(assessed(scheme(2, vetoes=vetoes), ["90", "80"], [(1, "V.1")])) for vetoes in (plain, burdened_)
    }
    assert len(codes) == 2


FEW = ({"effects": [{"kind": "取消评优"}]}, {"effects": [{"kind": "取消评优"}, {"kind": "扣分", "value": 5}]})

"""加分 and 扣分 without a cap (分值 “不限”): on the form, in scores and totals, by ruling, and what is refused."""

from __future__ import annotations

import openpyxl
import pytest
from conftest import append, assert_recalculated_alike, collect, convert, fill_out, rows, run, save
from every_kind import fact, form, items, section, toml, with_forms
from play import certainty, ranking, result
from python_calamine import CalamineWorkbook

from assess_xlsx.amounts import two_places
from assess_xlsx.layout import FORM_SHEET, Col, FormLayout
from assess_xlsx.scheme.build import build
from assess_xlsx.scheme.tree import SchemeError

COUNT = {"kind": "次数"}
CASES = [
    # 省级, 市级, 被点名; what 加分 and 扣分 bring, the total with 85.50 of all else
    (0, 0, 0, 0, 0, 85.5),
    (1, 0, 0, 20, 0, 105.5),
    (1, 2, 0, 40, 0, 125.5),
    (3, 5, 0, 110, 0, 195.5),
    (0, 0, 2, 0, -20, 65.5),
    (0, 1, 10, 10, -100, 0),
]


def linear(*terms, **more):
    return {"kind": "linear", "start": 0, "terms": [{"fact": label, "step": step} for label, step in terms], **more}


WORK = ({"points": 100}, [fact("完成率", {"kind": "百分比"})], {"kind": "ratio", "fact": "完成率"})
ADDED = ({"adds": "不限"}, [fact("省级", COUNT), fact("市级", COUNT)], linear(("省级", 20), ("市级", 10)))
TAKEN_OFF = ({"deducts": "不限"}, [fact("被点名", COUNT)], linear(("被点名", -10)))


def tree(**more):
    sections = [
        section("一、工作", items(1, [WORK]), points=100),
        section("二、加分", items(2, [ADDED]), adds="不限"),
        section("三、扣分", items(3, [TAKEN_OFF]), deducts="不限"),
    ]
    roster = [{"name": f"{number}号局", "form": "表"} for number in range(1, len(CASES) + 1)]
    grades = [{"name": "优秀", "at_least": 120}, {"name": "合格", "at_least": 0}]
    return with_forms(roster, [form("表", "附件1", sections=sections, **more)]) | {"grades": grades}


SCHEME = build(tree(), "endless")
[FORM] = SCHEME.forms
PLACES = FormLayout.of(FORM)


def answers(province, city, named):
    counts = {"2.1.1 省级": province, "2.1.1 市级": city, "3.1.1 被点名": named}
    return {"1.1.1 完成率": 8550, **counts, "V.1 发生重大事故": 1}


def scored(scheme, cases):
    units = {number: answers(*case) for number, case in enumerate(cases, 1)}
    return result(scheme.forms[0], units, scheme=scheme)


def test_nothing_ends_what_is_added_or_taken_off_but_0():
    scores = scored(SCHEME, [case[:3] for case in CASES])
    found = [scores.sections[1], scores.sections[2], scores.totals]
    assert [[cents / 100 for cents in row] for row in zip(*found, strict=True)] == [list(case[3:]) for case in CASES]
    assert not ranking(scores).provisional


def test_the_cap_of_the_total_is_then_the_only_end():
    scores = scored(build(tree(cap=121), "x"), [case[:3] for case in CASES])
    assert [two_places(total) for total in scores.totals] == ["85.50", "105.50", "121.00", "121.00", "65.50", "0.00"]


def test_an_item_without_an_end_in_a_section_that_has_one():
    parts = [section("一、工作", items(1, [WORK]), points=100), section("二、加分", items(2, [ADDED]), adds=30)]
    made = build(with_forms([{"name": "局", "form": "表"}], [form("表", "附件1", sections=parts)]), "x")
    unit = {key: each for key, each in answers(3, 0, 0).items() if not key.startswith("3")}
    scores = result(made.forms[0], {1: unit}, scheme=made)
    assert (scores.items["2.1.1"].tolist(), scores.sections[1].tolist()) == ([6000], [3000])
    assert scores.basis["2.1.1"][0].endswith(" = 60.00；所属考核项目合计最多加 30 分")
    scores = result(made.forms[0], {1: unit | {"2.1.1 省级": 1}}, scheme=made)
    assert scores.basis["2.1.1"][0].endswith(" = 20.00")


def test_a_gap_takes_nothing_off_for_now_and_nothing_ends_what_it_may():
    scores = scored(SCHEME, [(0, 0, None), (0, 0, 1)])
    assert scores.items["3.1.1"].tolist() == [0, -1000]
    assert scores.basis["3.1.1"][0] == "“被点名”未填，暂不扣分，补正后重算"
    assert (scores.standings[1].low, scores.standings[1].high) == (0, 8550)
    _, low, high = certainty(scores).shown(2)
    assert low[0] < -(10**9)
    assert high[0] == 0
    assert "不限" in scores.standings[1].key


# ── a round ──


@pytest.fixture(scope="module")
def scheme(tmp_path_factory):
    path = tmp_path_factory.mktemp("scheme") / "方案.toml"
    path.write_text(toml(tree()), "utf-8")
    return path


@pytest.fixture
def books(scheme, tmp_path):
    """The units' forms, filled."""
    return fill_out(scheme, FORM, tmp_path, [[0.855, *case[:3], "否"] for case in CASES])


def ranked(book):
    found = {row["考核单位"]: row for row in rows(book, "表排名")}
    units = [found[f"{number}号局"] for number in range(1, len(CASES) + 1)]
    return [[row[column] for column in ("二、加分", "三、扣分", "总分")] for row in units]


def test_a_round_without_caps(books, scheme, tmp_path):
    book = collect(books, "--scheme", scheme, "--feedback")
    assert ranked(book) == [list(case[3:]) for case in CASES]
    graded = {row["考核单位"]: row["等次"] for row in rows(book, "表排名")}
    assert [graded[f"{number}号局"] for number in range(1, 7)] == ["合格", "合格", "优秀", "优秀", "合格", "合格"]
    told = {row[0].value: [cell.value for cell in row[4:7]] for row in book["总览"].iter_rows()}
    assert told["二、加分"] == ["不限", 30, None]
    assert told["三、扣分"] == ["不限", -20, "扣 20.00 分"]
    assert told["一、工作"][0] == 100
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    append(register, "核定", "1号局", "2.1.1", None, 999.99, "查实")
    append(register, "核定", "2号局", "3.1.1", None, 250, "查实")
    append(register, "核定", "3号局", "2.1.1", None, 1000, "写错")
    save(register, books / "登记表.xlsx")
    book = collect(books, "--scheme", scheme)
    assert [row[2] for row in ranked(book)] == [1085.49, 0, 125.5, 195.5, 65.5, 0]
    [refused] = [row for row in rows(book, "问题清单") if row["级别"] == "错误"]
    assert "1000" in refused["问题"]
    assert refused["处理办法"].startswith("请填0到999.99的分数")
    run("verify", tmp_path / "sent-out" / "考核结果汇总.xlsx", books, "--scheme", scheme)


@pytest.mark.office
def test_forms_and_ranking_are_recalculated_alike(books, scheme, tmp_path):
    convert("xlsx", tmp_path / "in", *sorted(books.iterdir()))
    for number, (*_, added, taken_off, total) in enumerate(CASES, 1):
        table = CalamineWorkbook.from_path(tmp_path / "in" / f"{number}.xlsx").get_sheet_by_name(FORM_SHEET)
        cells = table.to_python(skip_empty_area=False)
        shown = [cells[PLACES.item_span(each)[0]][Col.SCORE] for each in FORM.items]
        assert shown == [pytest.approx(each) for each in (85.5, added, taken_off)]
        assert cells[PLACES.total_row][Col.SCORE] == pytest.approx(total)
    book = collect(tmp_path / "in", "--scheme", scheme, "--feedback")
    assert ranked(book) == [list(case[3:]) for case in CASES]
    assert_recalculated_alike([tmp_path / "in-out" / "考核结果汇总.xlsx"], tmp_path / "again")
    assert_recalculated_alike(sorted((tmp_path / "in-out" / "反馈").iterdir()), tmp_path / "more")


# ── what is refused ──

RATIO = {"kind": "ratio", "fact": "率"}
FLAT = {"kind": "flat", "fact": "数", "at_least": 1}
ONE, RATE = [fact("数", COUNT)], [fact("率", {"kind": "百分比"})]


@pytest.mark.parametrize(
    ("key", "facts", "rule", "reason"),
    [
        ("points", ONE, linear(("数", 1)), "只有加分、扣分可以写“不限”"),
        ("uncounted", ONE, linear(("数", 1)), "只有加分、扣分可以写“不限”"),
        ("adds", RATE, RATIO, "“按比例”要有分值，加分不限的请用逐次加减"),
        ("deducts", RATE, RATIO, "“按比例”要有分值，扣分不限的请用逐次加减"),
        ("adds", ONE, {"kind": "rank", "fact": "数"}, "“按名次”要有分值，加分不限的请用逐次加减"),
        ("adds", ONE, {"kind": "best", "fact": "数"}, "“与最优值之比”要有分值，加分不限的请用逐次加减"),
        ("adds", ONE, FLAT, "“定额”要有分值，加分不限的请用逐次加减"),
        ("adds", RATE, {"kind": "margin", "fact": "率", "at_least": 9, "below": {"per": 1, "step": -1}}, "应是 不限"),
        ("adds", [fact("分", COUNT)], {"kind": "direct", "fact": "分"}, "应是由考核办填报的分值，写明至多几分"),
    ],
)
def test_what_is_refused(key, facts, rule, reason):
    row = {"code": "1.1.1", "method": "查", "content": "内", "text": "则", key: "不限", "facts": facts, "rule": rule}
    parts = [section("项", [row], **{key: "不限"})]
    with pytest.raises(SchemeError) as caught:
        build(with_forms([{"name": "局", "form": "表"}], [form("表", "附件1", sections=parts, points=0)]), "x")
    assert any(reason in fault.reason for fault in caught.value.faults)


def test_the_workbook_says_so_at_its_cells(scheme, tmp_path):
    path = tmp_path / "方案.xlsx"
    run("scheme", "export", path, "--scheme", scheme)
    run("scheme", "check", path)
    book = openpyxl.load_workbook(path)
    sheet = book["指标"]
    [column] = [cell.column for cell in sheet[1] if cell.value == "分值"]
    assert [sheet.cell(row, column).value for row in range(2, 8)] == [100, 100, "不限", "不限", "不限", "不限"]
    sheet.cell(3, column).value = "不限"
    sheet.cell(4, 2).value = "二、加分（10分）"
    book.save(path)
    told = run("scheme", "check", path, code=1)
    assert "只有加分、扣分可以写“不限”" in told
    assert "标题里写的是 10 分，分值却是 不限" in told

"""排名组: several forms in one ranking, with items that they share, from the scheme's workbook to the result."""

from __future__ import annotations

import copy

import openpyxl
import pytest
from conftest import append, assert_recalculated_alike, collect, convert, rows, run, save
from every_kind import COUNT, fact, form, section, toml, with_forms

from assess_xlsx.layout import FORM_SHEET, FormLayout
from assess_xlsx.scheme import build as scheme_build
from assess_xlsx.scheme.file import examine
from assess_xlsx.scheme.tree import SchemeError

build = scheme_build.build
SHARED = {"shared": True}


def item(code, points, label="数", **more):
    """So many points of as many hundredths, typed."""
    rule = {"kind": "linear", "start": 0, "terms": [{"fact": label, "step": 0.01}], "cap": points}
    about = {"code": code, "method": "查资料", "content": f"内容{code}", "text": "按数记分。", "points": points}
    return about | {"facts": [fact(label, COUNT)], "rule": rule} | more


def ranked(code, points, **rule):
    """An item in which all units are compared."""
    return item(code, points, "办件") | {"rule": {"kind": "rank", "fact": "办件", **rule}}


# (unit, form, its total of 100 points, None where it did not report, places among its form's and among all units)
TABLE = [
    ("县农粮局", "重点部门", 91.5, 2, 3),
    ("县水利局", "重点部门", 95, 1, 1),
    ("县委组织部", "一般部门", 95, 1, 1),
    ("县审计局", "一般部门", 88.25, 3, 5),
    ("县财政局", "一般部门", None, None, None),
    ("县气象局", "一般部门", 91.5, 2, 3),
]


def departments(group="责任单位"):
    """60 points of an item that both forms have, 40 of their own."""
    forms = []
    for number, (name, own) in enumerate({"重点部门": "二、重点工作", "一般部门": "二、机关工作"}.items(), 2):
        sections = [
            section("一、共同", [item("1.1.1", 60) | (SHARED if group else {})], points=60),
            section(own, [item("2.1.1", 40, "成果")], points=40),
        ]
        forms.append(form(name, f"附件{number}", sections=sections) | ({"group": group} if group else {}))
    return with_forms([{"name": unit, "form": name} for unit, name, *_ in TABLE], forms)


def written(tree, folder):
    path = folder / "方案.toml"
    path.write_text(toml(tree), "utf-8")
    return path


def fill(scheme, folder, answers):
    """Units' forms with these answers by the facts of their form."""
    run("templates", folder / "t", "--per-unit", "--scheme", scheme)
    made = examine(scheme)[0]
    for unit in made.units:
        if answers[unit.name] is None:
            continue
        own = made.form(unit.form)
        places = FormLayout.of(own)
        book = openpyxl.load_workbook(folder / "t" / "各单位" / f"{unit.number:02}-{unit.name}.xlsx")
        for each, value in zip(own.facts, [*answers[unit.name], "否"], strict=True):
            book[FORM_SHEET][places.value_cell(each)].value = value
        save(book, folder / "sent" / f"{unit.number}.xlsx")
    return folder / "sent"


def parts(total):
    """Answers that come to a total."""
    cents = round(total * 100)
    return [min(cents, 6000), max(0, cents - 6000)]


ANSWERS = {unit: None if total is None else parts(total) for unit, _, total, *_ in TABLE}


@pytest.mark.parametrize(("group", "place"), [("责任单位", 4), ("", 3)])
def test_the_table(group, place, tmp_path):
    scheme = written(departments(group), tmp_path)
    book = collect(fill(scheme, tmp_path, ANSWERS), "--scheme", scheme)
    sheets = ["责任单位排名"] if group else ["重点部门排名", "一般部门排名"]
    assert [name for name in book.sheetnames if name.endswith("排名")] == sheets
    found = {row["考核单位"]: row for sheet in sheets for row in rows(book, sheet)}
    for case in TABLE:
        row = found[case[0]]
        assert (row["总分"], row["名次"], row.get("评分表")) == (case[2], case[place], case[1] if group else None)
    assert found["县财政局"]["备注"] == "未报送"


def test_the_sheet(tmp_path):
    """Own sections side by side, blank where a unit has none; all that says who is ranked says the group."""
    scheme = written(departments(), tmp_path)
    books = fill(scheme, tmp_path, ANSWERS)
    book = collect(books, "--scheme", scheme, "--feedback")
    found = {row["考核单位"]: row for row in rows(book, "责任单位排名")}
    titles = ["一、共同", "二、重点工作", "二、机关工作"]
    assert [*found["县水利局"]][:7] == ["名次", "考核单位", "评分表", *titles, "总分"]
    assert [found["县水利局"][title] for title in titles] == [60, 35, None]
    assert [found["县审计局"][title] for title in titles] == [60, None, 28.25]
    assert (found["县农粮局"]["最好名次"], found["县农粮局"]["最差名次"]) == (3, 4)
    assert found["县农粮局"]["关键事项"] == "取决于：县财政局"
    assert found["县农粮局"]["距上一名"] == 3.5
    [ends] = [row for row in book["总览"].iter_rows(values_only=True) if "责任单位前3名" in row]
    assert "责任单位后3名" in ends
    posted = [cell for row in book["公示通报"].iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
    assert "责任单位（6 个单位）" in posted
    assert any("一、报送情况。应报 6 个单位，已报送 5 个" in text for text in posted)
    assert any("责任单位。5 个单位参加排名" in text and "重点部门得分率最低的指标" in text for text in posted)
    told = openpyxl.load_workbook(tmp_path / "sent-out" / "反馈" / "01-县农粮局.xlsx").active
    lines = [cell for row in told.iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
    assert "总分：91.50 分　　名次：第 3 名（暂定），责任单位共 6 个单位，已报送 5 个" in lines
    [frame] = [line for line in run("collect", books, "--scheme", scheme).splitlines() if "排名" in line]
    assert frame == "排名暂定（未报送 1）。"


def compared():
    """Both forms are ranked by the same numbers: by place, to the mean, by a sum of scores; one has more."""
    forms = []
    for number, name in enumerate(["甲类", "乙类"], 2):
        shared = [
            ranked("1.1.1", 10) | SHARED,
            ranked("1.2.1", 10, kind="best", fact="1.1.1 办件") | {"facts": []} | SHARED,
            ranked("1.3.1", 10, kind="rank", fact="得分 1.1.1＋1.2.1") | {"facts": []} | SHARED,
        ]
        own = [section("二、自己的", [ranked("2.1.1", 70)], points=70)]
        forms.append(
            form(name, f"附件{number}", group="全县", sections=[section("一、共同", shared, points=30), *own])
        )
    names = {"一局": "甲类", "二局": "甲类", "三局": "乙类", "四局": "乙类", "五局": "乙类"}
    return with_forms([{"name": unit, "form": name} for unit, name in names.items()], forms)


WANTED = {
    # unit: numbers for 1.1.1 and 2.1.1, scores
    "一局": ((50, 9), (10, 10, 10, 70)),
    "二局": ((40, 7), (8, 8, 8, 35)),
    "三局": ((30, 5), (6, 6, 6, 46.67)),
    "四局": ((20, 9), (4, 4, 4, 70)),
    "五局": ((10, 1), (2, 2, 2, 23.33)),
}
CODES = ["1.1.1", "1.2.1", "1.3.1", "2.1.1"]


def test_shared_items_compare_all_units_and_own_ones_those_of_the_form(tmp_path):
    scheme = written(compared(), tmp_path)
    books = fill(scheme, tmp_path, {unit: numbers for unit, (numbers, _) in WANTED.items()})
    book = collect(books, "--scheme", scheme)
    details = {(row["考核单位"], row["指标编号"]): row for row in rows(book, "得分明细")}
    for unit, (_, scores) in WANTED.items():
        assert [details[unit, code]["最终得分"] for code in CODES] == [*scores]
    assert details["三局", "1.1.1"]["计分依据"].startswith("办件 30件，第3名，10 × (5 − 3 + 1) / 5 = 6.00")
    assert details["三局", "2.1.1"]["计分依据"].startswith("办件 5件，第2名，70 × (3 − 2 + 1) / 3 = 46.67")


def test_an_unknown_number_waits_for_all_that_share_it(tmp_path):
    """One unit late: 1.1.1 of everyone may still move, 2.1.1 only of its form; then it comes (本轮变化, verify)."""
    scheme = written(compared(), tmp_path)
    answers = {unit: numbers for unit, (numbers, _) in WANTED.items()}
    books = fill(scheme, tmp_path, answers | {"一局": None})
    book = collect(books, "--scheme", scheme)
    details = {(row["考核单位"], row["指标编号"]): row["计分依据"] for row in rows(book, "得分明细")}
    unknown = "个单位数据未知，暂定"
    assert [unknown in details["三局", code] for code in CODES] == [True, True, True, False]
    assert [unknown in details["二局", code] for code in CODES] == [True] * 4
    earlier = (tmp_path / "sent-out" / "考核结果汇总.xlsx").rename(tmp_path / "earlier.xlsx")
    late = tmp_path / "late"
    fill(scheme, late, answers)
    (late / "sent" / "1.xlsx").rename(books / "1.xlsx")
    book = collect(books, "--scheme", scheme, "--since", earlier)
    changed = {(row["考核单位"], row["指标编号"]): row["原因"] for row in rows(book, "本轮变化")}
    assert changed["一局", None] == "新报送"
    assert {why for (unit, _), why in changed.items() if unit != "一局"} == {"其他单位：一局新报送"}
    assert {code for unit, code in changed if unit == "三局"} == {"1.1.1", "1.2.1", "1.3.1"}
    assert "一致" in run("verify", tmp_path / "sent-out" / "考核结果汇总.xlsx", books, "--scheme", scheme)
    (tmp_path / "closed").mkdir()
    assert "已定稿" in run("collect", books, "-o", tmp_path / "closed", "--scheme", scheme, "--final")


def test_the_office_decides_about_units_of_either_form(tmp_path):
    """不参评 leaves N, 按零分 is last of all (K27); a ruled number moves the other form's units."""
    scheme = written(compared(), tmp_path)
    answers = {unit: numbers for unit, (numbers, _) in WANTED.items()}
    books = fill(scheme, tmp_path, answers | {"五局": None, "二局": None})
    register = openpyxl.load_workbook(tmp_path / "t" / "考核办登记表.xlsx")
    append(register, "未报送处理", "五局", "不参评", "撤销")
    append(register, "未报送处理", "二局", "按零分", "拒报")
    append(register, "核定", "四局", "1.1.1", "办件", 60, "查实")
    save(register, books / "登记表.xlsx")
    book = collect(books, "--scheme", scheme)
    details = {(row["考核单位"], row["指标编号"]): row["最终得分"] for row in rows(book, "得分明细")}
    assert [details["一局", code] for code in CODES] == [7.5, 8.33, 7.5, 70]
    assert [details["四局", code] for code in CODES] == [10, 10, 10, 70]
    ranking = {row["考核单位"]: row["名次"] for row in rows(book, "全县排名")}
    assert ranking == {"四局": 1, "一局": 2, "三局": 3, "二局": 4, "五局": None}


@pytest.mark.office
def test_forms_and_result_are_recalculated_alike(tmp_path):
    for name, tree, answers in [
        ("共同", departments(), ANSWERS),
        ("比较", compared(), {unit: numbers for unit, (numbers, _) in WANTED.items()}),
    ]:
        folder = tmp_path / name
        folder.mkdir()
        tree["grades"] = [{"name": "优秀", "at_least": 60, "quota": "40%"}, {"name": "合格", "at_least": 0}]
        scheme = written(tree, folder)
        convert("xlsx", folder / "in", *sorted(fill(scheme, folder, answers).iterdir()))
        collect(folder / "in", "--scheme", scheme, "--feedback")
        found = folder / "in-out" / "考核结果汇总.xlsx"
        assert_recalculated_alike([found], folder / "again")
        assert_recalculated_alike(sorted((folder / "in-out" / "反馈").iterdir()), folder / "more")


# ── in a workbook ──


def exported(tree, folder):
    """The scheme's workbook."""
    folder.mkdir(exist_ok=True)
    book = folder / "方案.xlsx"
    run("scheme", "export", book, "--scheme", written(tree, folder))
    return book


def test_the_workbook_says_what_is_shared_once(tmp_path):
    book = exported(departments(), tmp_path)
    assert examine(book)[0].forms == examine(tmp_path / "方案.toml")[0].forms
    items = [(row["评分表"], row["考核项目"], row["指标编号"]) for row in rows(openpyxl.load_workbook(book), "指标")]
    assert items[:7] == [
        ("重点部门", "一、共同", None),
        ("一般部门", "一、共同", None),
        ("重点部门；一般部门", None, "1.1.1"),
        ("重点部门", "二、重点工作", None),
        ("重点部门", None, "2.1.1"),
        ("一般部门", "二、机关工作", None),
        ("一般部门", None, "2.1.1"),
    ]


def changed(book, sheet, by):
    """A scheme's workbook with 评分表 of the rows of an item written otherwise, by code."""
    opened = openpyxl.load_workbook(book)
    found = opened[sheet]
    labels = {cell.value: cell.column for cell in found[1]}
    for row in found.iter_rows(min_row=2):
        code = row[labels["指标编号"] - 1].value
        if code in by:
            row[labels["评分表"] - 1].value = by[code]
    opened.save(book)


@pytest.mark.parametrize(
    "said", ["共用", "一般部门;重点部门", " 重点部门 ； 一般部门 ", "重点部门；一般部门；重点部门"]
)
def test_how_forms_are_named(said, tmp_path):
    book = exported(departments(), tmp_path)
    wanted = examine(book)[0].forms
    for sheet in ("指标", "填报项", "计分规则"):
        changed(book, sheet, {"1.1.1": said})
    assert examine(book)[0].forms == wanted


def test_a_row_about_a_shared_item_is_about_all_of_it(tmp_path):
    book = exported(departments(), tmp_path)
    wanted = examine(book)[0].forms
    changed(book, "填报项", {"1.1.1": "一般部门"})
    changed(book, "计分规则", {"1.1.1": "重点部门"})
    assert examine(book)[0].forms == wanted


def test_a_section_may_be_written_once_too(tmp_path):
    book = exported(departments(), tmp_path)
    wanted = examine(book)[0].forms
    opened = openpyxl.load_workbook(book)
    opened["指标"].delete_rows(3)
    opened["指标"].cell(2, 1).value = "共用"
    opened.save(book)
    assert examine(book)[0].forms == wanted


def test_forms_of_no_group_write_an_item_once_and_are_compared_apart(tmp_path):
    tree = compared()
    for each in tree["forms"]:
        del each["group"]
    scheme = written(tree, tmp_path)
    assert [each.items[0].rule.field for each in examine(scheme)[0].forms] == [2, 3]
    told = run("scheme", "check", scheme)
    assert "评分表“甲类”：指标 1.1.1 与不在一个排名组的评分表共用，单位只与自己排名组的比较。" in told


def edit(tree, form=1, code="1.1.1", **changes):
    made = copy.deepcopy(tree)
    for each in made["forms"][form]["sections"]:
        for one in each["items"]:
            if one["code"] == code:
                one.update(changes)
    return made


def without_sharing(tree, form=1):
    made = copy.deepcopy(tree)
    for each in made["forms"][form]["sections"]:
        for one in each["items"]:
            one.pop("shared", None)
    return made


def smaller(tree):
    made = copy.deepcopy(tree)
    made["forms"][1]["points"] = 60
    del made["forms"][1]["sections"][1]
    return made


def titled(tree):
    made = copy.deepcopy(tree)
    made["forms"][1]["sections"][0]["title"] = "一、共性"
    return made


def turned():
    made = compared()
    made["forms"][1]["sections"][0]["items"][:2] = made["forms"][1]["sections"][0]["items"][1::-1]
    made["forms"][1]["sections"][0]["items"][0]["rule"]["fact"] = "办件"
    made["forms"][1]["sections"][0]["items"][0]["facts"] = [fact("办件", COUNT)]
    return made


def graded(tree):
    rows_ = [{"form": "重点部门", "name": "优", "at_least": 90}, {"form": "重点部门", "name": "差", "at_least": 0}]
    return copy.deepcopy(tree) | {"grades": rows_}


def called(tree, name):
    made = copy.deepcopy(tree)
    for each in made["forms"]:
        each["group"] = name
    return made


def looking():
    """A shared item that looks at a number which each form asks by itself, and otherwise."""
    made = departments()
    for each, least in zip(made["forms"], [1, 2], strict=True):
        own = item("1.2.1", 40) | {"facts": [fact("数", COUNT, min=least)]}
        shared = item("1.3.1", 60) | {"rule": item("1.3.1", 60, "1.2.1 数")["rule"], "facts": []} | SHARED
        each["sections"] = [section("一、共同", [own, shared], points=100)]
    return made


TREE = departments()
FAULTS = [
    (smaller(TREE), "排名组“责任单位”的评分表满分不同（100、60），不能合并排名"),
    (titled(TREE), "共用的指标 1.1.1 在评分表“重点部门”里属于“一、共同”，在“一般部门”里属于“一、共性”"),
    (without_sharing(TREE), "编号 1.1.1 已是共用的指标"),
    (edit(TREE, text="另一个指标。"), "编号 1.1.1 已是共用的指标"),
    (graded(TREE), "排名组“责任单位”的评分表“重点部门”“一般部门”等次不同，合并排名的要用同样的等次"),
    (called(TREE, "一般部门"), "“group”“一般部门”也是评分表的名称，两张排名会同名"),
    (looking(), "编号 1.3.1 已是共用的指标"),
    (turned(), "排名组“全县”的评分表里，共用的指标先后不同"),
]


@pytest.mark.parametrize(("wrong", "reason"), FAULTS)
def test_what_is_refused(wrong, reason):
    with pytest.raises(SchemeError) as caught:
        build(wrong, "x")
    assert reason in [fault.reason for fault in caught.value.faults]


def test_what_is_refused_in_a_workbook(tmp_path):
    book = exported(departments(), tmp_path)
    changed(book, "指标", {"2.1.1": "县直；一般部门"})
    assert "工作表“指标”，单元格 A6：没有评分表“县直”（共 2 行）。" in run("scheme", "check", book, code=1)
    alone = exported(departments(""), tmp_path / "alone")
    changed(alone, "指标", {"1.1.1": "共用"})
    assert "没有排名组，看不出“共用”是哪几张评分表的" in run("scheme", "check", alone, code=1)
    one = copy.deepcopy(departments())
    one["forms"][1]["group"] = "另一组"
    several = exported(without_sharing(without_sharing(one), 0), tmp_path / "several")
    changed(several, "指标", {"1.1.1": "共用"})
    assert "有 2 个排名组，看不出“共用”是哪一个的" in run("scheme", "check", several, code=1)

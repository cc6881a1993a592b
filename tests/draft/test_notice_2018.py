"""The scheme of 2018 drafted from its own notice: it differs from the built-in one only where 待确认 says so."""

from __future__ import annotations

import pytest
from conftest import SCHEME, run
from notices import WRITERS, round_of_2018

from assess_xlsx.draft import scheme as drafts
from assess_xlsx.draft import source
from assess_xlsx.scheme import file as scheme_file
from assess_xlsx.scheme.book.listing import line_rows

pytestmark = pytest.mark.parametrize("kind", WRITERS)
BUILT_IN = scheme_file.tree()


@pytest.fixture
def notice(tmp_path, kind):
    return WRITERS[kind](tmp_path / f"通知.{kind}", round_of_2018())


def items(tree):
    for form in tree["forms"]:
        for section in form["sections"]:
            for item in section["items"]:
                yield (form["name"], item["code"]), item


def scored(item):
    """How an item is scored, whatever its facts are called: facts by their place, no 口径."""
    places = {fact["label"]: f"#{number}" for number, fact in enumerate(item["facts"], 1)}
    rows = line_rows(item["rule"], {fact["label"]: fact["kind"] for fact in item["facts"]})
    told = [{key: places.get(str(value), value) for key, value in row.items() if key != "口径"} for row in rows]
    return [fact["kind"] for fact in item["facts"]], sorted(map(str, told))


def test_forms_texts_and_points_are_the_notices_own(notice):
    tree = drafts.draft(source.read(notice)).tree
    for key in ("title", "year", "county", "office", "document"):
        assert tree[key] == BUILT_IN[key] or key in tree["open"]
    assert [(unit["name"], unit["form"]) for unit in tree["roster"]] == [
        (unit["name"], unit["form"]) for unit in BUILT_IN["roster"]
    ]
    for drafted, form in zip(tree["forms"], BUILT_IN["forms"], strict=True):
        for key in ("name", "annex", "title", "unit_label", "criteria_label", "points"):
            assert drafted[key] == form[key]
        for section, own in zip(drafted["sections"], form["sections"], strict=True):
            assert {key: section.get(key) for key in ("title", "points", "adds", "deducts")} == {
                key: own.get(key) for key in ("title", "points", "adds", "deducts")
            }
    for (code, drafted), (own_code, item) in zip(items(tree), items(BUILT_IN), strict=True):
        assert code == own_code
        for key in ("method", "content", "text", "points", "adds", "deducts"):
            assert drafted.get(key) == item.get(key), code


def test_what_differs_is_marked(notice):
    tree = drafts.draft(source.read(notice)).tree
    own = dict(items(BUILT_IN))
    differing = {code for code, item in items(tree) if scored(item) != scored(own[code])}
    marked = {code for code, item in items(tree) if "open" in item}
    assert differing <= marked
    assert len(marked) < len(own) // 4
    told = {veto["text"] for veto in tree["vetoes"]}
    assert {veto.text for veto in SCHEME.vetoes if veto.declared} <= told
    assert all("open" in veto for veto in tree["vetoes"])


def test_a_draft_is_checked_and_used_only_once_it_is_confirmed(notice, tmp_path):
    draft = tmp_path / "草稿.xlsx"
    assert "待确认" in run("scheme", "draft", notice, "-o", draft)
    told = run("scheme", "check", draft)
    assert "没有错误：2 张评分表，40 个单位" in told
    assert "都确认了，才能用来发表、汇总" in told
    for words in (("templates", tmp_path / "发表"), ("sample", tmp_path / "练习"), ("collect", tmp_path / "空")):
        (tmp_path / "空").mkdir(exist_ok=True)
        (tmp_path / "空" / "表.txt").write_text("空", "utf-8")
        assert "处待确认，没有写任何文件" in run(*words, "--scheme", draft, code=1)

"""Every workbook that the program writes opens without an offer to repair it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import every_kind
import notices
import pytest
from conftest import package, run
from opens import repairs

from assess_xlsx.forms import form as forms
from assess_xlsx.scheme.tree import SchemeError

OTHER = Path(__file__).parents[1] / "data" / "fictional-scheme.xlsx"


@pytest.mark.parametrize("scheme", ["built-in", "every kind", "another office's"])
def test_every_workbook_just_opens(tmp_path, scheme):
    words = []
    if scheme != "built-in":
        path = OTHER
        if scheme == "every kind":
            path = tmp_path / "方案.toml"
            path.write_text(every_kind.toml(every_kind.TREE), "utf-8")
        words = ["--scheme", path]
    run("templates", tmp_path / "t", "--per-unit", *words)
    run("sample", tmp_path / "in", "--faults", *words)
    run("collect", tmp_path / "in", "-o", tmp_path / "out", "--feedback", *words)
    run("collect", tmp_path / "in", "-o", tmp_path / "out", "--since", tmp_path / "out" / "考核结果汇总.xlsx", *words)
    run("scheme", "export", tmp_path / "方案.xlsx", *words)
    paths = sorted(path for path in tmp_path.rglob("*.xlsx") if path.parent.name not in ("各单位", "反馈", "in"))
    for folder in (tmp_path / "t" / "各单位", tmp_path / "out" / "反馈", tmp_path / "in"):
        paths += sorted(folder.iterdir())[::9]
    assert len(paths) > 10
    assert {str(path): found for path in paths if (found := repairs(path))} == {}


def test_a_draft_just_opens(tmp_path):
    run(
        "scheme",
        "draft",
        notices.write_docx(tmp_path / "通知.docx", notices.round_of_2018()),
        "-o",
        tmp_path / "草稿.xlsx",
    )
    assert repairs(tmp_path / "草稿.xlsx") == []


def choice(*lengths):
    """A form that asks one question, with options of so many characters."""
    options = [chr(ord("甲") + place) * length for place, length in enumerate(lengths)]
    asked = every_kind.fact("选" * 60, {"kind": "选项", "options": options})
    scores = dict.fromkeys(options, 0) | {options[0]: 3}
    return every_kind.only_item({"points": 3}, [asked], {"kind": "choice", "fact": asked["label"], "scores": scores})


def test_the_longest_choice_that_is_let_in_just_opens(tmp_path):
    """校验 lists all options in one text of a formula, which holds 255 characters."""
    forms.write(tmp_path / "x.xlsx", every_kind.SCHEME, choice(60, 60, 60, 57))
    assert repairs(tmp_path / "x.xlsx") == []
    with pytest.raises(SchemeError, match="选项合计超过 255 个字符"):
        choice(60, 60, 60, 58)


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    folder = tmp_path_factory.mktemp("t")
    run("templates", folder)
    return folder / "附件3_乡镇评分表.xlsx"


@pytest.mark.parametrize(
    ("part", "was", "becomes", "told"),
    [
        ("xl/worksheets/sheet1.xml", b"<mergeCell ", b'<mergeCell ref="A1:C9"/><mergeCell ', "merged cells overlap"),
        ("xl/worksheets/sheet1.xml", b"<pageMargins", b"<tableParts/><pageMargins", "parts out of order"),
        ("xl/worksheets/sheet1.xml", b"</f>", b"+XLOOKUP(A1,A:A,A:A)</f>", "XLOOKUP is not known"),
        ("xl/worksheets/sheet1.xml", b"</f>", b"+IF(A1,(1)</f>", "brackets do not match"),
        ("xl/worksheets/sheet1.xml", b"</f>", "+没有!A1</f>".encode(), "a formula looks at 没有"),
        ("xl/worksheets/sheet1.xml", b'" s="', b'" s="99', "its look is not there"),
        ("xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="1"', "row 1 out of order"),
        ("xl/worksheets/sheet1.xml", b'prompt="', b'prompt="' + b"x" * 255, "prompt is too long"),
        ("xl/workbook.xml", b'r:id="rId1"', b'r:id="rId99"', "leads nowhere"),
        ("xl/_rels/workbook.xml.rels", b"styles.xml", b"stile.xml", "which is not there"),
        ("[Content_Types].xml", b'Extension="xml"', b'Extension="xlm"', "of no type"),
        ("xl/sharedStrings.xml", b"<t>", b"<t>" + b"x" * 32_768, "too long"),
    ],
)
def test_what_would_be_repaired_is_found(tmp_path, form, part, was, becomes, told):
    with zipfile.ZipFile(form) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert was in parts[part]
    parts[part] = parts[part].replace(was, becomes, 1)
    path = tmp_path / "x.xlsx"
    path.write_bytes(package(parts))
    assert told in "\n".join(repairs(path))

"""The names of a workbook's sheets, read without loading any of them."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest

from assess_xlsx.excel.ooxml import MOST_INDEX, sheet_names


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "总览"
    made.create_sheet("定稿清单")
    made.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def rewritten(path, change):
    """The same package with what ``change`` makes of each part: its name and content."""
    target = path.with_name("b.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return target


def test_the_names(book):
    assert sheet_names(book) == {"总览", "定稿清单"}


def test_the_main_part_is_what_the_package_says(book):
    moved = rewritten(
        book,
        lambda name, data: (
            name.replace("xl/workbook.xml", "xl/main.xml"),
            data.replace(b"xl/workbook.xml", b"xl/main.xml"),
        ),
    )
    assert sheet_names(moved) == {"总览", "定稿清单"}


def test_where_it_does_not_tell(book, tmp_path):
    (tmp_path / "c.xlsx").write_bytes(b"PK\3\4 no archive")
    (tmp_path / "folder.xlsx").mkdir()
    huge = rewritten(book, lambda n, data: (n, data + b" " * MOST_INDEX if n == "xl/workbook.xml" else data))
    bare = rewritten(book, lambda n, data: (n, b"<a" if n == "_rels/.rels" else data))
    for path in (tmp_path / "c.xlsx", tmp_path / "folder.xlsx", tmp_path / "none.xlsx", huge, bare):
        assert sheet_names(path) is None, path.name

"""The seal on a workbook: a copy keeps it, whatever changes the file breaks it, no reader minds it."""

from __future__ import annotations

import io
import shutil
import zipfile

import openpyxl
import pytest
from conftest import COUNTY, SCHEME, convert, run
from python_calamine import CalamineWorkbook

from assess_xlsx.forms import form as forms
from assess_xlsx.output.seal import seal, sealed_by

_BLANK = io.BytesIO()
forms.write(_BLANK, SCHEME, COUNTY)


@pytest.fixture
def sealed(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(_BLANK.getvalue())
    seal(path, "templates")
    return path


def saved_anew(path):
    openpyxl.load_workbook(path).save(path)


def part_added(path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x.xml", "<x/>")


def byte_changed(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def other_command(path):
    path.write_bytes(path.read_bytes().replace(b"assess-xlsx templates ", b"assess-xlsx collected "))


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def lengthened(path):
    path.write_bytes(path.read_bytes() + b"\n")


def the_comment_on_another(path):
    comment = zipfile.ZipFile(path).comment
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.xml", "<x/>")
        archive.comment = comment


@pytest.mark.parametrize(
    "change", [saved_anew, part_added, byte_changed, other_command, cut, lengthened, the_comment_on_another]
)
def test_whatever_changes_the_file_breaks_the_seal(sealed, change):
    assert sealed_by(sealed) == "templates"
    change(sealed)
    assert sealed_by(sealed) == ""


@pytest.mark.parametrize("content", [b"", b"x", b"assess-xlsx templates ", b"assess-xlsx templates " + b"0" * 64])
def test_other_files_bear_none(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert sealed_by(tmp_path / "a.xlsx") == ""


def test_a_copy_keeps_it_and_readers_do_not_mind(sealed):
    assert sealed_by(shutil.copy(sealed, sealed.with_name("b.xlsx"))) == "templates"
    assert openpyxl.load_workbook(sealed).sheetnames == CalamineWorkbook.from_path(sealed).sheet_names
    assert "“考核单位”一栏没有填写" in run("check", sealed, code=1)


@pytest.mark.office
def test_libreoffice_opens_it_and_saves_without(sealed, tmp_path):
    saved = convert("xlsx", tmp_path / "saved", sealed) / sealed.name
    assert openpyxl.load_workbook(saved).sheetnames == openpyxl.load_workbook(sealed).sheetnames
    assert sealed_by(saved) == ""

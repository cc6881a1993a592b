"""What a reader opens is what the guard has seen."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from conftest import COUNTY, cell_of, filled_form, good_answers
from hypothesis import given
from hypothesis import strategies as st

from assess_xlsx.excel.formats import Format
from assess_xlsx.excel.guard import inspect
from assess_xlsx.excel.package import Part, stored
from assess_xlsx.excel.read import Workbook

NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=40)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=8))
def test_what_is_put_together_is_a_sound_archive_of_the_same_parts(contents):
    parts = {name: Part(content, zlib.crc32(content)) for name, content in contents.items()}
    with zipfile.ZipFile(io.BytesIO(stored(parts))) as archive:
        assert archive.testzip() is None
        assert {part.filename: archive.read(part) for part in archive.infolist()} == contents
        assert archive.namelist() == list(contents)
        assert {part.compress_type for part in archive.infolist()} <= {zipfile.ZIP_STORED}


def test_of_a_part_that_stands_twice_both_look_at_the_same(tmp_path):
    label, part = "网上可办率", "xl/worksheets/sheet1.xml"
    cell = cell_of(COUNTY, label)
    filled_form(COUNTY, "县残联", good_answers(COUNTY) | {label: 0.5}).save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as archive:
        other = archive.read(part).replace(b"<v>0.5</v>", b"<v>0.75</v>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(part, other)
    data = (tmp_path / "a.xlsx").read_bytes()
    assert inspect(data, Format.XLSX)[part].content == other
    assert Workbook(data, Format.XLSX).sheets[0].at(int(cell[1:]) - 1, ord(cell[0]) - ord("A")) == 0.75

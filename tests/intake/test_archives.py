"""Zip archives: each member has its own verdict, and none costs another."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

import pytest
from conftest import form_data, received

from assess_xlsx.excel import guard

GOOD = "县气象局.xlsx"


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """An archive of members as named, twice if named twice."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            info = zipfile.ZipInfo("x", (2019, 1, 8, 10, 0, 0))
            info.filename, info.compress_type = name, method
            archive.writestr(info, data)
    return target.getvalue()


def last(data, local, central, value):
    """The archive with a field of its last member changed: ``local``, ``central`` are its places in the headings."""
    changed = bytearray(data)
    for mark, place in ((b"PK\3\4", local), (b"PK\1\2", central)):
        if place is not None:
            at = data.rindex(mark) + place
            changed[at : at + len(value)] = value
    return bytes(changed)


def with_good(name="x.xlsx", content=b"nothing" * 50):
    return zipped((GOOD, form_data("县气象局")), (name, content))


BIG = b" " * (guard.MOST_INFLATED + 1)


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (lambda: last(with_good(), None, 16, b"\1\2\3\4"), "x.xlsx", "损坏"),
        (lambda: last(with_good(), None, 42, struct.pack("<I", 1 << 30)), "x.xlsx", "损坏"),
        (lambda: last(with_good(), None, 24, struct.pack("<I", 3)), "x.xlsx", "损坏"),
        (lambda: last(with_good(), 6, 8, b"\1"), "x.xlsx", "密码"),
        (lambda: last(with_good(), 8, 10, b"\x61"), "x.xlsx", "压缩方式"),
        (lambda: with_good("x.mp4", BIG), "x.mp4", "展开后过大"),
        (lambda: zipped(("x.mp4", BIG), (GOOD, form_data("县气象局"))), "x.mp4", "展开后过大"),
        (lambda: with_good("", b"\xff\xd8\xff"), "未命名2", ""),
        (lambda: with_good("/", zipped(("y.xlsx", b""))), "未命名2.zip", "里的压缩包"),
        (lambda: with_good("甲\\乙\\x.xlsx"), "甲/乙/x.xlsx", ""),
        (lambda: with_good("名.xlsx").replace("名".encode(), "中a".encode("gbk")), "中a.xlsx", ""),
        (lambda: with_good("./甲//x.xlsx"), "甲/x.xlsx", ""),
    ],
)
def test_a_bad_member_costs_itself_alone(tmp_path, make, name, words):
    documents = {each.source.name: each for each in received(tmp_path, {"a.zip": make()}).documents}
    assert set(documents) == {"a.zip", f"a.zip/{GOOD}", f"a.zip/{name}"}
    assert documents["a.zip"].reason == "内含 2 个文件"
    assert documents[f"a.zip/{GOOD}"].result == "采用"
    bad = documents[f"a.zip/{name}"]
    assert bad.result in ("无法读取", "佐证材料")
    assert words in bad.reason


def test_two_members_of_one_name_are_read_each(tmp_path):
    data = zipped(*((GOOD, form_data(unit)) for unit in ("县气象局", "县残联")), (GOOD, form_data("县气象局")))
    found = received(tmp_path, {"a.zip": data}).documents
    assert [each.result for each in found] == ["已展开", "重复", "单位不明", "采用"]
    assert len({each.source.origin for each in found}) == 4


@pytest.mark.parametrize("members", [(), (("空的/", b""),), (("Thumbs.db", b"x"),)])
def test_an_empty_archive_is_a_problem(tmp_path, members):
    found = received(tmp_path, {"a.zip": zipped(*members)})
    (problem,) = found.problems
    assert (problem.level, problem.place.source.name) == ("错误", "a.zip")
    assert "空" in problem.text
    assert found.documents[0].result == "已展开"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: with_good()[:-30], "损坏"),
        (lambda: zipped(*((f"{n}.txt", b"") for n in range(guard.MOST_PARTS + 1))), "过多"),
    ],
)
def test_an_archive_as_a_whole_is_refused(tmp_path, make, words):
    (document,) = received(tmp_path, {"a.zip": make()}).documents
    assert document.result == "无法读取"
    assert words in document.reason


def test_no_more_is_inflated_than_the_limit(monkeypatch, tmp_path):
    """In sum, over all members; what is over is told member by member."""
    monkeypatch.setattr("assess_xlsx.intake.archives.MOST_INFLATED", 1000)
    found = received(tmp_path, {"a.zip": zipped(*((f"{n}.txt", b"x" * 400) for n in range(4)))})
    assert ["过大" in each.reason for each in found.documents] == [False, False, False, True, True]

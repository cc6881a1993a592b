"""What is in parts: which program made it, what is locked, what opens without asking, when it was saved."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile

import openpyxl
import pytest
from conftest import COUNTY, collect, convert, filled_form, good_answers, package, rows
from msoffcrypto.format.ooxml import OOXMLFile

from assess_xlsx.excel.formats import Foreign, Format, Unreadable, identify
from assess_xlsx.excel.read import Workbook
from assess_xlsx.excel.unlock import DEFAULT_PASSWORD


def book():
    target = io.BytesIO()
    made = openpyxl.Workbook()
    made.active["A1"] = "字"
    made.save(target)
    return target.getvalue()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def renamed(change):
    return package({change(name): content for name, content in parts(book()).items()})


def ole(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 480


def old(*records):
    """An old workbook's beginning: records of a kind and a content."""
    return ole("Workbook") + b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)


BEGIN = (0x0809, bytes(16))
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = f'<Types><Override PartName="/{{0}}" ContentType="{WORD_TYPE}"/></Types>'
LINKS = '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="{0}"/></Relationships>'


def document(main):
    """A text document whose main part is called so."""
    return {"[Content_Types].xml": TYPES.format(main), "_rels/.rels": LINKS.format(main), main: "<x/>"}


OPEN = "application/vnd.oasis.opendocument."


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (book(), Format.XLSX),
        (renamed(lambda name: name.replace("[Content_Types]", "[content_types]")), Format.XLSX),
        (renamed(lambda name: f"/{name}"), Format.XLSX),
        (renamed(lambda name: name.replace("/", "\\")), Format.XLSX),
        (package({"mimetype": OPEN + "spreadsheet", "content.xml": "<x/>"}), Format.ODS),
        (
            package({"META-INF/manifest.xml": f'<x media-type="{OPEN}spreadsheet"/>', "content.xml": "<x/>"}),
            Format.ODS,
        ),
        (package({"表.xlsx": b"", "index.zip": b""}), Format.ZIP),
        (package({"表.xls": b"", "[Content_Types].xml": b""}), Format.ZIP),
        (package({"照片.jpg": b""}), Format.ZIP),
        (old(BEGIN), Format.XLS),
        (old(BEGIN, (0x2F, bytes(54))), Format.LOCKED),
        (old(BEGIN, (0x86, b""), (0x2F, bytes(54))), Format.LOCKED),
        (ole("EncryptedPackage"), Format.LOCKED),
    ],
)
def test_what_a_file_is(data, kind):
    assert identify(data) is kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (package({"Index/Document.iwa": b"", "Metadata/x": b""}), "Numbers"),
        (package({"Index.zip": b"", "preview.jpg": b""}), "Numbers"),
        (package({"OFD.xml": b"<x/>", "Doc_0/Document.xml": b"<x/>"}), "OFD"),
        (package({"mimetype": "application/epub+zip"}), "其他程序"),
        (package({"mimetype": OPEN + "text", "content.xml": "<x/>"}), "文字文档"),
        (package({"mimetype": OPEN + "spreadsheet", "META-INF/manifest.xml": "<encryption-data/>"}), "密码"),
        (package(document("word/document.xml")), "Word"),
        (package(document("text/main.xml")), "Word"),
        (package({name.lower(): content for name, content in document("Word/document.xml").items()}), "Word"),
        (package({"[Content_Types].xml": "<Types/>", "FixedDocSeq.fdseq": "<x/>"}), "其他程序"),
        (package({"[Content_Types].xml": "<Types/>", "xl/styles.xml": "<x/>"}), "损坏"),
    ],
)
def test_what_is_no_workbook_is_told_for_what_it_is(data, words):
    with pytest.raises(Unreadable) as told:
        Workbook(data, identify(data))
    assert words in told.value.reason
    assert isinstance(told.value, Foreign) == (words not in ("Numbers", "密码", "损坏"))


def encrypted(password):
    target, plain = io.BytesIO(), io.BytesIO()
    filled_form(COUNTY, "县残联", good_answers(COUNTY)).save(plain)
    plain.seek(0)
    OOXMLFile(plain).encrypt(password, target)
    return target.getvalue()


def test_excels_own_password_opens_and_anybody_elses_does_not(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "写保护.xlsx").write_bytes(encrypted(DEFAULT_PASSWORD))
    (tmp_path / "in" / "加密.xlsx").write_bytes(encrypted("abc123"))
    listed = {row["文件"]: row for row in rows(collect(tmp_path / "in"), "文件清单")}
    assert listed["写保护.xlsx"]["处理结果"] == "采用"
    assert listed["加密.xlsx"]["处理结果"] == "无法读取"
    assert "密码" in listed["加密.xlsx"]["原因"]


@pytest.mark.office
def test_an_open_document_with_white_space_between_its_tags(tmp_path):
    """As Gnumeric writes it."""
    (tmp_path / "a.xlsx").write_bytes(book())
    made = parts((convert("ods", tmp_path / "made", tmp_path / "a.xlsx") / "a.ods").read_bytes())
    made["content.xml"] = (
        made["content.xml"].replace(b"><table:", b">\n  <table:").replace(b"><text:p", b">\n <text:p")
    )
    data = package(made)
    assert Workbook(data, identify(data)).sheets[0].at(0, 0) == "字"


CORE = "docProps/core.xml"


@pytest.mark.parametrize(
    "name", [CORE, "docProps/core0.xml", "package/services/metadata/core-properties/6e0b.psmdcp"]
)
def test_the_time_of_the_last_save_is_found_wherever_it_stands(name):
    made = {part: content.replace(CORE.encode(), name.encode()) for part, content in parts(book()).items()}
    made[name] = made.pop(CORE)
    made[name] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2019-03-10T08:00:00Z", made[name])
    data = package(made)
    assert Workbook(data, identify(data)).modified() == dt.datetime(2019, 3, 10, 8, tzinfo=dt.UTC)

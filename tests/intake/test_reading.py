"""Any file that comes back: read, or listed with the right 处理结果 and a reason a clerk can act on."""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import time
import zipfile
from email.message import EmailMessage
from types import SimpleNamespace

import openpyxl
import pytest
from conftest import COUNTY, SCHEME, TOWN, cell_of, collect, convert, filled_form, good_answers, grid, rows, save
from python_calamine import CalamineError, CalamineWorkbook

from assess_xlsx import workers
from assess_xlsx.intake import reading
from assess_xlsx.intake.files import Found
from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import FORM_SHEET, FormLayout

UNIT = "县残联"


def form_bytes(unit=UNIT, **changes):
    target = io.BytesIO()
    filled_form(COUNTY, unit, good_answers(COUNTY) | changes).save(target)
    return target.getvalue()


def rezipped(data, change):
    """The parts of a workbook, changed, in a sound archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def in_sheet(old, new):
    def change(name, content):
        return content.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else content

    return rezipped(form_bytes(), change)


SST = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="9223372036854775808"/>'


def with_part(name, content):
    target = io.BytesIO(form_bytes())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, content)
    return target.getvalue()


def bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (200 << 20))
    return target.getvalue()


def flipped(data):
    """One byte inside a compressed part is wrong: its CRC tells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    place = part.header_offset + 200
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


def moved(data, place):
    """The archive's directory says that its first part stands elsewhere."""
    entry = data.find(b"PK\x01\x02")
    return data[: entry + 42] + place.to_bytes(4, "little") + data[entry + 46 :]


def ole(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 600


def word():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return target.getvalue()


def encrypted_zip():
    data = bytearray(form_bytes())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = data.find(mark)
        while start >= 0:
            data[start + place] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
PREFIXED = '<甲-x:row r="1048576"><甲-x:c r="XFD1048576"><甲-x:v>1</甲-x:v></甲-x:c></甲-x:row></sheetData>'.encode()
HOSTILE = {
    "空.xlsx": (lambda: b"", "无法读取", "空文件"),
    "截断.xlsx": (lambda: form_bytes()[:9000], "无法读取", "损坏"),
    "校验和.xlsx": (lambda: flipped(form_bytes()), "无法读取", "损坏"),
    "错位.xlsx": (lambda: moved(form_bytes(), 100), "无法读取", "损坏"),
    "没有的位置.xlsx": (lambda: moved(form_bytes(), 1 << 31), "无法读取", "损坏"),
    "密码.xlsx": (lambda: ole("EncryptedPackage"), "无法读取", "密码"),
    "密码压缩.xlsx": (encrypted_zip, "无法读取", "密码"),
    "网页.xls": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "无法读取", "网页"),
    "逗号.xlsx": (lambda: "指标编号,填报项\n".encode("gbk"), "无法读取", "纯文本"),
    "老XML.xls": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "无法读取",
        "XML 表格 2003",
    ),
    "文档.pdf": (lambda: b"%PDF-1.7 ...", "无法读取", "PDF"),
    "文档.docx": (word, "无法读取", "Word"),
    "文档.doc": (lambda: ole("WordDocument"), "无法读取", "Word"),
    "邮件.msg": (lambda: ole("__properties_version1.0"), "无法读取", "Outlook"),
    "包.rar": (lambda: b"Rar!\x1a\x07\x00....", "无法读取", "RAR"),
    "包.7z": (lambda: b"7z\xbc\xaf\x27\x1c....", "无法读取", "7z"),
    "照片.jpg": (lambda: b"\xff\xd8\xff\xe0....", "无法读取", "图片"),
    "炸弹.xlsx": (bomb, "无法读取", "展开后过大"),
    "实体.xlsx": (
        lambda: in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        "无法读取",
        "DOCTYPE",
    ),
    "远处.xlsx": (lambda: in_sheet(b"</sheetData>", FAR), "无法读取", "XFD1048576"),
    "远处换行.xlsx": (lambda: in_sheet(b"</sheetData>", FAR.replace(b" r=", b"\nr =")), "无法读取", "XFD1048576"),
    "远处前缀.xlsx": (lambda: in_sheet(b"</sheetData>", PREFIXED), "无法读取", "XFD1048576"),
    "越界行.xlsx": (lambda: in_sheet(b"</sheetData>", FAR.replace(b"1048576", b"4294967296")), "无法读取", "超出"),
    "越界列.xlsx": (lambda: in_sheet(b"</sheetData>", FAR.replace(b"XFD", b"ZZZZZZ")), "无法读取", "超出"),
    "文字表.xlsx": (lambda: with_part("xl/sharedStrings.xml", SST), "无法读取", "数目异常"),
    "文字表空格.xlsx": (lambda: with_part("xl/sharedStrings.xml", SST.replace(b"=", b" = ")), "无法读取", "数目异常"),
    "老壳.xls": (lambda: ole("Workbook"), "无法读取", ""),
    "别的表.xlsx": (lambda: _saved(openpyxl.Workbook()), "不是评分表", "找不到评分表"),
    "~$锁.xlsx": (lambda: b"lock", "忽略", "临时文件"),
    "._mac.xlsx": (lambda: b"\0\5\x16\7", "忽略", "临时文件"),
    "无名.xlsx": (lambda: form_bytes(None), "单位不明", "没有填写"),
    "近似.xlsx": (lambda: form_bytes("县发展改革局"), "单位不明", "是否为“县发展改革委”"),
    "乡镇用错.xlsx": (lambda: form_bytes("城关镇"), "表格类型不符", "应填乡镇评分表"),
    "县司法局.xlsx": (lambda: form_bytes("县公安局"), "单位不明", "文件名却指向“县司法局”"),
}


def _saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def file_rows(result):
    return {row["文件"]: row for row in rows(result, "文件清单")}


def test_the_whole_hostile_set_beside_good_forms(tmp_path):
    """Every bad file ends with its verdict; the good forms' scores are untouched; the run keeps its limit."""
    good = tmp_path / "good"
    for form in SCHEME.forms:
        for unit in form.units:
            save(filled_form(form, unit.name, good_answers(form)), good / f"{unit.number:02d}.xlsx")
    alone = collect(good)
    mixed = tmp_path / "mixed"
    for path in good.iterdir():
        (mixed / path.name).parent.mkdir(exist_ok=True)
        (mixed / path.name).write_bytes(path.read_bytes())
    for name, (make, _, _) in HOSTILE.items():
        (mixed / name).write_bytes(make())
    os.mkfifo(mixed / "管道.xlsx")
    (mixed / "断链.xlsx").symlink_to(tmp_path / "nowhere.xlsx")
    (mixed / "链接夹").symlink_to(tmp_path)
    begun = time.monotonic()
    result = collect(mixed)
    assert time.monotonic() - begun < 2 * workers.SECONDS
    listed = file_rows(result)
    for name, (_, outcome, words) in HOSTILE.items():
        assert listed[name]["处理结果"] == outcome, (name, listed[name])
        assert words in listed[name]["原因"], (name, listed[name]["原因"])
    assert listed["管道.xlsx"]["处理结果"] == "忽略"
    assert listed["断链.xlsx"]["处理结果"] == "无法读取"
    assert listed["链接夹"]["处理结果"] == "无法读取"
    assert len(listed) == 40 + len(HOSTILE) + 3
    for sheet in ("得分明细", "县直排名", "乡镇排名"):
        assert rows(result, sheet) == rows(alone, sheet)


class GbkName(zipfile.ZipInfo):
    """A member as Chinese Windows writes it: its name in GBK, and no flag that says so."""

    def _encodeFilenameFlags(self):  # noqa: N802 - zipfile's own name
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_archives_and_mails_are_opened_one_level_deep(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.xlsx", form_bytes("县司法局"))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr(GbkName("报表/02-县残联.xlsx", (2019, 1, 8, 10, 0, 0)), form_bytes())
        archive.writestr("报表/", b"")
        archive.writestr("Thumbs.db", b"x")
        archive.writestr("../../逃.xlsx", form_bytes("县气象局"))
        archive.writestr("内层.zip", inner.getvalue())
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "a@example.org", "考核表", "Tue, 8 Jan 2019 10:00:00 +0800"
    mail.set_content("请查收")
    mail.add_attachment(
        form_bytes("县公安局"), maintype="application", subtype="octet-stream", filename="县公安局评分表.xlsx"
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "全部.zip").write_bytes(outer.getvalue())
    (folder / "来信.eml").write_bytes(bytes(mail))
    listed = file_rows(collect(folder))
    assert {name: row["处理结果"] for name, row in listed.items()} == {
        "全部.zip": "已展开",
        "全部.zip/报表/02-县残联.xlsx": "采用",
        "全部.zip/Thumbs.db": "忽略",
        "全部.zip/../../逃.xlsx": "采用",
        "全部.zip/内层.zip": "无法读取",
        "来信.eml": "已展开",
        "来信.eml/县公安局评分表.xlsx": "采用",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "in-out"]


def xlsb(table):
    """A binary workbook of one sheet: no program here writes one, so its records are put together by hand."""

    def record(kind, content=b""):
        head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, length = len(content), b""
        while True:
            length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
            size >>= 7
            if not size:
                return head + length + content

    def text(value):
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    cells = b""
    for row, values in enumerate(table):
        cells += record(0, struct.pack("<I", row) + bytes(13))
        for column, value in enumerate(values):
            place = struct.pack("<II", column, 0)
            if isinstance(value, str) and value:
                cells += record(6, place + text(value))
            elif isinstance(value, int | float):
                cells += record(5, place + struct.pack("<d", value))
            elif isinstance(value, tuple):  # a record as it stands
                cells += record(value[0], place + value[1])
    size = struct.pack("<IIII", 0, len(table) - 1, 0, 12)
    sheet = record(0x81) + record(0x94, size) + record(0x91) + cells + record(0x92) + record(0x82)
    bundle = struct.pack("<II", 0, 1) + text("rId1") + text("评分表")
    book = record(0x83) + record(0x8F) + record(0x9C, bundle) + record(0x90) + record(0x84)
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006"

    def links(kind, target):
        return (
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/relationships/{kind}" Target="{target}"/></Relationships>'
        )

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        archive.writestr("_rels/.rels", links("officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", links("worksheet", "worksheets/sheet1.bin"))
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return target.getvalue()


def test_a_binary_workbook_gives_the_same_answers(tmp_path):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY) | {"网上可办率": 0.7})
    save(book, tmp_path / "x" / "a.xlsx")
    table = [
        ["" if value is None or str(value).startswith("=") else value for value in row]
        for row in book[FORM_SHEET].iter_rows(values_only=True)
    ]
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.xlsx").write_bytes(xlsb(table))
    found = collect(tmp_path / "b")
    assert file_rows(found)["a.xlsx"]["处理结果"] == "采用"
    assert rows(found, "得分明细") == rows(collect(tmp_path / "x"), "得分明细")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ((3, b"\x2a"), "错误值“#N/A”"),
        ((11, b"\x07" + bytes(6)), "错误值“#DIV/0!”"),
        ((8, bytes(12)), "没有保存计算结果"),
        ((5, b"\1\2"), "文件已损坏"),
        ((2, b""), "文件已损坏"),
    ],
)
def test_what_a_binary_workbook_says_of_a_cell(tmp_path, record, words):
    cells = grid(COUNTY, UNIT, good_answers(COUNTY))
    cells[FormLayout.of(COUNTY).rows["2.3.3 年度累计办件量"]][8] = record
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(xlsb(cells))
    (error,) = [row for row in rows(collect(tmp_path / "in"), "问题清单") if row["级别"] == "错误"]
    assert words in error["问题"]


def whole(form):
    return filled_form(form, form.units[1].name, good_answers(form) | {"网上可办率": 0.7012})


def damaged():
    """Rows inserted and sorted, columns moved, the sheet renamed."""
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY) | {"缺少的制度项数": 1, "网上可办率": 0.8})
    sheet, layout = book[FORM_SHEET], FormLayout.of(COUNTY)
    for each in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(each))
    first, last = layout.first_row + 1, layout.last_row + 1
    table = [[cell.value for cell in sheet[row]] for row in range(first, last + 1)]
    for row, cells in zip(range(first, last + 1), reversed(table), strict=True):
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column).value = None if column in (6, 12) else value
    sheet.insert_rows(2, 4)
    sheet.insert_cols(3, 2)
    sheet.title = "县残联上报"
    return book


@pytest.fixture(scope="module")
def saved_again(tmp_path_factory):
    """Both forms and the damaged one as they are, and what LibreOffice makes of them in each format, by its name."""
    folder = tmp_path_factory.mktemp("formats")
    files = [save(whole(form), folder / "as-is" / f"{form.name}.xlsx") for form in SCHEME.forms]
    files.append(save(damaged(), folder / "as-is" / "damaged.xlsx"))
    for kind in ("xlsx", "ods", "xls"):
        convert(kind, folder / kind, *files)
    return folder


@pytest.mark.office
@pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)
def test_other_formats_give_the_same_answers(saved_again, tmp_path, form):
    """Saved again as xlsx, ods and xls (and WPS's .et, which is the same inside), under any extension."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes((saved_again / "as-is" / f"{form.name}.xlsx").read_bytes())
    expected = rows(collect(tmp_path / "in"), "得分明细")
    for kind in ("xlsx", "ods", "xls"):
        made = saved_again / kind / f"{form.name}.{kind}"
        for name in sorted({f"a.{kind}", "a.et", "a.xlsx", "a.xlsm"}):
            folder = tmp_path / "run" / f"{kind}-{name}"
            folder.mkdir(parents=True)
            (folder / name).write_bytes(made.read_bytes())
            result = collect(folder)
            assert file_rows(result)[name]["处理结果"] == "采用", (kind, name)
            found = rows(result, "得分明细")
            assert list(map(_told, found)) == list(map(_told, expected)), (kind, name)


def _told(row):
    """A row of 得分明细 but for what depends on the file: its name, and whether its formulas were calculated."""
    return {label: value for label, value in row.items() if label not in ("自评分", "来源")}


@pytest.mark.office
def test_damage_before_saving_again_changes_nothing(saved_again, tmp_path):
    """Rows inserted and sorted, columns moved, the sheet renamed, then saved by another program."""
    for kind in ("as-is", "xlsx", "ods", "xls"):
        (tmp_path / kind).mkdir()
        (made,) = (saved_again / kind).glob("damaged.*")
        (tmp_path / kind / f"a{made.suffix}").write_bytes(made.read_bytes())
    plain = collect(tmp_path / "as-is")
    score = {row["指标编号"]: row["最终得分"] for row in rows(plain, "得分明细")}
    assert (score["1.4.1"], score["2.2.2"], score["1.1.1"]) == (1, 1, 3)
    assert [row for row in rows(plain, "问题清单") if row["级别"] == "错误"] == []
    for kind in ("xlsx", "ods", "xls"):
        result = collect(tmp_path / kind)
        assert {row["指标编号"]: row["最终得分"] for row in rows(result, "得分明细")} == score


def test_openpyxl_stands_in_where_calamine_fails(tmp_path):
    """A cell of a type that no program knows stops calamine, and other programs read on."""
    odd = b'<row r="400"><c r="A400" t="odd"><v>1</v></c></row></sheetData>'
    data = in_sheet(b"</sheetData>", odd)
    with pytest.raises(CalamineError):
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    for name, content in (("odd", data), ("plain", form_bytes())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.xlsx").write_bytes(content)
    odd_result, plain = collect(tmp_path / "odd"), collect(tmp_path / "plain")
    assert file_rows(odd_result)["a.xlsx"]["处理结果"] == "采用"
    assert rows(odd_result, "得分明细") == rows(plain, "得分明细")


def test_copies_of_the_sheet(tmp_path):
    """A second opinion that agrees is noted; one that disagrees is an error, never a silent choice."""
    for name, changed in (("same", None), ("other", 1)):
        book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
        copy = book.copy_worksheet(book[FORM_SHEET])
        copy.title = "评分表 (2)"
        if changed is not None:
            copy[cell_of(COUNTY, "缺少的制度项数")].value = changed
        save(book, tmp_path / name / "a.xlsx")
    same, other = collect(tmp_path / "same"), collect(tmp_path / "other")
    assert not any(row["级别"] == "错误" for row in rows(same, "问题清单"))
    assert any("副本" in row["问题"] for row in rows(same, "问题清单"))
    (error,) = [row for row in rows(other, "问题清单") if row["级别"] == "错误"]
    assert error["填报项"] == "缺少的制度项数"


def test_edited_official_text_is_listed(tmp_path):
    book = filled_form(COUNTY, UNIT, good_answers(COUNTY))
    row = FormLayout.of(COUNTY).item_span(COUNTY.items[0])[0] + 1
    book[FORM_SHEET].cell(row, 4).value = "全部进驻记30分"
    save(book, tmp_path / "in" / "a.xlsx")
    found = [row for row in rows(collect(tmp_path / "in"), "问题清单") if "官方文字" in row["问题"]]
    assert [(each["指标编号"], each["单元格"]) for each in found] == [("1.1.1", f"D{row}")]


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("台前县人力资源和社会保障局", "县人社局"),
        ("人力资源和社会保障局", "县人社局"),
        ("台前县公安局", "县公安局"),
        ("公安局", "县公安局"),
        ("县 发改委", "县发展改革委"),
        ("台前县住房和城乡建设局", "县住建局"),
        ("残联", "县残联"),
    ],
)
def test_full_and_older_names(tmp_path, said, unit):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(form_bytes(said))
    result = collect(tmp_path / "in")
    assert file_rows(result)["a.xlsx"]["考核单位"] == unit
    assert any(f"按“{unit}”读取" in row["问题"] for row in rows(result, "问题清单"))


def test_nothing_typed_breaks_the_result(tmp_path):
    """Formulas, links, control characters, lone surrogates and endless texts stay texts."""
    evil = ['=HYPERLINK("http://x","y")', "http://x", "x" * 40_000, "坏\x01字", "+1-1", "@SUM(A1)"]
    answers = good_answers(COUNTY)
    labels = [fact.label for fact in COUNTY.facts if fact.must and fact not in COUNTY.declarations][: len(evil)]
    book = filled_form(COUNTY, UNIT, answers)
    path = save(book, tmp_path / "in" / "a.xlsx")
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    for label, text in zip(labels, evil, strict=True):
        cell = cell_of(COUNTY, label)
        escaped = text.replace('"', "&quot;").replace("\x01", "_x0001_")
        inline = f'<c r="{cell}" t="inlineStr"><is><t>{escaped}</t></is></c>'
        sheet = re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', lambda _, text=inline: text, sheet, count=1)
    data = rezipped(path.read_bytes(), lambda n, p: sheet.encode() if n == "xl/worksheets/sheet1.xml" else p)
    path.write_bytes(data)
    surrogate = os.fsdecode(b"in/\xff\xfe.xlsx")
    (tmp_path / surrogate).write_bytes(b"junk")
    result = collect(tmp_path / "in", "--feedback")
    assert len([row for row in rows(result, "问题清单") if row["级别"] == "错误"]) >= len(evil)
    for made in (tmp_path / "in-out").rglob("*.xlsx"):
        for page in openpyxl.load_workbook(made).worksheets:
            for row in page.iter_rows():
                for cell in row:
                    assert not (cell.data_type == "f" and "http" in cell.value)  # its own links lead to its files
                    assert cell.hyperlink is None or cell.hyperlink.location


def test_a_deep_path_is_read_and_listed(tmp_path):
    deep = tmp_path / "in"
    for _ in range(12):
        deep /= "很长的文件夹名" * 4
    save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), deep / "a.xlsx")
    (name,) = file_rows(collect(tmp_path / "in"))
    assert len(name.encode()) > 1000
    assert name.endswith("/a.xlsx")


def test_a_killed_run_leaves_the_previous_result_whole(tmp_path):
    save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), tmp_path / "in" / "a.xlsx")
    collect(tmp_path / "in")
    target = tmp_path / "in-out" / "考核结果汇总.xlsx"
    before = target.read_bytes()
    words = [sys.executable, "-c", "from assess_xlsx.cli import main; main()", "collect", tmp_path / "in"]
    for tenths in range(1, 16, 2):
        process = subprocess.Popen(
            [*words, "-o", target.parent], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(tenths / 10)
        process.kill()
        process.wait()
        openpyxl.load_workbook(target)
        assert abs(len(target.read_bytes()) - len(before)) < 200


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root 可以读任何文件")
def test_a_file_without_permission(tmp_path):
    path = save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), tmp_path / "in" / "a.xlsx")
    path.chmod(0)
    assert file_rows(collect(tmp_path / "in"))["a.xlsx"]["处理结果"] == "无法读取"


class Growing:
    """In place of a path: a file that another program is still writing."""

    sizes = iter((10, 20))

    def stat(self):
        return SimpleNamespace(st_size=next(self.sizes), st_mtime_ns=0, st_mtime=0)

    def read_bytes(self):
        return b"PK"


def test_a_file_still_being_written():
    (document,) = reading.read(Found(Growing(), "a.xlsx", ""), reading.Asked(SCHEME, Roster(SCHEME)))
    assert (document.result, document.reason) == ("无法读取", "文件无法读取：文件正在保存。")

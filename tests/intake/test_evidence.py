"""佐证材料: what lies beside an adopted form is no 错误; what may stand for a missing form is one."""

from __future__ import annotations

import base64
import io

import openpyxl
import pytest
from conftest import COUNTY, collect, form_data, package, received, rows

from assess_xlsx.layout import FORM_SHEET, FormLayout

A, B, C = "县气象局", "县商务局", "县残联"
JPG, PDF, NOTE = b"\xff\xd8\xff\xe0", b"%PDF-1.4", "说明".encode()


def saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def table(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    return saved(book)


LIST = table(["序号", "指标编号", "佐证材料名称"], [1, "1.1.1", "会议纪要"])


def spoilt():
    """A form whose headings somebody changed."""
    book = openpyxl.load_workbook(io.BytesIO(form_data(A)))
    book[FORM_SHEET].delete_rows(FormLayout.of(COUNTY).header_row + 1)
    return saved(book)


def mail(files):
    lines = [b'From: a\r\nSubject: b\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n']
    for name, data in files.items():
        disposition = f'Content-Disposition: attachment; filename="{name}"'.encode()
        lines.append(
            b"--x\r\n" + disposition + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)
        )
    return b"".join([*lines, b"--x--\r\n"])


FORMS = {f"{unit}.xlsx": form_data(unit) for unit in (A, B)}
FORM = {"表.xlsx": form_data(A)}
CASES = {
    # beside the form
    "same folder": ({**FORM, "照片.jpg": JPG}, {"照片.jpg": A}),
    "below": ({**FORM, "佐证/会议/照片.jpg": JPG}, {"佐证/会议/照片.jpg": A}),
    "folders side by side": ({"来件/表/a.xlsx": form_data(A), "来件/照片/1.jpg": JPG}, {"来件/照片/1.jpg": A}),
    "archive": ({"证.zip": package({**FORM, "证/1.pdf": PDF})}, {"证.zip/证/1.pdf": A}),
    "archive beside": ({**FORM, "证.zip": package({"1.pdf": PDF})}, {"证.zip/1.pdf": A}),
    "mail": ({"信.eml": mail({**FORM, "1.pdf": PDF, "2.txt": NOTE})}, {"信.eml/1.pdf": A, "信.eml/2.txt": A}),
    "letter in the letter": (
        {"信.eml": mail({**FORM, "转.eml": mail({"1.pdf": PDF})})},
        {"信.eml/转.eml/1.pdf": A},
    ),
    "beside what was replaced": (
        {"新/表.xlsx": form_data(A), "旧/表.xlsx": form_data(A), "旧/1.jpg": JPG},
        {"旧/1.jpg": A},
    ),
    "list": ({**FORM, "佐证清单.xlsx": LIST}, {"佐证清单.xlsx": A}),
    # called after the unit
    "name": ({**FORMS, f"{B}.pdf": PDF}, {f"{B}.pdf": B}),
    "folder": ({**FORMS, f"{B}/证/1.pdf": PDF}, {f"{B}/证/1.pdf": B}),
    "archive's name": ({**FORMS, f"{B}.zip": package({"1.pdf": PDF})}, {f"{B}.zip/1.pdf": B}),
    "mail's name": ({**FORMS, f"{B}.eml": mail({"1.pdf": PDF})}, {f"{B}.eml/1.pdf": B}),
    "folder before name": ({**FORMS, f"{B}/{A}来函.pdf": PDF}, {f"{B}/{A}来函.pdf": B}),
    # alone
    "nothing else": ({"照片.jpg": JPG}, {"照片.jpg": ""}),
    "whose?": ({**FORMS, "扫描件.pdf": PDF}, {"扫描件.pdf": ""}),
    "whose, in an archive?": ({"证.zip": package({**FORMS, "1.pdf": PDF})}, {"证.zip/1.pdf": ""}),
    "above": ({"来件/表.xlsx": form_data(A), "1.jpg": JPG}, {"1.jpg": ""}),
    "another mail": (
        {"信1.eml": mail(FORM), "信2.eml": mail({"1.pdf": PDF}), "表.xlsx": form_data(A)},
        {"信2.eml/1.pdf": ""},
    ),
    "beside a mail": ({"信.eml": mail(FORM), "1.pdf": PDF}, {"1.pdf": ""}),
    "a unit without form, in another's folder": ({**FORMS, f"{B}/{C}.pdf": PDF}, {f"{B}/{C}.pdf": ""}),
    "a unit without form": ({**FORMS, f"{C}.pdf": PDF}, {f"{C}.pdf": ""}),
    "a unit without form, in a mail": ({"信.eml": mail({**FORM, f"{C}.pdf": PDF})}, {f"信.eml/{C}.pdf": ""}),
    "beside a blank form": ({"表.xlsx": form_data(A)[:5000], "1.jpg": JPG}, {"1.jpg": ""}),
    # what may be a form is never evidence
    "damaged": ({**FORM, "2.xlsx": form_data(A)[:5000]}, {"2.xlsx": ""}),
    "called a spreadsheet": ({**FORM, "2.xls": PDF, "3.eml": NOTE}, {"2.xls": "", "3.eml": ""}),
    "table as text": ({**FORM, "2.txt": b"a\tb\n1\t2"}, {"2.txt": ""}),
    "spoilt form": ({**FORM, "2.xlsx": spoilt()}, {"2.xlsx": ""}),
    "empty workbook": ({**FORM, "2.xlsx": table()}, {"2.xlsx": ""}),
    "archive, unopened": ({**FORM, "2.rar": b"Rar!\x1a\x07"}, {"2.rar": ""}),
    "Outlook": ({**FORM, "winmail.dat": b"\x78\x9f\x3e\x22"}, {"winmail.dat": ""}),
}  # fmt: skip


@pytest.mark.parametrize(("files", "whose"), CASES.values(), ids=CASES)
def test_what_lies_beside_an_adopted_form_is_evidence(tmp_path, files, whose):
    returns = received(tmp_path, files)
    documents = {each.source.name: each for each in returns.documents}
    faulty = {problem.place.source.name for problem in returns.problems if problem.level == "错误"}
    for name, unit in whose.items():
        assert (documents[name].result == "佐证材料") == bool(unit)
        assert (name in faulty) == (not unit)
        if unit:
            assert documents[name].units == (unit,)
            form = next(each for each in returns.forms.values() if each.source.name in documents[name].reason)
            assert documents[form.source.name].units == (unit,)


def test_two_mails_of_one_name_are_no_neighbours(tmp_path):
    """What is called the same does not lie at the same place."""
    found = received(tmp_path, {"1/信.eml": mail(FORM), "2/信.eml": mail({"1.pdf": PDF})}, ["1", "2"])
    results = {each.source.name: each.result for each in found.documents}
    assert results == {
        "1/信.eml": "已展开",
        "1/信.eml/表.xlsx": "采用",
        "2/信.eml": "已展开",
        "2/信.eml/1.pdf": "无法读取",
    }


def test_papers_of_a_mail_with_two_forms_are_both_units(tmp_path):
    found = received(tmp_path, {"信.eml": mail({**FORMS, "1.pdf": PDF})})
    paper = found.documents[-1]
    assert (paper.result, len(paper.units)) == ("佐证材料", 2)
    assert all(name in paper.reason for name in FORMS)
    assert not found.problems


def test_evidence_is_listed_and_no_problem(tmp_path):
    for name, data in {**FORM, "照片.jpg": JPG}.items():
        (tmp_path / name).write_bytes(data)
    result = collect(tmp_path)
    (row,) = [row for row in rows(result, "文件清单") if row["文件"] == "照片.jpg"]
    assert (row["考核单位"], row["处理结果"], row["原因"]) == (A, "佐证材料", "与采用的“表.xlsx”一同报送")
    assert not any(row["文件"] == "照片.jpg" for row in rows(result, "问题清单"))

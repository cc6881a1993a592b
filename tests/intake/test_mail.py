"""Mails as mail programs write them: every attachment has a row under its name, and a letter without one is told."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from conftest import form_data, received

UNIT = "县民政局"
FORM = form_data(UNIT)
HEAD = "From: a@example.org\r\nSubject: form\r\nDate: Tue, 15 Jan 2019 10:00:00 +0800\r\nMIME-Version: 1.0\r\n"
XLSX = "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STREAM = "Content-Type: application/octet-stream"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(99)


def part(headers, content, encoding="base64"):
    raw = headers if isinstance(headers, bytes) else headers.encode()
    body = base64.encodebytes(content) if encoding == "base64" else content
    return raw + f"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


def mixed(*parts, kind="mixed", edge="=b"):
    """A group of parts with its header."""
    begin = f'Content-Type: multipart/{kind}; boundary="{edge}"\r\n\r\n'.encode()
    return begin + b"".join(f"--{edge}\r\n".encode() + each + b"\r\n" for each in parts) + f"--{edge}--\r\n".encode()


def mail(*parts, text="请查收", **group):
    return HEAD.encode() + mixed(
        part("Content-Type: text/plain; charset=utf-8", text.encode(), "8bit"), *parts, **group
    )


def listed(tmp_path, data, name="来信.eml"):
    return {each.source.name.removeprefix(name): each for each in received(tmp_path, {name: data}).documents}


def packed_word(text, encoding="gb2312"):
    return f"=?{encoding}?B?{base64.b64encode(text.encode('gbk')).decode()}?="


def disposition(parameter):
    return STREAM.encode() + b"\r\nContent-Disposition: attachment; " + parameter


NAMES = {
    "none": (STREAM, "未命名1.xlsx"),
    "none-xlsx": (f"{XLSX}\r\nContent-Disposition: attachment", "未命名1.xlsx"),
    "no-type": ("X-Note: 1", "未命名1.xlsx"),
    "text-type": ("Content-Type: text/plain", "未命名1.xlsx"),
    "in-content-type": (f'{STREAM}; name="a.xlsx"', "a.xlsx"),
    "raw-gbk": (disposition(b'filename="' + "闂.xlsx".encode("gbk") + b'"'), "闂.xlsx"),
    "raw-utf8": (disposition('filename="民政局.xlsx"'.encode()), "民政局.xlsx"),
    "raw-unquoted": (disposition("filename=民政局.xlsx".encode("gbk")), "民政局.xlsx"),
    "rfc2047": (disposition(f'filename="{packed_word("民政局镕.xlsx")}"'.encode()), "民政局镕.xlsx"),
    "rfc2047-folded": (
        disposition(f'filename="{packed_word("民政")}\r\n {packed_word("局.xlsx")}"'.encode()),
        "民政局.xlsx",
    ),
    "rfc2231": (disposition(f"filename*=UTF-8''{quote('民政局.xlsx')}".encode()), "民政局.xlsx"),
    "rfc2231-gbk": (disposition(f"filename*=gb2312''{quote('镕.xlsx', encoding='gbk')}".encode()), "镕.xlsx"),
    "rfc2231-pieces": (
        disposition(
            f"filename*0*=UTF-8''{quote('民')[:6]};\r\n filename*1*={quote('民')[6:]}%E6%94%BF.xlsx".encode()
        ),
        "民政.xlsx",
    ),
    "both": (disposition(f"filename=\"__.xlsx\"; filename*=UTF-8''{quote('民政局.xlsx')}".encode()), "民政局.xlsx"),
    "path": (disposition(rb'filename="C:\\docs\\a.xlsx"'), "a.xlsx"),
    "other-path": (disposition(b'filename="../../a.xlsx"'), "a.xlsx"),
    "path-alone": (disposition(b'filename="docs/"'), "未命名1.xlsx"),
    "control": (
        disposition(f'filename="{packed_word(chr(27) + "[31m民政局.xlsx", "gbk")}"'.encode()),
        "[31m民政局.xlsx",
    ),
    "unknown-charset": (disposition(b"filename*=klingon''a.xlsx"), "a.xlsx"),
    "nul-in-charset": (disposition(b"filename*=utf\0''a.xlsx"), "a.xlsx"),
    "no-escape": (disposition(f'filename="c:\\\\users\\\\{packed_word("民政局.xlsx")}"'.encode()), "民政局.xlsx"),
    "bad-word": (disposition(b'filename="=?utf-8?B?#?=a.xlsx"'), None),
}


@pytest.mark.parametrize(("headers", "name"), NAMES.values(), ids=NAMES)
def test_an_attachment_is_read_whatever_it_is_called(tmp_path, headers, name):
    _, (shown, document) = listed(tmp_path, mail(part(headers, FORM))).items()
    assert document.result == "采用"
    assert name is None or shown == f"/{name}"


def letter(attachment=None, name="表.xlsx"):
    message = EmailMessage()
    message["From"], message["Subject"] = "b@example.org", "转发"
    message.set_content("https://www.example.org")
    if attachment:
        message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


FORWARDED = {
    "rfc822": (part("Content-Type: message/rfc822", letter(FORM), "7bit"), "转发的邮件.eml"),
    "base64": (part('Content-Type: message/rfc822; name="x.eml"', letter(FORM)), "x.eml"),
    "quoted": (
        part("Content-Type: message/rfc822", quopri.encodestring(letter(FORM)), "quoted-printable"),
        "转发的邮件.eml",
    ),
    "attached": (part(f'{STREAM}; name="x.eml"', letter(FORM)), "x.eml"),
    "nameless": (part(STREAM, letter(FORM)), "未命名1.eml"),
}


@pytest.mark.parametrize(("made", "name"), FORWARDED.values(), ids=FORWARDED)
def test_a_letter_in_a_letter_is_read(tmp_path, made, name):
    found = listed(tmp_path, mail(made))
    assert {shown: each.result for shown, each in found.items()} == {
        "": "已展开",
        f"/{name}": "已展开",
        f"/{name}/表.xlsx": "采用",
    }


def test_a_raw_name_in_a_letter_in_a_letter_is_read(tmp_path):
    inner = mail(part(NAMES["raw-gbk"][0], FORM), edge="=c")
    found = listed(tmp_path, mail(part("Content-Type: message/rfc822", inner, "8bit")))
    assert found["/转发的邮件.eml/闂.xlsx"].result == "采用"


def test_deeper_nesting_is_told(tmp_path):
    forwarded = "Content-Type: message/rfc822"
    found = listed(tmp_path, mail(part(forwarded, mail(part(forwarded, letter(FORM), "7bit"), edge="=c"), "7bit")))
    assert [each.result for each in found.values()] == ["已展开", "已展开", "无法读取"]


def test_a_forwarded_text_is_no_problem(tmp_path):
    data = mail(part(f'{STREAM}; name="表.xlsx"', FORM), part("Content-Type: message/rfc822", letter(), "7bit"))
    found = received(tmp_path, {"来信.eml": data})
    assert [each.result for each in found.documents] == ["已展开", "采用", "忽略"]
    assert not found.problems


WITHOUT = {
    "text": (mail(), "没有附件。"),
    "plain": (HEAD.encode() + b"\r\nhello", "没有附件。"),
    "page": (mail(part("Content-Type: text/html", b'<html xmlns="http://x">x</html>')), "没有附件。"),
    "link": (mail(text="请从 https://example.org/s/1 下载"), "只有链接"),
    "link-in-page": (mail(part("Content-Type: text/html", b'<a href="https://example.org/s/1">x</a>')), "只有链接"),
    "drive": (mail(text="已存网盘，提取码 ab12"), "只有链接"),
    "forwarded": (mail(part("Content-Type: message/rfc822", letter(), "7bit")), "没有附件"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), WITHOUT.values(), ids=WITHOUT)
def test_a_letter_without_attachment_is_a_problem(tmp_path, data, words):
    (problem,) = received(tmp_path, {"来信.eml": data}).problems
    assert (problem.level, problem.place.source.name) == ("错误", "来信.eml")
    assert words in problem.text


IMAGE = 'Content-Type: image/png; name="logo.png"\r\nContent-ID: <1>'
LOGO = mixed(part("Content-Type: text/html", b"<img>"), part(IMAGE, PNG), kind="related", edge="=r")


@pytest.mark.parametrize(
    ("data", "results"),
    [
        (mail(LOGO, part(f'{STREAM}; name="表.xlsx"', FORM)), ["忽略", "采用"]),
        (mail(LOGO), ["忽略"]),
        (mail(mixed(part(IMAGE, PNG * 2000), kind="related", edge="=r")), ["无法读取"]),
        (mail(part(IMAGE, PNG)), ["无法读取"]),
        (mail(mixed(part(IMAGE, FORM), kind="related", edge="=r")), ["采用"]),
        (mail(part(f'{STREAM}; name="表.xlsx"', FORM), part("Content-Type: application/pkcs7-signature", b"0\x80")),
         ["采用", "忽略"]),
    ],
)  # fmt: skip
def test_what_belongs_to_the_letter_is_ignored_with_a_reason(tmp_path, data, results):
    whole, *inside = received(tmp_path, {"来信.eml": data}).documents
    assert [each.result for each in inside] == results
    assert all(each.reason for each in inside if each.result == "忽略")
    assert bool(whole.problems) == (results == ["忽略"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (mail(part(f'{STREAM}; name="a.xlsx"', FORM))[:-9000], "损坏或不完整"),
        (mail(part(f'{STREAM}; name="a.pdf"', b"%PDF-1.7" * 99))[:-300], "没有收全"),
        (mail(part(f'{STREAM}; name="a.pdf"', b"%PDF-1.7" * 99)).replace(b"=\n", b"\n"), "PDF"),
        (mail(part('Content-Type: application/ms-tnef; name="winmail.dat"', b"\x78\x9f\x3e\x22\0\0")), "Outlook"),
        (mail(part(STREAM, b"")), "空文件"),
        (HEAD.encode() + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\nnothing here', "没有收全"),
        (mail().removesuffix(b"--\r\n") + b"\r\nContent-Ty", "没有收全"),
    ],
)
def test_a_spoilt_attachment_is_told(tmp_path, data, words):
    _, (_, document) = listed(tmp_path, data).items()
    assert document.result == "无法读取"
    assert words in document.reason


def test_a_mail_of_endless_groups_is_refused(tmp_path):
    data = b"".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n'.encode() for n in range(2000))
    (document,) = received(tmp_path, {"来信.eml": HEAD.encode() + data}).documents
    assert "损坏" in document.reason


def test_a_whole_form_at_the_end_of_a_cut_mail_is_read(tmp_path):
    data = mail(part(f'{STREAM}; name="a.xlsx"', FORM)).removesuffix(b"--=b--\r\n")
    assert listed(tmp_path, data)["/a.xlsx"].result == "采用"


def test_a_mailbox_of_several_mails_is_told(tmp_path):
    line = b"From a@example.org Tue Jan 15 10:00:00 2019\r\n"
    one = line + mail(part(f'{STREAM}; name="a.xlsx"', FORM))
    assert listed(tmp_path / "1", one)["/a.xlsx"].result == "采用"
    (document,) = received(tmp_path / "2", {"box": one + b"\r\n" + one}).documents
    assert "多封邮件" in document.reason


def test_a_mail_of_old_line_ends_is_read(tmp_path):
    text = mail(part(f'{STREAM}; name="a.xlsx"', FORM)).replace(b"\r\n", b"\n")
    for place, data in enumerate((text, text.replace(b"\n", b"\r"), b"\xef\xbb\xbf\r\n" + text)):
        assert listed(tmp_path / str(place), data)["/a.xlsx"].result == "采用"


def test_an_archive_in_a_mail_is_opened_too_but_none_inside_it(tmp_path):
    target, inner = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.xlsx", FORM)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.xlsx", FORM)
        archive.writestr("b.zip", inner.getvalue())
    found = listed(tmp_path, mail(part(f'{STREAM}; name="a.zip"', target.getvalue())))
    assert {name: each.result for name, each in found.items() if name} == {
        "/a.zip": "已展开",
        "/a.zip/a.xlsx": "采用",
        "/a.zip/b.zip": "无法读取",
    }

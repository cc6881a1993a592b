"""What a file is by its bytes: texts, mails and whatever else comes along."""

from __future__ import annotations

import pytest

from assess_xlsx.excel.formats import Foreign, Format, Unreadable, identify

HEAD = b"From: a@example.org\r\nTo: b@example.org\r\n"
TABLE = "指标编号\t填报项\t填报值\r\n1.1.1\t应进驻事项数\t20\r\n"
NOTE = "情况说明：\r\n本单位没有自建系统。\r\n"


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"\r\ntext",
        HEAD,
        b"\xef\xbb\xbf" + HEAD + b"\r\n",
        b"\r\n \r\n" + HEAD + b"\r\n",
        b"From unit@example.org Tue Jan 15 10:00:00 2019\r\n" + HEAD + b"\r\n",
        HEAD.replace(b"\r\n", b"\n") + b"\n<table>",
        HEAD.replace(b"\r\n", b"\r") + b"\r",
        b"ARC-Seal: i=1;\r\n\ta=rsa-sha256;\r\n b=xyz\r\n" + HEAD + b"\r\n\0\0",
        b"x-qq-mid: 1\r\nSUBJECT: " + "评分表".encode("gbk") + b"\r\nmime-version:1.0\r\n\r\n",
    ],
)
def test_a_mail_is_known_by_its_headers(data):
    assert identify(data) is Format.MAIL


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Date: 2019-01-15\r\nresult: 1\r\n\r\nnote", "纯文本"),
        (b"From: a\r\nTo: b and a line without colon follows\r\nlike this one\r\n\r\n", "纯文本"),
        (b"Subject:x,1\r\nTo:y,2\r\n3,4\r\n", "纯文本（如 CSV）"),
        (TABLE.encode("utf-8-sig"), "纯文本（如 CSV）"),
        (TABLE.encode("gbk"), "纯文本（如 CSV）"),
        (TABLE.encode("utf-16"), "纯文本（如 CSV）"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "纯文本（如 CSV）"),
        (TABLE.encode("utf-16-le"), "纯文本（如 CSV）"),
        (TABLE.encode("utf-16-be"), "纯文本（如 CSV）"),
        ((NOTE * 1000).encode("utf-16"), "纯文本"),
        (f"a{NOTE * 1000}".encode(), "纯文本"),
        (f"a{NOTE * 1000}".encode("gbk"), "纯文本"),
        ("<html><table>".encode("utf-16"), "网页"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related\r\n\r\n", "网页"),
        (b"\0\1\2\3" * 50, "损坏"),
        (b"abc\1\2\3\4", "损坏"),
        (b"\xff\xfe\x00\xd8\x01\x02", "损坏"),
        (b"\x78\x9f\x3e\x22\0\0" + bytes(99), "Outlook"),
    ],
)
def test_what_is_no_mail_is_told(data, words):
    with pytest.raises(Unreadable, match=words):
        identify(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"GIF89a", "图片"),
        (b"BM\x36\x10\0\0\0\0\0\0", "图片"),
        (b"II*\0\x08\0", "图片"),
        (b"MM\0*\0\0", "图片"),
        (b"RIFF\x10\n\0\0WEBPVP8 ", "图片"),
        (b"\0\0\0\x18ftypheic\0\0", "图片"),
        (b"\0\0\0\x18ftypmp42\0\0", "视频"),
        (b"RIFF\x10\n\0\0WAVEfmt ", "音频"),
        (b"ID3\x03\0", "音频"),
        (b"0&\xb2u\x8ef\xcf\x11\xa6\xd9", "视频"),
        (b"AC1032\0\0", "CAD"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1", "RTF"),
        (NOTE.encode(), "纯文本"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "PowerPoint Document".encode("utf-16-le"), "演示文稿"),
    ],
)
def test_what_can_be_no_form_is_foreign(data, what):
    with pytest.raises(Foreign, match=what):
        identify(data)

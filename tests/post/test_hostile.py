"""Letters that mean harm, or were made by broken programs: each costs a sentence, and the others are fetched."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import form_data, run
from mail_servers import ACCOUNT, PASSWORD, Certificates, Mailbox, address_book, imap_server, needs_dovecot, settings

from assess_xlsx.cli import cli
from assess_xlsx.post import incoming

HEAD = (
    "From: unit2@example.cn\r\nTo: kaohe@example.cn\r\nSubject: x\r\n"
    "Message-ID: <{}@example.cn>\r\nMIME-Version: 1.0\r\n"
)


def multipart(name, *parts):
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return (HEAD.format(name) + f'Content-Type: multipart/mixed; boundary="b"\r\n\r\n{body}--b--\r\n').encode(
        "utf-8", "surrogateescape"
    )


def attached(name, data="UEsDBA==", more=""):
    return (
        f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename={name}\r\n"
        f"Content-Transfer-Encoding: base64\r\n{more}\r\n{data}"
    )


def nested(depth):
    text = "Content-Type: text/plain\r\n\r\nx"
    for level in range(depth):
        text = f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n{text}\r\n--b{level}--\r\n'
    return (HEAD.format(f"nested{depth}") + text).encode()


def letters_in_letters(depth):
    text = attached('"a.xlsx"')
    for _ in range(depth):
        text = f"Content-Type: message/rfc822\r\n\r\nFrom: a@b.cn\r\nSubject: y\r\n{text}"
    return multipart(f"letters{depth}", text)


def about(subject):
    return multipart(f"about {len(subject)}", attached('"a\tb.xlsx"')).replace(
        b"Subject: x", f"Subject: {subject}".encode()
    )


NAMES = [
    '"../../../../etc/passwd"',
    '"..\\\\..\\\\Windows\\\\system32\\\\a.xlsx"',
    '"C:\\\\a.xlsx"',
    '"/etc/shadow"',
    '".."',
    '"CON.xlsx"',
    '"a\tb\x07.xlsx"',
    f'"{"县" * 400}.xlsx"',
    "=?utf-8?b?Li4vLi4vYS54bHN4?=",
    '"a\u202exslx.exe"',
    '"|rm -rf ~.xlsx"',
    '"~$a.xlsx"',
    '""',
]
LETTERS = {
    "five thousand attachments": multipart("many", *(attached(f'"{n}.xlsx"') for n in range(5000))),
    "a hundred and one attachments": multipart("more", *(attached(f'"{n}.xlsx"') for n in range(101))),
    "nested 50 deep": nested(50),
    "nested 3000 deep": nested(3000),
    "50 letters in letters": letters_in_letters(50),
    "names that lead elsewhere": multipart("names", *(attached(name) for name in NAMES)),
    "one name for all": multipart("same", *(attached('"来信.eml"') for _ in range(5))),
    "a wrong charset": multipart(
        "charset", "Content-Type: text/plain; charset=klingon\r\n\r\n\udcff\udcfe", attached('"a"')
    ),
    "2 GB announced": multipart("length", attached('"a.xlsx"', more="Content-Length: 2147483648\r\n")),
    "base64 that is none": multipart("base64", attached('"a.xlsx"', "!!!! not base64 \udcff")),
    "a boundary that never comes": (
        HEAD.format("cut") + 'Content-Type: multipart/mixed; boundary="zz"\r\n\r\nx'
    ).encode(),
    "no boundary": (HEAD.format("none") + "Content-Type: multipart/mixed\r\n\r\nx").encode(),
    "no header": b"\r\n\r\nbody",
    "no end of a header": b"Subject: " + b"x" * 2_000_000 + b"\r\n\r\nbody",
    "a hundred thousand headers": b"X-A: b\r\n" * 100_000 + HEAD.format("headers").encode() + b"\r\nbody",
    "from nobody": b"From: \xff\xfe<>\r\nSubject: =?utf-8?b?////?=\r\nContent-Type: \xff/\xff; name*=bad''%\r\n\r\nx",
    "from many": (f"From: {', '.join(f'a{n}@b.cn' for n in range(5000))}\r\nSubject: x\r\n\r\nx").encode(),
    "a header within a subject": multipart("sub", attached('"a.xlsx"')).replace(
        b"Subject: x", b"Subject: =?utf-8?q?a=0D=0ABcc=3A_x?="
    ),
    "marks that steer a terminal": multipart("esc", attached('"a.xlsx"')).replace(
        b"Subject: x", b"Subject: \x1b[2J\x07\x9b"
    ),
    "tabs for the record": about("a\tb\tc"),
    "a bomb": multipart("bomb", attached('"a.zip"', "UEsDBBQAAAAIAA==" * 1000)),
    "a message id of another": multipart("many", attached('"a.xlsx"')),
}


@pytest.mark.parametrize("data", LETTERS.values(), ids=LETTERS)
def test_each_is_read_quickly_and_its_names_are_safe(data):
    began = time.perf_counter()
    found = incoming.read(data, ACCOUNT)
    assert time.perf_counter() - began < 5
    names = [file.name for file in found.files]
    assert len(names) <= incoming.MOST_FILES + 1
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert Path(name).name == name
        assert name.isprintable()
        assert name not in (".", "..")
        assert len(name.encode()) <= 255
        assert not set(name) & set('<>:"/\\|?*')


@needs_dovecot
def test_a_mailbox_full_of_them_costs_sentences(tmp_path, monkeypatch):
    certificates = Certificates(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", PASSWORD)
    address_book(tmp_path / "通讯录.xlsx")
    (tmp_path / "input").mkdir()
    good = multipart("good", attached('"02-县残联.xlsx"', base64.encodebytes(form_data("县残联")).decode()))
    with imap_server(certificates) as port:
        settings(tmp_path / "邮箱设置.ini", certificates, imap=port)
        mailbox = Mailbox(port, certificates)
        mailbox.put(*LETTERS.values(), good)
        before = mailbox.state()
        began = time.perf_counter()
        result = CliRunner().invoke(cli, ["mail", "fetch", "input"], catch_exceptions=False)
        assert time.perf_counter() - began < 30
        assert result.exit_code == 0, result.output
        assert mailbox.state() == before
        mailbox.close()
    assert "\x1b" not in result.output
    assert f"新到 {len(LETTERS) + 1} 封" in result.output
    assert {path.name for path in tmp_path.iterdir()} >= {"input", "收信记录.txt"}
    assert all(path.resolve().is_relative_to(tmp_path) for path in (tmp_path / "input").rglob("*"))
    assert not [path for path in (tmp_path / "input").iterdir() if path.name != "邮件"]
    said = run("collect", "input")
    assert "采用 1" in said
    assert ACCOUNT not in said

"""``mail fetch`` from a real mailbox: what came is in INPUT as it came, once; the mailbox is as it was."""

from __future__ import annotations

import email.utils
import hashlib
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from conftest import form_data, rows, run
from mail_servers import (
    ACCOUNT,
    PASSWORD,
    Certificates,
    Mailbox,
    address_book,
    free_port,
    imap_server,
    needs_dovecot,
    settings,
)

from assess_xlsx.cli import cli
from assess_xlsx.post.letter import Attachment, Letter, compose

pytestmark = needs_dovecot
RECORD = "收信记录.txt"
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(300_000)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def port(certificates):
    with imap_server(certificates) as port:
        yield port


@pytest.fixture
def here(tmp_path, monkeypatch, port, certificates):
    """A work folder with an address book."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", PASSWORD)
    settings(tmp_path / "邮箱设置.ini", certificates, imap=port)
    address_book(tmp_path / "通讯录.xlsx")
    (tmp_path / "input").mkdir()
    return tmp_path


@pytest.fixture
def mailbox(here, port, certificates):
    """The office's mailbox, empty; closed and emptied afterwards."""
    found = Mailbox(port, certificates)
    try:
        found.empty()
        yield found
    finally:
        found.close()


def letter(sender="unit2@example.cn", subject="报表", files=(), text="见附件", **headers):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ACCOUNT, subject
    message["Date"] = email.utils.format_datetime(datetime.now(UTC))
    message["Message-ID"] = email.utils.make_msgid(domain="example.cn")
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes().replace(b"\n", b"\r\n")


def fetch(*words, code=0):
    result = CliRunner().invoke(cli, ["mail", "fetch", "input", *map(str, words)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    assert PASSWORD not in result.output
    return result.output


def stand(folder="input"):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()
    }


def test_what_came_is_there_as_it_came_once(here, mailbox):
    data = form_data("县残联")
    sent = letter(files=[("02-县残联.xlsx", data), ("照片.png", PHOTO)])
    mailbox.put(sent)
    before = mailbox.state()
    said = fetch()
    assert "县残联（unit2@example.cn，" in said
    assert "，报表）：有附件：02-县残联.xlsx、照片.png，在 邮件/" in said
    found = stand()
    (folder,) = {name.rpartition("/")[0] for name in found}
    assert folder.startswith("邮件/20")
    assert folder.endswith(" 县残联")
    assert {name.rpartition("/")[2]: content for name, content in found.items()} == {
        "来信.eml": sent,
        "02-县残联.xlsx": data,
        "照片.png": PHOTO,
    }
    assert mailbox.state() == before
    assert "\\Seen" not in str(before)

    assert "没有新到的信" in fetch()
    assert stand() == found
    assert mailbox.state() == before
    mailbox.put(letter("unit3@example.cn", files=[("03.xlsx", form_data("县城管局"))]))
    assert "新到 1 封" in fetch()
    assert len(stand()) == 5


def test_a_form_is_read_once_and_what_came_with_it_is_evidence(here, mailbox):
    mailbox.put(letter(files=[("02-县残联.xlsx", form_data("县残联")), ("照片.png", PHOTO)]))
    fetch()
    said = run("collect", "input")
    assert "收到文件 3 个：" in said
    assert "采用 1" in said
    book = openpyxl.load_workbook("output/考核结果汇总.xlsx")
    results = {row["文件"].rpartition("/")[2]: row["处理结果"] for row in rows(book, "文件清单")}
    assert results == {"来信.eml": "已展开", "02-县残联.xlsx": "采用", "照片.png": "佐证材料"}
    assert not [row for row in rows(book, "问题清单") if row["级别"] == "错误" and row["考核单位"] == "县残联"]
    (letter_path,) = Path("input").rglob("*.eml")
    assert "采用 1" in run("collect", letter_path, "-o", "other")  # alone, its form is read from it


def test_letters_without_files_are_told_and_stay_outside(here, mailbox):
    report = letter("MAILER-DAEMON@mx.example.cn", "Undelivered", text="Final-Recipient: rfc822; gone@example.cn")
    mailbox.put(
        letter(subject="收到，谢谢", text="谢谢"),
        letter(subject="表在这里", text="https://pan.example.cn/s/1 提取码 1234"),
        letter("shop@example.com", "打折", text="https://shop.example.com"),
        report,
        letter(ACCOUNT, "抄送", [("01.xlsx", b"PK")], Message_ID=f"<{'0' * 32}.assess-xlsx@example.cn>"),
    )
    said = fetch()
    assert "县残联（unit2@example.cn" in said
    assert "，收到，谢谢）：没有附件。" in said
    assert "，表在这里）：只有链接，在 邮件/" in said
    assert "，打折）：只有链接。" in said
    assert "，Undelivered）：退信；没有送到的是 gone@example.cn。" in said
    assert "，抄送）：自己发的。" in said
    (kept,) = stand()
    assert kept.endswith(" 县残联/来信.eml")
    assert "邮件里没有附件，只有链接" in run("check", "input", code=1)
    assert "没有新到的信" in fetch()


def test_who_is_not_in_the_address_book_is_told(here, mailbox):
    mailbox.put(letter('"局长" <someone@163.com>', files=[("a.xlsx", form_data("县残联"))]))
    assert "不在通讯录里的（someone@163.com，" in fetch()
    assert next(iter(stand())).rpartition("/")[0].endswith(" someone@163.com")
    Path("通讯录.xlsx").unlink()
    mailbox.put(letter(files=[("a.xlsx", form_data("县残联"))]))
    said = fetch()
    assert "没有通讯录，认不出发件人是哪个单位。" in said
    assert "不在通讯录里的（unit2@example.cn，" in said


def test_nothing_that_stands_there_is_replaced(here, mailbox):
    mailbox.put(letter(files=[("a.xlsx", b"PK one"), ("a.xlsx", b"PK two"), ("来信.eml", b"PK three")]))
    fetch()
    assert {name.rpartition("/")[2]: data[:8] for name, data in stand().items()} == {
        "来信.eml": b"From: un",
        "a.xlsx": b"PK one",
        "a（2）.xlsx": b"PK two",
        "来信（2）.eml": b"PK three",
    }
    mine = next(Path("input").rglob("a.xlsx"))
    mine.write_bytes(b"worked on")
    Path(RECORD).unlink()  # all is new again
    fetch()
    assert mine.read_bytes() == b"worked on"
    assert len(list(Path("input", "邮件").iterdir())) == 2


def test_a_mailbox_made_anew_brings_nothing_twice(here, mailbox):
    """UIDVALIDITY tells that UIDs mean nothing any more; Message-ID and size tell the letters."""
    sent = [
        letter(files=[("a.xlsx", form_data("县残联"))]),
        letter("unit3@example.cn", files=[("b.xlsx", b"PK\3\4")]),
    ]
    mailbox.put(*sent, folder="考核")
    changed(here, "[收信]", "[收信]\n文件夹 = 考核")
    assert "新到 2 封" in fetch()
    found = stand()
    mailbox.make_anew("考核")
    mailbox.put(*sent, letter(files=[("c.xlsx", b"PK\3\4")]), folder="考核")
    assert "新到 1 封" in fetch()
    assert len(stand()) == len(found) + 2


def changed(here, old, new):
    path = here / "邮箱设置.ini"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_two_letters_of_one_message_id_are_both_there(here, mailbox):
    same = {"Message_ID": "<same@example.cn>"}
    mailbox.put(letter(files=[("a.xlsx", b"PK one")], **same), letter(files=[("a.xlsx", b"PK two")], **same))
    fetch()
    assert sorted(data for name, data in stand().items() if name.endswith("a.xlsx")) == [b"PK one", b"PK two"]


def test_the_very_same_letter_twice_is_one(here, mailbox):
    mailbox.put(*[letter(files=[("a.xlsx", b"PK one")])] * 2)
    assert "新到 1 封" in fetch()
    assert len(stand()) == 2
    assert "没有新到的信" in fetch()


def test_a_full_mailbox_is_a_question_the_first_time(here, mailbox, monkeypatch):
    monkeypatch.setattr(sys.modules["assess_xlsx.mail.fetch"], "MOST_AT_FIRST", 2)
    mailbox.put(*[letter(subject=str(number)) for number in range(3)])
    said = fetch(code=1)
    assert "邮箱里有 3 封信，还一封都没有收过。请加 --since 写明从哪一天收起" in said
    assert "没有新到的信" in fetch("--since", "2099-01-01")
    assert "没有新到的信" in fetch()  # the day is remembered
    assert "新到 3 封" in fetch("--since", f"{datetime.now(UTC):%Y-%m-%d}")
    result = CliRunner().invoke(cli, ["mail", "fetch", "input", "--since", "昨天"])
    assert (result.exit_code, "“昨天”不是一个日期" in result.output) == (2, True)


def test_a_letter_that_is_too_large_is_told_each_time(here, mailbox, monkeypatch):
    monkeypatch.setattr("assess_xlsx.post.fetching.MOST", 100_000)
    mailbox.put(letter(files=[("照片.png", PHOTO)]), letter(files=[("a.xlsx", b"PK one")]))
    assert "：太大。" in fetch(code=1)
    assert len(stand()) == 2
    assert "：太大。" in fetch(code=1)
    assert len(stand()) == 2


def test_its_record_stands_outside(here, mailbox):
    mailbox.put(letter(files=[("a.xlsx", b"PK one")]))
    fetch()
    lines = Path(RECORD).read_text("utf-8-sig").splitlines()
    assert [line.split("\t")[1] for line in lines] == ["事项", "正在收", "已收下"]
    assert PASSWORD not in Path(RECORD).read_text("utf-8-sig")
    assert hashlib.sha256(next(Path("input").rglob("来信.eml")).read_bytes()).hexdigest() in lines[-1]


def test_what_a_killed_run_left_is_completed_in_the_same_folder(here, mailbox):
    mailbox.put(letter(files=[("a.xlsx", b"PK one"), ("b.xlsx", b"PK two")]))
    fetch()
    found = stand()
    lines = Path(RECORD).read_bytes().splitlines(keepends=True)
    Path(RECORD).write_bytes(b"".join(lines[:-1]))  # killed before the last line
    next(Path("input").rglob("b.xlsx")).unlink()
    assert "新到 1 封" in fetch()
    assert stand() == found
    assert "没有新到的信" in fetch()


def test_a_letter_of_ours_is_taken_apart_as_it_is_meant(here, mailbox):
    """A third reader of letters, in C: the server itself."""
    attachment = Attachment("01-县安监局.xlsx", b"PK\3\4" * 50)
    mailbox.put(compose(Letter("县安监局", ("a@b.cn",), ("x@y.cn",), "补正（县安监局）", ("甲", "乙"), attachment)))
    told = mailbox.structure()
    for part in (
        'NIL "a" "b.cn"))',
        'NIL "x" "y.cn"))',
        '"text" "plain" ("charset" "utf-8")',
        '"text" "html" ("charset" "utf-8")',
        '"alternative" ("boundary"',
        '("attachment" ("filename" "=?UTF-8?B?MDEt5Y6/5a6J55uR5bGALnhsc3g=?=" "filename*" "UTF-8\'\'01-%E5%8E%BF',
        '"mixed" ("boundary"',
    ):
        assert part in told, told


# ── what does not work ──


def test_no_connection_no_login_no_folder_are_told(here, mailbox, monkeypatch):
    changed(here, "[收信]", "[收信]\n文件夹 = 没有的")
    assert "邮箱里的文件夹“没有的”打不开" in fetch(code=1)
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", "wrong-secret")
    said = fetch(code=1)
    assert "登录没有成功（" in said
    assert "授权码" in said
    assert "wrong-secret" not in said
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", PASSWORD)
    changed(here, f"端口 = {mailbox.port}", f"端口 = {free_port()}")
    assert "不接受连接" in fetch(code=1)
    result = CliRunner().invoke(cli, ["mail", "fetch", "nowhere"])
    assert (result.exit_code, "找不到文件夹“nowhere”" in result.output) == (2, True)

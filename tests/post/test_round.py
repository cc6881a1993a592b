"""A whole round by mail, against real servers: drafted, sent, answered, fetched, collected; and killed on the way."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import SCHEME, run
from mail_servers import (
    ACCOUNT,
    PASSWORD,
    Certificates,
    Letters,
    Mailbox,
    address_book,
    imap_server,
    needs_dovecot,
    settings,
    smtp_server,
)
from pandas.testing import assert_frame_equal

from assess_xlsx import assess

pytestmark = [needs_dovecot, pytest.mark.xdist_group("mail round")]
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(200_000)
COMMAND = [sys.executable, "-c", "from assess_xlsx.cli import main; main()"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A work folder with both servers, an address book, and 40 letters that wait."""
    certificates = Certificates(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", PASSWORD)
    address_book(tmp_path / "通讯录.xlsx")
    (tmp_path / "input").mkdir()
    run("mail", "draft", "发表")
    letters = Letters()
    with imap_server(certificates) as imap, smtp_server(letters, certificates) as smtp:
        settings(tmp_path / "邮箱设置.ini", certificates, imap=imap, smtp=smtp)
        mailbox = Mailbox(imap, certificates)
        yield letters, mailbox
        mailbox.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """What the units fill in, and the register."""
    folder = tmp_path_factory.mktemp("filled") / "in"
    run("sample", folder)
    return folder


def answer(asked, filled):
    """A unit's answer to a letter: its form, filled."""
    unit = next(
        unit for unit in SCHEME.units if asked["to"].addresses[0].addr_spec == f"unit{unit.number}@example.cn"
    )
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = asked["to"], ACCOUNT, f"答复：{asked['subject']}"
    reply["Message-ID"], reply["In-Reply-To"] = f"<re-{unit.number}@example.cn>", asked["message-id"]
    reply["Date"] = asked["date"]
    reply.set_content("已填好。")
    (path,) = filled.glob(f"{unit.number:02d}-*")
    reply.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename=path.name)
    if unit.number % 3 == 0:
        reply.add_attachment(
            b"\x89PNG\r\n\x1a\n" + bytes(200_000), maintype="image", subtype="png", filename="照片.png"
        )
    return reply.as_bytes(policy=policy.SMTP)


def same(one, other):
    for frame in ("ranking", "scores"):
        assert_frame_equal(getattr(one, frame), getattr(other, frame))


def test_a_round_by_mail_gives_what_the_files_give(here, filled):
    letters, mailbox = here
    run("mail", "send", "output/邮件/发表", "--yes")
    assert len(letters.taken) == 40
    asked = [message_from_bytes(content, policy=policy.default) for _, _, content in letters.taken]
    for letter, unit in zip(asked, SCHEME.units, strict=True):
        (form,) = letter.iter_attachments()
        assert form.get_filename() == f"{unit.number:02d}-{unit.name}.xlsx"
        assert unit.name in letter["subject"]
    mailbox.put(*(answer(letter, filled) for letter in asked))
    before = mailbox.state()
    said = run("mail", "fetch", "input")
    assert "新到 40 封：收下 40 封" in said
    assert all(f"\n{unit.name}（unit{unit.number}@example.cn，" in f"\n{said}" for unit in SCHEME.units)
    assert mailbox.state() == before
    shutil.copy(filled / "考核办登记表.xlsx", "input")
    by_mail = assess("input")
    same(by_mail, assess(filled))
    assert not len(by_mail.problems[by_mail.problems.level == "错误"])


# ── killed ──


def killed(words, chance, most):
    """Runs a command and kills it at some moment: so many lines after it began to tell, and a little later."""
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        lines = chance.randint(0, most)
        for line in program.stdout:
            told = line.decode("utf-8")
            lines -= told.startswith(("已发出", "要发的有")) or "有附件：" in told
            if lines < 0:
                break
        time.sleep(chance.uniform(0, 0.02))
        program.kill()


def test_killed_while_sending_no_letter_goes_twice_and_none_is_lost_or_unknown(here, monkeypatch):
    """What was in hand when a run was killed is looked up in 已发送, as the provider keeps it."""
    letters, mailbox = here
    letters.pause = 0.02
    chance = random.Random(7)
    words = ["mail", "send", "output/邮件/发表", "--yes"]
    for _ in range(10):
        killed(words, chance, 4)
    letters.pause = 0
    time.sleep(1)  # what was handed over when a run was killed, the server takes a moment later
    went = len(letters.taken)
    assert 0 < went < 40
    mailbox.put(*(content for _, _, content in letters.taken), folder="Sent")
    monkeypatch.setattr("assess_xlsx.post.doubts.AT_REST", timedelta(0))
    said = run(*words)
    assert f"要发的有 {40 - went} 封" in said
    to = [recipients for _, recipients, _ in letters.taken]
    assert sorted(to) == sorted((f"unit{unit.number}@example.cn",) for unit in SCHEME.units)
    assert "有 40 封以前已经发出，不再发。" in run(*words)


def test_killed_while_fetching_no_letter_is_there_twice_and_none_is_lost(here, filled):
    letters, mailbox = here
    run("mail", "send", "output/邮件/发表", "--yes")
    sent = [answer(message_from_bytes(content, policy=policy.default), filled) for _, _, content in letters.taken]
    mailbox.put(*sent)
    before = mailbox.state()
    chance = random.Random(11)
    for _ in range(10):
        killed(["mail", "fetch", "input"], chance, 1)
    assert len(list(Path("input").rglob("来信.eml"))) > 0
    run("mail", "fetch", "input")
    found = sorted(Path("input").rglob("来信.eml"))
    assert sorted(path.read_bytes() for path in found) == sorted(sent)
    files = [path for path in Path("input").rglob("*") if path.is_file()]
    assert len(files) == 40 * 2 + 13
    assert not [path for path in files if re.search("（2）", path.name)]
    assert mailbox.state() == before
    assert "没有新到的信" in run("mail", "fetch", "input")
    assert not list(Path().glob(".assess-xlsx-*"))


def test_what_is_done_does_not_hang_on_speed(here):
    """40 letters are out within seconds: nothing waits between them."""
    began = time.perf_counter()
    run("mail", "send", "output/邮件/发表", "--yes")
    assert time.perf_counter() - began < 15

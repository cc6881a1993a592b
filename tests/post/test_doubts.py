"""Letters that a broken run had in hand, and what 已发送 tells of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from mail_servers import PASSWORD, Certificates, Letters, Mailbox, imap_server, needs_dovecot, settings, smtp_server

from assess_xlsx.cli import cli
from assess_xlsx.post.letter import Attachment, Letter, compose

pytestmark = needs_dovecot
FOLDER = "output/邮件/催报"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Three letters; the second was handed over when the connection broke."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", PASSWORD)
    certificates, letters = Certificates(tmp_path), Letters(answers=["250 OK", "drop"])
    for number, name in enumerate(("县安监局", "县残联", "县城管局"), 1):
        letter = Letter(name, (f"unit{number}@example.cn",), (), "请补正", ("正文",), Attachment("a.xlsx", b"PK"))
        path = tmp_path / FOLDER / f"{number:02d}-{name}.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(compose(letter))
    with imap_server(certificates) as imap, smtp_server(letters, certificates) as smtp:
        settings(tmp_path / "邮箱设置.ini", certificates, imap=imap, smtp=smtp)
        mailbox = Mailbox(imap, certificates)
        send(code=1)
        yield letters, mailbox
        mailbox.close()


def send(code=0):
    result = CliRunner().invoke(cli, ["mail", "send", FOLDER, "--yes"], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def kept(letters, *numbers):
    return [letters.taken[number][2] for number in numbers]


def test_a_letter_that_is_among_the_sent_ones_went_out(here):
    letters, mailbox = here
    mailbox.put(*kept(letters, 0, 1, 2), folder="Sent")
    before = mailbox.state("Sent")
    said = send()
    assert "到邮箱的“已发送”里核对 1 封：02-县残联。" in said
    assert "有 3 封以前已经发出，不再发。" in said
    assert len(letters.taken) == 3
    assert mailbox.state("Sent") == before


def test_one_that_is_not_goes_out_again_where_the_one_before_it_is_there(here, monkeypatch):
    letters, mailbox = here
    mailbox.put(*kept(letters, 0, 2), folder="Sent")
    send(code=1)  # the provider may not have put it there yet
    monkeypatch.setattr("assess_xlsx.post.doubts.AT_REST", timedelta(0))
    send()
    assert len(letters.to("unit2@example.cn")) == 2


def test_where_nothing_is_kept_nothing_is_known(here, monkeypatch):
    letters, _ = here
    monkeypatch.setattr("assess_xlsx.post.doubts.AT_REST", timedelta(0))
    assert "不知道发出去没有的有 1 封，没有再发：02-县残联。" in send(code=1)
    assert len(letters.taken) == 3

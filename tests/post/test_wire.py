"""Servers that behave as providers do, or as they should not: a script stands in for each."""

from __future__ import annotations

import contextlib
import socketserver
import threading

import pytest

from assess_xlsx.post.imap import Mailbox
from assess_xlsx.post.settings import NONE, Server, Settings
from assess_xlsx.post.trouble import Trouble

HUGE = 2_147_483_648


@contextlib.contextmanager
def scripted(answers, greeting="* OK ready"):
    """An IMAP server that answers by a command's first words, and the list of what it was told."""
    told = []

    class Talk(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(f"{greeting}\r\n".encode())
            for line in self.rfile:
                tag, _, command = line.decode("utf-8", "replace").strip().partition(" ")
                told.append(command)
                known = [answer for words, answer in answers.items() if command.upper().startswith(words)]
                answer = known[-1](told) if known and callable(known[-1]) else known[-1] if known else "OK done"
                *untagged, last = answer.split("\n")
                for each in untagged:
                    self.wfile.write(f"* {each}\r\n".replace("␤", "\r\n").encode())
                self.wfile.write(f"{tag} {last}\r\n".encode())
                if command.upper() == "LOGOUT":
                    return

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Threads(("localhost", 0), Talk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], told
        finally:
            server.shutdown()


ORDINARY = {
    "CAPABILITY": "CAPABILITY IMAP4rev1 ID\nOK done",
    "EXAMINE": "3 EXISTS\nOK [UIDVALIDITY 7] x\nOK [READ-ONLY] done",
}


def opened(port):
    server = Server("localhost", port, NONE)
    return Mailbox(Settings("kaohe@163.com", "kaohe@163.com", "", server, server, "INBOX"), "secret")


def unless_introduced(told):
    known = any(each.startswith("ID (") for each in told)
    unsafe = "NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"
    return ORDINARY["EXAMINE"] if known else unsafe


def test_163_is_told_who_asks():
    with scripted(ORDINARY | {"EXAMINE": unless_introduced, "UID SEARCH": "SEARCH 3 1 2\nOK done"}) as (port, told):
        mailbox = opened(port)
        assert mailbox.numbers(None) == ["7/1", "7/2", "7/3"]
        mailbox.close()
    assert not [each for each in told if each.startswith(("SELECT", "STORE", "EXPUNGE", "CLOSE"))]


def test_a_server_that_knows_no_id_is_no_matter():
    with scripted(ORDINARY | {"ID": "BAD unknown command"}) as (port, _):
        opened(port).close()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"EXAMINE": "NO EXAMINE Unsafe Login. Please contact kefu@188.com"}, "开启 IMAP 和客户端授权码"),
        ({"LOGIN": "NO [AUTHENTICATIONFAILED] secret is wrong"}, "＊＊＊ is wrong"),
        ({"LOGIN": "NO LOGIN Login error or password error"}, "授权码"),
        ({"EXAMINE": "NO no such mailbox"}, "文件夹“INBOX”打不开"),
    ],
)
def test_what_a_server_refuses_is_told_without_the_password(answers, said):
    with scripted(ORDINARY | answers) as (port, _), pytest.raises(Trouble, match=said) as told:
        opened(port)
    assert "secret" not in str(told.value)


def test_no_more_is_taken_than_a_letter_may_hold():
    huge = f"1 FETCH (UID 1 BODY[] {{{HUGE}}}\nOK done"
    with scripted(ORDINARY | {"UID FETCH": huge}) as (port, _):
        mailbox = opened(port)
        with pytest.raises(Trouble, match="连接断了"):
            mailbox.letter("7/1")
        mailbox.close()


def test_a_server_may_tell_things_in_any_order_and_unasked():
    listed = (
        "1 FETCH (FLAGS (\\Seen))\n1 FETCH (BODY[HEADER.FIELDS (FROM)] {14}␤From: a@b.cn␤ UID 1 RFC822.SIZE 20 "
        'INTERNALDATE "27-Nov-2026 09:15:02 +0800")\nOK done'
    )
    with scripted(ORDINARY | {"UID FETCH": listed}) as (port, _):
        mailbox = opened(port)
        (found,) = mailbox.waiting(["7/1"])
        assert (found.number, found.size, found.head) == ("7/1", 20, b"From: a@b.cn\r\n")
        assert f"{found.received:%Y-%m-%d %H:%M:%S}" == "2026-11-27 01:15:02"
        assert mailbox.letter("7/2") is None
        mailbox.close()


@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH"])
def test_a_server_that_does_not_do_as_asked_is_told(command):
    with scripted(ORDINARY | {command: "NO [UNAVAILABLE] try later"}) as (port, _):
        mailbox = opened(port)
        with pytest.raises(Trouble, match=r"没有照办（.*try later）"):
            mailbox.numbers(None) if command == "UID SEARCH" else mailbox.letter("7/1")
        mailbox.close()


def test_nonsense_is_told():
    for greeting in ("HTTP/1.1 400 Bad Request", "* BYE too many connections", ""):
        with scripted({}, greeting) as (port, _), pytest.raises(Trouble):
            opened(port)

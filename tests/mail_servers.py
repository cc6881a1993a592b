"""Real mail servers for the tests: aiosmtpd takes letters, dovecot keeps a mailbox; both with TLS and a login."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from conftest import SCHEME, run

ACCOUNT, PASSWORD = "kaohe@example.cn", "授权码x7".encode().hex()
DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
_VERSION = (
    subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=False).stdout if DOVECOT else ""
)
needs_dovecot = pytest.mark.skipif(
    not _VERSION.startswith("2.3"), reason="needs dovecot 2.3 (dovecot-imapd); 2.4 is configured otherwise"
)


@dataclass
class Certificates:
    """An authority of one's own, and a certificate for this machine."""

    folder: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    def __post_init__(self):
        self.trusted = self.folder / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.trusted))

    def server(self, name="localhost", **how):
        made = self.authority.issue_cert(name, **how)
        path = self.folder / f"{name}.pem"
        made.private_key_and_cert_chain_pem.write_to_path(str(path))
        path.chmod(0o644)
        return path

    def context(self, name="localhost", **how):
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.load_cert_chain(self.server(name, **how))
        return made


@dataclass
class Letters:
    """What the server took, and how it answers."""

    taken: list = field(default_factory=list)
    """Sender, recipients, bytes."""
    refuses: dict = field(default_factory=dict)
    """Answers to RCPT by address."""
    answers: list = field(default_factory=list)
    """Answers to the end of DATA, one a letter, before it takes them."""
    sender_refused: str = ""
    pause: float = 0

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.sender_refused:
            return self.sender_refused
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.pause:
            await asyncio.sleep(self.pause)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "drop":
            self.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            self.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return answer

    def to(self, address):
        return [content for _, recipients, content in self.taken if address in recipients]


class _Server(Controller):
    def __init__(self, letters, **how):
        self.how = how
        super().__init__(letters, hostname="localhost", port=free_port(), ssl_context=how.pop("ssl_context", None))

    def factory(self):
        with warnings.catch_warnings(action="ignore"):  # it does not see that it stands behind TLS
            return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True, **self.how)


def _login(server, session, envelope, mechanism, data):
    right = (data.login.decode(), data.password.decode()) == (ACCOUNT, PASSWORD)
    return AuthResult(success=right, handled=False)


@contextlib.contextmanager
def smtp_server(letters, certificates, *, starttls=False, **how):
    """An SMTP server that wants TLS and a login; answers its port."""
    context = how.pop("context", None) or certificates.context()
    tls = {"tls_context": context, "require_starttls": True} if starttls else {"ssl_context": context}
    how |= {"auth_required": True, "auth_require_tls": starttls, "data_size_limit": 1 << 26}
    server = _Server(letters, authenticator=_login, **tls, **how)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def free_port():
    with socket.create_server(("localhost", 0)) as place:
        return place.getsockname()[1]


CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
{users}
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
  {chroot}
}}
service anvil {{
  {chroot}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
"""


@contextlib.contextmanager
def imap_server(certificates):
    """Dovecot in a process of its own; answers its port."""
    with tempfile.TemporaryDirectory(prefix="mail-", ignore_cleanup_errors=True) as short:  # a socket's path is short
        folder = Path(short)
        uid, gid = (os.getuid(), os.getgid()) if os.getuid() else (8, 8)  # dovecot lets root have no mail
        (folder / "mail").mkdir()
        if not os.getuid():
            folder.chmod(0o755)
            shutil.chown(folder / "mail", uid, gid)
        name = getpass.getuser()
        own = ""
        if os.getuid():
            group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
            users = {"default_internal_user": name, "default_login_user": name, "default_internal_group": group}
            own = "".join(f"{key} = {value}\n" for key, value in users.items())
        port = free_port()
        settings = {
            "folder": folder,
            "certificate": shutil.copy(certificates.server(), folder / "certificate.pem"),
            "port": port,
            "password": PASSWORD,
            "uid": uid,
            "gid": gid,
            "users": f"{own}first_valid_uid = {uid}",
            "chroot": "chroot =" if own else "",
        }
        (folder / "dovecot.conf").write_text(CONFIG.format(**settings))
        with subprocess.Popen([DOVECOT, "-F", "-c", folder / "dovecot.conf"]) as server:
            try:
                for _ in range(200):
                    with contextlib.suppress(OSError), socket.create_connection(("localhost", port), 1):
                        break
                    time.sleep(0.05)
                yield port
            finally:
                server.terminate()


def coded(folder):
    """考核 and 没有的 as IMAP writes them, from RFC 3501's own example of how."""
    return {"考核": '"&gANoOA-"'}.get(folder, folder)


class Mailbox:
    """The office's mailbox as another mail program sees it."""

    def __init__(self, port, certificates):
        context = ssl.create_default_context(cafile=str(certificates.trusted))
        self.port, self._imap = port, imaplib.IMAP4_SSL("localhost", port, ssl_context=context)
        self._imap.login(ACCOUNT, PASSWORD)

    def put(self, *letters, folder="INBOX"):
        self._imap.create(coded(folder))
        for letter in letters:
            kind, said = self._imap.append(coded(folder), "", None, letter)
            assert kind == "OK", said

    def state(self, folder="INBOX"):
        """All that can be seen from outside: numbers, flags, sizes."""
        self._imap.select(folder, readonly=True)
        _, told = self._imap.status(folder, "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)")
        return told, self._imap.uid("FETCH", "1:*", "(UID FLAGS RFC822.SIZE)")[1]

    def structure(self):
        """How the server takes the first letter apart."""
        self._imap.select("INBOX", readonly=True)
        said = self._imap.fetch("1", "(ENVELOPE BODYSTRUCTURE)")[1]
        return b"".join(b"".join(each) if isinstance(each, tuple) else each for each in said).decode()

    def empty(self, folder="INBOX"):
        _, said = self._imap.select(folder)
        if int(said[0]):
            self._imap.store("1:*", "+FLAGS", "\\Deleted")
            self._imap.expunge()
        self._imap.unselect()

    def make_anew(self, folder):
        self._imap.delete(coded(folder))
        self._imap.create(coded(folder))

    def close(self):
        self._imap.logout()


def settings(path, certificates, *, smtp=None, imap=None, **more):
    """The office's settings file for such servers."""
    lines = ["[邮箱]", f"账号 = {ACCOUNT}", "发件人 = 考核办", f"证书 = {certificates.trusted}"]
    for section, port in (("发信", smtp), ("收信", imap)):
        lines += [f"[{section}]", "服务器 = localhost", f"端口 = {port or 1}"]
        lines += [f"{key} = {value}" for (within, key), value in more.items() if within == section]
    path.write_text("\n".join(lines), "utf-8")
    return path


def address_book(path, **changed):
    """The office's address book: an address for everyone, but for what is said otherwise."""
    run("templates", path.parent / "blank")
    book = openpyxl.load_workbook(path.parent / "blank" / "通讯录.xlsx")
    sheet = book.active
    for row in range(3, 3 + len(SCHEME.units)):
        name = sheet.cell(row, 1).value
        sheet.cell(row, 4).value = changed.get(name, f"unit{row - 2}@example.cn")
    book.save(path)
    shutil.rmtree(path.parent / "blank")
    return path

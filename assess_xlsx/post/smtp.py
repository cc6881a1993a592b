"""The wire to the server that sends: one connection, one letter after the other, each step's answer looked at."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.post import trouble
from assess_xlsx.post.settings import NONE, STARTTLS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assess_xlsx.post.settings import Server, Settings

PATIENCE = 60
"""Seconds that a server may take for an answer."""
_TAKEN = (250, 251)
_LEAVING, _TOO_LARGE = 421, 552


class Answer(NamedTuple):
    """What became of a letter."""

    taken: tuple[str, ...]
    """The recipients to whom the server sends it on."""
    refused: Mapping[str, str]
    """The others, with the reason as a Chinese clause."""


class Unknown(Exception):  # noqa: N818 - a state, not a failure of the program
    """The connection broke after all was handed over and before the server said whether it took it."""


class Broken(Exception):  # noqa: N818 - likewise
    """The connection broke before a letter was handed over: it has not gone."""


def context(server: Server) -> ssl.SSLContext:
    """TLS with certificates checked against the system's, and the office's own where it names one."""
    made = ssl.create_default_context()
    if server.certificate:
        made.load_verify_locations(server.certificate)
    return made


class Sender:
    """A connection, logged in; raises Trouble where there can be none."""

    def __init__(self, settings: Settings, password: str) -> None:
        self._settings, self._password = settings, password
        self._smtp = self._connected()

    def _connected(self) -> smtplib.SMTP:
        server = self._settings.sending
        try:
            smtp = _opened(server)
        except trouble.WIRE as error:
            raise trouble.connecting(error, server) from None
        try:
            smtp.login(self._settings.login, self._password)
        except smtplib.SMTPAuthenticationError as error:
            smtp.close()
            raise trouble.login_refused(trouble.reply(*error.args), self._password) from None
        except UnicodeEncodeError:
            smtp.close()
            raise trouble.unreadable_password() from None
        except trouble.WIRE as error:
            smtp.close()
            raise trouble.connecting(error, server) from None
        return smtp

    def again(self) -> None:
        """A new connection in place of a broken one; raises Trouble."""
        self.close()
        self._smtp = self._connected()

    def send(self, recipients: Sequence[str], data: bytes, before: Callable[[Sequence[str]], None]) -> Answer:
        """Sends a letter; ``before`` is told who accepted just before it is handed over.

        Raises Broken, Unknown, and Trouble where the server takes no letter at all.
        """
        try:
            taken, refused = self._addressed(recipients, len(data))
            if not taken:
                self._smtp.rset()
                return Answer((), refused)
        except trouble.WIRE:
            raise Broken from None
        before(taken)
        try:
            code, said = self._smtp.docmd("DATA")
            if code == 354:  # noqa: PLR2004 - the number of RFC 5321
                self._smtp.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")
        except trouble.WIRE:  # without the last line the server has no letter
            raise Broken from None
        if code == 354:  # noqa: PLR2004
            try:
                code, said = self._smtp.getreply()
            except trouble.WIRE:
                raise Unknown from None
        if code in _TAKEN:
            return Answer(tuple(taken), refused)
        if code == _LEAVING:
            raise Broken
        with suppress(*trouble.WIRE):
            self._smtp.rset()
        return Answer((), refused | dict.fromkeys(taken, trouble.refused(code, said)))

    def _addressed(self, recipients: Sequence[str], size: int) -> tuple[list[str], dict[str, str]]:
        """Who accepts a letter, and who does not, with the reason."""
        self._smtp.ehlo_or_helo_if_needed()
        options = [f"size={size}"] if self._smtp.has_extn("size") else []
        code, said = self._smtp.mail(self._settings.account, options)
        if code == _LEAVING:
            raise smtplib.SMTPServerDisconnected
        if code == _TOO_LARGE:
            return [], dict.fromkeys(recipients, trouble.refused(code, said))
        if code not in _TAKEN:
            raise trouble.Trouble(
                f"服务器不让“{self._settings.account}”发信（{trouble.reply(code, said)}）。请检查账号和发信的权限；"
                "说太多、太频繁的，过一小时再运行一次，已经发出的不会重发。"
            )
        taken, refused = [], {}
        for each in recipients:
            code, said = self._smtp.rcpt(each)
            if code == _LEAVING:
                raise smtplib.SMTPServerDisconnected
            if code in _TAKEN:
                taken.append(each)
            else:
                refused[each] = trouble.refused(code, said)
        return taken, refused

    def close(self) -> None:
        """Takes leave, if anybody is there."""
        with suppress(*trouble.WIRE):
            self._smtp.quit()
        self._smtp.close()


def _own_name() -> str:
    """What this computer calls itself to a server: its name, where that is none that only people can read."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9.-]+", name) else "[127.0.0.1]"


def _opened(server: Server) -> smtplib.SMTP:
    """A connection, encrypted as the settings say."""
    if server.security not in (NONE, STARTTLS):
        return smtplib.SMTP_SSL(server.host, server.port, _own_name(), timeout=PATIENCE, context=context(server))
    smtp = smtplib.SMTP(server.host, server.port, _own_name(), timeout=PATIENCE)
    if server.security == STARTTLS:
        try:
            smtp.starttls(context=context(server))
        except BaseException:
            smtp.close()
            raise
    return smtp

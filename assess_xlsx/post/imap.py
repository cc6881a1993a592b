"""The wire to the office's mailbox, which is only looked at: by EXAMINE and PEEK nothing in it is marked or moved.

A server may announce what it likes; no more is taken than a letter may hold.
"""

from __future__ import annotations

import base64
import datetime as dt
import imaplib
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from assess_xlsx import __version__
from assess_xlsx.entries import shown
from assess_xlsx.excel.formats import MEGABYTE
from assess_xlsx.intake.archives import decoded
from assess_xlsx.post import trouble
from assess_xlsx.post.settings import NONE, STARTTLS
from assess_xlsx.post.smtp import PATIENCE, context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assess_xlsx.post.settings import Server, Settings

MOST = 50 * MEGABYTE
"""Bytes of a letter that is fetched."""
_AT_ONCE = 200
"""Letters about which a server is asked in one command."""
_HEADERS = "FROM SUBJECT DATE MESSAGE-ID"
_SAYS_WHO = f'("name" "assess-xlsx" "version" "{__version__}" "vendor" "assess-xlsx")'
_NUMBER, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")
_SENT = re.compile(rb'\([^)]*\\Sent\b[^)]*\) (?:"[^"]*"|NIL) (.+)', re.IGNORECASE)
_DATE = re.compile(rb'INTERNALDATE "[^"]+"')


class Waiting(NamedTuple):
    """A letter in the mailbox, as far as it is seen without fetching it."""

    number: str
    """Its UID within the mailbox's UIDVALIDITY: ``1700000000/17``."""
    size: int
    received: dt.datetime
    """UTC, by the server's clock."""
    head: bytes
    """The headers by which it is told."""


class Mailbox:
    """A mailbox opened for reading alone; raises Trouble where it cannot be."""

    def __init__(self, settings: Settings, password: str, *, sent: bool = False) -> None:
        """``sent``: the folder in which the provider keeps what was sent, instead of the one that is fetched from."""
        self._server = settings.fetching
        self._imap = _logged_in(settings, password)
        try:
            with suppress(imaplib.IMAP4.error):  # 163 lets nobody in who does not say who it is; others do not mind
                self._imap.xatom("ID", _SAYS_WHO)
            folder = self._sent_folder() if sent else f'"{_coded(settings.folder)}"'
            self._validity = self._examined(folder, settings.folder, password)
        except trouble.Trouble:
            self.close()
            raise
        except trouble.WIRE as error:
            self.close()
            raise trouble.connecting(error, self._server) from None

    def _sent_folder(self) -> str:
        """The folder that the server marks as the one for what was sent (RFC 6154); raises Trouble where none is."""
        for each in self._imap.list()[1]:
            if isinstance(each, bytes) and (found := _SENT.fullmatch(each)):
                return found[1].decode("ascii", "replace")
        raise trouble.Trouble("邮箱里认不出“已发送”文件夹。")

    def _examined(self, coded: str, folder: str, password: str) -> str:
        """Opens a folder; answers its UIDVALIDITY."""
        kind, said = self._imap.select(coded, readonly=True)
        if kind != "OK":
            words = decoded(said[0] or b"") if said else ""
            if "unsafe" in words.lower():
                raise trouble.login_refused(words, password)
            raise trouble.Trouble(
                f"邮箱里的文件夹“{folder}”打不开（{trouble.without(words, password)}）。"
                "请检查设置的“文件夹”，收件箱是 INBOX。"
            )
        return (self._imap.response("UIDVALIDITY")[1][0] or b"0").decode("ascii", "replace")

    def numbers(self, since: dt.date | None) -> list[str]:
        """The letters that arrived on a day or later, as ``Waiting.number``, the oldest first; raises Trouble."""
        asked = f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}" if since else "ALL"
        said = self._asked("SEARCH", asked)
        found = sorted(
            {int(each) for line in said if isinstance(line, bytes) for each in line.split() if each.isdigit()}
        )
        return [f"{self._validity}/{each}" for each in found]

    def holds(self, message_id: str) -> bool:
        """Whether a letter of that Message-ID is there; raises Trouble."""
        said = self._asked("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
        return any(isinstance(line, bytes) and line.split() for line in said)

    def waiting(self, numbers: Sequence[str]) -> Iterator[Waiting]:
        """What is seen of letters from outside; raises Trouble."""
        for first in range(0, len(numbers), _AT_ONCE):
            uids = ",".join(map(_uid, numbers[first : first + _AT_ONCE]))
            asked = f"(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({_HEADERS})])"
            for told, head in self._fetched(uids, asked):
                uid, size, date = _NUMBER.search(told), _SIZE.search(told), _DATE.search(told)
                if uid and size:
                    yield Waiting(f"{self._validity}/{int(uid[1])}", int(size[1]), _time(date and date[0]), head)

    def letter(self, number: str) -> bytes | None:
        """A letter as it came; None where it is there no longer; raises Trouble."""
        uid = _uid(number)
        for told, data in self._fetched(uid, "(UID BODY.PEEK[])"):
            found = _NUMBER.search(told)
            if found and found[1].decode() == uid:
                return data
        return None

    def _fetched(self, uids: str, asked: str) -> Iterator[tuple[bytes, bytes]]:
        """What the server tells of each letter, and the bytes that it hands over."""
        whole: list[tuple[bytes, bytes]] = []
        for each in self._asked("FETCH", uids, asked):
            if isinstance(each, tuple):
                whole.append((each[0], each[1]))
            elif each and whole:  # what a server tells behind the bytes
                whole[-1] = (whole[-1][0] + b" " + each, whole[-1][1])
        return iter(whole)

    def _asked(self, command: str, *words: str) -> list[Any]:
        """What the server answers to a command about UIDs; raises Trouble."""
        try:
            kind, said = self._imap.uid(command, *words)
        except trouble.WIRE as error:
            raise trouble.connecting(error, self._server) from None
        if kind != "OK":
            told = decoded(said[0]) if said and isinstance(said[0], bytes) else ""
            raise trouble.Trouble(f"“{self._server.host}”没有照办（{shown(told)}）。请过一会儿再运行一次。")
        return said

    def close(self) -> None:
        """Takes leave, if anybody is there; nothing is expunged."""
        _leave(self._imap)


class _Bounded(imaplib.IMAP4):
    """A connection that takes no more than a letter may hold, whatever is announced."""

    def read(self, size: int) -> bytes:
        if size > MOST:
            raise self.abort("too much")
        return super().read(size)


class _BoundedTLS(_Bounded, imaplib.IMAP4_SSL):
    """The same, encrypted from its start."""


def _logged_in(settings: Settings, password: str) -> imaplib.IMAP4:
    """A connection, encrypted as the settings say, and logged in; raises Trouble."""
    server = settings.fetching
    try:
        imap = _opened(server)
    except trouble.WIRE as error:
        raise trouble.connecting(error, server) from None
    try:
        imap.login(settings.login, password)
    except UnicodeEncodeError:
        _leave(imap)
        raise trouble.unreadable_password() from None
    except imaplib.IMAP4.abort as error:
        _leave(imap)
        raise trouble.connecting(error, server) from None
    except imaplib.IMAP4.error as error:
        _leave(imap)
        said = error.args[0] if error.args else ""
        words = decoded(said) if isinstance(said, bytes) else str(said)
        raise trouble.login_refused(words, password) from None
    except OSError as error:
        _leave(imap)
        raise trouble.connecting(error, server) from None
    return imap


def _opened(server: Server) -> imaplib.IMAP4:
    if server.security not in (NONE, STARTTLS):
        return _BoundedTLS(server.host, server.port, ssl_context=context(server), timeout=PATIENCE)
    imap = _Bounded(server.host, server.port, timeout=PATIENCE)
    if server.security == STARTTLS:
        try:
            imap.starttls(context(server))
        except BaseException:
            _leave(imap)
            raise
    return imap


def _leave(imap: imaplib.IMAP4) -> None:
    with suppress(*trouble.WIRE):
        imap.logout()
    with suppress(*trouble.WIRE):
        imap.shutdown()


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _uid(number: str) -> str:
    return number.partition("/")[2]


def _time(told: bytes | None) -> dt.datetime:
    """INTERNALDATE; what cannot be read is now."""
    found = imaplib.Internaldate2tuple(told) if told else None
    return dt.datetime.fromtimestamp(time.mktime(found), dt.UTC) if found else dt.datetime.now(dt.UTC)


def _coded(folder: str) -> str:
    """A folder's name as IMAP writes it: what is not ASCII in modified UTF-7 (RFC 3501, 5.1.3)."""

    def word(found: re.Match[str]) -> str:
        coded = base64.b64encode(found[0].encode("utf-16-be")).decode("ascii")
        return f"&{coded.rstrip('=').replace('/', ',')}-"

    plain = folder.replace("&", "&-").replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r"[^\x20-\x7e]+", word, plain)

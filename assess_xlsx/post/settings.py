"""The office's mail account: from a settings file that people write, and from the environment. Never the password.

A file is as short as it can be: of the providers that most offices use, the servers are known.
"""

from __future__ import annotations

import configparser
import os
from typing import TYPE_CHECKING, NamedTuple

from assess_xlsx.entries import Refusal, fold, in_words
from assess_xlsx.post.address import addresses_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS_FILE = "邮箱设置.ini"
SSL, STARTTLS, NONE = "SSL", "STARTTLS", "不加密"
"""How a connection is kept secret: from its start, after a greeting, not at all."""
_SECURITY = {SSL: SSL, "TLS": SSL, "SSL/TLS": SSL, STARTTLS: STARTTLS, NONE: NONE}
PASSWORD = "ASSESS_XLSX_MAIL_PASSWORD"  # noqa: S105 - the variable's name
_SECRET = ("密码", "口令", "授权码", "password", "passwd", "secret", "token")

OFFICE, SENDING, FETCHING = "邮箱", "发信", "收信"
_KEYS = {
    (OFFICE, "账号"): "ASSESS_XLSX_MAIL_ACCOUNT",
    (OFFICE, "登录名"): "ASSESS_XLSX_MAIL_LOGIN",
    (OFFICE, "发件人"): "ASSESS_XLSX_MAIL_SENDER",
    (OFFICE, "证书"): "ASSESS_XLSX_MAIL_CERTIFICATE",
    (SENDING, "服务器"): "ASSESS_XLSX_SMTP_HOST",
    (SENDING, "端口"): "ASSESS_XLSX_SMTP_PORT",
    (SENDING, "加密"): "ASSESS_XLSX_SMTP_SECURITY",
    (FETCHING, "服务器"): "ASSESS_XLSX_IMAP_HOST",
    (FETCHING, "端口"): "ASSESS_XLSX_IMAP_PORT",
    (FETCHING, "加密"): "ASSESS_XLSX_IMAP_SECURITY",
    (FETCHING, "文件夹"): "ASSESS_XLSX_IMAP_FOLDER",
}
"""Section and key of the file, and the variable that stands for it and goes before it."""

_PORTS = {(SENDING, SSL): 465, (SENDING, STARTTLS): 587, (SENDING, NONE): 25}
_PORTS |= {(FETCHING, SSL): 993, (FETCHING, STARTTLS): 143, (FETCHING, NONE): 143}
_KNOWN = {  # by the domain of an account, where letters are sent and where they are fetched
    "163.com": ("smtp.163.com", "imap.163.com"),
    "126.com": ("smtp.126.com", "imap.126.com"),
    "yeah.net": ("smtp.yeah.net", "imap.yeah.net"),
    "vip.163.com": ("smtp.vip.163.com", "imap.vip.163.com"),
    "qq.com": ("smtp.qq.com", "imap.qq.com"),
    "vip.qq.com": ("smtp.qq.com", "imap.qq.com"),
    "foxmail.com": ("smtp.qq.com", "imap.qq.com"),
    "139.com": ("smtp.139.com", "imap.139.com"),
    "189.cn": ("smtp.189.cn", "imap.189.cn"),
    "sina.com": ("smtp.sina.com", "imap.sina.com"),
    "sina.cn": ("smtp.sina.cn", "imap.sina.cn"),
    "sohu.com": ("smtp.sohu.com", "imap.sohu.com"),
    "aliyun.com": ("smtp.aliyun.com", "imap.aliyun.com"),
}


class Unset(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """Settings that cannot be gone by, as a Chinese sentence."""


class Server(NamedTuple):
    """Where to connect."""

    host: str
    port: int
    security: str
    certificate: str = ""
    """A file with certificates to be trusted besides the system's; empty where there is none."""


class Settings(NamedTuple):
    """The office's mail account."""

    account: str
    """Its address, from which letters are sent."""
    login: str
    """What it logs in with: mostly the address."""
    sender: str
    """The name beside the address; may be empty."""
    sending: Server
    fetching: Server
    folder: str
    """The mailbox that letters are fetched from."""

    @property
    def domain(self) -> str:
        """Of the account."""
        return self.account.rpartition("@")[2]


def read(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of a file, those of the environment before them; raises Unset."""
    told = _file(path) if path else {}
    told |= {key: said for key, name in _KEYS.items() if (said := environment.get(name, "").strip())}
    where = f"“{path}”" if path else f"“{SETTINGS_FILE}”"
    account = told.get((OFFICE, "账号"), "")
    if not account:
        raise Unset(f"{where}里没有写账号。请在 [邮箱] 下面写一行：账号 = 办公室的邮箱地址")
    try:
        (address,) = addresses_in(account).found
    except (Refusal, ValueError) as error:
        raise Unset(
            f"{where}的账号“{account}”不是一个邮箱地址{f'：{error}' if isinstance(error, Refusal) else ''}。"
        ) from None
    certificate = told.get((OFFICE, "证书"), "")
    if certificate and not os.path.isfile(certificate):  # noqa: PTH113 - Path raises where it may not look
        raise Unset(f"{where}写的证书文件“{certificate}”找不到。")
    smtp, imap = _KNOWN.get(address.rpartition("@")[2], ("", ""))
    return Settings(
        address,
        told.get((OFFICE, "登录名"), address),
        told.get((OFFICE, "发件人"), ""),
        _server(told, SENDING, smtp, where, certificate),
        _server(told, FETCHING, imap, where, certificate),
        told.get((FETCHING, "文件夹"), "INBOX"),
    )


def _server(told: Mapping[tuple[str, str], str], section: str, known: str, where: str, certificate: str) -> Server:
    host = told.get((section, "服务器"), known)
    security = _SECURITY.get(told.get((section, "加密"), SSL).upper())
    if security is None:
        raise Unset(f"{where}的 [{section}] 加密写的是“{told[section, '加密']}”，请写 {SSL}、{STARTTLS} 或{NONE}。")
    port = fold(told.get((section, "端口"), str(_PORTS[section, security])))
    if not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise Unset(
            f"{where}的 [{section}] 端口写的是“{port}”，请写 1 到 65535 的整数，如 {_PORTS[section, security]}。"
        )
    return Server(host, int(port), security, certificate)


def want_host(server: Server, section: str) -> None:
    """Raises Unset where nobody said where to connect."""
    if not server.host:
        raise Unset(
            f"不知道{section}的服务器。请在“{SETTINGS_FILE}”的 [{section}] 下面写一行："
            "服务器 = 邮箱的服务商写明的地址"
        )


def _file(path: Path) -> dict[tuple[str, str], str]:
    parser = configparser.RawConfigParser(delimiters=("=", "＝", "：", ":"), comment_prefixes=("#", ";"))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unset(f"“{path}”打不开（{in_words(error)}）。") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")  # as an old Windows saves it
    try:
        parser.read_string(text)
    except configparser.Error as error:
        line = getattr(error, "lineno", None)
        raise Unset(
            f"“{path}”{f'第 {line} 行' if line else ''}读不懂。请照“名称 = 内容”一行写一项，"
            "每段以 [邮箱]、[发信] 或 [收信] 开头，同一项只写一次。"
        ) from None
    found = {}
    for section in parser.sections():
        for key, said in parser[section].items():
            if any(word in key.lower() for word in _SECRET):
                raise Unset(
                    f"“{path}”里写了“{key}”：密码、授权码不要写在文件里。请删去这一行；运行时会问，"
                    f"或者放在环境变量 {PASSWORD} 里。"
                )
            if (section, key) not in _KEYS:
                keys = (
                    "、".join(known for within, known in _KEYS if within == section) or "[邮箱]、[发信]、[收信] 三段"
                )
                raise Unset(f"“{path}”的 [{section}] 下面没有“{key}”这一项，可以写的是：{keys}。")
            found[section, key] = said.strip()
    if certificate := found.get((OFFICE, "证书"), ""):
        found[OFFICE, "证书"] = str(path.parent / certificate)  # it lies beside the file, wherever one stands
    return {key: said for key, said in found.items() if said}

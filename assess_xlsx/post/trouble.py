"""What goes wrong between here and a mail server, as sentences that say what to do. Passwords never get into one."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from typing import TYPE_CHECKING

from assess_xlsx.entries import shown
from assess_xlsx.intake.archives import decoded

if TYPE_CHECKING:
    from assess_xlsx.post.settings import Server

CODE = "多数邮箱（163、QQ 等）要用“授权码”登录，不是网页上的密码：请在邮箱网页的设置里开启 SMTP、IMAP，生成授权码"

_CERTIFICATES = {
    10: "证书过期了",
    18: "证书是服务器自己签的",
    19: "证书链里有自己签的证书",
    20: "证书不是电脑信任的机构签发的",
    62: "证书是别的服务器的",
    64: "证书是别的服务器的",
}
"""By the number that OpenSSL gives the fault."""


class Trouble(Exception):  # noqa: N818 - a refusal, not a failure of the program
    """The server cannot be worked with, as a Chinese sentence that says what to do."""


def connecting(error: Exception, server: Server) -> Trouble:  # noqa: PLR0911 - a table of cases
    """Why there is no connection, or no longer one."""
    where = f"“{server.host}”的 {server.port} 端口"
    match error:
        case socket.gaierror():
            return Trouble(f"找不到服务器“{server.host}”。请检查网络通不通、服务器的地址写对了没有。")
        case ConnectionRefusedError():
            return Trouble(f"{where}不接受连接。请检查端口和加密写对了没有，是不是被防火墙拦下。")
        case TimeoutError():
            return Trouble(f"{where}没有回应。请检查网络、端口，过一会儿再试；单位的网络可能只准连自己的邮件服务器。")
        case ssl.SSLCertVerificationError():
            why = _CERTIFICATES.get(error.verify_code, error.verify_message)
            return Trouble(
                f"“{server.host}”的{why}，不能确认它就是要连的服务器，没有登录。请检查服务器的地址和电脑的日期；"
                "单位自己的服务器，请向管理员要证书文件，写在设置的“证书”一项。"
            )
        case ssl.SSLError():
            return Trouble(
                f"和{where}谈不成加密连接。请检查端口和加密是不是一对：465、993 用 SSL，587、143、25 用 STARTTLS。"
            )
        case smtplib.SMTPNotSupportedError():
            return Trouble(f"{where}不支持所要的加密或登录方式。请检查端口和加密写对了没有。")
        case smtplib.SMTPResponseException():
            return Trouble(f"{where}拒绝服务（{reply(error.smtp_code, error.smtp_error)}）。请过一会儿再试。")
        case _:
            return Trouble(f"和{where}的连接断了。请检查网络后再运行一次，已经做完的不会重做。")


def login_refused(words: str, password: str) -> Trouble:
    """The server does not let the account in."""
    told = without(words, password)
    if "unsafe login" in told.lower():
        return Trouble(
            f"服务器说“不安全的登录”（{told}）。请登录邮箱网页，在设置里开启 IMAP 和客户端授权码，再用授权码登录。"
        )
    return Trouble(f"登录没有成功（{told}）。请检查账号和密码；{CODE}。")


def unreadable_password() -> Trouble:
    """Login or password hold what no server takes."""
    return Trouble("登录名或密码里有英文字母、数字、符号以外的字（可能是全角的），服务器认不得。请改正后重试。")


def without(words: str, password: str) -> str:
    """What a server said, shortened, on one line, without the password should it say that."""
    told = words.replace(password, "＊＊＊") if password else words
    return shown(" ".join(told.split()))


def reply(code: int, text: bytes | str) -> str:
    """A server's reply: its number and its words."""
    words = decoded(text) if isinstance(text, bytes) else text
    return shown(f"{code} {' '.join(words.split())}".strip())


def refused(code: int, text: bytes | str) -> str:
    """Why a letter or a recipient was not taken, with what to do, as a Chinese clause."""
    said = reply(code, text)
    words = said.lower()
    if any(each in words for each in ("5.2.2", "4.2.2", "mailbox full", "quota", "over quota", "mailbox is full")):
        why = "对方的邮箱满了，请电话告知"
    elif "5.3.4" in words or "too large" in words or code == 552:  # noqa: PLR2004 - the number of RFC 5321
        why = "信太大，对方的服务器不收"
    elif 400 <= code < 500:  # noqa: PLR2004
        why = "对方的服务器要求稍后再试，请过十分钟再运行一次"
    elif any(
        each in words for each in ("5.1.1", "user unknown", "not exist", "no such", "not found", "invalid recipient")
    ):
        why = "对方没有这个邮箱，请核对地址"
    elif any(each in words for each in ("spam", "5.7.", "dt:", "blocked", "policy")):
        why = "被当作垃圾邮件或不允许的邮件，请换一个邮箱发，或请对方的管理员放行"
    else:
        why = "对方的服务器不收"
    return f"{why}（{said}）"


WIRE = (OSError, smtplib.SMTPException, imaplib.IMAP4.error, EOFError)
"""All that talking to a server may raise."""

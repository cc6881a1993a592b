"""The office's account: as short as it can be, never with a password, every slip told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assess_xlsx.post.settings import NONE, PASSWORD, SSL, STARTTLS, Server, Unset, read

README = Path(__file__).parents[2] / "README.md"


def said(tmp_path, text, encoding="utf-8", **environment):
    path = tmp_path / "邮箱设置.ini"
    path.write_bytes(text.encode(encoding))
    return read(path, environment)


def test_the_account_alone_is_enough_where_the_provider_is_known(tmp_path):
    found = said(tmp_path, "[邮箱]\n账号 = kaohe@163.com\n")
    assert found.sending == Server("smtp.163.com", 465, SSL)
    assert found.fetching == Server("imap.163.com", 993, SSL)
    assert (found.login, found.folder, found.domain) == ("kaohe@163.com", "INBOX", "163.com")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_it_is_read_as_editors_save_it(tmp_path, encoding):
    lines = ["# 说明", "[邮箱]", "账号：kaohe@taiqian.gov.cn", "登录名＝kaohe", "发件人 = 台前县考核办"]
    lines += ["[发信]", "服务器=mail.taiqian.gov.cn", "加密=starttls"]
    lines += ["[收信]", "服务器=mail.taiqian.gov.cn", "端口=1143", "加密=不加密", "文件夹=考核"]
    text = "\r\n".join(lines)
    found = said(tmp_path, text, encoding)
    assert (found.login, found.sender, found.folder) == ("kaohe", "台前县考核办", "考核")
    assert found.sending == Server("mail.taiqian.gov.cn", 587, STARTTLS)
    assert found.fetching == Server("mail.taiqian.gov.cn", 1143, NONE)


def test_a_certificate_lies_beside_the_file(tmp_path):
    (tmp_path / "单位.pem").write_bytes(b"")
    found = said(tmp_path, "[邮箱]\n账号 = a@163.com\n证书 = 单位.pem\n")
    assert found.sending.certificate == found.fetching.certificate == str(tmp_path / "单位.pem")


def test_the_environment_goes_before(tmp_path):
    environment = {
        "ASSESS_XLSX_MAIL_ACCOUNT": "a@qq.com",
        "ASSESS_XLSX_SMTP_PORT": "587",
        "ASSESS_XLSX_SMTP_SECURITY": STARTTLS,
    }
    assert read(None, environment).sending == Server("smtp.qq.com", 587, STARTTLS)
    assert said(tmp_path, "[邮箱]\n账号 = kaohe@163.com\n", **environment).account == "a@qq.com"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有写账号"),
        ("[邮箱]\n账号 = kaohe\n", "账号“kaohe”不是一个邮箱地址"),
        ("[邮箱]\n账号 = a@b.cn；c@d.cn\n", "不是一个邮箱地址"),
        ("[邮箱]\n账号 = a@b.cn\n密码 = 123\n", "写了“密码”：密码、授权码不要写在文件里"),
        ("[邮箱]\n账号 = a@b.cn\n[发信]\nPassword = 123\n", "写了“password”"),
        ("[邮箱]\n账号 = a@b.cn\n[收信]\n授权码 = 123\n", "写了“授权码”"),
        ("[邮箱]\n帐户 = a@b.cn\n", "没有“帐户”这一项，可以写的是：账号、登录名、发件人、证书。"),
        ("[信箱]\n账号 = a@b.cn\n", "可以写的是：[邮箱]、[发信]、[收信] 三段。"),
        ("[邮箱]\n账号 = a@b.cn\n[发信]\n端口 = 四六五\n", "端口写的是“四六五”"),
        ("[邮箱]\n账号 = a@b.cn\n[发信]\n端口 = 99999\n", "端口写的是“99999”"),
        ("[邮箱]\n账号 = a@b.cn\n[发信]\n加密 = 是\n", "请写 SSL、STARTTLS 或不加密"),
        ("账号 = a@b.cn\n", "第 1 行读不懂"),
        ("[邮箱]\n账号 = a@b.cn\n账号 = c@d.cn\n", "第 3 行读不懂"),
        ("[邮箱]\n账号 = a@b.cn\n证书 = nowhere.pem\n", "nowhere.pem”找不到"),
    ],
)
def test_a_slip_is_told(tmp_path, text, words):
    with pytest.raises(Unset, match=re.escape(words)) as told:
        said(tmp_path, text)
    assert "123" not in str(told.value)


def test_the_example_in_the_readme_is_read(tmp_path):
    text = README.read_text("utf-8")
    (example,) = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    found = said(tmp_path, example)
    assert found.account == "kaohe@taiqian.example.cn"
    assert found.sending.security == SSL
    assert PASSWORD in text

"""``mail send`` against a real server: who gets what, once; what is refused is told, and the rest goes on."""

from __future__ import annotations

import os
import re
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from click.testing import CliRunner
from mail_servers import ACCOUNT, PASSWORD, Certificates, Letters, free_port, settings, smtp_server

from assess_xlsx.cli import cli
from assess_xlsx.output.journal import Journal, journal
from assess_xlsx.post.letter import Attachment, Letter, compose
from assess_xlsx.post.sent import LABELS
from assess_xlsx.post.settings import Server
from assess_xlsx.post.smtp import context

FOLDER = "output/邮件/催报"
RECORD = "output/邮件/发送记录.txt"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A work folder with three letters."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", PASSWORD)
    for number, name in enumerate(("县安监局", "县残联", "县城管局"), 1):
        write(tmp_path, f"{number:02d}-{name}", f"unit{number}@example.cn")
    return tmp_path


def write(here, name, *to, text="正文", cc=()):
    letter = Letter(
        name[3:], to, cc, f"请补正（{name[3:]}）", (text, "."), Attachment(f"{name}.xlsx", b"PK\x03\x04" * 99)
    )
    path = here / FOLDER / f"{name}.eml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(compose(letter))
    return path


@pytest.fixture
def server(here, certificates):
    letters = Letters()
    with smtp_server(letters, certificates) as port:
        settings(here / "邮箱设置.ini", certificates, smtp=port)
        yield letters


def send(*words, code=0, answers=""):
    result = CliRunner().invoke(cli, ["mail", "send", FOLDER, *words], input=answers, catch_exceptions=False)
    assert result.exit_code == code, result.output
    assert PASSWORD not in result.output
    return result.output


def events(here):
    lines = (here / RECORD).read_text("utf-8-sig").splitlines()
    return [tuple(line.split("\t")[1:4]) for line in lines[1:]]


def test_each_unit_gets_its_letter_once(here, server):
    said = send("--yes")
    assert "已发出 3/3　03-县城管局：unit3@example.cn" in said
    assert [recipients for _, recipients, _ in server.taken] == [(f"unit{n}@example.cn",) for n in (1, 2, 3)]
    message = message_from_bytes(server.taken[1][2], policy=policy.default)
    assert message["from"] == f"考核办 <{ACCOUNT}>"
    assert message["x-unsent"] is None
    assert message["message-id"].endswith(".assess-xlsx@example.cn>")
    assert abs(message["date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
    assert message["subject"] == "请补正（县残联）"
    assert message.get_body(("plain",)).get_content() == "正文\r\n\r\n.\r\n"
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("02-县残联.xlsx", b"PK\x03\x04" * 99)
    assert b"assess-xlsx draft" not in server.taken[1][2]

    assert "有 3 封以前已经发出，不再发。" in send("--yes")
    assert len(server.taken) == 3
    assert [event for event, *_ in events(here)] == ["正在发", "已发出"] * 3
    assert PASSWORD not in (here / RECORD).read_text("utf-8-sig")


def test_it_lists_and_asks_first(here, server):
    said = send(answers="\n", code=1)
    assert "要发的有 3 封，发件人 kaohe@example.cn：" in said
    assert "  02-县残联：unit2@example.cn；请补正（县残联）；《02-县残联.xlsx》" in said
    assert "没有发。" in said
    assert not server.taken
    send(answers="y\n")
    assert len(server.taken) == 3


def test_another_letter_to_the_same_unit_is_told(here, server):
    send("--yes")
    write(here, "02-县残联", "unit2@example.cn", text="又一封")
    said = send(answers="y\n")
    assert "要发的有 1 封" in said
    assert re.search(r"；同样主题的 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d 发过一封", said)
    assert len(server.to("unit2@example.cn")) == 2


def test_letters_that_are_older_than_the_result_are_told(here, server):
    result = here / "output" / "考核结果汇总.xlsx"
    result.write_bytes(b"PK")
    os.utime(result, (1, 1))
    assert "可能不是最新的" not in send(answers="\n", code=1)
    os.utime(result)
    for path in (here / FOLDER).iterdir():
        os.utime(path, (9, 9))
    assert "考核结果汇总.xlsx”又写过，信里说的可能不是最新的" in send(answers="\n", code=1)


def test_a_refused_recipient_is_named_and_the_rest_goes_on(here, server):
    write(here, "02-县残联", "gone@example.cn", "unit2@example.cn", cc=("full@example.cn",))
    server.refuses |= {
        "gone@example.cn": "550 5.1.1 User unknown",
        "full@example.cn": "452 4.2.2 Mailbox full",
        "unit3@example.cn": "451 4.7.1 Greylisted, try again later",
    }
    said = send("--yes", code=1)
    assert "02-县残联：gone@example.cn 没有收：对方没有这个邮箱，请核对地址（550 5.1.1 User unknown）。" in said
    assert "02-县残联：full@example.cn 没有收：对方的邮箱满了，请电话告知" in said
    assert "03-县城管局：unit3@example.cn 没有收：对方的服务器要求稍后再试，请过十分钟再运行一次" in said
    assert [recipients for _, recipients, _ in server.taken] == [("unit1@example.cn",), ("unit2@example.cn",)]

    server.refuses = {}
    send("--yes")  # only to those who have not got it
    assert [recipients for _, recipients, _ in server.taken[2:]] == [
        ("gone@example.cn", "full@example.cn"),
        ("unit3@example.cn",),
    ]


def test_a_refused_letter_costs_itself_alone(here, server):
    server.answers = ["250 OK", "554 5.7.1 DT:SPM message is spam"]
    said = send("--yes", code=1)
    assert "02-县残联：unit2@example.cn 没有收：被当作垃圾邮件" in said
    assert len(server.taken) == 2
    send("--yes")
    assert len(server.taken) == 3
    assert [event for event, *_ in events(here)] == [
        *("正在发", "已发出"),
        *("正在发", "没有发出", "未收"),
        *("正在发", "已发出", "正在发", "已发出"),
    ]


def test_a_computer_may_be_called_as_people_like(here, server, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "办公室的电脑")
    send("--yes")
    assert len(server.taken) == 3


def test_a_connection_that_breaks_before_the_end_is_made_anew(here, server):
    server.answers = ["250 OK", "421 4.4.2 Too many messages in this connection"]
    send("--yes")
    assert len(server.taken) == 3


def test_where_nobody_knows_whether_a_letter_went_out_it_is_asked(here, server):
    server.answers = ["250 OK", "drop"]
    said = send("--yes", code=1)
    assert "不知道发出去没有的有 1 封，没有再发：02-县残联。" in said
    assert len(server.taken) == 3  # the server had it, but did not say so
    send("--yes", code=1)
    assert len(server.taken) == 3
    said = send(answers="\n\n", code=1)
    assert "上次发“02-县残联”（unit2@example.cn）时中断了，不知道发出去没有。" in said
    send(answers="\ny\n")  # not again: taken as sent
    send()
    assert len(server.taken) == 3


def test_or_it_goes_out_again_if_a_person_wants_that(here, server):
    server.answers = ["drop"]
    send("--yes", code=1)
    server.taken.clear()
    send(answers="y\ny\n")
    assert [recipients for _, recipients, _ in server.taken] == [("unit1@example.cn",)]
    send()


def test_a_letter_changed_in_a_mail_program_goes_as_it_is(here, server):
    path = write(here, "02-县残联", "unit2@example.cn")
    head = b"From: someone@else.cn\nDate: Mon, 1 Jan 2018 00:00:00 +0800\nBCC: <boss@example.cn>,\n\t<x@y.cn>\n"
    path.write_bytes(head + b"To: <new@example.cn>\nSubject: x\nX-UNSENT: 1\n\n.\nchanged\n")
    send("--yes")
    (content,) = server.to("new@example.cn")
    message = message_from_bytes(content, policy=policy.default)
    assert (message["bcc"], message["x-unsent"], len(message.get_all("from")), len(message.get_all("date"))) == (
        *(None, None),
        *(1, 1),
    )
    assert message["from"].addresses[0].addr_spec == ACCOUNT
    assert message.get_content() == ".\r\nchanged\r\n"
    assert server.to("boss@example.cn") == [content]


def test_the_newest_of_a_letter_is_sent(here, server):
    write(here, "02-县残联", "old@example.cn").rename(here / FOLDER / "x.eml")
    write(here, "02-县残联（2）", "new@example.cn")
    (here / FOLDER / "x.eml").rename(here / FOLDER / "02-县残联.eml")
    assert "“02-县残联.eml”已有更新的一份，不发这份旧的。" in send("--yes")
    assert not server.to("old@example.cn")
    assert server.to("new@example.cn")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "不是一封完好的邮件"),
        (b"PK\x03\x04", "不是一封完好的邮件"),
        (b"Subject: x\n\nx", "没有收件人"),
        (b"To: nobody\nSubject: x\n\nx", "收件人有疑问"),
        (b"To: a@b\n\nx", "收件人有疑问"),
        (b"To: \xff\xfe@\xff\n\nx", "有疑问"),
    ],
)
def test_what_is_no_letter_is_named_and_the_rest_goes_on(here, server, data, said):
    (here / FOLDER / "02-县残联.eml").write_bytes(data)
    told = send("--yes", code=1)
    assert "“02-县残联.eml”" in told
    assert said in told
    assert len(server.taken) == 2


def test_starttls_and_a_server_that_wants_it(here, certificates):
    letters = Letters()
    with smtp_server(letters, certificates, starttls=True) as port:
        settings(here / "邮箱设置.ini", certificates, smtp=port)
        with (here / "邮箱设置.ini").open("a", encoding="utf-8") as file:
            file.write("\n")
        text = (here / "邮箱设置.ini").read_text("utf-8").replace(f"端口 = {port}", f"端口 = {port}\n加密 = STARTTLS")
        (here / "邮箱设置.ini").write_text(text, "utf-8")
        send("--yes")
    assert len(letters.taken) == 3


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("line", range(7))
def test_killed_at_any_line_of_the_record_nobody_gets_a_letter_twice(here, server, monkeypatch, line, written):
    """A run that ends before or after any line is written, and the next one."""
    add, left = Journal.add, [line]

    def killed(self, *fields):
        left[0] -= 1
        if left[0] >= 0 or written:
            add(self, *fields)
        if left[0] < 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "add", killed)
    CliRunner().invoke(cli, ["mail", "send", FOLDER, "--yes"])
    monkeypatch.setattr(Journal, "add", add)
    went = len(server.taken)
    said = CliRunner().invoke(cli, ["mail", "send", FOLDER]).output  # nobody answers: nothing is sent, nothing lost
    assert len(server.taken) == went
    unknown = re.findall(r"上次发“\S+”（(\S+)）时中断了，不知道发出去没有。", said)
    assert len(unknown) <= 1
    answers = ["\ny\n" if server.to(address) else "y\n" for address in unknown]  # as the office finds out
    send("--yes", code=int(bool(unknown)))
    send(answers=f"{''.join(answers)}y\n")
    assert sorted(recipients for _, recipients, _ in server.taken) == [(f"unit{n}@example.cn",) for n in (1, 2, 3)]


# ── what does not work ──


def test_a_wrong_password_is_told_with_what_to_do(here, server, monkeypatch):
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", "wrong-secret")
    said = send("--yes", code=1)
    assert "登录没有成功（535" in said
    assert "授权码" in said
    assert "wrong-secret" not in said
    assert "已发出 0 封，还有 3 封没有发出。" in said
    monkeypatch.setenv("ASSESS_XLSX_MAIL_PASSWORD", "全角１２３")
    assert "登录名或密码里有英文字母、数字、符号以外的字" in send("--yes", code=1)
    monkeypatch.delenv("ASSESS_XLSX_MAIL_PASSWORD")
    assert "没有密码" in send("--yes", code=1)


def test_a_server_that_lets_nobody_send_is_told(here, server):
    server.sender_refused = "550 5.7.1 sending limit exceeded"
    assert "服务器不让“kaohe@example.cn”发信（550 5.7.1 sending limit exceeded）" in send("--yes", code=1)
    assert not server.taken


def changed(here, old, new):
    path = here / "邮箱设置.ini"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_no_connection_is_told_with_what_to_do(here, certificates, server, monkeypatch):
    monkeypatch.setattr("assess_xlsx.post.smtp.PATIENCE", 1)
    port = (here / "邮箱设置.ini").read_text("utf-8").partition("端口 = ")[2].partition("\n")[0]
    changed(here, f"端口 = {port}", f"端口 = {free_port()}")
    assert "不接受连接。请检查端口和加密写对了没有" in send("--yes", code=1)
    changed(here, "[发信]\n服务器 = localhost", "[发信]\n服务器 = smtp.nowhere.invalid")
    assert "找不到服务器“smtp.nowhere.invalid”" in send("--yes", code=1)
    assert "已发出 0 封" in send("--yes", code=1)


def test_a_certificate_that_is_not_right_stops_before_the_login(here, certificates):
    letters = Letters()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for shown, said in (
        (certificates.context("other.example.cn"), "证书是别的服务器的"),
        (certificates.context(not_after=yesterday), "证书过期了"),
        (Certificates(here).context(), "不是电脑信任的机构签发的"),
    ):
        with smtp_server(letters, certificates, context=shown) as port:
            settings(here / "邮箱设置.ini", certificates, smtp=port)
            assert said in send("--yes", code=1)
    assert not letters.taken


def test_a_port_that_speaks_otherwise_is_told(here, certificates):
    with smtp_server(Letters(), certificates, starttls=True) as port:
        settings(here / "邮箱设置.ini", certificates, smtp=port)
        assert "谈不成加密连接" in send("--yes", code=1)


def test_tls_is_the_rule_and_certificates_are_checked():
    made = context(Server("x", 1, "SSL"))
    assert (made.verify_mode, made.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_record_that_was_changed_is_a_question(here, server):
    send("--yes")
    path = here / RECORD
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])  # a run that was killed while it wrote
    send("--yes", code=1)
    assert len(server.taken) == 3
    path.write_bytes(whole.replace(b"\t", b","))
    assert "第 1 行读不懂" in send("--yes", code=1)
    path.write_bytes(whole.replace(b"\r\n", b"\n"))  # an editor saved it
    send("--yes")
    assert len(server.taken) == 3


def test_two_runs_at_once_are_told(here, server):
    with journal(here / RECORD, LABELS):
        assert "另一个窗口正在写" in send("--yes", code=1)


def test_wrong_usage_is_told(here, server):
    result = CliRunner().invoke(cli, ["mail", "send", "nowhere"])
    assert result.exit_code == 2
    assert "找不到文件夹“nowhere”" in result.output
    (here / "empty").mkdir()
    result = CliRunner().invoke(cli, ["mail", "send", "empty"])
    assert "没有起草好的邮件" in result.output

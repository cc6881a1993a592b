"""A letter as mail programs read it: by Python, by a parser in Rust, by the house's own reader of mails."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import fast_mail_parser
import pytest

from assess_xlsx.intake import mail
from assess_xlsx.post.letter import Attachment, Letter, compose

LONG = "05-县发展和改革委员会（重点项目建设办公室、“一网通办”领导小组办公室）很长很长的单位名称.xlsx"
NAMES = ["01-县安监局.xlsx", LONG, "a b'c%d.xlsx", "㐂𠮷-测试😀.xlsx", "report.xlsx"]
SUBJECT = "2018年度“一网通办”前提下“最多跑一次”改革工作考核：请补正评分表（县发展改革委）"
DATA = bytes(range(256)) * 99


def letter(name=NAMES[0], cc=("x@y.cn",)):
    paragraphs = ("县安监局：", "有 2 处<b>&：\n（1）甲\n（2）乙", ".", "From 开头的一行")
    return Letter("县安监局", ("a@b.cn", "c@d.cn"), cc, SUBJECT, paragraphs, Attachment(name, DATA))


@pytest.mark.parametrize("name", NAMES)
def test_names_text_and_attachment_are_right_in_every_reader(name):
    data = compose(letter(name))
    told = "县安监局：\r\n\r\n有 2 处<b>&：\r\n（1）甲\r\n（2）乙\r\n\r\n.\r\n\r\nFrom 开头的一行\r\n"

    by_python = message_from_bytes(data, policy=policy.default)
    (attached,) = by_python.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (name, DATA)
    assert by_python["subject"] == SUBJECT
    assert [each.addr_spec for each in by_python["to"].addresses] == ["a@b.cn", "c@d.cn"]
    assert {each.display_name for each in by_python["to"].addresses} == {"县安监局"}
    assert by_python["x-unsent"] == "1"
    assert by_python.get_body(("plain",)).get_content() == told
    assert not any(part.defects for part in by_python.walk())

    in_rust = fast_mail_parser.parse_email(data)
    assert [(each.filename, bytes(each.content)) for each in in_rust.attachments] == [(name, DATA)]
    assert in_rust.subject == SUBJECT
    assert in_rust.text_plain == [told]
    assert "有 2 处&lt;b&gt;&amp;：<br>（1）甲<br>（2）乙" in in_rust.text_html[0]

    (member,) = mail.unpack(data).members
    assert (member.name, member.data) == (name, DATA)


def test_old_readers_find_the_name_in_an_encoded_word():
    text = compose(letter()).decode("ascii")
    word = "=?UTF-8?B?MDEt5Y6/5a6J55uR5bGALnhsc3g=?="
    assert f'name="{word}"' in text
    assert f'filename="{word}"' in text
    assert "filename*=UTF-8''01-%E5%8E%BF" in text


def test_no_line_is_too_long_for_a_server_and_no_word_for_a_reader():
    lines = compose(letter(LONG)).split(b"\r\n")
    assert max(map(len, lines)) < 998
    words = [word for line in lines for word in re.findall(rb"=\?\S*?\?=", line)]
    assert words
    assert max(map(len, words)) <= 75
    assert b"\n" not in b"".join(lines)


def test_the_same_letter_is_the_same_file():
    assert compose(letter()) == compose(letter())
    assert compose(letter()) != compose(letter(cc=()))


def test_a_unit_may_be_called_as_it_likes():
    data = compose(letter()._replace(unit='IT, "Dept" <a@b.cn>'))
    (first, _) = message_from_bytes(data, policy=policy.default)["to"].addresses
    assert (first.display_name, first.addr_spec) == ('IT, "Dept" <a@b.cn>', "a@b.cn")


def test_no_text_can_add_a_header():
    hostile = letter()._replace(subject="甲\r\nBcc: x@y.cn", unit="乙\r\nBcc: x@y.cn")
    assert message_from_bytes(compose(hostile))["bcc"] is None
    assert message_from_bytes(compose(hostile._replace(subject="a\r\nBcc: x@y.cn")))["bcc"] is None

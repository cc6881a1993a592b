"""What the system says is said in Chinese; what people write for a day."""

from __future__ import annotations

import datetime as dt
import errno
import re

import pytest

from assess_xlsx.entries import day_in, in_words


@pytest.mark.parametrize("number", [None, 0, *errno.errorcode, 12345])
def test_no_system_error_is_said_in_english(number):
    said = in_words(OSError(number, "No such thing"))
    assert said
    assert not re.search("[A-Za-z]", said)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, ""), "没有权限"),
        (FileNotFoundError(errno.ENOENT, ""), "没有这个文件"),
        (OSError(errno.ENOSPC, ""), "磁盘满了"),
        (OSError(errno.EDQUOT, ""), "配额"),
        (OSError(errno.EIO, ""), "读写出错"),
        (OSError(errno.EROFS, ""), "只能读"),
        (OSError(12345, ""), "系统错误 12345"),
    ],
)
def test_common_ones_have_words_of_their_own(error, said):
    assert said in in_words(error)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (dt.datetime(2019, 2, 5, 9, 30, tzinfo=dt.UTC), dt.date(2019, 2, 5)),
        (dt.date(2019, 2, 5), dt.date(2019, 2, 5)),
        ("2019-02-05", dt.date(2019, 2, 5)),
        ("2019/2/5", dt.date(2019, 2, 5)),
        ("２０１９．２．５", dt.date(2019, 2, 5)),
        ("2019年2月5日", dt.date(2019, 2, 5)),
        ("2019 年 2 月 5 号。", dt.date(2019, 2, 5)),
        ("20190205", dt.date(2019, 2, 5)),
        (20190205, dt.date(2019, 2, 5)),
        ("2月5日", None),
        ("2019-2", None),
        ("2019-02/05", None),
        ("2019-02-30", None),
        ("1019-02-05", None),
        (43501, None),
        ("上周", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_where_its_year_is_told(raw, day):
    assert day_in(raw) == day

"""What the system says is said in Chinese."""

from __future__ import annotations

import errno
import re

import pytest

from assess_xlsx.entries import in_words


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

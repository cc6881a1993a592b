"""Which address book the office means, and what it says; refusals in words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from assess_xlsx.post.address_book import AddressBook
    from assess_xlsx.scheme.model import Scheme


def find(named: Path | None, templates: Path) -> Path | None:
    """The address book that is named, else the one here, else that of ``templates``; None where there is none.

    A filled one goes before a blank one; two that are filled are a question.
    """
    from assess_xlsx.layout import ADDRESS_FILE
    from assess_xlsx.output.seal import sealed_by

    if named:
        if not os.path.lexists(named):
            raise click.ClickException(f"找不到通讯录“{named}”，请检查路径。")
        return named
    places = [each for each in (Path(ADDRESS_FILE), templates / ADDRESS_FILE) if os.path.lexists(each)]
    filled = [each for each in places if not (each.is_file() and sealed_by(each))]
    if len(filled) > 1:
        raise click.ClickException(
            f"“{filled[0]}”和“{filled[1]}”都填过，不知道用哪一份。请移走一份，或加 --contacts 写明用哪一份。"
        )
    return next(iter(filled or places), None)


def read(path: Path, scheme: Scheme) -> AddressBook:
    """What it says; refuses where it cannot be read."""
    from assess_xlsx.post import address_book

    try:
        return address_book.read(path, scheme)
    except address_book.Unread as refusal:
        raise click.ClickException(str(refusal)) from None

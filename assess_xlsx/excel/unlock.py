"""Opens what is encrypted without anybody's password: with Excel's own default, which write protection sets."""

from __future__ import annotations

import io

from assess_xlsx.excel.formats import locked

DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105 - it stands in the description of the format


def unlocked(data: bytes) -> bytes:
    """The workbook inside; Unreadable where it has a password of its own."""
    # slow to import and rarely needed
    from msoffcrypto import OfficeFile  # noqa: PLC0415
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415

    target = io.BytesIO()
    try:
        file = OfficeFile(io.BytesIO(data))
        checked = {"verify_password": True} if isinstance(file, OOXMLFile) else {}  # the others always check it
        file.load_key(password=DEFAULT_PASSWORD, **checked)
        file.decrypt(target)
    except Exception:  # noqa: BLE001 - whatever another password, or a broken file, makes it raise
        raise locked() from None
    return target.getvalue()

"""assess-xlsx: forms out, forms in, ranking out, for a county's yearly 百分制 assessment.

Public is ``assess``; all else may change from one version to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assess_xlsx.api import assess

__all__ = ["assess"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a command need not wait for pandas
    if name != "assess":
        raise AttributeError(name)
    from assess_xlsx.api import assess  # noqa: PLC0415

    return assess

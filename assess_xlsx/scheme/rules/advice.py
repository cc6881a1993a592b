"""What to write instead of what the rules do not know: one sentence each, gone when they come to know it."""

from __future__ import annotations

OWN_TARGET = "基准是各单位自己的目标的，请把“完成率”设为填报项，或用“除以”，或在填报项里推算与目标的“差”"
"""Of a line to compare with that is neither a number nor the mean of the units."""

"""What to write instead of what the rules do not know: one sentence each, gone when they come to know it."""

from __future__ import annotations

MEAN_RULE = "平均"
OF_A_MEAN = "几次得分要平均的，请由考核办算好后用“直接评分”"
"""Of a rule of that name."""

OWN_TARGET = "基准是各单位自己的目标的，请把“完成率”设为填报项，或用“除以”"
"""Of a line to compare with that is neither a number nor the mean of the units."""

"""What a sentence of a notice becomes, in one line."""

from __future__ import annotations

from assess_xlsx.draft.recipes import Asked
from assess_xlsx.draft.statements import read
from assess_xlsx.scheme.book.listing import line_rows

CELLS = ("选项", "达到", "不足", "至多")


def asked(sentence, worth, around=""):
    """The sentence of an item that is worth so many points; ``+5`` adds, ``-5`` takes off."""
    kind = "points" if isinstance(worth, int | float) else "adds" if worth.startswith("+") else "deducts"
    return Asked(read(sentence), kind, abs(int(worth)), "", read(around), shared=False)


def told(proposal):
    """``逐次加减：起始分 4，每次 -1，最低分 0``; ？ where a person has to confirm it."""
    rows = list(line_rows(proposal.rule, {fact["label"]: fact["kind"] for fact in proposal.facts}))
    lines = []
    for row in rows:
        cells = [f"{column}{_shown(row[column])}" for column in CELLS if column in row]
        cells += ["除以"] * ("除以" in row) + [_shown(row[column]) for column in ("分数",) if column in row]
        lines.append(" ".join([row["参数"], *cells]))
    return f"{rows[0]['规则']}：{'，'.join(lines)}{'？' * bool(proposal.doubts)}"


def _shown(value):
    return f"{value:g}" if isinstance(value, float) else str(value)

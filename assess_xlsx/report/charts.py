"""The charts of 总览, native ones that read in black and white. They find each unit's figures by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assess_xlsx.amounts import CENT
from assess_xlsx.excel import style
from assess_xlsx.excel.cells import Formula, column_letter
from assess_xlsx.layout import OVERVIEW_SHEET, UNIT, VETO_SHEET, WHOLE_SCORE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assess_xlsx.excel.write import Book, Chart, Sheet
    from assess_xlsx.report.places import Places
    from assess_xlsx.scoring.ranking import Ranking
    from assess_xlsx.scoring.scores import Scores

PAGE_HEIGHT = 1400
"""Pixels that a printed page holds, made as narrow as the sheet is wide."""
HIGHER = 110
"""By how many pixels the rows above the charts are higher than so many others."""
ROW = 20
"""Pixels of a row."""
SIDE_BY_SIDE = 16
"""Rows that two charts beside each other take."""
CHARTED = 60
"""Units at most in a ranking chart; the sheet itself has them all."""
SOURCE_COL = 13
"""Beside the charts, outside the print area: the figures of the rankings."""
INSIDE = {"y_offset": 3}
"""A chart begins below the edge of its row: at the top of a page, its frame would be printed on the page before."""
DARK = style.BLUE
PATTERNS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": DARK}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": DARK, "bg_color": "#FFFFFF"}},
    {"pattern": {"pattern": "dotted_diamond", "fg_color": DARK, "bg_color": "#FFFFFF"}},
)
VETOED = {"fill": {"color": "#FFFFFF"}}
"""The bars of units that lost 评优资格: hollow."""


class Bands(NamedTuple):
    """Where 得分分布 stands: its header's row, the forms' rows follow, and its last column."""

    row: int
    last: int


class Averages(NamedTuple):
    """The rows of a form's averages: those of its chart, and the last of all."""

    first: int
    charted: int
    end: int


class Charts:
    """All charts, below the tables that they show."""

    def __init__(
        self,
        book: Book,
        sheet: Sheet,
        scores: Sequence[Scores],
        rankings: Sequence[Ranking],
        vetoed: Collection[int],
        places: Places,
    ) -> None:
        """``vetoed``: the units that lost 评优资格, by 序号; ``places``: where formulas find a unit by its name."""
        self.book, self.sheet, self.scores, self.rankings = book, sheet, scores, rankings
        self.vetoed, self.places = vetoed, places

    def draw(self, row: int, bands: Bands, averages: Sequence[Averages]) -> int:
        """Draws them from a row on and answers the row that follows."""
        self._distribution(row, bands)
        for place, (scores, rows) in enumerate(zip(self.scores, averages, strict=True)):
            self._rates(row + SIDE_BY_SIDE * ((place + 1) // 2), 6 if place % 2 == 0 else 0, place, scores, rows)
        heights = [SIDE_BY_SIDE] * (1 + len(self.scores) // 2)
        first = row + sum(heights)
        for place, ranking in enumerate(self.rankings):
            if ranking.units:
                height = 90 + 20 * min(len(ranking.units), CHARTED)
                self._ranking(first, place, ranking, height)
                heights.append(height // ROW + 2)
                first += heights[-1]
        breaks, used = [], row * ROW + HIGHER
        for height in heights:  # a chart is not cut by the end of a page
            if used + height * ROW > PAGE_HEIGHT:
                breaks.append(row)
                used = 0
            used += height * ROW
            row += height
        self.sheet.set_h_pagebreaks(breaks)
        return row

    def _distribution(self, row: int, bands: Bands) -> None:
        chart = self.book.chart("column")
        for place in range(len(self.scores)):
            line = bands.row + 1 + place
            chart.add_series(
                {
                    "name": [OVERVIEW_SHEET, line, 0],
                    "categories": [OVERVIEW_SHEET, bands.row, 1, bands.row, bands.last],
                    "values": [OVERVIEW_SHEET, line, 1, line, bands.last],
                    **_bars(_look(place), 60, {"value": True}),
                }
            )
        _finish(chart, "得分分布（单位数）", legend=True)
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}, "num_format": "0"})
        chart.set_size({"width": 470, "height": 300})
        self.sheet.insert_chart(row, 0, chart, INSIDE)

    def _rates(self, row: int, column: int, place: int, scores: Scores, rows: Averages) -> None:
        chart = self.book.chart("bar")
        chart.add_series(
            {
                "categories": [OVERVIEW_SHEET, rows.first, 0, rows.charted, 0],
                "values": [OVERVIEW_SHEET, rows.first, 6, rows.charted, 6],
                **_bars(_look(place), 50, {"value": True, "num_format": "0.0%"}),
            }
        )
        _finish(chart, f"{scores.form.name}各项得分率", legend=False)
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"min": 0, "max": 1, "visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 470, "height": 300})
        self.sheet.insert_chart(row, column, chart, INSIDE)

    def _ranking(self, row: int, place: int, ranking: Ranking, height: int) -> None:
        last = row + self._source(row, ranking)
        chart = self.book.chart("bar")
        for column, look in ((SOURCE_COL + 1, _look(place)), (SOURCE_COL + 2, VETOED)):
            chart.add_series(
                {
                    "name": [OVERVIEW_SHEET, row, column],
                    "categories": [OVERVIEW_SHEET, row + 1, SOURCE_COL, last, SOURCE_COL],
                    "values": [OVERVIEW_SHEET, row + 1, column, last, column],
                    **_bars(look, 40, {"value": True, "num_format": "0.00"}),
                    "overlap": 100,
                }
            )
        suffix = "（暂定）" if ranking.provisional else ""
        hollow = any(unit.number in self.vetoed for unit in ranking.units)
        _finish(chart, f"{ranking.name}排名：总分{suffix}", legend=hollow)
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"min": 0, "visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 950, "height": height})
        self.sheet.insert_chart(row, 0, chart, INSIDE)

    def _source(self, row: int, ranking: Ranking) -> int:
        """Names and totals for the chart of a ranking, a unit that lost 评优资格 apart; answers how many."""
        stands, name = self.places.rankings[ranking.forms[0].form.name], column_letter(SOURCE_COL)
        units, totals = map(stands.table.column, (stands.unit, stands.total))
        head, text = self.book.format(font_color=style.INK, bold=True), self.book.format()
        points = self.book.format(num_format="0.00")
        labels = (UNIT, WHOLE_SCORE, f"{WHOLE_SCORE}（{VETO_SHEET}等取消评优资格）")
        for column, label in enumerate(labels, SOURCE_COL):
            self.sheet.put(row, column, label, head)
        charted = ranking.ordered()[:CHARTED]
        for line, unit in enumerate(charted, row + 1):
            self.sheet.put(line, SOURCE_COL, unit.name, text)
            amount = ranking.totals[unit.number] / CENT
            formula = f"SUMIFS({totals},{units},${name}{line + 1})"
            value = Formula(formula, amount) if self.places.live else amount
            self.sheet.put(line, SOURCE_COL + (2 if unit.number in self.vetoed else 1), value, points)
        return len(charted)


def _finish(chart: Chart, title: str, *, legend: bool) -> None:
    chart.set_title({"name": title, "name_font": {"name": style.TITLE_FONT, "size": 12, "bold": False}})
    chart.set_legend({"position": "top"} if legend else {"none": True})


def _look(place: int) -> dict[str, Any]:
    """How the bars of a form look, by its place among the forms: told apart without colours too."""
    return PATTERNS[place % len(PATTERNS)]


def _bars(look: dict[str, Any], gap: int, labels: dict[str, Any]) -> dict[str, Any]:
    return {"data_labels": labels, "border": {"color": DARK}, "gap": gap, **look}

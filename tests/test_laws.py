"""What must hold whatever people do to a form: moved about nothing changes, edited nothing changes in silence."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata

import pytest
from conftest import (
    COUNTY,
    SCHEME,
    TOWN,
    book_of,
    collect,
    filled_form,
    good_answers,
    grid,
    random_answers,
    rows,
    save,
    workbook,
)
from hypothesis import given
from hypothesis import strategies as st

from assess_xlsx.answers import Saved, Source
from assess_xlsx.entries import Percentage, Refusal, fold
from assess_xlsx.intake import form as forms
from assess_xlsx.intake.units import Roster
from assess_xlsx.layout import CODE, FACT, VALUE, Col, FormLayout
from assess_xlsx.scheme.answer_kinds import Count, Percent

ROSTER, NOW = Roster(SCHEME), Saved(dt.datetime(2019, 1, 8, tzinfo=dt.UTC), lasting=True)
UNITS = {COUNTY.name: "县残联", TOWN.name: "城关镇"}
BOTH = pytest.mark.parametrize("form", [COUNTY, TOWN], ids=lambda form: form.name)


def sheet(form, chance):
    answers = random_answers(form, chance)
    return grid(form, UNITS[form.name], {label: value for label, value in answers.items() if value is not None})


def read(*grids, name="表.xlsx"):
    sheets = {f"Sheet{number}": rows_ for number, rows_ in enumerate(grids, 1)}
    return forms.read(book_of(sheets), Source(name), SCHEME, ROSTER, NOW)


def values(reading):
    return [(each.form, each.unit, each.values) for each in reading.forms]


def shuffled(things, chance):
    return chance.sample(things, len(things))


@BOTH
def test_moving_rows_columns_and_blanks_about_changes_no_answer(form):
    chance, layout = random.Random(f"moved {form.name}"), FormLayout.of(form)
    for _ in range(30):
        cells = sheet(form, chance)
        expected, told = values(read(cells)), len(read(cells).problems)
        first, last = layout.first_row, max(layout.rows.values()) + 1
        moved = cells[:first] + shuffled(cells[first:last], chance) + cells[last:]
        order = [*range(2), *shuffled(range(2, 12), chance)] if chance.random() < 0.5 else shuffled(range(12), chance)
        moved = [[row[column] for column in order] for row in moved]
        for _ in range(chance.randrange(4)):
            moved.insert(chance.randrange(len(moved)), [""] * len(moved[0]))
        for _ in range(chance.randrange(4)):
            place = chance.randrange(len(moved[0]))
            moved = [[*row[:place], "", *row[place:]] for row in moved]
        reading = read([[""]], moved, [["别的"]])
        assert values(reading) == expected
        assert len([each for each in reading.problems if "官方文字" not in each.text]) == told


def edits(cells, form, chance):
    """A copy of a form's sheet in which one heading, code, label or name was edited."""
    layout = FormLayout.of(form)
    places = [(layout.header_row, column) for column in range(12)]
    places += [(row, column) for row in layout.rows.values() for column in (Col.CODE, Col.FACT)] * 2
    places += [(layout.unit_row, 0), (layout.unit_row, 1)]
    row, column = chance.choice(places)
    old = str(cells[row][column])
    texts = [str(cells[r][c]) for r, c in places]
    at = chance.randrange(len(old) + 1)
    new = chance.choice(
        [
            "",
            old[:at] + old[at + 1 :],
            old[:at] + chance.choice("的项数1.9 \u200b（a") + old[at:],
            old[::-1],
            chance.choice(texts),
            chance.choice(texts),
            old + chance.choice(texts),
        ]
    )
    return [[new if (r, c) == (row, column) else cell for c, cell in enumerate(line)] for r, line in enumerate(cells)]


@BOTH
def test_editing_one_label_code_or_heading_changes_nothing_in_silence(form):
    chance, told = random.Random(f"edited {form.name}"), 0
    for _ in range(40):
        cells = sheet(form, chance)
        before = read(cells)
        for _ in range(25):
            after = read(edits(cells, form, chance))
            if after is None or after.rejected or len(after.problems) > len(before.problems):
                told += 1
            else:
                assert values(after) == values(before)
    assert told > 500  # most edits are noticed


def test_files_in_any_order_and_under_any_name_give_the_same_scores(tmp_path):
    chance, results = random.Random(5), []
    units = [*COUNTY.units[:4], *TOWN.units[:2]]
    for number in range(3):
        folder = tmp_path / f"in{number}"
        for place, unit in enumerate(shuffled(units, chance)):
            form = SCHEME.form(unit.form)
            answers = random_answers(form, random.Random(unit.name))
            save(filled_form(form, unit.name, answers), folder / f"{chance.choice('甲乙')}/{place}.xlsx")
        found = collect(folder)
        details = [row | {"来源": ""} for row in rows(found, "得分明细")]  # it names the files
        results.append([details, *(rows(found, name) for name in ("县直排名", "乡镇排名"))])
    assert results[0] == results[1] == results[2]


def test_another_units_file_changes_nothing_that_is_said_of_this_one(tmp_path):
    cells = grid(COUNTY, "县残联", good_answers(COUNTY) | {"缺少的制度项数": "三四项", "能够在线申报": ""})
    other = grid(COUNTY, "县城管局", good_answers(COUNTY) | {"缺少的制度项数": "若干", "年度累计办件量": 5})
    told = []
    for name, files in {
        "alone": {"a.xlsx": {"表": cells}},
        "beside": {"a.xlsx": {"表": cells}, "b/a.xlsx": {"表": other}},
        "together": {"a.xlsx": {"表": cells, "又": other}},
    }.items():
        for file, sheets in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_bytes(workbook(sheets))
        result = collect(tmp_path / name)
        found = {
            sheet: [row for row in rows(result, sheet) if row["考核单位"] == "县残联"]
            for sheet in ("问题清单", "催报")
        }
        scores = [
            row["最终得分"]
            for row in rows(result, "得分明细")
            if row["考核单位"] == "县残联" and row["指标编号"] != "2.3.3"
        ]
        told.append((found, scores))
    assert told[0] == told[1] == told[2]


DIGITS = "0123456789０１２５９"
TYPED = st.text(
    st.sampled_from([*DIGITS, *" \n\t\u00a0\u200b\u200e\u3000", *"²①₂.,，%％-−项件次。无零三十百", "1", "2", "3"]),
    max_size=8,
)


@given(TYPED)
def test_a_typed_count_is_read_as_what_it_shows_or_refused(text):
    try:
        value = Count("项").parse(text).value
    except Refusal:
        return
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf").strip()
    digits = "".join(each for each in unicodedata.normalize("NFKC", seen) if each.isdecimal())
    if digits:
        assert not set(seen) & set("²①₂三十百零")  # raised, circled and written-out digits beside plain ones
        assert int(digits) == value or "." in fold(seen)
        assert not any(each.isspace() for each in seen.strip("项件次。. \n\t\u00a0\u3000"))
    else:
        assert set(fold(seen)) <= set("无零三十百项件次。.")


@given(st.floats(0, 200), st.sampled_from([float, Percentage]))
def test_a_number_in_a_cell_of_percentages_is_what_the_cell_shows(number, cell):
    try:
        value = Percent().parse(cell(number)).value
    except Refusal:
        assert number > (1 if cell is Percentage else 100)
        return
    times = 100 if cell is Percentage or number <= 1 else 1
    assert abs(value / 100 - number * times) <= 0.005001


def test_labels_are_known_however_they_are_spaced():
    cells = grid(COUNTY, "县残联", good_answers(COUNTY))
    spaced = [
        [
            f"\u200b{cell[:1]} \u00ad{cell[1:]}\u2060" if cell in (CODE, FACT, VALUE) or column == Col.FACT else cell
            for column, cell in enumerate(row)
        ]
        for row in cells
    ]
    assert values(read(spaced)) == values(read(cells))
    assert not read(spaced).problems

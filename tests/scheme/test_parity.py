"""Every rule kind in a spreadsheet program: the form's own formulas against the scores over all units."""

from __future__ import annotations

import io
import random

import openpyxl
import pytest
from conftest import assert_recalculated_alike, convert, copies, rows, run
from every_kind import SCHEME, TREE, random_values, toml
from python_calamine import CalamineWorkbook

from assess_xlsx.forms import form as forms
from assess_xlsx.layout import FORM_SHEET, UNIT_CELL_COL, Col, FormLayout
from assess_xlsx.scheme.adjustments import Mark
from assess_xlsx.scheme.rules import Columns
from assess_xlsx.scheme.rules.applying import LEFT_OUT, OUT
from assess_xlsx.scheme.summing import Summing
from assess_xlsx.scoring.score import form_scores

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """Forms with random and edge values, filled without cached values: the table that LibreOffice shows of each."""
    folder = tmp_path_factory.mktemp("parity")
    chance, cases = random.Random(11), []
    for form in SCHEME.forms:
        target = io.BytesIO()
        forms.write(target, SCHEME, form)
        blank = copies(target)
        layout = FormLayout.of(form)
        for number in range(24):
            values = random_values(form, chance)
            book = blank()
            unit = form.units[number % len(form.units)].name
            book[FORM_SHEET].cell(layout.unit_row + 1, UNIT_CELL_COL + 1).value = unit
            for fact in form.facts:
                value = values[fact.key]
                if value is not None:
                    book[FORM_SHEET][layout.value_cell(fact)].value = fact.kind.entry(value)
            name = f"{form.name}{number}.xlsx"
            book.save(folder / name)
            cases.append((form, values, name))
    convert("xlsx", folder / "out", *sorted(folder.glob("*.xlsx")))
    return [
        (
            form,
            values,
            CalamineWorkbook.from_path(folder / "out" / name)
            .get_sheet_by_name(FORM_SHEET)
            .to_python(skip_empty_area=False),
        )
        for form, values, name in cases
    ]


def looked_at(form, item):
    """The codes of the items whose scores it looks at."""
    for section in form.sections:
        whole = any(section.number in each.sections for each in item.subtotals)
        yield from (section.items[place].code for place in section.counted if whole)
        yield from (each.code for each in section.items if any(each.code in own.items for own in item.subtotals))


def expected(form, values, table):
    """What the form should show by item code, in cents; nothing where 校验 is not content."""
    [scores] = form_scores(form, [values], [table[FormLayout.of(form).unit_row][UNIT_CELL_COL]])
    shown = {}
    for item in form.items:
        lacking = [fact for fact in item.looks_at if not fact.is_settled(fact.check(values))]
        none = any(all(values[fact.key] is None for fact in group) for group in item.rule.one_of())
        if lacking or none:
            shown[item.code] = "待核定" if lacking and all(fact.office for fact in lacking) else ""
        elif not all(isinstance(shown[code], int) for code in looked_at(form, item)):
            shown[item.code] = ""
        elif item.rescaled and values[item.applying.key] == OUT:
            shown[item.code] = LEFT_OUT
        else:
            shown[item.code] = "待排名" if item.ranked else scores[item.code]
    return shown


def test_every_score_is_what_is_computed(recalculated):
    for form, values, table in recalculated:
        layout = FormLayout.of(form)
        for item in form.items:
            score = table[layout.item_span(item)[0]][Col.SCORE]
            cents = round(score * 100, 4) if isinstance(score, float) else score
            facts = {fact.key: values[fact.key] for fact in item.looks_at}
            assert cents == expected(form, values, table)[item.code], (form.name, item.code, item.rule.kind, facts)


def test_every_check_is_what_is_computed(recalculated):
    for form, values, table in recalculated:
        for fact in form.facts:
            shown = table[FormLayout.of(form).rows[fact.key]][Col.CHECK]
            assert shown == fact.check(values), (form.name, fact.key)


def test_the_own_total_has_weights_and_cap(recalculated):
    for form, values, table in recalculated:
        shown, amounts, out = expected(form, values, table), [], []
        for section in form.sections:
            out.append(sum(item.worth.high for item in section.items if shown[item.code] == LEFT_OUT))
            counted = (section.items[place] for place in section.counted)
            sum_ = sum(cents for item in counted if isinstance(cents := shown[item.code], int))
            amounts.append(section.score(sum_, out[-1]))
        base = Summing(form).base(amounts, out)
        taken = [int(held(line.when, form, values, shown, (amounts, base))) for line in form.adjustments]
        own = table[FormLayout.of(form).total_row][Col.SCORE]
        assert round(own * 100, 3) == Summing(form).total(amounts, out, taken), form.name


def held(when, form, values, shown, sums):
    """Whether the condition of 总分调整 holds on a form alone: what it looks at is there, 总分 as it is."""
    sections, base = sums
    if not isinstance(when, Mark):
        value, settled = values[when.fact.key], when.fact.is_settled(when.fact.check(values))
        needed = all(
            isinstance(values[c.fact.key], int) and c.holds(values[c.fact.key]) for c in when.fact.conditions
        )
        value = when.fact.kind.nothing() if value is None else value
        return settled and needed and bool(when.holds(Columns({when.fact.key: value}, {})))
    if when.of_all:
        return when.holds(base)
    if when.item is not None:
        score = shown[form.items[when.item].code]
        return isinstance(score, int) and when.holds(score)
    scores = [shown[item.code] for item in form.sections[when.section].items]
    there = [score for score in scores if isinstance(score, int)]
    whole = len(there) + scores.count(LEFT_OUT) == len(scores)
    return bool(whole and there) and when.holds(sections[when.section])


def test_the_result_recalculates_to_itself(tmp_path):
    """Live formulas of forms, ranking and feedback: weights, a cap, scattered units, a form of one unit."""
    scheme = tmp_path / "方案.toml"
    scheme.write_text(toml(TREE), "utf-8")
    run("templates", tmp_path / "templates", "--scheme", scheme, "--per-unit")
    run("sample", tmp_path / "in", "--scheme", scheme)
    run("collect", tmp_path / "in", "-o", tmp_path / "out", "--scheme", scheme, "--feedback")
    files = sorted(path for folder in ("in", "out") for path in (tmp_path / folder).rglob("*.xlsx"))
    assert len(files) == 2 * len(SCHEME.units) + 2
    assert not any("记分" in row["问题"] for row in rows(openpyxl.load_workbook(files[-1]), "问题清单"))
    assert_recalculated_alike(files, tmp_path)

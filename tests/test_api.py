"""The Python interface: README's example as it stands there, and the same figures as the workbook."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import COUNTY, collect, filled_form, good_answers, rows, save

import assess_xlsx

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("api") / "input"
    shutil.copytree(PROJECT / "input", place)
    return place


@pytest.fixture(scope="module")
def result(folder):
    return assess_xlsx.assess(folder)


def test_the_example_in_the_readme_runs(folder, monkeypatch):
    [example] = re.findall(r"```python\n(.*?)```", (PROJECT / "README.md").read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(folder.parent)
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102 - the project's own words
    assert [len(getattr(names["result"], name)) > 0 for name in ("answers", "scores", "ranking", "problems")] == [
        True
    ] * 4


def test_frames_say_what_the_workbook_says(result, folder):
    book = collect(folder)
    listed = {(row["考核单位"], row["指标编号"]): row for row in rows(book, "得分明细")}
    assert len(listed) == len(result.scores)
    for row in result.scores.itertuples():
        said = listed[row.unit, row.code]
        assert (said["核算分"], said["最终得分"], said["计分依据"]) == (row.computed, row.score, row.basis)
        assert said["自评分"] == (None if pd.isna(row.self_score) else row.self_score)
    for form in ("县直", "乡镇"):
        ranked = [(row["名次"], row["考核单位"], row["总分"], row["评优名次"]) for row in rows(book, f"{form}排名")]
        own = result.ranking[result.ranking.form == form][["rank", "unit", "total", "merit_rank"]]
        assert ranked == [
            tuple(None if pd.isna(value) else value for value in row) for row in own.itertuples(index=False)
        ]
    problems = [(row["级别"], row["文件"], row["单元格"] or "", row["问题"]) for row in rows(book, "问题清单")]
    assert problems == list(result.problems[["level", "file", "cell", "text"]].itertuples(index=False, name=None))


def test_an_answer_knows_where_it_stood(tmp_path):
    answers = good_answers(COUNTY) | {"应进驻事项数": "28项", "网上可办率": "九成"}
    save(filled_form(COUNTY, "县残联", answers), tmp_path / "a.xlsx")
    found = assess_xlsx.assess(tmp_path / "a.xlsx").answers.set_index("fact")
    assert len(found) == len(COUNTY.facts)
    read, refused, blank = (found.loc[fact] for fact in ("应进驻事项数", "网上可办率", "酌情分"))
    assert (read.value, read.typed, read.notes, read.file, read.sheet) == (28, "28项", "照读", "a.xlsx", "评分表")
    assert (refused.value, refused.typed, refused.notes) == (None, "九成", "无效")
    assert (blank.value, blank.typed, blank.notes) == (None, "", "")
    assert read.cell.startswith("I")
    assert re.fullmatch("[0-9a-f]{64}", read.sha256)


@pytest.mark.parametrize("way", ["a script", "standard input", "-c"])
def test_any_kind_of_program_may_ask(tmp_path, way):
    """Reading processes do not run the caller's own program anew."""
    save(filled_form(COUNTY, "县残联", good_answers(COUNTY)), tmp_path / "in" / "a.xlsx")
    words = f"from assess_xlsx import assess\nprint(assess({str(tmp_path / 'in')!r}).ranking.total.count())\n"
    script = tmp_path / "script.py"
    script.write_text(words, "utf-8")
    command = {"a script": [script], "standard input": ["-"], "-c": ["-c", words]}[way]
    done = subprocess.run([sys.executable, *command], input=words, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        assess_xlsx.assess(tmp_path / "没有")


def test_nothing_else_is_public():
    assert assess_xlsx.__all__ == ["assess"]
    assert "collect" not in dir(assess_xlsx)
    with pytest.raises(AttributeError):
        _ = assess_xlsx.nothing

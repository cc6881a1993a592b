"""Files are read in processes of their own: one that dies costs its file alone, and none outlives its work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest
from conftest import COUNTY, filled_form, good_answers, save

from assess_xlsx import workers
from assess_xlsx.intake.files import Found

UNIT = "县残联"


class Poison:
    """In place of a path: what reading it does to the process."""

    def __init__(self, harm):
        self.harm = harm

    def stat(self):
        if self.harm == "abort":
            os.abort()
        if self.harm == "hang":
            time.sleep(60)
        return bytearray(3 << 30)


@pytest.mark.parametrize(("harm", "words"), [("abort", "崩溃"), ("hang", "超过"), ("memory", "内存不足")])
def test_a_reader_that_dies_costs_its_file_alone(tmp_path, monkeypatch, harm, words):
    monkeypatch.setattr(workers, "SECONDS", 2)
    monkeypatch.setattr(workers, "BATCH_SECONDS", 2)
    path = save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), tmp_path / "a.xlsx")
    found = [Found(path, "1.xlsx", ""), Found(Poison(harm), "2.xlsx", ""), Found(path, "3.xlsx", "")]
    with workers.Workers(len(found)) as readers:
        results = [document for each in readers.read(found) for document in each]
    assert [document.result for document in results] == ["采用", "无法读取", "采用"]
    assert words in results[1].reason


class Interrupted:
    """In place of a path: while it is read, somebody presses Ctrl+C."""

    def __init__(self, path):
        self.path = path

    def stat(self):
        os.kill(os.getpid(), signal.SIGINT)
        return self.path.stat()

    def read_bytes(self):
        return self.path.read_bytes()


def test_ctrl_c_is_the_callers(tmp_path):
    path = save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), tmp_path / "a.xlsx")
    with workers.Workers(1) as readers:
        [[document]] = readers.read([Found(Interrupted(path), "a.xlsx")])
    assert document.result == "采用"


def test_processes_that_cannot_start_cost_files_not_the_run(tmp_path):
    path = save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), tmp_path / "a.xlsx")
    found = [Found(path, "1.xlsx", ""), Found(path, "2.xlsx", "")]
    with workers.Workers(len(found), tmp_path / "没有这个方案.toml") as readers:
        results = [document for each in readers.read(found) for document in each]
    assert [document.result for document in results] == ["无法读取", "无法读取"]


def test_the_processes_have_ended_when_their_work_is_over(tmp_path):
    path = save(filled_form(COUNTY, UNIT, good_answers(COUNTY)), tmp_path / "a.xlsx")
    before = set(multiprocessing.active_children())
    with workers.Workers(1) as readers:
        [[document]] = readers.read([Found(path, "1.xlsx", "")])
        assert document.result == "采用"
        assert set(multiprocessing.active_children()) > before
    assert set(multiprocessing.active_children()) <= before

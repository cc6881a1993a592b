"""What a result prints, by LibreOffice: how many pages, what stands on each, and that nobody's telephone does."""

from __future__ import annotations

import re
import shutil
import subprocess

import openpyxl
import pytest
from conftest import COUNTY, FormLayout, convert, filled_form, good_answers, run, save

from assess_xlsx.excel.cells import cell_name
from assess_xlsx.layout import Col

PRINTED = {"总览", "县直排名", "乡镇排名", "一票否决", "待核定", "公示通报", "计分口径"}
"""What is meant for paper; the other lists are for the screen."""
MOST = 20
PHONE = "13900000000"


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The pages of a result of 40 units, as text, by sheet."""
    folder = tmp_path_factory.mktemp("r")
    run("sample", folder / "in", "--faults")
    form = filled_form(COUNTY, "县档案局", good_answers(COUNTY) | {"网上可办率": "很高"})
    for offset, said in enumerate(("张三丰", PHONE, "李负责")):
        form["评分表"][cell_name(FormLayout.of(COUNTY).contacts_row + offset, Col.VALUE)] = said
    save(form, folder / "in" / "04-县档案局.xlsx")
    run("collect", folder / "in", "-o", folder / "out")
    path = folder / "out" / "考核结果汇总.xlsx"
    convert("pdf", folder, path)
    text = subprocess.run(
        ["pdftotext", "-layout", folder / "考核结果汇总.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    titles = {re.sub(r"\s", "", str(sheet["A1"].value)): sheet.title for sheet in openpyxl.load_workbook(path)}
    pages, sheet = {}, ""
    for page in text.split("\f")[:-1]:
        first = re.sub(r"\s", "", page.strip().partition("\n")[0])
        sheet = titles.get(first, sheet)
        pages.setdefault(sheet, []).append(page)
    return pages


@pytest.mark.office
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils 没有安装")
def test_what_is_meant_for_paper_is_few_pages(printed):
    assert printed.keys() >= PRINTED
    assert [len(printed[f"{form}排名"]) for form in ("县直", "乡镇")] == [1, 1]
    assert sum(len(pages) for sheet, pages in printed.items() if sheet in PRINTED) <= MOST


@pytest.mark.office
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils 没有安装")
def test_every_page_tells_whose_it_is_and_nobodys_telephone(printed):
    pages = [page for each in printed.values() for page in each]
    for number, page in enumerate(pages, 1):
        foot = re.sub(r"\s", "", page.strip().rpartition("\n")[2])
        assert foot.endswith(f"改革工作考核结果汇总暂定第{number}页，共{len(pages)}页"), foot
        assert PHONE not in page
        assert "张三丰" not in page

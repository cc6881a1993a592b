"""The result workbook as it is opened and printed."""

from __future__ import annotations

from conftest import collect, run


def test_results_are_ready_to_be_shown(tmp_path):
    run("sample", tmp_path / "in", "--faults")
    result = collect(tmp_path / "in")
    assert result.sheetnames[0] == "总览"
    assert len(result["总览"]._charts) >= 2  # noqa: SLF001 - openpyxl's only way to count them
    for name in result.sheetnames[1:]:
        sheet = result[name]
        assert sheet.page_setup.paperSize == 9
        if name != "公示通报":  # a page, no table
            assert sheet.freeze_panes
            assert sheet.auto_filter.ref
            assert sheet.print_title_rows

"""What ``collect`` is measured against: the least that any program must do, and what one writes in an afternoon."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

COLUMNS, MOST_ROWS = 11, 1_048_576
SENTENCE = "3 × 18/20 = 2.70"


def load(paths: list[str]) -> int:
    """Loads every sheet of every file."""
    from python_calamine import CalamineWorkbook

    rows = 0
    for path in paths:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            rows += len(book.get_sheet_by_name(name).to_python())
    return rows


def write(cells: int) -> None:
    """Writes so many cells, texts and numbers by turns, each with its look, a row in memory at a time."""
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(
            f"{folder}/floor.xlsx", {"constant_memory": True, "tmpdir": folder, "use_zip64": True}
        )
        look = book.add_format({"border": 1, "text_wrap": True})
        points = book.add_format({"border": 1, "num_format": "0.00"})
        sheet, row = book.add_worksheet(), 0
        for _ in range(cells // COLUMNS):
            if row == MOST_ROWS:
                sheet, row = book.add_worksheet(), 0
            for column in range(COLUMNS):
                if column % 2:
                    sheet.write_number(row, column, row / 100, points)
                else:
                    sheet.write_string(row, column, SENTENCE, look)
            row += 1
        book.close()


def floor(forms: Path, cells: int, processes: int) -> None:
    paths = sorted(str(path) for path in forms.iterdir())
    if processes == 1:
        load(paths)
    else:
        with ProcessPoolExecutor(processes) as pool:
            list(pool.map(load, [paths[start::processes] for start in range(processes)]))
    write(cells)


def naive(forms: Path, reader: str) -> None:
    """One table of all forms' rows, the sum of each form's own scores, a ranking: what staff's scripts do."""
    import openpyxl
    import pandas as pd

    def rows_of(path: Path) -> list[list[object]]:
        if reader == "pandas":
            sheet = pd.read_excel(path, sheet_name="评分表", header=None, engine="openpyxl")
            return sheet.astype(object).where(sheet.notna(), None).to_numpy().tolist()
        return [list(row) for row in openpyxl.load_workbook(path, data_only=True)["评分表"].values]

    tables = []
    for path in sorted(forms.iterdir()):
        if "登记表" in path.name:
            continue
        rows = rows_of(path)
        header = next(number for number, row in enumerate(rows) if "指标编号" in row)
        table = pd.DataFrame(rows[header + 1 :], columns=rows[header])
        table = table[["指标编号", "填报项", "填报值", "记分"]].dropna(subset=["指标编号", "填报项"])
        tables.append(table.assign(考核单位=rows[header - 1][1]))
    whole = pd.concat(tables, ignore_index=True)
    totals = pd.to_numeric(whole["记分"], errors="coerce").groupby(whole["考核单位"]).sum()
    ranking = totals.sort_values(ascending=False).reset_index()
    ranking["名次"] = ranking["记分"].rank(method="min", ascending=False)
    with tempfile.TemporaryDirectory() as folder, pd.ExcelWriter(f"{folder}/naive.xlsx", engine="openpyxl") as book:
        ranking.to_excel(book, sheet_name="排名", index=False)
        whole.to_excel(book, sheet_name="明细", index=False)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["floor", folder, cells]:
            floor(Path(folder), int(cells), 1)
        case ["floor", folder, cells, processes]:
            floor(Path(folder), int(cells), int(processes))
        case ["naive", folder, reader]:
            naive(Path(folder), reader)

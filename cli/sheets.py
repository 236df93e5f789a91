"""Tables as files that an office opens: CSV as Excel in Slovakia reads it, and XLSX."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shared.journal import Cell

WIDEST = 60
# A cell that begins so would be run as a formula (owasp.org/www-community/attacks/CSV_Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(columns)
        writer.writerows([[_as_text(cell) for cell in row] for row in rows])


def write_xlsx(path: Path, title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = title
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for number, name in enumerate(columns, 1):
        texts = [_as_text(row[number - 1]) for row in rows]
        longest = max((len(text) for text in [name.split(" ")[0] + " ", *texts]), default=8)
        sheet.column_dimensions[get_column_letter(number)].width = min(WIDEST, longest + 2)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, date):
                cell.number_format = "d.m.yyyy"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    book.save(path)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell.day}. {cell.month}. {cell.year}"
    return _harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text

"""Draw a report as an XLSX file with real numbers, number formats and merged cells; needs openpyxl."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from gxstats.testing.blocks import CellSpec, Heading, Picture, Table, Text, place
from gxstats.testing.docx import fixed
from gxstats.testing.forms import layout
from gxstats.testing.spec import FormSpec

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTH = 10
"""Columns that headings and paragraphs are merged over."""


def render_xlsx(spec: FormSpec, *, sheet_per_table: bool = False) -> bytes:
    """The report as the bytes of an XLSX file; the same figures give the same bytes.

    Args:
        spec: What to draw. Quirks of markup (wrappers, charsets, rounded spans) mean nothing here.
        sheet_per_table: Whether each table has a sheet of its own, named after its section.

    Example:
        >>> render_xlsx(FormSpec())[:2]
        b'PK'
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "年报"
    row = 1
    for number, block in enumerate(layout(spec)):
        match block:
            case Table():
                if sheet_per_table:
                    sheet = book.create_sheet(f"{block.section} {number}")
                    row = 1
                row = _table(sheet, block, row)
            case Picture(name):
                sheet.cell(row, 1, f"[{name}]")
                row += 1
            case Heading(text, _) | Text(text):
                if text:
                    sheet.cell(row, 1, text)
                    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_WIDTH)
                    row += 1
    stream = io.BytesIO()
    book.save(stream)
    return fixed(stream.getvalue())


def _table(sheet: Worksheet, table: Table, top: int) -> int:
    """Write a table from this row on; the row behind it."""
    from openpyxl.styles import Border, Side

    line = Side(style="thin")
    ruled = Border(left=line, right=line, top=line, bottom=line)
    for row, column, cell in place(table.rows):
        written = sheet.cell(top + row, 1 + column)
        written.value, written.number_format = _value(cell)
        written.border = ruled
        if cell.colspan > 1 or cell.rowspan > 1:
            sheet.merge_cells(
                start_row=top + row,
                start_column=1 + column,
                end_row=top + row + cell.rowspan - 1,
                end_column=column + cell.colspan,
            )
    return top + len(table.rows)


def _value(cell: CellSpec) -> tuple[int | float | str | None, str]:
    """A figure as a number in the format that shows it as printed, anything else as text."""
    text = cell.text
    plain = text.replace(",", "")
    if cell.role != "figure" or not re.fullmatch(r"(0|[1-9]\d{0,10})(\.\d{1,4})?", plain):
        return text or None, "General"
    whole, _, fraction = plain.partition(".")
    shown = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    if text not in (plain, shown):
        return text, "General"
    pattern = ("#,##0" if "," in text else "0") + (f".{'0' * len(fraction)}" if fraction else "")
    if fraction:
        return float(plain), pattern
    return int(plain), pattern if "," in text else "General"

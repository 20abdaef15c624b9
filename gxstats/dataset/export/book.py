"""A workbook written row by row: sheets with two rows of heads, that go on in another sheet when full."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from gxstats.dataset.export.looks import Looks

MOST_ROWS = 1_048_576
"""Rows of a sheet in Excel."""
MOST_LINKS = 65_000
"""Excel drops the links of a sheet beyond 65,530."""
_LONGEST_TEXT = 32_767
_FEW_COLUMNS = 30
_LONGEST_LINK = 2_079
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


class Head(NamedTuple):
    """A column: the upper head, which equal neighbours share, the lower one, and how wide it is."""

    upper: str
    lower: str = ""
    width: float = 10.0


class Shown(NamedTuple):
    """What one cell shows: a number or a text, a look of :class:`Looks`, and an address to open."""

    value: int | float | str | None
    look: str = ""
    link: str = ""


Content = Shown | int | str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: its name, its columns, how many of them stay in sight with the heads; 0 freezes nothing."""

    title: str
    heads: tuple[Head, ...]
    frozen: int = 0


class Book:
    """A workbook in the making; :meth:`save` writes it, the same rows as the same bytes.

    Args:
        most_rows: how many rows a sheet may have, heads included.
    """

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        from openpyxl import Workbook

        self.workbook: Any = Workbook(write_only=True)
        self.looks = Looks(self.workbook)
        self.most_rows = most_rows
        self._sheets: list[Sheet] = []

    def sheet(self, layout: Layout) -> Sheet:
        """A new sheet behind those that are there."""
        made = Sheet(self, layout)
        self._sheets.append(made)
        return made

    def save(self, path: Path) -> None:
        """Write the file."""
        from openpyxl.writer.excel import ExcelWriter

        for sheet in self._sheets:
            sheet.close()
        with _Undated(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            ExcelWriter(self.workbook, archive).save()


class Sheet:
    """Rows under two heads, filtered by the lower one."""

    def __init__(self, book: Book, layout: Layout) -> None:
        self.book, self.layout = book, layout
        self._parts = 0
        self._begin()

    def _begin(self) -> None:
        from openpyxl.utils import get_column_letter

        self._parts += 1
        name = self.layout.title if self._parts == 1 else f"{self.layout.title} ({self._parts})"
        self.worksheet: Any = self.book.workbook.create_sheet(name)
        self.rows, self.links = 2, 0
        # Whatever stands before the rows in the file must be known before the first row.
        if self.layout.frozen:
            self.worksheet.freeze_panes = f"{get_column_letter(self.layout.frozen + 1)}3"
        self._print_setup()
        for number, head in enumerate(self.layout.heads, 1):
            self.worksheet.column_dimensions[get_column_letter(number)].width = head.width
        self.worksheet.row_dimensions[1].height = 32
        self.worksheet.row_dimensions[2].height = 50
        self._heads()

    def _print_setup(self) -> None:
        """On paper: both rows of heads on every page, and all columns on one page if they are few."""
        from openpyxl.utils import get_column_letter

        self.worksheet.print_title_rows = "1:2"
        if self.layout.frozen:
            self.worksheet.print_title_cols = f"A:{get_column_letter(self.layout.frozen)}"
        self.worksheet.page_setup.orientation = "landscape"
        self.worksheet.page_setup.paperSize = "9"  # A4
        if len(self.layout.heads) <= _FEW_COLUMNS:
            self.worksheet.sheet_properties.pageSetUpPr.fitToPage = True
            self.worksheet.page_setup.fitToHeight = 0

    def _heads(self) -> None:
        upper: list[Any] = []
        for _, run in groupby(self.layout.heads, key=lambda head: (head.upper, bool(head.lower))):
            columns = [*run]
            upper += [self._cell(Shown(columns[0].upper, "head group" if len(columns) > 1 else "head"))]
            upper += [self._cell(Shown(None, "head")) for _ in columns[1:]]
        self.worksheet.append(upper)
        self.worksheet.append([self._cell(Shown(head.lower or None, "head")) for head in self.layout.heads])

    def append(self, row: Sequence[Content]) -> None:
        """Add a row; a full sheet goes on in another."""
        if self.rows >= self.book.most_rows:
            self.close()
            self._begin()
        self.rows += 1
        self.worksheet.append([self._cell(cell) for cell in row])

    def _cell(self, content: Content) -> Any:
        """A cell as openpyxl writes it. A text is a text, even if it begins like a formula."""
        from openpyxl.cell import WriteOnlyCell

        if content is None or isinstance(content, int):
            return content
        shown = Shown(content) if isinstance(content, str) else content
        text = isinstance(shown.value, str)
        cell: Any = WriteOnlyCell(self.worksheet)
        if text:
            cell._value = _ILLEGAL.sub(" ", str(shown.value))[:_LONGEST_TEXT]
            cell.data_type = "s"
        else:
            cell.value = shown.value
        if shown.link and self.links < MOST_LINKS:
            self.links += 1
            cell.hyperlink = shown.link
            cell.data_type = "s"
        if shown.look:
            cell.style = self.book.looks.named(shown.look)
        return cell

    def close(self) -> None:
        """Merge the heads and set the filter."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.cell_range import CellRange

        for area in self._merged():
            self.worksheet.merged_cells.add(CellRange(area))
        last = get_column_letter(len(self.layout.heads))
        self.worksheet.auto_filter.ref = f"A2:{last}{max(self.rows, 3)}"

    def _merged(self) -> Iterator[str]:
        from openpyxl.utils import get_column_letter as letter

        first = 1
        for (_, two), run in groupby(self.layout.heads, key=lambda head: (head.upper, bool(head.lower))):
            last = first + len([*run]) - 1
            if not two:
                yield from (f"{letter(n)}1:{letter(n)}2" for n in range(first, last + 1))
            elif last > first:
                yield f"{letter(first)}1:{letter(last)}1"
            first = last + 1


def can_be_opened(url: object, trust: object) -> bool:
    """Whether a link to this address may be offered: http(s), printable, not untrusted.

    Example:
        >>> can_be_opened("https://www.example.gov.cn/a.html", "trusted"), can_be_opened("javascript:1", "")
        (True, False)
    """
    if not isinstance(url, str) or trust == "untrusted" or not url.isprintable() or len(url) > _LONGEST_LINK:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class _Undated(zipfile.ZipFile):
    """A ZIP file whose parts, and the properties of the document, bear no date of a clock."""

    def writestr(self, name: Any, data: Any, *_: Any) -> None:
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        if name == "docProps/core.xml":
            content = data.encode() if isinstance(data, str) else data
            data = _DATES.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
        super().writestr(entry, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        import shutil

        entry = zipfile.ZipInfo(str(arcname), _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(entry, "w") as target:
            shutil.copyfileobj(source, target)

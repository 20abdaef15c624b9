"""Draw a report as a DOCX file with real gridSpan and vMerge; needs python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from gxstats.testing.blocks import Block, CellSpec, Heading, Picture, Placed, Table, Text, place
from gxstats.testing.forms import layout
from gxstats.testing.spans import bent
from gxstats.testing.spec import FormSpec, Quirks

if TYPE_CHECKING:
    from docx.document import Document

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHARACTER = 210
"""Width of a full-width character at 10.5 points, in twentieths of a point."""


def render_docx(spec: FormSpec) -> bytes:
    """The report as the bytes of a DOCX file; the same figures give the same bytes.

    Example:
        >>> render_docx(FormSpec())[:2]
        b'PK'
    """
    from docx import Document as new_document

    document = new_document()
    blocks = layout(spec)
    if spec.quirks.layout_table:
        outer = document.add_table(rows=1, cols=1)
        _fill(outer.cell(0, 0), blocks, spec.quirks)
    else:
        _fill(document, blocks, spec.quirks)
    return fixed(_saved(document))


def _saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def fixed(package: bytes) -> bytes:
    """The ZIP package with every date set to 1980, so that equal contents are equal bytes."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            clean = zipfile.ZipInfo(entry.filename, _EPOCH)
            clean.compress_type = zipfile.ZIP_DEFLATED
            clean.external_attr = 0o600 << 16
            new.writestr(clean, old.read(entry))
    return result.getvalue()


def _fill(place_in: Any, blocks: Sequence[Block], quirks: Quirks) -> None:
    """Write the blocks into a document body or a cell, both of which python-docx lets one fill."""
    for block in blocks:
        match block:
            case Table():
                _table(place_in, bent(block, quirks.spans), quirks)
            case Picture(name):
                place_in.add_paragraph(f"[{name}]")
            case Heading(text, level):
                paragraph = place_in.add_paragraph()
                paragraph.add_run(text).bold = level >= 0
            case Text(text):
                place_in.add_paragraph(text)


def _table(place_in: Any, table: Table, quirks: Quirks) -> None:
    """One w:tbl, written as XML: python-docx's own merging would tidy the spans up."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    columns = "".join(f'<w:gridCol w:w="{w * _CHARACTER}"/>' for w in table.widths)
    rows = "".join(f"<w:tr>{row}</w:tr>" for row in _rows(table, quirks))
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="0" w:type="auto"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )
    body = place_in.element.body if hasattr(place_in, "element") else place_in._tc
    element = parse_xml(xml)
    if hasattr(place_in, "element"):
        body.insert(len(body) - 1, element)  # before w:sectPr
    else:
        body.append(element)
        place_in.add_paragraph("")  # a cell must end with a paragraph


def _rows(table: Table, quirks: Quirks) -> Iterator[str]:
    """The cells of each row; where a cell from above goes on there is a continued one."""
    open_cells: dict[int, tuple[int, CellSpec]] = {}
    placed: dict[int, list[Placed]] = {number: [] for number in range(len(table.rows))}
    for p in place(table.rows):
        placed[p.row].append(p)
    for number in range(len(table.rows)):
        cells = [(p.column, _cell(p.cell, quirks)) for p in placed[number]]
        for column, (left, cell) in list(open_cells.items()):
            cells.append((column, _cell(cell, quirks, continued=True)))
            open_cells[column] = (left - 1, cell)
            if left == 1:
                del open_cells[column]
        for p in placed[number]:
            if p.cell.rowspan > 1:
                open_cells[p.column] = (p.cell.rowspan - 1, p.cell)
        yield "".join(xml for _, xml in sorted(cells))


def _cell(cell: CellSpec, quirks: Quirks, *, continued: bool = False) -> str:
    properties = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    if continued:
        properties += "<w:vMerge/>"
    elif cell.rowspan > 1:
        properties += '<w:vMerge w:val="restart"/>'
    paragraph = "<w:p/>" if continued else f"<w:p>{''.join(_runs(cell.text, quirks))}</w:p>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph}</w:tc>"


def _runs(text: str, quirks: Quirks) -> Iterator[str]:
    from xml.sax.saxutils import escape

    middle = len(text) // 2 if quirks.wrappers != "none" else 0
    for part in (text[:middle], text[middle:]):
        lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in part.split("\n")]
        yield f"<w:r>{'<w:br/>'.join(lines)}</w:r>"

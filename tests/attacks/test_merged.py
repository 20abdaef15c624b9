"""Figures drawn over several columns, an empty cell elsewhere: a row as long as ever, and shifted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.blocks import CellSpec, Table
from gxstats.testing.compare import compare
from gxstats.testing.doc import render_doc
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, Quirks, layout
from gxstats.testing.html import render_html
from gxstats.testing.spec import Spans
from tests.pages import a_spec, codes, dump, page, row_of, td, truth_of


def merged(label: str, at: int, blank: int) -> bytes:
    """The report with two figures of a row merged and an empty cell added, so that it has as many."""
    root = page(a_spec())
    row = row_of(root, label)
    cells = [cell for cell in row.iter("td") if cell.get("class") == "figure"]
    both = [int(cell.get("colspan", "1")) for cell in cells[at : at + 2]]
    cells[at].set("colspan", str(sum(both)))
    row.remove(cells[at + 1])
    row.insert(row.index(cells[0]), td()) if blank == 0 else row.append(td())
    return dump(root)


@pytest.mark.parametrize("blank", [0, -1])
@pytest.mark.parametrize(
    ("label", "at"),
    [("属于国家秘密", 0), ("属于国家秘密", 3), ("重复申请", 5), ("规章", 0), ("行政规范性文件", 1)],
)
def test_a_merged_figure_and_an_empty_cell(label: str, at: int, blank: int) -> None:
    content = merged(label, at, blank)
    report = gx.read_report(content)
    shifted = {"属于国家秘密": "refused.state_secret", "重复申请": "not_processed.repeat", "规章": "rules"}
    item = shifted.get(label, "normative_documents")
    assert not [f for f in report.fact_rows if f.item == item and f.verdict == "confirmed"]
    assert "merged_cells" in codes(report)
    others = {key: said for key, said in truth_of(a_spec()).items() if key[1] != item}
    assert compare(report.fact_rows, others).exact == len(others)


def test_a_merged_figure_in_the_row_of_disputes() -> None:
    root = page(a_spec())
    heads = row_of(root, "未经复议直接起诉")
    row = heads.getnext().getnext()  # type: ignore[union-attr]
    assert row is not None
    cells = list(row.iter("td"))
    cells[3].set("colspan", "2")
    row.remove(cells[4])
    row.append(td())
    report = gx.read_report(dump(root))
    assert not [f for f in report.fact_rows if f.section == "disputes" and f.verdict == "confirmed"]


@pytest.mark.parametrize("render", [render_html, render_docx])
@pytest.mark.parametrize("bent", ["rounded", "wrong"])
def test_spans_of_word_processors_cost_nothing(render: Callable[[FormSpec], bytes], bent: Spans) -> None:
    spec = a_spec(quirks=Quirks(spans=bent))
    report = gx.read_report(render(spec))
    sure: list[Key] = [f.key for f in report.fact_rows if f.verdict == "confirmed"]
    assert len(sure) == len(truth_of(spec))


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("at", [0, 3, 4, 8, 13])
@pytest.mark.parametrize("render", [render_html, render_docx, render_doc])
def test_a_merged_figure_in_a_row_of_disputes_that_stands_alone(
    render: Callable[[FormSpec], bytes], at: int, end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row alone in its table shows no columns of its own: they are those of the table above."""
    spec = a_spec(quirks=Quirks(lone_dispute_row=True))
    blocks = layout(spec)
    place = max(n for n, block in enumerate(blocks) if isinstance(block, Table))
    alone = blocks[place]
    assert isinstance(alone, Table)
    cells = list(alone.rows[0])
    cells[at : at + 2] = [cells[at]._replace(colspan=2)]
    cells.insert(end % 16, CellSpec(""))
    blocks[place] = replace(alone, rows=(tuple(cells),), widths=(*alone.widths, 2))
    monkeypatch.setattr(f"{render.__module__}.layout", lambda _: blocks)
    report = gx.read_report(render(spec))
    assert not [f for f in report.fact_rows if f.section == "disputes" and f.verdict == "confirmed"]

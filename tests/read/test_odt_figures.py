"""Figures in ODT files that are not what is shown, and plain ones that are."""

from __future__ import annotations

import io
import zipfile

import pytest

from gxstats.model import Cell, Grid
from gxstats.read.odt import read_odt

SPACES = "".join(
    f" xmlns:{prefix}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'"
    for prefix, name in [
        ("text", "text"),
        ("table", "table"),
        ("office", "office"),
        ("draw", "drawing"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
    ]
)


def style(name: str, properties: str, parent: str = "") -> str:
    above = f"style:parent-style-name='{parent}'" if parent else ""
    return f"<style:style style:name='{name}' {above}><style:text-properties {properties}/></style:style>"


OWN = (
    style("up", "style:text-position='33% 58%'")
    + style("level", "style:text-position='0% 100%'")
    + style("white", "fo:color='#ffffff'")
    + style("boxed", "fo:color='#ffffff' fo:background-color='#cc0000'")
    + style("tiny", "fo:font-size='1pt'")
    + style("child", "fo:color='#000000'", "Struck")
    + style("loop", "", "loop")
    + style("gone", "text:display='none'")
)
COMMON = style("Struck", "style:text-line-through-style='solid'") + style("Footnote", "", "Raised")
COMMON += style("Raised", "style:text-position='super 58%'")
INNER = (
    "<table:table><table:table-row><table:table-cell><text:p>5</text:p></table:table-cell></table:table-row>"
)


def cell(content: str, common: str | None = COMMON) -> Cell:
    label = "<table:table-cell><text:p>a</text:p></table:table-cell>"
    row = f"<table:table-row>{label}<table:table-cell>{content}</table:table-cell></table:table-row>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(
            "content.xml",
            f"<office:document-content{SPACES}><office:automatic-styles>{OWN}</office:automatic-styles>"
            f"<table:table>{row}</table:table></office:document-content>",
        )
        if common is not None:
            file.writestr("styles.xml", f"<office:document-styles{SPACES}>{common}</office:document-styles>")
    grid = read_odt(buffer.getvalue()).readings[0].blocks[0]
    assert isinstance(grid, Grid)
    return grid.rows[0].cells[1]


def span(name: str, text: str) -> str:
    return f"<text:span text:style-name='{name}'>{text}</text:span>"


@pytest.mark.parametrize(
    ("content", "damage"),
    [
        (f"5{span('up', '1')}", "superscript"),
        (f"5{span('Footnote', '1')}", "superscript"),
        (span("white", "5"), "unseen"),
        (span("tiny", "5"), "unseen"),
        (f"{span('child', '12')}13", "struck"),
        (span("gone", "5"), "hidden"),
        (
            "<text:ruby><text:ruby-base>5</text:ruby-base><text:ruby-text>6</text:ruby-text></text:ruby>",
            "ruby",
        ),
        ("1<draw:frame><draw:image/></draw:frame>", "image"),
        ("1<draw:frame><draw:text-box><text:p>5</text:p></draw:text-box></draw:frame>", "text_box"),
        (f"</text:p>{INNER}</table:table><text:p>", "nested_table"),
    ],
)
def test_figures_that_are_not_what_is_shown(content: str, damage: str) -> None:
    assert cell(f"<text:p>{content}</text:p>").damage == damage


@pytest.mark.parametrize("name", ["level", "boxed", "loop", "nowhere"])
def test_plain_figures_are_trusted(name: str) -> None:
    content = f"<text:p>12{span(name, '3')}{span('gone', '9')}</text:p>"
    assert cell(content)[0::4] == ("123", "")
    assert cell(content, common=None).damage == ""

"""Figures in web pages that are not what a person sees, and plain ones that are."""

from __future__ import annotations

import pytest

import gxstats
from gxstats.model import Cell, Grid
from gxstats.read.html import read_html
from gxstats.testing.forms import FormSpec
from gxstats.testing.html import render_html


def cell(markup: str, head: str = "", attributes: str = "", table: str = "") -> Cell:
    page = f"{head}<table {table}><tr><td>a</td><td {attributes}>{markup}</td></tr></table>"
    (grid,) = (block for block in read_html(page.encode()).readings[0].blocks if isinstance(block, Grid))
    return grid.rows[0].cells[1]


ALONE = {
    "struck": ("<span style='text-decoration: underline line-through'>12</span>13", "struck"),
    "all struck": ("<p style='text-decoration-line:line-through'>12</p>", "struck"),
    "opacity": ("5<span style='opacity:0'>6</span>", "unseen"),
    "font size 0": ("5<span style='font-size:0px'>6</span>", "unseen"),
    "font size 1pt": ("<p style='font-size:1.0pt'>5</p>", "unseen"),
    "computed size": ("<span style='font-size:calc(0px)'>5</span>", "unseen"),
    "white": ("5<span style='COLOR: #FFF'>6</span>", "unseen"),
    "white font": ("<font color=white>5</font>", "unseen"),
    "transparent": ("<span style='color:rgba(0,0,0,0)'>5</span>", "unseen"),
    "blackened": ("<span style='background:#000'>5</span>", "unseen"),
    "off screen": ("5<span style='position:absolute;left:-9999px'>6</span>", "unseen"),
    "over the next cell": ("<span style='position:absolute;left:60px'>5</span>", "unseen"),
    "indented away": ("<div style='text-indent:-9999px'>5</div>", "unseen"),
    "clipped": ("5<span style='clip:rect(0,0,0,0)'>6</span>", "unseen"),
    "no width": ("5<span style='display:inline-block;width:0;overflow:hidden'>6</span>", "unseen"),
    "mirrored": ("<span style='display:inline-block;transform:scaleX(-1)'>12</span>", "unseen"),
    "escaped": ("<span style='d\\69splay:none'>5</span>", "unseen"),
    "bidi": ("<span style='unicode-bidi:bidi-override;direction:rtl'>12</span>", "reordered"),
    "bdo": ("<bdo dir=rtl>12</bdo>", "reordered"),
    "symbols": ("<span style='font-family:Wingdings'>5</span>", "symbol_font"),
    "math": ("<math><msup><mn>5</mn><mn>2</mn></msup></math>", "math"),
    "ruby": ("<ruby>5<rt>6</rt></ruby>", "ruby"),
    "quoted": ("<q>5</q>", "quoted"),
    "meter": ("<meter value=7>7</meter>", "field"),
    "only hidden": ("<span style='display:none'>7</span>", "hidden"),
}


@pytest.mark.parametrize(("markup", "damage"), ALONE.values(), ids=ALONE)
def test_text_that_is_not_what_is_shown(markup: str, damage: str) -> None:
    assert cell(markup).damage == damage


RAISED = {
    "css": "5<span style='vertical-align:super'>1</span>",
    "alone": "<span style='vertical-align:3pt'>1</span>",
    "word": "5<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>1</span>",
    "word footnote": "5<a href='#_ftn1' name=_ftnref1>1</a>",
    "footnote link": "5<a href='#fn2'>1</a>",
}


@pytest.mark.parametrize("markup", RAISED.values(), ids=RAISED)
def test_raised_figures_are_marks(markup: str) -> None:
    assert cell(markup).damage == "superscript"


APART = {
    "class from elsewhere": "5<span class=sup>1</span>",
    "footnote class": "5<span class=MsoFootnoteReference>1</span>",
    "two boxes": "<b style='display:inline-block;width:40px'>1</b><b style='display:inline-block'>2</b>",
    "a gap": "5<span style='margin-left:3em'>6</span>",
    "floats": "<span style='float:right'>1</span>2",
    "floating paragraphs": "<p style='float:left'>1</p><p style='float:left'>2</p>",
    "row-reverse": "<div style='display:flex;flex-direction:row-reverse'><b>1</b><b>2</b></div>",
    "right to left": "<div dir=rtl><b>1</b><b>2</b></div>",
    "other size": "<span style='font-size:9px'>1</span><span style='font-size:24px'>2</span>",
    "two fields": "<input value=1><input value=2>",
    "field and text": "1<input value=2>",
    "unknown element": "1<x-count>2</x-count>",
    "closed details": "<details><summary>5</summary>6</details>",
}


@pytest.mark.parametrize("markup", APART.values(), ids=APART)
def test_pieces_that_are_not_one_number(markup: str) -> None:
    assert cell(markup).damage == "several_pieces"


FILLED = {
    "script": ("<script>document.write(7)</script>", "script"),
    "script beside text": ("5<script>document.write(7)</script>", "script"),
    "noscript": ("<noscript>7</noscript>", "script"),
    "template": ("<template>7</template>", "script"),
    "bound": ("<span v-text='n'></span>", "script"),
    "iframe": ("<iframe src=x></iframe>", "embedded"),
    "video": ("5<video src=x></video>", "embedded"),
    "object": ("<object data=x>5</object>", "image"),
    "svg": ("<svg><text>7</text></svg>", "image"),
    "picture beside text": ("1<img src=5.gif>", "image"),
    "background": ("<i style='background:url(7.png)'></i>", "image"),
    "button": ("<input type=button value=7>", "field"),
    "checkbox": ("<input type=checkbox value=1>", "field"),
    "list": ("<select multiple><option>1<option>2</select>", "field"),
    "table": ("<table><tr><td>5</table>", "nested_table"),
    "table beside text": ("1<table><tr><td>5</table>", "nested_table"),
}


@pytest.mark.parametrize(("markup", "damage"), FILLED.values(), ids=FILLED)
def test_cells_that_something_else_fills(markup: str, damage: str) -> None:
    assert cell(markup).damage == damage


def test_a_script_between_the_cells_of_a_row() -> None:
    page = b"<table><tr><td>a</td><script>cell(1)</script><td>5</td></tr></table>"
    (grid,) = read_html(page).readings[0].blocks
    assert isinstance(grid, Grid)
    assert [cell.damage for cell in grid.rows[0].cells] == ["script", "script"]


SHEETS = {
    "struck": (".x {text-decoration:line-through}", "struck"),
    "raised": ("b.x {vertical-align:super}", "superscript"),
    "white": ("table .x {color:white}", "unseen"),
    "white everywhere": ("td {color:#fff}", "unseen"),
    "by id": ("#i {opacity:0}", "unseen"),
    "comments": ("/* .y{} */ <!-- .x{opacity:0/**/} -->", "unseen"),
    "text added": (".x::after {content:'7'}", "generated"),
    "float": (".x {float:left}", "several_pieces"),
    "a narrow screen": ("@media (max-width:768px) {.x {display:none}}", "hidden_sometimes"),
    "print": ("@media print {@page{margin:0} .x {display:none}}", "hidden_sometimes"),
    "shown again": (".x {display:none} .on, b {display:inline}", "hidden_sometimes"),
    "unclear selector": ("tr:nth-child(2n) .x {display:none}", "hidden_sometimes"),
}


@pytest.mark.parametrize(("sheet", "damage"), SHEETS.values(), ids=SHEETS)
def test_rules_of_the_page(sheet: str, damage: str) -> None:
    assert cell("5<b class='w x' id=i>6</b>", f"<style>{sheet}</style>").damage == damage


def test_one_figure_for_each_screen() -> None:
    sheet = "<style>.wap{display:none} @media(max-width:9px) {.pc{display:none} .wap{display:inline}}</style>"
    assert cell("<b class=pc>12</b><b class=wap>12</b>", sheet).damage == "hidden_sometimes"
    assert cell("<b class=pc>12</b><b class=wap>12</b>").damage == "several_pieces"


@pytest.mark.parametrize("selector", [".x", "b.x", "#i", "td b", "p, .x", ".x.y"])
def test_what_a_rule_of_the_page_surely_hides_is_no_text(selector: str) -> None:
    found = cell("5<b class='x y' id=i>6</b>", f"<style>{selector} {{display:none !important}}</style>")
    assert (found.text, found.damage) == ("5", "")


@pytest.mark.parametrize(
    "sheet",
    [
        ".x:hover{display:none}",
        ".clearfix:after,.x:after{content:'.';display:block;visibility:hidden}",
        ".x:before{content:''}",
        ".nav .x{display:none}",
        "@font-face{font-family:x;src:url(x)}",
        "@keyframes k{from{opacity:0}}",
        "@media screen{.x{color:#333}}",
        "p{float:left} .x{font-size:12px}",
        "}}{ .x",
    ],
)
def test_rules_that_do_nothing_to_the_figure(sheet: str) -> None:
    assert cell("<b class=x>5</b>", f"<style>{sheet}</style>")[0::4] == ("5", "")


def test_ancestors_up_to_the_table_count() -> None:
    assert cell("5", attributes="style='opacity:0'").damage == "unseen"
    assert cell("5", table="style='text-decoration:line-through'").damage == "struck"
    assert cell("<b style='font-size:12px'>5</b>", table="style='font-size:0'").damage == ""
    assert cell("5", attributes="style='color:#fff;background:#c00'").damage == ""
    assert cell("5", attributes="style='color:#fff' bgcolor=#cc0000").damage == ""


WORD = "text-align:center;mso-pagination:widow-orphan"
PLAIN = {
    "word": "<span lang=EN-US>12</span><span>3</span>",
    "word runs": f"<p class=MsoNormal style='{WORD}'><span style='font-size:10.5pt;color:black'>12</span>"
    "<span style='font-size:10.5pt;font-family:Calibri;color:windowtext'>3<o:p></o:p></span></p>",
    "fonts": "<font size=3><b>12</b></font><font size=3>3</font>",
    "word classes": "<span class=font01>12</span><span class=font11>3</span>",
    "quoted fonts": "<span style='font-family:&quot;Times New Roman&quot;'>12</span><span>3</span>",
    "backgrounds": "<span style='color:#333;background:#FFF'>12</span><span style='color:#000'>3</span>",
    "hanging": "<p style='margin-left:-5.25pt;text-indent:5.25pt'><span>12</span><span>3</span></p>",
    "middle": "<span style='vertical-align:middle;line-height:150%'>123</span>",
    "box": "<span style='display:inline-block;width:60px'>123</span>",
    "empty paragraph": "<p><br></p><p style='margin:0px'>123</p>",
    "link": "<a href='/x'>12</a>3",
    "wbr": "12<wbr>3",
    "spacer": "123<img src=s.gif width=1 height=1>",
    "field": "<input value=123>",
    "hidden": "<input type=hidden value=9>123<span hidden>4</span>",
}


@pytest.mark.parametrize("markup", PLAIN.values(), ids=PLAIN)
def test_plain_figures_are_trusted(markup: str) -> None:
    assert cell(markup)[0::4] == ("123", "")


KEY = ("applications", "received", "natural_person")


@pytest.mark.parametrize(
    ("markup", "state"),
    [
        ("21<span lang=EN-US>56</span>", "reported"),
        ("<span style='text-decoration:line-through'>21</span>56", "unreadable"),
        ("21<span class=sup>56</span>", "unreadable"),
        ("<script>document.write(2156)</script>", "unreadable"),
        ("2156<img src=5.gif>", "unreadable"),
        ("<table><tr><td>2156</td></tr></table>", "unreadable"),
    ],
)
def test_reports(markup: str, state: str) -> None:
    page = render_html(FormSpec("f2021", values={KEY: "2156"})).decode()
    assert page.count(">2156<") == 1
    fact = gxstats.read_report(page.replace(">2156<", f">{markup}<").encode()).fact(*KEY)
    assert fact is not None
    assert fact.state == state
    assert fact.value == (2156 if state == "reported" else None)

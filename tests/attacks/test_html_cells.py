"""What a browser shows in a cell is not always its text: no such figure may be confirmed wrong."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.model import Fact
from gxstats.testing.forms import FormSpec
from gxstats.testing.html import render_html
from gxstats.testing.values import print_values, random_values
from tests.pages import a_spec, distinct_values

KEY = ("applications", "received", "enterprise")
PAGE = render_html(a_spec()).decode()
CELL = f">{distinct_values()[KEY]}<"


def read(markup: str, style: str = "") -> Fact:
    """The fact of one cell whose content is this markup."""
    assert PAGE.count(CELL) == 1
    page = PAGE.replace(CELL, f">{markup}<").replace("<style>", f"<style>{style} ")
    fact = gx.read_report(page.encode()).fact(*KEY)
    assert fact is not None
    return fact


def sure(fact: Fact) -> tuple[str, int | None] | None:
    """What is said with confidence, None if nothing is."""
    return (fact.state, fact.value) if fact.verdict == "confirmed" else None


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ("12", 12),
        ("<p><span lang='EN-US'>1</span><span>2</span></p>", 12),
        ("<b>1</b>2", 12),
        ("<font face='x'>12</font>", 12),
        (
            "<span style='font-family:宋体;font-size:10pt'>1</span><span style='font-family:Arial'>2</span>",
            12,
        ),
        ("<ins>12</ins>", 12),
        ("<!--3-->12", 12),
        ("12<span style='display:none'>6</span>", 12),
        ("12<span style='DISPLAY : NONE'>6</span>", 12),
        ("12<span hidden>6</span>", 12),
        ("<input value='12'>", 12),
        ("<input type='hidden' value='7'>12", 12),
        ("<select><option>1</option><option selected>12</option></select>", 12),
        ("1<wbr>2", 12),
        ("&#49;&#50;", 12),
        ("<p>&nbsp;12&nbsp;</p>", 12),
        ("<p></p><p>12</p>", 12),
        ("<p>12</p><p>&nbsp;</p>", 12),
        ("12<br>", 12),
        ("<small>1</small><small>2</small>", 12),
        ("<font size='2'>1</font><font size='2'>2</font>", 12),
        ("<span style='font-size:10.5pt'>1</span><span style='font-size:14px'>2</span>", 12),
        ("<span style='font-size:12pt'>1</span><span style='font-size:10.5pt'>2</span>", 12),
        ("<span style='font-size:12px'>1</span>2", 12),
        ("<span style='font-size:small'>12</span>", 12),
        ("<small>1</small>2", 12),
        ("<font size='2'>1</font><span>2</span>", 12),
    ],
)
def test_plain_markup_is_read(markup: str, value: int) -> None:
    assert sure(read(markup)) == ("reported", value)


@pytest.mark.parametrize(
    "markup",
    [
        "<s>12</s>13",
        "<del>12</del>13",
        "<strike>12</strike>13",
        "<del>12</del><ins>13</ins>",
        "<span style='text-decoration:line-through'>12</span>13",
        "<span style='text-decoration: underline line-through'>12</span>13",
        "<span style='TEXT-DECORATION-LINE:LINE-THROUGH'>12</span>13",
        "<s>12</s>",
        "<span style='text-decoration:line-through'>12</span>",
    ],
)
def test_struck_figures(markup: str) -> None:
    assert sure(read(markup)) in (None, ("reported", 13), ("blank", None))


@pytest.mark.parametrize(
    "markup",
    [
        "5<sup>1</sup>",
        "5<sub>1</sub>",
        "5<sup>[1]</sup>",
        "5<span style='vertical-align:super'>1</span>",
        "5<font style='vertical-align: super; font-size:8px'>1</font>",
        "5<span style='vertical-align:sub'>1</span>",
        "5<span style='vertical-align:top;font-size:60%'>1</span>",
        "5<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>1</span>",
        "5<span class='MsoFootnoteReference'>1</span>",
        "5<a href='#_ftn1' name='_ftnref1'>1</a>",
        "5<small>1</small>",
        "5<font size='1'>1</font>",
        "5<span style='font-size:80%'>1</span>",
        "5<span style='font-size:smaller'>1</span>",
        "5<span style='font-size:7pt'>1</span>",
        "<span style='font-size:14pt'>5</span><span style='font-size:10.5pt'>1</span>",
        "<font size='3'>5</font><font size='2'>1</font>",
        "5①",
        "5¹",
        "5⑴",
        "5<math><msup><mn></mn><mn>1</mn></msup></math>",
    ],
)
def test_marks_of_footnotes(markup: str) -> None:
    assert sure(read(markup)) in (None, ("reported", 5))


@pytest.mark.parametrize(
    "markup",
    [
        "5<span style='display:none'>6</span>",
        "5<span style='visibility:hidden'>6</span>",
        "5<span style='opacity:0'>6</span>",
        "5<span style='font-size:0'>6</span>",
        "5<span style='font-size:0px'>6</span>",
        "5<span style='color:#fff'>6</span>",
        "5<span style='color:white'>6</span>",
        "5<font color='white'>6</font>",
        "5<span style='position:absolute;left:-9999px'>6</span>",
        "5<span style='position:absolute;clip:rect(0,0,0,0)'>6</span>",
        "5<span style='display:inline-block;width:0;overflow:hidden'>6</span>",
        "<div style='text-indent:-9999px'>6</div>5",
    ],
)
def test_figures_that_are_not_shown(markup: str) -> None:
    assert sure(read(markup)) in (None, ("reported", 5))


@pytest.mark.parametrize(
    "style",
    [
        ".x{display:none}",
        ".x { display : none !important; }",
        "@media (min-width:1px){.x{display:none}}",
        ".x{visibility:hidden}",
        "td .x{display:none}",
        ".a,.x{font-size:0}",
    ],
)
def test_figures_that_the_pages_own_rules_hide(style: str) -> None:
    assert sure(read("5<span class='x'>6</span>", style)) in (None, ("reported", 5))


def test_one_figure_for_large_screens_and_one_for_small_ones() -> None:
    both = "<span class='pc'>12</span><span class='wap'>12</span>"
    assert sure(read(both, "@media (max-width:600px){.pc{display:none}} .wap{display:none}")) in (
        None,
        ("reported", 12),
    )


@pytest.mark.parametrize(
    "markup",
    [
        "1<br>2",
        "10<br>12",
        "<div>1</div><div>2</div>",
        "<p>5</p><p>5</p>",
        "<ul><li>1</li><li>2</li></ul>",
        "1&nbsp;2",
        "1&emsp;2",
        "1 2",
        "<span style='display:inline-block;width:40px'>1</span><span style='display:inline-block'>2</span>",
        "1<span style='margin-left:3em'>2</span>",
        "1<span style='padding-left:20px'>2</span>",
        "1<span style='float:right'>2</span>",
        "<span style='float:right'>1</span>2",
        "<div style='display:flex;flex-direction:row-reverse'><span>1</span><span>2</span></div>",
        "<table><tr><td>1</td><td>2</td></tr></table>",
        "<table><tr><td>1</td></tr><tr><td>2</td></tr></table>",
        "<ruby>1<rt>2</rt></ruby>",
        "<math><msup><mn>1</mn><mn>2</mn></msup></math>",
        "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>",
        "1<img src='2.gif'>",
        "<img src='1.gif'>2",
        "1<svg><text>2</text></svg>",
        "<details><summary>1</summary>2</details>",
    ],
)
def test_two_figures_in_one_cell(markup: str) -> None:
    page = PAGE.replace(CELL, f">{markup}<").encode()
    fact = gx.read_report(page).fact(*KEY)
    assert fact is None or fact.verdict != "confirmed"


@pytest.mark.parametrize(
    "markup",
    [
        "<bdo dir='rtl'>12</bdo>",
        "<span style='unicode-bidi:bidi-override;direction:rtl'>12</span>",
        "&#x202E;12",
        "<span style='display:inline-block;transform:scaleX(-1)'>12</span>",
    ],
)
def test_figures_shown_backwards(markup: str) -> None:
    found = sure(read(markup))
    assert found is None or found[1] != 12


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='7.gif'>",
        "<canvas></canvas>",
        "<svg><text>7</text></svg>",
        "<object data='7.swf'></object>",
        "<iframe src='7.html'></iframe>",
        "<script>document.write(7)</script>",
        "<noscript>7</noscript>",
    ],
)
def test_a_figure_that_is_no_text_is_not_a_blank_cell(markup: str) -> None:
    fact = read(markup)
    assert fact.value is None
    assert sure(fact) is None


@pytest.mark.parametrize(
    "text", ["5%", "5‰", "（5）", "5/3", "5－3", "约5", "5#", "*5", "五", "十二", "5．0", "0.5"]
)
def test_other_notations_are_no_counts(text: str) -> None:
    assert read(text).value is None


@pytest.mark.parametrize("text", ["0(2)", "0（2）", "12（其中涉企3）", "3(2023年：5)"])
def test_a_remark_in_brackets_is_never_part_of_the_figure(text: str) -> None:
    fact = read(text)
    assert fact.value in (None, int(text[: text.find("（" if "（" in text else "(")]))
    assert sure(fact) is None


BROKEN_OFF = render_html(FormSpec(values=print_values(random_values(62, size="huge"), rng=62)[0]))


@pytest.mark.parametrize("part", range(4))
def test_a_page_that_broke_off_confirms_no_part_of_a_figure(part: int) -> None:
    """3062 cut behind its first digit is not 3: each place a download may break off at, in four parts."""
    whole = {f.key: f.value for f in gx.read_report(BROKEN_OFF).fact_rows}
    start = BROKEN_OFF.index(b"<table")
    for end in range(start + part, len(BROKEN_OFF), 4 * 29):
        for fact in gx.read_report(BROKEN_OFF[:end]).fact_rows:
            assert fact.verdict != "confirmed" or fact.value == whole[fact.key], (end, fact)


def test_the_last_cell_of_a_page_that_broke_off_is_named() -> None:
    end = BROKEN_OFF.rindex(b"</td>")
    while not BROKEN_OFF[end - 1 : end].isdigit():
        end = BROKEN_OFF.rindex(b"</td>", 0, end)
    report = gx.read_report(BROKEN_OFF[:end])
    last = [f for f in report.fact_rows if f.raw][-1]
    assert (last.state, last.value) == ("unreadable", None)
    closed = gx.read_report(BROKEN_OFF[:end] + b"</td>")
    assert [f for f in closed.fact_rows if f.raw][-1].value is not None

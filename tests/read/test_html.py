"""HTML pages to grids and paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxstats.errors import GxError, LimitExceeded
from gxstats.model import Document, Grid, Paragraph
from gxstats.read import limits
from gxstats.read.html import read_html
from gxstats.read.html_tree import html_tree


def read(page: str) -> Document:
    return read_html(page.encode())


def grids(document: Document) -> list[list[list[str]]]:
    blocks = document.readings[0].blocks
    return [
        [[cell.text for cell in row.cells] for row in block.rows]
        for block in blocks
        if isinstance(block, Grid)
    ]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.readings[0].blocks if isinstance(block, Paragraph)]


def codes(document: Document) -> list[str]:
    return [issue.code for issue in document.issues]


def test_blocks_in_document_order() -> None:
    page = "<h2>一</h2>前<p>二</p><table><tr><td>a<td>1</table>后<div>三</div>"
    blocks = read(page).readings[0].blocks
    assert [block.text if isinstance(block, Paragraph) else "grid" for block in blocks] == [
        "一",
        "前",
        "二",
        "grid",
        "后",
        "三",
    ]
    assert read(page).readings[0].structured


def test_spans_are_attributes_and_never_expanded() -> None:
    page = "<table><tr><td colspan=3 rowspan='2'>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    grid = read(page).readings[0].blocks[0]
    assert isinstance(grid, Grid)
    assert [len(row.cells) for row in grid.rows] == [2, 1]
    assert grid.rows[0].cells[0][2:4] == (3, 2)


@pytest.mark.parametrize(
    ("span", "read_as"), [("0", 1), ("-2", 1), ("x", 1), ("", 1), ("100%", 1), ("9" * 99, 1), ("99999", 1000)]
)
def test_nonsense_spans(span: str, read_as: int) -> None:
    grid = read(f"<table><tr><td rowspan='{span}'>a<td>b</table>").readings[0].blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows[0].cells[0].rowspan == read_as


def test_nested_layout_tables_lose_no_text() -> None:
    page = (
        "<table><tr><td>栏目</td><td>左<table><tr><td>一、总体情况</td></tr><tr><td>"
        "<table><tr><td>规章</td><td>1</td></tr></table>尾</td></tr></table></td></tr></table>"
    )
    document = read(page)
    assert grids(document) == [[["规章", "1"]]]
    assert paragraphs(document) == ["栏目", "左", "一、总体情况", "尾"]


def test_a_table_of_single_cells_is_layout() -> None:
    assert paragraphs(read("<table><tr><td><p>一、</p><p>二、</p></td></tr></table>")) == ["一、", "二、"]


def test_a_row_of_running_text_cuts_the_grid() -> None:
    story = "本机关深入贯彻落实条例。" * 40
    document = read(
        f"<table><tr><td>规章<td>1</tr><tr><td colspan=2><p>一、<p>{story}</tr><tr><td>许可<td>2</table>"
    )
    assert grids(document) == [[["规章", "1"]], [["许可", "2"]]]
    assert paragraphs(document) == ["一、", story]


def test_a_table_never_closed_before_the_next_one() -> None:
    document = read("<table><tr><td>a<td>1</td></tr><table><tr><td>b<td>2</td></tr></table>")
    assert grids(document) == [[["a", "1"]], [["b", "2"]]]


def test_unclosed_cells_and_rows() -> None:
    assert grids(read("<table><tr><td>a<td>1<tr><td>b<td>2</table>")) == [[["a", "1"], ["b", "2"]]]


def test_cells_without_rows_and_rows_inside_a_form() -> None:
    page = "<table><td>a<td>1<tr><td>b<td>2</tr><form><tr><td>c<td>3</tr></form></table>"
    assert grids(read(page)) == [[["a", "1"], ["b", "2"], ["c", "3"]]]
    assert grids(read("<table><tr><form><td>c<td>3</form></tr></table>")) == [[["c", "3"]]]


def test_sections_of_a_table_in_order() -> None:
    page = (
        "<table><caption>表</caption><colgroup><col></colgroup><thead><tr><th>a<th>b<tbody><tr><td>c<td>d"
        "<tbody><tr><td>e<td>f<tfoot><tr><td>g<td>h</table>"
    )
    document = read(page)
    assert grids(document) == [[["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]]
    assert paragraphs(document) == ["表"]


def test_text_between_rows_is_kept() -> None:
    assert paragraphs(read("<table>甲<tr>乙<td>a<td>1</td>丙</tr>丁</table>"))[0].split() == [
        "甲",
        "乙",
        "丙",
        "丁",
    ]


def test_hidden_elements_are_not_text() -> None:
    page = (
        "<p style='Display: NONE'>1</p><p hidden>2</p><span style='mso-hide:all'>3</span>"
        "<p style='overflow:hidden'>4</p><script>5</script><style>6</style><noscript>7</noscript>"
        "<template>8</template><!-- 9 --><table><tr><td>a<td style='display:none'>b<td>c</table>"
    )
    document = read(page)
    assert paragraphs(document) == ["4"]
    assert grids(document) == [[["a", "c"]]]
    assert codes(document) == []


def test_a_hidden_table_is_skipped_with_a_notice() -> None:
    page = "<div style='display:none'><table><tr><td>a<td>1</table></div><p>二、</p>"
    document = read(page)
    assert (grids(document), codes(document)) == ([], ["hidden_table"])
    assert str(document.issues[0].at) == "/html/body[1]/div[1]"


def test_a_hidden_table_inside_a_cell_does_not_make_layout() -> None:
    document = read(
        "<table><tr><td>a<table style='display:none'><tr><td>x<td>y</table></td><td>1</td></tr></table>"
    )
    assert (grids(document), codes(document)) == ([[["a", "1"]]], ["hidden_table"])


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("本年新<br />公开数量", "本年新\n公开数量"),
        ("1</br>2", "1\n2"),
        ("<p>商业</p>\n\t<p>企业</p>", "商业\n企业"),
        ("<div>1</div>2<div>3</div>", "1\n2\n3"),
        ("&nbsp;", "\xa0"),
        ("　0&nbsp;", "　0\xa0"),
        ("\n   1\n  2 ", "1 2"),
        ("<span>1</span><font>2</font>", "12"),
        ("<o:p>&nbsp;</o:p>", "\xa0"),
        ("<st1:chsdate Year='2020'>2020年</st1:chsdate>", "2020年"),
        ("<![if !supportEmptyParas]>3<![endif]><!--[if gte mso 9]><xml>9</xml><![endif]-->", "3"),
        ("<pre>1\n2</pre>", "1\n2"),
        ("<input value='12'>", "12"),
        ("<input type=hidden value='12'>", ""),
        ("<select><option>0<option selected>5</select>", "5"),
        ("<a href=x><b>7</b></a><script>8</script>", "7"),
        ("5 < 6", "5 < 6"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_cell_text(markup: str, text: str) -> None:
    assert grids(read(f"<table><tr><td>a</td><td>{markup}</td></tr></table>")) == [[["a", text]]]


@pytest.mark.parametrize(
    ("markup", "damage"),
    [
        ("<img src=1.png>", "image"),
        ("<p>&nbsp;<img src=1.png></p>", "image"),
        ("<v:shape><v:imagedata src=1.png></v:shape>", "image"),
        ("12<img src=5.gif>", "image"),
        ("12<img src=spacer.gif width=1>", ""),
        ("5<sup>2</sup>", "superscript"),
        ("5<sup> </sup>", ""),
        ("<s>12</s>13", "struck"),
        ("1\ufffd2", "encoding"),
        ("12", ""),
    ],
)
def test_damage(markup: str, damage: str) -> None:
    grid = read(f"<table><tr><td>a</td><td>{markup}</td></tr></table>").readings[0].blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows[0].cells[1].damage == damage


def test_a_picture_in_place_of_a_table() -> None:
    page = (
        "<p>三、</p><p><img src='t.jpg'></p><p><img width=600 src=a></p>"
        "<img src=logo.png><p><img src=i.gif></p>"
    )
    document = read(page)
    assert codes(document) == ["image", "image"]
    assert [str(issue.at) for issue in document.issues] == [
        "/html/body[1]/p[2]/img[1]",
        "/html/body[1]/p[3]/img[1]",
    ]


def test_pre_keeps_its_lines_and_blanks() -> None:
    assert paragraphs(read("<pre>\n一、收到  0  1\n二、结转  0  2\n</pre>")) == [
        "一、收到  0  1\n二、结转  0  2"
    ]


def test_content_after_the_end_of_the_page() -> None:
    page = (
        "<html><body><p>一</p></body></html><table><tr><td>a<td>1</table>"
        "<div><html><body>二</body></html></div>三"
    )
    document = read(page)
    assert grids(document) == [[["a", "1"]]]
    assert paragraphs(document) == ["一", "二", "三"]


def test_a_body_end_tag_inside_a_table() -> None:
    assert grids(read("<table><tr><td>a</body></td><td>1</td></tr></table>")) == [[["a", "1"]]]


def test_a_page_of_scripts_only_is_empty() -> None:
    for page in (
        "",
        "<!-- -->",
        "<html><script>load()</script></html>",
        "<frameset><frame src=a></frameset>",
    ):
        document = read(page)
        assert (document.readings[0].blocks, codes(document)) == ((), ["empty"])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_declared_utf8_but_is_not(encoding: str) -> None:
    page = "<meta charset=utf-8><table><tr><td>规章䶮<td>1</table>"
    assert grids(read_html(page.encode(encoding))) == [[["规章䶮", "1"]]]


def test_undecodable_characters_are_an_issue() -> None:
    assert codes(read_html("年度报告".encode() * 9 + b"\xff<p>1")) == ["encoding"]


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>年报</title><h1>某某局2023年度报告</h1>", "某某局2023年度报告"),
        ("<title>某某局2023年度报告_某某区</title><h1>某某区人民政府</h1>", "某某局2023年度报告_某某区"),
        ("<meta name=ArticleTitle content='2022年 报告'><title>2023</title>", "2022年报告"),
        ("<title></title><p align=center>某某局\n2023年度报告</p>", "某某局2023年度报告"),
        ("<title>年报</title><h1>某某局<br>2021年度报告</h1>", "某某局2021年度报告"),
        ("<title>年报</title><p>无", "年报"),
    ],
)
def test_title(page: str, title: str) -> None:
    assert read(page).title == title


def test_fields() -> None:
    page = (
        "<meta name=PubDate content='2024-01-31 10:00'><meta name=viewport content=''><title> 年 报</title>"
        "<table><tr><td>索 引 号：<td>113304837338351799<td>发布机构<td>某某局</table>"
        "<p>发布时间：2024-01-31 10:20　来源：<b>办公室</b> 浏览次数：</p><p>共计：5件</p>"
        "<table><tr><td>行政许可<td>12</table>"
    )
    assert dict(read(page).fields) == {
        "PubDate": "2024-01-31 10:00",
        "<title>": "年 报",
        "索引号": "113304837338351799",
        "发布机构": "某某局",
        "发布时间": "2024-01-31 10:20",
        "来源": "办公室",
    }


def assert_places_resolve(data: bytes) -> None:
    """Each XPath finds exactly the one element whose text is the cell's or holds the paragraph's."""
    root = html_tree(data).root
    for block in read_html(data).readings[0].blocks:
        cells = [cell for row in block.rows for cell in row.cells] if isinstance(block, Grid) else [block]
        for cell in cells:
            (element,) = root.xpath(cell.at.ref)
            found = "".join("".join(element.itertext()).split())
            assert "".join(cell.text.split()) in found, cell
            if isinstance(block, Grid):
                assert element.tag in ("td", "th")
                assert len("".join(cell.text.split())) == len(found)


def test_places_resolve() -> None:
    page = (
        "<o:p>0</o:p><o:p><div>1<p>2</p>3</div></o:p><p>4</p><foo-bar><p>5</p></foo-bar>"
        "<p>6<!-- --></p><?pi ?>"
        "<table><thead><tr><th>a<td>b<th>c</thead><tr><td>d<td>e<td>f</table>七"
    )
    assert_places_resolve(page.encode())


def test_100_000_nested_elements_are_refused() -> None:
    for tag in ("div", "span", "table><tr><td"):
        with pytest.raises(LimitExceeded, match="nested"):
            read(f"<{tag}>" * 100_000 + "x")


def test_what_libxml2_would_cut_off_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        read("<div>" * 300 + "</div>" * 300 + "<p>lost</p>")
    with pytest.raises(LimitExceeded):
        read(f"<img src='data:{'A' * 20_000_000}'><p>lost</p>")
    with pytest.raises(LimitExceeded):
        read("\n" * 20_000_000 + "x")


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitExceeded):
        read_html(b"<" * (limits.MAX_INPUT_BYTES + 1))
    monkeypatch.setattr("gxstats.read.html.MAX_CELLS", 3)
    with pytest.raises(LimitExceeded, match="cells"):
        read("<table><tr><td>1<td>2</table>" * 2)
    monkeypatch.setattr("gxstats.read.html.MAX_PARAGRAPHS", 3)
    with pytest.raises(LimitExceeded, match="paragraphs"):
        read("<p>1</p>" * 4)


MARKUP = """
<table> </table> <tr> </tr> <td> </td> <td/colspan=2> <p> </p> <div/hidden> </div> <br> </br> 12 <img> </html>
</body> <html> <tbody> <form> <pre> </pre> <select> <option> &nbsp; <!-- --> <sup> <o:p> \xff \0
"""
TAGS = MARKUP.split()


@given(st.lists(st.sampled_from(TAGS), max_size=40))
def test_any_markup_is_read_or_refused(parts: list[str]) -> None:
    data = "".join(parts).encode("latin-1", "replace")
    try:
        first = read_html(data)
    except GxError:
        return
    assert first == read_html(data)


@pytest.mark.parametrize("folder", ["html", "html_word"])
def test_corpus(folder: str, shared: Path) -> None:
    for path in sorted((shared / "corpus" / folder).iterdir())[:12]:
        data = path.read_bytes()
        tables = grids(read_html(data))
        assert [len(row) for row in tables[-1]][-1] == 15, path
        assert_places_resolve(data)

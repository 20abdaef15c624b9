"""The blocks of a report: every row where it belongs, every quirk what it says it is."""

from __future__ import annotations

import pytest

from gxstats.testing.blocks import Heading, Picture, Table, Text, place, squared
from gxstats.testing.forms import FormSpec, LocalRow, Quirks, layout
from gxstats.testing.labels import mark
from gxstats.testing.spans import bent

ALL = {key: str(n) for n, key in enumerate(FormSpec().cell_keys())}
OLD = {key: str(n) for n, key in enumerate(FormSpec("f2019").cell_keys())}


def table(section: str, spec: FormSpec, number: int = 0) -> Table:
    return [b for b in layout(spec) if isinstance(b, Table) and b.section == section][number]


def rows(section: str, **quirks: object) -> dict[str, list[str]]:
    """Label -> figures of a table drawn with these quirks."""
    drawn = table(section, FormSpec(values=ALL, quirks=Quirks(**quirks)))  # type: ignore[arg-type]
    return {
        next(c.text for c in row if c.role == "label"): [c.text for c in row if c.role == "figure"]
        for row in drawn.rows
        if any(c.role == "label" for c in row)
    }


def test_the_form_as_it_stands() -> None:
    drawn = rows("applications")
    assert len(drawn) == 25
    assert drawn["一、本年新收政府信息公开申请数量"] == [str(n) for n in range(10, 17)]
    assert (
        drawn["2.其他法律行政法规禁止公开"][0] == ALL["applications", "refused.other_law", "natural_person"]
    )
    assert list(rows("disclosure").values())[-1] == [ALL["disclosure", "fees", "amount_10k_cny"]]


@pytest.mark.parametrize("form", ["f2021", "f2019"])
@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(),
        Quirks(glued_groups=True),
        Quirks(glued_container=True, glued_groups=True),
        Quirks(captions=True, trailing_columns=5),
        Quirks(split="head", continued="empty", split_after="unable.not_held"),
        Quirks(split="tables_with_head", continued="cut", split_after="granted"),
        Quirks(swap_rows=("granted", "unable.unclear")),
        Quirks(swap_rows=("review", "litigation_direct")),
        Quirks(block_tables=True, lone_dispute_row=True),
        Quirks(wrong_dispute_heads=True),
        Quirks(missing_rows=("refused.state_secret",), duplicate_row="carried_out"),
    ],
)
def test_tables_have_no_holes(form: str, quirks: Quirks) -> None:
    for block in layout(FormSpec(form, quirks=quirks)):
        if isinstance(block, Table):
            width = len(block.widths)
            covered = [
                (p.row + down, p.column + across)
                for p in place(block.rows)
                for down in range(p.cell.rowspan)
                for across in range(p.cell.colspan)
            ]
            assert len(covered) == len(set(covered)) == width * len(block.rows)


def test_swapped_rows_keep_label_and_figures_together() -> None:
    plain = rows("applications")
    swapped = rows("applications", swap_rows=("refused.state_secret", "unable.unclear"))
    assert swapped == plain
    assert list(swapped) != list(plain)


def test_swapped_columns_keep_head_and_figures_together() -> None:
    swap = ("applications", "natural_person", "research")
    spec = FormSpec(values=ALL, quirks=Quirks(swap_columns=swap))
    drawn = table("applications", spec)
    heads = [cell.text for cell in drawn.rows[2]]
    assert (drawn.rows[1][0].text, heads[1]) == ("科研机构", "自然人")
    first = [c.text for c in drawn.rows[3] if c.role == "figure"]
    assert first[0] == ALL["applications", "received", "research"]


def test_swapped_disputes() -> None:
    spec = FormSpec(values=ALL, quirks=Quirks(swap_rows=("review", "litigation_after_review")))
    drawn = table("disputes", spec)
    assert [c.text for c in drawn.rows[0]] == ["行政诉讼", "行政复议"]
    assert drawn.rows[-1][0].text == ALL["disputes", "litigation_after_review", "upheld"]
    assert drawn.rows[-1][-1].text == ALL["disputes", "review", "total"]


def test_a_row_more_a_row_less_a_row_twice() -> None:
    plain = [len(row) for row in table("applications", FormSpec()).rows]
    local = rows("disclosure", local_row=LocalRow("normative_documents", "其他主动公开文件", ("1", "2", "3")))
    assert local["其他主动公开文件"] == ["1", "2", "3"]
    assert len(rows("applications", missing_rows=("granted", "other.other"))) == 23
    twice = Quirks(duplicate_row="received", duplicate_differs=True)
    drawn = table("applications", FormSpec(values=ALL, quirks=twice))
    assert len(drawn.rows) == len(plain) + 1
    assert drawn.rows[3][0] == drawn.rows[4][0]
    assert drawn.rows[3][1:] != drawn.rows[4][1:]


def test_a_group_label_cut_by_the_page() -> None:
    spec = FormSpec(quirks=Quirks(split="tables", split_after="unable.not_held", continued="cut"))
    first, second = (table("applications", spec, n) for n in range(2))
    assert first.rows[-1][0].text == "（四）无"
    assert [c.text for c in second.rows[0][:2]] == ["度办理结果", "法提供"]


def test_glued_cells() -> None:
    drawn = rows("applications", glued_groups=True, glued_container=True)
    assert "（三）不予公开1.属于国家秘密" in drawn
    assert "三、本年度办理结果（一）予以公开" in drawn
    assert "2.其他法律行政法规禁止公开" in drawn


def test_the_undivided_row_with_an_empty_cell() -> None:
    spec = FormSpec("f2019", values=OLD, quirks=Quirks(extra_other_cell=True))
    row = next(r for r in table("applications", spec).rows if r[0].text == "（六）其他处理")
    assert [c.text for c in row[:2]] == ["（六）其他处理", ""]
    assert len(row) == 9


def test_hybrid_by_section_and_by_block() -> None:
    spec = FormSpec(forms={"applications": "f2019", "disclosure/article_20_1": "f2019"})
    keys = spec.cell_keys()
    assert ("applications", "other", "total") in keys
    assert ("disclosure", "rules", "made") in keys
    assert ("disclosure", "licensing", "decisions") in keys
    assert "本年新制作数量" in [cell.text for cell in table("disclosure", spec).rows[1]]
    assert "（六）其他处理" in [row[0].text for row in table("applications", spec).rows]


def test_a_section_left_out_keeps_its_heading() -> None:
    spec = FormSpec(forms={"disclosure": ""}, narrative={"disclosure": "本表略。"})
    blocks = layout(spec)
    assert Heading("二、主动公开政府信息情况") in blocks
    assert Text("本表略。") in blocks
    assert {b.section for b in blocks if isinstance(b, Table)} == {"applications", "disputes"}
    assert not any(key[0] == "disclosure" for key in spec.cell_keys())


@pytest.mark.parametrize(("tables", "kind", "count"), [("images", Picture, 3), ("none", Table, 0)])
def test_no_tables(tables: str, kind: type, count: int) -> None:
    blocks = layout(FormSpec(quirks=Quirks(tables=tables)))  # type: ignore[arg-type]
    assert sum(isinstance(block, kind) for block in blocks) == count
    assert not any(isinstance(block, Table) for block in blocks)


@pytest.mark.parametrize(
    ("numbering", "marks"),
    [
        ("dot", ("一、", "（三）", "2.")),
        ("dun", ("一、", "（三）", "2、")),
        ("paren", ("一、", "（三）", "（2）")),
        ("none", ("一、", "（三）", "")),
        ("lost", ("", "", "")),
    ],
)
def test_numbering(numbering: str, marks: tuple[str, ...]) -> None:
    quirks = Quirks(numbering=numbering)  # type: ignore[arg-type]
    assert tuple(mark(number, quirks) for number in ("一", "三（三）", "三（三）2")) == marks


def test_heads() -> None:
    old = FormSpec("f2019", quirks=Quirks(identical_heads=True))
    assert [cell.text for cell in table("disclosure", old).rows[1]][1:3] == ["本年新", "本年新"]
    broken = FormSpec("f2019", quirks=Quirks(broken_heads=True))
    assert table("disclosure", broken).rows[1][1].text == "本年新\n制作数量"
    wrong = table("disputes", FormSpec(quirks=Quirks(wrong_dispute_heads=True, dispute_typo=True)))
    assert [(cell.text, cell.colspan) for cell in wrong.rows[0]] == [("行政法复议", 8), ("行政诉讼", 7)]


def test_scripts() -> None:
    plain = layout(FormSpec(quirks=Quirks(script="traditional")))
    assert Heading("四、政府信息公開行政複議、行政訴訟情況") in plain
    taiwan = table("disclosure", FormSpec(quirks=Quirks(script="taiwan")))
    assert taiwan.rows[3][0].text == "行政規範性檔案"


def test_padding_keeps_the_figure() -> None:
    spec = FormSpec(values={("disputes", "review", "upheld"): "5"}, quirks=Quirks(padding="nbsp"))
    row = table("disputes", spec).rows[-1]
    assert [cell.text for cell in row[:2]] == ["\u00a05\u00a0", "\u00a0"]


def test_rounded_spans_keep_rows_whole_and_move_columns() -> None:
    plain = table("applications", FormSpec(values=ALL))
    drawn = bent(plain, "rounded")
    assert [[c.text for c in row] for row in drawn.rows] == [[c.text for c in row] for row in plain.rows]
    grid = squared(drawn.rows)
    assert {len(row) for row in grid} == {20}
    places = {
        tuple(n for n, cell in enumerate(row) if cell and cell.role == "figure") for row in grid if row[0]
    }
    assert len(places) > 2, "figures of the same column start in different columns of the grid"
    wrong = bent(plain, "wrong")
    assert any(len(row) > 20 for row in squared(wrong.rows))


def test_a_second_report_follows() -> None:
    spec = FormSpec(year=2024, second=FormSpec("f2019", year=2020))
    titles = [b.text for b in layout(spec) if isinstance(b, Heading) and b.level == 0]
    assert [title[6:10] for title in titles] == ["2024", "2020"]


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(missing_rows=("no such row",)),
        Quirks(duplicate_row="review"),
        Quirks(swap_columns=("disputes", "upheld", "research")),
        Quirks(local_row=LocalRow("other", "x", ())),
    ],
)
def test_quirks_that_name_nothing_are_refused(quirks: Quirks) -> None:
    with pytest.raises(ValueError, match="the quirks name"):
        layout(FormSpec(quirks=quirks))

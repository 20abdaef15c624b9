"""Hypothesis strategies for reports; needs hypothesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gxstats.model import Key
from gxstats.testing.spec import FormSpec, LocalRow, Quirks
from gxstats.testing.values import (
    Digits,
    Expected,
    Number,
    Signs,
    Size,
    Zero,
    expected,
    print_values,
    random_values,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gxstats.testing.pdf_layout import PdfLayout

_SIZES: tuple[Size, ...] = ("small", "zero", "mid", "huge")
_ZEROS: tuple[Zero, ...] = ("0", "blank", "slash", "dash", "em", "wu", "mixed")
_DIGITS: tuple[Digits, ...] = ("plain", "comma", "full_width")
_SIGNS: tuple[Signs, ...] = ("plain", "plus", "words")
# Most reports have few quirks: each choice that is off by default is offered first, and shrinks to off.
_HYBRIDS: Sequence[Mapping[str, str]] = (
    {},
    {},
    {},
    {"applications": "f2019"},
    {"disclosure": "f2019"},
    {"disclosure/article_20_1": "f2019"},
)
_BORDERS = ("thin", "thick", "hair", "double", "none", "open", "across", "rectangles", "fills")
_LEAVES = (
    "refused.state_secret",
    "refused.other_law",
    "unable.not_held",
    "unable.unclear",
    "not_processed.repeat",
    "granted_in_part",
    "carried_in",
)


def form_specs(**fixed: Any) -> SearchStrategy[tuple[FormSpec, dict[Key, Expected]]]:
    """Reports with valid figures and some quirks, and what a right reading says of every cell.

    Args:
        fixed: Quirks to hold at a value: ``form_specs(spans="wrong")``. With ``quirks=Quirks()`` every
            report follows its form.

    Example:
        >>> from hypothesis import given
        >>> @given(form_specs())
        ... def test_my_reader(drawn):
        ...     spec, truth = drawn
        ...     assert compare(my_reader(render_html(spec)), truth).wrong_confirmed == 0
    """
    from hypothesis import strategies as st

    @st.composite
    def drawn(draw: DrawFn) -> tuple[FormSpec, dict[Key, Expected]]:
        name = draw(st.sampled_from(("f2021", "f2019")))
        hybrid = draw(st.sampled_from(_HYBRIDS)) if name == "f2021" else {}
        year = draw(st.integers(2019, 2025))
        quirks = fixed.get("quirks") or draw(_quirks(fixed))
        spec = FormSpec(name, hybrid, _texts(draw, name, hybrid), year=year, quirks=quirks)
        return spec, expected(spec)

    return drawn()


def _texts(draw: DrawFn, name: str, hybrid: Mapping[str, str]) -> dict[Key, str]:
    from hypothesis import strategies as st

    seed = draw(st.integers(0, 10**6))
    size = draw(st.sampled_from(_SIZES))
    figures: dict[Key, Number] = {}
    for form in (*hybrid.values(), name):
        figures |= random_values(seed, form, size=size)
    for section, form in hybrid.items():
        if "/" not in section:
            # Cells that both forms have must follow the sums of the form that is printed.
            figures |= random_values(seed, form, size=size, section=section)
    texts, _ = print_values(
        {key: figures[key] for key in FormSpec(name, hybrid).cell_keys()},
        zero=draw(st.sampled_from(_ZEROS)),
        digits=draw(st.sampled_from(_DIGITS)),
        signs=draw(st.sampled_from(_SIGNS)),
        rng=seed,
    )
    return texts


_CHOICES: Mapping[str, Sequence[Any]] = {
    "numbering": ("dot", "dot", "dun", "paren", "none", "lost"),
    "labels": ("standard", "standard", "short", "typo", "annotated", "spaced"),
    "local_row": (None, None, LocalRow("normative_documents", "其他主动公开文件", ("186", "86", "255"))),
    "split": ("none", "none", "head", "tables", "tables_with_head"),
    "split_after": _LEAVES,
    "continued": ("repeat", "empty", "cut"),
    "trailing_columns": (0, 0, 3),
    "wrappers": ("none", "span", "office"),
    "spans": ("true", "rounded", "wrong"),
    "padding": ("none", "space", "nbsp", "ideographic"),
    "missing_rows": ((), (), *((leaf,) for leaf in _LEAVES)),
    "duplicate_row": (None, None, None, *_LEAVES),
    **dict.fromkeys(
        (
            "duplicate_differs",
            "glued_groups",
            "glued_container",
            "block_tables",
            "lone_dispute_row",
            "extra_other_cell",
            "layout_table",
            "metadata_table",
            "identical_heads",
            "broken_heads",
            "captions",
            "wrong_dispute_heads",
            "dispute_typo",
        ),
        (False, False, True),
    ),
}


def pdf_layouts(**fixed: Any) -> SearchStrategy[PdfLayout]:
    """Ways to draw a report on pages, for a PDF or an OFD.

    Args:
        fixed: strategies of fields of :class:`PdfLayout` that replace those chosen here, or add to them.

    Example:
        >>> from hypothesis import find
        >>> find(pdf_layouts(), lambda layout: layout.shading).border
        'thin'
    """
    from hypothesis import strategies as st

    from gxstats.testing.pdf_layout import PdfLayout

    chosen = {
        "border": st.sampled_from(_BORDERS),
        "size": st.sampled_from([8.0, 10.5, 12.0]),
        "margin": st.sampled_from([40.0, 60.0, 90.0]),
        "turned": st.sampled_from([False, False, False, True]),
        "shading": st.booleans(),
        "narrow": st.sampled_from([False, False, True]),
        "cut_rows": st.booleans(),
        "repeat_heads": st.sampled_from([0, 0, 3]),
        "open_breaks": st.booleans(),
        "page_numbers": st.sampled_from(["", "- {} -"]),
        "by_column": st.sampled_from([False, False, True]),
    }
    return st.builds(PdfLayout, **(chosen | fixed))


def _quirks(fixed: Mapping[str, Any]) -> SearchStrategy[Quirks]:
    from hypothesis import strategies as st

    leaf = st.sampled_from(_LEAVES)
    pairs = st.tuples(leaf, leaf).filter(lambda pair: pair[0] != pair[1])
    columns = ("natural_person", "enterprise", "research", "public_interest", "other_org", "total")
    swaps = st.permutations(columns).map(lambda order: ("applications", order[0], order[1]))
    choices: dict[str, SearchStrategy[Any]] = {
        **{name: st.sampled_from(values) for name, values in _CHOICES.items()},
        "swap_rows": st.none() | pairs,
        "swap_columns": st.none() | swaps,
        **{name: st.just(value) for name, value in fixed.items()},
    }
    return st.builds(Quirks, **choices)

"""Short cuts of the aligner say what the long way says."""

from __future__ import annotations

import re
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from gxstats.align import labels, numbers
from gxstats.align.labels import AnyLabel, Labels, normalise, simplified
from gxstats.align.numbers import looks_like_figure, parse
from gxstats.align.statements.passages import clauses, passages, sentences
from gxstats.align.vocabulary import look_up
from gxstats.check.verdicts import judge
from gxstats.model import Field, Figure, Prose

SIGNS = st.text(
    st.sampled_from(" \t\u3000\u200b0123456789１２,.，。、（）()《》“”+-—－/无零〇增减元万件规章其他①²㊀年")
    | st.characters()
)


def test_every_blank_and_quote_is_left_out_and_nothing_else() -> None:
    quotes = set("\"'“”‘’„‟″＂「」『』《》〈〉•·|")
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        left_out = char.isspace() or char in quotes or char in "\u200b\ufeff\u00ad"
        assert (labels._LEFT_OUT.fullmatch(char) is not None) == left_out, hex(code)


def test_no_usual_character_is_a_mark() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if numbers._NO_MARKS.fullmatch(char):
            assert not unicodedata.decomposition(char).startswith(numbers._MARKS), hex(code)


@given(SIGNS)
def test_words_that_are_told_at_a_glance_are_no_figures(text: str) -> None:
    slowly = any(
        parse(text, kind).state in ("reported", "dash", "unreadable") for kind in ("count", "signed", "money")
    )
    assert looks_like_figure(text) == slowly


@given(SIGNS)
def test_simplified_text_does_not_depend_on_what_was_seen_before(text: str) -> None:
    fresh = simplified.__wrapped__(text)
    assert simplified.__wrapped__(text) == fresh
    if not any(labels._converters()[0].convert(char) != char for char in text):
        assert fresh == (text,)


@given(st.text(st.sampled_from("行政许可决定数量处罚强制规章一二1.（）")))
def test_a_wording_is_what_an_exact_match_says(text: str) -> None:
    known = Labels({"a": ["行政许可"], "b": ["行政处罚决定数量"]}, prefixes=["行政"])
    match = known.match(text)
    assert (match.code if match and match.exact else None) == (
        known.wording(text) if normalise(text) else None
    )


def test_checks_stand_in_the_order_of_the_sections() -> None:
    fields = {
        (section, "x", "y"): Field(None, Figure("blank"))
        for section in ("applications", "disputes", "disclosure")
    }
    sections = [check.section for check in judge(fields, "test").checks]
    assert list(dict.fromkeys(sections)) == ["applications", "disputes"]


@given(st.text(st.sampled_from("行政许可决定数量处罰强制規章一二1.（）、x"), max_size=20))
def test_what_is_told_to_be_no_label_matches_none(text: str) -> None:
    sets = [
        Labels({"a": ["行政许可"], "b": ["行政处罚决定数量"]}, {"a": "许可"}, prefixes=["行政"]),
        Labels({"c": ["规章", "行政强制决定数量"]}),
    ]
    if normalise(text) and not AnyLabel(sets).may_match(text):
        assert not any(known.match(text) for known in sets)


@given(SIGNS)
def test_digits_alone_are_figures_at_a_glance(text: str) -> None:
    assert look_up(text).figure == (not normalise(text) or looks_like_figure(text))


@given(st.lists(st.text(st.sampled_from("收到申请13１，,。（）“ 其中件、㎡⑴年\t并")), min_size=1, max_size=3))
def test_every_clause_leads_back_to_its_characters(texts: list[str]) -> None:
    prose = [Prose("overview", text) for text in texts]
    for start, end in passages(prose):
        for sentence in sentences(prose, start, end, re.compile("")):
            for clause in clauses(sentence):
                first, last = (prose[p.paragraph].text[p.offset] for p in (clause.begin, clause.end))
                assert clause.text[0] in (*unicodedata.normalize("NFKC", first), " ")
                assert clause.text[-1] in unicodedata.normalize("NFKC", last)
                assert clause.begin <= clause.end

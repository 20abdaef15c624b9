"""Random reports with random oddities, rendered and read back: the same figures, or not confirmed.

GXSTATS_EXAMPLES=2000 tries more of them than a test run has time for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.compare import Comparison, compare
from gxstats.testing.doc import render_doc
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from gxstats.testing.strategies import form_specs
from gxstats.testing.text import Style, render_text
from gxstats.testing.values import Expected, break_identity, expected, print_values, random_values

EXAMPLES = int(os.environ.get("GXSTATS_EXAMPLES", "0"))
STYLES: tuple[Style, ...] = get_args(Style)
RENDERERS: dict[str, Callable[[FormSpec], bytes]] = {
    "html": render_html,
    "docx": render_docx,
    "doc": render_doc,
    "doc in pieces": lambda spec: render_doc(spec, pieces=True),
    **{style: lambda spec, style=style: render_text(spec, style) for style in STYLES},  # type: ignore[misc]
}


class Drawn(NamedTuple):
    """A report to render; shows only what is odd about it."""

    spec: FormSpec
    truth: Mapping[Key, Expected]

    def __repr__(self) -> str:
        usual, quirks = Quirks(), self.spec.quirks
        odd = {f.name: getattr(quirks, f.name) for f in fields(Quirks)}
        odd = {name: value for name, value in odd.items() if value != getattr(usual, name)}
        return f"{self.spec.form} {dict(self.spec.forms)} {odd}"


def reports(**fixed: Any) -> st.SearchStrategy[Drawn]:
    return form_specs(**fixed).map(lambda drawn: Drawn(*drawn))


def bounded(few: int) -> settings:
    """As many examples as fit into a test run, the same ones every time; more if asked for.

    Only a run by hand looks for the smallest example: that takes a minute.
    """
    return settings(
        max_examples=EXAMPLES or few,
        derandomize=not EXAMPLES,
        phases=tuple(Phase) if EXAMPLES else (Phase.explicit, Phase.generate),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def read(kind: str, spec: FormSpec) -> tuple[gx.Report, Comparison]:
    report = gx.read_report(RENDERERS[kind](spec))
    return report, compare(report.fact_rows, expected(spec))


@pytest.mark.parametrize("kind", RENDERERS)
@bounded(40)
@given(drawn=reports())
def test_nothing_is_confirmed_wrong(kind: str, drawn: Drawn) -> None:
    _, found = read(kind, drawn.spec)
    assert found.wrong_confirmed == 0, str(found)


@pytest.mark.parametrize("kind", ["html", "docx", "doc", "pipes"])
@bounded(15)
@given(drawn=reports(quirks=Quirks()))
def test_a_copy_that_follows_the_form_is_exact(kind: str, drawn: Drawn) -> None:
    report, found = read(kind, drawn.spec)
    assert found.exact == found.total, str(found)
    assert found.extra == ()
    assert not [check for check in report.check_rows if check.status == "fail"]


TAME = {
    "swap_columns": None,
    "swap_rows": None,
    "duplicate_row": None,
    "missing_rows": (),
    "local_row": None,
    "labels": "standard",
    "trailing_columns": 0,  # refused where the first figure is blank too
    "glued_container": False,  # the renderer cuts glued texts at odd places
    "glued_groups": False,
}


@pytest.mark.parametrize("kind", ["html", "docx", "doc"])
@bounded(40)
@given(drawn=reports(**TAME))
def test_quirks_that_move_no_figure_change_no_figure(kind: str, drawn: Drawn) -> None:
    _, found = read(kind, drawn.spec)
    assert (found.exact, found.wrong) == (found.total, 0), str(found)


@pytest.mark.parametrize("kind", ["html", "pipes", "layout"])
@bounded(15)
@given(
    seed=st.integers(0, 10**6),
    name=st.sampled_from(("f2021", "f2019")),
    size=st.sampled_from(("small", "mid")),
)
def test_a_publishers_error_is_found_and_kept(kind: str, seed: int, name: str, size) -> None:
    broken = break_identity(random_values(seed, name, size=size), seed, name)
    spec = FormSpec(name, values=print_values(broken.values)[0])
    report, found = read(kind, spec)
    assert found.wrong_confirmed == 0
    failing = {(c.rule, c.where) for c in report.check_rows if c.status == "fail"}
    fact = report.fact(*broken.key)
    assert fact is not None
    if fact.state == "reported":
        assert failing == {(f.rule, f.where) for f in broken.failures}
        assert (fact.value, fact.sums) == (broken.values[broken.key], "fail")
    assert not [f for f in report.fact_rows if f.implied not in (None, 0, broken.values.get(f.key))]


@pytest.mark.parametrize("kind", ["html", "docx", "pipes", "layout"])
@bounded(15)
@given(drawn=reports(quirks=Quirks()))
def test_what_is_implied_is_true(kind: str, drawn: Drawn) -> None:
    """The renderer prints zeros as blanks and marks: a proof must give 0 back."""
    report, _ = read(kind, drawn.spec)
    assert {fact.implied for fact in report.fact_rows} <= {None, 0}


@bounded(15)
@given(drawn=reports(), data=st.data())
def test_bytes_cut_short_are_no_crash_and_nothing_is_confirmed_wrong(
    drawn: Drawn, data: st.DataObject
) -> None:
    spec = drawn.spec
    kind = data.draw(st.sampled_from(("html", "layout", "pipes", "docx")))
    content = RENDERERS[kind](spec)
    cut = content[: data.draw(st.integers(0, len(content)))]
    report = gx.read_report(cut)
    said = {k: t for k, t in expected(spec).items() if t.state == "reported"}
    facts = [
        f for f in report.fact_rows if f.state == "reported" and f.key in said and f.verdict == "confirmed"
    ]
    # The last figure printed may itself have lost digits: a cut page cannot tell.
    wrong = [f.key for f in facts if (f.value if f.amount is None else f.amount) != said[f.key].number]
    assert len(wrong) <= 1

"""Counting what became of cells, and peers' tables on their way through our aligner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import accuracy, peers
from benchmarks.documents import Sample, render, spread
from gxstats.model import NOWHERE, Fact
from gxstats.testing.values import Expected


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    samples = render(0, tmp_path_factory.mktemp("rendered"))
    return {sample.kind: sample for sample in samples}


def fact(measure: str, state: Any, verdict: Any, value: int | None = None) -> Fact:
    key = ("disputes", "review", measure)
    return Fact(*key, "f2021", value, None, None, None, state, verdict, "untested", "", NOWHERE, "test")


def test_every_outcome_is_counted_apart() -> None:
    measures = ("upheld", "corrected", "other", "pending", "total", "none")
    truth = {("disputes", "review", measure): Expected("reported", 3) for measure in measures}
    truth["disputes", "review", "none"] = Expected("blank")
    score = accuracy.Score()
    facts = [
        fact("upheld", "reported", "confirmed", 3),
        fact("corrected", "reported", "confirmed", 4),
        fact("other", "reported", "unconfirmed", 4),
        fact("pending", "unreadable", "disputed"),
        fact("total", "unreadable", "unconfirmed"),
    ]
    score.add(Sample("html", Path("a.html")), facts, truth)
    assert dict(score.outcomes) == dict.fromkeys(accuracy.OUTCOMES, 1)
    assert dict(score.states["reported"]) == {"exact": 1, "reported": 2, "unreadable": 2}
    assert (score.files, score.all_exact, score.without_facts, len(score.wrong)) == (1, 0, 0, 2)


def test_a_file_of_which_nothing_was_read_is_not_right_about_its_blanks() -> None:
    score = accuracy.Score()
    score.add(Sample("html", Path("a.html")), [], {("disputes", "review", "total"): Expected(None)})
    assert dict(score.outcomes) == {"not read": 1}


def test_ours_reads_our_own_renderings_exactly(rendered: dict[str, Sample]) -> None:
    scores = accuracy.measure(list(rendered.values()), alone=True)
    assert {folder for folder, _ in scores} == {"pdf", "html", "docx"}
    for row in accuracy.cell_rows(scores):
        assert (row["wrong confirmed"], row["exact"]) == (0, row["cells"]), row


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_a_peer_through_our_aligner_reads_plain_renderings(rendered: dict[str, Sample], kind: str) -> None:
    found = [peer for peer in peers.installed(kind) if not peer.slow]
    if not found:
        pytest.skip("no peer is installed")
    sample = rendered[kind]
    truth = sample.truth()
    for peer in found:
        grids = accuracy.peer_grids(peer, sample)
        assert grids is not None
        score = accuracy.Score()
        score.add(sample, accuracy.best(accuracy.facts_of(peer, sample, grids), truth), truth)
        assert score.outcomes["exact"] > 0.9 * len(truth), peer.name


def test_files_are_picked_evenly() -> None:
    samples = [Sample("pdf", Path(f"{n}.pdf")) for n in range(10)]
    assert [s.path.stem for s in spread(samples, 4)] == ["0", "2", "5", "7"]
    assert spread(samples, 0) == samples

"""A few of the damaged files that `python -m benchmarks.fuzz` reads by the thousand: nothing may be raised.

The files that are damaged are our own renderings in every format that is read, so this runs without the
shared corpus. As there, LibreOffice and OCR are left out: they take seconds for each file.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.fuzz_sources import FORMATS, Source, rendered
from benchmarks.mutations import KEEPING, SPECIAL, Original, mutate
from gxstats import wire
from gxstats.api import read_bytes
from gxstats.read.office import program_path
from gxstats.read.scan_ocr import SWITCH

SEEDS = 240
GROUPS = 10
WITHOUT_FACTS = ("image", "rtf")


@pytest.fixture(scope="module")
def sound() -> dict[str, list[Source]]:
    """Sound files of each format."""
    return {kind: list(rendered(kind, 3)) for kind in FORMATS}


@pytest.fixture(scope="module")
def pool(sound: dict[str, list[Source]]) -> dict[str, list[Original]]:
    """The same, as they are damaged."""
    return {kind: [Original(s.name, s.data) for s in files] for kind, files in sound.items()}


@pytest.fixture(autouse=True)
def without_slow_readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(SWITCH, "off")
    monkeypatch.setattr("gxstats.read.office.shutil.which", lambda name: None)
    program_path.cache_clear()
    yield
    program_path.cache_clear()


def test_the_sound_files_are_read(sound: dict[str, list[Source]]) -> None:
    assert sorted(sound) == sorted(SPECIAL)
    for kind, files in sound.items():
        for file in files:
            facts = read_bytes(file.data, name=file.name)[0].fact_rows
            assert bool(facts) == (kind not in WITHOUT_FACTS)
            assert file.truth


@pytest.mark.parametrize("group", range(GROUPS))
def test_reading_a_damaged_file_never_raises(pool: dict[str, list[Original]], group: int) -> None:
    for seed in range(group, SEEDS, GROUPS):
        mutant = mutate(seed, pool)
        try:
            reports = read_bytes(mutant.data, name=f"{seed}.{mutant.format}")
            again = wire.load(wire.dump(reports))
            for report in again:
                _ = report.facts, report.checks, report.issues, report.prose, report.unmatched_rows
        except Exception as error:
            error.add_note(f"seed {seed}: {mutant.original} after {', '.join(mutant.steps)}")
            raise
        assert again == reports
        failed = [
            issue.message
            for report in reports
            for issue in report.issue_rows
            if issue.code == "internal_error"
        ]
        assert not failed, (seed, failed)
        assert all(report.fact_rows or report.issue_rows for report in reports), seed


def test_a_mutant_follows_from_its_seed(pool: dict[str, list[Original]]) -> None:
    for seed in range(36):
        assert mutate(seed, pool) == mutate(seed, pool)
    assert len({mutate(seed, pool).data for seed in range(36)}) > 30


def test_the_damage_that_keeps_figures_is_known() -> None:
    from benchmarks.mutations import RAW

    assert {*RAW, *(name for tools in SPECIAL.values() for name in tools)} >= KEEPING

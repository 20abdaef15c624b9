"""A few of the damaged files that `python -m benchmarks.fuzz` reads by the thousand: nothing may be raised.

The files that are damaged are our own renderings, so this runs without the shared corpus.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.documents import render
from benchmarks.mutations import Original, mutate
from gxstats import wire
from gxstats.api import read_bytes
from gxstats.paths import sample_files

SEEDS = 150
GROUPS = 10


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Original]]:
    """Sound files of each format."""
    folder = tmp_path_factory.mktemp("sound")
    paths = [sample.path for number in range(3) for sample in render(number, folder)]
    paths += [path for path in sample_files() if path.suffix in (".html", ".docx")]
    found: dict[str, list[Original]] = {}
    for path in sorted(paths, key=lambda p: p.name):
        found.setdefault(Path(path).suffix[1:], []).append(Original(path.name, path.read_bytes()))
    return found


def test_the_sound_files_are_read(pool: dict[str, list[Original]]) -> None:
    assert sorted(pool) == ["docx", "html", "pdf"]
    for originals in pool.values():
        assert all(read_bytes(data, name=name)[0].fact_rows for name, data in originals)


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
    for seed in range(30):
        assert mutate(seed, pool) == mutate(seed, pool)
    assert len({mutate(seed, pool).data for seed in range(30)}) > 25

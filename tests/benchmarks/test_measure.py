"""Medians, ratios and tables of the benchmarks; nothing here depends on how fast anything is."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from benchmarks.documents import Sample
from benchmarks.measure import Time, interleave, machine, summarise, table


def test_ratios_are_taken_file_by_file() -> None:
    times = {
        "ours": [Time(0, 1.0, 1.0), Time(1, 100.0, 100.0), Time(2, 10.0, 10.0)],
        "peer": [Time(0, 5.0, 6.0), Time(2, 20.0, 20.0)],
    }
    ours, peer = summarise(times, "ours", "pdf")
    assert (ours["times ours"], ours["n"], ours["median cpu ms"]) == (1.0, 3, 10.0)
    assert (peer["times ours"], peer["n"], peer["slowest cpu ms"]) == (3.5, 2, 20.0)


def test_engines_take_turns_read_each_file_once_and_slow_ones_a_third(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc, "collect", int)  # collecting all that the other tests left takes seconds
    samples = []
    for name in "wabcd":
        (tmp_path / f"{name}.html").write_bytes(name.encode())
        samples.append(Sample("html", tmp_path / f"{name}.html"))
    seen: list[str] = []
    engines = {
        name: lambda path, data, name=name: seen.append(f"{name} {data.decode()}")
        for name in ("one", "two", "slow")
    }
    times = interleave(engines, samples[1:], seldom=["slow"], warm_up=samples[:1])
    assert seen[:3] == ["one w", "two w", "slow w"]
    assert seen[3:8] == ["one a", "two a", "slow a", "two b", "one b"]
    assert len(seen) == len(set(seen))
    assert {name: [t.sample for t in found] for name, found in times.items()} == {
        "one": [0, 1, 2, 3],
        "two": [0, 1, 2, 3],
        "slow": [0, 3],
    }


def test_tables_are_aligned_and_keep_missing_values_empty() -> None:
    text = table([{"name": "a", "ms": 1234.5}, {"name": "longer", "note": "x"}])
    assert text.splitlines() == [
        "| name   | ms      | note |",
        "|--------|---------|------|",
        "| a      | 1,234.5 |      |",
        "| longer |         | x    |",
    ]
    assert table([]) == "(nothing measured)"


def test_the_machine_is_named_with_the_versions() -> None:
    about = machine(["pandas", "no-such-package"])
    assert about["no-such-package"] == "not installed"
    assert about["pandas"][0].isdigit()
    assert about["gxstats"]

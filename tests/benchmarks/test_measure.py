"""Medians, ratios and tables of the benchmarks; nothing here depends on how fast anything is."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from benchmarks.documents import Sample
from benchmarks.measure import Time, interleave, machine, summarise, table


def test_ratios_are_taken_file_by_file() -> None:
    times = {
        "ours": [Time(0, 0, 1.0, 1.0), Time(1, 0, 100.0, 100.0), Time(2, 0, 10.0, 10.0)],
        "peer": [Time(0, 0, 5.0, 6.0), Time(2, 0, 20.0, 20.0)],
    }
    ours, peer = summarise(times, "ours", "pdf")
    assert (ours["times ours"], ours["n"], ours["median cpu ms"]) == (1.0, 3, 10.0)
    assert (peer["times ours"], peer["n"], peer["slowest cpu ms"]) == (3.5, 2, 20.0)


def test_engines_take_turns_and_slow_ones_run_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "collect", int)  # collecting all that the other tests left takes seconds
    samples = []
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_bytes(name.encode())
        samples.append(Sample("html", tmp_path / f"{name}.html"))
    seen: list[tuple[str, bytes]] = []
    engines = {
        name: lambda path, data, name=name: seen.append((name, data)) for name in ("one", "two", "slow")
    }
    times = interleave(engines, samples, 2, seldom=["slow"], warm_up=samples[:1])
    assert {name: len(found) for name, found in times.items()} == {"one": 4, "two": 4, "slow": 2}
    assert seen[:3] == [("one", b"a"), ("two", b"a"), ("slow", b"a")]
    assert [name for name, _ in seen[3:9]] == ["one", "two", "slow", "two", "slow", "one"]
    assert [(t.sample, t.turn) for t in times["one"]] == [(0, 0), (1, 0), (0, 1), (1, 1)]


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

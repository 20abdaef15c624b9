"""Cells read right, wrong and not at all: ours, and each peer through the same aligner.

python -m benchmarks.accuracy [--documents N] [--only pdf,html,...] [--alone] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.documents import Sample, described, samples, spread
from benchmarks.measure import machine, table
from gxstats.align import align
from gxstats.check import judge
from gxstats.model import Document, Fact, Grid, Key, Reading
from gxstats.testing.compare import Comparison, compare
from gxstats.testing.values import Expected

OUTCOMES = ("exact", "wrong confirmed", "wrong unconfirmed", "disputed", "refused", "not read")
_NAMES = {
    "wrong_confirmed": "wrong confirmed",
    "wrong_unconfirmed": "wrong unconfirmed",
    "missing": "not read",
}
_STRUCTURED = ("html", "docx", "odt")
_STATES = ("reported", "blank", "dash", "any", "text", "absent", "unreadable")
"""As in truth files; ``any`` is a zero that may be printed as 0, blank or a mark."""


@dataclass(slots=True)
class Score:
    """What became of the cells of one folder in the hands of one reader."""

    files: int = 0
    all_exact: int = 0
    without_facts: int = 0
    extra: int = 0
    failed: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    states: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, sample: Sample, facts: Sequence[Fact], truth: Mapping[Key, Expected]) -> None:
        """Count one file."""
        self.files += 1
        self.without_facts += not facts
        result = compare(facts, truth)
        found = {fact.key: fact for fact in facts}
        # A file of which nothing was read is not right about the cells that print nothing.
        outcomes = outcomes_of(result, found) if facts else dict.fromkeys(truth, "not read")
        self.all_exact += all(outcome == "exact" for outcome in outcomes.values())
        self.outcomes.update(outcomes.values())
        self.extra += len(result.extra)
        self.wrong += [
            f"{sample.folder}/{sample.path.name}: {line}" for line in result.differences if "wrong_" in line
        ]
        for key, outcome in outcomes.items():
            said = truth[key].state
            if said is not None:
                fact = found.get(key)
                read = "exact" if outcome == "exact" else "no fact" if fact is None else fact.state
                self.states.setdefault(said, Counter())[read] += 1


def outcomes_of(result: Comparison, found: Mapping[Key, Fact]) -> dict[Key, str]:
    """The outcome of each cell, those that readings dispute told apart from those refused."""
    return {
        key: "disputed"
        if outcome == "refused" and found[key].verdict == "disputed"
        else _NAMES.get(outcome, outcome)
        for key, outcome in result.outcomes.items()
    }


def best(candidates: Iterable[Sequence[Fact]], truth: Mapping[Key, Expected]) -> Sequence[Fact]:
    """Of a file that holds several reports, the one that was checked: it fits the truth best."""
    return max(candidates, key=lambda facts: compare(facts, truth).exact, default=())


def read_ours(sample: Sample) -> list[tuple[Fact, ...]]:
    """The facts of each report in the file."""
    return [report.fact_rows for report in peers.read_ours(sample.path, sample.data())]


def peer_grids(peer: peers.Peer, sample: Sample) -> list[Grid] | None:
    """The tables a peer finds; None if it raises."""
    try:
        return peer.grids(peer.read(sample.path, sample.data()))
    except Exception:  # a peer that fails on a file has read nothing of it
        return None


def facts_of(peer: peers.Peer, sample: Sample, grids: Sequence[Grid]) -> list[tuple[Fact, ...]]:
    """The facts our aligner and our checks make of a peer's tables.

    The peer is told the title, and with it the year, since it reads no text outside tables.
    """
    if not any(cell.text.strip() for grid in grids for row in grid.rows for cell in row.cells):
        return []
    reading = Reading(peer.name, tuple(grids), sample.kind in _STRUCTURED)
    document = Document("", sample.kind, (reading,), title=sample.title)
    return [judge(found.fields, peer.name).facts for found in align(document)]


def measure(chosen: Sequence[Sample], *, alone: bool) -> dict[tuple[str, str], Score]:
    """(folder, reader) -> score."""
    scores: dict[tuple[str, str], Score] = {}
    for sample in chosen:
        truth = sample.truth()
        if not truth:
            continue
        ours = scores.setdefault((sample.folder, peers.OURS), Score())
        ours.add(sample, best(read_ours(sample), truth), truth)
        for peer in [] if alone else peers.installed(sample.kind):
            score = scores.setdefault((sample.folder, peer.name), Score())
            grids = peer_grids(peer, sample)
            score.failed += grids is None
            score.add(sample, best(facts_of(peer, sample, grids or []), truth), truth)
    return scores


def cell_rows(scores: Mapping[tuple[str, str], Score]) -> list[dict[str, Any]]:
    """A row for each folder and reader."""
    rows = []
    for (folder, reader), score in scores.items():
        total = score.outcomes.total()
        rows.append(
            {
                "folder": folder,
                "reader": reader,
                "files": score.files,
                "all exact": score.all_exact,
                "no facts": score.without_facts,
                "cells": total,
                "exact %": round(100 * score.outcomes["exact"] / total, 3),
                **{outcome: score.outcomes[outcome] for outcome in OUTCOMES},
                "extra": score.extra,
            }
        )
    return rows


def state_rows(scores: Mapping[tuple[str, str], Score]) -> list[dict[str, Any]]:
    """Of the cells printed in each state, how many were read right (state and figure)."""
    rows = []
    for (folder, reader), score in scores.items():
        if score.without_facts < score.files and score.states:
            row: dict[str, Any] = {"folder": folder, "reader": reader}
            for state in _STATES:
                if found := score.states.get(state):
                    row[state] = f"{found['exact']} of {found.total()}"
                    others = [f"{name} {n}" for name, n in found.most_common() if name != "exact"]
                    if others and reader == peers.OURS:
                        row[f"{state} read as"] = ", ".join(others)
            rows.append(row)
    return rows


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--documents", type=int, default=0, help="files of each folder (0: all)")
    parser.add_argument("--only", default="", help="folders to read, with commas between")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    parser.add_argument("--wrong", type=int, default=20, help="wrong cells of ours to list")
    parser.add_argument("--json", type=Path, help="write the results to this file")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = parse(arguments)
    folders = options.only.split(",") if options.only else list(dict.fromkeys(s.folder for s in samples()))
    chosen = [
        sample
        for folder in folders
        for sample in spread([s for s in samples() if s.folder == folder], options.documents)
    ]
    scores = measure(chosen, alone=options.alone)
    cells, states = cell_rows(scores), state_rows(scores)
    print(f"files: {described()}")
    print("Peers' tables go through our aligner and checks; each peer is told the report's title.")
    print(f"\n{table(cells)}\n\ncells read right (state and figure), by what is printed there")
    print(f"\n{table(states)}")
    for (folder, reader), score in scores.items():
        if score.failed:
            print(f"\n{reader} raised on {score.failed} files of {folder}")
    lines = [line for (_, reader), score in scores.items() if reader == peers.OURS for line in score.wrong]
    if lines:
        print(f"\ncells that gxstats read wrong: {len(lines)}")
        print("\n".join(lines[: options.wrong]))
    if options.json:
        content = {"files": described(), "machine": machine(peers.PACKAGES), "cells": cells, "states": states}
        options.json.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Build a corpus in which one document in twenty is hostile, and see that exactly those are reported.

python -m benchmarks.build_hostile [--documents 400] [--hostile 20] [--seed 0] [--processes 2] [--timeout 10]

The hostile ones come up at random: documents that hang their reader, crash it, eat its memory or
cut its answer (gxstats.testing.hostile_reader), entity bombs and zip bombs. The exit code
is 0 if all other documents are read as in a build without the hostile ones, cell by cell, and the hostile
ones, and no others, have an issue of level error and no facts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import gxstats as gx
from gxstats.batch import Limits
from gxstats.testing import hostile_reader
from gxstats.testing.corpus import write_corpus
from gxstats.testing.hostile import entity_bomb, zip_bomb

KINDS = (*hostile_reader.KINDS, "entity_bomb", "zip_bomb")


def write_hostile(folder: Path, count: int) -> dict[str, str]:
    """Write so many hostile documents, all kinds in turn; file -> kind.

    Documents are read in the order of their digests: they come up at random.
    """
    written = {}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        salt = f"{number:06}"
        bombs = {"entity_bomb": entity_bomb, "zip_bomb": zip_bomb}
        content = bombs[kind](salt) if kind in bombs else f"{kind} {salt}".encode()
        path = folder / f"hostile-{salt}.{'docx' if kind in bombs else 'html'}"
        path.write_bytes(content)
        written[str(path)] = kind
    return written


def faults(dataset: gx.Dataset, alone: gx.Dataset, hostile: dict[str, str]) -> list[str]:
    """What is not as promised, in words."""
    found = []
    errors = dataset.issues[dataset.issues.level == "error"]
    told = set(errors.source)
    found += [f"not reported: {hostile[name]} {name}" for name in sorted(set(hostile) - told)]
    found += [f"reported without cause: {name}" for name in sorted(told - set(hostile))]
    facts = dataset.facts()
    bad = dataset.reports[dataset.reports.source.isin(list(hostile))].document_id
    if facts.document_id.isin(bad).any():
        found.append("a hostile document gave facts")
    if not facts.equals(alone.facts()):
        found.append("the others are not read as they are without the hostile ones")
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--documents", type=int, default=400, help="hostile ones included")
    parser.add_argument("--hostile", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for one document")
    chosen = parser.parse_args(arguments)
    run: Any = import_module("gxstats.build.pipeline").run
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "in", Path(scratch) / "out"
        write_corpus(folder, chosen.documents - chosen.hostile, chosen.seed)
        (folder / "truth.csv").unlink()
        limits = Limits(chosen.timeout, 3072, (sys.executable, *hostile_reader.COMMAND))
        run(folder, Path(scratch) / "alone", jobs=chosen.processes, limits=limits, progress=False)
        hostile = write_hostile(folder, chosen.hostile)
        start = time.monotonic()
        done = run(folder, out, jobs=chosen.processes, limits=limits, progress=False)
        dataset = gx.open(out)
        bad = faults(dataset, gx.open(Path(scratch) / "alone"), hostile)
        took = time.monotonic() - start
        print(f"{done.documents} documents in {took:.0f} s, {done.without_facts} without facts")
        print("hostile:", dict(Counter(hostile.values())))
        print("errors:", dict(Counter(dataset.issues[dataset.issues.level == "error"].code)))
        print("\n".join(bad) if bad else "exactly the hostile ones are reported")
        sys.exit(1 if bad or done.without_facts != chosen.hostile else 0)


if __name__ == "__main__":
    main()

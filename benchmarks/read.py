"""Speed and memory: bytes to facts and checks, against the peers on the same files in one run.

python -m benchmarks.read [--documents N] [--rounds N] [--only pdf,html,...] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import memory, peers
from benchmarks.documents import Sample, described, of_folder, spread
from benchmarks.measure import interleave, machine, pin_to_one_core, summarise, table

PARTS = ("pdf", "html", "docx", "stages", "memory", "growth", "import")
_FLOOR = "pdfium text alone (the floor)"
_FRAMES = "gxstats, and pandas frames of both"
_STAGES = ("read", "pdfplumber as arbiter", "align", "judge", "frames")


def compare_speed(kind: str, samples: list[Sample], rounds: int) -> list[dict[str, Any]]:
    """Ours and every installed peer on the files of one format."""
    engines: dict[str, Callable[[Path, bytes], Any]] = {
        peers.OURS: peers.read_ours,
        _FRAMES: peers.read_ours_with_frames,
    }
    if kind == "pdf":
        engines[_FLOOR] = peers.read_pdfium_text
    found = peers.installed(kind)
    engines |= {peer.name: peer.read for peer in found}
    others = [sample for sample in of_folder(kind) if sample not in samples] or samples
    slow = [peer.name for peer in found if peer.slow]
    times = interleave(engines, samples, rounds, seldom=slow, warm_up=spread(others, 3))
    return summarise(times, peers.OURS, kind)


def profile(kind: str, samples: list[Sample], rounds: int) -> list[dict[str, Any]]:
    """Processor time of each stage: what one file takes at the median and on average."""
    spent: dict[str, list[float]] = {stage: [] for stage in _STAGES}
    _stages(samples[0].data())
    for _ in range(rounds):
        for sample in samples:
            for stage, seconds in _stages(sample.data()).items():
                spent[stage].append(seconds * 1000)
    total = sum(map(sum, spent.values()))
    return [
        {
            "task": f"stages, {kind}",
            "stage": stage,
            "n": len(times),
            "median cpu ms": round(statistics.median(times), 2),
            "mean cpu ms": round(statistics.mean(times), 2),
            "share %": round(100 * sum(times) / total, 1),
            "files": sum(1 for t in times[: len(samples)] if t > 0),
        }
        for stage, times in spent.items()
        if any(times)
    ]


def _stages(data: bytes) -> dict[str, float]:
    from gxstats.align import align
    from gxstats.check import judge
    from gxstats.read import read_document
    from gxstats.report import Report
    from gxstats.version import READER

    spent = dict.fromkeys(_STAGES, 0.0)
    marks = [time.process_time()]
    document = read_document(data)
    marks.append(time.process_time())
    ask = document.arbiter

    def asked() -> Any:
        start = time.process_time()
        answer = ask() if ask else None
        spent["pdfplumber as arbiter"] += time.process_time() - start
        return answer

    found = align(replace(document, arbiter=asked if ask else None))
    marks.append(time.process_time())
    checked = [judge(one.fields, READER) for one in found]
    marks.append(time.process_time())
    for one, judged in zip(found, checked, strict=True):
        report = Report({"document_id": "0.1"}, judged.facts, judged.checks, tuple(one.issues))
        _ = report.facts, report.checks, report.issues
    marks.append(time.process_time())
    steps = zip(("read", "align", "judge", "frames"), marks, marks[1:], strict=False)
    spent |= {stage: end - start for stage, start, end in steps}
    spent["align"] -= spent["pdfplumber as arbiter"]
    return spent


def measure(options: argparse.Namespace) -> list[list[dict[str, Any]]]:
    """Every table that was asked for."""
    chosen = options.only.split(",") if options.only else list(PARTS)
    files = {kind: spread(of_folder(kind), options.documents) for kind in ("pdf", "html", "docx")}
    found = [compare_speed(kind, files[kind], options.rounds) for kind in files if kind in chosen]
    if "stages" in chosen:
        found += [profile(kind, files[kind], options.rounds) for kind in files]
    paths = {kind: [sample.path for sample in samples] for kind, samples in files.items()}
    if "memory" in chosen:
        engines = [peers.OURS, "pdfium text", *(peer.name for peer in peers.installed("pdf"))]
        found.append([memory.measure_peak(engine, paths["pdf"]) for engine in engines])
    if "growth" in chosen:
        everything = [sample.path for sample in of_folder("pdf")]
        found.append([memory.measure_growth(everything, options.growth)])
    if "import" in chosen:
        found.append([memory.measure_imports(options.imports)])
    return found


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.read", description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20, help="files of each format (0: all)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each file is read")
    parser.add_argument("--growth", type=int, default=1000, help="PDFs to read in one process")
    parser.add_argument("--imports", type=int, default=7, help="how often to import")
    parser.add_argument("--only", default="", help=f"parts to run, of {','.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="write the results to this file")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = parse(arguments)
    pinned = pin_to_one_core()
    about = machine(peers.PACKAGES)
    print(f"files: {described()}")
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(
        f"{pinned}; engines take turns on every file, {options.rounds} rounds (camelot and tabula one); "
        "cpu: processor time with children; times ours: median of the ratios to gxstats on the same "
        "file in the same round, by cpu. Three other files were read before, untimed. Memory: one "
        "process for each engine, all of which have imported pandas"
    )
    found = measure(options)
    for rows in found:
        print()
        print(table(rows))
    if options.json:
        content = {"files": described(), "machine": about, "pinned": pinned, "tables": found}
        options.json.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Speed and memory: bytes to facts and checks, against the peers on the same files in one run.

python -m benchmarks.read [--documents N] [--only pdf,html,...] [--json FILE]
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
_HOW = """engines take turns on every file (camelot and tabula on every third), after warming up on others;
no file is read twice by an engine. cpu: processor time, children included. times ours: the median
of the ratios to gxstats on the same file, by cpu. Memory: one process for each engine, all of
which have imported pandas. Growth: PDFs that are all different, rendered for it."""
_STAGES = ("read", "pdfplumber as arbiter", "align", "judge", "frames")


def split(kind: str, count: int) -> tuple[list[Sample], list[Sample], list[Sample]]:
    """The files of a format: to warm up, to compare on, to profile on; no file is read twice."""
    files = of_folder(kind)
    warm_up, rest = files[::8], [sample for n, sample in enumerate(files) if n % 8]
    return warm_up, spread(rest[::2], count), spread(rest[1::2], count)


def compare_speed(kind: str, samples: list[Sample], warm_up: list[Sample]) -> list[dict[str, Any]]:
    """Ours and every installed peer on the files of one format."""
    engines: dict[str, Callable[[Path, bytes], Any]] = {peers.OURS: peers.read_ours_to_facts}
    if kind == "pdf":
        engines[_FLOOR] = peers.read_pdfium_text
    found = peers.installed(kind)
    engines |= {peer.name: peer.read for peer in found}
    slow = [peer.name for peer in found if peer.slow]
    return summarise(interleave(engines, samples, seldom=slow, warm_up=warm_up), peers.OURS, kind)


def profile(kind: str, samples: list[Sample], warm_up: list[Sample]) -> list[dict[str, Any]]:
    """Processor time of each stage: what one file takes at the median and on average."""
    for sample in warm_up:
        _stages(sample.data())
    spent: dict[str, list[float]] = {stage: [] for stage in (*_STAGES, "all")}
    for sample in samples:
        stages = _stages(sample.data())
        for stage, seconds in {**stages, "all": sum(stages.values())}.items():
            spent[stage].append(seconds * 1000)
    return [
        {
            "task": f"stages, {kind}",
            "stage": stage,
            "n": len(times),
            "median cpu ms": round(statistics.median(times), 2),
            "mean cpu ms": round(statistics.mean(times), 2),
            "share %": round(100 * sum(times) / sum(spent["all"]), 1),
            "files": sum(1 for t in times if t > 0),
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
    files = {kind: split(kind, options.documents) for kind in ("pdf", "html", "docx")}
    found = []
    for kind, (warm_up, compared, _) in files.items():
        if kind in chosen:
            found.append(compare_speed(kind, compared, warm_up))
    if "stages" in chosen:
        found += [profile(kind, profiled, warm_up) for kind, (warm_up, _, profiled) in files.items()]
    if "memory" in chosen:
        engines = [peers.OURS, "pdfium text", *(peer.name for peer in peers.installed("pdf"))]
        paths = [sample.path for sample in spread(of_folder("pdf"), 20)]
        found.append([memory.measure_peak(engine, paths) for engine in engines])
    if "growth" in chosen:
        found.append([memory.measure_growth(options.growth)])
    if "import" in chosen:
        found.append([memory.measure_imports(options.imports)])
    return found


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.read", description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=0, help="files of each format at most (0: all)")
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
    print(f"{pinned}; {_HOW}")
    found = measure(options)
    for rows in found:
        print()
        print(table(rows))
    if options.json:
        content = {"files": described(), "machine": about, "pinned": pinned, "tables": found}
        options.json.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

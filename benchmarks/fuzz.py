"""Thousands of damaged files, read as a user reads many: nothing may crash, hang or raise.

    python -m benchmarks.fuzz [-n 20000] [--start 0] [--jobs 2] [--folder build/fuzz] [--again] [--seeds 7,8]

Every file follows from its seed. What was found is kept in ``FOLDER/results.jsonl``, so that a run can be
interrupted and goes on where it was; ``--again`` reads once more what offended. Offending files are kept
beside it, their seeds in ``FOLDER/offenders.txt``. Exits with 1 if any file offended.

LibreOffice is kept out of sight of the workers (their PATH is empty) and OCR is off (``GXSTATS_OCR``), for
they take seconds; images are decoded all the same. ``--slow-readers`` lets both work: for some hundred files.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents import ROOT, described
from benchmarks.fuzz_sources import FORMATS, pool, truth_of
from benchmarks.measure import table
from benchmarks.mutations import KEEPING, Mutant, mutate
from gxstats import batch
from gxstats.report import Report

OFFENCES = ("caller", "contract", "uncaught", "crashed", "timeout", "wrong")
"""Raised in the caller; facts that break the contract; an exception that ended a worker or was caught at the
last moment (``internal_error``); a worker that died otherwise; a file that took longer than allowed; a
confirmed figure that is not the one of the sound file, though the damage changes no figure (``KEEPING``)."""
SLOW, LARGE = 5.0, 1000
"""Seconds of processor time, and megabytes needed beyond what the worker held, that are worth a look."""
PORTION = 200
_GREATEST = 2**63 - 1


def examine(mutant: Mutant, reports: Sequence[Report]) -> dict[str, Any]:
    """What came of one file; everything a caller may ask of the reports is asked here."""
    found: dict[str, Any] = {
        "seed": mutant.seed,
        "format": mutant.format,
        "original": mutant.original,
        "steps": list(mutant.steps),
        "bytes": len(mutant.data),
        "codes": sorted({issue.code for report in reports for issue in report.issue_rows}),
        "facts": sum(len(report.fact_rows) for report in reports),
    }
    bad = {"crashed": "crashed", "timeout": "timeout", "internal_error": "uncaught"}
    issues = [issue for report in reports for issue in report.issue_rows]
    offences = {bad[issue.code]: issue.message for issue in issues if issue.code in bad}
    try:
        for report in reports:
            _ = (
                report.facts,
                report.checks,
                report.issues,
                report.prose,
                report.unmatched_rows,
                report.summary,
            )
            _ = str(report), report._repr_html_()
    except Exception as error:
        offences["caller"] = f"{type(error).__name__}: {error}"[:300]
    broken = [said for report in reports for fact in report.fact_rows if (said := _broken(fact))]
    if broken:
        offences["contract"] = broken[0]
    changed = _changed(mutant, reports)
    if changed and KEEPING.issuperset(mutant.steps):
        offences["wrong"] = changed[0]
    return {**found, "offences": offences, "changed": len(changed)}


def _broken(fact: Any) -> str:
    """How a fact breaks the contract, empty if it does not."""
    figures = (fact.value is not None) + (fact.amount is not None)
    if figures != (fact.state == "reported"):
        return f"{fact.key}: {fact.state} with {figures} figures"
    if fact.value is not None and abs(fact.value) > _GREATEST:
        return f"{fact.key}: {str(fact.value)[:40]} is no 64-bit number"
    if fact.verdict == "confirmed" and fact.state == "unreadable":
        return f"{fact.key}: confirmed and unreadable"
    return ""


def _changed(mutant: Mutant, reports: Sequence[Report]) -> list[str]:
    """Confirmed figures that are not those of the sound file; most damage may well have changed the print."""
    truth = truth_of(mutant.format, mutant.original)
    wrong = []
    for fact in (fact for report in reports for fact in report.fact_rows if fact.verdict == "confirmed"):
        said = truth.get(fact.key)
        number = fact.value if fact.value is not None else fact.amount
        # A printed zero may be what the truth calls a blank; any other figure must be the one printed.
        if number and said and said.state is not None and number != said.number:
            wrong.append(f"{'/'.join(fact.key)}: {number} instead of {said.number} (raw {fact.raw[:40]!r})")
    return wrong


def run(seeds: Sequence[int], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Read one portion of damaged files; those that took too long once more, alone.

    The deadline is one of the clock on the wall: on a busy machine it hits files that did no harm.
    """
    found = {result["seed"]: result for result in _read(seeds, options, options.jobs)}
    late = [seed for seed, result in found.items() if "timeout" in result["offences"]]
    for result in _read(late, options, 1) if late else []:
        found[result["seed"]] = {**result, "late once": True}
    for seed in (seed for seed, result in found.items() if result["offences"]):
        _keep(options.folder, mutate(seed, pool(tuple(options.formats.split(",")))))
    return list(found.values())


def _read(seeds: Sequence[int], options: argparse.Namespace, workers: int) -> list[dict[str, Any]]:
    notes = options.folder / "notes"
    notes.mkdir(parents=True, exist_ok=True)
    for old in notes.glob("*.jsonl"):
        old.unlink()
    slow = "with" if options.slow_readers else "without"
    command = (sys.executable, "-m", "benchmarks.fuzz_worker", str(notes), slow)
    limits = batch.Limits(options.timeout, options.memory, command)
    waiting: deque[Mutant] = deque()

    def jobs() -> Iterator[batch.Job]:
        for seed in seeds:
            mutant = mutate(seed, pool(tuple(options.formats.split(","))))
            waiting.append(mutant)
            yield batch.Job(mutant.data, f"{seed}.{mutant.format}")

    results = [examine(waiting.popleft(), reports) for reports in batch.read_jobs(jobs(), workers, limits)]
    said = dict(_noted(notes))
    return [_with_note(result, said.get(f"{result['seed']}.{result['format']}", {})) for result in results]


def _noted(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in folder.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            note = json.loads(line)
            yield note["name"], note


def _with_note(result: dict[str, Any], note: Mapping[str, Any]) -> dict[str, Any]:
    offences = dict(result["offences"])
    if "error" in note:
        offences.pop("crashed", None)
        place = next((p for p in reversed(note["trace"]) if "gxstats" in p), note["trace"][-1])
        offences["uncaught"] = f"{note['error']} @ {place.rpartition('gxstats/')[2]}"
        result["trace"] = note["trace"]
    needed = None if "peak" not in note else note["peak"] - note["before"]
    return {**result, "offences": offences, "seconds": note.get("seconds"), "needed": needed}


def _keep(folder: Path, mutant: Mutant) -> None:
    place = folder / "files"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{mutant.seed}.{mutant.format}").write_bytes(mutant.data)


def read_results(folder: Path) -> dict[int, dict[str, Any]]:
    """Seed -> its newest result."""
    path = folder / "results.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {result["seed"]: result for result in map(json.loads, lines)}


def summary(results: Mapping[int, dict[str, Any]]) -> str:
    """Counts by format, by issue, and the offenders."""
    rows = []
    for kind in sorted({r["format"] for r in results.values()}):
        of_kind = [r for r in results.values() if r["format"] == kind]
        seconds = sorted(r["seconds"] or 0 for r in of_kind)
        rows.append(
            {
                "format": kind,
                "files": len(of_kind),
                "with facts": sum(1 for r in of_kind if r["facts"]),
                **{offence: sum(1 for r in of_kind if offence in r["offences"]) for offence in OFFENCES},
                "median s": seconds[len(seconds) // 2],
                "slowest s": seconds[-1],
                "late once": sum(1 for r in of_kind if r.get("late once")),
                f"over {SLOW:g} s": sum(1 for s in seconds if s > SLOW),
                "most MB": max(r["needed"] or 0 for r in of_kind),
                "files with other confirmed figures": sum(1 for r in of_kind if r["changed"]),
                "such figures": sum(r["changed"] for r in of_kind),
            }
        )
    codes = Counter(code for r in results.values() for code in r["codes"])
    issues = [{"issue": code, "files": count} for code, count in codes.most_common()]
    return "\n\n".join([table(rows), table(issues), *_offenders(results)])


def _offenders(results: Mapping[int, dict[str, Any]]) -> Iterator[str]:
    kinds: dict[str, list[int]] = {}
    for seed, result in sorted(results.items()):
        for offence, message in result["offences"].items():
            kinds.setdefault(f"{offence}: {message}", []).append(seed)
        if (result["seconds"] or 0) > SLOW:
            kinds.setdefault(f"slow: over {SLOW:g} seconds", []).append(seed)
        if (result["needed"] or 0) > LARGE:
            kinds.setdefault(f"large: over {LARGE} MB", []).append(seed)
    for kind, seeds in sorted(kinds.items(), key=lambda item: -len(item[1])):
        yield f"{kind}\n    {len(seeds)} files, seeds {', '.join(map(str, seeds[:12]))}"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=20_000, help="how many files")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", default="", help="these seeds only, read again")
    parser.add_argument("--again", action="store_true", help="read what offended once more")
    parser.add_argument("--formats", default=",".join(FORMATS), help="comma-separated")
    parser.add_argument("--slow-readers", action="store_true", help="with LibreOffice and OCR")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes")
    parser.add_argument("--timeout", type=float, default=10, help="seconds one file may take")
    parser.add_argument("--memory", type=int, default=batch.MEMORY, help="megabytes a worker may use")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "fuzz", help="where results are kept")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, print what came of it; 1 if any file offended."""
    options = parse(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    results = read_results(options.folder)
    seeds = list(range(options.start, options.start + options.n))
    if options.seeds:
        todo = [int(seed) for seed in options.seeds.split(",")]
    elif options.again:
        todo = [s for s, r in results.items() if r["offences"] or _costly(r)]
    else:
        todo = [seed for seed in seeds if seed not in results]
    for at in range(0, len(todo), PORTION):
        found = run(todo[at : at + PORTION], options)
        with (options.folder / "results.jsonl").open("a", encoding="utf-8") as lines:
            lines.writelines(json.dumps(result, ensure_ascii=False) + "\n" for result in found)
        results |= {result["seed"]: result for result in found}
        bad = sum(1 for r in found if r["offences"])
        print(f"{min(at + PORTION, len(todo))} of {len(todo)} read, {bad} offenders", file=sys.stderr)
    offenders = sorted(seed for seed, result in results.items() if result["offences"])
    (options.folder / "offenders.txt").write_text("\n".join(map(str, offenders)), encoding="ascii")
    print(f"made from {described()}\n\n{summary(results)}\n\n{len(offenders)} of {len(results)} offended")
    return int(bool(offenders))


def _costly(result: Mapping[str, Any]) -> bool:
    return (result["seconds"] or 0) > SLOW or (result["needed"] or 0) > LARGE


if __name__ == "__main__":
    sys.exit(main())

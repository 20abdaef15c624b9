"""Timing several engines on the same files in one interleaved run, and plain tables of the results."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

from benchmarks.documents import Sample
from gxstats.version import __version__

Read = Callable[[Path, bytes], object]
SELDOM = 3
"""Slow engines read one file of so many."""


class Time(NamedTuple):
    """Milliseconds one engine took for one file."""

    sample: int
    cpu: float
    wall: float


def pin_to_one_core() -> str:
    """Keep this process and its children on one core, where the system can; says what was done."""
    if hasattr(os, "sched_setaffinity"):
        core = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {core})
        return "pinned to one core"
    return "not pinned to a core"


def cpu_seconds() -> float:
    """Processor time of this process, its threads and the children it has waited for."""
    own = time.process_time()
    if resource is None:
        return own
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own + children.ru_utime + children.ru_stime


def interleave(
    engines: Mapping[str, Read],
    samples: Sequence[Sample],
    *,
    seldom: Iterable[str] = (),
    warm_up: Sequence[Sample] = (),
) -> dict[str, list[Time]]:
    """Time every engine on every file, one after the other, so that all see the same machine.

    Each engine reads a file once only: a reader may remember what it has seen, and real batches do not
    repeat themselves.

    Args:
        engines: name -> what to call with the path and the bytes of a file.
        samples: the files.
        seldom: slow engines, which read every third file.
        warm_up: other files, which every engine reads before, untimed.
    """
    rare = set(seldom)
    names = list(engines)
    for number, sample in enumerate(warm_up):
        for name in names:
            if not number or name not in rare:
                engines[name](sample.path, sample.data())
    times: dict[str, list[Time]] = {name: [] for name in names}
    for number, sample in enumerate(samples):
        file = (sample.path, sample.data())
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            if name not in rare or number % SELDOM == 0:
                times[name].append(_timed(engines[name], file, number))
    return times


def _timed(read: Read, file: tuple[Path, bytes], number: int) -> Time:
    gc.collect()  # nobody pays for the garbage of another
    wall, cpu = time.perf_counter(), cpu_seconds()
    result = read(*file)
    used, passed = cpu_seconds() - cpu, time.perf_counter() - wall
    del result
    return Time(number, used * 1000, passed * 1000)


def summarise(times: Mapping[str, Sequence[Time]], ours: str, task: str) -> list[dict[str, Any]]:
    """One row per engine: medians, and the median ratio to our time for the same file."""
    base = {t.sample: t.cpu for t in times[ours]}
    return [
        {
            "task": task,
            "engine": name,
            "n": len(measured),
            "median cpu ms": round(statistics.median(t.cpu for t in measured), 2),
            "mean cpu ms": round(statistics.mean(t.cpu for t in measured), 2),
            "slowest cpu ms": round(max(t.cpu for t in measured), 1),
            "median wall ms": round(statistics.median(t.wall for t in measured), 2),
            "times ours": round(statistics.median(t.cpu / base[t.sample] for t in measured), 2),
        }
        for name, measured in times.items()
    ]


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a table that reads well as text and as Markdown.

    Example:
        >>> print(table([{"a": 1, "b": "x"}]))
        | a | b |
        |---|---|
        | 1 | x |
    """
    if not rows:
        return "(nothing measured)"
    names = list(dict.fromkeys(name for row in rows for name in row))
    shown = [[_shown(row.get(name)) for name in names] for row in rows]
    widths = [max(len(name), *(len(row[column]) for row in shown), 1) for column, name in enumerate(names)]
    lines = ["| " + " | ".join(name.ljust(width) for name, width in zip(names, widths, strict=True)) + " |"]
    lines.append("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    for row, raw in zip(shown, rows, strict=True):
        cells = [
            text.rjust(width) if isinstance(raw.get(name), int | float) else text.ljust(width)
            for text, width, name in zip(row, widths, names, strict=True)
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def machine(packages: Iterable[str] = ()) -> dict[str, str]:
    """What the run depends on: processor, system, versions."""
    found = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.system(),
        "python": platform.python_version(),
        "gxstats": __version__,
    }
    for package in packages:
        found[package] = version(package) or "not installed"
    return found


def version(package: str) -> str:
    """The installed version, empty if there is none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if sys.platform == "linux" and info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

"""Memory and import time, each measured in a process of its own.

    python -m benchmarks.memory peak ENGINE FILE ...     # megabytes after imports, and at the peak
    python -m benchmarks.memory growth COUNT             # megabytes after so many different PDFs

Prints JSON; :mod:`benchmarks.read` runs it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.documents import ROOT

ENGINES = {
    peers.OURS: peers.read_ours,
    "pdfium text": peers.read_pdfium_text,
    **{peer.name: peer.read for peer in peers.PEERS},
}
_IMPORTS = """
import time
start = time.process_time(); wall = time.perf_counter()
import pandas
middle = time.process_time(); between = time.perf_counter()
import gxstats
end = time.process_time()
print(middle - start, end - middle, time.perf_counter() - between)
"""


def measure_imports(times: int) -> dict[str, Any]:
    """Seconds of ``import pandas``, and what ``import gxstats`` takes on top of it."""
    runs = [[float(part) for part in _python("-c", _IMPORTS).split()] for _ in range(times + 1)][1:]
    pandas, gxstats, wall = (statistics.median(column) for column in zip(*runs, strict=True))
    return {
        "task": "import",
        "n": times,
        "pandas cpu ms": round(pandas * 1000),
        "gxstats on top, cpu ms": round(gxstats * 1000, 1),
        "gxstats on top, wall ms": round(wall * 1000, 1),
    }


def measure_peak(engine: str, files: Sequence[Path]) -> dict[str, Any]:
    """Peak memory of one engine reading these files one after the other."""
    said = json.loads(_python("-m", "benchmarks.memory", "peak", engine, *map(str, files)))
    return {"task": "memory", "engine": engine, "n": len(files), **said}


def measure_growth(count: int) -> dict[str, Any]:
    """How much one process grows while it reads ``count`` PDFs, all different."""
    said = json.loads(_python("-m", "benchmarks.memory", "growth", str(count)))
    return {"task": "growth", "engine": peers.OURS, "n": count, **said}


def _python(*arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=ROOT
    )
    if done.returncode:
        raise RuntimeError(f"measuring in a process of its own failed: {done.stderr.strip()[-500:]}")
    return done.stdout.strip().splitlines()[-1]


def peak_mb() -> float:
    """The most memory this process ever held, its children included.

    The kernel's own count is preferred: what ``getrusage`` says also counts whoever started us.
    """
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    own = _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return max(own, children) / 1e6


def current_mb() -> float:
    """The memory this process holds now (at most so far, where the system does not say)."""
    return _status("VmRSS") / 1e6 or peak_mb()


def _status(name: str) -> int:
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0
    for line in status.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    return 0


def _peak(engine: str, paths: Sequence[Path]) -> dict[str, float]:
    read = ENGINES[engine]
    first = paths[0]
    read(first, first.read_bytes())
    after_one = peak_mb()
    for path in paths[1:]:
        read(path, path.read_bytes())
    return {"MB after one file": round(after_one), "peak MB": round(peak_mb())}


def _growth(count: int) -> dict[str, float]:
    """Reads while another process renders: what rendering needs must not count."""
    checks = sorted({1, max(1, count // 10), count})
    held: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="gxstats-growth-") as folder:
        program = f"from benchmarks.documents import render_pdfs; render_pdfs({count}, {folder!r})"
        _python("-c", program + "; print(0)")
        for number, path in enumerate(sorted(Path(folder).iterdir()), 1):
            peers.read_ours(path, path.read_bytes())
            if number in checks:
                held[number] = current_mb()
    after = {f"MB after {number:,}": round(megabytes) for number, megabytes in held.items()}
    return {**after, "grown MB": round(held[count] - held[1])}


def main() -> None:
    """Measure this process."""
    what, argument, *names = sys.argv[1:]
    paths = [Path(name) for name in names]
    said = _peak(argument, paths) if what == "peak" else _growth(int(argument))
    print(json.dumps(said))


if __name__ == "__main__":
    main()

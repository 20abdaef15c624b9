"""Rules between reports over any number of reports: figures wait on disk, bodies are checked in turn."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gxstats.check.across import Across, Body, Known, Yearly, follow
from gxstats.check.across_rules import rules

if TYPE_CHECKING:
    import pandas as pd

    from gxstats.model import Fact


def figures_of(facts: Iterable[Fact]) -> list[Any]:
    """What the rules look at in the facts of a report, as plain lists: its editions and figures."""
    codes = _codes()
    editions: dict[str, str | None] = {}
    figures = []
    for section, item, measure, form, value, _, _, implied, _, verdict, _, _, at, _ in facts:
        if form is not None or section not in editions:
            editions[section] = form
        if item in codes or measure in codes:
            printed = value is not None
            known = (value if printed else implied, printed, printed and verdict == "confirmed", str(at))
            figures.append((section, item, measure, *known))
    return [editions, figures]


@cache
def _codes() -> frozenset[str]:
    return frozenset(term.code for rule in rules().follow for term in (*rule.lhs, *rule.rhs))


class WaitingFigures:
    """The figures that rules between reports need, in a file of its own until every report is known.

    A national dataset has too many of them for memory.

    Args:
        folder: where the file may be; it is gone when this is closed.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._where: dict[str, tuple[int, int]] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, document_id: str, figures: bytes) -> None:
        """Keep the figures of a report: :func:`figures_of` as JSON."""
        self._file.write(figures)
        self._where[document_id] = (self._end, len(figures))
        self._end += len(figures)

    def yearly(self, document_id: str, body: Body, year: int) -> Yearly:
        """A report as the rules see it."""
        start, length = self._where[document_id]
        self._file.seek(start)
        editions, rows = json.loads(self._file.read(length).decode("utf-8", "surrogatepass"))
        figures: dict[Any, Known] = {}
        for section, item, measure, *known in rows:
            figures.setdefault((section, item, measure), Known(*known))
        return Yearly(document_id, body, year, editions, figures)


def check_bodies(reports: pd.DataFrame, figures: WaitingFigures) -> Iterator[Across]:
    """The rules from year to year, one body after the other.

    Args:
        reports: the frame of reports with their revisions.
        figures: those of all of them.

    Yields:
        What :func:`gxstats.check_across` finds, in its order.
    """
    from gxstats.dataset.across import body_of
    from gxstats.dataset.revisions import set_aside

    bodies: dict[Body, list[tuple[int, str]]] = {}
    columns = ["document_id", "lineage", "division_code", "agency_id", "agency", "scope", "year"]
    kept = set_aside(reports)[0][columns].astype(object)
    for row in kept.where(kept.notna(), None).to_dict("records"):
        body = body_of({str(name): value for name, value in row.items()})
        if body and row["year"] is not None:
            bodies.setdefault(body, []).append((int(row["year"]), str(row["document_id"])))
    for body in sorted(bodies):
        yield from follow(figures.yearly(document, body, year) for year, document in bodies[body])


def across_frame(found: Sequence[Across], names: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """The table ``across``; ``names`` gives the columns ``division`` and ``agency`` of each document_id."""
    from gxstats.dataset.across import columns_of
    from gxstats.dataset.frames import frame

    columns = columns_of(found)
    for name in ("division", "agency"):
        columns[name] = [names[check.document_id].get(name) for check in found]
    return frame("across", columns)

"""What the last run of the crawler over each source could not get."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from gxstats.crawl.ledger import FILE

_NOT_HAD = ("failed", "blocked", "gone", "outside", "discovered")


class Missed(NamedTuple):
    """A report that a list names and the archive does not have; an alarm has neither year nor address."""

    source_id: str
    year: int | None
    state: str
    reason: str | None
    url: str | None


def missed(folder: str | PathLike[str]) -> Iterator[Missed]:
    """What the last run over each source found and did not get, and its alarms.

    Args:
        folder: of an archive; one that no crawl has filled gives nothing.

    Raises:
        sqlite3.Error: the ledger of runs cannot be read.
    """
    path = Path(folder) / FILE
    if not path.is_file():
        return
    last = "(SELECT source_id AS id, max(run) AS last FROM addresses GROUP BY source_id)"
    holes = ", ".join("?" * len(_NOT_HAD))
    addresses = (
        f"SELECT source_id, year, state, reason, url FROM addresses JOIN {last} ON id = source_id"
        f" AND run = last WHERE kind = 'report' AND state IN ({holes}) ORDER BY source_id, year, url"
    )
    alarms = (
        f"SELECT source_id, NULL, code, message, NULL FROM alarms JOIN {last} ON id = source_id"
        " AND run = last ORDER BY source_id, code, message"
    )
    # Only read: a crawl may be writing.
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as ledger:
        yield from (Missed(*row) for row in ledger.execute(addresses, _NOT_HAD))
        yield from (Missed(*row) for row in ledger.execute(alarms))

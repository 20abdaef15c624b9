"""What a run brought, by source, and what a person must look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gxstats.crawl.ledger import Address, RunLedger
from gxstats.crawl.page import Ask
from gxstats.crawl.sources import Source
from gxstats.errors import InputMissing, ReadError

if TYPE_CHECKING:
    import pandas as pd

_RETRIED = frozenset({"failed", "blocked"})
_LOST = _RETRIED | {"gone", "outside"}


@dataclass(frozen=True)
class Summary:
    """A run, summed up.

    Attributes:
        run: its number in the archive.
        complete: it came to its end; if not, the same call goes on with it.
        rows: for each source: reports ``found``, ``fetched`` (``new``, ``same``, ``revised``),
            ``failed``, ``blocked``, ``gone``, ``outside``, ``passed_over``, ``attachments``, ``lists``
            that were read, ``silent`` (its lists were read and hold no report), ``years``.
        alarms: (source, code, message) of what a person must look at.
        years: report years that were asked for; empty for all.
        lost: what failed, was blocked, is gone or lies outside, with the reason; ``retry=`` tries the
            first two again.
    """

    run: int
    complete: bool
    rows: Sequence[Mapping[str, Any]]
    alarms: Sequence[tuple[str, str, str]]
    lost: Sequence[Mapping[str, Any]]
    years: Sequence[int] = ()

    @property
    def retry(self) -> Sequence[Mapping[str, Any]]:
        """What is worth trying again."""
        return [row for row in self.lost if row["state"] in _RETRIED]

    @property
    def sources(self) -> pd.DataFrame:
        """One row per source."""
        import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows])

    def reason(self, source_id: str) -> str:
        """Why something of a source failed: the first reason."""
        reasons = [a.get("reason") for a in self.lost if a["source_id"] == source_id]
        reasons += [message for source, _, message in self.alarms if source == source_id]
        return next((str(r) for r in reasons if r), "no reason is known")

    def addresses(self) -> Iterator[Address]:
        """What is to be tried again."""
        for row in self.retry:
            ask = Ask(row["url"], "again", row["method"], tuple((n, v) for n, v in row["form"]))
            yield Address(row["source_id"], row["kind"], ask, row["referrer"], row["title"], row["year"])

    def save(self, path: str | PathLike[str]) -> None:
        """Write it as JSON, which ``retry=`` takes."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        held = {name: getattr(self, name) for name in ("run", "complete", "rows", "alarms", "lost", "years")}
        target.write_text(json.dumps(held, ensure_ascii=False, indent=1), encoding="utf-8", errors="replace")

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Summary:
        """Read what :meth:`save` wrote.

        Raises:
            InputMissing: there is no such file.
            ReadError: it is no summary.
        """
        try:
            held = json.loads(Path(path).read_text(encoding="utf-8"))
            held["alarms"] = [tuple(alarm) for alarm in held["alarms"]]
            return cls(**held)
        except OSError as error:
            raise InputMissing(f"there is no summary: {error.strerror}", where=str(path)) from error
        except (ValueError, TypeError, LookupError) as error:
            hint = "a crawl writes them into the folder runs of its archive"
            raise ReadError("this is no summary of a crawl", hint=hint, where=str(path)) from error

    def __str__(self) -> str:
        """A line per source and per alarm."""
        lines = [_line(row) for row in self.rows]
        lines += [f"{source}: {code}: {message}" for source, code, message in self.alarms]
        if not self.complete:
            lines.append("the run was interrupted: the same command goes on with it")
        return "\n".join(lines)


def summarise(
    ledger: RunLedger, run: int, selection: Any, sources: Sequence[Source], *, complete: bool
) -> Summary:
    """Sum a run up, and raise the alarms that only the whole can tell."""
    held: dict[str, list[Address]] = {source.source_id: [] for source in sources}
    for address in ledger.addresses(run):
        held.setdefault(address.source_id, []).append(address)
    rows = [_row(source, held[source.source_id]) for source in sources]
    if complete:
        for row in rows:
            for code, message in _alarms(row, ledger.before(run, row["source_id"], selection)):
                ledger.alarm(run, row["source_id"], code, message)
    again = [_again(a) for addresses in held.values() for a in addresses if a.state in _LOST]
    years = sorted({year for source in sources for year in source.years})
    return Summary(run, complete, rows, ledger.alarms(run), again, years)


def _row(source: Source, addresses: Sequence[Address]) -> dict[str, Any]:
    reports = [a for a in addresses if a.kind == "report"]
    pages = [a for a in addresses if a.kind != "list"]
    states = Counter(a.state for a in pages)
    lists = [a for a in addresses if a.kind == "list"]
    states.update(a.state for a in lists if a.state in _LOST)
    outcomes = Counter(a.outcome for a in reports if a.state == "fetched")
    wanted = [a for a in reports if a.state != "passed_over"]
    years = Counter(a.year for a in reports if a.state == "fetched")
    read = sum(a.state == "fetched" for a in lists)
    return {
        "source_id": source.source_id,
        "division_code": source.division_code,
        "found": len(wanted),
        "fetched": sum(outcomes.values()),
        **{name: outcomes[name] for name in ("new", "same", "revised")},
        **{name: states[name] for name in ("failed", "blocked", "gone", "outside", "passed_over")},
        "attachments": sum(a.kind == "attachment" and a.state == "fetched" for a in addresses),
        "lists": read,
        "silent": not wanted,
        "years": {str(year): count for year, count in sorted(years.items(), key=str)},
    }


def _alarms(row: Mapping[str, Any], before: Mapping[int | None, int] | None) -> Iterator[tuple[str, str]]:
    if row["silent"]:
        yield "none_found", "no report was found"
    unknown = row["years"].get("None", 0)
    if unknown:
        yield "unknown_year", f"{unknown} reports of which the list does not tell the year"
    for year, count in sorted((before or {}).items(), key=str):
        if row["years"].get(str(year), 0) < count:
            yield "fewer", f"{row['years'].get(str(year), 0)} reports about {year}, {count} last time"


def _again(address: Address) -> dict[str, Any]:
    told = address._asdict()
    ask: Ask = told.pop("ask")
    return {**told, "url": ask.url, "method": ask.method, "form": ask.form}


def _line(row: Mapping[str, Any]) -> str:
    counts = ("new", "same", "revised", "failed", "blocked", "gone", "outside", "passed_over")
    said = ", ".join(f"{row[name]} {name.replace('_', ' ')}" for name in counts if row[name])
    return f"{row['source_id']}: {row['found']} found{', ' if said else ''}{said}"

"""Crawl from a notebook, a script or the command line: runs the spider beside, and sums up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from gxstats.crawl.ledger import CrawlBusy, RunLedger
from gxstats.crawl.platforms import platform
from gxstats.crawl.settings import Manners, contact_of
from gxstats.crawl.sources import Source, inside, read_sources, registry
from gxstats.crawl.summary import Summary, summarise
from gxstats.errors import GxError, UnknownField

if TYPE_CHECKING:
    from gxstats.archive.capture import Capture

ARCHIVE = "archive"
_GRACE = 15.0
"""Seconds that what is under way has to end after Ctrl-C; a kill loses nothing either."""
_GOES_ON = "run the same again: it goes on"


@dataclass(frozen=True)
class Fetched:
    """A document in the archive: its bytes, and where and when they came from.

    :func:`gxstats.read_report` takes it as it is.
    """

    data: bytes
    capture: Capture

    @property
    def url(self) -> str | None:
        """Where the bytes came from."""
        return self.capture.final_url or self.capture.url

    @property
    def fetched_at(self) -> str | None:
        """When."""
        return self.capture.fetched_at


class CrawlFailed(GxError, RuntimeError):
    """The process that crawls ended before its work was done; what it fetched is in the archive."""


class Options(TypedDict, total=False):
    """What else :func:`crawl` takes.

    Attributes:
        sources: another registry: a file like ``data/sources.csv``, or :class:`Source` objects.
        limit: at most so many reports.
        dry_run: read the lists only; the summary counts what would be fetched.
        retry: a summary (JSON) of an earlier run: only what failed or was blocked there.
        progress: show a progress bar on stderr if it is a terminal (the default).
        manners: attributes of :class:`gxstats.crawl.settings.Manners` to change.
    """

    sources: str | PathLike[str] | Sequence[Source] | None
    limit: int | None
    dry_run: bool
    retry: str | PathLike[str] | None
    progress: bool
    manners: Mapping[str, Any] | None


def crawl(
    division: str | None = None,
    *,
    source: str | Iterable[str] | None = None,
    years: Iterable[int] = (),
    archive: str | PathLike[str] = ARCHIVE,
    contact: str | None = None,
    **options: Unpack[Options],
) -> Summary:
    """Fetch the reports that publishers list, with their attachments, into an archive.

    A run that was interrupted goes on where it stopped when the same is asked for again. Robots are
    obeyed, one request at a time and a second goes to each host, private addresses are refused.

    Args:
        division: sources of this division and of those inside it, by code.
        source: ids of sources.
        years: report years; all if none is given.
        archive: folder of the archive; made if it is not there.
        contact: a mail or web address that is told to the servers; or set ``GXSTATS_CONTACT``.
        options: see :class:`Options`.

    Raises:
        UnknownField: there is no such source.
        NoContact: no contact is given.
        CrawlFailed: the process that crawls died, or cannot write to the archive.
        CrawlBusy: another crawl is at work in the archive.
    """
    retry = Summary.load(again) if (again := options.get("retry")) else None
    known = _all(options.get("sources"))
    asked_for = tuple(years) or (retry.years if retry else ())
    chosen = [s.asked_for(asked_for) for s in _chosen(known, division, source, retry)]
    manners = Manners(contact_of(contact), **(options.get("manners") or {}))
    _ready(chosen)
    with RunLedger(archive) as ledger:
        return _run(ledger, Path(archive), chosen, manners, retry, options)


def _ready(chosen: Sequence[Source]) -> None:
    """Say before anything is asked for what could not be done.

    Raises:
        UnknownField: a source is of a platform that is not known.
        CrawlFailed: Scrapy is not installed.
    """
    if find_spec("scrapy") is None:
        raise CrawlFailed("crawling needs Scrapy", hint="pip install 'gxstats[crawl]'")
    for source in chosen:
        platform(source.platform)


def _run(
    ledger: RunLedger,
    archive: Path,
    chosen: list[Source],
    manners: Manners,
    retry: Summary | None,
    options: Options,
) -> Summary:
    limit, dry_run = options.get("limit"), options.get("dry_run", False)
    years = sorted({year for source in chosen for year in source.years})
    selection = {"sources": [[s.source_id, s.list_url] for s in chosen], "years": years, "limit": limit}
    selection |= {"dry_run": dry_run, "retry": retry.run if retry else None}
    run, again = ledger.begin(selection)
    if retry and not again:
        with ledger.together():
            for address in retry.addresses():
                ledger.discover(run, address)
    asked = {
        "archive": str(archive),
        "run": run,
        "sources": [asdict(source) for source in chosen],
        "manners": asdict(manners),
        "limit": limit,
        "dry_run": dry_run,
        "starts": not retry,
    }
    complete = False
    try:
        complete = _run_spider(asked, options.get("progress", True))
        if limit is None and not dry_run and any(ledger.addresses(run, "discovered")):
            complete = False
    finally:  # what was had is summed up also after Ctrl-C
        summary = summarise(ledger, run, selection, chosen, complete=complete)
        summary.save(archive / "runs" / f"{run:06d}.json")
    if complete:
        ledger.end(run)
    return summary


def fetch(
    url: str,
    *,
    archive: str | PathLike[str] = ARCHIVE,
    contact: str | None = None,
    manners: Mapping[str, Any] | None = None,
    attachments: bool = True,
) -> Fetched:
    """Fetch one address into an archive, as carefully as :func:`crawl` does.

    Args:
        url: a report page or file.
        archive: as for :func:`crawl`.
        contact: as for :func:`crawl`.
        manners: as for :func:`crawl`.
        attachments: fetch the files of the page as well.

    Returns:
        The document: ``gx.read_report(gx.fetch(url))``.

    Raises:
        CrawlFailed: it could not be fetched; says why.
        NoContact: no contact is given.
    """
    from gxstats.archive import Archive
    from gxstats.places.trust import assess

    trust = assess(url)
    if trust.standing != "trusted" and not (manners or {}).get("allow_private"):
        raise CrawlFailed(f"this is not fetched: {trust.reason}", where=url, hint="add a source for the host")
    one = [Source("fetch", "page", url, params={} if attachments else {"attachments": "no"})]
    summary = crawl(sources=one, archive=archive, contact=contact, progress=False, manners=manners)
    with Archive(archive) as store:
        found = store.latest(url)
        row = summary.sources.iloc[0]
        if row["fetched"] == 0 or found is None or found.sha256 is None:
            raise CrawlFailed(f"nothing was fetched: {summary.reason('fetch')}", where=url)
        return Fetched(store.read(found.sha256), found)


def _all(sources: str | PathLike[str] | Sequence[Source] | None) -> Sequence[Source]:
    if sources is None:
        return registry()
    return read_sources(sources) if isinstance(sources, str | os.PathLike) else sources


def _chosen(
    known: Sequence[Source],
    division: str | None,
    source: str | Iterable[str] | None,
    retry: Summary | None,
) -> list[Source]:
    ids = [source] if isinstance(source, str) else list(source or ())
    by_id = {s.source_id: s for s in known}
    if missing := [i for i in ids if i not in by_id]:
        raise UnknownField(f"there is no source {missing[0]!r}", hint="gx.sources() lists them")
    chosen = [by_id[i] for i in ids] or [
        s for s in known if division is None or inside(division, s.division_code)
    ]
    if retry:
        if not retry.retry:
            raise UnknownField("nothing failed or was blocked in that run")
        wanted = {a["source_id"] for a in retry.retry}
        chosen = [s for s in chosen if s.source_id in wanted]
        if not chosen:
            hint = "give the same list of sources as then (sources=, --sources)"
            raise UnknownField("the sources of that run are not among those that are known", hint=hint)
    if not chosen:
        hint = "`gxstats sources` lists those that are known, `gxstats new-source URL` looks at one to add"
        raise UnknownField("no known source is meant", hint=hint)
    return chosen


def _run_spider(asked: Mapping[str, Any], progress: bool) -> bool:
    """Start the spider and wait; whether it came to its end."""
    path = os.pathsep.join(p or os.getcwd() for p in sys.path)
    process = subprocess.Popen(
        [sys.executable, "-m", "gxstats.crawl.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
        start_new_session=True,  # Ctrl-C reaches us, and we tell it: once
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(json.dumps(asked))
        process.stdin.close()
        ended = _listen(process.stdout, progress)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
        raise
    finally:
        if process.poll() is None and sys.exc_info()[0] is not None:
            process.kill()
        code = process.wait()
    if code != 0 or ended is None:
        raise CrawlFailed(f"the process that crawls died (exit code {code})", hint=_GOES_ON)
    if ended["reason"] == "busy":
        raise CrawlBusy(ended["message"], hint=ended["hint"], where=str(asked["archive"]))
    if ended["reason"] not in ("finished", "shutdown"):
        raise CrawlFailed(ended["reason"], hint=_GOES_ON)
    return bool(ended["reason"] == "finished")


def _listen(lines: Iterable[str], progress: bool) -> dict[str, Any] | None:
    from tqdm import tqdm

    ended: dict[str, Any] | None = None
    with tqdm(total=0, unit="page", desc="crawling", disable=None if progress else True) as bar:
        for line in lines:
            event = json.loads(line)
            if event["event"] == "found":
                bar.total = (bar.total or 0) + 1
                bar.refresh()
            elif event["event"] == "done":
                bar.update()
            elif event["event"] == "ended":
                ended = event
    return ended

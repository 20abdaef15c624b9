"""The process that crawls: Scrapy's loop can be started once per process, so it never runs in yours."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gxstats.crawl.ledger import CrawlBusy, RunLedger, alone
from gxstats.crawl.settings import Manners, scrapy_settings
from gxstats.crawl.sources import Source
from gxstats.errors import GxError


def main() -> None:
    """Read what to do from standard input, crawl, and tell of it line by line on standard output."""
    asked: dict[str, Any] = json.load(sys.stdin)
    # Platforms of other packages may print; nobody waits for that.
    lines, sys.stdout = sys.stdout, sys.stderr

    def tell(event: str, **told: Any) -> None:
        print(json.dumps({"event": event, **told}, ensure_ascii=True), file=lines, flush=True)

    event = {"event": "ended"}
    try:
        with alone(asked["archive"]):
            event |= {"reason": _crawl(asked, tell) or ""}
    except CrawlBusy as error:
        event |= {"reason": "busy", "message": error.message, "hint": error.hint}
    except (GxError, OSError) as error:
        event |= {"reason": str(error)}
    with suppress(OSError):  # nobody may listen any more
        tell(**event)


def _crawl(asked: dict[str, Any], tell: Callable[..., None]) -> str | None:
    """Crawl; why it ended."""
    from scrapy import signals
    from scrapy.crawler import CrawlerProcess

    from gxstats.archive import Archive
    from gxstats.crawl.spider import ReportsSpider, note_starts

    sources = [Source(**{**row, "years": tuple(row["years"])}) for row in asked["sources"]]
    hosts = sorted({source.host for source in sources})
    excused = sorted({s.host.rsplit(":", 1)[0] for s in sources if s.tls == "unverified"})
    with Archive(asked["archive"]) as archive, RunLedger(asked["archive"]) as ledger:
        if asked["starts"]:
            note_starts(ledger, asked["run"], sources)
        process = CrawlerProcess(scrapy_settings(Manners(**asked["manners"]), hosts, excused))

        def tell_or_stop(event: str, **told: Any) -> None:
            try:
                tell(event, **told)
            except OSError:  # nobody listens any more: end what is under way, and stop
                process.stop()

        options = {"limit": asked["limit"], "dry_run": asked["dry_run"], "tell": tell_or_stop}
        process.crawl(
            ReportsSpider, archive=archive, ledger=ledger, run=asked["run"], sources=sources, **options
        )
        crawlers = list(process.crawlers)
        for crawler in crawlers:
            crawler.signals.connect(_faulty, signal=signals.spider_error)
        process.start()  # returns when all is done, or after Ctrl-C when what was under way has ended
        why = [c.stats.get_value("finish_reason") for c in crawlers if c.stats]
    return why[0] if why else None


def _faulty(failure: Any, response: Any, spider: Any) -> None:
    spider.fault(failure, response)


if __name__ == "__main__":
    main()

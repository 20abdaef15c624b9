"""The process that crawls: Scrapy's loop can be started once per process, so it never runs in yours."""

from __future__ import annotations

import json
import sys
from typing import Any

from gxstats.crawl.settings import Manners, scrapy_settings
from gxstats.crawl.sources import Source


def main() -> None:
    """Read what to do from standard input, crawl, and tell of it line by line on standard output."""
    asked: dict[str, Any] = json.load(sys.stdin)
    from scrapy import signals
    from scrapy.crawler import CrawlerProcess

    from gxstats.archive import Archive
    from gxstats.crawl.ledger import RunLedger
    from gxstats.crawl.spider import ReportsSpider, as_line, note_starts

    sources = [Source(**{**row, "years": tuple(row["years"])}) for row in asked["sources"]]
    manners = Manners(**asked["manners"])
    hosts = sorted({source.host for source in sources})
    excused = sorted({s.host.rsplit(":", 1)[0] for s in sources if s.tls == "unverified"})

    def tell(event: str, **told: Any) -> None:
        print(as_line(event, **told), flush=True)

    with Archive(asked["archive"]) as archive, RunLedger(asked["archive"]) as ledger:
        if asked["starts"]:
            note_starts(ledger, asked["run"], sources)
        process = CrawlerProcess(scrapy_settings(manners, hosts, excused))
        options = {"limit": asked["limit"], "dry_run": asked["dry_run"], "tell": tell}
        process.crawl(
            ReportsSpider, archive=archive, ledger=ledger, run=asked["run"], sources=sources, **options
        )
        crawlers = list(process.crawlers)
        for crawler in crawlers:
            crawler.signals.connect(_faulty, signal=signals.spider_error)
        process.start()  # returns when all is done, or after Ctrl-C when what was under way has ended
        why = [c.stats.get_value("finish_reason") for c in crawlers if c.stats]
        tell("ended", reason=why[0] if why else None)


def _faulty(failure: Any, response: Any, spider: Any) -> None:
    spider.fault(failure, response)


if __name__ == "__main__":
    main()

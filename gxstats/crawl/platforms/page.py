"""A single page or file: the address of the source is the report."""

from __future__ import annotations

from collections.abc import Iterator

from gxstats.crawl.page import Ask, Finding, Found, Page, SourceParams


class SinglePage:
    """For a publisher of which only one report is known, and for :func:`gxstats.fetch`."""

    name = "page"

    def sniff(self, page: Page) -> int:
        """Nothing gives a single page away."""
        return 0

    def start(self, source: SourceParams) -> Iterator[Ask | Found]:
        """The page itself."""
        yield Found(source.list_url)

    def list_reports(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        """Never asked: there is no list."""
        return iter(())


PLATFORM = SinglePage()

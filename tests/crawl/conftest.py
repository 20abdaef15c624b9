"""Crawls against a server on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gxstats.crawl.run import crawl
from gxstats.crawl.sources import Source
from gxstats.crawl.summary import Summary

CONTACT = "desk@example.org"
QUICK = {"allow_private": True, "delay": 0.0, "retries": 1, "timeout": 5.0}

Crawl = Callable[..., Summary]


@pytest.fixture
def crawled(tmp_path: Path) -> Crawl:
    """Crawl into ``tmp_path / "archive"``; servers here may be talked to, and quickly."""

    def run(*sources: Source, manners: dict[str, Any] | None = None, **options: Any) -> Summary:
        return crawl(
            sources=sources,
            archive=tmp_path / "archive",
            contact=CONTACT,
            progress=False,
            manners={**QUICK, **(manners or {})},
            **options,
        )

    return run

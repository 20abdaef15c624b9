"""Commands that crawl: what there is to fetch, and fetching it."""

from __future__ import annotations

import typer

app = typer.Typer()

"""Commands on an archive of documents."""

from __future__ import annotations

import typer

app = typer.Typer()

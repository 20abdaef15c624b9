"""Commands on a dataset: build it, ask it, export it."""

from __future__ import annotations

import typer

app = typer.Typer()

"""Commands that draw figures and open notebooks."""

from __future__ import annotations

import typer

app = typer.Typer()

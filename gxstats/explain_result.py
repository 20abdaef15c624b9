"""What an explanation is and how it shows: in notebooks, as text, as a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from gxstats.errors import UnsupportedFormat
from gxstats.explain_html import page, style


@dataclass(frozen=True)
class Explanation:
    """Where a number comes from; shows itself in notebooks.

    Attributes:
        title: what is explained.
        text: all of it in plain words, in the language asked for.
        html: all of it in both languages, as a fragment without its style.
        image: PNG of the page around the cell, for PDF reports.
        facts: the facts beneath an aggregated number.
    """

    title: str
    text: str
    html: str = field(repr=False)
    image: bytes | None = field(default=None, repr=False)
    facts: pd.DataFrame | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<style>{style()}</style><div class="gx-explain">{self.html}</div>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self._repr_html_()}

    def save(self, path: str | PathLike[str]) -> Path:
        """Write it to a file.

        Args:
            path: ends with ``.html``, ``.txt``, or ``.png`` for the crop of a PDF page.

        Returns:
            The path.

        Raises:
            UnsupportedFormat: another ending, or ``.png`` for what is no PDF.

        Example:
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     Explanation("t", "words", "<p>words</p>").save(Path(folder) / "a.html").name
            'a.html'
        """
        target = Path(path)
        kind = target.suffix.lower()
        if kind == ".html":
            target.write_text(page(self.title, self._repr_html_()), encoding="utf-8", newline="\n")
        elif kind == ".txt":
            target.write_text(self.text + "\n", encoding="utf-8", newline="\n")
        elif kind == ".png" and self.image is not None:
            target.write_bytes(self.image)
        else:
            what = (
                "there is no picture of this"
                if kind == ".png"
                else f"{target.name} ends with no known format"
            )
            raise UnsupportedFormat(what, hint="save it as .html or .txt", where=str(target))
        return target

"""A look for figures: a Chinese font that is always there, and colours everyone can tell apart.

Everything is set inside a context, so the caller's own settings stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple

from gxstats.errors import GxError, UnknownField

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""The palette of Okabe and Ito (2008), darkest first, its yellow left out: it fades on white."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""Told apart without colour too."""
GREY, PALE = "#555555", "#dddddd"
"""Of notes, and of what only guides the eye."""

LookName = Literal["screen", "journal", "newsroom"]


class Look(NamedTuple):
    """Measures of a figure: its width in centimetres; points of text, title, notes and lines."""

    width: float
    text: float
    title: float
    note: float
    line: float


LOOKS: dict[str, Look] = {
    "screen": Look(22.0, 10, 12, 8, 1.8),
    "journal": Look(16.0, 8, 9, 6.5, 1.2),
    "newsroom": Look(20.0, 11, 15, 8.5, 2.4),
}
_LOOK: ContextVar[Look | None] = ContextVar("gxstats_look", default=None)


def look() -> Look:
    """The look in force: that of the innermost ``with style(...)``, the screen's outside.

    Example:
        >>> look().width
        22.0
    """
    return _LOOK.get() or LOOKS["screen"]


@cache
def font_family() -> str:
    """Register the shipped Chinese font with matplotlib and give its family name.

    The font is the Noto Sans SC (SIL Open Font License) inside the ``zhplot`` package. That package
    is located and never imported, for importing it changes matplotlib's settings.

    Raises:
        GxError: the package is not installed.

    Example:
        >>> font_family()
        'Noto Sans SC'
    """
    from matplotlib import font_manager

    spec = find_spec("zhplot")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = sorted(path for folder in folders for path in (Path(folder) / "fonts").glob("*.[ot]tf"))
    if not files:
        raise GxError(
            "the Chinese font for figures is missing", hint="pip install zhplot", where="zhplot/fonts"
        )
    font_manager.fontManager.addfont(files[0])
    return str(font_manager.FontProperties(fname=files[0]).get_name())


@contextmanager
def style(name: LookName | None = None, *, width: float | None = None) -> Iterator[None]:
    """Draw with Chinese labels and quiet axes inside a ``with`` block.

    Labels made inside keep their font when the figure is shown or saved later; the settings of
    matplotlib are the caller's own again after the block.

    Args:
        name: ``screen`` (22 cm wide), ``journal`` (16 cm, text of 8 points) or ``newsroom`` (20 cm, large
            titles, strong lines); by default the one in force.
        width: width of new figures in centimetres, if not that of the look.

    Raises:
        UnknownField: there is no such look.

    Example:
        >>> import matplotlib
        >>> before = dict(matplotlib.rcParams)
        >>> with style("journal", width=8):
        ...     matplotlib.rcParams["font.family"], look().width
        (['Noto Sans SC', 'DejaVu Sans'], 8)
        >>> dict(matplotlib.rcParams) == before
        True
    """
    if name is not None and name not in LOOKS:
        raise UnknownField(f"no look is called {name!r}", hint=f"there are {', '.join(LOOKS)}")
    chosen = look() if name is None else LOOKS[name]
    chosen = chosen if width is None else chosen._replace(width=width)
    token = _LOOK.set(chosen)
    try:
        with _settings(chosen):
            yield
    finally:
        _LOOK.reset(token)


def _parameters(chosen: Look) -> dict[str, Any]:
    return {
        # Families by name: "sans-serif" would be looked up when drawing, outside the context.
        "font.family": [font_family(), "DejaVu Sans"],
        "font.size": chosen.text,
        "figure.figsize": (chosen.width / 2.54, chosen.width / 2.54 * 0.56),
        "lines.linewidth": chosen.line,
        "hatch.linewidth": 0.6,
        "text.color": "black",
        "axes.labelcolor": "black",
        "axes.titlecolor": "black",
        "xtick.color": "black",
        "ytick.color": "black",
        "axes.facecolor": "white",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "axes.edgecolor": "#777777",
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.unicode_minus": False,
        "grid.color": PALE,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    }


@contextmanager
def _settings(chosen: Look) -> Iterator[None]:
    """Matplotlib's parameters for a while."""
    import matplotlib

    settings: Any = _parameters(chosen)
    interactive = matplotlib.is_interactive()
    try:
        with matplotlib.rc_context(settings):
            try:
                yield
            finally:
                interactive = matplotlib.is_interactive()
    finally:
        # The first figure loads the backend, and a notebook's backend switches this on to show
        # figures at all. It is no matter of style, so it must not be switched back.
        matplotlib.interactive(interactive)

"""A look for figures: a Chinese font that is always there, and colours everyone can tell apart.

Everything is set inside a context, so the caller's own settings stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gxstats.errors import GxError

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""The palette of Okabe and Ito (2008), darkest first, its yellow left out: it fades on white."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""Told apart without colour too."""


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
def style() -> Iterator[None]:
    """Draw with Chinese labels and quiet axes inside a ``with`` block.

    Labels made inside keep their font when the figure is shown or saved later; the settings of
    matplotlib are the caller's own again after the block.

    Example:
        >>> import matplotlib
        >>> before = dict(matplotlib.rcParams)
        >>> with style():
        ...     matplotlib.rcParams["font.family"]
        ['Noto Sans SC', 'DejaVu Sans']
        >>> dict(matplotlib.rcParams) == before
        True
    """
    import matplotlib

    settings: Any = {
        # Families by name: "sans-serif" would be looked up when drawing, outside the context.
        "font.family": [font_family(), "DejaVu Sans"],
        "font.size": 10,
        "text.color": "black",
        "axes.labelcolor": "black",
        "axes.titlecolor": "black",
        "xtick.color": "black",
        "ytick.color": "black",
        "axes.facecolor": "white",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#777777",
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.unicode_minus": False,
        "grid.color": "#dddddd",
        "grid.linewidth": 0.8,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    }
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

"""Give pdfium a font with Chinese characters, so that what is read does not depend on the machine.

pdfium leaves a character out of a page's text if it has no glyph for it: where a PDF does not embed
its fonts and the machine has no Chinese ones, cells would look blank. The font file that the package
zhplot carries stands in. The library can be told of it only before anyone has a document open.
"""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_FIRST = "pypdfium2" not in sys.modules
"""Nobody used pdfium before this module was imported."""
_KEPT: list[Any] = []


def font_folder() -> Path | None:
    """Folder of the bundled font, None if it is not installed.

    Found without importing zhplot, which would change matplotlib's settings.
    """
    found = find_spec("zhplot")
    for place in (found.submodule_search_locations or ()) if found else ():
        for font in sorted(Path(place).rglob("*.[ot]t[fc]")):
            return font.parent
    return None


def use_bundled_font(raw: Any) -> bool:
    """Start pdfium again with the bundled font; False if it may be in use or there is no font.

    Args:
        raw: ``pypdfium2.raw``, just imported.
    """
    folder = font_folder() if _FIRST else None
    if folder is None:
        return False
    paths = (ctypes.c_char_p * 2)(str(folder).encode(), None)
    config = raw.FPDF_LIBRARY_CONFIG(version=2)
    config.m_pUserFontPaths = ctypes.cast(paths, type(config.m_pUserFontPaths))
    _KEPT[:] = [paths, config]  # pdfium keeps the pointers
    raw.FPDF_DestroyLibrary()
    raw.FPDF_InitLibraryWithConfig(config)
    return True

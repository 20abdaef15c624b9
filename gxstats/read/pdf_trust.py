"""Which pages of a PDF must not be read, and why: no Unicode, or only an image."""

from __future__ import annotations

import numpy as np

from gxstats.model import Issue, Locator
from gxstats.read.pdf_source import PageContent

UNMAPPED_SHARE = 0.02
"""A page with more than this share of sampled characters without Unicode is refused."""
FEW_GLYPHS = 12
"""A page with no more glyphs than this (a page number, a stamp) has no text of its own."""
IMAGE_SHARE = 0.3
"""Images over this share of a page that has no text mean that the page is an image."""
NOTABLE_IMAGE = 0.06
"""Images over this share of a page with text may hold a table: worth a notice."""


def refuse_pages(pages: list[PageContent]) -> tuple[set[int], list[Issue]]:
    """Pages that give no reading, and the issues that say why.

    A font without Unicode usually serves a whole document: if any digit is affected, or most
    pages are, all pages are refused, for figures in another font cannot be told to be right.

    Example:
        >>> refuse_pages([])
        (set(), [])
    """
    refused: set[int] = set()
    issues: list[Issue] = []
    digits = 0
    for page in pages:
        place = Locator(page.number)
        if page.glyphs <= FEW_GLYPHS and page.image_share >= IMAGE_SHARE:
            refused.add(page.number)
            message = "the page is an image without text"
            issues.append(
                Issue("error", "image_only", message, place, "read it by OCR, or find a text version")
            )
            continue
        digits += page.unmapped_digits
        if page.unmapped > UNMAPPED_SHARE * page.asked or page.unmapped_digits or _is_garbage(page):
            refused.add(page.number)
            message = "the page's fonts do not say which characters they print"
            issues.append(
                Issue("error", "no_unicode", message, place, "read it by OCR, or find another version")
            )
        elif page.image_share >= NOTABLE_IMAGE and page.images:
            message = "part of the page is an image, which may hold a table"
            issues.append(Issue("notice", "page_image", message, place))
    garbled = [issue for issue in issues if issue.code == "no_unicode"]
    rest = [page.number for page in pages if page.number not in refused]
    if garbled and rest and (digits or len(garbled) >= len(rest)):
        refused.update(rest)
        message = "other pages' fonts do not say which characters they print, so this page is not trusted"
        issues.extend(Issue("error", "no_unicode", message, Locator(number)) for number in rest)
    return refused, issues


def _is_garbage(page: PageContent) -> bool:
    """Control, private-use, unassigned and replacement characters: signs of a font without Unicode."""
    bad = private = every = 0
    for view in page.views:
        codes = view.characters.codes
        every += len(codes)
        bad += int(np.count_nonzero((codes < 0x20) | ((codes >= 0x7F) & (codes < 0xA0)) | (codes == 0xFFFD)))
        private += int(np.count_nonzero((codes >= 0xE000) & (codes < 0xF900)))
    # Bullets and ticks of symbol fonts are private-use too: a few are normal.
    return bad > 0.01 * every + 1 or private > 0.1 * every + 3

"""Pages of a PDF or OFD that hold no text to be trusted: read by OCR where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gxstats.errors import ReadError, UnsupportedFormat
from gxstats.model import Issue, Reading
from gxstats.read.scan_ocr import INSTALL, is_available

if TYPE_CHECKING:
    from gxstats.read.scan import Scanned

_OTHERWISE: Final = "or find a version with text"


def read_refused(
    data: bytes, password: str | None, refused: set[int], issues: list[Issue]
) -> tuple[tuple[Reading, ...], list[Issue]]:
    """Read the pages that were refused as images, if the extra ``ocr`` is installed.

    Args:
        data: The PDF.
        password: Opens it.
        refused: Numbers of the pages.
        issues: Why they were refused; every one of them stands at its page.

    Returns:
        The reading by OCR, if there is one, and the issues: notices for pages that OCR read, errors
        with the way to install it otherwise.

    Example:
        >>> read_refused(b"", None, set(), [])
        ((), [])
    """

    def scan(numbers: list[int]) -> Scanned:
        from gxstats.read.scan import read_pdf_pages

        return read_pdf_pages(data, numbers, password)

    return read_by_ocr(refused, issues, scan)


def read_by_ocr(
    refused: set[int], issues: list[Issue], scan: Callable[[list[int]], Scanned]
) -> tuple[tuple[Reading, ...], list[Issue]]:
    """The same for pages of any format: ``scan`` reads those with the numbers it is given.

    Example:
        >>> read_by_ocr(set(), [], lambda numbers: None)
        ((), [])
    """
    if not refused:
        return (), issues
    if not is_available():
        return (), _with_hint(issues, refused, f"{INSTALL} reads it by OCR, {_OTHERWISE}")
    try:
        reading, found = scan(sorted(refused))
    except (UnsupportedFormat, ReadError) as error:
        return (), _with_hint(issues, refused, f"{error.message}: {error.hint}, {_OTHERWISE}")
    if reading is None:
        return (), [*issues, *found]
    unread = {issue.at.page for issue in found if issue.level == "error"}
    told = [_told(issue) if issue.at.page in refused - unread else issue for issue in issues]
    return (reading,), [*told, *found]


def _with_hint(issues: list[Issue], refused: set[int], hint: str) -> list[Issue]:
    return [i._replace(hint=hint) if i.at.page in refused and i.level == "error" else i for i in issues]


def _told(issue: Issue) -> Issue:
    hint = "figures that no printed sum confirms are to be looked at"
    return issue._replace(level="notice", message=f"{issue.message}; it was read by OCR", hint=hint)

"""How large, deep and long an input may be before reading it is refused.

The largest real report seen is under 5 MB and 2,000 cells; these limits leave room for summaries
of whole provinces and still stop a file made to exhaust the machine. Exceeding one is an error
(:class:`gxstats.errors.LimitExceeded`), never a quietly shortened document.
"""

from __future__ import annotations

from typing import Final

from gxstats.errors import LimitExceeded

MAX_INPUT_BYTES: Final = 30_000_000
"""Bytes of one HTML page or text file."""
MAX_CELLS: Final = 100_000
"""Table cells of one document."""
MAX_PARAGRAPHS: Final = 50_000
"""Pieces of text outside tables of one document."""
MAX_TEXT: Final = 1_000_000
"""Characters of a whole document; hearing prose takes some 4 seconds for so many."""
MAX_TEXT_LENGTH: Final = 200_000
"""Characters of one cell or paragraph. Old pages keep a whole report in one cell, some 10,000 characters."""
MAX_ISSUES: Final = 500
"""Issues of one document that are kept; what more there is to say is counted."""
MAX_DEPTH: Final = 250
"""Elements within elements. libxml2 stops at 256 and drops the rest of the page: stop before it."""
MAX_SPAN: Final = 1_000
"""Columns or rows one cell may claim to span, and repeats one ODT cell may stand for."""
MAX_ELEMENTS: Final = 1_000_000
"""Signs ``<`` of one XML part; a parsed element takes some 200 bytes."""
MAX_PARTS: Final = 2_000
"""Files inside one zip package."""
MAX_PART_BYTES: Final = 50_000_000
"""Uncompressed bytes of one file inside a package."""
MAX_PACKAGE_BYTES: Final = 200_000_000
"""Uncompressed bytes of a whole package."""
MAX_RATIO: Final = 200
"""Uncompressed to compressed size of a part above 1 MB; Word's own XML stays under 50."""


def check_input(data: bytes) -> None:
    """Refuse input that is larger than any report.

    Args:
        data: The bytes of one HTML page or text file.

    Raises:
        LimitExceeded: The input has more than ``MAX_INPUT_BYTES`` bytes.

    Example:
        >>> check_input(b"<p>small</p>")
    """
    if len(data) > MAX_INPUT_BYTES:
        raise LimitExceeded(
            f"the file has {len(data):,} bytes; {MAX_INPUT_BYTES:,} are read at most",
            hint="is this the report itself, or an export of a whole site?",
        )


def too_deep(where: str = "") -> LimitExceeded:
    """The error for markup that is nested deeper than ``MAX_DEPTH``.

    Example:
        >>> print(too_deep("/html/body"))
        /html/body: the markup is nested more than 250 deep (save the page again from a browser)
    """
    return LimitExceeded(
        f"the markup is nested more than {MAX_DEPTH} deep",
        hint="save the page again from a browser",
        where=where,
    )


def too_long(what: str, size: int, limit: int, where: str = "") -> LimitExceeded:
    """The error for more cells, paragraphs or characters than the limit.

    Args:
        what: What there is too much of, plural.
        size: How many were found so far.
        limit: How many are read at most.
        where: Where the limit was passed.

    Example:
        >>> print(too_long("cells", 9, 5))
        the document has 9 cells or more; 5 are read at most (split the file)
    """
    return LimitExceeded(
        f"the document has {size:,} {what} or more; {limit:,} are read at most",
        hint="split the file",
        where=where,
    )

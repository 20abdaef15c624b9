"""The error tree: every error gxstats raises on purpose is a :class:`GxError`.

Each error says what went wrong (``message``), where (``where``: file, page or cell) and what the
reader of the message can do next (``hint``). Branches also inherit the builtin a caller would
expect, so ``except ValueError`` and ``except OSError`` keep working.
"""

from __future__ import annotations


class GxError(Exception):
    """Root of the tree.

    Args:
        message: What happened, in one sentence.
        hint: What to do next; empty if nothing helps.
        where: File, page, cell or line; empty if the error has no place.

    Example:
        >>> print(GxError("the file is empty", hint="fetch it again", where="a.pdf"))
        a.pdf: the file is empty (fetch it again)
    """

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        self.message = message
        self.hint = hint
        self.where = where
        super().__init__(message)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments are lost by the default: errors cross process borders.
        return (_rebuild, (type(self), self.message, self.hint, self.where))


def _rebuild(kind: type[GxError], message: str, hint: str, where: str) -> GxError:
    return kind(message, hint=hint, where=where)


class SchemaError(GxError, ValueError):
    """A form or table shipped as data breaks its own rules; ``where`` names file and line."""


class ReadError(GxError, ValueError):
    """The bytes cannot be read as the format they are in."""


class UnsupportedFormat(ReadError):
    """The bytes are in a format that this version or installation does not read."""


class LimitExceeded(ReadError):
    """A document is larger, deeper or slower than the limits allow."""


class SeveralDocuments(ReadError):
    """An archive holds more than one document, and nothing about the files says which is the report."""


class InputMissing(GxError, FileNotFoundError):
    """A path given by the caller does not exist."""


class InputIsDirectory(GxError, IsADirectoryError):
    """A path given where one file is needed is a directory."""


class UnknownField(GxError, LookupError):
    """A section, item or measure that no form has."""


class NotComparable(GxError, ValueError):
    """Figures that do not mean the same, or would be counted twice, cannot be joined; says why."""

"""Tables shipped as CSV, read strictly: every fault is named by file and line, codes stay texts."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gxstats.errors import SchemaError


class Line:
    """One line of a table; asking for a value checks it.

    Args:
        path: the file, for errors.
        number: the line in the file, the header being line 1.
        values: column -> text.
    """

    __slots__ = ("_number", "_path", "_values")

    def __init__(self, path: Path, number: int, values: Mapping[str, str]) -> None:
        self._path = path
        self._number = number
        self._values = values

    def fault(self, column: str, message: str) -> SchemaError:
        """An error about one value, naming file and line."""
        return SchemaError(f"{column}: {message}", where=f"{self._path}:{self._number}")

    def text(self, column: str) -> str:
        """A text that must be there."""
        value = self._values[column]
        if not value:
            raise self.fault(column, "a text is needed")
        return value

    def optional(self, column: str) -> str:
        """A text, empty if there is none."""
        return self._values[column]

    def code(self, column: str, length: int) -> str:
        """A code of exactly this many characters: letters and digits, never a number."""
        value = self._values[column]
        if len(value) != length or not value.isalnum():
            raise self.fault(column, f"a code of {length} characters is needed, found {value!r}")
        return value

    def year(self, column: str) -> int | None:
        """A year, None if the cell is empty."""
        value = self._values[column]
        if not value:
            return None
        if len(value) != 4 or not value.isascii() or not value.isdigit():
            raise self.fault(column, f"a year of four digits is needed, found {value!r}")
        return int(value)

    def choice(self, column: str, allowed: frozenset[str]) -> str:
        """A text out of ``allowed``."""
        value = self._values[column]
        if value not in allowed:
            raise self.fault(column, f"{value!r} is none of {', '.join(sorted(allowed))}")
        return value


def read_lines(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    """The lines of a CSV file with exactly these columns.

    Args:
        path: a UTF-8 file with a header.
        columns: the names the header must have, in this order.

    Yields:
        One :class:`Line` per record; all values are texts, stripped of nothing.

    Raises:
        SchemaError: the file is not UTF-8, the header differs, or a line has too few or too many cells.

    Example:
        >>> from gxstats.paths import data_path
        >>> line = next(read_lines(data_path("trusted_hosts.csv"), ["host", "kind", "same_as", "note"]))
        >>> line.text("kind")
        'domain'
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, [])
            if header != list(columns):
                message = f"the columns must be {', '.join(columns)}; found {', '.join(header)}"
                raise SchemaError(message, where=f"{path}:1")
            for cells in reader:
                if len(cells) != len(header):
                    message = f"{len(header)} cells are needed, found {len(cells)}"
                    raise SchemaError(message, where=f"{path}:{reader.line_num}")
                yield Line(path, reader.line_num, dict(zip(header, cells, strict=True)))
    except UnicodeDecodeError as error:
        raise SchemaError("this is not UTF-8", where=str(path)) from error
    except csv.Error as error:
        raise SchemaError(
            "this is not valid CSV", hint=str(error), where=f"{path}:{reader.line_num}"
        ) from error

"""The registry of publishers, ``data/sources.csv``: where each lists its reports, and on what system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from gxstats.paths import data_path
from gxstats.places.address import split_address
from gxstats.places.typed_csv import Line, read_lines

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source_id",
    "division_code",
    "agency",
    "platform",
    "list_url",
    "params",
    "first_year",
    "status",
    "tls",
    "how_known",
    "note",
)
_STATUS = frozenset({"unverified", "seen"})
_TLS = frozenset({"", "unverified"})


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher and the list it publishes its reports in.

    Attributes:
        source_id: short name, unique in the registry; becomes ``source_row`` of captures.
        division_code: division of the publisher, GB/T 2260; "" where it has none.
        agency: the publisher in words, ``*`` for everybody on the list.
        platform: name of the publishing system.
        list_url: where the list begins.
        params: settings of the platform that no page tells.
        first_year: first year a report is known of; None if unknown.
        status: ``seen`` once a crawl found reports there, else ``unverified``.
        tls: ``unverified`` where the certificate is known to be broken and accepted all the same.
        how_known: how the row came to be.
        note: quirks.
        years: report years asked for; empty for all.
    """

    source_id: str
    platform: str
    list_url: str
    division_code: str = ""
    agency: str = "*"
    params: Mapping[str, str] = field(default_factory=dict)
    first_year: int | None = None
    status: str = "unverified"
    tls: str = ""
    how_known: str = ""
    note: str = ""
    years: tuple[int, ...] = ()

    @property
    def host(self) -> str:
        """Host and port of the list."""
        parts = split_address(self.list_url)
        return parts.netloc.lower() if parts else ""

    def asked_for(self, years: Iterable[int]) -> Source:
        """This source with the years a crawl asks for."""
        return replace(self, years=tuple(sorted(set(years))))


def read_sources(path: str | PathLike[str]) -> tuple[Source, ...]:
    """Sources of a file like ``data/sources.csv``.

    Raises:
        SchemaError: a line is wrong or an id occurs twice; names file and line.
        InputMissing: there is no such file.
    """
    return tuple(_checked(read_lines(Path(path), COLUMNS)))


@cache
def registry() -> tuple[Source, ...]:
    """The sources that gxstats ships.

    Example:
        >>> len({source.source_id for source in registry()}) == len(registry())
        True
    """
    return read_sources(data_path("sources.csv"))


def _checked(lines: Iterator[Line]) -> Iterator[Source]:
    seen: set[str] = set()
    for line in lines:
        source = _source(line)
        if source.source_id in seen:
            raise line.fault("source_id", f"{source.source_id} occurs twice")
        seen.add(source.source_id)
        yield source


def _source(line: Line) -> Source:
    if split_address(line.text("list_url")) is None:
        raise line.fault("list_url", "an http address is needed")
    return Source(
        source_id=line.text("source_id"),
        division_code=line.code("division_code", 6) if line.optional("division_code") else "",
        agency=line.text("agency"),
        platform=line.text("platform"),
        list_url=line.text("list_url"),
        params=dict(parse_qsl(line.optional("params"), keep_blank_values=True)),
        first_year=line.year("first_year"),
        status=line.choice("status", _STATUS),
        tls=line.choice("tls", _TLS),
        how_known=line.optional("how_known"),
        note=line.optional("note"),
    )


def inside(division: str, code: str) -> bool:
    """Whether a division lies in another, or is it: by the zeros a code ends with.

    Example:
        >>> inside("320800", "320813"), inside("320000", "320813"), inside("320813", "320800")
        (True, True, False)
    """
    stem = division[:2] if division[2:] == "0000" else division[:4] if division[4:] == "00" else division
    return bool(code) and code.startswith(stem)


def sources(division: str | None = None) -> pd.DataFrame:
    """The registry as a table.

    Args:
        division: only sources of this division and of those inside it, by code.

    Returns:
        One row per source, all ``string`` but ``first_year`` (``Int64``).
    """
    import pandas as pd

    rows = [s for s in registry() if division is None or inside(division, s.division_code)]
    data = {name: [getattr(s, name) for s in rows] for name in COLUMNS}
    data["params"] = ["&".join(f"{k}={v}" for k, v in s.params.items()) for s in rows]
    return pd.DataFrame(
        {
            name: pd.array(held, dtype="Int64" if name == "first_year" else "string")
            for name, held in data.items()
        }
    )

"""What the reading of some dozens of documents gives, as Arrow tables: what a build stores and puts together.

The process that reads makes them, so that putting a dataset together moves columns, not facts. Nothing of
them depends on where a document was found but the identity, kept beside the words it was told from: it
counts while address and tables of bodies are the same, else it is told anew from the words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.build.across import figures_of
from gxstats.dataset.store.layout import KINDS, facts_schema, table_schema
from gxstats.dataset.store.plain import split

if TYPE_CHECKING:
    from gxstats.transcript import Transcript

TABLES = ("checks", "issues", "prose", "statements", "unmatched_rows")
REPORTS = "reports"
BEFORE, OF_IDENTITY, AFTER = 0, 1, 2
"""Where an issue stands to those of the identity; column ``turn`` of the issues."""
_LARGEST = 1 << 30
Name = tuple[str, str]
"""Kind or table, and form."""


class Packed(NamedTuple):
    """One table as it is stored: what it is of, its length when decompressed, and its bytes."""

    kind: str
    form: str
    size: int
    content: bytes


class Collected:
    """Reports on their way into tables."""

    def __init__(self) -> None:
        self._columns: dict[Name, list[list[Any]]] = {}
        self._rows: dict[Name, list[tuple[Any, ...]]] = {}

    def add(self, transcripts: Sequence[Transcript], url: str | None, key: str) -> None:
        """Add the reports of one document.

        Args:
            transcripts: the reports.
            url: where the document was found.
            key: of the tables that identities are told by.
        """
        for transcript in transcripts:
            report = transcript.report
            for kind, rows in zip(KINDS, split(report), strict=True):
                for form, row in rows:
                    self._rows.setdefault((kind, form), []).append(row)
            for name in TABLES:
                columns = dict(report.columns(name))
                length = len(columns["document_id"])
                if name == "issues":
                    first = transcript.before
                    columns["turn"] = [BEFORE if n < first else AFTER for n in range(length)]
                self._extend((name, ""), columns, length)
            self._rows.setdefault((REPORTS, ""), []).append(_witness(transcript, url, key))

    def _extend(self, name: Name, columns: Mapping[str, Sequence[Any]], length: int) -> None:
        if not length:
            return
        names = piece_schema(*name).names
        known = self._columns.setdefault(name, [[] for _ in names])
        for column, values in zip(names, known, strict=True):
            values.extend(columns.get(column) or [None] * length)

    def packed(self) -> list[Packed]:
        """The tables of everything that was added; it is forgotten."""
        import pyarrow as pa

        found = {name: list(zip(*rows, strict=True)) for name, rows in self._rows.items()}
        columns: dict[Name, Sequence[Sequence[Any]]] = {**found, **self._columns}
        self.__init__()  # type: ignore[misc]
        packs = []
        for name, values in sorted(columns.items()):
            schema = piece_schema(*name)
            arrays = [pa.array(column, field.type) for column, field in zip(values, schema, strict=True)]
            packs.append(pack(name, pa.record_batch(arrays, schema=schema)))
        return packs


def _witness(transcript: Transcript, url: str | None, key: str) -> tuple[Any, ...]:
    """The row of a report: what its row of the table ``reports`` will be made from."""
    from gxstats.align.identity.own_words import as_rows

    report = transcript.report
    read = report.meta
    said = transcript.said and _json(as_rows(transcript.said.reduced()))
    head = (read["document_id"], read["sha256"], read["media_type"], read.get("forms"))
    figures = _json(figures_of(report.fact_rows))
    return (*head, bool(report.fact_rows), said, url, key, _told(transcript, url), figures)


def _told(transcript: Transcript, url: str | None) -> bytes | None:
    """The identity; None if there is none, or telling it fails, as it will again where it is needed."""
    from gxstats.transcript import identity_columns

    if transcript.said is None:
        return None
    try:
        known = transcript.identity if url is None else None
        return _json(identity_columns(known or transcript.said.identify(url)))
    except Exception:
        return None


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def of_json(data: bytes) -> Any:
    """What a column of a report holds as JSON."""
    return json.loads(data.decode("utf-8", "surrogatepass"))


@cache
def piece_schema(kind: str, form: str = "") -> Any:
    """The Arrow schema of one table of a piece."""
    import pyarrow as pa

    if kind in KINDS:
        return facts_schema(kind, form)
    if kind == REPORTS:
        text = [(name, pa.string()) for name in ("document_id", "sha256", "media_type", "forms")]
        told = [("said", pa.binary()), ("url", pa.string()), ("key", pa.string()), ("told", pa.binary())]
        return pa.schema([*text, ("has_facts", pa.bool_()), *told, ("figures", pa.binary())])
    if kind == "issues":
        return table_schema(kind).append(pa.field("turn", pa.int8()))
    return table_schema(kind)


def pack(name: Name, batch: Any) -> Packed:
    """A record batch as bytes."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content = sink.getvalue()
    return Packed(*name, content.size, bytes(pa.Codec("zstd").compress(content, asbytes=True)))


def unpack(packed: Packed) -> Any:
    """The inverse of :func:`pack`, as a table; what claims to be larger than any reading is refused."""
    import pyarrow as pa

    if packed.size > _LARGEST:
        raise ValueError(f"readings of {packed.size} bytes")
    content = pa.Codec("zstd").decompress(packed.content, decompressed_size=packed.size)
    with pa.ipc.open_stream(content) as reader:
        return reader.read_all()


def dump(packs: Iterable[Packed]) -> bytes:
    """Packed tables as the bytes of a file or message.

    Example:
        >>> load(dump([Packed("checks", "", 1, b"a")]))
        [Packed(kind='checks', form='', size=1, content=b'a')]
    """
    import pyarrow as pa

    kinds = (pa.string(), pa.string(), pa.int64(), pa.binary())
    schema = pa.schema(list(zip(Packed._fields, kinds, strict=True)))
    columns = list(zip(*packs, strict=True)) or [()] * len(kinds)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(
            pa.record_batch([pa.array(c, k) for c, k in zip(columns, kinds, strict=True)], schema)
        )
    return bytes(sink.getvalue().to_pybytes())


def load(source: Any) -> list[Packed]:
    """The inverse of :func:`dump`, from bytes or an open Arrow file."""
    return [*_loaded(source)]


def _loaded(source: Any) -> Iterator[Packed]:
    import pyarrow as pa

    for row in pa.ipc.open_file(source).get_batch(0).to_pylist():
        yield Packed(**row)

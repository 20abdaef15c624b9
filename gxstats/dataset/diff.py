"""What differs between two datasets: reports that came and went, and cell by cell what changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gxstats.dataset.store.connect import sources_of
from gxstats.dataset.store.layout import places, sections_of
from gxstats.dataset.store.release import BrokenRelease
from gxstats.dataset.store.sql import quoted
from gxstats.dataset.store.views import Asked, Sources, by_section, facts_sql

if TYPE_CHECKING:
    import pandas as pd

    from gxstats.dataset.store import Dataset

KINDS = ("added", "gone", "revised", "reread", "identity")
IDENTITY = (
    *("report_id", "division_code", "agency_id", "agency", "year", "scope"),
    *("title", "published_on", "trust", "kind"),
)
"""The columns of reports that say who published what."""
_READ = ("value", "amount", "implied", "state", "form", "unit", "verdict", "sums", "raw")
"""The columns of facts that are compared: neither where a cell stands nor the version of its reader."""
_CELL = ("section", "item", "measure")
_REPORT = ("report_id", "division_code", "agency", "year")
_MEMORY = "1GB"
_BATCH = 20_000
_PAIRS = 5_000
"""Documents whose cells are compared at a time."""


def diff(old: Dataset | str | PathLike[str], new: Dataset | str | PathLike[str]) -> pd.DataFrame:
    """Compare two datasets.

    ``added`` and ``gone`` are documents of one set only; ``revised`` is a report whose current file is now
    another; ``reread`` are cells of the same bytes that were read differently (by another version, or after
    a correction); ``identity`` are entries in the table of reports that changed for the same bytes. Where a
    document was found, and which revision it is, is not compared.

    Args:
        old: a dataset, or the folder of one.
        new: likewise.

    Returns:
        The table ``diff``: a row for each cell or entry that differs; one row for what is ``added`` or
        ``gone``, and for a ``revised`` report of which no cell differs. ``attrs`` has the number of
        documents by kind (``counts``), and the versions that made either set.

    Raises:
        InputMissing: a folder holds no finished dataset. BrokenRelease: a file of one has changed.

    Example:
        >>> import gxstats as gx, tempfile
        >>> with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        ...     _ = gx.build(gx.sample_files()[:1], a, jobs=1, progress=False)
        ...     _ = gx.build(gx.sample_files()[:2], b, jobs=1, progress=False)
        ...     diff(a, b)[["kind", "year"]].values.tolist()
        [['added', 2020]]
    """
    from gxstats.dataset.frames import stack

    counted = Counted()
    with ExitStack() as opened:
        before, after = (opened.enter_context(_opened(given)) for given in (old, new))
        found = stack("diff", counted.through(differences(before, after)))
        found.attrs |= {
            "counts": counted.counts,
            "old_versions": dict(before.release.versions),
            "new_versions": dict(after.release.versions),
        }
    return found


class Counted:
    """Counts the documents of each kind in the parts of a comparison that pass through it."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {kind: set() for kind in KINDS}

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> how many documents."""
        return {kind: len(documents) for kind, documents in self._seen.items()}

    def through(self, parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """The same parts, counted."""
        for part in parts:
            documents = part["new_document_id"].fillna(part["old_document_id"])
            for kind, mine in documents.groupby(part["kind"]):
                self._seen[str(kind)].update(mine)
            yield part


def differences(old: Dataset, new: Dataset) -> Iterator[pd.DataFrame]:
    """The rows of :func:`diff` in parts, so that they need not all be in memory."""
    import duckdb

    try:
        yield from _differences(old, new)
    except duckdb.Error as error:
        message = f"the datasets cannot be compared: {str(error).partition(chr(10))[0]}"
        raise BrokenRelease(message, hint="build both with this version of gxstats") from error


def _differences(old: Dataset, new: Dataset) -> Iterator[pd.DataFrame]:
    import pyarrow as pa

    from gxstats.dataset.store.frames import frame_of
    from gxstats.dataset.store.layout import table_schema

    with tempfile.TemporaryDirectory() as folder, _connected(old, new, Path(folder)) as db:
        for side, dataset in (("o", old), ("n", new)):
            columns = ", ".join(("document_id", "sha256", "is_current", *IDENTITY))
            rows = dataset.sql(f"SELECT DISTINCT ON (document_id) {columns} FROM reports ORDER BY ALL")
            db.register("given", pa.Table.from_pandas(rows, preserve_index=False))
            db.execute(f"CREATE TABLE {side} AS FROM given")
            db.unregister("given")
        for statement in _pairing():
            db.execute(statement)
        _compare_cells(db, old, new)
        schema = table_schema("diff")
        query = f"SELECT {', '.join(map(quoted, schema.names))} FROM ({_everything()}) ORDER BY {_ORDER}"
        # Nothing is a table with a head, too.
        yield frame_of(schema.empty_table(), "diff")
        for batch in db.sql(query).to_arrow_reader(_BATCH):
            yield frame_of(pa.Table.from_batches([batch]).cast(schema), "diff")


@contextmanager
def _opened(given: Dataset | str | PathLike[str]) -> Iterator[Dataset]:
    from gxstats.dataset.store import Dataset, open_dataset

    if isinstance(given, Dataset):
        yield given
    else:
        with open_dataset(Path(given)) as dataset:
            yield dataset


@contextmanager
def _connected(old: Dataset, new: Dataset, folder: Path) -> Iterator[Any]:
    """DuckDB over the files of both releases and nothing else, with room on disk for what memory lacks."""
    import duckdb

    config: dict[str, Any] = {
        "memory_limit": _MEMORY,
        "temp_directory": str(folder),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    files = [d.folder.resolve() / f.path for d in (old, new) for f in d.release.files]
    with duckdb.connect(config=config) as db:
        db.execute(f"SET allowed_paths = [{', '.join(quoted(str(path), chr(39)) for path in files)}]")
        db.execute("SET enable_external_access = false")
        yield db


def _pairing() -> Iterator[str]:
    """Which document of the old set is compared with which of the new."""
    yield (
        "CREATE TABLE same AS SELECT document_id AS old_id, document_id AS new_id"
        " FROM o JOIN n USING (document_id)"
    )
    one = "QUALIFY row_number() OVER (PARTITION BY report_id ORDER BY document_id) = 1"
    # The same bytes may hold another ordinal if they were taken apart differently.
    yield (
        "CREATE TABLE revised AS SELECT o.document_id AS old_id, n.document_id AS new_id,"
        " if(o.sha256 = n.sha256, 'reread', 'revised') AS what"
        f" FROM (FROM o WHERE is_current {one}) o JOIN (FROM n WHERE is_current {one}) n USING (report_id)"
        " WHERE n.document_id NOT IN (SELECT document_id FROM o)"
    )


def _compare_cells(db: Any, old: Dataset, new: Dataset) -> None:
    """The table ``cells``: every cell that differs between the documents of a pair."""
    parts = [(side, sources_of(d.folder, d.release)) for side, d in (("old", old), ("new", new))]
    for side, sources in parts:
        db.execute(f"CREATE TABLE {side}_print AS {_fingerprints(sources)}")
    # Few documents in a hundred thousand differ: only these are taken apart into cells.
    db.execute(
        "CREATE TABLE pairs AS SELECT *, row_number() OVER (ORDER BY old_id, new_id) AS number FROM"
        " (SELECT old_id, new_id, 'reread' AS what FROM same"
        " LEFT JOIN old_print o ON o.document_id = old_id LEFT JOIN new_print n ON n.document_id = new_id"
        " WHERE (o.h, o.n) IS DISTINCT FROM (n.h, n.n) UNION ALL SELECT old_id, new_id, what FROM revised)"
    )
    [(last,)] = db.execute("SELECT count(*) FROM pairs").fetchall()
    for start in range(0, last + 1, _PAIRS):
        # All may differ, after a change of the reader; their cells do not fit into memory at once.
        within = f"number > {start} AND number <= {start + _PAIRS}"
        db.execute(f"CREATE OR REPLACE TABLE chosen AS FROM pairs WHERE {within}")
        for side, sources in parts:
            db.execute(f"CREATE OR REPLACE TABLE {side}_cells AS {_long(side, sources)}")
        db.execute(f"{'INSERT INTO cells' if start else 'CREATE TABLE cells AS'} {_differing()}")


def _differing() -> str:
    columns = [f"{side}.{name} AS {side}_{name}" for name in _READ for side in ("old", "new")]
    key = ", ".join(("pair_old", "pair_new", *_CELL, "nth"))
    before, after = (f"({', '.join(f'{side}.{name}' for name in _READ)})" for side in ("old", "new"))
    return (
        f"SELECT {key}, coalesce(old.rank, new.rank) AS rank, {', '.join(columns)}"
        f" FROM old_cells old FULL JOIN new_cells new USING ({key})"
        f" WHERE {before} IS DISTINCT FROM {after}"
    )


def _fingerprints(sources: Sources) -> str:
    """One number for all that was read of a document, without the versions of readers."""
    compared = ", ".join(("document_id", *_CELL, *_READ))
    parts = []
    for form, source in sources.wide.items():
        apart = ("year", "division_code", *(f"{section}.reader" for section, _ in sections_of(form)))
        columns = f"* EXCLUDE ({', '.join(map(quoted, apart))})"
        parts.append(f"SELECT document_id, hash(w) AS h FROM (SELECT {columns} FROM {source}) w")
    if sources.sparse:
        parts.append(f"SELECT document_id, hash(s) AS h FROM (SELECT {compared} FROM {sources.sparse}) s")
    if not parts:
        return "SELECT NULL::VARCHAR AS document_id, NULL::HUGEINT AS h, NULL::BIGINT AS n WHERE false"
    return f"SELECT document_id, sum(h) AS h, count(*) AS n FROM ({' UNION ALL '.join(parts)}) GROUP BY 1"


def _long(side: str, sources: Sources) -> str:
    """The cells of the documents in ``chosen``, each with the pair it belongs to."""
    cells = [cell for form in sources.wide for cell in places(form).values()]
    asked = Asked(
        by_section(cells), documents=f"document_id IN (SELECT {side}_id FROM chosen)", locators=False
    )
    found = facts_sql(asked, sources, more=("rank",))
    columns = ", ".join((*_CELL, *_READ, "rank"))
    if not found:
        nothing = _nothing()
        return f"SELECT '' AS pair_old, '' AS pair_new, {nothing}, 0::BIGINT AS nth WHERE false"
    order = f"PARTITION BY old_id, new_id, {', '.join(_CELL)} ORDER BY rank, form"
    return (
        f"SELECT old_id AS pair_old, new_id AS pair_new, {columns}, row_number() OVER ({order}) AS nth"
        f" FROM ({found}) JOIN chosen ON document_id = {side}_id"
    )


def _nothing() -> str:
    """The columns of cells, for a dataset that has none."""
    from gxstats.dataset.store.views import columns_of_facts

    kinds = columns_of_facts() | {"rank": "INTEGER"}
    return ", ".join(f"NULL::{kinds[name]} AS {name}" for name in (*_CELL, *_READ, "rank"))


_ORDER = (
    "array_position(['added', 'gone', 'revised', 'reread', 'identity'], kind), division_code NULLS LAST,"
    " agency NULLS LAST, year NULLS LAST, new_document_id NULLS LAST, old_document_id, rank, nth, entry"
)


def _everything() -> str:
    """All rows, in one query that can be read in parts."""
    return " UNION ALL BY NAME ".join((*_alone(), *_by_cell(), *_by_entry()))


def _who(side: str) -> str:
    return ", ".join(f"{side}.{name}" for name in _REPORT)


def _alone() -> Iterator[str]:
    yield (
        f"SELECT 'added' AS kind, {_who('n')}, n.document_id AS new_document_id FROM n"
        " WHERE document_id NOT IN (SELECT document_id FROM o UNION ALL SELECT new_id FROM revised)"
    )
    yield (
        f"SELECT 'gone' AS kind, {_who('o')}, o.document_id AS old_document_id FROM o"
        " WHERE document_id NOT IN (SELECT document_id FROM n UNION ALL SELECT old_id FROM revised)"
    )
    yield (
        f"SELECT what AS kind, {_who('n')}, old_id AS old_document_id, new_id AS new_document_id"
        " FROM revised JOIN n ON n.document_id = new_id"
        " WHERE NOT EXISTS (FROM cells WHERE pair_old = old_id AND pair_new = new_id)"
    )


def _by_cell() -> Iterator[str]:
    names = [name for name in _READ if name != "raw"]
    read = ", ".join(f"{side}_{name}" for name in names for side in ("old", "new"))
    yield (
        f"SELECT what AS kind, {_who('n')}, old_id AS old_document_id, new_id AS new_document_id,"
        f" {', '.join(_CELL)}, {read}, old_raw AS old_text, new_raw AS new_text, rank, nth"
        " FROM cells JOIN pairs ON pair_old = old_id AND pair_new = new_id"
        " JOIN n ON n.document_id = new_id"
    )


def _by_entry() -> Iterator[str]:
    for name in IDENTITY:
        yield (
            f"SELECT 'identity' AS kind, {_who('n')}, old_id AS old_document_id, new_id AS new_document_id,"
            f" '{name}' AS entry, o.{name}::VARCHAR AS old_text, n.{name}::VARCHAR AS new_text"
            " FROM same JOIN o ON o.document_id = old_id JOIN n ON n.document_id = new_id"
            f" WHERE o.{name} IS DISTINCT FROM n.{name}"
        )

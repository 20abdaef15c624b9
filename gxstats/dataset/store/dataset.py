"""Open a dataset: its tables as frames, its facts by what is asked, and SQL over both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gxstats.dataset.order import Lang
from gxstats.dataset.store.connect import ALWAYS, BadQuery, connect, long_view, select_only, sources_of
from gxstats.dataset.store.frames import frame_of
from gxstats.dataset.store.layout import Place, places
from gxstats.dataset.store.release import Release, check_files, read_release
from gxstats.dataset.store.sql import one_of, quoted
from gxstats.dataset.store.views import (
    LOCATED,
    Asked,
    Sources,
    by_item,
    by_section,
    columns_of_facts,
    facts_sql,
)
from gxstats.errors import UnknownField

if TYPE_CHECKING:
    import pandas as pd

Some = object
"""One value, or an iterable of several."""

_FEW = 3
"""Up to so many items of a section are read one by one."""


class Dataset:
    """A finished dataset on disk, as :func:`open_dataset` gives it.

    It is used like :class:`gxstats.Reports`, but its facts are read when asked for: :meth:`facts` is a
    method. The tables are frames with the columns and types of the data dictionary. A dataset that is open
    keeps showing the release it was opened with while the next one is written.

    Attributes:
        folder: where it is.
        release: versions, counts of rows, and files with their sha256.
    """

    def __init__(self, folder: Path, release: Release, threads: int | None = None) -> None:
        self.folder = folder
        self.release = release
        self._connection = connect(folder, release, threads)
        self._long: set[str] = set()
        self._tables: dict[str, pd.DataFrame] = {}

    def facts(
        self,
        *,
        year: Some = None,
        item: Some = None,
        measure: Some = None,
        section: Some = None,
        division: Some = None,
        agency: Some = None,
        form: Some = None,
        state: Some = None,
        locators: bool = True,
    ) -> pd.DataFrame:
        """The facts that fit, one row per cell, by ``document_id`` and in the order of the form.

        Only what is asked for is read from disk. Every argument is one value or several: ``division`` is
        the code or a name of an administrative division (or its ``lineage``), ``agency`` the name of a body
        or its ``agency_id``, ``state`` what a cell prints. ``locators=False`` leaves the places of the cells
        (``page`` ... ``ref``) null, which is quicker.

        Returns:
            The columns and types of the table ``facts`` of the data dictionary.

        Example:
            >>> import gxstats as gx, tempfile
            >>> from gxstats.dataset.store import ReleaseWriter, open_dataset
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     with ReleaseWriter(folder) as release:
            ...         release.add(gx.read_report(gx.sample_files()[0]))
            ...         _ = release.commit({})
            ...     open_dataset(folder).facts(item="received", measure="total").value.tolist()
            [23]
        """
        codes = {"section": section, "item": item, "measure": measure, "form": form, "state": state}
        wanted = {name: several(given) for name, given in codes.items() if given is not None}
        documents = self._documents(year, division, agency)
        sources = sources_of(self.folder, self.release, None if year is None else several(year))
        return self._facts(_asked(wanted, documents, sources, locators), sources)

    def _facts(self, asked: Asked, sources: Sources) -> pd.DataFrame:
        from gxstats.dataset.frames import frame

        query = facts_sql(asked, sources, more=("rank",))
        if not query:
            return frame("facts", {})
        names = [
            name if asked.locators or name not in LOCATED else f"NULL::{kind} AS {name}"
            for name, kind in columns_of_facts().items()
        ]
        ordered = f"SELECT {', '.join(names)} FROM ({query}) ORDER BY document_id, rank, form NULLS LAST"
        return frame_of(self._run(ordered), "facts")

    def _documents(self, year: Some, division: Some, agency: Some) -> str:
        """A condition on the reports, on columns that every file of facts has and is sorted by."""
        conditions = [] if year is None else [one_of("year", several(year))]
        if division is not None:
            named = several(division)
            where = " OR ".join(one_of(name, named) for name in ("division_code", "division", "lineage"))
            codes = self._run(f"SELECT DISTINCT division_code FROM reports WHERE {where} ORDER BY ALL")
            # Whole groups of rows can be skipped by the code; the documents are what was asked for.
            conditions.append(
                f"coalesce({one_of('division_code', codes['division_code'].to_pylist())}, true)"
            )
            conditions.append(f"document_id IN (SELECT document_id FROM reports WHERE {where})")
        if agency is not None:
            where = " OR ".join(one_of(name, several(agency)) for name in ("agency", "agency_id"))
            conditions.append(f"document_id IN (SELECT document_id FROM reports WHERE {where})")
        return " AND ".join(f"({c})" for c in conditions) or "true"

    def tidy(self, *, lang: Lang | None = None, warn: bool = True, **only: Some) -> pd.DataFrame:
        """The facts that :meth:`facts` gives for the same arguments, joined with their reports."""
        from gxstats.dataset.tidy import tidy

        return tidy(self.facts(**only), self.reports, lang=lang, warn=warn)  # type: ignore[arg-type]

    @property
    def reports(self) -> pd.DataFrame:
        """One row per report."""
        return self.table("reports")

    @property
    def checks(self) -> pd.DataFrame:
        """One row per identity of the form and place."""
        return self.table("checks")

    @property
    def issues(self) -> pd.DataFrame:
        """What a person should know about reading the documents."""
        return self.table("issues")

    @property
    def prose(self) -> pd.DataFrame:
        """Text outside tables."""
        return self.table("prose")

    @property
    def statements(self) -> pd.DataFrame:
        """Figures that sentences of the reports state."""
        return self.table("statements")

    @property
    def unmatched_rows(self) -> pd.DataFrame:
        """Table rows that no label of the form matches."""
        return self.table("unmatched_rows")

    @property
    def across(self) -> pd.DataFrame:
        """Rules between reports."""
        return self.table("across")

    @property
    def coverage(self) -> pd.DataFrame:
        """What is expected, and what became of it."""
        return self.table("coverage")

    @property
    def names(self) -> list[str]:
        """The names of all tables that :meth:`table` and SQL know."""
        return sorted({"facts", *ALWAYS, *(f.name for f in self.release.of_kind("table"))})

    def table(self, name: str) -> pd.DataFrame:
        """A whole table, read once.

        Raises:
            UnknownField: the dataset has no such table.
        """
        if name == "facts":
            return self.facts()
        if name not in self.names:
            raise UnknownField(f"the dataset has no table {name!r}", hint=f"it has {', '.join(self.names)}")
        if name not in self._tables:
            self._tables[name] = frame_of(self._run(f"SELECT * FROM {quoted(name)}"), name)
        return self._tables[name]

    def sql(
        self, query: str, parameters: Mapping[str, object] | Sequence[object] | None = None
    ) -> pd.DataFrame:
        """Run one ``SELECT`` in DuckDB.

        Args:
            query: over ``facts`` (long; the columns of the data dictionary), ``reports``, ``checks`` and
                the other tables, ``wide_f2021`` ... (plain figures, one row per report, with ``year`` and
                ``division_code``), ``sparse`` (all other cells) and ``cells`` (``facts`` with ``year`` and
                ``division_code``, without places).
            parameters: values for ``$name`` or ``?``.

        Returns:
            Counts and their sums are ``Int64``, codes ``string``, money decimals; not floats.

        Raises:
            BadQuery: it is not one ``SELECT``, or DuckDB refuses it. No other files can be read.
        """
        select_only(query)
        for name in ("facts", "cells"):
            # Planning these takes a tenth of a second, which most queries need not pay.
            if name in query.lower() and name not in self._long:
                view = long_view(name, sources_of(self.folder, self.release))
                self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS {view}")
                self._long.add(name)
        return frame_of(self._run(query, parameters))

    def _run(self, query: str, parameters: Any = None) -> Any:
        """An Arrow table; every call has a cursor of its own, so threads may share a dataset."""
        import duckdb

        with self._connection.cursor() as cursor:
            try:
                return cursor.sql(query, params=parameters).to_arrow_table()
            except duckdb.Error as error:
                raise BadQuery(
                    str(error).partition("\n")[0], hint="see Dataset.sql for the tables"
                ) from error

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        rows = self.release.rows
        return f"<Dataset {self.folder.name}: {rows.get('reports', 0)} reports, {rows.get('facts', 0)} cells>"


def open_dataset(out: Path | str, *, threads: int | None = None, verify: bool = False) -> Dataset:
    """Open a finished dataset.

    Args:
        out: the folder that holds ``release.json``.
        threads: how many DuckDB may use; all cores by default.
        verify: compare the sha256 of every file, not only its size.

    Raises:
        InputMissing: there is no ``release.json``.
        BrokenRelease: a file it lists is missing or has changed.
    """
    folder = Path(out)
    release = read_release(folder)
    check_files(folder, release, content=verify)
    return Dataset(folder, release, threads)


def several(given: Some) -> list[object]:
    """One value or several, as a list.

    Example:
        >>> several(2024), several(["a", "b"]), several("ab")
        ([2024], ['a', 'b'], ['ab'])
    """
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        return [*given]
    return [given]


def _asked(wanted: Mapping[str, list[object]], documents: str, sources: Sources, locators: bool) -> Asked:
    """What conditions on the columns of facts mean for the files."""
    cells = [c for name in sources.wide for c in places(name).values() if _fits(c, wanted)]
    few = "item" in wanted and len(wanted["item"]) <= _FEW
    return Asked(
        cells=by_item(cells) if few else by_section(cells),
        documents=documents,
        sparse=" AND ".join(one_of(name, values) for name, values in wanted.items()) or "true",
        plain_too="reported" in wanted.get("state", ["reported"]),
        locators=locators,
    )


def _fits(cell: Place, wanted: Mapping[str, list[object]]) -> bool:
    return all(getattr(cell, name) in values for name, values in wanted.items() if name != "state")

"""A report as read: its facts, checks and issues as frames, the form as printed, and how it shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, overload

import pandas as pd

from gxstats.dataset.frames import frame, stack
from gxstats.dataset.revisions import with_revisions
from gxstats.dataset.tidy import tidy
from gxstats.model import Check, Fact, Issue, Key, Locator, Prose, Statement, Unmatched
from gxstats.schema import form as get_form
from gxstats.schema import forms

Lang = Literal["zh", "en"]


@dataclass(frozen=True)
class Report:
    """One published report, read.

    Attributes:
        meta: document_id, source, title, agency, year, forms, url, sha256, fetched_at, media_type.
        fact_rows: the facts as named tuples, in print order.
        check_rows: the identities tried, as named tuples.
        issue_rows: what a person should know.
        prose_rows: text outside tables.
        unmatched: rows that no label matches.
        corrected: what was read of the cells that a reviewed correction has changed.
        statement_rows: figures that its sentences state.
    """

    meta: Mapping[str, Any]
    fact_rows: tuple[Fact, ...] = ()
    check_rows: tuple[Check, ...] = ()
    issue_rows: tuple[Issue, ...] = ()
    prose_rows: tuple[Prose, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    corrected: Mapping[Key, str] = field(default_factory=dict)
    statement_rows: tuple[Statement, ...] = ()
    _cells: dict[tuple[str, str, str], Fact] = field(default_factory=dict, repr=False, compare=False)

    @property
    def document_id(self) -> str:
        """First 16 hex digits of the sha256, a dot, the ordinal of the report in its file."""
        return str(self.meta["document_id"])

    @cached_property
    def facts(self) -> pd.DataFrame:
        """One row per cell of the form: see the data dictionary for the columns."""
        rows = self.fact_rows
        columns = _by_column(rows, Fact._fields)
        places = _places(columns.pop("at"))
        columns["corrected_from"] = [self.corrected.get(r.key) for r in rows] if self.corrected else []
        return frame("facts", columns | self._ids(len(rows)) | places)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """One row per identity and place: both sides, status and cause."""
        return frame("checks", self.columns("checks"))

    def columns(self, name: str) -> dict[str, Sequence[Any]]:
        """The values of one of the tables of a report by column, for a store that needs no frame.

        Args:
            name: ``checks``, ``issues``, ``prose``, ``statements``, ``unmatched_rows`` or ``reports``.

        Example:
            >>> Report({"document_id": "0.1"}).columns("reports")
            {'document_id': ['0.1']}
        """
        if name == "reports":
            return {key: [value] for key, value in self.meta.items()}
        made = {
            "checks": self._checks,
            "issues": self._issues,
            "prose": self._prose,
            "statements": self._statements,
            "unmatched_rows": self._unmatched_rows,
        }
        return made[name]()

    def _checks(self) -> dict[str, Sequence[Any]]:
        rows = self.check_rows
        columns = _by_column(rows, Check._fields)
        columns["difference"] = [None if r.lhs is None or r.rhs is None else r.lhs - r.rhs for r in rows]
        columns["operands"] = [" ".join(f"{i}/{m}" for _, i, m in r.operands) for r in rows]
        return columns | self._ids(len(rows))

    @cached_property
    def issues(self) -> pd.DataFrame:
        """What a person should know about reading this document."""
        return frame("issues", self.columns("issues"))

    def _issues(self) -> dict[str, Sequence[Any]]:
        rows = self.issue_rows
        columns: dict[str, Sequence[Any]] = {
            n: [getattr(r, n) or None for r in rows] for n in ("level", "code", "message", "hint")
        }
        columns["source"] = [self.meta.get("source")] * len(rows)
        return columns | self._ids(len(rows)) | _places([r.at for r in rows])

    @cached_property
    def prose(self) -> pd.DataFrame:
        """Text outside tables, by section of the report."""
        return frame("prose", self.columns("prose"))

    def _prose(self) -> dict[str, Sequence[Any]]:
        rows = self.prose_rows
        columns: dict[str, Sequence[Any]] = {
            "section": [r.section for r in rows],
            "text": [r.text for r in rows],
        }
        return columns | self._ids(len(rows)) | _places([r.at for r in rows])

    @cached_property
    def statements(self) -> pd.DataFrame:
        """Figures that the sentences of the report state, each with its words and their place."""
        return frame("statements", self.columns("statements"))

    def _statements(self) -> dict[str, Sequence[Any]]:
        rows = self.statement_rows
        columns = _by_column(rows, Statement._fields)
        places = _places(columns.pop("at"))
        columns["scope"] = [r.scope or self.meta.get("scope") for r in rows]
        columns["place"] = ["prose"] * len(rows)
        said_by = {"body": "agency", "division": "division", "year": "year", "url": "url"}
        columns |= {n: [self.meta.get(known)] * len(rows) for n, known in said_by.items()}
        return columns | self._ids(len(rows)) | places

    @cached_property
    def unmatched_rows(self) -> pd.DataFrame:
        """Rows of the form's tables that no label matches, with their raw cells."""
        return frame("unmatched_rows", self.columns("unmatched_rows"))

    def _unmatched_rows(self) -> dict[str, Sequence[Any]]:
        rows = self.unmatched
        columns: dict[str, Sequence[Any]] = {"section": [r.section for r in rows]}
        columns["cells"] = [json.dumps(r.cells, ensure_ascii=False) for r in rows]
        return columns | self._ids(len(rows)) | _places([r.at for r in rows])

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row: the report's line of the ``reports`` table."""
        return frame("reports", {k: [v] for k, v in self.meta.items()})

    def fact(self, section: str, item: str, measure: str) -> Fact | None:
        """One fact as a named tuple, None if the form of this report has no such cell.

        Example:
            >>> Report({"document_id": "0.1"}).fact("disputes", "review", "total") is None
            True
        """
        if not self._cells:
            self._cells.update({f.key: f for f in self.fact_rows})
        return self._cells.get((section, item, measure))

    def table(self, section: str, lang: Lang = "zh") -> pd.DataFrame:
        """One section as the form prints it: labels by columns, cells as printed.

        Args:
            section: ``disclosure``, ``applications`` or ``disputes``.
            lang: language of the labels, ``zh`` or ``en``.

        Returns:
            A frame of objects: int, Decimal, the raw text of what is no figure, or None where
            nothing is known.

        Raises:
            UnknownField: no form has such a section.
        """
        from gxstats.display import printed_table

        return printed_table(self, section, lang)

    def page_image(self, page: int, data: bytes | None = None, resolution: int = 150) -> Any:
        """A page of a PDF report with the cells of its facts outlined.

        Args:
            page: page number from 1, as in the facts.
            data: the bytes of the PDF, if the file it was read from is not at hand.
            resolution: dots per inch.

        Returns:
            A ``pdfplumber`` page image: shows in notebooks, ``.save(path)`` writes it.

        Raises:
            UnsupportedFormat: the report was not read from a PDF.
            InputMissing: the file is gone or has changed, and no ``data`` is given.
            UnknownField: the document has no such page.
        """
        from gxstats.page_image import page_image

        return page_image(self, page, data, resolution)

    def _repr_html_(self) -> str:
        from gxstats.display import html_of

        return html_of(self)

    def __str__(self) -> str:
        from gxstats.display import line_of

        return line_of(self)

    def _ids(self, length: int) -> dict[str, Sequence[Any]]:
        return {"document_id": [self.meta.get("document_id")] * length}


def _by_column(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> dict[str, Sequence[Any]]:
    """Rows of named tuples as columns."""
    return (
        dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {n: [] for n in names}
    )


def _places(places: Sequence[Locator]) -> dict[str, Sequence[Any]]:
    return _by_column(places, Locator._fields)


@dataclass(frozen=True)
class Reports(Sequence[Report]):
    """Several reports, in the order they were given, with their tables stacked.

    Behaves as a sequence of :class:`Report`; ``facts``, ``checks``, ``issues``, ``prose``,
    ``statements``, ``unmatched_rows`` and ``reports`` are frames over all of them.
    """

    items: tuple[Report, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Report: ...
    @overload
    def __getitem__(self, index: slice) -> Reports: ...
    def __getitem__(self, index: int | slice) -> Report | Reports:
        return Reports(self.items[index]) if isinstance(index, slice) else self.items[index]

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Facts of all reports."""
        return stack("facts", [r.facts for r in self.items])

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Checks of all reports."""
        return stack("checks", [r.checks for r in self.items])

    @cached_property
    def issues(self) -> pd.DataFrame:
        """Issues of all reports, and of inputs that could not be read."""
        return stack("issues", [r.issues for r in self.items])

    @cached_property
    def prose(self) -> pd.DataFrame:
        """Text outside tables of all reports."""
        return stack("prose", [r.prose for r in self.items])

    @cached_property
    def statements(self) -> pd.DataFrame:
        """Figures that the sentences of all reports state."""
        return stack("statements", [r.statements for r in self.items])

    @cached_property
    def unmatched_rows(self) -> pd.DataFrame:
        """Unmatched rows of all reports."""
        return stack("unmatched_rows", [r.unmatched_rows for r in self.items])

    @cached_property
    def reports(self) -> pd.DataFrame:
        """One row per report that was read from a file."""
        return with_revisions(stack("reports", [r.summary for r in self.items if r.meta.get("sha256")]))

    def tidy(self, *, lang: Lang | None = None, warn: bool = True) -> pd.DataFrame:
        """Facts joined with the identity of their report: :func:`gxstats.tidy` of these reports."""
        return tidy(self, lang=lang, warn=warn)

    def _repr_html_(self) -> str:
        from gxstats.display import html_of_many

        return html_of_many(self)


def label(section: str, code: str, lang: Lang = "zh", form: str | None = None) -> str:
    """The label of an item or measure, in the given form or in the newest that has it.

    Example:
        >>> label("applications", "refused.state_secret"), label("disputes", "upheld", "en")
        ('属于国家秘密', 'upheld')
    """
    for edition in [get_form(form)] if form else forms():
        for part in edition.sections:
            if part.section == section:
                for item, measure in part.cells():
                    if code == item.item:
                        return str(getattr(item, lang))
                    if code == measure.measure:
                        return str(getattr(measure, lang))
    return code

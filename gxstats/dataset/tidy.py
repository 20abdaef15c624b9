"""Facts joined with the identity of their reports: one wide row per cell."""

from __future__ import annotations

from typing import Any, Protocol, cast

import pandas as pd

from gxstats.dataset.order import Lang, label_of, ordered
from gxstats.dataset.usage import attach, hazards
from gxstats.errors import UnknownField

_CELL = ["document_id", "section", "item", "measure"]


class Tables(Protocol):
    """What has facts and reports as frames, such as :class:`gxstats.Reports`."""

    @property
    def facts(self) -> pd.DataFrame:
        """One row per cell."""

    @property
    def reports(self) -> pd.DataFrame:
        """One row per report."""


class Stored(Protocol):
    """What reads its facts when asked, such as :class:`gxstats.Dataset`."""

    def facts(self) -> pd.DataFrame:
        """One row per cell."""

    @property
    def reports(self) -> pd.DataFrame:
        """One row per report."""


Source = pd.DataFrame | Tables | Stored


def tidy(
    source: Source, reports: pd.DataFrame | None = None, *, lang: Lang | None = None, warn: bool = True
) -> pd.DataFrame:
    """Join facts with the identity of their reports.

    Args:
        source: :class:`gxstats.Reports`, :class:`gxstats.Dataset`, or a frame of facts.
        reports: the frame of reports, if ``source`` is a frame.
        lang: add the columns ``section_label``, ``item_label`` and ``measure_label`` in this language,
            as the form of the row prints them.
        warn: show usage warnings; they are in ``attrs["warnings"]`` in any case.

    Returns:
        One row per cell, each document once: the columns of ``reports``, then those of ``facts``.
        ``section``, ``item`` and ``measure`` are ordered categoricals in form order.

    Raises:
        UnknownField: ``source`` is a frame of facts without their reports.

    Warns:
        UsageWarning: the table invites a mistake.

    Example:
        >>> import gxstats as gx
        >>> table = gx.tidy(gx.load_published(), lang="en", warn=False)
        >>> table.loc[table.item == "carried_out", "item_label"].unique().tolist()
        ['carried to next year']
    """
    table = joined(source, reports)
    if lang is not None:
        _add_labels(table, lang)
    return attach(table, hazards(table), lang, warn)


def _add_labels(table: pd.DataFrame, lang: Lang) -> None:
    """The labels beside the codes, as the form of each row prints them."""
    keys = table[["form", "section", "item", "measure"]].astype(object)
    rows = [(None if pd.isna(f) else str(f), s, i, m) for f, s, i, m in keys.itertuples(index=False)]
    labels = {
        "section_label": [label_of(f, s, s, lang) for f, s, _, _ in rows],
        "item_label": [label_of(f, s, i, lang) for f, s, i, _ in rows],
        "measure_label": [label_of(f, s, m, lang) for f, s, _, m in rows],
    }
    at = cast(int, table.columns.get_loc("measure")) + 1
    for offset, (name, texts) in enumerate(labels.items()):
        table.insert(at + offset, name, pd.Series(texts, index=table.index, dtype="string"))


def joined(source: Source, reports: pd.DataFrame | None = None) -> pd.DataFrame:
    """Facts with the columns of their reports; codes are ordered, every document comes once.

    Raises:
        UnknownField: the columns of the reports are neither there nor given.
    """
    facts, known = facts_and_reports(source, reports)
    if known is None:
        if "year" not in facts.columns:
            raise UnknownField(
                "these are facts without their reports", hint="give the frame of reports as well"
            )
        table = facts.copy()
    else:
        identity = known.rename(columns={"forms": "report_forms"}).drop_duplicates("document_id")
        # The same bytes read twice are one document: its cells must not count twice.
        table = identity.merge(
            facts.drop_duplicates(_CELL), on="document_id", how="right", validate="one_to_many"
        )
    for part in ("section", "item", "measure"):
        table[part] = ordered(table[part], part)
    table.attrs = {**facts.attrs, "table": "tidy"}
    return table


def facts_and_reports(
    source: Source, reports: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The two frames of whatever a public function was given; no reports if none are known."""
    if isinstance(source, pd.DataFrame):
        return source, reports
    given: Any = source
    # A single report has a `summary` where a set of reports has `reports`.
    known = reports if reports is not None else getattr(given, "reports", None)
    facts = given.facts() if callable(given.facts) else given.facts
    return facts, given.summary if known is None else known

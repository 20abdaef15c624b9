"""What an export holds, of reports in memory or a dataset on disk: small tables, and facts in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from gxstats.dataset.frames import stack
from gxstats.dataset.order import columns_of, label_of
from gxstats.dataset.revisions import with_revisions
from gxstats.dataset.tables import table
from gxstats.errors import UnknownField
from gxstats.schema import forms, section_names

if TYPE_CHECKING:
    from gxstats.dataset.store import Dataset
    from gxstats.report import Report, Reports

COLLECTED = ("reports", "checks", "issues", "prose", "unmatched_rows")
_AT_ONCE = 500_000
"""Up to so many cells are one batch."""
_PARTS = ("wide_", "sparse", "locators")


class Batches(Protocol):
    """Gives facts in batches."""

    def __call__(self, *, locators: bool = True) -> Iterator[pd.DataFrame]:
        """The batches, with or without the places of the cells."""


@dataclass(frozen=True)
class Content:
    """What is exported.

    Attributes:
        tables: name -> frame, ``reports`` first; each document stands in ``reports`` once.
        facts: gives the facts by document; those of a large dataset in batches, one for each year in order,
            undated last. ``locators=False`` may leave out where the cells stand.
        versions: name -> version of what made the data; empty if it is not known.
    """

    tables: Mapping[str, pd.DataFrame]
    facts: Batches
    versions: Mapping[str, str]

    @property
    def reports(self) -> pd.DataFrame:
        """One row per report."""
        return self.tables["reports"]


def content_of(source: Dataset | Reports | Report) -> Content:
    """What there is to export.

    Raises:
        UnknownField: it is neither a dataset nor reports.

    Example:
        >>> import gxstats as gx
        >>> content = content_of(gx.read_report(gx.sample_files()[0]))
        >>> list(content.tables)[:3], [len(batch) for batch in content.facts()]
        (['reports', 'checks', 'issues'], [176])
    """
    from gxstats.dataset.store import Dataset

    if isinstance(source, Dataset):
        return _of_dataset(source)
    # Reports are told by what they have, for `gxstats.report` builds on this package.
    given: Any = source
    if hasattr(given, "fact_rows"):
        return _of_reports([given])
    if hasattr(given, "items") and hasattr(given, "reports"):
        return _of_reports(given)
    raise UnknownField(
        f"a {type(source).__name__} cannot be exported",
        hint="give a Dataset, Reports or a Report; gx.write writes a frame",
    )


def _of_dataset(dataset: Dataset) -> Content:
    names = [*COLLECTED, "across", *(n for n in dataset.names if n not in (*COLLECTED, "across", "facts"))]
    tables = {name: dataset.table(name) for name in names if not name.startswith(_PARTS)}
    tables["reports"] = tables["reports"].drop_duplicates("document_id")
    years = sorted(int(year) for year in tables["reports"]["year"].dropna().unique())

    def facts(*, locators: bool = True) -> Iterator[pd.DataFrame]:
        if dataset.release.rows.get("facts", 0) <= _AT_ONCE:
            yield dataset.facts(locators=locators)
            return
        for year in years:
            yield dataset.facts(year=year, locators=locators)
        if tables["reports"]["year"].isna().any():
            query = "SELECT facts.* FROM facts JOIN reports USING (document_id) WHERE reports.year IS NULL"
            yield in_order(dataset.sql(query))

    return Content(tables, facts, dataset.release.versions)


def _of_reports(given: Iterable[Report]) -> Content:
    from gxstats.version import __version__

    # The same bytes read twice are one document; what could not be read at all has only its issues.
    once: dict[Any, Report] = {}
    for place, report in enumerate(given):
        once.setdefault(report.meta.get("document_id") or place, report)
    reports = [*once.values()]
    known = stack("reports", [r.summary for r in reports if r.meta.get("sha256")])
    tables = {name: stack(name, [getattr(r, name) for r in reports]) for name in COLLECTED[1:]}

    def facts(*, locators: bool = True) -> Iterator[pd.DataFrame]:
        yield in_order(stack("facts", [report.facts for report in reports]))

    return Content({"reports": with_revisions(known)} | tables, facts, {"gxstats": __version__})


def in_order(facts: pd.DataFrame) -> pd.DataFrame:
    """Facts by document, and in the order of the form, as a dataset gives them."""
    ranks = cell_ranks()
    keys = zip(facts["section"], facts["item"], facts["measure"], strict=True)
    rank = pd.Series([ranks.get(key, len(ranks)) for key in keys], index=facts.index)
    return (
        facts.assign(_rank=rank)
        .sort_values(["document_id", "_rank"], kind="stable")
        .drop(columns="_rank")
        .reset_index(drop=True)
    )


def cell_ranks() -> dict[tuple[str, str, str], int]:
    """(section, item, measure) -> its place among the cells of all forms."""
    editions = tuple(f.form for f in forms())
    cells = [(s, i, m) for s in section_names() for i, m in columns_of(s, editions)]
    return {cell: place for place, cell in enumerate(cells)}


def labels() -> pd.DataFrame:
    """Every cell of every form with its labels: what the codes of the facts stand for.

    Example:
        >>> labels().query("item == 'carried_out' and form == 'f2021'").item_en.unique().tolist()
        ['carried to next year']
    """
    rows = [
        {
            "form": edition.form,
            "section": part.section,
            "item": item.item,
            "measure": measure.measure,
            "place": place,
            "number": item.number or None,
            "kind": measure.kind,
            "unit": measure.unit,
            **{
                f"{name}_{lang}": label_of(edition.form, part.section, code, lang)
                for lang in ("zh", "en")
                for name, code in (
                    ("section", part.section),
                    ("item", item.item),
                    ("measure", measure.measure),
                )
            },
        }
        for edition in forms()
        for part in edition.sections
        for place, (item, measure) in enumerate(part.cells(), 1)
    ]
    return (
        pd.DataFrame(rows)
        .astype({"place": "Int64"})
        .astype(dict.fromkeys(["form", "section", "item", "measure", "number", "kind", "unit"], "string"))
    )


def described(name: str, column: str) -> dict[str, str]:
    """What a column of a table means, in both languages; empty if nobody says."""
    try:
        found = next((c for c in table(name).columns if c.column == column), None)
    except UnknownField:
        found = None
    return {"zh": found.zh, "en": found.en} if found else {}

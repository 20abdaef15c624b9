"""Figures that the form does not print: the sums of its groups of outcomes.

Subtotals of （三）不予公开, （四）无法提供, （五）不予处理 and （六）其他处理 are not printed. They are
sums of the rows of the group, known only if every row is: printed, or proved by the form's arithmetic.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from gxstats.dataset.tidy import Source, facts_and_reports
from gxstats.schema import forms
from gxstats.schema.quantity import members

_BY = ["document_id", "form", "section", "item", "measure"]


@cache
def group_members() -> pd.DataFrame:
    """The items of every group of every form: form, section, group, item, parts (how many there are).

    Example:
        >>> sizes = group_members().drop_duplicates(["form", "group"]).set_index(["form", "group"]).parts
        >>> int(sizes["f2021", "other"]), int(sizes["f2019", "other"])
        (3, 1)
    """
    rows = [
        (edition.form, part.section, group.group, item, len(items))
        for edition in forms()
        for part in edition.sections
        for group in part.groups
        for items in [members(edition.form, part.section, group.group)]
        for item in items
    ]
    return pd.DataFrame(rows, columns=["form", "section", "group", "item", "parts"])


def groups(source: Source) -> pd.DataFrame:
    """Add up the groups of outcomes (refused, unable, not_processed, other) of every report.

    Args:
        source: :class:`gxstats.Reports`, or a frame of facts.

    Returns:
        One row per report, group (``item``) and column. ``value`` is null if any of the ``parts`` is
        ``unknown``; ``implied`` counts those that are proved, not printed; ``derived`` is false where the
        form prints the row itself, as f2019 does for ``other``.

    Example:
        >>> import gxstats as gx
        >>> table = groups(gx.load_published().facts)
        >>> suqian = table[(table.item == "refused") & (table.measure == "total")].set_index("document_id")
        >>> 142 in suqian.value.tolist()
        True
    """
    facts, _ = facts_and_reports(source, None)
    cells = facts[["document_id", "form", "section", "item", "measure", "value", "implied"]].astype(
        dict.fromkeys(["section", "item", "measure"], "string")
    )
    rows = cells.drop_duplicates(_BY).merge(
        group_members().astype({"parts": "Int64"}), on=["form", "section", "item"]
    )
    rows["number"] = rows["value"].fillna(rows["implied"])
    rows["proved"] = (rows["value"].isna() & rows["implied"].notna()).astype("Int64")
    rows["derived"] = rows["group"].ne(rows["item"])
    rows = rows.drop(columns="item").rename(columns={"group": "item"})
    table = rows.groupby(_BY, as_index=False, sort=False, observed=True).agg(
        value=("number", "sum"),
        implied=("proved", "sum"),
        seen=("number", "count"),
        parts=("parts", "first"),
        derived=("derived", "first"),
    )
    table["unknown"] = (table["parts"] - table["seen"]).astype("Int64")
    table["value"] = table["value"].astype("Int64").mask(table["unknown"] > 0)
    table["derived"] = table["derived"].astype("boolean")
    return table[[*_BY, "value", "implied", "unknown", "parts", "derived"]]

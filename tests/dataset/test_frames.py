"""Tidy and wide tables, derived groups, and the warnings that go with them."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import gxstats as gx


@pytest.fixture(scope="module")
def published() -> gx.Reports:
    return gx.load_published()


@pytest.fixture(scope="module")
def ids(published: gx.Reports) -> pd.Series:
    return published.reports.set_index("source").document_id


def named(df: pd.DataFrame) -> list[str]:
    return [warning["name"] for warning in df.attrs["warnings"]]


def test_tidy_has_one_row_per_cell_with_its_report(published: gx.Reports) -> None:
    table = gx.tidy(published, warn=False)
    assert len(table) == len(published.facts)
    pd.testing.assert_frame_equal(table, gx.tidy(published.facts, published.reports, warn=False))
    pd.testing.assert_frame_equal(table, published.tidy(warn=False))
    row = table[(table.source == "suqian-2024") & (table.item == "received") & (table.measure == "total")]
    assert row[["agency", "year", "scope", "value"]].values.tolist() == [
        ["宿迁市人民政府", 2024, "summary", 3525]
    ]


def test_codes_are_ordered_as_the_form_prints_them(published: gx.Reports) -> None:
    table = gx.tidy(published, warn=False)
    items = list(table.item.cat.categories)
    assert table.item.cat.ordered
    printed = [
        item.item for section in gx.form("f2021").sections for block in section.blocks for item in block.items
    ]
    assert [item for item in items if item in printed] == printed
    assert items.index("unable.not_held") < items.index("other") < items.index("outcome_total")
    assert list(table.section.cat.categories)[:3] == ["disclosure", "applications", "disputes"]
    shuffled = table.sample(frac=1, random_state=0).sort_values(["document_id", "section", "item", "measure"])
    applications = shuffled[(shuffled.source == "suqian-2024") & (shuffled.section == "applications")]
    assert applications.item.drop_duplicates().tolist() == [i for i in printed if i in set(applications.item)]


def test_labels_are_those_of_the_form_of_the_row(published: gx.Reports) -> None:
    zh = gx.tidy(published, lang="zh", warn=False)
    rows = zh[(zh.item == "normative_documents")].drop_duplicates("form").set_index("form")
    assert rows.item_label.to_dict() == {"f2021": "行政规范性文件", "f2019": "规范性文件"}
    en = gx.tidy(published, lang="en", warn=False)
    assert en[(en.item == "review") & (en.measure == "upheld")].item_label.iloc[0] == "administrative review"
    assert en.section_label.iloc[0] == "Applications received and handled"


def test_the_same_document_twice_counts_once(published: gx.Reports) -> None:
    twice = gx.Reports((published[0], published[0]))
    assert len(gx.tidy(twice, warn=False)) == len(published[0].facts)
    assert len(gx.wide(twice, "applications", warn=False)) == 1


def test_a_single_report_will_do(published: gx.Reports) -> None:
    assert gx.tidy(published[0], warn=False).agency.unique().tolist() == ["平潭综合实验区管委会"]


def test_facts_without_their_reports_are_an_error(published: gx.Reports) -> None:
    with pytest.raises(gx.UnknownField, match="without their reports"):
        gx.tidy(published.facts)


def test_hazards_are_named_kept_and_shown_once(published: gx.Reports) -> None:
    with pytest.warns(gx.UsageWarning) as shown:
        table = gx.tidy(published)
    assert len(shown) == 1
    assert shown[0].filename == __file__
    assert named(table) == ["aggregation", "form_break", "scope_mix", "nested"]
    assert "320800 > 320813" in str(shown[0].message)
    assert all(warning["zh"] and warning["en"] for warning in table.attrs["warnings"])


def test_hazards_are_those_of_the_table_at_hand(published: gx.Reports) -> None:
    suqian = published[7:9]
    assert named(gx.wide(suqian, "applications", warn=False)) == ["aggregation"]
    assert named(gx.wide(suqian, "disclosure", warn=False)) == []
    # Section 四 is the same table in both forms: no break.
    assert named(gx.wide(published[:7], "disputes", warn=False)) == ["aggregation"]
    assert named(gx.wide(published[:7], "applications", warn=False)) == ["aggregation", "form_break"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gx.wide(suqian, "disclosure")
        gx.tidy(published, warn=False)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("suqian-2023", (142, 1078, 406, 341)),
        ("suqian-2024", (92, 941, 117, 469)),
        ("pingtan-2020", (0, 7, 3, 4)),
    ],
)
def test_groups_are_the_sums_of_their_rows(
    published: gx.Reports, ids: pd.Series, source: str, expected: tuple[int, ...]
) -> None:
    table = gx.groups(published)
    totals = table[(table.document_id == ids[source]) & (table.measure == "total")].set_index("item")
    assert tuple(totals.value[["refused", "unable", "not_processed", "other"]]) == expected
    assert totals.parts.to_dict() == {
        "refused": 8,
        "unable": 3,
        "not_processed": 5,
        "other": 3 if source.startswith("suqian") else 1,
    }
    assert totals.derived.to_dict()["refused"] is True
    assert totals.derived["other"] == source.startswith("suqian")


def test_with_the_groups_the_outcomes_add_up(published: gx.Reports) -> None:
    table = gx.wide(published, "applications", fill=True, warn=False).set_index("document_id")
    groups = ["refused", "unable", "not_processed", "other"]
    parts = table[
        [f"derived.{group}.total" for group in groups] + ["granted.total", "granted_in_part.total"]
    ].sum(axis=1)
    off = (parts - table["outcome_total.total"])[lambda difference: difference != 0]
    assert off.to_dict() == {published[1].document_id: 6}  # pingtan-2020 prints 21 where the rows make 27


def test_a_group_with_an_unknown_part_is_unknown_and_a_proved_part_is_counted() -> None:
    def entered(**rows: str | None) -> gx.Report:
        items = ("not_held", "needs_creation", "unclear")
        values = {f"applications/unable.{i}/total": rows.get(i) for i in items}
        values |= {f"applications/unable.{i}/natural_person": "0" for i in items}
        values["applications/other.other/total"] = "1"
        return gx.enter(values, {"agency": "甲县人民政府", "year": 2023}, "x")

    unknown = gx.groups(entered(not_held="4", unclear="1"))
    total = unknown[(unknown.item == "unable") & (unknown.measure == "total")].iloc[0]
    assert pd.isna(total.value)
    assert (total.unknown, total.parts) == (1, 3)
    table = gx.wide(entered(not_held="4", unclear="1"), "applications", warn=False)
    assert table["derived.unable.total"].isna().all()
    assert table["derived.unable.natural_person"].tolist() == [0]


def test_proved_parts_count_as_known_and_are_counted(published: gx.Reports, ids: pd.Series) -> None:
    table = gx.groups(published)
    refused = table[(table.document_id == ids["shanghai-office-2019"]) & (table.item == "refused")]
    total = refused.set_index("measure").loc["total"]
    assert (total.value, total.implied, total.unknown) == (35, 8, 0)
    wide = gx.wide(published, "applications", warn=False)
    assert wide.attrs["implied"]["derived.refused.total"] == 8
    row = wide.set_index("document_id").loc[ids["shanghai-office-2019"]]
    assert row["implied"] == 103
    assert pd.isna(row["refused.state_secret.total"])
    filled = gx.wide(published, "applications", fill=True, warn=False).set_index("document_id")
    assert filled.loc[ids["shanghai-office-2019"], "refused.state_secret.total"] == 14


def test_wide_has_one_row_per_report_and_the_cells_in_form_order(published: gx.Reports) -> None:
    table = gx.wide(published[7:9], "applications", warn=False)
    cells = [f"{i.item}.{m.measure}" for i, m in gx.form("f2021").section("applications").cells()]
    assert [c for c in table.columns if c in set(cells)] == cells
    assert table[["year", "received.total", "carried_out.total"]].values.tolist() == [
        [2023, 3511, 121],
        [2024, 3525, 125],
    ]
    assert str(table["received.total"].dtype) == "Int64"
    assert table.attrs["derived"] == [c for c in table.columns if c.startswith("derived.")]
    assert len(table.attrs["derived"]) == 4 * 7


def test_wide_keeps_money_exact_and_signs(published: gx.Reports) -> None:
    table = gx.wide(published, "disclosure", warn=False).set_index(["agency", "year"])
    assert str(table.loc[("平潭综合实验区管委会", 2021), "fees.amount_10k_cny"]) == "24252.311082"
    assert str(table["fees.amount_10k_cny"].dtype).startswith("decimal128(18, 6)")
    # Both forms stand side by side, each in its own columns.
    assert table["rules.disclosed_total"].dropna().tolist() == [524]
    assert table["rules.in_force"].notna().sum() == 10


def test_wide_by_labels(published: gx.Reports) -> None:
    zh = gx.wide(published[7:8], "applications", lang="zh", warn=False)
    assert zh["本年新收政府信息公开申请数量 / 总计"].tolist() == [3511]
    assert zh["不予公开（推算合计） / 总计"].tolist() == [142]
    assert "不予公开（推算合计） / 总计" in zh.attrs["derived"]
    en = gx.wide(published[7:8], "disputes", lang="en", warn=False)
    assert en["administrative review / total"].tolist() == [440]
    assert len(set(zh.columns)) == len(zh.columns)


def test_wide_takes_facts_alone_or_a_tidy_table(published: gx.Reports) -> None:
    alone = gx.wide(published.facts, "disputes", warn=False)
    assert "agency" not in alone
    pd.testing.assert_frame_equal(
        gx.wide(published.tidy(warn=False), "disputes", warn=False),
        gx.wide(published, "disputes", warn=False),
    )
    with pytest.raises(gx.UnknownField, match="no form has a section"):
        gx.wide(published, "tables")


def test_nothing_gives_empty_tables() -> None:
    nothing = gx.Reports(())
    assert gx.tidy(nothing).empty
    assert gx.wide(nothing, "applications").empty
    assert gx.groups(nothing).empty
    assert gx.check_across(nothing).empty
    assert gx.series(nothing, "received").empty


@pytest.mark.parametrize("values", [[None, 1], [1.0, None], [pd.NA, 2], [float("nan"), 3], [True, False]])
def test_counts_become_what_pandas_makes_of_them(values: list[object]) -> None:
    built = gx.dataset.frame("unmatched_rows", {"page": values})
    pd.testing.assert_extension_array_equal(built.page.array, pd.array(values, dtype="Int64"))


@pytest.mark.parametrize("values", [[None, "规章"], [pd.NA, ""], [float("nan"), "a"], [1, "1"]])
def test_texts_become_what_pandas_makes_of_them(values: list[object]) -> None:
    built = gx.dataset.frame("unmatched_rows", {"section": values})
    pd.testing.assert_extension_array_equal(built.section.array, pd.array(values, dtype="string"))

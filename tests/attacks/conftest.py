"""Attacks that still succeed are named here with their reason; each must fail until it is repelled."""

from __future__ import annotations

import pytest

SUCCEED = {
    "test_flattened.py::test_a_fourth_procedure[spaces-behind-False-('review',)]": "blank cells of a text are lost",
    "test_flattened.py::test_legal_persons_before_natural_persons[spaces]": "heads of a text stand on other lines",
    "test_flattened.py::test_legal_persons_before_natural_persons[lines]": "heads of a text stand on other lines",
    "test_flattened.py::test_lawsuits_before_the_review[lines-pair0]": "one head per line has no order",
    "test_flattened.py::test_results_in_another_order[lines-measures0]": "one head per line has no order",
    "test_flattened.py::test_a_short_table_of_ones_own_and_the_full_one_of_another_body[spaces": "one table in a text",
    "test_flattened.py::test_a_short_table_of_ones_own_and_the_full_one_of_another_body[lines": "one table in a text",
    "test_mutations.py::test_a_careless_hand[10% blank-a blank inserted-applications]": "a blank among blanks",
    "test_tables.py::test_the_same_table_of_last_year_or_of_another_body[（二）某某街道办事处-False": "another body's name",
    "test_tables.py::test_figures_merged_over_columns[1-2]": "spans of word processors are not relied on",
    "test_text.py::test_this_year_and_last_year_in_one_figure": "two figures in one word",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        node = item.nodeid.encode().decode("unicode_escape") if "\\u" in item.nodeid else item.nodeid
        for name, reason in SUCCEED.items():
            if f"tests/attacks/{name}" in node:
                item.add_marker(pytest.mark.xfail(strict=True, reason=reason))

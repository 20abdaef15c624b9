"""Attacks that still succeed are named here with their reason; each must fail until it is repelled."""

from __future__ import annotations

import pytest

FLAT, TABLES = "test_flattened.py::test_", "test_tables.py::test_"
SHORT = "a_short_table_of_ones_own_and_the_full_one_of_another_body"
LAST = "the_same_table_of_last_year_or_of_another_body"
SUCCEED = {
    f"{FLAT}a_fourth_procedure[spaces-behind-False-('review',)]": "blank cells of a text are lost",
    f"{FLAT}legal_persons_before_natural_persons[spaces]": "heads of a text stand on other lines",
    f"{FLAT}legal_persons_before_natural_persons[lines]": "heads of a text stand on other lines",
    f"{FLAT}lawsuits_before_the_review[lines-pair0]": "one head per line has no order",
    f"{FLAT}results_in_another_order[lines-measures0]": "one head per line has no order",
    f"{FLAT}{SHORT}[spaces": "a text shows no border between two tables",
    f"{FLAT}{SHORT}[lines": "a text shows no border between two tables",
    f"{TABLES}{LAST}[（二）某某街道办事处-False": "the name of another body stands above",
    f"{TABLES}figures_merged_over_columns[1-2]": "spans of word processors are not relied on",
    "test_html_cells.py::test_marks_of_footnotes[5<small>1</small>]": "smaller digits are one number",
    "test_html_cells.py::test_marks_of_footnotes[5<font size='1'>1</font>]": "smaller digits are one number",
    "test_text.py::test_this_year_and_last_year_in_one_figure": "two figures in one word",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        node = item.nodeid.encode().decode("unicode_escape") if "\\u" in item.nodeid else item.nodeid
        for name, reason in SUCCEED.items():
            if f"tests/attacks/{name}" in node:
                item.add_marker(pytest.mark.xfail(strict=True, reason=reason))

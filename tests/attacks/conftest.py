"""Attacks that still succeed are named here with their reason; each must fail until it is repelled."""

from __future__ import annotations

import pytest

TABLES = "test_tables.py::test_"
LAST = "the_same_table_of_last_year_or_of_another_body"
SUCCEED = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        node = item.nodeid.encode().decode("unicode_escape") if "\\u" in item.nodeid else item.nodeid
        for name, reason in SUCCEED.items():
            if f"tests/attacks/{name}" in node:
                item.add_marker(pytest.mark.xfail(strict=True, reason=reason))

"""The data dictionary says what the data files say."""

from __future__ import annotations

from pathlib import Path

import gxstats as gx
from gxstats.dataset import tables
from gxstats.dataset.dictionary import dictionary


def test_the_data_dictionary_is_current() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"
    # If this fails: python -m gxstats.dataset.dictionary
    assert page.read_text(encoding="utf-8") == dictionary()


def test_it_names_every_column_field_and_rule_in_both_languages() -> None:
    text = dictionary()
    for spec in tables():
        assert f"### `{spec.table}`\n\n{spec.en}. {spec.zh}。" in text
        for column in spec.columns:
            assert f"| `{column.column}` | {column.type} |" in text
    for edition in gx.forms():
        for section in edition.sections:
            for item, measure in section.cells():
                assert f"| `{item.item}` | {item.number} | {item.en} | {item.zh} |" in text
                assert f"| `{measure.measure}` | {measure.kind} |" in text
        for identity in edition.identities:
            assert f"| `{identity.id}` | `{identity.section}` |" in text
    for word in ("X-CARRY", "X-STOCK", "X-ITEMS", "H-SUM", "form_break", "received_and_handled"):
        assert f"`{word}`" in text

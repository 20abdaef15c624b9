"""Tables written out are exact, and read back as what they were."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import gxstats as gx
from gxstats.dataset import frame
from gxstats.dataset.export.single import as_csv, as_json

AMOUNTS = ["24252.311082", "0.000001", "100", "0", "-12.5", "999999999999.999999"]


def money() -> pd.DataFrame:
    count = len(AMOUNTS)
    return frame("facts", {"amount": [Decimal(text) for text in AMOUNTS], "raw": ['a\r\nb,"c"'] * count})


def test_csv_keeps_every_decimal() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(money()).decode(), newline="")))
    assert [row["amount"] for row in rows] == AMOUNTS
    assert {row["raw"] for row in rows} == {'a\r\nb,"c"'}


def test_json_keeps_every_decimal() -> None:
    assert [row["amount"] for row in json.loads(as_json(money()))] == AMOUNTS


def test_large_counts_stay_whole() -> None:
    table = frame("facts", {"value": [2**53 + 1, None]})
    assert [row["value"] for row in json.loads(as_json(table))] == [2**53 + 1, None]
    assert str(2**53 + 1) in as_csv(table).decode()


def test_parquet_keeps_types(tmp_path: Path) -> None:
    gx.write(money(), tmp_path / "a.parquet")
    assert pd.read_parquet(tmp_path / "a.parquet").amount.tolist() == [Decimal(text) for text in AMOUNTS]


@pytest.mark.parametrize("name", ["facts.csv", "facts.JSON", "facts.parquet"])
def test_the_name_gives_the_format(tmp_path: Path, name: str) -> None:
    gx.write(money(), tmp_path / name)
    assert (tmp_path / name).stat().st_size > 0


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"xlsx.*csv, json and parquet"):
        gx.write(money(), tmp_path / "facts.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_table_keeps_its_heads() -> None:
    empty = frame("checks", {})
    assert as_csv(empty).decode().startswith("document_id,rule,")
    assert json.loads(as_json(empty)) == []

"""Write a table out: CSV, JSON and Parquet, exact to the last decimal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from gxstats.dataset.export.formulas import guarded_frame


def as_csv(table: pd.DataFrame) -> bytes:
    r"""The table as CSV in UTF-8: a missing value is an empty cell, money keeps its decimals.

    A text that a spreadsheet program might take for a formula has an apostrophe before it
    (:mod:`gxstats.dataset.export.formulas`).

    Example:
        >>> as_csv(pd.DataFrame({"agency": ["甲市"], "value": pd.array([None], "Int64")})).decode()
        'agency,value\n甲市,\n'
    """
    return guarded_frame(plain(table)).to_csv(index=False, lineterminator="\n").encode()


def as_json(table: pd.DataFrame) -> bytes:
    r"""The table as a JSON list of objects in UTF-8, one a line; money is text, for JSON has no decimals.

    Example:
        >>> as_json(pd.DataFrame({"agency": ["甲市"], "value": pd.array([7], "Int64")})).decode()
        '[\n{"agency": "甲市", "value": 7}\n]\n'
    """
    exact = plain(table).astype(object)
    records = exact.where(exact.notna(), None).to_dict(orient="records")
    if not records:
        return b"[]\n"
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, default=int) for record in records)
    return f"[\n{lines}\n]\n".encode()


def write(table: pd.DataFrame, path: str | Path, format: str | None = None) -> None:
    r"""Write a table to a file.

    Args:
        table: any table of gxstats.
        path: the file; it is replaced if it exists.
        format: ``csv``, ``json`` or ``parquet``; by default what the name of the file ends with.

    Raises:
        ValueError: no format is given and the name ends with none of them.
        OSError: the file cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write(pd.DataFrame({"a": [1]}), Path(folder) / "a.csv")
        ...     (Path(folder) / "a.csv").read_text()
        'a\n1\n'
    """
    path = Path(path)
    match format or path.suffix.lower().removeprefix("."):
        case "csv":
            path.write_bytes(as_csv(table))
        case "json":
            path.write_bytes(as_json(table))
        case "parquet":
            table.to_parquet(path, index=False)
        case other:
            raise ValueError(
                f"cannot tell a format from {other or path.name!r}; there are csv, json and parquet"
            )


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with money as text: ``12.5``, neither ``12.500000`` nor a binary fraction."""
    money = [name for name, kind in table.dtypes.items() if str(kind).startswith("decimal")]
    return table.assign(**{str(name): _money(table[name]) for name in money})


def _money(column: pd.Series[Any]) -> pd.Series[Any]:
    texts = [None if pd.isna(amount) else _digits(f"{amount:f}") for amount in column]
    return pd.Series(texts, index=column.index, dtype="string")


def _digits(text: str) -> str:
    # decimal(18,6) pads every amount with zeros that nobody printed.
    return text.rstrip("0").rstrip(".") if "." in text else text

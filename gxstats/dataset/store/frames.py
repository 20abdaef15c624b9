"""From Arrow to pandas without a detour through floats: counts stay whole, codes strings, money decimal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gxstats.dataset.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    import pandas as pd


def frame_of(table: Any, name: str | None = None) -> pd.DataFrame:
    """An Arrow table as a frame.

    Args:
        table: with columns of any type.
        name: the table of the data dictionary that it is; for ``attrs``.

    Returns:
        Whole numbers of any width as nullable ``Int64``, strings as ``string``, truth values as
        ``boolean``, decimals as Arrow decimals; everything else as pandas has it. Sums of whole numbers,
        which DuckDB widens to 38 digits, are ``Int64`` again unless one does not fit.

    Example:
        >>> import pyarrow as pa
        >>> frame_of(pa.table({"n": pa.array([1, None], pa.int16()), "code": ["0371", None]})).dtypes.tolist()
        [Int64Dtype(), <StringDtype(na_value=<NA>)>]
    """
    table = table.cast(_narrowed(table))
    found: pd.DataFrame = table.to_pandas(types_mapper=_dtype)
    found.attrs = {} if name is None else {"table": name, "schema_version": SCHEMA_VERSION}
    return found


def _narrowed(table: Any) -> Any:
    import pyarrow as pa

    fields = []
    for field, column in zip(table.schema, table.columns, strict=True):
        kind = field.type
        if pa.types.is_integer(kind) and kind != pa.uint64():
            kind = pa.int64()
        elif kind == pa.uint64() or (pa.types.is_decimal(kind) and kind.scale == 0 and kind.precision == 38):
            kind = pa.int64() if _fits(column) else kind
        elif pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            kind = pa.string()
        fields.append(field.with_type(kind))
    return pa.schema(fields)


def _fits(column: Any) -> bool:
    import pyarrow as pa

    try:
        column.cast(pa.int64())
    except pa.ArrowInvalid:
        return False
    return True


def _dtype(kind: Any) -> Any:
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_int64(kind):
        return pd.Int64Dtype()
    if pa.types.is_string(kind):
        return pd.StringDtype()
    if pa.types.is_boolean(kind):
        return pd.BooleanDtype()
    return pd.ArrowDtype(kind) if pa.types.is_decimal(kind) else None

"""What is to be explained, and the bytes it was read from, however they are named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from gxstats.errors import InputMissing, UnknownField
from gxstats.model import Fact, Locator

if TYPE_CHECKING:
    from gxstats.report import Report

_META = ("document_id", "source", "title", "agency", "year", "url", "sha256", "fetched_at", "media_type")


class Target(NamedTuple):
    """A fact, the report it is of (None if that is not at hand), what is known of the report, its bytes."""

    fact: Fact
    report: Report | None
    meta: Mapping[str, Any]
    data: bytes | None
    corrected_from: str | None = None


def find_fact(report: Report, item: str, measure: str, section: str | None = None) -> Fact:
    """The fact of a report with these codes.

    Args:
        report: a report.
        item: code of the row, such as ``received``.
        measure: code of the column, such as ``total``.
        section: code of the table, needed only if several have such a cell.

    Raises:
        UnknownField: the report has no such fact, or several.

    Example:
        >>> from gxstats.report import Report
        >>> find_fact(Report({}), "received", "total")
        Traceback (most recent call last):
        ...
        gxstats.errors.UnknownField: the report has no fact received/total (no facts were read from it)
    """
    fitting = [
        f for f in report.fact_rows if (f.item, f.measure) == (item, measure) and section in (None, f.section)
    ]
    if len(fitting) == 1:
        return fitting[0]
    wanted = "/".join(filter(None, (section, item, measure)))
    if fitting:
        raise UnknownField(f"several tables have a fact {wanted}", hint="name the section")
    near = sorted({f"{f.item}/{f.measure}" for f in report.fact_rows if item in (f.item, f.measure)})
    hint = (
        f"there is {', '.join(near[:12])}" if near else "the columns item and measure of its facts say which"
    )
    if not report.fact_rows:
        hint = "no facts were read from it"
    raise UnknownField(f"the report has no fact {wanted}", hint=hint)


def resolve(what: Any, report: Any, source: Any) -> Target:
    """Find fact, report and bytes.

    Args:
        what: a fact, a row of facts, or ``(report, section, item, measure)``; the section may be left out.
        report: the report, or reports, it is of.
        source: the bytes it was read from, or a path to them.

    Raises:
        UnknownField: it does not say which fact is meant.
        InputMissing: the bytes are not at hand, or are others.
    """
    if isinstance(what, tuple) and not isinstance(what, Fact):
        what, report = _named(what, report)
    if isinstance(what, Fact):
        if report is None:
            raise UnknownField("a fact alone does not say of which report it is", hint="pass report=")
        one = _one(report, None)
        return Target(what, one, one.meta, _bytes(one.meta, source), one.corrected.get(what.key))
    if not isinstance(what, pd.Series) or not {"section", "item", "measure"} <= set(what.index):
        raise UnknownField(
            f"a {type(what).__name__} is no fact", hint="pass a fact, a row of facts or of a metric"
        )
    return _of_row(what, report, source)


def _of_row(row: pd.Series, report: Any, source: Any) -> Target:
    document = _text(row.get("document_id"))
    known = None if report is None else _one(report, document)
    meta = dict(known.meta) if known else {k: row.get(k) for k in _META if not _missing(row.get(k))}
    data = _bytes(meta, source)
    if known is None and data is not None:
        known = _read_again(data, meta, document)
        if known is not None:
            meta = {**known.meta, **meta}
    corrected = _text(row.get("corrected_from"))
    return Target(_fact(row), known, meta, data, corrected)


def _named(what: tuple[Any, ...], report: Any) -> tuple[Fact, Any]:
    if what and not isinstance(what[0], str):
        report, *rest = what
    else:
        rest = list(what)
    if report is None or len(rest) not in (2, 3):
        raise UnknownField("this names no fact", hint="pass (report, section, item, measure)")
    *section, item, measure = (str(part) for part in rest)
    return find_fact(_one(report, None), item, measure, section[0] if section else None), report


def _one(report: Any, document: str | None) -> Report:
    """The one report meant: of several, the one with the document's id."""
    from gxstats.report import Report

    if isinstance(report, Report):
        if document is not None and report.document_id != document:
            raise UnknownField(f"the row is of {document}, the report is {report.document_id}")
        return report
    listed = list(report) if isinstance(report, Iterable) else []
    fitting = [r for r in listed if document is None or r.document_id == document]
    if len(fitting) != 1 and document is None:
        raise UnknownField("these are several reports", hint="pass the one that is meant")
    if not fitting:
        raise UnknownField(f"none of these reports is {document}")
    return fitting[0]  # type: ignore[no-any-return]


def _fact(row: pd.Series) -> Fact:
    values = {name: None if _missing(row.get(name)) else row[name] for name in Fact._fields if name != "at"}
    at = {name: None if _missing(row.get(name)) else row[name] for name in Locator._fields}
    at = {name: v if v is None or name == "ref" else int(v) for name, v in at.items()}
    for name in ("value", "implied"):
        number = values[name]
        values[name] = None if number is None else int(number)
    defaults = {"state": "reported", "verdict": "unconfirmed", "sums": "untested", "raw": "", "reader": ""}
    return Fact(**(values | {k: values[k] or v for k, v in defaults.items()}), at=Locator(**at))


def _read_again(data: bytes, meta: Mapping[str, Any], document: str | None) -> Report | None:
    """The report behind a row, read anew for its sums."""
    from gxstats.api import read_bytes

    name = str(meta.get("source") or "")
    hints = {"media_type": meta["media_type"]} if meta.get("media_type") else None
    if meta.get("media_type") == "text/csv":
        return None
    found = read_bytes(data, name=name, url=meta.get("url"), fetched_at=meta.get("fetched_at"), hints=hints)
    return next((r for r in found if document in (None, r.document_id)), None)


def _bytes(meta: Mapping[str, Any], source: Any) -> bytes | None:
    """The bytes of a report; None if it never had any (made by hand)."""
    expected = _text(meta.get("sha256")) or (_text(meta.get("document_id")) or "").partition(".")[0]
    if source is not None:
        data = source if isinstance(source, bytes) else _read(Path(source))
        if expected and not hashlib.sha256(data).hexdigest().startswith(expected):
            raise InputMissing(
                "these are not the bytes the report was read from",
                hint=f"their sha256 must begin with {expected[:16]}",
                where="" if isinstance(source, bytes) else str(source),
            )
        return data
    named = _text(meta.get("source"))
    if meta.get("media_type") == "text/csv":
        return _published(expected)
    if not expected or len(expected) < 16:
        return None
    if named is None:
        hint = "pass source= with the file or its bytes, or report= with the report that was read"
        raise InputMissing("the file the report was read from is not known", hint=hint)
    path = Path(named)
    if not path.is_file():
        raise InputMissing(
            "the file the report was read from is not there", hint="pass its bytes as source=", where=named
        )
    data = path.read_bytes()
    if not hashlib.sha256(data).hexdigest().startswith(expected):
        raise InputMissing(
            "the file has changed since the report was read", hint="read it again", where=named
        )
    return data


def _published(expected: str) -> bytes | None:
    """The shipped table of published figures, if it is what the facts were taken from."""
    from gxstats.paths import data_path

    data = data_path("published", "facts.csv").read_bytes()
    return data if hashlib.sha256(data).hexdigest().startswith(expected or "-") else None


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise InputMissing("there is no such file", hint="check the path", where=str(path))
    return path.read_bytes()


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _text(value: Any) -> str | None:
    return None if _missing(value) else str(value)

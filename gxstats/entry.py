"""Figures that people read: the published reports that come with gxstats, and reports entered by hand.

They go through the same checks as what a reader reads. Nothing is guessed: a figure is digits, an
empty one is a blank cell, and a field that is not given has no fact.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from gxstats.check import judge
from gxstats.errors import SchemaError, UnknownField
from gxstats.model import Field, Figure, Issue, Key, Locator
from gxstats.paths import data_path
from gxstats.report import Report, Reports
from gxstats.schema import Measure, field_keys, forms, section_names
from gxstats.version import READER

Entered = int | Decimal | str | None
"""A count, an amount of money, either of them as text (money may bear its unit), or a blank cell."""

_COUNT = re.compile(r"[+-]?\d+")
_MONEY = re.compile(r"(?P<amount>-?\d+(?:\.\d{1,6})?)\s*(?P<unit>\D*)")
_FACTS = ["report_id", "section", "item", "measure", "value"]
_META = frozenset(
    {"agency", "agency_id", "division", "division_code", "fetched_at", "form", "note", "published_on"}
    | {"scope", "sha256", "source", "title", "trust", "url", "year"}
)
_NO_ADDRESS = Issue(
    "notice",
    "no_address",
    "the address of this report was not recorded",
    hint="the title and the body name it",
)


class _Figures(NamedTuple):
    """What was entered for one report, and where each figure stands."""

    values: Mapping[Key, Entered]
    places: Mapping[Key, Locator]
    where: str


def load_published() -> Reports:
    """The real reports whose figures come with gxstats, through the same checks as any other.

    Returns:
        Reports with ``facts``, ``reports``, ``checks`` and ``issues``. ``ref`` of a fact is its line in
        ``data/published/facts.csv``, its ``reader`` is ``published``; ``source`` of a report is its name
        there. The figures are the publishers' own, errors included.

    Raises:
        SchemaError: a figure or field is faulty; names file and line.

    Example:
        >>> reports = load_published()
        >>> len(reports), reports.checks.query("status == 'fail'").rule.unique().tolist()
        (14, ['A-SUM'])
    """
    path = data_path("published", "facts.csv")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    figures = _published_figures()
    reports = []
    with data_path("published", "reports.csv").open(encoding="utf-8", newline="") as file:
        for ordinal, row in enumerate(csv.DictReader(file), 1):
            meta = {
                "document_id": f"{sha256[:16]}.{ordinal}",
                "source": row["report_id"],
                "title": row["source"].removesuffix(" (address not recorded)").strip(),
                "sha256": sha256,
                "media_type": "text/csv",
                **{name: row[name] for name in ("division_code", "division", "agency", "scope")},
                "year": int(row["year"]),
                "trust": "unknown",
            }
            notes = [_NO_ADDRESS] + [Issue("notice", "published_note", row["note"])] * bool(row["note"])
            reports.append(_report(figures[row["report_id"]], meta, "published", notes))
    return Reports(tuple(reports))


def enter(values: Mapping[Any, Entered], meta: Mapping[str, Any], reviewer: str) -> Report:
    """A report whose figures a person read and typed, through the same checks as any other.

    Args:
        values: ``(section, item, measure)`` or ``"section/item/measure"`` -> the figure as printed: an
            int, a Decimal for money, digits as text (money with its unit, if it is printed in the
            cell), or None or "" for a blank cell. Fields left out have no fact.
        meta: ``agency`` and ``year``; also columns of the table ``reports``, such as ``url`` or the
            ``sha256`` of the file that was read, ``note``, and ``form`` if the fields do not tell it.
        reviewer: who read the figures; every fact's ``reader`` names them.

    Raises:
        SchemaError: a figure is not as above, or agency, year or reviewer is missing.
        UnknownField: no form has such a field.

    Example:
        >>> row = {f"disputes/review/{m}": n for m, n in zip(("upheld", "corrected"), (10, 1))}
        >>> row |= {"disputes/review/other": 0, "disputes/review/pending": 0, "disputes/review/total": 0}
        >>> report = enter(row, {"agency": "甲县人民政府", "year": 2023}, reviewer="Li Lei")
        >>> report.checks.status.tolist()[0], report.checks.cause.tolist()[0]
        ('fail', 'publisher')
        >>> report.facts.reader[0].endswith("entered by Li Lei")
        True
    """
    reviewer = " ".join(reviewer.split())
    _refuse_gaps(meta, reviewer)
    keyed = {_key(given): value for given, value in values.items()}
    sha256 = str(meta.get("sha256") or _fingerprint(keyed, meta, reviewer))
    reader = f"entered by {reviewer}"
    identity = {"document_id": f"{sha256[:16]}.1", "source": reader, "media_type": "text/x-entered"}
    identity |= {} if meta.get("url") else {"trust": "unknown"}
    kept = {name: value for name, value in meta.items() if name not in ("form", "note")}
    notes = [Issue("notice", "entered", str(meta.get("note") or reader))]
    notes += [_NO_ADDRESS] * (not meta.get("url"))
    figures = _Figures(keyed, {}, "values")
    return _report(figures, identity | kept | {"sha256": sha256}, reader, notes, meta.get("form"))


def _refuse_gaps(meta: Mapping[str, Any], reviewer: str) -> None:
    if not reviewer:
        raise SchemaError("a hand-entered report needs the name of who read it", where="reviewer")
    if unknown := sorted(set(meta) - _META):
        hint = f"known are {', '.join(sorted(_META))}"
        raise SchemaError(f"unknown keys: {', '.join(unknown)}", hint=hint, where="meta")
    if not str(meta.get("agency") or "").strip() or not isinstance(meta.get("year"), int):
        raise SchemaError("agency (a text) and year (a whole number) are needed", where="meta")
    if meta.get("sha256") and not re.fullmatch(r"[0-9a-f]{64}", str(meta["sha256"])):
        raise SchemaError(f"{meta['sha256']!r} is no sha256", where="meta")


def _published_figures() -> dict[str, _Figures]:
    """The figures of each report of facts.csv."""
    path = data_path("published", "facts.csv")
    found: dict[str, _Figures] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _FACTS:
            raise SchemaError("the columns must be " + ", ".join(_FACTS), where=f"{path}:1")
        for row in reader:
            figures = found.setdefault(row["report_id"], _Figures({}, {}, f"{path}:{reader.line_num}"))
            key = (row["section"], row["item"], row["measure"])
            if key in figures.values:
                raise SchemaError(f"{'/'.join(key)} occurs twice", where=f"{path}:{reader.line_num}")
            figures.values[key] = row["value"]  # type: ignore[index]
            figures.places[key] = Locator(ref=f"line {reader.line_num}")  # type: ignore[index]
    return found


def _report(
    figures: _Figures, meta: Mapping[str, Any], reader: str, notes: list[Issue], edition: str | None = None
) -> Report:
    editions = _editions(figures, edition)
    fields: dict[Key, Field] = {}
    # In form order, whatever the order of entering.
    for section in section_names():
        own = {key: value for key, value in figures.values.items() if key[0] == section}
        name = editions.get(section)
        order = field_keys(name, section) if name else tuple(own)
        for key in (k for k in order if k in own):
            at = figures.places.get(key, Locator(ref="/".join(key)))
            figure = _figure(own[key], _measure(key, name), at, figures.where)
            fields[key] = Field(name, figure, structured=True, readers=(reader,))
    checked = judge(fields, READER)
    unsure = [
        Issue("warning", "form_unknown", f"section {section} is the same in several forms")
        for section, name in editions.items()
        if name is None
    ]
    said = " ".join(f"{section}={name}" for section, name in editions.items() if name)
    issues = (*notes, *unsure, *checked.issues)
    return Report({**meta, "forms": said or None}, checked.facts, checked.checks, issues)


def _editions(figures: _Figures, edition: str | None) -> dict[str, str | None]:
    """The form of each section: the only one that has its fields, else that of the other sections."""
    fitting: dict[str, list[str]] = {}
    for section in section_names():
        own = {key for key in figures.values if key[0] == section}
        if own:
            fitting[section] = [
                f.form
                for f in forms()
                if any(s.section == section for s in f.sections)
                and own <= set(field_keys(f.form, section))
                and edition in (None, f.form)
            ]
            if not fitting[section]:
                raise UnknownField(
                    f"no single form has all these fields of section {section}",
                    hint=edition or "",
                    where=figures.where,
                )
    told = {names[0] for names in fitting.values() if len(names) == 1}
    shared = told.pop() if len(told) == 1 else None
    return {
        s: names[0] if len(names) == 1 else shared if shared in names else None
        for s, names in fitting.items()
    }


def _measure(key: Key, edition: str | None) -> Measure:
    for candidate in forms():
        if edition in (None, candidate.form) and any(s.section == key[0] for s in candidate.sections):
            for item, measure in candidate.section(key[0]).cells():
                if (item.item, measure.measure) == key[1:]:
                    return measure
    raise UnknownField(f"no form has {'/'.join(key)}")


def _figure(value: Entered, measure: Measure, at: Locator, where: str) -> Figure:
    """What was entered, strictly: digits, money with at most six decimals, or nothing."""
    if isinstance(value, bool) or not (value is None or isinstance(value, int | Decimal | str)):
        raise SchemaError(
            f"{value!r} is neither an int, a Decimal, a text nor None",
            hint="no floats: money is exact",
            where=f"{where} {at}",
        )
    text = f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value).strip()
    if not text:
        return Figure("blank", at=at, exact=True)
    if measure.kind == "money":
        match = _MONEY.fullmatch(text)
        if match:
            unit = match["unit"].strip() or measure.unit
            return Figure("reported", None, Decimal(match["amount"]), unit, text, at, exact=True)
    elif _COUNT.fullmatch(text) and (measure.kind == "signed" or int(text) >= 0):
        return Figure("reported", int(text), raw=text, at=at, exact=True)
    raise SchemaError(
        f"{text!r} is no {measure.kind}", hint="plain digits; money may bear its unit", where=f"{where} {at}"
    )


def _key(given: Any) -> Key:
    parts = tuple(given.split("/")) if isinstance(given, str) else tuple(given)
    if len(parts) != 3 or not all(isinstance(part, str) for part in parts):
        raise UnknownField(f"{given!r} names no field", hint="give section, item and measure")
    return parts


def _fingerprint(values: Mapping[Key, Entered], meta: Mapping[str, Any], reviewer: str) -> str:
    plain = [
        sorted(("/".join(key), str(value)) for key, value in values.items()),
        sorted(meta.items()),
        reviewer,
    ]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, default=str).encode()).hexdigest()

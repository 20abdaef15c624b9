"""What the readers make of a file, apart from what its address and the tables of bodies say of it.

A transcript is a pure function of the bytes, the reader's version and its limits: it can be stored
and used again. Who published the report, and whether the address is a government's, is resolved
from it afterwards, as often as the tables of divisions, agencies and hosts become better.
"""

from __future__ import annotations

import gc
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gxstats.model import Document, Issue
from gxstats.report import Report
from gxstats.version import READER

if TYPE_CHECKING:
    from gxstats.align.identity import Identity
    from gxstats.align.identity.own_words import OwnWords

_IDENTITY = ("report_id", "kind", "division_code", "division", "agency_id", "scope", "published_on", "trust")


@dataclass(frozen=True)
class Transcript:
    """One report of a file as it was read.

    Attributes:
        report: the report without identity and address.
        said: what its identity is resolved from; None if reading failed.
        before: how many of the report's issues come before those of its identity.
        identity: the identity without an address, if it was just resolved.
    """

    report: Report
    said: OwnWords | None = None
    before: int = 0
    identity: Identity | None = None

    def resolved(
        self,
        *,
        source: str | None = None,
        url: str | None = None,
        fetched_at: str | None = None,
        hints: Mapping[str, Any] | None = None,
    ) -> Report:
        """The report with its identity, as told by the tables of this version and the address.

        Args:
            source: name of the file.
            url: where it was fetched from.
            fetched_at: when, as ISO 8601 text.
            hints: ``title``, ``year`` and ``agency``, used where the document does not say.

        Example:
            >>> page = "<h1>某市2023年政府信息公开工作年度报告</h1>".encode()
            >>> transcribe(page)[0].resolved(url="https://a.example.com/").meta["trust"]
            'untrusted'
        """
        read = self.report.meta
        at = {"source": source or None, "url": url, "fetched_at": fetched_at}
        if self.said is None:
            return replace(self.report, meta=report_meta(read, at), _cells={})
        try:
            known = self.identity if url is None else None
            told = identity_columns(known or self.said.identify(url))
            meta = report_meta(read, at, told, hints)
        except Exception as error:
            issues: tuple[Issue, ...] = (failed(error, source or ""),)
            return replace(self.report, meta=report_meta(read, at), issue_rows=issues, _cells={})
        issues = self.report.issue_rows
        if told["issues"]:
            issues = (*issues[: self.before], *told["issues"], *issues[self.before :])
        return replace(self.report, meta=meta, issue_rows=issues, _cells={})


def identity_columns(identity: Identity) -> dict[str, Any]:
    """What the row of a report has of its identity, and the ``issues`` of it."""
    from gxstats.places.divisions import lineage_of

    candidates = [c._asdict() for c in identity.candidates]
    return {n: getattr(identity, n) for n in _IDENTITY} | {
        "lineage": lineage_of(identity.division_code, identity.year) if identity.division_code else None,
        "title": identity.title,
        "agency": identity.agency,
        "year": identity.year,
        "candidates": json.dumps(candidates, ensure_ascii=False) if candidates else None,
        "issues": identity.issues,
    }


def report_meta(
    read: Mapping[str, Any],
    at: Mapping[str, Any],
    told: Mapping[str, Any] | None = None,
    hints: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The row of a report in the table ``reports``.

    Args:
        read: document_id, sha256, media_type and forms as read.
        at: source, url and fetched_at.
        told: as :func:`identity_columns` gives it; None if reading failed.
        hints: ``title``, ``year`` and ``agency``, used where the document does not say.
    """
    meta = {"document_id": read["document_id"], "source": at["source"], "url": at["url"]}
    meta |= {"sha256": read["sha256"], "fetched_at": at["fetched_at"], "media_type": read["media_type"]}
    if told is None:
        return meta
    meta |= {name: value for name, value in told.items() if name != "issues"}
    for name in ("title", "agency", "year"):
        meta[name] = told[name] or (hints or {}).get(name)
    return meta | {"forms": read["forms"]}


def transcribe(data: bytes, *, name: str = "", media_type: str | None = None) -> list[Transcript]:
    """Read every report of one file, at least one; never raises for content.

    Args:
        data: the file as fetched.
        name: its name, used only where the content leaves the format open.
        media_type: overrides what the content says.

    Example:
        >>> transcribe(b"")[0].report.issues.code.tolist()
        ['empty_file', 'no_tables']
    """
    from gxstats.archived import the_one_report
    from gxstats.read.document import SEVERAL, read_document

    document: Document | None = None
    try:
        with collector_paused():
            document = read_document(data, name=name, media_type=media_type)
            if document.issues and document.issues[0].code == SEVERAL:
                return the_one_report(data, _transcripts) or _transcripts(document)
            return _transcripts(document)
    except Exception as error:
        # A mistake of ours in one document must not end a batch: it is reported like any other issue.
        if document is None:
            document = Document(hashlib.sha256(data).hexdigest(), media_type or "application/octet-stream")
        return [Transcript(Report(_meta(document, 1), issue_rows=(failed(error, name or document.sha256),)))]


def _transcripts(document: Document) -> list[Transcript]:
    from gxstats.align import align
    from gxstats.align.identity.own_words import OwnWords
    from gxstats.align.statements import extract
    from gxstats.check import compare_prose, judge

    found = []
    for ordinal, aligned in enumerate(align(document), 1):
        checked = judge(aligned.fields, READER)
        forms = {key[0]: f.form for key, f in aligned.fields.items() if f.form}
        meta = _meta(document, ordinal)
        meta["forms"] = " ".join(f"{s}={f}" for s, f in forms.items()) or None
        stated = extract(aligned.prose, aligned.identity.year, aligned.identity.agency)
        report = Report(
            meta,
            checked.facts,
            (*checked.checks, *compare_prose(stated.statements, checked.facts)),
            (*aligned.issues, *checked.issues, *stated.issues),
            aligned.prose,
            tuple(aligned.unmatched),
            statement_rows=stated.statements,
        )
        said = OwnWords(document.title, document.fields, tuple(aligned.readings))
        found.append(Transcript(report, said, len(aligned.issues), aligned.identity))
    return found


def _meta(document: Document, ordinal: int) -> dict[str, Any]:
    return {
        "document_id": f"{document.sha256[:16]}.{ordinal}",
        "sha256": document.sha256,
        "media_type": document.media_type,
    }


def failed(error: Exception, name: str) -> Issue:
    """The issue of a mistake of ours."""
    logging.getLogger("gxstats").error("reading %s failed", name, exc_info=error)
    return Issue(
        "error",
        "internal_error",
        f"gxstats itself failed: {type(error).__name__}: {error}",
        hint="please report this with the file",
    )


@contextmanager
def collector_paused() -> Iterator[None]:
    """A document is thousands of small tuples: collecting garbage among them costs a tenth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

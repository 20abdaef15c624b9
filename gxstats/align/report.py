"""Align a document: find its reports, read each section in every reading, put the readings together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gxstats.align import cells, glued, identity, local_tables, merge, prose, segments, stream
from gxstats.align.listing import read_list, refused
from gxstats.align.merge import Source
from gxstats.align.rows import read_table
from gxstats.align.single_row import read_single_row
from gxstats.align.vocabulary import SectionWords, sections
from gxstats.model import NOWHERE, Document, Field, Figure, Issue, Key, Locator, Prose, Reading, Unmatched
from gxstats.schema import due_sections
from gxstats.schema import forms as all_forms

_READERS = {"rows": read_table, "blocks": read_table, "list": read_list, "single_row": read_single_row}


@dataclass(slots=True)
class Aligned:
    """One report: its fields in print order, and everything that was odd or left over.

    Of ``readings`` the fields were read, and ``identity`` was resolved.
    """

    fields: dict[Key, Field] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    prose: tuple[Prose, ...] = ()
    identity: identity.Identity = identity.UNKNOWN
    readings: Sequence[Reading] = ()


def align(document: Document) -> list[Aligned]:
    """Every report of a document, in the order they stand in it.

    Returns:
        One :class:`Aligned` per report; a single one without fields if no table of any form is found.
    """
    parts = segments.split(document.readings)
    arbiter = _Arbiter(document) if len(parts) == 1 else None
    # What is read must not depend on where the bytes were fetched: the address may name a year.
    bytes_alone = replace(document, url=None)
    reports = [_one(part, arbiter, identity.identify(part, bytes_alone)) for part in parts or [()]]
    kept = segments.without_repeats(reports)
    if document.url is not None:
        for report in kept:
            report.identity = identity.identify(report.readings, document)
    kept[0].issues[:0] = document.issues
    if not any(r.fields for r in kept):
        local = local_tables.refusal(document.readings)
        if local and not any(i.code == local.code for i in kept[0].issues):
            kept[0].issues.append(local)
        kept[0].issues.append(_no_tables())
    for report in kept:
        if not report.fields and not report.issues:  # an empty report says why it is empty
            report.issues.append(_no_tables())
    return kept


def _no_tables() -> Issue:
    message, hint = "no table of a known form was found", "see the other issues for why"
    return Issue("error", "no_tables", message, hint=hint)


class _Arbiter:
    """The third reading, made at most once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reading: Reading | None = None
        self._asked = False

    def sources(self, section: str, who: identity.Identity) -> list[Source]:
        if not self._asked:
            self._asked = True
            self._reading = self._document.arbiter() if self._document.arbiter else None
        return _sources((self._reading,), who).get(section, []) if self._reading else []


def _sources(readings: Sequence[Reading], who: identity.Identity) -> dict[str, list[Source]]:
    """Section -> what each reading makes of it."""
    found: dict[str, list[Source]] = {}
    for reading in readings:
        tables = {name: table for name, table in cells.collect(reading).items() if table.entries}
        missing = [w for name, w in sections().items() if name not in tables]
        if missing and stream.may_hold(reading, missing):
            tables = {**glued.collect(reading), **tables}
        for name, table in tables.items():
            if table.entries:
                structured = table.structured and table.physical
                figures = _READERS[sections()[name].layout](table, who.year, who.agency)
                found.setdefault(name, []).append(
                    Source(figures, reading.name, structured, table.physical, reading.independent)
                )
    return found


def _one(readings: Sequence[Reading], arbiter: _Arbiter | None, who: identity.Identity) -> Aligned:
    result = Aligned(identity=who, readings=readings)
    found = _sources(readings, who)
    if arbiter:
        for name, sources in found.items():
            if len(sources) > 1 and merge.disagree(sources):
                sources.extend(arbiter.sources(name, who))
    _leave_out_lists(found, result)
    forms = {name: merge.evidence(sources) for name, sources in found.items()}
    known = {form for form in forms.values() if form}
    due = due_sections(known, found)
    for name, words in sections().items():
        sources = found.get(name, [])
        if sources:
            form = forms[name] or (next(iter(known)) if len(known) == 1 else None)
            _section(words, sources, form, result)
        elif found and name in due:
            result.issues.append(
                Issue("warning", "table_missing", f"no table was found for section {words.editions[0][1].zh}")
            )
    _tell_unverified(result)
    result.prose = prose.extract(readings)
    return result


def _leave_out_lists(found: dict[str, list[Source]], result: Aligned) -> None:
    """Drop lists that are not the form's: local ones bear the same labels over other columns."""
    for name in [n for n in found if sections()[n].layout == "list"]:
        issue = refused(found[name], sections()[name], result.readings)
        if issue is not None:
            result.issues.append(issue)
            del found[name]


def _tell_unverified(result: Aligned) -> None:
    """Say so where the wordings of a form have not been compared with published reports."""
    used = {f.form for f in result.fields.values()}
    for edition in all_forms():
        if edition.form in used and not edition.verified:
            message = f"the wordings of form {edition.form} have not been compared with published reports"
            result.issues.append(Issue("notice", "form_unverified", message, hint="look at the unknown rows"))


def _section(words: SectionWords, sources: list[Source], form: str | None, result: Aligned) -> None:
    if any(s.physical and s.figures.contradicted for s in sources):
        # Heads that contradict the form are seen in cells only: a stream would count on regardless.
        sources = [s for s in sources if s.physical]
    # Two tables that contradict each other are not told apart by a reading that saw one of them.
    sources = [s for s in sources if s.figures.two_tables] or sources
    if any(s.figures.doubted for s in sources):
        # Words above the table that one reading saw stand above it for all of them.
        for source in sources:
            source.figures.doubt()
    # What a reading could not do matters only if no other reading could do more.
    best = max(sources, key=lambda s: sum(f.state != "unreadable" for f in s.figures.figures.values()))
    result.issues.extend(_said(best, sources))
    rows = best.figures.unmatched
    result.unmatched.extend(rows)
    if form is None or all(form != edition for edition, _ in words.editions):
        form = None
        place = _first_place(sources)
        result.issues.append(
            Issue("warning", "form_unknown", f"nothing says which form section {words.name} follows", place)
        )
    last_seen = max((words.order.get(i, -1) for s in sources for i in s.figures.seen), default=-1)
    missing: list[str] = []
    combiner = merge.Combiner(sources)
    for item, measure, edition in _expected(words, sources, form):
        got = combiner.field((item, measure), edition)
        if got is None:
            cut = bool(rows) or words.order[item] > last_seen
            missing += [item] if item not in missing else []
            figure = Figure("unreadable" if cut else "absent")
            got = Field(edition, figure, 0, readers=(sources[0].name,))
        result.fields[words.name, item, measure] = got
    if missing:
        message = f"rows of the form that were not found: {', '.join(missing)}"
        result.issues.append(Issue("warning", "rows_missing", message, _first_place(sources)))
    _tell_hybrid(words, result, form)


def _said(best: Source, sources: list[Source]) -> Iterator[Issue]:
    """The issues of the best reading, but for heads it could not make out where another one could."""
    unsure = ("columns_unknown", "columns_unclear")
    named = any(not any(i.code in unsure for i in s.figures.issues) for s in sources if s is not best)
    return (i for i in best.figures.issues if not (named and i.code == "columns_unknown"))


def _tell_hybrid(words: SectionWords, result: Aligned, form: str | None) -> None:
    used = {f.form for k, f in result.fields.items() if k[0] == words.name and f.form}
    if form and used - {form}:
        message = f"section {words.name} mixes the columns of {', '.join(sorted(used))}"
        result.issues.append(Issue("warning", "hybrid_form", message))


def _first_place(sources: list[Source]) -> Locator:
    places = (f.at for s in sources for f in s.figures.figures.values() if f.at != NOWHERE)
    return next(places, NOWHERE)


def _expected(
    words: SectionWords, sources: list[Source], form: str | None
) -> Iterator[tuple[str, str, str | None]]:
    """(item, measure, form) of every field the section should have, plus rows another form has."""
    seen = {item for s in sources for item, _ in s.figures.figures}
    editions = dict(words.editions)
    own = {i.item for b in editions[form].blocks for i in b.items} if form else _in_all(words)
    for item in words.order:
        if item not in own and item not in seen:
            continue
        edition = merge.form_of_item(item, sources, form, words)
        choices = dict(words.blocks_of(item))
        block = choices.get(edition or "") or next(iter(choices.values()))
        for measure in block.measures:
            yield item, measure.measure, edition


def _in_all(words: SectionWords) -> set[str]:
    sets = [{i.item for b in s.blocks for i in b.items} for _, s in words.editions]
    return set.intersection(*sets)

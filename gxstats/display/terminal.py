"""Reports as text for a terminal: columns align although a Chinese character is two cells wide.

No figure is ever cut or folded; on a narrow terminal the labels fold instead.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from gxstats.check.words import explain
from gxstats.display.layout import Part, parts_of, section_of, sections_of
from gxstats.display.marks import FAIL, Mark, contradicted, legend, mark
from gxstats.display.summary import counts_of, failing, name_of
from gxstats.display.words import Lang, visible, word

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from gxstats.report import Report

_WIDE = 400
"""Columns of a file or pipe: wide enough that nothing folds but overlong labels."""
_LABEL = 46
"""Columns of a row label before it folds, and the fewest it gets on a narrow terminal."""
_NARROW = 14
_GAP = 2
_STYLES = {
    "fail": "bold red",
    "failing": "red",
    "unconfirmed": "yellow",
    "disputed": "yellow",
    "unreadable": "yellow",
}


def console(file: TextIO | None = None) -> Console:
    r"""A console that shows texts as they are: no markup, no emoji, no highlighting.

    Example:
        >>> import io
        >>> out = io.StringIO()
        >>> console(out).print("[bold]:smile:")
        >>> out.getvalue()
        '[bold]:smile:\n'
    """
    from rich.console import Console

    made = Console(file=file, markup=False, emoji=False, highlight=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = _WIDE
    return made


def form_text(
    report: Report, sections: Sequence[str] = (), lang: Lang = "zh", width: int = _WIDE
) -> Iterator[RenderableType]:
    """The form as printed, section by section, with a legend of the marks used.

    Args:
        report: a report.
        sections: the sections to show, all by default.
        lang: language of the labels.
        width: columns there are to print on.

    Raises:
        UnknownField: no form has such a section.

    Example:
        >>> from gxstats.report import Report
        >>> next(form_text(Report({"title": "报告"}))).plain
        '报告'
    """
    from rich.text import Text

    yield Text(name_of(report), style="bold")
    seen: set[str] = set()
    for name in sections or sections_of(report):
        section = section_of(report, name)
        yield Text(f"\n{section.number}、{section.zh}" if lang == "zh" else f"\n{section.en}", style="bold")
        if all(fact.section != name for fact in report.fact_rows):
            yield Text(word("not_found", lang))
            continue
        for part in parts_of(report, name, lang):
            yield from _part(report, name, part, lang, width, seen)
    for sign, meaning in legend(seen - {"failing"}, lang):
        yield Text(f"{sign}  {meaning}", style="dim")
    yield from said_text(report, lang)


def said_text(report: Report, lang: Lang = "zh") -> Iterator[Text]:
    """The failing sums in words, one a line.

    Example:
        >>> from gxstats.report import Report
        >>> list(said_text(Report({})))
        []
    """
    from rich.text import Text

    for check in failing(report):
        yield Text(f"{FAIL} {explain(check, lang)}", style="red")


def check_text(report: Report, lang: Lang = "zh") -> Iterator[RenderableType]:
    """What the form's arithmetic says of a report: the failing sums in words, then a count of the rest.

    Example:
        >>> from gxstats.report import Report
        >>> [line.plain for line in check_text(Report({"title": "报告"}), "en")]
        ['报告', '  no sums could be tried']
    """
    from rich.text import Text

    yield Text(name_of(report), style="bold")
    for line in said_text(report, lang):
        yield Text("  ") + line
    yield Text(f"  {rest_of_sums(report, lang)}")


def rest_of_sums(report: Report, lang: Lang = "zh") -> str:
    """The sums that do not fail, counted.

    Example:
        >>> from gxstats.report import Report
        >>> rest_of_sums(Report({}))
        '没有可检验的勾稽关系'
    """
    counts = counts_of(report)
    rest = counts.hold + counts.untold
    if not counts.sums:
        return "没有可检验的勾稽关系" if lang == "zh" else "no sums could be tried"
    if lang == "zh":
        untold = f"，{counts.untold} 条无法判断" if counts.untold else ""
        return f"{'其余 ' if counts.fail else ''}{rest} 条勾稽关系：{counts.hold} 条成立{untold}"
    untold = f", {counts.untold} cannot be told" if counts.untold else ""
    return f"{'the other ' if counts.fail else ''}{rest} sums: {counts.hold} hold{untold}"


def facts_text(reports: Iterable[Report], lang: Lang = "zh") -> Table:
    """Every fact of many reports, one a line, without its place in the source.

    Example:
        >>> facts_text([]).row_count
        0
    """
    from rich.text import Text

    table = _table()
    for key in ("agency", "year", "section", "item", "measure", "figure", "state", "verdict"):
        table.add_column(word(key, lang), justify="right" if key == "figure" else "left", overflow="fold")
    for report in reports:
        totals = contradicted(report)
        who = [visible(str(report.meta.get(key) or "")) for key in ("agency", "year")]
        for fact in report.fact_rows:
            shown = mark(fact, totals, lang)
            words = [fact.section, fact.item, fact.measure]
            table.add_row(*map(Text, (*who, *words)), _styled(shown), Text(fact.state), Text(fact.verdict))
    return table


def _part(
    report: Report, name: str, part: Part, lang: Lang, width: int, seen: set[str]
) -> Iterator[RenderableType]:
    """The table of one block, its heads numbered in a key above it where they would not fit."""
    from rich.text import Text

    totals = contradicted(report)
    rows = [
        [mark(report.fact(name, line.item, m.measure), totals, lang) for m in part.measures]
        for line in part.lines
    ]
    seen.update(key for row in rows for shown in row for key in shown.keys)
    heads = [_folded_head(getattr(measure, lang)) for measure in part.measures]
    label = min(
        _LABEL, max(Text(text).cell_len for text in (part.title, *(f"  {x.label}" for x in part.lines)))
    )
    widths = _widths(heads, rows)
    if label + sum(widths) + _GAP * len(widths) > width:
        key = "  ".join(f"{n}\N{NO-BREAK SPACE}{getattr(m, lang)}" for n, m in enumerate(part.measures, 1))
        yield Text(key, style="dim")
        heads = [str(n) for n in range(1, len(heads) + 1)]
        widths = _widths(heads, rows)
        label = max(_NARROW, min(label, width - sum(widths) - _GAP * len(widths)))
    table = _table()
    table.add_column(Text(part.title), width=label, overflow="fold")
    for head, column in zip(heads, widths, strict=True):
        table.add_column(Text(head, justify="right"), width=column, justify="right", overflow="fold")
    group = ""
    for line, row in zip(part.lines, rows, strict=True):
        if line.group not in ("", group):
            table.add_row(Text(line.group, style="dim"))
        group = line.group
        table.add_row(Text(("  " if group else "") + line.label), *map(_styled, row))
    # A width of its own, or rich would fold figures to make the table fit.
    table.width = label + sum(widths) + _GAP * len(widths)
    yield table


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Mark]]) -> list[int]:
    from rich.text import Text

    return [
        max(Text(text).cell_len for text in (*head.split("\n"), *(str(row[number]) for row in rows)))
        for number, head in enumerate(heads)
    ]


def _styled(shown: Mark) -> RenderableType:
    from rich.text import Text

    style = next((style for key, style in _STYLES.items() if key in shown.keys), "")
    return Text(str(shown), style=style)


def _table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)


def _folded_head(label: str) -> str:
    """A head in short lines: English at its blanks and hyphens, Chinese four characters at a time."""
    if label.isascii():
        return "\n".join(textwrap.wrap(label, 13))
    if len(label) <= 5:
        return label
    words = re.split("(?=（)", label)
    return "\n".join(word[start : start + 4] for word in words for start in range(0, len(word), 4))

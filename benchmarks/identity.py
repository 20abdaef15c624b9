"""Who, where and when: titles as publishers word them, resolved and compared with a reviewed answer.

    python -m benchmarks.identity [--show]

The names, years and addresses are those of ../shared/data; ``identity_reviewed.csv`` holds the
answer to each, looked up by hand. A title is made of the printed name and the year; nothing else of
the page is known, so this measures what a title and an address alone can prove. A value that
contradicts the answer is wrong; a value where the review found none to be provable is wrong too.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gxstats.align.identity import Identity, identify
from gxstats.model import Cell, Document, Grid, Paragraph, Reading, Row

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "data"
REVIEWED = HERE / "identity_reviewed.csv"
FIELDS = ("division_code", "agency_id", "year", "scope")
SETS = ("sources_seen", "narrative_figures", "published_reports")
# What the survey noted behind a name; the page does not print it.
_REMARK = re.compile(
    r"\((?:\+\d+ more on host|汇总|原.*?|经信|局|规划委\?|物流区|现.*?|cited in .*?|slqj|xjwq)\)"
)
_OURSELVES = re.compile(r"\((我.)\)")


class Question(NamedTuple):
    """One report: what its page prints, and where it was."""

    source: str
    name: str
    year: str
    url: str
    text: str


def questions(folder: Path = SHARED) -> Iterator[Question]:
    """The rows of the three tables as questions."""
    for row in _rows(folder / "sources_seen.csv"):
        year = (row["years_seen"].split() or ["2020"])[0]
        yield _question("sources_seen", row["agency_seen"], year, row["report_or_list_url"])
    for row in _rows(folder / "narrative_figures.csv"):
        yield _question("narrative_figures", row["agency"], row["year"], row["url"])
    for row in _rows(folder / "published_reports.csv"):
        yield _question("published_reports", row["agency"], row["year"], "")


def _question(source: str, said: str, year: str, url: str) -> Question:
    ourselves = _OURSELVES.search(said)
    name = _OURSELVES.sub("", _REMARK.sub("", said)).strip()
    return Question(source, name, year, url, ourselves[1] if ourselves else "")


def ask(question: Question) -> Identity:
    """What is made of the title and the address."""
    title = f"{question.name}{question.year}年政府信息公开工作年度报告"
    table = Grid((Row((Cell("一、本年新收政府信息公开申请数量"),)),))
    blocks = (Paragraph(title), Paragraph(question.text), table)
    document = Document("", "text/html", title=title, url=question.url or None)
    return identify([Reading("title", blocks)], document)


def answers(path: Path = REVIEWED) -> dict[tuple[str, str, str, str], dict[str, str]]:
    """The reviewed answers by source, name, year and address; an empty value is one no one can prove."""
    return {(r["source"], r["name"], r["year_asked"], r["url"]): r for r in _rows(path)}


def outcome(found: Identity, answer: dict[str, str]) -> str:
    """right, wrong or unresolved: wrong if any single value is, right only if all four are."""
    values = {f: "" if (v := getattr(found, f)) is None else str(v) for f in FIELDS}
    if any(values[f] and values[f] != answer[f] for f in FIELDS):
        return "wrong"
    return "right" if all(values.values()) else "unresolved"


def measure(folder: Path = SHARED) -> tuple[dict[str, Counter[str]], list[str], float]:
    """Outcomes by source, a line for each that is not right, and milliseconds per report."""
    reviewed = answers()
    asked = list(questions(folder))
    for question in asked:  # tables are read and caches filled before the clock starts
        ask(question)
    began = time.process_time()
    found = [ask(question) for question in asked]
    took = (time.process_time() - began) / len(asked) * 1000
    counts: dict[str, Counter[str]] = {source: Counter() for source in SETS}
    lines = []
    for q, who in zip(asked, found, strict=True):
        result = outcome(who, reviewed[q.source, q.name, q.year, q.url])
        counts[q.source][result] += 1
        if result != "right":
            near = ", ".join(f"{c.label or c.value}" for c in who.candidates)
            lines.append(f"{result}: {q.name} {q.year} {q.url} -> {near or 'no candidates'}")
    return counts, lines, took


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main() -> None:
    """Print the outcomes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list what is not right")
    shown = parser.parse_args().show
    if not SHARED.is_dir():
        print("there is no shared/data beside the checkout: nothing to measure")
        return
    counts, lines, took = measure()
    print(f"{'':20}{'right':>8}{'wrong':>8}{'unresolved':>12}")
    for source, results in counts.items():
        print(f"{source:20}{results['right']:>8}{results['wrong']:>8}{results['unresolved']:>12}")
    print(f"{took:.3f} ms per report")
    if shown:
        print(*lines, sep="\n")


if __name__ == "__main__":
    main()

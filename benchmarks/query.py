"""Five questions to 100,000 made-up reports with 20 million cells: through gxstats, pandas and plain DuckDB.

    python -m benchmarks.query [--reports 100000] [--repeat 5] [--keep FOLDER]

All answers are compared. Times are wall clock, the median of the warm runs; sizes are bytes on disk.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import gxstats as gx
from benchmarks import synthetic
from benchmarks.measure import machine, table
from gxstats.dataset.store.frames import frame_of

LONG = ["document_id", "section", "item", "measure", "form", "value", "amount", "state", "verdict", "sums"]
CODES = ["document_id", "section", "item", "measure", "form", "state", "verdict", "sums"]
RANKING = """SELECT division_code, sum(value) AS n FROM {cells}
    WHERE item = 'received' AND measure = 'total' AND year = 2024 GROUP BY 1 ORDER BY n DESC, 1 LIMIT 20"""
GROUNDS = """SELECT substr(division_code, 1, 2) AS province, year, item, sum(value) AS n FROM {cells}
    WHERE item LIKE 'refused.%' AND measure = 'total' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
FAILING = """SELECT year, section, count(DISTINCT document_id) AS reports, count(*) AS n FROM {cells}
    WHERE sums = 'fail' AND verdict = 'confirmed' GROUP BY 1, 2 ORDER BY 1, 2"""
COVERAGE = """SELECT substr(division_code, 1, 2) AS province, year, status, count(*) AS n FROM {coverage}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


class Question(NamedTuple):
    """One question, as each of the three asks it."""

    name: str
    gxstats: Callable[[], pd.DataFrame]
    pandas: Callable[[], pd.DataFrame]
    duckdb: Callable[[], pd.DataFrame]


def main(arguments: list[str] | None = None) -> None:
    """Write the set, ask, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument(
        "--keep", type=Path, help="use this folder, and the set that is in it if there is one"
    )
    chosen = parser.parse_args(arguments)
    for name, value in machine(["pandas", "pyarrow", "duckdb"]).items():
        print(f"{name}: {value}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        if not (folder / "release.json").is_file():
            start = time.perf_counter()
            synthetic.write(folder, chosen.reports)
            print(f"\nwritten in {time.perf_counter() - start:.0f} s")
        run(gx.open(folder), Path(temporary) / "long.parquet", chosen.repeat)


def run(dataset: Any, long: Path, repeat: int) -> None:
    """Print sizes, then what each question takes."""
    reports = dataset.release.rows["reports"]
    print(f"\n{dataset}\n")
    print(table(list(sizes(dataset, reports))))
    write_long(dataset, long)
    print(f"\nlong Parquet of {', '.join(LONG)}: {long.stat().st_size / reports:.0f} bytes a report\n")
    questions = asked(dataset, long)
    print(table([measured(question, repeat) for question in questions]))


def sizes(dataset: Any, reports: int) -> Iterator[dict[str, Any]]:
    """Bytes on disk by kind of file, and what a report costs with and without places."""
    by_kind: dict[str, int] = {}
    for file in dataset.release.files:
        name = file.name if file.kind == "table" else file.kind
        by_kind[name] = by_kind.get(name, 0) + file.bytes
    without = by_kind["wide"] + by_kind["sparse"]
    by_kind |= {
        "facts without locators": without,
        "facts with locators": without + by_kind["locators"],
        "everything": sum(by_kind.values()),
    }
    for name, size in by_kind.items():
        yield {"files": name, "MB": round(size / 1e6, 1), "bytes a report": round(size / reports)}


def write_long(dataset: Any, path: Path) -> None:
    """The same facts, one row per cell, as most would store them: Parquet, zstd, dictionaries."""
    writer = None
    for year in synthetic.YEARS:
        facts = dataset._run(_cells_query(dataset, year))
        writer = writer or pq.ParquetWriter(path, facts.schema, compression="zstd")
        writer.write_table(facts)
    if writer is not None:
        writer.close()


def _cells_query(dataset: Any, year: int) -> str:
    dataset.sql("SELECT 1 AS cells")  # makes the view
    return f"SELECT {', '.join(LONG)} FROM cells WHERE year = {year}"


def asked(dataset: Any, long: Path) -> list[Question]:
    """The five questions; the frame of pandas and the connection of DuckDB are made once, untimed."""
    frame = pq.read_table(long, read_dictionary=CODES).to_pandas(
        types_mapper={pa.int64(): pd.Int64Dtype()}.get
    )
    reports, coverage = dataset.reports, dataset.coverage
    division = str(reports["division_code"].iloc[0])
    plain = duckdb.connect()
    root = dataset.folder.resolve()
    for name in ("reports", "coverage"):
        plain.execute(f"CREATE VIEW {name} AS FROM '{root / dataset.release.of_kind('table', name)[0].path}'")
    plain.execute(
        f"CREATE VIEW cells AS SELECT l.*, r.year, r.division_code FROM '{long}' l"
        " JOIN reports r USING (document_id)"
    )
    series = f"""SELECT year, document_id, value AS n FROM cells WHERE item = 'received' AND measure = 'total'
        AND division_code = '{division}' ORDER BY year, document_id"""

    def by_sql(query: str) -> Callable[[], pd.DataFrame]:
        return lambda: frame_of(plain.sql(query).to_arrow_table())

    def through(query: str) -> Callable[[], pd.DataFrame]:
        return lambda: dataset.sql(query.format(cells="cells", coverage="coverage"))

    def known(chosen: pd.Series, *columns: str) -> pd.DataFrame:
        return frame[chosen].merge(reports[["document_id", *columns]], on="document_id")

    def a_series() -> pd.DataFrame:
        facts = dataset.facts(division=division, item="received", measure="total", locators=False)
        who = reports.loc[reports["division_code"] == division, ["document_id", "year"]]
        found = facts.merge(who, on="document_id").rename(columns={"value": "n"})
        return found[["year", "document_id", "n"]].sort_values(["year", "document_id"])

    def p_series() -> pd.DataFrame:
        rows = known((frame["item"] == "received") & (frame["measure"] == "total"), "year", "division_code")
        rows = rows[rows["division_code"] == division].rename(columns={"value": "n"})
        return rows[["year", "document_id", "n"]].sort_values(["year", "document_id"])

    def p_ranking() -> pd.DataFrame:
        rows = known((frame["item"] == "received") & (frame["measure"] == "total"), "year", "division_code")
        sums = rows[rows["year"] == 2024].groupby("division_code")["value"].sum().reset_index(name="n")
        return sums.sort_values(["n", "division_code"], ascending=[False, True]).head(20)

    def p_grounds() -> pd.DataFrame:
        chosen = frame["item"].str.startswith("refused.") & (frame["measure"] == "total")
        rows = known(chosen, "year", "division_code")
        rows["province"] = rows["division_code"].str[:2]
        return rows.groupby(["province", "year", "item"], observed=True)["value"].sum().reset_index(name="n")

    def p_failing() -> pd.DataFrame:
        rows = known((frame["sums"] == "fail") & (frame["verdict"] == "confirmed"), "year")
        groups = rows.groupby(["year", "section"], observed=True)["document_id"]
        return groups.agg(reports="nunique", n="size").reset_index()

    def p_coverage() -> pd.DataFrame:
        rows = coverage.assign(province=coverage["division_code"].str[:2])
        return rows.groupby(["province", "year", "status"]).size().reset_index(name="n")

    return [
        Question("a district's series", a_series, p_series, by_sql(series)),
        Question("national ranking", through(RANKING), p_ranking, by_sql(RANKING.format(cells="cells"))),
        Question(
            "grounds by province and year", through(GROUNDS), p_grounds, by_sql(GROUNDS.format(cells="cells"))
        ),
        Question("failing sums", through(FAILING), p_failing, by_sql(FAILING.format(cells="cells"))),
        Question("coverage", through(COVERAGE), p_coverage, by_sql(COVERAGE.format(coverage="coverage"))),
    ]


def measured(question: Question, repeat: int) -> dict[str, Any]:
    """Ask all three in turns; the first, cold round is shown for gxstats only."""
    engines = {"gxstats": question.gxstats, "pandas": question.pandas, "duckdb": question.duckdb}
    times: dict[str, list[float]] = {name: [] for name in engines}
    answers = {}
    for _ in range(repeat + 1):
        for name, ask in engines.items():
            start = time.perf_counter()
            answers[name] = ask()
            times[name].append(time.perf_counter() - start)
    same = {name: _rows(answer) for name, answer in answers.items()}
    if any(rows != same["gxstats"] for rows in same.values()):
        raise SystemExit(f"{question.name}: the answers differ")
    warm = {name: statistics.median(taken[1:]) for name, taken in times.items()}
    return {
        "question": question.name,
        "rows": len(answers["gxstats"]),
        "cold ms": round(times["gxstats"][0] * 1000),
        "warm ms": round(warm["gxstats"] * 1000),
        "pandas ms": round(warm["pandas"] * 1000),
        "long Parquet, DuckDB ms": round(warm["duckdb"] * 1000),
        "pandas / ours": round(warm["pandas"] / warm["gxstats"], 1),
        "DuckDB / ours": round(warm["duckdb"] / warm["gxstats"], 1),
    }


def _rows(answer: pd.DataFrame) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in answer.itertuples(index=False))


if __name__ == "__main__":
    main()

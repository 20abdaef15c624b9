"""The command line: what it prints, where, and the exit code it leaves with."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import gxstats as gx
from gxstats.cli import app

ROOT = Path(__file__).resolve().parents[1]
PINGTAN = str(gx.data_path("sample", "pingtan-2020.html"))
SHANGHAI = str(gx.data_path("sample", "shanghai-office-2019.html"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gxstats.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **options
    )


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    path = tmp_path / "空文件.txt"
    path.write_text("没有表格", encoding="utf-8")
    return path


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"gxstats {gx.__version__}\n")


def test_parse_prints_tidy_facts_as_csv() -> None:
    result = run("parse", PINGTAN, SHANGHAI)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 0
    assert result.stderr == ""
    assert len(rows) == 176 + 198
    total = [
        row
        for row in rows
        if (row["item"], row["measure"], row["year"]) == ("outcome_total", "total", "2020")
    ]
    assert [(row["value"], row["state"], row["verdict"], row["sums"]) for row in total] == [
        ("21", "reported", "confirmed", "fail")
    ]


def test_csv_is_the_tidy_table() -> None:
    rows = list(csv.reader(io.StringIO(run("parse", SHANGHAI).stdout)))
    assert rows[0] == list(gx.read_reports(SHANGHAI).tidy(warn=False).columns)


def test_money_is_exact_in_text() -> None:
    rows = csv.DictReader(io.StringIO(run("parse", gx.data_path("sample", "pingtan-2021.docx")).stdout))
    assert [row["amount"] for row in rows if row["item"] == "fees"] == ["24252.311082"]


def test_json_is_a_list_of_facts() -> None:
    facts = json.loads(run("parse", SHANGHAI, "--format", "json").stdout)
    money = [fact for fact in facts if fact["measure"] == "amount"]
    assert len(facts) == 198
    assert [(fact["amount"], fact["unit"], fact["value"]) for fact in money] == [("251000", "元", None)]


def test_parquet_goes_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    result = run("parse", SHANGHAI, "-o", path)
    facts = pd.read_parquet(path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert facts.value.dtype == "Int64"
    assert facts.amount.dropna().tolist() == [Decimal(251000)]


def test_the_name_of_the_file_gives_the_format(tmp_path: Path) -> None:
    run("parse", PINGTAN, "-o", tmp_path / "a.json")
    run("parse", PINGTAN, "-o", tmp_path / "a.CSV")
    run("parse", PINGTAN, "-o", tmp_path / "a", "--format", "csv")
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))) == 176
    assert (tmp_path / "a.CSV").read_bytes() == (tmp_path / "a").read_bytes()


def test_parse_as_a_table_shows_states_and_verdicts(tmp_path: Path) -> None:
    shown = run("parse", SHANGHAI, "--format", "table").stdout
    assert any(line.split()[-3:] == ["空=0", "blank", "confirmed"] for line in shown.splitlines())
    run("parse", SHANGHAI, "--format", "table", "-o", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == shown


def test_a_folder_is_searched(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "a.html").write_bytes(Path(PINGTAN).read_bytes())
    (tmp_path / "b c.html").write_bytes(Path(SHANGHAI).read_bytes())
    result = run("parse", tmp_path)
    assert result.exit_code == 0
    assert len({row["source"] for row in csv.DictReader(io.StringIO(result.stdout))}) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["parse"],
        ["parse", PINGTAN, "--format", "xml"],
        ["parse", PINGTAN, "--format", "parquet"],
        ["parse", PINGTAN, "-o", "facts.docx"],
        ["parse", PINGTAN, "-o", "no such folder/facts.csv"],
        ["show", PINGTAN, "--section", "prose"],
        ["show", str(ROOT)],
        ["check", PINGTAN, "--lang", "fr"],
        ["nonsense"],
        [],
    ],
)
def test_wrong_usage_is_2_and_prints_nothing(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "document_id" not in result.stdout


@pytest.mark.parametrize("command", ["parse", "check"])
def test_an_input_without_facts_is_named_and_the_rest_still_printed(command: str, nothing: Path) -> None:
    alone, together = run(command, PINGTAN), run(command, nothing, PINGTAN)
    assert alone.exit_code == 0
    assert together.exit_code == 1
    assert together.stdout == alone.stdout
    assert "空文件.txt: no facts were read" in together.stderr


def test_a_path_that_does_not_exist_is_an_input_without_facts(tmp_path: Path) -> None:
    result = run("parse", tmp_path / "missing.html", PINGTAN)
    assert result.exit_code == 1
    assert "missing.html" in result.stderr
    assert "there is no such file" in result.stderr
    assert len(result.stdout.splitlines()) == 177


def test_an_empty_folder_is_an_input_without_facts(tmp_path: Path) -> None:
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr


def test_show_without_facts_says_why(nothing: Path) -> None:
    result = run("show", nothing)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no facts were read" in result.stderr


def test_check_says_both_sides_and_counts_the_rest() -> None:
    lines = run("check", PINGTAN, "--lang", "en").stdout.splitlines()
    assert "27 against 21, difference 6" in lines[2]
    assert lines[3:] == ["  the other 38 sums: 38 hold"]


def test_check_speaks_chinese_by_default() -> None:
    shown = run("check", PINGTAN, SHANGHAI).stdout
    assert "27 对 21，相差 6；发布机关自己的数字不相符" in shown
    assert "40 条勾稽关系：39 条成立，1 条无法判断" in shown


def test_show_prints_the_form() -> None:
    shown = run("show", PINGTAN).stdout
    assert "二、主动公开政府信息情况\n未找到这一部分的表格" in shown
    assert any(
        line.split() == ["（七）总计", "20✗", "0", "0", "0", "0", "1", "21✗"] for line in shown.splitlines()
    )


def test_show_one_section_in_english() -> None:
    shown = run("show", SHANGHAI, "--section", "disputes", "--lang", "en").stdout
    assert "Administrative review and litigation" in shown
    assert "Proactive disclosure" not in shown
    assert "blank  blank cell" in shown


def test_a_process_writes_utf8_whatever_the_locale() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gxstats.cli", "parse", PINGTAN],
        capture_output=True,
        check=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C",
            "PYTHONIOENCODING": "ascii",
            "PYTHONUTF8": "0",
        },
    )
    assert "政府信息公开工作年度报告" in done.stdout.decode("utf-8")
    assert b"\r" not in done.stdout
    assert done.stderr == b"", "progress is for terminals"


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_closed_pipe_is_quiet() -> None:
    running = process("parse", PINGTAN)
    assert running.stdout is not None and running.stderr is not None
    running.stdout.close()
    complaint = running.stderr.read()
    assert (running.wait(), complaint) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_ctrl_c_is_130(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)  # reading it waits, so the signal comes while a file is read
    running = process("parse", str(pipe))
    writer = os.open(pipe, os.O_WRONLY)
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, complaint = running.communicate(timeout=60)
    os.close(writer)
    assert (running.returncode, complaint) == (130, b"")


def test_what_can_be_chosen_is_said_where_the_choice_was_wrong() -> None:
    assert "there are disclosure_rate, " in run("metric", PINGTAN, "disclosure").stderr
    assert "received_per_100k, growth" in run("metric", PINGTAN, "qqq").stderr
    assert "usual are agency, year" in run("metric", PINGTAN, "received", "--by", "region").stderr
    assert "csv, xlsx, sqlite" in " ".join(run("export", ROOT / "data").stderr.split())
    assert "no source is known in division 99" in run("sources", "--division", "99").stderr


def test_a_page_without_tables_does_not_send_for_issues_that_are_not_there(nothing: Path) -> None:
    assert "is this the report itself, with its tables?" in run("parse", nothing).stderr


def test_a_table_of_facts_speaks_either_language() -> None:
    assert "机关" in run("parse", PINGTAN, "-f", "table").stdout
    english = run("parse", PINGTAN, "-f", "table", "--lang", "en").stdout
    assert "agency" in english and "机关" not in english

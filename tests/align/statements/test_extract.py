"""Statements know their words and place; what is doubtful is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.align.statements import extract
from gxstats.align.statements.lexicon import load_lexicon
from gxstats.align.statements.rules import load_rules
from gxstats.dataset.statements import statement_measures
from gxstats.errors import SchemaError
from gxstats.model import Locator, Prose


def prose(*texts: str, section: str = "overview") -> list[Prose]:
    return [Prose(section, text, Locator(ref=f"line {n}")) for n, text in enumerate(texts, 1)]


def words(of: Sequence[Prose], paragraph: int, start: int, end: int) -> str:
    return "".join(p.text for p in of[paragraph:])[start:end]


def test_a_statement_leads_back_to_its_words() -> None:
    text = prose("一、总体情况", "工作有序。全年收到政府信息", "公开申请12件，办结 11 件。")
    first, second = extract(text).statements
    assert (first.measure, first.value, first.paragraph, str(first.at)) == ("received", 12, 1, "line 2")
    assert first.raw == words(text, 1, first.start, first.end) == "全年收到政府信息公开申请12件"
    assert (second.raw, second.paragraph, str(second.at)) == ("办结 11 件", 2, "line 3")
    assert words(text, 2, second.start, second.end) == second.raw


def test_a_number_torn_between_two_lines_is_not_put_together() -> None:
    found = extract(prose("全年收到政府信息公开申请1", "2件。"))
    assert not found.statements
    assert [i.code for i in found.issues] == ["prose_unclear"]


def test_rows_of_a_table_are_no_sentence() -> None:
    found = extract(
        prose(
            "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3", "二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0"
        )
    )
    assert found == ((), ())


def test_two_statements_that_differ_are_kept_and_told() -> None:
    found = extract(prose("收到政府信息公开申请3件。", "收到政府信息公开申请5件。"))
    assert [(s.value, s.certainty) for s in found.statements] == [(3, "contradicted"), (5, "contradicted")]
    assert [(i.level, i.code) for i in found.issues] == [("warning", "prose_contradicts")]
    alike = extract(prose("收到政府信息公开申请38120件。", "收到政府信息公开申请38000余件。"))
    assert [s.certainty for s in alike.statements] == ["stated", "stated"]


def test_how_sure_a_statement_is() -> None:
    found = extract(prose("收到政府信息公开申请9件（含上年结转2件），办结8件。")).statements
    assert [(s.measure, s.certainty, s.note) for s in found] == [
        ("received+carried_in", "stated", None),
        ("received", "derived", "derived: 9 - 2"),
        ("carried_in", "in_context", None),
        ("handled", "in_context", None),
    ]


def test_in_the_section_on_disputes_every_dispute_is_about_disclosure() -> None:
    found = extract(prose("本年度行政复议0件，行政诉讼0件。", section="disputes")).statements
    assert [(s.measure, s.value) for s in found] == [("review.total", 0), ("litigation.total", 0)]


def test_text_without_an_end_is_not_read_but_told() -> None:
    found = extract(prose("公开" * 600 + "收到政府信息公开申请12件"))
    assert not found.statements
    assert [i.code for i in found.issues] == ["prose_unclear"]


def test_every_measure_of_a_rule_is_one_that_statements_count() -> None:
    from gxstats.align.statements.rules import rules

    codes = {code for rule in rules().figures for m in rule.measures for code in m.split("+")}
    assert codes <= set(statement_measures())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("words:\n  - {class: AB, en: x, patterns: [x]}", 2),
        ("words:\n  - {class: A, en: x, patterns: ['(']}", 2),
        ("words:\n  - {class: A, en: x, patterns: ['x*']}", 2),
        ("words:\n  - {class: A, en: x, patterns: [x], more: 1}", 2),
    ],
)
def test_a_faulty_lexicon_is_refused_by_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=f"lexicon.yaml:{line}"):
        load_lexicon(path)


@pytest.mark.parametrize(
    "rule", ["{rule: a, pattern: '('}", "{rule: a, pattern: a, needs: b}", "{rule: a, patern: a}"]
)
def test_a_faulty_rule_is_refused_by_line(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        f"lead: a\nfigures:\n  - {rule}\nnothing: []\nexclusions: []\nlost: []\n", encoding="utf-8"
    )
    with pytest.raises(SchemaError, match=r"rules.yaml:3"):
        load_rules(path)


STATED = {
    "huaian-2024.pdf": {
        "received": 3119,
        "handled": 3050,
        "carried_in": 34,
        "carried_out": 103,
        "review.total": 351,
        "review.upheld": 72,
        "review.corrected": 64,
        "review.other": 178,
        "review.pending": 37,
        "litigation.total": 46,
        "litigation.upheld": 25,
        "litigation.corrected": 5,
        "litigation.other": 9,
        "litigation.pending": 7,
    },
    "hongze-2024.pdf": {"received": 17},
    "shanghai-office-2019.html": {
        "received": 859,
        "handled": 805,
        "carried_in": 18,
        "carried_out": 72,
        "granted+granted_in_part": 258,
        "refused": 35,
        "unable": 265,
        "not_processed": 158,
        "other": 0,
        "review.total": 7,
        "litigation.total": 9,
    },
    "suqian-2023.txt": {
        "received_and_handled": 3607,
        "granted": 1191,
        "granted_in_part": 328,
        "refused": 142,
        "unable": 1078,
        "not_processed": 406,
        "other": 341,
        "carried_out": 121,
    },
    "jianxi-industry-2024.txt": {"review.total": 0, "litigation.total": 0},
}


@pytest.mark.parametrize("name", STATED)
def test_figures_of_real_prose(shared: Path, name: str) -> None:
    report = gx.read_report(shared / "reports" / name)
    assert {s.measure: s.value for s in report.statement_rows} == STATED[name]
    assert {s.relation for s in report.statement_rows} == {"="}
    assert not report.issues.code.str.startswith("prose").any()

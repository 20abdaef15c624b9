"""Each rule understands its sentence; sentences that invite a wrong figure give none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gxstats.align.statements import extract
from gxstats.align.statements.hearing import Hearing, Said
from gxstats.align.statements.passages import Sentence, clauses
from gxstats.align.statements.rules import rules
from gxstats.model import Prose

HERE = Path(__file__).parent
AGENCY = "某市教育局"


def listed(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))["sentences"]  # type: ignore[no-any-return]


RULES, REFUSED = listed("sentences.yaml"), listed("refused.yaml")


def said(text: str, agency: str | None = AGENCY, year: int | None = 2023) -> str:
    found = extract([Prose("overview", text)], year, agency).statements
    return " ".join(f"{s.measure}{s.relation}{s.value}" for s in found)


@pytest.mark.parametrize("case", RULES, ids=[c["rule"] for c in RULES])
def test_a_rule_understands_its_sentence(case: dict[str, Any]) -> None:
    assert said(case["text"]) == case.get("said", "")
    issues = extract([Prose("overview", case["text"])], 2023, AGENCY).issues
    assert [i.code for i in issues] == ["prose_unclear"] * case.get("notices", 0)


@pytest.mark.parametrize("case", [c for c in RULES if "said" in c], ids=lambda c: c["rule"])
def test_it_is_that_rule_that_understands_it(case: dict[str, Any]) -> None:
    hearing = Hearing(2023, AGENCY)
    hearing.passage()
    sentence = Sentence(case["text"].translate(_HALF_WIDTH))
    heard = [h.rule for h in hearing.sentence(clauses(sentence)) if isinstance(h, Said)]
    assert case["rule"] in heard or case["rule"] == "part_handled"


_HALF_WIDTH = str.maketrans("（）：", "():")


def test_every_rule_has_a_sentence() -> None:
    assert set(rules().names()) <= {case["rule"] for case in RULES}


@pytest.mark.parametrize("case", REFUSED, ids=[c["text"][:20] for c in REFUSED])
def test_what_may_mean_something_else_is_not_taken(case: dict[str, Any]) -> None:
    assert len(REFUSED) >= 60
    assert said(case["text"], case.get("agency", AGENCY)) == case.get("said", "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3件", "=3"),
        ("３件", "=3"),
        ("1,204条", "=1204"),
        ("１，２０４宗", "=1204"),
        ("一份", "=1"),
        ("两例", "=2"),
        ("二十三次", "=23"),
        ("一百零五起", "=105"),
        ("十项", "=10"),
        ("7个", "=7"),
        ("0件", "=0"),
        ("零件", "=0"),
        ("38120余件", ">=38120"),
        ("20多件", ">=20"),
        ("20件以上", ">=20"),
        ("3.8万余件", ">=38000"),
        (" 12 件", "=12"),
    ],
)
def test_numbers_as_they_are_written(written: str, read: str) -> None:
    assert said(f"2023年我局收到政府信息公开申请{written}。") == f"received{read}"


@given(st.integers(0, 999_999_999))
def test_any_number_is_read_as_written(number: int) -> None:
    assert said(f"收到政府信息公开申请{number}件。") == f"received={number}"
    assert said(f"收到政府信息公开申请{number:,}件。") == f"received={number}"


@pytest.mark.parametrize("before", ["收到政府信息公开申请", "收到", "政府信息公开行政复议"])
@given(
    text=st.text(
        alphabet="收到政府信息公开申请行政复议诉讼未无结转上下年度件宗一二12,，、。（）()其中含和",
        max_size=60,
    )
)
def test_no_text_is_too_odd(before: str, text: str) -> None:
    for one in (text, before + text):
        for s in extract([Prose("overview", one)], 2023, AGENCY).statements:
            assert s.value >= 0 and one[s.start : s.end] == s.raw


def test_traditional_characters() -> None:
    assert (
        said("全年收到政府信息公開申請12件，未發生行政復議和行政訴訟。")
        == "received=12 review.total=0 litigation.total=0"
    )


@pytest.mark.parametrize("name", ["某省某市教育局", "某市教育局", "市教育局"])
def test_the_bodys_own_name_in_full_and_in_short(name: str) -> None:
    assert said(f"{name}2023年收到政府信息公开申请7件。", "某省某市教育局") == "received=7"
    assert said(f"{name}2023年收到政府信息公开申请7件。", "某市水利局") == ""
    assert said(f"{name}2023年收到政府信息公开申请7件。", None) == ""


def test_a_government_speaks_for_its_whole_division_its_office_for_itself() -> None:
    text = "全区共收到政府信息公开申请120件。区政府办代表区政府收到政府信息公开申请17件。"
    found = extract([Prose("overview", text)], 2023, "某市某区人民政府").statements
    assert [(s.value, s.scope, s.certainty) for s in found] == [
        (120, "summary", "stated"),
        (17, "body", "stated"),
    ]
    assert said("市政府办收到政府信息公开申请17件。", "某市某区人民政府") == ""

"""The expected values of the specification: Suqian 2023 and 2024, and a city of 2025."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import gxstats as gx
from gxstats.analysis import metric

CITY = {
    "received/total": 14069,
    "carried_in/total": 560,
    "outcome_total/total": 13810,
    "carried_out/total": 819,
    "granted/total": 5548,
    "granted_in_part/total": 7716 - 5548,
    "refused.other_law/total": 730,
    "unable.not_held/total": 3222,
    "unable.unclear/total": 3421 - 3222,
    "not_processed.petition/total": 457,
    "other.other/total": 1486,
    "review/upheld": 376,
    "review/corrected": 97,
    "review/other": 196,
    "review/pending": 121,
    "review/total": 790,
    "litigation_direct/upheld": 16,
    "litigation_direct/corrected": 1,
    "litigation_direct/other": 12,
    "litigation_direct/pending": 27,
    "litigation_direct/total": 56,
    "litigation_after_review/upheld": 74,
    "litigation_after_review/corrected": 1,
    "litigation_after_review/other": 30,
    "litigation_after_review/pending": 51,
    "litigation_after_review/total": 156,
}
# Per cent as printed, or per 1,000; (value, low, high) or the value alone.
EXPECTED: dict[str, tuple[tuple[float, ...], ...]] = {
    "full_disclosure_rate": ((34.17, 32.61, 35.76), (40.64, 39.03, 42.27), (40.17, 39.36, 40.99)),
    "disclosure_rate": ((43.57, 41.94, 45.23), (54.02, 52.37, 55.66), (55.87, 55.04, 56.70)),
    "release_rate": ((91.45,), (95.39,), (91.36,)),
    "not_held_rate": ((30.03, 28.54, 31.58), (25.48, 24.06, 26.94), (23.33, 22.63, 24.04)),
    "not_processed_rate": ((11.65,), (3.32,), (3.31,)),
    "carry_over_ratio": ((3.35,), (3.43,), (5.60,)),
    "review_correction_rate": ((4.11, 2.58, 6.48), (13.43, 8.67, 20.24), (14.50, 12.03, 17.37)),
    "litigation_loss_rate": ((1.02, 0.18, 5.56), (0.0, 0.0, 6.31), (1.49, 0.41, 5.28)),
    "reviews_per_1000": ((126.2,), (48.3,), (57.2,)),
    "lawsuits_per_1000": ((32.4,), (21.9,), (15.4,)),
}


@pytest.fixture(scope="module")
def suqian() -> pd.DataFrame:
    table = gx.tidy(gx.load_published(), warn=False)
    return table[table.agency == "宿迁市人民政府"]


@pytest.mark.parametrize("name", EXPECTED)
def test_printed_values(suqian: pd.DataFrame, make: Callable[..., pd.DataFrame], name: str) -> None:
    found = metric(suqian, name).set_index("year")
    city = metric(make(CITY, year=2025, agency="某市"), name).iloc[0]
    rows = (found.loc[2023], found.loc[2024], city)
    per, digits = (1, 1) if name.endswith("per_1000") else (100, 2)
    for row, printed in zip(rows, EXPECTED[name], strict=True):
        values = (row.value, row.low, row.high)[: len(printed)]
        assert [round(per * v, digits) for v in values] == list(printed)


def test_counts_of_suqian(suqian: pd.DataFrame) -> None:
    for name, expected in (("received", [3511, 3525]), ("backlog_change", [121 - 96, 125 - 121])):
        assert metric(suqian, name).value.tolist() == expected
    group = metric(suqian, "refusal_rate")
    assert group[group.part == "refused"].numerator.tolist() == [142, 92]
    assert metric(suqian, "unable_rate").numerator.tolist() == [1078, 941]
    assert metric(suqian, "not_processed_rate").numerator.tolist() == [406, 117]
    assert metric(suqian, "other_rate").numerator.tolist() == [341, 469]
    assert metric(suqian, "review_correction_rate").denominator.tolist() == [414, 134]

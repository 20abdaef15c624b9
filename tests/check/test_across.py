"""Rules between reports: the chains of the published reports, and made-up ones for every reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gxstats as gx
from gxstats.check.across_rules import load_rules

PINGTAN = "平潭综合实验区管委会"
SUQIAN = "宿迁市人民政府"


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return gx.check_across(gx.load_published())


def entered(
    year: int, values: Mapping[str, int | str | None], agency: str = "甲县人民政府", **meta: Any
) -> gx.Report:
    return gx.enter(values, {"agency": agency, "year": year, **meta}, "reviewer")


def carried(**columns: int | None) -> dict[str, int | str | None]:
    """Row 四 (out) and row 二 (in); enough of the 2021 form to tell it from the 2019 one."""
    cells: dict[str, int | str | None] = {"applications/other.other/total": 0}
    for name, value in columns.items():
        row, _, measure = name.partition("_")
        cells[f"applications/carried_{row}/{measure}"] = value
    return cells


def stock(in_force: int | None, issued: int = 0, repealed: int = 0) -> dict[str, int | str | None]:
    numbers = {"issued": issued, "repealed": repealed, "in_force": in_force}
    return {f"disclosure/rules/{measure}": number for measure, number in numbers.items()}


def outcomes(*reports: gx.Report) -> list[tuple[str, str, str, str | None]]:
    found = gx.check_across(gx.Reports(reports))
    reason = found["reason"].astype(object).where(found["reason"].notna(), None)
    return list(zip(found["rule"], found["where"], found["status"], reason, strict=True))


def test_everything_that_pingtan_carried_over_arrived(published: pd.DataFrame) -> None:
    chain = published[(published.agency == PINGTAN) & (published.rule == "X-CARRY")]
    assert chain.year.unique().tolist() == [2020, 2021, 2022, 2023, 2024, 2025]
    assert chain.groupby("year").size().tolist() == [7] * 6
    assert chain.status.eq("pass").all()
    totals = chain[chain["where"] == "total"]
    assert totals[["lhs", "rhs"]].values.tolist() == [[0, 0], [0, 0], [1, 1], [0, 0], [0, 0], [0, 0]]
    assert totals.severity.eq("error").all()
    assert chain[chain["where"] != "total"].severity.eq("warning").all()


def test_normative_documents_of_pingtan_do_not_follow_from_year_to_year(published: pd.DataFrame) -> None:
    chain = published[
        (published.agency == PINGTAN)
        & (published.rule == "X-STOCK")
        & (published["where"] == "normative_documents")
    ]
    assert chain.year.tolist() == [2022, 2023, 2024, 2025]
    # 665 + 88 - 55; 698 + 77 - 132; 470 + 62 - 33; no table of section 二 in 2025
    assert chain.lhs.tolist()[:3] == [698, 643, 499]
    assert chain.rhs.tolist()[:3] == [698, 470, 440]
    assert chain.status.tolist() == ["pass", "fail", "fail", "inconclusive"]
    assert chain.difference.tolist()[1:3] == [173, 59]
    assert chain.cause.tolist()[1:3] == ["publisher", "publisher"]
    assert chain.reason.tolist()[3] == "missing_section"
    rules = published[
        (published.agency == PINGTAN) & (published["where"] == "rules") & (published.rule == "X-STOCK")
    ]
    assert rules.status.tolist() == ["pass", "pass", "pass", "inconclusive"]


def test_both_chains_of_suqian_hold(published: pd.DataFrame) -> None:
    chain = published[(published.agency == SUQIAN) & (published.year == 2024)]
    assert chain.groupby("rule").size().to_dict() == {"X-CARRY": 7, "X-STOCK": 2}
    assert chain.status.eq("pass").all()
    by_place = chain.set_index("where")
    assert (by_place.lhs["total"], by_place.rhs["total"]) == (121, 121)
    assert (by_place.lhs["enterprise"], by_place.lhs["natural_person"]) == (3, 118)
    assert (by_place.lhs["rules"], by_place.rhs["rules"]) == (12, 12)  # 11 + 2 - 1
    assert (by_place.lhs["normative_documents"], by_place.rhs["normative_documents"]) == (
        420,
        420,
    )  # 597+50-227
    first = published[(published.agency == SUQIAN) & (published.year == 2023)]
    assert first.reason.unique().tolist() == ["missing_report"]


def test_nothing_is_tried_across_a_break_of_forms(published: pd.DataFrame) -> None:
    tried = {
        (agency, year, rule)
        for agency, year, rule in zip(published.agency, published.year, published.rule, strict=True)
    }
    assert not any(year == 2019 for _, year, _ in tried)  # before f2019 nothing is carried over
    assert (PINGTAN, 2021, "X-STOCK") not in tried  # the year before has no in_force
    assert (PINGTAN, 2021, "X-ITEMS") not in tried  # f2021 has no items
    assert (PINGTAN, 2021, "X-CARRY") in tried  # the rows are the same in both forms


def test_a_finding_names_both_documents_and_both_places(published: pd.DataFrame) -> None:
    row = published[(published.status == "fail") & (published.year == 2023)].iloc[0]
    reports = gx.load_published().reports.set_index("source").document_id
    assert (row.document_id, row.other_document_id) == (reports["pingtan-2023"], reports["pingtan-2022"])
    assert row.other_at == "normative_documents/in_force: line 559"
    assert row["at"].endswith("normative_documents/in_force: line 759")
    assert row.operands.split() == [
        "normative_documents/in_force@2022",
        "normative_documents/issued@2023",
        "-normative_documents/repealed@2023",
        "normative_documents/in_force@2023",
    ]


def test_findings_in_words(published: pd.DataFrame) -> None:
    failing = published[published.status == "fail"]
    zh = [gx.explain_across(row) for row in failing.itertuples()]
    assert zh == [
        f"X-STOCK（{PINGTAN}，行政规范性文件，{years} 年）：上年现行有效＋本年制发－本年废止＝本年现行有效，"
        f"不成立：{sides}；读取均已确认，发布机关的报告之间不相符"
        for years, sides in (("2022—2023", "643 对 470，相差 173"), ("2023—2024", "499 对 440，相差 59"))
    ]
    en = [gx.explain_across(row, "en") for _, row in failing.iterrows()]
    assert en[0] == (
        f"X-STOCK ({PINGTAN}, normative documents, 2022 to 2023): "
        "in force (year before) + issued - repealed = in force - fails: 643 against 470, difference 173; "
        "every figure is confirmed as read: the published reports do not fit each other"
    )
    missing = published[(published.agency == SUQIAN) & (published.reason == "missing_report")]
    assert gx.explain_across(next(missing.itertuples())).endswith("无法判断：没有上一年的报告")
    held = published[
        (published.agency == SUQIAN) & (published["where"] == "total") & (published.status == "pass")
    ]
    assert gx.explain_across(next(held.itertuples()), "en").endswith("holds: 121 against 121")


def test_a_total_that_does_not_arrive_is_an_error_and_a_column_a_warning() -> None:
    before = entered(2022, carried(out_total=3, out_enterprise=1))
    after = entered(2023, carried(in_total=4, in_enterprise=0))
    found = gx.check_across(gx.Reports((before, after))).query("status == 'fail'").set_index("where")
    assert found.severity.to_dict() == {"total": "error", "enterprise": "warning"}
    assert found.difference.to_dict() == {"total": -1, "enterprise": 1}


def test_a_year_without_the_one_before_is_inconclusive() -> None:
    found = outcomes(entered(2021, carried(out_total=3)), entered(2023, carried(in_total=9)))
    assert ("X-CARRY", "total", "inconclusive", "missing_report") in found
    assert all(status == "inconclusive" for _, _, status, _ in found)


def test_an_unknown_figure_is_inconclusive() -> None:
    found = outcomes(entered(2022, carried(out_total=None)), entered(2023, carried(in_total=0)))
    assert ("X-CARRY", "total", "inconclusive", "unknown_figure") in found


def test_several_reports_of_one_year_are_not_chosen_from() -> None:
    twice = [entered(2022, carried(out_total=number)) for number in (1, 2)]
    found = outcomes(*twice, entered(2023, carried(in_total=1)))
    assert ("X-CARRY", "total", "inconclusive", "several_reports") in found
    assert not any(status in ("pass", "fail") for _, _, status, _ in found)


def test_bodies_and_scopes_are_kept_apart() -> None:
    before = entered(2022, carried(out_total=3), scope="summary")
    for after in (
        entered(2023, carried(in_total=9), scope="body"),
        entered(2023, carried(in_total=9), agency="乙县人民政府", scope="summary"),
        entered(2023, carried(in_total=9), scope="summary", division_code="320813"),
    ):
        assert ("X-CARRY", "total", "inconclusive", "missing_report") in outcomes(before, after)
    assert ("X-CARRY", "total", "fail", None) in outcomes(
        before, entered(2023, carried(in_total=9), scope="summary")
    )


def test_a_late_form_is_not_compared() -> None:
    late = {f"disclosure/rules/{m}": 1 for m in ("made", "disclosed", "disclosed_total")}
    found = outcomes(entered(2021, late), entered(2022, stock(5)))
    assert ("X-STOCK", "rules", "inconclusive", "form_break") in found


def test_items_of_2019_are_stated_again_in_2020() -> None:
    def items(last_year: int, change: str) -> dict[str, int | str | None]:
        return {
            "disclosure/licensing/items_last_year": last_year,
            "disclosure/licensing/items_change": change,
        }

    held = outcomes(entered(2019, items(120, "-8")), entered(2020, items(112, "+19")))
    assert ("X-ITEMS", "licensing", "pass", None) in held
    broken = outcomes(entered(2019, items(120, "-8")), entered(2020, items(120, "0")))
    assert ("X-ITEMS", "licensing", "fail", None) in broken


def test_a_proved_figure_makes_a_weak_pass() -> None:
    row = dict.fromkeys(("enterprise", "research", "public_interest", "legal_service", "other_org"), "")
    blank = {f"applications/carried_out/{measure}": value for measure, value in row.items()}
    full = {"applications/carried_out/natural_person": 4, "applications/carried_out/total": 4}
    found = outcomes(
        entered(2022, {**carried(), **blank, **full}), entered(2023, carried(in_total=4, in_enterprise=0))
    )
    assert ("X-CARRY", "total", "pass", None) in found
    assert ("X-CARRY", "enterprise", "weak_pass", None) in found


def test_a_report_of_nobody_or_no_year_is_named_and_not_checked() -> None:
    known = entered(2023, carried(in_total=1))
    nobody = gx.Report({**known.meta, "document_id": "b.1", "agency": None}, known.fact_rows)
    found = gx.check_across(gx.Reports((known, nobody)))
    assert found.attrs["unplaced"] == ["b.1"]
    assert found.document_id.unique().tolist() == [known.document_id]


def disputes(*numbers: int) -> dict[str, int | str | None]:
    measures = ("upheld", "corrected", "other", "pending", "total")
    return {f"disputes/review/{m}": n for m, n in zip(measures, numbers, strict=True)}


def test_a_summary_is_the_sum_of_its_components() -> None:
    parts = [entered(2024, disputes(1, 0, 2, 0, 3), "甲局"), entered(2024, disputes(4, 1, 0, 0, 5), "乙局")]
    whole = entered(2024, disputes(5, 1, 2, 0, 9), "某县人民政府", scope="summary")
    components = {whole.document_id: [part.document_id for part in parts]}
    found = gx.check_across(gx.Reports((*parts, whole)), components=components)
    sums = found[(found.rule == "H-SUM") & found["where"].str.startswith("review/")].set_index("where")
    assert sums.status.to_dict() == {
        "review/upheld": "pass",
        "review/corrected": "pass",
        "review/other": "pass",
        "review/pending": "pass",
        "review/total": "fail",
    }
    assert (sums.lhs["review/total"], sums.rhs["review/total"]) == (8, 9)
    assert sums.other_document_id["review/total"] == " ".join(components[whole.document_id])
    assert gx.explain_across(next(sums.reset_index().itertuples()), "en").startswith("H-SUM (某县人民政府, ")


def test_a_sum_without_all_components_is_not_tried() -> None:
    part, stranger = (
        entered(2024, disputes(1, 0, 2, 0, 3), "甲局"),
        entered(2023, disputes(9, 0, 0, 0, 9), "乙局"),
    )
    whole = entered(2024, disputes(5, 1, 2, 0, 9), "某县人民政府")
    for other in ("0123456789abcdef.1", stranger.document_id):
        components = {whole.document_id: [part.document_id, other]}
        found = gx.check_across(gx.Reports((part, stranger, whole)), components=components)
        sums = found[found.rule == "H-SUM"]
        assert sums.reason.tolist() == ["missing_component"]
        assert sums.status.tolist() == ["inconclusive"]


def test_a_component_on_another_form_is_added_up_only_where_the_forms_agree() -> None:
    row = {"applications/received/total": 3}
    old = entered(2024, {**row, "applications/other/total": 1}, "甲局")
    new = entered(2024, {**row, "applications/other.other/total": 1}, "某县人民政府")
    found = gx.check_across(gx.Reports((old, new)), components={new.document_id: [old.document_id]})
    by_place = found[found.rule == "H-SUM"].set_index("where")
    assert by_place.status["received/total"] == "pass"
    assert by_place.reason["other.other/total"] == "form_break"


def test_an_unknown_summary_is_an_error() -> None:
    with pytest.raises(gx.UnknownField, match="no report 'x'"):
        gx.check_across(gx.load_published(), components={"x": []})


def test_facts_without_reports_are_an_error() -> None:
    reports = gx.load_published()
    with pytest.raises(gx.UnknownField, match="without their reports"):
        gx.check_across(reports.facts)
    pd.testing.assert_frame_equal(gx.check_across(reports.facts, reports.reports), gx.check_across(reports))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[carried_out@before]", "[carried_out@now]", "CODE@before"),
        ("[carried_in@after]", "[carried_inn@after]", "no place"),
        ("errors: [total]", "errors: [totals]", "no place of this rule"),
        ("forms: [f2021]", "forms: [f2012]", "no form is called"),
        ("section: applications", "sektion: applications", "unknown key"),
    ],
)
def test_a_faulty_rule_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = Path(gx.__file__).with_name("check").joinpath("across.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "across.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(gx.SchemaError, match=said) as error:
        load_rules(path)
    assert error.value.where.startswith(f"{path}:")

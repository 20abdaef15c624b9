"""Small tidy frames built by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from gxstats.schema.quantity import form_cells

TotalOf = Mapping[str, Any]
Make = Callable[..., pd.DataFrame]

EXAMPLE: dict[str, int] = {
    "received/total": 100,
    "received/natural_person": 80,
    "received/enterprise": 15,
    "received/legal_service": 4,
    "received/other_org": 1,
    "carried_in/total": 20,
    "granted/total": 30,
    "granted_in_part/total": 10,
    "refused.state_secret/total": 1,
    "refused.other_law/total": 2,
    "refused.third_party/total": 3,
    "refused.internal_affairs/total": 4,
    "refused.process_information/total": 5,
    "refused.administrative_inquiry/total": 5,
    "unable.not_held/total": 12,
    "unable.needs_creation/total": 6,
    "unable.unclear/total": 2,
    "not_processed.petition/total": 4,
    "not_processed.repeat/total": 2,
    "not_processed.publication/total": 1,
    "not_processed.excessive/total": 3,
    "other.not_corrected/total": 3,
    "other.fee_unpaid/total": 2,
    "other.other/total": 5,
    "outcome_total/total": 100,
    "carried_out/total": 20,
    "review/upheld": 6,
    "review/corrected": 2,
    "review/other": 1,
    "review/pending": 1,
    "review/total": 10,
    "litigation_direct/upheld": 3,
    "litigation_direct/corrected": 1,
    "litigation_direct/pending": 1,
    "litigation_direct/total": 5,
    "litigation_after_review/upheld": 2,
    "litigation_after_review/other": 1,
    "litigation_after_review/pending": 1,
    "litigation_after_review/total": 4,
    "normative_documents/issued": 5,
    "normative_documents/repealed": 2,
    "normative_documents/in_force": 50,
    "licensing/decisions": 200,
    "penalties/decisions": 50,
    "coercion/decisions": 3,
}
"""REF 20, UNA 20, NPR 10, OTH 10, N 100; reviews decided 9, lawsuits decided 4 + 3."""


@pytest.fixture
def make() -> Make:
    """A report: every cell of the form, 0 where nothing is said; a state instead of a number is kept."""

    def build(
        cells: Mapping[str, Any] = EXAMPLE, *, form: str = "f2021", agency: str = "甲县", **who: Any
    ) -> pd.DataFrame:
        year = who.pop("year", 2023)
        implied = who.pop("implied", {})
        rows = []
        for section, item, measure in form_cells()[form]:
            said = cells.get(f"{item}/{measure}", 0)
            known = isinstance(said, int)
            rows.append(
                {
                    "document_id": who.get("document_id", f"{agency}-{year}"),
                    "agency": agency,
                    "year": year,
                    "scope": who.get("scope", "body"),
                    **{k: v for k, v in who.items() if k not in ("document_id", "scope")},
                    "section": section,
                    "item": item,
                    "measure": measure,
                    "form": form,
                    "value": said if known else None,
                    "implied": implied.get(f"{item}/{measure}"),
                    "state": "reported" if known else said,
                    "verdict": "confirmed",
                }
            )
        frame = pd.DataFrame(rows)
        return frame.astype({"value": "Int64", "implied": "Int64", "year": "Int64", "scope": "string"})

    return build

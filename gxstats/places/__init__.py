"""Divisions and agencies over time, and what an address says of where a report comes from."""

from __future__ import annotations

from gxstats.places.address import canonical_address, same_source
from gxstats.places.agencies import UnknownAgency, agency
from gxstats.places.divisions import UnknownDivision, division, divisions, successor
from gxstats.places.trust import assess

__all__ = [
    "UnknownAgency",
    "UnknownDivision",
    "agency",
    "assess",
    "canonical_address",
    "division",
    "divisions",
    "same_source",
    "successor",
]

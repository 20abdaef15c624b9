"""A dataset on disk: written as releases, read through DuckDB.

The plain figures stand in wide files, one for each form and year, one row per report; whatever is not plain
stands whole in sparse files, and where the cells stand in their sources in files of its own. Views give the
contract's facts back from these, cell by cell the same. See ``docs/scale.md`` for sizes and times.
"""

from __future__ import annotations

from gxstats.dataset.store.connect import BadQuery
from gxstats.dataset.store.dataset import Dataset, open_dataset
from gxstats.dataset.store.release import BrokenRelease, Release
from gxstats.dataset.store.writer import ReleaseWriter, WriteRefused

__all__ = [
    "BadQuery",
    "BrokenRelease",
    "Dataset",
    "Release",
    "ReleaseWriter",
    "WriteRefused",
    "open_dataset",
]

"""The same dataset from a Dask cluster."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gxstats.build import cluster
from gxstats.build.cluster import MissingExtra, OtherReader, read_documents
from gxstats.build.pipeline import run
from tests.build.conftest import Watched, content_of, write_pages


def test_a_cluster_writes_the_same_bytes(tmp_path: Path, watched: Watched) -> None:
    pytest.importorskip("distributed")
    folder = write_pages(tmp_path / "in", 50)
    (folder / "crash").write_bytes(b"crash")
    alone = run(folder, tmp_path / "a", jobs=2, limits=watched.limits, progress=False)
    together = run(folder, tmp_path / "b", engine="dask", jobs=2, limits=watched.limits, progress=False)
    assert alone == together
    assert together.without_facts == 1
    assert content_of(tmp_path / "a") == content_of(tmp_path / "b")
    assert not cluster._started


def test_a_worker_with_another_reader_is_refused(watched: Watched) -> None:
    with pytest.raises(OtherReader):
        read_documents([], watched.limits, "0.0.9-0000000000000000")


def test_without_dask_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"gxstats\[scale\]"):
        run(write_pages(tmp_path / "in", 1), tmp_path / "out", engine="dask", progress=False)

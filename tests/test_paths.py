"""The shipped data are found from a checkout and from an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

import gxstats as gx
from gxstats import paths


def test_a_checkout_has_its_data_beside_the_package() -> None:
    assert gx.data_path("sample").parent == Path(gx.__file__).resolve().parents[1] / "data"


def test_every_sample_file_is_there() -> None:
    files = gx.sample_files()
    assert len(files) == len(set(files)) == 14
    assert all(path.is_file() for path in files)


def test_an_installed_package_carries_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "gxstats"
    (package / "_data" / "sample").mkdir(parents=True)
    (tmp_path / "site-packages" / "data" / "sample").mkdir(parents=True)  # of another package
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert gx.data_path("sample") == package / "_data" / "sample"


def test_what_is_not_shipped_is_named() -> None:
    with pytest.raises(gx.InputMissing, match=r"nothing\.csv"):
        gx.data_path("nothing.csv")

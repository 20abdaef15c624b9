"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# Results must not depend on whether OCR happens to be installed: only the tests of it turn it on.
os.environ["GXSTATS_OCR"] = "off"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reports and checked figures beside the checkout; tests that need it skip without it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("no shared/ beside the checkout")
    return folder

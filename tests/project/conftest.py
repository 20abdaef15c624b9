"""The checkout itself, as the tests of this folder see it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def project_files(root: Path) -> list[Path]:
    """Every file that is tracked or would be: what is neither ignored nor deleted."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    return [root / name for name in sorted(set(listed.split("\0"))) if name and (root / name).is_file()]

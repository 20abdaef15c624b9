"""Files of a folder into an archive."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gxstats.archive.added import Added
from gxstats.archive.capture import outcome
from gxstats.archive.store import Archive
from gxstats.archive.verify import Problem
from gxstats.read.limits import MAX_PACKAGE_BYTES


def add_files(archive: Archive, paths: Iterable[Path]) -> Added:
    """Add files, each under its path as it was given; no time is made up for them.

    A file that cannot be read is a problem and does not end the rest. A file that is added again
    unchanged adds nothing; a changed file of the same path is a revision.

    Args:
        archive: where to. Its own files are left out if they are among the paths.
        paths: the files.

    Returns:
        Counts and problems.

    Raises:
        LedgerError: the ledger cannot be written.
    """
    added = Added()
    own = archive.folder.resolve()
    for path in paths:
        if path.resolve().is_relative_to(own):
            continue
        try:
            size = path.stat().st_size
            if size > MAX_PACKAGE_BYTES:
                message = f"the file has {size:,} bytes; {MAX_PACKAGE_BYTES:,} are taken at most"
                added.problems.append(Problem("file", str(path), message))
                continue
            data = path.read_bytes()
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            added.problems.append(Problem("file", str(path), message))
            continue
        capture, is_new = archive.include(data, name=path.as_posix())
        added.counts[outcome(capture) if is_new else "same"] += 1
    return added

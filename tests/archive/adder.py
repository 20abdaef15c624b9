"""Adds documents to an archive until its process is killed."""

from __future__ import annotations

import random
from multiprocessing.connection import Connection

from gxstats.archive import Archive


def add_until_killed(folder: str, seed: int, said: Connection) -> None:
    """Say what was added after each document."""
    chance = random.Random(seed)
    said.send(None)
    with Archive(folder) as archive:
        while True:
            page = chance.randrange(200)
            data = f"{page} {chance.randrange(3)} ".encode() * chance.choice([1, 1_000, 200_000])
            capture = archive.add(data, url=f"https://a.gov.cn/{page}.html", fetched_at="2024-01-01T00:00Z")
            said.send((capture.id, capture.sha256))

"""A process that adds documents is killed at random moments: nothing it said it had added is lost."""

from __future__ import annotations

import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from gxstats.archive import Archive
from tests.archive.adder import add_until_killed

# Processes forked from a server that has imported all they need: they begin at once.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.archive.adder"])
LONGEST_LIFE = 0.15


def start(folder: Path, seed: int) -> tuple[BaseProcess, Connection]:
    """A process that has just begun to open the archive."""
    said, says = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=add_until_killed, args=(str(folder), seed, says))
    process.start()
    says.close()
    assert said.recv() is None
    return process, said


def kill(process: BaseProcess, said: Connection) -> dict[int, str]:
    """What the process said it had added."""
    process.kill()
    process.join()
    heard: dict[int, str] = {}
    try:
        while True:
            number, sha256 = said.recv()
            heard[number] = sha256
    except EOFError:
        return heard


def check_kills(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    said: dict[int, str] = {}
    for n in range(kills):
        running = [start(folder, chance.randrange(10**9)) for _ in range(1 + n % 2)]
        time.sleep(chance.uniform(0, LONGEST_LIFE))
        for process, pipe in running:
            said |= kill(process, pipe)
        with Archive(folder) as archive:
            assert [problem for problem in archive.verify() if not problem.harmless] == []
    with Archive(folder, create=False) as archive:
        held = {capture.id: capture.sha256 for capture in archive.captures()}
        assert said.items() <= held.items()
        assert len(said) > kills
        assert {p.kind for p in archive.verify(repair=True)} <= {"unfinished", "unrecorded"}
        assert archive.verify() == []
        assert list(held) == list(range(1, len(held) + 1))


def test_ten_kills(tmp_path: Path) -> None:
    check_kills(tmp_path / "archive", 10, seed=20240101)


@pytest.mark.heavy
def test_two_hundred_kills(tmp_path: Path) -> None:
    check_kills(tmp_path / "archive", 200, seed=7)


def test_killed_while_it_makes_the_archive(tmp_path: Path) -> None:
    chance = random.Random(3)
    for n in range(10):
        folder = tmp_path / str(n)
        process, pipe = start(folder, n)
        time.sleep(chance.uniform(0, 0.02))
        kill(process, pipe)
        with Archive(folder) as archive:
            assert [problem for problem in archive.verify() if not problem.harmless] == []

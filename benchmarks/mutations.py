"""Damaged copies of files: every one follows from its seed, the format and the files it is made from."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.mutations_image import IMAGE
from benchmarks.mutations_markup import MARKUP, RUNS
from benchmarks.mutations_ole import OLE
from benchmarks.mutations_package import PACKAGE
from benchmarks.mutations_pdf import PDF
from benchmarks.mutations_text import RTF, TEXT
from benchmarks.mutations_wrapped import ARCHIVE, MHT

Mutate = Callable[[bytes, random.Random], bytes]
LARGEST = 24_000_000
"""Bytes of a mutant; longer ones are cut."""


class Original(NamedTuple):
    """A sound file to damage."""

    name: str
    data: bytes


class Mutant(NamedTuple):
    """A damaged file, and how it came to be."""

    seed: int
    format: str
    original: str
    steps: tuple[str, ...]
    data: bytes


def mutate(seed: int, pool: Mapping[str, Sequence[Original]]) -> Mutant:
    """The damaged file of this seed.

    Args:
        seed: Seeds one after the other take the formats in turn.
        pool: format (the keys of :data:`SPECIAL`) -> the files to damage.

    Example:
        >>> pool = {"html": [Original("a.html", b"<table><tr><td>1</td></tr></table>")]}
        >>> mutate(3, pool) == mutate(3, pool)
        True
    """
    rng = random.Random(seed)
    kind = sorted(pool)[seed % len(pool)]
    originals = pool[kind]
    name, data = rng.choice(originals)
    steps = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        tools = {**RAW, **SPECIAL.get(kind, {})}
        # Damage that knows the format gets further into the reader than flipped bits do.
        knowing = kind in SPECIAL and rng.random() < 0.75
        step = rng.choice(sorted(SPECIAL[kind] if knowing else [*RAW, "splice", "splice"]))
        steps.append(step)
        data = splice(data, rng.choice(originals).data, rng) if step == "splice" else tools[step](data, rng)
    return Mutant(seed, kind, name, tuple(steps), data[:LARGEST])


def splice(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """The beginning of one file and the end of another, or a piece of the other in the middle."""
    if rng.random() < 0.5:
        share = rng.random()
        return data[: int(len(data) * share)] + other[int(len(other) * share) :]
    start, end = _piece(other, rng, len(other) // 4)
    at = rng.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def flip_bits(data: bytes, rng: random.Random) -> bytes:
    """Some bits the other way round."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 4, 16, 64, 512)) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def set_bytes(data: bytes, rng: random.Random) -> bytes:
    """Some bytes replaced, by zeros, ones or anything."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 8, 64)) if data else 0):
        changed[rng.randrange(len(changed))] = rng.choice((0, 255, 32, rng.randrange(256)))
    return bytes(changed)


def truncate(data: bytes, rng: random.Random) -> bytes:
    """The beginning only, or the end only."""
    at = rng.randrange(len(data) + 1)
    return data[:at] if rng.random() < 0.8 else data[at:]


def delete_piece(data: bytes, rng: random.Random) -> bytes:
    """A piece less."""
    start, end = _piece(data, rng)
    return data[:start] + data[end:]


def repeat_piece(data: bytes, rng: random.Random) -> bytes:
    """A piece twice, or very often."""
    start, end = _piece(data, rng)
    times = rng.choice((2, 2, 10, 1000))
    return data[:start] + (data[start:end] * times)[:2_000_000] + data[end:]


def swap_pieces(data: bytes, rng: random.Random) -> bytes:
    """Two neighbouring pieces exchanged."""
    a, b, c = sorted(rng.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def blank_piece(data: bytes, rng: random.Random) -> bytes:
    """A piece of zeros, or of blanks, as a failed download leaves it."""
    start, end = _piece(data, rng)
    return data[:start] + rng.choice((b"\0", b" ")) * (end - start) + data[end:]


def change_digits(data: bytes, rng: random.Random) -> bytes:
    """Other digits where there are digits: lengths, offsets, numbers."""
    places = [n for n, byte in enumerate(data) if 48 <= byte <= 57]
    changed = bytearray(data)
    for at in rng.sample(places, min(len(places), rng.choice((1, 5, 50)))):
        changed[at] = rng.randrange(48, 58)
    return bytes(changed)


def insert_run(data: bytes, rng: random.Random) -> bytes:
    """A sign repeated hundreds or thousands of times: patterns must not blow up."""
    at = rng.randrange(len(data) + 1)
    run = rng.choice(RUNS) * rng.choice((80, 600, 20_000))
    return data[:at] + run.encode() + rng.choice((b"", b"x", b"\n")) + data[at:]


def prepend_noise(data: bytes, rng: random.Random) -> bytes:
    """Something in front: a byte order mark, blanks, another signature."""
    return (
        rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\n" * 2000, b"PK\3\4", b"%PDF-1.7\n", b"<html>")) + data
    )


def _piece(data: bytes, rng: random.Random, longest: int = 0) -> tuple[int, int]:
    longest = longest or rng.choice((4, 64, 1024, 16384))
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.randrange(longest + 1))


RAW: dict[str, Mutate] = {
    function.__name__: function
    for function in (
        flip_bits,
        set_bytes,
        truncate,
        delete_piece,
        repeat_piece,
        swap_pieces,
        blank_piece,
        change_digits,
        insert_run,
        prepend_noise,
    )
}
SPECIAL: dict[str, dict[str, Mutate]] = {
    "doc": OLE,
    "docx": PACKAGE,
    "html": MARKUP,
    "image": IMAGE,
    "mht": MHT,
    "odt": PACKAGE,
    "ofd": PACKAGE,
    "pdf": PDF,
    "rtf": RTF,
    "text": TEXT,
    "xlsx": PACKAGE,
    "zip": ARCHIVE,
}
KEEPING = frozenset(
    (
        *("break_tables", "lie_about_sizes", "change_charset", "declare_entities", "nest_deeply"),
        *("prepend_noise", "drop_part", "rename_part", "nest_archives", "change_header", "bend_chains"),
        *("change_boundaries", "insert_words", "insert_words_2", "cut_lines", "truncate", "mix_encodings"),
        *("lie_about_streams", "change_tables"),
    )
)
"""Damage after which the figures that can still be read are those that were printed, or are no figures."""

"""Cut digits that run together into figures, by the form's arithmetic alone: how many ways are there?

Pages that lose the borders of their cells print a row as ``640020470``. No digit of it may be
guessed: a figure has no leading zero, the parts of the row add up to its total (A-ROW, D-SUM), and
the rows of the table add up down every column (A-FLOW, A-SUM). All ways that satisfy this are
counted; only where a single one is left is the row known. Both searches are bounded: one that would
take too long is refused, which is no loss, since a row with that many ways is not known anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

Figures = tuple[int, ...]
MAX_SIGNS = 60
"""More digits than any row of a report has."""
MAX_LENGTH = 7
"""Digits of the largest count of applications or lawsuits that one report can have."""
MAX_STEPS = 20_000
"""Figures tried per row: some 15 ms."""
MAX_CUTS = 99
"""Ways to cut a single row, sums apart, among which one that adds up is hardly chance."""
MAX_SUMS = 50_000
"""Sums looked at while rows are put together: some 0.2 s in the worst table."""


class Ways(NamedTuple):
    """How digits can be cut: ``found`` are the first ways, ``number`` how many there are.

    ``complete`` is false if the search was given up; then ``number`` is only a lower bound.
    """

    found: tuple[Figures, ...]
    number: int
    complete: bool = True

    @property
    def only(self) -> Figures | None:
        """The way to cut, if there is exactly one."""
        return self.found[0] if self.complete and self.number == 1 else None


def cut_row(digits: str, groups: Sequence[int], *, summed: bool = True) -> Ways:
    """Every way to cut digits into groups of figures, the last of each group the sum of the others.

    Args:
        digits: ASCII digits.
        groups: how many figures each group has, its total counted.
        summed: whether the groups add up; if not, digits can be cut in a single way only where each
            figure has one digit.

    Example:
        >>> cut_row("640020470", (7,)).only
        (64, 0, 0, 2, 0, 4, 70)
        >>> cut_row("110", (2,)).number, cut_row("7777166", (3,), summed=False).number
        (0, 15)
    """
    if not digits.isdecimal() or not digits.isascii() or not sum(groups) <= len(digits) <= MAX_SIGNS:
        return Ways((), 0)
    if not summed:
        ways = _numbers_of_ways(digits, sum(groups))
        count = ways[-1][0]
        return Ways(tuple(_cuts(digits, ways, sum(groups), 0)) if count == 1 else (), count)
    search = _RowSearch(digits, tuple(groups))
    found = list(search.ways(0, 0))
    return Ways(tuple(found), len(found), search.steps < MAX_STEPS)


class _RowSearch:
    """Depth first, from left to right, the total of a group before its parts; stops after so many steps."""

    def __init__(self, digits: str, groups: tuple[int, ...]) -> None:
        self._digits = digits
        self._groups = groups
        self._behind = [sum(groups[number + 1 :]) for number in range(len(groups))]
        self.steps = 0

    def ways(self, group: int, start: int) -> Iterator[Figures]:
        """Cuts of what stands from ``start`` on into this group and those behind it."""
        if group == len(self._groups):
            yield ()
            return
        for at, end in self._totals(group, start):
            total = int(self._digits[at:end])
            for parts in self._parts(self._groups[group] - 1, start, at, total):
                for rest in self.ways(group + 1, end):
                    yield (*parts, total, *rest)

    def _totals(self, group: int, start: int) -> Iterator[tuple[int, int]]:
        """Where the total of a group may begin and end."""
        size = len(self._digits) - self._behind[group]
        last = group == len(self._groups) - 1
        for at in range(start + self._groups[group] - 1, size):
            longest = 1 if self._digits[at] == "0" else MAX_LENGTH
            for end in range(size if last else at + 1, min(at + longest, size) + 1):
                yield at, end

    def _parts(self, left: int, start: int, stop: int, total: int) -> Iterator[Figures]:
        """Cuts of the digits up to ``stop`` into so many figures that make this total."""
        self.steps += 1
        if self.steps >= MAX_STEPS:
            return
        width = len(str(total))  # no part is longer than what is left of the total
        if left == 1:
            if self._digits[start:stop] == str(total):
                yield (total,)
            return
        shortest = max(1, stop - start - (left - 1) * width)
        longest = 1 if self._digits[start] == "0" else min(width, stop - start - left + 1)
        for end in range(start + shortest, start + longest + 1):
            figure = int(self._digits[start:end])
            if figure > total:
                return
            for rest in self._parts(left - 1, end, stop, total - figure):
                yield (figure, *rest)


def withstands_a_slip(digits: str, groups: Sequence[int]) -> bool:
    """Whether the one way to cut a row that adds up is not owed to a row that does not.

    A row stands in no sums but its own. Where its publisher added up wrongly, the figures that were
    printed add up in no way, but chance may find another that does: the more ways there are to cut
    the digits, the likelier. So there must be few of them, and none in which one group alone fails
    by a usual slip (off by one or two, or without a total) or two neighbours changed places.

    Args:
        digits: ASCII digits, cut by :func:`cut_row` in one way.
        groups: how many figures each group has, its total counted.

    Example:
        >>> withstands_a_slip("10203120001200000", (5, 5, 5)), withstands_a_slip("1010", (2,))
        (True, False)
    """
    count = sum(groups)
    ways = _numbers_of_ways(digits, count)
    if not 0 < ways[count][0] <= MAX_CUTS:
        return False
    return not any(_is_slip(figures, groups) for figures in _cuts(digits, ways, count, 0))


def _numbers_of_ways(digits: str, count: int) -> list[list[int]]:
    """``[n][start]``: the ways to cut what stands from ``start`` on into n figures, sums apart."""
    size = len(digits)
    ways = [[0] * (size + 1) for _ in range(count + 1)]
    ways[0][size] = 1
    for n in range(1, count + 1):
        for start in range(size):
            longest = 1 if digits[start] == "0" else MAX_LENGTH
            ways[n][start] = sum(ways[n - 1][start + 1 : start + longest + 1])
    return ways


def _cuts(digits: str, ways: list[list[int]], left: int, start: int) -> Iterator[Figures]:
    if not left:
        yield ()
        return
    longest = 1 if digits[start] == "0" else MAX_LENGTH
    for end in range(start + 1, min(start + longest, len(digits)) + 1):
        if ways[left - 1][end]:
            for rest in _cuts(digits, ways, left - 1, end):
                yield (int(digits[start:end]), *rest)


def _is_slip(figures: Figures, groups: Sequence[int]) -> bool:
    """Whether a usual slip of the pen explains why these figures do not add up."""
    broken, start = [], 0
    for size in groups:
        *parts, total = figures[start : start + size]
        start += size
        if sum(parts) != total:
            broken.append(abs(sum(parts) - total) <= 2 or total == 0)
    return broken == [True] or (0 < len(broken) <= 2 and _is_transposed(figures, groups))


def _is_transposed(figures: Figures, groups: Sequence[int]) -> bool:
    """Whether figures that do not add up do so once two neighbours have changed places."""
    for at, (one, other) in enumerate(pairwise(figures)):
        if one != other and _adds_up((*figures[:at], other, one, *figures[at + 2 :]), groups):
            return True
    return False


def _adds_up(figures: Figures, groups: Sequence[int]) -> bool:
    ends = list(accumulate(groups))
    return all(
        sum(figures[end - size : end - 1]) == figures[end - 1] for end, size in zip(ends, groups, strict=True)
    )


class Equation(NamedTuple):
    """What the rows of a table promise of every column: one side's rows make the other's."""

    lhs: tuple[int, ...]
    rhs: tuple[int, ...]


def cut_table(rows: Sequence[Ways], equations: Sequence[Equation]) -> Ways:
    """Every way to choose one cut per row so that all columns add up.

    Args:
        rows: the ways of each row; each cuts it into the same number of figures.
        equations: by the index of the rows, both sides.

    Returns:
        Ways whose figures are the index of the cut chosen for each row. They are counted by carrying
        along what each choice adds to each sum, so that equal sums are looked at once.

    Example:
        >>> rows = [Ways(((1, 11, 12), (11, 1, 12)), 2), Ways(((2, 1, 3),), 1), Ways(((13, 2, 15),), 1)]
        >>> cut_table(rows, [Equation((0, 1), (2,))]).only
        (1, 0, 0)
    """
    if any(not row.complete or not row.found for row in rows):
        return Ways((), 0, all(row.complete for row in rows))
    order = sorted(range(len(rows)), key=lambda n: len(rows[n].found))
    signs = [[(n in e.lhs) - (n in e.rhs) for e in equations] for n in range(len(rows))]
    lowest, highest = _bounds(order, rows, signs)
    states: dict[Figures, tuple[int, Figures]] = {(0,) * len(lowest[0]): (1, ())}
    tried = 0
    for step, number in enumerate(order):
        tried += len(states) * len(rows[number].found)
        if tried > MAX_SUMS:
            return Ways((), 0, complete=False)
        moves = [_signed(figures, signs[number]) for figures in rows[number].found]
        states = _moved(states, moves, lowest[step], highest[step])
    if not states:
        return Ways((), 0)
    ((count, path),) = states.values()
    chosen = dict(zip(order, path, strict=True))
    return Ways((tuple(chosen[n] for n in range(len(rows))),), count)


def _moved(
    states: dict[Figures, tuple[int, Figures]], moves: Sequence[Figures], lowest: Figures, highest: Figures
) -> dict[Figures, tuple[int, Figures]]:
    """The sums after one more row, each with how many ways lead to it and one of them."""
    moved: dict[Figures, tuple[int, Figures]] = {}
    for state, (count, path) in states.items():
        for choice, move in enumerate(moves):
            after = tuple([a + b for a, b in zip(state, move, strict=True)])
            if all(low <= -a <= high for a, low, high in zip(after, lowest, highest, strict=True)):
                known = moved.get(after)
                moved[after] = (known[0] + count, known[1]) if known else (count, (*path, choice))
    return moved


def _signed(figures: Figures, signs: Sequence[int]) -> Figures:
    """What a row adds to the difference of the sides of each equation, in each column."""
    return tuple([sign * figure for sign in signs for figure in figures])


def _bounds(
    order: Sequence[int], rows: Sequence[Ways], signs: Sequence[Sequence[int]]
) -> tuple[list[Figures], list[Figures]]:
    """For each row in this order the least and most that those behind it can add."""
    size = len(signs[0]) * len(rows[0].found[0])
    lowest, highest = [(0,) * size], [(0,) * size]
    for number in reversed(order[1:]):
        moves = list(zip(*[_signed(figures, signs[number]) for figures in rows[number].found], strict=True))
        lowest.append(tuple([low + min(move) for low, move in zip(lowest[-1], moves, strict=True)]))
        highest.append(tuple([high + max(move) for high, move in zip(highest[-1], moves, strict=True)]))
    return lowest[::-1], highest[::-1]

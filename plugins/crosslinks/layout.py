"""Where the map's nodes and threads go: three columns with as few crossings as can be found.

Fewest crossings is a problem nobody solves quickly, so this is the usual way to a good
answer: sort one column by the mean height of each node's neighbours, then the next, to
and fro, and keep the best order met on the way (the barycentre method of Sugiyama).
Pure and deterministic: the same columns and pairs always give the same picture.
Heights are in hundredths of the map's height, so that the page can stretch it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

SWEEPS = 24
"""How often the columns are put in order after each other; more has never helped."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Thread:
    """A line from ``left`` to ``right``; ``path`` is its SVG path in a box of 100 by 100."""

    left: str
    right: str
    path: str


@dataclass(frozen=True)
class Layout:
    """``columns`` hold names from top to bottom; ``gaps`` the threads between two neighbouring columns."""

    columns: tuple[tuple[str, ...], ...]
    gaps: tuple[tuple[Thread, ...], ...]


def lay_out(columns: Sequence[Sequence[str]], pairs: Sequence[Sequence[Pair]]) -> Layout:
    """Order each column so that few threads cross, and draw the threads.

    ``pairs[i]`` joins ``columns[i]`` (left) to ``columns[i + 1]`` (right).  A column keeps
    its first order where nothing speaks for another.
    """
    order = [list(column) for column in columns]
    best, fewest = [list(column) for column in order], _all_crossings(order, pairs)
    # A sweep can make things worse before the next makes them better, so the best is kept aside.
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for at in range(len(order)) if forward else reversed(range(len(order))):
            order[at] = _by_neighbours(order, pairs, at, look_left=forward)
        crossings = _all_crossings(order, pairs)
        if crossings < fewest:
            best, fewest = [list(column) for column in order], crossings
    gaps = tuple(_draw(best[at], best[at + 1], joined) for at, joined in enumerate(pairs))
    return Layout(tuple(tuple(column) for column in best), gaps)


def count_crossings(left: Sequence[str], right: Sequence[str], pairs: Sequence[Pair]) -> int:
    """Return how many pairs of straight threads between two columns cross.

    Sorted by their left ends, two threads cross exactly if their right ends stand the other way round.
    Threads that share an end never cross.
    """
    rows_left, rows_right = _rows(left), _rows(right)
    ends = sorted((rows_left[a], rows_right[b]) for a, b in pairs)
    crossings, above = 0, list[int]()
    for _, group in groupby(ends, key=itemgetter(0)):
        here = [row for _, row in group]
        crossings += sum(len(above) - bisect_right(above, row) for row in here)
        for row in here:
            insort(above, row)
    return crossings


def _all_crossings(order: Sequence[Sequence[str]], pairs: Sequence[Sequence[Pair]]) -> int:
    return sum(count_crossings(order[at], order[at + 1], joined) for at, joined in enumerate(pairs))


def _by_neighbours(
    order: list[list[str]], pairs: Sequence[Sequence[Pair]], at: int, *, look_left: bool
) -> list[str]:
    """Return column ``at`` sorted by the mean height of each node's neighbours on one side.

    A column at an edge has neighbours on the other side only, and takes those.
    """
    # ``pairs[side]`` joins column ``side`` to the one after it, so ``at - 1`` is left of column ``at``.
    sides = [side for side in (at - 1, at) if 0 <= side < len(pairs)]
    wanted = at - 1 if look_left else at
    heights: dict[str, list[float]] = defaultdict(list)
    for side in [wanted] if wanted in sides else sides:
        other = order[side] if side < at else order[side + 1]
        height_of = dict(zip(other, _heights(other), strict=True))
        for a, b in pairs[side]:
            name, neighbour = (b, a) if side < at else (a, b)
            heights[name].append(height_of[neighbour])
    own = dict(zip(order[at], _heights(order[at]), strict=True))
    means = {
        name: sum(heights[name]) / len(heights[name]) if heights[name] else own[name] for name in order[at]
    }
    # Rounded, so that means which differ by an error of division alone tie; the order so far settles ties.
    return sorted(order[at], key=lambda name: (round(means[name], 6), own[name]))


def _draw(left: Sequence[str], right: Sequence[str], pairs: Sequence[Pair]) -> tuple[Thread, ...]:
    start = dict(zip(left, _heights(left), strict=True))
    end = dict(zip(right, _heights(right), strict=True))
    rows_left, rows_right = _rows(left), _rows(right)
    ordered = sorted(pairs, key=lambda pair: (rows_left[pair[0]], rows_right[pair[1]]))
    return tuple(Thread(a, b, _path(start[a], end[b])) for a, b in ordered)


def _path(start: float, end: float) -> str:
    """Return a line that leaves and arrives level, like a thread through a hem."""
    return f"M0 {start:g}C50 {start:g} 50 {end:g} 100 {end:g}"


def _heights(column: Sequence[str]) -> list[float]:
    """Return the middle of each row, for rows that share the height evenly."""
    return [round((row + 0.5) * 100 / len(column), 1) for row in range(len(column))]


def _rows(column: Sequence[str]) -> dict[str, int]:
    return {name: row for row, name in enumerate(column)}
